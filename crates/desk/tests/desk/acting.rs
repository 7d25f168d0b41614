//! Acting: with and without a network, twice, too late, on what has changed.

use std::time::Duration;

use madoguchi_desk::{
    Code,
    view::{ActionState, Choice, Event, Resolve, RevealRequest, SyncState},
};
use madoguchi_domain::{
    CustomerId,
    account::{Authority, LockCause},
    action::{Ask, Reason},
    customer::IdentifierKind,
};

use madoguchi_store::db::bulk::NewIdentifier;

use crate::place::{Place, answered, code, event, find, name, note, open_named, unlock, until};

/// Whoever shows this customer is told to look again.
async fn told_of(events: &mut tokio::sync::broadcast::Receiver<Event>, customer: CustomerId) {
    event(events, |event| match event {
        Event::Changed { customers } => (customers == [customer]).then_some(()),
        _ => None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_offline_is_shown_as_waiting_and_goes_in_order_when_the_network_is_back() {
    let place = Place::with(6).await;
    let desk = place.live().await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    let view = open_named(&desk, "客 五").await;
    let id = view.profile.id;
    let mut saved = Vec::new();
    for n in 0..4 {
        saved.push(desk.act(note(id, &format!("note {n}"))).await.expect("saved").action_id);
    }
    saved.push(desk.act(unlock(&view)).await.expect("saved").action_id);
    let waiting = desk.open_customer(id).await.expect("opens offline");
    assert_eq!(waiting.pending.len(), 5);
    assert!(waiting.pending.iter().all(|item| item.state == ActionState::Saved));
    assert!(waiting.accounts[0].blocked, "what waits is not what is");
    assert!(find(&desk, "客 五", false).await.hits[0].pending);
    assert_eq!(desk.status().await.expect("a status").pending, 5);
    place.proxy.mend();
    desk.retry_now().await.expect("asks");
    let mut entries = Vec::new();
    for action in saved {
        let item = answered(&desk, action).await;
        assert_eq!(item.state, ActionState::Done);
        entries.push(item.done.expect("done").entry);
    }
    assert!(entries.is_sorted(), "reordered: {entries:?}");
    assert_eq!(until(&desk, |status| status.pending == 0).await.undecided, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_is_asked_for_again_and_the_action_happens_once() {
    let place = Place::with(3).await;
    let desk = place.live().await;
    let view = open_named(&desk, "客 一").await;
    // What the desk sends arrives; what the store says does not.
    place.proxy.stall_after(0);
    let mut events = desk.events();
    let saved = desk.act(note(view.profile.id, "once")).await.expect("saved");
    event(&mut events, |e| match e {
        Event::Action { item } => {
            (item.action_id == saved.action_id && item.state == ActionState::Sending).then_some(())
        }
        _ => None,
    })
    .await;
    let (other, _home) = place.other("mori").await;
    let mut heard = other.events();
    let id = view.profile.id;
    while other.open_customer(id).await.expect("opens").notes.is_empty() {
        event(&mut heard, |e| matches!(e, Event::Changed { .. }).then_some(())).await;
    }
    assert_eq!(code(desk.take_back(saved.action_id).await), Code::AlreadySent);
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    assert_eq!(desk.item(saved.action_id).await.expect("known").state, ActionState::Sending, "nobody knows");
    place.proxy.mend();
    desk.retry_now().await.expect("asks");
    assert_eq!(answered(&desk, saved.action_id).await.state, ActionState::Done);
    until(&desk, |status| status.state == SyncState::Live).await;
    let notes = desk.open_customer(id).await.expect("opens").notes;
    assert_eq!(notes.len(), 1, "{notes:?}");
}

/// Another agent ends the lock of this customer and sets another.
async fn replace_the_lock(place: &Place, customer: &str) {
    let (other, _home) = place.other("mori").await;
    let theirs = open_named(&other, customer).await;
    let ended = other.act(unlock(&theirs)).await.expect("saved");
    assert_eq!(answered(&other, ended.action_id).await.state, ActionState::Done);
    let mut lock = unlock(&theirs);
    lock.ask = Ask::Lock {
        account: theirs.accounts[0].id,
        scope: madoguchi_domain::account::LockScope::Account,
        cause: LockCause::CustomerRequest,
        until: None,
    };
    lock.judged_on = None;
    let locked = other.act(lock).await.expect("saved");
    assert_eq!(answered(&other, locked.action_id).await.state, ActionState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlock_of_a_lock_that_has_changed_is_a_conflict_that_a_person_resolves() {
    let place = Place::with(6).await;
    let desk = place.live().await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    let view = open_named(&desk, "客 零").await;
    let saved = desk.act(unlock(&view)).await.expect("saved");
    // Meanwhile somebody else ends that lock and sets another.
    replace_the_lock(&place, "客 零").await;

    place.proxy.mend();
    desk.retry_now().await.expect("asks");
    let item = answered(&desk, saved.action_id).await;
    assert_eq!(item.state, ActionState::Conflict);
    let conflict = item.conflict.expect("what is now");
    assert_eq!(conflict.ended.len(), 1);
    assert_eq!(conflict.ended[0].by, "mori");
    assert_eq!(conflict.now.locks.len(), 1);
    assert_eq!(item.saw.expect("what was seen").id, view.accounts[0].locks[0].id);
    assert_eq!(desk.status().await.expect("a status").undecided, 1);

    until(&desk, |status| status.state == SyncState::Live).await;
    let again = Resolve { action_id: saved.action_id, choice: Choice::Again };
    let again = desk.resolve(again).await.expect("asks again").expect("there is a lock to end");
    assert_ne!(again.action_id, saved.action_id);
    assert_eq!(answered(&desk, again.action_id).await.state, ActionState::Done);
    let status = until(&desk, |status| status.undecided == 0).await;
    assert_eq!(status.pending, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlock_that_waits_too_long_lapses() {
    let place = Place::with(6).await;
    let desk = place.live().await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    let view = open_named(&desk, "客 零").await;
    let request = unlock(&view);
    let saved = desk.act(request).await.expect("saved");
    let kept = desk.act(note(view.profile.id, "stays")).await.expect("saved");
    place.clock.advance(Duration::from_secs(16 * 60));
    desk.retry_now().await.expect("asks");
    let item = answered(&desk, saved.action_id).await;
    assert_eq!((item.state, item.failure.map(|f| f.code)), (ActionState::Lapsed, Some(Code::Lapsed)));
    assert_eq!(desk.item(kept.action_id).await.expect("known").state, ActionState::Saved);
    let mut events = desk.events();
    desk.resolve(Resolve { action_id: saved.action_id, choice: Choice::Drop }).await.expect("dropped");
    told_of(&mut events, view.profile.id).await;
    assert_eq!(desk.outbox().await.expect("the outbox").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_left_can_be_taken_back() {
    let place = Place::with(3).await;
    let desk = place.live().await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    let view = open_named(&desk, "客 一").await;
    let saved = desk.act(note(view.profile.id, "never mind")).await.expect("saved");
    let mut events = desk.events();
    desk.take_back(saved.action_id).await.expect("it is still here");
    told_of(&mut events, view.profile.id).await;
    assert_eq!(code(desk.take_back(saved.action_id).await), Code::Unknown);
    assert_eq!(desk.status().await.expect("a status").pending, 0);
    assert!(std::fs::read_dir(place.home.path().join("sealed")).expect("there").next().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_or_a_source_does_not_allow_is_refused_before_it_waits() {
    let place = Place::new().await;
    let mut fraud = place.store.person("木村 直子", "kimura@example.jp", &["stay"]);
    fraud.accounts[0].locks.push(place.lock(1, LockCause::Fraud));
    let mut imported = place.store.person("山本 健", "yamamoto@example.jp", &["stay"]);
    imported.accounts[0].locks.push(place.lock(2, LockCause::TooManyFailures));
    imported.accounts[0].authority = Authority::Source;
    place.store.add(vec![fraud, imported]).await;
    let desk = place.live().await;
    let fraud = open_named(&desk, "木村 直子").await;
    assert_eq!(code(desk.act(unlock(&fraud)).await), Code::SupervisorNeeded);
    let imported = open_named(&desk, "山本 健").await;
    assert_eq!(code(desk.act(unlock(&imported)).await), Code::SourceNotConnected);
    let mut unseen = unlock(&fraud);
    unseen.judged_on = None;
    assert_eq!(code(desk.act(unseen).await), Code::VersionMissing);
    assert!(desk.outbox().await.expect("the outbox").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reveal_is_answered_by_the_store_or_not_at_all() {
    let place = Place::with(3).await;
    let desk = place.live().await;
    let view = open_named(&desk, "客 一").await;
    let email =
        view.profile.identifiers.iter().find(|i| i.kind == IdentifierKind::Email).expect("an address");
    assert!(email.clear.is_none() && !email.masked.contains("kyaku"), "{}", email.masked);
    let request = RevealRequest {
        customer: view.profile.id,
        identifier: email.id,
        reason: Reason::CallBack,
        words: None,
        case: None,
    };
    let revealed = desk.reveal(request.clone()).await.expect("the store answers");
    assert_eq!((revealed.value.as_str(), revealed.seconds), ("kyaku1@example.jp", 60));
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    assert_eq!(code(desk.reveal(request).await), Code::NeedsStore);
    assert_eq!(desk.status().await.expect("a status").pending, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_finds_inside_what_is_masked_here() {
    let place = Place::with(3).await;
    let desk = place.live().await;
    let request = madoguchi_desk::view::FindRequest {
        query: "kyaku2@example".to_owned(),
        locked: false,
        brand: None,
        limit: 10,
    };
    assert!(find(&desk, "kyaku2@example", false).await.hits.is_empty());
    let found = desk.find_store(request.clone()).await.expect("the store answers");
    assert_eq!(found.hits.iter().map(|hit| hit.written.as_str()).collect::<Vec<_>>(), ["客 二"]);
    let matched = found.hits[0].matched.clone().expect("where");
    assert!(matched.hidden && !matched.value.contains("kyaku2"), "{matched:?}");
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    assert_eq!(code(desk.find_store(request).await), Code::NeedsStore);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_outside_the_share_is_kept_once_opened() {
    let place = Place::with(2).await;
    let far = place.store.person("遠藤 誠", "endo@example.jp", &["ferry"]);
    let id = far.id;
    place.store.add(vec![far]).await;
    place
        .store
        .add_agent_for("near", madoguchi_domain::role::Role::Agent, &["stay", "ferry"], &["stay"])
        .await;
    let desk = place.open().await;
    desk.sign_in(place.credentials("near")).await.expect("near may");
    assert_eq!(until(&desk, |status| status.state == SyncState::Live).await.customers, 2);
    let view = desk.open_customer(id).await.expect("the store knows");
    assert_eq!(view.source, madoguchi_desk::view::Source::Store);
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    let kept = desk.open_customer(id).await.expect("kept");
    assert_eq!(kept.source, madoguchi_desk::view::Source::Desk);
    assert_eq!(find(&desk, "遠藤", false).await.total, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_customer_is_told_and_without_the_store_nobody_knows() {
    let place = Place::with(2).await;
    let desk = place.live().await;
    let nobody = madoguchi_domain::CustomerId::from_bits(12_345);
    assert_eq!(code(desk.open_customer(nobody).await), Code::Unknown);
    assert_eq!(code(desk.act(note(nobody, "x")).await), Code::Unknown);
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    assert_eq!(code(desk.open_customer(nobody).await), Code::NeedsStore);
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_a_customer_again_changes_nothing_of_who_was_opened_last() {
    let place = Place::with(2).await;
    let desk = place.live().await;
    let first = open_named(&desk, &name(0)).await.profile.id;
    let last = open_named(&desk, &name(1)).await.profile.id;
    desk.read_customer(first).await.expect("reads");
    let recent: Vec<_> = desk.recent().await.expect("recent").iter().map(|hit| hit.id).collect();
    assert_eq!(recent, [last, first]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlock_that_lapsed_is_not_asked_again_for_a_lock_that_nobody_saw() {
    let place = Place::with(6).await;
    let desk = place.live().await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    let view = open_named(&desk, "客 零").await;
    let saved = desk.act(unlock(&view)).await.expect("saved");
    // Meanwhile that lock is ended and another is set.
    replace_the_lock(&place, "客 零").await;
    place.clock.advance(Duration::from_secs(16 * 60));
    place.proxy.mend();
    desk.retry_now().await.expect("asks");
    assert_eq!(answered(&desk, saved.action_id).await.state, ActionState::Lapsed);
    until(&desk, |status| status.state == SyncState::Live).await;
    assert_ne!(open_named(&desk, "客 零").await.accounts[0].locks[0].id, view.accounts[0].locks[0].id);
    let again = desk.resolve(Resolve { action_id: saved.action_id, choice: Choice::Again }).await;
    assert!(again.expect("decided").is_none(), "it would end a lock that was never on the screen");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_store_found_is_marked_in_the_address_it_found_it_in() {
    let place = Place::new().await;
    let mut person = place.store.person("田中 美咲", "work@example.jp", &["stay"]);
    let second = place.store.person("", "private@other.example", &["stay"]).identifiers.remove(0);
    person.identifiers.push(NewIdentifier { account: None, ..second });
    place.store.add(vec![person]).await;
    let desk = place.live().await;
    let query = "private@oth".to_owned();
    let request = madoguchi_desk::view::FindRequest { query, locked: false, brand: None, limit: 10 };
    let found = desk.find_store(request).await.expect("the store answers");
    let matched = found.hits[0].matched.clone().expect("where");
    assert!(matched.hidden && matched.value.ends_with("@other.example"), "{matched:?}");
}
