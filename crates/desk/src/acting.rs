//! Acting: saving, sending, choosing, revealing.

use std::time::Duration;

use madoguchi_domain::{
    ActionId, CustomerId,
    account::{Account, Authority, Lock},
    action::{Ask, Waiting},
    role::{Agent, Role},
};
use madoguchi_protocol::{error::Code, sync::Record};

use crate::{
    desk::Desk,
    error::DeskError,
    inner::lock,
    outbox::{Class, Draft, Row, class},
    sync,
    view::{ActRequest, ActionState, Choice, OutboxItem, Resolve, RevealRequest, Revealed},
};

impl Desk {
    /// Saves an action. When this answers, it survives a power cut; it is not done before the store says so. Without a
    /// keyring nothing can be kept, so the action goes to the store at once or not at all.
    ///
    /// # Errors
    /// `not_signed_in`, `lease_over`, `unknown`; what the agent's role or the account's source does not allow;
    /// `version_missing` for an unlock without the version that was seen; `disk_full`; `needs_store` without a keyring.
    pub async fn act(&self, request: ActRequest) -> Result<OutboxItem, DeskError> {
        let inner = &self.inner;
        let row = self.save(request).await?;
        inner.recount(Some(row.action())).await?;
        if inner.in_memory() {
            return self.at_once(row).await;
        }
        inner.drain.notify_one();
        Ok(inner.item(&row))
    }

    async fn save(&self, request: ActRequest) -> Result<Row, DeskError> {
        let inner = &self.inner;
        inner.open()?;
        let kind = request.ask.kind();
        if kind.waiting() == Waiting::Never {
            return Err(DeskError::new(Code::BadRequest));
        }
        if kind.judged_on_version() && request.judged_on.is_none() {
            return Err(DeskError::new(Code::VersionMissing));
        }
        let me = inner.me().ok_or_else(|| DeskError::new(Code::NotSignedIn))?;
        let resting = inner.cache().await.customer(request.customer).await?;
        let record = resting.ok_or_else(|| DeskError::new(Code::Unknown))?.record;
        let saw = may_ask(&me.agent, &record, &request.ask)?;
        if inner.in_memory() && !inner.online() {
            return Err(DeskError::new(Code::NeedsStore));
        }
        self.put(request, record.profile.name.written, saw).await
    }

    async fn put(&self, request: ActRequest, name: String, saw: Option<Lock>) -> Result<Row, DeskError> {
        let inner = &self.inner;
        let me = inner.me().ok_or_else(|| DeskError::new(Code::NotSignedIn))?;
        let store = lock(&inner.session).store.clone().ok_or_else(|| DeskError::new(Code::NotSignedIn))?;
        let draft = Draft {
            store: store.id,
            sealing_key: Some(store.sealing_key),
            agent: me.agent.id,
            customer: request.customer,
            customer_name: name,
            ask: request.ask,
            judged_on: request.judged_on,
            saw,
            reason: request.reason,
            words: request.words,
            case: request.case,
            captured_at: inner.now(),
        };
        inner.outbox().await.save(draft).await
    }

    /// Sends an action that nothing can keep: it is done now, refused now, gone, or on its way without an answer.
    async fn at_once(&self, row: Row) -> Result<OutboxItem, DeskError> {
        let inner = &self.inner;
        match sync::send(inner, &row).await {
            Err(error) if matches!(class(error.code), Class::Retry | Class::RetryAlone | Class::Session) => {
                match inner.outbox().await.take_back(row.action()).await {
                    Ok(()) => {
                        inner.forgotten(&row).await?;
                        let offline = error.code == Code::Offline;
                        Err(if offline { DeskError::new(Code::NeedsStore) } else { error })
                    }
                    // It left, so nobody knows: it is sent again under the same id as long as this program runs.
                    Err(left) if left.code == Code::AlreadySent => {
                        inner.drain.notify_one();
                        self.item(row.action()).await
                    }
                    Err(left) => Err(left),
                }
            }
            _ => self.item(row.action()).await,
        }
    }

    /// An action as it is now.
    ///
    /// # Errors
    /// `unknown`; `files_unusable`.
    pub async fn item(&self, action: ActionId) -> Result<OutboxItem, DeskError> {
        Ok(self.inner.item(&self.row(action).await?))
    }

    async fn row(&self, action: ActionId) -> Result<Row, DeskError> {
        self.inner.outbox().await.row(action).await?.ok_or_else(|| DeskError::new(Code::Unknown))
    }

    /// An action that whoever is signed in saved themselves; another agent's is not theirs to decide.
    async fn own_row(&self, action: ActionId) -> Result<Row, DeskError> {
        let row = self.row(action).await?;
        let me = self.inner.me().ok_or_else(|| DeskError::new(Code::NotSignedIn))?;
        if row.agent() == me.agent.id {
            Ok(row)
        } else {
            Err(DeskError::naming(Code::NotAllowed, crate::words::NOT_YOURS))
        }
    }

    /// Waits for the store's answer to an action, but no longer than `patience`; then says how it is.
    ///
    /// # Errors
    /// `unknown`; `files_unusable`.
    pub async fn answer(&self, action: ActionId, patience: Duration) -> Result<OutboxItem, DeskError> {
        let mut moves = self.inner.answered.subscribe();
        let waiting = async {
            loop {
                let item = self.item(action).await?;
                if !matches!(item.state, ActionState::Saved | ActionState::Sending) {
                    return Ok(item);
                }
                // A missed message is no harm: the item is read again.
                let _ = moves.recv().await;
            }
        };
        match tokio::time::timeout(patience, waiting).await {
            Ok(item) => item,
            Err(_) => self.item(action).await,
        }
    }

    /// Every action of this desk that is listed: what waits, what needs a person, what was done lately.
    ///
    /// # Errors
    /// `files_unusable`.
    pub async fn outbox(&self) -> Result<Vec<OutboxItem>, DeskError> {
        let rows = self.inner.outbox().await.rows().await?;
        Ok(rows.iter().filter(|row| row.listed()).map(|row| self.inner.item(row)).collect())
    }

    /// Takes an action back that has not left yet.
    ///
    /// # Errors
    /// `already_sent`, `unknown`; `not_allowed` for another agent's, `not_signed_in`.
    pub async fn take_back(&self, action: ActionId) -> Result<(), DeskError> {
        let row = self.own_row(action).await?;
        self.inner.outbox().await.take_back(action).await?;
        self.inner.forgotten(&row).await
    }

    /// Does what a person chose for an action in conflict, refused or lapsed. `Again` is a new action, judged on what
    /// is now: for an unlock, on the account as the conflict showed it or, where there was none, as the desk holds it.
    ///
    /// # Errors
    /// As [`Desk::act`]; `not_allowed` for another agent's.
    pub async fn resolve(&self, request: Resolve) -> Result<Option<OutboxItem>, DeskError> {
        let inner = &self.inner;
        let row = self.own_row(request.action_id).await?;
        if !row.undecided() {
            return Err(DeskError::new(Code::AlreadySent));
        }
        let again = match request.choice {
            Choice::Drop => None,
            Choice::Again => match self.ask_again(&row).await? {
                Some(again) => Some(self.act(again).await?),
                None => None,
            },
        };
        inner.outbox().await.let_be(row.action()).await?;
        inner.forgotten(&row).await?;
        Ok(again)
    }

    async fn ask_again(&self, row: &Row) -> Result<Option<ActRequest>, DeskError> {
        let customer = row.envelope.customer;
        let mut ask = row.envelope.ask.clone();
        let mut judged_on = None;
        if let Ask::Unlock { account, lock } = &mut ask {
            let conflict = row.problem.as_ref().and_then(|p| p.conflict.as_ref()).map(|c| c.now.clone());
            let shown = conflict.is_some();
            let now = match conflict {
                Some(now) => now,
                None => self.account(customer, *account).await?,
            };
            // The lock it was about, or the one that a conflict showed in its place: no other was ever on the screen.
            // None leaves nothing to ask.
            let same = now.locks.iter().find(|l| l.id == *lock);
            let Some(standing) = same.or_else(|| longest(&now).filter(|_| shown)) else { return Ok(None) };
            *lock = standing.id;
            judged_on = Some(now.lock_version);
        }
        let envelope = &row.envelope;
        Ok(Some(ActRequest {
            customer,
            ask,
            judged_on,
            reason: envelope.reason,
            words: envelope.words.clone(),
            case: envelope.case.clone(),
        }))
    }

    async fn account(
        &self,
        customer: CustomerId,
        account: madoguchi_domain::AccountId,
    ) -> Result<Account, DeskError> {
        let resting = self.inner.cache().await.customer(customer).await?;
        let accounts = resting.map(|resting| resting.record.accounts).unwrap_or_default();
        accounts.into_iter().find(|a| a.id == account).ok_or_else(|| DeskError::new(Code::Unknown))
    }

    /// Asks the store for a masked value. The desk keeps nothing of the answer.
    ///
    /// # Errors
    /// `needs_store` when the store does not answer now; what it refuses with.
    pub async fn reveal(&self, request: RevealRequest) -> Result<Revealed, DeskError> {
        let inner = &self.inner;
        inner.open()?;
        if !inner.online() {
            return Err(DeskError::new(Code::NeedsStore));
        }
        let me = inner.me().ok_or_else(|| DeskError::new(Code::NotSignedIn))?;
        if me.agent.role == Role::Auditor {
            return Err(DeskError::new(Code::NotAllowed));
        }
        let asked = ActRequest {
            customer: request.customer,
            ask: Ask::Reveal { identifier: request.identifier },
            judged_on: None,
            reason: Some(request.reason),
            words: request.words,
            case: request.case,
        };
        let row = self.put(asked, String::new(), None).await?;
        let sent = sync::send(inner, &row).await;
        let done = match sent {
            Ok(done) => done,
            Err(error) => {
                // It does not wait, whatever became of it. Where it was answered there is nothing left to give up.
                if let Err(left) = inner.outbox().await.give_up(row.action()).await
                    && left.code == Code::AlreadySent
                {
                    inner.outbox().await.let_be(row.action()).await?;
                }
                inner.recount(None).await?;
                return Err(inner.needs_store(error));
            }
        };
        let value = done.revealed.ok_or_else(|| DeskError::new(Code::NotAStore))?;
        let seconds = u32::try_from(me.policy.reveal_seconds).unwrap_or(60);
        Ok(Revealed { value, seconds })
    }
}

/// What the store would refuse anyway is refused here, before it waits in vain; the store judges again. Answers the
/// lock that the person saw.
fn may_ask(agent: &Agent, record: &Record, ask: &Ask) -> Result<Option<Lock>, DeskError> {
    if agent.role == Role::Auditor {
        return Err(DeskError::new(Code::NotAllowed));
    }
    let Some(account) = ask.account() else { return Ok(None) };
    let account =
        record.accounts.iter().find(|a| a.id == account).ok_or_else(|| DeskError::new(Code::Unknown))?;
    if account.authority == Authority::Source {
        return Err(DeskError::new(Code::SourceNotConnected));
    }
    let Ask::Unlock { lock, .. } = ask else { return Ok(None) };
    let saw = account.locks.iter().find(|l| l.id == *lock).cloned();
    if let Some(saw) = &saw
        && agent.role == Role::Agent
        && !saw.cause.agent_may_end()
    {
        return Err(DeskError::new(Code::SupervisorNeeded));
    }
    Ok(saw)
}

/// The lock that ends last.
fn longest(account: &Account) -> Option<&Lock> {
    account.locks.iter().max_by_key(|l| (l.until.is_none(), l.until, l.since))
}
