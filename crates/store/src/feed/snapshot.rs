//! A desk's share as it is now, in the order of the customers' ids.

use madoguchi_domain::CustomerId;
use madoguchi_protocol::sync::{Facet, Line};

use super::{Cursor, Ended, Lines, Pieces, last_change, log_end, raw};
use crate::{
    Store,
    caller::Caller,
    db::load::{self, Facets, Run, Scope},
    refusal::Refusal,
};

/// How many customers are read at once.
const BATCH: i64 = 500;

/// Streams a snapshot from after `from`. A desk that was cut off brings the cursor of its first head.
///
/// # Errors
/// When the cursor is of another store, epoch or scope.
pub(crate) async fn snapshot(
    store: &Store,
    caller: &Caller,
    from: Option<CustomerId>,
    cursor: Option<&str>,
) -> Result<Pieces, Refusal> {
    let mut conn = store.db().read().await?;
    // Taken before the first row is read: what changes from here on comes in the feed as well.
    let last = last_change(&mut conn).await?;
    let cursor = match cursor {
        Some(text) => {
            let cursor = Cursor::read(text, store, caller, last)?;
            if cursor.scope != caller.scope_version {
                return Err(madoguchi_protocol::error::Code::CursorUnknown.into());
            }
            cursor
        }
        None => Cursor::new(store, caller, last),
    };
    let scope = caller.desk();
    let customers = load::count_customers(&mut conn, &scope).await?;
    drop(conn);
    let (lines, pieces) = Lines::new();
    let store = store.clone();
    tokio::spawn(async move {
        if let Err(ended) = stream(&store, lines, &scope, from, cursor, customers).await {
            log_end("snapshot", &ended);
        }
    });
    Ok(pieces)
}

async fn stream(
    store: &Store,
    mut lines: Lines,
    scope: &Scope,
    from: Option<CustomerId>,
    cursor: Cursor,
    customers: i64,
) -> Result<(), Ended> {
    lines.line(&Line::Head { cursor: cursor.text(), customers, at: store.clock().now() }).await?;
    lines.send().await?;
    let mut after = from.map_or(-1, CustomerId::bits);
    loop {
        // A connection of its own for each batch: a slow desk must not hold one while it is waited for.
        let mut conn = store.db().read().await?;
        let ids = load::next_customers(&mut conn, after, scope, BATCH).await?;
        let (Some(first), Some(last)) = (ids.first().copied(), ids.last().copied()) else { break };
        after = last.bits();
        let clear = store.policy().clear_identifiers;
        let run = Run { from: first, to: last, scope, now: store.clock().now(), clear };
        let mut facets = load::facets(&mut conn, &run).await?;
        drop(conn);
        for id in ids {
            customer(&mut lines, id, &mut facets).await?;
        }
        if store.is_stopping() {
            return Err(madoguchi_protocol::error::Code::Busy.into());
        }
    }
    lines.line(&Line::End { cursor: cursor.text() }).await?;
    lines.send().await?;
    Ok(())
}

async fn customer(lines: &mut Lines, id: CustomerId, of: &mut Facets) -> Result<(), Ended> {
    let Some(profile) = of.profiles.remove(&id) else { return Ok(()) };
    let bodies = [
        (Facet::Profile, raw(&profile)?),
        (Facet::Accounts, raw(&of.accounts.remove(&id).unwrap_or_default())?),
        (Facet::Consents, raw(&of.consents.remove(&id).unwrap_or_default())?),
        (Facet::Notes, raw(&of.notes.remove(&id).unwrap_or_default())?),
        (Facet::Actions, raw(&of.actions.remove(&id).unwrap_or_default())?),
        (Facet::SignIns, raw(&of.sign_ins.remove(&id).unwrap_or_default())?),
    ];
    let facets = bodies.iter().map(|(facet, body)| (*facet, &**body)).collect();
    lines.line(&Line::Customer { id, facets }).await?;
    Ok(())
}
