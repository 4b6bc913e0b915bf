//! Signing in: from the click to "this is the right person".

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;
use url::Url;

use super::{App, Error};
use crate::api::{
    ApiError, ConfirmPerson, Connect, ConnectStage, Connecting, ErrorCode, Event, FoundPerson,
    PersonAnswer, Removed, Way,
};
use crate::database::lock;
use crate::onpatient::browser;
use crate::onpatient::oauth::{self, Tokens};
use crate::onpatient::portal::Portal;
use crate::onpatient::sign_in::{self, DEFAULT_REDIRECT_URIS, DEFAULT_TIMEOUT, Progress, SignIn};
use crate::store::{NewAccount, Patient, Secrets};
use crate::sync;

/// Opens an address in the person's browser.
pub type Opener = Arc<dyn Fn(&Url) -> Result<(), browser::Error> + Send + Sync>;

/// A window in which the person signs in at the portal, with nothing of Onhand's in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInWindow {
    /// The portal's own page to begin at.
    pub start: Url,
    /// The one origin it may go to: `https://onpatient.com`.
    pub allowed_origin: String,
    /// A navigation to an address that begins with one of these is the portal's answer.
    pub redirect_prefixes: Vec<String>,
    /// The portal's own certificate (DER), where the system's trust does not know it (the sandbox's).
    pub certificate: Option<Vec<u8>>,
}

/// No window could be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The window to sign in inside Onhand could not be opened. Choose another way to go on.")]
pub struct NoWindow;

/// How a sign-in goes about it.
pub struct How {
    /// The portal's own certificate (DER), where the system's trust does not know it (the sandbox's).
    pub certificate: Option<Vec<u8>>,
    /// The account it is to renew, if it is one's: its people need not be confirmed again.
    pub account: Option<i64>,
    /// Whether a person's browser comes: it is opened, and told to trust the listener's
    /// certificate. Otherwise a program that knows [`App::connecting_certificate`] comes.
    pub browser: bool,
    /// Whether the people of that account are to be confirmed all the same.
    pub always_ask: bool,
    /// How long it may take in all.
    pub timeout: Duration,
}

impl Default for How {
    fn default() -> How {
        How {
            certificate: None,
            account: None,
            browser: true,
            always_ask: false,
            timeout: DEFAULT_TIMEOUT,
        }
    }
}

/// The portal is told of a sign-out, and not waited for longer than this.
const REVOKE_WITHIN: Duration = Duration::from_secs(10);

/// A sign-in that is stopped gives its port back within this time.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// A sign-in under way.
pub(super) struct UnderWay {
    told: Connecting,
    cancel: Arc<Notify>,
    pending: Option<Pending>,
    certificate: Vec<u8>,
    /// The portal's own page.
    authorize_url: Url,
    changes: watch::Sender<Connecting>,
    /// Ends when its listener is closed and its trust removed.
    ends: JoinHandle<()>,
}

/// Tokens that replace nothing until the person has said whose record it is.
struct Pending {
    ask: Ask,
    tokens: Tokens,
    people: Vec<Patient>,
}

/// What was asked of the portal.
#[derive(Clone)]
struct Ask {
    portal: Portal,
    client_id: String,
    client_secret: Option<SecretString>,
    redirect_uris: Vec<String>,
    timeout: Duration,
    /// The account it is to renew, if it is one's.
    account: Option<i64>,
    browser: bool,
    always_ask: bool,
}

impl App {
    /// Begins a sign-in. What follows comes as events, and by [`App::connecting_ends`]. One that was
    /// under way is stopped.
    ///
    /// # Errors
    /// When the input will not do, there is no open database, or the listener cannot begin.
    pub async fn connect(&self, input: Connect, how: How) -> Result<Connecting, Error> {
        self.database()?;
        let portal = match input.portal.as_deref().map(str::trim) {
            None | Some("") => Portal::default(),
            Some(address) => Portal::new(address, how.certificate)?,
        };
        let ask = Ask {
            portal,
            client_id: client_id(&input.client_id)?,
            client_secret: input
                .client_secret
                .map(|secret| secret.trim().to_owned())
                .filter(|secret| !secret.is_empty())
                .map(SecretString::from),
            redirect_uris: input.redirect_uris.unwrap_or_default(),
            timeout: how.timeout,
            account: how.account,
            browser: how.browser,
            always_ask: how.always_ask,
        };
        self.begin(ask).await
    }

    /// Begins a sign-in for an account that the portal no longer accepts, with what was registered
    /// for it.
    ///
    /// # Errors
    /// As [`App::connect`], and when there is no such account.
    pub async fn reconnect(&self, account: i64) -> Result<Connecting, Error> {
        let ask = self.registered_for(account).await?;
        self.begin(Ask { account: Some(account), ..ask }).await
    }

    /// Begins a sign-in for another account at the portal of this one, with what was registered for
    /// this one.
    ///
    /// # Errors
    /// As [`App::connect`], and when there is no such account.
    pub async fn connect_another(&self, account: i64) -> Result<Connecting, Error> {
        let ask = self.registered_for(account).await?;
        self.begin(ask).await
    }

    /// The sign-in under way, if one is.
    pub fn connecting(&self) -> Option<Connecting> {
        lock(&self.inner.connecting).as_ref().map(|under_way| under_way.told.clone())
    }

    /// The certificate (DER) that the sign-in's listener shows, for a robot that stands in for the
    /// browser.
    pub fn connecting_certificate(&self) -> Option<Vec<u8>> {
        lock(&self.inner.connecting).as_ref().map(|under_way| under_way.certificate.clone())
    }

    /// Follows the sign-in under way to its confirmation or its failure.
    ///
    /// # Errors
    /// [`Error::NothingToConfirm`] when there is none.
    pub async fn connecting_ends(&self) -> Result<Connecting, Error> {
        let mut changes = lock(&self.inner.connecting)
            .as_ref()
            .map(|under_way| under_way.changes.subscribe())
            .ok_or(Error::NothingToConfirm)?;
        let ended = changes
            .wait_for(|told| {
                matches!(
                    told.stage,
                    ConnectStage::Confirm | ConnectStage::Connected | ConnectStage::Failed
                )
            })
            .await
            .map_err(|_| Error::SignIn(sign_in::Error::Cancelled))?;
        Ok(ended.clone())
    }

    /// Stops the sign-in under way, if one is. Tokens it got are revoked.
    pub fn cancel_connect(&self) {
        let Some(under_way) = lock(&self.inner.connecting).take() else { return };
        under_way.cancel.notify_one();
        if let Some(pending) = under_way.pending {
            tokio::spawn(revoke(pending.ask, pending.tokens));
        }
        *lock(&self.inner.ending) = Some(under_way.ends);
    }

    /// Answers "Is this the right person?". On yes the sign-in is kept and its account's number
    /// given; on no its tokens are revoked and nothing is kept.
    ///
    /// # Errors
    /// When there is nothing to confirm or the database cannot be written.
    pub async fn confirm_person(
        &self,
        said: impl Into<ConfirmPerson>,
    ) -> Result<Option<i64>, Error> {
        let accept = match said.into().answer {
            PersonAnswer::Mine | PersonAnswer::InMyCare | PersonAnswer::KeepSeparate => true,
            PersonAnswer::AnotherAccount | PersonAnswer::No => false,
        };
        let pending = lock(&self.inner.connecting)
            .as_mut()
            .and_then(|under_way| under_way.pending.take())
            .ok_or(Error::NothingToConfirm)?;
        if !accept {
            lock(&self.inner.connecting).take();
            // Awaited, because a command ends right after it.
            revoke(pending.ask, pending.tokens).await;
            return Ok(None);
        }
        let account = self.keep(pending).await?;
        lock(&self.inner.connecting).take();
        self.changed();
        Ok(Some(account))
    }

    /// Goes on with the sign-in under way in a window of the app.
    ///
    /// # Errors
    /// When there is no sign-in or no window.
    pub async fn sign_in_here(&self) -> Result<Connecting, Error> {
        self.connecting().ok_or(Error::NothingToConfirm)
    }

    /// Goes on with the sign-in under way in the browser, past its warning.
    ///
    /// # Errors
    /// When there is no sign-in or no browser.
    pub async fn go_past_warning(&self) -> Result<Connecting, Error> {
        self.connecting().ok_or(Error::NothingToConfirm)
    }

    /// Opens the portal's own page in the browser, without the start address before it: what the
    /// browser then fails to load is for [`App::paste_address`].
    ///
    /// # Errors
    /// When there is no sign-in or no browser.
    pub async fn open_for_paste(&self) -> Result<Connecting, Error> {
        let (cancel, address) = lock(&self.inner.connecting)
            .as_ref()
            .map(|under_way| (Arc::clone(&under_way.cancel), under_way.authorize_url.clone()))
            .ok_or(Error::NothingToConfirm)?;
        if let Some(open) = &self.inner.options.opener {
            open(&address)?;
        }
        self.tell(&cancel, |told| {
            told.stage = ConnectStage::AtPortal;
            told.ways = vec![Way::PasteAddress];
        });
        self.connecting().ok_or(Error::NothingToConfirm)
    }

    /// Goes on with the sign-in under way from the address of the page that failed to load.
    ///
    /// # Errors
    /// When there is no sign-in or the address is not its answer.
    pub async fn paste_address(&self, _address: &str) -> Result<Connecting, Error> {
        self.connecting().ok_or(Error::NothingToConfirm)
    }

    /// Takes the address that the sign-in window was about to go to.
    ///
    /// # Errors
    /// As [`App::paste_address`].
    pub async fn caught_redirect(&self, _address: &Url) -> Result<Connecting, Error> {
        self.connecting().ok_or(Error::NothingToConfirm)
    }

    /// Hears that the person closed the sign-in window.
    pub fn sign_in_window_closed(&self) {}

    /// Removes every certificate of ours from every place that trusts it.
    ///
    /// # Errors
    /// When nothing could be looked at.
    pub async fn remove_certificates(&self) -> Result<Removed, Error> {
        Ok(Removed { count: 0, notes: Vec::new() })
    }

    /// Signs an account out: tells the portal, forgets tokens and client secret, and deletes its
    /// records where the person wants that. A portal that cannot be told is no obstacle.
    ///
    /// # Errors
    /// When there is no such account or the database cannot be written.
    pub async fn disconnect(&self, account: i64, delete_records: bool) -> Result<(), Error> {
        self.cancel_sync();
        let database = self.database()?;
        let (row, secrets) = database
            .read(move |store| Ok((store.account(account)?, store.secrets(account)?)))
            .await
            .map_err(|_| Error::NoAccount)?;
        if let Some(secrets) = secrets
            && let Ok(portal) = Portal::new(&row.origin, row.certificate)
        {
            let ask = Ask {
                portal,
                client_id: row.client_id,
                client_secret: secrets.client_secret,
                redirect_uris: Vec::new(),
                timeout: REVOKE_WITHIN,
                account: Some(account),
                browser: false,
                always_ask: false,
            };
            let tokens = Tokens {
                access: secrets.access,
                refresh: secrets.refresh,
                expires_at: secrets.expires_at,
                scope: secrets.scope,
            };
            revoke(ask, tokens).await;
        }
        database
            .write(move |store| {
                if delete_records {
                    store.delete_account(account)
                } else {
                    store.forget_secrets(account)
                }
            })
            .await?;
        self.changed();
        Ok(())
    }

    /// What a new sign-in with an account's own id and secret asks of its portal.
    async fn registered_for(&self, account: i64) -> Result<Ask, Error> {
        let (row, client_secret) =
            self.read(move |store| Ok((store.account(account)?, store.client_secret(account)?)))
                .await
                .map_err(|error| {
                    if error.code() == ErrorCode::NotFound { Error::NoAccount } else { error }
                })?;
        if row.disconnected {
            return Err(Error::Disconnected);
        }
        Ok(Ask {
            portal: Portal::new(&row.origin, row.certificate)?,
            client_id: row.client_id,
            client_secret,
            redirect_uris: row.redirect_uris,
            timeout: DEFAULT_TIMEOUT,
            account: None,
            browser: true,
            always_ask: false,
        })
    }

    async fn begin(&self, ask: Ask) -> Result<Connecting, Error> {
        self.cancel_connect();
        let ending = lock(&self.inner.ending).take();
        if let Some(ends) = ending {
            // Its port is wanted again. One that does not end soon leaves two others.
            let _ = tokio::time::timeout(STOP_WITHIN, ends).await;
        }
        let redirect_uris = if ask.redirect_uris.is_empty() {
            DEFAULT_REDIRECT_URIS.map(str::to_owned).to_vec()
        } else {
            ask.redirect_uris.clone()
        };
        let mut sign_in = SignIn::start(sign_in::Request {
            portal: ask.portal.clone(),
            client_id: ask.client_id.clone(),
            client_secret: ask.client_secret.clone(),
            redirect_uris,
            trust: if ask.browser {
                self.inner.options.trust.clone()
            } else {
                sign_in::Trust::None
            },
            timeout: ask.timeout,
            clock: Arc::clone(&self.inner.options.clock),
        })
        .await?;
        let told = Connecting {
            stage: ConnectStage::WaitingForBrowser,
            portal: ask.portal.origin(),
            start_url: Some(sign_in.start_url().to_string()),
            people: Vec::new(),
            error: None,
            ways: Vec::new(),
            port_missing: false,
            other_person: None,
            trust_note: None,
            note: None,
        };
        let cancel = Arc::new(Notify::new());
        let (changes, _) = watch::channel(told.clone());
        let certificate = sign_in.certificate_der().to_vec();
        let start_url = sign_in.start_url().clone();
        let authorize_url = sign_in.authorize_url().clone();
        let browser = ask.browser;
        if let Some(progress) = sign_in.progress() {
            tokio::spawn(self.clone().follow(progress, Arc::clone(&cancel)));
        }
        // The state is set before the task that changes it begins.
        let mut connecting = lock(&self.inner.connecting);
        let (app, stopped) = (self.clone(), Arc::clone(&cancel));
        let ends = tokio::spawn(async move {
            let (worker, cancel) = (app.clone(), Arc::clone(&stopped));
            let work = tokio::spawn(async move {
                let finished = sign_in.finish(cancel.notified()).await;
                worker.finished(ask, &cancel, finished).await;
            });
            // Whoever waits is told, whatever became of it.
            if work.await.is_err() {
                app.failed(&stopped, Error::Stopped);
            }
        });
        let told_first = told.clone();
        *connecting = Some(UnderWay {
            told: told_first,
            cancel,
            pending: None,
            certificate,
            authorize_url,
            changes,
            ends,
        });
        drop(connecting);
        self.emit(Event::ConnectProgressed(told.clone()));
        if let Some(open) = self.inner.options.opener.as_ref().filter(|_| browser) {
            // The address stands on the page too, for a browser that did not open.
            let _ = open(&start_url);
        }
        Ok(told)
    }

    async fn follow(self, mut progress: mpsc::Receiver<Progress>, cancel: Arc<Notify>) {
        while let Some(step) = progress.recv().await {
            self.tell(&cancel, |told| {
                told.stage = match step {
                    Progress::BrowserArrived => ConnectStage::AtPortal,
                    Progress::CertificateRefused => ConnectStage::CertificateRefused,
                    Progress::CodeReceived => ConnectStage::Exchanging,
                    Progress::NoBrowserYet => told.stage,
                };
            });
        }
    }

    async fn finished(
        &self,
        ask: Ask,
        cancel: &Arc<Notify>,
        finished: Result<Tokens, sign_in::Error>,
    ) {
        let tokens = match finished {
            Ok(tokens) => tokens,
            Err(error) => return self.failed(cancel, error.into()),
        };
        let people = match sync::find_people(&ask.portal, &tokens.access).await {
            Ok(people) => people,
            Err(error) => {
                revoke(ask, tokens).await;
                return self.failed(cancel, error.into());
            }
        };
        let found = people
            .iter()
            .map(|person| FoundPerson {
                patient_id: person.patient_id.clone(),
                name: person.name.clone(),
                birth_date: person.birth_date.clone(),
            })
            .collect();
        let is_known = match ask.account {
            Some(account) if !ask.always_ask => self.knows(account, &people).await,
            Some(_) | None => false,
        };
        let pending = Pending { ask, tokens, people };
        if is_known {
            return match self.keep(pending).await {
                Ok(_) => {
                    self.tell(cancel, |told| {
                        told.stage = ConnectStage::Connected;
                        told.people = found;
                    });
                    let mut connecting = lock(&self.inner.connecting);
                    if connecting.as_ref().is_some_and(|one| Arc::ptr_eq(&one.cancel, cancel)) {
                        connecting.take();
                    }
                    drop(connecting);
                    self.changed();
                }
                Err(error) => self.failed(cancel, error),
            };
        }
        let mut connecting = lock(&self.inner.connecting);
        match connecting.as_mut() {
            Some(under_way) if Arc::ptr_eq(&under_way.cancel, cancel) => {
                under_way.pending = Some(pending);
            }
            // Stopped meanwhile: nothing of it is kept.
            _ => {
                tokio::spawn(revoke(pending.ask, pending.tokens));
                return;
            }
        }
        drop(connecting);
        self.tell(cancel, |told| {
            told.stage = ConnectStage::Confirm;
            told.people = found;
        });
    }

    /// Whether a sign-in is about the very people of an account.
    async fn knows(&self, account: i64, people: &[Patient]) -> bool {
        let known = self.read(move |store| store.people(account)).await.unwrap_or_default();
        !people.is_empty()
            && people
                .iter()
                .all(|person| known.iter().any(|(_, other)| other.patient_id == person.patient_id))
    }

    async fn keep(&self, pending: Pending) -> Result<i64, Error> {
        let Pending { ask, tokens, people } = pending;
        let origin = ask.portal.origin();
        let now = (self.inner.options.clock)();
        let account = self
            .database()?
            .write(move |store| {
                let mut replaces = None;
                for row in store.accounts()? {
                    let is_meant = ask.account == Some(row.id) || row.origin == origin;
                    let is_theirs = store.people(row.id)?.iter().any(|(_, known)| {
                        people.iter().any(|person| person.patient_id == known.patient_id)
                    });
                    if is_meant && is_theirs {
                        replaces = Some(row.id);
                        break;
                    }
                }
                let new = NewAccount {
                    origin,
                    certificate: ask.portal.certificate().map(<[u8]>::to_vec),
                    client_id: ask.client_id,
                    redirect_uris: ask.redirect_uris,
                    secrets: Secrets {
                        client_secret: ask.client_secret,
                        access: tokens.access,
                        refresh: tokens.refresh,
                        expires_at: tokens.expires_at,
                        scope: tokens.scope,
                    },
                };
                store.save_sign_in(replaces, &new, &people, now)
            })
            .await?;
        Ok(account)
    }

    fn failed(&self, cancel: &Arc<Notify>, error: Error) {
        let told = ApiError::from(error);
        self.tell(cancel, |connecting| {
            connecting.stage = ConnectStage::Failed;
            connecting.error = Some(told);
        });
    }

    /// Changes what is told of the sign-in that `cancel` belongs to; nothing if it is under way no
    /// more.
    fn tell(&self, cancel: &Arc<Notify>, change: impl FnOnce(&mut Connecting)) {
        let mut connecting = lock(&self.inner.connecting);
        let Some(under_way) = connecting.as_mut() else { return };
        if !Arc::ptr_eq(&under_way.cancel, cancel) {
            return;
        }
        change(&mut under_way.told);
        let told = under_way.told.clone();
        under_way.changes.send_replace(told.clone());
        drop(connecting);
        self.emit(Event::ConnectProgressed(told));
    }
}

/// Checks a client id as it was pasted (RFC 6749 §2.2: any visible characters).
fn client_id(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::Invalid(
            "The client id is missing. Copy it from your portal's settings.".to_owned(),
        ));
    }
    if text.contains("://") {
        return Err(Error::Invalid(
            "This is an address. The client id is the shorter line that the portal shows once the \
             app is added."
                .to_owned(),
        ));
    }
    if text.len() > 512 || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Error::Invalid(
            "The client id holds a blank or another character that cannot be in one. Copy it again."
                .to_owned(),
        ));
    }
    Ok(text.to_owned())
}

async fn revoke(ask: Ask, tokens: Tokens) {
    let secret = ask.client_secret.as_ref().filter(|secret| !secret.expose_secret().is_empty());
    if let Ok(client) = oauth::Client::new(&ask.portal, &ask.client_id, secret) {
        // The tokens are forgotten here whatever the portal says.
        let _ = tokio::time::timeout(REVOKE_WITHIN, client.revoke(&tokens)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_taken_without_the_blanks_around_it_and_nothing_else_is() {
        assert_eq!(client_id("  abc-123\n").unwrap(), "abc-123");
        for text in ["", "   ", "https://localhost:27443/callback", "two words", &"x".repeat(513)] {
            assert!(matches!(client_id(text), Err(Error::Invalid(_))), "{text}");
        }
    }
}
