//! Start tags: names, attributes, namespace declarations.

use std::collections::HashSet;

use crate::xml::char::is_ncname;
use crate::xml::error::XmlError;
use crate::xml::find;
use crate::xml::name::Symbol;
use crate::xml::name::XML_NS;
use crate::xml::name::XMLNS_NS;
use crate::xml::names::NameId;
use crate::xml::reference;
use crate::xml::reference::Rules;
use crate::xml::scan::Buffer;
use crate::xml::scan::Scanner;
use crate::xml::scan::Step;
use crate::xml::scope::ScopeId;
use crate::xml::scope::UriId;

/// An attribute or a declaration; positions count from the beginning of the buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttributeRecord {
    pub(super) name: NameId,
    pub(super) symbol: Symbol,
    hash: u64,
    pub(super) from: usize,
    pub(super) name_to: usize,
    /// The value: a range of the buffer, or of the scratch text if it was rewritten.
    pub(super) value_from: usize,
    pub(super) value_to: usize,
    /// Behind the closing quote.
    pub(super) to: usize,
    pub(super) rewritten: bool,
}

/// Up to here attributes are compared pairwise; above, through a hash table.
const PAIRWISE: usize = 8;

impl Scanner<'_> {
    #[inline]
    pub(super) fn start_tag(&mut self, buffer: Buffer<'_>) -> Result<Step, XmlError> {
        let bytes = buffer.bytes;
        let from = self.at;
        self.make_room();
        let (name_to, hash) = find::name_end(bytes, from + 1);
        if name_to == from + 1 || name_to - from > self.limits.name {
            return Err(self.no_name(from + 1, name_to));
        }
        self.attributes.clear();
        let (to, empty) = if bytes.get(name_to) == Some(&b'>') {
            self.declarations.clear();
            (name_to + 1, false)
        } else {
            match self.read_attributes(bytes, name_to)? {
                Some(close) => close,
                None => return self.incomplete(buffer, "the document ends inside a start tag"),
            }
        };
        if to - from > self.limits.text {
            return Err(self.too_long("a tag"));
        }
        if self.depth() == 0 && self.seen_root {
            return Err(XmlError::new("second-root", self.base + from, "a second root element; an XML document has one"));
        }
        if self.depth() >= self.limits.depth {
            return Err(self.too_deep(from));
        }
        self.declared = !self.declarations.is_empty();
        let scope = if self.declared { self.declare(bytes)? } else { self.scope };
        let (name, symbol) = self.meaning(scope, bytes, from + 1, name_to, hash)?;
        if !self.attributes.is_empty() {
            self.resolve_attributes(scope, bytes)?;
        }
        self.at = to;
        self.enter(from + 1, name_to, scope, empty);
        Ok(Step::Start { name, symbol, from, name_to, to, empty })
    }

    #[cold]
    fn no_name(&self, from: usize, to: usize) -> XmlError {
        if from == to {
            let message = "`<` is not followed by a name; write `&lt;` for the character itself";
            return XmlError::new("bad-name", self.base + from, message);
        }
        let message = format!("a name is longer than the {} bytes that are allowed", self.limits.name);
        XmlError::new("limit-name", self.base + from, message)
    }

    #[cold]
    fn too_deep(&self, from: usize) -> XmlError {
        let message = format!("elements are nested deeper than the {} levels that are allowed", self.limits.depth);
        XmlError::new("limit-depth", self.base + from, message)
    }

    /// Reads attributes and declarations up to the end of the tag: behind `>`, and whether it was `/>`.
    fn read_attributes(&mut self, bytes: &[u8], at: usize) -> Result<Option<(usize, bool)>, XmlError> {
        self.declarations.clear();
        self.scratch.clear();
        let mut at = at;
        loop {
            let next = match bytes.get(at) {
                Some(b' ') if bytes.get(at + 1).is_some_and(|b| *b > b' ') => at + 1,
                _ => find::skip_space(bytes, at),
            };
            match bytes.get(next) {
                None => return Ok(None),
                Some(b'>') => return Ok(Some((next + 1, false))),
                Some(b'/') => {
                    return match bytes.get(next + 1) {
                        Some(b'>') => Ok(Some((next + 2, true))),
                        None => Ok(None),
                        Some(_) => Err(XmlError::new("bad-tag", self.base + next, "`/` in a tag is not followed by `>`")),
                    };
                }
                Some(_) if next == at => {
                    return Err(XmlError::new("bad-tag", self.base + at, "white space is missing before an attribute"));
                }
                Some(_) => match self.read_attribute(bytes, next)? {
                    Some(behind) => at = behind,
                    None => return Ok(None),
                },
            }
        }
    }

    #[inline]
    fn read_attribute(&mut self, bytes: &[u8], from: usize) -> Result<Option<usize>, XmlError> {
        let (name_to, hash) = find::name_end(bytes, from);
        if name_to == from || name_to - from > self.limits.name {
            return Err(self.no_attribute_name(from, name_to));
        }
        let open = match (bytes.get(name_to), bytes.get(name_to + 1)) {
            (Some(b'='), Some(b'"' | b'\'')) => name_to + 1,
            _ => match self.find_quote(bytes, from, name_to)? {
                Some(open) => open,
                None => return Ok(None),
            },
        };
        let quote = bytes.get(open).copied().unwrap_or(b'"');
        let value_from = open + 1;
        let stop = find::value_stop(bytes, value_from, quote);
        let mut record = AttributeRecord {
            name: NameId(0),
            symbol: Symbol::UNKNOWN,
            hash,
            from,
            name_to,
            value_from,
            value_to: stop,
            to: stop + 1,
            rewritten: false,
        };
        if bytes.get(stop) != Some(&quote) && !self.read_odd_value(bytes, stop, quote, &mut record)? {
            return Ok(None);
        }
        let name = bytes.get(from..name_to).unwrap_or_default();
        if name.starts_with(b"xmlns") && matches!(name.get(5), None | Some(b':')) {
            if self.declarations.len() >= self.limits.namespaces {
                return Err(self.too_many_namespaces(from));
            }
            self.declarations.push(record);
        } else {
            if self.attributes.len() >= self.limits.attributes {
                return Err(self.too_many_attributes(from));
            }
            self.attributes.push(record);
        }
        Ok(Some(record.to))
    }

    #[cold]
    fn no_attribute_name(&self, from: usize, to: usize) -> XmlError {
        if from == to {
            return XmlError::new("bad-tag", self.base + from, "an attribute without a name");
        }
        self.no_name(from, to)
    }

    #[cold]
    fn too_many_attributes(&self, from: usize) -> XmlError {
        let message = format!("more than the {} attributes on one element that are allowed", self.limits.attributes);
        XmlError::new("limit-attributes", self.base + from, message)
    }

    #[cold]
    fn too_many_namespaces(&self, from: usize) -> XmlError {
        let message = format!("more than the {} namespace declarations in scope that are allowed", self.limits.namespaces);
        XmlError::new("limit-namespaces", self.base + from, message)
    }

    /// The opening quote of a value where white space or a fault stands before it.
    #[cold]
    fn find_quote(&self, bytes: &[u8], from: usize, name_to: usize) -> Result<Option<usize>, XmlError> {
        let shown = || String::from_utf8_lossy(bytes.get(from..name_to).unwrap_or_default()).into_owned();
        let equals = find::skip_space(bytes, name_to);
        match bytes.get(equals) {
            None => return Ok(None),
            Some(b'=') => {}
            Some(_) => {
                let message = format!("the attribute `{}` has no value; write {0}=\"..\"", shown());
                return Err(XmlError::new("bad-tag", self.base + equals, message));
            }
        }
        let open = find::skip_space(bytes, equals + 1);
        match bytes.get(open) {
            None => Ok(None),
            Some(b'"' | b'\'') => Ok(Some(open)),
            Some(_) => {
                let message = format!("the value of the attribute `{}` is not in quotes", shown());
                Err(XmlError::new("bad-tag", self.base + open, message))
            }
        }
    }

    /// A value in which a reference, white space to be normalised or `<` stands at `stop`; false if its end is not there yet.
    #[cold]
    fn read_odd_value(&mut self, bytes: &[u8], stop: usize, quote: u8, record: &mut AttributeRecord) -> Result<bool, XmlError> {
        let rest = bytes.get(stop..).unwrap_or_default();
        let Some(length) = memchr::memchr2(quote, b'<', rest) else { return Ok(false) };
        let end = stop + length;
        if bytes.get(end) == Some(&b'<') {
            let message = "`<` in the value of an attribute; write `&lt;`, or close the value before it";
            return Err(XmlError::new("bad-tag", self.base + end, message));
        }
        record.value_to = end;
        record.to = end + 1;
        let raw = str::from_utf8(bytes.get(record.value_from..end).unwrap_or_default()).unwrap_or_default();
        let start = self.scratch.len();
        reference::normalise(raw, Rules::Attribute, self.base + record.value_from, &mut self.scratch)?;
        record.value_from = start;
        record.value_to = self.scratch.len();
        record.rewritten = true;
        Ok(true)
    }

    /// The scope inside a tag with declarations.
    fn declare(&mut self, bytes: &[u8]) -> Result<ScopeId, XmlError> {
        let declarations = std::mem::take(&mut self.declarations);
        let pairs = declarations.iter().map(|record| {
            let name = bytes.get(record.from..record.name_to).unwrap_or_default();
            let value = if record.rewritten { self.scratch.as_bytes() } else { bytes };
            let value = value.get(record.value_from..record.value_to).unwrap_or_default();
            (text(name.get(6..).unwrap_or_default()), text(value))
        });
        let result = match self.scopes.known(self.scope, pairs.clone()) {
            Some(known) => Ok(known),
            None => self.check_declarations(&declarations, pairs.clone()).map(|()| self.scopes.enter(self.scope, pairs)),
        };
        let from = declarations.first().map_or(0, |record| record.from);
        self.declarations = declarations;
        let scope = result?;
        if self.scopes.in_scope(scope) > self.limits.namespaces {
            return Err(self.too_many_namespaces(from));
        }
        Ok(scope)
    }

    /// Namespaces in XML 1.0, sections 2 and 3.
    #[cold]
    fn check_declarations<'p>(&self, records: &[AttributeRecord], pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Result<(), XmlError> {
        let mut seen = HashSet::new();
        for (record, (prefix, uri)) in records.iter().zip(pairs) {
            let named = record.name_to - record.from > "xmlns".len();
            let fault = |code, message: String| Err(XmlError::new(code, self.base + record.from, message));
            if named && !is_ncname(prefix) {
                return fault("bad-name", format!("`xmlns:{prefix}` declares no legal prefix"));
            }
            if !seen.insert(prefix) {
                let name = if named { format!("xmlns:{prefix}") } else { "xmlns".to_owned() };
                return fault("duplicate-attribute", format!("the attribute `{name}` stands twice on one element"));
            }
            if prefix == "xmlns" {
                return fault("reserved-prefix", "the prefix `xmlns` is reserved and cannot be declared".to_owned());
            }
            if (prefix == "xml") != (uri == XML_NS) {
                return fault("reserved-prefix", format!("the prefix `xml` and the namespace {XML_NS} belong to each other alone"));
            }
            if uri == XMLNS_NS {
                return fault("reserved-prefix", format!("the namespace {XMLNS_NS} is reserved and cannot be declared"));
            }
            if named && uri.is_empty() {
                return fault("bad-declaration", format!("`xmlns:{prefix}` is empty; Namespaces 1.0 cannot take a prefix back"));
            }
        }
        Ok(())
    }

    /// What the raw name at `from..to` means in a scope.
    #[inline]
    fn meaning(&mut self, scope: ScopeId, bytes: &[u8], from: usize, to: usize, hash: u64) -> Result<(NameId, Symbol), XmlError> {
        let raw = bytes.get(from..to).unwrap_or_default();
        match self.names.find(scope, raw, hash) {
            Some(found) => Ok(found),
            None => self.learn(scope, raw, self.base + from, hash),
        }
    }

    /// Checks a name that is not in the cache and puts it there.
    #[cold]
    fn learn(&mut self, scope: ScopeId, raw: &[u8], offset: usize, hash: u64) -> Result<(NameId, Symbol), XmlError> {
        let raw = text(raw);
        let (prefix, local) = raw.split_once(':').unwrap_or(("", raw));
        let colon = raw.len() - local.len();
        if !is_ncname(local) || (colon > 0 && !is_ncname(prefix)) {
            let shown: String = raw.chars().take(64).collect();
            return Err(XmlError::new("bad-name", offset, format!("`{shown}` is no legal name")));
        }
        let uri = if scope == ScopeId::UNPREFIXED_ATTRIBUTES {
            UriId::NONE
        } else if prefix == "xmlns" {
            return Err(XmlError::new("reserved-prefix", offset, "the prefix `xmlns` is reserved for declarations"));
        } else {
            match self.scopes.resolve(scope, prefix.as_bytes()) {
                Some(uri) => uri,
                None => return Err(undeclared(prefix, raw, offset)),
            }
        };
        let symbol = self.symbols.find(self.scopes.uri(uri), local).unwrap_or(Symbol::UNKNOWN);
        Ok((self.names.add(scope, raw, colon, hash, symbol, uri), symbol))
    }

    fn resolve_attributes(&mut self, scope: ScopeId, bytes: &[u8]) -> Result<(), XmlError> {
        let mut attributes = std::mem::take(&mut self.attributes);
        let mut result = Ok(());
        for record in &mut attributes {
            let raw = bytes.get(record.from..record.name_to).unwrap_or_default();
            let scope = if raw.contains(&b':') { scope } else { ScopeId::UNPREFIXED_ATTRIBUTES };
            match self.meaning(scope, bytes, record.from, record.name_to, record.hash) {
                Ok((name, symbol)) => {
                    record.name = name;
                    record.symbol = symbol;
                }
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        self.attributes = attributes;
        result?;
        if self.attributes.len() > 1 {
            return self.refuse_duplicates();
        }
        Ok(())
    }

    fn refuse_duplicates(&self) -> Result<(), XmlError> {
        if self.attributes.len() > PAIRWISE {
            let mut seen = HashSet::with_capacity(self.attributes.len());
            for record in &self.attributes {
                if !seen.insert(self.expanded(record.name)) {
                    return Err(self.duplicate(record));
                }
            }
            return Ok(());
        }
        for (index, record) in self.attributes.iter().enumerate() {
            for before in self.attributes.get(..index).unwrap_or_default() {
                if self.same_name(record, before) {
                    return Err(self.duplicate(record));
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn same_name(&self, a: &AttributeRecord, b: &AttributeRecord) -> bool {
        if a.name == b.name {
            return true;
        }
        if a.symbol != b.symbol {
            return false;
        }
        a.symbol != Symbol::UNKNOWN || self.expanded(a.name) == self.expanded(b.name)
    }

    #[cold]
    fn duplicate(&self, record: &AttributeRecord) -> XmlError {
        let message = format!("the attribute `{}` stands twice on one element", self.expanded(record.name));
        XmlError::new("duplicate-attribute", self.base + record.from, message)
    }
}

#[cold]
fn undeclared(prefix: &str, raw: &str, offset: usize) -> XmlError {
    let message = format!("the prefix `{prefix}` of `{raw}` is not declared; add xmlns:{prefix}=\"..\" to this element or one around it");
    XmlError::new("unbound-prefix", offset, message)
}

/// Text of a buffer, which is valid UTF-8 between the ASCII characters that delimit tokens.
fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap_or_default()
}
