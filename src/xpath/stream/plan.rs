//! What a pass over the events does, fixed before it begins.
//!
//! Paths of one anchor (the root node, or an element whose predicate is decided at its end) stand together in a [`Block`]. What a
//! path finds goes into a collector, numbered within its block: a [`Slot`].

use std::sync::Arc;

use crate::xml::name::Symbol;
use crate::xml::name::Symbols;
use crate::xpath::model::BooleanExpr;
use crate::xpath::model::Expr;
use crate::xpath::model::NamePart;
use crate::xpath::model::NumberExpr;
use crate::xpath::model::Relation;
use crate::xpath::model::TextExpr;
use crate::xpath::stream::local::Local;
use crate::xpath::syntax::Axis;

/// A collector of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Slot(pub(super) usize);

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) symbols: Symbols,
    pub(super) variables: Vec<Arc<str>>,
    /// The first is anchored at the root node.
    pub(super) blocks: Vec<Block>,
    pub(super) pendings: Vec<Pending>,
    pub(super) outputs: Vec<Output>,
    /// Whether predicates look at attributes of elements further up.
    pub(super) looks_up: bool,
}

#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) paths: Vec<PathPlan>,
    pub(super) collectors: Vec<Gather>,
    /// Counters that each open element has.
    pub(super) counters: usize,
    /// Counters of the whole pass.
    pub(super) totals: usize,
}

/// What is made of the nodes that are found.
#[derive(Clone, Debug)]
pub(super) enum Gather {
    Exists,
    Count,
    Sum,
    Least,
    Greatest,
    /// The string-value of the first.
    Value,
    Name(NamePart),
    /// Whether one is in this relation to a value that the document has no part in.
    Fits(Relation, Expr<Slot>),
    Nodes,
}

#[derive(Debug)]
pub(super) struct PathPlan {
    pub(super) steps: Vec<StepPlan>,
    pub(super) slot: Slot,
    /// The steps of each axis, a bit each.
    pub(super) children: u64,
    pub(super) descendants: u64,
    pub(super) siblings: u64,
    pub(super) following: u64,
    pub(super) attributes: u64,
    /// The steps that lead from an element to itself.
    pub(super) selves: u64,
    /// Whether text, comments or instructions matter: it ends at them, leads on to what follows them, or counts them.
    pub(super) takes_leaves: bool,
}

#[derive(Debug)]
pub(super) struct StepPlan {
    pub(super) axis: Axis,
    pub(super) test: StepTest,
    pub(super) filters: Vec<Filter>,
    /// A predicate that is decided at the end of the element; nothing but an attribute may follow.
    pub(super) pending: Option<usize>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum StepTest {
    Any,
    Namespace(Arc<str>),
    Name(Symbol),
    Node,
    Text,
    Comment,
    Instruction(Option<Arc<str>>),
}

/// A predicate that is decided when the node begins.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) condition: Condition,
    pub(super) counter: Option<Counter>,
}

#[derive(Debug)]
pub(super) enum Condition {
    At(NumberExpr<Local>),
    Holds(BooleanExpr<Local>),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Counter {
    /// Of the parent.
    Level(usize),
    Total(usize),
}

/// Predicates that are decided at the end of the element: by what the paths of a block found within it.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) block: usize,
    pub(super) formulas: Vec<BooleanExpr<Slot>>,
}

/// The result of one expression, and the collectors of the first block that it is made of.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) result: Outcome,
}

#[derive(Debug)]
pub(super) enum Outcome {
    Nodes(Slot),
    Boolean(Verdict),
    Number(NumberExpr<Slot>),
    Text(TextExpr<Slot>),
}

/// A boolean result, so that it can be known before all its parts are.
#[derive(Debug)]
pub(super) enum Verdict {
    Or(Vec<Verdict>),
    And(Vec<Verdict>),
    Not(Box<Verdict>),
    /// True as soon as something was found.
    Found(Slot),
    /// Known when its collectors are settled.
    Formula {
        from: usize,
        to: usize,
        formula: BooleanExpr<Slot>,
    },
}

impl PathPlan {
    pub(super) fn new(steps: Vec<StepPlan>, slot: Slot) -> Self {
        let bits = |wanted: &[Axis]| {
            let of = |(number, step): (usize, &StepPlan)| u64::from(wanted.contains(&step.axis)) << number;
            steps.iter().enumerate().map(of).fold(0, |bits, bit| bits | bit)
        };
        let (children, attributes) = (bits(&[Axis::Child]), bits(&[Axis::Attribute]));
        let descendants = bits(&[Axis::Descendant, Axis::DescendantOrSelf]);
        let selves = bits(&[Axis::Itself, Axis::DescendantOrSelf]);
        let (siblings, following) = (bits(&[Axis::FollowingSibling]), bits(&[Axis::Following]));
        let takes = |step: &StepPlan| step.axis != Axis::Attribute && step.test.takes_leaves();
        let leads_on = |pair: &[StepPlan]| matches!(pair, [first, second] if takes(first) && matches!(second.axis, Axis::FollowingSibling | Axis::Following));
        let counts = |step: &StepPlan| takes(step) && step.filters.iter().any(|filter| filter.counter.is_some());
        let takes_leaves = steps.last().is_some_and(takes) || steps.windows(2).any(leads_on) || steps.iter().any(counts);
        Self { steps, slot, children, descendants, siblings, following, attributes, selves, takes_leaves }
    }
}

impl StepTest {
    /// Whether it can be passed by what is neither element nor attribute.
    pub(super) fn takes_leaves(&self) -> bool {
        match self {
            Self::Any | Self::Namespace(_) | Self::Name(_) => false,
            Self::Node | Self::Text | Self::Comment | Self::Instruction(_) => true,
        }
    }

    /// Whether it can be passed by elements.
    pub(super) fn takes_elements(&self) -> bool {
        match self {
            Self::Any | Self::Namespace(_) | Self::Name(_) | Self::Node => true,
            Self::Text | Self::Comment | Self::Instruction(_) => false,
        }
    }
}
