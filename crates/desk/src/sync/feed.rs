//! Reading the feed: changes are committed together with the cursor they lead to.

use std::collections::HashSet;

use madoguchi_domain::{CustomerId, Timestamp};
use madoguchi_protocol::{error::Code, sync::Line};

use super::{lines, plan::Event, snapshot::keep};
use crate::{
    cache::{Change, FindRow},
    error::DeskError,
    inner::{Inner, lock},
};

/// A feed that brings nothing for this long has nothing to bring.
const CATCH_UP: std::time::Duration = std::time::Duration::from_millis(80);

/// How often a quiet feed writes down that the store was heard, in seconds.
const NOTE_CONTACT: u64 = 300;

/// Reads until the stream ends. An error before the first line of it is a failed attempt; after, it was cut off.
pub(super) async fn follow(inner: &Inner) -> Result<(), DeskError> {
    let Some(mut held) = lock(&inner.held).clone() else {
        return Err(DeskError::new(Code::NotSignedIn));
    };
    let Some(cursor) = held.cursor.clone() else {
        return Err(DeskError::new(Code::CursorUnknown));
    };
    let mut lines = inner
        .with_token(|client, token| {
            let cursor = cursor.clone();
            async move { client.lines(&token, "/v1/changes", &[("after", cursor.as_str())]).await }
        })
        .await?;
    let mut line = Vec::new();
    let mut changes: Vec<Change> = Vec::new();
    let mut noted = inner.clock.now();
    while lines::next(&mut lines, &mut line, inner.patience.silence).await? {
        match serde_json::from_slice::<Line<'_>>(&line)? {
            Line::Changed { id, facet, body } => {
                changes.push(Change::Facet(id, facet, body.get().to_owned()));
            }
            Line::Gone { id } => changes.push(Change::Gone(id)),
            Line::At { cursor, at } => {
                inner.heard(at);
                let moved = held.cursor.as_ref() != Some(&cursor);
                held.cursor = Some(cursor);
                held.as_of = Some(held.as_of.map_or(at, |before| before.max(at)));
                if let Some(shared) = lock(&inner.held).as_ref() {
                    held.contact = shared.contact;
                    held.me.clone_from(&shared.me);
                }
                let now = inner.clock.now();
                if moved || !changes.is_empty() || now.since(noted).as_secs() >= NOTE_CONTACT {
                    noted = now;
                    let caught = std::mem::take(&mut changes);
                    let touched = inner.cache().await.put_changes(&caught, &held).await?;
                    take(inner, &caught, touched).await?;
                }
                keep(inner, &held);
                // The first sign of life comes before what was missed; in step is who waits for nothing more.
                if lock(&inner.shown).live || lines::quiet(&mut lines, CATCH_UP).await {
                    live(inner);
                }
            }
            Line::Head { .. } | Line::Customer { .. } | Line::End { .. } => {}
        }
    }
    Ok(())
}

fn live(inner: &Inner) {
    let first = !std::mem::replace(&mut lock(&inner.shown).live, true);
    if first {
        inner.plan(Event::Heard);
        inner.drain.notify_one();
    } else {
        inner.publish();
    }
}

/// Brings the index and whoever listens up to date.
async fn take(
    inner: &Inner,
    changes: &[Change],
    touched: Vec<(CustomerId, Option<FindRow>)>,
) -> Result<(), DeskError> {
    let now: Timestamp = inner.now();
    if !inner.finder.is_loaded() {
        lock(&inner.touched).extend(touched.iter().map(|(id, _)| *id));
    }
    let count = !touched.is_empty();
    for (id, row) in touched {
        match row {
            Some(row) => inner.finder.put([row], now),
            None => inner.finder.remove(&[id]),
        }
    }
    if count {
        inner.count_customers().await?;
    }
    let who: HashSet<CustomerId> = changes.iter().map(Change::customer).collect();
    if !who.is_empty() {
        let mut customers: Vec<CustomerId> = who.into_iter().collect();
        customers.sort_unstable();
        inner.tell(crate::view::Event::Changed { customers });
    }
    Ok(())
}
