//! The central store.
//!
//! [`Store::open`] opens its data, [`Store::serve`] answers on a listener until it is told to stop. Everything that acts
//! does so in one transaction, and who may do what is one table ([`authority`]).

mod actions;
mod administration;
pub mod agents;
mod api;
mod audit;
pub mod authority;
pub mod caller;
pub mod chance;
mod client_words;
pub mod command;
mod crypto;
pub mod db;
mod feed;
pub mod import;
mod instance;
mod progress;
mod refusal;
pub mod sample;
mod search;
mod serve;
mod sign_in_rule;
mod tokens;

use std::{sync::Arc, time::Duration};

use madoguchi_domain::Clock;
use madoguchi_protocol::{error::Code, session::Policy};
use madoguchi_secrets::Key;
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

use chance::Chance;
use crypto::SealingKey;
use db::{CustomerKeys, Db, OpenError, key::KeySource};
use refusal::Refusal;

pub use api::openapi::document as openapi;
pub use instance::restored;
pub use serve::{ServeError, Tls};
pub use sign_in_rule::SignInRule;

/// Passwords that are looked at at once: each takes a core and 19 MiB.
const HASHING: usize = 2;

/// What a company decides for its store.
#[derive(Debug, Clone)]
pub struct Options {
    /// The company's name for it.
    pub name: String,
    /// When the store locks by itself.
    pub rule: SignInRule,
    /// What it decides for its desks.
    pub policy: Policy,
    /// How long the head of a request may take to arrive.
    pub head_within: Duration,
    /// How long a body may take after it.
    pub body_within: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: "Madoguchi".to_owned(),
            rule: SignInRule::default(),
            policy: Policy { clear_identifiers: false, lease_seconds: 24 * 60 * 60, reveal_seconds: 60 },
            head_within: Duration::from_secs(30),
            body_within: Duration::from_secs(60),
        }
    }
}

/// An open store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    keys: CustomerKeys,
    chance: Chance,
    clock: Arc<dyn Clock>,
    instance: instance::Instance,
    options: Options,
    token_key: Key,
    sealing: SealingKey,
    hashing: Semaphore,
    stopping: watch::Sender<bool>,
}

impl Store {
    /// Opens the data at `url`, which is made when it is not there.
    ///
    /// # Errors
    /// When it cannot be used; the error is a sentence for an operator.
    pub async fn open(
        url: &str,
        key: &KeySource,
        clock: Arc<dyn Clock>,
        chance: Chance,
        options: Options,
    ) -> Result<Self, OpenError> {
        let (db, keys) = Db::open(url, key, &chance).await?;
        let instance = instance::begin(&db, &chance).await?;
        let token_key = keys.store_key("tokens", &chance).await?;
        let sealing = SealingKey::new(&keys.store_key("sealing", &chance).await?);
        Ok(Self(Arc::new(Inner {
            db,
            keys,
            chance,
            clock,
            instance,
            options,
            token_key,
            sealing,
            hashing: Semaphore::new(HASHING),
            stopping: watch::Sender::new(false),
        })))
    }

    /// Its database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The customers' keys.
    #[must_use]
    pub fn keys(&self) -> &CustomerKeys {
        &self.0.keys
    }

    /// Where its randomness comes from.
    #[must_use]
    pub fn chance(&self) -> &Chance {
        &self.0.chance
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// Stays the same for the life of the data.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.0.instance.id
    }

    fn epoch(&self) -> i64 {
        self.0.instance.epoch
    }

    fn name(&self) -> &str {
        &self.0.options.name
    }

    fn policy(&self) -> &Policy {
        &self.0.options.policy
    }

    fn body_within(&self) -> Duration {
        self.0.options.body_within
    }

    fn rule(&self) -> SignInRule {
        self.0.options.rule
    }

    fn token_key(&self) -> &Key {
        &self.0.token_key
    }

    fn sealing(&self) -> &SealingKey {
        &self.0.sealing
    }

    fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }

    fn is_stopping(&self) -> bool {
        *self.0.stopping.borrow()
    }

    /// Ends every stream, and with them what keeps the store from stopping.
    fn stop_streams(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Runs what takes a core for tens of milliseconds, a few at a time.
    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let _turn = self.0.hashing.acquire().await.map_err(|_| Code::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Code::StoreFailed.into())
    }

    /// Adds an agent.
    ///
    /// # Errors
    /// When the name is taken, the password too short, or a brand unknown.
    pub async fn add_agent(
        &self,
        agent: agents::NewAgent,
        password: madoguchi_secrets::Secret,
    ) -> Result<madoguchi_domain::AgentId, agents::AgentError> {
        agents::add_to(&self.0.db, &self.0.chance, self.clock().now(), agent, password).await
    }

    /// Ends streams, writes what was asked, writes down how far the data is, and closes it.
    pub async fn close(&self) {
        self.stop_streams();
        if let Err(error) = instance::remember(&self.0.db, self.0.instance).await {
            tracing::warn!(%error, "the file beside the database was not written");
        }
        self.0.db.close().await;
        self.0.keys.close().await;
    }
}

/// How often a running store writes down how far its data is.
const REMEMBER: Duration = Duration::from_secs(10);
