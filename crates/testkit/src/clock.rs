//! A clock that tests turn.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use madoguchi_domain::{Clock, Timestamp};

/// Stands still until it is turned. Clones show the same time.
#[derive(Debug, Clone)]
pub struct TestClock {
    wall: Arc<AtomicI64>,
    monotonic: Arc<AtomicI64>,
}

impl TestClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { wall: Arc::new(AtomicI64::new(now.micros())), monotonic: Arc::default() }
    }

    /// Time passes: both clocks go on.
    pub fn advance(&self, span: Duration) {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        self.wall.fetch_add(micros, Ordering::SeqCst);
        self.monotonic.fetch_add(micros, Ordering::SeqCst);
    }

    /// Somebody sets the wall clock, forward or back; the monotonic one knows nothing of it.
    pub fn set_wall(&self, now: Timestamp) {
        self.wall.store(now.micros(), Ordering::SeqCst);
    }
}

impl Default for TestClock {
    /// 2026-11-23T14:12:00+09:00, the hour of the sample customers.
    fn default() -> Self {
        Self::at(Timestamp::from_micros(1_795_410_720_000_000))
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.wall.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.monotonic.load(Ordering::SeqCst)).unwrap_or(0))
    }
}
