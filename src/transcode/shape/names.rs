//! Keys of properties: a small hash table from key to number, and the names of elements among their siblings.
//!
//! `local`, or `prefix:local` for all siblings that share a local name in several namespaces; an inherited element keeps
//! the name that it has in its base type.

use std::collections::HashMap;
use std::sync::Arc;

use crate::schema::form::ComplexType;
use crate::schema::form::Content;
use crate::schema::form::ElementId;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::transcode::shape::PropertyId;
use crate::xml::name::QName;
use crate::xml::name::Symbol;
use crate::xml::name::XML_NS;

/// The keys of an object, looked up by text. Built once, read for each property of each message.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Open addressing, a power of two; 0 is empty, else number + 1.
    slots: Vec<u32>,
    keys: Vec<Arc<str>>,
}

impl Keys {
    /// A table of keys, numbered as they come.
    #[must_use]
    pub fn new(keys: Vec<Arc<str>>) -> Self {
        let size = (keys.len() * 2).next_power_of_two();
        let mut slots = vec![0_u32; if keys.is_empty() { 0 } else { size }];
        for (number, key) in keys.iter().enumerate() {
            let mut at = hash(key.as_bytes()) & (size - 1);
            while slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = u32::try_from(number + 1).unwrap_or(0);
        }
        Self { slots, keys }
    }

    /// The number of a key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<PropertyId> {
        self.find_bytes(key.as_bytes())
    }

    fn find_bytes(&self, key: &[u8]) -> Option<PropertyId> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash(key) & mask;
        loop {
            let slot = *self.slots.get(at)?;
            let number = slot.checked_sub(1)?;
            if self.keys.get(number as usize).is_some_and(|one| one.as_bytes() == key) {
                return Some(PropertyId(number));
            }
            at = (at + 1) & mask;
        }
    }

    /// The number of a key, if it is the expected one looked at first.
    #[must_use]
    pub fn find_near(&self, key: &str, expected: u32) -> Option<PropertyId> {
        self.find_bytes_near(key.as_bytes(), expected)
    }

    /// The same for the bytes of a key.
    #[inline]
    pub(crate) fn find_bytes_near(&self, key: &[u8], expected: u32) -> Option<PropertyId> {
        if self.keys.get(expected as usize).is_some_and(|one| is_same(one.as_bytes(), key)) {
            return Some(PropertyId(expected));
        }
        self.find_bytes(key)
    }
}

/// Whether two keys are the same: short ones, as nearly all are, by their first and last words.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match (a.first_chunk::<8>(), b.first_chunk::<8>(), a.last_chunk::<8>(), b.last_chunk::<8>()) {
        (Some(a1), Some(b1), Some(a2), Some(b2)) if a.len() <= 16 => {
            u64::from_le_bytes(*a1) == u64::from_le_bytes(*b1) && u64::from_le_bytes(*a2) == u64::from_le_bytes(*b2)
        }
        (None, ..) => match (a.first_chunk::<4>(), b.first_chunk::<4>(), a.last_chunk::<4>(), b.last_chunk::<4>()) {
            (Some(a1), Some(b1), Some(a2), Some(b2)) => a1 == b1 && a2 == b2,
            _ => a.iter().eq(b),
        },
        _ => a == b,
    }
}

/// A short multiplicative hash over the key's length and eight bytes each of its begin, its middle and its end: keys of one
/// object differ there, or are compared in turn.
#[inline]
fn hash(key: &[u8]) -> usize {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (first, last) = match (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (key.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    let middle = if key.len() > 16 { key.get(key.len() / 2 - 4..).and_then(<[u8]>::first_chunk::<8>) } else { None };
    let middle = middle.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let state = (first ^ last.rotate_left(29) ^ middle.rotate_left(13) ^ key.len() as u64).wrapping_mul(FACTOR);
    usize::try_from(state >> 32).unwrap_or(0)
}

/// The names of the elements that may stand in a type, by symbol.
#[derive(Clone, Debug, Default)]
pub(crate) struct ElementNames {
    /// Key and first declaration.
    pub(crate) by_symbol: HashMap<Symbol, (Arc<str>, ElementId)>,
    /// In order of appearance.
    order: Vec<Symbol>,
}

impl ElementNames {
    /// The names in a type whose base has these.
    pub(crate) fn of(schema: &Schema, ty: &ComplexType, base: Option<&ElementNames>) -> Self {
        let mut found = Self::default();
        let Content::Elements(model) = &ty.content else { return found };
        for particle in &model.particles {
            if let Term::Element(head) = &particle.term {
                found.admit(schema, *head);
            }
        }
        let mut spaces: HashMap<&str, (Symbol, bool)> = HashMap::new();
        for symbol in &found.order {
            let local = schema.symbols.name(*symbol).local.as_str();
            spaces.entry(local).and_modify(|(_, clash)| *clash = true).or_insert((*symbol, false));
        }
        let taken = |key: &str, symbol: Symbol| {
            base.is_some_and(|names| names.by_symbol.iter().any(|(one, (known, _))| &**known == key && *one != symbol))
        };
        for symbol in &found.order {
            let inherited = base.and_then(|names| names.by_symbol.get(symbol)).map(|(key, _)| key.clone());
            let name = schema.symbols.name(*symbol);
            let clash = spaces.get(name.local.as_str()).is_some_and(|(_, clash)| *clash);
            let key = inherited.unwrap_or_else(|| match clash {
                // Without a namespace there is no prefix to tell it from an inherited name.
                true if name.ns.as_str().is_empty() && taken(name.local.as_str(), *symbol) => format!("{{}}{}", name.local.as_str()).into(),
                true => prefixed(schema, name),
                false => name.local.as_str().into(),
            });
            if let Some(entry) = found.by_symbol.get_mut(symbol) {
                entry.0 = key;
            }
        }
        found
    }

    fn admit(&mut self, schema: &Schema, head: ElementId) {
        let declared = schema.element(head);
        for id in std::iter::once(head).filter(|_| !declared.is_abstract).chain(declared.members.iter().copied()) {
            let symbol = schema.element(id).name;
            if let std::collections::hash_map::Entry::Vacant(entry) = self.by_symbol.entry(symbol) {
                entry.insert((Arc::from(""), id));
                self.order.push(symbol);
            }
        }
    }

    /// The key of a name.
    pub(crate) fn key(&self, symbol: Symbol) -> Arc<str> {
        self.by_symbol.get(&symbol).map_or_else(|| Arc::from(""), |(key, _)| key.clone())
    }
}

/// `prefix:local`; the bare local name in no namespace; `{uri}local` where a namespace has no prefix.
pub(crate) fn prefixed(schema: &Schema, name: &QName) -> Arc<str> {
    let (ns, local) = (name.ns.as_str(), name.local.as_str());
    if ns.is_empty() {
        return local.into();
    }
    if ns == XML_NS {
        return format!("xml:{local}").into();
    }
    match schema.prefix(ns) {
        Some(prefix) => format!("{prefix}:{local}").into(),
        None => name.to_string().into(),
    }
}
