//! The index against the oracle, over customers and queries drawn at random.

use std::collections::BTreeMap;

use madoguchi_domain::CustomerId;
use madoguchi_lookup::{Entry, Filter, Found, Index};
use proptest::prelude::*;

use crate::{
    corpus::{Chance, customers},
    oracle::{self, Answer},
};

fn built(entries: &[Entry]) -> Index {
    let mut index = Index::default();
    entries.iter().for_each(|entry| index.put(entry));
    index
}

fn answer(found: &Found) -> Answer {
    Answer {
        ids: found.hits.iter().map(|hit| hit.id).collect(),
        total: found.total,
        all: found.all,
        locked: found.locked,
        brands: found.brands,
    }
}

/// A part of something that a customer has, as a person might type it.
fn typed(entries: &[Entry], chance: &mut Chance) -> String {
    let entry = chance.pick(entries);
    let name = &entry.name;
    let mut texts = vec![name.written.clone(), entry.id.to_string(), entry.id.to_string().replace('-', "")];
    texts.extend([&name.reading, &name.romaji, &name.former].into_iter().flatten().cloned());
    texts.extend(entry.identifiers.iter().map(|handle| handle.text.clone()));
    let text: Vec<char> = chance.pick(&texts).chars().collect();
    let start = if chance.percent(50) { 0 } else { place(chance, text.len()) };
    let end = start + 1 + place(chance, text.len() - start);
    let mut part: String = text[start..end].iter().collect();
    if chance.percent(20) {
        part = part.replace([' ', '\u{3000}'], "");
    }
    if chance.percent(20) {
        part = part.to_uppercase();
    }
    if chance.percent(10) {
        let ending: &&str = chance.pick(&["k", "様", " ", "さん", "n", "あ", "4"]);
        part.push_str(ending);
    }
    part
}

fn place(chance: &mut Chance, length: usize) -> usize {
    usize::try_from(chance.below(length as u64)).expect("below a length")
}

fn ways(entries: &[Entry], chance: &mut Chance) -> (Filter, Vec<CustomerId>, usize) {
    let filter = Filter { locked: chance.percent(20), brands: if chance.percent(20) { 0b010 } else { 0 } };
    let recent = (0..place(chance, 4)).map(|_| chance.pick(entries).id).collect();
    (filter, recent, 1 + place(chance, 30))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_index_answers_as_the_oracle_does(seed: u64, count in 1usize..160) {
        let entries: Vec<Entry> = customers(count, seed, 20);
        let index = built(&entries);
        let ready = oracle::ready(&entries);
        let mut chance = Chance(seed ^ 1);
        for _ in 0..24 {
            let mut query = typed(&entries, &mut chance);
            if chance.percent(25) {
                query = format!("{query} {}", typed(&entries, &mut chance));
            }
            let (filter, recent, limit) = ways(&entries, &mut chance);
            let found = index.find(&query, &filter, &recent, limit);
            prop_assert_eq!(answer(&found), oracle::find(&ready, &query, &filter, &recent, limit), "{}", query);
        }
    }

    #[test]
    fn any_query_at_all_is_answered_alike(seed: u64, query in "\\PC{0,8}|[ぁ-ヶー田中a-z0-9@.… -]{0,8}") {
        let entries = customers(40, seed, 20);
        let ready = oracle::ready(&entries);
        let found = built(&entries).find(&query, &Filter::default(), &[], 20);
        prop_assert_eq!(answer(&found), oracle::find(&ready, &query, &Filter::default(), &[], 20), "{}", query);
    }

    #[test]
    fn changing_one_by_one_ends_where_building_anew_does(seed: u64) {
        let mut chance = Chance(seed);
        let pool = customers(60, seed, 20);
        let mut index = Index::default();
        let mut held: BTreeMap<CustomerId, Entry> = BTreeMap::new();
        for _ in 0..120 {
            let mut entry = chance.pick(&pool).clone();
            if chance.percent(30) {
                prop_assert_eq!(index.remove(entry.id), held.remove(&entry.id).is_some());
                continue;
            }
            entry.name = chance.pick(&pool).name.clone();
            entry.locked = chance.percent(50);
            index.put(&entry);
            held.insert(entry.id, entry);
        }
        let entries: Vec<Entry> = held.into_values().collect();
        prop_assert_eq!(index.len(), entries.len());
        let anew = built(&entries);
        for _ in 0..20 {
            let query = typed(&pool, &mut chance);
            let (filter, recent, limit) = ways(&pool, &mut chance);
            let (changed, anew) = (index.find(&query, &filter, &recent, limit), anew.find(&query, &filter, &recent, limit));
            prop_assert_eq!(changed, anew, "{}", query);
        }
    }

    #[test]
    fn whoever_is_found_has_something_to_underline(seed: u64) {
        let entries = customers(80, seed, 20);
        let index = built(&entries);
        let mut chance = Chance(seed ^ 2);
        for _ in 0..20 {
            let query = typed(&entries, &mut chance);
            for hit in index.find(&query, &Filter::default(), &[], 10).hits {
                prop_assert!(!hit.matches.is_empty(), "{} finds {:?}", query, hit.id);
                prop_assert_eq!(hit.field, hit.matches[0].field);
                for found in &hit.matches {
                    let length = found.text.chars().count();
                    prop_assert!(!found.ranges.is_empty(), "{} in {}", query, found.text);
                    prop_assert!(found.ranges.iter().all(|r| r.start < r.end && r.end <= length), "{}", query);
                    prop_assert!(found.ranges.windows(2).all(|w| w[0].end < w[1].start), "{}", query);
                }
            }
        }
    }
}
