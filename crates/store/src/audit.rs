//! The record of who did and who looked at what. It holds ids and codes, never values.

use madoguchi_domain::{AccountId, ActionId, CustomerId, Timestamp, action::Reason};

use crate::{
    caller::Caller,
    chance::Chance,
    db::{Conn, DbError, execute, words::word},
};

/// One line of the record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line<'a> {
    /// What: `view`, `search`, an action's kind.
    pub(crate) verb: &'a str,
    /// About whom.
    pub(crate) customer: Option<CustomerId>,
    /// On which account.
    pub(crate) account: Option<AccountId>,
    /// Which action.
    pub(crate) action: Option<ActionId>,
    /// `done`, or the code of the refusal.
    pub(crate) outcome: &'a str,
    /// Why.
    pub(crate) reason: Option<Reason>,
    /// The case or ticket.
    pub(crate) case: Option<&'a str>,
}

/// Writes a line.
///
/// # Errors
/// When the database fails; what is not recorded must not happen.
pub(crate) async fn record(
    conn: &mut Conn,
    caller: &Caller,
    chance: &Chance,
    now: Timestamp,
    line: &Line<'_>,
) -> Result<(), DbError> {
    execute!(
        conn,
        "insert into audit (audit_id, at, agent_id, device_id, login_id, verb, customer_id, account, action_id,
                            outcome, reason, case_ref)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        chance.uuid_at(now),
        now.micros(),
        caller.agent.0,
        caller.device.map(|d| d.0),
        caller.login,
        line.verb,
        line.customer.map(CustomerId::bits),
        line.account.map(|a| a.0),
        line.action.map(|a| a.0),
        line.outcome,
        line.reason.map(word),
        line.case
    )?;
    Ok(())
}

/// The line's own transaction, for what only looks.
///
/// # Errors
/// When the database fails; then nothing may be shown.
pub(crate) async fn looked(
    store: &crate::Store,
    caller: &Caller,
    verb: &'static str,
    customer: Option<CustomerId>,
) -> Result<(), DbError> {
    let (caller, chance) = (caller.clone(), store.chance().clone());
    let now = store.clock().now();
    store
        .db()
        .write(move |conn| {
            let (caller, chance) = (caller.clone(), chance.clone());
            Box::pin(async move {
                let line = Line { verb, customer, outcome: "done", ..Line::default() };
                record(conn, &caller, &chance, now, &line).await
            })
        })
        .await
}
