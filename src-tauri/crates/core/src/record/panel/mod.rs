//! Names for results that came without one, worked out from the panel they came with.
//!
//! Nothing here is certain, and nothing is said without its reasons. What the evidence does not tell
//! apart stays "one of" those that fit; what it does not tell at all stays unnamed.

pub(super) mod alias;
mod analyte;
mod evidence;
mod identity;
mod kind;
mod solve;

use super::decimal::Decimal;
use super::{Likelihood, Measurement, unit};
use analyte::{A, Printed};
use evidence::Item;
use identity::Number;
use kind::Kind;
use solve::Found;

pub(super) use analyte::A as Label;

/// A name that was worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Naming {
    /// The name; for one of several, all of them.
    pub(crate) name: String,
    /// Its LOINC code; `None` for one of several.
    pub(crate) code: Option<String>,
    /// How sure it is.
    pub(crate) likelihood: Likelihood,
    /// Why, in sentences.
    pub(crate) reasons: Vec<String>,
    /// What else would fit, best first.
    pub(crate) candidates: Vec<String>,
}

/// What is known of the panel a result came with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context<'c> {
    /// Its names: of the report, of the result of many parts.
    pub(super) names: &'c [&'c str],
    /// Its codes.
    pub(super) codes: &'c [&'c str],
    /// The codes of what was billed the same day, for the same person.
    pub(super) billed: &'c [&'c str],
}

/// Whether a name is that of a panel, not of one of its results.
pub(super) fn is_panel_name(name: &str) -> bool {
    alias::by_name(name).is_none() && !kind::by_name(name).is_empty()
}

/// Names the results of a panel for which `is_unnamed`; the others help. `None` where nothing can be
/// told.
pub(super) fn name_all(
    context: &Context<'_>,
    parts: &[(&Measurement, bool)],
) -> Vec<Option<Naming>> {
    let nothing = || vec![None; parts.len()];
    if parts.len() > MOST || !parts.iter().any(|(_, is_unnamed)| *is_unnamed) {
        return nothing();
    }
    let items: Vec<Item> = parts.iter().map(|(part, unnamed)| item(part, *unnamed)).collect();
    let (kinds, ground) = kinds(context);
    if kinds.is_empty() {
        return nothing();
    }
    let solution = solve::solve(&items, &kinds);
    if ground == Ground::Billed && solution.n_held < 2 {
        return nothing();
    }
    items
        .iter()
        .zip(&solution.found)
        .zip(parts)
        .map(|((item, found), (part, _))| {
            if !item.is_unnamed {
                return None;
            }
            naming(item, found, part, &kinds, ground)
        })
        .collect()
}

/// More results than any panel has.
const MOST: usize = 120;

/// By what the kind of a panel is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ground {
    Name,
    Code,
    Billed,
}

fn kinds(context: &Context<'_>) -> (Vec<Kind>, Ground) {
    let mut kinds: Vec<Kind> =
        context.codes.iter().flat_map(|code| kind::by_code(code)).copied().collect();
    let mut ground = Ground::Code;
    if kinds.is_empty() {
        kinds = context.names.iter().flat_map(|name| kind::by_name(name)).collect();
        ground = Ground::Name;
    }
    if kinds.is_empty() {
        kinds = context.billed.iter().flat_map(|code| kind::by_code(code)).copied().collect();
        ground = Ground::Billed;
    }
    kinds.sort_unstable();
    kinds.dedup();
    (kinds, ground)
}

fn item(part: &Measurement, is_unnamed: bool) -> Item {
    let number = |text: &String| Decimal::parse(text);
    let ends = (part.low.as_ref().and_then(number), part.high.as_ref().and_then(number));
    let range = match ends {
        (None, None) => None,
        (low, high) => Some(Printed {
            low: low.map_or(f64::NEG_INFINITY, Decimal::approximate),
            high: high.map_or(f64::INFINITY, Decimal::approximate),
        }),
    };
    let value = part.number.as_ref().and_then(number);
    let sent_unit = part.unit.as_deref().unwrap_or_default();
    let known = || {
        let by_code = part.code.as_deref().and_then(alias::by_code);
        by_code.or_else(|| alias::by_name(&part.name))
    };
    Item {
        value: value.map(|value| Number {
            value: value.approximate(),
            half: 0.5 * 10_f64.powi(-i32::try_from(value.scale()).unwrap_or_default()),
        }),
        is_bound: part.comparator.is_some(),
        text: part.value.clone().filter(|_| value.is_none()),
        unit: unit::plain(sent_unit).into_owned(),
        range,
        is_calculated: unit::says_calculated(sent_unit),
        known: if is_unnamed { None } else { known() },
        is_unnamed,
    }
}

const LIKELY: f64 = 0.9;
const STRONG: f64 = 0.99;

fn naming(
    item: &Item,
    found: &Found,
    part: &Measurement,
    kinds: &[Kind],
    ground: Ground,
) -> Option<Naming> {
    let best = found.best?;
    let of_kinds = kinds.iter().any(|kind| kind.members().contains(&best));
    let is_extra = kinds.iter().any(|kind| kind.extras().contains(&best));
    if !of_kinds && !is_extra {
        return None;
    }
    let near: Vec<A> = found
        .others
        .iter()
        .take_while(|(_, loss)| *loss < 12.0)
        .filter_map(|(label, _)| *label)
        .filter(|label| *label != best)
        .take(3)
        .collect();
    let candidates: Vec<String> = near.iter().map(|label| label.about().name.to_owned()).collect();
    let mut reasons = vec![panel_reason(kinds, ground)];
    if found.share >= LIKELY {
        let likelihood = match is_strong(item, found, of_kinds, ground) {
            true => Likelihood::Strong,
            false => Likelihood::Likely,
        };
        reasons.extend(own_reasons(item, found, part, best));
        return Some(Naming {
            name: best.about().name.to_owned(),
            code: Some(best.about().code.to_owned()),
            likelihood,
            reasons,
            candidates,
        });
    }
    // One of those that together are nearly all of what it can be.
    let mut either = vec![best];
    for (label, loss) in &found.others {
        if *loss > ONE_OF {
            break;
        }
        either.push((*label)?);
    }
    if !(2..=3).contains(&either.len()) {
        return None;
    }
    let names: Vec<&str> = either.iter().map(|label| label.about().name).collect();
    reasons.push("What was sent with it does not tell these apart.".to_owned());
    Some(Naming {
        name: format!("One of {}", names.join(", ")),
        code: None,
        likelihood: Likelihood::OneOf,
        reasons,
        candidates: names.into_iter().map(str::to_owned).collect(),
    })
}

/// How much worse a name is that is left out of "one of".
const ONE_OF: f64 = 4.5;

/// Whether nothing else fits: the order aside, and with the panel known by what it is called.
fn is_strong(item: &Item, found: &Found, of_kinds: bool, ground: Ground) -> bool {
    let Some(fit) = found.fit else { return false };
    if found.share < STRONG
        || found.margin < 6.0
        || ground == Ground::Billed
        || !of_kinds
        || !fit.is_plausible
        || item.unit.is_empty() && item.range.is_none()
    {
        return false;
    }
    if item.range.is_some() {
        return fit.off <= 0.35 && found.alone > -1.0 && found.tied > -1.5;
    }
    found.margin >= 9.0 && found.holds.len() >= 2 && found.tied >= 5.0
}

fn panel_reason(kinds: &[Kind], ground: Ground) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.words()).collect();
    let words = words.join(" and ");
    match ground {
        Ground::Name => format!("By its name it came with {words}."),
        Ground::Code => format!("By its code it came with {words}."),
        Ground::Billed => {
            format!("Nothing says what it came with; {words} was billed the same day.")
        }
    }
}

fn own_reasons(item: &Item, found: &Found, part: &Measurement, best: A) -> Vec<String> {
    let mut reasons = Vec::new();
    let words = best.about().words;
    let mut evidence: Vec<String> = Vec::new();
    match part.unit.as_deref() {
        Some(unit) => evidence.push(format!("the unit {unit}")),
        None => evidence.push("the missing unit".to_owned()),
    }
    match (&item.range, part.range.as_deref(), part.value.as_deref()) {
        (Some(_), Some(range), _) => evidence.push(format!("the range {range}")),
        (_, _, Some(value)) => evidence.push(format!("the value {value}")),
        _ => {}
    }
    let mut sentence = match evidence.as_slice() {
        [one] => one.clone(),
        all => all.join(" and "),
    };
    if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
        sentence.replace_range(..1, &first);
    }
    let verb = if evidence.len() == 1 { "fits" } else { "fit" };
    if found.alone >= 5.0 {
        reasons.push(format!("{sentence} {verb} only {words}."));
    } else if found.alone >= 0.0 {
        reasons.push(format!("{sentence} {verb} {words} best."));
    } else {
        reasons.push(format!("{sentence} {verb} {words}, too."));
    }
    for identity in found.holds.iter().take(2) {
        if identity.of == best {
            reasons.push(format!("It equals {}.", identity.words));
        } else {
            let of = identity.of.about().words;
            reasons.push(format!("With it, {of} equals {}.", identity.words));
        }
    }
    if found.margin < 3.0 {
        reasons.push("It stands where laboratories usually list it.".to_owned());
    }
    if found.fit.is_some_and(|fit| !fit.is_plausible) {
        reasons.push("Its value is far from what is usual.".to_owned());
    }
    reasons
}
