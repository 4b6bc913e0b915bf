//! Writing resources in the portal's dialect: one coding with its display as text, relative
//! references without display, no narrative, local times with their offset, plain integer ids.

use super::panel::{Panel, Reading, Row, Shape};
use super::{Resource, Seeded, reference};
use crate::json::Json;
use jiff::civil::Date;
use std::collections::BTreeMap;

pub(super) const CPT: &str =
    "https://www.ama-assn.org/practice-management/cpt-current-procedural-terminology";
const HCPCS: &str = "https://www.cms.gov/Medicare/Coding/MedHCPCSGenInfo";
pub(super) const RXNORM: &str = "https://www.nlm.nih.gov/research/umls/rxnorm/";
pub(super) const ICD10: &str = "http://hl7.org/fhir/sid/icd-10";
pub(super) const CVX: &str = "http://hl7.org/fhir/sid/cvx";
pub(super) const LOINC: &str = "http://loinc.org";
pub(super) const SNOMED: &str = "http://snomed.info/sct";

/// The practitioner and the practice that resources refer to.
pub(super) const DOCTOR: u64 = 3391;
pub(super) const PRACTICE: u64 = 88;

/// Resources of one account in the making.
pub(super) struct Book {
    resources: Vec<Resource>,
    next_ids: BTreeMap<&'static str, u64>,
    seeded: Seeded,
}

/// A vaccine: CVX code with its name, the product's CPT code.
#[derive(Clone, Copy)]
pub(super) struct Vaccine {
    pub(super) cvx: &'static str,
    pub(super) name: &'static str,
    pub(super) cpt: &'static str,
    pub(super) billed_as: &'static str,
}

impl Book {
    /// A book whose ids are drawn from `seed`.
    pub(super) fn new(seed: u64) -> Self {
        let mut seeded = Seeded::new(seed);
        // Tables are shared by all practices, so that each type starts somewhere of its own.
        let starts = [
            ("AllergyIntolerance", 3_100_000),
            ("Condition", 5_480_000),
            ("DiagnosticReport", 20_800_000),
            ("Immunization", 905_000),
            ("MedicationOrder", 61_000_000),
            ("MedicationStatement", 85_200_000),
            ("Observation", 730_000_000),
            ("Procedure", 214_700_000),
        ];
        let next_ids = starts
            .into_iter()
            .map(|(kind, start)| (kind, start + seeded.within(1, 9_999).unsigned_abs()))
            .collect();
        Self { resources: Vec::new(), next_ids, seeded }
    }

    /// Everything written so far.
    pub(super) fn into_resources(self) -> Vec<Resource> {
        self.resources
    }

    /// An id for `kind`, the next one after the last.
    fn next_id(&mut self, kind: &'static str) -> u64 {
        let id = self.next_ids.entry(kind).or_insert(1);
        let taken = *id;
        *id += 1;
        taken
    }

    /// Other practices were busy in the meantime: ids of the shared tables move on.
    pub(super) fn pass_time(&mut self) {
        for id in self.next_ids.values_mut() {
            *id += self.seeded.within(90, 9_000).unsigned_abs();
        }
    }

    pub(super) fn push(&mut self, resource: Resource) {
        self.resources.push(resource);
    }

    /// A resource of `kind` under the next id.
    pub(super) fn next(&mut self, kind: &'static str) -> Resource {
        Resource::new(kind, self.next_id(kind))
    }

    /// A resource of `kind` under an id of one's choice.
    pub(super) fn fixed(kind: &'static str, id: u64) -> Resource {
        Resource::new(kind, id)
    }

    /// The practice and its doctor, who are read only where something refers to them.
    pub(super) fn practice(&mut self) {
        self.push(
            Resource::new("Organization", PRACTICE)
                .and("name", "Larkspur Family Medicine")
                .and("telecom", vec![Json::with("system", "phone").and("value", "+1 555 0100")])
                .and(
                    "address",
                    vec![
                        Json::with("line", vec![Json::from("12 Larkspur Lane")])
                            .and("city", "Fairhaven Mills")
                            .and("state", "NY"),
                    ],
                ),
        );
        self.push(
            Resource::new("Practitioner", DOCTOR).and(
                "name",
                Json::with("text", "Anneke Oduya, MD")
                    .and("given", vec![Json::from("Anneke")])
                    .and("family", vec![Json::from("Oduya")])
                    .and("suffix", vec![Json::from("MD")]),
            ),
        );
    }

    /// A procedure line; those of one appointment share its time.
    pub(super) fn procedure(&mut self, patient: u64, when: &str, code: &str, words: &str) {
        let resource = self
            .next("Procedure")
            .and("status", "completed")
            .and("performedDateTime", when)
            .and("code", coded(procedure_system(code), code, words))
            .and("subject", reference("Patient", patient));
        self.push(resource);
    }

    /// A vaccination as the portal tells it: the Immunization at `given`, and at the
    /// appointment's time the product and its administration.
    pub(super) fn vaccination(
        &mut self,
        patient: u64,
        given: &str,
        appointment: Option<&str>,
        vaccine: Vaccine,
        administration: &str,
    ) {
        let resource = self
            .next("Immunization")
            .and("status", "completed")
            .and("date", given)
            .and("vaccineCode", coded(CVX, vaccine.cvx, vaccine.name))
            .and("patient", reference("Patient", patient))
            .and("wasNotGiven", false)
            .and("reported", appointment.is_none())
            .and_some("site", appointment.map(|_| site()))
            .and_some("route", appointment.map(|_| route()));
        self.push(resource);
        if let Some(appointment) = appointment {
            self.procedure(patient, appointment, vaccine.cpt, vaccine.billed_as);
            self.procedure(patient, appointment, administration, "VACCINE GIVEN");
        }
    }

    /// One vital sign.
    pub(super) fn vital(
        &mut self,
        patient: u64,
        when: &str,
        (code, name, unit): (&str, &str, &str),
        value: &str,
    ) {
        let resource = self
            .next("Observation")
            .and("status", "final")
            .and("category", category("vital-signs", "Vital Signs"))
            .and("code", coded(LOINC, code, name))
            .and("subject", reference("Patient", patient))
            .and("effectiveDateTime", when)
            .and("valueQuantity", Json::with("value", Json::number(value)).and("unit", unit));
        self.push(resource);
    }

    /// A lab report with its results in one of the shapes that occur.
    pub(super) fn report(
        &mut self,
        patient: u64,
        when: &str,
        panel: &Panel,
        rows: &[Row],
        shape: Shape,
    ) {
        let panel_code = coded(LOINC, panel.loinc, panel.name);
        let results: Vec<Json> = match shape {
            Shape::Named | Shape::Unnamed | Shape::BlankName | Shape::PanelName => {
                self.results(patient, when, panel, rows, shape)
            }
            Shape::HasMember => {
                let members = self
                    .results(patient, when, panel, rows, Shape::Unnamed)
                    .into_iter()
                    .map(|target| Json::with("type", "has-member").and("target", target));
                let members = Json::list(members);
                let whole = self
                    .observation(patient, when, panel.observation_status())
                    .and("code", panel_code.clone())
                    .and("related", members);
                let own = whole.reference();
                self.push(whole);
                vec![own]
            }
            Shape::Components | Shape::UnnamedComponents => {
                let components = rows.iter().map(|row| {
                    let named = shape == Shape::Components;
                    let members = named
                        .then(|| ("code", coded(LOINC, row.loinc, row.name)))
                        .into_iter()
                        .chain(row.measured(panel));
                    Json::Object(members.collect())
                });
                let components = Json::list(components);
                let whole = self
                    .observation(patient, when, panel.observation_status())
                    .and("code", panel_code.clone())
                    .and("component", components);
                let own = whole.reference();
                self.push(whole);
                vec![own]
            }
        };
        let report = self
            .next("DiagnosticReport")
            .and("status", panel.report_status)
            .and("category", coded("http://hl7.org/fhir/v2/0074", "LAB", "Laboratory"))
            .and("code", panel_code)
            .and("subject", reference("Patient", patient))
            .and("effectiveDateTime", when)
            .and_some("issued", panel.issued)
            .and("result", results)
            .and_some("conclusion", panel.conclusion);
        self.push(report);
    }

    fn results(
        &mut self,
        patient: u64,
        when: &str,
        panel: &Panel,
        rows: &[Row],
        shape: Shape,
    ) -> Vec<Json> {
        let mut results = Vec::new();
        for row in rows {
            let code = match shape {
                Shape::Named => Some(coded(LOINC, row.loinc, row.name)),
                Shape::PanelName => Some(coded(LOINC, panel.loinc, panel.name)),
                Shape::BlankName => Some(Json::with("text", "")),
                Shape::Unnamed
                | Shape::HasMember
                | Shape::Components
                | Shape::UnnamedComponents => None,
            };
            let mut resource =
                self.observation(patient, when, panel.observation_status()).and_some("code", code);
            for (key, value) in row.measured(panel) {
                resource = resource.and(key, value);
            }
            results.push(resource.reference());
            self.push(resource);
        }
        results
    }

    fn observation(&mut self, patient: u64, when: &str, status: &str) -> Resource {
        self.next("Observation")
            .and("status", status)
            .and("category", category("laboratory", "Laboratory"))
            .and("subject", reference("Patient", patient))
            .and("effectiveDateTime", when)
    }
}

impl Row {
    /// Value, flag and range of this row.
    pub(super) fn measured(&self, panel: &Panel) -> Vec<(&'static str, Json)> {
        let mut members = Vec::new();
        match &self.value {
            Reading::Number(digits) => {
                members.push((
                    "valueQuantity",
                    Json::with("value", Json::number(digits.as_str()))
                        .and_some("unit", self.unit_or_none()),
                ));
            }
            Reading::Beyond(comparator, digits) => {
                members.push((
                    "valueQuantity",
                    Json::with("value", Json::number(*digits))
                        .and("comparator", *comparator)
                        .and_some("unit", self.unit_or_none()),
                ));
            }
            Reading::Words(words) => members.push(("valueString", Json::from(*words))),
            Reading::Absent => members.push((
                "dataAbsentReason",
                Json::with("text", "Specimen was not enough").and(
                    "coding",
                    vec![
                        Json::with("system", "http://hl7.org/fhir/data-absent-reason")
                            .and("code", "error")
                            .and("display", "Error"),
                    ],
                ),
            )),
        }
        if let Some(flag) = self.flag() {
            members.push((
                "interpretation",
                coded("http://hl7.org/fhir/v2/0078", flag, words_of_flag(flag)),
            ));
        }
        if let Some(range) = self.reference_range(panel.ranges_as_text) {
            members.push(("referenceRange", Json::list([range])));
        }
        members
    }

    fn unit_or_none(&self) -> Option<&'static str> {
        (!self.unit.is_empty()).then_some(self.unit)
    }

    fn reference_range(&self, as_text: bool) -> Option<Json> {
        let quantity = |digits: &str| {
            Json::with("value", Json::number(digits)).and_some("unit", self.unit_or_none())
        };
        match (self.low, self.high, self.range_text) {
            (_, _, Some(text)) => Some(Json::with("text", text)),
            (None, None, None) => None,
            (Some(low), Some(high), None) if as_text => {
                Some(Json::with("text", format!("{low} {high}")))
            }
            (low, high, None) => {
                let mut members = Vec::new();
                members.extend(low.map(|low| ("low", quantity(low))));
                members.extend(high.map(|high| ("high", quantity(high))));
                Some(Json::Object(members))
            }
        }
    }
}

/// A concept with one coding whose display is its text, too.
pub(super) fn coded(system: &str, code: &str, words: &str) -> Json {
    Json::with("text", words)
        .and("coding", vec![Json::with("system", system).and("code", code).and("display", words)])
}

/// A concept in words alone.
pub(super) fn words(text: &str) -> Json {
    Json::with("text", text)
}

fn category(code: &str, name: &str) -> Json {
    coded("http://hl7.org/fhir/observation-category", code, name)
}

fn site() -> Json {
    coded("http://hl7.org/fhir/v3/ActSite", "LD", "left deltoid")
}

fn route() -> Json {
    coded("http://hl7.org/fhir/v3/RouteOfAdministration", "IM", "Injection, intramuscular")
}

/// HCPCS II codes begin with a letter; CPT's end in one at most.
fn procedure_system(code: &str) -> &'static str {
    if code.starts_with(|c: char| c.is_ascii_alphabetic()) { HCPCS } else { CPT }
}

fn words_of_flag(flag: &str) -> &'static str {
    match flag {
        "H" => "High",
        "L" => "Low",
        "HH" => "Critically high",
        "LL" => "Critically low",
        "NEG" => "Negative",
        "ND" => "Not detected",
        _ => "Abnormal",
    }
}

/// `2026-09-14` at `09:30` as US Eastern time writes it, `2026-09-14T09:30:00-04:00`; a date that
/// cannot be read stays as it is.
pub(super) fn local(date: &str, time: &str) -> String {
    match date.parse::<Date>() {
        Ok(day) => {
            let offset = if is_summer(day) { "-04:00" } else { "-05:00" };
            format!("{date}T{time}:00{offset}")
        }
        Err(_) => date.to_owned(),
    }
}

/// Daylight saving as since 2007: second Sunday of March to first Sunday of November. No time
/// before two in the morning is ever asked for on those days.
fn is_summer(day: Date) -> bool {
    let first_sunday = |month: i8| {
        let first = jiff::civil::date(day.year(), month, 1);
        let ahead = 7 - i32::from(first.weekday().to_sunday_zero_offset());
        i8::try_from(1 + ahead % 7).unwrap_or(1)
    };
    let begins = (3, first_sunday(3) + 7);
    let ends = (11, first_sunday(11));
    let today = (day.month(), day.day());
    today >= begins && today < ends
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn local_times_carry_the_offset_of_their_season() {
        for (date, offset) in [
            ("2026-03-07", "-05:00"),
            ("2026-03-08", "-04:00"),
            ("2026-09-14", "-04:00"),
            ("2026-10-31", "-04:00"),
            ("2026-11-01", "-05:00"),
            ("2021-12-18", "-05:00"),
            ("2022-04-28", "-04:00"),
        ] {
            assert_eq!(local(date, "09:30"), format!("{date}T09:30:00{offset}"));
        }
    }
}
