//! `madoguchi-store serve`.

use std::{net::SocketAddr, path::PathBuf};

use tokio::net::TcpListener;

use super::{CommandError, DatabaseArgs, print};
use crate::{Options, ServeError, Tls};

/// Where the data lies, and where to listen.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Where to listen. Anything but loopback needs a certificate.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// The certificate chain, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// The company's name for this store.
    #[arg(long, default_value = "Madoguchi", env = "MADOGUCHI_STORE_NAME")]
    name: String,
    /// Let whole e-mail addresses and phone numbers rest on desks. They are masked there without this.
    #[arg(long)]
    clear_identifiers_on_desks: bool,
}

pub(super) async fn run(args: Args) -> Result<(), CommandError> {
    let tls = args.tls_cert.zip(args.tls_key).map(|(certificate, key)| Tls { certificate, key });
    if tls.is_none() && !args.listen.ip().is_loopback() {
        return Err(ServeError::Clear(args.listen.ip()).into());
    }
    let mut options = Options { name: args.name, ..Options::default() };
    options.policy.clear_identifiers = args.clear_identifiers_on_desks;
    // Before the data: a port that is taken should not cost the time of opening.
    let listener = TcpListener::bind(args.listen).await.map_err(ServeError::Listen)?;
    let address = listener.local_addr().map_err(ServeError::Listen)?;
    let store = args.database.open(options).await?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    print(&format!("listening on {scheme}://{address}"))?;
    let served = store.serve(listener, tls, told_to_stop()).await;
    store.close().await;
    Ok(served?)
}

/// Resolves when the operator or the system asks the process to end.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without signals there is nothing to wait for; the process is then ended from outside.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
