//! Consent: its events, and the status they add up to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{BrandId, ConsentEventId, NoticeId, PurposeId, Timestamp};

/// What happened to a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentChange {
    /// The customer said yes.
    Given,
    /// The customer was asked and said no.
    Refused,
    /// A yes was taken back.
    Withdrawn,
    /// A yes ran out.
    Expired,
    /// A yes was said again before or after it ran out.
    Renewed,
}

/// How it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentMethod {
    /// On a web page.
    Web,
    /// In an app.
    App,
    /// In a call, written down by an agent.
    Call,
    /// At a counter or by letter.
    Paper,
    /// By a rule: expiry.
    Rule,
    /// Read from another system.
    Import,
}

/// One entry of a consent's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ConsentEvent {
    /// Its id.
    pub id: ConsentEventId,
    /// The controller.
    pub brand: BrandId,
    /// What for.
    pub purpose: PurposeId,
    /// What happened.
    pub change: ConsentChange,
    /// How.
    pub method: ConsentMethod,
    /// Who said or wrote it down: `customer`, an agent's name, `rule`, or a source's name.
    pub by: String,
    /// The notice that was shown, where one was.
    pub notice: Option<NoticeShown>,
    /// When it was said, by the desk's corrected clock; never later than `received_at`.
    pub captured_at: Timestamp,
    /// When the store took it.
    pub received_at: Timestamp,
    /// Until when a yes holds.
    pub until: Option<Timestamp>,
}

/// The text that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct NoticeShown {
    /// Which notice.
    pub id: NoticeId,
    /// Its version, counted from 1.
    pub version: i32,
    /// BCP 47 language of the text.
    pub language: String,
}

/// A purpose as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Purpose {
    /// Its id.
    pub id: PurposeId,
    /// The controller it belongs to.
    pub brand: BrandId,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Japanese.
    pub name_ja: String,
}

/// What holds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Nobody ever asked.
    NeverAsked,
    /// Yes.
    Given,
    /// No, when asked.
    Refused,
    /// No longer.
    Withdrawn,
    /// Ran out.
    Expired,
}

/// What a customer's events for one purpose of one brand add up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ConsentStatus {
    /// The controller.
    pub brand: BrandId,
    /// What for.
    pub purpose: PurposeId,
    /// What the last event that counts says.
    pub recorded: ConsentState,
    /// When that event was captured.
    pub recorded_at: Option<Timestamp>,
    /// What holds once rules are applied: today, that a yes past its end has expired.
    pub effective: ConsentState,
    /// Until when a yes holds.
    pub until: Option<Timestamp>,
    /// How many events there are: raised by every event.
    pub version: i64,
}

/// The status of one purpose from its events, in any order.
///
/// The later capture wins; at a tie the withdrawal does (then a refusal), so that no answer depends on the order of
/// arrival.
#[must_use]
pub fn status(
    brand: &BrandId,
    purpose: &PurposeId,
    events: &[ConsentEvent],
    now: Timestamp,
) -> ConsentStatus {
    let mut version = 0;
    let mut last: Option<&ConsentEvent> = None;
    for event in events.iter().filter(|e| e.brand == *brand && e.purpose == *purpose) {
        version += 1;
        let rank = |e: &ConsentEvent| (e.captured_at, caution(e.change));
        if last.is_none_or(|known| rank(event) > rank(known)) {
            last = Some(event);
        }
    }
    let recorded = last.map_or(ConsentState::NeverAsked, |event| match event.change {
        ConsentChange::Given | ConsentChange::Renewed => ConsentState::Given,
        ConsentChange::Refused => ConsentState::Refused,
        ConsentChange::Withdrawn => ConsentState::Withdrawn,
        ConsentChange::Expired => ConsentState::Expired,
    });
    let until = last.and_then(|event| event.until);
    let effective = match recorded {
        ConsentState::Given if until.is_some_and(|until| until <= now) => ConsentState::Expired,
        other => other,
    };
    ConsentStatus {
        brand: brand.clone(),
        purpose: purpose.clone(),
        recorded,
        recorded_at: last.map(|event| event.captured_at),
        effective,
        until,
        version,
    }
}

/// The more careful of two simultaneous changes ranks higher.
const fn caution(change: ConsentChange) -> u8 {
    match change {
        ConsentChange::Withdrawn => 3,
        ConsentChange::Refused => 2,
        ConsentChange::Expired => 1,
        ConsentChange::Given | ConsentChange::Renewed => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(change: ConsentChange, at: i64, until: Option<i64>) -> ConsentEvent {
        let at = Timestamp::from_micros(at);
        ConsentEvent {
            id: ConsentEventId::new(at, [0; 10]),
            brand: "stay".into(),
            purpose: "email".into(),
            change,
            method: ConsentMethod::Web,
            by: "customer".to_owned(),
            notice: None,
            captured_at: at,
            received_at: at,
            until: until.map(Timestamp::from_micros),
        }
    }

    fn state(events: &[ConsentEvent], now: i64) -> (ConsentState, ConsentState) {
        let status = status(&"stay".into(), &"email".into(), events, Timestamp::from_micros(now));
        (status.recorded, status.effective)
    }

    #[test]
    fn the_later_capture_wins_whatever_arrived_first() {
        let given = event(ConsentChange::Given, 10, None);
        let withdrawn = event(ConsentChange::Withdrawn, 20, None);
        let expected = (ConsentState::Withdrawn, ConsentState::Withdrawn);
        assert_eq!(state(&[given.clone(), withdrawn.clone()], 30), expected);
        assert_eq!(state(&[withdrawn, given], 30), expected);
    }

    #[test]
    fn at_a_tie_the_withdrawal_wins() {
        let given = event(ConsentChange::Given, 10, None);
        let withdrawn = event(ConsentChange::Withdrawn, 10, None);
        assert_eq!(state(&[withdrawn, given], 30).0, ConsentState::Withdrawn);
    }

    #[test]
    fn a_yes_past_its_end_is_recorded_given_and_in_effect_expired() {
        let given = event(ConsentChange::Given, 10, Some(20));
        assert_eq!(state(std::slice::from_ref(&given), 19), (ConsentState::Given, ConsentState::Given));
        assert_eq!(state(&[given], 20), (ConsentState::Given, ConsentState::Expired));
    }

    #[test]
    fn another_brands_yes_counts_for_nothing_here() {
        let mut given = event(ConsentChange::Given, 10, None);
        given.brand = "ferry".into();
        assert_eq!(state(&[given], 20).0, ConsentState::NeverAsked);
    }
}
