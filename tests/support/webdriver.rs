//! A client of W3C WebDriver, as far as the stories speak it.

use std::{fmt, net::TcpListener, process::Stdio, time::Duration};

use serde_json::{Value, json};

use crate::{
    eventually, programs,
    running::{Running, command},
    session::Session,
};

/// The name under which WebDriver hands over an element.
pub const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How often a window is started before it is called missing.
const ATTEMPTS: usize = 3;

/// A conversation with one window, and the driver that leads it.
pub struct WebDriver {
    http: reqwest::Client,
    url: String,
    _driver: Running,
}

/// What the driver answered instead of a value.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// WebDriver's word for it: `javascript error`.
    pub error: String,
    /// In words.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.message)
    }
}

impl WebDriver {
    /// Starts the driver in `session`, and through it the window. Somebody else may take a port between its choice and its
    /// use, so it is tried a few times.
    pub async fn start(session: &Session) -> Self {
        let mut refusals = Vec::new();
        while refusals.len() < ATTEMPTS {
            match Self::attempt(session).await {
                Ok(driver) => return driver,
                Err(refusal) => refusals.push(refusal.to_string()),
            }
        }
        panic!("the window did not open: {}", refusals.join("; "))
    }

    async fn attempt(session: &Session) -> Result<Self, Refusal> {
        let [port, native] = free_ports();
        let mut driver = command(programs::tauri_driver());
        driver.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        session.enter(&mut driver).stdout(Stdio::null()).stderr(Stdio::null());
        let mut driver = Running::start(&mut driver);
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(120))
            .no_proxy()
            .build()
            .expect("a client without TLS settings of its own");
        let base = format!("http://127.0.0.1:{port}");
        let status = format!("{base}/status");
        let answers = eventually("the window's driver answers or ends", async || {
            let ended = driver.has_ended().then_some(false);
            ended.or(http.get(&status).send().await.ok().map(|_| true))
        });
        if !answers.await {
            let message = "the driver ended at once".to_owned();
            return Err(Refusal { error: "no answer".to_owned(), message });
        }

        let wanted = json!({"capabilities": {"alwaysMatch": {
            "tauri:options": {"application": programs::built("madoguchi")},
            "timeouts": {"script": 60_000},
            "unhandledPromptBehavior": "ignore",
        }}});
        let answer = send(http.post(format!("{base}/session")).json(&wanted)).await?;
        let id = answer["sessionId"].as_str().expect("a session has an id").to_owned();
        Ok(Self { http, url: format!("{base}/session/{id}"), _driver: driver })
    }

    /// `POST /session/{id}/{path}`.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value, Refusal> {
        send(self.http.post(format!("{}/{path}", self.url)).json(&body)).await
    }

    /// `GET /session/{id}/{path}`.
    pub async fn get(&self, path: &str) -> Result<Value, Refusal> {
        send(self.http.get(format!("{}/{path}", self.url))).await
    }

    /// Closes the window and ends the conversation.
    pub async fn close(self) {
        let _ = send(self.http.delete(&self.url)).await;
    }
}

async fn send(request: reqwest::RequestBuilder) -> Result<Value, Refusal> {
    let lost = |error: reqwest::Error| Refusal { error: "no answer".to_owned(), message: error.to_string() };
    let answer = request.send().await.map_err(lost)?;
    let ok = answer.status().is_success();
    let mut body: Value = answer.json().await.map_err(lost)?;
    let value = body["value"].take();
    if ok {
        return Ok(value);
    }
    let text = |field: &str| value[field].as_str().unwrap_or_default().to_owned();
    Err(Refusal { error: text("error"), message: text("message") })
}

/// Two ports where nobody listens at this moment. Both are held until both are known, so that they are two.
fn free_ports() -> [u16; 2] {
    let held = [(); 2].map(|()| TcpListener::bind(("127.0.0.1", 0)).expect("a free port of this machine"));
    held.each_ref().map(|listener| listener.local_addr().expect("a bound socket has an address").port())
}
