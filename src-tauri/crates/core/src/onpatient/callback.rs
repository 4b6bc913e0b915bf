//! The portal's answer as it stands in the query of the redirect address (RFC 6749 §4.1.2), whether
//! a browser brought it, a window of the app caught it, or the person pasted it.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use thiserror::Error;
use url::{Url, form_urlencoded};

use super::portal::Portal;

pub(super) const MAX_PARAMETERS: usize = 20;
pub(super) const MAX_VALUE: usize = 4 * 1024;
const MAX_PASTED: usize = 16 * 1024;

/// What the portal sent back with the right state.
#[derive(Debug)]
pub enum Outcome {
    /// A code, to be exchanged at once (RFC 6749 §4.1.2).
    Code(SecretString),
    /// An error code (RFC 6749 §4.1.2.1), as sent.
    Refused(String),
}

/// Why a query is not the answer to this sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stranger {
    /// A parameter comes twice, or there is too much of it (RFC 6749 §3.1).
    Malformed,
    /// The state is missing or another sign-in's (RFC 6749 §10.12).
    ForeignState,
    /// It says that somebody else than the portal issued it (RFC 9207).
    ForeignIssuer,
    /// There is neither a code nor an error in it, or both.
    NoAnswer,
}

/// Why a pasted address is not the answer to this sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasteError {
    /// Nothing was pasted.
    #[error(
        "There is nothing here yet. In your browser, click into the address of the page that did not \
         open, copy all of it, and paste it here."
    )]
    Nothing,
    /// It cannot be read as an address.
    #[error(
        "This is not a web address. Copy the whole line from the top of your browser; it begins with \
         https://localhost."
    )]
    NotAnAddress,
    /// Its scheme is http.
    #[error(
        "This address begins with http:// and was not made for this sign-in. The one that is wanted \
         begins with https://localhost."
    )]
    NotHttps,
    /// It is a page of the portal.
    #[error(
        "This is still a page of your portal. Log in there and allow access; the address to copy is \
         that of the page after it, which your browser cannot open. It begins with \
         https://localhost."
    )]
    StillAtPortal,
    /// It is the address that the sign-in began with.
    #[error(
        "This is the address that the sign-in began with. Go on in the browser until your portal has \
         sent you back, and copy the address of the page that did not open then."
    )]
    StartAddress,
    /// It is an address of somewhere else.
    #[error(
        "This is not the address that your portal sends you back to. The one that is wanted begins \
         with https://localhost."
    )]
    Elsewhere,
    /// Its path, port or state are another sign-in's.
    #[error(
        "This address belongs to another sign-in. Each one works once only; copy the address from \
         the page that this sign-in opened."
    )]
    OtherSignIn,
    /// Another portal says that it issued it.
    #[error("This address was made by another portal than the one you are signing in to.")]
    OtherPortal,
    /// The query is not whole, or there is too much of it.
    #[error(
        "This address was not copied whole, or more than once in a row. Clear the field, copy the \
         address again from its beginning to its end, and paste it once."
    )]
    NotWhole,
    /// The sign-in has its answer already.
    #[error("This sign-in has its answer already.")]
    Used,
}

/// Reads the portal's answer from the query of a callback: this sign-in's `state`, compared in
/// constant time, and a code or an error of this portal's.
///
/// # Errors
/// Why it is a stranger's.
pub fn read(query: &str, state: &SecretString, portal: &Portal) -> Result<Outcome, Stranger> {
    let mut given = parameters(query).ok_or(Stranger::Malformed)?;
    let sent = given.remove("state").unwrap_or_default();
    if !same(&sent, state.expose_secret()) {
        return Err(Stranger::ForeignState);
    }
    let is_foreign = given
        .remove("iss")
        .is_some_and(|iss| !Url::parse(&iss).is_ok_and(|iss| portal.is_same_origin(&iss)));
    if is_foreign {
        return Err(Stranger::ForeignIssuer);
    }
    match (given.remove("code"), given.remove("error")) {
        (Some(code), None) if is_visible_ascii(&code) => {
            Ok(Outcome::Code(SecretString::from(code)))
        }
        (None, Some(error)) if is_visible_ascii(&error) => Ok(Outcome::Refused(error)),
        _ => Err(Stranger::NoAnswer),
    }
}

/// Reads the portal's answer from an address as a person pasted it: this sign-in's own
/// `redirect_uri`, state and portal, and no other.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn read_pasted(
    text: &str,
    redirect_uri: &str,
    state: &SecretString,
    portal: &Portal,
) -> Result<Outcome, PasteError> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']).trim();
    if text.is_empty() {
        return Err(PasteError::Nothing);
    }
    if text.len() > MAX_PASTED {
        return Err(PasteError::NotWhole);
    }
    // Some browsers leave the scheme out of what they show.
    let address = if text.starts_with("localhost:") {
        Url::parse(&format!("https://{text}"))
    } else {
        Url::parse(text)
    };
    let address = address.map_err(|_| PasteError::NotAnAddress)?;
    let redirect = Url::parse(redirect_uri).map_err(|_| PasteError::Elsewhere)?;
    if address.scheme() == "http" {
        return Err(PasteError::NotHttps);
    }
    if address.scheme() != "https" {
        return Err(PasteError::NotAnAddress);
    }
    let is_ours = |part: fn(&Url) -> Option<String>| part(&address) == part(&redirect);
    let is_at_home = is_ours(|url| url.host_str().map(str::to_owned));
    let is_at_our_port = is_at_home && is_ours(|url| url.port().map(|port| port.to_string()));
    if portal.is_same_origin(&address) && !is_at_our_port {
        return Err(PasteError::StillAtPortal);
    }
    if !is_at_home || !address.username().is_empty() || address.password().is_some() {
        return Err(PasteError::Elsewhere);
    }
    if address.path() == super::listener::START {
        return Err(PasteError::StartAddress);
    }
    if !is_at_our_port || address.path() != redirect.path() {
        return Err(PasteError::OtherSignIn);
    }
    read(address.query().unwrap_or_default(), state, portal).map_err(|stranger| match stranger {
        Stranger::Malformed | Stranger::NoAnswer => PasteError::NotWhole,
        Stranger::ForeignState if address.query().is_none_or(|query| !query.contains("state=")) => {
            PasteError::NotWhole
        }
        Stranger::ForeignState => PasteError::OtherSignIn,
        Stranger::ForeignIssuer => PasteError::OtherPortal,
    })
}

/// The query's parameters, or nothing when one comes twice or there is too much of it (RFC 6749
/// §3.1: parameters must not be included more than once).
pub(super) fn parameters(query: &str) -> Option<BTreeMap<String, String>> {
    let mut given = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if given.len() >= MAX_PARAMETERS || value.len() > MAX_VALUE {
            return None;
        }
        if given.insert(name.into_owned(), value.into_owned()).is_some() {
            return None;
        }
    }
    Some(given)
}

/// Whether two secrets are the same, in a time that says nothing of where they differ.
pub(super) fn same(given: &str, expected: &str) -> bool {
    given.as_bytes().ct_eq(expected.as_bytes()).into()
}

/// What codes and error codes are made of (RFC 6749 appendix A.11, A.7).
fn is_visible_ascii(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

/// The way for an address, pasted or caught, into a sign-in that waits for its answer.
#[derive(Clone)]
pub struct Answers {
    pub(super) portal: Portal,
    pub(super) redirect_uri: String,
    pub(super) authorize_url: Url,
    pub(super) state: SecretString,
    pub(super) outcome: tokio::sync::mpsc::Sender<Outcome>,
}

impl Answers {
    /// Takes the address that the portal sent the person back to, with this sign-in's redirect
    /// address and state; once. Nothing else is consumed by it.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn take(&self, address: &str) -> Result<(), PasteError> {
        let outcome = read_pasted(address, &self.redirect_uri, &self.state, &self.portal)?;
        self.outcome.try_send(outcome).map_err(|_| PasteError::Used)
    }

    /// The portal's page at which the person allows it, with everything asked for.
    #[must_use]
    pub fn authorize_url(&self) -> &Url {
        &self.authorize_url
    }

    /// Where the portal sends the person back to.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REDIRECT: &str = "https://localhost:27443/callback";
    const STATE: &str = "the-state";

    fn pasted(text: &str) -> Result<String, PasteError> {
        match read_pasted(text, REDIRECT, &SecretString::from(STATE), &Portal::default())? {
            Outcome::Code(code) => Ok(code.expose_secret().to_owned()),
            Outcome::Refused(error) => Ok(format!("refused: {error}")),
        }
    }

    #[test]
    fn takes_the_address_of_this_sign_in_however_it_was_copied() {
        for text in [
            "https://localhost:27443/callback?code=abc&state=the-state",
            "  https://localhost:27443/callback?state=the-state&code=abc\n",
            "https://localhost:27443/callback?code=abc&state=the-state#",
            "https://localhost:27443/callback?code=abc&state=the-state#_=_",
            "\"https://localhost:27443/callback?code=abc&state=the-state\"",
            "<https://localhost:27443/callback?code=abc&state=the-state>",
            "localhost:27443/callback?code=abc&state=the-state",
            "HTTPS://LOCALHOST:27443/callback?code=abc&state=the-state",
            "https://localhost:27443/callback?code=a\nbc&state=the-state",
            "https://localhost:27443/callback?code=abc&state=the-state&iss=https://onpatient.com",
            "https://localhost:27443/callback?code=abc&state=the-state&more=1",
        ] {
            assert_eq!(pasted(text), Ok("abc".to_owned()), "{text:?}");
        }
    }

    #[test]
    fn a_refusal_of_the_portal_is_an_answer_too() {
        let text = "https://localhost:27443/callback?error=access_denied&state=the-state";
        assert_eq!(pasted(text), Ok("refused: access_denied".to_owned()));
    }

    #[test]
    fn says_what_is_wrong_with_any_other_address() {
        for (text, wrong) in [
            ("", PasteError::Nothing),
            ("  \n ", PasteError::Nothing),
            ("the page did not open", PasteError::NotAnAddress),
            ("mailto:someone@example.org", PasteError::NotAnAddress),
            ("file:///etc/passwd", PasteError::NotAnAddress),
            ("http://localhost:27443/callback?code=abc&state=the-state", PasteError::NotHttps),
            ("http://example.org/", PasteError::NotHttps),
            ("https://onpatient.com/o/authorize/?state=the-state", PasteError::StillAtPortal),
            ("https://onpatient.com/", PasteError::StillAtPortal),
            ("https://localhost:27443/start?n=abc", PasteError::StartAddress),
            ("https://example.org/callback?code=abc&state=the-state", PasteError::Elsewhere),
            (
                "https://localhost.example.org:27443/callback?code=abc&state=the-state",
                PasteError::Elsewhere,
            ),
            ("https://127.0.0.1:27443/callback?code=abc&state=the-state", PasteError::Elsewhere),
            ("https://a@localhost:27443/callback?code=abc&state=the-state", PasteError::Elsewhere),
            ("https://localhost:27444/callback?code=abc&state=the-state", PasteError::OtherSignIn),
            ("https://localhost/callback?code=abc&state=the-state", PasteError::OtherSignIn),
            ("https://localhost:27443/elsewhere?code=abc&state=the-state", PasteError::OtherSignIn),
            ("https://localhost:27443/callback?code=abc&state=another", PasteError::OtherSignIn),
            ("https://localhost:27443/callback", PasteError::NotWhole),
            ("https://localhost:27443/callback?code=abc", PasteError::NotWhole),
            ("https://localhost:27443/callback?state=the-state", PasteError::NotWhole),
            ("https://localhost:27443/callback?code=&state=the-state", PasteError::NotWhole),
            (
                "https://localhost:27443/callback?code=a&code=b&state=the-state",
                PasteError::NotWhole,
            ),
            (
                "https://localhost:27443/callback?code=abc&error=x&state=the-state",
                PasteError::NotWhole,
            ),
            (
                "https://localhost:27443/callback?code=abc&state=the-state&iss=https://evil.example",
                PasteError::OtherPortal,
            ),
        ] {
            assert_eq!(pasted(text), Err(wrong), "{text:?}");
            assert!(!wrong.to_string().contains("the-state"));
        }
        assert_eq!(pasted(&"x".repeat(MAX_PASTED + 1)), Err(PasteError::NotWhole));
    }

    #[test]
    fn a_portal_on_this_computer_is_told_from_the_way_back() {
        let portal = Portal::new("https://localhost:8443", None).unwrap();
        let read = |text| {
            let read = read_pasted(text, REDIRECT, &SecretString::from(STATE), &portal);
            read.map(|_| ()).unwrap_err()
        };
        assert_eq!(read("https://localhost:8443/o/log-in/"), PasteError::StillAtPortal);
        assert_eq!(read("https://localhost:8444/o/log-in/"), PasteError::OtherSignIn);
    }

    #[test]
    fn an_answer_is_taken_once() {
        let (outcome, mut answered) = tokio::sync::mpsc::channel(1);
        let answers = Answers {
            portal: Portal::default(),
            redirect_uri: REDIRECT.to_owned(),
            authorize_url: Portal::default().authorize_url(),
            state: SecretString::from(STATE),
            outcome,
        };
        let good = format!("{REDIRECT}?code=abc&state={STATE}");
        assert_eq!(answers.take("nothing of ours"), Err(PasteError::NotAnAddress));
        assert_eq!(answers.take(&good), Ok(()));
        assert_eq!(answers.take(&good), Err(PasteError::Used));
        assert!(matches!(answered.try_recv(), Ok(Outcome::Code(_))));
        drop(answered);
        assert_eq!(answers.take(&good), Err(PasteError::Used));
        assert!(!format!("{answers:?}").contains(STATE));
    }

    proptest! {
        #[test]
        fn takes_no_text_amiss(text in "\\PC{0,300}") {
            prop_assert!(pasted(&text).is_err());
        }

        #[test]
        fn takes_no_code_without_the_state(
            query in "(code=abc|state=[a-z-]{0,12}|error=[a-z]{0,5}|iss=[a-z:/]{0,9}|&|=|%[0-9a-f]{2}|;|\\+){0,12}",
        ) {
            let outcome = read(&query, &SecretString::from(STATE), &Portal::default());
            if outcome.is_ok() {
                let n_states = form_urlencoded::parse(query.as_bytes())
                    .filter(|(name, value)| name == "state" && value == STATE)
                    .count();
                prop_assert_eq!(n_states, 1);
            }
        }
    }
}
