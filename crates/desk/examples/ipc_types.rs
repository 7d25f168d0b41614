//! Writes the TypeScript types of everything the window sees. `cargo xtask codegen` runs it.

use std::process::ExitCode;

use madoguchi_desk::view;
use ts_rs::{Config, ExportError, TS};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("which folder? for example: ui/src/ipc/generated");
        return ExitCode::from(2);
    };
    let config = Config::new().with_out_dir(folder).with_large_int("number");
    match export(&config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the types could not be written: {error}");
            ExitCode::FAILURE
        }
    }
}

fn export(config: &Config) -> Result<(), ExportError> {
    view::Failure::export_all(config)?;
    view::Start::export_all(config)?;
    view::StoreSeen::export_all(config)?;
    view::Credentials::export_all(config)?;
    view::FindRequest::export_all(config)?;
    view::FindAnswer::export_all(config)?;
    view::FindStoreAnswer::export_all(config)?;
    view::CustomerView::export_all(config)?;
    view::EarlierRequest::export_all(config)?;
    view::EarlierAnswer::export_all(config)?;
    view::ActRequest::export_all(config)?;
    view::Resolve::export_all(config)?;
    view::RevealRequest::export_all(config)?;
    view::Revealed::export_all(config)?;
    view::Preferences::export_all(config)?;
    view::Event::export_all(config)
}
