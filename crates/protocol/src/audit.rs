//! The record of who saw and did what, as it is read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use madoguchi_domain::{AccountId, ActionId, AgentId, CustomerId, DeviceId, Timestamp, action::Reason};

/// `GET /v1/audit?customer=ID&agent=ID&before=NEXT`: what is on record, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditPage {
    /// At most a hundred.
    pub lines: Vec<AuditLine>,
    /// What to ask for next, as `before`; none at the end.
    pub next: Option<String>,
}

/// One line of the record. It holds ids and codes, never values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub agent: Option<AgentId>,
    /// Who, as others see them.
    pub by: Option<String>,
    /// At which desk.
    pub device: Option<DeviceId>,
    /// What: `view`, `search`, an action's kind.
    pub verb: String,
    /// About whom.
    pub customer: Option<CustomerId>,
    /// On which account.
    pub account: Option<AccountId>,
    /// Which action.
    pub action: Option<ActionId>,
    /// `done`, or the code of the refusal.
    pub outcome: String,
    /// Why.
    pub reason: Option<Reason>,
    /// The case or ticket.
    pub case: Option<String>,
}
