//! JSON -> XML: the JSON of an operation becomes its SOAP message, validated as it goes.
//!
//! Properties may come in any order; children are written in the order of the schema. Every fault of the document is
//! found, each with its JSON Pointer. Knows shapes and the tape of the JSON reader; nothing of HTTP.

mod attributes;
mod encoder;
mod entries;
mod object;
mod open;
mod plain;
#[cfg(test)]
mod plain_tests;
mod record;
pub(super) mod report;
mod scope;
mod types;
mod value;

use crate::json::error::JsonError;
use crate::json::limits::Limits;
use crate::json::tape::Kind;
use crate::json::tape::Tape;
use crate::json::tape::Value;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::DerivationSet;
use crate::schema::form::TypeId;
use crate::soap::version::rules;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::transcode::attachments;
use crate::transcode::attachments::Attachment;
use crate::transcode::attachments::Written;
use crate::transcode::decode::MessageFault;
use crate::transcode::encode::encoder::Declared;
use crate::transcode::encode::encoder::Encoder;
use crate::transcode::encode::object::Admits;
use crate::transcode::encode::object::TWICE;
use crate::transcode::encode::report::Report;
use crate::transcode::encode::report::kind_in_words;
use crate::transcode::encode::report::listed;
use crate::transcode::shape::NamespaceId;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::SoapVersion;

pub use crate::transcode::encode::report::JsonFault;
pub(crate) use crate::transcode::encode::types::may_stand_for;

/// Why a JSON document was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JsonFaults {
    /// What kind of refusal it is.
    pub kind: JsonFaultKind,
    /// Every fault, in document order.
    pub faults: Vec<JsonFault>,
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
        let message = match direction {
            Direction::Request => operation.input.as_ref(),
            Direction::Reply => operation.output.as_ref(),
        };
        let Some(message) = message else {
            return Err(invalid("the operation has no such message".to_owned()));
        };
        self.message_to_xml(message, json, version, &Limits::default())
    }

    /// Writes the SOAP message of a JSON document, with limits on the document.
    ///
    /// # Errors
    /// All faults of the document.
    pub fn message_to_xml(&self, message: &Message, json: &[u8], version: SoapVersion, limits: &Limits) -> Result<Vec<u8>, JsonFaults> {
        self.written(message, json, version, limits, |_, _, _| Vec::new()).map(|written| written.envelope)
    }

    /// Writes the SOAP message of a JSON document with the parts that travel beside it, all of which must be there.
    ///
    /// # Errors
    /// All faults of the document.
    pub fn to_message(&self, message: &Message, json: &[u8], version: SoapVersion, limits: &Limits) -> Result<Written, JsonFaults> {
        self.written(message, json, version, limits, attachments::take)
    }

    fn written(
        &self,
        message: &Message,
        json: &[u8],
        version: SoapVersion,
        limits: &Limits,
        beside: fn(&Message, Value<'_>, &mut Report) -> Vec<Attachment>,
    ) -> Result<Written, JsonFaults> {
        let json = if json.iter().all(u8::is_ascii_whitespace) { b"{}" } else { json };
        let tape = Tape::parse(json, limits).map_err(|error| malformed(&error, json))?;
        let mut encoder = Encoder::new(&self.contract.schema, &self.shapes, json.len() * 2 + 256);
        // The namespaces in use are known at the end: most messages use that of their element alone.
        let guess = match message.body {
            Body::Element(id) | Body::Wrapper { element: id, .. } => self.shapes.tags.tag(id).namespace,
            Body::Empty | Body::Elements(_) | Body::Content(_) => None,
        };
        self.open_envelope(&mut encoder.out, version, guess.into_iter());
        let body = encoder.out.len();
        let head = encoder.envelope(message, tape.root());
        let attachments = beside(message, tape.root(), &mut encoder.report);
        let Encoder { out, scope, report, .. } = encoder;
        if !report.is_empty() {
            return Err(JsonFaults { kind: JsonFaultKind::Invalid, faults: report.finish(&tape) });
        }
        let mut whole = out;
        if head != whole.len() || !scope.uses_only(guess) {
            // The headers were written behind the body, as they stand in the document last or first.
            let written = whole;
            whole = Vec::with_capacity(written.len() + 512);
            self.open_envelope(&mut whole, version, scope.used());
            whole.extend_from_slice(written.get(head..).unwrap_or_default());
            whole.extend_from_slice(written.get(body..head).unwrap_or_default());
        }
        whole.extend_from_slice(b"</");
        whole.extend_from_slice(self.shapes.tags.soap_prefix().as_bytes());
        whole.extend_from_slice(b":Envelope>");
        if self.contract.schema.has_identity {
            self.judge_keys(message, &whole)?;
        }
        Ok(Written { envelope: whole, attachments })
    }

    /// What no place of the document shows alone: its keys and references. Their faults are told by the path in the message.
    fn judge_keys(&self, message: &Message, written: &[u8]) -> Result<(), JsonFaults> {
        let body = format!("/{0}:Envelope/{0}:Body", self.shapes.tags.soap_prefix());
        let told = |fault: MessageFault| {
            let path = fault.path.strip_prefix(&body).unwrap_or(&fault.path).to_owned();
            JsonFault { pointer: "#".to_owned(), detail: MessageFault { path, ..fault }.to_string() }
        };
        let faults: Vec<JsonFault> = self.judge_written(message, written).into_iter().map(told).collect();
        if faults.is_empty() { Ok(()) } else { Err(JsonFaults { kind: JsonFaultKind::Invalid, faults }) }
    }

    /// The declaration of the document and the envelope's start tag.
    fn open_envelope(&self, out: &mut Vec<u8>, version: SoapVersion, namespaces: impl Iterator<Item = NamespaceId>) {
        let tags = &self.shapes.tags;
        let soap = tags.soap_prefix().as_bytes();
        out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<");
        out.extend_from_slice(soap);
        out.extend_from_slice(b":Envelope xmlns:");
        out.extend_from_slice(soap);
        out.extend_from_slice(b"=\"");
        out.extend_from_slice(rules(version).envelope.as_bytes());
        out.push(b'"');
        namespaces.for_each(|id| tags.declare(id, out));
        out.push(b'>');
    }
}

fn invalid(detail: String) -> JsonFaults {
    JsonFaults { kind: JsonFaultKind::Invalid, faults: vec![JsonFault { pointer: "#".to_owned(), detail }] }
}

/// The refusal of a document that is no JSON.
#[must_use]
pub fn malformed(error: &JsonError, json: &[u8]) -> JsonFaults {
    let kind = if error.code == "limit-bytes" { JsonFaultKind::TooLarge } else { JsonFaultKind::Malformed };
    JsonFaults { kind, faults: vec![JsonFault { pointer: "#".to_owned(), detail: error.describe(json) }] }
}

impl<'c, 'd> Encoder<'c, 'd> {
    /// Writes the Body and behind it the Header; tells where the Header begins.
    fn envelope(&mut self, message: &'c Message, root: Value<'d>) -> usize {
        let soap = self.shapes.tags.soap_prefix();
        if root.kind() != Kind::Object {
            self.report.at(root, format!("expected an object, found {}", kind_in_words(root)));
            return self.out.len();
        }
        self.beside = &message.attachments;
        self.tag(soap, "<", "Body");
        match &message.body {
            Body::Empty => self.nothing(root),
            Body::Element(id) | Body::Wrapper { element: id, .. } => {
                self.out.push(b'>');
                self.root(*id, root);
            }
            Body::Elements(id) => self.parts(*id, root),
            Body::Content(ty) => {
                let block = DerivationSet::default();
                self.content(Declared { ty: *ty, nillable: false, value: None, block, root: true, open: false }, root);
            }
        }
        self.tag(soap, "</", "Body");
        self.out.push(b'>');
        let head = self.out.len();
        self.headers(message, root);
        head
    }

    fn tag(&mut self, prefix: &str, start: &str, name: &str) {
        self.out.extend_from_slice(start.as_bytes());
        self.out.extend_from_slice(prefix.as_bytes());
        self.out.push(b':');
        self.out.extend_from_slice(name.as_bytes());
    }

    /// An empty Body.
    fn nothing(&mut self, root: Value<'d>) {
        self.out.push(b'>');
        let shapes = self.shapes;
        let admits = Admits { attributes: false, value: false, headers: true, open: false };
        let members = self.collect(root, None, shapes.no_record(), admits);
        self.release(&members);
    }

    /// A Body of several elements.
    fn parts(&mut self, id: ComplexTypeId, root: Value<'d>) {
        let block = DerivationSet::default();
        self.complex_object(Declared { ty: TypeId::Complex(id), nillable: false, value: None, block, root: true, open: false }, id, root);
    }

    /// The declared headers that the document gives.
    fn headers(&mut self, message: &'c Message, root: Value<'d>) {
        let Some(given) = root.member("$headers").filter(|given| !given.is_null()) else { return };
        if given.kind() != Kind::Object {
            self.report.at(given, format!("expected an object, found {}", kind_in_words(given)));
            return;
        }
        let mut found: Vec<Option<Value<'d>>> = vec![None; message.headers.len()];
        for member in given.members() {
            let key = member.key();
            let at = message.headers.iter().position(|header| *header.key == *key);
            match at.and_then(|at| found.get_mut(at)) {
                Some(slot @ None) => *slot = Some(member.value),
                Some(Some(_)) => self.report.at(member.value, TWICE),
                None if message.headers.is_empty() => self.report.at(member.value, "unknown header: the operation declares none"),
                None => {
                    let known = listed(message.headers.iter().map(|header| &*header.key));
                    self.report.at(member.value, format!("unknown header; expected {known}"));
                }
            }
        }
        let soap = self.shapes.tags.soap_prefix();
        let start = self.out.len();
        self.tag(soap, "<", "Header");
        self.out.push(b'>');
        let empty = self.out.len();
        for (header, value) in message.headers.iter().zip(found) {
            let Some(value) = value else { continue };
            if !value.is_null() || self.schema.element(header.element).nillable {
                self.element(header.element, value);
            }
        }
        if self.out.len() == empty {
            self.out.truncate(start);
            return;
        }
        self.tag(soap, "</", "Header");
        self.out.push(b'>');
    }
}
