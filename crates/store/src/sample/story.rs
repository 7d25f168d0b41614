//! How they sign in: months of visits with what goes wrong on the way, and how it stands with each account today.

use std::time::Duration;

use madoguchi_domain::{
    AccountId, BrandId, LockId, SessionId, SignInId, Timestamp,
    account::{Authority, IdentityKind, Lock, LockCause, LockScope, Session},
    sign_in::{Cause, Outcome, SignIn},
};

use super::{
    dice::Dice,
    people::Person,
    places::{self, Device, Place},
    ways,
};
use crate::db::bulk::{EndedLock, NewAccount};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How long the sign-in rule keeps an account shut the first time.
const RULE: Duration = Duration::from_secs(30 * MINUTE);

/// How it stands with an account today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// They come and go.
    Well,
    /// The last attempts failed, nothing is locked.
    Failing,
    /// They type a password and never had one.
    NoPassword,
    /// The rule shut it seven minutes ago, after six wrong passwords from another city.
    JustNow,
    /// The rule shut it; on one way in only, or with a second lock beside it, where said.
    TooMany { one_way: bool, fraud_too: bool },
    /// The rule had shut it, and somebody ended that.
    WasLocked,
    /// Passwords from elsewhere were tried in bulk.
    Stuffed,
    /// A lock of that cause.
    Shut(LockCause),
}

const ENDINGS: &[(u64, Ending)] = &[
    (790, Ending::Well),
    (30, Ending::Failing),
    (10, Ending::NoPassword),
    (34, Ending::TooMany { one_way: false, fraud_too: false }),
    (8, Ending::TooMany { one_way: true, fraud_too: false }),
    (4, Ending::TooMany { one_way: false, fraud_too: true }),
    (30, Ending::WasLocked),
    (14, Ending::Stuffed),
    (12, Ending::Shut(LockCause::CustomerRequest)),
    (9, Ending::Shut(LockCause::Fraud)),
    (22, Ending::Shut(LockCause::Dormant)),
    (18, Ending::Shut(LockCause::ContactUnverified)),
    (12, Ending::Shut(LockCause::DisabledAtSource)),
    (7, Ending::Shut(LockCause::Policy)),
];

impl Ending {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        dice.weighted(ENDINGS)
    }
}

/// Who agents are in the sample's past.
pub(super) const AGENTS: &[&str] = &["Kaede Mori", "Jun Sato", "Ellen Ward", "松本 直樹", "Priya Raman"];
/// Who supervisors are.
pub(super) const SUPERVISORS: &[&str] = &["Haruka Endo", "Tom Becker"];

/// An account of this person for this brand, with its past.
pub(super) fn account(
    dice: &mut Dice,
    person: &Person,
    brand: &BrandId,
    since: Timestamp,
    ending: Ending,
    now: Timestamp,
) -> NewAccount {
    let short = brand.0.trim_start_matches("asanagi-");
    // What was disabled at its source, and a few others, still belong to the system they came from.
    let imported =
        ending == Ending::Shut(LockCause::DisabledAtSource) || (ending == Ending::Well && dice.per_mille(60));
    let issuer = match imported {
        true => format!("https://members.{short}.example.com"),
        false => format!("https://id.{short}.example.jp"),
    };
    let mut account = NewAccount {
        id: AccountId::new(since, dice.bytes()),
        external_id: dice.uuid().to_string(),
        digest: None,
        brand: brand.clone(),
        authority: if imported { Authority::Source } else { Authority::Store },
        since,
        identities: Vec::new(),
        sessions: Vec::new(),
        locks: Vec::new(),
        ended: Vec::new(),
        sign_ins: Vec::new(),
        issuer,
    };
    account.identities = ways::identities(dice, person, &account, ending, now);
    let mut past = Past::new(dice, person, account, short, now);
    past.visits(ending);
    past.end(ending);
    past.into_account()
}

/// What somebody holds, and the address they hold it at.
#[derive(Debug, Clone)]
struct Seat {
    device: Device,
    place: &'static str,
    address: String,
}

/// An account while its past is told, the oldest first.
struct Past<'a> {
    dice: &'a mut Dice,
    account: NewAccount,
    home: &'static Place,
    seats: Vec<Seat>,
    short: String,
    seen: Vec<String>,
    now: Timestamp,
}

impl<'a> Past<'a> {
    fn new(dice: &'a mut Dice, person: &Person, account: NewAccount, short: &str, now: Timestamp) -> Self {
        let count = dice.weighted(&[(50, 1), (35, 2), (15, 3)]);
        let address = places::address(dice);
        let seats = (0..count)
            .map(|place| Seat {
                device: places::device(dice),
                place: person.home.name,
                // Devices at home share an address; one is out and about.
                address: if place == 2 { places::address(dice) } else { address.clone() },
            })
            .collect();
        Self { dice, account, home: person.home, seats, short: short.to_owned(), seen: Vec::new(), now }
    }

    fn into_account(mut self) -> NewAccount {
        for way in &mut self.account.identities {
            let successes = self.account.sign_ins.iter().filter(|s| s.outcome == Outcome::SignedIn);
            way.last_sign_in = successes.filter(|s| s.identity == way.kind).map(|s| s.at).max();
        }
        self.account
    }

    /// A waking hour of that day at home, never later than `limit`.
    fn waking(&mut self, day: Timestamp, limit: Timestamp) -> Timestamp {
        let shift = self.home.ahead * 3600 * 1_000_000;
        let day_micros = i64::try_from(DAY).unwrap_or(0) * 1_000_000;
        let midnight = (day.micros() + shift).div_euclid(day_micros) * day_micros - shift;
        // Mornings and evenings more than the middle of the day, hardly ever at night.
        let hour = self.dice.weighted(&[
            (1, 0),
            (1, 2),
            (1, 5),
            (4, 6),
            (8, 7),
            (9, 8),
            (6, 9),
            (5, 10),
            (4, 11),
            (8, 12),
            (6, 13),
            (4, 14),
            (4, 15),
            (5, 16),
            (6, 17),
            (8, 18),
            (9, 19),
            (11, 20),
            (12, 21),
            (9, 22),
            (4, 23),
        ]);
        let at = Timestamp::from_micros(midnight).plus(self.dice.seconds(hour * HOUR, (hour + 1) * HOUR));
        if at >= limit { self.dice.moment(limit.minus(Duration::from_secs(HOUR)), limit) } else { at }
    }

    /// Visits from when the account began, at most six months back, until shortly before now.
    fn visits(&mut self, ending: Ending) {
        let last = match ending {
            Ending::Shut(LockCause::Dormant) => 420,
            Ending::Shut(LockCause::DisabledAtSource) => 25,
            Ending::Well => 0,
            _ => 1,
        };
        let count: u64 = self.dice.weighted(&[(24, 2), (26, 4), (22, 6), (14, 9), (9, 14), (5, 24)]);
        let count = self.dice.between(count.div_ceil(2), count);
        let latest = self.now.minus(Duration::from_secs(last * DAY));
        let earliest = self.account.since.max(latest.minus(Duration::from_secs(180 * DAY)));
        if earliest >= latest {
            return;
        }
        let mut moments = Vec::new();
        for _ in 0..count {
            let day = self.dice.moment(earliest, latest);
            moments.push(self.waking(day, latest).max(self.account.since));
        }
        moments.sort_unstable();
        for at in moments {
            let way = self.dice.index(self.account.identities.len());
            self.visit(way, at);
        }
    }

    /// One visit with what went wrong before it went well.
    fn visit(&mut self, way: usize, at: Timestamp) {
        let mut seat = self.dice.pick(&self.seats).clone();
        if self.dice.per_mille(70) {
            // On the road, or with something new in their hands.
            let elsewhere = if self.home.country == "JP" || self.dice.per_mille(500) {
                places::in_japan(self.dice)
            } else {
                places::abroad_somewhere(self.dice)
            };
            seat.place = elsewhere.name;
            seat.address = places::address(self.dice);
            if self.dice.per_mille(400) {
                seat.device = places::device(self.dice);
            }
        }
        let kind = self.account.identities[way].kind;
        let causes: &[Cause] = match kind {
            IdentityKind::Password => match self.dice.below(1000) {
                0..110 => &[Cause::WrongPassword],
                110..150 => &[Cause::WrongPassword, Cause::WrongPassword],
                150..185 => &[Cause::CodeExpired],
                185..210 => &[Cause::WrongCode],
                210..220 => &[Cause::PasswordExpired],
                _ => &[],
            },
            _ => match self.dice.below(1000) {
                0..35 => &[Cause::Cancelled],
                35..48 => &[Cause::ProviderRefused],
                48..52 => &[Cause::Other],
                _ => &[],
            },
        };
        let mut back = at;
        let mut failures: Vec<(Timestamp, Cause)> = Vec::new();
        for cause in causes.iter().rev() {
            back = back.minus(match cause {
                Cause::CodeExpired => self.dice.seconds(320, 700),
                Cause::PasswordExpired => self.dice.seconds(90, 400),
                _ => self.dice.seconds(8, 45),
            });
            failures.push((back, *cause));
        }
        for (at, cause) in failures.into_iter().rev() {
            let at = at.max(self.account.since);
            self.attempt(kind, at, Outcome::Failed, Some(cause), &seat);
        }
        self.attempt(kind, at, Outcome::SignedIn, None, &seat);
        let age = self.now.since(at);
        if age < Duration::from_secs(14 * DAY) && self.account.sessions.len() < 3 && self.dice.per_mille(700)
        {
            let client = self.client(&seat);
            let session = Session {
                id: SessionId::new(at, self.dice.bytes()),
                started_at: at,
                last_seen_at: self.dice.moment(at, self.now),
                device: seat.device.name.to_owned(),
                client,
                place: Some(seat.place.to_owned()),
            };
            self.account.sessions.push(session);
        }
    }

    /// The program they use on it: the brand's app where it runs, more often than the browser.
    fn client(&mut self, seat: &Seat) -> String {
        match seat.device.app && self.dice.per_mille(650) {
            true => "App 8.2".to_owned(),
            false => seat.device.browser.to_owned(),
        }
    }

    fn attempt(
        &mut self,
        identity: IdentityKind,
        at: Timestamp,
        outcome: Outcome,
        cause: Option<Cause>,
        seat: &Seat,
    ) {
        let client = self.client(seat);
        let channel = match client.starts_with("App") {
            true => format!("{}-app", self.short),
            false => format!("{}-web", self.short),
        };
        // The first sign-in ever is not from a new address: there was none before it.
        let new_address = !self.seen.is_empty() && !self.seen.contains(&seat.address);
        if outcome == Outcome::SignedIn && (new_address || self.seen.is_empty()) {
            self.seen.push(seat.address.clone());
        }
        let id = SignInId::new(at, self.dice.bytes());
        self.account.sign_ins.push(SignIn {
            id,
            account: self.account.id,
            identity,
            at,
            outcome,
            cause,
            address: Some(seat.address.clone()),
            place: Some(seat.place.to_owned()),
            device: Some(seat.device.name.to_owned()),
            client: Some(client),
            channel,
            new_address,
        });
    }

    /// Somebody who is not at home: in another city of the same country, as most callers are.
    fn stranger(&mut self) -> Seat {
        let mut place = places::in_japan(self.dice);
        if self.home.country != "JP" {
            place = places::abroad_somewhere(self.dice);
        }
        Seat { device: places::device(self.dice), place: place.name, address: places::address(self.dice) }
    }

    fn password(&self) -> Option<usize> {
        self.account.identities.iter().position(|way| way.kind == IdentityKind::Password)
    }

    /// `count` failures that end at `last`; answers when the first was.
    fn burst(&mut self, seat: &Seat, count: u64, last: Timestamp, apart: (u64, u64)) {
        let mut at = last;
        let mut moments = vec![at];
        for _ in 1..count {
            at = at.minus(self.dice.seconds(apart.0, apart.1));
            moments.push(at);
        }
        for at in moments.into_iter().rev() {
            let at = at.max(self.account.since);
            self.attempt(IdentityKind::Password, at, Outcome::Failed, Some(Cause::WrongPassword), seat);
        }
    }

    /// Attempts that were not even looked at, after the lock.
    fn refused(&mut self, seat: &Seat, after: Timestamp, count: u64) {
        let way = self.password().unwrap_or(0);
        let kind = self.account.identities[way].kind;
        let mut at = after;
        for _ in 0..count {
            at = at.plus(self.dice.seconds(20, 150));
            if at < self.now {
                self.attempt(kind, at, Outcome::Refused, Some(Cause::Locked), seat);
            }
        }
    }

    fn shut(
        &mut self,
        cause: LockCause,
        since: Timestamp,
        until: Option<Timestamp>,
        by: &str,
        note: Option<&str>,
    ) {
        // Nobody came in since.
        self.account.sign_ins.retain(|sign_in| sign_in.at <= since);
        self.account.sessions.retain(|session| session.started_at <= since);
        let id = LockId::new(since, self.dice.bytes());
        let (by, note) = (by.to_owned(), note.map(ToOwned::to_owned));
        let scope = LockScope::Account;
        self.account.locks.push(Lock { id, scope, cause, since, until, by, note, version: 1 });
    }

    fn end(&mut self, ending: Ending) {
        match ending {
            Ending::Well => {}
            Ending::Failing => {
                let seat = self.dice.pick(&self.seats).clone();
                let last = self.now.minus(self.dice.seconds(3 * MINUTE, 20 * HOUR));
                match self.password() {
                    Some(_) => {
                        let count = self.dice.between(2, 4);
                        self.burst(&seat, count, last, (15, 90));
                    }
                    None => {
                        let kind = self.account.identities[0].kind;
                        let cause = *self.dice.pick(&[Cause::ProviderRefused, Cause::Cancelled]);
                        self.attempt(kind, last, Outcome::Failed, Some(cause), &seat);
                    }
                }
            }
            Ending::NoPassword => {
                let seat = self.dice.pick(&self.seats).clone();
                let last = self.now.minus(self.dice.seconds(2 * MINUTE, 6 * HOUR));
                let count = self.dice.between(2, 5);
                self.burst(&seat, count, last, (15, 90));
            }
            Ending::JustNow => {
                let device = Device { name: "Windows", browser: "Chrome 142", app: false };
                let seat = Seat { device, place: "Osaka", address: "203.0.113.58".to_owned() };
                let since = self.now.minus(Duration::from_secs(7 * MINUTE));
                self.burst(&seat, 6, since, (12, 28));
                self.shut(LockCause::TooManyFailures, since, Some(since.plus(RULE)), "rule", None);
                self.refused(&seat, since, 1);
            }
            Ending::TooMany { one_way, fraud_too } => self.too_many(one_way, fraud_too),
            Ending::WasLocked => {
                let since = self.now.minus(self.dice.seconds(2 * DAY, 12 * DAY));
                let since = since.max(self.account.since.plus(Duration::from_secs(HOUR)));
                let seat = self.dice.pick(&self.seats).clone();
                self.burst(&seat, 6, since, (8, 40));
                self.shut(LockCause::TooManyFailures, since, Some(since.plus(RULE)), "rule", None);
                let ended = since.plus(self.dice.seconds(4 * MINUTE, 25 * MINUTE));
                let by = (*self.dice.pick(AGENTS)).to_owned();
                self.refused(&seat, since, 2);
                if let Some(lock) = self.account.locks.pop() {
                    self.account.ended.push(EndedLock { lock, at: ended, by });
                }
                let back = ended.plus(self.dice.seconds(MINUTE, 10 * MINUTE));
                self.visit(self.password().unwrap_or(0), back);
                for _ in 0..self.dice.below(4) {
                    let (way, at) =
                        (self.dice.index(self.account.identities.len()), self.dice.moment(back, self.now));
                    self.visit(way, at);
                }
            }
            Ending::Stuffed => self.stuffed(),
            Ending::Shut(cause) => self.shut_by_somebody(cause),
        }
        self.account.sign_ins.sort_by_key(|sign_in| sign_in.at);
    }

    /// Six wrong passwords within ten minutes, as the rule has it; most of these locks are running now.
    fn too_many(&mut self, one_way: bool, fraud_too: bool) {
        let own = self.dice.per_mille(600);
        let seat = if own { self.dice.pick(&self.seats).clone() } else { self.stranger() };
        let (ago, until) = match self.dice.below(100) {
            0..55 => (self.dice.seconds(30, 28 * MINUTE), Some(RULE)),
            55..80 => (self.dice.seconds(40 * MINUTE, 20 * HOUR), Some(Duration::from_secs(DAY))),
            _ => (self.dice.seconds(2 * HOUR, 5 * DAY), None),
        };
        let since = self.now.minus(ago);
        self.burst(&seat, 6, since, (8, 45));
        let note = match until {
            Some(RULE) => None,
            Some(_) => Some("Second lock within a day: 24 hours."),
            None => Some("Third lock within a week: until somebody ends it."),
        };
        self.shut(LockCause::TooManyFailures, since, until.map(|span| since.plus(span)), "rule", note);
        if one_way && let (Some(way), Some(lock)) = (self.password(), self.account.locks.last_mut()) {
            lock.scope = LockScope::Identity(self.account.identities[way].id);
        }
        let again = self.dice.below(4);
        self.refused(&seat, since, again);
        if fraud_too {
            let by = *self.dice.pick(SUPERVISORS);
            let looked = since.plus(self.now.since(since) / 2);
            self.shut(LockCause::Fraud, looked, None, by, Some("Card reported stolen; see the case."));
        }
    }

    /// Leaked passwords tried from many addresses at once.
    fn stuffed(&mut self) {
        let last = self.now.minus(self.dice.seconds(10 * MINUTE, 3 * DAY));
        let device = Device { name: "Windows", browser: "Chrome 109", app: false };
        let mut at = last;
        let mut tries = Vec::new();
        for _ in 0..self.dice.between(9, 24) {
            let place = places::abroad_somewhere(self.dice).name;
            tries.push((at, Seat { device, place, address: places::address(self.dice) }));
            at = at.minus(self.dice.seconds(1, 9)).max(self.account.since);
        }
        for (at, seat) in tries.into_iter().rev() {
            self.attempt(IdentityKind::Password, at, Outcome::Failed, Some(Cause::WrongPassword), &seat);
        }
        let note = Some("Many addresses within minutes; the password may have leaked elsewhere.");
        self.shut(LockCause::SuspectedTakeover, last, None, "rule", note);
        let seat = self.dice.pick(&self.seats).clone();
        let again = self.dice.below(3);
        self.refused(&seat, last.plus(Duration::from_secs(5 * MINUTE)), again);
    }

    fn shut_by_somebody(&mut self, cause: LockCause) {
        let seat = self.dice.pick(&self.seats).clone();
        let agent = *self.dice.pick(AGENTS);
        let supervisor = *self.dice.pick(SUPERVISORS);
        let since = self.now.minus(self.dice.seconds(HOUR, 20 * DAY)).max(self.account.since);
        match cause {
            LockCause::CustomerRequest => {
                let note = *self.dice.pick(&[
                    "Phone lost on a train.",
                    "スマートフォンを紛失したとのこと。",
                    "Going abroad for a year.",
                ]);
                self.shut(cause, since, None, agent, Some(note));
                self.account.sessions.clear();
            }
            LockCause::Fraud => {
                self.shut(cause, since, None, supervisor, Some("Charge disputed; payment team is looking."));
                self.refused(&seat, since, 2);
            }
            LockCause::Dormant => {
                // The company closes what nobody used for 400 days.
                let last = self.account.sign_ins.iter().map(|s| s.at).max().unwrap_or(self.account.since);
                let since = last.plus(Duration::from_secs(400 * DAY)).min(self.now);
                self.shut(cause, since, None, "rule", Some("Not used for 400 days."));
                let tried = self.now.minus(self.dice.seconds(HOUR, 10 * DAY));
                if tried > since && self.dice.per_mille(500) {
                    self.refused(&seat, tried, 1);
                }
                self.account.sessions.clear();
            }
            LockCause::ContactUnverified => {
                self.shut(cause, since, None, "rule", None);
                let way = self.dice.index(self.account.identities.len());
                let kind = self.account.identities[way].kind;
                let at = since.plus(self.dice.seconds(5, 50));
                self.attempt(kind, at, Outcome::Failed, Some(Cause::ContactUnverified), &seat);
            }
            LockCause::DisabledAtSource => {
                let by = self.account.issuer.clone();
                self.shut(cause, since, None, &by, None);
                self.account.sessions.clear();
            }
            LockCause::Policy => {
                self.shut(
                    cause,
                    since,
                    None,
                    supervisor,
                    Some("Terms of use, article 9: resale of tickets."),
                );
            }
            LockCause::TooManyFailures | LockCause::SuspectedTakeover => {}
        }
    }
}
