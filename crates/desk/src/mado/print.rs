//! Writing answers: JSON for programs, lines for people.

use std::io::Write;

use madoguchi_protocol::error::Code;
use serde_json::Value;

use crate::{DeskError, words::Language};

/// Where and how answers are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    pub(crate) json: bool,
    pub(crate) language: Language,
    pub(crate) colour: bool,
}

impl Out {
    /// Writes a value for programs, or what `lines` makes of it for people.
    pub(crate) fn answer(&self, value: &Value, lines: impl FnOnce() -> Vec<String>) -> Result<(), DeskError> {
        let mut out = std::io::stdout().lock();
        let written = if self.json {
            writeln!(out, "{value}")
        } else {
            lines().into_iter().try_for_each(|line| writeln!(out, "{}", plain(&line)))
        };
        match written.and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            // Whoever reads has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            Err(_) => Err(DeskError::new(Code::DeskFailed)),
        }
    }

    pub(crate) fn say(&self, key: &str, values: &[(&str, String)]) -> String {
        self.language.words().say(key, values)
    }

    /// The word for a value that travels as a word.
    pub(crate) fn named(&self, what: &str, value: &impl serde::Serialize) -> String {
        self.language.words().named(what, value)
    }

    /// Text that stands out where the terminal can show it.
    pub(crate) fn strong(&self, text: &str) -> String {
        // The escape is put in by `plain` again: text of customers never brings one of its own.
        if self.colour { format!("\u{1}{text}\u{2}") } else { text.to_owned() }
    }
}

/// Text of customers may hold anything; a terminal must not obey it.
fn plain(line: &str) -> String {
    line.chars()
        .map(|c| match c {
            '\u{1}' => "\u{1b}[1m".to_owned(),
            '\u{2}' => "\u{1b}[0m".to_owned(),
            '\n' => "\n".to_owned(),
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                "\u{fffd}".to_owned()
            }
            c => c.to_string(),
        })
        .collect()
}
