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
    let tools = install::everything(checkout)?;
    ui::packages(checkout, &tools)?;
    let mut report = Report::default();

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
        let mut tests = compile::cargo(checkout, &tools, "test", Profile::Debug);
        report.command("tests", Session::own(checkout)?.enter(tests.arg("--no-fail-fast")));
    }
    report.close()
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
        assert!(matches!(report.close(), Err(Failure::Tests)));
        let failed: Vec<u64> = report.steps.iter().map(|(_, tally, _)| tally.failed).collect();
        assert_eq!(failed, [0, 1, 1, 0]);
    }
}
