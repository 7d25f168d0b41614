//! Brings a database to the form this program needs. Two folders, the same numbers.

use sha2::{Digest, Sha256};

use super::{
    Conn, DbError,
    conn::{execute, fetch_all},
    dialect,
};

struct Migration {
    number: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

const ALL: &[Migration] = &[Migration {
    number: 1,
    sqlite: include_str!("migrations/sqlite/0001_store.sql"),
    postgres: include_str!("migrations/postgres/0001_store.sql"),
}];

/// Why a database cannot be brought to the form this program needs.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// It was written by a newer program.
    #[error(
        "this database was written by a newer version of this program (its form is {found}, this one knows {known})"
    )]
    Newer {
        /// The database's form.
        found: i64,
        /// The newest form this program knows.
        known: i64,
    },
    /// A migration that has run is not the one this program carries.
    #[error("migration {0} of this database is not the one this program carries")]
    Changed(i64),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Runs what has not run yet, each migration in a transaction of its own.
pub(crate) async fn migrate(conn: &mut Conn) -> Result<(), MigrateError> {
    conn.run(dialect::begin(conn)).await?;
    let outcome = run_missing(conn).await;
    conn.run(if outcome.is_ok() { "commit" } else { "rollback" }).await?;
    outcome
}

async fn run_missing(conn: &mut Conn) -> Result<(), MigrateError> {
    conn.run(dialect::MIGRATIONS).await?;
    let done = fetch_all!(conn, (i64, String), "select number, digest from migration order by number")?;
    let known = ALL.last().map_or(0, |m| m.number);
    if let Some((found, _)) = done.iter().find(|(number, _)| *number > known) {
        return Err(MigrateError::Newer { found: *found, known });
    }
    for migration in ALL {
        let sql = match conn {
            Conn::Sqlite(_) => migration.sqlite,
            Conn::Postgres(_) => migration.postgres,
        };
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(sql));
        match done.iter().find(|(number, _)| *number == migration.number) {
            Some((_, ran)) if *ran == digest => {}
            Some(_) => return Err(MigrateError::Changed(migration.number)),
            None => {
                conn.run(sql).await?;
                execute!(
                    conn,
                    "insert into migration (number, digest) values ($1, $2)",
                    migration.number,
                    digest
                )?;
            }
        }
    }
    Ok(())
}
