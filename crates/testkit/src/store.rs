//! A store on a port of its own, over real sockets and a real database.

use std::{path::PathBuf, sync::Arc};

use madoguchi_domain::{
    AccountId, AgentId, BrandId, Clock as _, CustomerId, IdentifierId, IdentityId, SessionId, Timestamp,
    account::{Authority, IdentityKind, Session},
    consent::Purpose,
    customer::{IdentifierKind, Name},
    role::{Brand, Role},
};
use madoguchi_secrets::{Key, Secret};
use madoguchi_store::{
    Options, Store,
    agents::NewAgent,
    chance::Chance,
    db::{
        DbError,
        bulk::{self, NewAccount, NewCustomer, NewIdentifier, NewIdentity},
        company,
        key::KeySource,
    },
    sample,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::clock::TestClock;

/// The password of every agent of a test.
pub const PASSWORD: &str = "correct horse battery";

/// The issuer of the accounts that [`TestStore::person`] makes.
pub const ISSUER: &str = "https://id.stay.example";

/// A running store. It ends with the test.
#[derive(Debug)]
pub struct TestStore {
    clock: TestClock,
    chance: Chance,
    database: String,
    options: Options,
    port: u16,
    running: Option<Running>,
    /// Of an embedded database; removed with the last of the test.
    _folder: Option<tempfile::TempDir>,
}

#[derive(Debug)]
struct Running {
    store: Store,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl TestStore {
    /// A store on an embedded database of its own, with two brands (`stay`, `ferry`) and their purposes.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(clock: &TestClock, seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let database = format!("sqlite:{}", folder.path().join("store.db").display());
        Self::start_with(clock, seed, database, Some(folder), Options::default()).await
    }

    /// A store on this database.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_on(clock: &TestClock, seed: u64, database: String) -> Self {
        Self::start_with(clock, seed, database, None, Options::default()).await
    }

    async fn start_with(
        clock: &TestClock,
        seed: u64,
        database: String,
        folder: Option<tempfile::TempDir>,
        options: Options,
    ) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let chance = Chance::new(bytes);
        let mut store =
            Self { clock: clock.clone(), chance, database, options, port: 0, running: None, _folder: folder };
        store.start_again().await;
        store.company().await;
        store
    }

    /// Opens the data and answers, on the same port as before once it had one.
    ///
    /// # Panics
    /// When it runs already or does not start.
    pub async fn start_again(&mut self) {
        assert!(self.running.is_none(), "it runs");
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.expect("a port on loopback");
        self.port = listener.local_addr().expect("a bound listener has an address").port();
        let key = KeySource::Given(Key::new([7; 32]));
        let clock = Arc::new(self.clock.clone());
        let store = Store::open(&self.database, &key, clock, self.chance.fork(), self.options.clone())
            .await
            .expect("the test's database opens");
        let (stop, stopped) = oneshot::channel();
        let served = store.clone();
        let served = tokio::spawn(async move {
            let stopped = async move {
                // Dropped with the test, it stops as well.
                let _ = stopped.await;
            };
            served.serve(listener, None, stopped).await.expect("loopback needs no certificate");
        });
        self.running = Some(Running { store, stop, served });
    }

    /// Stops as an operator would: requests end, data is closed.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn stop(&mut self) {
        let running = self.running.take().expect("it runs");
        let _ = running.stop.send(());
        running.served.await.expect("the server ends without a panic");
        running.store.close().await;
    }

    /// `http://127.0.0.1:PORT`; the same after a restart.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The database's URL.
    #[must_use]
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The file of an embedded database.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        self.database.strip_prefix("sqlite:").map(PathBuf::from)
    }

    /// The store itself.
    ///
    /// # Panics
    /// When it does not run.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.running.as_ref().expect("it runs").store
    }

    /// Its clock.
    #[must_use]
    pub const fn clock(&self) -> &TestClock {
        &self.clock
    }

    /// Its randomness, for ids of a test's own.
    #[must_use]
    pub const fn chance(&self) -> &Chance {
        &self.chance
    }

    /// Adds somebody who may see every brand. The password is [`PASSWORD`].
    ///
    /// # Panics
    /// When the name is taken.
    pub async fn add_agent(&self, name: &str, role: Role) -> AgentId {
        self.add_agent_for(name, role, &[], &[]).await
    }

    /// Adds somebody for these brands.
    ///
    /// # Panics
    /// When the name is taken.
    pub async fn add_agent_for(
        &self,
        name: &str,
        role: Role,
        brands: &[&str],
        desk_brands: &[&str],
    ) -> AgentId {
        let list = |names: &[&str]| names.iter().map(|name| BrandId::from(*name)).collect();
        let agent = NewAgent {
            name: name.to_owned(),
            display_name: name.to_owned(),
            role,
            brands: list(brands),
            desk_brands: list(desk_brands),
        };
        self.store().add_agent(agent, Secret::new(PASSWORD.to_owned())).await.expect("a new name")
    }

    /// Fills the store with made-up customers. Only before any other customer.
    ///
    /// # Panics
    /// When the store holds customers already.
    pub async fn add_sample(&self, customers: u64, seed: u64) {
        let store = self.store();
        let args = sample::Args { customers, seed };
        sample::run(&args, store.db(), store.keys(), store.chance(), store.clock())
            .await
            .expect("an empty store");
    }

    /// Adds customers as they are given.
    ///
    /// # Panics
    /// When one of them is there already.
    pub async fn add(&self, customers: Vec<NewCustomer>) {
        let store = self.store();
        bulk::put(store.db(), store.keys(), store.chance(), self.clock.now(), customers)
            .await
            .expect("new customers");
    }

    /// Someone with a name, an e-mail address, a phone, and one account at [`ISSUER`] for the first brand, which this
    /// store decides over, with a password identity whose subject is the e-mail address and one session.
    #[must_use]
    pub fn person(&self, written: &str, email: &str, brands: &[&str]) -> NewCustomer {
        let now = self.clock.now();
        let since = Timestamp::from_micros(now.micros() - 90 * 24 * 3_600_000_000);
        let uuid = || self.chance.uuid_at(since);
        let account = AccountId(uuid());
        let identifier = |kind, value: &str| NewIdentifier {
            id: IdentifierId(uuid()),
            kind,
            value: value.to_owned(),
            account: Some(account),
            verified_at: Some(since),
            held_since: since,
        };
        let digits = u64::from_le_bytes(self.chance.bytes()) % 100_000_000;
        NewCustomer {
            id: CustomerId::from_bits(i64::from_le_bytes(self.chance.bytes())),
            name: Name { written: written.to_owned(), ..Name::default() },
            brands: brands.iter().map(|b| BrandId::from(*b)).collect(),
            languages: vec!["ja".to_owned()],
            time_zone: Some("Asia/Tokyo".to_owned()),
            country: Some("JP".to_owned()),
            tier: None,
            since,
            source: "store".to_owned(),
            identifiers: vec![
                identifier(IdentifierKind::Email, email),
                identifier(IdentifierKind::Phone, &format!("+8190{digits:08}")),
            ],
            accounts: vec![NewAccount {
                id: account,
                issuer: ISSUER.to_owned(),
                brand: BrandId::from(brands.first().copied().unwrap_or("stay")),
                external_id: email.to_owned(),
                digest: None,
                authority: Authority::Store,
                since,
                identities: vec![NewIdentity {
                    id: IdentityId(uuid()),
                    kind: IdentityKind::Password,
                    issuer: ISSUER.to_owned(),
                    subject: email.to_owned(),
                    address: Some(email.to_owned()),
                    linked_at: since,
                    last_sign_in: None,
                }],
                sessions: vec![Session {
                    id: SessionId(uuid()),
                    started_at: since,
                    last_seen_at: since,
                    device: "iPhone".to_owned(),
                    client: "Safari 19".to_owned(),
                    place: Some("Tokyo".to_owned()),
                }],
                locks: Vec::new(),
                ended: Vec::new(),
                sign_ins: Vec::new(),
            }],
            consents: Vec::new(),
            notes: Vec::new(),
            actions: Vec::new(),
        }
    }

    async fn company(&self) {
        let brand = |id: &str, en: &str, ja: &str| Brand {
            id: id.into(),
            name_en: en.to_owned(),
            name_ja: ja.to_owned(),
        };
        let purpose = |brand: &str, id: &str, en: &str, ja: &str| Purpose {
            id: id.into(),
            brand: brand.into(),
            name_en: en.to_owned(),
            name_ja: ja.to_owned(),
        };
        let brands = vec![brand("stay", "Stay", "ステイ"), brand("ferry", "Ferry", "フェリー")];
        let purposes = vec![
            purpose("stay", "email", "Offers by e-mail", "メールでのご案内"),
            purpose("ferry", "email", "Offers by e-mail", "メールでのご案内"),
        ];
        let written = self.store().db().write(move |conn| {
            let (brands, purposes) = (brands.clone(), purposes.clone());
            Box::pin(async move {
                company::put_brands(conn, &brands).await?;
                company::put_purposes(conn, &purposes).await?;
                Ok::<(), DbError>(())
            })
        });
        written.await.expect("brands of a new store");
    }
}
