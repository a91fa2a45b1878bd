//! What several tests need: comparing JSON token by token, XML by infoset; running the binary.

#![allow(dead_code)]

pub(crate) mod process;

use std::path::Path;
use std::path::PathBuf;

use castile::gateway::documents::Documents;
use castile::wsdl::contract::Contract;

/// A contract from a file.
pub(crate) fn load(wsdl: &Path) -> Result<Contract, String> {
    let location = wsdl.to_str().unwrap();
    let mut documents = Documents::new(location);
    let root = documents.root(location).map_err(|error| error.message)?;
    castile::wsdl::load::load(&root.location, &root.text, &mut documents).map_err(|error| error.to_string())
}

/// The WSDLs of the corpus that are there to be served; none, and a word about it, without a corpus.
pub(crate) fn corpus_wsdls() -> Option<Vec<PathBuf>> {
    let Some(corpus) = std::env::var_os("CASTILE_CORPUS").map(PathBuf::from) else {
        println!("left out: CASTILE_CORPUS is not set");
        return None;
    };
    let index = std::fs::read_to_string(corpus.join("INDEX.tsv")).expect("CASTILE_CORPUS has an INDEX.tsv");
    let rows = index.lines().filter_map(|row| row.strip_prefix("wsdl\t"));
    Some(rows.map(|row| corpus.join(row.split('\t').next().unwrap())).collect())
}

/// JSON without the white space between its tokens; digits and strings as they stand.
pub(crate) fn squeeze(json: &str) -> String {
    let mut out = String::new();
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        if in_string || !c.is_ascii_whitespace() {
            out.push(c);
        }
        match c {
            '"' if !escaped => in_string = !in_string,
            _ => {}
        }
        escaped = in_string && c == '\\' && !escaped;
    }
    out
}

/// The message as lines of expanded names, attributes and text. Prefixes do not matter, nor white space alone beside
/// elements; xsi:type is resolved.
pub(crate) fn infoset(xml: &str) -> Result<String, String> {
    let document = roxmltree::Document::parse(xml).map_err(|error| format!("{error} in {xml}"))?;
    let mut out = String::new();
    for node in document.root_element().descendants() {
        if node.is_element() {
            out += &format!("{} {:?}", node.ancestors().count(), node.tag_name());
            let mut attributes: Vec<_> =
                node.attributes().map(|a| format!(" {:?} {}={}", a.namespace(), a.name(), value(node, a))).collect();
            attributes.sort();
            out += &(attributes.concat() + "\n");
        } else if let Some(text) = node.text() {
            let beside_elements = node.parent().is_some_and(|parent| parent.children().any(|child| child.is_element()));
            if !(beside_elements && text.trim().is_empty()) {
                out += &format!("text {text:?}\n");
            }
        }
    }
    Ok(out)
}

fn value(node: roxmltree::Node<'_, '_>, attribute: roxmltree::Attribute<'_, '_>) -> String {
    if (attribute.namespace(), attribute.name()) != (Some("http://www.w3.org/2001/XMLSchema-instance"), "type") {
        return attribute.value().to_owned();
    }
    match attribute.value().split_once(':') {
        Some((prefix, local)) => format!("{:?}{local}", node.lookup_namespace_uri(Some(prefix))),
        None => format!("{:?}{}", node.lookup_namespace_uri(None), attribute.value()),
    }
}
