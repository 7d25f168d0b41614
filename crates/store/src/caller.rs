//! Who asks, as the database knows them in the moment it is asked.

use madoguchi_domain::{
    AgentId, BrandId, DeviceId, Timestamp,
    role::{Agent, Role},
};
use madoguchi_protocol::error::Code;
use uuid::Uuid;

use crate::{
    db::{Conn, DbError, fetch_optional, load::Scope, words::read},
    refusal::Refusal,
    tokens,
};

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The sign-in.
    pub login: Uuid,
    /// Who.
    pub agent: AgentId,
    /// The name they sign in with.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// What they are.
    pub role: Role,
    /// Brands they may see; empty: every brand.
    pub brands: Vec<BrandId>,
    /// Brands that rest on their desk; empty: as `brands`.
    pub desk_brands: Vec<BrandId>,
    /// Which of their scopes this is.
    pub scope_version: i64,
    /// Their desk, where they signed in with one.
    pub device: Option<DeviceId>,
    /// When the token they came with runs out.
    pub until: Timestamp,
}

#[derive(sqlx::FromRow)]
struct CallerRow {
    login_id: Uuid,
    revoked_at: Option<i64>,
    device_id: Option<Uuid>,
    device_revoked_at: Option<i64>,
    agent_id: Uuid,
    name: String,
    display_name: String,
    role: String,
    disabled_at: Option<i64>,
    scope_version: i64,
    brands: String,
    desk_brands: String,
}

const COLUMNS: &str =
    "l.login_id, l.revoked_at, l.device_id, d.revoked_at as device_revoked_at, a.agent_id, a.name,
    a.display_name, a.role, a.disabled_at, a.scope_version, s.brands, s.desk_brands";

const TABLES: &str = "login l join agent a on a.agent_id = l.agent_id
    join agent_scope s on s.agent_id = a.agent_id and s.version = a.scope_version
    left join device d on d.device_id = l.device_id";

impl Caller {
    /// Who holds this access token.
    ///
    /// # Errors
    /// When the token is unknown or has run out, or the sign-in, the agent or the desk was ended.
    pub(crate) async fn of_token(conn: &mut Conn, token: &str, now: Timestamp) -> Result<Self, Refusal> {
        let hash = tokens::hash(token);
        let found = fetch_optional!(
            conn,
            (Uuid, i64),
            "select login_id, until_at from access_token where hash = $1",
            hash.to_vec()
        )?;
        let Some((login, until)) = found else { return Err(Code::SignInNeeded.into()) };
        let until = Timestamp::from_micros(until);
        if until <= now {
            return Err(Code::SignInNeeded.into());
        }
        Self::of_login(conn, login, until).await
    }

    /// Whoever began this sign-in.
    ///
    /// # Errors
    /// When the sign-in, the agent or the desk was ended.
    pub(crate) async fn of_login(conn: &mut Conn, login: Uuid, until: Timestamp) -> Result<Self, Refusal> {
        let sql = format!("select {COLUMNS} from {TABLES} where l.login_id = $1");
        let row = fetch_optional!(conn, CallerRow, sqlx::AssertSqlSafe(sql.as_str()), login)?;
        let Some(row) = row else { return Err(Code::SignInNeeded.into()) };
        if row.device_revoked_at.is_some() {
            return Err(Code::DeviceRevoked.into());
        }
        if row.revoked_at.is_some() || row.disabled_at.is_some() {
            return Err(Code::SessionRevoked.into());
        }
        Ok(Self::from_row(row, until)?)
    }

    /// The same caller as the database knows them now: what they may do is judged in the transaction that acts.
    ///
    /// # Errors
    /// As [`Caller::of_login`].
    pub(crate) async fn again(&self, conn: &mut Conn) -> Result<Self, Refusal> {
        Self::of_login(conn, self.login, self.until).await
    }

    fn from_row(row: CallerRow, until: Timestamp) -> Result<Self, DbError> {
        Ok(Self {
            login: row.login_id,
            agent: AgentId(row.agent_id),
            name: row.name,
            display_name: row.display_name,
            role: read(&row.role)?,
            brands: brands(&row.brands)?,
            desk_brands: brands(&row.desk_brands)?,
            scope_version: row.scope_version,
            device: row.device_id.map(DeviceId),
            until,
        })
    }

    /// What they may see when they ask the store.
    #[must_use]
    pub fn sight(&self) -> Scope {
        Scope::of(&self.brands)
    }

    /// What rests on their desk.
    #[must_use]
    pub fn desk(&self) -> Scope {
        desk_scope(&self.brands, &self.desk_brands)
    }

    /// As others see them.
    #[must_use]
    pub fn agent(&self) -> Agent {
        Agent {
            id: self.agent,
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            role: self.role,
            brands: self.brands.clone(),
            desk_brands: self.desk_brands.clone(),
        }
    }
}

/// What rests on a desk: never more than may be seen.
#[must_use]
pub(crate) fn desk_scope(brands: &[BrandId], desk_brands: &[BrandId]) -> Scope {
    if desk_brands.is_empty() {
        return Scope::of(brands);
    }
    let both: Vec<BrandId> =
        desk_brands.iter().filter(|b| brands.is_empty() || brands.contains(b)).cloned().collect();
    // Nothing in common is nothing at all, and an empty list would mean everything.
    if both.is_empty() { Scope::of(&["".into()]) } else { Scope::of(&both) }
}

/// A JSON list of brands as a row has it.
pub(crate) fn brands(json: &str) -> Result<Vec<BrandId>, DbError> {
    serde_json::from_str(json).map_err(|_| DbError::Unreadable("agent_scope".to_owned()))
}
