//! A WSDL document as written: the first of three forms (syntax, plan, contract).
//!
//! Names are resolved to expanded names by the prefixes in scope where they stand, but not looked up. Every reference knows
//! its place, for a reason in the load report points at the reference that leads nowhere.

use std::sync::Arc;

use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Style;
use crate::xml::name::QName;

/// One `wsdl:definitions`.
#[derive(Debug)]
pub(crate) struct Definitions {
    pub(crate) source: SourceId,
    pub(crate) target_namespace: Arc<str>,
    pub(crate) imports: Vec<Import>,
    pub(crate) messages: Vec<Message>,
    pub(crate) port_types: Vec<PortType>,
    pub(crate) bindings: Vec<Binding>,
    pub(crate) services: Vec<Service>,
}

/// `wsdl:import` (section 2.1.1).
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) namespace: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) place: Place,
}

/// A QName in an attribute.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    /// As written.
    pub(crate) written: String,
    /// The name it stands for; none if its prefix is not declared.
    pub(crate) name: Option<QName>,
    /// A second meaning to try where the first is unknown: the targetNamespace, for names without prefix.
    pub(crate) second: Option<QName>,
    pub(crate) place: Place,
}

/// `wsdl:message` (section 2.3).
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) name: QName,
    pub(crate) parts: Vec<Part>,
    pub(crate) place: Place,
}

/// `wsdl:part`.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) content: PartContent,
    pub(crate) place: Place,
}

/// What a part refers to.
#[derive(Clone, Debug)]
pub(crate) enum PartContent {
    Element(Reference),
    Type(Reference),
    /// Neither `element` nor `type`.
    Nothing,
}

/// `wsdl:portType` (section 2.4).
#[derive(Debug)]
pub(crate) struct PortType {
    pub(crate) name: QName,
    pub(crate) operations: Vec<Operation>,
    pub(crate) documentation: Option<Arc<str>>,
    pub(crate) place: Place,
}

/// `wsdl:operation` of a portType.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) input: Option<Param>,
    pub(crate) output: Option<Param>,
    /// The output stands before the input: solicit-response (section 2.4.3).
    pub(crate) output_first: bool,
    pub(crate) faults: Vec<Param>,
    pub(crate) documentation: Option<Arc<str>>,
    pub(crate) place: Place,
}

/// `wsdl:input`, `wsdl:output` or `wsdl:fault` of a portType.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: Option<String>,
    pub(crate) message: Option<Reference>,
    /// `wsam:Action`, or its kin of older drafts.
    pub(crate) action: Option<String>,
    pub(crate) place: Place,
}

/// `wsdl:binding` (section 2.5).
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) name: QName,
    pub(crate) port_type: Option<Reference>,
    pub(crate) kind: BindingKind,
    pub(crate) operations: Vec<BoundOperation>,
    pub(crate) place: Place,
}

/// What kind of binding it is.
#[derive(Debug)]
pub(crate) enum BindingKind {
    /// soap:binding (section 3.3).
    Soap { version: SoapVersion, style: Option<Style>, transport: Option<String> },
    /// Another one, by the namespace of its extension; empty if there is none.
    Other(String),
}

/// `wsdl:operation` of a binding.
#[derive(Debug)]
pub(crate) struct BoundOperation {
    pub(crate) name: String,
    pub(crate) action: Option<String>,
    pub(crate) style: Option<Style>,
    pub(crate) input: Option<BoundMessage>,
    pub(crate) output: Option<BoundMessage>,
    pub(crate) place: Place,
}

/// `wsdl:input` or `wsdl:output` of a binding.
#[derive(Debug, Default)]
pub(crate) struct BoundMessage {
    pub(crate) name: Option<String>,
    pub(crate) body: Option<SoapBody>,
    pub(crate) headers: Vec<SoapHeader>,
    /// Parts bound by mime:content and its kin (section 5), each once.
    pub(crate) attachments: Vec<Attachment>,
}

/// soap:body (section 3.5).
#[derive(Debug)]
pub(crate) struct SoapBody {
    pub(crate) parts: Option<Vec<String>>,
    pub(crate) encoding: Encoding,
    pub(crate) namespace: Option<String>,
    pub(crate) place: Place,
}

/// `use` of soap:body and soap:header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    Literal,
    Encoded,
}

/// soap:header (section 3.7).
#[derive(Debug)]
pub(crate) struct SoapHeader {
    pub(crate) message: Option<Reference>,
    pub(crate) part: Option<String>,
    pub(crate) encoding: Encoding,
    pub(crate) namespace: Option<String>,
    pub(crate) place: Place,
}

/// A part that travels beside the envelope.
#[derive(Debug)]
pub(crate) struct Attachment {
    pub(crate) part: Option<String>,
    /// The media type as written; none leaves it open.
    pub(crate) media: Option<String>,
    pub(crate) place: Place,
}

/// `wsdl:service` (section 2.7).
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: QName,
    pub(crate) ports: Vec<Port>,
    pub(crate) documentation: Option<Arc<str>>,
    pub(crate) place: Place,
}

/// `wsdl:port` (section 2.6).
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) binding: Option<Reference>,
    pub(crate) address: Option<String>,
    pub(crate) place: Place,
}
