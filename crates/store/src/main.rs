//! `madoguchi-store`: the central store.

use std::process::ExitCode;

use clap::Parser as _;
use madoguchi_store::{
    command::{Cli, run},
    import::{Language, Say as _},
};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // It quotes bodies that cannot be read, and a body may hold anything.
    let quiet = "axum::rejection=off".parse().expect("a target and a level");
    let filter = filter.add_directive(quiet);
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            let said = error.said(Language::of_machine());
            // Nothing to do about a standard error that is gone.
            let _ = writeln!(std::io::stderr(), "madoguchi-store: {said}");
            ExitCode::from(error.exit_code())
        }
    }
}
