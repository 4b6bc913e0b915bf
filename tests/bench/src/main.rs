//! How long Onhand takes, as ratios to the least that the same work could take, measured in one run
//! on one machine: the machine's own speed falls out.
//!
//! **The floor of a sync** is a bare download of the very pages that the sync asked for, by the same
//! client, with as many requests under way and each type's pages one after the other (a page names
//! the next); then one `serde_json::Value` parse of every page; then the resources' bytes inserted
//! into an empty SQLCipher table, in as many transactions as the sync committed, each with
//! `synchronous = FULL`. The three are added: nothing of the floor runs beside another part of it.
//! The portal runs in this process and serves pages that were written before; its time is in both.
//!
//! Each measurement is taken several times, ours and the floor by turns, and the best of each counts:
//! what else a machine does makes either slower, never faster.
//!
//! What the window takes until it has painted records, and until a search has answered in it, is
//! measured through the window itself (`tests/desktop/pace.spec.ts`), on a folder that `fill` makes.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod command;
mod floor;
mod labs;
mod portal;
mod table;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::ensure;
use clap::{Parser, ValueEnum};
use onhand_core::api::{Filter, List};
use onhand_core::app::App;
use onhand_core::fhir::{bundle, json};
use onhand_core::record::{Lookup, derive_value};
use onhand_sandbox::{Faults, Sandbox};

use crate::portal::Place;
use crate::table::Table;

/// Times a read is repeated.
const TIMES: usize = 25;
const QUERIES: &[&str] = &[
    "g",
    "gl",
    "glu",
    "gluc",
    "hem",
    "hemo",
    "visit",
    "office v",
    "mg",
    "blood p",
    "zzzz",
    "7",
    "2",
    "a",
    "p",
    "losartan",
    "final",
    "lab glucose",
    "2019",
    "cough",
];
/// What every answer is delayed by, in milliseconds.
const DELAY: u64 = 150;

#[derive(Parser)]
struct Arguments {
    /// What to measure; all of it where nothing is named. (`labs`, alone, measures how well unnamed
    /// results are named.)
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Resources in the synthetic record.
    #[arg(long, default_value_t = 27_000)]
    resources: usize,
    /// Resources in the large one.
    #[arg(long, default_value_t = 270_000)]
    large: usize,
    /// Resources in the one that is searched and opened.
    #[arg(long, default_value_t = 100_000)]
    read: usize,
    /// Times a sync is repeated.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Makes a data folder for the window of the app to open (`onhand-bench fill`), with its key in the
/// keychain of whoever runs it.
#[derive(Parser)]
struct Fill {
    /// The data folder.
    #[arg(long)]
    data_dir: PathBuf,
    /// Resources in it.
    #[arg(long, default_value_t = 100_000)]
    resources: usize,
}

async fn fill(arguments: Fill) -> anyhow::Result<()> {
    let portal = portal::synthetic(arguments.resources).await?;
    let (app, account) = portal::kept(&portal, arguments.data_dir).await?;
    sync(&app, account).await?;
    println!("{} resources", arguments.resources);
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// A sync of everything, and one of the same again.
    Sync,
    /// The same of the large record.
    Large,
    /// A sync from a portal that takes its time.
    Delayed,
    /// The memory that `onhand sync` takes for the large record.
    Memory,
    /// Reading answers and deriving records, without a database.
    Derive,
    /// Searching and opening.
    Read,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("labs") => return labs::run(),
        Some("fill") => return fill(Fill::parse_from(std::env::args_os().skip(1))).await,
        _ => {}
    }
    let arguments = Arguments::parse();
    let wanted = |part| arguments.only.is_empty() || arguments.only.contains(&part);
    let mut table = Table::default();
    println!("Times are of this machine; ratios are what counts. The best of several runs each.\n");

    let mut each = None;
    if [Part::Sync, Part::Delayed, Part::Derive].into_iter().any(wanted) {
        let portal = portal::synthetic(arguments.resources).await?;
        if wanted(Part::Sync) {
            let (whole, again) = syncs(&portal, arguments.resources, arguments.rounds).await?;
            table.bar("sync, everything new ÷ floor", whole.ratio, 2.5);
            table.bar("sync, nothing changed ÷ (download + parse)", again, 1.5);
            each = Some(whole.each);
        }
        if wanted(Part::Derive) {
            table.bar("parse and derive ÷ serde_json::Value", derives(&portal).await?, 3.0);
        }
        if wanted(Part::Delayed) {
            table.bar("sync, 150 ms a answer ÷ longest chain", delayed(&portal).await?, 1.25);
        }
    }
    if [Part::Large, Part::Memory].into_iter().any(wanted) {
        let portal = portal::synthetic(arguments.large).await?;
        if wanted(Part::Large) {
            let rounds = arguments.rounds.min(2);
            let (whole, _) = syncs(&portal, arguments.large, rounds).await?;
            if let Some(each) = each {
                let ratio = whole.each.as_secs_f64() / each.as_secs_f64();
                table.bar("time per resource, large ÷ small record", ratio, 1.3);
            }
        }
        if wanted(Part::Memory) {
            let mebibytes = command::memory_of_a_sync(&portal).await?;
            table.bar("memory of `onhand sync`, large record, MB", mebibytes, 150.0);
        }
    }
    if wanted(Part::Read) {
        reads(arguments.read, &mut table).await?;
    }
    table.print();
    Ok(())
}

struct Whole {
    ratio: f64,
    /// For one resource.
    each: Duration,
}

/// Syncs an empty folder and syncs it again, by turns with the floor. Gives the ratio of each.
async fn syncs(portal: &Sandbox, resources: usize, rounds: usize) -> anyhow::Result<(Whole, f64)> {
    println!("{resources} resources");
    let (mut whole, mut again) = (Duration::MAX, Duration::MAX);
    let mut bare = floor::Bare::longest();
    for _ in 0..rounds.max(1) {
        let place = Place::connected(portal).await?;
        let before = portal.stats().requests.len();
        let commits = place.commits()?;
        let busy = table::processor_time();
        let took = sync(&place.app, place.account).await?;
        let busy = table::processor_time().saturating_sub(busy);
        let commits = place.commits()?.wrapping_sub(commits);
        whole = whole.min(took);
        let pages = portal::pages_since(portal, before);
        let floor_busy = table::processor_time();
        let this = floor::sync(portal, &pages, commits, &place.folder().join("floor.db")).await?;
        let floor_busy = table::processor_time().saturating_sub(floor_busy);
        println!(
            "    sync {took:.2?} ({busy:.2?} of processors, floor {floor_busy:.2?}); {} pages, {commits} commits; floor {:.2?}: download {:.2?}, \
             serde_json::Value {:.2?}, insert {:.2?}",
            pages.len(),
            this.all(),
            this.download,
            this.parse,
            this.insert,
        );
        bare = bare.best(&this);
        let took = sync(&place.app, place.account).await?;
        println!(
            "    sync again {took:.2?}; download and parse {:.2?}",
            this.download + this.parse
        );
        again = again.min(took);
    }
    let ratio = table::ratio(whole, bare.all());
    let again_ratio = table::ratio(again, bare.download + bare.parse);
    let each = whole / u32::try_from(resources)?;
    println!("    best: {whole:.2?} ÷ {:.2?} = {ratio:.2}; {each:.2?} for a resource", bare.all());
    println!("    again: {again:.2?} ÷ {:.2?} = {again_ratio:.2}\n", bare.download + bare.parse);
    Ok((Whole { ratio, each }, again_ratio))
}

async fn sync(app: &App, account: i64) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let report = app.sync_now(account, Box::new(|_| {})).await?;
    let took = began.elapsed();
    ensure!(report.complete, "the sync was not complete: {report:#?}");
    Ok(took)
}

/// A sync from a portal that takes its time, beside the pages of the longest type alone.
async fn delayed(portal: &Sandbox) -> anyhow::Result<f64> {
    let place = Place::connected(portal).await?;
    let before = portal.stats().requests.len();
    portal.set_faults(Faults::parse(&format!("slow:{DELAY}"))?);
    let whole = sync(&place.app, place.account).await?;
    let pages = portal::pages_since(portal, before);
    portal.set_faults(Faults::none());
    let chains = floor::chains(&pages);
    let longest = chains.into_iter().max_by_key(Vec::len).unwrap_or_default();
    let n = longest.len();
    let access = floor::Access::new(portal).await?;
    portal.set_faults(Faults::parse(&format!("slow:{DELAY}"))?);
    let began = Instant::now();
    access.chain(&longest).await?;
    let chain = began.elapsed();
    portal.set_faults(Faults::none());
    let ratio = table::ratio(whole, chain);
    println!("{DELAY} ms of delay on every answer");
    println!("    sync {whole:.2?} ÷ its longest chain of {n} pages {chain:.2?} = {ratio:.2}\n");
    Ok(ratio)
}

/// Reading every page and deriving its records, beside one parse of it.
async fn derives(portal: &Sandbox) -> anyhow::Result<f64> {
    struct Nothing;
    impl Lookup for Nothing {
        fn resource(&self, _: &str) -> Option<Vec<u8>> {
            None
        }
    }
    let place = Place::connected(portal).await?;
    let before = portal.stats().requests.len();
    sync(&place.app, place.account).await?;
    let pages = portal::pages_since(portal, before);
    let bodies = floor::Access::new(portal).await?.all(&pages).await?;
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        let began = Instant::now();
        for body in &bodies {
            std::hint::black_box(serde_json::from_slice::<serde_json::Value>(body)?);
        }
        theirs = theirs.min(began.elapsed());
        let began = Instant::now();
        for body in &bodies {
            let document = json::parse(body);
            let (page, values) = bundle::read_parsed(&document, body);
            ensure!(page.entries.len() == values.len(), "an entry without its value");
            for value in values {
                std::hint::black_box(derive_value(value, &[], &Nothing));
            }
        }
        ours = ours.min(began.elapsed());
    }
    let ratio = table::ratio(ours, theirs);
    println!("parse and derive {ours:.2?} ÷ serde_json::Value {theirs:.2?} = {ratio:.2}\n");
    Ok(ratio)
}

/// Searches and lists of a record, and how long it takes until its first page is there.
async fn reads(resources: usize, table: &mut Table) -> anyhow::Result<()> {
    let portal = portal::synthetic(resources).await?;
    let place = Place::connected(&portal).await?;
    sync(&place.app, place.account).await?;
    println!("reading {resources} records");

    let key = place.key()?;
    let bare_reader = floor::open(&place.database(), &key)?;
    let (mut ours, mut theirs, mut processors) = (Vec::new(), Vec::new(), Vec::new());
    for query in QUERIES {
        let (mut of_this, mut worked) = (Vec::new(), Vec::new());
        let mut total = 0;
        for _ in 0..TIMES {
            let filter = Filter { query: Some((*query).to_owned()), ..Filter::default() };
            let busy = table::processor_time();
            let began = Instant::now();
            total = place.app.list(List { filter, offset: 0, limit: 50 }).await?.total;
            of_this.push(began.elapsed());
            worked.push(table::processor_time().saturating_sub(busy));
            let began = Instant::now();
            floor::search(&bare_reader, query)?;
            theirs.push(began.elapsed());
        }
        println!(
            "    search {query:<12} {total:>7} found, median {:.2?} ({:.2?} of processors), slowest {:.2?}",
            table::percentile(&mut of_this, 50),
            table::percentile(&mut worked, 50),
            table::percentile(&mut of_this, 100)
        );
        ours.extend(of_this);
        processors.extend(worked);
    }
    println!(
        "    search: 95th percentile {:.2?} of processors",
        table::percentile(&mut processors, 95)
    );
    let p95 = table::percentile(&mut ours, 95);
    println!(
        "    search: median {:.2?}, 95th percentile {p95:.2?}; the bare index {:.2?} and {:.2?}",
        table::percentile(&mut ours, 50),
        table::percentile(&mut theirs, 50),
        table::percentile(&mut theirs, 95)
    );
    table.bar("search, 95th percentile, ms", p95.as_secs_f64() * 1000.0, 16.0);

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let began = Instant::now();
        place.app.list(List { filter: Filter::default(), offset: 0, limit: 100 }).await?;
        ours.push(began.elapsed());
        let began = Instant::now();
        floor::page(&bare_reader)?;
        theirs.push(began.elapsed());
    }
    let (page, bare) = (table::percentile(&mut ours, 50), table::percentile(&mut theirs, 50));
    println!("    first page: median {page:.2?}; a hundred rows by their numbers {bare:.2?}");
    drop(bare_reader);

    let place = place.closed();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let began = Instant::now();
        let app = place.open().await;
        app.start().await?;
        app.list(List { filter: Filter::default(), offset: 0, limit: 100 }).await?;
        ours.push(began.elapsed());
        drop(app);
        let began = Instant::now();
        let bare = floor::open(&place.database(), &key)?;
        floor::page(&bare)?;
        theirs.push(began.elapsed());
    }
    let (opened, bare) = (table::percentile(&mut ours, 50), table::percentile(&mut theirs, 50));
    println!("    opened until the first page: median {opened:.2?}; the bare file {bare:.2?}\n");
    table.told("opened until the first page, ms", opened.as_secs_f64() * 1000.0);
    Ok(())
}
