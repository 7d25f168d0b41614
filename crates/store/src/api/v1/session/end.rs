//! `DELETE /v1/session`: sign out.

use axum::{extract::State, http::StatusCode};
use madoguchi_protocol::error::Problem;

use crate::{Store, caller::Caller, db::execute, refusal::Refusal};

/// Ends the sign-in: its tokens, access and refresh, are void from now on.
#[utoipa::path(delete, path = "/v1/session", tag = "session", responses(
    (status = 204, description = "Signed out"),
    (status = 401, body = Problem),
))]
pub(crate) async fn handle(State(store): State<Store>, caller: Caller) -> Result<StatusCode, Refusal> {
    let now = store.clock().now();
    store
        .db()
        .write(move |conn| {
            Box::pin(async move {
                execute!(
                    conn,
                    "update login set revoked_at = $1 where login_id = $2 and revoked_at is null",
                    now.micros(),
                    caller.login
                )?;
                Ok::<(), Refusal>(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
