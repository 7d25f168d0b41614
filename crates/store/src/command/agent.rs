//! `madoguchi-store agent add`.

use std::io::Read as _;

use madoguchi_domain::{BrandId, role::Role};
use madoguchi_secrets::Secret;
use zeroize::Zeroizing;

use super::{CommandError, DatabaseArgs, print};
use crate::{Options, agents::NewAgent};

/// People and applications that sign in.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add one; the password is read from standard input.
    Add(AddArgs),
}

/// Who is added.
#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The name they sign in with.
    name: String,
    /// agent, supervisor, privacy_officer, administrator, auditor or application.
    #[arg(long)]
    role: Role,
    /// The name that others see; the sign-in name when not given.
    #[arg(long)]
    display_name: Option<String>,
    /// Brands they may see, with commas between; every brand when not given.
    #[arg(long, value_delimiter = ',')]
    brands: Vec<String>,
    /// Brands whose customers rest on their desk; as --brands when not given.
    #[arg(long, value_delimiter = ',')]
    desk_brands: Vec<String>,
}

pub(super) async fn add(args: AddArgs) -> Result<(), CommandError> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().read_to_string(&mut text).map_err(|_| CommandError::NoPassword)?;
    let password = Secret::new(text.trim_end_matches(['\r', '\n']).to_owned());
    if password.expose().is_empty() {
        return Err(CommandError::NoPassword);
    }
    let brands = |names: Vec<String>| names.into_iter().map(BrandId).collect();
    let agent = NewAgent {
        display_name: args.display_name.unwrap_or_else(|| args.name.clone()),
        name: args.name,
        role: args.role,
        brands: brands(args.brands),
        desk_brands: brands(args.desk_brands),
    };
    let store = args.database.open(Options::default()).await?;
    let added = store.add_agent(agent, password).await;
    store.close().await;
    print(&format!("added {}", added?))
}
