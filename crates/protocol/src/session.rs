//! Signing in to the store, and staying signed in.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use madoguchi_domain::{
    DeviceId, Timestamp,
    consent::Purpose,
    role::{Agent, Brand},
};

/// `GET /v1/store`: which store this is. Needs no sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoreInfo {
    /// Stays the same for the life of the store's data.
    pub store: uuid::Uuid,
    /// The company's name for it.
    pub name: String,
    /// [`crate::VERSION`] of the store.
    pub protocol: u32,
    /// The program's version.
    pub version: String,
    /// The store's time, to measure a desk's clock by.
    pub now: Timestamp,
    /// The X25519 public key that desks seal actions to, base64.
    pub sealing_key: String,
}

/// `POST /v1/session`: sign in.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SignInRequest {
    /// The name that the administrator gave.
    pub name: String,
    /// The password. Never logged.
    pub password: String,
    /// The desk, for desks; applications leave it out.
    pub device: Option<DeviceRegistration>,
}

impl fmt::Debug for SignInRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInRequest")
            .field("name", &self.name)
            .field("password", &format_args!("hidden"))
            .field("device", &self.device)
            .finish()
    }
}

/// A desk says who it is. The first sign-in registers its key; later ones must bring the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceRegistration {
    /// Made by the desk.
    pub id: DeviceId,
    /// Its Ed25519 public key, base64; actions are signed with it.
    pub public_key: String,
    /// The machine's name for people: `Front desk 2`.
    pub label: String,
}

/// `POST /v1/session/refresh`: a new pair of tokens for the refresh token.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct RefreshRequest {
    /// The refresh token. A repeat within 60 s is answered; a later reuse voids the whole sign-in.
    pub refresh_token: String,
}

impl fmt::Debug for RefreshRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshRequest(hidden)")
    }
}

/// Tokens, and what a desk needs to begin.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Tokens {
    /// Goes into `Authorization: Bearer`.
    pub access_token: String,
    /// When it runs out.
    pub access_until: Timestamp,
    /// For [`RefreshRequest`]; used once.
    pub refresh_token: String,
    /// When it runs out unused.
    pub refresh_until: Timestamp,
    /// Who signed in.
    pub me: Me,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("access_token", &format_args!("hidden"))
            .field("access_until", &self.access_until)
            .field("refresh_token", &format_args!("hidden"))
            .field("refresh_until", &self.refresh_until)
            .field("me", &self.me)
            .finish()
    }
}

/// `GET /v1/me`: who is signed in, and the company's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Who.
    pub agent: Agent,
    /// Brands within sight.
    pub brands: Vec<Brand>,
    /// Purposes of those brands.
    pub purposes: Vec<Purpose>,
    /// What the company decided for its desks.
    pub policy: Policy,
    /// The store's time.
    pub now: Timestamp,
}

/// What a company decides for its desks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Policy {
    /// Whether whole e-mail addresses and phone numbers may rest on desks. Off unless chosen.
    pub clear_identifiers: bool,
    /// How long a desk may go without contact before its cache closes, in seconds.
    pub lease_seconds: u64,
    /// How long a revealed value is shown, in seconds.
    pub reveal_seconds: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_not_printed() {
        let sign_in = SignInRequest { name: "sato".to_owned(), password: "canary".to_owned(), device: None };
        let refresh = RefreshRequest { refresh_token: "canary".to_owned() };
        let tokens: Tokens = serde_json::from_value(serde_json::json!({
            "access_token": "canary",
            "access_until": "2026-01-01T00:00:00Z",
            "refresh_token": "canary",
            "refresh_until": "2026-01-01T00:00:00Z",
            "me": {
                "agent": {
                    "id": "0198c0de-0000-7000-8000-000000000000",
                    "name": "sato",
                    "display_name": "Sato",
                    "role": "agent",
                    "brands": [],
                    "desk_brands": [],
                },
                "brands": [],
                "purposes": [],
                "policy": { "clear_identifiers": false, "lease_seconds": 1, "reveal_seconds": 1 },
                "now": "2026-01-01T00:00:00Z",
            },
        }))
        .unwrap();
        let printed = format!("{sign_in:?} {refresh:?} {tokens:?}");
        assert!(!printed.contains("canary"), "{printed}");
        assert!(printed.contains("sato"), "{printed}");
    }
}
