//! The OAuth 2 side: authorize with a log-in and a consent page, token, revoke.
//!
//! It behaves as Django OAuth Toolkit, which the portal's addresses point to: exact redirect
//! addresses, PKCE held to once a challenge was sent, refresh tokens that rotate and whose
//! predecessor is refused at once.

use crate::faults::Kind;
use crate::json::Json;
use crate::page;
use crate::server::{Config, Portal, answer_with, lock};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;
use url::form_urlencoded;

/// The cookie that binds the pages to one browser.
const COOKIE: &str = "__Host-practice-portal";

/// Sessions, codes and grants kept at most; the oldest goes first.
const N_KEPT_MAX: usize = 1_000;

/// The scope of a request that names none.
const DEFAULT_SCOPE: &str = "patient/*.read";

/// What the person does on the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The button `Allow`.
    Allow,
    /// The button `Deny`.
    Deny,
}

/// Why an authorize request ends on a page of the portal rather than back at the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The address is not the authorize address of this portal.
    #[error("This is not the authorize address of the practice portal.")]
    WrongAddress,
    /// A parameter stands there more than once (RFC 6749 §3.1).
    #[error("The address that brought you here has a part of it twice.")]
    Repeated,
    /// No client has this id.
    #[error("No app with this client id is registered here.")]
    UnknownClient,
    /// The client has no such redirect address.
    #[error("The app asked to be answered at an address that is not registered for it.")]
    UnknownRedirect,
    /// Nobody logs in by this name.
    #[error("Nobody has a log-in of this name here.")]
    UnknownLogin,
    /// This computer gave no random numbers to make a code from.
    #[error("The practice portal is out of order: this computer gave it no random numbers.")]
    OutOfOrder,
}

/// The portal's books: the client, and every session, code and grant.
pub(crate) struct Desk {
    client_id: String,
    client_secret: String,
    redirect_uris: Vec<String>,
    token_life: Duration,
    code_life: Duration,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    sessions: VecDeque<Session>,
    codes: VecDeque<Code>,
    grants: VecDeque<Grant>,
}

#[derive(Clone)]
struct Session {
    id: String,
    csrf: String,
    /// Who is logged in, as an index into the population.
    account: Option<usize>,
}

struct Code {
    code: String,
    ends: Instant,
    account: usize,
    asked: Asked,
}

struct Grant {
    access: String,
    ends: Instant,
    refresh: String,
    account: usize,
    scope: String,
}

/// An authorize request that is in order.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    state: Option<String>,
    challenge: Option<String>,
}

/// Whose data a token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) account: usize,
    pub(crate) scope: String,
}

enum Problem {
    /// To be shown here, since nobody knows where else to send it.
    Page(Refused),
    /// To be sent back to the client.
    Back(String),
}

type Params = Vec<(String, String)>;

impl Desk {
    pub(crate) fn new(config: &Config) -> Result<Self, getrandom::Error> {
        Ok(Self {
            client_id: match &config.client_id {
                Some(id) => id.clone(),
                None => alphanumeric(40)?,
            },
            client_secret: match &config.client_secret {
                Some(secret) => secret.clone(),
                None => alphanumeric(128)?,
            },
            redirect_uris: config.redirect_uris.clone(),
            token_life: config.token_life,
            code_life: config.code_life,
            books: Mutex::default(),
        })
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(crate) fn client_secret(&self) -> &str {
        &self.client_secret
    }

    pub(crate) fn revoke_all(&self) {
        *lock(&self.books) = Books::default();
    }

    /// Ends every access token; refresh tokens go on.
    pub(crate) fn end_access(&self) {
        let now = Instant::now();
        for grant in &mut lock(&self.books).grants {
            grant.ends = now;
        }
    }

    /// Who holds this access token, while it lives.
    pub(crate) fn holder(&self, access: &str) -> Option<Holder> {
        let now = Instant::now();
        lock(&self.books)
            .grants
            .iter()
            .find(|grant| same(&grant.access, access) && now < grant.ends)
            .map(|grant| Holder { account: grant.account, scope: grant.scope.clone() })
    }

    /// Ends the grant that an access or a refresh token belongs to; says whether there was one.
    pub(crate) fn revoke(&self, token: &str) -> bool {
        let grants = &mut lock(&self.books).grants;
        let n_before = grants.len();
        grants.retain(|grant| !same(&grant.access, token) && !same(&grant.refresh, token));
        grants.len() < n_before
    }

    fn session(&self, headers: &HeaderMap) -> Option<Session> {
        let id = cookie(headers)?;
        lock(&self.books).sessions.iter().find(|session| same(&session.id, id)).cloned()
    }

    fn open_session(&self, account: Option<usize>) -> Result<Session, getrandom::Error> {
        let session = Session { id: alphanumeric(43)?, csrf: alphanumeric(43)?, account };
        push(&mut lock(&self.books).sessions, session.clone());
        Ok(session)
    }

    fn close_session(&self, id: &str) {
        lock(&self.books).sessions.retain(|session| session.id != id);
    }

    /// A code for `account`, as the address to which the browser goes.
    fn issue_code(&self, account: usize, asked: &Asked) -> Result<String, getrandom::Error> {
        let code = alphanumeric(30)?;
        let ends = later(self.code_life);
        push(
            &mut lock(&self.books).codes,
            Code { code: code.clone(), ends, account, asked: asked.clone() },
        );
        Ok(with_query(&asked.redirect_uri, &[("code", Some(&code)), ("state", asked.state())]))
    }

    /// Looks an authorize request over (RFC 6749 §4.1.1, RFC 7636 §4.3).
    fn check(&self, params: &Params) -> Result<Asked, Problem> {
        let one =
            |name: &str| only_one(params, name).map_err(|()| Problem::Page(Refused::Repeated));
        if one("client_id")? != Some(&self.client_id) {
            return Err(Problem::Page(Refused::UnknownClient));
        }
        let redirect_uri = match one("redirect_uri")? {
            Some(uri) if self.redirect_uris.iter().any(|known| known == uri) => uri.to_owned(),
            Some(_) | None => return Err(Problem::Page(Refused::UnknownRedirect)),
        };
        let state = one("state")?.map(str::to_owned);
        let back = |error: &str, words: &str| {
            Err(Problem::Back(with_query(
                &redirect_uri,
                &[
                    ("error", Some(error)),
                    ("error_description", Some(words)),
                    ("state", state.as_deref()),
                ],
            )))
        };
        match one("response_type")? {
            Some("code") => {}
            Some(_) => return back("unsupported_response_type", "Only code is known here."),
            None => return back("invalid_request", "response_type is missing."),
        }
        let scope = one("scope")?.filter(|scope| !scope.is_empty()).unwrap_or(DEFAULT_SCOPE);
        if !scope.split(' ').all(known_scope) {
            return back("invalid_scope", "A scope is not known here.");
        }
        let challenge = one("code_challenge")?.map(str::to_owned);
        match (&challenge, one("code_challenge_method")?) {
            (None, None) | (Some(_), Some("S256")) => {}
            (Some(_), _) => return back("invalid_request", "Only S256 is known here."),
            (None, Some(_)) => return back("invalid_request", "code_challenge is missing."),
        }
        if challenge.as_ref().is_some_and(|challenge| challenge.len() != 43) {
            return back("invalid_request", "The code_challenge is not one of S256.");
        }
        Ok(Asked { redirect_uri: redirect_uri.clone(), scope: scope.to_owned(), state, challenge })
    }
}

/// Without the secret, the codes and the tokens.
impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("redirect_uris", &self.redirect_uris).finish_non_exhaustive()
    }
}

impl Asked {
    fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    fn denied(&self) -> String {
        with_query(
            &self.redirect_uri,
            &[("error", Some("access_denied")), ("state", self.state.as_deref())],
        )
    }
}

/// The bearer token of a request, where it has one.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    credentials(headers, "bearer")
}

/// `GET /o/authorize/`: the log-in page, or the consent page for whom is logged in already. With
/// `prompt=login` (OpenID Connect Core §3.1.2.1) the log-in page comes all the same, once.
pub(crate) async fn authorize(
    State(portal): State<Arc<Portal>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = uri.query().unwrap_or_default();
    let given = params_of(query.as_bytes());
    let asked = match portal.desk.check(&given) {
        Ok(asked) => asked,
        Err(problem) => return problem.response(),
    };
    let must_log_in = value(&given, "prompt") == "login";
    let (session, is_new) = match portal.desk.session(&headers) {
        Some(session) => (session, false),
        None => match portal.desk.open_session(None) {
            Ok(session) => (session, true),
            Err(_) => return page::out_of_order(),
        },
    };
    // Whoever logs in has done what was asked for.
    let pairs: Vec<_> = query.split('&').filter(|pair| !pair.starts_with("prompt=")).collect();
    let next = format!("/o/authorize/?{}", pairs.join("&"));
    let account = session
        .account
        .filter(|_| !must_log_in)
        .and_then(|account| portal.population.accounts.get(account));
    let mut response = match account {
        None => page::log_in(&portal, &session.csrf, &next, None),
        Some(account) => page::consent(account, &session.csrf, &next, &asked),
    };
    if is_new {
        set_cookie(&mut response, &session.id);
    }
    response
}

/// `POST /o/authorize/`: the answer of the consent page.
pub(crate) async fn consent(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = params_of(&body);
    let Some(session) = held_session(&portal, &headers, &form) else {
        return page::too_old();
    };
    let next = value(&form, "next");
    let query = next.strip_prefix("/o/authorize/?").unwrap_or_default();
    let asked = match portal.desk.check(&params_of(query.as_bytes())) {
        Ok(asked) => asked,
        Err(problem) => return problem.response(),
    };
    let Some(account) = session.account else {
        return page::log_in(&portal, &session.csrf, next, None);
    };
    match value(&form, "allow") {
        "Allow" => match portal.desk.issue_code(account, &asked) {
            Ok(address) => go_to(StatusCode::FOUND, &address),
            Err(_) => page::out_of_order(),
        },
        _ => go_to(StatusCode::FOUND, &asked.denied()),
    }
}

/// `POST /o/log-in/`: the log-in form.
pub(crate) async fn log_in(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = params_of(&body);
    let Some(session) = held_session(&portal, &headers, &form) else {
        return page::too_old();
    };
    let next = value(&form, "next");
    if !next.starts_with("/o/authorize/?") {
        return page::too_old();
    }
    let (user, password) = (value(&form, "username").trim(), value(&form, "password"));
    let account = portal.population.accounts.iter().position(|account| {
        account.login.user.eq_ignore_ascii_case(user) && same(&account.login.password, password)
    });
    let Some(account) = account else {
        return page::log_in(&portal, &session.csrf, next, Some(user));
    };
    // A new session for a new right, so that a cookie set beforehand is worth nothing.
    portal.desk.close_session(&session.id);
    match portal.desk.open_session(Some(account)) {
        Ok(session) => {
            let mut response = go_to(StatusCode::SEE_OTHER, next);
            set_cookie(&mut response, &session.id);
            response
        }
        Err(_) => page::out_of_order(),
    }
}

/// `POST /o/log-out/`: ends the session and shows the log-in page anew.
pub(crate) async fn log_out(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = params_of(&body);
    let Some(session) = held_session(&portal, &headers, &form) else {
        return page::too_old();
    };
    portal.desk.close_session(&session.id);
    let next = value(&form, "next");
    go_to(StatusCode::SEE_OTHER, if next.starts_with("/o/authorize/?") { next } else { "/" })
}

/// `POST /o/token/` (RFC 6749 §4.1.3 and §6).
pub(crate) async fn token(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = params_of(&body);
    if has_repeats(&form) {
        return token_error(StatusCode::BAD_REQUEST, "invalid_request");
    }
    if let Err(response) = authenticate(&portal, &headers, &form) {
        return *response;
    }
    let faults = portal.faults();
    let life = match faults.number(Kind::ShortToken, 0) {
        Some(seconds) => Duration::from_secs(seconds),
        None => portal.desk.token_life,
    };
    match value(&form, "grant_type") {
        "authorization_code" => match exchange(&portal.desk, &form, life) {
            Ok(reply) => {
                portal.count(|stats| {
                    stats.n_codes_exchanged = stats.n_codes_exchanged.saturating_add(1);
                });
                reply
            }
            Err(error) => token_error(StatusCode::BAD_REQUEST, error),
        },
        "refresh_token" if faults.on(Kind::DenyRefresh) => {
            token_error(StatusCode::BAD_REQUEST, "invalid_grant")
        }
        "refresh_token" => match refresh(&portal.desk, &form, life, !faults.on(Kind::NoRotate)) {
            Ok(reply) => {
                portal.count(|stats| stats.n_refreshes = stats.n_refreshes.saturating_add(1));
                reply
            }
            Err(error) => token_error(StatusCode::BAD_REQUEST, error),
        },
        "" => token_error(StatusCode::BAD_REQUEST, "invalid_request"),
        _ => token_error(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
    }
}

/// `POST /o/revoke_token/` (RFC 7009 §2): 200 for a token nobody knows, too.
pub(crate) async fn revoke(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = params_of(&body);
    if let Err(response) = authenticate(&portal, &headers, &form) {
        return *response;
    }
    let token = value(&form, "token");
    if token.is_empty() {
        return token_error(StatusCode::BAD_REQUEST, "invalid_request");
    }
    if portal.desk.revoke(token) {
        portal.count(|stats| stats.n_revoked = stats.n_revoked.saturating_add(1));
    }
    answer_with(StatusCode::OK, "application/json", "")
}

/// What [`crate::Sandbox::answer`] does.
pub(crate) fn answer(
    portal: &Portal,
    authorize_url: &str,
    user: &str,
    answer: Answer,
) -> Result<String, Refused> {
    let url = url::Url::parse(authorize_url).map_err(|_| Refused::WrongAddress)?;
    if url.origin().ascii_serialization() != portal.origin || url.path() != "/o/authorize/" {
        return Err(Refused::WrongAddress);
    }
    let asked = match portal.desk.check(&params_of(url.query().unwrap_or_default().as_bytes())) {
        Ok(asked) => asked,
        Err(Problem::Page(refused)) => return Err(refused),
        Err(Problem::Back(address)) => return Ok(address),
    };
    let account = portal
        .population
        .accounts
        .iter()
        .position(|account| account.login.user == user)
        .ok_or(Refused::UnknownLogin)?;
    match answer {
        Answer::Allow => portal.desk.issue_code(account, &asked).map_err(|_| Refused::OutOfOrder),
        Answer::Deny => Ok(asked.denied()),
    }
}

fn exchange(desk: &Desk, form: &Params, life: Duration) -> Result<Response, &'static str> {
    let wanted = value(form, "code");
    let (access, refresh) = fresh_pair()?;
    let mut books = lock(&desk.books);
    let idx = books.codes.iter().position(|known| same(&known.code, wanted));
    // Gone from here on, whether the rest is in order or not: a code is good for one try.
    let code = idx.and_then(|idx| books.codes.remove(idx)).ok_or("invalid_grant")?;
    if Instant::now() >= code.ends || code.asked.redirect_uri != value(form, "redirect_uri") {
        return Err("invalid_grant");
    }
    match &code.asked.challenge {
        Some(challenge) => {
            let digest = Sha256::digest(value(form, "code_verifier").as_bytes());
            if !same(&URL_SAFE_NO_PAD.encode(digest), challenge) {
                return Err("invalid_grant");
            }
        }
        // RFC 9700 §4.8.2: a verifier without a challenge is a downgrade.
        None if !value(form, "code_verifier").is_empty() => return Err("invalid_grant"),
        None => {}
    }
    let reply = token_reply(&access, life, &code.asked.scope, Some(&refresh));
    push(
        &mut books.grants,
        Grant {
            access,
            ends: later(life),
            refresh,
            account: code.account,
            scope: code.asked.scope,
        },
    );
    Ok(reply)
}

fn refresh(
    desk: &Desk,
    form: &Params,
    life: Duration,
    rotate: bool,
) -> Result<Response, &'static str> {
    let wanted = value(form, "refresh_token");
    let (access, refresh) = fresh_pair()?;
    let mut books = lock(&desk.books);
    let grant = books
        .grants
        .iter_mut()
        .find(|grant| same(&grant.refresh, wanted))
        .ok_or("invalid_grant")?;
    grant.access.clone_from(&access);
    grant.ends = later(life);
    if rotate {
        grant.refresh.clone_from(&refresh);
    }
    Ok(token_reply(&access, life, &grant.scope, rotate.then_some(&refresh)))
}

/// Checks the client's id and secret, sent by Basic or in the form (RFC 6749 §2.3.1).
fn authenticate(portal: &Portal, headers: &HeaderMap, form: &Params) -> Result<(), Box<Response>> {
    let faults = portal.faults();
    let basic = credentials(headers, "basic").map(decode_basic);
    let has_body = form.iter().any(|(name, _)| name == "client_secret");
    let pair = match basic {
        Some(_) if has_body => {
            return Err(Box::new(token_error(StatusCode::BAD_REQUEST, "invalid_request")));
        }
        Some(pair) if !faults.on(Kind::BodyOnly) => pair,
        None if has_body && !faults.on(Kind::BasicOnly) => {
            Some((value(form, "client_id").to_owned(), value(form, "client_secret").to_owned()))
        }
        Some(_) | None => None,
    };
    let good = pair.is_some_and(|(id, secret)| {
        same(&id, &portal.desk.client_id) && same(&secret, &portal.desk.client_secret)
    });
    if good {
        return Ok(());
    }
    let mut response = token_error(StatusCode::UNAUTHORIZED, "invalid_client");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"portal\""));
    Err(Box::new(response))
}

/// Id and secret, each form-encoded before they were joined.
fn decode_basic(credentials: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decode(id), form_decode(secret)))
}

fn form_decode(text: &str) -> String {
    // `&` and `=` would end a name or a value, so they are kept apart from the parser.
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}

/// What stands behind a scheme in the `Authorization` header.
fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (named, rest) = text.split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// The session of the cookie, if the form carries its CSRF token.
fn held_session(portal: &Portal, headers: &HeaderMap, form: &Params) -> Option<Session> {
    portal.desk.session(headers).filter(|session| same(&session.csrf, value(form, "csrf")))
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
}

fn set_cookie(response: &mut Response, id: &str) {
    let line = format!("{COOKIE}={id}; Path=/; Secure; HttpOnly; SameSite=Lax");
    if let Ok(line) = HeaderValue::from_str(&line) {
        response.headers_mut().insert(header::SET_COOKIE, line);
    }
}

fn go_to(status: StatusCode, address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(location) => {
            let mut response = answer_with(status, "text/html; charset=utf-8", "");
            response.headers_mut().insert(header::LOCATION, location);
            response
        }
        Err(_) => page::too_old(),
    }
}

fn token_reply(access: &str, life: Duration, scope: &str, refresh: Option<&String>) -> Response {
    let body = Json::with("access_token", access)
        .and("expires_in", life.as_secs())
        .and("token_type", "Bearer")
        .and("scope", scope)
        .and_some("refresh_token", refresh.map(String::as_str))
        .render();
    let mut response = answer_with(StatusCode::OK, "application/json", body);
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn token_error(status: StatusCode, error: &'static str) -> Response {
    answer_with(status, "application/json", Json::with("error", error).render())
}

impl Problem {
    fn response(self) -> Response {
        match self {
            Self::Page(refused) => page::refused(refused),
            Self::Back(address) => go_to(StatusCode::FOUND, &address),
        }
    }
}

fn known_scope(scope: &str) -> bool {
    matches!(scope, "offline_access" | "launch/patient" | "openid" | "fhirUser" | "patient/*.read")
        || scope
            .strip_prefix("patient/")
            .and_then(|rest| rest.strip_suffix(".read"))
            .is_some_and(|kind| kind.chars().all(|c| c.is_ascii_alphabetic()))
}

fn params_of(text: &[u8]) -> Params {
    form_urlencoded::parse(text).into_owned().collect()
}

/// The value of `name`, empty where there is none.
fn value<'a>(params: &'a Params, name: &str) -> &'a str {
    params.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// The one value of `name`, or an error where it stands there twice.
fn only_one<'a>(params: &'a Params, name: &str) -> Result<Option<&'a str>, ()> {
    let mut values = params.iter().filter(|(known, _)| known == name);
    let first = values.next().map(|(_, value)| value.as_str());
    if values.next().is_some() { Err(()) } else { Ok(first) }
}

fn has_repeats(params: &Params) -> bool {
    params.iter().any(|(name, _)| only_one(params, name).is_err())
}

fn with_query(address: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let glue = if address.contains('?') { '&' } else { '?' };
    format!("{address}{glue}{}", query.finish())
}

fn push<T>(kept: &mut VecDeque<T>, one: T) {
    if kept.len() >= N_KEPT_MAX {
        kept.pop_front();
    }
    kept.push_back(one);
}

fn later(life: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(life).unwrap_or(now)
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

fn fresh_pair() -> Result<(String, String), &'static str> {
    let pair = alphanumeric(30).and_then(|access| Ok((access, alphanumeric(30)?)));
    pair.map_err(|_| "server_error")
}

/// `len` random letters and digits.
fn alphanumeric(len: usize) -> Result<String, getrandom::Error> {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::with_capacity(len);
    let mut bytes = [0_u8; 64];
    while text.len() < len {
        getrandom::fill(&mut bytes)?;
        // Values past the alphabet are passed over, so that each sign is equally likely.
        let signs = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 63)));
        text.extend(signs.map(|sign| char::from(*sign)).take(len.saturating_sub(text.len())));
    }
    Ok(text)
}
