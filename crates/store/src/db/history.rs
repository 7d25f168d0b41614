//! What every effect leaves behind in its own transaction: an entry of the ledger, and the numbers of the feed.

use madoguchi_domain::{AccountId, CustomerId, Timestamp};
use madoguchi_ledger::{Commitment, CommitmentKey, Entry, EntryHash, EntryKind, Pseudonym};
use madoguchi_protocol::sync::Facet;
use serde::Serialize;

use super::{Conn, CustomerKeys, DbError, execute, fetch_one, fetch_optional, keys::seal};
use crate::chance::Chance;

/// Takes `count` numbers without a gap. Their row stays locked until the transaction is visible, so that whoever sees
/// a number sees all before it. Gives the first number and a time that is never earlier than the last one given.
pub(crate) async fn take(
    conn: &mut Conn,
    name: &str,
    count: i64,
    now: Timestamp,
) -> Result<(i64, Timestamp), DbError> {
    let (last, at) = fetch_one!(
        conn,
        (i64, i64),
        "update counter set value = value + $1, at = case when at > $2 then at else $2 end
         where name = $3 returning value, at",
        count,
        now.micros(),
        name
    )?;
    Ok((last - count + 1, Timestamp::from_micros(at)))
}

/// What an entry is written about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The customer.
    pub customer: CustomerId,
    /// The account it came with, where there is one.
    pub account: Option<AccountId>,
    /// Where it came from.
    pub source: &'a str,
    /// What sort of entry.
    pub kind: EntryKind,
    /// When the store took it.
    pub at: Timestamp,
}

/// Writes the next entry of a customer's history, committing to `payload` as JSON. Gives its number.
///
/// # Errors
/// When the database fails, or the customer's key was destroyed.
pub async fn append<P: Serialize + Sync>(
    conn: &mut Conn,
    keys: &CustomerKeys,
    chance: &Chance,
    about: About<'_>,
    payload: &P,
) -> Result<i64, DbError> {
    // Takes hold of the customer before the number, so that whoever has a number waits for no customer.
    let (pseudonym, head) = fetch_optional!(
        conn,
        (Vec<u8>, Option<Vec<u8>>),
        "update customer set entry_head = entry_head where customer_id = $1 returning pseudonym, entry_head",
        about.customer.bits()
    )?
    .ok_or(DbError::Missing)?;
    let (number, at) = take(conn, "entry", 1, about.at).await?;
    let pseudonym = Pseudonym(pseudonym.try_into().map_err(|_| DbError::Unreadable("pseudonym".to_owned()))?);
    let previous = head
        .map(|hash| hash.try_into().map(EntryHash).map_err(|_| DbError::Unreadable("entry_head".to_owned())))
        .transpose()?;
    let key = keys.of(pseudonym).await?.ok_or(DbError::Missing)?;
    let sealed = Sealed::new(&key, chance, pseudonym, previous, about.kind, at, payload)?;
    execute!(
        conn,
        "insert into entry (number, customer_id, account, source, kind, at, canonical, hash, payload)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        number,
        about.customer.bits(),
        about.account.map(|a| a.0),
        about.source,
        word_of(about.kind),
        at.micros(),
        &sealed.canonical,
        sealed.hash.0.to_vec(),
        &sealed.payload
    )?;
    execute!(
        conn,
        "update customer set entry_head = $1 where customer_id = $2",
        sealed.hash.0.to_vec(),
        about.customer.bits()
    )?;
    Ok(number)
}

/// An entry ready to be written.
pub(crate) struct Sealed {
    pub(crate) canonical: Vec<u8>,
    pub(crate) hash: EntryHash,
    pub(crate) payload: Vec<u8>,
}

impl Sealed {
    pub(crate) fn new<P: Serialize>(
        key: &madoguchi_secrets::Key,
        chance: &Chance,
        customer: Pseudonym,
        previous: Option<EntryHash>,
        kind: EntryKind,
        received_at: Timestamp,
        payload: &P,
    ) -> Result<Self, DbError> {
        let payload = zeroize::Zeroizing::new(
            serde_json::to_vec(payload).map_err(|_| DbError::Unreadable("payload".to_owned()))?,
        );
        let commitment_key = CommitmentKey(chance.bytes());
        let entry = Entry {
            id: chance.uuid(),
            customer,
            previous,
            kind,
            received_at,
            commitment: Commitment::new(&commitment_key, &payload),
        };
        let canonical = entry.encode();
        Ok(Self {
            hash: EntryHash::of(&canonical),
            payload: seal(key, &commitment_key, entry.id, &payload, chance.bytes()),
            canonical,
        })
    }
}

/// The word of an entry's kind as the databases keep it.
pub(crate) const fn word_of(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Action => "action",
        EntryKind::Consent => "consent",
        EntryKind::Import => "import",
    }
}

/// Stands for every facet of a customer who is new.
pub(crate) const WHOLE: &str = "whole";

/// Says that these facets of a customer changed in this transaction. Gives the number of the change.
///
/// Called last: from here on every other writer waits for the commit.
///
/// # Errors
/// When the database fails.
pub async fn changed(
    conn: &mut Conn,
    customer: CustomerId,
    facets: &[Facet],
    now: Timestamp,
) -> Result<i64, DbError> {
    let (seq, at) = take(conn, "change", 1, now).await?;
    for facet in facets {
        execute!(
            conn,
            "insert into change (customer_id, facet, seq, at) values ($1, $2, $3, $4)
             on conflict (customer_id, facet) do update set seq = excluded.seq, at = excluded.at",
            customer.bits(),
            facet.word(),
            seq,
            at.micros()
        )?;
    }
    Ok(seq)
}
