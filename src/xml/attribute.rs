//! Attributes: reading them, and what their names mean.

use std::collections::HashSet;

use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::find;
use crate::xml::name::Symbol;
use crate::xml::names::NameId;
use crate::xml::reference;
use crate::xml::reference::Rules;
use crate::xml::scan::Scanner;
use crate::xml::scope::ScopeId;

/// An attribute or a declaration; positions count from the beginning of the buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttributeRecord {
    pub(super) name: NameId,
    pub(super) symbol: Symbol,
    pub(super) from: usize,
    /// Behind its name.
    pub(super) name_to: usize,
    /// The first eight bytes of its name.
    first: u64,
    /// The value: a range of the buffer, or of the scratch text if it was rewritten.
    pub(super) value_from: usize,
    pub(super) value_to: usize,
    /// Behind the closing quote.
    pub(super) to: usize,
    pub(super) rewritten: bool,
    prefixed: bool,
}

/// Stands in a record until the scope of its tag is known.
const UNRESOLVED: NameId = NameId(u32::MAX);

/// `xmlns`, and the bytes of a word that it fills.
const XMLNS: u64 = u64::from_le_bytes(*b"xmlns\0\0\0");
const XMLNS_BYTES: u64 = 0xFF_FFFF_FFFF;

/// Up to here attributes are compared pairwise; above, through a hash table.
const PAIRWISE: usize = 8;

impl Scanner<'_> {
    /// Reads attributes and declarations up to the end of the tag: behind its `>`, or 0 if that is not there yet.
    pub(super) fn read_attributes(&mut self, bytes: &[u8], at: usize) -> Result<usize, Fault> {
        self.held.declarations.clear();
        self.held.scratch.clear();
        self.unresolved = false;
        let mut at = at;
        loop {
            let next = match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b' '), Some(first)) if *first > b' ' => at + 1,
                _ => find::skip_space(bytes, at),
            };
            match bytes.get(next) {
                None => return Ok(0),
                Some(b'>') => return Ok(next + 1),
                Some(b'/') => {
                    return match bytes.get(next + 1) {
                        Some(b'>') => Ok(next + 2),
                        None => Ok(0),
                        Some(_) => Err(fault("bad-tag", self.base + next, "`/` in a tag is not followed by `>`")),
                    };
                }
                Some(_) if next == at => {
                    return Err(fault("bad-tag", self.base + at, "white space is missing before an attribute"));
                }
                Some(_) => {
                    at = match self.plain_attribute(bytes, next) {
                        Some(behind) => behind,
                        None => self.any_attribute(bytes, next)?,
                    }
                }
            }
            if at == 0 {
                return Ok(0);
            }
        }
    }

    /// Reads an attribute as most are: a short name in the cache, `=` and a quote, nothing odd in the value. Behind its closing quote.
    #[inline(always)]
    fn plain_attribute(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let key = find::near_name_at(bytes, from)?;
        let name_to = from + key.length;
        let quote = match bytes.get(name_to..name_to + 2)? {
            b"=\"" => b'"',
            b"='" => b'\'',
            _ => return None,
        };
        let value_from = name_to + 2;
        let (name, symbol) = self.held.names.find_near(ScopeId::UNPREFIXED_ATTRIBUTES, &key)?;
        let value_to = find::value_stop(bytes, value_from, quote);
        if bytes.get(value_to) != Some(&quote) || self.held.attributes.len() >= self.limits.attributes {
            return None;
        }
        let (first, to) = (key.first, value_to + 1);
        self.held.attributes.push(AttributeRecord {
            name,
            symbol,
            from,
            name_to,
            first,
            value_from,
            value_to,
            to,
            rewritten: false,
            prefixed: false,
        });
        Some(to)
    }

    /// Reads one attribute or declaration: behind its closing quote, or 0 if that is not there yet.
    #[inline(never)]
    fn any_attribute(&mut self, bytes: &[u8], from: usize) -> Result<usize, Fault> {
        let key = find::name_at(bytes, from);
        let name_to = from + key.length;
        if key.length == 0 || key.length > self.limits.name {
            return Err(self.no_attribute_name(from, name_to));
        }
        let open = match bytes.get(name_to..name_to + 2) {
            Some(b"=\"" | b"='") => name_to + 1,
            Some(_) | None => match self.find_quote(bytes, from, name_to)? {
                0 => return Ok(0),
                open => open,
            },
        };
        let quote = bytes.get(open).copied().unwrap_or(b'"');
        let stop = find::value_stop(bytes, open + 1, quote);
        let mut to = stop + 1;
        let (mut value_from, mut value_to, mut rewritten) = (open + 1, stop, false);
        if bytes.get(stop) != Some(&quote) {
            value_from = self.held.scratch.len();
            to = self.read_odd_value(bytes, open + 1, stop, quote)?;
            if to == 0 {
                return Ok(0);
            }
            value_to = self.held.scratch.len();
            rewritten = true;
        }
        if self.held.attributes.len() >= self.limits.attributes {
            return Err(self.too_many_attributes(from));
        }
        let (name, symbol) = (UNRESOLVED, Symbol::UNKNOWN);
        let mut record =
            AttributeRecord { name, symbol, from, name_to, first: key.first, value_from, value_to, to, rewritten, prefixed: false };
        if key.first & XMLNS_BYTES == XMLNS && matches!((key.first >> 40) as u8, 0 | b':') {
            self.take_declaration(record)?;
            return Ok(to);
        }
        match self.held.names.find(&self.held.scopes, ScopeId::UNPREFIXED_ATTRIBUTES, &key, bytes, from) {
            Some((name, symbol)) => (record.name, record.symbol) = (name, symbol),
            None => self.unresolved = true,
        }
        self.held.attributes.push(record);
        Ok(to)
    }

    #[cold]
    #[inline(never)]
    fn no_attribute_name(&self, from: usize, to: usize) -> Fault {
        if from == to {
            return fault("bad-tag", self.base + from, "an attribute without a name");
        }
        self.no_name(from, to)
    }

    #[cold]
    #[inline(never)]
    fn too_many_attributes(&self, from: usize) -> Fault {
        let message = format!("more than the {} attributes on one element that are allowed", self.limits.attributes);
        fault("limit-attributes", self.base + from, message)
    }

    /// The opening quote of a value where white space or a fault stands before it; 0 if it is not there yet.
    #[cold]
    #[inline(never)]
    fn find_quote(&self, bytes: &[u8], from: usize, name_to: usize) -> Result<usize, Fault> {
        let shown = || String::from_utf8_lossy(bytes.get(from..name_to).unwrap_or_default()).into_owned();
        let equals = find::skip_space(bytes, name_to);
        match bytes.get(equals) {
            None => return Ok(0),
            Some(b'=') => {}
            Some(_) => {
                let message = format!("the attribute `{}` has no value; write {0}=\"..\"", shown());
                return Err(fault("bad-tag", self.base + equals, message));
            }
        }
        let open = find::skip_space(bytes, equals + 1);
        match bytes.get(open) {
            None => Ok(0),
            Some(b'"' | b'\'') => Ok(open),
            Some(_) => {
                let message = format!("the value of the attribute `{}` is not in quotes", shown());
                Err(fault("bad-tag", self.base + open, message))
            }
        }
    }

    /// A value in which a reference, white space to be normalised or `<` stands at `stop`: it goes to the scratch, normalised. Behind its
    /// closing quote, or 0 if that is not there yet.
    #[cold]
    #[inline(never)]
    fn read_odd_value(&mut self, bytes: &[u8], from: usize, stop: usize, quote: u8) -> Result<usize, Fault> {
        let rest = bytes.get(stop..).unwrap_or_default();
        let Some(length) = memchr::memchr2(quote, b'<', rest) else { return Ok(0) };
        let end = stop + length;
        if bytes.get(end) == Some(&b'<') {
            let message = "`<` in the value of an attribute; write `&lt;`, or close the value before it";
            return Err(fault("bad-tag", self.base + end, message));
        }
        let raw = str::from_utf8(bytes.get(from..end).unwrap_or_default()).unwrap_or_default();
        reference::normalise(raw, Rules::Attribute, self.base + from, &mut self.held.scratch)?;
        Ok(end + 1)
    }

    /// Resolves what is not resolved yet and refuses duplicates.
    pub(super) fn judge_attributes(&mut self, scope: ScopeId, bytes: &[u8]) -> Result<(), Fault> {
        if std::mem::take(&mut self.unresolved) {
            let mut attributes = std::mem::take(&mut self.held.attributes);
            let result = attributes.iter_mut().try_for_each(|record| self.resolve(record, scope, bytes));
            self.held.attributes = attributes;
            result?;
        }
        if self.held.attributes.len() > 1 { self.refuse_duplicates(bytes) } else { Ok(()) }
    }

    fn resolve(&mut self, record: &mut AttributeRecord, scope: ScopeId, bytes: &[u8]) -> Result<(), Fault> {
        if record.name == UNRESOLVED {
            let raw = bytes.get(record.from..record.name_to).unwrap_or_default();
            record.prefixed = memchr::memchr(b':', raw).is_some();
            let scope = if record.prefixed { scope } else { ScopeId::UNPREFIXED_ATTRIBUTES };
            (record.name, record.symbol) = self.meaning(scope, bytes, record.from, find::name_at(bytes, record.from))?;
        }
        Ok(())
    }

    fn refuse_duplicates(&self, bytes: &[u8]) -> Result<(), Fault> {
        if self.held.attributes.len() > PAIRWISE {
            let mut seen = HashSet::with_capacity(self.held.attributes.len());
            for record in &self.held.attributes {
                if !seen.insert(self.expanded(record.name)) {
                    return Err(self.duplicate(record));
                }
            }
            return Ok(());
        }
        for (index, record) in self.held.attributes.iter().enumerate() {
            for before in self.held.attributes.get(..index).unwrap_or_default() {
                if self.same_name(record, before, bytes) {
                    return Err(self.duplicate(record));
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn same_name(&self, a: &AttributeRecord, b: &AttributeRecord, bytes: &[u8]) -> bool {
        if !a.prefixed && !b.prefixed {
            return a.first == b.first && bytes.get(a.from..a.name_to) == bytes.get(b.from..b.name_to);
        }
        a.prefixed && b.prefixed && self.expanded(a.name) == self.expanded(b.name)
    }

    #[cold]
    #[inline(never)]
    fn duplicate(&self, record: &AttributeRecord) -> Fault {
        let message = format!("the attribute `{}` stands twice on one element", self.expanded(record.name));
        fault("duplicate-attribute", self.base + record.from, message)
    }
}
