//! The shell: one window around `ui/dist`, one command, and the few things only a desktop can do,
//! among them a second window in which a person may sign in at the portal.
//!
//! It is the only place that names Tauri. It decides nothing about records: each call goes on to
//! [`Desk`], and what [`Desk`] announces goes on to the window.

mod desktop;
mod menu;
mod renderer;
mod sign_in;
mod window;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use onhand_core::api::{ApiError, ErrorCode, Event, Language, Settings};
use onhand_core::app::remove_certificates;
use onhand_core::onpatient::sign_in::Trust;
use onhand_desk::{Desk, NoHome, Setup};
use serde_json::Value;
use tauri::{AppHandle, Emitter, ExitRequestApi, Manager, RunEvent, State};
use tauri_plugin_window_state::StateFlags;
use tokio::sync::{broadcast, watch};

/// The name under which the window hears every [`Event`].
const EVENTS: &str = "onhand";

/// A sign-in that the window was closed on is waited for no longer than this: five seconds in which its
/// browser may still ask for the last page, and what it takes to remove its certificate.
const SIGN_IN_ENDS_WITHIN: Duration = Duration::from_secs(7);

/// The errand of an uninstaller: no certificate of Onhand's stays trusted.
const UNTRUST: &str = "untrust";

/// The desk, once it has been opened. The window does not wait for it: a keychain may be asking the
/// person something meanwhile.
type Opened = watch::Receiver<Option<Arc<Desk>>>;

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    NoHome(#[from] NoHome),
    #[error("Onhand could not open its window: {0}")]
    Window(#[from] tauri::Error),
}

/// Runs the program: the window, or the errand its first argument names. Gives the exit code.
pub fn main() -> ExitCode {
    onhand_core::memory::keep_off_the_disk();
    let errand = std::env::args_os().nth(1).unwrap_or_default();
    if errand == onhand_nss::HELPER_ARGUMENT {
        return onhand_nss::helper_main();
    }
    if errand == UNTRUST {
        return untrust();
    }
    renderer::choose();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

/// Removes every certificate of ours from wherever it is trusted; the system may ask the person. Says
/// what was removed and what was not.
#[expect(clippy::print_stdout, reason = "whoever calls it has no window")]
fn untrust() -> ExitCode {
    let trust = Trust::from_env(std::env::current_exe().ok());
    let swept = tauri::async_runtime::block_on(remove_certificates(&trust));
    for sentence in swept.removed.iter().chain(&swept.left) {
        println!("{sentence}");
    }
    if swept.left.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Opens the window. Ends the program when it has been closed; returns only where it could not be
/// opened.
fn run() -> Result<(), Error> {
    // This very program answers to `nss-helper`.
    let setup = Setup::from_env(std::env::current_exe().ok())?;
    let kept = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    tauri::Builder::default()
        // First, so that a second start ends before it touches anything. What it was started with
        // is a stranger's word and is not read.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| {
            window::raise(app);
        }))
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(kept)
                .with_denylist(&[sign_in::LABEL])
                .build(),
        )
        .invoke_handler(tauri::generate_handler![call])
        .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
        .setup(|app| {
            let (opened, desk) = watch::channel(None);
            app.manage::<Opened>(desk);
            tauri::async_runtime::spawn(serve(app.handle().clone(), setup, opened));
            window::open(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!())?
        .run(|app, event| {
            if let RunEvent::ExitRequested { code: None, api, .. } = event {
                end_sign_in_first(app, &api);
            }
        });
    Ok(())
}

/// Puts the end off where a sign-in is under way, until its certificate is trusted no more.
fn end_sign_in_first(app: &AppHandle, api: &ExitRequestApi) {
    let Some(desk) = desk(app).filter(|desk| desk.is_signing_in()) else { return };
    api.prevent_exit();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // What is not over by then is left to the sweep of a later start.
        let _ = tokio::time::timeout(SIGN_IN_ENDS_WITHIN, desk.end_sign_in()).await;
        app.exit(0);
    });
}

/// Opens the desk, says so, and from then on passes its events to the window.
async fn serve(app: AppHandle, setup: Setup, opened: watch::Sender<Option<Arc<Desk>>>) {
    let desk = Desk::open(setup, Arc::new(desktop::Window::new(app.clone()))).await;
    let events = desk.subscribe();
    opened.send_replace(Some(Arc::clone(&desk)));
    if menu::HAS_MENU {
        tauri::async_runtime::spawn(keep_menu(app.clone(), desk));
    }
    forward(app, events).await;
}

/// Shows the menu in the language the person chose, from now on.
async fn keep_menu(app: AppHandle, desk: Arc<Desk>) {
    let mut events = desk.subscribe();
    let mut shown = None;
    loop {
        let language = chosen_language(&desk).await;
        if shown != Some(language) {
            let host = app.clone();
            // Without a menu everything in it still has a key in the window.
            let _ = app.run_on_main_thread(move || drop(menu::show(&host, language)));
            shown = Some(language);
        }
        loop {
            match events.recv().await {
                Ok(Event::Changed) | Err(broadcast::error::RecvError::Lagged(_)) => break,
                Ok(_) => {}
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }
}

/// The language of the interface.
async fn chosen_language(desk: &Desk) -> Language {
    let answer = desk.call("settings", Value::Null).await.ok();
    let settings = answer.and_then(|answer| serde_json::from_value::<Settings>(answer).ok());
    settings.and_then(|settings| settings.language).unwrap_or(Language::En)
}

/// The desk, if it has been opened.
fn desk(app: &AppHandle) -> Option<Arc<Desk>> {
    app.try_state::<Opened>().and_then(|opened| opened.borrow().clone())
}

/// The one command: passes `command` and its `input` on and gives back what came of it.
#[tauri::command]
async fn call(opened: State<'_, Opened>, command: String, input: Value) -> Result<Value, ApiError> {
    let mut opened = opened.inner().clone();
    // Cloned at once: what `wait_for` lends must not be held while the command runs.
    let desk = opened.wait_for(Option::is_some).await.ok().and_then(|desk| desk.clone());
    let Some(desk) = desk else {
        return Err(ApiError {
            code: ErrorCode::Internal,
            message: "Onhand could not open its data folder. Close it and open it again."
                .to_owned(),
        });
    };
    desk.call(&command, input).await
}

/// Tells the window of each event. Where some were missed it is told to ask again for everything.
async fn forward(app: AppHandle, mut events: broadcast::Receiver<Event>) {
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(broadcast::error::RecvError::Lagged(_)) => Event::Changed,
            Err(broadcast::error::RecvError::Closed) => return,
        };
        if app.emit_to(window::LABEL, EVENTS, &event).is_err() {
            return;
        }
    }
}

/// Says on the terminal why there is no window; there is nowhere else to say it.
#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn report(error: &Error) {
    eprintln!("{error}");
}
