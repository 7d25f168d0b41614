//! `GET /v1/snapshot`: a desk's share to start from.

use async_compression::tokio::bufread::ZstdEncoder;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use madoguchi_domain::CustomerId;
use madoguchi_protocol::error::Problem;
use serde::Deserialize;
use tokio_util::io::{ReaderStream, StreamReader};
use utoipa::IntoParams;

use crate::{
    Store,
    api::{body::Asked, stream},
    caller::Caller,
    feed,
    refusal::Refusal,
};

/// Where a snapshot goes on.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct From {
    /// The last customer that the desk committed.
    #[param(value_type = Option<String>)]
    from: Option<CustomerId>,
    /// The cursor of the first head.
    cursor: Option<String>,
}

/// Streams the customers of the caller's desk, one JSON value a line, compressed with zstd when the client accepts it.
#[utoipa::path(get, path = "/v1/snapshot", tag = "sync", params(From), responses(
    (status = 200, description = "Lines: a head, customers in the order of their ids, an end", content_type = "application/x-ndjson", body = String),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 410, description = "`cursor_unknown`", body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Asked(From { from, cursor }): Asked<From>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let pieces = feed::snapshot(&store, &caller, from, cursor.as_deref()).await?;
    crate::audit::looked(&store, &caller, "snapshot", None).await?;
    let accepts = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.split(';').next().is_some_and(|name| name.trim() == "zstd"));
    let mut response = if accepts {
        let encoder = ZstdEncoder::with_quality(
            StreamReader::new(stream::of(pieces)),
            async_compression::Level::Precise(1),
        );
        let mut response = Body::from_stream(ReaderStream::with_capacity(encoder, 64 * 1024)).into_response();
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
        response
    } else {
        Body::from_stream(stream::of(pieces)).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(stream::LINES));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}
