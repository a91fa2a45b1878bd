//! The streaming evaluator: several expressions in one pass over the events of the scanner, without a tree.
//!
//! What can be evaluated so is decided when the expressions are compiled ([`Program::new`]); at run time the pass keeps bits for
//! each open element, and what the results need. It ends as soon as all results are known: what stands behind is not read.

mod analyse;
mod collect;
mod hold;
mod local;
mod lower;
mod machine;
mod plan;
mod steps;

use std::borrow::Cow;
use std::fmt;

use crate::xml::error::XmlError;
use crate::xml::event::Event;
use crate::xml::limits::Limits;
use crate::xml::reader::SliceReader;
use crate::xpath::budget::Budget;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::NodeKind;
use crate::xpath::environment::Variables;
use crate::xpath::expression::Expression;
use crate::xpath::scalar::Scalars;
use crate::xpath::stream::collect::Results;
use crate::xpath::stream::local::Leaf;
use crate::xpath::stream::machine::Machine;
use crate::xpath::stream::plan::Outcome;
use crate::xpath::stream::plan::Plan;

pub use crate::xpath::stream::collect::Found;

/// Expressions that are evaluated together in one pass; the context node is the root node.
///
/// ```
/// use castile::xml::limits::Limits;
/// use castile::xpath::Budget;
/// use castile::xpath::Environment;
/// use castile::xpath::Expression;
/// use castile::xpath::Program;
/// use castile::xpath::Streamed;
///
/// let compile = |text| Expression::compile(text, &Environment::default()).expect("well-formed");
/// let (kind, count) = (compile("/order/@type = 'bulk'"), compile("count(//item)"));
/// let program = Program::new(&[&kind, &count]).expect("both go forward");
/// let text = b"<order type='bulk'><item/><item/></order>";
/// let values = program.evaluate(text, &Limits::default(), &(), &mut Budget::default()).expect("well-formed");
/// assert_eq!(values, [Streamed::Boolean(true), Streamed::Number(2.0)]);
/// ```
#[derive(Debug)]
pub struct Program {
    plan: Plan,
}

/// What an expression yields in a pass.
#[derive(Clone, PartialEq, Debug)]
pub enum Streamed {
    /// Nodes, in document order, each once.
    Nodes(Vec<Found>),
    /// True or false.
    Boolean(bool),
    /// A double.
    Number(f64),
    /// Text.
    Text(String),
}

/// An expression that needs a tree, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NeedsTree {
    /// Its place among the expressions.
    pub expression: usize,
    /// What in it cannot be decided while the document passes.
    pub reason: String,
}

/// A pass came to no result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StreamError {
    /// The document is not well-formed as far as it was read, or exceeds a limit.
    Document(XmlError),
    /// The budget ran out.
    Evaluation(EvaluationError),
}

impl Program {
    /// Plans a pass for expressions.
    ///
    /// # Errors
    /// With the first that needs a tree.
    pub fn new(expressions: &[&Expression]) -> Result<Self, NeedsTree> {
        let mut plan = Plan::default();
        for (number, expression) in expressions.iter().enumerate() {
            analyse::add(&mut plan, expression).map_err(|reason| NeedsTree { expression: number, reason })?;
        }
        Ok(Self { plan })
    }

    /// The value of each expression for a document, UTF-8 without byte order mark, with its root node as context node. Reads no
    /// further than it must; all expressions together have the one budget.
    ///
    /// # Errors
    /// If the document, as far as it is read, is not well-formed or exceeds a limit, or if the budget runs out.
    pub fn evaluate(
        &self,
        text: &[u8],
        limits: &Limits,
        variables: &dyn Variables,
        budget: &mut Budget,
    ) -> Result<Vec<Streamed>, StreamError> {
        let values = self.plan.variables.iter().map(|name| variables.value(name).unwrap_or_default().to_owned()).collect();
        let mut machine = Machine::new(&self.plan, values, budget);
        machine.begin()?;
        let mut reader = SliceReader::new(text, &self.plan.symbols, limits);
        while !(machine.changed && self.all_known(&mut machine)?) {
            match reader.next()? {
                Event::Start(start) => {
                    let is_empty = start.empty;
                    if !machine.start(&start)? && !is_empty {
                        let end = reader.pass()?;
                        machine.end(end)?;
                    }
                }
                Event::End(end) => machine.end(end.end())?,
                Event::Text(found) => machine.text(found.value, found.offset(), found.end()),
                Event::Comment { offset, end } => comment(&mut machine, text, offset, end)?,
                Event::Instruction { offset, end } => instruction(&mut machine, text, offset, end)?,
                Event::Eof => {
                    machine.release(text.len())?;
                    return self.results(&mut machine, true);
                }
            }
        }
        self.results(&mut machine, false)
    }

    /// Whether nothing that is still to come can change a result.
    fn all_known(&self, machine: &mut Machine<'_>) -> Result<bool, EvaluationError> {
        machine.changed = false;
        let Some(root) = machine.instances.first() else { return Ok(true) };
        let mut results = Results { states: &root.states, variables: &machine.variables, budget: machine.budget };
        for output in &self.plan.outputs {
            let known = match &output.result {
                Outcome::Boolean(verdict) => results.known(verdict, false)?.is_some(),
                Outcome::Nodes(_) | Outcome::Number(_) | Outcome::Text(_) => results.all_settled(output.from, output.to),
            };
            if !known {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn results(&self, machine: &mut Machine<'_>, finished: bool) -> Result<Vec<Streamed>, StreamError> {
        let mut values = Vec::with_capacity(self.plan.outputs.len());
        for output in &self.plan.outputs {
            let Some(root) = machine.instances.first_mut() else { break };
            if let Outcome::Nodes(slot) = output.result {
                values.push(Streamed::Nodes(root.states.get_mut(slot.0).map(collect::State::nodes).unwrap_or_default()));
                continue;
            }
            let mut results = Results { states: &root.states, variables: &machine.variables, budget: machine.budget };
            values.push(match &output.result {
                Outcome::Boolean(verdict) => Streamed::Boolean(results.known(verdict, finished)?.unwrap_or_default()),
                Outcome::Number(number) => Streamed::Number(results.number(number, ())?),
                Outcome::Text(text) => Streamed::Text(results.text(text, ())?.into_owned()),
                Outcome::Nodes(_) => Streamed::Nodes(Vec::new()),
            });
        }
        Ok(values)
    }
}

impl Expression {
    /// Why the expression needs a tree; none if it can be evaluated while the document passes.
    #[must_use]
    pub fn needs_tree(&self) -> Option<String> {
        Program::new(&[self]).err().map(|why| why.reason)
    }
}

fn comment(machine: &mut Machine<'_>, text: &[u8], from: usize, to: usize) -> Result<(), EvaluationError> {
    let value = line_ends(slice(text, from + "<!--".len(), to.saturating_sub("-->".len())));
    machine.leaf(Leaf { kind: NodeKind::Comment, target: "", value: &value, from, to })
}

fn instruction(machine: &mut Machine<'_>, text: &[u8], from: usize, to: usize) -> Result<(), EvaluationError> {
    let inner = slice(text, from + "<?".len(), to.saturating_sub("?>".len()));
    let space = [' ', '\t', '\n', '\r'];
    let (target, data) = inner.split_once(space).unwrap_or((inner, ""));
    let value = line_ends(data.trim_start_matches(space));
    machine.leaf(Leaf { kind: NodeKind::Instruction, target, value: &value, from, to })
}

/// Line ends as one character each (XML 1.0, section 2.11).
fn line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { Cow::Borrowed(text) }
}

fn slice(text: &[u8], from: usize, to: usize) -> &str {
    text.get(from..to).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
}

impl From<XmlError> for StreamError {
    fn from(error: XmlError) -> Self {
        Self::Document(error)
    }
}

impl From<EvaluationError> for StreamError {
    fn from(error: EvaluationError) -> Self {
        Self::Evaluation(error)
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(error) => error.fmt(f),
            Self::Evaluation(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StreamError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xpath::environment::Environment;

    fn evaluate(expression: &str, text: &[u8]) -> Result<Streamed, StreamError> {
        let expression = Expression::compile(expression, &Environment::default()).expect(expression);
        let program = Program::new(&[&expression]).expect("streams");
        program.evaluate(text, &Limits::default(), &(), &mut Budget::default()).map(|mut values| values.remove(0))
    }

    #[test]
    fn nothing_is_read_behind_the_answer() {
        let text = b"<a><head><zone>north</zone></head><body><<<";
        assert_eq!(evaluate("/a/head/zone = 'north'", text), Ok(Streamed::Boolean(true)));
        assert_eq!(evaluate("string(//zone)", text), Ok(Streamed::Text(String::from("north"))));
        assert_eq!(evaluate("not(/a/head)", text), Ok(Streamed::Boolean(false)));
        assert!(matches!(evaluate("/a/head/zone = 'south'", text), Err(StreamError::Document(_))));
    }

    #[test]
    fn a_fault_in_what_is_passed_over_is_found() {
        assert!(matches!(evaluate("count(/a/b)", b"<a><c><d></c></a>"), Err(StreamError::Document(_))));
    }

    #[test]
    fn predicates_within_predicates_end_at_the_budget() {
        let expression = format!("count(//a{}{})", "[.//a".repeat(90), "]".repeat(90));
        let text = format!("{}{}", "<a>".repeat(120), "</a>".repeat(120));
        assert!(matches!(evaluate(&expression, text.as_bytes()), Err(StreamError::Evaluation(_))));
    }

    #[test]
    fn thousands_of_conditions_end_at_the_budget() {
        let text = format!("<r>{}</r>", "<a i='1'>x</a>".repeat(20_000));
        let many = format!("count(//a[{}])", vec![".=1 or @i=9"; 1500].join(" or "));
        let chained = format!("count(//a{})", "[@i=1]".repeat(3000));
        for expression in [many, chained] {
            assert!(matches!(evaluate(&expression, text.as_bytes()), Err(StreamError::Evaluation(_))));
        }
    }

    #[test]
    fn an_expression_that_needs_a_tree_says_why() {
        let why = |text| Expression::compile(text, &Environment::default()).expect(text).needs_tree();
        assert_eq!(why("//a/@b"), None);
        assert_eq!(why("//a[last()]").as_deref(), Some("`last()` is known only when the last one has passed"));
        assert_eq!(why("//a/../b").as_deref(), Some("a step upwards, to elements that have begun before"));
    }

    #[test]
    fn several_results_come_from_one_pass() {
        let compile = |text| Expression::compile(text, &Environment::default().with_variable("v")).expect(text);
        let expressions = [compile("//b = $v"), compile("concat($v, '!')"), compile("//b")];
        let program = Program::new(&expressions.iter().collect::<Vec<_>>()).expect("all stream");
        let variables = std::collections::BTreeMap::from([(String::from("v"), String::from("x"))]);
        let values = program.evaluate(b"<a><b>x</b></a>", &Limits::default(), &variables, &mut Budget::default()).expect("good");
        assert!(
            matches!(&values[..], [Streamed::Boolean(true), Streamed::Text(text), Streamed::Nodes(nodes)] if text == "x!" && nodes[0].span == (3..11))
        );
    }
}
