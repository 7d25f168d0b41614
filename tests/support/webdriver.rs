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
    /// Starts the driver in `session`, and through it the window.
    pub async fn start(session: &Session) -> Self {
        let (port, native) = (free_port(), free_port());
        let mut driver = command(programs::tauri_driver());
        driver.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        session.enter(&mut driver).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = Running::start(&mut driver);
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(120))
            .no_proxy()
            .build()
            .expect("a client without TLS settings of its own");
        let base = format!("http://127.0.0.1:{port}");
        let status = format!("{base}/status");
        eventually("the window's driver answers", async || http.get(&status).send().await.ok()).await;

        let wanted = json!({"capabilities": {"alwaysMatch": {
            "tauri:options": {"application": programs::built("madoguchi")},
            "timeouts": {"script": 60_000},
            "unhandledPromptBehavior": "ignore",
        }}});
        let answer = send(http.post(format!("{base}/session")).json(&wanted)).await;
        let answer = answer.unwrap_or_else(|refusal| panic!("the window did not open: {refusal}"));
        let id = answer["sessionId"].as_str().expect("a session has an id").to_owned();
        Self { http, url: format!("{base}/session/{id}"), _driver: driver }
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

/// A port where nobody listens at this moment.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port of this machine");
    listener.local_addr().expect("a bound socket has an address").port()
}
