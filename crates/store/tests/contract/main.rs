//! What the store promises, on both engines, through real sockets.
#![expect(clippy::unwrap_used, reason = "what these tests share ends with the test that it serves")]

mod actions;
mod administration;
mod application;
mod audit;
mod authority;
mod client;
mod entries;
mod feed;
mod files;
mod import;
mod logs;
mod search;
mod session;
mod strangers;
mod wire;

/// The rows of a query with one column of text.
async fn texts(store: &madoguchi_testkit::store::TestStore, sql: &'static str) -> Vec<String> {
    use madoguchi_store::db::Conn;
    match store.store().db().read().await.unwrap() {
        Conn::Sqlite(mut conn) => sqlx::query_scalar(sql).fetch_all(&mut *conn).await.unwrap(),
        Conn::Postgres(mut conn) => sqlx::query_scalar(sql).fetch_all(&mut *conn).await.unwrap(),
    }
}

/// Makes one test of each engine from each function: `async fn name(store: TestStore)`.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::client::embedded().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::client::postgres().await).await;
            })*
        }
    };
}
pub(crate) use on_both_engines;
