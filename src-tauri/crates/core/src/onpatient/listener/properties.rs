//! What holds for every request at a listener, whoever sends it.

use proptest::prelude::*;

use super::super::callback::{MAX_PARAMETERS, MAX_VALUE, parameters};
use super::probe;
use super::{Head, MAX_HEAD, MAX_HEADERS, Parsed};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_sequence_of_requests_harms_a_sign_in(
        requests in prop::collection::vec(any_request(), 1..6),
    ) {
        probe::request(&requests.join(probe::NEXT));
    }

    #[test]
    fn no_bytes_harm_a_sign_in(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        probe::request(&bytes);
    }

    #[test]
    fn one_wrong_byte_anywhere_harms_no_sign_in(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut request = RIGHT.to_vec();
        let place = place.index(request.len());
        request[place] = byte;
        probe::request(&request);
    }

    #[test]
    fn a_head_is_read_the_same_however_it_is_cut(
        request in any_request(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 20),
    ) {
        let whole = Head::parse(&request);
        for cut in cuts {
            let part = Head::parse(&request[..cut.index(request.len())]);
            match (&part, &whole) {
                (Parsed::Partial, _) => {}
                // What is whole stays as it is, whatever comes behind it.
                (Parsed::Head(_), _) | (_, Parsed::Head(_)) => prop_assert_eq!(&part, &whole),
                (Parsed::Malformed | Parsed::TooLarge, _) => {}
            }
        }
    }

    #[test]
    fn parameters_are_what_was_sent_or_nothing(
        sent in prop::collection::vec(("[a-z]{1,3}", ".{0,30}"), 0..30),
    ) {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &sent {
            query.append_pair(name, value);
        }
        let mut names: Vec<_> = sent.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        let is_fine = names.len() == sent.len() && sent.len() <= MAX_PARAMETERS;
        match parameters(&query.finish()) {
            Some(read) => {
                prop_assert!(is_fine);
                prop_assert_eq!(read, sent.into_iter().collect());
            }
            None => prop_assert!(!is_fine),
        }
    }
}

const RIGHT: &[u8] = b"GET /start?n={N} HTTP/1.1\r\nHost: {H}\r\n\r\n\n--\nGET /callback?code=abc&state={S} HTTP/1.1\r\nHost: {H}\r\nCookie: {C}\r\n\r\n";

fn any_request() -> impl Strategy<Value = Vec<u8>> {
    let method =
        prop_oneof![8 => Just("GET"), 1 => Just("POST"), 1 => Just("HEAD"), 1 => Just("get")];
    let path = prop_oneof![
        6 => Just("/callback".to_owned()),
        3 => Just("/start".to_owned()),
        1 => Just("/done".to_owned()),
        1 => Just("/failed".to_owned()),
        1 => Just("https://{H}/callback".to_owned()),
        1 => "[ -~]{0,40}",
    ];
    let name = prop_oneof![
        4 => Just("state".to_owned()),
        4 => Just("code".to_owned()),
        2 => Just("n".to_owned()),
        1 => Just("error".to_owned()),
        1 => Just("iss".to_owned()),
        1 => Just("st%61te".to_owned()),
        1 => "[a-z]{0,8}",
    ];
    let value = prop_oneof![
        5 => Just("{S}".to_owned()),
        3 => Just("{N}".to_owned()),
        2 => Just("abc".to_owned()),
        1 => Just("access_denied".to_owned()),
        1 => Just("https://onpatient.com".to_owned()),
        1 => Just("https://onpatient.com.evil.example".to_owned()),
        1 => Just("a%0d%0ab".to_owned()),
        1 => Just("x".repeat(MAX_VALUE + 1)),
        1 => "[!-~]{0,40}",
    ];
    let query = prop::collection::vec((name, value), 0..6);
    let host = prop_oneof![
        8 => Just("{H}".to_owned()),
        1 => Just("evil.example".to_owned()),
        1 => Just("{H}\r\nHost: {H}".to_owned()),
        1 => Just("localhost".to_owned()),
    ];
    let more = prop_oneof![
        6 => Just("Cookie: {C}\r\n".to_owned()),
        3 => Just(String::new()),
        1 => Just("Cookie: a=b; {C}; c=d\r\n".to_owned()),
        1 => Just("Sec-Fetch-Mode: cors\r\n".to_owned()),
        1 => Just("Sec-Fetch-Dest: iframe\r\nCookie: {C}\r\n".to_owned()),
        1 => Just(format!("X: {}\r\n", "y".repeat(MAX_HEAD))),
        1 => Just("A: b\r\n".repeat(MAX_HEADERS + 1)),
        1 => "[ -~\r\n]{0,60}",
    ];
    (method, path, query, host, more).prop_map(|(method, path, query, host, more)| {
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let target = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
        format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n").into_bytes()
    })
}
