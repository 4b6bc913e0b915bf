//! The code systems by their many addresses, under one name each.

/// A code system that Onhand knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeSystem {
    /// LOINC
    Loinc,
    /// RxNorm
    RxNorm,
    /// ICD-10-CM, also where it was sent as ICD-10: its codes are a superset.
    Icd10,
    /// ICD-10-PCS
    Icd10Pcs,
    /// ICD-9-CM
    Icd9,
    /// CPT
    Cpt,
    /// HCPCS level II
    Hcpcs,
    /// CVX
    Cvx,
    /// SNOMED CT
    Snomed,
    /// National Drug Code
    Ndc,
    /// UCUM
    Ucum,
    /// UNII
    Unii,
    /// NDF-RT
    NdfRt,
    /// MVX, makers of vaccines
    Mvx,
    /// CDT, dental
    Cdt,
    /// HL7 table 0078 and its FHIR and v3 successors: interpretations of results
    Interpretation,
}

impl CodeSystem {
    /// The name it is known by.
    pub fn name(self) -> &'static str {
        match self {
            CodeSystem::Loinc => "LOINC",
            CodeSystem::RxNorm => "RxNorm",
            CodeSystem::Icd10 => "ICD-10-CM",
            CodeSystem::Icd10Pcs => "ICD-10-PCS",
            CodeSystem::Icd9 => "ICD-9-CM",
            CodeSystem::Cpt => "CPT",
            CodeSystem::Hcpcs => "HCPCS",
            CodeSystem::Cvx => "CVX",
            CodeSystem::Snomed => "SNOMED CT",
            CodeSystem::Ndc => "NDC",
            CodeSystem::Ucum => "UCUM",
            CodeSystem::Unii => "UNII",
            CodeSystem::NdfRt => "NDF-RT",
            CodeSystem::Mvx => "MVX",
            CodeSystem::Cdt => "CDT",
            CodeSystem::Interpretation => "HL7 interpretation",
        }
    }

    /// Whether its texts are written in capitals for billing or dispensing, not for reading.
    pub fn shouts(self) -> bool {
        matches!(
            self,
            CodeSystem::Cpt
                | CodeSystem::Hcpcs
                | CodeSystem::RxNorm
                | CodeSystem::Ndc
                | CodeSystem::Cdt
        )
    }

    /// The system of an address (`DSTU2 Coding.system`), whatever its scheme, slashes and spelling.
    pub fn from_address(address: &str) -> Option<CodeSystem> {
        // The common ones, without normalising.
        match address {
            "http://loinc.org" => return Some(CodeSystem::Loinc),
            "http://snomed.info/sct" => return Some(CodeSystem::Snomed),
            "http://unitsofmeasure.org" => return Some(CodeSystem::Ucum),
            "http://www.nlm.nih.gov/research/umls/rxnorm"
            | "https://www.nlm.nih.gov/research/umls/rxnorm/" => return Some(CodeSystem::RxNorm),
            "http://hl7.org/fhir/sid/icd-10" => return Some(CodeSystem::Icd10),
            "http://hl7.org/fhir/sid/cvx" => return Some(CodeSystem::Cvx),
            "https://www.ama-assn.org/practice-management/cpt-current-procedural-terminology" => {
                return Some(CodeSystem::Cpt);
            }
            "http://hl7.org/fhir/v2/0078" => return Some(CodeSystem::Interpretation),
            // HL7's own lists, but for its aliases of other systems.
            _ if address.strip_prefix("http://hl7.org/fhir/").is_some_and(|list| {
                !list.starts_with("sid/") && !list.contains("nterpretation")
            }) =>
            {
                return None;
            }
            _ => {}
        }
        let lower = address.trim().to_ascii_lowercase();
        let short = lower
            .trim_start_matches("http://")
            .trim_start_matches("https://")
            .trim_start_matches("urn:oid:")
            .trim_start_matches("oid:")
            .trim_start_matches("www.")
            .trim_end_matches(['/', '#']);
        let exact = EXACT.iter().find(|(known, _)| *known == short).map(|(_, system)| *system);
        exact.or_else(|| {
            PARTS.iter().find(|(part, _)| short.contains(part)).map(|(_, system)| *system)
        })
    }
}

const EXACT: &[(&str, CodeSystem)] = &[
    ("loinc.org", CodeSystem::Loinc),
    ("2.16.840.1.113883.6.1", CodeSystem::Loinc),
    ("nlm.nih.gov/research/umls/rxnorm", CodeSystem::RxNorm),
    ("2.16.840.1.113883.6.88", CodeSystem::RxNorm),
    ("hl7.org/fhir/sid/icd-10", CodeSystem::Icd10),
    ("hl7.org/fhir/sid/icd-10-us", CodeSystem::Icd10),
    ("hl7.org/fhir/sid/icd-10-cm", CodeSystem::Icd10),
    ("2.16.840.1.113883.6.90", CodeSystem::Icd10),
    ("2.16.840.1.113883.6.3", CodeSystem::Icd10),
    ("2.16.840.1.113883.6.3.1", CodeSystem::Icd10),
    ("2.16.840.1.113883.6.4", CodeSystem::Icd10Pcs),
    ("2.16.840.1.113883.6.42", CodeSystem::Icd9),
    ("2.16.840.1.113883.6.103", CodeSystem::Icd9),
    ("2.16.840.1.113883.6.104", CodeSystem::Icd9),
    ("2.16.840.1.113883.6.12", CodeSystem::Cpt),
    ("2.16.840.1.113883.6.14", CodeSystem::Hcpcs),
    ("2.16.840.1.113883.6.285", CodeSystem::Hcpcs),
    ("2.16.840.1.113883.6.59", CodeSystem::Cvx),
    ("2.16.840.1.113883.12.292", CodeSystem::Cvx),
    ("snomed.info/sct", CodeSystem::Snomed),
    ("2.16.840.1.113883.6.96", CodeSystem::Snomed),
    ("hl7.org/fhir/sid/ndc", CodeSystem::Ndc),
    ("2.16.840.1.113883.6.69", CodeSystem::Ndc),
    ("unitsofmeasure.org", CodeSystem::Ucum),
    ("2.16.840.1.113883.6.8", CodeSystem::Ucum),
    ("2.16.840.1.113883.4.9", CodeSystem::Unii),
    ("2.16.840.1.113883.4.209", CodeSystem::NdfRt),
    ("2.16.840.1.113883.6.13", CodeSystem::Cdt),
    ("2.16.840.1.113883.5.83", CodeSystem::Interpretation),
];

/// Parts of an address that name the system whatever stands around them, in order.
const PARTS: &[(&str, CodeSystem)] = &[
    ("rxnorm", CodeSystem::RxNorm),
    ("loinc", CodeSystem::Loinc),
    ("icd-10-pcs", CodeSystem::Icd10Pcs),
    ("icd10pcs", CodeSystem::Icd10Pcs),
    ("icd-10", CodeSystem::Icd10),
    ("icd10", CodeSystem::Icd10),
    ("icd-9", CodeSystem::Icd9),
    ("icd9", CodeSystem::Icd9),
    ("snomed", CodeSystem::Snomed),
    ("hcpcs", CodeSystem::Hcpcs),
    ("/cdt", CodeSystem::Cdt),
    ("ama-assn.org", CodeSystem::Cpt),
    ("/cpt", CodeSystem::Cpt),
    ("sid/cvx", CodeSystem::Cvx),
    ("rpt=cvx", CodeSystem::Cvx),
    ("rpt=mvx", CodeSystem::Mvx),
    ("sid/mvx", CodeSystem::Mvx),
    ("sid/ndc", CodeSystem::Ndc),
    ("unii", CodeSystem::Unii),
    ("ndfrt", CodeSystem::NdfRt),
    ("unitsofmeasure", CodeSystem::Ucum),
    ("v2/0078", CodeSystem::Interpretation),
    ("observationinterpretation", CodeSystem::Interpretation),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_system_by_its_many_addresses() {
        for (address, system) in [
            ("http://loinc.org", CodeSystem::Loinc),
            ("https://loinc.org/", CodeSystem::Loinc),
            ("urn:oid:2.16.840.1.113883.6.1", CodeSystem::Loinc),
            ("https://www.nlm.nih.gov/research/umls/rxnorm/", CodeSystem::RxNorm),
            ("http://www.nlm.nih.gov/research/umls/rxnorm", CodeSystem::RxNorm),
            (
                "https://www.ama-assn.org/practice-management/cpt-current-procedural-terminology",
                CodeSystem::Cpt,
            ),
            ("http://www.ama-assn.org/go/cpt", CodeSystem::Cpt),
            ("http://hl7.org/fhir/sid/icd-10", CodeSystem::Icd10),
            ("http://hl7.org/fhir/sid/icd-10-us", CodeSystem::Icd10),
            ("http://hl7.org/fhir/sid/icd-10-cm/", CodeSystem::Icd10),
            ("urn:oid:2.16.840.1.113883.6.90", CodeSystem::Icd10),
            ("2.16.840.1.113883.6.90", CodeSystem::Icd10),
            (
                "http://www2a.cdc.gov/vaccines/iis/iisstandards/vaccines.asp?rpt=cvx",
                CodeSystem::Cvx,
            ),
            ("http://hl7.org/fhir/sid/cvx", CodeSystem::Cvx),
            ("http://snomed.info/sct", CodeSystem::Snomed),
            ("http://hl7.org/fhir/v2/0078", CodeSystem::Interpretation),
        ] {
            assert_eq!(CodeSystem::from_address(address), Some(system), "{address}");
        }
        assert_eq!(CodeSystem::from_address("http://acme.org/lab"), None);
        assert_eq!(CodeSystem::from_address(""), None);
    }
}
