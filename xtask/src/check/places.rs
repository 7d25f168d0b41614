//! Nothing in the repository names one person's machine or the mirror that it fetches packages from.

use super::sources::Sources;
use super::{Finding, finding};

/// The beginnings of folders that exist on one machine. Split, so that this file does not name them either.
const HOMES: [&str; 4] =
    [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/wo", "rk/")];
/// Settings that point a package manager somewhere, by the name of the file they stand in.
const MIRRORS: [(&str, &str); 4] = [
    ("package-lock.json", "\"resolved\": \"http"),
    (".npmrc", "registry="),
    ("config.toml", "replace-with"),
    ("Cargo.lock", "sparse+"),
];

pub(crate) fn findings(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in sources.iter() {
        let homes = HOMES.iter().filter(|home| names_folder(text, home));
        findings.extend(homes.map(|home| finding(path, format!("names a folder of one machine, {home}…"))));
        let mirrors = MIRRORS.iter().filter(|(file, setting)| path.ends_with(file) && text.contains(setting));
        findings
            .extend(mirrors.map(|(_, setting)| finding(path, format!("names a package mirror ({setting})"))));
    }
    findings
}

/// Whether an absolute path begins so; `src/work/x` and `https://host/home/` do not.
fn names_folder(text: &str, home: &str) -> bool {
    text.match_indices(home).any(|(at, _)| {
        !text[..at].ends_with(|before: char| before.is_alphanumeric() || "._-/}".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_and_a_mirror_are_found() {
        let home = format!("see {}someone/x", HOMES[1]);
        let sources = Sources::of(&[
            ("docs/a.md", &home),
            ("docs/b.md", "https://example.org/home/ and src/work/x"),
            ("ui/package-lock.json", "\"resolved\": \"https://mirror.example/x.tgz\""),
            ("ui/.npmrc", "omit-lockfile-registry-resolved=true"),
        ]);
        let findings = findings(&sources);
        let places: Vec<&str> = findings.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["docs/a.md", "ui/package-lock.json"]);
    }
}
