//! XML -> JSON: a SOAP message becomes the JSON of its operation, validated as it goes.

use crate::diagnostic::Position;
use crate::soap::fault::FaultRead;
use crate::wsdl::contract::SoapVersion;

/// What a fault of the message means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Any fault refuses the message.
    Enforce,
    /// Faults are reported, the JSON gives what is there.
    Report,
}

/// A message as JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded {
    /// The JSON; of a fault, its `application/problem+json`.
    pub json: Vec<u8>,
    /// Whether it was a message of the operation or a SOAP fault.
    pub kind: Kind,
    /// The version of its envelope.
    pub version: SoapVersion,
    /// Faults found, in [`Mode::Report`] only.
    pub faults: Vec<MessageFault>,
    /// How many undeclared header blocks were left out.
    pub dropped_headers: usize,
}

/// What a message was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The request or reply.
    Message,
    /// A SOAP fault.
    Fault(Problem),
}

/// A SOAP fault as a problem (RFC 9457).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// HTTP status that a REST caller gets.
    pub status: u16,
    /// Namespace and name of the declared detail element, else `about:blank`.
    pub kind: String,
    /// Short title.
    pub title: String,
    /// The fault as read.
    pub read: FaultRead,
    /// The declared detail as JSON: `{"<element>": ..}`.
    pub fault: Option<Vec<u8>>,
    /// The declared detail's key, if it was one of the operation's.
    pub declared: Option<String>,
}

/// Why a message was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub reason: Reason,
    /// Every fault, in document order.
    pub faults: Vec<MessageFault>,
    /// The version of the envelope, where it was recognised.
    pub version: Option<SoapVersion>,
}

/// Kinds of refusals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Not well-formed, not complete, or beyond a limit.
    NotXml,
    /// No SOAP envelope, or one of another version or shape.
    NotSoap,
    /// It breaks its schema.
    Invalid,
}

/// One fault of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageFault {
    /// Short stable identifier in kebab-case.
    pub code: &'static str,
    /// Byte offset in the decoded text.
    pub offset: usize,
    /// Line and column.
    pub position: Position,
    /// Path with the prefixes of the message: `/soap:Envelope/soap:Body/o:Order/o:Line[3]`.
    pub path: String,
    /// What was found and what was expected, without values of the message.
    pub message: String,
    /// The value, where one is at fault: it may be withheld.
    pub value: Option<String>,
}
