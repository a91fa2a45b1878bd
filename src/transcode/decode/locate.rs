//! Where faults stand: line, column and path, for all of them in two passes over the message.

use crate::diagnostic::Position;
use crate::schema::walk::fault::WalkFault;
use crate::schema::walk::path::paths;
use crate::transcode::decode::MessageFault;
use crate::xml::limits::Limits;

/// The faults in document order, with their places.
pub(super) fn locate(text: &[u8], limits: &Limits, mut faults: Vec<WalkFault>) -> Vec<MessageFault> {
    faults.sort_by_key(|fault| fault.offset);
    let offsets: Vec<usize> = faults.iter().map(|fault| fault.offset).collect();
    let paths = paths(text, limits, &offsets);
    let mut lines = Lines { text, at: 0, line: 0 };
    faults
        .into_iter()
        .zip(paths)
        .map(|(fault, path)| MessageFault {
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
