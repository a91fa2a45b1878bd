//! The core of the readers: one step is one token, with all checks of well-formedness made.
//!
//! It sees a buffer whose characters were surveyed ([`Scanner::survey`]) and that may end anywhere: a token that is
//! not complete yet changes nothing and is asked for again with more bytes. Knows neither where bytes come from nor
//! encodings; positions count from the beginning of the buffer, `base` is where that stands in the document.

use crate::xml::error::XmlError;
use crate::xml::event::End;
use crate::xml::event::Event;
use crate::xml::event::Scope;
use crate::xml::event::Start;
use crate::xml::event::Text;
use crate::xml::find;
use crate::xml::limits::Limits;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;
use crate::xml::name::Symbols;
use crate::xml::names::NameId;
use crate::xml::names::NameTable;
use crate::xml::reference;
use crate::xml::reference::Rules;
use crate::xml::scope::ScopeId;
use crate::xml::scope::Scopes;
use crate::xml::tag::AttributeRecord;

/// What one step found; positions count from the beginning of the buffer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// The buffer ends inside a token.
    More,
    Start {
        name: NameId,
        symbol: Symbol,
        from: usize,
        name_to: usize,
        to: usize,
        empty: bool,
    },
    End {
        from: usize,
        to: usize,
        scope: ScopeId,
    },
    Text {
        from: usize,
        to: usize,
        value: Value,
        whitespace_only: bool,
    },
    Comment {
        from: usize,
        to: usize,
    },
    Instruction {
        from: usize,
        to: usize,
    },
    Eof,
}

/// Where the characters of a text are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    /// As written: a range of the buffer.
    Written(usize, usize),
    /// Normalised, in `Scanner::scratch`.
    Scratch,
}

/// An open element.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// Absolute offset of its name; of a saved frame, the place in `saved_names`.
    name: usize,
    length: usize,
    scope: ScopeId,
}

/// A buffer and whether the document ends with it.
#[derive(Clone, Copy)]
pub(super) struct Buffer<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) last: bool,
    /// Whether text may be reported before its end is seen.
    pub(super) pieces: bool,
}

pub(super) struct Scanner<'s> {
    pub(super) symbols: &'s Symbols,
    pub(super) limits: Limits,
    /// The absolute offset of the buffer.
    pub(super) base: usize,
    /// The next token, from the beginning of the buffer.
    pub(super) at: usize,
    frames: Vec<Frame>,
    /// How many of the outermost frames have their names in `saved_names`, because the buffer moved on.
    saved: usize,
    saved_names: Vec<u8>,
    pub(super) scope: ScopeId,
    /// Whether the last start tag declared namespaces.
    pub(super) declared: bool,
    pub(super) seen_root: bool,
    /// A comment, a processing instruction or the XML declaration was met.
    pub(super) seen_markup: bool,
    /// An empty-element tag was reported, its end is due.
    end_due: bool,
    in_cdata: bool,
    pub(super) attributes: Vec<AttributeRecord>,
    pub(super) declarations: Vec<AttributeRecord>,
    pub(super) names: NameTable,
    pub(super) scopes: Scopes,
    /// Normalised text or attribute values of the last event.
    pub(super) scratch: String,
    /// Absolute offset of the first forbidden character that the survey found.
    forbidden: usize,
    /// Whether the survey met a carriage return.
    returns: bool,
    /// Bytes of text since the last tag.
    run: usize,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(symbols: &'s Symbols, limits: &Limits) -> Self {
        Self {
            symbols,
            limits: limits.clone(),
            base: 0,
            at: 0,
            frames: Vec::with_capacity(16),
            saved: 0,
            saved_names: Vec::new(),
            scope: ScopeId::ROOT,
            declared: false,
            seen_root: false,
            seen_markup: false,
            end_due: false,
            in_cdata: false,
            attributes: Vec::with_capacity(8),
            declarations: Vec::with_capacity(8),
            names: NameTable::default(),
            scopes: Scopes::default(),
            scratch: String::new(),
            forbidden: usize::MAX,
            returns: false,
            run: 0,
        }
    }

    /// Checks the characters of `bytes[from..]`, valid UTF-8, that joined the buffer.
    pub(super) fn survey(&mut self, bytes: &[u8], from: usize) {
        let new = bytes.get(from..).unwrap_or_default();
        let found = find::survey(new);
        self.returns |= found.carriage_return;
        if found.forbidden || !found.ascii {
            self.survey_closely(new, self.base + from);
        }
    }

    #[cold]
    fn survey_closely(&mut self, new: &[u8], offset: usize) {
        let control = new.iter().position(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'));
        // U+FFFE and U+FFFF are EF BF BE and EF BF BF
        let noncharacter = memchr::memchr_iter(0xEF, new).find(|at| matches!(new.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])));
        for at in [control, noncharacter].into_iter().flatten() {
            self.forbidden = self.forbidden.min(offset + at);
        }
    }

    /// The next token.
    #[inline]
    pub(super) fn step(&mut self, buffer: Buffer<'_>) -> Result<Step, XmlError> {
        let step = self.token(buffer);
        if self.forbidden != usize::MAX {
            return self.before_forbidden(step, buffer.bytes);
        }
        step
    }

    /// A step stands only if it ends before the first forbidden character.
    #[cold]
    fn before_forbidden(&self, step: Result<Step, XmlError>, bytes: &[u8]) -> Result<Step, XmlError> {
        let reached = match &step {
            Ok(Step::More) => self.base + bytes.len(),
            Ok(_) => self.base + self.at,
            Err(error) => error.offset,
        };
        if reached < self.forbidden || (reached == self.forbidden && step.is_ok()) {
            return step;
        }
        let at = bytes.get(self.forbidden - self.base..).unwrap_or_default();
        let found = match at.first() {
            Some(&byte) if byte < 0x80 => u32::from(byte),
            Some(_) | None => 0xFF00 | at.get(2).map_or(0xFE, |b| u32::from(*b) | 0x40),
        };
        Err(XmlError::new("forbidden-character", self.forbidden, format!("the character U+{found:04X} is not allowed in XML 1.0")))
    }

    #[inline]
    fn token(&mut self, buffer: Buffer<'_>) -> Result<Step, XmlError> {
        if self.end_due {
            self.end_due = false;
            let scope = self.scope;
            self.leave();
            return Ok(Step::End { from: self.at, to: self.at, scope });
        }
        if self.in_cdata {
            return self.cdata(buffer, self.at);
        }
        let bytes = buffer.bytes;
        match bytes.get(self.at) {
            Some(b'<') => match bytes.get(self.at + 1) {
                Some(b'/') => self.end_tag(buffer),
                Some(b'!' | b'?') => self.declaration_or_instruction(buffer),
                Some(_) => self.start_tag(buffer),
                None => self.incomplete(buffer, "the document ends with `<`"),
            },
            Some(_) if self.frames.is_empty() => self.outside(buffer),
            Some(_) => self.text(buffer),
            None => self.at_end(buffer),
        }
    }

    /// Goes on behind something that is not reported.
    pub(super) fn step_again(&mut self, buffer: Buffer<'_>) -> Result<Step, XmlError> {
        self.token(buffer)
    }

    fn at_end(&mut self, buffer: Buffer<'_>) -> Result<Step, XmlError> {
        if !buffer.last {
            return Ok(Step::More);
        }
        let end = self.base + buffer.bytes.len();
        if let Some(frame) = self.frames.last() {
            let name = String::from_utf8_lossy(self.open_name(buffer.bytes, *frame));
            return Err(XmlError::new("truncated", end, format!("the document ends inside the element `{name}`, which is not closed")));
        }
        if !self.seen_root {
            return Err(XmlError::new("no-root", end, "there is no element; an XML document has one root element"));
        }
        Ok(Step::Eof)
    }

    /// The answer where the buffer ends inside a token.
    #[cold]
    pub(super) fn incomplete(&self, buffer: Buffer<'_>, what: &str) -> Result<Step, XmlError> {
        if buffer.bytes.len() - self.at > self.limits.text {
            return Err(self.too_long("a tag, comment or processing instruction"));
        }
        if buffer.last {
            return Err(XmlError::new("truncated", self.base + buffer.bytes.len(), what));
        }
        Ok(Step::More)
    }

    #[cold]
    pub(super) fn too_long(&self, what: &str) -> XmlError {
        let message = format!("{what} is longer than the {} bytes that are allowed", self.limits.text);
        XmlError::new("limit-text", self.base + self.at, message)
    }

    #[inline]
    fn end_tag(&mut self, buffer: Buffer<'_>) -> Result<Step, XmlError> {
        let Some(frame) = self.frames.last().copied() else {
            return Err(XmlError::new("end-tag", self.base + self.at, "an end tag where no element is open"));
        };
        let bytes = buffer.bytes;
        let from = self.at;
        let name_to = from + 2 + frame.length;
        let name = self.open_name(bytes, frame);
        if bytes.get(from + 2..name_to) == Some(name) && bytes.get(name_to) == Some(&b'>') {
            let to = name_to + 1;
            self.at = to;
            self.leave();
            return Ok(Step::End { from, to, scope: frame.scope });
        }
        self.odd_end_tag(buffer, frame)
    }

    /// White space before `>`, a wrong name, or not all there yet.
    #[cold]
    fn odd_end_tag(&mut self, buffer: Buffer<'_>, frame: Frame) -> Result<Step, XmlError> {
        let bytes = buffer.bytes;
        let from = self.at;
        let (name_to, _) = find::name_end(bytes, from + 2);
        let name = bytes.get(from + 2..name_to).unwrap_or_default();
        let open = self.open_name(bytes, frame);
        if (name_to == bytes.len() && open.starts_with(name)) || name == open {
            let close = find::skip_space(bytes, name_to);
            match bytes.get(close) {
                None => return self.incomplete(buffer, "the document ends inside an end tag"),
                Some(b'>') => {
                    self.at = close + 1;
                    self.leave();
                    return Ok(Step::End { from, to: close + 1, scope: frame.scope });
                }
                Some(_) => {
                    let message = format!("the end tag `</{}` is not closed by `>`", String::from_utf8_lossy(name));
                    return Err(XmlError::new("end-tag", self.base + close, message));
                }
            }
        }
        let shown: String = String::from_utf8_lossy(name).chars().take(64).collect();
        let message = format!("the end tag `</{shown}>` does not match the open element `{}`", String::from_utf8_lossy(open));
        Err(XmlError::new("end-tag", self.base + from, message))
    }

    /// Opens an element whose name stands at `from..to` of the buffer.
    #[inline]
    pub(super) fn enter(&mut self, from: usize, to: usize, scope: ScopeId, empty: bool) {
        self.frames.push(Frame { name: self.base + from, length: to - from, scope });
        self.scope = scope;
        self.seen_root = true;
        self.end_due = empty;
        self.run = 0;
    }

    #[inline]
    fn leave(&mut self) {
        self.frames.pop();
        if self.frames.len() < self.saved {
            self.forget_saved();
        }
        self.scope = self.frames.last().map_or(ScopeId::ROOT, |frame| frame.scope);
        self.run = 0;
    }

    #[cold]
    fn forget_saved(&mut self) {
        self.saved = self.frames.len();
        let kept = self.frames.last().map_or(0, |frame| frame.name + frame.length);
        self.saved_names.truncate(kept);
    }

    #[inline]
    fn open_name<'b>(&'b self, bytes: &'b [u8], frame: Frame) -> &'b [u8] {
        let name = if self.frames.len() <= self.saved {
            self.saved_names.get(frame.name..frame.name + frame.length)
        } else {
            let from = frame.name - self.base;
            bytes.get(from..from + frame.length)
        };
        name.unwrap_or_default()
    }

    /// The first `count` bytes of the buffer are about to go: keeps the names of open elements that stand there.
    pub(super) fn forget(&mut self, bytes: &[u8], count: usize) {
        for frame in self.frames.get_mut(self.saved..).unwrap_or_default() {
            let from = frame.name - self.base;
            if from >= count {
                break;
            }
            frame.name = self.saved_names.len();
            self.saved_names.extend_from_slice(bytes.get(from..from + frame.length).unwrap_or_default());
            self.saved += 1;
        }
        self.base += count;
        self.at -= count;
    }

    /// How many elements are open.
    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Drops scopes that no open element uses, if there are many.
    #[inline]
    pub(super) fn make_room(&mut self) {
        self.names.make_room();
        if self.scopes.is_crowded() {
            let frames = self.frames.iter_mut().map(|frame| &mut frame.scope);
            self.scopes.retain(frames.chain(std::iter::once(&mut self.scope)));
            self.names.clear();
        }
    }

    /// What stands outside the root element: white space only.
    fn outside(&mut self, buffer: Buffer<'_>) -> Result<Step, XmlError> {
        let next = find::skip_space(buffer.bytes, self.at);
        match buffer.bytes.get(next) {
            None | Some(b'<') => {
                self.at = next;
                self.token(buffer)
            }
            Some(_) => {
                let message = if self.seen_root {
                    "text behind the root element; only comments and processing instructions may stand there"
                } else {
                    "text where the root element is expected; this is no XML document"
                };
                Err(XmlError::new("text-outside-root", self.base + next, message))
            }
        }
    }

    #[inline]
    fn text(&mut self, buffer: Buffer<'_>) -> Result<Step, XmlError> {
        let bytes = buffer.bytes;
        let from = self.at;
        let begin = find::skip_space(bytes, from);
        let mut stop = begin;
        let mut references = false;
        loop {
            stop = find::text_stop(bytes, stop);
            match bytes.get(stop) {
                Some(b'<') => break,
                Some(b'&') => {
                    references = true;
                    stop += 1;
                }
                Some(_) => {
                    if bytes.get(stop + 1..stop + 3) == Some(b"]>") {
                        let message = "`]]>` in text; write `]]&gt;`";
                        return Err(XmlError::new("cdata-end-in-text", self.base + stop, message));
                    }
                    stop += 1;
                }
                None => {
                    if buffer.last {
                        return self.at_end(buffer);
                    }
                    if bytes.len() - from > self.limits.text {
                        return Err(self.too_long("a run of text"));
                    }
                    if !buffer.pieces {
                        return Ok(Step::More);
                    }
                    stop = piece_end(bytes, from);
                    if stop == from {
                        return Ok(Step::More);
                    }
                    break;
                }
            }
        }
        self.count_run(stop - from)?;
        let whitespace_only = begin >= stop;
        let value = self.text_value(bytes, from, stop, if references { Rules::Text } else { Rules::CharacterData })?;
        self.at = stop;
        let whitespace_only = whitespace_only || (references && self.scratch.bytes().all(crate::xml::char::is_space));
        Ok(Step::Text { from, to: stop, value, whitespace_only })
    }

    #[inline]
    fn count_run(&mut self, length: usize) -> Result<(), XmlError> {
        self.run += length;
        if self.run > self.limits.text { Err(self.too_long("a run of text")) } else { Ok(()) }
    }

    #[inline]
    fn text_value(&mut self, bytes: &[u8], from: usize, to: usize, rules: Rules) -> Result<Value, XmlError> {
        let raw = bytes.get(from..to).unwrap_or_default();
        if rules == Rules::Text || (self.returns && memchr::memchr(b'\r', raw).is_some()) {
            self.scratch.clear();
            let text = str::from_utf8(raw).unwrap_or_default();
            reference::normalise(text, rules, self.base + from, &mut self.scratch)?;
            return Ok(Value::Scratch);
        }
        Ok(Value::Written(from, to))
    }

    /// The content of a CDATA section; `from` is where the token begins.
    pub(super) fn cdata(&mut self, buffer: Buffer<'_>, from: usize) -> Result<Step, XmlError> {
        let bytes = buffer.bytes;
        let begin = if self.in_cdata { self.at } else { self.at + "<![CDATA[".len() };
        let rest = bytes.get(begin..).unwrap_or_default();
        let (stop, to, open) = match memchr::memmem::find(rest, b"]]>") {
            Some(length) => (begin + length, begin + length + 3, false),
            None if buffer.pieces && !buffer.last => {
                let stop = begin + held_back(rest);
                (stop, stop, true)
            }
            None => return self.incomplete(buffer, "the document ends inside a CDATA section, which `]]>` closes"),
        };
        if open && stop == begin {
            return if self.in_cdata { Ok(Step::More) } else { self.incomplete(buffer, "") };
        }
        self.count_run(stop - begin)?;
        let value = self.text_value(bytes, begin, stop, Rules::CharacterData)?;
        let whitespace_only = find::skip_space(bytes, begin).min(stop) == stop;
        self.in_cdata = open;
        self.at = to;
        Ok(Step::Text { from, to, value, whitespace_only })
    }

    pub(super) fn expanded(&self, id: NameId) -> ExpandedName<'_> {
        match self.names.entry(id) {
            Some(entry) => ExpandedName { ns: self.scopes.uri(entry.uri), local: self.names.local(entry) },
            None => ExpandedName { ns: "", local: "" },
        }
    }

    /// The event of a step; `text` is valid UTF-8 that holds the token, and begins at `text_at` of the document.
    #[inline]
    pub(super) fn event<'a>(&'a self, step: Step, text: &'a str, text_at: usize) -> Option<Event<'a>> {
        let base = self.base;
        let shift = text_at - base;
        Some(match step {
            Step::More => return None,
            Step::Start { name, symbol, from, name_to, to, empty } => Event::Start(Start {
                symbol,
                raw_name: text.get(from + 1 - shift..name_to - shift).unwrap_or_default(),
                offset: base + from,
                end: base + to,
                empty,
                name,
                scope: self.scope,
                held: self,
                text,
                text_at,
                base,
            }),
            Step::End { from, to, scope } => {
                Event::End(End { offset: base + from, end: base + to, scope: Scope { scopes: &self.scopes, id: scope } })
            }
            Step::Text { from, to, value, whitespace_only } => {
                let value = match value {
                    Value::Written(from, to) => text.get(from - shift..to - shift).unwrap_or_default(),
                    Value::Scratch => &self.scratch,
                };
                Event::Text(Text { value, offset: base + from, end: base + to, whitespace_only })
            }
            Step::Comment { from, to } => Event::Comment { offset: base + from, end: base + to },
            Step::Instruction { from, to } => Event::Instruction { offset: base + from, end: base + to },
            Step::Eof => Event::Eof,
        })
    }
}

/// How much of CDATA content can be reported: not a part of `]]>`, not a carriage return whose line feed may follow.
fn held_back(content: &[u8]) -> usize {
    let kept = match content {
        [.., b']', b']'] => content.len() - 2,
        [.., b']'] => content.len() - 1,
        _ => content.len(),
    };
    let head = content.get(..kept).unwrap_or_default();
    if head.last() == Some(&b'\r') { kept - 1 } else { kept }
}

/// The same for text, where the last reference may not be complete either.
fn piece_end(bytes: &[u8], from: usize) -> usize {
    let content = bytes.get(from..).unwrap_or_default();
    let kept = held_back(content);
    let tail = kept.saturating_sub(reference::LONGEST_REFERENCE);
    let near = content.get(tail..kept).unwrap_or_default();
    match memchr::memrchr(b'&', near) {
        Some(at) if memchr::memchr(b';', near.get(at..).unwrap_or_default()).is_none() => from + tail + at,
        _ => from + kept,
    }
}
