//! What counts as XML Schema in a contract: its namespace, those of its drafts, and slips with one meaning only.
//!
//! Old toolkits write the namespaces of 1999 and 2000; others forget the prefix of schema elements, which then stand in
//! the default namespace, WSDL's or none. Inside a schema nothing else can be meant.

use roxmltree::Node;

use crate::schema::simple::Builtin;
use crate::xml::name::XSD_NS;

const WSDL_NS: &str = "http://schemas.xmlsoap.org/wsdl/";

/// The namespaces of XML Schema before it was a recommendation.
const DRAFTS: [&str; 3] =
    ["http://www.w3.org/1999/XMLSchema", "http://www.w3.org/2000/08/XMLSchema", "http://www.w3.org/2000/10/XMLSchema"];

/// Types of the drafts that have another name now.
const RENAMED: [(&str, &str); 5] = [
    ("timeInstant", "dateTime"),
    ("timeDuration", "duration"),
    ("uriReference", "anyURI"),
    ("CDATA", "normalizedString"),
    ("ur-type", "anyType"),
];

/// The local name of an element of XML Schema, or of one that can only be meant so inside a schema.
pub(crate) fn xsd_name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let name = node.tag_name();
    match name.namespace() {
        Some(XSD_NS | "") | None => Some(name.name()),
        Some(ns) => (ns == WSDL_NS || is_draft(ns)).then(|| name.name()),
    }
}

/// Whether an element is that of XML Schema with this local name.
pub(crate) fn is_xsd(node: Node<'_, '_>, local: &str) -> bool {
    node.is_element() && xsd_name(node) == Some(local)
}

/// Whether an element is xs:schema; one without its namespace is if it holds something that has it.
pub(crate) fn is_schema(node: Node<'_, '_>) -> bool {
    let is_proper = |node: Node<'_, '_>| node.tag_name().namespace().is_some_and(|ns| ns == XSD_NS || is_draft(ns));
    is_xsd(node, "schema") && (is_proper(node) || node.children().any(is_proper))
}

/// The namespaces beside XML Schema's own whose elements are read as its own in this schema, each with its first element.
pub(crate) fn foreign<'a, 'i>(schema: Node<'a, 'i>) -> Vec<(&'a str, Node<'a, 'i>)> {
    let mut found: Vec<(&str, Node<'_, '_>)> = Vec::new();
    for node in schema.descendants().filter(Node::is_element) {
        let ns = node.tag_name().namespace().unwrap_or_default();
        if ns == XSD_NS || xsd_name(node).is_none() || found.iter().any(|(known, _)| *known == ns) {
            continue;
        }
        if !node.ancestors().skip(1).any(|above| is_xsd(above, "annotation")) {
            found.push((ns, node));
        }
    }
    found
}

/// The type or attribute of XML Schema that a name in another namespace stands for: one of a draft, or one without prefix where
/// the default namespace is WSDL's.
pub(crate) fn meant<'l>(prefix: Option<&str>, ns: &str, local: &'l str) -> Option<&'l str> {
    if is_draft(ns) {
        return Some(RENAMED.iter().find(|(old, _)| *old == local).map_or(local, |(_, new)| new));
    }
    (prefix.is_none() && ns == WSDL_NS && is_built_in(local)).then_some(local)
}

/// Whether XML Schema has a built-in type of this name.
pub(crate) fn is_built_in(local: &str) -> bool {
    local == "anyType" || Builtin::from_name(local).is_some()
}

/// Whether this is the namespace of WSDL 1.1.
pub(crate) fn is_wsdl(ns: &str) -> bool {
    ns == WSDL_NS
}

fn is_draft(ns: &str) -> bool {
    DRAFTS.contains(&ns)
}
