//! `GET /v1/me`: who is signed in, and the company's words.

use axum::{Json, extract::State};
use madoguchi_protocol::{error::Problem, session::Me};

use crate::{Store, caller::Caller, db::company, refusal::Refusal};

/// Who is signed in, the brands within sight and their purposes, and the company's policy.
#[utoipa::path(get, path = "/v1/me", tag = "session", responses(
    (status = 200, body = Me),
    (status = 401, body = Problem),
))]
pub(crate) async fn handle(State(store): State<Store>, caller: Caller) -> Result<Json<Me>, Refusal> {
    me(&store, &caller).await.map(Json)
}

/// What a desk needs to know of its agent.
pub(crate) async fn me(store: &Store, caller: &Caller) -> Result<Me, Refusal> {
    let mut conn = store.db().read().await?;
    let sight = caller.sight();
    let mut brands = company::brands(&mut conn).await?;
    brands.retain(|brand| sight.has(&brand.id));
    let mut purposes = company::purposes(&mut conn).await?;
    purposes.retain(|purpose| sight.has(&purpose.brand));
    Ok(Me {
        agent: caller.agent(),
        brands,
        purposes,
        policy: store.policy().clone(),
        now: store.clock().now(),
    })
}
