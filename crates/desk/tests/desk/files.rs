//! Files that are damaged, foreign, in use, or whose keys are gone: one clear word each, and nothing lost.

use madoguchi_desk::{
    Code, Desk,
    view::{ActionState, Event, Phase, SyncState},
};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::place::{Place, answered, code, event, find, name, note, open_named, until};

/// Overwrites the middle of a file.
fn damage(path: &std::path::Path) {
    let mut bytes = std::fs::read(path).expect("the file is there");
    let middle = bytes.len() / 2;
    let end = (middle + 8192).min(bytes.len());
    bytes[middle..end].fill(0x5A);
    std::fs::write(path, bytes).expect("writable");
}

/// A desk that went offline with one note saved, and closed.
async fn with_a_note_saved(place: &Place) -> madoguchi_domain::ActionId {
    let desk = place.live().await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    let view = open_named(&desk, "客 一").await;
    let saved = desk.act(note(view.profile.id, "must not be lost")).await.expect("saved");
    desk.close().await;
    saved.action_id
}

/// How many notes there are, once there is one: a change may still be on its way when the desk is in step.
async fn notes_of_1(desk: &Desk) -> usize {
    let mut events = desk.events();
    loop {
        let notes = open_named(desk, "客 一").await.notes.len();
        if notes > 0 {
            return notes;
        }
        event(&mut events, |e| matches!(e, Event::Changed { .. }).then_some(())).await;
    }
}

fn set_aside(place: &Place, name: &str) -> usize {
    std::fs::read_dir(place.home.path())
        .expect("the home")
        .filter(|entry| {
            entry
                .as_ref()
                .is_ok_and(|e| e.file_name().to_string_lossy().starts_with(&format!("{name}.set-aside-")))
        })
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_cannot_be_opened_is_set_aside_and_synced_again_and_what_waits_survives() {
    for foreign in [false, true] {
        let place = Place::with(6).await;
        let action = with_a_note_saved(&place).await;
        let cache = place.home.path().join("cache.db");
        if foreign {
            std::fs::write(&cache, b"not a database of ours, and long enough to look like one".repeat(200))
                .expect("writable");
        } else {
            let mut bytes = std::fs::read(&cache).expect("there");
            bytes[..4096].fill(0);
            std::fs::write(&cache, bytes).expect("writable");
        }
        let desk = place.open().await;
        let start = desk.start().await.expect("starts");
        assert_eq!(start.phase, Phase::Ready, "losing the cache signs nobody out");
        assert!(
            start.notices.iter().any(|n| n.code == Code::FilesUnusable && n.message.contains("set aside"))
        );
        assert_eq!(start.status.pending, 1);
        assert_eq!(set_aside(&place, "cache.db"), 1);
        place.proxy.mend();
        desk.retry_now().await.expect("asks");
        assert_eq!(answered(&desk, action).await.state, ActionState::Done);
        let status = until(&desk, |status| status.state == SyncState::Live).await;
        assert_eq!(status.customers, 6);
        assert_eq!(notes_of_1(&desk).await, 1);
        assert_eq!(set_aside(&place, "cache.db"), 0, "deleted once the new one is complete");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_inside_the_cache_is_found_while_it_is_read_and_mended() {
    let place = Place::with(400).await;
    place.live().await.close().await;
    damage(&place.home.path().join("cache.db"));
    let desk = place.open().await;
    until(&desk, |status| status.state == SyncState::Live && status.customers == 400).await;
    // Reading everything meets the damaged page; the desk begins anew and ends whole.
    for i in 0..400 {
        let called = name(i);
        let found = find(&desk, &called, false).await;
        if let Some(hit) = found.hits.iter().find(|hit| hit.written == called)
            && desk.open_customer(hit.id).await.is_err()
        {
            break;
        }
    }
    until(&desk, |status| status.state == SyncState::Live && status.customers == 400).await;
    for i in [0, 199, 399] {
        open_named(&desk, &name(i)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_of_the_cache_costs_a_sync_and_nothing_else() {
    let place = Place::with(6).await;
    let action = with_a_note_saved(&place).await;
    place.keyring.lose("cache");
    place.proxy.mend();
    let desk = place.open().await;
    assert_eq!(answered(&desk, action).await.state, ActionState::Done);
    assert_eq!(until(&desk, |status| status.state == SyncState::Live).await.customers, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_of_the_outbox_sends_the_sealed_copies_after_the_next_sign_in() {
    for lost_key in [true, false] {
        let place = Place::with(6).await;
        with_a_note_saved(&place).await;
        if lost_key {
            place.keyring.lose("outbox");
        } else {
            let outbox = place.home.path().join("outbox.db");
            std::fs::write(&outbox, b"damaged".repeat(2000)).expect("writable");
        }
        place.proxy.mend();
        let desk = place.open().await;
        let start = desk.start().await.expect("starts");
        assert!(start.notices.iter().any(|notice| notice.code == Code::OutboxKeyLost));
        assert_eq!(set_aside(&place, "outbox.db"), 1, "kept aside");
        desk.sign_in(place.credentials("sato")).await.expect("sato may");
        until(&desk, |status| status.state == SyncState::Live).await;
        assert_eq!(notes_of_1(&desk).await, 1);
        assert!(std::fs::read_dir(place.home.path().join("lost")).expect("there").next().is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_program_is_refused_and_told_who_holds_the_files() {
    let place = Place::with(1).await;
    let desk = place.open().await;
    let refused = Desk::open(place.config()).await.expect_err("held");
    assert_eq!(refused.code, Code::HomeInUse);
    let message = refused.failure(madoguchi_desk::words::Language::En).message;
    assert!(message.starts_with("a test (process "), "{message}");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_cannot_be_written_says_so() {
    let place = Place::new().await;
    let file = place.home.path().join("a file");
    std::fs::write(&file, b"x").expect("writable");
    let refused = Desk::open(place.config_at(&file.join("home"), &place.keyring)).await;
    assert_eq!(code(refused.map(|_| ())), Code::FilesUnusable);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_is_locked_keeps_the_files_as_they_are() {
    let place = Place::with(2).await;
    let action = with_a_note_saved(&place).await;
    place.keyring.refuse(Some(madoguchi_secrets::KeyringError::Locked));
    let desk = place.open().await;
    let start = desk.start().await.expect("starts");
    assert_eq!(start.keyring, madoguchi_desk::view::KeyringState::Locked);
    assert!(start.status.in_memory && start.status.pending == 0);
    desk.close().await;
    place.keyring.refuse(None);
    place.proxy.mend();
    let desk = place.open().await;
    assert_eq!(answered(&desk, action).await.state, ActionState::Done);
}

/// Writes a version that no program of today writes into a file of this desk.
async fn as_if_later(place: &Place, file: &str) {
    let name = place.keyring.names().into_iter().find(|name| name.ends_with(file)).expect("its key");
    let bytes = madoguchi_secrets::Keyring::get(&place.keyring, &name).expect("answers").expect("kept");
    let key = madoguchi_secrets::Key::read(&bytes).expect("a key");
    let mut database = SqliteConnectOptions::new()
        .filename(place.home.path().join(format!("{file}.db")))
        .pragma("key", key.sqlcipher_pragma().expose().to_owned())
        .disable_statement_logging()
        .connect()
        .await
        .expect("opens");
    sqlx::query("PRAGMA user_version = 99").execute(&mut database).await.expect("written");
    database.close().await.expect("closes");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_later_version_are_not_misread() {
    let place = Place::with(3).await;
    let action = with_a_note_saved(&place).await;
    as_if_later(&place, "cache").await;
    let desk = place.open().await;
    assert_eq!(set_aside(&place, "cache.db"), 1, "a cache is fetched again");
    assert_eq!(desk.item(action).await.expect("known").state, ActionState::Saved);
    desk.close().await;
    as_if_later(&place, "outbox").await;
    let refused = Desk::open(place.config()).await.expect_err("it would be misread");
    assert_eq!(refused.code, Code::FilesUnusable);
    let message = refused.failure(madoguchi_desk::words::Language::En).message;
    assert!(message.contains("newer version"), "{message}");
    assert_eq!(set_aside(&place, "outbox.db"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outbox_that_cannot_be_read_for_now_is_not_given_up() {
    let place = Place::with(3).await;
    let action = with_a_note_saved(&place).await;
    // Something that cannot be removed as a file: the folder's trouble, not the outbox's.
    let trouble = place.home.path().join("sealed").join("trouble");
    std::fs::create_dir(&trouble).expect("a folder");
    assert_eq!(code(Desk::open(place.config()).await.map(|_| ())), Code::FilesUnusable);
    assert_eq!(set_aside(&place, "outbox.db"), 0);
    std::fs::remove_dir(&trouble).expect("gone");
    place.proxy.mend();
    let desk = place.open().await;
    assert_eq!(answered(&desk, action).await.state, ActionState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_was_set_aside_earlier_goes_when_it_is_not_needed_any_more() {
    let place = Place::with(3).await;
    place.live().await.close().await;
    let left = place.home.path().join("cache.db.set-aside-earlier");
    std::fs::write(&left, b"of a process that died").expect("writable");
    let desk = place.open().await;
    desk.sign_out().await.expect("signs out");
    assert!(!left.exists(), "nobody is signed in and customers lie here");
    std::fs::write(&left, b"of a process that died").expect("writable");
    desk.sign_in(place.credentials("sato")).await.expect("sato may");
    until(&desk, |status| status.state == SyncState::Live).await;
    assert!(!left.exists());
}
