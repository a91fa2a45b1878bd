//! Text and CDATA sections inside the root, white space outside it.

use crate::xml::char::is_space;
use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::find;
use crate::xml::reference;
use crate::xml::reference::Rules;
use crate::xml::scan::Scanner;
use crate::xml::scan::State;
use crate::xml::scan::Token;
use crate::xml::scan::Value;

impl Scanner<'_> {
    /// What stands outside the root element: white space only.
    pub(super) fn outside(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let next = find::skip_space(bytes, self.at);
        match bytes.get(next) {
            None => {
                self.at = next;
                self.at_end(bytes)
            }
            Some(b'<') => {
                self.at = next;
                self.markup(bytes)
            }
            Some(_) => {
                let message = if self.seen_root {
                    "text behind the root element; only comments and processing instructions may stand there"
                } else {
                    "text where the root element is expected; this is no XML document"
                };
                Err(fault("text-outside-root", self.base + next, message))
            }
        }
    }

    /// Text as it nearly always is: short, with nothing in it that needs a closer look.
    #[inline(never)]
    pub(super) fn text(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        if let Some((stop, blank)) = find::near_text_stop(bytes, from)
            && bytes.get(stop) == Some(&b'<')
            && !self.returns
            && let run = self.run + (stop - from)
            && run <= self.limits.run
        {
            self.run = run;
            return Ok(self.text_until(stop, blank, Value::Written));
        }
        self.any_text(bytes)
    }

    #[inline(always)]
    fn text_until(&mut self, stop: usize, whitespace_only: bool, value: Value) -> Token {
        self.found.from = self.at;
        self.found.to = stop;
        self.found.value = value;
        self.found.whitespace_only = whitespace_only;
        self.at = stop;
        Token::Text
    }

    #[inline(never)]
    pub(super) fn any_text(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        let near = find::near_text_stop(bytes, from);
        let stop = near.map_or_else(|| find::text_stop(bytes, from), |near| near.0);
        if bytes.get(stop) != Some(&b'<') {
            return self.odd_text(bytes, stop);
        }
        self.count_run(stop - from)?;
        let rewritten = self.returns && self.normalise(bytes, from, stop, Rules::CharacterData)?;
        let value = if rewritten { Value::Rewritten } else { Value::Written };
        Ok(self.text_until(stop, find::skip_space(bytes, from) == stop, value))
    }

    /// Text with a reference, a bracket, or without its end: `stop` is the first such place.
    #[cold]
    #[inline(never)]
    fn odd_text(&mut self, bytes: &[u8], stop: usize) -> Result<Token, Fault> {
        let from = self.at;
        let begin = find::skip_space(bytes, from);
        let mut stop = stop;
        let mut references = false;
        loop {
            match bytes.get(stop) {
                Some(b'<') => break,
                Some(b'&') => references = true,
                Some(_) => {
                    if bytes.get(stop + 1..stop + 3) == Some(b"]>") {
                        let message = "`]]>` in text; write `]]&gt;`";
                        return Err(fault("cdata-end-in-text", self.base + stop, message));
                    }
                }
                None => {
                    if self.last {
                        return self.at_end(bytes);
                    }
                    if bytes.len() - from > self.limits.run {
                        return Err(self.run_too_long());
                    }
                    stop = if self.pieces { piece_end(bytes, from) } else { from };
                    if stop == from {
                        return Ok(Token::More);
                    }
                    break;
                }
            }
            stop = find::near_text_stop(bytes, stop + 1).map_or_else(|| find::text_stop(bytes, stop + 1), |near| near.0);
        }
        self.count_run(stop - from)?;
        let rules = if references { Rules::Text } else { Rules::CharacterData };
        let rewritten = self.normalise(bytes, from, stop, rules)?;
        let value = if rewritten { Value::Rewritten } else { Value::Written };
        let blank = begin >= stop || (references && self.held.scratch.bytes().all(is_space));
        Ok(self.text_until(stop, blank, value))
    }

    #[inline]
    fn count_run(&mut self, length: usize) -> Result<(), Fault> {
        self.run += length;
        if self.run > self.limits.run { Err(self.run_too_long()) } else { Ok(()) }
    }

    /// Normalises a run into the scratch text; false if it stands as written.
    #[inline]
    fn normalise(&mut self, bytes: &[u8], from: usize, to: usize, rules: Rules) -> Result<bool, Fault> {
        let raw = bytes.get(from..to).unwrap_or_default();
        if rules == Rules::CharacterData && memchr::memchr(b'\r', raw).is_none() {
            return Ok(false);
        }
        self.held.scratch.clear();
        let text = str::from_utf8(raw).unwrap_or_default();
        reference::normalise(text, rules, self.base + from, &mut self.held.scratch)?;
        Ok(true)
    }

    /// The content of a CDATA section, or the next piece of it.
    #[cold]
    #[inline(never)]
    pub(super) fn cdata(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        let begin = if self.state == State::Cdata { from } else { from + "<![CDATA[".len() };
        let rest = bytes.get(begin..).unwrap_or_default();
        let (stop, to, open) = match memchr::memmem::find(rest, b"]]>") {
            Some(length) => (begin + length, begin + length + 3, false),
            None if self.pieces && !self.last => {
                let stop = begin + held_back(rest);
                (stop, stop, true)
            }
            None => return self.incomplete(bytes, "the document ends inside a CDATA section, which `]]>` closes"),
        };
        if open && stop == begin {
            return if self.state == State::Cdata { Ok(Token::More) } else { self.incomplete(bytes, "") };
        }
        self.count_run(stop - begin)?;
        let rewritten = self.normalise(bytes, begin, stop, Rules::CharacterData)?;
        self.found.from = from;
        self.found.to = to;
        self.found.value = if rewritten { Value::Rewritten } else { Value::Cdata };
        self.found.cdata_from = begin;
        self.found.cdata_to = stop;
        self.found.whitespace_only = find::skip_space(bytes, begin).min(stop) == stop;
        self.state = if open { State::Cdata } else { self.content };
        self.at = to;
        Ok(Token::Text)
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
