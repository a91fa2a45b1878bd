//! From syntax to model: names resolved, types checked, conversions written out. Finds all faults, not the first only.
//!
//! A part with a fault has no model; its neighbours are looked at all the same.

mod call;
mod path;

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::nearest;
use crate::xml::name::QName;
use crate::xml::name::XML_NS;
use crate::xpath::environment::Environment;
use crate::xpath::fault::Fault;
use crate::xpath::model::Arithmetic;
use crate::xpath::model::BooleanExpr;
use crate::xpath::model::Comparison;
use crate::xpath::model::Expr;
use crate::xpath::model::NodeExpr;
use crate::xpath::model::NumberExpr;
use crate::xpath::model::Relation;
use crate::xpath::model::TextExpr;
use crate::xpath::model::Uses;
use crate::xpath::number;
use crate::xpath::syntax;
use crate::xpath::syntax::Kind;
use crate::xpath::syntax::Operator;
use crate::xpath::syntax::Span;

/// What an expression becomes.
pub(super) struct Compiled {
    pub(super) root: Expr,
    pub(super) names: Vec<QName>,
    pub(super) variables: Vec<Arc<str>>,
}

/// Resolves and checks an expression.
pub(super) fn compile(expr: &syntax::Expr<'_>, environment: &Environment) -> Result<Compiled, Vec<Fault>> {
    let mut compiler = Compiler {
        environment,
        faults: Vec::new(),
        names: Vec::new(),
        numbers: HashMap::new(),
        variables: Vec::new(),
        uses: Uses::default(),
    };
    let root = compiler.expr(expr);
    match root {
        Some(root) if compiler.faults.is_empty() => Ok(Compiled { root, names: compiler.names, variables: compiler.variables }),
        Some(_) | None => Err(compiler.faults),
    }
}

struct Compiler<'c> {
    environment: &'c Environment,
    faults: Vec<Fault>,
    names: Vec<QName>,
    numbers: HashMap<QName, usize>,
    variables: Vec<Arc<str>>,
    /// What the innermost predicate asks so far.
    uses: Uses,
}

impl Compiler<'_> {
    fn expr(&mut self, expr: &syntax::Expr<'_>) -> Option<Expr> {
        match &expr.kind {
            Kind::Literal(text) => Some(Expr::Text(TextExpr::Constant((*text).into()))),
            Kind::Number(digits) => Some(Expr::Number(NumberExpr::Constant(number::parse(digits)))),
            Kind::Variable(name) => self.variable(name, &expr.span).map(Expr::Text),
            Kind::Negation(minuses, operand) => {
                let operand = self.expr(operand)?.number();
                // An even number of signs still makes a number of it.
                let odd = minuses % 2 == 1;
                Some(Expr::Number(if odd { NumberExpr::Negative(Box::new(operand)) } else { operand }))
            }
            Kind::Union(members) => self.union(members).map(Expr::Nodes),
            Kind::Path(path) => self.path(path).map(|path| Expr::Nodes(NodeExpr::Path(path))),
            Kind::Call(call) => self.call(call),
            Kind::Chain(first, rest) => self.chain(first, rest),
        }
    }

    fn variable(&mut self, name: &str, span: &Span) -> Option<TextExpr> {
        if !self.environment.has_variable(name) {
            let known = self.environment.variables();
            let fault = Fault::new("unknown-variable", span.clone(), format!("unknown variable `${name}`"));
            let help = match nearest(name, &known) {
                Some(near) => format!("did you mean `${near}`?"),
                None if known.is_empty() => String::from("there are no variables here"),
                None => format!("the variables are {}", known.iter().map(|name| format!("`${name}`")).collect::<Vec<_>>().join(", ")),
            };
            self.faults.push(fault.with_help(help));
            return None;
        }
        let known = self.variables.iter().position(|one| **one == *name);
        Some(TextExpr::Variable(known.unwrap_or_else(|| {
            self.variables.push(name.into());
            self.variables.len() - 1
        })))
    }

    fn union(&mut self, members: &[syntax::Expr<'_>]) -> Option<NodeExpr> {
        let members: Vec<_> = members.iter().map(|member| self.nodes(member, "a union takes node-sets")).collect();
        members.into_iter().collect::<Option<_>>().map(NodeExpr::Union)
    }

    /// A part that must be a node-set; `rule` says why.
    fn nodes(&mut self, expr: &syntax::Expr<'_>, rule: &str) -> Option<NodeExpr> {
        let compiled = self.expr(expr)?;
        self.only_nodes(compiled, &expr.span, rule)
    }

    fn only_nodes(&mut self, compiled: Expr, span: &Span, rule: &str) -> Option<NodeExpr> {
        let found = match compiled {
            Expr::Nodes(nodes) => return Some(nodes),
            Expr::Boolean(_) => "a boolean",
            Expr::Number(_) => "a number",
            Expr::Text(_) => "a string",
        };
        self.faults.push(Fault::new("wrong-type", span.clone(), format!("{rule}, this is {found}")));
        None
    }

    /// Operators of one level; the first tells which.
    fn chain(&mut self, first: &syntax::Expr<'_>, rest: &[(Operator, syntax::Expr<'_>)]) -> Option<Expr> {
        let first = self.expr(first);
        let rest: Vec<_> = rest.iter().map(|(operator, operand)| self.expr(operand).map(|operand| (*operator, operand))).collect();
        let (first, rest) = (first?, rest.into_iter().collect::<Option<Vec<_>>>()?);
        let Some((operator, _)) = rest.first() else { return Some(first) };
        match operator {
            Operator::Or => Some(Expr::Boolean(BooleanExpr::Or(all_booleans(first, rest)))),
            Operator::And => Some(Expr::Boolean(BooleanExpr::And(all_booleans(first, rest)))),
            Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => comparison(first, rest).map(Expr::Boolean),
            Operator::Plus | Operator::Minus | Operator::Times | Operator::Div | Operator::Mod => {
                let rest = rest.into_iter().filter_map(|(operator, operand)| Some((arithmetic(operator)?, operand.number()))).collect();
                Some(Expr::Number(NumberExpr::Chain(Box::new(first.number()), rest)))
            }
        }
    }

    /// The namespace of a prefix.
    fn namespace(&mut self, prefix: &str, span: &Span) -> Option<String> {
        if prefix == "xml" {
            return Some(XML_NS.to_owned());
        }
        if let Some(uri) = self.environment.namespace(prefix) {
            return Some(uri.to_owned());
        }
        let known = self.environment.prefixes();
        let help = match nearest(prefix, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => String::from("no prefixes are declared"),
            None => format!("the prefixes are {}", known.join(", ")),
        };
        let message = format!("unknown namespace prefix `{prefix}`");
        self.faults.push(Fault::new("unknown-prefix", span.clone(), message).with_help(help));
        None
    }
}

fn all_booleans(first: Expr, rest: Vec<(Operator, Expr)>) -> Vec<BooleanExpr> {
    std::iter::once(first).chain(rest.into_iter().map(|(_, operand)| operand)).map(Expr::boolean).collect()
}

fn comparison(first: Expr, rest: Vec<(Operator, Expr)>) -> Option<BooleanExpr> {
    let mut rest = rest.into_iter().filter_map(|(operator, operand)| Some((relation(operator)?, operand)));
    let (relation, second) = rest.next()?;
    Some(BooleanExpr::Compare(Box::new(Comparison { first, relation, second, rest: rest.collect() })))
}

fn relation(operator: Operator) -> Option<Relation> {
    match operator {
        Operator::Equal => Some(Relation::Equal),
        Operator::NotEqual => Some(Relation::NotEqual),
        Operator::Less => Some(Relation::Less),
        Operator::LessOrEqual => Some(Relation::LessOrEqual),
        Operator::Greater => Some(Relation::Greater),
        Operator::GreaterOrEqual => Some(Relation::GreaterOrEqual),
        Operator::Or | Operator::And | Operator::Plus | Operator::Minus | Operator::Times | Operator::Div | Operator::Mod => None,
    }
}

fn arithmetic(operator: Operator) -> Option<Arithmetic> {
    match operator {
        Operator::Plus => Some(Arithmetic::Plus),
        Operator::Minus => Some(Arithmetic::Minus),
        Operator::Times => Some(Arithmetic::Times),
        Operator::Div => Some(Arithmetic::Div),
        Operator::Mod => Some(Arithmetic::Mod),
        Operator::Or
        | Operator::And
        | Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual => None,
    }
}
