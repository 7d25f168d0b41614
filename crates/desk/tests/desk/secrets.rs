//! No secret and no personal value in any log at any level, or readable in any file of a desk.

use std::{
    io::Write,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};

use base64::Engine;
use madoguchi_desk::view::{Event, RevealRequest, SyncState};
use madoguchi_domain::{action::Reason, customer::IdentifierKind, role::Role};
use madoguchi_testkit::store::PASSWORD;

use crate::place::{Place, answered, find, note, open_named, until};

/// Everything that this test program logs, at every level, from every crate.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("whole").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .init();
        log
    })
}

/// The agent of this test: long enough that no chance row of an encrypted file's bytes spells it.
const AGENT: &str = "agent-canary-kanagawa";

/// The forms in which a value could lie in a file or a log.
fn forms(value: &str) -> Vec<Vec<u8>> {
    let bytes = value.as_bytes();
    let utf16 = |order: fn(u16) -> [u8; 2]| value.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let mut forms = vec![
        bytes.to_vec(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        format!("{value:?}").trim_matches('"').as_bytes().to_vec(),
    ];
    for engine in
        [base64::engine::general_purpose::STANDARD_NO_PAD, base64::engine::general_purpose::URL_SAFE_NO_PAD]
    {
        // At each of the three places where it may begin within a longer text, without the letters its neighbours share.
        for shift in 0..3 {
            let mut padded = vec![0; shift];
            padded.extend_from_slice(bytes);
            let text = engine.encode(&padded);
            let (from, to) = (shift.div_ceil(3) * 4, text.len() - 2);
            forms.push(text.as_bytes()[from.min(to)..to].to_vec());
        }
    }
    assert!(forms.iter().all(|form| form.len() >= 5), "{value} is so short that chance would spell it");
    forms
}

fn holds(haystack: &[u8], value: &str) -> bool {
    forms(value).iter().any(|form| haystack.windows(form.len()).any(|window| window == form.as_slice()))
}

fn scan(dir: &Path, canaries: &[String]) {
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            scan(&path, canaries);
            continue;
        }
        let bytes = std::fs::read(&path).expect("readable");
        for canary in canaries {
            assert!(!holds(&bytes, canary), "{canary} lies readable in {}", path.display());
        }
    }
}

#[test]
fn the_scan_finds_what_it_looks_for() {
    for form in forms("櫻小路 canary@example.jp") {
        let mut text = b"before ".to_vec();
        text.extend_from_slice(&form);
        text.extend_from_slice(b" after");
        assert!(holds(&text, "櫻小路 canary@example.jp"));
    }
    assert!(!holds(b"nothing of the kind", "櫻小路 canary@example.jp"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_or_secret_is_logged_or_readable() {
    let log = log();
    let place = Place::new().await;
    place.store.add_agent(AGENT, Role::Agent).await;
    let person = place.store.person("櫻小路 綾乃之介", "ayano.sakurakoji@example.jp", &["stay"]);
    let phone =
        person.identifiers.iter().find(|i| i.kind == IdentifierKind::Phone).expect("a phone").value.clone();
    place.store.add(vec![person]).await;
    let desk = place.open().await;
    desk.sign_in(place.credentials(AGENT)).await.expect("the agent may");
    until(&desk, |status| status.state == SyncState::Live).await;
    let view = open_named(&desk, "櫻小路 綾乃之介").await;
    find(&desk, "ayano.sakurakoji@example.jp", false).await;
    let email =
        view.profile.identifiers.iter().find(|i| i.kind == IdentifierKind::Email).expect("an address");
    let request = RevealRequest {
        customer: view.profile.id,
        identifier: email.id,
        reason: Reason::Other,
        words: Some("reason-canary in words".to_owned()),
        case: Some("case-canary-17".to_owned()),
    };
    desk.reveal(request).await.expect("the store answers");
    let mut written = note(view.profile.id, "note-canary about a call");
    written.case = Some("case-canary-17".to_owned());
    let saved = desk.act(written).await.expect("saved");
    answered(&desk, saved.action_id).await;
    place.proxy.cut();
    until(&desk, |status| status.state == SyncState::Offline).await;
    desk.act(note(view.profile.id, "note-canary that waits")).await.expect("saved");
    let mut events = desk.events();
    while let Ok(event) = events.try_recv() {
        assert!(!matches!(event, Event::Notice { .. }));
    }
    let mut canaries: Vec<String> = [
        "櫻小路",
        "綾乃之介",
        "ayano.sakurakoji",
        "note-canary",
        "reason-canary",
        "case-canary-17",
        PASSWORD,
        AGENT,
    ]
    .map(str::to_owned)
    .to_vec();
    canaries.push(phone);
    // While it runs, with its logs of the databases, and after it has ended.
    scan(place.home.path(), &canaries);
    desk.close().await;
    scan(place.home.path(), &canaries);
    let keys: Vec<String> = place.keyring.names();
    assert_eq!(keys.len(), 3, "{keys:?}");
    let logged = log.0.lock().expect("whole").clone();
    assert!(logged.len() > 10_000, "the log was not captured");
    // The agent's name is no customer's; everything else must not be there. Tokens and keys are never printed either.
    for canary in canaries.iter().filter(|c| c.as_str() != AGENT) {
        assert!(!holds(&logged, canary), "{canary} was logged");
    }
    let logged = String::from_utf8_lossy(&logged);
    for word in ["PRAGMA key", "Bearer "] {
        assert!(!logged.contains(word), "{word} was logged");
    }
    for name in keys {
        let secret = madoguchi_secrets::Keyring::get(&place.keyring, &name).expect("there").expect("kept");
        let text = String::from_utf8(secret.to_vec())
            .unwrap_or_else(|_| secret.iter().map(|b| format!("{b:02x}")).collect());
        assert!(!holds(logged.as_bytes(), &text), "{name} was logged");
    }
}
