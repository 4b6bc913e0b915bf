//! The whole way at an authorization server that nobody here wrote: django-oauth-toolkit, with a
//! certificate of its own, its own pages, rotation of refresh tokens, codes that live a minute, PKCE
//! enforced, and the client's credentials in one place only.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use jiff::SignedDuration;
use onhand_core::api::{Connect, ConnectStage, Connecting, ErrorCode, PersonAnswer};
use onhand_core::app::How;
use reqwest::{Certificate, Client, Method, header, redirect::Policy};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use url::Url;

use crate::traveller::{Traveller, outcome, rows};

/// Where `cargo xtask test` has installed what the portal needs; it fails if that is not there.
const PYTHON: &str = "ONHAND_TEST_DJANGO";

/// The portal's one log-in, as in `tests/django/portal.py`.
const USER: (&str, &str) = ("ada", "practice");

/// The portal, and somebody who connects to it.
struct Scene {
    traveller: Traveller,
    portal: Portal,
    _folder: TempDir,
}

struct Portal {
    _process: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    origin: String,
    certificate: Vec<u8>,
    client_id: String,
    client_secret: String,
}

/// What the person does at the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Consent {
    Allow,
    Cancel,
    /// Allows, and the answer takes more than a minute to come back.
    AllowLate,
}

impl Scene {
    /// `None` where the portal cannot be run; that is said.
    async fn set(client_auth: &str) -> Option<Scene> {
        let python = python()?;
        let traveller = Traveller::new("").await;
        let folder = tempfile::tempdir().unwrap();
        let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../django/portal.py");
        let mut process = Command::new(python)
            .arg(program)
            .arg(folder.path())
            .args([&traveller.redirect_uri, client_auth])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let commands = process.stdin.take().unwrap();
        let mut answers = BufReader::new(process.stdout.take().unwrap()).lines();
        // Nothing where it did not start; why stands on standard error.
        let first = answers.next_line().await.unwrap().unwrap();
        let said: Value = serde_json::from_str(&first).unwrap();
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        let portal = Portal {
            _process: process,
            commands,
            answers,
            origin: text("origin"),
            certificate: std::fs::read(text("certificate")).unwrap(),
            client_id: text("client_id"),
            client_secret: text("client_secret"),
        };
        Some(Scene { traveller, portal, _folder: folder })
    }

    async fn begin(&self, account: Option<i64>, secret: &str) -> Connecting {
        let input = Connect {
            client_id: self.portal.client_id.clone(),
            client_secret: Some(secret.to_owned()),
            portal: Some(self.portal.origin.clone()),
            redirect_uris: Some(vec![self.traveller.redirect_uri.clone()]),
        };
        let how = How {
            certificate: Some(self.portal.certificate.clone()),
            account,
            browser: false,
            timeout: Duration::from_secs(60),
            ..How::default()
        };
        self.traveller.app.connect(input, how).await.unwrap()
    }

    /// Begins a sign-in, walks it through the portal's pages, and gives how it ended.
    async fn sign_in(&mut self, account: Option<i64>, consent: Consent) -> Connecting {
        let secret = self.portal.client_secret.clone();
        let begun = self.begin(account, &secret).await;
        self.visit(&begun, consent).await
    }

    async fn visit(&mut self, begun: &Connecting, consent: Consent) -> Connecting {
        let mut browser = self.browser();
        let start = begun.start_url.as_deref().unwrap();
        let log_in = browser.get(start).await;
        assert!(log_in.html.contains("name=\"password\""), "no log-in page: {log_in:?}");
        let mut form = hidden(&log_in.html);
        form.extend([pair("username", USER.0), pair("password", USER.1)]);
        let asks = browser.post(&log_in.url, &form).await;
        assert!(asks.html.contains("authorizationForm"), "no consent page: {asks:?}");
        assert!(asks.html.contains("Read your record"), "{asks:?}");
        let mut form = hidden(&asks.html);
        if consent != Consent::Cancel {
            form.push(pair("allow", "Authorize"));
        }
        browser.stops_before =
            (consent == Consent::AllowLate).then(|| self.traveller.redirect_uri.clone());
        let mut last = browser.post(&asks.url, &form).await;
        if let Some(address) = browser.stops_before.take() {
            assert!(last.url.as_str().starts_with(&address), "{last:?}");
            self.portal.tell("age-codes").await;
            last = browser.get(last.url.as_str()).await;
        }
        assert_eq!(last.status, 200, "{last:?}");
        self.traveller.app.connecting_ends().await.unwrap()
    }

    fn browser(&self) -> Browser {
        let trusted = [
            Certificate::from_der(&self.portal.certificate).unwrap(),
            Certificate::from_der(&self.traveller.app.connecting_certificate().unwrap()).unwrap(),
        ];
        let client = Client::builder()
            .tls_certs_merge(trusted)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Browser { client, cookies: BTreeMap::new(), stops_before: None }
    }
}

impl Portal {
    /// Has the portal do something; gives its counts afterwards.
    async fn tell(&mut self, command: &str) -> Value {
        self.commands.write_all(format!("{command}\n").as_bytes()).await.unwrap();
        self.commands.flush().await.unwrap();
        let answer = self.answers.next_line().await.unwrap().unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(answer.get("error").is_none(), "{answer}");
        answer
    }
}

/// A browser without a window: cookies for each origin, redirects, and the referrer that Django asks
/// for.
struct Browser {
    client: Client,
    cookies: BTreeMap<String, BTreeMap<String, String>>,
    /// An address that is not opened when a redirect leads there.
    stops_before: Option<String>,
}

#[derive(Debug)]
struct Page {
    url: Url,
    status: u16,
    html: String,
}

impl Browser {
    async fn get(&mut self, address: &str) -> Page {
        self.follow(Method::GET, address.parse().unwrap(), None).await
    }

    /// Sends a page's form to where the page itself is.
    async fn post(&mut self, url: &Url, form: &[(String, String)]) -> Page {
        self.follow(Method::POST, url.clone(), Some(form)).await
    }

    async fn follow(
        &mut self,
        mut method: Method,
        mut url: Url,
        mut form: Option<&[(String, String)]>,
    ) -> Page {
        for _ in 0..10 {
            let origin = url.origin().ascii_serialization();
            let jar = self.cookies.entry(origin).or_default();
            let cookies: Vec<_> =
                jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut request = self.client.request(method, url.clone());
            if !cookies.is_empty() {
                request = request.header(header::COOKIE, cookies.join("; "));
            }
            if let Some(form) = form {
                request = request.form(form).header(header::REFERER, url.as_str());
            }
            let response = request.send().await.unwrap();
            for cookie in response.headers().get_all(header::SET_COOKIE) {
                let first = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = first.split_once('=').unwrap();
                jar.insert(name.trim().to_owned(), value.trim().to_owned());
            }
            let status = response.status().as_u16();
            let Some(location) = response.headers().get(header::LOCATION) else {
                return Page { url, status, html: response.text().await.unwrap() };
            };
            url = url.join(location.to_str().unwrap()).unwrap();
            if self.stops_before.as_ref().is_some_and(|stop| url.as_str().starts_with(stop)) {
                return Page { url, status, html: String::new() };
            }
            (method, form) = (Method::GET, None);
        }
        panic!("too many redirects, the last to {url}");
    }
}

/// The hidden fields of a page.
fn hidden(html: &str) -> Vec<(String, String)> {
    let inputs = html.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let attribute = |input: &str, name: &str| {
        let (_, rest) = input.split_once(&format!(" {name}=\""))?;
        Some(rest.split('"').next().unwrap_or_default().to_owned())
    };
    inputs
        .filter(|input| input.contains("type=\"hidden\""))
        .filter_map(|input| {
            let value = attribute(input, "value").unwrap_or_default();
            let value = value.replace("&quot;", "\"").replace("&#x27;", "'");
            let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            Some((attribute(input, "name")?, value))
        })
        .collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The Python that has django-oauth-toolkit.
#[expect(clippy::print_stdout, reason = "what is left out is said")]
fn python() -> Option<PathBuf> {
    if let Some(python) = std::env::var_os(PYTHON) {
        return Some(python.into());
    }
    let place = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    let tests = std::env::current_exe().unwrap();
    let python = tests.ancestors().nth(3).unwrap().join("django").join(place);
    if !python.is_file() {
        println!("left out: django-oauth-toolkit is not installed; `cargo xtask test` does it");
        return None;
    }
    Some(python)
}

async fn goes_the_whole_way(client_auth: &str) {
    let Some(mut scene) = Scene::set(client_auth).await else { return };
    let ended = scene.sign_in(None, Consent::Allow).await;
    assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
    let [person] = ended.people.as_slice() else { panic!("{:?}", ended.people) };
    assert_eq!(person.name, "Ada Example");
    assert_eq!(person.birth_date.as_deref(), Some("1961-04-02"));
    let account = scene.traveller.app.confirm_person(PersonAnswer::Mine).await.unwrap().unwrap();

    let report = scene.traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    for (resource_type, n) in
        [("Patient", 1), ("Condition", 5), ("Immunization", 1), ("Observation", 7)]
    {
        let one = outcome(&report, resource_type);
        assert_eq!((one.promised, one.received), (Some(n), n), "{one:?}");
    }
    let copied = rows(&scene.traveller.app).await;
    assert_eq!(copied.len(), 14);

    // Refused in the middle of its life: renewed, and the portal has rotated.
    let before = scene.portal.tell("end-access").await;
    assert_eq!(
        (&before["access"], &before["refresh"], &before["rotated"]),
        (&0.into(), &1.into(), &0.into())
    );
    assert!(scene.traveller.sync(account).await.unwrap().complete);
    let after = scene.portal.tell("stats").await;
    assert_eq!(
        (&after["access"], &after["refresh"], &after["rotated"]),
        (&1.into(), &1.into(), &1.into())
    );
    // Once more, which works only with the token that came by the rotation.
    scene.portal.tell("end-access").await;
    assert!(scene.traveller.sync(account).await.unwrap().complete);
    // And before its time is over, by this computer's clock, over a restart.
    scene.traveller.reopen_at(SignedDuration::from_secs(48 * 3_600 - 30)).await;
    assert!(scene.traveller.sync(account).await.unwrap().complete);
    assert_eq!(scene.portal.tell("stats").await["rotated"], 3);
    scene.traveller.reopen().await;

    // Ended by the portal: said, nothing lost, and one sign-in brings it back.
    scene.portal.tell("revoke-all").await;
    let ended = scene.traveller.sync(account).await;
    let error = ended.unwrap_err();
    assert_eq!(error.code(), ErrorCode::SessionEnded, "{error}");
    assert_eq!(rows(&scene.traveller.app).await, copied);
    let again = scene.sign_in(Some(account), Consent::Allow).await;
    assert_eq!(again.stage, ConnectStage::Connected, "{again:?}");
    assert!(scene.traveller.sync(account).await.unwrap().complete);

    // Told to the portal, forgotten here, and the records stay.
    scene.traveller.app.disconnect(account, false).await.unwrap();
    let left = scene.portal.tell("stats").await;
    assert_eq!(
        (&left["access"], &left["refresh"], &left["codes"]),
        (&0.into(), &0.into(), &0.into())
    );
    let start = scene.traveller.app.start().await.unwrap();
    assert!(start.accounts[0].disconnected && !start.accounts[0].signed_in);
    assert_eq!(rows(&scene.traveller.app).await, copied);
}

#[tokio::test]
async fn an_independent_portal_that_takes_the_secret_by_basic_only_goes_the_whole_way() {
    goes_the_whole_way("basic").await;
}

#[tokio::test]
async fn an_independent_portal_that_takes_the_secret_in_the_body_only_goes_the_whole_way() {
    goes_the_whole_way("body").await;
}

#[tokio::test]
async fn an_independent_portal_says_no_and_each_no_is_a_sentence() {
    let Some(mut scene) = Scene::set("both").await else { return };

    let ended = scene.sign_in(None, Consent::Cancel).await;
    assert_eq!(ended.stage, ConnectStage::Failed);
    assert_eq!(ended.error.unwrap().code, ErrorCode::ConsentRefused);

    let ended = scene.sign_in(None, Consent::AllowLate).await;
    assert_eq!(ended.stage, ConnectStage::Failed, "a code lives a minute");
    let late = ended.error.unwrap().message;
    assert!(late.ends_with('.') && !late.contains("invalid_grant"), "{late}");

    let begun = scene.begin(None, "not the secret").await;
    let ended = scene.visit(&begun, Consent::Allow).await;
    let error = ended.error.unwrap();
    assert_eq!(error.code, ErrorCode::Invalid, "{}", error.message);
    assert!(error.message.contains("client id and secret"), "{}", error.message);

    let left = scene.portal.tell("stats").await;
    assert_eq!((&left["access"], &left["refresh"]), (&0.into(), &0.into()));
    assert!(scene.traveller.app.start().await.unwrap().accounts.is_empty());
}

#[tokio::test]
async fn an_independent_portal_asks_for_pkce_and_gets_it() {
    let Some(scene) = Scene::set("both").await else { return };
    let secret = scene.portal.client_secret.clone();
    let begun = scene.begin(None, &secret).await;
    let mut browser = scene.browser();
    // Whoever leaves the challenge out of the very same request is sent back with an error.
    browser.stops_before = Some(format!("{}/o/authorize/", scene.portal.origin));
    let authorize = browser.get(begun.start_url.as_deref().unwrap()).await.url;
    browser.stops_before = None;
    let challenge = authorize.query_pairs().find(|(name, _)| name == "code_challenge").unwrap().1;
    assert_eq!(challenge.len(), 43);
    assert!(authorize.query().unwrap().contains("code_challenge_method=S256"));
    let log_in = browser.get(authorize.as_str()).await;
    let mut form = hidden(&log_in.html);
    form.extend([pair("username", USER.0), pair("password", USER.1)]);
    assert!(browser.post(&log_in.url, &form).await.html.contains("authorizationForm"));
    let mut without = authorize.clone();
    without
        .query_pairs_mut()
        .clear()
        .extend_pairs(authorize.query_pairs().filter(|(name, _)| !name.starts_with("code_")));
    browser.stops_before = Some(scene.traveller.redirect_uri.clone());
    let back = browser.get(without.as_str()).await;
    let said: BTreeMap<_, _> = back.url.query_pairs().into_owned().collect();
    assert_eq!(said["error"], "invalid_request", "{back:?}");
    scene.traveller.app.cancel_connect();
}
