//! Goes through what is settled for each type: which date comes first and what it is called, which
//! title comes first, what a status means, what must be seen.

use super::Standing::{self, Current, Past, Planned, Unclear, Void};
use super::{Kind, Lookup, Record, derive};

/// What is settled for a type.
struct Rule {
    name: &'static str,
    kind: Kind,
    /// Members that give the date, first wins, and the label each gives.
    when: &'static [(&'static str, &'static str)],
    /// Members that give the title, first wins, and the title each gives.
    title: &'static [(&'static str, &'static str)],
    /// Members that give a status, where it belongs, and what must stand in its words.
    status: &'static [(&'static str, Standing, &'static str)],
    /// Members and the words that must be seen because of them.
    seen: &'static [(&'static str, &'static str)],
}

#[test]
fn every_type_is_read_as_it_is_settled() {
    for rule in RULES {
        for (idx, (_, label)) in rule.when.iter().enumerate() {
            let record = read(rule.name, &joined(&rule.when[idx..]));
            let when = record.when.unwrap_or_else(|| panic!("{} {label}", rule.name));
            assert_eq!(when.label, *label, "{} {idx}", rule.name);
        }
        assert_eq!(read(rule.name, "").when, None, "{}", rule.name);
        for (idx, (_, title)) in rule.title.iter().enumerate() {
            let record = read(rule.name, &joined(&rule.title[idx..]));
            assert_eq!(record.title, *title, "{} {idx}", rule.name);
        }
        for (member, standing, words) in rule.status {
            let record = read(rule.name, member);
            let status = record.status.unwrap_or_else(|| panic!("{} {member}", rule.name));
            assert_eq!(status.standing, *standing, "{} {member}: {}", rule.name, status.text);
            assert!(status.text.contains(words), "{} {member}: {}", rule.name, status.text);
        }
        for (member, words) in rule.seen {
            let record = read(rule.name, member);
            let told = told(&record);
            assert!(told.contains(words), "{} {member}: {words} in\n{told}", rule.name);
        }
        let record = read(rule.name, "");
        if rule.name != "Observation" {
            assert_eq!(record.kind, rule.kind, "{}", rule.name);
        }
        // A condition nobody knows is said, and takes any record out of what is current.
        let record = read(rule.name, r#""modifierExtension":[{"url":"x"}],"status":"completed""#);
        let status = record.status.unwrap();
        assert!(matches!(status.standing, Unclear | Void), "{} {status:?}", rule.name);
        assert!(record.problems.iter().any(|found| found.message.contains("does not understand")));
    }
}

#[test]
fn what_was_entered_in_error_is_void_whatever_its_type() {
    for rule in RULES.iter().filter(|rule| !rule.status.is_empty()) {
        if matches!(rule.name, "Patient" | "DocumentManifest") {
            continue;
        }
        let member = match rule.name {
            "Condition" => r#""verificationStatus":"entered-in-error","clinicalStatus":"active""#,
            _ => r#""status":"entered-in-error""#,
        };
        let status = read(rule.name, member).status.unwrap();
        assert_eq!(
            (status.standing, status.text.as_str()),
            (Void, "Withdrawn by the practice as an error"),
            "{}",
            rule.name
        );
    }
}

#[test]
fn the_date_of_what_was_not_done_is_not_called_so() {
    for (name, date, modifier, label, field) in [
        (
            "MedicationAdministration",
            r#""effectiveTimeDateTime":"2020-01-02""#,
            r#""wasNotGiven":true"#,
            "given",
            "Given: 2020-01-02",
        ),
        (
            "Procedure",
            r#""performedDateTime":"2020-01-02""#,
            r#""notPerformed":true"#,
            "performed",
            "Performed: 2020-01-02",
        ),
    ] {
        let done = read(name, &format!(r#""status":"completed",{date}"#));
        assert!(told(&done).contains(field), "{name}");
        assert_eq!(done.when.unwrap().label, label);
        for not_so in [modifier, r#""status":"entered-in-error""#, r#""status":"whatever""#] {
            let not_so = read(name, &format!("{not_so},{date}"));
            assert!(told(&not_so).contains("Date: 2020-01-02"), "{name}");
            assert!(!told(&not_so).contains(field), "{name}");
            assert_eq!(not_so.when.unwrap().label, "on");
        }
    }
    let dosage = r#""dosage":[{"timing":{"repeat":{"boundsPeriod":{"start":"2018"}}}}]"#;
    let not_taken = read("MedicationStatement", &format!(r#""wasNotTaken":true,{dosage}"#));
    assert_eq!(not_taken.when.unwrap().label, "on");
}

fn joined(members: &[(&str, &str)]) -> String {
    members.iter().map(|(member, _)| *member).collect::<Vec<_>>().join(",")
}

fn read(name: &str, members: &str) -> Record {
    let comma = if members.is_empty() { "" } else { "," };
    derive(format!(r#"{{"resourceType":"{name}"{comma}{members}}}"#).as_bytes(), &Shelf)
}

fn told(record: &Record) -> String {
    let mut told = format!("{}\n{}\n", record.title, record.subtitle);
    told.extend(record.status.iter().map(|status| format!("{}\n", status.text)));
    for section in &record.sections {
        told += &format!("# {}\n", section.title);
        for field in &section.fields {
            told += &format!("{}: {}\n", field.label, field.text);
        }
    }
    for part in &record.measurements {
        told += &format!("{} {:?} {:?} {:?}\n", part.name, part.value, part.range, part.absent);
    }
    told
}

/// What other resources say.
struct Shelf;

impl Lookup for Shelf {
    fn resource(&self, target: &str) -> Option<Vec<u8>> {
        let raw: &[u8] = match target {
            "Specimen/1" => {
                br#"{"resourceType":"Specimen","collection":{"collectedDateTime":"2020-01-02"}}"#
            }
            "Encounter/1" => br#"{"resourceType":"Encounter","period":{"start":"2020-01-02"}}"#,
            "Medication/1" => br#"{"resourceType":"Medication","code":{"text":"Aspirin"}}"#,
            "Device/1" => br#"{"resourceType":"Device","type":{"text":"Wheelchair"}}"#,
            _ => return None,
        };
        Some(raw.to_vec())
    }
}

const ORDERED: &[(&str, Standing, &str)] = &[
    (r#""status":"active""#, Current, "Active"),
    (r#""status":"completed""#, Past, "Completed"),
    (r#""status":"cancelled""#, Void, "not done"),
    (r#""status":"suspended""#, Void, "not done"),
    (r#""status":"rejected""#, Void, "not done"),
    (r#""status":"failed""#, Void, "not done"),
    (r#""status":"aborted""#, Void, "not done"),
    (r#""status":"nobody-knows""#, Unclear, "nobody-knows"),
    ("", Unclear, "Status not sent"),
];

const MEDICINE: &[(&str, &str)] = &[
    (r#""medicationReference":{"reference":"Medication/1"}"#, "Aspirin"),
    (
        r#""medicationCodeableConcept":{"text":"LISINOPRIL 10 MG TABLET"}"#,
        "Lisinopril 10 mg tablet",
    ),
    (r#""text":{"div":"<div>Metformin</div>"}"#, "Metformin"),
];

const RULES: &[Rule] = &[
    Rule {
        name: "Patient",
        kind: Kind::People,
        when: &[],
        title: &[(
            r#""name":[{"text":"Ana First"},{"use":"usual","text":"Ana Usual"},{"use":"official","text":"Ana Official"}]"#,
            "Ana Official",
        )],
        status: &[
            (r#""active":false"#, Past, "No longer used"),
            (r#""link":[{"type":"replace","other":{"reference":"Patient/2"}}]"#, Past, "Replaced"),
        ],
        seen: &[
            (r#""gender":"female""#, "Sex recorded by the practice: Female"),
            (r#""birthDate":"1957-03-12""#, "Born Mar 12, 1957"),
            (r#""deceasedDateTime":"2020-03-04""#, "Died: 2020-03-04"),
            (r#""telecom":[{"system":"phone","value":"+1 555 0148"}]"#, "Contact: +1 555 0148"),
            (r#""address":[{"line":["4 Elm"],"city":"Troy"}]"#, "Address: 4 Elm, Troy"),
            (r#""contact":[{"name":{"text":"Bo"}}]"#, "Contact person: Bo"),
            (r#""communication":[{"language":{"text":"Spanish"}}]"#, "Language: Spanish"),
            (r#""careProvider":[{"display":"Dr. Ruiz"}]"#, "Care provider: Dr. Ruiz"),
        ],
    },
    Rule {
        name: "AllergyIntolerance",
        kind: Kind::Allergies,
        when: &[(r#""onset":"2010""#, "since"), (r#""recordedDate":"2012-01-01""#, "recorded")],
        title: &[
            (r#""substance":{"text":"PENICILLIN"}"#, "Penicillin"),
            (r#""reaction":[{"substance":{"text":"Latex"}}]"#, "Latex"),
        ],
        status: &[
            (r#""status":"active""#, Current, "Active"),
            (r#""status":"confirmed""#, Current, "Confirmed"),
            (r#""status":"unconfirmed""#, Current, "Unconfirmed"),
            ("", Current, "not sent"),
            (r#""status":"inactive""#, Past, "No longer"),
            (r#""status":"resolved""#, Past, "Resolved"),
            (r#""status":"refuted""#, Void, "Ruled out"),
        ],
        seen: &[
            (r#""criticality":"CRITH""#, "High risk"),
            (r#""criticality":"CRITL""#, "Low risk"),
            (r#""criticality":"CRITU""#, "Risk not known"),
            (r#""category":"food""#, "Category: Food"),
            (r#""lastOccurence":"2015-06""#, "Last occurred: 2015-06"),
            (r#""reporter":{"display":"Ana"}"#, "Reported by: Ana"),
            (r#""note":{"text":"Ask again"}"#, "Note: Ask again"),
            (
                r#""reaction":[{"manifestation":[{"text":"Hives"}],"severity":"severe","certainty":"likely","description":"Face","onset":"2010-01"}]"#,
                "Reaction: Hives",
            ),
            (r#""reaction":[{"certainty":"likely"}]"#, "Certainty: Likely"),
            (r#""reaction":[{"onset":"2010-01"}]"#, "When: 2010-01"),
        ],
    },
    Rule {
        name: "Condition",
        kind: Kind::Problems,
        when: &[
            (r#""onsetDateTime":"2010""#, "since"),
            (r#""onsetPeriod":{"start":"2011"}"#, "since"),
            (r#""dateRecorded":"2012-01-01""#, "recorded"),
        ],
        title: &[(r#""code":{"text":"Asthma"}"#, "Asthma")],
        status: &[
            (r#""clinicalStatus":"active""#, Current, "Active"),
            (r#""clinicalStatus":"relapse""#, Current, "relapse"),
            (r#""clinicalStatus":"remission""#, Current, "remission"),
            (r#""clinicalStatus":"resolved""#, Past, "Resolved"),
            (r#""clinicalStatus":"inactive""#, Past, "Inactive"),
            ("", Current, "Status not sent"),
            (r#""verificationStatus":"provisional""#, Current, "suspected"),
            (r#""verificationStatus":"differential""#, Current, "suspected"),
            (r#""verificationStatus":"refuted","clinicalStatus":"active""#, Void, "Ruled out"),
            (r#""verificationStatus":"confirmed","clinicalStatus":"active""#, Current, "confirmed"),
            (r#""clinicalStatus":"dormant""#, Unclear, "dormant"),
        ],
        seen: &[
            (r#""onsetAge":{"value":7,"unit":"years"}"#, "Began: 7 years"),
            (r#""onsetString":"in childhood""#, "Began: in childhood"),
            (r#""severity":{"text":"Severe"}"#, "Severity: Severe"),
            (r#""stage":{"summary":{"text":"Stage 2"}}"#, "Stage: Stage 2"),
            (r#""bodySite":[{"text":"Left knee"}]"#, "Body site: Left knee"),
            (r#""abatementDateTime":"2015-01""#, "Ended: 2015-01"),
            (r#""abatementBoolean":true"#, "Ended: Yes"),
            (r#""evidence":[{"code":{"text":"Wheeze"}}]"#, "Evidence: Wheeze"),
            (r#""asserter":{"display":"Dr. Ruiz"}"#, "Stated by: Dr. Ruiz"),
            (r#""notes":"Watch""#, "Note: Watch"),
        ],
    },
    Rule {
        name: "Observation",
        kind: Kind::Labs,
        when: &[
            (r#""effectiveDateTime":"2020-01-01""#, "on"),
            (r#""specimen":{"reference":"Specimen/1"}"#, "collected"),
            (r#""issued":"2020-01-05T10:00:00-04:00""#, "reported"),
        ],
        title: &[(r#""code":{"text":"Potassium"}"#, "Potassium")],
        status: &[
            (r#""status":"registered""#, Planned, "not ready"),
            (r#""status":"preliminary""#, Current, "may change"),
            (r#""status":"final""#, Current, "Final"),
            (r#""status":"amended""#, Current, "Corrected"),
            (r#""status":"cancelled""#, Void, "Cancelled"),
            (r#""status":"unknown""#, Unclear, "unknown"),
            (r#""status":"nobody-knows""#, Unclear, "nobody-knows"),
        ],
        seen: &[
            (r#""comments":"Hemolyzed""#, "Comment: Hemolyzed"),
            (r#""method":{"text":"Dipstick"}"#, "Method: Dipstick"),
            (r#""performer":[{"display":"Lab One"}]"#, "Performed by: Lab One"),
        ],
    },
    Rule {
        name: "DiagnosticReport",
        kind: Kind::Labs,
        when: &[
            (r#""effectivePeriod":{"start":"2020-01-01"}"#, "on"),
            (r#""specimen":[{"reference":"Specimen/1"}]"#, "collected"),
            (r#""issued":"2020-01-05T10:00:00-04:00""#, "reported"),
        ],
        title: &[
            (r#""code":{"text":"Lipid panel"}"#, "Lipid panel"),
            (r#""category":{"text":"Chemistry"}"#, "Chemistry"),
        ],
        status: &[
            (r#""status":"registered""#, Planned, "not ready"),
            (r#""status":"partial""#, Current, "not complete"),
            (r#""status":"final""#, Current, "Final"),
            (r#""status":"corrected""#, Current, "changed after issue"),
            (r#""status":"appended""#, Current, "changed after issue"),
            (r#""status":"cancelled""#, Void, "Cancelled"),
        ],
        seen: &[
            (r#""conclusion":"All well""#, "Conclusion: All well"),
            (r#""codedDiagnosis":[{"text":"Anemia"}]"#, "Diagnosis: Anemia"),
            (
                r#""presentedForm":[{"contentType":"application/pdf","title":"Report"}]"#,
                "Document: Report",
            ),
        ],
    },
    Rule {
        name: "MedicationStatement",
        kind: Kind::Medicines,
        when: &[
            (r#""effectivePeriod":{"start":"2018-04"}"#, "as of"),
            (r#""dosage":[{"timing":{"repeat":{"boundsPeriod":{"start":"2018-05"}}}}]"#, "since"),
            (r#""dateAsserted":"2020-01-01""#, "recorded"),
        ],
        title: MEDICINE,
        status: &[
            (r#""status":"active""#, Current, "Active"),
            (r#""status":"completed""#, Past, "Completed"),
            (r#""status":"intended""#, Planned, "Planned"),
            (r#""status":"active","wasNotTaken":true"#, Void, "Not taken"),
            ("", Unclear, "not sent"),
        ],
        seen: &[
            (r#""dosage":[{"text":"1 tablet daily"}]"#, "1 tablet daily"),
            (r#""status":"active""#, "Dose not sent. Follow your label."),
            ("", "Dose not sent."),
            (r#""dosage":[{"asNeededBoolean":true}]"#, "As needed: Yes"),
            (r#""dosage":[{"route":{"text":"Oral"}}]"#, "Route: Oral"),
            (
                r#""dosage":[{"maxDosePerPeriod":{"numerator":{"value":8},"denominator":{"value":1,"unit":"day"}}}]"#,
                "At most: 8 per day",
            ),
            (r#""reasonForUseCodeableConcept":{"text":"Pain"}"#, "Reason: Pain"),
            (r#""reasonNotTaken":[{"text":"Nausea"}]"#, "Why not taken: Nausea"),
            (r#""informationSource":{"display":"Ana"}"#, "Told by: Ana"),
            (r#""note":"Ask""#, "Note: Ask"),
        ],
    },
    Rule {
        name: "MedicationOrder",
        kind: Kind::Medicines,
        when: &[
            (r#""dateWritten":"2020-01-01""#, "prescribed"),
            (r#""dispenseRequest":{"validityPeriod":{"start":"2020-02-01"}}"#, "valid"),
        ],
        title: MEDICINE,
        status: &[
            (r#""status":"active""#, Current, "Active"),
            (r#""status":"on-hold""#, Unclear, "On hold"),
            (r#""status":"completed""#, Past, "Completed"),
            (r#""status":"stopped""#, Past, "Stopped"),
            (r#""status":"draft""#, Planned, "not signed"),
            ("", Unclear, "not sent"),
        ],
        seen: &[
            (r#""dosageInstruction":[{"text":"1 daily"}]"#, "1 daily"),
            (
                r#""dosageInstruction":{"additionalInstructions":[{"text":"With food"}]}"#,
                "Also: With food",
            ),
            (r#""dateEnded":"2021-01-01""#, "Ended: 2021-01-01"),
            (r#""reasonEnded":{"text":"Cough"}"#, "Why it ended: Cough"),
            (r#""prescriber":{"display":"Dr. Ruiz"}"#, "Prescribed by: Dr. Ruiz"),
            (r#""dispenseRequest":{"quantity":{"value":90,"unit":"tablets"}}"#, "90 tablets"),
            (r#""dispenseRequest":{"numberOfRepeatsAllowed":3}"#, "Refills: 3"),
            (
                r#""dispenseRequest":{"expectedSupplyDuration":{"value":30,"unit":"days"}}"#,
                "Lasts: 30 days",
            ),
            (r#""substitution":{"type":{"text":"Generic"}}"#, "Substitution: Generic"),
            (r#""reasonCodeableConcept":{"text":"Pain"}"#, "Reason: Pain"),
        ],
    },
    Rule {
        name: "MedicationDispense",
        kind: Kind::Medicines,
        when: &[
            (r#""whenHandedOver":"2020-01-02""#, "handed over"),
            (r#""whenPrepared":"2020-01-01""#, "prepared"),
        ],
        title: MEDICINE,
        status: &[
            (r#""status":"in-progress""#, Current, "In progress"),
            (r#""status":"on-hold""#, Unclear, "On hold"),
            (r#""status":"completed""#, Past, "Completed"),
            (r#""status":"stopped""#, Past, "Stopped"),
        ],
        seen: &[
            (r#""quantity":{"value":30,"unit":"tablets"}"#, "Quantity: 30 tablets"),
            (r#""daysSupply":{"value":30,"unit":"days"}"#, "Lasts: 30 days"),
        ],
    },
    Rule {
        name: "MedicationAdministration",
        kind: Kind::Medicines,
        when: &[(r#""effectiveTimePeriod":{"start":"2020-01-02"}"#, "given")],
        title: MEDICINE,
        status: &[
            (r#""status":"completed","wasNotGiven":true"#, Void, "Not given"),
            (r#""status":"in-progress""#, Current, "In progress"),
        ],
        seen: &[
            (r#""practitioner":{"display":"Bo"}"#, "Given by: Bo"),
            (r#""reasonNotGiven":[{"text":"Asleep"}]"#, "Why not given: Asleep"),
            (r#""dosage":{"text":"5 mg"}"#, "5 mg"),
        ],
    },
    Rule {
        name: "Immunization",
        kind: Kind::Immunizations,
        when: &[(r#""date":"2020-01-02""#, "on")],
        title: &[(r#""vaccineCode":{"text":"Tdap"}"#, "Tdap")],
        status: &[
            (r#""status":"completed""#, Current, "Given"),
            (r#""status":"in-progress""#, Planned, "no dose"),
            (r#""status":"on-hold""#, Void, "no dose"),
            (r#""status":"stopped""#, Void, "no dose"),
            (r#""status":"completed","wasNotGiven":true"#, Void, "Not given"),
        ],
        seen: &[
            (r#""status":"completed","reported":true"#, "Told, not given here"),
            (r#""lotNumber":"A1""#, "Lot number: A1"),
            (r#""expirationDate":"2022-01-01""#, "Expires: 2022-01-01"),
            (r#""manufacturer":{"display":"Acme"}"#, "Made by: Acme"),
            (r#""site":{"text":"Left arm"}"#, "Body site: Left arm"),
            (r#""route":{"text":"Injection"}"#, "Route: Injection"),
            (r#""doseQuantity":{"value":0.5,"unit":"mL"}"#, "Dose: 0.5 mL"),
            (r#""performer":{"display":"Bo"}"#, "Given by: Bo"),
            (r#""explanation":{"reasonNotGiven":[{"text":"Refused"}]}"#, "Why not given: Refused"),
            (r#""reaction":[{"detail":{"display":"Fever"}}]"#, "Reaction: Fever"),
            (r#""vaccinationProtocol":[{"doseSequence":2}]"#, "Schedule: 2"),
        ],
    },
    Rule {
        name: "ImmunizationRecommendation",
        kind: Kind::Immunizations,
        when: &[(r#""recommendation":[{"date":"2020-01-02"}]"#, "recommended")],
        title: &[(r#""recommendation":[{"vaccineCode":{"text":"Tdap"}}]"#, "Tdap")],
        status: &[],
        seen: &[
            (r#""recommendation":[{"forecastStatus":{"text":"Not complete"}}]"#, "“Not complete”"),
            (
                r#""recommendation":[{"dateCriterion":[{"code":{"text":"Earliest"},"value":"2021-01-01"}]}]"#,
                "Jan 1, 2021",
            ),
            (r#""recommendation":[{"doseNumber":2}]"#, "Dose: 2"),
        ],
    },
    Rule {
        name: "Procedure",
        kind: Kind::Procedures,
        when: &[
            (r#""performedPeriod":{"start":"2020-01-02"}"#, "performed"),
            (r#""encounter":{"reference":"Encounter/1"}"#, "visit"),
        ],
        title: &[(r#""code":{"text":"ROUTINE VENIPUNCTURE"}"#, "Routine venipuncture")],
        status: &[
            (r#""status":"in-progress""#, Current, "In progress"),
            (r#""status":"aborted""#, Void, "Not finished"),
            (r#""status":"completed""#, Current, "Completed"),
            (r#""status":"completed","notPerformed":true"#, Void, "Not done"),
        ],
        seen: &[
            (r#""reasonNotPerformed":[{"text":"Declined"}]"#, "Why not done: Declined"),
            (r#""performer":[{"actor":{"display":"Bo"}}]"#, "Performed by: Bo"),
            (r#""bodySite":[{"text":"Knee"}]"#, "Body site: Knee"),
            (r#""reasonCodeableConcept":{"text":"Pain"}"#, "Reason: Pain"),
            (r#""outcome":{"text":"Good"}"#, "Outcome: Good"),
            (r#""complication":[{"text":"Bleeding"}]"#, "Complication: Bleeding"),
            (r#""followUp":[{"text":"In a week"}]"#, "Follow-up: In a week"),
            (r#""focalDevice":[{"manipulated":{"display":"Stent"}}]"#, "Device: Stent"),
            (r#""notes":[{"text":"Easy"}]"#, "Note: Easy"),
        ],
    },
    Rule {
        name: "Encounter",
        kind: Kind::Visits,
        when: &[(r#""period":{"start":"2020-01-02"}"#, "on")],
        title: &[
            (r#""type":[{"text":"Check-up"}]"#, "Check-up"),
            (r#""class":"ambulatory""#, "Ambulatory"),
        ],
        status: &[
            (r#""status":"planned""#, Planned, "Planned"),
            (r#""status":"arrived""#, Current, "Arrived"),
            (r#""status":"in-progress""#, Current, "In progress"),
            (r#""status":"onleave""#, Current, "leave"),
            (r#""status":"finished""#, Current, "Finished"),
            (r#""status":"cancelled""#, Void, "no visit"),
        ],
        seen: &[
            (r#""participant":[{"individual":{"display":"Bo"}}]"#, "With: Bo"),
            (r#""reason":[{"text":"Cough"}]"#, "Reason: Cough"),
            (r#""indication":[{"display":"Asthma"}]"#, "Reason: Asthma"),
            (r#""location":[{"location":{"display":"Room 1"}}]"#, "Place: Room 1"),
            (r#""serviceProvider":{"display":"Larkspur"}"#, "Practice: Larkspur"),
            (
                r#""hospitalization":{"dischargeDisposition":{"text":"Home"}}"#,
                "Hospital stay: Home",
            ),
        ],
    },
    Rule {
        name: "CarePlan",
        kind: Kind::CarePlans,
        when: &[
            (r#""period":{"start":"2020-01-02"}"#, "on"),
            (r#""modified":"2020-01-03""#, "changed"),
        ],
        title: &[
            (r#""description":"Lose weight""#, "Lose weight"),
            (r#""category":[{"text":"Diet"}]"#, "Diet"),
        ],
        status: ORDERED,
        seen: &[
            (r#""category":[{"coding":[{"code":"careteam"}]}]"#, "Care team"),
            (
                r#""activity":[{"detail":{"prohibited":true,"description":"Lift weights"}}]"#,
                "Do NOT: Lift weights",
            ),
            (r#""activity":[{"detail":{"status":"scheduled","description":"Walk"}}]"#, "Scheduled"),
            (r#""goal":[{"display":"90 kg"}]"#, "Goal: 90 kg"),
            (r#""addresses":[{"display":"Obesity"}]"#, "For: Obesity"),
            (r#""note":{"text":"Slowly"}"#, "Note: Slowly"),
        ],
    },
    Rule {
        name: "Goal",
        kind: Kind::Goals,
        when: &[
            (r#""startDate":"2020-01-02""#, "since"),
            (r#""statusDate":"2020-01-03""#, "status of"),
        ],
        title: &[(r#""description":"90 kg""#, "90 kg")],
        status: &[
            (r#""status":"proposed""#, Planned, "Proposed"),
            (r#""status":"in-progress""#, Current, "In progress"),
            (r#""status":"sustaining""#, Current, "kept up"),
            (r#""status":"achieved""#, Past, "Achieved"),
            (r#""status":"on-hold""#, Unclear, "On hold"),
            (r#""status":"rejected""#, Void, "Rejected"),
            (r#""status":"cancelled""#, Void, "Cancelled"),
        ],
        seen: &[
            (r#""targetDate":"2021-01-01""#, "Target: 2021-01-01"),
            (r#""priority":{"text":"High"}"#, "Priority: High"),
            (r#""statusReason":{"text":"Moved"}"#, "Why: Moved"),
            (r#""outcome":[{"resultCodeableConcept":{"text":"Done"}}]"#, "Outcome: Done"),
            (r#""note":[{"text":"Go on"}]"#, "Note: Go on"),
        ],
    },
    Rule {
        name: "FamilyMemberHistory",
        kind: Kind::People,
        when: &[(r#""date":"2020-01-02""#, "recorded")],
        title: &[
            (r#""relationship":{"text":"Mother"}"#, "Mother"),
            (r#""name":"Bo""#, "Relative: Bo"),
        ],
        status: &[
            (r#""status":"partial""#, Current, "Partly"),
            (r#""status":"completed""#, Current, "Complete"),
            (r#""status":"health-unknown""#, Current, "not known"),
        ],
        seen: &[
            (r#""condition":[{"code":{"text":"Stroke"},"onsetString":"at 60"}]"#, "Stroke"),
            (r#""condition":[{"code":{"text":"Stroke"},"onsetString":"at 60"}]"#, "at 60"),
            (r#""ageString":"70""#, "Age: 70"),
            (r#""deceasedBoolean":true"#, "Died: Yes"),
        ],
    },
    Rule {
        name: "Flag",
        kind: Kind::Other,
        when: &[(r#""period":{"start":"2020-01-02"}"#, "on")],
        title: &[(r#""code":{"text":"Falls"}"#, "Falls")],
        status: &[
            (r#""status":"active""#, Current, "Active"),
            (r#""status":"inactive""#, Past, "No longer"),
        ],
        seen: &[
            (r#""category":{"text":"Safety"}"#, "Category: Safety"),
            (r#""author":{"display":"Bo"}"#, "From: Bo"),
        ],
    },
    Rule {
        name: "DocumentReference",
        kind: Kind::Documents,
        when: &[
            (r#""context":{"period":{"start":"2020-01-01"}}"#, "on"),
            (r#""created":"2020-01-02""#, "created"),
            (r#""indexed":"2020-01-03T10:00:00-04:00""#, "filed"),
        ],
        title: &[
            (r#""description":"Discharge""#, "Discharge"),
            (r#""type":{"text":"Letter"}"#, "Letter"),
            (r#""class":{"text":"Note"}"#, "Note"),
        ],
        status: &[
            (r#""status":"current""#, Current, "Current"),
            (r#""status":"superseded""#, Past, "Replaced"),
        ],
        seen: &[
            (r#""docStatus":{"text":"Preliminary"}"#, "State of the document: Preliminary"),
            (r#""author":[{"display":"Bo"}]"#, "Author: Bo"),
            (
                r#""relatesTo":[{"code":"replaces","target":{"display":"Old"}}]"#,
                "Related document: ",
            ),
        ],
    },
    Rule {
        name: "Composition",
        kind: Kind::Documents,
        when: &[(r#""date":"2020-01-02""#, "on")],
        title: &[(r#""title":"Summary""#, "Summary")],
        status: &[(r#""status":"final""#, Current, "Final")],
        seen: &[(r#""section":[{"title":"Plan","text":{"div":"<div>Rest</div>"}}]"#, "Rest")],
    },
    Rule {
        name: "DocumentManifest",
        kind: Kind::Documents,
        when: &[(r#""created":"2020-01-02""#, "created")],
        title: &[(r#""description":"Papers""#, "Papers")],
        status: &[(r#""status":"current""#, Current, "Current")],
        seen: &[(r#""content":[{"pReference":{"display":"Letter"}}]"#, "Letter")],
    },
    Rule {
        name: "DiagnosticOrder",
        kind: Kind::CarePlans,
        when: &[(r#""event":[{"dateTime":"2020-01-02"}]"#, "ordered")],
        title: &[(r#""item":[{"code":{"text":"Lipids"}}]"#, "Lipids")],
        status: ORDERED,
        seen: &[(r#""orderer":{"display":"Bo"}"#, "Ordered by: Bo")],
    },
    Rule {
        name: "ProcedureRequest",
        kind: Kind::CarePlans,
        when: &[
            (r#""scheduledDateTime":"2020-01-02""#, "scheduled"),
            (r#""orderedOn":"2020-01-01""#, "ordered"),
        ],
        title: &[(r#""code":{"text":"X-ray"}"#, "X-ray")],
        status: ORDERED,
        seen: &[
            (r#""orderer":{"display":"Bo"}"#, "Ordered by: Bo"),
            (r#""performer":{"display":"Cy"}"#, "To be done by: Cy"),
            (r#""notes":[{"text":"Soon"}]"#, "Note: Soon"),
        ],
    },
    Rule {
        name: "ReferralRequest",
        kind: Kind::CarePlans,
        when: &[(r#""date":"2020-01-01""#, "ordered"), (r#""dateSent":"2020-01-02""#, "sent")],
        title: &[
            (r#""serviceRequested":[{"text":"Cardiology"}]"#, "Cardiology"),
            (r#""type":{"text":"Consult"}"#, "Consult"),
        ],
        status: ORDERED,
        seen: &[
            (r#""requester":{"display":"Bo"}"#, "From: Bo"),
            (r#""recipient":[{"display":"Cy"}]"#, "To: Cy"),
            (r#""reason":{"text":"Murmur"}"#, "Reason: Murmur"),
        ],
    },
    Rule {
        name: "Appointment",
        kind: Kind::Visits,
        when: &[(r#""start":"2020-01-02T10:00:00-04:00""#, "on")],
        title: &[
            (r#""type":{"text":"Check-up"}"#, "Check-up"),
            (r#""reason":{"text":"Cough"}"#, "Cough"),
            (r#""description":"Talk""#, "Talk"),
        ],
        status: &[
            (r#""status":"booked""#, Planned, "Booked"),
            (r#""status":"pending""#, Planned, "Not confirmed"),
            (r#""status":"fulfilled""#, Current, "Took place"),
            (r#""status":"cancelled""#, Void, "Cancelled"),
            (r#""status":"noshow""#, Void, "Missed"),
        ],
        seen: &[
            (r#""end":"2020-01-02T11:00:00-04:00""#, "End: 2020-01-02T11:00:00-04:00"),
            (r#""participant":[{"actor":{"display":"Bo"}}]"#, "With: Bo"),
            (r#""comment":"Bring pills""#, "Comment: Bring pills"),
        ],
    },
    Rule {
        name: "Communication",
        kind: Kind::Other,
        when: &[(r#""sent":"2020-01-02""#, "sent"), (r#""received":"2020-01-03""#, "received")],
        title: &[
            (r#""category":{"text":"Reminder"}"#, "Reminder"),
            (r#""payload":[{"contentString":"Please call"}]"#, "Please call"),
        ],
        status: &[(r#""status":"completed""#, Past, "Completed")],
        seen: &[
            (r#""sender":{"display":"Bo"}"#, "From: Bo"),
            (r#""payload":[{"contentString":"Please call"}]"#, "Message: Please call"),
        ],
    },
    Rule {
        name: "CommunicationRequest",
        kind: Kind::Other,
        when: &[
            (r#""scheduledDateTime":"2020-01-02""#, "scheduled"),
            (r#""requestedOn":"2020-01-03""#, "requested"),
        ],
        title: &[(r#""category":{"text":"Reminder"}"#, "Reminder")],
        status: &[(r#""status":"requested""#, Planned, "Requested")],
        seen: &[(r#""recipient":[{"display":"Bo"}]"#, "To: Bo")],
    },
    Rule {
        name: "QuestionnaireResponse",
        kind: Kind::Other,
        when: &[(r#""authored":"2020-01-02""#, "filled in")],
        title: &[(r#""group":{"title":"Habits"}"#, "Habits")],
        status: &[
            (r#""status":"in-progress""#, Current, "Not finished"),
            (r#""status":"completed""#, Current, "Completed"),
            (r#""status":"amended""#, Current, "Corrected"),
        ],
        seen: &[(
            r#""group":{"question":[{"text":"Smoke?","answer":[{"valueBoolean":false}]}]}"#,
            "Smoke?: No",
        )],
    },
    Rule {
        name: "ClinicalImpression",
        kind: Kind::Other,
        when: &[(r#""date":"2020-01-02""#, "on")],
        title: &[(r#""description":"Fall""#, "Fall"), (r#""summary":"Bruised""#, "Bruised")],
        status: &[
            (r#""status":"in-progress""#, Current, "In progress"),
            (r#""status":"completed""#, Current, "Completed"),
        ],
        seen: &[
            (r#""finding":[{"item":{"text":"Bruise"}}]"#, "Finding: Bruise"),
            (r#""ruledOut":[{"item":{"text":"Break"}}]"#, "Ruled out: Break"),
        ],
    },
    Rule {
        name: "RiskAssessment",
        kind: Kind::Other,
        when: &[(r#""date":"2020-01-02""#, "on")],
        title: &[(r#""prediction":[{"outcome":{"text":"Stroke"}}]"#, "Stroke")],
        status: &[],
        seen: &[(r#""prediction":[{"probabilityDecimal":0.10}]"#, "0.10")],
    },
    Rule {
        name: "DetectedIssue",
        kind: Kind::Other,
        when: &[(r#""date":"2020-01-02""#, "on")],
        title: &[(r#""category":{"text":"Interaction"}"#, "Interaction")],
        status: &[],
        seen: &[
            (r#""severity":"high""#, "Severity: High"),
            (r#""detail":"Bleeding""#, "Detail: Bleeding"),
        ],
    },
    Rule {
        name: "NutritionOrder",
        kind: Kind::CarePlans,
        when: &[(r#""dateTime":"2020-01-02""#, "ordered")],
        title: &[
            (r#""oralDiet":{"type":[{"text":"Low salt"}]}"#, "Low salt"),
            (r#""supplement":[{"type":{"text":"Protein"}}]"#, "Protein"),
        ],
        status: ORDERED,
        seen: &[
            (r#""excludeFoodModifier":[{"text":"Nuts"}]"#, "Leave out: Nuts"),
            (r#""oralDiet":{"instruction":"Slowly"}"#, "Slowly"),
        ],
    },
    Rule {
        name: "VisionPrescription",
        kind: Kind::CarePlans,
        when: &[(r#""dateWritten":"2020-01-02""#, "prescribed")],
        title: &[("", "Lenses")],
        status: &[],
        seen: &[(r#""dispense":[{"eye":"right","sphere":-2.00}]"#, "-2.00")],
    },
    Rule {
        name: "Device",
        kind: Kind::Other,
        when: &[],
        title: &[(r#""type":{"text":"Pacemaker"}"#, "Pacemaker"), (r#""model":"PM 2""#, "PM 2")],
        status: &[
            (r#""status":"available""#, Current, "Available"),
            (r#""status":"not-available""#, Past, "Not available"),
        ],
        seen: &[
            (r#""udi":"(01)123""#, "(01)123"),
            (r#""manufacturer":"Acme""#, "Made by: Acme"),
            (r#""lotNumber":"L1""#, "Lot number: L1"),
        ],
    },
    Rule {
        name: "DeviceUseStatement",
        kind: Kind::Other,
        when: &[
            (r#""whenUsed":{"start":"2020-01-02"}"#, "used"),
            (r#""timingDateTime":"2020-01-02""#, "used"),
            (r#""recordedOn":"2020-01-03""#, "recorded"),
        ],
        title: &[(r#""device":{"reference":"Device/1"}"#, "Wheelchair")],
        status: &[],
        seen: &[(r#""bodySiteCodeableConcept":{"text":"Leg"}"#, "Body site: Leg")],
    },
    Rule {
        name: "DeviceUseRequest",
        kind: Kind::CarePlans,
        when: &[(r#""orderedOn":"2020-01-02""#, "ordered")],
        title: &[(r#""device":{"reference":"Device/1"}"#, "Wheelchair")],
        status: ORDERED,
        seen: &[],
    },
    Rule {
        name: "Specimen",
        kind: Kind::Other,
        when: &[
            (r#""collection":{"collectedDateTime":"2020-01-02"}"#, "collected"),
            (r#""receivedTime":"2020-01-03""#, "received"),
        ],
        title: &[(r#""type":{"text":"Blood"}"#, "Blood")],
        status: &[(r#""status":"unsatisfactory""#, Void, "Unsatisfactory")],
        seen: &[(r#""treatment":[{"description":"Spun"}]"#, "Treatment: Spun")],
    },
    Rule {
        name: "ImagingStudy",
        kind: Kind::Documents,
        when: &[(r#""started":"2020-01-02""#, "on")],
        title: &[
            (r#""description":"Chest""#, "Chest"),
            (r#""modalityList":[{"code":"CT","display":"CT scan"}]"#, "CT scan"),
        ],
        status: &[],
        seen: &[
            (r#""availability":"OFFLINE""#, "Availability: Not at hand"),
            (r#""interpreter":{"display":"Bo"}"#, "Read by: Bo"),
        ],
    },
    Rule {
        name: "Media",
        kind: Kind::Documents,
        when: &[(r#""content":{"creation":"2020-01-02","contentType":"image/png"}"#, "made")],
        title: &[(r#""subtype":{"text":"Retina"}"#, "Retina")],
        status: &[],
        seen: &[],
    },
    Rule {
        name: "List",
        kind: Kind::Other,
        when: &[(r#""date":"2020-01-02""#, "on")],
        title: &[
            (r#""title":"Medicines""#, "Medicines"),
            (r#""code":{"text":"Problems"}"#, "Problems"),
        ],
        status: &[
            (r#""status":"current""#, Current, "Current"),
            (r#""status":"retired""#, Past, "No longer used"),
        ],
        seen: &[
            (r#""entry":[{"deleted":true,"item":{"display":"Aspirin"}}]"#, "Removed: Aspirin"),
            (r#""emptyReason":{"coding":[{"code":"nilknown"}]}"#, "None known"),
            (r#""emptyReason":{"coding":[{"code":"notasked"}]}"#, "Nobody asked"),
        ],
    },
    Rule {
        name: "EpisodeOfCare",
        kind: Kind::Visits,
        when: &[(r#""period":{"start":"2020-01-02"}"#, "on")],
        title: &[(r#""type":[{"text":"Home care"}]"#, "Home care")],
        status: &[(r#""status":"active""#, Current, "Active")],
        seen: &[(r#""careManager":{"display":"Bo"}"#, "Care manager: Bo")],
    },
    Rule {
        name: "Coverage",
        kind: Kind::Other,
        when: &[(r#""period":{"start":"2020-01-02"}"#, "on")],
        title: &[
            (r#""plan":"Gold""#, "Gold"),
            (r#""type":{"code":"X","display":"Extended"}"#, "Extended"),
        ],
        status: &[],
        seen: &[
            (r#""subscriberId":"77""#, "Member number: 77"),
            (r#""issuer":{"display":"Acme"}"#, "Insurer: Acme"),
        ],
    },
    Rule {
        name: "Practitioner",
        kind: Kind::People,
        when: &[],
        title: &[(r#""name":{"text":"Dr. Ruiz"}"#, "Dr. Ruiz")],
        status: &[(r#""active":false"#, Past, "No longer used")],
        seen: &[
            (
                r#""practitionerRole":[{"role":{"text":"Doctor"},"specialty":[{"text":"Skin"}]}]"#,
                "Skin",
            ),
            (r#""telecom":[{"system":"phone","value":"1"}]"#, "Contact: 1"),
        ],
    },
];
