//! Questions about particles that need no shape: the one element of a group, whether it may be empty, its members.

use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Term;

/// The one element or wildcard of a particle, with the occurrence of all groups round it alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sole {
    pub(crate) leaf: ParticleId,
    pub(crate) min: u32,
    pub(crate) max: Option<u32>,
}

/// The element or wildcard that a particle is, or that is all that its group (and a group in it alone) holds.
pub(crate) fn sole_leaf(model: &Model, id: ParticleId) -> Option<Sole> {
    let (mut at, mut min, mut max) = (id, 1_u32, Some(1_u32));
    loop {
        let particle = model.particle(at);
        min = min.saturating_mul(particle.min);
        max = max.zip(particle.max).map(|(a, b)| a.saturating_mul(b));
        match &particle.term {
            Term::Element(_) | Term::Wildcard(_) => return Some(Sole { leaf: at, min, max }),
            Term::Sequence(list) | Term::Choice(list) | Term::All(list) => match list.as_slice() {
                [only] => at = *only,
                [] | [_, _, ..] => return None,
            },
        }
    }
}

/// Whether a particle may stand for nothing.
pub(crate) fn emptiable(model: &Model, id: ParticleId) -> bool {
    let particle = model.particle(id);
    particle.min == 0
        || match &particle.term {
            Term::Element(_) | Term::Wildcard(_) => false,
            Term::Sequence(list) | Term::All(list) => list.iter().all(|child| emptiable(model, *child)),
            Term::Choice(list) => list.is_empty() || list.iter().any(|child| emptiable(model, *child)),
        }
}

/// The members of a group; none of an element or wildcard.
pub(crate) fn children(term: &Term) -> &[ParticleId] {
    match term {
        Term::Element(_) | Term::Wildcard(_) => &[],
        Term::Sequence(list) | Term::Choice(list) | Term::All(list) => list,
    }
}
