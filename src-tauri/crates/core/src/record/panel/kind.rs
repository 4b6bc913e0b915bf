//! Which panel it is, by its name or code, and what such a panel holds.

use super::analyte::A;

/// A panel that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    BloodCount,
    Comprehensive,
    Basic,
    Lipid,
    Hepatic,
    Renal,
    Electrolytes,
    Thyroid,
    A1c,
    Iron,
    VitaminD,
    Psa,
    Coagulation,
    Urinalysis,
    Vitamins,
    Inflammation,
}

impl Kind {
    /// For sentences: "a blood count (CBC)".
    pub(super) fn words(self) -> &'static str {
        match self {
            Kind::BloodCount => "a blood count (CBC)",
            Kind::Comprehensive => "a comprehensive metabolic panel (CMP)",
            Kind::Basic => "a basic metabolic panel (BMP)",
            Kind::Lipid => "a lipid panel",
            Kind::Hepatic => "a liver panel",
            Kind::Renal => "a kidney panel",
            Kind::Electrolytes => "an electrolyte panel",
            Kind::Thyroid => "a thyroid panel",
            Kind::A1c => "a hemoglobin A1c test",
            Kind::Iron => "an iron panel",
            Kind::VitaminD => "a vitamin D test",
            Kind::Psa => "a PSA test",
            Kind::Coagulation => "a clotting panel",
            Kind::Urinalysis => "a urinalysis",
            Kind::Vitamins => "a vitamin B12 and folate test",
            Kind::Inflammation => "a test for inflammation",
        }
    }

    /// What such a panel usually holds.
    pub(super) fn members(self) -> &'static [A] {
        match self {
            Kind::BloodCount => &[
                A::Wbc,
                A::Rbc,
                A::Hgb,
                A::Hct,
                A::Mcv,
                A::Mch,
                A::Mchc,
                A::Rdw,
                A::Plt,
                A::Mpv,
                A::NeutPct,
                A::LymphPct,
                A::MonoPct,
                A::EosPct,
                A::BasoPct,
                A::IgPct,
                A::NeutAbs,
                A::LymphAbs,
                A::MonoAbs,
                A::EosAbs,
                A::BasoAbs,
                A::IgAbs,
            ],
            Kind::Comprehensive => &[
                A::Glucose,
                A::Bun,
                A::Creat,
                A::Egfr,
                A::BunCreat,
                A::Na,
                A::K,
                A::Cl,
                A::Co2,
                A::Ca,
                A::Protein,
                A::Albumin,
                A::Globulin,
                A::AgRatio,
                A::BiliTotal,
                A::Alp,
                A::Ast,
                A::Alt,
                A::AnionGap,
            ],
            Kind::Basic => &[
                A::Glucose,
                A::Bun,
                A::Creat,
                A::Egfr,
                A::BunCreat,
                A::Na,
                A::K,
                A::Cl,
                A::Co2,
                A::Ca,
                A::AnionGap,
            ],
            Kind::Lipid => &[A::Chol, A::Trig, A::Hdl, A::Ldl, A::Vldl, A::NonHdl, A::CholHdl],
            Kind::Hepatic => &[
                A::Protein,
                A::Albumin,
                A::BiliTotal,
                A::BiliDirect,
                A::Alp,
                A::Ast,
                A::Alt,
                A::Globulin,
                A::AgRatio,
                A::BiliIndirect,
            ],
            Kind::Renal => &[
                A::Glucose,
                A::Bun,
                A::Creat,
                A::Egfr,
                A::BunCreat,
                A::Na,
                A::K,
                A::Cl,
                A::Co2,
                A::Ca,
                A::Phos,
                A::Albumin,
                A::AnionGap,
            ],
            Kind::Electrolytes => &[A::Na, A::K, A::Cl, A::Co2, A::AnionGap],
            Kind::Thyroid => &[A::Tsh, A::Ft4, A::T4, A::T3, A::Ft3, A::T3Uptake, A::Fti],
            Kind::A1c => &[A::A1c, A::Eag],
            Kind::Iron => &[A::Iron, A::Tibc, A::Uibc, A::IronSat, A::Ferritin, A::Transferrin],
            Kind::VitaminD => &[A::VitD],
            Kind::Psa => &[A::Psa],
            Kind::Coagulation => &[A::Pt, A::Inr, A::Aptt],
            Kind::Urinalysis => {
                &[A::Sg, A::UrinePh, A::Urobili, A::UColor, A::UAppear, A::UWbc, A::URbc, A::UEpi]
            }
            Kind::Vitamins => &[A::B12, A::Folate],
            Kind::Inflammation => &[A::Crp, A::Esr],
        }
    }

    /// What some laboratories add to it.
    pub(super) fn extras(self) -> &'static [A] {
        match self {
            Kind::BloodCount => {
                &[A::RdwSd, A::Pdw, A::BandsPct, A::NrbcPct, A::NrbcAbs, A::ReticPct]
            }
            Kind::Comprehensive => &[
                A::EgfrAa,
                A::BiliDirect,
                A::BiliIndirect,
                A::Ggt,
                A::Ldh,
                A::Phos,
                A::Mg,
                A::Uric,
                A::Osmol,
            ],
            Kind::Basic => &[A::EgfrAa, A::Phos, A::Mg, A::Osmol],
            Kind::Lipid => &[A::LdlHdl, A::Glucose],
            Kind::Hepatic => &[A::Ggt, A::Ldh],
            Kind::Renal => &[A::EgfrAa, A::Mg, A::Uric],
            Kind::Iron | Kind::Thyroid | Kind::VitaminD | Kind::Psa | Kind::Urinalysis => &[],
            Kind::Coagulation => &[A::Fibrinogen],
            Kind::A1c => &[A::Glucose],
            Kind::Electrolytes | Kind::Vitamins | Kind::Inflammation => &[],
        }
    }
}

/// The panels that a name speaks of. "CMP and lipid panel" are two.
pub(super) fn by_name(name: &str) -> Vec<Kind> {
    let lower = name.to_lowercase();
    let spaced: String = lower.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let plain = format!(" {} ", words.join(" "));
    let has = |any: &[&str]| any.iter().any(|part| plain.contains(part));
    let mut kinds = Vec::new();
    if has(&[" subset", " cd4 ", " helper"]) {
        // Kinds of white cells have names like those of hormones.
        return kinds;
    }
    let mut add = |found: bool, kind: Kind| {
        if found {
            kinds.push(kind);
        }
    };
    let is_urine = has(&[" urine", "urinalysis", " ua ", " u a ", "urinlys", " dipstick"]);
    add(has(&["urinalysis", " ua ", " u a ", " dipstick", "urine analysis"]), Kind::Urinalysis);
    if is_urine {
        return kinds;
    }
    let is_count = has(&[
        " cbc",
        "blood count",
        "hemogram",
        "haemogram",
        "blood cell count",
        " h h ",
        "diff plt",
        " cbcd",
        "complete count",
    ]);
    add(is_count, Kind::BloodCount);
    let is_basic = has(&[
        "basic metabolic",
        " bmp",
        "metabolic panel basic",
        "chem 7 ",
        "chem7",
        "chem 8 ",
        "chem8",
        "metab basic",
        "basic metab",
        "basic chemistry",
    ]);
    let is_comprehensive = has(&[
        "comprehensive metabolic",
        "comp metabolic",
        "comp metab",
        "comprehen metab",
        " cmp",
        "comprehensive chem",
        "metabolic panel comp",
        "comprehensive panel",
        "chem 14",
        "chem14",
        "chem 20",
        "chem 12",
        "compr metab",
        "metabolic comprehensive",
        "comprehensive metab",
        "comp met",
        "general health panel",
    ]);
    add(is_basic, Kind::Basic);
    add(
        is_comprehensive || !is_basic && has(&["metabolic panel", "chemistry panel", "chem panel"]),
        Kind::Comprehensive,
    );
    add(has(&[" lipid", " cholesterol", " llp "]), Kind::Lipid);
    add(has(&[" hepatic", " liver", " lft", " hfp "]), Kind::Hepatic);
    add(has(&[" renal function", " renal panel", " kidney", " rfp "]), Kind::Renal);
    add(has(&["electrolyte", " lytes "]), Kind::Electrolytes);
    add(
        has(&[" thyroid", " tsh", " free t4", " t4 ", " thyroxine", " t3 ", " tfts "]),
        Kind::Thyroid,
    );
    add(
        has(&["a1c", "glycohemoglobin", "glycated hem", "glycosylated hem", "hgba1", "hba1"]),
        Kind::A1c,
    );
    add(has(&[" iron ", " tibc", "ferritin", " iron "]), Kind::Iron);
    add(has(&["vitamin d ", " vit d ", "25 hydroxy", "25 oh"]), Kind::VitaminD);
    add(has(&[" psa ", "prostate specific", "prostatic specific"]), Kind::Psa);
    add(
        has(&[
            "prothrombin",
            " pt inr",
            " protime",
            " pro time",
            " ptt ",
            " aptt ",
            "coagulation",
            " inr ",
            "thromboplastin",
            " coag ",
        ]),
        Kind::Coagulation,
    );
    add(has(&[" b12", "folate", "cobalamin", "folic acid"]), Kind::Vitamins);
    add(has(&[" crp ", "c reactive", "sed rate", "sedimentation", " esr "]), Kind::Inflammation);
    kinds
}

/// The panels of a code: LOINC, or the CPT code under which such a panel is billed.
pub(super) fn by_code(code: &str) -> &'static [Kind] {
    match code.trim() {
        "58410-2" | "57021-8" | "57782-5" | "69742-5" | "24317-0" | "24358-4" | "57023-4"
        | "85025" | "85027" => &[Kind::BloodCount],
        "24323-8" | "24322-0" | "80053" => &[Kind::Comprehensive],
        "24321-2" | "24320-4" | "51990-0" | "70219-1" | "80048" | "80047" => &[Kind::Basic],
        "24331-1" | "57698-3" | "100898-6" | "80061" => &[Kind::Lipid],
        "24325-3" | "24324-6" | "80076" => &[Kind::Hepatic],
        "24362-6" | "80069" => &[Kind::Renal],
        "24326-1" | "55231-5" | "80051" => &[Kind::Electrolytes],
        "24348-5" | "84443" | "84439" => &[Kind::Thyroid],
        "55454-3" | "83036" => &[Kind::A1c],
        "50190-8" | "83540" | "83550" | "82728" => &[Kind::Iron],
        "82306" => &[Kind::VitaminD],
        "84153" | "84154" => &[Kind::Psa],
        "34528-0" | "24373-3" | "85610" | "85730" => &[Kind::Coagulation],
        "24356-8" | "24357-6" | "57020-0" | "50556-0" | "81001" | "81002" | "81003" => {
            &[Kind::Urinalysis]
        }
        "82607" | "82746" => &[Kind::Vitamins],
        "86140" | "85651" | "85652" => &[Kind::Inflammation],
        "80050" => &[Kind::BloodCount, Kind::Comprehensive, Kind::Thyroid],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_panel_by_the_names_laboratories_use() {
        for (name, kinds) in [
            ("CBC With Differential/Platelet", &[Kind::BloodCount][..]),
            ("CBC (INCLUDES DIFF/PLT)", &[Kind::BloodCount]),
            ("ZZHIST CBC 5 PART DIFF - Final result", &[Kind::BloodCount]),
            ("Complete Blood Count", &[Kind::BloodCount]),
            ("Hemogram, platelets", &[Kind::BloodCount]),
            ("Comp. Metabolic Panel (14)", &[Kind::Comprehensive]),
            ("COMPREHENSIVE METABOLIC PANEL - Final result", &[Kind::Comprehensive]),
            ("METABOLIC PANEL, COMPREHENSIVE", &[Kind::Comprehensive]),
            ("CMP14+eGFR", &[Kind::Comprehensive]),
            ("Basic Metabolic Panel (8)", &[Kind::Basic]),
            ("BMP8+EGFR", &[Kind::Basic]),
            ("LIPID PANEL, STANDARD", &[Kind::Lipid]),
            ("Hepatic Function Panel (7)", &[Kind::Hepatic]),
            ("TSH+Free T4", &[Kind::Thyroid]),
            ("Hemoglobin A1c", &[Kind::A1c]),
            ("Iron and TIBC", &[Kind::Iron]),
            ("Urinalysis, Complete", &[Kind::Urinalysis]),
            ("UA/M w/rflx Culture", &[Kind::Urinalysis]),
            ("Prothrombin Time (PT)", &[Kind::Coagulation]),
            ("Vitamin D, 25-Hydroxy", &[Kind::VitaminD]),
            ("PROSTATE-SPECIFIC ANTIGEN", &[Kind::Psa]),
            ("Renal Function Panel", &[Kind::Renal]),
            ("CMP and Lipid Panel", &[Kind::Comprehensive, Kind::Lipid]),
            ("Urine culture", &[]),
            ("Antiphospholipid antibodies", &[]),
            ("Parathyroid hormone, intact", &[]),
            ("Adrenal function panel", &[]),
            ("Delivery panel", &[]),
            ("T4/T8 lymphocyte subsets", &[]),
            ("X-ray chest", &[]),
            ("Allergy panel", &[]),
        ] {
            assert_eq!(by_name(name), kinds, "{name}");
        }
    }
}
