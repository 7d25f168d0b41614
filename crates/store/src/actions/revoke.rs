//! Ends one session that is named, or all that began before it was asked: who signed in meanwhile stays.

use madoguchi_domain::{AccountId, SessionId};
use madoguchi_protocol::{error::Code, sync::Facet};

use super::{Deed, Effect, SKEW, hold};
use crate::{
    db::{Conn, execute},
    refusal::Refusal,
};

const FACETS: &[Facet] = &[Facet::Accounts, Facet::Actions];

/// One session, whenever it began: whoever named it has seen it. One that has ended already is no error: it is as it was
/// asked for.
pub(super) async fn one(
    conn: &mut Conn,
    deed: &Deed<'_>,
    account: AccountId,
    session: SessionId,
) -> Result<Effect, Refusal> {
    hold(conn, deed, account).await?;
    let known = execute!(
        conn,
        "update session set ended_at = coalesce(ended_at, $1), ended_by = coalesce(ended_by, $2)
         where session_id = $3 and account = $4",
        deed.received.micros(),
        &deed.caller.display_name,
        session.0,
        account.0
    )?;
    if known == 0 {
        return Err(Code::Unknown.into());
    }
    raise(conn, account).await?;
    Ok(Effect { subject: Some(session.0), ..Effect::on(FACETS) })
}

/// Every session of an account.
pub(super) async fn all(conn: &mut Conn, deed: &Deed<'_>, account: AccountId) -> Result<Effect, Refusal> {
    hold(conn, deed, account).await?;
    execute!(
        conn,
        "update session set ended_at = $1, ended_by = $2
         where account = $3 and ended_at is null and started_at <= $4",
        deed.received.micros(),
        &deed.caller.display_name,
        account.0,
        deed.captured.plus(SKEW).micros()
    )?;
    raise(conn, account).await?;
    Ok(Effect::on(FACETS))
}

async fn raise(conn: &mut Conn, account: AccountId) -> Result<(), Refusal> {
    execute!(conn, "update account set session_epoch = session_epoch + 1 where account_id = $1", account.0)?;
    Ok(())
}
