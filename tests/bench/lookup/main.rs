//! `lookup`: finding a customer among 100,000 while a query is typed, in every class of query.
//!
//! First the answers: the index must give what the oracle gives. Then by turns the index, the peer and the limit, on the
//! same machine in the same minute. Times are medians over the rounds of each round's p50 and p99.
#![expect(clippy::print_stdout, reason = "a benchmark prints its rows")]

#[path = "../../../crates/lookup/tests/lookup/corpus.rs"]
mod corpus;
#[path = "../../../crates/lookup/tests/lookup/oracle.rs"]
mod oracle;

mod classes;
mod encrypted;

use std::{collections::BTreeMap, time::Instant};

use madoguchi_lookup::{Entry, Filter, Index};
use serde_json::json;

use classes::Class;
use encrypted::Encrypted;

const CUSTOMERS: usize = 100_000;
const SEED: u64 = 0x6D61_646F;
const QUERIES: usize = 200;
const ROUNDS: usize = 5;
/// Hits that a window shows at first.
const LIMIT: usize = 20;
/// Customers for the full comparison with the oracle, and how many queries of each class it is asked among all.
const FEW: usize = 1_500;
const ASKED_AMONG_ALL: usize = 6;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let entries = distinct(corpus::customers(CUSTOMERS, SEED, 0));
    let classes = classes::all(&entries, QUERIES, SEED);
    agree(&entries[..FEW], &classes, QUERIES / 4);
    agree(&entries, &classes, ASKED_AMONG_ALL);

    let encrypted = Encrypted::filled(&entries).await;
    let (index, building) = build(&entries, &encrypted).await;
    let size = index.size() / index.len();
    let texts: usize = entries.iter().map(letters).sum::<usize>() / entries.len();
    row(
        "build",
        "ms",
        building.own,
        None,
        Some((building.limit, "reading the same customers from the encrypted cache")),
    );
    row("memory a customer", "bytes", to_f64(size), None, Some((to_f64(texts), "the texts themselves")));

    for class in &classes {
        let mut own = Spread::default();
        let mut peer = Spread::default();
        let mut limit = Spread::default();
        for round in 0..=ROUNDS {
            let (mut ours, mut theirs, mut floor) = (Vec::new(), Vec::new(), Vec::new());
            for (place, query) in class.queries.iter().enumerate() {
                ours.push(timed(|| index.find(query, &Filter::default(), &[], LIMIT)));
                let key = entries[(place * 487) % entries.len()].id;
                floor.push(encrypted.by_key(key).await);
                // The scans of the peer take long: ten queries are enough to see them.
                if place % 20 == 0 {
                    theirs.push(encrypted.like(query, LIMIT).await);
                }
            }
            // The first round warms caches.
            if round > 0 {
                own.add(ours);
                peer.add(theirs);
                limit.add(floor);
            }
        }
        for (name, of) in [("p50", 0), ("p99", 1)] {
            let (own, peer, limit) = (own.median(of), peer.median(of), limit.median(of));
            eprintln!(
                "{} {name}: own {} ms, peer {} ms, key read {} ms (median, least–most of {ROUNDS} rounds)",
                class.name, own.said, peer.said, limit.said
            );
            let metric = format!("{} {name}", class.name);
            let peer = Some((peer.value, "FTS5 trigram with LIKE in the same file, first 20 and no counts"));
            row(
                &metric,
                "ms",
                own.value,
                peer,
                Some((limit.value, "primary-key read of a find row from the encrypted cache")),
            );
        }
    }
}

/// One entry an id: the last one made.
fn distinct(entries: Vec<Entry>) -> Vec<Entry> {
    let by_id: BTreeMap<_, _> = entries.into_iter().map(|entry| (entry.id, entry)).collect();
    by_id.into_values().collect()
}

fn letters(entry: &Entry) -> usize {
    let name = &entry.name;
    let names = [Some(&name.written), name.reading.as_ref(), name.romaji.as_ref(), name.former.as_ref()];
    names.into_iter().flatten().map(String::len).sum::<usize>()
        + entry.identifiers.iter().map(|handle| handle.text.len()).sum::<usize>()
}

/// Ends the program when the index and the oracle differ.
fn agree(entries: &[Entry], classes: &[Class], of_each: usize) {
    let mut index = Index::default();
    entries.iter().for_each(|entry| index.put(entry));
    let ready = oracle::ready(entries);
    let mut asked = 0;
    for class in classes {
        for query in class.queries.iter().take(of_each) {
            let found = index.find(query, &Filter::default(), &[], LIMIT);
            let ids: Vec<_> = found.hits.iter().map(|hit| hit.id).collect();
            let right = oracle::find(&ready, query, &Filter::default(), &[], LIMIT);
            let counts = (found.total, found.all, found.locked, found.brands);
            let unknowable = class.name == classes::WHOLE && found.all > 0;
            if unknowable
                || ids != right.ids
                || counts != (right.total, right.all, right.locked, right.brands)
            {
                eprintln!(
                    "{query:?} among {}: found {ids:?} {counts:?}, the oracle says {right:?}",
                    entries.len()
                );
                std::process::exit(1);
            }
            asked += 1;
        }
    }
    eprintln!("the index and the oracle agree on {asked} queries among {} customers", entries.len());
}

/// What building takes, and what reading the same rows takes.
struct Building {
    own: f64,
    limit: f64,
}

async fn build(entries: &[Entry], encrypted: &Encrypted) -> (Index, Building) {
    let (mut own, mut limit) = (Vec::new(), Vec::new());
    let mut index = Index::default();
    for _ in 0..5 {
        own.push(timed(|| {
            index = Index::default();
            entries.iter().for_each(|entry| index.put(entry));
            index.shrink();
        }));
        limit.push(encrypted.every_row().await);
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    (index, Building { own: median(own), limit: median(limit) })
}

/// Milliseconds that `work` takes.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64() * 1000.0
}

/// p50 and p99 of each round.
#[derive(Default)]
struct Spread {
    rounds: Vec<[f64; 2]>,
}

struct Median {
    value: f64,
    said: String,
}

impl Spread {
    fn add(&mut self, mut times: Vec<f64>) {
        times.sort_by(f64::total_cmp);
        self.rounds.push([times[times.len() / 2], times[times.len() * 99 / 100]]);
    }

    fn median(&self, of: usize) -> Median {
        let mut values: Vec<f64> = self.rounds.iter().map(|round| round[of]).collect();
        values.sort_by(f64::total_cmp);
        let (value, least, most) = (values[values.len() / 2], values[0], values[values.len() - 1]);
        Median { value, said: format!("{value:.4} ({least:.4}–{most:.4})") }
    }
}

fn row(metric: &str, unit: &str, own: f64, peer: Option<(f64, &str)>, limit: Option<(f64, &str)>) {
    let row = json!({
        "bench": "lookup",
        "metric": metric,
        "unit": unit,
        "own": own,
        "peer": peer.map(|(value, _)| value),
        "peer_name": peer.map(|(_, name)| name),
        "limit": limit.map(|(value, _)| value),
        "limit_name": limit.map(|(_, name)| name),
    });
    println!("{row}");
}

fn to_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
