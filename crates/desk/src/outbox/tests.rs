use std::sync::{Arc, Mutex};

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Verifier};
use hpke::{Deserializable, Kem, OpModeR, Serializable, kem::X25519HkdfSha256};
use madoguchi_domain::{AgentId, CustomerId, Timestamp, action::Ask};
use madoguchi_protocol::action::{SEAL_INFO, SIGNATURE_TAG, SignedAction};
use madoguchi_secrets::Key;
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use uuid::Uuid;

use super::*;
use crate::files::Durability;

const NOW: Timestamp = Timestamp::from_micros(1_795_444_331_000_000);

type Pair = (<X25519HkdfSha256 as Kem>::PrivateKey, <X25519HkdfSha256 as Kem>::PublicKey);

struct Place {
    dir: tempfile::TempDir,
    store: Pair,
    rng: Arc<Mutex<StdRng>>,
}

impl Place {
    fn new() -> Self {
        let mut rng = StdRng::seed_from_u64(1);
        let store = X25519HkdfSha256::gen_keypair(&mut rng);
        let dir = tempfile::tempdir().expect("a folder");
        for folder in ["sealed", "lost"] {
            std::fs::create_dir(dir.path().join(folder)).expect("a folder");
        }
        Self { dir, store, rng: Arc::new(Mutex::new(rng)) }
    }

    async fn open(&self) -> Outbox {
        let path = self.dir.path().join("outbox.db");
        let database =
            Database::open(&path, &Key::new([3; 32]), Durability::Full, &SCHEMA).await.expect("opens");
        let copies =
            SealedCopies { sealed: self.dir.path().join("sealed"), lost: self.dir.path().join("lost") };
        Outbox::new(database, Some(copies), Arc::clone(&self.rng), NOW).await.expect("reads")
    }

    fn draft(&self, text: &str) -> Draft {
        Draft {
            store: Uuid::from_u128(9),
            sealing_key: Some(STANDARD.encode(self.store.1.to_bytes())),
            agent: AgentId(Uuid::from_u128(1)),
            customer: CustomerId::from_bits(7),
            customer_name: "田中 美咲".to_owned(),
            ask: Ask::Note { text: text.to_owned() },
            judged_on: None,
            saw: None,
            reason: None,
            words: None,
            case: None,
            captured_at: NOW,
        }
    }

    fn sealed(&self) -> Vec<Vec<u8>> {
        let mut paths: Vec<_> = std::fs::read_dir(self.dir.path().join("sealed"))
            .expect("there")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        paths.iter().map(|path| std::fs::read(path).expect("readable")).collect()
    }
}

#[tokio::test]
async fn what_is_saved_is_signed_and_a_copy_opens_at_the_store_only() {
    let place = Place::new();
    let outbox = place.open().await;
    let row = outbox.save(place.draft("called back")).await.expect("saved");
    let mut tagged = SIGNATURE_TAG.to_vec();
    tagged.extend_from_slice(row.signed.envelope.as_bytes());
    let signature = STANDARD.decode(&row.signed.signature).expect("base64");
    let signature = Signature::from_slice(&signature).expect("64 bytes");
    outbox.device().key.verifying_key().verify(&tagged, &signature).expect("by this desk");

    let sealed = place.sealed();
    let (key, text) = sealed[0].split_at(32);
    let key = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(key).expect("a key");
    let opened = hpke::single_shot_open::<
        hpke::aead::ChaCha20Poly1305,
        hpke::kdf::HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeR::Base, &place.store.0, &key, SEAL_INFO, text, &[])
    .expect("the store's key opens it");
    assert_eq!(serde_json::from_slice::<SignedAction>(&opened).expect("an action"), row.signed);
    assert!(!sealed[0].windows(6).any(|w| w == b"called"));
}

#[tokio::test]
async fn a_full_disk_saves_nothing_it_cannot_keep_and_loses_nothing_it_has() {
    let place = Place::new();
    let outbox = place.open().await;
    let limit = |pages: i64| sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}")));
    let pages: i64 = {
        let mut writer = outbox.database.write().await.expect("open");
        let pages = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *writer).await.expect("a number");
        limit(pages + 4).execute(&mut *writer).await.expect("set");
        pages
    };
    let mut kept = 0;
    let refused = loop {
        match outbox.save(place.draft(&"x".repeat(1000))).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refused.code, Code::DiskFull);
    assert!(kept > 0);
    assert_eq!(outbox.rows().await.expect("reads").len(), kept);
    assert_eq!(place.sealed().len(), kept, "no copy of what was never saved");
    limit(pages + 1000).execute(&mut *outbox.database.write().await.expect("open")).await.expect("set");
    outbox.save(place.draft("after")).await.expect("there is room again");
    let sequences: Vec<i64> =
        outbox.rows().await.expect("reads").iter().map(|r| r.envelope.sequence).collect();
    assert_eq!(sequences, (1..=i64::try_from(kept).expect("few") + 1).collect::<Vec<_>>(), "a gap");
}

#[tokio::test]
async fn a_copy_without_a_row_was_never_shown_and_goes_at_the_next_start() {
    let place = Place::new();
    let outbox = place.open().await;
    let row = outbox.save(place.draft("kept")).await.expect("saved");
    outbox.close().await;
    std::fs::write(place.dir.path().join("sealed").join(Uuid::from_u128(5).to_string()), b"x")
        .expect("writable");
    let outbox = place.open().await;
    assert_eq!(place.sealed().len(), 1);
    assert_eq!(outbox.rows().await.expect("reads"), [row]);
}

/// What may happen to an action.
#[derive(Debug, Clone, Copy)]
enum Move {
    Send,
    NotSent,
    Answer(ActionState),
    TakeBack,
    LetBe,
    Restart,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        Just(Move::Send),
        Just(Move::NotSent),
        prop_oneof![Just(ActionState::Conflict), Just(ActionState::Refused), Just(ActionState::Lapsed)]
            .prop_map(Move::Answer),
        Just(Move::TakeBack),
        Just(Move::LetBe),
        Just(Move::Restart),
    ];
    prop::collection::vec(one, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever happens in whatever order: what may have left is never taken back, an answer is final, and a sealed
    /// copy lies there exactly as long as an answer is missing.
    #[test]
    fn states_only_move_as_they_may(moves in moves()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let place = Place::new();
            let mut outbox = place.open().await;
            let action = outbox.save(place.draft("x")).await.expect("saved").action();
            let mut state = Some(ActionState::Saved);
            for one in moves {
                let waits = matches!(state, Some(ActionState::Saved | ActionState::Sending));
                match one {
                    Move::Send => {
                        assert_eq!(outbox.sending(action, NOW).await.expect("written"), waits);
                        if waits { state = Some(ActionState::Sending); }
                    }
                    Move::NotSent => {
                        outbox.not_sent(action).await.expect("written");
                        if state == Some(ActionState::Sending) { state = Some(ActionState::Saved); }
                    }
                    Move::Answer(answer) => {
                        outbox.answer(action, &Answer::Not(answer, None), NOW).await.expect("written");
                        if waits { state = Some(answer); }
                    }
                    Move::TakeBack => {
                        let taken = outbox.take_back(action).await.map_err(|e| e.code);
                        match state {
                            Some(ActionState::Saved) => { assert_eq!(taken, Ok(())); state = None; }
                            Some(_) => assert_eq!(taken, Err(Code::AlreadySent)),
                            None => assert_eq!(taken, Err(Code::Unknown)),
                        }
                    }
                    Move::LetBe => {
                        let gone = outbox.let_be(action).await.is_ok();
                        assert_eq!(gone, state.is_some() && !waits);
                        if gone { state = None; }
                    }
                    Move::Restart => {
                        outbox.close().await;
                        outbox = place.open().await;
                    }
                }
                let row = outbox.row(action).await.expect("reads");
                assert_eq!(row.map(|row| row.state), state);
                let waits = matches!(state, Some(ActionState::Saved | ActionState::Sending));
                assert_eq!(place.sealed().len(), usize::from(waits));
            }
        });
    }
}
