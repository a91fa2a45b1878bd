//! An expression as written: names unresolved, every part with its place.
//!
//! Operators of one precedence stand in one flat list and steps in another, so that only brackets make a tree deep.

use std::ops::Range;

/// Bytes of the expression.
pub(super) type Span = Range<usize>;

/// A name as written; no prefix means no namespace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Name<'e> {
    pub(super) prefix: Option<&'e str>,
    pub(super) local: &'e str,
}

impl std::fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.prefix.iter().try_for_each(|prefix| write!(f, "{prefix}:"))?;
        f.write_str(self.local)
    }
}

/// An operator between two operands (productions \[21\] to \[26\]).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Div,
    Mod,
}

impl Operator {
    /// How tightly it binds: 0 the loosest.
    pub(super) fn level(self) -> usize {
        match self {
            Self::Or => 0,
            Self::And => 1,
            Self::Equal | Self::NotEqual => 2,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 3,
            Self::Plus | Self::Minus => 4,
            Self::Times | Self::Div | Self::Mod => 5,
        }
    }
}

/// One more than the tightest [`Operator::level`].
pub(super) const LEVELS: usize = 6;

#[derive(Debug)]
pub(super) struct Expr<'e> {
    pub(super) span: Span,
    pub(super) kind: Kind<'e>,
}

#[derive(Debug)]
pub(super) enum Kind<'e> {
    /// Operators of one level, the leftmost applied first.
    Chain(Box<Expr<'e>>, Vec<(Operator, Expr<'e>)>),
    /// As many minus signs before one operand.
    Negation(usize, Box<Expr<'e>>),
    Union(Vec<Expr<'e>>),
    Path(Path<'e>),
    Literal(&'e str),
    Number(&'e str),
    Variable(&'e str),
    Call(Call<'e>),
}

#[derive(Debug)]
pub(super) struct Call<'e> {
    pub(super) name: Name<'e>,
    pub(super) name_span: Span,
    pub(super) arguments: Vec<Expr<'e>>,
}

#[derive(Debug)]
pub(super) struct Path<'e> {
    pub(super) start: Start<'e>,
    pub(super) steps: Vec<Step<'e>>,
}

#[derive(Debug)]
pub(super) enum Start<'e> {
    Root,
    Context,
    /// A primary expression with its predicates.
    Filter(Box<Expr<'e>>, Vec<Expr<'e>>),
}

#[derive(Debug)]
pub(super) struct Step<'e> {
    pub(super) axis: Axis,
    pub(super) test: Test<'e>,
    pub(super) test_span: Span,
    pub(super) predicates: Vec<Expr<'e>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Test<'e> {
    /// `*`
    Any,
    /// `prefix:*`
    Namespace(&'e str),
    Name(Name<'e>),
    Node,
    Text,
    Comment,
    Instruction(Option<&'e str>),
}

/// The axes (section 2.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    Namespace,
    Parent,
    Preceding,
    PrecedingSibling,
    Itself,
}

/// All axes by name, in the order of the recommendation.
pub(super) const AXES: [(&str, Axis); 13] = [
    ("ancestor", Axis::Ancestor),
    ("ancestor-or-self", Axis::AncestorOrSelf),
    ("attribute", Axis::Attribute),
    ("child", Axis::Child),
    ("descendant", Axis::Descendant),
    ("descendant-or-self", Axis::DescendantOrSelf),
    ("following", Axis::Following),
    ("following-sibling", Axis::FollowingSibling),
    ("namespace", Axis::Namespace),
    ("parent", Axis::Parent),
    ("preceding", Axis::Preceding),
    ("preceding-sibling", Axis::PrecedingSibling),
    ("self", Axis::Itself),
];
