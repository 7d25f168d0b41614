//! The real window, used as a person uses it, over a real store.

mod counter;
mod find;
mod first_start;
mod keyring;
mod offline;
mod payloads;
mod screens;
mod unlock;
mod walls;
