//! Keeping the desk in step with the store: what to do next is decided by [`plan`], done by [`driver`].

mod drain;
pub(crate) mod driver;
mod feed;
pub(crate) mod lease;
mod lines;
pub(crate) mod plan;
pub(crate) mod session;
mod snapshot;

pub(crate) use drain::{drain, send};
