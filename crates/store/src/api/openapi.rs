//! The description of this API, OpenAPI 3.1.

use axum::Json;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{health, v1};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Madoguchi store",
        description = "The central store of customers' identity and consent. Desks sync with it and act through it; applications ask it who may sign in and report what happened. Errors are RFC 9457 problem details.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        v1::store::read::handle,
        v1::session::create::handle,
        v1::session::refresh::handle,
        v1::session::end::handle,
        v1::me::read::handle,
        v1::snapshot::read::handle,
        v1::changes::follow::handle,
        v1::customers::read::handle,
        v1::customers::sign_ins::handle,
        v1::search::create::handle,
        v1::actions::create::handle,
        v1::actions::create_sealed::handle,
        v1::audit::read::handle,
        v1::application::may_sign_in::handle,
        v1::application::report_sign_in::handle,
        v1::application::report_session::handle,
        v1::application::session_state::handle,
        health::alive,
        health::ready,
    ),
    components(schemas(
        madoguchi_protocol::action::Envelope,
        madoguchi_protocol::sync::Facet,
    )),
    tags(
        (name = "store", description = "Which store this is, and whether it runs"),
        (name = "session", description = "Signing in and staying signed in"),
        (name = "sync", description = "How a desk comes to hold its share and stays current"),
        (name = "customers", description = "Finding and reading customers"),
        (name = "actions", description = "What agents ask for"),
        (name = "audit", description = "Who saw and did what"),
        (name = "application", description = "The application door: may they sign in, and what happened"),
    ),
    security(("bearer" = [])),
    modifiers(&Bearer)
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The access token of a sign-in"))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// The description as JSON text, pretty enough to be compared.
///
/// # Panics
/// Never: the description is made of texts and lists.
#[must_use]
pub fn document() -> String {
    Document::openapi().to_pretty_json().expect("the description is made of texts and lists")
}

/// The description.
pub(crate) async fn handle() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::authority::{Route, Verb};

    #[test]
    fn every_route_of_the_table_is_described_and_no_other() {
        let described: serde_json::Value = serde_json::from_str(&document()).unwrap();
        let mut found = BTreeSet::new();
        for (path, operations) in described["paths"].as_object().unwrap() {
            found.extend(operations.as_object().unwrap().keys().map(|verb| (verb.clone(), path.clone())));
        }
        let page = [Route::OpenApi, Route::Docs, Route::DocsScript, Route::DocsStyle];
        let expected: BTreeSet<_> = Route::ALL
            .iter()
            .filter(|route| !page.contains(route))
            .map(|route| {
                let verb = match route.verb() {
                    Verb::Get => "get",
                    Verb::Post => "post",
                    Verb::Delete => "delete",
                };
                (verb.to_owned(), route.path().to_owned())
            })
            .collect();
        assert_eq!(found, expected);
        assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
    }
}
