//! The automaton as it is stored: groups, leaves and one table of names for each group.
//!
//! The table of a group lists, by name, every leaf that can begin one of its children. A row of the automaton ("what may
//! follow here") is a range of children of that one table, then of the tables of the groups around it; so all rows of a group share
//! it, and a model's automaton is linear in the model. Groups that occur once are merged into their parents.

use crate::schema::automaton::rows::Rows;
use crate::schema::form::ElementId;
use crate::schema::form::ParticleId;
use crate::xml::name::Symbol;

/// Where a matcher stands before the first child.
pub(super) const START: u32 = u32::MAX;
/// No group, no element.
pub(super) const NONE: u32 = u32::MAX;

/// A content model's automaton.
#[derive(Clone, Debug, Default)]
pub struct Automaton {
    pub(super) groups: Box<[Group]>,
    pub(super) leaves: Box<[Leaf]>,
    /// What begins the children of groups, by group, then name, then child.
    pub(super) entries: Box<[Entry]>,
    /// The same for wildcards, by group, then child.
    pub(super) wildcards: Box<[Entry]>,
    pub(super) slots: Box<[Slot]>,
    pub(super) actions: Box<[Action]>,
    /// For each child of a sequence and its end: the next child, from it on, that cannot be empty.
    pub(super) limits: Box<[u32]>,
    /// For each child of a group: the particle, and whether it can be empty.
    pub(super) children: Box<[Child]>,
    /// How many counters a state has.
    pub(super) counters: u32,
    pub(super) ambiguous: bool,
    /// The short way of steps; empty in ambiguous models.
    pub(super) rows: Rows,
}

/// What kind of group it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Sequence,
    Choice,
    All,
}

/// How often something occurs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Repeat {
    /// At most once.
    Once,
    /// Without bound, and no count is needed.
    Free,
    /// From `min` to `max` times (`u32::MAX` is unbounded).
    Counted { counter: u32, min: u32, max: u32 },
}

/// A group that was not merged into its parent.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) particle: ParticleId,
    pub(super) kind: Kind,
    /// The group around it, and which of its children this is.
    pub(super) parent: u32,
    pub(super) child: u32,
    pub(super) repeat: Repeat,
    /// One repetition can be empty.
    pub(super) body_nullable: bool,
    pub(super) nullable: bool,
    /// Its children in `children`; its limits in `limits` (one more).
    pub(super) children: Span,
    pub(super) limits: u32,
    /// Its table in `slots`: a power of two.
    pub(super) slots: Span,
    pub(super) wildcards: Span,
    /// The counter of the first child, for an xs:all.
    pub(super) members: u32,
}

/// A child of a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    pub(super) particle: ParticleId,
    pub(super) nullable: bool,
    /// How often it may occur in an xs:all.
    pub(super) min: u32,
    pub(super) max: u32,
}

/// An element or wildcard particle.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) particle: ParticleId,
    pub(super) parent: u32,
    pub(super) child: u32,
    pub(super) repeat: Repeat,
    pub(super) wildcard: bool,
}

/// A range of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) len: u32,
}

impl Span {
    pub(super) fn of<T>(self, list: &[T]) -> &[T] {
        list.get(self.start as usize..(self.start as usize).saturating_add(self.len as usize)).unwrap_or(&[])
    }
}

/// A leaf that can begin a child of a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) child: u32,
    pub(super) leaf: u32,
    pub(super) element: u32,
    /// What entering it does to counters, below the group.
    pub(super) actions: Span,
}

/// A slot of an open-addressing table: the entries of a name. [`Symbol::UNKNOWN`] marks an empty one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) symbol: Symbol,
    pub(super) entries: Span,
}

/// What entering a group or leaf does to a counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Action {
    /// It begins: the count is one.
    Begin(u32),
    /// The members of an xs:all have not been seen.
    Clear(Span),
}

impl Entry {
    pub(super) fn element(&self) -> Option<ElementId> {
        (self.element != NONE).then_some(ElementId(self.element))
    }
}

impl Automaton {
    /// The entries of a name in a group's table.
    pub(super) fn find(&self, group: &Group, symbol: Symbol) -> &[Entry] {
        if group.slots.len == 0 || symbol == Symbol::UNKNOWN {
            return &[];
        }
        let table = group.slots.of(&self.slots);
        let mask = table.len() - 1;
        let mut at = spread(symbol) & mask;
        while let Some(slot) = table.get(at) {
            if slot.symbol == symbol {
                return slot.entries.of(&self.entries);
            }
            if slot.symbol == Symbol::UNKNOWN {
                break;
            }
            at = (at + 1) & mask;
        }
        &[]
    }

    /// The first child from `child` on that cannot be empty; the number of children if there is none.
    pub(super) fn limit(&self, group: &Group, child: u32) -> u32 {
        self.limits.get((group.limits + child) as usize).copied().unwrap_or(group.children.len)
    }

    /// The children with which a repetition of a group may begin: up to and with this one.
    pub(super) fn first_limit(&self, group: &Group) -> u32 {
        match group.kind {
            Kind::Sequence => self.limit(group, 0),
            Kind::Choice | Kind::All => group.children.len,
        }
    }
}

/// Where the search for a symbol begins.
pub(super) fn spread(symbol: Symbol) -> usize {
    (symbol.0.wrapping_mul(0x9E37_79B1) >> 7) as usize
}
