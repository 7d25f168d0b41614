//! Programs that run beside this one, and end with it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::command::{self, Failure};

/// How long a program may take until it is ready.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(10);

/// A program in the background, with whatever it starts itself. Dropping this asks all of them to end and waits for it;
/// whoever takes too long is killed.
pub(crate) struct Running {
    child: Child,
}

impl Running {
    /// A command for [`Self::start`] and its kin, which is told to end should this process be killed, and which leads a
    /// process group of its own.
    pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program).process_group(0);
        command
    }

    pub(crate) fn start(command: &mut Command) -> Result<Self, Failure> {
        let child = command.spawn().map_err(|source| command::unstarted(command, source))?;
        Ok(Self { child })
    }

    /// Starts it with `text` on standard input, and nothing after it.
    pub(crate) fn with_input(command: &mut Command, text: &str) -> Result<Self, Failure> {
        let mut running = Self::start(command.stdin(Stdio::piped()))?;
        if let Some(mut input) = running.child.stdin.take() {
            // A program that ended before reading says so by not being ready.
            let _ = input.write_all(text.as_bytes());
        }
        Ok(running)
    }

    /// Starts it and reads its standard output up to the line that says what is waited for. Later lines are dropped.
    pub(crate) fn until_it_says<T>(
        command: &mut Command,
        reads: impl Fn(&str) -> Option<T>,
    ) -> Result<(Self, T), Failure> {
        Self::until_it_says_within(PATIENCE, command, reads)
    }

    fn until_it_says_within<T>(
        patience: Duration,
        command: &mut Command,
        reads: impl Fn(&str) -> Option<T>,
    ) -> Result<(Self, T), Failure> {
        let mut running = Self::start(command.stdout(Stdio::piped()))?;
        let out = running.child.stdout.take().expect("standard output was made a pipe to start it");
        let mut lines = BufReader::new(out).lines();
        let limit = Limit::of(running.child.id(), patience);
        let said = lines.by_ref().map_while(Result::ok).find_map(|line| reads(&line));
        let too_late = limit.ran_out();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        match said {
            Some(said) => Ok((running, said)),
            None if too_late => Err(Failure::TooLate { line: command::line(command), limit: patience }),
            None => Err(Failure::NotReady(command::line(command))),
        }
    }

    pub(crate) fn wait(&mut self) -> Result<ExitStatus, Failure> {
        self.child.wait().map_err(|source| Failure::Start { program: "wait".to_owned(), source })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // Asked first: a store that is merely killed could not close its files.
            signal("TERM", self.child.id());
            let limit = Limit::of(self.child.id(), GRACE);
            let _ = self.child.wait();
            limit.ran_out();
        }
    }
}

fn signal(name: &str, group: u32) {
    command::says_yes(Command::new("kill").args([&format!("-{name}"), "--", &format!("-{group}")]));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_has_ended_in_its_own_way() {
        let folder = tempfile::tempdir().unwrap();
        let told = folder.path().join("told");
        let script =
            format!("trap 'touch {}; exit' TERM; echo ready; while :; do read x; done", told.display());
        let mut command = Running::command("sh");
        command.args(["-c", &script]).stdin(Stdio::piped());
        let (running, ()) =
            Running::until_it_says(&mut command, |line| (line == "ready").then_some(())).unwrap();
        drop(running);
        assert!(told.exists());
    }

    #[test]
    fn what_is_never_ready_is_killed_with_all_it_started() {
        let mut command = Running::command("sh");
        command.args(["-c", "trap '' TERM; cat & cat"]).stdin(Stdio::piped());
        let late = Running::until_it_says_within(Duration::from_millis(50), &mut command, |_| None::<()>);
        let late = late.err().map(|failure| failure.to_string()).unwrap_or_default();
        assert!(late.contains("sh -c trap") && late.contains("was not ready"), "{late}");
    }

    #[test]
    fn what_ends_before_it_is_ready_is_an_error() {
        let mut command = Running::command("sh");
        command.args(["-c", "echo no; exit 3"]);
        let refused = Running::until_it_says(&mut command, |line| (line == "ready").then_some(()));
        assert!(matches!(refused, Err(Failure::NotReady(_))));
    }
}
