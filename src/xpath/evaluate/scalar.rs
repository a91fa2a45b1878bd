//! Booleans, numbers and strings of the model (sections 3.4, 3.5 and 4).

use std::borrow::Cow;

use super::Context;
use super::Evaluator;
use crate::xml::name::XML_NS;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::NodeId;
use crate::xpath::document::NodeKind;
use crate::xpath::model::Arithmetic;
use crate::xpath::model::BooleanExpr;
use crate::xpath::model::NamePart;
use crate::xpath::model::NodeExpr;
use crate::xpath::model::NumberExpr;
use crate::xpath::model::Rounding;
use crate::xpath::model::Substring;
use crate::xpath::model::TextExpr;
use crate::xpath::number;
use crate::xpath::text;
use crate::xpath::value::is_true;

impl<'a> Evaluator<'a, '_> {
    pub(super) fn boolean(&mut self, boolean: &'a BooleanExpr, context: Context) -> Result<bool, EvaluationError> {
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
            BooleanExpr::Lang(wanted) => self.lang(wanted, context),
        }
    }

    /// Whether one of them has this value; those behind it are not evaluated.
    fn meets(&mut self, members: &'a [BooleanExpr], context: Context, wanted: bool) -> Result<bool, EvaluationError> {
        for member in members {
            if self.boolean(member, context)? == wanted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The nearest `xml:lang` upwards (section 4.3).
    fn lang(&mut self, wanted: &'a TextExpr, context: Context) -> Result<bool, EvaluationError> {
        let wanted = self.text(wanted, context)?;
        let Some(name) = self.document.names.find(XML_NS, "lang") else { return Ok(false) };
        let mut next = Some(context.node);
        while let Some(here) = next {
            let node = self.document.node(here.index);
            self.budget.spend(1)?;
            if self.document.kind(here) == NodeKind::Element {
                let is_lang = |index: &u32| self.document.node(*index).name == name;
                self.budget.spend((node.children - here.index) as usize)?;
                if let Some(found) = (here.index + 1..node.children).find(is_lang) {
                    return Ok(text::is_language(&self.document.string_value(NodeId::of(found)), &wanted));
                }
            }
            next = self.document.parent(here);
        }
        Ok(false)
    }

    pub(super) fn number(&mut self, number: &'a NumberExpr, context: Context) -> Result<f64, EvaluationError> {
        // Counts of nodes are below 2^32 and exact as doubles.
        match number {
            NumberExpr::Constant(value) => Ok(*value),
            NumberExpr::Position => Ok(context.position as f64),
            NumberExpr::Last => Ok(context.size as f64),
            NumberExpr::Count(nodes) => Ok(self.nodes(nodes, context)?.len() as f64),
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

    fn sum(&mut self, nodes: &'a NodeExpr, context: Context) -> Result<f64, EvaluationError> {
        let mut sum = 0.0;
        for node in self.nodes(nodes, context)? {
            sum += number::parse(&self.value(node)?);
        }
        Ok(sum)
    }

    /// A string, paid for by its length.
    pub(super) fn text(&mut self, text: &'a TextExpr, context: Context) -> Result<Cow<'a, str>, EvaluationError> {
        let value = self.any_text(text, context)?;
        self.budget.spend_text(&value)?;
        Ok(value)
    }

    fn any_text(&mut self, text: &'a TextExpr, context: Context) -> Result<Cow<'a, str>, EvaluationError> {
        match text {
            TextExpr::Constant(value) => Ok(Cow::Borrowed(value)),
            TextExpr::Variable(number) => Ok(Cow::Borrowed(self.variable(*number))),
            TextExpr::Value(nodes) => match self.first(nodes, context)? {
                Some(node) => self.value(node),
                None => Ok(Cow::Borrowed("")),
            },
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
            TextExpr::Name(part, nodes) => Ok(match self.first(nodes, context)? {
                None => Cow::Borrowed(""),
                Some(node) => Cow::Borrowed(match part {
                    NamePart::Local => self.document.local_name(node),
                    NamePart::Namespace => self.document.namespace_uri(node),
                    NamePart::Written => self.document.name(node),
                }),
            }),
        }
    }

    fn variable(&self, number: usize) -> &'a str {
        let variables = self.variables;
        self.expression.variables.get(number).and_then(|name| variables.value(name)).unwrap_or_default()
    }

    /// The first node in document order.
    fn first(&mut self, nodes: &'a NodeExpr, context: Context) -> Result<Option<NodeId>, EvaluationError> {
        Ok(self.nodes(nodes, context)?.first().copied())
    }

    fn pair(&mut self, [first, second]: &'a [TextExpr; 2], context: Context) -> Result<(Cow<'a, str>, Cow<'a, str>), EvaluationError> {
        Ok((self.text(first, context)?, self.text(second, context)?))
    }

    fn substring(&mut self, substring: &'a Substring, context: Context) -> Result<Cow<'a, str>, EvaluationError> {
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

pub(in crate::xpath) fn calculate(operator: Arithmetic, left: f64, right: f64) -> f64 {
    match operator {
        Arithmetic::Plus => left + right,
        Arithmetic::Minus => left - right,
        Arithmetic::Times => left * right,
        Arithmetic::Div => left / right,
        Arithmetic::Mod => left % right,
    }
}

pub(in crate::xpath) fn round(rounding: Rounding, value: f64) -> f64 {
    match rounding {
        Rounding::Floor => value.floor(),
        Rounding::Ceiling => value.ceil(),
        Rounding::Round => number::round(value),
    }
}
