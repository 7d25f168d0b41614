//! The store over HTTP: requests, answers, streams, and what a failure means.

use std::time::Duration;

use futures::TryStreamExt;
use madoguchi_domain::{CustomerId, Timestamp};
use madoguchi_protocol::{
    VERSION, VERSION_HEADER,
    action::{Done, SealedActions, SealedAnswers, SignedAction},
    error::{Code, Problem},
    search::{SearchAnswer, SearchRequest},
    session::{RefreshRequest, SignInRequest, StoreInfo, Tokens},
    sync::{Earlier, Record},
};
use madoguchi_secrets::Secret;
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url, header};
use serde::{Serialize, de::DeserializeOwned};
use tokio::io::{AsyncBufRead, BufReader};
use tokio_util::io::StreamReader;

use crate::error::DeskError;

/// How long a desk waits for the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For an answer to a request.
    pub answer: Duration,
    /// For the next sign of life on a stream: at least twice the store's 15 seconds.
    pub silence: Duration,
    /// Before the first new attempt after a failure; doubles with each up to sixty times as long.
    pub again: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(15),
            silence: Duration::from_secs(35),
            again: Duration::from_secs(1),
        }
    }
}

/// A failed request: whether the store may have got it all the same.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: DeskError,
    /// No connection was made, so nothing left this desk.
    pub(crate) never_sent: bool,
}

impl From<DeskError> for Failed {
    fn from(error: DeskError) -> Self {
        Self { error, never_sent: false }
    }
}

impl From<Failed> for DeskError {
    fn from(failed: Failed) -> Self {
        failed.error
    }
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        // The error's own text holds the address and may hold parts of a body.
        tracing::debug!(
            connect = error.is_connect(),
            timeout = error.is_timeout(),
            body = error.is_body() || error.is_decode(),
            "a request to the store failed"
        );
        let code = if error.is_builder() { Code::NotAStore } else { Code::Offline };
        Self { error: DeskError::new(code), never_sent: error.is_connect() || error.is_builder() }
    }
}

/// Lines of a stream, as bytes.
pub(crate) type Lines = Box<dyn AsyncBufRead + Send + Unpin>;

/// One store, and who speaks to it.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    patience: Patience,
}

/// The address as it will be used: with a scheme (`http` on this machine, `https` elsewhere) and without a path.
pub(crate) fn address(typed: &str) -> Result<(String, bool), DeskError> {
    let wrong = || DeskError::new(Code::NotAStore);
    let typed = typed.trim();
    let with_scheme = |scheme: &str| Url::parse(&format!("{scheme}://{typed}")).map_err(|_| wrong());
    let url = if typed.contains("://") {
        Url::parse(typed).map_err(|_| wrong())?
    } else {
        let url = with_scheme("http")?;
        if loopback(&url) { url } else { with_scheme("https")? }
    };
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong());
    }
    let safe = url.scheme() == "https" || loopback(&url);
    Ok((url.origin().ascii_serialization(), safe))
}

fn loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()),
        None => false,
    }
}

impl Client {
    pub(crate) fn new(base: &str, patience: Patience) -> Result<Self, DeskError> {
        let builder = reqwest::Client::builder()
            .connect_timeout(patience.connect)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("madoguchi-desk/", env!("CARGO_PKG_VERSION")));
        // A company's proxy knows nothing of a store on this very machine, and must not hear what is said to it.
        let here = Url::parse(base).is_ok_and(|url| loopback(&url));
        let http = if here { builder.no_proxy() } else { builder }
            .build()
            .map_err(|error| Failed::from(error).error)?;
        Ok(Self { http, base: base.to_owned(), patience })
    }

    fn request(&self, method: Method, path: &str, token: Option<&Secret>) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header(VERSION_HEADER, VERSION)
            .timeout(self.patience.answer);
        match token {
            Some(token) => request.bearer_auth(token.expose()),
            None => request,
        }
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failed> {
        let answer = accepted(request.send().await?).await?;
        let body = answer.bytes().await?;
        Ok(serde_json::from_slice(&body).map_err(DeskError::from)?)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&Secret>,
        body: &impl Serialize,
    ) -> Result<T, Failed> {
        self.ask(self.request(Method::POST, path, token).json(body)).await
    }

    pub(crate) async fn store(&self) -> Result<StoreInfo, Failed> {
        let info: StoreInfo = self.ask(self.request(Method::GET, "/v1/store", None)).await?;
        if info.protocol == VERSION { Ok(info) } else { Err(DeskError::new(Code::StoreVersion).into()) }
    }

    pub(crate) async fn sign_in(&self, request: &SignInRequest) -> Result<Tokens, Failed> {
        self.post("/v1/session", None, request).await
    }

    pub(crate) async fn refresh(&self, token: &Secret) -> Result<Tokens, Failed> {
        self.post("/v1/session/refresh", None, &RefreshRequest { refresh_token: token.expose().to_owned() })
            .await
    }

    pub(crate) async fn sign_out(&self, token: &Secret) -> Result<(), Failed> {
        accepted(self.request(Method::DELETE, "/v1/session", Some(token)).send().await?).await?;
        Ok(())
    }

    pub(crate) async fn search(
        &self,
        token: &Secret,
        request: &SearchRequest,
    ) -> Result<SearchAnswer, Failed> {
        self.post("/v1/search", Some(token), request).await
    }

    pub(crate) async fn act(&self, token: &Secret, action: &SignedAction) -> Result<Done, Failed> {
        self.post("/v1/actions", Some(token), action).await
    }

    pub(crate) async fn act_sealed(
        &self,
        token: &Secret,
        sealed: &SealedActions,
    ) -> Result<SealedAnswers, Failed> {
        self.post("/v1/actions/sealed", Some(token), sealed).await
    }

    pub(crate) async fn customer(&self, token: &Secret, id: CustomerId) -> Result<Record, Failed> {
        self.ask(self.request(Method::GET, &format!("/v1/customers/{id}"), Some(token))).await
    }

    pub(crate) async fn earlier(
        &self,
        token: &Secret,
        id: CustomerId,
        before: Timestamp,
    ) -> Result<Earlier, Failed> {
        let path = format!("/v1/customers/{id}/sign-ins?before={before}");
        self.ask(self.request(Method::GET, &path, Some(token))).await
    }

    /// The lines of a snapshot or of the feed. They may take as long as they like; silence is the reader's concern.
    pub(crate) async fn lines(
        &self,
        token: &Secret,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Lines, Failed> {
        let mut url =
            Url::parse(&format!("{}{path}", self.base)).map_err(|_| DeskError::new(Code::NotAStore))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self
            .http
            .get(url)
            .header(VERSION_HEADER, VERSION)
            .header(header::ACCEPT_ENCODING, "zstd")
            .bearer_auth(token.expose());
        let sent = tokio::time::timeout(self.patience.answer, request.send()).await;
        let answer = accepted(sent.map_err(|_| DeskError::new(Code::Offline))??).await?;
        let packed = answer.headers().get(header::CONTENT_ENCODING).is_some_and(|how| how == "zstd");
        let bytes = StreamReader::new(answer.bytes_stream().map_err(std::io::Error::other));
        Ok(if packed {
            let mut decoder = async_compression::tokio::bufread::ZstdDecoder::new(bytes);
            // A store that starts a new frame at each flush is read on to the end of the last one.
            decoder.multiple_members(true);
            Box::new(BufReader::with_capacity(1 << 16, decoder))
        } else {
            Box::new(bytes)
        })
    }
}

/// The answer, if it is one: a problem becomes its code, anything else is no store.
async fn accepted(answer: Response) -> Result<Response, Failed> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let body = answer.bytes().await?;
    if let Ok(problem) = serde_json::from_slice::<Problem>(&body) {
        return Err(DeskError::from(problem).into());
    }
    let code = match status {
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            Code::Offline
        }
        StatusCode::TOO_MANY_REQUESTS => Code::Busy,
        StatusCode::UPGRADE_REQUIRED => Code::StoreVersion,
        _ => Code::NotAStore,
    };
    Err(DeskError::new(code).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_its_scheme_and_loses_its_path() {
        let read = |typed: &str| address(typed).expect("an address");
        assert_eq!(read("127.0.0.1:8080"), ("http://127.0.0.1:8080".to_owned(), true));
        assert_eq!(read("store.example.com"), ("https://store.example.com".to_owned(), true));
        assert_eq!(read(" https://store.example.com/ "), ("https://store.example.com".to_owned(), true));
        assert_eq!(read("http://store.example.com"), ("http://store.example.com".to_owned(), false));
        assert_eq!(read("http://[::1]:81"), ("http://[::1]:81".to_owned(), true));
        for wrong in ["", "ftp://store", "http://", "not a store"] {
            assert_eq!(address(wrong).map_err(|e| e.code), Err(Code::NotAStore), "{wrong}");
        }
    }
}
