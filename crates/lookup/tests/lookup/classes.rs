//! What a person types and whom they mean.

use madoguchi_domain::{
    CustomerId,
    customer::{IdentifierKind, Name},
};
use madoguchi_lookup::{Entry, Field, Filter, Handle, Hit, Index};

fn person(id: i64, written: &str, reading: &str, romaji: &str) -> Entry {
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Entry {
        id: CustomerId::from_bits(id),
        name: Name {
            written: written.to_owned(),
            reading: told(reading),
            romaji: told(romaji),
            former: None,
        },
        identifiers: Vec::new(),
        brands: 1,
        locked: false,
    }
}

fn with(mut entry: Entry, kind: IdentifierKind, text: &str) -> Entry {
    entry.identifiers.push(Handle { kind, text: text.to_owned() });
    entry
}

/// A field, its text, and where it is underlined from and to.
type Underlined = (Field, String, Vec<(usize, usize)>);

const MISAKI: i64 = 0x39_E268_0AE9;
const SATO: i64 = 2;
const ONO: i64 = 3;
const OONO: i64 = 4;
const UNREAD: i64 = 5;
const HARTLEY: i64 = 6;
const REYES: i64 = 7;
const MARU: i64 = 8;
const FORMER: i64 = 9;
const YAMADA: i64 = 10;
const TAKAHASHI: i64 = 11;

fn desk() -> Index {
    let mut index = Index::default();
    let mut former = person(FORMER, "佐々木 恵", "ササキ メグミ", "Sasaki Megumi");
    former.name.former = Some("田中 恵".to_owned());
    let misaki = with(
        person(MISAKI, "田中 美咲", "タナカ ミサキ", "Tanaka Misaki"),
        IdentifierKind::Phone,
        "090-••••-4821",
    );
    for entry in [
        with(misaki, IdentifierKind::Email, "t•••a@example.jp"),
        with(person(SATO, "佐藤 裕子", "サトウ ユウコ", "Sato Yuko"), IdentifierKind::Loyalty, "AS•••3307"),
        person(ONO, "小野 純一", "オノ ジュンイチ", "Ono Junichi"),
        person(OONO, "大野　健一", "ｵｵﾉ ｹﾝｲﾁ", "Ohno Kenichi"),
        person(UNREAD, "田仲由紀", "", ""),
        with(person(HARTLEY, "Amelia Hartley", "", ""), IdentifierKind::Email, "amelia.h@example.org"),
        person(REYES, "Daniel Tanaka-Reyes", "", ""),
        person(MARU, "田中丸 亮", "タナカマル リョウ", "Tanakamaru Ryo"),
        former,
        person(YAMADA, "山田 太郎", "ヤマダ タロウ", ""),
        person(TAKAHASHI, "髙橋 彩", "タカハシ アヤ", ""),
    ] {
        index.put(&entry);
    }
    index
}

fn ids(query: &str) -> Vec<i64> {
    let found = desk().find(query, &Filter::default(), &[], 20);
    assert_eq!((found.total, found.all), (found.hits.len(), found.hits.len()), "{query}");
    found.hits.iter().map(|hit| hit.id.bits()).collect()
}

fn first(query: &str) -> Hit {
    desk().find(query, &Filter::default(), &[], 1).hits.into_iter().next().expect("somebody")
}

#[test]
fn every_class_of_query_finds_whom_it_means() {
    for (query, expected) in [
        // One and two kanji, at the start before inside.
        ("田中", &[MISAKI, FORMER, MARU][..]),
        ("田", &[UNREAD, MISAKI, MARU, FORMER, YAMADA]),
        ("咲", &[MISAKI]),
        ("高橋", &[TAKAHASHI]),
        ("髙橋", &[TAKAHASHI]),
        ("田中様", &[MISAKI, FORMER, MARU]),
        // Kana in any width.
        ("たなか", &[MISAKI, REYES, MARU, FORMER, UNREAD]),
        ("タナカ", &[MISAKI, REYES, MARU, FORMER, UNREAD]),
        ("ﾀﾅｶ", &[MISAKI, REYES, MARU, FORMER, UNREAD]),
        ("たなかさん", &[MISAKI, REYES, MARU, FORMER, UNREAD]),
        ("みさ", &[MISAKI]),
        ("けん", &[OONO]),
        // A conversion in the middle of its typing.
        ("たなk", &[MISAKI, MARU, REYES, FORMER, UNREAD]),
        ("たなｋ", &[MISAKI, MARU, REYES, FORMER, UNREAD]),
        ("じゅんiちx", &[]),
        // Romaji.
        ("tanaka", &[MISAKI, REYES, MARU, FORMER, UNREAD]),
        ("TANAKA", &[MISAKI, REYES, MARU, FORMER, UNREAD]),
        ("Tana", &[MISAKI, MARU, REYES, FORMER, UNREAD]),
        ("anaka", &[REYES, MISAKI, MARU, FORMER, UNREAD]),
        ("jun'ichi", &[ONO]),
        ("zyuniti", &[ONO]),
        // Long vowels: as typed before as folded.
        ("おの", &[ONO, OONO]),
        ("おおの", &[OONO, ONO]),
        ("オーノ", &[OONO, ONO]),
        ("ohno", &[OONO, ONO]),
        ("さとー", &[SATO]),
        ("satoh", &[SATO]),
        ("yuuko", &[SATO]),
        // Two names in any order, with and without the space.
        ("田中 美咲", &[MISAKI]),
        ("美咲　田中", &[MISAKI]),
        ("misaki tanaka", &[MISAKI]),
        ("tanaka m", &[MISAKI, FORMER]),
        ("たなか みさき", &[MISAKI]),
        ("田中 みさき", &[MISAKI]),
        ("田中美咲", &[MISAKI]),
        ("たなかみさき", &[MISAKI]),
        ("tanakamisaki", &[MISAKI]),
        ("田中み", &[MISAKI]),
        ("田仲 由紀", &[UNREAD]),
        ("ゆき", &[UNREAD]),
        // Western names.
        ("hartley", &[HARTLEY]),
        ("Amelia H", &[HARTLEY]),
        ("artl", &[HARTLEY]),
        ("tanaka-reyes", &[REYES]),
        // Ids and identifiers.
        ("4821", &[MISAKI]),
        ("４８２１", &[MISAKI]),
        ("田中 4821", &[MISAKI]),
        ("3307", &[SATO]),
        // What reaches into a hidden part is the store's to find.
        ("090-1234-4821", &[]),
        ("+81 90 1234 4821", &[]),
        ("as-40213307", &[]),
        ("tanaka@example.jp", &[]),
        ("t…@example.jp", &[MISAKI]),
        ("t@exam", &[MISAKI]),
        ("amelia.h@ex", &[HARTLEY]),
        ("lia.h", &[HARTLEY]),
        ("C-77H6G2Q9", &[MISAKI]),
        ("c-77h6", &[MISAKI]),
        ("77h6-g2q", &[MISAKI]),
        // Nothing.
        ("", &[]),
        (" 　", &[]),
        ("@", &[]),
        ("zzz", &[]),
        ("田中 太郎", &[]),
    ] {
        let expected: Vec<i64> = expected.to_vec();
        assert_eq!(ids(query), expected, "{query}");
    }
}

#[test]
fn the_field_that_matched_is_named_and_every_text_underlined() {
    let shown = |hit: &Hit| -> Vec<Underlined> {
        hit.matches
            .iter()
            .map(|m| (m.field, m.text.clone(), m.ranges.iter().map(|r| (r.start, r.end)).collect()))
            .collect()
    };
    let hit = first("たなか");
    assert_eq!(hit.field, Field::Reading);
    assert_eq!(
        shown(&hit),
        [
            (Field::Reading, "タナカ ミサキ".to_owned(), vec![(0, 3)]),
            (Field::Romaji, "Tanaka Misaki".to_owned(), vec![(0, 6)])
        ]
    );
    assert_eq!(first("misaki").field, Field::Romaji);
    let hit = first("美咲　田中");
    assert_eq!(shown(&hit), [(Field::Written, "田中 美咲".to_owned(), vec![(0, 2), (3, 5)])]);
    let hit = first("田中みさ");
    assert_eq!(shown(&hit)[0], (Field::Written, "田中 美咲".to_owned(), vec![(0, 2)]));
    assert_eq!(shown(&hit)[1], (Field::Reading, "タナカ ミサキ".to_owned(), vec![(4, 6)]));
    let hit = first("けんい");
    assert_eq!(shown(&hit)[0], (Field::Reading, "ｵｵﾉ ｹﾝｲﾁ".to_owned(), vec![(4, 7)]));
    let hit = first("oono");
    assert_eq!(shown(&hit)[0], (Field::Romaji, "Ohno Kenichi".to_owned(), vec![(0, 4)]));
    let hit = first("4821");
    assert_eq!(hit.field, Field::Phone);
    assert_eq!(shown(&hit), [(Field::Phone, "090-••••-4821".to_owned(), vec![(9, 13)])]);
    let hit = first("t@example");
    assert_eq!(shown(&hit), [(Field::Email, "t•••a@example.jp".to_owned(), vec![(0, 1), (5, 13)])]);
    let hit = first("77h6g2");
    assert_eq!(shown(&hit), [(Field::CustomerId, "C-77H6-G2Q9".to_owned(), vec![(2, 9)])]);
}

#[test]
fn a_possible_reading_says_that_it_is_one() {
    let found = desk().find("たなか", &Filter::default(), &[], 20);
    let unread = found.hits.last().expect("somebody");
    assert_eq!((unread.id.bits(), unread.field), (UNREAD, Field::PossibleReading));
    assert_eq!(unread.matches[0].text, "田仲由紀");
    assert_eq!(unread.matches[0].ranges.first(), Some(&(0..2)));
    let former = found.hits.iter().find(|hit| hit.id.bits() == FORMER).expect("by the former name");
    assert_eq!(former.field, Field::Former);
}

#[test]
fn counts_are_of_all_and_hits_of_those_asked_for() {
    let mut index = Index::default();
    for (id, brands, locked) in [(1, 0b01, true), (2, 0b10, false), (3, 0b11, true), (4, 0b01, false)] {
        index.put(&Entry { brands, locked, ..person(id, "田中 美咲", "タナカ ミサキ", "") });
    }
    let found = index.find("田中", &Filter { locked: true, brands: 0b10 }, &[], 20);
    assert_eq!((found.total, found.all, found.locked), (1, 4, 2));
    assert_eq!(found.brands[..3], [3, 2, 0]);
    assert_eq!(found.hits[0].id.bits(), 3);
    let found = index.find("田中", &Filter::default(), &[], 2);
    assert_eq!((found.total, found.hits.len()), (4, 2));
}

#[test]
fn customers_opened_lately_come_first_among_equals_only() {
    let mut index = Index::default();
    for (id, written, reading) in
        [(1, "田中 愛", "タナカ アイ"), (2, "田中 葵", "タナカ アオイ"), (3, "中田 愛", "ナカタ アイ")]
    {
        index.put(&person(id, written, reading, ""));
    }
    let ids = |recent: &[i64]| -> Vec<i64> {
        let recent: Vec<_> = recent.iter().map(|id| CustomerId::from_bits(*id)).collect();
        index.find("田", &Filter::default(), &recent, 20).hits.iter().map(|hit| hit.id.bits()).collect()
    };
    assert_eq!(ids(&[]), [1, 2, 3]);
    assert_eq!(ids(&[2]), [2, 1, 3]);
    assert_eq!(ids(&[3]), [1, 2, 3], "a worse match stays behind");
    assert_eq!(ids(&[99]), [1, 2, 3], "someone whom this desk does not hold");
}

#[test]
fn a_change_is_found_and_what_was_is_not() {
    let mut index = Index::default();
    index.put(&person(1, "田中 美咲", "タナカ ミサキ", ""));
    index.put(&person(1, "佐藤 美咲", "サトウ ミサキ", ""));
    assert_eq!(index.len(), 1);
    assert_eq!(index.find("たなか", &Filter::default(), &[], 1).total, 0);
    assert_eq!(index.find("さとう", &Filter::default(), &[], 1).total, 1);
    assert!(index.remove(CustomerId::from_bits(1)));
    assert!(!index.remove(CustomerId::from_bits(1)));
    assert_eq!(index.find("さとう", &Filter::default(), &[], 1).total, 0);
    assert!(index.is_empty());
}
