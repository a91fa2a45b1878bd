//! How much work an expression may do at run time: the only way that a compiled one can fail.

use std::fmt;

/// Nodes that an expression may visit unless another number is given.
pub const DEFAULT_BUDGET: u64 = 10_000_000;

/// As many bytes of text cost as much as one node.
pub(super) const BYTES_A_NODE: usize = 64;

/// What is left of the visits that an expression may make. Text counts as well: 64 bytes are one node.
#[derive(Clone, Debug)]
pub struct Budget {
    whole: u64,
    left: u64,
}

/// An expression was stopped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EvaluationError {
    /// It visited as many nodes as its budget allows.
    Budget(u64),
}

impl Default for Budget {
    fn default() -> Self {
        Self::of(DEFAULT_BUDGET)
    }
}

impl Budget {
    /// A budget of so many visits.
    #[must_use]
    pub fn of(visits: u64) -> Self {
        Self { whole: visits, left: visits }
    }

    /// How many visits were made.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.whole - self.left
    }

    #[inline]
    pub(super) fn spend(&mut self, visits: usize) -> Result<(), EvaluationError> {
        match self.left.checked_sub(visits as u64) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(EvaluationError::Budget(self.whole))
            }
        }
    }

    pub(super) fn spend_text(&mut self, text: &str) -> Result<(), EvaluationError> {
        self.spend(text.len() / BYTES_A_NODE)
    }
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Budget(whole) => write!(
                f,
                "the expression was stopped: it visits more than the {whole} nodes of its budget; a more precise path visits fewer \
                 (`/a/b/c` instead of `//c`, no `preceding::` or `following::` within predicates)"
            ),
        }
    }
}

impl std::error::Error for EvaluationError {}
