//! How far long work is, on standard error: a bar on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressStyle};

/// Shows how far work is.
pub(crate) struct Progress {
    shown: Shown,
    /// What is counted: `customers`.
    what: &'static str,
    /// How far the end is, in the unit of [`Progress::at`].
    total: u64,
    /// The tenth that is told next.
    tenth: u64,
}

enum Shown {
    Bar(ProgressBar),
    Lines,
}

impl Progress {
    /// Progress of `total` steps to the end, in which `what` are counted.
    pub(crate) fn new(what: &'static str, total: u64) -> Self {
        let shown = if std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{bar:40} {percent:>3} % {msg}  {elapsed} ({eta})")
                .expect("the template is the one above");
            Shown::Bar(ProgressBar::new(total).with_style(style))
        } else {
            Shown::Lines
        };
        Self { shown, what, total, tenth: 1 }
    }

    /// It is `done` steps from the start, and `count` were counted.
    pub(crate) fn at(&mut self, done: u64, count: u64) {
        match &self.shown {
            Shown::Bar(bar) => {
                bar.set_position(done);
                bar.set_message(format!("{count} {}", self.what));
            }
            Shown::Lines => {
                let tenth = done.saturating_mul(10) / self.total.max(1);
                if tenth >= self.tenth {
                    self.tenth = tenth + 1;
                    self.say(&format!("{} % {count} {}", tenth.min(10) * 10, self.what));
                }
            }
        }
    }

    /// A line of its own, above a bar.
    pub(crate) fn say(&self, line: &str) {
        // Whoever closed standard error is told no more.
        let write = || drop(writeln!(std::io::stderr(), "{line}"));
        match &self.shown {
            Shown::Bar(bar) => bar.suspend(write),
            Shown::Lines => write(),
        }
    }

    /// It is over: takes the bar away.
    pub(crate) fn end(self) {
        if let Shown::Bar(bar) = self.shown {
            bar.finish_and_clear();
        }
    }
}
