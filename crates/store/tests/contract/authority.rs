//! Every role against every route, as the one table says.

use madoguchi_domain::{CustomerId, Timestamp, action::Ask, role::Role};
use madoguchi_protocol::error::Code;
use madoguchi_store::authority::{Needs, Route, Verb, may_act};
use madoguchi_testkit::store::TestStore;
use reqwest::Method;

use crate::client::{Desk, http};

crate::on_both_engines!(
    every_role_reaches_what_the_table_says_and_nothing_else,
    who_was_revoked_reaches_nothing
);

const fn method(route: Route) -> Method {
    match route.verb() {
        Verb::Get => Method::GET,
        Verb::Post => Method::POST,
        Verb::Delete => Method::DELETE,
    }
}

fn path(route: Route) -> String {
    route.path().replace("{id}", "C-0000-0000")
}

async fn code(response: reqwest::Response) -> Option<Code> {
    let body: serde_json::Value = response.json().await.ok()?;
    serde_json::from_value(body.get("code")?.clone()).ok()
}

async fn every_role_reaches_what_the_table_says_and_nothing_else(store: TestStore) {
    let person = store.person("田中 美咲", "misaki@example.jp", &["stay"]);
    let id = person.id;
    store.add(vec![person]).await;
    for route in Route::ALL {
        let response =
            http().request(method(*route), format!("{}{}", store.url(), path(*route))).send().await.unwrap();
        let status = response.status();
        let refused = code(response).await == Some(Code::SignInNeeded);
        assert_eq!(refused, route.needs() != Needs::Nobody, "{route:?} without a sign-in: {status}");
    }
    for role in Role::ALL {
        let mut desk = Desk::of(&store, role.word(), role).await;
        for route in Route::ALL {
            // Signing out ends the sign-in, so it comes last.
            if *route == Route::SignOut {
                continue;
            }
            let response = desk.request(method(*route), &path(*route)).send().await.unwrap();
            let denied = code(response).await == Some(Code::NotAllowed);
            let expected = match route.needs() {
                Needs::Nobody => false,
                Needs::Roles(roles) => !roles.contains(&role),
            };
            assert_eq!(denied, expected, "{role:?} at {route:?}");
        }
        let asks = [
            Ask::Note { text: "n".to_owned() },
            Ask::Withdraw { brand: "stay".into(), purpose: "email".into() },
            Ask::RevokeSessions { account: madoguchi_domain::AccountId(uuid::Uuid::nil()) },
        ];
        for ask in asks {
            let kind = ask.kind();
            let envelope = desk.envelope(id, ask);
            let response =
                desk.request(Method::POST, "/v1/actions").json(&desk.sign(&envelope)).send().await.unwrap();
            let denied = code(response).await == Some(Code::NotAllowed);
            assert_eq!(denied, !may_act(role, kind), "{role:?} asks to {kind:?}");
        }
        let out = desk.request(Method::DELETE, "/v1/session").send().await.unwrap();
        assert_eq!(out.status(), 204);
    }
}

async fn who_was_revoked_reaches_nothing(store: TestStore) {
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let device = desk.device;
    store
        .store()
        .db()
        .write(move |conn| {
            Box::pin(async move {
                madoguchi_store::agents::revoke_device(conn, device, Timestamp::from_micros(1)).await
            })
        })
        .await
        .unwrap();
    let response = desk.request(Method::GET, "/v1/me").send().await.unwrap();
    assert_eq!((response.status().as_u16(), code(response).await), (401, Some(Code::DeviceRevoked)));
    let nobody = CustomerId::from_bits(0);
    let response = desk.request(Method::GET, &format!("/v1/customers/{nobody}")).send().await.unwrap();
    assert_eq!(code(response).await, Some(Code::DeviceRevoked));
}
