//! `onhand untrust`: removes every certificate of ours from every store.

use onhand_core::{clock::system_clock, onpatient::trust};
use serde_json::json;

use crate::{
    exit::{Exit, Stop},
    host::places,
    output::Output,
};

pub(crate) async fn run(output: Output) -> Result<Exit, Stop> {
    let now = (system_clock())();
    let removed = match places() {
        Some(places) => match trust::remove_all(&places, now).await {
            Ok(removed) => removed,
            // Where none can be put, none is to be removed.
            Err(trust::Error::NotSupported) => 0,
            Err(error) => return Err(Stop::failed(error.to_string())),
        },
        None => 0,
    };
    if output.json {
        output.document(&json!({ "removed": removed }))?;
    } else {
        output.text(&match removed {
            0 => "No certificate of Onhand is trusted by a browser of yours.".to_owned(),
            1 => "One certificate of Onhand was removed from your browsers.".to_owned(),
            n => format!("{n} certificates of Onhand were removed from your browsers."),
        })?;
    }
    Ok(Exit::Done)
}
