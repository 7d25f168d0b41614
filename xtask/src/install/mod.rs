//! What must be on the machine, and how it gets there: Debian's packages, Node, and cargo's own tools.

mod packages;
mod tools;

use std::ffi::OsString;
use std::process::Command;

pub(crate) use packages::{BUILD, KEYRING, Need, SCREEN, TEST};

use crate::checkout::Checkout;
use crate::command::Failure;

/// The tools that were found or installed, as a `PATH` to start other programs with.
pub(crate) struct Tools {
    path: OsString,
}

impl Tools {
    /// A command that finds this project's Node, npm and drivers before the machine's.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", &self.path);
        command
    }
}

/// What building needs, and `more`. Touches nothing that is there.
pub(crate) fn install(checkout: &Checkout, more: &[&[Need]]) -> Result<Tools, Failure> {
    let needs: Vec<&Need> = std::iter::once(BUILD).chain(more.iter().copied()).flatten().collect();
    packages::install(&needs)?;
    let folder = checkout.tools();
    tools::node(&folder)?;
    Ok(Tools { path: tools::path(&folder)? })
}

/// What building, testing and the real window need.
pub(crate) fn everything(checkout: &Checkout) -> Result<Tools, Failure> {
    let installed = install(checkout, &[SCREEN, KEYRING, TEST])?;
    for tool in [tools::TAURI_DRIVER, tools::CARGO_DENY] {
        tools::cargo(&checkout.tools(), &tool)?;
    }
    Ok(installed)
}
