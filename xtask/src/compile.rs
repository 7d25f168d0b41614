//! Building the workspace. Except to open the console it is always built as one: a part built alone gets other features
//! for its dependencies, and would compile much of the graph a second time.

use std::process::Command;

use crate::checkout::Checkout;
use crate::install::Tools;

/// The folder of the finished programs, for the tests and benchmarks that start them.
pub(crate) const PROGRAMS: &str = "MADOGUCHI_PROGRAMS";

/// How the code is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Debug,
    Release,
}

impl Profile {
    /// The name of cargo's folder for it.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// A cargo command over the whole workspace, with its tools and the place of the finished programs.
pub(crate) fn cargo(checkout: &Checkout, tools: &Tools, verb: &str, profile: Profile) -> Command {
    let mut cargo = bare(checkout, tools, verb, profile);
    cargo.arg("--workspace").env(PROGRAMS, checkout.built(profile.folder()));
    cargo
}

/// Builds every program, the benchmarks among them.
pub(crate) fn programs(checkout: &Checkout, tools: &Tools, profile: Profile) -> Command {
    let mut build = cargo(checkout, tools, "build", profile);
    build.arg("--bins");
    build
}

/// Builds every program and every test.
pub(crate) fn everything(checkout: &Checkout, tools: &Tools) -> Command {
    let mut build = cargo(checkout, tools, "build", Profile::Debug);
    build.arg("--all-targets");
    build
}

/// Builds what people run: the window, the desk in the terminal and the store, and nothing of the tests.
pub(crate) fn product(checkout: &Checkout, tools: &Tools, profile: Profile) -> Command {
    let mut build = bare(checkout, tools, "build", profile);
    build.args([
        "--bins",
        "--package",
        "madoguchi",
        "--package",
        "madoguchi-desk",
        "--package",
        "madoguchi-store",
    ]);
    build
}

fn bare(checkout: &Checkout, tools: &Tools, verb: &str, profile: Profile) -> Command {
    let mut cargo = tools.command("cargo");
    cargo.arg(verb).current_dir(&checkout.root);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    cargo
}
