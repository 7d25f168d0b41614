//! Customers made up from a seed: half of them Japanese, with accounts, months of sign-ins, locks and consents.
//!
//! The same seed and the same time give the same customers. Nothing in it is anybody's: e-mail addresses lie under the
//! domains kept for examples, phone numbers where nobody has one, network addresses in the ranges for documentation.

mod brands;
mod choices;
mod customer;
mod desk_work;
mod dice;
mod people;
mod places;
mod story;
#[cfg(test)]
mod tests;
mod ways;
mod western;

use std::{collections::HashSet, fmt};

use madoguchi_domain::{Clock, CustomerId, Timestamp};

use crate::{
    chance::Chance,
    db::{
        CustomerKeys, Db, DbError,
        bulk::{self, NewCustomer},
        company, fetch_optional,
    },
    progress::Progress,
};

/// How many customers share a transaction.
const BATCH: u64 = 1_000;

/// More customers than this are refused.
const MOST: u64 = 10_000_000;

/// What to make up.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// How many customers there shall be.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..=MOST))]
    pub customers: u64,
    /// The same seed gives the same people.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Customers written now.
    pub added: u64,
    /// Customers of the same sample who were there before.
    pub present: u64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sample customers added, {} were there already", self.added, self.present)
    }
}

/// Why there is no sample.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// Made-up people must not stand among real ones.
    #[error(
        "this store holds customers already; sample customers go only into an empty store, or beside their own"
    )]
    NotEmpty,
    /// Making them up failed; nothing of that batch was written.
    #[error("a batch of the sample could not be made")]
    Stopped,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Fills a store with sample customers, showing how far it is on standard error.
///
/// Run again with the same seed it adds what is missing and changes nothing, so that it can be cut off at any point.
///
/// # Errors
/// When the store holds other customers, or the database fails; batches that were written stay.
pub async fn run(
    args: &Args,
    db: &Db,
    keys: &CustomerKeys,
    chance: &Chance,
    clock: &dyn Clock,
) -> Result<Summary, SampleError> {
    let mut progress = Progress::new("customers", args.customers);
    let done = fill(args, db, keys, chance, clock.now(), &mut progress).await;
    progress.end();
    done
}

async fn fill(
    args: &Args,
    db: &Db,
    keys: &CustomerKeys,
    chance: &Chance,
    now: Timestamp,
    progress: &mut Progress,
) -> Result<Summary, SampleError> {
    let empty =
        fetch_optional!(&mut db.read().await?, (i64,), "select customer_id from customer limit 1")?.is_none();
    let first = id(args.seed, 0);
    if !empty && present(db, std::iter::once(first)).await?.is_empty() {
        return Err(SampleError::NotEmpty);
    }
    db.write(move |conn| {
        Box::pin(async move {
            company::put_brands(conn, &brands::brands()).await?;
            company::put_purposes(conn, &brands::purposes()).await?;
            company::put_notices(conn, &brands::notices(now)).await
        })
    })
    .await?;
    let mut summary = Summary { added: 0, present: 0 };
    let mut waiting = Some(begin(args, 0, now));
    while let Some((batch, next)) = waiting.take() {
        let mut batch = batch.await.map_err(|_| SampleError::Stopped)?;
        // The next batch is made up while this one is written.
        if next < args.customers {
            waiting = Some(begin(args, next, now));
        }
        if !empty {
            let before = batch.len();
            let known = present(db, batch.iter().map(|customer| customer.id)).await?;
            batch.retain(|customer| !known.contains(&customer.id));
            summary.present += (before - batch.len()) as u64;
        }
        summary.added += batch.len() as u64;
        if !batch.is_empty() {
            bulk::put(db, keys, chance, now, batch).await?;
        }
        progress.at(next, next);
    }
    Ok(summary)
}

/// Makes up the batch that begins with customer `from`; also the number of the one after it.
fn begin(args: &Args, from: u64, now: Timestamp) -> (tokio::task::JoinHandle<Vec<NewCustomer>>, u64) {
    let (seed, to) = (args.seed, (from + BATCH).min(args.customers));
    (
        tokio::task::spawn_blocking(move || {
            (from..to).map(|number| customer::customer(seed, number, now)).collect()
        }),
        to,
    )
}

/// The id of customer `number` of the sample of this seed, counted from 0.
#[must_use]
pub fn id(seed: u64, number: u64) -> CustomerId {
    CustomerId::from_bits(dice::id_bits(seed, number))
}

/// Which of these customers the store holds.
async fn present(db: &Db, ids: impl Iterator<Item = CustomerId>) -> Result<HashSet<CustomerId>, DbError> {
    let mut conn = db.read().await?;
    let mut found = HashSet::new();
    for id in ids {
        let row = fetch_optional!(
            &mut conn,
            (i64,),
            "select customer_id from customer where customer_id = $1",
            id.bits()
        )?;
        if row.is_some() {
            found.insert(id);
        }
    }
    Ok(found)
}
