//! How desks come to hold their share and stay current: streams of lines, one JSON value each.

mod cursor;
mod follow;
mod snapshot;

use bytes::Bytes;
use madoguchi_domain::CustomerId;
use madoguchi_protocol::sync::{Facet, Line};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::mpsc;

use crate::{
    db::{
        Conn, DbError, fetch_one,
        load::{self, Run},
    },
    refusal::Refusal,
};

pub(crate) use cursor::Cursor;
pub(crate) use follow::follow;
pub(crate) use snapshot::snapshot;

/// How many pieces of a stream may wait for a slow desk.
const AHEAD: usize = 8;

/// A stream's pieces on their way out.
pub(crate) type Pieces = mpsc::Receiver<Result<Bytes, std::io::Error>>;

/// Lines that are collected and sent in pieces of some size. Collecting waits for nobody, so that it may be done while a
/// connection is held; sending waits for the desk, so that it may not.
struct Lines {
    to: mpsc::Sender<Result<Bytes, std::io::Error>>,
    collected: Vec<u8>,
}

/// The desk hung up.
struct HungUp;

impl Lines {
    /// How large a piece is at most.
    const PIECE: usize = 64 * 1024;

    /// How much is collected before it is to be sent.
    const ENOUGH: usize = 1024 * 1024;

    fn new() -> (Self, Pieces) {
        let (to, pieces) = mpsc::channel(AHEAD);
        (Self { to, collected: Vec::new() }, pieces)
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), HungUp> {
        serde_json::to_writer(&mut self.collected, line).map_err(|_| HungUp)?;
        self.collected.push(b'\n');
        Ok(())
    }

    const fn are_enough(&self) -> bool {
        self.collected.len() >= Self::ENOUGH
    }

    async fn send(&mut self) -> Result<(), HungUp> {
        let mut rest = Bytes::from(std::mem::take(&mut self.collected));
        while !rest.is_empty() {
            let piece = rest.split_to(rest.len().min(Self::PIECE));
            self.to.send(Ok(piece)).await.map_err(|_| HungUp)?;
        }
        Ok(())
    }
}

/// The number of the last change.
pub(crate) async fn last_change(conn: &mut Conn) -> Result<i64, DbError> {
    let (last,) = fetch_one!(conn, (i64,), "select value from counter where name = 'change'")?;
    Ok(last)
}

fn raw<T: Serialize>(value: &T) -> Result<Box<RawValue>, DbError> {
    to_raw_value(value).map_err(|_| DbError::Unreadable("a facet".to_owned()))
}

/// One facet of one customer as JSON; none when there is no such customer.
async fn facet(conn: &mut Conn, run: &Run<'_>, facet: Facet) -> Result<Option<Box<RawValue>>, DbError> {
    let id: CustomerId = run.from;
    Ok(Some(match facet {
        Facet::Profile => match load::profiles(conn, run).await?.remove(&id) {
            Some(profile) => raw(&profile)?,
            None => return Ok(None),
        },
        Facet::Accounts => raw(&load::accounts(conn, run).await?.remove(&id).unwrap_or_default())?,
        Facet::Consents => raw(&load::consents(conn, run).await?.remove(&id).unwrap_or_default())?,
        Facet::Notes => raw(&load::notes(conn, run).await?.remove(&id).unwrap_or_default())?,
        Facet::Actions => raw(&load::actions(conn, run).await?.remove(&id).unwrap_or_default())?,
        Facet::SignIns => raw(&load::sign_ins(conn, run).await?.remove(&id).unwrap_or_default())?,
    }))
}

/// Why a stream ended early.
enum Ended {
    /// The desk hung up.
    HungUp,
    /// The store could not go on.
    Refused(Refusal),
}

impl From<HungUp> for Ended {
    fn from(_: HungUp) -> Self {
        Self::HungUp
    }
}

impl From<Refusal> for Ended {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<DbError> for Ended {
    fn from(error: DbError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<madoguchi_protocol::error::Code> for Ended {
    fn from(code: madoguchi_protocol::error::Code) -> Self {
        Self::Refused(code.into())
    }
}

/// Says in the log why a stream ended, where somebody should know. The desk sees that it was cut, and asks again.
fn log_end(what: &'static str, ended: &Ended) {
    if let Ended::Refused(refusal) = ended {
        let error = crate::db::FromDb::db(refusal);
        match error {
            Some(error) => tracing::error!(%error, what, "a stream was cut"),
            None => tracing::info!(code = %refusal.code.word(), what, "a stream ended"),
        }
    }
}
