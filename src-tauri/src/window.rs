//! The main window: how it is made, where it may go, how it comes to the front.

use tauri::webview::NewWindowResponse;
use tauri::{
    AppHandle, Manager, Url, UserAttentionType, WebviewUrl, WebviewWindowBuilder, WindowEvent,
};

use crate::sign_in;

/// The label that the capability and the events name.
pub(crate) const LABEL: &str = "main";

/// Opens the window on the interface that is built into this program.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Onhand")
        .inner_size(1200.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .incognito(!driven_by_a_test())
        .on_navigation(is_ours)
        .on_new_window(|_address, _features| NewWindowResponse::Deny)
        .build()?;
    let app = app.clone();
    window.on_window_event(move |event| {
        // A sign-in does not outlive the window it began in.
        if matches!(event, WindowEvent::Destroyed) {
            sign_in::close(&app);
        }
    });
    Ok(())
}

/// Brings the window to the front, or at least makes it ask for attention where the desktop does
/// not let a program raise itself.
pub(crate) fn raise(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    // Each of these may be refused by a desktop on its own; the rest is still worth a try.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
    if !window.is_focused().unwrap_or(false) {
        let _ = window.request_user_attention(Some(UserAttentionType::Informational));
    }
}

/// Whether an address is one of the interface's own. No other is ever loaded in this window.
fn is_ours(address: &Url) -> bool {
    let origin = (address.scheme(), address.host_str());
    if cfg!(windows) {
        matches!(origin, ("http" | "https", Some("tauri.localhost")))
    } else {
        origin == ("tauri", Some("localhost"))
    }
}

/// Whether a WebDriver was asked for by the variable that Tauri itself reads. WebKitGTK lets itself
/// be driven only in a context that is not ephemeral, so the driver gives a home of its own.
pub(crate) fn driven_by_a_test() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_nowhere_but_to_its_own_pages() {
        let own = if cfg!(windows) { "http://tauri.localhost/" } else { "tauri://localhost/" };
        let own: Url = own.parse().unwrap();
        assert!(is_ours(&own));
        assert!(is_ours(&own.join("index.html#/records/7").unwrap()));
        for other in [
            "https://onpatient.com/",
            "https://localhost:27443/callback",
            "tauri://localhost.example/",
            "tauri://elsewhere/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:blank",
            "javascript:alert(1)",
        ] {
            assert!(!is_ours(&other.parse().unwrap()), "{other}");
        }
    }
}
