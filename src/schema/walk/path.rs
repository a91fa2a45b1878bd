//! Paths to places in a document, with its own prefixes: `/soap:Envelope/soap:Body/o:Order/o:Line[3]/o:Qty`.
//!
//! Computed by reading the document once more, and only when there are faults to tell, so that a walk keeps no names.

use std::collections::HashMap;

use crate::xml::event::Event;
use crate::xml::limits::Limits;
use crate::xml::name::Symbols;
use crate::xml::reader::SliceReader;

/// Elements of one parent that are counted by name; behind them positions are left out.
const COUNTED: usize = 100_000;

struct Open {
    name: String,
    /// Its position among its siblings of the same name.
    position: usize,
    children: HashMap<String, usize>,
}

/// The paths of the elements, or their attributes, that hold these byte offsets, which must be sorted. A document that breaks off is followed as
/// far as it goes.
#[must_use]
pub fn paths(text: &[u8], limits: &Limits, offsets: &[usize]) -> Vec<String> {
    let symbols = Symbols::default();
    let mut reader = SliceReader::new(text, &symbols, limits);
    let mut open: Vec<Open> = vec![Open { name: String::new(), position: 1, children: HashMap::new() }];
    let mut found = Vec::with_capacity(offsets.len());
    let mut wanted = offsets.iter().copied().peekable();
    while wanted.peek().is_some() {
        let Ok(event) = reader.next() else { break };
        let end = match event {
            Event::Start(start) => {
                let name = start.raw_name().to_owned();
                let mut position = 0;
                if let Some(parent) = open.last_mut()
                    && (parent.children.len() < COUNTED || parent.children.contains_key(&name))
                {
                    let count = parent.children.entry(name.clone()).or_default();
                    *count += 1;
                    position = *count;
                }
                open.push(Open { name, position, children: HashMap::new() });
                start.end()
            }
            Event::End(end) => end.end(),
            Event::Text(text) => text.end(),
            Event::Comment { end, .. } | Event::Instruction { end, .. } => end,
            Event::Eof => usize::MAX,
        };
        while let Some(offset) = wanted.next_if(|offset| *offset < end) {
            let mut path = render(&open);
            if let Event::Start(start) = &event
                && start.attributes().any(|attribute| attribute.offset() == offset)
            {
                path.push_str("/@");
                path.push_str(&attribute_name(text, offset));
            }
            found.push(path);
        }
        if matches!(event, Event::End(_)) && open.len() > 1 {
            open.pop();
        }
    }
    found.resize_with(offsets.len(), || render(&open));
    found
}

/// The name that begins here, as written.
fn attribute_name(text: &[u8], offset: usize) -> String {
    let rest = text.get(offset..).unwrap_or_default();
    let end = rest.iter().position(|byte| *byte == b'=' || byte.is_ascii_whitespace()).unwrap_or(rest.len());
    String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned()
}

fn render(open: &[Open]) -> String {
    let mut path = String::new();
    // The first is the document.
    for element in open.iter().skip(1) {
        path.push('/');
        path.push_str(&element.name);
        if element.position > 1 {
            path.push_str(&format!("[{}]", element.position));
        }
    }
    if path.is_empty() {
        path.push('/');
    }
    path
}
