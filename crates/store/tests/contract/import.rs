//! Bringing customers in, and making them up.

use std::{
    future::pending,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use madoguchi_domain::{Clock as _, CustomerId};
use madoguchi_ledger::EntryKind;
use madoguchi_store::{
    db::{
        Conn,
        history::{About, append},
    },
    import::{self, Args, Decides, Format, ImportError, MapFault, Means, Refusal, Summary, Told},
    sample,
};
use madoguchi_testkit::store::TestStore;
use tokio::sync::Semaphore;

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
    what_a_database_cannot_keep_is_told_by_its_row,
    who_decides_stays_unless_it_is_said,
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
        authority: None,
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

async fn what_a_database_cannot_keep_is_told_by_its_row(store: TestStore) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let map = write(
        "map.toml",
        "[columns]\nsubject = \"id\"\nname = \"name\"\nloyalty = \"card\"\n\n[[identity]]\nkind = \"google\"\nsubject = \"google\"\n\
         address = \"mail\"\n",
    );
    // In UTF-8: 167 of three bytes each are more than 500 bytes.
    let long = "長".repeat(167);
    let fits = "長".repeat(166);
    let rows = format!(
        "id,name,card,google,mail\n{long},A,,,\n2,B,{long},,\n3,C,,{long},\n4,D,,4,a\0b@example.jp\n5,E,,5,{}\n{fits},F,{fits},{fits},\n",
        "長".repeat(1_001)
    );
    let file = write("rows.csv", &rows);
    let args = Args { file, map: Some(map), ..args(Format::Csv, "members.csv", None) };
    let (done, refused) = bring(&store, &args).await;
    assert_eq!(done.unwrap(), Summary { added: 1, updated: 0, unchanged: 0, refused: 5 });
    let expected = [
        (2, Refusal::FieldTooLong("subject")),
        (3, Refusal::FieldTooLong("loyalty")),
        (4, Refusal::FieldTooLong("identity")),
        (5, Refusal::Nul("identity")),
        (6, Refusal::FieldTooLong("identity")),
    ];
    assert_eq!(refused, expected);
    assert_eq!(texts(&store, "select written from customer").await, ["F"]);
}

async fn who_decides_stays_unless_it_is_said(store: TestStore) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.jsonl");
    let write = |name: &str, more: &str| {
        let user = format!("{{\"user_id\":\"auth0|1\",\"name\":\"{name}\",\"blocked\":true}}\n{more}");
        std::fs::write(&file, user).unwrap();
    };
    let unsaid = Args { file: file.clone(), ..args(Format::Auth0, "users.jsonl", None) };
    let said = |decides| Args { authority: Some(decides), ..unsaid.clone() };
    let authorities = async || texts(&store, "select authority from account order by external_id").await;
    write("A", "");
    bring(&store, &said(Decides::Store)).await.0.unwrap();
    assert_eq!(bring(&store, &unsaid).await.0.unwrap().unchanged, 1);
    write("B", "{\"user_id\":\"auth0|2\",\"name\":\"C\"}\n");
    let changed = bring(&store, &unsaid).await.0.unwrap();
    assert_eq!((changed.added, changed.updated), (1, 1));
    assert_eq!(authorities().await, ["store", "source"]);
    bring(&store, &said(Decides::Source)).await.0.unwrap();
    assert_eq!(authorities().await, ["source", "source"]);
}

/// On PostgreSQL many write at once: an import that took a number must not wait for an account that an action holds
/// while it waits for its number.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_and_an_action_never_wait_for_each_other() {
    let store = crate::client::postgres().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.jsonl");
    let write = |name: &str| {
        let user = |n| format!("{{\"user_id\":\"auth0|{n}\",\"name\":\"{name} {n}\"}}\n");
        std::fs::write(&file, user(1) + &user(2)).unwrap();
    };
    let args = Args { file: file.clone(), ..args(Format::Auth0, "users.jsonl", None) };
    write("A");
    bring(&store, &args).await.0.unwrap();
    write("B");
    let (held, go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let tries = Arc::new(AtomicU32::new(0));
    let own = (held.clone(), go.clone(), tries.clone(), store.store().clone(), store.clock().now());
    let db = store.store().db().clone();
    let action = tokio::spawn(async move {
        db.write(move |conn| {
            let (held, go, tries, store, now) = own.clone();
            Box::pin(async move {
                tries.fetch_add(1, Ordering::SeqCst);
                let Conn::Postgres(c) = conn else { panic!("it is PostgreSQL") };
                // Were there a knot, this one would see it first.
                sqlx::query("set local deadlock_timeout = '1ms'").execute(&mut **c).await?;
                let held_one = "select customer_id from account where external_id = 'auth0|2' for update";
                let customer: i64 = sqlx::query_scalar(held_one).fetch_one(&mut **c).await?;
                held.add_permits(1);
                let _go = go.acquire().await.unwrap();
                let about = About {
                    customer: CustomerId::from_bits(customer),
                    account: None,
                    source: "store",
                    kind: EntryKind::Action,
                    at: now,
                };
                append(conn, store.keys(), store.chance(), about, &"done").await
            })
        })
        .await
    });
    held.acquire().await.unwrap().forget();
    let importing = bring(&store, &args);
    let waiting = "select cast(count(*) as text) from pg_stat_activity
                   where datname = current_database() and wait_event_type = 'Lock'";
    let let_go = async {
        while texts(&store, waiting).await != ["1"] {
            tokio::task::yield_now().await;
        }
        go.add_permits(1);
    };
    let ((done, _), ()) = tokio::join!(importing, let_go);
    assert_eq!(done.unwrap().updated, 2);
    action.await.unwrap().unwrap();
    assert_eq!(tries.load(Ordering::SeqCst), 1, "no knot had to be cut");
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
