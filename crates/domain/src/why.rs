//! Why can this customer not sign in? One answer composed from locks, identities and sign-ins.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    AccountId, IdentityId, Timestamp,
    account::{Account, IdentityKind, Lock, LockCause, LockScope},
    sign_in::{Cause, Outcome, SignIn},
};

/// May this account sign in, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Verdict {
    /// Whether they may sign in with the identity that was asked about, or with any when none was.
    pub allowed: bool,
    /// The locks that stand in the way, the one that ends last first.
    pub locks: Vec<Lock>,
}

/// Judges the locks of one account at `now`.
///
/// A lock on the account keeps everything shut; a lock on an identity keeps that one shut. Without an `identity` the
/// account is blocked when the account is locked or every identity is.
#[must_use]
pub fn verdict(account: &Account, identity: Option<IdentityId>, now: Timestamp) -> Verdict {
    let standing = || account.locks.iter().filter(|lock| lock.stands(now));
    let shut = |id: IdentityId| standing().any(|lock| lock.scope == LockScope::Identity(id));
    let whole = standing().any(|lock| lock.scope == LockScope::Account);
    let allowed = match identity {
        Some(id) => !whole && !shut(id),
        None => {
            !whole && (account.identities.is_empty() || !account.identities.iter().all(|way| shut(way.id)))
        }
    };
    let mut locks: Vec<Lock> = standing()
        .filter(|lock| match (lock.scope, identity) {
            (LockScope::Account, _) | (_, None) => true,
            (LockScope::Identity(locked), Some(asked)) => locked == asked,
        })
        .cloned()
        .collect();
    locks.sort_by_key(|lock| {
        std::cmp::Reverse((lock.until.unwrap_or(Timestamp::from_micros(i64::MAX)), lock.since))
    });
    Verdict { allowed, locks }
}

/// The sign-ins that a lock or a complaint rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Evidence {
    /// How many attempts did not succeed.
    pub failures: u32,
    /// The first of them.
    pub from: Timestamp,
    /// The last of them.
    pub to: Timestamp,
    /// What most of them failed for.
    pub cause: Option<Cause>,
    /// How many addresses they came from.
    pub addresses: u32,
    /// The place, when all came from one.
    pub place: Option<String>,
    /// The device, when all came from one.
    pub device: Option<String>,
    /// The address, or one of them, had not been seen with this customer before.
    pub new_address: bool,
}

/// The answer to the question, for one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Why {
    /// A lock keeps the whole account shut.
    Locked {
        /// The account.
        account: AccountId,
        /// The lock that ends last.
        lock: Lock,
        /// How many other locks stand on the same account.
        others: u32,
        /// The failures it rests on, for a lock by the sign-in rule or a suspicion.
        evidence: Option<Evidence>,
    },
    /// One way in is shut, another still works.
    PartlyLocked {
        /// The account.
        account: AccountId,
        /// The lock.
        lock: Lock,
        /// The identity it keeps shut.
        identity: IdentityKind,
        /// The failures it rests on.
        evidence: Option<Evidence>,
    },
    /// They type a password, and never had one: they came with a provider.
    NoPassword {
        /// The account.
        account: AccountId,
        /// How they did sign in.
        instead: IdentityKind,
        /// The failures.
        evidence: Evidence,
    },
    /// Nothing is locked, but the last attempts failed.
    Failing {
        /// The account.
        account: AccountId,
        /// With what.
        identity: IdentityKind,
        /// The failures.
        evidence: Evidence,
    },
    /// There is no account, so nothing to sign in to.
    NoAccount,
    /// There is an account, but no way into it.
    NoIdentity {
        /// The account.
        account: AccountId,
    },
    /// Nothing keeps them out.
    Nothing {
        /// Their last success, where one is known.
        last_sign_in: Option<Timestamp>,
    },
}

/// Composes the answer from what is known at `now`; `sign_ins` in any order.
///
/// Whole locks come before partial ones, partial ones before failures; among locks the one that ends last speaks.
#[must_use]
pub fn why(accounts: &[Account], sign_ins: &[SignIn], now: Timestamp) -> Why {
    if accounts.is_empty() {
        return Why::NoAccount;
    }
    whole_lock(accounts, sign_ins, now)
        .or_else(|| partial_lock(accounts, sign_ins, now))
        .or_else(|| failing(accounts, sign_ins))
        .or_else(|| {
            let empty = accounts.iter().all(|account| account.identities.is_empty());
            empty.then(|| Why::NoIdentity { account: accounts[0].id })
        })
        .unwrap_or_else(|| Why::Nothing {
            last_sign_in: sign_ins.iter().filter(|s| s.outcome == Outcome::SignedIn).map(|s| s.at).max(),
        })
}

fn ends(lock: &Lock) -> (Timestamp, Timestamp) {
    (lock.until.unwrap_or(Timestamp::from_micros(i64::MAX)), lock.since)
}

fn whole_lock(accounts: &[Account], sign_ins: &[SignIn], now: Timestamp) -> Option<Why> {
    accounts
        .iter()
        .filter_map(|account| {
            let verdict = verdict(account, None, now);
            let lock = verdict
                .locks
                .iter()
                .find(|lock| lock.scope == LockScope::Account)
                .or(verdict.locks.first())?;
            (!verdict.allowed).then(|| (account, lock.clone(), verdict.locks.len()))
        })
        .max_by_key(|(_, lock, _)| ends(lock))
        .map(|(account, lock, count)| Why::Locked {
            account: account.id,
            evidence: behind(&lock, account, sign_ins),
            lock,
            others: u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX),
        })
}

fn partial_lock(accounts: &[Account], sign_ins: &[SignIn], now: Timestamp) -> Option<Why> {
    accounts
        .iter()
        .flat_map(|account| account.locks.iter().map(move |lock| (account, lock)))
        .filter(|(_, lock)| lock.stands(now))
        .filter_map(|(account, lock)| match lock.scope {
            LockScope::Identity(id) => {
                account.identities.iter().find(|way| way.id == id).map(|way| (account, lock, way.kind))
            }
            LockScope::Account => None,
        })
        .max_by_key(|(_, lock, _)| ends(lock))
        .map(|(account, lock, identity)| Why::PartlyLocked {
            account: account.id,
            lock: lock.clone(),
            identity,
            evidence: behind(lock, account, sign_ins),
        })
}

/// Failures in the hour before a lock that rests on failures.
fn behind(lock: &Lock, account: &Account, sign_ins: &[SignIn]) -> Option<Evidence> {
    if !matches!(lock.cause, LockCause::TooManyFailures | LockCause::SuspectedTakeover) {
        return None;
    }
    let hour = std::time::Duration::from_secs(3600);
    let failures: Vec<&SignIn> = sign_ins
        .iter()
        .filter(|s| s.account == account.id && s.outcome == Outcome::Failed)
        .filter(|s| s.at <= lock.since && lock.since.since(s.at) <= hour)
        .collect();
    evidence(&failures)
}

/// The run of failures after each account's last success; the freshest run speaks.
fn failing(accounts: &[Account], sign_ins: &[SignIn]) -> Option<Why> {
    let run = |account: &Account| {
        let mut own: Vec<&SignIn> = sign_ins.iter().filter(|s| s.account == account.id).collect();
        own.sort_by_key(|s| std::cmp::Reverse((s.at, s.id)));
        own.into_iter().take_while(|s| s.outcome != Outcome::SignedIn).collect::<Vec<_>>()
    };
    let (account, run) = accounts
        .iter()
        .map(|account| (account, run(account)))
        .filter(|(_, run)| !run.is_empty())
        .max_by_key(|(_, run)| run[0].at)?;
    let evidence = evidence(&run)?;
    let tried = run.first()?.identity;
    let has_password = account.identities.iter().any(|way| way.kind == IdentityKind::Password);
    if tried == IdentityKind::Password && !has_password {
        let instead = account.identities.iter().max_by_key(|way| way.last_sign_in)?.kind;
        return Some(Why::NoPassword { account: account.id, instead, evidence });
    }
    Some(Why::Failing { account: account.id, identity: tried, evidence })
}

fn evidence(failures: &[&SignIn]) -> Option<Evidence> {
    let from = failures.iter().map(|s| s.at).min()?;
    let to = failures.iter().map(|s| s.at).max()?;
    let distinct = |pick: fn(&SignIn) -> Option<&String>| {
        let mut all: Vec<Option<&String>> = failures.iter().map(|s| pick(s)).collect();
        all.sort();
        all.dedup();
        all
    };
    let single = |pick: fn(&SignIn) -> Option<&String>| match distinct(pick).as_slice() {
        [one] => one.cloned(),
        _ => None,
    };
    let mut causes: Vec<Cause> = failures.iter().filter_map(|s| s.cause).collect();
    causes.sort();
    let cause = causes.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).map(|run| run[0]);
    Some(Evidence {
        failures: u32::try_from(failures.len()).unwrap_or(u32::MAX),
        from,
        to,
        cause,
        addresses: u32::try_from(distinct(|s| s.address.as_ref()).iter().flatten().count())
            .unwrap_or(u32::MAX),
        place: single(|s| s.place.as_ref()),
        device: single(|s| s.device.as_ref()),
        new_address: failures.iter().any(|s| s.new_address),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        IdentityId, LockId, SignInId,
        account::{Authority, Identity},
    };

    const NOW: Timestamp = Timestamp::from_micros(1_795_444_331_000_000);

    fn minutes(n: u64) -> std::time::Duration {
        std::time::Duration::from_secs(n * 60)
    }

    fn account(kinds: &[IdentityKind]) -> Account {
        Account {
            id: AccountId::new(NOW, [1; 10]),
            issuer: "https://id.example.jp".to_owned(),
            brand: "stay".into(),
            authority: Authority::Store,
            blocked: false,
            lock_version: 0,
            session_epoch: 0,
            identities: (0u8..)
                .zip(kinds)
                .map(|(n, kind)| Identity {
                    id: IdentityId::new(NOW, [n; 10]),
                    kind: *kind,
                    issuer: "https://id.example.jp".to_owned(),
                    masked: "t•••a@example.jp".to_owned(),
                    linked_at: NOW,
                    last_sign_in: None,
                    failures_today: 0,
                })
                .collect(),
            sessions: vec![],
            locks: vec![],
            since: NOW,
        }
    }

    fn lock(scope: LockScope, cause: LockCause, until: Option<Timestamp>) -> Lock {
        Lock {
            id: LockId::new(NOW, [9; 10]),
            scope,
            cause,
            since: NOW.minus(minutes(5)),
            until,
            by: "rule".to_owned(),
            note: None,
            version: 1,
        }
    }

    fn attempt(account: &Account, minutes_ago: u64, outcome: Outcome, identity: IdentityKind) -> SignIn {
        SignIn {
            id: SignInId::new(NOW.minus(minutes(minutes_ago)), [2; 10]),
            account: account.id,
            identity,
            at: NOW.minus(minutes(minutes_ago)),
            outcome,
            cause: (outcome == Outcome::Failed).then_some(Cause::WrongPassword),
            address: Some("203.0.113.58".to_owned()),
            place: Some("Osaka".to_owned()),
            device: None,
            client: None,
            channel: "web".to_owned(),
            new_address: true,
        }
    }

    #[test]
    fn a_lock_is_over_at_its_end_not_after_it() {
        let mut account = account(&[IdentityKind::Password]);
        account.locks = vec![lock(LockScope::Account, LockCause::TooManyFailures, Some(NOW))];
        assert!(verdict(&account, None, NOW).allowed);
        assert!(!verdict(&account, None, NOW.minus(minutes(1))).allowed);
    }

    #[test]
    fn a_lock_on_one_identity_leaves_the_other_open() {
        let mut account = account(&[IdentityKind::Password, IdentityKind::Line]);
        let (password, line) = (account.identities[0].id, account.identities[1].id);
        account.locks = vec![lock(LockScope::Identity(password), LockCause::TooManyFailures, None)];
        assert!(!verdict(&account, Some(password), NOW).allowed);
        assert!(verdict(&account, Some(line), NOW).allowed);
        assert!(verdict(&account, None, NOW).allowed);
        account.locks.push(lock(LockScope::Identity(line), LockCause::Fraud, None));
        assert!(!verdict(&account, None, NOW).allowed, "every way in is shut");
    }

    #[test]
    fn the_lock_that_ends_last_speaks_and_names_its_failures() {
        let mut account = account(&[IdentityKind::Password]);
        account.locks = vec![
            lock(LockScope::Account, LockCause::TooManyFailures, Some(NOW.plus(minutes(20)))),
            lock(LockScope::Account, LockCause::Fraud, None),
        ];
        let attempts: Vec<SignIn> =
            (5..11).map(|m| attempt(&account, m, Outcome::Failed, IdentityKind::Password)).collect();
        let Why::Locked { lock, others, evidence, .. } = why(&[account.clone()], &attempts, NOW) else {
            panic!("it is locked");
        };
        assert_eq!((lock.cause, others, evidence), (LockCause::Fraud, 1, None));
        account.locks.pop();
        let Why::Locked { evidence: Some(evidence), .. } = why(&[account], &attempts, NOW) else {
            panic!("the rule's lock rests on failures");
        };
        assert_eq!((evidence.failures, evidence.addresses, evidence.place.as_deref()), (6, 1, Some("Osaka")));
    }

    #[test]
    fn a_password_typed_by_someone_who_never_had_one_is_said() {
        let account = account(&[IdentityKind::Google]);
        let attempts = [attempt(&account, 3, Outcome::Failed, IdentityKind::Password)];
        assert!(matches!(
            why(&[account], &attempts, NOW),
            Why::NoPassword { instead: IdentityKind::Google, .. }
        ));
    }

    #[test]
    fn an_account_that_was_let_in_again_does_not_hide_another_that_is_not() {
        let first = account(&[IdentityKind::Password]);
        let mut second = account(&[IdentityKind::Password]);
        second.id = AccountId::new(NOW, [7; 10]);
        let mut attempts = vec![
            attempt(&first, 10, Outcome::Failed, IdentityKind::Password),
            attempt(&first, 5, Outcome::SignedIn, IdentityKind::Password),
        ];
        attempts.extend((11..16).map(|m| attempt(&second, m, Outcome::Failed, IdentityKind::Password)));
        let Why::Failing { account, evidence, .. } = why(&[first, second.clone()], &attempts, NOW) else {
            panic!("the second account's failures are not over");
        };
        assert_eq!((account, evidence.failures), (second.id, 5));
    }

    #[test]
    fn a_success_after_failures_means_nothing_is_wrong() {
        let account = account(&[IdentityKind::Password]);
        let attempts = [
            attempt(&account, 9, Outcome::Failed, IdentityKind::Password),
            attempt(&account, 2, Outcome::SignedIn, IdentityKind::Password),
        ];
        assert_eq!(
            why(&[account], &attempts, NOW),
            Why::Nothing { last_sign_in: Some(NOW.minus(minutes(2))) }
        );
    }
}
