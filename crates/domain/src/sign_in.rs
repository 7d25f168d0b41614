//! Sign-ins: one attempt to authenticate each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{AccountId, SignInId, Timestamp, account::IdentityKind};

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// They are in.
    SignedIn,
    /// The proof was wrong or missing.
    Failed,
    /// The proof was not looked at, because a lock stood.
    Refused,
}

/// Why an attempt did not let them in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The password was wrong.
    WrongPassword,
    /// The one-time code was wrong.
    WrongCode,
    /// The one-time code was not entered in time.
    CodeExpired,
    /// A lock stood.
    Locked,
    /// The provider (Google, LINE and so on) said no.
    ProviderRefused,
    /// They closed or left the provider's page.
    Cancelled,
    /// No account knows what was typed.
    UnknownUser,
    /// The password has run out and must be set anew.
    PasswordExpired,
    /// A contact that must be verified first is not.
    ContactUnverified,
    /// Anything else that the application reported.
    Other,
}

/// One attempt to authenticate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct SignIn {
    /// Its id.
    pub id: SignInId,
    /// The account it was for.
    pub account: AccountId,
    /// What they tried to sign in with.
    pub identity: IdentityKind,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// Why not, when it did not let them in.
    pub cause: Option<Cause>,
    /// The address it came from: IPv4 or IPv6 text.
    pub address: Option<String>,
    /// The place in words: `Osaka`.
    pub place: Option<String>,
    /// The device in words: `iPhone`.
    pub device: Option<String>,
    /// The program in words: `Safari 19`.
    pub client: Option<String>,
    /// Where it was made: the application's name.
    pub channel: String,
    /// No earlier sign-in of this customer came from this address.
    pub new_address: bool,
}
