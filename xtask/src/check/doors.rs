//! One door to each thing that would otherwise leak everywhere: the window's shell, the database's engine.

use super::sources::Sources;
use super::{Finding, finding};

/// What may be named only in one folder, and where to look for it.
const DOORS: [(&str, &str, &[&str]); 2] = [
    ("ui/src/", "ui/src/platform/", &["'@tauri-apps/", "\"@tauri-apps/"]),
    (
        "crates/store/src/",
        "crates/store/src/db/",
        &["SqlitePool", "PgPool", "Engine::Sqlite", "Engine::Postgres"],
    ),
];

pub(crate) fn findings(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (within, door, names) in DOORS {
        let others = sources.code().filter(|(path, _)| path.starts_with(within) && !path.starts_with(door));
        findings.extend(others.filter_map(|(path, text)| {
            let name = names.iter().find(|name| text.contains(**name))?;
            Some(finding(path, format!("names {}, which only {door} may", name.trim_matches(['\'', '"']))))
        }));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_walks_past_a_door_is_found() {
        let import = "import { invoke } from '@tauri-apps/api/core';";
        let sources = Sources::of(&[
            ("ui/src/platform/tauri.ts", import),
            ("ui/src/features/find/Find.tsx", import),
            ("crates/store/src/db/mod.rs", "Engine::Sqlite(pool)"),
            ("crates/store/src/feed/mod.rs", "match db { Engine::Sqlite(pool) => 1 }"),
        ]);
        let said: Vec<String> = findings(&sources).iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "ui/src/features/find/Find.tsx: names @tauri-apps/, which only ui/src/platform/ may",
                "crates/store/src/feed/mod.rs: names Engine::Sqlite, which only crates/store/src/db/ may",
            ]
        );
    }
}
