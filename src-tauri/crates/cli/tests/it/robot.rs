//! A robot that does in a browser's place what a person does: follows the address, logs in, allows.

use std::collections::BTreeMap;

use reqwest::{Client, Method, header, redirect::Policy};
use url::Url;

/// What the robot does on the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    Allow,
    Deny,
}

/// A browser without a window. It trusts every certificate: the names it is given are all on this
/// computer.
pub(crate) struct Robot {
    client: Client,
    /// The cookies of each origin.
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

/// Where the robot ended up.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) html: String,
}

impl Robot {
    pub(crate) fn new() -> Robot {
        // Another test may have been quicker.
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Robot { client, cookies: BTreeMap::new() }
    }

    /// Opens the start address, logs in as that user and answers the consent page.
    pub(crate) async fn sign_in(&mut self, start: &str, user: &str, consent: Consent) -> Page {
        let log_in = self.get(start).await;
        assert!(log_in.html.contains("id=\"log-in-form\""), "no log-in page: {log_in:?}");
        let mut form = hidden(&log_in.html);
        form.extend([pair("username", user), pair("password", "practice")]);
        let page = self.post(&log_in.url.join("/o/log-in/").unwrap(), &form).await;
        assert!(page.html.contains("id=\"consent-form\""), "no consent page: {page:?}");
        let mut form = hidden(&page.html);
        form.push(pair("allow", if consent == Consent::Allow { "Allow" } else { "Deny" }));
        self.post(&page.url.join("/o/authorize/").unwrap(), &form).await
    }

    pub(crate) async fn get(&mut self, address: &str) -> Page {
        self.follow(Method::GET, address.parse().unwrap(), None).await
    }

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
            let cookies: Vec<String> =
                jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut request = self.client.request(method.clone(), url.clone());
            if !cookies.is_empty() {
                request = request.header(header::COOKIE, cookies.join("; "));
            }
            if let Some(form) = form {
                request = request.form(form);
            }
            let response = request.send().await.unwrap();
            for cookie in response.headers().get_all(header::SET_COOKIE) {
                let first = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = first.split_once('=').unwrap();
                jar.insert(name.trim().to_owned(), value.trim().to_owned());
            }
            let status = response.status();
            let Some(location) = response.headers().get(header::LOCATION) else {
                let html = response.text().await.unwrap();
                return Page { url, status: status.as_u16(), html };
            };
            url = url.join(location.to_str().unwrap()).unwrap();
            (method, form) = (Method::GET, None);
        }
        panic!("too many redirects, the last to {url}");
    }
}

/// The hidden fields of a page's first form.
fn hidden(html: &str) -> Vec<(String, String)> {
    ["csrf", "next"]
        .map(|name| {
            let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
            let (value, _) = rest.split_once('"').unwrap();
            let value = value.replace("&quot;", "\"").replace("&#39;", "'");
            let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            pair(name, &value)
        })
        .to_vec()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
