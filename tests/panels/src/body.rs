//! An invented person's blood, on one day.

use crate::Row;

/// Numbers that look random and are the same for a seed (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635)
    }

    pub(crate) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// A normal one.
    fn around(&mut self, middle: f64, spread: f64) -> f64 {
        let sum: f64 = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        middle + spread * sum
    }

    /// One whose logarithm is normal.
    fn about(&mut self, middle: f64, spread: f64) -> f64 {
        (self.around(0.0, spread)).exp() * middle
    }
}

/// What is the matter with somebody.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    Anemia,
    Leukemia,
    Infection,
    Kidneys,
    Liver,
    Salts,
    Sugar,
    Fats,
    Everything,
}

/// An invented person's blood.
pub(crate) struct Body {
    pub(crate) is_man: bool,
    trouble: Trouble,
    hgb: f64,
    mch: f64,
    mchc: f64,
    wbc: f64,
    cells: [f64; 5],
    ig: f64,
    bun: f64,
    creat: f64,
    salts: [f64; 4],
    protein: f64,
    albumin: f64,
    bili: f64,
    direct: f64,
    fats: [f64; 3],
    iron: [f64; 2],
    a1c: f64,
    friedewald: f64,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a trouble shows in few tests; in all others somebody is well"
)]
impl Body {
    pub(crate) fn new(random: &mut Random) -> Body {
        let is_man = random.chance(0.5);
        let trouble = match random.below(20) {
            0 | 1 => Trouble::Anemia,
            2 => Trouble::Leukemia,
            3 => Trouble::Infection,
            4 => Trouble::Kidneys,
            5 => Trouble::Liver,
            6 => Trouble::Salts,
            7 | 8 => Trouble::Sugar,
            9 | 10 => Trouble::Fats,
            _ => Trouble::None,
        };
        let is = |other| trouble == other;
        let hgb = match trouble {
            Trouble::Anemia | Trouble::Leukemia => random.around(8.8, 1.4),
            _ => random.around(if is_man { 15.1 } else { 13.4 }, 1.0),
        };
        let mch =
            if is(Trouble::Anemia) { random.around(24.0, 4.0) } else { random.around(29.7, 1.6) };
        let mchc = random.around(33.6, 0.9);
        let wbc = match trouble {
            Trouble::Leukemia => random.about(90.0, 0.7),
            Trouble::Infection => random.around(16.0, 3.0),
            _ => random.about(6.7, 0.25),
        };
        let middles = match trouble {
            Trouble::Leukemia => [12.0, 82.0, 4.0, 1.0, 0.3],
            Trouble::Infection => [84.0, 9.0, 6.0, 0.4, 0.3],
            _ => [58.0, 30.0, 8.0, 2.7, 0.7],
        };
        let mut cells =
            middles.map(|middle| random.about(middle, if middle > 20.0 { 0.15 } else { 0.4 }));
        let all: f64 = cells.iter().sum();
        cells.iter_mut().for_each(|cell| *cell *= 100.0 / all);
        let creat = match trouble {
            Trouble::Kidneys => random.about(3.5, 0.4),
            _ => random.about(if is_man { 0.98 } else { 0.78 }, 0.16),
        };
        let bun = match trouble {
            Trouble::Kidneys => random.about(48.0, 0.3),
            _ => random.about(14.0, 0.28),
        };
        let salts = match trouble {
            Trouble::Salts => [
                random.around(122.0, 5.0),
                random.around(3.0, 0.5),
                random.around(88.0, 5.0),
                random.around(24.0, 4.0),
            ],
            Trouble::Sugar if random.chance(0.2) => [131.0, 5.6, 95.0, 10.0],
            Trouble::Kidneys => [
                random.around(138.0, 3.0),
                random.around(5.5, 0.5),
                random.around(103.0, 4.0),
                random.around(18.0, 3.0),
            ],
            _ => [
                random.around(139.5, 2.2),
                random.around(4.3, 0.35),
                random.around(103.0, 2.4),
                random.around(25.0, 2.2),
            ],
        };
        let bili =
            if is(Trouble::Liver) { random.about(4.0, 0.7) } else { random.about(0.55, 0.4) };
        let chol =
            if is(Trouble::Fats) { random.around(255.0, 35.0) } else { random.around(182.0, 33.0) };
        let trig =
            if is(Trouble::Fats) { random.about(280.0, 0.5) } else { random.about(105.0, 0.4) };
        let hdl = random.about(if is_man { 47.0 } else { 57.0 }, 0.22).min(chol * 0.6);
        let trig = trig.min((chol - hdl) * 2.2);
        let albumin = random.around(if is(Trouble::Liver) { 3.1 } else { 4.4 }, 0.3);
        Body {
            is_man,
            trouble,
            hgb,
            mch,
            mchc,
            wbc,
            cells,
            ig: random.about(0.35, 0.5),
            bun,
            creat,
            salts,
            protein: albumin + random.around(2.8, 0.3),
            albumin,
            direct: bili * if is(Trouble::Liver) { 0.6 } else { 0.25 },
            bili,
            fats: [chol, trig, hdl],
            iron: [
                if is(Trouble::Anemia) { random.about(28.0, 0.3) } else { random.about(92.0, 0.3) },
                random.around(if is(Trouble::Anemia) { 430.0 } else { 320.0 }, 35.0),
            ],
            a1c: if is(Trouble::Sugar) {
                random.around(8.2, 1.2)
            } else {
                random.around(5.4, 0.25)
            },
            friedewald: if random.chance(0.5) { 5.0 } else { random.around(5.6, 0.5) },
        }
    }

    /// Somebody in whom everything is as far out as people survive.
    pub(crate) fn extreme(random: &mut Random) -> Body {
        let mut body = Body::new(random);
        let between =
            |random: &mut Random, low: f64, high: f64| low * (high / low).powf(random.unit());
        body.trouble = Trouble::Everything;
        body.hgb = between(random, 3.5, 22.0);
        body.mch = between(random, 16.0, 42.0);
        body.mchc = random.around(33.0, 1.6);
        body.wbc = between(random, 0.2, 400.0);
        let mut cells = [0.0; 5].map(|_: f64| random.unit().powi(3) + 0.002);
        let all: f64 = cells.iter().sum();
        cells.iter_mut().for_each(|cell| *cell *= 100.0 / all);
        body.cells = cells;
        body.ig = between(random, 0.1, 12.0);
        body.creat = between(random, 0.2, 18.0);
        body.bun = between(random, 2.0, 180.0);
        body.salts = [
            105.0 + 65.0 * random.unit(),
            between(random, 1.8, 8.5),
            72.0 + 58.0 * random.unit(),
            between(random, 4.0, 48.0),
        ];
        body.albumin = between(random, 1.2, 5.8);
        body.protein = body.albumin + between(random, 0.9, 8.0);
        body.bili = between(random, 0.1, 38.0);
        body.direct = body.bili * (0.1 + 0.8 * random.unit());
        let hdl = between(random, 8.0, 120.0);
        body.fats = [hdl + between(random, 40.0, 450.0), between(random, 25.0, 6000.0), hdl];
        body.iron[0] = between(random, 6.0, 300.0);
        body.iron[1] = body.iron[0] + between(random, 20.0, 450.0);
        body.a1c = between(random, 3.6, 17.0);
        body
    }

    /// A small child.
    pub(crate) fn child(random: &mut Random) -> Body {
        let mut body = Body::new(random);
        body.hgb = random.around(12.3, 0.8);
        body.mch = random.around(26.8, 1.3);
        body.wbc = random.about(9.0, 0.3);
        let mut cells = [32.0, 55.0, 8.0, 3.0, 0.6].map(|middle| random.about(middle, 0.3));
        let all: f64 = cells.iter().sum();
        cells.iter_mut().for_each(|cell| *cell *= 100.0 / all);
        body.cells = cells;
        body.creat = random.about(0.38, 0.2);
        body
    }

    /// A newborn.
    pub(crate) fn newborn(random: &mut Random) -> Body {
        let mut body = Body::new(random);
        body.hgb = random.around(17.5, 1.8);
        body.mch = random.around(34.5, 1.3);
        body.wbc = random.about(16.0, 0.3);
        let mut cells = [50.0, 35.0, 9.0, 3.0, 0.7].map(|middle| random.about(middle, 0.3));
        let all: f64 = cells.iter().sum();
        cells.iter_mut().for_each(|cell| *cell *= 100.0 / all);
        body.cells = cells;
        body.bili = random.about(6.0, 0.5);
        body.direct = random.about(0.3, 0.3);
        body
    }

    pub(crate) fn value(&self, test: &str, random: &mut Random) -> f64 {
        if self.trouble == Trouble::Everything
            && let Some((_, low, high)) = FAR_OUT.iter().find(|(name, ..)| *name == test)
        {
            return low * (high / low).powf(random.unit());
        }
        let sick = |is: bool, sick: f64, well: f64| if is { sick } else { well };
        let is = |other| self.trouble == other;
        let [neut, lymph, mono, eos, baso] = self.cells;
        let [na, k, cl, co2] = self.salts;
        let [chol, trig, hdl] = self.fats;
        let [iron, tibc] = self.iron;
        let hct = self.hgb / self.mchc * 100.0;
        let rbc = self.hgb / self.mch * 10.0;
        let ldl = (chol - hdl - trig / self.friedewald).max(8.0);
        match test {
            "wbc" => self.wbc,
            "rbc" => rbc,
            "hgb" => self.hgb,
            "hct" => hct,
            "mcv" => 10.0 * hct / rbc,
            "mch" => self.mch,
            "mchc" => self.mchc,
            "rdw" => random.around(sick(is(Trouble::Anemia), 17.5, 13.2), 0.9),
            "rdwsd" => random.around(43.0, 3.0),
            "plt" => random.about(sick(is(Trouble::Leukemia), 60.0, 245.0), 0.24),
            "mpv" => random.around(10.1, 0.9),
            "pdw" => random.around(12.5, 1.8),
            "neutp" => neut,
            "lymphp" => lymph,
            "monop" => mono,
            "eosp" => eos,
            "basop" => baso,
            "igp" => self.ig,
            "neuta" => self.wbc * neut / 100.0,
            "lympha" => self.wbc * lymph / 100.0,
            "monoa" => self.wbc * mono / 100.0,
            "eosa" => self.wbc * eos / 100.0,
            "basoa" => self.wbc * baso / 100.0,
            "iga" => self.wbc * self.ig / 100.0,
            "nrbcp" | "nrbca" | "atyp" => 0.0,
            "bands" => random.about(2.0, 0.6),
            "glucose" => random
                .about(sick(is(Trouble::Sugar), 185.0, 91.0), sick(is(Trouble::Sugar), 0.4, 0.09)),
            "bun" => self.bun,
            "creat" => self.creat,
            "egfr" => (75.0 / self.creat.max(0.3)).min(128.0),
            "buncreat" => self.bun / self.creat,
            "na" => na,
            "k" => k,
            "cl" => cl,
            "co2" => co2,
            "aniongap" => na - cl - co2,
            "ca" => random.around(9.4, 0.4),
            "protein" => self.protein,
            "albumin" => self.albumin,
            "globulin" => self.protein - self.albumin,
            "agratio" => self.albumin / (self.protein - self.albumin),
            "bilit" => self.bili,
            "bilid" => self.direct,
            "bilii" => self.bili - self.direct,
            "alp" => random.about(sick(is(Trouble::Liver), 210.0, 72.0), 0.28),
            "ast" => random.about(sick(is(Trouble::Liver), 180.0, 22.0), 0.35),
            "alt" => random.about(sick(is(Trouble::Liver), 220.0, 22.0), 0.45),
            "phos" => random.around(sick(is(Trouble::Kidneys), 5.6, 3.5), 0.5),
            "mg" => random.around(2.0, 0.18),
            "osmol" => random.around(288.0, 5.0),
            "chol" => chol,
            "trig" => trig,
            "hdl" => hdl,
            "ldl" => ldl,
            "vldl" => chol - hdl - ldl,
            "nonhdl" => chol - hdl,
            "cholhdl" => chol / hdl,
            "ldlhdl" => ldl / hdl,
            "tsh" => random.about(1.9, 0.6),
            "ft4" => random.around(1.2, 0.15),
            "t4" => random.around(7.8, 1.3),
            "t3u" => random.around(29.0, 2.5),
            "fti" => random.around(2.3, 0.4),
            "a1c" => self.a1c,
            "eag" => 28.7 * self.a1c - 46.7,
            "iron" => iron,
            "tibc" => tibc,
            "uibc" => tibc - iron,
            "sat" => 100.0 * iron / tibc,
            "ferritin" => random.about(sick(is(Trouble::Anemia), 7.0, 90.0), 0.7),
            "pt" => random.around(11.2, 0.8),
            "inr" => random.around(1.02, 0.08),
            "aptt" => random.around(29.0, 2.5),
            "sg" => random.around(1.017, 0.005).clamp(1.002, 1.034),
            "uph" => (random.around(6.2, 0.6) * 2.0).round() / 2.0,
            "urobil" => 0.2,
            other => panic!("no such test: {other}"),
        }
    }

    pub(crate) fn words(&self, test: &str, range: &str, random: &mut Random) -> String {
        match test {
            "ucolor" if random.chance(0.2) => "Straw".to_owned(),
            "uapp" if random.chance(0.15) => "Cloudy".to_owned(),
            "uneg" if random.chance(0.1) => "Trace".to_owned(),
            _ => range.to_owned(),
        }
    }

    /// Laboratories work out some rows from the rounded ones.
    pub(crate) fn calculate(&self, rows: &mut [Row]) {
        let find = |rows: &[Row], code: &str| -> Option<f64> {
            rows.iter().find(|row| row.truth == Some(code))?.value.parse().ok()
        };
        for (of, left, right) in [("33037-3", "2951-2", "2075-0"), ("43396-1", "2093-3", "2085-9")]
        {
            let Some((left, right)) = find(rows, left).zip(find(rows, right)) else { continue };
            let less = if of == "33037-3" { find(rows, "2028-9") } else { Some(0.0) };
            let Some(less) = less else { continue };
            if let Some(row) = rows.iter_mut().find(|row| row.truth == Some(of)) {
                row.value = written((left - right - less).max(0.0), 0, false);
            }
        }
    }
}

/// What people survive of the tests that hang together with no other.
const FAR_OUT: &[(&str, f64, f64)] = &[
    ("glucose", 25.0, 1100.0),
    ("plt", 3.0, 1800.0),
    ("rdw", 11.0, 32.0),
    ("mpv", 6.0, 15.0),
    ("alp", 12.0, 3000.0),
    ("ast", 6.0, 9000.0),
    ("alt", 4.0, 9000.0),
    ("ca", 5.0, 17.0),
    ("phos", 0.7, 13.0),
    ("mg", 0.6, 5.5),
    ("tsh", 0.005, 250.0),
    ("ft4", 0.15, 7.5),
    ("t4", 1.0, 26.0),
    ("t3u", 12.0, 65.0),
    ("ferritin", 2.0, 20000.0),
    ("pt", 9.0, 95.0),
    ("inr", 0.8, 9.0),
    ("aptt", 20.0, 180.0),
    ("osmol", 230.0, 390.0),
    ("rdwsd", 30.0, 100.0),
];

pub(crate) fn written(value: f64, digits: usize, is_bare: bool) -> String {
    let text = format!("{:.digits$}", value.max(0.0));
    if is_bare && text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}

pub(crate) fn word_truth(test: &str) -> Option<&'static str> {
    match test {
        "ucolor" => Some("5778-6"),
        "uapp" => Some("5767-9"),
        _ => None,
    }
}

pub(crate) fn truth(test: &str) -> Option<&'static str> {
    let (_, code) = TRUTHS.iter().find(|(name, _)| *name == test)?;
    Some(code)
}

const TRUTHS: &[(&str, &str)] = &[
    ("wbc", "6690-2"),
    ("rbc", "789-8"),
    ("hgb", "718-7"),
    ("hct", "4544-3"),
    ("mcv", "787-2"),
    ("mch", "785-6"),
    ("mchc", "786-4"),
    ("rdw", "788-0"),
    ("rdwsd", "21000-5"),
    ("plt", "777-3"),
    ("mpv", "32623-1"),
    ("pdw", "32207-3"),
    ("neutp", "770-8"),
    ("lymphp", "736-9"),
    ("monop", "5905-5"),
    ("eosp", "713-8"),
    ("basop", "706-2"),
    ("igp", "71695-1"),
    ("neuta", "751-8"),
    ("lympha", "731-0"),
    ("monoa", "742-7"),
    ("eosa", "711-2"),
    ("basoa", "704-7"),
    ("iga", "53115-2"),
    ("nrbcp", "58413-6"),
    ("nrbca", "771-6"),
    ("glucose", "2345-7"),
    ("bun", "3094-0"),
    ("creat", "2160-0"),
    ("egfr", "33914-3"),
    ("buncreat", "3097-3"),
    ("na", "2951-2"),
    ("k", "2823-3"),
    ("cl", "2075-0"),
    ("co2", "2028-9"),
    ("aniongap", "33037-3"),
    ("ca", "17861-6"),
    ("protein", "2885-2"),
    ("albumin", "1751-7"),
    ("globulin", "10834-0"),
    ("agratio", "1759-0"),
    ("bilit", "1975-2"),
    ("bilid", "1968-7"),
    ("bilii", "1971-1"),
    ("alp", "6768-6"),
    ("ast", "1920-8"),
    ("alt", "1742-6"),
    ("phos", "2777-1"),
    ("chol", "2093-3"),
    ("trig", "2571-8"),
    ("hdl", "2085-9"),
    ("ldl", "13457-7"),
    ("vldl", "13458-5"),
    ("nonhdl", "43396-1"),
    ("cholhdl", "9830-1"),
    ("ldlhdl", "11054-4"),
    ("tsh", "3016-3"),
    ("ft4", "3024-7"),
    ("t4", "3026-2"),
    ("t3u", "3050-2"),
    ("fti", "32215-6"),
    ("a1c", "4548-4"),
    ("eag", "27353-2"),
    ("iron", "2498-4"),
    ("tibc", "2500-7"),
    ("uibc", "2501-5"),
    ("sat", "2502-3"),
    ("ferritin", "2276-4"),
    ("pt", "5902-2"),
    ("inr", "6301-6"),
    ("aptt", "14979-9"),
    ("sg", "5811-5"),
    ("uph", "5803-2"),
    ("urobil", "20405-7"),
];
