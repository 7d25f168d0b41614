//! Finding customers by what was typed. See [`crate::db::find`] for what there is to walk.

use std::collections::BTreeMap;

use madoguchi_domain::{
    BrandId, CustomerId, Timestamp,
    account::Lock,
    customer::{IdentifierKind, Profile},
    text::{folded, phone_digits, sounds_begun, without_honorific, words},
};
use madoguchi_protocol::search::{Field, Found, SearchAnswer, SearchRequest};

use crate::{
    Store,
    caller::Caller,
    db::{
        Conn, DbError, fetch_all,
        find::{self, SOUND, cut},
        load::{self, Run, Scope},
        words::read,
    },
    refusal::Refusal,
};

/// How many rows of one walk are looked at. Whoever typed less than tells a person apart gets the first of many.
const WALK: i64 = 2_000;

/// A customer that something was found in, and how well it fits: smaller is better.
type Hits = BTreeMap<CustomerId, (u8, Field)>;

/// The customers within sight that fit, the best first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn search(
    store: &Store,
    caller: &Caller,
    request: &SearchRequest,
) -> Result<SearchAnswer, Refusal> {
    let now = store.clock().now();
    let sight = caller.sight();
    let scope = match &request.brand {
        Some(brand) if sight.has(brand) => Scope::of(std::slice::from_ref(brand)),
        Some(_) => return Ok(SearchAnswer { found: Vec::new(), more: false }),
        None => sight.clone(),
    };
    let mut conn = store.db().read().await?;
    let hits = hits(&mut conn, &request.query).await?;
    let mut ordered: Vec<(u8, Field, CustomerId)> =
        hits.into_iter().map(|(id, (rank, field))| (rank, field, id)).collect();
    ordered.sort_unstable();
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let mut found: Vec<Found> = Vec::new();
    for (_, field, id) in ordered {
        let Some(head) = load::head_in_sight(&mut conn, id, &scope).await? else { continue };
        if found.iter().any(|f| f.id == head) {
            continue;
        }
        let run = Run { clear: store.policy().clear_identifiers, ..Run::one(head, &sight, now) };
        let Some(profile) = load::profiles(&mut conn, &run).await?.remove(&head) else { continue };
        if !fits_whole(&mut conn, head, &profile, &request.query).await? {
            continue;
        }
        let lock = longest_lock(&mut conn, &run, request.brand.as_ref()).await?;
        if request.locked && lock.is_none() {
            continue;
        }
        if found.len() == limit {
            return Ok(SearchAnswer { found, more: true });
        }
        found.push(Found { id: head, field, profile, lock });
    }
    Ok(SearchAnswer { found, more: false })
}

/// Where each part of the query begins something. With several parts a customer must have them all.
async fn hits(conn: &mut Conn, query: &str) -> Result<Hits, DbError> {
    let query = without_honorific(query).trim();
    let mut found = Hits::new();
    if query.is_empty() {
        return Ok(found);
    }
    if let Ok(id) = query.parse::<CustomerId>() {
        found.insert(id, (0, Field::CustomerId));
    }
    // A whole handle first: it may hold what words fall apart at.
    for kind in [IdentifierKind::Email, IdentifierKind::Phone, IdentifierKind::Loyalty] {
        let typed = cut(&find::normalised(kind, query));
        let enough = match kind {
            IdentifierKind::Email => 2,
            IdentifierKind::Phone if phone_digits(query).is_none() => continue,
            IdentifierKind::Phone | IdentifierKind::Loyalty => 4,
        };
        if typed.chars().count() >= enough {
            let field = find::field_of(kind);
            walk(conn, &typed, |f| f == field, 2, &mut found).await?;
        }
    }
    let mut by_name: Option<Hits> = None;
    for word in words(query) {
        let mut here = Hits::new();
        walk(conn, &cut(&word.text()), is_name, 1, &mut here).await?;
        for sound in sounds_begun(&word) {
            walk(conn, &cut(&format!("{SOUND}{}", sound.text(false))), is_name, 3, &mut here).await?;
        }
        by_name = Some(match by_name {
            None => here,
            Some(before) => before.into_iter().filter(|(id, _)| here.contains_key(id)).collect(),
        });
    }
    for (id, hit) in by_name.unwrap_or_default() {
        let better = found.get(&id).is_none_or(|known| hit < *known);
        if better {
            found.insert(id, hit);
        }
    }
    Ok(found)
}

const fn is_name(field: Field) -> bool {
    matches!(field, Field::Written | Field::Reading | Field::Romaji | Field::Former | Field::PossibleReading)
}

/// Everybody with a tail that begins with `typed`, the shortest tails first.
async fn walk(
    conn: &mut Conn,
    typed: &str,
    wanted: impl Fn(Field) -> bool,
    rank: u8,
    into: &mut Hits,
) -> Result<(), DbError> {
    if typed.is_empty() || typed == "~" {
        return Ok(());
    }
    // U+10FFFF is no character that text holds, so it ends the run of what begins with `typed`.
    let end = format!("{typed}\u{10FFFF}");
    let rows = fetch_all!(
        conn,
        (String, i64, String),
        "select tail, customer_id, field from find where tail >= $1 and tail < $2 order by tail limit $3",
        typed,
        end,
        WALK
    )?;
    for (tail, id, field) in rows {
        let field: Field = read(&field)?;
        if !wanted(field) {
            continue;
        }
        // A whole match is the best, what nobody has told the worst.
        let rank = match field {
            Field::PossibleReading => rank + 4,
            _ if tail == typed => rank,
            _ => rank + 1,
        };
        let hit = (rank, field);
        into.entry(CustomerId::from_bits(id)).and_modify(|known| *known = (*known).min(hit)).or_insert(hit);
    }
    Ok(())
}

/// Tails are cut short: what was typed beyond that is compared with the whole value.
async fn fits_whole(
    conn: &mut Conn,
    id: CustomerId,
    profile: &Profile,
    query: &str,
) -> Result<bool, DbError> {
    if query.chars().count() <= find::LENGTH {
        return Ok(true);
    }
    let rows = fetch_all!(
        conn,
        (String, String),
        "select i.kind, i.normalised from identifier i join customer_link l on l.member = i.customer_id where l.head = $1",
        id.bits()
    )?;
    for (kind, value) in rows {
        if value.contains(&find::normalised(read(&kind)?, query)) {
            return Ok(true);
        }
    }
    let typed = folded(without_honorific(query)).replace(' ', "");
    let forms = [
        Some(&profile.name.written),
        profile.name.reading.as_ref(),
        profile.name.romaji.as_ref(),
        profile.name.former.as_ref(),
    ];
    Ok(forms.into_iter().flatten().any(|form| folded(form).replace(' ', "").contains(&typed))
        || words(query).len() > 1)
}

/// The lock that stands longest, within the brand that was asked for.
async fn longest_lock(
    conn: &mut Conn,
    run: &Run<'_>,
    brand: Option<&BrandId>,
) -> Result<Option<Lock>, DbError> {
    let accounts = load::accounts(conn, run).await?.remove(&run.from).unwrap_or_default();
    let forever = Timestamp::from_micros(i64::MAX);
    Ok(accounts
        .into_iter()
        .filter(|account| brand.is_none_or(|b| account.brand == *b))
        .flat_map(|account| account.locks)
        .max_by_key(|lock| (lock.until.unwrap_or(forever), lock.since)))
}
