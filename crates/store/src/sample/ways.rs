//! The ways into an account.

use madoguchi_domain::{IdentityId, Timestamp, account::IdentityKind};

use super::{dice::Dice, people::Person, story::Ending};
use crate::db::bulk::{NewAccount, NewIdentity};

/// The ways into an account that fit how it stands with it.
pub(super) fn identities(
    dice: &mut Dice,
    person: &Person,
    account: &NewAccount,
    ending: Ending,
    now: Timestamp,
) -> Vec<NewIdentity> {
    let needs_password =
        matches!(ending, Ending::JustNow | Ending::TooMany { .. } | Ending::WasLocked | Ending::Stuffed);
    let (line, facebook) = if person.japanese { (420, 60) } else { (40, 180) };
    let two = matches!(ending, Ending::TooMany { one_way: true, .. });
    let mut kinds = Vec::new();
    let shares = [
        (IdentityKind::Password, if needs_password { 1000 } else { 700 }),
        (IdentityKind::Google, if two { 1000 } else { 330 }),
        (IdentityKind::Line, line),
        (IdentityKind::Apple, 190),
        (IdentityKind::Facebook, facebook),
        (IdentityKind::Enterprise, 30),
    ];
    for (kind, share) in shares {
        if dice.per_mille(share) && !(ending == Ending::NoPassword && kind == IdentityKind::Password) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        let other = if person.japanese { IdentityKind::Line } else { IdentityKind::Google };
        kinds.push(if ending == Ending::NoPassword { other } else { IdentityKind::Password });
    }
    let mut made = Vec::with_capacity(kinds.len());
    for (place, kind) in kinds.into_iter().enumerate() {
        let linked_at = if place == 0 { account.since } else { dice.moment(account.since, now) };
        made.push(identity(dice, person, account, kind, linked_at));
    }
    made
}

fn identity(
    dice: &mut Dice,
    person: &Person,
    account: &NewAccount,
    kind: IdentityKind,
    linked_at: Timestamp,
) -> NewIdentity {
    let address = Some(person.email.clone());
    let (issuer, subject, address) = match kind {
        IdentityKind::Password | IdentityKind::Other => {
            (account.issuer.clone(), account.external_id.clone(), address)
        }
        IdentityKind::Google => (
            "https://accounts.google.com".to_owned(),
            format!("1{}{}", dice.digits(10), dice.digits(10)),
            address,
        ),
        IdentityKind::Facebook => ("https://www.facebook.com".to_owned(), dice.digits(16), address),
        IdentityKind::Apple => {
            let relay = format!("{}@relay.example.com", dice.hex(10));
            let subject = format!("{:06}.{}.{:04}", dice.below(2000), dice.hex(32), dice.below(2400));
            ("https://appleid.apple.com".to_owned(), subject, Some(relay))
        }
        IdentityKind::Line => ("https://access.line.me".to_owned(), format!("U{}", dice.hex(32)), None),
        IdentityKind::Enterprise => {
            let company = dice.pick(&["kaze-trading", "hoshi-works", "northlight", "aomi-bank"]);
            (format!("https://login.{company}.example.com"), dice.uuid().to_string(), address)
        }
    };
    let id = IdentityId::new(linked_at, dice.bytes());
    NewIdentity { id, kind, issuer, subject, address, linked_at, last_sign_in: None }
}
