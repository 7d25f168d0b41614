//! The text files that people wrote.

use std::collections::BTreeMap;
use std::path::Path;

use crate::command::Failure;

/// Folders that are made, not written.
const MADE: [&str; 6] = [".git", ".tools", "dist", "gen", "node_modules", "target"];

/// Text by path from the root, with `/` between its parts. What is not UTF-8 is not here.
pub(crate) struct Sources(BTreeMap<String, String>);

impl Sources {
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        let mut files = BTreeMap::new();
        walk(root, "", &mut files)?;
        Ok(Self(files))
    }

    pub(crate) fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Rust and TypeScript that was written, not generated.
    pub(crate) fn code(&self) -> impl Iterator<Item = (&str, &str)> {
        let code = |path: &str| [".rs", ".ts", ".tsx"].iter().any(|ending| path.ends_with(ending));
        self.iter().filter(move |(path, _)| code(path) && !path.contains("/generated/"))
    }
}

fn walk(folder: &Path, name: &str, files: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    for entry in std::fs::read_dir(folder).map_err(Failure::file(folder))? {
        let entry = entry.map_err(Failure::file(folder))?;
        let own = entry.file_name().to_string_lossy().into_owned();
        let (path, name) =
            (entry.path(), if name.is_empty() { own.clone() } else { format!("{name}/{own}") });
        if path.is_dir() {
            if !MADE.contains(&own.as_str()) {
                walk(&path, &name, files)?;
            }
        } else if let Ok(text) = String::from_utf8(std::fs::read(&path).map_err(Failure::file(&path))?) {
            files.insert(name, text);
        }
    }
    Ok(())
}

#[cfg(test)]
impl Sources {
    /// Sources for a rule's own test.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_left_out_wherever_it_lies() {
        let root = tempfile::tempdir().unwrap();
        for path in ["a.rs", "ui/node_modules/b.ts", "ui/src/generated/c.ts", "target/d.rs"] {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "text").unwrap();
        }
        std::fs::write(root.path().join("icon.png"), [0xff, 0xfe]).unwrap();
        let sources = Sources::read(root.path()).unwrap();
        assert_eq!(
            sources.iter().map(|(path, _)| path).collect::<Vec<_>>(),
            ["a.rs", "ui/src/generated/c.ts"]
        );
        assert_eq!(sources.code().map(|(path, _)| path).collect::<Vec<_>>(), ["a.rs"]);
    }
}
