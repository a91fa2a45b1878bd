//! What a text is that should have been a WSDL 1.1 document and is not, in words, with the place.
//!
//! People paste the wrong URL, are not logged in, or mistake WSDL 2.0 for 1.1: the answer names what was found.

use roxmltree::Node;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::wsdl::names;
use crate::xml::name::XSD_NS;

/// The text is no WSDL 1.1, for its root is this element.
pub(crate) fn foreign_root(root: Node<'_, '_>, source: SourceId) -> Diagnostic {
    let local = root.tag_name().name();
    let ns = root.tag_name().namespace().unwrap_or_default();
    let found = match ns {
        "" => format!("the root element is {local}, in no namespace"),
        ns => format!("the root element is {local} in {ns}"),
    };
    let place = Place { source, offset: u32::try_from(root.range().start).unwrap_or(u32::MAX) };
    let (code, what, help) = kind(local, ns);
    Diagnostic::error(code, place, format!("{what}: {found}")).with_help(help)
}

/// Code, words and advice for a root element.
fn kind(local: &str, ns: &str) -> (&'static str, &'static str, &'static str) {
    match (local, ns) {
        ("description", ns) if ns == names::WSDL_2_0 || is_wsdl_2_draft(ns) => (
            "wsdl-2.0",
            "this is WSDL 2.0, expected WSDL 1.1",
            "services that offer WSDL 2.0 mostly offer WSDL 1.1 too, at ?wsdl; give that one",
        ),
        ("schema", ns) if ns == XSD_NS || ns.ends_with("XMLSchema") => {
            ("not-wsdl-xsd", "this is an XML schema (XSD), expected WSDL 1.1", "give the WSDL that imports it")
        }
        (html, _) if html.eq_ignore_ascii_case("html") => HTML,
        ("Envelope", _) => ("not-wsdl-soap", "this is a SOAP message, expected WSDL 1.1", "fetch the WSDL with GET, mostly at ?wsdl"),
        ("application", ns) if ns.contains("wadl") => {
            ("not-wsdl-wadl", "this is WADL, which describes a REST service, expected WSDL 1.1", "castile serves SOAP services")
        }
        ("definitions", _) => (
            "not-wsdl-namespace",
            "this is not WSDL 1.1, though its root is called definitions",
            "WSDL 1.1 has the namespace http://schemas.xmlsoap.org/wsdl/ there",
        ),
        _ => (
            "not-wsdl",
            "this is XML but no WSDL, expected WSDL 1.1",
            "the root of WSDL 1.1 is definitions in http://schemas.xmlsoap.org/wsdl/",
        ),
    }
}

const HTML: (&str, &str, &str) = (
    "not-wsdl-html",
    "this is an HTML page, such as a log-in or error page, expected WSDL 1.1",
    "fetch it with the credentials that it needs, or look for the link that ends in ?wsdl",
);

/// The working drafts of WSDL 2.0 have namespaces such as http://www.w3.org/2006/01/wsdl.
fn is_wsdl_2_draft(ns: &str) -> bool {
    ns.starts_with("http://www.w3.org/") && ns.trim_end_matches('/').ends_with("/wsdl")
}

/// The text cannot be parsed as XML.
pub(crate) fn broken(text: &str, error: &roxmltree::Error, source: SourceId) -> Diagnostic {
    let at = |offset: usize| Place { source, offset: u32::try_from(offset).unwrap_or(u32::MAX) };
    let start = text.len() - text.trim_start().len();
    let head: String = text[start..].chars().take(512).collect::<String>().to_ascii_lowercase();
    if head.is_empty() {
        return Diagnostic::error("empty", at(0), "this file is empty, expected WSDL 1.1");
    }
    if head.starts_with('{') || head.starts_with('[') {
        return Diagnostic::error("not-wsdl-json", at(start), "this is JSON, expected WSDL 1.1")
            .with_help("castile reads the WSDL of the SOAP service and makes OpenAPI from it");
    }
    if head.starts_with("<!doctype html") || head.contains("<html") {
        let (code, what, help) = HTML;
        return Diagnostic::error(code, at(start), what).with_help(help);
    }
    if !head.starts_with('<') {
        let begins: String = text[start..].chars().take(24).take_while(|c| !c.is_control()).collect();
        let text = format!("this is no XML, expected WSDL 1.1: it begins with {begins:?}, not with \"<\"");
        return Diagnostic::error("not-xml", at(start), text);
    }
    let root = match root_tag(text) {
        Some((name, offset)) => {
            let position = crate::diagnostic::Position::of(text.as_bytes(), offset);
            format!(" (the root element is {name} at {position})")
        }
        None => String::from(" (there is no root element)"),
    };
    Diagnostic::error("broken-xml", at(offset_of(text, error)), format!("this is not well-formed XML: {}{root}", words(error)))
}

/// What the parser says, without its own place.
pub(crate) fn words(error: &roxmltree::Error) -> String {
    if let roxmltree::Error::UnknownNamespace(prefix, _) = error {
        return format!("the prefix {prefix:?} is not declared where it is used");
    }
    let text = error.to_string();
    let position = error.pos();
    let text = text.replace(&format!(" at {position}"), "");
    let text = text.replace('\'', "\"");
    text.trim_end_matches('.').to_owned()
}

/// The byte offset of the parser's line and column.
pub(crate) fn offset_of(text: &str, error: &roxmltree::Error) -> usize {
    let position = error.pos();
    let mut start = 0;
    for _ in 1..position.row {
        match text[start..].find('\n') {
            Some(at) => start += at + 1,
            None => break,
        }
    }
    let line = text[start..].split('\n').next().unwrap_or_default();
    let column = usize::try_from(position.col.saturating_sub(1)).unwrap_or(0);
    start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}

/// Name and offset of the first start tag, found without a parser: comments, instructions and declarations passed over.
fn root_tag(text: &str) -> Option<(&str, usize)> {
    let mut at = 0;
    while let Some(next) = text[at..].find('<') {
        let start = at + next;
        let rest = &text[start..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->")?
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            rest.find('>')?
        } else {
            let name = rest[1..].split(|c: char| c.is_whitespace() || c == '>' || c == '/' || c == '<').next()?;
            return (!name.is_empty()).then_some((name, start));
        };
        at = start + end + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use roxmltree::Document;

    fn broken_text(text: &str) -> String {
        broken(text, &Document::parse(text).unwrap_err(), SourceId(0)).message
    }

    fn foreign(text: &str) -> Diagnostic {
        let document = Document::parse(text).unwrap();
        foreign_root(document.root_element(), SourceId(0))
    }

    #[test]
    fn wsdl_2_0_and_its_drafts_are_told_apart() {
        assert_eq!(foreign("<d:description xmlns:d='http://www.w3.org/ns/wsdl'/>").code, "wsdl-2.0");
        assert_eq!(foreign("<description xmlns='http://www.w3.org/2006/01/wsdl'/>").code, "wsdl-2.0");
    }

    #[test]
    fn a_schema_a_page_a_message_and_json_are_named() {
        assert!(foreign("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>").message.contains("XSD"));
        assert!(foreign("<html><body/></html>").message.contains("HTML"));
        assert!(foreign("<s:Envelope xmlns:s='urn:x'/>").message.contains("SOAP message"));
        assert!(broken_text("<!DOCTYPE html><html><br></html>").contains("HTML"));
        assert!(broken_text("  {\"openapi\": \"3.1.0\"}").contains("JSON"));
        assert!(broken_text(" \n ").contains("empty"));
        assert!(broken_text("wsdl:definitions xmlns=\"\"").contains("it begins with \"wsdl:definitions xmlns="));
    }

    #[test]
    fn definitions_in_no_namespace_are_explained() {
        let found = foreign("<definitions/>");
        assert_eq!(
            found.message,
            "this is not WSDL 1.1, though its root is called definitions: the root element is definitions, in no namespace"
        );
    }

    #[test]
    fn broken_xml_names_cause_place_and_root() {
        let text = "<?xml version='1.0'?>\n<!-- a > b -->\n<w:definitions xmlns:w='urn:w'>\n  <x:types/>\n</w:definitions>";
        let error = Document::parse(text).unwrap_err();
        let found = broken(text, &error, SourceId(0));
        assert_eq!(
            found.message,
            "this is not well-formed XML: the prefix \"x\" is not declared where it is used (the root element is w:definitions at 3:1)"
        );
        assert_eq!(
            found.at.map(|place| place.offset),
            text.find("<x:types").map(|at| u32::try_from(at).unwrap()).map(|at| at + 1).or(Some(0))
        );
    }
}
