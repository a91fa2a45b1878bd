//! From the events of the guarded scanner to the list of nodes, in one pass.

use crate::xml::error::XmlError;
use crate::xml::event::End;
use crate::xml::event::Event;
use crate::xml::event::Start;
use crate::xml::limits::Limits;
use crate::xml::name::Symbols;
use crate::xml::reader::SliceReader;
use crate::xpath::document::Document;
use crate::xpath::document::NONE;
use crate::xpath::document::Node;
use crate::xpath::document::NodeKind;
use crate::xpath::document::Value;
use crate::xpath::document::names::Names;
use crate::xpath::document::names::Scopes;
use crate::xpath::document::names::number;

pub(super) fn read<'i>(text: &'i [u8], limits: &Limits) -> Result<Document<'i>, XmlError> {
    if u32::try_from(text.len()).is_err() {
        return Err(XmlError::new("limit-bytes", 0, "the document is larger than the 4 GiB that a tree can hold"));
    }
    let symbols = Symbols::default();
    let mut reader = SliceReader::new(text, &symbols, limits);
    let mut builder = Builder::new(text);
    loop {
        match reader.next()? {
            Event::Start(start) => builder.start(&start),
            Event::End(end) => builder.end(&end),
            Event::Text(found) => builder.text(found.value, found.offset(), found.end()),
            Event::Comment { offset, end } => builder.comment(offset, end),
            Event::Instruction { offset, end } => builder.instruction(offset, end),
            Event::Eof => return Ok(builder.finish()),
        }
    }
}

struct Builder<'i> {
    document: Document<'i>,
    /// The open elements with the last child of each; the root is the first.
    open: Vec<(u32, u32)>,
    /// Whether the last node is a text that may go on.
    in_text: bool,
}

impl<'i> Builder<'i> {
    fn new(text: &'i [u8]) -> Self {
        // Where it is no UTF-8, the reader finds the fault and tells its place.
        let text = simdutf8::basic::from_utf8(text).unwrap_or_default();
        let length = number(text.len());
        let value = Value { from: 0, to: length, rewritten: false };
        let root = Node { kind: NodeKind::Root, children: 1, to: length, value, ..super::NOWHERE };
        let mut nodes = Vec::with_capacity(text.len() / 24 + 4);
        nodes.push(root);
        let document = Document { text, rewritten: String::new(), nodes, names: Names::default(), scopes: Scopes::default() };
        Self { document, open: vec![(0, NONE)], in_text: false }
    }

    fn finish(mut self) -> Document<'i> {
        let end = self.next();
        if let Some(root) = self.document.nodes.first_mut() {
            root.end = end;
        }
        self.document
    }

    fn next(&self) -> u32 {
        number(self.document.nodes.len())
    }

    fn parent(&self) -> u32 {
        self.open.last().map_or(0, |(parent, _)| *parent)
    }

    /// Adds a child of the open element.
    fn child(&mut self, kind: NodeKind, name: u32, (from, to): (usize, usize), value: Value) -> u32 {
        let index = self.next();
        let (parent, previous) = match self.open.last_mut() {
            Some((parent, last)) => (*parent, std::mem::replace(last, index)),
            None => (0, NONE),
        };
        let (from, to) = (number(from), number(to));
        self.document.nodes.push(Node { kind, name, parent, end: index + 1, children: index + 1, previous, scope: 0, from, to, value });
        self.in_text = false;
        index
    }

    fn start(&mut self, start: &Start<'_>) {
        let outer = self.document.node(self.parent()).scope;
        let scope = self.document.scopes.open(outer, start.declarations());
        let text = self.document.text;
        let raw = start.raw_name();
        let from = start.offset() + 1;
        let local = local_part(text.get(from..from + raw.len()).unwrap_or_default());
        let name = self.document.names.intern(start.name().ns, local);
        let content = Value { from: number(start.end()), to: 0, rewritten: false };
        let element = self.child(NodeKind::Element, name, (start.offset(), start.end()), content);
        for attribute in start.attributes() {
            let (from, to) = (attribute.offset(), attribute.end());
            let written = text.get(from..to).unwrap_or_default();
            let raw = written.split(['=', ' ', '\t', '\n', '\r']).next().unwrap_or_default();
            let name = self.document.names.intern(attribute.name().ns, local_part(raw));
            let value = self.value(attribute.value);
            let index = self.next();
            let (kind, from, to) = (NodeKind::Attribute, number(from), number(to));
            let node = Node { kind, name, parent: element, end: index + 1, children: index + 1, from, to, value, ..super::NOWHERE };
            self.document.nodes.push(node);
        }
        let children = self.next();
        if let Some(node) = self.document.nodes.get_mut(element as usize) {
            node.scope = scope;
            node.children = children;
        }
        self.open.push((element, NONE));
    }

    fn end(&mut self, end: &End<'_>) {
        let behind = self.next();
        self.in_text = false;
        let Some((element, _)) = self.open.pop() else { return };
        if let Some(node) = self.document.nodes.get_mut(element as usize) {
            node.end = behind;
            node.to = number(end.end());
            node.value.to = number(end.offset());
        }
    }

    fn text(&mut self, value: &str, from: usize, to: usize) {
        if value.is_empty() {
            return;
        }
        if !self.in_text {
            let value = self.value(value);
            self.child(NodeKind::Text, NONE, (from, to), value);
            self.in_text = true;
            return;
        }
        let Document { text, rewritten, nodes, .. } = &mut self.document;
        let Some(node) = nodes.last_mut() else { return };
        if !node.value.rewritten {
            let first = text.get(node.value.from as usize..node.value.to as usize).unwrap_or_default();
            node.value = append(rewritten, first);
        }
        rewritten.push_str(value);
        node.value.to = number(rewritten.len());
        node.to = number(to);
    }

    fn comment(&mut self, offset: usize, end: usize) {
        let text = self.document.text;
        let inner = text.get(offset + "<!--".len()..end.saturating_sub("-->".len())).unwrap_or_default();
        let value = self.line_ends(inner);
        self.child(NodeKind::Comment, NONE, (offset, end), value);
    }

    fn instruction(&mut self, offset: usize, end: usize) {
        let text = self.document.text;
        let inner = text.get(offset + "<?".len()..end.saturating_sub("?>".len())).unwrap_or_default();
        let space = [' ', '\t', '\n', '\r'];
        let (target, data) = inner.split_once(space).unwrap_or((inner, inner.get(inner.len()..).unwrap_or_default()));
        let value = self.line_ends(data.trim_start_matches(space));
        let name = self.document.names.intern("", target);
        self.child(NodeKind::Instruction, name, (offset, end), value);
    }

    /// A value in the text with its line ends made one character each (XML 1.0, section 2.11).
    fn line_ends(&mut self, written: &str) -> Value {
        if !written.contains('\r') {
            return self.value(written);
        }
        append(&mut self.document.rewritten, &written.replace("\r\n", "\n").replace('\r', "\n"))
    }

    /// Where a value is: in the text as written, if it is a piece of that, else in a copy.
    fn value(&mut self, value: &str) -> Value {
        let text = self.document.text;
        let offset = (value.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
        if text.get(offset..offset.saturating_add(value.len())).is_some_and(|piece| std::ptr::eq(piece, value)) {
            return Value { from: number(offset), to: number(offset + value.len()), rewritten: false };
        }
        append(&mut self.document.rewritten, value)
    }
}

fn append(rewritten: &mut String, value: &str) -> Value {
    let from = number(rewritten.len());
    rewritten.push_str(value);
    Value { from, to: number(rewritten.len()), rewritten: true }
}

fn local_part(raw: &str) -> &str {
    raw.split_once(':').map_or(raw, |(_, local)| local)
}
