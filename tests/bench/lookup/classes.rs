//! Classes of queries, each drawn from what customers have.

use madoguchi_domain::customer::IdentifierKind;
use madoguchi_lookup::Entry;

use crate::corpus::Chance;

/// Queries of one kind.
pub(crate) struct Class {
    pub(crate) name: &'static str,
    pub(crate) queries: Vec<String>,
}

/// What a desk cannot know, as it holds masks: the store is asked, and the desk finds nobody.
pub(crate) const WHOLE: &str = "whole number or address";

type Draw = fn(&Entry, &mut Chance) -> Option<String>;

/// Every class, `count` queries each.
pub(crate) fn all(entries: &[Entry], count: usize, seed: u64) -> Vec<Class> {
    let classes: [(&str, Draw); 16] = [
        ("one kanji", |e, c| part(&surname(e)?, 1, 1, c)),
        ("two kanji", |e, c| part(&surname(e)?, 2, 2, c)),
        ("kana beginning", |e, c| part(&reading(e)?[0], 1, 4, c)),
        ("half-width kana", |e, c| part(&half_width(&reading(e)?[0]), 2, 4, c)),
        ("kana and a typed letter", |e, c| {
            let start = part(&reading(e)?[0], 1, 2, c)?;
            Some(format!("{start}{}", c.pick(&["k", "s", "t", "m", "n", "sh"])))
        }),
        ("romaji beginning", |e, c| part(&romaji(e)?[0].to_lowercase(), 1, 6, c)),
        ("romaji inside", |e, c| {
            let name = romaji(e)?[0].to_lowercase();
            let start = 1 + place(c, 2);
            part(name.get(start..)?, 3, 4, c)
        }),
        ("two kanji names", |e, c| {
            let given = given(e)?;
            let surname = surname(e)?;
            Some(if c.percent(30) { format!("{given} {surname}") } else { format!("{surname} {given}") })
        }),
        ("two romaji names", |e, c| {
            let [surname, given] = romaji(e)?;
            let given = part(&given, 1, 5, c)?;
            Some(if c.percent(30) { format!("{given} {surname}") } else { format!("{surname} {given}") })
        }),
        ("two names without a space", |e, _| Some(reading(e)?.concat())),
        ("western name", |e, c| {
            let name = &e.name.written;
            let (_, last) = name.is_ascii().then(|| name.split_once(' '))??;
            part(last, 2, 7, c)
        }),
        ("customer id", |e, c| {
            let id = e.id.to_string().to_lowercase();
            Some(if c.percent(50) { id } else { id[..6].to_owned() })
        }),
        ("last four digits", |e, c| {
            part(masked(e, IdentifierKind::Phone)?.rsplit('•').next()?.strip_prefix('-')?, 4, 4, c)
        }),
        ("e-mail", |e, c| {
            let mask = masked(e, IdentifierKind::Email)?;
            let (first, domain) = (mask.chars().next()?, mask.split_once('@')?.1);
            Some(format!("{first}@{}", part(domain, 4, 12, c)?))
        }),
        (WHOLE, |e, c| {
            Some(if c.percent(50) {
                let shown = masked(e, IdentifierKind::Phone)?.rsplit('•').next()?.strip_prefix('-')?;
                format!("0{}0-{:04}-{shown}", 7 + c.below(3), c.below(10_000))
            } else {
                let mask = masked(e, IdentifierKind::Email)?;
                let (first, domain) = (mask.chars().next()?, mask.split_once('@')?.1);
                format!("{first}{}{}@{domain}", c.pick(&["anaka.kenji", "mith", "bc_def"]), c.below(100))
            })
        }),
        ("nobody", |e, c| Some(format!("{}zzq", part(&e.name.written, 1, 3, c)?))),
    ];
    let mut chance = Chance(seed);
    classes
        .into_iter()
        .map(|(name, draw)| Class { name, queries: drawn(entries, draw, count, &mut chance) })
        .collect()
}

fn drawn(entries: &[Entry], draw: Draw, count: usize, chance: &mut Chance) -> Vec<String> {
    let mut queries = Vec::with_capacity(count);
    while queries.len() < count {
        let entry = chance.pick(entries).clone();
        queries.extend(draw(&entry, chance));
    }
    queries
}

fn place(chance: &mut Chance, length: usize) -> usize {
    usize::try_from(chance.below(length as u64)).unwrap_or(0)
}

/// Between `least` and `most` characters from the start.
fn part(text: &str, least: usize, most: usize, chance: &mut Chance) -> Option<String> {
    let length = text.chars().count();
    let wanted = least + place(chance, most - least + 1);
    (length >= least).then(|| text.chars().take(wanted.min(length)).collect())
}

fn words(text: Option<&String>) -> Option<[String; 2]> {
    let (first, second) = text?.split_once([' ', '\u{3000}'])?;
    Some([first.to_owned(), second.to_owned()])
}

fn surname(entry: &Entry) -> Option<String> {
    words(Some(&entry.name.written)).map(|[surname, _]| surname).filter(|name| !name.is_ascii())
}

fn given(entry: &Entry) -> Option<String> {
    words(Some(&entry.name.written)).map(|[_, given]| given).filter(|name| !name.is_ascii())
}

fn reading(entry: &Entry) -> Option<[String; 2]> {
    words(entry.name.reading.as_ref())
}

fn romaji(entry: &Entry) -> Option<[String; 2]> {
    words(entry.name.romaji.as_ref())
}

fn masked(entry: &Entry, kind: IdentifierKind) -> Option<&str> {
    entry.identifiers.iter().find(|handle| handle.kind == kind).map(|handle| &*handle.text)
}

/// Katakana as a bank's terminal writes them.
fn half_width(katakana: &str) -> String {
    const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンッャュョー";
    const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｯｬｭｮｰ";
    let half =
        |c: char| FULL.chars().zip(HALF.chars()).find(|(full, _)| *full == c).map_or(c, |(_, half)| half);
    katakana.chars().map(half).collect()
}
