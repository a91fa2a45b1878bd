//! Whether a model is ambiguous: whether some child could be taken in two ways (section 3.8.6, Unique Particle
//! Attribution), or in one way with two counts.
//!
//! Most models name everything once and are told at a glance. For the rest every position is tried with every contested
//! name, up to a budget; beyond it the model counts as ambiguous, which is always safe.

use std::collections::BTreeSet;
use std::collections::HashMap;

use crate::schema::automaton::rows::Rows;
use crate::schema::automaton::run::Candidate;
use crate::schema::automaton::run::Config;
use crate::schema::automaton::run::Machine;
use crate::schema::automaton::run::Token;
use crate::schema::automaton::table::Automaton;
use crate::schema::automaton::table::Kind;
use crate::schema::automaton::table::NONE;
use crate::schema::automaton::table::Repeat;
use crate::schema::automaton::table::START;
use crate::schema::form::NamespaceConstraint;
use crate::schema::form::Particle;
use crate::schema::form::ParticleId;
use crate::schema::form::Term;
use crate::xml::name::Symbol;
use crate::xml::name::Symbols;

/// How many (position, name) pairs are tried.
const BUDGET: usize = 300_000;

/// What was found out about a model.
pub(crate) struct Ambiguity {
    /// Two particles that compete for one child; none where only counts are in doubt, or the budget was used up.
    pub(crate) particles: Option<(ParticleId, ParticleId)>,
}

impl Automaton {
    /// Finds out whether the model is ambiguous, and remembers it.
    pub(crate) fn judge(&mut self, particles: &[Particle], symbols: &Symbols) -> Option<Ambiguity> {
        let tokens = self.contested(particles, symbols);
        if tokens.is_empty() {
            return None;
        }
        let found = Machine { automaton: self, particles }.first_conflict(&tokens);
        self.ambiguous = found.is_some();
        if self.ambiguous {
            self.rows = Rows::default();
        }
        found
    }

    /// The names (with namespaces) for which two leaves may compete.
    fn contested<'s>(&self, particles: &[Particle], symbols: &'s Symbols) -> Vec<(Symbol, &'s str)> {
        let mut leaf_of: HashMap<Symbol, u32> = HashMap::new();
        let mut contested: BTreeSet<Symbol> = BTreeSet::new();
        for slot in &self.slots {
            for entry in slot.entries.of(&self.entries) {
                if *leaf_of.entry(slot.symbol).or_insert(entry.leaf) != entry.leaf {
                    contested.insert(slot.symbol);
                }
            }
        }
        let wildcards: Vec<&NamespaceConstraint> = self
            .leaves
            .iter()
            .filter_map(|leaf| match particles.get(leaf.particle.0 as usize).map(|particle| &particle.term) {
                Some(Term::Wildcard(wildcard)) => Some(&wildcard.namespaces),
                Some(Term::Element(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_)) | None => None,
            })
            .collect();
        let counted = self.counts_are_in_doubt();
        let namespace = |symbol: Symbol| symbols.name(symbol).ns.as_str();
        contested.extend(
            leaf_of.keys().copied().filter(|symbol| counted || wildcards.iter().any(|constraint| constraint.admits(namespace(*symbol)))),
        );
        let mut tokens: Vec<(Symbol, &str)> = contested.into_iter().map(|symbol| (symbol, namespace(symbol))).collect();
        if wildcards.len() > 1 || counted && !wildcards.is_empty() {
            let mentioned = symbols.namespaces().into_iter().chain(["", "urn:none-of-these"]);
            let shared = |ns: &&str| wildcards.iter().filter(|constraint| constraint.admits(ns)).count() > usize::from(!counted);
            tokens.extend(mentioned.filter(shared).map(|ns| (Symbol::UNKNOWN, ns)));
        }
        tokens
    }

    /// Some count must reach two or more while something else repeats too: the same leaf can be reached with two counts.
    fn counts_are_in_doubt(&self) -> bool {
        let repeats = || self.groups.iter().map(|group| group.repeat).chain(self.leaves.iter().map(|leaf| leaf.repeat));
        repeats().any(|repeat| matches!(repeat, Repeat::Counted { min: 2.., .. }))
            && repeats().filter(|repeat| *repeat != Repeat::Once).count() > 1
    }
}

/// A way found from a position, while counts are not known.
struct Way {
    leaf: u32,
    /// Excludes all that is found after leaving this group or leaf, whose count is fixed.
    closed: bool,
}

impl Machine<'_> {
    fn first_conflict(self, tokens: &[(Symbol, &str)]) -> Option<Ambiguity> {
        let leaves = u32::try_from(self.automaton.leaves.len()).unwrap_or(u32::MAX);
        let mut budget = BUDGET;
        for leaf in (0..leaves).chain([START]) {
            for (symbol, ns) in tokens {
                if budget == 0 {
                    return Some(Ambiguity { particles: None });
                }
                budget -= 1;
                if let Some((a, b)) = self.conflict(leaf, Token::Name(*symbol, ns)) {
                    let particle = |leaf: u32| self.leaf(leaf).map(|leaf| leaf.particle);
                    let particles = if a == b { None } else { particle(a).zip(particle(b)) };
                    return Some(Ambiguity { particles });
                }
            }
        }
        None
    }

    /// Two ways to take a child after a leaf, if there are.
    fn conflict(self, from: u32, token: Token<'_>) -> Option<(u32, u32)> {
        let mut ways: Vec<Way> = Vec::new();
        let mut found = None;
        // as far as counts go, everything is possible: ask once with all counts in the middle
        let Some(leaf) = self.leaf(from) else {
            self.candidates(&Config::default(), token, |candidate| self.add(&mut ways, &candidate, false, &mut found));
            return found;
        };
        let config = Config { leaf: from, counters: vec![u32::MAX; self.automaton.counters as usize] };
        let mut level = Level { id: leaf.parent, child: leaf.child };
        if leaf.repeat != Repeat::Once {
            let closed = is_fixed(leaf.repeat);
            self.loops(from, token, |candidate| self.add(&mut ways, &candidate, closed, &mut found));
        }
        while let (None, Some(group)) = (found, self.group(level.id)) {
            let ended = self.inside(&level, token, |candidate| self.add(&mut ways, &candidate, false, &mut found));
            if !ended {
                break;
            }
            if group.repeat != Repeat::Once {
                let closed = is_fixed(group.repeat);
                self.anew(level.id, token, |candidate| {
                    let known = ways.iter().any(|way| way.leaf == candidate.entry.leaf);
                    // a count that need not be reached, or a body that may be empty: the inner way is as good
                    let vacuous = match group.repeat {
                        Repeat::Once | Repeat::Free => true,
                        Repeat::Counted { min, .. } => min <= 1,
                    };
                    if known && vacuous && self.is_dominated(&candidate, &config) {
                        return false;
                    }
                    self.add(&mut ways, &candidate, closed, &mut found)
                });
            }
            level = Level { id: group.parent, child: group.child };
        }
        found
    }

    fn add(self, ways: &mut Vec<Way>, candidate: &Candidate, closed: bool, found: &mut Option<(u32, u32)>) -> bool {
        let leaf = candidate.entry.leaf;
        if let Some(other) = ways.iter().find(|way| !way.closed) {
            *found = Some((other.leaf, leaf));
            return true;
        }
        ways.push(Way { leaf, closed });
        false
    }
}

/// A group, and the child of it that was last.
pub(super) struct Level {
    pub(super) id: u32,
    pub(super) child: u32,
}

/// One count only: leaving and going on exclude each other.
fn is_fixed(repeat: Repeat) -> bool {
    match repeat {
        Repeat::Once | Repeat::Free => false,
        Repeat::Counted { min, max, .. } => min == max,
    }
}

impl Machine<'_> {
    /// The leaf itself again, whatever its count.
    fn loops(self, id: u32, token: Token<'_>, mut offer: impl FnMut(Candidate) -> bool) {
        let Some(leaf) = self.leaf(id) else { return };
        let Some(group) = self.group(leaf.parent) else { return };
        self.in_range(group, token, leaf.child, leaf.child, &mut |entry| {
            entry.leaf == id && offer(Candidate { entry, group: NONE, again: false })
        });
    }

    /// Further children of a group; whether its end can be reached.
    fn inside(self, level: &Level, token: Token<'_>, mut offer: impl FnMut(Candidate) -> bool) -> bool {
        let Some(group) = self.group(level.id) else { return false };
        let mut offer = |entry| offer(Candidate { entry, group: level.id, again: false });
        match group.kind {
            Kind::Sequence => {
                let limit = self.automaton.limit(group, level.child + 1);
                self.in_range(group, token, level.child + 1, limit, &mut offer);
                limit >= group.children.len
            }
            Kind::Choice => true,
            Kind::All => {
                self.in_range(group, token, 0, group.children.len, &mut |entry| {
                    let repeats = || {
                        let child = self.automaton.children.get((group.children.start + entry.child) as usize);
                        child.is_some_and(|child| child.max > 1)
                    };
                    (entry.child != level.child || repeats()) && offer(entry)
                });
                true
            }
        }
    }

    /// The group anew, whatever its count.
    fn anew(self, id: u32, token: Token<'_>, mut offer: impl FnMut(Candidate) -> bool) {
        let Some(group) = self.group(id) else { return };
        let limit = self.automaton.first_limit(group);
        self.in_range(group, token, 0, limit, &mut |entry| offer(Candidate { entry, group: id, again: true }));
    }
}
