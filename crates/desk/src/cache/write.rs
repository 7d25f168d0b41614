//! Writing: snapshots in batches of many rows a statement, changes with their cursor.

use std::fmt::Write;

use madoguchi_domain::{CustomerId, Timestamp};
use madoguchi_protocol::sync::Facet;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use super::{Cache, FindRow, Held, RECENT, place};
use crate::error::DeskError;

/// Rows in one statement: a worker's hop for each row is what makes single inserts slow.
const ROWS: usize = 200;

/// One customer of a snapshot, ready to be written.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) row: FindRow,
    /// Each facet's JSON, in the order of [`place`].
    pub(crate) facets: [Option<String>; 6],
}

/// One line of the feed, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// A facet is now this.
    Facet(CustomerId, Facet, String),
    /// A customer is no longer for this desk.
    Gone(CustomerId),
}

impl Change {
    /// Whose.
    pub(crate) const fn customer(&self) -> CustomerId {
        match self {
            Self::Facet(id, ..) | Self::Gone(id) => *id,
        }
    }
}

/// What applying changes did to a find row: the new one, or none when the customer is gone.
pub(crate) type Touched = (CustomerId, Option<FindRow>);

impl Cache {
    /// Writes where the cache stands.
    pub(crate) async fn put_held(&self, held: &Held) -> Result<(), DeskError> {
        let mut writer = self.database.write().await.map_err(|e| self.hurt(e))?;
        put_held(&mut writer, held).await.map_err(|e| self.hurt(e))
    }

    /// Notes the last contact of a cache that still is whose `held` says: one that was emptied meanwhile stays empty,
    /// and never learns of a cursor whose customers are gone.
    pub(crate) async fn note_contact(&self, held: &Held) -> Result<(), DeskError> {
        let mut writer = self.database.write().await.map_err(|e| self.hurt(e))?;
        let noted = async {
            let body: Option<String> =
                sqlx::query_scalar("SELECT body FROM held").fetch_optional(&mut *writer).await?;
            let kept = body.and_then(|body| serde_json::from_str::<Held>(&body).ok());
            let same = |kept: &Held| kept.store == held.store && kept.me.agent.id == held.me.agent.id;
            let Some(mut kept) = kept.filter(same) else { return Ok(()) };
            let seen = kept.contact.seen.max(held.contact.seen);
            if held.contact.store >= kept.contact.store {
                kept.contact = held.contact;
            }
            kept.contact.seen = seen;
            put_held(&mut writer, &kept).await
        };
        noted.await.map_err(|e| self.hurt(e))
    }

    /// Commits a batch of a snapshot together with how far it is.
    pub(crate) async fn put_batch(&self, batch: &[Incoming], held: &Held) -> Result<(), DeskError> {
        let mut writer = self.database.write().await.map_err(|e| self.hurt(e))?;
        let written = async {
            let mut tx = writer.begin().await?;
            for rows in batch.chunks(ROWS) {
                put_rows(&mut tx, rows, held.round).await?;
            }
            put_held(&mut tx, held).await?;
            tx.commit().await
        };
        written.await.map_err(|e| self.hurt(e))
    }

    /// Ends a snapshot: what no line of it brought is gone, unless it was opened here from outside the share.
    pub(crate) async fn end_snapshot(&self, held: &Held) -> Result<Vec<CustomerId>, DeskError> {
        let mut writer = self.database.write().await.map_err(|e| self.hurt(e))?;
        let written = async {
            let mut tx = writer.begin().await?;
            let gone: Vec<i64> = sqlx::query_scalar(
                "DELETE FROM customer WHERE round < $1 AND id NOT IN (SELECT id FROM visitor) RETURNING id",
            )
            .bind(held.round)
            .fetch_all(&mut *tx)
            .await?;
            sqlx::query("DELETE FROM visitor WHERE id IN (SELECT id FROM customer WHERE round = $1)")
                .bind(held.round)
                .execute(&mut *tx)
                .await?;
            sqlx::query("DELETE FROM find_row WHERE id NOT IN (SELECT id FROM customer)")
                .execute(&mut *tx)
                .await?;
            put_held(&mut tx, held).await?;
            tx.commit().await?;
            Ok(gone)
        };
        let gone: Vec<i64> = written.await.map_err(|e| self.hurt(e))?;
        Ok(gone.into_iter().map(CustomerId::from_bits).collect())
    }

    /// Commits changes together with the cursor they lead to.
    pub(crate) async fn put_changes(
        &self,
        changes: &[Change],
        held: &Held,
    ) -> Result<Vec<Touched>, DeskError> {
        let mut writer = self.database.write().await.map_err(|e| self.hurt(e))?;
        let written = async {
            let mut tx = writer.begin().await?;
            let mut touched: Vec<Touched> = Vec::new();
            for change in changes {
                match change {
                    Change::Gone(id) => {
                        for sql in [
                            "DELETE FROM customer WHERE id = $1",
                            "DELETE FROM find_row WHERE id = $1",
                            "DELETE FROM opened WHERE id = $1",
                            "DELETE FROM visitor WHERE id = $1",
                        ] {
                            sqlx::query(sql).bind(id.bits()).execute(&mut *tx).await?;
                        }
                        touched.retain(|(other, _)| other != id);
                        touched.push((*id, None));
                    }
                    Change::Facet(id, facet, body) => {
                        sqlx::query(put_facet(*facet))
                            .bind(id.bits())
                            .bind(held.round)
                            .bind(body.as_str())
                            .execute(&mut *tx)
                            .await?;
                        sqlx::query("DELETE FROM visitor WHERE id = $1")
                            .bind(id.bits())
                            .execute(&mut *tx)
                            .await?;
                        if matches!(facet, Facet::Profile | Facet::Accounts)
                            && let Some(row) = refresh(&mut tx, *id).await?
                        {
                            touched.retain(|(other, _)| other != id);
                            touched.push((*id, Some(row)));
                        }
                    }
                }
            }
            put_held(&mut tx, held).await?;
            tx.commit().await?;
            Ok(touched)
        };
        written.await.map_err(|e| self.hurt(e))
    }

    /// Keeps a customer fetched from the store. `share` tells whether the feed will speak of them.
    pub(crate) async fn put_fetched(
        &self,
        incoming: &Incoming,
        round: i64,
        at: Timestamp,
        share: bool,
    ) -> Result<(), DeskError> {
        let id = incoming.row.id.bits();
        let mut writer = self.database.write().await.map_err(|e| self.hurt(e))?;
        let written = async {
            let mut tx = writer.begin().await?;
            put_rows(&mut tx, std::slice::from_ref(incoming), round).await?;
            if !share {
                sqlx::query("INSERT OR REPLACE INTO visitor(id, fetched_at) VALUES ($1, $2)")
                    .bind(id)
                    .bind(at.micros())
                    .execute(&mut *tx)
                    .await?;
            }
            tx.commit().await
        };
        written.await.map_err(|e| self.hurt(e))
    }

    /// Notes that a customer was opened.
    pub(crate) async fn put_opened(&self, id: CustomerId, at: Timestamp) -> Result<(), DeskError> {
        let mut writer = self.database.write().await.map_err(|e| self.hurt(e))?;
        let written = async {
            let mut tx = writer.begin().await?;
            sqlx::query("INSERT OR REPLACE INTO opened(id, at) VALUES ($1, $2)")
                .bind(id.bits())
                .bind(at.micros())
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "DELETE FROM opened WHERE id NOT IN (SELECT id FROM opened ORDER BY at DESC, id LIMIT $1)",
            )
            .bind(RECENT)
            .execute(&mut *tx)
            .await?;
            tx.commit().await
        };
        written.await.map_err(|e| self.hurt(e))
    }

    /// Empties it: another agent's share, another store's customers.
    pub(crate) async fn clear(&self) -> Result<(), DeskError> {
        let mut writer = self.database.write().await.map_err(|e| self.hurt(e))?;
        let written = async {
            let mut tx = writer.begin().await?;
            for sql in [
                "DELETE FROM held",
                "DELETE FROM customer",
                "DELETE FROM find_row",
                "DELETE FROM opened",
                "DELETE FROM visitor",
            ] {
                sqlx::query(sql).execute(&mut *tx).await?;
            }
            tx.commit().await
        };
        written.await.map_err(|e| self.hurt(e))
    }
}

async fn put_held(connection: &mut SqliteConnection, held: &Held) -> Result<(), sqlx::Error> {
    let body = serde_json::to_string(held).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query("INSERT OR REPLACE INTO held(one, body) VALUES (1, $1)")
        .bind(body)
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_rows(
    connection: &mut SqliteConnection,
    rows: &[Incoming],
    round: i64,
) -> Result<(), sqlx::Error> {
    let sql = values(
        "INSERT OR REPLACE INTO customer(id, round, profile, accounts, consents, notes, actions, sign_ins)",
        rows.len(),
        8,
    );
    let mut insert = sqlx::query(AssertSqlSafe(sql));
    for incoming in rows {
        insert = insert.bind(incoming.row.id.bits()).bind(round);
        for facet in &incoming.facets {
            insert = insert.bind(facet.as_deref());
        }
    }
    insert.execute(&mut *connection).await?;
    let mut insert =
        sqlx::query(AssertSqlSafe(values("INSERT OR REPLACE INTO find_row(id, body)", rows.len(), 2)));
    for incoming in rows {
        let body =
            serde_json::to_string(&incoming.row).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        insert = insert.bind(incoming.row.id.bits()).bind(body);
    }
    insert.execute(connection).await?;
    Ok(())
}

/// `INTO … VALUES (?,?),(?,?)…`: only places, never a value.
fn values(into: &str, rows: usize, columns: usize) -> String {
    let mut sql = String::with_capacity(into.len() + 8 + rows * (columns * 2 + 2));
    let _ = write!(sql, "{into} VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            sql.push_str(if column == 0 { "?" } else { ",?" });
        }
        sql.push(')');
    }
    sql
}

const fn put_facet(facet: Facet) -> &'static str {
    match facet {
        Facet::Profile => {
            "INSERT INTO customer(id, round, profile) VALUES ($1, $2, $3) ON CONFLICT(id) DO UPDATE SET profile = excluded.profile, round = excluded.round"
        }
        Facet::Accounts => {
            "INSERT INTO customer(id, round, accounts) VALUES ($1, $2, $3) ON CONFLICT(id) DO UPDATE SET accounts = excluded.accounts, round = excluded.round"
        }
        Facet::Consents => {
            "INSERT INTO customer(id, round, consents) VALUES ($1, $2, $3) ON CONFLICT(id) DO UPDATE SET consents = excluded.consents, round = excluded.round"
        }
        Facet::Notes => {
            "INSERT INTO customer(id, round, notes) VALUES ($1, $2, $3) ON CONFLICT(id) DO UPDATE SET notes = excluded.notes, round = excluded.round"
        }
        Facet::Actions => {
            "INSERT INTO customer(id, round, actions) VALUES ($1, $2, $3) ON CONFLICT(id) DO UPDATE SET actions = excluded.actions, round = excluded.round"
        }
        Facet::SignIns => {
            "INSERT INTO customer(id, round, sign_ins) VALUES ($1, $2, $3) ON CONFLICT(id) DO UPDATE SET sign_ins = excluded.sign_ins, round = excluded.round"
        }
    }
}

/// Makes a customer's find row anew from the facets that rest here; none until the profile does.
async fn refresh(connection: &mut SqliteConnection, id: CustomerId) -> Result<Option<FindRow>, sqlx::Error> {
    let row = sqlx::query("SELECT profile, accounts FROM customer WHERE id = $1")
        .bind(id.bits())
        .fetch_one(&mut *connection)
        .await?;
    let (profile, accounts): (Option<String>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    let Some(profile) = profile else { return Ok(None) };
    let read =
        FindRow::read(&profile, accounts.as_deref()).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    let body = serde_json::to_string(&read).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query("INSERT OR REPLACE INTO find_row(id, body) VALUES ($1, $2)")
        .bind(id.bits())
        .bind(body)
        .execute(connection)
        .await?;
    Ok(Some(read))
}

impl Incoming {
    /// From a line of a snapshot or a fetched customer: which facets it brings.
    pub(crate) fn new(facets: impl IntoIterator<Item = (Facet, String)>) -> Result<Self, DeskError> {
        let mut bodies: [Option<String>; 6] = Default::default();
        for (facet, body) in facets {
            bodies[place(facet)] = Some(body);
        }
        let profile = bodies[place(Facet::Profile)]
            .as_deref()
            .ok_or_else(|| DeskError::new(madoguchi_protocol::error::Code::NotAStore))?;
        let row = FindRow::read(profile, bodies[place(Facet::Accounts)].as_deref())?;
        Ok(Self { row, facets: bodies })
    }
}
