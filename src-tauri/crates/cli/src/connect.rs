//! `onhand connect`: signs in through the browser and says whose record it is.

use std::{
    future::poll_fn,
    io::{self, BufRead, IsTerminal},
    pin::pin,
    task::Poll,
    thread,
    time::Duration,
};

use onhand_core::{
    api::{self, ConnectStage, Connecting, ErrorCode, Event, FoundPerson, PersonAnswer},
    app::{self, How},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::sync::{
    broadcast::{Receiver, error::RecvError},
    mpsc,
};

use crate::{
    args,
    exit::{Exit, Stop},
    host::Host,
    output::Output,
    text::one_line,
};

/// What the exchange and the first look at the record may take beyond the time-out.
const GRACE: Duration = Duration::from_secs(120);

pub(crate) async fn run(
    arguments: &args::Connect,
    portal: Option<String>,
    host: &Host,
) -> Result<Exit, Stop> {
    let output = host.output;
    let client_secret = arguments.client_secret_stdin.then(secret_from_stdin).transpose()?;
    host.start_or_create().await?;

    let events = host.app.subscribe();
    let begun = host
        .app
        .connect(
            api::Connect {
                client_id: arguments.client_id.clone().unwrap_or_default(),
                client_secret: client_secret.map(|secret| secret.expose_secret().to_owned()),
                portal,
                redirect_uris: (!arguments.redirect_uri.is_empty())
                    .then(|| arguments.redirect_uri.clone()),
            },
            // With or without our opening it, it is a person's browser that comes.
            How { timeout: arguments.timeout, ..How::default() },
        )
        .await?;
    // Listened for before the address is told: whoever reads it may interrupt at once.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    poll_fn(|context| {
        let _ = interrupted.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
    let address = format!("open: {}", begun.start_url.as_deref().unwrap_or_default());
    if output.json {
        output.tell(&address);
    } else {
        output.text(&address)?;
    }

    if let Some(note) = begun.note.iter().chain(&begun.trust_note).next() {
        output.tell(note);
    }
    let is_asked = io::stdin().is_terminal() && io::stderr().is_terminal();
    let mut lines = (is_asked || arguments.paste).then(Lines::read);
    let ended = tokio::select! {
        ended = host.app.connecting_ends() => ended?,
        () = paste(lines.as_mut(), host) => return Err(Stop::failed("The sign-in stopped.")),
        () = hints(events, output) => return Err(Stop::failed("The sign-in stopped.")),
        // The sign-in ends by itself before that, whatever the portal does.
        () = tokio::time::sleep(arguments.timeout.saturating_add(GRACE)) => {
            host.app.cancel_connect();
            host.app.sign_in_is_over().await;
            return Err(Stop::failed("The sign-in came to no end and was stopped. Try again."));
        }
        _ = &mut interrupted => {
            host.app.cancel_connect();
            host.app.sign_in_is_over().await;
            return Err(Stop {
                exit: Exit::Failed,
                code: "cancelled".to_owned(),
                message: "The sign-in was stopped. Nothing was kept.".to_owned(),
            });
        }
    };
    if ended.stage == ConnectStage::Failed {
        host.app.sign_in_is_over().await;
        return Err(failure(ended));
    }
    if ended.stage == ConnectStage::Confirm {
        let confirmed = confirm(arguments, host, &ended.people, lines.filter(|_| is_asked)).await;
        host.app.sign_in_is_over().await;
        confirmed?;
    }
    if output.json {
        output.document(&document(&ended))?;
    } else {
        output.text(&text(&ended))?;
    }
    Ok(Exit::Done)
}

async fn confirm(
    arguments: &args::Connect,
    host: &Host,
    people: &[FoundPerson],
    lines: Option<Lines>,
) -> Result<(), Stop> {
    let answer = if arguments.yes {
        Some(true)
    } else {
        host.output.tell(&format!("The portal says this record is of {}.", names(people)));
        // The signal is ours by now: without this, Ctrl+C would do nothing.
        tokio::select! {
            answer = ask(host.output, lines, "Is that right?") => answer,
            _ = tokio::signal::ctrl_c() => Some(false),
        }
    };
    let said = if answer == Some(true) { PersonAnswer::Mine } else { PersonAnswer::No };
    host.app.confirm_person(said).await?;
    let message = match answer {
        Some(true) => return Ok(()),
        Some(false) => "The sign-in was given back to the portal; nothing was kept.",
        None => {
            "Nobody is at the terminal to say whether that is right. The sign-in was given back; \
             nothing was kept. With --yes it is taken as right."
        }
    };
    Err(Stop { exit: Exit::Failed, code: "cancelled".to_owned(), message: message.to_owned() })
}

/// A yes on the terminal, `None` where nobody is there to ask.
async fn ask(output: Output, lines: Option<Lines>, question: &str) -> Option<bool> {
    let mut lines = lines?;
    output.ask_for_a_line(question);
    let answer = lines.next().await?;
    Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Takes each line as the address of the page that failed to load. Never ends: the sign-in does.
async fn paste(lines: Option<&mut Lines>, host: &Host) {
    if let Some(lines) = lines {
        while let Some(line) = lines.next().await {
            if line.trim().is_empty() {
                continue;
            }
            match host.app.paste_address(&line).await {
                // It ends by itself now, and what is typed from here on answers the next question.
                Ok(_) | Err(app::Error::NothingToGoOnWith) => break,
                Err(error) => host.output.tell(&error.to_string()),
            }
        }
    }
    std::future::pending().await
}

/// The lines of standard input, read on a thread of its own, which the end of the program does not
/// wait for.
struct Lines(mpsc::Receiver<String>);

impl Lines {
    fn read() -> Lines {
        let (send, lines) = mpsc::channel(1);
        thread::spawn(move || {
            for line in io::stdin().lines() {
                // Nobody wants more, or there is no more.
                let Ok(line) = line else { return };
                if send.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        Lines(lines)
    }

    async fn next(&mut self) -> Option<String> {
        self.0.recv().await
    }
}

/// Tells what a person who waits should know. Ends only when nothing more can happen.
async fn hints(mut events: Receiver<Event>, output: Output) {
    let mut told = None;
    loop {
        let connecting = match events.recv().await {
            Ok(Event::ConnectProgressed(connecting)) => connecting,
            Ok(_) | Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        if told == Some(connecting.stage) {
            continue;
        }
        told = Some(connecting.stage);
        match connecting.stage {
            ConnectStage::AtPortal => output.tell("The browser is at the portal."),
            ConnectStage::Exchanging => output.tell("The portal has answered."),
            ConnectStage::CertificateRefused => output.tell(
                "The browser does not trust this computer's own address. Continue past its one \
                 warning, which is about this computer only and comes before the portal's log-in; \
                 or paste here the address of the page that does not open after the log-in, and go past \
                 no warning there.",
            ),
            ConnectStage::Preparing
            | ConnectStage::WaitingForBrowser
            | ConnectStage::SigningInHere
            | ConnectStage::Confirm
            | ConnectStage::Connected
            | ConnectStage::Failed => {}
        }
    }
}

/// A sign-in that brought nothing; that the portal refused what was typed is no wrong usage.
fn failure(ended: Connecting) -> Stop {
    let error = ended.error.unwrap_or(api::ApiError {
        code: ErrorCode::Internal,
        message: "The sign-in did not work. Try again.".to_owned(),
    });
    Stop { exit: Exit::Failed, ..Stop::from(error) }
}

fn document(ended: &Connecting) -> Value {
    let people: Vec<Value> = ended
        .people
        .iter()
        .map(|person| {
            json!({
                "patient_id": person.patient_id,
                "name": person.name,
                "birth_date": person.birth_date,
            })
        })
        .collect();
    json!({ "portal": ended.portal, "people": people })
}

fn text(ended: &Connecting) -> String {
    format!(
        "Connected to {}: the record of {}.\nNext: onhand sync",
        one_line(&ended.portal),
        names(&ended.people)
    )
}

fn names(people: &[FoundPerson]) -> String {
    let names: Vec<String> = people
        .iter()
        .map(|person| match &person.birth_date {
            Some(date) => format!("{}, born {}", one_line(&person.name), one_line(date)),
            None => one_line(&person.name),
        })
        .collect();
    if names.is_empty() { "nobody it names".to_owned() } else { names.join("; and of ") }
}

/// The first line of standard input, without its end.
fn secret_from_stdin() -> Result<SecretString, Stop> {
    let mut line = String::new();
    io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Stop::usage(format!("The client secret could not be read ({error}).")))?;
    let secret = SecretString::from(line.trim());
    if secret.expose_secret().is_empty() {
        return Err(Stop::usage("There is no client secret on standard input."));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_with_their_day_of_birth() {
        let person = |name: &str, birth_date: Option<&str>| FoundPerson {
            patient_id: "1".to_owned(),
            name: name.to_owned(),
            birth_date: birth_date.map(str::to_owned),
        };
        assert_eq!(
            names(&[
                person("Ada\u{1b}[2J Example", Some("1971-03-02")),
                person("Bo Example", None)
            ]),
            "Ada [2J Example, born 1971-03-02; and of Bo Example"
        );
        assert_eq!(names(&[]), "nobody it names");
    }

    #[test]
    fn a_refused_secret_is_a_failure_and_no_wrong_usage() {
        let ended = Connecting {
            stage: ConnectStage::Failed,
            portal: "https://localhost:1".to_owned(),
            start_url: None,
            people: Vec::new(),
            ways: Vec::new(),
            port_missing: false,
            other_person: None,
            trust_note: None,
            note: None,
            error: Some(api::ApiError {
                code: ErrorCode::Invalid,
                message: "The portal does not accept the client secret.".to_owned(),
            }),
        };
        let stop = failure(ended);
        assert_eq!((stop.exit, stop.code.as_str()), (Exit::Failed, "invalid"));
    }
}
