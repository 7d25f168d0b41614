//! The record.

pub(crate) mod read;
