//! Numbers of properties that a derived type takes over from its base: `a$2` stays `a$2`, though the first `a` is gone.
//!
//! A restriction's properties are laid over those of the base in document order, such that every one that the base
//! requires is there; an extension begins with the base's own particles.

use std::collections::HashMap;

use crate::schema::form::ComplexType;
use crate::schema::form::Content;
use crate::schema::form::Derivation;
use crate::schema::form::ParticleId;
use crate::transcode::shape::Property;
use crate::transcode::shape::Shape;
use crate::transcode::shape::particles::children;

/// The numbers, by particle, where they differ from plain counting.
pub(crate) fn inherited(ty: &ComplexType, base: &Shape, natural: &Shape) -> Option<HashMap<ParticleId, u32>> {
    match ty.derivation {
        Derivation::Restriction => restricted(base, natural),
        Derivation::Extension if base.renumbered => extended(ty, base),
        Derivation::Extension => None,
    }
}

/// Stem and number of a key: `a$2` is `a` and 2.
fn split(key: &str) -> (&str, u32) {
    match key.rsplit_once('$') {
        Some((stem, digits)) if !stem.is_empty() => digits.parse().map_or((key, 1), |number| (stem, number)),
        Some(_) | None => (key, 1),
    }
}

fn restricted(base: &Shape, natural: &Shape) -> Option<HashMap<ParticleId, u32>> {
    let old = &base.records.first()?.properties;
    if old.iter().all(|one| split(&one.key).1 == 1) {
        return None;
    }
    let known = |one: &&Property| old.iter().any(|base| split(&base.key).0 == split(&one.key).0);
    let new: Vec<&Property> = natural.records.first()?.properties.iter().filter(known).collect();
    let laid = lay(&new, old, true).or_else(|| lay(&new, old, false))?;
    let numbers: HashMap<ParticleId, u32> = new
        .iter()
        .zip(&laid)
        .filter_map(|(one, at)| old.get(*at).map(|base| (one, split(&base.key).1)))
        .flat_map(|(one, number)| one.particles.iter().map(move |id| (*id, number)))
        .collect();
    let changed = new.iter().any(|one| one.particles.iter().any(|id| numbers.get(id) != Some(&split(&one.key).1)));
    changed.then_some(numbers)
}

/// For each new property the number of its old one, in order, the first that leaves a way for the rest.
fn lay(new: &[&Property], old: &[Property], all_required: bool) -> Option<Vec<usize>> {
    let (rows, columns) = (new.len(), old.len());
    let fits = |i: usize, j: usize| split(&new[i].key).0 == split(&old[j].key).0;
    let may_skip = |j: usize| !(all_required && old[j].required);
    // good[i][j]: new[i..] can be laid over old[j..].
    let mut good = vec![vec![false; columns + 1]; rows + 1];
    for j in (0..=columns).rev() {
        for i in (0..=rows).rev() {
            good[i][j] =
                if j == columns { i == rows } else { (i < rows && fits(i, j) && good[i + 1][j + 1]) || (may_skip(j) && good[i][j + 1]) };
        }
    }
    if !good[0][0] {
        return None;
    }
    let (mut i, mut j, mut laid) = (0, 0, Vec::with_capacity(rows));
    while i < rows && j < columns {
        if fits(i, j) && good[i + 1][j + 1] {
            laid.push(j);
            i += 1;
        }
        j += 1;
    }
    Some(laid)
}

fn extended(ty: &ComplexType, base: &Shape) -> Option<HashMap<ParticleId, u32>> {
    let Content::Elements(model) = &ty.content else { return None };
    let first = children(&model.particles.first()?.term).first()?.0;
    let numbered = base.records.first()?.properties.iter().flat_map(|one| one.particles.iter().map(|id| (id, split(&one.key).1)));
    Some(numbered.map(|(id, number)| (ParticleId(id.0 + first), number)).collect())
}
