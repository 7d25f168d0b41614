//! Who customers are: names, brands, identifiers.

use madoguchi_domain::{
    BrandId, CustomerId, IdentifierId, Timestamp,
    customer::{Identifier, Name, Profile},
};
use uuid::Uuid;

use super::{ByCustomer, Run};
use crate::db::{Conn, DbError, fetch_all, words::read};

#[derive(sqlx::FromRow)]
struct CustomerRow {
    head: i64,
    member: i64,
    written: String,
    reading: Option<String>,
    romaji: Option<String>,
    former: Option<String>,
    languages: String,
    time_zone: Option<String>,
    country: Option<String>,
    tier: Option<String>,
    since: i64,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct IdentifierRow {
    head: i64,
    identifier_id: Uuid,
    source: String,
    kind: String,
    value: String,
    masked: String,
    verified_at: Option<i64>,
    held_since: i64,
}

/// Profiles of a run of customers.
pub(crate) async fn profiles(conn: &mut Conn, run: &Run<'_>) -> Result<ByCustomer<Profile>, DbError> {
    let (from, to) = (run.from.bits(), run.to.bits());
    let rows = fetch_all!(
        conn,
        CustomerRow,
        "select l.head, l.member, c.written, c.reading, c.romaji, c.former, c.languages, c.time_zone, c.country,
                c.tier, c.since, c.version
         from customer_link l join customer c on c.customer_id = l.member
         where l.head between $1 and $2 order by l.head, c.since",
        from,
        to
    )?;
    let mut found: ByCustomer<Profile> = ByCustomer::new();
    for row in rows {
        let id = CustomerId::from_bits(row.head);
        // The head speaks; its members add identifiers and brands.
        if row.head == row.member || !found.contains_key(&id) {
            found.insert(id, profile(id, row)?);
        }
    }
    let brands = fetch_all!(
        conn,
        (i64, String),
        "select l.head, b.brand from customer_link l join customer_brand b on b.customer_id = l.member
         where l.head between $1 and $2 and b.left_seq is null order by l.head, b.place, b.brand",
        from,
        to
    )?;
    for (head, brand) in brands {
        let brand = BrandId(brand);
        if let Some(profile) = found.get_mut(&CustomerId::from_bits(head))
            && run.scope.has(&brand)
            && !profile.brands.contains(&brand)
        {
            profile.brands.push(brand);
        }
    }
    let identifiers = fetch_all!(
        conn,
        IdentifierRow,
        "select l.head, i.identifier_id, i.source, i.kind, i.value, i.masked, i.verified_at, i.held_since
         from customer_link l join identifier i on i.customer_id = l.member
         where l.head between $1 and $2 and ($3 = '' or i.account is null or exists (
           select 1 from account a where a.account_id = i.account and $3 like '%,' || a.brand || ',%'))
         order by l.head, i.kind, i.place",
        from,
        to,
        run.scope.text()
    )?;
    for row in identifiers {
        if let Some(profile) = found.get_mut(&CustomerId::from_bits(row.head)) {
            profile.identifiers.push(Identifier {
                id: IdentifierId(row.identifier_id),
                kind: read(&row.kind)?,
                masked: row.masked,
                clear: run.clear.then_some(row.value),
                verified_at: row.verified_at.map(Timestamp::from_micros),
                held_since: Timestamp::from_micros(row.held_since),
                source: row.source,
            });
        }
    }
    Ok(found)
}

fn profile(id: CustomerId, row: CustomerRow) -> Result<Profile, DbError> {
    Ok(Profile {
        id,
        name: Name { written: row.written, reading: row.reading, romaji: row.romaji, former: row.former },
        brands: Vec::new(),
        languages: serde_json::from_str(&row.languages)
            .map_err(|_| DbError::Unreadable("customer.languages".to_owned()))?,
        time_zone: row.time_zone,
        country: row.country,
        tier: row.tier,
        since: Timestamp::from_micros(row.since),
        identifiers: Vec::new(),
        version: row.version,
    })
}
