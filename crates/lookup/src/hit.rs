//! Where a customer who was found matches: the field to name and the places to underline.

use std::ops::Range;

use madoguchi_domain::{CustomerId, text::Script};

use crate::{
    Field, Hit, Match,
    entry::Texts,
    identifier::Parts,
    key::Place,
    query::{Query, TypedWord, find_identifier},
    ranks::{Rank, rank},
    term::{Lane, Role, Term, Wanted, terms},
};

/// The hit of a customer who matches `query`.
pub(crate) fn hit(id: CustomerId, texts: &Texts, query: &Query) -> Hit {
    let mut matches: Vec<(Rank, Match)> = Vec::new();
    let starts = query.parts.iter().filter_map(|part| part.id);
    for start in starts.filter(|start| (start.bounds.0..=start.bounds.1).contains(&id)) {
        let found = Match { field: Field::CustomerId, text: id.to_string(), ranges: vec![start.shown()] };
        matches.push((start.rank(), found));
    }
    for ((field, text), shown) in texts.iter().zip(show(texts, query)) {
        if let Some((rank, role)) = shown.best {
            let possible = role == Role::Possible && field == Field::Written;
            let field = if possible { Field::PossibleReading } else { field };
            matches.push((rank, Match { field, text: text.to_owned(), ranges: joined(shown.ranges) }));
        }
    }
    // Who types Latin letters reads the romaji, though the reading sounds the same.
    let latin =
        query.parts.iter().flat_map(|part| &part.words).any(|typed| typed.word.script == Script::Latin);
    matches.sort_by_key(|(rank, found)| (*rank, latin && found.field == Field::Reading, found.field));
    let field = matches.first().map_or(Field::Written, |(_, found)| found.field);
    Hit { id, field, matches: matches.into_iter().map(|(_, found)| found).collect() }
}

/// What of one text is to be underlined.
#[derive(Debug, Default)]
struct Shown {
    best: Option<(Rank, Role)>,
    ranges: Vec<Range<usize>>,
}

impl Shown {
    fn take(&mut self, term: &Term, place: &Place, keys: Parts) {
        let rank = rank(term.role, place);
        if self.best.is_none_or(|(known, _)| rank < known) {
            self.best = Some((rank, term.role));
        }
        for key in keys.into_iter().filter(|key| !key.is_empty()) {
            let places = &term.places[key];
            if let (Some(first), Some(last)) = (places.first(), places.last()) {
                self.ranges.push(first.0 as usize..last.1 as usize);
            }
        }
    }
}

/// Marks in each text of a customer what matches; in a reading that a name may have, only what nothing else explains.
fn show(texts: &Texts, query: &Query) -> Vec<Shown> {
    let wanted = Wanted {
        names: query.parts.iter().any(|part| !part.words.is_empty()),
        possible: false,
        identifiers: query.parts.iter().any(|part| part.identifier.is_some()),
    };
    let (shown, explained) = show_wanted(texts, query, wanted);
    if explained {
        return shown;
    }
    show_wanted(texts, query, Wanted { possible: true, ..wanted }).0
}

/// Marks what matches in the wanted words, and says whether every part of the query does.
fn show_wanted(texts: &Texts, query: &Query, wanted: Wanted) -> (Vec<Shown>, bool) {
    let terms = terms(texts, wanted);
    let mut shown: Vec<Shown> = texts.iter().map(|_| Shown::default()).collect();
    let mut explained = true;
    for part in &query.parts {
        let mut identified = false;
        for (text, term) in &terms {
            if let (Some(typed), Lane::Masked | Lane::Clear) = (&part.identifier, term.lane)
                && let Some((reach, keys)) = find_identifier(typed, &term.key)
            {
                shown[*text].take(term, &Place::of(reach), keys);
                identified = true;
            }
        }
        let mut named = !part.words.is_empty();
        for typed in &part.words {
            named &= show_word(typed, &terms, &mut shown);
        }
        explained &= identified || named;
    }
    (shown, explained)
}

/// Marks where a typed word is, as one name or as two without the space. Says whether it is anywhere.
fn show_word(typed: &TypedWord, terms: &[(usize, Term)], shown: &mut [Shown]) -> bool {
    let mut found = false;
    for (text, term) in terms {
        if let Some(place) = typed.find(term.lane, &term.key) {
            shown[*text].take(term, &place, place.part());
            found = true;
        }
    }
    for cut in &typed.two_names {
        for (text, head) in terms.iter().filter(|(_, term)| cut.begins_with(term.lane, &term.key)) {
            for (other, tail) in terms {
                if let Some(place) = cut.rest.find(tail.lane, &tail.key) {
                    let whole = Place::whole(head.key.len());
                    shown[*text].take(head, &whole, whole.part());
                    shown[*other].take(tail, &place, place.part());
                    found = true;
                }
            }
        }
    }
    found
}

/// Ranges in order; those that touch or overlap as one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}
