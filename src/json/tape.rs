//! A JSON document as a flat tape of nodes over its text: nothing is decoded or copied before it is asked for.
//!
//! A container's node is followed by those of its content (of an object: key, value, key, value ..) and knows where the
//! node behind it is, so that skipping a value costs nothing.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use crate::json::error::JsonError;
use crate::json::limits::Limits;
use crate::json::parse;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, in whatever digits.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// A string with escapes.
    pub(super) escaped: bool,
    /// The value as written, quotes and brackets included.
    pub(super) from: u32,
    pub(super) to: u32,
    /// The node behind this one and all that it holds.
    pub(super) next: u32,
    /// Items or members.
    pub(super) count: u32,
}

/// A parsed document.
///
/// ```
/// use castile::json::limits::Limits;
/// use castile::json::tape::Tape;
///
/// let tape = Tape::parse(br#"{"price": 12345678901234567.890}"#, &Limits::default())?;
/// let price = tape.root().member("price").and_then(|value| value.as_number());
/// assert_eq!(price, Some("12345678901234567.890"));
/// # Ok::<(), castile::json::error::JsonError>(())
/// ```
#[derive(Debug)]
pub struct Tape<'t> {
    text: &'t str,
    nodes: Vec<Node>,
}

/// A value on a tape.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    tape: &'d Tape<'d>,
    index: u32,
}

/// A member of an object.
#[derive(Clone, Copy)]
pub struct Member<'d> {
    key: Value<'d>,
    /// Its value.
    pub value: Value<'d>,
}

impl<'t> Tape<'t> {
    /// Parses a whole document (RFC 8259): any fault of form, a character that is not UTF-8, a lone surrogate and a limit exceeded are refused.
    /// Keys that occur twice are not: see [`Value::duplicates`].
    pub fn parse(text: &'t [u8], limits: &Limits) -> Result<Self, JsonError> {
        let (text, nodes) = parse::parse(text, limits)?;
        Ok(Self { text, nodes })
    }

    /// The document's value.
    #[must_use]
    pub fn root(&self) -> Value<'_> {
        Value { tape: self, index: 0 }
    }

    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }
}

impl<'d> Value<'d> {
    #[inline]
    fn node(&self) -> &'d Node {
        const NULL: &Node = &Node { kind: Kind::Null, escaped: false, from: 0, to: 0, next: 0, count: 0 };
        self.tape.nodes.get(self.index as usize).unwrap_or(NULL)
    }

    /// Its number on the tape.
    #[inline]
    pub(crate) fn index(&self) -> u32 {
        self.index
    }

    /// The value with this number on the same tape.
    #[inline]
    pub(crate) fn beside(&self, index: u32) -> Self {
        Self { tape: self.tape, index }
    }

    /// What it is.
    #[inline]
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.node().kind
    }

    /// Where it stands in the text, quotes and brackets included.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.node().from as usize..self.node().to as usize
    }

    /// Its first byte in the text.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.node().from as usize
    }

    /// As written.
    #[inline]
    #[must_use]
    pub fn raw(&self) -> &'d str {
        self.tape.text.get(self.span()).unwrap_or_default()
    }

    /// Items of an array, members of an object; 0 for others.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.node().count as usize
    }

    /// Whether there are no items or members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.node().count == 0
    }

    /// A number as written.
    #[inline]
    #[must_use]
    pub fn as_number(&self) -> Option<&'d str> {
        (self.node().kind == Kind::Number).then(|| self.raw())
    }

    /// The characters of a string, escapes resolved.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> Option<Cow<'d, str>> {
        let node = self.node();
        if node.kind != Kind::String {
            return None;
        }
        let content = self.tape.text.get(node.from as usize + 1..node.to as usize - 1).unwrap_or_default();
        Some(if node.escaped { Cow::Owned(parse::unescape(content)) } else { Cow::Borrowed(content) })
    }

    /// The characters of a string without escapes, as nearly all strings.
    #[inline]
    pub(crate) fn plain_str(&self) -> Option<&'d str> {
        let node = self.node();
        if node.kind != Kind::String || node.escaped {
            return None;
        }
        self.tape.text.get(node.from as usize + 1..node.to as usize - 1)
    }

    /// `true` or `false`.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.node().kind {
            Kind::Bool(value) => Some(value),
            Kind::Null | Kind::Number | Kind::String | Kind::Array | Kind::Object => None,
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.node().kind == Kind::Null
    }

    /// The items of an array; nothing for others.
    #[inline]
    #[must_use]
    pub fn items(&self) -> Items<'d> {
        Items { tape: self.tape, at: self.index + 1, left: self.count_if(Kind::Array) }
    }

    /// The members of an object in the order written; nothing for others.
    #[inline]
    #[must_use]
    pub fn members(&self) -> Members<'d> {
        Members { tape: self.tape, at: self.index + 1, left: self.count_if(Kind::Object) }
    }

    /// The first member with this key.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<Value<'d>> {
        self.members().find(|member| member.is(key)).map(|member| member.value)
    }

    /// The members whose key occurred before in the same object, in the order written.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Member<'d>> {
        const PAIRWISE: u32 = 8;
        if self.node().count > PAIRWISE {
            let mut seen = HashSet::with_capacity(self.len());
            return self.members().filter(|member| !seen.insert(member.key())).collect();
        }
        let repeated = |at: usize, member: &Member<'d>| self.members().take(at).any(|before| before.key() == member.key());
        self.members().enumerate().filter(|(at, member)| repeated(*at, member)).map(|(_, member)| member).collect()
    }

    #[inline]
    fn count_if(&self, kind: Kind) -> u32 {
        if self.node().kind == kind { self.node().count } else { 0 }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.raw())
    }
}

impl<'d> Member<'d> {
    /// The key, escapes resolved.
    #[inline]
    #[must_use]
    pub fn key(&self) -> Cow<'d, str> {
        self.key.as_str().unwrap_or_default()
    }

    /// The key where it has no escapes, as nearly all keys.
    #[inline]
    #[must_use]
    pub fn plain_key(&self) -> Option<&'d str> {
        let node = self.key.node();
        if node.escaped {
            return None;
        }
        self.key.tape.text.get(node.from as usize + 1..node.to as usize - 1)
    }

    /// The bytes of the key where it has no escapes.
    #[inline]
    pub(crate) fn plain_bytes(&self) -> Option<&'d [u8]> {
        let node = self.key.node();
        if node.escaped {
            return None;
        }
        self.key.tape.text.as_bytes().get(node.from as usize + 1..node.to as usize - 1)
    }

    /// Whether it has this key.
    #[inline]
    #[must_use]
    pub fn is(&self, key: &str) -> bool {
        match self.plain_key() {
            Some(plain) => plain == key,
            None => self.key() == key,
        }
    }

    /// Where the key stands, quotes included.
    #[must_use]
    pub fn key_span(&self) -> Range<usize> {
        self.key.span()
    }
}

impl fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key.raw(), self.value.raw())
    }
}

/// The items of an array.
#[derive(Clone, Debug)]
pub struct Items<'d> {
    tape: &'d Tape<'d>,
    at: u32,
    left: u32,
}

impl<'d> Iterator for Items<'d> {
    type Item = Value<'d>;

    #[inline]
    fn next(&mut self) -> Option<Value<'d>> {
        self.left = self.left.checked_sub(1)?;
        let value = Value { tape: self.tape, index: self.at };
        self.at = self.tape.nodes.get(self.at as usize)?.next;
        Some(value)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The members of an object.
#[derive(Clone, Debug)]
pub struct Members<'d> {
    tape: &'d Tape<'d>,
    at: u32,
    left: u32,
}

impl<'d> Iterator for Members<'d> {
    type Item = Member<'d>;

    #[inline]
    fn next(&mut self) -> Option<Member<'d>> {
        self.left = self.left.checked_sub(1)?;
        let key = Value { tape: self.tape, index: self.at };
        let value = Value { tape: self.tape, index: self.at + 1 };
        self.at = self.tape.nodes.get(value.index as usize)?.next;
        Some(Member { key, value })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl ExactSizeIterator for Members<'_> {}
