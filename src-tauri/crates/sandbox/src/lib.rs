//! A stand-in for OnPatient: OAuth 2 and FHIR DSTU2 over HTTPS on this computer, with invented
//! people, for practising, for tests and for benchmarks.
//!
//! It is written from the portal's public facts alone and shares no type with the program that
//! talks to it: a shared type would mirror that program's own mistakes.
//!
//! ```no_run
//! # async fn example() -> Result<(), onhand_sandbox::Error> {
//! use onhand_sandbox::{Config, Faults, Sandbox};
//!
//! let faults = Faults::parse("flaky,slow:150").unwrap_or_default();
//! let portal = Sandbox::start(Config { faults, ..Config::default() }).await?;
//! // Hand portal.origin(), portal.certificate_der(), portal.client_id() and
//! // portal.client_secret() to the program under test.
//! # Ok(())
//! # }
//! ```
//!
//! # Addresses
//! | address | what |
//! | --- | --- |
//! | `GET /` | a page that says what this is |
//! | `GET /o/authorize/` | log-in page, then consent page, then a redirect with `code` and `state`; `prompt=login` brings the log-in page to somebody who is logged in, too |
//! | `POST /o/log-in/`, `POST /o/log-out/` | the forms of those pages |
//! | `POST /o/token/` | `authorization_code` and `refresh_token` |
//! | `POST /o/revoke_token/` | RFC 7009 |
//! | `GET /api/fhir/metadata` | the Conformance statement |
//! | `GET /api/fhir/TYPE`, `GET /api/fhir/TYPE/ID` | data |
//!
//! # Driving the pages
//! The log-in form is `form#log-in-form` with the fields `username` (`#username`) and `password`
//! (`#password`) and the button `#log-in`. Beside it stands one button for each practice log-in,
//! `#use-USER` (as in `#use-marisol`), which logs in by one click. A refusal is `#log-in-error`.
//! The consent form is `form#consent-form` with the buttons `#allow` (`name=allow value=Allow`)
//! and `#deny` (`name=allow value=Deny`); `#log-out` changes the log-in. Each form carries a hidden
//! `csrf` and is bound to a `__Host-` cookie; every one of these elements repeats its id in
//! `data-testid`. A program without a browser calls [`Sandbox::answer`] instead.
//!
//! # Faults
//! A list with commas, see [`Faults::parse`]. `TYPE` is a resource type; where it stands in
//! brackets and is left out, all lists are meant unless the table says which.
//!
//! | fault | what the portal does |
//! | --- | --- |
//! | `relative-next[:TYPE]` | `link[next]` is a path without an origin |
//! | `refuse:TYPE` | 403 for this type |
//! | `missing:TYPE` | 404 for this type |
//! | `server-error:TYPE` | 500 for this type, always |
//! | `flaky` | of the different data addresses asked for, the first answers 500, the second 503 with `Retry-After: 1`, the third 429 with `Retry-After` as a date, the fourth well, and so on around; each of them answers well when asked again |
//! | `html[:TYPE]` | 200 with an HTML log-in page in place of data |
//! | `torn[:TYPE]` | the body ends in the middle: the first time with a `Content-Length` that fits, the second time by a broken connection, and so on in turn |
//! | `foreign-next[:TYPE]` | `link[next]` names `https://127.0.0.1:PORT`, which is another origin though this very portal answers there, so that [`Stats`] shows who followed it |
//! | `foreign-302[:TYPE]` | 302 to `https://127.0.0.1:PORT` |
//! | `local-302[:TYPE]` | 302 within the origin, once for each request |
//! | `loop[:TYPE]` | the last page's `next` is the first page |
//! | `short-token:SECONDS` | access tokens live so long |
//! | `no-rotate` | a refresh gives no new refresh token and the old one goes on |
//! | `bad-total[:TYPE]` | `total` is 3 more than there are |
//! | `slow:MS` | data and token answers wait so long first |
//! | `drop:N[:TYPE]` | the last N resources are gone (of TYPE, else of Procedure) |
//! | `change:N[:TYPE]` | the first N resources say something else under the same id (of TYPE, else of Condition) |
//! | `huge[:TYPE]` | the first resource of the type (else of DiagnosticReport) is 50 MB long |
//! | `deep[:TYPE]` | the first resource of the type (else of Observation) is 10,000 levels deep |
//! | `twins[:TYPE]` | the second resource of each page carries the id of the first |
//! | `noid[:TYPE]` | the first two resources of each page have neither id nor `fullUrl` |
//! | `gzip[:TYPE]` | the body is compressed, asked for or not |
//! | `bom[:TYPE]` | the body begins with a byte order mark |
//! | `latin1[:TYPE]` | the body is ISO 8859-1 while its header says nothing of it |
//! | `revoke-midway[:N]` | after N data requests (5) the sign-in that made them is revoked, once |
//! | `basic-only` | the token address takes the client's credentials by Basic only |
//! | `body-only` | … in the body only |
//! | `deny-refresh` | every refresh is answered `invalid_grant` |
//! | `no-total[:TYPE]` | the Bundle has no `total` |
//! | `shift[:TYPE]` | the first time a list is walked, its rows move by one after the first page: one comes twice and the last one not at all, at an equal `total` |
//! | `renumber:N[:TYPE]` | the first N resources have new ids and the same content (of TYPE, else of Condition) |
//! | `empty:N[:TYPE]` | the first N times a list is asked for, it is empty (of TYPE, else of Condition) |
//! | `broken-page:N[:TYPE]` | page N of a list answers 500, always (of TYPE, else of Observation) |
//! | `busy:SECONDS` | the first list but that of Patient answers 429 once, with this `Retry-After` |
//! | `maze[:TYPE]` | the last page's `next` is the first page under an address that was never there before, and so on for ever |
//! | `stale-next[:TYPE]` | page addresses hold until the first page is asked for again; then they answer 410 |
//! | `double-key[:TYPE]` | the first resource of each page has a member twice |
//! | `text-numbers[:TYPE]` | `total` and the first value of each resource are texts |
//! | `odd-type[:TYPE]` | the body is labelled `text/plain`, the next time `text/html`, and so on in turn |
//! | `include[:TYPE]` | each page also holds a Practitioner with `search.mode` `include` and an OperationOutcome with `outcome`, which `total` does not count |
//! | `cut[:TYPE]` | the connection breaks off in the middle of the body, always |
//! | `bulky:N[:TYPE]` | each resource of the type (else of DiagnosticReport) is N MB long |
//! | `dangling[:N]` | the first N conditions (1) name an asserter each that is not there, 404 by id (`Practitioner/9994040` and on), and the next one a practitioner at another server (`https://elsewhere.example/fhir/Practitioner/9995050`) |
//! | `small-pages:N` | no page has more than N entries, whatever the request says |
//!
//! # People
//! Three log-ins, all invented: `marisol` (rich), `edwin` (sparse), `okafor` (two people in one
//! account); see [`Population`]. CPT codes carry short billing-style words of our own.

mod certificate;
mod faults;
mod fhir;
mod json;
mod oauth;
mod page;
mod people;
mod server;

pub use certificate::CertificateError;
pub use faults::{FaultError, Faults};
pub use oauth::{Answer, Refused};
pub use people::{Login, Population};
pub use server::{Config, Error, Presented, Request, Sandbox, Stats};
