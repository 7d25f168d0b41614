//! Roles: who may ask for what is decided in the store; the window only anticipates it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{AgentId, BrandId};

/// What somebody signed in as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Helps customers.
    Agent,
    /// Reviews, and ends what an agent may not.
    Supervisor,
    /// Answers access and erasure requests.
    PrivacyOfficer,
    /// Sets up people, brands and policies.
    Administrator,
    /// Reads only.
    Auditor,
    /// A machine, for the brands it is registered for.
    Application,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [
        Self::Agent,
        Self::Supervisor,
        Self::PrivacyOfficer,
        Self::Administrator,
        Self::Auditor,
        Self::Application,
    ];

    /// The word as it travels.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::PrivacyOfficer => "privacy_officer",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::Application => "application",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        let word = word.replace('-', "_");
        Self::ALL.into_iter().find(|role| role.word() == word).ok_or(UnknownRole)
    }
}

/// A word that is no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of agent, supervisor, privacy_officer, administrator, auditor, application")]
pub struct UnknownRole;

/// A brand as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Brand {
    /// Its id.
    pub id: BrandId,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Japanese.
    pub name_ja: String,
}

/// Who is signed in, and how far they may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Agent {
    /// Their id.
    pub id: AgentId,
    /// The name they sign in with.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// What they are.
    pub role: Role,
    /// Brands whose customers they may see; empty means every brand.
    pub brands: Vec<BrandId>,
    /// Brands whose customers rest on their desk; empty means as `brands`.
    pub desk_brands: Vec<BrandId>,
}
