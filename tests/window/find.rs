//! Find: in every way a name is typed, by last digits, in the masked part, and while a word is being converted.

use madoguchi_tests::{
    window::{Thing, Window, dialog},
    words::Language,
};
use serde_json::json;

use crate::counter::{self, Person, YUI};

/// Finds a person by `query` and gives what stands in the row.
async fn finds(window: &Window, query: &str, person: &Person) -> String {
    counter::find(window, query).await;
    counter::answered(window, query).await;
    window.text(&counter::row(person)).await
}

async fn find(name: &str, language: Language) {
    let company = counter::company().await;
    let window = counter::at_the_counter(name, language, &company).await;
    for query in [
        "田中 結衣",
        "田中",
        "たなか ゆい",
        "タナカ ユイ",
        "ﾀﾅｶ ﾕｲ",
        "tanaka yui",
        "ＴＡＮＡＫＡ　ＹＵＩ",
        "4821",
    ] {
        finds(&window, query, &YUI).await;
        let marked = window
            .run(
                "return [...document.querySelectorAll('[role=option] mark, [role=option] u')].length;",
                json!([]),
            )
            .await;
        assert!(marked.as_u64().unwrap_or(0) > 0, "{name}: {query}: what matched is not marked");
    }

    // Half an e-mail address lies in the masked part: only the store knows, and its answer stands below its line.
    let row = finds(&window, "kisaragi", &YUI).await;
    assert!(row.contains(window.word("in the masked part")), "{row}");
    assert!(!row.contains("kisaragi"), "the masked part is shown: {row}");
    let asked = window.words().piece("Also asked the store: <0>{more}</0>").to_owned();
    window.says(&asked).await;

    // What nobody is called finds nobody, here and there.
    counter::find(&window, "zzyzx-nobody").await;
    counter::answered(&window, "zzyzx-nobody").await;
    window.says(window.word("The store has nobody either")).await;
    assert_eq!(window.count(&Thing::any("option")).await, 0);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn find_in_english() {
    find("find-en", Language::En).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn find_in_japanese() {
    find("find-ja", Language::Ja).await;
}

/// What an input method tells a page while `たなか` is converted, up to the Enter that chooses the word. WebKit on a Mac
/// reports that Enter with `isComposing` false and key code 229, the others with `isComposing` true.
const CONVERT: &str = "
    const [box, text, isComposing] = arguments;
    const say = (event) => box.dispatchEvent(event);
    box.focus();
    say(new CompositionEvent('compositionstart', { bubbles: true, data: '' }));
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    set.call(box, text);
    say(new InputEvent('input', { bubbles: true, data: text, inputType: 'insertCompositionText', isComposing: true }));
    for (const type of ['keydown', 'keyup']) {
        const enter = new KeyboardEvent(type, { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, isComposing });
        Object.defineProperty(enter, 'keyCode', { get: () => 229 });
        say(enter);
    }";
const CHOSEN: &str = "
    const [box, text] = arguments;
    box.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: text }));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enter_during_conversion_opens_nothing() {
    let company = counter::company().await;
    let window = counter::at_the_counter("conversion", Language::Ja, &company).await;
    for is_composing in [true, false] {
        counter::find(&window, "x").await;
        let find_box = window.see(&counter::find_box(&window)).await;
        window.run(CONVERT, json!([find_box, YUI.reading, is_composing])).await;
        // What is being converted is looked for already …
        window.see(&counter::row(&YUI)).await;
        // … and the Enter that chooses the word has opened nobody: the box stands, and there is no tab.
        assert_eq!(window.count(&dialog()).await, 1);
        assert_eq!(window.count(&Thing::any("tab")).await, 0);
        window.run(CHOSEN, json!([find_box, YUI.reading])).await;
        assert_eq!(window.count(&dialog()).await, 1);
    }
    window.keys("Enter").await;
    window.see(&counter::page(&window)).await;
    window.close().await;
}
