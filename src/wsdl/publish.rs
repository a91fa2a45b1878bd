//! Publishing the documents of a contract with the gateway's own addresses.
//!
//! Only what must change is changed, at its bytes: addresses of ports, locations of imports, the declared encoding; and
//! bindings that no port uses get the service that they are served as, or no client could call them. Everything else of a
//! document stays as its author wrote it.

use std::ops::Range;

use roxmltree::Node;

use crate::diagnostic::SourceId;
use crate::wsdl::catalogue;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::names;
use crate::wsdl::read::find;
use crate::wsdl::read::tree;
use crate::xml::name::XSD_NS;
use crate::xml::tree::Plain;

/// The document with this number (its number in the contract's sources; 0 is the WSDL), as `?wsdl`, `?wsdl=N` and
/// `?xsd=N` give it: every address of a port is the URL of its service at the gateway, every import that was resolved leads
/// to `base_url?wsdl=N` or `base_url?xsd=N`; the rest is as it was. `base_url` is the URL of one of the services; the others
/// stand beside it.
#[must_use]
pub fn document(contract: &Contract, number: u32, base_url: &str) -> Option<Vec<u8>> {
    document_among(contract, number, base_url, &[])
}

/// The same where services of the contract have URLs of their own, by their names.
#[must_use]
pub fn document_among(contract: &Contract, number: u32, base_url: &str, urls: &[(&str, String)]) -> Option<Vec<u8>> {
    let source = contract.sources.get(SourceId(number))?;
    let text = &*source.text;
    let document = tree(text).ok()?;
    let publisher = Publisher { contract, name: &source.name, base_url, urls };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for node in document.descendants().filter(Node::is_element) {
        publisher.edit(node, &mut edits);
    }
    if number == 0 {
        edits.extend(publisher.made_services(text, document.root_element()));
    }
    edits.extend(declared_encoding(text).map(|range| (range, String::from("UTF-8"))));
    edits.sort_by_key(|(range, _)| range.start);
    Some(apply(text, &edits).trim_start().as_bytes().to_vec())
}

/// Whether the document with this number is a WSDL (`?wsdl=N`) rather than a schema (`?xsd=N`).
#[must_use]
pub fn is_wsdl(contract: &Contract, number: u32) -> bool {
    contract.wsdl_documents.contains(&SourceId(number))
}

struct Publisher<'c> {
    contract: &'c Contract,
    /// Name of the document.
    name: &'c str,
    base_url: &'c str,
    urls: &'c [(&'c str, String)],
}

impl Publisher<'_> {
    fn edit(&self, node: Node<'_, '_>, edits: &mut Vec<(Range<usize>, String)>) {
        let name = node.tag_name().name();
        match node.tag_name().namespace() {
            Some(XSD_NS) if matches!(name, "import" | "include" | "redefine") => self.link(node, "schemaLocation", edits),
            Some(names::WSDL) if name == "import" => self.link(node, "location", edits),
            Some(names::WSDL) if name == "port" => self.port(node, edits),
            _ => {}
        }
    }

    /// A reference to a document that was found leads to it through the gateway.
    fn link(&self, node: Node<'_, '_>, attribute: &str, edits: &mut Vec<(Range<usize>, String)>) {
        let Some(location) = node.plain_node(attribute) else { return edits.extend(self.missing_link(node, attribute)) };
        let key = (self.name.to_owned(), location.value().trim().to_owned());
        let Some(number) = self.contract.links.get(&key).and_then(|target| find(&self.contract.sources, target)) else { return };
        edits.push((location.range_value(), self.document_url(number)));
    }

    /// An import without location whose namespace the catalogue answered: clients that do not know it would look for it in
    /// the network. They all know SOAP encoding, and some read its schema only where they expect it.
    fn missing_link(&self, import: Node<'_, '_>, attribute: &str) -> Option<(Range<usize>, String)> {
        let namespace = import.plain_node("namespace").filter(|namespace| !names::is_soap_encoding(namespace.value()))?;
        let entry = catalogue::by_namespace(namespace.value())?;
        let number = find(&self.contract.sources, &format!("{}{}", catalogue::BUILT_IN, entry.location))?;
        let end = namespace.range().end;
        Some((end..end, format!(" {attribute}=\"{}\"", self.document_url(number))))
    }

    fn document_url(&self, number: SourceId) -> String {
        let kind = match (number.0, is_wsdl(self.contract, number.0)) {
            (0, _) => String::from("wsdl"),
            (number, true) => format!("wsdl={number}"),
            (number, false) => format!("xsd={number}"),
        };
        escaped(&format!("{}?{kind}", self.base_url))
    }

    /// The services that stand in no document, made for bindings without a port, at the end of the WSDL.
    fn made_services(&self, text: &str, root: Node<'_, '_>) -> Option<(Range<usize>, String)> {
        let end = root.range().start + text.get(root.range())?.rfind("</")?;
        let served = |name: &str| self.urls.is_empty() || self.urls.iter().any(|(known, _)| *known == name);
        let made = self.contract.services.iter().filter(|service| service.synthetic && served(&service.name));
        let texts = made.filter_map(|service| self.made_service(&service.name, service.ports.first()?));
        Some((end..end, texts.collect()))
    }

    /// None for one that was made for a portType, which has no binding.
    fn made_service(&self, name: &str, port: &Port) -> Option<String> {
        let source = self.contract.sources.get(port.place.source)?;
        let document = tree(&source.text).ok()?;
        let binding = document.root_element().children().find(|node| node.range().start == port.place.offset as usize)?;
        if !binding.has_tag_name((names::WSDL, "binding")) {
            return None;
        }
        let namespace = escaped(document.root_element().plain("targetNamespace").unwrap_or_default());
        let soap = match port.soap? {
            SoapVersion::V1_1 => names::SOAP,
            SoapVersion::V1_2 => names::SOAP12,
        };
        Some(format!(
            "<service xmlns=\"{}\" name=\"{name}\"><port name=\"{name}\" binding=\"b:{}\" xmlns:b=\"{namespace}\">\
             <address xmlns=\"{soap}\" location=\"{}\"/></port></service>\n",
            names::WSDL,
            binding.plain("name")?,
            escaped(&self.service_url(name)),
        ))
    }

    /// The address of a port, of whatever binding, and the endpoint reference that some writers put beside it.
    fn port(&self, port: Node<'_, '_>, edits: &mut Vec<(Range<usize>, String)>) {
        let service = port.parent().and_then(|service| service.plain("name")).unwrap_or_default();
        let url = escaped(&self.service_url(service));
        for node in port.descendants().filter(|node| node.is_element() && node.tag_name().namespace() != Some(names::WSDL)) {
            match (node.tag_name().name(), node.plain_node("location")) {
                ("address", Some(location)) => edits.push((location.range_value(), url.clone())),
                ("Address", None) => edits.extend(node.children().filter(Node::is_text).take(1).map(|text| (text.range(), url.clone()))),
                _ => {}
            }
        }
    }

    /// The URL of a service: its own, that of the request, or beside it.
    fn service_url(&self, service: &str) -> String {
        if let Some((_, url)) = self.urls.iter().find(|(name, _)| *name == service) {
            return url.clone();
        }
        let known = self.contract.services.iter().any(|known| &*known.name == service);
        match self.base_url.rsplit_once('/') {
            Some((folder, last)) if known && last != service && !folder.ends_with('/') => format!("{folder}/{service}"),
            Some(_) | None => self.base_url.to_owned(),
        }
    }
}

/// The text with disjoint edits made, in order.
fn apply(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (range, new) in edits {
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        out.push_str(new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Where the XML declaration names an encoding that is not the one published.
fn declared_encoding(text: &str) -> Option<Range<usize>> {
    if !text.starts_with("<?xml") {
        return None;
    }
    let declaration = &text[..text.find("?>")?];
    let after = declaration.find("encoding")? + "encoding".len();
    let open = after + declaration[after..].find(['"', '\''])?;
    let quote = declaration[open..].chars().next()?;
    let start = open + 1;
    let end = start + declaration[start..].find(quote)?;
    (!text[start..end].eq_ignore_ascii_case("utf-8")).then_some(start..end)
}

/// Fit for an attribute value in either kind of quotes, and for text; a URI as RFC 3986 has it, for many clients take no
/// other letters.
fn escaped(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            ascii if ascii.is_ascii() => out.push(ascii),
            other => {
                let mut bytes = [0; 4];
                for byte in other.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_that_is_no_longer_true_is_replaced() {
        let text = "<?xml version='1.0' encoding='ISO-8859-1'?><a/>";
        assert_eq!(declared_encoding(text).map(|range| &text[range]), Some("ISO-8859-1"));
        assert_eq!(declared_encoding("<?xml version='1.0' encoding='utf-8'?><a/>"), None);
        assert_eq!(declared_encoding("<a encoding='x'/>"), None);
    }

    #[test]
    fn addresses_are_uris_in_xml() {
        assert_eq!(escaped("http://a/Ávila?x='1'&y"), "http://a/%C3%81vila?x=&apos;1&apos;&amp;y");
    }

    #[test]
    fn edits_leave_the_rest_as_it_was() {
        assert_eq!(apply("abcdef", &[(1..2, String::from("X")), (4..4, String::from("Y"))]), "aXcdYef");
    }
}
