//! `GET /v1/customers/{id}/sign-ins`: earlier sign-ins than a desk keeps.

use axum::{Json, extract::State};
use madoguchi_domain::{CustomerId, SignInId, Timestamp};
use madoguchi_protocol::{
    error::{Code, Problem},
    sync::Earlier,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    Store,
    api::body::{Asked, Named},
    audit,
    caller::Caller,
    db::load::{self, Run},
    refusal::Refusal,
};

/// Before when.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Before {
    /// The time of the earliest sign-in that is known.
    #[param(value_type = String)]
    before: Timestamp,
    /// Its id: others of the same moment may come after it.
    #[param(value_type = Option<String>)]
    id: Option<SignInId>,
}

/// The fifty sign-ins before the earliest one that is known, the newest first. Every look is recorded.
#[utoipa::path(get, path = "/v1/customers/{id}/sign-ins", tag = "customers",
    params(("id" = String, Path, description = "The customer id"), Before), responses(
    (status = 200, body = Earlier),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Named(id): Named<CustomerId>,
    Asked(earliest): Asked<Before>,
) -> Result<Json<Earlier>, Refusal> {
    let mut conn = store.db().read().await?;
    let sight = caller.sight();
    let head = load::head_in_sight(&mut conn, id, &sight).await?.ok_or(Code::Unknown)?;
    // The audit takes a connection of its own: whoever held one meanwhile could wait for themselves.
    drop(conn);
    audit::looked(&store, &caller, "view_sign_ins", Some(head)).await?;
    let mut conn = store.db().read().await?;
    let run = Run::one(head, &sight, store.clock().now());
    Ok(Json(load::earlier(&mut conn, &run, earliest.before, earliest.id).await?))
}
