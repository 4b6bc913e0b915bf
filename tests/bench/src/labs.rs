//! How well unnamed results are named: invented panels of many laboratories' formats, their names
//! taken away, in the four shapes that portals send them in. Of panels that are meant to lead astray,
//! only that no wrong name is called strong.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use onhand_core::record::{Likelihood, Lookup, Measurement, NameFrom, Placements, derive};
use onhand_panels::{Panel, Resource, Shape, hard_panels, panels};

/// What has to hold with ranges: how many get a name, how many of the names are right.
const NAMED: f64 = 0.90;
const RIGHT: f64 = 0.97;
const STRONG: &str = "STRONG";
const SEED: u64 = 20_260_401;
const PANELS: usize = 1500;
/// Built without optimisation it is a sample.
const PANELS_UNOPTIMISED: usize = 120;

/// Prints the tables; fails where the bar is not held.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut is_held = true;
    println!(
        "{:<44} {:>8} {:>8} {:>8} {:>8} {:>8} {:>12}",
        "", "results", "named", "right", "strong", "wrong s.", "each panel"
    );
    let count = if cfg!(debug_assertions) { PANELS_UNOPTIMISED } else { PANELS };
    for (formats, panels, has_bar) in [
        ("formats as they are", panels(SEED, count, true), true),
        ("other ranges, rows, orders", panels(SEED, count, false), true),
        ("meant to lead astray", hard_panels(SEED, count), false),
    ] {
        for with_ranges in [true, false] {
            let mut confusion = Confusion::default();
            for shape in Shape::ALL {
                let tally = tally(&panels, shape, with_ranges, &mut confusion);
                let ranges = if with_ranges { "ranges" } else { "no ranges" };
                println!(
                    "{:<44} {:>8} {:>7.1}% {:>7.2}% {:>7.1}% {:>8} {:>12}",
                    format!("{formats}, {ranges}, {shape:?}"),
                    tally.results,
                    100.0 * tally.named_share(),
                    100.0 * tally.right_share(),
                    100.0 * tally.strong as f64 / tally.results.max(1) as f64,
                    tally.wrong_strong,
                    format!("{:.2?}", tally.took / u32::try_from(panels.len().max(1))?),
                );
                is_held &= tally.wrong_strong == 0;
                if with_ranges && has_bar {
                    is_held &= tally.named_share() >= NAMED && tally.right_share() >= RIGHT;
                }
            }
            println!(
                "\n{formats}: names that were not right ({})",
                if with_ranges { "ranges" } else { "no ranges" }
            );
            confusion.print();
        }
    }
    ensure!(is_held, "the bar is not held");
    Ok(())
}

#[derive(Default)]
struct Tally {
    results: usize,
    named: usize,
    right: usize,
    strong: usize,
    wrong_strong: usize,
    took: Duration,
}

impl Tally {
    fn named_share(&self) -> f64 {
        self.named as f64 / self.results.max(1) as f64
    }

    fn right_share(&self) -> f64 {
        self.right as f64 / self.named.max(1) as f64
    }
}

/// What a result was taken for: its code, the name given, how sure.
#[derive(Default)]
struct Confusion {
    wrong: BTreeMap<(String, String, &'static str), usize>,
    unnamed: BTreeMap<String, (usize, usize)>,
    by_lab: BTreeMap<String, (usize, usize, usize)>,
}

impl Confusion {
    fn print(&self) {
        let mut wrong: Vec<_> = self.wrong.iter().collect();
        // What is never to be, before all else.
        wrong.sort_by_key(|((_, _, sure), count)| (*sure != STRONG, std::cmp::Reverse(**count)));
        for ((truth, given, sure), count) in wrong.iter().take(24) {
            println!("  {count:>5} × {truth:<28} called {given} ({sure})");
        }
        let mut unnamed: Vec<_> =
            self.unnamed.iter().filter(|(_, (missed, _))| *missed > 0).collect();
        unnamed.sort_by_key(|(_, (missed, _))| std::cmp::Reverse(*missed));
        let missed: Vec<String> = unnamed
            .iter()
            .take(24)
            .map(|(code, (missed, all))| format!("{code} {missed} of {all}"))
            .collect();
        println!("  left without a name: {}", missed.join(", "));
        for (lab, (all, named, right)) in &self.by_lab {
            let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
            if share(*named, *all) < 92.0 || share(*right, *named) < 98.0 {
                println!(
                    "  {lab}: {:.1} % named, {:.1} % right",
                    share(*named, *all),
                    share(*right, *named)
                );
            }
        }
        println!();
    }
}

fn tally(panels: &[Panel], shape: Shape, with_ranges: bool, confusion: &mut Confusion) -> Tally {
    let mut tally = Tally::default();
    for panel in panels {
        let resources = panel.resources(shape, "p", with_ranges);
        let shelf = Shelf { resources: &resources, placed: RefCell::default() };
        let began = Instant::now();
        let records: Vec<_> =
            resources.iter().map(|resource| derive(resource.json.as_bytes(), &shelf)).collect();
        tally.took += began.elapsed();
        for (resource, record) in resources.iter().zip(&records) {
            for (row, measured) in resource.rows.iter().zip(&record.measurements) {
                let Some(row) = panel.rows.get(*row) else { continue };
                count(panel, row.truth, measured, &mut tally, confusion);
            }
        }
    }
    tally
}

fn count(
    panel: &Panel,
    truth: Option<&str>,
    measured: &Measurement,
    tally: &mut Tally,
    confusion: &mut Confusion,
) {
    let given = measured
        .likely_code
        .as_deref()
        .filter(|_| measured.name_from == NameFrom::Inferred)
        .filter(|_| measured.likelihood != Some(Likelihood::OneOf));
    // What cannot be told apart is not to be named, and is not missed.
    if truth.is_none() && given.is_none() {
        return;
    }
    let code = truth.unwrap_or("not to be told");
    let is_right = given == truth;
    let is_strong = given.is_some() && measured.likelihood == Some(Likelihood::Strong);
    tally.results += 1;
    tally.named += usize::from(given.is_some());
    tally.right += usize::from(given.is_some() && is_right);
    tally.strong += usize::from(is_strong);
    tally.wrong_strong += usize::from(is_strong && !is_right);
    let lab = confusion.by_lab.entry(format!("{}, {}", panel.lab, panel.title)).or_default();
    lab.0 += 1;
    lab.1 += usize::from(given.is_some());
    lab.2 += usize::from(given.is_some() && is_right);
    let missed = confusion.unnamed.entry(code.to_owned()).or_default();
    missed.1 += 1;
    missed.0 += usize::from(given.is_none());
    if given.is_some() && !is_right {
        let sure = if is_strong { STRONG } else { "likely" };
        *confusion.wrong.entry((code.to_owned(), measured.name.clone(), sure)).or_default() += 1;
    }
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
