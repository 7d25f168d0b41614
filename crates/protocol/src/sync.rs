//! How a desk comes to hold its share: a snapshot to start from, a feed of changes to go on with.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use madoguchi_domain::{
    CustomerId, Timestamp,
    account::Account,
    action::ActionDone,
    consent::{ConsentEvent, ConsentStatus},
    customer::{Note, Profile},
    sign_in::SignIn,
};

/// How far a desk has read: opaque to it. Names the store, its epoch and a sequence number.
pub type Cursor = String;

/// How many of a customer's latest sign-ins and actions rest on a desk; earlier ones are asked of the store.
pub const KEPT: usize = 50;

/// A part of a customer that changes and travels as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Facet {
    /// [`Profile`].
    Profile,
    /// `Vec<`[`Account`]`>`.
    Accounts,
    /// [`Consents`].
    Consents,
    /// `Vec<`[`Note`]`>`, the newest first.
    Notes,
    /// `Vec<`[`ActionDone`]`>`, the newest [`KEPT`].
    Actions,
    /// [`SignIns`], the newest [`KEPT`].
    SignIns,
}

impl Facet {
    /// Every facet.
    pub const ALL: [Self; 6] =
        [Self::Profile, Self::Accounts, Self::Consents, Self::Notes, Self::Actions, Self::SignIns];

    /// The word as it travels and as the databases keep it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Accounts => "accounts",
            Self::Consents => "consents",
            Self::Notes => "notes",
            Self::Actions => "actions",
            Self::SignIns => "sign_ins",
        }
    }
}

/// Statuses, and the events that they were computed from, the newest event first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, ts_rs::TS)]
pub struct Consents {
    /// One for each purpose of each brand they deal with.
    pub status: Vec<ConsentStatus>,
    /// Every event.
    pub events: Vec<ConsentEvent>,
}

/// The newest sign-ins, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, ts_rs::TS)]
pub struct SignIns {
    /// The newest first, at most [`KEPT`].
    pub recent: Vec<SignIn>,
    /// How many the store holds.
    pub total: i64,
}

/// A customer whole, as far as a desk may hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// Who they are.
    pub profile: Profile,
    /// Accounts with identities, sessions and standing locks.
    pub accounts: Vec<Account>,
    /// Consent.
    pub consents: Consents,
    /// Notes, the newest first.
    pub notes: Vec<Note>,
    /// What was done to them, the newest first.
    pub actions: Vec<ActionDone>,
    /// How they signed in.
    pub sign_ins: SignIns,
}

/// A line of `GET /v1/snapshot?from=CUSTOMER&cursor=CURSOR`.
///
/// The first is a [`Line::Head`], then customers in the order of their ids, then [`Line::End`]. A desk that was cut
/// off asks again from the last customer it committed and with the cursor of its first head: what changed meanwhile
/// comes in the feed from there, so that the result is the same.
///
/// Also a line of `GET /v1/changes?after=CURSOR`: [`Line::Changed`], [`Line::Gone`] and [`Line::At`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "line")]
pub enum Line<'a> {
    /// A snapshot begins.
    Head {
        /// Where the feed goes on after the snapshot.
        cursor: Cursor,
        /// How many customers will come, for progress; may be off by what changes meanwhile.
        customers: i64,
        /// The store's time.
        at: Timestamp,
    },
    /// One customer of a snapshot.
    Customer {
        /// Who.
        id: CustomerId,
        /// Each facet's JSON, kept as it is by the desk.
        facets: Vec<(Facet, &'a RawValue)>,
    },
    /// A snapshot is complete.
    End {
        /// As in the head.
        cursor: Cursor,
    },
    /// A facet is now this.
    Changed {
        /// Who.
        id: CustomerId,
        /// Which part.
        facet: Facet,
        /// Its JSON.
        body: &'a RawValue,
    },
    /// A customer left this desk's share, or was erased.
    Gone {
        /// Who.
        id: CustomerId,
    },
    /// Everything before this line belongs to the cursor: a desk commits it with them. Also sent every 15 s when
    /// nothing happens, as a sign of life.
    At {
        /// How far this is.
        cursor: Cursor,
        /// The store's time.
        at: Timestamp,
    },
}

/// Every member that some line has. serde reads a tagged enum through a buffer that cannot hold JSON as it is, so a
/// line is read through this instead.
#[derive(Deserialize)]
struct Members<'a> {
    line: std::borrow::Cow<'a, str>,
    cursor: Option<Cursor>,
    customers: Option<i64>,
    at: Option<Timestamp>,
    id: Option<CustomerId>,
    facet: Option<Facet>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
    #[serde(borrow)]
    facets: Option<Vec<(Facet, &'a RawValue)>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Line<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let read = Members::<'a>::deserialize(from)?;
        let missing = D::Error::missing_field;
        Ok(match read.line.as_ref() {
            "head" => Line::Head {
                cursor: read.cursor.ok_or_else(|| missing("cursor"))?,
                customers: read.customers.ok_or_else(|| missing("customers"))?,
                at: read.at.ok_or_else(|| missing("at"))?,
            },
            "customer" => Line::Customer {
                id: read.id.ok_or_else(|| missing("id"))?,
                facets: read.facets.ok_or_else(|| missing("facets"))?,
            },
            "end" => Line::End { cursor: read.cursor.ok_or_else(|| missing("cursor"))? },
            "changed" => Line::Changed {
                id: read.id.ok_or_else(|| missing("id"))?,
                facet: read.facet.ok_or_else(|| missing("facet"))?,
                body: read.body.ok_or_else(|| missing("body"))?,
            },
            "gone" => Line::Gone { id: read.id.ok_or_else(|| missing("id"))? },
            "at" => Line::At {
                cursor: read.cursor.ok_or_else(|| missing("cursor"))?,
                at: read.at.ok_or_else(|| missing("at"))?,
            },
            other => {
                return Err(D::Error::unknown_variant(
                    other,
                    &["head", "customer", "end", "changed", "gone", "at"],
                ));
            }
        })
    }
}

/// `GET /v1/customers/{id}/sign-ins?before=TIME&id=SIGN_IN`: earlier sign-ins than a desk keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Earlier {
    /// The next [`KEPT`], the newest first.
    pub sign_ins: Vec<SignIn>,
    /// Whether there are more.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_reads_back_with_its_bodies_as_they_were() {
        let body = RawValue::from_string(r#"{"b" : 1.50}"#.to_owned()).expect("JSON");
        let id = CustomerId::from_bits(7);
        let at = Timestamp::from_micros(1_795_444_331_000_000);
        let cursor = || "s.1.9".to_owned();
        for line in [
            Line::Head { cursor: cursor(), customers: 2, at },
            Line::Customer { id, facets: vec![(Facet::Profile, &body), (Facet::SignIns, &body)] },
            Line::End { cursor: cursor() },
            Line::Changed { id, facet: Facet::Accounts, body: &body },
            Line::Gone { id },
            Line::At { cursor: cursor(), at },
        ] {
            let text = serde_json::to_string(&line).expect("a line");
            let read: Line<'_> = serde_json::from_str(&text).expect("its own text");
            assert_eq!(serde_json::to_string(&read).expect("a line"), text);
        }
        assert!(serde_json::from_str::<Line<'_>>(r#"{"line":"at"}"#).is_err());
        assert!(serde_json::from_str::<Line<'_>>(r#"{"line":"other"}"#).is_err());
    }
}
