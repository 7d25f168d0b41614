//! Finding customers by the store: names in every script, and inside what is masked.

use madoguchi_domain::{CustomerId, account::LockCause, role::Role};
use madoguchi_protocol::search::{Field, SearchAnswer, SearchRequest};
use madoguchi_testkit::store::TestStore;

use crate::client::{Answer, Desk};

crate::on_both_engines!(
    every_form_of_a_name_and_half_an_address_find_her,
    what_is_out_of_sight_is_not_found,
    many_of_the_same_name_hide_nobody,
);

async fn find(desk: &Desk, query: &str, locked: bool) -> SearchAnswer {
    let request = SearchRequest { query: query.to_owned(), locked, brand: None, limit: 10 };
    let answer: Answer<SearchAnswer> = desk.post("/v1/search", &request).await;
    answer.good()
}

async fn every_form_of_a_name_and_half_an_address_find_her(store: TestStore) {
    let mut misaki = store.person("田中 美咲", "misaki.tanaka@example.jp", &["stay"]);
    misaki.name.reading = Some("タナカ ミサキ".to_owned());
    misaki.name.romaji = Some("Tanaka Misaki".to_owned());
    misaki.identifiers[1].value = "+819012344821".to_owned();
    let id = misaki.id;
    let other = store.person("Amelia Hartley", "amelia@example.com", &["stay"]);
    store.add(vec![misaki, other]).await;
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    for (query, field) in [
        ("田中", Field::Written),
        ("美咲", Field::Written),
        ("田中美咲", Field::Written),
        ("田中様", Field::Written),
        ("たなか", Field::Reading),
        ("ﾀﾅｶ", Field::Reading),
        ("tanaka", Field::Romaji),
        ("Misaki Tanaka", Field::Romaji),
        ("ki.tana", Field::Email),
        ("misaki.tanaka@example.jp", Field::Email),
        ("4821", Field::Phone),
        ("090-1234-48", Field::Phone),
        (&id.to_string(), Field::CustomerId),
    ] {
        let found = find(&desk, query, false).await.found;
        assert_eq!(found.iter().map(|f| f.id).collect::<Vec<_>>(), [id], "{query}");
        if !matches!(query, "tanaka" | "Misaki Tanaka") {
            assert_eq!(found[0].field, field, "{query}");
        }
        assert!(found[0].profile.identifiers.iter().all(|i| i.clear.is_none()));
    }
    for query in ["", " ", "佐藤", "zzzz", "%", "'; drop table customer; --"] {
        assert!(find(&desk, query, false).await.found.is_empty(), "{query}");
    }
    assert!(find(&desk, "田中", true).await.found.is_empty());
    let account = desk.account(id).await.id;
    desk.lock(id, account, LockCause::CustomerRequest).await;
    let found = find(&desk, "田中", true).await.found;
    assert_eq!(found[0].lock.as_ref().unwrap().cause, LockCause::CustomerRequest);
}

async fn what_is_out_of_sight_is_not_found(store: TestStore) {
    let hidden = store.person("田中 花子", "hanako@example.jp", &["ferry"]);
    let id = hidden.id;
    store.add(vec![hidden]).await;
    store.add_agent_for("sato", Role::Agent, &["stay"], &[]).await;
    let desk = Desk::sign_in(&store, "sato").await;
    for query in ["田中", "hanako", &id.to_string()] {
        assert!(find(&desk, query, false).await.found.is_empty(), "{query}");
    }
}

async fn many_of_the_same_name_hide_nobody(store: TestStore) {
    // More than a walk looks at, of another brand, and all of them before hers by their tails.
    let many = (0..2_100).map(|n| {
        let mut person = store.person("田中 太郎", &format!("taro{n}@ferry.example"), &["ferry"]);
        person.name.romaji = Some("Tanaka Taro".to_owned());
        person.id = CustomerId::from_bits(n);
        person
    });
    store.add(many.collect()).await;
    let mut hers = store.person("田中 花子", "hanako@stay.example", &["stay"]);
    hers.name.romaji = Some("Tanaka Hanako".to_owned());
    hers.id = CustomerId::from_bits(1 << 30);
    let id = hers.id;
    store.add(vec![hers]).await;
    store.add_agent_for("sato", Role::Agent, &["stay"], &[]).await;
    let mut desk = Desk::sign_in(&store, "sato").await;
    let ids = |answer: SearchAnswer| answer.found.into_iter().map(|f| f.id).collect::<Vec<_>>();
    for query in ["田中", "tanaka", "田中 花子", "花子 田中", "Tanaka Hanako", "hanako tanaka", "田中 花"]
    {
        assert_eq!(ids(find(&desk, query, false).await), [id], "{query}");
    }
    // For who sees every brand, the second word tells her apart, and so does her lock.
    let all = Desk::of(&store, "suzuki", Role::Agent).await;
    for query in ["田中 花子", "tanaka hana"] {
        assert_eq!(ids(find(&all, query, false).await), [id], "{query}");
    }
    assert!(ids(find(&all, "田中", true).await).is_empty());
    let account = desk.account(id).await.id;
    desk.lock(id, account, LockCause::CustomerRequest).await;
    assert_eq!(ids(find(&all, "田中", true).await), [id]);
    assert_eq!(ids(find(&desk, "tanaka", true).await), [id]);
}
