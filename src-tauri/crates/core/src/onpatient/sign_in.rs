//! One sign-in, from the click to the tokens: certificate, trust, listener, browser, code, exchange.
//!
//! The caller opens [`SignIn::start_url`] in a browser and awaits [`SignIn::finish`]. The portal's
//! answer comes back to the listener, or by [`SignIn::answers`] where the browser cannot bring it.
//! However that ends, nothing listens and no certificate stays trusted once [`SignIn::ended`] is over.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::callback::{Answers, Outcome};
use super::certificate::{self, Leaf};
use super::listener::{self, Bound, Event, Flow, Listener, Verdict};
use super::oauth::{self, Begun, Tokens};
use super::portal::Portal;
use super::trust::{self, Guard, Newcomers, Places, system};
use crate::clock::Clock;

/// The redirect addresses a person registers at the portal. Three, so that a port in use is no
/// obstacle; outside the ranges from which systems take ports by themselves.
pub const DEFAULT_REDIRECT_URIS: [&str; 3] = [
    "https://localhost:27443/callback",
    "https://localhost:27444/callback",
    "https://localhost:27445/callback",
];

/// How long a sign-in may take.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// A browser that has not come by then has probably refused the certificate, or did not open.
const BROWSER_WITHIN: Duration = Duration::from_secs(8);

/// What a sign-in needs to know.
#[derive(Clone)]
pub struct Request {
    /// The portal.
    pub portal: Portal,
    /// The client id registered there.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Option<SecretString>,
    /// The redirect addresses registered there, in the order to try.
    pub redirect_uris: Vec<String>,
    /// Where the certificate is to be trusted.
    pub trust: Trust,
    /// The certificate to serve with, where one is kept that is trusted already; a fresh one else.
    pub leaf: Option<Leaf>,
    /// Whether the portal is to ask for the log-in even where somebody is logged in.
    pub log_in_anew: bool,
    /// How long it may take in all.
    pub timeout: Duration,
    /// The clock.
    pub clock: Clock,
}

/// Where the listener's certificate is to be trusted.
#[derive(Clone, Debug)]
pub enum Trust {
    /// In the databases of the person's browsers, for as long as the sign-in runs.
    Browser(Places),
    /// In the system's own store, where one certificate is kept from sign-in to sign-in.
    System(Arc<dyn system::Store>),
    /// Nowhere: whoever opens the start address is told of [`SignIn::certificate_der`].
    None,
}

impl Trust {
    /// What this computer's browsers go by: the system's store on macOS and Windows, their own
    /// databases elsewhere. `helper` is the program that answers to `nss-helper` as its first
    /// argument. Nowhere, where there is no home.
    #[must_use]
    pub fn from_env(helper: Option<std::path::PathBuf>) -> Self {
        match system::this_computers() {
            Some(store) => Self::System(store),
            None => Places::from_env(helper).map_or(Self::None, Self::Browser),
        }
    }
}

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A browser has opened the start address and was sent on to the portal.
    BrowserArrived,
    /// A browser came and refused the certificate.
    CertificateRefused,
    /// No browser has come for eight seconds.
    NoBrowserYet,
    /// The portal's answer is here; the code is being exchanged.
    CodeReceived,
}

/// Why a sign-in brought no tokens.
#[derive(Debug, Error)]
pub enum Error {
    /// The person stopped it.
    #[error("The sign-in was cancelled.")]
    Cancelled,
    /// Nobody finished it in time.
    #[error("The sign-in took too long and was stopped. You can try again at any time.")]
    TimedOut,
    /// There is no certificate.
    #[error(transparent)]
    Certificate(#[from] certificate::Error),
    /// There is no listener.
    #[error(transparent)]
    Listener(#[from] listener::Error),
    /// The portal gave no tokens.
    #[error(transparent)]
    OAuth(#[from] oauth::Error),
}

/// A sign-in under way.
pub struct SignIn {
    client: Arc<oauth::Client>,
    begun: Begun,
    listener: Option<Listener>,
    leaf: Leaf,
    answers: Answers,
    answered: mpsc::Receiver<Outcome>,
    port_missing: bool,
    trusted: Option<Result<Guard, trust::Error>>,
    report: mpsc::Sender<Progress>,
    progress: Option<mpsc::Receiver<Progress>>,
    over: oneshot::Sender<()>,
    ended: Option<oneshot::Receiver<()>>,
    clock: Clock,
    started: Instant,
    deadline: Instant,
}

impl SignIn {
    /// Makes the certificate, takes a port, sets up trust and begins to listen. When trust cannot be
    /// set up the sign-in goes on ([`SignIn::trust_note`] says why a browser will complain). When
    /// every registered port is taken it goes on too: the browser is sent to the portal from another
    /// port, and what the portal answers comes by [`SignIn::answers`].
    ///
    /// # Errors
    /// When an address cannot be one, there is no certificate, or the portal's own certificate cannot
    /// be read.
    pub async fn start(request: Request) -> Result<Self, Error> {
        let client = oauth::Client::new(
            &request.portal,
            &request.client_id,
            request.client_secret.as_ref(),
        )?;
        let (bound, port_missing) = match Bound::bind(&request.redirect_uris) {
            Ok(bound) => (Some(bound), false),
            Err(error @ (listener::Error::PortsTaken { .. } | listener::Error::NotAllowed(_))) => {
                let Some(redirect_uri) = request.redirect_uris.first() else {
                    return Err(error.into());
                };
                (Bound::bind_for_start(redirect_uri).ok(), true)
            }
            Err(error) => return Err(error.into()),
        };
        let redirect_uri = match &bound {
            Some(bound) => bound.redirect_uri().to_owned(),
            None => request.redirect_uris.first().cloned().unwrap_or_default(),
        };
        let begun = if request.log_in_anew {
            client.begin_anew(&redirect_uri)?
        } else {
            client.begin(&redirect_uri)?
        };
        let now = (request.clock)();
        let leaf = match &request.leaf {
            Some(leaf) => leaf.clone(),
            None => Leaf::new(now)?,
        };
        let trusted = match &bound {
            Some(_) => set_up_trust(&request, &leaf, now).await,
            None => None,
        };
        let (outcome, answered) = mpsc::channel(1);
        let answers = Answers {
            portal: request.portal.clone(),
            redirect_uri,
            authorize_url: begun.authorize_url.clone(),
            state: begun.state.clone(),
            outcome,
        };
        let flow = Flow {
            authorize_url: begun.authorize_url.clone(),
            state: begun.state.clone(),
            portal: request.portal,
        };
        let listener = match bound {
            Some(bound) => Some(bound.serve(leaf.server_config(), flow)?),
            None => None,
        };
        let (report, progress) = mpsc::channel(16);
        let (over, ended) = oneshot::channel();
        let started = Instant::now();
        Ok(Self {
            client: Arc::new(client),
            begun,
            listener,
            leaf,
            answers,
            answered,
            port_missing,
            trusted,
            report,
            progress: Some(progress),
            over,
            ended: Some(ended),
            clock: request.clock,
            started,
            deadline: started + request.timeout,
        })
    }

    /// The address to open in the browser; it works once, in one browser. Nothing where no port at
    /// all could be had.
    #[must_use]
    pub fn start_url(&self) -> Option<&Url> {
        self.listener.as_ref().map(Listener::start_url)
    }

    /// Whether every registered port was taken, so that the browser cannot bring the answer.
    #[must_use]
    pub fn port_missing(&self) -> bool {
        self.port_missing
    }

    /// The way for an answer that the browser did not bring to the listener.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The listener's certificate (DER), for a client that is to be told of it.
    #[must_use]
    pub fn certificate_der(&self) -> &[u8] {
        self.leaf.der()
    }

    /// Why a browser will show a warning, where trust was asked for and could not be set up in it.
    #[must_use]
    pub fn trust_note(&self) -> Option<String> {
        match self.trusted.as_ref()? {
            Ok(guard) => guard.note(),
            Err(error) => Some(error.to_string()),
        }
    }

    /// How to find out whether a browser came that could not have been told of the certificate,
    /// because it was opened for the first time; nothing where trust was not set up.
    #[must_use]
    pub fn newcomers(&self) -> Option<Newcomers> {
        Some(self.trusted.as_ref()?.as_ref().ok()?.newcomers())
    }

    /// What happens while [`SignIn::finish`] is awaited; given once.
    pub fn progress(&mut self) -> Option<mpsc::Receiver<Progress>> {
        self.progress.take()
    }

    /// Resolves when nothing listens any more, no certificate is trusted and nothing is left to be
    /// given back to the portal: a moment after [`SignIn::finish`]. Given once.
    pub fn ended(&mut self) -> Option<oneshot::Receiver<()>> {
        self.ended.take()
    }

    /// Waits for the portal's answer and exchanges its code at once. Ends when `cancel` does, and
    /// when the time is over; tokens that come after a cancel are revoked. The last page is served
    /// and trust removed afterwards, see [`SignIn::ended`].
    ///
    /// # Errors
    /// Why there are no tokens.
    pub async fn finish(self, cancel: impl Future<Output = ()>) -> Result<Tokens, Error> {
        let Self {
            client,
            begun,
            mut listener,
            mut answered,
            trusted,
            report,
            over,
            clock,
            started,
            deadline,
            ..
        } = self;
        let mut cancel = pin!(cancel);
        let answer = tokio::select! {
            answer = answer(listener.as_mut(), &mut answered, &report, started) => Ok(answer),
            () = &mut cancel => Err(Error::Cancelled),
            () = sleep_until(deadline) => Err(Error::TimedOut),
        };
        // From here on a pasted address has come too late.
        drop(answered);
        let mut winding = Winding { listener, answered_by_browser: false, guard: trusted };
        let (answer, by_browser) = match answer {
            Ok(answer) => answer,
            Err(error) => {
                winding.free_port().await;
                winding.down(over, None);
                return Err(error);
            }
        };
        winding.answered_by_browser = by_browser;
        let code = match answer {
            Outcome::Code(code) => code,
            Outcome::Refused(code) => {
                winding.tell(Verdict::Failed);
                winding.down(over, None);
                return Err(oauth::Error::from_callback(&code).into());
            }
        };
        // Progress is news: when nobody reads it, it is dropped.
        let _ = report.try_send(Progress::CodeReceived);
        let exchanging = Arc::clone(&client);
        let now = clock();
        // In a task of its own, so that tokens which come after a cancel are not lost sight of.
        let mut exchange =
            tokio::spawn(async move { exchanging.exchange(&begun, &code, now).await });
        tokio::select! {
            exchanged = &mut exchange => {
                let outcome = match exchanged {
                    Ok(outcome) => outcome.map_err(Error::from),
                    Err(_) => Err(Error::OAuth(oauth::Error::NotUnderstood)),
                };
                let verdict = if outcome.is_ok() { Verdict::Connected } else { Verdict::Failed };
                winding.tell(verdict);
                winding.down(over, None);
                outcome
            }
            () = &mut cancel => {
                winding.free_port().await;
                winding.down(over, Some((client, exchange)));
                Err(Error::Cancelled)
            }
        }
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("answers", &self.answers).finish_non_exhaustive()
    }
}

type Exchange = JoinHandle<Result<Tokens, oauth::Error>>;

/// What is still to be done when a sign-in has its outcome.
struct Winding {
    listener: Option<Listener>,
    answered_by_browser: bool,
    guard: Option<Result<Guard, trust::Error>>,
}

impl Winding {
    fn tell(&self, verdict: Verdict) {
        if let Some(listener) = &self.listener {
            listener.tell(verdict);
        }
    }

    async fn free_port(&mut self) {
        if let Some(listener) = self.listener.take() {
            listener.stop().await;
        }
    }

    /// Serves the last page, removes trust, and gives back what nobody waits for any more; says so
    /// when it is over.
    fn down(self, over: oneshot::Sender<()>, unwanted: Option<(Arc<oauth::Client>, Exchange)>) {
        tokio::spawn(async move {
            match self.listener {
                Some(listener) if self.answered_by_browser => listener.close().await,
                Some(listener) => listener.stop().await,
                None => {}
            }
            if let Some(Ok(guard)) = self.guard {
                // What could not be removed is swept by the next sign-in.
                let _ = guard.remove().await;
            }
            if let Some((client, exchange)) = unwanted
                && let Ok(Ok(tokens)) = exchange.await
            {
                // They are forgotten here whatever the portal says.
                let _ = client.revoke(&tokens).await;
            }
            // Nobody may be waiting.
            let _ = over.send(());
        });
    }
}

async fn set_up_trust(
    request: &Request,
    leaf: &Leaf,
    now: Timestamp,
) -> Option<Result<Guard, trust::Error>> {
    let Trust::Browser(places) = &request.trust else { return None };
    // A leftover that cannot be removed does not stand in the way of this sign-in.
    let _ = trust::sweep(places, now).await;
    let mut certificates = vec![leaf.der().to_vec()];
    certificates.extend(request.portal.certificate().map(<[u8]>::to_vec));
    Some(trust::install(places, certificates, now).await)
}

/// The portal's answer, and whether the browser brought it.
async fn answer(
    mut listener: Option<&mut Listener>,
    pasted: &mut mpsc::Receiver<Outcome>,
    report: &mpsc::Sender<Progress>,
    started: Instant,
) -> (Outcome, bool) {
    let say = |progress| {
        let _ = report.try_send(progress);
    };
    let mut is_waiting_for_browser = listener.is_some();
    loop {
        let event = tokio::select! {
            event = next_event(listener.as_deref_mut()) => event,
            Some(outcome) = pasted.recv() => return (outcome, false),
            () = sleep_until(started + BROWSER_WITHIN), if is_waiting_for_browser => {
                is_waiting_for_browser = false;
                say(Progress::NoBrowserYet);
                continue;
            }
        };
        match event {
            Event::BrowserArrived => {
                is_waiting_for_browser = false;
                say(Progress::BrowserArrived);
            }
            Event::CertificateRefused => say(Progress::CertificateRefused),
            Event::Answered(outcome) => return (outcome, true),
        }
    }
}

async fn next_event(listener: Option<&mut Listener>) -> Event {
    match listener {
        Some(listener) => listener.event().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use tokio::net::TcpStream;

    use super::super::callback::PasteError;
    use super::super::fake::{Canned, Fake, Visitor, free_port};
    use super::*;
    use crate::clock::system_clock;

    const PAIR: &str = r#"{"access_token":"acc-1","refresh_token":"ref-1","expires_in":172800,
        "token_type":"Bearer"}"#;

    fn request(portal: &Portal) -> Request {
        Request {
            portal: portal.clone(),
            client_id: "id".to_owned(),
            client_secret: Some(SecretString::from("secret")),
            redirect_uris: vec![format!("https://localhost:{}/callback", free_port())],
            trust: Trust::None,
            leaf: None,
            log_in_anew: false,
            timeout: DEFAULT_TIMEOUT,
            clock: system_clock(),
        }
    }

    /// A browser and the person before it: opens the start address, and comes back from the portal
    /// with this; gives the last page.
    async fn browse(start_url: Url, certificate: Vec<u8>, answer: &str) -> String {
        let browser = Visitor::trusting(&certificate, start_url.port().unwrap());
        let target = format!("{}?{}", start_url.path(), start_url.query().unwrap());
        let sent_on = browser.get(&target, &[]).await;
        let authorize = Url::parse(sent_on.header("location")).unwrap();
        let (_, state) = authorize.query_pairs().find(|(name, _)| name == "state").unwrap();
        let cookie = sent_on.header("set-cookie").split(';').next().unwrap();
        let target = format!("/callback?{answer}&state={state}");
        let back = browser.get(&target, &[("Cookie", cookie)]).await;
        let page = Url::parse(back.header("location")).unwrap();
        browser.get(page.path(), &[("Cookie", cookie)]).await.body
    }

    fn start_url(sign_in: &SignIn) -> Url {
        sign_in.start_url().unwrap().clone()
    }

    async fn go(request: Request, answer: &str) -> (Result<Tokens, Error>, String, Vec<Progress>) {
        let mut sign_in = SignIn::start(request).await.unwrap();
        let mut progress = sign_in.progress().unwrap();
        assert!(sign_in.progress().is_none());
        let browser = browse(start_url(&sign_in), sign_in.certificate_der().to_vec(), answer);
        let ended = sign_in.ended().unwrap();
        let (outcome, page) = tokio::join!(sign_in.finish(std::future::pending()), browser);
        ended.await.unwrap();
        let mut told = Vec::new();
        while let Some(news) = progress.recv().await {
            told.push(news);
        }
        (outcome, page, told)
    }

    #[tokio::test]
    async fn brings_tokens() {
        let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
        let request = request(&fake.portal);
        let port = Url::parse(&request.redirect_uris[0]).unwrap().port().unwrap();

        let (outcome, page, told) = go(request, "code=the-code").await;

        let tokens = outcome.unwrap();
        assert_eq!(tokens.access.expose_secret(), "acc-1");
        assert_eq!(tokens.refresh.unwrap().expose_secret(), "ref-1");
        assert!(page.contains("You are connected"));
        assert_eq!(told, [Progress::BrowserArrived, Progress::CodeReceived]);
        assert_eq!(fake.seen().len(), 1);
        assert_eq!(fake.seen()[0].form()["code"], "the-code");
        assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
    }

    #[tokio::test]
    async fn says_that_the_secret_is_wrong() {
        let fake = Fake::start(|_| Canned::json(401, r#"{"error":"invalid_client"}"#)).await;
        let (outcome, page, _) = go(request(&fake.portal), "code=the-code").await;
        assert!(matches!(outcome, Err(Error::OAuth(oauth::Error::WrongSecret))));
        assert!(page.contains("The sign-in did not work"));
    }

    #[tokio::test]
    async fn says_that_consent_was_refused() {
        let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
        let (outcome, page, _) = go(request(&fake.portal), "error=access_denied").await;
        assert!(matches!(outcome, Err(Error::OAuth(oauth::Error::ConsentRefused))));
        assert!(page.contains("Access was not allowed"));
        assert!(fake.seen().is_empty());
    }

    #[tokio::test]
    async fn hands_the_tokens_over_before_anybody_asks_for_the_last_page() {
        let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
        let mut sign_in = SignIn::start(request(&fake.portal)).await.unwrap();
        let mut ended = sign_in.ended().unwrap();
        let url = start_url(&sign_in);
        let browser = Visitor::trusting(sign_in.certificate_der(), url.port().unwrap());
        let finish = tokio::spawn(sign_in.finish(std::future::pending()));

        let target = format!("{}?{}", url.path(), url.query().unwrap());
        let sent_on = browser.get(&target, &[]).await;
        let authorize = Url::parse(sent_on.header("location")).unwrap();
        let (_, state) = authorize.query_pairs().find(|(name, _)| name == "state").unwrap();
        let cookie = sent_on.header("set-cookie").split(';').next().unwrap();
        let target = format!("/callback?code=the-code&state={state}");
        assert_eq!(browser.get(&target, &[("Cookie", cookie)]).await.status, 303);

        assert!(finish.await.unwrap().is_ok());
        assert!(ended.try_recv().is_err(), "the last page is still to be had");
        let done = browser.get("/done", &[("Cookie", cookie)]).await;
        assert!(done.body.contains("You are connected"));
        ended.await.unwrap();
        assert!(TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.is_err());
    }

    #[tokio::test]
    async fn takes_a_pasted_address_of_its_own_and_no_other() {
        let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
        let mut sign_in = SignIn::start(request(&fake.portal)).await.unwrap();
        let (answers, ended) = (sign_in.answers().clone(), sign_in.ended().unwrap());
        let port = start_url(&sign_in).port().unwrap();
        let finish = tokio::spawn(sign_in.finish(std::future::pending()));
        let authorize = answers.authorize_url().clone();
        let (_, state) = authorize.query_pairs().find(|(name, _)| name == "state").unwrap();
        let back = answers.redirect_uri().to_owned();

        for wrong in [
            String::new(),
            authorize.to_string(),
            format!("{back}?code=x&state=another"),
            format!("{back}?state={state}"),
        ] {
            assert!(answers.take(&wrong).is_err(), "{wrong}");
        }
        assert!(fake.seen().is_empty());
        answers.take(&format!("{back}?code=pasted&state={state}")).unwrap();

        assert!(finish.await.unwrap().is_ok());
        assert_eq!(fake.seen()[0].form()["code"], "pasted");
        ended.await.unwrap();
        assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
        let again = answers.take(&format!("{back}?code=pasted&state={state}"));
        assert_eq!(again, Err(PasteError::Used));
    }

    #[tokio::test]
    async fn a_pasted_refusal_ends_it_as_the_browsers_would() {
        let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
        let sign_in = SignIn::start(request(&fake.portal)).await.unwrap();
        let answers = sign_in.answers().clone();
        let (_, state) =
            answers.authorize_url().query_pairs().find(|(name, _)| name == "state").unwrap();
        answers
            .take(&format!("{}?error=access_denied&state={state}", answers.redirect_uri()))
            .unwrap();
        let outcome = sign_in.finish(std::future::pending()).await;
        assert!(matches!(outcome, Err(Error::OAuth(oauth::Error::ConsentRefused))));
    }

    #[tokio::test]
    async fn goes_on_without_its_port_by_a_pasted_address() {
        let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
        let request = request(&fake.portal);
        let port = Url::parse(&request.redirect_uris[0]).unwrap().port().unwrap();
        let squatter = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
        let mut sign_in = SignIn::start(request.clone()).await.unwrap();
        assert!(sign_in.port_missing());
        let url = start_url(&sign_in);
        assert_ne!(url.port(), Some(port));
        assert_eq!(sign_in.answers().redirect_uri(), request.redirect_uris[0]);
        let (answers, ended) = (sign_in.answers().clone(), sign_in.ended().unwrap());
        let browser = Visitor::trusting(sign_in.certificate_der(), url.port().unwrap());
        let finish = tokio::spawn(sign_in.finish(std::future::pending()));

        let target = format!("{}?{}", url.path(), url.query().unwrap());
        let sent_on = browser.get(&target, &[]).await;
        assert_eq!(sent_on.header("location"), answers.authorize_url().as_str());
        let (_, state) =
            answers.authorize_url().query_pairs().find(|(name, _)| name == "state").unwrap();
        answers.take(&format!("{}?code=pasted&state={state}", answers.redirect_uri())).unwrap();
        assert!(finish.await.unwrap().is_ok());
        assert_eq!(fake.seen()[0].form()["redirect_uri"], request.redirect_uris[0]);
        ended.await.unwrap();
        assert!(TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.is_err());
        drop(squatter);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn gives_back_tokens_that_come_after_a_cancel() {
        let (let_go, held) = std::sync::mpsc::channel::<()>();
        let held = std::sync::Mutex::new(held);
        let fake = Fake::start(move |seen| {
            if seen.target.starts_with("/o/token/") {
                tokio::task::block_in_place(|| held.lock().unwrap().recv().unwrap());
                return Canned::json(200, PAIR);
            }
            Canned::new(200)
        });
        let fake = fake.await;
        let mut sign_in = SignIn::start(request(&fake.portal)).await.unwrap();
        let (answers, ended) = (sign_in.answers().clone(), sign_in.ended().unwrap());
        let mut progress = sign_in.progress().unwrap();
        let (_, state) =
            answers.authorize_url().query_pairs().find(|(name, _)| name == "state").unwrap();
        answers.take(&format!("{}?code=pasted&state={state}", answers.redirect_uri())).unwrap();
        let cancel = async {
            assert_eq!(progress.recv().await, Some(Progress::CodeReceived));
        };
        assert!(matches!(sign_in.finish(cancel).await, Err(Error::Cancelled)));
        let_go.send(()).unwrap();
        ended.await.unwrap();
        let revoked: Vec<_> = fake
            .seen()
            .iter()
            .filter(|seen| seen.target == "/o/revoke_token/")
            .map(|seen| seen.form()["token"].clone())
            .collect();
        assert_eq!(revoked, ["ref-1", "acc-1"]);
    }

    #[tokio::test]
    async fn stops_when_it_is_cancelled() {
        let sign_in = SignIn::start(request(&Portal::default())).await.unwrap();
        let port = start_url(&sign_in).port().unwrap();
        let outcome = sign_in.finish(std::future::ready(())).await;
        assert!(matches!(outcome, Err(Error::Cancelled)));
        assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn says_when_no_browser_came_and_stops_in_time() {
        let mut sign_in = SignIn::start(request(&Portal::default())).await.unwrap();
        let mut progress = sign_in.progress().unwrap();
        let begun = Instant::now();
        let finish = tokio::spawn(sign_in.finish(std::future::pending()));
        assert_eq!(progress.recv().await, Some(Progress::NoBrowserYet));
        assert_eq!(begun.elapsed().as_secs(), 8);
        assert!(matches!(finish.await.unwrap(), Err(Error::TimedOut)));
        assert_eq!(begun.elapsed().as_secs(), 600);
        assert_eq!(progress.recv().await, None);
    }

    #[tokio::test]
    async fn says_when_a_browser_refused_the_certificate() {
        let mut sign_in = SignIn::start(request(&Portal::default())).await.unwrap();
        let mut progress = sign_in.progress().unwrap();
        let earlier = Leaf::new(system_clock()()).unwrap();
        let browser = Visitor::trusting(earlier.der(), start_url(&sign_in).port().unwrap());
        let cancel = async {
            assert!(browser.send(b"GET / HTTP/1.1\r\n\r\n").await.is_none());
            assert_eq!(progress.recv().await, Some(Progress::CertificateRefused));
        };
        assert!(matches!(sign_in.finish(cancel).await, Err(Error::Cancelled)));
    }

    #[test]
    fn registers_addresses_outside_the_ranges_of_the_systems() {
        let mut uris = DEFAULT_REDIRECT_URIS.map(str::to_owned).to_vec();
        uris.dedup();
        assert_eq!(uris.len(), 3);
        for uri in uris {
            let port = Url::parse(&uri).unwrap().port().unwrap();
            assert!((1024..32768).contains(&port));
        }
    }

    #[test]
    fn can_be_carried_to_another_thread() {
        fn is_send<T: Send>(_: T) {}
        fn check(request: Request, client: oauth::Client, token: SecretString) {
            is_send(async move {
                let sign_in = SignIn::start(request).await?;
                let tokens = sign_in.finish(std::future::pending()).await?;
                client.revoke(&tokens).await?;
                client.refresh(&token, Timestamp::UNIX_EPOCH).await.map_err(Error::from)
            });
        }
        let _ = check;
    }

    #[cfg(target_os = "linux")]
    mod with_trust {
        use std::collections::BTreeMap;
        use std::path::Path;
        use std::process::Command;

        use super::super::super::fake::{Seen, built_helper};
        use super::*;

        fn places(home: &Path) -> Places {
            Places { data_home: home.join("data"), ..Places::below(home.to_owned(), None) }
        }

        fn n_trusted(places: &Places) -> Option<usize> {
            let database = format!("sql:{}", places.data_home.join("pki/nssdb").display());
            let listed = Command::new("certutil").args(["-L", "-d", &database]).output();
            let Ok(listed) = listed else {
                eprintln!("skipped: certutil is not installed");
                return None;
            };
            Some(String::from_utf8(listed.stdout).unwrap().matches("CP,,").count())
        }

        #[tokio::test]
        async fn is_trusted_with_its_portal_only_while_it_runs() {
            let home = tempfile::tempdir().unwrap();
            let places = places(home.path());
            if n_trusted(&places).is_none() {
                return;
            }
            let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
            let trusted =
                Request { trust: Trust::Browser(places.clone()), ..request(&fake.portal) };

            let mut sign_in = SignIn::start(trusted.clone()).await.unwrap();
            assert!(sign_in.trust_note().is_none());
            assert_eq!(n_trusted(&places), Some(2));
            let ended = sign_in.ended().unwrap();
            assert!(sign_in.finish(std::future::ready(())).await.is_err());
            ended.await.unwrap();
            assert_eq!(n_trusted(&places), Some(0));

            drop(SignIn::start(trusted).await.unwrap());
            assert_eq!(n_trusted(&places), Some(0));

            let trusted =
                Request { trust: Trust::Browser(places.clone()), ..request(&fake.portal) };
            assert!(go(trusted, "code=the-code").await.0.is_ok());
            assert_eq!(n_trusted(&places), Some(0));
        }

        #[tokio::test]
        async fn goes_on_when_trust_cannot_be_set_up() {
            let home = tempfile::tempdir().unwrap();
            std::fs::write(home.path().join("data"), "in the way").unwrap();
            let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
            let trusted =
                Request { trust: Trust::Browser(places(home.path())), ..request(&fake.portal) };
            let sign_in = SignIn::start(trusted.clone()).await.unwrap();
            assert!(sign_in.trust_note().unwrap().contains("warning"));
            assert!(sign_in.finish(std::future::ready(())).await.is_err());
            assert!(go(trusted, "code=the-code").await.0.is_ok());
        }

        /// Allows at once, as a portal does for a person who is signed in and has allowed before.
        fn allow(seen: &Seen) -> Canned {
            if seen.target.starts_with("/o/token/") {
                return Canned::json(200, PAIR);
            }
            let url = Url::parse("https://portal.example").unwrap().join(&seen.target).unwrap();
            let given: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
            let mut back = Url::parse(&given["redirect_uri"]).unwrap();
            back.query_pairs_mut()
                .append_pair("code", "the-code")
                .append_pair("state", &given["state"]);
            Canned::new(302).header("Location", back.as_str())
        }

        async fn chromium(home: &Path, url: &Url) -> Option<String> {
            let chromium = tokio::process::Command::new("chromium")
                .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
                .args(["--no-first-run", "--disable-background-networking", "--disable-sync"])
                .args(["--disable-component-update", "--no-proxy-server", "--dump-dom"])
                .arg(format!("--user-data-dir={}", home.join("profile").display()))
                .arg(url.as_str())
                .env("HOME", home)
                .env_remove("XDG_DATA_HOME")
                .env_remove("XDG_CONFIG_HOME")
                .kill_on_drop(true)
                .output()
                .await;
            match chromium {
                Ok(output) => Some(String::from_utf8(output.stdout).unwrap()),
                Err(_) => {
                    eprintln!("skipped: chromium is not installed");
                    None
                }
            }
        }

        #[tokio::test]
        async fn goes_through_chromium_without_a_warning() {
            let home = tempfile::tempdir().unwrap();
            let places = Places::below(home.path().to_owned(), built_helper());
            if n_trusted(&places).is_none() {
                return;
            }
            let fake = Fake::start(allow).await;
            let trusted =
                Request { trust: Trust::Browser(places.clone()), ..request(&fake.portal) };
            let mut sign_in = SignIn::start(trusted).await.unwrap();
            let ended = sign_in.ended().unwrap();
            let start_url = start_url(&sign_in);
            let (stop, stopped) = oneshot::channel();
            let browse = async {
                let page = chromium(home.path(), &start_url).await;
                // Should the browser have come nowhere, nothing is to be waited for any more.
                let _ = stop.send(());
                page
            };
            let cancel = async {
                let _ = stopped.await;
            };

            let (outcome, page) = tokio::join!(sign_in.finish(cancel), browse);

            let Some(page) = page else { return };
            assert!(page.contains("You are connected"), "{page}");
            assert_eq!(outcome.unwrap().access.expose_secret(), "acc-1");
            ended.await.unwrap();
            assert_eq!(n_trusted(&places), Some(0));
        }

        #[tokio::test]
        async fn notices_that_chromium_refuses_an_untrusted_certificate() {
            let home = tempfile::tempdir().unwrap();
            let mut sign_in = SignIn::start(request(&Portal::default())).await.unwrap();
            let mut progress = sign_in.progress().unwrap();
            // The browser comes and refuses before its time begins to run: however long a computer takes
            // to open one, what is told is that alone.
            if chromium(home.path(), &start_url(&sign_in)).await.is_none() {
                return;
            }
            sign_in.started = Instant::now();
            let cancel = async {
                assert_eq!(progress.recv().await, Some(Progress::CertificateRefused));
            };
            assert!(matches!(sign_in.finish(cancel).await, Err(Error::Cancelled)));
            // It may have tried more than once.
            while let Some(told) = progress.recv().await {
                assert_eq!(told, Progress::CertificateRefused);
            }
        }
    }
}
