//! The same answers the plain way: every customer is looked at, every place of every word is tried.
//!
//! It shares the folding of text with the index (that has tables of its own) and nothing else.

use std::{cmp::Ordering, collections::BTreeSet};

use madoguchi_domain::{
    CustomerId,
    customer::IdentifierKind,
    names::{possible_readings, split_surname},
    text::{Script, Sound, Word, folded, phone_digits, sounds_begun, sounds_like, without_honorific, words},
};
use madoguchi_lookup::{BRANDS, Entry, Filter};

/// What the index must answer, without the places to underline.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub ids: Vec<CustomerId>,
    pub total: usize,
    pub all: usize,
    pub locked: usize,
    pub brands: [usize; BRANDS],
}

/// What a match is worth; smaller is better. Steps: whole surname 0, other name 1, start of a surname 2, of another name 3,
/// inside 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    Id,
    /// Step, whether only long vowels differ, and written 0, spoken 1, former 2.
    Name(u8, bool, u8),
    Identifier(u8),
    Possible(u8, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Written,
    Spoken,
    Former,
    Possible,
}

/// A word of a customer: what text it is in, whether it is the surname, itself, and whether its spelling counts.
struct Known {
    text: Text,
    surname: bool,
    word: Word,
    spelled: bool,
}

/// A customer made ready: their words, and the sound of their name.
pub(crate) struct Customer<'a> {
    entry: &'a Entry,
    known: Vec<Known>,
    sound: String,
}

/// Makes customers ready, once for many queries.
pub(crate) fn ready(entries: &[Entry]) -> Vec<Customer<'_>> {
    entries.iter().map(|entry| Customer { entry, known: known(entry), sound: sound_of(entry) }).collect()
}

pub(crate) fn find(
    customers: &[Customer<'_>],
    query: &str,
    filter: &Filter,
    recent: &[CustomerId],
    limit: usize,
) -> Answer {
    let parts = parts(without_honorific(query));
    let split: Vec<Vec<bool>> = parts
        .iter()
        .map(|part| {
            let alone =
                |word: &Word| !customers.iter().any(|c| c.known.iter().any(|k| one(word, k).is_some()));
            typed_words(part).iter().map(alone).collect()
        })
        .collect();
    let mut matching: Vec<(Worth, &Customer<'_>)> = Vec::new();
    if !parts.is_empty() {
        for customer in customers {
            let worths: Option<Vec<Worth>> =
                parts.iter().zip(&split).map(|(part, split)| part_worth(part, split, customer)).collect();
            if let Some(worst) = worths.and_then(|worths| worths.into_iter().max()) {
                matching.push((worst, customer));
            }
        }
    }
    let all = matching.len();
    let locked = matching.iter().filter(|(_, c)| c.entry.locked).count();
    let mut brands = [0; BRANDS];
    for (brand, count) in brands.iter_mut().enumerate() {
        *count = matching.iter().filter(|(_, c)| c.entry.brands >> brand & 1 == 1).count();
    }
    matching.retain(|(_, c)| {
        (!filter.locked || c.entry.locked) && (filter.brands == 0 || filter.brands & c.entry.brands != 0)
    });
    let total = matching.len();
    let recent: BTreeSet<CustomerId> = recent.iter().copied().collect();
    matching.sort_by(|(a_worth, a), (b_worth, b)| {
        a_worth
            .cmp(b_worth)
            .then(recent.contains(&b.entry.id).cmp(&recent.contains(&a.entry.id)))
            .then_with(|| by_sound(&a.sound, &b.sound))
            .then(a.entry.id.cmp(&b.entry.id))
    });
    let ids = matching.iter().take(limit).map(|(_, c)| c.entry.id).collect();
    Answer { ids, total, all, locked, brands }
}

/// Space before letters before anything else, in the first 25 characters.
fn by_sound(a: &str, b: &str) -> Ordering {
    let class = |c: char| match c {
        ' ' => (0, ' '),
        'a'..='z' => (1, c),
        _ => (2, ' '),
    };
    a.chars().take(25).map(class).cmp(b.chars().take(25).map(class))
}

fn parts(query: &str) -> Vec<String> {
    if phone_digits(query).is_some() {
        return vec![query.to_owned()];
    }
    let is_space = |c: char| folded(&c.to_string()) == " ";
    query
        .split(is_space)
        .filter(|part| {
            !typed_words(part).is_empty()
                || !ids(part).is_empty()
                || (part.contains('@') && folded(part) != "@")
                || phone_digits(part).is_some_and(|digits| digits.len() >= 2)
                || typed_text(part).is_some()
        })
        .map(str::to_owned)
        .collect()
}

fn typed_words(part: &str) -> Vec<Word> {
    let an_id = folded(part).starts_with("c-") && !ids(part).is_empty();
    if an_id || phone_digits(part).is_some() || part.contains('@') { Vec::new() } else { words(part) }
}

fn typed_text(part: &str) -> Option<String> {
    let text = folded(part);
    let may_be = phone_digits(part).is_none() && !part.contains('@');
    (may_be && text.len() >= 3 && text.is_ascii()).then_some(text)
}

fn part_worth(part: &str, split: &[bool], customer: &Customer<'_>) -> Option<Worth> {
    let words: Option<Vec<Worth>> = typed_words(part)
        .iter()
        .zip(split)
        .map(|(word, split)| {
            if *split {
                two(word, &customer.known)
            } else {
                customer.known.iter().filter_map(|known| one(word, known)).min()
            }
        })
        .collect();
    let by_words = words.and_then(|worths| worths.into_iter().max());
    let shown = customer.entry.id.to_string().replace('-', "")[1..].to_owned();
    let by_id =
        ids(part).into_iter().find(|(body, _)| shown.starts_with(body.as_str())).map(|(_, worth)| worth);
    let by_identifier =
        customer.entry.identifiers.iter().filter_map(|h| identifier(part, h.kind, &h.text)).min();
    [by_words, by_id, by_identifier.map(Worth::Identifier)].into_iter().flatten().min()
}

/// The symbols of a customer id that a part may begin, and what a match is worth.
fn ids(part: &str) -> Vec<(String, Worth)> {
    let text = folded(part);
    let marked = text.starts_with("c-");
    let body = text.strip_prefix("c-").unwrap_or(&text).replace('-', "").to_uppercase();
    let body: String = body
        .chars()
        .map(|c| match c {
            'I' | 'L' => '1',
            'O' => '0',
            c => c,
        })
        .collect();
    let symbols = body.chars().count();
    let valid = body.chars().all(|c| "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(c));
    let digits = text.chars().any(|c| c.is_ascii_digit());
    if !valid || !(1..=8).contains(&symbols) || !(marked || (symbols >= 4 && digits)) {
        return Vec::new();
    }
    let letters = text.strip_prefix("c-").unwrap_or(&text).chars().any(|c| c.is_ascii_alphabetic());
    vec![(body, if marked || letters { Worth::Id } else { Worth::Identifier(0) })]
}

/// How a typed word matches a known one: every stretch of it is tried.
fn one(typed: &Word, known: &Known) -> Option<Worth> {
    let by_spelling = known.spelled.then(|| spelled(typed, &known.word)).flatten();
    let by_sound = sounds_like(&known.word)
        .into_iter()
        .flat_map(|there| {
            sounds_begun(typed)
                .into_iter()
                .filter_map(move |sound| sounded(typed.script, &sound, &there))
                .min()
        })
        .min();
    let latin = known.text == Text::Written && known.word.script == Script::Latin;
    let heard = if latin { Text::Spoken } else { known.text };
    let by_spelling = by_spelling.map(|(step, loose)| worth(step, loose, known.text, known.surname));
    let by_sound = by_sound.map(|(step, loose)| worth(step, loose, heard, known.surname));
    [by_spelling, by_sound].into_iter().flatten().min()
}

fn worth(step: u8, loose: bool, text: Text, surname: bool) -> Worth {
    let surname = surname || matches!(text, Text::Former | Text::Possible);
    let step = if step == 2 { 4 } else { 2 * step + u8::from(!surname) };
    match text {
        Text::Written => Worth::Name(step, loose, 0),
        Text::Spoken => Worth::Name(step, loose, 1),
        Text::Former => Worth::Name(step, loose, 2),
        Text::Possible => Worth::Possible(step, loose),
    }
}

/// 0 whole, 1 start, 2 inside; nothing is loose about spelling.
fn spelled(typed: &Word, known: &Word) -> Option<(u8, bool)> {
    if typed.script == Script::Typing {
        return None;
    }
    let (typed, known) = (typed.text(), known.text());
    if typed == known {
        Some((0, false))
    } else if known.starts_with(&typed) {
        Some((1, false))
    } else if typed.len() >= 3 && known.contains(&typed) {
        Some((2, false))
    } else {
        None
    }
}

fn sounded(script: Script, typed: &Sound, known: &Sound) -> Option<(u8, bool)> {
    let short = typed.text(false);
    let there = &known.letters;
    // The first place counts, as an underline would start there.
    let (start, end) = (0..there.len())
        .flat_map(|start| (start + 1..=there.len()).map(move |end| (start, end)))
        .find(|&(start, end)| {
            let part = Sound { letters: there[start..end].to_vec() };
            let kana_start = script == Script::Latin || there[start].begins;
            let kana_end = script != Script::Kana || end == there.len() || there[end].begins;
            let ends = end == there.len() || !there[end].lengthens;
            let near = start == 0 || short.len() >= 3;
            !short.is_empty()
                && part.text(false) == short
                && !there[start].lengthens
                && ends
                && kana_start
                && kana_end
                && near
        })?;
    let step = if start > 0 { 2 } else { u8::from(end < there.len()) };
    let long = typed.text(true);
    let rest = Sound { letters: there[start..].to_vec() }.text(true);
    let exact = if step == 0 { rest == long } else { rest.starts_with(&long) };
    Some((step, script == Script::Kana && !exact))
}

/// A typed word as two names of one customer without the space.
fn two(typed: &Word, known: &[Known]) -> Option<Worth> {
    let mut best = None;
    for cut in 1..typed.letters.len() {
        let head = Word::new(typed.letters[..cut].to_vec());
        let rest = Word::new(typed.letters[cut..].to_vec());
        let sound = |word: &Word| sounds_like(word).map(|s| s.text(false)).filter(|s| s.len() >= 2);
        let first = known
            .iter()
            .filter_map(|k| {
                let latin = k.text == Text::Written && k.word.script == Script::Latin;
                if k.spelled && k.word.text() == head.text() {
                    Some(worth(0, false, k.text, k.surname))
                } else if sound(&head).is_some() && sound(&head) == sound(&k.word) {
                    Some(worth(0, false, if latin { Text::Spoken } else { k.text }, k.surname))
                } else {
                    None
                }
            })
            .min();
        let second = known.iter().filter_map(|k| one(&rest, k)).min();
        if let (Some(first), Some(second)) = (first, second) {
            let both = first.max(second);
            best = Some(best.map_or(both, |best: Worth| best.min(both)));
        }
    }
    best
}

/// 0 whole, 1 start or end of what is shown, 2 inside.
fn identifier(part: &str, kind: IdentifierKind, text: &str) -> Option<u8> {
    let shown: Vec<String> = text
        .split('•')
        .map(|piece| match kind {
            IdentifierKind::Email => folded(piece),
            IdentifierKind::Phone => phone_digits(piece).unwrap_or_default(),
            IdentifierKind::Loyalty => folded(piece).replace('-', ""),
        })
        .collect();
    let (head, tail) = (shown.first()?, shown.last()?);
    let masked = shown.len() > 1;
    if let Some(digits) = phone_digits(part) {
        let enough = digits.len() >= 2;
        return match kind {
            IdentifierKind::Email if masked => None,
            IdentifierKind::Email => clear(&digits, head),
            _ if masked => hidden(&digits, tail).filter(|_| enough),
            _ if digits.len() >= 4 && head.ends_with(&digits) => Some(0),
            _ => clear(&digits, head),
        };
    }
    if part.contains('@') {
        return (kind == IdentifierKind::Email && folded(part) != "@")
            .then(|| address(&folded(part), text))
            .flatten();
    }
    let typed = typed_text(part)?;
    let number = typed.replace(|c: char| !c.is_alphanumeric(), "");
    match kind {
        IdentifierKind::Email if !masked => clear(&typed, head),
        IdentifierKind::Loyalty if !masked && number.len() >= 4 && head.ends_with(&number) => Some(0),
        IdentifierKind::Loyalty if !masked => clear(&number, head),
        IdentifierKind::Loyalty if number.chars().any(|c| c.is_ascii_digit()) => hidden(&number, tail),
        _ => None,
    }
}

fn clear(typed: &str, value: &str) -> Option<u8> {
    match value.find(typed).filter(|_| typed.len() >= 3)? {
        0 if typed == value => Some(0),
        0 => Some(1),
        _ => Some(2),
    }
}

fn hidden(typed: &str, tail: &str) -> Option<u8> {
    if tail.is_empty() {
        return None;
    }
    if typed == tail {
        Some(0)
    } else if tail.starts_with(typed) || tail.ends_with(typed) {
        Some(1)
    } else {
        tail.contains(typed).then_some(2)
    }
}

fn address(typed: &str, text: &str) -> Option<u8> {
    let text = folded(text);
    let (typed_local, typed_domain) = typed.split_once('@')?;
    let (local, domain) = text.rsplit_once('@')?;
    if !domain.starts_with(typed_domain) {
        return None;
    }
    let step = u8::from(domain != typed_domain);
    let typed_local = typed_local.replace("...", "•").replace('*', "•");
    let pieces: Vec<&str> = typed_local.split('•').collect();
    let (first, last) = (pieces[0], *pieces.last()?);
    let Some((local_first, local_last)) = local.split_once("•••") else {
        return match pieces.len() {
            1 if local == first => Some(step),
            1 => local.ends_with(first).then_some(2),
            _ => {
                (local.len() >= first.len() + last.len() && local.starts_with(first) && local.ends_with(last))
                    .then_some(1)
            }
        };
    };
    let last = if pieces.len() == 1 { "" } else { last };
    match first {
        "" => local_last.ends_with(last).then_some(2),
        _ => (first == local_first && local_last.ends_with(last)).then_some(step),
    }
}

fn known(entry: &Entry) -> Vec<Known> {
    let name = &entry.name;
    let unread = name.reading.is_none();
    let mut all = Vec::new();
    let texts = [
        (Text::Written, Some(&name.written)),
        (Text::Spoken, name.reading.as_ref()),
        (Text::Spoken, name.romaji.as_ref()),
        (Text::Former, name.former.as_ref()),
    ];
    for (kind, text) in texts {
        let parts = text.map(|text| words(text)).unwrap_or_default();
        let western = kind == Text::Written && parts.iter().all(|word| word.script == Script::Latin);
        let surname = if western { parts.len().saturating_sub(1) } else { 0 };
        for (place, word) in parts.iter().enumerate() {
            let latin_name = word.script == Script::Latin && kind == Text::Written;
            let spelled = latin_name || sounds_like(word).is_none();
            all.push(Known { text: kind, surname: place == surname, word: word.clone(), spelled });
            if word.script == Script::Kanji && (kind == Text::Former || (kind == Text::Written && unread)) {
                for word in possible(text.map_or("", |t| t), word, parts.len() == 1) {
                    all.push(Known { text: Text::Possible, surname: true, word, spelled: false });
                }
            }
        }
    }
    all
}

fn possible(text: &str, word: &Word, alone: bool) -> Vec<Word> {
    let (start, end) = (word.letters[0].start as usize, word.letters[word.letters.len() - 1].end as usize);
    let written: String = text.chars().skip(start).take(end - start).collect();
    let parts = match split_surname(&written) {
        Some((surname, given)) if alone => vec![surname, given],
        _ => vec![&*written],
    };
    let readings = |part: &str| {
        let own = possible_readings(part, 6);
        if own.is_empty() { possible_readings(&folded(part), 6) } else { own }
    };
    parts.into_iter().flat_map(readings).filter_map(|reading| words(&reading).into_iter().next()).collect()
}

fn sound_of(entry: &Entry) -> String {
    let said = |text: &str| {
        let parts = words(text);
        let parts = parts.iter().map(|word| sounds_like(word).map_or_else(|| word.text(), |s| s.text(false)));
        parts.collect::<Vec<_>>().join(" ")
    };
    let told = entry.name.reading.as_ref().or(entry.name.romaji.as_ref());
    let possible = || {
        let known = known(entry);
        let first = known.iter().find(|k| k.text == Text::Possible)?;
        sounds_like(&first.word).map(|s| s.text(false))
    };
    told.map(|text| said(text)).or_else(possible).unwrap_or_else(|| said(&entry.name.written))
}
