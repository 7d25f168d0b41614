//! Opening a file, and how its rows are handed on.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read},
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    error::{ImportError, Refusal},
    person::Person,
};

/// One row: where it stands and what it says.
#[derive(Debug)]
pub(super) struct Row {
    /// Counted from 1.
    pub(super) line: u64,
    pub(super) person: Result<Person, Refusal>,
}

/// Takes rows one by one, and says when it wants no more.
pub(super) type Taker<'a> = &'a mut dyn FnMut(Row) -> ControlFlow<()>;

/// A file that was not found wanting at its first bytes.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    /// How many bytes were read since it was last opened.
    at: Arc<AtomicU64>,
}

/// A file that says how far it was read.
#[derive(Debug)]
pub(super) struct Metered {
    file: File,
    at: Arc<AtomicU64>,
}

impl Read for Metered {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        self.at.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<'a> Source<'a> {
    /// The file at `path`, which must be readable and not compressed.
    pub(super) fn new(path: &'a Path, at: Arc<AtomicU64>) -> Result<Self, ImportError> {
        let source = Self { path, at };
        let mut reader = source.open_raw()?;
        let head = reader.fill_buf().map_err(|error| source.failed(error))?;
        if head.starts_with(&[0x1f, 0x8b])
            || head.starts_with(b"PK\x03\x04")
            || head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
        {
            return Err(ImportError::Compressed(path.to_owned()));
        }
        Ok(source)
    }

    /// Its bytes from the start, behind a byte order mark of UTF-8.
    pub(super) fn open(&self) -> Result<BufReader<Metered>, ImportError> {
        let mut reader = self.open_raw()?;
        if reader.fill_buf().map_err(|error| self.failed(error))?.starts_with("\u{feff}".as_bytes()) {
            reader.consume(3);
        }
        Ok(reader)
    }

    /// Its bytes from the start as they are.
    pub(super) fn open_raw(&self) -> Result<BufReader<Metered>, ImportError> {
        let file = File::open(self.path).map_err(|error| self.failed(error))?;
        self.at.store(0, Ordering::Relaxed);
        Ok(BufReader::with_capacity(256 * 1024, Metered { file, at: self.at.clone() }))
    }

    pub(super) fn failed(&self, source: io::Error) -> ImportError {
        ImportError::File { path: self.path.to_owned(), source }
    }

    /// What serde says about its form.
    pub(super) fn malformed(&self, error: &serde_json::Error) -> ImportError {
        let what = match error.classify() {
            serde_json::error::Category::Eof => {
                ("the file ends in the middle", "ファイルが途中で終わっています")
            }
            serde_json::error::Category::Io => {
                return self.failed(io::Error::other("it could not be read to its end"));
            }
            serde_json::error::Category::Syntax | serde_json::error::Category::Data => {
                ("this is not a Keycloak realm export", "Keycloak のレルムのエクスポートではありません")
            }
        };
        let (line, column) = (error.line() as u64, error.column() as u64);
        ImportError::Malformed { path: self.path.to_owned(), line: line.max(1), column, what }
    }
}

/// Counts the lines that have been read.
#[derive(Debug)]
pub(super) struct Counted<'a, R> {
    reader: R,
    line: &'a std::cell::Cell<u64>,
}

impl<'a, R> Counted<'a, R> {
    /// Counts from 1.
    pub(super) fn new(reader: R, line: &'a std::cell::Cell<u64>) -> Self {
        line.set(1);
        Self { reader, line }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(into)?;
        let lines = into[..count].iter().filter(|byte| **byte == b'\n').count();
        self.line.set(self.line.get() + lines as u64);
        Ok(count)
    }
}
