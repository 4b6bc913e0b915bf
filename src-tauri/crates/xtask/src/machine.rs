//! The machine this runs on: which programs and libraries it has, and how it installs others.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A kind of system, by how it installs things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Debian and what is made from it.
    Debian,
    /// Ubuntu, which has Chromium under another name.
    Ubuntu,
    /// Fedora and its kin.
    Fedora,
    /// Arch and its kin.
    Arch,
    /// Another Linux.
    OtherLinux,
    /// macOS.
    Mac,
    /// Windows.
    Windows,
}

impl System {
    /// Whether it is a Linux, where the webview is a package and the desktop test can run.
    pub(crate) fn is_linux(self) -> bool {
        !matches!(self, Self::Mac | Self::Windows)
    }
}

/// What can be known of the machine without changing it.
pub(crate) struct Machine {
    /// What kind of system it is.
    pub(crate) system: System,
    /// Where its programs are looked for.
    path: OsString,
}

impl Machine {
    /// The machine this runs on.
    pub(crate) fn here() -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
        let machine = Self { system: System::OtherLinux, path };
        let system = if cfg!(windows) {
            System::Windows
        } else if cfg!(target_os = "macos") {
            System::Mac
        } else if machine.find("apt-get").is_some() {
            if release.lines().any(|line| line == "ID=ubuntu") {
                System::Ubuntu
            } else {
                System::Debian
            }
        } else if machine.find("dnf").is_some() {
            System::Fedora
        } else if machine.find("pacman").is_some() {
            System::Arch
        } else {
            System::OtherLinux
        };
        Self { system, ..machine }
    }

    /// A machine of that kind with programs in one folder only.
    #[cfg(test)]
    pub(crate) fn of(system: System, folder: &Path) -> Self {
        Self { system, path: folder.into() }
    }

    /// Where the first of these programs that it has lies.
    pub(crate) fn find_any(&self, programs: &[&str]) -> Option<PathBuf> {
        programs.iter().find_map(|program| self.find(program))
    }

    /// Where a program lies.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        let suffixes: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
        env::split_paths(&self.path)
            .flat_map(|folder| {
                suffixes.iter().map(move |suffix| folder.join(format!("{program}{suffix}")))
            })
            .find(|file| runs(file))
    }

    /// Whether pkg-config knows a library.
    pub(crate) fn has_library(&self, name: &str) -> bool {
        let Some(tool) = self.find_any(&["pkg-config", "pkgconf"]) else { return false };
        quietly(Command::new(tool).args(["--exists", name]))
    }

    /// Whether it has a Python that can make environments; Debian's alone cannot.
    pub(crate) fn has_python(&self) -> bool {
        let Some(python) = self.find_any(&["python3", "python"]) else { return false };
        let check = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";
        quietly(Command::new(python).args(["-c", check]))
    }

    /// The major and minor version of Node.js, where it is there and says it.
    pub(crate) fn node_version(&self) -> Option<(u32, u32)> {
        let output = Command::new(self.find("node")?).arg("--version").output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let mut parts = text.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    }

    /// What has to stand before a command that installs: nothing for root, `sudo` for someone who
    /// need not type a password for it, `None` for all others.
    pub(crate) fn rights(&self) -> Option<Vec<&'static str>> {
        if cfg!(not(unix)) {
            return None;
        }
        let id = Command::new(self.find("id")?).arg("-u").output().ok()?;
        if id.stdout.trim_ascii() == b"0" {
            return Some(Vec::new());
        }
        let asked = quietly(Command::new(self.find("sudo")?).args(["-n", "true"]));
        asked.then(|| vec!["sudo", "-n"])
    }
}

/// Whether a command succeeds; what it says goes nowhere.
fn quietly(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether a file is there and may be run.
fn runs(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    {
        file.is_file()
    }
}

#[cfg(test)]
#[cfg(unix)]
pub(crate) mod tests {
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use super::*;

    /// Held by each test that writes a program and runs it: a process started by another test in
    /// between would inherit the open file, and Linux runs no program that is open for writing.
    pub(crate) fn alone() -> MutexGuard<'static, ()> {
        static ONE: Mutex<()> = Mutex::new(());
        ONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a program that ends with `code` and says `text` into `folder`.
    pub(crate) fn put(folder: &Path, program: &str, text: &str, code: u8) {
        use std::os::unix::fs::PermissionsExt;
        let file = folder.join(program);
        std::fs::write(&file, format!("#!/bin/sh\necho '{text}'\nexit {code}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn finds_only_what_may_be_run() {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::of(System::Debian, folder.path());
        assert_eq!(machine.find("Xvfb"), None);
        std::fs::write(folder.path().join("Xvfb"), "not a program").unwrap();
        assert_eq!(machine.find("Xvfb"), None);
        put(folder.path(), "Xvfb", "", 0);
        assert_eq!(machine.find("Xvfb"), Some(folder.path().join("Xvfb")));
    }

    #[test]
    fn asks_pkg_config_for_a_library() {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::of(System::Debian, folder.path());
        assert!(!machine.has_library("webkit2gtk-4.1"));
        put(folder.path(), "pkg-config", "", 1);
        assert!(!machine.has_library("webkit2gtk-4.1"));
        put(folder.path(), "pkg-config", "", 0);
        assert!(machine.has_library("webkit2gtk-4.1"));
    }

    #[test]
    fn reads_the_version_of_node() {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::of(System::Debian, folder.path());
        assert_eq!(machine.node_version(), None);
        put(folder.path(), "node", "v20.19.3", 0);
        assert_eq!(machine.node_version(), Some((20, 19)));
        put(folder.path(), "node", "nonsense", 0);
        assert_eq!(machine.node_version(), None);
    }

    #[test]
    fn installs_only_with_the_right_to() {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::of(System::Debian, folder.path());
        assert_eq!(machine.rights(), None);
        put(folder.path(), "id", "1000", 0);
        assert_eq!(machine.rights(), None);
        put(folder.path(), "sudo", "", 1);
        assert_eq!(machine.rights(), None, "sudo that would ask for a password");
        put(folder.path(), "sudo", "", 0);
        assert_eq!(machine.rights(), Some(vec!["sudo", "-n"]));
        put(folder.path(), "id", "0", 0);
        assert_eq!(machine.rights(), Some(vec![]));
    }
}
