//! Everything that proves the project, in one go: cheap checks first, the real window last.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::checkout::Checkout;
use crate::command::Failure;
use crate::compile::{self, Profile};
use crate::session::Session;
use crate::tally::{self, Tally};
use crate::{check, codegen, install, ui};

/// The scripts of `ui/package.json`; the window cannot be compiled before the last one.
const PAGES: &[&str] = &["lint", "types", "messages:check", "test", "build"];

/// Installs what is missing and runs every step, whatever became of those before it. The last line printed is
/// `N passed, N failed`; anything failed is an error.
pub(crate) fn test(checkout: &Checkout) -> Result<(), Failure> {
    let mut report = Report::default();
    steps(checkout, &mut report);
    report.close()
}

/// Every step, as far as what they stand on is there.
fn steps(checkout: &Checkout, report: &mut Report) {
    let Some(tools) = report.given("tools", || install::everything(checkout)) else { return };
    if report.given("ui: packages", || ui::packages(checkout, &tools)).is_none() {
        return;
    }
    report.check("rules", || check::check(checkout));
    report.command(
        "format",
        Command::new("cargo").args(["fmt", "--all", "--check"]).current_dir(&checkout.root),
    );
    let mut deny = tools.command("cargo-deny");
    deny.args(["check", "licenses", "bans", "sources"]).current_dir(&checkout.root);
    report.command("licences and sources", &mut deny);
    for script in PAGES {
        report.command(&format!("ui: {script}"), &mut ui::script(checkout, &tools, script));
    }
    let mut clippy = compile::cargo(checkout, &tools, "clippy", Profile::Debug);
    report.command("clippy", clippy.args(["--quiet", "--all-targets", "--", "--deny", "warnings"]));
    if report.command("build", compile::everything(checkout, &tools).arg("--quiet")) {
        report.check("generated files", || codegen::check(checkout));
        let Some(session) = report.given("screen and keyring", || Session::own(checkout)) else { return };
        let mut tests = compile::cargo(checkout, &tools, "test", Profile::Debug);
        report.command("tests", session.enter(tests.arg("--no-fail-fast")));
    }
}

/// What each step came to, and how long it took.
#[derive(Default)]
struct Report {
    steps: Vec<(String, Tally, Duration)>,
}

impl Report {
    fn command(&mut self, name: &str, command: &mut Command) -> bool {
        self.step(name, || tally::count(command))
    }

    fn check(&mut self, name: &str, check: impl FnOnce() -> Result<(), Failure>) -> bool {
        self.step(name, || check().map(|()| Tally::one(true)))
    }

    /// What later steps stand on: no step of its own, but a failed one when it cannot be had.
    fn given<T>(&mut self, name: &str, make: impl FnOnce() -> Result<T, Failure>) -> Option<T> {
        make().map_err(|failure| self.check(name, || Err(failure))).ok()
    }

    fn step(&mut self, name: &str, step: impl FnOnce() -> Result<Tally, Failure>) -> bool {
        println!("── {name}");
        let started = now();
        let tally = step().unwrap_or_else(|failure| {
            println!("error: {failure}");
            Tally::one(false)
        });
        self.steps.push((name.to_owned(), tally, now().duration_since(started)));
        tally.failed == 0
    }

    fn close(&self) -> Result<(), Failure> {
        let mut sum = Tally::default();
        println!("\n{:<24} {:>7} {:>7} {:>8}", "step", "passed", "failed", "time");
        for (name, tally, took) in &self.steps {
            println!("{name:<24} {:>7} {:>7} {:>6} s", tally.passed, tally.failed, took.as_secs());
            sum.add(*tally);
        }
        println!("{} passed, {} failed", sum.passed, sum.failed);
        if sum.failed == 0 { Ok(()) } else { Err(Failure::Tests) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the report shows how long each step took")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_whole_and_hides_no_other() {
        let mut report = Report::default();
        assert!(report.command("fine", &mut Command::new("true")));
        assert!(!report.command("broken", &mut Command::new("false")));
        assert!(!report.command("absent", &mut Command::new("/no/such/program")));
        assert!(report.check("rules", || Ok(())));
        assert_eq!(report.given("there", || Ok(7)), Some(7));
        assert_eq!(report.given("not there", || Err::<u8, _>(Failure::Missing("a screen".to_owned()))), None);
        assert!(matches!(report.close(), Err(Failure::Tests)));
        let failed: Vec<u64> = report.steps.iter().map(|(_, tally, _)| tally.failed).collect();
        assert_eq!(failed, [0, 1, 1, 0, 1]);
    }
}
