//! A database that is locked, damaged, newer, or without its key.

use std::sync::Arc;

use onhand_core::api::{DatabaseState, ErrorCode, VaultKind};
use onhand_core::app::{App, Keys, Options};
use onhand_core::clock::system_clock;
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::vault::{KeyStore, StoreError};

use crate::traveller::{Traveller, rows};

#[tokio::test]
async fn a_damaged_database_is_moved_aside_and_said_so() {
    let mut traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.sync(account).await.unwrap();
    let folder = traveller.folder.path().join("onhand");
    drop(std::mem::replace(
        &mut traveller.app,
        crate::traveller::open(&traveller.folder.path().join("elsewhere"), &traveller.keys).await,
    ));
    // Connections close on their own threads.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let path = folder.join("onhand.db");
    let mut bytes = std::fs::read(&path).unwrap();
    for byte in bytes.iter_mut().take(4_096) {
        *byte ^= 0x5a;
    }
    std::fs::write(&path, &bytes).unwrap();
    for part in ["onhand.db-wal", "onhand.db-shm"] {
        let _ = std::fs::remove_file(folder.join(part));
    }

    traveller.reopen().await;
    let start = traveller.app.start().await.unwrap();
    assert_eq!(start.database, DatabaseState::Open);
    let notice = start.notice.unwrap();
    assert!(notice.contains("damaged"), "{notice}");
    let kept = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .find(|entry| entry.file_name().to_string_lossy().contains(".damaged-"))
        .unwrap();
    assert_eq!(std::fs::read(kept.path()).unwrap(), bytes);
    assert!(rows(&traveller.app).await.is_empty());
}

#[tokio::test]
async fn a_lost_key_makes_no_new_one() {
    let mut traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.sync(account).await.unwrap();
    traveller.keys.clear();
    traveller.reopen().await;
    let start = traveller.app.start().await.unwrap();
    assert_eq!(start.database, DatabaseState::Unavailable);
    assert!(start.notice.unwrap().contains("keychain"));
    assert!(traveller.app.create_database(VaultKind::Keychain, None).await.is_err());
    assert!(traveller.keys.accounts().is_empty());
}

#[tokio::test]
async fn without_a_keychain_a_passphrase_does() {
    struct NoKeychain;
    impl KeyStore for NoKeychain {
        fn set(&self, _: &str, _: &str) -> Result<(), StoreError> {
            Err(StoreError::Absent(String::new()))
        }
        fn get(&self, _: &str) -> Result<zeroize::Zeroizing<String>, StoreError> {
            Err(StoreError::NoEntry)
        }
        fn delete(&self, _: &str) -> Result<(), StoreError> {
            Err(StoreError::NoEntry)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let options = || Options {
        data_dir: folder.path().join("onhand"),
        clock: system_clock(),
        trust: Trust::None,
        opener: None,
        keys: Keys::Store(Arc::new(NoKeychain)),
        windows: None,
        own_client: None,
    };
    let app = App::open(options(), None).await;
    let error = app.create_database(VaultKind::Keychain, None).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NoKeychain, "{error}");
    assert_eq!(app.start().await.unwrap().database, DatabaseState::NewNeedsPassphrase);

    let short = app.create_database(VaultKind::Passphrase, Some("short".into())).await.unwrap_err();
    assert_eq!(short.code(), ErrorCode::Invalid, "{short}");
    app.create_database(VaultKind::Passphrase, Some("three plain words".into())).await.unwrap();
    assert_eq!(app.start().await.unwrap().database, DatabaseState::Open);
    drop(app);

    let app = App::open(options(), None).await;
    assert_eq!(app.start().await.unwrap().database, DatabaseState::NeedsPassphrase);
    let wrong = app.unlock("three other words".into()).await.unwrap_err();
    assert_eq!(wrong.code(), ErrorCode::Locked, "{wrong}");
    app.unlock("three plain words".into()).await.unwrap();
    assert_eq!(app.start().await.unwrap().database, DatabaseState::Open);

    app.lock().unwrap();
    assert_eq!(app.start().await.unwrap().database, DatabaseState::NeedsPassphrase);
    assert_eq!(app.record_count().await.unwrap_err().code(), ErrorCode::Locked);
    assert!(app.unlock("three other words".into()).await.is_err());
    app.unlock("three plain words".into()).await.unwrap();
    assert!(
        App::open(options(), Some("three plain words".into())).await.record_count().await.is_ok()
    );
}
