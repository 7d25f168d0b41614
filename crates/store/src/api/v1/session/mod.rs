//! Signing in, staying signed in, signing out.

pub(crate) mod create;
pub(crate) mod end;
pub(crate) mod refresh;

use madoguchi_protocol::session::Tokens;

use crate::{Store, caller::Caller, refusal::Refusal, tokens::Pair};

/// A pair of tokens with what a desk needs to begin.
async fn tokens_of(store: &Store, caller: &Caller, pair: Pair) -> Result<Tokens, Refusal> {
    let me = super::me::read::me(store, caller).await?;
    Ok(Tokens {
        access_token: pair.access,
        access_until: pair.access_until,
        refresh_token: pair.refresh,
        refresh_until: pair.refresh_until,
        me,
    })
}
