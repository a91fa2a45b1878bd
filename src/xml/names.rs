//! The cache of (raw name, namespace) to what the name means.
//!
//! A hit always compares the bytes, so a name in the cache needs no second check of its characters, its
//! prefix or the schema's table. An entry knows the scope that it was met in last; in another scope it holds
//! if the prefix stands for the same namespace there. Bounded: when it is full it starts anew between two tags.

use crate::xml::find::NameKey;
use crate::xml::name::Symbol;
use crate::xml::scope::ScopeId;
use crate::xml::scope::Scopes;
use crate::xml::scope::UriId;

/// A name in the cache; good until the next tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NameId(pub(super) u32);

/// What a raw name means where its prefix stands for this namespace.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    key: NameKey,
    /// The scope in which it was looked up last.
    scope: ScopeId,
    pub(super) symbol: Symbol,
    /// The raw name: a range of `text`.
    from: u32,
    local: u32,
    to: u32,
    pub(super) uri: UriId,
    /// 1 + number of the next entry with the same hash, 0 if there is none.
    next: u16,
}

const SLOT_BITS: u32 = 10;
const MOST_ENTRIES: usize = 4096;
const MOST_BYTES: usize = 256 << 10;
/// As many entries of one hash are looked at; names that collide beyond that are learnt again and again, at the same price each time.
const MOST_TRIED: usize = 8;

#[derive(Clone, Debug, Default)]
pub(super) struct NameTable {
    /// Hash -> 1 + number of an entry; empty until there is one.
    slots: Vec<u16>,
    entries: Vec<Entry>,
    text: String,
}

impl NameTable {
    /// What the name at `at`, `key` being its key, means in a scope.
    #[inline(always)]
    pub(super) fn find(&mut self, scopes: &Scopes, scope: ScopeId, key: &NameKey, bytes: &[u8], at: usize) -> Option<(NameId, Symbol)> {
        let number = u32::from(*self.slots.get(slot(scope, key))?).wrapping_sub(1);
        let entry = self.entries.get(number as usize)?;
        if entry.scope == scope && entry.key == *key && key.is_whole() {
            return Some((NameId(number), entry.symbol));
        }
        self.find_farther(scopes, scope, key, bytes, at, number)
    }

    /// The same for a name of less than sixteen bytes if it is the first of its hash and was met in this scope last.
    #[inline(always)]
    pub(super) fn find_near(&self, scope: ScopeId, key: &NameKey) -> Option<(NameId, Symbol)> {
        let number = u32::from(*self.slots.get(slot(scope, key))?).wrapping_sub(1);
        let entry = self.entries.get(number as usize)?;
        // no name holds a zero byte: keys of short names are equal if their words are
        let same = entry.scope == scope && entry.key.first == key.first && entry.key.second == key.second;
        same.then_some((NameId(number), entry.symbol))
    }

    /// The same for a long name, a collision, or another scope than the last one.
    #[inline(never)]
    fn find_farther(
        &mut self,
        scopes: &Scopes,
        scope: ScopeId,
        key: &NameKey,
        bytes: &[u8],
        at: usize,
        first: u32,
    ) -> Option<(NameId, Symbol)> {
        let mut number = first;
        for _ in 0..MOST_TRIED {
            let entry = self.entries.get_mut(number as usize)?;
            if entry.key == *key {
                let raw = self.text.get(entry.from as usize..entry.to as usize)?;
                let same = key.is_whole() || Some(raw.as_bytes()) == bytes.get(at..at + key.length);
                if same && entry.holds_in(scope, scopes, raw) {
                    return Some((NameId(number), entry.symbol));
                }
            }
            number = u32::from(entry.next).wrapping_sub(1);
        }
        None
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
        if self.slots.is_empty() {
            self.slots.resize(1 << SLOT_BITS, 0);
        }
        let mut next = 0;
        if let (Some(place), Ok(number)) = (self.slots.get_mut(slot(scope, &key)), u16::try_from(id + 1)) {
            next = std::mem::replace(place, number);
        }
        self.entries.push(Entry { key, scope, symbol, from, local, to, uri, next });
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

impl Entry {
    /// Whether it is what its raw name means in a scope; that scope is the last one then.
    fn holds_in(&mut self, scope: ScopeId, scopes: &Scopes, raw: &str) -> bool {
        if self.scope == scope {
            return true;
        }
        if scope == ScopeId::UNPREFIXED_ATTRIBUTES || self.scope == ScopeId::UNPREFIXED_ATTRIBUTES {
            return false;
        }
        let prefix = (self.local - self.from).saturating_sub(1) as usize;
        if scopes.resolve(scope, raw.as_bytes().get(..prefix).unwrap_or_default()) != Some(self.uri) {
            return false;
        }
        self.scope = scope;
        true
    }
}

#[inline(always)]
fn slot(scope: ScopeId, key: &NameKey) -> usize {
    let kind = u64::from(scope == ScopeId::UNPREFIXED_ATTRIBUTES);
    (key.hash().wrapping_add(kind << 63) >> (64 - SLOT_BITS)) as usize
}
