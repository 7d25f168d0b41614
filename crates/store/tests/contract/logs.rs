//! No secret and no personal value in any log at any level: the real program, at its most talkative.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Command, Stdio},
};

use madoguchi_domain::{SessionId, SignInId, action::Ask, sign_in::Outcome};
use madoguchi_protocol::{
    action::Done,
    application::{AccountName, ReportSession, ReportSignIn, ReportedSignIn, SessionEvent, SessionState},
    error::Code,
    search::{SearchAnswer, SearchRequest},
    session::Tokens,
};
use madoguchi_store::chance::Chance;
use madoguchi_testkit::{clock::TestClock, store::PASSWORD};

use crate::client::{Answer, Desk, answer, http, sign_in_request};

const ISSUER: &str = "https://canary.auth0.example/";
const SUBJECT: &str = "auth0|canary-subject";
const IMPORTED: &str = "Canary Importedperson";
const EMAIL: &str = "canary.imported@example.jp";
const PHONE: &str = "+819055512345";

const KEY: &str = "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e";

fn program(database: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_madoguchi-store"));
    command.env("RUST_LOG", "trace").env("MADOGUCHI_DATABASE_KEY", KEY).env("MADOGUCHI_DATABASE", database);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_at_its_most_talkative_holds_no_secret_and_nobodys_data() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("store.db").display());
    let mut log = Vec::new();
    let sample = program(&database).args(["sample", "--customers", "20"]).output().unwrap();
    assert!(sample.status.success(), "{}", String::from_utf8_lossy(&sample.stderr));
    log.extend(sample.stderr);
    for (name, role) in [("canary-agent", "agent"), ("canary-shop", "application")] {
        let mut add = program(&database).args(["agent", "add", name, "--role", role]).spawn().unwrap();
        add.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        let added = add.wait_with_output().unwrap();
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        log.extend(added.stderr);
    }
    let users = folder.path().join("users.jsonl");
    // The second row is refused, and what it says must not be told either.
    let rows = format!(
        "{{\"user_id\":\"{SUBJECT}\",\"name\":\"{IMPORTED}\",\"email\":\"{EMAIL}\",\"phone_number\":\"{PHONE}\"}}\n\
         {{\"user_id\":\"auth0|2\",\"email\":\"canary that is no address\"}}\n"
    );
    std::fs::write(&users, rows).unwrap();
    let import = ["import", "auth0", users.to_str().unwrap(), "--issuer", ISSUER, "--brand", "canary-brand"];
    let imported = program(&database).args(import).args(["--authority", "store"]).output().unwrap();
    let said = String::from_utf8_lossy(&imported.stderr).into_owned();
    assert!(said.contains("email is not an e-mail address"), "{said}");
    log.extend(imported.stderr);

    let mut server = program(&database).args(["serve", "--listen", "127.0.0.1:0"]).spawn().unwrap();
    let mut errors = server.stderr.take().unwrap();
    let reading = std::thread::spawn(move || {
        let mut all = Vec::new();
        errors.read_to_end(&mut all).unwrap();
        all
    });
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").expect("one line when it is ready").to_owned();

    let request = sign_in_request("canary-agent", PASSWORD, None);
    let tokens: Tokens = answer(http().post(format!("{url}/v1/session")).json(&request)).await.good();
    let wrong = sign_in_request("canary-agent", "another canary password", None);
    let _: Answer<Tokens> = answer(http().post(format!("{url}/v1/session")).json(&wrong)).await;
    let get = |path: &str| http().get(format!("{url}{path}")).bearer_auth(&tokens.access_token);
    let snapshot = get("/v1/snapshot").send().await.unwrap().text().await.unwrap();
    let customer: serde_json::Value = serde_json::from_str(snapshot.lines().nth(1).unwrap()).unwrap();
    let profile = &customer["facets"][0][1];
    let name = profile["name"]["written"].as_str().unwrap().to_owned();
    let masked = profile["identifiers"][0]["masked"].as_str().unwrap().to_owned();
    let query = SearchRequest { query: name.clone(), locked: false, brand: None, limit: 5 };
    let search = http().post(format!("{url}/v1/search")).bearer_auth(&tokens.access_token).json(&query);
    let found: SearchAnswer = answer(search).await.good();
    assert!(!found.found.is_empty());
    get(&format!("/v1/customers/{}", found.found[0].id)).send().await.unwrap();

    let body = r#"{"query":"a","locked":"canary in a body","limit":1}"#;
    let malformed = http().post(format!("{url}/v1/search")).bearer_auth(&tokens.access_token);
    malformed.header("content-type", "application/json").body(body).send().await.unwrap();

    // What is done and reported holds what must not be told as well.
    let clock = TestClock::at(tokens.me.now);
    let chance = Chance::new([9; 32]);
    let mut desk = Desk::at(&url, &clock, &chance, "canary-agent").await;
    let query = SearchRequest { query: IMPORTED.to_owned(), locked: false, brand: None, limit: 5 };
    let found: SearchAnswer = desk.post("/v1/search", &query).await.good();
    let customer = found.found[0].id;
    let identifier = found.found[0].profile.identifiers[0].id;
    let mut note = desk.envelope(customer, Ask::Note { text: "canary of a note".to_owned() });
    note.words = Some("canary in words".to_owned());
    desk.send(&note).await.good();
    let revealed = desk.ask(customer, Ask::Reveal { identifier }).await.good().revealed.unwrap();
    assert!([EMAIL, PHONE].contains(&revealed.as_str()), "{revealed}");
    let mut forged = desk.sign(&note);
    forged.envelope = forged.envelope.replace("canary of a note", "canary of a forged note");
    assert_eq!(desk.post::<Done>("/v1/actions", &forged).await.code(), Code::BadSignature);
    let shop = Desk::at(&url, &clock, &chance, "canary-shop").await;
    let account =
        AccountName { issuer: ISSUER.to_owned(), subject: SUBJECT.to_owned(), brand: "canary-brand".into() };
    let (place, user_agent) = (Some("canary place".to_owned()), Some("canary program".to_owned()));
    let report = ReportSignIn {
        id: SignInId(chance.uuid()),
        account: account.clone(),
        at: tokens.me.now,
        outcome: Outcome::SignedIn,
        cause: None,
        address: Some("203.0.113.99".to_owned()),
        place: place.clone(),
        user_agent: user_agent.clone(),
        session: None,
    };
    shop.post::<ReportedSignIn>("/v1/application/sign-ins", &report).await.good();
    let session = ReportSession {
        id: SessionId(chance.uuid()),
        account,
        at: tokens.me.now,
        state: SessionEvent::Seen,
        place,
        user_agent,
    };
    shop.post::<SessionState>("/v1/application/sessions", &session).await.good();

    let id = server.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(server.wait().unwrap().success(), "it ends in peace");
    log.extend(reading.join().unwrap());
    let log = String::from_utf8_lossy(&log);
    assert!(log.contains("answered"), "the log does say something");
    let canaries = [
        KEY,
        PASSWORD,
        "another canary password",
        "canary-agent",
        "canary in a body",
        &tokens.access_token,
        &tokens.refresh_token,
        &name,
        &masked,
        IMPORTED,
        EMAIL,
        PHONE,
        SUBJECT,
        "canary that is no address",
        "canary of a note",
        "canary in words",
        "canary of a forged note",
        "canary place",
        "canary program",
        "203.0.113.99",
        &desk.tokens.access_token,
        &shop.tokens.access_token,
    ];
    for canary in canaries {
        assert!(!log.contains(canary), "{canary} is in the log");
    }
}
