//! The few pages that a browser sees at the listener: plain, without script, and without a word of
//! what was sent along.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// What a page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// The portal's answer was exchanged for tokens.
    Connected,
    /// The portal's answer has come; the exchange is still going on.
    Received,
    /// The person did not allow it.
    NotAllowed,
    /// The portal refused, or the exchange failed.
    Failed,
    /// This sign-in has ended.
    Used,
    /// This sign-in was opened in another browser first.
    OtherBrowser,
    /// The request is not a part of this sign-in.
    Stranger,
    /// There is nothing here.
    NotFound,
}

struct Text {
    title: &'static str,
    lede: &'static str,
    quiet: &'static str,
    tone: Tone,
}

#[derive(Clone, Copy)]
enum Tone {
    Good,
    Notice,
}

impl Page {
    fn text(self) -> Text {
        match self {
            Self::Connected => Text {
                title: "You are connected",
                lede: "You can close this tab. Onhand goes on from here.",
                quiet: "If you do not see it, look for Onhand among your open windows.",
                tone: Tone::Good,
            },
            Self::Received => Text {
                title: "Onhand has your portal’s answer",
                lede: "You can close this tab and go back to Onhand. It will tell you how the \
                       sign-in went.",
                quiet: "If you do not see it, look for Onhand among your open windows.",
                tone: Tone::Good,
            },
            Self::NotAllowed => Text {
                title: "Access was not allowed",
                lede: "Nothing was copied. You can close this tab; in Onhand you can try again \
                       whenever you like.",
                quiet: "If this was not what you wanted, choose “Allow” at your portal the next time.",
                tone: Tone::Notice,
            },
            Self::Failed => Text {
                title: "The sign-in did not work",
                lede: "You can close this tab. Onhand says what happened and what you can do.",
                quiet: "If you do not see it, look for Onhand among your open windows.",
                tone: Tone::Notice,
            },
            Self::Used => Text {
                title: "This sign-in has ended",
                lede: "You can close this tab and go back to Onhand. To sign in once more, begin \
                       there.",
                quiet: "Each sign-in works once only. That keeps your record safe.",
                tone: Tone::Notice,
            },
            Self::OtherBrowser => Text {
                title: "This sign-in was opened elsewhere",
                lede: "It was opened in another browser window first, and works only there. Please go \
                       on in that one, or begin again in Onhand.",
                quiet: "Private windows and other profiles count as other browsers.",
                tone: Tone::Notice,
            },
            Self::Stranger => Text {
                title: "This page is not part of a sign-in",
                lede: "You can close this tab. If you were signing in, please begin again in Onhand.",
                quiet: "Nothing was done, and a sign-in that is under way goes on undisturbed.",
                tone: Tone::Notice,
            },
            Self::NotFound => Text {
                title: "There is nothing here",
                lede: "You can close this tab and go back to Onhand.",
                quiet: "Onhand waits here only for your portal’s answer.",
                tone: Tone::Notice,
            },
        }
    }
}

/// The page as HTML, for a listener at this port.
pub(super) fn html(page: Page, port: u16) -> String {
    let Text { title, lede, quiet, tone } = page.text();
    let (class, sign) = match tone {
        Tone::Good => ("good", r#"<path d="M4 10.75l3.9 3.9L16 5.5"/>"#),
        Tone::Notice => ("notice", r#"<path d="M10 4.5v7M10 15.2v.1"/>"#),
    };
    format!(
        r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Onhand</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<header><svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M7.5 14V4.25A1.25 1.25 0 0 1 8.75 3h4.5L16.5 6.25V14M13 3.2V6.5h3.3"/><path d="M2.75 12.75c.4 4.7 4.2 8 9.25 8s8.85-3.3 9.25-8"/></svg>Onhand</header>
<main>
<span class="seal {class}"><svg viewBox="0 0 20 20" aria-hidden="true">{sign}</svg></span>
<h1>{title}</h1>
<p class="lede">{lede}</p>
<p class="quiet">{quiet}</p>
<p class="fine">This page was made by Onhand on your own computer (localhost:{port}). Nothing on it comes from the internet.</p>
</main>
</body>
</html>
"##
    )
}

/// The policy under which every page is served: nothing but its one style and its empty icon.
pub(super) fn content_security_policy() -> String {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    )
}

const STYLE: &str = "\
:root{color-scheme:light dark;\
--canvas:#f4f5f3;--ink:#182023;--ink-2:#435055;--ink-3:#596468;--line:#dfe2de;--accent:#0b5a70;\
--good:#1f6139;--good-soft:#e5f2e9;--notice:#874506;--notice-soft:#faf0e2}\
@media (prefers-color-scheme:dark){:root{\
--canvas:#121618;--ink:#e8ecec;--ink-2:#bcc5c8;--ink-3:#99a5a9;--line:#2c3438;--accent:#7cc5d9;\
--good:#8fcfa5;--good-soft:#16301f;--notice:#eab676;--notice-soft:#33271a}}\
*{box-sizing:border-box;margin:0}\
body{min-height:100vh;display:grid;grid-template-rows:auto 1fr;padding:1.5rem 2rem;\
background:var(--canvas);color:var(--ink);line-height:1.5;font-family:system-ui,-apple-system,\
'Segoe UI','Adwaita Sans',Cantarell,'Noto Sans',sans-serif}\
header{display:flex;align-items:center;gap:.5rem;font-weight:600}\
svg{display:block;fill:none;stroke:currentColor;stroke-linecap:round;stroke-linejoin:round}\
.mark{width:1.5rem;height:1.5rem;stroke-width:1.9;color:var(--accent)}\
main{display:grid;gap:.75rem;justify-items:start;align-content:center;width:100%;max-width:34rem;\
margin:0 auto;padding-bottom:4.5rem}\
.seal{display:grid;place-items:center;width:3.5rem;height:3.5rem;border-radius:50%;\
margin-bottom:.5rem}\
.seal svg{width:1.75rem;height:1.75rem;stroke-width:1.6}\
.good{background:var(--good-soft);color:var(--good)}\
.notice{background:var(--notice-soft);color:var(--notice)}\
h1{font:500 2.25rem/1.2 ui-serif,'New York','Iowan Old Style','Sitka Heading','Source Serif 4',\
'Noto Serif',P052,Charter,Georgia,serif;text-wrap:balance}\
.lede{font-size:1.1875rem;color:var(--ink-2);text-wrap:pretty}\
.quiet{color:var(--ink-3)}\
.fine{margin-top:1.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--ink-3);\
font-size:.875rem;text-wrap:pretty}";

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: [Page; 8] = [
        Page::Connected,
        Page::Received,
        Page::NotAllowed,
        Page::Failed,
        Page::Used,
        Page::OtherBrowser,
        Page::Stranger,
        Page::NotFound,
    ];

    #[test]
    fn holds_no_script_and_asks_for_nothing() {
        for page in PAGES {
            let html = html(page, 27443);
            assert!(
                !html.contains("<script") && !html.contains(" style=") && !html.contains("http")
            );
            assert!(html.contains("localhost:27443"));
            assert!(html.contains("close this tab") || page == Page::OtherBrowser);
        }
    }

    #[test]
    fn allows_its_own_style_by_hash() {
        let html = html(Page::Connected, 27443);
        let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let hash = BASE64_STANDARD.encode(Sha256::digest(style));
        assert!(content_security_policy().contains(&format!("style-src 'sha256-{hash}'")));
    }
}
