//! Loading the contract that the operator names, for commands that need exactly one.

use std::process::ExitCode;
use std::sync::Arc;

use super::UNUSABLE;
use super::paint;
use crate::gateway::documents;
use crate::gateway::documents::Documents;
use crate::wsdl;
use crate::wsdl::contract::Contract;

/// The contract at `location`, with all that it imports; what prevents that is told on stderr.
pub(crate) fn load(location: &str) -> Result<Arc<Contract>, ExitCode> {
    documents::contract(location).map(Arc::new).map_err(|failure| {
        eprintln!("{}", failure.explain(paint(&std::io::stderr())));
        ExitCode::from(UNUSABLE)
    })
}

/// A contract that is part of the program and imports nothing.
pub(crate) fn parse(name: &str, text: &str) -> Result<Arc<Contract>, String> {
    wsdl::load::load(name, text, &mut Documents::new(name)).map(Arc::new).map_err(|error| error.to_string())
}
