//! `GET /v1/customers/{id}`: one customer as they are now.

use axum::{Json, extract::State};
use madoguchi_domain::CustomerId;
use madoguchi_protocol::{
    error::{Code, Problem},
    sync::Record,
};

use crate::{
    Store,
    api::body::Named,
    audit,
    caller::Caller,
    db::load::{self, Run},
    refusal::Refusal,
};

/// A customer whole, masked, from the rows as they are in this moment. Every look is recorded.
#[utoipa::path(get, path = "/v1/customers/{id}", tag = "customers",
    params(("id" = String, Path, description = "The customer id, such as C-7F3K-20Q9")), responses(
    (status = 200, body = Record),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 404, description = "`unknown`: none of that id within sight", body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Named(id): Named<CustomerId>,
) -> Result<Json<Record>, Refusal> {
    let mut conn = store.db().read().await?;
    let sight = caller.sight();
    let head = load::head_in_sight(&mut conn, id, &sight).await?.ok_or(Code::Unknown)?;
    drop(conn);
    audit::looked(&store, &caller, "view", Some(head)).await?;
    let (now, clear) = (store.clock().now(), store.policy().clear_identifiers);
    let record = store
        .db()
        .read_at_once(move |conn| {
            Box::pin(async move {
                let run = Run { clear, ..Run::one(head, &sight, now) };
                load::record(conn, &run).await
            })
        })
        .await?;
    record.map(Json).ok_or_else(|| Code::Unknown.into())
}
