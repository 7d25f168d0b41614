//! Writes something down.

use madoguchi_protocol::{error::Code, sync::Facet};

use super::{Deed, Effect, WORDS, fits};
use crate::{
    db::{Conn, execute},
    refusal::Refusal,
};

pub(super) async fn apply(conn: &mut Conn, deed: &Deed<'_>, text: &str) -> Result<Effect, Refusal> {
    if text.trim().is_empty() || !fits(text, WORDS) {
        return Err(Code::BadRequest.into());
    }
    let note = deed.store.chance().uuid_at(deed.received);
    execute!(
        conn,
        "insert into note (note_id, customer_id, source, text, written_by, at, case_ref)
         values ($1, $2, 'store', $3, $4, $5, $6)",
        note,
        deed.customer.bits(),
        text,
        &deed.caller.display_name,
        deed.captured.micros(),
        &deed.envelope.case
    )?;
    Ok(Effect { subject: Some(note), ..Effect::on(&[Facet::Notes, Facet::Actions]) })
}
