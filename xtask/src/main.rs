//! The project's doors. `cargo xtask help` lists them; each verb has a file of its own.
#![expect(clippy::print_stdout, reason = "a tool for the terminal speaks on standard output")]

mod bench;
mod check;
mod checkout;
mod codegen;
mod command;
mod compile;
mod install;
mod run;
mod running;
mod sample;
mod session;
mod shots;
mod soak;
mod tally;
mod test;
mod ui;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::checkout::Checkout;
use crate::command::Failure;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Madoguchi's doors", disable_version_flag = true)]
struct Doors {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install what is missing, start a store with sample customers and open the console signed in to it.
    Run(run::Options),
    /// Install what is missing and run every check and every test, the real window included.
    Test,
    /// Install what building and testing need, and nothing else (Debian and Ubuntu; elsewhere name it).
    Install,
    /// Prove the rules no compiler knows: who may use whom, file length, the verification table and others.
    Check,
    /// Write the files that are generated from Rust: the window's types and the API's description.
    Codegen {
        /// Change nothing; fail when a committed file is not what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Measure, each figure beside its limit from the same run.
    Bench {
        /// Which benchmarks; all when none is named.
        names: Vec<String>,
        /// Also write the rows to this file, as one JSON array.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Drive the real window over sample data and save a picture of every screen.
    Shots {
        /// The folder for the pictures; made when it does not exist.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Run the tests of the "must hold" lines at full size.
    Soak {
        /// Only the tests whose name contains this.
        name: Option<String>,
        /// Rounds, in place of 1,000, for `kills_lose_nothing`; every other test is the same at any size.
        #[arg(long, value_name = "N")]
        n: Option<u64>,
    },
}

fn main() -> ExitCode {
    let verb = Doors::parse().verb;
    let done = Checkout::find().and_then(|checkout| match verb {
        Verb::Run(options) => run::run(&checkout, &options),
        Verb::Test => test::test(&checkout),
        Verb::Install => install::everything(&checkout).map(|_| ()),
        Verb::Check => check::check(&checkout),
        Verb::Codegen { check } => codegen::codegen(&checkout, check),
        Verb::Bench { names, json } => bench::bench(&checkout, &names, json.as_deref()),
        Verb::Shots { folder } => shots::shots(&checkout, &folder),
        Verb::Soak { name, n } => soak::soak(&checkout, name.as_deref(), n),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Tests) => ExitCode::FAILURE, // the report has said it, and its last line stays the last
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
