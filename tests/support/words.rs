//! The window's words: stories name things in English and find them in either language.

use std::collections::HashMap;

use crate::programs;

/// A language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// As in `LANG`.
    #[must_use]
    pub const fn of_machine(self) -> &'static str {
        match self {
            Self::En => "en_US",
            Self::Ja => "ja_JP",
        }
    }

    /// As in file names.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }
}

/// The window's own catalogues in one language.
#[derive(Debug)]
pub struct Words(HashMap<String, String>);

impl Words {
    /// Reads them.
    #[must_use]
    pub fn read(language: Language) -> Self {
        let file = format!("{}.po", language.tag());
        let mut words = HashMap::new();
        for folder in ["ui/src/locales", "ui/src/features/customer/locales"] {
            let path = programs::root().join(folder).join(&file);
            let text =
                std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            read(&text, &mut words);
        }
        Self(words)
    }

    /// The words for this English, as the window says them.
    #[must_use]
    pub fn of(&self, english: &str) -> &str {
        let word = self.0.get(english).filter(|word| !word.is_empty());
        word.unwrap_or_else(|| panic!("the window has no words for “{english}”"))
    }

    /// The longest run of what the window says between the things it fills in: `からオフライン` of `{since}からオフライン`.
    #[must_use]
    pub fn piece(&self, english: &str) -> &str {
        let mut depth = 0;
        let pieces = self.of(english).split(|c| {
            match c {
                '{' | '<' => depth += 1,
                '}' | '>' => depth -= 1,
                _ => return depth > 0,
            }
            true
        });
        let longest = pieces.max_by_key(|piece| piece.chars().count());
        let piece = longest.map(str::trim).filter(|piece| !piece.is_empty());
        piece.unwrap_or_else(|| panic!("“{english}” has no words of its own"))
    }

    /// What the window says, with the one thing in it filled in.
    #[must_use]
    pub fn with(&self, english: &str, value: &str) -> String {
        let word = self.of(english);
        match (word.find('{'), word.find('}')) {
            (Some(from), Some(to)) => format!("{}{value}{}", &word[..from], &word[to + 1..]),
            _ => word.to_owned(),
        }
    }
}

fn read(catalogue: &str, words: &mut HashMap<String, String>) {
    let (mut id, mut text, mut in_id) = (String::new(), String::new(), false);
    for line in catalogue.lines().chain(["msgid \"\""]) {
        let quoted = |line: &str| -> String {
            let inner = line
                .find('"')
                .zip(line.rfind('"'))
                .map_or("", |(from, to)| &line[from + 1..to.max(from + 1)]);
            inner.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\")
        };
        if line.starts_with("msgid ") {
            words.insert(std::mem::take(&mut id), std::mem::take(&mut text));
            (id, in_id) = (quoted(line), true);
        } else if line.starts_with("msgstr ") {
            (text, in_id) = (quoted(line), false);
        } else if line.starts_with('"') {
            if in_id { &mut id } else { &mut text }.push_str(&quoted(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_is_read() {
        let mut words = HashMap::new();
        read(
            "msgid \"\"\nmsgstr \"\"\n\"Language: ja\\n\"\n\n#: a.tsx\nmsgid \"Find\"\nmsgstr \"検索\"\n\n\
             msgid \"\"\n\"Offline \"\n\"since {since}\"\nmsgstr \"{since}からオフライン\"\n",
            &mut words,
        );
        let words = Words(words);
        assert_eq!(words.of("Find"), "検索");
        assert_eq!(words.with("Offline since {since}", "9:00"), "9:00からオフライン");
        assert_eq!(words.piece("Offline since {since}"), "からオフライン");
    }
}
