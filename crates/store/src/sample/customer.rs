//! One customer of the sample, whole.

use std::time::Duration;

use madoguchi_domain::{BrandId, CustomerId, Timestamp};

use super::{
    brands::BRANDS,
    choices, desk_work,
    dice::{self, Dice, Use},
    people::Person,
    story::{self, Ending},
};
use crate::db::bulk::NewCustomer;

/// Customer `number` of the sample of this seed, counted from 0, as they are at `now`.
pub(super) fn customer(seed: u64, number: u64, now: Timestamp) -> NewCustomer {
    let mut dice = Dice::new(seed, Use::Customer, number);
    let dice = &mut dice;
    let person = Person::draw(dice, seed, number, now);
    let brands = brands(dice, number);
    let ending = ending(dice, number);
    // It stands with one account as it does; the others are well.
    let troubled = if number < 8 { 0 } else { dice.index(brands.len()) };
    let mut accounts = Vec::with_capacity(brands.len());
    let mut consents = Vec::new();
    for (place, brand) in brands.iter().enumerate() {
        // Whatever happened lately happened to an account that was there.
        let lately = now.minus(Duration::from_secs(6 * 86_400));
        let joined = if place == 0 { person.since } else { dice.moment(person.since, lately) };
        let ending = if place == troubled { ending } else { Ending::Well };
        accounts.push(story::account(dice, &person, brand, joined, ending, now));
        consents.extend(choices::history(dice, brand, &person.languages[0], joined, now));
    }
    consents.sort_by_key(|event| event.captured_at);
    let notes = desk_work::notes(dice, person.japanese, person.since, now);
    let actions = desk_work::actions(dice, &accounts, &notes, now);
    NewCustomer {
        id: CustomerId::from_bits(dice::id_bits(seed, number)),
        source: "store".to_owned(),
        name: person.name,
        brands,
        tier: dice
            .weighted(&[
                (40, None),
                (34, Some("Member")),
                (16, Some("Silver")),
                (8, Some("Gold")),
                (2, Some("Platinum")),
            ])
            .map(ToOwned::to_owned),
        time_zone: dice.per_mille(930).then(|| person.home.time_zone.to_owned()),
        country: Some(person.home.country.to_owned()),
        languages: person.languages,
        since: person.since,
        identifiers: person.identifiers,
        accounts,
        consents,
        notes,
        actions,
    }
}

fn brands(dice: &mut Dice, number: u64) -> Vec<BrandId> {
    if number == 0 {
        return vec![BRANDS[0].0.into(), BRANDS[1].0.into()];
    }
    let first = dice.weighted(&[(50, 0), (30, 1), (20, 2)]);
    let count = dice.weighted(&[(62, 1), (28, 2), (10, 3)]);
    let turn = dice.between(1, 2);
    (0..count)
        .map(|step| usize::try_from((first + step * turn) % 3).unwrap_or(0))
        .map(|place| BRANDS[place].0.into())
        .collect()
}

/// The first ones are the known people, and one of them is always shut out by the sign-in rule.
fn ending(dice: &mut Dice, number: u64) -> Ending {
    let drawn = Ending::draw(dice);
    match number {
        0 => Ending::JustNow,
        1 | 2 => Ending::Well,
        _ => drawn,
    }
}
