//! Who asks: the access token, the version, and whether the route is for their role.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use madoguchi_domain::role::Role;
use madoguchi_protocol::{VERSION, VERSION_HEADER, error::Code};

use crate::{
    Store,
    authority::{Needs, Route},
    caller::Caller,
    refusal::Refusal,
};

/// Stands in front of one route.
pub(crate) async fn guard(
    State((store, route)): State<(Store, Route)>,
    mut request: Request,
    next: Next,
) -> Response {
    match admit(&store, route, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn admit(store: &Store, route: Route, request: &mut Request) -> Result<(), Refusal> {
    if route.path().starts_with("/v1/")
        && let Some(version) = request.headers().get(VERSION_HEADER)
        && version.to_str().ok().and_then(|v| v.parse().ok()) != Some(VERSION)
    {
        return Err(Code::StoreVersion.into());
    }
    let roles: &[Role] = match route.needs() {
        Needs::Nobody => return Ok(()),
        Needs::Roles(roles) => roles,
    };
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned())
        .ok_or(Code::SignInNeeded)?;
    let caller = Caller::of_token(&mut store.db().read().await?, &token, store.clock().now()).await?;
    if !roles.contains(&caller.role) {
        return Err(Code::NotAllowed.into());
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Code::SignInNeeded.into())
    }
}
