//! Samples of an operation's messages, as JSON and as SOAP.

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
pub(super) struct Sample {
    /// What a REST caller sends or gets.
    pub(super) json: String,
    /// What a SOAP caller sends or gets.
    pub(super) soap: String,
}

/// Beyond this a sample shows less: a page is to be read.
const READABLE: usize = 4 * 1024;

/// The same sample at every visit.
const SEED: u64 = 1;

/// Makes samples of a contract.
pub(super) struct Samples<'c> {
    codec: &'c Codec,
    depths: Arc<Depths>,
}

impl<'c> Samples<'c> {
    /// Of this contract.
    pub(super) fn new(codec: &'c Codec) -> Self {
        Self { codec, depths: Arc::new(Depths::of(&codec.contract.schema)) }
    }

    /// A typical message of an operation, or the smallest if that is long; none if the operation cannot be served.
    pub(super) fn of(&self, operation: &Operation, direction: Direction, version: SoapVersion) -> Option<Sample> {
        let typical = self.made(operation, direction, version, Style::Typical);
        if typical.as_ref().is_some_and(|sample| sample.soap.len() <= READABLE) {
            return typical;
        }
        self.made(operation, direction, version, Style::Minimal).or(typical)
    }

    fn made(&self, operation: &Operation, direction: Direction, version: SoapVersion, style: Style) -> Option<Sample> {
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
        Some(Sample { json: String::from_utf8(json).ok()?, soap })
    }
}
