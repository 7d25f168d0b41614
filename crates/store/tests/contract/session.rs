//! Signing in, staying signed in, and what ends it.

use madoguchi_domain::role::Role;
use madoguchi_protocol::{
    error::Code,
    session::{Me, RefreshRequest, Tokens},
};
use madoguchi_testkit::store::{PASSWORD, TestStore};

use crate::client::{Answer, Desk, answer, http, seconds, sign_in_request};

crate::on_both_engines!(
    a_name_and_a_password_let_in,
    an_unknown_name_is_answered_like_a_wrong_password,
    guesses_are_limited_even_when_they_come_at_once,
    a_refresh_is_answered_again_for_a_minute_and_then_ends_the_sign_in,
    two_refreshes_at_once_get_the_same_pair,
    signing_out_voids_every_token,
    a_desk_keeps_its_key,
);

async fn try_in(store: &TestStore, name: &str, password: &str) -> Answer<Tokens> {
    let url = format!("{}/v1/session", store.url());
    answer(http().post(url).json(&sign_in_request(name, password, None))).await
}

async fn refresh(store: &TestStore, token: &str) -> Answer<Tokens> {
    let request = RefreshRequest { refresh_token: token.to_owned() };
    answer(http().post(format!("{}/v1/session/refresh", store.url())).json(&request)).await
}

async fn me(store: &TestStore, tokens: &Tokens) -> Answer<Me> {
    answer(http().get(format!("{}/v1/me", store.url())).bearer_auth(&tokens.access_token)).await
}

async fn a_name_and_a_password_let_in(store: TestStore) {
    store.add_agent_for("sato", Role::Supervisor, &["stay"], &[]).await;
    let tokens = try_in(&store, "sato", PASSWORD).await.good();
    let me_now = me(&store, &tokens).await.good();
    assert_eq!(me_now.agent.role, Role::Supervisor);
    let brands: Vec<&str> = me_now.brands.iter().map(|b| b.id.0.as_str()).collect();
    assert_eq!(brands, ["stay"], "only what is within sight");
    assert!(me_now.purposes.iter().all(|p| p.brand.0 == "stay"));
    store.clock().advance(seconds(10 * 60));
    assert_eq!(me(&store, &tokens).await.code(), Code::SignInNeeded, "the access token has run out");
}

async fn an_unknown_name_is_answered_like_a_wrong_password(store: TestStore) {
    store.add_agent("sato", Role::Agent).await;
    for (name, password) in [("sato", "wrong"), ("nobody", PASSWORD), ("sato", "")] {
        let Answer::Problem(problem) = try_in(&store, name, password).await else { panic!("{name} is in") };
        assert_eq!((problem.code, problem.status, problem.until), (Code::WrongCredentials, 401, None));
    }
}

async fn guesses_are_limited_even_when_they_come_at_once(store: TestStore) {
    store.add_agent("sato", Role::Agent).await;
    let guesses = (0..16).map(|_| try_in(&store, "sato", "wrong password"));
    let codes: Vec<Code> = futures::future::join_all(guesses).await.iter().map(Answer::code).collect();
    let looked_at = codes.iter().filter(|code| **code == Code::WrongCredentials).count();
    assert_eq!(looked_at, 5, "{codes:?}");
    let Answer::Problem(problem) = try_in(&store, "sato", PASSWORD).await else { panic!("it must wait") };
    assert_eq!(problem.code, Code::TooManyAttempts);
    assert!(problem.until.is_some());
    store.clock().advance(seconds(2));
    try_in(&store, "sato", PASSWORD).await.good();
}

async fn a_refresh_is_answered_again_for_a_minute_and_then_ends_the_sign_in(store: TestStore) {
    store.add_agent("sato", Role::Agent).await;
    let first = try_in(&store, "sato", PASSWORD).await.good();
    let second = refresh(&store, &first.refresh_token).await.good();
    store.clock().advance(seconds(59));
    let again = refresh(&store, &first.refresh_token).await.good();
    assert_eq!(again.access_token, second.access_token);
    assert_eq!(again.refresh_token, second.refresh_token);
    let third = refresh(&store, &second.refresh_token).await.good();
    assert_ne!(third.refresh_token, second.refresh_token);
    me(&store, &third).await.good();
    store.clock().advance(seconds(2));
    assert_eq!(refresh(&store, &first.refresh_token).await.code(), Code::SessionRevoked);
    assert_eq!(me(&store, &third).await.code(), Code::SessionRevoked, "the whole sign-in has ended");
    assert_eq!(refresh(&store, &third.refresh_token).await.code(), Code::SessionRevoked);
    assert_eq!(refresh(&store, "no token at all").await.code(), Code::SignInNeeded);
}

async fn two_refreshes_at_once_get_the_same_pair(store: TestStore) {
    store.add_agent("sato", Role::Agent).await;
    let tokens = try_in(&store, "sato", PASSWORD).await.good();
    let all = futures::future::join_all((0..8).map(|_| refresh(&store, &tokens.refresh_token))).await;
    let mut pairs: Vec<String> = all.into_iter().map(|a| a.good().refresh_token).collect();
    pairs.dedup();
    assert_eq!(pairs.len(), 1);
}

async fn signing_out_voids_every_token(store: TestStore) {
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let gone: Answer<()> = answer(desk.request(reqwest::Method::DELETE, "/v1/session")).await;
    gone.good();
    assert_eq!(me(&store, &desk.tokens).await.code(), Code::SessionRevoked);
    assert_eq!(refresh(&store, &desk.tokens.refresh_token).await.code(), Code::SessionRevoked);
}

async fn a_desk_keeps_its_key(store: TestStore) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let other = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let registration = madoguchi_protocol::session::DeviceRegistration {
        id: desk.device,
        public_key: STANDARD.encode(other.verifying_key().to_bytes()),
        label: "Front desk".to_owned(),
    };
    let request = sign_in_request("sato", PASSWORD, Some(registration));
    let refused: Answer<Tokens> =
        answer(http().post(format!("{}/v1/session", store.url())).json(&request)).await;
    assert_eq!(refused.code(), Code::BadSignature);
}
