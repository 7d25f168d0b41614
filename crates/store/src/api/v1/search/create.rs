//! `POST /v1/search`: inside what is masked on desks, and beyond a desk's share.

use axum::{Json, extract::State};
use madoguchi_protocol::{
    error::{Code, Problem},
    search::{SearchAnswer, SearchRequest},
};

use crate::{Store, api::body::Body, audit, caller::Caller, refusal::Refusal, search};

/// How long a query may be, in characters.
const LONGEST: usize = 200;

/// How many customers an answer holds at most.
const MOST: u32 = 50;

/// Finds customers within sight by any of their names, identifiers or their id. Every search is recorded, without what
/// was typed.
#[utoipa::path(post, path = "/v1/search", tag = "customers", request_body = SearchRequest, responses(
    (status = 200, body = SearchAnswer),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Body(request): Body<SearchRequest>,
) -> Result<Json<SearchAnswer>, Refusal> {
    if request.query.chars().count() > LONGEST {
        return Err(Code::BadRequest.into());
    }
    let request = SearchRequest { limit: request.limit.clamp(1, MOST), ..request };
    audit::looked(&store, &caller, "search", None).await?;
    Ok(Json(search::search(&store, &caller, &request).await?))
}
