//! A pattern as a nondeterministic automaton over classes of characters.
//!
//! Either with all repetitions written out (for the table), or with counters for repetitions of a single set.

use std::collections::HashMap;
use std::sync::Arc;

use crate::schema::pattern::set::CharSet;
use crate::schema::pattern::syntax::Node;

/// States at most; a pattern beyond is refused.
pub(crate) const MOST_STATES: u64 = 10_000;

/// A state of the automaton.
#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    /// Takes one character of a set.
    Set { set: usize, next: usize },
    /// Takes from `min` to `max` characters of a set.
    Counter { set: usize, min: u32, max: Option<u32>, next: usize },
    /// Goes both ways, taking nothing.
    Split(usize, usize),
    /// The text may end here.
    Match,
}

/// The automaton.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) states: Vec<State>,
    pub(crate) start: usize,
    pub(crate) alphabet: Alphabet,
}

impl Program {
    /// How many states it takes with counters, about.
    pub(crate) fn size(node: &Node) -> u64 {
        size(node, true)
    }

    /// How many states it takes with repetitions written out, about.
    pub(crate) fn written_out_size(node: &Node) -> u64 {
        size(node, false)
    }

    /// With counters.
    pub(crate) fn counting(node: &Node) -> Self {
        Self::build(node, true)
    }

    /// With repetitions written out.
    pub(crate) fn written_out(node: &Node) -> Self {
        Self::build(node, false)
    }

    fn build(node: &Node, counters: bool) -> Self {
        let mut builder = Builder { states: vec![State::Match], sets: Vec::new(), counters };
        let start = builder.emit(node, 0);
        Self { start, alphabet: Alphabet::of(&builder.sets), states: builder.states }
    }
}

fn size(node: &Node, counters: bool) -> u64 {
    match node {
        Node::Set(_) => 1,
        Node::Sequence(nodes) | Node::Choice(nodes) => nodes.iter().fold(1, |sum, one| sum.saturating_add(size(one, counters))),
        Node::Repeat { node, min, max } => {
            if counters && is_set(node) {
                return 2;
            }
            let copies = u64::from(max.unwrap_or_else(|| min.saturating_add(1)));
            size(node, counters).saturating_add(1).saturating_mul(copies)
        }
    }
}

fn is_set(node: &Node) -> bool {
    matches!(node, Node::Set(_))
}

struct Builder {
    states: Vec<State>,
    sets: Vec<Arc<CharSet>>,
    counters: bool,
}

impl Builder {
    /// Adds the states of a node that lead to `next`, and gives the first.
    fn emit(&mut self, node: &Node, next: usize) -> usize {
        match node {
            Node::Set(set) => {
                let set = self.set(set);
                self.add(State::Set { set, next })
            }
            Node::Sequence(nodes) => nodes.iter().rev().fold(next, |next, one| self.emit(one, next)),
            Node::Choice(nodes) => {
                let mut entries = nodes.iter().rev().map(|one| self.emit(one, next)).collect::<Vec<_>>().into_iter();
                let last = entries.next().unwrap_or(next);
                entries.fold(last, |rest, one| self.add(State::Split(one, rest)))
            }
            Node::Repeat { node, min, max } => self.repeat(node, *min, *max, next),
        }
    }

    fn repeat(&mut self, node: &Node, min: u32, max: Option<u32>, next: usize) -> usize {
        let counted = min > 1 || max.is_some_and(|max| max > 1);
        if let (Node::Set(set), true, true) = (node, self.counters, counted) {
            let set = self.set(set);
            return self.add(State::Counter { set, min, max, next });
        }
        let mut entry = match max {
            None => {
                let split = self.add(State::Split(next, next));
                let body = self.emit(node, split);
                self.states[split] = State::Split(body, next);
                split
            }
            Some(max) => (min..max).fold(next, |rest, _| {
                let body = self.emit(node, rest);
                self.add(State::Split(body, next))
            }),
        };
        for _ in 0..min {
            entry = self.emit(node, entry);
        }
        entry
    }

    fn set(&mut self, set: &Arc<CharSet>) -> usize {
        if let Some(at) = self.sets.iter().position(|known| Arc::ptr_eq(known, set) || known == set) {
            return at;
        }
        self.sets.push(set.clone());
        self.sets.len() - 1
    }

    fn add(&mut self, state: State) -> usize {
        self.states.push(state);
        self.states.len() - 1
    }
}

/// Characters that no set of the pattern tells apart are one class.
#[derive(Debug)]
pub(crate) struct Alphabet {
    ascii: [u16; 128],
    /// Where a class begins, sorted; the first at 0.
    starts: Vec<(u32, u16)>,
    /// For each class, whether each set holds it.
    members: Vec<Vec<bool>>,
}

impl Alphabet {
    /// Sweeps over the edges of all sets in order, keeping for each set whether the sweep is inside it.
    fn of(sets: &[Arc<CharSet>]) -> Self {
        let mut edges: Vec<(u32, usize)> = Vec::new();
        for (at, set) in sets.iter().enumerate() {
            edges.extend(set.ranges().iter().flat_map(|(start, end)| [(*start, at), (end + 1, at)]));
        }
        edges.sort_unstable();
        let mut inside = vec![false; sets.len()];
        let mut known: HashMap<Vec<bool>, u16> = HashMap::new();
        let mut members = Vec::new();
        let mut starts: Vec<(u32, u16)> = Vec::new();
        let mut next = 0;
        let mut edge = 0;
        loop {
            while let Some((_, set)) = edges.get(next).filter(|(point, _)| *point == edge) {
                inside[*set] = !inside[*set];
                next += 1;
            }
            let class = known.get(&inside).copied().unwrap_or_else(|| {
                let fresh = u16::try_from(members.len()).unwrap_or(u16::MAX);
                known.insert(inside.clone(), fresh);
                members.push(inside.clone());
                fresh
            });
            if starts.last().is_none_or(|(_, last)| *last != class) {
                starts.push((edge, class));
            }
            match edges.get(next) {
                Some((point, _)) => edge = *point,
                None => break,
            }
        }
        let mut alphabet = Self { ascii: [0; 128], starts, members };
        for point in 0..128u8 {
            alphabet.ascii[usize::from(point)] = alphabet.look_up(u32::from(point));
        }
        alphabet
    }

    /// The class of a character.
    #[inline]
    pub(crate) fn class(&self, c: char) -> usize {
        let point = u32::from(c);
        usize::from(self.ascii.get(point as usize).copied().unwrap_or_else(|| self.look_up(point)))
    }

    /// The class of each ASCII character.
    pub(crate) fn ascii(&self) -> &[u16; 128] {
        &self.ascii
    }

    /// How many classes there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether a set holds the characters of a class.
    pub(crate) fn holds(&self, set: usize, class: usize) -> bool {
        self.members[class][set]
    }

    fn look_up(&self, point: u32) -> u16 {
        let after = self.starts.partition_point(|(start, _)| *start <= point);
        self.starts[after.saturating_sub(1)].1
    }
}
