//! An address outside the window at which nobody may call.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// How long a caller who connected may take to say something.
const MOMENT: Duration = Duration::from_millis(200);
/// What the story says itself.
const CONTROL: &str = "the story itself";

/// A listener on this machine.
pub struct Elsewhere {
    listener: TcpListener,
    url: String,
}

impl Elsewhere {
    /// Listens from now on.
    pub async fn listen() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port of this machine");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        Self { listener, url }
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What each of those said who called since the last time this was asked. The story calls last and must be heard:
    /// whoever called before it has been heard as well.
    pub async fn callers(&self) -> Vec<String> {
        let address = self.listener.local_addr().expect("a bound socket has an address");
        let mut own = TcpStream::connect(address).await.expect("somebody listens");
        own.write_all(CONTROL.as_bytes()).await.expect("the line is open");
        let mut callers = Vec::new();
        loop {
            let (mut caller, from) = self.listener.accept().await.expect("the story has called");
            let mut said = [0; 4096];
            let read = tokio::time::timeout(MOMENT, caller.read(&mut said)).await;
            let said = String::from_utf8_lossy(&said[..read.ok().and_then(Result::ok).unwrap_or(0)]);
            if from == own.local_addr().expect("a connected socket has an address") {
                assert_eq!(said, CONTROL, "the listener is deaf");
                return callers;
            }
            callers.push(said.into_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_calls_is_heard_once() {
        let elsewhere = Elsewhere::listen().await;
        assert!(elsewhere.callers().await.is_empty());
        let address = elsewhere.url().trim_start_matches("http://");
        let mut caller = TcpStream::connect(address).await.expect("somebody listens");
        caller.write_all(b"GET /img").await.expect("the line is open");
        let _silent = TcpStream::connect(address).await.expect("somebody listens");
        assert_eq!(elsewhere.callers().await, ["GET /img", ""]);
        assert!(elsewhere.callers().await.is_empty());
    }
}
