//! A page that shows the description of this API. Everything it needs comes from here.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

/// Nothing but this store's own files, and no script in the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The page.
pub(crate) async fn page() -> Response {
    file(include_str!("docs/page.html"), "text/html; charset=utf-8")
}

/// Its program.
pub(crate) async fn script() -> Response {
    file(include_str!("docs/page.js"), "text/javascript; charset=utf-8")
}

/// Its looks.
pub(crate) async fn style() -> Response {
    file(include_str!("docs/page.css"), "text/css; charset=utf-8")
}

fn file(body: &'static str, kind: &'static str) -> Response {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (headers, body).into_response()
}
