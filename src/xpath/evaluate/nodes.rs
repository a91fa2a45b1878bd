//! What the tree evaluator tells of node-sets.

use std::borrow::Cow;

use super::Context;
use super::Evaluator;
use crate::xml::name::XML_NS;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::NodeId;
use crate::xpath::document::NodeKind;
use crate::xpath::model::Comparison;
use crate::xpath::model::NamePart;
use crate::xpath::model::NodeExpr;
use crate::xpath::number;
use crate::xpath::scalar::Scalars;
use crate::xpath::text;

impl<'a> Scalars<'a, NodeExpr> for Evaluator<'a, '_> {
    type Context = Context;

    fn exists(&mut self, nodes: &'a NodeExpr, context: Context) -> Result<bool, EvaluationError> {
        self.has_node(nodes, context)
    }

    fn count(&mut self, nodes: &'a NodeExpr, context: Context) -> Result<f64, EvaluationError> {
        Ok(self.nodes(nodes, context)?.len() as f64)
    }

    fn sum(&mut self, nodes: &'a NodeExpr, context: Context) -> Result<f64, EvaluationError> {
        let mut sum = 0.0;
        for node in self.nodes(nodes, context)? {
            sum += number::parse(&self.value(node)?);
        }
        Ok(sum)
    }

    fn first_value(&mut self, nodes: &'a NodeExpr, context: Context) -> Result<Cow<'a, str>, EvaluationError> {
        match self.nodes(nodes, context)?.first() {
            Some(node) => self.value(*node),
            None => Ok(Cow::Borrowed("")),
        }
    }

    fn first_name(&mut self, part: NamePart, nodes: &'a NodeExpr, context: Context) -> Result<Cow<'a, str>, EvaluationError> {
        let document = self.document;
        let Some(node) = self.nodes(nodes, context)?.first().copied() else { return Ok(Cow::Borrowed("")) };
        Ok(Cow::Borrowed(match part {
            NamePart::Local => document.local_name(node),
            NamePart::Namespace => document.namespace_uri(node),
            NamePart::Written => document.name(node),
        }))
    }

    fn comparison(&mut self, comparison: &'a Comparison, context: Context) -> Result<bool, EvaluationError> {
        self.comparison_of(comparison, context)
    }

    /// The nearest `xml:lang` upwards (section 4.3).
    fn lang(&mut self, wanted: &str, context: Context) -> Result<bool, EvaluationError> {
        let Some(name) = self.document.names.find(XML_NS, "lang") else { return Ok(false) };
        let mut next = Some(context.node);
        while let Some(here) = next {
            self.budget.spend(1)?;
            if self.document.kind(here) == NodeKind::Element {
                let node = self.document.node(here.index);
                self.budget.spend((node.children - here.index) as usize)?;
                let is_lang = |index: &u32| self.document.node(*index).name == name;
                if let Some(found) = (here.index + 1..node.children).find(is_lang) {
                    return Ok(text::is_language(&self.document.string_value(NodeId::of(found)), wanted));
                }
            }
            next = self.document.parent(here);
        }
        Ok(false)
    }

    fn place(&self, context: Context) -> (usize, usize) {
        (context.position, context.size)
    }

    fn variable(&self, number: usize) -> &'a str {
        let variables = self.variables;
        self.expression.variables.get(number).and_then(|name| variables.value(name)).unwrap_or_default()
    }

    fn pay(&mut self, text: &str) -> Result<(), EvaluationError> {
        self.budget.spend_text(text)
    }

    fn pay_condition(&mut self) -> Result<(), EvaluationError> {
        self.budget.spend(1)
    }
}
