//! Opening a desk's files, setting damaged ones aside, wiping them.

use std::sync::{Arc, Mutex, atomic::Ordering};

use madoguchi_domain::Timestamp;
use madoguchi_protocol::error::Code;
use madoguchi_secrets::Key;
use rand::{RngCore, rngs::StdRng};

use crate::{
    cache::{self, Cache, Held},
    error::{Damage, DeskError, damage},
    files::{Database, Durability, Home, KeyName, Keys},
    inner::{Inner, lock},
    outbox::{self, Outbox, SealedCopies},
    sync::plan::Event,
    view::Preferences,
};

/// A file that was opened, and whether another in its place had to be set aside.
pub(crate) struct Opened<T> {
    pub(crate) file: T,
    pub(crate) set_aside: bool,
}

fn stamp(now: Timestamp) -> String {
    now.to_string().chars().filter(char::is_ascii_alphanumeric).collect()
}

pub(crate) fn new_key(rng: &Mutex<StdRng>) -> Key {
    let mut bytes = [0; 32];
    lock(rng).fill_bytes(&mut bytes);
    Key::new(bytes)
}

/// The key of that name, made where it is missing. `lost` says that a file is there whose key is not.
async fn key(keys: &Keys, name: KeyName, rng: &Mutex<StdRng>) -> Result<(Key, bool), DeskError> {
    if let Some(key) = keys.key(name).await? {
        return Ok((key, false));
    }
    let key = new_key(rng);
    keys.set_key(name, &key).await?;
    Ok((key, true))
}

/// Opens the cache; what cannot be read is set aside and begun anew.
pub(crate) async fn cache(
    home: &Home,
    keys: &Keys,
    rng: &Mutex<StdRng>,
    now: Timestamp,
) -> Result<Opened<Cache>, DeskError> {
    let (key, fresh) = key(keys, KeyName::Cache, rng).await?;
    let path = home.cache();
    let mut set_aside = fresh && path.exists();
    if set_aside {
        home.set_aside(&path, &stamp(now))?;
    }
    let database = match Database::open(&path, &key, Durability::Normal, &cache::SCHEMA).await {
        // What a newer version wrote is as good as unreadable, and may be fetched again.
        Err(error) if matches!(damage(&error), Damage::Unreadable | Damage::Newer) => {
            home.set_aside(&path, &stamp(now))?;
            set_aside = true;
            Database::open(&path, &key, Durability::Normal, &cache::SCHEMA).await?
        }
        opened => opened?,
    };
    Ok(Opened { file: Cache::new(database), set_aside })
}

/// Opens the outbox; one that cannot be read is kept aside, and its sealed copies are what is sent of it.
pub(crate) async fn outbox(
    home: &Home,
    keys: &Keys,
    rng: &Arc<Mutex<StdRng>>,
    now: Timestamp,
) -> Result<Opened<Outbox>, DeskError> {
    let (key, fresh) = key(keys, KeyName::Outbox, rng).await?;
    let path = home.outbox();
    let copies = SealedCopies { sealed: home.sealed(), lost: home.lost() };
    let mut set_aside = fresh && path.exists();
    if set_aside || !path.exists() {
        // The copies go first: once the file is aside, nothing else would say that they are without one.
        set_aside |= copies.lose()? > 0;
        if path.exists() {
            home.set_aside(&path, &stamp(now))?;
        }
    }
    let opened = open_outbox(&path, &key, &copies, rng, now).await;
    let outbox = match opened {
        Err(OutboxError::Unreadable) => {
            copies.lose()?;
            home.set_aside(&path, &stamp(now))?;
            set_aside = true;
            open_outbox(&path, &key, &copies, rng, now).await.map_err(OutboxError::desk)?
        }
        opened => opened.map_err(OutboxError::desk)?,
    };
    Ok(Opened { file: outbox, set_aside })
}

enum OutboxError {
    Unreadable,
    Other(DeskError),
}

impl OutboxError {
    /// Only what says that the file is foreign, damaged or under another key; a disk that fails now may answer later.
    fn of(error: sqlx::Error) -> Self {
        if damage(&error) == Damage::Unreadable { Self::Unreadable } else { Self::Other(error.into()) }
    }

    fn desk(self) -> DeskError {
        match self {
            Self::Unreadable => DeskError::new(Code::FilesUnusable),
            Self::Other(error) => error,
        }
    }
}

async fn open_outbox(
    path: &std::path::Path,
    key: &Key,
    copies: &SealedCopies,
    rng: &Arc<Mutex<StdRng>>,
    now: Timestamp,
) -> Result<Outbox, OutboxError> {
    let opened = Database::open(path, key, Durability::Full, &outbox::SCHEMA).await;
    let database = opened.map_err(OutboxError::of)?;
    // The whole file is read once: damage is found while the copies of what waits are still at hand. It is small.
    let unreadable = match database.whole().await {
        Ok(true) => None,
        Ok(false) => Some(OutboxError::Unreadable),
        Err(error) => Some(OutboxError::of(error)),
    };
    if let Some(error) = unreadable {
        database.close().await;
        return Err(error);
    }
    Outbox::new(database, Some(copies.clone()), Arc::clone(rng), now).await.map_err(OutboxError::Other)
}

/// Both files in memory, for a machine without a keyring.
pub(crate) async fn in_memory(
    rng: &Arc<Mutex<StdRng>>,
    now: Timestamp,
) -> Result<(Outbox, Cache), DeskError> {
    let outbox = Outbox::new(Database::in_memory(&outbox::SCHEMA).await?, None, Arc::clone(rng), now).await?;
    Ok((outbox, Cache::new(Database::in_memory(&cache::SCHEMA).await?)))
}

impl Inner {
    /// Sets a damaged cache aside and begins a new one; the person is told.
    pub(crate) async fn set_aside(&self) -> Result<(), DeskError> {
        let mut place = self.cache.write().await;
        place.close().await;
        self.finder.clear();
        let file = match (&self.home, &self.keys) {
            (Some(home), Some(keys)) => {
                home.set_aside(&home.cache(), &stamp(self.clock.now()))?;
                cache(home, keys, &self.rng, self.clock.now()).await?.file
            }
            _ => Cache::new(Database::in_memory(&cache::SCHEMA).await?),
        };
        let held = lock(&self.held).as_ref().map(|held| {
            Held::empty(held.store, &held.store_name, held.me.clone(), held.contact.wall, held.contact.store)
        });
        if let Some(held) = &held {
            file.put_held(held).await?;
        }
        *lock(&self.held) = held;
        *place = Arc::new(file);
        drop(place);
        self.customers.store(0, Ordering::Relaxed);
        self.notice(cache_set_aside());
        self.plan(Event::SetAside { cursor: false });
        Ok(())
    }

    /// Closes the cache to people until somebody signs in again.
    pub(crate) async fn close_cache(&self) -> Result<(), DeskError> {
        let held = {
            let mut held = lock(&self.held);
            if let Some(held) = held.as_mut() {
                held.closed = true;
            }
            held.clone()
        };
        if let Some(held) = held {
            self.cache().await.put_held(&held).await?;
        }
        self.forget_tokens().await?;
        self.plan(Event::Closed);
        Ok(())
    }

    /// Forgets who is signed in.
    pub(crate) async fn forget_tokens(&self) -> Result<(), DeskError> {
        {
            let mut session = lock(&self.session);
            (session.access, session.access_until, session.refresh) = (None, None, None);
        }
        if let Some(keys) = &self.keys {
            keys.forget(KeyName::Refresh).await?;
        }
        Ok(())
    }

    /// Empties the cache and the index.
    pub(crate) async fn clear_cache(&self) -> Result<(), DeskError> {
        self.cache().await.clear().await?;
        if let Some(home) = &self.home {
            home.drop_set_aside(&home.cache())?;
        }
        self.finder.clear();
        self.customers.store(0, Ordering::Relaxed);
        *lock(&self.held) = None;
        let mut shown = lock(&self.shown);
        (shown.live, shown.progress) = (false, None);
        Ok(())
    }

    /// The desk was revoked: its customers go, its sealed copies stay, and it is a new desk from here on. Who is signed
    /// in is forgotten last: a desk that dies on the way meets the refusal again and goes on with it.
    pub(crate) async fn wipe(&self) -> Result<(), DeskError> {
        let mut cache_place = self.cache.write().await;
        let mut outbox_place = self.outbox.write().await;
        cache_place.close().await;
        self.finder.clear();
        *lock(&self.held) = None;
        match (&self.home, &self.keys) {
            (Some(home), Some(keys)) => {
                // An attempt that failed after the outbox was closed leaves nothing to read here.
                let store = lock(&self.session).store.clone();
                let preferences = outbox_place.preferences().await.unwrap_or_default();
                if let Some(copies) = outbox_place.copies() {
                    copies.lose()?;
                }
                home.drop_set_aside(&home.cache())?;
                home.delete(&home.cache())?;
                keys.forget(KeyName::Cache).await?;
                *cache_place = Arc::new(cache(home, keys, &self.rng, self.clock.now()).await?.file);
                outbox_place.close().await;
                home.delete(&home.outbox())?;
                keys.forget(KeyName::Outbox).await?;
                let fresh = outbox(home, keys, &self.rng, self.clock.now()).await?.file;
                if let Some(mut store) = store {
                    store.me = None;
                    fresh.put_store(&store).await?;
                    lock(&self.session).store = Some(store);
                }
                fresh
                    .put_preferences(&Preferences { tabs: Vec::new(), active_tab: None, ..preferences })
                    .await?;
                let agents = lock(&self.agents).clone();
                fresh.put_agents(&agents).await?;
                *outbox_place = Arc::new(fresh);
            }
            _ => {
                let (outbox, cache) = in_memory(&self.rng, self.clock.now()).await?;
                *cache_place = Arc::new(cache);
                *outbox_place = Arc::new(outbox);
            }
        }
        drop((cache_place, outbox_place));
        self.customers.store(0, Ordering::Relaxed);
        lock(&self.standing).snapshot = true;
        self.forget_tokens().await?;
        self.recount(None).await?;
        let failure = DeskError::new(Code::DeviceRevoked).failure(self.language());
        self.tell(crate::view::Event::SignedOut { failure });
        // Last: the driver gives up what it does as soon as there is nothing left to do.
        self.plan(Event::Wiped);
        Ok(())
    }

    /// Reads the find rows into the index, off the way to the first paint.
    pub(crate) async fn fill(&self) -> Result<(), DeskError> {
        let mut after = -1;
        loop {
            let rows = self.cache().await.find_rows_after(after, 2000).await?;
            let Some(last) = rows.last() else { break };
            after = last.id.bits();
            let touched = lock(&self.touched).clone();
            self.finder.fill(rows, self.now(), &|id| touched.contains(&id));
            tokio::task::yield_now().await;
        }
        self.finder.set_recent(self.cache().await.recent().await?);
        self.finder.loaded();
        lock(&self.touched).clear();
        Ok(())
    }
}

/// What a person is told when the cache could not be read.
pub(crate) fn cache_set_aside() -> DeskError {
    DeskError::naming(Code::FilesUnusable, crate::words::CACHE_SET_ASIDE)
}
