//! A stand-in portal for the tests of this module: HTTPS on loopback, one closure for an answer.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
#[cfg(target_os = "linux")]
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};
use url::form_urlencoded;

use super::certificate::Leaf;
use super::portal::Portal;
use crate::clock::system_clock;

/// The helper of onhand-nss, where it was built beside these tests.
#[cfg(target_os = "linux")]
pub(crate) fn built_helper() -> Option<PathBuf> {
    let tests = std::env::current_exe().unwrap();
    let helper = tests.ancestors().nth(2).unwrap().join("onhand-nss-helper");
    if helper.is_file() {
        return Some(helper);
    }
    eprintln!("skipped what needs it: the helper of onhand-nss is not built");
    None
}

/// A request as the fake saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    /// By lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// What the fake answers.
#[derive(Clone, Debug)]
pub(crate) struct Canned {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    is_torn: bool,
    is_silent: bool,
}

impl Canned {
    pub(crate) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), is_torn: false, is_silent: false }
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status).header("Content-Type", "application/json").body(body)
    }

    pub(crate) fn html(status: u16) -> Self {
        Self::new(status)
            .header("Content-Type", "text/html; charset=utf-8")
            .body("<!doctype html><title>Log in</title>")
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Promises more than it sends.
    pub(crate) fn torn(mut self) -> Self {
        self.is_torn = true;
        self
    }

    /// Never comes.
    pub(crate) fn silent() -> Self {
        Self { is_silent: true, ..Self::new(200) }
    }

    fn bytes(&self) -> Vec<u8> {
        let length = self.body.len() + if self.is_torn { 100 } else { 0 };
        let mut head = format!(
            "HTTP/1.1 {} X\r\nConnection: close\r\nContent-Length: {length}\r\n",
            self.status
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// A portal that answers until it is dropped.
pub(crate) struct Fake {
    pub(crate) portal: Portal,
    seen: watch::Sender<Vec<Seen>>,
    task: JoinHandle<()>,
}

impl Fake {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Canned + Send + Sync + 'static) -> Self {
        let leaf = Leaf::new(system_clock()()).unwrap();
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
        let address = format!("https://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let portal = Portal::new(&address, Some(leaf.der().to_vec())).unwrap();
        let (seen, _) = watch::channel(Vec::new());
        let tls = TlsAcceptor::from(leaf.server_config());
        let answer: Arc<dyn Fn(&Seen) -> Canned + Send + Sync> = Arc::new(answer);
        let task = tokio::spawn(serve(listener, tls, answer, seen.clone()));
        Self { portal, seen, task }
    }

    /// The same portal, known without its certificate.
    pub(crate) fn distrusted(&self) -> Portal {
        Portal::new(&self.portal.origin(), None).unwrap()
    }

    /// Nothing listens any more when this returns.
    pub(crate) async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.borrow().clone()
    }

    /// Waits until a request has come, and then lets this much time pass at once.
    pub(crate) async fn let_time_pass(&self, time: Duration) {
        self.seen.subscribe().wait_for(|seen| !seen.is_empty()).await.unwrap();
        tokio::time::pause();
        tokio::time::advance(time).await;
        tokio::time::resume();
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A port that is free on both address families, and that no outgoing connection is given by the
/// system; each test gets one of its own.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(97);
    loop {
        let n = first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = 10_000 + u16::try_from(n % 16_000).unwrap();
        let is_free = |ip: IpAddr| match std::net::TcpListener::bind((ip, port)) {
            Ok(_) => true,
            Err(error) => error.kind() == io::ErrorKind::AddrNotAvailable,
        };
        if is_free(Ipv4Addr::LOCALHOST.into()) && is_free(Ipv6Addr::LOCALHOST.into()) {
            return port;
        }
    }
}

/// A browser of the simplest kind, at `https://localhost:PORT`.
pub(crate) struct Visitor {
    tls: TlsConnector,
    port: u16,
}

/// What a [`Visitor`] was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// By lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Visitor {
    pub(crate) fn trusting(der: &[u8], port: u16) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from(der.to_vec())).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { tls: TlsConnector::from(Arc::new(config)), port }
    }

    pub(crate) async fn get(&self, target: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = format!("GET {target} HTTP/1.1\r\nHost: localhost:{}\r\n", self.port);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        self.send(request.as_bytes()).await.unwrap()
    }

    /// A connection whose handshake is done; nothing where it was refused or cut off.
    pub(crate) async fn connect(&self) -> Option<TlsStream<TcpStream>> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.ok()?;
        let name = ServerName::try_from("localhost").unwrap();
        self.tls.connect(name, stream).await.ok()
    }

    /// Nothing where the connection was refused or cut off.
    pub(crate) async fn send(&self, request: &[u8]) -> Option<Reply> {
        let mut stream = self.connect().await?;
        // The other side may answer and leave before it has read everything.
        let _ = stream.write_all(request).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        let Ok(httparse::Status::Complete(head)) = response.parse(&bytes) else { return None };
        Some(Reply {
            status: response.code.unwrap(),
            headers: response
                .headers
                .iter()
                .map(|h| (h.name.to_lowercase(), String::from_utf8_lossy(h.value).into_owned()))
                .collect(),
            body: String::from_utf8_lossy(&bytes[head..]).into_owned(),
        })
    }
}

async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    answer: Arc<dyn Fn(&Seen) -> Canned + Send + Sync>,
    seen: watch::Sender<Vec<Seen>>,
) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (tls, answer, seen) = (tls.clone(), Arc::clone(&answer), seen.clone());
        tokio::spawn(async move {
            // A client that goes away is the client's business.
            let _ = connection(stream, tls, answer, seen).await;
        });
    }
}

async fn connection(
    stream: TcpStream,
    tls: TlsAcceptor,
    answer: Arc<dyn Fn(&Seen) -> Canned + Send + Sync>,
    seen: watch::Sender<Vec<Seen>>,
) -> io::Result<()> {
    let mut stream = tls.accept(stream).await?;
    let request = read_request(&mut stream).await?;
    let answer = answer(&request);
    seen.send_modify(|seen| seen.push(request));
    if answer.is_silent {
        return std::future::pending().await;
    }
    stream.write_all(&answer.bytes()).await?;
    stream.shutdown().await
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Seen> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        let Ok(httparse::Status::Complete(head)) = request.parse(&bytes) else { continue };
        let headers: BTreeMap<_, _> = request
            .headers
            .iter()
            .map(|h| (h.name.to_lowercase(), String::from_utf8_lossy(h.value).into_owned()))
            .collect();
        let length = headers.get("content-length").map_or(0, |n| n.parse().unwrap());
        if bytes.len() >= head + length {
            return Ok(Seen {
                method: request.method.unwrap().to_owned(),
                target: request.path.unwrap().to_owned(),
                headers,
                body: String::from_utf8_lossy(&bytes[head..]).into_owned(),
            });
        }
    }
}
