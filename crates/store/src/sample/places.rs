//! Where people are, what they hold in their hands, and the numbers they are reached at.

use super::dice::Dice;

/// A city.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// In words.
    pub(super) name: &'static str,
    /// ISO 3166-1 alpha-2.
    pub(super) country: &'static str,
    /// IANA name.
    pub(super) time_zone: &'static str,
    /// Hours ahead of UTC, for waking hours; summer time does not matter to a sample.
    pub(super) ahead: i64,
    /// How often, against the others of its list.
    weight: u64,
    /// The area code of its land lines, without the leading 0; Japan only.
    area: &'static str,
}

const fn japanese(name: &'static str, weight: u64, area: &'static str) -> Place {
    Place { name, country: "JP", time_zone: "Asia/Tokyo", ahead: 9, weight, area }
}

const fn abroad(name: &'static str, country: &'static str, time_zone: &'static str, ahead: i64) -> Place {
    Place { name, country, time_zone, ahead, weight: 1, area: "" }
}

/// Cities of Japan, as often as people live there.
const JAPAN: &[Place] = &[
    japanese("Tokyo", 90, "3"),
    japanese("Yokohama", 38, "45"),
    japanese("Osaka", 36, "6"),
    japanese("Nagoya", 24, "52"),
    japanese("Sapporo", 20, "11"),
    japanese("Fukuoka", 18, "92"),
    japanese("Kawasaki", 15, "44"),
    japanese("Kobe", 15, "78"),
    japanese("Kyoto", 14, "75"),
    japanese("Saitama", 13, "48"),
    japanese("Hiroshima", 12, "82"),
    japanese("Sendai", 11, "22"),
    japanese("Chiba", 10, "43"),
    japanese("Kitakyushu", 9, "93"),
    japanese("Niigata", 8, "25"),
    japanese("Hamamatsu", 8, "53"),
    japanese("Kumamoto", 7, "96"),
    japanese("Okayama", 7, "86"),
    japanese("Shizuoka", 7, "54"),
    japanese("Kagoshima", 6, "99"),
    japanese("Matsuyama", 5, "89"),
    japanese("Kanazawa", 5, "76"),
    japanese("Nagasaki", 4, "95"),
    japanese("Takamatsu", 4, "87"),
    japanese("Naha", 4, "98"),
    japanese("Beppu", 2, "977"),
    japanese("Hakodate", 2, "138"),
];

/// Cities elsewhere.
const ABROAD: &[Place] = &[
    abroad("New York", "US", "America/New_York", -5),
    abroad("Boston", "US", "America/New_York", -5),
    abroad("Chicago", "US", "America/Chicago", -6),
    abroad("Austin", "US", "America/Chicago", -6),
    abroad("Seattle", "US", "America/Los_Angeles", -8),
    abroad("San Francisco", "US", "America/Los_Angeles", -8),
    abroad("Honolulu", "US", "Pacific/Honolulu", -10),
    abroad("London", "GB", "Europe/London", 0),
    abroad("Edinburgh", "GB", "Europe/London", 0),
    abroad("Dublin", "IE", "Europe/Dublin", 0),
    abroad("Paris", "FR", "Europe/Paris", 1),
    abroad("Berlin", "DE", "Europe/Berlin", 1),
    abroad("Munich", "DE", "Europe/Berlin", 1),
    abroad("Amsterdam", "NL", "Europe/Amsterdam", 1),
    abroad("Madrid", "ES", "Europe/Madrid", 1),
    abroad("Milan", "IT", "Europe/Rome", 1),
    abroad("Stockholm", "SE", "Europe/Stockholm", 1),
    abroad("Sydney", "AU", "Australia/Sydney", 10),
    abroad("Auckland", "NZ", "Pacific/Auckland", 12),
    abroad("Singapore", "SG", "Asia/Singapore", 8),
];

/// A city of Japan.
pub(super) fn in_japan(dice: &mut Dice) -> &'static Place {
    let mut throw = dice.below(JAPAN.iter().map(|place| place.weight).sum());
    for place in JAPAN {
        match throw.checked_sub(place.weight) {
            Some(rest) => throw = rest,
            None => return place,
        }
    }
    &JAPAN[0]
}

/// A city elsewhere.
pub(super) fn abroad_somewhere(dice: &mut Dice) -> &'static Place {
    dice.pick(ABROAD)
}

/// A city of that name.
pub(super) fn named(name: &str) -> &'static Place {
    JAPAN.iter().find(|place| place.name == name).unwrap_or(&JAPAN[0])
}

/// An IPv4 address of the ranges that RFC 5737 keeps for documentation: no machine has it.
pub(super) fn address(dice: &mut Dice) -> String {
    let net = dice.pick(&["192.0.2", "198.51.100", "203.0.113"]);
    format!("{net}.{}", dice.between(1, 254))
}

/// A mobile number of Japan that nobody has: the numbering plan assigns 070 and 090 followed by 1 to 9, never by 0.
pub(super) fn mobile(dice: &mut Dice) -> String {
    format!("+81{}0{:07}", dice.pick(&["70", "90", "90"]), dice.below(10_000_000))
}

/// A land line of Japan that nobody has: behind an area code a local exchange begins with 2 to 9, never with 0.
pub(super) fn land_line(dice: &mut Dice, place: &Place) -> String {
    let area = if place.area.is_empty() { "3" } else { place.area };
    let free = 8 - area.len();
    let rest = dice.below(10u64.pow(u32::try_from(free).unwrap_or(7)));
    format!("+81{area}0{rest:0free$}")
}

/// A number elsewhere that nobody has. Great Britain: 07700 900000 to 900999, which Ofcom keeps for drama. Otherwise
/// North America's 555-0100 to 555-0199, kept for fiction in every area code.
pub(super) fn foreign_number(dice: &mut Dice, place: &Place) -> String {
    if place.country == "GB" {
        return format!("+447700900{:03}", dice.below(1000));
    }
    // Area codes have 2 to 9 first, then anything but 9, and are not N11.
    let (first, second) = (dice.between(2, 9), dice.below(9));
    let third = if second == 1 { dice.between(2, 9) } else { dice.below(10) };
    format!("+1{first}{second}{third}55501{:02}", dice.below(100))
}

/// What somebody signs in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Device {
    /// In words.
    pub(super) name: &'static str,
    /// Its browser.
    pub(super) browser: &'static str,
    /// Whether the brand's app runs on it.
    pub(super) app: bool,
}

const DEVICES: &[(u64, Device)] = &[
    (34, Device { name: "iPhone", browser: "Safari 19", app: true }),
    (14, Device { name: "Windows", browser: "Chrome 142", app: false }),
    (7, Device { name: "Windows", browser: "Edge 142", app: false }),
    (10, Device { name: "MacBook", browser: "Safari 19", app: false }),
    (3, Device { name: "MacBook", browser: "Chrome 142", app: false }),
    (8, Device { name: "iPad", browser: "Safari 19", app: true }),
    (8, Device { name: "Pixel", browser: "Chrome 142", app: true }),
    (7, Device { name: "Galaxy", browser: "Chrome 142", app: true }),
    (5, Device { name: "Xperia", browser: "Chrome 142", app: true }),
    (3, Device { name: "Linux", browser: "Firefox 145", app: false }),
    (1, Device { name: "PlayStation", browser: "Built-in browser", app: false }),
];

/// A device.
pub(super) fn device(dice: &mut Dice) -> Device {
    dice.weighted(DEVICES)
}

#[cfg(test)]
mod tests {
    use super::{super::dice::Use, *};

    #[test]
    fn numbers_are_long_enough_and_nobodys() {
        let mut dice = Dice::new(1, Use::Customer, 1);
        for _ in 0..500 {
            let mobile = mobile(&mut dice);
            assert_eq!(mobile.len(), 13, "{mobile}");
            assert!(mobile.starts_with("+81900") || mobile.starts_with("+81700"), "{mobile}");
            let home = in_japan(&mut dice);
            let land = land_line(&mut dice, home);
            assert_eq!(land.len(), 12, "{land} in {}", home.name);
            assert!(land.starts_with(&format!("+81{}0", home.area)), "{land}");
            let elsewhere = abroad_somewhere(&mut dice);
            let number = foreign_number(&mut dice, elsewhere);
            assert!(number.starts_with("+447700900") || &number[5..10] == "55501", "{number}");
        }
    }

    #[test]
    fn addresses_are_those_of_documentation() {
        let mut dice = Dice::new(1, Use::Customer, 2);
        for _ in 0..200 {
            let address = address(&mut dice);
            assert!(
                ["192.0.2.", "198.51.100.", "203.0.113."].iter().any(|net| address.starts_with(net)),
                "{address}"
            );
        }
    }
}
