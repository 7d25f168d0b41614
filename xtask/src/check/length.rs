//! A file that nobody can hold in mind is two files.

use super::sources::Sources;
use super::{Finding, finding};

const MOST: usize = 600;

pub(crate) fn findings(sources: &Sources) -> Vec<Finding> {
    let lines = sources.code().map(|(path, text)| (path, text.lines().count()));
    lines
        .filter(|(_, lines)| *lines > MOST)
        .map(|(path, lines)| finding(path, format!("has {lines} lines; {MOST} are the most")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_too_many_is_found() {
        let (most, more) = ("x\n".repeat(MOST), "x\n".repeat(MOST + 1));
        let sources = Sources::of(&[("a.rs", &most), ("b.tsx", &more), ("ui/src/ipc/generated/c.ts", &more)]);
        assert_eq!(findings(&sources), [finding("b.tsx", "has 601 lines; 600 are the most")]);
    }
}
