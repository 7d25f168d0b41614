//! The window's pages: their packages and their scripts.

use std::process::Command;
use std::time::SystemTime;

use crate::checkout::Checkout;
use crate::command::{self, Failure};
use crate::install::Tools;

/// Installs what the lock file names, unless that is what is there.
pub(crate) fn packages(checkout: &Checkout, tools: &Tools) -> Result<(), Failure> {
    let written =
        |path: &str| -> Option<SystemTime> { checkout.ui().join(path).metadata().ok()?.modified().ok() };
    // npm leaves its own record of what it installed.
    if written("node_modules/.package-lock.json") > written("package-lock.json") {
        return Ok(());
    }
    command::run(tools.command("npm").arg("ci").arg("--no-fund").arg("--no-audit").current_dir(checkout.ui()))
}

/// A script of `ui/package.json`.
pub(crate) fn script(checkout: &Checkout, tools: &Tools, name: &str) -> Command {
    let mut npm = tools.command("npm");
    npm.args(["run", "--silent", name]).current_dir(checkout.ui());
    npm
}

/// Builds the pages that are compiled into the window.
pub(crate) fn build(checkout: &Checkout, tools: &Tools) -> Result<(), Failure> {
    packages(checkout, tools)?;
    command::run(&mut script(checkout, tools, "build"))
}
