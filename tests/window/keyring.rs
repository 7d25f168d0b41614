//! The keyring of the operating system: gnome-keyring on a bus of its own.

use std::process::Command;

use madoguchi_secrets::{Keyring as _, KeyringError, OsKeyring};
use madoguchi_tests::{
    running::outcome,
    session::{Keyring, Session},
    words::Language,
};

/// Set inside the session, where the second half of each test runs.
const INSIDE: &str = "MADOGUCHI_INSIDE_A_SESSION";

/// Runs the ignored test of that name once more, inside `session`.
fn inside(session: &Session, test: &str) {
    let this = std::env::current_exe().expect("a running program has a path");
    let mut again = Command::new(this);
    again.args(["--ignored", "--exact", test]).env(INSIDE, "1");
    let (code, out, error) = outcome(session.enter(&mut again), "");
    assert!(code == Some(0) && out.contains("1 passed"), "{out}{error}");
}

fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

#[test]
fn gnome_keyring_keeps_and_forgets() {
    inside(&Session::start(Language::En, Keyring::Unlocked), "keyring::set_get_and_delete");
}

#[test]
#[ignore = "runs inside the session that `gnome_keyring_keeps_and_forgets` starts"]
fn set_get_and_delete() {
    if !is_inside() {
        return;
    }
    let keyring = OsKeyring::new("madoguchi-test");
    assert_eq!(keyring.get("key"), Ok(None));
    let bytes: Vec<u8> = (0..=255).collect();
    keyring.set("key", &bytes).unwrap();
    keyring.set("other", b"other").unwrap();
    assert_eq!(keyring.get("key").unwrap().unwrap().as_slice(), bytes);
    keyring.set("key", b"in its place").unwrap();
    assert_eq!(keyring.get("key").unwrap().unwrap().as_slice(), b"in its place");
    assert_eq!(OsKeyring::new("somebody-else").get("key"), Ok(None));
    keyring.delete("key").unwrap();
    keyring.delete("key").unwrap();
    assert_eq!(keyring.get("key"), Ok(None));
    assert_eq!(keyring.get("other").unwrap().unwrap().as_slice(), b"other");
}

#[test]
fn without_a_bus_there_is_no_keyring() {
    inside(&Session::start(Language::En, Keyring::Absent), "keyring::all_say_absent");
}

#[test]
#[ignore = "runs inside the session that `without_a_bus_there_is_no_keyring` starts"]
fn all_say_absent() {
    if !is_inside() {
        return;
    }
    let keyring = OsKeyring::new("madoguchi-test");
    assert_eq!(keyring.get("key"), Err(KeyringError::Absent));
    assert_eq!(keyring.set("key", b"x"), Err(KeyringError::Absent));
    assert_eq!(keyring.delete("key"), Err(KeyringError::Absent));
}
