//! What is wrong with a document of the operator, and where.
//!
//! Diagnostics are collected, never only the first. A [`Place`] is a byte offset in a source file;
//! line and column are computed when it is shown. This layer knows nothing of XML or SOAP.

mod excerpt;
mod marks;
mod nearest;
pub mod paint;

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;

use crate::diagnostic::marks::Marks;

pub(crate) use crate::diagnostic::nearest::nearest;

/// A document of the operator, by its number in [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SourceId(pub u32);

/// A byte offset in a source document.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The document.
    pub source: SourceId,
    /// Byte offset from its beginning (of the decoded text).
    pub offset: u32,
}

/// A line and column, both counted from 1; columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Position {
    /// The position of byte `offset` in `text`; past the end it is the end.
    #[must_use]
    pub fn of(text: &[u8], offset: usize) -> Self {
        Self::START.past(&text[..offset.min(text.len())])
    }

    /// Of the first byte.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// The position behind some text that begins at this one.
    fn past(self, text: &[u8]) -> Self {
        let (lines, column, rest) = match memchr::memrchr(b'\n', text) {
            None => (0, self.column, text),
            Some(at) => (memchr::memchr_iter(b'\n', text).count(), 1, &text[at + 1..]),
        };
        let columns = rest.iter().filter(|b| (**b & 0xC0) != 0x80).count();
        let plus = |number: u32, more: usize| number.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        Self { line: plus(self.line, lines), column: plus(column, columns) }
    }
}

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Tolerated; strict judging refuses it.
    Warning,
    /// Something depends on it and is lost.
    Error,
}

/// One finding in a document of the operator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// A short stable identifier in kebab-case, e.g. `unknown-type`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What was found and what was expected; lowercase, no final dot.
    pub message: String,
    /// Where, if it has a place.
    pub at: Option<Place>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, at: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), at: at.into(), help: None }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, at: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, at, message) }
    }

    /// A note at a place.
    pub fn note(code: &'static str, at: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, at, message) }
    }

    /// The same with a word on what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A source document of the operator: what it is called and its decoded text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path or URL as the operator would recognise it.
    pub name: Arc<str>,
    /// The text, decoded to UTF-8.
    pub text: Arc<str>,
    marks: OnceLock<Marks>,
}

impl Source {
    /// The position of a byte of the text; past the end it is the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let text = self.text.as_bytes();
        self.marks.get_or_init(|| Marks::of(text)).position(text, offset)
    }
}

/// All source documents of a load.
#[derive(Clone, Default, Debug)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a document.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceId {
        self.files.push(Source { name: name.into(), text: text.into(), marks: OnceLock::new() });
        SourceId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The document with this number.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// `FILE:LINE:COLUMN` of a place.
    #[must_use]
    pub fn locate(&self, place: Place) -> String {
        match self.get(place.source) {
            Some(file) => format!("{}:{}", file.name, file.position(place.offset as usize)),
            None => String::from("(unknown source)"),
        }
    }

    /// One line for people: `FILE:LINE:COLUMN: message; help`.
    #[must_use]
    pub fn render(&self, diagnostic: &Diagnostic) -> String {
        let mut line = String::new();
        if let Some(place) = diagnostic.at {
            line.push_str(&self.locate(place));
            line.push_str(": ");
        }
        match diagnostic.severity {
            Severity::Error => {}
            Severity::Warning => line.push_str("warning: "),
            Severity::Note => line.push_str("note: "),
        }
        line.push_str(&diagnostic.message);
        if let Some(help) = &diagnostic.help {
            line.push_str("; ");
            line.push_str(help);
        }
        line
    }
}
