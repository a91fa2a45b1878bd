//! How imported documents come in: the layers below the gateway do no I/O, they ask a [`Resolver`].

use std::fmt;

/// Fetches documents that other documents of the operator import.
pub trait Resolver {
    /// Fetches what a document at `base` imports from `location`. The namespace is that of the import; where there is no
    /// location (an empty text), it alone may tell what is meant.
    ///
    /// # Errors
    /// Says in words why the document cannot be had.
    fn fetch(&mut self, base: &str, location: &str, namespace: Option<&str>) -> Result<Fetched, ResolveError>;
}

/// A document that was fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Its canonical path or URL: equal for one document reached by two ways, the base of its own imports, and its name in
    /// diagnostics.
    pub location: String,
    /// Its text, decoded to UTF-8.
    pub text: String,
    /// What was odd about its bytes (a contradicting encoding), if anything.
    pub warning: Option<String>,
    /// It comes from the built-in catalogue: where the operator's own documents declare the same component, theirs counts.
    pub builtin: bool,
}

/// Why a document cannot be had; lowercase, no final dot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResolveError {
    /// In words, with what to do.
    pub message: String,
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ResolveError {}
