//! Names as Namespaces in XML means them, and their interned form.
//!
//! A prefix can never be taken for a URI. [`Symbols`] interns the expanded names that schemas declare;
//! the scanner looks names of messages up in it, so that the rest of the program compares integers.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// The namespace of `xml:` (Namespaces in XML 1.0, section 3).
pub const XML_NS: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of namespace declarations (Namespaces in XML 1.0, section 3).
pub const XMLNS_NS: &str = "http://www.w3.org/2000/xmlns/";
/// The namespace of XML Schema.
pub const XSD_NS: &str = "http://www.w3.org/2001/XMLSchema";
/// The namespace of `xsi:type`, `xsi:nil` (XML Schema Part 1, section 2.6).
pub const XSI_NS: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A namespace name; the empty one is no namespace.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct NsUri(Arc<str>);

/// The local part of a name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LocalName(Arc<str>);

/// An expanded name that owns its parts.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct QName {
    /// Namespace name.
    pub ns: NsUri,
    /// Local part.
    pub local: LocalName,
}

/// An expanded name that borrows its parts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ExpandedName<'a> {
    /// Namespace name; empty for none.
    pub ns: &'a str,
    /// Local part.
    pub local: &'a str,
}

impl NsUri {
    /// As text; empty for no namespace.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl LocalName {
    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for NsUri {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<&str> for LocalName {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl QName {
    /// From a namespace name (empty for none) and a local part.
    #[must_use]
    pub fn new(ns: &str, local: &str) -> Self {
        Self { ns: ns.into(), local: local.into() }
    }

    /// The borrowed form.
    #[must_use]
    pub fn expanded(&self) -> ExpandedName<'_> {
        ExpandedName { ns: self.ns.as_str(), local: self.local.as_str() }
    }
}

impl fmt::Display for ExpandedName<'_> {
    /// `{uri}local`, or `local` without namespace.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ns.is_empty() { f.write_str(self.local) } else { write!(f, "{{{}}}{}", self.ns, self.local) }
    }
}

impl fmt::Display for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expanded().fmt(f)
    }
}

/// An interned expanded name; [`Symbol::UNKNOWN`] is any name that the schemas do not mention.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Symbol(pub u32);

impl Symbol {
    /// A name that no schema mentions.
    pub const UNKNOWN: Self = Self(0);
}

/// The interned expanded names of a set of schemas. Filled at load, read-only afterwards.
#[derive(Clone, Debug)]
pub struct Symbols {
    /// Unique to this content: no two different tables of a process share it.
    state: u64,
    names: Vec<QName>,
    /// Namespace -> local -> symbol.
    by_name: HashMap<NsUri, HashMap<LocalName, Symbol>>,
}

impl std::borrow::Borrow<str> for NsUri {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for LocalName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Default for Symbols {
    fn default() -> Self {
        Self { state: fresh_state(), names: vec![QName::new("", "")], by_name: HashMap::new() }
    }
}

fn fresh_state() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Symbols {
    /// The symbol of a name, made if it is new.
    pub fn intern(&mut self, ns: &str, local: &str) -> Symbol {
        if let Some(symbol) = self.find(ns, local) {
            return symbol;
        }
        let symbol = Symbol(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        let name = QName::new(ns, local);
        self.state = fresh_state();
        self.by_name.entry(name.ns.clone()).or_default().insert(name.local.clone(), symbol);
        self.names.push(name);
        symbol
    }

    /// The symbol of a name, if it was interned.
    #[must_use]
    pub fn find(&self, ns: &str, local: &str) -> Option<Symbol> {
        self.by_name.get(ns)?.get(local).copied()
    }

    /// The name of a symbol (an empty name for [`Symbol::UNKNOWN`]).
    #[must_use]
    pub fn name(&self, symbol: Symbol) -> &QName {
        self.names.get(symbol.0 as usize).unwrap_or(&self.names[0])
    }

    /// The namespaces of all names, in the order met; the empty one is left out.
    #[must_use]
    pub fn namespaces(&self) -> Vec<&str> {
        let mut seen = std::collections::HashSet::new();
        self.names.iter().map(|name| name.ns.as_str()).filter(|ns| !ns.is_empty() && seen.insert(*ns)).collect()
    }

    /// A number that tells this table, as it stands, from every other one of the process.
    pub(crate) fn state(&self) -> u64 {
        self.state
    }

    /// How many names there are, the unknown one included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Never true: the unknown name is always there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }
}
