//! What the sample promises: the same from the same seed, believable shares, and nobody real.

use std::collections::{BTreeMap, HashSet};

use madoguchi_domain::{
    Timestamp,
    account::{Authority, IdentityKind, LockCause, LockScope},
    consent::ConsentChange,
    customer::IdentifierKind,
    sign_in::{Cause, Outcome},
};

use super::customer::customer;
use crate::db::bulk::{NewAccount, NewCustomer};

const NOW: Timestamp = Timestamp::from_micros(1_795_444_331_000_000);

fn sample(seed: u64, count: u64) -> Vec<NewCustomer> {
    (0..count).map(|number| customer(seed, number, NOW)).collect()
}

fn json(customers: &[NewCustomer]) -> String {
    serde_json::to_string(customers).unwrap()
}

/// The share of those for whom `is` holds, of a thousand.
fn share<T>(all: &[T], is: impl Fn(&T) -> bool) -> usize {
    all.iter().filter(|one| is(one)).count() * 1000 / all.len()
}

fn accounts(customers: &[NewCustomer]) -> Vec<&NewAccount> {
    customers.iter().flat_map(|customer| &customer.accounts).collect()
}

fn is_japanese(customer: &NewCustomer) -> bool {
    customer.languages[0] == "ja"
}

#[test]
fn a_seed_always_makes_the_same_people_and_another_seed_others() {
    let first = sample(1, 300);
    assert_eq!(json(&first), json(&sample(1, 300)));
    assert_eq!(json(&first[100..]), json(&(100..300).map(|n| customer(1, n, NOW)).collect::<Vec<_>>()));
    assert_ne!(json(&first), json(&sample(2, 300)));
}

#[test]
fn half_are_japanese_with_kanji_and_mostly_a_reading() {
    let all = sample(1, 4_000);
    assert_eq!(share(&all, is_japanese), 500);
    let japanese: Vec<_> = all.iter().filter(|c| is_japanese(c)).collect();
    let kanji = |text: &str| {
        text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..))
    };
    assert!(share(&japanese, |c| kanji(&c.name.written)) > 980);
    assert!((750..900).contains(&share(&japanese, |c| c.name.reading.is_some())));
    assert!((650..800).contains(&share(&japanese, |c| c.name.romaji.is_some())));
    assert!((20..60).contains(&share(&japanese, |c| c.name.former.is_some())));
    let given_in_kana = |c: &&NewCustomer| {
        c.name
            .written
            .split_once(' ')
            .is_some_and(|(_, given)| given.chars().all(|c| matches!(c, 'ぁ'..='ー')))
    };
    assert!((30..90).contains(&share(&japanese, |c| given_in_kana(c))), "さくら");
    for variant in ['髙', '邉', '澤'] {
        assert!(japanese.iter().any(|c| c.name.written.contains(variant)), "{variant}");
    }
    let readings: Vec<_> = japanese.iter().filter_map(|c| c.name.reading.as_deref()).collect();
    assert!(readings.iter().all(|r| r.chars().all(|c| matches!(c, 'ァ'..='ー' | ' '))));
    let western: Vec<_> = all.iter().filter(|c| !is_japanese(c)).collect();
    assert!(western.iter().all(|c| !kanji(&c.name.written) && c.name.written.contains(' ')));
}

#[test]
fn usual_surnames_are_usual() {
    let all = sample(1, 8_000);
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for customer in all.iter().filter(|c| is_japanese(c)) {
        *count.entry(customer.name.written.split(' ').next().unwrap()).or_default() += 1;
    }
    // 佐藤 and 鈴木 are borne by about 1.5 % each, of 4,000 some 60.
    assert!((25..140).contains(&count["佐藤"]), "{}", count["佐藤"]);
    assert!((25..140).contains(&count["鈴木"]), "{}", count["鈴木"]);
    assert!(count.len() > 700, "and rare ones come too: {}", count.len());
}

#[test]
fn the_first_customer_is_the_one_of_the_guide() {
    let known = customer(1, 0, NOW);
    assert_eq!(known.name.written, "田中 美咲");
    assert_eq!(known.name.reading.as_deref(), Some("タナカ ミサキ"));
    let [lock] = known.accounts[0].locks.as_slice() else { panic!("one lock stands") };
    assert_eq!(lock.cause, LockCause::TooManyFailures);
    assert_eq!(lock.until.map(|until| until.since(NOW).as_secs()), Some(23 * 60));
    let wrong = known.accounts[0]
        .sign_ins
        .iter()
        .filter(|s| s.place.as_deref() == Some("Osaka") && s.at <= lock.since);
    assert!(wrong.filter(|s| s.cause == Some(Cause::WrongPassword)).count() >= 6);
}

#[test]
fn locks_of_every_cause_stand_and_fit_what_came_before() {
    let all = sample(1, 6_000);
    let mut causes: BTreeMap<LockCause, usize> = BTreeMap::new();
    for account in accounts(&all) {
        for lock in &account.locks {
            *causes.entry(lock.cause).or_default() += 1;
            assert!(lock.since <= NOW && lock.since >= account.since, "{lock:?}");
            assert!(lock.until.is_none_or(|until| until > NOW), "an over lock is no standing lock");
            let before: Vec<_> = account.sign_ins.iter().filter(|s| s.at <= lock.since).collect();
            let wrong = before.iter().rev().take_while(|s| s.cause == Some(Cause::WrongPassword)).count();
            match lock.cause {
                LockCause::TooManyFailures => assert!(wrong >= 6, "{wrong} wrong passwords before {lock:?}"),
                LockCause::SuspectedTakeover => {
                    let addresses: HashSet<_> = before.iter().rev().take(wrong).map(|s| &s.address).collect();
                    assert!(wrong >= 9 && addresses.len() >= 5);
                }
                LockCause::DisabledAtSource => assert_eq!(account.authority, Authority::Source),
                _ => assert_eq!(account.authority, Authority::Store),
            }
            // Nobody comes in through a lock on the whole account.
            if lock.scope == LockScope::Account {
                let through =
                    account.sign_ins.iter().filter(|s| s.at > lock.since && s.outcome == Outcome::SignedIn);
                assert_eq!(through.count(), 0, "{lock:?}");
            }
        }
    }
    assert_eq!(causes.len(), 8, "{causes:?}");
    assert!(causes.values().all(|count| *count >= 10), "{causes:?}");
    let locks: Vec<_> = accounts(&all).into_iter().flat_map(|a| &a.locks).collect();
    let endless = share(&locks, |lock| lock.until.is_none());
    assert!((300..900).contains(&endless), "{endless}");
    assert!(locks.iter().any(|lock| lock.until.is_some_and(|until| until.since(NOW).as_secs() < 1500)));
}

#[test]
fn failures_look_like_those_of_people() {
    let all = sample(1, 4_000);
    let sign_ins: Vec<_> = accounts(&all).into_iter().flat_map(|account| &account.sign_ins).collect();
    let failed = share(&sign_ins, |s| s.outcome == Outcome::Failed);
    assert!((80..350).contains(&failed), "{failed}");
    let causes: HashSet<Cause> = sign_ins.iter().filter_map(|s| s.cause).collect();
    for cause in [
        Cause::WrongPassword,
        Cause::WrongCode,
        Cause::CodeExpired,
        Cause::Locked,
        Cause::ProviderRefused,
        Cause::Cancelled,
        Cause::PasswordExpired,
        Cause::ContactUnverified,
    ] {
        assert!(causes.contains(&cause), "{cause:?}");
    }
    assert!(sign_ins.iter().all(|s| s.at <= NOW), "nothing comes from the future");
    assert!(sign_ins.iter().any(|s| s.new_address));
    let oldest = sign_ins.iter().map(|s| s.at).min().unwrap();
    assert!(NOW.since(oldest).as_secs() > 150 * 86_400, "months of them");
    for account in accounts(&all) {
        assert!(account.sign_ins.iter().all(|s| s.at >= account.since), "none before the account began");
        assert!(account.sign_ins.is_sorted_by_key(|s| s.at));
    }
}

#[test]
fn nothing_belongs_to_anybody() {
    let all = sample(1, 4_000);
    let mut emails = HashSet::new();
    for identifier in all.iter().flat_map(|customer| &customer.identifiers) {
        match identifier.kind {
            IdentifierKind::Email => {
                let domain = identifier.value.rsplit('@').next().unwrap();
                assert!(["example.jp", "example.com", "example.org"].contains(&domain), "{domain}");
                assert!(identifier.value.is_ascii());
                assert!(emails.insert(identifier.value.clone()), "{} stands twice", identifier.value);
            }
            IdentifierKind::Phone => {
                let national = identifier.value.strip_prefix("+81");
                let fiction =
                    identifier.value.starts_with("+447700900") || identifier.value[5..].starts_with("55501");
                assert!(national.is_some() || fiction, "{}", identifier.value);
            }
            IdentifierKind::Loyalty => {}
        }
    }
    for sign_in in accounts(&all).into_iter().flat_map(|account| &account.sign_ins) {
        let address = sign_in.address.as_deref().unwrap();
        assert!(["192.0.2.", "198.51.100.", "203.0.113."].iter().any(|net| address.starts_with(net)));
    }
}

#[test]
fn accounts_and_identities_are_many_and_of_every_kind() {
    let all = sample(1, 4_000);
    assert!((300..480).contains(&share(&all, |c| c.accounts.len() > 1)));
    let kinds: HashSet<_> =
        accounts(&all).into_iter().flat_map(|a| &a.identities).map(|way| way.kind).collect();
    for kind in [
        IdentityKind::Password,
        IdentityKind::Google,
        IdentityKind::Facebook,
        IdentityKind::Apple,
        IdentityKind::Line,
        IdentityKind::Enterprise,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    let mut ways = HashSet::new();
    for account in accounts(&all) {
        assert!(!account.identities.is_empty());
        for way in &account.identities {
            assert!(ways.insert((&way.issuer, &way.subject, &account.brand)), "{} stands twice", way.subject);
        }
    }
}

#[test]
fn consents_have_a_history_of_every_kind() {
    let all = sample(1, 4_000);
    let events: Vec<_> = all.iter().flat_map(|customer| &customer.consents).collect();
    let changes: HashSet<_> = events.iter().map(|event| event.change).collect();
    assert_eq!(changes.len(), 5, "{changes:?}");
    assert!(events.iter().all(|event| event.captured_at <= NOW));
    assert!(events.iter().all(|event| event.notice.is_some() == (event.change != ConsentChange::Expired)));
    let notices: HashSet<_> = super::brands::notices(NOW)
        .into_iter()
        .map(|notice| (notice.id, notice.version, notice.language))
        .collect();
    for shown in events.iter().filter_map(|event| event.notice.as_ref()) {
        assert!(notices.contains(&(shown.id.clone(), shown.version, shown.language.clone())), "{shown:?}");
    }
    for customer in &all {
        let mut last = BTreeMap::new();
        for event in &customer.consents {
            let yes = matches!(
                last.get(&(&event.brand, &event.purpose)),
                Some(ConsentChange::Given | ConsentChange::Renewed)
            );
            let needs_yes = matches!(
                event.change,
                ConsentChange::Withdrawn | ConsentChange::Expired | ConsentChange::Renewed
            );
            assert!(!needs_yes || yes, "{event:?} takes back what was never given");
            last.insert((&event.brand, &event.purpose), event.change);
        }
    }
}

#[test]
fn some_live_under_one_roof_and_share_its_number() {
    let all = sample(1, 4_000);
    let mut by_number: BTreeMap<&str, HashSet<&str>> = BTreeMap::new();
    for customer in &all {
        for phone in customer.identifiers.iter().filter(|i| i.kind == IdentifierKind::Phone) {
            let surname = match is_japanese(customer) {
                true => customer.name.written.split(' ').next(),
                false => customer.name.written.split_once(' ').map(|(_, surname)| surname),
            };
            by_number.entry(&phone.value).or_default().insert(surname.unwrap());
        }
    }
    let shared = all
        .iter()
        .flat_map(|c| &c.identifiers)
        .filter(|i| i.kind == IdentifierKind::Phone && i.value.starts_with("+81"))
        .fold(BTreeMap::<&str, usize>::new(), |mut counts, i| {
            *counts.entry(&i.value).or_default() += 1;
            counts
        });
    assert!(shared.values().filter(|count| **count > 1).count() > 50);
}
