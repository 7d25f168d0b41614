//! A CSV file in any encoding, by a map.

use std::{
    collections::HashMap,
    io::{self, Read},
    ops::ControlFlow,
};

use madoguchi_domain::account::IdentityKind;

use super::{
    error::{ImportError, MapFault, Refusal},
    map::Map,
    person::{Person, Way},
    source::{Row, Source, Taker},
};

/// Text of an encoding, as UTF-8. What is no text in it becomes U+FFFD, which no row may hold.
struct Decoded<R> {
    reader: R,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    /// A carriage return was read, and what stands behind it was not yet.
    returned: bool,
}

impl<R: Read> Decoded<R> {
    fn new(reader: R, encoding: &'static encoding_rs::Encoding) -> Self {
        // The decoder takes away the mark of its own encoding, and of no other.
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { reader, decoder, raw: vec![0; 64 * 1024], from: 0, to: 0, ended: false, returned: false }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // A character takes at most four bytes, the decoder writes none in part, and one byte is kept free for a
        // carriage return that was held back.
        debug_assert!(into.len() >= 5);
        loop {
            if self.from == self.to && !self.ended {
                (self.from, self.to) = (0, self.reader.read(&mut self.raw)?);
                self.ended = self.to == 0;
            }
            let (_, read, written, _) =
                self.decoder.decode_to_utf8(&self.raw[self.from..self.to], &mut into[1..], self.ended);
            self.from += read;
            let mut count = self.join_line_ends(into, written);
            let over = self.ended && read == 0 && written == 0;
            if over && std::mem::take(&mut self.returned) {
                into[0] = b'\r';
                count = 1;
            }
            if count > 0 || over {
                return Ok(count);
            }
        }
    }
}

impl<R> Decoded<R> {
    /// Makes every CR LF of `into[1..=written]` a LF, from the front: the reader of tables counts lines by LF alone, a row
    /// late where CR stands before it. How many bytes there are now.
    fn join_line_ends(&mut self, into: &mut [u8], written: usize) -> usize {
        let mut count = 0;
        for at in 1..=written {
            let byte = into[at];
            if std::mem::take(&mut self.returned) && byte != b'\n' {
                into[count] = b'\r';
                count += 1;
            }
            if byte == b'\r' {
                self.returned = true;
            } else {
                into[count] = byte;
                count += 1;
            }
        }
        count
    }
}

/// Which columns a heading has, by name.
type Heading = HashMap<String, usize>;

/// Hands every row on.
pub(super) fn read(source: &Source<'_>, map: &Map, issuer: &str, take: Taker<'_>) -> Result<(), ImportError> {
    let decoded = Decoded::new(source.open_raw()?, map.encoding);
    let mut table = csv::ReaderBuilder::new().delimiter(map.delimiter).flexible(true).from_reader(decoded);
    let titles = table.headers().map_err(|error| failed(source, error))?.clone();
    let titles: Vec<String> = titles.iter().map(|title| title.trim().to_owned()).collect();
    let heading: Heading = titles.iter().enumerate().map(|(place, title)| (title.clone(), place)).collect();
    if titles.iter().any(|title| title.contains(char::REPLACEMENT_CHARACTER)) {
        let what = (
            "the heading is no text in this encoding: name the file's encoding in the map",
            "見出しがこの文字コードとして読めません。対応表の encoding を確かめてください",
        );
        return Err(ImportError::Malformed { path: source.path.to_owned(), line: 1, column: 0, what });
    }
    if let Some(named) = map.named().into_iter().find(|named| !heading.contains_key(named)) {
        let what = MapFault::NoColumn { named, has: titles };
        return Err(ImportError::Map { path: source.path.to_owned(), what });
    }
    let mut record = csv::StringRecord::new();
    loop {
        let line = table.position().line();
        match table.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {
                let line = record.position().map_or(line, csv::Position::line);
                let cells = Cells { record: &record, heading: &heading, map };
                let person = if record.len() == titles.len() {
                    cells.person(issuer)
                } else {
                    Err(Refusal::Cells { heading: titles.len(), found: record.len() })
                };
                if take(Row { line, person }) == ControlFlow::Break(()) {
                    return Ok(());
                }
            }
            Err(error) => return Err(failed(source, error)),
        }
    }
}

fn failed(source: &Source<'_>, error: csv::Error) -> ImportError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => source.failed(error),
        _ => source.failed(io::Error::other("it is no table")),
    }
}

/// A row under its heading.
struct Cells<'a> {
    record: &'a csv::StringRecord,
    heading: &'a Heading,
    map: &'a Map,
}

impl Cells<'_> {
    fn cell(&self, column: &str) -> Option<&str> {
        let text = self.record.get(*self.heading.get(column)?)?.trim();
        (!text.is_empty()).then_some(text)
    }

    fn person(&self, issuer: &str) -> Result<Person, Refusal> {
        if self.record.iter().any(|cell| cell.contains(char::REPLACEMENT_CHARACTER)) {
            return Err(Refusal::NotText);
        }
        let (columns, constants) = (&self.map.columns, &self.map.constants);
        let text = |column: &Option<String>, constant: &Option<String>| {
            column
                .as_deref()
                .and_then(|column| self.cell(column))
                .or(constant.as_deref())
                .map(ToOwned::to_owned)
        };
        let yes = |field, column: &Option<String>, constant: &Option<String>| {
            text(column, constant).map(|text| self.map.yes(field, &text)).transpose()
        };
        let date = |field, column: &Option<String>, constant: &Option<String>| {
            text(column, constant).map(|text| self.map.date(field, &text)).transpose()
        };
        let disabled = yes("disabled", &columns.disabled, &constants.disabled)?.unwrap_or(false);
        let enabled = yes("enabled", &columns.enabled, &constants.enabled)?.unwrap_or(true);
        let mut person = Person {
            subject: text(&columns.subject, &constants.subject).unwrap_or_default(),
            surname: text(&columns.surname, &constants.surname),
            given: text(&columns.given, &constants.given),
            name: text(&columns.name, &constants.name),
            surname_reading: text(&columns.surname_reading, &constants.surname_reading),
            given_reading: text(&columns.given_reading, &constants.given_reading),
            reading: text(&columns.reading, &constants.reading),
            romaji: text(&columns.romaji, &constants.romaji),
            former: text(&columns.former, &constants.former),
            email: text(&columns.email, &constants.email),
            email_verified: yes("email_verified", &columns.email_verified, &constants.email_verified)?
                .unwrap_or(false),
            phone: text(&columns.phone, &constants.phone),
            phone_verified: yes("phone_verified", &columns.phone_verified, &constants.phone_verified)?
                .unwrap_or(false),
            loyalty: text(&columns.loyalty, &constants.loyalty),
            language: text(&columns.language, &constants.language),
            time_zone: text(&columns.time_zone, &constants.time_zone),
            country: text(&columns.country, &constants.country),
            tier: text(&columns.tier, &constants.tier),
            note: text(&columns.note, &constants.note),
            since: date("since", &columns.since, &constants.since)?,
            last_sign_in: date("last_sign_in", &columns.last_sign_in, &constants.last_sign_in)?,
            last_address: None,
            disabled: disabled || !enabled,
            identities: Vec::new(),
        };
        for identity in &self.map.identities {
            let subject = match &identity.subject {
                Some(column) => self.cell(column).map(ToOwned::to_owned),
                None => Some(person.subject.clone()),
            };
            let Some(subject) = subject else { continue };
            let linked_at = identity.linked_at.as_deref().and_then(|column| self.cell(column));
            let linked_at = linked_at.map(|text| self.map.date("linked_at", text)).transpose()?;
            let address = match &identity.address {
                Some(column) => self.cell(column).map(ToOwned::to_owned),
                None => person.email.clone().filter(|_| identity.kind == IdentityKind::Password),
            };
            let issuer = identity.issuer.clone().unwrap_or_else(|| issuer.to_owned());
            person.identities.push(Way { kind: identity.kind, issuer, subject, address, linked_at });
        }
        Ok(person)
    }
}
