//! A Keycloak realm export: one JSON object with `users` and `identityProviders`.
//!
//! The file may be larger than memory: users are read one by one. Whether it is whole is found out first, and its
//! identity providers with it, because they may stand behind the users. OAuth scopes that a user granted to a client
//! (`clientConsents`) are no purposes and are not taken; neither is anything of a password but that there is one.

use std::{cell::Cell, collections::HashMap, fmt, ops::ControlFlow};

use madoguchi_domain::account::IdentityKind;
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    error::{ImportError, Refusal},
    person::{Person, Way, from_millis},
    provider,
    source::{Counted, Row, Source, Taker},
};

/// A user as a realm export has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: Option<String>,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: Option<bool>,
    enabled: Option<bool>,
    created_timestamp: Option<i64>,
    #[serde(default)]
    attributes: Option<HashMap<String, Attribute>>,
    #[serde(default)]
    credentials: Option<Vec<Credential>>,
    #[serde(default)]
    federated_identities: Option<Vec<Federated>>,
    service_account_client_id: Option<String>,
}

/// Keycloak writes lists; older exports have single values.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Attribute {
    Many(Vec<Option<String>>),
    One(Option<String>),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    #[serde(rename = "type")]
    kind: Option<String>,
    created_date: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Federated {
    identity_provider: String,
    user_id: String,
    user_name: Option<String>,
}

/// An identity provider of the realm.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Provider {
    alias: String,
    provider_id: String,
    config: HashMap<String, Option<String>>,
}

/// Hands every user of the realm on.
pub(super) fn read(source: &Source<'_>, issuer: &str, take: Taker<'_>) -> Result<(), ImportError> {
    let providers = providers(source)?;
    let line = Cell::new(1);
    let counted = Counted::new(source.open()?, &line);
    let mut json = serde_json::Deserializer::from_reader(counted);
    let users = Users { line: &line, providers: &providers, issuer, take };
    match json.deserialize_map(users) {
        Ok(()) => Ok(()),
        // Whoever takes wanted no more: the rest was not read on purpose.
        Err(error) if error.to_string().starts_with(ENOUGH) => Ok(()),
        Err(error) => Err(source.malformed(&error)),
    }
}

/// How a visitor says that it was stopped.
const ENOUGH: &str = "enough";

/// The identity providers by alias, once the whole file is known to be sound.
fn providers(source: &Source<'_>) -> Result<HashMap<String, Provider>, ImportError> {
    struct Realm;
    impl<'de> Visitor<'de> for Realm {
        type Value = (bool, Vec<Provider>);
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a realm")
        }
        fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
            let (mut users, mut providers) = (false, Vec::new());
            while let Some(key) = map.next_key::<String>()? {
                match key.as_str() {
                    "identityProviders" => providers = map.next_value()?,
                    "users" => {
                        users = true;
                        map.next_value::<Vec<IgnoredAny>>()?;
                    }
                    _ => {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
            }
            Ok((users, providers))
        }
    }
    let mut json = serde_json::Deserializer::from_reader(source.open()?);
    let (users, providers) = json
        .deserialize_map(Realm)
        .and_then(|realm| json.end().map(|()| realm))
        .map_err(|error| source.malformed(&error))?;
    if !users {
        let what = (
            "this realm export has no users: export it with them",
            "このエクスポートには users がありません。ユーザーを含めてエクスポートしてください",
        );
        return Err(ImportError::Malformed { path: source.path.to_owned(), line: 1, column: 0, what });
    }
    Ok(providers.into_iter().map(|provider| (provider.alias.clone(), provider)).collect())
}

/// Goes through the realm once more and hands its users on.
struct Users<'a, 't> {
    line: &'a Cell<u64>,
    providers: &'a HashMap<String, Provider>,
    issuer: &'a str,
    take: Taker<'t>,
}

impl<'de> Visitor<'de> for Users<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a realm")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "users" {
                map.next_value_seed(&mut self)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut users: S) -> Result<(), S::Error> {
        while let Some(raw) = users.next_element::<Box<RawValue>>()? {
            // The reader stands behind the user's last brace.
            let line = self.line.get() - raw.get().bytes().filter(|byte| *byte == b'\n').count() as u64;
            let person = match serde_json::from_str::<User>(raw.get()) {
                // A client's own user is no customer.
                Ok(user) if user.service_account_client_id.is_some() => continue,
                Ok(user) => Ok(self.person(user)),
                Err(error) => Err(wrong_type(raw.get(), &error)),
            };
            if (self.take)(Row { line, person }) == ControlFlow::Break(()) {
                return Err(serde::de::Error::custom(ENOUGH));
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Users<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        let users =
            Users { line: self.line, providers: self.providers, issuer: self.issuer, take: &mut *self.take };
        from.deserialize_seq(users)
    }
}

/// Which field it was. Serde's own words may quote the value, so they are not used.
fn wrong_type(raw: &str, _: &serde_json::Error) -> Refusal {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(raw) else { return Refusal::NotJson };
    // Each field alone in an object shows which one is not as it should be.
    let wrong = fields.into_iter().find(|(name, value)| {
        let alone = serde_json::Map::from_iter([(name.clone(), value.clone())]);
        serde_json::from_value::<User>(serde_json::Value::Object(alone)).is_err()
    });
    wrong.map_or(Refusal::NotJson, |(name, _)| Refusal::Type(name))
}

impl Users<'_, '_> {
    fn person(&self, user: User) -> Person {
        let subject = user.id.or_else(|| user.username.clone()).unwrap_or_default();
        let attributes = user.attributes.unwrap_or_default();
        let attribute = |names: &[&str]| {
            names.iter().find_map(|name| match attributes.get(*name)? {
                Attribute::Many(values) => values.iter().flatten().next().cloned(),
                Attribute::One(value) => value.clone(),
            })
        };
        let said = |names: &[&str]| attribute(names).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let mut identities = Vec::new();
        let password = user.credentials.iter().flatten().find(|one| one.kind.as_deref() == Some("password"));
        if let Some(password) = password {
            identities.push(Way {
                kind: IdentityKind::Password,
                issuer: self.issuer.to_owned(),
                subject: subject.clone(),
                address: user.email.clone(),
                linked_at: password.created_date.and_then(from_millis),
            });
        }
        for federated in user.federated_identities.unwrap_or_default() {
            identities.push(self.way(federated));
        }
        Person {
            subject,
            surname: user.last_name,
            given: user.first_name,
            name: attribute(&["displayName", "display_name", "fullName", "name"]).or(user.username),
            surname_reading: attribute(&[
                "lastNameKana",
                "last_name_kana",
                "familyNameKana",
                "lastNamePhonetic",
            ]),
            given_reading: attribute(&[
                "firstNameKana",
                "first_name_kana",
                "givenNameKana",
                "firstNamePhonetic",
            ]),
            reading: attribute(&["kana", "nameKana", "name_kana", "phoneticName", "reading"]),
            romaji: attribute(&["romaji", "nameRomaji", "name_romaji"]),
            former: attribute(&["formerName", "former_name", "maidenName"]),
            email: user.email,
            email_verified: user.email_verified.unwrap_or(false),
            phone: attribute(&["phoneNumber", "phone_number", "phone", "mobile", "tel"]),
            phone_verified: said(&["phoneNumberVerified", "phone_number_verified", "phoneVerified"]),
            loyalty: attribute(&["loyaltyNumber", "loyalty_number", "memberNumber", "member_number"]),
            language: attribute(&["locale", "language"]),
            time_zone: attribute(&["zoneinfo", "timeZone", "timezone"]),
            country: attribute(&["country", "countryCode"]),
            tier: attribute(&["tier", "rank"]),
            note: None,
            since: user.created_timestamp.and_then(from_millis),
            last_sign_in: None,
            last_address: None,
            disabled: user.enabled == Some(false),
            identities,
        }
    }

    /// The identity behind an alias: its issuer is the provider's own, not the realm's name for it.
    fn way(&self, federated: Federated) -> Way {
        let alias = &federated.identity_provider;
        let known = match self.providers.get(alias) {
            Some(provider) => of_provider(provider),
            None => provider::named(alias).map(|(kind, issuer)| (kind, issuer.to_owned())),
        };
        // Without the provider's description all that is sure is where the realm brokers it.
        let (kind, issuer) = known.unwrap_or_else(|| {
            (IdentityKind::Other, format!("{}/broker/{alias}", self.issuer.trim_end_matches('/')))
        });
        let address = federated.user_name.filter(|name| email_address::EmailAddress::is_valid(name));
        Way { kind, issuer, subject: federated.user_id, address, linked_at: None }
    }
}

/// What sort of provider it is and who it really is; none when its description does not say.
fn of_provider(provider: &Provider) -> Option<(IdentityKind, String)> {
    let config = |name: &str| provider.config.get(name).cloned().flatten().filter(|value| !value.is_empty());
    match provider.provider_id.as_str() {
        "oidc" | "keycloak-oidc" | "saml" => {
            let issuer = config("issuer")
                .or_else(|| config("idpEntityId"))
                .or_else(|| config("authorizationUrl").as_deref().and_then(origin))
                .or_else(|| config("singleSignOnServiceUrl").as_deref().and_then(origin))?;
            let kind = provider::kind_of(&issuer).unwrap_or(IdentityKind::Enterprise);
            Some((kind, provider::issuer_of(kind).map_or(issuer, ToOwned::to_owned)))
        }
        "microsoft" => {
            let tenant = config("tenantId").unwrap_or_else(|| "common".to_owned());
            Some((IdentityKind::Enterprise, format!("https://login.microsoftonline.com/{tenant}/v2.0")))
        }
        name => provider::named(name).map(|(kind, issuer)| (kind, issuer.to_owned())),
    }
}

/// `https://login.example.com/oauth/authorize` → `https://login.example.com`.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    Some(format!("{scheme}://{host}"))
}
