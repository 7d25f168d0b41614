//! A row as it was read, whatever it was read from, and the customer it becomes.

use madoguchi_domain::{
    AccountId, BrandId, CustomerId, IdentifierId, IdentityId, LockId, NoteId, SignInId, Timestamp,
    account::{Authority, IdentityKind, Lock, LockCause, LockScope},
    customer::{IdentifierKind, Name, Note},
    sign_in::{Outcome, SignIn},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::error::Refusal;
use crate::{
    chance::Chance,
    db::bulk::{Known, NewAccount, NewCustomer, NewIdentifier, NewIdentity},
};

/// Characters that one field may have.
const LONGEST: usize = 1_000;
/// Bytes of what rows are known by: PostgreSQL keeps no longer key.
const LONGEST_KEY: usize = 500;
/// Characters that a note may have.
const LONGEST_NOTE: usize = 20_000;

/// What an import brings with it for every row.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) issuer: String,
    pub(super) brand: BrandId,
    pub(super) authority: Authority,
    /// The country of phone numbers that do not say theirs, ISO 3166-1 alpha-2.
    pub(super) region: String,
}

impl Origin {
    /// The same for an account that is there already, as it is decided over from now on.
    pub(super) fn of(&self, known: &Known) -> Self {
        Self { authority: known.authority, ..self.clone() }
    }
}

/// A row, read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Person {
    /// Who it is at the issuer.
    pub(super) subject: String,
    pub(super) surname: Option<String>,
    pub(super) given: Option<String>,
    /// The whole name, where it is not in two.
    pub(super) name: Option<String>,
    pub(super) surname_reading: Option<String>,
    pub(super) given_reading: Option<String>,
    pub(super) reading: Option<String>,
    pub(super) romaji: Option<String>,
    pub(super) former: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_verified: bool,
    pub(super) phone: Option<String>,
    pub(super) phone_verified: bool,
    pub(super) loyalty: Option<String>,
    pub(super) language: Option<String>,
    pub(super) time_zone: Option<String>,
    pub(super) country: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) note: Option<String>,
    /// Since when they have the account.
    #[serde(serialize_with = "micros")]
    pub(super) since: Option<Timestamp>,
    #[serde(serialize_with = "micros")]
    pub(super) last_sign_in: Option<Timestamp>,
    /// Where the last sign-in came from.
    pub(super) last_address: Option<String>,
    /// The source keeps them from signing in.
    pub(super) disabled: bool,
    pub(super) identities: Vec<Way>,
}

fn micros<S: serde::Serializer>(at: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    at.map(Timestamp::micros).serialize(to)
}

/// A way in, as a row tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Way {
    pub(super) kind: IdentityKind,
    pub(super) issuer: String,
    pub(super) subject: String,
    /// The address behind it.
    pub(super) address: Option<String>,
    #[serde(serialize_with = "micros")]
    pub(super) linked_at: Option<Timestamp>,
}

/// A phone in E.164 where it can be read so; as it was written otherwise.
///
/// Numbers that nobody has, as tests and guides use them, are no valid numbers, and are read all the same when they
/// begin as a whole number does.
pub(super) fn e164(written: &str, region: &str) -> String {
    let region = region.parse::<phonenumber::country::Id>().ok();
    let whole = written.trim_start().starts_with(['+', '0'])
        && written.chars().filter(char::is_ascii_digit).count() >= 9;
    match phonenumber::parse(region, written) {
        Ok(number) if whole || number.is_valid() => number.format().mode(phonenumber::Mode::E164).to_string(),
        _ => written.to_owned(),
    }
}

impl Person {
    /// Spaces around a field are nobody's name, an empty field says nothing, and one way that stands twice is one.
    pub(super) fn tidy(mut self) -> Self {
        self.subject = self.subject.trim().to_owned();
        for (_, field) in self.texts_mut() {
            *field = field.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        }
        let mut seen = std::collections::HashSet::new();
        self.identities.retain(|way| seen.insert((way.issuer.clone(), way.subject.clone())));
        self
    }

    fn texts_mut(&mut self) -> [(&'static str, &mut Option<String>); 17] {
        [
            ("surname", &mut self.surname),
            ("given", &mut self.given),
            ("name", &mut self.name),
            ("surname_reading", &mut self.surname_reading),
            ("given_reading", &mut self.given_reading),
            ("reading", &mut self.reading),
            ("romaji", &mut self.romaji),
            ("former", &mut self.former),
            ("email", &mut self.email),
            ("phone", &mut self.phone),
            ("loyalty", &mut self.loyalty),
            ("language", &mut self.language),
            ("time_zone", &mut self.time_zone),
            ("country", &mut self.country),
            ("tier", &mut self.tier),
            ("note", &mut self.note),
            ("last_address", &mut self.last_address),
        ]
    }

    /// Whether it can be taken.
    pub(super) fn check(&mut self) -> Result<(), Refusal> {
        if self.subject.is_empty() {
            return Err(Refusal::NoSubject);
        }
        key("subject", &self.subject)?;
        for (field, value) in self.texts_mut() {
            if let Some(value) = value {
                text(field, value, if field == "note" { LONGEST_NOTE } else { LONGEST })?;
            }
        }
        if let Some(loyalty) = &self.loyalty {
            key("loyalty", loyalty)?;
        }
        for way in &self.identities {
            key("identity", &way.subject)?;
            key("identity", &way.issuer)?;
            if let Some(address) = &way.address {
                text("identity", address, LONGEST)?;
            }
        }
        if self.email.as_deref().is_some_and(|email| !email_address::EmailAddress::is_valid(email)) {
            return Err(Refusal::NoEmail);
        }
        if self.written().is_none() {
            return Err(Refusal::Nobody);
        }
        Ok(())
    }

    /// The name as it is written; for somebody without one, what they are reached by.
    fn written(&self) -> Option<String> {
        let whole = || self.name.clone();
        let halves = || joined(self.surname.as_deref(), self.given.as_deref(), self.surname_first());
        let address = || {
            self.email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(local, _)| local.to_owned())
        };
        halves().or_else(whole).or_else(address).or_else(|| self.phone.as_ref().map(|_| "—".to_owned()))
    }

    /// Surname first where either half is written in kanji or kana.
    fn surname_first(&self) -> bool {
        let east = |text: &Option<String>| {
            text.as_deref().is_some_and(|text| text.chars().any(|c| matches!(c, '\u{3005}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')))
        };
        east(&self.surname) || east(&self.given)
    }

    /// Names in their forms.
    pub(super) fn names(&self) -> Name {
        let halves = joined(self.surname_reading.as_deref(), self.given_reading.as_deref(), true);
        Name {
            written: self.written().unwrap_or_default(),
            reading: halves.or_else(|| self.reading.clone()).map(|reading| katakana(&reading)),
            romaji: self.romaji.clone(),
            former: self.former.clone(),
        }
    }

    /// Handles: kind, value, whether it was proved.
    pub(super) fn handles(&self, origin: &Origin) -> Vec<(IdentifierKind, String, bool)> {
        let region = self.country.as_deref().unwrap_or(&origin.region);
        let email = self.email.clone().map(|email| (IdentifierKind::Email, email, self.email_verified));
        let phone = self
            .phone
            .as_deref()
            .map(|phone| (IdentifierKind::Phone, e164(phone, region), self.phone_verified));
        let loyalty = self.loyalty.clone().map(|loyalty| (IdentifierKind::Loyalty, loyalty, true));
        [email, phone, loyalty].into_iter().flatten().collect()
    }

    /// What the row says and how it is to be taken, in 32 bytes: equal means nothing is to be done.
    pub(super) fn digest(&self, origin: &Origin) -> [u8; 32] {
        // A new reading of the same file is a change as well: the number goes up with the rules of this module.
        let taken = ("madoguchi/import/1", &origin.authority, &origin.region, self);
        let mut hash = Sha256::new();
        hash.update(serde_json::to_vec(&taken).unwrap_or_default());
        hash.finalize().into()
    }

    /// BCP 47 languages: `ja_JP` is `ja-JP`.
    pub(super) fn languages(&self) -> Vec<String> {
        self.language.iter().map(|language| language.replace('_', "-")).collect()
    }

    /// ISO 3166-1 alpha-2, where it is one.
    pub(super) fn country(&self) -> Option<String> {
        let country = self.country.as_deref()?.to_ascii_uppercase();
        (country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase())).then_some(country)
    }

    /// The lock for an account that is disabled at its source. Nobody says since when, so it is since `now`.
    pub(super) fn lock(&self, origin: &Origin, chance: &Chance, now: Timestamp) -> Option<Lock> {
        self.disabled.then(|| Lock {
            id: LockId::new(now, chance.bytes()),
            scope: LockScope::Account,
            cause: LockCause::DisabledAtSource,
            since: now,
            until: None,
            by: origin.issuer.clone(),
            note: None,
            version: 1,
        })
    }

    /// The last sign-in that the source tells of.
    pub(super) fn sign_in(&self, origin: &Origin, account: AccountId, chance: &Chance) -> Option<SignIn> {
        let at = self.last_sign_in?;
        let identity = self.identities.first()?.kind;
        Some(SignIn {
            id: SignInId::new(at, chance.bytes()),
            account,
            identity,
            at,
            outcome: Outcome::SignedIn,
            cause: None,
            address: self.last_address.clone(),
            place: None,
            device: None,
            client: None,
            channel: origin.issuer.clone(),
            new_address: false,
        })
    }

    /// The ways in, with ids.
    pub(super) fn ways(&self, since: Timestamp, chance: &Chance) -> Vec<NewIdentity> {
        let only = self.identities.len() == 1;
        self.identities
            .iter()
            .map(|way| {
                let linked_at = way.linked_at.unwrap_or(since);
                NewIdentity {
                    id: IdentityId::new(linked_at, chance.bytes()),
                    kind: way.kind,
                    issuer: way.issuer.clone(),
                    subject: way.subject.clone(),
                    address: way.address.clone(),
                    linked_at,
                    // With several, nobody says which one it was.
                    last_sign_in: self.last_sign_in.filter(|_| only),
                }
            })
            .collect()
    }

    /// The customer it becomes when nobody of this subject is there.
    pub(super) fn customer(&self, origin: &Origin, chance: &Chance, now: Timestamp) -> NewCustomer {
        let since = self.since.unwrap_or(now);
        let id = AccountId::new(since, chance.bytes());
        let identifiers = self
            .handles(origin)
            .into_iter()
            .map(|(kind, value, proved)| NewIdentifier {
                id: IdentifierId::new(since, chance.bytes()),
                kind,
                value,
                account: Some(id),
                verified_at: proved.then_some(since),
                held_since: since,
            })
            .collect();
        let account = NewAccount {
            id,
            issuer: origin.issuer.clone(),
            brand: origin.brand.clone(),
            external_id: self.subject.clone(),
            digest: Some(self.digest(origin)),
            authority: origin.authority,
            since,
            identities: self.ways(since, chance),
            sessions: Vec::new(),
            locks: self.lock(origin, chance, now).into_iter().collect(),
            ended: Vec::new(),
            sign_ins: self.sign_in(origin, id, chance).into_iter().collect(),
        };
        let note = self.note.clone().map(|text| Note {
            id: NoteId::new(now, chance.bytes()),
            text,
            by: origin.issuer.clone(),
            at: since,
            case: None,
        });
        NewCustomer {
            id: CustomerId::from_bits(i64::from_le_bytes(chance.bytes())),
            name: self.names(),
            brands: vec![origin.brand.clone()],
            languages: self.languages(),
            time_zone: self.time_zone.clone(),
            country: self.country(),
            tier: self.tier.clone(),
            since,
            source: origin.issuer.clone(),
            identifiers,
            accounts: vec![account],
            consents: Vec::new(),
            notes: note.into_iter().collect(),
            actions: Vec::new(),
        }
    }
}

fn text(field: &'static str, value: &str, longest: usize) -> Result<(), Refusal> {
    if value.contains('\0') {
        return Err(Refusal::Nul(field));
    }
    if value.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Refusal::NotText);
    }
    if value.chars().nth(longest).is_some() { Err(Refusal::FieldTooLong(field)) } else { Ok(()) }
}

fn key(field: &'static str, value: &str) -> Result<(), Refusal> {
    text(field, value, LONGEST)?;
    if value.len() > LONGEST_KEY { Err(Refusal::FieldTooLong(field)) } else { Ok(()) }
}

fn joined(surname: Option<&str>, given: Option<&str>, surname_first: bool) -> Option<String> {
    match (surname, given) {
        (Some(surname), Some(given)) if surname_first => Some(format!("{surname} {given}")),
        (Some(surname), Some(given)) => Some(format!("{given} {surname}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

/// A reading in full-width katakana with a plain space, whichever kana it was written in.
fn katakana(reading: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let shift = |c: char| match c {
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    // Half-width kana become full-width by compatibility; what is no kana stays as it was written.
    if !reading.chars().any(|c| matches!(c, '\u{ff65}'..='\u{ff9f}' | 'ぁ'..='ゖ' | '\u{3000}')) {
        return reading.to_owned();
    }
    reading.nfkc().map(shift).collect()
}

/// A moment in RFC 3339, with any offset.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok()
}

/// A moment this many milliseconds after 1970.
pub(super) fn from_millis(millis: i64) -> Option<Timestamp> {
    const YEAR_3000: i64 = 32_503_680_000_000;
    (0..YEAR_3000).contains(&millis).then(|| Timestamp::from_micros(millis * 1000))
}
