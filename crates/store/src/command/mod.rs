//! The commands of `madoguchi-store`.

mod agent;
mod desk;
mod import;
mod sample;
mod serve;

use std::{future::Future, path::PathBuf, sync::Arc};

use clap::{Args, Parser, Subcommand};
use madoguchi_domain::{Clock, SystemClock};
use madoguchi_secrets::OsKeyring;

use crate::{
    Options, Store,
    administration::{self, AgentTask, Answer, Failure, Step, Task},
    chance::Chance,
    db::{OpenError, embedded_path, key::KeySource},
    import::Language,
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
    /// Machines that agents sign in at.
    #[command(subcommand)]
    Desk(desk::Command),
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
    /// There is no sample.
    #[error(transparent)]
    Sample(#[from] crate::sample::SampleError),
    /// What was asked for was not done, or not whole; said in the operator's language.
    #[error("{}", .0.words)]
    Task(Failure),
    /// The running store went away.
    #[error("the running store ended before it answered: see that it runs, then try again")]
    Answer,
    /// The running store cannot be reached.
    #[error("a running store takes no commands on this system: stop it first")]
    NoSocket,
    /// Where the command was started is gone.
    #[error("the folder this was started in cannot be used: {0}")]
    Path(std::io::Error),
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

impl CommandError {
    /// What the program exits with: 6 when only some rows of an import were refused, otherwise 1.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Task(failure) => failure.exit_code,
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
        Command::Agent(command) => agent::run(command).await,
        Command::Desk(command) => desk::run(command).await,
        Command::Restored(args) => {
            let store = args.open(Options::default()).await?;
            crate::restored(store.db()).await?;
            store.close().await;
            Ok(())
        }
        Command::Openapi => print(&crate::openapi()),
    }
}

/// Does something about agents or desks, and prints what came of it.
async fn administer(database: &DatabaseArgs, task: AgentTask) -> Result<(), CommandError> {
    let language = Language::of_machine();
    let stop = std::future::pending();
    print_answer(perform(database, Task::Agents(task), language, stop, &mut |_| {}).await?)
}

/// Does it on the data, or has the running store do it that holds the data.
async fn perform(
    database: &DatabaseArgs,
    task: Task,
    language: Language,
    stop: impl Future<Output = ()> + Send,
    tell: &mut (dyn FnMut(Step) + Send),
) -> Result<Answer, CommandError> {
    match database.open(Options::default()).await {
        Ok(store) => {
            let done = administration::perform(&task, &store, language, stop, tell).await;
            store.close().await;
            Ok(done)
        }
        Err(OpenError::Held { path, holder }) => {
            #[cfg(unix)]
            {
                let proof = database.key_source()?.proof(&path).map_err(OpenError::Key)?;
                let asked = administration::socket::ask(&path, proof, language, task, stop, tell).await;
                match asked {
                    Ok(Some(answer)) => Ok(answer),
                    // It is held by what takes no commands: another command.
                    Ok(None) => Err(OpenError::Held { path, holder }.into()),
                    Err(_) => Err(CommandError::Answer),
                }
            }
            #[cfg(not(unix))]
            {
                let _ = (path, holder, stop, tell);
                Err(CommandError::NoSocket)
            }
        }
        Err(error) => Err(error.into()),
    }
}

fn print_answer(answer: Answer) -> Result<(), CommandError> {
    if let Some(said) = answer.said {
        print(&said)?;
    }
    answer.failure.map_or(Ok(()), |failure| Err(CommandError::Task(failure)))
}

/// A line on standard output.
fn print(line: &str) -> Result<(), CommandError> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
