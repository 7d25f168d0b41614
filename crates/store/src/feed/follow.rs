//! What changes from a cursor on, for as long as the desk may listen.
//!
//! Numbers are given under a row lock that is let go when the transaction is visible, so whoever sees a number has every
//! smaller one in sight: reading past a cursor misses nothing.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    time::Duration,
};

use madoguchi_domain::CustomerId;
use madoguchi_protocol::{
    error::Code,
    sync::{Facet, Line},
};

use super::{Cursor, Ended, Lines, Pieces, facet, last_change, log_end};
use crate::{
    Store,
    caller::{Caller, brands, desk_scope},
    db::{
        Conn, DbError, fetch_all, fetch_one,
        history::WHOLE,
        load::{self, Run, Scope},
        words::read,
    },
    refusal::Refusal,
};

/// How often the stream says that it lives.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// How often a database that other processes write to is asked for new changes.
const ASK: Duration = Duration::from_millis(200);

/// How many changes are read at once.
const BATCH: usize = 1_000;

/// Of how many customers one connection reads before the desk is waited for.
const CHUNK: usize = 100;

/// Streams what changes after `cursor`.
///
/// # Errors
/// When the cursor is of another store, epoch or agent.
pub(crate) async fn follow(store: &Store, caller: &Caller, cursor: &str) -> Result<Pieces, Refusal> {
    let last = last_change(&mut store.db().read().await?).await?;
    let cursor = Cursor::read(cursor, store, caller, last)?;
    let (lines, pieces) = Lines::new();
    let (store, caller) = (store.clone(), caller.clone());
    tokio::spawn(async move {
        let mut follower = Follower { store, caller, cursor, lines };
        if let Err(ended) = follower.run().await {
            log_end("changes", &ended);
        }
    });
    Ok(pieces)
}

/// What is to be told of one customer: these facets, or that they left.
struct News {
    id: CustomerId,
    facets: Option<BTreeSet<Facet>>,
}

struct Follower {
    store: Store,
    caller: Caller,
    cursor: Cursor,
    lines: Lines,
}

impl Follower {
    async fn run(&mut self) -> Result<(), Ended> {
        // Subscribed before the first look, so that no commit falls between.
        let mut commits = self.store.db().commits();
        let mut stopping = self.store.stopping();
        self.at().await?;
        loop {
            commits.mark_unchanged();
            if self.store.clock().now() >= self.caller.until || *stopping.borrow() {
                return Ok(());
            }
            let moved = self.advance().await?;
            if moved {
                continue;
            }
            let wake = async {
                if self.store.db().is_shared() {
                    self.changed_elsewhere().await
                } else {
                    commits.changed().await.map_err(|_| Ended::HungUp)
                }
            };
            tokio::select! {
                woken = tokio::time::timeout(SIGN_OF_LIFE, wake) => match woken {
                    Ok(woken) => woken?,
                    Err(_) => self.at().await?,
                },
                () = self.lines.to.closed() => return Ok(()),
                _ = stopping.changed() => return Ok(()),
            }
        }
    }

    /// Waits until the last number is another one.
    async fn changed_elsewhere(&self) -> Result<(), Ended> {
        loop {
            if last_change(&mut self.store.db().read().await?).await? > self.cursor.seq {
                return Ok(());
            }
            tokio::time::sleep(ASK).await;
        }
    }

    /// Sends what is new; whether there was anything.
    async fn advance(&mut self) -> Result<bool, Ended> {
        let mut conn = self.store.db().read().await?;
        // Who was revoked, or sees less now, hears nothing more of it.
        self.caller = self.caller.again(&mut conn).await?;
        let scope = self.caller.desk();
        let mut news = Vec::new();
        let rescoped = self.cursor.scope != self.caller.scope_version;
        if rescoped {
            news = self.difference(&mut conn, &scope).await?;
        }
        let (upto, changed) = changes_after(&mut conn, self.cursor.seq).await?;
        if upto != self.cursor.seq {
            let left = left(&mut conn, self.cursor.seq, upto, &scope).await?;
            news.extend(left.into_iter().map(|id| News { id, facets: None }));
            news.extend(changed.into_iter().map(|(id, facets)| News { id, facets: Some(facets) }));
        }
        drop(conn);
        if !rescoped && upto == self.cursor.seq {
            return Ok(false);
        }
        self.tell(&news, &scope).await?;
        self.cursor.seq = upto;
        // One scope from the beginning to the end: what it becomes meanwhile is the next difference.
        self.cursor.scope = self.caller.scope_version;
        self.at().await?;
        Ok(true)
    }

    /// Sends news some at a time. The desk is waited for without a connection, because a slow one may wait for long.
    async fn tell(&mut self, news: &[News], scope: &Scope) -> Result<(), Ended> {
        let mut rest = news;
        while !rest.is_empty() {
            if self.store.clock().now() >= self.caller.until || self.store.is_stopping() {
                return Err(Code::SignInNeeded.into());
            }
            let mut conn = self.store.db().read().await?;
            self.caller.again(&mut conn).await?;
            let mut told = 0;
            for one in rest.iter().take(CHUNK) {
                self.one(&mut conn, one, scope).await?;
                told += 1;
                if self.lines.are_enough() {
                    break;
                }
            }
            drop(conn);
            self.lines.send().await?;
            rest = &rest[told..];
        }
        Ok(())
    }

    /// Collects what there is to tell of one customer.
    async fn one(&mut self, conn: &mut Conn, news: &News, scope: &Scope) -> Result<(), Ended> {
        let id = news.id;
        let in_sight = load::head_in_sight(conn, id, scope).await?.is_some();
        match &news.facets {
            None if !in_sight => self.lines.line(&Line::Gone { id })?,
            Some(facets) if in_sight => {
                let clear = self.store.policy().clear_identifiers;
                let run = Run { from: id, to: id, scope, now: self.store.clock().now(), clear };
                for name in facets {
                    if let Some(body) = facet(conn, &run, *name).await? {
                        self.lines.line(&Line::Changed { id, facet: *name, body: &body })?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The agent sees other brands than the desk was told with its cursor: who left, and who is there. What stays may
    /// show other accounts, consents and notes than before.
    async fn difference(&self, conn: &mut Conn, now: &Scope) -> Result<Vec<News>, Ended> {
        let (own, desk) = fetch_one!(
            conn,
            (String, String),
            "select brands, desk_brands from agent_scope where agent_id = $1 and version = $2",
            self.caller.agent.0,
            self.cursor.scope
        )?;
        let before = desk_scope(&brands(&own)?, &brands(&desk)?);
        let had = everyone(conn, &before).await?;
        let has = everyone(conn, now).await?;
        let kept: HashSet<CustomerId> = has.iter().copied().collect();
        let gone = had.into_iter().filter(|id| !kept.contains(id)).map(|id| News { id, facets: None });
        Ok(gone.chain(has.iter().map(|id| News { id: *id, facets: Some(Facet::ALL.into()) })).collect())
    }

    async fn at(&mut self) -> Result<(), Ended> {
        self.lines.line(&Line::At { cursor: self.cursor.text(), at: self.store.clock().now() })?;
        self.lines.send().await?;
        Ok(())
    }
}

/// Which facets of whom changed after `seq`, and up to which number this tells.
async fn changes_after(
    conn: &mut Conn,
    seq: i64,
) -> Result<(i64, BTreeMap<CustomerId, BTreeSet<Facet>>), DbError> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    // Read first: a number that is seen here has all its rows in sight of the next statement.
    let last = last_change(conn).await?;
    let mut rows = fetch_all!(
        conn,
        (i64, String, i64),
        "select l.head, c.facet, c.seq from change c join customer_link l on l.member = c.customer_id
         where c.seq > $1 and c.seq <= $2 order by c.seq limit $3",
        seq,
        last,
        limit
    )?;
    let mut upto = last;
    if rows.len() == BATCH {
        // The last number may have more rows than these, so it waits for the next time.
        let cut = rows.last().map_or(0, |row| row.2);
        rows.retain(|row| row.2 < cut);
        upto = cut - 1;
    }
    let mut changed: BTreeMap<CustomerId, BTreeSet<Facet>> = BTreeMap::new();
    for (head, facet, _) in rows {
        let facets = changed.entry(CustomerId::from_bits(head)).or_default();
        if facet == WHOLE {
            facets.extend(Facet::ALL);
        } else {
            facets.insert(read(&facet)?);
        }
    }
    Ok((upto, changed))
}

/// Who left a brand of `scope` after `seq`.
async fn left(conn: &mut Conn, seq: i64, upto: i64, scope: &Scope) -> Result<Vec<CustomerId>, DbError> {
    let rows = fetch_all!(
        conn,
        (i64,),
        "select distinct l.head from customer_brand b join customer_link l on l.member = b.customer_id
         where b.left_seq > $1 and b.left_seq <= $2 and ($3 = '' or $3 like '%,' || b.brand || ',%')",
        seq,
        upto,
        scope.text()
    )?;
    Ok(rows.into_iter().map(|(id,)| CustomerId::from_bits(id)).collect())
}

/// Every customer within a scope.
async fn everyone(conn: &mut Conn, scope: &Scope) -> Result<Vec<CustomerId>, DbError> {
    load::next_customers(conn, -1, scope, i64::MAX).await
}
