//! `GET /v1/audit`: who saw and did what.

use axum::{Json, extract::State};
use madoguchi_domain::{AgentId, CustomerId};
use madoguchi_protocol::{
    audit::AuditPage,
    error::{Code, Problem},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    Store,
    api::body::Asked,
    audit::{self, Before},
    caller::Caller,
    refusal::Refusal,
};

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Which {
    /// About this customer, and about those who were made one with them.
    #[param(value_type = Option<String>)]
    customer: Option<CustomerId>,
    /// Of this agent.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// The `next` of the page before.
    before: Option<String>,
}

/// What is on record, the newest first: of every customer and account within sight, and what names no customer. Reading
/// the record is recorded.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(Which), responses(
    (status = 200, body = AuditPage),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Asked(which): Asked<Which>,
) -> Result<Json<AuditPage>, Refusal> {
    let before = match &which.before {
        Some(text) => Some(Before::read(text).ok_or(Code::BadRequest)?),
        None => None,
    };
    audit::looked(&store, &caller, "view_audit", which.customer).await?;
    let mut conn = store.db().read().await?;
    let sight = caller.sight();
    Ok(Json(audit::page(&mut conn, which.customer, which.agent, before, &sight).await?))
}
