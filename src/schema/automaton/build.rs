//! Builds the automaton of a content model from its particles.
//!
//! Groups come in document order, so that working backwards meets every group after all inside it: no recursion.

use crate::schema::automaton::rows::Rows;
use crate::schema::automaton::table::Action;
use crate::schema::automaton::table::Automaton;
use crate::schema::automaton::table::Child;
use crate::schema::automaton::table::Entry;
use crate::schema::automaton::table::Group;
use crate::schema::automaton::table::Kind;
use crate::schema::automaton::table::Leaf;
use crate::schema::automaton::table::NONE;
use crate::schema::automaton::table::Repeat;
use crate::schema::automaton::table::Slot;
use crate::schema::automaton::table::Span;
use crate::schema::automaton::table::spread;
use crate::schema::form::Element;
use crate::schema::form::ElementId;
use crate::schema::form::Particle;
use crate::schema::form::ParticleId;
use crate::schema::form::Term;
use crate::xml::name::Symbol;

/// How many entries the tables of one model may have.
const ENTRIES: usize = 2_000_000;

impl Automaton {
    /// The automaton of a model; none if its tables would be too large.
    pub(crate) fn build(particles: &[Particle], elements: &[Element]) -> Option<Self> {
        let mut builder = Builder::default();
        builder.arrange(particles);
        builder.number_counters();
        builder.tabulate(particles, elements)?;
        Some(builder.finish())
    }
}

/// A group under construction.
struct Draft {
    group: Group,
    min: u32,
    max: u32,
    members: Vec<Member>,
}

/// A child under construction.
#[derive(Clone, Copy)]
enum Member {
    Leaf(u32),
    Group(u32),
}

/// An entry under construction.
#[derive(Clone, Copy)]
struct Proto {
    symbol: Symbol,
    entry: Entry,
}

#[derive(Default)]
struct Builder {
    drafts: Vec<Draft>,
    leaves: Vec<Leaf>,
    /// `minOccurs` and `maxOccurs` of the leaves.
    bounds: Vec<(u32, u32)>,
    children: Vec<Child>,
    limits: Vec<u32>,
    actions: Vec<Action>,
    entries: Vec<Entry>,
    wildcards: Vec<Entry>,
    slots: Vec<Slot>,
    counters: u32,
}

impl Builder {
    /// Sorts the particles into groups and leaves; a group that occurs once and adds nothing becomes part of its parent.
    fn arrange(&mut self, particles: &[Particle]) {
        let mut host: Vec<u32> = Vec::with_capacity(particles.len());
        if particles.first().is_some_and(|root| matches!(root.term, Term::Element(_) | Term::Wildcard(_))) {
            self.push_group(ParticleId::ROOT, Kind::Sequence, NONE, (1, 1));
        }
        for (at, particle) in particles.iter().enumerate() {
            let id = ParticleId(u32::try_from(at).unwrap_or(u32::MAX));
            let parent = match particle.parent {
                Some(parent) => host.get(parent.0 as usize).copied().unwrap_or(0),
                None if self.drafts.is_empty() => NONE,
                None => 0,
            };
            let bounds = (particle.min, particle.max.unwrap_or(u32::MAX));
            let (kind, size) = match &particle.term {
                Term::Element(_) | Term::Wildcard(_) => {
                    host.push(NONE);
                    self.push_leaf(id, parent, bounds, matches!(particle.term, Term::Wildcard(_)));
                    continue;
                }
                Term::Sequence(members) => (Kind::Sequence, members.len()),
                Term::Choice(members) => (Kind::Choice, members.len()),
                Term::All(members) => (Kind::All, members.len()),
            };
            let merged = self
                .drafts
                .get(parent as usize)
                .is_some_and(|around| bounds == (1, 1) && kind != Kind::All && (size == 1 || around.group.kind == kind));
            host.push(if merged { parent } else { self.push_group(id, kind, parent, bounds) });
        }
    }

    fn push_group(&mut self, particle: ParticleId, kind: Kind, parent: u32, (min, max): (u32, u32)) -> u32 {
        let id = u32::try_from(self.drafts.len()).unwrap_or(u32::MAX);
        let child = self.adopt(parent, Member::Group(id));
        let group = Group {
            particle,
            kind,
            parent,
            child,
            repeat: Repeat::Once,
            body_nullable: false,
            nullable: false,
            children: Span::default(),
            limits: 0,
            slots: Span::default(),
            wildcards: Span::default(),
            members: 0,
        };
        self.drafts.push(Draft { group, min, max, members: Vec::new() });
        id
    }

    fn push_leaf(&mut self, particle: ParticleId, parent: u32, bounds: (u32, u32), wildcard: bool) {
        let id = u32::try_from(self.leaves.len()).unwrap_or(u32::MAX);
        let child = self.adopt(parent, Member::Leaf(id));
        self.leaves.push(Leaf { particle, parent, child, repeat: Repeat::Once, wildcard });
        self.bounds.push(bounds);
    }

    fn adopt(&mut self, parent: u32, member: Member) -> u32 {
        match self.drafts.get_mut(parent as usize) {
            Some(parent) => {
                parent.members.push(member);
                u32::try_from(parent.members.len() - 1).unwrap_or(u32::MAX)
            }
            None => 0,
        }
    }

    /// Decides what can be empty and what must be counted, from the innermost groups out.
    fn number_counters(&mut self) {
        for at in (0..self.drafts.len()).rev() {
            let members = std::mem::take(&mut self.drafts[at].members);
            let start = u32::try_from(self.children.len()).unwrap_or(u32::MAX);
            let in_all = self.drafts[at].group.kind == Kind::All;
            for member in &members {
                let child = self.child(*member, in_all);
                self.children.push(child);
            }
            let span = Span { start, len: u32::try_from(members.len()).unwrap_or(u32::MAX) };
            let children = span.of(&self.children);
            let body_nullable = match self.drafts[at].group.kind {
                Kind::Sequence | Kind::All => children.iter().all(|child| child.nullable),
                Kind::Choice => children.iter().any(|child| child.nullable),
            };
            let limits = u32::try_from(self.limits.len()).unwrap_or(u32::MAX);
            let mut row = vec![span.len; members.len() + 1];
            for (index, child) in children.iter().enumerate().rev() {
                row[index] = if child.nullable { row[index + 1] } else { u32::try_from(index).unwrap_or(u32::MAX) };
            }
            self.limits.extend(row);
            let (min, max) = (self.drafts[at].min, self.drafts[at].max);
            let repeat = self.repeat(if body_nullable { 0 } else { min }, max);
            let first_member = self.counters;
            if in_all {
                self.counters += span.len;
            }
            let draft = &mut self.drafts[at];
            draft.members = members;
            let group = &mut draft.group;
            (group.children, group.limits, group.members) = (span, limits, first_member);
            (group.repeat, group.body_nullable, group.nullable) = (repeat, body_nullable, body_nullable || min == 0);
        }
    }

    fn child(&mut self, member: Member, in_all: bool) -> Child {
        match member {
            Member::Group(id) => {
                let draft = &self.drafts[id as usize];
                let nullable = draft.group.nullable;
                Child { particle: draft.group.particle, nullable, min: u32::from(!nullable), max: 1 }
            }
            Member::Leaf(id) => {
                let (min, max) = self.bounds[id as usize];
                if !in_all {
                    self.leaves[id as usize].repeat = self.repeat(min, max);
                }
                Child { particle: self.leaves[id as usize].particle, nullable: min == 0, min, max }
            }
        }
    }

    fn repeat(&mut self, min: u32, max: u32) -> Repeat {
        match (min, max) {
            (_, 0 | 1) => Repeat::Once,
            (0 | 1, u32::MAX) => Repeat::Free,
            _ => {
                let counter = self.counters;
                self.counters += 1;
                Repeat::Counted { counter, min, max }
            }
        }
    }

    /// Fills the tables of all groups, from the innermost out.
    fn tabulate(&mut self, particles: &[Particle], elements: &[Element]) -> Option<()> {
        let mut firsts: Vec<Vec<Proto>> = Vec::new();
        firsts.resize_with(self.drafts.len(), Vec::new);
        for at in (0..self.drafts.len()).rev() {
            let mut protos = Vec::new();
            for (index, member) in self.drafts[at].members.clone().into_iter().enumerate() {
                let child = u32::try_from(index).unwrap_or(u32::MAX);
                match member {
                    Member::Leaf(leaf) => self.leaf_protos(leaf, child, particles, elements, &mut protos),
                    Member::Group(inner) => {
                        let first = std::mem::take(&mut firsts[inner as usize]);
                        for proto in first {
                            let actions = self.entering(inner, &proto.entry);
                            protos.push(Proto { entry: Entry { child, actions, ..proto.entry }, ..proto });
                        }
                    }
                }
                if self.entries.len() + protos.len() > ENTRIES {
                    return None;
                }
            }
            firsts[at] = self.beginning(at, &protos);
            self.store(at, protos);
        }
        Some(())
    }

    fn leaf_protos(&mut self, leaf: u32, child: u32, particles: &[Particle], elements: &[Element], protos: &mut Vec<Proto>) {
        let Leaf { particle, repeat, .. } = self.leaves[leaf as usize];
        let actions = match repeat {
            Repeat::Once | Repeat::Free => Span::default(),
            Repeat::Counted { counter, .. } => self.push_actions(&[Action::Begin(counter)]),
        };
        let entry = |element: u32| Entry { child, leaf, element, actions };
        let Some(Term::Element(id)) = particles.get(particle.0 as usize).map(|particle| &particle.term) else {
            protos.push(Proto { symbol: Symbol::UNKNOWN, entry: entry(NONE) });
            return;
        };
        let Some(element) = elements.get(id.0 as usize) else {
            return;
        };
        let own = (!element.is_abstract).then_some(*id);
        for ElementId(taken) in own.into_iter().chain(element.members.iter().copied()) {
            if let Some(member) = elements.get(taken as usize) {
                protos.push(Proto { symbol: member.name, entry: entry(taken) });
            }
        }
    }

    /// What entering a group at one of its beginnings does to counters.
    fn entering(&mut self, group: u32, entry: &Entry) -> Span {
        let group = &self.drafts[group as usize].group;
        let mut actions = Vec::new();
        if let Repeat::Counted { counter, .. } = group.repeat {
            actions.push(Action::Begin(counter));
        }
        if group.kind == Kind::All {
            actions.push(Action::Clear(Span { start: group.members, len: group.children.len }));
            actions.push(Action::Begin(group.members + entry.child));
        }
        if actions.is_empty() {
            return entry.actions;
        }
        actions.extend_from_slice(entry.actions.of(&self.actions));
        self.push_actions(&actions)
    }

    fn push_actions(&mut self, list: &[Action]) -> Span {
        let len = u32::try_from(list.len()).unwrap_or(u32::MAX);
        let last = self.actions.len().saturating_sub(list.len());
        if self.actions.get(last..) == Some(list) {
            return Span { start: u32::try_from(last).unwrap_or(u32::MAX), len };
        }
        let start = u32::try_from(self.actions.len()).unwrap_or(u32::MAX);
        self.actions.extend_from_slice(list);
        Span { start, len }
    }

    /// Those entries with which a repetition of the group may begin.
    fn beginning(&self, at: usize, protos: &[Proto]) -> Vec<Proto> {
        let group = &self.drafts[at].group;
        let limit = match group.kind {
            Kind::Sequence => self.limits.get(group.limits as usize).copied().unwrap_or(0),
            Kind::Choice | Kind::All => u32::MAX,
        };
        protos.iter().filter(|proto| proto.entry.child <= limit).copied().collect()
    }

    /// Stores the entries of a group: wildcards apart, names in a table.
    fn store(&mut self, at: usize, mut protos: Vec<Proto>) {
        let start = u32::try_from(self.wildcards.len()).unwrap_or(u32::MAX);
        let wild = protos.iter().filter(|proto| proto.symbol == Symbol::UNKNOWN).map(|proto| proto.entry);
        self.wildcards.extend(wild);
        let len = u32::try_from(self.wildcards.len()).unwrap_or(u32::MAX) - start;
        self.drafts[at].group.wildcards = Span { start, len };

        protos.retain(|proto| proto.symbol != Symbol::UNKNOWN);
        // stable: the order of children is kept
        protos.sort_by_key(|proto| proto.symbol);
        let names = protos.chunk_by(|a, b| a.symbol == b.symbol).count();
        if names == 0 {
            return;
        }
        let size = (names * 2).next_power_of_two();
        let mut table = vec![Slot { symbol: Symbol::UNKNOWN, entries: Span::default() }; size];
        for run in protos.chunk_by(|a, b| a.symbol == b.symbol) {
            let start = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
            self.entries.extend(run.iter().map(|proto| proto.entry));
            let entries = Span { start, len: u32::try_from(run.len()).unwrap_or(u32::MAX) };
            let symbol = run[0].symbol;
            let mut at = spread(symbol) & (size - 1);
            while table[at].symbol != Symbol::UNKNOWN {
                at = (at + 1) & (size - 1);
            }
            table[at] = Slot { symbol, entries };
        }
        let start = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.slots.extend(table);
        self.drafts[at].group.slots = Span { start, len: u32::try_from(size).unwrap_or(u32::MAX) };
    }

    fn finish(self) -> Automaton {
        let automaton = Automaton {
            groups: self.drafts.into_iter().map(|draft| draft.group).collect(),
            leaves: self.leaves.into(),
            entries: self.entries.into(),
            wildcards: self.wildcards.into(),
            slots: self.slots.into(),
            actions: self.actions.into(),
            limits: self.limits.into(),
            children: self.children.into(),
            counters: self.counters,
            ambiguous: false,
            rows: Rows::default(),
        };
        let rows = Rows::of(&automaton);
        Automaton { rows, ..automaton }
    }
}
