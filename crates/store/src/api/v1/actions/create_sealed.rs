//! `POST /v1/actions/sealed`: actions of a desk that lost its keys.

use axum::{Json, extract::State};
use madoguchi_protocol::{
    action::{SealedActions, SealedAnswer, SealedAnswers},
    error::{Code, Problem},
};

use crate::{Store, actions, api::body::Body, caller::Caller, refusal::Refusal};

/// Opens each sealed action, checks the signature that it was sealed with, and does it as if it had come by itself.
#[utoipa::path(post, path = "/v1/actions/sealed", tag = "actions", request_body = SealedActions, responses(
    (status = 200, body = SealedAnswers),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    caller: Caller,
    Body(request): Body<SealedActions>,
) -> Result<Json<SealedAnswers>, Refusal> {
    let mut answers = Vec::with_capacity(request.sealed.len());
    for sealed in &request.sealed {
        let outcome = match actions::opened(&store, sealed) {
            Some(signed) => actions::act(&store, &caller, &signed, true).await,
            None => {
                actions::record_unsigned(&store, &caller, Code::BadSignature).await?;
                Err(Code::BadSignature.into())
            }
        };
        answers.push(match outcome {
            Ok(answer) => SealedAnswer::Done { done: Box::new(answer.done) },
            Err(refusal) => SealedAnswer::Problem { problem: Box::new(refusal.problem()) },
        });
    }
    Ok(Json(SealedAnswers { answers }))
}
