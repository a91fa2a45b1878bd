//! The expanded names of a document and the prefixes in scope.
//!
//! Names are numbered, so that a test compares integers. A scope knows what its element declares and the scope around it.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::xml::name::XML_NS;
use crate::xpath::document::NONE;

#[derive(Debug, Default)]
pub(in crate::xpath) struct Names<'i> {
    uris: Vec<String>,
    uri_numbers: HashMap<String, u32>,
    names: Vec<(u32, &'i str)>,
    numbers: HashMap<(u32, &'i str), u32>,
    /// The namespace met last, which is most often the next one.
    last: u32,
}

impl<'i> Names<'i> {
    /// The number of a name, given if it is new.
    pub(super) fn intern(&mut self, uri: &str, local: &'i str) -> u32 {
        let uri = self.intern_uri(uri);
        *self.numbers.entry((uri, local)).or_insert_with(|| {
            self.names.push((uri, local));
            number(self.names.len() - 1)
        })
    }

    fn intern_uri(&mut self, uri: &str) -> u32 {
        if self.uris.get(self.last as usize).is_some_and(|last| last == uri) {
            return self.last;
        }
        self.last = match self.uri_numbers.get(uri) {
            Some(known) => *known,
            None => {
                let new = number(self.uris.len());
                self.uris.push(uri.to_owned());
                self.uri_numbers.insert(uri.to_owned(), new);
                new
            }
        };
        self.last
    }

    /// The number of a name, if the document has it.
    pub(in crate::xpath) fn find(&self, ns: &str, local: &str) -> Option<u32> {
        let uri = self.uri_numbers.get(ns)?;
        self.numbers.get(&(*uri, local)).copied()
    }

    pub(in crate::xpath) fn local(&self, name: u32) -> &'i str {
        self.names.get(name as usize).map_or("", |(_, local)| local)
    }

    pub(in crate::xpath) fn uri(&self, name: u32) -> &str {
        self.names.get(name as usize).and_then(|(uri, _)| self.uris.get(*uri as usize)).map_or("", String::as_str)
    }
}

/// What an element declares, and the scope around it.
#[derive(Debug)]
struct Scope {
    outer: u32,
    /// A range of the bindings.
    from: u32,
    to: u32,
}

#[derive(Debug)]
pub(super) struct Scopes {
    scopes: Vec<Scope>,
    /// Prefix and namespace.
    bindings: Vec<(String, String)>,
}

impl Default for Scopes {
    /// The scope around the document: `xml` alone.
    fn default() -> Self {
        Self { scopes: vec![Scope { outer: NONE, from: 0, to: 1 }], bindings: vec![(String::from("xml"), XML_NS.to_owned())] }
    }
}

impl Scopes {
    /// The scope of an element with these declarations; the one around it where there are none.
    pub(super) fn open<'d>(&mut self, outer: u32, declarations: impl Iterator<Item = (&'d str, &'d str)>) -> u32 {
        let from = number(self.bindings.len());
        self.bindings.extend(declarations.map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())));
        let to = number(self.bindings.len());
        if from == to {
            return outer;
        }
        self.scopes.push(Scope { outer, from, to });
        number(self.scopes.len() - 1)
    }

    /// The binding of a namespace node; its number is one more than its place.
    pub(super) fn binding(&self, namespace: u32) -> Option<(&str, &str)> {
        let (prefix, uri) = self.bindings.get((namespace as usize).checked_sub(1)?)?;
        Some((prefix, uri))
    }

    /// The numbers of the namespace nodes of an element with this scope, ascending.
    pub(super) fn visible(&self, scope: u32) -> Vec<u32> {
        let (mut seen, mut numbers) = (HashSet::new(), Vec::new());
        let mut next = scope;
        while let Some(scope) = self.scopes.get(next as usize) {
            for place in scope.from..scope.to {
                let Some((prefix, uri)) = self.bindings.get(place as usize) else { continue };
                // An empty namespace takes the default one back.
                if seen.insert(prefix.as_str()) && !uri.is_empty() {
                    numbers.push(place + 1);
                }
            }
            next = scope.outer;
        }
        numbers.sort_unstable();
        numbers
    }
}

pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NONE)
}
