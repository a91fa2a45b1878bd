//! XML Schema 1.0 in three steps with three types: syntax as written, resolved model, runtime form;
//! and one walker over the runtime form.
//!
//! Knows nothing of WSDL, SOAP or JSON.

pub mod automaton;
mod compile;
mod components;
pub mod form;
pub mod identity;
pub mod load;
pub mod pattern;
pub mod reach;
pub mod simple;
mod syntax;
pub mod validate;
pub mod walk;
