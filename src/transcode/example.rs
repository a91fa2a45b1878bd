//! Examples of an operation's messages, as JSON and as SOAP: made up by schema, then read by the codec, so that they are true.

use std::borrow::Cow;
use std::sync::Arc;

use crate::instance::Depths;
use crate::instance::Generator;
use crate::instance::Style;
use crate::soap::sample;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::transcode::attachments;
use crate::transcode::attachments::Received;
use crate::transcode::decode::Mode;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::SoapVersion;

/// One message, in both forms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// What a REST caller sends or gets.
    pub json: String,
    /// What a SOAP caller sends or gets.
    pub soap: String,
}

/// Beyond this an example shows less: it is to be read.
const READABLE: usize = 4 * 1024;

/// The same example at every visit.
const SEED: u64 = 1;

/// Makes examples of a contract.
#[derive(Debug)]
pub struct Examples<'c> {
    codec: &'c Codec,
    depths: Arc<Depths>,
}

impl<'c> Examples<'c> {
    /// Of this contract.
    #[must_use]
    pub fn new(codec: &'c Codec) -> Self {
        Self { codec, depths: Arc::new(Depths::of(&codec.contract.schema)) }
    }

    /// A typical message of an operation, or the smallest if that is long; none if the operation cannot be served.
    #[must_use]
    pub fn of(&self, operation: &Operation, direction: Direction, version: SoapVersion) -> Option<Example> {
        let typical = self.made(operation, direction, version, Style::Typical);
        if typical.as_ref().is_some_and(|example| example.soap.len() <= READABLE) {
            return typical;
        }
        self.made(operation, direction, version, Style::Minimal).or(typical)
    }

    fn made(&self, operation: &Operation, direction: Direction, version: SoapVersion, style: Style) -> Option<Example> {
        let message = match direction {
            Direction::Request => operation.input.as_ref()?,
            Direction::Reply => operation.output.as_ref()?,
        };
        let schema = &self.codec.contract.schema;
        let mut generator = Generator::with(schema, Arc::clone(&self.depths), style, SEED);
        let soap = sample::message(schema, message, version, &mut generator)?;
        let decoded = self.codec.to_json(operation, direction, soap.as_bytes(), Mode::Enforce).ok()?;
        let mut json = decoded.json;
        let beside =
            message.attachments.iter().map(|part| Received { id: Some(Cow::Borrowed(&*part.part)), content: Cow::Borrowed(b"...") });
        attachments::put(message, &beside.collect::<Vec<_>>(), &mut json);
        Some(Example { json: String::from_utf8(json).ok()?, soap })
    }
}
