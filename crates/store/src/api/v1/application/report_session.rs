//! `POST /v1/application/sessions`: a session was used, or its customer signed out.

use std::time::Duration;

use axum::{Json, extract::State};
use madoguchi_domain::Timestamp;
use madoguchi_protocol::{
    application::{ReportSession, SessionEvent, SessionState},
    error::{Code, Problem},
    sync::Facet,
};
use uuid::Uuid;

use crate::{
    Store,
    api::body::Body,
    caller::Caller,
    client_words,
    db::{Conn, execute, fetch_one, fetch_optional, for_update, history::changed},
    refusal::Refusal,
    sign_in_rule::{Way, way_of},
};

/// How much later a session must be seen again for it to be written down, and told to every desk.
const NEWS: Duration = Duration::from_secs(60);

/// Takes that a session was used or ended, and answers whether it still stands. One that the store does not know yet
/// begins with the report; one that has ended stays so.
#[utoipa::path(post, path = "/v1/application/sessions", tag = "application", request_body = ReportSession, responses(
    (status = 200, body = SessionState),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 404, description = "`unknown`: no account of that name for a brand of this application, or the session is of another account", body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Body(report): Body<ReportSession>,
) -> Result<Json<SessionState>, Refusal> {
    let unfit = |text: &Option<String>, most: usize| {
        text.as_ref().is_some_and(|text| text.len() > most || text.contains('\0'))
    };
    if unfit(&report.place, 200) || unfit(&report.user_agent, 1_000) {
        return Err(Code::BadRequest.into());
    }
    let received = store.db().received(store.clock());
    let report = std::sync::Arc::new(report);
    let state = store
        .db()
        .write(move |conn| {
            let (caller, report) = (caller.clone(), report.clone());
            Box::pin(async move {
                let caller = caller.again(conn).await?;
                take(conn, &caller, &report, received).await
            })
        })
        .await?;
    Ok(Json(state))
}

async fn take(
    conn: &mut Conn,
    caller: &Caller,
    report: &ReportSession,
    received: Timestamp,
) -> Result<SessionState, Refusal> {
    let way = way_of(conn, &report.account, &caller.sight()).await?.ok_or(Code::Unknown)?;
    // Held as whoever revokes holds it, so that the two happen one after the other.
    let sql = format!("select account_id from account where account_id = $1{}", for_update(conn));
    fetch_one!(conn, (Uuid,), sqlx::AssertSqlSafe(sql.as_str()), way.account.0)?;
    // An application's clock may be ahead; nothing happened after it was received.
    let at = report.at.min(received);
    let known = fetch_optional!(
        conn,
        (Uuid, i64, i64, Option<i64>),
        "select account, started_at, last_seen_at, ended_at from session where session_id = $1",
        report.id.0
    )?;
    let ended_at = match known {
        None => begin(conn, caller, report, &way, at).await?,
        Some((account, ..)) if account != way.account.0 => return Err(Code::Unknown.into()),
        Some((.., Some(ended))) => {
            let ended_at = Some(Timestamp::from_micros(ended));
            return Ok(SessionState { id: report.id, live: false, ended_at });
        }
        Some((_, started, seen, None)) => match report.state {
            SessionEvent::Seen if at < Timestamp::from_micros(seen).plus(NEWS) => {
                return Ok(SessionState { id: report.id, live: true, ended_at: None });
            }
            SessionEvent::Seen => {
                execute!(
                    conn,
                    "update session set last_seen_at = $1 where session_id = $2",
                    at.micros(),
                    report.id.0
                )?;
                None
            }
            SessionEvent::Ended => {
                let at = at.max(Timestamp::from_micros(started));
                execute!(
                    conn,
                    "update session set ended_at = $1, ended_by = $2 where session_id = $3",
                    at.micros(),
                    &caller.display_name,
                    report.id.0
                )?;
                Some(at)
            }
        },
    };
    changed(conn, way.head, &[Facet::Accounts], received).await?;
    Ok(SessionState { id: report.id, live: ended_at.is_none(), ended_at })
}

/// A session that nobody told of before. One that has ended already is kept too, so that no late report begins it.
async fn begin(
    conn: &mut Conn,
    caller: &Caller,
    report: &ReportSession,
    way: &Way,
    at: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    let (device, client) = client_words::of(report.user_agent.as_deref());
    let ended_at = (report.state == SessionEvent::Ended).then_some(at);
    execute!(
        conn,
        "insert into session (session_id, customer_id, account, source, started_at, last_seen_at, device, client, place,
                              ended_at, ended_by)
         values ($1, $2, $3, 'store', $4, $4, $5, $6, $7, $8, $9)",
        report.id.0,
        way.member.bits(),
        way.account.0,
        at.micros(),
        device.unwrap_or_default(),
        client.unwrap_or_default(),
        &report.place,
        ended_at.map(Timestamp::micros),
        ended_at.map(|_| caller.display_name.clone())
    )?;
    Ok(ended_at)
}
