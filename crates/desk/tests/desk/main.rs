//! The real desk against a real store on a port of its own, through a network that breaks.

mod acting;
mod files;
mod kills;
mod mado;
mod place;
mod secrets;
mod sharing;
mod syncing;
