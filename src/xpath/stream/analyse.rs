//! Decides whether an expression can be evaluated while its document passes, and how; where not, the reason in words.
//!
//! What can: forward axes, predicates on names, attributes, positions and on what an element holds, as long as nothing but a
//! count, a value or the found nodes themselves must be kept.

use crate::xpath::expression::Expression;
use crate::xpath::model;
use crate::xpath::model::BooleanExpr;
use crate::xpath::model::Comparison;
use crate::xpath::model::Expr;
use crate::xpath::model::NamePart;
use crate::xpath::model::NodeExpr;
use crate::xpath::model::NumberExpr;
use crate::xpath::model::Path;
use crate::xpath::model::Relation;
use crate::xpath::model::Start;
use crate::xpath::model::Step;
use crate::xpath::model::Test;
use crate::xpath::stream::lower::Lower;
use crate::xpath::stream::lower::Obstacle;
use crate::xpath::stream::lower::behind;
use crate::xpath::stream::plan::Block;
use crate::xpath::stream::plan::Gather;
use crate::xpath::stream::plan::Outcome;
use crate::xpath::stream::plan::Output;
use crate::xpath::stream::plan::PathPlan;
use crate::xpath::stream::plan::Plan;
use crate::xpath::stream::plan::Slot;
use crate::xpath::stream::plan::StepTest;
use crate::xpath::stream::plan::Verdict;
use crate::xpath::syntax::Axis;

/// Adds an expression to the plan of a pass.
pub(super) fn add(plan: &mut Plan, expression: &Expression) -> Result<(), Obstacle> {
    if plan.blocks.is_empty() {
        plan.blocks.push(Block::default());
    }
    let mut analyser = Analyser { plan, expression, block: 0 };
    let from = analyser.collectors();
    let result = match &expression.root {
        Expr::Nodes(nodes) => Outcome::Nodes(analyser.gather(nodes, Gather::Nodes)?),
        Expr::Boolean(boolean) => Outcome::Boolean(analyser.verdict(boolean)?),
        Expr::Number(number) => Outcome::Number(analyser.number(number)?),
        Expr::Text(text) => Outcome::Text(analyser.text(text)?),
    };
    let to = analyser.collectors();
    plan.outputs.push(Output { from, to, result });
    Ok(())
}

/// What of an expression belongs into one block.
pub(super) struct Analyser<'p> {
    pub(super) plan: &'p mut Plan,
    pub(super) expression: &'p Expression,
    pub(super) block: usize,
}

/// A step with the predicates that filter all that it finds from wherever.
pub(super) struct Leg<'m> {
    pub(super) step: &'m Step,
    pub(super) totals: Vec<&'m model::Predicate>,
}

impl Analyser<'_> {
    fn collectors(&self) -> usize {
        self.plan.blocks.get(self.block).map_or(0, |block| block.collectors.len())
    }

    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Block)) {
        if let Some(block) = self.plan.blocks.get_mut(self.block) {
            change(block);
        }
    }

    fn verdict(&mut self, boolean: &BooleanExpr) -> Result<Verdict, Obstacle> {
        match boolean {
            BooleanExpr::Or(members) => members.iter().map(|member| self.verdict(member)).collect::<Result<_, _>>().map(Verdict::Or),
            BooleanExpr::And(members) => members.iter().map(|member| self.verdict(member)).collect::<Result<_, _>>().map(Verdict::And),
            BooleanExpr::Not(inner) => Ok(Verdict::Not(Box::new(self.verdict(inner)?))),
            BooleanExpr::Constant(_)
            | BooleanExpr::Exists(_)
            | BooleanExpr::Nonzero(_)
            | BooleanExpr::Nonempty(_)
            | BooleanExpr::Compare(_)
            | BooleanExpr::StartsWith(_)
            | BooleanExpr::Contains(_)
            | BooleanExpr::Lang(_) => {
                let from = self.collectors();
                let formula = self.boolean(boolean)?;
                if let BooleanExpr::Exists(slot) = formula {
                    return Ok(Verdict::Found(slot));
                }
                Ok(Verdict::Formula { from, to: self.collectors(), formula })
            }
        }
    }

    /// A collector with the paths that lead to it.
    fn gather(&mut self, nodes: &NodeExpr, gather: Gather) -> Result<Slot, Obstacle> {
        let slot = Slot(self.collectors());
        self.edit(|block| block.collectors.push(gather));
        let mut paths = Vec::new();
        alternatives(nodes, &mut paths);
        let alone = paths.len() == 1;
        for path in paths {
            let legs = self.legs(path)?;
            let steps = self.steps(&legs, alone)?;
            self.edit(|block| block.paths.push(PathPlan::new(steps, slot)));
        }
        Ok(slot)
    }

    fn legs<'m>(&self, path: &'m Path) -> Result<Vec<Leg<'m>>, Obstacle> {
        let mut legs = match &path.start {
            Start::Root if self.block > 0 => {
                return Err(String::from("an absolute path within a predicate looks at other parts of the document"));
            }
            Start::Root | Start::Context => Vec::new(),
            Start::Filter(nodes, predicates) => {
                let NodeExpr::Path(inner) = &**nodes else {
                    return Err(String::from("a path or a predicate behind a union in brackets needs all of the union first"));
                };
                let mut legs = self.legs(inner)?;
                match legs.last_mut() {
                    Some(leg) => leg.totals.extend(predicates),
                    None if predicates.is_empty() => {}
                    None => return Err(String::from("a predicate behind the context node in brackets")),
                }
                legs
            }
        };
        legs.extend(path.steps.iter().map(|step| Leg { step, totals: Vec::new() }));
        Ok(legs)
    }

    /// A comparison of a node-set with what is none.
    fn with_single(&mut self, relation: Relation, nodes: &NodeExpr, single: &Expr) -> Result<BooleanExpr<Slot>, Obstacle> {
        let before = self.collectors();
        let operand = self.scalar(single)?;
        if let Expr::Boolean(_) = operand {
            return Ok(compare(Expr::Boolean(BooleanExpr::Exists(self.exists(nodes)?)), relation, operand));
        }
        if self.collectors() == before {
            return Ok(BooleanExpr::Exists(self.gather(nodes, Gather::Fits(relation, operand))?));
        }
        let extreme = match relation {
            Relation::Less | Relation::LessOrEqual => Gather::Least,
            Relation::Greater | Relation::GreaterOrEqual => Gather::Greatest,
            Relation::Equal | Relation::NotEqual => return Err(String::from(KEPT)),
        };
        let slot = self.gather(nodes, extreme)?;
        Ok(compare(Expr::Number(NumberExpr::Sum(slot)), relation, Expr::Number(operand.number())))
    }

    fn with_nodes(&mut self, relation: Relation, left: &NodeExpr, right: &NodeExpr) -> Result<BooleanExpr<Slot>, Obstacle> {
        let (of_left, of_right) = match relation {
            Relation::Less | Relation::LessOrEqual => (Gather::Least, Gather::Greatest),
            Relation::Greater | Relation::GreaterOrEqual => (Gather::Greatest, Gather::Least),
            Relation::Equal | Relation::NotEqual => return Err(String::from(KEPT)),
        };
        let (left, right) = (self.gather(left, of_left)?, self.gather(right, of_right)?);
        Ok(compare(Expr::Number(NumberExpr::Sum(left)), relation, Expr::Number(NumberExpr::Sum(right))))
    }

    pub(super) fn test(&mut self, test: &Test) -> StepTest {
        test_of(self.plan, self.expression, test)
    }
}

const KEPT: &str = "`=` and `!=` between values of the document: those of one side would have to be kept";

fn compare(first: Expr<Slot>, relation: Relation, second: Expr<Slot>) -> BooleanExpr<Slot> {
    BooleanExpr::Compare(Box::new(Comparison { first, relation, second, rest: Vec::new() }))
}

pub(super) fn test_of(plan: &mut Plan, expression: &Expression, test: &Test) -> StepTest {
    match test {
        Test::Any => StepTest::Any,
        Test::Namespace(uri) => StepTest::Namespace(uri.clone()),
        Test::Name(number) => match expression.names.get(*number) {
            Some(name) => StepTest::Name(plan.symbols.intern(name.ns.as_str(), name.local.as_str())),
            None => StepTest::Comment,
        },
        Test::Node => StepTest::Node,
        Test::Text => StepTest::Text,
        Test::Comment => StepTest::Comment,
        Test::Instruction(target) => StepTest::Instruction(target.clone()),
    }
}

pub(super) fn variable_of(plan: &mut Plan, expression: &Expression, number: usize) -> usize {
    let name = expression.variables.get(number);
    let known = plan.variables.iter().position(|one| Some(one) == name);
    known.unwrap_or_else(|| {
        plan.variables.extend(name.cloned());
        plan.variables.len().saturating_sub(1)
    })
}

/// The paths of a union, whatever brackets it has.
fn alternatives<'m>(nodes: &'m NodeExpr, paths: &mut Vec<&'m Path>) {
    match nodes {
        NodeExpr::Nothing => {}
        NodeExpr::Union(members) => members.iter().for_each(|member| alternatives(member, paths)),
        NodeExpr::Path(path) => match &path.start {
            Start::Filter(inner, predicates) if predicates.is_empty() && path.steps.is_empty() => alternatives(inner, paths),
            Start::Filter(..) | Start::Root | Start::Context => paths.push(path),
        },
    }
}

impl Lower<Slot> for Analyser<'_> {
    fn exists(&mut self, nodes: &NodeExpr) -> Result<Slot, Obstacle> {
        self.gather(nodes, Gather::Exists)
    }

    fn count(&mut self, nodes: &NodeExpr) -> Result<Slot, Obstacle> {
        self.gather(nodes, Gather::Count)
    }

    fn sum(&mut self, nodes: &NodeExpr) -> Result<Slot, Obstacle> {
        self.gather(nodes, Gather::Sum)
    }

    fn first_value(&mut self, nodes: &NodeExpr) -> Result<Slot, Obstacle> {
        self.gather(nodes, Gather::Value)
    }

    fn first_name(&mut self, part: NamePart, nodes: &NodeExpr) -> Result<Slot, Obstacle> {
        let mut paths = Vec::new();
        alternatives(nodes, &mut paths);
        let ends_at_attribute = paths.iter().any(|path| path.steps.last().is_some_and(|step| step.axis == Axis::Attribute));
        if part == NamePart::Written && ends_at_attribute {
            return Err(String::from("`name()` of an attribute"));
        }
        self.gather(nodes, Gather::Name(part))
    }

    fn variable(&mut self, number: usize) -> usize {
        variable_of(self.plan, self.expression, number)
    }

    fn comparison(&mut self, comparison: &Comparison) -> Result<BooleanExpr<Slot>, Obstacle> {
        let relation = comparison.relation;
        let first = match (&comparison.first, &comparison.second) {
            (Expr::Nodes(left), Expr::Nodes(right)) => self.with_nodes(relation, left, right)?,
            (Expr::Nodes(nodes), single) => self.with_single(relation, nodes, single)?,
            (single, Expr::Nodes(nodes)) => self.with_single(relation.turned(), nodes, single)?,
            (left, right) => {
                let (left, right) = (self.scalar(left)?, self.scalar(right)?);
                compare(left, relation, right)
            }
        };
        behind(self, first, comparison)
    }
}
