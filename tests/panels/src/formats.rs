//! How laboratories print their panels: rows, units, ranges, digits.
//!
//! A line is `test unit digits range`, the range `men/women` where it differs; `-` is none, `~` "Not
//! Estab."; `_` stands for a space in a unit and for no unit alone.

/// A laboratory's panel.
pub(crate) struct Format {
    pub(crate) lab: &'static str,
    pub(crate) title: &'static str,
    /// The LOINC code sent with the title, or nothing.
    pub(crate) code: &'static str,
    pub(crate) rows: &'static str,
}

const fn format(
    lab: &'static str,
    title: &'static str,
    code: &'static str,
    rows: &'static str,
) -> Format {
    Format { lab, title, code, rows }
}

pub(crate) const FORMATS: &[Format] = &[
    format(
        "Large A",
        "CBC (INCLUDES DIFF/PLT)",
        "",
        "
wbc Thousand/uL 1 3.8-10.8
rbc Million/uL 2 4.20-5.80/3.80-5.10
hgb g/dL 1 13.2-17.1/11.7-15.5
hct % 1 38.5-50.0/35.0-45.0
mcv fL 1 80.0-100.0
mch pg 1 27.0-33.0
mchc g/dL 1 32.0-36.0
rdw % 1 11.0-15.0
plt Thousand/uL 0 140-400
mpv fL 1 7.5-12.5
neuta cells/uL 0 1500-7800
lympha cells/uL 0 850-3900
monoa cells/uL 0 200-950
eosa cells/uL 0 15-500
basoa cells/uL 0 0-200
neutp % 1 -
lymphp % 1 -
monop % 1 -
eosp % 1 -
basop % 1 -",
    ),
    format(
        "Large A",
        "COMPREHENSIVE METABOLIC PANEL",
        "",
        "
glucose mg/dL 0 65-99
bun mg/dL 0 7-25
creat mg/dL 2 0.60-1.35/0.50-1.10
egfr mL/min/1.73m2 0 >=60
buncreat (calc) 0 6-22
na mmol/L 0 135-146
k mmol/L 1 3.5-5.3
cl mmol/L 0 98-110
co2 mmol/L 0 20-32
ca mg/dL 1 8.6-10.3/8.6-10.4
protein g/dL 1 6.1-8.1
albumin g/dL 1 3.6-5.1
globulin g/dL_(calc) 1 1.9-3.7
agratio (calc) 1 1.0-2.5
bilit mg/dL 1 0.2-1.2
alp U/L 0 35-144/31-125
ast U/L 0 10-40/10-35
alt U/L 0 9-46/6-29",
    ),
    format(
        "Large A",
        "LIPID PANEL, STANDARD",
        "",
        "
chol mg/dL 0 <200
hdl mg/dL 0 >=40/>=50
trig mg/dL 0 <150
ldl mg/dL_(calc) 0 <100
cholhdl (calc) 1 <5.0
nonhdl mg/dL_(calc) 0 <130",
    ),
    format(
        "Large A",
        "HEPATIC FUNCTION PANEL",
        "",
        "
protein g/dL 1 6.1-8.1
albumin g/dL 1 3.6-5.1
globulin g/dL_(calc) 1 1.9-3.7
agratio (calc) 1 1.0-2.5
bilit mg/dL 1 0.2-1.2
bilid mg/dL 1 <=0.2
bilii mg/dL_(calc) 1 0.2-1.2
alp U/L 0 35-144/31-125
ast U/L 0 10-40/10-35
alt U/L 0 9-46/6-29",
    ),
    format(
        "Large A",
        "IRON, TIBC AND FERRITIN PANEL",
        "",
        "
iron mcg/dL 0 50-180/45-160
tibc mcg/dL_(calc) 0 250-425
sat %_(calc) 0 20-48/16-45
ferritin ng/mL 0 38-380/16-232",
    ),
    format(
        "Large A",
        "TSH+FREE T4",
        "",
        "
tsh mIU/L 2 0.40-4.50
ft4 ng/dL 1 0.8-1.8",
    ),
    format(
        "Large A",
        "THYROID PANEL WITH TSH",
        "",
        "
t3u % 0 22-35
t4 mcg/dL 1 4.9-10.5/5.1-11.9
fti _ 1 1.4-3.8
tsh mIU/L 2 0.40-4.50",
    ),
    format(
        "Large A",
        "PROTHROMBIN TIME WITH INR",
        "",
        "
inr _ 1 0.9-1.1
pt sec 1 9.0-11.5",
    ),
    format(
        "Large A",
        "URINALYSIS, COMPLETE",
        "",
        "
ucolor _ w YELLOW
uapp _ w CLEAR
sg _ 3 1.001-1.035
uph _ 1 5.0-8.0
uneg _ w NEGATIVE
uneg _ w NEGATIVE
uneg _ w NEGATIVE
uneg _ w NEGATIVE
uneg _ w NEGATIVE
uneg _ w NEGATIVE
uneg _ w NEGATIVE",
    ),
    format(
        "Large B",
        "CBC With Differential/Platelet",
        "",
        "
wbc x10E3/uL 1 3.4-10.8
rbc x10E6/uL 2 4.14-5.80/3.77-5.28
hgb g/dL 1 13.0-17.7/11.1-15.9
hct % 1 37.5-51.0/34.0-46.6
mcv fL 0 79-97
mch pg 1 26.6-33.0
mchc g/dL 1 31.5-35.7
rdw % 1 11.6-15.4/11.7-15.4
plt x10E3/uL 0 150-450
neutp % 0 ~
lymphp % 0 ~
monop % 0 ~
eosp % 0 ~
basop % 0 ~
neuta x10E3/uL 1 1.4-7.0
lympha x10E3/uL 1 0.7-3.1
monoa x10E3/uL 1 0.1-0.9
eosa x10E3/uL 1 0.0-0.4
basoa x10E3/uL 1 0.0-0.2
igp % 0 ~
iga x10E3/uL 1 0.0-0.1",
    ),
    format(
        "Large B",
        "Comp. Metabolic Panel (14)",
        "24323-8",
        "
glucose mg/dL 0 70-99
bun mg/dL 0 6-24
creat mg/dL 2 0.76-1.27/0.57-1.00
egfr mL/min/1.73 0 >59
buncreat _ 0 9-20/9-23
na mmol/L 0 134-144
k mmol/L 1 3.5-5.2
cl mmol/L 0 96-106
co2 mmol/L 0 20-29
ca mg/dL 1 8.7-10.2
protein g/dL 1 6.0-8.5
albumin g/dL 1 3.8-4.9
globulin g/dL 1 1.5-4.5
agratio _ 1 1.2-2.2
bilit mg/dL 1 0.0-1.2
alp IU/L 0 44-121
ast IU/L 0 0-40
alt IU/L 0 0-44/0-32",
    ),
    format(
        "Large B",
        "Basic Metabolic Panel (8)",
        "",
        "
glucose mg/dL 0 70-99
bun mg/dL 0 8-27
creat mg/dL 2 0.76-1.27/0.57-1.00
egfr mL/min/1.73 0 >59
buncreat _ 0 10-24/12-28
na mmol/L 0 134-144
k mmol/L 1 3.5-5.2
cl mmol/L 0 96-106
co2 mmol/L 0 20-29
ca mg/dL 1 8.6-10.2/8.7-10.3",
    ),
    format(
        "Large B",
        "Lipid Panel",
        "",
        "
chol mg/dL 0 100-199
trig mg/dL 0 0-149
hdl mg/dL 0 >39
vldl mg/dL 0 5-40
ldl mg/dL 0 0-99",
    ),
    format(
        "Large B",
        "Lipid Panel w/ Chol/HDL Ratio",
        "",
        "
chol mg/dL 0 100-199
trig mg/dL 0 0-149
hdl mg/dL 0 >39
vldl mg/dL 0 5-40
ldl mg/dL 0 0-99
cholhdl ratio 1 0.0-5.0/0.0-4.4",
    ),
    format(
        "Large B",
        "Hepatic Function Panel (7)",
        "24325-3",
        "
protein g/dL 1 6.0-8.5
albumin g/dL 1 4.1-5.1/3.9-4.9
bilit mg/dL 1 0.0-1.2
bilid mg/dL 2 0.00-0.40
alp IU/L 0 44-121
ast IU/L 0 0-40
alt IU/L 0 0-44/0-32",
    ),
    format(
        "Large B",
        "Iron and TIBC",
        "",
        "
tibc ug/dL 0 250-450
uibc ug/dL 0 111-343/131-425
iron ug/dL 0 38-169/27-159
sat % 0 15-55",
    ),
    format(
        "Large B",
        "Thyroid Panel With TSH",
        "",
        "
tsh uIU/mL 3 0.450-4.500
t4 ug/dL 1 4.5-12.0
t3u % 0 24-39
fti _ 1 1.2-4.9",
    ),
    format(
        "Large B",
        "Hgb A1c with eAG Estimation",
        "",
        "
a1c % 1 4.8-5.6
eag mg/dL 0 -",
    ),
    format(
        "Large B",
        "Renal Panel (10)",
        "",
        "
glucose mg/dL 0 70-99
bun mg/dL 0 6-24
creat mg/dL 2 0.76-1.27/0.57-1.00
egfr mL/min/1.73 0 >59
buncreat _ 0 9-20/9-23
na mmol/L 0 134-144
k mmol/L 1 3.5-5.2
cl mmol/L 0 96-106
co2 mmol/L 0 20-29
ca mg/dL 1 8.7-10.2
phos mg/dL 1 2.8-4.1/3.0-4.3
albumin g/dL 1 3.8-4.9",
    ),
    format(
        "Large B",
        "Prothrombin Time (PT)",
        "",
        "
inr _ 1 0.9-1.2
pt sec 1 9.1-12.0",
    ),
    format(
        "Large B",
        "Urinalysis, Routine",
        "",
        "
sg _ 3 1.005-1.030
uph _ 1 5.0-7.5
ucolor _ w Yellow
uapp _ w Clear
uneg _ w Negative
uneg _ w Negative
uneg _ w Negative
uneg _ w Negative
uneg _ w Negative
uneg _ w Negative
urobil mg/dL 1 0.2-1.0
uneg _ w Negative",
    ),
    format(
        "Hospital C",
        "CBC AND DIFFERENTIAL",
        "57021-8",
        "
wbc K/uL 2 4.00-11.00
rbc M/uL 2 4.50-5.90/4.00-5.20
hgb g/dL 1 13.5-17.5/12.0-16.0
hct % 1 41.0-53.0/36.0-46.0
mcv fL 1 80.0-100.0
mch pg 1 26.0-34.0
mchc g/dL 1 31.0-37.0
rdw % 1 11.5-14.5
plt K/uL 0 150-400
mpv fL 1 9.4-12.4
neutp % 1 40.0-75.0
igp % 1 0.0-1.0
lymphp % 1 20.0-45.0
monop % 1 2.0-10.0
eosp % 1 0.0-6.0
basop % 1 0.0-2.0
neuta K/uL 2 1.80-7.70
iga K/uL 2 0.00-0.10
lympha K/uL 2 1.00-4.80
monoa K/uL 2 0.00-0.80
eosa K/uL 2 0.00-0.50
basoa K/uL 2 0.00-0.20
nrbcp /100_WBC 1 0.0-0.2",
    ),
    format(
        "Hospital C",
        "Comprehensive Metabolic Panel",
        "",
        "
na mmol/L 0 136-145
k mmol/L 1 3.5-5.1
cl mmol/L 0 98-107
co2 mmol/L 0 21-32
aniongap mmol/L 0 5-15
glucose mg/dL 0 74-106
bun mg/dL 0 7-18
creat mg/dL 2 0.70-1.30/0.55-1.02
egfr mL/min/1.73m2 0 >60
ca mg/dL 1 8.5-10.1
protein g/dL 1 6.4-8.2
albumin g/dL 1 3.4-5.0
bilit mg/dL 1 0.2-1.0
ast U/L 0 15-37
alt U/L 0 16-63/14-59
alp U/L 0 46-116",
    ),
    format(
        "Hospital D",
        "CBC w/ Auto Diff",
        "",
        "
wbc 10*3/uL 1 4.5-11.0
rbc 10*6/uL 2 4.70-6.10/4.20-5.40
hgb g/dL 1 14.0-18.0/12.0-16.0
hct % 1 42.0-52.0/37.0-47.0
mcv fL 1 80.0-94.0/81.0-99.0
mch pg 1 27.0-31.0
mchc g/dL 1 33.0-37.0
rdw % 1 11.5-14.5
rdwsd fL 1 36.4-46.3
plt 10*3/uL 0 130-400
mpv fL 1 7.4-10.4
neutp % 1 43.0-77.0
neuta 10*3/uL 1 2.0-8.0
lymphp % 1 20.0-50.0
lympha 10*3/uL 1 1.0-4.0
monop % 1 0.0-12.0
monoa 10*3/uL 1 0.0-1.0
eosp % 1 0.0-7.0
eosa 10*3/uL 1 0.0-0.7
basop % 1 0.0-1.5
basoa 10*3/uL 1 0.0-0.1",
    ),
    format(
        "Hospital D",
        "COMP METABOLIC PANEL",
        "",
        "
glucose mg/dL 0 70-110
bun mg/dL 0 8-23
creat mg/dL 1 0.7-1.2/0.5-0.9
buncreat Ratio 1 10.0-20.0
na mEq/L 0 135-145
k mEq/L 1 3.5-5.0
cl mEq/L 0 98-108
co2 mEq/L 0 22-29
aniongap mEq/L 0 8-16
ca mg/dL 1 8.8-10.2
protein g/dL 1 6.6-8.7
albumin g/dL 1 3.5-5.2
globulin g/dL 1 2.3-3.5
agratio Ratio 1 1.0-2.0
bilit mg/dL 1 <1.2
alp U/L 0 40-129/35-104
alt U/L 0 <41/<33
ast U/L 0 <40/<32
egfr mL/min/1.73m2 0 >60",
    ),
    format(
        "Hospital E",
        "Complete Blood Count with Differential",
        "",
        "
wbc x10^3/uL 1 4.0-10.5
rbc x10^6/uL 2 4.35-5.65/3.92-5.13
hgb g/dL 1 13.2-16.6/11.6-15.0
hct % 1 38.3-48.6/35.5-44.9
mcv fL 1 78.2-97.9
mch pg 1 26.1-33.5
mchc g/dL 1 32.2-36.1
rdw % 1 11.8-14.5/12.2-16.1
plt x10^3/uL 0 135-317/157-371
neutp % 1 39.5-79.5
lymphp % 1 13.0-46.0
monop % 1 3.5-12.0
eosp % 1 0.5-6.0
basop % 1 0.0-1.2
neuta x10^3/uL 2 1.56-6.45
lympha x10^3/uL 2 0.95-3.07
monoa x10^3/uL 2 0.26-0.81
eosa x10^3/uL 2 0.03-0.48
basoa x10^3/uL 2 0.01-0.08",
    ),
    format(
        "Hospital E",
        "Comprehensive Metabolic Panel, S",
        "24323-8",
        "
na mmol/L 0 135-145
k mmol/L 1 3.6-5.2
cl mmol/L 0 98-107
co2 mmol/L 0 22-29
aniongap _ 0 7-15
bun mg/dL 0 8-24/6-21
creat mg/dL 2 0.74-1.35/0.59-1.04
egfr mL/min/BSA 0 >=60
ca mg/dL 1 8.8-10.2
glucose mg/dL 0 70-140
protein g/dL 1 6.3-7.9
albumin g/dL 1 3.5-5.0
ast U/L 0 8-48/8-43
alp U/L 0 40-129/35-104
alt U/L 0 7-55/7-45
bilit mg/dL 1 <=1.2",
    ),
    format(
        "Hospital F",
        "HEMOGRAM",
        "58410-2",
        "
wbc K/mm3 1 4.8-10.8
rbc M/mm3 2 4.4-5.9/3.8-5.2
hgb gm/dL 1 13.7-17.5/11.2-15.7
hct % 1 40.1-51.0/34.1-44.9
mcv fL 1 79.4-94.8
mch pg 1 25.6-32.2
mchc gm/dL 1 32.2-35.5
rdw % 1 11.6-14.4
plt K/mm3 0 182-369
mpv fL 1 9.4-12.3",
    ),
    format(
        "Hospital F",
        "BASIC METABOLIC PANEL",
        "",
        "
na mmol/L 0 137-145
k mmol/L 1 3.4-5.1
cl mmol/L 0 98-107
co2 mmol/L 0 22-30
aniongap mmol/L 0 4-12
bun mg/dL 0 9-20/7-17
creat mg/dL 2 0.66-1.25/0.52-1.04
egfr mL/min/1.73m2 0 >60
glucose mg/dL 0 74-106
ca mg/dL 1 8.4-10.2",
    ),
    format(
        "Hospital F",
        "LIPID PROFILE",
        "24331-1",
        "
chol mg/dL 0 <200
trig mg/dL 0 <150
hdl mg/dL 0 40-60
ldl mg/dL 0 <130
vldl mg/dL 0 <30
nonhdl mg/dL 0 <160",
    ),
    format(
        "Hospital F",
        "LIVER PROFILE",
        "",
        "
protein g/dL 1 6.3-8.2
albumin g/dL 1 3.5-5.0
alp U/L 0 38-126
alt U/L 0 <50/<35
ast U/L 0 17-59/14-36
bilit mg/dL 1 0.2-1.3
bilid mg/dL 1 0.0-0.3",
    ),
    format(
        "Regional G",
        "CBC WITH DIFF",
        "",
        "
wbc Thous/cumm 2 3.70-11.00
rbc Mil/cumm 2 4.20-5.90/3.90-5.20
hgb gm/dl 1 13.0-17.0/11.5-15.5
hct % 1 39.0-51.0/36.0-46.0
mcv fl 1 80.0-100.0
mch pg 1 26.0-34.0
mchc gm/dl 1 30.5-36.0
rdw % 1 11.5-15.0
plt Thous/cumm 0 150-400
mpv fl 1 9.0-12.7
neutp % 1 -
neuta Thous/cumm 2 1.45-7.50
lymphp % 1 -
lympha Thous/cumm 2 1.00-4.00
monop % 1 -
monoa Thous/cumm 2 0.00-0.87
eosp % 1 -
eosa Thous/cumm 2 0.00-0.46
basop % 1 -
basoa Thous/cumm 2 0.00-0.11
igp % 1 -
iga Thous/cumm 2 0.00-0.10
nrbca Thous/cumm 2 0.00-0.01",
    ),
    format(
        "Regional G",
        "METABOLIC PANEL, COMPREHENSIVE",
        "",
        "
protein g/dL 1 6.3-8.0
albumin g/dL 1 3.9-4.9
ca mg/dL 1 8.5-10.2
bilit mg/dL 1 0.2-1.3
alp U/L 0 38-113/34-123
ast U/L 0 14-40/13-35
alt U/L 0 10-54/7-38
glucose mg/dL 0 74-99
bun mg/dL 0 9-24/7-21
creat mg/dL 2 0.73-1.22/0.58-0.96
na mmol/L 0 136-144
k mmol/L 1 3.7-5.1
cl mmol/L 0 97-105
co2 mmol/L 0 22-30
aniongap mmol/L 0 9-18
egfr mL/min/1.73m2 0 >=60",
    ),
    format(
        "Regional H",
        "Cbc With Differential",
        "",
        "
wbc 10E3/uL 1 4.3-10.8
rbc 10E6/uL 2 4.7-6.1/4.1-5.3
hgb g/dL 1 13.5-18.0/12.5-16.0
hct % 1 42.0-50.0/36.0-47.0
mcv fL 0 82-98
mch pg 0 27-34
mchc g/dL 0 32-36
rdw % 1 11.9-15.5
plt 10E3/uL 0 155-379
neutp % 0 50-75
lymphp % 0 15-45
monop % 0 4-12
eosp % 0 0-5
basop % 0 0-1
neuta 10E3/uL 1 2.2-7.8
lympha 10E3/uL 1 0.9-3.4
monoa 10E3/uL 1 0.2-1.0
eosa 10E3/uL 1 0.0-0.5
basoa 10E3/uL 1 0.0-0.1",
    ),
    format(
        "Regional H",
        "CMP14+eGFR",
        "",
        "
glucose mg/dL 0 65-100
bun mg/dL 0 5-26
creat mg/dL 2 0.50-1.50
buncreat _ 0 8-27
na mmol/L 0 135-148
k mmol/L 1 3.5-5.5
cl mmol/L 0 96-109
co2 mmol/L 0 20-32
ca mg/dL 1 8.5-10.6
protein g/dL 1 6.0-8.5
albumin g/dL 1 3.5-5.5
globulin g/dL 1 1.5-4.5
agratio _ 1 1.1-2.5
bilit mg/dL 1 0.1-1.2
alp IU/L 0 25-150
ast IU/L 0 0-40
alt IU/L 0 0-55
egfr mL/min/1.73 0 >59",
    ),
    format(
        "Regional H",
        "Hepatic Function Panel",
        "24325-3",
        "
bilit mg/dL 1 0.3-1.2
bilid mg/dL 1 0.1-0.5
alp IU/L 0 30-120
alt IU/L 0 10-40
ast IU/L 0 10-42
albumin g/dL 1 3.5-5.0
protein g/dL 1 6.0-8.0",
    ),
    format(
        "Clinic I",
        "CBC",
        "",
        "
wbc 10^9/L 1 4.0-10.0
lymphp % 1 20.0-40.0
monop % 1 3.0-12.0
neutp % 1 50.0-70.0
eosp % 1 0.5-5.0
basop % 1 0.0-1.0
neuta 10^9/L 1 2.0-7.0
lympha 10^9/L 1 0.8-4.0
monoa 10^9/L 1 0.1-1.2
eosa 10^9/L 2 0.02-0.50
basoa 10^9/L 2 0.00-0.10
rbc 10^12/L 2 4.00-5.50/3.50-5.00
hgb g/dL 1 12.0-16.0/11.0-15.0
hct % 1 40.0-54.0/37.0-47.0
mcv fL 1 80.0-100.0
mch pg 1 27.0-34.0
mchc g/dL 1 32.0-36.0
rdw % 1 11.0-16.0
rdwsd fL 1 35.0-56.0
plt 10^9/L 0 100-300
mpv fL 1 6.5-12.0
pdw fL 1 9.0-17.0",
    ),
    format(
        "Clinic I",
        "Electrolyte Panel",
        "",
        "
na mEq/L 0 135-145
k mEq/L 1 3.5-5.0
cl mEq/L 0 98-106
co2 mEq/L 0 23-29",
    ),
    format(
        "Clinic I",
        "Lipids",
        "",
        "
chol mg/dL 0 <=199
hdl mg/dL 0 >=40
ldl mg/dL 0 <=129
trig mg/dL 0 <=149
cholhdl _ 1 <=4.9
ldlhdl _ 1 0.0-3.5",
    ),
    format(
        "Clinic I",
        "Coagulation panel",
        "",
        "
pt seconds 1 11.0-13.5
inr _ 2 0.80-1.20
aptt seconds 1 25.0-35.0",
    ),
];
