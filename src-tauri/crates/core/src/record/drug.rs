//! A medicine's name taken apart: ingredient with salt, strength, form, release and route. Two
//! sources are one medicine only where all of them agree.

use serde::{Deserialize, Serialize};

/// A medicine by the parts of its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Drug {
    /// The ingredients with their salts, in the order they stand.
    #[serde(rename = "i")]
    pub(super) ingredient: String,
    /// Every amount in the name, spelt in one way: `500 mg`.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) strength: Vec<String>,
    /// Tablet, capsule, …, with what qualifies it (chewable).
    #[serde(rename = "f", default, skip_serializing_if = "String::is_empty")]
    pub(super) form: String,
    /// How it is released: `er`, `xr`; empty where nothing was said.
    #[serde(rename = "r", default, skip_serializing_if = "String::is_empty")]
    pub(super) release: String,
    /// Over how many hours it is released.
    #[serde(rename = "h", default, skip_serializing_if = "String::is_empty")]
    pub(super) hours: String,
    /// How it is taken, as said or as its form has it.
    #[serde(rename = "w", default, skip_serializing_if = "String::is_empty")]
    pub(super) route: String,
    /// Its codes (RxNorm), as far as they were sent.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) codes: Vec<String>,
}

impl Drug {
    /// Takes a name apart. `route` and `form` are what was sent beside it.
    pub(super) fn read(name: &str, form: &str, route: &str, codes: Vec<String>) -> Drug {
        let mut drug = Drug { codes, ..Drug::default() };
        drug.codes.sort();
        drug.codes.dedup();
        let mut ingredient: Vec<String> = Vec::new();
        let mut forms: Vec<&str> = Vec::new();
        let mut releases: Vec<&str> = Vec::new();
        let words = words(name);
        let mut rest = words.as_slice();
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            let next = after.first().map_or("", String::as_str);
            if let Some(number) = number(word) {
                if matches!(next, "hr" | "hrs" | "hour" | "hours") {
                    drug.hours = number;
                    rest = after.get(1..).unwrap_or_default();
                } else if let Some(unit) = unit(next) {
                    drug.strength.push(format!("{number} {unit}"));
                    rest = after.get(1..).unwrap_or_default();
                } else {
                    ingredient.push(number);
                }
            } else if matches!(word.as_str(), "extended" | "delayed" | "sustained" | "immediate")
                && next == "release"
            {
                releases.push(match word.as_str() {
                    "extended" => "er",
                    "delayed" => "dr",
                    "sustained" => "sr",
                    _ => "ir",
                });
                rest = after.get(1..).unwrap_or_default();
            } else if matches!((word.as_str(), next), ("enteric", "coated") | ("film", "coated")) {
                if word == "enteric" {
                    releases.push("ec");
                }
                rest = after.get(1..).unwrap_or_default();
            } else if RELEASES.contains(&word.as_str()) {
                releases.push(known(RELEASES, word));
            } else if let Some(form) = spelt(FORMS, word) {
                forms.push(form);
            } else if let Some(route) = spelt(ROUTES, word) {
                route.clone_into(&mut drug.route);
            } else if let Some(unit) = unit(word) {
                // "per 15 mL" was read with its number; "/mL" alone is one of them.
                drug.strength.push(format!("1 {unit}"));
            } else if !FILLERS.contains(&word.as_str()) {
                ingredient.push(word.clone());
            }
        }
        if forms.is_empty() {
            forms.extend(self::words(form).iter().filter_map(|word| spelt(FORMS, word)));
        }
        forms.sort_unstable();
        forms.dedup();
        releases.sort_unstable();
        releases.dedup();
        drug.ingredient = ingredient.join(" ");
        drug.form = forms.join(" ");
        drug.release = releases.join(" ");
        if drug.route.is_empty()
            && let Some(route) = self::words(route).iter().find_map(|word| spelt(ROUTES, word))
        {
            route.clone_into(&mut drug.route);
        }
        if drug.route.is_empty() {
            let by_form = FORM_ROUTES.iter().find(|(form, _)| forms.contains(form));
            by_form.map_or("", |(_, route)| route).clone_into(&mut drug.route);
        }
        drug
    }

    /// Whether both are one medicine: every part was sent, and all agree.
    pub(super) fn is_same(&self, other: &Drug) -> bool {
        let shares_code = self.codes.iter().any(|code| other.codes.contains(code));
        let codes_differ = !self.codes.is_empty() && !other.codes.is_empty() && !shares_code;
        !self.ingredient.is_empty()
            && !self.strength.is_empty()
            && !self.form.is_empty()
            && self.ingredient == other.ingredient
            && self.strength == other.strength
            && self.form == other.form
            && self.release == other.release
            && !self.route.is_empty()
            && self.route == other.route
            && !codes_differ
            // The number of hours is left out by some; the code then tells that it is the same.
            && (self.hours == other.hours
                || shares_code && (self.hours.is_empty() || other.hours.is_empty()))
    }

    /// The ingredients without their salts: what two that may be the same have in common. Empty
    /// where there is none.
    pub(super) fn base(&self) -> String {
        let mut words: Vec<&str> =
            self.ingredient.split(' ').filter(|word| !SALTS.contains(word)).collect();
        if words.is_empty() {
            words = self.ingredient.split(' ').collect();
        }
        words.retain(|word| !word.is_empty());
        words.sort_unstable();
        words.dedup();
        words.join(" ")
    }
}

/// The words and numbers of a name in lower case, a number apart from the unit glued to it.
fn words(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lower = name.to_lowercase();
    for piece in lower.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '%' | '-' | ','))
    {
        let piece = piece.trim_matches(['.', ',', '-']);
        let digits_end = piece
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))
            .unwrap_or(piece.len());
        let (digits, tail) = piece.split_at_checked(digits_end).unwrap_or((piece, ""));
        let glued = tail.trim_matches(['.', ',', '-']);
        if !digits.is_empty() && !glued.is_empty() && (unit(glued).is_some() || is_hours(glued)) {
            found.push(digits.to_owned());
            found.push(glued.to_owned());
            continue;
        }
        for part in piece.split([',', '-']).filter(|part| !part.is_empty()) {
            // A comma inside a number parts thousands.
            if number(piece).is_some() {
                found.push(piece.to_owned());
                break;
            }
            found.push(part.to_owned());
        }
    }
    found
}

fn is_hours(word: &str) -> bool {
    matches!(word, "hr" | "hrs" | "hour" | "hours" | "h")
}

/// A number spelt in one way: `5.0` and `5` are one, `1,000` and `1000` too.
fn number(word: &str) -> Option<String> {
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    (has_digit && is_number).then(|| {
        let plain = word.replace(',', "");
        match plain.contains('.') {
            true => plain.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => plain,
        }
    })
}

fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "mg" | "mgs" => "mg",
        "mcg" | "ug" | "µg" | "μg" => "mcg",
        "g" | "gm" | "gram" | "grams" => "g",
        "kg" => "kg",
        "ml" => "ml",
        "l" => "l",
        "meq" => "meq",
        "mmol" => "mmol",
        "iu" => "iu",
        "unit" | "units" | "unt" => "unit",
        "%" => "%",
        "cm" => "cm",
        "actuat" | "actuation" | "puff" => "puff",
        _ => return None,
    })
}

fn spelt(table: &'static [(&'static str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == word).map(|(_, spelt)| *spelt)
}

fn known(table: &'static [&'static str], word: &str) -> &'static str {
    table.iter().find(|known| **known == word).copied().unwrap_or("")
}

const RELEASES: &[&str] = &["er", "xr", "xl", "sr", "cr", "dr", "la", "cd", "ec", "ir", "xt"];

const FORMS: &[(&str, &str)] = &[
    ("tablet", "tablet"),
    ("tablets", "tablet"),
    ("tab", "tablet"),
    ("tabs", "tablet"),
    ("capsule", "capsule"),
    ("capsules", "capsule"),
    ("cap", "capsule"),
    ("caps", "capsule"),
    ("caplet", "caplet"),
    ("caplets", "caplet"),
    ("chewable", "chewable"),
    ("disintegrating", "disintegrating"),
    ("odt", "disintegrating tablet"),
    ("softgel", "softgel"),
    ("lozenge", "lozenge"),
    ("solution", "solution"),
    ("soln", "solution"),
    ("sol", "solution"),
    ("suspension", "suspension"),
    ("susp", "suspension"),
    ("syrup", "syrup"),
    ("elixir", "elixir"),
    ("liquid", "liquid"),
    ("drops", "drops"),
    ("cream", "cream"),
    ("ointment", "ointment"),
    ("oint", "ointment"),
    ("gel", "gel"),
    ("lotion", "lotion"),
    ("foam", "foam"),
    ("shampoo", "shampoo"),
    ("patch", "patch"),
    ("patches", "patch"),
    ("spray", "spray"),
    ("inhaler", "inhaler"),
    ("hfa", "hfa"),
    ("aerosol", "aerosol"),
    ("nebulizer", "nebulizer"),
    ("powder", "powder"),
    ("injection", "injection"),
    ("injectable", "injection"),
    ("inj", "injection"),
    ("pen", "pen"),
    ("vial", "vial"),
    ("syringe", "syringe"),
    ("suppository", "suppository"),
    ("film", "film"),
    ("ring", "ring"),
    ("implant", "implant"),
    ("enema", "enema"),
];

const ROUTES: &[(&str, &str)] = &[
    ("oral", "oral"),
    ("orally", "oral"),
    ("po", "oral"),
    ("mouth", "oral"),
    ("topical", "topical"),
    ("ophthalmic", "eye"),
    ("otic", "ear"),
    ("nasal", "nose"),
    ("inhalation", "inhaled"),
    ("inhalant", "inhaled"),
    ("rectal", "rectal"),
    ("vaginal", "vaginal"),
    ("transdermal", "transdermal"),
    ("sublingual", "sublingual"),
    ("buccal", "buccal"),
    ("subcutaneous", "subcutaneous"),
    ("intramuscular", "intramuscular"),
    ("intravenous", "intravenous"),
];

/// Which way a form is taken, where there is but one.
const FORM_ROUTES: &[(&str, &str)] = &[
    ("tablet", "oral"),
    ("capsule", "oral"),
    ("caplet", "oral"),
    ("disintegrating tablet", "oral"),
    ("softgel", "oral"),
    ("syrup", "oral"),
    ("elixir", "oral"),
    ("inhaler", "inhaled"),
    ("hfa", "inhaled"),
    ("lotion", "topical"),
    ("patch", "transdermal"),
    ("shampoo", "topical"),
];

const FILLERS: &[&str] = &["of", "the", "in", "per", "for", "and", "with", "as", "release", "dose"];

/// Words that name a salt or a hydrate and not the ingredient itself.
const SALTS: &[&str] = &[
    "acetate",
    "anhydrous",
    "benzoate",
    "besylate",
    "bitartrate",
    "bromide",
    "calcium",
    "carbonate",
    "chloride",
    "citrate",
    "dihydrate",
    "disodium",
    "fumarate",
    "gluconate",
    "hcl",
    "hydrobromide",
    "hydrochloride",
    "lactate",
    "magnesium",
    "maleate",
    "medoxomil",
    "mesylate",
    "monohydrate",
    "nitrate",
    "phosphate",
    "potassium",
    "sodium",
    "succinate",
    "sulfate",
    "tartrate",
    "trihydrate",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> Drug {
        Drug::read(name, "", "", Vec::new())
    }

    #[test]
    fn takes_a_name_apart() {
        let drug = read("METFORMIN HCL ER 500 MG 24 HR TABLET");
        assert_eq!(drug.ingredient, "metformin hcl");
        assert_eq!(drug.strength, ["500 mg"]);
        assert_eq!((drug.form.as_str(), drug.route.as_str()), ("tablet", "oral"));
        assert_eq!((drug.release.as_str(), drug.hours.as_str()), ("er", "24"));
        let drug = read("Lisinopril 10 MG / Hydrochlorothiazide 12.50mg Oral Tablet");
        assert_eq!(drug.ingredient, "lisinopril hydrochlorothiazide");
        assert_eq!(drug.strength, ["10 mg", "12.5 mg"]);
        assert_eq!(read("").base(), "");
    }

    #[test]
    fn is_one_medicine_only_where_every_part_agrees() {
        let same = [
            ("AMLODIPINE BESYLATE 5 MG TABLET", "Amlodipine besylate 5.0 mg oral tab"),
            ("ALBUTEROL HFA 90 MCG INHALER", "albuterol hfa 90 mcg inhaler"),
            ("Metformin 24 HR Extended Release 500 MG tablet", "METFORMIN ER 500 MG 24 HR TABLET"),
            ("HEPARIN 1,000 UNIT/ML INTRAVENOUS VIAL", "heparin 1000 units/ml intravenous vial"),
            ("ONDANSETRON ODT 4 MG", "ondansetron 4 mg odt"),
        ];
        for (left, right) in same {
            assert!(read(left).is_same(&read(right)), "{left} | {right}");
        }
        let other = [
            ("AMLODIPINE BESYLATE 5 MG TABLET", "AMLODIPINE BESYLATE 10 MG TABLET"),
            ("ATORVASTATIN 20 MG TABLET", "ATORVASTATIN CALCIUM 20 MG TABLET"),
            ("METFORMIN 500 MG TABLET", "METFORMIN ER 500 MG TABLET"),
            ("METFORMIN ER 500 MG TABLET", "METFORMIN ER 500 MG 24 HR TABLET"),
            ("Bupropion SR 150 mg tablet", "Bupropion XL 150 mg tablet"),
            ("Diclofenac 1 % gel", "Diclofenac 1 % ophthalmic gel"),
            ("Prednisone 5 mg tablet", "Prednisone 5 mg capsule"),
            ("Lisinopril", "Lisinopril"),
            ("Lisinopril 10 mg", "Lisinopril 10 mg"),
            // For the eye, or for the ear.
            ("OFLOXACIN 0.3 % DROPS", "OFLOXACIN 0.3 % DROPS"),
        ];
        for (left, right) in other {
            assert!(!read(left).is_same(&read(right)), "{left} | {right}");
        }
    }

    #[test]
    fn a_shared_code_stands_for_the_hours_and_for_nothing_else() {
        let coded = |name: &str, code: &str| Drug::read(name, "", "", vec![code.to_owned()]);
        let short = coded("Metformin ER 500 mg tablet", "860975");
        assert!(short.is_same(&coded("METFORMIN ER 500 MG 24 HR TABLET", "860975")));
        assert!(!short.is_same(&coded("METFORMIN ER 500 MG TABLET", "861007")));
        assert!(!coded("METFORMIN", "6809").is_same(&coded("METFORMIN ER 500 MG TABLET", "6809")));
    }

    #[test]
    fn has_a_base_without_salts() {
        for (name, base) in [
            ("AMLODIPINE BESYLATE 5 MG TABLET", "amlodipine"),
            ("Potassium chloride 10 mEq tablet", "chloride potassium"),
            (
                "Hydrochlorothiazide 25 mg / lisinopril 20 mg tablet",
                "hydrochlorothiazide lisinopril",
            ),
        ] {
            assert_eq!(read(name).base(), base);
        }
    }
}
