//! `POST /v1/application/may-sign-in`: may this account sign in now?

use axum::{Json, extract::State};
use madoguchi_domain::why::verdict;
use madoguchi_protocol::{
    application::{MaySignIn, MaySignInRequest},
    error::{Code, Problem},
};

use crate::{Store, api::body::Body, caller::Caller, refusal::Refusal, sign_in_rule};

/// Judges the locks as they are in this moment: an unlock that was answered as done lets them in from then on.
#[utoipa::path(post, path = "/v1/application/may-sign-in", tag = "application", request_body = MaySignInRequest,
    responses(
        (status = 200, body = MaySignIn),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, description = "`unknown`: no account of that name for a brand of this application", body = Problem),
    ))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Body(request): Body<MaySignInRequest>,
) -> Result<Json<MaySignIn>, Refusal> {
    let now = store.clock().now();
    let sight = caller.sight();
    let (way, account) = store
        .db()
        .read_at_once(move |conn| {
            Box::pin(async move {
                let way = sign_in_rule::way_of(conn, &request.account, &sight).await?.ok_or(Code::Unknown)?;
                let account = sign_in_rule::account_of(conn, &way, now).await?.ok_or(Code::Unknown)?;
                Ok::<_, Refusal>((way, account))
            })
        })
        .await?;
    let verdict = verdict(&account, Some(way.identity), now);
    let ends: Option<Vec<_>> = verdict.locks.iter().map(|lock| lock.until).collect();
    Ok(Json(MaySignIn {
        allowed: verdict.allowed,
        customer: way.head,
        account: account.id,
        causes: verdict.locks.iter().map(|lock| lock.cause).collect(),
        until: ends.and_then(|ends| ends.into_iter().max()),
    }))
}
