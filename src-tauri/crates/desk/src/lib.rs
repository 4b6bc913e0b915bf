//! What every host with a window shares: the answers to the commands, the events, and the sample
//! record. It names no UI toolkit; the shell and the test host are two frames around it.

mod sample;
pub mod visitor;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use onhand_core::api::*;
use onhand_core::app::{App, Error, How, Keys, Options, SignInWindows};
pub use onhand_core::app::{NoWindow, SignInWindow};
use onhand_core::clock::{Clock, system_clock};
use onhand_core::data_dir;
use onhand_core::onpatient::portal::Portal;
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::onpatient::{browser, trust};
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use url::Url;

use sample::Sample;

/// Events that a slow window may lag behind by before it misses some.
const EVENTS: usize = 256;
/// How often it is looked whether a sync is due.
const LOOKS_EVERY: Duration = Duration::from_secs(5 * 60);

/// What a desk asks of the desktop it stands on.
pub trait Desktop: Send + Sync {
    /// Opens an address in the person's browser.
    ///
    /// # Errors
    /// When none could be started.
    fn open_url(&self, url: &Url) -> Result<(), browser::Error>;

    /// Brings the window to the front.
    fn raise(&self);

    /// Whether [`Desktop::open_sign_in_window`] opens one.
    fn has_sign_in_window(&self) -> bool {
        false
    }

    /// Opens a window of its own in which the person signs in at the portal: incognito, without any
    /// capability, its address shown. It goes to `allowed_origin` only. A navigation to an address
    /// that begins with one of `redirect_prefixes` is stopped before any connection is made and
    /// handed to [`Desk::caught_redirect`]; when the person closes the window,
    /// [`Desk::sign_in_window_closed`] is told.
    ///
    /// # Errors
    /// When none can be opened.
    fn open_sign_in_window(&self, _window: SignInWindow) -> Result<(), NoWindow> {
        Err(NoWindow)
    }

    /// Closes that window, if it is open.
    fn close_sign_in_window(&self) {}
}

/// What a host gives.
pub struct Setup {
    /// Where the person's own records are kept.
    pub data_dir: PathBuf,
    /// Where the sample record is kept.
    pub sample_dir: PathBuf,
    /// Tells the time.
    pub clock: Clock,
    /// Where the sign-in's certificate is to be trusted.
    pub trust: Trust,
    /// How the person's own database keeps its key.
    pub keys: Keys,
    /// The client id and secret that this build carries, if it does.
    pub own_client: Option<(String, Option<SecretString>)>,
}

/// The client id and secret that this program was built with (`ONHAND_CLIENT_ID`,
/// `ONHAND_CLIENT_SECRET` in the environment of the build), if it was.
#[must_use]
pub fn own_client() -> Option<(String, Option<SecretString>)> {
    built_in(option_env!("ONHAND_CLIENT_ID"), option_env!("ONHAND_CLIENT_SECRET"))
}

/// An empty one is as good as none.
fn built_in(id: Option<&str>, secret: Option<&str>) -> Option<(String, Option<SecretString>)> {
    let given =
        |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    Some((given(id)?, given(secret).map(SecretString::from)))
}

/// There is no home folder to keep records in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "There is no home folder to keep your records in. Set ONHAND_DATA_DIR to a folder of yours."
)]
pub struct NoHome;

impl Setup {
    /// What a desktop program finds in its environment: the person's data folder (`ONHAND_DATA_DIR`
    /// goes first) with the sample's beside it, their browsers, their keychain. `helper` is the
    /// program that answers to `nss-helper` as its first argument.
    ///
    /// # Errors
    /// [`NoHome`]
    pub fn from_env(helper: Option<PathBuf>) -> Result<Setup, NoHome> {
        let data_dir = data_dir::default_data_dir().ok_or(NoHome)?;
        Ok(Setup {
            sample_dir: data_dir.with_file_name("onhand-sample"),
            data_dir,
            clock: system_clock(),
            trust: Trust::from_env(helper),
            keys: Keys::Person,
            own_client: own_client(),
        })
    }
}

/// The person's own records, the sample beside them, and which of the two is looked at.
pub struct Desk {
    own: App,
    setup: Setup,
    desktop: Arc<dyn Desktop>,
    sample: tokio::sync::Mutex<Option<Arc<Sample>>>,
    shown: Arc<Mutex<Shown>>,
    events: broadcast::Sender<Event>,
    /// Syncs the person's own records when it is time.
    by_itself: JoinHandle<()>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.by_itself.abort();
    }
}

#[derive(Clone)]
enum Shown {
    Own,
    Sample(Arc<Sample>),
}

impl Desk {
    /// Opens what was looked at last.
    pub async fn open(setup: Setup, desktop: Arc<dyn Desktop>) -> Arc<Desk> {
        if let Trust::Browser(places) = &setup.trust {
            // Leftovers of a run that was killed; what cannot be swept now is at the next sign-in.
            let (places, now) = (places.clone(), (setup.clock)());
            tokio::spawn(async move { trust::sweep(&places, now).await.ok() });
        }
        let own = App::open(options(&setup, &desktop, false), None).await;
        let ahead = own.clone();
        tokio::spawn(async move { ahead.look_ahead().await });
        let (events, _) = broadcast::channel(EVENTS);
        let desk = Arc::new(Desk {
            own: own.clone(),
            setup,
            desktop,
            sample: tokio::sync::Mutex::new(None),
            shown: Arc::new(Mutex::new(Shown::Own)),
            events,
            by_itself: tokio::spawn(sync_by_itself(own.clone())),
        });
        desk.follow(own);
        if sample::was_shown(&desk.setup.sample_dir) {
            let sample = desk.sample().await;
            *desk.lock_shown() = Shown::Sample(sample);
        }
        desk
    }

    /// Answers the command of that name.
    ///
    /// # Errors
    /// What the command says, for the person.
    pub async fn call(&self, command: &str, input: Value) -> Result<Value, ApiError> {
        dispatch(self, command, input).await
    }

    /// Everything that happens by itself to what is looked at, from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Takes the address that the sign-in window was about to go to.
    pub async fn caught_redirect(&self, address: &Url) {
        // What is wrong with it is told by the sign-in's own state.
        let _ = self.app().caught_redirect(address).await;
    }

    /// Hears that the person closed the sign-in window.
    pub fn sign_in_window_closed(&self) {
        self.app().sign_in_window_closed();
    }

    /// Whether a sign-in is under way or something of one is left, so that a host that ends now would
    /// leave a certificate trusted that is for it alone.
    pub fn is_signing_in(&self) -> bool {
        self.apps().iter().any(App::is_signing_in)
    }

    /// Stops the sign-in under way, if one is, and waits until nothing of it is left: no open port, no
    /// trusted certificate, no token that nobody wants. A host that is about to end waits for it.
    pub async fn end_sign_in(&self) {
        let apps = self.apps();
        apps.iter().for_each(App::cancel_connect);
        for app in apps {
            app.sign_in_is_over().await;
        }
    }

    /// The person's own records, and the sample's where they have been opened.
    fn apps(&self) -> Vec<App> {
        // One that is just being opened has no sign-in.
        let sample = self.sample.try_lock().ok();
        let sample = sample.as_ref().and_then(|sample| sample.as_ref());
        [self.own.clone()].into_iter().chain(sample.map(|sample| sample.app.clone())).collect()
    }

    /// The app that is looked at.
    fn app(&self) -> App {
        match &*self.lock_shown() {
            Shown::Own => self.own.clone(),
            Shown::Sample(sample) => sample.app.clone(),
        }
    }

    fn shown_sample(&self) -> Option<Arc<Sample>> {
        match &*self.lock_shown() {
            Shown::Own => None,
            Shown::Sample(sample) => Some(Arc::clone(sample)),
        }
    }

    async fn sample(&self) -> Arc<Sample> {
        let mut sample = self.sample.lock().await;
        if let Some(sample) = &*sample {
            return Arc::clone(sample);
        }
        let app = App::open(options(&self.setup, &self.desktop, true), None).await;
        self.follow(app.clone());
        let opened = Arc::new(Sample::new(app));
        *sample = Some(Arc::clone(&opened));
        opened
    }

    /// Passes on what happens to an app while it is the one looked at.
    fn follow(&self, app: App) {
        let mut happening = app.subscribe();
        let data_dir = app.data_dir().to_owned();
        let events = self.events.clone();
        let desktop = Arc::clone(&self.desktop);
        let shown = Arc::clone(&self.shown);
        let own_dir = self.setup.data_dir.clone();
        tokio::spawn(async move {
            let mut stage = None;
            loop {
                let event = match happening.recv().await {
                    Ok(event) => event,
                    // What was missed is asked for anew.
                    Err(broadcast::error::RecvError::Lagged(_)) => Event::Changed,
                    Err(broadcast::error::RecvError::Closed) => return,
                };
                let is_shown = match &*shown.lock().unwrap_or_else(PoisonError::into_inner) {
                    Shown::Own => data_dir == own_dir,
                    Shown::Sample(_) => data_dir != own_dir,
                };
                if !is_shown {
                    continue;
                }
                if let Event::ConnectProgressed(told) = &event {
                    let was = stage.replace(told.stage);
                    if was != stage && wants_the_person(told.stage) {
                        desktop.raise();
                    }
                }
                // Without a window nobody misses anything.
                let _ = events.send(event);
            }
        });
    }

    fn lock_shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to copy as soon as an account that was signed in to again is accepted.
    fn sync_when_connected(&self, app: App, account: i64) {
        tokio::spawn(async move {
            if let Ok(told) = app.connecting_ends().await
                && told.stage == ConnectStage::Connected
            {
                // Why it could not begin is told by the page on the next click.
                let _ = app.sync(account).await;
            }
        });
    }
}

/// Syncs the person's own records when the last time is long enough ago: when they are opened, and
/// while they stay open.
async fn sync_by_itself(own: App) {
    let mut happening = own.subscribe();
    let mut was_open = false;
    loop {
        let is_open = own.is_open();
        own.sync_if_due(is_open && !was_open).await;
        was_open = is_open;
        let look_again = tokio::time::sleep(LOOKS_EVERY);
        tokio::pin!(look_again);
        loop {
            tokio::select! {
                () = &mut look_again => break,
                event = happening.recv() => {
                    // A passphrase has just opened them.
                    if own.is_open() != was_open {
                        break;
                    }
                    if matches!(event, Err(broadcast::error::RecvError::Closed)) {
                        return;
                    }
                }
            }
        }
    }
}

impl Commands for Desk {
    async fn start(&self, (): ()) -> Result<Start, ApiError> {
        Ok(self.app().start().await?)
    }

    async fn create_database(&self, input: CreateDatabase) -> Result<Start, ApiError> {
        let app = self.app();
        app.create_database(input.vault, input.passphrase.map(Into::into)).await?;
        Ok(app.start().await?)
    }

    async fn unlock(&self, input: Unlock) -> Result<Start, ApiError> {
        let app = self.app();
        app.unlock(input.passphrase.into()).await?;
        Ok(app.start().await?)
    }

    async fn lock(&self, (): ()) -> Result<Start, ApiError> {
        let app = self.app();
        app.lock()?;
        Ok(app.start().await?)
    }

    async fn connect(&self, input: Connect) -> Result<Connecting, ApiError> {
        // The window offers OnPatient's portals only; another is for the command line.
        offered(input.portal.as_deref())?;
        Ok(self.own_first().connect(input, How::default()).await?)
    }

    async fn reconnect(&self, input: AccountRef) -> Result<Connecting, ApiError> {
        if let Some(sample) = self.shown_sample() {
            let told = sample.connect(Some(input.account), true).await?;
            self.sync_when_connected(sample.app.clone(), input.account);
            return Ok(told);
        }
        let told = self.own.reconnect(input.account).await?;
        self.sync_when_connected(self.own.clone(), input.account);
        Ok(told)
    }

    async fn connect_another(&self, input: AccountRef) -> Result<Connecting, ApiError> {
        Ok(self.own_first().connect_another(input.account).await?)
    }

    async fn connect_again(&self, (): ()) -> Result<Connecting, ApiError> {
        let app = self.app();
        let told = app.connect_again().await?;
        if let Some(account) = app.connecting_account() {
            self.sync_when_connected(app, account);
        }
        Ok(told)
    }

    async fn cancel_connect(&self, (): ()) -> Result<(), ApiError> {
        self.app().cancel_connect();
        Ok(())
    }

    async fn confirm_person(&self, input: ConfirmPerson) -> Result<Start, ApiError> {
        let app = self.app();
        if let Some(account) = app.confirm_person(input).await? {
            match app.sync(account).await {
                // The next one brings these records too.
                Ok(_) | Err(Error::AlreadySyncing) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(app.start().await?)
    }

    async fn sign_in_here(&self, (): ()) -> Result<Connecting, ApiError> {
        Ok(self.app().sign_in_here().await?)
    }

    async fn go_past_warning(&self, (): ()) -> Result<Connecting, ApiError> {
        Ok(self.app().go_past_warning().await?)
    }

    async fn open_for_paste(&self, (): ()) -> Result<Connecting, ApiError> {
        Ok(self.app().open_for_paste().await?)
    }

    async fn paste_address(&self, input: PasteAddress) -> Result<Connecting, ApiError> {
        Ok(self.app().paste_address(&input.address).await?)
    }

    async fn remove_certificates(&self, (): ()) -> Result<Removed, ApiError> {
        Ok(self.app().remove_certificates().await?)
    }

    async fn disconnect(&self, input: Disconnect) -> Result<Start, ApiError> {
        let app = self.app();
        app.disconnect(input.account, input.delete_records).await?;
        Ok(app.start().await?)
    }

    async fn sync(&self, input: AccountRef) -> Result<SyncProgress, ApiError> {
        if let Some(sample) = self.shown_sample() {
            sample.sign_in_if_portal_is_new(input.account).await?;
        }
        Ok(self.app().sync(input.account).await?)
    }

    async fn cancel_sync(&self, (): ()) -> Result<(), ApiError> {
        self.app().cancel_sync();
        Ok(())
    }

    async fn list(&self, input: List) -> Result<Page, ApiError> {
        Ok(self.app().list(input).await?)
    }

    async fn periods(&self, input: Filter) -> Result<Vec<Period>, ApiError> {
        Ok(self.app().periods(input).await?)
    }

    async fn record(&self, input: RecordRef) -> Result<Detail, ApiError> {
        Ok(self.app().record(input.id).await?)
    }

    async fn raw(&self, input: RecordRef) -> Result<Raw, ApiError> {
        Ok(self.app().raw(input.id).await?)
    }

    async fn tests(&self, input: Whose) -> Result<Vec<Test>, ApiError> {
        Ok(self.app().tests(input.person).await?)
    }

    async fn test(&self, input: TestRef) -> Result<TestDetail, ApiError> {
        Ok(self.app().test(input).await?)
    }

    async fn panel(&self, input: RecordRef) -> Result<PanelTable, ApiError> {
        Ok(self.app().panel(input.id).await?)
    }

    async fn name_result(&self, input: NameResult) -> Result<Detail, ApiError> {
        Ok(self.app().name_result(input).await?)
    }

    async fn about_kind(&self, input: AboutKind) -> Result<KindAbout, ApiError> {
        Ok(self.app().about_kind(input).await?)
    }

    async fn person(&self, input: PersonRef) -> Result<PersonDetail, ApiError> {
        Ok(self.app().person(input).await?)
    }

    async fn attachment(&self, input: AttachmentRef) -> Result<AttachmentContent, ApiError> {
        Ok(self.app().attachment(input).await?)
    }

    async fn save_attachment(&self, input: AttachmentRef) -> Result<SavedFile, ApiError> {
        Ok(self.app().save_attachment(input).await?)
    }

    async fn runs(&self, input: AccountRef) -> Result<Vec<Run>, ApiError> {
        Ok(self.app().runs(input.account).await?)
    }

    async fn versions(&self, input: RecordRef) -> Result<Vec<VersionView>, ApiError> {
        Ok(self.app().versions(input.id).await?)
    }

    async fn settings(&self, (): ()) -> Result<Settings, ApiError> {
        Ok(self.own.settings())
    }

    async fn save_settings(&self, input: Settings) -> Result<Settings, ApiError> {
        Ok(self.own.save_settings(input)?)
    }

    async fn write_note(&self, input: WriteNote) -> Result<Detail, ApiError> {
        Ok(self.app().write_note(input).await?)
    }

    async fn pins(&self, input: PinsOf) -> Result<Vec<String>, ApiError> {
        Ok(self.app().pins(input).await?)
    }

    async fn pin(&self, input: Pin) -> Result<Vec<String>, ApiError> {
        Ok(self.app().pin(input).await?)
    }

    async fn remembered(&self, input: Remembered) -> Result<Option<String>, ApiError> {
        Ok(self.app().remembered(input).await?)
    }

    async fn remember(&self, input: Remember) -> Result<(), ApiError> {
        Ok(self.app().remember(input).await?)
    }

    async fn requests(&self, (): ()) -> Result<Vec<HostRequests>, ApiError> {
        Ok(self.app().requests().await?)
    }

    async fn open_sample(&self, input: OpenSample) -> Result<Start, ApiError> {
        let sample = self.sample().await;
        sample.open(input.browser).await?;
        sample::remember(&self.setup.sample_dir, true);
        *self.lock_shown() = Shown::Sample(Arc::clone(&sample));
        Ok(sample.app.start().await?)
    }

    async fn leave_sample(&self, (): ()) -> Result<Start, ApiError> {
        if let Some(sample) = self.shown_sample() {
            sample.app.cancel_connect();
        }
        sample::remember(&self.setup.sample_dir, false);
        *self.lock_shown() = Shown::Own;
        Ok(self.own.start().await?)
    }

    async fn open_portal(&self, input: OpenPortal) -> Result<(), ApiError> {
        let address = match offered(input.portal.as_deref())? {
            Some(address) => Some(address.to_owned()),
            None => {
                let start = self.app().start().await?;
                start.accounts.first().map(|account| account.portal.clone())
            }
        };
        let portal = match address {
            Some(address) => Portal::new(&address, None).map_err(Error::from)?,
            None => Portal::default(),
        };
        let url = Url::parse(&portal.origin()).map_err(|_| ApiError {
            code: ErrorCode::Internal,
            message: "The portal's address cannot be opened.".to_owned(),
        })?;
        self.desktop.open_url(&url).map_err(Error::from)?;
        Ok(())
    }
}

impl Desk {
    /// A connection of the person's own is made among their own records, wherever they were.
    fn own_first(&self) -> App {
        sample::remember(&self.setup.sample_dir, false);
        *self.lock_shown() = Shown::Own;
        self.own.clone()
    }
}

fn options(setup: &Setup, desktop: &Arc<dyn Desktop>, sample: bool) -> Options {
    let browser = Arc::clone(desktop);
    Options {
        data_dir: if sample { setup.sample_dir.clone() } else { setup.data_dir.clone() },
        clock: Arc::clone(&setup.clock),
        trust: setup.trust.clone(),
        opener: Some(Arc::new(move |url: &Url| browser.open_url(url))),
        windows: desktop.has_sign_in_window().then(|| Arc::new(Windows(Arc::clone(desktop))) as _),
        keys: if sample { Keys::Published } else { setup.keys.clone() },
        own_client: if sample { None } else { setup.own_client.clone() },
    }
}

/// Whether a sign-in has something to say or ask in the window.
fn wants_the_person(stage: ConnectStage) -> bool {
    matches!(
        stage,
        ConnectStage::Confirm
            | ConnectStage::Connected
            | ConnectStage::Failed
            | ConnectStage::CertificateRefused
    )
}

/// The desktop's sign-in window, as an app asks for it.
struct Windows(Arc<dyn Desktop>);

impl SignInWindows for Windows {
    fn open(&self, window: SignInWindow) -> Result<(), NoWindow> {
        self.0.open_sign_in_window(window)
    }

    fn close(&self) {
        self.0.close_sign_in_window();
    }
}

/// The portal named, if one is; only OnPatient's own are offered by a window.
fn offered(portal: Option<&str>) -> Result<Option<&str>, ApiError> {
    match portal.map(str::trim).filter(|text| !text.is_empty()) {
        Some(address) if !is_onpatient(address) => Err(ApiError {
            code: ErrorCode::Invalid,
            message: "Onhand connects to onpatient.com and to portals whose address ends in \
                      .onpatient.com."
                .to_owned(),
        }),
        named => Ok(named),
    }
}

/// Whether an address is OnPatient's or one of its white-label portals'.
fn is_onpatient(address: &str) -> bool {
    let with_scheme =
        if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    Url::parse(&with_scheme).ok().is_some_and(|url| {
        url.scheme() == "https"
            && url.port().is_none()
            && url
                .host_str()
                .is_some_and(|host| host == "onpatient.com" || host.ends_with(".onpatient.com"))
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn an_id_of_this_build_counts_only_where_there_is_one() {
        assert!(built_in(None, Some("secret")).is_none());
        assert!(built_in(Some(" "), Some("secret")).is_none());
        let (id, secret) = built_in(Some("id\n"), None).unwrap();
        assert_eq!((id.as_str(), secret.is_none()), ("id", true));
        let (id, secret) = built_in(Some("id"), Some(" secret ")).unwrap();
        assert_eq!((id.as_str(), secret.unwrap().expose_secret()), ("id", "secret"));
    }

    #[test]
    fn only_onpatients_own_portals_are_offered() {
        for address in ["onpatient.com", "https://onpatient.com/", "https://name.onpatient.com"] {
            assert!(is_onpatient(address), "{address}");
        }
        for address in [
            "http://onpatient.com",
            "https://onpatient.com.example",
            "https://notonpatient.com",
            "https://onpatient.com:444",
            "https://localhost:1",
            "",
        ] {
            assert!(!is_onpatient(address), "{address}");
        }
    }
}
