//! Consent: every event, and what they add up to for each purpose of each brand.

use madoguchi_domain::{
    BrandId, ConsentEventId, CustomerId, NoticeId, PurposeId, Timestamp,
    consent::{ConsentEvent, NoticeShown, status},
};
use madoguchi_protocol::sync::Consents;
use uuid::Uuid;

use super::{ByCustomer, Run};
use crate::db::{Conn, DbError, fetch_all, words::read};

#[derive(sqlx::FromRow)]
struct EventRow {
    head: i64,
    event_id: Uuid,
    brand: String,
    purpose: String,
    change: String,
    method: String,
    said_by: String,
    notice: Option<String>,
    notice_version: Option<i64>,
    notice_language: Option<String>,
    captured_at: i64,
    received_at: i64,
    until_at: Option<i64>,
}

/// Consents of a run of customers: a status for every purpose of every brand they deal with, asked or not.
pub(crate) async fn consents(conn: &mut Conn, run: &Run<'_>) -> Result<ByCustomer<Consents>, DbError> {
    let rows = fetch_all!(
        conn,
        EventRow,
        "select l.head, e.event_id, e.brand, e.purpose, e.change, e.method, e.said_by, e.notice, e.notice_version,
                e.notice_language, e.captured_at, e.received_at, e.until_at
         from customer_link l join consent_event e on e.customer_id = l.member
         where l.head between $1 and $2 and ($3 = '' or $3 like '%,' || e.brand || ',%')
         order by l.head, e.captured_at desc, e.received_at desc, e.event_id desc",
        run.from.bits(),
        run.to.bits(),
        run.scope.text()
    )?;
    let mut found: ByCustomer<Consents> = ByCustomer::new();
    for row in rows {
        found.entry(CustomerId::from_bits(row.head)).or_default().events.push(event(row)?);
    }
    let purposes = fetch_all!(
        conn,
        (i64, String, String),
        "select distinct l.head, p.brand, p.purpose from customer_link l
         join customer_brand b on b.customer_id = l.member and b.left_seq is null
         join purpose p on p.brand = b.brand
         where l.head between $1 and $2 and ($3 = '' or $3 like '%,' || p.brand || ',%')
         order by l.head, p.brand, p.purpose",
        run.from.bits(),
        run.to.bits(),
        run.scope.text()
    )?;
    let mut asked: ByCustomer<Vec<(BrandId, PurposeId)>> = ByCustomer::new();
    for (head, brand, purpose) in purposes {
        asked.entry(CustomerId::from_bits(head)).or_default().push((BrandId(brand), PurposeId(purpose)));
    }
    // A purpose that the brand no longer has keeps the status of its events.
    for (head, consents) in &found {
        let pairs = asked.entry(*head).or_default();
        for event in &consents.events {
            if !pairs.iter().any(|(brand, purpose)| *brand == event.brand && *purpose == event.purpose) {
                pairs.push((event.brand.clone(), event.purpose.clone()));
            }
        }
    }
    for (head, pairs) in asked {
        let consents = found.entry(head).or_default();
        consents.status =
            pairs.iter().map(|(brand, purpose)| status(brand, purpose, &consents.events, run.now)).collect();
    }
    Ok(found)
}

fn event(row: EventRow) -> Result<ConsentEvent, DbError> {
    let notice = match (row.notice, row.notice_version, row.notice_language) {
        (Some(id), Some(version), Some(language)) => Some(NoticeShown {
            id: NoticeId(id),
            version: i32::try_from(version)
                .map_err(|_| DbError::Unreadable("consent_event.notice_version".to_owned()))?,
            language,
        }),
        _ => None,
    };
    Ok(ConsentEvent {
        id: ConsentEventId(row.event_id),
        brand: BrandId(row.brand),
        purpose: PurposeId(row.purpose),
        change: read(&row.change)?,
        method: read(&row.method)?,
        by: row.said_by,
        notice,
        captured_at: Timestamp::from_micros(row.captured_at),
        received_at: Timestamp::from_micros(row.received_at),
        until: row.until_at.map(Timestamp::from_micros),
    })
}
