//! Customers made from a seed: half Japanese, half Western, with the identifiers that a desk shows.

use madoguchi_domain::{
    CustomerId,
    customer::{IdentifierKind, Name},
    mask,
    names::{NameSpelling, given_names, surnames},
    text::passport,
};
use madoguchi_lookup::{Entry, Handle};

const WESTERN_SURNAMES: &str = "Hartley Okafor Lindqvist Reyes Holt Müller Sørensen O'Hara Smith-Jones García Kowalski Novak Rossi Dubois \
    Andersson Nguyen Silva Fischer Weber Marino Costa Petrov Ivanova Haddad Cohen Murphy Walsh Evans Hughes Clarke Bennett Foster \
    Griffin Hayes Jensen Keller Larsen Meyer Nilsson Olsen Palmer Quinn Romero Schmidt Turner Vargas Wagner Young Zimmermann Abbott \
    Baxter Carver Dalton Ellison Fairbanks Graham Harper Irving Jennings Kendall Lawson Monroe Norris Osborne Parker Ramsey Sawyer";
const WESTERN_GIVEN: &str = "Amelia Tom Daniel Emi Kate Renée Lukas Sofia Oliver Hannah Naomi Erik Marta João Chloë Peter Anna Maria Simon \
    Julia David Laura Paul Nina Martin Elena Robert Clara Henry Alice George Emma Frank Grace Harold Irene Jack Karen Leo Megan Noah \
    Olga Philip Rosa Samuel Tara Ursula Victor Wendy Xavier Yvonne Zoe Adrian Bianca Cedric Diana Edgar Fiona Gavin Helen";
const DOMAINS: [&str; 6] =
    ["example.jp", "example.com", "example.org", "mail.example.jp", "example.co.uk", "post.example"];

/// A sequence of numbers from a seed (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// The next number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }

    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let place = self.below(from.len() as u64);
        &from[usize::try_from(place).expect("below a length")]
    }
}

/// Draws names by how usual they are.
struct Names {
    sums: Vec<u64>,
    names: &'static [NameSpelling],
}

impl Names {
    fn new(names: &'static [NameSpelling]) -> Self {
        let mut sum = 0;
        let sums = names
            .iter()
            .map(|name| {
                sum += u64::from(name.weight);
                sum
            })
            .collect();
        Self { sums, names }
    }

    fn draw(&self, chance: &mut Chance) -> &'static NameSpelling {
        let at = chance.below(*self.sums.last().expect("names"));
        &self.names[self.sums.partition_point(|sum| *sum <= at)]
    }
}

/// `count` customers. `clear` in a hundred have their identifiers unmasked.
pub(crate) fn customers(count: usize, seed: u64, clear: u64) -> Vec<Entry> {
    let mut chance = Chance(seed);
    let (surnames, given) = (Names::new(surnames()), Names::new(given_names()));
    let western: (Vec<_>, Vec<_>) =
        (WESTERN_SURNAMES.split_whitespace().collect(), WESTERN_GIVEN.split_whitespace().collect());
    (0..count)
        .map(|_| {
            let (name, local) = if chance.percent(50) {
                japanese(surnames.draw(&mut chance), given.draw(&mut chance), &surnames, &mut chance)
            } else {
                let (given, surname) = (*chance.pick(&western.1), *chance.pick(&western.0));
                let name = Name { written: format!("{given} {surname}"), ..Name::default() };
                (name, format!("{given}.{surname}"))
            };
            let bits = i64::try_from(chance.below(1 << 40)).expect("40 bits");
            let clear = chance.percent(clear);
            Entry {
                id: CustomerId::from_bits(bits),
                name,
                identifiers: identifiers(&local, clear, &mut chance),
                brands: 1 << chance.below(3) | 1 << chance.below(3),
                locked: chance.percent(3),
            }
        })
        .collect()
}

fn japanese(
    surname: &NameSpelling,
    given: &NameSpelling,
    surnames: &Names,
    chance: &mut Chance,
) -> (Name, String) {
    let space = *chance.pick(&[" ", " ", " ", "\u{3000}", ""]);
    let variant = chance.percent(10);
    let varied = |text: &str| {
        if variant {
            text.replace('高', "髙").replace('崎', "﨑").replace('辺', "邊").replace('沢', "澤")
        } else {
            text.to_owned()
        }
    };
    let katakana = |text: &str| -> String {
        text.chars()
            .map(|c| {
                if ('ぁ'..='ゖ').contains(&c) {
                    char::from_u32(u32::from(c) + 0x60).unwrap_or(c)
                } else {
                    c
                }
            })
            .collect()
    };
    let (surname_kana, given_kana) = (katakana(surname.reading), katakana(given.reading));
    let name = Name {
        written: format!("{}{space}{}", varied(surname.kanji), given.kanji),
        reading: chance.percent(85).then(|| format!("{surname_kana} {given_kana}")),
        romaji: chance
            .percent(70)
            .then(|| format!("{} {}", passport(surname.reading), passport(given.reading))),
        former: chance.percent(3).then(|| format!("{} {}", surnames.draw(chance).kanji, given.kanji)),
    };
    (name, passport(surname.reading))
}

fn identifiers(local: &str, clear: bool, chance: &mut Chance) -> Vec<Handle> {
    let local: String =
        local.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    let number = chance.below(90) + 10;
    let mut all = vec![(IdentifierKind::Email, format!("{local}{number}@{}", chance.pick(&DOMAINS)))];
    if chance.percent(90) {
        let (prefix, rest) = (*chance.pick(&["70", "80", "90"]), chance.below(100_000_000));
        all.push((IdentifierKind::Phone, format!("+81{prefix}{rest:08}")));
    }
    if chance.percent(40) {
        all.push((IdentifierKind::Loyalty, format!("AS-{:08}", chance.below(100_000_000))));
    }
    all.into_iter()
        .map(|(kind, value)| Handle {
            kind,
            text: if clear { value } else { mask::identifier(kind, &value) },
        })
        .collect()
}
