//! Refusals as answers: RFC 9457, with the request's id, and the headers that belong to a status.

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use madoguchi_domain::Timestamp;
use madoguchi_protocol::error::{Code, Problem};
use tracing::Instrument as _;

use crate::{Store, db::FromDb as _, refusal::Refusal};

/// The header with the request's id, as in the log.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// How long a busy store asks to be left alone, in seconds.
const BUSY_SECONDS: u64 = 2;

/// A problem whose body is written once the request's id is known.
#[derive(Clone)]
struct Pending(Box<Problem>);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Some(error) = self.db() {
            tracing::error!(%error, "the database refused");
        }
        let status = self.code.status().and_then(|status| StatusCode::from_u16(status).ok());
        with_status(self, status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

/// A refusal whose status is not its code's.
pub(crate) fn with_status(refusal: Refusal, status: StatusCode) -> Response {
    let mut response = status.into_response();
    let problem = Problem { status: status.as_u16(), ..refusal.problem() };
    response.extensions_mut().insert(Pending(Box::new(problem)));
    response
}

/// Gives every request an id, logs how it ended without anything of what it held, and completes problems.
pub(crate) async fn complete(
    axum::extract::State(store): axum::extract::State<Store>,
    request: Request,
    next: Next,
) -> Response {
    let id = store.chance().uuid().to_string();
    let span = tracing::info_span!("request", %id, method = %request.method());
    let path = request.extensions().get::<axum::extract::MatchedPath>().map(|path| path.as_str().to_owned());
    async move {
        let mut response = next.run(request).await;
        if let Some(Pending(mut problem)) = response.extensions_mut().remove::<Pending>() {
            problem.instance = Some(id.clone());
            let allow = response.headers_mut().remove(header::ALLOW);
            response = write(&problem, response.status(), store.clock().now());
            if let Some(allow) = allow {
                response.headers_mut().insert(header::ALLOW, allow);
            }
        }
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        let headers = response.headers_mut();
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        tracing::debug!(
            path = path.as_deref().unwrap_or("none"),
            status = response.status().as_u16(),
            "answered"
        );
        response
    }
    .instrument(span)
    .await
}

fn write(problem: &Problem, status: StatusCode, now: Timestamp) -> Response {
    let mut response = (status, axum::Json(problem)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    match problem.code {
        Code::SignInNeeded | Code::SessionRevoked | Code::DeviceRevoked | Code::WrongCredentials => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"madoguchi\""));
        }
        Code::TooManyAttempts => {
            let wait = problem.until.map_or(1, |until| until.since(now).as_secs() + 1);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        Code::Busy => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(BUSY_SECONDS));
        }
        _ => {}
    }
    response
}
