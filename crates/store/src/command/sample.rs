//! `madoguchi-store sample`.

use super::{CommandError, DatabaseArgs, print};
use crate::{Options, sample};

/// Where, and what.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    sample: sample::Args,
}

pub(super) async fn run(args: Args) -> Result<(), CommandError> {
    let store = args.database.open(Options::default()).await?;
    let done = sample::run(&args.sample, store.db(), store.keys(), store.chance(), store.clock()).await;
    store.close().await;
    print(&done?.to_string())
}
