//! The listener: binds both loopback addresses, speaks TLS, routes, and keeps count.

use crate::certificate::{Certificate, CertificateError};
use crate::faults::Faults;
use crate::oauth::{self, Answer, Desk, Refused};
use crate::people::{Login, Population};
use crate::{fhir, page};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, post};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// How long a client may take for the handshake and for the head of a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// Free ports tried before giving up on finding one that is free on both loopback addresses.
const N_PORT_TRIES: usize = 20;

/// The request log stops growing here; the counts go on.
const N_LOGGED_MAX: usize = 100_000;

/// How a stand-in portal is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The port on loopback; 0 takes any free one.
    pub port: u16,
    /// The redirect addresses registered for the client, compared letter by letter.
    pub redirect_uris: Vec<String>,
    /// What goes wrong from the start; see [`Sandbox::set_faults`].
    pub faults: Faults,
    /// Whose records there are.
    pub population: Population,
    /// Entries on a page where the request does not say (`page-size`).
    pub page_size: usize,
    /// The most entries on a page, whatever the request says.
    pub page_size_cap: usize,
    /// How long an access token lives.
    pub token_life: Duration,
    /// How long a code lives.
    pub code_life: Duration,
    /// The client's id; a random one where there is none.
    pub client_id: Option<String>,
    /// The client's secret; a random one where there is none.
    pub client_secret: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            redirect_uris: [27443, 27444, 27445]
                .map(|port| format!("https://localhost:{port}/callback"))
                .to_vec(),
            faults: Faults::none(),
            population: Population::invented(),
            page_size: 50,
            page_size_cap: 250,
            token_life: Duration::from_hours(48),
            code_life: Duration::from_secs(60),
            client_id: None,
            client_secret: None,
        }
    }
}

/// Why the stand-in could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No certificate could be made.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The port is in use, on one of the two loopback addresses at least.
    #[error("Port {0} is in use by another program. Choose another one, or 0 for any free one.")]
    PortTaken(u16),
    /// The listener could not be opened.
    #[error("The practice portal could not listen on this computer.")]
    Bind(#[source] io::Error),
    /// The random source of this machine gave nothing.
    #[error("The random number source of this computer did not answer.")]
    Random(#[source] getrandom::Error),
}

/// A running stand-in portal; it ends when this value is dropped.
#[derive(Debug)]
pub struct Sandbox {
    origin: String,
    certificate_der: Vec<u8>,
    certificate_pem: String,
    logins: Vec<Login>,
    portal: Arc<Portal>,
    accepting: Vec<JoinHandle<()>>,
}

/// What has been asked of the portal so far, without any secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// The requests in the order of their answers, the first 100,000 of them.
    pub requests: Vec<Request>,
    /// How many requests there were.
    pub n_requests: usize,
    /// The most data requests that were being answered at one time.
    pub most_at_once: usize,
    /// Access tokens given out for a code.
    pub n_codes_exchanged: usize,
    /// Access tokens given out for a refresh token.
    pub n_refreshes: usize,
    /// Sign-ins that were revoked at `/o/revoke_token/`.
    pub n_revoked: usize,
}

/// One request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, as in `GET`.
    pub method: String,
    /// The `Host` header as it was sent.
    pub host: String,
    /// Path, with the query for data requests; sign-in queries are left out.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// Whether an access token came with it.
    pub token: Presented,
}

/// Which access token came with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// None at all.
    Nothing,
    /// One that held.
    Good,
    /// One that did not hold (ended, revoked, never given).
    Bad,
}

impl Sandbox {
    /// Starts a portal on 127.0.0.1 and, where this computer has it, on ::1 at the same port.
    ///
    /// # Errors
    /// A taken port, no listener, or no certificate.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let certificate = Certificate::fresh(wall_clock())?;
        let listeners = bind(config.port).await?;
        let port = listeners
            .first()
            .and_then(|listener| listener.local_addr().ok())
            .map_or(config.port, |address| address.port());
        let origin = format!("https://localhost:{port}");
        let desk = Desk::new(&config).map_err(Error::Random)?;
        let portal = Arc::new(Portal {
            origin: origin.clone(),
            foreign_origin: format!("https://127.0.0.1:{port}"),
            page_size: config.page_size.max(1),
            page_size_cap: config.page_size_cap.max(1),
            logins: config.population.logins(),
            population: config.population,
            desk,
            faults: Mutex::new(Arc::new(config.faults)),
            stats: Mutex::default(),
            moods: Mutex::default(),
        });
        let router = router(Arc::clone(&portal));
        let accepting = listeners
            .into_iter()
            .map(|listener| {
                let acceptor = TlsAcceptor::from(Arc::clone(&certificate.tls));
                tokio::spawn(accept(listener, acceptor, router.clone()))
            })
            .collect();
        Ok(Self {
            origin,
            certificate_der: certificate.der,
            certificate_pem: certificate.pem,
            logins: portal.logins.clone(),
            portal,
            accepting,
        })
    }

    /// Where the portal is, as in `https://localhost:40123`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The portal's certificate, the one to trust for this origin.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    /// The same certificate as PEM text.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The registered client's id.
    pub fn client_id(&self) -> &str {
        self.portal.desk.client_id()
    }

    /// The registered client's secret.
    pub fn client_secret(&self) -> &str {
        self.portal.desk.client_secret()
    }

    /// The practice log-ins.
    pub fn logins(&self) -> &[Login] {
        &self.logins
    }

    /// What was asked so far.
    pub fn stats(&self) -> Stats {
        lock(&self.portal.stats).total.clone()
    }

    /// Forgets what was asked so far.
    pub fn clear_stats(&self) {
        lock(&self.portal.stats).total = Stats::default();
    }

    /// The faults that are on.
    pub fn faults(&self) -> Faults {
        Faults::clone(&self.portal.faults())
    }

    /// Switches to other faults, from the next request on; what they count begins anew.
    pub fn set_faults(&self, faults: Faults) {
        *lock(&self.portal.faults) = Arc::new(faults);
        *lock(&self.portal.moods) = Moods::default();
    }

    /// Ends every session, code and token there is.
    pub fn revoke_all(&self) {
        self.portal.desk.revoke_all();
    }

    /// Ends every access token there is, as its 48 hours do; refresh tokens go on.
    pub fn end_access(&self) {
        self.portal.desk.end_access();
    }

    /// Opens `authorize_url` as a person would who logs in as `user` and then allows or denies,
    /// and gives the address that the browser is sent to.
    ///
    /// # Errors
    /// What the portal would show on a page instead of sending the browser back.
    pub fn answer(
        &self,
        authorize_url: &str,
        user: &str,
        answer: Answer,
    ) -> Result<String, Refused> {
        oauth::answer(&self.portal, authorize_url, user, answer)
    }

    /// Closes the listener and every connection, and waits until they are closed.
    pub async fn shutdown(mut self) {
        for task in std::mem::take(&mut self.accepting) {
            task.abort();
            // An aborted task ends with an error, which is what was asked for.
            let _ = task.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.accepting {
            task.abort();
        }
    }
}

/// What every handler sees.
#[derive(Debug)]
pub(crate) struct Portal {
    pub(crate) origin: String,
    /// The same listener under another origin: a trap for links that must not be followed.
    pub(crate) foreign_origin: String,
    pub(crate) page_size: usize,
    pub(crate) page_size_cap: usize,
    pub(crate) logins: Vec<Login>,
    pub(crate) population: Population,
    pub(crate) desk: Desk,
    faults: Mutex<Arc<Faults>>,
    stats: Mutex<Counts>,
    pub(crate) moods: Mutex<Moods>,
}

/// What faults remember between requests.
#[derive(Debug, Default)]
pub(crate) struct Moods {
    /// Data addresses seen under `flaky`.
    pub(crate) seen: std::collections::BTreeSet<String>,
    pub(crate) n_torn: usize,
    pub(crate) n_odd: usize,
    pub(crate) n_before_revoking: u64,
    pub(crate) revoked_midway: bool,
    /// How often the first page of each list was asked for.
    pub(crate) beginnings: std::collections::BTreeMap<String, u64>,
    pub(crate) was_busy: bool,
}

#[derive(Debug, Default)]
struct Counts {
    total: Stats,
    n_now: usize,
}

impl Portal {
    pub(crate) fn faults(&self) -> Arc<Faults> {
        Arc::clone(&lock(&self.faults))
    }

    pub(crate) fn count(&self, add: impl FnOnce(&mut Stats)) {
        add(&mut lock(&self.stats).total);
    }
}

/// Locks, whatever a panicking thread left behind: nothing here spans more than one statement.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The time of this computer, for a certificate and for `Retry-After`.
#[expect(clippy::disallowed_methods, reason = "the stand-in portal is its own host")]
pub(crate) fn wall_clock() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

fn router(portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/", get(page::home))
        .route("/o/authorize/", get(oauth::authorize).post(oauth::consent))
        .route("/o/log-in/", post(oauth::log_in))
        .route("/o/log-out/", post(oauth::log_out))
        .route("/o/token/", post(oauth::token))
        .route("/o/revoke_token/", post(oauth::revoke))
        .route("/api/fhir/metadata", any(fhir::metadata))
        .route("/api/fhir/{kind}", any(fhir::list))
        .route("/api/fhir/{kind}/", any(fhir::list))
        .route("/api/fhir/{kind}/{id}", any(fhir::read))
        .fallback(page::not_found)
        .layer(middleware::from_fn_with_state(Arc::clone(&portal), watch))
        .with_state(portal)
}

/// Counts each request, delays it if it must be slow, and puts the headers on that all need.
async fn watch(
    State(portal): State<Arc<Portal>>,
    request: axum::extract::Request,
    next: Next,
) -> Response {
    let method = request.method().to_string();
    let host = host_of(request.headers());
    let data = request.uri().path().starts_with("/api/fhir");
    let path = loggable(request.uri(), data);
    let token = match oauth::bearer(request.headers()) {
        None => Presented::Nothing,
        Some(token) if portal.desk.holder(token).is_some() => Presented::Good,
        Some(_) => Presented::Bad,
    };
    let _here = data.then(|| Here::new(&portal));
    if (data || path == "/o/token/")
        && let Some(delay) = portal.faults().delay()
    {
        tokio::time::sleep(delay).await;
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.entry(name).or_insert(header::HeaderValue::from_static(value));
    }
    let status = response.status().as_u16();
    portal.count(|stats| {
        stats.n_requests = stats.n_requests.saturating_add(1);
        if stats.requests.len() < N_LOGGED_MAX {
            stats.requests.push(Request { method, host, path, status, token });
        }
    });
    response
}

/// Counts a data request for as long as it is being answered.
struct Here<'a>(&'a Portal);

impl<'a> Here<'a> {
    fn new(portal: &'a Portal) -> Self {
        let mut stats = lock(&portal.stats);
        stats.n_now = stats.n_now.saturating_add(1);
        stats.total.most_at_once = stats.total.most_at_once.max(stats.n_now);
        Self(portal)
    }
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        let mut stats = lock(&self.0.stats);
        stats.n_now = stats.n_now.saturating_sub(1);
    }
}

fn host_of(headers: &HeaderMap) -> String {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned()
}

fn loggable(uri: &Uri, data: bool) -> String {
    match uri.query() {
        Some(query) if data => format!("{}?{query}", uri.path()),
        Some(_) | None => uri.path().to_owned(),
    }
}

/// Both loopback addresses at one port; only the first where there is no IPv6.
async fn bind(port: u16) -> Result<Vec<TcpListener>, Error> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..N_PORT_TRIES {
        let v4 = match listen(Ipv4Addr::LOCALHOST.into(), port).await {
            Ok(listener) => listener,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                return Err(Error::PortTaken(port));
            }
            Err(error) => return Err(Error::Bind(error)),
        };
        let chosen = v4.local_addr().map_err(Error::Bind)?.port();
        match listen(Ipv6Addr::LOCALHOST.into(), chosen).await {
            Ok(v6) => return Ok(vec![v4, v6]),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                if port != 0 {
                    return Err(Error::PortTaken(port));
                }
                last = error;
            }
            // IPv6 is switched off here.
            Err(_) => return Ok(vec![v4]),
        }
    }
    Err(Error::Bind(last))
}

async fn listen(address: IpAddr, port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::new(address, port)).await
}

/// Takes connections until it is aborted, and then takes them down with it.
async fn accept(listener: TcpListener, acceptor: TlsAcceptor, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, acceptor.clone(), router.clone()));
                }
                // Out of file descriptors, or a client that left: the next one may fare better.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, router: Router) {
    // Answers are small and each is waited for.
    let _ = stream.set_nodelay(true);
    let Ok(Ok(tls)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await else {
        return;
    };
    // A connection that breaks is the client's affair.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(tls), TowerToHyperService::new(router))
        .await;
}

/// An answer with a body of a content type.
pub(crate) fn answer_with(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Body>,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    response
}
