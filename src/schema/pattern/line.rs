//! Patterns that are a row of sets, the last one perhaps repeated, as most written patterns are: `[A-Z]{2}-\d{4}`, `\d{1,8}`.
//!
//! Each character of an ASCII text is looked up by itself and its place, so that no look-up waits for the one before.

use crate::schema::pattern::set::CharSet;
use crate::schema::pattern::syntax::Node;

/// Places that have a bit of their own.
const MOST: usize = 64;

/// A row of sets.
#[derive(Debug)]
pub(crate) struct Line {
    /// For each character the places that it may stand at.
    places: Box<[u64; 128]>,
    least: usize,
    most: usize,
    /// The place whose set all further characters belong to.
    last: usize,
}

/// What is known of a pattern up to some place.
#[derive(Default)]
struct Laid<'n> {
    sets: Vec<&'n CharSet>,
    /// The last set may follow so many times more; nothing can be laid behind it.
    more: Option<usize>,
}

impl Line {
    /// The row of a pattern, if it is one.
    pub(crate) fn of(node: &Node) -> Option<Self> {
        let mut laid = Laid::default();
        laid.lay(node)?;
        let mut places = Box::new([0; 128]);
        for (at, set) in laid.sets.iter().enumerate() {
            for (start, end) in set.ranges() {
                for point in *start..=*end.min(&127) {
                    if let Some(places) = places.get_mut(point as usize) {
                        *places |= 1 << at;
                    }
                }
            }
        }
        let length = laid.sets.len();
        let last = length.saturating_sub(1);
        Some(match laid.more {
            None => Self { places, least: length, most: length, last },
            Some(more) => Self { places, least: last, most: last.saturating_add(more), last },
        })
    }

    /// Whether the whole of an ASCII text matches; none if it is not one.
    #[inline]
    pub(crate) fn matches(&self, text: &str) -> Option<bool> {
        let (mut possible, mut all) = (1_u64, 0_u8);
        for (at, byte) in text.bytes().enumerate() {
            possible &= self.places[usize::from(byte & 0x7F)] >> at.min(self.last);
            all |= byte;
        }
        all.is_ascii().then_some(possible != 0 && self.least <= text.len() && text.len() <= self.most)
    }
}

impl<'n> Laid<'n> {
    /// None if the pattern is no row.
    fn lay(&mut self, node: &'n Node) -> Option<()> {
        match node {
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.lay(node)),
            Node::Choice(nodes) => match nodes.as_slice() {
                [node] => self.lay(node),
                _ => None,
            },
            Node::Set(set) => self.push(set),
            Node::Repeat { node, min, max } => {
                if self.more.is_some() || *min as usize > MOST {
                    return None;
                }
                for _ in 0..*min {
                    self.lay(node)?;
                }
                let more = max.map_or(usize::MAX, |max| max.saturating_sub(*min) as usize);
                match (&**node, more) {
                    (_, 0) => Some(()),
                    (Node::Set(set), _) => {
                        self.push(set)?;
                        self.more = Some(more);
                        Some(())
                    }
                    (Node::Sequence(_) | Node::Choice(_) | Node::Repeat { .. }, _) => None,
                }
            }
        }
    }

    fn push(&mut self, set: &'n CharSet) -> Option<()> {
        if self.more.is_some() || self.sets.len() == MOST {
            return None;
        }
        self.sets.push(set);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use crate::schema::pattern::Pattern;
    use crate::schema::pattern::line::Line;

    #[test]
    fn the_usual_patterns_are_rows() {
        for (source, good, bad) in [
            (r"[A-Z]{2}-\d{4}", "AB-0001", "AB-001"),
            (r"\d{1,8}", "12345678", "123456789"),
            ("[a-z]+", "abc", ""),
            ("(ab){2}c?", "abab", "ababcc"),
            ("", "", "a"),
        ] {
            let pattern = Pattern::compile(source).expect(source);
            let line = Line::of(&pattern.inner.parsed.node).expect(source);
            assert_eq!((line.matches(good), line.matches(bad)), (Some(true), Some(false)), "{source}");
            assert_eq!(line.matches("\u{e9}"), None);
        }
        for source in ["a?b", "a|b", "(ab)*", "a{65}", "[ab]*c"] {
            let pattern = Pattern::compile(source).expect(source);
            assert!(Line::of(&pattern.inner.parsed.node).is_none(), "{source}");
        }
    }
}
