//! Rows: for each leaf the leaves that may follow it whatever was counted so far, as bits. The short way of a step.
//!
//! They are read off the automaton when it is finished and never refuse: what they do not hold (steps that count, names at
//! several leaves, what a wildcard takes, faults) is left to the machine. Ambiguous and very large models have none.

use crate::schema::automaton::Matched;
use crate::schema::automaton::table::Automaton;
use crate::schema::automaton::table::Group;
use crate::schema::automaton::table::Kind;
use crate::schema::automaton::table::NONE;
use crate::schema::automaton::table::Repeat;
use crate::schema::automaton::table::START;
use crate::schema::automaton::table::spread;
use crate::schema::form::ElementId;
use crate::schema::form::ParticleId;
use crate::xml::name::Symbol;

/// The most leaves that rows are made for: what they take grows with the square.
const LEAVES: usize = 256;
/// The most names that rows are made for (substitution groups may have many).
const NAMES: usize = 4096;
const WORD: usize = u64::BITS as usize;

/// The rows of a model.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// A table of names that stand at one leaf only; a power of two, or nothing.
    slots: Box<[Slot]>,
    /// One for each leaf, and one for the place before the first child.
    heads: Box<[Head]>,
    /// For each of them, words of leaves that may follow.
    follow: Box<[u64]>,
    /// For each of them, words of leaves that may follow by beginning the group of the head anew.
    again: Box<[u64]>,
    /// How many words a row has.
    words: usize,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    symbol: Symbol,
    leaf: u32,
    element: ElementId,
    particle: ParticleId,
}

const EMPTY: Slot = Slot { symbol: Symbol::UNKNOWN, leaf: NONE, element: ElementId(NONE), particle: ParticleId(NONE) };

#[derive(Clone, Copy, Debug)]
struct Head {
    /// The innermost group around the leaf that may begin anew.
    group: ParticleId,
    /// The content may end here.
    end: bool,
}

impl Rows {
    /// The rows of a finished automaton.
    pub(super) fn of(automaton: &Automaton) -> Self {
        let count = automaton.leaves.len();
        if count == 0 || count > LEAVES {
            return Self::default();
        }
        let Some(slots) = names(automaton) else { return Self::default() };
        let words = count.div_ceil(WORD);
        let mut rows = Self {
            slots,
            heads: vec![Head { group: ParticleId(NONE), end: false }; count + 1].into(),
            follow: vec![0; (count + 1) * words].into(),
            again: vec![0; (count + 1) * words].into(),
            words,
        };
        for (row, leaf) in (0..count).zip(0..) {
            rows.fill(automaton, row, leaf);
        }
        rows.fill_start(automaton, count);
        rows
    }

    /// The short way: the child, if it stands behind a leaf (or at the start) without any counting.
    #[inline]
    pub(super) fn step(&self, from: u32, symbol: Symbol) -> Option<(u32, Matched)> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = spread(symbol) & mask;
        let slot = loop {
            let slot = self.slots.get(at)?;
            if slot.symbol == symbol {
                break slot;
            }
            if slot.symbol == Symbol::UNKNOWN {
                return None;
            }
            at = (at + 1) & mask;
        };
        // the empty slots carry the unknown name: no leaf has their number
        let row = self.row(from);
        let word = row * self.words + slot.leaf as usize / WORD;
        let bit = 1_u64 << (slot.leaf as usize % WORD);
        let again = if self.follow.get(word)? & bit != 0 {
            None
        } else if self.again.get(word)? & bit != 0 {
            Some(self.heads.get(row)?.group)
        } else {
            return None;
        };
        Some((slot.leaf, Matched { particle: slot.particle, element: Some(slot.element), again }))
    }

    /// Whether the content may end behind a leaf (or at the start), if that needs no counting.
    #[inline]
    pub(super) fn ends(&self, from: u32) -> bool {
        self.heads.get(self.row(from)).is_some_and(|head| head.end)
    }

    fn row(&self, from: u32) -> usize {
        if from == START { self.heads.len().wrapping_sub(1) } else { from as usize }
    }

    /// What may follow a leaf: from it outwards, as the machine goes, until something counts.
    fn fill(&mut self, automaton: &Automaton, row: usize, id: u32) {
        let Some(leaf) = automaton.leaves.get(row) else { return };
        match leaf.repeat {
            Repeat::Once => {}
            Repeat::Free => self.set(row, id, false),
            Repeat::Counted { .. } => return,
        }
        let (mut at, mut child) = (leaf.parent, leaf.child);
        // a wildcard met first may take what stands behind it
        let mut open = !leaf.wildcard || leaf.repeat == Repeat::Once;
        let mut anew = false;
        while let Some(group) = automaton.groups.get(at as usize) {
            let ended = match group.kind {
                Kind::Sequence => {
                    let limit = automaton.limit(group, child + 1);
                    open = open && self.offer(automaton, row, group, child + 1, limit, false);
                    limit >= group.children.len
                }
                Kind::Choice => true,
                Kind::All => return,
            };
            if !ended {
                return;
            }
            match group.repeat {
                Repeat::Once => {}
                Repeat::Free if anew => open = false,
                Repeat::Free => {
                    anew = true;
                    if let Some(head) = self.heads.get_mut(row) {
                        head.group = group.particle;
                    }
                    open = open && self.offer(automaton, row, group, 0, automaton.first_limit(group), true);
                }
                Repeat::Counted { .. } => return,
            }
            (at, child) = (group.parent, group.child);
        }
        if let Some(head) = self.heads.get_mut(row) {
            head.end = true;
        }
    }

    fn fill_start(&mut self, automaton: &Automaton, row: usize) {
        let Some(root) = automaton.groups.first() else { return };
        if let Some(head) = self.heads.get_mut(row) {
            head.end = root.nullable;
        }
        if root.kind != Kind::All && !matches!(root.repeat, Repeat::Counted { .. }) {
            self.offer(automaton, row, root, 0, automaton.first_limit(root), false);
        }
    }

    /// Notes what begins the children of a group in a range. False: a wildcard stands among them.
    fn offer(&mut self, automaton: &Automaton, row: usize, group: &Group, from: u32, to: u32, anew: bool) -> bool {
        let range = from..=to;
        for slot in group.slots.of(&automaton.slots) {
            for entry in slot.entries.of(&automaton.entries) {
                if range.contains(&entry.child) && entry.actions.len == 0 {
                    self.set(row, entry.leaf, anew);
                }
            }
        }
        !group.wildcards.of(&automaton.wildcards).iter().any(|entry| range.contains(&entry.child))
    }

    fn set(&mut self, row: usize, leaf: u32, anew: bool) {
        let bits = if anew { &mut self.again } else { &mut self.follow };
        if let Some(word) = bits.get_mut(row * self.words + leaf as usize / WORD) {
            *word |= 1 << (leaf as usize % WORD);
        }
    }
}

/// The table of the names that stand at one leaf; none if there are too many.
fn names(automaton: &Automaton) -> Option<Box<[Slot]>> {
    let mut list: Vec<Slot> = Vec::new();
    for slot in &automaton.slots {
        if slot.symbol == Symbol::UNKNOWN {
            continue;
        }
        for entry in slot.entries.of(&automaton.entries) {
            let particle = automaton.leaves.get(entry.leaf as usize)?.particle;
            list.push(Slot { symbol: slot.symbol, leaf: entry.leaf, element: entry.element()?, particle });
        }
        if list.len() > NAMES {
            return None;
        }
    }
    list.sort_by_key(|slot| (slot.symbol, slot.leaf));
    list.dedup_by_key(|slot| (slot.symbol, slot.leaf));
    let single = || list.chunk_by(|a, b| a.symbol == b.symbol).filter(|same| same.len() == 1).flatten();
    let size = (single().count() * 2).max(2).next_power_of_two();
    let mut table = vec![EMPTY; size];
    for slot in single() {
        let mut at = spread(slot.symbol) & (size - 1);
        while table.get(at).is_some_and(|taken| taken.symbol != Symbol::UNKNOWN) {
            at = (at + 1) & (size - 1);
        }
        if let Some(free) = table.get_mut(at) {
            *free = *slot;
        }
    }
    Some(table.into())
}
