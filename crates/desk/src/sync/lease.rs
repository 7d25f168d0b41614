//! How long a desk may show its cache without contact. Pure.
//!
//! Three clocks are asked, because one of them can be set: the wall clock since the last contact, the latest time that
//! the wall clock was ever seen at, and the monotonic clock of this process.

use std::time::Duration;

use madoguchi_domain::Timestamp;

use crate::cache::Contact;

/// A wall clock that steps back by less than this was corrected, not turned back.
const CORRECTION: Duration = Duration::from_secs(120);

/// Whether the lease is over. `silent` is how long this process has had no contact, by its monotonic clock.
pub(crate) fn over(contact: &Contact, lease: Duration, wall: Timestamp, silent: Duration) -> bool {
    let passed = wall.since(contact.wall) > lease;
    let turned_back = wall.plus(CORRECTION) < contact.seen.max(contact.wall);
    passed || turned_back || silent > lease
}

/// Until when the cache may be shown, by the wall clock.
pub(crate) fn until(contact: &Contact, lease: Duration) -> Timestamp {
    contact.wall.plus(lease)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn contact() -> Contact {
        let at = Timestamp::from_micros(1_795_444_331_000_000);
        Contact { store: at, wall: at, seen: at }
    }

    #[test]
    fn the_cache_closes_after_the_lease_by_any_clock() {
        let contact = contact();
        assert!(!over(&contact, DAY, contact.wall.plus(23 * HOUR), 23 * HOUR));
        assert!(over(&contact, DAY, contact.wall.plus(25 * HOUR), Duration::ZERO), "after a restart");
        assert!(over(&contact, DAY, contact.wall.plus(HOUR), 25 * HOUR), "the wall clock was held back");
    }

    #[test]
    fn a_clock_turned_back_gives_no_time() {
        let mut contact = contact();
        contact.seen = contact.wall.plus(20 * HOUR);
        assert!(over(&contact, DAY, contact.wall.plus(HOUR), Duration::ZERO));
        assert!(
            !over(&contact, DAY, contact.seen.minus(Duration::from_secs(60)), Duration::ZERO),
            "a correction"
        );
    }
}
