//! The exact assignment of a whole list of children in an ambiguous model.
//!
//! Forward: which configurations can be reached before each child. Backward: from which of them the rest can still be
//! matched. Forward again: the preferred way among those.

use crate::schema::automaton::Matched;
use crate::schema::automaton::rank;
use crate::schema::automaton::run::Config;
use crate::schema::automaton::run::Machine;
use crate::schema::automaton::run::Token;
use crate::schema::automaton::ways;
use crate::schema::form::Model;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;

/// How many configurations are kept for a list, all children together.
const KEPT: usize = 1_000_000;

impl Model {
    /// The assignment of a whole list of children: an element declaration before a wildcard, then the first in document
    /// order that can still lead to a match of the whole.
    ///
    /// # Errors
    /// The index of the first child that no assignment admits; the number of children if the content may not end.
    pub fn assign(&self, names: &[(Symbol, ExpandedName<'_>)]) -> Result<Vec<Matched>, usize> {
        let machine = self.machine();
        let token = |at: usize| names.get(at).map(|(symbol, name)| Token::Name(*symbol, name.ns));
        let layers = reachable(machine, names.len(), &token)?;
        let alive = live(machine, &layers, &token);
        let mut config = Config::default();
        let mut result = Vec::with_capacity(names.len());
        for at in 0..names.len() {
            let Some(token) = token(at) else {
                return Err(at);
            };
            let mut list = ways(machine, &config, token);
            list.sort_by_key(|candidate| rank(machine, candidate));
            let chosen = list.into_iter().find_map(|candidate| {
                let mut next = config.clone();
                machine.take(&mut next, &candidate);
                let layer = layers.get(at + 1)?;
                let index = layer.iter().position(|known| *known == next)?;
                alive.get(at + 1)?.get(index).copied()?.then_some((candidate, next))
            });
            let Some((candidate, next)) = chosen else {
                return Err(names.len());
            };
            result.push(machine.matched(&candidate));
            config = next;
        }
        if machine.ends(&config) { Ok(result) } else { Err(names.len()) }
    }
}

/// The configurations before each child and after the last.
fn reachable<'t>(machine: Machine<'_>, count: usize, token: &dyn Fn(usize) -> Option<Token<'t>>) -> Result<Vec<Vec<Config>>, usize> {
    let most = (KEPT / (count + 1)).clamp(4, super::ALIVE);
    let mut layers = Vec::with_capacity(count + 1);
    let mut current = vec![Config::default()];
    for at in 0..count {
        let Some(token) = token(at) else {
            return Err(at);
        };
        let mut next: Vec<Config> = Vec::new();
        for config in &current {
            for candidate in ways(machine, config, token) {
                let mut after = config.clone();
                machine.take(&mut after, &candidate);
                if next.len() < most && !next.contains(&after) {
                    next.push(after);
                }
            }
        }
        if next.is_empty() {
            return Err(at);
        }
        layers.push(std::mem::replace(&mut current, next));
    }
    layers.push(current);
    Ok(layers)
}

/// From which configurations of each layer the rest can be matched.
fn live<'t>(machine: Machine<'_>, layers: &[Vec<Config>], token: &dyn Fn(usize) -> Option<Token<'t>>) -> Vec<Vec<bool>> {
    let mut alive: Vec<Vec<bool>> = layers.iter().map(|layer| vec![false; layer.len()]).collect();
    for at in (0..layers.len()).rev() {
        for (index, config) in layers[at].iter().enumerate() {
            let good = match (layers.get(at + 1), token(at)) {
                (Some(after), Some(token)) => ways(machine, config, token).iter().any(|candidate| {
                    let mut next = config.clone();
                    machine.take(&mut next, candidate);
                    after.iter().position(|known| *known == next).is_some_and(|found| alive[at + 1][found])
                }),
                (None, _) | (Some(_), None) => machine.ends(config),
            };
            alive[at][index] = good;
        }
    }
    alive
}
