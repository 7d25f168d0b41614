//! What sync does next. Pure: the driver does it and says how it went.

use std::time::Duration;

use madoguchi_protocol::error::Code;

/// The longest wait between attempts, in multiples of the first.
const LONGEST: u32 = 60;

/// Where sync stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Somebody is signed in on this desk.
    pub(crate) signed_in: bool,
    /// The store answered on this connection, in our version, and is the one we know.
    pub(crate) greeted: bool,
    /// The access token is good as far as we know.
    pub(crate) token: bool,
    /// Sealed copies without an outbox wait to be sent.
    pub(crate) lost: bool,
    /// The file turned out to be damaged.
    pub(crate) damaged: bool,
    /// A snapshot must be fetched, or finished.
    pub(crate) snapshot: bool,
    /// The lease is over.
    pub(crate) closed: bool,
    /// The desk was revoked.
    pub(crate) revoked: bool,
    /// Failures in a row.
    pub(crate) failures: u32,
    /// The last failure, while it lasts.
    pub(crate) cause: Option<Code>,
    /// No attempt before this time, by the monotonic clock.
    pub(crate) not_before: Duration,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing, until somebody signs in.
    Rest,
    /// Nothing, until this time of the monotonic clock or until somebody asks for it now.
    Wait(Duration),
    /// Ask the store who it is.
    Greet,
    /// Get a new access token.
    Refresh,
    /// Send the sealed copies of a lost outbox.
    SendLost,
    /// Set the damaged cache aside and begin a new one.
    SetAside,
    /// Fetch a snapshot, or the rest of one.
    Snapshot,
    /// Read the feed.
    Feed,
    /// Close the cache: the lease is over.
    Close,
    /// Wipe the cache: the desk was revoked.
    Wipe,
}

/// How something went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Event {
    SignedIn,
    SignedOut,
    Greeted,
    Refreshed,
    LostSent,
    SetAside {
        cursor: bool,
    },
    SnapshotComplete,
    /// The feed was open and heard.
    Heard,
    /// An attempt failed. `jitter` is between 0 and 1.
    Failed {
        code: Code,
        jitter: f64,
    },
    Damaged,
    LeaseOver,
    Closed,
    Wiped,
    /// Somebody wants it now.
    Now,
}

/// The next step at `now`, by the monotonic clock.
pub(crate) fn next(at: &Standing, now: Duration) -> Step {
    // What must be put right on this desk needs neither the store nor somebody signed in.
    let repair = if at.revoked {
        Some(Step::Wipe)
    } else if at.damaged {
        Some(Step::SetAside)
    } else {
        (at.closed && at.signed_in).then_some(Step::Close)
    };
    if !at.signed_in && repair.is_none() {
        return Step::Rest;
    }
    if now < at.not_before {
        return Step::Wait(at.not_before);
    }
    if let Some(step) = repair {
        step
    } else if !at.greeted {
        Step::Greet
    } else if !at.token {
        Step::Refresh
    } else if at.lost {
        Step::SendLost
    } else if at.snapshot {
        Step::Snapshot
    } else {
        Step::Feed
    }
}

/// Where sync stands after something went some way.
pub(crate) fn after(mut at: Standing, event: Event, first_wait: Duration, now: Duration) -> Standing {
    match event {
        Event::SignedIn => {
            (at.signed_in, at.greeted, at.token, at.closed, at.revoked) = (true, true, true, false, false);
            calm(&mut at);
        }
        Event::SignedOut => {
            (at.signed_in, at.token) = (false, false);
            calm(&mut at);
        }
        Event::Greeted => at.greeted = true,
        Event::Refreshed => at.token = true,
        Event::LostSent => at.lost = false,
        Event::SetAside { cursor } => (at.damaged, at.snapshot) = (false, !cursor),
        Event::SnapshotComplete => at.snapshot = false,
        Event::Heard => calm(&mut at),
        Event::Now => at.not_before = Duration::ZERO,
        // A repair does not wait for what another step waits for; one that fails does wait.
        Event::Damaged => (at.damaged, at.not_before) = (true, Duration::ZERO),
        Event::LeaseOver => (at.closed, at.not_before) = (true, Duration::ZERO),
        Event::Closed | Event::Wiped => {
            (at.signed_in, at.token, at.revoked, at.closed) = (false, false, false, false);
        }
        Event::Failed { code, jitter } => match code {
            // The token alone is at fault: a new one first, without a wait, unless that is what failed.
            Code::SignInNeeded if at.token => at.token = false,
            Code::SignInNeeded | Code::SessionRevoked => (at.signed_in, at.token) = (false, false),
            Code::DeviceRevoked if at.revoked => {}
            Code::DeviceRevoked => (at.revoked, at.not_before) = (true, Duration::ZERO),
            Code::CursorUnknown if !at.snapshot => at.snapshot = true,
            _ => {
                at.failures = at.failures.saturating_add(1);
                at.cause = Some(code);
                at.greeted = false;
                let doubled = 1u32.checked_shl(at.failures - 1).unwrap_or(LONGEST).min(LONGEST);
                // Between half and the whole of it, so that a company's desks do not come back all at once.
                at.not_before = now + (first_wait * doubled).mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0);
            }
        },
    }
    at
}

fn calm(at: &mut Standing) {
    (at.failures, at.cause, at.not_before) = (0, None, Duration::ZERO);
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_secs(1);
    const NOW: Duration = Duration::from_secs(100);

    fn signed_in() -> Standing {
        Standing {
            signed_in: true,
            greeted: false,
            token: false,
            lost: false,
            damaged: false,
            snapshot: true,
            closed: false,
            revoked: false,
            failures: 0,
            cause: None,
            not_before: Duration::ZERO,
        }
    }

    fn run(mut at: Standing, events: &[Event]) -> Standing {
        for event in events {
            at = after(at, *event, FIRST, NOW);
        }
        at
    }

    fn failed(code: Code) -> Event {
        Event::Failed { code, jitter: 1.0 }
    }

    #[test]
    fn a_cold_start_greets_refreshes_fetches_and_follows() {
        let mut at = signed_in();
        let mut steps = Vec::new();
        for event in [Event::Greeted, Event::Refreshed, Event::SnapshotComplete, Event::Heard] {
            steps.push(next(&at, NOW));
            at = after(at, event, FIRST, NOW);
        }
        assert_eq!(steps, [Step::Greet, Step::Refresh, Step::Snapshot, Step::Feed]);
        assert_eq!(next(&at, NOW), Step::Feed);
    }

    #[test]
    fn nobody_signed_in_rests() {
        let at = run(signed_in(), &[Event::SignedOut]);
        assert_eq!(next(&at, NOW), Step::Rest);
        assert_eq!(next(&run(at, &[Event::SignedIn]), NOW), Step::Snapshot);
    }

    #[test]
    fn waits_double_are_bounded_and_end_when_somebody_asks() {
        let mut at = signed_in();
        let mut waits = Vec::new();
        for _ in 0..9 {
            at = after(at, failed(Code::Offline), FIRST, NOW);
            waits.push((at.not_before - NOW).as_secs());
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(next(&at, NOW), Step::Wait(at.not_before));
        assert_eq!(next(&at, at.not_before), Step::Greet, "a new connection asks who is there");
        assert_eq!(next(&run(at.clone(), &[Event::Now]), NOW), Step::Greet);
        let at = run(at, &[Event::Greeted, Event::Refreshed, Event::Heard]);
        assert_eq!((at.failures, at.cause), (0, None));
        let half = after(signed_in(), Event::Failed { code: Code::Offline, jitter: 0.0 }, FIRST, NOW);
        assert_eq!(half.not_before - NOW, FIRST / 2);
    }

    #[test]
    fn a_token_that_ran_out_is_renewed_at_once_and_one_that_cannot_be_ends_the_sign_in() {
        let at = run(signed_in(), &[Event::Greeted, Event::Refreshed, Event::SnapshotComplete]);
        let at = run(at, &[failed(Code::SignInNeeded)]);
        assert_eq!(next(&at, NOW), Step::Refresh);
        assert_eq!(next(&run(at, &[failed(Code::SignInNeeded)]), NOW), Step::Rest);
    }

    #[test]
    fn an_unknown_cursor_starts_from_a_snapshot_without_a_wait() {
        let at = run(signed_in(), &[Event::Greeted, Event::Refreshed, Event::SnapshotComplete]);
        assert_eq!(next(&run(at, &[failed(Code::CursorUnknown)]), NOW), Step::Snapshot);
    }

    #[test]
    fn a_snapshot_whose_cursor_is_refused_waits_like_any_failure() {
        let at = run(signed_in(), &[Event::Greeted, Event::Refreshed, failed(Code::CursorUnknown)]);
        assert!(matches!(next(&at, NOW), Step::Wait(_)));
    }

    #[test]
    fn a_revoked_desk_wipes_itself_and_rests() {
        let at = run(signed_in(), &[failed(Code::DeviceRevoked)]);
        assert_eq!(next(&at, NOW), Step::Wipe);
        assert_eq!(next(&run(at, &[Event::Wiped]), NOW), Step::Rest);
    }

    #[test]
    fn a_damaged_cache_is_set_aside_before_anything_else() {
        let at = run(signed_in(), &[Event::SnapshotComplete, failed(Code::Offline), Event::Damaged]);
        assert_eq!(next(&at, NOW), Step::SetAside);
        let at = run(at, &[Event::SetAside { cursor: false }, Event::Now, Event::Greeted, Event::Refreshed]);
        assert_eq!(next(&at, NOW), Step::Snapshot);
    }

    #[test]
    fn a_lease_that_is_over_closes_the_cache_until_a_sign_in() {
        let at = run(signed_in(), &[Event::LeaseOver]);
        assert_eq!(next(&at, NOW), Step::Close);
        let at = run(at, &[Event::Closed]);
        assert_eq!(next(&at, NOW), Step::Rest);
    }

    #[test]
    fn a_repair_begins_at_once_and_one_that_fails_waits_before_it_is_tried_again() {
        for (event, step) in [
            (Event::Damaged, Step::SetAside),
            (Event::LeaseOver, Step::Close),
            (failed(Code::DeviceRevoked), Step::Wipe),
        ] {
            let mut at = signed_in();
            for wait in [1, 2, 4] {
                at = after(at, failed(Code::Offline), FIRST, NOW);
                assert_eq!(at.not_before - NOW, FIRST * wait);
            }
            at = after(at, event, FIRST, NOW);
            assert_eq!(next(&at, NOW), step, "it does not wait for the network");
            at = after(at, failed(Code::DiskFull), FIRST, NOW);
            assert_eq!(next(&at, NOW), Step::Wait(at.not_before), "{step:?} spins");
            assert_eq!(next(&at, at.not_before), step);
            assert_eq!(next(&after(at, Event::Now, FIRST, NOW), NOW), step);
        }
    }

    #[test]
    fn a_cache_that_is_damaged_while_nobody_is_signed_in_is_set_aside_all_the_same() {
        let at = run(signed_in(), &[Event::SignedOut, Event::Damaged]);
        assert_eq!(next(&at, NOW), Step::SetAside);
    }

    #[test]
    fn sealed_copies_of_a_lost_outbox_go_before_the_customers_come() {
        let mut at = run(signed_in(), &[Event::Greeted, Event::Refreshed]);
        at.lost = true;
        assert_eq!(next(&at, NOW), Step::SendLost);
        assert_eq!(next(&run(at, &[Event::LostSent]), NOW), Step::Snapshot);
    }

    #[test]
    fn another_version_is_tried_again_later_like_any_failure() {
        let at = run(signed_in(), &[failed(Code::StoreVersion)]);
        assert!(matches!(next(&at, NOW), Step::Wait(_)));
        assert_eq!(at.cause, Some(Code::StoreVersion));
    }
}
