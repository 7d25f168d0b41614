//! One action of this desk, and what an answer makes of it.

use madoguchi_domain::{
    ActionId, AgentId, Timestamp,
    account::Lock,
    action::{ActionDone, Waiting as MayWait},
};
use madoguchi_protocol::{
    action::{Envelope, SignedAction},
    error::{Code, Problem},
};
use uuid::Uuid;

use crate::{
    error::DeskError,
    view::{ActionState, OutboxItem},
    words::Language,
};

/// An action that has not reached the store for this long says why.
const SPEAK_UP_AFTER: std::time::Duration = std::time::Duration::from_secs(300);

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The store it is for.
    pub(crate) store: Uuid,
    /// Name as written of whom it is about.
    pub(crate) customer_name: String,
    /// What was saved, as signed.
    pub(crate) envelope: Envelope,
    /// As it travels.
    pub(crate) signed: SignedAction,
    /// The lock that was on the screen, for an unlock.
    pub(crate) saw: Option<Lock>,
    /// How far it is.
    pub(crate) state: ActionState,
    /// When it was first sent.
    pub(crate) tried_at: Option<Timestamp>,
    /// When it was answered.
    pub(crate) answered_at: Option<Timestamp>,
    /// What was done.
    pub(crate) done: Option<ActionDone>,
    /// Why not.
    pub(crate) problem: Option<Problem>,
}

impl Row {
    pub(crate) const fn action(&self) -> ActionId {
        self.envelope.action
    }

    pub(crate) const fn agent(&self) -> AgentId {
        self.envelope.agent
    }

    /// Whether the store has not answered yet.
    pub(crate) const fn waits(&self) -> bool {
        matches!(self.state, ActionState::Saved | ActionState::Sending)
    }

    /// Whether it belongs on the list of actions. A reveal does not wait, so it does not stand there.
    pub(crate) fn listed(&self) -> bool {
        self.envelope.ask.kind().waiting() != MayWait::Never
    }

    /// Whether a person must look at it.
    pub(crate) const fn undecided(&self) -> bool {
        matches!(self.state, ActionState::Conflict | ActionState::Refused | ActionState::Lapsed)
    }

    /// Whether it lapsed before it was ever sent. Once sent, only the store knows.
    pub(crate) fn lapsed(&self, now: Timestamp) -> bool {
        self.state == ActionState::Saved && self.envelope.lapses_at.is_some_and(|end| end <= now)
    }

    /// The row as people see it. `cause` is what keeps it from the store, where that is known.
    pub(crate) fn item(&self, language: Language, now: Timestamp, cause: Option<Code>) -> OutboxItem {
        let failure = match (&self.problem, self.state) {
            (Some(problem), _) => Some(DeskError::from(problem.clone()).failure(language)),
            (None, ActionState::Lapsed) => Some(DeskError::new(Code::Lapsed).failure(language)),
            (None, _) if self.waits() && now.since(self.envelope.captured_at) > SPEAK_UP_AFTER => {
                cause.map(|code| DeskError::new(code).failure(language))
            }
            _ => None,
        };
        OutboxItem {
            action_id: self.action(),
            kind: self.envelope.ask.kind(),
            ask: self.envelope.ask.clone(),
            customer: self.envelope.customer,
            customer_name: self.customer_name.clone(),
            account: self.envelope.ask.account(),
            state: self.state,
            saved_at: self.envelope.captured_at,
            lapses_at: self.envelope.lapses_at,
            answered_at: self.answered_at,
            reason: self.envelope.reason,
            words: self.envelope.words.clone(),
            case: self.envelope.case.clone(),
            saw: self.saw.clone(),
            done: self.done.clone(),
            conflict: self.problem.as_ref().and_then(|p| p.conflict.as_deref().cloned()),
            failure,
            saved_by: None,
        }
    }
}

/// What an error means for the action that got it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Send the same again: nothing is known about it.
    Retry,
    /// Send the same again, but this action alone is the store's trouble: a note lets others pass.
    RetryAlone,
    /// The session must be mended first.
    Session,
    /// What it was judged on has changed; a person chooses.
    Conflict,
    /// Too late.
    Lapsed,
    /// No.
    Refused,
}

/// Sorts an error.
pub(crate) const fn class(code: Code) -> Class {
    match code {
        Code::Conflict => Class::Conflict,
        Code::Lapsed => Class::Lapsed,
        Code::SignInNeeded | Code::SessionRevoked | Code::DeviceRevoked | Code::StoreVersion => {
            Class::Session
        }
        Code::StoreFailed => Class::RetryAlone,
        Code::Busy
        | Code::InFlight
        | Code::TooManyAttempts
        | Code::Offline
        | Code::NotAStore
        | Code::NeedsStore
        | Code::DiskFull
        | Code::FilesUnusable
        | Code::HomeInUse
        | Code::NoKeyring
        | Code::OutboxKeyLost
        | Code::ClockOff
        | Code::LeaseOver
        | Code::NotSignedIn
        | Code::DeskFailed
        | Code::CursorUnknown => Class::Retry,
        Code::BadRequest
        | Code::WrongCredentials
        | Code::NotAllowed
        | Code::SupervisorNeeded
        | Code::Unknown
        | Code::SourceNotConnected
        | Code::ActionReused
        | Code::BadSignature
        | Code::VersionMissing
        | Code::AlreadySent => Class::Refused,
    }
}

/// The word of a state in the file.
pub(crate) const fn word(state: ActionState) -> &'static str {
    match state {
        ActionState::Saved => "saved",
        ActionState::Sending => "sending",
        ActionState::Done => "done",
        ActionState::Conflict => "conflict",
        ActionState::Refused => "refused",
        ActionState::Lapsed => "lapsed",
    }
}

/// The state of a word.
pub(crate) fn state(word: &str) -> Option<ActionState> {
    [
        ActionState::Saved,
        ActionState::Sending,
        ActionState::Done,
        ActionState::Conflict,
        ActionState::Refused,
        ActionState::Lapsed,
    ]
    .into_iter()
    .find(|state| self::word(*state) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_outcome_is_never_a_refusal() {
        for code in [Code::Offline, Code::Busy, Code::InFlight, Code::StoreFailed, Code::NotAStore] {
            assert!(matches!(class(code), Class::Retry | Class::RetryAlone), "{code:?}");
        }
        assert_eq!(class(Code::ActionReused), Class::Refused);
        assert_eq!(class(Code::Conflict), Class::Conflict);
        assert_eq!(class(Code::DeviceRevoked), Class::Session);
    }
}
