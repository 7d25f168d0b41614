//! What comes with a request, refused in this store's form when it cannot be read.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::request::Parts,
};
use madoguchi_protocol::error::Code;
use serde::de::DeserializeOwned;

use crate::{Store, refusal::Refusal};

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Store> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, store: &Store) -> Result<Self, Refusal> {
        // Whoever sends it byte by byte must not keep a place for ever.
        match tokio::time::timeout(store.body_within(), Json::<T>::from_request(request, store)).await {
            Ok(Ok(Json(value))) => Ok(Self(value)),
            // The reason may quote the body, so it goes nowhere.
            Ok(Err(_)) | Err(_) => Err(Code::BadRequest.into()),
        }
    }
}

/// What stands in the query.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(_) => Err(Code::BadRequest.into()),
        }
    }
}

/// The id in the path. One that cannot be read names nothing.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: std::str::FromStr, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let text = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Code::Unknown)?;
        text.0.parse().map(Self).map_err(|_| Code::Unknown.into())
    }
}
