//! `POST /v1/session/refresh`: a new pair of tokens.

use axum::{Json, extract::State};
use madoguchi_protocol::{
    error::{Code, Problem},
    session::{RefreshRequest, Tokens},
};
use madoguchi_secrets::Secret;

use crate::{
    Store,
    api::body::Body,
    caller::Caller,
    refusal::Refusal,
    tokens::{self, Refreshed},
};

/// Uses a refresh token. Within 60 s a repeat gets the same answer; a later reuse ends the whole sign-in.
#[utoipa::path(post, path = "/v1/session/refresh", tag = "session", security(()), request_body = RefreshRequest,
    responses(
        (status = 200, body = Tokens),
        (status = 401, description = "`sign_in_needed`, `session_revoked` or `device_revoked`", body = Problem),
    ))]
pub(crate) async fn handle(
    State(store): State<Store>,
    Body(request): Body<RefreshRequest>,
) -> Result<Json<Tokens>, Refusal> {
    let token = Secret::new(request.refresh_token);
    let now = store.clock().now();
    let own = store.clone();
    let done = store
        .db()
        .write(move |conn| {
            let (store, token) = (own.clone(), token.clone());
            Box::pin(async move {
                match tokens::refresh(conn, token.expose(), store.token_key(), now).await? {
                    // An ended sign-in must be committed, so it is no error of the transaction.
                    Refreshed::Ended => Ok(None),
                    Refreshed::Pair(login, pair) => {
                        let caller = Caller::of_login(conn, login, pair.access_until).await?;
                        Ok::<_, Refusal>(Some((caller, pair)))
                    }
                }
            })
        })
        .await?;
    let Some((caller, pair)) = done else { return Err(Code::SessionRevoked.into()) };
    super::tokens_of(&store, &caller, pair).await.map(Json)
}
