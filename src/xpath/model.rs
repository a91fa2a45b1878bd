//! An expression compiled: every name resolved, every conversion written out, typed by Rust's own types.
//!
//! Variables are strings and functions are known, so the type of every part is known too: what yields a number can stand only
//! where a number is wanted. `N` is what stands for a node-set: a path as the tree evaluator takes it, or what a pass over the events finds.

use std::sync::Arc;

use crate::xpath::syntax::Axis;

#[derive(Clone, Debug)]
pub(super) enum Expr<N = NodeExpr> {
    Nodes(N),
    Boolean(BooleanExpr<N>),
    Number(NumberExpr<N>),
    Text(TextExpr<N>),
}

#[derive(Clone, Debug)]
pub(super) enum BooleanExpr<N = NodeExpr> {
    Constant(bool),
    Or(Vec<BooleanExpr<N>>),
    And(Vec<BooleanExpr<N>>),
    Not(Box<BooleanExpr<N>>),
    /// `boolean()` of a node-set.
    Exists(N),
    /// `boolean()` of a number.
    Nonzero(Box<NumberExpr<N>>),
    /// `boolean()` of a string.
    Nonempty(Box<TextExpr<N>>),
    Compare(Box<Comparison<N>>),
    StartsWith(Box<[TextExpr<N>; 2]>),
    Contains(Box<[TextExpr<N>; 2]>),
    Lang(Box<TextExpr<N>>),
}

/// Comparisons of one level, the leftmost first: from the second on, a boolean stands on the left.
#[derive(Clone, Debug)]
pub(super) struct Comparison<N = NodeExpr> {
    pub(super) first: Expr<N>,
    pub(super) relation: Relation,
    pub(super) second: Expr<N>,
    pub(super) rest: Vec<(Relation, Expr<N>)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug)]
pub(super) enum NumberExpr<N = NodeExpr> {
    Constant(f64),
    Position,
    Last,
    Count(N),
    Sum(N),
    /// `number()` of a string.
    Parse(Box<TextExpr<N>>),
    /// `number()` of a boolean.
    Truth(Box<BooleanExpr<N>>),
    Rounded(Rounding, Box<NumberExpr<N>>),
    Chain(Box<NumberExpr<N>>, Vec<(Arithmetic, NumberExpr<N>)>),
    Negative(Box<NumberExpr<N>>),
    Length(Box<TextExpr<N>>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rounding {
    Floor,
    Ceiling,
    Round,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Arithmetic {
    Plus,
    Minus,
    Times,
    Div,
    Mod,
}

#[derive(Clone, Debug)]
pub(super) enum TextExpr<N = NodeExpr> {
    Constant(Arc<str>),
    /// By its number in the expression's list of variables.
    Variable(usize),
    /// `string()` of a node-set: of its first node.
    Value(N),
    /// `string()` of a number.
    Digits(Box<NumberExpr<N>>),
    /// `string()` of a boolean.
    Truth(Box<BooleanExpr<N>>),
    Concat(Vec<TextExpr<N>>),
    Before(Box<[TextExpr<N>; 2]>),
    After(Box<[TextExpr<N>; 2]>),
    Substring(Box<Substring<N>>),
    Normalized(Box<TextExpr<N>>),
    Translated(Box<[TextExpr<N>; 3]>),
    Name(NamePart, N),
}

#[derive(Clone, Debug)]
pub(super) struct Substring<N = NodeExpr> {
    pub(super) text: TextExpr<N>,
    pub(super) from: NumberExpr<N>,
    pub(super) length: Option<NumberExpr<N>>,
}

#[derive(Clone, Debug)]
pub(super) enum NodeExpr {
    /// No node whatever the document: `id()`, as no document has a DTD that declares ID attributes.
    Nothing,
    Path(Path),
    Union(Vec<NodeExpr>),
}

/// What of the first node's name is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NamePart {
    Local,
    Namespace,
    Written,
}

#[derive(Clone, Debug)]
pub(super) struct Path {
    pub(super) start: Start,
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(super) enum Start {
    Root,
    Context,
    Filter(Box<NodeExpr>, Vec<Predicate>),
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) axis: Axis,
    pub(super) test: Test,
    pub(super) predicates: Vec<Predicate>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Test {
    /// `*`: any node of the axis's principal type.
    Any,
    /// `prefix:*`
    Namespace(Arc<str>),
    /// By its number in the expression's list of names.
    Name(usize),
    Node,
    Text,
    Comment,
    Instruction(Option<Arc<str>>),
}

#[derive(Clone, Debug)]
pub(super) struct Predicate {
    pub(super) condition: Condition,
    pub(super) uses: Uses,
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// A number: the position must equal it.
    At(NumberExpr),
    Holds(BooleanExpr),
}

/// What a predicate asks of its place among the others.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Uses {
    pub(super) position: bool,
    pub(super) last: bool,
}

impl NodeExpr {
    /// The context node itself.
    pub(super) fn context() -> Self {
        Self::Path(Path { start: Start::Context, steps: Vec::new() })
    }
}

impl<N> Expr<N> {
    pub(super) fn boolean(self) -> BooleanExpr<N> {
        match self {
            Self::Nodes(nodes) => BooleanExpr::Exists(nodes),
            Self::Boolean(boolean) => boolean,
            Self::Number(number) => BooleanExpr::Nonzero(Box::new(number)),
            Self::Text(text) => BooleanExpr::Nonempty(Box::new(text)),
        }
    }

    pub(super) fn number(self) -> NumberExpr<N> {
        match self {
            Self::Nodes(nodes) => NumberExpr::Parse(Box::new(TextExpr::Value(nodes))),
            Self::Boolean(boolean) => NumberExpr::Truth(Box::new(boolean)),
            Self::Number(number) => number,
            Self::Text(text) => NumberExpr::Parse(Box::new(text)),
        }
    }

    pub(super) fn text(self) -> TextExpr<N> {
        match self {
            Self::Nodes(nodes) => TextExpr::Value(nodes),
            Self::Boolean(boolean) => TextExpr::Truth(Box::new(boolean)),
            Self::Number(number) => TextExpr::Digits(Box::new(number)),
            Self::Text(text) => text,
        }
    }
}

impl Predicate {
    /// Whether it decides by the place of a node among others.
    pub(super) fn is_positional(&self) -> bool {
        self.uses.position || self.uses.last
    }
}
