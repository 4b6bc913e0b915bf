//! Lab panels: which rows they have, and the arithmetic that ties the rows together.
//!
//! LOINC codes and names: © Regenstrief Institute, used under <https://loinc.org/license>.

/// What a report is of.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) name: &'static str,
    pub(super) loinc: &'static str,
    pub(super) report_status: &'static str,
    pub(super) issued: Option<&'static str>,
    pub(super) conclusion: Option<&'static str>,
    /// Two-sided ranges come as one text, `"3.4 10.8"`.
    pub(super) ranges_as_text: bool,
}

/// How a report's results come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One Observation for each, with its own name.
    Named,
    /// One Observation for each, without any `code`.
    Unnamed,
    /// One Observation for each, whose `code.text` is empty.
    BlankName,
    /// One Observation for each, all with the panel's name.
    PanelName,
    /// One Observation with named components.
    Components,
    /// One Observation with components that have no name.
    UnnamedComponents,
    /// One Observation of the panel's name that points to unnamed ones as its members.
    HasMember,
}

/// One result of a panel.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) loinc: &'static str,
    pub(super) unit: &'static str,
    pub(super) low: Option<&'static str>,
    pub(super) high: Option<&'static str>,
    /// A range that is only words, as in `<150`.
    pub(super) range_text: Option<&'static str>,
    pub(super) value: Reading,
    /// A flag that the sender chose, whatever the range says.
    pub(super) marked: Option<&'static str>,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// A decimal with its digits.
    Number(String),
    /// Past the end of the scale, as in `>` and `59`.
    Beyond(&'static str, &'static str),
    Words(&'static str),
    /// No value, with a reason.
    Absent,
}

pub(super) const CBC: Panel = panel("CBC with Differential/Platelet", "57021-8");
pub(super) const CMP: Panel = panel("Comp. Metabolic Panel (14)", "24323-8");
pub(super) const BMP: Panel = panel("Basic Metabolic Panel (8)", "24321-2");
pub(super) const LIPID: Panel = panel("Lipid Panel", "24331-1");
pub(super) const URINALYSIS: Panel = panel("Urinalysis, Complete", "24356-8");
pub(super) const A1C: Panel = panel("Hemoglobin A1c", "4548-4");
pub(super) const TSH: Panel = panel("TSH", "3016-3");
pub(super) const ALBUMIN_RATIO: Panel = panel("Albumin/Creatinine Ratio, Urine", "14959-1");
pub(super) const IRON: Panel = panel("Iron and TIBC, Ferritin", "50190-8");
pub(super) const FERRITIN: Panel = panel("Ferritin", "2276-4");
pub(super) const B12: Panel = panel("Vitamin B12", "2132-9");
pub(super) const HEPATITIS_C: Panel = panel("Hepatitis C Antibody", "13955-0");
pub(super) const COVID: Panel = panel("SARS-CoV-2, NAA", "94500-6");

const fn panel(name: &'static str, loinc: &'static str) -> Panel {
    Panel {
        name,
        loinc,
        report_status: "final",
        issued: None,
        conclusion: None,
        ranges_as_text: false,
    }
}

impl Panel {
    /// The status that the report's Observations carry.
    pub(super) fn observation_status(&self) -> &'static str {
        match self.report_status {
            "partial" => "preliminary",
            "corrected" => "amended",
            "registered" => "registered",
            _ => "final",
        }
    }
}

impl Row {
    /// The sender's flag: the one chosen, else by the range.
    pub(super) fn flag(&self) -> Option<&'static str> {
        if self.marked.is_some() {
            return self.marked;
        }
        let Reading::Number(digits) = &self.value else { return None };
        let value: f64 = digits.parse().ok()?;
        let limit = |digits: Option<&str>| digits.and_then(|digits| digits.parse::<f64>().ok());
        if limit(self.low).is_some_and(|low| value < low) {
            Some("L")
        } else if limit(self.high).is_some_and(|high| value > high) {
            Some("H")
        } else {
            let (sign, digits) = self.range_text?.split_at_checked(1)?;
            let edge: f64 = digits.parse().ok()?;
            match sign {
                "<" if value >= edge => Some("H"),
                ">" if value <= edge => Some("L"),
                _ => None,
            }
        }
    }

    pub(super) fn marked(mut self, flag: &'static str) -> Self {
        self.marked = Some(flag);
        self
    }

    pub(super) fn without_range(mut self) -> Self {
        self.low = None;
        self.high = None;
        self.range_text = None;
        self
    }
}

/// What a blood count was made of; the rest follows from it.
#[derive(Clone, Copy)]
pub(super) struct Count {
    /// Tenths of 10³/µL.
    pub(super) white: i64,
    /// Hundredths of 10⁶/µL.
    pub(super) red: i64,
    /// Tenths of g/dL.
    pub(super) hemoglobin: i64,
    /// Tenths of a percent.
    pub(super) hematocrit: i64,
    /// Tenths of a percent.
    pub(super) red_width: i64,
    /// 10³/µL.
    pub(super) platelets: i64,
    /// Percent of neutrophils, lymphocytes, monocytes, eosinophils, basophils: 100 together.
    pub(super) percent: [i64; 5],
}

/// Which rows of the differential a laboratory sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Differential {
    Absolute,
    PercentAndAbsolute,
}

/// The rows of a blood count in the order of a large reference laboratory.
pub(super) fn blood_count(count: Count, differential: Differential) -> Vec<Row> {
    let Count { white, red, hemoglobin, hematocrit, red_width, platelets, percent } = count;
    let mut rows = vec![
        row("WBC", "6690-2", "x10E3/uL", "3.4", "10.8", decimal(white, 1)),
        row("RBC", "789-8", "x10E6/uL", "3.77", "5.28", decimal(red, 2)),
        row("Hemoglobin", "718-7", "g/dL", "11.1", "15.9", decimal(hemoglobin, 1)),
        row("Hematocrit", "4544-3", "%", "34.0", "46.6", decimal(hematocrit, 1)),
        row("MCV", "787-2", "fL", "79", "97", decimal(ratio(hematocrit * 100, red), 0)),
        row("MCH", "785-6", "pg", "26.6", "33.0", decimal(ratio(hemoglobin * 1_000, red), 1)),
        row(
            "MCHC",
            "786-4",
            "g/dL",
            "31.5",
            "35.7",
            decimal(ratio(hemoglobin * 1_000, hematocrit), 1),
        ),
        row("RDW", "788-0", "%", "11.7", "15.4", decimal(red_width, 1)),
        row("Platelets", "777-3", "x10E3/uL", "150", "450", decimal(platelets, 0)),
    ];
    let names = ["Neutrophils", "Lymphs", "Monocytes", "Eos", "Basos"];
    if differential == Differential::PercentAndAbsolute {
        let loincs = ["770-8", "736-9", "5905-5", "713-8", "706-2"];
        for ((name, loinc), percent) in names.into_iter().zip(loincs).zip(percent) {
            rows.push(Row {
                range_text: Some("Not Estab."),
                ..bare(name, loinc, "%", decimal(percent, 0))
            });
        }
    }
    let absolute = [
        ("Neutrophils (Absolute)", "751-8", "1.4", "7.0"),
        ("Lymphs (Absolute)", "731-0", "0.7", "3.1"),
        ("Monocytes(Absolute)", "742-7", "0.1", "0.9"),
        ("Eos (Absolute)", "711-2", "0.0", "0.4"),
        ("Baso (Absolute)", "704-7", "0.0", "0.2"),
    ];
    for ((name, loinc, low, high), percent) in absolute.into_iter().zip(percent) {
        let value = decimal(ratio(white * percent, 100), 1);
        rows.push(row(name, loinc, "x10E3/uL", low, high, value));
    }
    rows
}

/// What a metabolic panel was made of; ratio, globulin and A/G follow from it.
#[derive(Clone, Copy)]
pub(super) struct Chemistry {
    pub(super) glucose: i64,
    pub(super) urea: i64,
    /// Hundredths of mg/dL.
    pub(super) creatinine: i64,
    /// mL/min/1.73 m²; none where the laboratory only said “more than 59”.
    pub(super) filtration: Option<i64>,
    pub(super) sodium: i64,
    /// Tenths of mmol/L.
    pub(super) potassium: i64,
    pub(super) chloride: i64,
    pub(super) carbon_dioxide: i64,
    /// Tenths of mg/dL.
    pub(super) calcium: i64,
    /// Tenths of g/dL.
    pub(super) protein: i64,
    /// Tenths of g/dL.
    pub(super) albumin: i64,
    /// Tenths of mg/dL.
    pub(super) bilirubin: i64,
    /// Alkaline phosphatase, AST and ALT in IU/L.
    pub(super) enzymes: [i64; 3],
}

/// The eighteen rows of a comprehensive metabolic panel.
pub(super) fn comprehensive(c: Chemistry) -> Vec<Row> {
    let globulin = c.protein - c.albumin;
    let [alkaline, ast, alt] = c.enzymes;
    let filtration = match c.filtration {
        Some(value) => Reading::Number(decimal(value, 0)),
        None => Reading::Beyond(">", "59"),
    };
    let mut rows = glucose_to_creatinine(c);
    rows.extend([
        Row {
            range_text: Some(">59"),
            value: filtration,
            ..bare("eGFR", "98979-8", "mL/min/1.73", String::new())
        },
        row(
            "BUN/Creatinine Ratio",
            "3097-3",
            "",
            "12",
            "28",
            decimal(ratio(c.urea * 100, c.creatinine), 0),
        ),
    ]);
    rows.extend(electrolytes(c));
    rows.extend([
        row("Protein, Total", "2885-2", "g/dL", "6.0", "8.5", decimal(c.protein, 1)),
        row("Albumin", "1751-7", "g/dL", "3.9", "4.9", decimal(c.albumin, 1)),
        row("Globulin, Total", "10834-0", "g/dL", "1.5", "4.5", decimal(globulin, 1)),
        row("A/G Ratio", "1759-0", "", "1.2", "2.2", decimal(ratio(c.albumin * 10, globulin), 1)),
        row("Bilirubin, Total", "1975-2", "mg/dL", "0.0", "1.2", decimal(c.bilirubin, 1)),
        row("Alkaline Phosphatase", "6768-6", "IU/L", "44", "121", decimal(alkaline, 0)),
        row("AST (SGOT)", "1920-8", "IU/L", "0", "40", decimal(ast, 0)),
        row("ALT (SGPT)", "1742-6", "IU/L", "0", "32", decimal(alt, 0)),
    ]);
    rows
}

/// The eight rows of a basic metabolic panel.
pub(super) fn basic(c: Chemistry) -> Vec<Row> {
    let mut rows = glucose_to_creatinine(c);
    rows.extend(electrolytes(c));
    rows
}

fn glucose_to_creatinine(c: Chemistry) -> Vec<Row> {
    vec![
        row("Glucose", "2345-7", "mg/dL", "70", "99", decimal(c.glucose, 0)),
        row("BUN", "3094-0", "mg/dL", "8", "27", decimal(c.urea, 0)),
        row("Creatinine", "2160-0", "mg/dL", "0.57", "1.00", decimal(c.creatinine, 2)),
    ]
}

fn electrolytes(c: Chemistry) -> [Row; 5] {
    [
        row("Sodium", "2951-2", "mmol/L", "134", "144", decimal(c.sodium, 0)),
        row("Potassium", "2823-3", "mmol/L", "3.5", "5.2", decimal(c.potassium, 1)),
        row("Chloride", "2075-0", "mmol/L", "96", "106", decimal(c.chloride, 0)),
        row("Carbon Dioxide, Total", "2028-9", "mmol/L", "20", "29", decimal(c.carbon_dioxide, 0)),
        row("Calcium", "17861-6", "mg/dL", "8.7", "10.3", decimal(c.calcium, 1)),
    ]
}

/// A lipid panel from total, triglycerides and HDL; LDL after Friedewald.
pub(super) fn lipids(total: i64, triglycerides: i64, hdl: i64) -> Vec<Row> {
    let vldl = ratio(triglycerides, 5);
    vec![
        row("Cholesterol, Total", "2093-3", "mg/dL", "100", "199", decimal(total, 0)),
        Row {
            range_text: Some("<150"),
            ..bare("Triglycerides", "2571-8", "mg/dL", decimal(triglycerides, 0))
        },
        Row {
            range_text: Some(">39"),
            ..bare("HDL Cholesterol", "2085-9", "mg/dL", decimal(hdl, 0))
        },
        row("VLDL Cholesterol Cal", "13458-5", "mg/dL", "5", "40", decimal(vldl, 0)),
        Row {
            range_text: Some("<100"),
            ..bare("LDL Chol Calc (NIH)", "13457-7", "mg/dL", decimal(total - hdl - vldl, 0))
        },
    ]
}

/// A urinalysis; `protein` in the laboratory's word.
pub(super) fn urinalysis(gravity: &'static str, ph: &str, protein: &'static str) -> Vec<Row> {
    let said = |name, loinc, words, range| Row {
        range_text: Some(range),
        value: Reading::Words(words),
        ..bare(name, loinc, "", String::new())
    };
    vec![
        said("Color", "5778-6", "Yellow", "Yellow"),
        said("Appearance", "5767-9", "Clear", "Clear"),
        row("Specific Gravity", "5811-5", "", "1.005", "1.030", gravity.to_owned()),
        row("pH", "5803-2", "", "5.0", "7.5", ph.to_owned()),
        said("Protein", "20454-5", protein, "Negative/Trace"),
        said("Glucose", "25428-4", "Negative", "Negative"),
        said("Ketones", "2514-8", "Negative", "Negative"),
        said("Occult Blood", "5794-3", "Negative", "Negative"),
        said("WBC Esterase", "5799-2", "Negative", "Negative"),
        said("Nitrite, Urine", "5802-4", "Negative", "Negative"),
        said("Bilirubin", "5770-3", "Negative", "Negative"),
        row("Urobilinogen,Semi-Qn", "20405-7", "mg/dL", "0.2", "1.0", "0.2".to_owned()),
    ]
}

/// Albumin (tenths of µg/mL) and creatinine (tenths of mg/dL) of urine, with their ratio.
pub(super) fn albumin_ratio(albumin: i64, creatinine: i64) -> Vec<Row> {
    vec![
        Row {
            range_text: Some("Not Estab."),
            ..bare("Creatinine, Urine", "2161-8", "mg/dL", decimal(creatinine, 1))
        },
        Row {
            range_text: Some("Not Estab."),
            ..bare("Albumin, Urine", "14957-5", "ug/mL", decimal(albumin, 1))
        },
        row(
            "Alb/Creat Ratio",
            "9318-7",
            "mg/g creat",
            "0",
            "29",
            decimal(ratio(albumin * 100, creatinine), 0),
        ),
    ]
}

/// A row with a two-sided range; empty limits are no limits.
pub(super) fn row(
    name: &'static str,
    loinc: &'static str,
    unit: &'static str,
    low: &'static str,
    high: &'static str,
    value: String,
) -> Row {
    let limit = |digits: &'static str| (!digits.is_empty()).then_some(digits);
    Row { low: limit(low), high: limit(high), ..bare(name, loinc, unit, value) }
}

/// A row without a range.
pub(super) fn bare(
    name: &'static str,
    loinc: &'static str,
    unit: &'static str,
    value: String,
) -> Row {
    Row {
        name,
        loinc,
        unit,
        low: None,
        high: None,
        range_text: None,
        value: Reading::Number(value),
        marked: None,
    }
}

/// `scaled` with a point before its last `places` digits.
pub(super) fn decimal(scaled: i64, places: usize) -> String {
    if places == 0 {
        return scaled.to_string();
    }
    let sign = if scaled < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", scaled.unsigned_abs(), width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    format!("{sign}{whole}.{rest}")
}

/// `a / b`, rounded half up; neither is negative, and nothing is divided by nothing.
pub(super) fn ratio(a: i64, b: i64) -> i64 {
    (2 * a + b).checked_div(2 * b).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_the_digits_of_their_scale() {
        assert_eq!(decimal(70, 1), "7.0");
        assert_eq!(decimal(5, 2), "0.05");
        assert_eq!(decimal(433, 2), "4.33");
        assert_eq!(decimal(0, 1), "0.0");
        assert_eq!(decimal(7, 0), "7");
    }

    #[test]
    fn flags_follow_the_range_unless_the_sender_chose_one() {
        let glucose = |value: &str| row("", "", "mg/dL", "70", "99", value.to_owned());
        assert_eq!(glucose("99").flag(), None);
        assert_eq!(glucose("100").flag(), Some("H"));
        assert_eq!(glucose("69").flag(), Some("L"));
        assert_eq!(glucose("80").marked("L").flag(), Some("L"));
        let filtration =
            |value: &str| Row { range_text: Some(">59"), ..bare("", "", "", value.to_owned()) };
        assert_eq!(filtration("59").flag(), Some("L"));
        assert_eq!(filtration("60").flag(), None);
    }
}
