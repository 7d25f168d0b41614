//! Whoever begins a request and does not end it.

use std::{sync::Arc, time::Duration};

use madoguchi_secrets::Key;
use madoguchi_store::{Options, Store, chance::Chance, db::key::KeySource};
use madoguchi_testkit::clock::TestClock;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::client::seconds;

/// What an impatient store answers to this; it must close the connection by itself.
async fn answered(sent: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("store.db").display());
    let key = KeySource::Given(Key::new([7; 32]));
    let short = Duration::from_millis(100);
    let options = Options { head_within: short, body_within: short, ..Options::default() };
    let clock = Arc::new(TestClock::default());
    let store = Store::open(&database, &key, clock, Chance::new([1; 32]), options).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = store.clone();
    let served =
        tokio::spawn(async move { serving.serve(listener, None, async { drop(stopped.await) }).await });
    let mut stranger = TcpStream::connect(address).await.unwrap();
    stranger.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(seconds(30), stranger.read_to_end(&mut answer));
    read.await.expect("the store ends it").unwrap();
    drop(stop);
    served.await.unwrap().unwrap();
    store.close().await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_is_hung_up_on() {
    answered("").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_end_is_hung_up_on() {
    answered("GET /v1/store HTTP/1.1\r\nhost: store\r\n").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_end_is_refused() {
    let head =
        "POST /v1/session HTTP/1.1\r\nhost: store\r\ncontent-type: application/json\r\ncontent-length: 100";
    let answer = answered(&format!("{head}\r\n\r\n{{\"name\":")).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}
