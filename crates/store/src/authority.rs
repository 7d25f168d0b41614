//! Who may do what: one table, deny by default.
//!
//! The router is built from [`Route::ALL`], and each route's needs are an exhaustive match: a route that is not in this
//! table cannot be served, and a row without an answer does not compile. Brands are checked where the rows are.

use madoguchi_domain::{action::ActionKind, role::Role};

/// An HTTP method that the store answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Asks, reports, signs in.
    Post,
    /// Ends.
    Delete,
}

/// What a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: anybody may ask.
    Nobody,
    /// Someone signed in with one of these roles.
    Roles(&'static [Role]),
}

const EVERY: &[Role] = &Role::ALL;
const READERS: &[Role] = &[Role::Agent, Role::Supervisor, Role::PrivacyOfficer, Role::Auditor];
const ACTORS: &[Role] = &[Role::Agent, Role::Supervisor, Role::PrivacyOfficer];
const AUDITORS: &[Role] = &[Role::Supervisor, Role::Auditor];
const APPLICATIONS: &[Role] = &[Role::Application];

macro_rules! routes {
    ($($(#[$doc:meta])* $name:ident: $verb:ident $path:literal, $needs:expr;)*) => {
        /// Every route of the store.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Route {
            $($(#[$doc])* $name,)*
        }

        impl Route {
            /// Every route.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its method.
            #[must_use]
            pub const fn verb(self) -> Verb {
                match self { $(Self::$name => Verb::$verb,)* }
            }

            /// Its path, with `{name}` for what varies.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)* }
            }

            /// What it needs.
            #[must_use]
            pub const fn needs(self) -> Needs {
                match self { $(Self::$name => $needs,)* }
            }
        }
    };
}

routes! {
    /// Which store this is.
    StoreInfo: Get "/v1/store", Needs::Nobody;
    /// Sign in.
    SignIn: Post "/v1/session", Needs::Nobody;
    /// New tokens for a refresh token.
    Refresh: Post "/v1/session/refresh", Needs::Nobody;
    /// Sign out.
    SignOut: Delete "/v1/session", Needs::Roles(EVERY);
    /// Who is signed in.
    Me: Get "/v1/me", Needs::Roles(EVERY);
    /// A desk's share to start from.
    Snapshot: Get "/v1/snapshot", Needs::Roles(READERS);
    /// What changes from a cursor on.
    Changes: Get "/v1/changes", Needs::Roles(READERS);
    /// One customer as they are now.
    Customer: Get "/v1/customers/{id}", Needs::Roles(READERS);
    /// Earlier sign-ins of a customer.
    EarlierSignIns: Get "/v1/customers/{id}/sign-ins", Needs::Roles(READERS);
    /// Search inside what is masked and beyond a desk's share.
    Search: Post "/v1/search", Needs::Roles(READERS);
    /// One signed action.
    Act: Post "/v1/actions", Needs::Roles(ACTORS);
    /// Sealed actions of a desk that lost its keys.
    ActSealed: Post "/v1/actions/sealed", Needs::Roles(ACTORS);
    /// Who saw and did what.
    Audit: Get "/v1/audit", Needs::Roles(AUDITORS);
    /// May this account sign in?
    MaySignIn: Post "/v1/application/may-sign-in", Needs::Roles(APPLICATIONS);
    /// Somebody tried to sign in.
    ReportSignIn: Post "/v1/application/sign-ins", Needs::Roles(APPLICATIONS);
    /// A session was used, or its customer signed out.
    ReportSession: Post "/v1/application/sessions", Needs::Roles(APPLICATIONS);
    /// Does this session still stand?
    SessionState: Get "/v1/application/sessions/{id}", Needs::Roles(APPLICATIONS);
    /// The description of this API.
    OpenApi: Get "/openapi.json", Needs::Nobody;
    /// A page that shows the description.
    Docs: Get "/docs", Needs::Nobody;
    /// The page's program.
    DocsScript: Get "/docs/page.js", Needs::Nobody;
    /// The page's looks.
    DocsStyle: Get "/docs/page.css", Needs::Nobody;
    /// The process runs.
    Health: Get "/health", Needs::Nobody;
    /// It can answer: the database does.
    Ready: Get "/ready", Needs::Nobody;
}

/// Whether a role may ask for an action of this kind at all.
#[must_use]
pub const fn may_act(role: Role, kind: ActionKind) -> bool {
    match kind {
        ActionKind::Unlock | ActionKind::Lock | ActionKind::RevokeSession | ActionKind::RevokeSessions => {
            matches!(role, Role::Agent | Role::Supervisor)
        }
        ActionKind::Note | ActionKind::Withdraw | ActionKind::Reveal => {
            matches!(role, Role::Agent | Role::Supervisor | Role::PrivacyOfficer)
        }
    }
}

/// Whether a role may end locks that an agent alone may not.
#[must_use]
pub const fn may_end_every_lock(role: Role) -> bool {
    matches!(role, Role::Supervisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_routes_are_the_same() {
        for (n, one) in Route::ALL.iter().enumerate() {
            for other in &Route::ALL[n + 1..] {
                assert!(one.verb() != other.verb() || one.path() != other.path(), "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn who_may_not_act_may_not_reach_the_route_that_acts() {
        for role in Role::ALL {
            let acts = ActionKind::ALL.into_iter().any(|kind| may_act(role, kind));
            assert_eq!(
                Needs::Roles(ACTORS) == Route::Act.needs() && ACTORS.contains(&role),
                acts,
                "{role:?}"
            );
        }
    }

    #[test]
    fn an_application_reaches_nothing_of_the_desks() {
        for route in Route::ALL {
            if let Needs::Roles(roles) = route.needs()
                && roles.contains(&Role::Application)
            {
                assert!(roles == EVERY || roles == APPLICATIONS, "{route:?}");
            }
        }
    }
}
