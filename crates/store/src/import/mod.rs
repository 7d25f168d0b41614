//! Bringing customers in from another system's export.
//!
//! A row becomes a customer with one account and its identities. It is known again by issuer, brand and subject, and by
//! a digest of what it said: run twice, nothing changes; run with a newer export, what changed there changes here. Rows
//! that cannot be read are told with file, line and reason, and the others go in. docs/import.md is the reference.

mod auth0;
mod error;
mod keycloak;
mod map;
mod person;
mod provider;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod update;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    future::Future,
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use madoguchi_domain::{AccountId, BrandId, Clock, Timestamp, account::Authority};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

pub use error::{ImportError, Language, MapFault, Refusal, Said, Say};
use map::Map;
use person::{Origin, Person};
use source::{Row, Source};

use crate::{
    chance::Chance,
    db::{
        CustomerKeys, Db, DbError,
        bulk::{self, Known},
        company, fetch_optional,
    },
};

/// How many rows share a transaction.
const BATCH: usize = 500;

/// How many batches are read ahead of what is written.
const AHEAD: usize = 2;

/// How often a batch is given other ids when one of them was taken.
const DRAWS: u32 = 4;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Format {
    /// A Keycloak realm export.
    Keycloak,
    /// An Auth0 user export.
    Auth0,
    /// Anything else, by a map.
    Csv,
}

/// Who decides over what comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Decides {
    /// This store: applications ask it from now on.
    Store,
    /// The system it comes from.
    Source,
}

/// What to bring in, and as what.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args)]
pub struct Args {
    /// What the file is.
    pub format: Format,
    /// The file.
    pub file: PathBuf,
    /// Which column is what; for csv.
    #[arg(long, value_name = "MAP.toml")]
    pub map: Option<PathBuf>,
    /// The URL of the system that the accounts are of.
    #[arg(long, value_name = "URL")]
    pub issuer: String,
    /// The brand that the accounts are for; made when there is none of that id.
    #[arg(long, value_name = "ID")]
    pub brand: String,
    /// Who decides over the accounts; without it the source over those that are new, and over others whoever did.
    #[arg(long, value_enum)]
    pub authority: Option<Decides>,
    /// The country of phone numbers that do not say theirs, such as JP.
    #[arg(long, value_name = "COUNTRY", default_value = "JP")]
    pub region: String,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// New customers.
    pub added: u64,
    /// Rows that said something else than the last time.
    pub updated: u64,
    /// Rows that said the same as the last time.
    pub unchanged: u64,
    /// Rows that could not be taken.
    pub refused: u64,
}

impl Summary {
    const fn rows(self) -> u64 {
        self.added + self.updated + self.unchanged + self.refused
    }
}

impl Say for Summary {
    fn say(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { added, updated, unchanged, refused } = self;
        match language {
            Language::En => {
                write!(f, "{added} added, {updated} updated, {unchanged} unchanged, {refused} refused")
            }
            Language::Ja => {
                write!(f, "追加 {added}、更新 {updated}、変更なし {unchanged}、取り込めず {refused}")
            }
        }
    }
}

/// What an import works with.
#[derive(Debug)]
pub struct Means<'a> {
    /// Where to.
    pub db: &'a Db,
    /// The customers' keys.
    pub keys: &'a CustomerKeys,
    /// Where ids come from.
    pub chance: &'a Chance,
    /// When it is.
    pub clock: &'a dyn Clock,
}

/// What happens on the way.
#[derive(Debug)]
pub enum Told {
    /// The row that begins on this line was not taken.
    Refused(u64, Refusal),
    /// A batch is in.
    Written {
        /// How far the file was read.
        bytes: u64,
        /// How many rows were looked at.
        rows: u64,
    },
}

/// Brings a file in, telling refused rows and how far it is, until it is at the end or `stop` resolves; then it stops at
/// the next border of a batch.
///
/// # Errors
/// When the file or the map cannot be used, or the database fails. Batches that were written stay.
pub async fn bring_in(
    args: &Args,
    with: &Means<'_>,
    stop: impl Future<Output = ()>,
    tell: &mut (dyn FnMut(Told) + Send),
) -> Result<Summary, ImportError> {
    let origin = origin(args)?;
    let map = match (&args.map, args.format) {
        (Some(path), Format::Csv) => Some(Map::read(path)?),
        (None, Format::Keycloak | Format::Auth0) => None,
        (None, Format::Csv) | (Some(_), _) => return Err(ImportError::MapNeeded),
    };
    let read_to = Arc::new(AtomicU64::new(0));
    let (send, mut batches) = mpsc::channel(AHEAD);
    let (path, format, issuer, at) = (args.file.clone(), args.format, origin.issuer.clone(), read_to.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let source = Source::new(&path, at)?;
        let mut batch = Vec::with_capacity(BATCH);
        let mut take = |row| {
            batch.push(row);
            if batch.len() < BATCH {
                return ControlFlow::Continue(());
            }
            match send.blocking_send(std::mem::take(&mut batch)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        };
        match (format, &map) {
            (Format::Keycloak, _) => keycloak::read(&source, &issuer, &mut take),
            (Format::Auth0, _) => auth0::read(&source, &issuer, &mut take),
            (Format::Csv, Some(map)) => table::read(&source, map, &issuer, &mut take),
            (Format::Csv, None) => Err(ImportError::MapNeeded),
        }?;
        // Nobody is there any more only when the import was stopped.
        drop(send.blocking_send(batch));
        Ok::<(), ImportError>(())
    });
    let mut work = Work {
        with,
        now: with.clock.now(),
        origin,
        asked: asked(args),
        known: None,
        seen: HashMap::new(),
        summary: Summary::default(),
    };
    tokio::pin!(stop);
    let mut stopped = false;
    loop {
        let batch = tokio::select! {
            biased;
            () = &mut stop => {
                stopped = true;
                break;
            }
            batch = batches.recv() => batch,
        };
        let Some(batch) = batch else { break };
        work.batch(batch, tell).await?;
        tell(Told::Written { bytes: read_to.load(Ordering::Relaxed), rows: work.summary.rows() });
    }
    drop(batches);
    reading.await.map_err(|_| DbError::Closed)??;
    match work.summary {
        summary if stopped => Err(ImportError::Stopped(summary)),
        summary => Ok(summary),
    }
}

fn origin(args: &Args) -> Result<Origin, ImportError> {
    let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if args.brand.is_empty() || args.brand.len() > 64 || !args.brand.chars().all(slug) {
        return Err(ImportError::Brand);
    }
    Ok(Origin {
        issuer: args.issuer.clone(),
        brand: BrandId(args.brand.clone()),
        authority: asked(args).unwrap_or(Authority::Source),
        region: args.region.to_ascii_uppercase(),
    })
}

/// Who is to decide, where the operator said so.
fn asked(args: &Args) -> Option<Authority> {
    args.authority.map(|decides| match decides {
        Decides::Store => Authority::Store,
        Decides::Source => Authority::Source,
    })
}

/// An import on its way.
struct Work<'a> {
    with: &'a Means<'a>,
    now: Timestamp,
    origin: Origin,
    asked: Option<Authority>,
    /// Accounts of this issuer and brand that were there before; read with the first batch.
    known: Option<HashMap<String, Known>>,
    /// On which line each subject stood, by a hash of it: a file may be larger than memory.
    seen: HashMap<[u8; 16], u64>,
    summary: Summary,
}

impl Work<'_> {
    async fn batch(
        &mut self,
        rows: Vec<Row>,
        tell: &mut (dyn FnMut(Told) + Send),
    ) -> Result<(), ImportError> {
        let db = self.with.db;
        if self.known.is_none() {
            let brand = self.origin.brand.clone();
            db.write(move |conn| {
                let brand = brand.clone();
                Box::pin(async move { company::ensure_brand(conn, &brand).await })
            })
            .await?;
            let known = bulk::known(&mut db.read().await?, &self.origin.issuer, &self.origin.brand).await?;
            self.known = Some(known);
        }
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        let mut taken = HashSet::new();
        for Row { line, person } in rows {
            match self.judge(line, person, &mut taken).await? {
                Ok(Judged::New(person)) => new.push(person),
                Ok(Judged::Changed(known, person)) => changed.push((known, person)),
                Ok(Judged::Unchanged) => self.summary.unchanged += 1,
                Err(why) => {
                    self.summary.refused += 1;
                    tell(Told::Refused(line, why));
                }
            }
        }
        self.summary.added += new.len() as u64;
        self.summary.updated += changed.len() as u64;
        self.put(&new).await?;
        if !changed.is_empty() {
            update::apply(self.with, &self.origin, self.now, changed).await?;
        }
        Ok(())
    }

    /// What is to be done with a row.
    async fn judge(
        &mut self,
        line: u64,
        person: Result<Person, Refusal>,
        taken: &mut HashSet<(String, String)>,
    ) -> Result<Result<Judged, Refusal>, ImportError> {
        let mut person = match person {
            Ok(person) => person.tidy(),
            Err(why) => return Ok(Err(why)),
        };
        if let Err(why) = person.check() {
            return Ok(Err(why));
        }
        let hash = Sha256::digest(&person.subject);
        let mut short = [0; 16];
        short.copy_from_slice(&hash[..16]);
        if let Some(first) = self.seen.insert(short, line) {
            self.seen.insert(short, first);
            return Ok(Err(Refusal::Twice(first)));
        }
        let mut known = self.known.as_ref().and_then(|known| known.get(&person.subject)).cloned();
        if let Some(known) = &mut known {
            known.authority = self.asked.unwrap_or(known.authority);
            if known.digest.as_deref() == Some(&person.digest(&self.origin.of(known))) {
                return Ok(Ok(Judged::Unchanged));
            }
        }
        let own = known.as_ref().map(|known| known.account);
        for way in &person.identities {
            let key = (way.issuer.clone(), way.subject.clone());
            if taken.contains(&key) || self.leads_elsewhere(&key, own).await? {
                return Ok(Err(Refusal::IdentityTaken(key.0)));
            }
        }
        taken.extend(person.identities.iter().map(|way| (way.issuer.clone(), way.subject.clone())));
        Ok(Ok(match known {
            Some(known) => Judged::Changed(known, person),
            None => Judged::New(person),
        }))
    }

    /// Whether an identity leads into another account than this one.
    async fn leads_elsewhere(&self, way: &(String, String), own: Option<AccountId>) -> Result<bool, DbError> {
        let row = fetch_optional!(
            &mut self.with.db.read().await?,
            (uuid::Uuid,),
            "select account from identity where issuer = $1 and subject = $2 and brand = $3",
            &way.0,
            &way.1,
            &self.origin.brand.0
        )?;
        Ok(row.is_some_and(|(account,)| Some(AccountId(account)) != own))
    }

    async fn put(&self, new: &[Person]) -> Result<(), DbError> {
        let Means { db, keys, chance, .. } = *self.with;
        for draw in 1.. {
            if new.is_empty() {
                break;
            }
            let customers =
                new.iter().map(|person| person.customer(&self.origin, chance, self.now)).collect();
            match bulk::put(db, keys, chance, self.now, customers).await {
                // Central ids have 40 bits: among millions one comes twice now and then, and is drawn again.
                Err(DbError::Taken(_)) if draw < DRAWS => {}
                outcome => return outcome,
            }
        }
        Ok(())
    }
}

enum Judged {
    New(Person),
    Changed(Known, Person),
    Unchanged,
}
