//! The embedded database as a file: encrypted, held by one process, and known again after a restore.

use std::sync::Arc;

use madoguchi_domain::role::Role;
use madoguchi_protocol::error::Code;
use madoguchi_secrets::Key;
use madoguchi_store::{
    Options, Store,
    chance::Chance,
    db::{OpenError, key::KeySource},
};
use madoguchi_testkit::{clock::TestClock, store::TestStore};

use crate::client::{Answer, Desk};

async fn open(store: &TestStore, key: [u8; 32]) -> Result<Store, OpenError> {
    let clock = Arc::new(TestClock::default());
    let key = KeySource::Given(Key::new(key));
    Store::open(store.database(), &key, clock, Chance::new([1; 32]), Options::default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_refused_and_told_who_holds_the_file() {
    let store = crate::client::embedded().await;
    let refused = open(&store, [7; 32]).await.expect_err("it is held").to_string();
    assert!(refused.contains(&std::process::id().to_string()), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_opens_nothing_and_breaks_nothing() {
    let mut store = crate::client::embedded().await;
    store.stop().await;
    assert!(matches!(open(&store, [8; 32]).await, Err(OpenError::WrongKey(_))));
    store.start_again().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_and_no_address_can_be_read_in_any_file() {
    let mut store = crate::client::embedded().await;
    store.add(vec![store.person("田中 美咲", "misaki.canary@example.jp", &["stay"])]).await;
    let file = store.file().unwrap();
    let folder = file.parent().unwrap().to_owned();
    for closed in [false, true] {
        if closed {
            store.stop().await;
        }
        let mut files = 0;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            // A socket holds nothing.
            if !path.is_file() {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            files += 1;
            for canary in ["misaki.canary", "田中", "example.jp", "SQLite format 3"] {
                let found = bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
                assert!(!found, "{canary} in {}", path.display());
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{}", path.display());
            }
        }
        assert!(files >= 4, "the database, its keys, and what lies beside them");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_ends_older_cursors() {
    let mut store = crate::client::embedded().await;
    let person = store.person("田中 美咲", "misaki@example.jp", &["stay"]);
    let id = person.id;
    store.add(vec![person]).await;
    store.add_agent("sato", Role::Agent).await;
    let file = store.file().unwrap();
    store.stop().await;
    let backup = std::fs::read(&file).unwrap();
    store.start_again().await;
    let mut desk = Desk::sign_in(&store, "sato").await;
    desk.ask(id, madoguchi_domain::action::Ask::Note { text: "after the backup".to_owned() }).await.good();
    let head = desk.request(reqwest::Method::GET, "/v1/snapshot").send().await.unwrap().text().await.unwrap();
    let head: serde_json::Value = serde_json::from_str(head.lines().next().unwrap()).unwrap();
    let path = format!("/v1/changes?after={}", head["cursor"].as_str().unwrap());
    store.stop().await;
    store.start_again().await;
    let desk = Desk::sign_in(&store, "sato").await;
    assert_eq!(
        desk.request(reqwest::Method::GET, &path).send().await.unwrap().status(),
        200,
        "a restart ends nothing"
    );
    store.stop().await;
    std::fs::write(&file, backup).unwrap();
    store.start_again().await;
    let desk = Desk::sign_in(&store, "sato").await;
    let refused: Answer<()> = desk.get(&path).await;
    assert_eq!(refused.code(), Code::CursorUnknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_without_their_keys_are_not_given_new_ones() {
    let mut store = crate::client::embedded().await;
    store.add(vec![store.person("田中 美咲", "misaki@example.jp", &["stay"])]).await;
    let keys = store.file().unwrap().with_extension("db.keys");
    store.stop().await;
    let kept = std::fs::read(&keys).unwrap();
    std::fs::remove_file(&keys).unwrap();
    let refused = open(&store, [7; 32]).await.expect_err("the keys are lost");
    assert!(
        matches!(&refused, OpenError::KeysLost(place) if *place == keys.display().to_string()),
        "{refused}"
    );
    assert!(!keys.exists(), "nothing is in the way of the one that is put back");
    std::fs::write(&keys, kept).unwrap();
    store.start_again().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_without_the_schema_of_their_keys_are_not_given_new_ones() {
    let mut store = crate::client::postgres().await;
    store.add(vec![store.person("田中 美咲", "misaki@example.jp", &["stay"])]).await;
    store.stop().await;
    let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(store.database()).await.unwrap();
    sqlx::raw_sql("alter schema madoguchi_keys rename to away").execute(&mut conn).await.unwrap();
    let refused = open(&store, [7; 32]).await.expect_err("the keys are lost");
    assert!(matches!(&refused, OpenError::KeysLost(place) if place == "madoguchi_keys"), "{refused}");
    sqlx::raw_sql("alter schema away rename to madoguchi_keys").execute(&mut conn).await.unwrap();
    store.start_again().await;
}
