//! A person with a browser and a program with a client id, in one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use onhand_sandbox::{Answer, Config, Faults, Population, Sandbox};
use reqwest::{Certificate, Client, RequestBuilder, Response, redirect};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use url::Url;

pub(crate) const REDIRECT: &str = "https://localhost:27443/callback";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A portal with somebody who knows how to use it.
pub(crate) struct Visitor {
    pub(crate) portal: Sandbox,
    pub(crate) client: Client,
}

pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    pub(crate) whole: Value,
}

impl Visitor {
    pub(crate) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with_faults(faults: &str) -> Self {
        let faults = Faults::parse(faults).unwrap();
        Self::with(Config { faults, ..Config::default() }).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let portal = Sandbox::start(config).await.unwrap();
        let client = client_for(&portal);
        Self { portal, client }
    }

    /// The authorize address with `changes`; an empty value leaves a parameter out.
    pub(crate) fn authorize_url(&self, changes: &[(&str, &str)]) -> Url {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut params = BTreeMap::from([
            ("response_type", "code"),
            ("client_id", self.portal.client_id()),
            ("redirect_uri", REDIRECT),
            ("scope", "patient/*.read"),
            ("state", "a state & more"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        params.extend(changes.iter().copied());
        params.retain(|_, value| !value.is_empty());
        let address = format!("{}/o/authorize/", self.portal.origin());
        Url::parse_with_params(&address, params).unwrap()
    }

    /// A code for `user`, as after Allow.
    pub(crate) fn code(&self, user: &str) -> String {
        let back = self.portal.answer(self.authorize_url(&[]).as_str(), user, Answer::Allow);
        param(&back.unwrap(), "code").unwrap()
    }

    pub(crate) async fn sign_in(&self, user: &str) -> Tokens {
        let form = self.exchange_form(&self.code(user));
        let response = self.token(&form).await;
        assert_eq!(response.status(), 200);
        Tokens::of(json_of(response).await)
    }

    pub(crate) fn exchange_form(&self, code: &str) -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "authorization_code".into()),
            ("code", code.into()),
            ("redirect_uri", REDIRECT.into()),
            ("code_verifier", VERIFIER.into()),
            ("client_id", self.portal.client_id().into()),
            ("client_secret", self.portal.client_secret().into()),
        ]
    }

    pub(crate) fn refresh_form(&self, refresh: &str) -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "refresh_token".into()),
            ("refresh_token", refresh.into()),
            ("client_id", self.portal.client_id().into()),
            ("client_secret", self.portal.client_secret().into()),
        ]
    }

    pub(crate) async fn token(&self, form: &[(&'static str, String)]) -> Response {
        self.post("/o/token/").form(form).send().await.unwrap()
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.portal.origin()))
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.portal.origin()))
    }

    pub(crate) async fn data(&self, tokens: &Tokens, path: &str) -> Response {
        self.get(path).bearer_auth(&tokens.access).send().await.unwrap()
    }

    pub(crate) async fn json(&self, tokens: &Tokens, path: &str) -> Value {
        let response = self.data(tokens, path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "application/json");
        json_of(response).await
    }

    /// Every page of a type, by its `next` links.
    pub(crate) async fn pages(&self, tokens: &Tokens, first: &str) -> Vec<Value> {
        let mut pages = vec![self.json(tokens, first).await];
        while let Some(next) = next_of(pages.last().unwrap()) {
            let path = next.strip_prefix(self.portal.origin()).unwrap_or(&next).to_owned();
            pages.push(self.json(tokens, &path).await);
            assert!(pages.len() < 1_000, "the pages of {first} have no end");
        }
        pages
    }
}

impl Tokens {
    pub(crate) fn of(whole: Value) -> Self {
        Self {
            access: whole["access_token"].as_str().unwrap().to_owned(),
            refresh: whole["refresh_token"].as_str().map(str::to_owned),
            whole,
        }
    }
}

pub(crate) fn client_for(portal: &Sandbox) -> Client {
    // A second call finds it installed, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .tls_certs_merge([Certificate::from_der(portal.certificate_der()).unwrap()])
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// The body of an answer, which must be JSON.
pub(crate) async fn json_of(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

pub(crate) fn param(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(address).unwrap();
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

pub(crate) fn next_of(page: &Value) -> Option<String> {
    let link = page["link"].as_array()?.iter().find(|link| link["relation"] == "next")?;
    Some(link["url"].as_str().unwrap().to_owned())
}

pub(crate) fn resources(pages: &[Value]) -> Vec<&Value> {
    let entries = pages.iter().flat_map(|page| page["entry"].as_array().unwrap());
    entries.map(|entry| &entry["resource"]).collect()
}

pub(crate) fn location(response: &Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

pub(crate) const ALL_TYPES: [&str; 9] = [
    "AllergyIntolerance",
    "Condition",
    "DiagnosticReport",
    "Immunization",
    "MedicationOrder",
    "MedicationStatement",
    "Observation",
    "Patient",
    "Procedure",
];

pub(crate) fn loads(n: usize) -> Config {
    Config { population: Population::synthetic(n), ..Config::default() }
}
