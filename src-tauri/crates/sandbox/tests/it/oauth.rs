//! Sign-in: the pages, the codes, the tokens.

use crate::visitor::{REDIRECT, Tokens, Visitor, json_of, location, param};
use onhand_sandbox::{Answer, Config, Refused};
use reqwest::Response;
use std::time::Duration;

/// Reads a page with its cookie and the hidden fields of its first form.
struct Page {
    status: u16,
    cookie: Option<String>,
    csp: String,
    html: String,
}

impl Page {
    async fn of(response: Response) -> Self {
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        Self {
            status: response.status().as_u16(),
            cookie: header("set-cookie"),
            csp: header("content-security-policy").unwrap_or_default(),
            html: response.text().await.unwrap(),
        }
    }

    fn cookie(&self) -> String {
        self.cookie.as_deref().unwrap().split(';').next().unwrap().to_owned()
    }

    fn hidden(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.html.split_once(&marker).unwrap();
        rest.split_once('"').unwrap().0.replace("&amp;", "&")
    }

    fn form<'a>(&self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
        let mut form = vec![("csrf", self.hidden("csrf")), ("next", self.hidden("next"))];
        form.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        form
    }
}

/// Goes as far as the consent page and gives it with the cookie.
async fn consent_page(visitor: &Visitor, user: &str) -> (Page, String) {
    let url = visitor.authorize_url(&[]);
    let log_in = Page::of(visitor.client.get(url).send().await.unwrap()).await;
    let response = visitor
        .post("/o/log-in/")
        .header("cookie", log_in.cookie())
        .form(&log_in.form(&[("username", user), ("password", "practice")]))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 303);
    let next = location(&response);
    let cookie = Page::of(response).await.cookie();
    assert_ne!(cookie, log_in.cookie(), "the session is a new one after the log-in");
    let response = visitor.get(&next).header("cookie", &cookie).send().await.unwrap();
    (Page::of(response).await, cookie)
}

#[tokio::test]
async fn a_person_logs_in_allows_and_the_app_reads() {
    let visitor = Visitor::start().await;
    let url = visitor.authorize_url(&[]);
    let log_in = Page::of(visitor.client.get(url).send().await.unwrap()).await;
    assert_eq!(log_in.status, 200);
    for part in [
        "not a real portal, invented people",
        "id=\"username\"",
        "id=\"password\"",
        "id=\"log-in\"",
        "id=\"use-marisol\"",
        "id=\"use-edwin\"",
        "id=\"use-okafor\"",
        "data-testid=\"log-in\"",
    ] {
        assert!(log_in.html.contains(part), "the log-in page lacks {part}");
    }
    let line = log_in.cookie.clone().unwrap();
    assert!(line.starts_with("__Host-") && line.contains("Secure") && line.contains("HttpOnly"));

    let (consent, cookie) = consent_page(&visitor, "marisol").await;
    for part in ["Marisol Quinn", "id=\"allow\"", "id=\"deny\"", "name=\"allow\"", "id=\"log-out\""]
    {
        assert!(consent.html.contains(part), "the consent page lacks {part}");
    }
    assert!(consent.csp.contains("form-action 'self' https://localhost:27443"), "{}", consent.csp);

    let response = visitor
        .post("/o/authorize/")
        .header("cookie", &cookie)
        .form(&consent.form(&[("allow", "Allow")]))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 302);
    let back = location(&response);
    assert!(back.starts_with("https://localhost:27443/callback?code="));
    assert_eq!(param(&back, "state").unwrap(), "a state & more");

    let form = visitor.exchange_form(&param(&back, "code").unwrap());
    let response = visitor.token(&form).await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    let tokens = Tokens::of(json_of(response).await);
    assert_eq!(tokens.whole["expires_in"], 172_800);
    assert_eq!(tokens.whole["token_type"], "Bearer");
    assert_eq!(tokens.whole["scope"], "patient/*.read");
    assert!(tokens.whole.get("patient").is_none());
    let patients = visitor.json(&tokens, "/api/fhir/Patient").await;
    assert_eq!(patients["entry"][0]["resource"]["name"][0]["text"], "Marisol Quinn");

    let stats = visitor.portal.stats();
    assert_eq!(stats.n_codes_exchanged, 1);
    let told = format!("{stats:?}");
    for secret in [&tokens.access, visitor.portal.client_secret(), "a+state"] {
        assert!(!told.contains(secret), "the request log holds a secret");
    }
}

#[tokio::test]
async fn who_is_logged_in_is_asked_to_log_in_again_where_the_client_wants_it() {
    let visitor = Visitor::start().await;
    let (_, cookie) = consent_page(&visitor, "edwin").await;
    let seen = async |prompt: &[(&str, &str)]| {
        let url = visitor.authorize_url(prompt);
        Page::of(visitor.client.get(url).header("cookie", &cookie).send().await.unwrap()).await
    };
    assert!(seen(&[]).await.html.contains("Edwin"));
    let asked = seen(&[("prompt", "login")]).await;
    assert!(asked.html.contains("id=\"log-in-form\"") && !asked.html.contains("id=\"allow\""));

    let response = visitor
        .post("/o/log-in/")
        .header("cookie", &cookie)
        .form(&asked.form(&[("username", "marisol"), ("password", "practice")]))
        .send()
        .await
        .unwrap();
    let next = location(&response);
    let cookie = Page::of(response).await.cookie();
    let consent = visitor.get(&next).header("cookie", &cookie).send().await.unwrap();
    let consent = Page::of(consent).await;
    assert!(consent.html.contains("Marisol Quinn"), "{next}: {}", consent.html);
}

#[tokio::test]
async fn a_wrong_password_is_said_and_nothing_else_happens() {
    let visitor = Visitor::start().await;
    let url = visitor.authorize_url(&[]);
    let log_in = Page::of(visitor.client.get(url).send().await.unwrap()).await;
    let response = visitor
        .post("/o/log-in/")
        .header("cookie", log_in.cookie())
        .form(&log_in.form(&[("username", "<marisol>"), ("password", "nonsense")]))
        .send()
        .await
        .unwrap();
    let page = Page::of(response).await;
    assert_eq!(page.status, 401);
    assert!(page.html.contains("id=\"log-in-error\""));
    assert!(page.html.contains("value=\"&lt;marisol&gt;\""), "what was typed is escaped");
    assert!(page.cookie.is_none());
}

#[tokio::test]
async fn deny_goes_back_with_access_denied_and_the_state() {
    let visitor = Visitor::start().await;
    let (consent, cookie) = consent_page(&visitor, "edwin").await;
    let response = visitor
        .post("/o/authorize/")
        .header("cookie", &cookie)
        .form(&consent.form(&[("allow", "Deny")]))
        .send()
        .await
        .unwrap();
    let back = location(&response);
    assert_eq!(param(&back, "error").unwrap(), "access_denied");
    assert_eq!(param(&back, "state").unwrap(), "a state & more");
    assert_eq!(param(&back, "code"), None);

    let url = visitor.authorize_url(&[]);
    let same = visitor.portal.answer(url.as_str(), "edwin", Answer::Deny).unwrap();
    assert_eq!(same, back);
}

#[tokio::test]
async fn another_log_in_can_be_chosen_on_the_consent_page() {
    let visitor = Visitor::start().await;
    let (consent, cookie) = consent_page(&visitor, "edwin").await;
    let response = visitor
        .post("/o/log-out/")
        .header("cookie", &cookie)
        .form(&consent.form(&[]))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 303);
    let next = location(&response);
    let page = visitor.get(&next).header("cookie", &cookie).send().await.unwrap();
    assert!(Page::of(page).await.html.contains("id=\"log-in-form\""));
}

#[tokio::test]
async fn a_form_without_its_session_or_its_csrf_token_does_nothing() {
    let visitor = Visitor::start().await;
    let (consent, cookie) = consent_page(&visitor, "marisol").await;
    let mut forged = consent.form(&[("allow", "Allow")]);
    forged[0].1 = "guessed".to_owned();
    for (cookie, form) in [
        (cookie.as_str(), &forged),
        ("__Host-practice-portal=other", &consent.form(&[("allow", "Allow")])),
        ("", &consent.form(&[("allow", "Allow")])),
    ] {
        for path in ["/o/authorize/", "/o/log-in/", "/o/log-out/"] {
            let request = visitor.post(path).header("cookie", cookie).form(form);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 403);
            assert!(response.headers().get("location").is_none());
        }
    }
}

#[tokio::test]
async fn the_next_address_leads_nowhere_else() {
    let visitor = Visitor::start().await;
    let url = visitor.authorize_url(&[]);
    let log_in = Page::of(visitor.client.get(url).send().await.unwrap()).await;
    for next in ["https://elsewhere.example/", "//elsewhere.example/", "/", ""] {
        let mut form = log_in.form(&[("username", "edwin"), ("password", "practice")]);
        form[1].1 = next.to_owned();
        let request = visitor.post("/o/log-in/").header("cookie", log_in.cookie()).form(&form);
        assert_eq!(request.send().await.unwrap().status(), 403, "{next}");
    }
}

#[tokio::test]
async fn a_stranger_or_an_unregistered_address_gets_a_page_and_no_redirect() {
    let visitor = Visitor::start().await;
    let cases = [
        ([("client_id", "nobody")], Refused::UnknownClient),
        ([("client_id", "")], Refused::UnknownClient),
        ([("redirect_uri", "")], Refused::UnknownRedirect),
        ([("redirect_uri", "https://localhost:27443/callback/")], Refused::UnknownRedirect),
        ([("redirect_uri", "https://localhost:27446/callback")], Refused::UnknownRedirect),
        ([("redirect_uri", "https://elsewhere.example/")], Refused::UnknownRedirect),
    ];
    for (changes, refused) in cases {
        let url = visitor.authorize_url(&changes);
        let answer = visitor.portal.answer(url.as_str(), "marisol", Answer::Allow);
        assert_eq!(answer, Err(refused));
        let response = visitor.client.get(url).send().await.unwrap();
        assert_eq!(response.status(), 400);
        assert!(response.headers().get("location").is_none());
        assert!(response.text().await.unwrap().contains("This sign-in cannot go on"));
    }
    let twice = format!("{}&state=again", visitor.authorize_url(&[]));
    let answer = visitor.portal.answer(&twice, "marisol", Answer::Allow);
    assert_eq!(answer, Err(Refused::Repeated));
    assert_eq!(visitor.client.get(&twice).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn what_the_client_got_wrong_goes_back_to_it() {
    let visitor = Visitor::start().await;
    for (changes, error) in [
        ([("response_type", "token")], "unsupported_response_type"),
        ([("response_type", "")], "invalid_request"),
        ([("scope", "system/*.write")], "invalid_scope"),
        ([("code_challenge_method", "plain")], "invalid_request"),
        ([("code_challenge_method", "")], "invalid_request"),
        ([("code_challenge", "short")], "invalid_request"),
        ([("code_challenge", "")], "invalid_request"),
    ] {
        let url = visitor.authorize_url(&changes);
        let response = visitor.client.get(url).send().await.unwrap();
        assert_eq!(response.status(), 302);
        let back = location(&response);
        assert!(back.starts_with(REDIRECT));
        assert_eq!(param(&back, "error").unwrap(), error, "{changes:?}");
        assert_eq!(param(&back, "state").unwrap(), "a state & more");
    }
}

async fn error_of(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: serde_json::Value = json_of(response).await;
    (status, body["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_code_is_good_for_one_try_with_its_own_verifier_and_address() {
    let visitor = Visitor::start().await;
    let changed = |name: &str, value: &str| {
        let mut form = visitor.exchange_form(&visitor.code("marisol"));
        form.iter_mut().find(|(known, _)| *known == name).unwrap().1 = value.to_owned();
        form
    };
    for form in [
        changed("code", "guessed"),
        changed("code_verifier", "another-verifier-that-is-long-enough-to-be-one"),
        changed("code_verifier", ""),
        changed("redirect_uri", "https://localhost:27444/callback"),
    ] {
        assert_eq!(error_of(visitor.token(&form).await).await, (400, "invalid_grant".into()));
    }
    let form = visitor.exchange_form(&visitor.code("marisol"));
    assert_eq!(visitor.token(&form).await.status(), 200);
    assert_eq!(error_of(visitor.token(&form).await).await, (400, "invalid_grant".into()));

    // A wrong try uses the code up, too.
    let code = visitor.code("marisol");
    let mut wrong = visitor.exchange_form(&code);
    wrong[3].1 = "wrong".to_owned();
    assert_eq!(visitor.token(&wrong).await.status(), 400);
    assert_eq!(visitor.token(&visitor.exchange_form(&code)).await.status(), 400);
}

#[tokio::test]
async fn a_code_without_a_challenge_needs_no_verifier_and_takes_none() {
    let visitor = Visitor::start().await;
    let plain = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = || {
        let url = visitor.authorize_url(&plain);
        let back = visitor.portal.answer(url.as_str(), "marisol", Answer::Allow).unwrap();
        param(&back, "code").unwrap()
    };
    let form = visitor.exchange_form(&code());
    assert_eq!(error_of(visitor.token(&form).await).await, (400, "invalid_grant".into()));
    let mut form = visitor.exchange_form(&code());
    form.retain(|(name, _)| *name != "code_verifier");
    assert_eq!(visitor.token(&form).await.status(), 200);
}

#[tokio::test]
async fn a_code_ends() {
    let visitor = Visitor::with(Config { code_life: Duration::ZERO, ..Config::default() }).await;
    let form = visitor.exchange_form(&visitor.code("marisol"));
    assert_eq!(error_of(visitor.token(&form).await).await, (400, "invalid_grant".into()));
}

#[tokio::test]
async fn a_refresh_rotates_and_the_old_pair_is_refused_at_once() {
    let visitor = Visitor::start().await;
    let first = visitor.sign_in("marisol").await;
    let form = visitor.refresh_form(first.refresh.as_ref().unwrap());
    let second = Tokens::of(json_of(visitor.token(&form).await).await);
    assert_ne!(second.access, first.access);
    assert_ne!(second.refresh, first.refresh);
    assert_eq!(error_of(visitor.token(&form).await).await, (400, "invalid_grant".into()));
    assert_eq!(visitor.data(&first, "/api/fhir/Patient").await.status(), 401);
    assert_eq!(visitor.data(&second, "/api/fhir/Patient").await.status(), 200);
    assert_eq!(visitor.portal.stats().n_refreshes, 1);
}

#[tokio::test]
async fn revoking_ends_both_tokens_and_an_unknown_one_is_no_error() {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("marisol").await;
    let revoke = |token: &str| {
        let mut form = visitor.refresh_form("");
        form[0] = ("token", token.to_owned());
        visitor.post("/o/revoke_token/").form(&form).send()
    };
    assert_eq!(revoke("never given").await.unwrap().status(), 200);
    assert_eq!(revoke("").await.unwrap().status(), 400);
    let anonymous = visitor.post("/o/revoke_token/").form(&[("token", &tokens.access)]);
    assert_eq!(anonymous.send().await.unwrap().status(), 401);
    assert_eq!(visitor.data(&tokens, "/api/fhir/Patient").await.status(), 200);
    assert_eq!(revoke(tokens.refresh.as_ref().unwrap()).await.unwrap().status(), 200);
    assert_eq!(visitor.data(&tokens, "/api/fhir/Patient").await.status(), 401);
    let form = visitor.refresh_form(tokens.refresh.as_ref().unwrap());
    assert_eq!(visitor.token(&form).await.status(), 400);
    assert_eq!(visitor.portal.stats().n_revoked, 1);

    let tokens = visitor.sign_in("marisol").await;
    visitor.portal.revoke_all();
    assert_eq!(visitor.data(&tokens, "/api/fhir/Patient").await.status(), 401);
}

#[tokio::test]
async fn the_client_is_known_by_basic_or_by_the_form_and_by_nothing_less() {
    let config = Config {
        client_id: Some("an id:with%signs".into()),
        client_secret: Some("a+secret&with=%2Fsigns é".into()),
        ..Config::default()
    };
    let visitor = Visitor::with(config).await;
    let bare = |code: String| {
        let mut form = visitor.exchange_form(&code);
        form.retain(|(name, _)| !name.starts_with("client_"));
        form
    };
    let encode =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let (id, secret) = (visitor.portal.client_id(), visitor.portal.client_secret());

    let form = visitor.exchange_form(&visitor.code("edwin"));
    assert_eq!(visitor.token(&form).await.status(), 200, "in the form");

    let form = bare(visitor.code("edwin"));
    let basic = visitor.post("/o/token/").basic_auth(encode(id), Some(encode(secret)));
    assert_eq!(basic.form(&form).send().await.unwrap().status(), 200, "by Basic");

    let form = bare(visitor.code("edwin"));
    let raw = visitor.post("/o/token/").basic_auth("an id", Some(secret));
    let response = raw.form(&form).send().await.unwrap();
    assert_eq!(response.headers()["www-authenticate"], "Basic realm=\"portal\"");
    assert_eq!(error_of(response).await, (401, "invalid_client".into()));

    let mut wrong = visitor.exchange_form(&visitor.code("edwin"));
    wrong[5].1 = "another".to_owned();
    assert_eq!(error_of(visitor.token(&wrong).await).await, (401, "invalid_client".into()));
    assert_eq!(error_of(visitor.token(&form).await).await, (401, "invalid_client".into()));

    let both = visitor.post("/o/token/").basic_auth(encode(id), Some(encode(secret)));
    let response = both.form(&visitor.exchange_form("x")).send().await.unwrap();
    assert_eq!(error_of(response).await, (400, "invalid_request".into()));

    for garbage in ["Basic", "Basic !!!", "Basic /w==", "Basic Og==", "Basic YWJj", "basic  "] {
        let request = visitor.post("/o/token/").header("authorization", garbage).form(&form);
        assert_eq!(request.send().await.unwrap().status(), 401, "{garbage}");
    }
}

#[tokio::test]
async fn token_requests_out_of_order_are_named_as_the_standard_says() {
    let visitor = Visitor::start().await;
    let with = |grant: &str| {
        let mut form = visitor.refresh_form("x");
        form[0].1 = grant.to_owned();
        form
    };
    for (form, error) in [
        (with(""), "invalid_request"),
        (with("password"), "unsupported_grant_type"),
        (with("refresh_token"), "invalid_grant"),
    ] {
        assert_eq!(error_of(visitor.token(&form).await).await, (400, error.into()));
    }
    let mut twice = with("refresh_token");
    twice.push(("refresh_token", "y".to_owned()));
    assert_eq!(error_of(visitor.token(&twice).await).await, (400, "invalid_request".into()));
    assert_eq!(visitor.get("/o/token/").send().await.unwrap().status(), 405);
}
