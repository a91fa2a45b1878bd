//! Positions at regular distances in a text, so that finding one needs not read all that stands before it: a WSDL on one line
//! has many findings, and each is told with its place.

use crate::diagnostic::Position;

/// Bytes from one mark to the next.
const STEP: usize = 4096;

/// The positions of every so many bytes of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Marks(Vec<Position>);

impl Marks {
    pub(super) fn of(text: &[u8]) -> Self {
        let mut marks = vec![Position::START];
        let mut at = Position::START;
        for step in text.chunks_exact(STEP) {
            at = at.past(step);
            marks.push(at);
        }
        Self(marks)
    }

    /// The position of a byte of the same text; past the end it is the end.
    pub(super) fn position(&self, text: &[u8], offset: usize) -> Position {
        let offset = offset.min(text.len());
        let mark = self.0.get(offset / STEP).copied().unwrap_or(Position::START);
        mark.past(text.get(offset / STEP * STEP..offset).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_that_are_counted_from_the_beginning() {
        for text in ["", "a\nbc", &"größe\n x".repeat(3000), &"é".repeat(9000), &"\n".repeat(STEP * 2), &"x".repeat(STEP)] {
            let bytes = text.as_bytes();
            let marks = Marks::of(bytes);
            for offset in (0..bytes.len() + 2).step_by(7).chain([STEP - 1, STEP, STEP + 1, bytes.len()]) {
                let counted = |head: &[u8]| {
                    let head = String::from_utf8_lossy(head).into_owned();
                    head.matches('\n').count() + 1
                };
                let position = marks.position(bytes, offset);
                assert_eq!(position, Position::of(bytes, offset), "{offset}");
                assert_eq!(position.line as usize, counted(&bytes[..offset.min(bytes.len())]), "{offset}");
            }
        }
    }
}
