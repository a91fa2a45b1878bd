//! What a pass holds until the end of an element: text of wanted values, and nodes whose predicates wait.

use crate::xpath::budget::BYTES_A_NODE;
use crate::xpath::budget::EvaluationError;
use crate::xpath::evaluate::compare::Single;
use crate::xpath::model::NamePart;
use crate::xpath::scalar::Scalars;
use crate::xpath::stream::collect::Entry;
use crate::xpath::stream::collect::Found;
use crate::xpath::stream::collect::Results;
use crate::xpath::stream::collect::State;
use crate::xpath::stream::local::Seen;
use crate::xpath::stream::machine::Instance;
use crate::xpath::stream::machine::Machine;
use crate::xpath::stream::plan::Block;
use crate::xpath::stream::plan::Gather;
use crate::xpath::stream::plan::Slot;

/// As many bytes of a value that is kept cost as much as one node.
const BYTES_KEPT_A_NODE: usize = 8;

/// An element whose value is wanted and whose predicates hold.
pub(super) struct Capture {
    depth: usize,
    instance: usize,
    slot: Slot,
    entry: Option<usize>,
    /// Where its text begins in what is held.
    from: usize,
}

/// A node that counts if the predicate of an element turns out to hold.
pub(super) struct Item {
    entry: Option<usize>,
    value: Held,
}

enum Held {
    /// No value is wanted.
    None,
    Known(String),
    /// All text from here to the end of the element.
    From(usize),
}

impl<'p> Machine<'p> {
    /// The collectors of a block that begins its work.
    pub(super) fn fresh_states(&mut self, block: &'p Block) -> Result<Vec<State>, EvaluationError> {
        let mut states = Vec::with_capacity(block.collectors.len());
        for gather in &block.collectors {
            let single = match gather {
                Gather::Fits(_, expr) => owned(Results { states: &[], variables: &self.variables, budget: self.budget }.single(expr)?),
                Gather::Exists | Gather::Count | Gather::Sum | Gather::Least | Gather::Greatest => Single::Boolean(false),
                Gather::Value | Gather::Name(_) | Gather::Nodes => Single::Boolean(false),
            };
            states.push(State::new(gather, single));
        }
        Ok(states)
    }

    /// A path has found a node; with `pending` it counts if that instance's predicate holds.
    pub(super) fn deliver(&mut self, number: usize, slot: Slot, seen: &Seen<'_>, pending: Option<usize>) -> Result<(), EvaluationError> {
        let Some(instance) = self.instances.get_mut(number) else { return Ok(()) };
        let block = instance.block;
        let (Some(gather), Some(state)) = (block.collectors.get(slot.0), instance.states.get_mut(slot.0)) else { return Ok(()) };
        if state.settled || state.last == self.ordinal {
            return Ok(());
        }
        state.last = self.ordinal;
        let only_first = matches!(gather, Gather::Value | Gather::Name(_));
        if only_first && state.has_certain {
            return Ok(());
        }
        let wants_value = !matches!(gather, Gather::Exists | Gather::Count | Gather::Name(_));
        let entry = (only_first || matches!(gather, Gather::Nodes)).then(|| {
            state.has_certain |= pending.is_none();
            state.entries.push(entry(gather, seen, pending.is_none()));
            state.entries.len() - 1
        });
        let value = match seen.value() {
            _ if !wants_value => Held::None,
            Some(value) => Held::Known(value.to_owned()),
            None => Held::From(self.held.len()),
        };
        self.hold(number, slot, Item { entry, value }, seen, pending)
    }

    fn hold(&mut self, number: usize, slot: Slot, item: Item, seen: &Seen<'_>, pending: Option<usize>) -> Result<(), EvaluationError> {
        self.holders += usize::from(matches!(item.value, Held::From(_)));
        if let Some(waiting) = pending.and_then(|pending| self.instances.get_mut(pending)) {
            waiting.items.push(item);
            return Ok(());
        }
        match item.value {
            Held::None => self.take(number, slot, item.entry, "", None),
            Held::Known(value) => self.take(number, slot, item.entry, &value, None),
            Held::From(from) => {
                let depth = if matches!(seen, Seen::Root) { 0 } else { self.opens.len() + 1 };
                self.captures.push(Capture { depth, instance: number, slot, entry: item.entry, from });
                Ok(())
            }
        }
    }

    fn take(&mut self, number: usize, slot: Slot, entry: Option<usize>, value: &str, end: Option<usize>) -> Result<(), EvaluationError> {
        // What is kept costs more than what is looked at.
        self.budget.spend(value.len() / if entry.is_some() { BYTES_KEPT_A_NODE } else { BYTES_A_NODE })?;
        let Some(instance) = self.instances.get_mut(number) else { return Ok(()) };
        if let (Some(gather), Some(state)) = (instance.block.collectors.get(slot.0), instance.states.get_mut(slot.0)) {
            let before = state.settled;
            state.take(gather, entry, value, end);
            self.changed |= number == 0 && state.settled != before;
        }
        Ok(())
    }

    /// The innermost open node ends: its value is complete, and predicates that waited for it are decided.
    pub(super) fn release(&mut self, end: usize) -> Result<(), EvaluationError> {
        let depth = self.opens.len();
        let held = std::mem::take(&mut self.held);
        while let Some(capture) = self.captures.pop_if(|capture| capture.depth == depth) {
            self.holders -= 1;
            let value = held.get(capture.from..).unwrap_or_default();
            self.take(capture.instance, capture.slot, capture.entry, value, Some(end))?;
        }
        while let Some(instance) = self.instances.pop_if(|instance| instance.pending.is_some() && instance.anchor == depth) {
            self.decide(instance, &held, end)?;
        }
        self.held = held;
        if self.holders == 0 {
            self.held.clear();
        }
        Ok(())
    }

    fn decide(&mut self, instance: Instance<'p>, held: &str, end: usize) -> Result<(), EvaluationError> {
        let plan = self.plan;
        let formulas = instance.pending.and_then(|pending| plan.pendings.get(pending)).map_or(&[][..], |pending| &pending.formulas);
        let mut holds = true;
        for formula in formulas {
            let mut results = Results { states: &instance.states, variables: &self.variables, budget: self.budget };
            holds = holds && results.boolean(formula, ())?;
        }
        let (owner, slot) = instance.owner;
        for item in instance.items {
            let is_text = matches!(item.value, Held::From(_));
            self.holders -= usize::from(is_text);
            if holds {
                let value = match &item.value {
                    Held::None => "",
                    Held::Known(value) => value,
                    Held::From(from) => held.get(*from..).unwrap_or_default(),
                };
                self.take(owner, slot, item.entry, value, is_text.then_some(end))?;
            } else if let Some(entry) = item.entry {
                self.drop_entry(owner, slot, entry);
            }
        }
        Ok(())
    }

    fn drop_entry(&mut self, number: usize, slot: Slot, entry: usize) {
        let Some(instance) = self.instances.get_mut(number) else { return };
        if let (Some(gather), Some(state)) = (instance.block.collectors.get(slot.0), instance.states.get_mut(slot.0)) {
            let before = state.settled;
            state.drop_entry(gather, entry);
            self.changed |= number == 0 && state.settled != before;
        }
    }
}

fn entry(gather: &Gather, seen: &Seen<'_>, is_certain: bool) -> Entry {
    let name = |part| seen.name(part).to_owned();
    let span = match seen {
        Seen::Root => 0..0,
        Seen::Element(start) => start.offset()..start.end(),
        Seen::Attribute(_, attribute) => attribute.offset()..attribute.end(),
        Seen::Leaf(leaf) => leaf.from..leaf.to,
    };
    let (value, is_complete) = if let Gather::Name(part) = gather { (name(*part), true) } else { (String::new(), false) };
    let (local, ns) = if matches!(gather, Gather::Nodes) { (name(NamePart::Local), name(NamePart::Namespace)) } else { Default::default() };
    Entry { found: Found { kind: seen.kind(), local, ns, value, span }, is_certain, is_complete, is_dropped: false }
}

fn owned(single: Single<'_>) -> Single<'static> {
    match single {
        Single::Boolean(boolean) => Single::Boolean(boolean),
        Single::Number(number) => Single::Number(number),
        Single::Text(text) => Single::Text(text.into_owned().into()),
    }
}
