//! Coming into step and staying so.

use std::{sync::Arc, time::Duration};

use madoguchi_desk::{
    Code, Desk,
    view::{ActionState, CustomerView, Event, Phase, Source, SyncState},
};
use madoguchi_domain::{
    Clock as _, ConsentEventId, SignInId,
    account::{IdentityKind, Lock, LockCause},
    consent::{ConsentChange, ConsentEvent, ConsentMethod, ConsentState},
    sign_in::{Cause, Outcome, SignIn},
    why::Why,
};
use madoguchi_testkit::keyring::TestKeyring;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::place::{AT_MOST, DeskClock, Place, answered, code, event, find, note, open_named, unlock, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_cold_desk_signs_in_fetches_finds_opens_and_unlocks() {
    let place = Place::with(12).await;
    let desk = place.open().await;
    assert_eq!(desk.start().await.expect("starts").phase, Phase::FirstStart);
    assert_eq!(
        code(
            desk.find(madoguchi_desk::view::FindRequest {
                query: "客".into(),
                locked: false,
                brand: None,
                limit: 9
            })
            .await
        ),
        Code::NotSignedIn
    );
    desk.sign_in(place.credentials("sato")).await.expect("sato may");
    let status = until(&desk, |status| status.state == SyncState::Live).await;
    assert_eq!((status.customers, status.pending), (12, 0));
    let found = find(&desk, "客", false).await;
    assert_eq!((found.total, found.counts.locked), (12, 3));
    let view = open_named(&desk, "客 五").await;
    assert_eq!(view.source, Source::Desk);
    assert!(view.accounts[0].blocked);
    let saved = desk.act(unlock(&view)).await.expect("saved");
    let done = answered(&desk, saved.action_id).await;
    assert_eq!(done.state, madoguchi_desk::view::ActionState::Done);
    // The answer of the store comes back through the feed.
    let mut events = desk.events();
    while find(&desk, "客", true).await.total != 2 {
        event(&mut events, |e| matches!(e, Event::Changed { .. }).then_some(())).await;
    }
    let view = desk.open_customer(view.profile.id).await.expect("opens");
    assert!(!view.accounts[0].blocked && view.pending.is_empty());
    assert_eq!(desk.recent().await.expect("recent").first().map(|hit| hit.id), Some(view.profile.id));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_opened_again_shows_its_customers_without_the_store() {
    let place = Place::with(6).await;
    place.live().await.close().await;
    place.proxy.cut();
    let desk = place.open().await;
    assert_eq!(desk.start().await.expect("starts").phase, Phase::Ready);
    let status = until(&desk, |status| status.state == SyncState::Offline).await;
    assert!(status.offline_since.is_some() && status.offline_cause == Some(Code::Offline));
    let mut found = find(&desk, "客", false).await;
    while found.partial {
        tokio::task::yield_now().await;
        found = find(&desk, "客", false).await;
    }
    assert_eq!(found.total, 6);
    open_named(&desk, "客 三").await;
    place.proxy.mend();
    until(&desk, |status| status.state == SyncState::Live).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_was_cut_off_goes_on_where_it_was() {
    let place = Place::with(2300).await;
    let desk = place.open().await;
    place.proxy.stall_after(230_000);
    let mut events = desk.events();
    desk.sign_in(place.credentials("sato")).await.expect("sato may");
    let committed = event(&mut events, |e| match e {
        Event::Status { status } => status.progress.map(|p| p.done).filter(|done| *done > 0),
        _ => None,
    })
    .await;
    assert!(committed < 2300, "the wire stalled too late to prove anything");
    desk.close().await;
    let desk = place.open().await;
    let mut events = desk.events();
    place.proxy.mend();
    let first = event(&mut events, |e| match e {
        Event::Status { status } => status.progress.map(|p| p.done),
        _ => None,
    })
    .await;
    assert!(first >= committed, "it began again: {first} < {committed}");
    let status = until(&desk, |status| status.state == SyncState::Live).await;
    assert_eq!(status.customers, 2300);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_desk_does_arrives_by_itself() {
    let place = Place::with(6).await;
    let desk = place.live().await;
    let (other, _home) = place.other("mori").await;
    let view = open_named(&other, "客 零").await;
    let mut events = desk.events();
    let saved = other.act(note(view.profile.id, "called back")).await.expect("saved");
    answered(&other, saved.action_id).await;
    let mut seen = desk.open_customer(view.profile.id).await.expect("opens");
    while seen.notes.is_empty() {
        event(&mut events, |e| matches!(e, Event::Changed { .. }).then_some(())).await;
        seen = desk.open_customer(view.profile.id).await.expect("opens");
    }
    assert_eq!((seen.notes[0].text.as_str(), seen.notes[0].by.as_str()), ("called back", "mori"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_restarts_is_found_again() {
    let mut place = Place::with(3).await;
    let desk = place.live().await;
    place.store.stop().await;
    until(&desk, |status| status.state == SyncState::Offline).await;
    place.store.start_again().await;
    until(&desk, |status| status.state == SyncState::Live).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cache_closes_when_the_lease_is_over_and_opens_after_a_sign_in() {
    let place = Place::with(3).await;
    place.live().await.close().await;
    place.proxy.cut();
    place.clock.advance(Duration::from_secs(25 * 3600));
    let desk = place.open().await;
    until(&desk, |status| status.state == SyncState::Closed).await;
    let id = madoguchi_domain::CustomerId::from_bits(1);
    assert_eq!(code(desk.open_customer(id).await), Code::LeaseOver);
    place.proxy.mend();
    desk.retry_now().await.expect("asks");
    assert_eq!(
        desk.status().await.expect("a status").state,
        SyncState::Closed,
        "only a person opens it again"
    );
    desk.sign_in(place.credentials("sato")).await.expect("sato may");
    until(&desk, |status| status.state == SyncState::Live).await;
    assert_eq!(find(&desk, "客", false).await.total, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_turned_back_gains_nothing() {
    let place = Place::with(3).await;
    place.live().await.close().await;
    place.proxy.cut();
    place.clock.set_wall(place.clock.now().minus(Duration::from_secs(3600)));
    let desk = place.open().await;
    until(&desk, |status| status.state == SyncState::Closed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_is_told_and_the_stores_time_counts() {
    let place = Place::with(3).await;
    let mut config = place.config();
    config.clock = Arc::new(DeskClock::new(&place.clock, Duration::from_secs(600)));
    let desk = Desk::open(config).await.expect("the home opens");
    let start = desk.sign_in(place.credentials("sato")).await.expect("sato may");
    assert!(
        start.notices.iter().any(|notice| notice.code == Code::ClockOff && notice.message.contains("10 min"))
    );
    let status = until(&desk, |status| status.state == SyncState::Live).await;
    let ahead = status.clock_ahead_ms.expect("ten minutes are worth saying");
    assert!((590_000..610_000).contains(&ahead), "{ahead}");
    let view = open_named(&desk, "客 一").await;
    let saved = desk.act(note(view.profile.id, "x")).await.expect("saved");
    let off = saved.saved_at.micros().abs_diff(place.clock.now().micros());
    assert!(off < 10_000_000, "saved at the desk's own time: {off} µs off");
}

/// Answers every request with this body, as a server would that is no store of ours.
async fn answering(body: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_and_another_server_are_told_apart() {
    let place = Place::new().await;
    let desk = place.open().await;
    let newer = r#"{"store":"01890000-0000-7000-8000-000000000000","name":"x","protocol":99,"version":"9",
        "now":"2026-11-23T00:00:00Z","sealing_key":""}"#;
    assert_eq!(code(desk.check_store(&answering(newer).await).await), Code::StoreVersion);
    assert_eq!(code(desk.check_store(&answering("<html>").await).await), Code::NotAStore);
    assert_eq!(code(desk.check_store("127.0.0.1:1").await), Code::Offline);
    assert_eq!(code(desk.check_store("gopher://x").await), Code::NotAStore);
    let seen = desk.check_store(&place.proxy.url()).await.expect("a store");
    assert!(seen.safe);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_told_and_nothing_is_kept() {
    let place = Place::new().await;
    let desk = place.open().await;
    let mut credentials = place.credentials("sato");
    "wrong".clone_into(&mut credentials.password);
    assert_eq!(code(desk.sign_in(credentials).await), Code::WrongCredentials);
    assert_eq!(desk.start().await.expect("starts").phase, Phase::FirstStart);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_agent_begins_with_an_empty_cache_and_signing_out_wipes_it() {
    let place = Place::with(4).await;
    let desk = place.live().await;
    let start = desk.sign_out().await.expect("signs out");
    assert_eq!((start.phase, start.status.customers), (Phase::SignedOut, 0));
    assert!(place.keyring.names().iter().all(|name| !name.ends_with("refresh")));
    desk.sign_in(place.credentials("mori")).await.expect("mori may");
    until(&desk, |status| status.state == SyncState::Live).await;
    assert_eq!(find(&desk, "客", false).await.total, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_nothing_is_written_and_actions_need_the_store() {
    let place = Place::with(6).await;
    let keyring = TestKeyring::default();
    keyring.refuse(Some(madoguchi_secrets::KeyringError::Absent));
    let home = place.home.path().join("unused");
    let desk = Desk::open(place.config_at(&home, &keyring)).await.expect("opens all the same");
    let start = desk.start().await.expect("starts");
    assert!(start.status.in_memory && start.notices.iter().any(|notice| notice.code == Code::NoKeyring));
    desk.sign_in(place.credentials("sato")).await.expect("sato may");
    until(&desk, |status| status.state == SyncState::Live).await;
    let view = open_named(&desk, "客 五").await;
    let done = desk.act(unlock(&view)).await.expect("the store is there");
    assert_eq!(done.state, madoguchi_desk::view::ActionState::Done);
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    assert_eq!(code(desk.act(note(view.profile.id, "x")).await), Code::NeedsStore);
    assert_eq!(desk.status().await.expect("a status").pending, 0);
    assert!(!home.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_an_action_whose_answer_is_lost_is_on_its_way_and_happens_once() {
    let place = Place::with(3).await;
    let keyring = TestKeyring::default();
    keyring.refuse(Some(madoguchi_secrets::KeyringError::Absent));
    let home = place.home.path().join("unused");
    let desk = Desk::open(place.config_at(&home, &keyring)).await.expect("opens all the same");
    desk.sign_in(place.credentials("sato")).await.expect("sato may");
    until(&desk, |status| status.state == SyncState::Live).await;
    let id = open_named(&desk, "客 一").await.profile.id;
    let (other, _home) = place.other("mori").await;
    let mut heard = other.events();
    // What the desk sends arrives; what the store says does not.
    place.proxy.stall_after(0);
    let acting = tokio::spawn({
        let desk = desk.clone();
        async move { desk.act(note(id, "once")).await }
    });
    while other.open_customer(id).await.expect("opens").notes.is_empty() {
        event(&mut heard, |e| matches!(e, Event::Changed { .. }).then_some(())).await;
    }
    place.proxy.cut();
    let item = acting.await.expect("it ends").expect("it is not known to have failed");
    assert_eq!(item.state, ActionState::Sending);
    place.proxy.mend();
    desk.retry_now().await.expect("asks");
    assert_eq!(answered(&desk, item.action_id).await.state, ActionState::Done);
    until(&desk, |status| status.state == SyncState::Live).await;
    assert_eq!(desk.open_customer(id).await.expect("opens").notes.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_does_not_wait_for_the_feed_to_end() {
    let place = Place::with(3).await;
    let desk = place.live().await;
    for _ in 0..2 {
        // The feed is open and would be for as long as the store lives.
        let again = tokio::time::timeout(AT_MOST, desk.sign_in(place.credentials("sato"))).await;
        again.expect("it waits for the feed").expect("sato may");
        until(&desk, |status| status.state == SyncState::Live).await;
    }
    place.proxy.stall();
    let mut credentials = place.credentials("sato");
    credentials.store_url = place.store.url();
    let again = tokio::time::timeout(AT_MOST, desk.sign_in(credentials)).await;
    again.expect("it waits for a silent feed").expect("sato may");
    until(&desk, |status| status.state == SyncState::Live).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_time_alone_changes_is_shown_as_it_is_now() {
    const HOUR: Duration = Duration::from_secs(3600);
    let place = Place::new().await;
    let now = place.clock.now();
    let mut person = place.store.person("田中 美咲", "tanaka@example.jp", &["stay"]);
    let account = &mut person.accounts[0];
    account.locks.push(Lock { until: Some(now.plus(HOUR)), ..place.lock(1, LockCause::TooManyFailures) });
    account.sign_ins.push(SignIn {
        id: SignInId::new(now, [1; 10]),
        account: account.id,
        identity: IdentityKind::Password,
        at: now.minus(2 * HOUR),
        outcome: Outcome::Failed,
        cause: Some(Cause::WrongPassword),
        address: None,
        place: None,
        device: None,
        client: None,
        channel: "web".to_owned(),
        new_address: false,
    });
    person.consents.push(ConsentEvent {
        id: ConsentEventId::new(now, [1; 10]),
        brand: "stay".into(),
        purpose: "email".into(),
        change: ConsentChange::Given,
        method: ConsentMethod::Web,
        by: "customer".to_owned(),
        notice: None,
        captured_at: now.minus(HOUR),
        received_at: now.minus(HOUR),
        until: Some(now.plus(HOUR)),
    });
    place.store.add(vec![person]).await;
    let desk = place.live().await;
    let seen = |view: &CustomerView| {
        let account = &view.accounts[0];
        let consent = view.consents.status.iter().find(|c| c.purpose.0 == "email").expect("asked");
        (account.blocked, account.locks.len(), account.identities[0].failures_today, consent.effective)
    };
    assert_eq!(seen(&open_named(&desk, "田中 美咲").await), (true, 1, 1, ConsentState::Given));
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    place.clock.advance(23 * HOUR);
    let view = open_named(&desk, "田中 美咲").await;
    assert_eq!(seen(&view), (false, 0, 0, ConsentState::Expired));
    assert!(!matches!(view.why, Why::Locked { .. }), "{:?}", view.why);
}
