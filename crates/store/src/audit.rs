//! The record of who did and who looked at what. It holds ids and codes, never values.

use madoguchi_domain::{AccountId, ActionId, AgentId, CustomerId, DeviceId, Timestamp, action::Reason};
use madoguchi_protocol::audit::{AuditLine, AuditPage};
use uuid::Uuid;

use crate::{
    caller::Caller,
    chance::Chance,
    db::{
        Conn, DbError, execute, fetch_all,
        load::Scope,
        words::{read_optional, word},
    },
};

/// How many lines a page has at most.
const PAGE: usize = 100;

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
    record_alone(store, caller, verb, customer, "done").await
}

/// A line in a transaction of its own.
///
/// # Errors
/// When the database fails.
pub(crate) async fn record_alone(
    store: &crate::Store,
    caller: &Caller,
    verb: &'static str,
    customer: Option<CustomerId>,
    outcome: &str,
) -> Result<(), DbError> {
    let (caller, chance, outcome) = (caller.clone(), store.chance().clone(), outcome.to_owned());
    let now = store.clock().now();
    store
        .db()
        .write(move |conn| {
            let (caller, chance, outcome) = (caller.clone(), chance.clone(), outcome.clone());
            Box::pin(async move {
                let line = Line { verb, customer, outcome: &outcome, ..Line::default() };
                record(conn, &caller, &chance, now, &line).await
            })
        })
        .await
}

/// The last line of a page: the next one begins before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Before {
    at: i64,
    id: Uuid,
}

impl Before {
    /// As it travels.
    fn text(self) -> String {
        format!("{}.{}", self.at, self.id)
    }

    /// Reads what [`Before::text`] wrote.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        Some(Self { at: at.parse().ok()?, id: id.parse().ok()? })
    }
}

#[derive(sqlx::FromRow)]
struct LineRow {
    audit_id: Uuid,
    at: i64,
    agent_id: Option<Uuid>,
    display_name: Option<String>,
    device_id: Option<Uuid>,
    verb: String,
    customer_id: Option<i64>,
    account: Option<Uuid>,
    action_id: Option<Uuid>,
    outcome: String,
    reason: Option<String>,
    case_ref: Option<String>,
}

/// Lines of the record, the newest first, without those about customers or accounts out of sight.
///
/// # Errors
/// When the database fails.
pub(crate) async fn page(
    conn: &mut Conn,
    customer: Option<CustomerId>,
    agent: Option<AgentId>,
    before: Option<Before>,
    sight: &Scope,
) -> Result<AuditPage, DbError> {
    // What is not asked for stands in no condition, so that the index of what is asked for is walked.
    let about = match customer {
        Some(_) => {
            "a.customer_id in (select l.member from customer_link own join customer_link l on l.head = own.head
                               where own.member = $1)"
        }
        None => "$1 = 0",
    };
    let of = if agent.is_some() { "a.agent_id = $2" } else { "$2 = $2" };
    let sql = format!(
        "select a.audit_id, a.at, a.agent_id, g.display_name, a.device_id, a.verb, a.customer_id, a.account,
                a.action_id, a.outcome, a.reason, a.case_ref
         from audit a left join agent g on g.agent_id = a.agent_id
         where {about} and {of} and (a.at < $3 or (a.at = $3 and a.audit_id < $4))
           and ($5 = '' or a.customer_id is null or exists (
             select 1 from customer_link own join customer_link l on l.head = own.head
             join customer_brand b on b.customer_id = l.member
             where own.member = a.customer_id and b.left_seq is null and $5 like '%,' || b.brand || ',%'))
           and ($5 = '' or a.account is null or exists (
             select 1 from account c where c.account_id = a.account and $5 like '%,' || c.brand || ',%'))
         order by a.at desc, a.audit_id desc limit $6"
    );
    let before = before.unwrap_or(Before { at: i64::MAX, id: Uuid::nil() });
    let mut rows = fetch_all!(
        conn,
        LineRow,
        sqlx::AssertSqlSafe(sql.as_str()),
        customer.map_or(0, CustomerId::bits),
        agent.map_or(Uuid::nil(), |agent| agent.0),
        before.at,
        before.id,
        sight.text(),
        i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
    )?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| Before { at: row.at, id: row.audit_id }.text());
    let lines = rows.into_iter().map(line).collect::<Result<_, _>>()?;
    Ok(AuditPage { lines, next })
}

fn line(row: LineRow) -> Result<AuditLine, DbError> {
    Ok(AuditLine {
        at: Timestamp::from_micros(row.at),
        agent: row.agent_id.map(AgentId),
        by: row.display_name,
        device: row.device_id.map(DeviceId),
        verb: row.verb,
        customer: row.customer_id.map(CustomerId::from_bits),
        account: row.account.map(AccountId),
        action: row.action_id.map(ActionId),
        outcome: row.outcome,
        reason: read_optional(row.reason.as_deref())?,
        case: row.case_ref,
    })
}
