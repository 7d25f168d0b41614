//! Where the built programs and the tools are.

use std::path::{Path, PathBuf};

/// The checkout.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the checkout")
}

/// A program of the workspace. `cargo xtask` names the folder in `MADOGUCHI_PROGRAMS`; under plain `cargo test` it is
/// the one that this test was built beside.
#[must_use]
pub fn built(name: &str) -> PathBuf {
    let program = folder().join(name);
    assert!(program.is_file(), "{} is not built: cargo build --workspace", program.display());
    program
}

/// A folder of the stories' own beside what cargo builds, which may be thrown away.
#[must_use]
pub fn beside(name: &str) -> PathBuf {
    folder().join(name)
}

fn folder() -> PathBuf {
    std::env::var_os("MADOGUCHI_PROGRAMS").map(PathBuf::from).unwrap_or_else(|| {
        let test = std::env::current_exe().expect("a running program has a path");
        let profile = test.ancestors().find(|folder| folder.join("deps").is_dir());
        profile.expect("cargo builds tests in deps/ beside the programs").to_owned()
    })
}

/// The bridge between WebDriver and the window: from `PATH`, or where `cargo xtask install` put it.
#[must_use]
pub fn tauri_driver() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([root().join(".tools/bin")])
        .map(|folder| folder.join("tauri-driver"))
        .find(|program| program.is_file())
        .expect("tauri-driver is not installed: cargo xtask install")
}
