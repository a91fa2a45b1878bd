//! WSDL 1.1: documents and imports, services, ports, bindings, operations, messages; publishing; the load report.
//!
//! Does no I/O: the documents come through a [`Resolver`](crate::schema::load::Resolver), or from the built-in
//! [`catalogue`]. Knows nothing of envelopes and JSON; what those cannot keep is added to the verdicts from above.

pub mod catalogue;
pub mod contract;
mod diagnose;
mod fetch;
mod finish;
mod library;
pub mod load;
mod losses;
mod message;
mod names;
mod parse;
mod parse_binding;
mod plan;
mod prologue;
pub mod publish;
mod read;
pub mod report;
pub mod schemas;
mod services;
mod syntax;

pub use load::LoadError;
pub use load::load;
