//! What becomes of an account whose row says something else than the last time.
//!
//! What came from this source follows the source; what the store knows of its own (notes, consents, other sources'
//! handles, locks that agents set) stays. Over an account that the store decides on, the source's lock is not taken
//! again: the company said that applications ask here.

use std::sync::Arc;

use madoguchi_domain::{
    CustomerId, IdentifierId, Timestamp,
    account::{Authority, LockCause},
    customer::IdentifierKind,
    mask,
};
use madoguchi_ledger::EntryKind;
use madoguchi_protocol::sync::Facet;

use super::{
    Means,
    person::{Origin, Person},
};
use crate::{
    chance::Chance,
    db::{
        Conn, DbError, Rows, Value,
        bulk::Known,
        execute, fetch_all, fetch_optional, find,
        history::{self, About},
        words::{read, word},
    },
};

/// Applies changed rows, all in one transaction.
pub(super) async fn apply(
    with: &Means<'_>,
    origin: &Origin,
    now: Timestamp,
    rows: Vec<(Known, Person)>,
) -> Result<(), DbError> {
    let shared = Arc::new((origin.clone(), rows, with.keys.clone(), with.chance.clone()));
    with.db
        .write(move |conn| {
            let shared = shared.clone();
            Box::pin(async move {
                let (origin, rows, keys, chance) = &*shared;
                // Accounts, then customers, then numbers, as in every transaction: whoever took a number waits for nobody
                // who waits for one.
                let origins: Vec<Origin> = rows.iter().map(|(known, _)| origin.of(known)).collect();
                let each = || {
                    rows.iter().zip(&origins).map(|((known, person), origin)| Row {
                        origin,
                        known,
                        person,
                        chance,
                        now,
                    })
                };
                for row in each() {
                    row.account(conn).await?;
                }
                for row in each() {
                    row.apply(conn).await?;
                }
                for (known, person) in rows {
                    let about = About {
                        customer: known.customer,
                        account: Some(known.account),
                        source: &origin.issuer,
                        kind: EntryKind::Import,
                        at: now,
                    };
                    history::append(conn, keys, chance, about, person).await?;
                }
                // The feed's numbers last: from here on every other writer waits for the commit.
                for (known, _) in rows {
                    history::changed(
                        conn,
                        known.customer,
                        &[Facet::Profile, Facet::Accounts, Facet::SignIns],
                        now,
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await
}

struct Row<'a> {
    origin: &'a Origin,
    known: &'a Known,
    person: &'a Person,
    chance: &'a Chance,
    now: Timestamp,
}

impl Row<'_> {
    /// All but [`Row::account`], which comes before.
    async fn apply(&self, conn: &mut Conn) -> Result<(), DbError> {
        self.profile(conn).await?;
        self.handles(conn).await?;
        find_again(conn, self.known.customer).await?;
        self.ways(conn).await?;
        self.lock(conn).await?;
        self.sign_in(conn).await
    }

    async fn account(&self, conn: &mut Conn) -> Result<(), DbError> {
        execute!(
            conn,
            "update account set digest = $1, authority = $2 where account_id = $3",
            self.person.digest(self.origin).to_vec(),
            word(self.origin.authority),
            self.known.account.0
        )?;
        Ok(())
    }

    /// Names and the like, where the customer came from this source.
    async fn profile(&self, conn: &mut Conn) -> Result<(), DbError> {
        let name = self.person.names();
        let languages = serde_json::to_string(&self.person.languages()).unwrap_or_else(|_| "[]".to_owned());
        execute!(
            conn,
            "update customer set written = $1, reading = $2, romaji = $3, former = $4, languages = $5, time_zone = $6,
             country = $7, tier = $8 where customer_id = $9 and source = $10",
            name.written,
            name.reading,
            name.romaji,
            name.former,
            languages,
            self.person.time_zone.clone(),
            self.person.country(),
            self.person.tier.clone(),
            self.known.customer.bits(),
            &self.origin.issuer
        )?;
        execute!(
            conn,
            "update customer set version = version + 1 where customer_id = $1",
            self.known.customer.bits()
        )?;
        Ok(())
    }

    /// The handles that came with this account: those that are gone go, those that are new come.
    async fn handles(&self, conn: &mut Conn) -> Result<(), DbError> {
        let held = fetch_all!(
            conn,
            (uuid::Uuid, String, String, Option<i64>),
            "select identifier_id, kind, normalised, verified_at from identifier
             where customer_id = $1 and account = $2 and source = $3",
            self.known.customer.bits(),
            self.known.account.0,
            &self.origin.issuer
        )?;
        let wanted: Vec<_> = self
            .person
            .handles(self.origin)
            .into_iter()
            .map(|(kind, value, proved)| (word(kind), find::normalised(kind, &value), kind, value, proved))
            .collect();
        for (id, kind, normalised, verified_at) in &held {
            let stays = wanted.iter().find(|(want, text, ..)| want == kind && text == normalised);
            match stays {
                None => {
                    execute!(conn, "delete from identifier where identifier_id = $1", *id)?;
                }
                Some((.., kind, value, proved)) => {
                    let since = self.person.since.unwrap_or(self.now).micros();
                    let verified_at = proved.then(|| verified_at.unwrap_or(since));
                    execute!(
                        conn,
                        "update identifier set value = $1, masked = $2, verified_at = $3 where identifier_id = $4",
                        value,
                        mask::identifier(*kind, value),
                        verified_at,
                        *id
                    )?;
                }
            }
        }
        let missing = wanted.iter().filter(|(kind, normalised, ..)| {
            !held.iter().any(|(_, has, text, _)| has == kind && text == normalised)
        });
        for (kind_word, normalised, kind, value, proved) in missing {
            execute!(
                conn,
                "insert into identifier (identifier_id, customer_id, account, source, kind, value, normalised, masked,
                 verified_at, held_since, place)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
                 (select coalesce(max(place) + 1, 0) from identifier where customer_id = $2))",
                IdentifierId::new(self.now, self.chance.bytes()).0,
                self.known.customer.bits(),
                self.known.account.0,
                &self.origin.issuer,
                kind_word,
                value,
                normalised,
                mask::identifier(*kind, value),
                proved.then_some(self.now.micros()),
                self.now.micros()
            )?;
        }
        Ok(())
    }

    /// The ways in: one that is gone at the source goes here, unless a lock tells of it.
    async fn ways(&self, conn: &mut Conn) -> Result<(), DbError> {
        let held = fetch_all!(
            conn,
            (uuid::Uuid, String, String),
            "select identity_id, issuer, subject from identity where account = $1 and source = $2",
            self.known.account.0,
            &self.origin.issuer
        )?;
        let wanted = self.person.ways(self.person.since.unwrap_or(self.now), self.chance);
        for (id, issuer, subject) in &held {
            if wanted.iter().any(|way| way.issuer == *issuer && way.subject == *subject) {
                continue;
            }
            execute!(
                conn,
                "delete from identity where identity_id = $1
                 and not exists (select 1 from account_lock where scope_identity = $1)",
                *id
            )?;
        }
        for way in wanted {
            let masked = way.address.as_deref().map_or_else(|| mask::subject(&way.subject), mask::email);
            execute!(
                conn,
                "insert into identity (identity_id, customer_id, account, source, brand, kind, issuer, subject, masked,
                 linked_at, last_sign_in) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                 on conflict (issuer, subject, brand) do update set masked = excluded.masked,
                 last_sign_in = coalesce(excluded.last_sign_in, identity.last_sign_in)",
                way.id.0,
                self.known.customer.bits(),
                self.known.account.0,
                &self.origin.issuer,
                &self.origin.brand.0,
                word(way.kind),
                &way.issuer,
                &way.subject,
                masked,
                way.linked_at.micros(),
                way.last_sign_in.map(Timestamp::micros)
            )?;
        }
        Ok(())
    }

    /// The source's own lock, while the source decides.
    async fn lock(&self, conn: &mut Conn) -> Result<(), DbError> {
        if self.origin.authority == Authority::Store {
            return Ok(());
        }
        let cause = word(LockCause::DisabledAtSource);
        let standing = fetch_optional!(
            conn,
            (uuid::Uuid,),
            "select lock_id from account_lock where account = $1 and cause = $2 and ended_at is null",
            self.known.account.0,
            &cause
        )?;
        match (standing, self.person.lock(self.origin, self.chance, self.now)) {
            (None, Some(lock)) => {
                execute!(
                    conn,
                    "insert into account_lock (lock_id, customer_id, account, source, cause, since, set_by, version)
                     values ($1, $2, $3, $4, $5, $6, $4, 1)",
                    lock.id.0,
                    self.known.customer.bits(),
                    self.known.account.0,
                    &self.origin.issuer,
                    &cause,
                    lock.since.micros()
                )?;
            }
            (Some((lock,)), None) => {
                execute!(
                    conn,
                    "update account_lock set ended_at = $1, ended_by = $2, version = version + 1, ended_version =
                     (select lock_version + 1 from account where account_id = $3) where lock_id = $4",
                    self.now.micros(),
                    &self.origin.issuer,
                    self.known.account.0,
                    lock
                )?;
            }
            _ => return Ok(()),
        }
        execute!(
            conn,
            "update account set lock_version = lock_version + 1 where account_id = $1",
            self.known.account.0
        )?;
        Ok(())
    }

    async fn sign_in(&self, conn: &mut Conn) -> Result<(), DbError> {
        let Some(sign_in) = self.person.sign_in(self.origin, self.known.account, self.chance) else {
            return Ok(());
        };
        execute!(
            conn,
            "insert into sign_in (sign_in_id, customer_id, account, source, identity_kind, at, received_at, outcome,
             address, channel, new_address, rule_epoch)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, lock_version from account
             where account_id = $3 and not exists
             (select 1 from sign_in where account = $3 and at = $6 and source = $4)",
            sign_in.id.0,
            self.known.customer.bits(),
            self.known.account.0,
            &self.origin.issuer,
            word(sign_in.identity),
            sign_in.at.micros(),
            self.now.micros(),
            word(sign_in.outcome),
            sign_in.address,
            sign_in.channel,
            sign_in.new_address
        )?;
        Ok(())
    }
}

/// Writes anew what the customer can be found by.
async fn find_again(conn: &mut Conn, customer: CustomerId) -> Result<(), DbError> {
    let Some((written, reading, romaji, former)) = fetch_optional!(
        conn,
        (String, Option<String>, Option<String>, Option<String>),
        "select written, reading, romaji, former from customer where customer_id = $1",
        customer.bits()
    )?
    else {
        return Err(DbError::Missing);
    };
    let name = madoguchi_domain::customer::Name { written, reading, romaji, former };
    let handles = fetch_all!(
        conn,
        (String, String),
        "select kind, normalised from identifier where customer_id = $1",
        customer.bits()
    )?;
    execute!(conn, "delete from find where customer_id = $1", customer.bits())?;
    let mut rows =
        Rows::with_tail("insert into find (tail, customer_id, field)", 3, "on conflict do nothing");
    for (tail, field) in find::name_tails(&name) {
        rows.push([tail.into(), customer.bits().into(), Value::from(word(field))]);
    }
    for (kind, normalised) in handles {
        let kind: IdentifierKind = read(&kind)?;
        for tail in find::identifier_tails(kind, &normalised) {
            rows.push([tail.into(), customer.bits().into(), Value::from(word(find::field_of(kind)))]);
        }
    }
    rows.write(conn).await
}
