//! A stream of lines that may not fall silent.

use std::time::Duration;

use madoguchi_protocol::error::Code;
use tokio::io::AsyncBufReadExt;

use crate::{client::Lines, error::DeskError};

/// The longest line that is read: a customer with everything a desk keeps of them is some tens of kilobytes.
const LONGEST: usize = 16 << 20;

/// Reads the next line into `line`; false at the end of the stream.
pub(crate) async fn next(
    lines: &mut Lines,
    line: &mut Vec<u8>,
    silence: Duration,
) -> Result<bool, DeskError> {
    line.clear();
    loop {
        let read = tokio::time::timeout(silence, lines.fill_buf()).await;
        let bytes =
            read.map_err(|_| DeskError::new(Code::Offline))?.map_err(|_| DeskError::new(Code::Offline))?;
        if bytes.is_empty() {
            // A line that was cut off is no line: the stream did not end, it broke.
            return if line.is_empty() { Ok(false) } else { Err(DeskError::new(Code::Offline)) };
        }
        let (used, whole) = match bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (bytes.len(), false),
        };
        line.extend_from_slice(&bytes[..used]);
        lines.consume(used);
        if line.len() > LONGEST {
            return Err(DeskError::new(Code::NotAStore));
        }
        if whole {
            if line.iter().all(u8::is_ascii_whitespace) {
                line.clear();
                continue;
            }
            return Ok(true);
        }
    }
}

/// Whether nothing comes for a moment: everything that was on its way is here.
pub(crate) async fn quiet(lines: &mut Lines, moment: Duration) -> bool {
    tokio::time::timeout(moment, lines.fill_buf()).await.is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(text: &'static [u8]) -> (Vec<Vec<u8>>, Result<(), Code>) {
        let mut lines: Lines = Box::new(tokio::io::BufReader::with_capacity(4, text));
        let (mut all, mut line) = (Vec::new(), Vec::new());
        loop {
            match next(&mut lines, &mut line, Duration::from_secs(5)).await {
                Ok(true) => all.push(line.clone()),
                Ok(false) => return (all, Ok(())),
                Err(error) => return (all, Err(error.code)),
            }
        }
    }

    #[tokio::test]
    async fn lines_are_whole_and_empty_ones_are_skipped() {
        let (lines, end) = read(b"{\"a\":1}\n\n{\"b\":2}\n").await;
        assert_eq!((lines, end), (vec![b"{\"a\":1}\n".to_vec(), b"{\"b\":2}\n".to_vec()], Ok(())));
    }

    #[tokio::test]
    async fn a_line_that_was_cut_off_is_a_broken_stream() {
        let (lines, end) = read(b"{\"a\":1}\n{\"b\"").await;
        assert_eq!((lines.len(), end), (1, Err(Code::Offline)));
    }
}
