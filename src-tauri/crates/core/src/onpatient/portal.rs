//! A portal is a value: where it is, and the certificate it brings where it has one of its own.

use std::fmt;

use thiserror::Error;
use url::{Host, Url};

use crate::outgoing::{Outgoing, Purpose};

/// OnPatient itself.
pub const ONPATIENT: &str = "https://onpatient.com";

/// A patient portal: its origin, and the certificate to trust for it beside the system's own.
#[derive(Clone)]
pub struct Portal {
    origin: Url,
    certificate: Option<Vec<u8>>,
    outgoing: Option<Outgoing>,
}

/// Two are the same where they are at the same place; who counts what is sent there does not matter.
impl PartialEq for Portal {
    fn eq(&self, other: &Self) -> bool {
        self.origin == other.origin && self.certificate == other.certificate
    }
}

impl Eq for Portal {}

/// Why an address cannot be a portal's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// It cannot be read as an address.
    #[error(
        "This is not a web address. A portal's address looks like https://onpatient.com – please \
         check it."
    )]
    NotAnAddress,
    /// Its scheme is not https.
    #[error("A portal's address begins with https:// – nothing is sent over an open connection.")]
    NotHttps,
    /// It names a user or a password.
    #[error("The portal's address must not hold a user name or a password. Please leave them out.")]
    HasCredentials,
    /// It goes on after the host and port.
    #[error(
        "Please give only the beginning of the portal's address, like https://onpatient.com, with \
         nothing after the name."
    )]
    HasMoreThanOrigin,
}

impl Portal {
    /// Reads a portal's address (`https://host[:port]`, nothing more) and takes the DER
    /// certificate, if any, that is to be trusted for this portal beside the system's own.
    ///
    /// # Errors
    /// What is wrong with the address, as a sentence.
    pub fn new(address: &str, certificate: Option<Vec<u8>>) -> Result<Self, Error> {
        let origin = Url::parse(address.trim()).map_err(|_| Error::NotAnAddress)?;
        if origin.scheme() != "https" {
            return Err(Error::NotHttps);
        }
        if !origin.username().is_empty() || origin.password().is_some() {
            return Err(Error::HasCredentials);
        }
        if origin.path() != "/" || origin.query().is_some() || origin.fragment().is_some() {
            return Err(Error::HasMoreThanOrigin);
        }
        Ok(Self { origin, certificate, outgoing: None })
    }

    /// The same, with each request to it counted.
    #[must_use]
    pub fn counted_by(self, outgoing: Outgoing) -> Self {
        Self { outgoing: Some(outgoing), ..self }
    }

    /// Counts a request that is about to be sent.
    pub fn count(&self, purpose: Purpose) {
        if let Some(outgoing) = &self.outgoing {
            outgoing.count(&self.host(), purpose);
        }
    }

    /// The host as requests are counted by it: `onpatient.com`, `localhost:8443`.
    #[must_use]
    pub fn host(&self) -> String {
        let origin = self.origin();
        origin.strip_prefix("https://").unwrap_or(&origin).to_owned()
    }

    /// The origin as text, without a slash at its end: `https://onpatient.com`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.origin.origin().ascii_serialization()
    }

    /// The certificate (DER) that this portal brings, if it has one of its own.
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// Where the person signs in and allows (RFC 6749 §3.1).
    #[must_use]
    pub fn authorize_url(&self) -> Url {
        self.at("/o/authorize/")
    }

    /// Where codes and refresh tokens are exchanged (RFC 6749 §3.2).
    #[must_use]
    pub fn token_url(&self) -> Url {
        self.at("/o/token/")
    }

    /// Where tokens are revoked (RFC 7009), if the portal has it.
    #[must_use]
    pub fn revoke_url(&self) -> Url {
        self.at("/o/revoke_token/")
    }

    /// The FHIR base, with a slash at its end so that relative references can be joined to it.
    #[must_use]
    pub fn fhir_base(&self) -> Url {
        self.at("/api/fhir/")
    }

    /// Whether a URL lies at this portal's own origin (scheme, host and port) and carries no user
    /// name; only there may a token be sent.
    #[must_use]
    pub fn is_same_origin(&self, url: &Url) -> bool {
        url.origin() == self.origin.origin()
            && url.username().is_empty()
            && url.password().is_none()
    }

    /// Whether the portal runs on this very computer, so that no proxy must be asked for it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.origin.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.origin.clone();
        url.set_path(path);
        url
    }
}

impl Default for Portal {
    /// OnPatient itself, checked against the system's trust alone.
    fn default() -> Self {
        match Self::new(ONPATIENT, None) {
            Ok(portal) => portal,
            Err(_) => unreachable!("a constant address that a test reads"),
        }
    }
}

impl fmt::Debug for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portal")
            .field("origin", &self.origin())
            .field("brings_certificate", &self.certificate.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_onpatient_unless_told_otherwise() {
        let portal = Portal::default();
        assert_eq!(portal.origin(), "https://onpatient.com");
        assert_eq!(portal.authorize_url().as_str(), "https://onpatient.com/o/authorize/");
        assert_eq!(portal.token_url().as_str(), "https://onpatient.com/o/token/");
        assert_eq!(portal.revoke_url().as_str(), "https://onpatient.com/o/revoke_token/");
        assert_eq!(portal.fhir_base().as_str(), "https://onpatient.com/api/fhir/");
        assert!(!portal.is_loopback());
    }

    #[test]
    fn counts_what_is_sent_to_it_under_its_host() {
        let outgoing = Outgoing::new(crate::clock::system_clock());
        let portal = Portal::new("https://localhost:8443", None).unwrap();
        portal.count(Purpose::Refresh);
        assert!(outgoing.take().is_empty());
        let counted = portal.clone().counted_by(outgoing.clone());
        counted.clone().count(Purpose::Refresh);
        let sent = outgoing.take();
        assert_eq!((sent[0].host.as_str(), sent[0].count), ("localhost:8443", 1));
        assert_eq!(counted, portal);
    }

    #[test]
    fn takes_an_origin_and_nothing_more() {
        for (address, expected) in [
            ("https://name.onpatient.com", Ok("https://name.onpatient.com")),
            (" https://Name.OnPatient.com/ ", Ok("https://name.onpatient.com")),
            ("https://localhost:8443", Ok("https://localhost:8443")),
            ("https://onpatient.com:443", Ok("https://onpatient.com")),
            ("http://onpatient.com", Err(Error::NotHttps)),
            ("ftp://onpatient.com", Err(Error::NotHttps)),
            ("onpatient.com", Err(Error::NotAnAddress)),
            ("", Err(Error::NotAnAddress)),
            ("https://", Err(Error::NotAnAddress)),
            ("https://me@onpatient.com", Err(Error::HasCredentials)),
            ("https://me:pw@onpatient.com", Err(Error::HasCredentials)),
            ("https://onpatient.com/o/authorize/", Err(Error::HasMoreThanOrigin)),
            ("https://onpatient.com?x=1", Err(Error::HasMoreThanOrigin)),
            ("https://onpatient.com#x", Err(Error::HasMoreThanOrigin)),
        ] {
            let read = Portal::new(address, None).map(|portal| portal.origin());
            assert_eq!(read, expected.map(str::to_owned), "{address:?}");
        }
    }

    #[test]
    fn knows_its_own_addresses_from_foreign_ones() {
        let portal = Portal::new("https://onpatient.com", None).unwrap();
        for (url, same) in [
            ("https://onpatient.com/api/fhir/Patient", true),
            ("https://onpatient.com:443/", true),
            ("https://onpatient.com:8443/", false),
            ("http://onpatient.com/", false),
            ("https://onpatient.com.evil.example/", false),
            ("https://name.onpatient.com/", false),
            ("https://a:b@onpatient.com/", false),
            ("data:text/plain,x", false),
        ] {
            assert_eq!(portal.is_same_origin(&Url::parse(url).unwrap()), same, "{url}");
        }
    }

    #[test]
    fn knows_when_it_runs_on_this_computer() {
        for (address, loopback) in [
            ("https://localhost:8443", true),
            ("https://127.0.0.1:8443", true),
            ("https://[::1]:8443", true),
            ("https://localhost.example.org", false),
            ("https://192.0.2.7", false),
        ] {
            assert_eq!(Portal::new(address, None).unwrap().is_loopback(), loopback, "{address}");
        }
    }
}
