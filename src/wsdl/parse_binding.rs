//! `wsdl:binding` as written: the SOAP bindings (WSDL 1.1 section 3 and its SOAP 1.2 twin), and the MIME binding (section 5)
//! as far as it says which parts travel beside the envelope.
//!
//! Extension elements of either SOAP namespace count, whatever the binding's own: generators mix them.

use std::collections::VecDeque;

use roxmltree::Node;

use crate::diagnostic::Diagnostic;
use crate::wsdl::names;
use crate::wsdl::parse::Parser;
use crate::wsdl::parse::attribute;
use crate::wsdl::parse::wsdl_children;
use crate::wsdl::syntax::Attachment;
use crate::wsdl::syntax::Binding;
use crate::wsdl::syntax::BindingKind;
use crate::wsdl::syntax::BoundMessage;
use crate::wsdl::syntax::BoundOperation;
use crate::wsdl::syntax::Encoding;
use crate::wsdl::syntax::SoapBody;
use crate::wsdl::syntax::SoapHeader;
use crate::xml::tree::Plain;

/// Reads a wsdl:binding.
pub(crate) fn binding(parser: &mut Parser<'_>, node: Node<'_, '_>) -> Binding {
    let kind = kind(parser, node);
    let mut operations = Vec::new();
    for child in wsdl_children(node).filter(|child| child.tag_name().name() == "operation") {
        operations.push(operation(parser, child));
    }
    Binding {
        name: parser.component_name(node, "binding"),
        port_type: parser.reference(node, "type"),
        kind,
        operations,
        place: parser.place(node),
    }
}

/// The kind of a binding, by the first extension element that is a `binding`.
fn kind(parser: &mut Parser<'_>, node: Node<'_, '_>) -> BindingKind {
    let extensions = || node.children().filter(|child| child.is_element() && child.tag_name().namespace() != Some(names::WSDL));
    if let Some((soap, version)) =
        extensions().filter(|child| child.tag_name().name() == "binding").find_map(|child| Some((child, soap_version(child)?)))
    {
        return BindingKind::Soap { version, style: parser.style(soap), transport: attribute(soap, "transport").map(str::to_owned) };
    }
    let other = extensions().find(|child| child.tag_name().name() == "binding").or_else(|| extensions().next());
    BindingKind::Other(other.and_then(|child| child.tag_name().namespace()).unwrap_or_default().to_owned())
}

fn soap_version(node: Node<'_, '_>) -> Option<crate::wsdl::contract::SoapVersion> {
    names::soap_version(node.tag_name().namespace())
}

fn operation(parser: &mut Parser<'_>, node: Node<'_, '_>) -> BoundOperation {
    let soap = node.children().find(|child| child.tag_name().name() == "operation" && soap_version(*child).is_some());
    let mut bound = BoundOperation {
        name: attribute(node, "name").unwrap_or_default().to_owned(),
        action: soap.and_then(|soap| attribute(soap, "soapAction").or_else(|| attribute(soap, "soapActionURI"))).map(str::to_owned),
        style: soap.and_then(|soap| parser.style(soap)),
        input: None,
        output: None,
        place: parser.place(node),
    };
    for child in wsdl_children(node) {
        match child.tag_name().name() {
            "input" if bound.input.is_none() => bound.input = Some(message(parser, child)),
            "output" if bound.output.is_none() => bound.output = Some(message(parser, child)),
            _ => {}
        }
    }
    bound
}

/// soap:body and soap:header stand in the input or output itself or in a mime:part of it.
fn message(parser: &mut Parser<'_>, node: Node<'_, '_>) -> BoundMessage {
    let mut bound =
        BoundMessage { name: attribute(node, "name").filter(|name| !name.is_empty()).map(str::to_owned), ..BoundMessage::default() };
    let mut open: VecDeque<Node<'_, '_>> = VecDeque::from([node]);
    while let Some(next) = open.pop_front() {
        for child in next.children().filter(Node::is_element) {
            let name = child.tag_name().name();
            if soap_version(child).is_some() {
                match name {
                    "body" if bound.body.is_none() => bound.body = Some(body(parser, child)),
                    "header" => bound.headers.push(header(parser, child)),
                    _ => {}
                }
            } else if child.tag_name().namespace() == Some(names::MIME) {
                match name {
                    "content" | "mimeXml" => attach(parser, &mut bound, child),
                    _ => open.push_back(child),
                }
            }
        }
    }
    bound
}

fn body(parser: &mut Parser<'_>, node: Node<'_, '_>) -> SoapBody {
    SoapBody {
        parts: attribute(node, "parts").map(|parts| parts.split_whitespace().map(str::to_owned).collect()),
        encoding: encoding(parser, node),
        namespace: attribute(node, "namespace").filter(|ns| !ns.is_empty()).map(str::to_owned),
        place: parser.place(node),
    }
}

fn header(parser: &mut Parser<'_>, node: Node<'_, '_>) -> SoapHeader {
    SoapHeader {
        message: parser.reference(node, "message"),
        part: attribute(node, "part").map(str::to_owned),
        encoding: encoding(parser, node),
        namespace: attribute(node, "namespace").filter(|ns| !ns.is_empty()).map(str::to_owned),
        place: parser.place(node),
    }
}

/// `use`: a missing or misspelt one is literal, with a warning.
fn encoding(parser: &mut Parser<'_>, node: Node<'_, '_>) -> Encoding {
    let Some(written) = node.plain_node("use") else {
        let text = format!("soap:{} has no use; it is taken as literal", node.tag_name().name());
        parser.diagnostics.push(Diagnostic::warning("missing-use", parser.place(node), text));
        return Encoding::Literal;
    };
    let value = written.value().trim();
    if value.eq_ignore_ascii_case("encoded") {
        return Encoding::Encoded;
    }
    if value != "literal" {
        let text = format!("use is {value:?}, expected \"literal\" or \"encoded\"; it is taken as literal");
        parser.diagnostics.push(Diagnostic::warning("unknown-use", parser.attribute_place(&written), text));
    }
    Encoding::Literal
}

/// Several mime:content of one part are alternatives.
fn attach(parser: &Parser<'_>, bound: &mut BoundMessage, node: Node<'_, '_>) {
    let part = attribute(node, "part").map(str::to_owned);
    if !bound.attachments.iter().any(|known| known.part == part) {
        let media = match node.tag_name().name() {
            "mimeXml" => Some("text/xml".to_owned()),
            _ => attribute(node, "type").map(str::to_owned),
        };
        bound.attachments.push(Attachment { part, media, place: parser.place(node) });
    }
}
