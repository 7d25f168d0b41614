//! What tests share and nobody ships: a clock, seeded randomness, a store on port 0, faults, a PostgreSQL of their own.

pub mod clock;
pub mod keyring;
pub mod postgres;
pub mod proxy;
pub mod store;
