//! `GET /v1/changes`: what changes from a cursor on.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use madoguchi_protocol::error::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    Store,
    api::{body::Asked, stream},
    caller::Caller,
    feed,
    refusal::Refusal,
};

/// From where.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct After {
    /// The cursor of a snapshot or of the last line that the desk committed.
    after: String,
}

/// Streams changes, one JSON value a line, until the access token runs out. A line at least every 15 seconds.
#[utoipa::path(get, path = "/v1/changes", tag = "sync", params(After), responses(
    (status = 200, description = "Lines: changed facets, customers gone, and how far this is", content_type = "application/x-ndjson", body = String),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 410, description = "`cursor_unknown`: start from a snapshot", body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Asked(After { after }): Asked<After>,
) -> Result<Response, Refusal> {
    let pieces = feed::follow(&store, &caller, &after).await?;
    let mut response = Body::from_stream(stream::of(pieces)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(stream::LINES));
    Ok(response)
}
