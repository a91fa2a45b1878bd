//! The guarded readers: a whole document as a slice, or chunks as they arrive.
//!
//! Both run the same scanner and report the same events; a document is well-formed exactly if its
//! reader reaches [`Event::Eof`]. Text comes in UTF-8 without byte order mark: see [`crate::xml::encoding`].

use crate::xml::error::XmlError;
use crate::xml::event::Event;
use crate::xml::limits::Limits;
use crate::xml::name::Symbols;
use crate::xml::pending::Pending;
use crate::xml::scan::Ahead;
use crate::xml::scan::Scanner;
use crate::xml::scan::Token;

/// The first window: what is checked where only the operation is wanted.
const FIRST_WINDOW: usize = 1 << 10;
/// The windows after it.
const WINDOW: usize = 8 << 10;

/// Reads the next token. A start tag, end tag or text, which is nearly all there is, is returned as its event at once, so that
/// the compiler can lead each to where its consumer handles it; what is rare is the value of the expression.
macro_rules! read_token {
    ($scanner:expr, $bytes:expr, $wrap:expr, $text:expr) => {
        match $scanner.ahead($bytes) {
            Ahead::Start => match $scanner.start_tag($bytes) {
                Ok(Token::Start) => return Ok($wrap($scanner.start_event($text))),
                other => other,
            },
            Ahead::End => match $scanner.end_tag($bytes) {
                Ok(Token::End) => return Ok($wrap($scanner.end_event())),
                other => other,
            },
            Ahead::Text => match $scanner.text($bytes) {
                Ok(Token::Text) => return Ok($wrap($scanner.text_event($text))),
                other => other,
            },
            Ahead::Other => $scanner.step($bytes),
        }
    };
}

/// Reads a document that is there as a whole.
///
/// ```
/// use castile::xml::event::Event;
/// use castile::xml::limits::Limits;
/// use castile::xml::name::Symbols;
/// use castile::xml::reader::SliceReader;
///
/// let symbols = Symbols::default();
/// let mut reader = SliceReader::new(b"<a b='1'>x</a>", &symbols, &Limits::default());
/// let Event::Start(start) = reader.next()? else { panic!() };
/// assert_eq!(start.name().local, "a");
/// assert_eq!(start.attributes().next().map(|attribute| attribute.value), Some("1"));
/// # Ok::<(), castile::xml::error::XmlError>(())
/// ```
pub struct SliceReader<'i> {
    text: &'i [u8],
    /// The part of `text` whose characters were checked last; the next token begins in it or behind it.
    window: &'i str,
    /// `text` up to the end of the window.
    checked: &'i [u8],
    scanner: Scanner<'i>,
}

impl<'i> SliceReader<'i> {
    /// A reader at the beginning of a document.
    #[must_use]
    pub fn new(text: &'i [u8], symbols: &'i Symbols, limits: &Limits) -> Self {
        Self { text, window: "", checked: b"", scanner: Scanner::new(symbols, limits, false) }
    }

    /// The next event. After [`Event::Eof`] it stays there; after an error there is nothing more to read.
    #[expect(clippy::should_implement_trait, reason = "events borrow from the reader, which no iterator can do")]
    #[inline]
    pub fn next(&mut self) -> Result<Event<'_>, XmlError> {
        loop {
            match read_token!(self.scanner, self.checked, |event| event, self.window) {
                Ok(Token::More) => self.widen()?,
                Ok(token) => return Ok(self.scanner.event(token, self.window)),
                Err(fault) => return Err(*fault),
            }
        }
    }

    /// Reads on to the end of the innermost open element for nothing but its being well-formed: the events inside it are checked
    /// and not told. Where its end tag ends; at once where no element is open.
    pub fn pass(&mut self) -> Result<usize, XmlError> {
        let outside = self.scanner.depth().saturating_sub(1);
        while self.scanner.depth() > outside {
            let token = match self.scanner.ahead(self.checked) {
                Ahead::Start => self.scanner.start_tag(self.checked),
                Ahead::End => self.scanner.end_tag(self.checked),
                Ahead::Text => self.scanner.text(self.checked),
                Ahead::Other => self.scanner.step(self.checked),
            };
            match token {
                Ok(Token::More) => self.widen()?,
                // No document ends inside an element.
                Ok(Token::Eof) => break,
                Ok(Token::Start | Token::End | Token::Text | Token::Comment | Token::Instruction) => {}
                Err(fault) => return Err(*fault),
            }
        }
        Ok(self.scanner.at)
    }

    /// Where the next token begins: bytes before it have been read.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.scanner.at
    }

    /// How many elements are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.scanner.depth()
    }

    /// Moves the window on to the next token, twice as large if that did not fit.
    #[cold]
    fn widen(&mut self) -> Result<(), XmlError> {
        if self.text.len() > self.scanner.limits.bytes {
            return Err(too_large(&self.scanner.limits));
        }
        let checked = self.checked.len();
        let at = self.scanner.at;
        let size = if checked == 0 {
            FIRST_WINDOW
        } else if at == self.scanner.shift {
            self.window.len() * 2
        } else {
            WINDOW.max((checked - at) * 2)
        };
        let end = self.text.len().min(at + size.max(16));
        let bytes = self.text.get(at..end).unwrap_or_default();
        let window = match simdutf8::compat::from_utf8(bytes) {
            Ok(window) => window,
            Err(error) => {
                let valid = error.valid_up_to();
                let cut = error.error_len().is_none() && end < self.text.len();
                if at + valid <= checked && !cut {
                    return Err(malformed(at + valid));
                }
                str::from_utf8(bytes.get(..valid).unwrap_or_default()).unwrap_or_default()
            }
        };
        self.window = window;
        self.scanner.shift = at;
        self.checked = self.text.get(..at + window.len()).unwrap_or_default();
        self.scanner.last = self.checked.len() == self.text.len();
        self.scanner.survey(self.checked, checked.max(at));
        Ok(())
    }
}

/// Reads a whole document for nothing but the verdict.
pub fn check(text: &[u8], limits: &Limits) -> Result<(), XmlError> {
    let symbols = Symbols::default();
    let mut reader = SliceReader::new(text, &symbols, limits);
    loop {
        match reader.next()? {
            Event::Eof => return Ok(()),
            Event::Start(_) | Event::End(_) | Event::Text(_) | Event::Comment { .. } | Event::Instruction { .. } => {}
        }
    }
}

/// Reads a document as its chunks arrive; a chunk may end anywhere, inside a character too.
pub struct ChunkReader<'s> {
    buffer: String,
    /// The first bytes of a character whose rest has not arrived.
    partial: Vec<u8>,
    finished: bool,
    taken: usize,
    /// What is wrong behind the buffer.
    fault: Option<XmlError>,
    pending: Pending,
    /// Whether there is something to look at before the next token is read.
    attention: bool,
    scanner: Scanner<'s>,
}

impl<'s> ChunkReader<'s> {
    /// A reader at the beginning of a document.
    #[must_use]
    pub fn new(symbols: &'s Symbols, limits: &Limits) -> Self {
        Self {
            buffer: String::new(),
            partial: Vec::new(),
            finished: false,
            taken: 0,
            fault: None,
            pending: Pending::default(),
            attention: false,
            scanner: Scanner::new(symbols, limits, true),
        }
    }

    /// Takes the next bytes of the document in.
    pub fn push(&mut self, chunk: &[u8]) {
        self.taken += chunk.len();
        if self.taken > self.scanner.limits.bytes {
            self.attention = true;
            return;
        }
        let consumed = self.scanner.at;
        if consumed > 0 && consumed >= self.buffer.len() - consumed {
            self.scanner.forget(self.buffer.as_bytes(), consumed);
            self.buffer.drain(..consumed);
        }
        let before = self.buffer.len();
        let mut rest = chunk;
        while !self.partial.is_empty() && self.fault.is_none() {
            let Some((first, behind)) = rest.split_first() else { break };
            self.partial.push(*first);
            rest = behind;
            let partial = std::mem::take(&mut self.partial);
            self.take(&partial);
        }
        if self.fault.is_none() {
            self.take(rest);
        }
        self.scanner.survey(self.buffer.as_bytes(), before);
    }

    /// The document ends with what was pushed.
    pub fn finish(&mut self) {
        self.finished = true;
        if !self.partial.is_empty() && self.fault.is_none() {
            self.fault = Some(malformed(self.scanner.base + self.buffer.len()));
        }
        self.scanner.last = self.fault.is_none();
    }

    /// The next event; `None` if more bytes are needed for it.
    #[expect(clippy::should_implement_trait, reason = "events borrow from the reader, which no iterator can do")]
    #[inline]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, XmlError> {
        if self.attention && !self.is_ready()? {
            return Ok(None);
        }
        match read_token!(self.scanner, self.buffer.as_bytes(), Some, &self.buffer) {
            Ok(Token::More) => self.starve().map(|()| None),
            Ok(token) => Ok(Some(self.scanner.event(token, &self.buffer))),
            Err(fault) => Err(*fault),
        }
    }

    /// Where the next token begins, from the beginning of the document.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.scanner.base + self.scanner.at
    }

    /// How many elements are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.scanner.depth()
    }

    /// Whether it makes sense to read on.
    #[cold]
    fn is_ready(&mut self) -> Result<bool, XmlError> {
        if self.taken > self.scanner.limits.bytes {
            return Err(too_large(&self.scanner.limits));
        }
        let rest = self.buffer.as_bytes().get(self.scanner.at..).unwrap_or_default();
        let offset = self.scanner.base + self.scanner.at;
        self.attention = !self.finished && self.fault.is_none() && self.pending.is_waiting(offset, rest);
        Ok(!self.attention)
    }

    /// The buffer ends inside a token.
    #[cold]
    fn starve(&mut self) -> Result<(), XmlError> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let rest = self.buffer.as_bytes().get(self.scanner.at..).unwrap_or_default();
        self.pending.note(self.scanner.base + self.scanner.at, rest);
        self.attention = true;
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) {
        match simdutf8::compat::from_utf8(bytes) {
            Ok(text) => self.buffer.push_str(text),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                self.buffer.push_str(str::from_utf8(valid).unwrap_or_default());
                if error.error_len().is_some() {
                    self.fault = Some(malformed(self.scanner.base + self.buffer.len()));
                } else {
                    self.partial = rest.to_vec();
                }
            }
        }
    }
}

#[cold]
fn malformed(offset: usize) -> XmlError {
    XmlError::new("encoding", offset, "bytes that are not UTF-8; a document in another encoding must declare it")
}

#[cold]
fn too_large(limits: &Limits) -> XmlError {
    XmlError::new("limit-bytes", 0, format!("the document is larger than the {} bytes that are allowed", limits.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_that_differ_on_every_element_do_not_pile_up() {
        for (what, uri) in [("many", String::new()), ("long", "x".repeat(20_000))] {
            let mut text = String::from("<a xmlns='urn:outer'>");
            for number in 0..(4 << 20) / (uri.len() + 30) {
                text.push_str(&format!("<a xmlns:p{number}='urn:{number}{uri}'/>"));
            }
            text.push_str("</a>");
            let symbols = Symbols::default();
            let mut reader = SliceReader::new(text.as_bytes(), &symbols, &Limits::default());
            let mut most = 0;
            while !matches!(reader.next().expect("well-formed"), Event::Eof) {
                most = most.max(reader.scanner.held.scopes.bytes());
            }
            assert!(most < 1 << 20, "{what}: {most}");
        }
    }

    #[test]
    fn text_in_short_pieces_is_one_run() {
        let text = format!("<a>{}</a>", "twenty characters ok<!---->".repeat(10));
        let symbols = Symbols::default();
        let read = |run| {
            let limits = Limits { run, ..Limits::default() };
            let mut reader = SliceReader::new(text.as_bytes(), &symbols, &limits);
            loop {
                match reader.next() {
                    Ok(Event::Eof) => return Ok(()),
                    Ok(_) => {}
                    Err(error) => return Err(error.code),
                }
            }
        };
        assert_eq!(read(200), Ok(()));
        assert_eq!(read(199), Err("limit-text"));
    }
}
