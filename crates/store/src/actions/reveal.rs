//! Shows a masked value, with a reason, on the record. The value is read for the answer and kept nowhere.

use madoguchi_domain::IdentifierId;
use madoguchi_protocol::{error::Code, sync::Facet};

use super::{Deed, Effect};
use crate::{
    db::{Conn, fetch_optional, words::read},
    refusal::Refusal,
};

pub(super) async fn apply(
    conn: &mut Conn,
    deed: &Deed<'_>,
    identifier: IdentifierId,
) -> Result<Effect, Refusal> {
    if !deed.is_justified() {
        return Err(Code::BadRequest.into());
    }
    let row = fetch_optional!(
        conn,
        (String, String),
        "select i.kind, i.value from identifier i join customer_link l on l.member = i.customer_id
         where i.identifier_id = $1 and l.head = $2 and ($3 = '' or i.account is null or exists (
           select 1 from account a where a.account_id = i.account and $3 like '%,' || a.brand || ',%'))",
        identifier.0,
        deed.customer.bits(),
        deed.sight().text()
    )?;
    let (kind, value) = row.ok_or(Code::Unknown)?;
    Ok(Effect {
        subject: Some(identifier.0),
        revealed: Some((read(&kind)?, value)),
        ..Effect::on(&[Facet::Actions])
    })
}
