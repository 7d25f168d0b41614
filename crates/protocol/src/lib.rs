//! What travels between desk and store, and between an application and the store.
//!
//! Every route of the store is under `/v1`; bodies are JSON in UTF-8, streams are one JSON value a line, compressed
//! with zstd when the client accepts it. Errors are RFC 9457 problem details ([`error::Problem`]).

pub mod action;
pub mod application;
pub mod audit;
pub mod error;
pub mod search;
pub mod session;
pub mod sync;

/// The version both sides must share; sent by every client in [`VERSION_HEADER`] and answered by `/v1/store`.
pub const VERSION: u32 = 1;

/// The header that carries [`VERSION`]. A store answers another version with `store_version` (426).
pub const VERSION_HEADER: &str = "madoguchi-protocol";
