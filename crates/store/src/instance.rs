//! Which data this is: its id, and its epoch, which a copy or a restored backup raises.
//!
//! A small file beside an embedded database remembers how far the database once was. A database that is behind its file,
//! or has none, is a copy or a backup: desks that read on from a later state must start from a snapshot. For PostgreSQL
//! the operator says so: `madoguchi-store restored`.

use std::{io::Write as _, path::PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    chance::Chance,
    db::{Conn, Db, DbError, OpenError, beside, execute, fetch_one, owner_only},
};

/// What is known of the data when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instance {
    pub(crate) id: Uuid,
    pub(crate) epoch: i64,
    generation: i64,
}

/// What the file beside the database remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    store: Uuid,
    generation: i64,
    change: i64,
}

/// Begins a new generation of this data; raises the epoch when it is a copy or a restored backup.
pub(crate) async fn begin(db: &Db, chance: &Chance) -> Result<Instance, OpenError> {
    let remembered =
        file(db).map(|path| std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()));
    let fresh = chance.uuid();
    let instance =
        db.write(move |conn| Box::pin(async move { raise(conn, fresh, remembered).await })).await?;
    remember(db, instance).await?;
    Ok(instance)
}

async fn raise(
    conn: &mut Conn,
    fresh: Uuid,
    remembered: Option<Option<Remembered>>,
) -> Result<Instance, DbError> {
    let made = execute!(
        conn,
        "insert into store (single, store_id, epoch, generation) values (true, $1, 1, 0)
         on conflict (single) do nothing",
        fresh
    )? == 1;
    let (id, generation) = fetch_one!(conn, (Uuid, i64), "select store_id, generation from store")?;
    let (change,) = fetch_one!(conn, (i64,), "select value from counter where name = 'change'")?;
    let is_other = match remembered {
        // A database without such a file: PostgreSQL.
        None => false,
        Some(None) => !made,
        Some(Some(known)) => known.store != id || known.generation != generation || known.change > change,
    };
    let (epoch, generation) = fetch_one!(
        conn,
        (i64, i64),
        "update store set epoch = epoch + $1, generation = generation + 1 returning epoch, generation",
        i64::from(is_other)
    )?;
    Ok(Instance { id, epoch, generation })
}

/// Raises the epoch by hand.
///
/// # Errors
/// When the database fails.
pub async fn restored(db: &Db) -> Result<(), DbError> {
    db.write(|conn| {
        Box::pin(async move {
            execute!(conn, "update store set epoch = epoch + 1")?;
            Ok(())
        })
    })
    .await
}

/// Writes down how far the database is now.
pub(crate) async fn remember(db: &Db, instance: Instance) -> Result<(), OpenError> {
    let Some(path) = file(db) else { return Ok(()) };
    let (change,) =
        fetch_one!(&mut db.read().await?, (i64,), "select value from counter where name = 'change'")?;
    let known = Remembered { store: instance.id, generation: instance.generation, change };
    let failed = |source| OpenError::File { path: path.clone(), source };
    let text = serde_json::to_vec(&known).map_err(|error| failed(error.into()))?;
    let new = beside(&path, "new");
    let mut file = owner_only().write(true).create(true).truncate(true).open(&new).map_err(failed)?;
    file.write_all(&text).and_then(|()| std::fs::rename(&new, &path)).map_err(failed)
}

fn file(db: &Db) -> Option<PathBuf> {
    db.path().map(|path| beside(path, "instance"))
}
