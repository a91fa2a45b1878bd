//! Changes to a message by byte ranges of the original.
//!
//! Everything between the ranges stays as it was, byte for byte: prefixes, white space, signatures.
//! What the ranges mean is not known here.

use std::ops::Range;

use bytes::Bytes;

/// Disjoint replacements against one original, in order of their place.
#[derive(Clone, Default, Debug)]
pub struct Edits {
    list: Vec<(Range<usize>, Bytes)>,
}

/// Two edits touch the same bytes, or a range runs backwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overlap;

impl Edits {
    /// Nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Replaces a range; an empty range inserts. Insertions at one place keep the order in which they came.
    ///
    /// # Errors
    /// If the range overlaps one that is already edited.
    pub fn replace(&mut self, range: Range<usize>, bytes: impl Into<Bytes>) -> Result<(), Overlap> {
        if range.start > range.end {
            return Err(Overlap);
        }
        let at =
            self.list.partition_point(|(other, _)| other.start < range.start || (other.start == range.start && other.end <= range.start));
        let clear_before = at.checked_sub(1).and_then(|i| self.list.get(i)).is_none_or(|(before, _)| before.end <= range.start);
        let clear_after = self.list.get(at).is_none_or(|(after, _)| range.end <= after.start);
        if !(clear_before && clear_after) {
            return Err(Overlap);
        }
        self.list.insert(at, (range, bytes.into()));
        Ok(())
    }

    /// The edited text. Ranges past the end of the original count as its end.
    #[must_use]
    pub fn apply(&self, original: &[u8]) -> Bytes {
        let added: usize = self.list.iter().map(|(_, bytes)| bytes.len()).sum();
        let mut out = Vec::with_capacity(original.len() + added);
        let mut done = 0;
        for (range, bytes) in &self.list {
            let start = range.start.min(original.len());
            out.extend_from_slice(original.get(done..start).unwrap_or_default());
            out.extend_from_slice(bytes);
            done = range.end.min(original.len());
        }
        out.extend_from_slice(original.get(done..).unwrap_or_default());
        out.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_between_edits_stay() {
        let mut edits = Edits::default();
        edits.replace(6..7, "2").expect("free");
        edits.replace(0..1, "<<").expect("free");
        edits.replace(3..3, "!").expect("free");
        assert_eq!(edits.apply(b"abcdefg").as_ref(), b"<<bc!def2");
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let mut edits = Edits::default();
        edits.replace(2..5, "x").expect("free");
        assert_eq!(edits.replace(4..6, "y"), Err(Overlap));
        assert_eq!(edits.replace(0..3, "y"), Err(Overlap));
        assert_eq!(edits.replace(2..5, "y"), Err(Overlap));
        assert_eq!(edits.replace(3..3, "y"), Err(Overlap));
        edits.replace(5..5, "z").expect("beside is free");
        edits.replace(2..2, "w").expect("beside is free");
        assert_eq!(edits.apply(b"0123456").as_ref(), b"01wxz56");
    }

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        let mut edits = Edits::default();
        edits.replace(1..1, "a").expect("free");
        edits.replace(1..1, "b").expect("free");
        assert_eq!(edits.apply(b"()").as_ref(), b"(ab)");
    }
}
