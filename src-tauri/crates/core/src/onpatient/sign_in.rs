//! One sign-in, from the click to the tokens: certificate, trust, listener, browser, code, exchange.
//!
//! The caller opens [`SignIn::start_url`] in a browser and awaits [`SignIn::finish`]. However that
//! ends, nothing listens afterwards and no certificate stays trusted.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
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

/// Gives the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

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
            drop(listener);
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
    use super::*;

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
}
