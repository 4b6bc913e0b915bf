//! Signing in: from the click to "this is the right person", and every other way there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Notify, mpsc, watch};
use url::Url;

use super::{App, Error, Keys, blocking};
use crate::api::{
    ApiError, ConfirmPerson, Connect, ConnectStage, Connecting, ErrorCode, Event, FoundPerson,
    OtherPerson, PersonAnswer, Relation, Removed, Way,
};
use crate::database::lock;
use crate::onpatient::browser;
use crate::onpatient::callback::Answers;
use crate::onpatient::certificate::Leaf;
use crate::onpatient::oauth::{self, REVOKE_WITHIN, Tokens};
use crate::onpatient::portal::Portal;
use crate::onpatient::sign_in::{
    self, DEFAULT_REDIRECT_URIS, DEFAULT_TIMEOUT, Progress, SignIn, Trust,
};
use crate::onpatient::trust::{self, Newcomers, Swept, system};
use crate::sentence::list;
use crate::store::{
    AccountRow, KeptCertificate, NewAccount, Patient, Registration, Secrets, Store,
};
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

/// A host that can open such a window. An address it was about to go to comes back by
/// [`App::caught_redirect`].
pub trait SignInWindows: Send + Sync {
    /// Opens it, in the place of one that is open.
    ///
    /// # Errors
    /// When none can be opened.
    fn open(&self, window: SignInWindow) -> Result<(), NoWindow>;

    /// Closes it, if it is open.
    fn close(&self);
}

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

/// A sign-in that is stopped gives its port back within this time.
const STOP_WITHIN: Duration = Duration::from_secs(5);

const REFUSED: &str = "Your browser did not accept the page on this computer that brings you back to \
                       Onhand. Nothing was sent, and it is not your doing.";
const NOBODY_CAME: &str = "Your browser has not come back to Onhand yet. If it shows a warning or an \
                           error, go on in another way; if it is still opening, give it a moment.";
const NO_BROWSER: &str = "No web browser could be opened. Copy the address into a browser on this \
                          computer, or go on in another way.";
const NO_PORT: &str = "Other programs use every port that was registered at your portal, so your \
                       browser cannot open the last page of the sign-in. When it says so, copy the \
                       address of that page and paste it here.";
const ANOTHER: &str = "Your browser may still be logged in at the portal as somebody else. If it goes \
                       on without asking who you are, log out there first";

/// How much is still to be done for sign-ins, beside what [`App::sign_in_is_over`] awaits as a task: one
/// that is being made ready may have a certificate trusted already, and tokens that nobody wants are on
/// their way back.
pub(super) type Unfinished = watch::Sender<usize>;

/// Something of it, until it is dropped.
struct Doing(Unfinished);

impl Doing {
    fn begin(unfinished: &Unfinished) -> Doing {
        unfinished.send_modify(|n| *n = n.saturating_add(1));
        Doing(unfinished.clone())
    }
}

impl Drop for Doing {
    fn drop(&mut self) {
        self.0.send_modify(|n| *n = n.saturating_sub(1));
    }
}

/// A sign-in under way.
pub(super) struct UnderWay {
    told: Connecting,
    cancel: Arc<Notify>,
    ask: Ask,
    pending: Option<Pending>,
    certificate: Vec<u8>,
    /// Once it listens.
    answers: Option<Answers>,
    start_url: Option<Url>,
    /// The person chose to go past the browser's warning, which then is no news.
    is_past_warning: bool,
    changes: watch::Sender<Connecting>,
}

/// Tokens that replace nothing until the person has said whose record it is.
#[derive(Clone)]
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
    /// Whether the portal is to ask for the log-in even where somebody is logged in.
    log_in_anew: bool,
    /// Whether it was begun anew because the browser had been opened for the first time.
    is_second_try: bool,
}

impl App {
    /// Begins a sign-in. What follows comes as events, and by [`App::connecting_ends`]. One that was
    /// under way is stopped. An empty client id stands for the one that this build carries.
    ///
    /// # Errors
    /// When the input will not do, there is no open database, or the listener cannot begin.
    pub async fn connect(&self, input: Connect, how: How) -> Result<Connecting, Error> {
        self.database()?;
        let portal = match input.portal.as_deref().map(str::trim) {
            None | Some("") => Portal::default().counted_by(self.outgoing()),
            Some(address) => Portal::new(address, how.certificate)?.counted_by(self.outgoing()),
        };
        // The sample's portal is another one each time.
        let is_sample = matches!(self.inner.options.keys, Keys::Published);
        let mut is_pasted = how.account.is_none() && !is_sample;
        let (client_id, client_secret) = match &self.inner.options.own_client {
            Some((id, secret)) if input.client_id.trim().is_empty() => {
                is_pasted = false;
                (id.clone(), secret.clone())
            }
            Some(_) | None => {
                let secret = input
                    .client_secret
                    .map(|secret| secret.trim().to_owned())
                    .filter(|secret| !secret.is_empty());
                (client_id(&input.client_id)?, secret.map(SecretString::from))
            }
        };
        let ask = Ask {
            portal,
            client_id,
            client_secret,
            redirect_uris: input.redirect_uris.unwrap_or_default(),
            timeout: how.timeout,
            account: how.account,
            browser: how.browser,
            always_ask: how.always_ask,
            log_in_anew: false,
            is_second_try: false,
        };
        if is_pasted {
            let registration = ask.registration();
            self.database()?
                .write(move |store| {
                    let is_connected = store.accounts()?.iter().any(|row| {
                        !row.disconnected
                            && row.origin == registration.origin
                            && row.client_id == registration.client_id
                    });
                    if is_connected { Ok(()) } else { store.keep_registration(Some(&registration)) }
                })
                .await?;
            self.changed();
        }
        self.begin(ask).await
    }

    /// Begins the sign-in that is under way, or that has failed, once more with what it was asked;
    /// where there is none, one with the id and the secret that were given before and have brought no
    /// connection yet.
    ///
    /// # Errors
    /// As [`App::connect`], and when nothing was asked before.
    pub async fn connect_again(&self) -> Result<Connecting, Error> {
        let asked = lock(&self.inner.connecting).as_ref().map(|under_way| under_way.ask.clone());
        let ask = match asked {
            Some(ask) => ask,
            None => self.registered().await?.ok_or(Error::NothingToGoOnWith)?,
        };
        self.begin(ask).await
    }

    /// The account that the sign-in under way is to renew, if it is one's.
    pub fn connecting_account(&self) -> Option<i64> {
        lock(&self.inner.connecting).as_ref().and_then(|under_way| under_way.ask.account)
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
        self.begin(Ask { log_in_anew: true, ..ask }).await
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

    /// Stops the sign-in under way, if one is. Tokens it got, or still gets, are revoked.
    pub fn cancel_connect(&self) {
        let Some(under_way) = lock(&self.inner.connecting).take() else { return };
        under_way.cancel.notify_one();
        self.close_window(&under_way.told);
        if let Some(pending) = under_way.pending {
            let doing = Doing::begin(&self.inner.unfinished);
            tokio::spawn(async move {
                revoke(pending.ask, pending.tokens).await;
                drop(doing);
            });
        }
    }

    /// Whether a sign-in is under way, or something of one is left.
    pub fn is_signing_in(&self) -> bool {
        lock(&self.inner.connecting).is_some()
            || lock(&self.inner.ending).as_ref().is_some_and(|ending| !ending.is_finished())
            || *self.inner.unfinished.borrow() > 0
    }

    /// Waits until nothing of a sign-in that has ended is left: no open port, no trusted certificate,
    /// no token that nobody wants. A program that is about to end waits for it.
    pub async fn sign_in_is_over(&self) {
        let mut unfinished = self.inner.unfinished.subscribe();
        let over = async {
            // One that was being made ready may be listening by now.
            let _ = unfinished.wait_for(|n| *n == 0).await;
            let ending = lock(&self.inner.ending).take();
            if let Some(ending) = ending {
                let _ = ending.await;
            }
        };
        // What takes longer is a portal that does not answer; the rest is done first.
        let _ = tokio::time::timeout(REVOKE_WITHIN, over).await;
    }

    /// Goes on with the sign-in under way in a window of the app: a fresh start at the portal's own
    /// page. No cookie binds that window, so the answer is taken by its state alone.
    ///
    /// # Errors
    /// When there is no sign-in that waits for an answer, or no window.
    pub async fn sign_in_here(&self) -> Result<Connecting, Error> {
        let windows = self.inner.options.windows.clone().ok_or(NoWindow)?;
        let (window, cancel) = {
            let mut connecting = lock(&self.inner.connecting);
            let under_way = waiting(&mut connecting)?;
            let answers = under_way.answers.as_ref().ok_or(Error::NothingToGoOnWith)?;
            let window = SignInWindow {
                start: answers.authorize_url().clone(),
                allowed_origin: under_way.ask.portal.origin(),
                redirect_prefixes: vec![answers.redirect_uri().to_owned()],
                certificate: under_way.ask.portal.certificate().map(<[u8]>::to_vec),
            };
            (window, Arc::clone(&under_way.cancel))
        };
        // A host may go to its own thread for it.
        let opened = tokio::task::spawn_blocking(move || windows.open(window)).await;
        opened.unwrap_or(Err(NoWindow))?;
        self.tell(&cancel, |told| {
            told.stage = ConnectStage::SigningInHere;
            told.note = None;
        });
        self.connecting().ok_or(Error::NothingToGoOnWith)
    }

    /// Hears that the person closed the sign-in window: the other ways are offered again.
    pub fn sign_in_window_closed(&self) {
        let cancel = lock(&self.inner.connecting).as_ref().map(|one| Arc::clone(&one.cancel));
        if let Some(cancel) = cancel {
            self.tell(&cancel, |told| {
                if told.stage == ConnectStage::SigningInHere {
                    told.stage = ConnectStage::CertificateRefused;
                }
            });
        }
    }

    /// Goes on with the sign-in under way in the browser, past its warning: opens the start address
    /// once more, with the same certificate, which the person has seen refused.
    ///
    /// # Errors
    /// When there is no sign-in that waits for an answer, or no browser could be opened.
    pub async fn go_past_warning(&self) -> Result<Connecting, Error> {
        let (start_url, cancel) = {
            let mut connecting = lock(&self.inner.connecting);
            let under_way = waiting(&mut connecting)?;
            let start_url = under_way.start_url.clone().ok_or(Error::NothingToGoOnWith)?;
            under_way.is_past_warning = true;
            (start_url, Arc::clone(&under_way.cancel))
        };
        let opener = self.inner.options.opener.clone().ok_or(browser::Error::NoBrowser)?;
        blocking(move || Ok(opener(&start_url)?)).await?;
        self.tell(&cancel, |told| {
            told.stage = ConnectStage::WaitingForBrowser;
            told.note = None;
        });
        self.connecting().ok_or(Error::NothingToGoOnWith)
    }

    /// Opens the portal's own page in the browser, for a person who will paste the address at which
    /// it ends: without the start address before it no cookie binds the browser, so what comes back
    /// by itself is a stranger's.
    ///
    /// # Errors
    /// When there is no sign-in that waits for an answer, or no browser could be opened.
    pub async fn open_for_paste(&self) -> Result<Connecting, Error> {
        let (address, cancel) = {
            let mut connecting = lock(&self.inner.connecting);
            let under_way = waiting(&mut connecting)?;
            let answers = under_way.answers.as_ref().ok_or(Error::NothingToGoOnWith)?;
            (answers.authorize_url().clone(), Arc::clone(&under_way.cancel))
        };
        let opener = self.inner.options.opener.clone().ok_or(browser::Error::NoBrowser)?;
        blocking(move || Ok(opener(&address)?)).await?;
        self.tell(&cancel, |told| {
            told.stage = ConnectStage::AtPortal;
            told.note = None;
        });
        self.connecting().ok_or(Error::NothingToGoOnWith)
    }

    /// Goes on with the sign-in under way from the address of the page that failed to load: this
    /// sign-in's own, with its state, and no other. What is wrong with another is said, and changes
    /// nothing.
    ///
    /// # Errors
    /// When there is no sign-in that waits for an answer, or the address is not it.
    #[expect(clippy::unused_async, reason = "every way on is awaited alike by its callers")]
    pub async fn paste_address(&self, address: &str) -> Result<Connecting, Error> {
        let (answers, cancel) = {
            let mut connecting = lock(&self.inner.connecting);
            let under_way = waiting(&mut connecting)?;
            let answers = under_way.answers.clone().ok_or(Error::NothingToGoOnWith)?;
            (answers, Arc::clone(&under_way.cancel))
        };
        answers.take(address)?;
        self.tell(&cancel, |told| told.stage = ConnectStage::Exchanging);
        self.connecting().ok_or(Error::NothingToGoOnWith)
    }

    /// Takes the address that the sign-in window was about to go to, and closes the window. One that
    /// is not the portal's answer to this sign-in is said in its note, and the other ways are offered.
    ///
    /// # Errors
    /// As [`App::paste_address`].
    pub async fn caught_redirect(&self, address: &Url) -> Result<Connecting, Error> {
        let told = self.paste_address(address.as_str()).await;
        if let Err(Error::Paste(error)) = &told {
            let cancel = lock(&self.inner.connecting).as_ref().map(|one| Arc::clone(&one.cancel));
            if let Some(cancel) = cancel {
                self.tell(&cancel, |told| {
                    told.stage = ConnectStage::CertificateRefused;
                    told.note = Some(error.to_string());
                });
            }
        }
        if let Some(windows) = &self.inner.options.windows {
            windows.close();
        }
        told
    }

    /// Answers "Is this the right person?". Where the sign-in is kept its account's number is given;
    /// else its tokens are revoked and nothing is kept. With [`PersonAnswer::AnotherAccount`] another
    /// sign-in begins at once.
    ///
    /// # Errors
    /// When there is nothing to confirm, the answer does not fit what was asked, or the database
    /// cannot be written; it can then be answered again.
    pub async fn confirm_person(
        &self,
        said: impl Into<ConfirmPerson>,
    ) -> Result<Option<i64>, Error> {
        let said = said.into();
        let pending = {
            let mut connecting = lock(&self.inner.connecting);
            let under_way = connecting.as_mut().ok_or(Error::NothingToConfirm)?;
            let is_other = under_way.told.other_person.is_some();
            let keeps = matches!(said.answer, PersonAnswer::Mine | PersonAnswer::InMyCare);
            if is_other && keeps {
                return Err(Error::Invalid(
                    "This is another person than this connection's. Say whether to keep them as a \
                     separate person."
                        .to_owned(),
                ));
            }
            under_way.pending.take().ok_or(Error::NothingToConfirm)?
        };
        match said.answer {
            PersonAnswer::Mine | PersonAnswer::InMyCare | PersonAnswer::KeepSeparate => {
                let mut kept = pending.clone();
                if said.answer == PersonAnswer::KeepSeparate {
                    kept.ask.account = None;
                }
                let relations = relations(&pending.people, &said);
                let account = match self.keep(kept, relations).await {
                    Ok(account) => account,
                    Err(error) => {
                        if let Some(under_way) = lock(&self.inner.connecting).as_mut() {
                            under_way.pending = Some(pending);
                        }
                        return Err(error);
                    }
                };
                lock(&self.inner.connecting).take();
                self.changed();
                Ok(Some(account))
            }
            PersonAnswer::No => {
                lock(&self.inner.connecting).take();
                let ask = pending.ask.clone();
                // Awaited, because a command ends right after it.
                revoke(pending.ask, pending.tokens).await;
                self.forget_registration(&ask).await?;
                Ok(None)
            }
            PersonAnswer::AnotherAccount => {
                lock(&self.inner.connecting).take();
                let ask = Ask { log_in_anew: true, ..pending.ask.clone() };
                revoke(pending.ask, pending.tokens).await;
                self.begin(ask).await?;
                Ok(None)
            }
        }
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
        let known = secrets.as_ref().map(|secrets| secrets.access.clone());
        if let Some(secrets) = secrets {
            self.give_back(&row, secrets).await;
        }
        let forgotten = database
            .write(move |store| {
                let forgotten = store.secrets(account)?;
                if delete_records {
                    store.delete_account(account)?;
                } else {
                    store.forget_secrets(account)?;
                }
                Ok(forgotten)
            })
            .await?;
        self.changed();
        // A copy that was under way may have had new ones while the portal was told of those.
        if let Some(secrets) = forgotten
            && known.is_none_or(|known| known.expose_secret() != secrets.access.expose_secret())
        {
            self.give_back(&row, secrets).await;
        }
        Ok(())
    }

    /// Tells the portal of an account that its tokens are not wanted any more.
    async fn give_back(&self, row: &AccountRow, secrets: Secrets) {
        let Ok(portal) = Portal::new(&row.origin, row.certificate.clone()) else { return };
        let ask = Ask {
            portal: portal.counted_by(self.outgoing()),
            client_id: row.client_id.clone(),
            client_secret: secrets.client_secret,
            redirect_uris: Vec::new(),
            timeout: REVOKE_WITHIN,
            account: Some(row.id),
            browser: false,
            always_ask: false,
            log_in_anew: false,
            is_second_try: false,
        };
        let tokens = Tokens {
            access: secrets.access,
            refresh: secrets.refresh,
            expires_at: secrets.expires_at,
            scope: secrets.scope,
        };
        revoke(ask, tokens).await;
    }

    /// Removes every certificate of ours from every place that trusts it, and says from where. A
    /// sign-in under way is stopped first.
    ///
    /// # Errors
    /// When the database is open and cannot be written.
    pub async fn remove_certificates(&self) -> Result<Removed, Error> {
        self.cancel_connect();
        self.sign_in_is_over().await;
        let swept = remove_certificates(&self.inner.options.trust).await;
        if let Ok(database) = self.database() {
            database.write(|store| store.keep_certificate(None)).await?;
        }
        let notes = [swept.removed, swept.left].concat();
        Ok(Removed { count: swept.count as u64, notes })
    }

    /// What this computer will ask of the person at the next sign-in, to be said before it asks.
    pub(super) async fn trust_note(&self) -> Option<String> {
        let Trust::System(store) = &self.inner.options.trust else { return None };
        let kept = self.kept_certificate().await;
        let now = (self.inner.options.clock)();
        system::will_ask(store.words(), kept.as_ref(), now).map(str::to_owned)
    }

    async fn kept_certificate(&self) -> Option<system::Kept> {
        // One that cannot be read is made anew.
        let kept = self.read(|store| store.kept_certificate()).await.ok()??;
        Some(system::Kept { der: kept.der, key: kept.key, not_after: kept.not_after })
    }

    /// The certificate that the system trusts, where it is the system that does.
    async fn system_leaf(&self) -> Result<(Option<Leaf>, Option<String>), Error> {
        let Trust::System(store) = &self.inner.options.trust else { return Ok((None, None)) };
        let kept = self.kept_certificate().await;
        let (store, now) = (Arc::clone(store), (self.inner.options.clock)());
        let ready = blocking(move || {
            system::ready(store.as_ref(), kept, now)
                .map_err(|error| Error::SignIn(sign_in::Error::Certificate(error)))
        })
        .await?;
        if let Some(keep) = ready.keep {
            let keep = KeptCertificate { der: keep.der, key: keep.key, not_after: keep.not_after };
            self.database()?.write(move |store| store.keep_certificate(Some(&keep))).await?;
        }
        Ok((Some(ready.leaf), ready.note))
    }

    /// What a sign-in asks with the id and the secret that were given and have brought no connection
    /// yet.
    async fn registered(&self) -> Result<Option<Ask>, Error> {
        let Some(registration) = self.read(|store| store.registration()).await? else {
            return Ok(None);
        };
        Ok(Some(Ask {
            portal: Portal::new(&registration.origin, registration.certificate)?
                .counted_by(self.outgoing()),
            client_id: registration.client_id,
            client_secret: registration.client_secret,
            redirect_uris: registration.redirect_uris,
            timeout: DEFAULT_TIMEOUT,
            account: None,
            browser: true,
            always_ask: false,
            log_in_anew: false,
            is_second_try: false,
        }))
    }

    /// Forgets the id and the secret that are kept without a connection, where they are these.
    async fn forget_registration(&self, ask: &Ask) -> Result<(), Error> {
        let (origin, client_id) = (ask.portal.origin(), ask.client_id.clone());
        self.database()?
            .write(move |store| forget_registration(store, &origin, &client_id))
            .await?;
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
        // A build that carries an id may carry a newer secret for it.
        let client_secret = match &self.inner.options.own_client {
            Some((id, secret)) if *id == row.client_id => secret.clone(),
            Some(_) | None => client_secret,
        };
        Ok(Ask {
            portal: Portal::new(&row.origin, row.certificate)?.counted_by(self.outgoing()),
            client_id: row.client_id,
            client_secret,
            redirect_uris: row.redirect_uris,
            timeout: DEFAULT_TIMEOUT,
            account: None,
            browser: true,
            always_ask: false,
            log_in_anew: false,
            is_second_try: false,
        })
    }

    async fn begin(&self, ask: Ask) -> Result<Connecting, Error> {
        // Whoever follows the first try follows the second.
        let followed = lock(&self.inner.connecting)
            .as_ref()
            .filter(|_| ask.is_second_try)
            .map(|under_way| under_way.changes.clone());
        self.cancel_connect();
        let ending = lock(&self.inner.ending).take();
        if let Some(ends) = ending {
            // Its port is wanted again. One that does not end soon leaves two others.
            let _ = tokio::time::timeout(STOP_WITHIN, ends).await;
        }
        let cancel = Arc::new(Notify::new());
        let told = Connecting {
            stage: ConnectStage::Preparing,
            portal: ask.portal.origin(),
            start_url: None,
            people: Vec::new(),
            error: None,
            ways: Vec::new(),
            port_missing: false,
            other_person: None,
            trust_note: self.trust_note().await.filter(|_| ask.browser),
            note: None,
        };
        let changes = followed.unwrap_or_else(|| watch::channel(told.clone()).0);
        *lock(&self.inner.connecting) = Some(UnderWay {
            told: told.clone(),
            cancel: Arc::clone(&cancel),
            ask: ask.clone(),
            pending: None,
            certificate: Vec::new(),
            answers: None,
            start_url: None,
            is_past_warning: false,
            changes,
        });
        if told.trust_note.is_some() {
            // Said before the system asks.
            self.emit(Event::ConnectProgressed(told));
        }
        let doing = Doing::begin(&self.inner.unfinished);
        match self.make_ready(&ask).await {
            Ok((sign_in, trust_note)) => self.listen(ask, sign_in, trust_note, cancel, doing).await,
            Err(error) => {
                let mut connecting = lock(&self.inner.connecting);
                if connecting.as_ref().is_some_and(|one| Arc::ptr_eq(&one.cancel, &cancel)) {
                    connecting.take();
                }
                drop(connecting);
                self.changed();
                Err(error)
            }
        }
    }

    async fn make_ready(&self, ask: &Ask) -> Result<(SignIn, Option<String>), Error> {
        let redirect_uris = if ask.redirect_uris.is_empty() {
            DEFAULT_REDIRECT_URIS.map(str::to_owned).to_vec()
        } else {
            ask.redirect_uris.clone()
        };
        let (leaf, note) = if ask.browser { self.system_leaf().await? } else { (None, None) };
        let sign_in = SignIn::start(sign_in::Request {
            portal: ask.portal.clone(),
            client_id: ask.client_id.clone(),
            client_secret: ask.client_secret.clone(),
            redirect_uris,
            trust: if ask.browser { self.inner.options.trust.clone() } else { Trust::None },
            leaf,
            log_in_anew: ask.log_in_anew,
            timeout: ask.timeout,
            clock: Arc::clone(&self.inner.options.clock),
        })
        .await?;
        let note = note.or_else(|| sign_in.trust_note());
        Ok((sign_in, note))
    }

    /// Lets a sign-in that is ready run, and opens the browser.
    async fn listen(
        &self,
        ask: Ask,
        mut sign_in: SignIn,
        trust_note: Option<String>,
        cancel: Arc<Notify>,
        doing: Doing,
    ) -> Result<Connecting, Error> {
        let start_url = sign_in.start_url().cloned();
        let port_missing = sign_in.port_missing();
        let note = if port_missing {
            Some(NO_PORT.to_owned())
        } else {
            ask.log_in_anew.then(|| self.note_on_another())
        };
        if !self.is_ready(&cancel, &sign_in) {
            // Stopped meanwhile. It takes its trust back as it goes.
            let _ = tokio::task::spawn_blocking(move || drop(sign_in)).await;
            return Err(Error::SignIn(sign_in::Error::Cancelled));
        }
        let has_browser = ask.browser && self.inner.options.opener.is_some();
        if let Some(progress) = sign_in.progress() {
            let follow = self.clone().follow(Follow {
                progress,
                cancel: Arc::clone(&cancel),
                has_browser,
                keeps_note: note.is_some(),
                newcomers: sign_in.newcomers().filter(|_| !ask.is_second_try),
            });
            tokio::spawn(follow);
        }
        let address = start_url.as_ref().unwrap_or(sign_in.answers().authorize_url()).to_string();
        self.tell(&cancel, |told| {
            told.stage = ConnectStage::WaitingForBrowser;
            told.start_url = Some(address);
            told.port_missing = port_missing;
            told.trust_note = trust_note;
            told.note = note;
        });
        let told = self.connecting();
        let (app, stopped) = (self.clone(), Arc::clone(&cancel));
        let ends = tokio::spawn(async move {
            let over = sign_in.ended();
            let (worker, cancel) = (app.clone(), Arc::clone(&stopped));
            let work = tokio::spawn(async move {
                let finished = sign_in.finish(cancel.notified()).await;
                worker.finished(ask, &cancel, finished).await;
            });
            // Whoever waits is told, whatever became of it.
            if work.await.is_err() {
                app.failed(&stopped, Error::Stopped);
            }
            if let Some(over) = over {
                let _ = over.await;
            }
        });
        *lock(&self.inner.ending) = Some(ends);
        drop(doing);
        if has_browser && let (Some(open), Some(url)) = (&self.inner.options.opener, &start_url) {
            // The address stands on the page too, for a browser that did not open.
            let (open, url) = (Arc::clone(open), url.clone());
            let opened = tokio::task::spawn_blocking(move || open(&url)).await;
            if !matches!(opened, Ok(Ok(()))) {
                self.tell(&cancel, |told| {
                    if told.stage == ConnectStage::WaitingForBrowser {
                        told.stage = ConnectStage::CertificateRefused;
                        told.note = Some(NO_BROWSER.to_owned());
                    }
                });
            }
        }
        self.connecting().or(told).ok_or(Error::SignIn(sign_in::Error::Cancelled))
    }

    /// Notes what a sign-in that listens goes by; false where it is under way no more.
    fn is_ready(&self, cancel: &Arc<Notify>, sign_in: &SignIn) -> bool {
        let mut connecting = lock(&self.inner.connecting);
        match connecting.as_mut() {
            Some(under_way) if Arc::ptr_eq(&under_way.cancel, cancel) => {
                under_way.certificate = sign_in.certificate_der().to_vec();
                under_way.answers = Some(sign_in.answers().clone());
                under_way.start_url = sign_in.start_url().cloned();
                true
            }
            _ => false,
        }
    }

    async fn follow(self, followed: Follow) {
        let Follow { mut progress, cancel, has_browser, keeps_note, newcomers } = followed;
        while let Some(step) = progress.recv().await {
            let is_past_warning = lock(&self.inner.connecting)
                .as_ref()
                .is_some_and(|under_way| under_way.is_past_warning);
            if step == Progress::CertificateRefused && !is_past_warning {
                let newcomers = newcomers.clone();
                let is_new = blocking(move || Ok(newcomers.is_some_and(|new| new.are_there())));
                if is_new.await.unwrap_or(false) && self.begin_second_try(&cancel) {
                    return;
                }
            }
            self.tell(&cancel, |told| {
                let is_open_here = told.stage == ConnectStage::SigningInHere;
                match step {
                    Progress::BrowserArrived if !is_open_here => {
                        told.stage = ConnectStage::AtPortal;
                        told.note = told.note.take().filter(|_| keeps_note);
                    }
                    Progress::CertificateRefused if !is_open_here && !is_past_warning => {
                        told.stage = ConnectStage::CertificateRefused;
                        told.note = Some(REFUSED.to_owned());
                    }
                    Progress::NoBrowserYet
                        if has_browser && told.stage == ConnectStage::WaitingForBrowser =>
                    {
                        told.stage = ConnectStage::CertificateRefused;
                        told.note = Some(NOBODY_CAME.to_owned());
                    }
                    Progress::CodeReceived => {
                        told.stage = ConnectStage::Exchanging;
                        told.note = None;
                    }
                    Progress::BrowserArrived
                    | Progress::CertificateRefused
                    | Progress::NoBrowserYet => {}
                }
            });
        }
    }

    /// Begins anew, once, because the browser has made its certificate database only as it opened: a
    /// fresh certificate is trusted there now, where a refused one stays refused. False where the
    /// sign-in is under way no more.
    fn begin_second_try(&self, cancel: &Arc<Notify>) -> bool {
        let ask = lock(&self.inner.connecting)
            .as_ref()
            .filter(|under_way| Arc::ptr_eq(&under_way.cancel, cancel))
            .map(|under_way| under_way.ask.clone());
        let Some(ask) = ask else { return false };
        let app = self.clone();
        tokio::spawn(async move {
            // Where it cannot begin the person is told, and can try again.
            let _ = app.begin(Ask { is_second_try: true, ..ask }).await;
        });
        true
    }

    async fn finished(
        &self,
        ask: Ask,
        cancel: &Arc<Notify>,
        finished: Result<Tokens, sign_in::Error>,
    ) {
        let tokens = match finished {
            Ok(tokens) => tokens,
            Err(error) => {
                if matches!(error, sign_in::Error::OAuth(oauth::Error::WrongSecret)) {
                    // What is wrong is not to be offered again; the failure is told all the same.
                    let _ = self.forget_registration(&ask).await;
                    self.changed();
                }
                return self.failed(cancel, error.into());
            }
        };
        let people = match sync::find_people(&ask.portal, &tokens.access).await {
            Ok(people) => people,
            Err(error) => {
                revoke(ask, tokens).await;
                return self.failed(cancel, error.into());
            }
        };
        let found = found(&people);
        let expected: Vec<_> = match ask.account {
            Some(account) => {
                let expected = self.read(move |store| store.people(account)).await;
                expected.unwrap_or_default().into_iter().map(|(_, patient)| patient).collect()
            }
            None => Vec::new(),
        };
        let is_expected = |person: &Patient| has_all(&expected, std::slice::from_ref(person));
        let is_known =
            !people.is_empty() && has_all(&expected, &people) && has_all(&people, &expected);
        let is_other = !expected.is_empty() && !people.iter().any(is_expected);
        let missing: Vec<_> = expected
            .iter()
            .filter(|one| !is_other && !has_all(&people, std::slice::from_ref(one)))
            .map(|one| one.name.as_str())
            .collect();
        let note = (!missing.is_empty()).then(|| no_more_of(&missing));
        let must_ask = ask.account.is_none() || ask.always_ask || !is_known;
        let pending = Pending { ask, tokens, people };
        if !must_ask {
            return match self.keep(pending.clone(), BTreeMap::new()).await {
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
                Err(error) => {
                    revoke(pending.ask, pending.tokens).await;
                    self.failed(cancel, error);
                }
            };
        }
        let unwanted = {
            let mut connecting = lock(&self.inner.connecting);
            match connecting.as_mut() {
                Some(under_way) if Arc::ptr_eq(&under_way.cancel, cancel) => {
                    under_way.pending = Some(pending);
                    None
                }
                // Stopped meanwhile: nothing of it is kept.
                _ => Some(pending),
            }
        };
        if let Some(pending) = unwanted {
            return revoke(pending.ask, pending.tokens).await;
        }
        self.tell(cancel, |told| {
            told.stage = ConnectStage::Confirm;
            told.note = note;
            told.other_person = is_other
                .then(|| OtherPerson { found: found.clone(), expected: self::found(&expected) });
            told.people = found;
        });
    }

    async fn keep(
        &self,
        pending: Pending,
        relations: BTreeMap<String, Relation>,
    ) -> Result<i64, Error> {
        let Pending { ask, tokens, people } = pending;
        let origin = ask.portal.origin();
        let now = (self.inner.options.clock)();
        let account = self
            .database()?
            .write(move |store| {
                let replaces = replaced_by(store, ask.account, &origin, &people)?;
                let (asked_at, client_id) = (origin.clone(), ask.client_id.clone());
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
                let account = store.save_sign_in(replaces, &new, &people, now)?;
                for (patient_id, relation) in relations {
                    store.set_relation(account, &patient_id, relation)?;
                }
                // One that stays is offered once more, and that is all.
                let _ = forget_registration(store, &asked_at, &client_id);
                Ok(account)
            })
            .await?;
        Ok(account)
    }

    fn failed(&self, cancel: &Arc<Notify>, error: Error) {
        let told = ApiError::from(error);
        self.tell(cancel, |connecting| {
            connecting.stage = ConnectStage::Failed;
            connecting.error = Some(told);
            connecting.note = None;
        });
    }

    /// Changes what is told of the sign-in that `cancel` belongs to; nothing if it is under way no
    /// more. What can be offered follows from the stage.
    fn tell(&self, cancel: &Arc<Notify>, change: impl FnOnce(&mut Connecting)) {
        let mut connecting = lock(&self.inner.connecting);
        let Some(under_way) = connecting.as_mut() else { return };
        if !Arc::ptr_eq(&under_way.cancel, cancel) {
            return;
        }
        let before = under_way.told.clone();
        change(&mut under_way.told);
        under_way.told.ways = self.ways(under_way);
        let told = under_way.told.clone();
        under_way.changes.send_replace(told.clone());
        drop(connecting);
        if told.stage != ConnectStage::SigningInHere {
            self.close_window(&before);
        }
        if told != before {
            self.emit(Event::ConnectProgressed(told));
        }
    }

    fn close_window(&self, told: &Connecting) {
        if told.stage == ConnectStage::SigningInHere
            && let Some(windows) = &self.inner.options.windows
        {
            windows.close();
        }
    }

    /// The ways that can be offered at this stage, best first.
    fn ways(&self, under_way: &UnderWay) -> Vec<Way> {
        let told = &under_way.told;
        let options = &self.inner.options;
        let is_asked = match told.stage {
            ConnectStage::CertificateRefused
            | ConnectStage::SigningInHere
            | ConnectStage::AtPortal => true,
            ConnectStage::WaitingForBrowser => {
                under_way.is_past_warning || told.port_missing || under_way.ask.log_in_anew
            }
            ConnectStage::Preparing
            | ConnectStage::Exchanging
            | ConnectStage::Confirm
            | ConnectStage::Connected
            | ConnectStage::Failed => false,
        };
        let in_app = options.windows.is_some() && told.stage != ConnectStage::SigningInHere;
        let past_warning = options.opener.is_some()
            && under_way.start_url.is_some()
            && !told.port_missing
            && told.stage != ConnectStage::AtPortal;
        [(in_app, Way::InApp), (past_warning, Way::PastWarning), (true, Way::PasteAddress)]
            .into_iter()
            .filter(|(can, _)| *can && is_asked)
            .map(|(_, way)| way)
            .collect()
    }

    fn note_on_another(&self) -> String {
        if self.inner.options.windows.is_some() {
            format!("{ANOTHER}, or sign in inside Onhand, where nobody is logged in.")
        } else {
            format!("{ANOTHER}, or use a private window.")
        }
    }
}

/// Removes every certificate of ours from every place that trusts it, and says from where.
pub async fn remove_certificates(trust: &Trust) -> Swept {
    match trust {
        Trust::Browser(places) => trust::remove_all(places).await,
        Trust::System(store) => {
            let store = Arc::clone(store);
            let removed = tokio::task::spawn_blocking(move || system::remove_all(store.as_ref()));
            removed.await.unwrap_or_default()
        }
        Trust::None => Swept::default(),
    }
}

impl Ask {
    fn registration(&self) -> Registration {
        Registration {
            origin: self.portal.origin(),
            certificate: self.portal.certificate().map(<[u8]>::to_vec),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            redirect_uris: self.redirect_uris.clone(),
        }
    }
}

/// The connection whose tokens a sign-in at `origin` brings anew: the one it was asked for, where there
/// still is one; else the one at that portal all of whose people it found. Another that shares some of
/// them is another portal account, and stays beside it.
fn replaced_by(
    store: &Store,
    asked_for: Option<i64>,
    origin: &str,
    found: &[Patient],
) -> crate::store::Result<Option<i64>> {
    let rows = store.accounts()?;
    if let Some(row) = rows.iter().find(|row| asked_for == Some(row.id)) {
        return Ok(Some(row.id));
    }
    let mut best = None;
    for row in rows.iter().filter(|row| row.origin == origin) {
        let people = store.people(row.id)?;
        let known: Vec<_> = people.into_iter().map(|(_, patient)| patient).collect();
        // Of several the one that holds the most of them.
        if has_all(found, &known) && best.is_none_or(|(n, _)| n < known.len()) && !known.is_empty()
        {
            best = Some((known.len(), row.id));
        }
    }
    Ok(best.map(|(_, id)| id))
}

/// Whether all of these are among those people.
fn has_all(people: &[Patient], these: &[Patient]) -> bool {
    these.iter().all(|one| people.iter().any(|person| person.patient_id == one.patient_id))
}

fn forget_registration(
    store: &mut Store,
    origin: &str,
    client_id: &str,
) -> crate::store::Result<()> {
    let kept = store.registration()?;
    if kept.is_some_and(|kept| kept.origin == origin && kept.client_id == client_id) {
        store.keep_registration(None)?;
    }
    Ok(())
}

/// What goes with a sign-in that listens, as it is followed.
struct Follow {
    progress: mpsc::Receiver<Progress>,
    cancel: Arc<Notify>,
    has_browser: bool,
    keeps_note: bool,
    /// Nothing where another beginning would not help.
    newcomers: Option<Newcomers>,
}

/// The sign-in under way, where it waits for the portal's answer.
fn waiting(connecting: &mut Option<UnderWay>) -> Result<&mut UnderWay, Error> {
    let under_way = connecting.as_mut().ok_or(Error::NothingToGoOnWith)?;
    match under_way.told.stage {
        ConnectStage::WaitingForBrowser
        | ConnectStage::AtPortal
        | ConnectStage::CertificateRefused
        | ConnectStage::SigningInHere => Ok(under_way),
        ConnectStage::Preparing
        | ConnectStage::Exchanging
        | ConnectStage::Confirm
        | ConnectStage::Connected
        | ConnectStage::Failed => Err(Error::NothingToGoOnWith),
    }
}

fn found(people: &[Patient]) -> Vec<FoundPerson> {
    people
        .iter()
        .map(|person| FoundPerson {
            patient_id: person.patient_id.clone(),
            name: person.name.clone(),
            birth_date: person.birth_date.clone(),
        })
        .collect()
}

/// What is said where a sign-in for a connection brings some of its people only.
fn no_more_of(missing: &[&str]) -> String {
    let names = list(missing);
    format!(
        "This portal account does not give the record of {names}, which this connection holds too. It \
         may be another account. If you keep it, what was copied of {names} stays here, and nothing new \
         of it is copied."
    )
}

/// Who each of these people is, by what was said: of several, one at most is the person themself.
fn relations(people: &[Patient], said: &ConfirmPerson) -> BTreeMap<String, Relation> {
    let all = |relation| {
        people
            .iter()
            .map(|person| (person.patient_id.clone(), relation))
            .collect::<BTreeMap<_, _>>()
    };
    match (said.answer, people, said.patient_id.as_deref()) {
        (PersonAnswer::InMyCare, _, _) => all(Relation::InMyCare),
        (PersonAnswer::Mine, [_], _) => all(Relation::Mine),
        (PersonAnswer::Mine, several, Some(own))
            if several.iter().any(|person| person.patient_id == own) =>
        {
            let mut relations = all(Relation::InMyCare);
            relations.insert(own.to_owned(), Relation::Mine);
            relations
        }
        // Nobody has said which of them it is.
        _ => BTreeMap::new(),
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
        client.give_back(&tokens).await;
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
