//! Commands that look: sync, find, show, consents, outbox, status.

use std::time::Duration;

use madoguchi_domain::{
    CustomerId, Timestamp,
    consent::{self, ConsentEvent, ConsentStatus},
};
use madoguchi_protocol::{error::Code, sync::Consents};
use serde_json::{Value, json};

use super::{End, IN_STEP, in_step, print::Out};
use crate::{
    Desk, DeskError,
    view::{CustomerView, FindRequest, Hit, SyncState},
    words::moment as time,
};

/// How long `mado sync` waits between signs of progress.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long `mado find` waits for the store.
const STORE: Duration = Duration::from_secs(5);

/// How many rows of find results.
const ROWS: u32 = 20;

pub(super) async fn sync(desk: &Desk, out: &Out<'_>) -> Result<End, DeskError> {
    let bar = indicatif::ProgressBar::new(0);
    if out.json || !out.colour {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    let mut events = desk.events();
    loop {
        let status = desk.status().await?;
        if let Some(progress) = status.progress {
            bar.set_length(u64::try_from(progress.total).unwrap_or(0));
            bar.set_position(u64::try_from(progress.done).unwrap_or(0));
        }
        match status.state {
            SyncState::Live => break,
            SyncState::Offline => return Err(DeskError::new(status.offline_cause.unwrap_or(Code::Offline))),
            SyncState::Closed => return Err(DeskError::new(Code::LeaseOver)),
            SyncState::SignedOut => return Err(DeskError::new(Code::NotSignedIn)),
            SyncState::CatchingUp => {}
        }
        if tokio::time::timeout(PATIENCE, events.recv()).await.is_err() {
            return Err(DeskError::new(Code::Offline));
        }
    }
    bar.finish_and_clear();
    let status = desk.status().await?;
    let value = json!({ "state": "live", "as_of": status.as_of, "customers": status.customers, "pending": status.pending });
    out.answer(&value, || vec![out.say("mado-synced", &[("count", status.customers.to_string())])])?;
    Ok(End::Done)
}

pub(super) async fn find(desk: &Desk, out: &Out<'_>, query: &str, locked: bool) -> Result<End, DeskError> {
    let request = FindRequest { query: query.to_owned(), locked, brand: None, limit: ROWS };
    let state = in_step(desk, IN_STEP).await?;
    desk.index_read().await;
    let mut hits = desk.find(request.clone()).await?.hits;
    let asked = match state {
        SyncState::Live | SyncState::CatchingUp => {
            let asked = tokio::time::timeout(STORE, desk.find_store(request)).await;
            asked.unwrap_or_else(|_| Err(DeskError::new(Code::Offline)))
        }
        _ => Err(DeskError::new(Code::Offline)),
    };
    match asked {
        Ok(more) => hits.extend(more.hits),
        // What this desk found is an answer all the same; that there may be more is said beside it.
        Err(error) => {
            let code = if error.code == Code::NeedsStore { Code::Offline } else { error.code };
            out.notice([DeskError { code, ..error }.failure(out.language)]);
        }
    }
    let value: Vec<Value> = hits
        .iter()
        .map(|hit| {
            let matched = hit.matched.as_ref().map(|m| json!({ "field": m.field, "value": m.value }));
            json!({ "id": hit.id, "name": hit.written, "matched": matched, "source": hit.source })
        })
        .collect();
    out.answer(&Value::from(value), || {
        if hits.is_empty() {
            return vec![out.say("mado-found-none", &[])];
        }
        hits.iter().map(|hit| line(out, hit)).collect()
    })?;
    Ok(End::Done)
}

fn line(out: &Out<'_>, hit: &Hit) -> String {
    let mut parts = vec![hit.id.to_string(), out.strong(&hit.written)];
    parts.extend(hit.reading.clone().or_else(|| hit.romaji.clone()));
    if let Some(matched) = hit.matched.as_ref().filter(|m| m.value != hit.written) {
        parts.push(matched.value.clone());
    }
    if hit.lock.is_some() {
        parts.push(format!("[{}]", out.say("mado-locked", &[])));
    }
    if hit.source == crate::view::Source::Store {
        parts.push(format!("({})", out.say("mado-source-store", &[])));
    }
    parts.join("  ")
}

/// A customer that was named on the command line; `None` leaves the sentence to the caller.
pub(super) async fn customer(
    desk: &Desk,
    out: &Out<'_>,
    id: &str,
) -> Result<Result<CustomerView, End>, DeskError> {
    let Ok(id) = id.parse::<CustomerId>() else {
        return Ok(Err(End::BadUse(out.say("mado-bad-id", &[("text", id.to_owned())]))));
    };
    in_step(desk, IN_STEP).await?;
    Ok(Ok(desk.open_customer(id).await?))
}

pub(super) async fn show(desk: &Desk, out: &Out<'_>, id: &str) -> Result<End, DeskError> {
    let view = match customer(desk, out, id).await? {
        Ok(view) => view,
        Err(end) => return Ok(end),
    };
    out.answer(&shown(&view), || lines(out, &view))?;
    Ok(End::Done)
}

fn shown(view: &CustomerView) -> Value {
    let profile = &view.profile;
    let accounts: Vec<Value> = view
        .accounts
        .iter()
        .map(|account| {
            json!({
                "id": account.id, "issuer": account.issuer, "brand": account.brand, "authority": account.authority,
                "blocked": account.blocked, "identities": account.identities, "sessions": account.sessions,
                "locks": account.locks,
            })
        })
        .collect();
    json!({
        "customer": {
            "id": profile.id, "name": profile.name, "brands": profile.brands, "languages": profile.languages,
            "time_zone": profile.time_zone, "country": profile.country, "tier": profile.tier, "since": profile.since,
        },
        "identifiers": profile.identifiers,
        "accounts": accounts,
        "sign_ins": view.sign_ins.recent,
        "consents": view.consents.status,
        "notes": view.notes,
        "as_of": view.as_of,
    })
}

fn lines(out: &Out<'_>, view: &CustomerView) -> Vec<String> {
    let name = &view.profile.name;
    let also = [&name.reading, &name.romaji].into_iter().flatten().cloned().collect::<Vec<_>>().join("  ");
    let mut lines = vec![
        format!("{}  {}  {also}", view.profile.id, out.strong(&name.written)),
        out.language.words().why(&view.why),
    ];
    lines.extend(
        view.profile
            .identifiers
            .iter()
            .map(|i| format!("  {}  {}", out.named("identifier", &i.kind), i.masked)),
    );
    for account in &view.accounts {
        let values = [("issuer", account.issuer.clone()), ("brand", account.brand.to_string())];
        lines.push(String::new());
        lines.push(out.strong(&out.say("mado-account", &values)));
        for lock in &account.locks {
            let values = [
                ("cause", out.named("lock-cause", &lock.cause)),
                ("since", time(lock.since)),
                ("by", lock.by.clone()),
            ];
            lines.push(format!("  {}  {}", out.say("mado-lock-line", &values), lock.id));
        }
        lines.push(format!("  {}", out.say("mado-identities", &[])));
        lines.extend(
            account
                .identities
                .iter()
                .map(|way| format!("    {}  {}", out.named("identity", &way.kind), way.masked)),
        );
        lines.push(format!("  {}", out.say("mado-sessions", &[])));
        lines.extend(
            account.sessions.iter().map(|s| format!("    {}  {}  {}", s.id, s.device, time(s.last_seen_at))),
        );
    }
    lines.push(String::new());
    lines.push(out.strong(&out.say("mado-sign-ins", &[])));
    lines.extend(view.sign_ins.recent.iter().take(10).map(|s| {
        let cause = s.cause.map(|c| out.named("cause", &c)).unwrap_or_default();
        format!(
            "  {}  {}  {}  {cause}",
            time(s.at),
            out.named("identity", &s.identity),
            out.named("outcome", &s.outcome)
        )
    }));
    lines.push(out.strong(&out.say("mado-consents", &[])));
    lines.extend(
        view.consents
            .status
            .iter()
            .map(|c| format!("  {}  {}  {}", c.brand, c.purpose, out.named("consent", &c.effective))),
    );
    lines.push(out.strong(&out.say("mado-notes", &[])));
    lines.extend(view.notes.iter().map(|note| format!("  {}  {}  {}", time(note.at), note.by, note.text)));
    if !view.pending.is_empty() {
        lines.push(out.strong(&out.say("mado-pending", &[])));
        lines.extend(view.pending.iter().map(|p| {
            format!("  {}  {}  {}", p.action_id, out.named("action", &p.kind), out.named("state", &p.state))
        }));
    }
    lines
}

pub(super) async fn consents(
    desk: &Desk,
    out: &Out<'_>,
    id: &str,
    at: Option<&str>,
) -> Result<End, DeskError> {
    let moment = match at.map(str::parse::<Timestamp>).transpose() {
        Ok(moment) => moment,
        Err(_) => {
            let text = at.unwrap_or_default().to_owned();
            return Ok(End::BadUse(out.say("mado-bad-time", &[("text", text)])));
        }
    };
    let view = match customer(desk, out, id).await? {
        Ok(view) => view,
        Err(end) => return Ok(end),
    };
    let (status, known) = match moment {
        None => (view.consents.status.clone(), None),
        Some(moment) => (
            as_of(&view.consents, moment, |event| event.captured_at),
            Some(as_of(&view.consents, moment, |event| event.received_at)),
        ),
    };
    let value = json!({
        "consents": status, "known": known, "events": view.consents.events, "at": moment, "as_of": view.as_of,
    });
    out.answer(&value, || {
        let mut lines = Vec::new();
        for (place, consent) in status.iter().enumerate() {
            let state = out.named("consent", &consent.effective);
            lines.push(format!("{}  {}  {state}", consent.brand, consent.purpose));
            let knew = known.as_ref().and_then(|known| known.get(place));
            if let Some(knew) = knew.filter(|knew| knew.effective != consent.effective) {
                let state = out.named("consent", &knew.effective);
                lines.push(format!("  {}", out.say("mado-known", &[("state", state)])));
            }
        }
        lines
    })?;
    Ok(End::Done)
}

/// What the events until `moment` add up to: by the time they were captured it is what was true, from everything that
/// is known now; by the time they were received it is what was known then.
fn as_of(
    consents: &Consents,
    moment: Timestamp,
    at: impl Fn(&ConsentEvent) -> Timestamp,
) -> Vec<ConsentStatus> {
    let before: Vec<_> = consents.events.iter().filter(|event| at(event) <= moment).cloned().collect();
    consents.status.iter().map(|now| consent::status(&now.brand, &now.purpose, &before, moment)).collect()
}

pub(super) async fn outbox(desk: &Desk, out: &Out<'_>) -> Result<End, DeskError> {
    let items = desk.outbox().await?;
    let value: Vec<Value> = items
        .iter()
        .map(|item| {
            json!({
                "action_id": item.action_id, "kind": item.kind, "customer": item.customer, "state": item.state,
                "saved_at": item.saved_at,
            })
        })
        .collect();
    out.answer(&Value::from(value), || {
        if items.is_empty() {
            return vec![out.say("mado-outbox-empty", &[])];
        }
        let line = |i: &crate::view::OutboxItem| {
            let by = i.saved_by.as_ref().map(|name| format!("  ({name})")).unwrap_or_default();
            format!(
                "{}  {}  {}  {}  {}{by}",
                i.action_id,
                time(i.saved_at),
                i.customer,
                out.named("action", &i.kind),
                out.named("state", &i.state)
            )
        };
        items.iter().map(line).collect()
    })?;
    Ok(End::Done)
}

pub(super) async fn status(desk: &Desk, out: &Out<'_>) -> Result<End, DeskError> {
    in_step(desk, IN_STEP).await?;
    let status = desk.status().await?;
    let state = match status.state {
        SyncState::Live => "live",
        // Customers are on their way: the store is there.
        SyncState::CatchingUp if desk.inner.online() => "live",
        SyncState::Offline | SyncState::CatchingUp => "offline",
        SyncState::Closed => "closed",
        SyncState::SignedOut => return Err(DeskError::new(Code::NotSignedIn)),
    };
    let value = json!({
        "state": state, "as_of": status.as_of, "customers": status.customers, "pending": status.pending,
    });
    out.answer(&value, || {
        let values = [
            ("state", out.say(&format!("mado-state-{state}"), &[])),
            ("customers", status.customers.to_string()),
            ("pending", status.pending.to_string()),
            ("as_of", status.as_of.map_or_else(|| out.say("mado-never", &[]), time)),
        ];
        vec![out.say("mado-status", &values)]
    })?;
    Ok(End::Done)
}
