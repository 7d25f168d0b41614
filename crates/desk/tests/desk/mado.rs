//! `mado`, as scripts and people know it: its commands, exit codes and JSON.

use std::{ffi::OsString, sync::Arc, time::Duration};

use madoguchi_desk::{DeskConfig, mado};
use madoguchi_domain::{
    Clock as _, ConsentEventId,
    account::LockCause,
    consent::{ConsentChange, ConsentEvent, ConsentMethod},
};
use madoguchi_testkit::store::PASSWORD;
use serde_json::{Value, json};

use crate::place::{DeskClock, Place, answered, open_named, unlock};

/// How a command ended.
#[derive(Debug)]
struct Ran {
    code: u8,
    out: String,
    err: String,
}

impl Ran {
    /// What it answered, when it was to answer JSON and nothing went wrong.
    fn json(&self) -> Value {
        assert_eq!(self.err, "", "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// What it complained, as one object; nothing was answered.
    fn refusal(&self) -> (u8, String) {
        assert_eq!(self.out, "", "{self:?}");
        let object: Value = serde_json::from_str(&self.err).unwrap_or_else(|_| panic!("no JSON: {self:?}"));
        assert_eq!(keys(&object), ["code", "message", "retry"], "{self:?}");
        (self.code, object["code"].as_str().expect("a word").to_owned())
    }

    fn message(&self) -> String {
        let object: Value = serde_json::from_str(&self.err).unwrap_or_else(|_| panic!("no JSON: {self:?}"));
        object["message"].as_str().expect("a sentence").to_owned()
    }
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

async fn run(config: DeskConfig, arguments: &[&str], typed: &str) -> Ran {
    let arguments = ["mado"].iter().chain(arguments).map(OsString::from);
    let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), typed.as_bytes());
    let streams = mado::Streams { input: &mut input, out: &mut out, err: &mut err, colour: false };
    let code = mado::run(arguments, config, streams).await;
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Ran { code, out: text(out), err: text(err) }
}

/// A command of this place's desk, to be answered in JSON.
async fn ask(place: &Place, arguments: &[&str]) -> Ran {
    run(place.config(), &[arguments, &["--json", "--lang", "en"]].concat(), "").await
}

/// The same for people.
async fn say(place: &Place, language: &str, arguments: &[&str]) -> Ran {
    run(place.config(), &[arguments, &["--lang", language]].concat(), "").await
}

/// A store with 12 customers, a desk in step with it, and the id of the one of this name.
async fn signed_in(place: &Place) {
    let url = place.proxy.url();
    let arguments = ["sign-in", "--store", &url, "--agent", "sato", "--json"];
    let ran = run(place.config(), &arguments, &format!("{PASSWORD}\n")).await;
    assert_eq!((ran.code, ran.json()), (0, json!({ "agent": "sato", "store": "Madoguchi" })));
    let ran = ask(place, &["sync"]).await;
    assert_eq!((ran.code, &ran.json()["state"]), (0, &json!("live")));
}

async fn id_of(place: &Place, name: &str) -> String {
    let found = ask(place, &["find", name]).await.json();
    let hit = found.as_array().expect("a list").iter().find(|hit| hit["name"] == name).expect("found");
    hit["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_takes_the_password_from_standard_input_and_says_what_is_wrong() {
    let place = Place::with(2).await;
    assert_eq!(ask(&place, &["sync"]).await.refusal(), (1, "not_signed_in".to_owned()));
    assert_eq!(ask(&place, &["status"]).await.refusal(), (1, "not_signed_in".to_owned()));
    let url = place.proxy.url();
    let arguments = ["sign-in", "--store", &url, "--agent", "sato", "--json"];
    assert_eq!(run(place.config(), &arguments, "").await.refusal(), (2, "bad_request".to_owned()));
    let wrong = run(place.config(), &arguments, "wrong\n").await;
    assert_eq!(wrong.refusal(), (1, "wrong_credentials".to_owned()));
    let mut config = place.config();
    config.clock = Arc::new(DeskClock::new(&place.clock, Duration::from_secs(600)));
    let ran = run(config, &arguments, PASSWORD).await;
    assert_eq!((ran.code, serde_json::from_str::<Value>(&ran.out).is_ok()), (0, true), "{ran:?}");
    let beside: Value = serde_json::from_str(&ran.err).expect("one object");
    assert_eq!(keys(&beside), ["notices"]);
    assert_eq!(beside["notices"][0]["code"], "clock_off");
}

#[tokio::test(flavor = "multi_thread")]
async fn finding_and_showing_answer_in_the_shapes_that_scripts_rely_on() {
    let place = Place::with(12).await;
    signed_in(&place).await;
    let all = ask(&place, &["find", "客"]).await.json();
    assert_eq!(all.as_array().expect("a list").len(), 12);
    assert_eq!(keys(&all[0]), ["id", "matched", "name", "source"]);
    assert_eq!(keys(&all[0]["matched"]), ["field", "value"]);
    assert_eq!(all[0]["source"], "desk");
    let locked = ask(&place, &["find", "客", "--locked"]).await.json();
    assert_eq!(locked.as_array().expect("a list").len(), 3);
    let hidden = ask(&place, &["find", "kyaku7@example"]).await.json();
    assert_eq!((&hidden[0]["name"], &hidden[0]["source"]), (&json!("客 七"), &json!("store")));

    let id = id_of(&place, "客 五").await;
    let shown = ask(&place, &["show", &id]).await.json();
    assert_eq!(
        keys(&shown),
        ["accounts", "as_of", "consents", "customer", "identifiers", "notes", "sign_ins"]
    );
    let account = &shown["accounts"][0];
    assert_eq!(
        keys(account),
        ["authority", "blocked", "brand", "id", "identities", "issuer", "locks", "sessions"]
    );
    assert_eq!((&account["blocked"], &account["authority"]), (&json!(true), &json!("store")));
    assert!(shown["as_of"].as_str().is_some_and(|time| time.ends_with('Z')));

    let status = ask(&place, &["status"]).await.json();
    assert_eq!(keys(&status), ["as_of", "customers", "pending", "state"]);
    assert_eq!((&status["state"], &status["customers"]), (&json!("live"), &json!(12)));
    assert_eq!(ask(&place, &["show", "nobody"]).await.refusal(), (2, "bad_request".to_owned()));
    assert_eq!(ask(&place, &["show", "C-0000-0001"]).await.refusal().0, 1);
    assert!(say(&place, "en", &["show", &id]).await.out.contains("Cannot sign in"));
    assert!(say(&place, "ja", &["show", &id]).await.out.contains("サインインできません"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_wrong_is_one_line_or_one_object() {
    let place = Place::new().await;
    for wrong in [
        &["frobnicate"][..],
        &["find"],
        &[],
        &["show", "C-7F3K-20Q9", "--loud"],
        &["unlock", "C-7F3K-20Q9"],
        &["unlock", "C-7F3K-20Q9", "--reason", " "],
        &["lock", "C-7F3K-20Q9", "--reason", "customer_asked", "--cause", "weather"],
    ] {
        assert_eq!(ask(&place, wrong).await.refusal(), (2, "bad_request".to_owned()), "{wrong:?}");
        for language in ["en", "ja"] {
            let ran = say(&place, language, wrong).await;
            assert_eq!((ran.code, ran.err.lines().count(), ran.out.as_str()), (2, 1, ""), "{ran:?}");
            assert_eq!(ran.err.is_ascii(), language == "en", "{ran:?}");
        }
    }
    assert!(ask(&place, &["unlock", "C-7F3K-20Q9"]).await.message().contains("--reason"));
    let cause = ask(&place, &["lock", "C-7F3K-20Q9", "--reason", "x", "--cause", "weather"]).await;
    assert!(cause.message().contains("suspected_takeover"), "{}", cause.message());
    let help = say(&place, "en", &["--help"]).await;
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(help.out.contains("withdraw"));
}

#[tokio::test(flavor = "multi_thread")]
async fn actions_are_done_and_say_so() {
    let place = Place::with(6).await;
    signed_in(&place).await;
    let id = id_of(&place, "客 五").await;
    let done = |ran: &Ran, kind: &str| {
        let value = ran.json();
        assert_eq!(keys(&value), ["action_id", "customer", "kind", "saved_at", "state"]);
        assert_eq!((ran.code, &value["kind"], &value["state"]), (0, &json!(kind), &json!("done")), "{ran:?}");
        assert_eq!(value["customer"], json!(id));
    };
    let locks = |shown: &Value| shown["accounts"][0]["locks"].as_array().expect("a list").len();

    let revealed = ask(&place, &["reveal", &id, "email", "--reason", "call_back", "--case", "17"]).await;
    assert_eq!(revealed.json(), json!({ "field": "email", "value": "kyaku5@example.jp", "seconds": 60 }));
    let unknown = ask(&place, &["reveal", &id, "fax", "--reason", "call_back"]).await;
    assert_eq!(unknown.refusal().0, 2);
    assert!(unknown.message().contains("email"));

    let shown = ask(&place, &["show", &id]).await.json();
    let lock = shown["accounts"][0]["locks"][0]["id"].as_str().expect("a lock").to_owned();
    done(&ask(&place, &["unlock", &id, "--reason", "mistyped", "--lock", &lock]).await, "unlock");
    assert_eq!(locks(&ask(&place, &["show", &id]).await.json()), 0);
    assert_eq!(ask(&place, &["unlock", &id, "--reason", "mistyped"]).await.refusal().0, 2, "none stands");
    done(&ask(&place, &["lock", &id, "--reason", "customer_asked"]).await, "lock");
    assert_eq!(locks(&ask(&place, &["show", &id]).await.json()), 1);
    done(&ask(&place, &["unlock", &id, "--reason", "they called again"]).await, "unlock");
    done(&ask(&place, &["revoke", &id, "--reason", "someone_else"]).await, "revoke_sessions");
    done(&ask(&place, &["note", &id, "called back"]).await, "note");
    let shown = ask(&place, &["show", &id]).await.json();
    assert_eq!(shown["notes"][0]["text"], "called back");
    assert_eq!(shown["accounts"][0]["sessions"], json!([]));
    let outbox = ask(&place, &["outbox"]).await.json();
    assert_eq!(outbox.as_array().expect("a list").len(), 5);
    assert_eq!(keys(&outbox[0]), ["action_id", "customer", "kind", "saved_at", "state"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_policy_refuses_is_three() {
    let place = Place::new().await;
    let mut fraud = place.store.person("木村 直子", "kimura@example.jp", &["stay"]);
    fraud.accounts[0].locks.push(place.lock(1, LockCause::Fraud));
    place.store.add(vec![fraud]).await;
    signed_in(&place).await;
    let id = id_of(&place, "木村 直子").await;
    let refused = ask(&place, &["unlock", &id, "--reason", "mistyped"]).await;
    assert_eq!(refused.refusal(), (3, "supervisor_needed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_is_answered_twice_where_what_was_true_was_not_yet_known() {
    let place = Place::new().await;
    let now = place.clock.now();
    let hours = |n: u64| now.minus(Duration::from_secs(n * 3600));
    let event = |n: u8, change, captured_at, received_at| ConsentEvent {
        id: ConsentEventId::new(captured_at, [n; 10]),
        brand: "stay".into(),
        purpose: "email".into(),
        change,
        method: ConsentMethod::Paper,
        by: "customer".to_owned(),
        notice: None,
        captured_at,
        received_at,
        until: None,
    };
    let mut person = place.store.person("田中 美咲", "tanaka@example.jp", &["stay"]);
    person.consents = vec![
        event(1, ConsentChange::Given, hours(50), hours(50)),
        // Said by letter, which arrived a day later.
        event(2, ConsentChange::Withdrawn, hours(40), hours(16)),
        event(3, ConsentChange::Given, hours(2), hours(2)),
    ];
    place.store.add(vec![person]).await;
    signed_in(&place).await;
    let id = id_of(&place, "田中 美咲").await;
    let at = hours(30).to_string();
    let answer = ask(&place, &["consents", &id, "--at", &at]).await.json();
    let state = |list: &Value| list[0]["effective"].clone();
    assert_eq!((state(&answer["consents"]), state(&answer["known"])), (json!("withdrawn"), json!("given")));
    let lines = say(&place, "en", &["consents", &id, "--at", &at]).await.out;
    assert!(lines.contains("withdrawn\n  known at that time: given"), "{lines}");
    let now = ask(&place, &["consents", &id]).await.json();
    assert_eq!((state(&now["consents"]), &now["known"]), (json!("given"), &Value::Null));
    assert_eq!(ask(&place, &["consents", &id, "--at", "yesterday"]).await.refusal().0, 2);

    let done = ask(&place, &["withdraw", &id, "email"]).await;
    assert_eq!((done.code, &done.json()["state"]), (0, &json!("done")));
    assert_eq!(state(&ask(&place, &["consents", &id]).await.json()["consents"]), json!("withdrawn"));
    let unknown = ask(&place, &["withdraw", &id, "sms"]).await;
    assert_eq!(unknown.refusal().0, 2);
    assert!(unknown.message().contains("email"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_store_what_is_here_is_shown_and_what_is_saved_is_four() {
    let place = Place::with(6).await;
    signed_in(&place).await;
    let id = id_of(&place, "客 五").await;
    place.proxy.cut();
    let found = ask(&place, &["find", "客"]).await;
    assert_eq!(found.code, 0);
    let hits: Value = serde_json::from_str(&found.out).expect("JSON");
    assert_eq!(hits.as_array().expect("a list").len(), 6);
    let beside: Value = serde_json::from_str(&found.err).expect("one object");
    assert_eq!(beside["notices"][0]["code"], "offline", "nobody may take it for everything there is");
    assert_eq!(ask(&place, &["reveal", &id, "email", "--reason", "verify"]).await.refusal().0, 1);

    let saved = ask(&place, &["note", &id, "later"]).await;
    assert_eq!((saved.code, &saved.json()["state"]), (4, &json!("saved")));
    let outbox = ask(&place, &["outbox"]).await.json();
    assert_eq!(outbox[0]["action_id"], saved.json()["action_id"]);
    let status = ask(&place, &["status"]).await.json();
    assert_eq!((&status["state"], &status["pending"]), (&json!("offline"), &json!(1)));
    place.proxy.mend();
    ask(&place, &["sync"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_in_between_is_five() {
    let place = Place::with(6).await;
    signed_in(&place).await;
    let id = id_of(&place, "客 五").await;
    let (other, _home) = place.other("mori").await;
    let theirs = open_named(&other, "客 五").await;
    place.proxy.cut();
    let unlocking = ["unlock", &id, "--reason", "mistyped", "--json"];
    let unlocking = run(place.config(), &unlocking, "");
    let meanwhile = async {
        // Its sealed copy says that it is saved.
        while std::fs::read_dir(place.home.path().join("sealed")).expect("there").next().is_none() {
            tokio::task::yield_now().await;
        }
        let ended = other.act(unlock(&theirs)).await.expect("saved");
        answered(&other, ended.action_id).await;
        place.proxy.mend();
    };
    let (ran, ()) = tokio::join!(unlocking, meanwhile);
    assert_eq!(ran.refusal(), (5, "conflict".to_owned()));
}
