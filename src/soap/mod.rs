//! SOAP 1.1 and 1.2: what differs between them in one table, the envelope on events, routing by its head, faults.
//!
//! Knows no schema of a body and no JSON.

pub mod envelope;
pub mod fault;
pub mod head;
pub mod sample;
pub mod streamed;
pub mod version;
pub mod xop;
