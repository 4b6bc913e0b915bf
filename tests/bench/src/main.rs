//! How long Onhand takes, as ratios to the least that the same work could take, measured in one run
//! on one machine: the machine's own speed falls out.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod floor;
mod labs;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use clap::Parser;
use onhand_core::api::{Connect, Filter, List, PersonAnswer, VaultKind};
use onhand_core::app::{App, How, Keys, Options};
use onhand_core::clock::system_clock;
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::vault::{DatabaseKey, MemoryStore, Vault};
use onhand_desk::visitor;
use onhand_sandbox::{Answer, Config, Population, Sandbox};

/// Times a read is repeated; the median is told.
const TIMES: usize = 15;
const QUERIES: &[&str] =
    &["g", "gl", "glu", "gluc", "hem", "hemo", "visit", "office v", "mg", "blood p", "zzzz", "7"];

#[derive(Parser)]
struct Arguments {
    /// Resources in the synthetic record.
    #[arg(long, default_value_t = 27_000)]
    resources: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if std::env::args().nth(1).as_deref() == Some("labs") {
        return labs::run();
    }
    let arguments = Arguments::parse();
    let redirect_uri = "https://localhost:27443/callback".to_owned();
    let portal = Sandbox::start(Config {
        population: Population::synthetic(arguments.resources),
        redirect_uris: vec![redirect_uri.clone()],
        ..Config::default()
    })
    .await?;
    let folder = tempfile::tempdir()?;
    let keys = Arc::new(MemoryStore::default());
    let app = open(folder.path(), &keys).await;
    app.create_database(VaultKind::Keychain, None).await?;
    let account = sign_in(&app, &portal, redirect_uri).await?;

    println!(
        "{} resources; times are of this machine, ratios are what counts",
        arguments.resources
    );
    println!("{:<34} {:>12} {:>12} {:>8}", "", "Onhand", "floor", "ratio");

    let before = portal.stats().requests.len();
    let began = Instant::now();
    let report = app.sync_now(account, Box::new(|_| {})).await?;
    let sync = began.elapsed();
    if !report.complete {
        return Err(anyhow!("the sync was not complete: {report:#?}"));
    }
    let pages: Vec<String> = portal
        .stats()
        .requests
        .into_iter()
        .skip(before)
        .filter(|request| request.status == 200)
        .map(|request| request.path)
        .collect();
    let bare = floor::sync(&portal, &pages, &folder.path().join("floor.db")).await?;
    tell("sync, everything new", sync, bare.all());
    println!(
        "    floor: download {:.2?}, serde_json::Value {:.2?}, insert into SQLCipher {:.2?}",
        bare.download, bare.parse, bare.insert
    );

    let began = Instant::now();
    app.sync_now(account, Box::new(|_| {})).await?;
    tell("sync, nothing changed", began.elapsed(), bare.download + bare.parse);

    let key = key(folder.path(), &keys)?;
    let database = folder.path().join("onhand/onhand.db");
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    let bare_reader = floor::open(&database, &key)?;
    for _ in 0..TIMES {
        for query in QUERIES {
            let filter = Filter { query: Some((*query).to_owned()), ..Filter::default() };
            let began = Instant::now();
            app.list(List { filter, offset: 0, limit: 50 }).await?;
            ours.push(began.elapsed());
            let began = Instant::now();
            floor::search(&bare_reader, query)?;
            theirs.push(began.elapsed());
        }
    }
    tell("search, median", percentile(&mut ours, 50), percentile(&mut theirs, 50));
    tell("search, 95th percentile", percentile(&mut ours, 95), percentile(&mut theirs, 95));

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let began = Instant::now();
        app.list(List { filter: Filter::default(), offset: 0, limit: 100 }).await?;
        ours.push(began.elapsed());
        let began = Instant::now();
        floor::page(&bare_reader)?;
        theirs.push(began.elapsed());
    }
    tell("first page of the timeline", percentile(&mut ours, 50), percentile(&mut theirs, 50));
    drop((app, bare_reader));

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let began = Instant::now();
        let app = open(folder.path(), &keys).await;
        app.start().await?;
        app.list(List { filter: Filter::default(), offset: 0, limit: 100 }).await?;
        ours.push(began.elapsed());
        drop(app);
        let began = Instant::now();
        let bare = floor::open(&database, &key)?;
        floor::page(&bare)?;
        theirs.push(began.elapsed());
    }
    tell("cold start to the first page", percentile(&mut ours, 50), percentile(&mut theirs, 50));
    Ok(())
}

async fn open(folder: &Path, keys: &Arc<MemoryStore>) -> App {
    let options = Options {
        data_dir: folder.join("onhand"),
        clock: system_clock(),
        trust: Trust::None,
        opener: None,
        keys: Keys::Store(keys.clone()),
        windows: None,
        own_client: None,
    };
    App::open(options, None).await
}

fn key(folder: &Path, keys: &Arc<MemoryStore>) -> anyhow::Result<DatabaseKey> {
    Ok(Vault::with_store(folder.join("onhand/onhand.db"), keys.clone()).unlock(None)?)
}

async fn sign_in(app: &App, portal: &Sandbox, redirect_uri: String) -> anyhow::Result<i64> {
    let input = Connect {
        client_id: portal.client_id().to_owned(),
        client_secret: Some(portal.client_secret().to_owned()),
        portal: Some(portal.origin().to_owned()),
        redirect_uris: Some(vec![redirect_uri]),
    };
    let how = How {
        certificate: Some(portal.certificate_der().to_vec()),
        browser: false,
        ..How::default()
    };
    let begun = app.connect(input, how).await?;
    let start = begun.start_url.context("a sign-in without an address")?;
    let certificate = app.connecting_certificate().context("a sign-in without a certificate")?;
    let login = portal.logins().first().context("a portal without people")?;
    visitor::walk(&start, &certificate, portal, &login.user, Answer::Allow).await?;
    app.connecting_ends().await?;
    app.confirm_person(PersonAnswer::Mine).await?.context("nobody to confirm")
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times
        .get((times.len() * percent / 100).min(times.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

fn tell(what: &str, ours: Duration, floor: Duration) {
    let ratio = ours.as_secs_f64() / floor.as_secs_f64().max(1e-9);
    println!(
        "{what:<34} {:>12} {:>12} {ratio:>8.2}",
        format!("{ours:.2?}"),
        format!("{floor:.2?}")
    );
}
