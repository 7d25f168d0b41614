//! Commands that do something: sign in, reveal, unlock, lock, revoke, note, withdraw.

use std::time::Duration;

use madoguchi_domain::{
    CustomerId,
    account::{Account, Lock, LockCause, LockScope},
    action::{Ask, Reason},
    customer::{Identifier, IdentifierKind},
};
use madoguchi_protocol::error::Code;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    End, IN_STEP,
    args::{OptionalWhy, Why},
    in_step,
    print::Out,
    read::customer,
};
use crate::{
    Desk, DeskError,
    view::{ActRequest, ActionState, Credentials, CustomerView, OutboxItem, RevealRequest},
};

/// How long a command waits for the store's answer before it says *saved*.
const ANSWER: Duration = Duration::from_secs(10);

/// What a person may lock an account for; the other causes are the store's and the sources'.
const CAUSES: [LockCause; 4] =
    [LockCause::CustomerRequest, LockCause::SuspectedTakeover, LockCause::Fraud, LockCause::Policy];

pub(super) async fn sign_in(desk: &Desk, out: &Out<'_>, store: &str, agent: &str) -> Result<End, DeskError> {
    let typed = out.typed(4096).unwrap_or_default();
    let password = typed.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        return Ok(End::BadUse(out.say("mado-no-password", &[])));
    }
    let credentials = Credentials { store_url: store.to_owned(), name: agent.to_owned(), password };
    let start = desk.sign_in(credentials).await?;
    out.notice(start.notices);
    let agent = start.agent.map(|agent| agent.display_name).unwrap_or_default();
    let store = start.store_name.unwrap_or_default();
    let value = json!({ "agent": agent, "store": store });
    out.answer(&value, || {
        vec![out.say("mado-signed-in", &[("name", agent.clone()), ("store", store.clone())])]
    })?;
    Ok(End::Done)
}

/// A word of the protocol, as typed.
fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(Value::from(text.replace('-', "_"))).ok()
}

/// One of the dialogs' reasons, or any other in words.
fn reason(text: &str) -> (Option<Reason>, Option<String>) {
    match word::<Reason>(text) {
        Some(Reason::Other) | None => (Some(Reason::Other), Some(text.to_owned())),
        Some(reason) => (Some(reason), None),
    }
}

pub(super) async fn reveal(
    desk: &Desk,
    out: &Out<'_>,
    id: &str,
    field: &str,
    why: &Why,
) -> Result<End, DeskError> {
    let view = match customer(desk, out, id).await? {
        Ok(view) => view,
        Err(end) => return Ok(end),
    };
    let identifiers = &view.profile.identifiers;
    let wanted = |i: &&Identifier| match word::<IdentifierKind>(field) {
        Some(kind) => i.kind == kind,
        None => i.id.to_string() == field,
    };
    let Some(identifier) = identifiers.iter().find(wanted) else {
        let fields = identifiers
            .iter()
            .map(|i| serde_json::json!(i.kind).as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
            .join(", ");
        let values = [("field", field.to_owned()), ("fields", fields)];
        return Ok(End::BadUse(out.say("mado-unknown-field", &values)));
    };
    let (reason, words) = reason(&why.reason);
    let request = RevealRequest {
        customer: view.profile.id,
        identifier: identifier.id,
        reason: reason.unwrap_or(Reason::Other),
        words,
        case: why.case.clone(),
    };
    let revealed = desk.reveal(request).await?;
    let value = json!({ "field": identifier.kind, "value": revealed.value, "seconds": revealed.seconds });
    out.answer(&value, || vec![revealed.value.clone(), out.say("mado-revealed-seconds", &[])])?;
    Ok(End::Done)
}

/// Saves an action, waits a bounded moment for its answer and says how it is.
async fn act(desk: &Desk, out: &Out<'_>, request: ActRequest) -> Result<End, DeskError> {
    let saved = desk.act(request).await?;
    let item = desk.answer(saved.action_id, ANSWER).await?;
    let value = json!({ "action_id": item.action_id, "kind": item.kind, "customer": item.customer, "state": item.state,
        "saved_at": item.saved_at });
    let failure = |item: &OutboxItem, code: Code| {
        item.failure.clone().unwrap_or_else(|| DeskError::new(code).failure(out.language))
    };
    match item.state {
        ActionState::Done => {
            out.answer(&value, || vec![out.say("mado-done", &[])])?;
            Ok(End::Done)
        }
        ActionState::Saved | ActionState::Sending => {
            let action = item.action_id.to_string();
            out.answer(&value, || vec![out.say("mado-saved", &[("action", action)])])?;
            Ok(End::Saved)
        }
        ActionState::Conflict => Ok(End::Conflict(failure(&item, Code::Conflict))),
        ActionState::Refused => Ok(End::Refused(failure(&item, Code::BadRequest))),
        ActionState::Lapsed => Ok(End::Refused(failure(&item, Code::Lapsed))),
    }
}

fn request(customer: CustomerId, ask: Ask, why: &Why) -> ActRequest {
    let (reason, words) = reason(&why.reason);
    ActRequest { customer, ask, judged_on: None, reason, words, case: why.case.clone() }
}

pub(super) async fn unlock(
    desk: &Desk,
    out: &Out<'_>,
    id: &str,
    why: &Why,
    lock: Option<&str>,
) -> Result<End, DeskError> {
    let view = match customer(desk, out, id).await? {
        Ok(view) => view,
        Err(end) => return Ok(end),
    };
    let all: Vec<(&Account, &Lock)> =
        view.accounts.iter().flat_map(|a| a.locks.iter().map(move |l| (a, l))).collect();
    let now = desk.inner.now();
    let chosen: Vec<_> = match lock {
        Some(lock) => all.into_iter().filter(|(_, l)| l.id.to_string() == lock).collect(),
        None => all.into_iter().filter(|(_, l)| l.stands(now)).collect(),
    };
    let (account, lock) = match chosen.as_slice() {
        [one] => *one,
        [] => return Ok(End::BadUse(out.say("mado-no-lock", &[]))),
        many => {
            let locks = many.iter().map(|(_, l)| l.id.to_string()).collect::<Vec<_>>().join(", ");
            return Ok(End::BadUse(out.say("mado-which-lock", &[("locks", locks)])));
        }
    };
    let ask = Ask::Unlock { account: account.id, lock: lock.id };
    let request = ActRequest { judged_on: Some(account.lock_version), ..request(view.profile.id, ask, why) };
    act(desk, out, request).await
}

/// The account that was named, or the only one.
fn one_account<'a>(out: &Out<'_>, view: &'a CustomerView, named: Option<&str>) -> Result<&'a Account, End> {
    let chosen: Vec<&Account> =
        view.accounts.iter().filter(|a| named.is_none_or(|named| a.id.to_string() == named)).collect();
    match chosen.as_slice() {
        [one] => Ok(one),
        _ => {
            let accounts = view.accounts.iter().map(|a| a.id.to_string()).collect::<Vec<_>>().join(", ");
            Err(End::BadUse(out.say("mado-which-account", &[("accounts", accounts)])))
        }
    }
}

pub(super) async fn lock(
    desk: &Desk,
    out: &Out<'_>,
    id: &str,
    why: &Why,
    account: Option<&str>,
    cause: &str,
    until: Option<&str>,
) -> Result<End, DeskError> {
    let until = match until.map(str::parse).transpose() {
        Ok(until) => until,
        Err(_) => {
            let text = until.unwrap_or_default().to_owned();
            return Ok(End::BadUse(out.say("mado-bad-time", &[("text", text)])));
        }
    };
    let Some(cause) = word::<LockCause>(cause).filter(|cause| CAUSES.contains(cause)) else {
        let causes = CAUSES.iter().map(|cause| json!(cause).as_str().unwrap_or_default().to_owned());
        let causes = causes.collect::<Vec<_>>().join(", ");
        let values = [("cause", cause.to_owned()), ("causes", causes)];
        return Ok(End::BadUse(out.say("mado-unknown-cause", &values)));
    };
    let view = match customer(desk, out, id).await? {
        Ok(view) => view,
        Err(end) => return Ok(end),
    };
    let account = match one_account(out, &view, account) {
        Ok(account) => account.id,
        Err(end) => return Ok(end),
    };
    let ask = Ask::Lock { account, scope: LockScope::Account, cause, until };
    act(desk, out, request(view.profile.id, ask, why)).await
}

pub(super) async fn revoke(
    desk: &Desk,
    out: &Out<'_>,
    id: &str,
    why: &Why,
    session: Option<&str>,
    account: Option<&str>,
) -> Result<End, DeskError> {
    let view = match customer(desk, out, id).await? {
        Ok(view) => view,
        Err(end) => return Ok(end),
    };
    let ask = match session {
        Some(named) => {
            let holder = view
                .accounts
                .iter()
                .find_map(|a| a.sessions.iter().find(|s| s.id.to_string() == named).map(|s| (a.id, s.id)));
            let Some((account, session)) = holder else {
                return Err(DeskError::new(Code::Unknown));
            };
            Ask::RevokeSession { account, session }
        }
        None => match one_account(out, &view, account) {
            Ok(account) => Ask::RevokeSessions { account: account.id },
            Err(end) => return Ok(end),
        },
    };
    act(desk, out, request(view.profile.id, ask, why)).await
}

pub(super) async fn note(
    desk: &Desk,
    out: &Out<'_>,
    id: &str,
    text: &str,
    case: Option<String>,
) -> Result<End, DeskError> {
    let view = match customer(desk, out, id).await? {
        Ok(view) => view,
        Err(end) => return Ok(end),
    };
    let ask = Ask::Note { text: text.to_owned() };
    let request =
        ActRequest { customer: view.profile.id, ask, judged_on: None, reason: None, words: None, case };
    act(desk, out, request).await
}

pub(super) async fn withdraw(
    desk: &Desk,
    out: &Out<'_>,
    id: &str,
    purpose: &str,
    brand: Option<&str>,
    why: &OptionalWhy,
) -> Result<End, DeskError> {
    let Ok(parsed) = id.parse::<CustomerId>() else {
        return Ok(End::BadUse(out.say("mado-bad-id", &[("text", id.to_owned())])));
    };
    in_step(desk, IN_STEP).await?;
    let view = desk.open_customer(parsed).await?;
    let all = &view.consents.status;
    let chosen: Vec<_> = all
        .iter()
        .filter(|c| c.purpose.0 == purpose && brand.is_none_or(|brand| c.brand.0 == brand))
        .collect();
    let chosen = match chosen.as_slice() {
        [one] => *one,
        [] => {
            let mut purposes: Vec<String> = all.iter().map(|c| c.purpose.to_string()).collect();
            purposes.sort();
            purposes.dedup();
            let values = [("purpose", purpose.to_owned()), ("purposes", purposes.join(", "))];
            return Ok(End::BadUse(out.say("mado-unknown-purpose", &values)));
        }
        many => {
            let brands = many.iter().map(|c| c.brand.to_string()).collect::<Vec<_>>().join(", ");
            return Ok(End::BadUse(out.say("mado-which-brand", &[("brands", brands)])));
        }
    };
    let ask = Ask::Withdraw { brand: chosen.brand.clone(), purpose: chosen.purpose.clone() };
    let (reason, words) = why.reason.as_deref().map_or((Some(Reason::CustomerAsked), None), reason);
    let request =
        ActRequest { customer: view.profile.id, ask, judged_on: None, reason, words, case: why.case.clone() };
    act(desk, out, request).await
}
