//! A home, a data folder and a portal of its own for each test, and the command run in them.

use std::{
    fs,
    net::{Ipv4Addr, Ipv6Addr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
};

use onhand_sandbox::{Config, Sandbox};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::robot::{Consent, Robot};

pub(crate) const PASSPHRASE: &str = "a passphrase for tests";

/// A home on a machine without a keychain, and a portal.
pub(crate) struct Room {
    pub(crate) home: TempDir,
    pub(crate) portal: Sandbox,
    redirect_uri: String,
    /// What stands in `ONHAND_PASSPHRASE`.
    pub(crate) passphrase: Option<&'static str>,
}

/// How a command ended and what it wrote.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A command that runs.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    /// What was read of standard output so far.
    read: String,
}

impl Room {
    pub(crate) async fn new() -> Room {
        Room::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Room {
        // The usual three ports belong to whoever runs Onhand on this computer.
        let redirect_uri = format!("https://localhost:{}/callback", free_port());
        let redirect_uris = vec![redirect_uri.clone()];
        let portal = Sandbox::start(Config { redirect_uris, ..config }).await.unwrap();
        let home = TempDir::new().unwrap();
        fs::write(home.path().join("portal.pem"), portal.certificate_pem()).unwrap();
        Room { home, portal, redirect_uri, passphrase: Some(PASSPHRASE) }
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.home.path().join("data")
    }

    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The command with nothing of this process's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onhand"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.home())
            // Without certutil, so that no test depends on it.
            .env("PATH", self.home())
            .env("ONHAND_DATA_DIR", self.data_dir())
            .env("ONHAND_PORTAL", self.portal.origin())
            .env("SSL_CERT_FILE", self.home().join("portal.pem"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(passphrase) = self.passphrase {
            command.env("ONHAND_PASSPHRASE", passphrase);
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Run {
        Running::start(self.command(arguments)).end().await
    }

    /// Begins `onhand connect` with the portal's client, and waits for its `open:` line.
    pub(crate) async fn begin_connect(&self, more: &[&str]) -> (Running, String) {
        let mut arguments = vec!["connect", "--client-id", self.portal.client_id(), "--no-browser"];
        arguments.extend(["--client-secret-stdin", "--redirect-uri", &self.redirect_uri]);
        arguments.extend(more);
        let mut running = Running::start(self.command(&arguments));
        running.type_line(self.portal.client_secret()).await;
        let line = running.line().await;
        let Some(address) = line.strip_prefix("open: ") else {
            panic!("no address in {line:?}: {:?}", running.end().await)
        };
        let address = address.to_owned();
        (running, address)
    }

    /// Connects as that user; everything is as it should be.
    pub(crate) async fn connect(&self, user: &str) -> Run {
        let (running, address) = self.begin_connect(&["--yes"]).await;
        let page = Robot::new().sign_in(&address, user, Consent::Allow).await;
        assert_eq!(page.status, 200, "{page:?}");
        let run = running.end().await;
        assert_eq!(run.code, 0, "{run:?}");
        run
    }

    /// Connects and copies.
    pub(crate) async fn connect_and_sync(&self, user: &str) -> Value {
        self.connect(user).await;
        let run = self.run(&["sync", "--json"]).await;
        assert_eq!(run.code, 0, "{run:?}");
        run.json()
    }
}

impl Run {
    /// The one document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in {:?}\n{}", self.stdout, self.stderr))
    }
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Running {
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Running { child, stdin, stdout, read: String::new() }
    }

    pub(crate) async fn type_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        stdin.flush().await.unwrap();
    }

    /// The next line of standard output, without its end.
    pub(crate) async fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).await.unwrap();
        self.read += &line;
        line.trim_end().to_owned()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// Ends it as a power cut would. Gives whether it was running, and what it had said on standard
    /// error.
    pub(crate) async fn kill(mut self) -> (bool, String) {
        let was_running = self.child.try_wait().unwrap().is_none();
        self.child.start_kill().ok();
        self.child.wait().await.unwrap();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
        (was_running, said)
    }

    /// Waits for the end.
    pub(crate) async fn end(mut self) -> Run {
        drop(self.stdin.take());
        let mut stdout = self.read;
        let mut stderr = String::new();
        let mut errors = self.child.stderr.take().unwrap();
        let (out, err) = tokio::join!(
            self.stdout.read_to_string(&mut stdout),
            errors.read_to_string(&mut stderr)
        );
        out.unwrap();
        err.unwrap();
        let status = self.child.wait().await.unwrap();
        Run { code: status.code().unwrap_or(-1), stdout, stderr }
    }
}

/// A port that is free on both loopback addresses.
fn free_port() -> u16 {
    loop {
        let four = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = four.local_addr().unwrap().port();
        let six = TcpListener::bind((Ipv6Addr::LOCALHOST, port));
        // A machine without IPv6 has nobody there either.
        if !six.is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse) {
            return port;
        }
    }
}
