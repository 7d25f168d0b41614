//! A company: a real store with customers in it, its staff, one of its applications, and the network in between.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use madoguchi_testkit::proxy::Proxy;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    programs,
    running::{Running, command, finish},
    session::Session,
};

/// The password of everybody here.
pub const PASSWORD: &str = "for-sample-data-only";
/// Helps customers.
pub const AGENT: &str = "kaede";
/// Another one who does, at a desk elsewhere.
pub const COLLEAGUE: &str = "minato";
/// Ends what an agent may not.
pub const SUPERVISOR: &str = "sumire";
/// A brand's application.
pub const APPLICATION: &str = "shop";

/// How many made-up customers there are beside those of a story.
pub const SAMPLE: u32 = 300;

/// More wrong passwords than any rule allows.
const MOST_FAILURES: u32 = 30;

/// The header and the number of the protocol that clients send.
const PROTOCOL: (&str, &str) = ("madoguchi-protocol", "1");

/// A store that serves one company, with the wire to it. All of it ends when this is dropped.
pub struct Company {
    folder: TempDir,
    address: SocketAddr,
    wire: Proxy,
    http: reqwest::Client,
    reports: AtomicU64,
    /// None only while it is closed.
    store: Option<Running>,
}

/// What stands in a store before a story begins: sample customers and staff. Made once for each size, then copied.
fn template(customers: u32) -> PathBuf {
    static MADE: Mutex<Vec<(u32, PathBuf)>> = Mutex::new(Vec::new());
    // One that could not be made is not in the list: the next story tries again.
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, folder)) = made.iter().find(|(n, _)| *n == customers) {
        return folder.clone();
    }
    let templates = programs::beside("story-templates");
    let own = templates.join(std::process::id().to_string());
    if made.is_empty() {
        clear(&templates);
        let _ = std::fs::remove_dir_all(&own);
    }
    let customers_wanted = customers.to_string();
    let folder = own.join(&customers_wanted);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder beside what cargo builds");
    run_store(&folder, &["sample", "--customers", &customers_wanted, "--seed", "1"], "");
    for (name, role) in
        [(AGENT, "agent"), (COLLEAGUE, "agent"), (SUPERVISOR, "supervisor"), (APPLICATION, "application")]
    {
        run_store(&folder, &["agent", "add", name, "--role", role], PASSWORD);
    }
    made.push((customers, folder.clone()));
    folder
}

/// Removes the templates of test programs that have ended: each has a folder that bears its process's number.
fn clear(templates: &Path) {
    for folder in std::fs::read_dir(templates).into_iter().flatten().flatten() {
        if !Path::new("/proc").join(folder.file_name()).exists() {
            let _ = std::fs::remove_dir_all(folder.path());
        }
    }
}

fn store(folder: &Path, verb: &[&str]) -> Command {
    let mut store = Command::new("setpriv");
    store.args(["--pdeathsig", "TERM", "--"]).arg(programs::built("madoguchi-store")).args(verb);
    let url = format!("sqlite:{}", folder.join("store.db").display());
    store.args(["--database", &url, "--key-file"]).arg(folder.join("store.key"));
    store
}

/// Serves the store in this folder and gives its address.
fn serve(folder: &Path, listen: &str) -> (Running, SocketAddr) {
    let mut serve = command(programs::built("madoguchi-store"));
    let url = format!("sqlite:{}", folder.join("store.db").display());
    serve.args(["serve", "--listen", listen, "--database", &url, "--key-file"]);
    serve.arg(folder.join("store.key")).stderr(Stdio::null());
    Running::until_it_says(&mut serve, listening)
}

fn run_store(folder: &Path, verb: &[&str], input: &str) -> String {
    finish(&mut store(folder, verb), input)
}

impl Company {
    /// A company with [`SAMPLE`] made-up customers, after `prepare` had a look at its folder.
    pub async fn open(prepare: impl FnOnce(&Preparation<'_>)) -> Self {
        Self::of_size(SAMPLE, prepare).await
    }

    /// A company with so many made-up customers.
    pub async fn of_size(customers: u32, prepare: impl FnOnce(&Preparation<'_>)) -> Self {
        let folder = tempfile::tempdir().expect("a folder for a store");
        copy(&template(customers), folder.path());
        prepare(&Preparation(folder.path()));
        let (running, address) = serve(folder.path(), "127.0.0.1:0");
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .no_proxy()
            .build()
            .expect("a client without TLS settings of its own");
        Self {
            folder,
            address,
            wire: Proxy::before(address).await,
            http,
            reports: AtomicU64::new(1),
            store: Some(running),
        }
    }

    /// Closes the store, lets `prepare` have a look at its folder, and opens it at the same address.
    pub fn reopen(&mut self, prepare: impl FnOnce(&Preparation<'_>)) {
        self.store = None;
        prepare(&Preparation(self.folder.path()));
        self.store = Some(serve(self.folder.path(), &self.address.to_string()).0);
    }

    /// The wire between the desks and the store.
    #[must_use]
    pub const fn wire(&self) -> &Proxy {
        &self.wire
    }

    /// The address that is typed into the window: through the wire.
    #[must_use]
    pub fn url(&self) -> String {
        self.wire.url()
    }

    /// Asks the store directly, as the application.
    pub async fn application(&self) -> Client<'_> {
        self.client(APPLICATION).await
    }

    async fn client(&self, name: &str) -> Client<'_> {
        let body = json!({"name": name, "password": PASSWORD, "device": null});
        let mut client = Client { company: self, token: String::new() };
        let (status, tokens) = client.post("session", &body).await;
        assert_eq!(status, 200, "{name} could not sign in: {tokens}");
        client.token = tokens["access_token"].as_str().expect("tokens hold an access token").to_owned();
        client
    }

    /// Signs a colleague in at a desk of their own, on a straight wire.
    pub fn colleague<'a>(&'a self, session: &'a Session) -> Colleague<'a> {
        let colleague = Colleague { company: self, session };
        let direct = format!("http://{}", self.address);
        colleague.mado(&["sign-in", "--store", &direct, "--agent", COLLEAGUE], PASSWORD);
        colleague
    }
}

/// Another agent, who works with `mado` on a straight wire to the store.
pub struct Colleague<'a> {
    company: &'a Company,
    session: &'a Session,
}

impl Colleague<'_> {
    fn mado(&self, verb: &[&str], input: &str) -> Value {
        let mut mado = Command::new(programs::built("mado"));
        mado.args(verb).arg("--json").arg("--home").arg(self.company.folder.path().join("colleague"));
        let said = finish(self.session.enter(&mut mado), input);
        serde_json::from_str(&said).unwrap_or(Value::Null)
    }

    fn first(&self, find: &[&str]) -> String {
        self.mado(&["sync"], "");
        let found = self.mado(find, "");
        found[0]["id"].as_str().unwrap_or_else(|| panic!("{find:?} finds nobody: {found}")).to_owned()
    }

    /// The id of the customer that this finds first.
    #[must_use]
    pub fn find(&self, query: &str) -> String {
        self.first(&["find", query])
    }

    /// The id of some customer of that name who is locked.
    #[must_use]
    pub fn find_locked(&self, query: &str) -> String {
        self.first(&["find", query, "--locked"])
    }

    /// Unlocks a customer.
    pub fn unlock(&self, id: &str) {
        self.mado(&["sync"], "");
        self.mado(&["unlock", id, "--reason", "Asked elsewhere"], "");
    }

    /// Locks a customer for a cause that only a supervisor may end.
    pub fn lock_for_fraud(&self, id: &str) {
        self.mado(&["sync"], "");
        self.mado(&["lock", id, "--cause", "fraud", "--reason", "Orders that nobody made"], "");
    }

    /// A customer whole, as `mado show` prints them.
    #[must_use]
    pub fn show(&self, id: &str) -> Value {
        self.mado(&["sync"], "");
        self.mado(&["show", id], "")
    }
}

/// A store that nobody serves yet.
#[derive(Debug)]
pub struct Preparation<'a>(&'a Path);

impl Preparation<'_> {
    /// Imports a CSV file of these rows, read as this map says, for the application's issuer.
    pub fn csv(&self, rows: &str, map: &str) -> String {
        self.csv_decided_by("store", rows, map)
    }

    /// The same, and who decides over the accounts: `store` or `source`.
    pub fn csv_decided_by(&self, authority: &str, rows: &str, map: &str) -> String {
        let (file, map_file) = (self.0.join("people.csv"), self.0.join("people.toml"));
        std::fs::write(&file, rows).expect("the folder is the story's own");
        std::fs::write(&map_file, map).expect("the folder is the story's own");
        self.import("csv", &file, authority, &["--map", &map_file.to_string_lossy()])
    }

    /// Imports a Keycloak realm.
    pub fn keycloak(&self, realm: &Value) -> String {
        let file = self.0.join("realm.json");
        std::fs::write(&file, realm.to_string()).expect("the folder is the story's own");
        self.import("keycloak", &file, "store", &[])
    }

    /// Imports an Auth0 export of these users.
    pub fn auth0(&self, users: &[Value]) -> String {
        let file = self.0.join("users.jsonl");
        let lines: Vec<String> = users.iter().map(Value::to_string).collect();
        std::fs::write(&file, lines.join("\n")).expect("the folder is the story's own");
        self.import("auth0", &file, "store", &[])
    }

    fn import(&self, format: &str, file: &Path, authority: &str, more: &[&str]) -> String {
        let file = file.to_string_lossy();
        let mut verb =
            vec!["import", format, &file, "--issuer", ISSUER, "--brand", BRAND, "--authority", authority];
        verb.extend(more);
        run_store(self.0, &verb, "")
    }
}

/// The issuer of the accounts that a story brings.
pub const ISSUER: &str = "https://id.example.jp";
/// The brand they are for.
pub const BRAND: &str = "story";

/// Somebody who talks to the store directly.
pub struct Client<'a> {
    company: &'a Company,
    token: String,
}

impl Client<'_> {
    /// `POST /v1/{path}`: status and answer.
    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("http://{}/v1/{path}", self.company.address);
        let mut request = self.company.http.post(url).header(PROTOCOL.0, PROTOCOL.1).json(body);
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let answer = request.send().await.expect("the store answers");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// As the application: may the account with this subject sign in?
    pub async fn may_sign_in(&self, subject: &str) -> bool {
        let (status, answer) =
            self.post("application/may-sign-in", &json!({"account": account(subject)})).await;
        assert_eq!(status, 200, "{answer}");
        answer["allowed"].as_bool().expect("the answer says yes or no")
    }

    /// As the application: wrong passwords, until the store's own rule no longer lets them in.
    pub async fn lock_out(&self, subject: &str) {
        for _ in 0..MOST_FAILURES {
            let n = self.company.reports.fetch_add(1, Ordering::SeqCst);
            let report = json!({
                "id": format!("00000000-0000-7000-8000-{n:012x}"),
                "account": account(subject),
                "at": self.now().await,
                "outcome": "failed",
                "cause": "wrong_password",
                "address": "203.0.113.7",
                "place": "Osaka",
                "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)",
                "session": null,
            });
            let (status, answer) = self.post("application/sign-ins", &report).await;
            assert!((200..300).contains(&status), "{status} {answer}");
            if answer["allowed"] == false {
                return;
            }
        }
        panic!("{MOST_FAILURES} wrong passwords lock nobody out");
    }

    /// The store's time.
    async fn now(&self) -> Value {
        let url = format!("http://{}/v1/store", self.company.address);
        let answer = self
            .company
            .http
            .get(url)
            .header(PROTOCOL.0, PROTOCOL.1)
            .send()
            .await
            .expect("the store answers");
        let mut info: Value = answer.json().await.expect("the store describes itself");
        info["now"].take()
    }
}

fn account(subject: &str) -> Value {
    json!({"issuer": ISSUER, "subject": subject, "brand": BRAND})
}

/// The address in the line that the store prints when it is ready.
fn listening(line: &str) -> Option<SocketAddr> {
    let from = &line[line.find("http://")? + "http://".len()..];
    let end = from.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).unwrap_or(from.len());
    from[..end].trim_end_matches(['.', ':']).parse().ok()
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a template is a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target).expect("an empty folder to copy to");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file of the template can be read");
        }
    }
}
