//! The shell: one window around `ui/dist`, one command, and the few things only a desktop can do.
//!
//! It is the only place that names Tauri. It decides nothing about records: each call goes on to
//! [`Desk`], and what [`Desk`] announces goes on to the window.

mod desktop;
mod renderer;
mod window;

use std::process::ExitCode;
use std::sync::Arc;

use onhand_core::api::{ApiError, Event};
use onhand_desk::{Desk, Setup};
use serde_json::Value;
use tauri::{AppHandle, Emitter, Manager, State};
use tauri_plugin_window_state::StateFlags;
use tokio::sync::broadcast;

/// The name under which the window hears every [`Event`].
const EVENTS: &str = "onhand";

/// Runs the program: the window, or the errand its first argument names. Gives the exit code.
pub fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|first| first == onhand_nss::HELPER_ARGUMENT) {
        return onhand_nss::helper_main();
    }
    renderer::avoid_blank_windows();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

/// Opens the window and returns when it has been closed.
fn run() -> tauri::Result<()> {
    let kept = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    tauri::Builder::default()
        // First, so that a second start ends before it touches anything. What it was started with
        // is a stranger's word and is not read.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| {
            window::raise(app);
        }))
        .plugin(tauri_plugin_window_state::Builder::new().with_state_flags(kept).build())
        .invoke_handler(tauri::generate_handler![call])
        .setup(|app| {
            let handle = app.handle().clone();
            let setup = Setup::from_env(std::env::current_exe().ok())?;
            let desktop = Arc::new(desktop::Window::new(handle.clone()));
            let desk = tauri::async_runtime::block_on(Desk::open(setup, desktop));
            let events = desk.subscribe();
            app.manage(desk);
            tauri::async_runtime::spawn(forward(handle, events));
            window::open(app.handle())?;
            Ok(())
        })
        .run(tauri::generate_context!())
}

/// The one command: passes `command` and its `input` on and gives back what came of it.
#[tauri::command]
async fn call(
    desk: State<'_, Arc<Desk>>,
    command: String,
    input: Value,
) -> Result<Value, ApiError> {
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

/// Says on the terminal why the window did not open; there is nowhere else to say it.
#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn report(error: &tauri::Error) {
    eprintln!("Onhand could not open its window: {error}");
}
