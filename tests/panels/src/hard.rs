//! Panels that are meant to lead astray: units and ranges of other countries and of children, rows
//! that look like others, rows left out, doubled and out of order, people who are very ill. Whatever
//! stays unnamed in them, no wrong name may be called strong.

use crate::body::{self, Body, Random};
use crate::formats::{FORMATS, Format};
use crate::{Panel, Row, printed};

/// As many misleading panels as wanted, always the same for a seed. `lab` tells what was done.
pub fn hard_panels(seed: u64, count: usize) -> Vec<Panel> {
    let mut random = Random::new(seed);
    (0..count).map(|_| panel(&mut random)).collect()
}

/// What is done to a panel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Plain,
    Reversed,
    Shuffled,
    Sparse,
    Doubled,
    Two,
    RangesMissing,
    UnitsMissing,
    Moved,
    Swapped,
}

const WAYS: &[(Way, &str)] = &[
    (Way::Plain, "as printed"),
    (Way::Reversed, "reversed"),
    (Way::Shuffled, "shuffled"),
    (Way::Sparse, "rows left out"),
    (Way::Doubled, "rows doubled"),
    (Way::Two, "two panels in one"),
    (Way::RangesMissing, "ranges missing here and there"),
    (Way::UnitsMissing, "units missing here and there"),
    (Way::Moved, "other ranges"),
    (Way::Swapped, "rows of other panels"),
];

fn panel(random: &mut Random) -> Panel {
    let (way, lab) = WAYS[random.below(WAYS.len())];
    let format = any(random);
    let body = match format.lab {
        "child" => Body::child(random),
        "newborn" => Body::newborn(random),
        _ if random.chance(0.5) => Body::extreme(random),
        _ => Body::new(random),
    };
    let style = random.below(5);
    let mut rows = lines(format, &body, style, way == Way::Moved, random);
    let mut title = format.title.to_owned();
    match way {
        Way::Reversed => rows.reverse(),
        Way::Shuffled => shuffle(&mut rows, random),
        Way::Sparse => {
            let keep = 0.25 + 0.6 * random.unit();
            rows.retain(|_| random.chance(keep));
        }
        Way::Doubled => {
            for _ in 0..=random.below(3) {
                let at = random.below(rows.len());
                let row = rows[at].clone();
                rows.insert(random.below(rows.len() + 1), row);
            }
        }
        Way::Two => {
            let other = any(random);
            let more = lines(other, &body, style, false, random);
            // The second panel may repeat rows of the first, as labs do.
            rows.extend(more);
            if random.chance(0.7) {
                title = format!("{title}, {}", other.title);
            }
        }
        Way::RangesMissing => {
            for row in &mut rows {
                if random.chance(0.5) {
                    row.range = None;
                }
            }
        }
        Way::UnitsMissing => {
            for row in &mut rows {
                if random.chance(0.4) {
                    row.unit = None;
                }
            }
        }
        Way::Swapped => {
            let other = any(random);
            let strange = lines(other, &body, style, false, random);
            for _ in 0..=random.below(4) {
                let (at, from) = (random.below(rows.len()), random.below(strange.len()));
                rows[at] = strange[from].clone();
            }
        }
        Way::Plain | Way::Moved => {}
    }
    body.calculate(&mut rows);
    Panel { lab, title: Box::leak(title.into_boxed_str()), code: format.code, rows }
}

fn any(random: &mut Random) -> &'static Format {
    if random.chance(0.3) {
        &FORMATS[random.below(FORMATS.len())]
    } else {
        &HARD[random.below(HARD.len())]
    }
}

fn shuffle(rows: &mut [Row], random: &mut Random) {
    for at in (1..rows.len()).rev() {
        rows.swap(at, random.below(at + 1));
    }
}

fn lines(
    format: &Format,
    body: &Body,
    style: usize,
    is_moved: bool,
    random: &mut Random,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for line in format.rows.lines().filter(|line| !line.trim().is_empty()) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [test, unit, digits, range] = parts[..] else { panic!("a line of four: {line}") };
        let unit = unit.replace('_', " ").trim().to_owned();
        let unit = Some(unit).filter(|unit| !unit.is_empty());
        let range = match range.split_once('/') {
            Some((men, women)) => {
                if body.is_man {
                    men
                } else {
                    women
                }
            }
            None => range,
        };
        let (truth, value) = if digits == "w" {
            (body::word_truth(test), body.words(test, range, random))
        } else {
            let digits: usize = digits.parse().expect("digits");
            let per_litre =
                unit.as_deref().is_some_and(|unit| unit.starts_with("cells") || unit == "/uL");
            let (truth, value) = value(test, body, random);
            let value = value * if per_litre { 1000.0 } else { 1.0 };
            (truth, body::written(value, digits, false))
        };
        let range = printed(range, style, !is_moved, random);
        rows.push(Row { truth, value, unit, range });
    }
    rows
}

/// `?2..9`: something that no name is known of, between 2 and 9; `2324-2=8..300`: the same of which one
/// is known. `test*2.5`: a test in another unit, which makes it one that no name is known of.
fn value(test: &str, body: &Body, random: &mut Random) -> (Option<&'static str>, f64) {
    if let Some((code, ends)) = test.split_once(['?', '='])
        && let Some((low, high)) = ends.split_once("..")
    {
        let code: Option<&'static str> =
            (!code.is_empty()).then(|| &*Box::leak(code.to_owned().into_boxed_str()));
        let low: f64 = low.parse().expect("a number");
        let high: f64 = high.parse().expect("a number");
        let low = low.max(high / 1000.0);
        return (code, low * (high / low).powf(random.unit()));
    }
    if let Some((test, factor)) = test.split_once('*') {
        let factor: f64 = factor.parse().expect("a number");
        return (None, body.value(test, random) * factor);
    }
    (body::truth(test), body.value(test, random))
}

const fn format(lab: &'static str, title: &'static str, rows: &'static str) -> Format {
    Format { lab, title, code: "", rows }
}

pub(crate) const HARD: &[Format] = &[
    format(
        "child",
        "CBC with Differential",
        "
wbc K/uL 1 6.0-17.0
rbc M/uL 2 3.70-5.30
hgb g/dL 1 10.5-13.5
hct % 1 33.0-39.0
mcv fL 1 70.0-86.0
mch pg 1 23.0-31.0
mchc g/dL 1 30.0-36.0
rdw % 1 11.5-16.0
plt K/uL 0 150-450
mpv fL 1 7.4-10.4
neutp % 1 15.0-35.0
lymphp % 1 45.0-76.0
monop % 1 3.0-6.0
eosp % 1 0.0-3.0
basop % 1 0.0-1.0
neuta K/uL 2 1.50-8.50
lympha K/uL 2 3.00-9.50
monoa K/uL 2 0.00-0.80
eosa K/uL 2 0.00-0.60
basoa K/uL 2 0.00-0.20",
    ),
    format(
        "child",
        "CBC WITH DIFFERENTIAL",
        "
wbc 10*3/uL 1 5.0-14.5
rbc 10*6/uL 2 3.90-5.30
hgb g/dL 1 11.5-14.5
hct % 1 33.0-43.0
plt 10*3/uL 0 194-345
mcv fL 0 76-90
mch pg 1 25.0-31.0
mchc g/dL 1 32.0-36.0
lymphp % 0 40-60
neutp % 0 25-50
monop % 0 4-10
eosp % 0 0-8
basop % 0 0-1
lympha 10*3/uL 1 1.5-7.0
neuta 10*3/uL 1 1.5-8.0
monoa 10*3/uL 1 0.2-1.0
eosa 10*3/uL 1 0.1-1.0
basoa 10*3/uL 1 0.0-0.1",
    ),
    format(
        "child",
        "CBC With Differential/Platelet",
        "
wbc x10E3/uL 1 4.3-12.4
rbc x10E6/uL 2 3.96-5.30
hgb g/dL 1 10.9-14.8
hct % 1 32.4-43.3
mcv fL 0 75-89
mch pg 1 24.6-30.7
mchc g/dL 1 31.7-36.0
rdw % 1 11.7-15.4
plt x10E3/uL 0 150-450
neutp % 0 ~
lymphp % 0 ~
monop % 0 ~
eosp % 0 ~
basop % 0 ~
neuta x10E3/uL 1 0.9-5.4
lympha x10E3/uL 1 1.6-5.9
monoa x10E3/uL 1 0.2-1.0
eosa x10E3/uL 1 0.0-0.3
basoa x10E3/uL 1 0.0-0.3
igp % 0 ~
iga x10E3/uL 1 0.0-0.1",
    ),
    format(
        "newborn",
        "Complete Blood Count with Manual Differential",
        "
wbc K/uL 1 9.0-30.0
rbc M/uL 2 3.90-5.90
hgb g/dL 1 14.5-22.5
hct % 1 45.0-67.0
mcv fL 1 95.0-121.0
mch pg 1 31.0-37.0
mchc g/dL 1 29.0-37.0
rdw % 1 13.0-18.0
plt K/uL 0 150-450
neutp % 0 32-67
35332-6=0.5..12 % 0 0-14
lymphp % 0 25-37
monop % 0 0-9
eosp % 0 0-2
basop % 0 0-1
?0.5..6 % 0 0-0
58413-6=0.1..20 /100_WBC 0 0-10
17849-1=2..8 % 1 3.0-7.0",
    ),
    format(
        "child",
        "Comprehensive Metabolic Panel",
        "
na mmol/L 0 136-145
k mmol/L 1 3.4-4.7
cl mmol/L 0 98-107
co2 mmol/L 0 18-27
bun mg/dL 0 5-18
creat mg/dL 2 0.20-0.43
glucose mg/dL 0 60-100
ca mg/dL 1 8.8-10.8
protein g/dL 1 5.7-8.0
albumin g/dL 1 3.8-5.4
bilit mg/dL 1 0.0-1.0
alp U/L 0 142-335
ast U/L 0 20-60
alt U/L 0 5-45",
    ),
    format(
        "child",
        "Comp. Metabolic Panel (14)",
        "
glucose mg/dL 0 70-99
bun mg/dL 0 5-18
creat mg/dL 2 0.37-0.62
buncreat _ 0 13-32
na mmol/L 0 134-144
k mmol/L 1 3.5-5.2
cl mmol/L 0 96-106
co2 mmol/L 0 19-27
ca mg/dL 1 9.1-10.5
protein g/dL 1 6.0-8.5
albumin g/dL 1 4.2-5.0
globulin g/dL 1 1.5-4.5
agratio _ 1 1.2-2.2
bilit mg/dL 1 0.0-1.2
alp IU/L 0 150-409
ast IU/L 0 0-60
alt IU/L 0 0-29",
    ),
    format(
        "newborn",
        "NEONATAL BASIC METABOLIC PANEL",
        "
na mEq/L 0 133-146
k mEq/L 1 3.7-5.9
cl mEq/L 0 98-113
co2 mEq/L 0 17-24
bun mg/dL 0 4-12
creat mg/dL 2 0.30-1.00
glucose mg/dL 0 40-90
ca mg/dL 1 7.6-10.4
bilit mg/dL 1 1.0-12.0
bilid mg/dL 1 0.0-0.6
?3..9 mg/dL 1 4.5-6.7",
    ),
    format(
        "abroad",
        "Comprehensive Metabolic Panel",
        "
glucose*0.0555 mmol/L 1 3.9-5.5
bun*0.357 mmol/L 1 2.5-7.8
creat*88.4 umol/L 0 62-106/44-80
egfr mL/min/1.73m2 0 >60
na mmol/L 0 136-145
k mmol/L 1 3.5-5.1
cl mmol/L 0 98-107
co2 mmol/L 0 22-29
ca*0.2495 mmol/L 2 2.15-2.55
protein*10 g/L 0 64-83
albumin*10 g/L 0 35-52
bilit*17.1 umol/L 0 3-21
alp U/L 0 40-129/35-104
ast U/L 0 0-40/0-32
alt U/L 0 0-41/0-33",
    ),
    format(
        "abroad",
        "Basic Metabolic Panel",
        "
na mmol/L 0 135-145
k mmol/L 1 3.5-5.3
glucose*0.0555 mmol/L 1 3.5-5.4
bun*0.357 mmol/L 1 3.0-9.2
ca*0.2495 mmol/L 2 2.20-2.60
phos*0.323 mmol/L 2 0.80-1.50
mg*0.411 mmol/L 2 0.70-1.00
?0.5..12 mmol/L 1 0.5-2.2
cl mmol/L 0 95-108
co2 mmol/L 0 22-32
aniongap mmol/L 0 8-16
creat*88.4 umol/L 0 60-110",
    ),
    format(
        "abroad",
        "Renal panel",
        "
na mmol/L 0 133-146
k mmol/L 1 3.5-5.3
bun*0.357 mmol/L 1 2.5-7.8
creat*88.4 umol/L 0 59-104
egfr mL/min/1.73m2 0 >90
glucose*0.0555 mmol/L 1 3.3-5.5
?0.1..0.6 mmol/L 2 0.20-0.43",
    ),
    format(
        "abroad",
        "Lipid profile",
        "
chol*0.0259 mmol/L 1 <5.2
trig*0.0113 mmol/L 1 <1.7
hdl*0.0259 mmol/L 1 >1.0
ldl*0.0259 mmol/L 1 <3.4
nonhdl*0.0259 mmol/L 1 <4.1
cholhdl _ 1 <5.0",
    ),
    format(
        "abroad",
        "Full blood count (CBC)",
        "
hgb*10 g/L 0 130-170/115-155
wbc 10^9/L 1 4.0-11.0
plt 10^9/L 0 150-400
rbc 10^12/L 2 4.50-5.50/3.80-4.80
hct*0.01 L/L 2 0.40-0.50/0.36-0.46
mcv fL 0 83-101
mch pg 1 27.0-32.0
mchc*10 g/L 0 315-345
rdw % 1 11.6-14.0
neuta 10^9/L 2 2.00-7.00
lympha 10^9/L 2 1.00-3.00
monoa 10^9/L 2 0.20-1.00
eosa 10^9/L 2 0.02-0.50
basoa 10^9/L 2 0.02-0.10",
    ),
    format(
        "abroad",
        "Liver function tests",
        "
bilit*17.1 umol/L 0 0-21
alt U/L 0 0-41
alp U/L 0 30-130
2324-2=8..300 U/L 0 10-71
albumin*10 g/L 0 35-50
protein*10 g/L 0 60-80
globulin*10 g/L 0 19-35",
    ),
    format(
        "abroad",
        "Thyroid function tests",
        "
tsh mIU/L 2 0.27-4.20
ft4*12.87 pmol/L 1 12.0-22.0
?3..8 pmol/L 1 3.1-6.8",
    ),
    format(
        "look-alikes",
        "TSH, Free T3, Testosterone",
        "
tsh uIU/mL 3 0.450-4.500
3051-0=1.5..6 pg/mL 1 2.0-4.4
?0.3..25 pg/mL 1 0.0-4.2
?20..900 ng/dL 0 264-916/8-60
?10..40 ng/dL 1 9.2-24.1
?5..20 ng/mL 1 4.0-15.2",
    ),
    format(
        "look-alikes",
        "THYROID AND HORMONE PANEL",
        "
tsh mIU/L 2 0.40-4.50
ft4 ng/dL 1 0.8-1.8
3053-6=60..200 ng/dL 0 76-181
?10..90 ng/dL 1 15-70
?4..30 ug/dL 1 6.2-19.4
?2..25 mIU/L 1 2.6-24.9
?50..500 ug/dL 0 102.6-416.3/57.3-279.2
?1..5 pg/mL 1 1.0-8.5
?10..90 pg/mL 1 7.6-42.6
?1..12 mIU/mL 1 1.7-8.6
?1..15 mIU/mL 1 1.5-12.4
?0.5..2 ng/mL 1 0.8-2.0
?1..40 ng/mL 1 4.8-23.3
?16..120 nmol/L 1 16.5-55.9",
    ),
    format(
        "look-alikes",
        "Female hormones with TSH",
        "
?1..15 mIU/L 1 2.4-12.6
?1..12 mIU/L 1 3.5-12.5
?1..30 ng/mL 1 4.8-23.3
?10..400 pg/mL 0 12.5-166.0
?0.1..20 ng/mL 1 0.2-0.9
tsh mIU/L 2 0.45-4.50
?0..5 mIU/L 1 0-5",
    ),
    format(
        "look-alikes",
        "Lipid Panel with ApoB and Lp(a)",
        "
chol mg/dL 0 <200
trig mg/dL 0 <150
hdl mg/dL 0 >40
ldl mg/dL 0 <100
nonhdl mg/dL 0 <130
?50..160 mg/dL 0 <90
?5..120 mg/dL 0 <30
?90..180 mg/dL 0 >115
?0.3..8 _ 1 <3.8
?0.3..1.3 _ 2 <0.77",
    ),
    format(
        "look-alikes",
        "CARDIO IQ LIPID PANEL",
        "
chol mg/dL 0 125-200
hdl mg/dL 0 >46
trig mg/dL 0 <150
ldl mg/dL_(calc) 0 <130
cholhdl (calc) 1 <5.0
nonhdl mg/dL_(calc) 0 <160
?5..120 mg/dL 0 <75
?50..160 mg/dL 0 52-109
?20..80 mg/dL 0 15-40
?5..40 mg/dL 0 5-30
1988-5=0.1..12 mg/L 1 <3.0
2345-7=60..130 mg/dL 0 65-99",
    ),
    format(
        "look-alikes",
        "CBC WITH RETICULOCYTES",
        "
wbc K/uL 1 4.0-11.0
hgb g/dL 1 12.0-16.0
hct % 1 36.0-46.0
mcv fL 1 80.0-100.0
?25..38 pg 1 28.2-35.7
17849-1=0.3..4 % 1 0.5-2.0
?0.02..0.15 M/uL 3 0.023-0.090
?1..20 % 1 2.3-13.4
?0.8..10 % 1 1.1-7.1
plt K/uL 0 150-400
rdw % 1 11.5-14.5",
    ),
    format(
        "look-alikes",
        "CBC w/ Manual Differential",
        "
wbc K/uL 1 4.0-11.0
rbc M/uL 2 4.20-5.40
hgb g/dL 1 12.0-16.0
hct % 1 36.0-46.0
mcv fL 1 80.0-100.0
mch pg 1 27.0-33.0
mchc g/dL 1 32.0-36.0
plt K/uL 0 150-400
neutp % 0 40-70
35332-6=0.5..20 % 0 0-10
lymphp % 0 20-45
?0.5..8 % 0 0-5
monop % 0 2-10
eosp % 0 0-6
basop % 0 0-2
?0.5..5 % 0 0-0
?0.5..4 % 0 0-1
?0.5..3 % 0 0-0
?0.1..70 % 0 0-0
?0.1..3 K/uL 2 0.00-1.00
?0.05..0.5 K/uL 2 0.00-0.40",
    ),
    format(
        "look-alikes",
        "COMPREHENSIVE METABOLIC PANEL WITH EXTRAS",
        "
glucose mg/dL 0 70-99
bun mg/dL 0 7-25
creat mg/dL 2 0.60-1.30
na mmol/L 0 135-145
k mmol/L 1 3.5-5.1
cl mmol/L 0 98-107
co2 mmol/L 0 21-31
ca mg/dL 1 8.6-10.3
?7..12 mg/dL 1 8.5-10.5
?3.5..6.5 mg/dL 2 4.50-5.30
?1..1.5 mmol/L 2 1.12-1.32
phos mg/dL 1 2.5-4.5
mg mg/dL 1 1.6-2.6
3084-1=2..10 mg/dL 1 3.5-7.2
?10..45 mg/dL 0 18-38
protein g/dL 1 6.4-8.9
albumin g/dL 1 3.5-5.7
bilit mg/dL 1 0.3-1.0
alp U/L 0 34-104
ast U/L 0 13-39
alt U/L 0 7-52
14804-9=100..400 U/L 0 140-271
2324-2=5..300 U/L 0 9-64
2157-6=20..900 U/L 0 30-223
3040-3=10..100 U/L 0 11-82
1798-8=20..150 U/L 0 29-103
?0.5..8 mmol/L 1 0.5-2.2
?0.1..10 mg/dL 2 0.00-0.50",
    ),
    format(
        "look-alikes",
        "Comprehensive metabolic panel",
        "
2345-7=60..110 mg/dL 0 70-99
glucose mg/dL 0 70-99
bun mg/dL 0 7-20
creat mg/dL 2 0.60-1.20
na mmol/L 0 136-145
k mmol/L 1 3.5-5.0
cl mmol/L 0 98-107
co2 mmol/L 0 22-29
?30..250 mmol/L 0 40-220
?10..120 mmol/L 0 25-125
?20..300 mg/dL 0 20-320
?1..60 mg/dL 0 0-20
?2..60 mg/dL 0 15-45",
    ),
    format(
        "look-alikes",
        "Iron panel and trace elements",
        "
iron ug/dL 0 38-169
tibc ug/dL 0 250-450
sat % 0 15-55
ferritin ng/mL 0 30-400
?60..180 ug/dL 0 69-132
?40..140 ug/dL 0 44-115
3034-6=80..250 mg/dL 0 200-360
?10..60 mg/dL 0 16-31
?20..60 ug/dL 1 32.5-78.0",
    ),
    format(
        "look-alikes",
        "COAGULATION SCREEN",
        "
pt sec 1 9.4-12.5
inr _ 1 0.9-1.1
aptt sec 1 25.0-37.0
?10..25 sec 1 14.7-19.5
?9..60 sec 1 10.3-13.6
?20..80 sec 1 25.1-36.5
?0.7..2.5 _ 2 0.00-1.20
3255-7=150..700 mg/dL 0 193-507
?0.1..5 mg/L 2 0.00-0.49
?50..150 % 0 75-135",
    ),
    format(
        "look-alikes",
        "Hemoglobin A1c and Hemoglobin Variants",
        "
a1c % 1 4.8-5.6
?95..98 % 1 96.4-98.8
?1.5..4 % 1 1.8-3.2
?0..3 % 1 0.0-2.0
?0..40 % 1 0.0
?100..250 mg/dL 0 -
?200..300 umol/L 0 205-285",
    ),
    format(
        "look-alikes",
        "Urinalysis, Microscopic",
        "
sg _ 3 1.005-1.030
uph _ 1 5.0-8.0
ucolor _ w Yellow
uapp _ w Clear
urobil mg/dL 1 0.2-1.0
?0.1..2 mg/dL 1 0.0-1.0
5821-4=0..40 /HPF 0 0-5
?0..40 /HPF 0 0-5
5787-7=0..20 /HPF 0 0-10
13945-1=0..9 /HPF 0 0-3
?0..9 /HPF 0 0-2
?0..9 /LPF 0 0-2
?0..30 mg/dL 0 0-15
uneg _ w Negative
uneg _ w Negative
uneg _ w None",
    ),
    format(
        "look-alikes",
        "Electrolytes and blood gases",
        "
?7.1..7.6 _ 2 7.35-7.45
?30..60 mmHg 0 35-45
?60..110 mmHg 0 80-100
co2 mmol/L 0 22-26
?18..32 mmol/L 0 22-26
na mmol/L 0 136-145
k mmol/L 1 3.5-5.0
cl mmol/L 0 98-106
?1..1.4 mmol/L 2 1.15-1.33
?0.4..9 mmol/L 1 0.5-1.6
2345-7=60..200 mg/dL 0 65-95
?88..100 % 0 95-100
718-7=10..17 g/dL 1 13.5-17.5
?0.1..5 mmol/L 1 -",
    ),
    format(
        "look-alikes",
        "Lytes, random",
        "
?20..200 mmol/L 0 40-220
?10..100 mmol/L 0 25-125
?20..250 mmol/L 0 110-250",
    ),
    format(
        "look-alikes",
        "Liver fibrosis panel",
        "
ast U/L 0 10-40
alt U/L 0 9-46
2324-2=8..200 U/L 0 3-70
?1.5..4 g/L 2 1.10-2.05
1975-2=0.2..2 mg/dL 1 0.2-1.2
?30..300 mg/dL 0 43-212
?110..260 mg/dL 0 94-176
?0..1 _ 2 0.00-0.21",
    ),
    format(
        "look-alikes",
        "VITAMIN D, 25-HYDROXY, TOTAL AND FRACTIONS",
        "
1989-3=15..60 ng/mL 0 30-100
?10..60 ng/mL 0 20-80
?2..30 ng/mL 0 <4
?20..80 pg/mL 0 18-72",
    ),
    format(
        "look-alikes",
        "Vitamin B12 and Folate",
        "
2132-9=100..1400 pg/mL 0 232-1245
2284-8=2..25 ng/mL 1 >3.0
?200..900 ng/mL 0 >498
?4..25 umol/L 1 0.0-14.5
?50..500 nmol/L 0 0-378
?5..60 pg/mL 0 15-65",
    ),
    format(
        "look-alikes",
        "PSA, Total and Free",
        "
2857-1=0.2..9 ng/mL 1 0.0-4.0
?0.1..2 ng/mL 2 -
?8..40 % 1 >25.0
2857-1=0.2..9 ng/mL 2 0.00-4.00",
    ),
    format(
        "look-alikes",
        "CRP, ESR and rheumatology",
        "
1988-5=0.3..60 mg/L 1 0-10
4537-7=2..60 mm/hr 0 0-15
?3..60 mg/L 1 <14.0
?2..10 mg/dL 1 3.5-7.2
1988-5=0.1..9 mg/L 2 0.00-3.00",
    ),
    format(
        "another laboratory",
        "CHEM 20",
        "
glucose mg/dL 0 72-118
bun mg/dL 1 8.4-25.7
creat mg/dL 2 0.72-1.25/0.57-1.11
na mmol/L 0 136-145
k mmol/L 1 3.5-5.1
cl mmol/L 0 98-107
co2 mmol/L 0 23-31
ca mg/dL 1 8.8-10.0
protein g/dL 1 6.4-8.3
albumin g/dL 1 3.4-4.8
bilit mg/dL 1 0.2-1.2
bilid mg/dL 1 0.0-0.5
alp U/L 0 40-150
ast U/L 0 5-34
alt U/L 0 0-55
2324-2=8..200 U/L 0 12-64
14804-9=90..400 U/L 0 125-220
3084-1=2..10 mg/dL 1 3.5-7.2
phos mg/dL 1 2.3-4.7
chol mg/dL 0 <200
trig mg/dL 0 <150",
    ),
    format(
        "another laboratory",
        "CBC & PLT & DIFF",
        "
wbc K/cmm 1 3.6-11.1
neutp % 1 43.3-80.1
lymphp % 1 14.5-42.5
monop % 1 2.0-10.5
eosp % 1 0.4-6.8
basop % 1 0.1-1.4
neuta K/cmm 2 1.82-7.42
lympha K/cmm 2 0.85-3.23
monoa K/cmm 2 0.19-0.87
eosa K/cmm 2 0.03-0.43
basoa K/cmm 2 0.00-0.12
rbc M/cmm 2 4.21-5.78/3.72-5.12
hgb g/dL 1 12.9-17.2/11.3-15.3
hct % 1 38.1-50.4/33.9-45.9
mcv fL 1 79.5-96.8
mch pg 1 26.3-33.1
mchc g/dL 1 32.4-35.9
rdw % 1 11.7-15.0
plt K/cmm 0 143-382
mpv fL 1 8.8-12.8",
    ),
    format(
        "another laboratory",
        "HEPATIC PANEL",
        "
alt U/L 0 0-35
ast U/L 0 0-35
alp U/L 0 30-115
bilit mg/dL 1 0.0-1.5
bilid mg/dL 1 0.0-0.4
protein g/dL 1 6.0-8.0
albumin g/dL 1 3.2-5.0",
    ),
    format(
        "another laboratory",
        "THYROID CASCADE PROFILE",
        "
tsh uIU/mL 2 0.35-4.94
ft4 ng/dL 2 0.70-1.48
3051-0=1.5..4 pg/mL 2 1.58-3.91
?0..900 IU/mL 0 0-34
?0..400 IU/mL 1 0.0-0.9",
    ),
];
