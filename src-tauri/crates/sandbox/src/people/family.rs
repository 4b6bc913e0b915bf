//! Imani Okafor, born 1984, and her son Kofi, born 2015: one account, two people.
//!
//! Each list mixes records of both. Both were at the practice on the same day at the same time;
//! both have had the same vaccine; each has an own answer about allergies (hers: none known).
//! One Observation names nobody, and one order names a person whom this account does not hold.

use super::panel::{self, Count, Differential, Shape};
use super::write::{Book, CVX, ICD10, LOINC, RXNORM, SNOMED, Vaccine, coded, local, words};
use super::{Account, Login, Resource, reference};
use crate::json::Json;

const IMANI: u64 = 276_540;
const KOFI: u64 = 276_541;
/// Kofi's father.
const DELE: u64 = 276_542;
/// A person of another family, whom a mistake of the practice put into this account.
const STRANGER: u64 = 199_003;

const FLU: Vaccine = Vaccine {
    cvx: "150",
    name: "Influenza, injectable, quadrivalent, preservative free",
    cpt: "90686",
    billed_as: "FLU VACCINE",
};

/// The account of two.
pub(super) fn account() -> Account {
    let login = Login {
        user: "okafor".to_owned(),
        password: "practice".to_owned(),
        about: "Imani Okafor and her son Kofi, two people in one account".to_owned(),
    };
    Account::new(login, "Imani Okafor and Kofi Okafor", resources())
}

/// The account of the father, who has a record of his own there and sees his son's too.
pub(super) fn father() -> Account {
    let login = Login {
        user: "dele".to_owned(),
        password: "practice".to_owned(),
        about: "Dele Okafor and his son Kofi, whom another account holds too".to_owned(),
    };
    let mut book = Book::new(2015);
    person(&mut book, DELE, "Dele", "male", "1981-08-17");
    let own = book.into_resources();
    Account::new(login, "Dele Okafor and Kofi Okafor", own.into_iter().chain(of_kofi()))
}

/// The account of the son alone.
pub(super) fn son() -> Account {
    let login = Login {
        user: "kofi".to_owned(),
        password: "practice".to_owned(),
        about: "Kofi Okafor alone, whom another account holds too".to_owned(),
    };
    Account::new(login, "Kofi Okafor", of_kofi())
}

/// What names Kofi, as it stands in his mother's account too.
fn of_kofi() -> impl Iterator<Item = Resource> {
    let him = reference("Patient", KOFI);
    resources().into_iter().filter(move |resource| {
        (resource.kind, resource.id) == ("Patient", KOFI)
            || resource.members.iter().any(|(_, value)| *value == him)
    })
}

fn resources() -> Vec<Resource> {
    let mut book = Book::new(2015);
    person(&mut book, IMANI, "Imani", "female", "1984-05-30");
    person(&mut book, KOFI, "Kofi", "male", "2015-11-02");

    for (year, weight, height) in
        [("2021", "44.5", "44.0"), ("2023", "55.0", "49.0"), ("2025", "68.5", "53.5")]
    {
        book.pass_time();
        let when = local(&format!("{year}-10-14"), "15:30");
        book.procedure(KOFI, &when, "99393", "WELL CHILD VISIT EST PT");
        book.vaccination(KOFI, &when, Some(&when), FLU, "90460");
        book.vital(KOFI, &when, ("29463-7", "Body weight", "lb"), weight);
        book.vital(KOFI, &when, ("8302-2", "Body height", "in"), height);
        // The mother's own visit at the same time of the same day.
        book.procedure(IMANI, &when, "99213", "OFFICE VISIT EST PT LEVEL 3");
        book.vaccination(IMANI, &when, Some(&when), FLU, "90471");
        book.vital(IMANI, &when, ("8480-6", "Systolic blood pressure", "mmHg"), "118");
        book.vital(IMANI, &when, ("8462-4", "Diastolic blood pressure", "mmHg"), "74");
    }
    book.pass_time();
    let when = local("2025-10-14", "15:30");
    book.procedure(IMANI, &when, "36415", "BLOOD DRAW");
    book.procedure(IMANI, &when, "85027", "LAB CBC");
    let count = Count {
        white: 54,
        red: 448,
        hemoglobin: 131,
        hematocrit: 395,
        red_width: 128,
        platelets: 241,
        percent: [55, 34, 8, 2, 1],
    };
    let rows = panel::blood_count(count, Differential::Absolute);
    book.report(IMANI, &when, &panel::CBC, &rows, Shape::Unnamed);

    let problem = |book: &mut Book, patient: u64, code: &str, name: &str, recorded: &str| {
        book.next("Condition")
            .and("patient", reference("Patient", patient))
            .and("code", coded(ICD10, code, name))
            .and("clinicalStatus", "active")
            .and("verificationStatus", "confirmed")
            .and("dateRecorded", recorded)
    };
    let asthma =
        problem(&mut book, KOFI, "J45.20", "Mild intermittent asthma, uncomplicated", "2021-10-14");
    let thyroid = problem(&mut book, IMANI, "E03.9", "Hypothyroidism, unspecified", "2019-02-11");
    let nut = book
        .next("AllergyIntolerance")
        .and("patient", reference("Patient", KOFI))
        .and("substance", coded(SNOMED, "256349002", "Peanut"))
        .and("status", "confirmed")
        .and("criticality", "CRITH")
        .and("category", "food")
        .and("recordedDate", local("2018-03-01", "00:00"))
        .and(
            "reaction",
            vec![
                Json::with("manifestation", vec![coded(SNOMED, "39579001", "Anaphylaxis")])
                    .and("severity", "severe"),
            ],
        );
    let none_known = book
        .next("AllergyIntolerance")
        .and("patient", reference("Patient", IMANI))
        .and("substance", coded(SNOMED, "716186003", "No known allergy"))
        .and("status", "confirmed")
        .and("recordedDate", local("2019-02-11", "00:00"));
    let medicine = |book: &mut Book, patient: u64, code: &str, name: &str| {
        book.next("MedicationStatement")
            .and("status", "active")
            .and("dateAsserted", local("2025-10-14", "00:00"))
            .and("medicationCodeableConcept", coded(RXNORM, code, name))
            .and("patient", reference("Patient", patient))
    };
    let inhaler = medicine(&mut book, KOFI, "745752", "ALBUTEROL HFA 90 MCG INHALER")
        .and("dosage", vec![words("2 puffs every 4 hours as needed")]);
    let tablet = medicine(&mut book, IMANI, "966224", "LEVOTHYROXINE 50 MCG TABLET")
        .and("dosage", vec![words("1 tablet by mouth every morning")]);
    let nobody = book
        .next("Observation")
        .and("status", "final")
        .and("code", coded(LOINC, "8310-5", "Body tempurature"))
        .and("effectiveDateTime", local("2023-10-14", "15:30"))
        .and("valueQuantity", Json::with("value", Json::number("99.1")).and("unit", "degF"));
    let stray = book
        .next("MedicationOrder")
        .and("status", "active")
        .and("dateWritten", local("2024-06-03", "00:00"))
        .and("patient", reference("Patient", STRANGER))
        .and(
            "medicationCodeableConcept",
            coded(RXNORM, "308135", "AMLODIPINE BESYLATE 10 MG TABLET"),
        );
    let declined = book
        .next("Immunization")
        .and("status", "completed")
        .and("date", local("2023-10-14", "15:30"))
        .and("vaccineCode", coded(CVX, "137", "HPV, unspecified formulation"))
        .and("patient", reference("Patient", KOFI))
        .and("wasNotGiven", true)
        .and("reported", false);
    for resource in [asthma, thyroid, nut, none_known, inhaler, tablet, nobody, stray, declined] {
        book.push(resource);
    }
    book.into_resources()
}

fn person(book: &mut Book, id: u64, given: &str, gender: &str, born: &str) {
    book.push(
        Book::fixed("Patient", id)
            .and(
                "name",
                vec![
                    Json::with("text", format!("{given} Okafor"))
                        .and("given", vec![Json::from(given)])
                        .and("family", vec![Json::from("Okafor")]),
                ],
            )
            .and("gender", gender)
            .and("birthDate", born),
    );
}
