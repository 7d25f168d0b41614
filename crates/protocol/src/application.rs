//! The application door: what brands' applications ask and report. They sign in with the application role.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use madoguchi_domain::{
    AccountId, BrandId, CustomerId, SessionId, SignInId, Timestamp,
    account::LockCause,
    sign_in::{Cause, Outcome},
};

/// Names an account as an application knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountName {
    /// The identity's issuer.
    pub issuer: String,
    /// The identity's subject at that issuer.
    pub subject: String,
    /// The brand.
    pub brand: BrandId,
}

/// `POST /v1/application/may-sign-in`: may this account sign in now with this identity?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MaySignInRequest {
    /// Who.
    pub account: AccountName,
}

/// The answer, from the rows as they are in this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MaySignIn {
    /// Let them in.
    pub allowed: bool,
    /// Whose account it is.
    pub customer: CustomerId,
    /// Which account.
    pub account: AccountId,
    /// Why not: causes of the locks that stand, the one that ends last first. The application shows no more than it must.
    pub causes: Vec<LockCause>,
    /// When the last of them ends by itself, if all do.
    pub until: Option<Timestamp>,
}

/// `POST /v1/application/sign-ins`: somebody tried to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportSignIn {
    /// The application's own id of the attempt: reporting it twice counts once.
    pub id: SignInId,
    /// Who.
    pub account: AccountName,
    /// When, by the application's clock.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// Why not.
    pub cause: Option<Cause>,
    /// IPv4 or IPv6 text.
    pub address: Option<String>,
    /// The place in words, where the application knows it.
    pub place: Option<String>,
    /// The User-Agent header or the app's own words.
    pub user_agent: Option<String>,
    /// A session that began with it.
    pub session: Option<ReportedSession>,
}

/// A session that began with a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedSession {
    /// The application's id of it.
    pub id: SessionId,
}

/// `POST /v1/application/sessions`: a session was used, or its customer signed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportSession {
    /// The application's own id of the session. One that the store does not know yet begins with this report.
    pub id: SessionId,
    /// Whose.
    pub account: AccountName,
    /// When, by the application's clock.
    pub at: Timestamp,
    /// What became of it.
    pub state: SessionEvent,
    /// The place in words, for a session that the store does not know yet.
    pub place: Option<String>,
    /// The User-Agent header or the app's own words, for a session that the store does not know yet.
    pub user_agent: Option<String>,
}

/// What an application tells of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionEvent {
    /// It was used. Within a minute of the last time that is known, nothing changes.
    Seen,
    /// The customer signed out, or it ran out.
    Ended,
}

/// `GET /v1/application/sessions/{id}`: does this session still stand? Also the answer to a report of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionState {
    /// Which.
    pub id: SessionId,
    /// Whether it may be used.
    pub live: bool,
    /// When it ended: revoked by an agent, or ended by the customer.
    pub ended_at: Option<Timestamp>,
}

/// The answer to a report: what the store's sign-in rule made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedSignIn {
    /// Whether they may still sign in.
    pub allowed: bool,
    /// A lock that this report set, by its end.
    pub locked_until: Option<Timestamp>,
}
