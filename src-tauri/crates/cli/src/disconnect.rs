//! `onhand disconnect`: signs out at the portal, and deletes what was copied where that is wanted.

use onhand_core::api::{Account, Start};
use serde_json::json;

use crate::{
    args,
    exit::{Exit, Stop},
    host::Host,
    text::one_line,
};

pub(crate) async fn run(
    arguments: &args::Disconnect,
    portal: Option<&str>,
    host: &Host,
) -> Result<Exit, Stop> {
    let output = host.output;
    let start = host.start().await?;
    let Some(account) = choose(&start, portal)? else {
        if output.json {
            output.document(&json!({ "disconnected": [], "records_deleted": false }))?;
        } else {
            output.text("There is no connection to end.")?;
        }
        return Ok(Exit::Done);
    };
    let origin = one_line(&account.portal);
    if !arguments.yes {
        let question = if arguments.delete_records {
            format!("Sign out of {origin} and delete every record copied from it, for good?")
        } else {
            format!("Sign out of {origin}? The records that were copied stay.")
        };
        match output.ask(&question) {
            Some(true) => {}
            Some(false) => return Err(Stop::failed("Nothing was changed.")),
            None => {
                return Err(Stop::usage(
                    "Nobody is at the terminal to say yes. Nothing was changed. With --yes it is \
                     done without asking.",
                ));
            }
        }
    }
    host.app.disconnect(account.id, arguments.delete_records).await?;
    if output.json {
        output.document(&json!({
            "disconnected": [account.portal],
            "records_deleted": arguments.delete_records,
        }))?;
    } else if arguments.delete_records {
        output.text(&format!("Signed out of {origin}; the records copied from it are deleted."))?;
    } else {
        output.text(&format!("Signed out of {origin}; the records that were copied stay."))?;
    }
    Ok(Exit::Done)
}

/// The connection meant: the only one, or the one to that portal.
fn choose<'a>(start: &'a Start, portal: Option<&str>) -> Result<Option<&'a Account>, Stop> {
    if let [only] = start.accounts.as_slice() {
        return Ok(Some(only));
    }
    if start.accounts.is_empty() {
        return Ok(None);
    }
    let wanted = portal.map(|portal| portal.trim().trim_end_matches('/'));
    let meant: Vec<&Account> =
        start.accounts.iter().filter(|account| wanted == Some(account.portal.as_str())).collect();
    match meant.as_slice() {
        [one] => Ok(Some(*one)),
        _ => {
            let portals: Vec<String> =
                start.accounts.iter().map(|account| one_line(&account.portal)).collect();
            Err(Stop::usage(format!(
                "There is more than one connection. Say which with --portal: {}.",
                portals.join(", ")
            )))
        }
    }
}
