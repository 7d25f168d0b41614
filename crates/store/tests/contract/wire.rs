//! What every answer has in common.

use madoguchi_domain::role::Role;
use madoguchi_protocol::{VERSION_HEADER, error::Code};
use madoguchi_testkit::store::TestStore;
use reqwest::Method;

use crate::client::{Answer, Desk, answer, http};

crate::on_both_engines!(
    what_cannot_be_read_is_refused_in_our_form,
    another_version_is_told_so,
    the_page_of_the_api_needs_nobody_else,
    it_runs_and_is_ready,
);

async fn what_cannot_be_read_is_refused_in_our_form(store: TestStore) {
    let desk = Desk::of(&store, "sato", Role::Agent).await;
    let json = |body: &str| {
        desk.request(Method::POST, "/v1/search")
            .header("content-type", "application/json")
            .body(body.to_owned())
    };
    for body in ["", "{", "[]", r#"{"query":"田中","limit":-1}"#, r#"{"query":1,"limit":1}"#] {
        let refused: Answer<()> = answer(json(body)).await;
        assert_eq!(refused.code(), Code::BadRequest, "{body}");
    }
    let large = format!(r#"{{"query":"{}","limit":1}}"#, "a".repeat(300 * 1024));
    let refused: Answer<()> = answer(json(&large)).await;
    assert_eq!(refused.code(), Code::BadRequest);
    for path in ["/v1/customers/not-an-id", "/v1/nothing", "/v1/customers/C-0000-0000"] {
        let refused: Answer<()> = desk.get(path).await;
        assert_eq!(refused.code(), Code::Unknown, "{path}");
    }
    let response = desk.request(Method::PUT, "/v1/me").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.headers()["allow"].to_str().unwrap()),
        (405, "GET,HEAD")
    );
    let refused: Answer<()> = answer(desk.request(Method::PUT, "/v1/me")).await;
    assert_eq!(refused.code(), Code::BadRequest, "its body has the answer's status");
    let response = http().get(format!("{}/v1/me", store.url())).send().await.unwrap();
    assert_eq!(response.headers()["www-authenticate"], "Bearer realm=\"madoguchi\"");
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["instance"], id.as_str());
}

async fn another_version_is_told_so(store: TestStore) {
    let request = http().get(format!("{}/v1/store", store.url())).header(VERSION_HEADER, "999");
    let refused: Answer<()> = answer(request).await;
    assert_eq!(refused.code(), Code::StoreVersion);
}

async fn the_page_of_the_api_needs_nobody_else(store: TestStore) {
    let page = http().get(format!("{}/docs", store.url())).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let page = page.text().await.unwrap();
    for link in page.split(['"', '\'']).filter(|text| text.contains('/')) {
        assert!(!link.contains("//"), "the page reaches for {link}");
    }
    for path in ["/docs/page.js", "/docs/page.css", "/openapi.json"] {
        assert_eq!(
            http().get(format!("{}{path}", store.url())).send().await.unwrap().status(),
            200,
            "{path}"
        );
    }
}

async fn it_runs_and_is_ready(store: TestStore) {
    for path in ["/health", "/ready"] {
        assert_eq!(
            http().get(format!("{}{path}", store.url())).send().await.unwrap().status(),
            204,
            "{path}"
        );
    }
}
