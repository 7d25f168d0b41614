//! The console without its window: session, cache, sync, outbox, commands; and `mado`, its terminal door.

mod acting;
mod cache;
mod client;
mod config;
mod desk;
mod error;
mod files;
mod finder;
mod finding;
mod inner;
pub mod mado;
mod opening;
mod outbox;
mod sync;
pub mod view;
pub mod words;

pub use client::Patience;
pub use config::DeskConfig;
pub use desk::Desk;
pub use error::DeskError;
pub use madoguchi_protocol::error::Code;
