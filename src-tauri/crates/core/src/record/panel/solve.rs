//! The names of a whole panel at once: each test at most once, the best total of what its results
//! weigh alone, what arithmetic ties together and, among look-alikes, the usual order.

use std::collections::BTreeMap;

use super::analyte::{A, ANALYTES, Printed};
use super::evidence::{self, Fit, Item};
use super::identity::{IDENTITIES, Identity, Number, is_only_calculated};
use super::kind::Kind;

const N: usize = ANALYTES.len();
const NOWHERE: u8 = u8::MAX;

/// What was found for one result.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The best name; `None` where it is best left unnamed.
    pub(super) best: Option<A>,
    /// How likely that is, from 0 to 1.
    pub(super) share: f64,
    /// By how much every other name is worse, what only supports left aside.
    pub(super) margin: f64,
    /// By how much every other name is worse, taken alone: unit, range and value.
    pub(super) alone: f64,
    /// By how much each other name is worse, best first; `None`: that it is no test known.
    pub(super) others: Vec<(Option<A>, f64)>,
    /// How the best one fits.
    pub(super) fit: Option<Fit>,
    /// The arithmetic that holds for it.
    pub(super) holds: Vec<&'static Identity>,
    /// How much that weighs.
    pub(super) tied: f64,
}

/// The names of a panel's results.
pub(super) struct Solution {
    pub(super) found: Vec<Found>,
    /// How many times arithmetic came out.
    pub(super) n_held: usize,
}

/// Finds the best names for the results of a panel of these kinds.
pub(super) fn solve(items: &[Item], kinds: &[Kind]) -> Solution {
    let panel = Panel::new(items, kinds);
    let mut state = panel.first();
    panel.climb(&mut state, None);
    let best = panel.score(&state);
    let mut others: Vec<BTreeMap<Option<A>, f64>> = vec![BTreeMap::new(); items.len()];
    let mut margins = vec![f64::INFINITY; items.len()];
    let mut note = |other: &State| {
        let score = panel.score(other);
        let (loss, loss_alone) = (best.total() - score.total(), best.evidence() - score.evidence());
        for (at, (was, is)) in state.labels.iter().zip(&other.labels).enumerate() {
            if was != is {
                if let Some(known) = others.get_mut(at) {
                    let least = known.entry(*is).or_insert(f64::INFINITY);
                    *least = least.min(loss);
                }
                if let Some(margin) = margins.get_mut(at) {
                    *margin = margin.min(loss_alone);
                }
            }
        }
    };
    for at in 0..items.len() {
        for label in panel.choices(at) {
            if state.label(at) == *label {
                continue;
            }
            for mut other in panel.moved(&state, at, *label) {
                note(&other);
                if best.total() - panel.score(&other).total() < CLOSE {
                    panel.climb(&mut other, Some(at));
                    note(&other);
                }
            }
        }
    }
    for other in panel.crossed(&state) {
        note(&other);
    }
    let found = (0..items.len())
        .map(|at| {
            let label = state.label(at);
            let mut others: Vec<(Option<A>, f64)> =
                others.get(at).into_iter().flatten().map(|(other, loss)| (*other, *loss)).collect();
            others.sort_by(|left, right| left.1.total_cmp(&right.1));
            let rest: f64 = others.iter().map(|(_, loss)| (-TRUST * loss).exp()).sum();
            let own = label.map_or(panel.none(at), |label| panel.weight(at, label));
            let alone = panel
                .choices(at)
                .iter()
                .filter(|other| **other != label)
                .map(|other| own - other.map_or(panel.none(at), |other| panel.weight(at, other)))
                .fold(f64::INFINITY, f64::min);
            let (holds, tied) = panel.holding(&state, at);
            Found {
                best: label,
                share: 1.0 / (1.0 + rest),
                margin: margins.get(at).copied().unwrap_or_default(),
                alone,
                others,
                fit: label.and_then(|label| panel.fit(at, label)),
                holds,
                tied,
            }
        })
        .collect();
    Solution { found, n_held: panel.n_holding(&state) }
}

/// Losses below this are looked at again with all else set anew.
const CLOSE: f64 = 9.0;
/// Names this much worse alone than the best are not tried, nor more than so many.
const WORTH_TRYING: f64 = 13.0;
const MOST_TRIED: usize = 9;
/// How far the weights are to be trusted.
const TRUST: f64 = 0.8;
/// What a test weighs less that such a panel seldom or never holds.
const EXTRA: f64 = -1.5;
const STRANGE: f64 = -6.0;

struct Panel<'i> {
    items: &'i [Item],
    fits: Vec<Vec<Option<Fit>>>,
    none: Vec<f64>,
    choices: Vec<Vec<Option<A>>>,
    identities: Vec<&'static Identity>,
    values: Vec<Option<Number>>,
}

#[derive(Clone)]
struct State {
    labels: Vec<Option<A>>,
    at: [u8; N],
}

impl State {
    fn label(&self, at: usize) -> Option<A> {
        self.labels.get(at).copied().flatten()
    }

    fn holder(&self, label: A) -> Option<usize> {
        self.at.get(label as usize).copied().filter(|at| *at != NOWHERE).map(usize::from)
    }

    fn set(&mut self, at: usize, label: Option<A>) {
        if let Some(old) = self.label(at)
            && self.holder(old) == Some(at)
            && let Some(slot) = self.at.get_mut(old as usize)
        {
            *slot = NOWHERE;
        }
        if let Some(slot) = label.and_then(|label| self.at.get_mut(label as usize)) {
            *slot = u8::try_from(at).unwrap_or(NOWHERE);
        }
        if let Some(slot) = self.labels.get_mut(at) {
            *slot = label;
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Score {
    alone: f64,
    tied: f64,
    /// What helps to find a name and is no evidence for it: the order, a formula that laboratories
    /// do not share.
    support: f64,
}

impl Score {
    fn total(self) -> f64 {
        self.alone + self.tied + self.support
    }

    fn evidence(self) -> f64 {
        self.alone + self.tied
    }
}

impl<'i> Panel<'i> {
    fn new(items: &'i [Item], kinds: &[Kind]) -> Panel<'i> {
        let units_are_missing = items.len() > 2 && items.iter().all(|item| item.unit.is_empty());
        let mut priors = [STRANGE; N];
        for (members, prior) in
            kinds.iter().flat_map(|kind| [(kind.extras(), EXTRA), (kind.members(), 0.0)])
        {
            for member in members {
                if let Some(slot) = priors.get_mut(*member as usize) {
                    *slot = slot.max(prior);
                }
            }
        }
        let is_urine = kinds.contains(&Kind::Urinalysis);
        let mut fits = Vec::with_capacity(items.len());
        let mut choices = Vec::with_capacity(items.len());
        let mut none = Vec::with_capacity(items.len());
        for item in items {
            let mut row: Vec<Option<Fit>> = vec![None; N];
            let mut ranked: Vec<(A, f64)> = Vec::new();
            if item.is_unnamed {
                for (analyte, prior) in ANALYTES.iter().zip(priors) {
                    let is_of_urine = matches!(
                        analyte.id,
                        A::Sg
                            | A::UrinePh
                            | A::Urobili
                            | A::UWbc
                            | A::URbc
                            | A::UEpi
                            | A::UColor
                            | A::UAppear
                    );
                    // Blood tests are not among those of urine, nor the other way round.
                    if is_of_urine != is_urine {
                        continue;
                    }
                    if let Some(mut fit) = evidence::of(item, analyte, units_are_missing) {
                        fit.weight += prior;
                        ranked.push((analyte.id, fit.weight));
                        if let Some(slot) = row.get_mut(analyte.id as usize) {
                            *slot = Some(fit);
                        }
                    }
                }
            } else if let Some(known) = item.known
                && let Some(slot) = row.get_mut(known as usize)
            {
                *slot = Some(Fit { weight: 0.0, off: 0.0, is_plausible: true });
            }
            ranked.sort_by(|left, right| right.1.total_cmp(&left.1));
            let bar = ranked.first().map_or(0.0, |first| first.1) - WORTH_TRYING;
            ranked.retain(|(_, weight)| *weight > bar);
            ranked.truncate(MOST_TRIED);
            let mut tried: Vec<_> = ranked.into_iter().map(|(label, _)| Some(label)).collect();
            if item.is_unnamed {
                tried.push(None);
            }
            choices.push(tried);
            none.push(evidence::of_none(item, units_are_missing));
            fits.push(row);
        }
        let mut panel =
            Panel { items, fits, none, choices, identities: Vec::new(), values: Vec::new() };
        let possible: Vec<A> = panel
            .choices
            .iter()
            .flatten()
            .flatten()
            .copied()
            .chain(items.iter().filter_map(|item| item.known))
            .collect();
        panel.identities = IDENTITIES
            .iter()
            .filter(|one| {
                possible.contains(&one.of) && one.from.iter().all(|from| possible.contains(from))
            })
            .collect();
        panel.values = items
            .iter()
            .map(|item| {
                let number = item.value.filter(|_| !item.is_bound)?;
                // All tests that come in either unit are reckoned in thousands.
                let scale = if item.unit == "/ul" { 0.001 } else { 1.0 };
                Some(Number { value: number.value * scale, half: number.half * scale })
            })
            .collect();
        panel
    }

    fn fit(&self, at: usize, label: A) -> Option<Fit> {
        self.fits.get(at)?.get(label as usize).copied().flatten()
    }

    fn weight(&self, at: usize, label: A) -> f64 {
        self.fit(at, label).map_or(-60.0, |fit| fit.weight)
    }

    fn none(&self, at: usize) -> f64 {
        self.none.get(at).copied().unwrap_or_default()
    }

    fn choices(&self, at: usize) -> &[Option<A>] {
        self.choices.get(at).map_or(&[], Vec::as_slice)
    }

    /// Those that fit best alone, each test once.
    fn first(&self) -> State {
        let mut state = State { labels: vec![None; self.items.len()], at: [NOWHERE; N] };
        let mut pairs = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            if let Some(known) = item.known.filter(|_| !item.is_unnamed) {
                state.set(at, Some(known));
            }
            for label in self.choices(at).iter().flatten() {
                pairs.push((self.weight(at, *label) - self.none(at), at, *label));
            }
        }
        pairs.sort_by(|left, right| right.0.total_cmp(&left.0));
        for (gain, at, label) in pairs {
            if gain > 0.0 && state.label(at).is_none() && state.holder(label).is_none() {
                state.set(at, Some(label));
            }
        }
        state
    }

    /// Changes names for as long as the total gets better; `locked` keeps its own.
    fn climb(&self, state: &mut State, locked: Option<usize>) {
        let mut score = self.score(state).total();
        let unit = locked.and_then(|locked| self.items.get(locked)).map(|item| item.unit.as_str());
        let passes = if locked.is_some() { 2 } else { 12 };
        for _ in 0..passes {
            let before = score;
            for (at, item) in self.items.iter().enumerate() {
                // Only results of its unit can be touched by a name that is set.
                if Some(at) == locked || unit.is_some_and(|unit| item.unit != unit) {
                    continue;
                }
                for label in self.choices(at) {
                    if state.label(at) == *label {
                        continue;
                    }
                    for other in self.moved(state, at, *label) {
                        if locked.is_some_and(|locked| state.label(locked) != other.label(locked)) {
                            continue;
                        }
                        let new = self.score(&other).total();
                        if new > score + 1e-9 {
                            score = new;
                            *state = other;
                        }
                    }
                }
            }
            for other in self.crossed(state) {
                let new = self.score(&other).total();
                let keeps = locked.is_none_or(|locked| state.label(locked) == other.label(locked));
                if keeps && new > score + 1e-9 {
                    score = new;
                    *state = other;
                }
            }
            if score <= before + 1e-9 {
                break;
            }
        }
    }

    /// The states in which `at` is called `label`: whoever was called so takes the name given up, or
    /// the best one that is free.
    fn moved(&self, state: &State, at: usize, label: Option<A>) -> Vec<State> {
        let old = state.label(at);
        let holder = label.and_then(|label| state.holder(label));
        if holder.is_some_and(|holder| !self.items.get(holder).is_some_and(|item| item.is_unnamed))
        {
            return Vec::new();
        }
        let mut base = state.clone();
        base.set(at, None);
        if let Some(holder) = holder {
            base.set(holder, None);
        }
        base.set(at, label);
        let Some(holder) = holder else { return vec![base] };
        let mut all = Vec::with_capacity(2);
        if let Some(old) = old.filter(|old| self.fit(holder, *old).is_some()) {
            let mut swapped = base.clone();
            swapped.set(holder, Some(old));
            all.push(swapped);
        }
        let free = self
            .choices(holder)
            .iter()
            .flatten()
            .copied()
            .filter(|free| base.holder(*free).is_none() && Some(*free) != old)
            .max_by(|left, right| {
                self.weight(holder, *left).total_cmp(&self.weight(holder, *right))
            })
            .filter(|free| self.weight(holder, *free) > self.none(holder));
        base.set(holder, free);
        all.push(base);
        all
    }

    /// The states in which two kinds of white cells change places among the percentages and the
    /// counts at once.
    fn crossed(&self, state: &State) -> Vec<State> {
        let mut all = Vec::new();
        let cells = || PERCENTS.iter().zip(COUNTS);
        for (idx, (left_percent, left_count)) in cells().enumerate() {
            for (right_percent, right_count) in cells().skip(idx + 1) {
                let mut other = state.clone();
                let mut changed = 0;
                for (left, right) in [(*left_percent, *right_percent), (*left_count, *right_count)]
                {
                    let (one, two) = (state.holder(left), state.holder(right));
                    let can = |at: Option<usize>, label: A| {
                        at.is_none_or(|at| {
                            self.fit(at, label).is_some()
                                && self.items.get(at).is_some_and(|item| item.is_unnamed)
                        })
                    };
                    if one.is_none() && two.is_none() || !can(one, right) || !can(two, left) {
                        continue;
                    }
                    one.into_iter().chain(two).for_each(|at| other.set(at, None));
                    if let Some(at) = one {
                        other.set(at, Some(right));
                    }
                    if let Some(at) = two {
                        other.set(at, Some(left));
                    }
                    changed += 1;
                }
                if changed > 0 {
                    all.push(other);
                }
            }
        }
        all
    }

    fn score(&self, state: &State) -> Score {
        let mut score = Score::default();
        for (at, item) in self.items.iter().enumerate() {
            if item.is_unnamed {
                score.alone += match state.label(at) {
                    Some(label) => self.weight(at, label),
                    None => self.none(at),
                };
            }
        }
        for identity in &self.identities {
            let tie = self.tie(state, identity).unwrap_or_default();
            if identity.is_proof() {
                score.tied += tie;
            } else {
                score.support += tie;
            }
        }
        score.tied += self.sum(state);
        score.support +=
            [PERCENTS, COUNTS].into_iter().map(|cells| cell_order(state, cells)).sum::<f64>();
        if let (Some(ast), Some(alt)) = (state.holder(A::Ast), state.holder(A::Alt)) {
            score.support += if ast < alt { 0.75_f64.ln() } else { 0.25_f64.ln() };
            score.tied += self.printed_together(ast, alt);
        }
        // The equation for some stands beside the other one or not at all.
        if state.holder(A::EgfrAa).is_some() && state.holder(A::Egfr).is_none() {
            score.tied -= 8.0;
        }
        score
    }

    fn value(&self, state: &State, label: A) -> Option<Number> {
        self.values.get(state.holder(label)?).copied().flatten()
    }

    /// What an identity weighs in a state; `None` where a part of it is not there.
    fn tie(&self, state: &State, identity: &Identity) -> Option<f64> {
        let of = self.value(state, identity.of)?;
        let mut from = [Number { value: 0.0, half: 0.0 }; 3];
        for (slot, label) in from.iter_mut().zip(identity.from) {
            *slot = self.value(state, *label)?;
        }
        let due = identity.form.of(from.get(..identity.from.len())?)?;
        let rounding = if identity.of == A::EgfrAa {
            0.03 * due.value.abs() + of.half
        } else {
            1.1 * (due.half + of.half) + 0.002 * due.value.abs()
        };
        let off = (of.value - due.value).abs();
        let spread = (0.6 * due.value.abs()).max(0.25 * identity.of.about().usual.1);
        let weight = (spread / (2.0 * rounding).max(1e-9)).ln().clamp(0.3, 4.0);
        Some(if off <= rounding {
            weight
        } else if off <= 2.5 * rounding || off <= 0.02 * due.value.abs() {
            0.3 * weight
        } else if is_only_calculated(identity.of) {
            -identity.penalty * (off / (0.05 * due.value.abs()).max(rounding)).min(2.0)
        } else {
            -identity.penalty * (off / (0.1 * due.value.abs()).max(rounding)).min(1.0)
        })
    }

    /// What it weighs that a laboratory prints these two ranges, the one for AST, the other for ALT.
    fn printed_together(&self, ast: usize, alt: usize) -> f64 {
        let range = |at: usize| self.items.get(at).and_then(|item| item.range);
        let (Some(ast), Some(alt)) = (range(ast), range(alt)) else { return 0.0 };
        let end = |low: f64| if low.is_finite() { low } else { 0.0 };
        let is_near = |sent: Printed, low: f64, high: f64| {
            (sent.high - high).abs() < 0.6 && (end(sent.low) - low).abs() < 0.6
        };
        let is_known = PRINTED_TOGETHER.iter().any(|[ast_low, ast_high, alt_low, alt_high]| {
            is_near(ast, *ast_low, *ast_high) && is_near(alt, *alt_low, *alt_high)
        });
        if is_known { 3.0 } else { 0.0 }
    }

    /// The percentages of all white cells are 100; their counts are the white cells.
    fn sum(&self, state: &State) -> f64 {
        let all = |cells: &[A]| -> Option<f64> {
            cells.iter().take(5).map(|cell| Some(self.value(state, *cell)?.value)).sum()
        };
        let mut weight = 0.0;
        if let Some(percent) = all(PERCENTS) {
            weight += if (96.5..=103.0).contains(&percent) { 3.0 } else { -1.0 };
        }
        if let (Some(count), Some(white)) = (all(COUNTS), self.value(state, A::Wbc)) {
            let off = (count - white.value).abs() / white.value.abs().max(0.1);
            weight += if off < 0.05 { 2.5 } else { -0.5 };
        }
        weight
    }

    fn holding(&self, state: &State, at: usize) -> (Vec<&'static Identity>, f64) {
        let Some(label) = state.label(at) else { return (Vec::new(), 0.0) };
        let mut tied = 0.0;
        let holds = self
            .identities
            .iter()
            .filter(|one| one.of == label || one.from.contains(&label))
            .filter_map(|one| Some((*one, self.tie(state, one)?)))
            .inspect(|(one, weight)| tied += if one.is_proof() { *weight } else { 0.0 })
            .filter(|(_, weight)| *weight >= 1.5)
            .map(|(one, _)| one)
            .collect();
        (holds, tied)
    }

    fn n_holding(&self, state: &State) -> usize {
        self.identities
            .iter()
            .filter(|one| self.tie(state, one).is_some_and(|weight| weight >= 1.5))
            .count()
    }
}

/// Ranges of AST and ALT that one laboratory prints for one person; 0 also stands for an open end.
const PRINTED_TOGETHER: &[[f64; 4]] = &[
    [0.0, 40.0, 0.0, 44.0],
    [0.0, 40.0, 0.0, 32.0],
    [0.0, 40.0, 0.0, 55.0],
    [0.0, 40.0, 0.0, 41.0],
    [0.0, 32.0, 0.0, 33.0],
    [0.0, 39.0, 0.0, 52.0],
    [0.0, 37.0, 0.0, 41.0],
    [0.0, 40.0, 0.0, 50.0],
    [10.0, 40.0, 9.0, 46.0],
    [10.0, 40.0, 9.0, 60.0],
    [10.0, 35.0, 9.0, 46.0],
    [10.0, 35.0, 9.0, 60.0],
    [10.0, 35.0, 6.0, 29.0],
    [10.0, 30.0, 6.0, 29.0],
    [10.0, 30.0, 6.0, 40.0],
    [12.0, 32.0, 5.0, 32.0],
    [15.0, 37.0, 12.0, 78.0],
    [15.0, 37.0, 16.0, 63.0],
    [15.0, 37.0, 14.0, 59.0],
    [15.0, 37.0, 16.0, 61.0],
    [15.0, 37.0, 13.0, 56.0],
    [5.0, 34.0, 0.0, 55.0],
    [5.0, 34.0, 5.0, 55.0],
    [5.0, 40.0, 5.0, 50.0],
    [8.0, 48.0, 7.0, 55.0],
    [8.0, 43.0, 7.0, 45.0],
    [8.0, 33.0, 4.0, 36.0],
    [13.0, 39.0, 7.0, 52.0],
    [14.0, 40.0, 10.0, 54.0],
    [13.0, 35.0, 7.0, 38.0],
    [17.0, 59.0, 21.0, 72.0],
    [17.0, 59.0, 0.0, 50.0],
    [14.0, 36.0, 9.0, 52.0],
    [14.0, 36.0, 0.0, 35.0],
    [15.0, 41.0, 14.0, 54.0],
    [15.0, 41.0, 17.0, 63.0],
    [10.0, 40.0, 7.0, 56.0],
    [15.0, 46.0, 13.0, 69.0],
    [0.0, 35.0, 0.0, 45.0],
    [0.0, 35.0, 0.0, 35.0],
];

/// White cells in the order in which nearly every laboratory lists them; immature granulocytes come
/// after all others or after the neutrophils.
const PERCENTS: &[A] = &[A::NeutPct, A::LymphPct, A::MonoPct, A::EosPct, A::BasoPct, A::IgPct];
const COUNTS: &[A] = &[A::NeutAbs, A::LymphAbs, A::MonoAbs, A::EosAbs, A::BasoAbs, A::IgAbs];

/// Either the laboratory keeps to the usual order, with a slip now and then, or to none.
fn cell_order(state: &State, cells: &[A]) -> f64 {
    let (mut usual, mut any) = (0.85, 0.15);
    let mut before: Option<usize> = None;
    let mut places = [None; 6];
    for (slot, cell) in places.iter_mut().zip(cells) {
        *slot = state.holder(*cell);
    }
    let [neut, lymph, .., baso, immature] = places;
    for place in places.iter().take(5).flatten() {
        if let Some(before) = before {
            usual *= if before < *place { 0.97 } else { 0.03 };
            any *= 0.5;
        }
        before = Some(*place);
    }
    if let (Some(immature), Some(baso), Some(neut)) = (immature, baso, neut) {
        let is_second = immature > neut && lymph.is_some_and(|lymph| immature < lymph);
        usual *= match (immature > baso, is_second) {
            (true, _) => 0.65,
            (false, true) => 0.28,
            (false, false) => 0.07,
        };
        any *= 0.33;
    }
    f64::ln(usual + any)
}
