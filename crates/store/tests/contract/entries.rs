//! What every effect leaves in the history: one entry, chained to the customer's last, that opens under their own key.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _,
    aead::{Aead as _, Payload},
};
use madoguchi_domain::{
    BrandId, Clock as _, CustomerId, SignInId,
    action::Ask,
    role::Role,
    sign_in::{Cause, Outcome},
};
use madoguchi_ledger::{CommitmentKey, Entry, EntryHash, EntryKind, Pseudonym};
use madoguchi_protocol::{
    application::{AccountName, ReportSignIn, ReportedSignIn},
    error::{Code, Retry},
};
use madoguchi_store::db::Conn;
use madoguchi_testkit::store::{ISSUER, TestStore};

use crate::client::{Answer, Desk};

crate::on_both_engines!(
    each_effect_writes_one_entry_that_is_chained_and_opens,
    a_refused_action_writes_no_entry,
);

const EMAIL: &str = "misaki.tanaka@example.jp";

async fn someone(store: &TestStore) -> CustomerId {
    let person = store.person("田中 美咲", EMAIL, &["stay"]);
    let id = person.id;
    store.add(vec![person]).await;
    id
}

type Row = (Vec<u8>, Vec<u8>, Vec<u8>);

/// Canonical bytes, hash and sealed payload of each entry, in the order of their numbers.
async fn rows(store: &TestStore) -> Vec<Row> {
    let sql = "select canonical, hash, payload from entry order by number";
    match store.store().db().read().await.unwrap() {
        Conn::Sqlite(mut conn) => sqlx::query_as(sql).fetch_all(&mut *conn).await.unwrap(),
        Conn::Postgres(mut conn) => sqlx::query_as(sql).fetch_all(&mut *conn).await.unwrap(),
    }
}

async fn customer(store: &TestStore) -> (Vec<u8>, Vec<u8>) {
    let sql = "select pseudonym, entry_head from customer";
    match store.store().db().read().await.unwrap() {
        Conn::Sqlite(mut conn) => sqlx::query_as(sql).fetch_one(&mut *conn).await.unwrap(),
        Conn::Postgres(mut conn) => sqlx::query_as(sql).fetch_one(&mut *conn).await.unwrap(),
    }
}

/// The entries of the only customer with what they commit to, proved one by one.
async fn history(store: &TestStore) -> Vec<(EntryKind, serde_json::Value)> {
    let (pseudonym, head) = customer(store).await;
    let pseudonym = Pseudonym(pseudonym.try_into().unwrap());
    let key = store.store().keys().of(pseudonym).await.unwrap().expect("the customer has a key");
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    let mut previous: Option<EntryHash> = None;
    let mut found = Vec::new();
    for (canonical, hash, sealed) in rows(store).await {
        let entry = Entry::decode(&canonical).unwrap();
        assert_eq!((entry.customer, entry.previous), (pseudonym, previous), "chained to the one before");
        assert_eq!(hash, entry.hash().0);
        let (nonce, body) = sealed.split_at(12);
        let nonce: [u8; 12] = nonce.try_into().unwrap();
        let payload = Payload { msg: body, aad: entry.id.as_bytes() };
        let clear = cipher.decrypt((&nonce).into(), payload).expect("it opens under the customer's key");
        let (commitment, said) = clear.split_at(32);
        assert!(entry.commitment.opens(&CommitmentKey(commitment.try_into().unwrap()), said));
        previous = Some(entry.hash());
        found.push((entry.kind, serde_json::from_slice(said).unwrap()));
    }
    assert_eq!(previous.map(|hash| hash.0.to_vec()), Some(head), "the last one is the customer's head");
    found
}

async fn each_effect_writes_one_entry_that_is_chained_and_opens(store: TestStore) {
    let id = someone(&store).await;
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    assert_eq!(history(&store).await.len(), 1, "they came in");

    let note = desk.ask(id, Ask::Note { text: "called back".to_owned() }).await.good();
    let said = history(&store).await;
    assert_eq!((said.len(), said[1].0, note.done.entry), (2, EntryKind::Action, 2));
    assert_eq!(said[1].1["envelope"]["ask"]["text"], "called back");
    assert_eq!(said[1].1["by"], "sato");

    desk.ask(id, Ask::Withdraw { brand: "stay".into(), purpose: "email".into() }).await.good();
    let said = history(&store).await;
    assert_eq!((said.len(), said[2].0), (3, EntryKind::Consent));
    assert_eq!(said[2].1["consent"]["change"], "withdrawn");

    store.add_agent_for("shop", Role::Application, &["stay"], &[]).await;
    let shop = Desk::sign_in(&store, "shop").await;
    for n in 1..=6 {
        let report = ReportSignIn {
            id: SignInId(store.chance().uuid()),
            account: AccountName {
                issuer: ISSUER.to_owned(),
                subject: EMAIL.to_owned(),
                brand: BrandId::from("stay"),
            },
            at: store.clock().now(),
            outcome: Outcome::Failed,
            cause: Some(Cause::WrongPassword),
            address: None,
            place: None,
            user_agent: None,
            session: None,
        };
        let answer: ReportedSignIn = shop.post("/v1/application/sign-ins", &report).await.good();
        assert_eq!(answer.locked_until.is_some(), n == 6);
    }
    let said = history(&store).await;
    assert_eq!((said.len(), said[3].0), (4, EntryKind::Action), "the lock, and nothing for the reports");
    assert_eq!((&said[3].1["rule"], &said[3].1["failures"]), (&"too_many_failures".into(), &6.into()));
    assert_eq!(said[3].1["lock"]["cause"], "too_many_failures");
    for (canonical, _, sealed) in rows(&store).await {
        for canary in ["called back", "withdrawn", EMAIL] {
            let shows = |bytes: &[u8]| bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
            assert!(!shows(&canonical) && !shows(&sealed), "{canary} can be read without the key");
        }
    }
}

async fn a_refused_action_writes_no_entry(store: TestStore) {
    let id = someone(&store).await;
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    desk.ask(id, Ask::Withdraw { brand: "stay".into(), purpose: "nothing".into() }).await.code();
    let note = desk.envelope(id, Ask::Note { text: "once".to_owned() });
    desk.send(&note).await.good();
    desk.send(&note).await.good();
    assert_eq!(history(&store).await.len(), 2, "one that was taken, once");
}

/// As when the disk is full: the file may not grow.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_loses_nothing() {
    let store = crate::client::embedded().await;
    let id = someone(&store).await;
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    // Never below what there is.
    crate::client::change(&store, "pragma max_page_count = 1").await;
    let mut kept = Vec::new();
    let refused = loop {
        let text = format!("{} {}", kept.len(), "x".repeat(3_900));
        let note = desk.envelope(id, Ask::Note { text: text.clone() });
        match desk.send(&note).await {
            Answer::Good(..) => kept.push(text),
            Answer::Problem(problem) => {
                assert_eq!((problem.code, problem.status), (Code::StoreFailed, 500));
                break note;
            }
        }
        assert!(kept.len() < 500, "the file does not grow");
    };
    let Answer::Problem(again) = desk.send(&refused).await else { panic!("it is still full") };
    assert_eq!((again.code, again.retry), (Code::StoreFailed, Retry::Later));
    let entries = rows(&store).await.len();
    assert_eq!(entries, 1 + kept.len(), "nothing half done");
    crate::client::change(&store, "pragma max_page_count = 4294967294").await;
    desk.send(&refused).await.good();
    desk.send(&refused).await.good();
    let mut notes: Vec<String> = desk.customer(id).await.notes.into_iter().map(|note| note.text).collect();
    let Ask::Note { text } = refused.ask else { panic!("it is a note") };
    kept.push(text);
    notes.sort();
    kept.sort();
    assert_eq!(notes, kept);
    assert_eq!(history(&store).await.len(), 1 + kept.len());
}
