//! Why a text was refused as JSON.

use std::fmt;

use crate::diagnostic::Position;

/// A fault of form or a limit exceeded, at a byte of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JsonError {
    /// A short stable identifier in kebab-case: `syntax`, `encoding`, `limit-depth` and its kin.
    pub code: &'static str,
    /// What was found and what was expected; lowercase, no final dot.
    pub message: String,
    /// Byte offset in the text.
    pub offset: usize,
}

impl JsonError {
    #[cold]
    pub(super) fn new(code: &'static str, offset: usize, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), offset }
    }

    #[cold]
    pub(super) fn boxed(code: &'static str, offset: usize, message: impl Into<String>) -> Box<Self> {
        Box::new(Self::new(code, offset, message))
    }

    /// Whether a limit was exceeded, as against a fault of form.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.code.starts_with("limit-")
    }

    /// Line and column in the text that was read.
    #[must_use]
    pub fn position(&self, text: &[u8]) -> Position {
        Position::of(text, self.offset)
    }

    /// `line L, column C: message`, for a reply.
    #[must_use]
    pub fn describe(&self, text: &[u8]) -> String {
        let Position { line, column } = self.position(text);
        format!("line {line}, column {column}: {}", self.message)
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for JsonError {}
