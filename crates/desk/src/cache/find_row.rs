//! What a line of find results shows, and what lookup needs: one compact value for each customer.

use std::borrow::Cow;

use madoguchi_domain::{
    BrandId, CustomerId, Timestamp,
    account::{Account, Lock, LockScope},
    customer::{IdentifierKind, Name, Profile},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::view::{Hit, Source};

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FindRow {
    #[serde(rename = "i")]
    pub(crate) id: CustomerId,
    #[serde(rename = "n")]
    pub(crate) name: Name,
    #[serde(rename = "h")]
    pub(crate) identifiers: Vec<Handle>,
    #[serde(rename = "b")]
    pub(crate) brands: Vec<BrandId>,
    #[serde(rename = "l")]
    pub(crate) languages: Vec<String>,
    /// Every lock of every account, also those that have not begun or have run out: which stand depends on the time.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) locks: Vec<Lock>,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_sign_in: Option<Timestamp>,
}

/// An identifier as far as it rests here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Handle {
    #[serde(rename = "k")]
    pub(crate) kind: IdentifierKind,
    #[serde(rename = "m")]
    pub(crate) masked: String,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub(crate) clear: Option<String>,
}

impl FindRow {
    /// From the facets it is made of.
    pub(crate) fn new(profile: Profile, accounts: &[Account]) -> Self {
        Self {
            id: profile.id,
            name: profile.name,
            identifiers: profile
                .identifiers
                .into_iter()
                .map(|i| Handle { kind: i.kind, masked: i.masked, clear: i.clear })
                .collect(),
            brands: profile.brands,
            languages: profile.languages,
            locks: accounts.iter().flat_map(|account| account.locks.iter().cloned()).collect(),
            last_sign_in: accounts
                .iter()
                .flat_map(|a| &a.identities)
                .filter_map(|way| way.last_sign_in)
                .max(),
        }
    }

    /// From the facets' JSON, reading no more of the accounts than it takes.
    pub(crate) fn read(profile: &str, accounts: Option<&str>) -> Result<Self, serde_json::Error> {
        let profile: Profile = serde_json::from_str(profile)?;
        let accounts: Vec<AccountLocks<'_>> = accounts.map_or(Ok(Vec::new()), serde_json::from_str)?;
        let mut row = Self::new(profile, &[]);
        for account in &accounts {
            if account.locks.get().len() > 2 {
                row.locks.extend(serde_json::from_str::<Vec<Lock>>(account.locks.get())?);
            }
        }
        row.last_sign_in = accounts
            .iter()
            .flat_map(|account| &account.identities)
            .filter_map(|way| way.last_sign_in.as_deref())
            .filter_map(|text| text.parse().ok())
            .max();
        Ok(row)
    }

    /// The lock that stands longest at `now`, whole accounts before single identities.
    pub(crate) fn lock(&self, now: Timestamp) -> Option<&Lock> {
        self.locks.iter().filter(|lock| lock.stands(now)).max_by_key(|lock| {
            let whole = lock.scope == LockScope::Account;
            (whole, lock.until.unwrap_or(Timestamp::from_micros(i64::MAX)), lock.since)
        })
    }

    /// The next moment at which a lock begins or ends by itself.
    pub(crate) fn turns(&self, now: Timestamp) -> Option<Timestamp> {
        self.locks
            .iter()
            .flat_map(|lock| [Some(lock.since), lock.until])
            .flatten()
            .filter(|at| *at > now)
            .min()
    }

    fn masked(&self, kind: IdentifierKind) -> Option<String> {
        self.identifiers.iter().find(|handle| handle.kind == kind).map(|handle| handle.masked.clone())
    }

    /// The line of find results, without what matched.
    pub(crate) fn hit(&self, now: Timestamp, source: Source) -> Hit {
        Hit {
            id: self.id,
            written: self.name.written.clone(),
            reading: self.name.reading.clone(),
            romaji: self.name.romaji.clone(),
            email: self.masked(IdentifierKind::Email),
            phone: self.masked(IdentifierKind::Phone),
            loyalty: self.masked(IdentifierKind::Loyalty),
            brands: self.brands.clone(),
            languages: self.languages.clone(),
            lock: self.lock(now).cloned(),
            last_sign_in: self.last_sign_in,
            matched: None,
            pending: false,
            source,
        }
    }
}

/// As much of an account as a find row needs; the rest is skipped unread.
#[derive(Deserialize)]
struct AccountLocks<'a> {
    #[serde(borrow)]
    locks: &'a RawValue,
    #[serde(borrow)]
    identities: Vec<LastSignIn<'a>>,
}

#[derive(Deserialize)]
struct LastSignIn<'a> {
    #[serde(borrow)]
    last_sign_in: Option<Cow<'a, str>>,
}
