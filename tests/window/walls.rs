//! What the window cannot do, whatever runs in it: ask for what it was not granted, go elsewhere, fetch from elsewhere.

use madoguchi_tests::{elsewhere::Elsewhere, window::Window, words::Language};
use serde_json::{Value, json};

use crate::counter;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_without_a_grant_is_refused() {
    let window = counter::open("walls-commands", Language::En).await;
    // One that is granted answers, so that a refusal means something.
    let status = window.invoke("status", json!({})).await;
    assert!(status.is_ok(), "{status:?}");
    for command in [
        "plugin:clipboard-manager|read_text",
        "plugin:clipboard-manager|write_text",
        "plugin:window|create",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "plugin:path|resolve_directory",
        "plugin:app|version",
        "plugin:fs|read_text_file",
        "plugin:shell|execute",
        "plugin:opener|open_url",
        "drop_everything",
    ] {
        let answer = window.invoke(command, json!({"text": "x", "url": "https://example.org"})).await;
        let refused = answer.expect_err(command);
        let said = refused.as_str().unwrap_or_default();
        assert!(said.contains("not allowed") || said.contains("not found"), "{command}: {said}");
    }
    window.close().await;
}

const PLACE: &str = "return location.href;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_goes_nowhere_and_fetches_nothing_from_elsewhere() {
    let elsewhere = Elsewhere::listen().await;
    let address = format!("{}/", elsewhere.url());
    let window = counter::open("walls-places", Language::En).await;
    window.see(&madoguchi_tests::window::field(window.word("Store’s address"))).await;
    let home = window.run(PLACE, json!([])).await;

    for attempt in [
        "location.assign(arguments[0]);",
        "window.open(arguments[0]);",
        "const a = document.createElement('a'); a.href = arguments[0]; document.body.append(a); a.click(); a.remove();",
        "const f = document.createElement('form'); f.action = arguments[0]; document.body.append(f); f.submit(); f.remove();",
        "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = `0;url=${arguments[0]}`; document.head.append(m);",
        "new Image().src = arguments[0];",
        "const s = document.createElement('script'); s.src = arguments[0]; document.body.append(s);",
        "const i = document.createElement('iframe'); i.src = arguments[0]; document.body.append(i);",
        "const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = arguments[0]; document.head.append(l);",
        "navigator.sendBeacon(arguments[0], 'x');",
        "new WebSocket(arguments[0].replace('http', 'ws'));",
        "new EventSource(arguments[0]);",
    ] {
        // Some throw, some fail silently; what counts is that nobody was called and the page stands.
        let _ = window.try_run(attempt, json!([address])).await;
        still_standing(&window).await;
        assert_eq!(told(&elsewhere).await, "", "{attempt}");
    }
    let fetched = window
        .promise("return await fetch(args[0]).then(() => 'fetched', () => 'refused');", json!([address]))
        .await;
    assert_eq!(fetched, Ok(Value::from("refused")));
    assert_eq!(window.run(PLACE, json!([])).await, home);
    still_standing(&window).await;

    assert_eq!(told(&elsewhere).await, "", "fetch");
    window.close().await;
}

/// What those who called have sent. The engine may open a connection to a link's host before it asks whether it may go
/// there; nothing is told over it.
async fn told(elsewhere: &Elsewhere) -> String {
    elsewhere.callers().await.concat()
}

/// Script in the page's own text does not run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inline_script_does_not_run() {
    let window = counter::open("walls-inline", Language::En).await;
    window.see(&madoguchi_tests::window::field(window.word("Store’s address"))).await;
    window
        .run(
            "const holder = document.createElement('div');
             holder.innerHTML = '<img src=\"nothing.png\" onerror=\"window.ran = 1\"><button onclick=\"window.ran = 2\">x</button>';
             document.body.append(holder);
             holder.querySelector('button').click();
             const script = document.createElement('script'); script.textContent = 'window.ran = 3'; document.body.append(script);",
            json!([]),
        )
        .await;
    let evaluated = window.promise(
        "return await new Promise((done) => {
            const script = document.createElement('script');
            script.src = URL.createObjectURL(new Blob(['window.ran = 4'], { type: 'text/javascript' }));
            script.onload = () => done('ran'); script.onerror = () => done('refused');
            document.body.append(script);
        });",
        json!([]),
    );
    assert_eq!(evaluated.await, Ok(Value::from("refused")));
    assert_eq!(window.run("return window.ran ?? null;", json!([])).await, Value::Null);
    window.close().await;
}

/// The page stands, and has had the time to send what it meant to send.
async fn still_standing(window: &Window) {
    let drawn = "await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn, 50))));";
    assert!(window.promise(drawn, json!([])).await.is_ok());
    window.see(&madoguchi_tests::window::field(window.word("Store’s address"))).await;
}
