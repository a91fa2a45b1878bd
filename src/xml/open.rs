//! The elements that are open, and end tags.
//!
//! Names are not copied: a frame knows where its name stands. Only when a buffer moves on are the names of open
//! elements in the part that goes saved.

use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::find;
use crate::xml::find::NameKey;
use crate::xml::scan::Scanner;
use crate::xml::scan::State;
use crate::xml::scan::Token;
use crate::xml::scope::ScopeId;

/// An open element. The parts of its name's key stand apart: side by side they would be copied as one
/// before the processor has them together, which stalls it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
struct Frame {
    first: u64,
    /// Absolute offset of its name; of a saved frame, the place in `saved_names`.
    name: usize,
    last: u64,
    length: usize,
    /// The scope around the element.
    outer: ScopeId,
}

#[derive(Debug, Default)]
pub(super) struct OpenElements {
    frames: Vec<Frame>,
    /// How many of the outermost frames have their names in `saved_names`.
    saved: usize,
    saved_names: Vec<u8>,
}

impl OpenElements {
    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.saved = 0;
        self.saved_names.clear();
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// The name of the innermost element.
    pub(super) fn name<'b>(&'b self, bytes: &'b [u8], base: usize) -> Option<&'b [u8]> {
        let frame = self.frames.last()?;
        if self.frames.len() <= self.saved {
            return self.saved_names.get(frame.name..frame.name + frame.length);
        }
        let from = frame.name - base;
        bytes.get(from..from + frame.length)
    }

    #[inline]
    fn pop(&mut self) -> ScopeId {
        let outer = self.frames.pop().map_or(ScopeId::ROOT, |frame| frame.outer);
        if self.frames.len() < self.saved {
            self.forget_saved();
        }
        outer
    }

    #[cold]
    #[inline(never)]
    fn forget_saved(&mut self) {
        self.saved = self.frames.len();
        let kept = self.frames.last().map_or(0, |frame| frame.name + frame.length);
        self.saved_names.truncate(kept);
    }

    /// The first `count` bytes of the buffer at `base` are about to go: saves the names that stand there.
    pub(super) fn forget(&mut self, bytes: &[u8], base: usize, count: usize) {
        for frame in self.frames.get_mut(self.saved..).unwrap_or_default() {
            let from = frame.name - base;
            if from >= count {
                break;
            }
            frame.name = self.saved_names.len();
            self.saved_names.extend_from_slice(bytes.get(from..from + frame.length).unwrap_or_default());
            self.saved += 1;
        }
    }

    pub(super) fn scopes_mut(&mut self) -> impl Iterator<Item = &mut ScopeId> {
        self.frames.iter_mut().map(|frame| &mut frame.outer)
    }
}

impl Scanner<'_> {
    /// How many elements are open.
    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.held.open.depth()
    }

    /// Opens an element whose name stands at `from` of the buffer.
    #[inline]
    pub(super) fn enter(&mut self, from: usize, key: NameKey, scope: ScopeId, empty: bool) {
        self.held.open.frames.push(Frame {
            first: key.first,
            name: self.base + from,
            last: key.last,
            length: key.length,
            outer: self.scope,
        });
        self.scope = scope;
        self.seen_root = true;
        self.state = if empty { State::EndDue } else { self.content };
        self.run = 0;
    }

    #[inline]
    fn leave(&mut self, from: usize, to: usize) -> Token {
        self.found.from = from;
        self.found.to = to;
        self.found.scope = self.scope;
        self.at = to;
        self.scope = self.held.open.pop();
        self.state = if self.held.open.is_empty() { State::Outside } else { self.content };
        self.run = 0;
        Token::End
    }

    #[inline]
    pub(super) fn end_of_empty(&mut self) -> Token {
        self.leave(self.at, self.at)
    }

    #[inline(never)]
    pub(super) fn end_tag(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let Some(frame) = self.held.open.frames.last() else {
            return Err(fault("end-tag", self.base + self.at, "an end tag where no element is open"));
        };
        let from = self.at;
        let key = NameKey { length: frame.length, first: frame.first, last: frame.last };
        let close = from + 2 + key.length;
        if bytes.get(close) == Some(&b'>')
            && find::is_name_at(bytes, from + 2, &key)
            && (key.is_whole() || self.held.open.name(bytes, self.base) == bytes.get(from + 2..close))
        {
            return Ok(self.leave(from, close + 1));
        }
        self.odd_end_tag(bytes)
    }

    /// White space before `>`, a wrong name, or not all there yet.
    #[cold]
    #[inline(never)]
    fn odd_end_tag(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        let name_to = from + 2 + find::name_at(bytes, from + 2).length;
        let name = bytes.get(from + 2..name_to).unwrap_or_default();
        let open = self.held.open.name(bytes, self.base).unwrap_or_default();
        if (name_to == bytes.len() && open.starts_with(name)) || name == open {
            let close = find::skip_space(bytes, name_to);
            return match bytes.get(close) {
                None => self.incomplete(bytes, "the document ends inside an end tag"),
                Some(b'>') => Ok(self.leave(from, close + 1)),
                Some(_) => {
                    let message = format!("the end tag `</{}` is not closed by `>`", String::from_utf8_lossy(name));
                    Err(fault("end-tag", self.base + close, message))
                }
            };
        }
        let shown: String = String::from_utf8_lossy(name).chars().take(64).collect();
        let message = format!("the end tag `</{shown}>` does not match the open element `{}`", String::from_utf8_lossy(open));
        Err(fault("end-tag", self.base + from, message))
    }
}
