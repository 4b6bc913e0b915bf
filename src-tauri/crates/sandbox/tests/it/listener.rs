//! The listener: addresses, certificate, end, and clients that send nonsense.

use crate::visitor::{REDIRECT, Visitor, client_for};
use onhand_sandbox::{Config, Error, Sandbox};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use x509_parser::prelude::*;

fn port_of(portal: &Sandbox) -> u16 {
    url::Url::parse(portal.origin()).unwrap().port().unwrap()
}

fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

#[tokio::test]
async fn both_loopback_addresses_answer_at_the_same_port() {
    let portal = Sandbox::start(Config::default()).await.unwrap();
    client_for(&portal);
    let mut addresses = vec![IpAddr::from(Ipv4Addr::LOCALHOST)];
    if has_ipv6() {
        addresses.push(Ipv6Addr::LOCALHOST.into());
    }
    for address in addresses {
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_merge([reqwest::Certificate::from_der(portal.certificate_der()).unwrap()])
            .resolve("localhost", SocketAddr::new(address, 0))
            .build()
            .unwrap();
        let response = client.get(portal.origin()).send().await.unwrap();
        assert!(response.text().await.unwrap().contains("Everybody in it is invented"));
    }
}

#[tokio::test]
async fn a_taken_port_is_said_and_a_freed_one_can_be_had_again() {
    let first = Sandbox::start(Config::default()).await.unwrap();
    let port = port_of(&first);
    let config = || Config { port, ..Config::default() };
    let error = Sandbox::start(config()).await.unwrap_err();
    assert!(matches!(error, Error::PortTaken(taken) if taken == port), "{error}");
    assert!(error.to_string().contains(&port.to_string()));
    first.shutdown().await;
    let again = Sandbox::start(config()).await.unwrap();
    assert_eq!(again.origin(), format!("https://localhost:{port}"));
}

#[tokio::test]
async fn a_port_taken_on_one_address_alone_is_taken() {
    if !has_ipv6() {
        return;
    }
    let squatter = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let port = squatter.local_addr().unwrap().port();
    let error = Sandbox::start(Config { port, ..Config::default() }).await.unwrap_err();
    assert!(matches!(error, Error::PortTaken(_)), "{error}");
}

#[tokio::test]
async fn nothing_listens_after_shutdown() {
    let visitor = Visitor::start().await;
    assert_eq!(visitor.get("/").send().await.unwrap().status(), 200);
    let url = visitor.portal.origin().to_owned();
    visitor.portal.shutdown().await;
    assert!(visitor.client.get(url).send().await.is_err());
}

#[tokio::test]
async fn the_certificate_is_a_leaf_for_loopback_that_can_sign_nothing() {
    let portal = Sandbox::start(Config::default()).await.unwrap();
    let other = Sandbox::start(Config::default()).await.unwrap();
    assert_ne!(portal.certificate_der(), other.certificate_der());
    let (_, leaf) = X509Certificate::from_der(portal.certificate_der()).unwrap();
    assert!(!leaf.basic_constraints().unwrap().unwrap().value.ca);
    assert_eq!(leaf.subject().to_string(), leaf.issuer().to_string());
    assert!(leaf.subject().to_string().contains("CN=Onhand sandbox portal"));
    assert_eq!(leaf.raw_serial().len(), 16);
    assert!(leaf.validity().is_valid());
    let names = leaf.subject_alternative_name().unwrap().unwrap().value.general_names.clone();
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(leaf.extended_key_usage().unwrap().unwrap().value.server_auth);
    let (_, pem) = parse_x509_pem(portal.certificate_pem().as_bytes()).unwrap();
    assert_eq!(pem.contents, portal.certificate_der());
}

#[tokio::test]
async fn random_credentials_differ_from_run_to_run() {
    let portal = Sandbox::start(Config::default()).await.unwrap();
    let other = Sandbox::start(Config::default()).await.unwrap();
    assert_eq!(portal.client_id().len(), 40);
    assert_eq!(portal.client_secret().len(), 128);
    assert_ne!(portal.client_id(), other.client_id());
    assert_ne!(portal.client_secret(), other.client_secret());
    let users: Vec<_> = portal.logins().iter().map(|login| login.user.as_str()).collect();
    assert_eq!(users, ["marisol", "edwin", "okafor"]);
}

#[tokio::test]
async fn odd_requests_get_an_answer_and_leave_the_portal_well() {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("marisol").await;
    let long = "x".repeat(6_000);
    for path in [
        "/api/fhir/%",
        "/api/fhir/%zz",
        "/api/fhir/%ff%fe",
        "/api/fhir/%00",
        "/api/fhir/Patient/%ff",
        "/api/fhir/Patient/204417%2F..",
        "/api/fhir/../../etc/passwd",
        "/api/fhir//",
        "/api/fhir",
        "/api/fhir/Patient?page-size=%ff&page=%zz&&&=&%",
        "/api/fhir/Patient?page=1&page=2&page-size=1&page-size=2",
        &format!("/api/fhir/Patient?q={long}"),
        &format!("/api/fhir/{long}"),
        "/o/authorize/",
        "/o/authorize/?%ff=%ff&client_id",
        &format!("/o/authorize/?state={long}"),
        "/o/authorize",
        "/%",
    ] {
        let status = visitor.data(&tokens, path).await.status().as_u16();
        assert!((200..500).contains(&status), "{path}: {status}");
    }
    for body in [
        b"".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        b"grant_type".to_vec(),
        b"%".to_vec(),
        b"code=%zz&grant_type=authorization_code".to_vec(),
        vec![b'a'; 1_000_000],
        vec![b'&'; 100_000],
    ] {
        for path in ["/o/token/", "/o/revoke_token/", "/o/log-in/", "/o/log-out/", "/o/authorize/"]
        {
            let request = visitor.post(path).body(body.clone());
            let status = request.send().await.unwrap().status().as_u16();
            assert!((400..500).contains(&status), "{path}: {status}");
        }
    }
    visitor.json(&tokens, "/api/fhir/Patient").await;
    assert!(visitor.authorize_url(&[]).as_str().contains("callback"), "{REDIRECT}");
}

#[tokio::test]
async fn a_client_that_does_not_trust_the_certificate_gets_nothing() {
    let visitor = Visitor::start().await;
    let stranger = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(stranger.get(visitor.portal.origin()).send().await.is_err());
    assert_eq!(visitor.portal.stats().n_requests, 0);
}
