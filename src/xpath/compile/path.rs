//! Location paths: their starts, steps and predicates.

use super::Compiler;
use crate::xml::name::QName;
use crate::xpath::model::Condition;
use crate::xpath::model::Expr;
use crate::xpath::model::Path;
use crate::xpath::model::Predicate;
use crate::xpath::model::Start;
use crate::xpath::model::Step;
use crate::xpath::model::Test;
use crate::xpath::syntax;
use crate::xpath::syntax::Axis;
use crate::xpath::syntax::Name;
use crate::xpath::syntax::Span;

impl Compiler<'_> {
    pub(super) fn path(&mut self, path: &syntax::Path<'_>) -> Option<Path> {
        let start = match &path.start {
            syntax::Start::Root => Some(Start::Root),
            syntax::Start::Context => Some(Start::Context),
            syntax::Start::Filter(primary, predicates) => {
                let rule = if predicates.is_empty() { "a path leads on from a node-set" } else { "a predicate filters a node-set" };
                let nodes = self.nodes(primary, rule);
                let predicates = self.predicates(predicates);
                nodes.zip(predicates).map(|(nodes, predicates)| Start::Filter(Box::new(nodes), predicates))
            }
        };
        let steps: Vec<_> = path.steps.iter().map(|step| self.step(step)).collect();
        let steps: Option<Vec<_>> = steps.into_iter().collect();
        Some(Path { start: start?, steps: shorten(steps?) })
    }

    fn step(&mut self, step: &syntax::Step<'_>) -> Option<Step> {
        let test = self.test(step.test, &step.test_span);
        let predicates = self.predicates(&step.predicates);
        Some(Step { axis: step.axis, test: test?, predicates: predicates? })
    }

    fn test(&mut self, test: syntax::Test<'_>, span: &Span) -> Option<Test> {
        match test {
            syntax::Test::Any => Some(Test::Any),
            syntax::Test::Namespace(prefix) => self.namespace(prefix, span).map(|uri| Test::Namespace(uri.into())),
            syntax::Test::Name(name) => self.name(name, span).map(Test::Name),
            syntax::Test::Node => Some(Test::Node),
            syntax::Test::Text => Some(Test::Text),
            syntax::Test::Comment => Some(Test::Comment),
            syntax::Test::Instruction(target) => Some(Test::Instruction(target.map(Into::into))),
        }
    }

    /// The number of a name; without prefix it is in no namespace (section 2.3).
    fn name(&mut self, name: Name<'_>, span: &Span) -> Option<usize> {
        let uri = match name.prefix {
            Some(prefix) => self.namespace(prefix, span)?,
            None => String::new(),
        };
        let resolved = QName::new(&uri, name.local);
        let names = &mut self.names;
        Some(*self.numbers.entry(resolved).or_insert_with_key(|name| {
            names.push(name.clone());
            names.len() - 1
        }))
    }

    fn predicates(&mut self, predicates: &[syntax::Expr<'_>]) -> Option<Vec<Predicate>> {
        let predicates: Vec<_> = predicates.iter().map(|predicate| self.predicate(predicate)).collect();
        predicates.into_iter().collect()
    }

    fn predicate(&mut self, expr: &syntax::Expr<'_>) -> Option<Predicate> {
        let outer = std::mem::take(&mut self.uses);
        let compiled = self.expr(expr);
        let mut uses = std::mem::replace(&mut self.uses, outer);
        let condition = match compiled? {
            Expr::Number(number) => {
                uses.position = true;
                Condition::At(number)
            }
            other @ (Expr::Nodes(_) | Expr::Boolean(_) | Expr::Text(_)) => Condition::Holds(other.boolean()),
        };
        Some(Predicate { condition, uses })
    }
}

/// Makes `descendant::x` of `descendant-or-self::node()/child::x` where no predicate could tell the difference (section 2.5).
fn shorten(steps: Vec<Step>) -> Vec<Step> {
    let mut short: Vec<Step> = Vec::with_capacity(steps.len());
    for mut step in steps {
        let leads = short
            .last()
            .is_some_and(|before| before.axis == Axis::DescendantOrSelf && before.test == Test::Node && before.predicates.is_empty());
        if leads && matches!(step.axis, Axis::Child | Axis::Descendant) && !step.predicates.iter().any(Predicate::is_positional) {
            short.pop();
            step.axis = Axis::Descendant;
        }
        short.push(step);
    }
    short
}
