//! A desk's share to start from.

pub(crate) mod read;
