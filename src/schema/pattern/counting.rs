//! Matching by simulation, for patterns whose table would be large.
//!
//! A repetition of one set is a counter: all its counts grow together, so that a queue of the times at which it was
//! entered stands for them, and a step costs the same however large the numbers are.

use std::collections::VecDeque;

use crate::schema::pattern::program::Program;
use crate::schema::pattern::program::State;

/// A pattern that is simulated.
#[derive(Debug)]
pub(crate) struct Counting {
    program: Program,
}

impl Counting {
    /// Of an automaton with counters.
    pub(crate) fn new(program: Program) -> Self {
        Self { program }
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut run = Run::new(&self.program);
        run.reach(self.program.start);
        for c in text.chars() {
            run.step(self.program.alphabet.class(c));
            if run.is_dead() {
                return false;
            }
        }
        run.matched
    }
}

/// The states of a text so far.
struct Run<'p> {
    program: &'p Program,
    /// Characters taken.
    time: u64,
    /// States that take a character next: sets, and counters with entries.
    active: Vec<usize>,
    /// When each state was last made active, counted from 1.
    seen: Vec<u64>,
    /// For counters: when they were entered, oldest first.
    entries: Vec<VecDeque<u64>>,
    matched: bool,
    stack: Vec<usize>,
}

impl<'p> Run<'p> {
    fn new(program: &'p Program) -> Self {
        let count = program.states.len();
        Self {
            program,
            time: 0,
            active: Vec::new(),
            seen: vec![0; count],
            entries: vec![VecDeque::new(); count],
            matched: false,
            stack: Vec::new(),
        }
    }

    fn is_dead(&self) -> bool {
        self.active.is_empty() && !self.matched
    }

    /// Makes a state active, with all that it leads to without a character.
    fn reach(&mut self, state: usize) {
        self.stack.push(state);
        while let Some(state) = self.stack.pop() {
            match self.program.states[state] {
                State::Counter { min, next, .. } => {
                    // a counter that goes on may be entered anew at the same time
                    let entries = &mut self.entries[state];
                    if entries.back() != Some(&self.time) {
                        entries.push_back(self.time);
                        if min == 0 {
                            self.stack.push(next);
                        }
                    }
                    self.activate(state);
                }
                State::Set { .. } => {
                    self.activate(state);
                }
                State::Split(a, b) => {
                    if self.is_new(state) {
                        self.stack.extend([b, a]);
                    }
                }
                State::Match => self.matched = true,
            }
        }
    }

    fn activate(&mut self, state: usize) {
        if self.is_new(state) {
            self.active.push(state);
        }
    }

    fn is_new(&mut self, state: usize) -> bool {
        std::mem::replace(&mut self.seen[state], self.time + 1) != self.time + 1
    }

    fn step(&mut self, class: usize) {
        self.time += 1;
        self.matched = false;
        let before = std::mem::take(&mut self.active);
        for state in &before {
            match self.program.states[*state] {
                State::Set { set, next } => {
                    if self.program.alphabet.holds(set, class) {
                        self.reach(next);
                    }
                }
                State::Counter { set, min, max, next } => {
                    if self.program.alphabet.holds(set, class) {
                        self.count(*state, min, max, next);
                    } else {
                        self.drop_entries(*state);
                    }
                }
                State::Split(..) | State::Match => {}
            }
        }
    }

    /// A counter took a character.
    fn count(&mut self, state: usize, min: u32, max: Option<u32>, next: usize) {
        let entries = &mut self.entries[state];
        if let Some(max) = max {
            while entries.front().is_some_and(|entry| self.time - entry > u64::from(max)) {
                entries.pop_front();
            }
        } else if let Some(oldest) = entries.front().copied() {
            // without an upper end the oldest entry can do all that the younger ones can
            let fresh = entries.back().copied().filter(|entry| *entry == self.time && *entry != oldest);
            entries.clear();
            entries.push_back(oldest);
            entries.extend(fresh);
        }
        let Some(oldest) = entries.front().copied() else { return };
        self.activate(state);
        if self.time - oldest >= u64::from(min) {
            self.reach(next);
        }
    }

    /// A counter could not go on: only an entry of this very step stays.
    fn drop_entries(&mut self, state: usize) {
        let fresh = self.entries[state].back().copied().filter(|entry| *entry == self.time);
        self.entries[state].clear();
        self.entries[state].extend(fresh);
    }
}
