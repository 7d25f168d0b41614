//! Bringing customers in, and making them up.

use std::{future::pending, path::PathBuf};

use madoguchi_store::{
    import::{self, Args, Decides, Format, ImportError, MapFault, Means, Refusal, Summary, Told},
    sample,
};
use madoguchi_testkit::store::TestStore;

use crate::texts;

crate::on_both_engines!(
    a_realm_goes_in_with_its_providers_and_without_its_scopes,
    an_auth0_export_goes_in_line_by_line,
    a_table_goes_in_by_its_map,
    a_table_of_a_japanese_company_goes_in,
    running_it_twice_changes_nothing,
    a_newer_export_changes_what_changed,
    what_cannot_be_used_is_said_and_nothing_is_taken,
    it_stops_when_asked_and_goes_on_when_run_again,
    a_sample_goes_into_an_empty_store_once,
);

const ISSUER: &str = "https://members.example.com";

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn args(format: Format, file: &str, map: Option<&str>) -> Args {
    Args {
        format,
        file: fixture(file),
        map: map.map(fixture),
        issuer: ISSUER.to_owned(),
        brand: "members".to_owned(),
        authority: Decides::Source,
        region: "JP".to_owned(),
    }
}

async fn bring(store: &TestStore, args: &Args) -> (Result<Summary, ImportError>, Vec<(u64, Refusal)>) {
    let data = store.store();
    let means = Means { db: data.db(), keys: data.keys(), chance: data.chance(), clock: data.clock() };
    let mut refused = Vec::new();
    let done = import::bring_in(args, &means, pending(), &mut |told| {
        if let Told::Refused(line, why) = told {
            refused.push((line, why));
        }
    })
    .await;
    (done, refused)
}

/// Everything that an import could change, in a fixed order.
async fn dump(store: &TestStore) -> Vec<String> {
    let mut rows = Vec::new();
    for sql in [
        "select written || '|' || coalesce(reading, '') || '|' || languages || '|' || cast(version as text) || '|' ||
         cast(customer_id as text) from customer order by customer_id",
        "select kind || '|' || value || '|' || masked || '|' || cast(coalesce(verified_at, 0) as text) || '|' ||
         cast(held_since as text) from identifier order by kind, value",
        "select issuer || '|' || external_id || '|' || authority || '|' || cast(lock_version as text) from account
         order by external_id",
        "select kind || '|' || issuer || '|' || subject || '|' || masked from identity order by issuer, subject",
        "select cause || '|' || set_by || '|' || cast(since as text) || '|' || cast(coalesce(ended_at, 0) as text)
         from account_lock order by since, set_by",
        "select identity_kind || '|' || cast(at as text) from sign_in order by at",
        "select text from note order by text",
        "select tail || '|' || field || '|' || cast(customer_id as text) from find order by tail, field, customer_id",
        "select kind || '|' || cast(number as text) from entry order by number",
        "select cast(seq as text) from change order by seq",
    ] {
        rows.extend(texts(store, sql).await);
    }
    rows
}

async fn a_realm_goes_in_with_its_providers_and_without_its_scopes(store: TestStore) {
    let (done, refused) = bring(&store, &args(Format::Keycloak, "realm.json", None)).await;
    assert_eq!(done.unwrap(), Summary { added: 2, updated: 0, unchanged: 0, refused: 1 });
    assert_eq!(refused, [(39, Refusal::Type("enabled".to_owned()))], "the broken user, by its first line");
    let names =
        texts(&store, "select written || '|' || coalesce(reading, '') from customer order by written").await;
    assert_eq!(
        names,
        ["Tom <img src=x onerror=alert(1)> Becker|", "渡邉 美咲|ワタナベ ミサキ"],
        "payloads stay text"
    );
    let ways =
        texts(&store, "select kind || '|' || issuer || '|' || subject from identity order by kind").await;
    assert_eq!(
        ways,
        [
            "enterprise|https://login.works.example.com|w-1001",
            "google|https://accounts.google.com|10320000000000000001",
            "password|https://members.example.com|5b1f7a8e-0001-4c7e-9b1a-000000000001",
        ]
    );
    let handles =
        texts(&store, "select value from identifier where verified_at is not null order by kind").await;
    assert_eq!(handles, ["Misaki.Watanabe@example.jp", "+819001234567"]);
    assert_eq!(
        texts(&store, "select cause || '|' || set_by from account_lock").await,
        ["disabled_at_source|https://members.example.com"]
    );
    assert_eq!(texts(&store, "select distinct authority from account").await, ["source"]);
    assert!(texts(&store, "select purpose from consent_event").await.is_empty(), "scopes are no purposes");
    let everything = dump(&store).await.join("\n");
    assert!(!everything.contains("c2VjcmV0LWhhc2g="), "nothing of a password is taken");
}

async fn an_auth0_export_goes_in_line_by_line(store: TestStore) {
    let (done, refused) = bring(&store, &args(Format::Auth0, "users.jsonl", None)).await;
    assert_eq!(done.unwrap(), Summary { added: 3, updated: 0, unchanged: 0, refused: 2 });
    assert_eq!(refused, [(3, Refusal::NotJson), (5, Refusal::NoDate("created_at"))]);
    let names = texts(&store, "select written from customer order by written").await;
    assert_eq!(names, ["Grace O'Brien", "佐藤 陽翔", "鈴木 彩"]);
    let ways =
        texts(&store, "select kind || '|' || issuer || '|' || subject from identity order by kind").await;
    assert_eq!(
        ways,
        [
            "enterprise|https://members.example.com/connections/corp|aya",
            "google|https://accounts.google.com|10320000000000000002",
            "line|https://access.line.me|U0123456789abcdef0123456789abcdef",
            "password|https://members.example.com|auth0|0001",
        ]
    );
    assert_eq!(texts(&store, "select cause from account_lock").await, ["disabled_at_source"], "blocked");
    assert_eq!(texts(&store, "select address from sign_in").await, ["192.0.2.7"], "the last sign-in");
}

async fn a_table_goes_in_by_its_map(store: TestStore) {
    let (done, refused) = bring(&store, &args(Format::Csv, "members.csv", Some("members.toml"))).await;
    assert_eq!(done.unwrap(), Summary { added: 3, updated: 0, unchanged: 0, refused: 4 });
    assert_eq!(
        refused,
        [
            (5, Refusal::Cells { heading: 9, found: 2 }),
            (6, Refusal::NoEmail),
            (7, Refusal::Twice(2)),
            (8, Refusal::IdentityTaken("https://access.line.me".to_owned())),
        ]
    );
    assert_eq!(texts(&store, "select text from note").await, ["二行の\nメモ, \"引用\" あり"]);
    let names =
        texts(&store, "select written || '|' || coalesce(reading, '') from customer order by written").await;
    assert_eq!(names, ["<script>alert(1)</script>|", "Noah Ward|", "田中 葵|タナカ アオイ"]);
    let since = texts(&store, "select cast(since as text) from customer order by since").await;
    assert_eq!(since[0], "1714489200000000", "midnight in Japan, 2024-05-01");
    assert_eq!(texts(&store, "select cause from account_lock").await.len(), 1, "closed");
    assert!(
        texts(&store, "select brand from brand").await.contains(&"members".to_owned()),
        "the brand was made"
    );
}

async fn a_table_of_a_japanese_company_goes_in(store: TestStore) {
    let (done, refused) = bring(&store, &args(Format::Csv, "sjis.csv", Some("sjis.toml"))).await;
    assert_eq!(refused, [(4, Refusal::NotText)]);
    assert_eq!(done.unwrap().added, 2);
    let names =
        texts(&store, "select written || '|' || coalesce(reading, '') from customer order by written").await;
    assert_eq!(names, ["能登① 太郎|ノト タロウ", "髙橋 彩|タカハシ アヤ"]);
    assert_eq!(texts(&store, "select value from identifier where kind = 'phone'").await, ["+81301234567"]);
}

async fn running_it_twice_changes_nothing(store: TestStore) {
    for (format, file, map, rows) in [
        (Format::Keycloak, "realm.json", None, 2),
        (Format::Auth0, "users.jsonl", None, 3),
        (Format::Csv, "members.csv", Some("members.toml"), 3),
    ] {
        // Each source has an issuer of its own: two of the files know the same LINE user.
        let args = Args { issuer: format!("{ISSUER}/{file}"), ..args(format, file, map) };
        bring(&store, &args).await.0.unwrap();
        let before = dump(&store).await;
        let (again, _) = bring(&store, &args).await;
        let again = again.unwrap();
        assert_eq!((again.added, again.updated, again.unchanged), (0, 0, rows), "{file}");
        assert_eq!(dump(&store).await, before, "{file}");
    }
}

async fn a_newer_export_changes_what_changed(store: TestStore) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("realm.json");
    let newer = std::fs::read_to_string(fixture("realm.json"))
        .unwrap()
        .replace("\"lastName\": \"渡邉\"", "\"lastName\": \"佐藤\"")
        .replace("Misaki.Watanabe@example.jp", "misaki.sato@example.jp")
        .replace("\"enabled\": false", "\"enabled\": true")
        .replace(
            "{ \"identityProvider\": \"works\", \"userId\": \"w-1001\", \"userName\": \"misaki\" }",
            "{ \"identityProvider\": \"google\", \"userId\": \"2\" }",
        );
    std::fs::write(&file, newer).unwrap();
    let old = args(Format::Keycloak, "realm.json", None);
    bring(&store, &old).await.0.unwrap();
    let seq = texts(&store, "select cast(max(seq) as text) from change").await;
    let newer = Args { file, ..old };
    assert_eq!(bring(&store, &newer).await.0.unwrap().updated, 2);
    let names = texts(&store, "select written from customer order by written").await;
    assert_eq!(names[1], "佐藤 美咲");
    let handles = texts(&store, "select value from identifier where kind = 'email' order by value").await;
    assert_eq!(handles, ["misaki.sato@example.jp", "tom@example.com"]);
    assert_eq!(
        texts(&store, "select subject from identity where kind = 'google' order by subject").await,
        ["10320000000000000001", "2"]
    );
    assert!(texts(&store, "select subject from identity where kind = 'enterprise'").await.is_empty());
    assert!(
        texts(&store, "select cause from account_lock where ended_at is null").await.is_empty(),
        "enabled again"
    );
    let found =
        "select tail from find where tail in ('佐藤美咲', '渡邉美咲', 'misaki.sato@example.jp', '渡辺美咲')";
    let found = texts(&store, found).await;
    assert!(
        found.contains(&"佐藤美咲".to_owned()) && !found.iter().any(|tail| tail.starts_with('渡')),
        "{found:?}"
    );
    assert_ne!(texts(&store, "select cast(max(seq) as text) from change").await, seq, "desks are told");
    let before = dump(&store).await;
    assert_eq!(bring(&store, &newer).await.0.unwrap().unchanged, 2);
    assert_eq!(dump(&store).await, before);
}

async fn what_cannot_be_used_is_said_and_nothing_is_taken(store: TestStore) {
    let (cut, _) = bring(&store, &args(Format::Keycloak, "cut-realm.json", None)).await;
    assert!(matches!(cut, Err(ImportError::Malformed { line: 2.., .. })), "{cut:?}");
    let (column, _) = bring(&store, &args(Format::Csv, "members.csv", Some("missing-column.toml"))).await;
    assert!(
        matches!(&column, Err(ImportError::Map { what: MapFault::NoColumn { named, .. }, .. }) if named == "携帯"),
        "{column:?}"
    );
    let (list, _) = bring(&store, &args(Format::Auth0, "list.json", None)).await;
    assert!(matches!(list, Err(ImportError::Malformed { line: 1, .. })), "{list:?}");
    let (missing, _) = bring(&store, &args(Format::Auth0, "nowhere.jsonl", None)).await;
    assert!(matches!(missing, Err(ImportError::File { .. })), "{missing:?}");
    let (map, _) = bring(&store, &args(Format::Csv, "members.csv", None)).await;
    assert!(matches!(map, Err(ImportError::MapNeeded)), "{map:?}");
    assert!(texts(&store, "select written from customer").await.is_empty());
}

async fn it_stops_when_asked_and_goes_on_when_run_again(store: TestStore) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.jsonl");
    let lines: String = (0..1_200)
        .map(|n| format!("{{\"user_id\":\"auth0|{n}\",\"email\":\"n{n}@example.jp\"}}\n"))
        .collect();
    std::fs::write(&file, lines).unwrap();
    let args = Args { file, ..args(Format::Auth0, "users.jsonl", None) };
    let data = store.store();
    let means = Means { db: data.db(), keys: data.keys(), chance: data.chance(), clock: data.clock() };
    let (ask, asked) = tokio::sync::oneshot::channel();
    let mut ask = Some(ask);
    let stop = async {
        let _ = asked.await;
    };
    let stopped = import::bring_in(&args, &means, stop, &mut |told| {
        if let (Told::Written { .. }, Some(ask)) = (told, ask.take()) {
            ask.send(()).unwrap();
        }
    })
    .await;
    let Err(ImportError::Stopped(first)) = stopped else { panic!("{stopped:?}") };
    assert_eq!(first.added, 500, "up to the border of a batch");
    let (done, _) = bring(&store, &args).await;
    assert_eq!(done.unwrap(), Summary { added: 700, updated: 0, unchanged: 500, refused: 0 });
}

async fn a_sample_goes_into_an_empty_store_once(store: TestStore) {
    let data = store.store();
    let fill = async |customers, seed| {
        let args = sample::Args { customers, seed };
        sample::run(&args, data.db(), data.keys(), data.chance(), data.clock()).await
    };
    let summary = |added, present| sample::Summary { added, present };
    assert_eq!(fill(60, 1).await.unwrap(), summary(60, 0));
    let before = dump(&store).await;
    assert_eq!(fill(60, 1).await.unwrap(), summary(0, 60));
    assert_eq!(dump(&store).await, before, "nothing changes");
    assert_eq!(fill(80, 1).await.unwrap(), summary(20, 60), "it can grow");
    assert!(matches!(fill(10, 2).await, Err(sample::SampleError::NotEmpty)), "but never stand among others");
    let notices = texts(&store, "select distinct language from notice order by language").await;
    assert_eq!(notices, ["en", "ja"]);
}
