//! Start tags with nothing but namespace declarations, remembered as they stand.
//!
//! The outermost tags of messages are long and the same in each: compared with the last one as a whole, they need not be
//! read again. Only such tags are kept, never a value. Bounded: what would be too much starts anew.

use crate::xml::name::Symbol;
use crate::xml::names::NameId;
use crate::xml::scope::ScopeId;

/// What a tag meant in the scope around it; good as long as the caches of names and scopes are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    pub(super) name: NameId,
    pub(super) symbol: Symbol,
    /// The scope inside.
    pub(super) scope: ScopeId,
    pub(super) empty: bool,
}

#[derive(Clone, Copy, Debug)]
struct Tag {
    outer: ScopeId,
    /// A range of `text`.
    from: u32,
    to: u32,
    meaning: Meaning,
    /// 1 + number of the next tag with the same hash, 0 if there is none.
    next: u16,
}

const SLOT_BITS: u32 = 8;
const MOST_TAGS: usize = 1024;
const MOST_BYTES: usize = 128 << 10;
/// Longer tags are not kept.
const LONGEST: usize = 1 << 10;
/// As many tags of one hash are compared.
const MOST_TRIED: usize = 4;

#[derive(Debug, Default)]
pub(super) struct RememberedTags {
    /// Hash -> 1 + number of a tag; empty until there is one.
    slots: Vec<u16>,
    tags: Vec<Tag>,
    text: Vec<u8>,
}

impl RememberedTags {
    /// The tag at `from`, whose name ends at `name_to`, if it was met in this scope before: what it means, and where it ends.
    #[inline(never)]
    pub(super) fn find(&self, outer: ScopeId, bytes: &[u8], from: usize, name_to: usize) -> Option<(Meaning, usize)> {
        let raw = up_to_bracket(bytes, from, name_to)?;
        let mut number = *self.slots.get(slot(outer, raw))?;
        for _ in 0..MOST_TRIED {
            let tag = self.tags.get(usize::from(number).wrapping_sub(1))?;
            if tag.outer == outer && self.text.get(tag.from as usize..tag.to as usize) == Some(raw) {
                return Some((tag.meaning, from + raw.len()));
            }
            number = tag.next;
        }
        None
    }

    /// Remembers a tag that was read.
    #[cold]
    #[inline(never)]
    pub(super) fn add(&mut self, outer: ScopeId, bytes: &[u8], from: usize, name_to: usize, to: usize, meaning: Meaning) {
        let Some(raw) = up_to_bracket(bytes, from, name_to).filter(|raw| raw.len() == to - from) else { return };
        if self.tags.len() >= MOST_TAGS || self.text.len() + raw.len() > MOST_BYTES {
            self.clear();
        }
        if self.slots.is_empty() {
            self.slots.resize(1 << SLOT_BITS, 0);
        }
        let begin = self.text.len();
        self.text.extend_from_slice(raw);
        let (Ok(begin), Ok(end)) = (u32::try_from(begin), u32::try_from(self.text.len())) else { return };
        let Some(place) = self.slots.get_mut(slot(outer, raw)) else { return };
        let Ok(number) = u16::try_from(self.tags.len() + 1) else { return };
        let next = std::mem::replace(place, number);
        self.tags.push(Tag { outer, from: begin, to: end, meaning, next });
    }

    #[cold]
    #[inline(never)]
    pub(super) fn clear(&mut self) {
        self.slots.fill(0);
        self.tags.clear();
        self.text.clear();
    }
}

/// The tag up to its first `>`, which may stand in a value too: then it is not found, or read again, but never taken for another.
fn up_to_bracket(bytes: &[u8], from: usize, name_to: usize) -> Option<&[u8]> {
    let near = bytes.get(name_to..bytes.len().min(from + LONGEST))?;
    bytes.get(from..=name_to + memchr::memchr(b'>', near)?)
}

fn slot(outer: ScopeId, raw: &[u8]) -> usize {
    let last = raw.last_chunk::<16>().map_or(0, |chunk| u128::from_le_bytes(*chunk));
    let mixed = (last as u64) ^ ((last >> 64) as u64).rotate_left(29) ^ ((raw.len() as u64) << 32 | u64::from(outer.0));
    (mixed.wrapping_mul(0x517C_C1B7_2722_0A95) >> (64 - SLOT_BITS)) as usize
}
