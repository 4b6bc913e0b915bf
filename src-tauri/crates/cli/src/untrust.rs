//! `onhand untrust`: removes every certificate of ours from every store.

use onhand_core::app::remove_certificates;
use serde_json::json;

use crate::{
    exit::{Exit, Stop},
    host::trust,
    output::Output,
};

pub(crate) async fn run(output: Output) -> Result<Exit, Stop> {
    // Without the database: it is also what an uninstaller calls, and nobody may be there to unlock
    // it. A key that is kept there is worth nothing once its certificate is trusted nowhere.
    let swept = remove_certificates(&trust()).await;
    if output.json {
        let notes = [swept.removed, swept.left.clone()].concat();
        output.document(&json!({ "removed": swept.count, "notes": notes }))?;
    } else if swept.count == 0 && swept.left.is_empty() {
        output.text("No certificate of Onhand is trusted by a browser of yours.")?;
    } else {
        swept.removed.iter().try_for_each(|sentence| output.text(sentence))?;
        swept.left.iter().for_each(|sentence| output.tell(sentence));
    }
    Ok(if swept.left.is_empty() { Exit::Done } else { Exit::Partly })
}
