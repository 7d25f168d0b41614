//! Randomness that is passed in: seeded from the operating system once, or from a test's seed.

use std::sync::{Arc, Mutex};

use madoguchi_domain::Timestamp;
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use uuid::Uuid;

/// A shared source of unpredictable bytes.
#[derive(Clone)]
pub struct Chance(Arc<Mutex<ChaCha20Rng>>);

impl std::fmt::Debug for Chance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chance(hidden)")
    }
}

impl Chance {
    /// The generator of this seed: the same seed gives the same bytes.
    #[must_use]
    pub fn new(seed: [u8; 32]) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }

    /// Seeded by the operating system, for the program itself.
    #[must_use]
    pub fn of_system() -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::from_os_rng())))
    }

    /// The next `N` bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        // Filling cannot panic, so the lock cannot be poisoned by it; a poisoned one holds a sound generator.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A random (version 4) UUID.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// A version 7 UUID of `now`.
    #[must_use]
    pub fn uuid_at(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// Another generator, seeded by this one.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self::new(self.bytes())
    }
}
