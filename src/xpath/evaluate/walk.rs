//! Along an axis (section 2.2), node by node, away from the context node.

use std::vec::IntoIter;

use crate::xpath::budget::Budget;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::Document;
use crate::xpath::document::NONE;
use crate::xpath::document::NodeId;
use crate::xpath::document::NodeKind;
use crate::xpath::syntax::Axis;

/// The rest of the way.
pub(super) enum Walk {
    One(Option<NodeId>),
    Namespaces(IntoIter<NodeId>),
    /// Numbers one after the other.
    Attributes {
        next: u32,
        end: u32,
    },
    /// From one subtree to the next.
    Siblings {
        next: u32,
        end: u32,
    },
    SiblingsBack {
        next: u32,
    },
    /// All numbers, attributes passed over.
    Onwards {
        next: u32,
        end: u32,
    },
    /// The same backwards, and what holds `before` passed over.
    Backwards {
        next: u32,
        before: u32,
    },
    /// From a node that is no parent, if any, upwards.
    Upwards {
        own: Option<NodeId>,
        next: u32,
    },
}

impl Walk {
    pub(super) fn new(document: &Document<'_>, axis: Axis, from: NodeId) -> Self {
        if from.namespace > 0 {
            return Self::from_namespace(document, axis, from);
        }
        let node = document.node(from.index);
        let is_child = node.kind != NodeKind::Attribute && node.parent != NONE;
        match axis {
            Axis::Itself => Self::One(Some(from)),
            Axis::Parent => Self::One((node.parent != NONE).then(|| NodeId::of(node.parent))),
            Axis::Ancestor => Self::Upwards { own: None, next: node.parent },
            Axis::AncestorOrSelf => Self::Upwards { own: None, next: from.index },
            Axis::Attribute => Self::Attributes { next: from.index + 1, end: node.children },
            Axis::Namespace if node.kind == NodeKind::Element => Self::Namespaces(document.namespaces(from.index).into_iter()),
            Axis::Namespace => Self::One(None),
            Axis::Child => Self::Siblings { next: node.children, end: node.end },
            Axis::Descendant => Self::Onwards { next: node.children, end: node.end },
            Axis::DescendantOrSelf if node.kind == NodeKind::Attribute => Self::One(Some(from)),
            Axis::DescendantOrSelf => Self::Onwards { next: from.index, end: node.end },
            Axis::FollowingSibling if is_child => Self::Siblings { next: node.end, end: document.node(node.parent).end },
            Axis::PrecedingSibling if is_child => Self::SiblingsBack { next: node.previous },
            Axis::FollowingSibling | Axis::PrecedingSibling => Self::One(None),
            Axis::Following => Self::Onwards { next: node.end, end: document.node(0).end },
            Axis::Preceding => Self::Backwards { next: from.index, before: from.index },
        }
    }

    /// A namespace node stands between its element and what is within it.
    fn from_namespace(document: &Document<'_>, axis: Axis, from: NodeId) -> Self {
        match axis {
            Axis::Itself | Axis::DescendantOrSelf => Self::One(Some(from)),
            Axis::Parent => Self::One(Some(NodeId::of(from.index))),
            Axis::Ancestor => Self::Upwards { own: None, next: from.index },
            Axis::AncestorOrSelf => Self::Upwards { own: Some(from), next: from.index },
            Axis::Following => Self::Onwards { next: from.index + 1, end: document.node(0).end },
            Axis::Preceding => Self::Backwards { next: from.index, before: from.index + 1 },
            Axis::Attribute | Axis::Child | Axis::Descendant | Axis::FollowingSibling | Axis::Namespace | Axis::PrecedingSibling => {
                Self::One(None)
            }
        }
    }

    /// The next node; every node looked at is paid for.
    pub(super) fn next(&mut self, document: &Document<'_>, budget: &mut Budget) -> Result<Option<NodeId>, EvaluationError> {
        budget.spend(1)?;
        let found = match self {
            Self::One(one) => return Ok(one.take()),
            Self::Namespaces(nodes) => return Ok(nodes.next()),
            Self::Attributes { next, end } => (*next < *end).then(|| std::mem::replace(next, *next + 1)),
            Self::Siblings { next, end } => (*next < *end).then(|| std::mem::replace(next, document.node(*next).end)),
            Self::SiblingsBack { next } => (*next != NONE).then(|| std::mem::replace(next, document.node(*next).previous)),
            Self::Upwards { own: own @ Some(_), .. } => return Ok(own.take()),
            Self::Upwards { own: None, next } => (*next != NONE).then(|| std::mem::replace(next, document.node(*next).parent)),
            Self::Onwards { next, end } => loop {
                if *next >= *end {
                    break None;
                }
                let here = std::mem::replace(next, *next + 1);
                if document.node(here).kind != NodeKind::Attribute {
                    break Some(here);
                }
                budget.spend(1)?;
            },
            Self::Backwards { next, before } => loop {
                let Some(here) = next.checked_sub(1) else { break None };
                *next = here;
                let node = document.node(here);
                if node.kind != NodeKind::Attribute && node.end <= *before {
                    break Some(here);
                }
                budget.spend(1)?;
            },
        };
        Ok(found.map(NodeId::of))
    }
}
