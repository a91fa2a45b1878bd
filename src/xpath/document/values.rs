//! String-values (section 5).

use std::borrow::Cow;

use crate::xpath::budget::BYTES_A_NODE;
use crate::xpath::document::Document;
use crate::xpath::document::Node;
use crate::xpath::document::NodeId;
use crate::xpath::document::NodeKind;

impl Document<'_> {
    /// The string-value of a node.
    #[must_use]
    pub fn string_value(&self, node: NodeId) -> Cow<'_, str> {
        if let Some((_, uri)) = self.scopes.binding(node.namespace) {
            return Cow::Borrowed(uri);
        }
        let found = self.node(node.index);
        match found.kind {
            NodeKind::Root | NodeKind::Element => self.text_within(found),
            NodeKind::Attribute | NodeKind::Namespace | NodeKind::Text | NodeKind::Comment | NodeKind::Instruction => {
                Cow::Borrowed(self.own_value(found))
            }
        }
    }

    fn own_value(&self, node: &Node) -> &str {
        let source = if node.value.rewritten { &*self.rewritten } else { self.text };
        source.get(node.value.from as usize..node.value.to as usize).unwrap_or_default()
    }

    /// All text of a subtree; borrowed where it is one node.
    fn text_within(&self, node: &Node) -> Cow<'_, str> {
        let within = self.nodes.get(node.children as usize..node.end as usize).unwrap_or_default();
        let mut texts = within.iter().filter(|node| node.kind == NodeKind::Text).map(|node| self.own_value(node));
        let first = texts.next().unwrap_or_default();
        match texts.next() {
            None => Cow::Borrowed(first),
            Some(second) => Cow::Owned([first, second].into_iter().chain(texts).collect()),
        }
    }

    /// What it costs to make a string-value: nodes looked at and text taken.
    pub(in crate::xpath) fn cost_of_value(&self, node: NodeId) -> usize {
        let found = self.node(node.index);
        match self.kind(node) {
            NodeKind::Root | NodeKind::Element => {
                let bytes = found.value.to.saturating_sub(found.value.from) as usize;
                (found.end - found.children) as usize + bytes / BYTES_A_NODE
            }
            NodeKind::Namespace => 0,
            NodeKind::Attribute | NodeKind::Text | NodeKind::Comment | NodeKind::Instruction => {
                (found.value.to - found.value.from) as usize / BYTES_A_NODE
            }
        }
    }
}
