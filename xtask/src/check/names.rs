//! Names that say nothing about what a thing does.

use super::sources::Sources;
use super::{Finding, finding};

const VAGUE: [&str; 4] = ["Manager", "Helper", "Util", "Utils"];
const DECLARES: [&str; 7] = ["struct", "enum", "trait", "class", "interface", "type", "function"];

pub(crate) fn findings(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in sources.code() {
        let file = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or(path);
        if VAGUE
            .iter()
            .any(|vague| file.eq_ignore_ascii_case(vague) || file.eq_ignore_ascii_case(&format!("{vague}s")))
        {
            findings.push(finding(path, "is named for no job"));
        }
        findings.extend(
            declared(text)
                .filter(|name| VAGUE.iter().any(|vague| name.ends_with(vague)))
                .map(|name| finding(path, format!("declares {name}, a name for no job"))),
        );
    }
    findings
}

/// The names of the types and functions that a file declares.
fn declared(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let mut words = line.split_whitespace().skip_while(|word| !DECLARES.contains(word)).skip(1);
        words.next().and_then(|name| name.split(|c: char| !c.is_alphanumeric() && c != '_').next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vague_names_are_found_in_types_and_files() {
        // Split, so that this file does not declare them either.
        let rust = concat!("pub(crate) struct Sync", "Manager<T> {\n}\nstruct Ledger;");
        let script = concat!("export interface Date", "Utils {\n  type: string;\n}");
        let sources = Sources::of(&[("a.rs", rust), ("b.ts", script), ("ui/src/helpers.ts", "")]);
        let places: Vec<String> = findings(&sources).iter().map(ToString::to_string).collect();
        assert_eq!(
            places,
            [
                "a.rs: declares SyncManager, a name for no job",
                "b.ts: declares DateUtils, a name for no job",
                "ui/src/helpers.ts: is named for no job",
            ]
        );
    }
}
