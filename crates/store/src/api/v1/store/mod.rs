//! The store itself.

pub(crate) mod read;
