//! A WSDL 1.1 contract as resolved: services, ports, operations, messages, over one [`Schema`].
//!
//! Made once at load, read by the transcoder, the router, the pages and the mock. Every operation carries its verdict
//! for the load report. rpc wrappers and multi-part bodies are synthetic declarations of the schema, so that a
//! body is always "an element" or "a sequence of elements by a type".

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::diagnostic::Sources;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::ElementId;
use crate::schema::form::Schema;

/// A contract: one WSDL with all that it imports.
#[derive(Debug)]
pub struct Contract {
    /// All documents read: the WSDL first.
    pub sources: Sources,
    /// The schemas of all of them.
    pub schema: Arc<Schema>,
    /// Services in document order, then the synthetic ones.
    pub services: Vec<Service>,
    /// Findings that belong to no single operation.
    pub diagnostics: Vec<Diagnostic>,
    /// `targetNamespace` of the root document.
    pub target_namespace: Arc<str>,
    /// Which of the sources are WSDL documents; the others are schemas.
    pub wsdl_documents: Vec<SourceId>,
    /// How many components the WSDL documents declare.
    pub declared: Declared,
    /// Where imports lead: (name of the document that holds one, location as written) -> name of the document found.
    pub links: HashMap<(String, String), String>,
}

/// How many components of each kind the WSDL documents of a contract declare, in any binding.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Declared {
    /// portTypes.
    pub port_types: usize,
    /// Operations of portTypes.
    pub operations: usize,
    /// Bindings.
    pub bindings: usize,
    /// Services.
    pub services: usize,
    /// Ports.
    pub ports: usize,
}

/// The two versions of SOAP.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum SoapVersion {
    /// SOAP 1.1.
    V1_1,
    /// SOAP 1.2.
    V1_2,
}

/// A service (WSDL 1.1 section 2.7), or a synthetic one for a binding without port or a portType without binding.
#[derive(Debug)]
pub struct Service {
    /// Local name.
    pub name: Arc<str>,
    /// Made up for a binding that no port uses or a portType without binding.
    pub synthetic: bool,
    /// Ports in document order.
    pub ports: Vec<Port>,
    /// Text of its documentation.
    pub documentation: Option<Arc<str>>,
    /// Where it stands.
    pub place: Place,
}

/// A port with its binding.
#[derive(Debug)]
pub struct Port {
    /// Local name.
    pub name: Arc<str>,
    /// SOAP version; none for a binding of another kind, which has no operations.
    pub soap: Option<SoapVersion>,
    /// Why it is passed over, in words, where there is no version.
    pub passed_over: Option<Arc<str>>,
    /// `document` or `rpc`: the binding's style.
    pub style: Style,
    /// soap:address location.
    pub address: Option<Arc<str>>,
    /// Made up, see [`Service::synthetic`].
    pub synthetic: bool,
    /// The portType's local name.
    pub port_type: Arc<str>,
    /// Operations in document order.
    pub operations: Vec<Operation>,
    /// Where it stands.
    pub place: Place,
}

/// Style of a binding or operation (WSDL 1.1 section 3.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// The parts are the body's elements.
    Document,
    /// The parts stand in a wrapper named after the operation.
    Rpc,
}

/// An operation of a port.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Name in the WSDL.
    pub name: Arc<str>,
    /// Name in routes: the name, `Name.input` for an overload, `Port/Name` where two portTypes of a service clash.
    pub route: Arc<str>,
    /// Name of the input, for overloads (stated in the report).
    pub input_name: Option<Arc<str>>,
    /// SOAPAction or action of the binding; empty if none.
    pub action: Arc<str>,
    /// The wsa:Action of the request: as the portType says, else by the default pattern of WS-Addressing (Metadata section 4.4.4).
    pub addressing_action: Arc<str>,
    /// Effective style.
    pub style: Style,
    /// The request; none if it could not be built (then the verdict says why).
    pub input: Option<Message>,
    /// The reply; none for one-way operations or if it could not be built.
    pub output: Option<Message>,
    /// Name of the request's first body element as far as it is known, even where `input` could not be built: SOAP requests of a
    /// refused operation are told by it.
    pub request_element: Option<crate::xml::name::QName>,
    /// There is no output in the portType.
    pub one_way: bool,
    /// Declared faults.
    pub faults: Vec<FaultForm>,
    /// Served, degraded or refused, and why.
    pub verdict: Verdict,
    /// Text of its documentation.
    pub documentation: Option<Arc<str>>,
    /// Where the portType's operation stands.
    pub place: Place,
}

/// The body and headers of one direction.
#[derive(Clone, Debug)]
pub struct Message {
    /// What stands in the Body.
    pub body: Body,
    /// Declared headers, in the order of the binding.
    pub headers: Vec<Header>,
    /// Expanded name of the first body element that routing goes by; none for an empty body.
    pub element: Option<crate::xml::name::QName>,
    /// Parts that travel beside the envelope (WSDL 1.1 section 5), in the order of the binding.
    pub attachments: Vec<Attachment>,
}

/// A part that travels as a MIME part beside the envelope: base64 in JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attachment {
    /// Key in the root object: the part's name, `name$part` where an element of the body has it.
    pub key: Arc<str>,
    /// Name of the part: the beginning of its Content-ID (WS-I Attachments Profile 1.0, R2933).
    pub part: Arc<str>,
    /// The media type that is written: that of the binding, where it names one.
    pub media: Arc<str>,
}

/// What stands in soap:Body.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing.
    Empty,
    /// One element: document/literal, or the synthetic wrapper of rpc/literal. Its content is the JSON root.
    Element(ElementId),
    /// rpc: like `Element`, its declaration is synthetic; replies may carry any wrapper name.
    Wrapper {
        /// The synthetic declaration, whose type is a sequence of the parts.
        element: ElementId,
        /// False where `soap:body` has no namespace: that of the WSDL is written, that or none accepted.
        namespace_declared: bool,
    },
    /// Several parts in document style: the body's children by a synthetic type (a sequence of the elements).
    Elements(ComplexTypeId),
    /// Document style with a `type=` part: the content of Body itself by this type.
    Content(crate::schema::form::TypeId),
}

/// A declared header block.
#[derive(Clone, Debug)]
pub struct Header {
    /// Key in `$headers`: local name, `prefix:local` where two are equal.
    pub key: Arc<str>,
    /// Its declaration.
    pub element: ElementId,
}

/// A declared fault: what its detail holds.
#[derive(Clone, Debug)]
pub struct FaultForm {
    /// Name of the fault in the portType.
    pub name: Arc<str>,
    /// The declaration of the detail's element (a synthetic one in no namespace for a `type=` part).
    pub element: ElementId,
    /// Name of the part, if it was declared by type.
    pub part: Option<Arc<str>>,
}

impl FaultForm {
    /// Its key in the `fault` of a problem: the local name of its element, or the name of its part.
    #[must_use]
    pub fn key(&self, contract: &Contract) -> String {
        match &self.part {
            Some(part) => part.to_string(),
            None => contract.schema.symbols.name(contract.schema.element(self.element).name).local.as_str().to_owned(),
        }
    }

    /// Whether it has this name in the WSDL, or its element has.
    #[must_use]
    pub fn is_called(&self, name: &str, contract: &Contract) -> bool {
        *self.name == *name || self.key(contract) == name
    }
}

/// How well an operation is served.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    /// Every rule holds.
    Served,
    /// The REST face works, with the named loss.
    Degraded,
    /// No REST route.
    Refused,
}

/// The verdict on an operation with its reasons.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// How well it is served.
    pub status: Status,
    /// Why not `served`.
    pub reasons: Vec<Diagnostic>,
}

impl Verdict {
    /// Every rule holds, so far.
    #[must_use]
    pub fn served() -> Self {
        Self { status: Status::Served, reasons: Vec::new() }
    }

    /// The verdict is at best this, for this reason; a reason counts once.
    pub fn lower(&mut self, status: Status, reason: Diagnostic) {
        self.status = self.status.max(status);
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}
