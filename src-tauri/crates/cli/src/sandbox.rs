//! `onhand sandbox`: the practice portal, by hand.

use std::{io::Write, path::Path};

use onhand_sandbox::{Config, Faults, Population, Sandbox};
use serde_json::{Value, json};

use crate::{
    args,
    exit::{Exit, Stop},
    output::Output,
};

/// Runs the portal until Ctrl+C or a polite request to end.
pub(crate) async fn run(arguments: &args::Sandbox, output: Output) -> Result<Exit, Stop> {
    let sandbox = Sandbox::start(config(arguments)?)
        .await
        .map_err(|error| Stop::failed(error.to_string()))?;
    // `SSL_CERT_FILE` names a file; it goes when the portal does.
    let certificate = certificate_file(&sandbox).map_err(|error| {
        Stop::failed(format!("The certificate could not be written ({error})."))
    })?;
    if output.json {
        output.document(&document(&sandbox, certificate.path()))?;
    } else {
        output.text(&text(&sandbox, certificate.path()))?;
    }
    until_asked_to_end().await;
    sandbox.shutdown().await;
    Ok(Exit::Done)
}

fn config(arguments: &args::Sandbox) -> Result<Config, Stop> {
    let faults = match &arguments.faults {
        Some(list) => Faults::parse(list).map_err(|error| Stop::usage(error.to_string()))?,
        None => Faults::none(),
    };
    let everybody = Population::invented();
    let population = match &arguments.patient {
        Some(name) => everybody.only(name).ok_or_else(|| {
            let users: Vec<String> =
                everybody.logins().into_iter().map(|login| login.user).collect();
            Stop::usage(format!(
                "There is no invented person called “{name}”. There are: {}.",
                users.join(", ")
            ))
        })?,
        None => everybody,
    };
    Ok(Config { port: arguments.port, faults, population, ..Config::default() })
}

fn certificate_file(sandbox: &Sandbox) -> std::io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("onhand-sandbox-").suffix(".pem").tempfile()?;
    file.write_all(sandbox.certificate_pem().as_bytes())?;
    file.flush()?;
    Ok(file)
}

fn document(sandbox: &Sandbox, certificate: &Path) -> Value {
    let logins: Vec<Value> = sandbox
        .logins()
        .iter()
        .map(
            |login| json!({ "user": login.user, "password": login.password, "about": login.about }),
        )
        .collect();
    json!({
        "origin": sandbox.origin(),
        "certificate": certificate,
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "logins": logins,
        "environment": environment(sandbox, certificate),
    })
}

fn text(sandbox: &Sandbox, certificate: &Path) -> String {
    let mut lines = vec![
        "A practice portal with invented people is running. Ctrl+C ends it.".to_owned(),
        String::new(),
        format!("address:       {}", sandbox.origin()),
        format!("certificate:   {}", certificate.display()),
        format!("client id:     {}", sandbox.client_id()),
        format!("client secret: {}", sandbox.client_secret()),
    ];
    for login in sandbox.logins() {
        lines
            .push(format!("log-in:        {} / {}  ({})", login.user, login.password, login.about));
    }
    lines.push(String::new());
    lines.push("Put this before a command, as in “… onhand connect”:".to_owned());
    lines.push(environment(sandbox, certificate));
    lines.join("\n")
}

/// What makes a command go to this portal and trust it. While `SSL_CERT_FILE` is set the system's own
/// certificates do not count, so that such a command reaches nothing but this portal.
fn environment(sandbox: &Sandbox, certificate: &Path) -> String {
    let path = certificate.to_string_lossy();
    let plain = path.chars().all(|char| char.is_ascii_alphanumeric() || "/._-".contains(char));
    let path = if plain { path.into_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) };
    format!("ONHAND_PORTAL={} SSL_CERT_FILE={path}", sandbox.origin())
}

/// Ctrl+C, and on Unix what `kill` sends.
async fn until_asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = end.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without a handler the system ends the program at Ctrl+C by itself.
    tokio::signal::ctrl_c().await.ok();
}
