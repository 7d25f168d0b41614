//! First start: a store's address, a wrong password, the right one, the customers, and the same desk another day.

use madoguchi_tests::{
    company::{AGENT, PASSWORD},
    session::{Keyring, Session},
    window::{Thing, Window, button, field},
    words::Language,
};
use serde_json::json;

use crate::counter;

/// The one message in sight, once it is.
async fn message(window: &Window) -> String {
    let alert = window
        .until(
            "one message",
            "(() => { const all = [...document.querySelectorAll('form [role=alert], form [role=status]')].filter(shown); \
             return all.length === 1 && tidy(all[0].innerText) !== '' ? tidy(all[0].innerText) : null; })()",
            json!([]),
        )
        .await;
    alert.as_str().unwrap_or_default().to_owned()
}

/// Bytes from the store: more than the answer to a sign-in, less than all customers.
const FIRST_PART: u64 = 24_000;

async fn first_start(name: &str, language: Language) {
    let company = counter::company().await;
    let window = counter::open(name, language).await;
    window.see(&Thing::new("heading", window.word("Welcome to Madoguchi"))).await;
    let address = field(window.word("Store’s address"));
    window
        .until("the address has the focus", "document.activeElement === all(args[0])[0]", json!([address]))
        .await;

    // Where nobody listens: one message, and the address stays to be corrected.
    window.type_text("http://127.0.0.1:9").await;
    window.keys("Enter").await;
    assert!(message(&window).await.starts_with(window.word("The store does not answer")));

    counter::name_store(&window, &company).await;
    let (name_field, password) = (field(window.word("Name")), field(window.word("Password")));
    window.fill(&name_field, AGENT).await;
    window.fill(&password, "not this one").await;
    window.keys("Enter").await;
    let said = message(&window).await;
    assert!(said.starts_with(window.word("The name or the password is wrong")), "{said}");
    window
        .until(
            "the password is asked again, the name is kept",
            "all(args[0])[0].value === args[2] && all(args[1])[0].value === '' && document.activeElement === all(args[1])[0]",
            json!([name_field, password, AGENT]),
        )
        .await;

    // The wire stalls in the middle of the customers: how far they have come is said, and those that are here are found.
    company.wire().stall_after(FIRST_PART);
    window.type_text(PASSWORD).await;
    window.keys("Enter").await;
    counter::in_status(&window, window.word("Fetching customers")).await;
    window
        .until("a bar shows how far", "document.querySelector('[role=progressbar]') !== null", json!([]))
        .await;
    company.wire().mend();
    window.until("the bar is gone", "document.querySelector('[role=progressbar]') === null", json!([])).await;
    counter::live(&window).await;
    counter::find(&window, counter::YUI.romaji).await;
    window.see(&counter::row(&counter::YUI)).await;

    // Another day: the same desk opens signed in, from what it holds, though the store cannot be reached.
    let session = window.close().await;
    company.wire().cut();
    let window = Window::open(name, session).await;
    let offline = window.words().piece("Offline since {since}").to_owned();
    counter::in_status(&window, &offline).await;
    counter::open_customer(&window, &counter::YUI).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn first_start_in_english() {
    first_start("first-start-en", Language::En).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn first_start_in_japanese() {
    first_start("first-start-ja", Language::Ja).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_keyring_the_window_says_what_that_changes_and_works_in_memory() {
    let company = counter::company().await;
    let window = Window::open("no-keyring", Session::start(Language::En, Keyring::Absent)).await;
    counter::name_store(&window, &company).await;
    window.says(window.word("This machine has no keyring")).await;
    counter::sign_in_here(&window).await;
    counter::in_status(&window, window.word("No keyring: nothing is kept")).await;
    counter::open_customer(&window, &counter::YUI).await;

    // Nothing can be saved here, so every action needs the store and says so.
    company.wire().cut();
    let why = window.word("needs the store, as nothing can be kept here").to_owned();
    window.says(&why).await;
    let note = counter::action(&window, "Note");
    window.until("a note is off", "all(args[0])[0].disabled", json!([note])).await;

    // Nothing stays on the machine.
    let session = window.close().await;
    let kept = std::fs::read_dir(session.desk_home()).into_iter().flatten().flatten();
    let files: Vec<_> =
        kept.map(|file| file.file_name()).filter(|name| name.to_string_lossy().contains(".db")).collect();
    assert!(files.is_empty(), "{files:?}");
    company.wire().mend();
    let window = Window::open("no-keyring", session).await;
    window.see(&button(window.word("Look for it"))).await;
    window.close().await;
}
