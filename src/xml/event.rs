//! What the readers report: start tags, end tags, text, and where they stand.
//!
//! Events borrow from the reader and are gone with its next step. Names are resolved and carry the symbol
//! of the schema ([`Symbol::UNKNOWN`] where no schema mentions them), so that consumers compare integers.

use std::ops::Range;

use crate::xml::attribute::AttributeRecord;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;
use crate::xml::scan::Scanner;
use crate::xml::scope::ScopeId;
use crate::xml::scope::Scopes;

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
    /// Whether it is an empty-element tag; an [`Event::End`] follows all the same.
    pub empty: bool,
    pub(super) scanner: &'a Scanner<'a>,
    pub(super) text: &'a str,
}

/// An end tag.
#[derive(Clone, Copy)]
pub struct End<'a> {
    pub(super) scanner: &'a Scanner<'a>,
}

/// A run of characters; between two tags there may be several.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// The characters: references resolved, line ends normalised, CDATA sections unwrapped.
    pub value: &'a str,
    /// Whether there is nothing but white space.
    pub whitespace_only: bool,
    pub(super) scanner: &'a Scanner<'a>,
}

/// An attribute that is no namespace declaration.
#[derive(Clone, Copy)]
pub struct Attribute<'a> {
    /// The symbol of its name.
    pub symbol: Symbol,
    /// The value, normalised (XML 1.0, section 3.3.3).
    pub value: &'a str,
    record: &'a AttributeRecord,
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
            Self::Start(start) => start.offset()..start.end(),
            Self::End(end) => end.offset()..end.end(),
            Self::Text(text) => text.offset()..text.end(),
            Self::Comment { offset, end } | Self::Instruction { offset, end } => *offset..*end,
            Self::Eof => 0..0,
        }
    }
}

impl<'a> Start<'a> {
    /// The expanded name.
    #[must_use]
    pub fn name(&self) -> ExpandedName<'a> {
        self.scanner.expanded(self.scanner.found.name)
    }

    /// The name as written, with its prefix.
    #[must_use]
    pub fn raw_name(&self) -> &'a str {
        let found = &self.scanner.found;
        self.slice(found.from + 1, found.name_to)
    }

    /// The offset of `<`.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.scanner.base + self.scanner.found.from
    }

    /// Behind `>`.
    #[must_use]
    pub fn end(&self) -> usize {
        self.scanner.base + self.scanner.found.to
    }

    /// The prefix as written; empty for none.
    #[must_use]
    pub fn prefix(&self) -> &'a str {
        self.raw_name().split_once(':').map_or("", |(prefix, _)| prefix)
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
        let declared = if self.scanner.declared { Some(self.scanner.scope) } else { None };
        declared.into_iter().flat_map(|id| self.scanner.held.scopes.declared_at(id))
    }

    /// The prefixes in scope inside this element, its own declarations included.
    #[must_use]
    pub fn scope(&self) -> Scope<'a> {
        Scope { scopes: &self.scanner.held.scopes, id: self.scanner.scope }
    }

    /// A piece of the tag; positions count from the beginning of the scanner's buffer.
    #[inline]
    fn slice(&self, from: usize, to: usize) -> &'a str {
        let shift = self.scanner.shift;
        self.text.get(from - shift..to - shift).unwrap_or_default()
    }

    #[inline]
    fn attribute(&self, record: &'a AttributeRecord) -> Attribute<'a> {
        let value = if record.rewritten {
            self.scanner.held.scratch.get(record.value_from..record.value_to).unwrap_or_default()
        } else {
            self.slice(record.value_from, record.value_to)
        };
        Attribute { symbol: record.symbol, value, record, scanner: self.scanner }
    }
}

impl std::fmt::Debug for Start<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Start").field("name", &self.name()).field("offset", &self.offset()).finish_non_exhaustive()
    }
}

impl<'a> Attribute<'a> {
    /// The expanded name.
    #[must_use]
    pub fn name(&self) -> ExpandedName<'a> {
        self.scanner.expanded(self.record.name)
    }

    /// The first byte of its name.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.scanner.base + self.record.from
    }

    /// Behind the closing quote.
    #[must_use]
    pub fn end(&self) -> usize {
        self.scanner.base + self.record.to
    }
}

impl std::fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attribute").field("name", &self.name()).field("value", &self.value).finish_non_exhaustive()
    }
}

impl<'a> End<'a> {
    /// The offset of `<`; for an empty-element tag, behind its `>`.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.scanner.base + self.scanner.found.from
    }

    /// Behind `>`.
    #[must_use]
    pub fn end(&self) -> usize {
        self.scanner.base + self.scanner.found.to
    }

    /// Where faults that show at the end are told: the `<` of an end tag, the `/>` of an empty-element tag.
    #[must_use]
    pub fn place(&self) -> usize {
        if self.offset() == self.end() { self.end().saturating_sub("/>".len()) } else { self.offset() }
    }

    /// The prefixes in scope inside the element that ends.
    #[must_use]
    pub fn scope(&self) -> Scope<'a> {
        Scope { scopes: &self.scanner.held.scopes, id: self.scanner.found.scope }
    }
}

impl std::fmt::Debug for End<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("End").field("offset", &self.offset()).finish_non_exhaustive()
    }
}

impl Text<'_> {
    /// The first byte as written (of a CDATA section: of `<![CDATA[`).
    #[must_use]
    pub fn offset(&self) -> usize {
        self.scanner.base + self.scanner.found.from
    }

    /// Behind the last byte as written.
    #[must_use]
    pub fn end(&self) -> usize {
        self.scanner.base + self.scanner.found.to
    }

    /// The bytes of the decoded text.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.offset()..self.end()
    }
}

impl std::fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Text").field("value", &self.value).field("offset", &self.offset()).finish_non_exhaustive()
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
