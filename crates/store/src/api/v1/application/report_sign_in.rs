//! `POST /v1/application/sign-ins`: somebody tried to sign in.

use axum::{Json, extract::State};
use madoguchi_protocol::{
    application::{ReportSignIn, ReportedSignIn},
    error::{Code, Problem},
};

use crate::{Store, api::body::Body, caller::Caller, refusal::Refusal, sign_in_rule};

/// Takes a sign-in into the customer's history, with the session that began with it, and judges it by the sign-in rule
/// in the same transaction. The same id again counts once.
#[utoipa::path(post, path = "/v1/application/sign-ins", tag = "application", request_body = ReportSignIn, responses(
    (status = 200, body = ReportedSignIn),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Body(report): Body<ReportSignIn>,
) -> Result<Json<ReportedSignIn>, Refusal> {
    let unfit = |text: &Option<String>, most: usize| {
        text.as_ref().is_some_and(|text| text.len() > most || text.contains('\0'))
    };
    if unfit(&report.address, 64) || unfit(&report.place, 200) || unfit(&report.user_agent, 1_000) {
        return Err(Code::BadRequest.into());
    }
    let received = store.db().received(store.clock());
    let (own, report) = (store.clone(), std::sync::Arc::new(report));
    let answer = store
        .db()
        .write(move |conn| {
            let (store, caller, report) = (own.clone(), caller.clone(), report.clone());
            Box::pin(async move {
                let caller = caller.again(conn).await?;
                sign_in_rule::take(conn, &store, &caller, &report, received).await
            })
        })
        .await?;
    Ok(Json(answer))
}
