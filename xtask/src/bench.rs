//! Benchmarks: each is a program `bench-NAME` of the package `madoguchi-tests`, built for release.
//!
//! A benchmark prints one JSON object a line on standard output, [`FIELDS`] in each, and anything for people on
//! standard error. `own`, `peer` and `limit` come from the same run; `peer` and `peer_name` may be null. It first
//! proves that its answers are right and fails when they are not. It runs on a screen and a keyring of its own, finds
//! the release programs in the folder that `MADOGUCHI_PROGRAMS` names, and cleans up what it starts.

use std::path::Path;

use cargo_metadata::TargetKind;
use serde_json::Value;

use crate::checkout::Checkout;
use crate::command::{self, Failure};
use crate::compile::{self, Profile};
use crate::session::Session;
use crate::{install, ui};

const PACKAGE: &str = "madoguchi-tests";
const PREFIX: &str = "bench-";
const FIELDS: [&str; 8] = ["bench", "metric", "unit", "own", "peer", "peer_name", "limit", "limit_name"];

/// Runs the named benchmarks, or all, and shows the rows; `json` names a file for them besides.
pub(crate) fn bench(checkout: &Checkout, names: &[String], json: Option<&Path>) -> Result<(), Failure> {
    let known = known(checkout);
    if let Some(name) = names.iter().find(|name| !known.contains(name)) {
        return Err(Failure::UnknownBench { name: name.clone(), known: known.join(", ") });
    }
    let chosen = if names.is_empty() { &known } else { names };

    let tools = install::everything(checkout)?;
    ui::build(checkout, &tools)?;
    command::run(&mut compile::programs(checkout, &tools, Profile::Release))?;
    let programs = checkout.built(Profile::Release.folder());
    let session = Session::own(checkout)?;
    let mut all = Vec::new();
    for name in chosen {
        let mut program = tools.command(&programs.join(format!("{PREFIX}{name}")).to_string_lossy());
        program.env(compile::PROGRAMS, &programs).current_dir(&checkout.root);
        let printed = command::output(session.enter(&mut program))?;
        let rows = rows(&String::from_utf8_lossy(&printed))?;
        rows.iter().for_each(|row| println!("{}", shown(row)));
        all.extend(rows);
    }
    if let Some(path) = json {
        std::fs::write(path, format!("{:#}\n", Value::from(all))).map_err(Failure::file(path))?;
    }
    Ok(())
}

/// The names of all benchmarks.
pub(crate) fn known(checkout: &Checkout) -> Vec<String> {
    let packages = checkout.metadata.workspace_packages();
    let targets =
        packages.iter().filter(|package| package.name == PACKAGE).flat_map(|package| &package.targets);
    let programs = targets.filter(|target| target.kind.contains(&TargetKind::Bin));
    programs.filter_map(|target| target.name.strip_prefix(PREFIX)).map(ToOwned::to_owned).collect()
}

fn rows(printed: &str) -> Result<Vec<Value>, Failure> {
    let row = |line: &str| {
        let row = serde_json::from_str::<Value>(line).ok();
        row.filter(|row| FIELDS.iter().all(|field| row.get(field).is_some()))
            .ok_or_else(|| Failure::Unexpected { program: "bench", line: line.to_owned() })
    };
    printed.lines().filter(|line| !line.trim().is_empty()).map(row).collect()
}

/// A row for people: `lookup  kanji, p99  0.12 ms   groonga 2.1   primary-key read 0.03`.
fn shown(row: &Value) -> String {
    let text = |field| row[field].as_str().unwrap_or("");
    let number = |field| row[field].as_f64().map_or("–".to_owned(), |number| format!("{number:.3}"));
    let mut shown =
        format!("{:<14} {:<36} {:>12} {}", text("bench"), text("metric"), number("own"), text("unit"));
    if !row["peer"].is_null() {
        shown += &format!("   {} {}", text("peer_name"), number("peer"));
    }
    shown + &format!("   {} {}", text("limit_name"), number("limit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"{"bench":"lookup","metric":"kanji, p99","unit":"ms","own":0.12,"peer":null,
        "peer_name":null,"limit":0.03,"limit_name":"primary-key read"}"#;

    #[test]
    fn a_row_has_its_limit_beside_it() {
        let rows = rows(&ROW.replace('\n', "")).unwrap();
        let shown = shown(&rows[0]);
        assert!(shown.contains("0.120 ms   primary-key read 0.030"), "{shown}");
    }

    #[test]
    fn a_row_without_its_limit_is_refused() {
        let incomplete = ROW.replace('\n', "").replace(r#""limit":0.03,"#, "");
        assert!(matches!(rows(&incomplete), Err(Failure::Unexpected { .. })));
        assert!(matches!(rows("hello"), Err(Failure::Unexpected { .. })));
    }
}
