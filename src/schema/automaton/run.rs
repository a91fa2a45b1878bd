//! Running an automaton: one configuration, or all that are alive where the model is ambiguous.
//!
//! From a leaf the search goes outwards: the leaf again, further children of its group, the group again, then the same
//! in the group around. Inner continuations therefore come before loops.

use crate::schema::automaton::Matched;
use crate::schema::automaton::table::Action;
use crate::schema::automaton::table::Automaton;
use crate::schema::automaton::table::Entry;
use crate::schema::automaton::table::Group;
use crate::schema::automaton::table::Kind;
use crate::schema::automaton::table::Leaf;
use crate::schema::automaton::table::NONE;
use crate::schema::automaton::table::Repeat;
use crate::schema::automaton::table::START;
use crate::schema::form::Particle;
use crate::schema::form::ParticleId;
use crate::schema::form::Term;
use crate::xml::name::Symbol;

/// Where one assignment of the children so far stands. Counters of what was left are zero.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Config {
    pub(super) leaf: u32,
    pub(super) counters: Vec<u32>,
}

impl Default for Config {
    fn default() -> Self {
        Self { leaf: START, counters: Vec::new() }
    }
}

/// What the next child is known by.
#[derive(Clone, Copy)]
pub(super) enum Token<'t> {
    /// Its name, with the namespace.
    Name(Symbol, &'t str),
    /// Where it must stand: the name of its declaration (none at a wildcard) and which particles are right.
    Place(Option<Symbol>, &'t dyn Fn(ParticleId) -> bool),
}

/// One way to take the next child.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) entry: Entry,
    /// The group in whose table it was found; none for a leaf that repeats itself.
    pub(super) group: u32,
    /// That group begins anew.
    pub(super) again: bool,
}

/// An automaton with the particles it was built from.
#[derive(Clone, Copy)]
pub(super) struct Machine<'m> {
    pub(super) automaton: &'m Automaton,
    pub(super) particles: &'m [Particle],
}

impl<'m> Machine<'m> {
    pub(super) fn leaf(&self, id: u32) -> Option<&'m Leaf> {
        self.automaton.leaves.get(id as usize)
    }

    pub(super) fn group(&self, id: u32) -> Option<&'m Group> {
        self.automaton.groups.get(id as usize)
    }

    /// Offers every way to take the next child to `offer`, inner ones first, until it says that this is enough.
    pub(super) fn candidates(&self, config: &Config, token: Token<'_>, mut offer: impl FnMut(Candidate) -> bool) {
        let automaton = self.automaton;
        let Some(leaf) = self.leaf(config.leaf) else {
            if let Some(root) = automaton.groups.first() {
                let _ = self.offer_range(root, 0, token, 0, automaton.first_limit(root), false, &mut offer);
            }
            return;
        };
        let mut id = leaf.parent;
        let mut child = leaf.child;
        if self.may_repeat(leaf.repeat, config) && self.offer_leaf(config.leaf, leaf, token, &mut offer)
            || !self.may_leave(leaf.repeat, config)
        {
            return;
        }
        while let Some(group) = self.group(id) {
            let ended = match group.kind {
                Kind::Sequence => {
                    let limit = automaton.limit(group, child + 1);
                    if self.offer_range(group, id, token, child + 1, limit, false, &mut offer) {
                        return;
                    }
                    limit >= group.children.len
                }
                Kind::Choice => true,
                Kind::All => {
                    if self.offer_members(group, id, token, config, &mut offer) {
                        return;
                    }
                    self.all_met(group, config)
                }
            };
            if !ended {
                return;
            }
            if self.may_repeat(group.repeat, config)
                && self.offer_range(group, id, token, 0, automaton.first_limit(group), true, &mut offer)
            {
                return;
            }
            if !self.may_leave(group.repeat, config) {
                return;
            }
            child = group.child;
            id = group.parent;
        }
    }

    /// The same leaf again; true if that is enough.
    fn offer_leaf(&self, id: u32, leaf: &Leaf, token: Token<'_>, offer: &mut impl FnMut(Candidate) -> bool) -> bool {
        let Some(group) = self.group(leaf.parent) else {
            return false;
        };
        let mut stop = false;
        self.in_range(group, token, leaf.child, leaf.child, &mut |entry| {
            stop = entry.leaf == id && offer(Candidate { entry, group: NONE, again: false });
            stop
        });
        stop
    }

    /// The children of a group in a range; true if that is enough.
    #[expect(clippy::too_many_arguments, reason = "one thing each, on the hot path")]
    fn offer_range(
        &self,
        group: &Group,
        id: u32,
        token: Token<'_>,
        from: u32,
        to: u32,
        again: bool,
        offer: &mut impl FnMut(Candidate) -> bool,
    ) -> bool {
        let mut stop = false;
        self.in_range(group, token, from, to, &mut |entry| {
            stop = offer(Candidate { entry, group: id, again });
            stop
        });
        stop
    }

    /// The members of an xs:all that were not seen often enough; true if that is enough.
    fn offer_members(&self, group: &Group, id: u32, token: Token<'_>, config: &Config, offer: &mut impl FnMut(Candidate) -> bool) -> bool {
        let children = group.children.of(&self.automaton.children);
        let open = |entry: &Entry| {
            let seen = count(config, group.members + entry.child);
            children.get(entry.child as usize).is_some_and(|child| seen < child.max)
        };
        let mut stop = false;
        self.in_range(group, token, 0, group.children.len, &mut |entry| {
            stop = open(&entry) && offer(Candidate { entry, group: id, again: false });
            stop
        });
        stop
    }

    /// The entries of a group's table that fit a token and begin a child in a range: declarations, then wildcards.
    pub(super) fn in_range(&self, group: &Group, token: Token<'_>, from: u32, to: u32, take: &mut impl FnMut(Entry) -> bool) {
        let symbol = match token {
            Token::Name(symbol, _) => Some(symbol),
            Token::Place(symbol, _) => symbol,
        };
        if let Some(symbol) = symbol {
            for entry in self.automaton.find(group, symbol) {
                if (from..=to).contains(&entry.child) && self.accepts(token, entry) && take(*entry) {
                    return;
                }
            }
        }
        if group.wildcards.len == 0 || matches!(token, Token::Place(Some(_), _)) {
            return;
        }
        for entry in group.wildcards.of(&self.automaton.wildcards) {
            if (from..=to).contains(&entry.child) && self.accepts_wildcard(token, entry) && take(*entry) {
                return;
            }
        }
    }

    fn accepts(&self, token: Token<'_>, entry: &Entry) -> bool {
        match token {
            Token::Name(..) => true,
            Token::Place(_, accept) => self.leaf(entry.leaf).is_some_and(|leaf| accept(leaf.particle)),
        }
    }

    fn accepts_wildcard(&self, token: Token<'_>, entry: &Entry) -> bool {
        let Some(leaf) = self.leaf(entry.leaf) else {
            return false;
        };
        match token {
            Token::Name(_, ns) => match self.particles.get(leaf.particle.0 as usize).map(|particle| &particle.term) {
                Some(Term::Wildcard(wildcard)) => wildcard.namespaces.admits(ns),
                Some(Term::Element(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_)) | None => false,
            },
            Token::Place(_, accept) => accept(leaf.particle),
        }
    }

    pub(super) fn may_repeat(&self, repeat: Repeat, config: &Config) -> bool {
        match repeat {
            Repeat::Once => false,
            Repeat::Free => true,
            Repeat::Counted { counter, max, .. } => max == u32::MAX || count(config, counter) < max,
        }
    }

    pub(super) fn may_leave(&self, repeat: Repeat, config: &Config) -> bool {
        match repeat {
            Repeat::Once | Repeat::Free => true,
            Repeat::Counted { counter, min, .. } => count(config, counter) >= min,
        }
    }

    /// Every required member of an xs:all was seen.
    pub(super) fn all_met(&self, group: &Group, config: &Config) -> bool {
        let children = group.children.of(&self.automaton.children);
        (group.members..).zip(children).all(|(counter, child)| child.nullable || count(config, counter) >= child.min)
    }

    /// Whether the content may end here.
    pub(super) fn ends(&self, config: &Config) -> bool {
        let Some(leaf) = self.leaf(config.leaf) else {
            return self.automaton.groups.first().is_none_or(|root| root.nullable);
        };
        if !self.may_leave(leaf.repeat, config) {
            return false;
        }
        let (mut id, mut child) = (leaf.parent, leaf.child);
        while let Some(group) = self.group(id) {
            let ended = match group.kind {
                Kind::Sequence => self.automaton.limit(group, child + 1) >= group.children.len,
                Kind::Choice => true,
                Kind::All => self.all_met(group, config),
            };
            if !ended || !self.may_leave(group.repeat, config) {
                return false;
            }
            (id, child) = (group.parent, group.child);
        }
        true
    }

    /// Takes a candidate.
    pub(super) fn take(&self, config: &mut Config, candidate: &Candidate) {
        if self.automaton.counters > 0 {
            self.take_counting(config, candidate);
        }
        config.leaf = candidate.entry.leaf;
    }

    fn take_counting(&self, config: &mut Config, candidate: &Candidate) {
        config.counters.resize(self.automaton.counters as usize, 0);
        if candidate.group == NONE {
            if let Some(leaf) = self.leaf(config.leaf) {
                advance(config, leaf.repeat);
            }
            return;
        }
        self.clear_up_to(config, candidate.group);
        if let Some(group) = self.group(candidate.group) {
            if candidate.again {
                advance(config, group.repeat);
            }
            if group.kind == Kind::All {
                if candidate.again {
                    apply(
                        config,
                        &[Action::Clear(crate::schema::automaton::table::Span { start: group.members, len: group.children.len })],
                    );
                }
                if let Some(seen) = config.counters.get_mut((group.members + candidate.entry.child) as usize) {
                    *seen = seen.saturating_add(1);
                }
            }
            if config.leaf == START
                && let Repeat::Counted { counter, .. } = group.repeat
            {
                apply(config, &[Action::Begin(counter)]);
            }
        }
        apply(config, candidate.entry.actions.of(&self.automaton.actions));
    }

    /// Forgets the counts of what is left on the way out to a group.
    fn clear_up_to(&self, config: &mut Config, target: u32) {
        let Some(leaf) = self.leaf(config.leaf) else {
            return;
        };
        forget(config, leaf.repeat);
        let mut id = leaf.parent;
        while id != target
            && let Some(group) = self.group(id)
        {
            forget(config, group.repeat);
            if group.kind == Kind::All {
                let start = group.members as usize;
                if let Some(members) = config.counters.get_mut(start..start + group.children.len as usize) {
                    members.fill(0);
                }
            }
            id = group.parent;
        }
    }

    /// What a candidate means to the caller.
    pub(super) fn matched(&self, candidate: &Candidate) -> Matched {
        let particle = self.leaf(candidate.entry.leaf).map_or(ParticleId::ROOT, |leaf| leaf.particle);
        let again = self.group(candidate.group).filter(|_| candidate.again).map(|group| group.particle);
        Matched { particle, element: candidate.entry.element(), again }
    }

    /// Whether a candidate that begins a group anew can do nothing that going on inside it to the same leaf cannot.
    pub(super) fn is_dominated(&self, candidate: &Candidate, config: &Config) -> bool {
        let (Some(group), Some(leaf)) = (self.group(candidate.group), self.leaf(candidate.entry.leaf)) else {
            return false;
        };
        let relaxed = |repeat: Repeat| match repeat {
            Repeat::Once | Repeat::Free => true,
            Repeat::Counted { min, .. } => min <= 1,
        };
        if !candidate.again || !self.may_leave(group.repeat, config) || !relaxed(leaf.repeat) {
            return false;
        }
        let mut id = leaf.parent;
        while id != candidate.group
            && let Some(inner) = self.group(id)
        {
            if !relaxed(inner.repeat) || inner.kind == Kind::All {
                return false;
            }
            id = inner.parent;
        }
        group.kind != Kind::All
    }
}

fn count(config: &Config, counter: u32) -> u32 {
    config.counters.get(counter as usize).copied().unwrap_or(0)
}

/// One more; beyond what matters the count stays where it is.
fn advance(config: &mut Config, repeat: Repeat) {
    if let Repeat::Counted { counter, min, max } = repeat
        && let Some(count) = config.counters.get_mut(counter as usize)
    {
        let most = if max == u32::MAX { min } else { max };
        *count = most.min(count.saturating_add(1));
    }
}

fn forget(config: &mut Config, repeat: Repeat) {
    if let Repeat::Counted { counter, .. } = repeat
        && let Some(count) = config.counters.get_mut(counter as usize)
    {
        *count = 0;
    }
}

/// What entering groups and leaves does to counters.
pub(super) fn apply(config: &mut Config, actions: &[Action]) {
    for action in actions {
        match action {
            Action::Begin(counter) => {
                if let Some(count) = config.counters.get_mut(*counter as usize) {
                    *count = 1;
                }
            }
            Action::Clear(span) => {
                let start = span.start as usize;
                if let Some(members) = config.counters.get_mut(start..start + span.len as usize) {
                    members.fill(0);
                }
            }
        }
    }
}
