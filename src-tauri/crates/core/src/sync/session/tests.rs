//! Tokens that come while nobody wants them any more.

use std::sync::Mutex;
use std::sync::mpsc;

use super::*;
use crate::clock::system_clock;
use crate::onpatient::fake::{Canned, Fake};
use crate::store::NewAccount;
use crate::vault::DatabaseKey;

const PAIR: &str = r#"{"access_token":"acc-1","refresh_token":"ref-1","expires_in":172800,
    "token_type":"Bearer"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_come_after_a_sign_out_are_given_back_and_not_kept() {
    let (let_go, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let (say, mut asked) = tokio::sync::mpsc::unbounded_channel();
    let fake = Fake::start(move |seen| {
        if seen.target.starts_with("/o/token/") {
            say.send(()).unwrap();
            tokio::task::block_in_place(|| held.lock().unwrap().recv().unwrap());
            return Canned::json(200, PAIR);
        }
        Canned::new(200)
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::from_bytes(&[1; 32]);
    let database = Database::open(&folder.path().join("onhand.db"), key).unwrap();
    let now = system_clock()();
    let new = NewAccount {
        origin: fake.portal.origin(),
        certificate: fake.portal.certificate().map(<[u8]>::to_vec),
        client_id: "id".to_owned(),
        redirect_uris: Vec::new(),
        secrets: Secrets {
            client_secret: Some("secret".into()),
            access: "acc-0".into(),
            refresh: Some("ref-0".into()),
            expires_at: now,
            scope: None,
        },
    };
    let save = database.write(move |store| store.save_sign_in(None, &new, &[], now));
    let account = save.await.unwrap();
    let open =
        Session::open(database.clone(), account, &fake.portal, folder.path(), system_clock());
    let session = open.await.unwrap();

    let renewed = tokio::spawn(async move { session.access().await.map(|_| ()) });
    asked.recv().await.unwrap();
    database.write(move |store| store.forget_secrets(account)).await.unwrap();
    let_go.send(()).unwrap();

    let refused = renewed.await.unwrap().unwrap_err();
    assert!(matches!(refused, Error::NotSignedIn), "{refused}");
    let row = database.read(move |store| store.account(account)).await.unwrap();
    assert!(row.disconnected && !row.signed_in);
    let seen = fake.seen();
    let revoked: Vec<_> = seen
        .iter()
        .filter(|seen| seen.target == "/o/revoke_token/")
        .map(|seen| seen.form()["token"].clone())
        .collect();
    assert_eq!(revoked, ["ref-1", "acc-1"]);
}
