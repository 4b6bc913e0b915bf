//! The window in which a person signs in at the portal where their browser would not do: a webview
//! without memory and without any say in Onhand, that goes to the portal and nowhere else.
//!
//! Its label stands in no capability, so the page in it can ask the shell for nothing. What the
//! portal sends it to in the end is this computer's own address; that is never connected to, but
//! handed to the core.

use std::sync::Arc;

use onhand_desk::{Desk, NoWindow, SignInWindow};
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};

use crate::window;

/// The label of the window.
pub(crate) const LABEL: &str = "sign-in";

/// What stands in it before the portal's page does.
const BLANK: &str = "about:blank";

/// Opens the window at the portal's page. One that is open already is put away first.
pub(crate) fn open(app: &AppHandle, asked: SignInWindow) -> Result<(), NoWindow> {
    close(app);
    let window = build(app, &asked).map_err(|_| NoWindow)?;
    let shown = trust(&window, &asked)
        .and_then(|()| window.navigate(asked.start).map_err(|_| NoWindow))
        .and_then(|()| window.set_focus().map_err(|_| NoWindow));
    if shown.is_err() {
        close(app);
    }
    shown
}

/// Puts the window away, if it is open. Its person is not told to have closed it.
pub(crate) fn close(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // It has gone already, then.
        let _ = window.destroy();
    }
}

fn build(app: &AppHandle, asked: &SignInWindow) -> tauri::Result<WebviewWindow> {
    let blank: Url = BLANK.parse().map_err(|_| tauri::Error::WindowNotFound)?;
    let (asked, host) = (asked.clone(), app.clone());
    let mut builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::External(blank))
        .title(title(&asked.start))
        .inner_size(900.0, 760.0)
        .min_inner_size(480.0, 480.0)
        .center()
        .incognito(!window::driven_by_a_test())
        .devtools(false)
        .disable_drag_drop_handler()
        .on_navigation(move |address| match way(address, &asked) {
            Way::On => {
                if let Some(window) = host.get_webview_window(LABEL) {
                    // A title that stays behind still names the same portal.
                    let _ = window.set_title(&title(address));
                }
                true
            }
            Way::Back => {
                hand_over(&host, address.clone());
                false
            }
            Way::Nowhere => false,
        })
        .on_new_window(|_address, _features| NewWindowResponse::Deny)
        .on_download(|_webview, _event| false)
        .on_permission_request(|_webview, _kind| PermissionResponse::Deny);
    if let Some(main) = app.get_webview_window(window::LABEL) {
        builder = builder.parent(&main)?;
    }
    let window = builder.build()?;
    let app = app.clone();
    window.on_window_event(move |event| {
        // Asked for by the person only: `close` above destroys without asking.
        if matches!(event, WindowEvent::CloseRequested { .. })
            && let Some(desk) = crate::desk(&app)
        {
            desk.sign_in_window_closed();
        }
    });
    Ok(window)
}

/// What is done with an address that the page wants to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It is the portal's.
    On,
    /// It is the portal's answer, on its way back to this computer.
    Back,
    /// It is neither.
    Nowhere,
}

/// Decides about an address before anything is connected to.
fn way(address: &Url, asked: &SignInWindow) -> Way {
    let leads_back = asked.redirect_prefixes.iter().any(|prefix| {
        Url::parse(prefix).is_ok_and(|prefix| {
            prefix.origin().is_tuple()
                && prefix.origin() == address.origin()
                && prefix.path() == address.path()
        })
    });
    let is_portal = address.origin().is_tuple()
        && address.origin().ascii_serialization() == asked.allowed_origin
        && address.username().is_empty()
        && address.password().is_none();
    if leads_back {
        Way::Back
    } else if is_portal || address.as_str() == BLANK {
        Way::On
    } else {
        Way::Nowhere
    }
}

/// The title: where the window is, as the address bar of a browser would say it. A page cannot
/// change it. What follows a question mark may hold something that is nobody else's to read.
fn title(address: &Url) -> String {
    let mut shown = address.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    format!("{shown} – Onhand")
}

/// Hands the portal's answer to the core.
fn hand_over(app: &AppHandle, address: Url) {
    let Some(desk) = crate::desk(app) else { return };
    tauri::async_runtime::spawn(async move {
        Arc::<Desk>::as_ref(&desk).caught_redirect(&address).await
    });
}

/// Lets the window accept the certificate that a practice portal brings, for its own host only.
#[cfg(target_os = "linux")]
fn trust(window: &WebviewWindow, asked: &SignInWindow) -> Result<(), NoWindow> {
    use webkit2gtk::gio::TlsCertificate;
    use webkit2gtk::{WebContextExt, WebViewExt};

    let Some(der) = &asked.certificate else { return Ok(()) };
    let host = asked.start.host_str().ok_or(NoWindow)?.to_owned();
    let pem = pem(der);
    let (said, heard) = std::sync::mpsc::channel();
    window
        .with_webview(move |webview| {
            let accepted = TlsCertificate::from_pem(&pem).ok().and_then(|certificate| {
                let context = webview.inner().context()?;
                context.allow_tls_certificate_for_host(&certificate, &host);
                Some(())
            });
            // Nobody listens any more where the window has gone.
            let _ = said.send(accepted);
        })
        .map_err(|_| NoWindow)?;
    heard.recv().ok().flatten().ok_or(NoWindow)
}

/// Other webviews have no such door; there the practice portal is for the browser.
#[cfg(not(target_os = "linux"))]
fn trust(_window: &WebviewWindow, asked: &SignInWindow) -> Result<(), NoWindow> {
    if asked.certificate.is_some() { Err(NoWindow) } else { Ok(()) }
}

/// A certificate as text (RFC 7468 §5).
#[cfg(target_os = "linux")]
fn pem(der: &[u8]) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    let body: String = STANDARD
        .encode(der)
        .chars()
        .enumerate()
        .flat_map(|(at, letter)| {
            let line_end = if at > 0 && at % 64 == 0 { Some('\n') } else { None };
            line_end.into_iter().chain([letter])
        })
        .collect();
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> SignInWindow {
        SignInWindow {
            start: "https://onpatient.com/o/authorize/?client_id=a".parse().unwrap(),
            allowed_origin: "https://onpatient.com".to_owned(),
            redirect_prefixes: vec![
                "https://localhost:27443/callback".to_owned(),
                "https://localhost:27444/callback".to_owned(),
            ],
            certificate: None,
        }
    }

    #[test]
    fn goes_to_the_portal_comes_back_and_goes_nowhere_else() {
        for (address, expected) in [
            ("https://onpatient.com/login?next=/", Way::On),
            ("https://onpatient.com:443/", Way::On),
            ("about:blank", Way::On),
            ("https://localhost:27443/callback?code=a&state=b", Way::Back),
            ("https://localhost:27444/callback?error=access_denied", Way::Back),
            ("https://localhost:27443/callback", Way::Back),
            ("https://localhost:27443/start?n=1", Way::Nowhere),
            ("https://localhost:27443/callbacks?code=a", Way::Nowhere),
            ("https://localhost:27446/callback?code=a", Way::Nowhere),
            ("http://localhost:27443/callback?code=a", Way::Nowhere),
            ("https://onpatient.com.example/", Way::Nowhere),
            ("https://login.onpatient.com/", Way::Nowhere),
            ("https://onpatient.com@example.org/", Way::Nowhere),
            ("https://someone@onpatient.com/", Way::Nowhere),
            ("http://onpatient.com/", Way::Nowhere),
            ("tauri://localhost/", Way::Nowhere),
            ("file:///etc/passwd", Way::Nowhere),
            ("data:text/html,hello", Way::Nowhere),
            ("about:blank#x", Way::Nowhere),
            ("javascript:alert(1)", Way::Nowhere),
        ] {
            assert_eq!(way(&address.parse().unwrap(), &asked()), expected, "{address}");
        }
    }

    #[test]
    fn says_where_it_is_and_nothing_of_what_was_asked() {
        let address: Url = "https://onpatient.com/o/authorize/?state=b#x".parse().unwrap();
        assert_eq!(title(&address), "https://onpatient.com/o/authorize/ – Onhand");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn writes_a_certificate_in_lines_of_64_letters() {
        let text = pem(&[0_u8; 97]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.first(), Some(&"-----BEGIN CERTIFICATE-----"));
        assert_eq!(lines.last(), Some(&"-----END CERTIFICATE-----"));
        assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [27, 64, 64, 4, 25]);
    }
}
