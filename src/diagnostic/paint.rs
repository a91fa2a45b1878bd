//! Colours in words for people. Whether there are any is decided by who prints: nothing here knows of terminals.

use crate::diagnostic::Severity;

/// Whether words carry colours.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Paint {
    /// As they are.
    #[default]
    Plain,
    /// With the escape sequences of ANSI terminals.
    Coloured,
}

impl Paint {
    /// A heading.
    #[must_use]
    pub fn bold(self, words: &str) -> String {
        self.with("1", words)
    }

    /// What is there to be overlooked.
    #[must_use]
    pub fn dim(self, words: &str) -> String {
        self.with("2", words)
    }

    /// The caret under a place.
    #[must_use]
    pub fn caret(self, words: &str) -> String {
        self.with("1;31", words)
    }

    /// Good, in part or not at all, as the severity of what is wrong says.
    #[must_use]
    pub fn graded(self, worst: Severity, words: &str) -> String {
        match worst {
            Severity::Note => self.with("32", words),
            Severity::Warning => self.with("33", words),
            Severity::Error => self.with("31", words),
        }
    }

    fn with(self, code: &str, words: &str) -> String {
        match self {
            Self::Plain => words.to_owned(),
            Self::Coloured => format!("\u{1b}[{code}m{words}\u{1b}[0m"),
        }
    }
}
