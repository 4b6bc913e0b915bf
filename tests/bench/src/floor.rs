//! The least that the same work could take: the same bytes through the same libraries, and nothing
//! understood of them.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use onhand_core::onpatient::client::{Client, Limits};
use onhand_core::onpatient::oauth;
use onhand_core::onpatient::portal::Portal;
use onhand_core::vault::DatabaseKey;
use onhand_sandbox::{Answer, Sandbox};
use rusqlite::Connection;
use serde_json::Value;
use url::Url;

/// The parts of the bare copy.
pub(crate) struct Bare {
    pub(crate) download: Duration,
    pub(crate) parse: Duration,
    pub(crate) insert: Duration,
}

impl Bare {
    pub(crate) fn all(&self) -> Duration {
        self.download + self.parse + self.insert
    }
}

/// Downloads the same pages by the same client, parses them, and inserts each resource's bytes into
/// an empty SQLCipher table with a commit a page.
pub(crate) async fn sync(
    portal: &Sandbox,
    pages: &[String],
    database: &Path,
) -> anyhow::Result<Bare> {
    let at = Portal::new(portal.origin(), Some(portal.certificate_der().to_vec()))?;
    let secret = portal.client_secret().to_owned().into();
    let client = oauth::Client::new(&at, portal.client_id(), Some(&secret))?;
    let begun = client.begin("https://localhost:27443/callback")?;
    let login = portal.logins().first().context("a portal without people")?;
    let callback = portal.answer(begun.authorize_url.as_str(), &login.user, Answer::Allow)?;
    let code = Url::parse(&callback)?
        .query_pairs()
        .find(|(name, _)| name == "code")
        .map(|(_, value)| value.into_owned())
        .context("an answer without a code")?;
    let tokens =
        client.exchange(&begun, &code.into(), onhand_core::clock::system_clock()()).await?;
    let client = Client::new(&at)?;

    let mut bodies = Vec::with_capacity(pages.len());
    let began = Instant::now();
    for page in pages {
        let url = Url::parse(portal.origin())?.join(page)?;
        bodies.push(client.get(&url, &tokens.access, Limits::default()).await?.body);
    }
    let download = began.elapsed();

    let began = Instant::now();
    let parsed: Vec<Value> =
        bodies.iter().map(|body| serde_json::from_slice(body)).collect::<Result<_, _>>()?;
    let parse = began.elapsed();

    let cut: Vec<Vec<Vec<u8>>> = parsed
        .iter()
        .map(|page| match page.get("entry").and_then(Value::as_array) {
            Some(entries) => entries
                .iter()
                .filter_map(|entry| serde_json::to_vec(entry.get("resource")?).ok())
                .collect(),
            None => Vec::new(),
        })
        .collect();
    let mut db = open(database, &DatabaseKey::from_bytes(&[9; 32]))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch("CREATE TABLE body (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
    let began = Instant::now();
    for page in &cut {
        let tx = db.transaction()?;
        for bytes in page {
            tx.prepare_cached("INSERT INTO body (bytes) VALUES (?1)")?.execute([bytes])?;
        }
        tx.commit()?;
    }
    let insert = began.elapsed();
    Ok(Bare { download, parse, insert })
}

/// Opens a SQLCipher database.
pub(crate) fn open(path: &Path, key: &DatabaseKey) -> anyhow::Result<Connection> {
    let db = Connection::open(path)?;
    let hex: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    db.execute_batch(&format!("PRAGMA key = \"x'{hex}'\""))?;
    db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(db)
}

/// Fifty rows that the index finds, in its own order.
pub(crate) fn search(db: &Connection, query: &str) -> anyhow::Result<()> {
    let expression =
        query.split(' ').map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ");
    let mut statement =
        db.prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1 LIMIT 50")?;
    let found: Vec<i64> =
        statement.query_map([expression], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    if found.len() > 50 { Err(anyhow!("more than were asked for")) } else { Ok(()) }
}

/// A hundred rows by their numbers.
pub(crate) fn page(db: &Connection) -> anyhow::Result<()> {
    let mut statement =
        db.prepare_cached("SELECT row FROM told ORDER BY resource_id DESC LIMIT 100")?;
    let rows: Vec<String> =
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    if rows.is_empty() { Err(anyhow!("an empty record")) } else { Ok(()) }
}
