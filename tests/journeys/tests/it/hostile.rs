//! Strangers at the listener while a sign-in waits there: each gets its answer within its limit,
//! nothing of the sign-in is used up, and the person's own browser gets through afterwards.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use onhand_core::api::{ConnectStage, Connecting};
use onhand_core::onpatient::sign_in::DEFAULT_TIMEOUT;
use onhand_sandbox::{Answer, Config};
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::traveller::Traveller;

/// What the listener allows for a handshake, and again for a head.
const STEP: Duration = Duration::from_secs(5);
/// What a machine that is busy with other tests may add to it, and to an answer that waits for nothing.
const GRACE: Duration = Duration::from_secs(3);
/// For the whole sign-in, while strangers are at work: what a person has, too.
const SIGN_IN: Duration = DEFAULT_TIMEOUT;

/// A sign-in under way whose start address the rightful browser has opened.
struct Scene {
    traveller: Traveller,
    begun: Connecting,
    tls: TlsConnector,
    port: u16,
    /// What the rightful browser carries.
    cookie: String,
    /// Where the portal was to send it back to.
    state: String,
    start: String,
}

impl Scene {
    async fn set() -> Scene {
        let traveller = Traveller::new("").await;
        let begun = traveller.begin_within(None, SIGN_IN).await.unwrap();
        let certificate = traveller.app.connecting_certificate().unwrap();
        let start = begun.start_url.clone().unwrap();
        let port: u16 = start.split([':', '/']).nth(4).unwrap().parse().unwrap();
        let start = start.split_once(&format!(":{port}")).unwrap().1.to_owned();
        let mut scene = Scene {
            traveller,
            begun,
            tls: trusting(&certificate),
            port,
            cookie: String::new(),
            state: String::new(),
            start,
        };
        let answer = scene.get(&scene.start, "").await.unwrap();
        assert_eq!(answer.status, 302, "{}", answer.text);
        scene.cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let authorize = answer.header("location").to_owned();
        let query = authorize.split_once('?').unwrap().1;
        let state = query.split('&').find_map(|pair| pair.strip_prefix("state=")).unwrap();
        scene.state = state.to_owned();
        scene.cookie.insert_str(0, "Cookie: ");
        scene
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.unwrap()
    }

    async fn secure(&self) -> std::io::Result<TlsStream<TcpStream>> {
        self.tls.connect(ServerName::try_from("localhost").unwrap(), self.connect().await).await
    }

    async fn send(&self, request: &[u8]) -> Option<Reply> {
        let mut stream = self.secure().await.ok()?;
        // The other side may have answered and gone before it has read everything.
        let _ = stream.write_all(request).await;
        Reply::read(&mut stream).await
    }

    async fn get(&self, target: &str, header: &str) -> Option<Reply> {
        let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
        let host = format!("Host: localhost:{}", self.port);
        self.send(format!("GET {target} HTTP/1.1\r\n{host}\r\n{header}\r\n").as_bytes()).await
    }

    fn right(&self, more: &str) -> String {
        format!("/callback?code=stolen&state={}{more}", self.state)
    }

    /// The sign-in is as it was, and its own browser takes it to the end.
    async fn ends_well(self) {
        let told = self.traveller.app.connecting().unwrap();
        assert_eq!(told.stage, ConnectStage::AtPortal, "{told:?}");
        let portal = &self.traveller.portal;
        assert_eq!(portal.stats().n_codes_exchanged, 0);
        let answer = self.get(&self.start, &self.cookie).await.unwrap();
        let authorize = answer.header("location").to_owned();
        let callback = portal.answer(&authorize, "edwin", Answer::Allow).unwrap();
        let target = callback.split_once(&format!(":{}", self.port)).unwrap().1;
        let answer = self.get(target, &self.cookie).await.unwrap();
        assert_eq!(answer.status, 303, "{}", answer.text);
        let again = self.get(target, &self.cookie).await.unwrap();
        assert_eq!(again.status, 410, "a second use");
        // The listener ends with its last page, which is for that browser alone.
        let name = self.cookie.rsplit_once('=').unwrap().0;
        for stranger in ["", &format!("{name}=wrong"), "Cookie: session=1"] {
            let early = self.get("/done", stranger).await.unwrap();
            assert_eq!(early.status, 404, "{}", early.text);
        }
        let page = self.get("/done", &self.cookie).await.unwrap();
        assert!(page.text.contains("You are connected"), "{}", page.text);
        let ended = self.traveller.app.connecting_ends().await.unwrap();
        assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
        assert_eq!(self.traveller.portal.stats().n_codes_exchanged, 1);
        self.traveller.app.sign_in_is_over().await;
        assert!(nothing_listens(self.port).await, "it listens after the sign-in");
        assert_eq!(ended.portal, self.begun.portal);
    }
}

struct Reply {
    status: u16,
    text: String,
}

impl Reply {
    async fn read(stream: &mut TlsStream<TcpStream>) -> Option<Reply> {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        Some(Reply { status, text })
    }

    fn header(&self, name: &str) -> &str {
        self.text
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(other, value)| other.eq_ignore_ascii_case(name).then_some(value))
            .unwrap()
    }
}

fn trusting(certificate: &[u8]) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from(certificate.to_vec())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn nothing_listens(port: u16) -> bool {
    let four = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let six = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
    TcpStream::connect(four).await.is_err() && TcpStream::connect(six).await.is_err()
}

#[tokio::test]
async fn every_strange_request_gets_its_answer_and_takes_nothing() {
    let scene = Scene::set().await;
    let (own, cookie) = (format!("Host: localhost:{}", scene.port), scene.cookie.clone());
    let name = cookie.split_once('=').unwrap().0.to_owned();
    let mut requests: Vec<(&str, String, u16)> = Vec::new();
    let mut callback = |what, target: String, header: &str, status| {
        requests.push((
            what,
            format!("GET {target} HTTP/1.1\r\n{own}\r\n{header}\r\n\r\n"),
            status,
        ));
    };
    callback("a foreign state", "/callback?code=a&state=guess".into(), &cookie, 400);
    callback("an empty state", "/callback?code=a&state=".into(), &cookie, 400);
    callback("no state", "/callback?code=a".into(), &cookie, 400);
    callback("nothing at all", "/callback".into(), &cookie, 400);
    callback("a state and more", format!("{}x", scene.right("")), &cookie, 400);
    callback("no cookie", scene.right(""), "X: y", 400);
    callback("a wrong cookie", scene.right(""), &format!("{name}=wrong"), 400);
    callback("another cookie", scene.right(""), "Cookie: session=1", 400);
    callback("an issuer of elsewhere", scene.right("&iss=https://evil.example"), &cookie, 400);
    callback("an issuer over http", scene.right("&iss=http://localhost"), &cookie, 400);
    callback("an empty issuer", scene.right("&iss="), &cookie, 400);
    callback("two codes", scene.right("&code=b"), &cookie, 400);
    callback("two states", scene.right(&format!("&state={}", scene.state)), &cookie, 400);
    callback("a code and an error", scene.right("&error=access_denied"), &cookie, 400);
    callback("another parameter twice", scene.right("&x=1&x=2"), &cookie, 400);
    callback("21 parameters", scene.right(&numbered(21)), &cookie, 400);
    callback("a value of 5 KB", scene.right(&format!("&x={}", "x".repeat(5_000))), &cookie, 400);
    callback("a line break in the code", "/callback?code=a%0d%0ab".into(), &cookie, 400);
    callback("a frame", scene.right(""), &format!("Sec-Fetch-Dest: iframe\r\n{cookie}"), 400);
    callback("a script", scene.right(""), &format!("Sec-Fetch-Mode: cors\r\n{cookie}"), 400);
    callback("the start address of another", "/start?n=guess".into(), &cookie, 400);
    callback("the start address without its number", "/start".into(), &cookie, 400);
    callback("the start address in a second browser", scene.start.clone(), "X: y", 403);
    callback("the last page too early", "/done".into(), &cookie, 404);
    callback("the other last page", "/failed".into(), &cookie, 404);
    callback("another path", "/favicon.ico".into(), &cookie, 404);
    callback("a path that is almost it", "/callback/".into(), &cookie, 404);
    callback("a path in other letters", "/c%61llback".into(), &cookie, 404);
    callback("a head of 9 KB", scene.right(""), &format!("X: {}", "x".repeat(9_000)), 431);
    callback("101 headers", scene.right(""), &["A: b"; 101].join("\r\n"), 431);
    for method in ["POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "PRI"] {
        let request = format!("{method} {} HTTP/1.1\r\n{own}\r\n{cookie}\r\n\r\n", scene.right(""));
        requests.push(("another method", request, 405));
    }
    for host in [
        "Host: evil.example".to_owned(),
        "Host: localhost".to_owned(),
        format!("Host: 127.0.0.1:{}", scene.port),
        format!("Host: localhost:{}", scene.port ^ 1),
        format!("Host: localhost.evil.example:{}", scene.port),
        format!("{own}\r\n{own}"),
        "X-Forwarded-Host: localhost".to_owned(),
    ] {
        let request = format!("GET {} HTTP/1.1\r\n{host}\r\n{cookie}\r\n\r\n", scene.right(""));
        requests.push(("another host", request, 421));
    }
    for line in ["\0\0\0\0", "GET", "GET /callback HTTP/9.9", "SSH-2.0-x", "GET\t/ HTTP/1.1\r\n :"]
    {
        requests.push(("no HTTP", format!("{line}\r\n\r\n"), 400));
    }

    let mut answers: BTreeMap<u16, u32> = BTreeMap::new();
    let mut longest = Duration::ZERO;
    for (what, request, status) in &requests {
        let begun = Instant::now();
        let reply = scene.send(request.as_bytes()).await.unwrap_or_else(|| panic!("{what}"));
        assert_eq!(reply.status, *status, "{what}: {request}");
        assert!(!reply.text.contains("stolen") && !reply.text.contains(&scene.state), "{what}");
        longest = longest.max(begun.elapsed());
        *answers.entry(*status).or_default() += 1;
    }
    assert!(longest < GRACE, "{longest:?}");
    println!("{} strange requests: {answers:?}, the longest took {longest:?}", requests.len());
    scene.ends_well().await;
}

fn numbered(n: usize) -> String {
    (0..n).map(|n| format!("&p{n}=1")).collect()
}

#[tokio::test]
async fn slow_and_half_open_clients_are_given_up_within_their_limit() {
    let scene = Scene::set().await;
    let begun = Instant::now();
    let silent = async {
        let mut stream = scene.connect().await;
        assert_eq!(stream.read(&mut [0; 16]).await.unwrap_or(0), 0);
        ("says nothing", begun.elapsed(), STEP)
    };
    let plain = async {
        let mut stream = scene.connect().await;
        stream.write_all(b"GET /callback HTTP/1.1\r\n\r\n").await.unwrap();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        assert!(!rest.starts_with(b"HTTP"), "an answer without TLS");
        ("speaks no TLS", begun.elapsed(), Duration::ZERO)
    };
    let torn_hello = async {
        let mut stream = scene.connect().await;
        stream.write_all(&[0x16, 0x03, 0x01, 0x01, 0x00, 0x01]).await.unwrap();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        ("stops in its first words", begun.elapsed(), STEP)
    };
    let half_a_head = async {
        let mut stream = scene.secure().await.unwrap();
        stream.write_all(b"GET /callback?code=a").await.unwrap();
        let reply = Reply::read(&mut stream).await.unwrap();
        assert_eq!(reply.status, 408);
        ("sends half a request", begun.elapsed(), STEP)
    };
    let byte_by_byte = async {
        let mut stream = scene.secure().await.unwrap();
        let request = format!("GET {} HTTP/1.1\r\nX: ", scene.right(""));
        for byte in request.bytes().chain(std::iter::repeat(b'x')) {
            if stream.write_all(&[byte]).await.is_err() || begun.elapsed() > STEP + GRACE {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            if begun.elapsed() > STEP + Duration::from_secs(1) {
                break;
            }
        }
        let status = Reply::read(&mut stream).await.map(|reply| reply.status);
        assert!(matches!(status, None | Some(408)), "{status:?}");
        ("sends a byte at a time", begun.elapsed(), STEP)
    };
    let half_closed = async {
        let mut stream = scene.secure().await.unwrap();
        stream.write_all(b"GET /callback").await.unwrap();
        stream.shutdown().await.unwrap();
        assert!(Reply::read(&mut stream).await.is_none());
        ("closes its half", begun.elapsed(), Duration::ZERO)
    };
    let never_reads = async {
        let mut stream = scene.secure().await.unwrap();
        let request = format!("GET {} HTTP/1.1\r\n\r\n", scene.right(""));
        stream.write_all(request.as_bytes()).await.unwrap();
        tokio::time::sleep(STEP).await;
        let mut raw = stream.into_inner().0;
        let mut rest = Vec::new();
        raw.read_to_end(&mut rest).await.unwrap_or(0);
        ("never reads its answer", begun.elapsed(), STEP)
    };
    let (a, b, c, d, e, f, g) = tokio::join!(
        silent,
        plain,
        torn_hello,
        half_a_head,
        byte_by_byte,
        half_closed,
        never_reads
    );
    for (what, took, limit) in [a, b, c, d, e, f, g] {
        println!("a client that {what}: given up after {took:?}");
        assert!(took < limit + GRACE, "{what}: {took:?}");
    }
    scene.ends_well().await;
}

#[tokio::test]
async fn ten_thousand_connections_one_after_another_wear_nothing_out() {
    const N: usize = 10_000;
    let scene = Scene::set().await;
    let begun = Instant::now();
    let (mut n_answered, mut n_closed, mut n_left) = (0, 0, 0);
    let mut longest = Duration::ZERO;
    for n in 0..N {
        let words: &[u8] = match n % 10 {
            // A whole request, with its answer awaited.
            0 if n % 20 == 0 => {
                let asked = Instant::now();
                let reply = scene.get("/callback?code=a&state=guess", &scene.cookie).await;
                assert_eq!(reply.unwrap().status, 400);
                n_answered += 1;
                longest = longest.max(asked.elapsed());
                continue;
            }
            // A handshake and no more.
            1 if n % 50 == 1 => {
                drop(scene.secure().await);
                n_left += 1;
                continue;
            }
            // Not a word.
            0 | 1 | 5 => {
                drop(scene.connect().await);
                n_left += 1;
                continue;
            }
            2 | 6 => b"GET / HTTP/1.1\r\n\r\n",
            3 | 7 => &[0x16, 0x03, 0x01, 0xff, 0xff, 0x01],
            4 | 8 => &[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x2e],
            _ => &[0xff; 64],
        };
        let asked = Instant::now();
        let mut stream = scene.connect().await;
        let _ = stream.write_all(words).await;
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said).await;
        assert!(!said.starts_with(b"HTTP"), "an answer without TLS");
        n_closed += 1;
        longest = longest.max(asked.elapsed());
    }
    println!(
        "{N} connections in {:?}: {n_answered} requests answered, {n_closed} that are none closed, \
         {n_left} left by those who came; the longest took {longest:?}",
        begun.elapsed()
    );
    assert_eq!((n_answered, n_closed, n_left), (500, 7_000, 2_500));
    assert!(longest < GRACE, "{longest:?}");
    scene.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_requests_at_once_are_each_answered_or_given_up_within_their_limit() {
    allow_many_files();
    let scene = Arc::new(Scene::set().await);
    let begun = Instant::now();
    let mut strangers = JoinSet::new();
    for _ in 0..1_000 {
        let scene = Arc::clone(&scene);
        strangers.spawn(async move {
            let reply = scene.get("/callback?code=a&state=guess", &scene.cookie).await;
            reply.map(|reply| reply.status)
        });
    }
    let (mut n_answered, mut n_given_up) = (0, 0);
    while let Some(status) = strangers.join_next().await {
        match status.unwrap() {
            Some(status) => {
                assert_eq!(status, 400);
                n_answered += 1;
            }
            None => n_given_up += 1,
        }
    }
    let took = begun.elapsed();
    println!("1,000 requests at once: {n_answered} answered, {n_given_up} given up, in {took:?}");
    assert_eq!(n_answered + n_given_up, 1_000);
    // Who does not come to the end within a second makes room for those who wait. How many that are is
    // up to this computer, which plays the thousand as well.
    assert!(n_answered >= 100, "{n_answered}");
    Arc::into_inner(scene).unwrap().ends_well().await;
}

#[tokio::test]
async fn a_thousand_connections_at_once_lock_nobody_out() {
    allow_many_files();
    let scene = Scene::set().await;
    let begun = Instant::now();
    let mut open = Vec::new();
    for n in 0..1_000 {
        let mut stream = scene.connect().await;
        if n % 2 == 0 {
            let _ = stream.write_all(&[0x16, 0x03, 0x01, 0x01]).await;
        }
        open.push(stream);
    }
    // Some of them speak TLS and stop in the middle of a request.
    let mut secure = Vec::new();
    for _ in 0..40 {
        if let Ok(mut stream) = scene.secure().await {
            let _ = stream.write_all(b"GET /callback?code=").await;
            secure.push(stream);
        }
    }
    let mut longest = Duration::ZERO;
    for _ in 0..20 {
        let asked = Instant::now();
        let reply = scene.get("/callback?code=a&state=guess", &scene.cookie).await;
        assert_eq!(reply.unwrap().status, 400);
        longest = longest.max(asked.elapsed());
    }
    println!(
        "{} idle and {} half-finished connections held in {:?}; the longest answer beside them took \
         {longest:?}",
        open.len(),
        secure.len(),
        begun.elapsed()
    );
    assert!(longest < STEP, "nobody had to be given up first: {longest:?}");
    scene.ends_well().await;
    assert_eq!((open.len(), secure.len()), (1_000, 40));
}

#[tokio::test]
async fn nothing_listens_when_no_sign_in_runs() {
    let traveller = Traveller::new("").await;
    let port: u16 = traveller.redirect_uri.split([':', '/']).nth(4).unwrap().parse().unwrap();
    assert!(nothing_listens(port).await, "before");

    traveller.begin(None).await.unwrap();
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok());
    traveller.app.cancel_connect();
    let mut tried = 0;
    while !nothing_listens(port).await {
        tried += 1;
        assert!(tried < 500, "it listens after it was cancelled");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    traveller.begin_within(None, Duration::from_millis(100)).await.unwrap();
    traveller.app.connecting_ends().await.unwrap();
    assert!(nothing_listens(port).await, "after its time was over");

    let account = traveller.sign_in("edwin").await;
    assert!(nothing_listens(port).await, "after a sign-in");
    traveller.sync(account).await.unwrap();
    assert!(nothing_listens(port).await, "while records are here");
}

#[tokio::test]
async fn a_port_that_is_taken_on_one_family_gives_way_to_the_next() {
    let first = Traveller::new("").await.redirect_uri;
    let second = Traveller::new("").await.redirect_uri;
    let port: u16 = first.split([':', '/']).nth(4).unwrap().parse().unwrap();
    let squatters: Vec<SocketAddr> = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
    ]
    .into();
    let mut n_tried = 0;
    for squatter in squatters {
        let Ok(taken) = TcpListener::bind(squatter) else {
            println!("left out {squatter}: this computer has no such address");
            continue;
        };
        n_tried += 1;
        let mut traveller = Traveller::with(Config::default()).await;
        traveller.portal.shutdown().await;
        traveller.portal = onhand_sandbox::Sandbox::start(Config {
            redirect_uris: vec![first.clone(), second.clone()],
            ..Config::default()
        })
        .await
        .unwrap();
        let input = onhand_core::api::Connect {
            client_id: traveller.portal.client_id().to_owned(),
            client_secret: Some(traveller.portal.client_secret().to_owned()),
            portal: Some(traveller.portal.origin().to_owned()),
            redirect_uris: Some(vec![first.clone(), second.clone()]),
        };
        let how = traveller.how(None, Duration::from_secs(30));
        let begun = traveller.app.connect(input, how).await.unwrap();
        let start = begun.start_url.as_deref().unwrap();
        assert!(second.starts_with(start.split_once("/start").unwrap().0), "{start}");
        let ended = traveller.visit(&begun, "edwin", Answer::Allow).await;
        assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
        drop(taken);
    }
    assert!(n_tried > 0);
}

/// Set in a network of its own that has no IPv6.
#[cfg(target_os = "linux")]
const WITHOUT_IPV6: &str = "ONHAND_TEST_WITHOUT_IPV6";

#[cfg(target_os = "linux")]
#[test]
fn a_computer_with_ipv6_switched_off_signs_in_all_the_same() {
    if std::env::var_os(WITHOUT_IPV6).is_some() {
        // In the network without IPv6.
        assert!(TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err(), "there is IPv6 after all");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let traveller = Traveller::new("").await;
            let account = traveller.sign_in("edwin").await;
            assert!(traveller.sync(account).await.unwrap().complete);
        });
        println!("signed in without IPv6");
        return;
    }
    let switch_off = "ip link set lo up && echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6";
    let itself = std::env::current_exe().unwrap();
    let apart = |script: &str| {
        std::process::Command::new("unshare")
            .args(["--user", "--map-root-user", "--net", "sh", "-c", script, "sh"])
            .arg(&itself)
            .env(WITHOUT_IPV6, "1")
            .output()
    };
    if !apart(switch_off).is_ok_and(|output| output.status.success()) {
        println!("left out: no network of its own can be made here (unshare --user --net, ip)");
        return;
    }
    let this = "hostile::a_computer_with_ipv6_switched_off_signs_in_all_the_same";
    let inner = format!("{switch_off} && exec \"$1\" {this} --exact --nocapture");
    let output = apart(&inner).unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("signed in without IPv6"),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[cfg(unix)]
fn allow_many_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
}

#[cfg(not(unix))]
fn allow_many_files() {}
