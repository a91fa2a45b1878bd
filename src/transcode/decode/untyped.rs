//! Mixed content and content without a declaration: texts and one-property objects in `$mixed`.
//!
//! Content without a declaration is a string while it is only text; it becomes an object when an attribute or a child
//! comes. Prefixes that its text names are bound in `$xmlns`, for the text means nothing without them.

use crate::json::writer::escape;
use crate::json::writer::write_string;
use crate::schema::walk::Opened;
use crate::schema::walk::Standing;
use crate::transcode::decode::writer::Kind;
use crate::transcode::decode::writer::Writer;
use crate::xml::event::Scope;

/// Words kept that could be prefixes: far more than a reader's limit of namespaces in scope.
const NOTED: usize = 4096;
/// What begins an object of nothing but `$mixed`.
const MIXED: &[u8] = b"{\"$mixed\":[";

impl Writer<'_> {
    /// `{"key":` of a child in `$mixed`.
    pub(super) fn mixed_entry(&mut self, element: &Opened<'_>) {
        self.begin_mixed();
        self.comma();
        let Some(frame) = self.frames.last() else { return };
        let declared = match (frame.kind, element.standing) {
            (Kind::Mixed, Standing::At(matched)) => matched.element.is_some(),
            (Kind::Mixed, Standing::Misplaced(_)) => true,
            _ => false,
        };
        match frame.shape {
            Some(shape) => self.begin_entry(shape, element, declared),
            None => {
                self.out.push(b'{');
                self.expanded_key("", element.name());
            }
        }
    }

    /// A piece of text.
    pub(super) fn mixed_text(&mut self, text: &str) {
        let Some(frame) = self.frames.last() else { return };
        if text.is_empty() || !matches!(frame.kind, Kind::Mixed | Kind::Open) {
            return;
        }
        if matches!(frame.kind, Kind::Open) {
            self.note_prefixes(text);
        }
        let Some(frame) = self.frames.last() else { return };
        let plain = matches!(frame.kind, Kind::Open) && !frame.opened;
        if !plain && !frame.mixed {
            self.begin_mixed();
        }
        if self.frames.last().is_some_and(|frame| !frame.text) {
            if !plain {
                self.comma();
            }
            self.out.push(b'"');
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.text = true;
        }
        escape(&mut self.out, text);
    }

    /// Ends a text that was begun and begins `$mixed` if it was not.
    fn begin_mixed(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.text {
            self.out.push(b'"');
            frame.text = false;
            if !frame.mixed && !frame.opened {
                self.out.splice(frame.start..frame.start, MIXED.iter().copied());
                frame.opened = true;
                frame.mixed = true;
            }
        }
        if frame.mixed {
            return;
        }
        frame.mixed = true;
        if frame.opened {
            self.comma();
            self.out.extend_from_slice(&MIXED[1..]);
        } else {
            frame.opened = true;
            self.out.extend_from_slice(MIXED);
        }
    }

    /// The innermost element, of mixed or open content, ends.
    pub(super) fn end_mixed(&mut self, scope: Scope<'_>) {
        let Some(frame) = self.frames.last() else { return };
        let (opened, text, start) = (frame.opened, frame.text, frame.start);
        let (open, bare) = (matches!(frame.kind, Kind::Open), frame.nil && !frame.mixed);
        let bindings = if self.prefixes.is_empty() { Vec::new() } else { self.bindings(scope) };
        if open && !opened {
            self.out.extend_from_slice(if text { b"\"" } else { b"\"\"" });
            if !bindings.is_empty() {
                let plain = self.out.split_off(start);
                self.out.push(b'{');
                self.xmlns(&bindings);
                self.out.push(b',');
                self.out.extend_from_slice(&MIXED[1..]);
                self.out.extend_from_slice(&plain);
                self.out.extend_from_slice(b"]}");
            }
            return;
        }
        if !bare {
            self.begin_mixed();
            self.out.push(b']');
        }
        if !bindings.is_empty() {
            self.comma();
            self.xmlns(&bindings);
        }
        self.out.push(b'}');
    }

    fn xmlns(&mut self, bindings: &[(String, String)]) {
        self.out.extend_from_slice(b"\"$xmlns\":{");
        for (prefix, uri) in bindings {
            self.comma();
            write_string(&mut self.out, prefix);
            self.out.push(b':');
            write_string(&mut self.out, uri);
        }
        self.out.push(b'}');
    }

    /// Takes note of words before a colon that could be prefixes.
    pub(super) fn note_prefixes(&mut self, text: &str) {
        let frame = self.frames.len();
        for at in memchr::memchr_iter(b':', text.as_bytes()) {
            let head = text.get(..at).unwrap_or_default();
            let from = head
                .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
                .map_or(0, |at| at + head.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
            let word = head.get(from..).unwrap_or_default();
            if !word.is_empty() && !word.starts_with(|c: char| c.is_numeric() || matches!(c, '-' | '.')) {
                self.note_prefix(frame, word);
            }
        }
    }

    /// Each word once; more than could ever be bound are not kept.
    fn note_prefix(&mut self, frame: usize, word: &str) {
        if self.prefixes.last().is_some_and(|(of, last)| *of == frame && last == word) {
            return;
        }
        if self.prefixes.len() >= NOTED {
            self.prefixes.sort_unstable();
            self.prefixes.dedup();
        }
        if self.prefixes.len() < NOTED {
            self.prefixes.push((frame, word.to_owned()));
        }
    }

    /// The prefixes noted in the innermost element that are bound, with what they are bound to.
    fn bindings(&mut self, scope: Scope<'_>) -> Vec<(String, String)> {
        let frame = self.frames.len();
        let from = self.prefixes.partition_point(|(of, _)| *of < frame);
        let mut words: Vec<String> = self.prefixes.drain(from..).map(|(_, word)| word).collect();
        words.sort_unstable();
        words.dedup();
        words.into_iter().filter_map(|word| scope.resolve(&word).map(|uri| (word, uri.to_owned()))).collect()
    }
}
