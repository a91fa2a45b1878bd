//! Text of a WSDL document to [`Definitions`].
//!
//! wsdl:documentation is skipped whole wherever it stands, even if it quotes WSDL; unknown extension elements are passed
//! over. Slips are collected as diagnostics; nothing is looked up here.

use std::sync::Arc;

use roxmltree::Attribute;
use roxmltree::Node;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::schema::load::is_built_in;
use crate::schema::load::meant;
use crate::wsdl::contract::Style;
use crate::wsdl::names;
use crate::wsdl::parse_binding::binding;
use crate::wsdl::syntax::Definitions;
use crate::wsdl::syntax::Import;
use crate::wsdl::syntax::Message;
use crate::wsdl::syntax::Operation;
use crate::wsdl::syntax::Param;
use crate::wsdl::syntax::Part;
use crate::wsdl::syntax::PartContent;
use crate::wsdl::syntax::Port;
use crate::wsdl::syntax::PortType;
use crate::wsdl::syntax::Reference;
use crate::wsdl::syntax::Service;
use crate::xml::name::QName;
use crate::xml::name::XSD_NS;
use crate::xml::tree::Plain;

/// Reads a document whose root is wsdl:definitions.
pub(crate) fn definitions(root: Node<'_, '_>, source: SourceId, diagnostics: &mut Vec<Diagnostic>) -> Definitions {
    let mut parser = Parser { source, target_namespace: attribute(root, "targetNamespace").unwrap_or_default().into(), diagnostics };
    let mut found = Definitions {
        source,
        target_namespace: Arc::clone(&parser.target_namespace),
        imports: Vec::new(),
        messages: Vec::new(),
        port_types: Vec::new(),
        bindings: Vec::new(),
        services: Vec::new(),
    };
    for node in wsdl_children(root) {
        match node.tag_name().name() {
            "import" => found.imports.push(parser.import(node)),
            "message" => found.messages.push(parser.message(node)),
            "portType" => found.port_types.push(parser.port_type(node)),
            "binding" => found.bindings.push(binding(&mut parser, node)),
            "service" => found.services.push(parser.service(node, attribute(root, "name"))),
            _ => {}
        }
    }
    found
}

/// The `xs:schema` elements of a document's wsdl:types, in any version of XML Schema.
pub(crate) fn inline_schemas<'a, 'input>(root: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    wsdl_children(root)
        .filter(|node| node.tag_name().name() == "types")
        .flat_map(|types| types.children())
        .filter(|node| node.is_element() && node.tag_name().name() == "schema")
}

/// An attribute without namespace, white space at its ends left out.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.plain(name).map(str::trim)
}

/// The elements of WSDL's own namespace, wsdl:documentation left out.
pub(crate) fn wsdl_children<'a, 'input>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(|child| {
        child.is_element() && child.tag_name().namespace() == Some(names::WSDL) && child.tag_name().name() != "documentation"
    })
}

/// What the readers of single constructs share.
pub(crate) struct Parser<'d> {
    source: SourceId,
    pub(crate) target_namespace: Arc<str>,
    pub(crate) diagnostics: &'d mut Vec<Diagnostic>,
}

impl Parser<'_> {
    /// The place of an element.
    pub(crate) fn place(&self, node: Node<'_, '_>) -> Place {
        self.at(node.range().start)
    }

    fn at(&self, offset: usize) -> Place {
        Place { source: self.source, offset: u32::try_from(offset).unwrap_or(u32::MAX) }
    }

    /// The place of an attribute.
    pub(crate) fn attribute_place(&self, attribute: &Attribute<'_, '_>) -> Place {
        self.at(attribute.range().start)
    }

    /// The expanded name of a component: its `name` in the targetNamespace. A missing name is made up from the fallback.
    pub(crate) fn component_name(&mut self, node: Node<'_, '_>, fallback: &str) -> QName {
        let name = self.local_name(node, fallback);
        QName::new(&self.target_namespace, &name)
    }

    /// The `name` of a construct, else the fallback, with a warning.
    fn local_name(&mut self, node: Node<'_, '_>, fallback: &str) -> String {
        match attribute(node, "name").filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => {
                let kind = node.tag_name().name();
                let text = format!("this wsdl:{kind} has no name; it is called {fallback:?} here");
                self.diagnostics.push(Diagnostic::warning("missing-name", self.place(node), text));
                fallback.to_owned()
            }
        }
    }

    /// A QName in an attribute, by the prefixes in scope (Namespaces in XML 1.0 section 6; a name without prefix takes the
    /// default namespace).
    pub(crate) fn reference(&self, node: Node<'_, '_>, name: &str) -> Option<Reference> {
        let attribute = node.plain_node(name)?;
        let written = attribute.value().trim();
        let (prefix, local) = written.split_once(':').map_or((None, written), |(prefix, local)| (Some(prefix), local));
        let ns = match prefix {
            None => Some(node.lookup_namespace_uri(None).unwrap_or_default()),
            Some("xml") => Some(crate::xml::name::XML_NS),
            Some(_) => node.lookup_namespace_uri(prefix),
        };
        let second = match (prefix, ns) {
            (None, Some(ns)) if ns != &*self.target_namespace => Some(QName::new(&self.target_namespace, local)),
            (None | Some(_), _) => None,
        };
        Some(Reference {
            written: written.to_owned(),
            name: ns.map(|ns| QName::new(ns, local)),
            second,
            place: self.attribute_place(&attribute),
        })
    }

    fn import(&self, node: Node<'_, '_>) -> Import {
        let place = node.plain_node("location").map_or_else(|| self.place(node), |location| self.attribute_place(&location));
        Import {
            namespace: attribute(node, "namespace").map(str::to_owned),
            location: attribute(node, "location").filter(|location| !location.is_empty()).map(str::to_owned),
            place,
        }
    }

    fn message(&mut self, node: Node<'_, '_>) -> Message {
        let name = self.component_name(node, "message");
        let parts = wsdl_children(node).filter(|child| child.tag_name().name() == "part").map(|part| self.part(part)).collect();
        Message { name, parts, place: self.place(node) }
    }

    fn part(&mut self, node: Node<'_, '_>) -> Part {
        let element = self.reference(node, "element").filter(|found| !found.written.is_empty());
        let ty = self.reference(node, "type").filter(|found| !found.written.is_empty()).map(|ty| self.built_in(ty));
        if let (Some(_), Some(ty)) = (&element, &ty) {
            let text = "this part has both element and type; the element counts";
            self.diagnostics.push(Diagnostic::warning("part-with-both", ty.place, text));
        }
        let content = match (element, ty) {
            (Some(element), _) => PartContent::Element(element),
            (None, Some(ty)) => PartContent::Type(ty),
            (None, None) => PartContent::Nothing,
        };
        Part { name: self.local_name(node, "part"), content, place: self.place(node) }
    }

    /// The type of a part that can only mean one that is built in: that of a draft, or one whose prefix is forgotten or not declared.
    fn built_in(&mut self, ty: Reference) -> Reference {
        let (prefix, local) = ty.written.split_once(':').map_or((None, &*ty.written), |(prefix, local)| (Some(prefix), local));
        let meant = match &ty.name {
            Some(name) => meant(prefix, name.ns.as_str(), local),
            None => Some(local).filter(|local| matches!(prefix, Some("xs" | "xsd")) && is_built_in(local)),
        };
        let Some(meant) = meant else { return ty };
        let text = format!("{:?} is taken for the built-in type {meant} of XML Schema, which it does not name", ty.written);
        self.diagnostics.push(Diagnostic::warning("built-in-type", ty.place, text));
        Reference { name: Some(QName::new(XSD_NS, meant)), second: None, ..ty }
    }

    fn port_type(&mut self, node: Node<'_, '_>) -> PortType {
        let name = self.component_name(node, "portType");
        let operations =
            wsdl_children(node).filter(|child| child.tag_name().name() == "operation").map(|child| self.operation(child)).collect();
        PortType { name, operations, documentation: documentation(node), place: self.place(node) }
    }

    fn operation(&mut self, node: Node<'_, '_>) -> Operation {
        let mut operation = Operation {
            name: self.local_name(node, "operation"),
            input: None,
            output: None,
            output_first: false,
            faults: Vec::new(),
            documentation: documentation(node),
            place: self.place(node),
        };
        for child in wsdl_children(node) {
            let param = self.param(child);
            match child.tag_name().name() {
                "input" if operation.input.is_none() => operation.input = Some(param),
                "output" if operation.output.is_none() => {
                    operation.output_first = operation.input.is_none();
                    operation.output = Some(param);
                }
                "fault" => operation.faults.push(param),
                _ => {}
            }
        }
        operation
    }

    fn param(&self, node: Node<'_, '_>) -> Param {
        Param {
            name: attribute(node, "name").filter(|name| !name.is_empty()).map(str::to_owned),
            message: self.reference(node, "message").filter(|found| !found.written.is_empty()),
            action: node
                .attributes()
                .find(|attribute| attribute.name() == "Action" && attribute.namespace().is_some_and(|ns| names::ADDRESSING.contains(&ns)))
                .map(|attribute| attribute.value().trim().to_owned()),
            place: self.place(node),
        }
    }

    fn service(&mut self, node: Node<'_, '_>, definitions: Option<&str>) -> Service {
        let name = self.component_name(node, definitions.filter(|name| !name.is_empty()).unwrap_or("Service"));
        let mut ports = Vec::new();
        for child in wsdl_children(node).filter(|child| child.tag_name().name() == "port") {
            let fallback = format!("Port{}", ports.len() + 1);
            ports.push(Port {
                name: self.local_name(child, &fallback),
                binding: self.reference(child, "binding"),
                address: address(child),
                place: self.place(child),
            });
        }
        Service { name, ports, documentation: documentation(node), place: self.place(node) }
    }

    /// `document` or `rpc`; letter case is forgiven, anything else is document with a warning.
    pub(crate) fn style(&mut self, node: Node<'_, '_>) -> Option<Style> {
        let written = node.plain_node("style")?;
        let value = written.value().trim();
        if value.eq_ignore_ascii_case("rpc") {
            return Some(Style::Rpc);
        }
        if value != "document" {
            let text = format!("style is {value:?}, expected \"document\" or \"rpc\"; it is taken as document");
            self.diagnostics.push(Diagnostic::warning("unknown-style", self.attribute_place(&written), text));
        }
        Some(Style::Document)
    }
}

/// The text of an element's wsdl:documentation, white space collapsed.
pub(crate) fn documentation(node: Node<'_, '_>) -> Option<Arc<str>> {
    let mut text = String::new();
    let all = node.children().filter(|child| child.has_tag_name((names::WSDL, "documentation")));
    for piece in all.flat_map(|child| child.descendants()).filter(Node::is_text).filter_map(|piece| piece.text()) {
        for word in piece.split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
    (!text.is_empty()).then(|| text.into())
}

/// The `location` of a port's address, whatever binding it is of.
fn address(port: Node<'_, '_>) -> Option<String> {
    let mut addresses = port.children().filter(|child| child.is_element() && child.tag_name().name() == "address");
    addresses.find_map(|address| attribute(address, "location")).map(str::to_owned)
}
