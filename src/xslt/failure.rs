//! Why a sheet was refused, and why a run gave no result.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Sources;
use crate::xml::error::XmlError;

/// The sheet cannot be used.
#[derive(Debug)]
pub struct Refused {
    /// Everything found, warnings included.
    pub diagnostics: Vec<Diagnostic>,
    /// The sheet's documents, to show the places in.
    pub sources: Sources,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, diagnostic) in self.diagnostics.iter().enumerate() {
            f.write_str(if number == 0 { "" } else { "\n" })?;
            f.write_str(&self.sources.render(diagnostic))?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// A run gave no result.
#[derive(Debug)]
pub struct Failure {
    /// Why.
    pub reason: Reason,
    /// What xsl:message said before it failed.
    pub messages: Vec<String>,
}

/// Why a run gave no result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The source document is no XML, or more than the limits allow.
    Document(XmlError),
    /// `xsl:message terminate="yes"`, with its text.
    Terminated(String),
    /// Faults of the sheet that show only when it runs, `FILE:LINE: message` each.
    Faults(Vec<String>),
    /// A bound of [`crate::xslt::Limits`] was met; says which.
    Limit(String),
    /// The caller gave the run up.
    Stopped,
    /// A parameter cannot be passed; says which and why.
    Parameter(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(error) => error.fmt(f),
            Self::Terminated(text) if text.is_empty() => f.write_str("the sheet stopped by xsl:message without a text"),
            Self::Terminated(text) => write!(f, "the sheet stopped: {text}"),
            Self::Faults(faults) => f.write_str(&faults.join("\n")),
            Self::Limit(words) | Self::Parameter(words) => f.write_str(words),
            Self::Stopped => f.write_str("the transformation took too long and was given up"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl std::error::Error for Failure {}
