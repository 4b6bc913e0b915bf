//! The tokens of one account while it is in use: renewed before they end and when the portal
//! refuses them, by one at a time, and saved before they are used.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::clock::Clock;
use crate::database::Database;
use crate::onpatient::oauth;
use crate::onpatient::portal::Portal;
use crate::store::{self, Secrets};

/// Renewed when it would end within this time.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);
/// A token that was renewed within this time is used whatever its end says: a clock that is wrong,
/// or a portal that gives seconds, must not turn every request into two.
const JUST_RENEWED: SignedDuration = SignedDuration::from_secs(20);
const LOCK_FILE: &str = "tokens.lock";

/// Why there is no token to use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The account was signed out.
    #[error(
        "You are not signed in at the portal. Connect to copy your records; everything copied so far is here to read."
    )]
    NotSignedIn,
    /// The portal refuses token and refresh token.
    #[error(
        "The portal asks you to sign in again. Nothing is lost, and within a day copying goes on from where it was."
    )]
    Ended,
    /// The token address did not do its work.
    #[error(transparent)]
    Portal(oauth::Error),
    /// The database did not do its work.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The tokens of one account in use.
pub struct Session {
    database: Database,
    account: i64,
    oauth: oauth::Client,
    lock_path: PathBuf,
    clock: Clock,
    held: tokio::sync::Mutex<Held>,
}

struct Held {
    secrets: Secrets,
    renewed_at: Option<Timestamp>,
    /// Whether the portal refused to renew them: whoever waited meanwhile is told the same.
    has_ended: bool,
}

impl Session {
    /// The session of an account at its portal, with the tokens that are kept for it.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`] when there are none.
    pub async fn open(
        database: Database,
        account: i64,
        portal: &Portal,
        data_dir: &Path,
        clock: Clock,
    ) -> Result<Session, Error> {
        let row = database.read(move |store| store.account(account)).await?;
        let secrets =
            database.read(move |store| store.secrets(account)).await?.ok_or(Error::NotSignedIn)?;
        let oauth = oauth::Client::new(portal, &row.client_id, secrets.client_secret.as_ref())
            .map_err(Error::Portal)?;
        Ok(Session {
            database,
            account,
            oauth,
            lock_path: data_dir.join(LOCK_FILE),
            clock,
            held: tokio::sync::Mutex::new(Held { secrets, renewed_at: None, has_ended: false }),
        })
    }

    /// An access token that should be good now; renewed first where it is about to end.
    ///
    /// # Errors
    /// [`Error::Ended`] when the person has to sign in again, [`Error::Portal`] when the portal
    /// could not be asked.
    pub async fn access(&self) -> Result<SecretString, Error> {
        let mut held = self.held.lock().await;
        let now = (self.clock)();
        let fresh = held.renewed_at.is_some_and(|at| now.duration_since(at) < JUST_RENEWED);
        if held.secrets.expires_at.duration_since(now) > MARGIN || fresh {
            return Ok(held.secrets.access.clone());
        }
        if held.secrets.refresh.is_none() {
            // It may still be good: this computer's clock can be wrong. A 401 will tell.
            return Ok(held.secrets.access.clone());
        }
        self.renew_held(&mut held).await?;
        Ok(held.secrets.access.clone())
    }

    /// Another access token than `refused`, which the portal answered with 401. Whoever comes with
    /// the same one meanwhile waits, and gets the same new one.
    ///
    /// # Errors
    /// As [`Session::access`].
    pub async fn renew(&self, refused: &SecretString) -> Result<SecretString, Error> {
        let mut held = self.held.lock().await;
        if is_same(&held.secrets.access, refused) {
            self.renew_held(&mut held).await?;
        }
        Ok(held.secrets.access.clone())
    }

    async fn renew_held(&self, held: &mut Held) -> Result<(), Error> {
        if held.has_ended {
            return Err(Error::Ended);
        }
        let path = self.lock_path.clone();
        // Another Onhand (the window, the command line) may be renewing: a refresh token can be
        // used once, so the second one waits and takes what the first one saved.
        let _lock = tokio::task::spawn_blocking(move || lock(&path))
            .await
            .map_err(|_| Error::Store(store::Error::Busy))??;
        let account = self.account;
        let saved = self.database.read(move |store| store.secrets(account)).await?;
        let Some(saved) = saved else { return Err(Error::NotSignedIn) };
        let now = (self.clock)();
        if !is_same(&saved.access, &held.secrets.access) {
            *held = Held { secrets: saved, renewed_at: Some(now), has_ended: false };
            return Ok(());
        }
        let Some(refresh) = saved.refresh.clone() else { return self.end(held).await };
        let tokens = match self.oauth.refresh(&refresh, now).await {
            Ok(tokens) => tokens,
            Err(oauth::Error::RefreshRefused) => return self.end(held).await,
            Err(error) => return Err(Error::Portal(error)),
        };
        let unwanted = tokens.clone();
        let secrets = Secrets {
            client_secret: saved.client_secret,
            access: tokens.access,
            refresh: tokens.refresh,
            expires_at: tokens.expires_at,
            scope: tokens.scope.or(saved.scope),
        };
        let (renewed, new) = (saved.access, secrets.clone());
        let save = self.database.write(move |store| store.save_tokens(account, &renewed, &new));
        if !save.await? {
            // Signed out while the portal answered: these are wanted no more than those before them.
            self.oauth.give_back(&unwanted).await;
            return Err(Error::NotSignedIn);
        }
        *held = Held { secrets, renewed_at: Some(now), has_ended: false };
        Ok(())
    }

    async fn end(&self, held: &mut Held) -> Result<(), Error> {
        held.has_ended = true;
        let account = self.account;
        self.database.write(move |store| store.forget_tokens(account)).await?;
        Err(Error::Ended)
    }
}

fn lock(path: &Path) -> Result<File, Error> {
    const PATIENCE: Duration = Duration::from_secs(60);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|_| Error::Store(store::Error::Unreachable))?;
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) if std::time::Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(std::fs::TryLockError::WouldBlock) => return Err(Error::Store(store::Error::Busy)),
            Err(std::fs::TryLockError::Error(_)) => {
                return Err(Error::Store(store::Error::Unreachable));
            }
        }
    }
}

fn is_same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret().as_bytes().ct_eq(other.expose_secret().as_bytes()).into()
}

#[cfg(test)]
mod tests;
