//! A desk's share as it is now, in the order of the customers' ids.

use madoguchi_domain::CustomerId;
use madoguchi_protocol::{
    error::Code,
    sync::{Facet, Line},
};

use super::{Cursor, Ended, Lines, Pieces, last_change, log_end, raw};
use crate::{
    Store,
    caller::Caller,
    db::{
        Conn,
        load::{self, Facets, Run},
    },
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
                return Err(Code::CursorUnknown.into());
            }
            cursor
        }
        None => Cursor::new(store, caller, last),
    };
    let customers = load::count_customers(&mut conn, &caller.desk()).await?;
    drop(conn);
    let (lines, pieces) = Lines::new();
    let (store, caller) = (store.clone(), caller.clone());
    tokio::spawn(async move {
        if let Err(ended) = stream(&store, &caller, lines, from, cursor, customers).await {
            log_end("snapshot", &ended);
        }
    });
    Ok(pieces)
}

async fn stream(
    store: &Store,
    caller: &Caller,
    mut lines: Lines,
    from: Option<CustomerId>,
    cursor: Cursor,
    customers: i64,
) -> Result<(), Ended> {
    lines.line(&Line::Head { cursor: cursor.text(), customers, at: store.clock().now() })?;
    lines.send().await?;
    let scope = caller.desk();
    let mut after = from.map_or(-1, CustomerId::bits);
    loop {
        // A connection of its own for each batch: a slow desk must not hold one while it is waited for.
        let mut conn = store.db().read().await?;
        still_may(store, caller, &mut conn).await?;
        let ids = load::next_customers(&mut conn, after, &scope, BATCH).await?;
        let (Some(first), Some(last)) = (ids.first().copied(), ids.last().copied()) else { break };
        after = last.bits();
        let clear = store.policy().clear_identifiers;
        let run = Run { from: first, to: last, scope: &scope, now: store.clock().now(), clear };
        let mut facets = load::facets(&mut conn, &run).await?;
        drop(conn);
        for id in ids {
            customer(&mut lines, id, &mut facets)?;
            if lines.are_enough() {
                lines.send().await?;
            }
        }
        lines.send().await?;
        if store.is_stopping() {
            return Err(Code::Busy.into());
        }
    }
    lines.line(&Line::End { cursor: cursor.text() })?;
    lines.send().await?;
    Ok(())
}

/// Whoever was revoked, sees other brands now, or whose token ran out is sent no more; a desk that may asks again.
async fn still_may(store: &Store, caller: &Caller, conn: &mut Conn) -> Result<(), Ended> {
    if store.clock().now() >= caller.until {
        return Err(Code::SignInNeeded.into());
    }
    let scope_version = caller.again(conn).await?.scope_version;
    if scope_version == caller.scope_version { Ok(()) } else { Err(Code::CursorUnknown.into()) }
}

fn customer(lines: &mut Lines, id: CustomerId, of: &mut Facets) -> Result<(), Ended> {
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
    lines.line(&Line::Customer { id, facets })?;
    Ok(())
}
