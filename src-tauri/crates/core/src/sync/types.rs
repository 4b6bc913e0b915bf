//! Which types are asked for, and how.

use crate::record::Kind;

/// Types that name a patient, asked for by search, in the order a reader misses them most, each
/// with its name for a person (`DSTU2` resource list).
pub(super) const SEARCHED: &[(&str, &str)] = &[
    ("Patient", "About you"),
    ("AllergyIntolerance", "Allergies"),
    ("MedicationStatement", "Medicines"),
    ("MedicationOrder", "Prescriptions"),
    ("Condition", "Problems and diagnoses"),
    ("Immunization", "Immunizations"),
    ("DiagnosticReport", "Lab and test reports"),
    ("Observation", "Results and vital signs"),
    ("Procedure", "Procedures and visits"),
    ("Encounter", "Visits"),
    ("CarePlan", "Care plans"),
    ("Goal", "Goals"),
    ("DocumentReference", "Documents"),
    ("FamilyMemberHistory", "Family history"),
    ("Flag", "Warnings"),
    ("MedicationDispense", "Medicines handed out"),
    ("MedicationAdministration", "Medicines given"),
    ("ImmunizationRecommendation", "Vaccine recommendations"),
    ("Appointment", "Appointments"),
    ("DiagnosticOrder", "Test orders"),
    ("ProcedureRequest", "Procedure requests"),
    ("ReferralRequest", "Referrals"),
    ("Communication", "Messages"),
    ("CommunicationRequest", "Message requests"),
    ("QuestionnaireResponse", "Questionnaires"),
    ("ClinicalImpression", "Assessments"),
    ("RiskAssessment", "Risk assessments"),
    ("DetectedIssue", "Detected issues"),
    ("NutritionOrder", "Diet orders"),
    ("VisionPrescription", "Lens prescriptions"),
    ("Device", "Devices"),
    ("DeviceUseStatement", "Device use"),
    ("DeviceUseRequest", "Device requests"),
    ("Specimen", "Specimens"),
    ("ImagingStudy", "Imaging studies"),
    ("Media", "Pictures and recordings"),
    ("Composition", "Composed documents"),
    ("DocumentManifest", "Document collections"),
    ("List", "Lists"),
    ("EpisodeOfCare", "Episodes of care"),
    ("Coverage", "Insurance"),
    ("RelatedPerson", "Related people"),
];

/// Types of the patient compartment that are asked for only where `/metadata` names them
/// (`DSTU2 CompartmentDefinition patient`).
pub(super) const SEARCHED_IF_NAMED: &[(&str, &str)] = &[
    ("Account", "Accounts"),
    ("AppointmentResponse", "Answers to appointments"),
    ("AuditEvent", "Access log"),
    ("Basic", "Other notes"),
    ("BodySite", "Body sites"),
    ("Claim", "Claims"),
    ("ImagingObjectSelection", "Image selections"),
    ("Order", "Orders"),
    ("Provenance", "Origins"),
    ("SupplyDelivery", "Supplies delivered"),
    ("SupplyRequest", "Supply requests"),
];

/// Types read one by one, and only where a record refers to them: a list of them may be the whole
/// practice's.
pub(super) const REFERRED: &[(&str, &str)] = &[
    ("Medication", "Medicines referred to"),
    ("Practitioner", "Clinicians"),
    ("Organization", "Practices"),
    ("Location", "Places"),
    ("Substance", "Substances"),
    ("Binary", "Attached files"),
];

/// Whether a type is read only where a record refers to it.
pub(super) fn is_referred(resource_type: &str) -> bool {
    REFERRED.iter().any(|(name, _)| *name == resource_type)
}

/// The name of a type for a person; the type's own name where there is none.
pub(super) fn name(resource_type: &str) -> &str {
    SEARCHED
        .iter()
        .chain(SEARCHED_IF_NAMED)
        .chain(REFERRED)
        .find(|(key, _)| *key == resource_type)
        .map_or(resource_type, |(_, name)| name)
}

/// The types that a kind of record is made of; a kind none of whose types the portal offers is
/// shown with a dash.
pub(crate) fn types_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Labs => &["Observation", "DiagnosticReport"],
        Kind::Vitals => &["Observation"],
        Kind::Medicines => &[
            "MedicationStatement",
            "MedicationOrder",
            "MedicationDispense",
            "MedicationAdministration",
        ],
        Kind::Problems => &["Condition"],
        Kind::Allergies => &["AllergyIntolerance"],
        Kind::Immunizations => &["Immunization", "ImmunizationRecommendation"],
        Kind::Visits => &["Encounter", "Procedure", "Appointment"],
        Kind::Procedures => &["Procedure"],
        Kind::Documents => &["DocumentReference", "Composition", "Media", "ImagingStudy"],
        Kind::CarePlans => &[
            "CarePlan",
            "DiagnosticOrder",
            "ProcedureRequest",
            "ReferralRequest",
            "NutritionOrder",
        ],
        Kind::Goals => &["Goal"],
        Kind::People => &["Patient"],
        Kind::Places => &["Organization", "Location"],
        Kind::Other => &[],
    }
}
