use std::path::Path;

use madoguchi_domain::{
    DeviceId,
    customer::{Name, Profile},
    role::{Agent, Role},
};
use madoguchi_protocol::session::{Me, Policy};
use madoguchi_secrets::Key;
use uuid::Uuid;

use super::*;
use crate::files::Durability;

const NOW: Timestamp = Timestamp::from_micros(1_795_444_331_000_000);

fn me() -> Me {
    Me {
        agent: Agent {
            id: madoguchi_domain::AgentId(DeviceId::new(NOW, [1; 10]).0),
            name: "sato".into(),
            display_name: "Sato".into(),
            role: Role::Agent,
            brands: vec![],
            desk_brands: vec![],
        },
        brands: vec![],
        purposes: vec![],
        policy: Policy { clear_identifiers: false, lease_seconds: 86_400, reveal_seconds: 60 },
        now: NOW,
    }
}

fn held() -> Held {
    Held { round: 1, ..Held::empty(Uuid::from_u128(1), "Madoguchi", me(), NOW, NOW) }
}

fn incoming(id: i64, written: &str) -> Incoming {
    let profile = Profile {
        id: CustomerId::from_bits(id),
        name: Name { written: written.to_owned(), ..Name::default() },
        brands: vec!["stay".into()],
        languages: vec!["ja".to_owned()],
        time_zone: None,
        country: None,
        tier: None,
        since: NOW,
        identifiers: vec![],
        version: 1,
    };
    let profile = serde_json::to_string(&profile).expect("JSON");
    Incoming::new([(Facet::Profile, profile), (Facet::Accounts, "[]".to_owned())]).expect("a customer")
}

async fn open(dir: &Path) -> Cache {
    let path = dir.join("cache.db");
    Cache::new(Database::open(&path, &Key::new([1; 32]), Durability::Normal, &SCHEMA).await.expect("opens"))
}

#[tokio::test]
async fn rows_and_the_cursor_they_lead_to_are_committed_together() {
    let dir = tempfile::tempdir().expect("a folder");
    let cache = open(dir.path()).await;
    let batch: Vec<_> = (1..=450).map(|id| incoming(id, "田中")).collect();
    cache.put_batch(&batch, &held()).await.expect("committed");
    let at = Held { cursor: Some("c.2".to_owned()), ..held() };
    let renamed = incoming(7, "鈴木").facets[0].clone().expect("a profile");
    let changes = [
        Change::Facet(CustomerId::from_bits(7), Facet::Profile, renamed),
        Change::Gone(CustomerId::from_bits(8)),
    ];
    let touched = cache.put_changes(&changes, &at).await.expect("committed");
    assert_eq!(
        touched.iter().map(|(id, row)| (id.bits(), row.is_some())).collect::<Vec<_>>(),
        [(7, true), (8, false)]
    );
    cache.close().await;
    let cache = open(dir.path()).await;
    assert_eq!(cache.held().await.expect("reads"), Some(at));
    assert_eq!(cache.count().await.expect("reads"), 449);
    let seven = cache.customer(CustomerId::from_bits(7)).await.expect("reads").expect("rests here");
    assert_eq!(seven.record.profile.name.written, "鈴木");
    assert!(cache.customer(CustomerId::from_bits(8)).await.expect("reads").is_none());
}

#[tokio::test]
async fn a_new_snapshot_leaves_nobody_it_did_not_bring_but_who_was_opened() {
    let dir = tempfile::tempdir().expect("a folder");
    let cache = open(dir.path()).await;
    cache.put_batch(&[incoming(1, "a"), incoming(2, "b")], &held()).await.expect("committed");
    cache.put_fetched(&incoming(3, "c"), 1, NOW, false).await.expect("committed");
    let next = Held { round: 2, ..held() };
    cache.put_batch(&[incoming(2, "b")], &next).await.expect("committed");
    let gone = cache.end_snapshot(&next).await.expect("committed");
    assert_eq!(gone, [CustomerId::from_bits(1)]);
    assert!(!cache.knows(CustomerId::from_bits(1)).await.expect("reads"));
    assert!(cache.knows(CustomerId::from_bits(3)).await.expect("reads"));
}

#[tokio::test]
async fn noting_a_contact_brings_no_cursor_back_to_a_cache_that_was_emptied() {
    let dir = tempfile::tempdir().expect("a folder");
    let cache = open(dir.path()).await;
    let mut at = Held { cursor: Some("c.2".to_owned()), ..held() };
    cache.put_batch(&[incoming(1, "a")], &at).await.expect("committed");
    let later = NOW.plus(std::time::Duration::from_secs(60));
    at.contact = Contact { store: later, wall: later, seen: later };
    cache.note_contact(&at).await.expect("noted");
    assert_eq!(cache.held().await.expect("reads"), Some(at.clone()));
    // What was read before the cache was emptied is written after it.
    cache.clear().await.expect("emptied");
    cache.note_contact(&at).await.expect("nothing to note");
    assert_eq!(cache.held().await.expect("reads"), None);
    let next = Held::empty(Uuid::from_u128(2), "Another store", me(), NOW, NOW);
    cache.put_held(&next).await.expect("written");
    cache.note_contact(&at).await.expect("not theirs");
    assert_eq!(cache.held().await.expect("reads"), Some(next));
}

#[tokio::test]
async fn a_full_disk_stops_a_batch_whole_and_the_next_attempt_goes_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let cache = open(dir.path()).await;
    cache.put_batch(&[incoming(1, "a")], &held()).await.expect("committed");
    let limit = |pages: i64| sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}")));
    let pages: i64 = {
        let mut writer = cache.database.write().await.expect("open");
        let pages = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *writer).await.expect("a number");
        limit(pages + 2).execute(&mut *writer).await.expect("set");
        pages
    };
    let batch: Vec<_> = (2..=400).map(|id| incoming(id, "田中")).collect();
    let later = Held { cursor: Some("never".to_owned()), ..held() };
    let refused = cache.put_batch(&batch, &later).await.expect_err("no room");
    assert_eq!(refused.code, Code::DiskFull);
    assert!(!cache.damaged());
    assert_eq!((cache.count().await.expect("reads"), cache.held().await.expect("reads")), (1, Some(held())));
    limit(pages + 10_000).execute(&mut *cache.database.write().await.expect("open")).await.expect("set");
    cache.put_batch(&batch, &later).await.expect("there is room again");
    assert_eq!(cache.count().await.expect("reads"), 400);
}

#[test]
fn a_find_row_takes_from_the_accounts_what_it_needs() {
    let profile = incoming(1, "田中 美咲").facets[0].clone().expect("a profile");
    let accounts = r#"[{"id":"x","locks":[],"identities":[{"last_sign_in":null},{"last_sign_in":"2026-11-01T00:00:00Z"}]},
        {"locks":[{"id":"01890000-0000-7000-8000-000000000001","scope":{"kind":"account"},"cause":"fraud",
          "since":"2026-11-01T00:00:00Z","until":null,"by":"mori","note":null,"version":1}],"identities":[]}]"#;
    let row = FindRow::read(&profile, Some(accounts)).expect("reads");
    assert_eq!(row.last_sign_in, "2026-11-01T00:00:00Z".parse().ok());
    assert_eq!(row.lock(NOW).map(|lock| lock.by.as_str()), Some("mori"));
    let again: FindRow =
        serde_json::from_str(&serde_json::to_string(&row).expect("JSON")).expect("its own text");
    assert_eq!(again, row);
}
