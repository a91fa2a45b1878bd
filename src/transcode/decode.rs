//! XML -> JSON: a SOAP message becomes the JSON of its operation, validated as it goes, in one pass over its events.
//!
//! The driver follows the envelope, the walker judges what stands in it, the writer puts JSON into a buffer. Knows
//! nothing of HTTP but the status that a fault is worth.

mod detail;
mod driver;
mod extras;
mod object;
mod problem;
mod untyped;
mod value;
mod writer;

use crate::schema::walk::outline::Outline;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::transcode::decode::driver::Driver;
use crate::transcode::decode::driver::Outcome;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::SoapVersion;

pub use crate::schema::walk::locate::Located as MessageFault;
pub use crate::transcode::decode::problem::Problem;
pub(crate) use crate::transcode::decode::problem::type_of as problem_type;

/// What a fault of the message means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Any fault refuses the message.
    Enforce,
    /// Faults are reported, the JSON gives what is there.
    Report,
    /// Faults are reported, no JSON is made.
    Judge,
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
    /// Faults found in [`Mode::Report`]; in [`Mode::Enforce`] those that refuse nothing: of header blocks, which are then
    /// left out, and of the detail of a SOAP fault, which is then no `fault`.
    pub faults: Vec<MessageFault>,
    /// How many header blocks were left out: undeclared ones, and invalid ones in [`Mode::Enforce`].
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

impl Codec {
    /// Every fault of a SOAP message (decoded to UTF-8) of an operation, in document order; none if it is valid.
    #[must_use]
    pub fn judge(&self, operation: &Operation, direction: Direction, xml: &[u8]) -> Vec<MessageFault> {
        match self.to_json(operation, direction, xml, Mode::Judge) {
            Ok(decoded) => decoded.faults,
            Err(refusal) => refusal.faults,
        }
    }

    /// Every fault of a message that was written by its declaration: what only the whole shows, its keys and references.
    pub(in crate::transcode) fn judge_written(&self, message: &Message, xml: &[u8]) -> Vec<MessageFault> {
        let new = || Driver::of_message(self, Some(message), Direction::Request, Mode::Judge, 0);
        match self.run(new, xml) {
            Ok(decoded) => decoded.faults,
            Err(refusal) => refusal.faults,
        }
    }

    /// Makes JSON of a SOAP message (decoded to UTF-8) of an operation.
    ///
    /// # Errors
    /// It is no SOAP message, or, in [`Mode::Enforce`], not one of the operation: then with every fault.
    pub fn to_json(&self, operation: &Operation, direction: Direction, xml: &[u8], mode: Mode) -> Result<Decoded, Refusal> {
        self.run(|| Driver::new(self, operation, direction, mode, xml.len()), xml)
    }

    /// Runs through a message, a second time where an ambiguous model asks for it.
    fn run<'c>(&'c self, new: impl Fn() -> Driver<'c>, xml: &[u8]) -> Result<Decoded, Refusal> {
        let mut driver = new();
        match driver.run(xml) {
            Outcome::Done(made) => made,
            Outcome::Diverged => {
                let outline = match Outline::read(xml, &self.contract.schema.symbols, &self.limits) {
                    Ok(outline) => outline,
                    Err(error) => return Err(driver.not_xml(xml, error)),
                };
                let mut driver = new();
                driver.set_outline(outline);
                match driver.run(xml) {
                    Outcome::Done(made) => made,
                    Outcome::Diverged => Err(Refusal { reason: Reason::Invalid, faults: Vec::new(), version: None }),
                }
            }
        }
    }
}
