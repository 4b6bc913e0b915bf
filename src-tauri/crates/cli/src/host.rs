//! Opens Onhand on its data folder for one command.

use std::{env, path::PathBuf, sync::Arc};

use onhand_core::{
    api::{ApiError, DatabaseState, Start, VaultKind},
    app::{self, App, Keys, Opener, Options},
    clock::system_clock,
    data_dir::default_data_dir,
    onpatient::sign_in::Trust,
    store::DATABASE_FILE,
    vault::{State, Vault},
};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    args::{Common, VaultChoice},
    exit::{Exit, Stop},
    output::Output,
};

const PASSPHRASE: &str = "ONHAND_PASSPHRASE";

/// Onhand on one data folder, and the person at the terminal.
pub(crate) struct Host {
    pub(crate) app: App,
    pub(crate) output: Output,
    vault: Option<VaultChoice>,
    passphrase: Option<SecretString>,
}

impl Host {
    /// Opens what is in the data folder as far as it goes without asking.
    pub(crate) async fn open(
        common: &Common,
        output: Output,
        opener: Option<Opener>,
    ) -> Result<Host, Stop> {
        let passphrase = passphrase_from_environment()?;
        let data_dir = data_dir(common)?;
        let is_sample =
            matches!(Vault::beside(data_dir.join(DATABASE_FILE)).state(), State::Open { .. });
        let options = Options {
            data_dir,
            clock: system_clock(),
            trust: trust(),
            opener,
            keys: if is_sample { Keys::Published } else { Keys::Person },
            windows: None,
            own_client: own_client(),
        };
        let app = App::open(options, passphrase.clone()).await;
        Ok(Host { app, output, vault: common.vault, passphrase })
    }

    /// What there is, with the database open or not there yet. Asks for the passphrase where it is
    /// needed and somebody is there to ask.
    pub(crate) async fn start(&self) -> Result<Start, Stop> {
        let mut start = self.app.start().await?;
        if start.database == DatabaseState::NeedsPassphrase {
            self.unlock(&start).await?;
            start = self.app.start().await?;
        }
        if let Some(notice) = &start.notice {
            self.output.tell(notice);
        }
        if start.sample {
            self.output.tell("Sample – not a real person.");
        }
        match start.database {
            DatabaseState::Open | DatabaseState::New | DatabaseState::NewNeedsPassphrase => {
                Ok(start)
            }
            // Its notice has just been told.
            DatabaseState::NeedsPassphrase | DatabaseState::Unavailable => {
                Err(Stop::failed(start.notice.unwrap_or_default()))
            }
        }
    }

    /// The same with an open database: makes one where there is none.
    pub(crate) async fn start_or_create(&self) -> Result<Start, Stop> {
        let start = self.start().await?;
        if start.database == DatabaseState::Open {
            return Ok(start);
        }
        let by_passphrase = match self.vault {
            Some(choice) => choice == VaultChoice::Passphrase,
            None => self.passphrase.is_some(),
        };
        if by_passphrase {
            let passphrase = self.new_passphrase()?;
            self.app.create_database(VaultKind::Passphrase, Some(passphrase)).await?;
        } else {
            self.app.create_database(VaultKind::Keychain, None).await.map_err(|error| {
                let mut stop = Stop::from(error);
                stop.message += &format!(
                    " On the command line: --vault passphrase, with the passphrase in {PASSPHRASE}."
                );
                stop
            })?;
        }
        Ok(self.app.start().await?)
    }

    /// Where the database is and how its key is kept, without asking anybody.
    pub(crate) fn vault(&self) -> (PathBuf, Vault) {
        let path = self.app.data_dir().join(DATABASE_FILE);
        (path.clone(), Vault::beside(path))
    }

    async fn unlock(&self, start: &Start) -> Result<(), Stop> {
        let locked =
            |message: String| Stop { exit: Exit::Failed, code: "locked".to_owned(), message };
        // A passphrase that was given and did not fit is not asked for again.
        if let (Some(notice), Some(_)) = (&start.notice, &self.passphrase) {
            return Err(locked(notice.clone()));
        }
        let asked = self.output.ask_passphrase("Passphrase: ").ok_or_else(|| {
            locked(format!(
                "These records are locked by a passphrase. Put it into {PASSPHRASE} and try again."
            ))
        })?;
        Ok(self.app.unlock(SecretString::from(asked)).await?)
    }

    fn new_passphrase(&self) -> Result<SecretString, Stop> {
        if let Some(passphrase) = &self.passphrase {
            return Ok(passphrase.clone());
        }
        let nobody = || {
            Stop::usage(format!("A passphrase is needed. Put it into {PASSPHRASE} and try again."))
        };
        let ask = |question| {
            self.output.ask_passphrase(question).map(SecretString::from).ok_or_else(nobody)
        };
        let passphrase = ask("New passphrase: ")?;
        let again = ask("The same once more: ")?;
        if passphrase.expose_secret() != again.expose_secret() {
            return Err(Stop::usage("The two passphrases differ. Nothing was made; try again."));
        }
        Ok(passphrase)
    }
}

impl From<app::Error> for Stop {
    fn from(error: app::Error) -> Stop {
        Stop::from(ApiError::from(error))
    }
}

/// Opens an address in the person's browser.
pub(crate) fn browser() -> Opener {
    Arc::new(onhand_core::onpatient::browser::open)
}

/// Where this person's browsers look for what they trust.
pub(crate) fn trust() -> Trust {
    // This very program answers to `nss-helper`.
    Trust::from_env(env::current_exe().ok())
}

/// Whether this program was built with a client id of its own.
pub(crate) const HAS_OWN_CLIENT: bool = match option_env!("ONHAND_CLIENT_ID") {
    Some(id) => !id.trim_ascii().is_empty(),
    None => false,
};

fn own_client() -> Option<(String, Option<SecretString>)> {
    let given =
        |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let id = given(option_env!("ONHAND_CLIENT_ID"))?;
    Some((id, given(option_env!("ONHAND_CLIENT_SECRET")).map(SecretString::from)))
}

fn data_dir(common: &Common) -> Result<PathBuf, Stop> {
    common.data_dir.clone().or_else(default_data_dir).ok_or_else(|| {
        Stop::failed("There is no home folder to keep the records in. Say where with --data-dir.")
    })
}

fn passphrase_from_environment() -> Result<Option<SecretString>, Stop> {
    match env::var(PASSPHRASE) {
        Ok(passphrase) if passphrase.is_empty() => Ok(None),
        Ok(passphrase) => Ok(Some(SecretString::from(passphrase))),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Stop::usage(format!("The passphrase in {PASSPHRASE} is not UTF-8 text.")))
        }
    }
}
