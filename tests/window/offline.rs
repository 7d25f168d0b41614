//! Without the network and back: what is here opens and is found, what may be saved is saved, and it drains.

use madoguchi_tests::{
    window::{Thing, dialog},
    words::Language,
};
use serde_json::json;

use crate::counter::{self, HARUTO, YUI};

async fn offline_and_back(name: &str, language: Language) {
    let company = counter::company().await;
    let window = counter::at_the_counter(name, language, &company).await;
    counter::open_customer(&window, &HARUTO).await;

    company.wire().cut();
    let since = window.words().piece("Offline since {since}").to_owned();
    counter::in_status(&window, &since).await;
    let time = "/\\d{1,2}:\\d{2}/.test(document.querySelector('footer').innerText)";
    window.until("since when", time, json!([])).await;

    // Whoever is on this desk is found and opened; the list says who was not asked.
    counter::find(&window, YUI.reading).await;
    window.see(&counter::row(&YUI)).await;
    window.says(window.word("The store cannot be asked while offline")).await;
    counter::open_customer(&window, &YUI).await;

    // What needs the store is off and says why.
    window.says(window.word("needs the store")).await;

    // A note may wait: saved, and said to be only that.
    let text = "呼び戻すこと / call back";
    window.keys("n").await;
    window.see(&dialog()).await;
    window.type_text(text).await;
    window.keys("Control+Enter").await;
    window.gone(&dialog()).await;
    window.keys("o").await;
    window.says(window.word("Saved, not done yet")).await;
    window.says(window.word("Only this desk has the note so far.")).await;

    company.wire().mend();
    counter::live(&window).await;
    counter::in_status(&window, window.word("Outbox empty")).await;
    let colleague = company.colleague(window.session());
    let shown = colleague.show(&colleague.find(YUI.romaji));
    let notes = shown["notes"].as_array().cloned().unwrap_or_default();
    let same = notes.iter().filter(|note| note["text"] == text).count();
    assert_eq!(same, 1, "{notes:?}");
    assert_eq!(window.count(&Thing::any("tab")).await, 2);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offline_and_back_in_english() {
    offline_and_back("offline-en", Language::En).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offline_and_back_in_japanese() {
    offline_and_back("offline-ja", Language::Ja).await;
}
