//! Booleans, numbers and strings of the model (sections 3.4, 3.5 and 4), whatever stands for node-sets in it.

use std::borrow::Cow;

use crate::xpath::budget::EvaluationError;
use crate::xpath::model::Arithmetic;
use crate::xpath::model::BooleanExpr;
use crate::xpath::model::Comparison;
use crate::xpath::model::NamePart;
use crate::xpath::model::NumberExpr;
use crate::xpath::model::Rounding;
use crate::xpath::model::Substring;
use crate::xpath::model::TextExpr;
use crate::xpath::number;
use crate::xpath::text;
use crate::xpath::value::is_true;

/// One who can tell of node-sets, and thereby of all that is made of them. Text lives as long as `'a`.
pub(super) trait Scalars<'a, N: 'a> {
    /// What an expression is evaluated for.
    type Context: Copy;

    fn exists(&mut self, nodes: &'a N, context: Self::Context) -> Result<bool, EvaluationError>;
    fn count(&mut self, nodes: &'a N, context: Self::Context) -> Result<f64, EvaluationError>;
    fn sum(&mut self, nodes: &'a N, context: Self::Context) -> Result<f64, EvaluationError>;
    /// The string-value of the first node, empty if there is none.
    fn first_value(&mut self, nodes: &'a N, context: Self::Context) -> Result<Cow<'a, str>, EvaluationError>;
    /// A part of the first node's name, empty if there is none.
    fn first_name(&mut self, part: NamePart, nodes: &'a N, context: Self::Context) -> Result<Cow<'a, str>, EvaluationError>;
    fn comparison(&mut self, comparison: &'a Comparison<N>, context: Self::Context) -> Result<bool, EvaluationError>;
    fn lang(&mut self, wanted: &str, context: Self::Context) -> Result<bool, EvaluationError>;
    /// Position and size.
    fn place(&self, context: Self::Context) -> (usize, usize);
    /// The value of a variable, by its number in the expression.
    fn variable(&self, number: usize) -> &'a str;
    /// Pays for text that was made or taken.
    fn pay(&mut self, text: &str) -> Result<(), EvaluationError>;
    /// Pays for a condition, whatever it asks for: there may be thousands in one expression.
    fn pay_condition(&mut self) -> Result<(), EvaluationError>;

    fn boolean(&mut self, boolean: &'a BooleanExpr<N>, context: Self::Context) -> Result<bool, EvaluationError> {
        self.pay_condition()?;
        match boolean {
            BooleanExpr::Constant(value) => Ok(*value),
            BooleanExpr::Or(members) => self.meets(members, context, true),
            BooleanExpr::And(members) => Ok(!self.meets(members, context, false)?),
            BooleanExpr::Not(inner) => Ok(!self.boolean(inner, context)?),
            BooleanExpr::Exists(nodes) => self.exists(nodes, context),
            BooleanExpr::Nonzero(number) => Ok(is_true(self.number(number, context)?)),
            BooleanExpr::Nonempty(text) => Ok(!self.text(text, context)?.is_empty()),
            BooleanExpr::Compare(comparison) => self.comparison(comparison, context),
            BooleanExpr::StartsWith(pair) => self.pair(pair, context).map(|(text, start)| text.starts_with(&*start)),
            BooleanExpr::Contains(pair) => self.pair(pair, context).map(|(text, part)| text.contains(&*part)),
            BooleanExpr::Lang(wanted) => {
                let wanted = self.text(wanted, context)?;
                self.lang(&wanted, context)
            }
        }
    }

    /// Whether one of them has this value; those behind it are not evaluated.
    fn meets(&mut self, members: &'a [BooleanExpr<N>], context: Self::Context, wanted: bool) -> Result<bool, EvaluationError> {
        for member in members {
            if self.boolean(member, context)? == wanted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn number(&mut self, number: &'a NumberExpr<N>, context: Self::Context) -> Result<f64, EvaluationError> {
        match number {
            NumberExpr::Constant(value) => Ok(*value),
            // Places and counts are below 2^32 and exact as doubles.
            NumberExpr::Position => Ok(self.place(context).0 as f64),
            NumberExpr::Last => Ok(self.place(context).1 as f64),
            NumberExpr::Count(nodes) => self.count(nodes, context),
            NumberExpr::Sum(nodes) => self.sum(nodes, context),
            NumberExpr::Parse(text) => Ok(number::parse(&self.text(text, context)?)),
            NumberExpr::Truth(boolean) => Ok(f64::from(u8::from(self.boolean(boolean, context)?))),
            NumberExpr::Rounded(rounding, inner) => Ok(round(*rounding, self.number(inner, context)?)),
            NumberExpr::Chain(first, rest) => {
                let mut left = self.number(first, context)?;
                for (operator, right) in rest {
                    left = calculate(*operator, left, self.number(right, context)?);
                }
                Ok(left)
            }
            NumberExpr::Negative(inner) => Ok(-self.number(inner, context)?),
            NumberExpr::Length(inner) => Ok(text::length(&self.text(inner, context)?)),
        }
    }

    /// A string, paid for by its length.
    fn text(&mut self, text: &'a TextExpr<N>, context: Self::Context) -> Result<Cow<'a, str>, EvaluationError> {
        let value = self.any_text(text, context)?;
        self.pay(&value)?;
        Ok(value)
    }

    fn any_text(&mut self, text: &'a TextExpr<N>, context: Self::Context) -> Result<Cow<'a, str>, EvaluationError> {
        match text {
            TextExpr::Constant(value) => Ok(Cow::Borrowed(value)),
            TextExpr::Variable(number) => Ok(Cow::Borrowed(self.variable(*number))),
            TextExpr::Value(nodes) => self.first_value(nodes, context),
            TextExpr::Digits(number) => Ok(Cow::Owned(number::write(self.number(number, context)?))),
            TextExpr::Truth(boolean) => Ok(Cow::Borrowed(if self.boolean(boolean, context)? { "true" } else { "false" })),
            TextExpr::Concat(parts) => {
                let mut whole = String::new();
                for part in parts {
                    whole.push_str(&self.text(part, context)?);
                }
                Ok(Cow::Owned(whole))
            }
            TextExpr::Before(pair) => self.pair(pair, context).map(|(text, mark)| slice(&text, 0, text::before(&text, &mark))),
            TextExpr::After(pair) => self.pair(pair, context).map(|(text, mark)| slice(&text, text::after(&text, &mark), text.len())),
            TextExpr::Substring(substring) => self.substring(substring, context),
            TextExpr::Normalized(inner) => Ok(Cow::Owned(text::normalize(&self.text(inner, context)?))),
            TextExpr::Translated(three) => {
                let [text, from, to] = &**three;
                let (text, from, to) = (self.text(text, context)?, self.text(from, context)?, self.text(to, context)?);
                Ok(Cow::Owned(text::translate(&text, &from, &to).into_owned()))
            }
            TextExpr::Name(part, nodes) => self.first_name(*part, nodes, context),
        }
    }

    fn pair(
        &mut self,
        [first, second]: &'a [TextExpr<N>; 2],
        context: Self::Context,
    ) -> Result<(Cow<'a, str>, Cow<'a, str>), EvaluationError> {
        Ok((self.text(first, context)?, self.text(second, context)?))
    }

    fn substring(&mut self, substring: &'a Substring<N>, context: Self::Context) -> Result<Cow<'a, str>, EvaluationError> {
        let text = self.text(&substring.text, context)?;
        let from = self.number(&substring.from, context)?;
        let length = match &substring.length {
            Some(length) => Some(self.number(length, context)?),
            None => None,
        };
        let (from, to) = text::substring(&text, from, length);
        Ok(slice(&text, from, to))
    }
}

fn slice(text: &str, from: usize, to: usize) -> Cow<'static, str> {
    Cow::Owned(text.get(from..to).unwrap_or_default().to_owned())
}

fn calculate(operator: Arithmetic, left: f64, right: f64) -> f64 {
    match operator {
        Arithmetic::Plus => left + right,
        Arithmetic::Minus => left - right,
        Arithmetic::Times => left * right,
        Arithmetic::Div => left / right,
        Arithmetic::Mod => left % right,
    }
}

fn round(rounding: Rounding, value: f64) -> f64 {
    match rounding {
        Rounding::Floor => value.floor(),
        Rounding::Ceiling => value.ceil(),
        Rounding::Round => number::round(value),
    }
}
