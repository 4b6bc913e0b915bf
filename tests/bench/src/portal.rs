//! The stand-in portal, and a folder that is connected to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use onhand_core::api::{Connect, PersonAnswer, VaultKind};
use onhand_core::app::{App, How, Keys, Options};
use onhand_core::clock::system_clock;
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::vault::{DatabaseKey, MemoryStore, Vault};
use onhand_desk::visitor;
use onhand_sandbox::{Answer, Config, Population, Sandbox};
use secrecy::SecretString;
use tempfile::TempDir;

const REDIRECT_URI: &str = "https://localhost:27443/callback";

/// A portal with one record of so many resources.
pub(crate) async fn synthetic(resources: usize) -> anyhow::Result<Sandbox> {
    Ok(Sandbox::start(Config {
        population: Population::synthetic(resources),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        ..Config::default()
    })
    .await?)
}

/// The addresses of the pages that were given since there had been so many requests.
pub(crate) fn pages_since(portal: &Sandbox, before: usize) -> Vec<String> {
    let requests = portal.stats().requests.into_iter().skip(before);
    requests
        .filter(|request| request.status == 200 && !request.path.ends_with("/metadata"))
        .map(|request| request.path)
        .filter(|path| path.starts_with("/api/fhir/"))
        .collect()
}

/// A data folder with a signed-in account.
pub(crate) struct Place {
    pub(crate) app: App,
    pub(crate) account: i64,
    rest: Closed,
}

/// The same with nothing open.
pub(crate) struct Closed {
    folder: TempDir,
    keys: Arc<MemoryStore>,
}

impl Place {
    /// Signs in.
    pub(crate) async fn connected(portal: &Sandbox) -> anyhow::Result<Place> {
        Place::connected_by(portal, None).await
    }

    /// Signs in, with the key of the database behind a passphrase.
    pub(crate) async fn connected_by(
        portal: &Sandbox,
        passphrase: Option<&str>,
    ) -> anyhow::Result<Place> {
        let folder = tempfile::tempdir()?;
        let rest = Closed { folder, keys: Arc::new(MemoryStore::default()) };
        let app = rest.open().await;
        match passphrase {
            Some(passphrase) => {
                let passphrase = SecretString::from(passphrase);
                app.create_database(VaultKind::Passphrase, Some(passphrase)).await?;
            }
            None => app.create_database(VaultKind::Keychain, None).await?,
        }
        let account = sign_in(&app, portal).await?;
        Ok(Place { app, account, rest })
    }

    /// The folder that everything of it lies in.
    pub(crate) fn folder(&self) -> &Path {
        self.rest.folder.path()
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.rest.database()
    }

    /// How many transactions have changed the database, as SQLite counts them (file format §4.3: the
    /// index of the write-ahead log, `iChange`). It goes round at 2³².
    pub(crate) fn commits(&self) -> anyhow::Result<u32> {
        let mut path = self.database().into_os_string();
        path.push("-shm");
        let index = std::fs::read(path)?;
        let count = index.get(8..12).and_then(<[u8]>::first_chunk).context("a short index")?;
        Ok(u32::from_ne_bytes(*count))
    }

    /// The database's key.
    pub(crate) fn key(&self) -> anyhow::Result<DatabaseKey> {
        Ok(Vault::with_store(self.database(), self.rest.keys.clone()).unlock(None)?)
    }

    /// Closes the app.
    pub(crate) fn closed(self) -> Closed {
        self.rest
    }
}

impl Closed {
    /// Opens it.
    pub(crate) async fn open(&self) -> App {
        let options = Options {
            data_dir: self.data_dir(),
            clock: system_clock(),
            trust: Trust::None,
            opener: None,
            keys: Keys::Store(self.keys.clone()),
            own_client: None,
            windows: None,
        };
        App::open(options, None).await
    }

    /// The data folder.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("onhand")
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.data_dir().join("onhand.db")
    }
}

/// Signs in with a data folder that stays, the key of its database in the person's keychain.
pub(crate) async fn kept(portal: &Sandbox, data_dir: PathBuf) -> anyhow::Result<(App, i64)> {
    let options = Options {
        data_dir,
        clock: system_clock(),
        trust: Trust::None,
        opener: None,
        keys: Keys::Person,
        own_client: None,
        windows: None,
    };
    let app = App::open(options, None).await;
    app.create_database(VaultKind::Keychain, None).await?;
    let account = sign_in(&app, portal).await?;
    Ok((app, account))
}

async fn sign_in(app: &App, portal: &Sandbox) -> anyhow::Result<i64> {
    let input = Connect {
        client_id: portal.client_id().to_owned(),
        client_secret: Some(portal.client_secret().to_owned()),
        portal: Some(portal.origin().to_owned()),
        redirect_uris: Some(vec![REDIRECT_URI.to_owned()]),
    };
    let how = How {
        certificate: Some(portal.certificate_der().to_vec()),
        browser: false,
        ..How::default()
    };
    let begun = app.connect(input, how).await?;
    let start = begun.start_url.context("a sign-in without an address")?;
    let certificate = app.connecting_certificate().context("a sign-in without a certificate")?;
    let login = portal.logins().first().context("a portal without people")?;
    visitor::walk(&start, &certificate, portal, &login.user, Answer::Allow).await?;
    app.connecting_ends().await?;
    app.confirm_person(PersonAnswer::Mine).await?.context("nobody to confirm")
}
