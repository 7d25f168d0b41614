//! What they agreed to, took back, let run out and said again.

use std::time::Duration;

use madoguchi_domain::{
    BrandId, ConsentEventId, Timestamp,
    consent::{ConsentChange, ConsentEvent, ConsentMethod, NoticeShown},
};

use super::{
    brands::{self, Asked, PURPOSES},
    dice::Dice,
    story::AGENTS,
};

const DAY: u64 = 86_400;
/// Thirty days; a yes for months ends on a day, not on a second.
const MONTH: u64 = 30 * DAY;

/// The consents of one customer for one brand, the oldest first.
pub(super) fn history(
    dice: &mut Dice,
    brand: &BrandId,
    language: &str,
    since: Timestamp,
    now: Timestamp,
) -> Vec<ConsentEvent> {
    // Notices are written in two languages; others read the English one.
    let language = if language == "ja" { "ja" } else { "en" };
    let mut events = Vec::new();
    for asked in &PURPOSES {
        if dice.per_mille(asked.asked) {
            let mut choice = Choice { dice, brand, asked, language, now, events: &mut events };
            choice.tell(since);
        }
    }
    events.sort_by_key(|event| event.captured_at);
    events
}

struct Choice<'a> {
    dice: &'a mut Dice,
    brand: &'a BrandId,
    asked: &'a Asked,
    language: &'a str,
    now: Timestamp,
    events: &'a mut Vec<ConsentEvent>,
}

impl Choice<'_> {
    /// One purpose from the first question to today.
    fn tell(&mut self, since: Timestamp) {
        // Most are asked when they join, the others some time later.
        let first = match self.dice.per_mille(750) {
            true => since.plus(self.dice.seconds(20, 400)),
            false => self.dice.moment(since, self.now),
        };
        if !self.dice.per_mille(self.asked.yes) {
            self.say(ConsentChange::Refused, first);
            if self.dice.per_mille(60) {
                let later = self.dice.moment(first, self.now);
                self.say(ConsentChange::Given, later);
            }
            return;
        }
        let mut until = self.say(ConsentChange::Given, first);
        let mut last = first;
        // What runs out is renewed by some, and runs out for the others.
        while let Some(end) = until.filter(|end| *end <= self.now) {
            if self.dice.per_mille(550) {
                last = end.minus(self.dice.seconds(DAY, 20 * DAY)).max(last);
                until = self.say(ConsentChange::Renewed, last);
            } else {
                // The rule writes it down within the day; what ran out today is still to be written.
                if end < self.now.minus(Duration::from_secs(DAY)) {
                    self.say(ConsentChange::Expired, end);
                }
                return;
            }
        }
        if self.asked.id != "service-notices" && self.dice.per_mille(140) {
            let taken_back = self.dice.moment(last, self.now);
            self.say(ConsentChange::Withdrawn, taken_back);
            if self.dice.per_mille(120) {
                let again = self.dice.moment(taken_back, self.now);
                self.say(ConsentChange::Given, again);
            }
        }
    }

    /// Writes one event down; answers until when it holds.
    fn say(&mut self, change: ConsentChange, at: Timestamp) -> Option<Timestamp> {
        let (method, by) = match change {
            ConsentChange::Expired => (ConsentMethod::Rule, "rule"),
            _ => match self.dice.below(100) {
                0..46 => (ConsentMethod::Web, "customer"),
                46..84 => (ConsentMethod::App, "customer"),
                84..94 => (ConsentMethod::Call, *self.dice.pick(AGENTS)),
                _ => (ConsentMethod::Paper, *self.dice.pick(AGENTS)),
            },
        };
        let yes = matches!(change, ConsentChange::Given | ConsentChange::Renewed);
        let until =
            self.asked.months.filter(|_| yes).map(|months| at.plus(Duration::from_secs(months * MONTH)));
        let notice = (change != ConsentChange::Expired).then(|| {
            let id = brands::notice_id(&self.brand.0, self.asked.id);
            NoticeShown {
                id: id.as_str().into(),
                version: brands::version(at, self.now),
                language: self.language.to_owned(),
            }
        });
        self.events.push(ConsentEvent {
            id: ConsentEventId::new(at, self.dice.bytes()),
            brand: self.brand.clone(),
            purpose: self.asked.id.into(),
            change,
            method,
            by: by.to_owned(),
            notice,
            captured_at: at,
            received_at: at,
            until,
        });
        until
    }
}
