//! The record: who saw and did what is written, and who may read it reads it.

use madoguchi_domain::{
    AccountId, CustomerId, LockId,
    account::LockCause,
    action::{Ask, Reason},
    role::Role,
};
use madoguchi_protocol::{
    audit::{AuditLine, AuditPage},
    error::Code,
    search::{SearchAnswer, SearchRequest},
};
use madoguchi_testkit::store::TestStore;

use crate::client::{Answer, Desk, seconds};

crate::on_both_engines!(
    every_look_and_every_action_leaves_a_line,
    the_record_is_read_by_customer_and_by_agent_page_by_page,
    the_record_shows_nothing_out_of_sight,
);

async fn read(desk: &Desk, query: &str) -> AuditPage {
    desk.get(&format!("/v1/audit{query}")).await.good()
}

async fn someone(store: &TestStore, brands: &[&str]) -> (CustomerId, AccountId) {
    let email = format!("{}@example.jp", store.chance().uuid());
    let person = store.person("田中 美咲", &email, brands);
    let ids = (person.id, person.accounts[0].id);
    store.add(vec![person]).await;
    ids
}

async fn every_look_and_every_action_leaves_a_line(store: TestStore) {
    let (id, account) = someone(&store, &["stay"]).await;
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let chief = Desk::of(&store, "mori", Role::Supervisor).await;
    let mut heard = Vec::new();
    let mut step = |verb: &'static str, outcome: &'static str| {
        store.clock().advance(seconds(1));
        heard.push((verb, outcome));
    };
    desk.get::<serde_json::Value>(&format!("/v1/customers/{id}")).await.good();
    step("view", "done");
    desk.get::<serde_json::Value>(&format!("/v1/customers/{id}/sign-ins?before=2026-01-01T00:00:00Z"))
        .await
        .good();
    step("view_sign_ins", "done");
    let request = SearchRequest { query: "田中".to_owned(), locked: false, brand: None, limit: 5 };
    desk.post::<SearchAnswer>("/v1/search", &request).await.good();
    step("search", "done");
    let note = desk.ask(id, Ask::Note { text: "called back".to_owned() }).await.good();
    step("note", "done");
    desk.lock(id, account, LockCause::Fraud).await;
    step("lock", "done");
    desk.ask(id, Ask::Withdraw { brand: "stay".into(), purpose: "email".into() }).await.good();
    step("withdraw", "done");
    let mut unlock = desk.envelope(id, Ask::Unlock { account, lock: LockId(store.chance().uuid()) });
    unlock.judged_on = Some(2);
    assert_eq!(desk.send(&unlock).await.code(), Code::Unknown);
    step("unlock", "unknown");
    let lines = read(&chief, &format!("?agent={}", desk.agent)).await.lines;
    let told: Vec<_> = lines.iter().map(|line| (line.verb.as_str(), line.outcome.as_str())).collect();
    heard.reverse();
    assert_eq!(told, heard, "the newest first");
    let of_note = lines.iter().find(|line| line.verb == "note").unwrap();
    let expected = AuditLine {
        at: note.done.at,
        agent: Some(desk.agent),
        by: Some("sato".to_owned()),
        device: Some(desk.device),
        verb: "note".to_owned(),
        customer: Some(id),
        account: None,
        action: Some(note.action),
        outcome: "done".to_owned(),
        reason: Some(Reason::Verify),
        case: Some("T-1".to_owned()),
    };
    assert_eq!(*of_note, expected);
    let all = serde_json::to_string(&lines).unwrap();
    assert!(!all.contains("called back") && !all.contains("田中"), "ids and codes, never values");
}

async fn the_record_is_read_by_customer_and_by_agent_page_by_page(store: TestStore) {
    let ((one, _), (other, _)) = (someone(&store, &["stay"]).await, someone(&store, &["stay"]).await);
    let (sato, suzuki) =
        (Desk::of(&store, "sato", Role::Agent).await, Desk::of(&store, "suzuki", Role::Agent).await);
    // All in one moment: a page's border falls between lines of the same time.
    for n in 0..130 {
        sato.customer(if n < 120 { one } else { other }).await;
    }
    store.clock().advance(seconds(1));
    suzuki.customer(one).await;
    let auditor = Desk::of(&store, "audit", Role::Auditor).await;
    let mut seen = Vec::new();
    let mut query = format!("?customer={one}&agent={}", sato.agent);
    let first = query.clone();
    loop {
        let page = read(&auditor, &query).await;
        assert!(page.lines.len() <= 100);
        seen.extend(page.lines);
        let Some(next) = page.next else { break };
        query = format!("{first}&before={next}");
    }
    assert_eq!(seen.len(), 120, "each of them once");
    assert!(seen.iter().all(|line| line.customer == Some(one) && line.agent == Some(sato.agent)));
    let of_one = read(&auditor, &format!("?customer={one}")).await.lines;
    assert!(of_one.iter().any(|line| line.agent == Some(suzuki.agent)), "whoever looked");
    assert!(of_one.iter().any(|line| line.verb == "view_audit"), "who read the record is in it");
    for wrong in ["?before=yesterday", "?customer=nobody", "?agent=7"] {
        let refused: Answer<AuditPage> = auditor.get(&format!("/v1/audit{wrong}")).await;
        assert_eq!(refused.code(), Code::BadRequest, "{wrong}");
    }
}

async fn the_record_shows_nothing_out_of_sight(store: TestStore) {
    let (stay, _) = someone(&store, &["stay"]).await;
    let (both, account_at_stay) = someone(&store, &["stay", "ferry"]).await;
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    desk.customer(stay).await;
    desk.customer(both).await;
    desk.ask(both, Ask::RevokeSessions { account: account_at_stay }).await.good();
    store.add_agent_for("ferry", Role::Auditor, &["ferry"], &[]).await;
    let auditor = Desk::sign_in(&store, "ferry").await;
    let told: Vec<_> = read(&auditor, &format!("?agent={}", desk.agent))
        .await
        .lines
        .into_iter()
        .map(|line| (line.verb, line.customer))
        .collect();
    assert_eq!(told, [("view".to_owned(), Some(both))]);
    assert!(read(&auditor, &format!("?customer={stay}")).await.lines.is_empty());
}
