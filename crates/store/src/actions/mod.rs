//! What agents ask for, done in one transaction: idempotency, authority, precondition under a row lock, effect, ledger
//! entry, audit, change, stored answer.

mod lock;
mod note;
mod reveal;
mod revoke;
mod sequence;
mod signature;
mod unlock;
mod withdraw;

use std::{sync::Arc, time::Duration};

use madoguchi_domain::{
    AccountId, CustomerId, Timestamp,
    account::{Account, Authority, LockCause},
    action::{ActionDone, Ask, Reason, Waiting},
    consent::ConsentEvent,
    customer::IdentifierKind,
};
use madoguchi_ledger::EntryKind;
use madoguchi_protocol::{
    action::{Done, Envelope, SignedAction},
    error::Code,
    sync::Facet,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Store, audit, authority,
    caller::Caller,
    db::{
        Conn, DbError, execute, fetch_optional, for_update,
        history::{About, append, changed},
        load::{self, Run, Scope},
        words::{read, word},
    },
    refusal::Refusal,
};

pub(crate) use signature::{Signed, opened};

/// How far a desk's corrected clock may still be off, where an action reaches only what began before it.
pub(crate) const SKEW: Duration = Duration::from_secs(2 * 60);

/// How long what is said in words may be, in characters.
const WORDS: usize = 4_000;

/// How long the name of a case may be, in characters.
const CASE: usize = 200;

/// Whether a text is short enough, and holds nothing that a database cannot keep.
fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.contains('\0')
}

/// The answer, and whether it is one that was given before.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) done: Done,
    pub(crate) replayed: bool,
}

/// One action on its way through its transaction.
struct Deed<'a> {
    store: &'a Store,
    /// As the database knows them in this transaction.
    caller: Caller,
    envelope: &'a Envelope,
    /// The customer who speaks.
    customer: CustomerId,
    received: Timestamp,
    /// When it was asked; never later than it was received.
    captured: Timestamp,
}

impl Deed<'_> {
    fn sight(&self) -> Scope {
        self.caller.sight()
    }

    fn kind(&self) -> madoguchi_domain::action::ActionKind {
        self.envelope.ask.kind()
    }

    /// Whether it says why: a reason of the list, or words where there is none of it.
    fn is_justified(&self) -> bool {
        let in_words = || self.envelope.words.as_deref().is_some_and(|words| !words.trim().is_empty());
        self.envelope.reason.is_some_and(|reason| reason != Reason::Other) || in_words()
    }
}

/// What an action did, for its entry, its answer and the feed.
struct Effect {
    /// The lock, session or identifier it was about.
    subject: Option<Uuid>,
    lock_cause: Option<LockCause>,
    revealed: Option<(IdentifierKind, String)>,
    consent: Option<ConsentEvent>,
    facets: &'static [Facet],
}

impl Effect {
    const fn on(facets: &'static [Facet]) -> Self {
        Self { subject: None, lock_cause: None, revealed: None, consent: None, facets }
    }
}

/// An account that an action holds until its transaction ends.
struct Held {
    id: AccountId,
    /// The customer whose account it is, which a merge may have linked to another.
    member: CustomerId,
    lock_version: i64,
}

/// Does one signed action for a caller.
///
/// # Errors
/// The refusal, recorded in the audit.
pub(crate) async fn act(
    store: &Store,
    caller: &Caller,
    signed: &SignedAction,
    sealed: bool,
) -> Result<Answer, Refusal> {
    let signed = match Signed::read(store, caller, signed, sealed).await {
        Ok(signed) => Arc::new(signed),
        Err(refusal) => {
            record_unsigned(store, caller, refusal.code).await?;
            return Err(refusal);
        }
    };
    let received = store.db().received(store.clock());
    let (own, by, what) = (store.clone(), caller.clone(), signed.clone());
    let outcome = store
        .db()
        .write(move |conn| {
            let (store, caller, signed) = (own.clone(), by.clone(), what.clone());
            Box::pin(async move { perform(conn, &store, &caller, &signed, received).await })
        })
        .await;
    match outcome {
        Ok(answer) => Ok(answer),
        Err(refusal) => {
            record_refusal(store, caller, signed, refusal.code).await?;
            Err(refusal)
        }
    }
}

async fn perform(
    conn: &mut Conn,
    store: &Store,
    caller: &Caller,
    signed: &Signed,
    received: Timestamp,
) -> Result<Answer, Refusal> {
    let envelope = &signed.envelope;
    let caller = caller.again(conn).await?;
    let kind = envelope.ask.kind();
    if !authority::may_act(caller.role, kind) {
        return Err(Code::NotAllowed.into());
    }
    let customer =
        load::head_in_sight(conn, envelope.customer, &caller.sight()).await?.ok_or(Code::Unknown)?;
    let captured = envelope.captured_at.min(received);
    let deed = Deed { store, caller, envelope, customer, received, captured };
    let unfit = |text: &Option<String>, most| text.as_deref().is_some_and(|text| !fits(text, most));
    if unfit(&envelope.words, WORDS) || unfit(&envelope.case, CASE) {
        return Err(Code::BadRequest.into());
    }
    another_was_refused(conn, signed).await?;
    if !claim(conn, &deed, signed).await? {
        return replay(conn, &deed, signed).await;
    }
    in_time(&deed)?;
    after_its_dependency(conn, &deed).await?;
    let effect = match &envelope.ask {
        Ask::Unlock { account, lock } => unlock::apply(conn, &deed, *account, *lock).await?,
        Ask::Lock { account, scope, cause, until } => {
            lock::apply(conn, &deed, *account, *scope, *cause, *until).await?
        }
        Ask::RevokeSession { account, session } => revoke::one(conn, &deed, *account, *session).await?,
        Ask::RevokeSessions { account } => revoke::all(conn, &deed, *account).await?,
        Ask::Note { text } => note::apply(conn, &deed, text).await?,
        Ask::Withdraw { brand, purpose } => withdraw::apply(conn, &deed, brand, purpose).await?,
        Ask::Reveal { identifier } => reveal::apply(conn, &deed, *identifier).await?,
    };
    complete(conn, &deed, effect).await
}

/// What every action's entry commits to.
#[derive(Serialize)]
struct Payload<'a> {
    envelope: &'a Envelope,
    by: &'a str,
    received_at: Timestamp,
    lock_cause: Option<LockCause>,
    revealed: Option<IdentifierKind>,
    consent: Option<&'a ConsentEvent>,
}

/// Entry, answer, audit and change, in this order: from the entry on, other writers wait for the commit.
async fn complete(conn: &mut Conn, deed: &Deed<'_>, effect: Effect) -> Result<Answer, Refusal> {
    let envelope = deed.envelope;
    let (store, account) = (deed.store, envelope.ask.account());
    sequence::arrived(conn, envelope.device, envelope.sequence).await?;
    let line = audit::Line {
        verb: deed.kind().word(),
        customer: Some(deed.customer),
        account,
        action: Some(envelope.action),
        outcome: "done",
        reason: envelope.reason,
        case: envelope.case.as_deref(),
    };
    audit::record(conn, &deed.caller, store.chance(), deed.received, &line).await?;
    let accounts = match account {
        Some(_) => Some(accounts_now(conn, deed).await?),
        None => None,
    };
    let payload = Payload {
        envelope,
        by: &deed.caller.name,
        received_at: deed.received,
        lock_cause: effect.lock_cause,
        revealed: effect.revealed.as_ref().map(|(kind, _)| *kind),
        consent: effect.consent.as_ref(),
    };
    let about = About {
        customer: deed.customer,
        account,
        source: "store",
        kind: if effect.consent.is_some() { EntryKind::Consent } else { EntryKind::Action },
        at: deed.received,
    };
    let entry = append(conn, store.keys(), store.chance(), about, &payload).await?;
    let done = Done {
        action: envelope.action,
        done: ActionDone {
            id: envelope.action,
            kind: deed.kind(),
            account,
            by: deed.caller.display_name.clone(),
            at: deed.received,
            reason: envelope.reason,
            words: envelope.words.clone(),
            case: envelope.case.clone(),
            entry,
            lock_cause: effect.lock_cause,
            revealed: effect.revealed.as_ref().map(|(kind, _)| *kind),
        },
        accounts,
        revealed: None,
    };
    execute!(
        conn,
        "update action set entry = $1, lock_cause = $2, revealed_kind = $3, subject = $4, answer = $5
         where action_id = $6",
        entry,
        effect.lock_cause.map(word),
        effect.revealed.as_ref().map(|(kind, _)| word(*kind)),
        effect.subject,
        serde_json::to_string(&done).map_err(|_| Code::StoreFailed)?,
        envelope.action.0
    )?;
    changed(conn, deed.customer, effect.facets, deed.received).await?;
    let revealed = effect.revealed.map(|(_, value)| value);
    Ok(Answer { done: Done { revealed, ..done }, replayed: false })
}

/// Takes the action's id; whether it was free. Another transaction with the same id is waited for.
async fn claim(conn: &mut Conn, deed: &Deed<'_>, signed: &Signed) -> Result<bool, Refusal> {
    let envelope = deed.envelope;
    let claimed = execute!(
        conn,
        "insert into action (action_id, customer_id, account, source, fingerprint, device_id, sequence, agent_id, kind,
                             done_by, at, captured_at, reason, words, case_ref)
         values ($1, $2, $3, 'store', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (action_id) do nothing",
        envelope.action.0,
        deed.customer.bits(),
        envelope.ask.account().map(|a| a.0),
        signed.fingerprint.to_vec(),
        envelope.device.0,
        envelope.sequence,
        deed.caller.agent.0,
        deed.kind().word(),
        &deed.caller.display_name,
        deed.received.micros(),
        deed.captured.micros(),
        envelope.reason.map(word),
        &envelope.words,
        &envelope.case
    )?;
    Ok(claimed == 1)
}

/// An id belongs to the body that it first came with, even where that was refused.
async fn another_was_refused(conn: &mut Conn, signed: &Signed) -> Result<(), Refusal> {
    let row = fetch_optional!(
        conn,
        (Vec<u8>,),
        "select fingerprint from action_refused where action_id = $1",
        signed.envelope.action.0
    )?;
    match row {
        Some((fingerprint,)) if fingerprint != signed.fingerprint => Err(Code::ActionReused.into()),
        _ => Ok(()),
    }
}

/// The stored answer again. A revealed value is read again, and that is recorded as well.
async fn replay(conn: &mut Conn, deed: &Deed<'_>, signed: &Signed) -> Result<Answer, Refusal> {
    let row = fetch_optional!(
        conn,
        (Vec<u8>, Option<String>),
        "select fingerprint, answer from action where action_id = $1",
        deed.envelope.action.0
    )?;
    let (fingerprint, answer) = row.ok_or(Code::StoreFailed)?;
    if fingerprint != signed.fingerprint {
        return Err(Code::ActionReused.into());
    }
    let answer = answer.ok_or(Code::InFlight)?;
    let mut done: Done = serde_json::from_str(&answer).map_err(|_| Code::StoreFailed)?;
    if let Ask::Reveal { identifier } = &deed.envelope.ask {
        let effect = reveal::apply(conn, deed, *identifier).await?;
        let line = audit::Line {
            verb: "reveal_again",
            customer: Some(deed.customer),
            action: Some(deed.envelope.action),
            outcome: "done",
            reason: deed.envelope.reason,
            ..audit::Line::default()
        };
        audit::record(conn, &deed.caller, deed.store.chance(), deed.received, &line).await?;
        done.revealed = effect.revealed.map(|(_, value)| value);
    }
    Ok(Answer { done, replayed: true })
}

/// Whether it arrived before it lapsed. A desk may set an earlier end than the rule, never a later one.
fn in_time(deed: &Deed<'_>) -> Result<(), Refusal> {
    let ends = match deed.kind().waiting() {
        Waiting::Always => return Ok(()),
        Waiting::Never => deed.envelope.lapses_at,
        Waiting::Until(span) => {
            let rule = deed.captured.plus(span);
            Some(deed.envelope.lapses_at.map_or(rule, |own| own.min(rule)))
        }
    };
    match ends {
        Some(end) if end < deed.received => Err(Code::Lapsed.into()),
        _ => Ok(()),
    }
}

/// What must be done first is done, and was asked by the same desk.
async fn after_its_dependency(conn: &mut Conn, deed: &Deed<'_>) -> Result<(), Refusal> {
    let Some(first) = deed.envelope.depends_on else { return Ok(()) };
    let row = fetch_optional!(
        conn,
        (Option<Uuid>,),
        "select device_id from action where action_id = $1 and answer is not null",
        first.0
    )?;
    match row {
        Some((device,)) if device == Some(deed.envelope.device.0) => Ok(()),
        Some(_) => Err(Code::Unknown.into()),
        None => Err(Code::InFlight.into()),
    }
}

/// Takes hold of an account of the customer that this store decides over.
async fn hold(conn: &mut Conn, deed: &Deed<'_>, account: AccountId) -> Result<Held, Refusal> {
    let sql = format!(
        "select customer_id, brand, authority, lock_version from account where account_id = $1{}",
        for_update(conn)
    );
    let row =
        fetch_optional!(conn, (i64, String, String, i64), sqlx::AssertSqlSafe(sql.as_str()), account.0)?;
    let (member, brand, authority, lock_version) = row.ok_or(Code::Unknown)?;
    let member = CustomerId::from_bits(member);
    let head = load::head_in_sight(conn, member, &Scope::every()).await?;
    if head != Some(deed.customer) || !deed.sight().has(&brand.as_str().into()) {
        return Err(Code::Unknown.into());
    }
    match read::<Authority>(&authority)? {
        Authority::Store => Ok(Held { id: account, member, lock_version }),
        Authority::Source => Err(Code::SourceNotConnected.into()),
    }
}

/// The customer's accounts as this transaction sees them.
async fn accounts_now(conn: &mut Conn, deed: &Deed<'_>) -> Result<Vec<Account>, DbError> {
    let sight = deed.sight();
    let run = Run::one(deed.customer, &sight, deed.received);
    Ok(load::accounts(conn, &run).await?.remove(&deed.customer).unwrap_or_default())
}

/// A refusal leaves a line in the audit, its id belongs to this body, and its number of the desk has arrived.
async fn record_refusal(
    store: &Store,
    caller: &Caller,
    signed: Arc<Signed>,
    code: Code,
) -> Result<(), Refusal> {
    // The database itself refused: nothing can be recorded there.
    if matches!(code, Code::StoreFailed | Code::Busy) {
        return Ok(());
    }
    let (own, caller) = (store.clone(), caller.clone());
    let now = store.clock().now();
    let arrived = !matches!(code, Code::InFlight);
    store
        .db()
        .write(move |conn| {
            let (store, caller, signed) = (own.clone(), caller.clone(), signed.clone());
            Box::pin(async move {
                let envelope = &signed.envelope;
                let outcome = code.word();
                let line = audit::Line {
                    verb: envelope.ask.kind().word(),
                    customer: Some(envelope.customer),
                    account: envelope.ask.account(),
                    action: Some(envelope.action),
                    outcome: &outcome,
                    reason: envelope.reason,
                    // It may be why it was refused.
                    case: envelope.case.as_deref().filter(|case| fits(case, CASE)),
                };
                audit::record(conn, &caller, store.chance(), now, &line).await?;
                if code != Code::ActionReused {
                    execute!(
                        conn,
                        "insert into action_refused (action_id, fingerprint, at) values ($1, $2, $3)
                         on conflict (action_id) do nothing",
                        envelope.action.0,
                        signed.fingerprint.to_vec(),
                        now.micros()
                    )?;
                }
                if arrived {
                    sequence::arrived(conn, envelope.device, envelope.sequence).await?;
                }
                Ok::<(), Refusal>(())
            })
        })
        .await
}

/// What cannot be shown to come from its desk leaves a line too. Nothing that it says of itself is believed.
pub(crate) async fn record_unsigned(store: &Store, caller: &Caller, code: Code) -> Result<(), Refusal> {
    if matches!(code, Code::StoreFailed | Code::Busy) {
        return Ok(());
    }
    Ok(audit::record_alone(store, caller, "act", None, &code.word()).await?)
}

/// The fingerprint of signed bytes.
fn fingerprint(envelope: &str) -> [u8; 32] {
    Sha256::digest(envelope.as_bytes()).into()
}
