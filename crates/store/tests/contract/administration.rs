//! What an operator does to a store that runs, and to one that does not.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use madoguchi_domain::{DeviceId, role::Role};
use madoguchi_protocol::{
    error::Code,
    session::{Me, RefreshRequest, Tokens},
};
use madoguchi_secrets::Secret;
use madoguchi_store::{
    agents::{self, AgentError},
    db::{Conn, DbError},
};
use madoguchi_testkit::store::{PASSWORD, TestStore};
use reqwest::Method;

use crate::client::{Answer, Desk, answer, http, seconds, sign_in_request};

crate::on_both_engines!(
    who_is_disabled_is_out_at_once_until_enabled,
    another_password_ends_what_came_of_the_old_one,
    another_scope_is_seen_at_once,
    what_is_not_there_is_said,
    attempts_are_forgotten_once_they_have_no_effect,
);

async fn try_in(store: &TestStore, name: &str, password: &str) -> Answer<Tokens> {
    let url = format!("{}/v1/session", store.url());
    answer(http().post(url).json(&sign_in_request(name, password, None))).await
}

async fn is_out(store: &TestStore, desk: &Desk) {
    let me: Answer<Me> = desk.get("/v1/me").await;
    assert_eq!(me.code(), Code::SessionRevoked);
    let request = RefreshRequest { refresh_token: desk.tokens.refresh_token.clone() };
    let again: Answer<Tokens> =
        answer(http().post(format!("{}/v1/session/refresh", store.url())).json(&request)).await;
    assert_eq!(again.code(), Code::SessionRevoked);
}

async fn who_is_disabled_is_out_at_once_until_enabled(store: TestStore) {
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let other = Desk::of(&store, "mori", Role::Agent).await;
    let db = store.store().db();
    agents::disable(db, "sato", desk.tokens.me.now).await.unwrap();
    is_out(&store, &desk).await;
    assert_eq!(try_in(&store, "sato", PASSWORD).await.code(), Code::WrongCredentials);
    other.get::<Me>("/v1/me").await.good();
    let listed = agents::all(&mut db.read().await.unwrap()).await.unwrap();
    let out: Vec<&str> =
        listed.iter().filter(|agent| agent.disabled_at.is_some()).map(|agent| agent.name.as_str()).collect();
    assert_eq!(out, ["sato"]);
    agents::enable(db, "sato").await.unwrap();
    is_out(&store, &desk).await;
    try_in(&store, "sato", PASSWORD).await.good();
}

async fn another_password_ends_what_came_of_the_old_one(store: TestStore) {
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let (db, chance, now) = (store.store().db(), store.chance(), desk.tokens.me.now);
    let short = agents::set_password(db, chance, now, "sato", Secret::new("short".to_owned())).await;
    assert!(matches!(short, Err(AgentError::Password)));
    desk.get::<Me>("/v1/me").await.good();
    let other = "another horse battery";
    agents::set_password(db, chance, now, "sato", Secret::new(other.to_owned())).await.unwrap();
    is_out(&store, &desk).await;
    assert_eq!(try_in(&store, "sato", PASSWORD).await.code(), Code::WrongCredentials);
    try_in(&store, "sato", other).await.good();
}

async fn another_scope_is_seen_at_once(store: TestStore) {
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let db = store.store().db();
    agents::set_scope(db, "sato", &["ferry".into()], &[]).await.unwrap();
    let me: Me = desk.get("/v1/me").await.good();
    assert_eq!(me.agent.brands, ["ferry".into()]);
    assert_eq!(me.brands.len(), 1);
    let refused = agents::set_scope(db, "sato", &["train".into()], &[]).await;
    assert!(matches!(refused, Err(AgentError::Brand(_))));
    let me: Me = desk.get("/v1/me").await.good();
    assert_eq!(me.agent.brands, ["ferry".into()], "nothing was changed");
}

async fn what_is_not_there_is_said(store: TestStore) {
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let (db, now) = (store.store().db(), desk.tokens.me.now);
    assert!(matches!(agents::disable(db, "nobody", now).await, Err(AgentError::Unknown(_))));
    assert!(matches!(agents::enable(db, "nobody").await, Err(AgentError::Unknown(_))));
    assert!(matches!(agents::set_scope(db, "nobody", &[], &[]).await, Err(AgentError::Unknown(_))));
    let none = DeviceId(store.chance().uuid());
    assert!(matches!(agents::revoke_desk(db, none, now).await, Err(AgentError::NoDesk(_))));
    agents::revoke_desk(db, desk.device, now).await.unwrap();
    let desks = agents::desks(&mut db.read().await.unwrap()).await.unwrap();
    assert_eq!(desks.len(), 1);
    assert_eq!((desks[0].id, desks[0].agent.as_str()), (desk.device, "sato"));
    assert!(desks[0].revoked_at.is_some());
}

async fn attempts_are_forgotten_once_they_have_no_effect(store: TestStore) {
    async fn attempts(store: &TestStore) -> i64 {
        let sql = "select count(*) from attempt";
        match store.store().db().read().await.unwrap() {
            Conn::Sqlite(mut conn) => sqlx::query_scalar(sql).fetch_one(&mut *conn).await.unwrap(),
            Conn::Postgres(mut conn) => sqlx::query_scalar(sql).fetch_one(&mut *conn).await.unwrap(),
        }
    }
    store.add_agent("sato", Role::Agent).await;
    for name in ["nobody", "somebody", "anybody"] {
        try_in(&store, name, PASSWORD).await;
    }
    assert_eq!(attempts(&store).await, 4, "three names and the address");
    store.clock().advance(seconds(2 * 60 * 60));
    try_in(&store, "sato", PASSWORD).await.good();
    assert_eq!(attempts(&store).await, 1, "the address");
}

/// The command line beside the running store of a test, which has the key 0707….
fn command(store: &TestStore, key: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_madoguchi-store"));
    command.env("MADOGUCHI_DATABASE", store.database()).env("MADOGUCHI_DATABASE_KEY", key);
    command.env("LC_ALL", "C.UTF-8").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn done(mut command: Command, input: &str) -> Output {
    let mut running = command.spawn().unwrap();
    running.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    running.wait_with_output().unwrap()
}

async fn run(store: &TestStore, args: &[&str], input: &str) -> (Option<i32>, String, String) {
    run_with(store, args, &"07".repeat(32), input).await
}

async fn run_with(store: &TestStore, args: &[&str], key: &str, input: &str) -> (Option<i32>, String, String) {
    let mut command = command(store, key);
    command.args(args).current_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"));
    let done = tokio::task::block_in_place(|| done(command, input));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

const IMPORT: [&str; 8] = [
    "import",
    "csv",
    "members.csv",
    "--map=members.toml",
    "--issuer",
    "https://members.example.com",
    "--brand",
    "members",
];

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_running_store_takes_an_agent_and_a_file_and_a_desk_sees_who_came() {
    let store = crate::client::embedded().await;
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let (code, out, err) = run(&store, &["agent", "add", "mori", "--role", "auditor"], PASSWORD).await;
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("added "), "{out}");
    try_in(&store, "mori", PASSWORD).await.good();
    let (code, _, err) = run(&store, &["agent", "add", "mori", "--role", "auditor"], PASSWORD).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("there is already an agent with this name"), "{err}");

    let head = desk.request(Method::GET, "/v1/snapshot").send().await.unwrap().text().await.unwrap();
    let head: serde_json::Value = serde_json::from_str(head.lines().next().unwrap()).unwrap();
    let path = format!("/v1/changes?after={}", head["cursor"].as_str().unwrap());
    let mut feed = desk.request(Method::GET, &path).send().await.unwrap();
    let (code, out, err) = run(&store, &IMPORT, "").await;
    assert_eq!(code, Some(6), "{err}");
    assert_eq!(out, "3 added, 0 updated, 0 unchanged, 4 refused\n");
    assert!(err.contains("members.csv:6: email is not an e-mail address"), "{err}");
    assert!(err.contains("4 rows could not be taken"), "{err}");
    let mut seen = String::new();
    while !seen.contains("Noah Ward") {
        let piece = feed.chunk().await.unwrap().expect("the feed goes on until they came");
        seen.push_str(&String::from_utf8_lossy(&piece));
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_running_store_says_the_same_as_the_command_alone() {
    let mut running = crate::client::embedded().await;
    let alone = {
        let mut store = crate::client::embedded().await;
        store.stop().await;
        store
    };
    let other = "another horse battery";
    for (args, input) in [
        (&["agent", "add", "sato", "--role", "agent", "--brands", "stay,ferry"][..], PASSWORD),
        (&["agent", "scope", "sato", "--brands", "stay"], ""),
        (&["agent", "password", "sato"], other),
        (&["agent", "disable", "sato"], ""),
        (&["agent", "enable", "sato"], ""),
        (&["agent", "list"], ""),
        (&["agent", "disable", "nobody"], ""),
        (&["agent", "password", "sato"], "short"),
        (&["agent", "scope", "sato", "--brands", "train"], ""),
        (&["desk", "list"], ""),
        (&["desk", "revoke", "0198c0de-0000-7000-8000-000000000000"], ""),
        (&IMPORT, ""),
        (&IMPORT, ""),
    ] {
        let (through, itself) = (run(&running, args, input).await, run(&alone, args, input).await);
        // Ids are drawn.
        let drawn = |(code, out, err): (Option<i32>, String, String)| {
            (code, if out.starts_with("added ") { "added".to_owned() } else { out }, err)
        };
        assert_eq!(drawn(through), drawn(itself), "{args:?}");
    }
    try_in(&running, "sato", other).await.good();
    running.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_is_revoked_while_the_store_runs() {
    let store = crate::client::embedded().await;
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let (_, out, _) = run(&store, &["desk", "list"], "").await;
    let row = out.lines().nth(1).expect("one desk");
    assert!(row.starts_with(&format!("{}\tsato\tFront desk\t", desk.device)), "{row}");
    let (code, _, err) = run(&store, &["desk", "revoke", &desk.device.to_string()], "").await;
    assert_eq!(code, Some(0), "{err}");
    let me: Answer<Me> = desk.get("/v1/me").await;
    assert_eq!(me.code(), Code::DeviceRevoked);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_socket_gives_nobody_more_than_the_files_do() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut store = crate::client::embedded().await;
    let socket = store.file().unwrap().with_extension("db.socket");
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    let add = ["agent", "add", "eve", "--role", "administrator"];
    let (code, out, err) = run_with(&store, &add, &"08".repeat(32), PASSWORD).await;
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("cannot be read with this key"), "{err}");
    assert_eq!(try_in(&store, "eve", PASSWORD).await.code(), Code::WrongCredentials);
    store.stop().await;
    assert!(!socket.exists(), "it goes with the store");
    // What a store left behind that was killed.
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    store.start_again().await;
    let (code, _, err) = run(&store, &add, PASSWORD).await;
    assert_eq!(code, Some(0), "{err}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_import_ends_at_a_border_and_the_store_goes_on() {
    use std::{fmt::Write as _, io::BufRead as _};
    let store = crate::client::embedded().await;
    let folder = tempfile::tempdir().unwrap();
    let mut table = "id,name\n".to_owned();
    for number in 0..30_000 {
        writeln!(table, "m-{number},Member {number}").unwrap();
    }
    std::fs::write(folder.path().join("many.csv"), table).unwrap();
    std::fs::write(folder.path().join("map.toml"), "[columns]\nsubject = \"id\"\nname = \"name\"\n").unwrap();
    let mut command = command(&store, &"07".repeat(32));
    command.args([
        "import",
        "csv",
        "many.csv",
        "--map",
        "map.toml",
        "--issuer",
        "https://m.example",
        "--brand",
        "m",
    ]);
    command.current_dir(folder.path());
    let errors = tokio::task::spawn_blocking(move || {
        let mut running = command.spawn().unwrap();
        let mut lines = std::io::BufReader::new(running.stderr.take().unwrap()).lines();
        let first = lines.next().expect("how far it is").unwrap();
        assert!(first.ends_with(" rows"), "{first}");
        let pid = running.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        assert_eq!(running.wait().unwrap().code(), Some(1), "{rest:?}");
        rest
    });
    let errors = errors.await.unwrap();
    let last = errors.last().expect("what became of it");
    assert!(last.contains("stopped after") && last.contains("run it again to go on"), "{last}");
    let sql = "select count(*) from customer";
    let Conn::Sqlite(mut conn) = store.store().db().read().await.unwrap() else { panic!("it is embedded") };
    let there: i64 = sqlx::query_scalar(sql).fetch_one(&mut *conn).await.unwrap();
    assert!(last.contains(&format!("{there} added")), "{there} are there: {last}");
    Desk::of(&store, "sato", Role::Agent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_write_costs_no_connection() {
    let store = crate::client::postgres().await;
    let mut backends = std::collections::BTreeSet::new();
    for _ in 0..40 {
        let seen = std::sync::Arc::new(std::sync::atomic::AtomicI32::new(0));
        let noted = seen.clone();
        let refused = store.store().db().write(move |conn| {
            let noted = noted.clone();
            Box::pin(async move {
                let Conn::Postgres(conn) = conn else { panic!("this is PostgreSQL") };
                let (backend,): (i32,) =
                    sqlx::query_as("select pg_backend_pid()").fetch_one(&mut **conn).await?;
                noted.store(backend, std::sync::atomic::Ordering::Relaxed);
                Err::<(), DbError>(DbError::Missing)
            })
        });
        assert_eq!(refused.await, Err(DbError::Missing));
        backends.insert(seen.load(std::sync::atomic::Ordering::Relaxed));
    }
    assert!(backends.len() <= 16, "{} connections for 40 refusals", backends.len());
}
