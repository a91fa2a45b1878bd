//! Texts that match a pattern: a random walk of its syntax.

use crate::schema::pattern::set::CharSet;
use crate::schema::pattern::syntax::Node;

/// How many times an open repetition goes round beyond its least, at most.
const MOST_ROUNDS: u32 = 8;
/// Characters of an example at most.
const MOST_CHARACTERS: usize = 20_000;

/// A text that matches a node. See [`crate::schema::pattern::Pattern::example`].
pub(crate) fn example(node: &Node, choose: &mut dyn FnMut(u32) -> u32, aim: usize) -> Option<String> {
    let mut walk = Walk { choose, out: String::new(), count: 0, aim };
    walk.node(node)?;
    Some(walk.out)
}

struct Walk<'c> {
    choose: &'c mut dyn FnMut(u32) -> u32,
    out: String,
    count: usize,
    aim: usize,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node) -> Option<()> {
        match node {
            Node::Set(set) => {
                let c = self.member(set)?;
                self.out.push(c);
                self.count += 1;
                (self.count <= MOST_CHARACTERS).then_some(())
            }
            Node::Sequence(nodes) => nodes.iter().try_for_each(|one| self.node(one)),
            Node::Choice(nodes) => {
                let branches = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
                let at = (self.choose)(branches);
                nodes.get(at as usize).map_or(Some(()), |one| self.node(one))
            }
            Node::Repeat { node, min, max } => {
                let span = max.unwrap_or(u32::MAX).saturating_sub(*min);
                let more = (self.choose)(span.min(MOST_ROUNDS).saturating_add(1));
                for _ in 0..*min {
                    self.node(node)?;
                }
                for _ in 0..more {
                    if self.count >= self.aim {
                        break;
                    }
                    self.node(node)?;
                }
                Some(())
            }
        }
    }

    /// A character of a set: plain letters and digits first, then ASCII, then what there is.
    fn member(&mut self, set: &CharSet) -> Option<char> {
        let plain = [(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)];
        let wide = (self.choose)(8) == 0;
        let choices = if wide { Vec::new() } else { within(set, &plain) };
        let choices = if choices.is_empty() { within(set, &[(0x20, 0x7E)]) } else { choices };
        let choices =
            if choices.is_empty() { within(set, &[(0x09, 0x0A), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10_FFFF)]) } else { choices };
        let total: u32 = choices.iter().map(|(start, end)| end - start + 1).sum();
        if total == 0 {
            return None;
        }
        let mut at = (self.choose)(total);
        for (start, end) in choices {
            let length = end - start + 1;
            if at < length {
                return char::from_u32(start + at);
            }
            at -= length;
        }
        None
    }
}

/// The parts of a set that lie in these ranges.
fn within(set: &CharSet, ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let pairs = set.ranges().iter().flat_map(|a| ranges.iter().map(move |b| (a.0.max(b.0), a.1.min(b.1))));
    pairs.filter(|(start, end)| start <= end).collect()
}
