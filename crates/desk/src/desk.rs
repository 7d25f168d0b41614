//! The facade: the window's and `mado`'s only door. The table of its methods is in [`crate::view`].

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU32, Ordering},
    },
};

use madoguchi_domain::Timestamp;
use madoguchi_protocol::{
    error::Code,
    session::{DeviceRegistration, SignInRequest},
};
use madoguchi_secrets::Keyring;
use rand::{SeedableRng, rngs::StdRng};
use tokio::sync::{Notify, RwLock, broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::{
    cache::{Cache, Held},
    client::{Client, address},
    config::DeskConfig,
    error::DeskError,
    files::{Home, KeyName, Keys},
    finder::Finder,
    inner::{Inner, Session, Shown, lock},
    opening,
    outbox::{ChosenStore, Outbox, Owner},
    sync::{
        self, driver,
        plan::{Event, Standing},
    },
    view::{self, Credentials, KeyringState, Preferences, Start, Status, StoreSeen},
    words::Language,
};

/// A desk that is open. Clones are the same desk; it ends with the last of them, or with [`Desk::close`].
#[derive(Debug, Clone)]
pub struct Desk {
    pub(crate) inner: Arc<Inner>,
    _end: Arc<DropGuard>,
}

impl Desk {
    /// Opens the files of `config.home` and begins to follow the store, if somebody is signed in.
    ///
    /// # Errors
    /// `home_in_use` when another program holds the folder; `disk_full` and `files_unusable` when it cannot be
    /// written. A damaged cache or a missing keyring is not an error: see [`Start::notices`] and [`Start::keyring`].
    pub async fn open(config: DeskConfig) -> Result<Self, DeskError> {
        let DeskConfig { home, program, clock, seed, keyring, patience } = config;
        let rng = Arc::new(Mutex::new(StdRng::from_seed(seed)));
        let now = clock.now();
        let mut notices = Vec::new();
        // A keyring that cannot be asked for one entry cannot keep any: nothing is written then, not even the folder.
        let probe = Keys::new(Arc::clone(&keyring), Uuid::nil());
        let state = match probe.key(KeyName::Outbox).await {
            Ok(_) => KeyringState::Ok,
            Err(_) => keyring_state(keyring.as_ref()),
        };
        let mut random = [0; 16];
        rand::RngCore::fill_bytes(&mut *lock(&rng), &mut random);
        let fresh = uuid::Builder::from_random_bytes(random).into_uuid();
        let on_disk = if state == KeyringState::Ok {
            match Files::open(&home, &program, fresh, Arc::clone(&keyring), &rng, now).await {
                Err(error) if error.code == Code::NoKeyring => None,
                files => Some(files?),
            }
        } else {
            None
        };
        let state = if on_disk.is_none() && state == KeyringState::Ok { KeyringState::Locked } else { state };
        let (home, keys, outbox, cache) = match on_disk {
            Some(files) => {
                notices.extend(files.notices);
                (Some(files.home), Some(files.keys), files.outbox, files.cache)
            }
            None => {
                notices.push(DeskError::new(Code::NoKeyring));
                let (outbox, cache) = opening::in_memory(&rng, now).await?;
                (None, None, outbox, cache)
            }
        };
        let store = outbox.store().await?;
        let refresh = match &keys {
            Some(keys) => keys.token(KeyName::Refresh).await?,
            None => None,
        };
        let held = match cache.held().await {
            Ok(Some(held)) => Some(held),
            _ => store.as_ref().and_then(|store| {
                let me = store.me.clone()?;
                Some(Held::empty(store.id, &store.name, me, now, now))
            }),
        };
        let owner = held.as_ref().map(|held| Owner { store: held.store, agent: held.me.agent.id });
        let lost = owner.is_some_and(|owner| has_lost(&outbox, owner));
        let agents = outbox.agents().await?;
        let standing = Standing {
            signed_in: refresh.is_some() && held.is_some() && store.is_some(),
            greeted: false,
            token: false,
            lost,
            damaged: cache.damaged(),
            snapshot: held.as_ref().is_none_or(|held| held.cursor.is_none() || held.snapshot.is_some()),
            closed: held.as_ref().is_some_and(|held| held.closed),
            revoked: false,
            failures: 0,
            cause: None,
            not_before: std::time::Duration::ZERO,
        };
        let client = store.as_ref().map(|store| Client::new(&store.url, patience)).transpose()?;
        let unclean = home.as_ref().is_some_and(Home::unclean);
        let preferences = outbox.preferences().await?;
        let end = CancellationToken::new();
        let inner = Arc::new(Inner {
            rng,
            patience,
            home,
            keys,
            keyring: state,
            outbox: RwLock::new(Arc::new(outbox)),
            cache: RwLock::new(Arc::new(cache)),
            finder: Finder::default(),
            touched: Mutex::default(),
            session: Mutex::new(Session { client, store, refresh, ..Session::default() }),
            refreshing: tokio::sync::Mutex::default(),
            held: Mutex::new(held),
            standing: Mutex::new(standing),
            shown: Mutex::new(Shown { heard: clock.monotonic(), notices, ..Shown::default() }),
            customers: AtomicI64::new(0),
            pending: AtomicU32::new(0),
            undecided: AtomicU32::new(0),
            pending_customers: Mutex::new(HashSet::new()),
            stalled: Mutex::default(),
            agents: Mutex::new(agents),
            language: AtomicU8::new(0),
            events: broadcast::channel(1024).0,
            answered: broadcast::channel(256).0,
            wake: Notify::new(),
            drain: Notify::new(),
            hurry: AtomicBool::new(false),
            step: tokio::sync::Mutex::default(),
            wanted: watch::Sender::new(0),
            end: end.clone(),
            tasks: Mutex::default(),
            clock,
        });
        inner.set_language(preferences.language.as_deref());
        inner
            .count_customers()
            .await
            .unwrap_or_else(|error| tracing::warn!(code = %error.code.word(), "uncounted"));
        inner.recount(None).await?;
        let mut tasks = vec![
            tokio::spawn(driver::run(Arc::clone(&inner))),
            tokio::spawn(sync::drain(Arc::clone(&inner))),
        ];
        let filling = Arc::clone(&inner);
        tasks.push(tokio::spawn(async move {
            let filled = async {
                if unclean && !filling.cache().await.check().await? {
                    filling.plan(Event::Damaged);
                }
                filling.fill().await
            };
            tokio::select! {
                () = filling.end.cancelled() => {}
                filled = filled => if let Err(error) = filled {
                    tracing::warn!(code = %error.code.word(), "the index could not be read");
                    filling.finder.loaded();
                    filling.wake.notify_one();
                }
            }
        }));
        *lock(&inner.tasks) = tasks;
        Ok(Self { inner, _end: Arc::new(end.drop_guard()) })
    }

    /// Ends the desk and closes its files.
    pub async fn close(self) {
        self.inner.end.cancel();
        let tasks = std::mem::take(&mut *lock(&self.inner.tasks));
        for task in tasks {
            // A task that panicked has said so already.
            let _ = task.await;
        }
        let held = lock(&self.inner.held).clone().filter(|_| !self.inner.in_memory());
        if let Some(mut held) = held {
            held.contact.seen = self.inner.clock.now().max(held.contact.seen);
            if let Err(error) = self.inner.cache().await.note_contact(&held).await {
                tracing::warn!(code = %error.code.word(), "where the cache stands was not noted at the end");
            }
        }
        self.inner.cache().await.close().await;
        self.inner.outbox().await.close().await;
        if let Some(home) = &self.inner.home {
            home.release();
        }
    }

    /// What the desk tells without being asked, from here on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<view::Event> {
        self.inner.events.subscribe()
    }

    /// The language of its sentences.
    #[must_use]
    pub fn language(&self) -> Language {
        self.inner.language()
    }

    /// Where the desk stands when the window opens. Notices come once.
    ///
    /// # Errors
    /// None today.
    pub async fn start(&self) -> Result<Start, DeskError> {
        let notices = std::mem::take(&mut lock(&self.inner.shown).notices);
        Ok(self.start_with(&notices))
    }

    fn start_with(&self, notices: &[DeskError]) -> Start {
        let inner = &self.inner;
        let phase = inner.phase();
        let me = inner.me().filter(|_| phase == view::Phase::Ready || phase == view::Phase::Closed);
        let session = lock(&inner.session);
        let store = session.store.clone();
        drop(session);
        Start {
            phase,
            store_url: store.as_ref().map(|store| store.url.clone()),
            store_name: store.as_ref().map(|store| store.name.clone()),
            brands: me.as_ref().map(|me| me.brands.clone()).unwrap_or_default(),
            purposes: me.as_ref().map(|me| me.purposes.clone()).unwrap_or_default(),
            agent: me.map(|me| me.agent),
            keyring: inner.keyring,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            status: inner.status(),
            notices: notices.iter().map(|error| error.failure(inner.language())).collect(),
        }
    }

    /// Where the desk stands.
    ///
    /// # Errors
    /// None today.
    pub async fn status(&self) -> Result<Status, DeskError> {
        Ok(self.inner.status())
    }

    /// Asks who answers at an address.
    ///
    /// # Errors
    /// `offline`, `not_a_store`, `store_version`.
    pub async fn check_store(&self, url: &str) -> Result<StoreSeen, DeskError> {
        let (url, safe) = address(url)?;
        let info = Client::new(&url, self.inner.patience)?.store().await?;
        Ok(StoreSeen { url, name: info.name, version: info.version, safe })
    }

    /// Signs in. Another agent or another store than before begins with an empty cache; what waits in the outbox
    /// stays.
    ///
    /// # Errors
    /// What the store answers; `not_a_store` for a way there that is neither encrypted nor on this machine.
    pub async fn sign_in(&self, credentials: Credentials) -> Result<Start, DeskError> {
        let inner = &self.inner;
        let (url, safe) = address(&credentials.store_url)?;
        if !safe {
            return Err(DeskError::new(Code::NotAStore));
        }
        let client = Client::new(&url, inner.patience)?;
        let sent = inner.clock.monotonic();
        let info = client.store().await?;
        let ahead_ms = inner.measure(&info, sent);
        let outbox = inner.outbox().await;
        let request = SignInRequest {
            name: credentials.name,
            password: credentials.password,
            device: Some(DeviceRegistration {
                id: outbox.device().id,
                public_key: outbox.device().public_key(),
                label: machine_name(),
            }),
        };
        let signed_in = client.sign_in(&request).await;
        drop(zeroize::Zeroizing::new(request.password));
        let tokens = match signed_in {
            Err(failed) if failed.error.code == Code::DeviceRevoked => {
                drop(outbox);
                let _step = inner.alone().await;
                inner.wipe().await?;
                return Err(failed.error);
            }
            tokens => tokens?,
        };
        let step = inner.alone().await;
        let me = tokens.me.clone();
        let store = ChosenStore {
            url,
            id: info.store,
            name: info.name.clone(),
            sealing_key: info.sealing_key.clone(),
            ahead_ms,
            me: Some(me.clone()),
        };
        outbox.put_store(&store).await?;
        let agents = {
            let mut agents = lock(&inner.agents);
            agents.insert(me.agent.id, me.agent.display_name.clone());
            agents.clone()
        };
        outbox.put_agents(&agents).await?;
        let owner = Owner { store: info.store, agent: me.agent.id };
        let wall = inner.clock.now();
        let before = lock(&inner.held).clone();
        let same = before.filter(|held| held.store == info.store && held.me.agent.id == me.agent.id);
        let held = match same {
            Some(mut held) => {
                (held.me, held.closed) = (me, false);
                (held.contact.wall, held.contact.seen, held.contact.store) = (wall, wall, info.now);
                held
            }
            None => {
                inner.clear_cache().await?;
                Held::empty(info.store, &info.name, me, wall, info.now)
            }
        };
        inner.cache().await.put_held(&held).await?;
        {
            let mut standing = lock(&inner.standing);
            standing.snapshot = held.cursor.is_none() || held.snapshot.is_some();
            standing.lost = has_lost(&outbox, owner);
        }
        *lock(&inner.held) = Some(held);
        {
            let mut session = lock(&inner.session);
            (session.client, session.store) = (Some(client), Some(store));
        }
        inner.take(tokens).await?;
        lock(&inner.shown).heard = inner.clock.monotonic();
        inner.plan(Event::SignedIn);
        drop(step);
        inner.drain.notify_one();
        if ahead_ms.unsigned_abs() > 120_000 {
            inner.notice(driver::clock_off(ahead_ms));
        }
        self.start().await
    }

    /// Signs out: tokens and customers go, the outbox stays.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub async fn sign_out(&self) -> Result<Start, DeskError> {
        let inner = &self.inner;
        let step = inner.alone().await;
        if let Ok(client) = inner.client() {
            let token = lock(&inner.session).access.clone();
            if let Some(token) = token
                && let Err(failed) = client.sign_out(&token).await
            {
                tracing::info!(code = %failed.error.code.word(), "the store was not told of the sign-out");
            }
        }
        inner.forget_tokens().await?;
        inner.clear_cache().await?;
        let mut preferences = self.preferences().await?;
        (preferences.tabs, preferences.active_tab) = (Vec::new(), None);
        inner.outbox().await.put_preferences(&preferences).await?;
        inner.plan(Event::SignedOut);
        lock(&inner.standing).snapshot = true;
        drop(step);
        self.start().await
    }

    /// Tries again now instead of at the next time.
    ///
    /// # Errors
    /// None today.
    pub async fn retry_now(&self) -> Result<(), DeskError> {
        self.inner.hurry.store(true, Ordering::Relaxed);
        self.inner.plan(Event::Now);
        self.inner.drain.notify_one();
        Ok(())
    }

    /// How the person likes their window.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn preferences(&self) -> Result<Preferences, DeskError> {
        self.inner.outbox().await.preferences().await
    }

    /// Keeps how the person likes their window.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn save_preferences(&self, preferences: Preferences) -> Result<Preferences, DeskError> {
        self.inner.outbox().await.put_preferences(&preferences).await?;
        self.inner.set_language(preferences.language.as_deref());
        Ok(preferences)
    }
}

/// The files of a home and the keys that open them.
struct Files {
    home: Home,
    keys: Keys,
    outbox: Outbox,
    cache: Cache,
    notices: Vec<DeskError>,
}

impl Files {
    async fn open(
        dir: &Path,
        program: &str,
        fresh: Uuid,
        keyring: Arc<dyn Keyring>,
        rng: &Arc<Mutex<StdRng>>,
        now: Timestamp,
    ) -> Result<Self, DeskError> {
        let home = Home::claim(dir, program, fresh)?;
        let keys = Keys::new(keyring, home.id());
        let mut notices = Vec::new();
        let outbox = opening::outbox(&home, &keys, rng, now).await?;
        if outbox.set_aside {
            notices.push(DeskError::new(Code::OutboxKeyLost));
        }
        let cache = opening::cache(&home, &keys, rng, now).await?;
        if cache.set_aside {
            notices.push(opening::cache_set_aside());
        }
        Ok(Self { home, keys, outbox: outbox.file, cache: cache.file, notices })
    }
}

/// Whether sealed copies of theirs wait to be sent.
fn has_lost(outbox: &Outbox, owner: Owner) -> bool {
    outbox.copies().is_some_and(|copies| copies.lost(owner).is_ok_and(|lost| !lost.is_empty()))
}

fn keyring_state(keyring: &dyn Keyring) -> KeyringState {
    match keyring.get("probe") {
        Err(madoguchi_secrets::KeyringError::Locked) => KeyringState::Locked,
        _ => KeyringState::Absent,
    }
}

/// The machine's name for people.
fn machine_name() -> String {
    let name = std::env::var("COMPUTERNAME").ok().or_else(|| std::fs::read_to_string("/etc/hostname").ok());
    name.map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "desk".to_owned())
}
