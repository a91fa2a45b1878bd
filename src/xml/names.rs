//! The cache of (scope, raw name) to what the name means.
//!
//! A hit always compares the bytes, so a name in the cache needs no second check of its characters, its
//! prefix or the schema's table. Bounded: when it is full it starts anew between two tags.

use crate::xml::find::NameKey;
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
    key: NameKey,
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

#[derive(Clone, Debug, Default)]
pub(super) struct NameTable {
    /// Hash -> 1 + number of an entry; empty until there is one.
    slots: Vec<u16>,
    entries: Vec<Entry>,
    text: String,
}

impl NameTable {
    /// The name that `raw` would be, `key` being its key.
    #[inline]
    pub(super) fn find(&self, scope: ScopeId, key: &NameKey, bytes: &[u8], at: usize) -> Option<(NameId, Symbol)> {
        let number = u32::from(*self.slots.get(slot(scope, key))?).wrapping_sub(1);
        let entry = self.entries.get(number as usize)?;
        if entry.scope != scope || entry.key != *key || !(key.is_whole() || self.is_same(entry, bytes, at)) {
            return None;
        }
        Some((NameId(number), entry.symbol))
    }

    #[inline(never)]
    fn is_same(&self, entry: &Entry, bytes: &[u8], at: usize) -> bool {
        self.text.as_bytes().get(entry.from as usize..entry.to as usize) == bytes.get(at..at + entry.key.length)
    }

    pub(super) fn entry(&self, id: NameId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }

    /// Remembers a name; `colon` is the length of the prefix with its colon, 0 without.
    pub(super) fn add(&mut self, scope: ScopeId, raw: &str, colon: usize, key: NameKey, symbol: Symbol, uri: UriId) -> NameId {
        let id = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let from = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.push_str(raw);
        let to = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let local = from + u32::try_from(colon).unwrap_or(0);
        self.entries.push(Entry { scope, key, from, local, to, symbol, uri });
        if self.slots.is_empty() {
            self.slots.resize(1 << SLOT_BITS, 0);
        }
        if let (Some(place), Ok(number)) = (self.slots.get_mut(slot(scope, &key)), u16::try_from(id + 1)) {
            *place = number;
        }
        NameId(id)
    }

    pub(super) fn local(&self, entry: &Entry) -> &str {
        self.text.get(entry.local as usize..entry.to as usize).unwrap_or_default()
    }

    /// Whether it is time to start anew.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() > MOST_ENTRIES || self.text.len() > MOST_BYTES
    }

    #[cold]
    #[inline(never)]
    pub(super) fn clear(&mut self) {
        self.slots.fill(0);
        self.entries.clear();
        self.text.clear();
    }
}

#[inline]
fn slot(scope: ScopeId, key: &NameKey) -> usize {
    let mixed = key.hash() ^ u64::from(scope.0).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - SLOT_BITS)) as usize
}
