//! Somebody who uses Onhand: an app on a data folder of its own, and a portal to connect it to.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use onhand_core::api::{
    Connect, ConnectStage, Connecting, Filter, List, PersonAnswer, Row, SyncReport, TypeOutcome,
    VaultKind,
};
use onhand_core::app::{App, Error, How, Keys, Options};
use onhand_core::clock::{Clock, system_clock};
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::vault::MemoryStore;
use onhand_desk::visitor;
use onhand_sandbox::{Answer, Config, Faults, Sandbox};
use tempfile::TempDir;

/// A portal and somebody with a record there.
pub(crate) struct Traveller {
    pub(crate) folder: TempDir,
    pub(crate) keys: Arc<MemoryStore>,
    pub(crate) app: App,
    pub(crate) portal: Sandbox,
    /// A port of this traveller's own, so that journeys can run side by side.
    pub(crate) redirect_uri: String,
}

impl Traveller {
    pub(crate) async fn new(faults: &str) -> Traveller {
        Traveller::with(Config { faults: Faults::parse(faults).unwrap(), ..Config::default() })
            .await
    }

    pub(crate) async fn with(config: Config) -> Traveller {
        let redirect_uri = redirect_uri();
        let portal = Sandbox::start(Config { redirect_uris: vec![redirect_uri.clone()], ..config })
            .await
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let keys = Arc::new(MemoryStore::default());
        let app = open(folder.path(), &keys).await;
        app.create_database(VaultKind::Keychain, None).await.unwrap();
        Traveller { folder, keys, app, portal, redirect_uri }
    }

    /// Begins a sign-in that waits for a visitor.
    pub(crate) async fn begin(&self, account: Option<i64>) -> Result<Connecting, Error> {
        self.begin_within(account, Duration::from_secs(30)).await
    }

    pub(crate) async fn begin_within(
        &self,
        account: Option<i64>,
        timeout: Duration,
    ) -> Result<Connecting, Error> {
        let input = Connect {
            client_id: self.portal.client_id().to_owned(),
            client_secret: Some(self.portal.client_secret().to_owned()),
            portal: Some(self.portal.origin().to_owned()),
            redirect_uris: Some(vec![self.redirect_uri.clone()]),
        };
        self.app.connect(input, self.how(account, timeout)).await
    }

    pub(crate) fn how(&self, account: Option<i64>, timeout: Duration) -> How {
        How {
            certificate: Some(self.portal.certificate_der().to_vec()),
            account,
            browser: false,
            timeout,
            ..How::default()
        }
    }

    /// Walks a sign-in that has begun to its end at the portal, and gives how it ended here.
    pub(crate) async fn visit(&self, begun: &Connecting, user: &str, answer: Answer) -> Connecting {
        let certificate = self.app.connecting_certificate().unwrap();
        let start = begun.start_url.as_deref().unwrap();
        // Awaited from before the visit: a sign-in that needs no answer is gone as soon as it ends.
        let ended = async { self.app.connecting_ends().await.map_err(|error| error.to_string()) };
        let walked = async {
            let walk = visitor::walk(start, &certificate, &self.portal, user, answer);
            walk.await.map_err(|error| error.to_string())
        };
        tokio::try_join!(ended, walked).unwrap().0
    }

    /// Signs in as `user` and says that it is the right person.
    pub(crate) async fn sign_in(&self, user: &str) -> i64 {
        let begun = self.begin(None).await.unwrap();
        let ended = self.visit(&begun, user, Answer::Allow).await;
        assert_eq!(ended.stage, ConnectStage::Confirm, "{ended:?}");
        self.app.confirm_person(PersonAnswer::Mine).await.unwrap().unwrap()
    }

    pub(crate) async fn sync(&self, account: i64) -> Result<SyncReport, Error> {
        self.app.sync_now(account, Box::new(|_| {})).await
    }

    /// Closes the app and opens what it left.
    pub(crate) async fn reopen(&mut self) {
        self.reopen_at(SignedDuration::ZERO).await;
    }

    /// The same, with a clock that is ahead.
    pub(crate) async fn reopen_at(&mut self, ahead: SignedDuration) {
        let clock = system_clock();
        self.app =
            open_with(self.folder.path(), &self.keys, Arc::new(move || clock() + ahead)).await;
    }
}

pub(crate) async fn open(folder: &Path, keys: &Arc<MemoryStore>) -> App {
    open_with(folder, keys, system_clock()).await
}

async fn open_with(folder: &Path, keys: &Arc<MemoryStore>, clock: Clock) -> App {
    let options = Options {
        data_dir: folder.join("onhand"),
        clock,
        trust: Trust::None,
        opener: None,
        keys: Keys::Store(keys.clone()),
        windows: None,
        own_client: None,
    };
    App::open(options, None).await
}

/// Every row there is, folded and gone ones too.
pub(crate) async fn rows(app: &App) -> Vec<Row> {
    let mut rows = Vec::new();
    loop {
        let list = List {
            filter: Filter { folded: true, ..Filter::default() },
            offset: rows.len() as u32,
            limit: 500,
        };
        let page = app.list(list).await.unwrap();
        rows.extend(page.records);
        if rows.len() as u64 >= page.total {
            return rows;
        }
    }
}

pub(crate) async fn search(app: &App, query: &str) -> Vec<Row> {
    let filter = Filter { query: Some(query.to_owned()), ..Filter::default() };
    app.list(List { filter, offset: 0, limit: 100 }).await.unwrap().records
}

pub(crate) fn outcome<'a>(report: &'a SyncReport, resource_type: &str) -> &'a TypeOutcome {
    report.types.iter().find(|one| one.resource_type == resource_type).unwrap()
}

/// Every record's bytes, by what the portal calls it.
pub(crate) async fn bytes(app: &App) -> BTreeMap<(String, Option<String>), Vec<u8>> {
    let mut all = BTreeMap::new();
    for row in rows(app).await {
        let key = (row.source.resource_type.clone(), row.source.id.clone());
        all.insert(key, app.raw_bytes(row.id).await.unwrap());
    }
    all
}

pub(crate) fn set_faults(traveller: &Traveller, faults: &str) {
    traveller.portal.set_faults(Faults::parse(faults).unwrap());
}

/// How often a list was asked for.
pub(crate) fn requests_for(traveller: &Traveller, resource_type: &str) -> usize {
    n_asked(traveller, &format!("{resource_type}?"))
}

/// How often addresses of the data were asked for that begin so: `Practitioner/`.
pub(crate) fn n_asked(traveller: &Traveller, start: &str) -> usize {
    let path = format!("/api/fhir/{start}");
    let requests = traveller.portal.stats().requests;
    requests.iter().filter(|request| request.path.starts_with(&path)).count()
}

/// An address nobody else in this run has: one after another, from below the ephemeral range.
fn redirect_uri() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let port =
            20_000 + (std::process::id() as u16 % 4_000) + NEXT.fetch_add(1, Ordering::Relaxed);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return format!("https://localhost:{port}/callback");
        }
    }
}
