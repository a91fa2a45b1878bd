//! JSON: the guarded reader, pointers, the writer.
//!
//! Knows RFC 8259 and RFC 6901; nothing of schemas or of the mapping. Digits are kept as written.

pub mod error;
mod find;
pub mod limits;
mod parse;
pub mod pointer;
pub mod tape;
pub mod writer;
