//! Predicates that are decided when a node begins: by its name, its attributes, those of the elements around it, its place.

use std::borrow::Cow;

use crate::xml::event::Attribute;
use crate::xml::event::Start;
use crate::xml::name::Symbol;
use crate::xpath::budget::Budget;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::NodeKind;
use crate::xpath::evaluate::compare::Single;
use crate::xpath::evaluate::compare::fits;
use crate::xpath::model::Comparison;
use crate::xpath::model::Expr;
use crate::xpath::model::NamePart;
use crate::xpath::model::Relation;
use crate::xpath::number;
use crate::xpath::scalar::Scalars;
use crate::xpath::stream::plan::StepTest;

/// A node-set that is there when a node begins: the node, an element around it, or attributes of either.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Local {
    /// Tests on the node itself and, one after the other, on the elements around it.
    pub(super) itself: Vec<StepTest>,
    pub(super) upwards: Vec<StepTest>,
    pub(super) attribute: Option<StepTest>,
}

/// An element that is open.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) symbol: Symbol,
    /// Attributes that expressions name, where predicates look upwards.
    pub(super) attributes: Vec<(Symbol, String)>,
}

/// A node that begins.
#[derive(Clone, Copy)]
pub(super) enum Seen<'e> {
    Root,
    Element(&'e Start<'e>),
    Attribute(&'e Start<'e>, &'e Attribute<'e>),
    /// Text, a comment or an instruction.
    Leaf(Leaf<'e>),
}

#[derive(Clone, Copy)]
pub(super) struct Leaf<'e> {
    pub(super) kind: NodeKind,
    pub(super) target: &'e str,
    pub(super) value: &'e str,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Seen<'_> {
    pub(super) fn kind(&self) -> NodeKind {
        match self {
            Self::Root => NodeKind::Root,
            Self::Element(_) => NodeKind::Element,
            Self::Attribute(..) => NodeKind::Attribute,
            Self::Leaf(leaf) => leaf.kind,
        }
    }

    /// The string-value; of the root and of elements it is not known yet.
    pub(super) fn value(&self) -> Option<&str> {
        match self {
            Self::Root | Self::Element(_) => None,
            Self::Attribute(_, attribute) => Some(attribute.value),
            Self::Leaf(leaf) => Some(leaf.value),
        }
    }

    pub(super) fn name(&self, part: NamePart) -> &str {
        let expanded = match self {
            Self::Element(start) => start.name(),
            Self::Attribute(_, attribute) => attribute.name(),
            Self::Root => return "",
            Self::Leaf(leaf) => return if part == NamePart::Namespace { "" } else { leaf.target },
        };
        match (part, self) {
            (NamePart::Local, _) => expanded.local,
            (NamePart::Namespace, _) => expanded.ns,
            (NamePart::Written, Self::Element(start)) => start.raw_name(),
            // How an attribute's name is written is not asked for in a pass.
            (NamePart::Written, Self::Root | Self::Attribute(..) | Self::Leaf(_)) => "",
        }
    }

    /// Whether it passes the test of a step along its axis.
    pub(super) fn passes(&self, test: &StepTest) -> bool {
        match (test, self) {
            (StepTest::Node, _) => true,
            (StepTest::Any, Self::Element(_) | Self::Attribute(..)) => true,
            (StepTest::Name(name), Self::Element(start)) => start.symbol == *name,
            (StepTest::Name(name), Self::Attribute(_, attribute)) => attribute.symbol == *name,
            (StepTest::Namespace(uri), Self::Element(start)) => start.name().ns == &**uri,
            (StepTest::Namespace(uri), Self::Attribute(_, attribute)) => attribute.name().ns == &**uri,
            (StepTest::Text, _) => self.kind() == NodeKind::Text,
            (StepTest::Comment, _) => self.kind() == NodeKind::Comment,
            (StepTest::Instruction(target), Self::Leaf(leaf)) => {
                leaf.kind == NodeKind::Instruction && target.as_ref().is_none_or(|target| leaf.target == &**target)
            }
            (StepTest::Any | StepTest::Name(_) | StepTest::Namespace(_), Self::Root | Self::Leaf(_))
            | (StepTest::Instruction(_), Self::Root | Self::Element(_) | Self::Attribute(..)) => false,
        }
    }

    /// The same on an axis whose nodes are elements above all.
    fn passes_as_itself(&self, test: &StepTest) -> bool {
        match self {
            Self::Attribute(..) => *test == StepTest::Node,
            Self::Root | Self::Element(_) | Self::Leaf(_) => self.passes(test),
        }
    }
}

/// A node that begins, among the elements that are open around it.
pub(super) struct Here<'e, 'b> {
    pub(super) opens: &'e [Open],
    pub(super) seen: Seen<'e>,
    pub(super) variables: &'e [String],
    pub(super) budget: &'b mut Budget,
}

/// What a [`Local`] leads to.
enum Reached<'e> {
    Nothing,
    Itself,
    Above,
    Values(Vec<Cow<'e, str>>),
}

impl<'e> Here<'e, '_> {
    fn reach(&self, local: &Local) -> Reached<'e> {
        if !local.itself.iter().all(|test| self.seen.passes_as_itself(test)) {
            return Reached::Nothing;
        }
        let Some(above) = self.above(&local.upwards) else { return Reached::Nothing };
        match (&local.attribute, above) {
            (None, None) => match self.seen {
                Seen::Root | Seen::Element(_) => Reached::Itself,
                Seen::Attribute(_, attribute) => Reached::Values(vec![Cow::Borrowed(attribute.value)]),
                Seen::Leaf(leaf) => Reached::Values(vec![Cow::Borrowed(leaf.value)]),
            },
            (None, Some(_)) => Reached::Above,
            (Some(test), None) => match self.seen {
                Seen::Element(start) => values(start, test),
                Seen::Root | Seen::Attribute(..) | Seen::Leaf(_) => Reached::Nothing,
            },
            (Some(test), Some(Above::Owner(start))) => values(start, test),
            (Some(StepTest::Name(name)), Some(Above::Open(open))) => {
                let of_name = open.attributes.iter().filter(|(symbol, _)| symbol == name);
                some(of_name.map(|(_, value)| Cow::Borrowed(&**value)).collect())
            }
            (Some(_), Some(Above::Open(_) | Above::Root)) => Reached::Nothing,
        }
    }

    /// The element so many steps up, if the tests pass; none within where there are no steps.
    fn above(&self, upwards: &[StepTest]) -> Option<Option<Above<'e>>> {
        let mut above = None;
        let mut depth = self.opens.len();
        let mut owner = if let Seen::Attribute(start, _) = self.seen { Some(start) } else { None };
        for test in upwards {
            if let Some(start) = owner.take() {
                if !Seen::Element(start).passes(test) {
                    return None;
                }
                above = Some(Above::Owner(start));
                continue;
            }
            if matches!(self.seen, Seen::Root) || matches!(above, Some(Above::Root)) {
                return None;
            }
            above = Some(match depth.checked_sub(1).and_then(|at| self.opens.get(at)) {
                Some(open) => Above::Open(open),
                None => Above::Root,
            });
            depth = depth.saturating_sub(1);
            let passes = match (test, above.as_ref()) {
                (StepTest::Node, _) => true,
                (StepTest::Any, Some(Above::Open(_))) => true,
                (StepTest::Name(name), Some(Above::Open(open))) => open.symbol == *name,
                (
                    StepTest::Any
                    | StepTest::Name(_)
                    | StepTest::Namespace(_)
                    | StepTest::Text
                    | StepTest::Comment
                    | StepTest::Instruction(_),
                    _,
                ) => false,
            };
            if !passes {
                return None;
            }
        }
        Some(above)
    }

    fn values(&self, nodes: &Local) -> Vec<Cow<'e, str>> {
        match self.reach(nodes) {
            Reached::Values(values) => values,
            Reached::Nothing | Reached::Itself | Reached::Above => Vec::new(),
        }
    }
}

/// An element above a node that begins.
enum Above<'e> {
    /// Of an attribute: its element, whose tag is at hand.
    Owner(&'e Start<'e>),
    Open(&'e Open),
    Root,
}

fn values<'e>(start: &'e Start<'e>, test: &StepTest) -> Reached<'e> {
    let passing = start.attributes().filter(|attribute| Seen::Attribute(start, attribute).passes(test));
    some(passing.map(|attribute| Cow::Borrowed(attribute.value)).collect())
}

fn some(values: Vec<Cow<'_, str>>) -> Reached<'_> {
    if values.is_empty() { Reached::Nothing } else { Reached::Values(values) }
}

/// The context is the position.
impl<'e> Scalars<'e, Local> for Here<'e, '_> {
    type Context = usize;

    fn exists(&mut self, nodes: &'e Local, _: usize) -> Result<bool, EvaluationError> {
        Ok(!matches!(self.reach(nodes), Reached::Nothing))
    }

    fn count(&mut self, nodes: &'e Local, _: usize) -> Result<f64, EvaluationError> {
        Ok(match self.reach(nodes) {
            Reached::Nothing => 0.0,
            Reached::Itself | Reached::Above => 1.0,
            Reached::Values(values) => values.len() as f64,
        })
    }

    fn sum(&mut self, nodes: &'e Local, _: usize) -> Result<f64, EvaluationError> {
        Ok(self.values(nodes).iter().map(|value| number::parse(value)).sum())
    }

    fn first_value(&mut self, nodes: &'e Local, _: usize) -> Result<Cow<'e, str>, EvaluationError> {
        Ok(self.values(nodes).into_iter().next().unwrap_or_default())
    }

    fn first_name(&mut self, part: NamePart, nodes: &'e Local, _: usize) -> Result<Cow<'e, str>, EvaluationError> {
        let is_there = !matches!(self.reach(nodes), Reached::Nothing);
        Ok(if is_there { Cow::Owned(self.seen.name(part).to_owned()) } else { Cow::Borrowed("") })
    }

    fn comparison(&mut self, comparison: &'e Comparison<Local>, position: usize) -> Result<bool, EvaluationError> {
        let mut left = self.operand(&comparison.first, position)?;
        let first = std::iter::once((comparison.relation, &comparison.second));
        for (relation, operand) in first.chain(comparison.rest.iter().map(|(relation, operand)| (*relation, operand))) {
            let right = self.operand(operand, position)?;
            self.budget.spend(left.len() * right.len())?;
            left = Operand::Single(Single::Boolean(compare(relation, &left, &right)));
        }
        Ok(matches!(left, Operand::Single(Single::Boolean(true))))
    }

    fn lang(&mut self, _: &str, _: usize) -> Result<bool, EvaluationError> {
        Ok(false)
    }

    fn place(&self, position: usize) -> (usize, usize) {
        (position, 1)
    }

    fn variable(&self, number: usize) -> &'e str {
        self.variables.get(number).map_or("", String::as_str)
    }

    fn pay(&mut self, text: &str) -> Result<(), EvaluationError> {
        self.budget.spend_text(text)
    }

    fn pay_condition(&mut self) -> Result<(), EvaluationError> {
        self.budget.spend(1)
    }
}

enum Operand<'e> {
    Values(Vec<Cow<'e, str>>),
    Single(Single<'e>),
}

impl<'e> Here<'e, '_> {
    fn operand(&mut self, expr: &'e Expr<Local>, position: usize) -> Result<Operand<'e>, EvaluationError> {
        Ok(match expr {
            Expr::Nodes(nodes) => Operand::Values(self.values(nodes)),
            Expr::Boolean(boolean) => Operand::Single(Single::Boolean(self.boolean(boolean, position)?)),
            Expr::Number(number) => Operand::Single(Single::Number(self.number(number, position)?)),
            Expr::Text(text) => Operand::Single(Single::Text(self.text(text, position)?)),
        })
    }
}

impl Operand<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Single(_) => 1,
        }
    }
}

/// As section 3.4 has it; an element has at most a few hundred attributes.
fn compare(relation: Relation, left: &Operand<'_>, right: &Operand<'_>) -> bool {
    match (left, right) {
        (Operand::Single(left), Operand::Single(right)) => fits(relation, left, right),
        (Operand::Values(values), Operand::Single(single @ Single::Boolean(_))) => {
            fits(relation, &Single::Boolean(!values.is_empty()), single)
        }
        (Operand::Single(single @ Single::Boolean(_)), Operand::Values(values)) => {
            fits(relation, single, &Single::Boolean(!values.is_empty()))
        }
        (Operand::Values(values), Operand::Single(single)) => values.iter().any(|value| fits(relation, &text(value), single)),
        (Operand::Single(single), Operand::Values(values)) => values.iter().any(|value| fits(relation, single, &text(value))),
        (Operand::Values(left), Operand::Values(right)) => {
            left.iter().any(|one| right.iter().any(|other| fits(relation, &text(one), &text(other))))
        }
    }
}

fn text(value: &str) -> Single<'_> {
    Single::Text(Cow::Borrowed(value))
}
