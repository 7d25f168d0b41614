//! Fetching a snapshot, or the rest of one: committed in batches, each with how far it is.

use std::time::Duration;

use madoguchi_domain::CustomerId;
use madoguchi_protocol::{
    error::Code,
    sync::{Cursor, Line},
};
use tokio::sync::mpsc;

use super::{lines, plan::Event};
use crate::{
    cache::{Held, Incoming, Resume},
    client::Lines,
    error::DeskError,
    inner::{Inner, lock},
    view::Progress,
};

/// Customers in one commit.
const BATCH: usize = 1000;

/// What the reading side hands to the committing side.
enum Part {
    Head { cursor: Cursor, customers: i64, at: madoguchi_domain::Timestamp },
    Customers(Vec<Incoming>),
    End,
}

/// Fetches until the snapshot is complete.
pub(super) async fn fetch(inner: &Inner) -> Result<(), DeskError> {
    let Some(mut held) = lock(&inner.held).clone() else {
        return Err(DeskError::new(Code::NotSignedIn));
    };
    let resume = held.snapshot.clone();
    let silence = inner.patience.silence;
    let lines = inner
        .with_token(|client, token| {
            let resume = resume.clone();
            async move {
                let last = resume.as_ref().and_then(|r| r.last).map(|id| id.to_string());
                let mut query = Vec::new();
                if let (Some(resume), Some(last)) = (&resume, &last) {
                    query.push(("from", last.as_str()));
                    query.push(("cursor", resume.cursor.as_str()));
                }
                client.lines(&token, "/v1/snapshot", &query).await
            }
        })
        .await?;
    // Reading and unpacking goes on while the batch before is being committed.
    let (send, mut parts) = mpsc::channel(2);
    let mut reading = tokio::task::JoinSet::new();
    reading.spawn(read(lines, silence, send));
    let mut complete = false;
    while let Some(part) = parts.recv().await {
        match part {
            Part::Head { cursor, customers, at } => begin(inner, &mut held, cursor, customers, at),
            Part::Customers(batch) => commit(inner, &mut held, batch).await?,
            Part::End => {
                finish(inner, &mut held).await?;
                complete = true;
                break;
            }
        }
    }
    if !complete {
        return match reading.join_next().await {
            Some(Ok(Err(broken))) => Err(broken),
            _ => Err(DeskError::new(Code::Offline)),
        };
    }
    Ok(())
}

async fn read(mut lines: Lines, silence: Duration, send: mpsc::Sender<Part>) -> Result<(), DeskError> {
    let mut line = Vec::new();
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        if !lines::next(&mut lines, &mut line, silence).await? {
            // What came whole is kept: the next attempt goes on behind it.
            let _ = send.send(Part::Customers(batch)).await;
            return Err(DeskError::new(Code::Offline));
        }
        let part = match serde_json::from_slice::<Line<'_>>(&line)? {
            Line::Head { cursor, customers, at } => Part::Head { cursor, customers, at },
            Line::Customer { id, facets } => {
                let facets = facets.into_iter().map(|(facet, body)| (facet, body.get().to_owned()));
                let incoming = Incoming::new(facets)?;
                if incoming.row.id != id {
                    return Err(DeskError::new(Code::NotAStore));
                }
                batch.push(incoming);
                if batch.len() < BATCH {
                    continue;
                }
                Part::Customers(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))
            }
            Line::End { .. } => {
                let last = Part::Customers(std::mem::take(&mut batch));
                if send.send(last).await.is_err() {
                    return Ok(());
                }
                let _ = send.send(Part::End).await;
                return Ok(());
            }
            Line::Changed { .. } | Line::Gone { .. } | Line::At { .. } => continue,
        };
        if send.send(part).await.is_err() {
            return Ok(());
        }
    }
}

fn begin(inner: &Inner, held: &mut Held, cursor: Cursor, customers: i64, at: madoguchi_domain::Timestamp) {
    inner.heard(at);
    if let Some(resume) = &held.snapshot {
        tracing::info!(done = resume.done, total = resume.total, "a snapshot goes on");
    } else {
        tracing::info!(total = customers, "a snapshot begins");
        held.round += 1;
        held.snapshot = Some(Resume { cursor, at, last: None, total: customers, done: 0 });
    }
    show(inner, held);
}

async fn commit(inner: &Inner, held: &mut Held, batch: Vec<Incoming>) -> Result<(), DeskError> {
    let Some(last) = batch.last().map(|incoming| incoming.row.id) else { return Ok(()) };
    let Some(resume) = held.snapshot.as_mut() else {
        return Err(DeskError::new(Code::NotAStore));
    };
    resume.last = Some(last);
    resume.done += i64::try_from(batch.len()).unwrap_or(0);
    inner.cache().await.put_batch(&batch, held).await?;
    keep(inner, held);
    let ids: Vec<CustomerId> = batch.iter().map(|incoming| incoming.row.id).collect();
    if !inner.finder.is_loaded() {
        lock(&inner.touched).extend(&ids);
    }
    inner.finder.put(batch.into_iter().map(|incoming| incoming.row), inner.now());
    let done = held.snapshot.as_ref().map_or(0, |resume| resume.done);
    inner.customers.fetch_max(done, std::sync::atomic::Ordering::Relaxed);
    show(inner, held);
    Ok(())
}

async fn finish(inner: &Inner, held: &mut Held) -> Result<(), DeskError> {
    let Some(resume) = held.snapshot.take() else {
        return Err(DeskError::new(Code::NotAStore));
    };
    held.cursor = Some(resume.cursor);
    held.as_of = Some(resume.at);
    let gone = inner.cache().await.end_snapshot(held).await?;
    keep(inner, held);
    inner.finder.remove(&gone);
    inner.count_customers().await?;
    lock(&inner.shown).progress = None;
    if let Some(home) = &inner.home {
        home.drop_set_aside(&home.cache())?;
    }
    tracing::info!(done = resume.done, "a snapshot is complete");
    inner.plan(Event::SnapshotComplete);
    inner.tell(crate::view::Event::Changed { customers: Vec::new() });
    Ok(())
}

/// What was committed becomes what everybody sees; who signed in and when the store was heard may have moved on since.
pub(super) fn keep(inner: &Inner, held: &Held) {
    if let Some(shared) = lock(&inner.held).as_mut() {
        shared.cursor.clone_from(&held.cursor);
        shared.snapshot.clone_from(&held.snapshot);
        shared.round = held.round;
        shared.as_of = held.as_of;
    }
}

fn show(inner: &Inner, held: &Held) {
    lock(&inner.shown).progress = held
        .snapshot
        .as_ref()
        .map(|resume| Progress { done: resume.done, total: resume.total.max(resume.done) });
    inner.publish();
}
