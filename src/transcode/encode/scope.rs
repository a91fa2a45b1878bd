//! Namespaces while writing: the contract's prefixes, declared on the envelope once used, and those that a part of a
//! message brings along, declared where they are needed.

use crate::transcode::shape::NamespaceId;
use crate::transcode::shape::Tags;
use crate::xml::name::XML_NS;

/// A prefix in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    /// No namespace: no prefix.
    None,
    /// `xml`, never declared.
    Xml,
    /// One of the contract.
    Table(NamespaceId),
    /// One declared within the message.
    Local(String),
}

/// What is declared at a place of the message.
#[derive(Debug)]
pub(super) struct Scope<'c> {
    pub(super) tags: &'c Tags,
    /// Which namespaces of the contract the envelope must declare.
    used: Vec<bool>,
    /// Prefix and namespace of the elements that are open.
    local: Vec<(String, String)>,
    /// How many of them hide a prefix of the contract.
    hiding: usize,
    made: usize,
}

impl<'c> Scope<'c> {
    pub(super) fn new(tags: &'c Tags) -> Self {
        Self { tags, used: vec![false; tags.count()], local: Vec::new(), hiding: 0, made: 0 }
    }

    /// Marks a namespace of the contract as used.
    #[inline]
    pub(super) fn mark(&mut self, id: NamespaceId) {
        if let Some(used) = self.used.get_mut(id.0 as usize) {
            *used = true;
        }
    }

    /// Nothing hides the contract's prefixes: ready-made tags can be written.
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        self.hiding == 0
    }

    /// How many declarations are open, to be given to [`Self::leave`].
    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.local.len()
    }

    /// Closes an element that was opened at this depth.
    #[inline]
    pub(super) fn leave(&mut self, depth: usize) {
        while self.local.len() > depth {
            if let Some((prefix, _)) = self.local.pop()
                && self.in_contract(&prefix)
            {
                self.hiding -= 1;
            }
        }
    }

    /// Opens a declaration that the caller writes.
    pub(super) fn declare(&mut self, prefix: &str, uri: &str) {
        if self.in_contract(prefix) {
            self.hiding += 1;
        }
        self.local.push((prefix.to_owned(), uri.to_owned()));
    }

    fn in_contract(&self, prefix: &str) -> bool {
        prefix == self.tags.soap_prefix() || self.tags.find_prefix(prefix).is_some()
    }

    /// The prefix of a namespace here; if it needs a declaration, that is written and open from here on.
    pub(super) fn prefix(&mut self, uri: &str, out: &mut Vec<u8>) -> Prefix {
        if uri.is_empty() {
            return Prefix::None;
        }
        if uri == XML_NS {
            return Prefix::Xml;
        }
        let hidden = |at: usize, prefix: &str| self.local.iter().skip(at + 1).any(|(one, _)| one == prefix);
        let known = self.local.iter().enumerate().rev().find(|(at, (prefix, one))| one == uri && !hidden(*at, prefix));
        if let Some((_, (prefix, _))) = known {
            return Prefix::Local(prefix.clone());
        }
        if let Some(id) = self.tags.find(uri)
            && !self.local.iter().any(|(one, _)| one == self.tags.namespace(id).1)
        {
            self.mark(id);
            return Prefix::Table(id);
        }
        let prefix = self.fresh();
        out.extend_from_slice(b" xmlns:");
        out.extend_from_slice(prefix.as_bytes());
        out.extend_from_slice(b"=\"");
        crate::xml::writer::escape_attribute(out, uri);
        out.push(b'"');
        self.declare(&prefix, uri);
        Prefix::Local(prefix)
    }

    /// A prefix that nothing here has.
    fn fresh(&mut self) -> String {
        loop {
            self.made += 1;
            let prefix = format!("q{}", self.made);
            if !self.in_contract(&prefix) && !self.local.iter().any(|(one, _)| *one == prefix) {
                return prefix;
            }
        }
    }

    /// Appends a prefix with its colon.
    pub(super) fn write(&self, prefix: &Prefix, out: &mut Vec<u8>) {
        let text = match prefix {
            Prefix::None => return,
            Prefix::Xml => "xml",
            Prefix::Table(id) => self.tags.namespace(*id).1,
            Prefix::Local(prefix) => prefix,
        };
        out.extend_from_slice(text.as_bytes());
        out.push(b':');
    }

    /// The namespace that a prefix stands for here.
    pub(super) fn resolve(&self, prefix: &str) -> Option<&str> {
        if prefix.is_empty() {
            return Some("");
        }
        if prefix == "xml" {
            return Some(XML_NS);
        }
        let local = self.local.iter().rev().find(|(one, _)| one == prefix).map(|(_, uri)| uri.as_str());
        local.or_else(|| self.tags.find_prefix(prefix).map(|id| self.tags.namespace(id).0))
    }

    /// The namespaces that the envelope must declare.
    pub(super) fn used(&self) -> impl Iterator<Item = NamespaceId> {
        let numbers = (0_u32..).zip(&self.used);
        numbers.filter(|(_, used)| **used).map(|(number, _)| NamespaceId(number))
    }

    /// Whether this is the only one, or there is none.
    pub(super) fn uses_only(&self, id: Option<NamespaceId>) -> bool {
        self.used().eq(id)
    }
}
