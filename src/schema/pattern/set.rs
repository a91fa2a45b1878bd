//! Sets of characters as sorted ranges.

/// The greatest character.
const LAST: u32 = 0x10_FFFF;

/// A set of characters: ranges, sorted, apart by at least one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct CharSet {
    ranges: Vec<(u32, u32)>,
}

impl CharSet {
    /// From ranges in any order.
    pub(crate) fn new(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match merged.last_mut() {
                Some(last) if start <= last.1.saturating_add(1) => last.1 = last.1.max(end),
                Some(_) | None => merged.push((start, end)),
            }
        }
        Self { ranges: merged }
    }

    /// One character.
    pub(crate) fn single(c: char) -> Self {
        Self { ranges: vec![(u32::from(c), u32::from(c))] }
    }

    /// The ranges, sorted.
    pub(crate) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// All other characters.
    pub(crate) fn negate(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut from = 0;
        for (start, end) in &self.ranges {
            if *start > from {
                ranges.push((from, start - 1));
            }
            from = end + 1;
        }
        if from <= LAST {
            ranges.push((from, LAST));
        }
        Self { ranges }
    }

    /// What is in either.
    pub(crate) fn union(&self, other: &Self) -> Self {
        Self::new([&self.ranges[..], &other.ranges[..]].concat())
    }

    /// What is in this one and not in the other.
    pub(crate) fn subtract(&self, other: &Self) -> Self {
        self.negate().union(other).negate()
    }

    /// Whether a code point is in it.
    #[cfg(test)]
    pub(crate) fn contains(&self, point: u32) -> bool {
        let at = self.ranges.partition_point(|(_, end)| *end < point);
        self.ranges.get(at).is_some_and(|(start, _)| *start <= point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_combine() {
        let letters = CharSet::new(vec![(0x61, 0x7A), (0x41, 0x5A), (0x62, 0x70)]);
        assert_eq!(letters.ranges(), [(0x41, 0x5A), (0x61, 0x7A)]);
        assert_eq!(letters.negate().negate(), letters);
        assert_eq!(letters.subtract(&CharSet::single('m')).ranges(), [(0x41, 0x5A), (0x61, 0x6C), (0x6E, 0x7A)]);
        assert!(letters.contains(0x61) && !letters.contains(0x5B));
        assert_eq!(CharSet::default().negate().ranges(), [(0, LAST)]);
        assert_eq!(CharSet::default().negate().negate(), CharSet::default());
    }
}
