//! Our own names for codes that arrive without words: LOINC parts, vaccines, billing codes.
//!
//! LOINC codes and names © Regenstrief Institute, used under <https://loinc.org/license>. Words for
//! CPT codes and vaccines are Onhand's own.

use super::{Kind, vaccine};

/// The name of a LOINC code among those Onhand knows.
pub(super) fn loinc(code: &str) -> Option<&'static str> {
    LOINC.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// What a CPT or HCPCS code is, in Onhand's words.
pub(super) fn billing(code: &str) -> Option<Billing> {
    let code = code.trim();
    if let Some(found) = HCPCS.iter().find(|(known, ..)| *known == code) {
        return Some(Billing { words: found.1, is_visit: found.2 });
    }
    if code.ends_with('A') && vaccine::administration(code).is_some() {
        return Some(Billing { words: "Giving a COVID-19 vaccine", is_visit: false });
    }
    let number: u32 = code.parse().ok().filter(|_| code.len() == 5)?;
    CPT.iter()
        .find(|(from, to, _, _)| (*from..=*to).contains(&number))
        .map(|(_, _, words, is_visit)| Billing { words, is_visit: *is_visit })
}

/// A visit's name by its billing code, and what else the code says of it: "Office visit" and
/// "Established patient".
pub(super) fn visit(code: &str) -> (&'static str, Option<&'static str>) {
    let words = billing(code).map_or("Visit", |found| found.words);
    match words.split_once(", ") {
        Some((name, "new patient")) => (name, Some("New patient")),
        Some((name, "established patient")) => (name, Some("Established patient")),
        Some((name, "first")) => (name, Some("The first one")),
        Some(_) | None => (words, None),
    }
}

/// What kind of line a CPT or HCPCS code makes.
pub(super) fn line(code: &str) -> Line {
    let code = code.trim();
    if billing(code).is_some_and(|found| found.is_visit) {
        return Line::Visit;
    }
    if let Some(groups) = vaccine::product(code) {
        return Line::Vaccine(groups);
    }
    if let Some(group) = vaccine::administration(code) {
        return Line::Giving(group);
    }
    if ADDED_TO_A_VISIT.contains(&code) {
        return Line::Added;
    }
    match code.parse::<u32>().ok().filter(|_| code.len() == 5) {
        Some(36415 | 36416) => Line::Draw,
        Some(99354..=99359 | 99417) => Line::Added,
        Some(80047..=89398) => Line::Lab,
        Some(_) | None => Line::Other,
    }
}

/// What kind of line a billing code makes, for putting a visit together from its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A visit (an E/M code).
    Visit,
    /// A blood draw.
    Draw,
    /// A lab test that was ordered.
    Lab,
    /// A vaccine, by the groups it counts in.
    Vaccine(&'static [&'static str]),
    /// Giving a vaccine, of which group where the code tells.
    Giving(Option<&'static str>),
    /// An addition to a visit, or the handling of a sample.
    Added,
    /// Anything else that was done.
    Other,
}

/// Codes that only add to a visit or to a blood draw.
const ADDED_TO_A_VISIT: &[&str] = &["G2211", "G2212", "99000", "99001", "99050", "99051", "99053"];

/// What a billing code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Billing {
    /// In Onhand's words.
    pub(super) words: &'static str,
    /// Whether it bills for a visit, not for something done at one.
    pub(super) is_visit: bool,
}

/// Whether a LOINC code is that of a vital sign.
pub(super) fn is_vital(code: &str) -> bool {
    VITALS.contains(&code)
}

/// Whether a LOINC code is that of an answer about somebody's life, not of a sample: smoking, birth sex,
/// pregnancy.
pub(super) fn is_history(code: &str) -> bool {
    HISTORY.contains(&code)
}

/// Whether a name is that of a vital sign, as portals write them without a code.
pub(super) fn is_vital_name(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    VITAL_NAMES.iter().any(|known| name == *known)
}

/// The kind of an Observation by the code of its category (`DSTU2 observation-category`).
pub(super) fn category_kind(code: &str) -> Option<Kind> {
    match code.to_ascii_lowercase().replace([' ', '_'], "-").as_str() {
        "vital-signs" | "vitals" | "vital-sign" => Some(Kind::Vitals),
        "laboratory" | "lab" | "labs" => Some(Kind::Labs),
        "social-history" | "survey" | "exam" | "imaging" | "procedure" | "therapy" => {
            Some(Kind::Other)
        }
        _ => None,
    }
}

/// What is said where nobody asked about allergies.
pub(super) const NOBODY_ASKED: &str = "Nobody asked about allergies";

/// What a code of HL7's own lists says, and that of a language: the systems of relatives, parts taken in a
/// visit, places on the body, routes, marital status, diagnostic services (`HL7 v3 RoleCode`,
/// `ParticipationType`, `ActSite`, `RouteOfAdministration`, `MaritalStatus`, `HL7 table 0074`,
/// `BCP 47`).
pub(super) fn hl7(system: &str, code: &str) -> Option<&'static str> {
    let list = system.trim_end_matches('/').rsplit(['/', ':', '-']).next()?;
    let words = match list {
        "RoleCode" => RELATIVES,
        "ParticipationType" => PARTICIPANTS,
        "ActSite" => SITES,
        "RouteOfAdministration" => ROUTES,
        "MaritalStatus" => MARITAL,
        "0074" => SERVICES,
        "47" | "languages" => LANGUAGES,
        _ => return None,
    };
    let code = code.trim();
    let code = if list == "47" { code.split('-').next()? } else { code };
    words.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, words)| *words)
}

/// Whether a section of a diagnostic service makes images (`HL7 table 0074`); `None` for a code that
/// is no section.
pub(super) fn is_imaging_section(code: &str) -> Option<bool> {
    Some(match code.trim().to_ascii_uppercase().as_str() {
        "RAD" | "RX" | "CT" | "CTH" | "NMR" | "NMS" | "NRS" | "MRI" | "US" | "RUS" | "CUS"
        | "VUS" | "OUS" | "XRC" | "VR" | "EC" | "EN" | "CG" | "IMG" | "RADIOLOGY" | "IMAGING"
        | "LP29684-5" => true,
        "LAB" | "HM" | "CH" | "MB" | "MCB" | "IMM" | "BLB" | "SP" | "CP" | "CY" | "GE" | "SR"
        | "TX" | "URN" | "LP29693-6" => false,
        _ => return None,
    })
}

/// Whether a name is that of a report on images, or of what makes them.
pub(super) fn is_imaging_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_one = words.any(|word| {
        matches!(
            word,
            "radiology"
                | "imaging"
                | "radiograph"
                | "radiography"
                | "xray"
                | "mri"
                | "mra"
                | "mammogram"
                | "mammography"
                | "ultrasound"
                | "sonogram"
                | "echocardiogram"
                | "dexa"
                | "dxa"
                | "tomography"
                | "angiography"
                | "angiogram"
                | "fluoroscopy"
                | "ct"
                | "pet"
        )
    });
    is_one || lower.contains("x-ray") || lower.contains("bone density")
}

/// SNOMED CT codes that say there is no allergy, in which scope, or that nobody asked.
pub(super) fn no_allergy(code: &str) -> Option<&'static str> {
    Some(match code {
        "160244002" | "716186003" => "No known allergies",
        "409137002" => "No known drug allergies",
        "429625007" => "No known food allergies",
        "428607008" => "No known allergies to things in the environment",
        "1631000175102" => NOBODY_ASKED,
        _ => return None,
    })
}

/// CPT ranges and what to call them; the first that fits. The last column: whether it is a visit.
const CPT: &[(u32, u32, &str, bool)] = &[
    (99201, 99205, "Office visit, new patient", true),
    (99211, 99215, "Office visit, established patient", true),
    (99221, 99239, "Hospital care", true),
    (99241, 99245, "Consultation", true),
    (99252, 99255, "Consultation in hospital", true),
    (99281, 99285, "Emergency department visit", true),
    (99381, 99387, "Preventive visit, new patient", true),
    (99391, 99397, "Preventive visit, established patient", true),
    (99354, 99359, "Longer visit, added time", false),
    (99417, 99417, "Longer visit, added time", false),
    (99421, 99423, "Online message visit", true),
    (99441, 99443, "Telephone visit", true),
    (98000, 98007, "Video visit", true),
    (98008, 98015, "Telephone visit", true),
    (98016, 98016, "Short check-in by telephone or video", true),
    (99024, 99024, "Follow-up after surgery", true),
    (36415, 36415, "Blood draw", false),
    (36416, 36416, "Finger-stick blood draw", false),
    (90460, 90461, "Giving a vaccine, with counselling", false),
    (90471, 90474, "Giving a vaccine", false),
    (90480, 90480, "Giving a COVID-19 vaccine", false),
    (90281, 90399, "Immune globulin", false),
    (90476, 90759, "Vaccine", false),
    (91300, 91322, "COVID-19 vaccine", false),
    (80048, 80048, "Lab test: basic metabolic panel", false),
    (80053, 80053, "Lab test: metabolic panel (CMP)", false),
    (80061, 80061, "Lab test: cholesterol panel", false),
    (80076, 80076, "Lab test: liver panel", false),
    (81001, 81003, "Lab test: urinalysis", false),
    (83036, 83036, "Lab test: hemoglobin A1c", false),
    (84443, 84443, "Lab test: TSH", false),
    (85025, 85027, "Lab test: blood count (CBC)", false),
    (80047, 89398, "Lab test", false),
    (70010, 79999, "Imaging", false),
];

const HCPCS: &[(&str, &str, bool)] = &[
    ("G0402", "Welcome to Medicare visit", true),
    ("G0438", "Annual wellness visit, first", true),
    ("G0439", "Annual wellness visit", true),
    ("G2211", "Visit add-on", false),
    ("G2212", "Longer visit, added time", false),
    ("G0008", "Giving a flu vaccine", false),
    ("G0009", "Giving a pneumonia vaccine", false),
    ("G0010", "Giving a hepatitis B vaccine", false),
];

const VITALS: &[&str] = &[
    "8480-6", "8462-4", "55284-4", "85354-9", "8867-4", "9279-1", "8310-5", "8331-1", "8302-2",
    "8306-3", "3137-7", "29463-7", "3141-9", "3142-7", "39156-5", "41909-3", "59408-5", "2708-6",
    "8287-5", "9843-4", "8716-3", "8478-0", "72514-3", "8277-6", "59574-4", "59575-1", "59576-9",
    "8289-1", "8336-0", "8361-8",
];

const HISTORY: &[&str] = &[
    "72166-2", "11367-0", "11366-2", "8663-7", "64234-8", "74010-0", "74013-4", "11331-6",
    "76689-9", "82810-3", "11996-6", "8665-2",
];

const VITAL_NAMES: &[&str] = &[
    "blood pressure",
    "bp",
    "systolic blood pressure",
    "diastolic blood pressure",
    "systolic bp",
    "diastolic bp",
    "heart rate",
    "pulse",
    "pulse rate",
    "respiratory rate",
    "respiration rate",
    "body temperature",
    "body tempurature",
    "temperature",
    "body weight",
    "weight",
    "body height",
    "height",
    "body length",
    "body mass index",
    "bmi",
    "oxygen saturation",
    "o2 saturation",
    "spo2",
    "head circumference",
    "pain severity",
    "pain score",
];

const RELATIVES: &[(&str, &str)] = &[
    ("FTH", "Father"),
    ("NFTH", "Father"),
    ("STPFTH", "Stepfather"),
    ("ADOPTF", "Adoptive father"),
    ("MTH", "Mother"),
    ("NMTH", "Mother"),
    ("STPMTH", "Stepmother"),
    ("ADOPTM", "Adoptive mother"),
    ("PRN", "Parent"),
    ("BRO", "Brother"),
    ("NBRO", "Brother"),
    ("HBRO", "Half-brother"),
    ("SIS", "Sister"),
    ("NSIS", "Sister"),
    ("HSIS", "Half-sister"),
    ("SIB", "Brother or sister"),
    ("TWINBRO", "Twin brother"),
    ("TWINSIS", "Twin sister"),
    ("SON", "Son"),
    ("SONC", "Son"),
    ("DAU", "Daughter"),
    ("DAUC", "Daughter"),
    ("CHILD", "Child"),
    ("GRFTH", "Grandfather"),
    ("MGRFTH", "Mother’s father"),
    ("PGRFTH", "Father’s father"),
    ("GRMTH", "Grandmother"),
    ("MGRMTH", "Mother’s mother"),
    ("PGRMTH", "Father’s mother"),
    ("GRPRN", "Grandparent"),
    ("UNCLE", "Uncle"),
    ("MUNCLE", "Mother’s brother"),
    ("PUNCLE", "Father’s brother"),
    ("AUNT", "Aunt"),
    ("MAUNT", "Mother’s sister"),
    ("PAUNT", "Father’s sister"),
    ("COUSN", "Cousin"),
    ("NEPHEW", "Nephew"),
    ("NIECE", "Niece"),
    ("HUSB", "Husband"),
    ("WIFE", "Wife"),
    ("SPS", "Husband or wife"),
    ("FAMMEMB", "Family member"),
    ("FRND", "Friend"),
];

const PARTICIPANTS: &[(&str, &str)] = &[
    ("ADM", "Admitted by"),
    ("ATND", "In charge"),
    ("CALLBCK", "To be called back"),
    ("CON", "Asked for advice"),
    ("DIS", "Discharged by"),
    ("ESC", "Came along"),
    ("PART", "Took part"),
    ("PPRF", "Mainly done by"),
    ("PRF", "Done by"),
    ("REF", "Referred by"),
    ("SPRF", "Helped by"),
    ("TRANS", "Brought by"),
];

const SITES: &[(&str, &str)] = &[
    ("LA", "Left arm"),
    ("RA", "Right arm"),
    ("LUA", "Left upper arm"),
    ("RUA", "Right upper arm"),
    ("LLFA", "Left lower forearm"),
    ("RLFA", "Right lower forearm"),
    ("LD", "Left deltoid"),
    ("RD", "Right deltoid"),
    ("LT", "Left thigh"),
    ("RT", "Right thigh"),
    ("LG", "Left buttock"),
    ("RG", "Right buttock"),
];

const ROUTES: &[(&str, &str)] = &[
    ("IM", "Into a muscle"),
    ("SQ", "Under the skin"),
    ("IDINJ", "Into the skin"),
    ("IV", "Into a vein"),
    ("IVINJ", "Into a vein"),
    ("PO", "By mouth"),
    ("NASINHL", "Through the nose"),
    ("NASINHLC", "Through the nose"),
    ("TRNSDERM", "Through the skin"),
];

const MARITAL: &[(&str, &str)] = &[
    ("A", "Annulled"),
    ("D", "Divorced"),
    ("I", "Interlocutory"),
    ("L", "Legally separated"),
    ("M", "Married"),
    ("P", "Polygamous"),
    ("S", "Never married"),
    ("T", "Domestic partner"),
    ("U", "Unmarried"),
    ("W", "Widowed"),
];

const SERVICES: &[(&str, &str)] = &[
    ("AU", "Audiology"),
    ("BG", "Blood gases"),
    ("BLB", "Blood bank"),
    ("CH", "Chemistry"),
    ("CP", "Cell pathology"),
    ("CT", "CT scan"),
    ("CUS", "Heart ultrasound"),
    ("CY", "Cytology"),
    ("EC", "Electrocardiogram"),
    ("GE", "Genetics"),
    ("HM", "Hematology"),
    ("IMM", "Immunology"),
    ("LAB", "Laboratory"),
    ("MB", "Microbiology"),
    ("MCB", "Mycobacteriology"),
    ("MYC", "Mycology"),
    ("NMR", "Magnetic resonance"),
    ("NMS", "Nuclear medicine scan"),
    ("OSL", "Outside lab"),
    ("OUS", "Obstetric ultrasound"),
    ("PAT", "Pathology"),
    ("RAD", "Radiology"),
    ("RUS", "Radiology ultrasound"),
    ("RX", "X-ray"),
    ("SP", "Surgical pathology"),
    ("SR", "Serology"),
    ("TX", "Toxicology"),
    ("VR", "Virology"),
    ("VUS", "Vascular ultrasound"),
];

const LANGUAGES: &[(&str, &str)] = &[
    ("ar", "Arabic"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("fa", "Persian"),
    ("fr", "French"),
    ("hi", "Hindi"),
    ("ht", "Haitian Creole"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ru", "Russian"),
    ("so", "Somali"),
    ("tl", "Tagalog"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

const LOINC: &[(&str, &str)] = &[
    ("34133-9", "Summary of care"),
    ("11506-3", "Progress note"),
    ("18842-5", "Discharge summary"),
    ("34117-2", "History and physical"),
    ("11488-4", "Consultation note"),
    ("28570-0", "Procedure note"),
    ("11504-8", "Surgery note"),
    ("18748-4", "Imaging report"),
    ("57133-1", "Referral note"),
    ("34109-9", "Note"),
    ("58410-2", "Blood count (CBC)"),
    ("57021-8", "Blood count (CBC) with differential"),
    ("24323-8", "Comprehensive metabolic panel (CMP)"),
    ("24321-2", "Basic metabolic panel"),
    ("51990-0", "Basic metabolic panel"),
    ("24331-1", "Lipid panel"),
    ("57698-3", "Lipid panel"),
    ("24325-3", "Hepatic function panel"),
    ("24356-8", "Urinalysis"),
    ("24357-6", "Urinalysis, dipstick"),
    ("6690-2", "Leukocytes (WBC)"),
    ("789-8", "Erythrocytes (RBC)"),
    ("718-7", "Hemoglobin"),
    ("4544-3", "Hematocrit"),
    ("787-2", "MCV"),
    ("785-6", "MCH"),
    ("786-4", "MCHC"),
    ("21000-5", "RDW-SD"),
    ("788-0", "RDW"),
    ("777-3", "Platelets"),
    ("32207-3", "Platelet distribution width"),
    ("32623-1", "Mean platelet volume (MPV)"),
    ("770-8", "Neutrophils %"),
    ("751-8", "Neutrophils, absolute"),
    ("736-9", "Lymphocytes %"),
    ("731-0", "Lymphocytes, absolute"),
    ("5905-5", "Monocytes %"),
    ("742-7", "Monocytes, absolute"),
    ("713-8", "Eosinophils %"),
    ("711-2", "Eosinophils, absolute"),
    ("706-2", "Basophils %"),
    ("704-7", "Basophils, absolute"),
    ("71695-1", "Immature granulocytes %"),
    ("38518-7", "Immature granulocytes %"),
    ("53115-2", "Immature granulocytes, absolute"),
    ("2345-7", "Glucose"),
    ("2339-0", "Glucose"),
    ("3094-0", "Urea nitrogen (BUN)"),
    ("6299-2", "Urea nitrogen (BUN)"),
    ("2160-0", "Creatinine"),
    ("38483-4", "Creatinine"),
    ("2951-2", "Sodium"),
    ("2947-0", "Sodium"),
    ("2823-3", "Potassium"),
    ("6298-4", "Potassium"),
    ("2075-0", "Chloride"),
    ("2069-3", "Chloride"),
    ("2028-9", "Carbon dioxide (CO2)"),
    ("20565-8", "Carbon dioxide (CO2)"),
    ("17861-6", "Calcium"),
    ("49765-1", "Calcium"),
    ("2885-2", "Total protein"),
    ("1751-7", "Albumin"),
    ("1975-2", "Bilirubin, total"),
    ("1968-7", "Bilirubin, direct"),
    ("6768-6", "Alkaline phosphatase (ALP)"),
    ("1920-8", "AST"),
    ("1742-6", "ALT"),
    ("3097-3", "BUN/creatinine ratio"),
    ("10834-0", "Globulin"),
    ("2336-6", "Globulin"),
    ("1759-0", "Albumin/globulin ratio"),
    ("33037-3", "Anion gap"),
    ("2093-3", "Cholesterol, total"),
    ("2571-8", "Triglycerides"),
    ("2085-9", "HDL cholesterol"),
    ("13457-7", "LDL cholesterol (calculated)"),
    ("96259-7", "LDL cholesterol (calculated)"),
    ("18262-6", "LDL cholesterol (direct)"),
    ("13458-5", "VLDL cholesterol"),
    ("43396-1", "Non-HDL cholesterol"),
    ("9830-1", "Cholesterol/HDL ratio"),
    ("3016-3", "TSH"),
    ("3024-7", "Free T4"),
    ("3026-2", "Total T4"),
    ("3053-6", "T3"),
    ("3051-0", "Free T3"),
    ("4548-4", "Hemoglobin A1c"),
    ("17856-6", "Hemoglobin A1c"),
    ("5767-9", "Appearance of urine"),
    ("5778-6", "Color of urine"),
    ("34533-0", "Odor of urine"),
    ("32167-9", "Clarity of urine"),
    ("5792-7", "Glucose in urine"),
    ("25428-4", "Glucose in urine"),
    ("20505-4", "Bilirubin in urine"),
    ("5770-3", "Bilirubin in urine"),
    ("5797-6", "Ketones in urine"),
    ("2514-8", "Ketones in urine"),
    ("5811-5", "Specific gravity of urine"),
    ("5803-2", "pH of urine"),
    ("5804-0", "Protein in urine"),
    ("20454-5", "Protein in urine"),
    ("20405-7", "Urobilinogen in urine"),
    ("5802-4", "Nitrite in urine"),
    ("5794-3", "Blood in urine"),
    ("5799-2", "Leukocyte esterase in urine"),
    ("8480-6", "Systolic blood pressure"),
    ("8462-4", "Diastolic blood pressure"),
    ("55284-4", "Blood pressure"),
    ("85354-9", "Blood pressure"),
    ("8867-4", "Heart rate"),
    ("9279-1", "Respiratory rate"),
    ("8310-5", "Body temperature"),
    ("8331-1", "Body temperature"),
    ("8302-2", "Body height"),
    ("8306-3", "Body length"),
    ("3137-7", "Body height"),
    ("29463-7", "Body weight"),
    ("3141-9", "Body weight"),
    ("3142-7", "Body weight"),
    ("39156-5", "Body mass index (BMI)"),
    ("59408-5", "Oxygen saturation"),
    ("2708-6", "Oxygen saturation"),
    ("8287-5", "Head circumference"),
    ("9843-4", "Head circumference"),
    ("8478-0", "Mean blood pressure"),
    ("72514-3", "Pain score"),
    ("8716-3", "Vital signs"),
    ("72166-2", "Tobacco smoking status"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_billing_codes_in_our_words() {
        let words = |code| billing(code).map(|found| (found.words, found.is_visit));
        assert_eq!(words("99214"), Some(("Office visit, established patient", true)));
        assert_eq!(words("99385"), Some(("Preventive visit, new patient", true)));
        assert_eq!(words("36415"), Some(("Blood draw", false)));
        assert_eq!(words("90746"), Some(("Vaccine", false)));
        assert_eq!(words("90371"), Some(("Immune globulin", false)));
        assert_eq!(words("85025"), Some(("Lab test: blood count (CBC)", false)));
        assert_eq!(words("99417"), Some(("Longer visit, added time", false)));
        assert_eq!(words("G0439"), Some(("Annual wellness visit", true)));
        assert_eq!(words("12345"), None);
        assert_eq!(words("214"), None);
    }

    #[test]
    fn has_each_code_once() {
        let mut codes: Vec<_> = LOINC.iter().map(|(code, _)| code).collect();
        let n_rows = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), n_rows);
    }
}
