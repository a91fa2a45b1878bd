//! What could have come, what is missing, and how to go on after a child that should not be there.

use crate::schema::automaton::ContentState;
use crate::schema::automaton::Expected;
use crate::schema::automaton::Matched;
use crate::schema::automaton::Recovery;
use crate::schema::automaton::run::Config;
use crate::schema::automaton::run::Machine;
use crate::schema::automaton::run::apply;
use crate::schema::automaton::table::Action;
use crate::schema::automaton::table::Entry;
use crate::schema::automaton::table::Group;
use crate::schema::automaton::table::Kind;
use crate::schema::automaton::table::NONE;
use crate::schema::automaton::table::Repeat;
use crate::schema::automaton::table::START;
use crate::schema::automaton::table::Span;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Term;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;

impl Model {
    /// What may come next, in document order, [`Expected::End`] last.
    #[must_use]
    pub fn expected(&self, state: &ContentState) -> Vec<Expected> {
        let machine = self.machine();
        let mut leaves = Vec::new();
        for config in std::iter::once(&state.chosen).chain(&state.others) {
            machine.next_leaves(config, &mut leaves);
        }
        leaves.sort_unstable();
        leaves.dedup();
        let mut list: Vec<Expected> = leaves
            .into_iter()
            .filter_map(|leaf| {
                let particle = machine.leaf(leaf)?.particle;
                match self.particles.get(particle.0 as usize)?.term {
                    Term::Element(element) => Some(Expected::Element(particle, element)),
                    Term::Wildcard(_) => Some(Expected::Wildcard(particle)),
                    Term::Sequence(_) | Term::Choice(_) | Term::All(_) => None,
                }
            })
            .collect();
        if self.finish(state) {
            list.push(Expected::End);
        }
        list
    }

    /// The required particles that are missing where the content ends too early.
    #[must_use]
    pub fn missing(&self, state: &ContentState) -> Vec<ParticleId> {
        let mut missing = Vec::new();
        self.machine().missing_outside(&state.chosen, NONE, &mut missing);
        missing
    }

    /// What to make of a child that was unexpected, so that the faults after it are found too.
    pub fn recover(&self, state: &mut ContentState, symbol: Symbol, _name: ExpandedName<'_>) -> Recovery {
        let machine = self.machine();
        let targets = machine.places_of(symbol);
        let mut later = targets.iter().filter_map(|entry| machine.way_to(&state.chosen, entry)).collect::<Vec<_>>();
        later.sort_by_key(|way| (way.again.is_some(), way.entry.leaf));
        if let Some(way) = later.into_iter().next() {
            let matched = machine.go(&mut state.chosen, &way);
            state.others.clear();
            return Recovery::Later { matched, missing: way.missing };
        }
        match targets.first() {
            Some(entry) => Recovery::Misplaced {
                particle: machine.leaf(entry.leaf).map_or(ParticleId::ROOT, |leaf| leaf.particle),
                element: entry.element(),
            },
            None => Recovery::Unknown,
        }
    }
}

/// How a child that came too early could stand further on.
struct Way {
    entry: Entry,
    /// The group that begins anew on the way.
    again: Option<u32>,
    missing: Vec<ParticleId>,
}

impl Machine<'_> {
    /// The leaves that may come next.
    fn next_leaves(self, config: &Config, into: &mut Vec<u32>) {
        let automaton = self.automaton;
        let Some(leaf) = self.leaf(config.leaf) else {
            if let Some(root) = automaton.groups.first() {
                self.leaves_in(root, 0, automaton.first_limit(root), into);
            }
            return;
        };
        if self.may_repeat(leaf.repeat, config) {
            into.push(config.leaf);
        }
        if !self.may_leave(leaf.repeat, config) {
            return;
        }
        let (mut id, mut child) = (leaf.parent, leaf.child);
        while let Some(group) = self.group(id) {
            let ended = match group.kind {
                Kind::Sequence => {
                    let limit = automaton.limit(group, child + 1);
                    self.leaves_in(group, child + 1, limit, into);
                    limit >= group.children.len
                }
                Kind::Choice => true,
                Kind::All => {
                    for (index, member) in (0..).zip(group.children.of(&automaton.children)) {
                        let seen = config.counters.get((group.members + index) as usize).copied().unwrap_or(0);
                        if seen < member.max {
                            self.leaves_in(group, index, index, into);
                        }
                    }
                    self.all_met(group, config)
                }
            };
            if !ended {
                return;
            }
            if self.may_repeat(group.repeat, config) {
                self.leaves_in(group, 0, automaton.first_limit(group), into);
            }
            if !self.may_leave(group.repeat, config) {
                return;
            }
            (id, child) = (group.parent, group.child);
        }
    }

    fn leaves_in(self, group: &Group, from: u32, to: u32, into: &mut Vec<u32>) {
        let named = group.slots.of(&self.automaton.slots).iter().flat_map(|slot| slot.entries.of(&self.automaton.entries));
        let wild = group.wildcards.of(&self.automaton.wildcards);
        into.extend(named.chain(wild).filter(|entry| (from..=to).contains(&entry.child)).map(|entry| entry.leaf));
    }

    /// What is still required in the groups from the current leaf out to `target`, which is left out.
    fn missing_outside(self, config: &Config, target: u32, into: &mut Vec<ParticleId>) {
        let Some(leaf) = self.leaf(config.leaf) else {
            if let Some(root) = self.automaton.groups.first() {
                self.missing_in(root, 0, root.children.len, into);
            }
            return;
        };
        if !self.may_leave(leaf.repeat, config) {
            into.push(leaf.particle);
        }
        let (mut id, mut child) = (leaf.parent, leaf.child);
        while id != target
            && let Some(group) = self.group(id)
        {
            match group.kind {
                Kind::Sequence => self.missing_in(group, child + 1, group.children.len, into),
                Kind::Choice => {}
                Kind::All => {
                    for (index, member) in (0..).zip(group.children.of(&self.automaton.children)) {
                        let seen = config.counters.get((group.members + index) as usize).copied().unwrap_or(0);
                        if !member.nullable && seen < member.min {
                            into.push(member.particle);
                        }
                    }
                }
            }
            if !self.may_leave(group.repeat, config) {
                into.push(group.particle);
            }
            (id, child) = (group.parent, group.child);
        }
    }

    /// The required children of a group in a range; a choice as a whole.
    fn missing_in(self, group: &Group, from: u32, to: u32, into: &mut Vec<ParticleId>) {
        if group.kind == Kind::Choice {
            if !group.nullable {
                into.push(group.particle);
            }
            return;
        }
        let children = group.children.of(&self.automaton.children);
        for child in children.iter().take(to as usize).skip(from as usize) {
            if !child.nullable {
                into.push(child.particle);
            }
        }
    }

    /// The leaves that would take a name, in document order, each as an entry of its own group.
    fn places_of(self, symbol: Symbol) -> Vec<Entry> {
        let mut list = Vec::new();
        for (id, group) in (0..).zip(&self.automaton.groups) {
            let own = self
                .automaton
                .find(group, symbol)
                .iter()
                .filter(|entry| self.leaf(entry.leaf).is_some_and(|leaf| leaf.parent == id && leaf.child == entry.child));
            list.extend(own.copied());
        }
        list.sort_by_key(|entry| entry.leaf);
        list
    }

    /// The groups around a leaf, from the outermost in, each with the child that leads to it.
    fn path(self, leaf: u32) -> Vec<(u32, u32)> {
        let mut path = Vec::new();
        if let Some(leaf) = self.leaf(leaf) {
            let (mut id, mut child) = (leaf.parent, leaf.child);
            while let Some(group) = self.group(id) {
                path.push((id, child));
                (id, child) = (group.parent, group.child);
            }
        }
        path.reverse();
        path
    }

    /// How to get to a leaf that cannot follow at once: forward in a sequence, else by beginning a group anew.
    fn way_to(self, config: &Config, target: &Entry) -> Option<Way> {
        let to = self.path(target.leaf);
        let from = self.path(config.leaf);
        let mut missing = Vec::new();
        let shared = from.iter().zip(&to).take_while(|(a, b)| a.0 == b.0).count();
        if config.leaf == START {
            self.missing_before(&to, 0, 0, &mut missing);
            return Some(Way { entry: *target, again: None, missing });
        }
        let at = shared.checked_sub(1)?;
        let ((id, child), (_, aim)) = (*from.get(at)?, *to.get(at)?);
        let group = self.group(id)?;
        let forward = match group.kind {
            Kind::Sequence => child < aim,
            Kind::Choice => false,
            Kind::All => {
                let seen = config.counters.get((group.members + aim) as usize).copied().unwrap_or(0);
                child != aim && seen == 0
            }
        };
        if forward {
            self.missing_outside(config, id, &mut missing);
            if group.kind == Kind::Sequence {
                self.missing_in(group, child + 1, aim, &mut missing);
            }
            self.missing_before(&to, at + 1, 0, &mut missing);
            return Some(Way { entry: *target, again: None, missing });
        }
        let anew = (0..shared).rev().find(|at| {
            let repeats = from.get(*at).and_then(|(id, _)| self.group(*id));
            repeats.is_some_and(|group| self.may_repeat(group.repeat, config))
        })?;
        let (id, _) = *from.get(anew)?;
        let around = self.group(id)?.parent;
        self.missing_outside(config, around, &mut missing);
        // what the group itself lacks is not missing: it begins anew
        missing.retain(|particle| self.group(id).is_some_and(|group| group.particle != *particle));
        self.missing_before(&to, anew, 0, &mut missing);
        Some(Way { entry: *target, again: Some(id), missing })
    }

    /// The required children before a path, in its groups from `depth` on.
    fn missing_before(self, path: &[(u32, u32)], depth: usize, from: u32, into: &mut Vec<ParticleId>) {
        for (id, child) in path.iter().skip(depth) {
            if let Some(group) = self.group(*id)
                && group.kind == Kind::Sequence
            {
                self.missing_in(group, from, *child, into);
            }
        }
    }

    /// Goes there.
    fn go(self, config: &mut Config, way: &Way) -> Matched {
        let shared: Vec<u32> = match config.leaf {
            START => Vec::new(),
            leaf => self.path(leaf).into_iter().map(|(id, _)| id).collect(),
        };
        config.counters.resize(self.automaton.counters as usize, 0);
        let mut fresh = false;
        for (id, child) in self.path(way.entry.leaf) {
            let Some(group) = self.group(id) else { continue };
            if !shared.contains(&id) {
                fresh = true;
            }
            if fresh {
                if let Repeat::Counted { counter, .. } = group.repeat {
                    apply(config, &[Action::Begin(counter)]);
                }
                apply(config, &[Action::Clear(Span { start: group.members, len: all_members(group) })]);
            } else if way.again == Some(id) {
                if let Repeat::Counted { counter, .. } = group.repeat
                    && let Some(count) = config.counters.get_mut(counter as usize)
                {
                    *count = count.saturating_add(1);
                }
                apply(config, &[Action::Clear(Span { start: group.members, len: all_members(group) })]);
                fresh = true;
            }
            if group.kind == Kind::All
                && let Some(seen) = config.counters.get_mut((group.members + child) as usize)
            {
                *seen = seen.saturating_add(1);
            }
        }
        if let Some(Repeat::Counted { counter, .. }) = self.leaf(way.entry.leaf).map(|leaf| leaf.repeat) {
            apply(config, &[Action::Begin(counter)]);
        }
        config.leaf = way.entry.leaf;
        let particle = self.leaf(way.entry.leaf).map_or(ParticleId::ROOT, |leaf| leaf.particle);
        let again = way.again.and_then(|id| self.group(id)).map(|group| group.particle);
        Matched { particle, element: way.entry.element(), again }
    }
}

fn all_members(group: &Group) -> u32 {
    if group.kind == Kind::All { group.children.len } else { 0 }
}
