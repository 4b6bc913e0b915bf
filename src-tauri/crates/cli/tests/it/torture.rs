//! The command killed while it copies, renews its tokens or keeps a sign-in: whatever the moment,
//! the database opens and is sound, what was committed is there, and the next run ends where one that
//! was never killed ends. `cargo xtask torture` is the long form.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use onhand_core::{
    store::{DATABASE_FILE, Filter, List, Store},
    vault::{DatabaseKey, Kind, Vault},
};
use onhand_sandbox::{Config, Faults};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::{
    robot::{Consent, Robot},
    room::{Room, Run, Running},
};

/// What the portal does from the first copy on, so that there are resources without an id and two
/// under one.
const ODD: &str = "noid:Procedure,twins:Immunization";
/// What has happened at the portal by the second copy.
const LATER: &str = "noid:Procedure,twins:Immunization,change:9:Observation,change:4,drop:7:Observation,drop:2:Condition";

/// How often to kill, and where the random points come from.
fn wish() -> (u32, u64) {
    let read = |name| env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = read("ONHAND_TORTURE_SEED").unwrap_or(20_261_124);
    (read("ONHAND_TORTURE_KILLS").map_or(12, |n| u32::try_from(n).unwrap()), seed)
}

/// Numbers by chance that are the same for the same seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn within(&mut self, time: Duration) -> Duration {
        let micros = u64::try_from(time.as_micros()).unwrap().max(1);
        Duration::from_micros(self.number() % micros)
    }
}

/// A portal, and data folders that are copies of each other until something happens in them.
struct Chamber {
    room: Room,
    n_folders: u32,
    /// The types by the words that a person reads.
    types: BTreeMap<String, String>,
}

/// Everything that counts of a database: what was sent, byte for byte, and what is shown of it.
#[derive(Debug, PartialEq, Eq)]
struct State {
    /// By type and key.
    raw: BTreeMap<(String, String), Kept>,
    /// What a list shows of each record, but for numbers that depend on the order in which they came.
    rows: Vec<String>,
    /// How many records each of some words finds.
    found: Vec<(&'static str, u64)>,
}

/// Whether a resource is gone, and the bytes of each version of it, oldest first.
type Kept = (bool, Vec<Vec<u8>>);

impl Chamber {
    async fn new() -> Chamber {
        let faults = Faults::parse(ODD).unwrap();
        // Small pages make many moments.
        let config = Config { faults, page_size: 10, page_size_cap: 10, ..Config::default() };
        Chamber { room: Room::with(config).await, n_folders: 0, types: BTreeMap::new() }
    }

    fn folder(&mut self) -> PathBuf {
        self.n_folders += 1;
        self.room.home().join(format!("folder-{}", self.n_folders))
    }

    /// An empty database whose key needs nobody to be asked for it.
    fn empty(&mut self) -> PathBuf {
        let folder = self.folder();
        fs::create_dir(&folder).unwrap();
        let path = folder.join(DATABASE_FILE);
        let key = Vault::beside(&path).create(Kind::Open, None).unwrap();
        drop(Store::open(&path, key.expose()).unwrap());
        folder
    }

    fn copy(&mut self, of: &Path) -> PathBuf {
        let folder = self.folder();
        copy(of, &folder);
        folder
    }

    fn start(&self, folder: &Path, arguments: &[&str]) -> Running {
        let mut command = self.room.command(arguments);
        command.env("ONHAND_DATA_DIR", folder);
        Running::start(command)
    }

    async fn run(&self, folder: &Path, arguments: &[&str]) -> Run {
        self.start(folder, arguments).end().await
    }

    async fn sync(&self, folder: &Path) -> Run {
        let run = self.run(folder, &["sync", "--json"]).await;
        assert!(matches!(run.code, 0 | 3), "{run:?}");
        run
    }

    /// Begins to connect as `marisol`; gives the command and what the robot has to open.
    async fn begin_connect(&self, folder: &Path) -> (Running, String) {
        let redirect = self.room.redirect_uri().to_owned();
        let id = self.room.portal.client_id();
        let mut running = self.start(
            folder,
            &["connect", "--client-id", id, "--client-secret-stdin", "--no-browser", "--yes"]
                .into_iter()
                .chain(["--redirect-uri", &redirect])
                .collect::<Vec<_>>(),
        );
        running.type_line(self.room.portal.client_secret()).await;
        let line = running.line().await;
        let Some(address) = line.strip_prefix("open: ").map(str::to_owned) else {
            panic!("no address: {:?}", running.end().await)
        };
        (running, address)
    }

    async fn connect(&self, folder: &Path) {
        let (running, address) = self.begin_connect(folder).await;
        Robot::new().sign_in(&address, "marisol", Consent::Allow).await;
        let run = running.end().await;
        assert_eq!(run.code, 0, "{run:?}");
    }

    /// Starts a sync and kills it after `time`. Gives whether it was still running, and what it had
    /// said by then.
    async fn kill_after(&self, folder: &Path, time: Duration, watch: bool) -> Killed {
        let running = self.start(folder, &["sync"]);
        let begun = Instant::now();
        let mut seen = BTreeSet::new();
        if watch {
            // Another program that reads, as the window does; gone before the kill, so that what
            // comes after has to recover the log by itself.
            let database = open(folder);
            while begun.elapsed() + Duration::from_millis(5) < time {
                seen.extend(versions(&database));
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        }
        tokio::time::sleep(time.saturating_sub(begun.elapsed())).await;
        let (was_running, said) = running.kill().await;
        Killed { was_running, said, seen }
    }

    /// What must hold right after a kill.
    fn check(&mut self, folder: &Path, before: &BTreeSet<i64>, killed: &Killed) -> BTreeSet<i64> {
        // On a copy without the shared index, so that the next run too has its own log to recover.
        let copied = self.copy(folder);
        fs::remove_file(copied.join(format!("{DATABASE_FILE}-shm"))).ok();
        let store = Store::open(&copied.join(DATABASE_FILE), key(&copied).expose())
            .unwrap_or_else(|error| panic!("it does not open: {error}"));
        assert!(store.is_sound().unwrap(), "it is not sound");
        drop(store);
        let database = open(&copied);
        let now = versions(&database);
        assert!(before.is_subset(&now), "what an earlier run had committed is lost");
        assert!(killed.seen.is_subset(&now), "what was seen committed is lost");
        // A line on standard error is written once all of a type has come: "Goals: 12".
        for line in killed.said.lines() {
            let Some((name, n)) = line.split_once(": ") else { continue };
            if let (Some(kind), Ok(n)) = (self.types.get(name), n.trim().parse::<usize>()) {
                let kept: usize = database
                    .query_row(
                        "SELECT count(*) FROM resource WHERE type = ?1 AND version_id > 0",
                        [kind],
                        |row| row.get(0),
                    )
                    .unwrap();
                assert!(kept >= n, "it said {line:?} and kept {kept}");
            }
        }
        drop(database);
        fs::remove_dir_all(copied).unwrap();
        now
    }
}

struct Killed {
    was_running: bool,
    said: String,
    seen: BTreeSet<i64>,
}

impl State {
    fn of(folder: &Path) -> State {
        let mut raw = BTreeMap::new();
        let database = open(folder);
        let mut statement = database
            .prepare(
                "SELECT type, key, gone_since IS NOT NULL, body FROM resource
                 JOIN version ON version.resource_id = resource.id ORDER BY version.id",
            )
            .unwrap();
        let mut versions = statement.query([]).unwrap();
        while let Some(row) = versions.next().unwrap() {
            let kept: &mut Kept =
                raw.entry((row.get(0).unwrap(), row.get(1).unwrap())).or_default();
            kept.0 = row.get(2).unwrap();
            kept.1.push(row.get(3).unwrap());
        }
        let store = Store::open(&folder.join(DATABASE_FILE), key(folder).expose()).unwrap();
        let mut rows = Vec::new();
        loop {
            let filter = Filter { folded: true, ..Filter::default() };
            let list = List { filter, offset: u32::try_from(rows.len()).unwrap(), limit: 500 };
            let page = store.list(&list).unwrap();
            rows.extend(page.records.iter().map(|row| {
                let whole = serde_json::to_value(row).unwrap();
                let part = !whole["part_of"].is_null();
                let told = ["kind", "title", "subtitle", "when", "status", "value"];
                let told: Vec<String> = told.iter().map(|name| whole[*name].to_string()).collect();
                format!("{} part {part} gone {}", told.join(" | "), row.gone_since.is_some())
            }));
            if rows.len() as u64 >= page.total {
                break;
            }
        }
        rows.sort();
        let found = ["cholesterol", "a", "blood", "tablet", "asthma"].map(|word| {
            let filter = Filter { query: Some(word.to_owned()), folded: true, ..Filter::default() };
            (word, store.list(&List { filter, offset: 0, limit: 1 }).unwrap().total)
        });
        State { raw, rows, found: found.into() }
    }

    /// Panics with what differs, not with a megabyte.
    fn must_be(&self, expected: &State, about: &str) {
        for (key, kept) in &expected.raw {
            match self.raw.get(key) {
                None => panic!("{about}: {key:?} is missing"),
                Some(other) => {
                    assert_eq!(other.1.len(), kept.1.len(), "{about}: versions of {key:?}");
                    assert!(other.1 == kept.1, "{about}: {key:?} has other bytes");
                    assert_eq!(other.0, kept.0, "{about}: whether {key:?} is gone");
                }
            }
        }
        for key in self.raw.keys() {
            assert!(expected.raw.contains_key(key), "{about}: {key:?} is too much");
        }
        for (one, other) in self.rows.iter().zip(&expected.rows) {
            assert_eq!(one, other, "{about}: a row");
        }
        assert_eq!(self.rows.len(), expected.rows.len(), "{about}: rows");
        assert_eq!(self.found, expected.found, "{about}: what a search finds");
    }
}

fn copy(of: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(of).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn key(folder: &Path) -> DatabaseKey {
    Vault::beside(folder.join(DATABASE_FILE)).unlock(None).unwrap()
}

/// A connection of the test's own, which knows the key and nothing of the store.
fn open(folder: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(folder.join(DATABASE_FILE), flags).unwrap();
    let hex: String = key(folder).expose().iter().map(|byte| format!("{byte:02x}")).collect();
    database.execute_batch(&format!("PRAGMA key = \"x'{hex}'\";")).unwrap();
    database.busy_timeout(Duration::from_secs(20)).unwrap();
    database
}

/// The numbers of all versions that are committed.
fn versions(database: &Connection) -> BTreeSet<i64> {
    let mut statement = database.prepare_cached("SELECT id FROM version").unwrap();
    let ids = statement.query_map([], |row| row.get(0)).unwrap();
    ids.map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_sync_killed_at_any_moment_loses_nothing_and_ends_where_others_end() {
    let (kills, seed) = wish();
    let mut chance = Chance(seed);
    let mut chamber = Chamber::new().await;
    let signed_in = chamber.empty();
    chamber.connect(&signed_in).await;

    // The ends that all others are held against, and how long they take.
    let first = chamber.copy(&signed_in);
    let begun = Instant::now();
    let report = chamber.sync(&first).await.json();
    let first_takes = begun.elapsed();
    let first_end = State::of(&first);
    for outcome in report["types"].as_array().unwrap() {
        let text = |name: &str| outcome[name].as_str().unwrap().to_owned();
        chamber.types.insert(text("name"), text("type"));
    }
    chamber.room.portal.set_faults(Faults::parse(LATER).unwrap());
    let later = chamber.copy(&first);
    let begun = Instant::now();
    chamber.sync(&later).await;
    let later_takes = begun.elapsed();
    let later_end = State::of(&later);
    assert!(first_end.raw.len() > 500, "{}", first_end.raw.len());
    assert!(later_end.raw.values().filter(|(gone, _)| *gone).count() >= 9);
    assert!(later_end.raw.values().filter(|(_, versions)| versions.len() > 1).count() >= 13);

    let (mut n_kills, mut n_late, mut n_ends, mut at) = (0, 0, 0, BTreeMap::new());
    while n_kills < kills {
        let is_first = n_ends % 2 == 0;
        let (from, faults, end, takes) = if is_first {
            (&signed_in, ODD, &first_end, first_takes)
        } else {
            (&first, LATER, &later_end, later_takes)
        };
        chamber.room.portal.set_faults(Faults::parse(faults).unwrap());
        let folder = chamber.copy(from);
        let mut kept = versions(&open(&folder));
        for _ in 0..1 + chance.number() % 5 {
            let time = chance.within(takes + takes / 10);
            let watch = chance.number().is_multiple_of(2);
            let about = format!("seed {seed}, kill {n_kills} after {time:?}");
            let killed = chamber.kill_after(&folder, time, watch).await;
            if !killed.was_running {
                n_late += 1;
                break;
            }
            n_kills += 1;
            println!("{about}: {} versions were kept before", kept.len());
            kept = chamber.check(&folder, &kept, &killed);
            let tenth =
                kept.len() * 10 / (end.raw.values().map(|(_, all)| all.len()).sum::<usize>() + 1);
            *at.entry(tenth).or_insert(0) += 1;
        }
        let status = chamber.run(&folder, &["status", "--json"]).await;
        assert_eq!(status.code, 0, "{status:?}");
        chamber.sync(&folder).await;
        let about = format!("seed {seed}, after {n_kills} kills");
        State::of(&folder).must_be(end, &about);
        fs::remove_dir_all(&folder).unwrap();
        n_ends += 1;
    }
    println!(
        "{n_kills} kills (seed {seed}; {n_late} runs had ended before theirs), {n_ends} times the same \
         end of {} and {} resources; kills by tenths of what was kept: {at:?}",
        first_end.raw.len(),
        later_end.raw.len()
    );
}

#[tokio::test]
async fn killed_while_it_renews_its_tokens_it_is_signed_in_or_says_that_it_is_not() {
    let (kills, seed) = wish();
    let kills = (kills / 4).max(4);
    let mut chance = Chance(seed ^ 0x7e4e);
    let mut chamber = Chamber::new().await;
    let folder = chamber.empty();
    chamber.connect(&folder).await;
    chamber.sync(&folder).await;
    let end = State::of(&folder);
    // From the start of the command to the first data it gets with its new token.
    chamber.room.portal.end_access();
    let n_before = chamber.room.portal.stats().n_refreshes;
    let begun = Instant::now();
    let running = chamber.start(&folder, &["sync"]);
    while chamber.room.portal.stats().n_refreshes == n_before {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let takes = begun.elapsed();
    assert_eq!(running.end().await.code, 0);

    let (mut n_kills, mut n_asked, mut n_rotated) = (0, 0, 0);
    while n_kills < kills {
        chamber.room.portal.end_access();
        let n_before = chamber.room.portal.stats().n_refreshes;
        let (running, begun) = (chamber.start(&folder, &["sync"]), Instant::now());
        if n_kills % 2 == 0 {
            // Around the moment in which the portal rotates and the answer is saved.
            tokio::time::sleep(takes / 2 + chance.within(takes * 3 / 4)).await;
        } else {
            while chamber.room.portal.stats().n_refreshes == n_before
                && begun.elapsed() < takes * 50
            {
                tokio::task::yield_now().await;
            }
            if n_kills % 4 == 1 {
                tokio::time::sleep(chance.within(Duration::from_millis(12))).await;
            }
        }
        let (was_running, said) = running.kill().await;
        let time = begun.elapsed();
        let killed = Killed { was_running, said, seen: BTreeSet::new() };
        n_kills += u32::from(killed.was_running);
        n_rotated += chamber.room.portal.stats().n_refreshes - n_before;
        let before = versions(&open(&folder));
        chamber.check(&folder, &before, &killed);

        let run = chamber.run(&folder, &["sync", "--json"]).await;
        match run.code {
            0 | 3 => {}
            4 => {
                // The portal had rotated, and what it said was lost with the process.
                assert!(run.stdout.contains("sign in again"), "{run:?}");
                let status = chamber.run(&folder, &["status", "--json"]).await.json();
                assert_eq!(status["accounts"][0]["signed_in"], false);
                assert_eq!(State::of(&folder), end, "records went with the sign-in");
                chamber.connect(&folder).await;
                chamber.sync(&folder).await;
                n_asked += 1;
            }
            _ => panic!("after {time:?}: {run:?}"),
        }
        let status = chamber.run(&folder, &["status", "--json"]).await.json();
        assert_eq!(status["accounts"].as_array().map(Vec::len), Some(1), "{status}");
        assert_eq!(status["accounts"][0]["signed_in"], true);
    }
    assert_eq!(State::of(&folder), end);
    println!(
        "{n_kills} kills around a refresh (seed {seed}): {n_rotated} after the portal had rotated, \
         {n_asked} times a new sign-in was asked for"
    );
}

#[tokio::test]
async fn killed_while_it_keeps_a_sign_in_it_is_connected_or_not_and_can_be_connected() {
    let (kills, seed) = wish();
    let kills = (kills / 8).max(4);
    let mut chance = Chance(seed ^ 0xc044);
    let mut chamber = Chamber::new().await;
    let empty = chamber.empty();
    // From the visit to the end of the command, and to the portal's tokens.
    let folder = chamber.copy(&empty);
    let (running, address) = chamber.begin_connect(&folder).await;
    let begun = Instant::now();
    Robot::new().sign_in(&address, "marisol", Consent::Allow).await;
    assert_eq!(running.end().await.code, 0);
    let takes = begun.elapsed();

    let (mut n_kills, mut n_connected) = (0, 0);
    while n_kills < kills {
        let folder = chamber.copy(&empty);
        let (running, address) = chamber.begin_connect(&folder).await;
        let robot = tokio::spawn(async move {
            Robot::new().sign_in(&address, "marisol", Consent::Allow).await;
        });
        if n_kills % 3 == 0 {
            tokio::time::sleep(chance.within(takes)).await;
        } else {
            // Around the moment in which the tokens come, the person is asked for and all is saved.
            let n_before = chamber.room.portal.stats().n_codes_exchanged;
            while chamber.room.portal.stats().n_codes_exchanged == n_before && !robot.is_finished()
            {
                tokio::task::yield_now().await;
            }
            tokio::time::sleep(chance.within(takes)).await;
        }
        // It would find nobody at the address.
        robot.abort();
        let (was_running, _) = running.kill().await;
        n_kills += u32::from(was_running);
        let killed = Killed { was_running, said: String::new(), seen: BTreeSet::new() };
        chamber.check(&folder, &BTreeSet::new(), &killed);
        let status = chamber.run(&folder, &["status", "--json"]).await;
        assert_eq!(status.code, 0, "{status:?}");
        let accounts: Vec<Value> = status.json()["accounts"].as_array().unwrap().clone();
        match accounts.as_slice() {
            [] => assert_eq!(chamber.run(&folder, &["sync"]).await.code, 4),
            [account] => {
                assert_eq!(account["signed_in"], true, "half a sign-in was kept");
                assert_eq!(account["people"].as_array().map(Vec::len), Some(1));
                chamber.sync(&folder).await;
                n_connected += 1;
            }
            _ => panic!("{accounts:?}"),
        }
        if accounts.is_empty() {
            chamber.connect(&folder).await;
            chamber.sync(&folder).await;
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    println!(
        "{n_kills} kills while a sign-in was kept (seed {seed}): {n_connected} were connected"
    );
}

#[tokio::test]
async fn two_at_once_are_one_that_copies_and_one_that_says_so() {
    let mut chamber = Chamber::new().await;
    let folder = chamber.empty();
    chamber.connect(&folder).await;
    chamber.room.portal.set_faults(Faults::parse("slow:100").unwrap());
    let n_before = chamber.room.portal.stats().n_requests;
    let running = chamber.start(&folder, &["sync", "--json"]);
    while chamber.room.portal.stats().n_requests < n_before + 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let second = chamber.run(&folder, &["sync", "--json"]).await;

    assert_eq!(second.code, 1, "{second:?}");
    assert_eq!(second.json()["error"]["code"], "busy");
    assert!(second.stdout.contains("already copying"), "{second:?}");
    chamber.room.portal.set_faults(Faults::none());
    let first = running.end().await;
    assert_eq!(first.code, 0, "{first:?}");
    // Its lock went with it.
    chamber.sync(&folder).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_disk_that_takes_no_more_is_said_and_nothing_is_torn() {
    let mut chamber = Chamber::new().await;
    let signed_in = chamber.empty();
    chamber.connect(&signed_in).await;
    let whole = chamber.copy(&signed_in);
    chamber.sync(&whole).await;
    let end = State::of(&whole);
    let room_for_all = fs::metadata(whole.join(DATABASE_FILE)).unwrap().len();

    for parts in [2, 3, 5] {
        // A limit on the size of files, as a share of a disk is.
        let folder = chamber.copy(&signed_in);
        let blocks = room_for_all / parts / 512;
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let said = sync_under(&chamber, &folder, &["sh", "-c", &script, "sh"]).await;
        assert!(said.contains("disk"), "{said}");
        let killed = Killed { was_running: true, said, seen: BTreeSet::new() };
        let kept = chamber.check(&folder, &BTreeSet::new(), &killed);
        assert!(kept.len() < end.raw.len());
        // With room again it goes on to the same end.
        let run = chamber.sync(&folder).await;
        State::of(&folder)
            .must_be(&end, &format!("after a limit of {blocks} blocks: {}", run.stdout));
        println!("a limit of {blocks} blocks: {} of {} were kept", kept.len(), end.raw.len());
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_torn() {
    let mut chamber = Chamber::new().await;
    let signed_in = chamber.empty();
    chamber.connect(&signed_in).await;
    let whole = chamber.copy(&signed_in);
    chamber.sync(&whole).await;
    let end = State::of(&whole);
    let size = fs::metadata(whole.join(DATABASE_FILE)).unwrap().len();
    let disk = chamber.room.home().join("disk");
    fs::create_dir(&disk).unwrap();
    let apart = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"];
    let mount = format!("mount -t tmpfs -o size={} tmpfs \"$1\"", size * 2 / 3);
    let may = Command::new(apart[0])
        .args(&apart[1..])
        .args([&mount, "sh"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status();
    if !may.is_ok_and(|status| status.success()) {
        println!("left out: no disk of its own can be mounted here (unshare --user --mount)");
        return;
    }

    let left = chamber.copy(&signed_in);
    // What the small disk holds afterwards is carried out of it before it goes.
    let script = format!(
        "{mount} && cp \"$2\"/* \"$1\"/ && d=\"$1\" l=\"$2\" && shift 2 && \
         ONHAND_DATA_DIR=\"$d\" \"$@\"; code=$?; cp \"$d\"/* \"$l\"/ && exit $code"
    );
    let (disk, folder) = (disk.to_str().unwrap(), left.to_str().unwrap());
    let mut before: Vec<&str> = apart.into();
    before.extend([script.as_str(), "sh", disk, folder]);
    let said = sync_under(&chamber, &left, &before).await;

    assert!(said.contains("The disk is full"), "{said}");
    let killed = Killed { was_running: true, said, seen: BTreeSet::new() };
    let kept = chamber.check(&left, &BTreeSet::new(), &killed);
    println!("a disk of {} KB: {} of {} were kept", size * 2 / 3 / 1024, kept.len(), end.raw.len());
    assert!(kept.len() < end.raw.len());
    chamber.sync(&left).await;
    State::of(&left).must_be(&end, "after a full disk");
}

/// Syncs with another command before it; it must fail. Gives what it said.
#[cfg(unix)]
async fn sync_under(chamber: &Chamber, folder: &Path, before: &[&str]) -> String {
    let itself = chamber.room.command(&["sync"]);
    let mut command = tokio::process::Command::new(before[0]);
    command.args(&before[1..]).arg(itself.as_std().get_program()).args(itself.as_std().get_args());
    command.env_clear();
    for (name, value) in itself.as_std().get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.env("PATH", env::var_os("PATH").unwrap()).env("ONHAND_DATA_DIR", folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let run = Running::start(command).end().await;
    assert_eq!(run.code, 1, "{run:?}");
    run.stderr
}
