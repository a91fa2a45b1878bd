//! The children of every element of a document, in one linear pass: what ambiguous content models need where taking
//! children greedily does not fit.

use crate::xml::error::XmlError;
use crate::xml::event::Event;
use crate::xml::limits::Limits;
use crate::xml::name::ExpandedName;
use crate::xml::name::QName;
use crate::xml::name::Symbol;
use crate::xml::name::Symbols;
use crate::xml::reader::SliceReader;

/// The children of every element, by where its start tag begins.
#[derive(Debug, Default)]
pub struct Outline {
    /// In document order, so sorted by offset.
    elements: Vec<Entry>,
    /// Children of each element, those of one together.
    children: Vec<u32>,
    /// Names that no schema mentions.
    unknown: Vec<QName>,
}

#[derive(Debug)]
struct Entry {
    offset: usize,
    symbol: Symbol,
    /// Index in `unknown` for a name without symbol.
    name: u32,
    parent: Option<u32>,
    from: u32,
    count: u32,
}

impl Outline {
    /// Reads a whole document.
    ///
    /// # Errors
    /// It is not well-formed.
    pub fn read(text: &[u8], symbols: &Symbols, limits: &Limits) -> Result<Self, XmlError> {
        let mut outline = Self::default();
        let mut open: Vec<u32> = Vec::new();
        let mut reader = SliceReader::new(text, symbols, limits);
        loop {
            match reader.next()? {
                Event::Start(start) => {
                    let id = narrow(outline.elements.len());
                    let mut name = 0;
                    if start.symbol == Symbol::UNKNOWN {
                        name = narrow(outline.unknown.len());
                        outline.unknown.push(QName::new(start.name().ns, start.name().local));
                    }
                    let parent = open.last().copied();
                    outline.elements.push(Entry { offset: start.offset(), symbol: start.symbol, name, parent, from: 0, count: 0 });
                    open.push(id);
                }
                Event::End(_) => {
                    open.pop();
                }
                Event::Text(_) | Event::Comment { .. } | Event::Instruction { .. } => {}
                Event::Eof => break,
            }
        }
        outline.sort_children();
        Ok(outline)
    }

    /// Lays the children of each element side by side: a counting sort by parent.
    fn sort_children(&mut self) {
        let parents: Vec<Option<u32>> = self.elements.iter().map(|entry| entry.parent).collect();
        for parent in parents.iter().flatten() {
            if let Some(entry) = self.elements.get_mut(*parent as usize) {
                entry.count += 1;
            }
        }
        let mut next = 0;
        for entry in &mut self.elements {
            entry.from = next;
            next += entry.count;
            entry.count = 0;
        }
        self.children = vec![0; next as usize];
        for (child, parent) in parents.iter().enumerate() {
            let Some(entry) = parent.and_then(|parent| self.elements.get_mut(parent as usize)) else { continue };
            if let Some(slot) = self.children.get_mut((entry.from + entry.count) as usize) {
                *slot = narrow(child);
            }
            entry.count += 1;
        }
    }

    /// The names of the children of the element whose start tag begins at `offset`.
    pub(super) fn children<'a>(&'a self, offset: usize, symbols: &'a Symbols) -> Vec<(Symbol, ExpandedName<'a>)> {
        let Ok(at) = self.elements.binary_search_by_key(&offset, |entry| entry.offset) else { return Vec::new() };
        let Some(entry) = self.elements.get(at) else { return Vec::new() };
        let range = entry.from as usize..(entry.from + entry.count) as usize;
        let children = self.children.get(range).unwrap_or_default();
        children
            .iter()
            .filter_map(|id| self.elements.get(*id as usize))
            .map(|child| {
                let known = symbols.name(child.symbol);
                let name = if child.symbol == Symbol::UNKNOWN { self.unknown.get(child.name as usize).unwrap_or(known) } else { known };
                (child.symbol, name.expanded())
            })
            .collect()
    }
}

/// Documents are far smaller than 2^32 elements.
fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
