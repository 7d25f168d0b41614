//! One customer.

pub(crate) mod read;
pub(crate) mod sign_ins;
