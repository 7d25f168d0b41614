//! Programs that a story starts, and that end with it.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

/// A program in the background, with whatever it starts itself. Dropping this asks all of them to end and waits for it.
#[derive(Debug)]
pub struct Running(Child);

/// A command that is told to end should the test be killed, and that leads a process group of its own.
#[must_use]
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program).process_group(0).stdin(Stdio::null());
    command
}

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap_or_else(|error| panic!("{}: {error}", shown(command))))
    }

    /// Starts it with `text` on standard input and nothing after.
    pub fn with_input(command: &mut Command, text: &str) -> Self {
        let mut running = Self::start(command.stdin(Stdio::piped()));
        give(&mut running.0, text);
        running
    }

    /// Starts it and reads its standard output up to the first line that `reads` understands. Later lines are dropped.
    pub fn until_it_says<T>(command: &mut Command, reads: impl Fn(&str) -> Option<T>) -> (Self, T) {
        let mut running = Self::start(command.stdout(Stdio::piped()));
        let out = running.0.stdout.take().expect("standard output was made a pipe to start it");
        let mut lines = BufReader::new(out).lines();
        let said = lines.by_ref().map_while(Result::ok).find_map(|line| reads(&line));
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let said = said.unwrap_or_else(|| panic!("`{}` ended before it was ready", shown(command)));
        (running, said)
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            // The whole group is asked, and asked: a store that is merely killed could not close its files.
            let group = format!("-{}", self.0.id());
            let _ = Command::new("kill").args(["-TERM", "--", &group]).stderr(Stdio::null()).status();
            let _ = self.0.wait();
        }
    }
}

/// Runs to the end with `input` on standard input and gives what it printed; anything but success ends the test.
pub fn finish(command: &mut Command, input: &str) -> String {
    let (code, out, error) = outcome(command, input);
    assert!(code == Some(0), "`{}` ended with {code:?}: {error}", shown(command));
    out
}

/// Runs to the end and gives exit code, standard output and standard error.
pub fn outcome(command: &mut Command, input: &str) -> (Option<i32>, String, String) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", shown(command)));
    give(&mut child, input);
    let ended = child.wait_with_output().expect("the child was started and not waited for yet");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (ended.status.code(), text(ended.stdout), text(ended.stderr))
}

fn give(child: &mut Child, text: &str) {
    if let Some(mut input) = child.stdin.take() {
        // A program that refused before reading says so in its status.
        let _ = input.write_all(text.as_bytes());
    }
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
