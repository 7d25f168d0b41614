//! One desk, several agents: what one of them saved waits for them, and goes to nobody else's store or name.

use std::time::Duration;

use madoguchi_desk::{
    Code, Desk,
    view::{ActionState, Event, Phase, SyncState},
    words::Language,
};
use madoguchi_domain::{Clock as _, DeviceId, role::Role};
use madoguchi_secrets::Key;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::place::{Place, answered, code, event, note, open_named, unlock, until};

/// `sato` saves a note offline and signs out.
async fn with_a_note_of_sato(place: &Place) -> (Desk, madoguchi_domain::ActionId) {
    let desk = place.live().await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    let view = open_named(&desk, "客 一").await;
    let saved = desk.act(note(view.profile.id, "of sato")).await.expect("saved");
    desk.sign_out().await.expect("signs out");
    place.proxy.mend();
    (desk, saved.action_id)
}

async fn sign_in(place: &Place, desk: &Desk, name: &str) {
    desk.sign_in(place.credentials(name)).await.expect("they may");
    until(desk, |status| status.state == SyncState::Live).await;
}

fn lost(place: &Place) -> usize {
    std::fs::read_dir(place.home.path().join("lost")).expect("there").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_agent_saved_is_theirs_to_decide_and_is_sent_when_they_are_back() {
    let place = Place::with(3).await;
    let (desk, action) = with_a_note_of_sato(&place).await;
    sign_in(&place, &desk, "mori").await;
    let items = desk.outbox().await.expect("the outbox");
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].saved_by.as_deref(), items[0].state), (Some("sato"), ActionState::Saved));
    let refused = desk.take_back(action).await.expect_err("not theirs");
    assert_eq!(refused.code, Code::NotAllowed);
    assert!(refused.failure(Language::En).message.starts_with("Another agent"));
    sign_in(&place, &desk, "sato").await;
    let done = answered(&desk, action).await;
    assert_eq!((done.state, done.saved_by), (ActionState::Done, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_copies_of_a_lost_outbox_wait_for_who_saved_them() {
    let place = Place::with(3).await;
    place.store.add_agent("kansa", Role::Auditor).await;
    let (desk, _) = with_a_note_of_sato(&place).await;
    desk.close().await;
    place.keyring.lose("outbox");
    let desk = place.open().await;
    for name in ["kansa", "mori"] {
        sign_in(&place, &desk, name).await;
        assert_eq!(lost(&place), 1, "{name} signed in and what sato saved is gone");
        assert!(open_named(&desk, "客 一").await.notes.is_empty());
    }
    sign_in(&place, &desk, "sato").await;
    assert_eq!(open_named(&desk, "客 一").await.notes.len(), 1);
    assert_eq!(lost(&place), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_copy_that_the_store_refuses_is_told_before_it_goes() {
    let place = Place::with(6).await;
    let desk = place.live().await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    desk.act(unlock(&open_named(&desk, "客 五").await)).await.expect("saved");
    desk.close().await;
    place.keyring.lose("outbox");
    place.clock.advance(Duration::from_secs(16 * 60));
    place.proxy.mend();
    let desk = place.open().await;
    desk.start().await.expect("starts");
    let mut events = desk.events();
    sign_in(&place, &desk, "sato").await;
    let told = event(&mut events, |event| match event {
        Event::Notice { failure } => Some(failure),
        _ => None,
    })
    .await;
    assert_eq!(told.code, Code::Lapsed);
    assert!(told.message.contains("was not done"), "{}", told.message);
    assert_eq!(lost(&place), 0);
}

/// The one desk that this store knows, as its file says.
async fn device(place: &Place) -> DeviceId {
    let mut file = SqliteConnectOptions::new()
        .filename(place.store.file().expect("embedded"))
        .pragma("key", Key::new([7; 32]).sqlcipher_pragma().expose().to_owned())
        .pragma("query_only", "1")
        .disable_statement_logging()
        .connect()
        .await
        .expect("the store's data");
    let id = sqlx::query_scalar("SELECT device_id FROM device").fetch_one(&mut file).await.expect("a desk");
    file.close().await.expect("closes");
    DeviceId(id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_desk_wipes_itself_and_what_was_saved_stays_sealed_for_the_store() {
    let place = Place::with(3).await;
    let desk = place.live().await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    let view = open_named(&desk, "客 一").await;
    desk.act(note(view.profile.id, "before the end")).await.expect("saved");
    place.clock.advance(Duration::from_secs(1));
    let (device, now) = (device(&place).await, place.clock.now());
    let revoked = place.store.store().db().write(move |conn| {
        Box::pin(async move { madoguchi_store::agents::revoke_device(conn, device, now).await })
    });
    revoked.await.expect("revoked");
    let keys = place.keyring.names();
    let key = |names: &[String]| {
        let name = names.iter().find(|name| name.ends_with("cache")).expect("a key of the cache");
        madoguchi_secrets::Keyring::get(&place.keyring, name).expect("answers").expect("kept")
    };
    let before = key(&keys);
    let mut events = desk.events();
    place.proxy.mend();
    desk.retry_now().await.expect("asks");
    let told = event(&mut events, |event| match event {
        Event::SignedOut { failure } => Some(failure.code),
        _ => None,
    })
    .await;
    assert_eq!(told, Code::DeviceRevoked);
    let start = desk.start().await.expect("starts");
    assert_eq!((start.phase, start.status.customers, start.status.pending), (Phase::SignedOut, 0, 0));
    assert_eq!(code(desk.open_customer(view.profile.id).await), Code::NotSignedIn);
    let after = place.keyring.names();
    assert!(after.iter().all(|name| !name.ends_with("refresh")), "{after:?}");
    assert_ne!(before, key(&after), "the key of what was wiped is gone");
    assert_eq!(lost(&place), 1);
    sign_in(&place, &desk, "sato").await;
    assert_eq!(open_named(&desk, "客 一").await.notes.len(), 1, "it was saved before the desk was revoked");
    assert_eq!(lost(&place), 0);
}
