//! The rows of new customers, collected table by table.

use madoguchi_domain::{
    Timestamp,
    account::{Lock, LockScope},
    action::ActionDone,
    consent::ConsentEvent,
    customer::Note,
    mask,
    sign_in::SignIn,
};
use madoguchi_ledger::{EntryHash, Pseudonym};

use super::{EndedLock, NewAccount, NewCustomer, NewIdentifier};
use crate::db::{Conn, DbError, Rows, find, words::word};

/// The rows of one batch, table by table.
pub(super) struct Tables {
    customer: Rows,
    link: Rows,
    brand: Rows,
    identifier: Rows,
    find: Vec<(String, i64, String)>,
    account: Rows,
    identity: Rows,
    session: Rows,
    lock: Rows,
    sign_in: Rows,
    consent: Rows,
    note: Rows,
    action: Rows,
    pub(super) entry: Rows,
    pub(super) change: Rows,
}

impl Tables {
    pub(super) fn new() -> Self {
        Self {
            customer: Rows::new(
                "insert into customer (customer_id, source, pseudonym, entry_head, written, reading, romaji, former, \
                 languages, time_zone, country, tier, since, version)",
                14,
            ),
            link: Rows::new("insert into customer_link (head, member)", 2),
            brand: Rows::new("insert into customer_brand (customer_id, brand, source, place)", 4),
            identifier: Rows::new(
                "insert into identifier (identifier_id, customer_id, account, source, kind, value, normalised, masked, \
                 verified_at, held_since, place)",
                11,
            ),
            find: Vec::new(),
            account: Rows::new(
                "insert into account (account_id, customer_id, source, issuer, brand, external_id, digest, authority, \
                 lock_version, session_epoch, since)",
                11,
            ),
            identity: Rows::new(
                "insert into identity (identity_id, customer_id, account, source, brand, kind, issuer, subject, masked, \
                 linked_at, last_sign_in)",
                11,
            ),
            session: Rows::new(
                "insert into session (session_id, customer_id, account, source, started_at, last_seen_at, device, \
                 client, place)",
                9,
            ),
            lock: Rows::new(
                "insert into account_lock (lock_id, customer_id, account, source, scope_identity, cause, since, \
                 until_at, set_by, note, version, ended_at, ended_by, ended_version)",
                14,
            ),
            sign_in: Rows::new(
                "insert into sign_in (sign_in_id, customer_id, account, source, identity_kind, at, received_at, outcome, \
                 cause, address, place, device, client, channel, new_address, rule_epoch)",
                16,
            ),
            consent: Rows::new(
                "insert into consent_event (event_id, customer_id, source, brand, purpose, change, method, said_by, \
                 notice, notice_version, notice_language, captured_at, received_at, until_at)",
                14,
            ),
            note: Rows::new(
                "insert into note (note_id, customer_id, source, text, written_by, at, case_ref)",
                7,
            ),
            action: Rows::new(
                "insert into action (action_id, customer_id, account, source, fingerprint, kind, done_by, at, \
                 captured_at, reason, words, case_ref, entry, lock_cause, revealed_kind)",
                15,
            ),
            entry: Rows::new(
                "insert into entry (number, customer_id, source, kind, at, canonical, hash, payload)",
                8,
            ),
            change: Rows::with_tail(
                "insert into change (customer_id, facet, seq, at)",
                4,
                "on conflict (customer_id, facet) do update set seq = excluded.seq, at = excluded.at",
            ),
        }
    }

    pub(super) fn profile(&mut self, of: &NewCustomer, pseudonym: Pseudonym, head: EntryHash) {
        let id = of.id.bits();
        self.customer.push([
            id.into(),
            of.source.as_str().into(),
            pseudonym.0.into(),
            head.0.into(),
            of.name.written.as_str().into(),
            of.name.reading.as_deref().into(),
            of.name.romaji.as_deref().into(),
            of.name.former.as_deref().into(),
            serde_json::to_string(&of.languages).unwrap_or_else(|_| "[]".to_owned()).into(),
            of.time_zone.as_deref().into(),
            of.country.as_deref().into(),
            of.tier.as_deref().into(),
            of.since.micros().into(),
            1i64.into(),
        ]);
        self.link.push([id.into(), id.into()]);
        for (place, brand) in (0i64..).zip(&of.brands) {
            self.brand.push([id.into(), brand.0.as_str().into(), of.source.as_str().into(), place.into()]);
        }
        for (tail, field) in find::name_tails(&of.name) {
            self.find.push((tail, id, word(field)));
        }
        for (place, identifier) in (0i64..).zip(&of.identifiers) {
            self.identifier(of, place, identifier);
        }
    }

    fn identifier(&mut self, of: &NewCustomer, place: i64, identifier: &NewIdentifier) {
        let id = of.id.bits();
        let normalised = find::normalised(identifier.kind, &identifier.value);
        for tail in find::identifier_tails(identifier.kind, &normalised) {
            self.find.push((tail, id, word(find::field_of(identifier.kind))));
        }
        self.identifier.push([
            identifier.id.0.into(),
            id.into(),
            identifier.account.map(|a| a.0).into(),
            of.source.as_str().into(),
            word(identifier.kind).into(),
            identifier.value.as_str().into(),
            normalised.into(),
            mask::identifier(identifier.kind, &identifier.value).into(),
            identifier.verified_at.map(Timestamp::micros).into(),
            identifier.held_since.micros().into(),
            place.into(),
        ]);
    }

    pub(super) fn account(&mut self, of: &NewCustomer, account: &NewAccount, now: Timestamp) {
        let (id, own, source) = (of.id.bits(), account.id.0, of.source.as_str());
        self.account.push([
            own.into(),
            id.into(),
            source.into(),
            account.issuer.as_str().into(),
            account.brand.0.as_str().into(),
            account.external_id.as_str().into(),
            account.digest.into(),
            word(account.authority).into(),
            (1 + i64::try_from(account.ended.len()).unwrap_or(0)).into(),
            0i64.into(),
            account.since.micros().into(),
        ]);
        for way in &account.identities {
            let masked = way.address.as_deref().map_or_else(|| mask::subject(&way.subject), mask::email);
            self.identity.push([
                way.id.0.into(),
                id.into(),
                own.into(),
                source.into(),
                account.brand.0.as_str().into(),
                word(way.kind).into(),
                way.issuer.as_str().into(),
                way.subject.as_str().into(),
                masked.into(),
                way.linked_at.micros().into(),
                way.last_sign_in.map(Timestamp::micros).into(),
            ]);
        }
        for session in &account.sessions {
            self.session.push([
                session.id.0.into(),
                id.into(),
                own.into(),
                source.into(),
                session.started_at.micros().into(),
                session.last_seen_at.micros().into(),
                session.device.as_str().into(),
                session.client.as_str().into(),
                session.place.as_deref().into(),
            ]);
        }
        for lock in &account.locks {
            self.lock(of, own, lock, None);
        }
        for (count, ended) in (2i64..).zip(&account.ended) {
            self.lock(of, own, &ended.lock, Some((ended, count)));
        }
        for sign_in in &account.sign_ins {
            self.sign_in(of, account, sign_in, now);
        }
    }

    /// A lock; with it, when it was ended and the account's `lock_version` from then on.
    fn lock(&mut self, of: &NewCustomer, account: uuid::Uuid, lock: &Lock, ended: Option<(&EndedLock, i64)>) {
        let scope = match lock.scope {
            LockScope::Account => None,
            LockScope::Identity(way) => Some(way.0),
        };
        self.lock.push([
            lock.id.0.into(),
            of.id.bits().into(),
            account.into(),
            of.source.as_str().into(),
            scope.into(),
            word(lock.cause).into(),
            lock.since.micros().into(),
            lock.until.map(Timestamp::micros).into(),
            lock.by.as_str().into(),
            lock.note.as_deref().into(),
            lock.version.into(),
            ended.map(|(ended, _)| ended.at.micros()).into(),
            ended.map(|(ended, _)| ended.by.as_str()).into(),
            ended.map(|(_, version)| version).into(),
        ]);
    }

    fn sign_in(&mut self, of: &NewCustomer, account: &NewAccount, sign_in: &SignIn, now: Timestamp) {
        self.sign_in.push([
            sign_in.id.0.into(),
            of.id.bits().into(),
            account.id.0.into(),
            of.source.as_str().into(),
            word(sign_in.identity).into(),
            sign_in.at.micros().into(),
            now.micros().into(),
            word(sign_in.outcome).into(),
            sign_in.cause.map(word).into(),
            sign_in.address.as_deref().into(),
            sign_in.place.as_deref().into(),
            sign_in.device.as_deref().into(),
            sign_in.client.as_deref().into(),
            sign_in.channel.as_str().into(),
            sign_in.new_address.into(),
            1i64.into(),
        ]);
    }

    pub(super) fn consent(&mut self, of: &NewCustomer, event: &ConsentEvent) {
        let notice = event.notice.as_ref();
        self.consent.push([
            event.id.0.into(),
            of.id.bits().into(),
            of.source.as_str().into(),
            event.brand.0.as_str().into(),
            event.purpose.0.as_str().into(),
            word(event.change).into(),
            word(event.method).into(),
            event.by.as_str().into(),
            notice.map(|n| n.id.0.as_str()).into(),
            notice.map(|n| i64::from(n.version)).into(),
            notice.map(|n| n.language.as_str()).into(),
            event.captured_at.micros().into(),
            event.received_at.micros().into(),
            event.until.map(Timestamp::micros).into(),
        ]);
    }

    pub(super) fn note(&mut self, of: &NewCustomer, note: &Note) {
        self.note.push([
            note.id.0.into(),
            of.id.bits().into(),
            of.source.as_str().into(),
            note.text.as_str().into(),
            note.by.as_str().into(),
            note.at.micros().into(),
            note.case.as_deref().into(),
        ]);
    }

    /// Nobody signed what was done before this store: the entry's own hash stands for the fingerprint.
    pub(super) fn action(&mut self, of: &NewCustomer, action: &ActionDone, entry: i64, hash: EntryHash) {
        self.action.push([
            action.id.0.into(),
            of.id.bits().into(),
            action.account.map(|a| a.0).into(),
            of.source.as_str().into(),
            hash.0.into(),
            action.kind.word().into(),
            action.by.as_str().into(),
            action.at.micros().into(),
            action.at.micros().into(),
            action.reason.map(word).into(),
            action.words.as_deref().into(),
            action.case.as_deref().into(),
            entry.into(),
            action.lock_cause.map(word).into(),
            action.revealed.map(word).into(),
        ]);
    }

    pub(super) async fn write(mut self, conn: &mut Conn) -> Result<(), DbError> {
        let tables = [
            &mut self.customer,
            &mut self.link,
            &mut self.brand,
            &mut self.account,
            &mut self.identity,
            &mut self.identifier,
            &mut self.session,
            &mut self.lock,
            &mut self.sign_in,
            &mut self.consent,
            &mut self.note,
            &mut self.action,
            &mut self.entry,
            &mut self.change,
        ];
        for rows in tables {
            rows.write(conn).await?;
        }
        // In the order of their key: an ordered run of a large tree touches each of its pages once.
        self.find.sort_unstable();
        let mut rows =
            Rows::with_tail("insert into find (tail, customer_id, field)", 3, "on conflict do nothing");
        for (tail, id, field) in self.find {
            rows.push([tail.into(), id.into(), field.into()]);
        }
        rows.write(conn).await
    }
}
