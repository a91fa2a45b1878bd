//! What is wrong with an expression, and where in it.
//!
//! A fault knows its place as bytes of the expression; the line with a caret is made when it is shown. Whoever has the
//! expression from a file puts that file's place before it.

use std::fmt;
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::diagnostic::Sources;
use crate::diagnostic::paint::Paint;

/// A fault of an expression: of its syntax, its names or its types.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// A short stable identifier in kebab-case, e.g. `unknown-function`.
    pub code: &'static str,
    /// What was found and what was expected; lowercase, no final dot.
    pub message: String,
    /// The bytes of the expression that it is about.
    pub span: Range<usize>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Fault {
    pub(crate) fn new(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span, help: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same as a finding in a source whose text is the expression.
    #[must_use]
    pub fn diagnostic(&self, source: SourceId) -> Diagnostic {
        let offset = u32::try_from(self.span.start).unwrap_or(u32::MAX);
        let found = Diagnostic::error(self.code, Place { source, offset }, self.message.clone());
        match &self.help {
            Some(help) => found.with_help(help.clone()),
            None => found,
        }
    }

    /// For people: what is wrong, and the line of the expression with a caret under the place.
    #[must_use]
    pub fn render(&self, expression: &str) -> String {
        let mut sources = Sources::default();
        let source = sources.add("expression", expression);
        let found = self.diagnostic(source);
        let line = sources.render(&found);
        match found.at.and_then(|place| sources.excerpt(place, Paint::Plain)) {
            Some(excerpt) => format!("{line}\n{excerpt}"),
            None => line,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "; {help}"))
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_shown_with_a_caret_under_its_place() {
        let fault = Fault::new("unknown-function", 4..7, "unknown function `cout`").with_help("did you mean `count`?");
        assert_eq!(
            fault.render("1 + cout(//a)"),
            "expression:1:5: unknown function `cout`; did you mean `count`?\n1 | 1 + cout(//a)\n  |     ^"
        );
    }
}
