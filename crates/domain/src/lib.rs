//! The words and rules that the desk and the store share. No I/O.
//!
//! A module is a word of the product: what it is, what it may be, and the rules that hold for it wherever it is used.

pub mod account;
pub mod action;
pub mod consent;
pub mod customer;
pub mod id;
pub mod mask;
pub mod names;
pub mod role;
pub mod sign_in;
pub mod text;
pub mod time;
pub mod why;

pub use id::{
    AccountId, ActionId, AgentId, BrandId, ConsentEventId, CustomerId, DeviceId, IdentifierId, IdentityId,
    LockId, NoteId, NoticeId, PurposeId, SessionId, SignInId,
};
pub use time::{Clock, SystemClock, Timestamp};
