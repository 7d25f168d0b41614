//! What a page of the documentation points to is there.

use super::sources::Sources;
use super::{Finding, finding};

/// `exists` says whether a path from the root is there; pictures are no text and so not among the sources.
pub(crate) fn findings(sources: &Sources, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in sources.iter().filter(|(path, _)| path.ends_with(".md")) {
        let broken =
            targets(text).filter(|target| !resolved(path, target).is_some_and(|place| exists(&place)));
        findings.extend(broken.map(|target| finding(path, format!("links to {target}, which is not there"))));
    }
    findings
}

/// The files that links and pictures name, without places inside them; addresses elsewhere are left out, and so is code.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("```").step_by(2);
    let links = prose.flat_map(|prose| prose.split("](").skip(1));
    links.filter_map(|rest| {
        let target = rest.split([')', ' ', '#']).next()?.trim_matches(['<', '>']);
        (!target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")).then_some(target)
    })
}

/// The path from the root of what a page names; none when it leaves the checkout.
fn resolved(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_nothing_is_found() {
        let page = "[a](b.md#part) ![p](../images/p.png) [w](https://example.org/x) [h](#here) [up](../../LICENSE)\n\
                    ```\n[code](gone.md)\n```\n[gone](gone.md) ![gone](images/p.png) [out](../../../x)";
        let there = ["docs/guide/b.md", "docs/images/p.png", "LICENSE"];
        let sources = Sources::of(&[("docs/guide/a.md", page), ("src/a.rs", "[no page](gone)")]);
        let found = findings(&sources, |path| there.contains(&path));
        let said: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            ["gone.md", "images/p.png", "../../../x"]
                .map(|target| format!("docs/guide/a.md: links to {target}, which is not there"))
        );
    }
}
