use super::{
    Password,
    list::{agents, desks},
};
use crate::{
    agents::{AgentError, Desk, Listed},
    db::{DbError, OpenError, key::KeyError},
    import::{Language, Say as _},
};
use madoguchi_domain::{DeviceId, Timestamp, role::Role};

#[test]
fn a_password_on_its_way_is_not_printed() {
    let printed = format!("{:?}", Password::new("correct horse battery".to_owned()));
    assert!(!printed.contains("horse"), "{printed}");
}

#[test]
fn what_a_machine_calls_itself_steers_no_terminal() {
    let desk = Desk {
        id: DeviceId(uuid::Uuid::nil()),
        agent: "sato".to_owned(),
        label: "Front\u{1b}[2J\tdesk\n2".to_owned(),
        last_seen_at: Timestamp::from_micros(0),
        revoked_at: None,
    };
    let table = desks(&[desk], Language::En);
    assert_eq!(table.lines().count(), 2, "{table}");
    assert!(table.lines().all(|line| line.split('\t').count() == 5), "{table}");
    assert!(!table.contains('\u{1b}'), "{table}");
}

#[test]
fn a_list_says_who_sees_what_and_who_is_kept_out() {
    let agent = |name: &str, brands: &[&str], disabled_at| Listed {
        name: name.to_owned(),
        display_name: name.to_owned(),
        role: Role::Agent,
        brands: brands.iter().map(|brand| (*brand).into()).collect(),
        desk_brands: Vec::new(),
        disabled_at,
    };
    let all = [agent("mori", &[], None), agent("sato", &["stay", "ferry"], Some(Timestamp::from_micros(0)))];
    let table = agents(&all, Language::En);
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "mori\tmori\tagent\tevery brand\tevery brand\tenabled",
            "sato\tsato\tagent\tstay,ferry\tstay,ferry\tdisabled since 1970-01-01T00:00:00Z",
        ]
    );
}

#[test]
fn an_operator_is_told_in_japanese_what_happened_and_what_to_do() {
    let held = OpenError::Held { path: "store.db".into(), holder: "4711".to_owned() };
    let said = held.said(Language::Ja).to_string();
    assert!(
        said.contains("store.db") && said.contains("4711") && said.contains("終了してください"),
        "{said}"
    );
    assert_eq!(held.said(Language::En).to_string(), held.to_string());
    let key = OpenError::Key(KeyError::Open("store.key".into()));
    assert!(key.said(Language::Ja).to_string().contains("chmod 600"));
    let full = AgentError::Db(DbError::Full);
    assert!(full.said(Language::Ja).to_string().contains("空き"));
}
