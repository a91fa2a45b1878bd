//! Prefixes in scope, as an interned tree of declarations.
//!
//! A scope is a parent and the declarations of one tag. Equal scopes have equal numbers, so that a prefix
//! declared anew on every element costs one comparison, and names are cached by (scope, raw name).
//! Knows nothing of tags.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

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

/// Up to here a list is searched; above, through a hash table.
const SEARCHED: usize = 8;
/// When there are more scopes than this between two tags, those that no open element uses are dropped.
pub(super) const KEPT: usize = 4096;

#[derive(Clone, Debug)]
struct Node {
    parent: ScopeId,
    /// Its own declarations: a range of `bindings`.
    from: u32,
    to: u32,
    /// Declarations in scope, the parents' included.
    in_scope: u32,
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
    /// Hash of parent and declarations -> candidates; filled only once there are more than [`SEARCHED`].
    node_index: HashMap<u64, Vec<ScopeId>>,
    hasher: RandomState,
}

impl Scopes {
    /// Nothing but the scope of a document before its root.
    pub(super) fn new() -> Self {
        let mut scopes = Self::default();
        scopes.nodes.push(Node { parent: ScopeId::ROOT, from: 0, to: 0, in_scope: 0 });
        scopes.uris.push("".into());
        scopes.uris.push(XML_NS.into());
        scopes
    }

    /// The scope with these declarations inside `parent`, if it was met before.
    pub(super) fn known<'p>(&self, parent: ScopeId, declared: impl Iterator<Item = (&'p str, &'p str)> + Clone) -> Option<ScopeId> {
        let fits = |id: &ScopeId| {
            let node = self.nodes.get(id.0 as usize);
            node.is_some_and(|node| node.parent == parent && self.same(node, declared.clone()))
        };
        if self.node_index.is_empty() {
            return (1..number(self.nodes.len())).map(ScopeId).find(fits);
        }
        self.node_index.get(&self.hash(parent, declared.clone()))?.iter().copied().find(fits)
    }

    /// Adds a scope that is not [`Self::known`].
    #[cold]
    #[inline(never)]
    pub(super) fn enter<'p>(&mut self, parent: ScopeId, declared: impl Iterator<Item = (&'p str, &'p str)> + Clone) -> ScopeId {
        let id = self.add(parent, declared.clone());
        if !self.node_index.is_empty() {
            let hash = self.hash(parent, declared);
            self.node_index.entry(hash).or_default().push(id);
        } else if self.nodes.len() > SEARCHED {
            self.index_all();
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
        self.nodes.len() > KEPT
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
    }

    fn prefix(&self, binding: &Binding) -> &str {
        self.prefixes.get(binding.from as usize..binding.to as usize).unwrap_or_default()
    }

    fn same<'p>(&self, node: &Node, declared: impl Iterator<Item = (&'p str, &'p str)>) -> bool {
        let own = self.bindings.get(node.from as usize..node.to as usize).unwrap_or_default();
        let mut own = own.iter();
        for (prefix, uri) in declared {
            if !own.next().is_some_and(|b| self.prefix(b) == prefix && self.uri(b.uri) == uri) {
                return false;
            }
        }
        own.next().is_none()
    }

    fn hash<'p>(&self, parent: ScopeId, declared: impl Iterator<Item = (&'p str, &'p str)>) -> u64 {
        use std::hash::Hash;
        use std::hash::Hasher;
        let mut state = self.hasher.build_hasher();
        parent.hash(&mut state);
        for pair in declared {
            pair.hash(&mut state);
        }
        state.finish()
    }

    #[cold]
    #[inline(never)]
    fn index_all(&mut self) {
        for index in 1..self.nodes.len() {
            let id = ScopeId(number(index));
            let parent = self.nodes.get(index).map_or(ScopeId::ROOT, |node| node.parent);
            let hash = self.hash(parent, self.declared_at(id));
            self.node_index.entry(hash).or_default().push(id);
        }
    }

    fn add<'p>(&mut self, parent: ScopeId, declared: impl Iterator<Item = (&'p str, &'p str)>) -> ScopeId {
        let from = number(self.bindings.len());
        for (prefix, uri) in declared {
            let uri = self.intern(uri);
            let start = number(self.prefixes.len());
            self.prefixes.push_str(prefix);
            self.bindings.push(Binding { from: start, to: number(self.prefixes.len()), uri });
        }
        let to = number(self.bindings.len());
        let above = self.nodes.get(parent.0 as usize).map_or(0, |node| node.in_scope);
        self.nodes.push(Node { parent, from, to, in_scope: above + (to - from) });
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
        self.uris.push(uri.into());
        if !self.uri_index.is_empty() {
            self.uri_index.insert(uri.into(), id);
        }
        id
    }
}

/// Counts stay below 2^32: `KEPT` scopes of at most `Limits::namespaces` declarations.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
