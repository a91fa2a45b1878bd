//! The elements that are open, and end tags.
//!
//! Names are not copied: a frame knows where its name stands. Only when a buffer moves on are the names of open
//! elements in the part that goes saved.

use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::find;
use crate::xml::scan::Scanner;
use crate::xml::scan::State;
use crate::xml::scan::Token;
use crate::xml::scope::ScopeId;

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Absolute offset of its name; of a saved frame, the place in `saved_names`.
    name: usize,
    length: usize,
    /// The scope around the element.
    outer: ScopeId,
}

/// Frames that there is room for from the beginning.
const FIRST_ROOM: usize = 32;

#[derive(Debug, Default)]
pub(super) struct OpenElements {
    /// Those of the open elements, and behind them room for more.
    frames: Vec<Frame>,
    depth: usize,
    /// How many of the outermost frames have their names in `saved_names`.
    saved: usize,
    saved_names: Vec<u8>,
}

impl OpenElements {
    pub(super) fn clear(&mut self) {
        self.depth = 0;
        self.saved = 0;
        self.saved_names.clear();
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.depth == 0
    }

    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    #[inline(always)]
    fn last(&self) -> Option<&Frame> {
        self.frames.get(self.depth.wrapping_sub(1))
    }

    /// Whether there is room for one more.
    #[inline(always)]
    pub(super) fn has_room(&self) -> bool {
        self.depth < self.frames.len()
    }

    #[cold]
    #[inline(never)]
    pub(super) fn make_room(&mut self) {
        let room = (self.depth * 2).max(FIRST_ROOM);
        self.frames.resize(room, Frame { name: 0, length: 0, outer: ScopeId::ROOT });
    }

    #[inline(always)]
    fn push(&mut self, frame: Frame) {
        if let Some(free) = self.frames.get_mut(self.depth) {
            *free = frame;
            self.depth += 1;
        }
    }

    /// The name of the innermost element.
    pub(super) fn name<'b>(&'b self, bytes: &'b [u8], base: usize) -> Option<&'b [u8]> {
        let frame = self.last()?;
        if self.depth <= self.saved {
            return self.saved_names.get(frame.name..frame.name + frame.length);
        }
        let from = frame.name - base;
        bytes.get(from..from + frame.length)
    }

    #[inline(always)]
    fn pop(&mut self) -> ScopeId {
        let outer = self.last().map_or(ScopeId::ROOT, |frame| frame.outer);
        self.depth = self.depth.saturating_sub(1);
        if self.depth < self.saved {
            self.forget_saved();
        }
        outer
    }

    #[cold]
    #[inline(never)]
    fn forget_saved(&mut self) {
        self.saved = self.depth;
        let kept = self.last().map_or(0, |frame| frame.name + frame.length);
        self.saved_names.truncate(kept);
    }

    /// The first `count` bytes of the buffer at `base` are about to go: saves the names that stand there.
    pub(super) fn forget(&mut self, bytes: &[u8], base: usize, count: usize) {
        for frame in self.frames.get_mut(self.saved..self.depth).unwrap_or_default() {
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
        self.frames.iter_mut().take(self.depth).map(|frame| &mut frame.outer)
    }
}

impl Scanner<'_> {
    /// How many elements are open.
    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.held.open.depth()
    }

    /// Opens an element whose name stands at `from` of the buffer; there must be room for it.
    #[inline(always)]
    pub(super) fn enter(&mut self, from: usize, length: usize, scope: ScopeId, empty: bool) {
        self.held.open.push(Frame { name: self.base + from, length, outer: self.scope });
        self.scope = scope;
        self.seen_root = true;
        self.state = if empty { State::EndDue } else { self.content };
        self.run = 0;
    }

    #[inline(always)]
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
        let from = self.at;
        let open = &self.held.open;
        if open.depth > open.saved
            && let Some(frame) = open.last()
            && let close = from + 2 + frame.length
            && bytes.get(close) == Some(&b'>')
            && find::is_same_near(bytes, from + 2, frame.name - self.base, frame.length)
        {
            return Ok(self.leave(from, close + 1));
        }
        self.odd_end_tag(bytes)
    }

    /// White space before `>`, a very long name or one that was saved, a wrong one, or not all there yet.
    #[cold]
    #[inline(never)]
    fn odd_end_tag(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        if self.held.open.is_empty() {
            return Err(fault("end-tag", self.base + from, "an end tag where no element is open"));
        }
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
