//! A desk's share: whole from a snapshot, current from the feed, nothing missed and nothing beyond it.

use std::collections::{BTreeMap, BTreeSet};

use bytes::BytesMut;
use madoguchi_domain::{CustomerId, action::Ask, role::Role};
use madoguchi_protocol::{
    error::Code,
    sync::{Cursor, Facet, Line},
};
use madoguchi_store::agents::change_scope;
use madoguchi_testkit::store::TestStore;
use reqwest::Method;

use crate::client::{Answer, Desk, seconds};

crate::on_both_engines!(
    a_snapshot_is_the_share_and_goes_on_after_a_cut,
    a_snapshot_is_compressed_when_asked,
    nothing_is_missed_while_many_write,
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
    let ids: Vec<CustomerId> = people(&store, "stay", 4).await.into_iter().collect();
    let reader = Desk::of(&store, "reader", Role::Auditor).await;
    let cursor = cursor_of(&reader).await;
    let mut writers = Vec::new();
    for n in 0..WRITERS {
        let mut desk = Desk::of(&store, &format!("writer {n}"), Role::Agent).await;
        let ids = ids.clone();
        writers.push(tokio::spawn(async move {
            for k in 0..NOTES {
                let text = format!("note {n} {k}");
                desk.ask(ids[(n + k) % ids.len()], Ask::Note { text }).await.good();
            }
        }));
    }
    let mut feed = Stream::open(&reader, &format!("/v1/changes?after={cursor}")).await;
    // The last body of each customer's notes, as a desk would hold them, until every note is in it.
    let mut held: BTreeMap<CustomerId, String> = BTreeMap::new();
    let count = |held: &BTreeMap<CustomerId, String>| {
        held.values().map(|b| b.matches("\"text\"").count()).sum::<usize>()
    };
    while count(&held) < WRITERS * NOTES {
        let (lines, _) = feed.batch().await;
        for line in lines {
            if let Seen::Changed(id, Facet::Notes, body) = line {
                held.insert(id, body);
            }
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for (id, body) in held {
        let now = serde_json::to_value(reader.customer(id).await.notes).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&body).unwrap(), now);
    }
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
