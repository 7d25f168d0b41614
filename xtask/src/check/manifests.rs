//! The manifests are the map: every member says in a line what it is for.

use cargo_metadata::Metadata;

use super::sources::Sources;
use super::{Finding, finding};

/// Fewer words than this describe nothing.
const WORDS: usize = 3;

pub(crate) fn findings(sources: &Sources, metadata: &Metadata) -> Vec<Finding> {
    let mut findings = unexplained(sources.get("Cargo.toml").unwrap_or_default());
    for package in metadata.workspace_packages() {
        if !says_something(package.description.as_deref().unwrap_or_default()) {
            findings.push(finding(package.name.to_string(), "has no description in its manifest"));
        }
    }
    findings
}

/// The members without a comment that says what they are for.
fn unexplained(manifest: &str) -> Vec<Finding> {
    let members = manifest.lines().skip_while(|line| line.trim() != "members = [").skip(1);
    let members = members.take_while(|line| line.trim() != "]");
    let silent =
        members.filter(|line| !says_something(line.split_once('#').map_or("", |(_, purpose)| purpose)));
    silent.map(|line| finding("Cargo.toml", format!("{} has no line of purpose", line.trim()))).collect()
}

fn says_something(text: &str) -> bool {
    text.split_whitespace().count() >= WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_without_purpose_is_found() {
        let manifest =
            "[workspace]\nmembers = [\n  \"a\", # words and rules\n  \"b\",\n  \"c\", # todo\n]\nother = 1\n";
        let said: Vec<String> = unexplained(manifest).iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            ["Cargo.toml: \"b\", has no line of purpose", "Cargo.toml: \"c\", # todo has no line of purpose"]
        );
    }

    #[test]
    fn a_dot_describes_nothing() {
        assert!(!says_something(".") && says_something("The central store."));
    }
}
