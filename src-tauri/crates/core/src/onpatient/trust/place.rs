//! Where the browsers of this person keep the certificates they trust.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::data_dir;

/// Where browsers keep their databases, and who can write to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The person's home folder.
    pub home: PathBuf,
    /// `$XDG_DATA_HOME`, or `~/.local/share`.
    pub data_home: PathBuf,
    /// `$XDG_CONFIG_HOME`, or `~/.config`.
    pub config_home: PathBuf,
    /// The program that answers to `nss-helper` as its first argument: the host's own.
    pub helper: Option<PathBuf>,
}

impl Places {
    /// What the environment says; nothing where there is no home.
    #[must_use]
    pub fn from_env(helper: Option<PathBuf>) -> Option<Self> {
        let home = data_dir::home().filter(|home| home.is_absolute())?;
        let mut places = Self::below(home, helper);
        if let Some(data_home) = data_dir::data_home() {
            places.data_home = data_home;
        }
        if let Some(config_home) = data_dir::config_home() {
            places.config_home = config_home;
        }
        Some(places)
    }

    /// Below a home folder, where no variable says otherwise.
    #[must_use]
    pub fn below(home: PathBuf, helper: Option<PathBuf>) -> Self {
        Self {
            data_home: home.join(".local/share"),
            config_home: home.join(".config"),
            home,
            helper,
        }
    }
}

/// A database to write to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Database {
    /// The folder that holds, or will hold, `cert9.db`.
    pub folder: PathBuf,
    /// Whether it has to be made first.
    pub is_new: bool,
    /// Whose it is, as the person calls it.
    pub browser: &'static str,
}

/// What reads Chromium's own database: Chromium, Chrome, Edge, Brave, Vivaldi, Opera.
const CHROMIUM: &str = "Chromium or Chrome";

const SNAPS: [(&str, &str); 2] = [("Chromium", "chromium"), ("Brave", "brave")];

const FLATPAKS: [(&str, &str); 7] = [
    ("Chromium", "org.chromium.Chromium"),
    ("Chromium", "io.github.ungoogled_software.ungoogled_chromium"),
    ("Chrome", "com.google.Chrome"),
    ("Brave", "com.brave.Browser"),
    ("Edge", "com.microsoft.Edge"),
    ("Vivaldi", "com.vivaldi.Vivaldi"),
    ("Opera", "com.opera.Opera"),
];

/// The databases to write to. Chromium's by its own rule: `~/.pki/nssdb` if that folder exists (it
/// then looks nowhere else), `$XDG_DATA_HOME/pki/nssdb` otherwise. That one alone is made where it
/// is not there, because Chromium itself would look for it; every other is named only where it
/// exists: Chromium's second one, those of snaps and flatpaks, and each profile that a `profiles.ini`
/// of Firefox or its kin lists.
#[must_use]
pub fn databases(places: &Places) -> Vec<Database> {
    let has_database = |folder: &Path| folder.join("cert9.db").is_file();
    let old = places.home.join(".pki/nssdb");
    let new = places.data_home.join("pki/nssdb");
    let (read, other) = if old.is_dir() { (old, new) } else { (new, old) };
    let first = Database { is_new: !has_database(&read), folder: read, browser: CHROMIUM };

    let mut further = vec![(CHROMIUM, other)];
    for (browser, snap) in SNAPS {
        let home = places.home.join("snap").join(snap).join("current");
        further.push((browser, home.join(".pki/nssdb")));
        further.push((browser, home.join(".local/share/pki/nssdb")));
    }
    for (browser, app) in FLATPAKS {
        let home = places.home.join(".var/app").join(app);
        further.push((browser, home.join(".pki/nssdb")));
        further.push((browser, home.join("data/pki/nssdb")));
    }
    for (browser, root) in mozilla_roots(places) {
        further.extend(profiles(&root).into_iter().map(|profile| (browser, profile)));
    }

    let mut seen = BTreeSet::new();
    let mut found = vec![first];
    found.extend(
        further
            .into_iter()
            .filter(|(_, folder)| has_database(folder))
            .map(|(browser, folder)| Database { folder, is_new: false, browser }),
    );
    // The same folder may be listed twice, or be reached by a link.
    found.retain(|database| {
        let folder = &database.folder;
        seen.insert(fs::canonicalize(folder).unwrap_or_else(|_| folder.clone()))
    });
    found
}

/// Where a `profiles.ini` may lie: the old place, the one of Firefox 147 and later, snap's and
/// flatpak's.
fn mozilla_roots(places: &Places) -> Vec<(&'static str, PathBuf)> {
    let Places { home, config_home, .. } = places;
    let snap = home.join("snap/firefox/common");
    let flatpak = |app: &str| home.join(".var/app").join(app);
    let (firefox, librewolf, waterfox) = (
        flatpak("org.mozilla.firefox"),
        flatpak("io.gitlab.librewolf-community"),
        flatpak("net.waterfox.waterfox"),
    );
    vec![
        ("Firefox", home.join(".mozilla/firefox")),
        ("Firefox", config_home.join("mozilla/firefox")),
        ("Firefox", snap.join(".mozilla/firefox")),
        ("Firefox", snap.join(".config/mozilla/firefox")),
        ("Firefox", firefox.join(".mozilla/firefox")),
        ("Firefox", firefox.join("config/mozilla/firefox")),
        ("LibreWolf", home.join(".librewolf")),
        ("LibreWolf", config_home.join("librewolf/librewolf")),
        ("LibreWolf", librewolf.join(".librewolf")),
        ("LibreWolf", librewolf.join("config/librewolf/librewolf")),
        ("Waterfox", home.join(".waterfox")),
        ("Waterfox", config_home.join("waterfox")),
        ("Waterfox", waterfox.join(".waterfox")),
    ]
}

/// The folders of the profiles that the `profiles.ini` in `root` lists; none where there is none.
fn profiles(root: &Path) -> Vec<PathBuf> {
    let Ok(bytes) = fs::read(root.join("profiles.ini")) else { return Vec::new() };
    read_profiles(&String::from_utf8_lossy(&bytes), root)
}

/// Each `[Profile…]` section has a `Path`, from `root` on where `IsRelative` is 1 (which is what it
/// is without one), else from the beginning.
fn read_profiles(ini: &str, root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut section: Option<Section> = None;
    let ini = ini.strip_prefix('\u{feff}').unwrap_or(ini);
    for line in ini.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            found.extend(section.take().and_then(|section| section.folder(root)));
            section = name.starts_with("Profile").then(Section::default);
        } else if let (Some(section), Some((key, value))) = (&mut section, line.split_once('=')) {
            match key.trim() {
                "Path" => section.path = Some(value.trim().to_owned()),
                "IsRelative" => section.is_absolute = value.trim() == "0",
                _ => {}
            }
        }
    }
    found.extend(section.and_then(|section| section.folder(root)));
    found
}

#[derive(Default)]
struct Section {
    path: Option<String>,
    is_absolute: bool,
}

impl Section {
    fn folder(self, root: &Path) -> Option<PathBuf> {
        let path = self.path.filter(|path| !path.is_empty())?;
        let path = Path::new(&path);
        match (self.is_absolute, path.is_absolute()) {
            // Some write an absolute path and forget to say so.
            (_, true) => Some(path.to_owned()),
            (false, false) => Some(root.join(path)),
            (true, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A home with these databases (and these folders, ending in a slash) in it.
    fn home(there: &[&str]) -> (TempDir, Places) {
        let home = tempfile::tempdir().unwrap();
        for path in there {
            let path = home.path().join(path);
            fs::create_dir_all(&path).unwrap();
            if !path.to_string_lossy().ends_with('/') {
                fs::write(path.join("cert9.db"), b"").unwrap();
            }
        }
        let places = Places::below(home.path().to_owned(), None);
        (home, places)
    }

    fn found(places: &Places) -> Vec<(String, bool, &'static str)> {
        databases(places)
            .into_iter()
            .map(|database| {
                let folder = database.folder.strip_prefix(&places.home).unwrap();
                (folder.to_string_lossy().into_owned(), database.is_new, database.browser)
            })
            .collect()
    }

    #[test]
    fn finds_the_databases_that_chromium_reads() {
        let (old, new) = (".pki/nssdb", ".local/share/pki/nssdb");
        for (there, expected) in [
            (vec![], vec![(new, true)]),
            (vec![".pki/"], vec![(new, true)]),
            (vec![".local/share/pki/nssdb/"], vec![(new, true)]),
            (vec![new], vec![(new, false)]),
            (vec![".pki/nssdb/"], vec![(old, true)]),
            (vec![old], vec![(old, false)]),
            (vec![".pki/nssdb/", new], vec![(old, true), (new, false)]),
            (vec![old, ".local/share/pki/nssdb/"], vec![(old, false)]),
            (vec![old, new], vec![(old, false), (new, false)]),
        ] {
            let (_home, places) = home(&there);
            let found: Vec<_> =
                found(&places).into_iter().map(|(folder, is_new, _)| (folder, is_new)).collect();
            let expected: Vec<_> =
                expected.into_iter().map(|(folder, is_new)| (folder.to_owned(), is_new)).collect();
            assert_eq!(found, expected, "{there:?}");
        }
    }

    #[test]
    fn finds_snaps_and_flatpaks_only_where_they_have_one() {
        let there = [
            "snap/chromium/current/.pki/nssdb",
            "snap/brave/current/.pki/nssdb/",
            ".var/app/com.google.Chrome/data/pki/nssdb",
            ".var/app/com.microsoft.Edge/.pki/nssdb",
            ".var/app/com.brave.Browser/",
        ];
        let (_home, places) = home(&there);
        let names: Vec<_> = found(&places).into_iter().skip(1).collect();
        assert_eq!(
            names,
            [
                (there[0].to_owned(), false, "Chromium"),
                (there[2].to_owned(), false, "Chrome"),
                (there[3].to_owned(), false, "Edge"),
            ]
        );
    }

    #[test]
    fn finds_the_profiles_of_firefox_and_its_kin_wherever_they_are_listed() {
        let roots = [
            (".mozilla/firefox", "Firefox"),
            (".config/mozilla/firefox", "Firefox"),
            ("snap/firefox/common/.mozilla/firefox", "Firefox"),
            (".var/app/org.mozilla.firefox/.mozilla/firefox", "Firefox"),
            (".var/app/org.mozilla.firefox/config/mozilla/firefox", "Firefox"),
            (".librewolf", "LibreWolf"),
            (".var/app/io.gitlab.librewolf-community/.librewolf", "LibreWolf"),
            (".waterfox", "Waterfox"),
        ];
        for (root, browser) in roots {
            let profile = format!("{root}/ab12.default");
            let (home, places) = home(&[&profile, &format!("{root}/unlisted.default")]);
            assert_eq!(found(&places).len(), 1, "nothing is listed yet");
            let ini = "[General]\nVersion=2\n\n[Profile0]\nName=default\nIsRelative=1\nPath=ab12.default\n";
            fs::write(home.path().join(root).join("profiles.ini"), ini).unwrap();
            assert_eq!(found(&places)[1..], [(profile, false, browser)]);
        }
    }

    #[test]
    fn a_listed_profile_without_a_database_is_left_as_it_is() {
        let (home, places) = home(&[".mozilla/firefox/ab12.default/"]);
        let root = home.path().join(".mozilla/firefox");
        fs::write(root.join("profiles.ini"), "[Profile0]\nPath=ab12.default\nIsRelative=1\n")
            .unwrap();
        assert_eq!(found(&places).len(), 1);
        assert_eq!(fs::read_dir(root.join("ab12.default")).unwrap().count(), 0);
    }

    #[test]
    fn a_profile_that_is_listed_twice_is_written_to_once() {
        let (home, places) = home(&[".mozilla/firefox/one"]);
        let root = home.path().join(".mozilla/firefox");
        let ini = format!(
            "[Profile1]\nPath=one\n[Profile0]\nIsRelative=0\nPath={}\n",
            root.join("one").display()
        );
        fs::write(root.join("profiles.ini"), ini).unwrap();
        assert_eq!(found(&places).len(), 2);
    }

    #[test]
    fn reads_what_firefox_writes_into_profiles_ini() {
        let ini = "\u{feff}[Install4F96D1932A9F858E]\r\nDefault=q1.default-esr\r\nLocked=1\r\n\r\n\
                   [Profile1]\r\nName=work\r\nIsRelative=0\r\nPath=/srv/profiles/work\r\n\
                   Default=1\r\n\r\n[Profile0]\r\nName=default-esr\r\nIsRelative=1\r\n\
                   Path=Profiles/q1.default-esr\r\n\r\n[General]\r\nStartWithLastProfile=1\r\n\
                   Path=nothing\r\n[Profile2]\nIsRelative=0\nPath=not/absolute\n[Profile3]\n\
                   Name=no path\n[Profile4]\nPath = spaced.default \n[Profile5]\nIsRelative=1\n\
                   Path=/absolute/all/the/same\n[Profile6]\nPath=";
        let expected: Vec<PathBuf> = [
            "/srv/profiles/work",
            "/r/Profiles/q1.default-esr",
            "/r/spaced.default",
            "/absolute/all/the/same",
        ]
        .map(PathBuf::from)
        .to_vec();
        assert_eq!(read_profiles(ini, Path::new("/r")), expected);
        for nothing in ["", "[", "[Profile0", "Path=x", "\u{0}\u{1}", "[Profile0]\n="] {
            assert_eq!(read_profiles(nothing, Path::new("/r")), Vec::<PathBuf>::new());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_reached_by_a_link_is_written_to_once() {
        let (home, places) = home(&[".pki/nssdb", ".local/share/pki/"]);
        std::os::unix::fs::symlink(
            home.path().join(".pki/nssdb"),
            home.path().join(".local/share/pki/nssdb"),
        )
        .unwrap();
        assert_eq!(found(&places).len(), 1);
    }
}
