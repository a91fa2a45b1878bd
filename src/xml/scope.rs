//! Prefixes in scope, as an interned tree of declarations.
//!
//! A scope is a parent and the declarations of one tag. Equal scopes have equal numbers, so that a prefix
//! declared anew on every element costs one comparison, and names are cached by (scope, raw name).
//! Knows nothing of tags.

use std::collections::HashMap;

use crate::xml::name::XML_NS;

/// A scope, by its number. Scope 0 knows only `xml`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct ScopeId(pub(super) u32);

/// An interned namespace name; 0 is none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct UriId(pub(super) u32);

impl ScopeId {
    /// The scope of a document before its root.
    pub(super) const ROOT: Self = Self(0);
    /// Where names of attributes without prefix are looked up: they are in no namespace whatever is declared.
    pub(super) const UNPREFIXED_ATTRIBUTES: Self = Self(u32::MAX);
}

impl UriId {
    /// No namespace.
    pub(super) const NONE: Self = Self(0);
}

/// Up to here the list of namespace names is searched; above, through a hash table.
const SEARCHED: usize = 8;
/// When scopes take more bytes than this between two tags, those that no open element uses are dropped.
const KEPT: usize = 512 << 10;
/// What a scope or a binding counts for besides its text.
const COST: usize = 64;
const SLOT_BITS: u32 = 8;
/// As many scopes of one hash are compared; one that is not found is entered anew, which is allowed, only slower.
const MOST_TRIED: usize = 8;

#[derive(Clone, Debug)]
struct Node {
    parent: ScopeId,
    /// Its own declarations: a range of `bindings`.
    from: u32,
    to: u32,
    /// Declarations in scope, the parents' included.
    in_scope: u32,
    /// The next node with the same hash, 0 if there is none.
    next: u32,
}

#[derive(Clone, Debug)]
struct Binding {
    /// A range of `prefixes`.
    from: u32,
    to: u32,
    uri: UriId,
}

/// All scopes that were met in a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Scopes {
    nodes: Vec<Node>,
    bindings: Vec<Binding>,
    prefixes: String,
    uris: Vec<Box<str>>,
    uri_index: HashMap<Box<str>, UriId>,
    /// Hash of parent and declarations -> number of a node, 0 if there is none.
    slots: Vec<u32>,
    /// About the bytes that all of it takes.
    bytes: usize,
    /// Bytes at which scopes are dropped: twice what the open elements need, so that dropping costs no more than reading did.
    room: usize,
}

impl Scopes {
    /// Nothing but the scope of a document before its root.
    pub(super) fn new() -> Self {
        let mut scopes = Self::default();
        scopes.nodes.push(Node { parent: ScopeId::ROOT, from: 0, to: 0, in_scope: 0, next: 0 });
        scopes.slots.resize(1 << SLOT_BITS, 0);
        scopes.uris.push("".into());
        scopes.uris.push(XML_NS.into());
        scopes.room = KEPT;
        scopes
    }

    /// The scope with these declarations inside `parent`, if it was met before.
    pub(super) fn known<'p>(&self, parent: ScopeId, declared: impl Iterator<Item = (&'p [u8], &'p [u8])> + Clone) -> Option<ScopeId> {
        let mut number = *self.slots.get(slot(parent, declared.clone()))?;
        for _ in 0..MOST_TRIED {
            if number == 0 {
                return None;
            }
            let node = self.nodes.get(number as usize)?;
            if node.parent == parent && self.same(node, declared.clone()) {
                return Some(ScopeId(number));
            }
            number = node.next;
        }
        None
    }

    /// Adds a scope that is not [`Self::known`].
    #[cold]
    #[inline(never)]
    pub(super) fn enter<'p>(&mut self, parent: ScopeId, declared: impl Iterator<Item = (&'p str, &'p str)> + Clone) -> ScopeId {
        let id = self.add(parent, declared.clone());
        let slot = slot(parent, declared.map(|(prefix, uri)| (prefix.as_bytes(), uri.as_bytes())));
        if let (Some(place), Some(node)) = (self.slots.get_mut(slot), self.nodes.get_mut(id.0 as usize)) {
            node.next = std::mem::replace(place, id.0);
        }
        id
    }

    /// What a prefix stands for; the empty one always for something.
    pub(super) fn resolve(&self, scope: ScopeId, prefix: &[u8]) -> Option<UriId> {
        let mut at = scope;
        while at != ScopeId::ROOT {
            let node = self.nodes.get(at.0 as usize)?;
            for binding in self.bindings.get(node.from as usize..node.to as usize)? {
                if self.prefix(binding).as_bytes() == prefix {
                    return Some(binding.uri);
                }
            }
            at = node.parent;
        }
        match prefix {
            b"" => Some(UriId::NONE),
            b"xml" => Some(UriId(1)),
            _ => None,
        }
    }

    /// The namespace name with this number.
    pub(super) fn uri(&self, id: UriId) -> &str {
        self.uris.get(id.0 as usize).map_or("", |uri| uri)
    }

    /// How many declarations are in scope.
    pub(super) fn in_scope(&self, id: ScopeId) -> usize {
        self.nodes.get(id.0 as usize).map_or(0, |node| node.in_scope as usize)
    }

    /// The declarations that made this scope.
    pub(super) fn declared_at(&self, id: ScopeId) -> impl Iterator<Item = (&str, &str)> {
        let range = self.nodes.get(id.0 as usize).map_or(0..0, |node| node.from as usize..node.to as usize);
        self.bindings.get(range).unwrap_or_default().iter().map(|b| (self.prefix(b), self.uri(b.uri)))
    }

    /// All bindings, innermost scope first.
    pub(super) fn bindings_of(&self, id: ScopeId) -> impl Iterator<Item = (&str, &str)> {
        let chain =
            std::iter::successors(Some(id), |at| self.nodes.get(at.0 as usize).filter(|_| *at != ScopeId::ROOT).map(|node| node.parent));
        chain.flat_map(|at| self.declared_at(at))
    }

    /// Whether it is time to [`Self::retain`].
    pub(super) fn is_crowded(&self) -> bool {
        self.bytes > self.room
    }

    /// About the bytes that all of it takes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether there is more than is worth being kept for another document.
    pub(super) fn is_large(&self) -> bool {
        self.bytes > KEPT
    }

    /// Drops all scopes but the given ones and their parents, and renumbers those.
    #[cold]
    #[inline(never)]
    pub(super) fn retain<'s>(&mut self, used: impl Iterator<Item = &'s mut ScopeId>) {
        let old = std::mem::replace(self, Self::new());
        let mut renumbered = HashMap::from([(ScopeId::ROOT, ScopeId::ROOT)]);
        for id in used {
            let mut chain = Vec::new();
            let mut at = *id;
            while !renumbered.contains_key(&at) {
                chain.push(at);
                at = old.nodes.get(at.0 as usize).map_or(ScopeId::ROOT, |node| node.parent);
            }
            let mut parent = renumbered.get(&at).copied().unwrap_or(ScopeId::ROOT);
            for old_id in chain.into_iter().rev() {
                let declared: Vec<_> = old.declared_at(old_id).collect();
                parent = self.enter(parent, declared.into_iter());
                renumbered.insert(old_id, parent);
            }
            *id = parent;
        }
        self.room = KEPT.max(self.bytes * 2);
    }

    fn prefix(&self, binding: &Binding) -> &str {
        self.prefixes.get(binding.from as usize..binding.to as usize).unwrap_or_default()
    }

    fn same<'p>(&self, node: &Node, declared: impl Iterator<Item = (&'p [u8], &'p [u8])>) -> bool {
        let own = self.bindings.get(node.from as usize..node.to as usize).unwrap_or_default();
        let mut own = own.iter();
        for (prefix, uri) in declared {
            if !own.next().is_some_and(|b| self.prefix(b).as_bytes() == prefix && self.uri(b.uri).as_bytes() == uri) {
                return false;
            }
        }
        own.next().is_none()
    }

    fn add<'p>(&mut self, parent: ScopeId, declared: impl Iterator<Item = (&'p str, &'p str)>) -> ScopeId {
        let from = number(self.bindings.len());
        for (prefix, uri) in declared {
            let uri = self.intern(uri);
            let start = number(self.prefixes.len());
            self.prefixes.push_str(prefix);
            self.bytes += COST + prefix.len();
            self.bindings.push(Binding { from: start, to: number(self.prefixes.len()), uri });
        }
        let to = number(self.bindings.len());
        let above = self.nodes.get(parent.0 as usize).map_or(0, |node| node.in_scope);
        self.nodes.push(Node { parent, from, to, in_scope: above + (to - from), next: 0 });
        self.bytes += COST;
        ScopeId(number(self.nodes.len() - 1))
    }

    fn intern(&mut self, uri: &str) -> UriId {
        if self.uri_index.is_empty() {
            if let Some(index) = self.uris.iter().position(|known| **known == *uri) {
                return UriId(number(index));
            }
            if self.uris.len() > SEARCHED {
                self.uri_index = self.uris.iter().enumerate().map(|(i, u)| (u.clone(), UriId(number(i)))).collect();
            }
        } else if let Some(id) = self.uri_index.get(uri) {
            return *id;
        }
        let id = UriId(number(self.uris.len()));
        self.bytes += uri.len();
        self.uris.push(uri.into());
        if !self.uri_index.is_empty() {
            self.uri_index.insert(uri.into(), id);
        }
        id
    }
}

/// Where a scope is looked for: lengths, beginnings and ends of its declarations, mixed.
fn slot<'p>(parent: ScopeId, declared: impl Iterator<Item = (&'p [u8], &'p [u8])>) -> usize {
    let mixed = declared.flat_map(|(prefix, uri)| [prefix, uri]).fold(u64::from(parent.0), |mixed, part| {
        let first = part.first_chunk::<8>().map_or(0, |chunk| u64::from_le_bytes(*chunk));
        let last = match part.last_chunk::<8>() {
            Some(chunk) => u64::from_le_bytes(*chunk),
            None => part.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        (mixed.rotate_left(17) ^ first ^ last.rotate_left(31) ^ part.len() as u64).wrapping_mul(0x517C_C1B7_2722_0A95)
    });
    (mixed >> (64 - SLOT_BITS)) as usize
}

/// Counts stay below 2^32: what is kept is bounded, and a tag with its declarations by `Limits::text`.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
