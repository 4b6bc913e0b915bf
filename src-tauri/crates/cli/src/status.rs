//! `onhand status`: what it prints.

use std::fs;

use onhand_core::{
    api::{Account, DatabaseState, Person, Start, TypeState},
    vault::State,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    exit::{Exit, Stop},
    host::Host,
    sync,
    text::{moment, one_line},
};

/// Says who is connected, whose records are here, and what is missing.
pub(crate) async fn run(host: &Host) -> Result<Exit, Stop> {
    let start = host.start().await?;
    let n_records = match start.database {
        DatabaseState::Open => host.app.record_count().await?,
        DatabaseState::New
        | DatabaseState::NewNeedsPassphrase
        | DatabaseState::NeedsPassphrase
        | DatabaseState::Unavailable => 0,
    };
    let (path, vault) = host.vault();
    let database = Database {
        bytes: fs::metadata(&path).ok().map(|metadata| metadata.len()),
        path: path.to_string_lossy().into_owned(),
        state: start.database,
        key: match vault.state() {
            State::Keychain { .. } => Some("keychain"),
            State::Passphrase { .. } => Some("passphrase"),
            State::None | State::Open { .. } | State::Damaged { .. } => None,
        },
    };
    if host.output.json {
        host.output.document(&document(&start, n_records, &database))?;
    } else {
        host.output.text(&text(&start, n_records, &database))?;
    }
    Ok(Exit::Done)
}

/// The database as `onhand status` tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Database {
    /// Where it is, or would be.
    path: String,
    /// `open`, `new`, `new_needs_passphrase`, `needs_passphrase` or `unavailable`.
    state: DatabaseState,
    /// Where its key is kept: `keychain`, `passphrase`, or null where there is none.
    key: Option<&'static str>,
    /// Its size in bytes, without what SQLite keeps beside it; null where there is none.
    bytes: Option<u64>,
}

/// The JSON of `onhand status`.
fn document(start: &Start, n_records: u64, database: &Database) -> Value {
    let accounts: Vec<Value> = start
        .accounts
        .iter()
        .map(|account| {
            json!({
                "id": account.id,
                "portal": account.portal,
                "people": people(start, account).map(person).collect::<Vec<_>>(),
                "last_sync": account.last_sync,
                "signed_in": account.signed_in,
                "disconnected": account.disconnected,
                "complete": account.last_outcome.as_ref().map(|report| report.complete),
                "headline": account.last_outcome.as_ref().map(|report| &report.headline),
                "news": account.last_outcome.as_ref().map(|report| &report.news),
                "missing": missing(account),
            })
        })
        .collect();
    json!({
        "version": start.version,
        "sample": start.sample,
        "accounts": accounts,
        "records": n_records,
        "database": database,
        "notice": start.notice,
    })
}

/// The same for a person.
fn text(start: &Start, n_records: u64, database: &Database) -> String {
    let mut lines = Vec::new();
    if start.accounts.is_empty() {
        lines.push("Not connected to a portal yet. `onhand connect` does it.".to_owned());
    }
    for account in &start.accounts {
        let signed_in = match (account.signed_in, account.disconnected) {
            (true, _) => "signed in",
            (false, true) => "disconnected, its records are kept",
            (false, false) => "sign-in needed (`onhand connect`)",
        };
        let copied = match &account.last_sync {
            Some(when) => format!("last copied {}", moment(when)),
            None => "never copied (`onhand sync`)".to_owned(),
        };
        lines.push(format!("{}: {signed_in}, {copied}", one_line(&account.portal)));
        for person in people(start, account) {
            let born = match &person.birth_date {
                Some(date) => format!(", born {}", one_line(date)),
                None => String::new(),
            };
            let n_shown: u64 = person.counts.iter().map(|count| count.count).sum();
            lines.push(format!(
                "  {}  {}{born}: {n_shown} records shown",
                person.id,
                one_line(&person.name)
            ));
        }
        if let Some(report) = &account.last_outcome {
            lines.push(format!("  {}. {}.", one_line(&report.headline), one_line(&report.news)));
        }
        let missing = account.last_outcome.as_ref().map(sync::missing).unwrap_or_default();
        lines.extend(missing.into_iter().map(|line| format!("  {line}")));
    }
    lines.push(format!("Records kept: {n_records}"));
    lines.push(format!("Database: {} ({})", database.path, state_words(database)));
    if let Some(notice) = &start.notice {
        lines.push(one_line(notice));
    }
    lines.join("\n")
}

fn people<'a>(start: &'a Start, account: &Account) -> impl Iterator<Item = &'a Person> {
    let id = account.id;
    start.people.iter().filter(move |person| person.account == id)
}

fn person(person: &Person) -> Value {
    json!({
        "id": person.id,
        "name": person.name,
        "birth_date": person.birth_date,
        "counts": person.counts,
    })
}

fn missing(account: &Account) -> Vec<Value> {
    account
        .last_outcome
        .iter()
        .flat_map(|report| &report.types)
        .filter(|outcome| outcome.state != TypeState::Complete)
        .map(|outcome| {
            json!({
                "type": outcome.resource_type,
                "name": outcome.name,
                "state": outcome.state,
                "reason": outcome.reason,
            })
        })
        .collect()
}

fn state_words(database: &Database) -> String {
    let state = match database.state {
        DatabaseState::Open => "open",
        DatabaseState::New | DatabaseState::NewNeedsPassphrase => "none yet",
        DatabaseState::NeedsPassphrase => "locked",
        DatabaseState::Unavailable => "cannot be opened",
    };
    match database.key {
        Some("passphrase") => format!("{state}, locked by a passphrase"),
        Some(_) => format!("{state}, its key is in this computer's keychain"),
        None => state.to_owned(),
    }
}
