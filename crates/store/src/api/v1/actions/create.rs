//! `POST /v1/actions`: one signed action.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use madoguchi_protocol::{
    action::{Done, SignedAction},
    error::Problem,
};

use crate::{Store, actions, api::body::Body, caller::Caller, refusal::Refusal};

/// Says that the answer is one that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Does one action, once: the same signed bytes again get the same answer, with `Idempotency-Replayed: true`.
#[utoipa::path(post, path = "/v1/actions", tag = "actions", request_body = SignedAction, responses(
    (status = 200, body = Done),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, description = "`not_allowed`, `supervisor_needed`, `source_not_connected` or `bad_signature`", body = Problem),
    (status = 404, body = Problem),
    (status = 409, description = "`in_flight`: what it depends on has not been done", body = Problem),
    (status = 410, description = "`lapsed`", body = Problem),
    (status = 412, description = "`conflict`, with what is now", body = Problem),
    (status = 422, description = "`action_reused`: the same id with another body", body = Problem),
    (status = 428, description = "`version_missing`", body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Body(signed): Body<SignedAction>,
) -> Result<(HeaderMap, Json<Done>), Refusal> {
    let answer = actions::act(&store, &caller, &signed, false).await?;
    let mut headers = HeaderMap::new();
    if answer.replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok((headers, Json(answer.done)))
}
