//! A customer's facets as they are now, for one customer or for a run of them in the order of their ids.
//!
//! Every read goes through `customer_link`, so that customers who were made one are read as one. What belongs to an
//! account or a consent of a brand outside the reader's scope is left out.

mod accounts;
mod consents;
mod history;
mod profile;

use std::collections::BTreeMap;

use madoguchi_domain::{
    BrandId, CustomerId, Timestamp,
    account::Account,
    action::ActionDone,
    customer::{Note, Profile},
};
use madoguchi_protocol::sync::{Consents, Record, SignIns};

use super::{Conn, DbError, fetch_all, fetch_optional};

pub(crate) use accounts::{LockRow, accounts};
pub(crate) use consents::consents;
pub(crate) use history::{actions, earlier, notes, sign_ins};
pub(crate) use profile::profiles;

/// The brands that somebody may see, as a statement takes them: `,stay,ferry,`, or nothing for every brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(String);

impl Scope {
    /// These brands; all when there are none.
    #[must_use]
    pub fn of(brands: &[BrandId]) -> Self {
        if brands.is_empty() {
            return Self::every();
        }
        let joined = brands.iter().map(|brand| brand.0.as_str()).collect::<Vec<_>>().join(",");
        Self(format!(",{joined},"))
    }

    /// Every brand.
    #[must_use]
    pub const fn every() -> Self {
        Self(String::new())
    }

    /// Whether `brand` is among them.
    #[must_use]
    pub fn has(&self, brand: &BrandId) -> bool {
        self.0.is_empty() || self.0.contains(&format!(",{},", brand.0))
    }

    /// As a parameter of `$n = '' or $n like '%,' || brand || ',%'`.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// A run of customers by their ids, both ends included, and how to read them.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// The first.
    pub from: CustomerId,
    /// The last.
    pub to: CustomerId,
    /// What the reader may see.
    pub scope: &'a Scope,
    /// When it is read: locks and failures are judged by it.
    pub now: Timestamp,
    /// Whether whole identifiers come with it.
    pub clear: bool,
}

impl<'a> Run<'a> {
    /// One customer.
    #[must_use]
    pub const fn one(customer: CustomerId, scope: &'a Scope, now: Timestamp) -> Self {
        Self { from: customer, to: customer, scope, now, clear: false }
    }
}

/// Values by the customer they belong to.
pub type ByCustomer<T> = BTreeMap<CustomerId, T>;

/// One customer whole; none when there is no such customer.
///
/// # Errors
/// When the database fails.
pub async fn record(conn: &mut Conn, run: &Run<'_>) -> Result<Option<Record>, DbError> {
    let id = run.from;
    let Some(profile) = profiles(conn, run).await?.remove(&id) else { return Ok(None) };
    Ok(Some(Record {
        profile,
        accounts: accounts(conn, run).await?.remove(&id).unwrap_or_default(),
        consents: consents(conn, run).await?.remove(&id).unwrap_or_default(),
        notes: notes(conn, run).await?.remove(&id).unwrap_or_default(),
        actions: actions(conn, run).await?.remove(&id).unwrap_or_default(),
        sign_ins: sign_ins(conn, run).await?.remove(&id).unwrap_or_default(),
    }))
}

/// Every facet of a run of customers.
pub(crate) struct Facets {
    pub(crate) profiles: ByCustomer<Profile>,
    pub(crate) accounts: ByCustomer<Vec<Account>>,
    pub(crate) consents: ByCustomer<Consents>,
    pub(crate) notes: ByCustomer<Vec<Note>>,
    pub(crate) actions: ByCustomer<Vec<ActionDone>>,
    pub(crate) sign_ins: ByCustomer<SignIns>,
}

/// Every facet of a run of customers, a few queries for all of them.
pub(crate) async fn facets(conn: &mut Conn, run: &Run<'_>) -> Result<Facets, DbError> {
    Ok(Facets {
        profiles: profiles(conn, run).await?,
        accounts: accounts(conn, run).await?,
        consents: consents(conn, run).await?,
        notes: notes(conn, run).await?,
        actions: actions(conn, run).await?,
        sign_ins: sign_ins(conn, run).await?,
    })
}

/// The customer who speaks for `customer`, if they are within sight.
pub(crate) async fn head_in_sight(
    conn: &mut Conn,
    customer: CustomerId,
    scope: &Scope,
) -> Result<Option<CustomerId>, DbError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "select own.head from customer_link own where own.member = $1 and ($2 = '' or exists (
           select 1 from customer_link l join customer_brand b on b.customer_id = l.member
           where l.head = own.head and b.left_seq is null and $2 like '%,' || b.brand || ',%'))",
        customer.bits(),
        scope.text()
    )?;
    Ok(row.map(|(head,)| CustomerId::from_bits(head)))
}

/// The next customers within sight after `after`, in the order of their ids.
pub(crate) async fn next_customers(
    conn: &mut Conn,
    after: i64,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<CustomerId>, DbError> {
    let rows = fetch_all!(
        conn,
        (i64,),
        "select distinct own.head from customer_link own where own.head > $1 and ($2 = '' or exists (
           select 1 from customer_brand b
           where b.customer_id = own.member and b.left_seq is null and $2 like '%,' || b.brand || ',%'))
         order by own.head limit $3",
        after,
        scope.text(),
        limit
    )?;
    Ok(rows.into_iter().map(|(id,)| CustomerId::from_bits(id)).collect())
}

/// How many customers are within sight.
pub(crate) async fn count_customers(conn: &mut Conn, scope: &Scope) -> Result<i64, DbError> {
    let (count,) = super::fetch_one!(
        conn,
        (i64,),
        "select count(distinct own.head) from customer_link own where $1 = '' or exists (
           select 1 from customer_brand b
           where b.customer_id = own.member and b.left_seq is null and $1 like '%,' || b.brand || ',%')",
        scope.text()
    )?;
    Ok(count)
}
