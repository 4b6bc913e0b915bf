//! `onhand sync`: what it prints and how it ends.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
};

use onhand_core::{
    api::{Account, SyncReport, TypeOutcome, TypeState},
    sync::Observer,
};
use serde_json::{Value, json};

use crate::{
    exit::{Exit, Stop},
    host::Host,
    progress::Progress,
    text::{Align, Table, moment, one_line},
};

/// Copies every connection's record, one after the other.
pub(crate) async fn run(host: &Host) -> Result<Exit, Stop> {
    let output = host.output;
    // A connection that the person ended is not one that waits for a sign-in.
    let mut accounts = host.start().await?.accounts;
    accounts.retain(|account| !account.disconnected);
    if accounts.is_empty() {
        return Err(Stop {
            exit: Exit::SignInNeeded,
            code: "not_connected".to_owned(),
            message: "Nobody is signed in yet. `onhand connect` does it.".to_owned(),
        });
    }
    let (mut all, mut stops) = (Vec::new(), Vec::new());
    for account in &accounts {
        match copy(host, account).await {
            Ok(report) => all.push(Synced {
                account: account.id,
                portal: account.portal.clone(),
                signed_in: signed_in(host, account.id).await?,
                report,
            }),
            Err(stop) => stops.push((account, stop)),
        }
    }
    if all.is_empty()
        && let Some((_, stop)) = stops.pop()
    {
        return Err(stop);
    }
    if output.json {
        output.document(&document(&all, &stops))?;
    } else {
        for synced in &all {
            output.text(&text(synced, output.width()))?;
        }
    }
    for (account, stop) in &stops {
        output.tell(&format!("{}: {}", one_line(&account.portal), stop.message));
    }
    Ok(exit(&all, &stops))
}

async fn copy(host: &Host, account: &Account) -> Result<SyncReport, Stop> {
    let progress = Arc::new(Mutex::new(Some(Progress::on_stderr())));
    let seen = Arc::clone(&progress);
    let observer: Observer = Box::new(move |step| {
        if let Some(progress) = seen.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            progress.update(&step);
        }
    });
    let mut syncing = pin!(host.app.sync_now(account.id, observer));
    let ended = tokio::select! {
        ended = &mut syncing => ended,
        _ = tokio::signal::ctrl_c() => {
            // What has arrived stays, and the report says what did not.
            host.app.cancel_sync();
            tokio::select! {
                ended = &mut syncing => ended,
                _ = tokio::signal::ctrl_c() => return Err(Stop::failed("Stopped.")),
            }
        }
    };
    if let Some(progress) = progress.lock().unwrap_or_else(PoisonError::into_inner).take() {
        progress.finish();
    }
    Ok(ended?)
}

async fn signed_in(host: &Host, account: i64) -> Result<bool, Stop> {
    let accounts = host.app.start().await?.accounts;
    Ok(accounts.iter().any(|other| other.id == account && other.signed_in))
}

/// One connection's sync and what came of it.
#[derive(Clone, Debug)]
struct Synced {
    account: i64,
    portal: String,
    /// Whether the portal still accepts the sign-in after it.
    signed_in: bool,
    report: SyncReport,
}

/// The JSON of `onhand sync`. Several connections stand in one document, each type with the number
/// of its connection; a connection that could not be asked at all is told of in `stopped`.
fn document(synced: &[Synced], stops: &[(&Account, Stop)]) -> Value {
    let types: Vec<Value> = synced
        .iter()
        .flat_map(|one| one.report.types.iter().map(move |outcome| (one.account, outcome)))
        .map(|(account, outcome)| {
            let mut outcome = json!(outcome);
            if let Some(fields) = outcome.as_object_mut() {
                fields.insert("account".to_owned(), json!(account));
            }
            outcome
        })
        .collect();
    let stopped: Vec<&str> = synced
        .iter()
        .filter_map(|one| one.report.stopped.as_deref())
        .chain(stops.iter().map(|(_, stop)| stop.message.as_str()))
        .collect();
    let whole = synced.iter().all(|one| one.report.complete) && stops.is_empty();
    let sum = |of: fn(&SyncReport) -> u64| synced.iter().map(|one| of(&one.report)).sum::<u64>();
    let accounts: Vec<Value> = synced
        .iter()
        .map(|one| {
            let mut account = json!(one.report);
            if let Some(fields) = account.as_object_mut() {
                fields.remove("types");
                fields.insert("account".to_owned(), json!(one.account));
                fields.insert("portal".to_owned(), json!(one.portal));
            }
            account
        })
        .collect();
    json!({
        "complete": whole,
        "requests": synced.iter().map(|one| one.report.requests).sum::<u64>(),
        "started": synced.iter().map(|one| &one.report.started).min(),
        "finished": synced.iter().map(|one| &one.report.finished).max(),
        "stopped": (!stopped.is_empty()).then(|| stopped.join(" ")),
        "received": sum(|report| report.received),
        "new": sum(|report| report.new),
        "changed": sum(|report| report.changed),
        "unchanged": sum(|report| report.unchanged),
        "gone": sum(|report| report.gone),
        "moved": sum(|report| report.moved),
        "types": types,
        "accounts": accounts,
    })
}

/// The outcome for a person: a table, then why whatever is missing is missing.
fn text(synced: &Synced, width: Option<usize>) -> String {
    let report = &synced.report;
    let mut table = Table::new([
        ("WHAT", Align::Left),
        ("PROMISED", Align::Right),
        ("RECEIVED", Align::Right),
        ("NEW", Align::Right),
        ("CHANGED", Align::Right),
        ("UNCHANGED", Align::Right),
        ("GONE", Align::Right),
        ("STATE", Align::Left),
    ]);
    for outcome in report.types.iter().filter(|outcome| !was_never_there(outcome)) {
        table.row([
            outcome.name.clone(),
            outcome.promised.map(|n| n.to_string()).unwrap_or_default(),
            outcome.received.to_string(),
            outcome.new.to_string(),
            outcome.changed.to_string(),
            outcome.unchanged.to_string(),
            outcome.gone.to_string(),
            state_word(outcome.state).to_owned(),
        ]);
    }
    let mut lines = table.lines(width);
    lines.push(String::new());
    let portal = one_line(&synced.portal);
    let headline = one_line(&report.headline);
    lines.push(format!("{portal}: {headline}."));
    lines.push(format!("{}.", one_line(&report.news)));
    lines.extend(missing(report));
    if let Some(stopped) = &report.stopped {
        lines.push(one_line(stopped));
    }
    if let Some(at) = &report.goes_on_at {
        lines.push(format!("`onhand sync` goes on from {}.", moment(at)));
    } else if report.can_try_again {
        lines.push("`onhand sync` tries again.".to_owned());
    }
    if !report.absent.is_empty() {
        lines.push(one_line(&report.absent));
    }
    lines.join("\n")
}

/// How the whole ended.
fn exit(synced: &[Synced], stops: &[(&Account, Stop)]) -> Exit {
    let received = |one: &Synced| one.report.types.iter().any(|outcome| outcome.received > 0);
    if stops.is_empty() && synced.iter().all(|one| one.report.complete) {
        Exit::Done
    } else if synced.iter().any(|one| !one.signed_in)
        || stops.iter().any(|(_, stop)| stop.exit == Exit::SignInNeeded)
    {
        Exit::SignInNeeded
    } else if synced.iter().any(received) {
        Exit::Partly
    } else {
        Exit::Failed
    }
}

/// What is not there in full and why, a line for each; what the portal does not offer in one line.
pub(crate) fn missing(report: &SyncReport) -> Vec<String> {
    let (never, short): (Vec<_>, Vec<_>) = report
        .types
        .iter()
        .filter(|outcome| outcome.state != TypeState::Complete)
        .partition(|outcome| was_never_there(outcome));
    let mut lines: Vec<String> = short
        .into_iter()
        .map(|outcome| {
            let (name, word) = (one_line(&outcome.name), state_word(outcome.state));
            let why: Vec<String> = [&outcome.reason, &outcome.hint]
                .into_iter()
                .flatten()
                .map(|t| one_line(t))
                .collect();
            match why.is_empty() {
                true => format!("{name}: {word}"),
                false => format!("{name}: {word} – {}", why.join(" ")),
            }
        })
        .collect();
    let odd = report.types.iter().filter(|outcome| outcome.state == TypeState::Complete);
    lines.extend(odd.filter_map(|outcome| {
        let reason = outcome.reason.as_deref()?;
        Some(format!("{}: {}", one_line(&outcome.name), one_line(reason)))
    }));
    if !never.is_empty() {
        let names: Vec<String> = never.iter().map(|outcome| one_line(&outcome.name)).collect();
        lines.push(format!("Your portal does not offer: {}.", names.join(", ")));
    }
    lines
}

/// Whether there is nothing more to say of it than that the portal does not offer it.
fn was_never_there(outcome: &TypeOutcome) -> bool {
    outcome.state == TypeState::NotOffered && outcome.received == 0 && outcome.gone == 0
}

fn state_word(state: TypeState) -> &'static str {
    match state {
        TypeState::Complete => "complete",
        TypeState::Partial => "partly copied",
        TypeState::Refused => "refused",
        TypeState::NotOffered => "not offered",
        TypeState::Failed => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &str, state: TypeState, received: u64) -> TypeOutcome {
        TypeOutcome {
            resource_type: name.to_owned(),
            name: format!("{name}s"),
            promised: Some(12),
            received,
            new: received,
            changed: 0,
            unchanged: 0,
            gone: 0,
            moved: 0,
            back: 0,
            refused: 0,
            failed: 0,
            known: 0,
            cause: None,
            hint: None,
            state,
            reason: (state == TypeState::Partial)
                .then(|| "The second page did not come.".to_owned()),
        }
    }

    fn synced(complete: bool, types: Vec<TypeOutcome>) -> Synced {
        Synced {
            account: 1,
            portal: "https://localhost:1".to_owned(),
            signed_in: true,
            report: SyncReport {
                complete,
                requests: 9,
                started: "2026-11-23T10:00:00Z".to_owned(),
                finished: "2026-11-23T10:00:02Z".to_owned(),
                stopped: None,
                headline: if complete { "All 12 of 12 records" } else { "17 of 24: a reason" }
                    .to_owned(),
                news: "17 new".to_owned(),
                can_try_again: !complete,
                absent: "Bills are not there.".to_owned(),
                types,
                ..SyncReport::default()
            },
        }
    }

    fn account() -> Account {
        Account {
            id: 3,
            portal: "https://localhost:3".to_owned(),
            signed_in: false,
            disconnected: false,
            last_sync: None,
            last_outcome: None,
            unsaid: 0,
            strangers: 0,
        }
    }

    #[test]
    fn the_exit_code_says_how_much_came() {
        let whole = synced(true, vec![outcome("Goal", TypeState::Complete, 12)]);
        let partly = synced(false, vec![outcome("Goal", TypeState::Partial, 5)]);
        let nothing = synced(false, vec![outcome("Goal", TypeState::Failed, 0)]);
        let refused = Synced { signed_in: false, ..partly.clone() };
        assert_eq!(exit(std::slice::from_ref(&whole), &[]), Exit::Done);
        assert_eq!(exit(std::slice::from_ref(&partly), &[]), Exit::Partly);
        assert_eq!(exit(std::slice::from_ref(&nothing), &[]), Exit::Failed);
        assert_eq!(exit(std::slice::from_ref(&refused), &[]), Exit::SignInNeeded);
        assert_eq!(exit(&[whole.clone(), nothing], &[]), Exit::Partly);
        assert_eq!(exit(&[whole.clone(), refused], &[]), Exit::SignInNeeded);

        let account = account();
        let stop = |exit| Stop { exit, ..Stop::failed("It did not work.") };
        let stops = [(&account, stop(Exit::Failed))];
        assert_eq!(exit(std::slice::from_ref(&whole), &stops), Exit::Partly);
        let stops = [(&account, stop(Exit::SignInNeeded))];
        assert_eq!(exit(std::slice::from_ref(&whole), &stops), Exit::SignInNeeded);
    }

    #[test]
    fn several_connections_stand_in_one_document() {
        let one = synced(true, vec![outcome("Goal", TypeState::Complete, 12)]);
        let other =
            Synced { account: 2, ..synced(false, vec![outcome("Goal", TypeState::Partial, 5)]) };
        let account = account();
        let whole = document(std::slice::from_ref(&one), &[]);
        assert_eq!((&whole["complete"], &whole["stopped"]), (&json!(true), &Value::Null));
        let stops = [(&account, Stop::failed("It did not work."))];
        let stopped = document(std::slice::from_ref(&one), &stops);
        assert_eq!(
            (&stopped["complete"], &stopped["stopped"]),
            (&json!(false), &json!("It did not work."))
        );

        let document = document(&[one, other], &[]);
        assert_eq!(document["complete"], false);
        assert_eq!(document["requests"], 18);
        assert_eq!(document["types"][0]["account"], 1);
        assert_eq!(document["types"][1]["account"], 2);
        assert_eq!(document["types"][1]["state"], "partial");
    }

    #[test]
    fn a_person_reads_what_is_missing_and_why() {
        let synced = synced(
            false,
            vec![
                outcome("Goal", TypeState::Complete, 12),
                outcome("Condition", TypeState::Partial, 5),
                outcome("Media", TypeState::NotOffered, 0),
            ],
        );
        insta::assert_snapshot!(text(&synced, None), @"
        WHAT        PROMISED  RECEIVED  NEW  CHANGED  UNCHANGED  GONE  STATE
        Goals             12        12   12        0          0     0  complete
        Conditions        12         5    5        0          0     0  partly copied

        https://localhost:1: 17 of 24: a reason.
        17 new.
        Conditions: partly copied – The second page did not come.
        Your portal does not offer: Medias.
        `onhand sync` tries again.
        Bills are not there.
        ");
    }
}
