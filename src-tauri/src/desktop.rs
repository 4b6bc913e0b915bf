//! What the core asks of the desktop: open a page in the person's browser or in a window of the
//! app's own, come to the front.

use onhand_core::onpatient::browser;
use onhand_desk::{Desktop, NoWindow, SignInWindow};
use tauri::{AppHandle, Url};

use crate::{sign_in, window};

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

    fn has_sign_in_window(&self) -> bool {
        true
    }

    fn open_sign_in_window(&self, asked: SignInWindow) -> Result<(), NoWindow> {
        sign_in::open(&self.app, asked)
    }

    fn close_sign_in_window(&self) {
        sign_in::close(&self.app);
    }
}
