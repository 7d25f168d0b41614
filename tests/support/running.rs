//! Programs that a story starts, and that end with it.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::JoinHandle,
    time::Duration,
};

use crate::PATIENCE;

/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(10);
/// How long a program may take until it is ready, or until it has done its work.
const LIMIT: Duration = PATIENCE.saturating_mul(2);

/// A program in the background, with whatever it starts itself. Dropping this asks all of them to end and waits for it;
/// whoever takes too long is killed.
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
        Self::until_it_says_within(LIMIT, command, reads)
    }

    fn until_it_says_within<T>(
        patience: Duration,
        command: &mut Command,
        reads: impl Fn(&str) -> Option<T>,
    ) -> (Self, T) {
        let mut running = Self::start(command.stdout(Stdio::piped()));
        let out = running.0.stdout.take().expect("standard output was made a pipe to start it");
        let mut lines = BufReader::new(out).lines();
        let limit = Limit::of(running.0.id(), patience);
        let said = lines.by_ref().map_while(Result::ok).find_map(|line| reads(&line));
        let too_late = limit.ran_out();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let why = if too_late { "was not ready in time and was killed" } else { "ended before it was ready" };
        let said = said.unwrap_or_else(|| panic!("`{}` {why}", shown(command)));
        (running, said)
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            // Asked first: a store that is merely killed could not close its files.
            signal("TERM", self.0.id());
            let limit = Limit::of(self.0.id(), GRACE);
            let _ = self.0.wait();
            limit.ran_out();
        }
    }
}

fn signal(name: &str, group: u32) {
    let (name, group) = (format!("-{name}"), format!("-{group}"));
    let _ = Command::new("kill").args([&name, "--", &group]).stderr(Stdio::null()).status();
}

/// Kills a process group that takes longer than it may.
struct Limit {
    met: Sender<()>,
    watch: JoinHandle<bool>,
}

impl Limit {
    fn of(group: u32, time: Duration) -> Self {
        let (met, news) = mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            let over = news.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
            if over {
                signal("KILL", group);
            }
            over
        });
        Self { met, watch }
    }

    /// Ends the watch and says whether it had to kill.
    fn ran_out(self) -> bool {
        drop(self.met);
        self.watch.join().unwrap_or(false)
    }
}

/// Runs to the end with `input` on standard input and gives what it printed; anything but success ends the test.
pub fn finish(command: &mut Command, input: &str) -> String {
    let (code, out, error) = outcome(command, input);
    assert!(code == Some(0), "`{}` ended with {code:?}: {error}", shown(command));
    out
}

/// Runs to the end and gives exit code, standard output and standard error; one that does not end, ends the test.
pub fn outcome(command: &mut Command, input: &str) -> (Option<i32>, String, String) {
    outcome_within(LIMIT, command, input)
}

fn outcome_within(patience: Duration, command: &mut Command, input: &str) -> (Option<i32>, String, String) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", shown(command)));
    let limit = Limit::of(child.id(), patience);
    give(&mut child, input);
    let ended = child.wait_with_output().expect("the child was started and not waited for yet");
    assert!(!limit.ran_out(), "`{}` did not end in time and was killed", shown(command));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Shorter than any of these programs would take.
    const MOMENT: Duration = Duration::from_millis(50);

    fn said(panics: impl FnOnce() + std::panic::UnwindSafe) -> String {
        let panic = std::panic::catch_unwind(panics).expect_err("it goes on for ever");
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    }

    #[test]
    fn what_is_never_ready_is_killed_and_named() {
        let why = said(|| {
            let mut hangs = command("sh");
            hangs.args(["-c", "trap '' TERM; tail -f /dev/null & tail -f /dev/null"]);
            Running::until_it_says_within(MOMENT, &mut hangs, |_| None::<()>);
        });
        assert!(why.contains("tail -f /dev/null` was not ready"), "{why}");
    }

    #[test]
    fn what_never_ends_is_killed_and_named() {
        let why = said(|| {
            outcome_within(MOMENT, Command::new("tail").args(["-f", "/dev/null"]), "");
        });
        assert!(why.contains("`tail -f /dev/null` did not end"), "{why}");
    }
}
