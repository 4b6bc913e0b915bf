//! Vaccines: which a code names (CVX, CPT), which groups it is counted in, and what is no dose.
//!
//! Groups follow CDC's vaccine groups. A product code is matched to a vaccination by group, because
//! CDC maps many CPT codes to an "unspecified" CVX code.

/// A vaccine group that doses are counted in.
pub(super) type Group = &'static str;

/// What a CVX code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vaccine {
    /// The groups it counts in; none for what is no vaccine.
    pub(super) groups: &'static [Group],
    /// In Onhand's words.
    pub(super) words: &'static str,
}

/// What a CVX code names, with leading zeros or without.
pub(super) fn cvx(code: &str) -> Option<Vaccine> {
    let code = code.trim().trim_start_matches('0');
    CVX.iter().find_map(|(codes, groups, words)| {
        codes.split(' ').any(|known| known == code).then_some(Vaccine { groups, words })
    })
}

/// The groups of the vaccine a CPT product code bills; `None` for another kind of code. A product
/// that no group is known of has none.
pub(super) fn product(code: &str) -> Option<&'static [Group]> {
    let code = code.trim();
    let number: u32 = code.parse().ok().filter(|_| code.len() == 5)?;
    let is_product =
        matches!(number, 90476..=90759 | 91300..=91322) && administration(code).is_none();
    is_product.then(|| {
        CPT.iter()
            .find(|(codes, _)| codes.iter().any(|(from, to)| (*from..=*to).contains(&number)))
            .map_or(&[][..], |(_, groups)| groups)
    })
}

/// Whether a CPT or HCPCS code bills for giving a vaccine, and of which group where that is told.
pub(super) fn administration(code: &str) -> Option<Option<Group>> {
    let code = code.trim();
    Some(match code {
        "90460" | "90461" | "90470" | "90471" | "90472" | "90473" | "90474" => None,
        "90480" => Some(COVID),
        "G0008" => Some(FLU),
        "G0009" => Some(PNEUMO),
        "G0010" => Some(HEP_B),
        _ => {
            let covid = code.strip_suffix('A').filter(|digits| {
                digits.len() == 4
                    && digits.starts_with('0')
                    && digits.bytes().all(|byte| byte.is_ascii_digit())
            });
            covid.map(|_| COVID).map(Some)?
        }
    })
}

/// Whether a CVX code says that no vaccine was given.
pub(super) fn is_none(code: &str) -> bool {
    code.trim() == "998"
}

/// Why a vaccination with this CVX code is no dose, in words; `None` where it is one.
pub(super) fn no_dose(code: &str) -> Option<&'static str> {
    match code.trim().trim_start_matches('0') {
        "998" => Some("No vaccine was given"),
        "999" => Some("Which vaccine was not said"),
        "95" | "96" | "97" | "98" => Some("A skin test, not a vaccine"),
        "12" | "27" => Some("An antitoxin, not a vaccine"),
        "13" | "14" | "29" | "30" | "34" | "36" | "71" | "79" | "86" | "87" | "93" | "117"
        | "145" | "157" | "159" | "180" | "181" | "222" | "306" | "307" | "315" => {
            Some("Antibodies, not a vaccine")
        }
        _ => None,
    }
}

const COVID: Group = "COVID-19";
const FLU: Group = "Flu";
const PNEUMO: Group = "Pneumococcal";
const HEP_A: Group = "Hepatitis A";
const HEP_B: Group = "Hepatitis B";
const DTAP: Group = "DTaP";
const TDAP: Group = "Tdap";
const TD: Group = "Td";
const POLIO: Group = "Polio";
const HIB: Group = "Hib";
const MMR: Group = "MMR";
const VARICELLA: Group = "Chickenpox";
const ZOSTER: Group = "Shingles";
const HPV: Group = "HPV";
const MENING: Group = "Meningococcal";
const MENING_B: Group = "Meningococcal B";
const ROTA: Group = "Rotavirus";
const RSV: Group = "RSV";
const RABIES: Group = "Rabies";
const TYPHOID: Group = "Typhoid";
const YELLOW: Group = "Yellow fever";
const ENCEPHALITIS: Group = "Japanese encephalitis";
const CHOLERA: Group = "Cholera";
const ANTHRAX: Group = "Anthrax";
const ADENO: Group = "Adenovirus";
const SMALLPOX: Group = "Smallpox and mpox";
const BCG: Group = "Tuberculosis (BCG)";

/// CVX codes (without leading zeros), the groups they count in, and their name.
const CVX: &[(&str, &[Group], &str)] = &[
    ("3", &[MMR], "Measles, mumps and rubella (MMR) vaccine"),
    ("4", &[MMR], "Measles and rubella vaccine"),
    ("5", &[MMR], "Measles vaccine"),
    ("6", &[MMR], "Rubella vaccine"),
    ("7", &[MMR], "Mumps vaccine"),
    ("38", &[MMR], "Rubella and mumps vaccine"),
    ("94", &[MMR, VARICELLA], "Measles, mumps, rubella and chickenpox (MMRV) vaccine"),
    ("21", &[VARICELLA], "Chickenpox (varicella) vaccine"),
    ("8", &[HEP_B], "Hepatitis B vaccine, child"),
    ("42 45", &[HEP_B], "Hepatitis B vaccine"),
    ("43", &[HEP_B], "Hepatitis B vaccine, adult"),
    ("44", &[HEP_B], "Hepatitis B vaccine, dialysis"),
    ("189", &[HEP_B], "Hepatitis B vaccine, adult (2 doses)"),
    ("220", &[HEP_B], "Hepatitis B vaccine, adult"),
    ("31 83 84", &[HEP_A], "Hepatitis A vaccine, child"),
    ("52", &[HEP_A], "Hepatitis A vaccine, adult"),
    ("85 169", &[HEP_A], "Hepatitis A vaccine"),
    ("104 193", &[HEP_A, HEP_B], "Hepatitis A and B vaccine"),
    ("2", &[POLIO], "Polio vaccine, by mouth"),
    ("178 179 182", &[POLIO], "Polio vaccine, by mouth"),
    ("10", &[POLIO], "Polio vaccine (IPV)"),
    ("89", &[POLIO], "Polio vaccine"),
    ("1", &[DTAP], "Diphtheria, tetanus and pertussis (DTP) vaccine"),
    ("11", &[DTAP], "Pertussis vaccine"),
    ("20 106 107", &[DTAP], "Diphtheria, tetanus and pertussis (DTaP) vaccine"),
    ("28 195", &[DTAP], "Diphtheria and tetanus (DT) vaccine, child"),
    ("22 50", &[DTAP, HIB], "DTaP and Hib vaccine"),
    (
        "102 132 198",
        &[DTAP, HIB, HEP_B],
        "Diphtheria, tetanus, pertussis, Hib and hepatitis B vaccine",
    ),
    ("110", &[DTAP, HEP_B, POLIO], "DTaP, hepatitis B and polio vaccine"),
    ("120 170", &[DTAP, HIB, POLIO], "DTaP, Hib and polio vaccine"),
    ("130", &[DTAP, POLIO], "DTaP and polio vaccine"),
    ("146", &[DTAP, POLIO, HIB, HEP_B], "DTaP, polio, Hib and hepatitis B vaccine"),
    ("9 113 138 139 196", &[TD], "Tetanus and diphtheria (Td) vaccine"),
    ("35 112 142", &[TD], "Tetanus vaccine"),
    ("115", &[TDAP], "Tetanus, diphtheria and pertussis (Tdap) vaccine"),
    ("17 46 47 48 49", &[HIB], "Hib vaccine"),
    ("51", &[HIB, HEP_B], "Hib and hepatitis B vaccine"),
    ("33", &[PNEUMO], "Pneumococcal vaccine (PPSV23)"),
    ("100", &[PNEUMO], "Pneumococcal vaccine (PCV7)"),
    ("133", &[PNEUMO], "Pneumococcal vaccine (PCV13)"),
    ("109 152", &[PNEUMO], "Pneumococcal vaccine"),
    ("215", &[PNEUMO], "Pneumococcal vaccine (PCV15)"),
    ("216", &[PNEUMO], "Pneumococcal vaccine (PCV20)"),
    ("327", &[PNEUMO], "Pneumococcal vaccine (PCV21)"),
    ("62 118 137 165", &[HPV], "Human papillomavirus (HPV) vaccine"),
    ("32 103 108 147 167 191 192", &[MENING], "Meningococcal vaccine"),
    ("114 136 203", &[MENING], "Meningococcal vaccine (MenACWY)"),
    ("148", &[MENING, HIB], "Meningococcal and Hib vaccine"),
    ("162 163 164", &[MENING_B], "Meningococcal B vaccine"),
    ("316 328", &[MENING, MENING_B], "Meningococcal vaccine (MenABCWY)"),
    ("74 116 119 122", &[ROTA], "Rotavirus vaccine"),
    ("121 188", &[ZOSTER], "Shingles (zoster) vaccine"),
    ("187", &[ZOSTER], "Shingles (zoster) vaccine, recombinant"),
    ("15 16 88 140 141 144 150 158 161 166 194 200 201 202", &[FLU], "Flu vaccine"),
    ("123 125 126 127 128 160", &[FLU], "Flu vaccine, pandemic strain"),
    ("111 149 151", &[FLU], "Flu vaccine, nasal"),
    ("135 197", &[FLU], "Flu vaccine, high dose"),
    ("153 171 186", &[FLU], "Flu vaccine, cell culture"),
    ("155 185", &[FLU], "Flu vaccine, recombinant"),
    ("168 205", &[FLU], "Flu vaccine, adjuvanted"),
    ("207 221 227 228 229 230 311 312", &[COVID], "COVID-19 vaccine (Moderna)"),
    ("208 217 218 219 300 301 302 308 309 310", &[COVID], "COVID-19 vaccine (Pfizer)"),
    ("210", &[COVID], "COVID-19 vaccine (AstraZeneca)"),
    ("211 313", &[COVID], "COVID-19 vaccine (Novavax)"),
    ("212", &[COVID], "COVID-19 vaccine (Janssen)"),
    ("213", &[COVID], "COVID-19 vaccine"),
    ("303 304 305 314 326", &[RSV], "RSV vaccine"),
    ("18 40 90 175 176", &[RABIES], "Rabies vaccine"),
    ("37 183 184", &[YELLOW], "Yellow fever vaccine"),
    ("25", &[TYPHOID], "Typhoid vaccine, by mouth"),
    ("41 53 91 101 190", &[TYPHOID], "Typhoid vaccine"),
    ("39 129 134", &[ENCEPHALITIS], "Japanese encephalitis vaccine"),
    ("26 172 173 174", &[CHOLERA], "Cholera vaccine"),
    ("19", &[BCG], "Tuberculosis (BCG) vaccine"),
    ("24", &[ANTHRAX], "Anthrax vaccine"),
    ("54 55 82 143", &[ADENO], "Adenovirus vaccine"),
    ("75 105 206", &[SMALLPOX], "Smallpox and mpox vaccine"),
    ("95 96 97 98", &[], "Tuberculosis skin test"),
    ("13 180", &[], "Tetanus immune globulin"),
    ("14 86 87", &[], "Immune globulin"),
    ("30", &[], "Hepatitis B immune globulin"),
    ("34", &[], "Rabies immune globulin"),
    ("36 117", &[], "Varicella-zoster immune globulin"),
    ("71 93 306 307 315", &[], "RSV antibodies"),
    ("998", &[], "No vaccine given"),
    ("999", &[], "Vaccine not named"),
];

/// Ranges of CPT product codes, and the groups they count in.
type Products = (&'static [(u32, u32)], &'static [Group]);

/// CPT product codes and the groups they count in.
const CPT: &[Products] = &[
    (&[(90476, 90477)], &[ADENO]),
    (&[(90581, 90581)], &[ANTHRAX]),
    (&[(90585, 90585)], &[BCG]),
    (&[(90611, 90611), (90622, 90622)], &[SMALLPOX]),
    (&[(90619, 90619), (90733, 90734)], &[MENING]),
    (&[(90620, 90621)], &[MENING_B]),
    (&[(90623, 90623), (90624, 90624)], &[MENING, MENING_B]),
    (&[(90625, 90625)], &[CHOLERA]),
    (&[(90632, 90634)], &[HEP_A]),
    (&[(90636, 90636)], &[HEP_A, HEP_B]),
    (&[(90644, 90644)], &[MENING, HIB]),
    (&[(90645, 90648)], &[HIB]),
    (&[(90649, 90651)], &[HPV]),
    (&[(90669, 90671), (90677, 90677), (90684, 90684), (90732, 90732)], &[PNEUMO]),
    (&[(90675, 90676)], &[RABIES]),
    (&[(90678, 90679), (90683, 90683)], &[RSV]),
    (&[(90680, 90681)], &[ROTA]),
    (
        &[
            (90630, 90630),
            (90653, 90668),
            (90672, 90674),
            (90682, 90682),
            (90685, 90689),
            (90694, 90694),
            (90756, 90756),
        ],
        &[FLU],
    ),
    (&[(90690, 90693)], &[TYPHOID]),
    (&[(90696, 90696)], &[DTAP, POLIO]),
    (&[(90697, 90697)], &[DTAP, POLIO, HIB, HEP_B]),
    (&[(90698, 90698)], &[DTAP, HIB, POLIO]),
    (&[(90700, 90702)], &[DTAP]),
    (&[(90703, 90703), (90714, 90714), (90718, 90718)], &[TD]),
    (&[(90704, 90708)], &[MMR]),
    (&[(90710, 90710)], &[MMR, VARICELLA]),
    (&[(90712, 90713)], &[POLIO]),
    (&[(90715, 90715)], &[TDAP]),
    (&[(90716, 90716)], &[VARICELLA]),
    (&[(90717, 90717)], &[YELLOW]),
    (&[(90720, 90721)], &[DTAP, HIB]),
    (&[(90723, 90723)], &[DTAP, HEP_B, POLIO]),
    (&[(90735, 90735), (90738, 90738)], &[ENCEPHALITIS]),
    (&[(90736, 90736), (90750, 90750)], &[ZOSTER]),
    (&[(90739, 90747), (90759, 90759)], &[HEP_B]),
    (&[(90748, 90748)], &[HIB, HEP_B]),
    (&[(91300, 91322)], &[COVID]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_a_product_to_its_vaccine_by_group() {
        for (cpt, cvx_code) in [
            ("90746", "43"),
            ("90581", "24"),
            ("90585", "19"),
            ("90476", "54"),
            ("90477", "55"),
            ("90619", "203"),
            ("90662", "135"),
            ("90662", "197"),
            ("90715", "115"),
            ("90714", "113"),
            ("90707", "03"),
            ("90716", "21"),
            ("90713", "10"),
            ("90700", "20"),
            ("90700", "106"),
            ("90632", "52"),
            ("90633", "83"),
            ("90636", "104"),
            ("90744", "08"),
            ("90739", "189"),
            ("90651", "165"),
            ("90670", "133"),
            ("90677", "216"),
            ("90732", "33"),
            ("90734", "114"),
            ("90734", "136"),
            ("90750", "187"),
            ("90686", "150"),
            ("90688", "158"),
            ("91320", "309"),
            ("90678", "305"),
        ] {
            let product = product(cpt).unwrap();
            let given = cvx(cvx_code).unwrap();
            assert_eq!(product, given.groups, "{cpt} {cvx_code}");
            assert!(!product.is_empty(), "{cpt}");
        }
        assert_eq!(product("99213"), None);
        assert_eq!(product("90480"), None);
        assert_eq!(product("90371"), None);
        assert_eq!(product("90749"), Some(&[][..]));
    }

    #[test]
    fn knows_who_billed_for_giving_one() {
        assert_eq!(administration("90471"), Some(None));
        assert_eq!(administration("G0008"), Some(Some(FLU)));
        assert_eq!(administration("0124A"), Some(Some(COVID)));
        for code in ["0124B", "1124A", "90746", "36415", "A"] {
            assert_eq!(administration(code), None, "{code}");
        }
    }

    #[test]
    fn tells_what_is_no_dose() {
        for code in ["998", "999", "95", "96", "97", "98", "86", "30", "34", "13", "36"] {
            assert!(no_dose(code).is_some(), "{code}");
            assert!(cvx(code).is_none_or(|vaccine| vaccine.groups.is_empty()), "{code}");
        }
        for code in ["03", "43", "115", "309"] {
            assert_eq!(no_dose(code), None, "{code}");
        }
    }

    #[test]
    fn has_each_code_once() {
        let mut codes: Vec<&str> = CVX.iter().flat_map(|(codes, ..)| codes.split(' ')).collect();
        let n_codes = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), n_codes);
        let mut numbers: Vec<u32> = CPT
            .iter()
            .flat_map(|(ranges, _)| ranges.iter().flat_map(|(from, to)| *from..=*to))
            .collect();
        let n_numbers = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), n_numbers);
    }
}
