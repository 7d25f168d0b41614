//! `GET /v1/store`: which store this is.

use axum::{Json, extract::State};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use madoguchi_protocol::{VERSION, session::StoreInfo};

use crate::Store;

/// Which store this is, its time, and the key that desks seal to. Needs no sign-in.
#[utoipa::path(get, path = "/v1/store", tag = "store", security(()), responses((status = 200, body = StoreInfo)))]
pub(crate) async fn handle(State(store): State<Store>) -> Json<StoreInfo> {
    Json(StoreInfo {
        store: store.id(),
        name: store.name().to_owned(),
        protocol: VERSION,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        now: store.clock().now(),
        sealing_key: STANDARD.encode(store.sealing().public()),
    })
}
