//! Finding while somebody types: the index in memory, kept in step with the cache, never a query per keystroke.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
    sync::{PoisonError, RwLock},
};

use madoguchi_domain::{BrandId, CustomerId, Timestamp, customer::IdentifierKind};
use madoguchi_lookup::{BRANDS, Entry, Field as Where, Filter, Found, Handle, Index};
use madoguchi_protocol::search::Field;
use tokio::sync::watch;

use crate::{
    cache::FindRow,
    view::{BrandCount, FindCounts, FindRequest, Matched},
};

/// The index and what keeps it right as time goes on.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    state: RwLock<State>,
    loaded: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct State {
    index: Index,
    brands: Vec<BrandId>,
    /// Whose customers the index does not tell apart: it has bits for so many brands and no more.
    beyond: HashMap<BrandId, HashSet<CustomerId>>,
    recent: Vec<CustomerId>,
    /// Locks begin and end by themselves: who is to be looked at again, and when.
    turns: BTreeMap<(Timestamp, CustomerId), FindRow>,
    turn_of: HashMap<CustomerId, Timestamp>,
}

impl State {
    fn bit(&mut self, brand: &BrandId) -> u32 {
        let place = self.brands.iter().position(|known| known == brand).unwrap_or_else(|| {
            self.brands.push(brand.clone());
            self.brands.len() - 1
        });
        bit_at(place)
    }

    fn put(&mut self, row: FindRow, now: Timestamp) {
        self.forget(row.id);
        let mut brands = 0;
        for brand in &row.brands {
            let bit = self.bit(brand);
            brands |= bit;
            if bit == 0 {
                self.beyond.entry(brand.clone()).or_default().insert(row.id);
            }
        }
        self.index.put(&entry(&row, brands, now));
        if let Some(at) = row.turns(now) {
            self.turn_of.insert(row.id, at);
            self.turns.insert((at, row.id), row);
        }
    }

    fn remove(&mut self, id: CustomerId) {
        self.index.remove(id);
        self.forget(id);
    }

    /// Forgets what is kept of a customer beside the index.
    fn forget(&mut self, id: CustomerId) {
        for customers in self.beyond.values_mut() {
            customers.remove(&id);
        }
        if let Some(at) = self.turn_of.remove(&id) {
            self.turns.remove(&(at, id));
        }
    }

    fn due(&self, now: Timestamp) -> bool {
        self.turns.first_key_value().is_some_and(|((at, _), _)| *at <= now)
    }
}

/// Brands beyond what the index tells apart are found, but neither counted nor filtered by it.
fn bit_at(place: usize) -> u32 {
    if place < BRANDS { 1 << place } else { 0 }
}

fn entry(row: &FindRow, brands: u32, now: Timestamp) -> Entry {
    Entry {
        id: row.id,
        name: row.name.clone(),
        identifiers: row
            .identifiers
            .iter()
            .map(|handle| Handle {
                kind: handle.kind,
                text: handle.clear.clone().unwrap_or_else(|| handle.masked.clone()),
            })
            .collect(),
        brands,
        locked: row.lock(now).is_some(),
    }
}

/// What the index found, in the window's words but for the rows themselves.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) hits: Vec<(CustomerId, Matched)>,
    pub(crate) total: u32,
    pub(crate) counts: FindCounts,
    pub(crate) partial: bool,
}

impl Finder {
    fn write(&self) -> std::sync::RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes customers in. A customer who is there already is replaced.
    pub(crate) fn put(&self, rows: impl IntoIterator<Item = FindRow>, now: Timestamp) {
        let mut state = self.write();
        for row in rows {
            state.put(row, now);
        }
    }

    /// Takes customers in that are not there yet: what is read from the cache may be older than what the feed brought.
    pub(crate) fn fill(
        &self,
        rows: impl IntoIterator<Item = FindRow>,
        now: Timestamp,
        fresh: &dyn Fn(CustomerId) -> bool,
    ) {
        let mut state = self.write();
        for row in rows {
            if !fresh(row.id) {
                state.put(row, now);
            }
        }
    }

    pub(crate) fn remove(&self, ids: &[CustomerId]) {
        let mut state = self.write();
        for id in ids {
            state.remove(*id);
        }
    }

    /// Everything that rests on this desk is in.
    pub(crate) fn loaded(&self) {
        self.write().index.shrink();
        self.loaded.send_replace(true);
    }

    /// Whether everything that rests on this desk is in.
    pub(crate) fn is_loaded(&self) -> bool {
        *self.loaded.borrow()
    }

    /// Waits until it is.
    pub(crate) async fn until_loaded(&self) {
        // The sender lives as long as the finder, so that waiting ends only with what is waited for.
        let _ = self.loaded.subscribe().wait_for(|loaded| *loaded).await;
    }

    pub(crate) fn clear(&self) {
        *self.write() = State::default();
    }

    pub(crate) fn set_recent(&self, recent: Vec<CustomerId>) {
        self.write().recent = recent;
    }

    pub(crate) fn recent(&self) -> Vec<CustomerId> {
        self.read().recent.clone()
    }

    /// Finds in memory.
    pub(crate) fn find(&self, request: &FindRequest, now: Timestamp) -> Answer {
        if self.read().due(now) {
            let mut state = self.write();
            while let Some(((at, id), row)) = state.turns.pop_first() {
                if at > now {
                    state.turns.insert((at, id), row);
                    break;
                }
                state.turn_of.remove(&id);
                state.put(row, now);
            }
        }
        let state = self.read();
        let place = |brand| state.brands.iter().position(|known| known == brand);
        let bits = request.brand.as_ref().and_then(place).map_or(0, bit_at);
        let filter = Filter { locked: request.locked, brands: bits };
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let mut found = match request.brand.as_ref().filter(|_| bits == 0) {
            None => state.index.find(&request.query, &filter, &state.recent, limit),
            // A brand without a bit, or one that nobody here is a customer of: the index cannot tell who.
            Some(brand) => {
                let whose = state.beyond.get(brand);
                let most = if whose.is_some() { state.index.len() } else { 0 };
                let mut found = state.index.find(&request.query, &filter, &state.recent, most);
                found.hits.retain(|hit| whose.is_some_and(|whose| whose.contains(&hit.id)));
                found.total = found.hits.len();
                found
            }
        };
        found.hits.truncate(limit);
        Answer {
            total: count(found.total),
            counts: counts(&found, &state.brands),
            partial: !self.is_loaded(),
            hits: found
                .hits
                .into_iter()
                .filter_map(|hit| Some((hit.id, matched(&hit.matches.into_iter().next()?))))
                .collect(),
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn counts(found: &Found, brands: &[BrandId]) -> FindCounts {
    FindCounts {
        all: count(found.all),
        locked: count(found.locked),
        brands: brands
            .iter()
            .zip(found.brands)
            .filter(|(_, n)| *n > 0)
            .map(|(brand, n)| BrandCount { brand: brand.clone(), n: count(n) })
            .collect(),
    }
}

fn matched(hit: &madoguchi_lookup::Match) -> Matched {
    Matched {
        field: field(hit.field),
        ranges: hit.ranges.iter().map(|range| utf16(&hit.text, range)).collect(),
        value: hit.text.clone(),
        hidden: false,
    }
}

const fn field(field: Where) -> Field {
    match field {
        Where::Written => Field::Written,
        Where::Reading => Field::Reading,
        Where::Romaji => Field::Romaji,
        Where::Former => Field::Former,
        Where::PossibleReading => Field::PossibleReading,
        Where::CustomerId => Field::CustomerId,
        Where::Email => Field::Email,
        Where::Phone => Field::Phone,
        Where::Loyalty => Field::Loyalty,
    }
}

/// Places counted in characters, as the window counts them.
fn utf16(text: &str, range: &Range<usize>) -> (u32, u32) {
    let units = |chars: usize| count(text.chars().take(chars).map(char::len_utf16).sum());
    (units(range.start), units(range.end))
}

/// What a row alone would match, as the desk itself would have found it; none when the desk would not.
pub(crate) fn matches_here(row: &FindRow, query: &str, now: Timestamp) -> Option<Matched> {
    let mut index = Index::default();
    index.put(&entry(row, 0, now));
    let hit = index.find(query, &Filter::default(), &[], 1).hits.into_iter().next()?;
    Some(matched(&hit.matches.into_iter().next()?))
}

/// What the store found in a part that this desk may not see: the dots are what is underlined. `masked` is the
/// identifier it was found in, where the store says which; else the first of its kind.
pub(crate) fn hidden_match(row: &FindRow, field: Field, masked: Option<String>) -> Matched {
    let of = |kind: IdentifierKind| row.identifiers.iter().find(|h| h.kind == kind).map(|h| h.masked.clone());
    let value = masked.or_else(|| match field {
        Field::Email => of(IdentifierKind::Email),
        Field::Phone => of(IdentifierKind::Phone),
        Field::Loyalty => of(IdentifierKind::Loyalty),
        Field::Reading => row.name.reading.clone(),
        Field::Romaji => row.name.romaji.clone(),
        Field::Former => row.name.former.clone(),
        Field::CustomerId => Some(row.id.to_string()),
        Field::Written | Field::PossibleReading => Some(row.name.written.clone()),
    });
    let value = value.unwrap_or_default();
    let identifier = matches!(field, Field::Email | Field::Phone | Field::Loyalty);
    let dots: Vec<(usize, char)> = value.chars().enumerate().filter(|(_, c)| *c == '•').collect();
    let ranges = match (identifier, dots.first(), dots.last()) {
        (true, Some((first, _)), Some((last, _))) => vec![utf16(&value, &(*first..*last + 1))],
        _ => Vec::new(),
    };
    Matched { field, ranges, value, hidden: identifier }
}

#[cfg(test)]
mod tests {
    use super::*;
    use madoguchi_domain::{
        LockId,
        account::{Lock, LockCause, LockScope},
        customer::Name,
    };
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_micros(1_795_444_331_000_000);

    fn row(bits: i64, locks: Vec<Lock>) -> FindRow {
        FindRow {
            id: CustomerId::from_bits(bits),
            name: Name {
                written: "田中 美咲".into(),
                reading: Some("タナカ ミサキ".into()),
                ..Name::default()
            },
            identifiers: vec![crate::cache::HandleRow {
                kind: IdentifierKind::Email,
                masked: "t•••a@example.jp".into(),
                clear: None,
            }],
            brands: vec!["stay".into()],
            languages: vec!["ja".into()],
            locks,
            last_sign_in: None,
        }
    }

    fn request(locked: bool) -> FindRequest {
        FindRequest { query: "たなか".into(), locked, brand: None, limit: 20 }
    }

    fn lock(until: Timestamp) -> Lock {
        Lock {
            id: LockId::new(NOW, [1; 10]),
            scope: LockScope::Account,
            cause: LockCause::TooManyFailures,
            since: NOW.minus(Duration::from_secs(60)),
            until: Some(until),
            by: "rule".into(),
            note: None,
            version: 1,
        }
    }

    #[test]
    fn a_lock_that_ends_by_itself_ends_in_the_counts() {
        let finder = Finder::default();
        let end = NOW.plus(Duration::from_secs(600));
        finder.put([row(1, vec![lock(end)]), row(2, vec![])], NOW);
        assert_eq!(finder.find(&request(true), NOW).total, 1);
        assert_eq!(finder.find(&request(false), NOW).counts.locked, 1);
        assert_eq!(finder.find(&request(true), end).total, 0);
        assert_eq!(finder.find(&request(false), end).total, 2);
    }

    #[test]
    fn a_brand_beyond_what_the_index_tells_apart_filters_and_an_unknown_one_has_nobody() {
        let finder = Finder::default();
        let brand = |n: i64| BrandId::from(format!("brand-{n}").as_str());
        let of = |n: i64| FindRow { brands: vec![brand(n)], ..row(n, vec![]) };
        finder.put((0..40).map(of), NOW);
        let total = |n: i64| {
            let request = FindRequest { brand: Some(brand(n)), limit: 1, ..request(false) };
            let answer = finder.find(&request, NOW);
            assert_eq!(answer.hits.len(), usize::from(answer.total > 0));
            (answer.total, answer.counts.all)
        };
        assert_eq!(total(0), (1, 40));
        assert_eq!(total(31), (1, 40));
        assert_eq!(total(35), (1, 40));
        assert_eq!(total(99), (0, 40), "it shares its bit with nobody");
        finder.put([FindRow { brands: vec![brand(36)], ..of(35) }], NOW);
        assert_eq!((total(35), total(36)), ((0, 40), (2, 40)));
        finder.remove(&[CustomerId::from_bits(36)]);
        assert_eq!(total(36), (1, 39));
    }

    #[test]
    fn ranges_are_counted_in_utf16_units() {
        assert_eq!(utf16("𠮷田", &(1..2)), (2, 3));
        assert_eq!(utf16("田中", &(0..2)), (0, 2));
    }

    #[test]
    fn a_match_in_the_hidden_part_underlines_the_dots() {
        let matched = hidden_match(&row(1, vec![]), Field::Email, None);
        assert_eq!((matched.hidden, matched.ranges.as_slice()), (true, &[(1, 4)][..]));
        assert!(matches_here(&row(1, vec![]), "tanaka@", NOW).is_none());
        assert_eq!(matches_here(&row(1, vec![]), "タナカ", NOW).map(|m| m.field), Some(Field::Reading));
    }

    #[test]
    fn filling_from_the_cache_does_not_undo_what_the_feed_brought() {
        let finder = Finder::default();
        let mut fresh = row(1, vec![]);
        fresh.name.written = "鈴木 美咲".into();
        fresh.name.reading = None;
        finder.put([fresh], NOW);
        finder.fill([row(1, vec![])], NOW, &|id| id == CustomerId::from_bits(1));
        assert_eq!(finder.find(&request(false), NOW).total, 0);
    }
}
