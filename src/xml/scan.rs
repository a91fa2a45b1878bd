//! The core of the readers: one step is one token, with all checks of well-formedness made.
//!
//! It sees a buffer whose characters were surveyed ([`Scanner::survey`]) and that may end anywhere: a token that is
//! not complete yet changes nothing and is asked for again with more bytes. Knows neither where bytes come from nor
//! encodings; positions count from the beginning of the buffer, `base` is where that stands in the document.
//! What a step found is left in [`Found`] rather than returned: copying it costs more than reading the token.

use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::event::End;
use crate::xml::event::Event;
use crate::xml::event::Start;
use crate::xml::event::Text;
use crate::xml::find;
use crate::xml::limits::Limits;
use crate::xml::memory::Memory;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;
use crate::xml::name::Symbols;
use crate::xml::names::NameId;
use crate::xml::scope::ScopeId;

/// What one step found. As wide as a pointer, so that a result that holds it travels in registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub(super) enum Token {
    /// The buffer ends inside a token.
    More,
    Start,
    End,
    Text,
    Comment,
    Instruction,
    Eof,
}

/// Where the scanner stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// Inside the root element.
    Content,
    /// The same, with a forbidden character somewhere ahead.
    Alarmed,
    /// Before or behind the root element.
    Outside,
    /// Behind an empty-element tag, whose end is due.
    EndDue,
    /// Inside a CDATA section.
    Cdata,
}

/// Where the characters of a text are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// The token as it stands.
    Written,
    /// The content of a CDATA section as it stands.
    Cdata,
    /// Normalised, in the scratch.
    Rewritten,
}

/// What begins at the next byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ahead {
    Start,
    End,
    Text,
    Other,
}

/// Where and what the last token is; positions count from the beginning of the buffer.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Behind the name of a start tag.
    pub(super) name_to: usize,
    pub(super) name: NameId,
    pub(super) symbol: Symbol,
    pub(super) empty: bool,
    /// The scope inside the element that ends.
    pub(super) scope: ScopeId,
    pub(super) value: Value,
    /// The content of a CDATA section.
    pub(super) cdata_from: usize,
    pub(super) cdata_to: usize,
    pub(super) whitespace_only: bool,
}

pub(super) struct Scanner<'s> {
    pub(super) symbols: &'s Symbols,
    pub(super) limits: Limits,
    /// The absolute offset of the buffer.
    pub(super) base: usize,
    /// The next token, from the beginning of the buffer.
    pub(super) at: usize,
    /// Where the text that events borrow begins in the buffer.
    pub(super) shift: usize,
    /// Whether the document ends with the buffer.
    pub(super) last: bool,
    /// Whether text may be reported before its end is seen.
    pub(super) pieces: bool,
    pub(super) state: State,
    /// The state inside the root element.
    pub(super) content: State,
    pub(super) found: Found,
    pub(super) scope: ScopeId,
    /// Whether the last start tag declared namespaces.
    pub(super) declared: bool,
    pub(super) seen_root: bool,
    /// A comment, a processing instruction or the XML declaration was met.
    pub(super) seen_markup: bool,
    /// Whether an attribute of the tag has still to be resolved.
    pub(super) unresolved: bool,
    /// Caches, open elements, the attributes of the last tag, and normalised text or attribute values (the scratch) of the last event.
    pub(super) held: Memory,
    /// Absolute offset of the first forbidden character that the survey found.
    forbidden: usize,
    /// Whether the caches are full.
    pub(super) crowded: bool,
    /// Whether the survey met a carriage return.
    pub(super) returns: bool,
    /// Bytes of text since the last tag.
    pub(super) run: usize,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(symbols: &'s Symbols, limits: &Limits, pieces: bool) -> Self {
        let found = Found {
            from: 0,
            to: 0,
            name_to: 0,
            name: NameId(0),
            symbol: Symbol::UNKNOWN,
            empty: false,
            scope: ScopeId::ROOT,
            value: Value::Written,
            cdata_from: 0,
            cdata_to: 0,
            whitespace_only: false,
        };
        Self {
            symbols,
            limits: limits.clone(),
            base: 0,
            at: 0,
            shift: 0,
            state: State::Outside,
            content: State::Content,
            last: false,
            pieces,
            found,
            scope: ScopeId::ROOT,
            declared: false,
            seen_root: false,
            seen_markup: false,
            unresolved: false,
            held: Memory::take(symbols, limits),
            forbidden: usize::MAX,
            crowded: false,
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
    #[inline(never)]
    fn survey_closely(&mut self, new: &[u8], offset: usize) {
        let control = new.iter().position(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'));
        // U+FFFE and U+FFFF are EF BF BE and EF BF BF
        let noncharacter = memchr::memchr_iter(0xEF, new).find(|at| matches!(new.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])));
        for at in [control, noncharacter].into_iter().flatten() {
            self.forbidden = self.forbidden.min(offset + at);
            self.content = State::Alarmed;
            if self.state == State::Content {
                self.state = State::Alarmed;
            }
        }
    }

    /// What begins at the next byte, as far as it is one of the tokens that nearly all of a document consists of.
    #[inline(always)]
    pub(super) fn ahead(&self, bytes: &[u8]) -> Ahead {
        if self.state != State::Content {
            return Ahead::Other;
        }
        match bytes.get(self.at..) {
            Some([b'<', b'/', ..]) => Ahead::End,
            Some([b'<', b'!' | b'?', ..] | [b'<'] | []) | None => Ahead::Other,
            Some([b'<', ..]) => Ahead::Start,
            Some(_) => Ahead::Text,
        }
    }

    /// The next token, whatever it is.
    #[inline(never)]
    pub(super) fn step(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let token = self.token(bytes);
        if self.forbidden == usize::MAX { token } else { self.before_forbidden(token, bytes) }
    }

    /// A token stands only if it ends before the first forbidden character.
    #[cold]
    #[inline(never)]
    fn before_forbidden(&mut self, token: Result<Token, Fault>, bytes: &[u8]) -> Result<Token, Fault> {
        let reached = match &token {
            Ok(Token::More) => self.base + bytes.len(),
            Ok(_) => self.base + self.at,
            Err(error) => error.offset,
        };
        if reached < self.forbidden || (reached == self.forbidden && token.is_ok()) {
            return token;
        }
        let at = bytes.get(self.forbidden - self.base..).unwrap_or_default();
        let found = match at.first() {
            Some(&byte) if byte < 0x80 => u32::from(byte),
            Some(_) | None => 0xFF00 | at.get(2).map_or(0xFE, |b| u32::from(*b) | 0x40),
        };
        Err(fault("forbidden-character", self.forbidden, format!("the character U+{found:04X} is not allowed in XML 1.0")))
    }

    pub(super) fn token(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        match self.state {
            State::EndDue => Ok(self.end_of_empty()),
            State::Cdata => self.cdata(bytes),
            State::Outside => self.outside(bytes),
            State::Content | State::Alarmed => match bytes.get(self.at) {
                Some(b'<') => self.markup(bytes),
                Some(_) => self.any_text(bytes),
                None => self.at_end(bytes),
            },
        }
    }

    pub(super) fn markup(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        match bytes.get(self.at + 1) {
            Some(b'/') => self.end_tag(bytes),
            Some(b'!' | b'?') => self.declaration_or_instruction(bytes),
            Some(_) => self.any_start_tag(bytes),
            None => self.incomplete(bytes, "the document ends with `<`"),
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn at_end(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        if !self.last {
            return Ok(Token::More);
        }
        let end = self.base + bytes.len();
        if let Some(name) = self.held.open.name(bytes, self.base) {
            let message = format!("the document ends inside the element `{}`, which is not closed", String::from_utf8_lossy(name));
            return Err(fault("truncated", end, message));
        }
        if !self.seen_root {
            return Err(fault("no-root", end, "there is no element; an XML document has one root element"));
        }
        self.found.from = self.at;
        self.found.to = self.at;
        Ok(Token::Eof)
    }

    /// The answer where the buffer ends inside a token.
    #[cold]
    #[inline(never)]
    pub(super) fn incomplete(&self, bytes: &[u8], what: &str) -> Result<Token, Fault> {
        if bytes.len() - self.at > self.limits.text {
            return Err(self.too_long("a tag, comment or processing instruction"));
        }
        if self.last {
            return Err(fault("truncated", self.base + bytes.len(), what));
        }
        Ok(Token::More)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn too_long(&self, what: &str) -> Fault {
        let message = format!("{what} is longer than the {} bytes that are allowed", self.limits.text);
        fault("limit-text", self.base + self.at, message)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn run_too_long(&self) -> Fault {
        let message = format!("a run of text is longer than the {} bytes that are allowed", self.limits.run);
        fault("limit-text", self.base + self.at, message)
    }

    /// The first `count` bytes of the buffer are about to go.
    pub(super) fn forget(&mut self, bytes: &[u8], count: usize) {
        self.held.open.forget(bytes, self.base, count);
        self.base += count;
        self.at -= count;
    }

    /// Starts the caches anew where they are full, and makes room for one more open element.
    #[inline]
    pub(super) fn make_room(&mut self) {
        if self.crowded {
            self.drop_unused();
        }
        if !self.held.open.has_room() {
            self.held.open.make_room();
        }
    }

    #[cold]
    #[inline(never)]
    fn drop_unused(&mut self) {
        self.crowded = false;
        if self.held.scopes.is_crowded() {
            let open = self.held.open.scopes_mut();
            self.held.scopes.retain(open.chain(std::iter::once(&mut self.scope)));
        }
        self.held.names.clear();
        self.held.remembered.clear();
    }

    pub(super) fn expanded(&self, id: NameId) -> ExpandedName<'_> {
        match self.held.names.entry(id) {
            Some(entry) => ExpandedName { ns: self.held.scopes.uri(entry.uri), local: self.held.names.local(entry) },
            None => ExpandedName { ns: "", local: "" },
        }
    }

    /// The event of the last token; `text` is valid UTF-8 that holds it, and begins at `shift` of the buffer.
    #[inline]
    pub(super) fn event<'a>(&'a self, token: Token, text: &'a str) -> Event<'a> {
        let found = &self.found;
        match token {
            Token::Start => self.start_event(text),
            Token::End => self.end_event(),
            Token::Text => self.text_event(text),
            Token::Comment => Event::Comment { offset: self.base + found.from, end: self.base + found.to },
            Token::Instruction => Event::Instruction { offset: self.base + found.from, end: self.base + found.to },
            Token::More | Token::Eof => Event::Eof,
        }
    }

    #[inline(always)]
    pub(super) fn start_event<'a>(&'a self, text: &'a str) -> Event<'a> {
        Event::Start(Start { symbol: self.found.symbol, empty: self.found.empty, scanner: self, text })
    }

    #[inline(always)]
    pub(super) fn end_event(&self) -> Event<'_> {
        Event::End(End { scanner: self })
    }

    #[inline(always)]
    pub(super) fn text_event<'a>(&'a self, text: &'a str) -> Event<'a> {
        let found = &self.found;
        let value = match found.value {
            Value::Written => text.get(found.from - self.shift..found.to - self.shift).unwrap_or_default(),
            Value::Cdata => text.get(found.cdata_from - self.shift..found.cdata_to - self.shift).unwrap_or_default(),
            Value::Rewritten => &self.held.scratch,
        };
        Event::Text(Text { value, whitespace_only: found.whitespace_only, scanner: self })
    }
}

impl Drop for Scanner<'_> {
    fn drop(&mut self) {
        std::mem::take(&mut self.held).give();
    }
}

/// Text of a buffer, which is valid UTF-8 between the ASCII characters that delimit tokens.
pub(super) fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap_or_default()
}
