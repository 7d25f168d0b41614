//! What agents ask for: done once, judged in the transaction that acts, and on the record.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use madoguchi_domain::{
    Clock as _, CustomerId, SignInId,
    account::{Authority, IdentityKind, LockCause},
    action::{Ask, Reason},
    consent::{ConsentChange, ConsentState},
    role::Role,
    sign_in::{Outcome, SignIn},
};
use madoguchi_protocol::{
    action::{Done, SEAL_INFO, SealedActions, SealedAnswer, SealedAnswers, SignedAction},
    error::Code,
    search::{SearchAnswer, SearchRequest},
    session::StoreInfo,
    sync::Earlier,
};
use madoguchi_testkit::store::TestStore;

use crate::client::{Answer, Desk, seconds};

crate::on_both_engines!(
    an_unlock_sent_twice_happens_once,
    sixteen_copies_at_once_happen_once,
    the_same_id_with_another_body_is_refused,
    an_unlock_judged_on_an_older_version_shows_both,
    an_unlock_without_a_version_or_a_reason_is_refused,
    some_locks_need_a_supervisor,
    an_account_of_a_source_is_not_acted_on,
    what_arrives_too_late_has_lapsed,
    a_forged_signature_is_refused,
    a_withdrawal_is_always_taken_and_wins,
    a_reveal_is_answered_and_kept_nowhere,
    sessions_that_began_later_are_spared,
    what_depends_on_another_waits_for_it,
    nobody_acts_on_whom_they_do_not_see,
    what_a_lost_desk_sealed_is_done,
    an_id_belongs_to_its_body_even_after_a_refusal,
    another_reason_is_said_in_words,
    text_that_a_database_cannot_hold_is_refused,
    what_belongs_to_an_account_out_of_sight_is_left_out,
    sign_ins_of_one_moment_are_all_on_some_page,
);

async fn someone(store: &TestStore) -> CustomerId {
    let person = store.person("田中 美咲", "misaki.tanaka@example.jp", &["stay"]);
    let id = person.id;
    store.add(vec![person]).await;
    id
}

async fn an_unlock_sent_twice_happens_once(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let account = desk.account(id).await.id;
    let locked = desk.lock(id, account, LockCause::CustomerRequest).await;
    assert!(locked.blocked);
    let unlock = desk.unlock_of(id).await;
    let Answer::Good(first, about) = desk.send(&unlock).await else { panic!("it was refused") };
    assert!(about.get("idempotency-replayed").is_none());
    assert!(!first.accounts.as_ref().unwrap()[0].blocked);
    let Answer::Good(again, about) = desk.send(&unlock).await else { panic!("it was refused") };
    assert_eq!(about["idempotency-replayed"], "true");
    assert_eq!(again, first);
    let record = desk.customer(id).await;
    assert_eq!(record.actions.len(), 2, "the lock and one unlock");
    assert_eq!(record.accounts[0].lock_version, locked.lock_version + 1);
    assert_eq!(record.actions[0].lock_cause, Some(LockCause::CustomerRequest));
}

async fn sixteen_copies_at_once_happen_once(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let note = desk.envelope(id, Ask::Note { text: "called back".to_owned() });
    let answers = futures::future::join_all((0..16).map(|_| desk.send(&note))).await;
    let done: Vec<Done> = answers.into_iter().map(Answer::good).collect();
    assert!(done.iter().all(|d| *d == done[0]));
    assert_eq!(desk.customer(id).await.notes.len(), 1);
}

async fn the_same_id_with_another_body_is_refused(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let note = desk.envelope(id, Ask::Note { text: "one".to_owned() });
    desk.send(&note).await.good();
    let mut other = note;
    other.ask = Ask::Note { text: "other".to_owned() };
    assert_eq!(desk.send(&other).await.code(), Code::ActionReused);
    assert_eq!(desk.customer(id).await.notes[0].text, "one");
}

async fn an_unlock_judged_on_an_older_version_shows_both(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let mut colleague = Desk::of(&store, "suzuki", Role::Agent).await;
    let id = someone(&store).await;
    let account = desk.account(id).await.id;
    desk.lock(id, account, LockCause::CustomerRequest).await;
    let stale = desk.unlock_of(id).await;
    let theirs = colleague.unlock_of(id).await;
    colleague.send(&theirs).await.good();
    colleague.lock(id, account, LockCause::Dormant).await;
    let Answer::Problem(problem) = desk.send(&stale).await else { panic!("it overwrote") };
    assert_eq!((problem.code, problem.status), (Code::Conflict, 412));
    let conflict = problem.conflict.unwrap();
    assert_eq!(conflict.now.locks.len(), 1);
    assert_eq!(conflict.now.locks[0].cause, LockCause::Dormant);
    assert_eq!(conflict.ended.len(), 1);
    assert_eq!(
        (conflict.ended[0].lock.cause, conflict.ended[0].by.as_str()),
        (LockCause::CustomerRequest, "suzuki")
    );
    assert!(desk.account(id).await.blocked, "nothing was changed");
}

async fn an_unlock_without_a_version_or_a_reason_is_refused(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let account = desk.account(id).await.id;
    desk.lock(id, account, LockCause::CustomerRequest).await;
    let mut unlock = desk.unlock_of(id).await;
    unlock.judged_on = None;
    assert_eq!(desk.send(&unlock).await.code(), Code::VersionMissing);
    let mut unlock = desk.unlock_of(id).await;
    unlock.reason = None;
    assert_eq!(desk.send(&unlock).await.code(), Code::BadRequest);
}

async fn some_locks_need_a_supervisor(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let mut chief = Desk::of(&store, "mori", Role::Supervisor).await;
    let id = someone(&store).await;
    let account = desk.account(id).await.id;
    desk.lock(id, account, LockCause::Fraud).await;
    let unlock = desk.unlock_of(id).await;
    assert_eq!(desk.send(&unlock).await.code(), Code::SupervisorNeeded);
    let unlock = chief.unlock_of(id).await;
    chief.send(&unlock).await.good();
}

async fn an_account_of_a_source_is_not_acted_on(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let mut person = store.person("Amelia Hartley", "amelia@example.com", &["stay"]);
    person.accounts[0].authority = Authority::Source;
    let (id, account) = (person.id, person.accounts[0].id);
    store.add(vec![person]).await;
    assert_eq!(desk.ask(id, Ask::RevokeSessions { account }).await.code(), Code::SourceNotConnected);
    desk.ask(id, Ask::Note { text: "told them to ask there".to_owned() }).await.good();
}

async fn what_arrives_too_late_has_lapsed(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let account = desk.account(id).await.id;
    desk.lock(id, account, LockCause::CustomerRequest).await;
    let unlock = desk.unlock_of(id).await;
    let withdrawal = desk.envelope(id, Ask::Withdraw { brand: "stay".into(), purpose: "email".into() });
    store.clock().advance(seconds(15 * 60 + 1));
    desk.tokens = Desk::sign_in(&store, "sato").await.tokens;
    // The token is of another desk, so it is refused before anything else.
    assert_eq!(desk.send(&unlock).await.code(), Code::BadSignature);
    let mut fresh = Desk::sign_in(&store, "sato").await;
    let account = fresh.account(id).await;
    let ask = Ask::Unlock { account: account.id, lock: account.locks[0].id };
    let mut old = fresh.envelope(id, ask);
    old.judged_on = Some(account.lock_version);
    old.captured_at = store.clock().now().minus(seconds(15 * 60 + 1));
    assert_eq!(fresh.send(&old).await.code(), Code::Lapsed);
    let mut late = fresh.envelope(id, withdrawal.ask);
    late.captured_at = store.clock().now().minus(seconds(400 * 24 * 3600));
    fresh.send(&late).await.good();
}

async fn a_forged_signature_is_refused(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let other = Desk::of(&store, "suzuki", Role::Supervisor).await;
    let id = someone(&store).await;
    let note = desk.envelope(id, Ask::Note { text: "mine".to_owned() });
    let forged = SignedAction { signature: other.sign(&note).signature, ..desk.sign(&note) };
    let refused: Answer<Done> = desk.post("/v1/actions", &forged).await;
    assert_eq!(refused.code(), Code::BadSignature);
    let mut in_their_name = note;
    in_their_name.agent = other.agent;
    assert_eq!(desk.send(&in_their_name).await.code(), Code::BadSignature);
    let lines = crate::texts(&store, "select verb from audit where outcome = 'bad_signature'").await;
    assert_eq!(lines, ["act", "act"], "on the record, without what it says of itself");
    assert!(desk.customer(id).await.notes.is_empty());
}

async fn a_withdrawal_is_always_taken_and_wins(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::PrivacyOfficer).await;
    let id = someone(&store).await;
    let ask = Ask::Withdraw { brand: "stay".into(), purpose: "email".into() };
    let mut ahead = desk.envelope(id, ask.clone());
    ahead.captured_at = store.clock().now().plus(seconds(3600));
    desk.send(&ahead).await.good();
    let consents = desk.customer(id).await.consents;
    assert_eq!(consents.events[0].change, ConsentChange::Withdrawn);
    assert_eq!(consents.events[0].captured_at, store.clock().now(), "never later than it was received");
    assert_eq!(consents.status[0].effective, ConsentState::Withdrawn);
    desk.ask(id, ask).await.good();
    let unknown = Ask::Withdraw { brand: "stay".into(), purpose: "nothing".into() };
    assert_eq!(desk.ask(id, unknown).await.code(), Code::Unknown);
}

async fn a_reveal_is_answered_and_kept_nowhere(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let profile = desk.customer(id).await.profile;
    assert_eq!(profile.identifiers[0].masked, "m•••a@example.jp");
    assert_eq!(profile.identifiers[0].clear, None);
    let reveal = desk.envelope(id, Ask::Reveal { identifier: profile.identifiers[0].id });
    let done = desk.send(&reveal).await.good();
    assert_eq!(done.revealed.as_deref(), Some("misaki.tanaka@example.jp"));
    let again = desk.send(&reveal).await.good();
    assert_eq!(again.revealed.as_deref(), Some("misaki.tanaka@example.jp"));
    let mut unjustified = desk.envelope(id, reveal.ask.clone());
    unjustified.reason = None;
    assert_eq!(desk.send(&unjustified).await.code(), Code::BadRequest);
    let history = serde_json::to_string(&desk.customer(id).await.actions).unwrap();
    assert!(!history.contains("misaki.tanaka"), "{history}");
}

async fn sessions_that_began_later_are_spared(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let mut person = store.person("田中 美咲", "misaki@example.jp", &["stay"]);
    let mut later = person.accounts[0].sessions[0].clone();
    later.id = madoguchi_domain::SessionId(store.chance().uuid());
    later.started_at = store.clock().now();
    person.accounts[0].sessions.push(later.clone());
    let (id, account) = (person.id, person.accounts[0].id);
    store.add(vec![person]).await;
    let mut old = desk.envelope(id, Ask::RevokeSessions { account });
    old.captured_at = store.clock().now().minus(seconds(3600));
    let done = desk.send(&old).await.good();
    let left: Vec<_> = done.accounts.unwrap()[0].sessions.iter().map(|s| s.id).collect();
    assert_eq!(left, [later.id]);
    // Whoever names a session has seen it, whatever their clock says.
    let mut named = desk.envelope(id, Ask::RevokeSession { account, session: later.id });
    named.captured_at = store.clock().now().minus(seconds(3600));
    let one = desk.send(&named).await.good();
    assert!(one.accounts.unwrap()[0].sessions.is_empty());
}

async fn what_depends_on_another_waits_for_it(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let first = desk.envelope(id, Ask::Note { text: "first".to_owned() });
    let mut second = desk.envelope(id, Ask::Note { text: "second".to_owned() });
    second.depends_on = Some(first.action);
    assert_eq!(desk.send(&second).await.code(), Code::InFlight);
    desk.send(&first).await.good();
    desk.send(&second).await.good();
}

async fn nobody_acts_on_whom_they_do_not_see(store: TestStore) {
    store.add_agent_for("ferry", Role::Supervisor, &["ferry"], &[]).await;
    let mut desk = Desk::sign_in(&store, "ferry").await;
    let id = someone(&store).await;
    assert_eq!(desk.ask(id, Ask::Note { text: "hello".to_owned() }).await.code(), Code::Unknown);
    let seen: Answer<serde_json::Value> = desk.get(&format!("/v1/customers/{id}")).await;
    assert_eq!(seen.code(), Code::Unknown);
    let nobody = CustomerId::from_bits(1);
    assert_eq!(desk.ask(nobody, Ask::Note { text: "hello".to_owned() }).await.code(), Code::Unknown);
    // Somebody else's account does not come along with one's own customer.
    let own = store.person("Own", "own@example.jp", &["ferry"]);
    let own_id = own.id;
    store.add(vec![own]).await;
    let all = Desk::of(&store, "all", Role::Agent).await;
    let foreign = all.account(id).await.id;
    assert_eq!(desk.ask(own_id, Ask::RevokeSessions { account: foreign }).await.code(), Code::Unknown);
}

async fn what_a_lost_desk_sealed_is_done(store: TestStore) {
    use hpke::{Deserializable as _, Kem as _, Serializable as _};
    type Kem = hpke::kem::X25519HkdfSha256;
    let mut lost = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let mut note = lost.envelope(id, Ask::Note { text: "before it was lost".to_owned() });
    note.reason = Some(Reason::CallBack);
    let info: StoreInfo = lost.get("/v1/store").await.good();
    let public =
        <Kem as hpke::Kem>::PublicKey::from_bytes(&STANDARD.decode(info.sealing_key).unwrap()).unwrap();
    let clear = serde_json::to_vec(&lost.sign(&note)).unwrap();
    let (_, ephemeral) = Kem::derive_keypair(&[0; 32]);
    assert_ne!(ephemeral.to_bytes(), public.to_bytes());
    let mut rng = <rand_chacha::ChaCha20Rng as rand::SeedableRng>::from_seed([3; 32]);
    let (encapped, sealed) = hpke::single_shot_seal::<
        hpke::aead::ChaCha20Poly1305,
        hpke::kdf::HkdfSha256,
        Kem,
        _,
    >(&hpke::OpModeS::Base, &public, SEAL_INFO, &clear, b"", &mut rng)
    .unwrap();
    let sealed = STANDARD.encode([encapped.to_bytes().as_slice(), &sealed].concat());
    let fresh = Desk::sign_in(&store, "sato").await;
    let request = SealedActions { sealed: vec![sealed, STANDARD.encode([0; 80])] };
    let answers: SealedAnswers = fresh.post("/v1/actions/sealed", &request).await.good();
    assert!(matches!(&answers.answers[0], SealedAnswer::Done { .. }), "{answers:?}");
    assert!(
        matches!(&answers.answers[1], SealedAnswer::Problem { problem } if problem.code == Code::BadSignature)
    );
    assert_eq!(fresh.customer(id).await.notes[0].text, "before it was lost");
}

async fn an_id_belongs_to_its_body_even_after_a_refusal(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let account = desk.account(id).await.id;
    desk.lock(id, account, LockCause::Fraud).await;
    let unlock = desk.unlock_of(id).await;
    assert_eq!(desk.send(&unlock).await.code(), Code::SupervisorNeeded);
    let mut other = unlock.clone();
    other.ask = Ask::Note { text: "another body".to_owned() };
    assert_eq!(desk.send(&other).await.code(), Code::ActionReused);
    assert!(desk.customer(id).await.notes.is_empty());
    assert_eq!(desk.send(&unlock).await.code(), Code::SupervisorNeeded, "its own body is judged again");
    crate::client::change(&store, "update agent set role = 'supervisor'").await;
    desk.send(&unlock).await.good();
    desk.send(&unlock).await.good();
    assert_eq!(desk.send(&other).await.code(), Code::ActionReused);
}

async fn another_reason_is_said_in_words(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    let identifier = desk.customer(id).await.profile.identifiers[0].id;
    for (reason, words, taken) in [
        (Some(Reason::Other), None, false),
        (Some(Reason::Other), Some(" \u{3000}"), false),
        (None, Some(""), false),
        (None, None, false),
        (Some(Reason::Other), Some("the customer lost the card"), true),
        (None, Some("the customer lost the card"), true),
        (Some(Reason::CallBack), None, true),
    ] {
        let mut reveal = desk.envelope(id, Ask::Reveal { identifier });
        (reveal.reason, reveal.words) = (reason, words.map(str::to_owned));
        let code = match desk.send(&reveal).await {
            Answer::Good(..) => None,
            Answer::Problem(problem) => Some(problem.code),
        };
        assert_eq!(code, (!taken).then_some(Code::BadRequest), "{reason:?} {words:?}");
    }
}

async fn text_that_a_database_cannot_hold_is_refused(store: TestStore) {
    let mut desk = Desk::of(&store, "sato", Role::Agent).await;
    let id = someone(&store).await;
    assert_eq!(desk.ask(id, Ask::Note { text: "a\0b".to_owned() }).await.code(), Code::BadRequest);
    let mut note = desk.envelope(id, Ask::Note { text: "fine".to_owned() });
    note.case = Some("T\0".to_owned());
    assert_eq!(desk.send(&note).await.code(), Code::BadRequest);
}

async fn what_belongs_to_an_account_out_of_sight_is_left_out(store: TestStore) {
    // Both identifiers came with her account for `stay`.
    let person = store.person("田中 美咲", "member.4821@example.jp", &["stay", "ferry"]);
    let (id, identifier) = (person.id, person.identifiers[0].id);
    store.add(vec![person]).await;
    let mut all = Desk::of(&store, "all", Role::Agent).await;
    all.ask(id, Ask::Note { text: "of the stay".to_owned() }).await.good();
    crate::client::change(&store, "update note set account = (select account_id from account)").await;
    store.clock().advance(seconds(1));
    all.ask(id, Ask::Note { text: "of the customer".to_owned() }).await.good();
    store.add_agent_for("ferry", Role::Agent, &["ferry"], &[]).await;
    let mut ferry = Desk::sign_in(&store, "ferry").await;
    let notes = |record: madoguchi_protocol::sync::Record| {
        record.notes.into_iter().map(|note| note.text).collect::<Vec<_>>()
    };
    let (whole, part) = (all.customer(id).await, ferry.customer(id).await);
    assert_eq!((whole.profile.identifiers.len(), part.profile.identifiers.len()), (2, 0));
    assert_eq!(notes(whole), ["of the customer", "of the stay"]);
    assert_eq!(notes(part), ["of the customer"]);
    assert_eq!(ferry.ask(id, Ask::Reveal { identifier }).await.code(), Code::Unknown);
    all.ask(id, Ask::Reveal { identifier }).await.good();
    for (desk, query, found) in
        [(&all, "member.4821", 1), (&ferry, "member.4821", 0), (&all, "田中", 1), (&ferry, "田中", 1)]
    {
        let request = SearchRequest { query: query.to_owned(), locked: false, brand: None, limit: 10 };
        let answer: SearchAnswer = desk.post("/v1/search", &request).await.good();
        assert_eq!(answer.found.len(), found, "{query}");
    }
}

async fn sign_ins_of_one_moment_are_all_on_some_page(store: TestStore) {
    let mut person = store.person("田中 美咲", "misaki@example.jp", &["stay"]);
    let account = person.accounts[0].id;
    let at = store.clock().now().minus(seconds(60));
    let mut all: Vec<SignInId> = (0..120).map(|_| SignInId(store.chance().uuid())).collect();
    person.accounts[0].sign_ins = all
        .iter()
        .map(|id| SignIn {
            id: *id,
            account,
            identity: IdentityKind::Password,
            at,
            outcome: Outcome::SignedIn,
            cause: None,
            address: None,
            place: None,
            device: None,
            client: None,
            channel: "web".to_owned(),
            new_address: false,
        })
        .collect();
    let id = person.id;
    store.add(vec![person]).await;
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let mut seen: Vec<_> = desk.customer(id).await.sign_ins.recent;
    loop {
        let last = seen.last().unwrap();
        let path = format!("/v1/customers/{id}/sign-ins?before={}&id={}", last.at, last.id);
        let page: Earlier = desk.get(&path).await.good();
        seen.extend(page.sign_ins);
        if !page.more {
            break;
        }
    }
    let mut seen: Vec<SignInId> = seen.into_iter().map(|sign_in| sign_in.id).collect();
    seen.sort();
    all.sort();
    assert_eq!(seen, all);
}
