//! Whether the process runs, and whether it can answer.

use axum::{extract::State, http::StatusCode};

use crate::{Store, feed::last_change, refusal::Refusal};

/// The process runs.
#[utoipa::path(get, path = "/health", tag = "store", security(()), responses((status = 204, description = "It runs")))]
pub(crate) async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The database answers.
#[utoipa::path(get, path = "/ready", tag = "store", security(()), responses(
    (status = 204, description = "It can answer"),
    (status = 503, description = "`busy`", body = madoguchi_protocol::error::Problem),
))]
pub(crate) async fn ready(State(store): State<Store>) -> Result<StatusCode, Refusal> {
    if store.is_stopping() {
        return Err(madoguchi_protocol::error::Code::Busy.into());
    }
    last_change(&mut store.db().read().await?).await?;
    Ok(StatusCode::NO_CONTENT)
}
