//! Finding and opening customers.

use std::{sync::atomic::Ordering, time::Duration};

use madoguchi_domain::{
    CustomerId, Timestamp,
    consent::ConsentState,
    sign_in::Outcome,
    why::{verdict, why},
};
use madoguchi_protocol::{
    error::Code,
    search::SearchRequest,
    sync::{Facet, KEPT, Record},
};

use crate::{
    cache::{FindRow, Incoming},
    desk::Desk,
    error::DeskError,
    finder,
    inner::{Inner, lock},
    view::{
        CustomerView, EarlierAnswer, EarlierRequest, FindAnswer, FindRequest, FindStoreAnswer, Hit, Source,
    },
};

/// For how long failures count in an identity's `failures_today`.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The most that a store answers.
const MOST: u32 = 50;

impl Desk {
    /// Finds on this desk, from memory; only the rows that are shown come from the cache.
    ///
    /// # Errors
    /// `not_signed_in`, `lease_over`; `files_unusable` when the cache cannot be read.
    pub async fn find(&self, request: FindRequest) -> Result<FindAnswer, DeskError> {
        let inner = &self.inner;
        inner.open()?;
        let now = inner.now();
        let answer = inner.finder.find(&request, now);
        let ids: Vec<CustomerId> = answer.hits.iter().map(|(id, _)| *id).collect();
        let rows = self.rows(&ids).await?;
        let mut hits = Vec::with_capacity(rows.len());
        for (id, matched) in answer.hits {
            if let Some(row) = rows.iter().find(|row| row.id == id) {
                let mut hit = self.hit(row, Source::Desk);
                hit.matched = Some(matched);
                hits.push(hit);
            }
        }
        Ok(FindAnswer { hits, total: answer.total, counts: answer.counts, partial: answer.partial })
    }

    /// Waits until everything on this desk can be found; for doors that ask once.
    pub(crate) async fn index_read(&self) {
        self.inner.finder.until_loaded().await;
    }

    fn hit(&self, row: &FindRow, source: Source) -> Hit {
        let mut hit = row.hit(self.inner.now(), source);
        hit.pending = lock(&self.inner.pending_customers).contains(&row.id);
        hit
    }

    async fn rows(&self, ids: &[CustomerId]) -> Result<Vec<FindRow>, DeskError> {
        let rows = self.inner.cache().await.find_rows(ids).await;
        self.inner.notice_damage(rows).await
    }

    /// Asks the store, which also looks inside what is masked here and beyond this desk's share.
    ///
    /// # Errors
    /// `needs_store` when it cannot be reached; what it answers.
    pub async fn find_store(&self, request: FindRequest) -> Result<FindStoreAnswer, DeskError> {
        let inner = &self.inner;
        inner.open()?;
        let began = inner.clock.monotonic();
        let asked = SearchRequest {
            query: request.query.clone(),
            locked: request.locked,
            brand: request.brand.clone(),
            limit: request.limit.clamp(1, MOST),
        };
        let answer = inner
            .with_token(|client, token| {
                let asked = asked.clone();
                async move { client.search(&token, &asked).await }
            })
            .await
            .map_err(|failed| inner.needs_store(failed.error))?;
        let now = inner.now();
        let cache = inner.cache().await;
        let mut hits = Vec::new();
        for found in answer.found {
            let identifiers = &found.profile.identifiers;
            let hidden =
                identifiers.iter().find(|i| Some(i.id) == found.identifier).map(|i| i.masked.clone());
            let mut row = FindRow::new(found.profile, &[]);
            row.locks.extend(found.lock);
            let here = finder::matches_here(&row, &request.query, now);
            if here.is_some() && cache.knows(row.id).await? {
                continue;
            }
            let matched = here.unwrap_or_else(|| finder::hidden_match(&row, found.field, hidden));
            let mut hit = self.hit(&row, Source::Store);
            hit.matched = Some(matched);
            hits.push(hit);
        }
        let took = inner.clock.monotonic().saturating_sub(began);
        Ok(FindStoreAnswer {
            hits,
            more: answer.more,
            took_ms: u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
        })
    }

    /// Customers that were opened on this desk, the latest first.
    ///
    /// # Errors
    /// `not_signed_in`, `lease_over`, `files_unusable`.
    pub async fn recent(&self) -> Result<Vec<Hit>, DeskError> {
        self.inner.open()?;
        let recent = self.inner.cache().await.recent().await;
        let ids = self.inner.notice_damage(recent).await?;
        let rows = self.rows(&ids).await?;
        Ok(rows.iter().map(|row| self.hit(row, Source::Desk)).collect())
    }

    /// One customer whole, who from now on is the one that was opened last.
    ///
    /// # Errors
    /// As [`Desk::read_customer`].
    pub async fn open_customer(&self, id: CustomerId) -> Result<CustomerView, DeskError> {
        let view = self.read_customer(id).await?;
        let inner = &self.inner;
        let opened = inner.cache().await.put_opened(id, inner.clock.now()).await;
        if let Err(error) = opened {
            // The list of recent customers is a convenience: a full disk must not keep anybody from reading.
            tracing::warn!(code = %error.code.word(), "an opened customer was not noted");
        }
        let mut recent = inner.finder.recent();
        recent.retain(|other| *other != id);
        recent.insert(0, id);
        inner.finder.set_recent(recent);
        Ok(view)
    }

    /// One customer whole. Who does not rest here is asked of the store and kept from then on. Reading again what is
    /// open already changes nothing of who was opened last.
    ///
    /// # Errors
    /// `unknown`; `needs_store` for a customer who does not rest here while the store cannot be reached;
    /// `not_signed_in`, `lease_over`, `files_unusable`.
    pub async fn read_customer(&self, id: CustomerId) -> Result<CustomerView, DeskError> {
        let inner = &self.inner;
        inner.open()?;
        let resting = inner.cache().await.customer(id).await;
        let resting = inner.notice_damage(resting).await?;
        let as_of = lock(&inner.held).as_ref().and_then(|held| held.as_of);
        let (mut record, at, source) = match resting {
            Some(resting) if resting.visitor_since.is_none() => {
                (resting.record, as_of.unwrap_or_else(|| inner.now()), Source::Desk)
            }
            // The feed does not tell of a customer outside the share: ask again, and fall back on what was kept.
            Some(resting) => match self.fetch(id).await {
                Ok(record) => (record, inner.now(), Source::Store),
                Err(error) if error.code == Code::NeedsStore => {
                    (resting.record, resting.visitor_since.unwrap_or_else(|| inner.now()), Source::Desk)
                }
                Err(error) => return Err(error),
            },
            None => (self.fetch(id).await?, inner.now(), Source::Store),
        };
        // The store may have been a moment ahead of this desk's corrected clock when it sent this.
        let now = inner.now().max(at);
        judge_again(&mut record, now);
        let rows = inner.outbox().await.rows().await?;
        Ok(CustomerView {
            why: why(&record.accounts, &record.sign_ins.recent, now),
            pending: rows
                .iter()
                .filter(|row| row.envelope.customer == id && row.listed() && (row.waits() || row.undecided()))
                .map(|row| inner.item(row))
                .collect(),
            profile: record.profile,
            accounts: record.accounts,
            consents: record.consents,
            notes: record.notes,
            actions: record.actions,
            sign_ins: record.sign_ins,
            as_of: at,
            source,
        })
    }

    async fn fetch(&self, id: CustomerId) -> Result<Record, DeskError> {
        let inner = &self.inner;
        let record = inner
            .with_token(|client, token| async move { client.customer(&token, id).await })
            .await
            .map_err(|failed| inner.needs_store(failed.error))?;
        let facets = [
            (Facet::Profile, serde_json::to_string(&record.profile)?),
            (Facet::Accounts, serde_json::to_string(&record.accounts)?),
            (Facet::Consents, serde_json::to_string(&record.consents)?),
            (Facet::Notes, serde_json::to_string(&record.notes)?),
            (Facet::Actions, serde_json::to_string(&record.actions)?),
            (Facet::SignIns, serde_json::to_string(&record.sign_ins)?),
        ];
        let incoming = Incoming::new(facets)?;
        let held = lock(&inner.held).clone();
        let share = held.as_ref().is_some_and(|held| in_share(held, &record));
        let round = held.map_or(0, |held| held.round);
        inner.cache().await.put_fetched(&incoming, round, inner.now(), share).await?;
        if !inner.finder.is_loaded() {
            lock(&inner.touched).insert(id);
        }
        inner.finder.put([incoming.row], inner.now());
        inner.count_customers().await?;
        inner.publish();
        Ok(record)
    }

    /// Earlier sign-ins than the desk keeps. They come from the store and are not kept.
    ///
    /// # Errors
    /// `needs_store`; what the store answers.
    pub async fn earlier(&self, request: EarlierRequest) -> Result<EarlierAnswer, DeskError> {
        self.inner.open()?;
        let (id, before) = (request.customer, request.before);
        let earlier = self
            .inner
            .with_token(|client, token| async move { client.earlier(&token, id, before).await })
            .await
            .map_err(|failed| self.inner.needs_store(failed.error))?;
        Ok(EarlierAnswer { sign_ins: earlier.sign_ins, more: earlier.more })
    }
}

/// What the store computed when it sent a record, computed again: locks run out, days pass and consents end without a
/// word from it.
fn judge_again(record: &mut Record, now: Timestamp) {
    let day = now.minus(DAY);
    let recent = &record.sign_ins.recent;
    // Newest first: what is kept says everything about a day that it reaches back beyond.
    let whole = recent.len() < KEPT || recent.last().is_some_and(|oldest| oldest.at <= day);
    for account in &mut record.accounts {
        account.locks.retain(|lock| lock.until.is_none_or(|until| now < until));
        account.blocked = !verdict(account, None, now).allowed;
        let id = account.id;
        for way in &mut account.identities {
            let failed = recent.iter().filter(|s| {
                s.account == id && s.identity == way.kind && s.outcome == Outcome::Failed && s.at > day
            });
            let failed = i32::try_from(failed.count()).unwrap_or(i32::MAX);
            way.failures_today = if whole { failed } else { failed.max(way.failures_today) };
        }
    }
    for consent in &mut record.consents.status {
        if consent.effective == ConsentState::Given && consent.until.is_some_and(|until| until <= now) {
            consent.effective = ConsentState::Expired;
        }
    }
}

/// Whether the feed speaks of a customer: one of their brands rests on the agent's desk.
fn in_share(held: &crate::cache::Held, record: &Record) -> bool {
    let agent = &held.me.agent;
    let share = if agent.desk_brands.is_empty() { &agent.brands } else { &agent.desk_brands };
    share.is_empty() || record.profile.brands.iter().any(|brand| share.contains(brand))
}

impl Inner {
    /// What a failed request means for something that cannot be done without the store.
    pub(crate) fn needs_store(&self, error: DeskError) -> DeskError {
        self.failed(&error);
        if error.code == Code::Offline { DeskError::new(Code::NeedsStore) } else { error }
    }

    /// Passes an answer of the cache on; damage starts the repair.
    pub(crate) async fn notice_damage<T>(&self, answer: Result<T, DeskError>) -> Result<T, DeskError> {
        if answer.is_err() && self.cache().await.damaged() {
            self.customers.store(0, Ordering::Relaxed);
            self.wake.notify_one();
        }
        answer
    }
}
