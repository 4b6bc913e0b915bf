//! Which test a name or a code sent by a portal stands for.

use super::analyte::{A, ANALYTES};

/// The test of a LOINC code.
pub(in crate::record) fn by_code(code: &str) -> Option<A> {
    let code = code.trim();
    ANALYTES
        .iter()
        .find(|analyte| analyte.code == code)
        .map(|analyte| analyte.id)
        .or_else(|| OTHER_CODES.iter().find(|(other, _)| *other == code).map(|(_, label)| *label))
}

/// The test that a name stands for, as laboratories write it.
pub(in crate::record) fn by_name(name: &str) -> Option<A> {
    let lower = name.to_lowercase().replace('%', " pct ").replace('#', " abs ");
    let spaced: String = lower.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = spaced
        .split_whitespace()
        .map(|word| match word {
            "percent" | "percentage" | "relative" => "pct",
            "absolute" | "count" | "number" => "abs",
            "hgb" | "hb" | "haemoglobin" => "hemoglobin",
            "leukocytes" | "leukocyte" | "leucocytes" => "wbc",
            "erythrocytes" | "erythrocyte" => "rbc",
            word => word,
        })
        .filter(|word| !IDLE.contains(word))
        .collect();
    let plain = words.join(" ");
    ALIASES.iter().find(|(alias, _)| *alias == plain).map(|(_, label)| *label)
}

/// Words that say where a sample came from or how it was looked at.
const IDLE: &[&str] = &[
    "serum",
    "plasma",
    "blood",
    "s",
    "p",
    "br",
    "lvl",
    "level",
    "the",
    "of",
    "in",
    "auto",
    "automated",
    "quant",
    "result",
    "test",
    "poc",
];

const OTHER_CODES: &[(&str, A)] = &[
    ("26464-8", A::Wbc),
    ("804-5", A::Wbc),
    ("26453-1", A::Rbc),
    ("20509-6", A::Hgb),
    ("20570-8", A::Hct),
    ("30428-7", A::Mcv),
    ("28539-5", A::Mch),
    ("28540-3", A::Mchc),
    ("26515-7", A::Plt),
    ("28542-9", A::Mpv),
    ("30385-9", A::Rdw),
    ("30384-2", A::RdwSd),
    ("26511-6", A::NeutPct),
    ("31160-5", A::NeutPct),
    ("26499-4", A::NeutAbs),
    ("768-2", A::NeutAbs),
    ("26478-8", A::LymphPct),
    ("26474-7", A::LymphAbs),
    ("26485-3", A::MonoPct),
    ("51384-6", A::MonoPct),
    ("26484-6", A::MonoAbs),
    ("26450-7", A::EosPct),
    ("26449-9", A::EosAbs),
    ("30180-4", A::BasoPct),
    ("26444-0", A::BasoAbs),
    ("38518-7", A::IgPct),
    ("51584-1", A::IgAbs),
    ("2339-0", A::Glucose),
    ("1558-6", A::Glucose),
    ("6299-2", A::Bun),
    ("38483-4", A::Creat),
    ("2947-0", A::Na),
    ("6298-4", A::K),
    ("2069-3", A::Cl),
    ("20565-8", A::Co2),
    ("1963-8", A::Co2),
    ("49765-1", A::Ca),
    ("2336-6", A::Globulin),
    ("62238-1", A::Egfr),
    ("98979-8", A::Egfr),
    ("48642-3", A::Egfr),
    ("88294-4", A::EgfrAa),
    ("10466-1", A::AnionGap),
    ("2089-1", A::Ldl),
    ("18262-6", A::Ldl),
    ("96259-7", A::Ldl),
    ("17856-6", A::A1c),
    ("11579-0", A::Tsh),
    ("62292-8", A::VitD),
];

const ALIASES: &[(&str, A)] = &[
    ("wbc", A::Wbc),
    ("wbc abs", A::Wbc),
    ("white cell abs", A::Wbc),
    ("white cells", A::Wbc),
    ("wbc wbc", A::Wbc),
    ("white cell abs wbc", A::Wbc),
    ("rbc", A::Rbc),
    ("rbc abs", A::Rbc),
    ("red cell abs", A::Rbc),
    ("rbc rbc", A::Rbc),
    ("hemoglobin", A::Hgb),
    ("hematocrit", A::Hct),
    ("hct", A::Hct),
    ("mcv", A::Mcv),
    ("mch", A::Mch),
    ("mchc", A::Mchc),
    ("rdw", A::Rdw),
    ("rdw cv", A::Rdw),
    ("rdw sd", A::RdwSd),
    ("platelets", A::Plt),
    ("platelet", A::Plt),
    ("platelet abs", A::Plt),
    ("plt", A::Plt),
    ("mpv", A::Mpv),
    ("mean platelet volume mpv", A::Mpv),
    ("mean platelet volume", A::Mpv),
    ("neutrophils", A::NeutPct),
    ("neutrophils pct", A::NeutPct),
    ("polys pct", A::NeutPct),
    ("lymphs", A::LymphPct),
    ("lymphocytes", A::LymphPct),
    ("lymphocytes pct", A::LymphPct),
    ("monocytes", A::MonoPct),
    ("monocytes pct", A::MonoPct),
    ("eos", A::EosPct),
    ("eosinophils", A::EosPct),
    ("eosinophils pct", A::EosPct),
    ("basos", A::BasoPct),
    ("basophils", A::BasoPct),
    ("basophils pct", A::BasoPct),
    ("immature granulocytes", A::IgPct),
    ("immature granulocytes pct", A::IgPct),
    ("neutrophils abs", A::NeutAbs),
    ("abs neutrophils", A::NeutAbs),
    ("lymphs abs", A::LymphAbs),
    ("lymphocytes abs", A::LymphAbs),
    ("abs lymphocytes", A::LymphAbs),
    ("monocytes abs", A::MonoAbs),
    ("abs monocytes", A::MonoAbs),
    ("eos abs", A::EosAbs),
    ("eosinophils abs", A::EosAbs),
    ("abs eosinophils", A::EosAbs),
    ("baso abs", A::BasoAbs),
    ("basophils abs", A::BasoAbs),
    ("abs basophils", A::BasoAbs),
    ("immature grans abs", A::IgAbs),
    ("immature granulocytes abs", A::IgAbs),
    ("glucose", A::Glucose),
    ("fasting glucose", A::Glucose),
    ("bun", A::Bun),
    ("urea nitrogen", A::Bun),
    ("urea nitrogen bun", A::Bun),
    ("creatinine", A::Creat),
    ("egfr", A::Egfr),
    ("e gfr", A::Egfr),
    ("bun creatinine ratio", A::BunCreat),
    ("bun creat ratio", A::BunCreat),
    ("sodium", A::Na),
    ("na", A::Na),
    ("potassium", A::K),
    ("chloride", A::Cl),
    ("co2", A::Co2),
    ("carbon dioxide", A::Co2),
    ("carbon dioxide total", A::Co2),
    ("carbon dioxide co2", A::Co2),
    ("bicarbonate", A::Co2),
    ("anion gap", A::AnionGap),
    ("calcium", A::Ca),
    ("total protein", A::Protein),
    ("protein total", A::Protein),
    ("albumin", A::Albumin),
    ("globulin", A::Globulin),
    ("globulin total", A::Globulin),
    ("a g ratio", A::AgRatio),
    ("albumin globulin ratio", A::AgRatio),
    ("bilirubin total", A::BiliTotal),
    ("total bilirubin", A::BiliTotal),
    ("bilirubin direct", A::BiliDirect),
    ("bilirubin indirect", A::BiliIndirect),
    ("alkaline phosphatase", A::Alp),
    ("alkaline phosphatase alp", A::Alp),
    ("ast", A::Ast),
    ("ast sgot", A::Ast),
    ("alt", A::Alt),
    ("alt sgpt", A::Alt),
    ("sgpt alt", A::Alt),
    ("aspartate aminotransferase", A::Ast),
    ("alanine aminotransferase", A::Alt),
    ("ggt", A::Ggt),
    ("ldh", A::Ldh),
    ("phosphorus", A::Phos),
    ("magnesium", A::Mg),
    ("uric acid", A::Uric),
    ("cholesterol total", A::Chol),
    ("total cholesterol", A::Chol),
    ("cholesterol", A::Chol),
    ("triglycerides", A::Trig),
    ("triglyceride", A::Trig),
    ("hdl cholesterol", A::Hdl),
    ("hdl", A::Hdl),
    ("ldl cholesterol", A::Ldl),
    ("ldl cholesterol calculated", A::Ldl),
    ("ldl", A::Ldl),
    ("vldl cholesterol", A::Vldl),
    ("vldl", A::Vldl),
    ("non hdl cholesterol", A::NonHdl),
    ("cholesterol hdl ratio", A::CholHdl),
    ("chol hdlc ratio", A::CholHdl),
    ("tsh", A::Tsh),
    ("free t4", A::Ft4),
    ("t4 free", A::Ft4),
    ("hemoglobin a1c", A::A1c),
    ("ferritin", A::Ferritin),
    ("iron", A::Iron),
    ("inr", A::Inr),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_tests_by_the_names_laboratories_use() {
        for (name, label) in [
            ("HEMOGLOBIN", Some(A::Hgb)),
            ("BR- HEMOGLOBIN", Some(A::Hgb)),
            ("Hemoglobin A1c", Some(A::A1c)),
            ("Sodium, Serum", Some(A::Na)),
            ("Neutrophils (Absolute)", Some(A::NeutAbs)),
            ("ABSOLUTE NEUTROPHILS", Some(A::NeutAbs)),
            ("Lymphocytes %", Some(A::LymphPct)),
            ("AST (SGOT)", Some(A::Ast)),
            ("CARBON DIOXIDE, SERUM (CO2)", Some(A::Co2)),
            ("WBC", Some(A::Wbc)),
            ("White blood cell count", Some(A::Wbc)),
            ("Weight", None),
            ("", None),
        ] {
            assert_eq!(by_name(name), label, "{name}");
        }
    }

    #[test]
    fn knows_its_own_names_and_codes() {
        for analyte in ANALYTES {
            assert_eq!(by_code(analyte.code), Some(analyte.id), "{}", analyte.name);
            assert!(
                by_name(analyte.name).is_none_or(|found| found == analyte.id),
                "{}",
                analyte.name
            );
        }
    }
}
