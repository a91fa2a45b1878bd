//! Samples of an operation's messages, as JSON and as SOAP.

use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::SoapVersion;

/// One message, in both forms.
pub(super) struct Sample {
    /// What a REST caller sends or gets.
    pub(super) json: String,
    /// What a SOAP caller sends or gets.
    pub(super) soap: String,
}

/// A typical message of an operation; none if the operation cannot be served.
pub(super) fn of(codec: &Codec, operation: &Operation, direction: Direction, version: SoapVersion) -> Option<Sample> {
    let _ = (codec, operation, direction, version);
    None
}
