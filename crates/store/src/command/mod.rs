//! The commands of `madoguchi-store`.

mod agent;
mod import;
mod sample;
mod serve;

use std::{path::PathBuf, sync::Arc};

use clap::{Args, Parser, Subcommand};
use madoguchi_domain::{Clock, SystemClock};
use madoguchi_secrets::OsKeyring;

use crate::{
    Options, Store,
    chance::Chance,
    db::{OpenError, embedded_path, key::KeySource},
};

/// The central store of customers' identity and consent.
#[derive(Debug, Parser)]
#[command(name = "madoguchi-store", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer desks and applications.
    Serve(serve::Args),
    /// Fill an empty store with made-up customers.
    Sample(sample::Args),
    /// Bring customers in from another system's export.
    Import(import::Args),
    /// People and applications that sign in.
    #[command(subcommand)]
    Agent(agent::Command),
    /// Say that the data of a PostgreSQL database was restored from a backup or copied: desks start anew.
    Restored(DatabaseArgs),
    /// Print the description of the API, OpenAPI 3.1.
    Openapi,
}

/// Where the data lies.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    /// `sqlite:PATH` for an encrypted file, or `postgres://…`.
    #[arg(long, value_name = "URL", env = "MADOGUCHI_DATABASE", hide_env_values = true)]
    pub database: String,
    /// The file with the key of an embedded database; made when there is none.
    #[arg(long, value_name = "FILE", env = "MADOGUCHI_DATABASE_KEY_FILE")]
    pub key_file: Option<PathBuf>,
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot answer.
    #[error(transparent)]
    Serve(#[from] crate::ServeError),
    /// The agent was not added.
    #[error(transparent)]
    Agent(#[from] crate::agents::AddError),
    /// There is no sample.
    #[error(transparent)]
    Sample(#[from] crate::sample::SampleError),
    /// A file was not taken, or not whole.
    #[error("{words}")]
    Import {
        /// Why.
        error: crate::import::ImportError,
        /// It in the operator's language.
        words: String,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] crate::db::DbError),
    /// The password could not be read.
    #[error("no password came on standard input")]
    NoPassword,
    /// Printing failed.
    #[error("nothing can be printed: {0}")]
    Print(#[from] std::io::Error),
}

/// What a command exits with when all but some rows of an import went in.
const ROWS_REFUSED: u8 = 6;

impl CommandError {
    /// What the program exits with: 6 when only some rows of an import were refused, otherwise 1.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Import { error: crate::import::ImportError::Refused(_), .. } => ROWS_REFUSED,
            _ => 1,
        }
    }
}

impl DatabaseArgs {
    fn key_source(&self) -> Result<KeySource, OpenError> {
        let keyring = Arc::new(OsKeyring::new("madoguchi-store"));
        if embedded_path(&self.database)?.is_none() {
            // PostgreSQL needs no key of ours.
            return Ok(KeySource::Keyring(keyring));
        }
        let hex = std::env::var("MADOGUCHI_DATABASE_KEY").ok().map(zeroize::Zeroizing::new);
        Ok(KeySource::choose(self.key_file.clone(), hex.as_ref().map(|h| h.as_str()), keyring)?)
    }

    /// Opens the data with the machine's clock and randomness.
    ///
    /// # Errors
    /// When it cannot be used.
    pub async fn open(&self, options: Options) -> Result<Store, OpenError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        Store::open(&self.database, &self.key_source()?, clock, Chance::of_system(), options).await
    }
}

/// Runs a command line.
///
/// # Errors
/// A sentence for the operator.
pub async fn run(cli: Cli) -> Result<(), CommandError> {
    match cli.command {
        Command::Serve(args) => serve::run(args).await,
        Command::Sample(args) => sample::run(args).await,
        Command::Import(args) => import::run(args).await,
        Command::Agent(agent::Command::Add(args)) => agent::add(args).await,
        Command::Restored(args) => {
            let store = args.open(Options::default()).await?;
            crate::restored(store.db()).await?;
            store.close().await;
            Ok(())
        }
        Command::Openapi => print(&crate::openapi()),
    }
}

/// A line on standard output.
fn print(line: &str) -> Result<(), CommandError> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
