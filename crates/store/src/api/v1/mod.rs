//! One endpoint, one file; the URL gives the path.

pub(crate) mod actions;
pub(crate) mod application;
pub(crate) mod audit;
pub(crate) mod changes;
pub(crate) mod customers;
pub(crate) mod me;
pub(crate) mod search;
pub(crate) mod session;
pub(crate) mod snapshot;
pub(crate) mod store;
