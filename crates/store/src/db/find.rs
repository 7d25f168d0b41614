//! What a customer can be found by: the tails of their folded names and identifiers.
//!
//! A text stands inside a value exactly when it begins one of the value's tails, so that finding it is one walk over an
//! ordered key on both engines, however usual the letters are. Tails are cut at [`LENGTH`]; what is longer is compared
//! whole afterwards.

use std::collections::BTreeSet;

use madoguchi_domain::{
    CustomerId, Timestamp,
    customer::{IdentifierKind, Name},
    names::{possible_readings, split_surname},
    text::{folded, phone_digits, sounds_like, words},
};
use madoguchi_protocol::search::Field;

use super::{
    Conn, DbError,
    load::Scope,
    words::{read, word},
};

/// How many characters of a tail are kept.
pub const LENGTH: usize = 24;

/// In front of what a word sounds like, so that sounds and spellings do not mix.
pub const SOUND: char = '~';

/// How many possible readings of one word are kept.
const READINGS: usize = 4;

/// An identifier as it is compared: a phone's digits, anything else folded and without spaces.
#[must_use]
pub fn normalised(kind: IdentifierKind, value: &str) -> String {
    match kind {
        IdentifierKind::Phone => phone_digits(value).unwrap_or_else(|| squeezed(value)),
        IdentifierKind::Email => squeezed(value),
        IdentifierKind::Loyalty => squeezed(value).replace('-', ""),
    }
}

fn squeezed(value: &str) -> String {
    folded(value).replace(' ', "")
}

/// The field that a kind of identifier is found in.
#[must_use]
pub const fn field_of(kind: IdentifierKind) -> Field {
    match kind {
        IdentifierKind::Email => Field::Email,
        IdentifierKind::Phone => Field::Phone,
        IdentifierKind::Loyalty => Field::Loyalty,
    }
}

/// The tails of an identifier's normalised value. An e-mail's domain is kept whole only: its inside finds everybody.
#[must_use]
pub fn identifier_tails(kind: IdentifierKind, normalised: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match kind {
        IdentifierKind::Email => {
            let at = normalised.rfind('@').unwrap_or(normalised.len());
            found.extend(
                normalised.char_indices().take_while(|(i, _)| *i < at).map(|(i, _)| cut(&normalised[i..])),
            );
            if at < normalised.len() {
                found.insert(cut(&normalised[at + 1..]));
            }
        }
        IdentifierKind::Phone | IdentifierKind::Loyalty => tails(normalised, 4, &mut found),
    }
    found
}

/// The tails of a name in all its forms.
#[must_use]
pub fn name_tails(name: &Name) -> BTreeSet<(String, Field)> {
    let mut found = BTreeSet::new();
    let forms = [
        (Some(name.written.as_str()), Field::Written),
        (name.reading.as_deref(), Field::Reading),
        (name.romaji.as_deref(), Field::Romaji),
        (name.former.as_deref(), Field::Former),
    ];
    for (text, field) in forms {
        let Some(text) = text else { continue };
        let parts = words(text);
        let mut own = BTreeSet::new();
        for word in &parts {
            let shortest = if word.text().is_ascii() { 3 } else { 1 };
            tails(&word.text(), shortest, &mut own);
            if let Some(sound) = sounds_like(word) {
                own.insert(cut(&format!("{SOUND}{}", sound.text(false))));
            }
        }
        if parts.len() > 1 {
            own.insert(cut(&parts.iter().map(madoguchi_domain::text::Word::text).collect::<String>()));
        }
        found.extend(own.into_iter().map(|tail| (tail, field)));
    }
    if name.reading.is_none() {
        found.extend(possible(&name.written).into_iter().map(|tail| (tail, Field::PossibleReading)));
    }
    found
}

/// What a name without a reading may sound like.
fn possible(written: &str) -> BTreeSet<String> {
    let whole = folded(written);
    let parts: Vec<&str> = match whole.split_once(' ') {
        Some((surname, given)) => vec![surname, given],
        None => split_surname(&whole)
            .map_or_else(|| vec![whole.as_str()], |(surname, given)| vec![surname, given]),
    };
    parts
        .iter()
        .flat_map(|part| possible_readings(part, READINGS))
        .flat_map(|reading| words(&reading))
        .filter_map(|word| sounds_like(&word))
        .map(|sound| cut(&format!("{SOUND}{}", sound.text(false))))
        .collect()
}

/// Every tail of at least `shortest` characters, and the whole however short.
fn tails(text: &str, shortest: usize, into: &mut BTreeSet<String>) {
    let length = text.chars().count();
    for (place, (at, _)) in text.char_indices().enumerate() {
        if place == 0 || length - place >= shortest {
            into.insert(cut(&text[at..]));
        }
    }
}

/// What a walk looks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walk<'a> {
    /// What a tail begins with.
    pub(crate) typed: &'a str,
    /// The fields that count.
    pub(crate) fields: &'a [Field],
    /// What else the same customer must have: of each group, a tail in one of the fields that begins with one of these.
    pub(crate) with: &'a [Vec<String>],
    /// The brands within sight.
    pub(crate) scope: &'a Scope,
    /// Only who has a lock that stands at this moment.
    pub(crate) locked: Option<Timestamp>,
}

/// A query with its values.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Bound::Text(text) => query.bind(text),
                Bound::Int(number) => query.bind(number),
            };
        }
        query
    }};
}

/// Everybody within sight with a tail that begins as typed, the shortest tails first: tail, customer and field.
///
/// All that narrows it stands in the statement, so that `limit` cuts off nobody but those beyond the first `limit` who fit.
///
/// # Errors
/// When the database fails.
pub(crate) async fn walk(
    conn: &mut Conn,
    walk: &Walk<'_>,
    limit: i64,
) -> Result<Vec<(String, CustomerId, Field)>, DbError> {
    if walk.typed.trim_start_matches(SOUND).is_empty() {
        return Ok(Vec::new());
    }
    let (sql, values) = statement(walk, limit);
    let sql = sqlx::AssertSqlSafe(sql);
    let rows: Vec<(String, i64, String)> = match conn {
        Conn::Sqlite(c) => bound!(sqlx::query_as(sql), values).fetch_all(&mut **c).await?,
        Conn::Postgres(c) => bound!(sqlx::query_as(sql), values).fetch_all(&mut **c).await?,
    };
    rows.into_iter().map(|(tail, id, field)| Ok((tail, CustomerId::from_bits(id), read(&field)?))).collect()
}

/// A value of a walk's statement.
enum Bound {
    Text(String),
    Int(i64),
}

/// The statement of a walk with its values. What was typed is never in the statement itself.
fn statement(walk: &Walk<'_>, limit: i64) -> (String, Vec<Bound>) {
    let mut values = Vec::new();
    let mut value = |value: Bound| {
        values.push(value);
        format!("${}", values.len())
    };
    // U+10FFFF is no character that text holds, so it ends the run of what begins with `typed`.
    let begins = |alias: &str, typed: &str, value: &mut dyn FnMut(Bound) -> String| {
        let from = value(Bound::Text(typed.to_owned()));
        let to = value(Bound::Text(format!("{typed}\u{10FFFF}")));
        format!("({alias}.tail >= {from} and {alias}.tail < {to})")
    };
    let fields = walk.fields.iter().map(|field| format!("'{}'", word(field))).collect::<Vec<_>>().join(", ");
    let mut sql = format!(
        "select f.tail, f.customer_id, f.field from find f where {} and f.field in ({fields})",
        begins("f", walk.typed, &mut value)
    );
    for group in walk.with {
        let any = group.iter().map(|typed| begins("g", typed, &mut value)).collect::<Vec<_>>().join(" or ");
        sql += &format!(
            " and exists (select 1 from find g where g.customer_id = f.customer_id and g.field in ({fields}) and ({any}))"
        );
    }
    let mut of_account = String::new();
    if walk.scope.text() != "" {
        let scope = value(Bound::Text(walk.scope.text().to_owned()));
        let typed = value(Bound::Text(walk.typed.to_owned()));
        of_account = format!(" and {scope} like '%,' || a.brand || ',%'");
        sql += &format!(
            " and exists (select 1 from customer_link own join customer_link l on l.head = own.head
               join customer_brand b on b.customer_id = l.member
               where own.member = f.customer_id and b.left_seq is null and {scope} like '%,' || b.brand || ',%')"
        );
        // A handle that came with an account out of sight is nothing to be found by.
        sql += &format!(
            " and (f.field not in ('email', 'phone', 'loyalty') or exists (select 1 from identifier i
               where i.customer_id = f.customer_id and i.kind = f.field
                 and replace(i.normalised, {typed}, '') <> i.normalised
                 and (i.account is null or exists (
                   select 1 from account a where a.account_id = i.account{of_account}))))"
        );
    }
    if let Some(now) = walk.locked {
        let now = value(Bound::Int(now.micros()));
        sql += &format!(
            " and exists (select 1 from customer_link own join customer_link l on l.head = own.head
               join account_lock k on k.customer_id = l.member and k.ended_at is null
               join account a on a.account_id = k.account
               where own.member = f.customer_id and k.since <= {now}
                 and (k.until_at is null or k.until_at > {now}){of_account})"
        );
    }
    let limit = value(Bound::Int(limit));
    sql += &format!(" order by f.tail, f.customer_id limit {limit}");
    (sql, values)
}

/// The first [`LENGTH`] characters.
#[must_use]
pub fn cut(text: &str) -> String {
    text.chars().take(LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(kind: IdentifierKind, value: &str, typed: &str) -> bool {
        let typed = cut(&normalised(kind, typed));
        identifier_tails(kind, &normalised(kind, value)).iter().any(|tail| tail.starts_with(&typed))
    }

    #[test]
    fn half_an_address_and_the_end_of_a_number_begin_a_tail() {
        for typed in ["tanaka.m", "naka.mis", "saki@exam", "example.jp", "TANAKA"] {
            assert!(finds(IdentifierKind::Email, "Tanaka.Misaki@example.jp", typed), "{typed}");
        }
        assert!(!finds(IdentifierKind::Email, "Tanaka.Misaki@example.jp", "suzuki"));
        for typed in ["4821", "090-1234", "+81 90-1234-4821"] {
            assert!(finds(IdentifierKind::Phone, "+819012344821", typed), "{typed}");
        }
        assert!(finds(IdentifierKind::Loyalty, "AS-40213307", "3307"));
        assert!(finds(IdentifierKind::Loyalty, "AS-40213307", "as4021"));
    }

    #[test]
    fn a_name_is_found_by_its_parts_its_sound_and_its_possible_sound() {
        let known = Name {
            written: "田中 美咲".to_owned(),
            reading: Some("タナカ ミサキ".to_owned()),
            romaji: Some("Tanaka Misaki".to_owned()),
            former: None,
        };
        let tails = name_tails(&known);
        for (tail, field) in [
            ("美咲", Field::Written),
            ("咲", Field::Written),
            ("田中美咲", Field::Written),
            ("~tanaka", Field::Reading),
            ("misaki", Field::Romaji),
        ] {
            assert!(tails.contains(&(tail.to_owned(), field)), "{tail} in {tails:?}");
        }
        let unknown = Name { written: "田中美咲".to_owned(), ..Name::default() };
        assert!(name_tails(&unknown).contains(&("~tanaka".to_owned(), Field::PossibleReading)));
    }
}
