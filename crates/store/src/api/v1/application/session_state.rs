//! `GET /v1/application/sessions/{id}`: does this session still stand?

use axum::{Json, extract::State};
use madoguchi_domain::{BrandId, SessionId, Timestamp};
use madoguchi_protocol::{
    application::SessionState,
    error::{Code, Problem},
};

use crate::{Store, api::body::Named, caller::Caller, db::fetch_optional, refusal::Refusal};

/// Whether a session that this application reported may still be used.
#[utoipa::path(get, path = "/v1/application/sessions/{id}", tag = "application",
    params(("id" = String, Path, description = "The application's id of the session")), responses(
    (status = 200, body = SessionState),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Named(id): Named<SessionId>,
) -> Result<Json<SessionState>, Refusal> {
    let row = fetch_optional!(
        &mut store.db().read().await?,
        (Option<i64>, String),
        "select s.ended_at, a.brand from session s join account a on a.account_id = s.account where s.session_id = $1",
        id.0
    )?;
    let (ended, brand) = row.ok_or(Code::Unknown)?;
    if !caller.sight().has(&BrandId(brand)) {
        return Err(Code::Unknown.into());
    }
    let ended_at = ended.map(Timestamp::from_micros);
    Ok(Json(SessionState { id, live: ended_at.is_none(), ended_at }))
}
