//! Does what the plan says, one step at a time, until the desk is closed.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use madoguchi_protocol::{
    action::{SealedActions, SealedAnswer},
    error::Code,
};

use super::{
    feed,
    plan::{self, Event, Step},
    snapshot,
};
use crate::{
    error::DeskError,
    inner::{Inner, lock},
    outbox::{Class, class},
    words,
};

/// How often the lease is looked at while nothing happens.
const LOOK: Duration = Duration::from_secs(60);

/// How often the time is written down.
const NOTE: Duration = Duration::from_secs(300);

/// Sealed copies in one request.
const SEALED: usize = 50;

/// Runs until the desk ends.
pub(crate) async fn run(inner: Arc<Inner>) {
    loop {
        if inner.end.is_cancelled() {
            return;
        }
        look(&inner).await;
        let step = plan::next(&lock(&inner.standing).clone(), inner.clock.monotonic());
        match step {
            Step::Rest => {
                forget(&inner).await;
                wait(&inner, LOOK).await;
            }
            Step::Wait(until) => wait(&inner, until.saturating_sub(inner.clock.monotonic()).min(LOOK)).await,
            step => work(&inner, step).await,
        }
    }
}

/// Tokens that are void are not kept.
async fn forget(inner: &Inner) {
    // Whoever signs in holds the step; their new tokens are not void.
    let Ok(_step) = inner.step.try_lock() else { return };
    let void = !lock(&inner.standing).signed_in && lock(&inner.session).refresh.is_some();
    if void && let Err(error) = inner.forget_tokens().await {
        tracing::warn!(code = %error.code.word(), "void tokens could not be forgotten");
    }
}

async fn wait(inner: &Inner, span: Duration) {
    tokio::select! {
        () = inner.end.cancelled() => {}
        () = inner.wake.notified() => {}
        () = tokio::time::sleep(span) => {}
    }
}

/// What the plan learns from the clock and the file.
async fn look(inner: &Inner) {
    let closed = lock(&inner.standing).closed || !lock(&inner.standing).signed_in;
    if !closed && inner.lease_over() {
        inner.plan(Event::LeaseOver);
    }
    note_time(inner).await;
    if inner.cache().await.damaged() && !lock(&inner.standing).damaged {
        inner.plan(Event::Damaged);
    }
}

/// Writes down now and then how late it is, so that a clock that is turned back after a crash gains nothing.
async fn note_time(inner: &Inner) {
    let wall = inner.clock.now();
    let due = lock(&inner.shown).noted.is_none_or(|noted| wall.since(noted) >= NOTE);
    if !due {
        return;
    }
    lock(&inner.shown).noted = Some(wall);
    let held = lock(&inner.held).as_mut().map(|held| {
        held.contact.seen = held.contact.seen.max(wall);
        held.clone()
    });
    if let Some(held) = held
        && let Err(error) = inner.cache().await.note_contact(&held).await
    {
        tracing::warn!(code = %error.code.word(), "the time was not noted");
    }
}

async fn work(inner: &Arc<Inner>, step: Step) {
    let _step = inner.step.lock().await;
    let mut wanted = inner.wanted.subscribe();
    // Somebody may have changed what the step stands on while the lock was waited for.
    if plan::next(&lock(&inner.standing).clone(), inner.clock.monotonic()) != step {
        return;
    }
    let heard_before = lock(&inner.standing).failures == 0 && lock(&inner.shown).live;
    let done = tokio::select! {
        () = inner.end.cancelled() => return,
        _ = wanted.wait_for(|waiting| *waiting > 0) => return,
        () = replanned(inner, step) => return,
        done = perform(inner, step) => done,
    };
    let was_live = heard_before || std::mem::take(&mut lock(&inner.shown).live);
    match done {
        Ok(()) if step == Step::Feed => cut(inner, was_live),
        Ok(()) => {}
        Err(error) if step == Step::Feed && error.code == Code::Offline => cut(inner, was_live),
        Err(error) => fail(inner, &error),
    }
}

/// A feed that was heard and is cut off is picked up again at once; a store that is gone is found out by that.
fn cut(inner: &Inner, was_live: bool) {
    lock(&inner.shown).live = false;
    if was_live {
        lock(&inner.standing).greeted = false;
        inner.publish();
    } else {
        fail(inner, &DeskError::new(Code::Offline));
    }
}

fn fail(inner: &Inner, error: &DeskError) {
    let code = error.code;
    tracing::info!(code = %code.word(), "sync stopped");
    if code == Code::SignInNeeded {
        inner.drop_access();
    }
    let jitter = inner.jitter();
    inner.plan(Event::Failed { code, jitter });
    if matches!(code, Code::DiskFull | Code::FilesUnusable | Code::StoreVersion | Code::NotAStore) {
        let first = lock(&inner.standing).failures == 1;
        if first {
            inner.notice(error.clone());
        }
    }
}

/// Resolves when another step has become more urgent than a long one.
async fn replanned(inner: &Inner, step: Step) {
    loop {
        tokio::select! {
            () = inner.wake.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
        look(inner).await;
        let next = plan::next(&lock(&inner.standing).clone(), inner.clock.monotonic());
        let urgent = matches!(next, Step::Wipe | Step::SetAside | Step::Close | Step::Rest);
        if urgent && next != step {
            return;
        }
    }
}

async fn perform(inner: &Arc<Inner>, step: Step) -> Result<(), DeskError> {
    match step {
        Step::Rest | Step::Wait(_) => Ok(()),
        Step::Greet => greet(inner).await,
        Step::Refresh => {
            inner.token().await?;
            inner.plan(Event::Refreshed);
            inner.drain.notify_one();
            Ok(())
        }
        Step::SendLost => send_lost(inner).await,
        Step::SetAside => inner.set_aside().await,
        Step::Snapshot => match snapshot::fetch(inner).await {
            Err(error) if error.code == Code::CursorUnknown => {
                // The snapshot that was begun is of another epoch: begin a new one.
                if let Some(held) = lock(&inner.held).as_mut() {
                    held.snapshot = None;
                }
                Err(error)
            }
            done => done,
        },
        Step::Feed => feed::follow(inner).await,
        Step::Close => inner.close_cache().await,
        Step::Wipe => inner.wipe().await,
    }
}

async fn greet(inner: &Inner) -> Result<(), DeskError> {
    let client = inner.client()?;
    let sent = inner.clock.monotonic();
    let info = client.store().await?;
    let ahead_ms = inner.measure(&info, sent);
    let (store, was) = {
        let mut session = lock(&inner.session);
        let Some(store) = session.store.as_mut() else {
            return Err(DeskError::new(Code::NotSignedIn));
        };
        if store.id != info.store {
            return Err(DeskError::new(Code::NotAStore));
        }
        let was = store.ahead_ms;
        store.ahead_ms = ahead_ms;
        store.sealing_key.clone_from(&info.sealing_key);
        store.name.clone_from(&info.name);
        (store.clone(), was)
    };
    if was.abs_diff(ahead_ms) > 500 {
        inner.outbox().await.put_store(&store).await?;
    }
    if ahead_ms.unsigned_abs() > 120_000 && was.unsigned_abs() <= 120_000 {
        inner.notice(clock_off(ahead_ms));
    }
    inner.heard(info.now);
    inner.plan(Event::Greeted);
    Ok(())
}

/// That a clock is off, naming by how many minutes.
pub(crate) fn clock_off(ahead_ms: i64) -> DeskError {
    let minutes = (ahead_ms.unsigned_abs() + 30_000) / 60_000;
    DeskError::naming(Code::ClockOff, minutes.to_string())
}

/// Sends the sealed copies of who is signed in. A copy goes once its action is done, or once a person was told why it
/// is not; what the store cannot judge today (another agent's, another desk's) stays.
async fn send_lost(inner: &Inner) -> Result<(), DeskError> {
    let outbox = inner.outbox().await;
    let lost = match (outbox.copies(), inner.owner()) {
        (Some(copies), Some(owner)) => copies.lost(owner)?,
        _ => Vec::new(),
    };
    for some in lost.chunks(SEALED) {
        let copies = some.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
        let sealed = SealedActions { sealed: copies.iter().map(|bytes| STANDARD.encode(bytes)).collect() };
        let answered = inner
            .with_token(|client, token| {
                let sealed = sealed.clone();
                async move { client.act_sealed(&token, &sealed).await }
            })
            .await;
        let answers = match answered {
            Ok(answers) => answers.answers,
            // Who may not act at all can still read; the copies wait for who may.
            Err(failed) if failed.error.code == Code::NotAllowed => break,
            Err(failed) => return Err(failed.error),
        };
        for (path, answer) in some.iter().zip(answers) {
            let SealedAnswer::Problem { problem } = answer else {
                std::fs::remove_file(path)?;
                continue;
            };
            if matches!(class(problem.code), Class::Refused | Class::Conflict | Class::Lapsed)
                && problem.code != Code::BadSignature
            {
                inner.notice(DeskError::naming(problem.code, words::LOST_NOT_DONE));
                std::fs::remove_file(path)?;
            }
        }
    }
    inner.plan(Event::LostSent);
    Ok(())
}
