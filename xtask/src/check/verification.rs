//! `docs/verification.md`: each promise beside the test that proves it.
//!
//! Its tables have the columns `Must hold`, `Test` and `Full size`. A test is written as a path from the root and the
//! test's name in that file, in backticks: `crates/desk/tests/kills.rs > nothing_saved_is_lost`. A cell may name several,
//! and may name benchmarks as they are run: `cargo xtask bench lookup`.

use std::path::Path;

use super::sources::Sources;
use super::{Finding, finding};
use crate::command::Failure;

const TABLE: &str = "docs/verification.md";

/// How a cell names benchmarks.
const BENCH: &str = "cargo xtask bench ";

/// A promise, its tests, each as its file and its name, and its benchmarks.
struct Row<'a> {
    promise: &'a str,
    tests: Vec<(&'a str, &'a str)>,
    benches: Vec<&'a str>,
}

/// `benches` are those that `cargo xtask bench` knows.
pub(crate) fn findings(sources: &Sources, benches: &[String]) -> Vec<Finding> {
    let rows = rows(sources.get(TABLE).unwrap_or_default());
    if rows.is_empty() {
        return vec![finding(TABLE, "has no row")];
    }
    let mut findings = Vec::new();
    for Row { promise, tests, benches: named } in rows {
        if tests.is_empty() && named.is_empty() {
            findings.push(finding(TABLE, format!("names no test for: {promise}")));
        }
        let unknown = named.into_iter().filter(|name| !benches.iter().any(|bench| bench == name));
        findings.extend(
            unknown.map(|name| finding(TABLE, format!("names a benchmark that is not there: {name}"))),
        );
        for (file, test) in tests {
            if !sources.get(file).is_some_and(|text| declares(file, text, test)) {
                findings.push(finding(TABLE, format!("names a test that is not there: {file} > {test}")));
            }
        }
    }
    findings
}

/// The names of the Rust tests in the table.
pub(crate) fn rust_tests(root: &Path) -> Result<Vec<String>, Failure> {
    let path = root.join(TABLE);
    let table = std::fs::read_to_string(&path).map_err(Failure::file(path))?;
    let tests = rows(&table).into_iter().flat_map(|row| row.tests);
    Ok(tests.filter(|(file, _)| file.ends_with(".rs")).map(|(_, test)| test.to_owned()).collect())
}

fn rows(table: &str) -> Vec<Row<'_>> {
    let lines = table.lines().filter_map(|line| line.trim().strip_prefix('|'));
    let cells = lines.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let cells =
        cells.filter(|cells| cells.len() >= 2 && cells[0] != "Must hold" && !cells[0].starts_with("--"));
    cells
        .map(|cells| {
            let quoted = || cells[1].split('`').skip(1).step_by(2);
            let benches = quoted().filter_map(|text| text.strip_prefix(BENCH));
            Row {
                promise: cells[0],
                tests: quoted().filter_map(|test| test.split_once(" > ")).collect(),
                benches: benches.flat_map(str::split_whitespace).collect(),
            }
        })
        .collect()
}

/// What makes one test of each database from a function.
const BOTH_ENGINES: &str = "on_both_engines!(";

/// Whether the file has a test of this name that runs: in Rust a function under `#[test]` (or another runner's attribute)
/// or one that runs on both databases, elsewhere the words in quotes that an `it(` or `test(` begins with.
fn declares(file: &str, text: &str, test: &str) -> bool {
    if !file.ends_with(".rs") {
        let quotes = ['\'', '"', '`'];
        return ["it(", "test("]
            .iter()
            .any(|runs| quotes.iter().any(|quote| text.contains(&format!("{runs}{quote}{test}{quote}"))));
    }
    let mut lists = text.split(BOTH_ENGINES).skip(1).filter_map(|list| list.split(')').next());
    if lists.any(|list| list.split(',').any(|name| name.trim() == test)) {
        return true;
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(at, line)| {
        let is_it = line.split_once("fn ").is_some_and(|(_, rest)| rest.split('(').next() == Some(test));
        let above =
            lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        // Inside `proptest! { … }` the attribute stands there as well.
        let attributes: Vec<&str> = above.filter_map(|line| attribute(line)).collect();
        is_it && attributes.contains(&"test") && !attributes.contains(&"ignore")
    })
}

/// The last name in an attribute's path: `test` of `#[tokio::test(flavor = "multi_thread")]`.
fn attribute(line: &str) -> Option<&str> {
    let path =
        line.strip_prefix("#[")?.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').next()?;
    path.rsplit(':').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGINES: &str = "crate::on_both_engines!(\n    once,\n    twice,\n);\nasync fn help() {}\n";
    const KILLS: &str = "#[tokio::test(flavor = \"multi_thread\")]\n// On two threads.\nasync fn nothing_is_lost() {}\n\
        fn not_a_test() {}\n#[test]\n#[ignore = \"slow\"]\nfn slow() {}\n// a test\nfn told() {}\n\
        #[cfg(test)]\nfn under_cfg() {}\n#[expect(dead_code, reason = \"a test\")]\nfn expected() {}\n";

    fn said(table: &str) -> Vec<String> {
        let table = format!("# Verification\n\n| Must hold | Test | Full size |\n|---|---|---|\n{table}\n");
        let view = "it('shows both', () => {}); it.skip('shows none', () => {}); label('a label');";
        let rust = [("tests/kills.rs", KILLS), ("tests/engines.rs", ENGINES)];
        let sources = Sources::of(&[(TABLE, &table), ("ui/src/a.test.tsx", view), rust[0], rust[1]]);
        findings(&sources, &["lookup".to_owned()]).iter().map(|finding| finding.what.clone()).collect()
    }

    #[test]
    fn tests_that_exist_are_accepted() {
        let table = "| Lost | `tests/kills.rs > nothing_is_lost`, `ui/src/a.test.tsx > shows both` | 1,000 |";
        assert!(said(table).is_empty());
        assert!(said("| Twice | `tests/engines.rs > twice` | |").is_empty());
    }

    #[test]
    fn a_promise_without_a_test_is_found() {
        assert_eq!(said("| Lost | by review | |"), ["names no test for: Lost"]);
        assert_eq!(said(""), ["has no row"]);
    }

    #[test]
    fn a_test_that_is_not_there_is_found() {
        for test in [
            "tests/engines.rs > help",
            "tests/kills.rs > not_a_test",
            "tests/kills.rs > slow",
            "tests/kills.rs > told",
            "tests/kills.rs > under_cfg",
            "tests/kills.rs > expected",
            "tests/gone.rs > nothing_is_lost",
            "ui/src/a.test.tsx > shows none",
            "ui/src/a.test.tsx > a label",
        ] {
            assert_eq!(
                said(&format!("| Lost | `{test}` | |")),
                [format!("names a test that is not there: {test}")]
            );
        }
    }

    #[test]
    fn a_benchmark_must_be_one_that_can_be_run() {
        assert!(said("| Fast | `cargo xtask bench lookup` | |").is_empty());
        assert_eq!(
            said("| Fast | `cargo xtask bench lookup cold` | |"),
            ["names a benchmark that is not there: cold"]
        );
    }
}
