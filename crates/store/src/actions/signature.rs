//! Whether a signed action comes from the desk and the agent that it names.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, VerifyingKey};
use madoguchi_domain::Timestamp;
use madoguchi_protocol::{
    action::{Envelope, SIGNATURE_TAG, SignedAction},
    error::Code,
};

use super::fingerprint;
use crate::{Store, caller::Caller, db::fetch_optional, refusal::Refusal};

/// The form of envelope that this store takes.
const SCHEMA: u32 = 1;

/// An action whose signature is right.
pub(crate) struct Signed {
    pub(crate) envelope: Envelope,
    /// SHA-256 of the signed bytes: the same id with another is refused.
    pub(crate) fingerprint: [u8; 32],
}

impl Signed {
    /// Reads and checks an action. One that was sealed may come from a desk that is no longer: it lost its keys.
    ///
    /// The agent must be the caller, because whoever holds a desk's key could sign for anybody.
    pub(crate) async fn read(
        store: &Store,
        caller: &Caller,
        signed: &SignedAction,
        sealed: bool,
    ) -> Result<Self, Refusal> {
        let envelope: Envelope = serde_json::from_str(&signed.envelope).map_err(|_| Code::BadRequest)?;
        if envelope.schema != SCHEMA || envelope.sequence < 1 {
            return Err(Code::BadRequest.into());
        }
        if envelope.agent != caller.agent || (!sealed && caller.device != Some(envelope.device)) {
            return Err(Code::BadSignature.into());
        }
        let row = fetch_optional!(
            &mut store.db().read().await?,
            (Vec<u8>, Option<i64>),
            "select public_key, revoked_at from device where device_id = $1",
            envelope.device.0
        )?;
        let (key, revoked) = row.ok_or(Code::BadSignature)?;
        let revoked = revoked.map(Timestamp::from_micros);
        if revoked.is_some_and(|at| !sealed || envelope.captured_at > at) {
            return Err(Code::DeviceRevoked.into());
        }
        verify(&key, signed).ok_or(Code::BadSignature)?;
        Ok(Self { fingerprint: fingerprint(&signed.envelope), envelope })
    }
}

fn verify(key: &[u8], signed: &SignedAction) -> Option<()> {
    let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    let signature = Signature::from_slice(&STANDARD.decode(&signed.signature).ok()?).ok()?;
    let bytes = [SIGNATURE_TAG, signed.envelope.as_bytes()].concat();
    key.verify_strict(&bytes, &signature).ok()
}

/// A sealed action, opened with the store's key; none when it cannot be.
pub(crate) fn opened(store: &Store, sealed: &str) -> Option<SignedAction> {
    let bytes = STANDARD.decode(sealed).ok()?;
    serde_json::from_slice(&store.sealing().open(&bytes)?).ok()
}
