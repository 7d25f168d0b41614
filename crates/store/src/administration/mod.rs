//! Administration of a store's data, by whoever may open its files.
//!
//! A command does it on the data itself. When a running store holds an embedded database, the command hands the same
//! [`Task`] to it through a socket beside the file, and prints what comes back.

mod list;
#[cfg(unix)]
pub(crate) mod socket;
#[cfg(test)]
mod tests;
mod words;

use std::future::Future;

use madoguchi_domain::{BrandId, DeviceId};
use madoguchi_secrets::Secret;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    Store,
    agents::{self, AgentError, NewAgent},
    import::{self, ImportError, Language, Means, Say, Told},
};

/// What is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Task {
    /// About agents and their desks.
    Agents(AgentTask),
    /// Customers from a file, which whoever does it reads.
    Import(import::Args),
}

/// What is asked for about agents and their desks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AgentTask {
    Add { agent: NewAgent, password: Password },
    List,
    Scope { name: String, brands: Vec<BrandId>, desk_brands: Vec<BrandId> },
    Disable { name: String },
    Enable { name: String },
    Password { name: String, password: Password },
    Desks,
    RevokeDesk { desk: DeviceId },
}

/// A password on its way to the running store. It is never printed.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub(crate) struct Password(String);

impl Password {
    pub(crate) const fn new(password: String) -> Self {
        Self(password)
    }

    fn secret(&self) -> Secret {
        Secret::new(self.0.clone())
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// What is told on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// The row that begins on this line was not taken.
    Refused { line: u64, why: String },
    /// A batch is in.
    Written { bytes: u64, rows: u64 },
}

/// What came of it, in the operator's language.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// For standard output.
    pub(crate) said: Option<String>,
    /// Why it was not done, or not whole.
    pub(crate) failure: Option<Failure>,
}

/// Why something was not done, in the operator's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// For standard error.
    pub words: String,
    /// What the command exits with.
    pub exit_code: u8,
}

/// What a command exits with when all but some rows of an import went in.
const ROWS_REFUSED: u8 = 6;

impl Answer {
    fn failed(words: String) -> Self {
        Self { said: None, failure: Some(Failure { words, exit_code: 1 }) }
    }
}

/// Does it on the open data. `stop` ends an import at the next border of a batch.
pub(crate) async fn perform(
    task: &Task,
    store: &Store,
    language: Language,
    stop: impl Future<Output = ()> + Send,
    tell: &mut (dyn FnMut(Step) + Send),
) -> Answer {
    let done = match task {
        Task::Import(args) => return bring_in(args, store, language, stop, tell).await,
        Task::Agents(task) => administer(task, store, language).await,
    };
    match done {
        Ok(said) => Answer { said: Some(said), failure: None },
        Err(error) => Answer::failed(error.said(language).to_string()),
    }
}

async fn administer(task: &AgentTask, store: &Store, language: Language) -> Result<String, AgentError> {
    let db = store.db();
    let now = store.clock().now();
    let done = match task {
        AgentTask::Add { agent, password } => {
            words::Done::Added(store.add_agent(agent.clone(), password.secret()).await?)
        }
        AgentTask::List => return Ok(list::agents(&agents::all(&mut db.read().await?).await?, language)),
        AgentTask::Scope { name, brands, desk_brands } => {
            agents::set_scope(db, name, brands, desk_brands).await?;
            words::Done::Scope(name)
        }
        AgentTask::Disable { name } => {
            agents::disable(db, name, now).await?;
            words::Done::Disabled(name)
        }
        AgentTask::Enable { name } => {
            agents::enable(db, name).await?;
            words::Done::Enabled(name)
        }
        AgentTask::Password { name, password } => {
            agents::set_password(db, store.chance(), now, name, password.secret()).await?;
            words::Done::Password(name)
        }
        AgentTask::Desks => return Ok(list::desks(&agents::desks(&mut db.read().await?).await?, language)),
        AgentTask::RevokeDesk { desk } => {
            agents::revoke_desk(db, *desk, now).await?;
            words::Done::Revoked(*desk)
        }
    };
    Ok(done.said(language).to_string())
}

async fn bring_in(
    args: &import::Args,
    store: &Store,
    language: Language,
    stop: impl Future<Output = ()> + Send,
    tell: &mut (dyn FnMut(Step) + Send),
) -> Answer {
    let means = Means { db: store.db(), keys: store.keys(), chance: store.chance(), clock: store.clock() };
    let mut refused = Vec::new();
    let done = import::bring_in(args, &means, stop, &mut |told| match told {
        Told::Refused(line, why) => {
            refused.push(Step::Refused { line, why: why.said(language).to_string() });
        }
        Told::Written { bytes, rows } => {
            refused.drain(..).for_each(&mut *tell);
            tell(Step::Written { bytes, rows });
        }
    })
    .await;
    refused.drain(..).for_each(tell);
    match done {
        Err(error) => Answer::failed(error.said(language).to_string()),
        Ok(summary) => {
            let failure = (summary.refused > 0).then(|| Failure {
                words: ImportError::Refused(summary).said(language).to_string(),
                exit_code: ROWS_REFUSED,
            });
            Answer { said: Some(summary.said(language).to_string()), failure }
        }
    }
}
