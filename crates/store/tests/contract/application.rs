//! The application door: refused while locked, let in from the moment an unlock was answered.

use madoguchi_domain::{
    BrandId, SessionId, SignInId,
    account::LockCause,
    role::Role,
    sign_in::{Cause, Outcome},
};
use madoguchi_domain::{Clock as _, action::Ask};
use madoguchi_protocol::{
    application::{
        AccountName, MaySignIn, MaySignInRequest, ReportSession, ReportSignIn, ReportedSession,
        ReportedSignIn, SessionEvent, SessionState,
    },
    error::Code,
};
use madoguchi_testkit::store::{ISSUER, TestStore};

use crate::client::{Answer, Desk, seconds};

crate::on_both_engines!(
    refused_then_unlocked_then_let_in,
    six_wrong_passwords_lock_and_the_lock_ends_by_itself,
    a_report_sent_twice_counts_once,
    a_revoked_session_no_longer_stands,
    a_session_is_seen_and_signed_out_and_desks_hear_of_it,
    a_session_that_ended_before_it_was_told_of_never_begins,
    a_session_of_another_account_is_not_touched,
    another_brands_application_learns_nothing,
);

const EMAIL: &str = "misaki.tanaka@example.jp";

fn name() -> AccountName {
    AccountName { issuer: ISSUER.to_owned(), subject: EMAIL.to_owned(), brand: BrandId::from("stay") }
}

async fn may(app: &Desk) -> MaySignIn {
    app.post("/v1/application/may-sign-in", &MaySignInRequest { account: name() }).await.good()
}

fn report(store: &TestStore, outcome: Outcome) -> ReportSignIn {
    ReportSignIn {
        id: SignInId(store.chance().uuid_at(store.clock().now())),
        account: name(),
        at: store.clock().now(),
        outcome,
        cause: (outcome == Outcome::Failed).then_some(Cause::WrongPassword),
        address: Some("203.0.113.58".to_owned()),
        place: Some("Osaka".to_owned()),
        user_agent: Some("App 8.2".to_owned()),
        session: None,
    }
}

async fn send(app: &Desk, report: &ReportSignIn) -> ReportedSignIn {
    app.post("/v1/application/sign-ins", report).await.good()
}

async fn all_set(store: &TestStore) -> (Desk, Desk, madoguchi_domain::CustomerId) {
    let person = store.person("田中 美咲", EMAIL, &["stay"]);
    let id = person.id;
    store.add(vec![person]).await;
    store.add_agent_for("shop", Role::Application, &["stay"], &[]).await;
    (Desk::sign_in(store, "shop").await, Desk::of(store, "sato", Role::Agent).await, id)
}

async fn refused_then_unlocked_then_let_in(store: TestStore) {
    let (app, mut desk, id) = all_set(&store).await;
    assert!(may(&app).await.allowed);
    let account = desk.account(id).await.id;
    desk.lock(id, account, LockCause::CustomerRequest).await;
    let refused = may(&app).await;
    assert_eq!(
        (refused.allowed, refused.causes, refused.until),
        (false, vec![LockCause::CustomerRequest], None)
    );
    assert_eq!((refused.customer, refused.account), (id, account));
    let unlock = desk.unlock_of(id).await;
    desk.send(&unlock).await.good();
    assert!(may(&app).await.allowed);
}

async fn six_wrong_passwords_lock_and_the_lock_ends_by_itself(store: TestStore) {
    let (app, mut desk, id) = all_set(&store).await;
    for n in 1..=5 {
        store.clock().advance(seconds(1));
        let answer = send(&app, &report(&store, Outcome::Failed)).await;
        assert_eq!((answer.allowed, answer.locked_until), (true, None), "failure {n}");
    }
    let sixth = send(&app, &report(&store, Outcome::Failed)).await;
    let until = sixth.locked_until.expect("the sixth locks");
    assert_eq!((sixth.allowed, until), (false, store.clock().now().plus(seconds(30 * 60))));
    let refused = may(&app).await;
    assert_eq!((refused.causes, refused.until), (vec![LockCause::TooManyFailures], Some(until)));
    let record = desk.customer(id).await;
    assert_eq!((record.accounts[0].locks[0].by.as_str(), record.sign_ins.total), ("rule", 6));
    assert_eq!(record.accounts[0].identities[0].failures_today, 6);
    assert!(record.sign_ins.recent.last().unwrap().new_address && !record.sign_ins.recent[0].new_address);
    // An agent's unlock gives a fresh start: one more failure does not lock again.
    let unlock = desk.unlock_of(id).await;
    desk.send(&unlock).await.good();
    assert_eq!(send(&app, &report(&store, Outcome::Failed)).await.locked_until, None);
    for _ in 0..5 {
        send(&app, &report(&store, Outcome::Failed)).await;
    }
    assert!(!may(&app).await.allowed);
    store.clock().advance(seconds(30 * 60));
    let app = Desk::sign_in(&store, "shop").await;
    assert!(may(&app).await.allowed, "the end itself is already free");
}

async fn a_report_sent_twice_counts_once(store: TestStore) {
    let (app, desk, id) = all_set(&store).await;
    let mut one = report(&store, Outcome::Failed);
    one.at = store.clock().now().plus(seconds(3600));
    let copies = futures::future::join_all((0..8).map(|_| send(&app, &one))).await;
    assert!(copies.iter().all(|answer| answer.allowed));
    let sign_ins = desk.customer(id).await.sign_ins;
    assert_eq!(sign_ins.total, 1);
    assert_eq!(sign_ins.recent[0].at, store.clock().now(), "nothing happened after it was received");
}

async fn a_revoked_session_no_longer_stands(store: TestStore) {
    let (app, mut desk, id) = all_set(&store).await;
    let session = SessionId(store.chance().uuid());
    let report =
        ReportSignIn { session: Some(ReportedSession { id: session }), ..report(&store, Outcome::SignedIn) };
    send(&app, &report).await;
    let path = format!("/v1/application/sessions/{session}");
    assert!(app.get::<SessionState>(&path).await.good().live);
    let account = desk.account(id).await.id;
    desk.ask(id, Ask::RevokeSession { account, session }).await.good();
    let state: SessionState = app.get(&path).await.good();
    assert_eq!((state.live, state.ended_at), (false, Some(store.clock().now())));
    let late = told(&app, &session_report(&store, session, SessionEvent::Seen)).await;
    assert_eq!(late, state, "what was revoked stays so");
}

fn session_report(store: &TestStore, id: SessionId, state: SessionEvent) -> ReportSession {
    ReportSession {
        id,
        account: name(),
        at: store.clock().now(),
        state,
        place: Some("Kobe".to_owned()),
        user_agent: Some("App 8.2".to_owned()),
    }
}

async fn told(app: &Desk, report: &ReportSession) -> SessionState {
    app.post("/v1/application/sessions", report).await.good()
}

async fn a_session_is_seen_and_signed_out_and_desks_hear_of_it(store: TestStore) {
    let (app, desk, id) = all_set(&store).await;
    let session = SessionId(store.chance().uuid());
    let own = async || desk.account(id).await.sessions.into_iter().find(|s| s.id == session);
    let change =
        async || crate::texts(&store, "select cast(value as text) from counter where name = 'change'").await;
    let began = store.clock().now();
    assert!(told(&app, &session_report(&store, session, SessionEvent::Seen)).await.live);
    let first = own().await.expect("it began with the report");
    assert_eq!((first.started_at, first.last_seen_at), (began, began));
    assert_eq!((first.client.as_str(), first.place.as_deref()), ("App 8.2", Some("Kobe")));

    let before = change().await;
    store.clock().advance(seconds(59));
    told(&app, &session_report(&store, session, SessionEvent::Seen)).await;
    assert_eq!((change().await, own().await.unwrap().last_seen_at), (before.clone(), began), "no news");
    store.clock().advance(seconds(1));
    told(&app, &session_report(&store, session, SessionEvent::Seen)).await;
    assert_eq!(own().await.unwrap().last_seen_at, began.plus(seconds(60)));
    assert_ne!(change().await, before, "desks are told");

    let before = change().await;
    let mut out = session_report(&store, session, SessionEvent::Ended);
    out.at = store.clock().now().plus(seconds(3600));
    let ended = told(&app, &out).await;
    assert_eq!((ended.live, ended.ended_at), (false, Some(store.clock().now())), "never later than received");
    assert_eq!(own().await, None);
    assert_ne!(change().await, before, "desks are told");
    store.clock().advance(seconds(120));
    assert_eq!(
        told(&app, &session_report(&store, session, SessionEvent::Seen)).await,
        ended,
        "it stays ended"
    );
    assert_eq!(own().await, None);
}

async fn a_session_that_ended_before_it_was_told_of_never_begins(store: TestStore) {
    let (app, desk, id) = all_set(&store).await;
    let session = SessionId(store.chance().uuid());
    assert!(!told(&app, &session_report(&store, session, SessionEvent::Ended)).await.live);
    store.clock().advance(seconds(120));
    assert!(!told(&app, &session_report(&store, session, SessionEvent::Seen)).await.live);
    assert!(desk.account(id).await.sessions.iter().all(|s| s.id != session));
}

async fn a_session_of_another_account_is_not_touched(store: TestStore) {
    let (app, desk, id) = all_set(&store).await;
    let other = store.person("Amelia Hartley", "amelia@example.com", &["stay"]);
    let theirs = other.accounts[0].sessions[0].id;
    store.add(vec![other]).await;
    let report = session_report(&store, theirs, SessionEvent::Ended);
    let refused: Answer<SessionState> = app.post("/v1/application/sessions", &report).await;
    assert_eq!(refused.code(), Code::Unknown);
    let path = format!("/v1/application/sessions/{theirs}");
    assert!(app.get::<SessionState>(&path).await.good().live);
    assert_eq!(desk.account(id).await.sessions.len(), 1, "nothing came to this one either");
}

async fn another_brands_application_learns_nothing(store: TestStore) {
    let (_, _, _) = all_set(&store).await;
    store.add_agent_for("boat", Role::Application, &["ferry"], &[]).await;
    let boat = Desk::sign_in(&store, "boat").await;
    let asked: Answer<MaySignIn> =
        boat.post("/v1/application/may-sign-in", &MaySignInRequest { account: name() }).await;
    assert_eq!(asked.code(), Code::Unknown);
    let told: Answer<ReportedSignIn> =
        boat.post("/v1/application/sign-ins", &report(&store, Outcome::Failed)).await;
    assert_eq!(told.code(), Code::Unknown);
    let session = session_report(&store, SessionId(store.chance().uuid()), SessionEvent::Seen);
    let told: Answer<SessionState> = boat.post("/v1/application/sessions", &session).await;
    assert_eq!(told.code(), Code::Unknown);
}
