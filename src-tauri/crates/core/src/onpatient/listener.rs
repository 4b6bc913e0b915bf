//! The callback listener: an HTTPS server on this computer that lives as long as one sign-in.
//!
//! The browser first opens `/start?n=…`, which binds the sign-in to that browser by a cookie and
//! sends it on to the portal; the portal sends it back to the callback address with a code. A
//! stranger's request consumes nothing: only the right state *and* the right cookie do, once. The
//! last page, with which the listener ends, is for that browser too.
//!
//! It is a value: [`Listener::event`] says what happens, dropping it stops it.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rustls::{AlertDescription, ServerConfig};
use secrecy::SecretString;
use socket2::{Domain, Protocol, Socket, Type};
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, mpsc, oneshot, watch};
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{LazyConfigAcceptor, TlsAcceptor};
use url::{Host, Url};

pub use super::callback::Outcome;
use super::callback::{self, Stranger, parameters, same};
use super::page::{self, Page};
use super::portal::Portal;
use crate::lock::lock;

#[cfg(any(test, fuzzing))]
pub mod probe;
#[cfg(test)]
mod properties;

const LIMITS: Limits = Limits {
    handshake: Duration::from_secs(5),
    head: Duration::from_secs(5),
    answer: Duration::from_secs(5),
    verdict: Duration::from_millis(3500),
    linger: Duration::from_secs(5),
    silent: Duration::from_millis(500),
    served: Duration::from_secs(1),
};
const MAX_HEAD: usize = 8 * 1024;
const MAX_HEADERS: usize = 100;
/// Connections that are served at a time.
const MAX_CONNECTIONS: usize = 16;
/// Connections that are held open, most of which may never say a word.
const MAX_OPEN: usize = 256;
/// Connections that wait to be accepted, so that a thousand at once are all answered in their turn.
const MAX_WAITING: i32 = 1024;
const TRIES_FOR_ANY_PORT: usize = 20;
pub(super) const START: &str = "/start";
const DONE: &str = "/done";
const FAILED: &str = "/failed";

/// A port taken on this computer, on both address families, before anything is served on it.
pub struct Bound {
    redirect: Redirect,
    v4: TcpListener,
    v6: Option<TcpListener>,
}

/// What a listener waits for.
pub struct Flow {
    /// Where `/start` sends the browser.
    pub authorize_url: Url,
    /// What the portal must send back (RFC 6749 §10.12).
    pub state: SecretString,
    /// Whose answer it is; an `iss` of another origin is refused (RFC 9207).
    pub portal: Portal,
}

/// A listener that serves.
pub struct Listener {
    start_url: Url,
    signals: mpsc::Receiver<Signal>,
    outcome: oneshot::Receiver<Outcome>,
    verdict: watch::Sender<Option<Verdict>>,
    task: Task,
}

/// What happens at a listener.
#[derive(Debug)]
pub enum Event {
    /// A browser opened the start address.
    BrowserArrived,
    /// A browser came and did not accept the certificate.
    CertificateRefused,
    /// The portal has answered; this comes once.
    Answered(Outcome),
}

/// What became of the code, for the page that the person sees last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Tokens came.
    Connected,
    /// None came.
    Failed,
}

/// Why there is no listener.
#[derive(Debug, Error)]
pub enum Error {
    /// The address cannot be listened on.
    #[error(
        "The redirect address {0} cannot be used. It must look like https://localhost:27443/callback, \
         with a port."
    )]
    BadRedirectUri(String),
    /// There was no address at all.
    #[error(
        "No redirect address was given. At least one is needed, like https://localhost:27443/callback."
    )]
    NoRedirectUri,
    /// Every port is in use.
    #[error(
        "Another program on this computer uses the ports that Onhand needs ({ports}). Please close it \
         – or a second Onhand – and try again."
    )]
    PortsTaken {
        /// The ports, with commas.
        ports: String,
    },
    /// The system does not let us listen.
    #[error(
        "This computer did not let Onhand wait for the portal's answer ({0}). Please try again."
    )]
    NotAllowed(#[source] io::Error),
    /// There are no random numbers.
    #[error("This computer gave no random numbers, so no sign-in could begin. Please try again.")]
    NoRandomness,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Redirect {
    uri: String,
    port: u16,
    /// Nothing where the portal's answer cannot come to this port.
    path: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Signal {
    BrowserArrived,
    CertificateRefused,
}

/// How long each step may take.
#[derive(Clone, Copy, Debug)]
struct Limits {
    handshake: Duration,
    head: Duration,
    answer: Duration,
    /// How long the last page waits for what the portal says to the code.
    verdict: Duration,
    /// How long the listener stays after the code has come, if nobody asks for the last page.
    linger: Duration,
    /// How long one that has not greeted keeps its socket when there are too many.
    silent: Duration,
    /// How long one that is served keeps its place when others wait for it.
    served: Duration,
}

impl Bound {
    /// Takes the first of these redirect addresses (`https://localhost:PORT/path`) whose port is
    /// free on 127.0.0.1 and on ::1; a computer without IPv6 is fine. Needs a tokio runtime.
    ///
    /// # Errors
    /// When an address cannot be one, or all ports are taken.
    pub fn bind(redirect_uris: &[String]) -> Result<Self, Error> {
        let redirects =
            redirect_uris.iter().map(|uri| Redirect::read(uri)).collect::<Result<Vec<_>, _>>()?;
        let mut refusal = None;
        for redirect in &redirects {
            match listen_on(redirect.port) {
                Ok((v4, v6)) => return Ok(Self { redirect: redirect.clone(), v4, v6 }),
                Err(error) if error.kind() == ErrorKind::AddrInUse => {}
                Err(error) => refusal = Some(error),
            }
        }
        match refusal {
            Some(error) => Err(Error::NotAllowed(error)),
            None if redirects.is_empty() => Err(Error::NoRedirectUri),
            None => {
                let ports: Vec<_> = redirects.iter().map(|r| r.port.to_string()).collect();
                Err(Error::PortsTaken { ports: ports.join(", ") })
            }
        }
    }

    /// Takes any free port, for the start address alone: the browser is sent on to the portal, and
    /// the portal sends it back to `redirect_uri`, where another program listens or none. Needs a
    /// tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be one, or the system does not let us listen.
    pub fn bind_for_start(redirect_uri: &str) -> Result<Self, Error> {
        let mut redirect = Redirect::read(redirect_uri)?;
        redirect.path = None;
        let mut last = io::Error::from(ErrorKind::AddrInUse);
        for _ in 0..TRIES_FOR_ANY_PORT {
            match listen_on(0) {
                Ok((v4, v6)) => {
                    redirect.port = v4.local_addr().map_err(Error::NotAllowed)?.port();
                    return Ok(Self { redirect, v4, v6 });
                }
                Err(error) => last = error,
            }
        }
        Err(Error::NotAllowed(last))
    }

    /// The address it was bound for, exactly as given.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect.uri
    }

    /// Begins to serve one sign-in.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn serve(self, tls: Arc<ServerConfig>, flow: Flow) -> Result<Listener, Error> {
        self.serve_within(LIMITS, tls, flow)
    }

    fn serve_within(
        self,
        limits: Limits,
        tls: Arc<ServerConfig>,
        flow: Flow,
    ) -> Result<Listener, Error> {
        let port = self.redirect.port;
        let (verdict, verdict_seen) = watch::channel(None);
        let (desk, signals, outcome) = Desk::new(self.redirect, limits, flow, verdict_seen)?;
        let start_url = Url::parse(&format!("https://localhost:{port}{START}?n={}", desk.nonce))
            .map_err(|_| Error::BadRedirectUri(desk.host.clone()))?;
        let desk = Arc::new(desk);
        let task = Task(tokio::spawn(run(desk, self.v4, self.v6, TlsAcceptor::from(tls))));
        Ok(Listener { start_url, signals, outcome, verdict, task })
    }
}

impl Listener {
    /// The address to open in the browser; it works once, in one browser.
    #[must_use]
    pub fn start_url(&self) -> &Url {
        &self.start_url
    }

    /// The next thing that happens. After [`Event::Answered`] nothing more does. Dropping the
    /// future loses nothing.
    pub async fn event(&mut self) -> Event {
        tokio::select! {
            biased;
            outcome = &mut self.outcome => match outcome {
                Ok(outcome) => Event::Answered(outcome),
                Err(_) => std::future::pending().await,
            },
            Some(signal) = self.signals.recv() => match signal {
                Signal::BrowserArrived => Event::BrowserArrived,
                Signal::CertificateRefused => Event::CertificateRefused,
            },
        }
    }

    /// Says what became of the code, so that the last page tells the truth.
    pub fn tell(&self, verdict: Verdict) {
        self.verdict.send_replace(Some(verdict));
    }

    /// Waits until the last page was served, or for five seconds after the code came; then nothing
    /// listens any more. Only for a listener that has answered.
    pub async fn close(mut self) {
        // The task ends by itself then; an error would mean that it panicked and has ended too.
        let _ = (&mut self.task.0).await;
    }

    /// Stops at once; when this returns the port is free again. Dropping stops it too, a moment
    /// later.
    pub async fn stop(mut self) {
        self.task.0.abort();
        let _ = (&mut self.task.0).await;
    }
}

impl Redirect {
    fn read(uri: &str) -> Result<Self, Error> {
        let bad = || Error::BadRedirectUri(uri.to_owned());
        let url = Url::parse(uri).map_err(|_| bad())?;
        let port = url.port().ok_or_else(bad)?;
        let is_fine = url.scheme() == "https"
            && url.host() == Some(Host::Domain("localhost"))
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && ![START, DONE, FAILED].contains(&url.path());
        if !is_fine || port == 0 {
            return Err(bad());
        }
        Ok(Self { uri: uri.to_owned(), port, path: Some(url.path().to_owned()) })
    }
}

/// A spawned task that ends with its owner.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Both families, or `AddrInUse` if either is taken: a browser tries ::1 first, and whoever holds it
/// would get the code.
fn listen_on(port: u16) -> io::Result<(TcpListener, Option<TcpListener>)> {
    let v4 = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    let port = v4.local_addr()?.port();
    let v6 = match listen(SocketAddr::from((Ipv6Addr::LOCALHOST, port))) {
        Ok(v6) => Some(v6),
        Err(error) if is_without_ipv6(&error) => None,
        Err(error) => return Err(error),
    };
    Ok((v4, v6))
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // On Unix this lets a port be taken again whose last connections are still in TIME_WAIT, and
    // nothing more; on Windows it would let another program take it from us.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(MAX_WAITING)?;
    TcpListener::from_std(socket.into())
}

fn is_without_ipv6(error: &io::Error) -> bool {
    // EAFNOSUPPORT has no `ErrorKind` of its own: 97 on Linux, 47 on macOS, 10047 on Windows.
    error.kind() == ErrorKind::AddrNotAvailable
        || matches!(error.raw_os_error(), Some(97 | 47 | 10047))
}

/// 256 random bits as text.
fn random_token() -> Result<String, Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

async fn run(desk: Arc<Desk>, v4: TcpListener, v6: Option<TcpListener>, tls: TlsAcceptor) {
    let mut connections = JoinSet::new();
    let mut open: VecDeque<Open> = VecDeque::new();
    let gate = Arc::new(Gate::default());
    let closing = async {
        desk.consumed.notified().await;
        // Whichever comes first: the last page was served, or nobody asked for it.
        let _ = timeout(desk.limits.linger, desk.closed.notified()).await;
    };
    tokio::pin!(closing);
    loop {
        open.retain(|open| !open.handle.is_finished());
        let has_room = open.len() < MAX_OPEN;
        let accepted = tokio::select! {
            () = &mut closing => return,
            Some(_) = connections.join_next() => continue,
            () = gate.pressed.notified() => continue,
            () = until(next_out(&open, desk.limits)) => {
                drop_overdue(&mut open, desk.limits);
                continue;
            }
            accepted = v4.accept(), if has_room => accepted,
            accepted = accept(v6.as_ref()), if has_room => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: let some connections end first.
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        let step = Arc::new(Step::default());
        let connection = connection(
            Arc::clone(&desk),
            tls.clone(),
            stream,
            Arc::clone(&gate),
            Arc::clone(&step),
        );
        open.push_back(Open { handle: connections.spawn(connection), step });
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// The places at which connections are served, and word of who waits for one.
struct Gate {
    places: Semaphore,
    pressed: Notify,
}

impl Default for Gate {
    fn default() -> Self {
        Self { places: Semaphore::new(MAX_CONNECTIONS), pressed: Notify::new() }
    }
}

/// A connection that may still be open.
struct Open {
    handle: AbortHandle,
    step: Arc<Step>,
}

/// How far a connection has come, and since when.
struct Step(Mutex<(Stage, Instant)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It has not greeted yet; it costs nothing but a socket.
    Silent,
    /// It has, and waits for a place.
    Waits,
    /// It has a place.
    IsServed,
    /// It is the browser that brought the code, and is told what became of it.
    IsLast,
}

impl Default for Step {
    fn default() -> Self {
        Self(Mutex::new((Stage::Silent, Instant::now())))
    }
}

impl Step {
    fn reach(&self, stage: Stage) {
        *lock(&self.0) = (stage, Instant::now());
    }

    fn get(&self) -> (Stage, Instant) {
        *lock(&self.0)
    }
}

/// When the first of these connections has to make room for another, as things are: one that has
/// not greeted where there are too many, one that is served and does not come to its end where
/// another waits for its place.
fn outs(open: &VecDeque<Open>, limits: Limits) -> impl Iterator<Item = (Instant, usize)> {
    let is_crowded = open.len() >= MAX_OPEN;
    let is_pressed = open.iter().any(|open| open.step.get().0 == Stage::Waits);
    open.iter().enumerate().filter_map(move |(idx, open)| {
        let (stage, since) = open.step.get();
        let patience = match stage {
            Stage::Silent if is_crowded => limits.silent,
            Stage::IsServed if is_pressed => limits.served,
            Stage::Silent | Stage::Waits | Stage::IsServed | Stage::IsLast => return None,
        };
        Some((since + patience, idx))
    })
}

fn next_out(open: &VecDeque<Open>, limits: Limits) -> Option<Instant> {
    outs(open, limits).map(|(out, _)| out).min()
}

/// Drops the one that has been overdue the longest, if one still is.
fn drop_overdue(open: &mut VecDeque<Open>, limits: Limits) {
    let now = Instant::now();
    let overdue = outs(open, limits).filter(|(out, _)| *out <= now).min();
    if let Some(dropped) = overdue.and_then(|(_, idx)| open.remove(idx)) {
        dropped.handle.abort();
    }
}

async fn connection(
    desk: Arc<Desk>,
    tls: TlsAcceptor,
    stream: TcpStream,
    gate: Arc<Gate>,
    step: Arc<Step>,
) {
    let begun = Instant::now();
    let greeting = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream);
    let Ok(Ok(greeted)) = timeout(desk.limits.handshake, greeting).await else { return };
    let left = desk.limits.handshake.saturating_sub(begun.elapsed());
    step.reach(Stage::Waits);
    gate.pressed.notify_one();
    // It is closed with the listener only.
    let Ok(_place) = gate.places.acquire().await else { return };
    step.reach(Stage::IsServed);
    let shaken = timeout(left, greeted.into_stream(Arc::clone(tls.config()))).await;
    let mut stream = match shaken {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            // A refusal counts only from a client that was shown the certificate, and only while no
            // browser has come: any program on this computer can send the alert.
            if is_certificate_refusal(&error) && desk.is_fresh() {
                desk.say(Signal::CertificateRefused);
            }
            return;
        }
        Err(_) => return,
    };
    let Some(reply) = reply_to(&desk, &mut stream, &step).await else { return };
    let bytes = reply.bytes(&desk);
    let _ = timeout(desk.limits.answer, send(&mut stream, &bytes)).await;
    if reply.is_last {
        desk.closed.notify_one();
    }
}

/// The answer to what comes once the handshake is done, or to its coming too slowly; nothing where the
/// other side went away.
async fn reply_to(desk: &Desk, stream: &mut TlsStream<TcpStream>, step: &Step) -> Option<Reply> {
    let mut buffer = Vec::with_capacity(1024);
    match timeout(desk.limits.head, read_head(stream, &mut buffer)).await {
        Ok(Ok(head)) => match desk.answer(&head) {
            Answer::Reply(reply) => Some(reply),
            Answer::LastPage => {
                step.reach(Stage::IsLast);
                let page = last_page(desk.verdict.clone(), desk.limits.verdict).await;
                Some(desk.last_reply(page))
            }
        },
        Ok(Err(reply)) => reply,
        Err(_) => Some(Reply::page(408, Page::Stranger)),
    }
}

fn is_certificate_refusal(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(rustls::Error::AlertReceived(alert)) = inner else { return false };
    // Chromium says CertificateUnknown, Firefox UnknownCA or BadCertificate.
    [
        AlertDescription::BadCertificate,
        AlertDescription::UnsupportedCertificate,
        AlertDescription::CertificateRevoked,
        AlertDescription::CertificateExpired,
        AlertDescription::CertificateUnknown,
        AlertDescription::UnknownCA,
        AlertDescription::AccessDenied,
        // A client that trusts an earlier certificate of the same name, with another key.
        AlertDescription::DecryptError,
    ]
    .contains(alert)
}

async fn last_page(mut verdict: watch::Receiver<Option<Verdict>>, within: Duration) -> Page {
    match timeout(within, verdict.wait_for(Option::is_some)).await {
        Ok(Ok(verdict)) => match *verdict {
            Some(Verdict::Connected) => Page::Connected,
            Some(Verdict::Failed) => Page::Failed,
            None => Page::Received,
        },
        Ok(Err(_)) | Err(_) => Page::Received,
    }
}

/// Reads until the head is whole. `Err(None)` when the other side went away.
async fn read_head(
    stream: &mut TlsStream<TcpStream>,
    buffer: &mut Vec<u8>,
) -> Result<Head, Option<Reply>> {
    loop {
        let n_read = stream.read_buf(buffer).await.map_err(|_| None)?;
        match Head::parse(buffer) {
            Parsed::Head(head) => return Ok(head),
            Parsed::Malformed => return Err(Some(Reply::page(400, Page::Stranger))),
            Parsed::TooLarge => return Err(Some(Reply::page(431, Page::Stranger))),
            Parsed::Partial if n_read == 0 => return Err(None),
            Parsed::Partial => {}
        }
    }
}

async fn send(stream: &mut TlsStream<TcpStream>, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.shutdown().await?;
    // What the client still sends is read and thrown away for a moment: closing a socket with unread
    // bytes would reset it, and the answer with it.
    let mut rest = [0_u8; 4096];
    let drain = async {
        for _ in 0..16 {
            if stream.read(&mut rest).await.unwrap_or(0) == 0 {
                break;
            }
        }
    };
    let _ = timeout(Duration::from_millis(500), drain).await;
    Ok(())
}

/// The request head, as far as it matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Head {
    method: String,
    target: String,
    hosts: Vec<String>,
    cookies: Vec<String>,
    fetch_mode: Option<String>,
    fetch_dest: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Parsed {
    Head(Head),
    Partial,
    Malformed,
    TooLarge,
}

impl Head {
    fn parse(bytes: &[u8]) -> Parsed {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(bytes) {
            Ok(httparse::Status::Complete(n)) if n > MAX_HEAD => return Parsed::TooLarge,
            Ok(httparse::Status::Complete(_)) => {}
            Ok(httparse::Status::Partial) if bytes.len() >= MAX_HEAD => return Parsed::TooLarge,
            Ok(httparse::Status::Partial) => return Parsed::Partial,
            Err(httparse::Error::TooManyHeaders) => return Parsed::TooLarge,
            Err(_) => return Parsed::Malformed,
        }
        let mut head = Self {
            method: request.method.unwrap_or_default().to_owned(),
            target: request.path.unwrap_or_default().to_owned(),
            ..Self::default()
        };
        for header in request.headers.iter() {
            let value = String::from_utf8_lossy(header.value).into_owned();
            match header.name.to_ascii_lowercase().as_str() {
                "host" => head.hosts.push(value),
                "cookie" => head.cookies.push(value),
                "sec-fetch-mode" => head.fetch_mode = Some(value),
                "sec-fetch-dest" => head.fetch_dest = Some(value),
                _ => {}
            }
        }
        Parsed::Head(head)
    }

    /// A page the person goes to, as far as the browser says: nothing in a frame, no script's fetch.
    fn is_navigation(&self) -> bool {
        self.fetch_mode.as_deref().is_none_or(|mode| mode == "navigate")
            && self.fetch_dest.as_deref().is_none_or(|dest| dest == "document")
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies
            .iter()
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }
}

enum Phase {
    /// Nobody has opened the start address.
    Fresh(oneshot::Sender<Outcome>),
    /// One browser has, and holds the cookie.
    Opened(oneshot::Sender<Outcome>),
    /// The portal has answered; whether with a code.
    Consumed { with_code: bool, is_consent_refused: bool },
}

/// What one sign-in knows; answers each request without waiting for anything.
struct Desk {
    host: String,
    port: u16,
    callback: Option<String>,
    nonce: String,
    cookie_name: String,
    cookie: String,
    flow: Flow,
    limits: Limits,
    policy: String,
    phase: Mutex<Phase>,
    signal: mpsc::Sender<Signal>,
    verdict: watch::Receiver<Option<Verdict>>,
    consumed: Notify,
    closed: Notify,
}

enum Answer {
    Reply(Reply),
    /// The page after a code, once it is known what became of it.
    LastPage,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Reply {
    status: u16,
    page: Option<Page>,
    location: Option<String>,
    cookie: Option<String>,
    is_last: bool,
}

impl Desk {
    fn new(
        redirect: Redirect,
        limits: Limits,
        flow: Flow,
        verdict: watch::Receiver<Option<Verdict>>,
    ) -> Result<(Self, mpsc::Receiver<Signal>, oneshot::Receiver<Outcome>), Error> {
        let (signal, signals) = mpsc::channel(MAX_CONNECTIONS);
        let (answered, outcome) = oneshot::channel();
        let desk = Self {
            host: format!("localhost:{}", redirect.port),
            port: redirect.port,
            callback: redirect.path,
            cookie_name: format!("__Host-onhand-{}", redirect.port),
            cookie: random_token()?,
            nonce: random_token()?,
            flow,
            limits,
            policy: page::content_security_policy(),
            phase: Mutex::new(Phase::Fresh(answered)),
            signal,
            verdict,
            consumed: Notify::new(),
            closed: Notify::new(),
        };
        Ok((desk, signals, outcome))
    }

    fn answer(&self, head: &Head) -> Answer {
        if head.method != "GET" {
            return Answer::Reply(Reply::page(405, Page::Stranger));
        }
        if !matches!(head.hosts.as_slice(), [host] if *host == self.host) {
            return Answer::Reply(Reply::page(421, Page::Stranger));
        }
        let (path, query) = head.target.split_once('?').unwrap_or((&head.target, ""));
        match path {
            START => Answer::Reply(self.start(head, query)),
            path if self.callback.as_deref() == Some(path) => {
                Answer::Reply(self.call_back(head, query))
            }
            DONE | FAILED => self.last(head, path),
            _ => Answer::Reply(Reply::page(404, Page::NotFound)),
        }
    }

    fn start(&self, head: &Head, query: &str) -> Reply {
        let given = parameters(query).and_then(|mut given| given.remove("n"));
        let is_ours = given.is_some_and(|n| same(&n, &self.nonce));
        if !is_ours || !head.is_navigation() {
            return Reply::page(400, Page::Stranger);
        }
        let mut phase = lock(&self.phase);
        match &*phase {
            Phase::Fresh(_) => {}
            Phase::Opened(_) if self.has_cookie(head) => {}
            Phase::Opened(_) => return Reply::page(403, Page::OtherBrowser),
            Phase::Consumed { .. } => return Reply::page(410, Page::Used),
        }
        take_phase(&mut phase, |phase| match phase {
            Phase::Fresh(answered) | Phase::Opened(answered) => Phase::Opened(answered),
            consumed @ Phase::Consumed { .. } => consumed,
        });
        drop(phase);
        self.say(Signal::BrowserArrived);
        let cookie = format!(
            "{}={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=1800",
            self.cookie_name, self.cookie
        );
        Reply {
            status: 302,
            location: Some(self.flow.authorize_url.as_str().to_owned()),
            cookie: Some(cookie),
            ..Reply::default()
        }
    }

    fn call_back(&self, head: &Head, query: &str) -> Reply {
        let stranger = Reply::page(400, Page::Stranger);
        let read = callback::read(query, &self.flow.state, &self.flow.portal);
        let is_of_this_flow = !matches!(read, Err(Stranger::Malformed | Stranger::ForeignState));
        if !is_of_this_flow || !head.is_navigation() {
            return stranger;
        }
        let mut phase = lock(&self.phase);
        match &*phase {
            Phase::Consumed { .. } => return Reply::page(410, Page::Used),
            Phase::Opened(_) if self.has_cookie(head) => {}
            Phase::Fresh(_) | Phase::Opened(_) => return stranger,
        }
        let Ok(outcome) = read else { return stranger };
        let (with_code, is_consent_refused) = match &outcome {
            Outcome::Code(_) => (true, false),
            Outcome::Refused(error) => (false, error == "access_denied"),
        };
        take_phase(&mut phase, |phase| {
            if let Phase::Opened(answered) | Phase::Fresh(answered) = phase {
                // Nobody waits any more if the sign-in was cancelled this very moment.
                let _ = answered.send(outcome);
            }
            Phase::Consumed { with_code, is_consent_refused }
        });
        drop(phase);
        self.consumed.notify_one();
        let to = if with_code { DONE } else { FAILED };
        Reply {
            status: 303,
            location: Some(format!("https://{}{to}", self.host)),
            ..Reply::default()
        }
    }

    /// The last page, for the browser that brought the answer and for nobody else: whoever gets it
    /// closes the listener.
    fn last(&self, head: &Head, path: &str) -> Answer {
        if !self.has_cookie(head) || !head.is_navigation() {
            return Answer::Reply(Reply::page(404, Page::NotFound));
        }
        let phase = lock(&self.phase);
        match &*phase {
            Phase::Consumed { with_code: true, .. } if path == DONE => Answer::LastPage,
            Phase::Consumed { with_code: false, is_consent_refused } if path == FAILED => {
                let page = if *is_consent_refused { Page::NotAllowed } else { Page::Failed };
                Answer::Reply(self.last_reply(page))
            }
            Phase::Fresh(_) | Phase::Opened(_) | Phase::Consumed { .. } => {
                Answer::Reply(Reply::page(404, Page::NotFound))
            }
        }
    }

    /// The last page; the browser needs its cookie no more.
    fn last_reply(&self, page: Page) -> Reply {
        let cookie =
            format!("{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0", self.cookie_name);
        Reply { is_last: true, cookie: Some(cookie), ..Reply::page(200, page) }
    }

    fn is_fresh(&self) -> bool {
        let phase = lock(&self.phase);
        matches!(*phase, Phase::Fresh(_))
    }

    fn has_cookie(&self, head: &Head) -> bool {
        head.cookie(&self.cookie_name).is_some_and(|cookie| same(cookie, &self.cookie))
    }

    /// Signals are news, not events to count: when nobody reads them they are dropped.
    fn say(&self, signal: Signal) {
        let _ = self.signal.try_send(signal);
    }
}

impl Reply {
    fn page(status: u16, page: Page) -> Self {
        Self { status, page: Some(page), ..Self::default() }
    }

    fn bytes(&self, desk: &Desk) -> Vec<u8> {
        let body = self.page.map(|page| page::html(page, desk.port)).unwrap_or_default();
        let reason = reason(self.status);
        let mut head = format!(
            "HTTP/1.1 {} {reason}\r\n\
             Content-Type: text/html; charset=utf-8\r\n\
             Content-Length: {}\r\n\
             Connection: close\r\n\
             Cache-Control: no-store\r\n\
             Referrer-Policy: no-referrer\r\n\
             X-Content-Type-Options: nosniff\r\n\
             X-Frame-Options: DENY\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\n\
             Content-Security-Policy: {}\r\n",
            self.status,
            body.len(),
            desk.policy,
        );
        if self.status == 405 {
            head.push_str("Allow: GET\r\n");
        }
        if let Some(location) = &self.location {
            head.push_str(&format!("Location: {location}\r\n"));
        }
        if let Some(cookie) = &self.cookie {
            head.push_str(&format!("Set-Cookie: {cookie}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body.as_bytes());
        bytes
    }
}

fn take_phase(phase: &mut Phase, change: impl FnOnce(Phase) -> Phase) {
    let placeholder = Phase::Consumed { with_code: false, is_consent_refused: false };
    *phase = change(std::mem::replace(phase, placeholder));
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        303 => "See Other",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        410 => "Gone",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        _ => "Error",
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use proptest::prelude::*;
    use tokio::io::AsyncReadExt;

    use secrecy::ExposeSecret;

    use super::super::certificate::Leaf;
    use super::super::fake::{Visitor, free_port};
    use super::*;
    use crate::clock::system_clock;

    const STATE: &str = "the-state-of-this-flow";
    const CODE: &str = "/callback?code=the-code&state=the-state-of-this-flow";

    struct Stage {
        listener: Listener,
        browser: Visitor,
        port: u16,
        start: String,
    }

    impl Stage {
        fn set() -> Self {
            Self::set_within(LIMITS)
        }

        fn set_within(limits: Limits) -> Self {
            let bound = Bound::bind(&[redirect_uri(free_port())]).unwrap();
            let port = bound.redirect.port;
            let leaf = Leaf::new(system_clock()()).unwrap();
            let listener = bound.serve_within(limits, leaf.server_config(), flow()).unwrap();
            let start = listener.start_url().as_str();
            let start =
                start.strip_prefix(&format!("https://localhost:{port}")).unwrap().to_owned();
            Self { browser: Visitor::trusting(leaf.der(), port), listener, port, start }
        }

        /// Opens the start address; gives the cookie.
        async fn open(&mut self) -> String {
            let reply = self.browser.get(&self.start, &[]).await;
            assert_eq!(reply.status, 302);
            assert!(matches!(self.listener.event().await, Event::BrowserArrived));
            reply.header("set-cookie").split(';').next().unwrap().to_owned()
        }

        async fn status(&self, target: &str, cookie: &str) -> u16 {
            self.browser.get(target, &[("Cookie", cookie)]).await.status
        }

        /// The sign-in is still untouched: the right answer is taken.
        async fn ends_well(mut self, cookie: &str) {
            assert_eq!(self.status(CODE, cookie).await, 303);
            let Event::Answered(Outcome::Code(code)) = self.listener.event().await else {
                panic!("no code")
            };
            assert_eq!(code.expose_secret(), "the-code");
        }
    }

    fn redirect_uri(port: u16) -> String {
        format!("https://localhost:{port}/callback")
    }

    fn flow() -> Flow {
        Flow {
            authorize_url: Url::parse("https://onpatient.com/o/authorize/?state=x").unwrap(),
            state: SecretString::from(STATE),
            portal: Portal::default(),
        }
    }

    fn desk() -> Desk {
        let redirect = Redirect::read(&redirect_uri(27443)).unwrap();
        Desk::new(redirect, LIMITS, flow(), watch::channel(None).1).unwrap().0
    }

    #[tokio::test]
    async fn goes_the_whole_way_once() {
        let mut stage = Stage::set();

        let start = stage.browser.get(&stage.start, &[]).await;
        assert_eq!(start.status, 302);
        assert_eq!(start.header("location"), "https://onpatient.com/o/authorize/?state=x");
        let set = start.header("set-cookie");
        assert!(set.starts_with(&format!("__Host-onhand-{}=", stage.port)));
        assert!(set.contains("; Path=/; Secure; HttpOnly; SameSite=Lax;"), "{set}");
        assert!(matches!(stage.listener.event().await, Event::BrowserArrived));
        let cookie = set.split(';').next().unwrap();
        let cookies = format!("other=1; {cookie}; more=2");

        let back = stage.browser.get(CODE, &[("Cookie", &cookies)]).await;
        assert_eq!(back.status, 303);
        assert_eq!(back.header("location"), format!("https://localhost:{}/done", stage.port));
        assert_eq!(back.header("set-cookie"), "", "it is asked for once more");
        let Event::Answered(Outcome::Code(code)) = stage.listener.event().await else {
            panic!("no code")
        };
        assert_eq!(code.expose_secret(), "the-code");

        assert_eq!(stage.status(CODE, cookie).await, 410);
        assert_eq!(stage.status(&stage.start, cookie).await, 410);
        assert_eq!(stage.status("/failed", "").await, 404);

        stage.listener.tell(Verdict::Connected);
        let done = stage.browser.get("/done", &[("Cookie", &cookies)]).await;
        assert_eq!(done.status, 200);
        assert!(done.header("set-cookie").starts_with(&format!("__Host-onhand-{}=;", stage.port)));
        assert!(done.header("set-cookie").ends_with("Max-Age=0"));
        assert!(done.body.contains("You are connected"));
        assert!(done.body.contains("You can close this tab"));
        stage.listener.close().await;
        assert!(TcpStream::connect(("127.0.0.1", stage.port)).await.is_err());
    }

    #[tokio::test]
    async fn says_on_the_last_page_what_became_of_the_code() {
        for (verdict, words) in [
            (Some(Verdict::Failed), "The sign-in did not work"),
            (None, "Onhand has your portal’s answer"),
        ] {
            let limits = Limits { verdict: Duration::from_millis(50), ..LIMITS };
            let mut stage = Stage::set_within(limits);
            let cookie = stage.open().await;
            assert_eq!(stage.status("/done", &cookie).await, 404);
            assert_eq!(stage.status(CODE, &cookie).await, 303);
            if let Some(verdict) = verdict {
                stage.listener.tell(verdict);
            }
            let done = stage.browser.get("/done", &[("Cookie", &cookie)]).await;
            assert!(done.body.contains(words));
        }
    }

    #[tokio::test]
    async fn keeps_the_last_page_for_the_browser_that_brought_the_answer() {
        let refusal = format!("/callback?error=access_denied&state={STATE}");
        for (answer, last, words) in [
            (CODE, "/done", "You are connected"),
            (refusal.as_str(), "/failed", "Access was not allowed"),
        ] {
            let mut stage = Stage::set();
            let cookie = stage.open().await;
            assert_eq!(stage.status(answer, &cookie).await, 303);
            stage.listener.tell(Verdict::Connected);
            let name = cookie.split_once('=').unwrap().0;
            let wrong = format!("{name}=wrong");
            let framed = [("Cookie", cookie.as_str()), ("Sec-Fetch-Dest", "iframe")];
            for headers in [&[][..], &[("Cookie", wrong.as_str())], &framed] {
                assert_eq!(stage.browser.get(last, headers).await.status, 404);
            }
            let page = stage.browser.get(last, &[("Cookie", &cookie)]).await;
            assert!(page.body.contains(words), "{}", page.body);
            stage.listener.close().await;
        }
    }

    #[tokio::test]
    async fn takes_a_refusal_from_the_portal() {
        let mut stage = Stage::set();
        let cookie = stage.open().await;
        let target = format!("/callback?error=access_denied&state={STATE}");
        let back = stage.browser.get(&target, &[("Cookie", &cookie)]).await;
        assert_eq!((back.status, back.header("location").ends_with("/failed")), (303, true));
        let Event::Answered(Outcome::Refused(code)) = stage.listener.event().await else {
            panic!("no refusal")
        };
        assert_eq!(code, "access_denied");
        let page = stage.browser.get("/failed", &[("Cookie", &cookie)]).await;
        assert!(page.body.contains("Access was not allowed"));
        stage.listener.close().await;
    }

    #[tokio::test]
    async fn refuses_a_callback_with_a_foreign_state() {
        let mut stage = Stage::set();
        let cookie = stage.open().await;
        for target in [
            "/callback?code=the-code&state=another".to_owned(),
            "/callback?code=the-code&state=".to_owned(),
            "/callback?code=the-code".to_owned(),
            "/callback".to_owned(),
            format!("/callback?code=the-code&state={STATE}x"),
            format!("/callback?code=the-code&state={}", STATE.to_uppercase()),
        ] {
            assert_eq!(stage.status(&target, &cookie).await, 400, "{target}");
        }
        stage.ends_well(&cookie).await;
    }

    #[tokio::test]
    async fn refuses_a_callback_from_another_browser() {
        let mut stage = Stage::set();
        assert_eq!(stage.status(CODE, "").await, 400, "before anyone opened it");
        let cookie = stage.open().await;
        assert_eq!(stage.browser.get(CODE, &[]).await.status, 400);
        let name = cookie.split_once('=').unwrap().0;
        assert_eq!(stage.status(CODE, &format!("{name}=wrong")).await, 400);
        assert_eq!(stage.status(CODE, &cookie.replace("__Host-", "")).await, 400);
        stage.ends_well(&cookie).await;
    }

    #[tokio::test]
    async fn opens_in_one_browser_only_and_lets_that_one_reload() {
        let mut stage = Stage::set();
        assert_eq!(stage.status("/start", "").await, 400);
        assert_eq!(stage.status("/start?n=guess", "").await, 400);
        assert_eq!(stage.status(&format!("{}&n=again", stage.start), "").await, 400);
        let cookie = stage.open().await;
        assert_eq!(stage.status(&stage.start, "").await, 403);
        let again = stage.browser.get(&stage.start, &[("Cookie", &cookie)]).await;
        assert_eq!(again.status, 302);
        assert_eq!(again.header("location"), "https://onpatient.com/o/authorize/?state=x");
        assert!(again.header("set-cookie").starts_with(&cookie));
        stage.ends_well(&cookie).await;
    }

    #[tokio::test]
    async fn refuses_what_no_portal_would_send() {
        let mut stage = Stage::set();
        let cookie = stage.open().await;
        for more in [
            "code=a&code=b",
            "code=a&state=the-state-of-this-flow",
            "code=a&error=access_denied",
            "code=",
            "error=",
            "",
            "code=a%00b",
            "code=a%0d%0ab",
            "code=%C3%A4",
            "code=a&iss=https://evil.example",
            "code=a&iss=https://onpatient.com.evil.example/",
            "code=a&iss=http://onpatient.com",
            "code=a&iss=",
            "code=a&x=1&x=2",
            &format!("code={}", "a".repeat(4097)),
            &(0..=20).map(|n| format!("p{n}=1&")).collect::<String>(),
        ] {
            let target = format!("/callback?state={STATE}&{more}");
            assert_eq!(stage.status(&target, &cookie).await, 400, "{more}");
        }
        stage.ends_well(&cookie).await;
    }

    #[tokio::test]
    async fn takes_an_issuer_that_is_the_portal() {
        let mut stage = Stage::set();
        let cookie = stage.open().await;
        let target = format!("{CODE}&iss=https%3A%2F%2Fonpatient.com");
        assert_eq!(stage.status(&target, &cookie).await, 303);
    }

    #[tokio::test]
    async fn refuses_other_methods_hosts_and_paths() {
        let mut stage = Stage::set();
        let cookie = stage.open().await;
        let (port, own) = (stage.port, format!("localhost:{}", stage.port));
        for (line, host, status) in [
            (format!("POST {CODE}"), &own, 405),
            (format!("HEAD {CODE}"), &own, 405),
            (format!("OPTIONS {CODE}"), &own, 405),
            (format!("get {CODE}"), &own, 405),
            (format!("GET {CODE}"), &format!("127.0.0.1:{port}"), 421),
            (format!("GET {CODE}"), &"localhost".to_owned(), 421),
            (format!("GET {CODE}"), &format!("localhost:{}", port ^ 1), 421),
            (format!("GET {CODE}"), &format!("evil.example:{port}"), 421),
            (format!("GET {CODE}"), &String::new(), 421),
            (format!("GET {CODE}"), &format!("{own}\r\nHost: {own}"), 421),
            (format!("GET https://{own}{CODE}"), &own, 404),
            (format!("GET {}", CODE.replace("/callback", "/callback/")), &own, 404),
            (format!("GET {}", CODE.replace("/callback", "/Callback")), &own, 404),
            (format!("GET {}", CODE.replace("/callback", "//callback")), &own, 404),
            (format!("GET {}", CODE.replace("/callback", "/c%61llback")), &own, 404),
            ("GET /favicon.ico".to_owned(), &own, 404),
            ("GET /".to_owned(), &own, 404),
        ] {
            let request = format!("{line} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n");
            let reply = stage.browser.send(request.as_bytes()).await.unwrap();
            assert_eq!(reply.status, status, "{line} at {host:?}");
        }
        let without = format!("GET {CODE} HTTP/1.1\r\nCookie: {cookie}\r\n\r\n");
        assert_eq!(stage.browser.send(without.as_bytes()).await.unwrap().status, 421);
        stage.ends_well(&cookie).await;
    }

    #[tokio::test]
    async fn answers_only_pages_that_a_person_goes_to() {
        let mut stage = Stage::set();
        for (mode, dest) in [("navigate", "iframe"), ("cors", "empty"), ("no-cors", "image")] {
            let headers = [("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", dest)];
            assert_eq!(stage.browser.get(&stage.start, &headers).await.status, 400);
        }
        let cookie = stage.open().await;
        for (mode, dest, status) in [("navigate", "iframe", 400), ("navigate", "document", 303)] {
            let headers = [("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", dest), ("Cookie", &cookie)];
            assert_eq!(stage.browser.get(CODE, &headers).await.status, status);
        }
    }

    #[tokio::test]
    async fn sends_its_headers_with_every_answer_and_echoes_nothing() {
        let mut stage = Stage::set();
        let cookie = stage.open().await;
        let targets = [
            stage.start.as_str(),
            "/callback?code=SECRETCODE&state=SECRETSTATE",
            "/SECRETPATH?SECRETQUERY",
            "/start?n=SECRETNONCE",
            CODE,
            "/done",
        ];
        stage.listener.tell(Verdict::Connected);
        for target in targets {
            let reply = stage.browser.get(target, &[("Cookie", &cookie)]).await;
            for (name, value) in [
                ("content-type", "text/html; charset=utf-8"),
                ("connection", "close"),
                ("cache-control", "no-store"),
                ("referrer-policy", "no-referrer"),
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(reply.header(name), value, "{target}");
            }
            let policy = reply.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
            assert!(!reply.headers.contains_key("strict-transport-security"));
            assert!(!reply.headers.contains_key("access-control-allow-origin"));
            assert!(!reply.body.contains("SECRET") && !reply.body.contains("the-code"));
        }
    }

    #[tokio::test]
    async fn reads_no_more_than_eight_kibibytes_of_head() {
        let mut stage = Stage::set();
        let cookie = stage.open().await;
        for (filler, status) in
            [("a".repeat(MAX_HEAD), 431), ("a".repeat(200_000), 431), ("a".repeat(6000), 404)]
        {
            let request = format!(
                "GET /x HTTP/1.1\r\nHost: localhost:{}\r\nX-Filler: {filler}\r\n\r\n",
                stage.port
            );
            // Much too much may also be met by a connection that is simply gone.
            let reply = stage.browser.send(request.as_bytes()).await;
            assert!(reply.is_none_or(|reply| reply.status == status), "{}", filler.len());
        }
        let many = "A: b\r\n".repeat(MAX_HEADERS + 1);
        let request = format!("GET /x HTTP/1.1\r\nHost: localhost:{}\r\n{many}\r\n", stage.port);
        assert_eq!(stage.browser.send(request.as_bytes()).await.unwrap().status, 431);
        for malformed in ["\x00\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
            let reply = stage.browser.send(malformed.as_bytes()).await.unwrap();
            assert_eq!(reply.status, 400, "{malformed:?}");
        }
        stage.ends_well(&cookie).await;
    }

    /// What each takes is told by a clock that stands still until nothing is left to be done, so that
    /// a slow computer takes no part in it.
    #[tokio::test]
    async fn gives_up_who_does_not_greet() {
        let mut stage = Stage::set();
        tokio::time::pause();
        let begun = Instant::now();
        let mut silent = TcpStream::connect(("127.0.0.1", stage.port)).await.unwrap();
        assert_eq!(silent.read(&mut [0; 16]).await.unwrap_or(0), 0, "no handshake");
        assert_eq!(begun.elapsed().as_secs(), LIMITS.handshake.as_secs());
        tokio::time::resume();

        let cookie = stage.open().await;
        stage.ends_well(&cookie).await;
    }

    #[tokio::test]
    async fn gives_up_who_does_not_come_to_the_end_of_a_request() {
        let (tls, desk) = (Leaf::new(system_clock()()).unwrap(), desk());
        let bound = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = bound.local_addr().unwrap().port();
        let visitor = Visitor::trusting(tls.der(), port);
        let (theirs, ours) = tokio::join!(visitor.connect(), async {
            let (stream, _) = bound.accept().await.unwrap();
            TlsAcceptor::from(tls.server_config()).accept(stream).await.unwrap()
        });
        let (mut theirs, mut ours) = (theirs.unwrap(), ours);

        tokio::time::pause();
        let begun = Instant::now();
        theirs.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
        let reply = reply_to(&desk, &mut ours, &Step::default()).await.unwrap();
        assert_eq!(reply.status, 408);
        assert_eq!(begun.elapsed().as_secs(), LIMITS.head.as_secs());
    }

    #[tokio::test]
    async fn does_not_wait_for_who_speaks_no_tls() {
        // Longer than any test may take: what ends it is not the time.
        let limits = Limits { handshake: Duration::from_secs(86_400), ..LIMITS };
        let mut stage = Stage::set_within(limits);
        let mut plain = TcpStream::connect(("127.0.0.1", stage.port)).await.unwrap();
        plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        let mut rest = Vec::new();
        let _ = plain.read_to_end(&mut rest).await;
        assert!(!rest.starts_with(b"HTTP"), "no answer without TLS");

        let cookie = stage.open().await;
        stage.ends_well(&cookie).await;
    }

    #[cfg(unix)]
    fn allow_many_files() {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    }

    #[cfg(unix)]
    #[tokio::test(flavor = "multi_thread")]
    async fn answers_a_thousand_strangers_at_once_and_the_browser_among_them() {
        allow_many_files();
        // Those who ask are played on this computer too, at a time when it may have much to do: they
        // are given as long as they need, and none may be dropped for another.
        let patient = Duration::from_secs(300);
        let limits = Limits {
            handshake: patient,
            head: patient,
            silent: patient,
            served: patient,
            ..LIMITS
        };
        let mut stage = Stage::set_within(limits);
        let cookie = stage.open().await;
        let browser = Arc::new(stage.browser);
        let mut strangers = JoinSet::new();
        for _ in 0..1000 {
            let stranger = Arc::clone(&browser);
            let request = format!(
                "GET /callback?code=guess&state=guess HTTP/1.1\r\nHost: localhost:{}\r\n\r\n",
                stage.port
            );
            strangers.spawn(async move {
                stranger.send(request.as_bytes()).await.map(|reply| reply.status)
            });
        }
        let mut n_answered = 0;
        while let Some(status) = strangers.join_next().await {
            n_answered += usize::from(status.unwrap() == Some(400));
        }
        assert_eq!(n_answered, 1000);
        stage.browser = Arc::into_inner(browser).unwrap();
        stage.ends_well(&cookie).await;
    }

    #[tokio::test]
    async fn gives_its_place_to_others_who_is_slow_when_many_wait() {
        let mut stage = Stage::set();
        let mut half_open = Vec::new();
        for _ in 0..64 {
            let mut stranger = TcpStream::connect(("127.0.0.1", stage.port)).await.unwrap();
            stranger.write_all(&[0x16, 0x03, 0x01, 0x02, 0x00]).await.unwrap();
            half_open.push(stranger);
        }
        let begun = Instant::now();
        let cookie = stage.open().await;
        stage.ends_well(&cookie).await;
        assert!(begun.elapsed() < LIMITS.handshake, "{:?}", begun.elapsed());
        assert_eq!(half_open.len(), 64);
    }

    #[tokio::test]
    async fn can_send_the_browser_on_without_being_the_way_back() {
        let bound = Bound::bind_for_start("https://localhost:27443/callback").unwrap();
        assert_eq!(bound.redirect_uri(), "https://localhost:27443/callback");
        let port = bound.redirect.port;
        assert_ne!(port, 27443);
        let leaf = Leaf::new(system_clock()()).unwrap();
        let mut listener = bound.serve(leaf.server_config(), flow()).unwrap();
        let browser = Visitor::trusting(leaf.der(), port);
        let start = listener.start_url();
        let target = format!("{}?{}", start.path(), start.query().unwrap());
        let reply = browser.get(&target, &[]).await;
        assert_eq!(reply.status, 302);
        assert!(reply.header("location").starts_with("https://onpatient.com/o/authorize/"));
        assert!(matches!(listener.event().await, Event::BrowserArrived));
        let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
        assert_eq!(browser.get(CODE, &[("Cookie", &cookie)]).await.status, 404);
        listener.stop().await;
        assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn is_not_locked_up_by_a_thousand_idle_connections() {
        allow_many_files();
        let mut stage = Stage::set();
        let mut idle = Vec::new();
        for _ in 0..1000 {
            idle.push(TcpStream::connect(("127.0.0.1", stage.port)).await.unwrap());
        }
        let begun = Instant::now();
        let cookie = stage.open().await;
        for _ in 0..200 {
            idle.push(TcpStream::connect(("127.0.0.1", stage.port)).await.unwrap());
        }
        stage.ends_well(&cookie).await;
        assert!(begun.elapsed() < LIMITS.handshake, "no idle connection had to time out first");
        assert_eq!(idle.len(), 1200);
    }

    #[tokio::test]
    async fn is_not_worn_out_by_thousands_of_strangers() {
        let mut stage = Stage::set();
        let cookie = stage.open().await;
        for n in 0..3000 {
            let mut stranger = TcpStream::connect(("127.0.0.1", stage.port)).await.unwrap();
            if n % 3 == 0 {
                stranger.write_all(&[0x16, 0x03, 0x01, 0xff, 0xff, 0x01]).await.unwrap();
            }
        }
        for _ in 0..100 {
            assert_eq!(stage.status("/callback?code=guess&state=guess", &cookie).await, 400);
        }
        stage.ends_well(&cookie).await;
    }

    #[tokio::test]
    async fn notices_a_browser_that_refuses_the_certificate() {
        let mut stage = Stage::set();
        let earlier = Leaf::new(system_clock()()).unwrap().der().to_vec();
        let unrelated = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        for trusted in [earlier, unrelated.cert.der().to_vec()] {
            let distrusting = Visitor::trusting(&trusted, stage.port);
            assert!(distrusting.send(b"GET / HTTP/1.1\r\n\r\n").await.is_none());
            assert!(matches!(stage.listener.event().await, Event::CertificateRefused));
        }
    }

    #[tokio::test]
    async fn takes_no_word_for_a_refusal_of_a_certificate_that_nobody_saw_or_everybody_took() {
        const REFUSED: [u8; 7] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 46];
        let mut stage = Stage::set();
        let mut stranger = TcpStream::connect(("127.0.0.1", stage.port)).await.unwrap();
        stranger.write_all(&REFUSED).await.unwrap();
        let _ = stranger.read_to_end(&mut Vec::new()).await;
        // Had it counted, it would be told first.
        let cookie = stage.open().await;

        let unrelated = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let distrusting = Visitor::trusting(unrelated.cert.der(), stage.port);
        assert!(distrusting.send(b"GET / HTTP/1.1\r\n\r\n").await.is_none());
        stage.ends_well(&cookie).await;
    }

    #[test]
    fn knows_a_computer_without_ipv6_from_one_whose_port_is_taken() {
        for (code, is_without) in [(97, true), (47, true), (10047, true), (13, false)] {
            assert_eq!(is_without_ipv6(&io::Error::from_raw_os_error(code)), is_without, "{code}");
        }
        assert!(is_without_ipv6(&ErrorKind::AddrNotAvailable.into()));
        assert!(!is_without_ipv6(&ErrorKind::AddrInUse.into()));
    }

    #[tokio::test]
    async fn stops_when_it_is_dropped() {
        let stage = Stage::set();
        let mut open = TcpStream::connect(("127.0.0.1", stage.port)).await.unwrap();
        drop(stage.listener);
        assert_eq!(open.read(&mut [0; 16]).await.unwrap_or(0), 0);
        assert!(TcpStream::connect(("127.0.0.1", stage.port)).await.is_err());
    }

    #[tokio::test]
    async fn leaves_after_a_while_when_nobody_asks_for_the_last_page() {
        let mut stage = Stage::set_within(Limits { linger: Duration::from_millis(50), ..LIMITS });
        let cookie = stage.open().await;
        assert_eq!(stage.status(CODE, &cookie).await, 303);
        stage.listener.close().await;
        assert!(TcpStream::connect(("127.0.0.1", stage.port)).await.is_err());
    }

    #[tokio::test]
    async fn goes_to_the_next_port_when_one_is_taken_on_either_family() {
        let (first, second) = (free_port(), free_port());
        let uris = [redirect_uri(first), redirect_uri(second)];
        let mut takers = vec![std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, first)).unwrap()];
        assert_eq!(Bound::bind(&uris).unwrap().redirect_uri(), uris[1]);

        takers.clear();
        match std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, first)) {
            Ok(taker) => {
                takers.push(taker);
                assert_eq!(Bound::bind(&uris).unwrap().redirect_uri(), uris[1]);
            }
            Err(_) => eprintln!("skipped the half about ::1: this computer has no IPv6"),
        }

        takers.push(std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, second)).unwrap());
        takers.push(std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, first)).unwrap());
        let Err(Error::PortsTaken { ports }) = Bound::bind(&uris) else { panic!("bound") };
        assert_eq!(ports, format!("{first}, {second}"));
        takers.clear();
        assert_eq!(Bound::bind(&uris).unwrap().redirect_uri(), uris[0]);
    }

    #[tokio::test]
    async fn can_take_its_port_again_at_once() {
        let port = {
            let mut stage = Stage::set();
            let cookie = stage.open().await;
            let port = stage.port;
            stage.ends_well(&cookie).await;
            port
        };
        // Aborting the task frees the port a moment later.
        let mut bound = Bound::bind(&[redirect_uri(port)]);
        while bound.is_err() {
            tokio::task::yield_now().await;
            bound = Bound::bind(&[redirect_uri(port)]);
        }
    }

    #[tokio::test]
    async fn takes_only_addresses_it_can_listen_on() {
        for uri in [
            "http://localhost:27443/callback",
            "https://localhost/callback",
            "https://localhost:443/callback",
            "https://localhost:0/callback",
            "https://127.0.0.1:27443/callback",
            "https://example.org:27443/callback",
            "https://me@localhost:27443/callback",
            "https://localhost:27443/callback?x=1",
            "https://localhost:27443/callback#x",
            "https://localhost:27443/start",
            "https://localhost:27443/done",
            "localhost:27443",
            "",
        ] {
            let refused = Bound::bind(&[uri.to_owned()]);
            assert!(matches!(refused, Err(Error::BadRedirectUri(_))), "{uri}");
        }
        assert!(matches!(Bound::bind(&[]), Err(Error::NoRedirectUri)));
    }

    proptest! {
        #[test]
        fn takes_no_bytes_amiss(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            if let Parsed::Head(head) = Head::parse(&bytes) {
                prop_assert!(head.method.is_ascii());
            }
        }

        #[test]
        fn consumes_nothing_without_state_and_cookie(
            target in "(/callback|/start|/done|/failed|/)[?]?[ -~]{0,200}",
            cookie in "[ -~]{0,60}",
        ) {
            let redirect = Redirect::read("https://localhost:27443/callback").unwrap();
            let (_, verdict) = watch::channel(None);
            let (desk, _signals, mut outcome) =
                Desk::new(redirect, LIMITS, flow(), verdict).unwrap();
            let head = Head {
                method: "GET".to_owned(),
                target,
                hosts: vec![desk.host.clone()],
                cookies: vec![cookie],
                ..Head::default()
            };
            let Answer::Reply(reply) = desk.answer(&head) else { panic!("the last page") };
            prop_assert!(matches!(reply.status, 400 | 404));
            prop_assert!(outcome.try_recv().is_err());
            prop_assert!(matches!(*lock(&desk.phase), Phase::Fresh(_)));
        }
    }
}
