//! The company's own words: brands, purposes, notices.

use madoguchi_domain::{BrandId, NoticeId, PurposeId, Timestamp, consent::Purpose, role::Brand};

use super::{Conn, DbError, execute, fetch_all};

/// Writes brands in their order; one that is there takes the new names.
///
/// # Errors
/// When the database fails.
pub async fn put_brands(conn: &mut Conn, brands: &[Brand]) -> Result<(), DbError> {
    for (place, brand) in (0i64..).zip(brands) {
        execute!(
            conn,
            "insert into brand (brand, name_en, name_ja, place) values ($1, $2, $3, $4)
             on conflict (brand) do update set name_en = excluded.name_en, name_ja = excluded.name_ja",
            &brand.id.0,
            &brand.name_en,
            &brand.name_ja,
            place
        )?;
    }
    Ok(())
}

/// Adds a brand under its own id as its name, unless it is there.
///
/// # Errors
/// When the database fails.
pub async fn ensure_brand(conn: &mut Conn, brand: &BrandId) -> Result<(), DbError> {
    execute!(
        conn,
        "insert into brand (brand, name_en, name_ja, place)
         values ($1, $1, $1, (select coalesce(max(place) + 1, 0) from brand)) on conflict (brand) do nothing",
        &brand.0
    )?;
    Ok(())
}

/// Writes purposes in their order; one that is there takes the new names. Their brands must be there.
///
/// # Errors
/// When the database fails.
pub async fn put_purposes(conn: &mut Conn, purposes: &[Purpose]) -> Result<(), DbError> {
    for (place, purpose) in (0i64..).zip(purposes) {
        execute!(
            conn,
            "insert into purpose (brand, purpose, name_en, name_ja, place) values ($1, $2, $3, $4, $5)
             on conflict (brand, purpose) do update set name_en = excluded.name_en, name_ja = excluded.name_ja",
            &purpose.brand.0,
            &purpose.id.0,
            &purpose.name_en,
            &purpose.name_ja,
            place
        )?;
    }
    Ok(())
}

/// One version of a notice in one language.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Which notice.
    pub id: NoticeId,
    /// Counted from 1.
    pub version: i32,
    /// BCP 47.
    pub language: String,
    /// The controller.
    pub brand: BrandId,
    /// What it is shown for.
    pub purpose: PurposeId,
    /// What it says.
    pub text: String,
    /// Since when it is shown.
    pub shown_from: Timestamp,
}

/// Writes notices; one that is there stays as it was shown.
///
/// # Errors
/// When the database fails.
pub async fn put_notices(conn: &mut Conn, notices: &[Notice]) -> Result<(), DbError> {
    for notice in notices {
        execute!(
            conn,
            "insert into notice (notice, version, language, brand, purpose, text, shown_from)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (notice, version, language) do nothing",
            &notice.id.0,
            i64::from(notice.version),
            &notice.language,
            &notice.brand.0,
            &notice.purpose.0,
            &notice.text,
            notice.shown_from.micros()
        )?;
    }
    Ok(())
}

/// Every brand, in order.
///
/// # Errors
/// When the database fails.
pub async fn brands(conn: &mut Conn) -> Result<Vec<Brand>, DbError> {
    let rows = fetch_all!(
        conn,
        (String, String, String),
        "select brand, name_en, name_ja from brand order by place, brand"
    )?;
    Ok(rows.into_iter().map(|(id, name_en, name_ja)| Brand { id: BrandId(id), name_en, name_ja }).collect())
}

/// Every purpose, in order.
///
/// # Errors
/// When the database fails.
pub async fn purposes(conn: &mut Conn) -> Result<Vec<Purpose>, DbError> {
    let rows = fetch_all!(
        conn,
        (String, String, String, String),
        "select p.purpose, p.brand, p.name_en, p.name_ja from purpose p join brand b on b.brand = p.brand
         order by b.place, b.brand, p.place, p.purpose"
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, brand, name_en, name_ja)| Purpose {
            id: PurposeId(id),
            brand: BrandId(brand),
            name_en,
            name_ja,
        })
        .collect())
}
