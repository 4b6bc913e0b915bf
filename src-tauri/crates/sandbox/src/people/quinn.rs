//! Marisol Quinn, born 1957-03-12: ten years at Larkspur Family Medicine, 812 resources.
//!
//! What the record holds on purpose, besides a plausible course (high blood pressure, diabetes
//! from 2019, an iron deficiency found in 2026, kidneys that slow down):
//!
//! - visits only as CPT Procedures of one time; vaccinations as Immunization + product line +
//!   administration line, at the same time, at another time of the day, or without any line;
//! - panels in each shape: named, unnamed Observations (2026-09-14), the panel's name on all
//!   (CBC and CMP of 2023-09-19, lipids of 2024), named components (2020, 2021), unnamed
//!   components (2022), members of a panel Observation (CBC of 2024-03-14);
//! - ranges with two sides, one side, as text, and none; a flag that contradicts its own range
//!   (potassium of 2020-09-15); `>59`; a value that is absent; a preliminary report
//!   (urinalysis of 2024-09-12) and a corrected one (TSH of 2023-09-19);
//! - amlodipine 5 mg in the list of medicines and 10 mg in the newest order; a statement that is
//!   `wasNotTaken`, one entered in error, one with a very long name; orders on hold and in draft;
//! - a refuted allergy, a refuted problem, a problem entered in error, one `inactive`, one active
//!   with an end; a vaccination not given, one entered in error, one of 1962 told by the patient;
//! - year-only dates, a measles of 1963, an Observation without a date, times at midnight.

use super::panel::{self, Chemistry, Count, Differential, Panel, Reading, Row, Shape};
use super::write::{
    Book, CVX, DOCTOR, ICD10, LOINC, PRACTICE, RXNORM, SNOMED, Vaccine, coded, local, words,
};
use super::{Account, Login, Resource, reference};
use crate::json::Json;
use std::collections::BTreeSet;

const MARISOL: u64 = 204_417;

const SYSTOLIC: (&str, &str, &str) = ("8480-6", "Systolic blood pressure", "mmHg");
const DIASTOLIC: (&str, &str, &str) = ("8462-4", "Diastolic blood pressure", "mmHg");
const PULSE: (&str, &str, &str) = ("8867-4", "Heart rate", "/min");
const WEIGHT: (&str, &str, &str) = ("29463-7", "Body weight", "lb");
const HEIGHT: (&str, &str, &str) = ("8302-2", "Body height", "in");
const BODY_MASS: (&str, &str, &str) = ("39156-5", "Body mass index", "kg/m2");
const OXYGEN: (&str, &str, &str) = ("2708-6", "Oxygen saturation", "%");
const TEMPERATURE: (&str, &str, &str) = ("8310-5", "Body tempurature", "degF");

/// An appointment with its lines; those of one appointment share its time.
struct Visit {
    date: &'static str,
    time: &'static str,
    lines: &'static [(&'static str, &'static str)],
    measured: Measured,
}

/// Blood pressure, pulse, and weight in tenths of a pound.
#[derive(Clone, Copy)]
enum Measured {
    Nothing,
    Pressure(i64, i64),
    Basic(i64, i64, i64, i64),
    /// The same with temperature (tenths of °F) and oxygen saturation; body mass follows.
    Full(i64, i64, i64, i64, i64, i64),
}

const EST_3: (&str, &str) = ("99213", "OFFICE VISIT EST PT LEVEL 3");
const EST_4: (&str, &str) = ("99214", "OFFICE VISIT EST PT LEVEL 4");
const DRAW: (&str, &str) = ("36415", "BLOOD DRAW");
const ECG: (&str, &str) = ("93000", "ECG 12 LEAD");
const SUGAR: (&str, &str) = ("82962", "FINGER STICK GLUCOSE");
const MOOD: (&str, &str) = ("96127", "MOOD QUESTIONNAIRE");
const EYES: (&str, &str) = ("92250", "RETINA PHOTOS BOTH EYES");
const MAMMOGRAM: (&str, &str) = ("77067", "SCREENING MAMMOGRAM BOTH SIDES");

use Measured::{Basic, Full, Nothing, Pressure};

/// Every appointment that is not a vaccination alone, oldest first.
const VISITS: [Visit; 29] = [
    visit(
        "2016-11-08",
        "10:00",
        &[("99204", "OFFICE VISIT NEW PT LEVEL 4"), ECG],
        Basic(148, 88, 76, 1_710),
    ),
    visit("2016-12-13", "14:30", &[EST_3], Nothing),
    visit("2017-05-09", "09:30", &[EST_4, MAMMOGRAM], Pressure(140, 84)),
    visit("2017-11-14", "11:15", &[EST_3], Nothing),
    visit("2018-04-10", "10:00", &[EST_4, ECG], Basic(150, 90, 78, 1_740)),
    visit("2018-07-19", "15:00", &[EST_3, ("73610", "X RAY ANKLE 3 VIEWS")], Nothing),
    visit("2019-03-12", "13:45", &[EST_3, ("69210", "EAR WAX REMOVAL")], Nothing),
    visit("2019-09-10", "09:00", &[EST_4, DRAW, MOOD], Basic(136, 84, 80, 1_790)),
    visit(
        "2019-10-08",
        "10:30",
        &[EST_4, SUGAR, EYES, ("99406", "TALK ON SMOKING")],
        Pressure(134, 80),
    ),
    visit("2020-04-21", "11:00", &[("99442", "TELEPHONE VISIT")], Nothing),
    visit("2020-06-23", "14:00", &[EST_3, ("73630", "X RAY FOOT 3 VIEWS")], Pressure(132, 80)),
    visit("2020-09-15", "09:15", &[EST_4, DRAW, SUGAR, MOOD], Pressure(132, 78)),
    visit("2021-05-18", "16:00", &[EST_3, ("81002", "URINE DIP STICK")], Pressure(130, 78)),
    visit("2021-09-09", "08:45", &[EST_4, DRAW, SUGAR, EYES, MAMMOGRAM], Basic(130, 78, 72, 1_665)),
    visit(
        "2022-02-08",
        "15:30",
        &[
            EST_3,
            ("71046", "CHEST X RAY 2 VIEWS"),
            ("94640", "NEBULIZER TREATMENT"),
            ("87635", "LAB COVID 19 NAA"),
        ],
        Nothing,
    ),
    visit("2022-02-22", "10:45", &[EST_3], Pressure(128, 76)),
    visit(
        "2022-04-12",
        "09:00",
        &[("G0402", "WELCOME TO MEDICARE VISIT"), MOOD, ("G0403", "ECG WITH WELCOME VISIT")],
        Nothing,
    ),
    visit("2022-09-13", "09:00", &[EST_4, DRAW, SUGAR, EYES, MOOD], Pressure(130, 76)),
    visit("2023-03-14", "10:15", &[EST_4, DRAW, SUGAR], Pressure(132, 78)),
    visit(
        "2023-09-19",
        "08:30",
        &[("G0438", "ANNUAL WELLNESS VISIT FIRST"), EST_4, DRAW, MOOD, EYES, MAMMOGRAM],
        Basic(134, 78, 70, 1_620),
    ),
    visit("2024-03-14", "11:00", &[EST_4, DRAW, SUGAR, EYES], Pressure(132, 76)),
    visit(
        "2024-09-12",
        "08:30",
        &[("G0439", "ANNUAL WELLNESS VISIT LATER"), DRAW, MOOD, ("77080", "BONE DENSITY SCAN")],
        Pressure(134, 78),
    ),
    visit(
        "2025-01-22",
        "13:15",
        &[EST_3, ("73562", "X RAY KNEE 3 VIEWS"), ("20610", "JOINT INJECTION LARGE")],
        Pressure(138, 80),
    ),
    visit("2025-03-18", "09:45", &[EST_4, DRAW, SUGAR, EYES], Pressure(136, 78)),
    visit("2025-06-17", "14:15", &[EST_3, ECG], Nothing),
    visit(
        "2025-09-16",
        "08:30",
        &[("G0439", "ANNUAL WELLNESS VISIT LATER"), DRAW, EYES, MOOD, MAMMOGRAM],
        Pressure(138, 80),
    ),
    visit("2026-03-10", "10:15", &[EST_4, DRAW], Basic(142, 82, 84, 1_600)),
    visit("2026-06-02", "11:00", &[EST_3, DRAW], Pressure(138, 80)),
    visit("2026-09-14", "09:30", &[EST_4, DRAW], Full(134, 78, 72, 1_580, 982, 98)),
];

const fn visit(
    date: &'static str,
    time: &'static str,
    lines: &'static [(&'static str, &'static str)],
    measured: Measured,
) -> Visit {
    Visit { date, time, lines, measured }
}

/// The blood counts, oldest first, with the shape in which each came.
#[rustfmt::skip]
const COUNTS: [(&str, Count, Shape, Differential); 12] = [
    ("2019-09-10", count(69, 452, 134, 401, 132, 262, [60, 29, 7, 3, 1]), Shape::Named, Differential::Absolute),
    ("2020-09-15", count(71, 447, 132, 396, 131, 258, [61, 28, 7, 3, 1]), Shape::Components, Differential::Absolute),
    ("2021-09-09", count(66, 444, 131, 393, 133, 265, [58, 31, 8, 2, 1]), Shape::Named, Differential::PercentAndAbsolute),
    ("2022-09-13", count(73, 450, 133, 399, 132, 270, [62, 27, 7, 3, 1]), Shape::UnnamedComponents, Differential::Absolute),
    ("2023-09-19", count(68, 449, 132, 397, 134, 259, [57, 32, 7, 3, 1]), Shape::PanelName, Differential::PercentAndAbsolute),
    ("2024-03-14", count(64, 446, 131, 394, 133, 268, [59, 30, 8, 2, 1]), Shape::HasMember, Differential::Absolute),
    ("2024-09-12", count(67, 443, 130, 391, 134, 274, [58, 31, 7, 3, 1]), Shape::Named, Differential::Absolute),
    ("2025-03-18", count(69, 436, 126, 380, 134, 271, [60, 29, 7, 3, 1]), Shape::Named, Differential::Absolute),
    ("2025-09-16", count(58, 428, 118, 361, 142, 288, [57, 31, 9, 3, 0]), Shape::Named, Differential::Absolute),
    ("2026-03-10", count(61, 419, 107, 334, 159, 331, [58, 30, 8, 3, 1]), Shape::Named, Differential::Absolute),
    ("2026-06-02", count(63, 427, 112, 350, 182, 318, [57, 30, 8, 3, 2]), Shape::Named, Differential::Absolute),
    ("2026-09-14", count(66, 433, 117, 362, 168, 305, [58, 30, 8, 3, 1]), Shape::Unnamed, Differential::Absolute),
];

const fn count(
    white: i64,
    red: i64,
    hemoglobin: i64,
    hematocrit: i64,
    red_width: i64,
    platelets: i64,
    percent: [i64; 5],
) -> Count {
    Count { white, red, hemoglobin, hematocrit, red_width, platelets, percent }
}

/// The metabolic panels, oldest first; a basic one where so marked.
#[rustfmt::skip]
const CHEMISTRIES: [(&str, Chemistry, Shape, bool); 12] = [
    ("2019-09-10", chem(178, 16, 92, None, [140, 44, 103, 25, 95], [72, 44, 5], [84, 26, 31]), Shape::Named, true),
    ("2020-09-15", chem(124, 17, 94, None, [141, 45, 104, 24, 94], [71, 44, 5], [82, 24, 28]), Shape::Named, false),
    ("2021-09-09", chem(118, 17, 95, Some(66), [139, 42, 102, 25, 95], [72, 44, 4], [79, 23, 26]), Shape::Components, false),
    ("2022-09-13", chem(121, 18, 97, Some(64), [140, 46, 103, 23, 96], [70, 43, 6], [83, 22, 25]), Shape::UnnamedComponents, false),
    ("2023-03-14", chem(126, 18, 98, Some(63), [141, 43, 104, 25, 94], [71, 44, 5], [80, 22, 25]), Shape::BlankName, true),
    ("2023-09-19", chem(125, 19, 99, Some(62), [138, 44, 101, 24, 95], [71, 43, 5], [77, 23, 26]), Shape::PanelName, false),
    ("2024-03-14", chem(123, 19, 100, Some(61), [140, 45, 103, 24, 94], [71, 44, 5], [79, 23, 24]), Shape::Named, true),
    ("2024-09-12", chem(128, 19, 102, Some(60), [140, 44, 103, 24, 95], [71, 44, 5], [78, 22, 25]), Shape::Named, false),
    ("2025-03-18", chem(134, 21, 104, Some(59), [139, 45, 102, 25, 94], [70, 43, 4], [81, 24, 27]), Shape::Named, false),
    ("2025-09-16", chem(141, 20, 107, Some(57), [141, 43, 104, 24, 96], [72, 44, 6], [76, 21, 24]), Shape::Named, false),
    ("2026-03-10", chem(126, 23, 112, Some(54), [140, 47, 103, 23, 93], [69, 42, 4], [84, 23, 26]), Shape::Named, false),
    ("2026-09-14", chem(122, 22, 109, Some(55), [139, 46, 102, 24, 94], [70, 43, 5], [80, 20, 22]), Shape::BlankName, false),
];

const fn chem(
    glucose: i64,
    urea: i64,
    creatinine: i64,
    filtration: Option<i64>,
    [sodium, potassium, chloride, carbon_dioxide, calcium]: [i64; 5],
    [protein, albumin, bilirubin]: [i64; 3],
    enzymes: [i64; 3],
) -> Chemistry {
    Chemistry {
        glucose,
        urea,
        creatinine,
        filtration,
        sodium,
        potassium,
        chloride,
        carbon_dioxide,
        calcium,
        protein,
        albumin,
        bilirubin,
        enzymes,
    }
}

/// Total, triglycerides, HDL.
const LIPIDS: [(&str, i64, i64, i64, Shape); 8] = [
    ("2019-09-10", 214, 190, 44, Shape::Named),
    ("2020-09-15", 168, 160, 46, Shape::Components),
    ("2021-09-09", 162, 150, 47, Shape::Named),
    ("2022-09-13", 158, 145, 48, Shape::Unnamed),
    ("2023-09-19", 160, 140, 49, Shape::Named),
    ("2024-09-12", 157, 135, 50, Shape::PanelName),
    ("2025-09-16", 155, 140, 51, Shape::Named),
    ("2026-09-14", 152, 130, 52, Shape::Named),
];

/// Hemoglobin A1c in tenths of a percent.
const SUGARS: [(&str, i64); 12] = [
    ("2019-09-10", 81),
    ("2020-09-15", 68),
    ("2021-09-09", 66),
    ("2022-09-13", 67),
    ("2023-03-14", 68),
    ("2023-09-19", 69),
    ("2024-03-14", 68),
    ("2024-09-12", 70),
    ("2025-03-18", 71),
    ("2025-09-16", 72),
    ("2026-03-10", 70),
    ("2026-09-14", 69),
];

const FLU: Vaccine = Vaccine {
    cvx: "150",
    name: "Influenza, injectable, quadrivalent, preservative free",
    cpt: "90686",
    billed_as: "FLU VACCINE",
};
const FLU_HIGH_4: Vaccine = Vaccine {
    cvx: "197",
    name: "Influenza, high-dose, quadrivalent",
    cpt: "90662",
    billed_as: "FLU VACCINE HIGH DOSE",
};
const FLU_HIGH: Vaccine = Vaccine {
    cvx: "135",
    name: "Influenza, high dose seasonal",
    cpt: "90662",
    billed_as: "FLU VACCINE HIGH DOSE",
};
const COVID_FIRST: Vaccine = Vaccine {
    cvx: "208",
    name: "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose",
    cpt: "91300",
    billed_as: "COVID 19 VACCINE",
};
const COVID_TWO: Vaccine = Vaccine {
    cvx: "300",
    name: "COVID-19, mRNA, LNP-S, bivalent, PF, 30 mcg/0.3 mL",
    cpt: "91312",
    billed_as: "COVID 19 VACCINE BIVALENT",
};
const COVID: Vaccine = Vaccine {
    cvx: "309",
    name: "COVID-19, mRNA, LNP-S, PF, tris-sucrose, 30 mcg/0.3 mL",
    cpt: "91320",
    billed_as: "COVID 19 VACCINE",
};
const RSV: Vaccine = Vaccine {
    cvx: "305",
    name: "RSV, bivalent, protein subunit RSVpreF",
    cpt: "90678",
    billed_as: "RSV VACCINE",
};
const PNEUMOCOCCUS: Vaccine = Vaccine {
    cvx: "216",
    name: "Pneumococcal conjugate PCV20, polysaccharide CRM197 conjugate",
    cpt: "90677",
    billed_as: "PNEUMOCOCCAL VACCINE 20",
};
const ZOSTER: Vaccine =
    Vaccine { cvx: "187", name: "zoster recombinant", cpt: "90750", billed_as: "SHINGLES VACCINE" };
const TDAP: Vaccine = Vaccine { cvx: "115", name: "Tdap", cpt: "90715", billed_as: "TDAP VACCINE" };

/// The vaccinations given here: when the dose was given and the appointment's time, which is
/// another one at times. The first dose of an appointment is billed as 90471, further ones as
/// 90472.
const DOSES: [(&str, &str, &str, Vaccine, &str); 18] = [
    ("2017-05-09", "09:52", "09:30", TDAP, "90471"),
    ("2018-10-02", "16:00", "16:00", ZOSTER, "90471"),
    ("2019-01-15", "16:20", "16:00", ZOSTER, "90471"),
    ("2019-10-08", "10:30", "10:30", FLU, "90471"),
    ("2020-10-06", "13:10", "13:00", FLU, "90471"),
    ("2021-10-12", "13:30", "13:30", FLU, "90471"),
    ("2021-11-02", "15:12", "15:00", COVID_FIRST, "0004A"),
    ("2022-10-11", "14:00", "14:00", FLU_HIGH_4, "G0008"),
    ("2022-10-11", "14:00", "14:00", COVID_TWO, "0124A"),
    ("2023-03-14", "10:41", "10:15", PNEUMOCOCCUS, "G0009"),
    ("2023-10-17", "13:30", "13:30", FLU_HIGH_4, "G0008"),
    ("2023-10-17", "13:36", "13:30", COVID, "90480"),
    ("2024-10-07", "15:30", "15:30", FLU_HIGH, "G0008"),
    ("2024-10-07", "15:30", "15:30", COVID, "90480"),
    ("2024-10-21", "11:05", "11:00", RSV, "90471"),
    ("2025-10-20", "15:05", "15:05", FLU_HIGH, "G0008"),
    ("2026-11-09", "14:40", "14:40", FLU_HIGH, "G0008"),
    ("2026-11-09", "14:40", "14:40", COVID, "90480"),
];

/// The rich account.
pub(super) fn account() -> Account {
    let login = Login {
        user: "marisol".to_owned(),
        password: "practice".to_owned(),
        about: "Marisol Quinn, ten years at one practice".to_owned(),
    };
    Account::new(login, "Marisol Quinn", resources())
}

fn resources() -> Vec<Resource> {
    let mut book = Book::new(1957);
    book.practice();
    patient(&mut book);
    let days: BTreeSet<&str> =
        VISITS.iter().map(|visit| visit.date).chain(DOSES.iter().map(|dose| dose.0)).collect();
    for date in days {
        book.pass_time();
        if let Some(visit) = VISITS.iter().find(|visit| visit.date == date) {
            let when = local(visit.date, visit.time);
            for (code, words) in visit.lines {
                book.procedure(MARISOL, &when, code, words);
            }
            measure(&mut book, &when, visit.measured);
            reports_of(&mut book, date, &when);
        }
        doses_of(&mut book, date);
        if date == "2026-03-10" {
            iron_studies(&mut book);
        }
    }
    other_immunizations(&mut book);
    other_procedures(&mut book);
    other_observations(&mut book);
    problems(&mut book);
    allergies(&mut book);
    statements(&mut book);
    orders(&mut book);
    book.into_resources()
}

fn patient(book: &mut Book) {
    let telecom = |system: &str, value: &str| Json::with("system", system).and("value", value);
    book.push(
        Book::fixed("Patient", MARISOL)
            .and(
                "name",
                vec![
                    Json::with("text", "Marisol Quinn")
                        .and("given", vec![Json::from("Marisol")])
                        .and("family", vec![Json::from("Quinn")]),
                ],
            )
            .and("gender", "female")
            .and("birthDate", "1957-03-12")
            .and(
                "telecom",
                vec![
                    telecom("phone", "+1 555 0148"),
                    telecom("email", "marisol.quinn@mail.example"),
                ],
            )
            .and(
                "address",
                vec![
                    Json::with("line", vec![Json::from("4 Cañada Court")])
                        .and("city", "Fairhaven Mills")
                        .and("state", "NY")
                        .and("postalCode", "10000"),
                ],
            )
            .and("careProvider", vec![reference("Practitioner", DOCTOR)])
            .and("managingOrganization", reference("Organization", PRACTICE)),
    );
}

fn measure(book: &mut Book, when: &str, measured: Measured) {
    let mut put = |vital, digits: String| book.vital(MARISOL, when, vital, &digits);
    let (systolic, diastolic) = match measured {
        Nothing => return,
        Pressure(systolic, diastolic)
        | Basic(systolic, diastolic, ..)
        | Full(systolic, diastolic, ..) => (systolic, diastolic),
    };
    put(SYSTOLIC, systolic.to_string());
    put(DIASTOLIC, diastolic.to_string());
    if let Basic(_, _, pulse, weight) | Full(_, _, pulse, weight, _, _) = measured {
        put(PULSE, pulse.to_string());
        put(WEIGHT, panel::decimal(weight, 1));
    }
    if let Full(_, _, _, weight, temperature, oxygen) = measured {
        put(TEMPERATURE, panel::decimal(temperature, 1));
        put(OXYGEN, oxygen.to_string());
        // 703 · pounds / inches², she is 64 inches tall.
        put(BODY_MASS, panel::decimal(panel::ratio(703 * weight, 64 * 64), 1));
    }
}

/// The laboratory reports of one day, each with its billing line.
fn reports_of(book: &mut Book, date: &str, when: &str) {
    // Ranges came as one text until the laboratory changed its system.
    let ranges_as_text = date < "2021";
    let panel = |panel: Panel| Panel { ranges_as_text, ..panel };
    if let Some((_, count, shape, differential)) = COUNTS.iter().find(|count| count.0 == date) {
        let mut rows = panel::blood_count(*count, *differential);
        if date == "2026-09-14" {
            let edge = rows.len().saturating_sub(2);
            rows = rows
                .into_iter()
                .enumerate()
                .map(|(idx, row)| if idx < edge { row } else { row.without_range() })
                .collect();
            rows.push(panel::bare("Immature Granulocytes", "71695-1", "%", "0".to_owned()));
        }
        book.procedure(MARISOL, when, "85025", "LAB CBC WITH DIFF");
        book.report(MARISOL, when, &panel(panel::CBC), &rows, *shape);
    }
    if let Some((_, chemistry, shape, is_basic)) = CHEMISTRIES.iter().find(|c| c.0 == date) {
        let mut rows =
            if *is_basic { panel::basic(*chemistry) } else { panel::comprehensive(*chemistry) };
        if let Some(potassium) = rows.iter_mut().find(|row| row.loinc == "2823-3") {
            match date {
                "2020-09-15" => potassium.marked = Some("L"),
                "2024-03-14" => potassium.value = Reading::Absent,
                _ => {}
            }
        }
        let (of, code, words) = if *is_basic {
            (panel::BMP, "80048", "LAB BASIC METABOLIC")
        } else {
            (panel::CMP, "80053", "LAB COMPREHENSIVE METABOLIC")
        };
        book.procedure(MARISOL, when, code, words);
        book.report(MARISOL, when, &panel(of), &rows, *shape);
    }
    if let Some((_, total, triglycerides, hdl, shape)) = LIPIDS.iter().find(|l| l.0 == date) {
        let rows = panel::lipids(*total, *triglycerides, *hdl);
        book.procedure(MARISOL, when, "80061", "LAB LIPID PANEL");
        book.report(MARISOL, when, &panel(panel::LIPID), &rows, *shape);
    }
    if let Some((_, tenths)) = SUGARS.iter().find(|sugar| sugar.0 == date) {
        let value = panel::decimal(*tenths, 1);
        let rows = [panel::row("Hemoglobin A1c", "4548-4", "%", "4.8", "5.6", value)];
        book.procedure(MARISOL, when, "83036", "LAB HEMOGLOBIN A1C");
        book.report(MARISOL, when, &panel(panel::A1C), &rows, Shape::Named);
    }
    single_reports_of(book, date, when, panel);
}

fn single_reports_of(book: &mut Book, date: &str, when: &str, panel: impl Fn(Panel) -> Panel) {
    if let Some((value, status)) = match date {
        "2019-09-10" => Some(("2.110", "final")),
        "2021-09-09" => Some(("2.430", "final")),
        "2023-09-19" => Some(("2.620", "corrected")),
        "2025-03-18" => Some(("2.300", "final")),
        _ => None,
    } {
        let rows = [panel::row("TSH", "3016-3", "uIU/mL", "0.450", "4.500", value.to_owned())];
        let conclusion = (status == "corrected")
            .then_some("Corrected report: 6.620 was sent before, a typing error.");
        let of = Panel { report_status: status, conclusion, ..panel(panel::TSH) };
        book.procedure(MARISOL, when, "84443", "LAB TSH");
        book.report(MARISOL, when, &of, &rows, Shape::Named);
    }
    if let Some((rows, shape, status)) = match date {
        "2019-09-10" => Some((panel::urinalysis("1.018", "6.0", "Trace"), Shape::Named, "final")),
        "2022-09-13" => {
            Some((panel::urinalysis("1.021", "5.5", "Negative"), Shape::UnnamedComponents, "final"))
        }
        "2024-09-12" => {
            Some((panel::urinalysis("1.015", "6.5", "Trace"), Shape::Components, "partial"))
        }
        _ => None,
    } {
        let of = Panel {
            report_status: status,
            // A time in UTC, as one laboratory writes it.
            issued: (status == "partial").then_some("2024-09-13T01:20:00Z"),
            ..panel(panel::URINALYSIS)
        };
        book.procedure(MARISOL, when, "81001", "LAB URINALYSIS WITH MICRO");
        book.report(MARISOL, when, &of, &rows, shape);
    }
    if let Some((albumin, creatinine)) = match date {
        "2019-09-10" => Some((178, 1_124)),
        "2021-09-09" => Some((151, 986)),
        "2023-09-19" => Some((203, 1_051)),
        "2024-09-12" => Some((231, 1_010)),
        "2025-09-16" => Some((262, 973)),
        _ => None,
    } {
        let rows = panel::albumin_ratio(albumin, creatinine);
        book.procedure(MARISOL, when, "82043", "LAB URINE ALBUMIN");
        book.procedure(MARISOL, when, "82570", "LAB URINE CREATININE");
        book.report(MARISOL, when, &panel(panel::ALBUMIN_RATIO), &rows, Shape::Components);
    }
    let said = |name, loinc, words, flag| {
        Row {
            value: Reading::Words(words),
            range_text: Some(words),
            ..panel::bare(name, loinc, "", String::new())
        }
        .marked(flag)
    };
    match date {
        "2019-09-10" => {
            let row = said("Hep C Virus Ab", "13955-0", "Non Reactive", "NEG");
            book.procedure(MARISOL, when, "86803", "LAB HEPATITIS C ANTIBODY");
            book.report(MARISOL, when, &panel(panel::HEPATITIS_C), &[row], Shape::Named);
        }
        // Its billing line stands among those of the visit.
        "2022-02-08" => {
            let row = said("SARS-CoV-2, NAA", "94500-6", "Not Detected", "ND");
            book.report(MARISOL, when, &panel(panel::COVID), &[row], Shape::Named);
        }
        "2026-06-02" => {
            let row = panel::row("Ferritin", "2276-4", "ng/mL", "15", "150", "38".to_owned());
            book.procedure(MARISOL, when, "82728", "LAB FERRITIN");
            book.report(MARISOL, when, &panel(panel::FERRITIN), &[row], Shape::Named);
        }
        _ => {}
    }
}

/// The blood draw of 2026-03-24 that followed the anemia: no visit, results dated to midnight.
fn iron_studies(book: &mut Book) {
    book.pass_time();
    let drawn = local("2026-03-24", "08:10");
    for (code, words) in [
        ("36415", "BLOOD DRAW"),
        ("83540", "LAB IRON"),
        ("83550", "LAB IRON BINDING"),
        ("82728", "LAB FERRITIN"),
        ("82607", "LAB VITAMIN B12"),
    ] {
        book.procedure(MARISOL, &drawn, code, words);
    }
    let dated = local("2026-03-24", "00:00");
    let number = |value: &str| value.to_owned();
    let iron = [
        panel::row("Iron Bind.Cap.(TIBC)", "2500-7", "µg/dL", "250", "450", number("438")),
        panel::row("Iron", "2498-4", "µg/dL", "37", "145", number("31")),
        panel::row("Iron Saturation", "2502-3", "%", "15", "55", number("7")),
        panel::row("Ferritin", "2276-4", "ng/mL", "15", "150", number("9")),
    ];
    book.report(MARISOL, &dated, &panel::IRON, &iron, Shape::Named);
    let b12 = [panel::row("Vitamin B12", "2132-9", "pg/mL", "232", "1245", number("418"))];
    book.report(MARISOL, &dated, &panel::B12, &b12, Shape::Named);
}

fn doses_of(book: &mut Book, date: &str) {
    for (_, given, appointment, vaccine, administration) in
        DOSES.iter().filter(|dose| dose.0 == date)
    {
        let given = local(date, given);
        let appointment = local(date, appointment);
        book.vaccination(MARISOL, &given, Some(&appointment), *vaccine, administration);
    }
}

/// Doses of elsewhere, one refused, one entered in error, one of her childhood.
fn other_immunizations(book: &mut Book) {
    // Two doses at a pharmacy, told by her: no lines were billed.
    for date in ["2021-02-10", "2021-03-03"] {
        book.vaccination(MARISOL, &local(date, "00:00"), None, COVID_FIRST, "");
    }
    let immunization = |book: &mut Book, date: &str, vaccine: Vaccine| {
        book.next("Immunization")
            .and("date", date)
            .and("vaccineCode", coded(CVX, vaccine.cvx, vaccine.name))
            .and("patient", reference("Patient", MARISOL))
    };
    let polio =
        Vaccine { cvx: "89", name: "polio, unspecified formulation", cpt: "", billed_as: "" };
    let childhood = immunization(book, "1962", polio)
        .and("status", "completed")
        .and("wasNotGiven", false)
        .and("reported", true);
    let refused = immunization(book, &local("2016-11-08", "10:00"), FLU)
        .and("status", "completed")
        .and("wasNotGiven", true)
        .and("reported", false)
        .and("explanation", Json::with("reasonNotGiven", vec![words("Patient declined")]));
    let mistaken = immunization(book, &local("2021-10-12", "13:30"), TDAP)
        .and("status", "entered-in-error")
        .and("wasNotGiven", false)
        .and("reported", false);
    for resource in [childhood, refused, mistaken] {
        book.push(resource);
    }
}

/// A procedure that was not done and one entered in error.
fn other_procedures(book: &mut Book) {
    let not_done = book
        .next("Procedure")
        .and("status", "completed")
        .and("notPerformed", true)
        .and("reasonNotPerformed", vec![words("Patient declined")])
        .and("performedDateTime", local("2022-09-13", "09:00"))
        .and("code", coded(super::write::CPT, "45378", "COLONOSCOPY"))
        .and("subject", reference("Patient", MARISOL));
    let mistaken = book
        .next("Procedure")
        .and("status", "entered-in-error")
        .and("performedDateTime", local("2023-03-14", "10:15"))
        .and("code", coded(super::write::CPT, "11721", "NAIL CARE SIX OR MORE"))
        .and("subject", reference("Patient", MARISOL));
    for resource in [not_done, mistaken] {
        book.push(resource);
    }
}

/// A height without a date, and a weight that nobody ever had.
fn other_observations(book: &mut Book) {
    let vital = |book: &mut Book, status: &str, (code, name, unit): (&str, &str, &str), value| {
        book.next("Observation")
            .and("status", status)
            .and("code", coded(LOINC, code, name))
            .and("subject", reference("Patient", MARISOL))
            .and("valueQuantity", Json::with("value", Json::number(value)).and("unit", unit))
    };
    let height = vital(book, "final", HEIGHT, "64.0");
    let mistaken = vital(book, "entered-in-error", WEIGHT, "1580")
        .and("effectiveDateTime", local("2026-09-14", "09:30"));
    for resource in [height, mistaken] {
        book.push(resource);
    }
}

/// Code, words, clinical status, verification, onset, recorded, end.
type Problem = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    Option<&'static str>,
);

#[rustfmt::skip]
const PROBLEMS: [Problem; 16] = [
    ("I10", "Essential (primary) hypertension", "active", "confirmed", Some("2014"), "2016-11-08", None),
    ("E78.2", "Mixed hyperlipidemia", "active", "confirmed", None, "2016-11-08", None),
    ("B02.9", "Zoster without complications", "resolved", "confirmed", Some("2016-12-11"), "2016-12-13", Some("2017-01")),
    ("J01.90", "Acute sinusitis, unspecified", "resolved", "confirmed", None, "2017-11-14", Some("2017-11-28")),
    ("S93.402A", "Sprain of unspecified ligament of left ankle, initial encounter", "resolved", "confirmed", Some("2018-07-18"), "2018-07-19", Some("2018-09")),
    ("J30.2", "Other seasonal allergic rhinitis", "inactive", "confirmed", Some("1999"), "2017-05-09", None),
    ("H61.21", "Impacted cerumen, right ear", "resolved", "confirmed", None, "2019-03-12", Some("2019-03-12")),
    ("E11.9", "Type 2 diabetes mellitus without complications", "active", "confirmed", Some("2019-09-10"), "2019-10-08", None),
    ("E10.9", "Type 1 diabetes mellitus without complications", "active", "entered-in-error", None, "2019-10-08", None),
    ("M72.2", "Plantar fascial fibromatosis", "active", "confirmed", Some("2020-05"), "2020-06-23", Some("2021-02")),
    ("N39.0", "Urinary tract infection, site not specified", "resolved", "confirmed", None, "2021-05-18", Some("2021-05-25")),
    ("J45.909", "Unspecified asthma, uncomplicated", "active", "refuted", None, "2022-02-08", None),
    ("R05.9", "Cough, unspecified", "resolved", "confirmed", Some("2022-01-30"), "2022-02-08", Some("2022-03")),
    ("J18.9", "Pneumonia, unspecified organism", "resolved", "provisional", None, "2022-02-08", Some("2022-02-22")),
    ("N18.31", "Chronic kidney disease, stage 3a", "active", "confirmed", None, "2026-03-10", None),
    ("B05.9", "Measles without complication", "resolved", "confirmed", Some("1963-05"), "2016-11-08", Some("1963")),
];

fn problems(book: &mut Book) {
    for (code, name, clinical, verification, onset, recorded, end) in PROBLEMS {
        let resource = book
            .next("Condition")
            .and("patient", reference("Patient", MARISOL))
            .and("code", coded(ICD10, code, name))
            .and(
                "category",
                coded("http://hl7.org/fhir/condition-category", "diagnosis", "Diagnosis"),
            )
            .and("clinicalStatus", clinical)
            .and("verificationStatus", verification)
            .and_some("onsetDateTime", onset)
            .and_some("abatementDateTime", end)
            .and("dateRecorded", recorded);
        book.push(resource);
    }
    let anemia = "Iron deficiency anemia, unspecified";
    book.push(
        Book::fixed("Condition", 5_512_087)
            .and("patient", reference("Patient", MARISOL))
            .and("code", coded(ICD10, "D50.9", anemia))
            .and(
                "category",
                coded("http://hl7.org/fhir/condition-category", "diagnosis", "Diagnosis"),
            )
            .and("clinicalStatus", "active")
            .and("verificationStatus", "confirmed")
            .and("dateRecorded", "2026-03-10"),
    );
}

fn allergies(book: &mut Book) {
    let reaction = |manifestation: &[(&str, &str)], severity: &str| {
        let manifestation =
            Json::list(manifestation.iter().map(|(code, name)| coded(SNOMED, code, name)));
        Json::with("manifestation", manifestation).and("severity", severity)
    };
    let penicillin = book
        .next("AllergyIntolerance")
        .and("patient", reference("Patient", MARISOL))
        .and("substance", coded(RXNORM, "70618", "Penicillin"))
        .and("status", "active")
        .and("criticality", "CRITH")
        .and("type", "allergy")
        .and("category", "medication")
        .and("onset", "1971")
        .and("recordedDate", local("2016-11-08", "10:00"))
        .and(
            "reaction",
            vec![
                reaction(&[("126485001", "Hives"), ("421262002", "Swollen lips")], "severe")
                    .and("description", "After the first dose, told by her daughter María"),
            ],
        );
    let lisinopril = book
        .next("AllergyIntolerance")
        .and("patient", reference("Patient", MARISOL))
        .and("substance", coded(RXNORM, "29046", "Lisinopril"))
        .and("status", "confirmed")
        .and("criticality", "CRITL")
        .and("type", "intolerance")
        .and("category", "medication")
        .and("onset", "2015")
        .and("recordedDate", local("2016-11-08", "10:00"))
        .and("reaction", vec![reaction(&[("11833005", "Dry cough")], "mild")]);
    let sulfa = book
        .next("AllergyIntolerance")
        .and("patient", reference("Patient", MARISOL))
        .and("substance", words("SULFA DRUGS"))
        .and("status", "refuted")
        .and("recordedDate", local("2021-05-18", "16:00"))
        .and("note", Json::with("text", "Took a sulfa antibiotic in 2021 without any reaction."));
    for resource in [penicillin, lisinopril, sulfa] {
        book.push(resource);
    }
}

/// A medicine in the list: status, RxNorm code, name, when asserted, how it is taken, since, until.
#[rustfmt::skip]
#[expect(clippy::type_complexity, reason = "a table reads better than fourteen structs")]
const STATEMENTS: [(&str, &str, &str, &str, Option<&str>, Option<&str>, Option<&str>); 12] = [
    ("active", "197361", "AMLODIPINE BESYLATE 5 MG TABLET", "2026-03-10", Some("1 tablet by mouth once a day"), Some("2018-04"), None),
    ("active", "617311", "ATORVASTATIN 40 MG TABLET", "2026-03-10", Some("1 tablet by mouth at bedtime"), Some("2016-11"), None),
    ("active", "310325", "FERROUS SULFATE 325 MG (65 MG IRON) TABLET", "2026-03-10", Some("1 tablet by mouth every other day"), Some("2026-03-10"), None),
    ("active", "1797907", "FLUTICASONE 50 MCG/ACTUATION NASAL SPRAY", "2024-03-14", Some("1 spray in each nostril once a day as needed"), None, None),
    ("active", "979492", "LOSARTAN POTASSIUM 50 MG TABLET", "2026-03-10", Some("1 tablet by mouth once a day"), Some("2015-04"), None),
    ("active", "860975", "METFORMIN ER 500 MG 24 HR TABLET", "2026-03-10", Some("2 tablets by mouth once a day with dinner"), Some("2019-10"), None),
    ("active", "2418", "Vitamin D3 (cholecalciferol) 25 mcg (1,000 IU) capsule", "2021-09-09", Some("1 capsule by mouth once a day"), Some("2021"), None),
    ("completed", "308460", "AZITHROMYCIN 250 MG TABLET", "2022-02-08", Some("2 tablets the first day, then 1 a day for 4 days"), Some("2022-02-08"), Some("2022-02-12")),
    ("completed", "197397", "BENZONATATE 100 MG CAPSULE", "2022-02-08", None, None, None),
    ("completed", "314076", "LISINOPRIL 10 MG TABLET", "2016-11-08", Some("1 tablet by mouth once a day"), Some("2014"), Some("2015-04")),
    ("completed", "1116572", "ACETAMINOPHEN 325 MG / DEXTROMETHORPHAN HYDROBROMIDE 10 MG / DOXYLAMINE SUCCINATE 6.25 MG / PHENYLEPHRINE HYDROCHLORIDE 5 MG PER 15 ML ORAL SOLUTION, NIGHTTIME MULTI-SYMPTOM COLD AND FLU RELIEF, BERRY FLAVOR, ALCOHOL FREE", "2022-02-08", Some("30 ml by mouth at night as needed"), None, None),
    ("entered-in-error", "855332", "WARFARIN SODIUM 5 MG TABLET", "2020-09-15", None, None, None),
];

fn statements(book: &mut Book) {
    for (status, code, name, asserted, dose, since, until) in STATEMENTS {
        let period = (since.is_some() || until.is_some()).then(|| {
            Json::Object(
                since
                    .map(|since| ("start", Json::from(since)))
                    .into_iter()
                    .chain(until.map(|until| ("end", Json::from(until))))
                    .collect(),
            )
        });
        let resource = statement(book, status, code, name, asserted)
            .and_some("effectivePeriod", period)
            .and_some("dosage", dose.map(|dose| Json::list([words(dose)])));
        book.push(resource);
    }
    // She never took the aspirin that the list names; the older entry is hers, in other letters.
    let aspirin = statement(book, "active", "243670", "ASPIRIN 81 MG TABLET", "2021-09-09")
        .and("wasNotTaken", true)
        .and("reasonNotTaken", vec![words("Patient stopped on her own")]);
    let older = statement(book, "completed", "860975", "Metformin ER 500 mg tablet", "2019-10-08")
        .and("informationSource", reference("Patient", MARISOL));
    for resource in [aspirin, older] {
        book.push(resource);
    }
}

fn statement(book: &mut Book, status: &str, code: &str, name: &str, asserted: &str) -> Resource {
    book.next("MedicationStatement")
        .and("status", status)
        .and("dateAsserted", local(asserted, "00:00"))
        .and("medicationCodeableConcept", coded(RXNORM, code, name))
        .and("patient", reference("Patient", MARISOL))
}

const AMLODIPINE_5: (&str, &str) = ("197361", "AMLODIPINE BESYLATE 5 MG TABLET");
const AMLODIPINE_10: (&str, &str) = ("308135", "AMLODIPINE BESYLATE 10 MG TABLET");
const ATORVASTATIN_20: (&str, &str) = ("617310", "ATORVASTATIN 20 MG TABLET");
const ATORVASTATIN_40: (&str, &str) = ("617311", "ATORVASTATIN 40 MG TABLET");
const LOSARTAN: (&str, &str) = ("979492", "LOSARTAN POTASSIUM 50 MG TABLET");
const METFORMIN: (&str, &str) = ("861007", "METFORMIN 500 MG TABLET");
const METFORMIN_ER: (&str, &str) = ("860975", "METFORMIN ER 500 MG 24 HR TABLET");
const IRON: (&str, &str) = ("310325", "FERROUS SULFATE 325 MG (65 MG IRON) TABLET");

const DAILY: &str = "TAKE 1 TABLET BY MOUTH ONCE A DAY";
const AT_BEDTIME: &str = "TAKE 1 TABLET BY MOUTH AT BEDTIME";
const WITH_DINNER: &str = "TAKE 2 TABLETS BY MOUTH ONCE A DAY WITH DINNER";
const TWICE: &str = "TAKE 1 TABLET BY MOUTH TWICE A DAY WITH MEALS";

/// What was prescribed when: a renewal at nearly each visit.
#[rustfmt::skip]
const ORDERS: [((&str, &str), &str, &[&str]); 8] = [
    (LOSARTAN, DAILY, &["2016-11-08", "2017-05-09", "2018-04-10", "2019-03-12", "2020-04-21", "2021-05-18", "2022-02-22", "2023-03-14", "2024-03-14", "2025-03-18", "2025-09-16", "2026-03-10"]),
    (ATORVASTATIN_20, AT_BEDTIME, &["2016-11-08", "2017-05-09", "2018-04-10", "2018-07-19", "2019-03-12"]),
    (ATORVASTATIN_40, AT_BEDTIME, &["2019-10-08", "2020-04-21", "2020-09-15", "2021-09-09", "2022-04-12", "2022-09-13", "2023-09-19", "2024-03-14", "2024-09-12", "2025-03-18", "2026-03-10"]),
    (AMLODIPINE_5, DAILY, &["2018-04-10", "2019-03-12", "2020-04-21", "2021-05-18", "2022-02-22", "2023-03-14", "2024-03-14", "2025-03-18"]),
    (AMLODIPINE_10, DAILY, &["2026-09-14"]),
    (METFORMIN, TWICE, &["2019-10-08", "2019-10-08", "2020-04-21", "2020-06-23"]),
    (METFORMIN_ER, WITH_DINNER, &["2020-09-15", "2021-05-18", "2021-09-09", "2022-09-13", "2023-03-14", "2023-09-19", "2024-09-12", "2025-09-16", "2026-03-10"]),
    (IRON, "TAKE 1 TABLET BY MOUTH EVERY OTHER DAY", &["2026-03-10", "2026-09-14"]),
];

fn orders(book: &mut Book) {
    for ((code, name), dose, dates) in ORDERS {
        for (idx, date) in dates.iter().enumerate() {
            let is_newest = idx + 1 == dates.len();
            let stopped = matches!(code, "617310" | "861007");
            let status = if is_newest && !stopped { "active" } else { "completed" };
            let resource = order(book, status, date, dose, Some((code, name))).and(
                "dispenseRequest",
                Json::with("numberOfRepeatsAllowed", 3_u64).and(
                    "quantity",
                    Json::with("value", Json::number("90")).and("unit", "tablets"),
                ),
            );
            book.push(resource);
        }
    }
    let ended = |resource: Resource, date: &str, reason: &str| {
        resource.and("dateEnded", date).and("reasonEnded", words(reason))
    };
    let lisinopril = ("314076", "LISINOPRIL 10 MG TABLET");
    let lisinopril = order(book, "stopped", "2014-06", DAILY, Some(lisinopril));
    let lisinopril = ended(lisinopril, "2015-04", "Dry cough");
    let azithromycin = ("308460", "AZITHROMYCIN 250 MG TABLET");
    let directions = "TAKE 2 TABLETS THE FIRST DAY, THEN 1 A DAY FOR 4 DAYS";
    let azithromycin = order(book, "completed", "2022-02-08", directions, Some(azithromycin));
    let hydrochlorothiazide = ("310798", "HYDROCHLOROTHIAZIDE 25 MG TABLET");
    let paused = order(book, "on-hold", "2025-06-17", DAILY, Some(hydrochlorothiazide));
    let drafted = order(book, "draft", "2026-09-14", DAILY, Some(hydrochlorothiazide));
    let mistaken = ("197381", "ATENOLOL 50 MG TABLET");
    let mistaken = order(book, "entered-in-error", "2021-09-09", DAILY, Some(mistaken));
    // The drug of this one stands in a resource of its own, which is read by its address.
    let benzonatate =
        order(book, "completed", "2022-02-08", "TAKE 1 CAPSULE THREE TIMES A DAY", None)
            .and("medicationReference", reference("Medication", 40_117));
    for resource in [lisinopril, azithromycin, paused, drafted, mistaken, benzonatate] {
        book.push(resource);
    }
    book.push(
        Book::fixed("Medication", 40_117)
            .and("code", coded(RXNORM, "197397", "BENZONATATE 100 MG CAPSULE")),
    );
}

fn order(
    book: &mut Book,
    status: &str,
    written: &str,
    dose: &str,
    medicine: Option<(&str, &str)>,
) -> Resource {
    book.next("MedicationOrder")
        .and("status", status)
        .and("dateWritten", local(written, "00:00"))
        .and("patient", reference("Patient", MARISOL))
        .and("prescriber", reference("Practitioner", DOCTOR))
        .and_some(
            "medicationCodeableConcept",
            medicine.map(|(code, name)| coded(RXNORM, code, name)),
        )
        .and("dosageInstruction", vec![words(dose)])
}

#[cfg(test)]
mod tests {
    use super::account;
    use std::collections::BTreeMap;

    #[test]
    fn holds_812_resources_that_can_be_listed() {
        let account = account();
        let counts: BTreeMap<&str, usize> = account.counts().collect();
        let expected = [
            ("AllergyIntolerance", 3),
            ("Condition", 17),
            ("DiagnosticReport", 61),
            ("Immunization", 23),
            ("Medication", 1),
            ("MedicationOrder", 58),
            ("MedicationStatement", 14),
            ("Observation", 446),
            ("Organization", 1),
            ("Patient", 1),
            ("Practitioner", 1),
            ("Procedure", 189),
        ];
        assert_eq!(counts, BTreeMap::from(expected));
    }
}
