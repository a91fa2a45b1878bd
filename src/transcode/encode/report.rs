//! Faults of a JSON document: collected by where they stand in the text, given their pointers at the end.
//!
//! Walking keeps no path: one pass over the tape finds the pointers of all faults, however many there are.

use std::collections::HashSet;

use crate::json::pointer::Pointer;
use crate::json::tape::Kind;
use crate::json::tape::Tape;
use crate::json::tape::Value;

/// One fault of a JSON document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct JsonFault {
    /// JSON Pointer in its fragment form without percent-encoding: `#/order/line/1`.
    pub pointer: String,
    /// What was found and what was expected; lowercase, no final dot.
    pub detail: String,
}

/// More faults than anybody reads: the rest are counted only.
const MOST: usize = 1000;

/// A fault with its place in the text.
#[derive(Debug)]
struct Found {
    offset: usize,
    /// A member that is missing in the object at that place.
    member: Option<String>,
    detail: String,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(in crate::transcode) struct Report {
    found: Vec<Found>,
    left_out: usize,
}

impl Report {
    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// A mark to which [`Self::take_back`] returns.
    pub(super) fn mark(&self) -> (usize, usize) {
        (self.found.len(), self.left_out)
    }

    /// Forgets what was found since the mark.
    pub(super) fn take_back(&mut self, (found, left_out): (usize, usize)) {
        self.found.truncate(found);
        self.left_out = left_out;
    }

    /// A fault of a value.
    #[cold]
    pub(in crate::transcode) fn at(&mut self, value: Value<'_>, detail: impl Into<String>) {
        self.push(Found { offset: value.offset(), member: None, detail: detail.into() });
    }

    /// A fault of a value, in words that take work: only if anybody reads them.
    #[cold]
    pub(super) fn at_with(&mut self, value: Value<'_>, detail: impl FnOnce() -> String) {
        if self.found.len() < MOST {
            self.at(value, detail());
        } else {
            self.left_out += 1;
        }
    }

    /// A fault of a member that is not there.
    #[cold]
    pub(in crate::transcode) fn missing(&mut self, object: Value<'_>, member: &str, detail: impl Into<String>) {
        self.push(Found { offset: object.offset(), member: Some(member.to_owned()), detail: detail.into() });
    }

    /// A fault of a member that is not there, in words that take work.
    #[cold]
    pub(super) fn missing_with(&mut self, object: Value<'_>, member: &str, detail: impl FnOnce() -> String) {
        if self.found.len() < MOST {
            self.missing(object, member, detail());
        } else {
            self.left_out += 1;
        }
    }

    fn push(&mut self, fault: Found) {
        if self.found.len() < MOST {
            self.found.push(fault);
        } else {
            self.left_out += 1;
        }
    }

    /// All faults in document order with their pointers.
    pub(super) fn finish(mut self, tape: &Tape<'_>) -> Vec<JsonFault> {
        self.found.sort_by_key(|fault| fault.offset);
        let mut pass = Pass { waiting: self.found.into_iter().peekable(), pointer: Pointer::default(), done: Vec::new() };
        pass.visit(tape.root());
        let mut done = pass.done;
        // A name that occurs twice is unknown at both places, but a pointer tells them not apart.
        let mut told = HashSet::new();
        done.retain(|fault| told.insert(fault.clone()));
        if self.left_out > 0 {
            done.push(JsonFault { pointer: "#".to_owned(), detail: format!("{} more faults", self.left_out) });
        }
        done
    }
}

struct Pass<I: Iterator<Item = Found>> {
    waiting: std::iter::Peekable<I>,
    pointer: Pointer,
    done: Vec<JsonFault>,
}

impl<I: Iterator<Item = Found>> Pass<I> {
    /// Gives the faults in a value their pointers; as deep as the reader let the document be.
    fn visit(&mut self, value: Value<'_>) {
        let span = value.span();
        while let Some(fault) = self.waiting.next_if(|fault| fault.offset <= span.start) {
            let pointer = match &fault.member {
                None => self.pointer.to_string(),
                Some(member) => {
                    self.pointer.push_key(member);
                    let text = self.pointer.to_string();
                    self.pointer.pop();
                    text
                }
            };
            self.done.push(JsonFault { pointer, detail: fault.detail });
        }
        let inside = |pass: &mut Self, end: usize| pass.waiting.peek().is_some_and(|fault| fault.offset < end);
        if !inside(self, span.end) {
            return;
        }
        for member in value.members() {
            if inside(self, member.value.span().end) {
                self.pointer.push_key(&member.key());
                self.visit(member.value);
                self.pointer.pop();
            }
        }
        for (index, item) in value.items().enumerate() {
            if inside(self, item.span().end) {
                self.pointer.push_index(index);
                self.visit(item);
                self.pointer.pop();
            }
        }
    }
}

/// What a value is, in words: `a string`, `an array`.
pub(in crate::transcode) fn kind_in_words(value: Value<'_>) -> &'static str {
    match value.kind() {
        Kind::Null => "null",
        Kind::Bool(_) => "a boolean",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}

/// A value as written, cut short.
pub(super) fn shown(value: Value<'_>) -> String {
    cut(value.raw())
}

/// A text, cut short.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
    }
}

/// `"a", "b" or "c"`, a dozen at most.
pub(in crate::transcode) fn listed<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    const MOST: usize = 12;
    let mut keys: Vec<String> = keys.map(|key| format!("\"{key}\"")).collect();
    if keys.len() > MOST {
        let more = keys.len() - MOST;
        keys.truncate(MOST);
        return format!("{} or {more} more", keys.join(", "));
    }
    match keys.pop() {
        None => "nothing".to_owned(),
        Some(last) if keys.is_empty() => last,
        Some(last) => format!("{} or {last}", keys.join(", ")),
    }
}
