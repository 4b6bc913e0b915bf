//! The least that a window of Tauri's takes: one page with one word, which marks when it has been
//! painted. The bench holds Onhand's own window against it.

use std::process::ExitCode;

use tauri::http::Response;
use tauri::{WebviewUrl, WebviewWindowBuilder};

const PAGE: &[u8] = b"<!doctype html><title>Empty</title><p>Empty</p><script>\
    requestAnimationFrame(() => { \
        const { port1, port2 } = new MessageChannel(); \
        port1.onmessage = () => performance.mark('painted'); \
        port2.postMessage(null); \
    })</script>";

fn main() -> ExitCode {
    let built = tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_context, _request| {
            let mut response = Response::new(PAGE.to_vec());
            if let Ok(kind) = "text/html; charset=utf-8".parse() {
                response.headers_mut().insert("content-type", kind);
            }
            response
        })
        .setup(|app| {
            let address = WebviewUrl::CustomProtocol("empty://localhost/".parse()?);
            WebviewWindowBuilder::new(app, "main", address)
                .title("Empty")
                .inner_size(1200.0, 800.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!());
    if built.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
