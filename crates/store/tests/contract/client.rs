//! A client of the store as a desk or an application is one.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer as _, SigningKey};
use madoguchi_domain::{
    AccountId, ActionId, AgentId, Clock as _, CustomerId, DeviceId,
    account::{Account, LockCause, LockScope},
    action::{Ask, Reason},
    role::Role,
};
use madoguchi_protocol::{
    VERSION, VERSION_HEADER,
    action::{Done, Envelope, SIGNATURE_TAG, SignedAction},
    error::{Code, Problem},
    session::{DeviceRegistration, SignInRequest, Tokens},
    sync::Record,
};
use madoguchi_store::chance::Chance;
use madoguchi_testkit::{
    clock::TestClock,
    store::{PASSWORD, TestStore},
};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) async fn embedded() -> TestStore {
    TestStore::start(&TestClock::default(), 1).await
}

pub(crate) async fn postgres() -> TestStore {
    TestStore::start_on(&TestClock::default(), 1, madoguchi_testkit::postgres::database().await).await
}

/// Changes rows as no door does.
pub(crate) async fn change(store: &TestStore, sql: &'static str) {
    use madoguchi_store::db::{Conn, DbError};
    let db = store.store().db();
    db.write(move |conn| {
        Box::pin(async move {
            match conn {
                Conn::Sqlite(c) => sqlx::query(sql).execute(&mut **c).await.map(|_| ())?,
                Conn::Postgres(c) => sqlx::query(sql).execute(&mut **c).await.map(|_| ())?,
            }
            Ok::<(), DbError>(())
        })
    })
    .await
    .unwrap();
}

/// Seconds as a span.
pub(crate) const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// An HTTP client that waits for no answer longer than a test may.
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().timeout(seconds(30)).build().unwrap()
}

/// A desk with somebody signed in.
pub(crate) struct Desk {
    http: reqwest::Client,
    url: String,
    clock: TestClock,
    key: SigningKey,
    pub(crate) device: DeviceId,
    pub(crate) agent: AgentId,
    pub(crate) tokens: Tokens,
    sequence: i64,
    chance: Chance,
}

/// An answer, read.
pub(crate) enum Answer<T> {
    Good(T, HeaderMap),
    Problem(Problem),
}

impl<T> Answer<T> {
    pub(crate) fn good(self) -> T {
        match self {
            Self::Good(value, _) => value,
            Self::Problem(problem) => panic!("{problem:?}"),
        }
    }

    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Good(..) => panic!("it was not refused"),
            Self::Problem(problem) => problem.code,
        }
    }
}

pub(crate) async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Answer<T> {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.unwrap();
    if status.is_success() {
        let body = if body.is_empty() { b"null".as_slice() } else { &body };
        return Answer::Good(serde_json::from_slice(body).unwrap(), headers);
    }
    assert_eq!(headers["content-type"], "application/problem+json");
    let problem: Problem = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem.status, status.as_u16());
    Answer::Problem(problem)
}

pub(crate) fn sign_in_request(
    name: &str,
    password: &str,
    device: Option<DeviceRegistration>,
) -> SignInRequest {
    SignInRequest { name: name.to_owned(), password: password.to_owned(), device }
}

impl Desk {
    /// A new desk; somebody of this role signs in at it.
    pub(crate) async fn of(store: &TestStore, name: &str, role: Role) -> Self {
        store.add_agent(name, role).await;
        Self::sign_in(store, name).await
    }

    /// A new desk; somebody who is known signs in at it.
    pub(crate) async fn sign_in(store: &TestStore, name: &str) -> Self {
        Self::at(&store.url(), store.clock(), store.chance(), name).await
    }

    /// A new desk of a store that runs on its own.
    pub(crate) async fn at(url: &str, clock: &TestClock, chance: &Chance, name: &str) -> Self {
        let key = SigningKey::from_bytes(&chance.bytes());
        let device = DeviceId(chance.uuid());
        let http = http();
        let registration = DeviceRegistration {
            id: device,
            public_key: STANDARD.encode(key.verifying_key().to_bytes()),
            label: "Front desk".to_owned(),
        };
        let request =
            http.post(format!("{url}/v1/session")).json(&sign_in_request(name, PASSWORD, Some(registration)));
        let tokens: Tokens = answer(request).await.good();
        Self {
            http,
            url: url.to_owned(),
            clock: clock.clone(),
            key,
            device,
            agent: tokens.me.agent.id,
            tokens,
            sequence: 0,
            chance: chance.clone(),
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.tokens.access_token)
            .header(VERSION_HEADER, VERSION)
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        answer(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Answer<T> {
        answer(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn customer(&self, id: CustomerId) -> Record {
        self.get(&format!("/v1/customers/{id}")).await.good()
    }

    pub(crate) async fn account(&self, id: CustomerId) -> Account {
        self.customer(id).await.accounts.remove(0)
    }

    /// What a desk would save now.
    pub(crate) fn envelope(&mut self, customer: CustomerId, ask: Ask) -> Envelope {
        self.sequence += 1;
        Envelope {
            schema: 1,
            action: ActionId(self.chance.uuid_at(self.clock.now())),
            device: self.device,
            sequence: self.sequence,
            agent: self.agent,
            customer,
            ask,
            judged_on: None,
            reason: Some(Reason::Verify),
            words: None,
            case: Some("T-1".to_owned()),
            captured_at: self.clock.now(),
            lapses_at: None,
            depends_on: None,
            verification: None,
        }
    }

    pub(crate) fn sign(&self, envelope: &Envelope) -> SignedAction {
        let envelope = serde_json::to_string(envelope).unwrap();
        let bytes = [SIGNATURE_TAG, envelope.as_bytes()].concat();
        SignedAction { envelope, signature: STANDARD.encode(self.key.sign(&bytes).to_bytes()) }
    }

    pub(crate) async fn send(&self, envelope: &Envelope) -> Answer<Done> {
        self.post("/v1/actions", &self.sign(envelope)).await
    }

    pub(crate) async fn ask(&mut self, customer: CustomerId, ask: Ask) -> Answer<Done> {
        let envelope = self.envelope(customer, ask);
        self.send(&envelope).await
    }

    /// Locks an account whole.
    pub(crate) async fn lock(
        &mut self,
        customer: CustomerId,
        account: AccountId,
        cause: LockCause,
    ) -> Account {
        let ask = Ask::Lock { account, scope: LockScope::Account, cause, until: None };
        let done = self.ask(customer, ask).await.good();
        done.accounts.unwrap().into_iter().find(|a| a.id == account).unwrap()
    }

    /// An unlock of the newest lock, judged on what is now.
    pub(crate) async fn unlock_of(&mut self, customer: CustomerId) -> Envelope {
        let account = self.account(customer).await;
        let ask = Ask::Unlock { account: account.id, lock: account.locks[0].id };
        let mut envelope = self.envelope(customer, ask);
        envelope.judged_on = Some(account.lock_version);
        envelope
    }
}
