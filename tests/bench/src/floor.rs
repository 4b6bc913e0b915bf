//! The least that the same work could take: the same bytes through the same libraries, and nothing
//! understood of them.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use onhand_core::onpatient::client::{Client, Limits};
use onhand_core::onpatient::oauth;
use onhand_core::onpatient::portal::Portal;
use onhand_core::vault::DatabaseKey;
use onhand_sandbox::{Answer, Sandbox};
use rusqlite::Connection;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

/// The parts of the bare copy.
pub(crate) struct Bare {
    pub(crate) download: Duration,
    pub(crate) parse: Duration,
    pub(crate) insert: Duration,
}

impl Bare {
    /// What any other is better than.
    pub(crate) fn longest() -> Bare {
        Bare { download: Duration::MAX, parse: Duration::MAX, insert: Duration::MAX }
    }

    /// The best of each part.
    pub(crate) fn best(&self, other: &Bare) -> Bare {
        Bare {
            download: self.download.min(other.download),
            parse: self.parse.min(other.parse),
            insert: self.insert.min(other.insert),
        }
    }

    pub(crate) fn all(&self) -> Duration {
        self.download + self.parse + self.insert
    }
}

/// Requests under way at once, as in a sync.
const AT_ONCE: usize = 4;

/// Downloads the same pages by the same client, parses them, and inserts each resource's bytes into
/// an empty SQLCipher table in so many transactions.
pub(crate) async fn sync(
    portal: &Sandbox,
    pages: &[String],
    commits: u32,
    database: &Path,
) -> anyhow::Result<Bare> {
    let access = Access::new(portal).await?;
    let began = Instant::now();
    let bodies = access.all(pages).await?;
    let download = began.elapsed();

    let began = Instant::now();
    let parsed: Vec<Value> =
        bodies.iter().map(|body| serde_json::from_slice(body)).collect::<Result<_, _>>()?;
    let parse = began.elapsed();

    let cut: Vec<Vec<u8>> = parsed
        .iter()
        .filter_map(|page| page.get("entry").and_then(Value::as_array))
        .flatten()
        .filter_map(|entry| serde_json::to_vec(entry.get("resource")?).ok())
        .collect();
    drop(parsed);
    let mut db = open(database, &DatabaseKey::from_bytes(&[9; 32]))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch("CREATE TABLE body (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
    let at_a_time = cut.len().div_ceil(usize::try_from(commits)?.max(1)).max(1);
    let began = Instant::now();
    for some in cut.chunks(at_a_time) {
        let tx = db.transaction()?;
        for bytes in some {
            tx.prepare_cached("INSERT INTO body (bytes) VALUES (?1)")?.execute([bytes])?;
        }
        tx.commit()?;
    }
    let insert = began.elapsed();
    Ok(Bare { download, parse, insert })
}

/// The pages of each type, in their order; the types in the order they were asked for.
pub(crate) fn chains(pages: &[String]) -> Vec<Vec<String>> {
    let mut chains: Vec<(String, Vec<String>)> = Vec::new();
    for page in pages {
        let resource_type = page.split(['?', '&']).next().unwrap_or_default();
        match chains.iter_mut().find(|(name, _)| name == resource_type) {
            Some((_, chain)) => chain.push(page.clone()),
            None => chains.push((resource_type.to_owned(), vec![page.clone()])),
        }
    }
    chains.into_iter().map(|(_, chain)| chain).collect()
}

/// A client with a token of its own.
pub(crate) struct Access {
    origin: Url,
    client: Client,
    token: SecretString,
}

impl Access {
    pub(crate) async fn new(portal: &Sandbox) -> anyhow::Result<Access> {
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
        let now = onhand_core::clock::system_clock()();
        let tokens = client.exchange(&begun, &code.into(), now).await?;
        let origin = Url::parse(portal.origin())?;
        Ok(Access { origin, client: Client::new(&at)?, token: tokens.access })
    }

    /// The bodies of pages, four chains at once.
    pub(crate) async fn all(&self, pages: &[String]) -> anyhow::Result<Vec<Vec<u8>>> {
        let chains = chains(pages);
        let downloads = chains.iter().map(|chain| self.chain(chain));
        let bodies: Vec<Vec<Vec<u8>>> =
            stream::iter(downloads).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(bodies.into_iter().flatten().collect())
    }

    /// The bodies of pages, one after the other.
    pub(crate) async fn chain(&self, pages: &[String]) -> anyhow::Result<Vec<Vec<u8>>> {
        let mut bodies = Vec::with_capacity(pages.len());
        for page in pages {
            let url = self.origin.join(page)?;
            bodies.push(self.client.get(&url, &self.token, Limits::default()).await?.body);
        }
        Ok(bodies)
    }
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
