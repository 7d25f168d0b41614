//! Files that Rust writes and the repository keeps: the window's types and the API's description.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::checkout::Checkout;
use crate::command::{self, Failure};

/// The types of everything that passes between the window and the desk.
const TYPES: &str = "ui/src/ipc/generated";
/// The store's HTTP interface, for those who write its clients.
const OPENAPI: &str = "docs/openapi.json";

/// The files that would be written, by path from the root.
type Files = BTreeMap<String, Vec<u8>>;

/// Builds the writers, then writes the files or compares them with the committed ones.
pub(crate) fn codegen(checkout: &Checkout, only_check: bool) -> Result<(), Failure> {
    let mut build = Command::new("cargo");
    build.args(["build", "--quiet", "--package", "madoguchi-desk", "--example", "ipc_types"]);
    build.args(["--package", "madoguchi-store", "--bin", "madoguchi-store"]);
    command::run(build.current_dir(&checkout.root))?;
    if only_check { check(checkout) } else { write(checkout) }
}

fn write(checkout: &Checkout) -> Result<(), Failure> {
    let files = generate(checkout)?;
    for name in committed(checkout)?.keys().filter(|name| !files.contains_key(*name)) {
        let path = checkout.root.join(name);
        std::fs::remove_file(&path).map_err(Failure::file(&path))?;
    }
    for (name, text) in files {
        let path = checkout.root.join(name);
        let folder = path.parent().unwrap_or(&checkout.root);
        std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        std::fs::write(&path, text).map_err(Failure::file(&path))?;
    }
    Ok(())
}

/// Fails when a committed file is not what the programs that are built now would write.
pub(crate) fn check(checkout: &Checkout) -> Result<(), Failure> {
    let stale = differing(&committed(checkout)?, &generate(checkout)?);
    if stale.is_empty() { Ok(()) } else { Err(Failure::Stale(stale.join(", "))) }
}

/// The names that are on one side only or differ.
fn differing(committed: &Files, generated: &Files) -> Vec<String> {
    let names: std::collections::BTreeSet<_> = committed.keys().chain(generated.keys()).collect();
    names.into_iter().filter(|name| committed.get(*name) != generated.get(*name)).cloned().collect()
}

fn generate(checkout: &Checkout) -> Result<Files, Failure> {
    let programs = checkout.built("debug");
    let written = checkout.built("codegen");
    if written.exists() {
        std::fs::remove_dir_all(&written).map_err(Failure::file(&written))?;
    }
    command::run(Command::new(programs.join("examples/ipc_types")).arg(&written))?;
    let mut files = folder(&written, TYPES)?;
    let openapi = command::output(Command::new(programs.join("madoguchi-store")).arg("openapi"))?;
    files.insert(OPENAPI.to_owned(), openapi);
    Ok(files)
}

fn committed(checkout: &Checkout) -> Result<Files, Failure> {
    let mut files = folder(&checkout.root.join(TYPES), TYPES)?;
    if let Ok(text) = std::fs::read(checkout.root.join(OPENAPI)) {
        files.insert(OPENAPI.to_owned(), text);
    }
    Ok(files)
}

/// The files right in this folder, named as if they lay in `name`; none when there is no folder.
fn folder(path: &Path, name: &str) -> Result<Files, Failure> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let read = |path: std::path::PathBuf| std::fs::read(&path).map_err(Failure::file(path));
    entries
        .map(|entry| Ok((format!("{name}/{}", entry.file_name().display()), read(entry.path())?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_added_and_left_over_files_are_stale() {
        let files = |list: &[(&str, &str)]| -> Files {
            list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
        };
        let committed = files(&[("same.ts", "1"), ("changed.ts", "1"), ("left-over.ts", "1")]);
        let generated = files(&[("same.ts", "1"), ("changed.ts", "2"), ("added.ts", "1")]);
        assert_eq!(differing(&committed, &generated), ["added.ts", "changed.ts", "left-over.ts"]);
        assert!(differing(&committed, &committed).is_empty());
    }
}
