//! The stand-in's own TLS certificate: one self-signed leaf for this run, which can sign nothing.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SanType,
    SerialNumber, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// How many days before and after today the certificate holds.
const DAYS_BEFORE: i64 = 2;
const DAYS_AFTER: i64 = 30;

/// A certificate with its key in the form that the listener wants.
pub(crate) struct Certificate {
    pub(crate) der: Vec<u8>,
    pub(crate) pem: String,
    pub(crate) tls: Arc<rustls::ServerConfig>,
}

/// Why no certificate could be made.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The random source of this machine gave nothing.
    #[error(
        "The random number source of this computer did not answer, so no certificate could be made."
    )]
    Random(#[source] getrandom::Error),
    /// The certificate library refused.
    #[error("The practice portal's certificate could not be made.")]
    Generate(#[from] rcgen::Error),
    /// The TLS library refused the certificate.
    #[error("The practice portal's certificate could not be used for TLS.")]
    Tls(#[from] rustls::Error),
}

impl Certificate {
    /// Makes a fresh key and a leaf for `localhost`, `127.0.0.1` and `::1` around `now`.
    pub(crate) fn fresh(now: Timestamp) -> Result<Self, CertificateError> {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        let mut serial = [0_u8; 16];
        getrandom::fill(&mut serial).map_err(CertificateError::Random)?;
        // RFC 5280 §4.1.2.2: the serial number is positive.
        serial[0] = (serial[0] & 0x7f) | 0x40;

        let mut params = CertificateParams::default();
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Onhand sandbox portal");
        params
            .distinguished_name
            .push(DnType::OrganizationName, "Practice portal, invented people");
        params.subject_alt_names = vec![
            SanType::DnsName("localhost".try_into()?),
            SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        ];
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let (year, month, day) = days_from(now, -DAYS_BEFORE);
        params.not_before = date_time_ymd(year, month, day);
        let (year, month, day) = days_from(now, DAYS_AFTER);
        params.not_after = date_time_ymd(year, month, day);
        let leaf = params.self_signed(&key)?;

        let der = leaf.der().to_vec();
        let pem = leaf.pem();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut tls = rustls::ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::ring::default_provider(),
        ))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(der.clone())], private)?;
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { der, pem, tls: Arc::new(tls) })
    }
}

fn days_from(now: Timestamp, days: i64) -> (i32, u8, u8) {
    let date = now
        .checked_add(SignedDuration::from_hours(days.saturating_mul(24)))
        .unwrap_or(now)
        .to_zoned_datetime(TimeZone::UTC)
        .date();
    (date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
}
