//! A SOAP server by a contract: it reads requests strictly and answers with a [`Service`]'s replies.
//!
//! Two services exist: [`made_up`] invents schema-valid replies for any contract, [`cities`] answers from a table.
//! Here stands what is done with one request, without sockets; [`server`] puts it on the wire.

pub mod cities;
mod envelope;
pub mod made_up;
pub mod server;

use serde_json::Value;

use crate::exchange::media::Media;
use crate::soap::fault::Code;
use crate::soap::head;
use crate::soap::version::rules;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::transcode::decode::Kind;
use crate::transcode::decode::Mode;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;
use crate::xml::encoding;
use crate::xml::limits::Limits;

/// What answers the calls of a contract.
pub trait Service: Send + Sync {
    /// The answer to a request that was found valid.
    fn answer(&self, call: &Call<'_>) -> Answer;
}

/// A request that was read by its schema.
pub struct Call<'a> {
    /// The contract, for those that answer by schema.
    pub codec: &'a Codec,
    /// The operation.
    pub operation: &'a Operation,
    /// The request by the JSON mapping. Numbers beyond what JSON libraries keep are rounded here.
    pub request: Value,
}

/// What a service says.
pub enum Answer {
    /// A reply: header blocks and the content of the Body, as XML.
    Reply {
        /// Header blocks.
        headers: String,
        /// The Body's content.
        body: String,
    },
    /// A SOAP fault.
    Fault {
        /// Whose fault it is.
        code: Code,
        /// In words.
        reason: String,
        /// The content of the fault's detail, as XML.
        detail: String,
    },
    /// Nothing: the operation is one-way.
    Nothing,
}

/// An answer as HTTP carries it.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Content type; none without a body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
}

/// A contract with the service that answers for it.
pub struct Mock {
    codec: Codec,
    service: Box<dyn Service>,
}

impl Mock {
    /// A mock of a contract.
    #[must_use]
    pub fn new(codec: Codec, service: Box<dyn Service>) -> Self {
        Self { codec, service }
    }

    /// The contract and what reads it.
    #[must_use]
    pub fn codec(&self) -> &Codec {
        &self.codec
    }

    /// Answers one POST.
    #[must_use]
    pub fn answer(&self, content_type: &str, action: &str, body: &[u8]) -> Reply {
        let media = Media::parse(content_type);
        let fallback = media.soap_version().unwrap_or(SoapVersion::V1_1);
        let text = match encoding::decode(body, media.parameter("charset")) {
            Ok(decoded) => decoded.text,
            Err(error) => return refuse(fallback, &error.to_string()),
        };
        let head = match head::whole(&text, &self.codec.contract.schema.symbols, &Limits::default()) {
            Ok(head) => head,
            Err(fault) => return refuse(fault.version().unwrap_or(fallback), &fault.to_string()),
        };
        let action = media.parameter("action").unwrap_or(action).trim_matches('"');
        let Some(operation) = self.find(&head, action) else {
            let found = head.child.map_or_else(|| String::from("an empty body"), |child| child.name.to_string());
            return refuse(head.version, &format!("no operation takes {found}"));
        };
        let decoded = match self.codec.to_json(operation, Direction::Request, &text, Mode::Enforce) {
            Ok(decoded) => decoded,
            Err(refusal) => {
                let faults: Vec<_> = refusal.faults.iter().map(|fault| format!("{}: {}", fault.position, fault.message)).collect();
                return refuse(head.version, &faults.join("; "));
            }
        };
        if decoded.kind != Kind::Message {
            return refuse(head.version, "a fault is no request");
        }
        let request = serde_json::from_slice(&decoded.json).unwrap_or(Value::Null);
        wrap(head.version, self.service.answer(&Call { codec: &self.codec, operation, request }))
    }

    /// The operation of a message: by its body, among several by the action.
    fn find(&self, head: &head::Head, action: &str) -> Option<&Operation> {
        let ports = self.codec.contract.services.iter().flat_map(|service| &service.ports);
        let served = ports
            .filter(|port| port.soap == Some(head.version))
            .flat_map(|port| &port.operations)
            .filter(|operation| operation.verdict.status != Status::Refused);
        let served: Vec<&Operation> = served.collect();
        let mut fitting: Vec<&Operation> = served.iter().copied().filter(|operation| takes(operation, head)).collect();
        if fitting.is_empty() {
            // A body that is given by type has no element of its own: the action tells, unless there is only one such operation.
            let by_type = |operation: &&Operation| operation.input.as_ref().is_some_and(|input| matches!(input.body, Body::Content(_)));
            fitting = served.into_iter().filter(by_type).collect();
            if fitting.len() > 1 {
                fitting.retain(|operation| !action.is_empty() && &*operation.action == action);
            }
        }
        fitting.iter().find(|operation| !action.is_empty() && &*operation.action == action).or_else(|| fitting.first()).copied()
    }
}

/// Whether an operation's request has this body.
fn takes(operation: &Operation, head: &head::Head) -> bool {
    let Some(input) = &operation.input else { return false };
    match (&input.element, &head.child) {
        (None, None) => true,
        (Some(wanted), Some(found)) => {
            let any_namespace = matches!(input.body, Body::Wrapper { namespace_declared: false, .. }) && found.name.ns.as_str().is_empty();
            *wanted == found.name || (any_namespace && wanted.local == found.name.local)
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

fn wrap(version: SoapVersion, answer: Answer) -> Reply {
    match answer {
        Answer::Nothing => Reply { status: 202, content_type: None, body: Vec::new() },
        Answer::Reply { headers, body } => xml(200, version, envelope::message(version, &headers, &body)),
        Answer::Fault { code, reason, detail } => {
            let status = if version == SoapVersion::V1_2 && code == Code::Client { 400 } else { 500 };
            xml(status, version, envelope::fault(version, code, &reason, &detail))
        }
    }
}

fn refuse(version: SoapVersion, reason: &str) -> Reply {
    wrap(version, Answer::Fault { code: Code::Client, reason: reason.to_owned(), detail: String::new() })
}

fn xml(status: u16, version: SoapVersion, text: String) -> Reply {
    let content_type = match rules(version).version {
        SoapVersion::V1_1 => "text/xml; charset=utf-8",
        SoapVersion::V1_2 => "application/soap+xml; charset=utf-8",
    };
    Reply { status, content_type: Some(content_type), body: text.into_bytes() }
}
