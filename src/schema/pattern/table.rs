//! A pattern as a table of transitions: one look-up a character.
//!
//! Made only while states, cells and the work stay small; [`Table::build`] gives up else.

use std::collections::HashMap;

use crate::schema::pattern::program::Alphabet;
use crate::schema::pattern::program::Program;
use crate::schema::pattern::program::State;
use crate::schema::pattern::syntax::Node;

/// States of the automaton that a table is made of, at most.
const MOST_WRITTEN_OUT: u64 = 5_000;
/// Cells of a table at most.
const MOST_CELLS: usize = 65_536;
/// Visits of automaton states while it is made, at most.
const MOST_VISITS: usize = 100_000;
/// The number of the row from which nothing matches.
const DEAD: u16 = 0;
/// The number of the row before the first character.
const START: u16 = 1;

/// A deterministic automaton. A row is named by where it begins among the cells: a cell for each class of characters, with
/// the row that follows, and one more, not 0 where the text may end.
#[derive(Debug)]
pub(crate) struct Table {
    alphabet: Alphabet,
    width: usize,
    cells: Vec<u16>,
}

impl Table {
    /// Makes the table of a pattern, if it stays small.
    pub(crate) fn build(node: &Node) -> Option<Self> {
        if Program::written_out_size(node) > MOST_WRITTEN_OUT {
            return None;
        }
        let program = Program::written_out(node);
        let width = program.alphabet.len();
        let mut maker = Maker::new(&program, width);
        let start = maker.closure_of(&[program.start]);
        maker.row(start)?;
        let mut at = START;
        while usize::from(at) < maker.sets.len() {
            maker.fill(at)?;
            at += 1;
        }
        let Maker { cells: numbers, accepts, .. } = maker;
        let mut cells = Vec::with_capacity(numbers.len() + accepts.len());
        for (row, accepts) in numbers.chunks(width).zip(accepts) {
            for number in row {
                cells.push(u16::try_from(usize::from(*number) * (width + 1)).ok()?);
            }
            cells.push(u16::from(accepts));
        }
        Some(Self { alphabet: program.alphabet, width, cells })
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut row = usize::from(self.start());
        if text.is_ascii() {
            let classes = self.alphabet.ascii();
            for byte in text.bytes() {
                row = self.cell(row, usize::from(classes[usize::from(byte & 0x7F)]));
            }
        } else {
            for c in text.chars() {
                row = self.cell(row, self.alphabet.class(c));
            }
        }
        self.cell(row, self.width) != 0
    }

    #[inline]
    fn cell(&self, row: usize, column: usize) -> usize {
        self.cells.get(row + column).copied().map_or(0, usize::from)
    }

    /// The row before the first character.
    pub(crate) fn start(&self) -> u16 {
        u16::try_from(usize::from(START) * (self.width + 1)).unwrap_or(DEAD)
    }

    /// The row after a character; none if nothing matches then.
    pub(crate) fn step(&self, row: u16, c: char) -> Option<u16> {
        let next = self.cells[usize::from(row) + self.alphabet.class(c)];
        (next != DEAD).then_some(next)
    }

    /// Whether the text may end at a row.
    pub(crate) fn accepts(&self, row: u16) -> bool {
        self.cells[usize::from(row) + self.width] != 0
    }
}

/// The subset construction.
struct Maker<'p> {
    program: &'p Program,
    width: usize,
    /// The automaton states of each row, sorted.
    sets: Vec<Vec<usize>>,
    known: HashMap<Vec<usize>, u16>,
    cells: Vec<u16>,
    accepts: Vec<bool>,
    /// When a state was last seen.
    seen: Vec<usize>,
    round: usize,
    visits: usize,
}

impl<'p> Maker<'p> {
    fn new(program: &'p Program, width: usize) -> Self {
        let known = HashMap::from([(Vec::new(), DEAD)]);
        let (sets, cells, accepts) = (vec![Vec::new()], vec![DEAD; width], vec![false]);
        Self { program, width, sets, known, cells, accepts, seen: vec![0; program.states.len()], round: 0, visits: 0 }
    }

    /// The row of a set of states, made if it is new.
    fn row(&mut self, set: Vec<usize>) -> Option<u16> {
        if let Some(row) = self.known.get(&set) {
            return Some(*row);
        }
        let row = u16::try_from(self.sets.len()).ok()?;
        if self.cells.len() + self.sets.len() + self.width >= MOST_CELLS {
            return None;
        }
        self.cells.resize(self.cells.len() + self.width, DEAD);
        self.accepts.push(set.iter().any(|state| matches!(self.program.states[*state], State::Match)));
        self.sets.push(set.clone());
        self.known.insert(set, row);
        Some(row)
    }

    /// Fills in where a row leads.
    fn fill(&mut self, row: u16) -> Option<()> {
        for class in 0..self.width {
            let mut after = Vec::new();
            for state in &self.sets[usize::from(row)] {
                if let State::Set { set, next } = self.program.states[*state]
                    && self.program.alphabet.holds(set, class)
                {
                    after.push(next);
                }
            }
            self.visits += self.sets[usize::from(row)].len();
            let set = self.closure_of(&after);
            if self.visits > MOST_VISITS {
                return None;
            }
            let target = self.row(set)?;
            self.cells[usize::from(row) * self.width + class] = target;
        }
        Some(())
    }

    /// What can be reached without taking a character, sorted; splits left out.
    fn closure_of(&mut self, from: &[usize]) -> Vec<usize> {
        self.round += 1;
        let mut stack = from.to_vec();
        let mut found = Vec::new();
        while let Some(state) = stack.pop() {
            if std::mem::replace(&mut self.seen[state], self.round) == self.round {
                continue;
            }
            self.visits += 1;
            match self.program.states[state] {
                State::Split(a, b) => stack.extend([a, b]),
                State::Set { .. } | State::Counter { .. } | State::Match => found.push(state),
            }
        }
        found.sort_unstable();
        found
    }
}
