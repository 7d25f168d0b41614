//! `cache.db`: the desk's share of the customers. It may be thrown away at any time, and is when it cannot be read.

mod find_row;
mod held;
mod write;

use std::sync::atomic::{AtomicBool, Ordering};

use madoguchi_domain::{CustomerId, Timestamp};
use madoguchi_protocol::{
    error::Code,
    sync::{Facet, Record},
};
use serde::de::DeserializeOwned;
use sqlx::Row;

pub(crate) use find_row::FindRow;
#[cfg(test)]
pub(crate) use find_row::Handle as HandleRow;
pub(crate) use held::{Contact, Held, Resume};
pub(crate) use write::{Change, Incoming};

use crate::{
    error::{Damage, DeskError, damage},
    files::{Database, Schema},
};

/// The tables.
pub(crate) const SCHEMA: Schema = Schema { version: 1, sql: include_str!("schema.sql") };

/// How many customers the list of recent ones keeps.
const RECENT: i64 = 30;

/// The open cache.
#[derive(Debug)]
pub(crate) struct Cache {
    database: Database,
    damaged: AtomicBool,
}

/// A customer as it rests here.
#[derive(Debug)]
pub(crate) struct Resting {
    pub(crate) record: Record,
    /// For a customer outside the share: when it was fetched.
    pub(crate) visitor_since: Option<Timestamp>,
}

impl Cache {
    pub(crate) const fn new(database: Database) -> Self {
        Self { database, damaged: AtomicBool::new(false) }
    }

    /// Whether the file turned out to be damaged: it is to be set aside and synced again.
    pub(crate) fn damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Notes damage on the way of an error.
    fn hurt(&self, error: sqlx::Error) -> DeskError {
        if damage(&error) == Damage::Unreadable {
            self.damaged.store(true, Ordering::Relaxed);
        }
        error.into()
    }

    pub(crate) async fn close(&self) {
        self.database.close().await;
    }

    /// Reads every page once: what a crash or a disk did to the file is found before it is shown.
    pub(crate) async fn check(&self) -> Result<bool, DeskError> {
        let whole = self.database.whole().await.map_err(|e| self.hurt(e))?;
        if !whole {
            self.damaged.store(true, Ordering::Relaxed);
        }
        Ok(whole)
    }

    /// Where the cache stands; none when it is new.
    pub(crate) async fn held(&self) -> Result<Option<Held>, DeskError> {
        let mut reader = self.database.read().await.map_err(|e| self.hurt(e))?;
        let body: Option<String> = sqlx::query_scalar("SELECT body FROM held")
            .fetch_optional(&mut *reader)
            .await
            .map_err(|e| self.hurt(e))?;
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }

    /// How many customers rest here.
    pub(crate) async fn count(&self) -> Result<i64, DeskError> {
        let mut reader = self.database.read().await.map_err(|e| self.hurt(e))?;
        sqlx::query_scalar("SELECT count(*) FROM find_row")
            .fetch_one(&mut *reader)
            .await
            .map_err(|e| self.hurt(e))
    }

    /// One customer whole; none when they do not rest here.
    pub(crate) async fn customer(&self, id: CustomerId) -> Result<Option<Resting>, DeskError> {
        let mut reader = self.database.read().await.map_err(|e| self.hurt(e))?;
        let row = sqlx::query(
            "SELECT profile, accounts, consents, notes, actions, sign_ins, \
             (SELECT fetched_at FROM visitor WHERE visitor.id = customer.id) \
             FROM customer WHERE id = $1 AND profile IS NOT NULL",
        )
        .bind(id.bits())
        .fetch_optional(&mut *reader)
        .await
        .map_err(|e| self.hurt(e))?;
        let Some(row) = row else { return Ok(None) };
        let text = |at: usize| row.try_get::<Option<String>, _>(at).map_err(|e| self.hurt(e));
        let profile = text(0)?.ok_or_else(|| DeskError::new(Code::Unknown))?;
        let record = Record {
            profile: serde_json::from_str(&profile)?,
            accounts: read_facet(text(1)?)?,
            consents: read_facet(text(2)?)?,
            notes: read_facet(text(3)?)?,
            actions: read_facet(text(4)?)?,
            sign_ins: read_facet(text(5)?)?,
        };
        let since: Option<i64> = row.try_get(6).map_err(|e| self.hurt(e))?;
        Ok(Some(Resting { record, visitor_since: since.map(Timestamp::from_micros) }))
    }

    /// The find rows of these customers, in the order asked.
    pub(crate) async fn find_rows(&self, ids: &[CustomerId]) -> Result<Vec<FindRow>, DeskError> {
        let mut reader = self.database.read().await.map_err(|e| self.hurt(e))?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let body: Option<String> = sqlx::query_scalar("SELECT body FROM find_row WHERE id = $1")
                .bind(id.bits())
                .fetch_optional(&mut *reader)
                .await
                .map_err(|e| self.hurt(e))?;
            if let Some(body) = body {
                rows.push(serde_json::from_str(&body)?);
            }
        }
        Ok(rows)
    }

    /// The next find rows after `after` in the order of ids, for filling the index.
    pub(crate) async fn find_rows_after(&self, after: i64, limit: i64) -> Result<Vec<FindRow>, DeskError> {
        let mut reader = self.database.read().await.map_err(|e| self.hurt(e))?;
        let bodies: Vec<String> =
            sqlx::query_scalar("SELECT body FROM find_row WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(limit)
                .fetch_all(&mut *reader)
                .await
                .map_err(|e| self.hurt(e))?;
        bodies.iter().map(|body| serde_json::from_str(body).map_err(DeskError::from)).collect()
    }

    /// Customers opened last, the latest first.
    pub(crate) async fn recent(&self) -> Result<Vec<CustomerId>, DeskError> {
        let mut reader = self.database.read().await.map_err(|e| self.hurt(e))?;
        let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM opened ORDER BY at DESC, id LIMIT $1")
            .bind(RECENT)
            .fetch_all(&mut *reader)
            .await
            .map_err(|e| self.hurt(e))?;
        Ok(ids.into_iter().map(CustomerId::from_bits).collect())
    }

    /// Which of these are outside the share or unknown here.
    pub(crate) async fn knows(&self, id: CustomerId) -> Result<bool, DeskError> {
        let mut reader = self.database.read().await.map_err(|e| self.hurt(e))?;
        let known: Option<i64> = sqlx::query_scalar("SELECT id FROM find_row WHERE id = $1")
            .bind(id.bits())
            .fetch_optional(&mut *reader)
            .await
            .map_err(|e| self.hurt(e))?;
        Ok(known.is_some())
    }
}

fn read_facet<T: DeserializeOwned + Default>(text: Option<String>) -> Result<T, DeskError> {
    text.map_or_else(|| Ok(T::default()), |text| serde_json::from_str(&text).map_err(DeskError::from))
}

/// Where a facet stands among a row's columns.
pub(crate) const fn place(facet: Facet) -> usize {
    match facet {
        Facet::Profile => 0,
        Facet::Accounts => 1,
        Facet::Consents => 2,
        Facet::Notes => 3,
        Facet::Actions => 4,
        Facet::SignIns => 5,
    }
}

#[cfg(test)]
mod tests;
