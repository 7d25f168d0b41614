//! What changes.

pub(crate) mod follow;
