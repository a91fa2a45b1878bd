//! Content models as counting Glushkov automata, and the matcher that runs them.
//!
//! A position is an element or wildcard particle of the model. What may follow it is read off shared tables, one for
//! each group of the model, so that neither occurrence is flattened nor a table written twice.
//! Counters of repeated particles live in the [`ContentState`] of the one who matches; a step tells which repeating
//! group it begins anew, so that `$items` entries can be told apart.
//! Knows particles and names; nothing of events or values.

use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;

/// What the matcher found for one child element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Matched {
    /// The element or wildcard particle that took it.
    pub particle: ParticleId,
    /// The declaration (of the particle, or the member of its substitution group); none for a wildcard.
    pub element: Option<ElementId>,
    /// The outermost repeating group (`max` other than 1) that this child begins anew, if it does.
    pub again: Option<ParticleId>,
}

/// What one step of the matcher says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// The child stands here.
    Matched(Matched),
    /// The assignment chosen so far cannot go on, yet another one could have: assign the whole list of children
    /// with [`Model::assign`]. Only in models that are [`Model::is_ambiguous`]. The state is unchanged.
    Diverged,
    /// No assignment of the children so far lets this one follow. The state is unchanged.
    Unexpected,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// This element (or a member of its substitution group) at this particle.
    Element(ParticleId, ElementId),
    /// What this wildcard admits.
    Wildcard(ParticleId),
    /// The end of the content.
    End,
}

/// What to make of a child that [`Model::step`] calls unexpected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recovery {
    /// It may stand later: the particles between (leaves and whole groups) are missing. The state has moved there.
    Later {
        /// Where it stands.
        matched: Matched,
        /// The required particles that were passed over, in document order.
        missing: Vec<ParticleId>,
    },
    /// The model knows it, but only earlier, or it came too often. The state is unchanged.
    Misplaced {
        /// A particle that would take it.
        particle: ParticleId,
        /// Its declaration; none for a wildcard.
        element: Option<ElementId>,
    },
    /// The model does not know it. The state is unchanged.
    Unknown,
}

/// Where the matcher stands in the content of one element. Kept in a frame and used again by [`Model::reset`].
#[derive(Clone, Debug, Default)]
pub struct ContentState {}

/// A content model's automaton.
#[derive(Clone, Debug, Default)]
pub struct Automaton {}

impl Model {
    /// The state before the first child.
    #[must_use]
    pub fn start(&self) -> ContentState {
        ContentState::default()
    }

    /// Makes a used state the one before the first child, keeping its memory.
    pub fn reset(&self, state: &mut ContentState) {
        *state = self.start();
    }

    /// Some child may fit two particles: a step is greedy (an element declaration before a wildcard, then the first in
    /// document order) and may end in [`Step::Diverged`].
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        false
    }

    /// Takes the next child. `symbol` is [`Symbol::UNKNOWN`] for a name that no schema mentions.
    pub fn step(&self, state: &mut ContentState, symbol: Symbol, name: ExpandedName<'_>) -> Step {
        let _ = (state, symbol, name);
        Step::Unexpected
    }

    /// Takes the next child by where it must stand rather than by its name: only particles that `accept` admits.
    /// `symbol` is the name of its declaration; none for a child that stands at a wildcard.
    pub fn step_particle(&self, state: &mut ContentState, symbol: Option<Symbol>, accept: &dyn Fn(ParticleId) -> bool) -> Step {
        let _ = (state, symbol, accept);
        Step::Unexpected
    }

    /// Whether the content may end here. In an ambiguous model: whether some assignment lets it end;
    /// [`Model::finish_chosen`] tells it of the assignment that the steps chose.
    #[must_use]
    pub fn finish(&self, state: &ContentState) -> bool {
        let _ = state;
        true
    }

    /// Whether the content may end here by the assignment that the steps chose. If not although [`Model::finish`] says
    /// so, [`Model::assign`] finds the right one.
    #[must_use]
    pub fn finish_chosen(&self, state: &ContentState) -> bool {
        self.finish(state)
    }

    /// What may come next, in document order, [`Expected::End`] last.
    #[must_use]
    pub fn expected(&self, state: &ContentState) -> Vec<Expected> {
        let _ = state;
        Vec::new()
    }

    /// The required particles that are missing where the content ends too early.
    #[must_use]
    pub fn missing(&self, state: &ContentState) -> Vec<ParticleId> {
        let _ = state;
        Vec::new()
    }

    /// What to make of a child that was unexpected, so that the faults after it are found too.
    pub fn recover(&self, state: &mut ContentState, symbol: Symbol, name: ExpandedName<'_>) -> Recovery {
        let _ = (state, symbol, name);
        Recovery::Unknown
    }

    /// The assignment of a whole list of children: an element declaration before a wildcard, then the first in document
    /// order that can still lead to a match of the whole.
    ///
    /// # Errors
    /// The index of the first child that no assignment admits; the number of children if the content may not end.
    pub fn assign(&self, names: &[(Symbol, ExpandedName<'_>)]) -> Result<Vec<Matched>, usize> {
        let _ = names;
        Ok(Vec::new())
    }
}
