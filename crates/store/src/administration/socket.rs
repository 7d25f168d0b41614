//! The socket beside an embedded database: one request a connection, what happens on the way, one answer.
//!
//! It gives nobody more than the files do: it is its owner's, both ends look whose the other one is, and a command shows
//! that it has the database's key.

use std::{
    future::Future,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
    sync::mpsc,
    task::{JoinHandle, JoinSet},
};
use zeroize::Zeroizing;

use super::{Answer, Step, Task, perform};
use crate::{
    Store,
    db::{OpenError, beside, key::Proof},
    import::{Language, Say as _},
};

/// The longest request.
const REQUEST: u64 = 64 * 1024;

/// How long a request may take to arrive.
const ARRIVES: Duration = Duration::from_secs(10);

/// How long work may take to end once the store is told to stop.
const GRACE: Duration = Duration::from_secs(20);

/// The user who may always do what the owner may.
const ROOT: u32 = 0;

#[derive(Serialize, Deserialize)]
struct Request {
    proof: Proof,
    language: Language,
    task: Task,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Step(Step),
    Answer(Answer),
}

fn place(database: &Path) -> PathBuf {
    beside(database, "socket")
}

/// A socket that takes commands until it is ended.
pub(crate) struct Listening {
    path: PathBuf,
    accepting: JoinHandle<()>,
}

impl Listening {
    /// Listens beside the embedded database, which this process holds: what lies there is left over from one that ended
    /// otherwise. A store that cannot take commands serves all the same.
    pub(crate) fn begin(store: &Store) -> Option<Self> {
        let database = store.db().path()?;
        let path = place(database);
        match Self::listen(store, path.clone()) {
            Ok(listening) => Some(listening),
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "commands must wait until this store has stopped");
                None
            }
        }
    }

    fn listen(store: &Store, path: PathBuf) -> std::io::Result<Self> {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let owner = std::fs::metadata(&path)?.uid();
        let accepting = tokio::spawn(accept(store.clone(), listener, owner));
        Ok(Self { path, accepting })
    }

    /// Takes nothing more, lets end what runs, and takes the socket away.
    pub(crate) async fn end(mut self) {
        // The store is stopping, so that accepting ends by itself.
        if tokio::time::timeout(GRACE, &mut self.accepting).await.is_err() {
            self.accepting.abort();
        }
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(%error, "the socket beside the database was not removed");
        }
    }
}

async fn accept(store: Store, listener: UnixListener, owner: u32) {
    let mut stopping = store.stopping();
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => break,
            came = listener.accept() => match came {
                Ok((stream, _)) => {
                    running.spawn(serve(store.clone(), stream, owner));
                }
                Err(error) => {
                    tracing::warn!(%error, "no more commands are taken");
                    break;
                }
            },
            Some(_) = running.join_next() => {}
        }
    }
    drop(listener);
    while running.join_next().await.is_some() {}
}

async fn serve(store: Store, stream: UnixStream, owner: u32) {
    // Between making the socket and closing it to others somebody may have come in.
    let known = stream.peer_cred().is_ok_and(|peer| [owner, ROOT].contains(&peer.uid()));
    if known && let Err(error) = answer(&store, stream).await {
        tracing::debug!(%error, "a command hung up");
    }
}

async fn answer(store: &Store, stream: UnixStream) -> std::io::Result<()> {
    let (from, mut to) = stream.into_split();
    let mut from = BufReader::new(from).take(REQUEST);
    let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
    tokio::time::timeout(ARRIVES, from.read_until(b'\n', &mut bytes)).await??;
    let Ok(Request { proof, language, task }) = serde_json::from_slice(&bytes) else {
        return send(&mut to, Line::Answer(Answer::failed(super::words::OTHER_VERSION.to_owned()))).await;
    };
    drop(bytes);
    if store.db().proof() != Some(&proof) {
        let path = store.db().path().unwrap_or(Path::new("")).to_owned();
        let words = OpenError::WrongKey(path).said(language).to_string();
        return send(&mut to, Line::Answer(Answer::failed(words))).await;
    }
    let (steps, mut told) = mpsc::unbounded_channel();
    let mut tell = move |step| drop(steps.send(step));
    let mut stopping = store.stopping();
    let stop = async move {
        tokio::select! {
            () = hung_up(from) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    };
    let mut work = std::pin::pin!(perform(&task, store, language, stop, &mut tell));
    let done = loop {
        tokio::select! {
            Some(step) = told.recv() => drop(send(&mut to, Line::Step(step)).await),
            done = &mut work => break done,
        }
    };
    while let Ok(step) = told.try_recv() {
        send(&mut to, Line::Step(step)).await?;
    }
    send(&mut to, Line::Answer(done)).await
}

/// Resolves when the other side says no more: a command that was interrupted, or is gone.
async fn hung_up(mut from: impl AsyncRead + Unpin) {
    let mut byte = [0];
    while matches!(from.read(&mut byte).await, Ok(1..)) {}
}

async fn send(to: &mut (impl AsyncWrite + Unpin), line: Line) -> std::io::Result<()> {
    let mut bytes = serde_json::to_vec(&line)?;
    bytes.push(b'\n');
    to.write_all(&bytes).await
}

/// Hands a task to the running store that holds `database`; none when none listens. After `stop` it still waits for the
/// answer.
///
/// # Errors
/// When the store ended before it answered.
pub(crate) async fn ask(
    database: &Path,
    proof: Proof,
    language: Language,
    task: Task,
    stop: impl Future<Output = ()>,
    tell: &mut (dyn FnMut(Step) + Send),
) -> std::io::Result<Option<Answer>> {
    let path = place(database);
    // Whoever else could put a socket there would be told the password.
    let owner = |path: &Path| std::fs::metadata(path).map(|file| file.uid());
    let (Ok(own), Ok(owner)) = (owner(&path), owner(database)) else { return Ok(None) };
    if own != owner {
        return Ok(None);
    }
    let Ok(stream) = UnixStream::connect(&path).await else { return Ok(None) };
    let (from, mut to) = stream.into_split();
    let mut bytes = Zeroizing::new(serde_json::to_vec(&Request { proof, language, task })?);
    bytes.push(b'\n');
    to.write_all(&bytes).await?;
    let mut lines = BufReader::new(from).lines();
    let mut stop = std::pin::pin!(stop);
    let mut stopped = false;
    loop {
        let line = tokio::select! {
            () = &mut stop, if !stopped => {
                stopped = true;
                to.shutdown().await?;
                continue;
            }
            line = lines.next_line() => line?,
        };
        let line = line.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        match serde_json::from_str(&line)? {
            Line::Step(step) => tell(step),
            Line::Answer(answer) => return Ok(Some(answer)),
        }
    }
}
