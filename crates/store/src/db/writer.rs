//! The one writer of an embedded database.
//!
//! Work waits in a queue. The writer takes what waits, gives each piece a savepoint, makes one durable commit for all of
//! them, and only then answers. What fails is undone alone; what the commit fails for is told so.

use std::panic::AssertUnwindSafe;

use futures::{FutureExt, future::BoxFuture};
use tokio::sync::{mpsc, oneshot, watch};

use super::{Conn, DbError, dialect};

/// How many pieces of work share one commit at most.
const BATCH: usize = 256;

/// How many pieces may wait before those who bring more must wait themselves.
const QUEUE: usize = 4_096;

/// A piece of work, its outcome, and who waits for it.
trait Job: Send {
    /// Does it; whether its changes are to be kept.
    fn run<'c>(&'c mut self, conn: &'c mut Conn) -> BoxFuture<'c, bool>;
    /// Tells the outcome; `committed` is what became of the batch.
    fn answer(self: Box<Self>, committed: Result<(), DbError>);
}

struct Piece<T, E, F> {
    work: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Piece<T, E, F>
where
    T: Send,
    E: From<DbError> + Send,
    F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send,
{
    fn run<'c>(&'c mut self, conn: &'c mut Conn) -> BoxFuture<'c, bool> {
        Box::pin(async move {
            // A panic in one piece of work must not take the writer with it.
            let outcome = match AssertUnwindSafe((self.work)(conn)).catch_unwind().await {
                Ok(outcome) => outcome,
                Err(_) => Err(DbError::Failed { code: "panic".to_owned(), words: String::new() }.into()),
            };
            let keep = outcome.is_ok();
            self.outcome = Some(outcome);
            keep
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), DbError>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(_)) | None, Err(error)) => Err(error.into()),
            (Some(outcome), Ok(())) => outcome,
            (None, Ok(())) => Err(DbError::Closed.into()),
        };
        // Whoever asked may have gone; what was done stays done.
        let _ = self.reply.send(outcome);
    }
}

/// What waits in the queue.
enum Waiting {
    Work(Box<dyn Job>),
    /// The end: what came before it is done, nothing after it.
    Close,
}

/// The way into the queue.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Waiting>,
}

impl Writer {
    /// Starts the writer on its connection; the receiver resolves when it has ended.
    pub(crate) fn start(conn: Conn, committed: watch::Sender<u64>) -> (Self, oneshot::Receiver<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let (done, closed) = oneshot::channel();
        tokio::spawn(async move {
            write_all(conn, waiting, committed).await;
            let _ = done.send(());
        });
        (Self { queue }, closed)
    }

    /// Does `work` in a transaction; answered once it is durable.
    pub(crate) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let piece = Box::new(Piece { work, outcome: None, reply });
        self.queue.send(Waiting::Work(piece)).await.map_err(|_| DbError::Closed)?;
        answer.await.map_err(|_| DbError::Closed)?
    }

    /// Ends the writer once what waits is written.
    pub(crate) async fn close(&self) {
        // One that has ended already needs no telling.
        let _ = self.queue.send(Waiting::Close).await;
    }
}

async fn write_all(mut conn: Conn, mut waiting: mpsc::Receiver<Waiting>, committed: watch::Sender<u64>) {
    let mut closing = false;
    while !closing && let Some(Waiting::Work(first)) = waiting.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH && !closing {
            match waiting.try_recv() {
                Ok(Waiting::Work(next)) => batch.push(next),
                Ok(Waiting::Close) => closing = true,
                Err(_) => break,
            }
        }
        let outcome = write_batch(&mut conn, &mut batch).await;
        if let Err(error) = &outcome {
            tracing::error!(%error, pieces = batch.len(), "nothing of a batch was written");
        }
        let ok = outcome.is_ok();
        for job in batch {
            job.answer(outcome.clone());
        }
        if ok {
            committed.send_modify(|count| *count += 1);
        }
    }
}

/// One transaction. After an error nothing of it is kept.
async fn write_batch(conn: &mut Conn, batch: &mut [Box<dyn Job>]) -> Result<(), DbError> {
    conn.run(dialect::begin(conn)).await?;
    for job in batch {
        let kept = match conn.run("savepoint piece").await {
            Ok(()) => {
                let end =
                    if job.run(conn).await { "release piece" } else { "rollback to piece; release piece" };
                conn.run(end).await
            }
            Err(error) => Err(error),
        };
        // A full disk ends the whole transaction inside the engine, and its savepoints with it.
        if let Err(error) = kept {
            let _ = conn.run("rollback").await;
            return Err(if error_of_ended_transaction(&error) { DbError::Full } else { error });
        }
    }
    if let Err(error) = conn.run("commit").await {
        let _ = conn.run("rollback").await;
        return Err(error);
    }
    Ok(())
}

fn error_of_ended_transaction(error: &DbError) -> bool {
    matches!(error, DbError::Failed { words, .. } if words.contains("no such savepoint"))
}
