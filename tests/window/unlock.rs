//! The main job: an application refuses somebody, the window says why, an agent unlocks them, the application lets them
//! in. Saved and Done are told apart all the way; a lock that changed in between is a conflict that shows both sides.

use madoguchi_tests::{
    company::{COLLEAGUE, Company},
    window::{Thing, Window, dialog},
    words::Language,
};
use serde_json::json;

use crate::counter::{self, YUI};

/// How the agent works.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Keys,
    Pointer,
}

/// The outcome that the dialog shows, as its look.
pub(crate) async fn outcome(window: &Window, look: &str) -> String {
    let found = window
        .until(
            look,
            "(() => { const card = document.querySelector(`[role=dialog] [data-look=${args[0]}]`); return card && tidy(card.innerText); })()",
            json!([look]),
        )
        .await;
    found.as_str().unwrap_or_default().to_owned()
}

/// Waits until the page says, in its own colour for it, that they can or cannot sign in.
async fn reason(window: &Window, tone: &str) -> String {
    let found = window
        .until(
            tone,
            "(() => { const said = all(args[0])[0]; return said?.dataset.tone === args[1] && tidy(said.innerText); })()",
            json!([counter::page(window), tone]),
        )
        .await;
    found.as_str().unwrap_or_default().to_owned()
}

async fn ask_to_unlock(window: &Window, by: By, confirm: &str) {
    match by {
        By::Keys => {
            window.keys("u").await;
            window.see(&dialog()).await;
            window.keys("2").await;
            window.type_text("asked by phone").await;
            window.keys("Control+Enter").await;
        }
        By::Pointer => {
            window.click(&counter::action(window, confirm)).await;
            window.click(&Thing::new("radio", window.word("Mistyped")).roughly().within(dialog())).await;
            window.click(&counter::answer(window, confirm)).await;
        }
    }
}

async fn main_job(name: &str, language: Language, by: By) {
    let company = counter::company().await;
    let window = counter::at_the_counter(name, language, &company).await;
    let application = company.application().await;
    assert!(application.may_sign_in(YUI.subject).await);

    // The application reports wrong passwords until the store's own rule locks the account.
    application.lock_out(YUI.subject).await;
    assert!(!application.may_sign_in(YUI.subject).await);

    counter::find(&window, YUI.written).await;
    window.see(&counter::row(&YUI).saying(window.word("Locked"))).await;
    counter::open_customer(&window, &YUI).await;
    let why = reason(&window, "stop").await;
    assert!(why.chars().count() > 10, "a sentence says why: {why}");

    // Nothing comes back while the wire stalls: the request is saved and on its way, and nobody has been let in.
    company.wire().stall();
    ask_to_unlock(&window, by, "Unlock").await;
    window.says(window.word("Sent, no answer yet")).await;
    let waiting = outcome(&window, "saved").await;
    assert!(waiting.contains(window.word("Do not count on it yet.")), "{waiting}");
    assert!(!application.may_sign_in(YUI.subject).await);

    company.wire().mend();
    let done = outcome(&window, "done").await;
    assert!(done.contains(window.word("The lock has ended. The caller can sign in now.")), "{done}");
    assert!(application.may_sign_in(YUI.subject).await);
    if by == By::Keys {
        window.keys("Escape").await;
    } else {
        window.click(&counter::answer(&window, "Close")).await;
    }
    window.gone(&dialog()).await;
    reason(&window, "wait").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_is_refused_then_unlocked_in_the_window_then_let_in() {
    main_job("unlock-en", Language::En, By::Pointer).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_main_job_with_the_keyboard_alone_in_japanese() {
    main_job("unlock-ja-keys", Language::Ja, By::Keys).await;
}

/// Leads into a conflict: an unlock is saved without the network, and meanwhile a colleague ends that lock and another
/// one is set.
pub(crate) async fn conflict(window: &Window, company: &Company) {
    let application = company.application().await;
    application.lock_out(YUI.subject).await;
    counter::open_customer(window, &YUI).await;
    reason(window, "stop").await;
    company.wire().cut();
    let offline = window.words().piece("Offline since {since}").to_owned();
    counter::in_status(window, &offline).await;
    ask_to_unlock(window, By::Keys, "Ask to unlock").await;
    let saved = outcome(window, "saved").await;
    let still = window.words().with("{name} is still locked. Do not tell the caller yet.", YUI.written);
    assert!(saved.contains(&still), "{saved}");

    let colleague = company.colleague(window.session());
    colleague.unlock(&colleague.find(YUI.romaji));
    assert!(application.may_sign_in(YUI.subject).await);
    application.lock_out(YUI.subject).await;
    company.wire().mend();
    window.keys("Escape").await;
    window.gone(&dialog()).await;
    window.until("something to decide", "document.querySelector('footer .tone-stop')", json!([])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_changed_in_between_is_a_conflict_that_shows_both_sides() {
    let company = counter::company().await;
    let window = counter::at_the_counter("conflict", Language::En, &company).await;
    conflict(&window, &company).await;
    let application = company.application().await;
    assert!(!application.may_sign_in(YUI.subject).await, "a conflict overwrote the new lock");

    window.keys("o").await;
    window.says(window.word("You saw")).await;
    window.says(window.word("Now is")).await;
    window.says(window.word("You asked")).await;
    assert!(window.is_said(COLLEAGUE).await, "who ended the lock is not said");

    // Asked again on what is now, it is done.
    window.click(&madoguchi_tests::window::button(window.word("Ask again on what is now"))).await;
    reason(&window, "wait").await;
    assert!(application.may_sign_in(YUI.subject).await);
    window.close().await;
}
