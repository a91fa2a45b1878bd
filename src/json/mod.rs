//! JSON: the guarded reader, pointers, the writer.
//!
//! Knows RFC 8259 and RFC 6901; nothing of XML or schemas. Digits are kept as written.
