//! Whether the branches of a choice accept equal names in different order.
//!
//! Then a JSON object, which has no order, cannot tell which branch stands there, and the choice becomes `$items`.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::transcode::shape::particles::sole_leaf;
use crate::xml::name::Symbol;

/// A name in a branch: which of equal names it is, and the way to it: group, place in it, whether the group has an order.
struct Leaf {
    key: (Symbol, u32),
    path: Vec<(ParticleId, usize, bool)>,
}

/// Whether two branches accept two equal names in different order.
pub(crate) fn conflicts(schema: &Schema, model: &Model, branches: &[ParticleId]) -> bool {
    if shared_names(schema, model, branches) < 2 {
        return false;
    }
    let mut before: HashSet<((Symbol, u32), (Symbol, u32))> = HashSet::new();
    for branch in branches {
        let mut leaves = Vec::new();
        collect(schema, model, *branch, &mut HashMap::new(), &mut Vec::new(), &mut leaves);
        let mut own = HashSet::new();
        for (at, first) in leaves.iter().enumerate() {
            for second in leaves.iter().skip(at + 1).filter(|second| first.key != second.key && ordered(first, second)) {
                if before.contains(&(second.key, first.key)) {
                    return true;
                }
                own.insert((first.key, second.key));
            }
        }
        before.extend(own);
    }
    false
}

/// How many names stand in more than one branch.
fn shared_names(schema: &Schema, model: &Model, branches: &[ParticleId]) -> usize {
    let mut seen: HashMap<Symbol, usize> = HashMap::new();
    let mut shared = HashSet::new();
    for (number, branch) in branches.iter().enumerate() {
        let mut stack = vec![*branch];
        while let Some(id) = stack.pop() {
            match &model.particle(id).term {
                Term::Element(head) => {
                    for name in names(schema, *head) {
                        if *seen.entry(name).or_insert(number) != number {
                            shared.insert(name);
                        }
                    }
                }
                Term::Wildcard(_) => {}
                Term::Sequence(list) | Term::Choice(list) | Term::All(list) => stack.extend(list),
            }
        }
    }
    shared.len()
}

fn names(schema: &Schema, head: crate::schema::form::ElementId) -> impl Iterator<Item = Symbol> {
    let declared = schema.element(head);
    let own = (!declared.is_abstract).then_some(declared.name);
    own.into_iter().chain(declared.members.iter().map(|id| schema.element(*id).name))
}

/// The first stands before the second wherever both stand: the innermost group that holds both has an order.
fn ordered(first: &Leaf, second: &Leaf) -> bool {
    let mut pairs = first.path.iter().zip(&second.path);
    pairs.find(|(a, b)| a.0 != b.0 || a.1 != b.1).is_some_and(|(a, b)| a.0 == b.0 && a.2 && a.1 < b.1)
}

fn collect(
    schema: &Schema,
    model: &Model,
    id: ParticleId,
    counts: &mut HashMap<Symbol, u32>,
    path: &mut Vec<(ParticleId, usize, bool)>,
    out: &mut Vec<Leaf>,
) {
    if let Some(sole) = sole_leaf(model, id) {
        let Term::Element(head) = model.particle(sole.leaf).term else { return };
        if sole.max != Some(1) && !schema.element(head).members.is_empty() {
            return;
        }
        for name in names(schema, head) {
            let count = counts.entry(name).or_default();
            *count += 1;
            out.push(Leaf { key: (name, *count), path: path.clone() });
        }
        return;
    }
    let particle = model.particle(id);
    if particle.max != Some(1) {
        return;
    }
    match &particle.term {
        Term::Element(_) | Term::Wildcard(_) => {}
        Term::Sequence(list) | Term::All(list) => {
            let in_order = matches!(particle.term, Term::Sequence(_));
            for (at, child) in list.iter().enumerate() {
                path.push((id, at, in_order));
                collect(schema, model, *child, counts, path, out);
                path.pop();
            }
        }
        Term::Choice(list) => {
            let start = counts.clone();
            for (at, child) in list.iter().enumerate() {
                let mut own = start.clone();
                path.push((id, at, false));
                collect(schema, model, *child, &mut own, path, out);
                path.pop();
                for (name, count) in own {
                    let most = counts.entry(name).or_default();
                    *most = count.max(*most);
                }
            }
        }
    }
}
