//! Text that would be a script, markup or a trick elsewhere, in every field that an import brings. In the window it is
//! text: nothing runs, nothing is fetched, no element comes of it, and it stands there as it was written.

use std::fmt::Write as _;

use madoguchi_tests::{
    company::Company,
    window::{Thing, Window, dialog},
    words::Language,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::counter;

/// `URL` stands for an address at which nobody may call. Each sets `window.canary` if it ever runs.
const PAYLOADS: [&str; 30] = [
    "<script>window.canary=1</script>",
    "<img src=x onerror=window.canary=1>",
    "<img src=\"URL/img\">",
    "\"><svg onload=window.canary=1>",
    "'-(window.canary=1)-'",
    "javascript:window.canary=1",
    "<a href=\"javascript:window.canary=1\" autofocus onfocus=window.canary=1>x</a>",
    "${window.canary=1}",
    "{{constructor.constructor('window.canary=1')()}}",
    "#{window.canary=1}",
    "<%= window.canary=1 %>",
    "{0}{name}{count, plural, other {#}}",
    "%s %n %d %1$s",
    "</title><script src=URL/title></script>",
    "<iframe srcdoc=\"<script>parent.canary=1</script>\"></iframe>",
    "<object data=\"URL/object\"></object>",
    "<style>@import 'URL/css';</style>",
    "<link rel=stylesheet href=URL/link>",
    "<meta http-equiv=refresh content=\"0;url=URL/meta\">",
    "<form action=URL/form><input autofocus onfocus=this.form.submit()></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.canary=1>",
    "--!><img src=x onerror=window.canary=1>",
    "&lt;img src=x onerror=window.canary=1&gt;",
    "＜img src=x onerror=window.canary=1＞",
    "\u{202e}1=yranac.wodniw\u{202c}",
    "\u{2066}<b>\u{2069} \u{200f}x",
    "a\u{200b}<i\u{200b}mg src=x onerror=window.canary=1>",
    "'; drop table customer; --",
    "__proto__",
    "[x](javascript:window.canary=1) ![x](URL/md)",
];

/// Fields of a CSV row, other than the one that the customer is found by.
const FIELDS: [&str; 9] =
    ["romaji", "former", "phone", "loyalty", "language", "time_zone", "country", "tier", "note"];

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Each payload in each field once: half of the rows carry one as their name and are found by their reading, half the
/// other way round.
fn csv(payloads: &[String]) -> (String, String, usize) {
    let mut rows = format!("id,name,reading,{}\n", FIELDS.join(","));
    let mut combinations = 0;
    for (n, payload) in payloads.iter().enumerate() {
        for hostile_name in [true, false] {
            let anchor = anchor(hostile_name, n);
            let (name, reading) = if hostile_name { (payload, &anchor) } else { (&anchor, payload) };
            let _ = write!(rows, "{anchor},{},{}", quoted(name), quoted(reading));
            combinations += 1;
            for field in 0..FIELDS.len() {
                let shifted = &payloads[(n + field + usize::from(!hostile_name) * 11) % payloads.len()];
                let _ = write!(rows, ",{}", quoted(shifted));
                combinations += 1;
            }
            rows.push('\n');
        }
    }
    let mut map = String::from("[columns]\nsubject = \"id\"\nname = \"name\"\nreading = \"reading\"\n");
    for field in FIELDS {
        let _ = writeln!(map, "{field} = \"{field}\"");
    }
    (rows, map, combinations)
}

fn anchor(hostile_name: bool, n: usize) -> String {
    let kind = if hostile_name { "ankera" } else { "ankerb" };
    let letter = |n: usize| char::from(b'a' + u8::try_from(n).expect("less than 26"));
    format!("{kind}{}{}", letter(n / 26), letter(n % 26))
}

fn realm(payloads: &[String]) -> Value {
    let user = |(n, payload): (usize, &String)| {
        let other = &payloads[(n + 7) % payloads.len()];
        json!({
            "id": format!("realm-{n}"), "username": other, "firstName": anchor(true, n).replace("anker", "realm"),
            "lastName": payload, "enabled": true,
            "attributes": {"phone": [other], "locale": [payload], "loyalty": [other], "reading": [payload]},
            "federatedIdentities": [{"identityProvider": other, "userId": payload, "userName": payload}],
        })
    };
    json!({"realm": payloads[0], "users": payloads.iter().enumerate().map(user).collect::<Vec<_>>()})
}

const UNHARMED: &str = "
    const made = [...document.body.querySelectorAll('*')].filter((element) =>
        /^(SCRIPT|IFRAME|OBJECT|EMBED|LINK|META|STYLE|IMG|MATH|BASE)$/.test(element.tagName.toUpperCase())
        || [...element.attributes].some((one) => /^on/i.test(one.name)
            || (/^(href|src|srcset|srcdoc|action|formaction|data|poster|xlink:href)$/i.test(one.name)
                && !one.value.startsWith('/') && !one.value.startsWith('#'))));
    return { canary: window.canary ?? null, made: made.map((element) => element.outerHTML.slice(0, 120)), at: location.href };";

/// Opens whoever is found by `anchor`, checks that nothing came of their text, and gives what stands as their name.
async fn open_and_check(window: &Window, anchor: &str, home: &Value) -> String {
    counter::find(window, anchor).await;
    window
        .until(
            anchor,
            "tidy(document.querySelector('[role=option][aria-selected=true]')?.innerText ?? '').includes(args[0])",
            json!([anchor]),
        )
        .await;
    unharmed(window, anchor, home).await;
    window.keys("Enter").await;
    window.gone(&counter::find_box(window)).await;
    window.see(&counter::page(window)).await;
    unharmed(window, anchor, home).await;
    let name = window.run(
        "return tidy(all({role: 'heading'}).find((one) => one.tagName === 'H1')?.innerText ?? '');",
        json!([]),
    );
    name.await.as_str().unwrap_or_default().to_owned()
}

async fn unharmed(window: &Window, anchor: &str, home: &Value) {
    let state = window.run(UNHARMED, json!([])).await;
    assert_eq!(state["canary"], Value::Null, "{anchor}: script ran");
    assert_eq!(state["made"], json!([]), "{anchor}: text became elements");
    assert_eq!(state["at"], *home, "{anchor}: the window went elsewhere");
}

async fn story(
    name: &str,
    language: Language,
    listener: &TcpListener,
    payloads: &[String],
    company: &Company,
) {
    let window = counter::at_the_counter(name, language, company).await;
    let home = window.run("return location.href;", json!([])).await;
    for (n, payload) in payloads.iter().enumerate() {
        for hostile_name in [true, false] {
            let name = open_and_check(&window, &anchor(hostile_name, n), &home).await;
            let written = if hostile_name { payload.clone() } else { anchor(false, n) };
            let tidy = written.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(name, tidy, "the name does not stand there as it was written");
            if hostile_name && n % 6 == 0 {
                // Dialogs and messages carry the name as well.
                window.keys("n").await;
                window.see(&dialog()).await;
                unharmed(&window, payload, &home).await;
                window.keys("Escape").await;
                window.gone(&dialog()).await;
            }
            window.keys("Control+w").await;
            window.gone(&Thing::any("tab")).await;
        }
        let realm = anchor(true, n).replace("anker", "realm");
        open_and_check(&window, &realm, &home).await;
        window.keys("Control+w").await;
        window.gone(&Thing::any("tab")).await;
    }
    let alert = window.alert().await;
    assert_eq!(alert, None, "a dialog of the engine is open");
    let called = tokio::time::timeout(std::time::Duration::from_millis(1), listener.accept()).await;
    assert!(called.is_err(), "the window called an address that stands in a customer's text");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn script_in_imported_text_never_runs() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let payloads: Vec<String> = PAYLOADS.iter().map(|payload| payload.replace("URL", &url)).collect();
    let (rows, map, combinations) = csv(&payloads);
    assert!(combinations >= 500, "{combinations} combinations");
    let company = Company::of_size(1, |store| {
        store.csv(&rows, &map);
        store.keycloak(&realm(&payloads));
    })
    .await;
    story("payloads", Language::En, &listener, &payloads, &company).await;
}
