//! What the readers report: start tags, end tags, text, and where they stand.
//!
//! Events borrow from the reader and are gone with its next step. Names are resolved and carry the symbol
//! of the schema ([`Symbol::UNKNOWN`] where no schema mentions them), so that consumers compare integers.

use std::ops::Range;

use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;
use crate::xml::names::NameId;
use crate::xml::scan::Scanner;
use crate::xml::scope::ScopeId;
use crate::xml::scope::Scopes;
use crate::xml::tag::AttributeRecord;

/// One step through a document. All offsets are bytes of the decoded text.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A start tag, or the opening half of an empty-element tag.
    Start(Start<'a>),
    /// An end tag, or the closing half of an empty-element tag.
    End(End<'a>),
    /// Characters inside the root element.
    Text(Text<'a>),
    /// A comment.
    Comment {
        /// Its first byte.
        offset: usize,
        /// Behind its last byte.
        end: usize,
    },
    /// A processing instruction (the XML declaration is none).
    Instruction {
        /// Its first byte.
        offset: usize,
        /// Behind its last byte.
        end: usize,
    },
    /// The document is complete.
    Eof,
}

/// A start tag.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    /// The symbol of its name.
    pub symbol: Symbol,
    /// The name as written, with its prefix.
    pub raw_name: &'a str,
    /// The offset of `<`.
    pub offset: usize,
    /// Behind `>`.
    pub end: usize,
    /// Whether it is an empty-element tag; an [`Event::End`] follows all the same.
    pub empty: bool,
    pub(super) name: NameId,
    pub(super) scope: ScopeId,
    pub(super) scanner: &'a Scanner<'a>,
    pub(super) text: &'a str,
    /// Where `text` begins, from the beginning of the scanner's buffer.
    pub(super) shift: usize,
}

/// An end tag.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// The offset of `<`; for an empty-element tag, behind its `>`.
    pub offset: usize,
    /// Behind `>`.
    pub end: usize,
    /// The prefixes in scope inside the element that ends.
    pub scope: Scope<'a>,
}

/// A run of characters; between two tags there may be several.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The characters: references resolved, line ends normalised, CDATA sections unwrapped.
    pub value: &'a str,
    /// The first byte as written (of a CDATA section: of `<![CDATA[`).
    pub offset: usize,
    /// Behind the last byte as written.
    pub end: usize,
    /// Whether there is nothing but white space.
    pub whitespace_only: bool,
}

/// An attribute that is no namespace declaration.
#[derive(Clone, Copy)]
pub struct Attribute<'a> {
    /// The symbol of its name.
    pub symbol: Symbol,
    /// The value, normalised (XML 1.0, section 3.3.3).
    pub value: &'a str,
    /// The first byte of its name.
    pub offset: usize,
    /// Behind the closing quote.
    pub end: usize,
    name: NameId,
    scanner: &'a Scanner<'a>,
}

/// The prefixes in scope.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub(super) scopes: &'a Scopes,
    pub(super) id: ScopeId,
}

impl Event<'_> {
    /// The bytes of the decoded text that the event stands for; empty at the end of the document.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        match self {
            Self::Start(start) => start.offset..start.end,
            Self::End(end) => end.offset..end.end,
            Self::Text(text) => text.offset..text.end,
            Self::Comment { offset, end } | Self::Instruction { offset, end } => *offset..*end,
            Self::Eof => 0..0,
        }
    }
}

impl<'a> Start<'a> {
    /// The expanded name.
    #[must_use]
    pub fn name(&self) -> ExpandedName<'a> {
        self.scanner.expanded(self.name)
    }

    /// The prefix as written; empty for none.
    #[must_use]
    pub fn prefix(&self) -> &'a str {
        self.raw_name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The attributes in document order, namespace declarations left out.
    #[inline]
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = Attribute<'a>> + use<'a> {
        let start = *self;
        self.scanner.held.attributes.iter().map(move |record| start.attribute(record))
    }

    /// The attribute with this symbol, if it is there; never found by [`Symbol::UNKNOWN`].
    #[must_use]
    pub fn attribute_by_symbol(&self, symbol: Symbol) -> Option<Attribute<'a>> {
        if symbol == Symbol::UNKNOWN {
            return None;
        }
        let record = self.scanner.held.attributes.iter().find(|record| record.symbol == symbol)?;
        Some(self.attribute(record))
    }

    /// The attribute with this expanded name, if it is there.
    #[must_use]
    pub fn attribute_by_name(&self, ns: &str, local: &str) -> Option<Attribute<'a>> {
        self.attributes().find(|attribute| attribute.name() == ExpandedName { ns, local })
    }

    /// The namespace declarations of this tag as (prefix, namespace name); an empty prefix for the default
    /// namespace, an empty name where it is taken back.
    pub fn declarations(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let declared = if self.scanner.declared { Some(self.scope) } else { None };
        declared.into_iter().flat_map(|id| self.scanner.held.scopes.declared_at(id))
    }

    /// The prefixes in scope inside this element, its own declarations included.
    #[must_use]
    pub fn scope(&self) -> Scope<'a> {
        Scope { scopes: &self.scanner.held.scopes, id: self.scope }
    }

    #[inline]
    fn attribute(&self, record: &AttributeRecord) -> Attribute<'a> {
        let value = if record.rewritten {
            self.scanner.held.scratch.get(record.value_from..record.value_to)
        } else {
            self.text.get(record.value_from - self.shift..record.value_to - self.shift)
        };
        let base = self.scanner.base;
        Attribute {
            symbol: record.symbol,
            value: value.unwrap_or_default(),
            offset: base + record.from,
            end: base + record.to,
            name: record.name,
            scanner: self.scanner,
        }
    }
}

impl std::fmt::Debug for Start<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Start").field("name", &self.name()).field("offset", &self.offset).finish_non_exhaustive()
    }
}

impl<'a> Attribute<'a> {
    /// The expanded name.
    #[must_use]
    pub fn name(&self) -> ExpandedName<'a> {
        self.scanner.expanded(self.name)
    }
}

impl std::fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attribute").field("name", &self.name()).field("value", &self.value).finish_non_exhaustive()
    }
}

impl Text<'_> {
    /// The bytes of the decoded text.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.offset..self.end
    }
}

impl<'a> Scope<'a> {
    /// The namespace name that a prefix stands for. The empty prefix is the default namespace, empty if there is none;
    /// `None` for a prefix that is not declared.
    #[must_use]
    pub fn resolve(&self, prefix: &str) -> Option<&'a str> {
        self.scopes.resolve(self.id, prefix.as_bytes()).map(|uri| self.scopes.uri(uri))
    }

    /// All bindings in scope as (prefix, namespace name), innermost first; a prefix that was declared again comes more
    /// than once, and the first counts.
    pub fn bindings(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.scopes.bindings_of(self.id)
    }
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.bindings()).finish()
    }
}
