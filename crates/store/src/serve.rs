//! Answering on a listener until told to stop.

use std::{
    future::{Future, IntoFuture as _},
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use axum_server::tls_rustls::RustlsConfig;
use tokio::net::TcpListener;

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
        let app = api::router(self).into_make_service_with_connect_info::<SocketAddr>();
        let remembering = tokio::spawn(remember_now_and_then(self.clone()));
        let store = self.clone();
        let stop = async move {
            stop.await;
            store.stop_streams();
        };
        let mut stopping = self.stopping();
        let grace = async move {
            // An error says that the store is gone, and with it what could still be answered.
            let _ = stopping.wait_for(|stopping| *stopping).await;
            tokio::time::sleep(GRACE).await;
        };
        let served = match tls {
            None => tokio::select! {
                served = axum::serve(listener, app).with_graceful_shutdown(stop).into_future() => {
                    served.map_err(ServeError::Listen)
                }
                () = grace => Ok(()),
            },
            Some(tls) => {
                let config = RustlsConfig::from_pem_file(&tls.certificate, &tls.key)
                    .await
                    .map_err(|source| ServeError::Tls { path: tls.certificate, source })?;
                let handle = axum_server::Handle::new();
                let own = handle.clone();
                let stopping = tokio::spawn(async move {
                    stop.await;
                    own.graceful_shutdown(Some(GRACE));
                });
                let served = axum_server::from_tcp_rustls(listener.into_std()?, config)?
                    .handle(handle)
                    .serve(app)
                    .await;
                stopping.abort();
                served.map_err(ServeError::Listen)
            }
        };
        remembering.abort();
        let _ = remembering.await;
        served
    }
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
