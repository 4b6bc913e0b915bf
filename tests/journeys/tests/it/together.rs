//! What records say together: visits, vaccinations, medicines, and what is said about a list.

use onhand_core::api::{AboutKind, Detail, Filter, KindAbout, List, PersonRef, Row};
use onhand_core::record::Kind;
use onhand_sandbox::Faults;

use crate::traveller::{Traveller, rows};

async fn of_kind(traveller: &Traveller, person: Option<i64>, kind: Kind) -> Vec<Row> {
    let filter = Filter { person, kinds: vec![kind], ..Filter::default() };
    traveller.app.list(List { filter, offset: 0, limit: 500 }).await.unwrap().records
}

async fn about(traveller: &Traveller, person: i64, kind: Kind) -> KindAbout {
    traveller.app.about_kind(AboutKind { person: Some(person), kind }).await.unwrap()
}

async fn whose(traveller: &Traveller, name: &str) -> i64 {
    let start = traveller.app.start().await.unwrap();
    start.people.iter().find(|person| person.name.contains(name)).unwrap().id
}

fn related<'d>(detail: &'d Detail, role: &str) -> Vec<&'d str> {
    let of_role = detail.related.iter().filter(|other| other.role == role);
    of_role.map(|other| other.row.as_ref().unwrap().title.as_str()).collect()
}

fn slugs(rows: &[Row]) -> Vec<&str> {
    let mut slugs: Vec<&str> =
        rows.iter().map(|row| row.group.as_ref().unwrap().slug.as_str()).collect();
    slugs.dedup();
    slugs
}

#[tokio::test]
async fn lines_of_one_time_are_one_visit_and_nothing_is_lost() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    let visits = of_kind(&traveller, None, Kind::Visits).await;
    let on = |day: &str| -> Vec<&Row> {
        let of_day = visits.iter().filter(|row| row.when.as_ref().unwrap().starts_with(day));
        of_day.collect()
    };
    // Two visit codes, a blood draw, six lab lines and three things done: one visit.
    let [wellness] = on("2023-09-19")[..] else { panic!("{visits:#?}") };
    assert_eq!(wellness.title, "Annual wellness visit and office visit (from billing codes)");
    assert!(wellness.subtitle.contains("Screening mammogram both sides"), "{}", wellness.subtitle);
    let detail = traveller.app.record(wellness.id).await.unwrap();
    assert_eq!(detail.title_sent.as_deref(), Some("ANNUAL WELLNESS VISIT FIRST"));
    let folded = related(&detail, "folded");
    assert!(folded.contains(&"Blood draw") && folded.contains(&"Lab lipid panel"), "{folded:?}");
    assert_eq!(related(&detail, "same_visit").len(), 3);
    assert!(!related(&detail, "same_day").is_empty());

    let [draw] = on("2026-03-24")[..] else { panic!("{visits:#?}") };
    assert_eq!(draw.title, "Blood draw (from a billing code)");
    assert_eq!(draw.subtitle, "4 lab tests ordered");
    let [shots] = on("2024-10-07")[..] else { panic!("{visits:#?}") };
    assert_eq!(shots.title, "Vaccination (from a billing code)");
    assert!(on("2020-04-21")[0].title.starts_with("Telephone visit"));

    // What was done has its row among the procedures, and opens onto its visit.
    let procedures = of_kind(&traveller, None, Kind::Procedures).await;
    let injection = procedures.iter().find(|row| row.title.contains("Joint injection")).unwrap();
    assert_eq!(injection.part_of, Some(on("2025-01-22")[0].id));
    assert!(procedures.iter().all(|row| !row.title.starts_with("Lab ")), "{procedures:#?}");
    // What was not done is part of no visit.
    let colonoscopy = procedures.iter().find(|row| row.title == "Colonoscopy").unwrap();
    assert_eq!((colonoscopy.part_of, colonoscopy.status.as_deref()), (None, Some("not-done")));
}

#[tokio::test]
async fn every_record_is_shown_or_one_click_from_one_that_is() {
    for user in ["marisol", "okafor", "edwin"] {
        let traveller = Traveller::new("").await;
        let account = traveller.sign_in(user).await;
        traveller.sync(account).await.unwrap();
        let all = rows(&traveller.app).await;
        let list = List { filter: Filter::default(), offset: 0, limit: 500 };
        let shown = traveller.app.list(list).await.unwrap();
        assert!(shown.total < 500);
        for row in &all {
            // A result may be part of a panel that is part of a report.
            let mut part = row.clone();
            while let Some(whole) = part.part_of {
                let whole = traveller.app.record(whole).await.unwrap();
                let linked = |other: &onhand_core::api::Related| {
                    other.row.as_ref().is_some_and(|other| other.id == part.id)
                };
                assert!(whole.related.iter().any(linked), "{part:#?}");
                part = whole.row;
            }
            assert!(shown.records.iter().any(|one| one.id == part.id), "{row:#?}");
        }
        for kind in Kind::ALL {
            let everybody = AboutKind { person: None, kind };
            let about = traveller.app.about_kind(everybody).await.unwrap();
            let n_of_kind = all.iter().filter(|row| row.kind == kind).count() as u64;
            assert_eq!(about.copied, n_of_kind, "{kind:?}");
            assert_eq!(about.shown, of_kind(&traveller, None, kind).await.len() as u64, "{kind:?}");
            assert_eq!(about.copied, about.shown + about.folded);
        }
    }
}

#[tokio::test]
async fn a_sync_that_brings_nothing_new_changes_nothing_that_was_folded() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    let before = rows(&traveller.app).await;
    traveller.sync(account).await.unwrap();
    assert_eq!(rows(&traveller.app).await, before);
}

#[tokio::test]
async fn one_medicine_from_its_list_entry_and_its_prescriptions() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    let medicines = of_kind(&traveller, None, Kind::Medicines).await;
    assert_eq!(
        slugs(&medicines),
        ["listed_active", "not_confirmed", "on_hold", "planned", "past", "not_taken", "withdrawn"]
    );
    let named = |name: &str| -> Vec<&Row> {
        medicines.iter().filter(|row| row.title.starts_with(name)).collect()
    };
    let [losartan] = named("Losartan")[..] else { panic!("{medicines:#?}") };
    assert_eq!(
        losartan.status_text.as_deref(),
        Some("Listed as active by your practice (recorded Mar 10, 2026; prescribed Mar 10, 2026)")
    );
    assert_eq!(losartan.counts_as.as_deref(), Some("From 1 list entry and 12 prescriptions"));
    assert!(losartan.notes.is_empty(), "{losartan:#?}");
    // 24 hours are left out by one entry and told by its code.
    assert_eq!(named("Metformin ER").len(), 1);
    // Another strength is another medicine, beside it and said so.
    let [ten, five] = named("Amlodipine")[..] else { panic!("{medicines:#?}") };
    assert!(five.notes.iter().any(|note| note.starts_with("May be the same as")), "{five:#?}");
    assert!(ten.notes.iter().any(|note| note.starts_with("May be the same as")), "{ten:#?}");
    let detail = traveller.app.record(five.id).await.unwrap();
    assert_eq!(related(&detail, "may_be_same"), ["Amlodipine besylate 10 mg tablet"]);
    assert_eq!(related(&detail, "folded").len(), 8);
    let [aspirin] = named("Aspirin")[..] else { panic!("{medicines:#?}") };
    assert_eq!(aspirin.subtitle, "Patient stopped on her own");
    let [spray] = named("Fluticasone")[..] else { panic!("{medicines:#?}") };
    assert_eq!(spray.notes, ["Not confirmed since Mar 14, 2024."]);
}

#[tokio::test]
async fn one_vaccination_from_its_record_and_its_lines() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    let doses = of_kind(&traveller, None, Kind::Immunizations).await;
    assert_eq!(slugs(&doses), ["recorded", "not_given", "withdrawn"]);
    for dose in doses.iter().filter(|row| row.group.as_ref().unwrap().slug == "recorded") {
        let detail = traveller.app.record(dose.id).await.unwrap();
        // Both lines were billed for each that was given here.
        let n_lines = related(&detail, "folded").len() + related(&detail, "same_visit").len();
        let is_told = dose.subtitle.contains("Told, not given here");
        assert_eq!(n_lines, if is_told { 0 } else { 2 }, "{} {:?}", dose.title, dose.when);
        let counts = dose.counts_as.as_deref().unwrap();
        assert!(counts.ends_with(" recorded here"), "{counts}");
    }
    let of = |title: &str| doses.iter().find(|row| row.title.starts_with(title)).unwrap();
    assert_eq!(of("zoster").counts_as.as_deref(), Some("2 recorded here"));
    assert_eq!(
        of("zoster").subtitle.split(" · ").next(),
        Some("Shingles (zoster) vaccine, recombinant")
    );
    // Once entered in error: the other one alone counts.
    assert_eq!(of("Tdap").counts_as.as_deref(), Some("1 recorded here"));
}

#[tokio::test]
async fn two_people_of_one_sign_in_are_never_mixed() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("okafor").await;
    traveller.sync(account).await.unwrap();
    let (imani, kofi) = (whose(&traveller, "Imani").await, whose(&traveller, "Kofi").await);
    let hers = of_kind(&traveller, Some(imani), Kind::Visits).await;
    let his = of_kind(&traveller, Some(kofi), Kind::Visits).await;
    assert_eq!((hers.len(), his.len()), (3, 3));
    assert!(hers.iter().all(|row| row.title.starts_with("Office visit")));
    assert!(his.iter().all(|row| row.title.starts_with("Preventive visit")));
    for row in rows(&traveller.app).await {
        if let Some(whole) = row.part_of {
            let whole = traveller.app.record(whole).await.unwrap();
            assert!(whole.row.person == row.person || row.person.is_none(), "{row:#?}");
        }
    }

    // A temperature of nobody's, and a prescription for somebody else.
    let filter = Filter { unsaid: true, ..Filter::default() };
    let unsaid = traveller.app.list(List { filter, offset: 0, limit: 10 }).await.unwrap();
    let mut titles: Vec<&str> = unsaid.records.iter().map(|row| row.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Amlodipine besylate 10 mg tablet", "Body tempurature"]);
    let start = traveller.app.start().await.unwrap();
    assert_eq!((start.accounts[0].unsaid, start.accounts[0].strangers), (1, 1));
    for person in [imani, kofi] {
        let medicines = about(&traveller, person, Kind::Medicines).await;
        assert_eq!((medicines.copied, medicines.shown), (1, 1));
        assert!(medicines.notes.iter().any(|note| note.contains("nobody's list")));
    }

    let told = about(&traveller, imani, Kind::Allergies).await.statements;
    assert!(told[0].starts_with("As of ") && told[0].ends_with("Other clinics are not here."));
    assert_eq!(told[1], "Your practice recorded: No known allergies (recorded Feb 11, 2019).");
    let told = about(&traveller, kofi, Kind::Allergies).await.statements;
    assert_eq!(told[1], "1 allergy is listed.");

    let person = traveller.app.person(PersonRef { person: kofi }).await.unwrap();
    assert_eq!((person.name.as_str(), person.sex.as_deref()), ("Kofi Okafor", Some("Male")));
    assert!(person.age.is_some());
}

#[tokio::test]
async fn a_short_record_says_what_was_not_sent() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.sync(account).await.unwrap();
    let edwin = whose(&traveller, "Edwin").await;
    let told = about(&traveller, edwin, Kind::Allergies).await;
    assert_eq!(told.copied, 0);
    assert_eq!(
        told.statements[1..],
        [
            "Your practice has sent none.",
            "No answer about allergies was sent. That does not mean that there are none."
        ]
    );
    let medicines = of_kind(&traveller, Some(edwin), Kind::Medicines).await;
    assert_eq!(medicines[0].subtitle, "Dose not sent. Follow your label.");
    // The year alone gives no age.
    let person = traveller.app.person(PersonRef { person: edwin }).await.unwrap();
    assert_eq!((person.age, person.birth.unwrap().sort.as_str()), (None, "1990"));
    assert_eq!(person.sex.as_deref(), Some("Unknown"));
    // What names nobody is of the only person there is.
    assert!(rows(&traveller.app).await.iter().all(|row| {
        row.person == Some(edwin) || matches!(row.kind, Kind::People | Kind::Places)
    }));
}

#[tokio::test]
async fn a_kind_that_failed_is_not_said_to_be_none() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    let fail = Faults::parse("html:AllergyIntolerance").unwrap();
    traveller.portal.set_faults(fail.clone());
    traveller.sync(account).await.unwrap();
    let edwin = whose(&traveller, "Edwin").await;
    let failed = about(&traveller, edwin, Kind::Allergies).await;
    assert_eq!(failed.copied, 0);
    assert_eq!(
        failed.statements[1..],
        [
            "Not all of these could be copied the last time: Allergies. There may be more at your \
             portal.",
            "Whether there are allergies is not known here. That does not mean that there are none."
        ]
    );
    // The others came, and say so.
    let problems = about(&traveller, edwin, Kind::Problems).await;
    assert!(problems.statements.iter().all(|said| !said.contains("Not all")), "{problems:#?}");

    traveller.portal.set_faults(Faults::default());
    traveller.sync(account).await.unwrap();
    let whole = about(&traveller, edwin, Kind::Allergies).await;
    assert_eq!(whole.statements[1], "Your practice has sent none.");
    // What fails later is as old as when it last came whole.
    traveller.portal.set_faults(fail);
    // Runs are told apart by the second.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    traveller.sync(account).await.unwrap();
    let later = about(&traveller, edwin, Kind::Allergies).await;
    assert_eq!(later.as_of, whole.as_of);
    assert!(later.statements[1].starts_with("Not all of these"), "{later:#?}");
    let problems = about(&traveller, edwin, Kind::Problems).await;
    assert!(problems.as_of > later.as_of, "{problems:#?}");
}
