//! Loading a contract: the WSDL, all that it imports, and what follows from them.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Sources;
use crate::schema::load::Resolver;
use crate::wsdl::contract::Contract;

/// Loads the WSDL whose text this is, found at `location`, with all that it imports.
///
/// One bad operation does not stop the others: its verdict says what is wrong.
///
/// # Errors
/// If the text is not a WSDL 1.1 document at all; the error says what it is instead.
pub fn load(location: &str, text: &str, resolver: &mut dyn Resolver) -> Result<Contract, LoadError> {
    let _ = resolver;
    let mut sources = Sources::default();
    sources.add(location, text);
    Err(LoadError { diagnostic: Diagnostic::error("not-wsdl", None, "loading is still being built"), sources })
}

/// The text is no WSDL 1.1 document.
#[derive(Debug)]
pub struct LoadError {
    /// What it is instead, and where that shows.
    pub diagnostic: Diagnostic,
    /// The document, to show the place in.
    pub sources: Sources,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sources.render(&self.diagnostic))
    }
}

impl std::error::Error for LoadError {}
