//! The cache of (scope, raw name) to what the name means.
//!
//! A hit always compares the bytes, so a name in the cache needs no second check of its characters, its
//! prefix or the schema's table. Bounded: when it is full it starts anew between two tags.

use crate::xml::name::Symbol;
use crate::xml::scope::ScopeId;
use crate::xml::scope::UriId;

/// A name in the cache; good until the next tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NameId(pub(super) u32);

/// What a raw name means in a scope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    scope: ScopeId,
    /// The raw name: a range of `text`.
    from: u32,
    local: u32,
    to: u32,
    pub(super) symbol: Symbol,
    pub(super) uri: UriId,
}

const SLOT_BITS: u32 = 9;
const MOST_ENTRIES: usize = 4096;
const MOST_BYTES: usize = 256 << 10;

#[derive(Clone, Debug)]
pub(super) struct NameTable {
    /// Hash -> 1 + number of an entry.
    slots: Box<[u16]>,
    entries: Vec<Entry>,
    text: String,
}

impl Default for NameTable {
    fn default() -> Self {
        Self { slots: vec![0; 1 << SLOT_BITS].into_boxed_slice(), entries: Vec::with_capacity(32), text: String::with_capacity(512) }
    }
}

impl NameTable {
    #[inline]
    pub(super) fn find(&self, scope: ScopeId, raw: &[u8], hash: u64) -> Option<(NameId, Symbol)> {
        let number = u32::from(*self.slots.get(slot(scope, hash))?).checked_sub(1)?;
        let entry = self.entries.get(number as usize)?;
        let known = self.text.as_bytes().get(entry.from as usize..entry.to as usize)?;
        (entry.scope == scope && known == raw).then_some((NameId(number), entry.symbol))
    }

    pub(super) fn entry(&self, id: NameId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }

    /// Remembers a name; `colon` is the length of the prefix with its colon, 0 without.
    pub(super) fn add(&mut self, scope: ScopeId, raw: &str, colon: usize, hash: u64, symbol: Symbol, uri: UriId) -> NameId {
        let id = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let from = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.push_str(raw);
        let to = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let local = from + u32::try_from(colon).unwrap_or(0);
        self.entries.push(Entry { scope, from, local, to, symbol, uri });
        if let (Some(place), Ok(number)) = (self.slots.get_mut(slot(scope, hash)), u16::try_from(id + 1)) {
            *place = number;
        }
        NameId(id)
    }

    pub(super) fn local(&self, entry: &Entry) -> &str {
        self.text.get(entry.local as usize..entry.to as usize).unwrap_or_default()
    }

    /// Room for the names of one more tag: between two tags a full cache starts anew.
    #[inline]
    pub(super) fn make_room(&mut self) {
        if self.entries.len() > MOST_ENTRIES || self.text.len() > MOST_BYTES {
            self.clear();
        }
    }

    #[cold]
    pub(super) fn clear(&mut self) {
        self.slots.fill(0);
        self.entries.clear();
        self.text.clear();
    }
}

#[inline]
fn slot(scope: ScopeId, hash: u64) -> usize {
    let mixed = (hash ^ u64::from(scope.0)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - SLOT_BITS)) as usize
}
