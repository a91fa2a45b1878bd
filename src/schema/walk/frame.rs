//! Open elements: what their content must be and how far it has come.
//!
//! Frames are used again, with the memory of their matcher, so that an element costs no allocation.

use crate::schema::automaton::ContentState;
use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::simple::SimpleTypeId;
use crate::xml::name::Symbol;

/// What the content of an open element must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'s> {
    /// Elements by a model, with text between them if it is mixed.
    Elements {
        /// The model.
        model: &'s Model,
        /// Text is allowed.
        mixed: bool,
    },
    /// Text of a simple type.
    Simple(SimpleTypeId),
    /// Text only, of any kind: a mixed type without elements.
    Mixed,
    /// Nothing.
    Empty,
    /// Nothing, because it is nil.
    Nil,
    /// Anything; what is declared is judged.
    Any,
    /// Anything; nothing is judged.
    Skip,
}

/// An open element.
#[derive(Debug)]
pub(super) struct Frame<'s> {
    pub(super) content: Content<'s>,
    /// Where the content model stands; of no meaning for other content.
    pub(super) state: ContentState,
    pub(super) declaration: Option<ElementId>,
    pub(super) symbol: Symbol,
    /// Where its text begins in the walker's buffer.
    pub(super) text_at: usize,
    /// Where its first characters stand in the document.
    pub(super) value_at: usize,
    /// Where its assigned children begin, and how many came, if its model is ambiguous and was assigned.
    pub(super) assigned: Option<(usize, usize)>,
    /// It holds characters.
    pub(super) characters: bool,
    /// It holds elements.
    pub(super) elements: bool,
    /// Its mixed text is compared with a fixed value at the end.
    pub(super) keep_text: bool,
    /// A fault of its content was told since the model moved last: what is missing there was told with it.
    pub(super) told: bool,
    /// Particles that a fault told to be missing.
    pub(super) missed: Vec<ParticleId>,
}

/// The open elements, innermost last.
#[derive(Debug, Default)]
pub(super) struct Stack<'s> {
    frames: Vec<Frame<'s>>,
    depth: usize,
}

impl<'s> Stack<'s> {
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    pub(super) fn clear(&mut self) {
        self.depth = 0;
    }

    /// The innermost open element.
    #[inline]
    pub(super) fn top(&mut self) -> Option<&mut Frame<'s>> {
        self.frames.get_mut(self.depth.checked_sub(1)?)
    }

    /// The innermost open element, which is no longer open.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<&mut Frame<'s>> {
        self.depth = self.depth.checked_sub(1)?;
        self.frames.get_mut(self.depth)
    }

    /// The element that [`Self::pop`] gave last.
    pub(super) fn last_popped(&mut self) -> Option<&mut Frame<'s>> {
        self.frames.get_mut(self.depth)
    }

    /// Opens an element.
    #[inline(always)]
    pub(super) fn push(&mut self, content: Content<'s>, declaration: Option<ElementId>, symbol: Symbol, text_at: usize) {
        if let Some(frame) = self.frames.get_mut(self.depth) {
            frame.content = content;
            frame.declaration = declaration;
            frame.symbol = symbol;
            frame.text_at = text_at;
            frame.assigned = None;
            frame.characters = false;
            frame.elements = false;
            frame.keep_text = false;
            frame.told = false;
            if !frame.missed.is_empty() {
                frame.missed.clear();
            }
            if let Content::Elements { model, .. } = content {
                model.reset(&mut frame.state);
            }
        } else {
            self.frames.push(new_frame(content, declaration, symbol, text_at));
        }
        self.depth += 1;
    }
}

#[cold]
fn new_frame(content: Content<'_>, declaration: Option<ElementId>, symbol: Symbol, text_at: usize) -> Frame<'_> {
    let state = if let Content::Elements { model, .. } = content { model.start() } else { ContentState::default() };
    Frame {
        content,
        state,
        declaration,
        symbol,
        text_at,
        value_at: 0,
        assigned: None,
        characters: false,
        elements: false,
        keep_text: false,
        told: false,
        missed: Vec::new(),
    }
}
