//! What every part of a desk shares.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU32, Ordering},
    },
    time::Duration,
};

use madoguchi_domain::{ActionId, AgentId, Clock, CustomerId, Timestamp};
use madoguchi_protocol::{
    error::Code,
    session::{Me, StoreInfo},
};
use madoguchi_secrets::Secret;
use rand::{Rng, rngs::StdRng};
use tokio::sync::{Notify, RwLock, broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::{
    cache::{Cache, Held},
    client::{Client, Patience},
    error::DeskError,
    files::{Home, Keys},
    finder::Finder,
    outbox::{ChosenStore, Outbox, Owner, Row},
    sync::{
        lease,
        plan::{self, Standing},
    },
    view::{Event, KeyringState, OutboxItem, Phase, Progress, Status, SyncState},
    words::Language,
};

/// A clock that is off by less than this is nobody's trouble.
const CLOCK_OFF: u64 = 120_000;

/// Who is signed in where.
#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) client: Option<Client>,
    pub(crate) store: Option<ChosenStore>,
    pub(crate) access: Option<Secret>,
    pub(crate) access_until: Option<Timestamp>,
    pub(crate) refresh: Option<Secret>,
}

/// What is shown of sync beside the plan's own standing.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) live: bool,
    pub(crate) offline_since: Option<Timestamp>,
    pub(crate) progress: Option<Progress>,
    /// Monotonic time of the last contact in this process, or of its start.
    pub(crate) heard: Duration,
    pub(crate) last: Option<Status>,
    pub(crate) notices: Vec<DeskError>,
    /// When the wall clock was last written down, for the lease.
    pub(crate) noted: Option<Timestamp>,
}

/// The parts of a desk.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<Mutex<StdRng>>,
    pub(crate) patience: Patience,
    pub(crate) home: Option<Home>,
    pub(crate) keys: Option<Keys>,
    pub(crate) keyring: KeyringState,
    pub(crate) outbox: RwLock<Arc<Outbox>>,
    pub(crate) cache: RwLock<Arc<Cache>>,
    pub(crate) finder: Finder,
    /// Customers that changes touched while the index was being read from the cache.
    pub(crate) touched: Mutex<HashSet<CustomerId>>,
    pub(crate) session: Mutex<Session>,
    pub(crate) refreshing: tokio::sync::Mutex<()>,
    pub(crate) held: Mutex<Option<Held>>,
    pub(crate) standing: Mutex<Standing>,
    pub(crate) shown: Mutex<Shown>,
    pub(crate) customers: AtomicI64,
    pub(crate) pending: AtomicU32,
    pub(crate) undecided: AtomicU32,
    pub(crate) pending_customers: Mutex<HashSet<CustomerId>>,
    /// Why the last attempt of an action that still waits got no answer.
    pub(crate) stalled: Mutex<HashMap<ActionId, Code>>,
    /// What the agents are called who signed in on this desk.
    pub(crate) agents: Mutex<BTreeMap<AgentId, String>>,
    pub(crate) language: AtomicU8,
    pub(crate) events: broadcast::Sender<Event>,
    pub(crate) answered: broadcast::Sender<ActionId>,
    pub(crate) wake: Notify,
    pub(crate) drain: Notify,
    /// Somebody wants what rests to be tried again now.
    pub(crate) hurry: AtomicBool,
    /// Held by the driver while it works; taken by who changes what it stands on.
    pub(crate) step: tokio::sync::Mutex<()>,
    /// How many wait for `step`; the driver stops what it does while somebody does.
    pub(crate) wanted: watch::Sender<u32>,
    pub(crate) end: CancellationToken,
    /// What runs beside, to be waited for at the end.
    pub(crate) tasks: Mutex<Vec<tokio::task::JoinHandle<()>>>,
}

/// Locks a mutex. What it guards stays whole even if a thread that held it panicked: every change is one assignment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    pub(crate) const fn in_memory(&self) -> bool {
        self.home.is_none()
    }

    pub(crate) async fn cache(&self) -> Arc<Cache> {
        Arc::clone(&*self.cache.read().await)
    }

    pub(crate) async fn outbox(&self) -> Arc<Outbox> {
        Arc::clone(&*self.outbox.read().await)
    }

    /// The store's time as far as this desk knows it: the machine's clock corrected by its measured offset.
    pub(crate) fn now(&self) -> Timestamp {
        let ahead = lock(&self.session).store.as_ref().map_or(0, |store| store.ahead_ms);
        Timestamp::from_micros(self.clock.now().micros().saturating_sub(ahead.saturating_mul(1000)))
    }

    pub(crate) fn jitter(&self) -> f64 {
        lock(&self.rng).random_range(0.0..1.0)
    }

    pub(crate) fn language(&self) -> Language {
        match self.language.load(Ordering::Relaxed) {
            1 => Language::En,
            2 => Language::Ja,
            _ => Language::default(),
        }
    }

    pub(crate) fn set_language(&self, tag: Option<&str>) {
        let number = match tag.map(Language::of) {
            None => 0,
            Some(Language::En) => 1,
            Some(Language::Ja) => 2,
        };
        self.language.store(number, Ordering::Relaxed);
    }

    pub(crate) fn me(&self) -> Option<Me> {
        lock(&self.held).as_ref().map(|held| held.me.clone())
    }

    /// Says something to whoever listens; nobody has to.
    pub(crate) fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// Tells a person once; who comes later finds it in `start`.
    pub(crate) fn notice(&self, error: DeskError) {
        let failure = error.failure(self.language());
        lock(&self.shown).notices.push(error);
        self.tell(Event::Notice { failure });
    }

    /// Moves sync's standing on, wakes the driver and says where the desk stands now.
    pub(crate) fn plan(&self, event: plan::Event) {
        let now = self.clock.monotonic();
        let mut signed_out = None;
        {
            let mut standing = lock(&self.standing);
            let signed_in = standing.signed_in;
            *standing = plan::after(standing.clone(), event, self.patience.again, now);
            if let plan::Event::Failed { code, .. } = event
                && signed_in
                && !standing.signed_in
            {
                signed_out = Some(DeskError::new(code));
            }
            let mut shown = lock(&self.shown);
            if standing.failures == 0 {
                shown.offline_since = None;
            } else if shown.offline_since.is_none() {
                shown.offline_since = Some(self.now());
            }
            if standing.failures > 0 || !standing.greeted {
                shown.live = false;
            }
        }
        self.wake.notify_one();
        self.publish();
        if let Some(error) = signed_out {
            self.tell(Event::SignedOut { failure: error.failure(self.language()) });
        }
    }

    /// Whether the store answers, as far as is known.
    pub(crate) fn online(&self) -> bool {
        let standing = lock(&self.standing);
        standing.signed_in && standing.greeted && standing.failures == 0
    }

    /// The store was heard: its time, for the lease.
    pub(crate) fn heard(&self, store: Timestamp) {
        let (wall, monotonic) = (self.clock.now(), self.clock.monotonic());
        lock(&self.shown).heard = monotonic;
        if let Some(held) = lock(&self.held).as_mut() {
            held.contact.store = held.contact.store.max(store);
            held.contact.wall = wall;
            held.contact.seen = wall;
        }
    }

    /// Measures this machine's clock by an answer that left at `sent` (monotonic) and carried the store's time.
    pub(crate) fn measure(&self, info: &StoreInfo, sent: Duration) -> i64 {
        let half = self.clock.monotonic().saturating_sub(sent) / 2;
        let ours = self.clock.now().minus(half).micros();
        ours.saturating_sub(info.now.micros()) / 1000
    }

    /// Whether the cache may be shown.
    pub(crate) fn open(&self) -> Result<(), DeskError> {
        let standing = lock(&self.standing).clone();
        let held = lock(&self.held).clone();
        let Some(held) = held.filter(|held| held.closed || standing.signed_in) else {
            return Err(DeskError::new(Code::NotSignedIn));
        };
        if held.closed || standing.closed || self.lease_over() {
            return Err(DeskError::new(Code::LeaseOver));
        }
        Ok(())
    }

    /// Whether the lease is over by any of the clocks.
    pub(crate) fn lease_over(&self) -> bool {
        let heard = lock(&self.shown).heard;
        let silent = self.clock.monotonic().saturating_sub(heard);
        lock(&self.held).as_ref().is_some_and(|held| {
            let lease = Duration::from_secs(held.me.policy.lease_seconds);
            lease::over(&held.contact, lease, self.clock.now(), silent)
        })
    }

    /// Which screen comes first.
    pub(crate) fn phase(&self) -> Phase {
        if lock(&self.session).store.is_none() {
            return Phase::FirstStart;
        }
        match self.open() {
            Ok(()) => Phase::Ready,
            Err(error) if error.code == Code::LeaseOver => Phase::Closed,
            Err(_) => Phase::SignedOut,
        }
    }

    /// Where the desk stands.
    pub(crate) fn status(&self) -> Status {
        let standing = lock(&self.standing).clone();
        let held = lock(&self.held).clone();
        let ahead = lock(&self.session).store.as_ref().map_or(0, |store| store.ahead_ms);
        let (live, offline_since, progress) = {
            let shown = lock(&self.shown);
            (shown.live, shown.offline_since, shown.progress)
        };
        let offline = standing.failures > 0;
        let state = match self.phase() {
            Phase::FirstStart | Phase::SignedOut => SyncState::SignedOut,
            Phase::Closed => SyncState::Closed,
            Phase::Ready if offline => SyncState::Offline,
            Phase::Ready if live => SyncState::Live,
            Phase::Ready => SyncState::CatchingUp,
        };
        let wait = standing.not_before.checked_sub(self.clock.monotonic());
        Status {
            state,
            as_of: held.as_ref().and_then(|held| held.as_of),
            offline_since,
            offline_cause: standing.cause.filter(|_| offline),
            next_try: wait.filter(|_| offline).map(|wait| self.now().plus(wait)),
            customers: self.customers.load(Ordering::Relaxed),
            pending: self.pending.load(Ordering::Relaxed),
            undecided: self.undecided.load(Ordering::Relaxed),
            progress,
            lease_until: held
                .as_ref()
                .map(|held| lease::until(&held.contact, Duration::from_secs(held.me.policy.lease_seconds))),
            clock_ahead_ms: (ahead.unsigned_abs() > CLOCK_OFF).then_some(ahead),
            in_memory: self.in_memory(),
        }
    }

    /// Says where the desk stands, if that has changed.
    pub(crate) fn publish(&self) {
        let status = self.status();
        {
            let mut shown = lock(&self.shown);
            if shown.last.as_ref() == Some(&status) {
                return;
            }
            shown.last = Some(status.clone());
        }
        self.tell(Event::Status { status });
    }

    /// An action as people see it.
    pub(crate) fn item(&self, row: &Row) -> OutboxItem {
        let mine = self.me().is_some_and(|me| me.agent.id == row.agent());
        let name = || lock(&self.agents).get(&row.agent()).cloned();
        let by = (!mine).then(|| name().unwrap_or_else(|| self.language().words().say("another-agent", &[])));
        let cause = self.held_up(row.action()).filter(|_| mine);
        OutboxItem { saved_by: by, ..row.item(self.language(), self.now(), cause) }
    }

    /// What keeps an action from the store, as far as this desk knows.
    fn held_up(&self, action: ActionId) -> Option<Code> {
        let standing = lock(&self.standing).clone();
        if !standing.signed_in {
            return Some(Code::NotSignedIn);
        }
        let desk = if standing.failures > 0 { standing.cause } else { None };
        desk.or_else(|| lock(&self.stalled).get(&action).copied())
    }

    /// An action is no longer in the outbox: whoever shows its customer looks again.
    pub(crate) async fn forgotten(&self, row: &Row) -> Result<(), DeskError> {
        lock(&self.stalled).remove(&row.action());
        self.recount(Some(row.action())).await?;
        self.tell(Event::Changed { customers: vec![row.envelope.customer] });
        Ok(())
    }

    /// Who is signed in where, as sealed copies name it.
    pub(crate) fn owner(&self) -> Option<Owner> {
        let store = lock(&self.session).store.as_ref().map(|store| store.id)?;
        Some(Owner { store, agent: self.me()?.agent.id })
    }

    /// Counts what waits, after the outbox changed, and says how an action is now.
    pub(crate) async fn recount(&self, moved: Option<ActionId>) -> Result<(), DeskError> {
        let outbox = self.outbox().await;
        let rows = outbox.rows().await?;
        let waiting = || rows.iter().filter(|row| row.waits() && row.listed());
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.pending.store(count(waiting().count()), Ordering::Relaxed);
        self.undecided.store(count(rows.iter().filter(|row| row.undecided()).count()), Ordering::Relaxed);
        *lock(&self.pending_customers) = waiting().map(|row| row.envelope.customer).collect();
        if let Some(action) = moved {
            if let Some(row) = rows.iter().find(|row| row.action() == action && row.listed()) {
                self.tell(Event::Action { item: Box::new(self.item(row)) });
            }
            let _ = self.answered.send(action);
        }
        self.publish();
        Ok(())
    }

    /// Counts who rests here, after the cache changed.
    pub(crate) async fn count_customers(&self) -> Result<(), DeskError> {
        let count = self.cache().await.count().await?;
        self.customers.store(count, Ordering::Relaxed);
        Ok(())
    }

    /// Stops what the driver is doing and waits for the files: the caller has them to itself as long as it keeps this.
    pub(crate) async fn alone(&self) -> tokio::sync::MutexGuard<'_, ()> {
        let _wanted = Wanted::new(&self.wanted);
        self.step.lock().await
    }
}

/// Somebody waits for the files; over when it is dropped, also when the waiting is given up.
struct Wanted<'a>(&'a watch::Sender<u32>);

impl<'a> Wanted<'a> {
    fn new(wanted: &'a watch::Sender<u32>) -> Self {
        wanted.send_modify(|waiting| *waiting += 1);
        Self(wanted)
    }
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|waiting| *waiting -= 1);
    }
}
