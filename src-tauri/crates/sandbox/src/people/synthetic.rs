//! A generated record of any size, for load: the shares of the types are those of a long lab
//! history, the values drift by the seeded generator, and everything is kept as written text.

use super::panel::{self, Reading, Row};
use super::write::{Book, CPT, ICD10, LOINC, RXNORM, coded, local};
use super::{Account, Login, Resource, Seeded, reference};
use crate::json::Json;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

const LOAD: u64 = 900_001;

/// The id that the first of all would have.
const FIRST_ID: u64 = 1_000_000;

/// Days between the first and the last record: thirty years.
const N_DAYS: i64 = 10_957;

/// The account `load` with `n` resources, the Patient among them.
pub(super) fn account(n: usize) -> Account {
    let login = Login {
        user: "load".to_owned(),
        password: "practice".to_owned(),
        about: format!("A generated record of {n} resources"),
    };
    // Written one by one as they are made, so that only the text of all is ever kept.
    Account::new(login, "Lee Load", resources(n.max(1)))
}

fn resources(n: usize) -> impl Iterator<Item = Resource> {
    let patient = Book::fixed("Patient", LOAD)
        .and(
            "name",
            vec![
                Json::with("text", "Lee Load")
                    .and("given", vec![Json::from("Lee")])
                    .and("family", vec![Json::from("Load")]),
            ],
        )
        .and("gender", "other")
        .and("birthDate", "1950-01-01");
    let mut seeded = Seeded::new(n.try_into().unwrap_or(u64::MAX));
    let rows = usual_rows();
    let rest = (1..n).map(move |idx| nth(idx, n, &rows, &mut seeded));
    std::iter::once(patient).chain(rest)
}

/// One metabolic panel and one blood count, whose rows are taken in turn.
fn usual_rows() -> Vec<Row> {
    let mut rows = panel::comprehensive(panel::Chemistry {
        glucose: 94,
        urea: 15,
        creatinine: 88,
        filtration: Some(88),
        sodium: 140,
        potassium: 43,
        chloride: 102,
        carbon_dioxide: 25,
        calcium: 95,
        protein: 70,
        albumin: 43,
        bilirubin: 5,
        enzymes: [80, 21, 22],
    });
    rows.extend(panel::blood_count(
        panel::Count {
            white: 62,
            red: 460,
            hemoglobin: 139,
            hematocrit: 412,
            red_width: 129,
            platelets: 250,
            percent: [58, 30, 8, 3, 1],
        },
        panel::Differential::Absolute,
    ));
    rows
}

fn nth(idx: usize, n: usize, rows: &[Row], seeded: &mut Seeded) -> Resource {
    let id = u64::try_from(idx).unwrap_or(u64::MAX).saturating_add(FIRST_ID);
    let when = when(idx, n);
    let of = |kind| Book::fixed(kind, id);
    let subject = || reference("Patient", LOAD);
    // Of a hundred: 70 results, 16 procedures, 6 reports, 4 orders, the rest one each.
    match idx % 100 {
        0..70 => observation(of("Observation"), &when, rows, idx, seeded),
        70..86 => {
            let (code, name) = if idx.is_multiple_of(3) {
                ("99213", "OFFICE VISIT EST PT LEVEL 3")
            } else {
                ("36415", "BLOOD DRAW")
            };
            of("Procedure")
                .and("status", "completed")
                .and("performedDateTime", when)
                .and("code", coded(CPT, code, name))
                .and("subject", subject())
        }
        86..92 => of("DiagnosticReport")
            .and("status", "final")
            .and("code", coded(LOINC, "24323-8", "Comp. Metabolic Panel (14)"))
            .and("subject", subject())
            .and("effectiveDateTime", when)
            .and("result", results_before(id, idx)),
        92..96 => of("MedicationOrder")
            .and("status", "completed")
            .and("dateWritten", when)
            .and("patient", subject())
            .and(
                "medicationCodeableConcept",
                coded(RXNORM, "979492", "LOSARTAN POTASSIUM 50 MG TABLET"),
            )
            .and(
                "dosageInstruction",
                vec![Json::with("text", "TAKE 1 TABLET BY MOUTH ONCE A DAY")],
            ),
        96 => of("Condition")
            .and("patient", subject())
            .and("code", coded(ICD10, "R05.9", "Cough, unspecified"))
            .and("clinicalStatus", "resolved")
            .and("verificationStatus", "confirmed")
            .and("dateRecorded", when.get(..10).unwrap_or_default()),
        97 => of("Immunization")
            .and("status", "completed")
            .and("date", when)
            .and("vaccineCode", coded(super::write::CVX, "135", "Influenza, high dose seasonal"))
            .and("patient", subject())
            .and("wasNotGiven", false)
            .and("reported", false),
        98 => of("MedicationStatement")
            .and("status", "completed")
            .and("dateAsserted", when)
            .and("medicationCodeableConcept", coded(RXNORM, "197397", "BENZONATATE 100 MG CAPSULE"))
            .and("patient", subject()),
        _ => of("AllergyIntolerance")
            .and("patient", subject())
            .and("substance", coded(RXNORM, "70618", "Penicillin"))
            .and("status", "active")
            .and("recordedDate", when),
    }
}

/// The eleven results of the same hundred that belong to the report at `idx`.
fn results_before(id: u64, idx: usize) -> Json {
    let place = u64::try_from(idx % 100).unwrap_or(0);
    let first = id.saturating_sub(place).saturating_add(place.saturating_sub(86) * 11);
    let results = (first..first.saturating_add(11))
        // The very first place is the Patient's.
        .filter(|result| *result > FIRST_ID)
        .map(|result| reference("Observation", result));
    Json::list(results)
}

fn observation(
    resource: Resource,
    when: &str,
    rows: &[Row],
    idx: usize,
    seeded: &mut Seeded,
) -> Resource {
    let resource = resource.and("status", "final").and(
        "category",
        coded("http://hl7.org/fhir/observation-category", "laboratory", "Laboratory"),
    );
    let Some(row) = rows.get(idx % rows.len().max(1)) else { return resource };
    let mut row = row.clone();
    if let Reading::Number(digits) = &row.value {
        let places = digits.split_once('.').map_or(0, |(_, rest)| rest.len());
        let scaled: i64 = digits.replace('.', "").parse().unwrap_or(0);
        let drifted = scaled * seeded.within(85, 120) / 100;
        row.value = Reading::Number(panel::decimal(drifted, places));
    }
    let mut resource = resource
        .and("code", coded(LOINC, row.loinc, row.name))
        .and("subject", reference("Patient", LOAD))
        .and("effectiveDateTime", when);
    for (key, value) in row.measured(&panel::CMP) {
        resource = resource.and(key, value);
    }
    resource
}

/// The records spread evenly over the years, oldest first.
fn when(idx: usize, n: usize) -> String {
    let share = |whole: i64| {
        let idx = i64::try_from(idx).unwrap_or(0);
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        idx.saturating_mul(whole).checked_div(n).unwrap_or(0)
    };
    let first: Date = date(1996, 11, 23);
    let day = first.checked_add(share(N_DAYS).days()).unwrap_or(first);
    let hour = 8 + share(N_DAYS.saturating_mul(9)) % 9;
    local(&day.to_string(), &format!("{hour:02}:30"))
}
