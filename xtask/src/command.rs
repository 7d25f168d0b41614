//! Starting other programs, and what can go wrong with it.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::Duration;

/// Why a door stayed closed. Each message says what a person can do next.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("cannot start `{program}`: {source}")]
    Start { program: String, source: std::io::Error },
    #[error("`{line}` ended with {status}")]
    Ended { line: String, status: ExitStatus },
    #[error("cannot use {}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("cannot read the workspace: {0}")]
    Workspace(#[from] cargo_metadata::Error),
    #[error("this system has no apt-get; please install what Debian calls: {0}")]
    Missing(String),
    #[error("packages are missing ({0}) and this is neither root nor a machine with sudo")]
    NotRoot(String),
    #[error("there is no Node for this machine's architecture, {0}, in the npm registry")]
    Architecture(&'static str),
    #[error("{} has a colon in its name, which no PATH can hold", .0.display())]
    Colon(PathBuf),
    #[error("`{program}` printed something unexpected: {line}")]
    Unexpected { program: &'static str, line: String },
    #[error("`{0}` ended before it was ready")]
    NotReady(String),
    #[error("`{line}` was not ready after {} seconds and was ended", .limit.as_secs())]
    TooLate { line: String, limit: Duration },
    #[error("cannot tell what {} is: expected a Keycloak realm (.json) or an Auth0 export (one object a line)", .0.display())]
    UnknownImport(PathBuf),
    #[error("no benchmark is called {name}; there are: {known}")]
    UnknownBench { name: String, known: String },
    #[error("no test of docs/verification.md has {name} in its name; there are:\n  {known}")]
    UnknownTest { name: String, known: String },
    #[error("stale: {0}; run `cargo xtask codegen`")]
    Stale(String),
    #[error("{0} rule(s) broken")]
    Rules(usize),
    #[error("not everything passed")]
    Tests,
}

impl Failure {
    /// For `map_err` on file operations.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs to the end with the terminal as it is.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(|source| unstarted(command, source))?;
    success(command, status)
}

/// Runs to the end and gives what it printed on standard output; errors stay on the terminal.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>, Failure> {
    let Output { status, stdout, .. } =
        command.stderr(Stdio::inherit()).output().map_err(|source| unstarted(command, source))?;
    success(command, status).map(|()| stdout)
}

/// Runs to the end with `text` on standard input: for passwords, which never stand in a command line.
pub(crate) fn with_input(command: &mut Command, text: &str) -> Result<(), Failure> {
    let mut child = command.stdin(Stdio::piped()).spawn().map_err(|source| unstarted(command, source))?;
    if let Some(mut input) = child.stdin.take() {
        // A program that refused before reading says so in its status.
        let _ = input.write_all(text.as_bytes());
    }
    let status = child.wait().map_err(|source| unstarted(command, source))?;
    success(command, status)
}

/// Whether the program can be found and says yes.
pub(crate) fn says_yes(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Whether a program of this name is in `PATH`.
pub(crate) fn exists(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

pub(crate) fn unstarted(command: &Command, source: std::io::Error) -> Failure {
    Failure::Start { program: command.get_program().to_string_lossy().into_owned(), source }
}

pub(crate) fn success(command: &Command, status: ExitStatus) -> Result<(), Failure> {
    if status.success() { Ok(()) } else { Err(Failure::Ended { line: line(command), status }) }
}
