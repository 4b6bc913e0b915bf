//! OAuth 2 at the portal: the authorization address, codes and refresh tokens exchanged, tokens
//! revoked (RFC 6749, 7009, 7636).

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oauth2::basic::{
    BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenResponse,
};
use oauth2::http::header::CONTENT_TYPE;
use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret,
    CsrfToken, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, RevocationErrorResponseType,
    RevocationUrl, Scope, StandardRevocableToken, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use super::portal::Portal;
use super::wire::{self, Body, Trouble};
use crate::outgoing::Purpose;

/// What is asked for: to read the patient's own record.
pub const SCOPE: &str = "patient/*.read";

const MAX_BODY: usize = 64 * 1024;
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// The portal is told of tokens that nobody wants, and not waited for longer than this.
pub const REVOKE_WITHIN: Duration = Duration::from_secs(10);
/// The portal's own figure, for an answer that does not say.
const USUAL_LIFETIME: Duration = Duration::from_secs(48 * 60 * 60);

/// A client id (and secret) at one portal's authorization server.
pub struct Client {
    portal: Portal,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    http: Http,
    /// Whether this server wants the secret in the `Authorization` header; learnt by a refusal.
    wants_basic: AtomicBool,
}

/// A sign-in that has begun: where to send the browser, and what to keep until it is back.
pub struct Begun {
    /// The portal's page, with everything asked for.
    pub authorize_url: Url,
    /// What must come back unchanged (RFC 6749 §10.12).
    pub state: SecretString,
    redirect_uri: RedirectUrl,
    verifier: PkceCodeVerifier,
}

/// What a sign-in brings.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Sent with each read.
    pub access: SecretString,
    /// Exchanged for the next pair.
    pub refresh: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// What was granted, where the portal said so.
    pub scope: Option<String>,
}

/// Why no tokens came.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// `invalid_client`: the id or the secret is not right.
    #[error(
        "The portal does not know this client id and secret. Please copy both again from your \
         portal's settings and check that they were not swapped or cut off."
    )]
    WrongSecret,
    /// `invalid_grant` for a refresh token: the sign-in has ended.
    #[error(
        "The portal does not accept this sign-in any more. Please connect again; everything copied \
         so far is still here."
    )]
    RefreshRefused,
    /// `invalid_grant` for a code: it was too old, or used.
    #[error(
        "The portal did not accept the sign-in, perhaps because it took too long. Please try again."
    )]
    CodeRefused,
    /// `access_denied`: the person did not allow it.
    #[error(
        "At the portal, access was not allowed. Nothing was copied. You can try again at any time."
    )]
    ConsentRefused,
    /// Another error code of RFC 6749 §4.1.2.1 or §5.2.
    #[error("The portal refused the sign-in ({code}). Please try again, and check the client id.")]
    Refused {
        /// The error code.
        code: String,
    },
    /// The portal cannot be reached.
    #[error(
        "The portal cannot be reached. Please check the connection to the internet and try again; \
         what was copied before is still here."
    )]
    Offline,
    /// It did not answer in time, or the answer broke off.
    #[error("The portal did not answer in time. Please try again.")]
    TimedOut,
    /// Its certificate is not trusted here.
    #[error(
        "The portal could not prove who it is (its certificate is not trusted on this computer), so \
         nothing was sent to it. Please try again from another network."
    )]
    Certificate,
    /// A web page came instead of data.
    #[error(
        "The portal answered with a web page instead of data. It may be under maintenance, or the \
         address is not a portal's; please try again later."
    )]
    Html,
    /// An error of the server's own.
    #[error("The portal has a problem of its own (HTTP {0}). Please try again later.")]
    Server(u16),
    /// A redirect, which is never followed with a secret.
    #[error("The portal sent the sign-in on to another address, where it was not followed.")]
    Redirected,
    /// The answer is not one of OAuth 2.
    #[error("The portal's answer to the sign-in could not be understood. Please try again later.")]
    NotUnderstood,
    /// The client could not be made.
    #[error(
        "The connection to the portal could not be set up: its own certificate cannot be read."
    )]
    NotSetUp,
    /// A redirect address that cannot be one.
    #[error("The address {0} cannot be used to come back from the portal.")]
    BadRedirect(String),
}

impl Client {
    /// A client for this portal: 10 s to connect, 30 s in all, no redirects, https only.
    ///
    /// # Errors
    /// [`Error::NotSetUp`] when the portal's own certificate cannot be read.
    pub fn new(
        portal: &Portal,
        client_id: &str,
        client_secret: Option<&SecretString>,
    ) -> Result<Self, Error> {
        let http = wire::builder(portal)
            .and_then(|builder| builder.timeout(ANSWER_WITHIN).build())
            .map_err(|_| Error::NotSetUp)?;
        Ok(Self {
            portal: portal.clone(),
            client_id: ClientId::new(client_id.to_owned()),
            client_secret: client_secret
                .map(|secret| ClientSecret::new(secret.expose_secret().to_owned())),
            http: Http(http),
            wants_basic: AtomicBool::new(false),
        })
    }

    /// Begins a sign-in that comes back to `redirect_uri`: a fresh state and PKCE verifier, and the
    /// address to open.
    ///
    /// # Errors
    /// [`Error::BadRedirect`] when the address cannot be read.
    pub fn begin(&self, redirect_uri: &str) -> Result<Begun, Error> {
        self.begin_with(redirect_uri, false)
    }

    /// The same, where the portal is not to let in at once whoever is logged in already
    /// (`prompt=login`, OpenID Connect Core §3.1.2.1; a portal that does not know it passes over it,
    /// RFC 6749 §3.1).
    ///
    /// # Errors
    /// As [`Client::begin`].
    pub fn begin_anew(&self, redirect_uri: &str) -> Result<Begun, Error> {
        self.begin_with(redirect_uri, true)
    }

    fn begin_with(&self, redirect_uri: &str, log_in_anew: bool) -> Result<Begun, Error> {
        let redirect_uri = RedirectUrl::new(redirect_uri.to_owned())
            .map_err(|_| Error::BadRedirect(redirect_uri.to_owned()))?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let oauth = self.oauth(AuthType::RequestBody);
        let mut request = oauth
            .authorize_url(|| CsrfToken::new_random_len(32))
            .add_scope(Scope::new(SCOPE.to_owned()))
            .set_pkce_challenge(challenge)
            .set_redirect_uri(Cow::Borrowed(&redirect_uri));
        if log_in_anew {
            request = request.add_extra_param("prompt", "login");
        }
        let (authorize_url, state) = request.url();
        let state = SecretString::from(state.secret().as_str());
        Ok(Begun { authorize_url, state, redirect_uri, verifier })
    }

    /// Exchanges the code for tokens; `now` is the time before the request.
    ///
    /// # Errors
    /// Why the portal gave none.
    pub async fn exchange(
        &self,
        begun: &Begun,
        code: &SecretString,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        let mut auth_type = self.first_auth_type();
        let answer = loop {
            self.portal.count(Purpose::SignIn);
            let answer = self
                .oauth(auth_type.clone())
                .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
                .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.secret().clone()))
                .set_redirect_uri(Cow::Borrowed(&begun.redirect_uri))
                .request_async(&self.http)
                .await
                .map_err(|error| refusal(error, Error::CodeRefused));
            match self.next_auth_type(&auth_type, &answer) {
                Some(next) => auth_type = next,
                None => break answer?,
            }
        };
        Ok(tokens(&answer, None, now))
    }

    /// Exchanges a refresh token for the next pair; the old one is kept where none came back. `now`
    /// is the time before the request.
    ///
    /// # Errors
    /// [`Error::RefreshRefused`] when the person has to sign in again.
    pub async fn refresh(&self, refresh: &SecretString, now: Timestamp) -> Result<Tokens, Error> {
        let token = RefreshToken::new(refresh.expose_secret().to_owned());
        let mut auth_type = self.first_auth_type();
        let answer = loop {
            self.portal.count(Purpose::Refresh);
            let answer = self
                .oauth(auth_type.clone())
                .exchange_refresh_token(&token)
                .request_async(&self.http)
                .await
                .map_err(|error| refusal(error, Error::RefreshRefused));
            match self.next_auth_type(&auth_type, &answer) {
                Some(next) => auth_type = next,
                None => break answer?,
            }
        };
        Ok(tokens(&answer, Some(refresh), now))
    }

    /// Tells the portal that nobody wants these tokens, and waits no longer than [`REVOKE_WITHIN`]: they
    /// are forgotten here whatever it says.
    pub async fn give_back(&self, tokens: &Tokens) {
        let _ = tokio::time::timeout(REVOKE_WITHIN, self.revoke(tokens)).await;
    }

    /// Tells the portal that these tokens are not wanted any more; a portal without such an address
    /// is no error.
    ///
    /// # Errors
    /// Why the portal may still hold them valid.
    pub async fn revoke(&self, tokens: &Tokens) -> Result<(), Error> {
        let refreshing = match &tokens.refresh {
            Some(refresh) => {
                let token = RefreshToken::new(refresh.expose_secret().to_owned());
                self.revoke_one(StandardRevocableToken::from(token)).await
            }
            None => Ok(()),
        };
        // Whatever the portal said to the first: it may take one kind only.
        let token = AccessToken::new(tokens.access.expose_secret().to_owned());
        refreshing.and(self.revoke_one(StandardRevocableToken::from(token)).await)
    }

    async fn revoke_one(&self, token: StandardRevocableToken) -> Result<(), Error> {
        let mut auth_type = self.first_auth_type();
        let revoked = loop {
            self.portal.count(Purpose::SignOut);
            let answer = self
                .oauth(auth_type.clone())
                .revoke_token(token.clone())
                .map_err(|_| Error::NotUnderstood)?
                .request_async(&self.http)
                .await
                .map_err(revocation_refusal);
            match self.next_auth_type(&auth_type, &answer) {
                Some(next) => auth_type = next,
                None => break answer,
            }
        };
        match revoked {
            Err(Error::Server(404 | 405)) => Ok(()),
            revoked => revoked,
        }
    }

    /// In the body, as the portal's own pages show it, unless this server has refused that before.
    fn first_auth_type(&self) -> AuthType {
        if self.wants_basic.load(Ordering::Relaxed) {
            AuthType::BasicAuth
        } else {
            AuthType::RequestBody
        }
    }

    /// In the header (form-encoded, RFC 6749 §2.3.1) once a server has refused the body.
    fn next_auth_type<T>(&self, tried: &AuthType, answer: &Result<T, Error>) -> Option<AuthType> {
        match (tried, answer) {
            (AuthType::RequestBody, Err(Error::WrongSecret)) => {
                self.client_secret.is_some().then_some(AuthType::BasicAuth)
            }
            (AuthType::BasicAuth, Ok(_)) => {
                self.wants_basic.store(true, Ordering::Relaxed);
                None
            }
            _ => None,
        }
    }

    fn oauth(&self, auth_type: AuthType) -> OAuth {
        let client = BasicClient::new(self.client_id.clone())
            .set_auth_type(auth_type)
            .set_auth_uri(AuthUrl::from_url(self.portal.authorize_url()))
            .set_token_uri(TokenUrl::from_url(self.portal.token_url()))
            .set_revocation_url(RevocationUrl::from_url(self.portal.revoke_url()));
        match &self.client_secret {
            Some(secret) => client.set_client_secret(secret.clone()),
            None => client,
        }
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Offline => Self::Offline,
            Trouble::TimedOut | Trouble::Interrupted => Self::TimedOut,
            Trouble::Certificate => Self::Certificate,
        }
    }
}

impl Error {
    /// The error for a code that came to the redirect address (RFC 6749 §4.1.2.1); whatever is not
    /// made of plain characters is left out of what is said.
    #[must_use]
    pub fn from_callback(code: &str) -> Self {
        if code == "access_denied" {
            Self::ConsentRefused
        } else {
            Self::Refused { code: plain(code) }
        }
    }
}

/// How oauth2 sends a request; never by itself along a redirect.
struct Http(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl Http {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        let request = reqwest::Request::try_from(request).map_err(|_| Error::NotUnderstood)?;
        let response =
            self.0.execute(request).await.map_err(|error| Error::from(wire::trouble(&error)))?;
        let status = response.status();
        let content_type = response.headers().get(CONTENT_TYPE).cloned();
        let body = match wire::read(response, MAX_BODY).await {
            Body::Whole(body) => body,
            Body::TooLarge => return Err(Error::NotUnderstood),
            Body::Torn(_, trouble) => return Err(trouble.into()),
        };
        if status.is_server_error() || matches!(status.as_u16(), 404 | 405 | 429) {
            return Err(Error::Server(status.as_u16()));
        }
        if status.is_redirection() {
            return Err(Error::Redirected);
        }
        let kind = content_type.as_ref().map(|kind| String::from_utf8_lossy(kind.as_bytes()));
        if wire::is_html(kind.as_deref(), &body) {
            return Err(Error::Html);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = status;
        if let Some(content_type) = content_type {
            answer.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        Ok(answer)
    }
}

type OAuth = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointSet, EndpointSet>;

fn tokens(answer: &BasicTokenResponse, old: Option<&SecretString>, now: Timestamp) -> Tokens {
    let lifetime = answer.expires_in().unwrap_or(USUAL_LIFETIME);
    let lifetime = SignedDuration::try_from(lifetime).unwrap_or(SignedDuration::MAX);
    let scope = answer
        .scopes()
        .map(|scopes| scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "));
    Tokens {
        access: SecretString::from(answer.access_token().secret().as_str()),
        refresh: answer
            .refresh_token()
            .map(|token| SecretString::from(token.secret().as_str()))
            .or_else(|| old.cloned()),
        expires_at: now.saturating_add(lifetime).unwrap_or(Timestamp::MAX),
        scope,
    }
}

fn refusal(error: RequestTokenError<Error, BasicErrorResponse>, invalid_grant: Error) -> Error {
    match error {
        RequestTokenError::ServerResponse(response) => {
            basic_refusal(response.error(), invalid_grant)
        }
        RequestTokenError::Request(error) => error,
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Error::NotUnderstood,
    }
}

fn revocation_refusal(error: RequestTokenError<Error, BasicRevocationErrorResponse>) -> Error {
    match error {
        RequestTokenError::ServerResponse(response) => match response.error() {
            RevocationErrorResponseType::Basic(code) => basic_refusal(code, Error::NotUnderstood),
            RevocationErrorResponseType::UnsupportedTokenType => Error::NotUnderstood,
        },
        RequestTokenError::Request(error) => error,
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Error::NotUnderstood,
    }
}

fn basic_refusal(code: &BasicErrorResponseType, invalid_grant: Error) -> Error {
    match code {
        BasicErrorResponseType::InvalidClient => Error::WrongSecret,
        BasicErrorResponseType::InvalidGrant => invalid_grant,
        BasicErrorResponseType::InvalidRequest
        | BasicErrorResponseType::InvalidScope
        | BasicErrorResponseType::UnauthorizedClient
        | BasicErrorResponseType::UnsupportedGrantType
        | BasicErrorResponseType::Extension(_) => Error::Refused { code: plain(code.as_ref()) },
    }
}

/// An error code as it may be shown: RFC 6749 codes are lower-case words.
fn plain(code: &str) -> String {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !code.is_empty() && code.len() <= 40 && code.chars().all(is_plain) {
        code.to_owned()
    } else {
        "no reason given".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
    use sha2::{Digest, Sha256};

    use super::super::fake::{Canned, Fake, Seen};
    use super::*;

    const REDIRECT: &str = "https://localhost:27443/callback";
    const PAIR: &str = r#"{"access_token":"acc-1","refresh_token":"ref-1","expires_in":172800,
        "token_type":"Bearer","scope":"patient/*.read"}"#;

    fn now() -> Timestamp {
        "2026-11-23T20:15:00Z".parse().unwrap()
    }

    fn client(portal: &Portal) -> Client {
        Client::new(portal, "id of mine", Some(&SecretString::from("s+cr%t"))).unwrap()
    }

    async fn exchange(client: &Client) -> Result<Tokens, Error> {
        let begun = client.begin(REDIRECT).unwrap();
        client.exchange(&begun, &SecretString::from("the-code"), now()).await
    }

    async fn exchange_at(answer: Canned) -> Result<Tokens, Error> {
        let fake = Fake::start(move |_| answer.clone()).await;
        exchange(&client(&fake.portal)).await
    }

    #[test]
    fn asks_for_reading_only_with_state_and_pkce() {
        let client = client(&Portal::default());
        let begun = client.begin(REDIRECT).unwrap();
        let given: std::collections::BTreeMap<String, String> =
            begun.authorize_url.query_pairs().into_owned().collect();
        assert!(begun.authorize_url.as_str().starts_with("https://onpatient.com/o/authorize/?"));
        assert_eq!(given["response_type"], "code");
        assert_eq!(given["client_id"], "id of mine");
        assert_eq!(given["redirect_uri"], REDIRECT);
        assert_eq!(given["scope"], "patient/*.read");
        assert_eq!(given["state"], begun.state.expose_secret());
        assert!(given["state"].len() >= 43);
        assert_eq!(given["code_challenge_method"], "S256");
        let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(begun.verifier.secret()));
        assert_eq!(given["code_challenge"], hash);
        assert!(!begun.authorize_url.as_str().contains("s%2Bcr"));

        let again = client.begin(REDIRECT).unwrap();
        assert_ne!(again.state.expose_secret(), begun.state.expose_secret());
        assert_ne!(again.verifier.secret(), begun.verifier.secret());
    }

    #[tokio::test]
    async fn exchanges_a_code_with_the_secret_in_the_body() {
        let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
        let client = client(&fake.portal);
        let begun = client.begin(REDIRECT).unwrap();

        let tokens = client.exchange(&begun, &SecretString::from("the-code"), now()).await.unwrap();

        assert_eq!(tokens.access.expose_secret(), "acc-1");
        assert_eq!(tokens.refresh.unwrap().expose_secret(), "ref-1");
        assert_eq!(tokens.expires_at, "2026-11-25T20:15:00Z".parse().unwrap());
        assert_eq!(tokens.scope.as_deref(), Some("patient/*.read"));
        let seen = fake.seen();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].method.as_str(), seen[0].target.as_str()), ("POST", "/o/token/"));
        assert!(!seen[0].headers.contains_key("authorization"));
        let form = seen[0].form();
        assert_eq!(form["grant_type"], "authorization_code");
        assert_eq!(form["code"], "the-code");
        assert_eq!(form["redirect_uri"], REDIRECT);
        assert_eq!(form["client_id"], "id of mine");
        assert_eq!(form["client_secret"], "s+cr%t");
        assert_eq!(form["code_verifier"], *begun.verifier.secret());
    }

    fn basic_only(seen: &Seen) -> Canned {
        if seen.header("authorization").is_empty() {
            Canned::json(401, r#"{"error":"invalid_client"}"#)
        } else {
            Canned::json(200, PAIR)
        }
    }

    #[tokio::test]
    async fn turns_to_form_encoded_basic_and_remembers_it() {
        let fake = Fake::start(basic_only).await;
        let client = client(&fake.portal);

        let tokens = exchange(&client).await.unwrap();
        client.refresh(&tokens.refresh.unwrap(), now()).await.unwrap();

        let seen = fake.seen();
        assert_eq!(seen.len(), 3);
        let expected = BASE64_STANDARD.encode("id+of+mine:s%2Bcr%25t");
        assert_eq!(seen[1].header("authorization"), format!("Basic {expected}"));
        assert!(!seen[1].form().contains_key("client_secret"));
        assert!(!seen[2].header("authorization").is_empty());
    }

    #[tokio::test]
    async fn says_that_the_secret_is_wrong_only_after_both_ways() {
        let fake = Fake::start(|_| Canned::json(401, r#"{"error":"invalid_client"}"#)).await;
        assert_eq!(exchange(&client(&fake.portal)).await.unwrap_err(), Error::WrongSecret);
        assert_eq!(fake.seen().len(), 2);
    }

    #[tokio::test]
    async fn keeps_the_refresh_token_when_none_comes_back() {
        let answer = r#"{"access_token":"acc-2","expires_in":60,"token_type":"bearer"}"#;
        let fake = Fake::start(move |_| Canned::json(200, answer)).await;

        let tokens =
            client(&fake.portal).refresh(&SecretString::from("ref-0"), now()).await.unwrap();

        assert_eq!(tokens.access.expose_secret(), "acc-2");
        assert_eq!(tokens.refresh.unwrap().expose_secret(), "ref-0");
        assert_eq!(tokens.expires_at, "2026-11-23T20:16:00Z".parse().unwrap());
        let form = fake.seen()[0].form();
        assert_eq!(form["grant_type"], "refresh_token");
        assert_eq!(form["refresh_token"], "ref-0");
        assert!(!form.contains_key("scope"));
    }

    #[tokio::test]
    async fn takes_48_hours_where_no_lifetime_is_given() {
        let answer = r#"{"access_token":"a","token_type":"Bearer"}"#;
        let tokens = exchange_at(Canned::json(200, answer)).await.unwrap();
        assert_eq!(tokens.expires_at, "2026-11-25T20:15:00Z".parse().unwrap());
    }

    #[tokio::test]
    async fn tells_refusals_apart() {
        let invalid_grant = Canned::json(400, r#"{"error":"invalid_grant"}"#);
        let fake = Fake::start(move |_| invalid_grant.clone()).await;
        let client = client(&fake.portal);
        assert_eq!(exchange(&client).await.unwrap_err(), Error::CodeRefused);
        assert_eq!(
            client.refresh(&SecretString::from("r"), now()).await.unwrap_err(),
            Error::RefreshRefused
        );

        for (answer, expected) in [
            (
                Canned::json(400, r#"{"error":"unauthorized_client"}"#),
                Error::Refused { code: "unauthorized_client".to_owned() },
            ),
            (
                Canned::json(400, r#"{"error":"<b>Look here</b>"}"#),
                Error::Refused { code: "no reason given".to_owned() },
            ),
            (Canned::html(200), Error::Html),
            (Canned::html(403), Error::Html),
            (Canned::html(500), Error::Server(500)),
            (Canned::json(503, "{}"), Error::Server(503)),
            (Canned::html(404), Error::Server(404)),
            (Canned::json(200, "{}"), Error::NotUnderstood),
            (Canned::json(200, "[1,"), Error::NotUnderstood),
            (Canned::json(200, ""), Error::NotUnderstood),
            (Canned::json(200, PAIR).torn(), Error::TimedOut),
            (Canned::json(200, &format!("\"{}\"", "x".repeat(70_000))), Error::NotUnderstood),
            (Canned::new(302).header("Location", "https://192.0.2.7/steal"), Error::Redirected),
            (Canned::new(307).header("Location", "/o/token/"), Error::Redirected),
        ] {
            let described = format!("{answer:?}").chars().take(80).collect::<String>();
            assert_eq!(exchange_at(answer).await.unwrap_err(), expected, "{described}");
        }
    }

    #[tokio::test]
    async fn says_when_the_portal_cannot_be_reached() {
        let gone = Fake::start(|_| Canned::json(200, PAIR)).await;
        let portal = gone.portal.clone();
        gone.stop().await;
        assert_eq!(exchange(&client(&portal)).await.unwrap_err(), Error::Offline);
    }

    #[tokio::test]
    async fn waits_half_a_minute_and_no_longer() {
        let fake = Fake::start(|_| Canned::silent()).await;
        let client = client(&fake.portal);
        let (answer, ()) = tokio::join!(exchange(&client), fake.let_time_pass(ANSWER_WITHIN));
        assert_eq!(answer.unwrap_err(), Error::TimedOut);
    }

    #[tokio::test]
    async fn sends_nothing_to_a_portal_that_cannot_prove_itself() {
        let fake = Fake::start(|_| Canned::json(200, PAIR)).await;
        assert_eq!(exchange(&client(&fake.distrusted())).await.unwrap_err(), Error::Certificate);
        assert!(fake.seen().is_empty());
    }

    #[tokio::test]
    async fn revokes_both_tokens_and_tolerates_a_portal_without_that() {
        let tokens = Tokens {
            access: SecretString::from("acc-1"),
            refresh: Some(SecretString::from("ref-1")),
            expires_at: now(),
            scope: None,
        };
        for answer in [Canned::json(200, ""), Canned::html(404)] {
            let fake = Fake::start(move |_| answer.clone()).await;
            client(&fake.portal).revoke(&tokens).await.unwrap();
            let seen = fake.seen();
            assert_eq!(seen.len(), 2);
            assert_eq!(seen[0].target, "/o/revoke_token/");
            assert_eq!(seen[0].form()["token"], "ref-1");
            assert_eq!(seen[1].form()["token"], "acc-1");
        }
        let fake = Fake::start(|_| Canned::html(500)).await;
        assert_eq!(client(&fake.portal).revoke(&tokens).await, Err(Error::Server(500)));
        assert_eq!(fake.seen().len(), 2, "the second is revoked whatever became of the first");
    }

    #[test]
    fn reads_the_error_of_a_callback() {
        assert_eq!(Error::from_callback("access_denied"), Error::ConsentRefused);
        assert_eq!(
            Error::from_callback("invalid_scope"),
            Error::Refused { code: "invalid_scope".to_owned() }
        );
        assert_eq!(
            Error::from_callback("Call 555-0100"),
            Error::Refused { code: "no reason given".to_owned() }
        );
    }

    #[tokio::test]
    async fn prints_no_secret() {
        let tokens = exchange_at(Canned::json(200, PAIR)).await.unwrap();
        let printed = format!("{tokens:?}");
        assert!(!printed.contains("acc-1") && !printed.contains("ref-1"), "{printed}");
    }
}
