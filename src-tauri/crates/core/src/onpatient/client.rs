//! FHIR reads: one GET at a time, to the portal's own origin and nowhere else.
//!
//! It knows HTTP and the portal's address; what is asked for, paging and waiting are the sync's.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use super::portal::Portal;
use super::wire::{self, Body, Trouble};
use crate::outgoing::Purpose;

/// Never `text/html`: the portal answers that with pages for people.
const ACCEPTED: &str = "application/json+fhir, application/json;q=0.9";
const MAX_REDIRECTS: usize = 5;
const READ_IDLE: Duration = Duration::from_secs(30);
/// Of an answer that is an error, this much is kept for the report.
const MAX_ERROR_BODY: usize = 64 * 1024;
/// The longest that one answer may take, however slowly it trickles in.
const ANSWER_WITHIN: Duration = Duration::from_secs(10 * 60);

/// Reads from one portal.
#[derive(Clone)]
pub struct Client {
    portal: Portal,
    http: reqwest::Client,
    counter: Option<Counter>,
}

/// Told of each request that is about to be sent, redirects too.
pub type Counter = Arc<dyn Fn() + Send + Sync>;

/// How much one read may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest body, in bytes, after decompression.
    pub max_bytes: usize,
}

impl Default for Limits {
    /// 64 MiB: a page of resources, or one large document.
    fn default() -> Self {
        Self { max_bytes: 64 * 1024 * 1024 }
    }
}

/// What the portal answered with a status of 200 to 299.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
    /// The bytes, exactly as sent (after decompression).
    pub body: Vec<u8>,
    /// Where it came from, after redirects; relative links are resolved against it.
    pub url: Url,
    /// Whether all of it came. [`Client::get`] gives no other; what came of one that did not stands
    /// in [`Error::CutOff`].
    pub is_whole: bool,
}

/// The body of an error answer, at most 64 KiB; it does not print itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Excerpt(pub Vec<u8>);

/// When the portal wants to be asked again (RFC 9110 §10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// After this long.
    In(Duration),
    /// At this time.
    At(Timestamp),
}

/// Why a read brought nothing.
#[derive(Debug, Error)]
pub enum Error {
    /// The portal cannot be reached.
    #[error(
        "The portal cannot be reached. Please check the connection to the internet and try again; \
         what was copied before is still here."
    )]
    Offline,
    /// It did not answer in time.
    #[error("The portal did not answer in time. Please try again later.")]
    TimedOut,
    /// Its certificate is not trusted here.
    #[error(
        "The portal could not prove who it is (its certificate is not trusted on this computer), so \
         nothing was sent to it. Please try again from another network."
    )]
    Certificate,
    /// A link or a redirect leads to another origin; nothing was sent there.
    #[error("The portal pointed to another address ({origin}). Nothing was sent there.")]
    ForeignAddress {
        /// That address' origin.
        origin: String,
    },
    /// More than five redirects, or one without an address.
    #[error("The portal sent the request from one address to the next without end.")]
    TooManyRedirects,
    /// The answer is larger than allowed.
    #[error("The portal's answer is larger than {max_bytes} bytes and was not read.")]
    TooLarge {
        /// The limit in bytes.
        max_bytes: usize,
    },
    /// 401: the access token is no longer accepted.
    #[error("The portal does not accept this sign-in any more.")]
    Unauthorized,
    /// Another status that is not a success.
    #[error("The portal answered with an error (HTTP {code}).")]
    Status {
        /// The status.
        code: u16,
        /// When to ask again, if it said so.
        retry_after: Option<RetryAfter>,
        /// What it said (often an OperationOutcome).
        body: Excerpt,
    },
    /// The portal's page for logging in came instead of data.
    #[error(
        "The portal answered with its log-in page instead of data, as if you were not signed in. \
         Please try again later; if it stays so, connect again."
    )]
    LogInPage,
    /// Another web page came instead of data.
    #[error(
        "The portal answered with a web page instead of data. It may be under maintenance; please try \
         again later."
    )]
    Html,
    /// The connection broke before anything of the answer came.
    #[error("The connection to the portal broke off in the middle of an answer.")]
    Interrupted,
    /// The connection broke, or nothing more came, while the answer was read; what came until then.
    #[error("The connection to the portal broke off in the middle of an answer.")]
    CutOff(Box<Answer>),
    /// The client could not be made.
    #[error(
        "The connection to the portal could not be set up: its own certificate cannot be read."
    )]
    NotSetUp,
}

impl Client {
    /// A client for one portal: https only, checked against the system's trust and the portal's own
    /// certificate, 10 s to connect, 30 s without a byte, no cookies.
    ///
    /// # Errors
    /// [`Error::NotSetUp`] when the portal's own certificate cannot be read.
    pub fn new(portal: &Portal) -> Result<Self, Error> {
        let http = wire::builder(portal)
            .and_then(|builder| {
                builder.read_timeout(READ_IDLE).timeout(ANSWER_WITHIN).gzip(true).build()
            })
            .map_err(|_| Error::NotSetUp)?;
        Ok(Self { portal: portal.clone(), http, counter: None })
    }

    /// The same with somebody who is told of each request.
    #[must_use]
    pub fn counted_by(self, counter: Counter) -> Self {
        Self { counter: Some(counter), ..self }
    }

    /// The portal it reads from.
    #[must_use]
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// Reads one address with the bearer token. Redirects within the portal are followed, at most
    /// five, with the same method and headers; nothing is sent to another origin.
    ///
    /// # Errors
    /// Whatever is not a whole answer with a status of 200 to 299.
    pub async fn get(
        &self,
        url: &Url,
        access: &SecretString,
        limits: Limits,
    ) -> Result<Answer, Error> {
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", access.expose_secret()))
            .map_err(|_| Error::Unauthorized)?;
        bearer.set_sensitive(true);

        let mut url = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            if !self.portal.is_same_origin(&url) {
                return Err(Error::ForeignAddress { origin: url.origin().ascii_serialization() });
            }
            self.portal.count(Purpose::Records);
            if let Some(count) = &self.counter {
                count();
            }
            let response = self
                .http
                .get(url.clone())
                .header(ACCEPT, ACCEPTED)
                .header(reqwest::header::AUTHORIZATION, bearer.clone())
                .send()
                .await
                .map_err(|error| Error::from(wire::trouble(&error)))?;
            match response.status().as_u16() {
                301 | 302 | 303 | 307 | 308 => {
                    url =
                        redirect_target(&url, response.headers()).ok_or(Error::TooManyRedirects)?;
                }
                401 => return Err(Error::Unauthorized),
                200..=299 => return read_answer(response, url, limits).await,
                _ => return Err(refusal(response).await),
            }
        }
        Err(Error::TooManyRedirects)
    }
}

impl RetryAfter {
    /// How long to wait from `now`; nothing when the time has come.
    #[must_use]
    pub fn wait(self, now: Timestamp) -> Duration {
        match self {
            Self::In(wait) => wait,
            Self::At(time) => Duration::try_from(time.duration_since(now)).unwrap_or_default(),
        }
    }

    fn read(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = value.parse() {
            return Some(Self::In(Duration::from_secs(seconds)));
        }
        rfc2822::DateTimeParser::new().parse_timestamp(value).ok().map(Self::At)
    }
}

impl Error {
    /// When the portal wants to be asked again, if it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<RetryAfter> {
        if let Self::Status { retry_after, .. } = self { *retry_after } else { None }
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Offline => Self::Offline,
            Trouble::TimedOut => Self::TimedOut,
            Trouble::Certificate => Self::Certificate,
            Trouble::Interrupted => Self::Interrupted,
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("portal", &self.portal).finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("n_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Excerpt({} bytes)", self.0.len())
    }
}

fn redirect_target(url: &Url, headers: &HeaderMap) -> Option<Url> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    url.join(location).ok()
}

async fn read_answer(
    response: reqwest::Response,
    url: Url,
    limits: Limits,
) -> Result<Answer, Error> {
    let status = response.status().as_u16();
    let content_type = content_type(response.headers());
    match wire::read(response, limits.max_bytes).await {
        // Some of a web page is enough to know it by; of nothing at all, the label says nothing.
        Body::Torn(body, trouble) if body.is_empty() => Err(trouble.into()),
        Body::Whole(body) | Body::Torn(body, _)
            if wire::is_html(content_type.as_deref(), &body) =>
        {
            Err(if is_log_in_page(&body) { Error::LogInPage } else { Error::Html })
        }
        Body::Whole(body) => Ok(Answer { status, content_type, body, url, is_whole: true }),
        Body::TooLarge => Err(Error::TooLarge { max_bytes: limits.max_bytes }),
        Body::Torn(body, _) => Err(Error::CutOff(Box::new(Answer {
            status,
            content_type,
            body,
            url,
            is_whole: false,
        }))),
    }
}

/// Whether a web page asks for a password.
fn is_log_in_page(page: &[u8]) -> bool {
    let text = String::from_utf8_lossy(page.get(..MAX_ERROR_BODY).unwrap_or(page)).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has(&["type=\"password\"", "type='password'", "type=password"])
        || has(&["<title>log in", "<title>login", "<title>sign in"])
        || has(&["please log in", "please sign in", "session has ended", "session has expired"])
}

async fn refusal(response: reqwest::Response) -> Error {
    let code = response.status().as_u16();
    let retry_after = RetryAfter::read(response.headers()).map(|after| {
        // The portal's own clock told the time to come back at; this computer's may be wrong.
        match (after, sent_at(response.headers())) {
            (RetryAfter::At(time), Some(sent)) => RetryAfter::In(RetryAfter::At(time).wait(sent)),
            (RetryAfter::At(_) | RetryAfter::In(_), _) => after,
        }
    });
    let body = match wire::read(response, MAX_ERROR_BODY).await {
        Body::Whole(body) | Body::Torn(body, _) => Excerpt(body),
        Body::TooLarge => Excerpt::default(),
    };
    Error::Status { code, retry_after, body }
}

/// When the portal says that it sent this (RFC 9110 §6.6.1).
fn sent_at(headers: &HeaderMap) -> Option<Timestamp> {
    let value = headers.get(DATE)?.to_str().ok()?;
    rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Canned, Fake};
    use super::*;

    const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"searchset","total":0}"#;

    fn access() -> SecretString {
        SecretString::from("acc-1")
    }

    async fn get(fake: &Fake, path: &str) -> Result<Answer, Error> {
        let url = fake.portal.fhir_base().join(path).unwrap();
        Client::new(&fake.portal).unwrap().get(&url, &access(), Limits::default()).await
    }

    async fn get_at(answer: Canned) -> Result<Answer, Error> {
        get(&Fake::start(move |_| answer.clone()).await, "Patient").await
    }

    #[tokio::test]
    async fn reads_with_the_token_and_never_asks_for_a_web_page() {
        let fake = Fake::start(|_| Canned::json(200, BUNDLE)).await;

        let answer = get(&fake, "Patient?page-size=50").await.unwrap();

        assert_eq!(answer.status, 200);
        assert_eq!(answer.body, BUNDLE.as_bytes());
        assert_eq!(answer.content_type.as_deref(), Some("application/json"));
        let seen = fake.seen();
        assert_eq!(seen[0].method, "GET");
        assert_eq!(seen[0].target, "/api/fhir/Patient?page-size=50");
        assert_eq!(seen[0].header("authorization"), "Bearer acc-1");
        assert_eq!(seen[0].header("accept"), "application/json+fhir, application/json;q=0.9");
        assert!(seen[0].header("user-agent").starts_with("Onhand/"));
    }

    #[tokio::test]
    async fn refuses_another_origin_before_anything_is_sent() {
        let own = Fake::start(|_| Canned::json(200, BUNDLE)).await;
        let other = Fake::start(|_| Canned::json(200, BUNDLE)).await;
        let client = Client::new(&own.portal).unwrap();
        let mut with_name = own.portal.fhir_base();
        with_name.set_username("somebody").unwrap();
        let mut open = own.portal.fhir_base();
        open.set_path("/");
        let open = Url::parse(&open.as_str().replace("https:", "http:")).unwrap();

        for url in [other.portal.fhir_base(), with_name, open] {
            let refused = client.get(&url, &access(), Limits::default()).await;
            assert!(matches!(refused, Err(Error::ForeignAddress { .. })), "{url}");
        }
        assert!(own.seen().is_empty() && other.seen().is_empty());
    }

    #[tokio::test]
    async fn follows_a_redirect_with_the_same_headers() {
        let fake = Fake::start(|seen| match seen.target.as_str() {
            "/api/fhir/Patient" => Canned::new(302).header("Location", "/api/fhir/Patient/"),
            _ => Canned::json(200, BUNDLE),
        })
        .await;

        let answer = get(&fake, "Patient").await.unwrap();

        assert_eq!(answer.url.path(), "/api/fhir/Patient/");
        let seen = fake.seen();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[1].method, "GET");
        for header in ["authorization", "accept"] {
            assert_eq!(seen[1].header(header), seen[0].header(header));
        }
    }

    #[tokio::test]
    async fn follows_no_redirect_to_another_origin() {
        let other = Fake::start(|_| Canned::json(200, BUNDLE)).await;
        let there = other.portal.fhir_base().to_string();
        let fake = Fake::start(move |_| Canned::new(302).header("Location", there.clone())).await;

        let refused = get(&fake, "Patient").await;

        let Err(Error::ForeignAddress { origin }) = refused else { panic!("{refused:?}") };
        assert_eq!(origin, other.portal.origin());
        assert!(other.seen().is_empty());
    }

    #[tokio::test]
    async fn gives_up_after_five_redirects() {
        let fake = Fake::start(|_| Canned::new(302).header("Location", "/api/fhir/again")).await;
        assert!(matches!(get(&fake, "Patient").await, Err(Error::TooManyRedirects)));
        assert_eq!(fake.seen().len(), 6);
    }

    #[tokio::test]
    async fn reads_no_more_than_allowed() {
        let fake = Fake::start(|_| Canned::json(200, &"x".repeat(1001))).await;
        let client = Client::new(&fake.portal).unwrap();
        let url = fake.portal.fhir_base();

        let refused = client.get(&url, &access(), Limits { max_bytes: 1000 }).await;
        assert!(matches!(refused, Err(Error::TooLarge { max_bytes: 1000 })));
        let answer = client.get(&url, &access(), Limits { max_bytes: 1001 }).await.unwrap();
        assert_eq!(answer.body.len(), 1001);
    }

    #[tokio::test]
    async fn unpacks_gzip_and_counts_what_it_unpacked() {
        // `printf '%01000d' 0 | gzip -9`: a thousand zeros.
        const ZEROS: [u8; 29] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 51, 48, 24, 5, 163, 96, 20, 12, 119, 0, 0, 131, 153,
            95, 168, 232, 3, 0, 0,
        ];
        let fake = Fake::start(|_| {
            Canned::new(200)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .body(ZEROS)
        })
        .await;
        assert_eq!(get(&fake, "x").await.unwrap().body, "0".repeat(1000).into_bytes());
        let client = Client::new(&fake.portal).unwrap();
        let url = fake.portal.fhir_base();
        let refused = client.get(&url, &access(), Limits { max_bytes: 999 }).await;
        assert!(matches!(refused, Err(Error::TooLarge { .. })));
    }

    #[tokio::test]
    async fn tells_failures_apart() {
        assert!(matches!(get_at(Canned::html(401)).await, Err(Error::Unauthorized)));
        assert!(matches!(get_at(Canned::html(200)).await, Err(Error::LogInPage)));
        let untyped = Canned::new(200).body("<!DOCTYPE html><form><input TYPE='password'></form>");
        assert!(matches!(get_at(untyped).await, Err(Error::LogInPage)));
        let mislabelled = Canned::json(200, "\u{feff}\r\n<html><title>Log in</title>");
        assert!(matches!(get_at(mislabelled).await, Err(Error::LogInPage)));
        // Data is data, whatever it is labelled.
        let labelled = |body: &str| {
            Canned::new(200).header("Content-Type", "text/html; charset=utf-8").body(body)
        };
        assert_eq!(get_at(labelled(BUNDLE)).await.unwrap().body, BUNDLE.as_bytes());
        let torn = get_at(labelled(BUNDLE).torn()).await;
        assert!(matches!(torn, Err(Error::CutOff(_))), "{torn:?}");
        assert!(matches!(get_at(labelled("")).await, Err(Error::Html)));
        let down = Canned::new(200).body("<!DOCTYPE html><title>Back soon</title>");
        assert!(matches!(get_at(down).await, Err(Error::Html)));
        let torn = get_at(Canned::json(200, BUNDLE).torn()).await;
        let Err(Error::CutOff(came)) = torn else { panic!("{torn:?}") };
        assert!(came.body == BUNDLE.as_bytes() && !came.is_whole);
        assert!(matches!(get_at(Canned::json(200, "").torn()).await, Err(Error::Interrupted)));
        let refused = get_at(Canned::json(403, r#"{"resourceType":"OperationOutcome"}"#)).await;
        let Err(Error::Status { code: 403, retry_after: None, body }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(body.0, br#"{"resourceType":"OperationOutcome"}"#);
        assert_eq!(format!("{body:?}"), "Excerpt(35 bytes)");

        let fake = Fake::start(|_| Canned::json(200, BUNDLE)).await;
        let distrusted = fake.distrusted();
        let url = distrusted.fhir_base();
        let client = Client::new(&distrusted).unwrap();
        let refused = client.get(&url, &access(), Limits::default()).await;
        assert!(matches!(refused, Err(Error::Certificate)), "{refused:?}");

        let portal = fake.portal.clone();
        fake.stop().await;
        let client = Client::new(&portal).unwrap();
        let refused = client.get(&portal.fhir_base(), &access(), Limits::default()).await;
        assert!(matches!(refused, Err(Error::Offline)), "{refused:?}");
    }

    #[tokio::test]
    async fn waits_half_a_minute_for_a_byte_and_no_longer() {
        let fake = Fake::start(|_| Canned::silent()).await;
        let just_before = READ_IDLE - Duration::from_secs(1);
        let mut get = std::pin::pin!(get(&fake, "Patient"));
        tokio::select! {
            answer = &mut get => panic!("{answer:?}"),
            () = fake.let_time_pass(just_before) => {}
        }
        let (answer, ()) = tokio::join!(get, fake.let_time_pass(READ_IDLE - just_before));
        assert!(matches!(answer, Err(Error::TimedOut)), "{answer:?}");
    }

    #[tokio::test]
    async fn says_when_to_ask_again() {
        let now = "2026-11-23T20:15:00Z".parse().unwrap();
        for (value, wait) in [
            ("120", Some(120)),
            ("Mon, 23 Nov 2026 20:16:30 GMT", Some(90)),
            ("Mon, 23 Nov 2026 20:00:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
        ] {
            let refused = get_at(Canned::json(429, "{}").header("Retry-After", value)).await;
            let waits = refused.unwrap_err().retry_after().map(|after| after.wait(now));
            assert_eq!(waits, wait.map(Duration::from_secs), "{value}");
        }
    }

    #[tokio::test]
    async fn a_time_to_come_back_at_is_reckoned_by_the_portals_own_clock() {
        let answer = Canned::json(503, "{}")
            .header("Date", "Tue, 24 Nov 2026 10:00:00 GMT")
            .header("Retry-After", "Tue, 24 Nov 2026 10:00:07 GMT");
        let refused = get_at(answer).await.unwrap_err();
        let a_day_off = "2026-11-23T10:00:00Z".parse().unwrap();
        let wait = refused.retry_after().unwrap().wait(a_day_off);
        assert_eq!(wait, Duration::from_secs(7));
    }

    #[tokio::test]
    async fn sends_no_cookie_back() {
        let fake = Fake::start(|_| {
            Canned::json(200, BUNDLE).header("Set-Cookie", "session=1; Path=/; Secure")
        })
        .await;
        let client = Client::new(&fake.portal).unwrap();
        for _ in 0..2 {
            client.get(&fake.portal.fhir_base(), &access(), Limits::default()).await.unwrap();
        }
        let seen = fake.seen();
        assert_eq!(seen.len(), 2);
        assert!(seen.iter().all(|request| request.header("cookie").is_empty()), "{seen:?}");
    }

    #[tokio::test]
    async fn each_request_is_counted_redirects_too() {
        let fake = Fake::start(|seen| match seen.target.as_str() {
            "/api/fhir/Patient" => Canned::new(302).header("Location", "/api/fhir/Patient/"),
            _ => Canned::json(200, BUNDLE),
        })
        .await;
        let n = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let counted = Arc::clone(&n);
        let client = Client::new(&fake.portal).unwrap().counted_by(Arc::new(move || {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }));
        let url = fake.portal.fhir_base().join("Patient").unwrap();
        client.get(&url, &access(), Limits::default()).await.unwrap();
        assert_eq!(n.load(std::sync::atomic::Ordering::Relaxed), 2);
    }

    #[test]
    fn takes_no_certificate_that_is_none() {
        let portal = Portal::new("https://localhost:1", Some(b"nonsense".to_vec())).unwrap();
        assert!(matches!(Client::new(&portal), Err(Error::NotSetUp)));
    }
}
