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

/// How many elements a particle takes, at least and at most.
pub(crate) fn elements(model: &Model, id: ParticleId) -> (u32, Option<u32>) {
    let particle = model.particle(id);
    let add = |(a, b): (u32, Option<u32>), (c, d): (u32, Option<u32>)| (a.saturating_add(c), b.zip(d).map(|(b, d)| b.saturating_add(d)));
    let (min, max) = match &particle.term {
        Term::Element(_) | Term::Wildcard(_) => (1, Some(1)),
        Term::Sequence(list) | Term::All(list) => list.iter().map(|child| elements(model, *child)).fold((0, Some(0)), add),
        Term::Choice(list) => {
            let branches = || list.iter().map(|branch| elements(model, *branch));
            let most = branches().try_fold(0, |a: u32, (_, max)| max.map(|max| a.max(max)));
            (branches().map(|(min, _)| min).min().unwrap_or(0), most)
        }
    };
    // Nothing, however often, is nothing.
    let max = if max == Some(0) { max } else { max.zip(particle.max).map(|(a, b)| a.saturating_mul(b)) };
    (min.saturating_mul(particle.min), max)
}

/// The members of a group; none of an element or wildcard.
pub(crate) fn children(term: &Term) -> &[ParticleId] {
    match term {
        Term::Element(_) | Term::Wildcard(_) => &[],
        Term::Sequence(list) | Term::Choice(list) | Term::All(list) => list,
    }
}
