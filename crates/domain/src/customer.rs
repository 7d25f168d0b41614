//! A customer: one person as the company knows them, with names and identifiers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{BrandId, CustomerId, IdentifierId, NoteId, Timestamp};

/// How a person is called. At least `written` is not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Name {
    /// As the person writes it, surname first where that is their order: `田中 美咲`, `Amelia Hartley`.
    pub written: String,
    /// The reading in katakana: `タナカ ミサキ`. None when nobody has told.
    pub reading: Option<String>,
    /// In Latin letters where `written` is not: `Tanaka Misaki`.
    pub romaji: Option<String>,
    /// A name they had before.
    pub former: Option<String>,
}

/// What sort of handle an identifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// An e-mail address.
    Email,
    /// A phone number, E.164 where it could be read so.
    Phone,
    /// A loyalty programme's number.
    Loyalty,
}

/// A handle of a customer as it rests on a desk: masked, unless the company allows clear identifiers there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Identifier {
    /// Its id; a reveal names it.
    pub id: IdentifierId,
    /// What sort it is.
    pub kind: IdentifierKind,
    /// What may be seen: see [`crate::mask`].
    pub masked: String,
    /// The whole value, where the company's policy lets it rest on desks.
    #[serde(default)]
    pub clear: Option<String>,
    /// When it was last proved to be theirs.
    pub verified_at: Option<Timestamp>,
    /// Since when the company has held it.
    pub held_since: Timestamp,
    /// Where it came from: an issuer's name or `store`.
    pub source: String,
}

/// Who the customer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Profile {
    /// The central id.
    pub id: CustomerId,
    /// Names in their forms.
    pub name: Name,
    /// Brands they deal with, the first one foremost.
    pub brands: Vec<BrandId>,
    /// BCP 47, the one they prefer first: `["ja", "en"]`.
    pub languages: Vec<String>,
    /// IANA time zone: `Asia/Tokyo`.
    pub time_zone: Option<String>,
    /// ISO 3166-1 alpha-2 country whose law protects them, where known.
    pub country: Option<String>,
    /// A level of their loyalty programme, in the company's words.
    pub tier: Option<String>,
    /// Since when they are a customer.
    pub since: Timestamp,
    /// E-mail addresses, phones, loyalty numbers: the one in use first within its kind.
    pub identifiers: Vec<Identifier>,
    /// Raised by every change to this facet.
    pub version: i64,
}

/// What an agent wrote down about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// What was written; plain text.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The case or ticket it belongs to.
    pub case: Option<String>,
}
