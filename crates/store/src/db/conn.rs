//! One connection of either engine, and one way to run a statement on it.
//!
//! The same SQL runs on both: `$1` placeholders, `uuid::Uuid`, `i64`, `String`, `bool`, `Vec<u8>`. The macros repeat an
//! expression for each engine, because the types of sqlx differ and nothing else does.

use sqlx::{AssertSqlSafe, Postgres, Sqlite, pool::PoolConnection};
use uuid::Uuid;

use super::DbError;

/// A connection, or the transaction that it is in.
pub enum Conn {
    /// The embedded engine.
    Sqlite(PoolConnection<Sqlite>),
    /// The company's PostgreSQL.
    Postgres(PoolConnection<Postgres>),
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Conn::Sqlite",
            Self::Postgres(_) => "Conn::Postgres",
        })
    }
}

/// Every row of a query, read into `$row` (a `FromRow` struct or a tuple).
macro_rules! fetch_all {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_all(&mut **c).await
            }
            $crate::db::Conn::Postgres(c) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_all(&mut **c).await
            }
        }
        .map_err($crate::db::DbError::from)
    };
}

/// The only row of a query, or none.
macro_rules! fetch_optional {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_optional(&mut **c).await
            }
            $crate::db::Conn::Postgres(c) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_optional(&mut **c).await
            }
        }
        .map_err($crate::db::DbError::from)
    };
}

/// The only row of a query, which is there by construction.
macro_rules! fetch_one {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_one(&mut **c).await
            }
            $crate::db::Conn::Postgres(c) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_one(&mut **c).await
            }
        }
        .map_err($crate::db::DbError::from)
    };
}

/// Runs a statement; how many rows it changed.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                sqlx::query($sql)$(.bind($arg))*.execute(&mut **c).await.map(|done| done.rows_affected())
            }
            $crate::db::Conn::Postgres(c) => {
                sqlx::query($sql)$(.bind($arg))*.execute(&mut **c).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::db::DbError::from)
    };
}

pub(crate) use {execute, fetch_all, fetch_one, fetch_optional};

impl Conn {
    /// Runs statements without parameters, one after the other.
    ///
    /// # Errors
    /// When one of them fails.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), DbError> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(c) => sqlx::raw_sql(sql).execute(&mut **c).await.map(|_| ()),
            Self::Postgres(c) => sqlx::raw_sql(sql).execute(&mut **c).await.map(|_| ()),
        }
        .map_err(DbError::from)
    }
}

/// One value of a row that is written with many others.
#[derive(Debug, Clone)]
pub enum Value {
    /// `bigint`.
    Int(Option<i64>),
    /// `text`.
    Text(Option<String>),
    /// `uuid`.
    Uuid(Option<Uuid>),
    /// `bytea`.
    Bytes(Option<Vec<u8>>),
    /// `boolean`.
    Bool(bool),
}

macro_rules! into_value {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(Some(value.into()))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map(Into::into))
            }
        }
    )*};
}
into_value!(i64 => Int, i32 => Int, String => Text, &str => Text, Uuid => Uuid, Vec<u8> => Bytes, [u8; 32] => Bytes,
    [u8; 16] => Bytes);

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

/// How many values one statement carries at most; SQLite takes 32,766, PostgreSQL 65,535.
const VALUES: usize = 8_000;

/// Rows for one table, written many to a statement.
#[derive(Debug)]
pub struct Rows {
    head: &'static str,
    tail: &'static str,
    columns: usize,
    values: Vec<Value>,
}

impl Rows {
    /// Rows for `insert into TABLE (COLUMNS)` (the head, up to `values`) with `columns` values each.
    #[must_use]
    pub const fn new(head: &'static str, columns: usize) -> Self {
        Self::with_tail(head, columns, "")
    }

    /// As [`Rows::new`], with a clause behind the values such as `on conflict do nothing`.
    #[must_use]
    pub const fn with_tail(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self { head, tail, columns, values: Vec::new() }
    }

    /// Adds one row.
    pub fn push<const N: usize>(&mut self, row: [Value; N]) {
        debug_assert_eq!(N, self.columns, "{}", self.head);
        self.values.extend(row);
    }

    /// Writes them all and is empty again.
    ///
    /// # Errors
    /// When the database refuses one; the transaction should then be rolled back.
    pub async fn write(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        let per_statement = (VALUES / self.columns).max(1);
        let values = std::mem::take(&mut self.values);
        let mut rows = values.into_iter();
        while rows.len() > 0 {
            let count = (rows.len() / self.columns).min(per_statement);
            let sql = self.statement(count, matches!(conn, Conn::Postgres(_)));
            let chunk = rows.by_ref().take(count * self.columns);
            // Only the full size comes again and again, so only it is worth keeping prepared.
            let keep = count == per_statement;
            match conn {
                Conn::Sqlite(c) => {
                    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(keep);
                    for value in chunk {
                        query = match value {
                            Value::Int(v) => query.bind(v),
                            Value::Text(v) => query.bind(v),
                            Value::Uuid(v) => query.bind(v),
                            Value::Bytes(v) => query.bind(v),
                            Value::Bool(v) => query.bind(v),
                        };
                    }
                    query.execute(&mut **c).await.map(|_| ())
                }
                Conn::Postgres(c) => {
                    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(keep);
                    for value in chunk {
                        query = match value {
                            Value::Int(v) => query.bind(v),
                            Value::Text(v) => query.bind(v),
                            Value::Uuid(v) => query.bind(v),
                            Value::Bytes(v) => query.bind(v),
                            Value::Bool(v) => query.bind(v),
                        };
                    }
                    query.execute(&mut **c).await.map(|_| ())
                }
            }
            .map_err(DbError::from)?;
        }
        Ok(())
    }

    /// SQLite looks a numbered placeholder up among all others, which takes the square of their count: it gets plain ones.
    fn statement(&self, rows: usize, numbered: bool) -> String {
        use std::fmt::Write as _;
        let mut sql = String::with_capacity(self.head.len() + rows * self.columns * 7);
        sql.push_str(self.head);
        sql.push_str(" values ");
        for row in 0..rows {
            sql.push_str(if row == 0 { "(" } else { ",(" });
            for column in 0..self.columns {
                if column > 0 {
                    sql.push(',');
                }
                if numbered {
                    let number = row * self.columns + column + 1;
                    write!(sql, "${number}").expect("writing to a String cannot fail");
                } else {
                    sql.push('?');
                }
            }
            sql.push(')');
        }
        sql.push(' ');
        sql.push_str(self.tail);
        sql
    }
}
