//! `madoguchi-store desk`: the machines that agents sign in at.

use madoguchi_domain::DeviceId;

use super::{CommandError, DatabaseArgs, administer};
use crate::administration::AgentTask;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Show them all.
    List(DatabaseArgs),
    /// Let nobody in at one any more: it wipes itself at its next contact.
    Revoke(RevokeArgs),
}

/// Which.
#[derive(Debug, clap::Args)]
pub(super) struct RevokeArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Its id, as `desk list` shows it.
    id: DeviceId,
}

pub(super) async fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::List(database) => administer(&database, AgentTask::Desks).await,
        Command::Revoke(RevokeArgs { database, id }) => {
            administer(&database, AgentTask::RevokeDesk { desk: id }).await
        }
    }
}
