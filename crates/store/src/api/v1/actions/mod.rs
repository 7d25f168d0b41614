//! What agents ask for.

pub(crate) mod create;
pub(crate) mod create_sealed;
