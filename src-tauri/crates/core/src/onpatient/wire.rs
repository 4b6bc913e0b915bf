//! What the two HTTP clients of a portal (tokens and data) share: TLS, time-outs, and telling
//! failures apart.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder, Response};

use super::portal::Portal;

pub(super) const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// Why no whole answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The portal cannot be reached.
    Offline,
    /// It was reached and did not answer in time.
    TimedOut,
    /// Its certificate is not one this computer trusts.
    Certificate,
    /// The answer broke off.
    Interrupted,
}

/// A body read up to a limit.
pub(super) enum Body {
    /// The whole of it.
    Whole(Vec<u8>),
    /// There was more than the limit.
    TooLarge,
    /// It ended early; what came until then.
    Torn(Vec<u8>, Trouble),
}

/// A client for this portal: https only, no redirects of its own, no cookies, the system's trust and
/// the portal's own certificate where it brings one.
pub(super) fn builder(portal: &Portal) -> Result<ClientBuilder, reqwest::Error> {
    // The first caller in the process decides; whoever was first is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .https_only(true)
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT_WITHIN)
        .user_agent(concat!("Onhand/", env!("CARGO_PKG_VERSION")));
    if let Some(der) = portal.certificate() {
        builder = builder.tls_certs_merge([Certificate::from_der(der)?]);
    }
    if portal.is_loopback() {
        builder = builder.no_proxy();
    }
    Ok(builder)
}

/// Says why a request brought no answer.
pub(super) fn trouble(error: &reqwest::Error) -> Trouble {
    if is_certificate_refusal(error) {
        Trouble::Certificate
    } else if error.is_connect() {
        Trouble::Offline
    } else if error.is_timeout() {
        Trouble::TimedOut
    } else {
        Trouble::Interrupted
    }
}

/// Reads a body, at most `max` bytes of it after decompression.
pub(super) async fn read(mut response: Response, max: usize) -> Body {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len().saturating_add(chunk.len()) > max => {
                return Body::TooLarge;
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Body::Whole(body),
            Err(error) => {
                let trouble = match trouble(&error) {
                    Trouble::TimedOut => Trouble::TimedOut,
                    Trouble::Offline | Trouble::Certificate | Trouble::Interrupted => {
                        Trouble::Interrupted
                    }
                };
                return Body::Torn(body, trouble);
            }
        }
    }
}

/// Whether an answer is a web page for people. What it begins with decides: servers label data as pages
/// and pages as data. Its content type does where it begins with neither.
pub(super) fn is_html(content_type: Option<&str>, body: &[u8]) -> bool {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    match start.first() {
        Some(b'{' | b'[') => false,
        Some(b'<') => true,
        Some(_) | None => content_type.is_some_and(|content_type| {
            let kind = content_type.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("text/html")
                || kind.eq_ignore_ascii_case("application/xhtml+xml")
        }),
    }
}

fn is_certificate_refusal(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref::<rustls::Error>() {
            return true;
        }
        // `io::Error` hides what it wraps from `source`.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .map(|inner| inner as &(dyn StdError + 'static));
        next = inner.or_else(|| error.source());
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_web_page_from_data() {
        for (content_type, body, html) in [
            (Some("text/html; charset=utf-8"), &b"{}"[..], false),
            (Some("text/html"), b"\xef\xbb\xbf \n[1]", false),
            (Some("text/html"), b"<p>", true),
            (Some("TEXT/HTML"), b"", true),
            (Some("text/html"), b"Back soon", true),
            (Some("application/json+fhir; charset=UTF-8"), b"<html>", true),
            (Some("application/json"), b"\xef\xbb\xbf\r\n<html>", true),
            (Some("application/json"), b"Back soon", false),
            (None, b"  \n<!DOCTYPE html><title>", true),
            (None, b"<HTML lang=en>", true),
            (None, b"{\"resourceType\":\"Bundle\"}", false),
            (None, b"", false),
        ] {
            assert_eq!(is_html(content_type, body), html, "{content_type:?}");
        }
    }
}
