//! FHIR reads: one GET at a time, to the portal's own origin and nowhere else.
//!
//! It knows HTTP and the portal's address; what is asked for, paging and waiting are the sync's.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use super::portal::Portal;
use super::wire::{self, Body, Trouble};

/// Never `text/html`: the portal answers that with pages for people.
const ACCEPTED: &str = "application/json+fhir, application/json;q=0.9";
const MAX_REDIRECTS: usize = 5;
const READ_IDLE: Duration = Duration::from_secs(30);
/// Of an answer that is an error, this much is kept for the report.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// Reads from one portal.
#[derive(Clone)]
pub struct Client {
    portal: Portal,
    http: reqwest::Client,
}

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
    /// A web page came instead of data, often a log-in page.
    #[error(
        "The portal answered with a web page instead of data. It may be under maintenance; please try \
         again later."
    )]
    Html,
    /// The connection broke while the answer was read.
    #[error("The connection to the portal broke off in the middle of an answer.")]
    Interrupted,
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
            .and_then(|builder| builder.read_timeout(READ_IDLE).gzip(true).build())
            .map_err(|_| Error::NotSetUp)?;
        Ok(Self { portal: portal.clone(), http })
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
    if wire::is_html(content_type.as_deref(), &[]) {
        return Err(Error::Html);
    }
    match wire::read(response, limits.max_bytes).await {
        Body::Whole(body) if wire::is_html(content_type.as_deref(), &body) => Err(Error::Html),
        Body::Whole(body) => Ok(Answer { status, content_type, body, url }),
        Body::TooLarge => Err(Error::TooLarge { max_bytes: limits.max_bytes }),
        Body::Torn(_, trouble) => Err(trouble.into()),
    }
}

async fn refusal(response: reqwest::Response) -> Error {
    let code = response.status().as_u16();
    let retry_after = RetryAfter::read(response.headers());
    let body = match wire::read(response, MAX_ERROR_BODY).await {
        Body::Whole(body) | Body::Torn(body, _) => Excerpt(body),
        Body::TooLarge => Excerpt::default(),
    };
    Error::Status { code, retry_after, body }
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
