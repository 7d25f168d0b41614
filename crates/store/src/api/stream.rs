//! Streams of lines as bodies.

use bytes::Bytes;
use futures::Stream;

use crate::feed::Pieces;

/// One JSON value a line.
pub(crate) const LINES: &str = "application/x-ndjson";

/// The pieces as they come.
pub(crate) fn of(pieces: Pieces) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    futures::stream::unfold(pieces, |mut pieces| async move {
        let piece = pieces.recv().await?;
        Some((piece, pieces))
    })
}
