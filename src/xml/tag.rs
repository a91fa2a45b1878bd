//! Start tags: names, attributes, namespace declarations.

use std::collections::HashSet;

use crate::xml::char::is_ncname;
use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::find;
use crate::xml::find::NameKey;
use crate::xml::name::Symbol;
use crate::xml::name::XML_NS;
use crate::xml::name::XMLNS_NS;
use crate::xml::names::NameId;
use crate::xml::reference;
use crate::xml::reference::Rules;
use crate::xml::scan::Scanner;
use crate::xml::scan::State;
use crate::xml::scan::Token;
use crate::xml::scope::ScopeId;
use crate::xml::scope::UriId;

/// An attribute or a declaration; positions count from the beginning of the buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttributeRecord {
    pub(super) name: NameId,
    pub(super) symbol: Symbol,
    key: NameKey,
    pub(super) from: usize,
    /// The value: a range of the buffer, or of the scratch text if it was rewritten.
    pub(super) value_from: usize,
    pub(super) value_to: usize,
    /// Behind the closing quote.
    pub(super) to: usize,
    pub(super) rewritten: bool,
}

/// Stands in a record until the scope of its tag is known.
const UNRESOLVED: NameId = NameId(u32::MAX);

impl AttributeRecord {
    fn name_to(&self) -> usize {
        self.from + self.key.length
    }
}

/// Up to here attributes are compared pairwise; above, through a hash table.
const PAIRWISE: usize = 8;

impl Scanner<'_> {
    #[inline(never)]
    pub(super) fn start_tag(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        self.make_room();
        let key = find::name_at(bytes, from + 1);
        let name_to = from + 1 + key.length;
        if key.length == 0 || key.length > self.limits.name {
            return Err(self.no_name(from + 1, name_to));
        }
        self.held.attributes.clear();
        self.declared = false;
        let mut to = name_to + 1;
        let mut empty = false;
        if bytes.get(name_to) != Some(&b'>') {
            self.held.scratch.clear();
            to = self.read_attributes(bytes, name_to)?;
            if to == 0 {
                return self.incomplete(bytes, "the document ends inside a start tag");
            }
            if to - from > self.limits.text {
                return Err(self.too_long("a tag"));
            }
            empty = bytes.get(to - 2) == Some(&b'/');
        }
        if self.depth() >= self.limits.depth || self.state == State::Outside && self.seen_root {
            return Err(self.misplaced(from));
        }
        let scope = if self.declared { self.declare(bytes)? } else { self.scope };
        let (name, symbol) = self.meaning(scope, bytes, from + 1, key)?;
        if self.held.attributes.len() > 1 || self.unresolved {
            self.judge_attributes(scope, bytes)?;
        }
        self.at = to;
        self.found.from = from;
        self.found.to = to;
        self.found.name_to = name_to;
        self.found.name = name;
        self.found.symbol = symbol;
        self.found.empty = empty;
        self.enter(from + 1, key, scope, empty);
        Ok(Token::Start)
    }

    #[cold]
    #[inline(never)]
    fn no_name(&self, from: usize, to: usize) -> Fault {
        if from == to {
            let message = "`<` is not followed by a name; write `&lt;` for the character itself";
            return fault("bad-name", self.base + from, message);
        }
        let message = format!("a name is longer than the {} bytes that are allowed", self.limits.name);
        fault("limit-name", self.base + from, message)
    }

    #[cold]
    #[inline(never)]
    fn misplaced(&self, from: usize) -> Fault {
        if self.seen_root && self.held.open.is_empty() {
            return fault("second-root", self.base + from, "a second root element; an XML document has one");
        }
        let message = format!("elements are nested deeper than the {} levels that are allowed", self.limits.depth);
        fault("limit-depth", self.base + from, message)
    }

    /// Reads attributes and declarations up to the end of the tag: behind its `>`, or 0 if that is not there yet.
    fn read_attributes(&mut self, bytes: &[u8], at: usize) -> Result<usize, Fault> {
        self.held.declarations.clear();
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
                Some(_) => at = self.read_attribute(bytes, next)?,
            }
            if at == 0 {
                return Ok(0);
            }
        }
    }

    /// Reads one attribute: behind its closing quote, or 0 if that is not there yet.
    #[inline]
    fn read_attribute(&mut self, bytes: &[u8], from: usize) -> Result<usize, Fault> {
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
        match self.held.names.find(ScopeId::UNPREFIXED_ATTRIBUTES, &key, bytes, from) {
            Some((name, symbol)) => {
                self.held.attributes.push(AttributeRecord { name, symbol, key, from, value_from, value_to, to, rewritten });
            }
            None => {
                let (name, symbol) = (UNRESOLVED, Symbol::UNKNOWN);
                self.take_unresolved(bytes, AttributeRecord { name, symbol, key, from, value_from, value_to, to, rewritten })?;
            }
        }
        Ok(to)
    }

    /// A declaration, or an attribute with a prefix or a new name.
    #[inline(never)]
    fn take_unresolved(&mut self, bytes: &[u8], record: AttributeRecord) -> Result<(), Fault> {
        let name = bytes.get(record.from..record.name_to()).unwrap_or_default();
        if name.starts_with(b"xmlns") && matches!(name.get(5), None | Some(b':')) {
            if self.held.declarations.len() >= self.limits.namespaces {
                return Err(self.too_many_namespaces(record.from));
            }
            self.declared = true;
            self.held.declarations.push(record);
            return Ok(());
        }
        self.unresolved = true;
        self.held.attributes.push(record);
        Ok(())
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

    #[cold]
    #[inline(never)]
    fn too_many_namespaces(&self, from: usize) -> Fault {
        let message = format!("more than the {} namespace declarations in scope that are allowed", self.limits.namespaces);
        fault("limit-namespaces", self.base + from, message)
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

    /// The scope inside a tag with declarations.
    fn declare(&mut self, bytes: &[u8]) -> Result<ScopeId, Fault> {
        let declarations = std::mem::take(&mut self.held.declarations);
        let pairs = declarations.iter().map(|record| {
            let name = bytes.get(record.from..record.name_to()).unwrap_or_default();
            let value = if record.rewritten { self.held.scratch.as_bytes() } else { bytes };
            let value = value.get(record.value_from..record.value_to).unwrap_or_default();
            (text(name.get(6..).unwrap_or_default()), text(value))
        });
        let result = match self.held.scopes.known(self.scope, pairs.clone()) {
            Some(known) => Ok(known),
            None => self.check_declarations(&declarations, pairs.clone()).map(|()| self.held.scopes.enter(self.scope, pairs)),
        };
        let from = declarations.first().map_or(0, |record| record.from);
        self.held.declarations = declarations;
        let scope = result?;
        if self.held.scopes.in_scope(scope) > self.limits.namespaces {
            return Err(self.too_many_namespaces(from));
        }
        Ok(scope)
    }

    /// Namespaces in XML 1.0, sections 2 and 3.
    #[cold]
    #[inline(never)]
    fn check_declarations<'p>(&self, records: &[AttributeRecord], pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Result<(), Fault> {
        let mut seen = HashSet::new();
        for (record, (prefix, uri)) in records.iter().zip(pairs) {
            let named = record.name_to() - record.from > "xmlns".len();
            let refuse = |code, message: String| Err(fault(code, self.base + record.from, message));
            if named && !is_ncname(prefix) {
                return refuse("bad-name", format!("`xmlns:{prefix}` declares no legal prefix"));
            }
            if !seen.insert(prefix) {
                let name = if named { format!("xmlns:{prefix}") } else { "xmlns".to_owned() };
                return refuse("duplicate-attribute", format!("the attribute `{name}` stands twice on one element"));
            }
            if prefix == "xmlns" {
                return refuse("reserved-prefix", "the prefix `xmlns` is reserved and cannot be declared".to_owned());
            }
            if (prefix == "xml") != (uri == XML_NS) {
                return refuse("reserved-prefix", format!("the prefix `xml` and the namespace {XML_NS} belong to each other alone"));
            }
            if uri == XMLNS_NS {
                return refuse("reserved-prefix", format!("the namespace {XMLNS_NS} is reserved and cannot be declared"));
            }
            if named && uri.is_empty() {
                return refuse("bad-declaration", format!("`xmlns:{prefix}` is empty; Namespaces 1.0 cannot take a prefix back"));
            }
        }
        Ok(())
    }

    /// What the raw name at `from` means in a scope.
    #[inline]
    fn meaning(&mut self, scope: ScopeId, bytes: &[u8], from: usize, key: NameKey) -> Result<(NameId, Symbol), Fault> {
        match self.held.names.find(scope, &key, bytes, from) {
            Some(found) => Ok(found),
            None => self.learn(scope, bytes.get(from..from + key.length).unwrap_or_default(), self.base + from, key),
        }
    }

    /// Checks a name that is not in the cache and puts it there.
    #[cold]
    #[inline(never)]
    fn learn(&mut self, scope: ScopeId, raw: &[u8], offset: usize, key: NameKey) -> Result<(NameId, Symbol), Fault> {
        let raw = text(raw);
        let (prefix, local) = raw.split_once(':').unwrap_or(("", raw));
        let colon = raw.len() - local.len();
        if !is_ncname(local) || (colon > 0 && !is_ncname(prefix)) {
            let shown: String = raw.chars().take(64).collect();
            return Err(fault("bad-name", offset, format!("`{shown}` is no legal name")));
        }
        let uri = if scope == ScopeId::UNPREFIXED_ATTRIBUTES {
            UriId::NONE
        } else if prefix == "xmlns" {
            return Err(fault("reserved-prefix", offset, "the prefix `xmlns` is reserved for declarations"));
        } else {
            match self.held.scopes.resolve(scope, prefix.as_bytes()) {
                Some(uri) => uri,
                None => return Err(undeclared(prefix, raw, offset)),
            }
        };
        let symbol = self.symbols.find(self.held.scopes.uri(uri), local).unwrap_or(Symbol::UNKNOWN);
        let id = self.held.names.add(scope, raw, colon, key, symbol, uri);
        self.crowded |= self.held.names.is_full() || self.held.scopes.is_crowded();
        Ok((id, symbol))
    }

    /// Resolves what is not resolved yet and refuses duplicates.
    fn judge_attributes(&mut self, scope: ScopeId, bytes: &[u8]) -> Result<(), Fault> {
        if std::mem::take(&mut self.unresolved) {
            let mut attributes = std::mem::take(&mut self.held.attributes);
            let result = attributes.iter_mut().try_for_each(|record| self.resolve(record, scope, bytes));
            self.held.attributes = attributes;
            result?;
        }
        if self.held.attributes.len() > 1 { self.refuse_duplicates() } else { Ok(()) }
    }

    #[inline]
    fn resolve(&mut self, record: &mut AttributeRecord, scope: ScopeId, bytes: &[u8]) -> Result<(), Fault> {
        if record.name == UNRESOLVED {
            let raw = bytes.get(record.from..record.name_to()).unwrap_or_default();
            let scope = if memchr::memchr(b':', raw).is_some() { scope } else { ScopeId::UNPREFIXED_ATTRIBUTES };
            (record.name, record.symbol) = self.meaning(scope, bytes, record.from, record.key)?;
        }
        Ok(())
    }

    fn refuse_duplicates(&self) -> Result<(), Fault> {
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
    #[inline(never)]
    fn duplicate(&self, record: &AttributeRecord) -> Fault {
        let message = format!("the attribute `{}` stands twice on one element", self.expanded(record.name));
        fault("duplicate-attribute", self.base + record.from, message)
    }
}

#[cold]
#[inline(never)]
fn undeclared(prefix: &str, raw: &str, offset: usize) -> Fault {
    let message = format!("the prefix `{prefix}` of `{raw}` is not declared; add xmlns:{prefix}=\"..\" to this element or one around it");
    fault("unbound-prefix", offset, message)
}

/// Text of a buffer, which is valid UTF-8 between the ASCII characters that delimit tokens.
fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap_or_default()
}
