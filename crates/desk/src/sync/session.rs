//! The tokens of who is signed in: used, renewed, given up.

use std::time::Duration;

use madoguchi_protocol::{error::Code, session::Tokens};
use madoguchi_secrets::Secret;

use super::plan::Event;
use crate::{
    client::{Client, Failed},
    error::DeskError,
    files::KeyName,
    inner::{Inner, lock},
};

/// A token is renewed this long before it runs out.
const EARLY: Duration = Duration::from_secs(30);

impl Inner {
    /// The client of the store that was chosen.
    pub(crate) fn client(&self) -> Result<Client, DeskError> {
        lock(&self.session).client.clone().ok_or_else(|| DeskError::new(Code::NotSignedIn))
    }

    fn access(&self) -> Option<Secret> {
        let session = lock(&self.session);
        let good = session
            .access_until
            .is_some_and(|until| self.clock.now().plus(EARLY) < until.plus(self.ahead_of(&session)));
        session.access.clone().filter(|_| good)
    }

    /// How far this machine's clock is ahead, as a span to add to the store's times; zero when it is behind.
    fn ahead_of(&self, session: &crate::inner::Session) -> Duration {
        let ahead = session.store.as_ref().map_or(0, |store| store.ahead_ms);
        Duration::from_millis(u64::try_from(ahead).unwrap_or(0))
    }

    /// A token that is good as far as this desk knows, renewed where it must be. One renewal at a time: a refresh token
    /// is used once.
    pub(crate) async fn token(&self) -> Result<Secret, Failed> {
        if let Some(token) = self.access() {
            return Ok(token);
        }
        let _one = self.refreshing.lock().await;
        if let Some(token) = self.access() {
            return Ok(token);
        }
        let (client, refresh) = {
            let session = lock(&self.session);
            (session.client.clone(), session.refresh.clone())
        };
        let (Some(client), Some(refresh)) = (client, refresh) else {
            return Err(DeskError::new(Code::NotSignedIn).into());
        };
        let tokens = client.refresh(&refresh).await?;
        let token = Secret::new(tokens.access_token.clone());
        self.take(tokens).await?;
        Ok(token)
    }

    /// Keeps new tokens: the refresh token in the keyring before it is relied on.
    pub(crate) async fn take(&self, tokens: Tokens) -> Result<(), DeskError> {
        let refresh = Secret::new(tokens.refresh_token);
        if let Some(keys) = &self.keys
            && let Err(error) = keys.set_token(KeyName::Refresh, &refresh).await
        {
            // Signed in for as long as this program runs; the person learns that it will not last.
            self.notice(error);
        }
        {
            let mut session = lock(&self.session);
            session.access = Some(Secret::new(tokens.access_token));
            session.access_until = Some(tokens.access_until);
            session.refresh = Some(refresh);
        }
        if let Some(held) = lock(&self.held).as_mut() {
            held.me = tokens.me;
        }
        Ok(())
    }

    /// The access token turned out to be void before its time.
    pub(crate) fn drop_access(&self) {
        lock(&self.session).access = None;
    }

    /// Asks the store with a good token; a token that the store calls void is renewed once.
    pub(crate) async fn with_token<T, F>(&self, ask: impl Fn(Client, Secret) -> F) -> Result<T, Failed>
    where
        F: Future<Output = Result<T, Failed>>,
    {
        let client = self.client()?;
        let answer = ask(client.clone(), self.token().await?).await;
        match answer {
            Err(failed) if failed.error.code == Code::SignInNeeded => {
                self.drop_access();
                ask(client, self.token().await?).await
            }
            other => other,
        }
    }

    /// What a failed request means for the session; every door reports here.
    pub(crate) fn failed(&self, error: &DeskError) {
        match error.code {
            Code::SignInNeeded | Code::SessionRevoked => {
                self.drop_access();
                self.plan(Event::Failed { code: Code::SessionRevoked, jitter: 0.0 });
            }
            Code::DeviceRevoked => self.plan(Event::Failed { code: Code::DeviceRevoked, jitter: 0.0 }),
            _ => {}
        }
    }
}
