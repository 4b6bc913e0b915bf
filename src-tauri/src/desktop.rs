//! What the core asks of the desktop: open a page in the person's browser, come to the front.

use onhand_core::onpatient::browser;
use onhand_desk::Desktop;
use tauri::{AppHandle, Url};

use crate::window;

/// The window's side of [`Desktop`].
pub(crate) struct Window {
    app: AppHandle,
}

impl Window {
    /// The desktop of `app`.
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app }
    }
}

impl Desktop for Window {
    fn open_url(&self, url: &Url) -> Result<(), browser::Error> {
        browser::open(url)
    }

    fn raise(&self) {
        let app = self.app.clone();
        // Off the main thread a window is asked, not told; a failure means the loop has ended.
        let _ = self.app.run_on_main_thread(move || window::raise(&app));
    }
}
