//! Location paths and unions: from a set of nodes to the next, step by step (section 2).

use std::collections::HashSet;

use super::Context;
use super::Evaluator;
use super::walk::Walk;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::Document;
use crate::xpath::document::NONE;
use crate::xpath::document::NodeId;
use crate::xpath::document::NodeKind;
use crate::xpath::model::Condition;
use crate::xpath::model::NodeExpr;
use crate::xpath::model::NumberExpr;
use crate::xpath::model::Path;
use crate::xpath::model::Predicate;
use crate::xpath::model::Start;
use crate::xpath::model::Step;
use crate::xpath::model::Test;
use crate::xpath::scalar::Scalars;
use crate::xpath::syntax::Axis;

/// How much of a node-set is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    All,
    /// Any one node, to know that there is one.
    Any,
}

impl<'a> Evaluator<'a, '_> {
    /// The nodes in document order, each once.
    pub(super) fn nodes(&mut self, nodes: &'a NodeExpr, context: Context) -> Result<Vec<NodeId>, EvaluationError> {
        self.some_nodes(nodes, context, Want::All)
    }

    /// Whether there is a node.
    pub(super) fn has_node(&mut self, nodes: &'a NodeExpr, context: Context) -> Result<bool, EvaluationError> {
        Ok(!self.some_nodes(nodes, context, Want::Any)?.is_empty())
    }

    fn some_nodes(&mut self, nodes: &'a NodeExpr, context: Context, want: Want) -> Result<Vec<NodeId>, EvaluationError> {
        match nodes {
            NodeExpr::Nothing => Ok(Vec::new()),
            NodeExpr::Path(path) => self.path(path, context, want),
            NodeExpr::Union(members) => {
                let mut all = Vec::new();
                for member in members {
                    all.append(&mut self.some_nodes(member, context, want)?);
                    if want == Want::Any && !all.is_empty() {
                        break;
                    }
                }
                self.budget.spend(all.len())?;
                in_order(&mut all);
                Ok(all)
            }
        }
    }

    fn path(&mut self, path: &'a Path, context: Context, want: Want) -> Result<Vec<NodeId>, EvaluationError> {
        let mut set = match &path.start {
            Start::Root => vec![self.document.root()],
            Start::Context => vec![context.node],
            Start::Filter(nodes, predicates) => {
                let early = want == Want::Any && path.steps.is_empty() && predicates.is_empty();
                let set = self.some_nodes(nodes, context, if early { Want::Any } else { Want::All })?;
                self.filter(set, predicates)?
            }
        };
        for (number, step) in path.steps.iter().enumerate() {
            let is_last = number + 1 == path.steps.len();
            set = self.step(step, &set, if is_last { want } else { Want::All })?;
        }
        Ok(set)
    }

    fn step(&mut self, step: &'a Step, set: &[NodeId], want: Want) -> Result<Vec<NodeId>, EvaluationError> {
        if step.predicates.iter().any(Predicate::is_positional) { self.counted_step(step, set) } else { self.plain_step(step, set, want) }
    }

    /// A step whose predicates look at nothing but the node: what several context nodes lead to is looked at once.
    fn plain_step(&mut self, step: &'a Step, set: &[NodeId], want: Want) -> Result<Vec<NodeId>, EvaluationError> {
        let mut found = Vec::new();
        for from in self.without_overlap(step.axis, set) {
            let mut walk = Walk::new(self.document, step.axis, from);
            while let Some(node) = walk.next(self.document, self.budget)? {
                if !self.passes(step, node) {
                    continue;
                }
                if want == Want::Any && self.holds_all(&step.predicates, node)? {
                    return Ok(vec![node]);
                }
                found.push(node);
            }
        }
        if want == Want::Any {
            return Ok(Vec::new());
        }
        in_order(&mut found);
        self.filter(found, &step.predicates)
    }

    /// A step with predicates that count: along the axis, for each context node by itself.
    fn counted_step(&mut self, step: &'a Step, set: &[NodeId]) -> Result<Vec<NodeId>, EvaluationError> {
        let mut all = Vec::new();
        let most = first_place(&step.predicates);
        for from in set {
            let mut walk = Walk::new(self.document, step.axis, *from);
            let mut found = Vec::new();
            while found.len() < most {
                let Some(node) = walk.next(self.document, self.budget)? else { break };
                if self.passes(step, node) {
                    found.push(node);
                }
            }
            all.append(&mut self.filter(found, &step.predicates)?);
        }
        in_order(&mut all);
        Ok(all)
    }

    /// The nodes that fulfil all predicates, each of which counts what the one before has left.
    fn filter(&mut self, mut set: Vec<NodeId>, predicates: &'a [Predicate]) -> Result<Vec<NodeId>, EvaluationError> {
        for predicate in predicates {
            let size = set.len();
            let mut kept = Vec::new();
            for (place, node) in set.into_iter().enumerate() {
                self.budget.spend(1)?;
                if self.holds(&predicate.condition, Context { node, position: place + 1, size })? {
                    kept.push(node);
                }
            }
            set = kept;
        }
        Ok(set)
    }

    fn holds_all(&mut self, predicates: &'a [Predicate], node: NodeId) -> Result<bool, EvaluationError> {
        for predicate in predicates {
            if !self.holds(&predicate.condition, Context { node, position: 1, size: 1 })? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds(&mut self, condition: &'a Condition, context: Context) -> Result<bool, EvaluationError> {
        match condition {
            Condition::At(NumberExpr::Last) => Ok(context.position == context.size),
            // Positions are small integers, which doubles hold exactly.
            Condition::At(number) => Ok(self.number(number, context)? == context.position as f64),
            Condition::Holds(boolean) => self.boolean(boolean, context),
        }
    }

    /// Whether a node passes the test of a step (section 2.3).
    fn passes(&self, step: &Step, node: NodeId) -> bool {
        let kind = self.document.kind(node);
        let principal = match step.axis {
            Axis::Attribute => NodeKind::Attribute,
            Axis::Namespace => NodeKind::Namespace,
            Axis::Ancestor
            | Axis::AncestorOrSelf
            | Axis::Child
            | Axis::Descendant
            | Axis::DescendantOrSelf
            | Axis::Following
            | Axis::FollowingSibling
            | Axis::Parent
            | Axis::Preceding
            | Axis::PrecedingSibling
            | Axis::Itself => NodeKind::Element,
        };
        match &step.test {
            Test::Node => true,
            Test::Any => kind == principal,
            Test::Name(number) if kind == NodeKind::Namespace => kind == principal && self.is_prefix(*number, node),
            Test::Name(number) => {
                kind == principal && self.names.get(*number).is_some_and(|name| *name == self.document.node(node.index).name)
            }
            Test::Namespace(uri) => kind == principal && self.document.namespace_uri(node) == &**uri,
            Test::Text => kind == NodeKind::Text,
            Test::Comment => kind == NodeKind::Comment,
            Test::Instruction(target) => {
                kind == NodeKind::Instruction && target.as_ref().is_none_or(|target| self.document.local_name(node) == &**target)
            }
        }
    }

    /// A namespace node's name is the prefix, in no namespace (section 5.4).
    fn is_prefix(&self, name: usize, node: NodeId) -> bool {
        let name = self.expression.names.get(name);
        name.is_some_and(|name| name.ns.as_str().is_empty() && name.local.as_str() == self.document.local_name(node))
    }

    /// As few context nodes as lead to all the nodes that the whole set leads to along an axis.
    fn without_overlap(&self, axis: Axis, set: &[NodeId]) -> Vec<NodeId> {
        let document = self.document;
        match axis {
            Axis::Attribute | Axis::Child | Axis::Namespace | Axis::Itself => set.to_vec(),
            Axis::Descendant | Axis::DescendantOrSelf => {
                let mut covered = 0;
                let is_new = |node: &&NodeId| {
                    let is_within = node.index < covered && !matches!(document.kind(**node), NodeKind::Attribute | NodeKind::Namespace);
                    covered = covered.max(if node.namespace > 0 { 0 } else { document.node(node.index).end });
                    !is_within
                };
                set.iter().filter(is_new).copied().collect()
            }
            Axis::Following => set.iter().min_by_key(|node| Self::behind(document, **node)).copied().into_iter().collect(),
            Axis::Preceding => set.last().copied().into_iter().collect(),
            Axis::Parent | Axis::Ancestor | Axis::FollowingSibling => first_of_each_parent(document, set.iter()),
            Axis::AncestorOrSelf => set.to_vec(),
            Axis::PrecedingSibling => first_of_each_parent(document, set.iter().rev()),
        }
    }

    /// Where what follows a node begins.
    fn behind(document: &Document<'_>, node: NodeId) -> u32 {
        if node.namespace > 0 { node.index + 1 } else { document.node(node.index).end }
    }
}

fn first_of_each_parent<'n>(document: &Document<'_>, nodes: impl Iterator<Item = &'n NodeId>) -> Vec<NodeId> {
    let mut seen = HashSet::new();
    // Attributes have a parent, but no siblings: those of one element must not stand for its children.
    let is_attribute = |node: NodeId| matches!(document.kind(node), NodeKind::Attribute | NodeKind::Namespace);
    let family = |node: NodeId| (document.parent(node).map_or(NONE, |parent| parent.index), is_attribute(node));
    nodes.filter(|node| seen.insert(family(**node))).copied().collect()
}

/// How many nodes are enough if the first predicate asks for one place.
fn first_place(predicates: &[Predicate]) -> usize {
    match predicates.first().map(|predicate| &predicate.condition) {
        // A number that is no place leaves nothing; the filter sees to that.
        Some(Condition::At(NumberExpr::Constant(place))) => *place as usize,
        Some(Condition::At(_) | Condition::Holds(_)) | None => usize::MAX,
    }
}

/// Sorts into document order and drops what comes twice; most lists are in order already.
fn in_order(nodes: &mut Vec<NodeId>) {
    if !nodes.is_sorted_by(|a, b| a < b) {
        nodes.sort_unstable();
        nodes.dedup();
    }
}
