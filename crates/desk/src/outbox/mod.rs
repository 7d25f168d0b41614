//! `outbox.db`: what this desk's people saved and the store has not answered yet. It may not be thrown away.

pub(crate) mod lanes;
mod row;
mod seal;
mod settings;

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use madoguchi_domain::{
    ActionId, AgentId, CustomerId, Timestamp,
    account::Lock,
    action::{ActionDone, Ask, Reason, Waiting as MayWait},
};
use madoguchi_protocol::{
    action::{Envelope, SignedAction},
    error::{Code, Problem},
};
use rand::rngs::StdRng;
use sha2::{Digest, Sha256};
use sqlx::{Connection, Row as _, sqlite::SqliteRow};
use uuid::Uuid;

pub(crate) use row::{Class, Row, class};
pub(crate) use seal::{Owner, SealedCopies, SealingKey};
pub(crate) use settings::{ChosenStore, Device};

use crate::{
    error::DeskError,
    files::{Database, Schema},
    view::ActionState,
};

/// The tables.
pub(crate) const SCHEMA: Schema = Schema { version: 1, sql: include_str!("schema.sql") };

/// How long an answered action is still listed.
const LISTED: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// The open outbox.
pub(crate) struct Outbox {
    database: Database,
    device: Device,
    copies: Option<SealedCopies>,
    rng: Arc<std::sync::Mutex<StdRng>>,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outbox")
    }
}

/// An action as it is asked, before it has an id.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) store: Uuid,
    pub(crate) sealing_key: Option<String>,
    pub(crate) agent: AgentId,
    pub(crate) customer: CustomerId,
    pub(crate) customer_name: String,
    pub(crate) ask: Ask,
    pub(crate) judged_on: Option<i64>,
    pub(crate) saw: Option<Lock>,
    pub(crate) reason: Option<Reason>,
    pub(crate) words: Option<String>,
    pub(crate) case: Option<String>,
    /// By the desk's corrected clock.
    pub(crate) captured_at: Timestamp,
}

/// What the store answered.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It is done.
    Done(ActionDone),
    /// It is not, for good.
    Not(ActionState, Option<Problem>),
}

impl Outbox {
    /// An outbox over its open file. Copies without a row belong to actions that were never shown as saved.
    pub(crate) async fn new(
        database: Database,
        copies: Option<SealedCopies>,
        rng: Arc<std::sync::Mutex<StdRng>>,
        now: Timestamp,
    ) -> Result<Self, DeskError> {
        let device = settings::device(&database, &rng, now).await?;
        let outbox = Self { database, device, copies, rng };
        if let Some(copies) = &outbox.copies {
            let waiting: Vec<ActionId> =
                outbox.rows().await?.iter().filter(|row| row.waits()).map(Row::action).collect();
            copies.keep_only(&waiting)?;
        }
        outbox.forget_old(now).await?;
        Ok(outbox)
    }

    pub(crate) const fn device(&self) -> &Device {
        &self.device
    }

    pub(crate) const fn copies(&self) -> Option<&SealedCopies> {
        self.copies.as_ref()
    }

    pub(crate) const fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) async fn close(&self) {
        self.database.close().await;
    }

    /// Saves an action: after this returns it survives a power cut. The sealed copy comes first, so that no action is
    /// ever shown as saved without one.
    pub(crate) async fn save(&self, draft: Draft) -> Result<Row, DeskError> {
        let action = ActionId::new(draft.captured_at, self.random());
        let mut writer = self.database.write().await?;
        let mut tx = writer.begin().await?;
        let sequence: i64 = sqlx::query_scalar(
            "INSERT INTO setting(name, body) VALUES ('sequence', '1') \
             ON CONFLICT(name) DO UPDATE SET body = CAST(CAST(body AS INTEGER) + 1 AS TEXT) \
             RETURNING CAST(body AS INTEGER)",
        )
        .fetch_one(&mut *tx)
        .await?;
        let lapses_at = match draft.ask.kind().waiting() {
            MayWait::Until(span) => Some(draft.captured_at.plus(span)),
            MayWait::Always => None,
            // Worth nothing once the person who asked no longer looks at the screen.
            MayWait::Never => Some(draft.captured_at.plus(std::time::Duration::from_secs(60))),
        };
        let envelope = Envelope {
            schema: 1,
            action,
            device: self.device.id,
            sequence,
            agent: draft.agent,
            customer: draft.customer,
            ask: draft.ask,
            judged_on: draft.judged_on,
            reason: draft.reason,
            words: draft.words,
            case: draft.case,
            captured_at: draft.captured_at,
            lapses_at,
            depends_on: None,
            verification: None,
        };
        let signed = seal::sign(&envelope, &self.device.key)?;
        if let (Some(copies), Some(key)) = (&self.copies, &draft.sealing_key) {
            let key = SealingKey::read(key)?;
            let (copies, signed, rng) = (copies.clone(), signed.clone(), Arc::clone(&self.rng));
            let owner = Owner { store: draft.store, agent: draft.agent };
            tokio::task::spawn_blocking(move || {
                let mut rng = rng.lock().map_err(|_| DeskError::new(Code::DeskFailed))?;
                copies.keep(action, owner, &signed, &key, &mut *rng)
            })
            .await
            .map_err(|_| DeskError::new(Code::DeskFailed))??;
        }
        let row = Row {
            store: draft.store,
            customer_name: draft.customer_name,
            envelope,
            signed,
            saw: draft.saw,
            state: ActionState::Saved,
            tried_at: None,
            answered_at: None,
            done: None,
            problem: None,
        };
        let written = async {
            insert(&mut tx, &row).await?;
            tx.commit().await
        };
        if let Err(error) = written.await {
            if let Some(copies) = &self.copies {
                copies.drop(action);
            }
            return Err(error.into());
        }
        Ok(row)
    }

    fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        if let Ok(mut rng) = self.rng.lock() {
            rand::RngCore::fill_bytes(&mut *rng, &mut bytes);
        }
        bytes
    }

    /// Every row, in the order they were saved.
    pub(crate) async fn rows(&self) -> Result<Vec<Row>, DeskError> {
        let mut reader = self.database.read().await?;
        let rows = sqlx::query(
            "SELECT store, customer_name, envelope, signature, saw, state, tried_at, answered_at, answer, problem \
             FROM action ORDER BY sequence",
        )
        .fetch_all(&mut *reader)
        .await?;
        rows.iter().map(read).collect()
    }

    /// One row.
    pub(crate) async fn row(&self, action: ActionId) -> Result<Option<Row>, DeskError> {
        let mut reader = self.database.read().await?;
        let row = sqlx::query(
            "SELECT store, customer_name, envelope, signature, saw, state, tried_at, answered_at, answer, problem \
             FROM action WHERE action = $1",
        )
        .bind(action.0)
        .fetch_optional(&mut *reader)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// Notes that an action is about to leave, before it does: from here on only the store knows what became of it.
    pub(crate) async fn sending(&self, action: ActionId, at: Timestamp) -> Result<bool, DeskError> {
        let mut writer = self.database.write().await?;
        let changed = sqlx::query(
            "UPDATE action SET state = 'sending', tried_at = coalesce(tried_at, $2) \
             WHERE action = $1 AND state IN ('saved', 'sending')",
        )
        .bind(action.0)
        .bind(at.micros())
        .execute(&mut *writer)
        .await?;
        Ok(changed.rows_affected() == 1)
    }

    /// Notes that an action did not leave after all: no connection was made.
    pub(crate) async fn not_sent(&self, action: ActionId) -> Result<(), DeskError> {
        let mut writer = self.database.write().await?;
        sqlx::query(
            "UPDATE action SET state = 'saved', tried_at = NULL WHERE action = $1 AND state = 'sending'",
        )
        .bind(action.0)
        .execute(&mut *writer)
        .await?;
        Ok(())
    }

    /// Notes the store's answer and drops the sealed copy. Only what waited is answered.
    pub(crate) async fn answer(
        &self,
        action: ActionId,
        answer: &Answer,
        at: Timestamp,
    ) -> Result<(), DeskError> {
        let (state, done, problem) = match answer {
            Answer::Done(done) => (ActionState::Done, Some(serde_json::to_string(done)?), None),
            Answer::Not(state, problem) => {
                (*state, None, problem.as_ref().map(serde_json::to_string).transpose()?)
            }
        };
        {
            let mut writer = self.database.write().await?;
            sqlx::query(
                "UPDATE action SET state = $2, answered_at = $3, answer = $4, problem = $5 \
                 WHERE action = $1 AND state IN ('saved', 'sending')",
            )
            .bind(action.0)
            .bind(row::word(state))
            .bind(at.micros())
            .bind(done)
            .bind(problem)
            .execute(&mut *writer)
            .await?;
        }
        if let Some(copies) = &self.copies {
            copies.drop(action);
        }
        Ok(())
    }

    /// Takes an action back. Only one that never left can be.
    pub(crate) async fn take_back(&self, action: ActionId) -> Result<(), DeskError> {
        self.remove(action, "DELETE FROM action WHERE action = $1 AND state = 'saved'").await
    }

    /// Forgets an action that may not wait and got no answer.
    pub(crate) async fn give_up(&self, action: ActionId) -> Result<(), DeskError> {
        self.remove(action, "DELETE FROM action WHERE action = $1 AND state IN ('saved', 'sending')").await
    }

    /// A person has seen it and lets it be.
    pub(crate) async fn let_be(&self, action: ActionId) -> Result<(), DeskError> {
        self.remove(
            action,
            "DELETE FROM action WHERE action = $1 AND state IN ('conflict', 'refused', 'lapsed')",
        )
        .await
    }

    async fn remove(&self, action: ActionId, sql: &'static str) -> Result<(), DeskError> {
        let removed = {
            let mut writer = self.database.write().await?;
            sqlx::query(sql).bind(action.0).execute(&mut *writer).await?.rows_affected()
        };
        if removed == 0 {
            let known = self.row(action).await?.is_some();
            return Err(DeskError::new(if known { Code::AlreadySent } else { Code::Unknown }));
        }
        if let Some(copies) = &self.copies {
            copies.drop(action);
        }
        Ok(())
    }

    async fn forget_old(&self, now: Timestamp) -> Result<(), DeskError> {
        let mut writer = self.database.write().await?;
        // A reveal does not wait: whoever asked for it no longer looks.
        sqlx::query("DELETE FROM action WHERE kind = 'reveal' AND state IN ('saved', 'sending')")
            .execute(&mut *writer)
            .await?;
        sqlx::query("DELETE FROM action WHERE state = 'done' AND answered_at < $1")
            .bind(now.minus(LISTED).micros())
            .execute(&mut *writer)
            .await?;
        Ok(())
    }
}

async fn insert(connection: &mut sqlx::SqliteConnection, row: &Row) -> Result<(), sqlx::Error> {
    let saw = row.saw.as_ref().map(serde_json::to_string).transpose();
    let saw = saw.map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query(
        "INSERT INTO action(sequence, action, store, agent, customer, customer_name, kind, envelope, sha256, \
         signature, lapses_at, saw, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'saved')",
    )
    .bind(row.envelope.sequence)
    .bind(row.envelope.action.0)
    .bind(row.store)
    .bind(row.envelope.agent.0)
    .bind(row.envelope.customer.bits())
    .bind(row.customer_name.as_str())
    .bind(row.envelope.ask.kind().word())
    .bind(row.signed.envelope.as_str())
    .bind(Sha256::digest(row.signed.envelope.as_bytes()).to_vec())
    .bind(row.signed.signature.as_str())
    .bind(row.envelope.lapses_at.map(Timestamp::micros))
    .bind(saw)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Row, DeskError> {
    let text = |at: usize| row.try_get::<Option<String>, _>(at);
    let envelope: String = row.try_get(2)?;
    let state: String = row.try_get(5)?;
    Ok(Row {
        store: row.try_get(0)?,
        customer_name: row.try_get(1)?,
        envelope: serde_json::from_str(&envelope)?,
        signed: SignedAction { envelope, signature: row.try_get(3)? },
        saw: text(4)?.map(|saw| serde_json::from_str(&saw)).transpose()?,
        state: row::state(&state).ok_or_else(|| DeskError::new(Code::FilesUnusable))?,
        tried_at: row.try_get::<Option<i64>, _>(6)?.map(Timestamp::from_micros),
        answered_at: row.try_get::<Option<i64>, _>(7)?.map(Timestamp::from_micros),
        done: text(8)?.map(|done| serde_json::from_str(&done)).transpose()?,
        problem: text(9)?.map(|problem| serde_json::from_str(&problem)).transpose()?,
    })
}

/// The desk's own key pair, from 32 random bytes.
pub(crate) fn signing_key(bytes: &[u8; 32]) -> SigningKey {
    SigningKey::from_bytes(bytes)
}

#[cfg(test)]
mod tests;
