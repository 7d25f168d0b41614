//! Finding customers by what was typed. See [`crate::db::find`] for what there is to walk.

use std::collections::BTreeMap;

use madoguchi_domain::{
    BrandId, CustomerId, IdentifierId, Timestamp,
    account::Lock,
    customer::{IdentifierKind, Profile},
    text::{Word, folded, phone_digits, sounds_begun, without_honorific, words},
};
use madoguchi_protocol::search::{Field, Found, SearchAnswer, SearchRequest};
use uuid::Uuid;

use crate::{
    Store,
    caller::Caller,
    db::{
        Conn, DbError, fetch_all,
        find::{self, SOUND, Walk, cut},
        load::{self, Run, Scope},
        words::{read, word},
    },
    refusal::Refusal,
};

/// How many rows of one walk are looked at, all of them of customers within sight who fit. Whoever typed less than tells a
/// person apart gets the first of many.
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
    let hits = hits(&mut conn, &request.query, &scope, request.locked.then_some(now)).await?;
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
        let identifier = identifier(&mut conn, head, field, &request.query).await?;
        found.push(Found { id: head, field, identifier, profile, lock });
    }
    Ok(SearchAnswer { found, more: false })
}

/// Which of a customer's identifiers it was found in, where it was one.
async fn identifier(
    conn: &mut Conn,
    id: CustomerId,
    field: Field,
    query: &str,
) -> Result<Option<IdentifierId>, DbError> {
    let kinds = [IdentifierKind::Email, IdentifierKind::Phone, IdentifierKind::Loyalty];
    let Some(kind) = kinds.into_iter().find(|kind| find::field_of(*kind) == field) else { return Ok(None) };
    let typed = cut(&find::normalised(kind, without_honorific(query).trim()));
    let rows = fetch_all!(
        conn,
        (Uuid, String),
        "select i.identifier_id, i.normalised from identifier i join customer_link l on l.member = i.customer_id
         where l.head = $1 and i.kind = $2 order by i.identifier_id",
        id.bits(),
        word(kind)
    )?;
    let fits = |value: &str| find::identifier_tails(kind, value).iter().any(|tail| tail.starts_with(&typed));
    Ok(rows.into_iter().find(|(_, value)| fits(value)).map(|(id, _)| IdentifierId(id)))
}

/// Where each part of the query begins something. With several parts a customer must have them all.
async fn hits(
    conn: &mut Conn,
    query: &str,
    scope: &Scope,
    locked: Option<Timestamp>,
) -> Result<Hits, DbError> {
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
            let walk = Walk { typed: &typed, fields: &[find::field_of(kind)], with: &[], scope, locked };
            add(conn, &walk, 2, &mut found).await?;
        }
    }
    // One word is walked, and who is met there must have the others too.
    let mut words: Vec<Vec<String>> = words(query).iter().map(beginnings).filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        return Ok(found);
    }
    let first = words.remove(0);
    for typed in &first {
        let rank = if typed.starts_with(SOUND) { 3 } else { 1 };
        add(conn, &Walk { typed, fields: NAMES, with: &words, scope, locked }, rank, &mut found).await?;
    }
    Ok(found)
}

const NAMES: &[Field] =
    &[Field::Written, Field::Reading, Field::Romaji, Field::Former, Field::PossibleReading];

/// What a tail may begin with for a word to stand in a name: how it is written, and how it may sound.
fn beginnings(word: &Word) -> Vec<String> {
    let sounds = sounds_begun(word).into_iter().map(|sound| format!("{SOUND}{}", sound.text(false)));
    let mut all: Vec<String> = std::iter::once(word.text()).chain(sounds).map(|text| cut(&text)).collect();
    all.retain(|text| !text.trim_start_matches(SOUND).is_empty());
    all
}

/// Adds everybody whom a walk meets.
async fn add(conn: &mut Conn, walk: &Walk<'_>, rank: u8, into: &mut Hits) -> Result<(), DbError> {
    for (tail, id, field) in find::walk(conn, walk, WALK).await? {
        // A whole match is the best, what nobody has told the worst.
        let rank = match field {
            Field::PossibleReading => rank + 4,
            _ if tail == walk.typed => rank,
            _ => rank + 1,
        };
        let hit = (rank, field);
        into.entry(id).and_modify(|known| *known = (*known).min(hit)).or_insert(hit);
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
