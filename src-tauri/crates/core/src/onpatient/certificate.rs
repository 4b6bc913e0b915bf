//! The certificate of the callback listener: one self-signed leaf per sign-in, never a CA.
//!
//! A leaf can sign nothing, names only `localhost`, ends after a day, and its key never leaves
//! memory. A new one each time is also what makes a browser that refused an earlier one try again.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SanType, SerialNumber,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

/// The leaf's common name (RFC 5280 §4.1.2.6).
pub const COMMON_NAME: &str = "localhost - Onhand (this computer)";
/// The leaf's organisation: the app, so that a person who finds it knows whose it is.
pub const ORGANIZATION: &str = "Onhand";

const BACKDATED: Duration = Duration::from_secs(60 * 60);
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// A fresh leaf certificate for `localhost` and the server configuration that holds its key.
#[derive(Clone)]
pub struct Leaf {
    der: CertificateDer<'static>,
    config: Arc<ServerConfig>,
}

impl std::fmt::Debug for Leaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leaf").finish_non_exhaustive()
    }
}

/// Why there is no certificate.
#[derive(Debug, Error)]
pub enum Error {
    /// The system gave no random numbers.
    #[error(
        "This computer gave no random numbers, so no certificate could be made. Please try again."
    )]
    NoRandomness,
    /// The certificate could not be made.
    #[error("The certificate for the sign-in could not be made ({0}). Please try again.")]
    NotMade(#[from] rcgen::Error),
    /// The TLS library did not take it.
    #[error("The certificate for the sign-in could not be used ({0}). Please try again.")]
    NotUsable(#[from] rustls::Error),
}

impl Leaf {
    /// Makes a P-256 key and its self-signed certificate, valid from an hour before `now` to a day
    /// after it.
    ///
    /// # Errors
    /// When the system has no random numbers or a library refuses, which is not expected.
    pub fn new(now: Timestamp) -> Result<Self, Error> {
        Ok(Self::new_with_key(now, LIFETIME)?.0)
    }

    /// The same for a longer life, with the key (PKCS#8), for where one certificate is kept.
    ///
    /// # Errors
    /// As [`Leaf::new`].
    pub fn new_with_key(
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<(Self, Zeroizing<Vec<u8>>), Error> {
        let mut key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let der = params(now, lifetime)?.self_signed(&key)?.der().clone();
        let pkcs8 = Zeroizing::new(key.serialize_der());
        key.zeroize();
        let config = server_config(der.clone(), &pkcs8)?;
        Ok((Self { der, config }, pkcs8))
    }

    /// A certificate that was kept, and its key (PKCS#8).
    ///
    /// # Errors
    /// When the key cannot be read.
    pub fn from_parts(der: Vec<u8>, pkcs8: &[u8]) -> Result<Self, Error> {
        let der = CertificateDer::from(der);
        let config = server_config(der.clone(), pkcs8)?;
        Ok(Self { der, config })
    }

    /// The certificate itself (DER), to be trusted by a browser.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// How to serve with it: TLS 1.3 or 1.2, HTTP/1.1 only, no sessions kept.
    #[must_use]
    pub fn server_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

fn params(now: Timestamp, lifetime: Duration) -> Result<CertificateParams, Error> {
    let mut serial = [0_u8; 16];
    getrandom::fill(&mut serial).map_err(|_| Error::NoRandomness)?;
    // A serial is a positive number without a leading zero (RFC 5280 §4.1.2.2).
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }

    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, COMMON_NAME);
    name.push(DnType::OrganizationName, ORGANIZATION);

    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let now = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds);

    let mut params = CertificateParams::default();
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.distinguished_name = name;
    params.not_before = now - BACKDATED;
    params.not_after = now + lifetime;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.subject_alt_names = vec![
        SanType::DnsName("localhost".try_into()?),
        SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
    ];
    Ok(params)
}

fn server_config(der: CertificateDer<'static>, pkcs8: &[u8]) -> Result<Arc<ServerConfig>, Error> {
    let signer =
        ring::sign::any_ecdsa_type(&PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pkcs8)))?;
    let key = SingleCertAndKey::from(CertifiedKey::new(vec![der], signer));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(key));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use x509_parser::extensions::{GeneralName, ParsedExtension};
    use x509_parser::parse_x509_certificate;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T20:15:00Z".parse().unwrap()
    }

    #[test]
    fn is_a_leaf_for_localhost_and_nothing_else() {
        let leaf = Leaf::new(now()).unwrap();
        let (rest, certificate) = parse_x509_certificate(leaf.der()).unwrap();
        assert!(rest.is_empty());

        assert_eq!(certificate.subject(), certificate.issuer());
        assert_eq!(
            certificate.subject().to_string(),
            "CN=localhost - Onhand (this computer), O=Onhand"
        );
        let constraints = certificate.basic_constraints().unwrap().unwrap();
        assert!(constraints.critical);
        assert!(!constraints.value.ca);
        let usage = certificate.key_usage().unwrap().unwrap().value;
        assert!(usage.digital_signature());
        assert!(!usage.key_cert_sign());
        let extended = certificate.extended_key_usage().unwrap().unwrap().value;
        assert!(extended.server_auth);
        assert!(!extended.client_auth && !extended.any);
        let names = &certificate.subject_alternative_name().unwrap().unwrap().value.general_names;
        let v6: &[u8] = &Ipv6Addr::LOCALHOST.octets();
        assert_eq!(
            names,
            &[
                GeneralName::DNSName("localhost"),
                GeneralName::IPAddress(&[127, 0, 0, 1]),
                GeneralName::IPAddress(v6),
            ]
        );
        assert!(
            !certificate
                .extensions()
                .iter()
                .any(|e| matches!(e.parsed_extension(), ParsedExtension::NameConstraints(_)))
        );
    }

    #[test]
    fn is_valid_from_an_hour_ago_for_a_day() {
        let leaf = Leaf::new(now()).unwrap();
        let (_, certificate) = parse_x509_certificate(leaf.der()).unwrap();
        let validity = certificate.validity();
        assert_eq!(validity.not_before.timestamp(), now().as_second() - 3600);
        assert_eq!(validity.not_after.timestamp(), now().as_second() + 24 * 3600);
    }

    #[test]
    fn has_a_new_key_and_a_new_serial_each_time() {
        let (one, two) = (Leaf::new(now()).unwrap(), Leaf::new(now()).unwrap());
        let (_, one) = parse_x509_certificate(one.der()).unwrap();
        let (_, two) = parse_x509_certificate(two.der()).unwrap();
        assert_ne!(one.raw_serial(), two.raw_serial());
        assert_eq!(one.raw_serial().len(), 16);
        assert_ne!(one.public_key().raw, two.public_key().raw);
    }
}
