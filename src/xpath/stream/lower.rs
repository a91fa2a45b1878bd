//! From node-sets as paths to what stands for them in a pass over the events; all that is made of node-sets keeps its form.

use crate::xpath::model::BooleanExpr;
use crate::xpath::model::Comparison;
use crate::xpath::model::Expr;
use crate::xpath::model::NamePart;
use crate::xpath::model::NodeExpr;
use crate::xpath::model::NumberExpr;
use crate::xpath::model::Substring;
use crate::xpath::model::TextExpr;

/// Why an expression cannot be evaluated while the document passes; words for the operator.
pub(super) type Obstacle = String;

/// One who puts something in the place of each node-set, by what is wanted of it.
pub(super) trait Lower<N> {
    fn exists(&mut self, nodes: &NodeExpr) -> Result<N, Obstacle>;
    fn count(&mut self, nodes: &NodeExpr) -> Result<N, Obstacle>;
    fn sum(&mut self, nodes: &NodeExpr) -> Result<N, Obstacle>;
    fn first_value(&mut self, nodes: &NodeExpr) -> Result<N, Obstacle>;
    fn first_name(&mut self, part: NamePart, nodes: &NodeExpr) -> Result<N, Obstacle>;
    fn comparison(&mut self, comparison: &Comparison) -> Result<BooleanExpr<N>, Obstacle>;

    /// The number of a variable of the expression among those of all expressions.
    fn variable(&mut self, number: usize) -> usize;

    fn boolean(&mut self, boolean: &BooleanExpr) -> Result<BooleanExpr<N>, Obstacle> {
        Ok(match boolean {
            BooleanExpr::Constant(value) => BooleanExpr::Constant(*value),
            BooleanExpr::Or(members) => BooleanExpr::Or(members.iter().map(|member| self.boolean(member)).collect::<Result<_, _>>()?),
            BooleanExpr::And(members) => BooleanExpr::And(members.iter().map(|member| self.boolean(member)).collect::<Result<_, _>>()?),
            BooleanExpr::Not(inner) => BooleanExpr::Not(Box::new(self.boolean(inner)?)),
            BooleanExpr::Exists(nodes) => BooleanExpr::Exists(self.exists(nodes)?),
            BooleanExpr::Nonzero(number) => BooleanExpr::Nonzero(Box::new(self.number(number)?)),
            BooleanExpr::Nonempty(text) => BooleanExpr::Nonempty(Box::new(self.text(text)?)),
            BooleanExpr::Compare(comparison) => self.comparison(comparison)?,
            BooleanExpr::StartsWith(pair) => BooleanExpr::StartsWith(Box::new(self.texts(pair)?)),
            BooleanExpr::Contains(pair) => BooleanExpr::Contains(Box::new(self.texts(pair)?)),
            BooleanExpr::Lang(_) => return Err(String::from("`lang()` looks at all elements around a node")),
        })
    }

    fn number(&mut self, number: &NumberExpr) -> Result<NumberExpr<N>, Obstacle> {
        Ok(match number {
            NumberExpr::Constant(value) => NumberExpr::Constant(*value),
            NumberExpr::Position => NumberExpr::Position,
            NumberExpr::Last => NumberExpr::Last,
            NumberExpr::Count(nodes) => NumberExpr::Count(self.count(nodes)?),
            NumberExpr::Sum(nodes) => NumberExpr::Sum(self.sum(nodes)?),
            NumberExpr::Parse(text) => NumberExpr::Parse(Box::new(self.text(text)?)),
            NumberExpr::Truth(boolean) => NumberExpr::Truth(Box::new(self.boolean(boolean)?)),
            NumberExpr::Rounded(rounding, inner) => NumberExpr::Rounded(*rounding, Box::new(self.number(inner)?)),
            NumberExpr::Chain(first, rest) => {
                let first = Box::new(self.number(first)?);
                let rest = rest.iter().map(|(operator, right)| Ok((*operator, self.number(right)?))).collect::<Result<_, Obstacle>>()?;
                NumberExpr::Chain(first, rest)
            }
            NumberExpr::Negative(inner) => NumberExpr::Negative(Box::new(self.number(inner)?)),
            NumberExpr::Length(text) => NumberExpr::Length(Box::new(self.text(text)?)),
        })
    }

    fn text(&mut self, text: &TextExpr) -> Result<TextExpr<N>, Obstacle> {
        Ok(match text {
            TextExpr::Constant(value) => TextExpr::Constant(value.clone()),
            TextExpr::Variable(number) => TextExpr::Variable(self.variable(*number)),
            TextExpr::Value(nodes) => TextExpr::Value(self.first_value(nodes)?),
            TextExpr::Digits(number) => TextExpr::Digits(Box::new(self.number(number)?)),
            TextExpr::Truth(boolean) => TextExpr::Truth(Box::new(self.boolean(boolean)?)),
            TextExpr::Concat(parts) => TextExpr::Concat(parts.iter().map(|part| self.text(part)).collect::<Result<_, _>>()?),
            TextExpr::Before(pair) => TextExpr::Before(Box::new(self.texts(pair)?)),
            TextExpr::After(pair) => TextExpr::After(Box::new(self.texts(pair)?)),
            TextExpr::Substring(substring) => {
                let (text, from) = (self.text(&substring.text)?, self.number(&substring.from)?);
                let length = match &substring.length {
                    Some(length) => Some(self.number(length)?),
                    None => None,
                };
                TextExpr::Substring(Box::new(Substring { text, from, length }))
            }
            TextExpr::Normalized(inner) => TextExpr::Normalized(Box::new(self.text(inner)?)),
            TextExpr::Translated(three) => {
                let [text, from, to] = &**three;
                TextExpr::Translated(Box::new([self.text(text)?, self.text(from)?, self.text(to)?]))
            }
            TextExpr::Name(part, nodes) => TextExpr::Name(*part, self.first_name(*part, nodes)?),
        })
    }

    fn texts(&mut self, [first, second]: &[TextExpr; 2]) -> Result<[TextExpr<N>; 2], Obstacle> {
        Ok([self.text(first)?, self.text(second)?])
    }

    /// A part that is no node-set.
    fn scalar(&mut self, expr: &Expr) -> Result<Expr<N>, Obstacle> {
        Ok(match expr {
            // Where a boolean stands on the other side, only whether there is a node counts.
            Expr::Nodes(nodes) => Expr::Boolean(BooleanExpr::Exists(self.exists(nodes)?)),
            Expr::Boolean(boolean) => Expr::Boolean(self.boolean(boolean)?),
            Expr::Number(number) => Expr::Number(self.number(number)?),
            Expr::Text(text) => Expr::Text(self.text(text)?),
        })
    }
}

/// The comparisons behind the first of a level: a boolean stands on their left.
pub(super) fn behind<N, L: Lower<N> + ?Sized>(
    lower: &mut L,
    first: BooleanExpr<N>,
    comparison: &Comparison,
) -> Result<BooleanExpr<N>, Obstacle> {
    let rest = comparison.rest.iter().map(|(relation, operand)| Ok((*relation, lower.scalar(operand)?)));
    let mut rest = rest.collect::<Result<Vec<_>, Obstacle>>()?.into_iter();
    let Some((relation, second)) = rest.next() else { return Ok(first) };
    Ok(BooleanExpr::Compare(Box::new(Comparison { first: Expr::Boolean(first), relation, second, rest: rest.collect() })))
}
