//! A desk that is killed at random points: of all actions it showed as saved, none is lost, doubled or reordered
//! within a customer.

use std::{
    collections::{BTreeMap, HashMap},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use madoguchi_desk::{
    Desk, DeskConfig,
    view::{Credentials, FindRequest, Phase, SyncState},
};
use madoguchi_domain::CustomerId;
use madoguchi_secrets::Key;
use madoguchi_testkit::{keyring::TestKeyring, store::PASSWORD};
use rand::{Rng, SeedableRng, rngs::StdRng};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use tokio::sync::mpsc;

use crate::place::{DeskClock, Place, name, note, patience, until};

/// Kills in a run of the tests; `MADOGUCHI_SOAK_N` says otherwise, `MADOGUCHI_SOAK` alone means a thousand.
const KILLS: u64 = 100;

/// More than one batch of a snapshot, so that a kill may fall between two.
const CUSTOMERS: usize = 1200;

/// Customers that actions are about: few, so that lanes are long.
const ABOUT: usize = 8;

fn kills() -> u64 {
    let number = std::env::var("MADOGUCHI_SOAK_N").ok().and_then(|n| n.parse().ok());
    number.unwrap_or(if std::env::var_os("MADOGUCHI_SOAK").is_some() { 1000 } else { KILLS })
}

/// A desk in a process of its own. It dies with the test.
struct Doomed(Child);

impl Doomed {
    /// SIGKILL, and what is left of it taken away.
    fn kill(&mut self) {
        self.0.kill().expect("SIGKILL");
        self.0.wait().expect("it is dead");
    }
}

impl Drop for Doomed {
    fn drop(&mut self) {
        // Ended already, unless the test failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a child says, line by line, until it ends.
type Lines = mpsc::UnboundedReceiver<String>;

fn start(place: &Place, keys: &Path, task: &str, seed: u64) -> (Doomed, Lines) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "kills::child", "--nocapture"])
        .env("MADOGUCHI_CHILD_HOME", place.home.path())
        .env("MADOGUCHI_CHILD_KEYS", keys)
        .env("MADOGUCHI_CHILD_STORE", place.store.url())
        .env("MADOGUCHI_CHILD_TASK", task)
        .env("MADOGUCHI_CHILD_SEED", seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let said = BufReader::new(child.stdout.take().expect("piped"));
    let (to, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in said.lines().map_while(Result::ok) {
            if to.send(line).is_err() {
                return;
            }
        }
    });
    (Doomed(child), lines)
}

/// Reads what the child says until it ends; `SAVED action customer`.
async fn listen(lines: &mut Lines, saved: &mut Vec<(String, i64)>) -> Option<String> {
    let line = lines.recv().await?;
    let mut words = line.split(' ');
    if words.next() == Some("SAVED") {
        let action = words.next().expect("an action").to_owned();
        saved.push((action, words.next().and_then(|c| c.parse().ok()).expect("a customer")));
    }
    Some(line)
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_lose_nothing() {
    let mut place = Place::with(CUSTOMERS).await;
    let keys = tempfile::tempdir().expect("a folder");
    let mut rng = StdRng::seed_from_u64(20_261_123);
    let mut saved: Vec<(String, i64)> = Vec::new();
    let rounds = kills();
    for round in 0..rounds {
        let task = if round % 5 == 4 { "again" } else { "act" };
        let (mut child, mut lines) = start(&place, keys.path(), task, round + 1);
        // A quarter is killed while it opens and syncs, the others some moments after the first action was saved.
        let early = rng.random_range(0..4) == 0;
        let span = Duration::from_millis(rng.random_range(0..if early { 600 } else { 200 }));
        if !early {
            while let Some(line) = listen(&mut lines, &mut saved).await {
                if line.starts_with("SAVED") {
                    break;
                }
            }
        }
        let listening = async { while listen(&mut lines, &mut saved).await.is_some() {} };
        let ended = tokio::time::timeout(span, listening).await;
        assert!(ended.is_err(), "the desk ended by itself in round {round}");
        child.kill();
        // What it had said before it died is still in the pipe.
        while listen(&mut lines, &mut saved).await.is_some() {}
    }
    let (mut child, mut lines) = start(&place, keys.path(), "drain", 0);
    let mut drained = false;
    while let Some(line) = listen(&mut lines, &mut saved).await {
        drained |= line == format!("DRAINED {CUSTOMERS}");
    }
    assert!(child.0.wait().expect("it ends").success() && drained, "the last desk did not drain");

    let file = place.store.file().expect("embedded");
    place.store.stop().await;
    let done = done(&file).await;
    let mut place_of: HashMap<&str, usize> = HashMap::new();
    for (at, (action, _)) in done.iter().enumerate() {
        assert!(place_of.insert(action, at).is_none(), "{action} was done twice");
    }
    let mut last: BTreeMap<i64, usize> = BTreeMap::new();
    for (action, customer) in &saved {
        let at = *place_of.get(action.as_str()).unwrap_or_else(|| panic!("{action} was saved and is lost"));
        assert_eq!(done[at].1, *customer, "{action} was done to somebody else");
        let before = last.insert(*customer, at);
        assert!(before.is_none_or(|before| before < at), "{action} was reordered");
    }
    assert!(saved.len() as u64 > rounds, "too few actions to prove anything: {}", saved.len());
    eprintln!(
        "{rounds} kills, {} actions saved, {} done: none lost, doubled or reordered (seed 20261123)",
        saved.len(),
        done.len()
    );
}

/// What the store did, in the order of its history.
async fn done(file: &Path) -> Vec<(String, i64)> {
    let mut database = SqliteConnectOptions::new()
        .filename(file)
        .pragma("key", Key::new([7; 32]).sqlcipher_pragma().expose().to_owned())
        .disable_statement_logging()
        .connect()
        .await
        .expect("the store's data");
    let rows: Vec<(uuid::Uuid, i64)> =
        sqlx::query_as("SELECT action_id, customer_id FROM action WHERE entry IS NOT NULL ORDER BY entry")
            .fetch_all(&mut database)
            .await
            .expect("the store's actions");
    let notes: i64 =
        sqlx::query_scalar("SELECT count(*) FROM note").fetch_one(&mut database).await.expect("notes");
    assert_eq!(usize::try_from(notes).ok(), Some(rows.len()), "an action had its effect twice or not at all");
    database.close().await.expect("closes");
    rows.into_iter().map(|(action, customer)| (action.to_string(), customer)).collect()
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("the parent listens");
}

fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: this is started by kills_lose_nothing"))
}

/// The desk that is killed.
#[test]
#[ignore = "the process that kills_lose_nothing starts and kills"]
fn child() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work(&told("MADOGUCHI_CHILD_TASK")));
}

async fn work(task: &str) {
    let seed: u64 = told("MADOGUCHI_CHILD_SEED").parse().expect("a number");
    let mut rng = StdRng::seed_from_u64(seed);
    let config = DeskConfig {
        home: told("MADOGUCHI_CHILD_HOME").into(),
        program: "a desk to be killed".to_owned(),
        clock: Arc::new(DeskClock::new(&Default::default(), Duration::ZERO)),
        seed: rng.random(),
        keyring: Arc::new(TestKeyring::in_folder(Path::new(&told("MADOGUCHI_CHILD_KEYS")))),
        patience: patience(),
    };
    let desk = Desk::open(config).await.expect("the home opens after every kill");
    if task == "again" {
        // A snapshot from the beginning, while the outbox is full.
        desk.sign_out().await.expect("signs out");
    }
    let start = desk.start().await.expect("starts");
    if start.phase != Phase::Ready {
        let store_url = told("MADOGUCHI_CHILD_STORE");
        let credentials = Credentials { store_url, name: "sato".to_owned(), password: PASSWORD.to_owned() };
        desk.sign_in(credentials).await.expect("sato may");
    }
    if task == "drain" {
        let status = until(&desk, |status| status.state == SyncState::Live && status.pending == 0).await;
        assert_eq!(status.undecided, 0);
        say(&format!("DRAINED {}", status.customers));
        desk.close().await;
        return;
    }
    let about = about(&desk).await;
    for n in 0u32.. {
        let customer = about[rng.random_range(0..about.len())];
        let saved = desk.act(note(customer, &format!("{seed}-{n}"))).await.expect("saved");
        say(&format!("SAVED {} {}", saved.action_id, customer.bits()));
        if desk.status().await.expect("a status").pending > 40 {
            until(&desk, |status| status.pending < 20).await;
        }
    }
}

/// The customers that actions are about: the same in every round.
async fn about(desk: &Desk) -> Vec<CustomerId> {
    let mut ids = Vec::new();
    for i in 0..ABOUT {
        let called = name(i);
        loop {
            let request = FindRequest { query: called.clone(), locked: false, brand: None, limit: 50 };
            let found = desk.find(request).await.expect("find answers");
            if let Some(hit) = found.hits.iter().find(|hit| hit.written == called) {
                ids.push(hit.id);
                break;
            }
            until(desk, |status| status.customers > 0 && status.state != SyncState::CatchingUp).await;
            tokio::task::yield_now().await;
        }
    }
    ids
}
