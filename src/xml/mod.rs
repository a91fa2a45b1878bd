//! XML: names, the guarded scanner, encodings, the writer.
//!
//! Knows XML 1.0 (fifth edition) and Namespaces in XML 1.0; nothing of schemas or SOAP.

pub mod name;
