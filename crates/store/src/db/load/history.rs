//! What happened: notes, actions, sign-ins.

use madoguchi_domain::{
    AccountId, ActionId, CustomerId, NoteId, SignInId, Timestamp, action::ActionDone, customer::Note,
    sign_in::SignIn,
};
use madoguchi_protocol::sync::{Earlier, KEPT, SignIns};
use uuid::Uuid;

use super::{ByCustomer, Run};
use crate::db::{
    Conn, DbError, fetch_all,
    words::{read, read_optional},
};

/// [`KEPT`] as a parameter.
fn kept() -> i64 {
    i64::try_from(KEPT).unwrap_or(i64::MAX)
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    head: i64,
    note_id: Uuid,
    text: String,
    written_by: String,
    at: i64,
    case_ref: Option<String>,
}

/// Notes of a run of customers, the newest first.
pub(crate) async fn notes(conn: &mut Conn, run: &Run<'_>) -> Result<ByCustomer<Vec<Note>>, DbError> {
    let rows = fetch_all!(
        conn,
        NoteRow,
        "select l.head, n.note_id, n.text, n.written_by, n.at, n.case_ref
         from customer_link l join note n on n.customer_id = l.member
         where l.head between $1 and $2 and ($3 = '' or n.account is null or exists (
           select 1 from account a where a.account_id = n.account and $3 like '%,' || a.brand || ',%'))
         order by l.head, n.at desc, n.note_id desc",
        run.from.bits(),
        run.to.bits(),
        run.scope.text()
    )?;
    let mut found: ByCustomer<Vec<Note>> = ByCustomer::new();
    for row in rows {
        found.entry(CustomerId::from_bits(row.head)).or_default().push(Note {
            id: NoteId(row.note_id),
            text: row.text,
            by: row.written_by,
            at: Timestamp::from_micros(row.at),
            case: row.case_ref,
        });
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct ActionRow {
    head: i64,
    action_id: Uuid,
    account: Option<Uuid>,
    kind: String,
    done_by: String,
    at: i64,
    reason: Option<String>,
    words: Option<String>,
    case_ref: Option<String>,
    entry: i64,
    lock_cause: Option<String>,
    revealed_kind: Option<String>,
}

/// What was done to a run of customers: the newest [`KEPT`] of each, the newest first.
pub(crate) async fn actions(conn: &mut Conn, run: &Run<'_>) -> Result<ByCustomer<Vec<ActionDone>>, DbError> {
    let rows = fetch_all!(
        conn,
        ActionRow,
        "select head, action_id, account, kind, done_by, at, reason, words, case_ref, entry, lock_cause, revealed_kind
         from (
           select l.head, n.action_id, n.account, n.kind, n.done_by, n.at, n.reason, n.words, n.case_ref, n.entry,
                  n.lock_cause, n.revealed_kind,
                  row_number() over (partition by l.head order by n.at desc, n.action_id desc) as place
           from customer_link l join action n on n.customer_id = l.member
           left join account a on a.account_id = n.account
           where l.head between $1 and $2 and n.entry is not null
             and ($3 = '' or n.account is null or $3 like '%,' || a.brand || ',%')
         ) newest where place <= $4 order by head, place",
        run.from.bits(),
        run.to.bits(),
        run.scope.text(),
        kept()
    )?;
    let mut found: ByCustomer<Vec<ActionDone>> = ByCustomer::new();
    for row in rows {
        found.entry(CustomerId::from_bits(row.head)).or_default().push(ActionDone {
            id: ActionId(row.action_id),
            kind: read(&row.kind)?,
            account: row.account.map(AccountId),
            by: row.done_by,
            at: Timestamp::from_micros(row.at),
            reason: read_optional(row.reason.as_deref())?,
            words: row.words,
            case: row.case_ref,
            entry: row.entry,
            lock_cause: read_optional(row.lock_cause.as_deref())?,
            revealed: read_optional(row.revealed_kind.as_deref())?,
        });
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct SignInRow {
    head: i64,
    sign_in_id: Uuid,
    account: Uuid,
    identity_kind: String,
    at: i64,
    outcome: String,
    cause: Option<String>,
    address: Option<String>,
    place: Option<String>,
    device: Option<String>,
    client: Option<String>,
    channel: String,
    new_address: bool,
    total: i64,
}

/// Sign-ins of a run of customers: the newest [`KEPT`] of each, and how many there are in all.
pub(crate) async fn sign_ins(conn: &mut Conn, run: &Run<'_>) -> Result<ByCustomer<SignIns>, DbError> {
    let rows = fetch_all!(
        conn,
        SignInRow,
        "select head, sign_in_id, account, identity_kind, at, outcome, cause, address, place, device, client, channel,
                new_address, total
         from (
           select l.head, s.sign_in_id, s.account, s.identity_kind, s.at, s.outcome, s.cause, s.address, s.place,
                  s.device, s.client, s.channel, s.new_address,
                  row_number() over (partition by l.head order by s.at desc, s.sign_in_id desc) as newest,
                  count(*) over (partition by l.head) as total
           from customer_link l join sign_in s on s.customer_id = l.member
           where l.head between $1 and $2 and ($3 = '' or exists (
             select 1 from account a where a.account_id = s.account and $3 like '%,' || a.brand || ',%'))
         ) ranked where newest <= $4 order by head, newest",
        run.from.bits(),
        run.to.bits(),
        run.scope.text(),
        kept()
    )?;
    let mut found: ByCustomer<SignIns> = ByCustomer::new();
    for row in rows {
        let own = found.entry(CustomerId::from_bits(row.head)).or_default();
        own.total = row.total;
        own.recent.push(sign_in(row)?);
    }
    Ok(found)
}

/// Earlier sign-ins of one customer than the one of this time and id, [`KEPT`] at a time. Without an id, than the time.
pub(crate) async fn earlier(
    conn: &mut Conn,
    run: &Run<'_>,
    before: Timestamp,
    id: Option<SignInId>,
) -> Result<Earlier, DbError> {
    let rows = fetch_all!(
        conn,
        SignInRow,
        "select l.head, s.sign_in_id, s.account, s.identity_kind, s.at, s.outcome, s.cause, s.address, s.place,
                s.device, s.client, s.channel, s.new_address, s.at as total
         from customer_link l join sign_in s on s.customer_id = l.member
         where l.head = $1 and (s.at < $2 or (s.at = $2 and s.sign_in_id < $5)) and ($3 = '' or exists (
           select 1 from account a where a.account_id = s.account and $3 like '%,' || a.brand || ',%'))
         order by s.at desc, s.sign_in_id desc limit $4",
        run.from.bits(),
        before.micros(),
        run.scope.text(),
        kept() + 1,
        id.map_or(Uuid::nil(), |id| id.0)
    )?;
    let more = rows.len() > KEPT;
    let sign_ins = rows.into_iter().take(KEPT).map(sign_in).collect::<Result<_, _>>()?;
    Ok(Earlier { sign_ins, more })
}

fn sign_in(row: SignInRow) -> Result<SignIn, DbError> {
    Ok(SignIn {
        id: SignInId(row.sign_in_id),
        account: AccountId(row.account),
        identity: read(&row.identity_kind)?,
        at: Timestamp::from_micros(row.at),
        outcome: read(&row.outcome)?,
        cause: read_optional(row.cause.as_deref())?,
        address: row.address,
        place: row.place,
        device: row.device,
        client: row.client,
        channel: row.channel,
        new_address: row.new_address,
    })
}
