//! Rules that no compiler knows. Each lives in a file of its own, beside the test that shows it can fail.

mod doors;
mod layers;
mod length;
mod links;
mod manifests;
mod names;
mod places;
mod sources;
pub(crate) mod verification;

use std::fmt;

use crate::bench;
use crate::checkout::Checkout;
use crate::command::Failure;
use sources::Sources;

/// A place where a rule is broken, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// A file or a package.
    place: String,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.what)
    }
}

fn finding(place: impl Into<String>, what: impl Into<String>) -> Finding {
    Finding { place: place.into(), what: what.into() }
}

/// Applies every rule to the checkout and prints what it finds.
pub(crate) fn check(checkout: &Checkout) -> Result<(), Failure> {
    let sources = Sources::read(&checkout.root)?;
    let findings: Vec<Finding> = [
        layers::findings(&layers::packages(&checkout.metadata)),
        layers::reaching_out(&sources),
        manifests::findings(&sources, &checkout.metadata),
        verification::findings(&sources, &bench::known(checkout)),
        length::findings(&sources),
        links::findings(&sources, |path| checkout.root.join(path).exists()),
        names::findings(&sources),
        doors::findings(&sources),
        places::findings(&sources),
    ]
    .into_iter()
    .flatten()
    .collect();
    findings.iter().for_each(|finding| println!("{finding}"));
    if findings.is_empty() { Ok(()) } else { Err(Failure::Rules(findings.len())) }
}
