//! WSDL 1.1: documents and imports, services, ports, bindings, operations, messages; publishing; the load report.
//!
//! Does no I/O: the documents come through a [`Resolver`](crate::schema::load::Resolver), or from the built-in
//! [`catalogue`]. Knows nothing of envelopes and JSON; what those cannot keep is added to the verdicts from above.

pub mod catalogue;
pub mod contract;
pub mod load;
pub mod publish;
pub mod report;

pub use load::LoadError;
pub use load::load;
