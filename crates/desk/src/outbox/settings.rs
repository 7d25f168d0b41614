//! What else lies in the outbox's file because it may not be lost: the desk's identity, the store it chose, how its
//! person likes it.

use std::{collections::BTreeMap, sync::Mutex};

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::SigningKey;
use madoguchi_domain::{AgentId, DeviceId, Timestamp};
use madoguchi_protocol::{error::Code, session::Me};
use rand::{RngCore, rngs::StdRng};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Outbox;
use crate::{error::DeskError, files::Database, view::Preferences};

/// Who this desk is to stores.
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) key: SigningKey,
}

impl Device {
    /// The public key as it is registered.
    pub(crate) fn public_key(&self) -> String {
        STANDARD.encode(self.key.verifying_key().to_bytes())
    }
}

/// The store that was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChosenStore {
    /// Its address, without a slash at the end.
    pub(crate) url: String,
    /// Which it is.
    pub(crate) id: Uuid,
    /// Its name.
    pub(crate) name: String,
    /// What actions are sealed to.
    pub(crate) sealing_key: String,
    /// How far this machine's clock was ahead of its clock at the last contact, in milliseconds.
    pub(crate) ahead_ms: i64,
    /// Who signed in last, so that losing the cache does not sign them out.
    pub(crate) me: Option<Me>,
}

#[derive(Serialize, Deserialize)]
struct WrittenDevice {
    id: DeviceId,
    key: String,
}

/// Reads who this desk is; a new outbox makes a new desk.
pub(super) async fn device(
    database: &Database,
    rng: &Mutex<StdRng>,
    now: Timestamp,
) -> Result<Device, DeskError> {
    if let Some(written) = get::<WrittenDevice>(database, "device").await? {
        let bytes = Zeroizing::new(STANDARD.decode(written.key).unwrap_or_default());
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| DeskError::new(Code::FilesUnusable))?;
        return Ok(Device { id: written.id, key: super::signing_key(&bytes) });
    }
    let (mut bytes, mut random) = (Zeroizing::new([0; 32]), [0; 10]);
    {
        let mut rng = rng.lock().map_err(|_| DeskError::new(Code::DeskFailed))?;
        rng.fill_bytes(bytes.as_mut());
        rng.fill_bytes(&mut random);
    }
    let device = Device { id: DeviceId::new(now, random), key: super::signing_key(&bytes) };
    put(database, "device", &WrittenDevice { id: device.id, key: STANDARD.encode(bytes.as_ref()) }).await?;
    Ok(device)
}

impl Outbox {
    /// The store that was chosen.
    pub(crate) async fn store(&self) -> Result<Option<ChosenStore>, DeskError> {
        get(self.database(), "store").await
    }

    /// Chooses a store.
    pub(crate) async fn put_store(&self, store: &ChosenStore) -> Result<(), DeskError> {
        put(self.database(), "store", store).await
    }

    /// What the agents are called who signed in on this desk: an action names its agent by id only.
    pub(crate) async fn agents(&self) -> Result<BTreeMap<AgentId, String>, DeskError> {
        Ok(get(self.database(), "agents").await?.unwrap_or_default())
    }

    /// Keeps what they are called.
    pub(crate) async fn put_agents(&self, agents: &BTreeMap<AgentId, String>) -> Result<(), DeskError> {
        put(self.database(), "agents", agents).await
    }

    /// How the person likes it.
    pub(crate) async fn preferences(&self) -> Result<Preferences, DeskError> {
        Ok(get(self.database(), "preferences").await?.unwrap_or_default())
    }

    /// Keeps how the person likes it.
    pub(crate) async fn put_preferences(&self, preferences: &Preferences) -> Result<(), DeskError> {
        put(self.database(), "preferences", preferences).await
    }
}

async fn get<T: DeserializeOwned>(database: &Database, name: &str) -> Result<Option<T>, DeskError> {
    let mut reader = database.read().await?;
    let body: Option<String> = sqlx::query_scalar("SELECT body FROM setting WHERE name = $1")
        .bind(name)
        .fetch_optional(&mut *reader)
        .await?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

async fn put<T: Serialize>(database: &Database, name: &str, value: &T) -> Result<(), DeskError> {
    let body = serde_json::to_string(value)?;
    let mut writer = database.write().await?;
    sqlx::query("INSERT OR REPLACE INTO setting(name, body) VALUES ($1, $2)")
        .bind(name)
        .bind(body)
        .execute(&mut *writer)
        .await?;
    Ok(())
}
