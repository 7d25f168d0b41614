//! Many new customers at once, for imports and samples: many rows to a statement, one transaction to a batch.

mod tables;

use std::collections::HashMap;

use madoguchi_domain::{
    AccountId, BrandId, CustomerId, IdentifierId, IdentityId, Timestamp,
    account::{Authority, IdentityKind, Lock, Session},
    action::ActionDone,
    consent::ConsentEvent,
    customer::{IdentifierKind, Name, Note},
    sign_in::SignIn,
};
use madoguchi_ledger::{EntryKind, Pseudonym};
use madoguchi_secrets::Key;
use serde::Serialize;

use super::{
    Conn, CustomerKeys, Db, DbError, Value, fetch_all,
    history::{Sealed, WHOLE, take, word_of},
    words::read,
};
use crate::chance::Chance;
use tables::Tables;

/// A customer who is not in the store yet.
#[derive(Debug, Clone, Serialize)]
pub struct NewCustomer {
    /// The central id; random.
    pub id: CustomerId,
    /// Names in their forms.
    pub name: Name,
    /// Brands they deal with, the first one foremost.
    pub brands: Vec<BrandId>,
    /// BCP 47, the one they prefer first.
    pub languages: Vec<String>,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// A level of their loyalty programme.
    pub tier: Option<String>,
    /// Since when they are a customer.
    pub since: Timestamp,
    /// Where all of this came from: an issuer's name, or `store`.
    pub source: String,
    /// E-mail addresses, phones, loyalty numbers: the one in use first within its kind.
    pub identifiers: Vec<NewIdentifier>,
    /// Accounts with what belongs to them.
    pub accounts: Vec<NewAccount>,
    /// Consent events, in any order.
    pub consents: Vec<ConsentEvent>,
    /// Notes, in any order.
    pub notes: Vec<Note>,
    /// What was done to them before, the oldest first; the numbers of their entries are given when they are written.
    pub actions: Vec<ActionDone>,
}

/// A handle of a new customer, clear.
#[derive(Debug, Clone, Serialize)]
pub struct NewIdentifier {
    /// Its id.
    pub id: IdentifierId,
    /// What sort it is.
    pub kind: IdentifierKind,
    /// The whole value; a phone in E.164 where it could be read so.
    pub value: String,
    /// The account it came with, where it came with one.
    pub account: Option<AccountId>,
    /// When it was last proved to be theirs.
    pub verified_at: Option<Timestamp>,
    /// Since when the company has held it.
    pub held_since: Timestamp,
}

/// An account of a new customer.
#[derive(Debug, Clone, Serialize)]
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// The URL or name of the system that issued it.
    pub issuer: String,
    /// The brand it is for; among the customer's brands.
    pub brand: BrandId,
    /// The user's id at the issuer: unique with issuer and brand.
    pub external_id: String,
    /// SHA-256 of the row it was read from, to see whether it changed.
    pub digest: Option<[u8; 32]>,
    /// Who decides over it.
    pub authority: Authority,
    /// Since when it exists.
    pub since: Timestamp,
    /// Ways in.
    pub identities: Vec<NewIdentity>,
    /// Live sessions.
    pub sessions: Vec<Session>,
    /// Locks that stand.
    pub locks: Vec<Lock>,
    /// Locks that somebody ended.
    pub ended: Vec<EndedLock>,
    /// Attempts to authenticate, in any order.
    pub sign_ins: Vec<SignIn>,
}

/// A lock that somebody ended.
#[derive(Debug, Clone, Serialize)]
pub struct EndedLock {
    /// The lock as it stood.
    pub lock: Lock,
    /// When it was ended.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// A way into a new account.
#[derive(Debug, Clone, Serialize)]
pub struct NewIdentity {
    /// Its id.
    pub id: IdentityId,
    /// What sort it is.
    pub kind: IdentityKind,
    /// Who issued it.
    pub issuer: String,
    /// The user at that issuer: unique with issuer and brand.
    pub subject: String,
    /// The address behind it, where one is known; its mask is shown, else the subject's.
    pub address: Option<String>,
    /// Since when it leads into the account.
    pub linked_at: Timestamp,
    /// The last time it let them in.
    pub last_sign_in: Option<Timestamp>,
}

/// An account that is already in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The account.
    pub account: AccountId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The digest of the row it was read from.
    pub digest: Option<Vec<u8>>,
    /// Who decides over it.
    pub authority: Authority,
}

/// The accounts of an issuer and brand that are already here, by the user's id at the issuer.
///
/// # Errors
/// When the database fails.
pub async fn known(
    conn: &mut Conn,
    issuer: &str,
    brand: &BrandId,
) -> Result<HashMap<String, Known>, DbError> {
    let rows = fetch_all!(
        conn,
        (String, uuid::Uuid, i64, Option<Vec<u8>>, String),
        "select external_id, account_id, customer_id, digest, authority from account where issuer = $1 and brand = $2",
        issuer,
        &brand.0
    )?;
    rows.into_iter()
        .map(|(external, account, customer, digest, authority)| {
            let (account, customer) = (AccountId(account), CustomerId::from_bits(customer));
            Ok((external, Known { account, customer, digest, authority: read(&authority)? }))
        })
        .collect()
}

/// Writes new customers in one transaction: all or none. A thousand or so at a time are quick; brands must be there.
///
/// Each leaves one import entry, one entry for each consent event and each action in the ledger, and one change in the
/// feed.
///
/// # Errors
/// [`DbError::Taken`] when an id, an account or an identity is already there; then nothing was written.
pub async fn put(
    db: &Db,
    keys: &CustomerKeys,
    chance: &Chance,
    now: Timestamp,
    customers: Vec<NewCustomer>,
) -> Result<(), DbError> {
    let pseudonyms: Vec<Pseudonym> = customers.iter().map(|_| Pseudonym(chance.bytes())).collect();
    let made = keys.make(&pseudonyms, chance).await?;
    let batch = std::sync::Arc::new((customers, pseudonyms, made));
    let chance = chance.clone();
    db.write(move |conn| {
        let (batch, chance) = (batch.clone(), chance.clone());
        Box::pin(async move {
            let (customers, pseudonyms, made) = &*batch;
            write(conn, customers, pseudonyms, made, &chance, now).await
        })
    })
    .await
}

async fn write(
    conn: &mut Conn,
    customers: &[NewCustomer],
    pseudonyms: &[Pseudonym],
    made: &HashMap<Pseudonym, Key>,
    chance: &Chance,
    now: Timestamp,
) -> Result<(), DbError> {
    let entries = customers.iter().map(|c| 1 + c.consents.len() + c.actions.len()).sum::<usize>();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (mut number, at) = take(conn, "entry", count(entries), now).await?;
    let mut tables = Tables::new();
    for (customer, pseudonym) in customers.iter().zip(pseudonyms) {
        let key = made.get(pseudonym).ok_or(DbError::Missing)?;
        let mut head = None;
        let append =
            |tables: &mut Tables, number: &mut i64, sealed: Sealed, kind: EntryKind, at: Timestamp| {
                tables.entry.push([
                    (*number).into(),
                    customer.id.bits().into(),
                    customer.source.as_str().into(),
                    word_of(kind).into(),
                    at.micros().into(),
                    sealed.canonical.into(),
                    sealed.hash.0.into(),
                    sealed.payload.into(),
                ]);
                *number += 1;
                Some(sealed.hash)
            };
        let import =
            Sealed::new(key, chance, *pseudonym, head, EntryKind::Import, at, &Imported::from(customer))?;
        head = append(&mut tables, &mut number, import, EntryKind::Import, at);
        for event in &customer.consents {
            let sealed = Sealed::new(key, chance, *pseudonym, head, EntryKind::Consent, at, event)?;
            head = append(&mut tables, &mut number, sealed, EntryKind::Consent, at);
            tables.consent(customer, event);
        }
        for action in &customer.actions {
            let sealed = Sealed::new(key, chance, *pseudonym, head, EntryKind::Action, at, action)?;
            tables.action(customer, action, number, sealed.hash);
            head = append(&mut tables, &mut number, sealed, EntryKind::Action, at);
        }
        tables.profile(customer, *pseudonym, head.ok_or(DbError::Missing)?);
        for account in &customer.accounts {
            tables.account(customer, account, now);
        }
        for note in &customer.notes {
            tables.note(customer, note);
        }
    }
    // The feed's numbers last, as everywhere, though its rows are collected with the others.
    let (first, at) = take(conn, "change", count(customers.len()), now).await?;
    for (seq, customer) in (first..).zip(customers) {
        tables.change.push([customer.id.bits().into(), Value::from(WHOLE), seq.into(), at.micros().into()]);
    }
    tables.write(conn).await
}

/// What an import's entry commits to: all that came but the events that have entries of their own.
#[derive(Serialize)]
struct Imported<'a> {
    source: &'a str,
    name: &'a Name,
    brands: &'a [BrandId],
    identifiers: &'a [NewIdentifier],
    accounts: Vec<ImportedAccount<'a>>,
}

#[derive(Serialize)]
struct ImportedAccount<'a> {
    issuer: &'a str,
    brand: &'a BrandId,
    external_id: &'a str,
    identities: &'a [NewIdentity],
    locks: &'a [Lock],
}

impl<'a> From<&'a NewCustomer> for Imported<'a> {
    fn from(of: &'a NewCustomer) -> Self {
        let accounts = of
            .accounts
            .iter()
            .map(|account| ImportedAccount {
                issuer: &account.issuer,
                brand: &account.brand,
                external_id: &account.external_id,
                identities: &account.identities,
                locks: &account.locks,
            })
            .collect();
        Self {
            source: &of.source,
            name: &of.name,
            brands: &of.brands,
            identifiers: &of.identifiers,
            accounts,
        }
    }
}
