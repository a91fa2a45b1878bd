//! Comparisons (section 3.4): with node-sets they ask whether some node, or some pair of nodes, fits.
//!
//! Two sets are never compared pair by pair: equal ones are found by a table, different ones by the first that differs, order by
//! the least and the greatest.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Context;
use super::Evaluator;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::NodeId;
use crate::xpath::model::Comparison;
use crate::xpath::model::Expr;
use crate::xpath::model::Relation;
use crate::xpath::number;
use crate::xpath::scalar::Scalars;
use crate::xpath::value::is_true;

/// One side of a comparison, a string still borrowed.
enum Operand<'a> {
    Nodes(Vec<NodeId>),
    Single(Single<'a>),
}

/// A side that is no node-set.
#[derive(Debug)]
pub(in crate::xpath) enum Single<'a> {
    Boolean(bool),
    Number(f64),
    Text(Cow<'a, str>),
}

impl<'a> Evaluator<'a, '_> {
    pub(super) fn comparison_of(&mut self, comparison: &'a Comparison, context: Context) -> Result<bool, EvaluationError> {
        let first = self.operand(&comparison.first, context)?;
        let second = self.operand(&comparison.second, context)?;
        let mut result = self.compare(comparison.relation, first, second)?;
        for (relation, operand) in &comparison.rest {
            let operand = self.operand(operand, context)?;
            result = self.compare(*relation, Operand::Single(Single::Boolean(result)), operand)?;
        }
        Ok(result)
    }

    fn operand(&mut self, expr: &'a Expr, context: Context) -> Result<Operand<'a>, EvaluationError> {
        Ok(match expr {
            Expr::Nodes(nodes) => Operand::Nodes(self.nodes(nodes, context)?),
            Expr::Boolean(boolean) => Operand::Single(Single::Boolean(self.boolean(boolean, context)?)),
            Expr::Number(number) => Operand::Single(Single::Number(self.number(number, context)?)),
            Expr::Text(text) => Operand::Single(Single::Text(self.text(text, context)?)),
        })
    }

    fn compare(&mut self, relation: Relation, left: Operand<'a>, right: Operand<'a>) -> Result<bool, EvaluationError> {
        match (left, right) {
            (Operand::Single(left), Operand::Single(right)) => Ok(fits(relation, &left, &right)),
            (Operand::Nodes(nodes), Operand::Single(single)) => self.some_fits(relation, &nodes, &single),
            (Operand::Single(single), Operand::Nodes(nodes)) => self.some_fits(relation.turned(), &nodes, &single),
            (Operand::Nodes(left), Operand::Nodes(right)) => match relation {
                Relation::Equal => self.some_equal(&left, &right),
                Relation::NotEqual => self.some_different(&left, &right),
                Relation::Less | Relation::LessOrEqual => self.in_sequence(relation, &left, &right),
                Relation::Greater | Relation::GreaterOrEqual => self.in_sequence(relation.turned(), &right, &left),
            },
        }
    }

    /// Whether some node is in this relation to a value.
    fn some_fits(&mut self, relation: Relation, nodes: &[NodeId], single: &Single<'a>) -> Result<bool, EvaluationError> {
        if let Single::Boolean(_) = single {
            return Ok(fits(relation, &Single::Boolean(!nodes.is_empty()), single));
        }
        for node in nodes {
            if fits(relation, &Single::Text(self.value(*node)?), single) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn some_equal(&mut self, left: &[NodeId], right: &[NodeId]) -> Result<bool, EvaluationError> {
        let (few, many) = if left.len() <= right.len() { (left, right) } else { (right, left) };
        if few.is_empty() {
            return Ok(false);
        }
        let mut values = HashSet::new();
        for node in few {
            values.insert(self.value(*node)?);
        }
        for node in many {
            if values.contains(&self.value(*node)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Not so only if all nodes of both have one value.
    fn some_different(&mut self, left: &[NodeId], right: &[NodeId]) -> Result<bool, EvaluationError> {
        let (Some(first), Some(_)) = (left.first(), right.first()) else { return Ok(false) };
        let value = self.value(*first)?;
        for node in right.iter().chain(left) {
            if self.value(*node)? != value {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the least on the left is below the greatest on the right.
    fn in_sequence(&mut self, relation: Relation, left: &[NodeId], right: &[NodeId]) -> Result<bool, EvaluationError> {
        if left.is_empty() || right.is_empty() {
            return Ok(false);
        }
        let (mut least, mut greatest) = (f64::NAN, f64::NAN);
        for node in left {
            least = least.min(number::parse(&self.value(*node)?));
        }
        for node in right {
            greatest = greatest.max(number::parse(&self.value(*node)?));
        }
        Ok(ordered(relation, least, greatest))
    }
}

/// Whether two values that are no node-sets are in a relation.
pub(in crate::xpath) fn fits(relation: Relation, left: &Single<'_>, right: &Single<'_>) -> bool {
    match relation {
        Relation::Equal => equal(left, right),
        Relation::NotEqual => !equal(left, right),
        Relation::Less | Relation::LessOrEqual | Relation::Greater | Relation::GreaterOrEqual => {
            ordered(relation, left.number(), right.number())
        }
    }
}

fn equal(left: &Single<'_>, right: &Single<'_>) -> bool {
    match (left, right) {
        (Single::Boolean(_), _) | (_, Single::Boolean(_)) => left.boolean() == right.boolean(),
        (Single::Number(_), _) | (_, Single::Number(_)) => left.number() == right.number(),
        (Single::Text(left), Single::Text(right)) => left == right,
    }
}

/// A comparison of numbers; with NaN only `!=` holds.
pub(in crate::xpath) fn ordered(relation: Relation, left: f64, right: f64) -> bool {
    match relation {
        Relation::Equal => left == right,
        Relation::NotEqual => left != right,
        Relation::Less => left < right,
        Relation::LessOrEqual => left <= right,
        Relation::Greater => left > right,
        Relation::GreaterOrEqual => left >= right,
    }
}

impl Relation {
    /// The same seen from the other side.
    pub(in crate::xpath) fn turned(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::NotEqual => Self::NotEqual,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }
}

impl Single<'_> {
    fn boolean(&self) -> bool {
        match self {
            Self::Boolean(boolean) => *boolean,
            Self::Number(number) => is_true(*number),
            Self::Text(text) => !text.is_empty(),
        }
    }

    fn number(&self) -> f64 {
        match self {
            Self::Boolean(boolean) => f64::from(u8::from(*boolean)),
            Self::Number(number) => *number,
            Self::Text(text) => number::parse(text),
        }
    }
}
