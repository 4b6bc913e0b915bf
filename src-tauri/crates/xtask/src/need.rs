//! What building, opening and testing Onhand need of a machine, and how it gets what it lacks.

use std::process::Command;

use anyhow::{Context, bail};

use crate::machine::{Machine, System};

/// Something the machine must have.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// Its name for a person.
    pub(crate) name: &'static str,
    /// How it is known to be there.
    sign: Sign,
    /// Debian's packages that bring it.
    debian: &'static [&'static str],
    /// Fedora's packages that bring it.
    fedora: &'static [&'static str],
    /// Arch's packages that bring it.
    arch: &'static [&'static str],
    /// How macOS gets it; empty where it has it or can do without.
    mac: &'static str,
    /// How Windows gets it; empty where it has it or can do without.
    windows: &'static str,
}

/// How something is known to be there.
#[derive(Debug, PartialEq, Eq)]
enum Sign {
    /// One of these programs.
    Program(&'static [&'static str]),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// Node.js, new enough.
    Node,
    /// Python, with what makes an environment of its own for packages.
    Python,
}

/// The oldest Node.js that runs the tools of the interface.
const NODE: (u32, u32) = (20, 19);

/// What building the app takes.
const BUILD: &[Need] = &[
    Need {
        name: "Node.js 20.19 or newer, with npm",
        sign: Sign::Node,
        debian: &["nodejs", "npm"],
        fedora: &["nodejs", "nodejs-npm"],
        arch: &["nodejs", "npm"],
        mac: "brew install node",
        windows: "winget install OpenJS.NodeJS.LTS",
    },
    Need {
        name: "perl (it configures OpenSSL for SQLCipher)",
        sign: Sign::Program(&["perl"]),
        debian: &["perl"],
        fedora: &["perl-core"],
        arch: &["perl"],
        mac: "brew install perl",
        windows: "winget install StrawberryPerl.StrawberryPerl",
    },
];

/// What building the app takes beside that where the compiler does not come with Rust's own.
const BUILD_UNIX: &[Need] = &[
    Need {
        name: "a C compiler",
        sign: Sign::Program(&["cc"]),
        debian: &["build-essential"],
        fedora: &["gcc"],
        arch: &["base-devel"],
        mac: "xcode-select --install",
        windows: "",
    },
    Need {
        name: "make",
        sign: Sign::Program(&["make"]),
        debian: &["make"],
        fedora: &["make"],
        arch: &["base-devel"],
        mac: "xcode-select --install",
        windows: "",
    },
];

/// What building the app takes on Linux beside that.
const BUILD_LINUX: &[Need] = &[
    Need {
        name: "pkg-config",
        sign: Sign::Program(&["pkg-config", "pkgconf"]),
        debian: &["pkg-config"],
        fedora: &["pkgconf-pkg-config"],
        arch: &["pkgconf"],
        mac: "",
        windows: "",
    },
    Need {
        name: "WebKitGTK 4.1 (the webview)",
        sign: Sign::Library("webkit2gtk-4.1"),
        debian: &["libwebkit2gtk-4.1-dev"],
        fedora: &["webkit2gtk4.1-devel"],
        arch: &["webkit2gtk-4.1"],
        mac: "",
        windows: "",
    },
];

/// What building the fuzz targets takes beside that.
const COMPILER: Need = Need {
    name: "a C++ compiler",
    sign: Sign::Program(&["c++"]),
    debian: &["g++"],
    fedora: &["gcc-c++"],
    arch: &["base-devel"],
    mac: "xcode-select --install",
    windows: "",
};

/// What opening the app without a display takes.
const LOOK: &[Need] = &[XVFB, IMPORT];

/// A display without a screen.
const XVFB: Need = Need {
    name: "Xvfb (a display without a screen)",
    sign: Sign::Program(&["Xvfb"]),
    debian: &["xvfb"],
    fedora: &["xorg-x11-server-Xvfb"],
    arch: &["xorg-server-xvfb"],
    mac: "",
    windows: "",
};

/// It takes pictures of a display.
const IMPORT: Need = Need {
    name: "ImageMagick's import (it takes the picture)",
    sign: Sign::Program(&["import"]),
    debian: &["imagemagick"],
    fedora: &["ImageMagick"],
    arch: &["imagemagick"],
    mac: "",
    windows: "",
};

/// A browser for the tests of the interface.
const CHROMIUM: Need = Need {
    name: "Chromium",
    sign: Sign::Program(&["chromium"]),
    debian: &["chromium"],
    fedora: &["chromium"],
    arch: &["chromium"],
    mac: "brew install --cask chromium",
    windows: "winget install Hibbiki.Chromium",
};

/// The other browser that people sign in with.
const FIREFOX: Need = Need {
    name: "Firefox (the other browser that people sign in with)",
    sign: Sign::Program(&["firefox-esr", "firefox"]),
    debian: &["firefox-esr"],
    fedora: &["firefox"],
    arch: &["firefox"],
    mac: "",
    windows: "",
};

/// What the desktop test takes on Linux.
const DESKTOP: &[Need] = &[
    XVFB,
    IMPORT,
    Need {
        name: "WebKitWebDriver (it drives the app's window)",
        sign: Sign::Program(&["WebKitWebDriver"]),
        debian: &["webkit2gtk-driver"],
        fedora: &["webkit2gtk-driver"],
        arch: &["webkit2gtk-4.1"],
        mac: "",
        windows: "",
    },
    Need {
        name: "certutil (it looks into the browsers' certificate databases)",
        sign: Sign::Program(&["certutil"]),
        debian: &["libnss3-tools"],
        fedora: &["nss-tools"],
        arch: &["nss"],
        mac: "",
        windows: "",
    },
    FIREFOX,
    Need {
        name: "a session bus (dbus-daemon)",
        sign: Sign::Program(&["dbus-daemon"]),
        debian: &["dbus"],
        fedora: &["dbus-daemon"],
        arch: &["dbus"],
        mac: "",
        windows: "",
    },
    Need {
        name: "dbus-send",
        sign: Sign::Program(&["dbus-send"]),
        debian: &["dbus-bin"],
        fedora: &["dbus-tools"],
        arch: &["dbus"],
        mac: "",
        windows: "",
    },
    Need {
        name: "GNOME Keyring (a keychain)",
        sign: Sign::Program(&["gnome-keyring-daemon"]),
        debian: &["gnome-keyring"],
        fedora: &["gnome-keyring"],
        arch: &["gnome-keyring"],
        mac: "",
        windows: "",
    },
];

/// What the portal of the tests takes that is not ours.
const PYTHON: Need = Need {
    name: "Python 3.10 or newer, with venv",
    sign: Sign::Python,
    debian: &["python3", "python3-venv"],
    fedora: &["python3"],
    arch: &["python"],
    mac: "brew install python",
    windows: "winget install Python.Python.3.13",
};

/// What a task is about to do, and so what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Build the app.
    Build,
    /// Build it, and look at it without a display.
    Look,
    /// Build it and run every test.
    Test,
    /// Build and run the fuzz targets, which need no window.
    Fuzz,
    /// Run the portal that is not ours.
    Portal,
}

impl Purpose {
    /// What it needs on that kind of system.
    fn needs(self, system: System) -> Vec<&'static Need> {
        let linux = system.is_linux();
        if self == Self::Portal {
            return vec![&PYTHON];
        }
        if self == Self::Fuzz {
            // Perl for SQLCipher, no Node.js.
            let mut needs: Vec<_> = BUILD.iter().filter(|need| need.sign != Sign::Node).collect();
            if system != System::Windows {
                needs.extend(BUILD_UNIX);
                needs.push(&COMPILER);
            }
            return needs;
        }
        let mut needs: Vec<_> = BUILD.iter().collect();
        if system != System::Windows {
            needs.extend(BUILD_UNIX);
        }
        if linux {
            needs.extend(BUILD_LINUX);
        }
        match self {
            Self::Build | Self::Fuzz | Self::Portal => {}
            Self::Look => needs.extend(LOOK),
            Self::Test => {
                needs.push(&CHROMIUM);
                if linux {
                    needs.extend(DESKTOP);
                }
            }
        }
        needs
    }
}

impl Need {
    /// Whether the machine has it.
    fn is_met(&self, machine: &Machine) -> bool {
        match self.sign {
            Sign::Program(names) => machine.find_any(names).is_some(),
            Sign::Library(name) => machine.has_library(name),
            Sign::Python => machine.has_python(),
            Sign::Node => {
                machine.find("npm").is_some()
                    && machine.node_version().is_some_and(|version| version >= NODE)
            }
        }
    }

    /// What has to be installed for it: packages, or on macOS and Windows a whole command.
    fn packages(&self, system: System) -> Vec<&'static str> {
        match system {
            System::Ubuntu if self.name == CHROMIUM.name => vec!["chromium-browser"],
            System::Ubuntu if self.name == FIREFOX.name => vec!["firefox"],
            System::Debian | System::Ubuntu | System::OtherLinux => self.debian.to_vec(),
            System::Fedora => self.fedora.to_vec(),
            System::Arch => self.arch.to_vec(),
            System::Mac => vec![self.mac],
            System::Windows => vec![self.windows],
        }
    }
}

/// Makes sure that the machine has all that `purpose` needs. On Debian and Ubuntu, with the right
/// to, it installs what is missing; everywhere else it says the exact command and gives an error.
pub(crate) fn ensure(purpose: Purpose) -> anyhow::Result<()> {
    let machine = Machine::here();
    let missing = missing(purpose, &machine);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.iter().map(|need| need.name).collect::<Vec<_>>().join(", ");
    let by_itself = matches!(machine.system, System::Debian | System::Ubuntu)
        && !missing.iter().any(|need| need.sign == Sign::Node);
    let Some(rights) = machine.rights().filter(|_| by_itself) else {
        bail!("{}", advice(&missing, machine.system));
    };
    println!("This machine lacks: {names}. Installing.");
    apt(&rights, &["update"])?;
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(packages(&missing, machine.system));
    apt(&rights, &install)?;
    let left = self::missing(purpose, &machine);
    if !left.is_empty() {
        bail!("Installed, and yet not found. {}", advice(&left, machine.system));
    }
    Ok(())
}

/// What of it the machine lacks.
fn missing(purpose: Purpose, machine: &Machine) -> Vec<&'static Need> {
    purpose.needs(machine.system).into_iter().filter(|need| !need.is_met(machine)).collect()
}

/// The packages to install, each once.
fn packages(missing: &[&Need], system: System) -> Vec<&'static str> {
    let mut packages = Vec::new();
    for package in missing.iter().flat_map(|need| need.packages(system)) {
        if !package.is_empty() && !packages.contains(&package) {
            packages.push(package);
        }
    }
    packages
}

/// Says what is missing and how it is got.
fn advice(missing: &[&Need], system: System) -> String {
    let names = missing.iter().map(|need| need.name).collect::<Vec<_>>().join(", ");
    let packages = packages(missing, system);
    let commands = match system {
        System::Debian | System::Ubuntu => {
            vec![format!("sudo apt-get install {}", packages.join(" "))]
        }
        System::Fedora => vec![format!("sudo dnf install {}", packages.join(" "))],
        System::Arch => vec![format!("sudo pacman -S --needed {}", packages.join(" "))],
        System::OtherLinux => {
            vec![format!("with your package manager, what Debian calls {}", packages.join(" "))]
        }
        System::Mac | System::Windows => packages.into_iter().map(str::to_owned).collect(),
    };
    format!(
        "This machine lacks: {names}.\nInstall it, then run this again:\n  {}",
        commands.join("\n  ")
    )
}

/// Runs `apt-get` with these arguments, asking nothing.
fn apt(rights: &[&str], arguments: &[&str]) -> anyhow::Result<()> {
    let line = [
        rights,
        // Through `env`, because sudo keeps no variable.
        &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"],
        arguments,
    ]
    .concat();
    println!("{}", line.join(" "));
    let (program, rest) = line.split_first().context("there is always `env`")?;
    let status =
        Command::new(program).args(rest).status().context("apt-get could not be started")?;
    if !status.success() {
        bail!("`{}` failed ({status}).", line.join(" "));
    }
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::machine::tests::{alone, put};

    fn names(purpose: Purpose, machine: &Machine) -> Vec<&'static str> {
        missing(purpose, machine).iter().map(|need| need.name).collect()
    }

    #[test]
    fn sees_what_an_empty_machine_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let debian = Machine::of(System::Debian, folder.path());
        let lacking = missing(Purpose::Test, &debian);
        assert_eq!(
            packages(&lacking, System::Debian).join(" "),
            "nodejs npm perl build-essential make pkg-config libwebkit2gtk-4.1-dev chromium xvfb \
             imagemagick webkit2gtk-driver libnss3-tools firefox-esr dbus dbus-bin \
             gnome-keyring"
        );
        assert!(packages(&lacking, System::Ubuntu).contains(&"chromium-browser"));
        assert!(
            packages(&missing(Purpose::Look, &debian), System::Debian).contains(&"imagemagick")
        );
    }

    #[test]
    fn lacks_nothing_that_is_there() {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let debian = Machine::of(System::Debian, folder.path());
        for program in ["npm", "cc", "make", "perl", "pkg-config"] {
            put(folder.path(), program, "", 0);
        }
        put(folder.path(), "node", "v22.1.0", 0);
        assert_eq!(names(Purpose::Build, &debian), Vec::<&str>::new());
        put(folder.path(), "node", "v18.20.0", 0);
        assert_eq!(names(Purpose::Build, &debian), ["Node.js 20.19 or newer, with npm"]);
        put(folder.path(), "pkg-config", "", 1);
        assert!(names(Purpose::Build, &debian).contains(&"WebKitGTK 4.1 (the webview)"));
    }

    #[test]
    fn asks_a_mac_for_no_linux_package() {
        let folder = tempfile::tempdir().unwrap();
        let mac = Machine::of(System::Mac, folder.path());
        assert!(!names(Purpose::Test, &mac).iter().any(|name| name.contains("WebKit")));
        let text = advice(&missing(Purpose::Build, &mac), System::Mac);
        assert!(
            text.contains("\n  brew install node\n  brew install perl\n  xcode-select --install"),
            "{text}"
        );
    }

    #[test]
    fn names_the_exact_command_of_each_system() {
        let needs = [&BUILD_LINUX[1], &CHROMIUM];
        for (system, command) in [
            (System::Debian, "sudo apt-get install libwebkit2gtk-4.1-dev chromium"),
            (System::Ubuntu, "sudo apt-get install libwebkit2gtk-4.1-dev chromium-browser"),
            (System::Fedora, "sudo dnf install webkit2gtk4.1-devel chromium"),
            (System::Arch, "sudo pacman -S --needed webkit2gtk-4.1 chromium"),
        ] {
            assert!(advice(&needs, system).ends_with(command), "{}", advice(&needs, system));
        }
    }
}
