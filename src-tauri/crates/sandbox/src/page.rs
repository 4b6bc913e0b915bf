//! The pages a person sees: plain HTML without a script, in the light and in the dark.

use crate::fhir;
use crate::oauth::{Asked, Refused};
use crate::people::Account;
use crate::server::{Portal, answer_with};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

const STYLE: &str = include_str!("page.css");

const HTML: &str = "text/html; charset=utf-8";

/// `GET /`: what this is.
pub(crate) async fn home(State(portal): State<Arc<Portal>>) -> Response {
    let mut counts = String::new();
    for account in &portal.population.accounts {
        let n: usize =
            account.counts().filter(|(kind, _)| fhir::LISTED.contains(kind)).map(|(_, n)| n).sum();
        // Writing to a String cannot fail.
        let _ = write!(
            counts,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"n\">{n}</td></tr>",
            escape(&account.login.user),
            escape(&account.login.about),
        );
    }
    let body = format!(
        "<h1>A portal to practise with</h1>\
         <p class=\"lead\">This page is served by a program on your own computer. It plays a \
         patient portal, so that signing in and copying a record can be tried without one.</p>\
         <p>Everybody in it is invented. It reaches nobody, and it is gone when the program \
         that started it is closed.</p>\
         <section aria-labelledby=\"who\"><h2 id=\"who\">Whose records it holds</h2>\
         <table><thead><tr><th scope=\"col\">Log-in</th><th scope=\"col\">Whose record</th>\
         <th scope=\"col\" class=\"n\">Records</th></tr></thead>\
         <tbody>{counts}</tbody></table></section>",
    );
    whole(StatusCode::OK, "Practice portal", &body, "'none'")
}

/// The page for an address that leads nowhere.
pub(crate) async fn not_found() -> Response {
    notice(
        StatusCode::NOT_FOUND,
        "There is no such page",
        "The practice portal has nothing at this address.",
    )
}

/// The log-in page; `refused` is the user name that was just turned away.
pub(crate) fn log_in(portal: &Portal, csrf: &str, next: &str, refused: Option<&str>) -> Response {
    let hidden = hidden(csrf, next);
    let mut buttons = String::new();
    for login in &portal.logins {
        let user = escape(&login.user);
        let password = escape(&login.password);
        // Writing to a String cannot fail.
        let _ = write!(
            buttons,
            "<li><form method=\"post\" action=\"/o/log-in/\">{hidden}\
             <input type=\"hidden\" name=\"username\" value=\"{user}\">\
             <input type=\"hidden\" name=\"password\" value=\"{password}\">\
             <button class=\"pick\" id=\"use-{user}\" data-testid=\"use-{user}\">\
             <span class=\"who\">{about}</span>\
             <span class=\"how\">user name <b>{user}</b>, password <b>{password}</b></span>\
             </button></form></li>",
            about = escape(&login.about),
        );
    }
    let error = match refused {
        Some(_) => {
            "<p class=\"error\" role=\"alert\" id=\"log-in-error\" data-testid=\"log-in-error\">\
             <strong>That did not fit.</strong> User name and password do not belong together. \
             The practice log-ins are listed below.</p>"
        }
        None => "",
    };
    let invalid = if refused.is_some() {
        " aria-invalid=\"true\" aria-describedby=\"log-in-error\""
    } else {
        ""
    };
    let body = format!(
        "<h1>Log in</h1>{error}\
         <form method=\"post\" action=\"/o/log-in/\" id=\"log-in-form\" data-testid=\"log-in-form\">\
         {hidden}\
         <label for=\"username\">User name</label>\
         <input id=\"username\" data-testid=\"username\" name=\"username\" value=\"{user}\" \
         autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" required{invalid}>\
         <label for=\"password\">Password</label>\
         <input id=\"password\" data-testid=\"password\" name=\"password\" type=\"password\" \
         autocomplete=\"off\" required{invalid}>\
         <button class=\"primary\" id=\"log-in\" data-testid=\"log-in\">Log in</button></form>\
         <section aria-labelledby=\"practice\"><h2 id=\"practice\">Practice log-ins</h2>\
         <p>Choose one to log in with a click. Never type a password of your own here.</p>\
         <ul class=\"picks\">{buttons}</ul></section>",
        user = escape(refused.unwrap_or_default()),
    );
    let status = if refused.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    whole(status, "Log in – practice portal", &body, "'self'")
}

/// The consent page.
pub(crate) fn consent(account: &Account, csrf: &str, next: &str, asked: &Asked) -> Response {
    let hidden = hidden(csrf, next);
    let name = escape(&account.name);
    let host = url::Url::parse(&asked.redirect_uri).ok();
    let is_here = host
        .as_ref()
        .is_some_and(|url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")));
    let whose = if is_here { ", a program on this computer" } else { "" };
    let origin = host.map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let body = format!(
        "<h1>Allow this app to read the record?</h1>\
         <p class=\"lead\">The app you registered asks to read the health record of \
         <strong>{name}</strong>.</p>\
         <ul class=\"plain\"><li>It can read everything that this portal shows.</li>\
         <li>It cannot change anything.</li>\
         <li>The answer goes to <span class=\"address\">{origin}</span>{whose}.</li></ul>\
         <form method=\"post\" action=\"/o/authorize/\" id=\"consent-form\" \
         data-testid=\"consent-form\" class=\"choice\">{hidden}\
         <button class=\"primary\" id=\"allow\" data-testid=\"allow\" name=\"allow\" \
         value=\"Allow\">Allow</button>\
         <button id=\"deny\" data-testid=\"deny\" name=\"allow\" value=\"Deny\">Deny</button>\
         </form>\
         <form method=\"post\" action=\"/o/log-out/\" class=\"aside\">{hidden}\
         <p>You are logged in as <b>{user}</b>. \
         <button class=\"link\" id=\"log-out\" data-testid=\"log-out\">Use another log-in</button>\
         </p></form>",
        origin = escape(&origin),
        user = escape(&account.login.user),
    );
    // Chromium holds form-action against the redirect that follows the form, too.
    let form_action = format!("'self' {origin}");
    whole(StatusCode::OK, "Allow reading? – practice portal", &body, &form_action)
}

/// The page for an authorize request that cannot be answered to the client.
pub(crate) fn refused(refused: Refused) -> Response {
    notice(
        StatusCode::BAD_REQUEST,
        "This sign-in cannot go on",
        &format!("{refused} Go back to the app and start again."),
    )
}

/// The page for a form whose session is over.
pub(crate) fn too_old() -> Response {
    notice(
        StatusCode::FORBIDDEN,
        "This page is too old",
        "It belongs to a sign-in that is over. Go back to the app and start again.",
    )
}

/// The page for a computer without random numbers.
pub(crate) fn out_of_order() -> Response {
    notice(
        StatusCode::INTERNAL_SERVER_ERROR,
        "The practice portal is out of order",
        "This computer gave it no random numbers. Start it again.",
    )
}

/// The page that comes in place of data: a log-in page, as of a session that is lost.
pub(crate) fn instead_of_data(status: StatusCode) -> Response {
    notice(
        status,
        "Please log in",
        "Your session has ended. This is a page for people; programs ask for application/json.",
    )
}

fn notice(status: StatusCode, title: &str, words: &str) -> Response {
    let body = format!("<h1>{}</h1><p class=\"lead\">{}</p>", escape(title), escape(words));
    whole(status, &format!("{title} – practice portal"), &body, "'none'")
}

fn hidden(csrf: &str, next: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"csrf\" value=\"{}\">\
         <input type=\"hidden\" name=\"next\" value=\"{}\">",
        escape(csrf),
        escape(next),
    )
}

fn whole(status: StatusCode, title: &str, body: &str, form_action: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">\
         <style>{STYLE}</style></head><body>\
         <header><p><strong>Practice portal</strong> \
         <span>not a real portal, invented people</span></p></header>\
         <main>{body}</main></body></html>",
        title = escape(title),
    );
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         frame-ancestors 'none'; form-action {form_action}",
    );
    let mut response = answer_with(status, HTML, html);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
