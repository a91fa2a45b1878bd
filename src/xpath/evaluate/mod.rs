//! The tree evaluator: any expression on a document in memory.
//!
//! Each type of the model has its function, so that a value is never of a wrong type. Node-sets are lists in document order. All
//! work is paid for from the budget; recursion is by brackets of the expression alone, never by the document.

pub(super) mod compare;
mod nodes;
mod path;
mod walk;

use std::borrow::Cow;

use crate::xpath::budget::Budget;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::Document;
use crate::xpath::document::NONE;
use crate::xpath::document::NodeId;
use crate::xpath::environment::Variables;
use crate::xpath::expression::Expression;
use crate::xpath::model::Expr;
use crate::xpath::scalar::Scalars;
use crate::xpath::value::Value;

impl Expression {
    /// The value of the expression for a context node, by the tree evaluator.
    ///
    /// ```
    /// use castile::xml::limits::Limits;
    /// use castile::xpath::Budget;
    /// use castile::xpath::Document;
    /// use castile::xpath::Environment;
    /// use castile::xpath::Expression;
    ///
    /// let expression = Expression::compile("sum(//b) > 2", &Environment::default()).expect("well-formed");
    /// let document = Document::read(b"<a><b>1</b><b>2</b></a>", &Limits::default())?;
    /// let value = expression.evaluate(&document, document.root(), &(), &mut Budget::default());
    /// assert!(value.is_ok_and(|value| value.boolean()));
    /// # Ok::<(), castile::xml::error::XmlError>(())
    /// ```
    ///
    /// # Errors
    /// If the budget runs out.
    pub fn evaluate(
        &self,
        document: &Document<'_>,
        context: NodeId,
        variables: &dyn Variables,
        budget: &mut Budget,
    ) -> Result<Value, EvaluationError> {
        let names = self.names.iter().map(|name| document.names.find(name.ns.as_str(), name.local.as_str()).unwrap_or(NONE)).collect();
        let mut evaluator = Evaluator { expression: self, document, variables, budget, names };
        let context = Context { node: context, position: 1, size: 1 };
        Ok(match &self.root {
            Expr::Nodes(nodes) => Value::Nodes(evaluator.nodes(nodes, context)?),
            Expr::Boolean(boolean) => Value::Boolean(evaluator.boolean(boolean, context)?),
            Expr::Number(number) => Value::Number(evaluator.number(number, context)?),
            Expr::Text(text) => Value::Text(evaluator.text(text, context)?.into_owned()),
        })
    }
}

struct Evaluator<'a, 'i> {
    expression: &'a Expression,
    document: &'a Document<'i>,
    variables: &'a dyn Variables,
    budget: &'a mut Budget,
    /// The expression's names as numbers of the document.
    names: Vec<u32>,
}

/// What an expression is evaluated for (section 1).
#[derive(Clone, Copy)]
struct Context {
    node: NodeId,
    position: usize,
    size: usize,
}

impl<'a> Evaluator<'a, '_> {
    /// The string-value of a node, paid for.
    fn value(&mut self, node: NodeId) -> Result<Cow<'a, str>, EvaluationError> {
        self.budget.spend(self.document.cost_of_value(node))?;
        Ok(self.document.string_value(node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::limits::Limits;
    use crate::xpath::environment::Environment;

    fn evaluate(expression: &str, text: &str, budget: &mut Budget) -> Result<Value, EvaluationError> {
        let expression = Expression::compile(expression, &Environment::default()).expect(expression);
        let document = Document::read(text.as_bytes(), &Limits::default()).expect("well-formed");
        expression.evaluate(&document, document.root(), &(), budget)
    }

    #[test]
    fn what_is_quadratic_ends_at_the_budget() {
        let text = format!("<a>{}</a>", "<b>x</b>".repeat(10_000));
        let stopped = evaluate("//b[preceding::b = 'y']", &text, &mut Budget::default());
        assert_eq!(stopped, Err(EvaluationError::Budget(10_000_000)));
    }

    #[test]
    fn comparisons_and_whole_axes_are_linear() {
        let text = format!("<a>{}</a>", "<b>x</b><c>y</c>".repeat(10_000));
        for expression in
            ["//b = //c", "//b != //b", "//b < //c", "count(//b/following::c)", "count(//c/preceding-sibling::b)", "count(//b/ancestor::*)"]
        {
            let mut budget = Budget::default();
            assert!(evaluate(expression, &text, &mut budget).is_ok());
            assert!(budget.spent() < 600_000, "{expression}: {}", budget.spent());
        }
    }

    #[test]
    fn text_is_paid_for() {
        let text = format!("<a>{}</a>", "x".repeat(1 << 20));
        let long = format!("string-length(concat({}''))", "/a, ".repeat(2000));
        assert!(evaluate(&long, &text, &mut Budget::default()).is_err());
    }

    #[test]
    fn deep_predicates_need_no_large_stack() {
        let deep = format!("count(a{}{})", "[1 + a > not(a = ../a".repeat(49), ")]".repeat(49));
        let text = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        let work = move || assert!(evaluate(&deep, &text, &mut Budget::default()).is_ok());
        std::thread::Builder::new().stack_size(1 << 20).spawn(work).expect("a thread").join().expect("no overflow");
    }
}
