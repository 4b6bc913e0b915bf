//! Serves the built UI and the commands it calls over loopback HTTP, so that the real UI on the real
//! core runs in a plain browser. For tests and pictures only: there is no guard on the address.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path as UrlPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{self, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clap::Parser;
use onhand_core::api::{ApiError, ErrorCode};
use onhand_core::app::Keys;
use onhand_core::clock::system_clock;
use onhand_core::onpatient::browser;
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::vault::{KeyStore, MemoryStore, StoreError};
use onhand_desk::{Desk, Desktop, Setup};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use url::Url;
use zeroize::Zeroizing;

/// The shell's policy, with the one difference that commands go over HTTP.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                   font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
                   form-action 'none'; frame-ancestors 'none'";

#[derive(Parser)]
struct Arguments {
    /// The folder of the built UI.
    #[arg(long)]
    ui: PathBuf,
    /// The data folder; the sample's lies beside it.
    #[arg(long)]
    data_dir: PathBuf,
    /// The port; 0 for any.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Opens the sample record before the first page.
    #[arg(long)]
    sample: bool,
    /// Does as if this computer had no keychain.
    #[arg(long)]
    no_keychain: bool,
}

/// A desktop with no browser: what was to be opened is printed.
struct Printer;

impl Desktop for Printer {
    #[expect(clippy::print_stdout, reason = "the test that started this reads it")]
    fn open_url(&self, url: &Url) -> Result<(), browser::Error> {
        println!("open: {url}");
        Ok(())
    }

    fn raise(&self) {}
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the test that started this reads it")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let sample_dir = arguments.data_dir.join("sample");
    std::fs::create_dir_all(&sample_dir).context("making the data folder")?;
    let keys = if arguments.no_keychain {
        Keys::Store(Arc::new(NoKeychain))
    } else {
        Keys::Store(Arc::new(MemoryStore::default()))
    };
    let setup = Setup {
        data_dir: arguments.data_dir.join("own"),
        sample_dir,
        clock: system_clock(),
        trust: Trust::None,
        keys,
        own_client: None,
    };
    let desk = Desk::open(setup, Arc::new(Printer)).await;
    if arguments.sample {
        let mut events = desk.subscribe();
        desk.call("open_sample", serde_json::json!({ "browser": false }))
            .await
            .map_err(|error| anyhow::anyhow!(error.message))?;
        while let Ok(event) = events.recv().await {
            if matches!(event, onhand_core::api::Event::SyncFinished(_)) {
                break;
            }
        }
    }

    let app = Router::new()
        .route("/call/{command}", post(call))
        .route("/events", get(events))
        .with_state(desk)
        .fallback(move |request: Request| std::future::ready(file(&arguments.ui, &request)));
    let listener = TcpListener::bind(("127.0.0.1", arguments.port)).await?;
    println!("listening: http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn call(
    State(desk): State<Arc<Desk>>,
    UrlPath(command): UrlPath<String>,
    body: String,
) -> Response {
    let input: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
    // In a task of its own: a page that is closed must not break off what it asked for.
    match tokio::spawn(async move { desk.call(&command, input).await }).await {
        Ok(Ok(reply)) => axum::Json(reply).into_response(),
        Ok(Err(error)) => (status(&error), axum::Json(error)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn status(error: &ApiError) -> StatusCode {
    if error.code == ErrorCode::Invalid {
        StatusCode::BAD_REQUEST
    } else if error.code == ErrorCode::NotFound {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

async fn events(
    State(desk): State<Arc<Desk>>,
) -> Sse<impl futures_util::Stream<Item = Result<sse::Event, Infallible>>> {
    let receiver = desk.subscribe();
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async move {
        loop {
            match receiver.recv().await {
                Ok(event) => {
                    let text = serde_json::to_string(&event).unwrap_or_default();
                    return Some((Ok(sse::Event::default().data(text)), receiver));
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(stream).keep_alive(sse::KeepAlive::default())
}

fn file(ui: &Path, request: &Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let is_plain =
        Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let bytes = if is_plain { std::fs::read(ui.join(path)).ok() } else { None };
    let Some(bytes) = bytes else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    response
}

/// A computer without a keychain.
struct NoKeychain;

impl KeyStore for NoKeychain {
    fn set(&self, _: &str, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Absent("none here".to_owned()))
    }

    fn get(&self, _: &str) -> Result<Zeroizing<String>, StoreError> {
        Err(StoreError::Absent("none here".to_owned()))
    }

    fn delete(&self, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Absent("none here".to_owned()))
    }
}
