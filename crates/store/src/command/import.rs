//! `madoguchi-store import`.

use super::{CommandError, DatabaseArgs, print};
use crate::{
    Options,
    import::{self, ImportError, Language, Means, Say as _},
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
    let language = Language::of_machine();
    let store = args.database.open(Options::default()).await?;
    let means = Means { db: store.db(), keys: store.keys(), chance: store.chance(), clock: store.clock() };
    let done = import::run(&args.import, &means, asked_to_stop(), language).await;
    store.close().await;
    let failed = |error: ImportError| CommandError::Import { words: error.said(language).to_string(), error };
    let summary = done.map_err(failed)?;
    print(&summary.said(language).to_string())?;
    if summary.refused > 0 {
        return Err(failed(ImportError::Refused(summary)));
    }
    Ok(())
}

/// Resolves at Ctrl-C; without signals, never.
async fn asked_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
