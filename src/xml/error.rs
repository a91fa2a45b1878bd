//! Why a document was refused.
//!
//! An error knows the byte where it happened; line and column are computed when it is shown.

use std::fmt;

use crate::diagnostic::Position;

/// A fault of a document, at a byte of its decoded text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct XmlError {
    /// A short stable identifier in kebab-case, e.g. `doctype`, `unbound-prefix`.
    pub code: &'static str,
    /// What was found and what was expected; lowercase, no final dot.
    pub message: String,
    /// Byte offset in the decoded text.
    pub offset: usize,
}

/// The same on its way out of the scanner: small, so that results without fault stay in registers.
pub(super) type Fault = Box<XmlError>;

/// A fault at a byte offset.
#[cold]
pub(super) fn fault(code: &'static str, offset: usize, message: impl Into<String>) -> Fault {
    Box::new(XmlError::new(code, offset, message))
}

impl XmlError {
    /// An error at a byte offset.
    #[cold]
    pub fn new(code: &'static str, offset: usize, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), offset }
    }

    /// Whether a limit was exceeded, as against a fault of the document's form.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.code.starts_with("limit-")
    }

    /// Line and column in the text that was read.
    #[must_use]
    pub fn position(&self, text: &[u8]) -> Position {
        Position::of(text, self.offset)
    }
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for XmlError {}
