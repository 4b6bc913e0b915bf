//! Requests of any kind at a listener, judged by rules of their own; for the property tests and the
//! fuzz target.

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{oneshot, watch};
use url::Url;

use super::super::callback::MAX_VALUE;
use super::super::page;
use super::super::portal::Portal;
use super::{
    Answer, Desk, Flow, Head, LIMITS, MAX_HEAD, Outcome, Parsed, Phase, Redirect, Reply,
    random_token,
};

/// What stands between two requests of one input.
pub const NEXT: &[u8] = b"\n--\n";

/// Sends the requests of an input, one after the other, to a listener that waits for its portal's
/// answer, and panics when one of them gets what it must not, or when afterwards the rightful
/// browser does not get what it should.
///
/// What a stranger cannot know stands in the input as a placeholder: `{N}` for the number in the
/// start address, `{C}` for the cookie with its name, `{S}` for the state, `{H}` for the host.
pub fn request(input: &[u8]) {
    let Some(mut stage) = Stage::set() else { return };
    for part in split(input) {
        stage.send(&part);
    }
    stage.ends_well();
}

struct Stage {
    desk: Desk,
    outcome: oneshot::Receiver<Outcome>,
    /// Whether a request with the number of the start address came.
    may_be_open: bool,
    is_consumed: bool,
    authorize_url: String,
}

impl Stage {
    fn set() -> Option<Self> {
        let redirect = Redirect::read("https://localhost:27443/callback").ok()?;
        let authorize_url = "https://onpatient.com/o/authorize/?state=x".to_owned();
        let flow = Flow {
            authorize_url: Url::parse(&authorize_url).ok()?,
            state: SecretString::from(random_token().ok()?),
            portal: Portal::default(),
        };
        let (_, verdict) = watch::channel(None);
        let (desk, _, outcome) = Desk::new(redirect, LIMITS, flow, verdict).ok()?;
        Some(Self { desk, outcome, may_be_open: false, is_consumed: false, authorize_url })
    }

    fn send(&mut self, part: &[u8]) -> u16 {
        let knows = |mark: &[u8]| part.windows(mark.len()).any(|window| window == mark);
        let (number, cookie, state) = (knows(b"{N}"), knows(b"{C}"), knows(b"{S}"));
        let bytes = self.filled(part);
        let head = match Head::parse(&bytes) {
            Parsed::Head(head) => head,
            Parsed::Partial => {
                assert!(bytes.len() < MAX_HEAD, "it would wait for more for ever");
                return 408;
            }
            Parsed::Malformed => return 400,
            Parsed::TooLarge => return 431,
        };
        assert!(head.method.len() + head.target.len() <= MAX_HEAD);
        self.may_be_open |= number;
        let reply = match self.desk.answer(&head) {
            Answer::Reply(reply) => reply,
            Answer::LastPage => {
                assert!(self.is_consumed, "the last page before an answer came");
                assert!(cookie, "the last page for a stranger");
                return 200;
            }
        };
        self.is_harmless(&reply);
        match reply.status {
            302 => {
                assert!(number, "sent on to the portal without the number");
                assert_eq!(reply.location.as_deref(), Some(self.authorize_url.as_str()));
            }
            303 => {
                assert!(self.may_be_open && cookie && state, "consumed by a stranger");
                assert!(!self.is_consumed, "consumed twice");
                assert_eq!((head.method.as_str(), head.hosts.len()), ("GET", 1));
                assert_eq!(head.target.split('?').next(), Some("/callback"));
                self.is_consumed = true;
            }
            410 => assert!(self.is_consumed),
            403 => assert!(self.may_be_open),
            200 => assert!(self.is_consumed && cookie, "the last page for a stranger"),
            400 | 404 | 405 | 421 => {}
            other => panic!("a status that no answer has: {other}"),
        }
        let is_consumed = matches!(*self.phase(), Phase::Consumed { .. });
        assert_eq!(is_consumed, self.is_consumed, "the sign-in was used up without an answer");
        reply.status
    }

    /// The rightful browser comes: as long as nobody had the right to use the sign-in up, it works.
    fn ends_well(mut self) {
        let callback =
            b"GET /callback?code=the-code&state={S} HTTP/1.1\r\nHost: {H}\r\nCookie: {C}\r\n\r\n";
        if self.is_consumed {
            assert_eq!(self.send(callback), 410);
            match self.outcome.try_recv() {
                Ok(Outcome::Code(code)) => {
                    let code = code.expose_secret();
                    assert!((1..=MAX_VALUE).contains(&code.len()));
                    assert!(code.bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
                }
                Ok(Outcome::Refused(error)) => assert!(!error.is_empty() && error.is_ascii()),
                Err(_) => panic!("used up, and nobody was told"),
            }
            return;
        }
        let start = b"GET /start?n={N} HTTP/1.1\r\nHost: {H}\r\nCookie: {C}\r\n\r\n";
        assert_eq!(self.send(start), 302);
        assert_eq!(self.send(callback), 303);
        let Ok(Outcome::Code(code)) = self.outcome.try_recv() else { panic!("no code") };
        assert_eq!(code.expose_secret(), "the-code");
    }

    fn is_harmless(&self, reply: &Reply) {
        let bytes = reply.bytes(&self.desk);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        for line in head.split("\r\n").skip(1) {
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            let is_known = match name {
                "Location" => {
                    value == self.authorize_url
                        || ["done", "failed"]
                            .map(|page| format!("https://{}/{page}", self.desk.host))
                            .contains(&value.to_owned())
                }
                "Set-Cookie" => value.starts_with(&self.desk.cookie_name),
                "Content-Type"
                | "Content-Length"
                | "Connection"
                | "Cache-Control"
                | "Allow"
                | "Referrer-Policy"
                | "X-Content-Type-Options"
                | "X-Frame-Options"
                | "Cross-Origin-Opener-Policy"
                | "Cross-Origin-Resource-Policy"
                | "Content-Security-Policy" => true,
                _ => false,
            };
            assert!(is_known, "a header that no answer has: {line}");
        }
        let page = reply.page.map(|page| page::html(page, self.desk.port)).unwrap_or_default();
        assert_eq!(body, page);
        assert!(!text.contains(self.desk.flow.state.expose_secret()), "it tells the state");
        assert!(!text.contains(&self.desk.nonce), "it tells the number");
    }

    fn phase(&self) -> std::sync::MutexGuard<'_, Phase> {
        self.desk.phase.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn filled(&self, part: &[u8]) -> Vec<u8> {
        let cookie = format!("{}={}", self.desk.cookie_name, self.desk.cookie);
        let mut filled = Vec::with_capacity(part.len() + 256);
        let mut rest = part;
        while let Some((first, more)) = rest.split_first() {
            let known: Option<&str> = match rest.get(..3) {
                Some(b"{N}") => Some(&self.desk.nonce),
                Some(b"{C}") => Some(&cookie),
                Some(b"{S}") => Some(self.desk.flow.state.expose_secret()),
                Some(b"{H}") => Some(&self.desk.host),
                _ => None,
            };
            match known {
                Some(text) => {
                    filled.extend_from_slice(text.as_bytes());
                    rest = rest.get(3..).unwrap_or_default();
                }
                None => {
                    filled.push(*first);
                    rest = more;
                }
            }
        }
        filled
    }
}

fn split(input: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = vec![Vec::new()];
    let mut rest = input;
    while let Some((first, more)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(NEXT) {
            parts.push(Vec::new());
            rest = after;
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.push(*first);
        }
        rest = more;
    }
    parts
}
