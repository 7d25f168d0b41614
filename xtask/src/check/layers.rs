//! Who may use whom (docs/architecture.md), and who may reach outside the process.

use cargo_metadata::{DependencyKind, Metadata};

use super::sources::Sources;
use super::{Finding, finding};

/// The packages of this workspace that each shipped one may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("madoguchi-domain", &[]),
    ("madoguchi-protocol", &["madoguchi-domain"]),
    ("madoguchi-ledger", &["madoguchi-domain"]),
    ("madoguchi-lookup", &["madoguchi-domain"]),
    ("madoguchi-matching", &["madoguchi-domain"]),
    ("madoguchi-secrets", &[]),
    (
        "madoguchi-desk",
        &[
            "madoguchi-domain",
            "madoguchi-protocol",
            "madoguchi-ledger",
            "madoguchi-lookup",
            "madoguchi-secrets",
        ],
    ),
    (
        "madoguchi-store",
        &[
            "madoguchi-domain",
            "madoguchi-protocol",
            "madoguchi-ledger",
            "madoguchi-lookup",
            "madoguchi-matching",
            "madoguchi-secrets",
        ],
    ),
    (WINDOW, &["madoguchi-desk", "madoguchi-domain"]),
];
/// May use everything, and nothing that is shipped may use them.
const NEVER_SHIPPED: [&str; 3] = ["madoguchi-testkit", "madoguchi-tests", "xtask"];
const WINDOW: &str = "madoguchi";

/// Crates without I/O: what they are told is all they know.
const PURE: [&str; 5] = ["domain", "protocol", "ledger", "lookup", "matching"];
/// The auditor's program reads files; it is the one exception.
const READS_FILES: &str = "crates/ledger/src/bin/";
const OUTSIDE: [&str; 6] = ["std::fs", "std::net", "std::env", "std::process", "std::io::stdin", "tokio::"];

/// A package of this workspace and what it uses when it is built for people, tests aside.
pub(crate) struct Package {
    name: String,
    uses: Vec<String>,
}

pub(crate) fn packages(metadata: &Metadata) -> Vec<Package> {
    let package = |package: &&cargo_metadata::Package| Package {
        name: package.name.to_string(),
        uses: package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development)
            .map(|dependency| dependency.name.clone())
            .collect(),
    };
    metadata.workspace_packages().iter().map(package).collect()
}

pub(crate) fn findings(packages: &[Package]) -> Vec<Finding> {
    let ours = |name: &str| packages.iter().any(|package| package.name == name);
    let mut findings = Vec::new();
    for package in packages.iter().filter(|package| !NEVER_SHIPPED.contains(&package.name.as_str())) {
        let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == package.name) else {
            findings.push(finding(&package.name, "has no line in the table of who may use whom"));
            continue;
        };
        for used in package.uses.iter().filter(|used| ours(used) && !may_use.contains(&used.as_str())) {
            findings.push(finding(&package.name, format!("may not use {used}")));
        }
        if package.name != WINDOW && package.uses.iter().any(|used| used.starts_with("tauri")) {
            findings.push(finding(&package.name, "only the window knows Tauri"));
        }
    }
    findings
}

/// Places where a crate without I/O reaches outside the process.
pub(crate) fn reaching_out(sources: &Sources) -> Vec<Finding> {
    let pure = |path: &str| PURE.iter().any(|name| path.starts_with(&format!("crates/{name}/src/")));
    let pure = sources.code().filter(|(path, _)| pure(path) && !path.starts_with(READS_FILES));
    let outside = |text: &str| OUTSIDE.into_iter().find(|name| text.contains(name));
    pure.filter_map(|(path, text)| Some(finding(path, format!("does no I/O, yet names {}", outside(text)?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, uses: &[&str]) -> Package {
        Package { name: name.to_owned(), uses: uses.iter().map(|used| (*used).to_owned()).collect() }
    }

    fn said(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_the_table_allows_is_fine() {
        let domain = package("madoguchi-domain", &["serde"]);
        let desk = package("madoguchi-desk", &["madoguchi-domain", "tokio"]);
        let window = package("madoguchi", &["madoguchi-desk", "tauri"]);
        let tests = package("madoguchi-tests", &["madoguchi-desk", "madoguchi-domain"]);
        assert!(findings(&[domain, desk, window, tests]).is_empty());
    }

    #[test]
    fn a_step_up_or_sideways_is_found() {
        let domain = package("madoguchi-domain", &["madoguchi-desk"]);
        let desk = package("madoguchi-desk", &["tauri", "madoguchi-testkit"]);
        let testkit = package("madoguchi-testkit", &[]);
        let protocol = package("madoguchi-protocol", &[]);
        let window = package("madoguchi", &["madoguchi-protocol"]);
        assert_eq!(
            said(&findings(&[domain, desk, testkit, protocol, window])),
            [
                "madoguchi-domain: may not use madoguchi-desk",
                "madoguchi-desk: may not use madoguchi-testkit",
                "madoguchi-desk: only the window knows Tauri",
                "madoguchi: may not use madoguchi-protocol",
            ]
        );
    }

    #[test]
    fn a_package_that_nobody_placed_is_found() {
        let findings = findings(&[package("madoguchi-extras", &[])]);
        assert_eq!(said(&findings), ["madoguchi-extras: has no line in the table of who may use whom"]);
    }

    #[test]
    fn a_pure_crate_that_reads_a_file_is_found_and_the_auditors_program_is_not() {
        let reads = "fn f() { std::fs::read(\"x\"); }";
        let sources = Sources::of(&[
            ("crates/domain/src/a.rs", reads),
            ("crates/ledger/src/bin/madoguchi-verify.rs", reads),
            ("crates/desk/src/b.rs", reads),
        ]);
        assert_eq!(said(&reaching_out(&sources)), ["crates/domain/src/a.rs: does no I/O, yet names std::fs"]);
    }
}
