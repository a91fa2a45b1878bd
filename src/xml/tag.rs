//! Start tags and the names of elements.

use crate::xml::char::is_ncname;
use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::find;
use crate::xml::find::NameKey;
use crate::xml::name::Symbol;
use crate::xml::names::NameId;
use crate::xml::remembered::Meaning;
use crate::xml::scan::Scanner;
use crate::xml::scan::State;
use crate::xml::scan::Token;
use crate::xml::scan::text;
use crate::xml::scope::ScopeId;
use crate::xml::scope::UriId;

impl Scanner<'_> {
    /// A start tag as most are: inside the root, a short name in the cache, nothing else.
    #[inline(never)]
    pub(super) fn start_tag(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        if let Some(key) = find::near_name_at(bytes, from + 1)
            && let name_to = from + 1 + key.length
            && bytes.get(name_to) == Some(&b'>')
            && let Some((name, symbol)) = self.held.names.find_near(self.scope, &key)
            && self.held.open.has_room()
            && self.depth() < self.limits.depth
        {
            self.held.attributes.clear();
            self.declared = false;
            self.found.name = name;
            self.found.symbol = symbol;
            self.found.empty = false;
            return Ok(self.open(name_to, name_to + 1, self.scope));
        }
        self.any_start_tag(bytes)
    }

    #[inline(never)]
    pub(super) fn any_start_tag(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        self.make_room();
        let key = find::name_at(bytes, from + 1);
        let name_to = from + 1 + key.length;
        if key.length == 0 || key.length > self.limits.name {
            return Err(self.no_name(from + 1, name_to));
        }
        self.held.attributes.clear();
        self.declared = false;
        let (mut to, mut empty) = (name_to + 1, false);
        if bytes.get(name_to) != Some(&b'>') {
            if let Some(token) = self.remembered_tag(bytes, name_to) {
                return Ok(token);
            }
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
        if self.declared && self.held.attributes.is_empty() {
            self.held.remembered.add(self.scope, bytes, from, name_to, to, Meaning { name, symbol, scope, empty });
        }
        self.found.name = name;
        self.found.symbol = symbol;
        self.found.empty = empty;
        Ok(self.open(name_to, to, scope))
    }

    /// A tag with nothing but declarations that was met before.
    #[inline(always)]
    fn remembered_tag(&mut self, bytes: &[u8], name_to: usize) -> Option<Token> {
        let next = if bytes.get(name_to + 1) == Some(&b'x') { name_to + 1 } else { find::skip_space(bytes, name_to) };
        if bytes.get(next..next + 5) != Some(b"xmlns") || self.depth() >= self.limits.depth {
            return None;
        }
        if self.state == State::Outside && self.seen_root {
            return None;
        }
        let (meaning, to) = self.held.remembered.find(self.scope, bytes, self.at, name_to)?;
        self.declared = true;
        self.found.name = meaning.name;
        self.found.symbol = meaning.symbol;
        self.found.empty = meaning.empty;
        Some(self.open(name_to, to, meaning.scope))
    }

    /// The element whose tag was read is open.
    #[inline(always)]
    fn open(&mut self, name_to: usize, to: usize, scope: ScopeId) -> Token {
        let from = self.at;
        self.at = to;
        self.found.from = from;
        self.found.to = to;
        self.found.name_to = name_to;
        self.enter(from + 1, name_to - from - 1, scope, self.found.empty);
        Token::Start
    }

    #[cold]
    #[inline(never)]
    pub(super) fn no_name(&self, from: usize, to: usize) -> Fault {
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

    /// What the raw name at `from` means in a scope.
    #[inline]
    pub(super) fn meaning(&mut self, scope: ScopeId, bytes: &[u8], from: usize, key: NameKey) -> Result<(NameId, Symbol), Fault> {
        match self.held.names.find(&self.held.scopes, scope, &key, bytes, from) {
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
}

#[cold]
#[inline(never)]
fn undeclared(prefix: &str, raw: &str, offset: usize) -> Fault {
    let message = format!("the prefix `{prefix}` of `{raw}` is not declared; add xmlns:{prefix}=\"..\" to this element or one around it");
    fault("unbound-prefix", offset, message)
}
