//! No secret and no personal value in any log at any level: the real program, at its most talkative.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Command, Stdio},
};

use madoguchi_protocol::{
    search::{SearchAnswer, SearchRequest},
    session::Tokens,
};
use madoguchi_testkit::store::PASSWORD;

use crate::client::{Answer, answer, http, sign_in_request};

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
    let mut add =
        program(&database).args(["agent", "add", "canary-agent", "--role", "agent"]).spawn().unwrap();
    add.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    let added = add.wait_with_output().unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    log.extend(added.stderr);

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
    ];
    for canary in canaries {
        assert!(!log.contains(canary), "{canary} is in the log");
    }
}
