//! Content models as counting Glushkov automata, and the matcher that runs them.
//!
//! A position is an element or wildcard particle of the model. After a position comes a row: the edges that may
//! follow it. Edges carry what they do to the counters of repeated particles and which repeating group they begin
//! anew, so that occurrence is never flattened and `$items` entries can be told apart.
//! Knows particles and names; nothing of events or values.

use crate::schema::form::ElementId;
use crate::schema::form::ParticleId;

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

/// A content model's automaton.
#[derive(Clone, Debug, Default)]
pub struct Automaton {}
