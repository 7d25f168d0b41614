//! Who they are: names, languages, homes, addresses and numbers.

use std::sync::LazyLock;

use madoguchi_domain::{
    IdentifierId, Timestamp,
    customer::{IdentifierKind, Name},
    names::{self, NameSpelling, Usage},
};

use super::{
    dice::{Dice, Use},
    places::{self, Place},
    western,
};
use crate::db::bulk::NewIdentifier;

/// How many live at most under one roof; numbers of customers that follow each other.
const ROOF: u64 = 4;
/// A day in seconds.
const DAY: u64 = 86_400;

/// A person before they have an account.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: Name,
    /// Whether the interface of their life is Japanese.
    pub(super) japanese: bool,
    pub(super) home: &'static Place,
    pub(super) languages: Vec<String>,
    pub(super) since: Timestamp,
    /// Foremost e-mail address.
    pub(super) email: String,
    pub(super) identifiers: Vec<NewIdentifier>,
}

/// What those under one roof share.
struct Household {
    size: u64,
    surname: usize,
    home: &'static Place,
    land_line: Option<String>,
}

impl Household {
    fn of(seed: u64, number: u64, japanese: bool) -> Self {
        let mut dice = Dice::new(seed, Use::Household, number / ROOF);
        let size = dice.weighted(&[(60, 1), (20, 2), (12, 3), (8, 4)]);
        let surname = if japanese {
            dice.by_sums(&LISTS.surname_sums)
        } else {
            zipf(&mut dice, western::SURNAMES.len())
        };
        // A quarter of those with names from elsewhere live in Japan.
        let home = if japanese || dice.per_mille(250) {
            places::in_japan(&mut dice)
        } else {
            places::abroad_somewhere(&mut dice)
        };
        let land_line = (home.country == "JP" && (size > 1 || dice.per_mille(250)))
            .then(|| places::land_line(&mut dice, home));
        Self { size, surname, home, land_line }
    }
}

/// The Japanese lists with their weights added up.
struct Lists {
    surname_sums: Vec<u64>,
    women: Vec<NameSpelling>,
    women_sums: Vec<u64>,
    men: Vec<NameSpelling>,
    men_sums: Vec<u64>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let sums = |names: &[NameSpelling]| {
        let add = |sum: &mut u64, name: &NameSpelling| {
            *sum += u64::from(name.weight);
            Some(*sum)
        };
        names.iter().scan(0, add).collect()
    };
    let of =
        |usage| names::given_names().iter().filter(|name| name.usage == usage).copied().collect::<Vec<_>>();
    let (women, men) = (of(Usage::Feminine), of(Usage::Masculine));
    Lists {
        surname_sums: sums(names::surnames()),
        women_sums: sums(&women),
        women,
        men_sums: sums(&men),
        men,
    }
});

/// A place in a list of `length`, the first ones as often as Zipf's law has it (1, 1/2, 1/3 …), flattened a little.
fn zipf(dice: &mut Dice, length: usize) -> usize {
    let weight = |place: usize| 1_000 / (place as u64 + 8);
    let mut throw = dice.below((0..length).map(weight).sum());
    for place in 0..length {
        match throw.checked_sub(weight(place)) {
            Some(rest) => throw = rest,
            None => return place,
        }
    }
    0
}

/// Other forms of a character that families write, and how they may stand in for the usual one.
const VARIANTS: &[(char, &[char])] = &[
    ('高', &['髙']),
    ('辺', &['邉', '邊']),
    ('斎', &['齋']),
    ('斉', &['齊']),
    ('崎', &['﨑', '嵜']),
    ('沢', &['澤']),
    ('浜', &['濱', '濵']),
    ('島', &['嶋', '嶌']),
    ('吉', &['𠮷']),
    ('広', &['廣']),
    ('国', &['國']),
    ('富', &['冨']),
    ('桜', &['櫻']),
    ('関', &['關']),
    ('徳', &['德']),
];

/// Sometimes one of its characters in an older form.
fn variant(dice: &mut Dice, surname: &str) -> String {
    let old = dice.per_mille(120);
    surname
        .chars()
        .map(|c| match VARIANTS.iter().find(|(usual, _)| *usual == c) {
            Some((_, others)) if old => *dice.pick(others),
            _ => c,
        })
        .collect()
}

/// `たなか` → `タナカ`.
fn katakana(hiragana: &str) -> String {
    let shift = |c: char| match c {
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        _ => c,
    };
    hiragana.chars().map(shift).collect()
}

/// A name and the Latin letters of its two halves, given name first.
struct Called {
    name: Name,
    given: String,
    surname: String,
}

fn japanese_name(dice: &mut Dice, surname: &NameSpelling, known: Option<(&str, &str, &str)>) -> Called {
    let woman = dice.per_mille(510);
    let (list, sums) = if woman { (&LISTS.women, &LISTS.women_sums) } else { (&LISTS.men, &LISTS.men_sums) };
    let given = list[dice.by_sums(sums)];
    let family = variant(dice, surname.kanji);
    let first = match dice.below(1000) {
        0..45 => given.reading.to_owned(),
        45..55 => katakana(given.reading),
        _ => given.kanji.to_owned(),
    };
    let former = (woman && dice.per_mille(70)).then(|| {
        let before = names::surnames()[dice.by_sums(&LISTS.surname_sums)].kanji;
        format!("{before} {first}")
    });
    if let Some((written, reading, romaji)) = known {
        let (family, first) = romaji.split_once(' ').unwrap_or((romaji, ""));
        let name = Name {
            written: written.to_owned(),
            reading: Some(reading.to_owned()),
            romaji: Some(romaji.to_owned()),
            former: None,
        };
        return Called { name, given: western::plain(first), surname: western::plain(family) };
    }
    let (family_latin, first_latin) = (surname.romaji(), given.romaji());
    let name = Name {
        written: format!("{family} {first}"),
        reading: (!dice.per_mille(180))
            .then(|| format!("{} {}", katakana(surname.reading), katakana(given.reading))),
        romaji: dice.per_mille(720).then(|| format!("{family_latin} {first_latin}")),
        former: former.filter(|former| !former.starts_with(&format!("{family} "))),
    };
    Called { name, given: first_latin.to_lowercase(), surname: family_latin.to_lowercase() }
}

fn western_name(dice: &mut Dice, surname: &str, known: Option<&str>) -> Called {
    let woman = dice.per_mille(510);
    let list = if woman { western::WOMEN } else { western::MEN };
    let first = list[zipf(dice, list.len())];
    let middle =
        dice.per_mille(90).then(|| format!(" {}.", char::from(b'A' + dice.below(26).to_le_bytes()[0])));
    let former = (woman && dice.per_mille(60))
        .then(|| format!("{first} {}", western::SURNAMES[zipf(dice, western::SURNAMES.len())]));
    let written =
        known.map_or_else(|| format!("{first}{} {surname}", middle.unwrap_or_default()), ToOwned::to_owned);
    let (given, surname) = written.split_once(' ').unwrap_or((first, surname));
    let called = (western::plain(given), western::plain(surname));
    let former = former.filter(|_| known.is_none()).filter(|former| *former != written);
    Called { name: Name { written, reading: None, romaji: None, former }, given: called.0, surname: called.1 }
}

/// People whom every sample has first, so that guides and tests can count on them.
const KNOWN: &[(&str, &str, &str)] = &[
    ("田中 美咲", "タナカ ミサキ", "Tanaka Misaki"),
    ("佐藤 健一", "サトウ ケンイチ", "Sato Kenichi"),
    ("田中 みさき", "タナカ ミサキ", "Tanaka Misaki"),
    ("髙橋 彩", "タカハシ アヤ", "Takahashi Aya"),
    ("Amelia Hartley", "", ""),
];

impl Person {
    /// Customer `number`, counted from 0: of every eight, four are Japanese.
    pub(super) fn draw(dice: &mut Dice, seed: u64, number: u64, now: Timestamp) -> Self {
        let japanese = (number / ROOF).is_multiple_of(2);
        let known = usize::try_from(number).ok().and_then(|place| KNOWN.get(place));
        let house = Household::of(seed, number, japanese);
        let together = number % ROOF < house.size && known.is_none();
        let mut home = house.home;
        let mut surname = house.surname;
        if !together {
            surname = if japanese {
                dice.by_sums(&LISTS.surname_sums)
            } else {
                zipf(dice, western::SURNAMES.len())
            };
            home = if japanese { places::in_japan(dice) } else { house.home };
        }
        if known.is_some() && japanese {
            home = places::named("Tokyo");
        }
        let called = if japanese {
            japanese_name(dice, &names::surnames()[surname], known.copied())
        } else {
            western_name(dice, western::SURNAMES[surname], known.map(|known| known.0))
        };
        let since = since(dice, now);
        let languages = languages(dice, japanese, home);
        let mut person = Self {
            name: called.name.clone(),
            japanese,
            home,
            languages,
            since,
            email: String::new(),
            identifiers: Vec::new(),
        };
        person.reach(dice, number, &called, house.land_line.filter(|_| together), now);
        person
    }

    /// Gives them addresses and numbers.
    fn reach(
        &mut self,
        dice: &mut Dice,
        number: u64,
        called: &Called,
        land_line: Option<String>,
        now: Timestamp,
    ) {
        self.email = if number == 0 { "tanaka@example.jp".to_owned() } else { email(dice, called, number) };
        let verified = dice.per_mille(880).then(|| dice.moment(self.since, now));
        let (first, since) = (self.email.clone(), self.since);
        self.add(dice, IdentifierKind::Email, first, verified, since);
        if dice.per_mille(140) {
            let held = dice.moment(self.since, now);
            let second = email(dice, called, number + 500_000);
            self.add(dice, IdentifierKind::Email, second, None, held);
        }
        if dice.per_mille(900) || number == 0 {
            let mobile = match number {
                0 => "+819001234821".to_owned(),
                _ if self.home.country == "JP" => places::mobile(dice),
                _ => places::foreign_number(dice, self.home),
            };
            let verified = dice.per_mille(700).then(|| dice.moment(self.since, now));
            self.add(dice, IdentifierKind::Phone, mobile, verified, since);
        }
        if let Some(line) = land_line {
            self.add(dice, IdentifierKind::Phone, line, None, since);
        }
        if dice.per_mille(650) || number == 0 {
            let loyalty =
                if number == 0 { "AS-40213307".to_owned() } else { format!("AS-{}", dice.digits(8)) };
            self.add(dice, IdentifierKind::Loyalty, loyalty, Some(since), since);
        }
    }

    fn add(
        &mut self,
        dice: &mut Dice,
        kind: IdentifierKind,
        value: String,
        verified_at: Option<Timestamp>,
        held_since: Timestamp,
    ) {
        let id = IdentifierId::new(held_since, dice.bytes());
        self.identifiers.push(NewIdentifier { id, kind, value, account: None, verified_at, held_since });
    }
}

/// From six years ago to last week; more of them lately.
fn since(dice: &mut Dice, now: Timestamp) -> Timestamp {
    let years = dice.weighted(&[(30, 1), (22, 2), (16, 3), (13, 4), (10, 5), (9, 6)]);
    now.minus(dice.seconds((years - 1) * 365 * DAY + 7 * DAY, years * 365 * DAY))
}

fn languages(dice: &mut Dice, japanese: bool, home: &Place) -> Vec<String> {
    let own = match home.country {
        _ if japanese => "ja",
        "FR" => "fr",
        "DE" => "de",
        "NL" => "nl",
        "ES" => "es",
        "IT" => "it",
        "SE" => "sv",
        _ => "en",
    };
    let mut languages = vec![own.to_owned()];
    if own == "ja" && dice.per_mille(150) || own != "ja" && own != "en" {
        languages.push("en".to_owned());
    } else if own == "en" && home.country == "JP" && dice.per_mille(600) {
        languages.push("ja".to_owned());
    }
    languages
}

/// An address at the domains that RFC 2606 and JPRS keep for examples. The number keeps it nobody else's.
fn email(dice: &mut Dice, called: &Called, number: u64) -> String {
    let Called { given, surname, .. } = called;
    let initial = given.get(..1).unwrap_or("x");
    let domain = dice.weighted(&[(60, "example.jp"), (28, "example.com"), (12, "example.org")]);
    match dice.below(5) {
        0 => format!("{surname}.{given}{number}@{domain}"),
        1 => format!("{given}.{surname}{number}@{domain}"),
        2 => format!("{given}_{initial}{number}@{domain}"),
        3 => format!("{initial}.{surname}{number}@{domain}"),
        _ => format!("{given}{number}@{domain}"),
    }
}
