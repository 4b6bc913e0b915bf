//! A visitor to the practice portal: does at the address a sign-in opens what a browser would do,
//! with nobody in front of it.

use std::time::Duration;

use onhand_sandbox::{Answer, Refused, Sandbox};
use reqwest::Client;
use reqwest::header::{COOKIE, HeaderMap, HeaderName, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;

const WITHIN: Duration = Duration::from_secs(30);

/// Why a visit did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The listener did not answer as one does.
    #[error("The sign-in's own page on this computer did not answer. Try again.")]
    Lost,
    /// The portal showed a page instead of sending the browser back.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// Opens the start address of a sign-in, logs in at the practice portal as `user`, allows or denies,
/// and carries the answer back to the listener. `certificate` (DER) is the listener's. Gives the
/// address the listener sends the browser on to.
///
/// # Errors
/// When the listener or the portal does not play along.
pub async fn walk(
    start_url: &str,
    certificate: &[u8],
    portal: &Sandbox,
    user: &str,
    answer: Answer,
) -> Result<String, Error> {
    let client = client(certificate)?;
    let started = client.get(start_url).send().await.map_err(|_| Error::Lost)?;
    let cookie = header(started.headers(), SET_COOKIE)?;
    let cookie = cookie.split(';').next().unwrap_or_default();
    let authorize = header(started.headers(), LOCATION)?;
    let callback = portal.answer(authorize, user, answer)?;
    let ended =
        client.get(callback).header(COOKIE, cookie).send().await.map_err(|_| Error::Lost)?;
    let last = header(ended.headers(), LOCATION)?;
    let page = ended.url().join(last).map_err(|_| Error::Lost)?;
    // The listener waits for its last page to be fetched; what stands on it is for people.
    let _ = client.get(page).header(COOKIE, cookie).send().await;
    Ok(last.to_owned())
}

fn client(certificate: &[u8]) -> Result<Client, Error> {
    reqwest::Certificate::from_der(certificate)
        .and_then(|certificate| {
            Client::builder()
                .tls_certs_merge([certificate])
                .no_proxy()
                .redirect(Policy::none())
                .timeout(WITHIN)
                .build()
        })
        .map_err(|_| Error::Lost)
}

fn header(headers: &HeaderMap, name: HeaderName) -> Result<&str, Error> {
    headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Error::Lost)
}
