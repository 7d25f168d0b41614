//! Finding customers.

pub(crate) mod create;
