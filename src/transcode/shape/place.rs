//! Numbers of properties that a derived type takes over from its base: `a$2` stays `a$2`, though the first `a` is gone.
//!
//! A restriction's properties are laid over those of the base in document order, such that every one that the base
//! requires is there, groups and wildcards only over what holds all of theirs; an extension begins with the base's own
//! particles.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::schema::form::ComplexType;
use crate::schema::form::Content;
use crate::schema::form::Derivation;
use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::NamespaceConstraint;
use crate::schema::form::ParticleId;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::transcode::shape::Property;
use crate::transcode::shape::Shape;
use crate::transcode::shape::particles::children;
use crate::xml::name::Symbol;

/// The numbers, by particle, where they differ from plain counting.
pub(crate) fn inherited(
    schema: &Schema,
    ty: &ComplexType,
    natural: &Shape,
    base_type: &ComplexType,
    base: &Shape,
) -> Option<HashMap<ParticleId, u32>> {
    match ty.derivation {
        Derivation::Restriction => match (&ty.content, &base_type.content) {
            (Content::Elements(model), Content::Elements(base_model)) => {
                let holds = |old: &Property, new: &Property| holds(schema, (base_model, &old.particles), (model, &new.particles));
                restricted(base, natural, &holds)
            }
            _ => None,
        },
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

fn restricted(base: &Shape, natural: &Shape, holds: &dyn Fn(&Property, &Property) -> bool) -> Option<HashMap<ParticleId, u32>> {
    let old = &base.records.first()?.properties;
    if old.iter().all(|one| split(&one.key).1 == 1) {
        return None;
    }
    let known = |one: &&Property| old.iter().any(|base| split(&base.key).0 == split(&one.key).0);
    let new: Vec<&Property> = natural.records.first()?.properties.iter().filter(known).collect();
    let same = |new: &Property, old: &Property| split(&new.key).0 == split(&old.key).0;
    let whole = |new: &Property, old: &Property| same(new, old) && (!new.key.starts_with('$') || holds(old, new));
    // A contract that breaks the rules of restriction gets the numbers that come nearest.
    let laid = lay(&new, old, true, &whole)
        .or_else(|| lay(&new, old, false, &whole))
        .or_else(|| lay(&new, old, true, &same))
        .or_else(|| lay(&new, old, false, &same))?;
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
fn lay(new: &[&Property], old: &[Property], all_required: bool, fit: &dyn Fn(&Property, &Property) -> bool) -> Option<Vec<usize>> {
    let (rows, columns) = (new.len(), old.len());
    let fits = |i: usize, j: usize| fit(new[i], &old[j]);
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

/// Whether every element that these particles of a restriction admit is admitted by those of the base.
fn holds(schema: &Schema, (base, old): (&Model, &[ParticleId]), (model, new): (&Model, &[ParticleId])) -> bool {
    let known = leaves(base, old);
    let mut names: HashSet<Symbol> = HashSet::new();
    for id in known.iter().filter_map(|term| element(term)) {
        let members = &schema.element(id).members;
        names.extend(std::iter::once(&id).chain(members).map(|id| schema.element(*id).name));
    }
    let admitted = |wanted: &dyn Fn(&NamespaceConstraint) -> bool| {
        known.iter().any(|term| matches!(term, Term::Wildcard(wildcard) if wanted(&wildcard.namespaces)))
    };
    leaves(model, new).iter().all(|term| match term {
        Term::Element(id) => {
            let name = schema.element(*id).name;
            names.contains(&name) || admitted(&|namespaces| namespaces.admits(schema.symbols.name(name).ns.as_str()))
        }
        Term::Wildcard(wildcard) => admitted(&|namespaces| namespaces.covers(&wildcard.namespaces)),
        Term::Sequence(_) | Term::Choice(_) | Term::All(_) => true,
    })
}

fn element(term: &Term) -> Option<ElementId> {
    match term {
        Term::Element(id) => Some(*id),
        Term::Wildcard(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_) => None,
    }
}

/// The elements and wildcards in these particles.
fn leaves<'m>(model: &'m Model, particles: &[ParticleId]) -> Vec<&'m Term> {
    let (mut found, mut stack) = (Vec::new(), particles.to_vec());
    while let Some(id) = stack.pop() {
        let term = &model.particle(id).term;
        match children(term) {
            [] => found.push(term),
            inner => stack.extend(inner),
        }
    }
    found
}

fn extended(ty: &ComplexType, base: &Shape) -> Option<HashMap<ParticleId, u32>> {
    let Content::Elements(model) = &ty.content else { return None };
    let first = children(&model.particles.first()?.term).first()?.0;
    let numbered = base.records.first()?.properties.iter().flat_map(|one| one.particles.iter().map(|id| (id, split(&one.key).1)));
    Some(numbered.map(|(id, number)| (ParticleId(id.0 + first), number)).collect())
}
