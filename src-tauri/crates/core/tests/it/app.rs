//! The façade on a folder that is not as it left it.

use std::path::Path;
use std::sync::Arc;

use onhand_core::api::{DatabaseState, ErrorCode, Filter, List, VaultKind};
use onhand_core::app::{App, Keys, Options};
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::store::DATABASE_FILE;
use onhand_core::vault::{MemoryStore, Vault};
use rusqlite::Connection;

async fn open(folder: &Path, keys: &Arc<MemoryStore>) -> App {
    let options = Options {
        data_dir: folder.to_owned(),
        clock: Arc::new(|| "2026-11-23T10:00:00Z".parse().unwrap()),
        trust: Trust::None,
        opener: None,
        keys: Keys::Store(keys.clone()),
        windows: None,
        own_client: None,
    };
    App::open(options, None).await
}

#[tokio::test]
async fn a_database_of_a_newer_onhand_is_said_to_be_one_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(MemoryStore::default());
    let app = open(folder.path(), &keys).await;
    app.create_database(VaultKind::Keychain, None).await.unwrap();
    drop(app);

    let path = folder.path().join(DATABASE_FILE);
    let key = Vault::with_store(&path, keys.clone()).unlock(None).unwrap();
    let hex: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    let bare = || {
        let db = Connection::open(&path).unwrap();
        db.execute_batch(&format!("PRAGMA key = \"x'{hex}'\";")).unwrap();
        db
    };
    bare().pragma_update(None, "user_version", 9999).unwrap();

    let app = open(folder.path(), &keys).await;
    let start = app.start().await.unwrap();
    assert_eq!(start.database, DatabaseState::Unavailable);
    let notice = start.notice.unwrap();
    assert!(notice.contains("newer Onhand") && notice.contains("Nothing was changed"), "{notice}");
    let all = List { filter: Filter::default(), offset: 0, limit: 1 };
    let error = app.list(all).await.unwrap_err();
    assert_eq!(error.to_string(), notice);
    assert_eq!(
        app.create_database(VaultKind::Keychain, None).await.unwrap_err().code(),
        ErrorCode::Internal
    );
    let version: i64 = bare().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 9999);
}

#[tokio::test]
async fn before_there_is_a_database_everything_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(&folder.path().join("new"), &Arc::default()).await;
    let start = app.start().await.unwrap();
    assert_eq!(start.database, DatabaseState::New);
    assert!(start.accounts.is_empty() && start.people.is_empty());
    assert_eq!(app.record(1).await.unwrap_err().code(), ErrorCode::NotConnected);
    assert_eq!(app.sync(1).await.unwrap_err().code(), ErrorCode::NotConnected);
    assert!(!folder.path().join("new").exists(), "nothing is made before it is needed");
}
