//! Writing answers: JSON for programs, lines for people.

use std::{cell::RefCell, io::Read};

use madoguchi_protocol::error::Code;
use serde_json::{Value, json};

use super::Streams;
use crate::{DeskError, view::Failure, words::Language};

/// Where and how answers are written.
pub(crate) struct Out<'a> {
    pub(crate) json: bool,
    pub(crate) language: Language,
    pub(crate) colour: bool,
    streams: RefCell<Streams<'a>>,
    /// What a person is to be told beside the answer.
    notices: RefCell<Vec<Failure>>,
}

impl<'a> Out<'a> {
    pub(crate) fn new(json: bool, language: Language, streams: Streams<'a>) -> Self {
        let colour = streams.colour;
        Self { json, language, colour, streams: RefCell::new(streams), notices: RefCell::default() }
    }

    /// All of standard input, at most so many bytes of it; none when it cannot be read as text.
    pub(crate) fn typed(&self, most: u64) -> Option<String> {
        let mut text = String::new();
        let mut streams = self.streams.borrow_mut();
        (&mut *streams.input).take(most).read_to_string(&mut text).ok().map(|_| text)
    }

    /// Keeps what a person is to be told, for the end.
    pub(crate) fn notice(&self, notices: impl IntoIterator<Item = Failure>) {
        self.notices.borrow_mut().extend(notices);
    }

    /// Writes what went wrong, and what a person is to be told beside it, on standard error: a line each, or one object.
    pub(crate) fn complain(&self, failure: Option<&Failure>) {
        let notices = self.notices.take();
        let object = |f: &Failure| json!({ "code": f.code, "message": f.message, "retry": f.retry });
        let mut lines: Vec<String> = Vec::new();
        if self.json {
            let mut value = failure.map_or_else(|| json!({}), object);
            if !notices.is_empty() {
                value["notices"] = notices.iter().map(object).collect();
            }
            lines.extend((value != json!({})).then(|| value.to_string()));
        } else {
            lines.extend(notices.iter().chain(failure).map(|f| plain(&f.message)));
        }
        let err = &mut *self.streams.borrow_mut().err;
        // Where nobody can be told there is nothing else to do about it.
        let _ = lines.iter().try_for_each(|line| writeln!(err, "{line}"));
    }

    /// Writes a value for programs, or what `lines` makes of it for people.
    pub(crate) fn answer(&self, value: &Value, lines: impl FnOnce() -> Vec<String>) -> Result<(), DeskError> {
        let out = &mut *self.streams.borrow_mut().out;
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
