//! Where faults stand: line, column and path, for all of them in two passes over the document.

use std::fmt;

use crate::diagnostic::Position;
use crate::schema::walk::fault::WalkFault;
use crate::schema::walk::path::paths;
use crate::xml::limits::Limits;

/// One fault of a document, with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Located {
    /// Short stable identifier in kebab-case.
    pub code: &'static str,
    /// Byte offset in the decoded text.
    pub offset: usize,
    /// Line and column.
    pub position: Position,
    /// Path with the prefixes of the document: `/soap:Envelope/soap:Body/o:Order/o:Line[3]`.
    pub path: String,
    /// What was found and what was expected, without values of the document.
    pub message: String,
    /// The value, where one is at fault: it may be withheld.
    pub value: Option<String>,
}

impl fmt::Display for Located {
    /// The path, the message, and the value at fault.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.value {
            Some(value) => write!(f, ", found \"{value}\""),
            None => Ok(()),
        }
    }
}

/// The faults in document order, with their places.
#[must_use]
pub fn locate(text: &[u8], limits: &Limits, mut faults: Vec<WalkFault>) -> Vec<Located> {
    faults.sort_by_key(|fault| fault.offset);
    let offsets: Vec<usize> = faults.iter().map(|fault| fault.offset).collect();
    let paths = paths(text, limits, &offsets);
    let mut lines = Lines { text, at: 0, line: 0 };
    faults
        .into_iter()
        .zip(paths)
        .map(|(fault, path)| Located {
            code: fault.code,
            offset: fault.offset,
            position: lines.position(fault.offset),
            path,
            message: fault.message,
            value: fault.value,
        })
        .collect()
}

/// Counts lines from one place to the next.
struct Lines<'a> {
    text: &'a [u8],
    /// The beginning of a line, and how many lines stand before it.
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn position(&mut self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let between = self.text.get(self.at..offset).unwrap_or_default();
        let (mut last, mut count) = (None, 0);
        for newline in memchr::memchr_iter(b'\n', between) {
            last = Some(newline);
            count += 1;
        }
        if let Some(last) = last {
            self.at += last + 1;
            self.line += count;
        }
        let inner = Position::of(self.text.get(self.at..).unwrap_or_default(), offset.saturating_sub(self.at));
        Position { line: self.line + inner.line, column: inner.column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_turn_are_those_counted_from_the_beginning() {
        let text = "a\nbé\n\ncd".as_bytes();
        let mut lines = Lines { text, at: 0, line: 0 };
        for offset in [0, 1, 2, 5, 6, 7, 8, 9, 20] {
            assert_eq!(lines.position(offset), Position::of(text, offset), "{offset}");
        }
    }
}
