//! One sign-in, from the click to the tokens: certificate, trust, listener, browser, code, exchange.
//!
//! The caller opens [`SignIn::start_url`] in a browser and awaits [`SignIn::finish`]. However that
//! ends, nothing listens afterwards and no certificate stays trusted.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::certificate::{self, Leaf};
use super::listener::{self, Bound, Event, Flow, Listener, Outcome, Verdict};
use super::oauth::{self, Begun, Tokens};
use super::portal::Portal;
use super::trust::{self, Guard, Places};
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
    /// How long it may take in all.
    pub timeout: Duration,
    /// The clock.
    pub clock: Clock,
}

/// Where the listener's certificate is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// In the person's browsers.
    Browser(Places),
    /// Nowhere: whoever opens the start address is told of [`SignIn::certificate_der`].
    None,
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
    client: oauth::Client,
    begun: Begun,
    listener: Listener,
    leaf: Leaf,
    redirect_uri: String,
    trusted: Option<Result<Guard, trust::Error>>,
    report: mpsc::Sender<Progress>,
    progress: Option<mpsc::Receiver<Progress>>,
    clock: Clock,
    started: Instant,
    deadline: Instant,
}

impl SignIn {
    /// Makes the certificate, takes a port, sets up trust and begins to listen. When trust cannot be
    /// set up the sign-in goes on ([`SignIn::warning`] says why a browser will complain).
    ///
    /// # Errors
    /// When there is no port, no certificate, or the portal's own certificate cannot be read.
    pub async fn start(request: Request) -> Result<Self, Error> {
        let client = oauth::Client::new(
            &request.portal,
            &request.client_id,
            request.client_secret.as_ref(),
        )?;
        let bound = Bound::bind(&request.redirect_uris)?;
        let redirect_uri = bound.redirect_uri().to_owned();
        let begun = client.begin(&redirect_uri)?;
        let now = (request.clock)();
        let leaf = Leaf::new(now)?;
        let trusted = set_up_trust(&request, &leaf, now).await;
        let flow = Flow {
            authorize_url: begun.authorize_url.clone(),
            state: begun.state.clone(),
            portal: request.portal,
        };
        let listener = bound.serve(leaf.server_config(), flow)?;
        let (report, progress) = mpsc::channel(16);
        let started = Instant::now();
        Ok(Self {
            client,
            begun,
            listener,
            leaf,
            redirect_uri,
            trusted,
            report,
            progress: Some(progress),
            clock: request.clock,
            started,
            deadline: started + request.timeout,
        })
    }

    /// The address to open in the browser; it works once, in one browser.
    #[must_use]
    pub fn start_url(&self) -> &Url {
        self.listener.start_url()
    }

    /// The portal's own page to sign in at, for a browser that does not come by way of the start
    /// address.
    #[must_use]
    pub fn authorize_url(&self) -> &Url {
        &self.begun.authorize_url
    }

    /// The redirect address whose port was free.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The listener's certificate (DER), for a client that is to be told of it.
    #[must_use]
    pub fn certificate_der(&self) -> &[u8] {
        self.leaf.der()
    }

    /// Why the browser will show a warning, where trust was asked for and could not be set up.
    #[must_use]
    pub fn warning(&self) -> Option<&trust::Error> {
        self.trusted.as_ref().and_then(|trusted| trusted.as_ref().err())
    }

    /// What happens while [`SignIn::finish`] is awaited; given once.
    pub fn progress(&mut self) -> Option<mpsc::Receiver<Progress>> {
        self.progress.take()
    }

    /// Waits for the portal's answer and exchanges its code at once. Ends when `cancel` does, and
    /// when the time is over. Trust is removed before it returns, whatever it returns.
    ///
    /// # Errors
    /// Why there are no tokens.
    pub async fn finish(self, cancel: impl Future<Output = ()>) -> Result<Tokens, Error> {
        let Self { client, begun, mut listener, trusted, report, clock, started, deadline, .. } =
            self;
        let outcome = {
            let mut cancel = pin!(cancel);
            let steps = steps(&client, &begun, &mut listener, &report, &clock, started);
            tokio::select! {
                outcome = steps => outcome,
                () = &mut cancel => Err(Error::Cancelled),
                () = sleep_until(deadline) => Err(Error::TimedOut),
            }
        };
        let was_answered = !matches!(outcome, Err(Error::Cancelled | Error::TimedOut));
        if was_answered {
            let verdict = if outcome.is_ok() { Verdict::Connected } else { Verdict::Failed };
            listener.tell(verdict);
            listener.close().await;
        } else {
            listener.stop().await;
        }
        if let Some(Ok(guard)) = trusted {
            // What could not be removed is swept by the next sign-in.
            let _ = guard.remove().await;
        }
        outcome
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
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

async fn steps(
    client: &oauth::Client,
    begun: &Begun,
    listener: &mut Listener,
    report: &mpsc::Sender<Progress>,
    clock: &Clock,
    started: Instant,
) -> Result<Tokens, Error> {
    // Progress is news: when nobody reads it, it is dropped.
    let say = |progress| {
        let _ = report.try_send(progress);
    };
    let mut is_waiting_for_browser = true;
    let outcome = loop {
        let event = tokio::select! {
            event = listener.event() => event,
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
            Event::Answered(outcome) => break outcome,
        }
    };
    match outcome {
        Outcome::Code(code) => {
            say(Progress::CodeReceived);
            Ok(client.exchange(begun, &code, clock()).await?)
        }
        Outcome::Refused(code) => Err(oauth::Error::from_callback(&code).into()),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use tokio::net::TcpStream;

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
        browser.get(page.path(), &[]).await.body
    }

    async fn go(request: Request, answer: &str) -> (Result<Tokens, Error>, String, Vec<Progress>) {
        let mut sign_in = SignIn::start(request).await.unwrap();
        let mut progress = sign_in.progress().unwrap();
        assert!(sign_in.progress().is_none());
        let browser =
            browse(sign_in.start_url().clone(), sign_in.certificate_der().to_vec(), answer);
        let (outcome, page) = tokio::join!(sign_in.finish(std::future::pending()), browser);
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
    async fn stops_when_it_is_cancelled() {
        let sign_in = SignIn::start(request(&Portal::default())).await.unwrap();
        let port = sign_in.start_url().port().unwrap();
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
        let browser = Visitor::trusting(earlier.der(), sign_in.start_url().port().unwrap());
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
            Places { home: home.to_owned(), data_home: home.join("data"), helper: None }
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

            let sign_in = SignIn::start(trusted.clone()).await.unwrap();
            assert!(sign_in.warning().is_none());
            assert_eq!(n_trusted(&places), Some(2));
            assert!(sign_in.finish(std::future::ready(())).await.is_err());
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
            assert!(sign_in.warning().unwrap().to_string().contains("warning"));
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
            let data_home = home.path().join(".local/share");
            let helper = built_helper();
            let places = Places { home: home.path().to_owned(), data_home, helper };
            if n_trusted(&places).is_none() {
                return;
            }
            let fake = Fake::start(allow).await;
            let trusted =
                Request { trust: Trust::Browser(places.clone()), ..request(&fake.portal) };
            let sign_in = SignIn::start(trusted).await.unwrap();
            let start_url = sign_in.start_url().clone();
            let (stop, stopped) = tokio::sync::oneshot::channel();
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
            assert_eq!(n_trusted(&places), Some(0));
        }

        #[tokio::test]
        async fn notices_that_chromium_refuses_an_untrusted_certificate() {
            let home = tempfile::tempdir().unwrap();
            let mut sign_in = SignIn::start(request(&Portal::default())).await.unwrap();
            let mut progress = sign_in.progress().unwrap();
            let start_url = sign_in.start_url().clone();
            let (stop, stopped) = tokio::sync::oneshot::channel();
            let browse = async {
                let page = chromium(home.path(), &start_url).await;
                let _ = stop.send(());
                page
            };
            let cancel = async {
                let _ = stopped.await;
            };

            let (outcome, page) = tokio::join!(sign_in.finish(cancel), browse);

            if page.is_some() {
                assert!(matches!(outcome, Err(Error::Cancelled)));
                assert_eq!(progress.recv().await, Some(Progress::CertificateRefused));
            }
        }
    }
}
