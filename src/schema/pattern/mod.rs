//! Regular expressions of XML Schema (Part 2, appendix F): always matched against the whole value.
//!
//! A pattern is read at load, so that its faults are reported there, and made into a machine when it is first used:
//! a table where that stays small, else a simulation with counters; beside it a shorter way for the simplest. All take time
//! linear in the value.
//! Knows nothing of types.

#[cfg(test)]
mod agreement;
mod counting;
mod ecma;
mod example;
mod include;
mod line;
mod program;
mod set;
mod syntax;
mod table;
mod unicode;

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;

use crate::schema::pattern::counting::Counting;
use crate::schema::pattern::line::Line;
use crate::schema::pattern::program::Program;
use crate::schema::pattern::syntax::Parsed;
use crate::schema::pattern::table::Table;

pub(crate) use crate::schema::pattern::include::all_within;

/// A compiled pattern. Cloning is cheap.
#[derive(Clone)]
pub struct Pattern {
    inner: Arc<Inner>,
}

struct Inner {
    source: Box<str>,
    parsed: Parsed,
    machine: OnceLock<Machine>,
}

struct Machine {
    /// Asked first.
    line: Option<Line>,
    whole: Whole,
}

/// What knows the answer for all texts.
enum Whole {
    Table(Table),
    Counting(Counting),
}

/// Why a text is no pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatternError {
    /// Where, in bytes.
    pub offset: usize,
    /// What is wrong; lowercase, no final dot.
    pub message: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at offset {}", self.message, self.offset)
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// It is not of the grammar, names a category or block that does not exist, or is too large to run.
    pub fn compile(source: &str) -> Result<Self, PatternError> {
        let parsed = syntax::parse(source)?;
        if Program::size(&parsed.node) > program::MOST_STATES {
            return Err(PatternError { offset: 0, message: "the repetitions make it too large to run".to_owned() });
        }
        Ok(Self { inner: Arc::new(Inner { source: source.into(), parsed, machine: OnceLock::new() }) })
    }

    /// The pattern as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.inner.source
    }

    /// What may not mean what its author thought.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.inner.parsed.warnings.clone()
    }

    /// Whether the whole text matches. Linear in the text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let machine = self.machine();
        if let Some(answer) = machine.line.as_ref().and_then(|line| line.matches(text)) {
            return answer;
        }
        match &machine.whole {
            Whole::Table(table) => table.matches(text),
            Whole::Counting(counting) => counting.matches(text),
        }
    }

    /// A text that matches, of about `aim` characters at most where the pattern allows it. `choose(n)` gives a number
    /// below `n`. None if it comes across a class without characters.
    pub fn example(&self, choose: &mut dyn FnMut(u32) -> u32, aim: usize) -> Option<String> {
        example::example(&self.inner.parsed.node, choose, aim)
    }

    /// The same pattern in the dialect of ECMA-262, without anchors; none if it cannot be said there in a readable length.
    #[must_use]
    pub fn ecma(&self) -> Option<String> {
        ecma::ecma(&self.inner.parsed.node)
    }

    /// The table, if the pattern has one.
    pub(crate) fn table(&self) -> Option<&Table> {
        match &self.machine().whole {
            Whole::Table(table) => Some(table),
            Whole::Counting(_) => None,
        }
    }

    fn machine(&self) -> &Machine {
        self.inner.machine.get_or_init(|| {
            let node = &self.inner.parsed.node;
            let whole = match Table::build(node) {
                Some(table) => Whole::Table(table),
                None => Whole::Counting(Counting::new(Program::counting(node))),
            };
            Machine { line: Line::of(node), whole }
        })
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({:?})", self.source())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source() == other.source()
    }
}

impl Eq for Pattern {}
