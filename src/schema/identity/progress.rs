//! How far a path has come at each open element: the states of its steps as bits, one word a level.

use crate::schema::identity::Path;
use crate::xml::name::Symbol;

/// A path on its way below the element where it begins.
#[derive(Debug)]
pub(super) struct Progress<'s> {
    pub(super) path: &'s Path,
    /// Bit n: n steps lead here. The first word is that of the element where the path begins.
    states: Vec<u64>,
}

impl<'s> Progress<'s> {
    /// At the element where it begins.
    pub(super) fn new(path: &'s Path) -> Self {
        Self { path, states: vec![1] }
    }

    /// An element opens; in what is not judged nothing is found.
    pub(super) fn enter(&mut self, symbol: Symbol, ns: &str, judged: bool) {
        let above = self.states.last().copied().unwrap_or(0);
        let mut state = u64::from(self.path.anywhere);
        let mut rest = above;
        while rest != 0 {
            let at = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            if self.path.steps.get(at).is_some_and(|step| step.takes(symbol, ns)) {
                state |= 1 << (at + 1);
            }
        }
        self.states.push(if judged { state } else { 0 });
    }

    /// The innermost element closes.
    pub(super) fn leave(&mut self) {
        self.states.pop();
    }

    /// All child steps lead to the innermost open element.
    pub(super) fn is_here(&self) -> bool {
        self.states.last().is_some_and(|state| state >> self.path.steps.len() & 1 == 1)
    }
}
