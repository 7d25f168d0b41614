//! Search by the store: inside what is masked on desks, and beyond a desk's share.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use madoguchi_domain::{BrandId, CustomerId, IdentifierId, account::Lock, customer::Profile};

/// `POST /v1/search`: in the body, so that what is typed stands in no URL and no log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SearchRequest {
    /// What was typed, as it was typed.
    pub query: String,
    /// Only customers with a standing lock.
    #[serde(default)]
    pub locked: bool,
    /// Only customers of this brand.
    #[serde(default)]
    pub brand: Option<BrandId>,
    /// At most this many, 50 at the most.
    pub limit: u32,
}

/// Which field the store found it in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The name as written.
    Written,
    /// The reading.
    Reading,
    /// In Latin letters.
    Romaji,
    /// A name they had before.
    Former,
    /// A reading that the writing may have; nobody has told.
    PossibleReading,
    /// The customer id.
    CustomerId,
    /// An e-mail address; its hidden part unless the visible part shows it.
    Email,
    /// A phone number.
    Phone,
    /// A loyalty number.
    Loyalty,
}

/// What the store found, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SearchAnswer {
    /// Customers.
    pub found: Vec<Found>,
    /// There are more than were asked for.
    pub more: bool,
}

/// One customer found by the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Found {
    /// Who; see also `profile`.
    pub id: CustomerId,
    /// Where it was found.
    pub field: Field,
    /// Which of their identifiers, where it was one: they may have several of a kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<IdentifierId>,
    /// Who they are, masked as on a desk.
    pub profile: Profile,
    /// The lock that stands longest, where one does.
    pub lock: Option<Lock>,
}
