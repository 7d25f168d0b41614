//! An Auth0 user export: one JSON object on each line.

use std::{io::BufRead as _, ops::ControlFlow};

use madoguchi_domain::account::IdentityKind;
use serde::Deserialize;

use super::{
    error::{ImportError, Refusal},
    person::{Person, Way, moment},
    provider,
    source::{Row, Source, Taker},
};

/// A line may have this many bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// A user as a line has it. Fields that an export may leave out are absent or null.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct User {
    user_id: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    username: Option<String>,
    name: Option<String>,
    nickname: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    phone_number: Option<String>,
    phone_verified: Option<bool>,
    locale: Option<String>,
    created_at: Option<String>,
    last_login: Option<String>,
    last_ip: Option<String>,
    blocked: Option<bool>,
    identities: Option<Vec<Linked>>,
    user_metadata: Option<Metadata>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    locale: Option<String>,
    lang: Option<String>,
    zoneinfo: Option<String>,
    country: Option<String>,
    phone_number: Option<String>,
    family_name_kana: Option<String>,
    given_name_kana: Option<String>,
    name_kana: Option<String>,
    name_romaji: Option<String>,
    former_name: Option<String>,
    loyalty_number: Option<String>,
    tier: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Linked {
    provider: String,
    user_id: Subject,
    connection: Option<String>,
    #[serde(rename = "profileData", default)]
    profile: Option<Profile>,
}

/// Some providers' ids are numbers.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Subject {
    Text(String),
    Number(u64),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Profile {
    email: Option<String>,
}

/// Hands every line on.
pub(super) fn read(source: &Source<'_>, issuer: &str, take: Taker<'_>) -> Result<(), ImportError> {
    let mut reader = source.open()?;
    let mut bytes = Vec::new();
    let mut line = 0;
    loop {
        bytes.clear();
        line += 1;
        let mut long = false;
        loop {
            let part = reader.fill_buf().map_err(|error| source.failed(error))?;
            let end = part.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let length = end.unwrap_or(part.len());
            long |= bytes.len() + length > LONGEST;
            if !long {
                bytes.extend_from_slice(&part[..length]);
            }
            reader.consume(length);
            if end.is_some() || length == 0 {
                if length == 0 && bytes.is_empty() && !long {
                    return Ok(());
                }
                break;
            }
        }
        let text = bytes.trim_ascii();
        if text.is_empty() && !long {
            continue;
        }
        if line == 1 && text.starts_with(b"[") {
            let what = (
                "this is a JSON list; an Auth0 export has one JSON object on each line",
                "JSON の配列です。Auth0 のエクスポートは 1 行に 1 つの JSON オブジェクトです",
            );
            return Err(ImportError::Malformed { path: source.path.to_owned(), line, column: 1, what });
        }
        let person = if long { Err(Refusal::TooLong) } else { parse(text, issuer) };
        if take(Row { line, person }) == ControlFlow::Break(()) {
            return Ok(());
        }
    }
}

fn parse(text: &[u8], issuer: &str) -> Result<Person, Refusal> {
    let text = std::str::from_utf8(text).map_err(|_| Refusal::NotText)?;
    if !text.starts_with('{') {
        return Err(Refusal::NotJson);
    }
    let user: User = serde_json::from_str(text).map_err(|_| wrong_type(text))?;
    person(user, issuer)
}

/// Which field it was. Serde's own words may quote the value, so they are not used.
fn wrong_type(text: &str) -> Refusal {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(text) else { return Refusal::NotJson };
    let wrong = fields.into_iter().find(|(name, value)| {
        let alone = serde_json::Map::from_iter([(name.clone(), value.clone())]);
        serde_json::from_value::<User>(serde_json::Value::Object(alone)).is_err()
    });
    wrong.map_or(Refusal::NotJson, |(name, _)| Refusal::Type(name))
}

fn date(field: &'static str, text: Option<&str>) -> Result<Option<madoguchi_domain::Timestamp>, Refusal> {
    text.map(|text| moment(text).ok_or(Refusal::NoDate(field))).transpose()
}

fn person(user: User, issuer: &str) -> Result<Person, Refusal> {
    let subject = user.user_id.unwrap_or_default();
    let since = date("created_at", user.created_at.as_deref())?;
    let last_sign_in = date("last_login", user.last_login.as_deref())?;
    let more = user.user_metadata.unwrap_or_default();
    let identities = match user.identities {
        Some(linked) => linked.into_iter().map(|one| way(one, issuer, user.email.as_deref())).collect(),
        // An export without the list still names the first one in the user's id: `google-oauth2|1032…`.
        None => subject
            .split_once('|')
            .map(|(provider, id)| Linked {
                provider: provider.to_owned(),
                user_id: Subject::Text(id.to_owned()),
                connection: None,
                profile: None,
            })
            .map(|only| way(only, issuer, user.email.as_deref()))
            .into_iter()
            .collect(),
    };
    Ok(Person {
        subject,
        surname: user.family_name,
        given: user.given_name,
        // For those without a name Auth0 writes the address there, which is none.
        name: user
            .name
            .filter(|name| user.email.as_deref() != Some(name))
            .or(user.nickname)
            .or(user.username),
        surname_reading: more.family_name_kana,
        given_reading: more.given_name_kana,
        reading: more.name_kana,
        romaji: more.name_romaji,
        former: more.former_name,
        email: user.email,
        email_verified: user.email_verified.unwrap_or(false),
        phone: user.phone_number.or(more.phone_number),
        phone_verified: user.phone_verified.unwrap_or(false),
        loyalty: more.loyalty_number,
        language: user.locale.or(more.locale).or(more.lang),
        time_zone: more.zoneinfo,
        country: more.country,
        tier: more.tier,
        note: None,
        since,
        last_sign_in,
        last_address: user.last_ip,
        disabled: user.blocked.unwrap_or(false),
        identities,
    })
}

fn way(linked: Linked, issuer: &str, email: Option<&str>) -> Way {
    let subject = match linked.user_id {
        Subject::Text(text) => text,
        Subject::Number(number) => number.to_string(),
    };
    let address = linked.profile.and_then(|profile| profile.email).or_else(|| email.map(ToOwned::to_owned));
    let (kind, issuer, subject) = match linked.provider.as_str() {
        // A database's user is known to applications by the whole id.
        "auth0" => (IdentityKind::Password, issuer.to_owned(), format!("auth0|{subject}")),
        name => match provider::named(name) {
            Some((kind, issuer)) => (kind, issuer.to_owned(), subject),
            None => {
                // The export does not say who stands behind a connection; its name at the tenant is what is sure.
                let connection = linked.connection.as_deref().unwrap_or(name);
                let kind = match name {
                    "email" | "sms" | "oauth2" => IdentityKind::Other,
                    _ => IdentityKind::Enterprise,
                };
                (kind, format!("{}/connections/{connection}", issuer.trim_end_matches('/')), subject)
            }
        },
    };
    Way { kind, issuer, subject, address, linked_at: None }
}
