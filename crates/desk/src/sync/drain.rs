//! Sending what waits in the outbox: a lane for each customer, four at once, the same id until there is an answer.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use madoguchi_domain::ActionId;
use madoguchi_protocol::{action::Done, error::Code};
use tokio::task::JoinSet;

use crate::{
    error::DeskError,
    inner::{Inner, lock},
    outbox::{
        Answer, Class, Row, class,
        lanes::{self, Waiting},
    },
    view::ActionState,
};

/// How often waiting actions are looked at while nothing happens: some lapse.
const LOOK: Duration = Duration::from_secs(15);

/// The longest rest of an action, in multiples of the first.
const LONGEST: u32 = 60;

/// An action that got no answer rests a while.
#[derive(Debug, Clone, Copy)]
struct Resting {
    failures: u32,
    until: Duration,
    alone: bool,
}

/// What became of one attempt.
struct Attempt {
    action: ActionId,
    again: Option<Class>,
}

/// Runs until the desk ends.
pub(crate) async fn drain(inner: Arc<Inner>) {
    let mut out: JoinSet<Attempt> = JoinSet::new();
    let mut sending: BTreeSet<ActionId> = BTreeSet::new();
    let mut resting: HashMap<ActionId, Resting> = HashMap::new();
    loop {
        if inner.hurry.swap(false, Ordering::Relaxed) {
            resting.values_mut().for_each(|r| r.until = Duration::ZERO);
        }
        let next_due = match start(&inner, &mut out, &mut sending, &resting).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(code = %error.code.word(), "the outbox could not be read");
                LOOK
            }
        };
        tokio::select! {
            () = inner.end.cancelled() => {
                out.shutdown().await;
                return;
            }
            () = inner.drain.notified() => {}
            () = tokio::time::sleep(next_due) => {}
            Some(attempt) = out.join_next() => {
                let Ok(attempt) = attempt else { continue };
                sending.remove(&attempt.action);
                match attempt.again {
                    None => { resting.remove(&attempt.action); }
                    Some(why) => rest(&inner, &mut resting, attempt.action, why),
                }
            }
        }
    }
}

fn rest(inner: &Inner, resting: &mut HashMap<ActionId, Resting>, action: ActionId, why: Class) {
    let failures = resting.get(&action).map_or(1, |r| r.failures.saturating_add(1));
    let doubled = 1u32.checked_shl(failures - 1).unwrap_or(LONGEST).min(LONGEST);
    let span = (inner.patience.again * doubled).mul_f64(0.5 + inner.jitter() / 2.0);
    let until = inner.clock.monotonic() + span;
    resting.insert(action, Resting { failures, until, alone: why == Class::RetryAlone });
}

/// Starts what may go now; answers how long there is nothing else to do.
async fn start(
    inner: &Arc<Inner>,
    out: &mut JoinSet<Attempt>,
    sending: &mut BTreeSet<ActionId>,
    resting: &HashMap<ActionId, Resting>,
) -> Result<Duration, DeskError> {
    let rows = ours(inner).await?;
    for row in rows.iter().filter(|row| row.lapsed(inner.now())) {
        let answer = Answer::Not(ActionState::Lapsed, None);
        inner.outbox().await.answer(row.action(), &answer, inner.now()).await?;
        inner.recount(Some(row.action())).await?;
    }
    let standing = lock(&inner.standing).clone();
    // With no token yet the session is mended first; without contact there is nobody to send to.
    if !inner.online() || !standing.token || standing.lost {
        return Ok(LOOK);
    }
    let now = inner.clock.monotonic();
    let waiting: Vec<Waiting> = rows
        .iter()
        .filter(|row| !row.lapsed(inner.now()))
        .map(|row| Waiting {
            sequence: row.envelope.sequence,
            action: row.action(),
            customer: row.envelope.customer,
            kind: row.envelope.ask.kind(),
            depends_on: row.envelope.depends_on,
            resting: resting.get(&row.action()).is_some_and(|r| r.until > now),
            alone: resting.get(&row.action()).is_some_and(|r| r.alone),
        })
        .collect();
    for action in lanes::next(&waiting, sending) {
        let Some(row) = rows.iter().find(|row| row.action() == action) else { continue };
        sending.insert(action);
        let (inner, row) = (Arc::clone(inner), row.clone());
        out.spawn(async move {
            let again = match send(&inner, &row).await {
                Ok(_) => None,
                Err(error) => Some(class(error.code))
                    .filter(|class| matches!(class, Class::Retry | Class::RetryAlone | Class::Session)),
            };
            Attempt { action, again }
        });
    }
    let due = resting.values().map(|r| r.until.saturating_sub(now)).filter(|span| !span.is_zero()).min();
    Ok(due.unwrap_or(LOOK).min(LOOK))
}

/// The actions of who is signed in, for the store they are signed in to.
async fn ours(inner: &Inner) -> Result<Vec<Row>, DeskError> {
    let store = lock(&inner.session).store.as_ref().map(|store| store.id);
    let agent = inner.me().map(|me| me.agent.id);
    let rows = inner.outbox().await.rows().await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.waits() && row.listed() && Some(row.store) == store && Some(row.agent()) == agent)
        .collect())
}

/// Sends one action and notes what came of it. An error of a class that means *again* leaves it waiting.
pub(crate) async fn send(inner: &Inner, row: &Row) -> Result<Done, DeskError> {
    let action = row.action();
    let outbox = inner.outbox().await;
    // A token first: once the action is marked as sent, nobody can take it back.
    if let Err(failed) = inner.token().await {
        inner.failed(&failed.error);
        lock(&inner.stalled).insert(action, failed.error.code);
        return Err(failed.error);
    }
    if !outbox.sending(action, inner.now()).await? {
        return Err(DeskError::new(Code::Unknown));
    }
    inner.recount(Some(action)).await?;
    let sent = inner
        .with_token(|client, token| {
            let signed = row.signed.clone();
            async move { client.act(&token, &signed).await }
        })
        .await;
    let error = match sent {
        Ok(done) => {
            lock(&inner.stalled).remove(&action);
            outbox.answer(action, &Answer::Done(done.done.clone()), inner.now()).await?;
            inner.recount(Some(action)).await?;
            return Ok(done);
        }
        Err(failed) => {
            // An earlier attempt may have reached the store: then nobody but the store knows.
            if failed.never_sent && row.state == ActionState::Saved {
                outbox.not_sent(action).await?;
            }
            failed.error
        }
    };
    inner.failed(&error);
    let state = match class(error.code) {
        Class::Conflict => Some(ActionState::Conflict),
        Class::Lapsed => Some(ActionState::Lapsed),
        Class::Refused => Some(ActionState::Refused),
        Class::Retry | Class::RetryAlone | Class::Session => None,
    };
    match state {
        Some(state) => {
            lock(&inner.stalled).remove(&action);
            let problem = error.problem.as_deref().cloned();
            outbox.answer(action, &Answer::Not(state, problem), inner.now()).await?;
        }
        None => {
            lock(&inner.stalled).insert(action, error.code);
        }
    }
    inner.recount(Some(action)).await?;
    Err(error)
}
