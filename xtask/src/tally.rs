//! Counting what passed and failed, from what the test programs print.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::command::{self, Failure};

/// How many tests (or checks without tests of their own) passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// A check that counts as one.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: passed.into(), failed: (!passed).into() }
    }

    pub(crate) fn add(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
    }

    /// What one line says, in the words of cargo's test runner or of Vitest.
    fn of_line(line: &str) -> Self {
        if !line.starts_with("test result: ") && !line.trim_start().starts_with("Tests  ") {
            return Self::default();
        }
        let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_end_matches(';')).collect();
        let number_of = |what| {
            let before = words.windows(2).find(|pair| pair[1] == what).map(|pair| pair[0]);
            before.and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        Self { passed: number_of("passed"), failed: number_of("failed") }
    }
}

/// Runs a test program, passing on what it prints. One that fails without naming a failed test (it did not compile,
/// it crashed) counts as one failure; one that passes without counting, as one pass.
pub(crate) fn count(command: &mut Command) -> Result<Tally, Failure> {
    let mut child = command
        .env("NO_COLOR", "1") // the counts are read from the text
        .env("CARGO_TERM_COLOR", "never")
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|source| command::unstarted(command, source))?;
    let mut tally = Tally::default();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            tally.add(Tally::of_line(&line));
        }
    }
    let passed = child.wait().map_err(|source| command::unstarted(command, source))?.success();
    if (passed && tally.passed == 0) || (!passed && tally.failed == 0) {
        tally.add(Tally::one(passed));
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    fn shell(script: &str) -> Tally {
        count(Command::new("sh").args(["-c", script])).unwrap()
    }

    #[test]
    fn cargo_and_vitest_are_read() {
        let cargo = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.1s";
        assert_eq!(Tally::of_line(cargo), counts(12, 3));
        assert_eq!(Tally::of_line("      Tests  1 failed | 20 passed (21)"), counts(20, 1));
        assert_eq!(Tally::of_line("      Tests  7 passed (7)"), counts(7, 0));
        assert_eq!(Tally::of_line("      Tests  7 passed | 2 skipped (9)"), counts(7, 0));
        assert_eq!(Tally::of_line(" Test Files  2 passed (2)"), counts(0, 0));
        assert_eq!(Tally::of_line("a test result: ok. 9 passed; 0 failed"), counts(0, 0));
    }

    #[test]
    fn several_programs_add_up() {
        let line = "echo 'test result: ok. 2 passed; 0 failed; 0 ignored'";
        assert_eq!(shell(&format!("{line}; {line}")), counts(4, 0));
    }

    #[test]
    fn a_program_that_does_not_count_is_one_check() {
        assert_eq!(shell("echo fine"), counts(1, 0));
        assert_eq!(shell("exit 101"), counts(0, 1));
    }

    #[test]
    fn a_crash_after_passed_tests_is_a_failure() {
        assert_eq!(shell("echo 'test result: ok. 2 passed; 0 failed; 0 ignored'; exit 101"), counts(2, 1));
    }
}
