//! The callback listener: an HTTPS server on this computer that lives as long as one sign-in.
//!
//! The browser first opens `/start?n=…`, which binds the sign-in to that browser by a cookie and
//! sends it on to the portal; the portal sends it back to the callback address with a code. A
//! stranger's request consumes nothing: only the right state *and* the right cookie do, once.
//!
//! It is a value: [`Listener::event`] says what happens, dropping it stops it.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rustls::{AlertDescription, ServerConfig};
use secrecy::{ExposeSecret, SecretString};
use socket2::{Domain, Protocol, Socket, Type};
use subtle::ConstantTimeEq;
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use url::{Host, Url, form_urlencoded};

use super::page::{self, Page};
use super::portal::Portal;

const HANDSHAKE_WITHIN: Duration = Duration::from_secs(5);
const HEAD_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long the last page waits for what the portal says to the code.
const VERDICT_WITHIN: Duration = Duration::from_millis(3500);
/// How long the listener stays after the code has come, if nobody asks for the last page.
const LINGER: Duration = Duration::from_secs(5);
const MAX_HEAD: usize = 8 * 1024;
const MAX_HEADERS: usize = 100;
const MAX_PARAMETERS: usize = 20;
const MAX_VALUE: usize = 4 * 1024;
const MAX_CONNECTIONS: usize = 16;
const START: &str = "/start";
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

/// What the portal sent back with the right state.
#[derive(Debug)]
pub enum Outcome {
    /// A code, to be exchanged at once (RFC 6749 §4.1.2).
    Code(SecretString),
    /// An error code (RFC 6749 §4.1.2.1), as sent.
    Refused(String),
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
    path: String,
}

#[derive(Clone, Copy, Debug)]
enum Signal {
    BrowserArrived,
    CertificateRefused,
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
        let nonce = random_token()?;
        let port = self.redirect.port;
        let start_url = Url::parse(&format!("https://localhost:{port}{START}?n={nonce}"))
            .map_err(|_| Error::BadRedirectUri(self.redirect.uri.clone()))?;
        let (signal, signals) = mpsc::channel(MAX_CONNECTIONS);
        let (answered, outcome) = oneshot::channel();
        let (verdict, verdict_seen) = watch::channel(None);
        let desk = Arc::new(Desk {
            host: format!("localhost:{port}"),
            port,
            callback: self.redirect.path,
            cookie_name: format!("__Host-onhand-{port}"),
            cookie: random_token()?,
            nonce,
            flow,
            policy: page::content_security_policy(),
            phase: Mutex::new(Phase::Fresh(answered)),
            signal,
            verdict: verdict_seen,
            consumed: Notify::new(),
            closed: Notify::new(),
        });
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
        Ok(Self { uri: uri.to_owned(), port, path: url.path().to_owned() })
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
    socket.listen(128)?;
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
    let closing = async {
        desk.consumed.notified().await;
        // Whichever comes first: the last page was served, or nobody asked for it.
        let _ = timeout(LINGER, desk.closed.notified()).await;
    };
    tokio::pin!(closing);
    loop {
        let accepted = tokio::select! {
            () = &mut closing => return,
            Some(_) = connections.join_next() => continue,
            accepted = v4.accept() => accepted,
            accepted = accept(v6.as_ref()) => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: let some connections end first.
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        make_room(&mut open);
        let is_answering = Arc::new(AtomicBool::new(false));
        let connection =
            connection(Arc::clone(&desk), tls.clone(), stream, Arc::clone(&is_answering));
        open.push_back(Open { handle: connections.spawn(connection), is_answering });
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// A connection that may still be open.
struct Open {
    handle: AbortHandle,
    is_answering: Arc<AtomicBool>,
}

/// At the cap the oldest connection that has not yet sent its request makes room, so that idle
/// strangers lock nobody out.
fn make_room(open: &mut VecDeque<Open>) {
    open.retain(|open| !open.handle.is_finished());
    while open.len() >= MAX_CONNECTIONS {
        let oldest = open.iter().position(|open| !open.is_answering.load(Ordering::Relaxed));
        if let Some(dropped) = open.remove(oldest.unwrap_or(0)) {
            dropped.handle.abort();
        }
    }
}

async fn connection(
    desk: Arc<Desk>,
    tls: TlsAcceptor,
    stream: TcpStream,
    is_answering: Arc<AtomicBool>,
) {
    let mut stream = match timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            if is_certificate_refusal(&error) {
                desk.say(Signal::CertificateRefused);
            }
            return;
        }
        Err(_) => return,
    };
    let mut buffer = Vec::with_capacity(1024);
    let reply = match timeout(HEAD_WITHIN, read_head(&mut stream, &mut buffer)).await {
        Ok(Ok(head)) => {
            is_answering.store(true, Ordering::Relaxed);
            match desk.answer(&head) {
                Answer::Reply(reply) => reply,
                Answer::LastPage => {
                    let page = last_page(desk.verdict.clone()).await;
                    Reply { is_last: true, ..Reply::page(200, page) }
                }
            }
        }
        Ok(Err(Some(reply))) => reply,
        Err(_) => Reply::page(408, Page::Stranger),
        Ok(Err(None)) => return,
    };
    is_answering.store(true, Ordering::Relaxed);
    let bytes = reply.bytes(&desk);
    let _ = timeout(ANSWER_WITHIN, send(&mut stream, &bytes)).await;
    if reply.is_last {
        desk.closed.notify_one();
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
    ]
    .contains(alert)
}

async fn last_page(mut verdict: watch::Receiver<Option<Verdict>>) -> Page {
    match timeout(VERDICT_WITHIN, verdict.wait_for(Option::is_some)).await {
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
    callback: String,
    nonce: String,
    cookie_name: String,
    cookie: String,
    flow: Flow,
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
            path if path == self.callback => Answer::Reply(self.call_back(head, query)),
            DONE | FAILED => self.last(path),
            _ => Answer::Reply(Reply::page(404, Page::NotFound)),
        }
    }

    fn start(&self, head: &Head, query: &str) -> Reply {
        let given = parameters(query).and_then(|mut given| given.remove("n"));
        let is_ours = given.is_some_and(|n| same(&n, &self.nonce));
        if !is_ours || !head.is_navigation() {
            return Reply::page(400, Page::Stranger);
        }
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
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
        let Some(mut given) = parameters(query) else { return stranger };
        let state = given.remove("state").unwrap_or_default();
        if !same(&state, self.flow.state.expose_secret()) || !head.is_navigation() {
            return stranger;
        }
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        match &*phase {
            Phase::Consumed { .. } => return Reply::page(410, Page::Used),
            Phase::Opened(_) if self.has_cookie(head) => {}
            Phase::Fresh(_) | Phase::Opened(_) => return stranger,
        }
        let is_foreign = given.remove("iss").is_some_and(|iss| {
            !Url::parse(&iss).is_ok_and(|iss| self.flow.portal.is_same_origin(&iss))
        });
        if is_foreign {
            return stranger;
        }
        let outcome = match (given.remove("code"), given.remove("error")) {
            (Some(code), None) if is_visible_ascii(&code) => {
                Outcome::Code(SecretString::from(code))
            }
            (None, Some(error)) if is_visible_ascii(&error) => Outcome::Refused(error),
            _ => return stranger,
        };
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
            cookie: Some(format!(
                "{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
                self.cookie_name
            )),
            ..Reply::default()
        }
    }

    fn last(&self, path: &str) -> Answer {
        let phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        match &*phase {
            Phase::Consumed { with_code: true, .. } if path == DONE => Answer::LastPage,
            Phase::Consumed { with_code: false, is_consent_refused } if path == FAILED => {
                let page = if *is_consent_refused { Page::NotAllowed } else { Page::Failed };
                Answer::Reply(Reply { is_last: true, ..Reply::page(200, page) })
            }
            Phase::Fresh(_) | Phase::Opened(_) | Phase::Consumed { .. } => {
                Answer::Reply(Reply::page(404, Page::NotFound))
            }
        }
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

/// The query's parameters, or nothing when one comes twice or there is too much of it (RFC 6749
/// §3.1: parameters must not be included more than once).
fn parameters(query: &str) -> Option<BTreeMap<String, String>> {
    let mut given = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if given.len() >= MAX_PARAMETERS || value.len() > MAX_VALUE {
            return None;
        }
        if given.insert(name.into_owned(), value.into_owned()).is_some() {
            return None;
        }
    }
    Some(given)
}

fn same(given: &str, expected: &str) -> bool {
    given.as_bytes().ct_eq(expected.as_bytes()).into()
}

/// What codes and error codes are made of (RFC 6749 appendix A.11, A.7).
fn is_visible_ascii(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
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
