//! Tells Tauri where our capabilities lie and which commands need a grant.

include!("commands.rs");

fn main() {
    println!("cargo::rerun-if-changed=src-tauri/capabilities");
    println!("cargo::rerun-if-changed=src-tauri/commands.rs");
    println!("cargo::rerun-if-changed=ui/dist");
    // The window's pages are built by `cargo xtask`; a compile without them still has a folder to read.
    let pages = std::path::Path::new("ui/dist/index.html");
    if !pages.exists() {
        let _ = std::fs::create_dir_all("ui/dist");
        let _ = std::fs::write(
            pages,
            "<!doctype html><meta charset=\"utf-8\"><title>Madoguchi</title><p>cargo xtask run builds the window's pages.",
        );
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
