//! The façade: everything a host can ask of Onhand. It is given its folder, clock, vault and the
//! person's browser, and holds what is under way: a sign-in, a sync.

mod about;
mod annotation;
mod connect;
mod error;
mod lab;
mod settings;
mod sync;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use secrecy::SecretString;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

use crate::api::{
    Account, DatabaseState, Detail, ErrorCode, Event, Filter, KindCount, List, Page, Period,
    Person, Raw, Start, SyncReport, VaultKind,
};
use crate::clock::Clock;
use crate::database::{Database, lock};
use crate::onpatient::sign_in::{self, DEFAULT_REDIRECT_URIS};
use crate::outgoing::Outgoing;
use crate::record::Kind;
use crate::store::{self, DATABASE_FILE, Store};
use crate::sync::types_of;
use crate::vault::{self, DatabaseKey, KeyStore, Vault};

pub use connect::{How, NoWindow, Opener, SignInWindow, SignInWindows, remove_certificates};
pub use error::Error;
pub use settings::{Appearance, DateOrder, Language, Settings, VitalUnits};

/// Events that a slow listener may lag behind by before it misses some.
const EVENTS: usize = 256;

/// What a host gives.
pub struct Options {
    /// Where everything is kept. Made if it is not there.
    pub data_dir: PathBuf,
    /// Tells the time.
    pub clock: Clock,
    /// Where the sign-in's certificate is to be trusted.
    pub trust: sign_in::Trust,
    /// Opens an address in the person's browser; `None` where nobody is to open one.
    pub opener: Option<Opener>,
    /// Opens a window of the app to sign in at the portal; `None` where there is none.
    pub windows: Option<Arc<dyn SignInWindows>>,
    /// How a database's key is kept.
    pub keys: Keys,
    /// The client id and secret that this build carries, if it does.
    pub own_client: Option<(String, Option<SecretString>)>,
}

/// How a database's key is kept.
#[derive(Clone)]
pub enum Keys {
    /// As the person chooses: in the system's keychain or wrapped by a passphrase.
    Person,
    /// The same with another store in the keychain's place (tests).
    Store(Arc<dyn KeyStore>),
    /// Published: the database is the sample's, in which nothing is secret.
    Published,
}

/// Onhand, on one data folder.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    vault: Vault,
    opened: Mutex<Opened>,
    connecting: Mutex<Option<connect::UnderWay>>,
    /// The last sign-in's task, which ends when nothing of it is left: no port, no trust.
    ending: Mutex<Option<JoinHandle<()>>>,
    unfinished: connect::Unfinished,
    syncing: Mutex<Option<sync::UnderWay>>,
    outgoing: Outgoing,
    /// When a sync of an account was last begun by itself.
    tried: Mutex<BTreeMap<i64, Timestamp>>,
    events: broadcast::Sender<Event>,
}

#[derive(Clone)]
struct Opened {
    database: Option<Database>,
    state: DatabaseState,
    notice: Option<String>,
}

impl App {
    /// Opens what is in the data folder, as far as it can be opened without the person.
    /// `passphrase` is tried where the database needs one. Never fails: [`App::start`] tells the
    /// state. Must be called inside a tokio runtime.
    pub async fn open(options: Options, passphrase: Option<SecretString>) -> App {
        let path = options.data_dir.join(DATABASE_FILE);
        let vault = match &options.keys {
            Keys::Store(store) => Vault::with_store(path, Arc::clone(store)),
            Keys::Person | Keys::Published => Vault::beside(path),
        };
        let (events, _) = broadcast::channel(EVENTS);
        let outgoing = Outgoing::new(options.clock.clone());
        let app = App {
            inner: Arc::new(Inner {
                outgoing,
                tried: Mutex::default(),
                options,
                vault,
                opened: Mutex::new(Opened {
                    database: None,
                    state: DatabaseState::New,
                    notice: None,
                }),
                connecting: Mutex::new(None),
                ending: Mutex::new(None),
                unfinished: connect::Unfinished::new(0),
                syncing: Mutex::new(None),
                events,
            }),
        };
        let opened = match app.inner.vault.state() {
            vault::State::None => {
                Opened { database: None, state: DatabaseState::New, notice: None }
            }
            vault::State::Passphrase { .. } if passphrase.is_none() => {
                Opened { database: None, state: DatabaseState::NeedsPassphrase, notice: None }
            }
            vault::State::Damaged { reason } => {
                Opened { database: None, state: DatabaseState::Unavailable, notice: Some(reason) }
            }
            vault::State::Keychain { .. }
            | vault::State::Passphrase { .. }
            | vault::State::Open { .. } => match app.unlock_vault(passphrase).await {
                Ok(opened) => opened,
                Err(error) => Opened {
                    database: None,
                    state: if error.code() == ErrorCode::Locked {
                        DatabaseState::NeedsPassphrase
                    } else {
                        DatabaseState::Unavailable
                    },
                    notice: Some(error.to_string()),
                },
            },
        };
        app.set_opened(opened);
        app
    }

    /// Everything that happens by itself, from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.inner.events.subscribe()
    }

    /// The folder everything is kept in.
    pub fn data_dir(&self) -> &Path {
        &self.inner.options.data_dir
    }

    /// Whether the database is open.
    pub fn is_open(&self) -> bool {
        self.opened().database.is_some()
    }

    /// What the app shows when it opens.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn start(&self) -> Result<Start, Error> {
        let opened = self.opened();
        let (mut accounts, mut people) = (Vec::new(), Vec::new());
        let mut registered = None;
        if let Some(database) = opened.database {
            ((accounts, people), registered) = database
                .walk(|store| {
                    let registration = store.registration()?;
                    Ok((accounts_and_people(store)?, registration.map(|known| known.origin)))
                })
                .await?;
        }
        Ok(Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sample: matches!(self.inner.options.keys, Keys::Published),
            database: opened.state,
            notice: opened.notice,
            accounts,
            people,
            connecting: self.connecting(),
            syncing: self.syncing(),
            has_own_client: self.inner.options.own_client.is_some(),
            registered,
            redirect_uris: DEFAULT_REDIRECT_URIS.map(str::to_owned).to_vec(),
            trust_note: self.trust_note().await,
            keeps_certificate: matches!(self.inner.options.trust, sign_in::Trust::System(_)),
        })
    }

    /// Makes the database and its key.
    ///
    /// # Errors
    /// When the keychain or the passphrase will not do, or there is a database already.
    pub async fn create_database(
        &self,
        kind: VaultKind,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let kind = match (&self.inner.options.keys, kind) {
            (Keys::Published, _) => vault::Kind::Open,
            (_, VaultKind::Keychain) => vault::Kind::Keychain,
            (_, VaultKind::Passphrase) => vault::Kind::Passphrase,
        };
        let inner = Arc::clone(&self.inner);
        let made = blocking(move || {
            let key = inner.vault.create(kind, passphrase.as_ref())?;
            inner.open_database(key)
        })
        .await;
        let made = match made {
            Err(Error::Vault(error)) if kind == vault::Kind::Keychain && error.lacks_keychain() => {
                let mut opened = self.opened();
                if opened.state == DatabaseState::New {
                    opened.state = DatabaseState::NewNeedsPassphrase;
                    self.set_opened(opened);
                }
                return Err(Error::Vault(error));
            }
            made => made?,
        };
        self.set_opened(made);
        self.changed();
        Ok(())
    }

    /// Opens a database that a passphrase locks.
    ///
    /// # Errors
    /// When the passphrase is wrong or the database cannot be opened.
    pub async fn unlock(&self, passphrase: SecretString) -> Result<(), Error> {
        if self.opened().database.is_some() {
            return Ok(());
        }
        let opened = self.unlock_vault(Some(passphrase)).await?;
        self.set_opened(opened);
        self.changed();
        Ok(())
    }

    /// Closes a database that a passphrase locks, so that only the passphrase opens it again.
    ///
    /// # Errors
    /// When no passphrase locks it, or a sign-in or a sync is under way.
    pub fn lock(&self) -> Result<(), Error> {
        if !matches!(self.inner.vault.state(), vault::State::Passphrase { .. }) {
            return Err(Error::Invalid(
                "No passphrase protects this record, so there is nothing to lock it with. Lock \
                 this computer instead: your account on it is what opens the record."
                    .to_owned(),
            ));
        }
        if self.syncing().is_some() || self.connecting().is_some() {
            return Err(Error::Invalid(
                "Onhand is still at work with the portal. Let it end, or stop it; then lock."
                    .to_owned(),
            ));
        }
        let state = DatabaseState::NeedsPassphrase;
        self.set_opened(Opened { database: None, state, notice: None });
        self.changed();
        Ok(())
    }

    /// Has at hand what is asked for first, while the window is still being made.
    pub async fn look_ahead(&self) {
        if let Ok(database) = self.database() {
            // What cannot be read is said to whoever asks for it.
            let _ = database.walk(Store::look_ahead).await;
        }
    }

    /// Part of a list or of what a search finds.
    ///
    /// # Errors
    /// When there is no open database or it cannot be read.
    pub async fn list(&self, mut list: List) -> Result<Page, Error> {
        list.filter.today = Some(self.today());
        if list.filter.by_visit || list.filter.query.is_some() {
            return Ok(self.database()?.walk(move |store| store.list(&list)).await?);
        }
        self.read(move |store| store.list(&list)).await
    }

    /// How many records each year of a list has.
    ///
    /// # Errors
    /// As [`App::list`].
    pub async fn periods(&self, filter: Filter) -> Result<Vec<Period>, Error> {
        Ok(self.database()?.walk(move |store| store.periods(&filter)).await?)
    }

    /// One record in full.
    ///
    /// # Errors
    /// As [`App::list`], and when there is no such record.
    pub async fn record(&self, id: i64) -> Result<Detail, Error> {
        let today = self.today();
        self.read(move |store| {
            let mut detail = store.detail(id)?;
            detail.row.on(Some(today));
            let related = detail.related.iter_mut().filter_map(|other| other.row.as_mut());
            related.for_each(|row| row.on(Some(today)));
            Ok(detail)
        })
        .await
    }

    /// A record's source as text.
    ///
    /// # Errors
    /// As [`App::record`].
    pub async fn raw(&self, id: i64) -> Result<Raw, Error> {
        self.read(move |store| store.raw(id)).await
    }

    /// A record's source, byte for byte.
    ///
    /// # Errors
    /// As [`App::record`].
    pub async fn raw_bytes(&self, id: i64) -> Result<Vec<u8>, Error> {
        self.read(move |store| store.raw_bytes(id)).await
    }

    /// How many records are kept, gone and folded ones too.
    ///
    /// # Errors
    /// As [`App::list`].
    pub async fn record_count(&self) -> Result<u64, Error> {
        self.read(|store| store.record_count()).await
    }

    async fn read<T, F>(&self, f: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> store::Result<T> + Send + 'static,
    {
        Ok(self.database()?.read(f).await?)
    }

    fn database(&self) -> Result<Database, Error> {
        let opened = self.opened();
        opened.database.ok_or(match opened.state {
            DatabaseState::New | DatabaseState::NewNeedsPassphrase => Error::NoDatabase,
            DatabaseState::NeedsPassphrase => Error::Vault(vault::Error::PassphraseNeeded),
            DatabaseState::Open | DatabaseState::Unavailable => {
                Error::Unavailable(opened.notice.unwrap_or_default())
            }
        })
    }

    async fn unlock_vault(&self, passphrase: Option<SecretString>) -> Result<Opened, Error> {
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let key = inner.vault.unlock(passphrase.as_ref())?;
            inner.open_database(key)
        })
        .await
    }

    fn opened(&self) -> Opened {
        lock(&self.inner.opened).clone()
    }

    fn set_opened(&self, opened: Opened) {
        if let Some(database) = opened.database.clone() {
            let app = self.clone();
            tokio::spawn(async move {
                // What an older version derived is made again while the person reads.
                let mut any = false;
                while let Ok(n @ 1..) = database.write(|store| store.derive_outdated(500)).await {
                    any |= n > 0;
                }
                if any {
                    app.changed();
                }
            });
        }
        *lock(&self.inner.opened) = opened;
    }

    /// What counts the requests to a portal.
    fn outgoing(&self) -> Outgoing {
        self.inner.outgoing.clone()
    }

    fn changed(&self) {
        self.emit(Event::Changed);
    }

    fn emit(&self, event: Event) {
        // Without a listener nobody misses anything.
        let _ = self.inner.events.send(event);
    }
}

impl Inner {
    fn open_database(&self, key: DatabaseKey) -> Result<Opened, Error> {
        let path = self.options.data_dir.join(DATABASE_FILE);
        let again = DatabaseKey::from_bytes(key.expose());
        match Database::open(&path, key) {
            Ok(database) => {
                Ok(Opened { database: Some(database), state: DatabaseState::Open, notice: None })
            }
            Err(error) if error.is_damage() => {
                let kept = store::move_aside(&path, (self.options.clock)())?;
                let database = Database::open(&path, again)?;
                let name = kept.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Ok(Opened {
                    database: Some(database),
                    state: DatabaseState::Open,
                    notice: Some(format!(
                        "The file with your records was damaged and could not be read. It was kept \
                         as \"{name}\" in Onhand's folder, and an empty one was begun. Connect \
                         again to copy your records anew."
                    )),
                })
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn accounts_and_people(store: &Store) -> store::Result<(Vec<Account>, Vec<Person>)> {
    let (mut accounts, mut people) = (Vec::new(), Vec::new());
    for row in store.accounts()? {
        let report: Option<SyncReport> =
            store.last_report(row.id)?.and_then(|json| SyncReport::read(&json));
        let not_offered = store.not_offered(row.id)?;
        let counts = store.counts(row.id)?;
        let (unsaid, strangers) = store.of_nobody(row.id)?;
        let relations = store.relations(row.id)?;
        for (id, patient) in store.people(row.id)? {
            people.push(Person {
                id,
                account: row.id,
                name: patient.name,
                birth_date: patient.birth_date,
                relation: relations.get(&id).copied(),
                counts: kind_counts(id, &counts, &not_offered),
            });
        }
        accounts.push(Account {
            id: row.id,
            portal: row.origin,
            signed_in: row.signed_in,
            disconnected: row.disconnected,
            last_sync: report.as_ref().map(|report| report.finished.clone()),
            last_outcome: report,
            unsaid,
            strangers,
        });
    }
    Ok((accounts, people))
}

fn kind_counts(
    person: i64,
    counts: &BTreeMap<(Option<i64>, Kind), u64>,
    not_offered: &[String],
) -> Vec<KindCount> {
    let of = |whose, kind| counts.get(&(whose, kind)).copied().unwrap_or(0);
    Kind::ALL
        .into_iter()
        .map(|kind| {
            let types = types_of(kind);
            let everybodys = matches!(kind, Kind::People | Kind::Places);
            let shared = if everybodys { of(None, kind) } else { 0 };
            let count = of(Some(person), kind) + shared;
            let refused = types.iter().all(|name| not_offered.iter().any(|other| other == name));
            KindCount { kind, count, offered: count > 0 || types.is_empty() || !refused }
        })
        .collect()
}

async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(f).await.unwrap_or(Err(Error::Stopped))
}
