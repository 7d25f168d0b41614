//! The few words that differ between the engines. Everything else is one text.

use super::Conn;

/// Behind a `select` whose rows must not change until the transaction ends. SQLite has one writer and needs nothing.
pub(crate) const fn for_update(conn: &Conn) -> &'static str {
    match conn {
        Conn::Sqlite(_) => "",
        Conn::Postgres(_) => " for update",
    }
}

/// Begins a transaction that will write.
pub(crate) const fn begin(conn: &Conn) -> &'static str {
    match conn {
        Conn::Sqlite(_) => "begin immediate",
        // Rows are locked one by one and numbers are taken under a row lock, so that no decision rests on a snapshot.
        Conn::Postgres(_) => "begin isolation level read committed",
    }
}

/// Begins a transaction that only reads, all of it from one moment.
pub(crate) const fn begin_reading(conn: &Conn) -> &'static str {
    match conn {
        Conn::Sqlite(_) => "begin deferred",
        Conn::Postgres(_) => "begin isolation level repeatable read read only",
    }
}

/// The table that migrations are counted in.
pub(crate) const MIGRATIONS: &str =
    "create table if not exists migration (number bigint primary key, digest text not null)";
