//! `madoguchi-store agent`: people and applications that sign in.

use std::io::Read as _;

use madoguchi_domain::{BrandId, role::Role};
use zeroize::Zeroizing;

use super::{CommandError, DatabaseArgs, administer};
use crate::{
    administration::{AgentTask, Password},
    agents::NewAgent,
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add one; the password is read from standard input.
    Add(AddArgs),
    /// Show them all.
    List(DatabaseArgs),
    /// Give one other brands.
    Scope(ScopeArgs),
    /// Let one in no longer, and end every sign-in of theirs.
    Disable(Named),
    /// Let one in again.
    Enable(Named),
    /// Give one another password, read from standard input, and end every sign-in of theirs.
    Password(Named),
}

/// Who.
#[derive(Debug, clap::Args)]
pub(super) struct Named {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The name they sign in with.
    name: String,
}

/// What they may see.
#[derive(Debug, clap::Args)]
struct Brands {
    /// Brands they may see, with commas between; every brand when not given.
    #[arg(long, value_delimiter = ',')]
    brands: Vec<String>,
    /// Brands whose customers rest on their desk; as --brands when not given.
    #[arg(long, value_delimiter = ',')]
    desk_brands: Vec<String>,
}

/// Who is added.
#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    #[command(flatten)]
    named: Named,
    /// agent, supervisor, privacy_officer, administrator, auditor or application.
    #[arg(long)]
    role: Role,
    /// The name that others see; the sign-in name when not given.
    #[arg(long)]
    display_name: Option<String>,
    #[command(flatten)]
    scope: Brands,
}

/// Who sees what from now on.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("sight").required(true).args(["every_brand", "brands"]))]
pub(super) struct ScopeArgs {
    #[command(flatten)]
    named: Named,
    /// Every brand from now on.
    #[arg(long)]
    every_brand: bool,
    #[command(flatten)]
    scope: Brands,
}

pub(super) async fn run(command: Command) -> Result<(), CommandError> {
    let (database, task) = match command {
        Command::Add(AddArgs { named: Named { database, name }, role, display_name, scope }) => {
            let agent = NewAgent {
                display_name: display_name.unwrap_or_else(|| name.clone()),
                name,
                role,
                brands: ids(scope.brands),
                desk_brands: ids(scope.desk_brands),
            };
            (database, AgentTask::Add { agent, password: password()? })
        }
        Command::List(database) => (database, AgentTask::List),
        Command::Scope(ScopeArgs { named: Named { database, name }, scope, .. }) => {
            let (brands, desk_brands) = (ids(scope.brands), ids(scope.desk_brands));
            (database, AgentTask::Scope { name, brands, desk_brands })
        }
        Command::Disable(Named { database, name }) => (database, AgentTask::Disable { name }),
        Command::Enable(Named { database, name }) => (database, AgentTask::Enable { name }),
        Command::Password(Named { database, name }) => {
            (database, AgentTask::Password { name, password: password()? })
        }
    };
    administer(&database, task).await
}

fn ids(names: Vec<String>) -> Vec<BrandId> {
    names.into_iter().map(BrandId).collect()
}

/// The password on standard input: an argument could be read by everybody on the machine.
fn password() -> Result<Password, CommandError> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().read_to_string(&mut text).map_err(|_| CommandError::NoPassword)?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(CommandError::NoPassword),
        password => Ok(Password::new(password.to_owned())),
    }
}
