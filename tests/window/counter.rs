//! What every story does at the counter: open it, sign in, find somebody, open them.

use madoguchi_tests::{
    company::{AGENT, Company, PASSWORD},
    session::{Keyring, Session},
    window::{Thing, Window, button, dialog, field},
    words::Language,
};
use serde_json::json;

/// Somebody that a story brings: known to the application by `subject`.
pub(crate) struct Person {
    pub(crate) subject: &'static str,
    pub(crate) written: &'static str,
    pub(crate) reading: &'static str,
    pub(crate) romaji: &'static str,
    pub(crate) email: &'static str,
    pub(crate) phone: &'static str,
}

/// The one who cannot sign in.
pub(crate) const YUI: Person = Person {
    subject: "story-1",
    written: "田中 結衣",
    reading: "たなか ゆい",
    romaji: "Tanaka Yui",
    email: "yui.kisaragi.tanaka@example.jp",
    phone: "090-1234-4821",
};
/// One who can.
pub(crate) const HARUTO: Person = Person {
    subject: "story-2",
    written: "五百旗頭 陽翔",
    reading: "いおきべ はると",
    romaji: "Iokibe Haruto",
    email: "haruto.mutsuki@example.jp",
    phone: "080-1234-9307",
};
const PEOPLE: [&Person; 2] = [&YUI, &HARUTO];

/// A company in which the people of the stories are customers.
pub(crate) async fn company() -> Company {
    Company::open(|store| {
        store.csv(&table(), MAP);
    })
    .await
}

/// The people of the stories as a table, to be read by [`MAP`].
pub(crate) fn table() -> String {
    let mut rows = String::from("id,written,reading,romaji,email,phone\n");
    for person in PEOPLE {
        let Person { subject, written, reading, romaji, email, phone } = person;
        rows += &format!("{subject},{written},{reading},{romaji},{email},{phone}\n");
    }
    rows
}

/// How the columns of a story's people are read.
pub(crate) const MAP: &str = include_str!("people.toml");

/// The window on a machine with a keyring, before anything was done in it.
pub(crate) async fn open(name: &str, language: Language) -> Window {
    Window::open(name, Session::start(language, Keyring::Unlocked)).await
}

/// Names the store and signs in, up to the moment at which changes arrive as they happen.
pub(crate) async fn sign_in(window: &Window, company: &Company) {
    name_store(window, company).await;
    sign_in_here(window).await;
}

/// Signs in at the store that is named already.
pub(crate) async fn sign_in_here(window: &Window) {
    window.fill(&field(window.word("Name")), AGENT).await;
    window.fill(&field(window.word("Password")), PASSWORD).await;
    window.keys("Enter").await;
    live(window).await;
}

/// Names the store.
pub(crate) async fn name_store(window: &Window, company: &Company) {
    window.fill(&field(window.word("Store’s address")), &company.url()).await;
    window.keys("Enter").await;
    window.see(&field(window.word("Password"))).await;
}

/// Waits until the status bar says that the desk is live.
pub(crate) async fn live(window: &Window) {
    in_status(window, window.word("Live")).await;
}

/// Waits until this stands in the status bar, which stays in sight behind a dialog.
pub(crate) async fn in_status(window: &Window, words: &str) {
    window
        .until(
            words,
            "tidy(document.querySelector('footer')?.innerText ?? '').includes(args[0])",
            json!([words]),
        )
        .await;
}

/// The window of an agent who is signed in.
pub(crate) async fn at_the_counter(name: &str, language: Language, company: &Company) -> Window {
    let window = open(name, language).await;
    sign_in(&window, company).await;
    window
}

/// The box to find somebody in.
pub(crate) fn find_box(window: &Window) -> Thing {
    Thing::new("combobox", window.word("Find"))
}

/// Types into the find box, after opening it with its key where it is not open.
pub(crate) async fn find(window: &Window, query: &str) {
    let find_box = find_box(window);
    if window.count(&find_box).await == 0 {
        window.keys("Control+k").await;
        window.see(&find_box).await;
    } else {
        window.keys("Control+a").await;
        window.keys("Backspace").await;
    }
    window.type_text(query).await;
}

/// Waits until the rows are those of what stands in the box, which is `query`.
pub(crate) async fn answered(window: &Window, query: &str) {
    window
        .until(
            "the rows belong to what stands in the box",
            "all(args[0])[0]?.value === args[1] && document.querySelector('[role=listbox]')?.getAttribute('aria-busy') === 'false'",
            json!([find_box(window), query]),
        )
        .await;
}

/// Somebody among the rows that were found.
pub(crate) fn row(person: &Person) -> Thing {
    Thing::any("option").saying(person.written)
}

/// Finds somebody by name and opens them, with the keyboard.
pub(crate) async fn open_customer(window: &Window, person: &Person) {
    find(window, person.written).await;
    answered(window, person.written).await;
    window.see(&row(person)).await;
    // The best match stands first and is chosen.
    window
        .until(
            "the first row is theirs",
            "tidy(document.querySelector('[role=option][aria-selected=true]')?.innerText ?? '').includes(args[0])",
            json!([person.written]),
        )
        .await;
    window.keys("Enter").await;
    window.gone(&find_box(window)).await;
    window.see(&Thing::new("tab", person.written).roughly()).await;
    window.see(&page(window)).await;
}

/// The part of a customer's page that says why they cannot sign in; once it stands, the page does.
pub(crate) fn page(window: &Window) -> Thing {
    Thing::new("region", window.word("Why they cannot sign in"))
}

/// A button of the customer's page.
pub(crate) fn action(window: &Window, english: &str) -> Thing {
    button(window.word(english)).within(Thing::new("region", window.word("Actions")))
}

/// A button of the dialog that is open.
pub(crate) fn answer(window: &Window, english: &str) -> Thing {
    button(window.word(english)).within(dialog())
}
