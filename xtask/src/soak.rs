//! The tests of the "must hold" lines at full size.

use crate::check::verification;
use crate::checkout::Checkout;
use crate::command::{self, Failure};
use crate::compile::{self, Profile};
use crate::session::Session;
use crate::{install, ui};

/// Runs the Rust tests that `docs/verification.md` names. `MADOGUCHI_SOAK=1` tells them to be thorough;
/// `MADOGUCHI_SOAK_N`, how many rounds, when `n` asks for another number than their own.
pub(crate) fn soak(checkout: &Checkout, name: Option<&str>, n: Option<u64>) -> Result<(), Failure> {
    let chosen = named(&verification::rust_tests(&checkout.root)?, name)?;
    let tools = install::everything(checkout)?;
    ui::build(checkout, &tools)?;
    command::run(&mut compile::everything(checkout, &tools))?;

    let mut tests = compile::cargo(checkout, &tools, "test", Profile::Debug);
    tests.args(["--all-targets", "--no-fail-fast", "--", "--nocapture"]);
    tests.args(chosen);
    tests.env("MADOGUCHI_SOAK", "1");
    if let Some(n) = n {
        tests.env("MADOGUCHI_SOAK_N", n.to_string());
    }
    command::run(Session::own(checkout)?.enter(&mut tests))
}

/// The tests whose name contains `part`.
fn named(tests: &[String], part: Option<&str>) -> Result<Vec<String>, Failure> {
    let part = part.unwrap_or_default();
    let chosen: Vec<String> = tests.iter().filter(|test| test.contains(part)).cloned().collect();
    if chosen.is_empty() {
        return Err(Failure::UnknownTest { name: part.to_owned(), known: tests.join("\n  ") });
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_name_chooses() {
        let tests = ["kills_lose_nothing".to_owned(), "no_secret_in_a_log".to_owned()];
        assert_eq!(named(&tests, None).unwrap().len(), 2);
        assert_eq!(named(&tests, Some("kill")).unwrap(), ["kills_lose_nothing"]);
    }

    #[test]
    fn a_name_that_no_test_has_is_refused_with_those_there_are() {
        let refused = named(&["kills_lose_nothing".to_owned()], Some("unheard_of")).unwrap_err().to_string();
        assert!(refused.contains("unheard_of") && refused.contains("kills_lose_nothing"), "{refused}");
    }
}
