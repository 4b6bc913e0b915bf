//! A record's name: text → displays → our name for the code → a generic word. Never blank, never
//! markup, never a bare code.

use crate::fhir::code_system::CodeSystem;
use crate::fhir::datatype::{Coding, Concept};
use crate::fhir::narrative;

use super::{Code, names, vaccine};

/// A name, and how it was sent where that is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Title {
    /// For show.
    pub(super) title: String,
    /// As sent, where `title` is set differently.
    pub(super) sent: Option<String>,
}

/// The name of a concept, if it has one. `shouting`: texts in capitals are set in sentence case even
/// where their system is not known (medicines and procedures).
pub(super) fn of_concept(concept: &Concept<'_>, shouting: bool) -> Option<Title> {
    let systems = concept.codings.iter().filter_map(|coding| coding.system);
    let shouts =
        shouting || systems.filter_map(CodeSystem::from_address).any(|system| system.shouts());
    let displays = || concept.codings.iter().filter_map(|coding| coding.display);
    let sent = concept.text.into_iter().chain(displays());
    let named = sent
        .clone()
        .filter(|text| !narrative::has_markup(text))
        .find_map(|text| is_name(text, &concept.codings).then(|| of_text(text, shouts)));
    named
        .or_else(|| {
            concept.codings.iter().find_map(|coding| {
                of_code(coding).map(|name| Title { title: name.to_owned(), sent: None })
            })
        })
        .or_else(|| {
            // Words inside markup are better than no words.
            sent.map(narrative::plain_text).find_map(|text| {
                let line = text.lines().next().unwrap_or_default();
                is_name(line, &concept.codings).then(|| of_text(line, shouts))
            })
        })
}

/// The name in a plain text, if it is one.
pub(super) fn of_plain(text: &str, shouts: bool) -> Option<Title> {
    let text = narrative::plain_text(text);
    let line = text.lines().next().unwrap_or_default();
    is_name(line, &[]).then(|| of_text(line, shouts))
}

/// Our own name for a code.
pub(super) fn of_code(coding: &Coding<'_>) -> Option<&'static str> {
    let code = coding.code?;
    let Some(system) = coding.system.and_then(CodeSystem::from_address) else {
        return names::hl7(coding.system?, code);
    };
    match system {
        CodeSystem::Loinc => names::loinc(code),
        CodeSystem::Cvx => vaccine::cvx(code).map(|found| found.words),
        CodeSystem::Cpt | CodeSystem::Hcpcs => names::billing(code).map(|found| found.words),
        CodeSystem::Snomed => names::no_allergy(code),
        CodeSystem::RxNorm
        | CodeSystem::Icd10
        | CodeSystem::Icd10Pcs
        | CodeSystem::Icd9
        | CodeSystem::Ndc
        | CodeSystem::Ucum
        | CodeSystem::Unii
        | CodeSystem::NdfRt
        | CodeSystem::Mvx
        | CodeSystem::Cdt
        | CodeSystem::Interpretation => None,
    }
}

/// A coding for show, its system under its common name.
pub(super) fn code(coding: &Coding<'_>) -> Code {
    Code {
        system: coding.system.map(str::to_owned),
        system_name: coding
            .system
            .and_then(CodeSystem::from_address)
            .map(|system| system.name().to_owned()),
        code: coding.code.map(str::to_owned),
        display: coding.display.map(str::to_owned),
    }
}

/// "ROUTINE VENIPUNCTURE" → "Routine venipuncture", with what is an acronym or a unit kept so.
/// A text that has any lower-case letter is left alone.
pub(super) fn sentence_case(text: &str) -> String {
    if text.chars().any(char::is_lowercase)
        || text.chars().filter(|c| c.is_alphabetic()).count() < 4
    {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let mut first = true;
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '\'' | '.') && !word.is_empty() {
            word.push(c);
            continue;
        }
        set_word(&mut out, &word, &mut first);
        word.clear();
        out.push(c);
    }
    set_word(&mut out, &word, &mut first);
    out
}

fn set_word(out: &mut String, word: &str, first: &mut bool) {
    if word.is_empty() {
        return;
    }
    if is_lone_letter(out, word) {
        out.push_str(word);
        *first = false;
        return;
    }
    let bare = word.trim_end_matches('.');
    if let Some((_, known)) = SPELLINGS.iter().find(|(capitals, _)| *capitals == bare) {
        out.push_str(known);
        out.push_str(word.get(bare.len()..).unwrap_or_default());
    } else if let Some(spelt) = amount(word) {
        out.push_str(&spelt);
    } else if word.chars().any(|c| c.is_ascii_digit()) && !word.contains('-') {
        out.push_str(word);
    } else if word.contains('-') {
        let mut parts = word.split('-');
        if let Some(part) = parts.next() {
            set_word(out, part, first);
        }
        for part in parts {
            out.push('-');
            set_word(out, part, first);
        }
    } else {
        let lower = word.to_lowercase();
        let mut chars = lower.chars();
        match chars.next().filter(|_| *first) {
            Some(initial) => {
                out.extend(initial.to_uppercase());
                out.push_str(chars.as_str());
            }
            None => out.push_str(&lower),
        }
    }
    *first = false;
}

/// Whether a word is a letter that names something ("Penicillin G", "Hepatitis B"): neither a unit
/// behind its number nor a short word.
fn is_lone_letter(before: &str, word: &str) -> bool {
    let mut chars = word.chars();
    let (Some(letter), None) = (chars.next(), chars.next()) else { return false };
    let last = before.split_whitespace().next_back().unwrap_or_default();
    if !letter.is_ascii_uppercase() || last.ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    match letter {
        'A' => ["hepatitis", "vitamin", "influenza", "type", "group", "hemoglobin"]
            .iter()
            .any(|word| last.eq_ignore_ascii_case(word)),
        'X' => false,
        _ => true,
    }
}

/// "100MG" → "100mg": digits with a unit glued to them.
fn amount(word: &str) -> Option<String> {
    let split = word.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (digits, unit) = word.split_at_checked(split).filter(|(digits, _)| !digits.is_empty())?;
    let (_, spelt) =
        SPELLINGS.iter().find(|(capitals, spelt)| *capitals == unit && is_unit(spelt))?;
    Some(format!("{digits}{spelt}"))
}

fn is_unit(spelt: &str) -> bool {
    matches!(spelt, "mg" | "mcg" | "g" | "mL" | "mEq" | "mmol" | "cm" | "mm" | "kg" | "L")
}

/// How words that are no plain words are spelt, by their capitals.
const SPELLINGS: &[(&str, &str)] = &[
    ("MG", "mg"),
    ("MCG", "mcg"),
    ("UG", "ug"),
    ("G", "g"),
    ("GM", "g"),
    ("KG", "kg"),
    ("ML", "mL"),
    ("L", "L"),
    ("MEQ", "mEq"),
    ("MMOL", "mmol"),
    ("CM", "cm"),
    ("MM", "mm"),
    ("IU", "IU"),
    ("HCL", "HCl"),
    ("ER", "ER"),
    ("XR", "XR"),
    ("SR", "SR"),
    ("DR", "DR"),
    ("CR", "CR"),
    ("IR", "IR"),
    ("LA", "LA"),
    ("XL", "XL"),
    ("CD", "CD"),
    ("EC", "EC"),
    ("ODT", "ODT"),
    ("HFA", "HFA"),
    ("DPI", "DPI"),
    ("IM", "IM"),
    ("IV", "IV"),
    ("SC", "SC"),
    ("SQ", "SQ"),
    ("PO", "PO"),
    ("CBC", "CBC"),
    ("CMP", "CMP"),
    ("BMP", "BMP"),
    ("HDL", "HDL"),
    ("LDL", "LDL"),
    ("VLDL", "VLDL"),
    ("TSH", "TSH"),
    ("PSA", "PSA"),
    ("WBC", "WBC"),
    ("RBC", "RBC"),
    ("HGB", "Hgb"),
    ("HCT", "Hct"),
    ("AST", "AST"),
    ("ALT", "ALT"),
    ("BUN", "BUN"),
    ("EGFR", "eGFR"),
    ("GFR", "GFR"),
    ("A1C", "A1c"),
    ("HBA1C", "HbA1c"),
    ("INR", "INR"),
    ("PT", "PT"),
    ("PTT", "PTT"),
    ("APTT", "aPTT"),
    ("CRP", "CRP"),
    ("ESR", "ESR"),
    ("PCR", "PCR"),
    ("DNA", "DNA"),
    ("RNA", "RNA"),
    ("MRNA", "mRNA"),
    ("HIV", "HIV"),
    ("HPV", "HPV"),
    ("HCV", "HCV"),
    ("HBV", "HBV"),
    ("RSV", "RSV"),
    ("STD", "STD"),
    ("HEPB", "HepB"),
    ("HEPA", "HepA"),
    ("DTAP", "DTaP"),
    ("TDAP", "Tdap"),
    ("TD", "Td"),
    ("MMR", "MMR"),
    ("MMRV", "MMRV"),
    ("IPV", "IPV"),
    ("HIB", "Hib"),
    ("PCV", "PCV"),
    ("PCV13", "PCV13"),
    ("PPSV23", "PPSV23"),
    ("BCG", "BCG"),
    ("COVID", "COVID"),
    ("SARS", "SARS"),
    ("COV", "CoV"),
    ("ECG", "ECG"),
    ("EKG", "EKG"),
    ("EEG", "EEG"),
    ("EMG", "EMG"),
    ("CT", "CT"),
    ("MRI", "MRI"),
    ("MRA", "MRA"),
    ("PET", "PET"),
    ("DXA", "DXA"),
    ("DEXA", "DEXA"),
    ("BMI", "BMI"),
    ("ECHO", "echo"),
    ("USP", "USP"),
    ("OTC", "OTC"),
    ("NPH", "NPH"),
    ("DM", "DM"),
    ("COPD", "COPD"),
    ("CPAP", "CPAP"),
    ("ICD", "ICD"),
    ("IUD", "IUD"),
    ("II", "II"),
    ("III", "III"),
    ("VI", "VI"),
    ("VII", "VII"),
    ("VIII", "VIII"),
    ("ABO", "ABO"),
    ("RH", "Rh"),
    ("IGG", "IgG"),
    ("IGM", "IgM"),
    ("IGE", "IgE"),
    ("IGA", "IgA"),
    ("CO2", "CO2"),
    ("O2", "O2"),
    ("B12", "B12"),
    ("D3", "D3"),
    ("D2", "D2"),
    ("T3", "T3"),
    ("T4", "T4"),
    ("E/M", "E/M"),
    ("ENT", "ENT"),
    ("OB", "OB"),
    ("GYN", "GYN"),
    ("GI", "GI"),
    ("UA", "UA"),
    ("US", "US"),
    ("PPD", "PPD"),
    ("TB", "TB"),
    ("AMA", "AMA"),
    ("HCTZ", "HCTZ"),
    ("ASA", "ASA"),
    ("APAP", "APAP"),
    ("NSAID", "NSAID"),
    ("NSAIDS", "NSAIDs"),
    ("NKDA", "NKDA"),
    ("NKFA", "NKFA"),
    ("PCN", "PCN"),
    ("ACE", "ACE"),
    ("ARB", "ARB"),
    ("TMP", "TMP"),
    ("SMX", "SMX"),
    ("MSG", "MSG"),
    ("GERD", "GERD"),
    ("ADHD", "ADHD"),
    ("PTSD", "PTSD"),
    ("CKD", "CKD"),
    ("UTI", "UTI"),
    ("NOS", "NOS"),
    ("NEC", "NEC"),
    ("TIA", "TIA"),
    ("DVT", "DVT"),
    ("AIDS", "AIDS"),
    ("NAA", "NAA"),
    ("EST", "est"),
    ("PF", "PF"),
];

fn of_text(text: &str, shouts: bool) -> Title {
    let text = narrative::plain_text(text).replace('\n', " ");
    let title = if shouts { sentence_case(&text) } else { text.clone() };
    let sent = (title != text).then_some(text);
    Title { title, sent }
}

/// Whether a text names something: not blank, not "unknown", not a bare code.
fn is_name(text: &str, codings: &[Coding<'_>]) -> bool {
    let text = text.trim();
    let bare = text.trim_end_matches('.');
    let says_nothing =
        bare.is_empty() || EMPTY_WORDS.iter().any(|word| bare.eq_ignore_ascii_case(word));
    !says_nothing && text.chars().any(char::is_alphabetic) && !is_bare_code(text, codings)
        || !says_nothing && text.chars().any(|c| c.is_alphabetic() && !c.is_ascii())
}

/// Texts that stand where a name is due and name nothing.
const EMPTY_WORDS: &[&str] =
    &["unknown", "unk", "n/a", "na", "none", "null", "nil", "undefined", "-", "other"];

fn is_bare_code(text: &str, codings: &[Coding<'_>]) -> bool {
    if text.contains(char::is_whitespace) {
        return false;
    }
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let is_its_code = codings.iter().any(|coding| {
        let known = coding.system.and_then(CodeSystem::from_address).is_some();
        coding.code == Some(text) && known && has_digit
    });
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    let n_letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let has_dot = text.contains('.');
    // ICD-10 (R05.9), HCPCS and local codes (G0439, LAB10021), but not B12, T4 or HbA1c.
    let looks_coded = n_letters <= 3
        && text.bytes().all(|byte| !byte.is_ascii_lowercase())
        && (n_digits >= 4 || has_dot && n_digits >= 3 && n_letters <= 2);
    is_its_code || looks_coded
}

#[cfg(test)]
mod tests {
    use super::*;

    const CPT: &str =
        "https://www.ama-assn.org/practice-management/cpt-current-procedural-terminology";
    const LOINC: &str = "http://loinc.org";

    #[test]
    fn follows_the_chain() {
        check(Some("Cough"), &[], Some("Cough"));
        check(Some("  "), &[(LOINC, "718-7", Some("Hgb"))], Some("Hgb"));
        check(Some("unknown"), &[(LOINC, "718-7", None)], Some("Hemoglobin"));
        check(Some("718-7"), &[(LOINC, "718-7", None)], Some("Hemoglobin"));
        check(Some("R05.9"), &[], None);
        check(None, &[(CPT, "99214", Some("99214"))], Some("Office visit, established patient"));
        check(None, &[("urn:local", "LAB10021", Some("LAB10021"))], None);
        check(None, &[], None);
    }

    #[test]
    fn keeps_short_names_that_look_like_codes() {
        for name in ["TSH", "B12", "T4", "HbA1c", "CA-125", "pH", "Ca", "K", "血糖"] {
            check(Some(name), &[("urn:local", "x", None)], Some(name));
        }
    }

    #[test]
    fn never_shows_markup() {
        check(Some("<div>Cough</div>"), &[(LOINC, "718-7", Some("Hgb"))], Some("Hgb"));
        check(Some("<div>Cough</div>"), &[], Some("Cough"));
        check(Some("&lt;b&gt;Cough&lt;/b&gt;"), &[], Some("Cough"));
        check(Some("<div></div>"), &[], None);
    }

    #[test]
    fn sets_billing_capitals_in_sentence_case() {
        for (sent, title) in [
            ("ROUTINE VENIPUNCTURE", "Routine venipuncture"),
            ("BENZONATATE 100 MG CAPSULE", "Benzonatate 100 mg capsule"),
            ("HEPB VACCINE 3 DOSE ADULT IM", "HepB vaccine 3 dose adult IM"),
            ("OFFICE/OUTPATIENT VISIT EST", "Office/outpatient visit est"),
            ("METFORMIN HCL ER 500 MG TABLET", "Metformin HCl ER 500 mg tablet"),
            (
                "LIPITOR (ATORVASTATIN CALCIUM) 40MG TABS",
                "Lipitor (atorvastatin calcium) 40mg tabs",
            ),
            ("COVID-19 MRNA VACCINE", "COVID-19 mRNA vaccine"),
            ("ASSAY OF VITAMIN B12", "Assay of vitamin B12"),
            ("X-RAY EXAM OF KNEE", "X-ray exam of knee"),
            ("PENICILLIN G", "Penicillin G"),
            ("HEPATITIS A AND B VACCINE", "Hepatitis A and B vaccine"),
            ("REMOVAL OF A CYST", "Removal of a cyst"),
            ("SULFA DRUGS", "Sulfa drugs"),
            ("CEFAZOLIN 1 G VIAL", "Cefazolin 1 g vial"),
        ] {
            assert_eq!(sentence_case(sent), title);
            let codings = [Coding {
                system: Some(CPT),
                code: Some("1"),
                display: Some(sent),
                user_selected: false,
            }];
            let found = of_concept(&Concept { text: Some(sent), codings: codings.to_vec() }, false);
            assert_eq!(found, Some(Title { title: title.to_owned(), sent: Some(sent.to_owned()) }));
        }
    }

    #[test]
    fn leaves_other_capitals_and_mixed_texts_alone() {
        check(Some("CBC"), &[(LOINC, "58410-2", None)], Some("CBC"));
        check(Some("HEMOGLOBIN A1C"), &[(LOINC, "4548-4", None)], Some("HEMOGLOBIN A1C"));
        assert_eq!(sentence_case("Lisinopril 10 MG Oral Tablet"), "Lisinopril 10 MG Oral Tablet");
    }

    fn check(text: Option<&str>, codings: &[(&str, &str, Option<&str>)], expected: Option<&str>) {
        let codings = codings
            .iter()
            .map(|(system, code, display)| Coding {
                system: Some(system),
                code: Some(code),
                display: *display,
                user_selected: false,
            })
            .collect();
        let found = of_concept(&Concept { text, codings }, false).map(|title| title.title);
        assert_eq!(found.as_deref(), expected, "{text:?}");
    }
}
