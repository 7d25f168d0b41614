//! The network between a desk and its store, which a test can cut, stall and mend.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
};

/// What happens to what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wire {
    /// It arrives.
    Whole,
    /// It waits, and arrives once the wire is mended: a network that says nothing.
    Stalled,
    /// Every connection breaks, and new ones break at once: no network.
    Cut,
}

/// A TCP proxy on a port of its own in front of one server. Clones share the wire; it ends with the last of them.
#[derive(Debug, Clone)]
pub struct Proxy {
    address: SocketAddr,
    wire: Arc<watch::Sender<Wire>>,
    budget: Arc<AtomicU64>,
    _listening: Arc<Listening>,
}

#[derive(Debug)]
struct Listening(tokio::task::JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Proxy {
    /// Stands in front of `server` from now on.
    ///
    /// # Panics
    /// When this machine has no free port.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port of this machine");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (wire, state) = watch::channel(Wire::Whole);
        let (wire, budget) = (Arc::new(wire), Arc::new(AtomicU64::new(u64::MAX)));
        let purse = Purse { budget: Arc::clone(&budget), wire: Arc::clone(&wire) };
        let listening = tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                tokio::spawn(connection(desk, server, state.clone(), purse.clone()));
            }
        });
        Self { address, wire, budget, _listening: Arc::new(Listening(listening)) }
    }

    /// Where a desk finds it.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for a desk, as it is typed.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// No network: what is open breaks, what is new breaks at once.
    pub fn cut(&self) {
        self.wire.send_replace(Wire::Cut);
    }

    /// A network that says nothing: what is sent waits.
    pub fn stall(&self) {
        self.wire.send_replace(Wire::Stalled);
    }

    /// After so many more bytes from the server, as [`Self::stall`].
    pub fn stall_after(&self, bytes: u64) {
        self.budget.store(bytes, Ordering::SeqCst);
    }

    /// The network is back.
    pub fn mend(&self) {
        self.budget.store(u64::MAX, Ordering::SeqCst);
        self.wire.send_replace(Wire::Whole);
    }
}

/// What may still come from the server before the wire stalls.
#[derive(Debug, Clone)]
struct Purse {
    budget: Arc<AtomicU64>,
    wire: Arc<watch::Sender<Wire>>,
}

impl Purse {
    fn pay(&self, bytes: usize) {
        let pay = |left: u64| (left != u64::MAX).then(|| left.saturating_sub(bytes as u64));
        if self
            .budget
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, pay)
            .is_ok_and(|left| left <= bytes as u64)
        {
            self.wire.send_replace(Wire::Stalled);
        }
    }
}

async fn connection(desk: TcpStream, server: SocketAddr, mut wire: watch::Receiver<Wire>, purse: Purse) {
    if *wire.borrow_and_update() == Wire::Cut {
        return;
    }
    let Ok(store) = TcpStream::connect(server).await else { return };
    let (from_desk, to_desk) = desk.into_split();
    let (from_store, to_store) = store.into_split();
    let (there, back) = (wire.clone(), wire.clone());
    tokio::select! {
        _ = async { tokio::join!(carry(from_desk, to_store, there, None), carry(from_store, to_desk, back, Some(purse))) } => {}
        _ = wire.wait_for(|state| *state == Wire::Cut) => {}
    }
}

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut wire: watch::Receiver<Wire>,
    purse: Option<Purse>,
) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut piece).await {
        if let Some(purse) = &purse {
            purse.pay(n);
        }
        if wire.wait_for(|state| *state == Wire::Whole).await.is_err()
            || to.write_all(&piece[..n]).await.is_err()
        {
            return;
        }
    }
    let _ = to.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.into_split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        address
    }

    async fn says(stream: &mut TcpStream) -> bool {
        let mut heard = [0; 2];
        stream.write_all(b"hi").await.is_ok() && stream.read_exact(&mut heard).await.is_ok()
    }

    #[tokio::test]
    async fn a_cut_breaks_what_is_open_and_what_is_new_until_it_is_mended() {
        let proxy = Proxy::before(echo().await).await;
        let mut open = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(says(&mut open).await);
        proxy.cut();
        assert!(!says(&mut open).await);
        let mut new = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(!says(&mut new).await);
        proxy.mend();
        let mut again = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(says(&mut again).await);
    }

    #[tokio::test]
    async fn a_wire_stalls_after_what_it_was_allowed() {
        let proxy = Proxy::before(echo().await).await;
        let mut open = TcpStream::connect(proxy.address()).await.unwrap();
        proxy.stall_after(3);
        assert!(says(&mut open).await);
        let waiting = tokio::spawn(async move { says(&mut open).await });
        let mut wire = proxy.wire.subscribe();
        wire.wait_for(|state| *state == Wire::Stalled).await.unwrap();
        assert!(!waiting.is_finished());
        proxy.mend();
        assert!(waiting.await.unwrap());
    }

    #[tokio::test]
    async fn what_waits_on_a_stalled_wire_arrives_when_it_is_mended() {
        let proxy = Proxy::before(echo().await).await;
        let mut open = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(says(&mut open).await);
        proxy.stall();
        let waiting = tokio::spawn(async move { says(&mut open).await });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        proxy.mend();
        assert!(waiting.await.unwrap());
    }
}
