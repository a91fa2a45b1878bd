//! Matching by simulation, for patterns whose table would be large.
//!
//! A repetition of one set is a counter: all its counts grow together, so that a queue of the times at which it was
//! entered stands for them, and a step costs the same however large the numbers are.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::schema::pattern::program::Program;
use crate::schema::pattern::program::State;

/// A pattern that is simulated.
#[derive(Debug)]
pub(crate) struct Counting {
    program: Program,
    /// The memory of the last run, for the next.
    spare: Mutex<Option<Box<Memory>>>,
}

impl Counting {
    /// Of an automaton with counters.
    pub(crate) fn new(program: Program) -> Self {
        Self { program, spare: Mutex::new(None) }
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let spare = self.spare.try_lock().ok().and_then(|mut spare| spare.take());
        let mut memory = spare.unwrap_or_else(|| Box::new(Memory::new(self.program.states.len())));
        let matched = Run::new(&self.program, &mut memory).takes(text);
        if let Ok(mut spare) = self.spare.try_lock() {
            *spare = Some(memory);
        }
        matched
    }
}

/// What a run keeps of each state.
#[derive(Debug)]
struct Memory {
    /// Characters taken, in all runs together.
    time: u64,
    /// States that take a character next: sets, and counters with entries.
    active: Vec<usize>,
    before: Vec<usize>,
    /// When each state was last made active, counted from 1.
    seen: Vec<u64>,
    /// For counters: when they were entered, oldest first.
    entries: Vec<VecDeque<u64>>,
    stack: Vec<usize>,
}

impl Memory {
    fn new(states: usize) -> Self {
        let entries = vec![VecDeque::new(); states];
        Self { time: 0, active: Vec::new(), before: Vec::new(), seen: vec![0; states], entries, stack: Vec::new() }
    }
}

/// The states of a text so far.
struct Run<'p> {
    program: &'p Program,
    memory: &'p mut Memory,
    matched: bool,
}

impl<'p> Run<'p> {
    fn new(program: &'p Program, memory: &'p mut Memory) -> Self {
        memory.time += 1;
        for state in memory.active.drain(..) {
            memory.entries[state].clear();
        }
        Self { program, memory, matched: false }
    }

    fn takes(&mut self, text: &str) -> bool {
        self.reach(self.program.start);
        for c in text.chars() {
            self.step(self.program.alphabet.class(c));
            if self.is_dead() {
                return false;
            }
        }
        self.matched
    }

    fn is_dead(&self) -> bool {
        self.memory.active.is_empty() && !self.matched
    }

    /// Makes a state active, with all that it leads to without a character.
    fn reach(&mut self, state: usize) {
        self.memory.stack.push(state);
        while let Some(state) = self.memory.stack.pop() {
            match self.program.states[state] {
                State::Counter { min, next, .. } => {
                    // a counter that goes on may be entered anew at the same time
                    let time = self.memory.time;
                    let entries = &mut self.memory.entries[state];
                    if entries.back() != Some(&time) {
                        entries.push_back(time);
                        if min == 0 {
                            self.memory.stack.push(next);
                        }
                    }
                    self.activate(state);
                }
                State::Set { .. } => {
                    self.activate(state);
                }
                State::Split(a, b) => {
                    if self.is_new(state) {
                        self.memory.stack.extend([b, a]);
                    }
                }
                State::Match => self.matched = true,
            }
        }
    }

    fn activate(&mut self, state: usize) {
        if self.is_new(state) {
            self.memory.active.push(state);
        }
    }

    fn is_new(&mut self, state: usize) -> bool {
        std::mem::replace(&mut self.memory.seen[state], self.memory.time + 1) != self.memory.time + 1
    }

    fn step(&mut self, class: usize) {
        self.memory.time += 1;
        self.matched = false;
        let mut before = std::mem::take(&mut self.memory.before);
        std::mem::swap(&mut before, &mut self.memory.active);
        for state in before.drain(..) {
            match self.program.states[state] {
                State::Set { set, next } => {
                    if self.program.alphabet.holds(set, class) {
                        self.reach(next);
                    }
                }
                State::Counter { set, min, max, next } => {
                    if self.program.alphabet.holds(set, class) {
                        self.count(state, min, max, next);
                    } else {
                        self.drop_entries(state);
                    }
                }
                State::Split(..) | State::Match => {}
            }
        }
        self.memory.before = before;
    }

    /// A counter took a character.
    fn count(&mut self, state: usize, min: u32, max: Option<u32>, next: usize) {
        let time = self.memory.time;
        let entries = &mut self.memory.entries[state];
        if let Some(max) = max {
            while entries.front().is_some_and(|entry| time - entry > u64::from(max)) {
                entries.pop_front();
            }
        } else if let Some(oldest) = entries.front().copied() {
            // without an upper end the oldest entry can do all that the younger ones can
            let fresh = entries.back().copied().filter(|entry| *entry == time && *entry != oldest);
            entries.clear();
            entries.push_back(oldest);
            entries.extend(fresh);
        }
        let Some(oldest) = entries.front().copied() else { return };
        self.activate(state);
        if time - oldest >= u64::from(min) {
            self.reach(next);
        }
    }

    /// A counter could not go on: only an entry of this very step stays.
    fn drop_entries(&mut self, state: usize) {
        let time = self.memory.time;
        let fresh = self.memory.entries[state].back().copied().filter(|entry| *entry == time);
        self.memory.entries[state].clear();
        self.memory.entries[state].extend(fresh);
    }
}
