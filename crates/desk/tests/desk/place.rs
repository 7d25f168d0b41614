//! Where a test's desk stands: a store, a network in front of it, a home, a keyring, a time.

use std::{sync::Arc, time::Duration};

use madoguchi_desk::{
    Desk, DeskConfig, DeskError, Patience,
    view::{
        ActRequest, ActionState, Credentials, CustomerView, Event, FindAnswer, FindRequest, OutboxItem,
        Status, SyncState,
    },
};
use madoguchi_domain::{
    ActionId, Clock, CustomerId, LockId, SystemClock, Timestamp,
    account::{Lock, LockCause, LockScope},
    action::{Ask, Reason},
    role::Role,
};
use madoguchi_store::db::bulk::NewCustomer;
use madoguchi_testkit::{
    clock::TestClock,
    keyring::TestKeyring,
    proxy::Proxy,
    store::{PASSWORD, TestStore},
};

/// Longer than anything takes that is going to happen at all.
pub(crate) const AT_MOST: Duration = Duration::from_secs(60);

/// A wall clock that the test turns over a monotonic one that runs, so that waiting between attempts ends.
#[derive(Debug, Clone)]
pub(crate) struct DeskClock {
    pub(crate) wall: TestClock,
    ahead: Duration,
    real: SystemClock,
}

impl DeskClock {
    pub(crate) fn new(wall: &TestClock, ahead: Duration) -> Self {
        Self { wall: wall.clone(), ahead, real: SystemClock::new() }
    }
}

impl Clock for DeskClock {
    fn now(&self) -> Timestamp {
        self.wall.now().plus(self.ahead)
    }

    fn monotonic(&self) -> Duration {
        self.real.monotonic()
    }
}

pub(crate) struct Place {
    pub(crate) clock: TestClock,
    pub(crate) store: TestStore,
    pub(crate) proxy: Proxy,
    pub(crate) home: tempfile::TempDir,
    pub(crate) keyring: TestKeyring,
    seed: std::sync::atomic::AtomicU8,
}

impl Place {
    /// A store with an agent `sato` and a supervisor `mori`, and nobody else in it yet.
    pub(crate) async fn new() -> Self {
        let clock = TestClock::default();
        let store = TestStore::start(&clock, 7).await;
        store.add_agent("sato", Role::Agent).await;
        store.add_agent("mori", Role::Supervisor).await;
        let proxy =
            Proxy::before(store.url().trim_start_matches("http://").parse().expect("an address")).await;
        Self {
            clock,
            store,
            proxy,
            home: tempfile::tempdir().expect("a home"),
            keyring: TestKeyring::default(),
            seed: 1.into(),
        }
    }

    /// The same place with `n` customers, of whom every fifth is locked out by the sign-in rule.
    pub(crate) async fn with(n: usize) -> Self {
        let place = Self::new().await;
        let people = (0..n).map(|i| place.person(i)).collect();
        place.store.add(people).await;
        place
    }

    fn person(&self, i: usize) -> NewCustomer {
        let mut person = self.store.person(&name(i), &format!("kyaku{i}@example.jp"), &["stay"]);
        if i.is_multiple_of(5) {
            person.accounts[0]
                .locks
                .push(self.lock(u8::try_from(i % 250).expect("small"), LockCause::TooManyFailures));
        }
        person
    }

    pub(crate) fn lock(&self, n: u8, cause: LockCause) -> Lock {
        let since = self.clock.now().minus(Duration::from_secs(60));
        Lock {
            id: LockId::new(
                since,
                [n, 1, 2, 3, 4, 5, 6, 7, 8, self.seed.fetch_add(1, std::sync::atomic::Ordering::SeqCst)],
            ),
            scope: LockScope::Account,
            cause,
            since,
            until: None,
            by: "rule".to_owned(),
            note: None,
            version: 1,
        }
    }

    pub(crate) fn config(&self) -> DeskConfig {
        self.config_at(self.home.path(), &self.keyring)
    }

    pub(crate) fn config_at(&self, home: &std::path::Path, keyring: &TestKeyring) -> DeskConfig {
        DeskConfig {
            home: home.to_owned(),
            program: "a test".to_owned(),
            clock: Arc::new(DeskClock::new(&self.clock, Duration::ZERO)),
            seed: [self.seed.fetch_add(1, std::sync::atomic::Ordering::SeqCst); 32],
            keyring: Arc::new(keyring.clone()),
            patience: patience(),
        }
    }

    pub(crate) async fn open(&self) -> Desk {
        Desk::open(self.config()).await.expect("the home opens")
    }

    pub(crate) fn credentials(&self, name: &str) -> Credentials {
        Credentials { store_url: self.proxy.url(), name: name.to_owned(), password: PASSWORD.to_owned() }
    }

    /// A desk at which `sato` is signed in, in step with the store.
    pub(crate) async fn live(&self) -> Desk {
        let desk = self.open().await;
        desk.sign_in(self.credentials("sato")).await.expect("sato may");
        until(&desk, |status| status.state == SyncState::Live).await;
        desk
    }

    /// Another desk in a home of its own, with its own way to the store.
    pub(crate) async fn other(&self, name: &str) -> (Desk, tempfile::TempDir) {
        let home = tempfile::tempdir().expect("a home");
        let desk =
            Desk::open(self.config_at(home.path(), &TestKeyring::default())).await.expect("a new home");
        let mut credentials = self.credentials(name);
        credentials.store_url = self.store.url();
        desk.sign_in(credentials).await.expect("they may");
        until(&desk, |status| status.state == SyncState::Live).await;
        (desk, home)
    }
}

pub(crate) fn patience() -> Patience {
    Patience {
        connect: Duration::from_secs(5),
        answer: Duration::from_secs(10),
        silence: Duration::from_secs(35),
        again: Duration::from_millis(20),
    }
}

/// Waits until the desk stands so.
pub(crate) async fn until(desk: &Desk, so: impl Fn(&Status) -> bool) -> Status {
    let mut events = desk.events();
    let waiting = async {
        loop {
            let status = desk.status().await.expect("a status");
            if so(&status) {
                return status;
            }
            let _ = events.recv().await;
        }
    };
    match tokio::time::timeout(AT_MOST, waiting).await {
        Ok(status) => status,
        Err(_) => panic!("the desk never got there: {:?}", desk.status().await),
    }
}

/// Waits for an event that is so.
pub(crate) async fn event<T>(
    events: &mut tokio::sync::broadcast::Receiver<Event>,
    so: impl Fn(Event) -> Option<T>,
) -> T {
    let waiting = async {
        loop {
            if let Some(found) = events.recv().await.ok().and_then(&so) {
                return found;
            }
        }
    };
    tokio::time::timeout(AT_MOST, waiting).await.expect("the event comes")
}

/// Waits for the answer to an action.
pub(crate) async fn answered(desk: &Desk, action: ActionId) -> OutboxItem {
    let item = desk.answer(action, AT_MOST).await.expect("the action is known");
    assert!(!matches!(item.state, ActionState::Saved | ActionState::Sending), "no answer: {item:?}");
    item
}

/// What the customer of this number is called: no name has digits in it, so the number is written as people may be named.
pub(crate) fn name(i: usize) -> String {
    let digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let number: String = i.to_string().bytes().map(|digit| digits[usize::from(digit - b'0')]).collect();
    format!("客 {number}")
}

pub(crate) async fn find(desk: &Desk, query: &str, locked: bool) -> FindAnswer {
    let request = FindRequest { query: query.to_owned(), locked, brand: None, limit: 50 };
    desk.find(request).await.expect("find answers")
}

/// The customer of that name, opened.
pub(crate) async fn open_named(desk: &Desk, name: &str) -> CustomerView {
    let found = find(desk, name, false).await;
    let hit = found.hits.iter().find(|hit| hit.written == name).expect("the customer rests here");
    desk.open_customer(hit.id).await.expect("opens")
}

pub(crate) fn note(customer: CustomerId, text: &str) -> ActRequest {
    let ask = Ask::Note { text: text.to_owned() };
    ActRequest { customer, ask, judged_on: None, reason: None, words: None, case: None }
}

/// The unlock that a person would ask for who sees this.
pub(crate) fn unlock(view: &CustomerView) -> ActRequest {
    let account = view.accounts.first().expect("an account");
    let lock = account.locks.first().expect("a lock");
    ActRequest {
        customer: view.profile.id,
        ask: Ask::Unlock { account: account.id, lock: lock.id },
        judged_on: Some(account.lock_version),
        reason: Some(Reason::Mistyped),
        words: None,
        case: None,
    }
}

pub(crate) fn code<T>(answer: Result<T, DeskError>) -> madoguchi_desk::Code {
    match answer {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error.code,
    }
}
