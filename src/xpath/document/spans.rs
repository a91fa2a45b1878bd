//! Where nodes stand in the text, for those who edit it there.

use std::ops::Range;

use crate::xpath::document::Document;
use crate::xpath::document::NodeId;
use crate::xpath::document::NodeKind;

impl<'i> Document<'i> {
    /// The text that was read; all spans count its bytes.
    #[must_use]
    pub fn text(&self) -> &'i str {
        self.text
    }

    /// All bytes of a node: of an element with both tags, of an attribute from its name to the closing quote, of text with
    /// the marks of CDATA sections. A namespace node has none of its own: empty, at its element.
    #[must_use]
    pub fn span(&self, node: NodeId) -> Range<usize> {
        let found = self.node(node.index);
        let to = if node.namespace > 0 { found.from } else { found.to };
        found.from as usize..to as usize
    }

    /// An element's start tag, or its only tag; empty for other nodes.
    #[must_use]
    pub fn start_tag(&self, node: NodeId) -> Range<usize> {
        let from = self.span(node).start;
        if self.kind(node) == NodeKind::Element { from..self.node(node.index).value.from as usize } else { from..from }
    }

    /// An element's end tag; none for an empty-element tag and for other nodes.
    #[must_use]
    pub fn end_tag(&self, node: NodeId) -> Option<Range<usize>> {
        let found = self.node(node.index);
        let is_there = self.kind(node) == NodeKind::Element && found.value.to < found.to;
        is_there.then_some(found.value.to as usize..found.to as usize)
    }

    /// The bytes that hold its value as written: of an element what stands between its tags, of an attribute what stands
    /// between the quotes, of text all of it; empty for a namespace node.
    #[must_use]
    pub fn value_span(&self, node: NodeId) -> Range<usize> {
        let found = self.node(node.index);
        match self.kind(node) {
            NodeKind::Root | NodeKind::Element => found.value.from as usize..found.value.to.max(found.value.from) as usize,
            NodeKind::Attribute => {
                let Range { start, end } = self.span(node);
                let written = self.text.get(start..end).unwrap_or_default();
                let quote = written.find(['"', '\'']).unwrap_or(0);
                start + quote + 1..end.saturating_sub(1)
            }
            NodeKind::Namespace | NodeKind::Text => self.span(node),
            NodeKind::Comment => inside(self.span(node), "<!--".len(), "-->".len()),
            NodeKind::Instruction => inside(self.span(node), "<?".len(), "?>".len()),
        }
    }

    /// The name as written, with its prefix (`name()`, section 4.1).
    #[must_use]
    pub fn name(&self, node: NodeId) -> &str {
        let written = self.text.get(self.node(node.index).from as usize..).unwrap_or_default();
        let ends = [' ', '\t', '\n', '\r', '=', '/', '>'];
        let until_end = |text: &'i str| text.split(ends).next().unwrap_or_default();
        match self.kind(node) {
            NodeKind::Element => until_end(written.get(1..).unwrap_or_default()),
            NodeKind::Attribute => until_end(written),
            NodeKind::Namespace | NodeKind::Instruction => self.local_name(node),
            NodeKind::Root | NodeKind::Text | NodeKind::Comment => "",
        }
    }
}

fn inside(span: Range<usize>, before: usize, behind: usize) -> Range<usize> {
    span.start + before..span.end.saturating_sub(behind)
}
