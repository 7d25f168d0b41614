//! Text that would be a script, markup or a trick elsewhere, in every field that an import brings. In the window it is
//! text: nothing runs, nothing is fetched, no element comes of it, and it stands there as it was written.

use std::fmt::Write as _;

use crate::counter;
use madoguchi_tests::{
    company::Company,
    elsewhere::Elsewhere,
    window::{Thing, Window, dialog},
    words::Language,
};
use serde_json::{Value, json};

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

/// Local parts that an e-mail address may have once they stand in quotes.
const LOCAL_PARTS: [&str; 10] = [
    "<script>window.canary=1</script>",
    "<img src=x onerror=window.canary=1>",
    "<img src=URL/email>",
    "<svg onload=window.canary=1>",
    "javascript:window.canary=1",
    "'-(window.canary=1)-'",
    "${window.canary=1}",
    "{{window.canary=1}}",
    "</title><script src=URL/address></script>",
    "<a href=javascript:window.canary=1>",
];

/// Fields of a CSV row beside the names, the e-mail and the identities.
const FIELDS: [&str; 9] =
    ["romaji", "former", "phone", "loyalty", "language", "time_zone", "country", "tier", "note"];

/// Where a row says what it is found by, and so which names carry a payload.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A CSV row whose name carries one; it is found by its reading.
    Name,
    /// A CSV row whose reading carries one; it is found by its name.
    Reading,
    /// A CSV row of halves, one of which carries one.
    Halves,
    /// A user of a Keycloak realm.
    Realm,
    /// A user of an Auth0 export.
    Auth0,
}

impl Kind {
    const TABLE: [Self; 3] = [Self::Name, Self::Reading, Self::Halves];

    /// Whose pages are opened: of each two neighbours every kind, as a field's payload moves on from row to row.
    fn opened(n: usize) -> [Self; 3] {
        if n.is_multiple_of(2) {
            [Self::Name, Self::Reading, Self::Auth0]
        } else {
            [Self::Name, Self::Halves, Self::Realm]
        }
    }

    /// What nobody else's text holds.
    fn anchor(self, n: usize) -> String {
        let kind = match self {
            Self::Name => "ankera",
            Self::Reading => "ankerb",
            Self::Halves => "ankerc",
            Self::Realm => "realma",
            Self::Auth0 => "authoa",
        };
        let letter = |n: usize| char::from(b'a' + u8::try_from(n).expect("less than 26"));
        format!("{kind}{}{}", letter(n / 26), letter(n % 26))
    }

    /// The name as it stands in the window.
    fn written(self, n: usize, payload: &str) -> String {
        let anchor = self.anchor(n);
        let written = match self {
            Self::Name => payload.to_owned(),
            Self::Reading => anchor,
            Self::Halves if n % 2 == 1 => format!("{payload} {anchor}"),
            Self::Halves | Self::Realm | Self::Auth0 => format!("{anchor} {payload}"),
        };
        written.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// What stands in an import: payloads by number, each field at another distance from the row's own.
struct Texts {
    payloads: Vec<String>,
    local_parts: Vec<String>,
}

impl Texts {
    fn naming(url: &str) -> Self {
        let named = |texts: &[&str]| texts.iter().map(|text| text.replace("URL", url)).collect();
        Self { payloads: named(&PAYLOADS), local_parts: named(&LOCAL_PARTS) }
    }

    fn at(&self, n: usize) -> &str {
        &self.payloads[n % self.payloads.len()]
    }

    /// Nobody else has the same.
    fn email(&self, n: usize, kind: Kind) -> String {
        format!("\"{}\"@{}.example", self.local_parts[n % self.local_parts.len()], kind.anchor(n))
    }

    /// Each payload in each column of a table, the issuer and the subject of an identity among them.
    fn csv(&self) -> (String, String, usize) {
        let numbers = 0..self.payloads.len();
        let mut heading = "id,name,surname,given,reading,surname_reading,given_reading,email".to_owned();
        heading += &FIELDS.iter().fold(String::new(), |all, field| format!("{all},{field}"));
        // An issuer belongs to the map, not to a row: each payload is one, and a row fills the cells of its own.
        heading += &numbers.clone().fold(String::new(), |all, n| format!("{all},way{n},address{n}"));
        let (mut rows, mut combinations) = (heading + "\n", 0);
        for n in numbers.clone() {
            for (place, kind) in Kind::TABLE.into_iter().enumerate() {
                let (anchor, payload) = (kind.anchor(n), self.at(n).to_owned());
                let own =
                    |which: Kind, text: &String| if kind == which { text.clone() } else { String::new() };
                let (surname, given) =
                    if n.is_multiple_of(2) { (&payload, &anchor) } else { (&anchor, &payload) };
                let mut cells = vec![
                    format!("{payload} {anchor}"),
                    own(Kind::Name, &payload) + &own(Kind::Reading, &anchor),
                    own(Kind::Halves, surname),
                    own(Kind::Halves, given),
                    own(Kind::Name, &anchor) + &own(Kind::Reading, &payload),
                    own(Kind::Halves, &payload),
                    own(Kind::Halves, &payload),
                    self.email(n, kind),
                ];
                cells.extend((0..FIELDS.len()).map(|field| self.at(n + field + place * 11).to_owned()));
                cells.extend(numbers.clone().flat_map(|way| {
                    if way == n {
                        [self.at(n + place + 3).to_owned(), payload.clone()]
                    } else {
                        Default::default()
                    }
                }));
                combinations += cells.iter().filter(|cell| self.carries(cell)).count() + 1;
                let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
                rows += &(cells.join(",") + "\n");
            }
        }
        let mut map = String::from("[columns]\nsubject = \"id\"\n");
        for field in ["name", "surname", "given", "reading", "surname_reading", "given_reading", "email"]
            .into_iter()
            .chain(FIELDS)
        {
            let _ = writeln!(map, "{field} = \"{field}\"");
        }
        for n in numbers {
            let issuer = json!(self.at(n));
            let _ = writeln!(
                map,
                "[[identity]]\nkind = \"other\"\nissuer = {issuer}\nsubject = \"way{n}\"\naddress = \"address{n}\""
            );
        }
        (rows, map, combinations)
    }

    fn carries(&self, cell: &str) -> bool {
        self.payloads.iter().chain(&self.local_parts).any(|text| cell.contains(text.as_str()))
    }

    fn realm(&self) -> Value {
        let user = |n: usize| {
            let (payload, other) = (self.at(n), self.at(n + 7));
            json!({
                "id": format!("{other} realm-{n}"), "username": other, "firstName": Kind::Realm.anchor(n),
                "lastName": payload, "enabled": true, "email": self.email(n, Kind::Realm),
                "attributes": {"phone": [other], "locale": [payload], "loyalty": [other], "reading": [payload]},
                "federatedIdentities": [{"identityProvider": other, "userId": payload, "userName": payload}],
            })
        };
        json!({"realm": self.at(0), "users": (0..self.payloads.len()).map(user).collect::<Vec<_>>()})
    }

    fn auth0(&self) -> Vec<Value> {
        let user = |n: usize| {
            let text = |distance: usize| self.at(n + distance);
            let anchor = Kind::Auth0.anchor(n);
            let mut user = json!({
                "user_id": format!("{} auth0-{n}", text(1)), "email": self.email(n, Kind::Auth0),
                "phone_number": text(2), "locale": text(3), "last_ip": text(4),
                "created_at": "2024-01-15T08:30:00.000Z", "last_login": "2026-11-20T12:00:00.000Z",
                "identities": [{
                    "provider": text(5), "user_id": format!("{} {anchor}", text(6)), "connection": text(7),
                    "profileData": {"email": text(8)},
                }],
                "user_metadata": {
                    "family_name_kana": text(9), "given_name_kana": text(10), "name_romaji": text(11),
                    "former_name": text(12), "loyalty_number": text(13), "tier": text(14), "zoneinfo": text(15),
                    "country": text(16),
                },
            });
            if n.is_multiple_of(2) {
                user["given_name"] = json!(anchor);
                user["family_name"] = json!(text(0));
            } else {
                user["name"] = json!(format!("{anchor} {}", text(0)));
            }
            user
        };
        (0..self.payloads.len()).map(user).collect()
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
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
    counter::answered(window, anchor).await;
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

/// Shows the masked e-mail of whoever is open: the whole of it stands there for a minute.
async fn reveal_email(window: &Window, email: &str, home: &Value) {
    window.keys("r").await;
    window.see(&dialog()).await;
    unharmed(window, email, home).await;
    window.keys("2").await;
    window.keys("Control+Enter").await;
    window.gone(&dialog()).await;
    window.says(email).await;
    unharmed(window, email, home).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn script_in_imported_text_never_runs() {
    let elsewhere = Elsewhere::listen().await;
    let texts = Texts::naming(elsewhere.url());
    let (rows, map, combinations) = texts.csv();
    assert!(combinations >= 1_400, "{combinations} combinations");
    let company = Company::of_size(1, |store| {
        store.csv(&rows, &map);
        store.keycloak(&texts.realm());
        store.auth0(&texts.auth0());
    })
    .await;
    let window = counter::at_the_counter("payloads", Language::En, &company).await;
    let home = window.run("return location.href;", json!([])).await;
    for n in 0..texts.payloads.len() {
        for kind in Kind::opened(n) {
            let name = open_and_check(&window, &kind.anchor(n), &home).await;
            assert_eq!(name, kind.written(n, texts.at(n)), "the name does not stand there as it was written");
            if kind == Kind::Name && n % 6 == 0 {
                // Dialogs and messages carry the name as well.
                window.keys("n").await;
                window.see(&dialog()).await;
                unharmed(&window, texts.at(n), &home).await;
                window.keys("Escape").await;
                window.gone(&dialog()).await;
                reveal_email(&window, &texts.email(n, kind), &home).await;
            }
            window.keys("Control+w").await;
            window.gone(&Thing::any("tab")).await;
        }
    }
    assert_eq!(window.alert().await, None, "a dialog of the engine is open");
    let callers = elsewhere.callers().await;
    assert!(callers.is_empty(), "the window called an address that stands in a customer's text: {callers:?}");
    window.close().await;
}
