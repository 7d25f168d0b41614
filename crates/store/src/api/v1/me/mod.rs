//! Who is signed in.

pub(crate) mod read;
