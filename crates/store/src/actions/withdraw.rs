//! Takes back a yes. Always accepted: the later capture wins among events, and at a tie the withdrawal does.

use madoguchi_domain::{
    BrandId, ConsentEventId, PurposeId,
    consent::{ConsentChange, ConsentEvent, ConsentMethod},
};
use madoguchi_protocol::{error::Code, sync::Facet};

use super::{Deed, Effect};
use crate::{
    db::{Conn, execute, fetch_one, words::word},
    refusal::Refusal,
};

pub(super) async fn apply(
    conn: &mut Conn,
    deed: &Deed<'_>,
    brand: &BrandId,
    purpose: &PurposeId,
) -> Result<Effect, Refusal> {
    let (known,) = fetch_one!(
        conn,
        (i64,),
        "select (select count(*) from purpose where brand = $1 and purpose = $2)
              + (select count(*) from consent_event e join customer_link l on l.member = e.customer_id
                 where l.head = $3 and e.brand = $1 and e.purpose = $2)",
        &brand.0,
        &purpose.0,
        deed.customer.bits()
    )?;
    if known == 0 || !deed.sight().has(brand) {
        return Err(Code::Unknown.into());
    }
    let event = ConsentEvent {
        id: ConsentEventId(deed.store.chance().uuid_at(deed.received)),
        brand: brand.clone(),
        purpose: purpose.clone(),
        change: ConsentChange::Withdrawn,
        method: ConsentMethod::Call,
        by: deed.caller.display_name.clone(),
        notice: None,
        captured_at: deed.captured,
        received_at: deed.received,
        until: None,
    };
    execute!(
        conn,
        "insert into consent_event (event_id, customer_id, source, brand, purpose, change, method, said_by, captured_at,
                                    received_at)
         values ($1, $2, 'store', $3, $4, $5, $6, $7, $8, $9)",
        event.id.0,
        deed.customer.bits(),
        &brand.0,
        &purpose.0,
        word(event.change),
        word(event.method),
        &event.by,
        event.captured_at.micros(),
        event.received_at.micros()
    )?;
    Ok(Effect {
        subject: Some(event.id.0),
        consent: Some(event),
        ..Effect::on(&[Facet::Consents, Facet::Actions])
    })
}
