//! `POST /v1/session`: sign in with a name and a password.

use std::net::SocketAddr;

use axum::{
    Json,
    extract::{ConnectInfo, State},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use madoguchi_domain::{AgentId, Timestamp};
use madoguchi_protocol::{
    error::{Code, Problem},
    session::{DeviceRegistration, SignInRequest, Tokens},
};
use madoguchi_secrets::Secret;
use uuid::Uuid;

use crate::{
    Store,
    agents::{self, Counted},
    api::body::Body,
    caller::Caller,
    db::{Conn, execute, fetch_optional, for_update},
    refusal::Refusal,
    tokens,
};

/// The longest password that is looked at, in bytes: hashing an endless one would be work for nothing.
const LONGEST: usize = 1_024;

/// Signs an agent or an application in. A wrong name and a wrong password are answered alike and take as long.
#[utoipa::path(post, path = "/v1/session", tag = "session", security(()), request_body = SignInRequest, responses(
    (status = 200, body = Tokens),
    (status = 401, description = "`wrong_credentials`, or `device_revoked`", body = Problem),
    (status = 403, description = "`bad_signature`: the desk is known under another key", body = Problem),
    (status = 429, description = "`too_many_attempts`, with the time to wait for", body = Problem),
))]
pub(crate) async fn handle(
    State(store): State<Store>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Body(request): Body<SignInRequest>,
) -> Result<Json<Tokens>, Refusal> {
    let SignInRequest { name, password, device } = request;
    let password = Secret::new(password);
    let device = device.as_ref().map(Desk::read).transpose()?;
    if password.expose().len() > LONGEST || name.chars().count() > 64 {
        return Err(Code::WrongCredentials.into());
    }
    let counted = Counted::new(&name, from.ip());
    let now = store.clock().now();
    store
        .db()
        .write(move |conn| Box::pin(async move { agents::count_attempt(conn, counted, now).await }))
        .await?;
    let known = agents::by_name(&mut store.db().read().await?, &name).await?;
    let hash = known.as_ref().map(|k| k.password_hash.clone());
    let right = store.hashing(move || agents::is_password(&password, hash.as_deref())).await?;
    let Some(agent) = known.filter(|_| right).map(|k| k.agent) else {
        return Err(Code::WrongCredentials.into());
    };
    let own = store.clone();
    let (caller, pair) = store
        .db()
        .write(move |conn| {
            let (store, device) = (own.clone(), device.clone());
            Box::pin(async move {
                agents::forgive(conn, counted, now).await?;
                if let Some(device) = &device {
                    device.register(conn, agent, now).await?;
                }
                let login = store.chance().uuid_at(now);
                execute!(
                    conn,
                    "insert into login (login_id, agent_id, device_id, started_at) values ($1, $2, $3, $4)",
                    login,
                    agent.0,
                    device.as_ref().map(|d| d.id),
                    now.micros()
                )?;
                let pair = tokens::first(conn, login, store.token_key(), store.chance(), now).await?;
                let caller = Caller::of_login(conn, login, pair.access_until).await?;
                Ok::<_, Refusal>((caller, pair))
            })
        })
        .await?;
    super::tokens_of(&store, &caller, pair).await.map(Json)
}

/// A desk's registration, read.
#[derive(Clone)]
struct Desk {
    id: Uuid,
    public_key: [u8; 32],
    label: String,
}

impl Desk {
    fn read(from: &DeviceRegistration) -> Result<Self, Refusal> {
        let bytes = STANDARD.decode(&from.public_key).map_err(|_| Code::BadRequest)?;
        let public_key: [u8; 32] = bytes.try_into().map_err(|_| Code::BadRequest)?;
        ed25519_dalek::VerifyingKey::from_bytes(&public_key).map_err(|_| Code::BadRequest)?;
        Ok(Self { id: from.id.0, public_key, label: from.label.chars().take(100).collect() })
    }

    /// The first sign-in registers the key, later ones must bring the same.
    async fn register(&self, conn: &mut Conn, agent: AgentId, now: Timestamp) -> Result<(), Refusal> {
        execute!(
            conn,
            "insert into device (device_id, agent_id, public_key, label, registered_at, last_seen_at, contiguous)
             values ($1, $2, $3, $4, $5, $5, 0) on conflict (device_id) do nothing",
            self.id,
            agent.0,
            self.public_key.to_vec(),
            &self.label,
            now.micros()
        )?;
        let sql =
            format!("select public_key, revoked_at from device where device_id = $1{}", for_update(conn));
        let row = fetch_optional!(conn, (Vec<u8>, Option<i64>), sqlx::AssertSqlSafe(sql.as_str()), self.id)?;
        let (key, revoked) = row.ok_or(Code::StoreFailed)?;
        if key != self.public_key {
            return Err(Code::BadSignature.into());
        }
        if revoked.is_some() {
            return Err(Code::DeviceRevoked.into());
        }
        execute!(
            conn,
            "update device set last_seen_at = $1, label = $2 where device_id = $3",
            now.micros(),
            &self.label,
            self.id
        )?;
        Ok(())
    }
}
