//! A pass at work: which steps of which paths each open element is a context node of.
//!
//! The steps of a path are bits; an element's bits follow from its parent's and from its own tag. What a path finds goes into
//! its collector at once, or, where a predicate waits for the end of the element, then.

use crate::xml::event::Start;
use crate::xml::name::Symbol;
use crate::xpath::budget::Budget;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::NodeKind;
use crate::xpath::scalar::Scalars;
use crate::xpath::stream::collect::State;
use crate::xpath::stream::hold::Capture;
use crate::xpath::stream::hold::Item;
use crate::xpath::stream::local::Here;
use crate::xpath::stream::local::Leaf;
use crate::xpath::stream::local::Open;
use crate::xpath::stream::local::Seen;
use crate::xpath::stream::plan::Block;
use crate::xpath::stream::plan::Condition;
use crate::xpath::stream::plan::Counter;
use crate::xpath::stream::plan::Filter;
use crate::xpath::stream::plan::PathPlan;
use crate::xpath::stream::plan::Plan;
use crate::xpath::stream::plan::Slot;
use crate::xpath::stream::plan::StepPlan;

/// What it costs to wait for a predicate, which takes memory.
const VISITS_AN_INSTANCE: usize = 64;

pub(super) struct Machine<'p> {
    pub(super) plan: &'p Plan,
    pub(super) variables: Vec<String>,
    pub(super) budget: &'p mut Budget,
    pub(super) opens: Vec<Open>,
    /// The paths of the root node, and of each element whose predicate waits for its end, the innermost last.
    pub(super) instances: Vec<Instance<'p>>,
    pub(super) captures: Vec<Capture>,
    /// The text of all elements whose value is wanted, from the outermost on.
    pub(super) held: String,
    /// How many wait for text.
    pub(super) holders: usize,
    /// The text node that is being read.
    pub(super) run: Option<(usize, usize)>,
    pub(super) run_value: String,
    /// Counts nodes, so that one which two paths of a union find is told.
    pub(super) ordinal: u64,
    /// Whether a result may be known now that was not before.
    pub(super) changed: bool,
    takes_leaves: bool,
    hits: Vec<Hit>,
    watches: Vec<Watch>,
}

/// A block at work, anchored at a node.
pub(super) struct Instance<'p> {
    pub(super) block: &'p Block,
    pub(super) pending: Option<usize>,
    /// The instance and collector that wait for it.
    pub(super) owner: (usize, Slot),
    /// The depth of the anchor: 0 for the root node.
    pub(super) anchor: usize,
    pub(super) states: Vec<State>,
    pub(super) items: Vec<Item>,
    /// A row for each open element from the anchor on: a mask for each path.
    masks: Vec<Mask>,
    counters: Vec<usize>,
    totals: Vec<usize>,
    /// Steps along `following::` whose context node has ended, for each path.
    after: Vec<u64>,
}

/// Steps that an element is a context node of.
#[derive(Clone, Copy, Default)]
struct Mask {
    own: u64,
    /// Itself or an element around it, along axes of descendants.
    below: u64,
    /// A child that has ended, along `following-sibling::`.
    later: u64,
}

/// A path has come to its last step, or to one that waits.
struct Hit {
    instance: usize,
    path: usize,
    /// The predicate that waits and, if the step is not the last, the bit of the attribute behind it.
    wait: Option<(usize, u64)>,
}

/// Attributes of the element that begins are looked at.
struct Watch {
    instance: usize,
    path: usize,
    bits: u64,
    pending: Option<usize>,
}

/// Where predicates are evaluated.
struct Surroundings<'a> {
    opens: &'a [Open],
    variables: &'a [String],
    budget: &'a mut Budget,
    counters: &'a mut [usize],
    totals: &'a mut [usize],
}

impl<'p> Machine<'p> {
    pub(super) fn new(plan: &'p Plan, variables: Vec<String>, budget: &'p mut Budget) -> Self {
        let takes_leaves = plan.blocks.iter().flat_map(|block| &block.paths).any(|path| path.takes_leaves);
        Self {
            plan,
            variables,
            budget,
            opens: Vec::new(),
            instances: Vec::new(),
            captures: Vec::new(),
            held: String::new(),
            holders: 0,
            run: None,
            run_value: String::new(),
            ordinal: 0,
            changed: true,
            takes_leaves,
            hits: Vec::new(),
            watches: Vec::new(),
        }
    }

    /// The root node begins.
    pub(super) fn begin(&mut self) -> Result<(), EvaluationError> {
        let Some(block) = self.plan.blocks.first() else { return Ok(()) };
        self.ordinal += 1;
        self.anchor(block, None, (0, Slot(0)), 0, &Seen::Root)?;
        self.follow_hits(&Seen::Root)?;
        // The root node has no attributes.
        self.watches.clear();
        Ok(())
    }

    /// An element begins; whether anything within it can matter.
    pub(super) fn start(&mut self, start: &Start<'_>) -> Result<bool, EvaluationError> {
        self.end_of_run()?;
        self.budget.spend(self.instances.len())?;
        self.ordinal += 1;
        let seen = Seen::Element(start);
        for number in 0..self.instances.len() {
            self.enter(number, &seen)?;
        }
        self.follow_hits(&seen)?;
        self.attributes(start)?;
        let attributes = if self.plan.looks_up { named_attributes(start) } else { Vec::new() };
        self.opens.push(Open { symbol: start.symbol, attributes });
        Ok(self.holders > 0 || self.instances.iter().any(Instance::is_alive))
    }

    /// The element that began last and has not ended ends.
    pub(super) fn end(&mut self, end: usize) -> Result<(), EvaluationError> {
        self.end_of_run()?;
        self.release(end)?;
        self.opens.pop();
        for instance in &mut self.instances {
            instance.leave();
        }
        Ok(())
    }

    pub(super) fn text(&mut self, value: &str, from: usize, to: usize) {
        if self.holders > 0 {
            self.held.push_str(value);
        }
        if self.takes_leaves && !value.is_empty() {
            let start = self.run.map_or(from, |(start, _)| start);
            self.run = Some((start, to));
            self.run_value.push_str(value);
        }
    }

    pub(super) fn leaf(&mut self, leaf: Leaf<'_>) -> Result<(), EvaluationError> {
        self.end_of_run()?;
        self.any_leaf(leaf)
    }

    /// The text node that was being read is complete.
    pub(super) fn end_of_run(&mut self) -> Result<(), EvaluationError> {
        let Some((from, to)) = self.run.take() else { return Ok(()) };
        let mut value = std::mem::take(&mut self.run_value);
        self.any_leaf(Leaf { kind: NodeKind::Text, target: "", value: &value, from, to })?;
        value.clear();
        self.run_value = value;
        Ok(())
    }

    fn any_leaf(&mut self, leaf: Leaf<'_>) -> Result<(), EvaluationError> {
        if !self.takes_leaves {
            return Ok(());
        }
        self.budget.spend(self.instances.len())?;
        self.ordinal += 1;
        let seen = Seen::Leaf(leaf);
        for (number, instance) in self.instances.iter_mut().enumerate() {
            let (row, block) = (instance.row(), instance.block);
            for (place, path) in block.paths.iter().enumerate().filter(|(_, path)| path.takes_leaves) {
                let candidates = instance.candidates(row, place, path);
                if candidates > 0 {
                    let (counters, totals) = instance.counting();
                    let around = Surroundings { opens: &self.opens, variables: &self.variables, budget: self.budget, counters, totals };
                    let own =
                        advance(path, 0, candidates, &seen, around, |wait| self.hits.push(Hit { instance: number, path: place, wait }))?;
                    instance.note_ended(row + place, place, path, own);
                }
            }
        }
        self.follow_hits(&seen)
    }

    /// The masks of an element within an instance.
    fn enter(&mut self, number: usize, seen: &Seen<'_>) -> Result<(), EvaluationError> {
        let Some(instance) = self.instances.get_mut(number) else { return Ok(()) };
        let (row, block) = (instance.row(), instance.block);
        for (place, path) in block.paths.iter().enumerate() {
            let candidates = instance.candidates(row, place, path);
            let below = instance.masks.get(row + place).map_or(0, |mask| mask.below);
            let mut own = 0;
            if candidates > 0 {
                let (counters, totals) = instance.counting();
                let around = Surroundings { opens: &self.opens, variables: &self.variables, budget: self.budget, counters, totals };
                own = advance(path, 0, candidates, seen, around, |wait| self.hits.push(Hit { instance: number, path: place, wait }))?;
                if own & path.attributes > 0 {
                    self.watches.push(Watch { instance: number, path: place, bits: own & path.attributes, pending: None });
                }
            }
            instance.masks.push(Mask { own, below: below | own & path.descendants, later: 0 });
        }
        instance.counters.resize(instance.counters.len() + instance.block.counters, 0);
        Ok(())
    }

    /// Sets a block to work at a node that begins.
    fn anchor(
        &mut self,
        block: &'p Block,
        pending: Option<usize>,
        owner: (usize, Slot),
        depth: usize,
        seen: &Seen<'_>,
    ) -> Result<usize, EvaluationError> {
        // Predicates within predicates on elements within elements may be very many.
        self.budget.spend(VISITS_AN_INSTANCE)?;
        let number = self.instances.len();
        let mut instance = Instance::new(block, pending, owner, depth);
        instance.states = self.fresh_states(block)?;
        for (place, path) in block.paths.iter().enumerate() {
            let mut own = 1;
            if path.steps.is_empty() {
                self.hits.push(Hit { instance: number, path: place, wait: None });
            } else {
                let (counters, totals) = instance.counting();
                let around = Surroundings { opens: &self.opens, variables: &self.variables, budget: self.budget, counters, totals };
                own = advance(path, 1, path.selves & 1, seen, around, |wait| self.hits.push(Hit { instance: number, path: place, wait }))?;
            }
            if own & path.attributes > 0 {
                self.watches.push(Watch { instance: number, path: place, bits: own & path.attributes, pending: None });
            }
            instance.masks.push(Mask { own, below: own & path.descendants, later: 0 });
        }
        self.instances.push(instance);
        Ok(number)
    }

    /// Hands on what paths have found at a node; predicates that wait begin here, and may find more.
    fn follow_hits(&mut self, seen: &Seen<'_>) -> Result<(), EvaluationError> {
        let plan = self.plan;
        let mut next = 0;
        while let Some(&Hit { instance, path, wait }) = self.hits.get(next) {
            next += 1;
            let Some(slot) = self.instances.get(instance).and_then(|at| at.block.paths.get(path)).map(|path| path.slot) else { continue };
            let Some((pending, attribute)) = wait else {
                self.deliver(instance, slot, seen, None)?;
                continue;
            };
            let block = plan.pendings.get(pending).and_then(|pending| plan.blocks.get(pending.block));
            let Some(block) = block else { continue };
            let number = self.anchor(block, Some(pending), (instance, slot), self.opens.len() + 1, seen)?;
            if attribute > 0 {
                self.watches.push(Watch { instance, path, bits: attribute, pending: Some(number) });
            } else {
                self.deliver(instance, slot, seen, Some(number))?;
            }
        }
        self.hits.clear();
        Ok(())
    }

    /// The attributes of an element, in order, for all who look at them.
    fn attributes(&mut self, start: &Start<'_>) -> Result<(), EvaluationError> {
        if self.watches.is_empty() {
            return Ok(());
        }
        let watches = std::mem::take(&mut self.watches);
        for attribute in start.attributes() {
            self.ordinal += 1;
            let seen = Seen::Attribute(start, &attribute);
            for watch in &watches {
                if self.is_watched(watch, &seen)? {
                    let Some(path) = self.instances.get(watch.instance).and_then(|at| at.block.paths.get(watch.path)) else { continue };
                    self.deliver(watch.instance, path.slot, &seen, watch.pending)?;
                }
            }
        }
        self.watches = watches;
        self.watches.clear();
        Ok(())
    }

    fn is_watched(&mut self, watch: &Watch, seen: &Seen<'_>) -> Result<bool, EvaluationError> {
        let Some(instance) = self.instances.get_mut(watch.instance) else { return Ok(false) };
        let Some(path) = instance.block.paths.get(watch.path) else { return Ok(false) };
        let (counters, totals) = instance.counting();
        let around = Surroundings { opens: &self.opens, variables: &self.variables, budget: self.budget, counters, totals };
        let mut found = false;
        advance(path, 0, watch.bits, seen, around, |_| found = true)?;
        Ok(found)
    }
}

impl<'p> Instance<'p> {
    fn new(block: &'p Block, pending: Option<usize>, owner: (usize, Slot), anchor: usize) -> Self {
        Self {
            block,
            pending,
            owner,
            anchor,
            states: Vec::new(),
            items: Vec::new(),
            masks: Vec::with_capacity(block.paths.len() * 8),
            counters: vec![0; block.counters],
            totals: vec![0; block.totals],
            after: vec![0; block.paths.len()],
        }
    }

    /// Where the masks of the innermost open element begin.
    fn row(&self) -> usize {
        self.masks.len().saturating_sub(self.block.paths.len())
    }

    /// The steps that may lead from open elements to a node that begins now.
    #[inline]
    fn candidates(&self, row: usize, place: usize, path: &PathPlan) -> u64 {
        if self.states.get(path.slot.0).is_none_or(|state| state.settled) {
            return 0;
        }
        let Some(mask) = self.masks.get(row + place) else { return 0 };
        let after = self.after.get(place).copied().unwrap_or(0);
        mask.own & path.children | mask.below & path.descendants | mask.later & path.siblings | after & path.following
    }

    /// The counters of the innermost open element, and those of the whole pass.
    fn counting(&mut self) -> (&mut [usize], &mut [usize]) {
        let row = self.counters.len().saturating_sub(self.block.counters);
        (self.counters.get_mut(row..).unwrap_or_default(), &mut self.totals)
    }

    /// Whether a node within the innermost open element can matter.
    fn is_alive(&self) -> bool {
        let row = self.row();
        self.block.paths.iter().enumerate().any(|(place, path)| self.candidates(row, place, path) > 0)
    }

    /// A context node of these steps has ended: what comes may be its sibling, or follow it.
    fn note_ended(&mut self, parent: usize, place: usize, path: &PathPlan, own: u64) {
        if let Some(parent) = self.masks.get_mut(parent) {
            parent.later |= own & path.siblings;
        }
        if let Some(after) = self.after.get_mut(place) {
            *after |= own & path.following;
        }
    }

    /// The innermost open element ends.
    fn leave(&mut self) {
        let row = self.row();
        let block = self.block;
        for (place, path) in block.paths.iter().enumerate() {
            let own = self.masks.get(row + place).map_or(0, |mask| mask.own);
            let parent = (row + place).wrapping_sub(self.block.paths.len());
            self.note_ended(parent, place, path, own);
        }
        self.masks.truncate(row);
        self.counters.truncate(self.counters.len().saturating_sub(self.block.counters));
    }
}

/// Tests a node by the steps that may lead to it, and by those that lead from it to itself. What it is a context node of then;
/// `hit` hears of the last step, or of one that waits.
fn advance(
    path: &PathPlan,
    mut own: u64,
    candidates: u64,
    seen: &Seen<'_>,
    mut around: Surroundings<'_>,
    mut hit: impl FnMut(Option<(usize, u64)>),
) -> Result<u64, EvaluationError> {
    let mut left = candidates;
    while left > 0 {
        let number = left.trailing_zeros() as usize;
        left &= left - 1;
        let Some(step) = path.steps.get(number) else { continue };
        if !around.passes(step, seen)? {
            continue;
        }
        let next = 1 << (number + 1);
        let is_last = number + 1 == path.steps.len();
        match step.pending {
            Some(pending) => hit(Some((pending, if is_last { 0 } else { next }))),
            None if is_last => hit(None),
            None => {
                own |= next;
                left |= next & path.selves;
            }
        }
    }
    Ok(own)
}

impl Surroundings<'_> {
    fn passes(&mut self, step: &StepPlan, seen: &Seen<'_>) -> Result<bool, EvaluationError> {
        if !seen.passes(&step.test) {
            return Ok(false);
        }
        for filter in &step.filters {
            if !self.holds(filter, seen)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds(&mut self, filter: &Filter, seen: &Seen<'_>) -> Result<bool, EvaluationError> {
        let counter = match filter.counter {
            // The row of the parent is the last.
            Some(Counter::Level(number)) => self.counters.get_mut(number),
            Some(Counter::Total(number)) => self.totals.get_mut(number),
            None => None,
        };
        let position = counter.map_or(1, |counter| {
            *counter += 1;
            *counter
        });
        let mut here = Here { opens: self.opens, seen: *seen, variables: self.variables, budget: self.budget };
        match &filter.condition {
            Condition::At(number) => Ok(here.number(number, position)? == position as f64),
            Condition::Holds(boolean) => here.boolean(boolean, position),
        }
    }
}

/// The attributes whose names expressions mention.
fn named_attributes(start: &Start<'_>) -> Vec<(Symbol, String)> {
    let named = start.attributes().filter(|attribute| attribute.symbol != Symbol::UNKNOWN);
    named.map(|attribute| (attribute.symbol, attribute.value.to_owned())).collect()
}
