//! Every way to sign in where the browser cannot bring the answer, and everybody it may be about.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use onhand_core::api::{
    ConfirmPerson, Connect, ConnectStage, Connecting, ErrorCode, Event, PersonAnswer, Relation, Way,
};
use onhand_core::app::{App, How, Keys, NoWindow, Options, SignInWindow, SignInWindows};
use onhand_core::clock::system_clock;
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::onpatient::trust::system::{self, Words};
use onhand_desk::visitor;
use onhand_sandbox::{Answer, Config, Faults, Population};
use url::Url;

use crate::traveller::{Traveller, rows};

/// The person's desktop: what was opened on it.
#[derive(Default)]
struct Desktop {
    browser: Mutex<Vec<Url>>,
    windows: Mutex<Vec<SignInWindow>>,
    n_closed: Mutex<usize>,
    has_no_window: bool,
}

impl SignInWindows for Desktop {
    fn open(&self, window: SignInWindow) -> Result<(), NoWindow> {
        if self.has_no_window {
            return Err(NoWindow);
        }
        self.windows.lock().unwrap().push(window);
        Ok(())
    }

    fn close(&self) {
        *self.n_closed.lock().unwrap() += 1;
    }
}

/// Somebody at such a desktop.
struct Scene {
    traveller: Traveller,
    desktop: Arc<Desktop>,
}

impl Scene {
    async fn set() -> Scene {
        Scene::with(Desktop::default()).await
    }

    /// At a portal with accounts that share a person.
    async fn overlapping() -> Scene {
        let population = Population::invented().and(Population::overlapping());
        let traveller = Traveller::with(Config { population, ..Config::default() }).await;
        Scene::at(traveller, Desktop::default()).await
    }

    async fn with(desktop: Desktop) -> Scene {
        Scene::at(Traveller::new("").await, desktop).await
    }

    async fn at(traveller: Traveller, desktop: Desktop) -> Scene {
        let mut scene = Scene { traveller, desktop: Arc::new(desktop) };
        scene.reopen(|_| {}).await;
        scene
    }

    async fn reopen(&mut self, change: impl FnOnce(&mut Options)) {
        let browser = Arc::clone(&self.desktop);
        let mut options = Options {
            data_dir: self.traveller.folder.path().join("onhand"),
            clock: system_clock(),
            trust: Trust::None,
            opener: Some(Arc::new(move |url: &Url| {
                browser.browser.lock().unwrap().push(url.clone());
                Ok(())
            })),
            windows: Some(Arc::clone(&self.desktop) as _),
            keys: Keys::Store(self.traveller.keys.clone()),
            own_client: None,
        };
        change(&mut options);
        self.traveller.app = App::open(options, None).await;
    }

    fn app(&self) -> &App {
        &self.traveller.app
    }

    fn input(&self) -> Connect {
        Connect {
            client_id: self.traveller.portal.client_id().to_owned(),
            client_secret: Some(self.traveller.portal.client_secret().to_owned()),
            portal: Some(self.traveller.portal.origin().to_owned()),
            redirect_uris: Some(vec![self.traveller.redirect_uri.clone()]),
        }
    }

    fn how(&self) -> How {
        How { browser: true, ..self.traveller.how(None, Duration::from_secs(120)) }
    }

    /// A sign-in whose browser is opened.
    async fn begin(&self) -> Connecting {
        self.app().connect(self.input(), self.how()).await.unwrap()
    }

    /// A browser that does not trust the listener comes, and leaves again; gives what is offered.
    async fn refuse(&self, begun: &Connecting) -> Connecting {
        let mut events = self.app().subscribe();
        let browser = reqwest::Client::builder().no_proxy().build().unwrap();
        browser.get(begun.start_url.as_deref().unwrap()).send().await.unwrap_err();
        loop {
            if let Event::ConnectProgressed(told) = events.recv().await.unwrap()
                && told.stage == ConnectStage::CertificateRefused
            {
                return told;
            }
        }
    }

    /// What the portal answers whoever allows it there, as an address to go back to.
    fn answer(&self, authorize: &str, user: &str) -> String {
        self.traveller.portal.answer(authorize, user, Answer::Allow).unwrap()
    }

    async fn ends(&self) -> Connecting {
        self.app().connecting_ends().await.unwrap()
    }

    /// Signs in with the browser, says so, and gives the account.
    async fn sign_in(&self, user: &str, said: PersonAnswer) -> i64 {
        let begun = self.begin().await;
        assert_eq!(self.visit(&begun, user).await.stage, ConnectStage::Confirm);
        self.app().confirm_person(said).await.unwrap().unwrap()
    }

    async fn visit(&self, begun: &Connecting, user: &str) -> Connecting {
        self.traveller.visit(begun, user, Answer::Allow).await
    }

    fn opened_in_browser(&self) -> Vec<Url> {
        self.desktop.browser.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_refused_certificate_offers_every_other_way() {
    let scene = Scene::set().await;
    let begun = scene.begin().await;
    assert_eq!(begun.stage, ConnectStage::WaitingForBrowser);
    assert_eq!(begun.ways, []);
    assert_eq!(scene.opened_in_browser()[0].as_str(), begun.start_url.as_deref().unwrap());
    let told = scene.refuse(&begun).await;
    assert_eq!(told.ways, [Way::InApp, Way::PastWarning, Way::PasteAddress]);
    assert!(told.note.unwrap().contains("not your doing"));
    assert!(!told.port_missing);

    scene.app().cancel_connect();
    for went_on in [
        scene.app().sign_in_here().await,
        scene.app().go_past_warning().await,
        scene.app().paste_address("https://localhost").await,
    ] {
        assert_eq!(went_on.unwrap_err().code(), ErrorCode::NotFound);
    }
}

/// Makes a profile of Firefox, as Firefox does when it is opened for the first time; false where
/// certutil is not installed.
#[cfg(target_os = "linux")]
fn make_firefox_profile(home: &std::path::Path) -> bool {
    let root = home.join(".config/mozilla/firefox");
    std::fs::create_dir_all(root.join("new")).unwrap();
    let mut certutil = std::process::Command::new("certutil");
    certutil.args(["-N", "--empty-password", "-d"]);
    certutil.arg(format!("sql:{}", root.join("new").display()));
    let is_made = certutil.status().is_ok_and(|ended| ended.success());
    std::fs::write(root.join("profiles.ini"), "[Profile0]\nIsRelative=1\nPath=new\n").unwrap();
    is_made
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_browser_that_opens_for_the_first_time_is_told_and_asked_once_more() {
    use onhand_core::onpatient::trust::Places;

    let mut scene = Scene::set().await;
    let home = tempfile::tempdir().unwrap();
    let places = Places::below(home.path().to_owned(), None);
    scene.reopen(|options| options.trust = Trust::Browser(places)).await;
    let mut events = scene.app().subscribe();
    let begun = scene.begin().await;
    let first = scene.app().connecting_certificate().unwrap();
    if !make_firefox_profile(home.path()) {
        println!("left out: certutil is not installed");
        return;
    }
    let ended = async { scene.app().connecting_ends().await.unwrap() };
    let browser = async {
        let browser = reqwest::Client::builder().no_proxy().build().unwrap();
        browser.get(begun.start_url.as_deref().unwrap()).send().await.unwrap_err();
        while scene.opened_in_browser().len() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let again = scene.app().connecting().unwrap();
        assert_ne!(again.start_url, begun.start_url);
        let second = scene.app().connecting_certificate().unwrap();
        assert_ne!(second, first, "what was refused stays refused");
        let walk = visitor::walk(
            again.start_url.as_deref().unwrap(),
            &second,
            &scene.traveller.portal,
            "edwin",
            Answer::Allow,
        );
        walk.await.unwrap();
    };
    let (ended, ()) = tokio::join!(ended, browser);
    assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
    while let Ok(event) = events.try_recv() {
        if let Event::ConnectProgressed(told) = event {
            assert_ne!(told.stage, ConnectStage::CertificateRefused, "nothing is to be chosen");
        }
    }
    scene.app().confirm_person(PersonAnswer::No).await.unwrap();

    // A browser that refuses all the same is not asked for ever.
    let begun = scene.begin().await;
    let told = scene.refuse(&begun).await;
    assert_eq!(told.ways[0], Way::InApp);
    assert_eq!(scene.opened_in_browser().len(), 3);
}

#[tokio::test]
async fn signing_in_inside_the_app_brings_the_record() {
    let scene = Scene::set().await;
    let begun = scene.begin().await;
    scene.refuse(&begun).await;

    let told = scene.app().sign_in_here().await.unwrap();
    assert_eq!(told.stage, ConnectStage::SigningInHere);
    assert_eq!(told.ways, [Way::PastWarning, Way::PasteAddress]);
    let window = scene.desktop.windows.lock().unwrap()[0].clone();
    assert_eq!(window.allowed_origin, scene.traveller.portal.origin());
    assert!(window.start.as_str().starts_with(&format!("{}/o/authorize/", window.allowed_origin)));
    assert_eq!(window.redirect_prefixes, std::slice::from_ref(&scene.traveller.redirect_uri));
    assert_eq!(window.certificate.as_deref(), Some(scene.traveller.portal.certificate_der()));

    let back = scene.answer(window.start.as_str(), "marisol");
    scene.app().caught_redirect(&back.parse().unwrap()).await.unwrap();
    let ended = scene.ends().await;
    assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
    assert_eq!(ended.people[0].name, "Marisol Quinn");
    assert!(*scene.desktop.n_closed.lock().unwrap() > 0);

    let account = scene.app().confirm_person(PersonAnswer::Mine).await.unwrap().unwrap();
    let start = scene.app().start().await.unwrap();
    assert_eq!(start.people[0].relation, Some(Relation::Mine));
    assert!(scene.traveller.sync(account).await.unwrap().complete);
}

#[tokio::test]
async fn a_sign_in_window_that_is_closed_or_goes_astray_leaves_the_other_ways() {
    let scene = Scene::set().await;
    let begun = scene.begin().await;
    scene.refuse(&begun).await;
    scene.app().sign_in_here().await.unwrap();
    scene.app().sign_in_window_closed();
    let told = scene.app().connecting().unwrap();
    assert_eq!(told.stage, ConnectStage::CertificateRefused);
    assert_eq!(told.ways[0], Way::InApp);

    scene.app().sign_in_here().await.unwrap();
    let astray = format!("{}?code=abc&state=another", scene.traveller.redirect_uri);
    let refused = scene.app().caught_redirect(&astray.parse().unwrap()).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Invalid);
    let told = scene.app().connecting().unwrap();
    assert_eq!(told.stage, ConnectStage::CertificateRefused);
    assert!(told.note.unwrap().contains("another sign-in"));
    assert_eq!(scene.traveller.portal.stats().n_codes_exchanged, 0);

    scene.app().sign_in_here().await.unwrap();
    scene.app().cancel_connect();
    assert!(*scene.desktop.n_closed.lock().unwrap() > 2);
}

#[tokio::test]
async fn without_a_window_the_other_ways_are_offered_and_it_is_said() {
    let scene = Scene::with(Desktop { has_no_window: true, ..Desktop::default() }).await;
    let begun = scene.begin().await;
    scene.refuse(&begun).await;
    let refused = scene.app().sign_in_here().await.unwrap_err();
    assert!(refused.to_string().contains("another way"), "{refused}");
    let told = scene.app().connecting().unwrap();
    assert_eq!(told.stage, ConnectStage::CertificateRefused);
}

#[tokio::test]
async fn going_past_the_warning_uses_the_certificate_that_was_seen() {
    let scene = Scene::set().await;
    let begun = scene.begin().await;
    scene.refuse(&begun).await;
    let seen = scene.app().connecting_certificate().unwrap();

    let told = scene.app().go_past_warning().await.unwrap();
    assert_eq!(told.stage, ConnectStage::WaitingForBrowser);
    let opened = scene.opened_in_browser();
    assert_eq!((opened.len(), &opened[0]), (2, &opened[1]));
    assert_eq!(opened[0].path(), "/start");
    // The warning itself is a refusal; it is no news any more.
    let browser = reqwest::Client::builder().no_proxy().build().unwrap();
    browser.get(opened[1].clone()).send().await.unwrap_err();
    assert_eq!(scene.app().connecting_certificate().unwrap(), seen);

    let ended = scene.visit(&begun, "edwin").await;
    assert_eq!(ended.stage, ConnectStage::Confirm);
}

#[tokio::test]
async fn a_pasted_address_brings_the_record_and_every_other_is_answered_in_a_sentence() {
    let scene = Scene::set().await;
    let begun = scene.begin().await;
    scene.refuse(&begun).await;
    let told = scene.app().sign_in_here().await.unwrap();
    assert_eq!(told.stage, ConnectStage::SigningInHere);
    let authorize = scene.desktop.windows.lock().unwrap()[0].start.to_string();
    scene.app().sign_in_window_closed();
    let back = scene.answer(&authorize, "marisol");
    // The address of a sign-in that was given up.
    scene.app().cancel_connect();
    let begun = scene.begin().await;
    scene.refuse(&begun).await;
    scene.app().sign_in_here().await.unwrap();
    let authorize = scene.desktop.windows.lock().unwrap()[1].start.to_string();
    scene.app().sign_in_window_closed();

    let http = back.replacen("https://", "http://", 1);
    for (pasted, words) in [
        (back.as_str(), "another sign-in"),
        (http.as_str(), "http://"),
        (authorize.as_str(), "still a page of your portal"),
        ("", "nothing here yet"),
        ("what is this", "not a web address"),
        (begun.start_url.as_deref().unwrap(), "began with"),
    ] {
        let refused = scene.app().paste_address(pasted).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Invalid);
        assert!(refused.to_string().contains(words), "{refused}");
        assert!(!refused.to_string().contains("code="));
    }
    assert_eq!(scene.traveller.portal.stats().n_codes_exchanged, 0);

    let back = scene.answer(&authorize, "marisol");
    let told = scene.app().paste_address(&format!(" {back}\n")).await.unwrap();
    assert_eq!(told.stage, ConnectStage::Exchanging);
    let ended = scene.ends().await;
    assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
    let again = scene.app().paste_address(&back).await.unwrap_err();
    assert_eq!(again.code(), ErrorCode::NotFound);
    assert_eq!(scene.traveller.portal.stats().n_codes_exchanged, 1);
}

#[tokio::test]
async fn a_pasted_refusal_is_a_refusal() {
    let scene = Scene::set().await;
    scene.begin().await;
    scene.app().sign_in_here().await.unwrap();
    let authorize = scene.desktop.windows.lock().unwrap()[0].start.to_string();
    let back = scene.traveller.portal.answer(&authorize, "marisol", Answer::Deny).unwrap();
    scene.app().paste_address(&back).await.unwrap();
    let ended = scene.ends().await;
    assert_eq!(ended.error.unwrap().code, ErrorCode::ConsentRefused);
}

#[tokio::test]
async fn with_every_port_taken_the_address_is_pasted() {
    let scene = Scene::set().await;
    let port: u16 = scene.traveller.redirect_uri.split([':', '/']).nth(4).unwrap().parse().unwrap();
    let squatter = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let begun = scene.begin().await;
    assert!(begun.port_missing);
    assert_eq!(begun.ways, [Way::InApp, Way::PasteAddress]);
    assert!(begun.note.as_deref().unwrap().contains("paste it here"));
    let start = begun.start_url.clone().unwrap();
    assert!(!start.contains(&format!(":{port}/")));
    assert_eq!(scene.opened_in_browser()[0].as_str(), start);

    // The browser is sent on to the portal from another port, and cannot come back.
    let certificate = scene.app().connecting_certificate().unwrap();
    let browser = reqwest::Client::builder()
        .tls_certs_merge([reqwest::Certificate::from_der(&certificate).unwrap()])
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let sent_on = browser.get(&start).send().await.unwrap();
    let authorize = sent_on.headers()["location"].to_str().unwrap();
    let back = scene.answer(authorize, "edwin");
    assert!(back.starts_with(&scene.traveller.redirect_uri));
    assert_eq!(scene.app().connecting().unwrap().stage, ConnectStage::AtPortal);

    scene.app().paste_address(&back).await.unwrap();
    assert_eq!(scene.ends().await.stage, ConnectStage::Confirm);
    scene.app().confirm_person(PersonAnswer::InMyCare).await.unwrap().unwrap();
    let people = scene.app().start().await.unwrap().people;
    assert_eq!(people[0].relation, Some(Relation::InMyCare));
    drop(squatter);
}

#[tokio::test]
async fn of_several_people_in_one_account_one_is_the_person_and_the_others_are_cared_for() {
    let scene = Scene::set().await;
    let begun = scene.begin().await;
    let ended = scene.visit(&begun, "okafor").await;
    let own = ended.people[1].patient_id.clone();
    let said = ConfirmPerson { answer: PersonAnswer::Mine, patient_id: Some(own) };
    let account = scene.app().confirm_person(said).await.unwrap().unwrap();
    let relations = || async {
        let people = scene.app().start().await.unwrap().people;
        people.into_iter().map(|person| person.relation).collect::<Vec<_>>()
    };
    let expected = [Some(Relation::InMyCare), Some(Relation::Mine)];
    assert_eq!(relations().await, expected);

    // A sync and a reconnect leave that as it is.
    scene.traveller.sync(account).await.unwrap();
    let how = How { account: Some(account), ..scene.how() };
    let begun = scene.app().connect(scene.input(), how).await.unwrap();
    assert_eq!(scene.visit(&begun, "okafor").await.stage, ConnectStage::Connected);
    assert_eq!(relations().await, expected);
}

#[tokio::test]
async fn which_of_several_people_it_is_need_not_be_said() {
    let scene = Scene::set().await;
    scene.sign_in("okafor", PersonAnswer::Mine).await;
    let people = scene.app().start().await.unwrap().people;
    assert!(people.iter().all(|person| person.relation.is_none()));
}

#[tokio::test]
async fn another_person_than_the_connections_is_kept_apart_or_not_at_all() {
    let scene = Scene::set().await;
    let account = scene.sign_in("edwin", PersonAnswer::Mine).await;
    scene.traveller.sync(account).await.unwrap();
    let before = rows(scene.app()).await;

    let reconnect = || async {
        let how = How { account: Some(account), ..scene.how() };
        let begun = scene.app().connect(scene.input(), how).await.unwrap();
        scene.visit(&begun, "marisol").await
    };
    let ended = reconnect().await;
    assert_eq!(ended.stage, ConnectStage::Confirm);
    let other = ended.other_person.unwrap();
    assert_eq!(other.found[0].name, "Marisol Quinn");
    assert_eq!(other.expected.len(), 1);
    assert_ne!(other.expected[0].name, other.found[0].name);

    let refused = scene.app().confirm_person(PersonAnswer::Mine).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Invalid);
    assert_eq!(scene.app().confirm_person(PersonAnswer::No).await.unwrap(), None);
    assert_eq!(scene.traveller.portal.stats().n_revoked, 1);
    assert_eq!(scene.app().start().await.unwrap().accounts.len(), 1);

    reconnect().await;
    let new = scene.app().confirm_person(PersonAnswer::KeepSeparate).await.unwrap().unwrap();
    assert_ne!(new, account);
    let start = scene.app().start().await.unwrap();
    assert_eq!((start.accounts.len(), start.people.len()), (2, 2));
    assert!(start.accounts.iter().all(|account| account.signed_in));
    assert_eq!(rows(scene.app()).await, before, "what there was is untouched");
    assert!(scene.traveller.sync(account).await.unwrap().complete);
    assert!(scene.traveller.sync(new).await.unwrap().complete);
    let all = rows(scene.app()).await;
    let of = |account: i64| {
        let person = start.people.iter().find(|person| person.account == account).unwrap().id;
        all.iter().filter(|row| row.person == Some(person)).count()
    };
    assert!(of(account) > 0 && of(new) > 0);
}

#[tokio::test]
async fn accounts_that_share_a_person_stay_side_by_side() {
    let scene = Scene::overlapping().await;
    let mother = scene.sign_in("okafor", PersonAnswer::InMyCare).await;
    let father = scene.sign_in("dele", PersonAnswer::InMyCare).await;
    let son = scene.sign_in("kofi", PersonAnswer::Mine).await;
    // Each of them anew is the one that it was.
    for (user, account) in [("dele", father), ("okafor", mother), ("kofi", son)] {
        assert_eq!(scene.sign_in(user, PersonAnswer::InMyCare).await, account, "{user}");
    }
    let start = scene.app().start().await.unwrap();
    assert_eq!(start.accounts.len(), 3);
    let names = |account: i64| {
        let of = start.people.iter().filter(|person| person.account == account);
        of.map(|person| person.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(names(mother), ["Imani Okafor", "Kofi Okafor"]);
    assert_eq!(names(father), ["Dele Okafor", "Kofi Okafor"]);
    assert_eq!(names(son), ["Kofi Okafor"]);
    for account in [mother, father, son] {
        assert!(scene.traveller.sync(account).await.unwrap().complete);
    }

    // One that is ended leaves the others as they are.
    scene.app().disconnect(father, true).await.unwrap();
    for account in [mother, son] {
        assert!(scene.traveller.sync(account).await.unwrap().complete);
    }
}

#[tokio::test]
async fn a_sign_in_that_brings_some_of_a_connections_people_only_is_asked_about() {
    let scene = Scene::overlapping().await;
    let account = scene.sign_in("okafor", PersonAnswer::InMyCare).await;
    scene.traveller.sync(account).await.unwrap();
    let before = rows(scene.app()).await;
    let reconnect = async |user: &str| {
        let how = How { account: Some(account), ..scene.how() };
        let begun = scene.app().connect(scene.input(), how).await.unwrap();
        scene.visit(&begun, user).await
    };
    for (user, people) in [("kofi", 1), ("dele", 2)] {
        let told = reconnect(user).await;
        assert_eq!((told.stage, told.people.len()), (ConnectStage::Confirm, people), "{told:?}");
        assert_eq!(told.other_person, None);
        let note = told.note.unwrap();
        assert!(note.contains("does not give the record of Imani Okafor, which"), "{note}");
        assert_eq!(scene.app().confirm_person(PersonAnswer::No).await.unwrap(), None);
    }
    assert_eq!(scene.traveller.portal.stats().n_revoked, 2);
    // What it had before is in use still.
    assert!(scene.traveller.sync(account).await.unwrap().complete);
    assert_eq!(rows(scene.app()).await, before);

    assert_eq!(reconnect("okafor").await.stage, ConnectStage::Connected, "all of them are there");
    reconnect("kofi").await;
    let kept = scene.app().confirm_person(PersonAnswer::InMyCare).await.unwrap();
    assert_eq!(kept, Some(account));
    let start = scene.app().start().await.unwrap();
    assert_eq!((start.accounts.len(), start.people.len()), (1, 2), "nobody is taken away");
}

#[tokio::test]
async fn another_portal_account_can_be_used_when_the_browser_brought_the_wrong_one() {
    let scene = Scene::set().await;
    let begun = scene.begin().await;
    assert_eq!(scene.visit(&begun, "edwin").await.stage, ConnectStage::Confirm);
    let kept = scene.app().confirm_person(PersonAnswer::AnotherAccount).await.unwrap();
    assert_eq!(kept, None);
    assert_eq!(scene.traveller.portal.stats().n_revoked, 1);

    let start = scene.app().start().await.unwrap();
    assert!(start.accounts.is_empty());
    let begun = start.connecting.unwrap();
    assert_eq!(begun.stage, ConnectStage::WaitingForBrowser);
    assert!(begun.note.as_deref().unwrap().contains("log out there first"));
    assert!(begun.ways.contains(&Way::InApp), "where nobody is logged in");
    assert_eq!(scene.opened_in_browser().len(), 2);
    scene.app().sign_in_here().await.unwrap();
    let authorize = scene.desktop.windows.lock().unwrap()[0].start.clone();
    assert!(authorize.query_pairs().any(|pair| pair == ("prompt".into(), "login".into())));
    let back = scene.answer(authorize.as_str(), "marisol");
    scene.app().caught_redirect(&back.parse().unwrap()).await.unwrap();
    let ended = scene.ends().await;
    assert_eq!(ended.people[0].name, "Marisol Quinn");
    scene.app().confirm_person(PersonAnswer::Mine).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_sign_in_that_failed_goes_on_without_a_word_being_asked_again() {
    let mut scene = Scene::set().await;
    let nothing = scene.app().connect_again().await.unwrap_err();
    assert_eq!(nothing.code(), ErrorCode::NotFound);

    let begun = scene.begin().await;
    let ended = scene.traveller.visit(&begun, "edwin", Answer::Deny).await;
    assert_eq!(ended.stage, ConnectStage::Failed);
    // The very same, from where it failed.
    let begun = scene.app().connect_again().await.unwrap();
    assert_eq!(begun.stage, ConnectStage::WaitingForBrowser);
    scene.refuse(&begun).await;
    let begun = scene.app().connect_again().await.unwrap();
    let ended = scene.visit(&begun, "edwin").await;
    assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
    let account = scene.app().confirm_person(PersonAnswer::Mine).await.unwrap().unwrap();

    // So it is for a connection that is renewed.
    let how = How { account: Some(account), ..scene.how() };
    let begun = scene.app().connect(scene.input(), how).await.unwrap();
    let ended = scene.traveller.visit(&begun, "edwin", Answer::Deny).await;
    assert_eq!(ended.stage, ConnectStage::Failed);
    let begun = scene.app().connect_again().await.unwrap();
    assert_eq!(scene.app().connecting_account(), Some(account));
    assert_eq!(scene.visit(&begun, "edwin").await.stage, ConnectStage::Connected);
    scene.reopen(|_| {}).await;
    assert_eq!(scene.app().connect_again().await.unwrap_err().code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn what_was_pasted_is_kept_until_it_has_brought_a_connection_and_is_told_to_nobody() {
    let mut scene = Scene::set().await;
    let registered = async |scene: &Scene| scene.app().start().await.unwrap().registered;
    let origin = scene.traveller.portal.origin().to_owned();
    let (id, secret) = (scene.input().client_id, scene.input().client_secret.unwrap());
    assert_eq!(registered(&scene).await, None);
    scene.begin().await;
    assert_eq!(registered(&scene).await, Some(origin.clone()));
    scene.app().cancel_connect();
    scene.app().sign_in_is_over().await;

    // Over a restart, too.
    scene.reopen(|_| {}).await;
    let start = scene.app().start().await.unwrap();
    assert_eq!(start.registered, Some(origin));
    assert!(start.accounts.is_empty() && start.people.is_empty());
    let begun = scene.app().connect_again().await.unwrap();
    let told = serde_json::to_string(&(&start, &begun)).unwrap();
    assert!(!told.contains(&secret) && !told.contains(&id), "{told}");
    let folder = scene.traveller.folder.path().join("onhand");
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
    let ended = scene.visit(&begun, "edwin").await;
    assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
    let account = scene.app().confirm_person(PersonAnswer::Mine).await.unwrap().unwrap();
    assert_eq!(registered(&scene).await, None, "a connection has it now");
    // Nor is it kept beside a connection that has it.
    scene.begin().await;
    assert_eq!(registered(&scene).await, None);
    scene.app().cancel_connect();
    scene.app().disconnect(account, true).await.unwrap();

    // What the portal does not know is not offered again, and "keep nothing" means it.
    let wrong = Connect { client_secret: Some("not the secret".to_owned()), ..scene.input() };
    let begun = scene.app().connect(wrong, scene.how()).await.unwrap();
    assert!(registered(&scene).await.is_some());
    assert_eq!(scene.visit(&begun, "edwin").await.stage, ConnectStage::Failed);
    assert_eq!(registered(&scene).await, None);
    let begun = scene.begin().await;
    scene.visit(&begun, "edwin").await;
    assert_eq!(scene.app().confirm_person(PersonAnswer::No).await.unwrap(), None);
    assert_eq!(registered(&scene).await, None);
}

#[tokio::test]
async fn tokens_that_come_after_a_cancel_are_given_back() {
    let scene = Scene::set().await;
    scene.begin().await;
    scene.app().sign_in_here().await.unwrap();
    let authorize = scene.desktop.windows.lock().unwrap()[0].start.to_string();
    let back = scene.answer(&authorize, "edwin");
    scene.traveller.portal.set_faults(Faults::parse("slow:400").unwrap());
    scene.app().paste_address(&back).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    scene.app().cancel_connect();
    assert!(scene.app().connecting().is_none());
    scene.app().sign_in_is_over().await;
    let stats = scene.traveller.portal.stats();
    assert_eq!((stats.n_codes_exchanged, stats.n_revoked), (1, 1));
    assert!(scene.app().start().await.unwrap().accounts.is_empty());
}

#[tokio::test]
async fn a_build_with_an_id_of_its_own_needs_none_and_tells_no_secret() {
    let mut scene = Scene::set().await;
    let (id, secret) = (
        scene.traveller.portal.client_id().to_owned(),
        scene.traveller.portal.client_secret().to_owned(),
    );
    scene.reopen(|options| options.own_client = Some((id, Some(secret.clone().into())))).await;
    assert!(scene.app().start().await.unwrap().has_own_client);
    let input = Connect { client_id: String::new(), client_secret: None, ..scene.input() };
    let begun = scene.app().connect(input, scene.how()).await.unwrap();
    let ended = scene.visit(&begun, "edwin").await;
    assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
    let account = scene.app().confirm_person(PersonAnswer::Mine).await.unwrap().unwrap();
    let told = [
        serde_json::to_string(&begun).unwrap(),
        serde_json::to_string(&ended).unwrap(),
        serde_json::to_string(&scene.app().start().await.unwrap()).unwrap(),
        format!("{begun:?} {ended:?}"),
    ];
    assert!(told.iter().all(|text| !text.contains(&secret)));
    scene.traveller.portal.end_access();
    assert!(scene.traveller.sync(account).await.unwrap().complete);

    scene.reopen(|_| {}).await;
    let input = Connect { client_id: String::new(), client_secret: None, ..scene.input() };
    let refused = scene.app().connect(input, scene.how()).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Invalid);
}

/// A system whose person always says yes.
#[derive(Debug, Default)]
struct System {
    trusted: Mutex<Vec<Vec<u8>>>,
    n_asked: Mutex<usize>,
}

impl system::Store for System {
    fn trust(&self, der: &[u8]) -> system::Answer {
        *self.n_asked.lock().unwrap() += 1;
        self.trusted.lock().unwrap().push(der.to_vec());
        system::Answer::Done
    }

    fn is_trusted(&self, der: &[u8]) -> bool {
        self.trusted.lock().unwrap().iter().any(|other| other == der)
    }

    fn forget(&self, der: &[u8]) -> system::Answer {
        *self.n_asked.lock().unwrap() += 1;
        self.trusted.lock().unwrap().retain(|other| other != der);
        system::Answer::Done
    }

    fn named_like_ours(&self) -> Option<Vec<Vec<u8>>> {
        Some(self.trusted.lock().unwrap().clone())
    }

    fn words(&self) -> Words {
        Words {
            will_ask: "It will ask once.",
            will_ask_again: "It will ask again.",
            declined: "declined",
            failed: "failed",
        }
    }
}

#[tokio::test]
async fn a_system_that_keeps_a_certificate_asks_once_a_year_and_says_so_before() {
    let mut scene = Scene::set().await;
    let system = Arc::new(System::default());
    let n_asked = || *system.n_asked.lock().unwrap();
    let at = |days: i64| {
        let (system, clock) = (Arc::clone(&system), system_clock());
        move |options: &mut Options| {
            options.trust = Trust::System(system);
            options.clock = Arc::new(move || clock() + SignedDuration::from_hours(24 * days));
        }
    };
    scene.reopen(at(0)).await;
    let note = scene.app().start().await.unwrap().trust_note;
    assert_eq!(note.as_deref(), Some("It will ask once."));
    let mut events = scene.app().subscribe();
    let begun = scene.begin().await;
    let first = loop {
        if let Event::ConnectProgressed(first) = events.recv().await.unwrap() {
            break first;
        }
    };
    assert_eq!(first.stage, ConnectStage::Preparing);
    assert_eq!(first.trust_note, note, "said before it asks");
    assert_eq!((n_asked(), begun.trust_note), (1, None));
    let certificate = scene.app().connecting_certificate().unwrap();
    assert_eq!(*system.trusted.lock().unwrap(), vec![certificate.clone()]);
    scene.app().cancel_connect();

    for days in [1, 300] {
        scene.reopen(at(days)).await;
        assert_eq!(scene.app().start().await.unwrap().trust_note, None);
        scene.begin().await;
        assert_eq!(scene.app().connecting_certificate().unwrap(), certificate);
        scene.app().cancel_connect();
    }
    assert_eq!(n_asked(), 1);

    scene.reopen(at(380)).await;
    let note = scene.app().start().await.unwrap().trust_note;
    assert_eq!(note.as_deref(), Some("It will ask again."));
    scene.begin().await;
    let renewed = scene.app().connecting_certificate().unwrap();
    assert_ne!(renewed, certificate);
    // Nothing was asked about the old one, which ends by itself.
    assert_eq!(n_asked(), 2);
    assert_eq!(*system.trusted.lock().unwrap(), vec![certificate, renewed]);
    scene.app().cancel_connect();

    let removed = scene.app().remove_certificates().await.unwrap();
    assert_eq!((removed.count, removed.notes.len()), (2, 1));
    assert!(system.trusted.lock().unwrap().is_empty());
    let note = scene.app().start().await.unwrap().trust_note;
    assert_eq!(note.as_deref(), Some("It will ask once."));
}

#[tokio::test]
async fn neither_secret_nor_tokens_nor_the_code_stand_in_anything_that_is_told() {
    let scene = Scene::set().await;
    let mut events = scene.app().subscribe();
    let begun = scene.begin().await;
    let certificate = scene.app().connecting_certificate().unwrap();
    let start = begun.start_url.as_deref().unwrap();
    visitor::walk(start, &certificate, &scene.traveller.portal, "edwin", Answer::Allow)
        .await
        .unwrap();
    let ended = scene.ends().await;
    let account = scene.app().confirm_person(PersonAnswer::Mine).await.unwrap().unwrap();
    scene.traveller.sync(account).await.unwrap();
    scene.app().disconnect(account, false).await.unwrap();
    let mut told = format!("{begun:?}{ended:?}{:?}", scene.app().start().await.unwrap());
    while let Ok(event) = events.try_recv() {
        told += &serde_json::to_string(&event).unwrap();
        told += &format!("{event:?}");
    }
    assert!(told.len() > 1_000);
    assert!(!told.contains(scene.traveller.portal.client_secret()));
    for word in ["code=", "state=", "access_token", "refresh_token", "Bearer"] {
        assert!(!told.contains(word), "{word}");
    }
    // The portal's tokens are thirty letters and digits; nothing of the kind but the one-time number
    // of the start address is told.
    let number = start.split_once("n=").unwrap().1;
    let told = told.replace(number, "");
    let is_token = |word: &str| {
        word.len() >= 30
            && word.chars().any(|c| c.is_ascii_digit())
            && word.chars().any(|c| c.is_ascii_uppercase())
    };
    let long: Vec<_> =
        told.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_token(word)).collect();
    assert_eq!(long, Vec::<&str>::new());
}
