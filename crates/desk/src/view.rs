//! What the window and `mado` see of the desk. Generated into `ui/src/ipc/generated` (`cargo xtask codegen`).
//!
//! The facade, [`crate::Desk`], has one method for each command of the window:
//!
//! | command | argument | answer |
//! |---|---|---|
//! | `start` | | [`Start`] |
//! | `check_store` | url | [`StoreSeen`] |
//! | `sign_in` | [`Credentials`] | [`Start`] |
//! | `sign_out` | | [`Start`] |
//! | `status` | | [`Status`] |
//! | `find` | [`FindRequest`] | [`FindAnswer`] |
//! | `find_store` | [`FindRequest`] | [`FindStoreAnswer`] |
//! | `recent` | | `Vec<`[`Hit`]`>` |
//! | `open` | customer id | [`CustomerView`] |
//! | `earlier` | [`EarlierRequest`] | [`EarlierAnswer`] |
//! | `act` | [`ActRequest`] | [`OutboxItem`] |
//! | `outbox` | | `Vec<`[`OutboxItem`]`>` |
//! | `retry_now` | | |
//! | `take_back` | action id | |
//! | `resolve` | [`Resolve`] | `Option<`[`OutboxItem`]`>` |
//! | `reveal` | [`RevealRequest`] | [`Revealed`] |
//! | `preferences`, `save_preferences` | [`Preferences`] | [`Preferences`] |
//!
//! Events: [`Event`]. Errors: [`Failure`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use madoguchi_domain::{
    AccountId, ActionId, BrandId, CustomerId, IdentifierId, Timestamp,
    account::{Account, Lock},
    action::{ActionDone, ActionKind, Ask, Reason},
    consent::Purpose,
    customer::{Note, Profile},
    role::{Agent, Brand},
    sign_in::SignIn,
    why::Why,
};
use madoguchi_protocol::{
    action::Conflict,
    error::{Code, Retry},
    search::Field,
    sync::{Consents, SignIns},
};

/// An error as it reaches the window: what went wrong, said in the person's language, and whether trying again can help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Failure {
    /// What.
    pub code: Code,
    /// One clear sentence: what happened and what to do.
    pub message: String,
    /// Whether trying again can help.
    pub retry: Retry,
    /// When to try again, where that is known.
    pub until: Option<Timestamp>,
}

/// Where the desk stands when the window opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Start {
    /// Which screen comes first.
    pub phase: Phase,
    /// The store's address, once one was chosen.
    pub store_url: Option<String>,
    /// The store's name.
    pub store_name: Option<String>,
    /// Who is signed in.
    pub agent: Option<Agent>,
    /// Brands within sight.
    pub brands: Vec<Brand>,
    /// Their purposes.
    pub purposes: Vec<Purpose>,
    /// Whether keys can be kept on this machine.
    pub keyring: KeyringState,
    /// The program's version.
    pub version: String,
    /// Where it stands with the store.
    pub status: Status,
    /// Things to tell the person once: a cache set aside, sealed actions sent.
    pub notices: Vec<Failure>,
}

/// Which screen comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No store was ever chosen.
    FirstStart,
    /// A store is known, nobody is signed in.
    SignedOut,
    /// Signed in, and the cache opens.
    Ready,
    /// Signed in, but too long without contact: sign in again.
    Closed,
}

/// Whether keys can be kept on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyringState {
    /// It answers.
    Ok,
    /// There is none: the desk runs in memory and every action needs the store.
    Absent,
    /// It is there and refused; as absent, until it is unlocked.
    Locked,
}

/// What a store answered about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoreSeen {
    /// The address as it will be used.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether the way to it is encrypted, or stays on this machine.
    pub safe: bool,
}

/// What is typed to sign in.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Credentials {
    /// The store's address.
    pub store_url: String,
    /// The agent's name.
    pub name: String,
    /// The password.
    pub password: String,
}

/// Where the desk stands with the store; sent again whenever it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Status {
    /// In one word.
    pub state: SyncState,
    /// Everything shown is as of this time of the store, once anything is.
    pub as_of: Option<Timestamp>,
    /// Since when the store cannot be reached.
    pub offline_since: Option<Timestamp>,
    /// Why it cannot.
    pub offline_cause: Option<Code>,
    /// When the next attempt is made.
    pub next_try: Option<Timestamp>,
    /// How many customers rest on this desk.
    pub customers: i64,
    /// Actions saved and not yet answered.
    pub pending: u32,
    /// Actions that need a person: conflicts and refusals.
    pub undecided: u32,
    /// A snapshot on its way.
    pub progress: Option<Progress>,
    /// Until when this desk may show its cache without contact.
    pub lease_until: Option<Timestamp>,
    /// How far this machine's clock is ahead of the store's, in milliseconds, when more than two minutes.
    #[ts(type = "number | null")]
    pub clock_ahead_ms: Option<i64>,
    /// Nothing is kept: there is no keyring.
    pub in_memory: bool,
}

/// In one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Changes arrive as they happen.
    Live,
    /// A snapshot or the changes since the last contact are on their way.
    CatchingUp,
    /// The store cannot be reached.
    Offline,
    /// The cache is closed until the agent signs in again.
    Closed,
    /// Nobody is signed in.
    SignedOut,
}

/// How far a long piece of work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// Customers taken.
    pub done: i64,
    /// Customers in all, as announced.
    pub total: i64,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindRequest {
    /// As typed; during conversion the text so far.
    pub query: String,
    /// Only customers with a standing lock.
    pub locked: bool,
    /// Only customers of this brand.
    pub brand: Option<BrandId>,
    /// How many rows.
    pub limit: u32,
}

/// What this desk found, from memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindAnswer {
    /// The best first.
    pub hits: Vec<Hit>,
    /// How many match on this desk with the filter.
    pub total: u32,
    /// How many match without a filter, and under each.
    pub counts: FindCounts,
    /// The index is still being read: there may be more.
    pub partial: bool,
}

/// How many customers match under each filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindCounts {
    /// Without a filter.
    pub all: u32,
    /// With a standing lock.
    pub locked: u32,
    /// By brand.
    pub brands: Vec<BrandCount>,
}

/// How many match of one brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BrandCount {
    /// Which.
    pub brand: BrandId,
    /// How many.
    pub n: u32,
}

/// What the store found beyond this desk, without those that the desk found itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindStoreAnswer {
    /// The best first.
    pub hits: Vec<Hit>,
    /// There are more: type more.
    pub more: bool,
    /// How long the store took, in milliseconds.
    pub took_ms: u32,
}

/// Who knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// This desk.
    Desk,
    /// The store.
    Store,
}

/// One customer found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hit {
    /// Who.
    pub id: CustomerId,
    /// The name as written.
    pub written: String,
    /// The reading.
    pub reading: Option<String>,
    /// In Latin letters.
    pub romaji: Option<String>,
    /// Masked e-mail address.
    pub email: Option<String>,
    /// Masked phone number.
    pub phone: Option<String>,
    /// Masked loyalty number.
    pub loyalty: Option<String>,
    /// Brands, the first one foremost.
    pub brands: Vec<BrandId>,
    /// Languages, the preferred one first.
    pub languages: Vec<String>,
    /// The lock that stands longest.
    pub lock: Option<Lock>,
    /// The last success.
    pub last_sign_in: Option<Timestamp>,
    /// Where the query was found; none for recent customers.
    pub matched: Option<Matched>,
    /// An action of this desk for them waits.
    pub pending: bool,
    /// Who knew.
    pub source: Source,
}

/// Where a query was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Matched {
    /// In which field.
    pub field: Field,
    /// That field's text as it is shown: masked where it is masked.
    pub value: String,
    /// Which characters of `value` to underline: start and end, counted in UTF-16 units, for the window.
    pub ranges: Vec<(u32, u32)>,
    /// Found in the part that is masked: the dots are what is underlined.
    pub hidden: bool,
}

/// One customer whole, with what waits on this desk laid over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CustomerView {
    /// Who they are.
    pub profile: Profile,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Consent.
    pub consents: Consents,
    /// Notes.
    pub notes: Vec<Note>,
    /// What was done.
    pub actions: Vec<ActionDone>,
    /// How they signed in.
    pub sign_ins: SignIns,
    /// Why they cannot sign in; from the store's truth, without what waits.
    pub why: Why,
    /// Actions of this desk that wait, or need a person.
    pub pending: Vec<OutboxItem>,
    /// As of which time of the store.
    pub as_of: Timestamp,
    /// Who knew.
    pub source: Source,
}

/// Earlier sign-ins than the desk keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EarlierRequest {
    /// Whose.
    pub customer: CustomerId,
    /// Before this time.
    pub before: Timestamp,
}

/// They come from the store and are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EarlierAnswer {
    /// The newest first.
    pub sign_ins: Vec<SignIn>,
    /// There are more.
    pub more: bool,
}

/// What an agent asks in a dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActRequest {
    /// About whom.
    pub customer: CustomerId,
    /// What; never a reveal, which has its own command.
    pub ask: Ask,
    /// The account's `lock_version` that was on the screen, for an unlock.
    #[ts(type = "number | null")]
    pub judged_on: Option<i64>,
    /// Why.
    pub reason: Option<Reason>,
    /// Why, in words.
    pub words: Option<String>,
    /// The case or ticket.
    pub case: Option<String>,
}

/// One action of this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutboxItem {
    /// Which.
    pub action_id: ActionId,
    /// What sort.
    pub kind: ActionKind,
    /// What was asked.
    pub ask: Ask,
    /// About whom.
    pub customer: CustomerId,
    /// Their name as written.
    pub customer_name: String,
    /// The account it acts on.
    pub account: Option<AccountId>,
    /// How far it is.
    pub state: ActionState,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// When it lapses.
    pub lapses_at: Option<Timestamp>,
    /// When the store answered.
    pub answered_at: Option<Timestamp>,
    /// Why it was asked.
    pub reason: Option<Reason>,
    /// Why, in words.
    pub words: Option<String>,
    /// The case.
    pub case: Option<String>,
    /// The lock that was on the screen, for an unlock.
    pub saw: Option<Lock>,
    /// What the store said, when it is done.
    pub done: Option<ActionDone>,
    /// What is now, when it is a conflict.
    pub conflict: Option<Conflict>,
    /// Why it was refused, or why it has not been sent for more than five minutes.
    pub failure: Option<Failure>,
    /// Who saved it, when that is not who is signed in: only they can take it back or decide over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub saved_by: Option<String>,
}

/// How far an action is. *Saved* and *Done* never look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActionState {
    /// On this desk's disk; nothing has changed yet.
    Saved,
    /// Sent; no answer yet, so nobody knows. It is sent again under the same id.
    Sending,
    /// The store did it.
    Done,
    /// What it was judged on has changed; a person chooses.
    Conflict,
    /// The store said no; a person reads why.
    Refused,
    /// It did not reach the store in time.
    Lapsed,
}

/// What a person chose for an action that is in conflict, was refused or lapsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Resolve {
    /// Which.
    pub action_id: ActionId,
    /// What.
    pub choice: Choice,
}

/// The choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Ask the same again, judged on what is now: a new action.
    Again,
    /// Let it be.
    Drop,
}

/// A masked value is to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RevealRequest {
    /// Whose.
    pub customer: CustomerId,
    /// Which.
    pub identifier: IdentifierId,
    /// Why.
    pub reason: Reason,
    /// Why, in words; needed with [`Reason::Other`].
    pub words: Option<String>,
    /// The case or ticket.
    pub case: Option<String>,
}

/// A value that is shown for a while and then forgotten.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Revealed {
    /// The value. Never logged, never written.
    pub value: String,
    /// For how many seconds it may be shown.
    pub seconds: u32,
}

/// How a person likes their window. Kept encrypted, because open tabs name customers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Preferences {
    /// `system`, `light` or `dark`.
    pub theme: Option<String>,
    /// `en` or `ja`; none follows the machine.
    pub language: Option<String>,
    /// Customers whose tabs are open, in their order.
    pub tabs: Vec<CustomerId>,
    /// The tab in front.
    pub active_tab: Option<CustomerId>,
    /// Width of the facts beside the timeline, in CSS pixels.
    pub facts_width: Option<u32>,
}

/// What the desk tells without being asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// Where it stands has changed.
    Status {
        /// Where.
        status: Status,
    },
    /// Customers have changed on this desk, or an action of theirs left the outbox.
    Changed {
        /// Who. Nobody named means everybody: a new snapshot is complete.
        customers: Vec<CustomerId>,
    },
    /// An action has moved on.
    Action {
        /// How it is now.
        item: Box<OutboxItem>,
    },
    /// The sign-in is over (revoked elsewhere, desk revoked): go to the sign-in screen and say why.
    SignedOut {
        /// Why.
        failure: Failure,
    },
    /// Something to tell once.
    Notice {
        /// What.
        failure: Failure,
    },
}
