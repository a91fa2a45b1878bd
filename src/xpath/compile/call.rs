//! Calls of the core function library: the function, the number of arguments, their types.

use super::Compiler;
use crate::diagnostic::nearest;
use crate::xpath::fault::Fault;
use crate::xpath::function::FUNCTIONS;
use crate::xpath::function::Function;
use crate::xpath::function::arity;
use crate::xpath::model::BooleanExpr;
use crate::xpath::model::Expr;
use crate::xpath::model::NamePart;
use crate::xpath::model::NodeExpr;
use crate::xpath::model::NumberExpr;
use crate::xpath::model::Rounding;
use crate::xpath::model::Substring;
use crate::xpath::model::TextExpr;
use crate::xpath::syntax::Call;

impl Compiler<'_> {
    pub(super) fn call(&mut self, call: &Call<'_>) -> Option<Expr> {
        let function = self.function(call);
        // The arguments are looked at even if the function is not known.
        let arguments: Vec<_> = call.arguments.iter().map(|argument| self.expr(argument)).collect();
        let arguments = arguments.into_iter().collect::<Option<Vec<_>>>()?;
        self.apply(function?, call, arguments)
    }

    fn function(&mut self, call: &Call<'_>) -> Option<Function> {
        let name = call.name.to_string();
        let Some((_, function, fewest, most)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
            self.faults.push(unknown(&name, call));
            return None;
        };
        let given = call.arguments.len();
        if given < *fewest || given > *most {
            let message = format!("`{name}()` takes {}, it is given {given}", arity(*fewest, *most));
            let surplus = call.arguments.get(*most);
            let span = surplus.map_or_else(|| call.name_span.clone(), |argument| argument.span.clone());
            self.faults.push(Fault::new("wrong-arguments", span, message));
            return None;
        }
        Some(*function)
    }

    /// The call with each argument converted to what the function takes; one that may be left out is the context node.
    fn apply(&mut self, function: Function, call: &Call<'_>, arguments: Vec<Expr>) -> Option<Expr> {
        let is_whole = arguments.len() > 2;
        let mut arguments = arguments.into_iter();
        let mut next = || arguments.next().unwrap_or_else(|| Expr::Nodes(NodeExpr::context()));
        let expr = match function {
            Function::Last => {
                self.uses.last = true;
                Expr::Number(NumberExpr::Last)
            }
            Function::Position => {
                self.uses.position = true;
                Expr::Number(NumberExpr::Position)
            }
            Function::Count => Expr::Number(NumberExpr::Count(self.node_set(next(), call)?)),
            Function::Sum => Expr::Number(NumberExpr::Sum(self.node_set(next(), call)?)),
            Function::Id => Expr::Nodes(NodeExpr::Nothing),
            Function::LocalName => Expr::Text(TextExpr::Name(NamePart::Local, self.node_set(next(), call)?)),
            Function::NamespaceUri => Expr::Text(TextExpr::Name(NamePart::Namespace, self.node_set(next(), call)?)),
            Function::Name => Expr::Text(TextExpr::Name(NamePart::Written, self.node_set(next(), call)?)),
            Function::Text => Expr::Text(next().text()),
            Function::Concat => Expr::Text(TextExpr::Concat(arguments.map(Expr::text).collect())),
            Function::StartsWith => Expr::Boolean(BooleanExpr::StartsWith(Box::new([next().text(), next().text()]))),
            Function::Contains => Expr::Boolean(BooleanExpr::Contains(Box::new([next().text(), next().text()]))),
            Function::SubstringBefore => Expr::Text(TextExpr::Before(Box::new([next().text(), next().text()]))),
            Function::SubstringAfter => Expr::Text(TextExpr::After(Box::new([next().text(), next().text()]))),
            Function::Substring => {
                let (text, from) = (next().text(), next().number());
                let length = is_whole.then(|| next().number());
                Expr::Text(TextExpr::Substring(Box::new(Substring { text, from, length })))
            }
            Function::StringLength => Expr::Number(NumberExpr::Length(Box::new(next().text()))),
            Function::NormalizeSpace => Expr::Text(TextExpr::Normalized(Box::new(next().text()))),
            Function::Translate => Expr::Text(TextExpr::Translated(Box::new([next().text(), next().text(), next().text()]))),
            Function::Boolean => Expr::Boolean(next().boolean()),
            Function::Not => Expr::Boolean(BooleanExpr::Not(Box::new(next().boolean()))),
            Function::True => Expr::Boolean(BooleanExpr::Constant(true)),
            Function::False => Expr::Boolean(BooleanExpr::Constant(false)),
            Function::Lang => Expr::Boolean(BooleanExpr::Lang(Box::new(next().text()))),
            Function::Number => Expr::Number(next().number()),
            Function::Floor => rounded(Rounding::Floor, next()),
            Function::Ceiling => rounded(Rounding::Ceiling, next()),
            Function::Round => rounded(Rounding::Round, next()),
        };
        Some(expr)
    }

    /// The only argument, which must be a node-set.
    fn node_set(&mut self, argument: Expr, call: &Call<'_>) -> Option<NodeExpr> {
        let span = call.arguments.first().map_or_else(|| call.name_span.clone(), |argument| argument.span.clone());
        self.only_nodes(argument, &span, &format!("`{}()` takes a node-set", call.name))
    }
}

fn rounded(rounding: Rounding, argument: Expr) -> Expr {
    Expr::Number(NumberExpr::Rounded(rounding, Box::new(argument.number())))
}

fn unknown(name: &str, call: &Call<'_>) -> Fault {
    let known: Vec<&str> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
    let fault = Fault::new("unknown-function", call.name_span.clone(), format!("unknown function `{name}`"));
    match nearest(name, &known) {
        Some(near) => fault.with_help(format!("did you mean `{near}`?")),
        None => fault.with_help("only the 27 functions of XPath 1.0 are there"),
    }
}
