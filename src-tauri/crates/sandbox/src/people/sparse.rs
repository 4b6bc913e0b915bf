//! Edwin Tarr, born 1990: a new patient with a handful of records and no entry on allergies.
//!
//! One visit, one problem, one medicine without a dose, one vaccination, one blood pressure and
//! one result whose range the portal did not send.

use super::panel::{self, Shape};
use super::write::{Book, CVX, ICD10, RXNORM, coded, local};
use super::{Account, Login, Resource, reference};
use crate::json::Json;

const EDWIN: u64 = 318_902;

/// The sparse account.
pub(super) fn account() -> Account {
    let login = Login {
        user: "edwin".to_owned(),
        password: "practice".to_owned(),
        about: "Edwin Tarr, a new patient with a short record".to_owned(),
    };
    Account::new(login, "Edwin Tarr", resources())
}

fn resources() -> Vec<Resource> {
    let mut book = Book::new(1990);
    book.push(
        Book::fixed("Patient", EDWIN)
            .and(
                "name",
                vec![
                    Json::with("text", "Edwin Tarr")
                        .and("given", vec![Json::from("Edwin")])
                        .and("family", vec![Json::from("Tarr")]),
                ],
            )
            // As the portal writes a sex that nobody entered, and a birth date in part.
            .and("gender", "unknown")
            .and("birthDate", "1990"),
    );
    let when = local("2026-08-20", "13:00");
    book.procedure(EDWIN, &when, "99203", "OFFICE VISIT NEW PT LEVEL 3");
    book.procedure(EDWIN, &when, "36415", "BLOOD DRAW");
    book.vital(EDWIN, &when, ("8480-6", "Systolic blood pressure", "mmHg"), "124");
    book.vital(EDWIN, &when, ("8462-4", "Diastolic blood pressure", "mmHg"), "80");
    let vitamin = [panel::bare("Vitamin D, 25-Hydroxy", "1989-3", "ng/mL", "27.0".to_owned())];
    let of = panel::Panel { name: "Vitamin D, 25-Hydroxy", loinc: "1989-3", ..panel::B12 };
    book.report(EDWIN, &when, &of, &vitamin, Shape::Named);
    let headache = book
        .next("Condition")
        .and("patient", reference("Patient", EDWIN))
        .and("code", coded(ICD10, "G43.909", "Migraine, unspecified, not intractable"))
        .and("clinicalStatus", "active")
        .and("verificationStatus", "confirmed")
        .and("dateRecorded", "2026-08-20");
    let tablet = book
        .next("MedicationStatement")
        .and("status", "active")
        .and("dateAsserted", local("2026-08-20", "00:00"))
        .and(
            "medicationCodeableConcept",
            coded(RXNORM, "313165", "SUMATRIPTAN SUCCINATE 50 MG TABLET"),
        )
        .and("patient", reference("Patient", EDWIN));
    let tetanus = book
        .next("Immunization")
        .and("status", "completed")
        .and("date", "2014")
        .and("vaccineCode", coded(CVX, "139", "Td(adult) unspecified formulation"))
        .and("patient", reference("Patient", EDWIN))
        .and("wasNotGiven", false)
        .and("reported", true);
    for resource in [headache, tablet, tetanus] {
        book.push(resource);
    }
    book.into_resources()
}
