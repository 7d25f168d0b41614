//! A desk's share: whole from a snapshot, current from the feed, nothing missed and nothing beyond it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bytes::BytesMut;
use madoguchi_domain::{Clock as _, CustomerId, NoteId, action::Ask, customer::Note, role::Role};
use madoguchi_protocol::{
    error::Code,
    sync::{Cursor, Facet, Line},
};
use madoguchi_store::{
    agents::{change_scope, revoke_device},
    db::{DbError, history::changed},
};
use madoguchi_testkit::store::TestStore;
use reqwest::Method;
use tokio::sync::Semaphore;

use crate::client::{Answer, Desk, seconds};

crate::on_both_engines!(
    a_snapshot_is_the_share_and_goes_on_after_a_cut,
    a_snapshot_is_compressed_when_asked,
    nothing_is_missed_while_many_write,
    desks_that_do_not_read_keep_nobody_waiting,
    a_snapshot_ends_when_its_desk_is_revoked,
    a_snapshot_ends_with_its_token,
    a_changed_scope_sends_the_difference,
    a_cursor_of_another_is_refused,
    the_feed_ends_with_its_token,
);

/// Lines of a stream, as they come.
struct Stream {
    response: reqwest::Response,
    rest: BytesMut,
}

/// What of a line a test looks at.
#[derive(Debug, PartialEq)]
enum Seen {
    Head(Cursor, i64),
    Customer(CustomerId, Vec<Facet>),
    End(Cursor),
    Changed(CustomerId, Facet, String),
    Gone(CustomerId),
    At(Cursor),
}

impl Stream {
    async fn open(desk: &Desk, path: &str) -> Self {
        let response = desk.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        Self { response, rest: BytesMut::new() }
    }

    async fn next(&mut self) -> Option<Seen> {
        loop {
            if let Some(end) = self.rest.iter().position(|b| *b == b'\n') {
                let line = self.rest.split_to(end + 1);
                return Some(seen(&line));
            }
            self.rest.extend_from_slice(&self.response.chunk().await.unwrap()?);
        }
    }

    async fn all(mut self) -> Vec<Seen> {
        let mut lines = Vec::new();
        while let Some(line) = self.next().await {
            lines.push(line);
        }
        lines
    }

    /// Lines up to and with the next `At` that follows at least one other line.
    async fn batch(&mut self) -> (Vec<Seen>, Cursor) {
        let mut lines = Vec::new();
        loop {
            match self.next().await.expect("the feed goes on") {
                Seen::At(cursor) if !lines.is_empty() => return (lines, cursor),
                Seen::At(_) => {}
                line => lines.push(line),
            }
        }
    }
}

fn seen(line: &[u8]) -> Seen {
    match serde_json::from_slice(line).unwrap() {
        Line::Head { cursor, customers, .. } => Seen::Head(cursor, customers),
        Line::Customer { id, facets } => Seen::Customer(id, facets.into_iter().map(|(f, _)| f).collect()),
        Line::End { cursor } => Seen::End(cursor),
        Line::Changed { id, facet, body } => Seen::Changed(id, facet, body.get().to_owned()),
        Line::Gone { id } => Seen::Gone(id),
        Line::At { cursor, .. } => Seen::At(cursor),
    }
}

async fn people(store: &TestStore, brand: &str, count: usize) -> BTreeSet<CustomerId> {
    let people: Vec<_> = (0..count)
        .map(|n| store.person(&format!("人 {n}"), &format!("p{n}@{brand}.example"), &[brand]))
        .collect();
    let ids = people.iter().map(|p| p.id).collect();
    store.add(people).await;
    ids
}

async fn cursor_of(desk: &Desk) -> Cursor {
    match Stream::open(desk, "/v1/snapshot").await.next().await {
        Some(Seen::Head(cursor, _)) => cursor,
        other => panic!("{other:?}"),
    }
}

async fn a_snapshot_is_the_share_and_goes_on_after_a_cut(store: TestStore) {
    let stay = people(&store, "stay", 7).await;
    people(&store, "ferry", 5).await;
    store.add_agent_for("sato", Role::Agent, &[], &["stay"]).await;
    let desk = Desk::sign_in(&store, "sato").await;
    let lines = Stream::open(&desk, "/v1/snapshot").await.all().await;
    let Seen::Head(cursor, 7) = &lines[0] else { panic!("{:?}", lines[0]) };
    assert_eq!(lines.last(), Some(&Seen::End(cursor.clone())));
    let ids: Vec<CustomerId> = lines
        .iter()
        .filter_map(|line| match line {
            Seen::Customer(id, facets) => {
                assert_eq!(facets, &Facet::ALL);
                Some(*id)
            }
            _ => None,
        })
        .collect();
    assert_eq!(ids, stay.iter().copied().collect::<Vec<_>>(), "in the order of their ids");
    let path = format!("/v1/snapshot?from={}&cursor={cursor}", ids[3]);
    let rest = Stream::open(&desk, &path).await.all().await;
    assert_eq!(rest.len(), 2 + 3);
    assert!(matches!(&rest[0], Seen::Head(same, _) if same == cursor));
}

async fn a_snapshot_is_compressed_when_asked(store: TestStore) {
    people(&store, "stay", 20).await;
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let request = desk.request(Method::GET, "/v1/snapshot").header("accept-encoding", "gzip, zstd;q=0.9");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "zstd");
    let packed = response.bytes().await.unwrap();
    let mut unpacked = Vec::new();
    let mut decoder = async_compression::tokio::bufread::ZstdDecoder::new(&packed[..]);
    tokio::io::AsyncReadExt::read_to_end(&mut decoder, &mut unpacked).await.unwrap();
    assert_eq!(unpacked.iter().filter(|b| **b == b'\n').count(), 22);
    assert!(packed.len() * 3 < unpacked.len());
}

async fn nothing_is_missed_while_many_write(store: TestStore) {
    const WRITERS: usize = 8;
    const NOTES: usize = 12;
    // One note for each: a number that was passed over is a customer who is never heard of, because nothing that comes
    // later brings them again.
    let ids: Vec<CustomerId> = people(&store, "stay", WRITERS * NOTES).await.into_iter().collect();
    let reader = Desk::of(&store, "reader", Role::Auditor).await;
    let cursor = cursor_of(&reader).await;
    let mut feed = Stream::open(&reader, &format!("/v1/changes?after={cursor}")).await;
    let mut writers = Vec::new();
    for (n, own) in ids.chunks(NOTES).enumerate() {
        let mut desk = Desk::of(&store, &format!("writer {n}"), Role::Agent).await;
        let own = own.to_vec();
        writers.push(tokio::spawn(async move {
            for id in own {
                desk.ask(id, Ask::Note { text: format!("note of {id}") }).await.good();
            }
        }));
    }
    let mut heard: BTreeMap<CustomerId, usize> = BTreeMap::new();
    while heard.len() < ids.len() {
        let (lines, _) = feed.batch().await;
        for line in lines {
            if let Seen::Changed(id, Facet::Notes, body) = line {
                assert!(body.contains(&format!("note of {id}")), "{body}");
                *heard.entry(id).or_default() += 1;
            }
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(heard.values().all(|times| *times == 1), "each of them once: {heard:?}");
}

/// PostgreSQL commits as many at once as there are: the one that took the smaller number commits later here.
#[tokio::test(flavor = "multi_thread")]
async fn the_feed_waits_for_a_number_whose_transaction_is_still_open() {
    let store = crate::client::postgres().await;
    let ids: Vec<CustomerId> = people(&store, "stay", 2).await.into_iter().collect();
    let (slow, fast) = (ids[0], ids[1]);
    let reader = Desk::of(&store, "reader", Role::Auditor).await;
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let cursor = cursor_of(&reader).await;
    let mut feed = Stream::open(&reader, &format!("/v1/changes?after={cursor}")).await;
    let (taken, open) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (own, db, now) = ((taken.clone(), open.clone()), store.store().db().clone(), store.clock().now());
    let held = tokio::spawn(async move {
        db.write(move |conn| {
            let (taken, open) = own.clone();
            Box::pin(async move {
                changed(conn, slow, &[Facet::Notes], now).await?;
                taken.add_permits(1);
                open.acquire().await.unwrap().forget();
                Ok::<(), DbError>(())
            })
        })
        .await
    });
    taken.acquire().await.unwrap().forget();
    let other =
        tokio::spawn(async move { desk.ask(fast, Ask::Note { text: "two".to_owned() }).await.good() });
    let waiting = "select cast(count(*) as text) from pg_stat_activity
                   where datname = current_database() and wait_event_type = 'Lock'";
    // Until it stands in the queue behind the first, or, were there none, until it is done.
    while !other.is_finished() && crate::texts(&store, waiting).await != ["1"] {
        tokio::task::yield_now().await;
    }
    let passed = other.is_finished();
    if passed {
        // What the feed would tell now is past the number that is still open.
        feed.batch().await;
    }
    open.add_permits(1);
    held.await.unwrap().unwrap();
    other.await.unwrap();
    let mut heard = Vec::new();
    while !(heard.contains(&slow) && (passed || heard.contains(&fast))) {
        let (lines, _) = feed.batch().await;
        heard.extend(lines.iter().filter_map(|line| match line {
            Seen::Changed(id, Facet::Notes, _) => Some(*id),
            _ => None,
        }));
    }
}

/// Customers whose notes are more than the wires between a store and a desk that does not read can hold.
async fn much(store: &TestStore, count: usize, each: usize) {
    let people = (0..count).map(|n| {
        let mut person = store.person(&format!("人 {n}"), &format!("much{n}@stay.example"), &["stay"]);
        person.notes.push(Note {
            id: NoteId(store.chance().uuid()),
            text: "x".repeat(each),
            by: "sato".to_owned(),
            at: store.clock().now(),
            case: None,
        });
        person
    });
    store.add(people.collect()).await;
}

async fn desks_that_do_not_read_keep_nobody_waiting(store: TestStore) {
    /// More than either engine has connections.
    const DESKS: usize = 17;
    let ids = people(&store, "stay", 1).await;
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let cursor = cursor_of(&desk).await;
    much(&store, 40, 500_000).await;
    let mut slow = Vec::new();
    for _ in 0..DESKS {
        let mut feed = Stream::open(&desk, &format!("/v1/changes?after={cursor}")).await;
        // The first line has come: the store is at it, and will wait for a desk that takes nothing more.
        while !matches!(feed.next().await, Some(Seen::Changed(..))) {}
        slow.push(feed);
    }
    desk.customer(*ids.first().unwrap()).await;
    drop(slow);
}

/// The head of a snapshot whose first customers alone are more than the wires hold, and what comes after `then`.
async fn cut_short(store: &TestStore, then: impl AsyncFnOnce(&Desk)) {
    much(store, 501, 40_000).await;
    let desk = Desk::of(store, "sato", Role::Agent).await;
    let mut snapshot = Stream::open(&desk, "/v1/snapshot").await;
    assert!(matches!(snapshot.next().await, Some(Seen::Head(_, 501))));
    then(&desk).await;
    let lines = snapshot.all().await;
    assert!(lines.len() < 502 && !matches!(lines.last(), Some(Seen::End(_))), "{} lines", lines.len());
}

async fn a_snapshot_ends_when_its_desk_is_revoked(store: TestStore) {
    cut_short(&store, async |desk| {
        let device = desk.device;
        let now = store.clock().now();
        let db = store.store().db();
        db.write(move |conn| Box::pin(async move { revoke_device(conn, device, now).await })).await.unwrap();
    })
    .await;
}

async fn a_snapshot_ends_with_its_token(store: TestStore) {
    cut_short(&store, async |_| store.clock().advance(seconds(10 * 60))).await;
}

async fn a_changed_scope_sends_the_difference(store: TestStore) {
    let stay = people(&store, "stay", 3).await;
    let ferry = people(&store, "ferry", 2).await;
    let agent = store.add_agent_for("sato", Role::Agent, &["stay"], &[]).await;
    let desk = Desk::sign_in(&store, "sato").await;
    let cursor = cursor_of(&desk).await;
    store
        .store()
        .db()
        .write(move |conn| Box::pin(async move { change_scope(conn, agent, &["ferry".into()], &[]).await }))
        .await
        .unwrap();
    let mut feed = Stream::open(&desk, &format!("/v1/changes?after={cursor}")).await;
    let (lines, next) = feed.batch().await;
    let gone: BTreeSet<_> =
        lines.iter().filter_map(|l| if let Seen::Gone(id) = l { Some(*id) } else { None }).collect();
    let came: BTreeSet<_> =
        lines.iter().filter_map(|l| if let Seen::Changed(id, ..) = l { Some(*id) } else { None }).collect();
    assert_eq!((gone, came), (stay.clone(), ferry.clone()));
    // From the new cursor only what is in the new share is heard of.
    let mut chief = Desk::of(&store, "mori", Role::Supervisor).await;
    let (theirs, ours) = (*stay.first().unwrap(), *ferry.first().unwrap());
    chief.ask(theirs, Ask::Note { text: "not for this desk".to_owned() }).await.good();
    chief.ask(ours, Ask::Note { text: "for this desk".to_owned() }).await.good();
    let mut feed = Stream::open(&desk, &format!("/v1/changes?after={next}")).await;
    let (lines, _) = feed.batch().await;
    assert!(lines.iter().all(|l| matches!(l, Seen::Changed(id, ..) if *id == ours)), "{lines:?}");
}

async fn a_cursor_of_another_is_refused(store: TestStore) {
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let other = Desk::of(&store, "suzuki", Role::Agent).await;
    let cursor = cursor_of(&other).await;
    for wrong in [cursor.as_str(), "nonsense", ""] {
        let refused: Answer<()> = desk.get(&format!("/v1/changes?after={wrong}")).await;
        assert_eq!(refused.code(), Code::CursorUnknown, "{wrong}");
    }
}

async fn the_feed_ends_with_its_token(store: TestStore) {
    let ids = people(&store, "stay", 1).await;
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let cursor = cursor_of(&desk).await;
    let mut feed = Stream::open(&desk, &format!("/v1/changes?after={cursor}")).await;
    assert!(matches!(feed.next().await, Some(Seen::At(_))));
    desk.ask(*ids.first().unwrap(), Ask::Note { text: "one".to_owned() }).await.good();
    feed.batch().await;
    store.clock().advance(seconds(10 * 60));
    // Another commit wakes the stream, which then sees that its time is over.
    let mut other = Desk::of(&store, "suzuki", Role::Agent).await;
    other.ask(*ids.first().unwrap(), Ask::Note { text: "two".to_owned() }).await.good();
    while let Some(line) = feed.next().await {
        assert!(matches!(line, Seen::At(_)), "{line:?}");
    }
}
