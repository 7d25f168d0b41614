//! Files that are damaged, foreign, in use, or whose keys are gone: one clear word each, and nothing lost.

use madoguchi_desk::{
    Code, Desk,
    view::{ActionState, Phase, SyncState},
};

use crate::place::{Place, answered, code, find, name, note, open_named, until};

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

async fn notes_of_1(desk: &Desk) -> usize {
    open_named(desk, "客 一").await.notes.len()
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
