//! MAP.toml: which column of a CSV file is what. The reference is in docs/import.md.

use std::path::Path;

use encoding_rs::Encoding;
use madoguchi_domain::{Timestamp, account::IdentityKind};
use serde::Deserialize;

use super::{
    error::{ImportError, MapFault, Refusal},
    provider,
};

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    delimiter: Option<String>,
    #[serde(default)]
    dates: Vec<String>,
    #[serde(default)]
    offset: Option<String>,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
    #[serde(default)]
    columns: Fields,
    #[serde(default)]
    constants: Fields,
    #[serde(default)]
    identity: Vec<WrittenIdentity>,
}

/// A text for each field that a row may have: the column it stands in, or its value everywhere.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Fields {
    pub(super) subject: Option<String>,
    pub(super) surname: Option<String>,
    pub(super) given: Option<String>,
    pub(super) name: Option<String>,
    pub(super) surname_reading: Option<String>,
    pub(super) given_reading: Option<String>,
    pub(super) reading: Option<String>,
    pub(super) romaji: Option<String>,
    pub(super) former: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_verified: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) phone_verified: Option<String>,
    pub(super) loyalty: Option<String>,
    pub(super) language: Option<String>,
    pub(super) time_zone: Option<String>,
    pub(super) country: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) since: Option<String>,
    pub(super) last_sign_in: Option<String>,
    pub(super) disabled: Option<String>,
    pub(super) enabled: Option<String>,
    pub(super) note: Option<String>,
}

impl Fields {
    /// Each that is set, by a function of it.
    pub(super) fn try_map<E>(self, mut each: impl FnMut(String) -> Result<String, E>) -> Result<Self, E> {
        let mut one = |field: Option<String>| field.map(&mut each).transpose();
        Ok(Self {
            subject: one(self.subject)?,
            surname: one(self.surname)?,
            given: one(self.given)?,
            name: one(self.name)?,
            surname_reading: one(self.surname_reading)?,
            given_reading: one(self.given_reading)?,
            reading: one(self.reading)?,
            romaji: one(self.romaji)?,
            former: one(self.former)?,
            email: one(self.email)?,
            email_verified: one(self.email_verified)?,
            phone: one(self.phone)?,
            phone_verified: one(self.phone_verified)?,
            loyalty: one(self.loyalty)?,
            language: one(self.language)?,
            time_zone: one(self.time_zone)?,
            country: one(self.country)?,
            tier: one(self.tier)?,
            since: one(self.since)?,
            last_sign_in: one(self.last_sign_in)?,
            disabled: one(self.disabled)?,
            enabled: one(self.enabled)?,
            note: one(self.note)?,
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenIdentity {
    kind: IdentityKind,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    issuer: Option<String>,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    linked_at: Option<String>,
}

/// A way in that rows have.
#[derive(Debug, Clone)]
pub(super) struct IdentityMap {
    pub(super) kind: IdentityKind,
    /// None: the import's own issuer.
    pub(super) issuer: Option<String>,
    /// The column of the subject; none: the row's own subject.
    pub(super) subject: Option<String>,
    /// The column of the address behind it; none: the row's e-mail for a password.
    pub(super) address: Option<String>,
    pub(super) linked_at: Option<String>,
}

/// A map, understood.
#[derive(Debug, Clone)]
pub(super) struct Map {
    pub(super) encoding: &'static Encoding,
    pub(super) delimiter: u8,
    pub(super) columns: Fields,
    pub(super) constants: Fields,
    pub(super) identities: Vec<IdentityMap>,
    dates: Vec<String>,
    offset: jiff::tz::Offset,
    yes: Vec<String>,
    no: Vec<String>,
}

const YES: &[&str] = &["1", "true", "yes", "y", "on", "t", "はい", "有", "有効", "済", "○", "〇"];
const NO: &[&str] = &["0", "false", "no", "n", "off", "f", "いいえ", "無", "無効", "未", "×"];

/// Forms that are understood whatever the map says: RFC 3339 comes before them.
const DATES: &[&str] =
    &["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"];

impl Map {
    /// Reads a map.
    pub(super) fn read(path: &Path) -> Result<Self, ImportError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ImportError::File { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|what| ImportError::Map { path: path.to_owned(), what })
    }

    fn parse(text: &str) -> Result<Self, MapFault> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let line =
                error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            MapFault::Form(format!("line {line}: {}", error.message()))
        })?;
        if written.columns.subject.is_none() {
            return Err(MapFault::NoSubject);
        }
        let encoding = written.encoding.as_deref().unwrap_or("utf-8");
        let encoding = Encoding::for_label(encoding.as_bytes())
            .ok_or_else(|| MapFault::Encoding(encoding.to_owned()))?;
        let delimiter = match written.delimiter.as_deref() {
            None => b',',
            Some(one) if one.len() == 1 && one.is_ascii() => one.as_bytes()[0],
            Some(_) => return Err(MapFault::Delimiter),
        };
        let offset = written.offset.as_deref().unwrap_or("+00:00");
        let offset = offset_of(offset).ok_or_else(|| MapFault::Offset(offset.to_owned()))?;
        let mut identities = Vec::new();
        for identity in written.identity {
            let issuer =
                identity.issuer.or_else(|| provider::issuer_of(identity.kind).map(ToOwned::to_owned));
            if issuer.is_none() && identity.kind != IdentityKind::Password {
                return Err(MapFault::NoIssuer);
            }
            let WrittenIdentity { kind, subject, address, linked_at, .. } = identity;
            identities.push(IdentityMap { kind, issuer, subject, address, linked_at });
        }
        if identities.is_empty() {
            let kind = IdentityKind::Password;
            identities.push(IdentityMap {
                kind,
                issuer: None,
                subject: None,
                address: None,
                linked_at: None,
            });
        }
        Ok(Self {
            encoding,
            delimiter,
            columns: written.columns,
            constants: written.constants,
            identities,
            dates: written.dates,
            offset,
            yes: written.yes,
            no: written.no,
        })
    }

    /// Every column that it names.
    pub(super) fn named(&self) -> Vec<String> {
        let mut named = Vec::new();
        let listed = self.columns.clone().try_map(|column| {
            named.push(column.clone());
            Ok::<_, std::convert::Infallible>(column)
        });
        let Ok(_) = listed;
        for identity in &self.identities {
            named.extend(
                [&identity.subject, &identity.address, &identity.linked_at].into_iter().flatten().cloned(),
            );
        }
        named
    }

    /// A date in one of the map's forms, in RFC 3339, or in one of the usual ones.
    pub(super) fn date(&self, field: &'static str, text: &str) -> Result<Timestamp, Refusal> {
        if let Some(moment) = super::person::moment(text) {
            return Ok(moment);
        }
        let forms = self.dates.iter().map(String::as_str).chain(DATES.iter().copied());
        forms.into_iter().find_map(|form| self.date_as(form, text.trim())).ok_or(Refusal::NoDate(field))
    }

    fn date_as(&self, form: &str, text: &str) -> Option<Timestamp> {
        let parts = jiff::fmt::strtime::parse(form, text).ok()?;
        if let Ok(moment) = parts.to_timestamp() {
            return Some(Timestamp::from_micros(moment.as_microsecond()));
        }
        let date = parts.to_datetime().or_else(|_| parts.to_date().map(|date| date.at(0, 0, 0, 0))).ok()?;
        let moment = self.offset.to_timestamp(date).ok()?;
        Some(Timestamp::from_micros(moment.as_microsecond()))
    }

    /// A yes or a no, in the map's words or the usual ones.
    pub(super) fn yes(&self, field: &'static str, text: &str) -> Result<bool, Refusal> {
        let text = text.trim().to_lowercase();
        let is = |own: &[String], usual: &[&str]| {
            own.iter().any(|word| word.to_lowercase() == text) || usual.contains(&text.as_str())
        };
        if is(&self.yes, &[]) {
            Ok(true)
        } else if is(&self.no, NO) || text.is_empty() {
            Ok(false)
        } else if is(&[], YES) {
            Ok(true)
        } else {
            Err(Refusal::NoYes(field))
        }
    }
}

/// `+09:00`, `-05:30`, `Z`.
fn offset_of(text: &str) -> Option<jiff::tz::Offset> {
    if text == "Z" {
        return Some(jiff::tz::Offset::UTC);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text[1..].split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    jiff::tz::Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(text: &str) -> Result<Map, MapFault> {
        Map::parse(text)
    }

    #[test]
    fn a_map_without_a_subject_or_with_an_unknown_word_is_refused() {
        assert_eq!(map("").unwrap_err(), MapFault::NoSubject);
        let fault = map("[columns]\nsubject = \"id\"\nfirst_nmae = \"x\"").unwrap_err();
        assert!(matches!(&fault, MapFault::Form(words) if words.starts_with("line 3:")), "{fault:?}");
        let odd = map("encoding = \"klingon\"\n[columns]\nsubject = \"id\"").unwrap_err();
        assert_eq!(odd, MapFault::Encoding("klingon".to_owned()));
        let bare = map("[columns]\nsubject = \"id\"\n[[identity]]\nkind = \"enterprise\"").unwrap_err();
        assert_eq!(bare, MapFault::NoIssuer);
        let odd = map("offset = \"JST\"\n[columns]\nsubject = \"id\"").unwrap_err();
        assert_eq!(odd, MapFault::Offset("JST".to_owned()));
    }

    #[test]
    fn dates_are_read_at_the_maps_offset_unless_they_say_their_own() {
        let map =
            map("offset = \"+09:00\"\ndates = [\"%Y年%m月%d日\"]\n[columns]\nsubject = \"id\"").unwrap();
        let noon = map.date("since", "2024-05-01T12:00:00Z").unwrap();
        assert_eq!(noon.to_string(), "2024-05-01T12:00:00Z");
        assert_eq!(map.date("since", "2024/05/01 21:00").unwrap(), noon);
        assert_eq!(map.date("since", "2024年05月01日").unwrap().to_string(), "2024-04-30T15:00:00Z");
        assert_eq!(map.date("since", "yesterday"), Err(Refusal::NoDate("since")));
    }

    #[test]
    fn the_maps_own_words_for_yes_come_before_the_usual_ones() {
        let map = map("yes = [\"退会\"]\nno = [\"在籍\"]\n[columns]\nsubject = \"id\"").unwrap();
        assert_eq!(map.yes("disabled", "退会"), Ok(true));
        assert_eq!(map.yes("disabled", "在籍"), Ok(false));
        assert_eq!(map.yes("disabled", " TRUE "), Ok(true));
        assert_eq!(map.yes("disabled", ""), Ok(false));
        assert_eq!(map.yes("disabled", "maybe"), Err(Refusal::NoYes("disabled")));
    }
}
