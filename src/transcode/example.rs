//! Examples of an operation's messages, as JSON and as SOAP: made up by schema, then read by the codec, so that they are true.

use std::borrow::Cow;
use std::sync::Arc;

use crate::instance::Depths;
use crate::instance::Generator;
use crate::instance::Style;
use crate::json::limits::Limits;
use crate::soap::sample;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::transcode::attachments;
use crate::transcode::attachments::Received;
use crate::transcode::decode::Mode;
use crate::transcode::parameter::Place;
use crate::transcode::parameter::lay;
use crate::transcode::parameter::lift;
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

/// A request at a verb and path of the operator's choice: some of its values in path and query, the rest in the body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed {
    /// The values in the path, in its order.
    pub path: Vec<String>,
    /// The values in the query, in its order; some are left out.
    pub query: Vec<Option<String>>,
    /// The body as JSON; none if it may be left out.
    pub body: Option<String>,
    /// What the service gets.
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

    /// A request with values at these places of path and query. What it says is taken by the operation: values that it would
    /// not take beside what is there are left out. None if there is no such request, or none was found.
    #[must_use]
    pub fn placed(&self, operation: &Operation, version: SoapVersion, places: (&[&Place], &[&Place]), has_body: bool) -> Option<Placed> {
        let (in_path, in_query) = places;
        let all: Vec<&Place> = in_path.iter().chain(in_query).copied().collect();
        let of = || self.of(operation, Direction::Request, version);
        let longer = || self.made(operation, Direction::Request, version, Style::Typical);
        let examples = std::iter::once_with(of).chain(std::iter::once_with(longer));
        let (texts, rest) = examples.flatten().find_map(|example| {
            let (texts, rest) = lift(example.json.as_bytes(), &all, &Limits::default()).ok()?;
            let complete = texts.iter().take(in_path.len()).all(|text| text.as_ref().is_some_and(|text| !text.is_empty()));
            complete.then_some((texts, rest))
        })?;
        let rest = if has_body { rest } else { b"{}".to_vec() };
        let values: Vec<(&Place, &str)> = all.iter().zip(&texts).filter_map(|(place, text)| Some((*place, text.as_deref()?))).collect();
        let (chosen, soap) = self.taken(operation, version, &rest, &values, in_path.len())?;
        let mut texts = all.iter().zip(texts).map(|(place, text)| text.filter(|_| chosen.contains(place)));
        let path = texts.by_ref().take(in_path.len()).flatten().collect();
        Some(Placed { path, query: texts.collect(), body: String::from_utf8(rest).ok().filter(|body| body != "{}"), soap })
    }

    /// The values that make a message with the rest, the first `fixed` among them, and that message: all if they do, else as many
    /// as can be added one by one.
    fn taken<'p>(
        &self,
        operation: &Operation,
        version: SoapVersion,
        rest: &[u8],
        values: &[(&'p Place, &str)],
        fixed: usize,
    ) -> Option<(Vec<&'p Place>, String)> {
        let places = |values: &[(&'p Place, &str)]| values.iter().map(|(place, _)| *place).collect();
        let message = |values: &[(&Place, &str)]| {
            let laid = lay(rest, values, &Limits::default()).ok()?;
            let written = self.codec.to_message(operation.input.as_ref()?, &laid, version, &Limits::default()).ok()?;
            String::from_utf8(written.envelope).ok()
        };
        if let Some(soap) = message(values) {
            return Some((places(values), soap));
        }
        let (path, query) = values.split_at_checked(fixed)?;
        let (required, mut optional): (Vec<_>, Vec<_>) = query.iter().copied().partition(|(place, _)| place.required);
        let mut chosen = [path, required.as_slice()].concat();
        let mut soap = message(&chosen);
        // One value may be possible only beside another: go round until nothing more is.
        while let Some((at, more)) = optional.iter().enumerate().find_map(|(at, value)| {
            let more = message(&[chosen.as_slice(), &[*value]].concat())?;
            Some((at, more))
        }) {
            chosen.push(optional.remove(at));
            soap = Some(more);
        }
        Some((places(&chosen), soap?))
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
