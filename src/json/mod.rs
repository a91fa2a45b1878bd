//! JSON: the guarded reader, pointers, the writer, a form for people.
//!
//! Knows RFC 8259 and RFC 6901; nothing of schemas or of the mapping. Digits are kept as written.

pub mod error;
mod find;
pub mod limits;
mod parse;
pub mod pointer;
pub mod pretty;
pub mod tape;
pub mod writer;
