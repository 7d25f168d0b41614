//! What the stories share: a desktop session, a store with a company in it, the window and a hand to use it.

pub mod axe;
pub mod company;
pub mod elsewhere;
pub mod programs;
pub mod running;
pub mod session;
pub mod webdriver;
pub mod window;
pub mod words;

use std::time::Duration;

/// How long a story waits for what must come, before it calls it missing.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again until there is an answer; ends the test when there is none in time.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let mut again = tokio::time::interval(Duration::from_millis(40));
    let asking = async {
        loop {
            again.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}
