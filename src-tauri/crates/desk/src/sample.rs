//! The sample record: the practice portal, run inside the app, and a data folder of its own.

use std::path::Path;
use std::time::Duration;

use onhand_core::api::{
    ApiError, Connect, ConnectStage, Connecting, DatabaseState, ErrorCode, PersonAnswer, VaultKind,
};
use onhand_core::app::{App, How};
use onhand_sandbox::{Answer, Config, Sandbox};

use crate::visitor;

/// Whose record the sample is.
const LOGIN: &str = "marisol";
/// A sign-in without a person in it takes no longer.
const ROBOT_WITHIN: Duration = Duration::from_secs(30);
/// In the sample's folder while the sample is what is looked at.
const MARK: &str = "shown";

/// The sample record and, once it is needed, the portal it comes from.
pub(crate) struct Sample {
    pub(crate) app: App,
    portal: tokio::sync::Mutex<Option<Sandbox>>,
}

impl Sample {
    pub(crate) fn new(app: App) -> Sample {
        Sample { app, portal: tokio::sync::Mutex::new(None) }
    }

    /// Makes the sample there to look at: connects and begins to copy where there is nothing yet.
    /// With `browser`, begins a sign-in through the person's browser instead.
    pub(crate) async fn open(&self, browser: bool) -> Result<(), ApiError> {
        let start = self.app.start().await?;
        if matches!(start.database, DatabaseState::New | DatabaseState::NewNeedsPassphrase) {
            self.app.create_database(VaultKind::Keychain, None).await?;
        }
        if browser {
            let account = start.accounts.first().map(|account| account.id);
            self.connect(account, true).await?;
            return Ok(());
        }
        let is_there = start.accounts.iter().any(|account| account.last_sync.is_some());
        if is_there || self.app.syncing().is_some() {
            return Ok(());
        }
        let account = match start.accounts.first() {
            Some(account) => {
                self.sign_in_if_portal_is_new(account.id).await?;
                account.id
            }
            None => self.sign_in(None).await?,
        };
        self.app.sync(account).await?;
        Ok(())
    }

    /// The practice portal of an earlier run is gone with its tokens; the account moves to the one
    /// of this run.
    pub(crate) async fn sign_in_if_portal_is_new(&self, account: i64) -> Result<(), ApiError> {
        let is_new = self.portal.lock().await.is_none();
        if is_new {
            self.sign_in(Some(account)).await?;
        }
        Ok(())
    }

    /// Begins a sign-in at the practice portal.
    pub(crate) async fn connect(
        &self,
        account: Option<i64>,
        browser: bool,
    ) -> Result<Connecting, ApiError> {
        let mut portal = self.portal.lock().await;
        if portal.is_none() {
            let started = Sandbox::start(Config::default()).await.map_err(|error| ApiError {
                code: ErrorCode::Internal,
                message: format!("The practice portal could not be started. {error}"),
            })?;
            *portal = Some(started);
        }
        let Some(sandbox) = &*portal else { return Err(robot_lost()) };
        let input = Connect {
            client_id: sandbox.client_id().to_owned(),
            client_secret: Some(sandbox.client_secret().to_owned()),
            portal: Some(sandbox.origin().to_owned()),
            redirect_uris: None,
        };
        let mut how = How {
            certificate: Some(sandbox.certificate_der().to_vec()),
            account,
            browser,
            // Whoever practises is to see every page of it.
            always_ask: browser,
            ..How::default()
        };
        if !browser {
            how.timeout = ROBOT_WITHIN;
        }
        Ok(self.app.connect(input, how).await?)
    }

    /// The whole sign-in with nobody at the browser: a client that trusts the listener's certificate
    /// opens the start address and carries the portal's answer back to it.
    async fn sign_in(&self, account: Option<i64>) -> Result<i64, ApiError> {
        let told = self.connect(account, false).await?;
        let start_url = told.start_url.ok_or_else(robot_lost)?;
        let certificate = self.app.connecting_certificate().ok_or_else(robot_lost)?;
        {
            let portal = self.portal.lock().await;
            let sandbox = portal.as_ref().ok_or_else(robot_lost)?;
            visitor::walk(&start_url, &certificate, sandbox, LOGIN, Answer::Allow).await.map_err(
                |error| ApiError { code: ErrorCode::Internal, message: error.to_string() },
            )?;
        }
        let ended = self.app.connecting_ends().await?;
        if ended.stage == ConnectStage::Confirm {
            self.app.confirm_person(PersonAnswer::Mine).await?.ok_or_else(robot_lost)
        } else if ended.stage == ConnectStage::Connected {
            account.ok_or_else(robot_lost)
        } else {
            Err(ended.error.unwrap_or_else(robot_lost))
        }
    }
}

/// Whether the sample was what was looked at last.
pub(crate) fn was_shown(sample_dir: &Path) -> bool {
    sample_dir.join(MARK).exists()
}

/// Remembers whether the sample is what is looked at.
pub(crate) fn remember(sample_dir: &Path, shown: bool) {
    let mark = sample_dir.join(MARK);
    // Forgetting it costs the person one click.
    let _ = if shown { std::fs::write(mark, b"") } else { std::fs::remove_file(mark) };
}

fn robot_lost() -> ApiError {
    ApiError {
        code: ErrorCode::Internal,
        message: "The sample could not be fetched from the practice portal. Try again.".to_owned(),
    }
}
