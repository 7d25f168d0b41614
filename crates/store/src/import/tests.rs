//! What a row becomes, and that no message tells what stood in it.

use madoguchi_domain::{BrandId, account::Authority, customer::IdentifierKind};

use super::{
    error::{ImportError, Language, MapFault, Refusal, Say},
    person::{Origin, Person, e164},
};

fn origin() -> Origin {
    Origin {
        issuer: "https://id.example.jp".to_owned(),
        brand: BrandId::from("stay"),
        authority: Authority::Source,
        region: "JP".to_owned(),
    }
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[test]
fn phones_become_e164_where_they_are_numbers() {
    for (written, region, read) in [
        ("090-1234-5678", "JP", "+819012345678"),
        ("03 (0123) 4567", "JP", "+81301234567"),
        ("+44 7700 900123", "JP", "+447700900123"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("1234", "JP", "1234"),
        ("なし", "JP", "なし"),
    ] {
        assert_eq!(e164(written, region), read, "{written}");
    }
}

#[test]
fn names_are_put_together_in_the_order_of_their_script() {
    let east = Person {
        subject: "1".into(),
        surname: text("渡邉"),
        given: text("美咲"),
        surname_reading: text("わたなべ"),
        given_reading: text("ﾐｻｷ"),
        ..Person::default()
    };
    assert_eq!(east.names().written, "渡邉 美咲");
    assert_eq!(east.names().reading.as_deref(), Some("ワタナベ ミサキ"));
    let west =
        Person { subject: "1".into(), surname: text("Hartley"), given: text("Amelia"), ..Person::default() };
    assert_eq!(west.names().written, "Amelia Hartley");
    let nameless = Person { subject: "1".into(), email: text("aya@example.jp"), ..Person::default() };
    assert_eq!(nameless.names().written, "aya");
    assert_eq!(Person { subject: "1".into(), ..Person::default() }.check(), Err(Refusal::Nobody));
}

#[test]
fn any_text_is_taken_as_it_is_but_nul() {
    let payload = "<script>alert(1)</script>\u{202e}'; drop table customer; --";
    let mut person =
        Person { subject: payload.into(), name: text(payload), loyalty: text(payload), ..Person::default() };
    assert_eq!(person.check(), Ok(()));
    assert_eq!(person.names().written, payload);
    assert_eq!(person.handles(&origin()), [(IdentifierKind::Loyalty, payload.to_owned(), true)]);
    person.tier = text("gold\0");
    assert_eq!(person.check(), Err(Refusal::Nul("tier")));
    person.tier = Some("x".repeat(1_001));
    assert_eq!(person.check(), Err(Refusal::FieldTooLong("tier")));
}

#[test]
fn a_digest_follows_what_the_row_says_and_who_decides() {
    let person = Person { subject: "1".into(), name: text("Amelia"), ..Person::default() };
    let first = person.digest(&origin());
    assert_eq!(first, person.clone().tidy().digest(&origin()));
    assert_ne!(first, Person { disabled: true, ..person.clone() }.digest(&origin()));
    assert_ne!(first, person.digest(&Origin { authority: Authority::Store, ..origin() }));
}

#[test]
fn every_message_is_in_both_languages() {
    let summary = super::Summary { added: 1, updated: 2, unchanged: 3, refused: 4 };
    let path = std::path::PathBuf::from("people.csv");
    let both = |what: &dyn Fn(Language) -> String| {
        let (en, ja) = (what(Language::En), what(Language::Ja));
        assert!(!en.is_empty() && en != ja, "{en}");
        assert!(
            ja.chars().any(|c| matches!(c, 'ぁ'..='ヿ')) || ja.contains('名') || ja.contains('行'),
            "{ja}"
        );
    };
    for refusal in [
        Refusal::NotJson,
        Refusal::Type("enabled".into()),
        Refusal::TooLong,
        Refusal::NotText,
        Refusal::Cells { heading: 3, found: 2 },
        Refusal::NoSubject,
        Refusal::Nobody,
        Refusal::NoEmail,
        Refusal::NoDate("since"),
        Refusal::NoYes("disabled"),
        Refusal::FieldTooLong("name"),
        Refusal::Nul("name"),
        Refusal::Twice(7),
        Refusal::IdentityTaken("https://access.line.me".into()),
    ] {
        both(&|language| refusal.said(language).to_string());
    }
    for fault in [
        MapFault::Form("line 3".into()),
        MapFault::NoSubject,
        MapFault::NoColumn { named: "tel".into(), has: vec!["id".into()] },
        MapFault::Encoding("klingon".into()),
        MapFault::Offset("JST".into()),
        MapFault::Delimiter,
        MapFault::NoIssuer,
    ] {
        let error = ImportError::Map { path: path.clone(), what: fault };
        both(&|language| error.said(language).to_string());
    }
    for error in [
        ImportError::Compressed(path),
        ImportError::MapNeeded,
        ImportError::Brand,
        ImportError::Stopped(summary),
        ImportError::Refused(summary),
        ImportError::Db(crate::db::DbError::Full),
    ] {
        both(&|language| error.said(language).to_string());
    }
    assert_eq!(Language::of_locale("ja_JP.UTF-8"), Language::Ja);
    assert_eq!(Language::of_locale("jam_JM"), Language::En);
}
