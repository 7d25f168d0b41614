//! Programs that run beside this one, and end with it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::command::{self, Failure};

/// A program in the background. Dropping this asks it to end and waits until it has.
pub(crate) struct Running {
    child: Child,
}

impl Running {
    /// A command for [`Self::start`] and its kin, which is told to end should this process be killed.
    pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
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
        let mut running = Self::start(command.stdout(Stdio::piped()))?;
        let out = running.child.stdout.take().expect("standard output was made a pipe to start it");
        let mut lines = BufReader::new(out).lines();
        let said = lines.by_ref().map_while(Result::ok).find_map(|line| reads(&line));
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        match said {
            Some(said) => Ok((running, said)),
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
            // `kill` asks; `Child::kill` would not let a store close its files.
            command::says_yes(Command::new("kill").arg(self.child.id().to_string()));
            let _ = self.child.wait();
        }
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
    fn what_ends_before_it_is_ready_is_an_error() {
        let mut command = Running::command("sh");
        command.args(["-c", "echo no; exit 3"]);
        let refused = Running::until_it_says(&mut command, |line| (line == "ready").then_some(()));
        assert!(matches!(refused, Err(Failure::NotReady(_))));
    }
}
