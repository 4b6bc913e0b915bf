//! Tells Tauri the one command there is, so that it needs a permission like any other, and the linker
//! to keep our SQLite to ourselves.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        // WebKit's libraries and libnss3 bring the system's SQLite. Where this program exports the
        // symbols of its own SQLCipher, theirs are mixed with ours, and the first call crashes.
        println!("cargo::rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    let commands = tauri_build::AppManifest::new().commands(&["call"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("{error:#}");
    }
}
