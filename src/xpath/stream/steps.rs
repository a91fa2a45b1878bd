//! The steps of a path in a pass: which axes go forward, which predicates are decided when, what they count.

use crate::xpath::expression::Expression;
use crate::xpath::model;
use crate::xpath::model::BooleanExpr;
use crate::xpath::model::Comparison;
use crate::xpath::model::Expr;
use crate::xpath::model::NamePart;
use crate::xpath::model::NodeExpr;
use crate::xpath::model::Start;
use crate::xpath::stream::analyse::Analyser;
use crate::xpath::stream::analyse::Leg;
use crate::xpath::stream::analyse::test_of;
use crate::xpath::stream::analyse::variable_of;
use crate::xpath::stream::local::Local;
use crate::xpath::stream::lower::Lower;
use crate::xpath::stream::lower::Obstacle;
use crate::xpath::stream::lower::behind;
use crate::xpath::stream::plan::Block;
use crate::xpath::stream::plan::Condition;
use crate::xpath::stream::plan::Counter;
use crate::xpath::stream::plan::Filter;
use crate::xpath::stream::plan::Pending;
use crate::xpath::stream::plan::Plan;
use crate::xpath::stream::plan::StepPlan;
use crate::xpath::stream::plan::StepTest;
use crate::xpath::syntax::Axis;

/// As many steps as a path of a pass may have: each is a bit of a word.
const MOST_STEPS: usize = 60;

impl Analyser<'_> {
    pub(super) fn steps(&mut self, legs: &[Leg<'_>], alone: bool) -> Result<Vec<StepPlan>, Obstacle> {
        if legs.len() > MOST_STEPS {
            return Err(format!("a path has more than {MOST_STEPS} steps"));
        }
        let mut steps = Vec::with_capacity(legs.len());
        for (number, leg) in legs.iter().enumerate() {
            let behind = legs.get(number + 1..).unwrap_or_default();
            self.check_axis(leg.step.axis, number, behind.is_empty())?;
            let test = self.test(&leg.step.test);
            if !test.takes_elements() && !behind.is_empty() {
                return Err(String::from("a step behind text, a comment or an instruction"));
            }
            // What may be held until the end of an element: itself, or its attributes.
            let may_wait =
                alone && test.takes_elements() && !test.takes_leaves() && leg.step.axis != Axis::Attribute && leg.totals.is_empty();
            let may_wait = may_wait && matches!(behind, [] | [Leg { step: model::Step { axis: Axis::Attribute, .. }, .. }]);
            steps.push(self.step(leg, test, number == 0, may_wait)?);
        }
        Ok(steps)
    }

    fn check_axis(&self, axis: Axis, number: usize, is_last: bool) -> Result<(), Obstacle> {
        let why = match axis {
            Axis::Child | Axis::Descendant | Axis::DescendantOrSelf | Axis::Itself => return Ok(()),
            Axis::Attribute if is_last => return Ok(()),
            Axis::Attribute => "a step behind an attribute",
            Axis::FollowingSibling if self.block == 0 || number > 0 => return Ok(()),
            Axis::Following if self.block == 0 => return Ok(()),
            Axis::FollowingSibling | Axis::Following => "a predicate on what follows an element",
            Axis::Ancestor | Axis::AncestorOrSelf | Axis::Parent => "a step upwards, to elements that have begun before",
            Axis::Preceding | Axis::PrecedingSibling => "a step backwards, to what has passed",
            Axis::Namespace => "namespace nodes",
        };
        Err(String::from(why))
    }

    fn step(&mut self, leg: &Leg<'_>, test: StepTest, is_first: bool, may_wait: bool) -> Result<StepPlan, Obstacle> {
        let axis = leg.step.axis;
        let (mut filters, mut pending) = (Vec::new(), None);
        for predicate in &leg.step.predicates {
            match self.filter(predicate, axis, &test) {
                Ok(condition) if !predicate.uses.position => filters.push(Filter { condition, counter: None }),
                Ok(_) if pending.is_some() => return Err(String::from("a position behind a predicate on content")),
                Ok(condition) => {
                    let counter = Some(self.counter(axis, is_first)?);
                    filters.push(Filter { condition, counter });
                }
                Err(why) if predicate.is_positional() => return Err(why),
                Err(_) if may_wait => self.wait(predicate, &mut pending)?,
                Err(why) => return Err(why),
            }
        }
        for predicate in &leg.totals {
            let condition = self.filter(predicate, axis, &test)?;
            if axis == Axis::Attribute {
                return Err(String::from("a predicate on all attributes in brackets"));
            }
            let counter = predicate.uses.position.then(|| self.total());
            filters.push(Filter { condition, counter });
        }
        Ok(StepPlan { axis, test, filters, pending })
    }

    /// A predicate that is decided when the node begins.
    fn filter(&mut self, predicate: &model::Predicate, axis: Axis, test: &StepTest) -> Result<Condition, Obstacle> {
        if predicate.uses.last {
            return Err(String::from("`last()` is known only when the last one has passed"));
        }
        let mut beginning = Beginning {
            plan: self.plan,
            expression: self.expression,
            has_value: axis == Axis::Attribute || !test.takes_elements(),
            is_attribute: axis == Axis::Attribute,
        };
        Ok(match &predicate.condition {
            model::Condition::At(number) => Condition::At(beginning.number(number)?),
            model::Condition::Holds(boolean) => Condition::Holds(beginning.boolean(boolean)?),
        })
    }

    fn counter(&mut self, axis: Axis, is_first: bool) -> Result<Counter, Obstacle> {
        match axis {
            Axis::Child => {
                let mut number = 0;
                self.edit(|block| {
                    number = block.counters;
                    block.counters += 1;
                });
                Ok(Counter::Level(number))
            }
            Axis::Descendant if is_first => Ok(self.total()),
            Axis::Ancestor
            | Axis::AncestorOrSelf
            | Axis::Attribute
            | Axis::Descendant
            | Axis::DescendantOrSelf
            | Axis::Following
            | Axis::FollowingSibling
            | Axis::Itself
            | Axis::Namespace
            | Axis::Parent
            | Axis::Preceding
            | Axis::PrecedingSibling => Err(String::from("a position along another axis than `child::`")),
        }
    }

    fn total(&mut self) -> Counter {
        let mut number = 0;
        self.edit(|block| {
            number = block.totals;
            block.totals += 1;
        });
        Counter::Total(number)
    }

    /// A predicate that is decided when the element ends.
    fn wait(&mut self, predicate: &model::Predicate, pending: &mut Option<usize>) -> Result<(), Obstacle> {
        let model::Condition::Holds(boolean) = &predicate.condition else {
            return Err(String::from("a position that the content of the element tells"));
        };
        let number = *pending.get_or_insert_with(|| {
            self.plan.blocks.push(Block::default());
            self.plan.pendings.push(Pending { block: self.plan.blocks.len() - 1, formulas: Vec::new() });
            self.plan.pendings.len() - 1
        });
        let block = self.plan.pendings.get(number).map_or(0, |pending| pending.block);
        let formula = Analyser { plan: self.plan, expression: self.expression, block }.boolean(boolean)?;
        if let Some(pending) = self.plan.pendings.get_mut(number) {
            pending.formulas.push(formula);
        }
        Ok(())
    }
}

/// What is known when a node begins.
struct Beginning<'p> {
    plan: &'p mut Plan,
    expression: &'p Expression,
    /// Whether the node's own string-value is known as well: of all but elements.
    has_value: bool,
    is_attribute: bool,
}

impl Beginning<'_> {
    fn local(&mut self, nodes: &NodeExpr) -> Result<Local, Obstacle> {
        let content = || String::from("a predicate on content before the last step: the nodes behind it would have to be kept");
        let NodeExpr::Path(path) = nodes else { return Err(content()) };
        if !matches!(path.start, Start::Context) {
            return Err(content());
        }
        let mut local = Local { itself: Vec::new(), upwards: Vec::new(), attribute: None };
        for step in &path.steps {
            if !step.predicates.is_empty() || local.attribute.is_some() {
                return Err(content());
            }
            let test = test_of(self.plan, self.expression, &step.test);
            match step.axis {
                Axis::Itself if local.upwards.is_empty() => local.itself.push(test),
                Axis::Parent if matches!(test, StepTest::Node | StepTest::Any | StepTest::Name(_)) => local.upwards.push(test),
                Axis::Attribute => local.attribute = Some(test),
                Axis::Ancestor
                | Axis::AncestorOrSelf
                | Axis::Child
                | Axis::Descendant
                | Axis::DescendantOrSelf
                | Axis::Following
                | Axis::FollowingSibling
                | Axis::Itself
                | Axis::Namespace
                | Axis::Parent
                | Axis::Preceding
                | Axis::PrecedingSibling => return Err(content()),
            }
        }
        if !local.upwards.is_empty() && local.attribute.is_some() {
            // Attributes of open elements are kept by their names.
            if !matches!(local.attribute, Some(StepTest::Name(_))) {
                return Err(String::from("all attributes of an element further up"));
            }
            self.plan.looks_up = true;
        }
        Ok(local)
    }

    fn with_value(&mut self, nodes: &NodeExpr) -> Result<Local, Obstacle> {
        let local = self.local(nodes)?;
        let is_known = local.attribute.is_some() || self.has_value && local.upwards.is_empty();
        is_known.then_some(local).ok_or_else(|| String::from("the value of an element is known only at its end"))
    }

    /// An operand, a node-set by its values unless a boolean stands on the other side.
    fn operand(&mut self, expr: &Expr, other: &Expr) -> Result<Expr<Local>, Obstacle> {
        match (expr, other) {
            (Expr::Nodes(nodes), Expr::Nodes(_) | Expr::Number(_) | Expr::Text(_)) => Ok(Expr::Nodes(self.with_value(nodes)?)),
            _ => self.scalar(expr),
        }
    }
}

impl Lower<Local> for Beginning<'_> {
    fn exists(&mut self, nodes: &NodeExpr) -> Result<Local, Obstacle> {
        self.local(nodes)
    }

    fn count(&mut self, nodes: &NodeExpr) -> Result<Local, Obstacle> {
        self.local(nodes)
    }

    fn sum(&mut self, nodes: &NodeExpr) -> Result<Local, Obstacle> {
        self.with_value(nodes)
    }

    fn first_value(&mut self, nodes: &NodeExpr) -> Result<Local, Obstacle> {
        self.with_value(nodes)
    }

    fn first_name(&mut self, part: NamePart, nodes: &NodeExpr) -> Result<Local, Obstacle> {
        let local = self.local(nodes)?;
        let is_own = local.upwards.is_empty() && local.attribute.is_none() && !(self.is_attribute && part == NamePart::Written);
        is_own.then_some(local).ok_or_else(|| String::from("the name of another node than the one that is judged"))
    }

    fn variable(&mut self, number: usize) -> usize {
        variable_of(self.plan, self.expression, number)
    }

    fn comparison(&mut self, comparison: &Comparison) -> Result<BooleanExpr<Local>, Obstacle> {
        let first = self.operand(&comparison.first, &comparison.second)?;
        let second = self.operand(&comparison.second, &comparison.first)?;
        let first = BooleanExpr::Compare(Box::new(Comparison { first, relation: comparison.relation, second, rest: Vec::new() }));
        behind(self, first, comparison)
    }
}
