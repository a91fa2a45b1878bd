//! What a pass has found so far.

use std::borrow::Cow;
use std::ops::Range;

use crate::xpath::budget::Budget;
use crate::xpath::budget::EvaluationError;
use crate::xpath::document::NodeKind;
use crate::xpath::evaluate::compare::Single;
use crate::xpath::evaluate::compare::fits;
use crate::xpath::model::Comparison;
use crate::xpath::model::Expr;
use crate::xpath::model::NamePart;
use crate::xpath::number;
use crate::xpath::scalar::Scalars;
use crate::xpath::stream::plan::Gather;
use crate::xpath::stream::plan::Slot;
use crate::xpath::stream::plan::Verdict;

/// A node that a pass found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// What kind of node it is.
    pub kind: NodeKind,
    /// The local part of its name; of an instruction its target.
    pub local: String,
    /// The namespace of its name; empty for none.
    pub ns: String,
    /// Its string-value.
    pub value: String,
    /// Its bytes in the text: of an element with both tags, of an attribute from its name to the closing quote.
    pub span: Range<usize>,
}

/// A collector at run time.
#[derive(Debug)]
pub(super) struct State {
    pub(super) found: bool,
    pub(super) number: f64,
    /// The value that nodes are compared with.
    single: Single<'static>,
    pub(super) entries: Vec<Entry>,
    /// Nothing that is still to come can change it.
    pub(super) settled: bool,
    /// Whether an entry is there that no predicate can take back.
    pub(super) has_certain: bool,
    /// The node that came last: those of a union come twice.
    pub(super) last: u64,
}

/// A found node whose order counts.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) found: Found,
    pub(super) is_certain: bool,
    pub(super) is_complete: bool,
    pub(super) is_dropped: bool,
}

impl State {
    pub(super) fn new(gather: &Gather, single: Single<'static>) -> Self {
        let number = if matches!(gather, Gather::Least | Gather::Greatest) { f64::NAN } else { 0.0 };
        Self { found: false, number, single, entries: Vec::new(), settled: false, has_certain: false, last: 0 }
    }

    /// Takes a node in whose predicates hold and whose value, if it is wanted, is complete.
    pub(super) fn take(&mut self, gather: &Gather, entry: Option<usize>, value: &str, end: Option<usize>) {
        match gather {
            Gather::Exists => self.found = true,
            Gather::Count => self.number += 1.0,
            Gather::Sum => self.number += number::parse(value),
            Gather::Least => self.number = self.number.min(number::parse(value)),
            Gather::Greatest => self.number = self.number.max(number::parse(value)),
            Gather::Fits(relation, _) => self.found |= fits(*relation, &Single::Text(Cow::Borrowed(value)), &self.single),
            Gather::Value | Gather::Name(_) | Gather::Nodes => {
                if let Some(entry) = entry.and_then(|entry| self.entries.get_mut(entry)) {
                    if !entry.is_complete {
                        value.clone_into(&mut entry.found.value);
                    }
                    entry.found.span.end = end.unwrap_or(entry.found.span.end);
                    (entry.is_certain, entry.is_complete) = (true, true);
                    self.has_certain = true;
                }
            }
        }
        self.settle(gather);
    }

    pub(super) fn drop_entry(&mut self, gather: &Gather, entry: usize) {
        if let Some(entry) = self.entries.get_mut(entry) {
            entry.is_dropped = true;
            entry.found.value = String::new();
        }
        self.settle(gather);
    }

    fn settle(&mut self, gather: &Gather) {
        self.settled = match gather {
            Gather::Exists | Gather::Fits(..) => self.found,
            Gather::Value | Gather::Name(_) => self.first().is_some_and(|entry| entry.is_certain && entry.is_complete),
            Gather::Count | Gather::Sum | Gather::Least | Gather::Greatest | Gather::Nodes => false,
        };
    }

    fn first(&self) -> Option<&Entry> {
        self.entries.iter().find(|entry| !entry.is_dropped)
    }

    pub(super) fn nodes(&mut self) -> Vec<Found> {
        let kept = std::mem::take(&mut self.entries).into_iter().filter(|entry| entry.is_certain && !entry.is_dropped);
        kept.map(|entry| entry.found).collect()
    }
}

/// The collectors of one block, read by the formulas over them.
pub(super) struct Results<'e, 'b> {
    pub(super) states: &'e [State],
    pub(super) variables: &'e [String],
    pub(super) budget: &'b mut Budget,
}

impl Results<'_, '_> {
    fn state(&self, slot: Slot) -> Option<&State> {
        self.states.get(slot.0)
    }
}

impl<'e> Results<'e, '_> {
    /// A boolean result as far as it is known; all of it once the document is finished.
    pub(super) fn known(&mut self, verdict: &'e Verdict, finished: bool) -> Result<Option<bool>, EvaluationError> {
        Ok(match verdict {
            Verdict::Or(members) => self.decided(members, finished, true)?,
            Verdict::And(members) => self.decided(members, finished, false)?,
            Verdict::Not(inner) => self.known(inner, finished)?.map(|known| !known),
            Verdict::Found(slot) => match self.state(*slot) {
                Some(state) if state.found => Some(true),
                Some(_) | None => finished.then_some(false),
            },
            Verdict::Formula { from, to, formula } => {
                if finished || self.all_settled(*from, *to) {
                    Some(self.boolean(formula, ())?)
                } else {
                    None
                }
            }
        })
    }

    /// One member with the deciding value decides; without one, all must be known.
    fn decided(&mut self, members: &'e [Verdict], finished: bool, deciding: bool) -> Result<Option<bool>, EvaluationError> {
        let mut all_known = true;
        for member in members {
            match self.known(member, finished)? {
                Some(value) if value == deciding => return Ok(Some(deciding)),
                Some(_) => {}
                None => all_known = false,
            }
        }
        Ok(all_known.then_some(!deciding))
    }

    pub(super) fn all_settled(&self, from: usize, to: usize) -> bool {
        self.states.get(from..to).unwrap_or_default().iter().all(|state| state.settled)
    }

    pub(super) fn single(&mut self, expr: &'e Expr<Slot>) -> Result<Single<'e>, EvaluationError> {
        Ok(match expr {
            Expr::Nodes(slot) => Single::Boolean(self.exists(slot, ())?),
            Expr::Boolean(boolean) => Single::Boolean(self.boolean(boolean, ())?),
            Expr::Number(number) => Single::Number(self.number(number, ())?),
            Expr::Text(text) => Single::Text(self.text(text, ())?),
        })
    }

    fn first_text(&self, slot: Slot) -> Cow<'e, str> {
        let first = self.states.get(slot.0).and_then(State::first);
        Cow::Borrowed(first.map_or("", |entry| &entry.found.value))
    }
}

impl<'e> Scalars<'e, Slot> for Results<'e, '_> {
    type Context = ();

    fn exists(&mut self, slot: &'e Slot, (): ()) -> Result<bool, EvaluationError> {
        Ok(self.state(*slot).is_some_and(|state| state.found))
    }

    fn count(&mut self, slot: &'e Slot, (): ()) -> Result<f64, EvaluationError> {
        Ok(self.state(*slot).map_or(0.0, |state| state.number))
    }

    fn sum(&mut self, slot: &'e Slot, (): ()) -> Result<f64, EvaluationError> {
        self.count(slot, ())
    }

    fn first_value(&mut self, slot: &'e Slot, (): ()) -> Result<Cow<'e, str>, EvaluationError> {
        Ok(self.first_text(*slot))
    }

    fn first_name(&mut self, _: NamePart, slot: &'e Slot, (): ()) -> Result<Cow<'e, str>, EvaluationError> {
        Ok(self.first_text(*slot))
    }

    fn comparison(&mut self, comparison: &'e Comparison<Slot>, (): ()) -> Result<bool, EvaluationError> {
        let (first, second) = (self.single(&comparison.first)?, self.single(&comparison.second)?);
        let mut result = fits(comparison.relation, &first, &second);
        for (relation, operand) in &comparison.rest {
            result = fits(*relation, &Single::Boolean(result), &self.single(operand)?);
        }
        Ok(result)
    }

    fn lang(&mut self, _: &str, (): ()) -> Result<bool, EvaluationError> {
        Ok(false)
    }

    fn place(&self, (): ()) -> (usize, usize) {
        (1, 1)
    }

    fn variable(&self, number: usize) -> &'e str {
        self.variables.get(number).map_or("", String::as_str)
    }

    fn pay(&mut self, text: &str) -> Result<(), EvaluationError> {
        self.budget.spend_text(text)
    }

    fn pay_condition(&mut self) -> Result<(), EvaluationError> {
        self.budget.spend(1)
    }
}
