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
mod stranger;

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

impl Context<'_> {
    /// Whether its names or codes tell which panel it is.
    pub(super) fn is_of_a_kind(&self) -> bool {
        self.codes.iter().any(|code| !kind::by_code(code).is_empty())
            || self.names.iter().any(|name| !kind::by_name(name).is_empty())
    }
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
            let mut naming = naming(item, found, part, &kinds, ground)?;
            if naming.likelihood == Likelihood::Strong
                && found.best.is_some_and(|best| is_contested(best, item, &items, &solution.found))
            {
                naming.likelihood = Likelihood::Likely;
                naming.reasons.push(CONTESTED.to_owned());
            }
            Some(naming)
        })
        .collect()
}

/// Whether a result that came without its unit, and that nothing names, would fit a name as well as the
/// one that has it.
fn is_contested(best: A, holder: &Item, items: &[Item], found: &[Found]) -> bool {
    if holder.unit.is_empty() {
        return false;
    }
    items.iter().zip(found).any(|(item, found)| {
        let is_free = item.is_unnamed && (found.best.is_none() || found.share < LIKELY);
        if !is_free || !item.unit.is_empty() || item.range.is_none() {
            return false;
        }
        let with_unit = Item { unit: holder.unit.clone(), ..item.clone() };
        evidence::of(&with_unit, best.about(), false)
            .is_some_and(|fit| fit.is_plausible && fit.off <= CLOSE_RANGE)
    })
}

const CONTESTED: &str = "Another result, which came without its unit, would fit it as well.";

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

const LIKELY: f64 = 0.82;
const STRONG: f64 = 0.99;
/// How far a range that was sent may be from one that is printed for a test.
const CLOSE_RANGE: f64 = 0.35;

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
    // What is only ever worked out must come out where no range speaks for it.
    let comes_out = || found.holds.iter().any(|identity| identity.of == best);
    if item.range.is_none() && identity::is_only_calculated(best) && !comes_out() {
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

/// Whether a test is only sure where the arithmetic it comes from comes out: many are printed with the
/// very range of another.
fn needs_proof(label: Option<A>) -> bool {
    label.is_some_and(|label| {
        identity::is_only_calculated(label)
            || matches!(label, A::Vldl | A::BunCreat | A::AgRatio | A::Globulin | A::Fti | A::Eag)
    })
}

/// Whether so much else is printed like it, and comes out by chance, that a name is never sure: other
/// fats beside VLDL, one ratio of fats for another, all white cells and the kind that they nearly all
/// are.
fn is_never_sure(label: A) -> bool {
    matches!(label, A::Vldl | A::CholHdl | A::LdlHdl | A::Wbc | A::NeutAbs | A::LymphAbs)
}

/// Whether its ranges are those of another for somebody of another age, so that a name is only sure
/// where arithmetic ties it to the panel.
fn is_sure_when_tied(label: A) -> bool {
    matches!(label, A::NeutPct | A::LymphPct)
}

/// Whether nothing else fits: what only supports a name aside, and with the panel known by what it is
/// called.
fn is_strong(item: &Item, found: &Found, of_kinds: bool, ground: Ground) -> bool {
    let Some(fit) = found.fit else { return false };
    if needs_proof(found.best) && !found.holds.iter().any(|one| Some(one.of) == found.best) {
        return false;
    }
    let is_tied = !found.holds.is_empty();
    if found.best.is_some_and(|best| is_never_sure(best) || is_sure_when_tied(best) && !is_tied) {
        return false;
    }
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
        return fit.off <= CLOSE_RANGE && found.alone > -1.0 && found.tied > -1.5;
    }
    let n_proofs = found.holds.iter().filter(|identity| identity.is_proof()).count();
    found.margin >= 9.0 && n_proofs >= 2 && found.tied >= 5.0
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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use onhand_panels::{Panel, Resource, Shape, hard_panels, panels};

    use super::super::{Lookup, NameFrom, Placements, derive};
    use super::*;

    #[test]
    fn holds_the_bar_on_panels_of_many_laboratories() {
        for is_exact in [true, false] {
            let panels = panels(7, 36, is_exact);
            for shape in Shape::ALL {
                let with = tally(&panels, shape, true);
                assert_eq!(with.wrong_strong, [""; 0], "{shape:?}");
                assert!(with.named * 100 >= with.all * 90, "{shape:?}: {with:?}");
                assert!(with.right * 100 >= with.named * 97, "{shape:?}: {with:?}");
                let without = tally(&panels, shape, false);
                assert_eq!(without.wrong_strong, [""; 0], "{shape:?}");
            }
        }
    }

    #[test]
    fn calls_no_wrong_name_sure_where_a_panel_leads_astray() {
        let mut wrong = Vec::new();
        // Those that stand alone are each read with the whole panel: fewer of them.
        let samples = [
            (11, Shape::Components, 200, 500),
            (12, Shape::Components, 200, 500),
            (13, Shape::Components, 200, 500),
            (12, Shape::Observations, 60, 120),
            (13, Shape::PanelName, 60, 120),
            (14, Shape::Members, 60, 120),
        ];
        for (seed, shape, count, right) in samples {
            let panels = hard_panels(seed, count);
            for with_ranges in [true, false] {
                let tally = tally(&panels, shape, with_ranges);
                wrong.extend(tally.wrong_strong);
                assert!(tally.right > right, "{shape:?}: {}", tally.right);
            }
        }
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn is_not_sure_where_a_result_without_its_unit_would_fit_as_well() {
        let of = |unit: &str| {
            let record = components(
                "Coagulation screen",
                &format!(
                    r#"{{"valueQuantity":{{"value":10.1{unit}}},"referenceRange":[{{"text":"9.4 - 12.5"}}]}},
                    {{"valueQuantity":{{"value":15.8,"unit":"sec"}},"referenceRange":[{{"text":"10.3 - 13.6"}}]}}"#
                ),
            );
            let named =
                record.measurements.iter().find(|part| part.value.as_deref() == Some("15.8"));
            let named = named.unwrap();
            (
                named.name.clone(),
                named.likelihood,
                named.reasons.last().cloned().unwrap_or_default(),
            )
        };
        let (name, likelihood, reason) = of("");
        assert_eq!(
            (name.as_str(), likelihood),
            ("Prothrombin time (PT)", Some(Likelihood::Likely))
        );
        assert_eq!(reason, CONTESTED);
        // One that has a unit, and is another's, takes nothing from it.
        let (name, likelihood, _) = of(r#","unit":"mg/dL""#);
        assert_eq!(
            (name.as_str(), likelihood),
            ("Prothrombin time (PT)", Some(Likelihood::Strong))
        );
    }

    #[test]
    fn leaves_alone_what_nobody_could_tell() {
        let record = components(
            "Urinalysis, Complete",
            r#"{"valueString":"Negative"},{"valueString":"Negative"},{"valueString":"Yellow"},
               {"valueQuantity":{"value":1.015},"referenceRange":[{"text":"1.005-1.030"}]}"#,
        );
        let names: Vec<_> = record.measurements.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Unnamed result 1 of 4",
                "Unnamed result 2 of 4",
                "Color of urine",
                "Specific gravity of urine"
            ]
        );
        // A unit that the test does not come in.
        let record = components(
            "Comprehensive metabolic panel",
            r#"{"valueQuantity":{"value":18,"unit":"mmol/L"}},{"valueQuantity":{"value":12,"unit":"mmol/L"}}"#,
        );
        assert!(record.measurements.iter().all(|part| part.likelihood != Some(Likelihood::Strong)));
        // A panel nobody knows.
        let record = components(
            "Blood work",
            r#"{"valueQuantity":{"value":140,"unit":"mmol/L"},"referenceRange":[{"text":"135-145"}]}"#,
        );
        assert_eq!(record.measurements[0].name, "Unnamed result 1 of 1");
    }

    #[test]
    fn keeps_look_alikes_together_where_nothing_tells_them_apart() {
        let record = components(
            "Hepatic function panel",
            r#"{"valueQuantity":{"value":22,"unit":"U/L"},"referenceRange":[{"text":"7-47"}]},
               {"valueQuantity":{"value":25,"unit":"U/L"},"referenceRange":[{"text":"7-47"}]}"#,
        );
        for part in &record.measurements {
            assert_eq!(part.likelihood, Some(Likelihood::OneOf), "{part:?}");
            assert!(part.candidates.contains(&"AST".to_owned()), "{part:?}");
            assert!(part.candidates.contains(&"ALT".to_owned()), "{part:?}");
            assert!(part.name.starts_with("One of "), "{part:?}");
            assert_eq!(part.test, None);
        }
    }

    #[test]
    fn says_why() {
        let record = components(
            "CBC",
            r#"{"valueQuantity":{"value":5.10,"unit":"M/uL"},"referenceRange":[{"text":"4.14-5.80"}]},
               {"valueQuantity":{"value":15.2,"unit":"g/dL"},"referenceRange":[{"text":"13.0-17.7"}]},
               {"valueQuantity":{"value":45.1,"unit":"%"},"referenceRange":[{"text":"37.5-51.0"}]},
               {"valueQuantity":{"value":88,"unit":"fL"},"referenceRange":[{"text":"79-97"}]}"#,
        );
        let last = record.measurements.last().unwrap();
        assert_eq!(
            (last.name.as_str(), last.name_from, last.likelihood),
            ("MCV", NameFrom::Inferred, Some(Likelihood::Strong))
        );
        assert_eq!(last.reasons[0], "By its name it came with a blood count (CBC).");
        assert_eq!(last.reasons[1], "The unit fL and the range 79-97 fit only mean cell volume.");
        assert_eq!(last.reasons[2], "It equals 10 × hematocrit ÷ red blood cells.");
        assert_eq!(last.test.as_deref(), Some("i:787-2|fl"));
        assert_eq!((last.code.clone(), last.likely_code.as_deref()), (None, Some("787-2")));
    }

    #[test]
    fn never_takes_a_name_that_was_sent() {
        let record = components(
            "CBC",
            r#"{"code":{"text":"Reticulocyte index"},"valueQuantity":{"value":88,"unit":"fL"},"referenceRange":[{"text":"79-97"}]},
               {"valueQuantity":{"value":5.1,"unit":"M/uL"},"referenceRange":[{"text":"4.14-5.80"}]}"#,
        );
        assert_eq!(record.measurements[0].name, "Reticulocyte index");
        assert_eq!(record.measurements[0].name_from, NameFrom::Portal);
        assert_eq!(record.measurements[1].name, "Erythrocytes (RBC)");
    }

    fn components(title: &str, parts: &str) -> super::super::Record {
        let raw = format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"text":"{title}"}},"component":[{parts}]}}"#
        );
        derive(raw.as_bytes(), &Shelf { resources: &[], placed: RefCell::default() })
    }

    #[derive(Debug, Default)]
    struct Tally {
        all: usize,
        named: usize,
        right: usize,
        wrong_strong: Vec<String>,
    }

    fn tally(panels: &[Panel], shape: Shape, with_ranges: bool) -> Tally {
        let mut tally = Tally::default();
        for panel in panels {
            let resources = panel.resources(shape, "p", with_ranges);
            let shelf = Shelf { resources: &resources, placed: RefCell::default() };
            for resource in &resources {
                let record = derive(resource.json.as_bytes(), &shelf);
                for (row, measured) in resource.rows.iter().zip(&record.measurements) {
                    let truth = panel.rows[*row].truth;
                    let given = measured
                        .likely_code
                        .as_deref()
                        .filter(|_| measured.likelihood != Some(Likelihood::OneOf));
                    if truth.is_none() && given.is_none() {
                        continue;
                    }
                    tally.all += 1;
                    tally.named += usize::from(given.is_some());
                    tally.right += usize::from(given.is_some() && given == truth);
                    if measured.likelihood == Some(Likelihood::Strong) && given != truth {
                        tally.wrong_strong.push(format!("{truth:?} called {}", measured.name));
                    }
                }
            }
        }
        tally
    }

    struct Shelf<'r> {
        resources: &'r [Resource],
        placed: RefCell<Option<Rc<Placements>>>,
    }

    impl Lookup for Shelf<'_> {
        fn resource(&self, target: &str) -> Option<Vec<u8>> {
            let found = self.resources.iter().find(|resource| resource.target == target)?;
            Some(found.json.clone().into_bytes())
        }

        fn containers(&self, target: &str) -> Vec<String> {
            let container = self.resources.first().filter(|first| first.target != target);
            container.map(|first| first.target.clone()).into_iter().collect()
        }

        fn placements(
            &self,
            _container: &str,
            make: &dyn Fn() -> Placements,
        ) -> Option<Rc<Placements>> {
            Some(Rc::clone(self.placed.borrow_mut().get_or_insert_with(|| Rc::new(make()))))
        }
    }
}
