//! `madoguchi-store import`.

use super::{CommandError, DatabaseArgs, perform};
use crate::{
    administration::{Step, Task},
    import::{self, Language},
    progress::Progress,
};

/// Where, and what.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    import: import::Args,
}

pub(super) async fn run(args: Args) -> Result<(), CommandError> {
    let Args { database, mut import } = args;
    let language = Language::of_machine();
    let shown = import.file.display().to_string();
    // The running store, which may read the file instead, has a folder of its own.
    import.file = std::path::absolute(&import.file).map_err(CommandError::Path)?;
    import.map = import.map.map(std::path::absolute).transpose().map_err(CommandError::Path)?;
    let length = std::fs::metadata(&import.file).map_or(0, |file| file.len());
    let mut progress = Progress::new(
        match language {
            Language::En => "rows",
            Language::Ja => "行",
        },
        length,
    );
    let done = perform(&database, Task::Import(import), language, asked_to_stop(), &mut |step| match step {
        Step::Refused { line, why } => progress.say(&format!("{shown}:{line}: {why}")),
        Step::Written { bytes, rows } => progress.at(bytes, rows),
    })
    .await;
    progress.end();
    super::print_answer(done?)
}

/// Resolves at Ctrl-C; without signals, never.
async fn asked_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
