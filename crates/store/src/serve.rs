//! Answering on a listener until told to stop.

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use axum_server::{
    Server,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use tokio::net::TcpListener;

#[cfg(unix)]
use crate::administration;
use crate::{REMEMBER, Store, api, instance};

/// How long requests may take to end once the store is told to stop.
const GRACE: Duration = Duration::from_secs(20);

/// A certificate and its key, both PEM files.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate chain, the store's own first.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why the store does not answer.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Anything but loopback would carry passwords and names in the clear.
    #[error(
        "{0} can be reached from other machines, and nothing would be encrypted: give --tls-cert and --tls-key, or listen on 127.0.0.1"
    )]
    Clear(IpAddr),
    /// The certificate or its key cannot be used.
    #[error("the certificate {path} or its key cannot be used: {source}")]
    Tls {
        /// The certificate.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The listener failed.
    #[error("the store cannot listen: {0}")]
    Listen(#[from] std::io::Error),
}

impl Store {
    /// Answers on `listener` until `stop` resolves, then ends streams, lets requests end, and returns.
    ///
    /// # Errors
    /// When it must not or cannot listen.
    pub async fn serve(
        &self,
        listener: TcpListener,
        tls: Option<Tls>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let address = listener.local_addr()?;
        if tls.is_none() && !address.ip().is_loopback() {
            return Err(ServeError::Clear(address.ip()));
        }
        let handle = axum_server::Handle::new();
        let server = axum_server::from_tcp(listener.into_std()?)?.handle(handle.clone());
        let tls = match tls {
            None => None,
            Some(tls) => Some(config(tls).await?),
        };
        let remembering = tokio::spawn(remember_now_and_then(self.clone()));
        #[cfg(unix)]
        let socket = administration::socket::Listening::begin(self);
        let store = self.clone();
        let stopping = tokio::spawn(async move {
            stop.await;
            store.stop_streams();
            handle.graceful_shutdown(Some(GRACE));
        });
        let app = api::router(self).into_make_service_with_connect_info::<SocketAddr>();
        let within = self.0.options.head_within;
        let served = match tls {
            None => patient(server, within).serve(app).await,
            Some(config) => patient(server.acceptor(RustlsAcceptor::new(config)), within).serve(app).await,
        };
        stopping.abort();
        #[cfg(unix)]
        if let Some(socket) = socket {
            self.stop_streams();
            socket.end().await;
        }
        remembering.abort();
        let _ = remembering.await;
        served.map_err(ServeError::Listen)
    }
}

/// A server that does not wait for a stranger's first byte or the rest of a head without end. HTTP/1 alone: telling the
/// versions apart has no limit of its own.
fn patient<A>(server: Server<SocketAddr, A>, within: Duration) -> Server<SocketAddr, A> {
    let mut server = server.http1_only();
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(within);
    server
}

async fn config(tls: Tls) -> Result<RustlsConfig, ServeError> {
    let config = RustlsConfig::from_pem_file(&tls.certificate, &tls.key)
        .await
        .map_err(|source| ServeError::Tls { path: tls.certificate, source })?;
    let mut http1 = config.get_inner().as_ref().clone();
    http1.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.reload_from_config(http1.into());
    Ok(config)
}

async fn remember_now_and_then(store: Store) {
    let mut seen = 0;
    let mut commits = store.db().commits();
    loop {
        tokio::time::sleep(REMEMBER).await;
        let count = *commits.borrow_and_update();
        if count == seen {
            continue;
        }
        seen = count;
        if let Err(error) = instance::remember(store.db(), store.0.instance).await {
            tracing::warn!(%error, "the file beside the database was not written");
        }
    }
}
