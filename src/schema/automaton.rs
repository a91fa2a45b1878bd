//! Content models as counting Glushkov automata, and the matcher that runs them.
//!
//! A position is an element or wildcard particle of the model. What may follow it is read off shared tables, one for
//! each group of the model, so that neither occurrence is flattened nor a table written twice.
//! Counters of repeated particles live in the [`ContentState`] of the one who matches; a step tells which repeating
//! group it begins anew, so that `$items` entries can be told apart.
//! Knows particles and names; nothing of events or values.

pub use crate::schema::automaton::table::Automaton;
pub(crate) use crate::schema::automaton::upa::Ambiguity;

mod assign;
mod build;
mod recover;
mod rows;
mod run;
mod table;
#[cfg(test)]
mod tests;
mod upa;

use crate::schema::automaton::run::Candidate;
use crate::schema::automaton::run::Config;
use crate::schema::automaton::run::Machine;
use crate::schema::automaton::run::Token;
use crate::schema::automaton::table::START;
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

/// How many assignments of an ambiguous model are followed at once.
const ALIVE: usize = 256;

/// Where the matcher stands in the content of one element. Kept in a frame and used again by [`Model::reset`].
#[derive(Clone, Debug, Default)]
pub struct ContentState {
    chosen: Config,
    /// The other assignments that are alive; only in ambiguous models.
    others: Vec<Config>,
}

impl ContentState {
    /// The state before the first child of any model.
    pub fn reset(&mut self) {
        self.chosen.leaf = START;
        self.chosen.counters.fill(0);
        self.others.clear();
    }
}

impl Model {
    /// The state before the first child.
    #[must_use]
    pub fn start(&self) -> ContentState {
        ContentState::default()
    }

    /// Makes a used state the one before the first child, keeping its memory.
    pub fn reset(&self, state: &mut ContentState) {
        state.chosen.leaf = START;
        state.chosen.counters.clear();
        state.others.clear();
    }

    /// Some child may fit two particles: a step is greedy (an element declaration before a wildcard, then the first in
    /// document order) and may end in [`Step::Diverged`].
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.automaton.ambiguous
    }

    /// Takes the next child. `symbol` is [`Symbol::UNKNOWN`] for a name that no schema mentions.
    pub fn step(&self, state: &mut ContentState, symbol: Symbol, name: ExpandedName<'_>) -> Step {
        self.advance(state, Token::Name(symbol, name.ns))
    }

    /// Takes the next child by its symbol alone, where that tells all: the short way. None: [`Self::step`] decides.
    #[inline]
    pub fn step_plainly(&self, state: &mut ContentState, symbol: Symbol) -> Option<Matched> {
        let (leaf, matched) = self.automaton.rows.step(state.chosen.leaf, symbol)?;
        state.chosen.leaf = leaf;
        Some(matched)
    }

    /// Takes the next child by where it must stand rather than by its name: only particles that `accept` admits.
    /// `symbol` is the name of its declaration; none for a child that stands at a wildcard.
    pub fn step_particle(&self, state: &mut ContentState, symbol: Option<Symbol>, accept: &dyn Fn(ParticleId) -> bool) -> Step {
        self.advance(state, Token::Place(symbol, accept))
    }

    /// Whether the content may end here. In an ambiguous model: whether some assignment lets it end;
    /// [`Model::finish_chosen`] tells it of the assignment that the steps chose.
    #[must_use]
    pub fn finish(&self, state: &ContentState) -> bool {
        let machine = self.machine();
        machine.ends(&state.chosen) || state.others.iter().any(|config| machine.ends(config))
    }

    /// Whether the content may end here by the assignment that the steps chose. If not although [`Model::finish`] says
    /// so, [`Model::assign`] finds the right one.
    #[must_use]
    #[inline]
    pub fn finish_chosen(&self, state: &ContentState) -> bool {
        self.automaton.rows.ends(state.chosen.leaf) || self.machine().ends(&state.chosen)
    }

    fn machine(&self) -> Machine<'_> {
        Machine { automaton: &self.automaton, particles: &self.particles }
    }

    fn advance(&self, state: &mut ContentState, token: Token<'_>) -> Step {
        let machine = self.machine();
        if self.automaton.ambiguous {
            return advance_all(machine, state, token);
        }
        let mut found = None;
        machine.candidates(&state.chosen, token, |candidate| {
            found = Some(candidate);
            true
        });
        match found {
            Some(candidate) => {
                machine.take(&mut state.chosen, &candidate);
                Step::Matched(machine.matched(&candidate))
            }
            None => Step::Unexpected,
        }
    }
}

/// A step of all assignments that are alive.
fn advance_all(machine: Machine<'_>, state: &mut ContentState, token: Token<'_>) -> Step {
    let ways = ways(machine, &state.chosen, token);
    let Some(best) = ways.iter().min_by_key(|candidate| rank(machine, candidate)) else {
        let alive = state.others.iter().any(|config| !self::ways(machine, config, token).is_empty());
        return if alive { Step::Diverged } else { Step::Unexpected };
    };
    let mut chosen = state.chosen.clone();
    machine.take(&mut chosen, best);
    let mut others: Vec<Config> = Vec::new();
    for from in std::iter::once(&state.chosen).chain(&state.others) {
        for candidate in self::ways(machine, from, token) {
            let mut next = from.clone();
            machine.take(&mut next, &candidate);
            if next != chosen && !others.contains(&next) && others.len() < ALIVE {
                others.push(next);
            }
        }
    }
    state.chosen = chosen;
    state.others = others;
    Step::Matched(machine.matched(best))
}

/// All ways to take the next child that differ in what may follow.
fn ways(machine: Machine<'_>, config: &Config, token: Token<'_>) -> Vec<Candidate> {
    let mut list: Vec<Candidate> = Vec::new();
    machine.candidates(config, token, |candidate| {
        let known = list.iter().any(|other| other.entry.leaf == candidate.entry.leaf);
        if !(known && machine.is_dominated(&candidate, config)) {
            list.push(candidate);
        }
        false
    });
    list
}

/// Declarations before wildcards, then document order; of equal ones the first found counts.
fn rank(machine: Machine<'_>, candidate: &Candidate) -> (bool, u32) {
    let wildcard = machine.leaf(candidate.entry.leaf).is_some_and(|leaf| leaf.wildcard);
    (wildcard, candidate.entry.leaf)
}
