//! XML: names, the guarded scanner, encodings, the writer.
//!
//! Knows XML 1.0 (fifth edition) and Namespaces in XML 1.0; nothing of schemas or SOAP.

mod attribute;
pub mod char;
mod declaration;
mod declare;
pub mod encoding;
pub mod error;
pub mod event;
mod find;
pub mod limits;
mod memory;
pub mod name;
mod names;
mod open;
mod pending;
mod rare;
pub mod reader;
mod reference;
mod remembered;
mod scan;
mod scope;
mod tag;
mod text;
pub(crate) mod tree;
pub mod writer;
