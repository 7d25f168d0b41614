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
    let tools = install::everything(checkout)?;
    ui::build(checkout, &tools)?;
    command::run(&mut compile::everything(checkout, &tools))?;

    let mut tests = compile::cargo(checkout, &tools, "test", Profile::Debug);
    tests.args(["--all-targets", "--no-fail-fast", "--", "--nocapture"]);
    tests.args(named(&verification::rust_tests(&checkout.root)?, name));
    tests.env("MADOGUCHI_SOAK", "1");
    if let Some(n) = n {
        tests.env("MADOGUCHI_SOAK_N", n.to_string());
    }
    command::run(Session::own(checkout)?.enter(&mut tests))
}

/// The tests whose name contains `part`. One that matches nothing is passed on, so that cargo shows that nothing ran.
fn named(tests: &[String], part: Option<&str>) -> Vec<String> {
    let part = part.unwrap_or_default();
    let chosen: Vec<String> = tests.iter().filter(|test| test.contains(part)).cloned().collect();
    if chosen.is_empty() { vec![part.to_owned()] } else { chosen }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_name_chooses() {
        let tests = ["kills_lose_nothing".to_owned(), "no_secret_in_a_log".to_owned()];
        assert_eq!(named(&tests, None).len(), 2);
        assert_eq!(named(&tests, Some("kill")), ["kills_lose_nothing"]);
        assert_eq!(named(&tests, Some("unheard_of")), ["unheard_of"]);
    }
}
