//! Arithmetic that ties the results of a panel together.

use super::analyte::A;

/// A value and how far rounding may have moved it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    pub(super) value: f64,
    pub(super) half: f64,
}

impl Number {
    fn relative(self) -> f64 {
        if self.value.abs() < 1e-12 { 1.0 } else { self.half / self.value.abs() }
    }
}

/// What one test is worked out as from others.
#[derive(Debug)]
pub(super) struct Identity {
    /// What is worked out.
    pub(super) of: A,
    /// From what, in the order of `form`.
    pub(super) from: &'static [A],
    pub(super) form: Form,
    /// What failing to hold takes away: little where laboratories use other formulas.
    pub(super) penalty: f64,
    /// For sentences.
    pub(super) words: &'static str,
}

impl Identity {
    /// Whether it is evidence where it comes out. Laboratories work LDL out by several formulas, and
    /// measure it too.
    pub(super) fn is_proof(&self) -> bool {
        !matches!(self.form, Form::Friedewald)
    }
}

/// How it is worked out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// factor · a ÷ b
    Quotient(f64),
    /// a · b · factor
    Product(f64),
    /// Σ sign · a, the signs being +1 for the first and −1 for the others
    Difference,
    /// a − b − c ÷ 5
    Friedewald,
    /// a · factor + constant
    Line(f64, f64),
    /// a ÷ (b − a)
    Share,
    /// a + b
    Sum,
}

impl Form {
    /// What comes out, and how far rounding may have moved it.
    pub(super) fn of(self, from: &[Number]) -> Option<Number> {
        let (value, half) = match (self, from) {
            (Form::Quotient(factor), [a, b]) if b.value.abs() > 1e-12 => {
                let value = factor * a.value / b.value;
                (value, value.abs() * (a.relative() + b.relative()))
            }
            (Form::Product(factor), [a, b]) => {
                let value = factor * a.value * b.value;
                (value, factor * (a.half * b.value.abs() + b.half * a.value.abs()))
            }
            (Form::Difference, [first, rest @ ..]) => (
                rest.iter().fold(first.value, |sum, one| sum - one.value),
                rest.iter().fold(first.half, |sum, one| sum + one.half),
            ),
            (Form::Friedewald, [a, b, c]) => {
                (a.value - b.value - c.value / 5.0, a.half + b.half + c.half / 5.0)
            }
            (Form::Line(factor, constant), [a]) => (a.value * factor + constant, a.half * factor),
            (Form::Share, [a, b]) if b.value - a.value > 1e-9 => {
                let rest = b.value - a.value;
                let value = a.value / rest;
                (value, value.abs() * (a.relative() + (a.half + b.half) / rest))
            }
            (Form::Sum, [a, b]) => (a.value + b.value, a.half + b.half),
            _ => return None,
        };
        Some(Number { value, half })
    }
}

const fn identity(
    of: A,
    form: Form,
    from: &'static [A],
    penalty: f64,
    words: &'static str,
) -> Identity {
    Identity { of, from, form, penalty, words }
}

/// Those that laboratories print.
pub(super) const IDENTITIES: &[Identity] = &[
    identity(
        A::Mcv,
        Form::Quotient(10.0),
        &[A::Hct, A::Rbc],
        2.0,
        "10 × hematocrit ÷ red blood cells",
    ),
    identity(
        A::Mch,
        Form::Quotient(10.0),
        &[A::Hgb, A::Rbc],
        2.0,
        "10 × hemoglobin ÷ red blood cells",
    ),
    identity(
        A::Mchc,
        Form::Quotient(100.0),
        &[A::Hgb, A::Hct],
        2.0,
        "100 × hemoglobin ÷ hematocrit",
    ),
    identity(
        A::NeutAbs,
        Form::Product(0.01),
        &[A::Wbc, A::NeutPct],
        2.0,
        "white blood cells × the percentage of neutrophils",
    ),
    identity(
        A::LymphAbs,
        Form::Product(0.01),
        &[A::Wbc, A::LymphPct],
        2.0,
        "white blood cells × the percentage of lymphocytes",
    ),
    identity(
        A::MonoAbs,
        Form::Product(0.01),
        &[A::Wbc, A::MonoPct],
        2.0,
        "white blood cells × the percentage of monocytes",
    ),
    identity(
        A::EosAbs,
        Form::Product(0.01),
        &[A::Wbc, A::EosPct],
        2.0,
        "white blood cells × the percentage of eosinophils",
    ),
    identity(
        A::BasoAbs,
        Form::Product(0.01),
        &[A::Wbc, A::BasoPct],
        2.0,
        "white blood cells × the percentage of basophils",
    ),
    identity(
        A::IgAbs,
        Form::Product(0.01),
        &[A::Wbc, A::IgPct],
        2.0,
        "white blood cells × the percentage of immature granulocytes",
    ),
    identity(
        A::NrbcAbs,
        Form::Product(0.01),
        &[A::Wbc, A::NrbcPct],
        1.0,
        "white blood cells × the nucleated red cells per 100 of them",
    ),
    identity(
        A::AnionGap,
        Form::Difference,
        &[A::Na, A::Cl, A::Co2],
        1.5,
        "sodium − chloride − carbon dioxide",
    ),
    identity(
        A::BunCreat,
        Form::Quotient(1.0),
        &[A::Bun, A::Creat],
        2.0,
        "urea nitrogen ÷ creatinine",
    ),
    identity(
        A::Globulin,
        Form::Difference,
        &[A::Protein, A::Albumin],
        2.0,
        "total protein − albumin",
    ),
    identity(
        A::AgRatio,
        Form::Share,
        &[A::Albumin, A::Protein],
        2.0,
        "albumin ÷ (total protein − albumin)",
    ),
    identity(A::NonHdl, Form::Difference, &[A::Chol, A::Hdl], 2.5, "total cholesterol − HDL"),
    identity(
        A::Ldl,
        Form::Friedewald,
        &[A::Chol, A::Hdl, A::Trig],
        0.3,
        "total cholesterol − HDL − triglycerides ÷ 5",
    ),
    identity(A::Vldl, Form::Line(0.2, 0.0), &[A::Trig], 0.5, "triglycerides ÷ 5"),
    identity(A::NonHdl, Form::Sum, &[A::Ldl, A::Vldl], 0.5, "LDL + VLDL"),
    identity(A::CholHdl, Form::Quotient(1.0), &[A::Chol, A::Hdl], 2.5, "total cholesterol ÷ HDL"),
    identity(A::LdlHdl, Form::Quotient(1.0), &[A::Ldl, A::Hdl], 2.5, "LDL ÷ HDL"),
    identity(
        A::BiliIndirect,
        Form::Difference,
        &[A::BiliTotal, A::BiliDirect],
        2.5,
        "total bilirubin − direct bilirubin",
    ),
    identity(
        A::Tibc,
        Form::Sum,
        &[A::Iron, A::Uibc],
        2.5,
        "iron + unsaturated iron-binding capacity",
    ),
    identity(
        A::IronSat,
        Form::Quotient(100.0),
        &[A::Iron, A::Tibc],
        2.0,
        "100 × iron ÷ iron-binding capacity",
    ),
    identity(A::Eag, Form::Line(28.7, -46.7), &[A::A1c], 1.5, "28.7 × hemoglobin A1c − 46.7"),
    identity(
        A::EgfrAa,
        Form::Line(1.185, 0.0),
        &[A::Egfr],
        1.0,
        "the other filtration rate × 1.16 to 1.21",
    ),
];

/// Tests worth nothing where what they are worked out from is there and does not come out.
pub(super) fn is_only_calculated(of: A) -> bool {
    matches!(of, A::AnionGap | A::NonHdl | A::CholHdl | A::LdlHdl | A::BiliIndirect | A::EgfrAa)
}
