//! What a reader reported about a document, in a form that can be compared: text pieces joined, names expanded.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

pub mod oracle;

use castile::xml::error::XmlError;
use castile::xml::event::Event;
use castile::xml::limits::Limits;
use castile::xml::name::Symbols;
use castile::xml::reader::ChunkReader;
use castile::xml::reader::SliceReader;

/// An event that owns its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recorded {
    Start { name: (String, String), attributes: Vec<((String, String), String)>, from: usize, to: usize, empty: bool },
    End { from: usize, to: usize },
    Text { value: String, from: usize, to: usize },
    Comment { from: usize, to: usize },
    Instruction { from: usize, to: usize },
    Eof,
}

/// The events of a document, up to the end or the first fault.
#[derive(PartialEq, Eq, Debug)]
pub struct Record {
    pub events: Vec<Recorded>,
    pub fault: Option<XmlError>,
}

impl Record {
    /// The events that do not depend on where a run of text was cut: without text at the place of a fault.
    pub fn settled(&self) -> &[Recorded] {
        match self.events.split_last() {
            Some((Recorded::Text { .. }, before)) if self.fault.is_some() => before,
            _ => &self.events,
        }
    }
}

/// Limits that no document of the tests comes near.
pub fn wide() -> Limits {
    Limits { depth: 100_000, attributes: 100_000, namespaces: 100_000, ..Limits::default() }
}

pub fn read_slice(text: &[u8], limits: &Limits) -> Record {
    let record = read_all(text, limits);
    for skipped in [1, 3] {
        assert_eq!(read_past(text, limits, skipped), record.fault, "passing over the element number {skipped} finds another fault");
    }
    record
}

/// The fault that is found where the content of an element, by its number, is passed over.
fn read_past(text: &[u8], limits: &Limits, number: usize) -> Option<XmlError> {
    let symbols = Symbols::default();
    let mut reader = SliceReader::new(text, &symbols, limits);
    let mut starts = 0;
    loop {
        match reader.next() {
            Ok(Event::Eof) => return None,
            Ok(Event::Start(_)) => starts += 1,
            Ok(_) => continue,
            Err(fault) => return Some(fault),
        }
        if starts == number {
            let depth = reader.depth();
            match reader.pass() {
                Ok(end) => assert_eq!((reader.offset(), reader.depth() + 1), (end, depth)),
                Err(fault) => return Some(fault),
            }
        }
    }
}

fn read_all(text: &[u8], limits: &Limits) -> Record {
    let symbols = Symbols::default();
    let mut reader = SliceReader::new(text, &symbols, limits);
    let mut events = Vec::new();
    loop {
        match reader.next() {
            Ok(Event::Eof) => {
                push(&mut events, Recorded::Eof);
                return Record { events, fault: None };
            }
            Ok(event) => push(&mut events, own(&event)),
            Err(fault) => return Record { events, fault: Some(fault) },
        }
    }
}

/// Reads in chunks whose sizes `next_size` gives.
pub fn read_chunks(text: &[u8], limits: &Limits, mut next_size: impl FnMut() -> usize) -> Record {
    let symbols = Symbols::default();
    let mut reader = ChunkReader::new(&symbols, limits);
    let mut events = Vec::new();
    let mut rest = text;
    let mut finished = false;
    loop {
        match reader.next() {
            Ok(Some(Event::Eof)) => {
                assert!(finished, "the end was reported before it was told");
                push(&mut events, Recorded::Eof);
                return Record { events, fault: None };
            }
            Ok(Some(event)) => push(&mut events, own(&event)),
            Ok(None) => {
                assert!(!finished, "more is asked for behind the end");
                let (chunk, behind) = rest.split_at(next_size().min(rest.len()));
                reader.push(chunk);
                rest = behind;
                if rest.is_empty() {
                    reader.finish();
                    finished = true;
                }
            }
            Err(fault) => return Record { events, fault: Some(fault) },
        }
    }
}

/// Adds an event; text joins the text before it.
pub fn push(events: &mut Vec<Recorded>, event: Recorded) {
    if let (Some(Recorded::Text { value, to, .. }), Recorded::Text { value: more, to: end, .. }) = (events.last_mut(), &event) {
        value.push_str(more);
        *to = *end;
        return;
    }
    events.push(event);
}

fn own(event: &Event<'_>) -> Recorded {
    match event {
        Event::Start(start) => {
            let name = start.name();
            assert!(start.raw_name().ends_with(name.local));
            assert_eq!(start.scope().resolve(start.prefix()), Some(name.ns));
            let attributes = start.attributes().map(|attribute| {
                let name = attribute.name();
                ((name.ns.to_owned(), name.local.to_owned()), attribute.value.to_owned())
            });
            Recorded::Start {
                name: (name.ns.to_owned(), name.local.to_owned()),
                attributes: attributes.collect(),
                from: start.offset(),
                to: start.end(),
                empty: start.empty,
            }
        }
        Event::End(end) => Recorded::End { from: end.offset(), to: end.end() },
        Event::Text(text) => {
            assert_eq!(text.whitespace_only, text.value.chars().all(|c| " \t\r\n".contains(c)), "{text:?}");
            Recorded::Text { value: text.value.to_owned(), from: text.offset(), to: text.end() }
        }
        Event::Comment { offset, end } => Recorded::Comment { from: *offset, to: *end },
        Event::Instruction { offset, end } => Recorded::Instruction { from: *offset, to: *end },
        Event::Eof => Recorded::Eof,
    }
}
