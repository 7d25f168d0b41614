//! HTTP: the router, which is built from the table of [`crate::authority`] and from nothing else.

mod auth;
mod body;
mod docs;
mod health;
pub(crate) mod openapi;
mod problem;
mod stream;
mod v1;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::StatusCode,
    middleware,
    response::Response,
    routing::{MethodRouter, delete, get, post},
};
use madoguchi_protocol::error::Code;

use crate::{
    Store,
    authority::{Route, Verb},
    refusal::Refusal,
};

/// How large a body may be.
const BODY: usize = 256 * 1024;

/// How large sealed actions may be together.
const SEALED: usize = 8 * 1024 * 1024;

/// The whole API.
pub(crate) fn router(store: &Store) -> Router {
    let mut router = Router::new();
    for route in Route::ALL {
        let guard = middleware::from_fn_with_state((store.clone(), *route), auth::guard);
        let limit = DefaultBodyLimit::max(if *route == Route::ActSealed { SEALED } else { BODY });
        let answers: MethodRouter<Store> = handler(*route).layer(guard);
        router = router.route(route.path(), answers.layer(limit));
    }
    router
        .fallback(nothing)
        .method_not_allowed_fallback(not_so)
        .layer(middleware::from_fn_with_state(store.clone(), problem::complete))
        .with_state(store.clone())
}

/// What answers a route.
fn handler(route: Route) -> MethodRouter<Store> {
    let verb = route.verb();
    match route {
        Route::StoreInfo => on(verb, v1::store::read::handle),
        Route::SignIn => on(verb, v1::session::create::handle),
        Route::Refresh => on(verb, v1::session::refresh::handle),
        Route::SignOut => on(verb, v1::session::end::handle),
        Route::Me => on(verb, v1::me::read::handle),
        Route::Snapshot => on(verb, v1::snapshot::read::handle),
        Route::Changes => on(verb, v1::changes::follow::handle),
        Route::Customer => on(verb, v1::customers::read::handle),
        Route::EarlierSignIns => on(verb, v1::customers::sign_ins::handle),
        Route::Search => on(verb, v1::search::create::handle),
        Route::Act => on(verb, v1::actions::create::handle),
        Route::ActSealed => on(verb, v1::actions::create_sealed::handle),
        Route::Audit => on(verb, v1::audit::read::handle),
        Route::MaySignIn => on(verb, v1::application::may_sign_in::handle),
        Route::ReportSignIn => on(verb, v1::application::report_sign_in::handle),
        Route::ReportSession => on(verb, v1::application::report_session::handle),
        Route::SessionState => on(verb, v1::application::session_state::handle),
        Route::OpenApi => on(verb, openapi::handle),
        Route::Docs => on(verb, docs::page),
        Route::DocsScript => on(verb, docs::script),
        Route::DocsStyle => on(verb, docs::style),
        Route::Health => on(verb, health::alive),
        Route::Ready => on(verb, health::ready),
    }
}

fn on<H, T>(verb: Verb, handler: H) -> MethodRouter<Store>
where
    H: Handler<T, Store>,
    T: 'static,
{
    match verb {
        Verb::Get => get(handler),
        Verb::Post => post(handler),
        Verb::Delete => delete(handler),
    }
}

/// No such path.
async fn nothing() -> Refusal {
    Code::Unknown.into()
}

/// The path is there, but not for this method; the router says for which it is.
async fn not_so() -> Response {
    problem::with_status(Code::BadRequest.into(), StatusCode::METHOD_NOT_ALLOWED)
}
