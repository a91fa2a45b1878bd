//! A document as XPath sees it (section 5): one list of nodes in document order.
//!
//! An element, its attributes, its children; each node knows where its subtree ends, so that axes are ranges and order is the
//! number. Namespace nodes are made when they are asked for. Every node knows its bytes in the text, so that edits can be made
//! there. Immutable, and shared between threads.

mod build;
mod names;
mod spans;
mod values;

use crate::xml::error::XmlError;
use crate::xml::limits::Limits;
use crate::xpath::document::names::Names;
use crate::xpath::document::names::Scopes;

/// A node: by its place in document order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeId {
    /// Its number; of a namespace node, that of its element.
    pub(super) index: u32,
    /// 1 + the number of a binding; 0 where it is no namespace node.
    pub(super) namespace: u32,
}

/// The kinds of nodes (section 5).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NodeKind {
    /// The root node, above the document element.
    Root,
    /// An element.
    Element,
    /// An attribute; never a namespace declaration.
    Attribute,
    /// A prefix in scope at an element.
    Namespace,
    /// All characters between two tags, comments or instructions.
    Text,
    /// A comment.
    Comment,
    /// A processing instruction.
    Instruction,
}

/// No node, no name.
pub(super) const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// By its number in the names of the document.
    pub(super) name: u32,
    pub(super) parent: u32,
    /// Behind the last node of its subtree.
    pub(super) end: u32,
    /// Of an element and the root: the first node behind the attributes.
    pub(super) children: u32,
    /// The sibling before it, if it is a child.
    pub(super) previous: u32,
    /// Of an element: the prefixes in scope.
    scope: u32,
    /// Its bytes as written, an element's end tag included.
    from: u32,
    to: u32,
    /// Of an element and the root: where the content begins and ends. Else its value, in the text or in what was rewritten.
    value: Value,
}

#[derive(Clone, Copy, Debug)]
struct Value {
    from: u32,
    to: u32,
    rewritten: bool,
}

/// A document in memory, borrowing its text.
///
/// ```
/// use castile::xml::limits::Limits;
/// use castile::xpath::Document;
///
/// let document = Document::read(b"<a><b>x</b><b>y</b></a>", &Limits::default())?;
/// assert_eq!(document.string_value(document.root()), "xy");
/// # Ok::<(), castile::xml::error::XmlError>(())
/// ```
#[derive(Debug)]
pub struct Document<'i> {
    text: &'i str,
    /// Values that are not written in the text as they are.
    rewritten: String,
    pub(super) nodes: Vec<Node>,
    pub(super) names: Names<'i>,
    scopes: Scopes,
}

impl<'i> Document<'i> {
    /// Reads a document, UTF-8 without byte order mark, through the guarded scanner.
    ///
    /// # Errors
    /// If it is not well-formed or exceeds a limit.
    pub fn read(text: &'i [u8], limits: &Limits) -> Result<Self, XmlError> {
        build::read(text, limits)
    }

    /// The root node.
    #[must_use]
    pub fn root(&self) -> NodeId {
        NodeId::of(0)
    }

    /// The document element.
    #[must_use]
    pub fn document_element(&self) -> NodeId {
        let is_element = |index: &usize| self.nodes.get(*index).is_some_and(|node| node.kind == NodeKind::Element);
        let index = (0..self.nodes.len()).find(is_element).and_then(|index| u32::try_from(index).ok());
        NodeId::of(index.unwrap_or(0))
    }

    /// What kind of node it is.
    #[must_use]
    pub fn kind(&self, node: NodeId) -> NodeKind {
        if node.namespace > 0 { NodeKind::Namespace } else { self.node(node.index).kind }
    }

    /// The local part of its name: of an instruction the target, of a namespace node the prefix; empty if it has none.
    #[must_use]
    pub fn local_name(&self, node: NodeId) -> &str {
        match self.scopes.binding(node.namespace) {
            Some((prefix, _)) => prefix,
            None => self.names.local(self.node(node.index).name),
        }
    }

    /// The namespace of its name; empty for none.
    #[must_use]
    pub fn namespace_uri(&self, node: NodeId) -> &str {
        if node.namespace > 0 { "" } else { self.names.uri(self.node(node.index).name) }
    }

    /// The node that is its parent; an attribute's is its element.
    #[must_use]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        if node.namespace > 0 {
            return Some(NodeId::of(node.index));
        }
        let parent = self.node(node.index).parent;
        (parent != NONE).then(|| NodeId::of(parent))
    }

    /// How many nodes there are, namespace nodes left out.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never true: the root node is always there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    pub(super) fn node(&self, index: u32) -> &Node {
        self.nodes.get(index as usize).unwrap_or(&NOWHERE)
    }

    /// The namespace nodes of an element in the order of their numbers.
    pub(super) fn namespaces(&self, element: u32) -> Vec<NodeId> {
        let numbers = self.scopes.visible(self.node(element).scope);
        numbers.into_iter().map(|namespace| NodeId { index: element, namespace }).collect()
    }
}

impl NodeId {
    pub(super) fn of(index: u32) -> Self {
        Self { index, namespace: 0 }
    }
}

/// What a number that is none leads to; numbers come from the list itself.
const NOWHERE: Node = Node {
    kind: NodeKind::Root,
    name: NONE,
    parent: NONE,
    end: 0,
    children: 0,
    previous: NONE,
    scope: 0,
    from: 0,
    to: 0,
    value: Value { from: 0, to: 0, rewritten: false },
};

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Document<'_> {
        Document::read(text.as_bytes(), &Limits::default()).expect(text)
    }

    #[test]
    fn text_and_cdata_side_by_side_are_one_node() {
        let document = read("<a>x&amp;<![CDATA[<y>]]>z<!--c-->t</a>");
        let texts: Vec<_> = (0..4).map(|index| NodeId::of(index + 1)).collect();
        assert_eq!(document.len(), 5);
        assert_eq!(document.string_value(texts[1]), "x&<y>z");
        assert_eq!(document.string_value(texts[2]), "c");
        assert_eq!(document.string_value(texts[3]), "t");
        assert_eq!(document.string_value(texts[0]), "x&<y>zt");
    }

    #[test]
    fn an_empty_cdata_section_is_no_node() {
        assert_eq!(read("<a><![CDATA[]]></a>").len(), 2);
        let document = read("<a>x<![CDATA[]]>y</a>");
        assert_eq!((document.len(), &*document.string_value(NodeId::of(2))), (3, "xy"));
    }

    #[test]
    fn every_node_knows_its_bytes() {
        let text = "<?xml version='1.0'?><p:a xmlns:p='u' b = \"1\"><c/>t<?q r?></p:a>";
        let document = read(text);
        let found: Vec<_> = (1..6).map(|index| &text[document.span(NodeId::of(index))]).collect();
        assert_eq!(found, ["<p:a xmlns:p='u' b = \"1\"><c/>t<?q r?></p:a>", "b = \"1\"", "<c/>", "t", "<?q r?>"]);
        assert_eq!(&text[document.value_span(NodeId::of(2))], "1");
        assert_eq!(&text[document.start_tag(NodeId::of(1))], "<p:a xmlns:p='u' b = \"1\">");
        assert_eq!(&text[document.end_tag(NodeId::of(1)).expect("an end tag")], "</p:a>");
        assert_eq!(document.end_tag(NodeId::of(3)), None);
        assert_eq!(document.name(NodeId::of(1)), "p:a");
        assert_eq!(document.name(NodeId::of(2)), "b");
        assert_eq!(document.name(NodeId::of(5)), "q");
        assert_eq!(document.string_value(NodeId::of(5)), "r");
    }

    #[test]
    fn a_namespace_taken_back_or_declared_anew_is_not_seen() {
        let document = read("<a xmlns='u' xmlns:p='v'><b xmlns='' xmlns:p='w'/></a>");
        let of = |index| {
            let nodes = document.namespaces(index);
            let mut seen: Vec<_> =
                nodes.iter().map(|node| format!("{}={}", document.local_name(*node), document.string_value(*node))).collect();
            seen.sort();
            seen
        };
        let xml = "xml=http://www.w3.org/XML/1998/namespace";
        assert_eq!(of(1), ["=u", "p=v", xml]);
        assert_eq!(of(2), ["p=w", xml]);
    }

    #[test]
    fn what_is_not_well_formed_is_no_document() {
        assert!(Document::read(b"<a><b></a>", &Limits::default()).is_err());
        assert!(Document::read(b"<!DOCTYPE a><a/>", &Limits::default()).is_err());
    }
}
