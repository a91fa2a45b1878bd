//! What a walk found wrong, in words. Values of the document stand in a field of their own, so that they can be withheld.

use crate::schema::automaton::Expected;
use crate::schema::form::Element;
use crate::schema::form::Model;
use crate::schema::form::NamespaceConstraint;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::schema::simple::ValueFault;
use crate::schema::walk::MAX_FAULTS;
use crate::schema::walk::Visitor;
use crate::schema::walk::Walker;
use crate::xml::event::Scope;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;

/// Names told in a list of what was expected; those behind are counted.
const LISTED: usize = 8;
/// Bytes told of a value.
const SHOWN: usize = 100;

/// One fault of a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WalkFault {
    /// Short stable identifier in kebab-case.
    pub code: &'static str,
    /// Byte offset in the decoded text.
    pub offset: usize,
    /// What was found and what was expected; lowercase, no final dot, without values of the document.
    pub message: String,
    /// The value at fault, clipped.
    pub value: Option<String>,
}

impl Walker<'_> {
    #[cold]
    pub(super) fn tell<V: Visitor>(&mut self, visitor: &mut V, code: &'static str, offset: usize, message: String, value: Option<&str>) {
        if self.muted > 0 {
            return;
        }
        self.faults += 1;
        if self.faults <= MAX_FAULTS {
            visitor.fault(WalkFault { code, offset, message, value: value.map(clip) });
        }
    }

    #[cold]
    pub(super) fn bad_value<V: Visitor>(&mut self, visitor: &mut V, offset: usize, fault: &ValueFault) {
        self.tell(visitor, "bad-value", offset, fault.message.clone(), Some(&fault.found));
    }

    #[cold]
    pub(super) fn not_fixed<V: Visitor>(&mut self, visitor: &mut V, offset: usize, fixed: &str, raw: &str) {
        self.tell(visitor, "not-fixed-value", offset, format!("expected the fixed value \"{}\"", clip(fixed)), Some(raw));
    }
}

/// The beginning of a text, cut at a character.
fn clip(text: &str) -> String {
    if text.len() <= SHOWN {
        return text.to_owned();
    }
    let cut = (0..=SHOWN).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…", text.get(..cut).unwrap_or_default())
}

/// Shows names with the prefixes of the document.
pub(super) struct Namer<'a> {
    schema: &'a Schema,
    scope: Scope<'a>,
}

impl<'a> Namer<'a> {
    pub(super) fn new(schema: &'a Schema, scope: Scope<'a>) -> Self {
        Self { schema, scope }
    }

    /// `prefix:local`, `local` in the default namespace, `{uri}local` if the namespace has no prefix. A name without
    /// namespace says so where it could be taken for one in the default namespace.
    pub(super) fn expanded(&self, name: ExpandedName<'_>) -> String {
        if name.ns.is_empty() {
            let shadowed = self.scope.resolve("").is_some_and(|ns| !ns.is_empty());
            return if shadowed { format!("{} without namespace", name.local) } else { name.local.to_owned() };
        }
        let bound = |prefix: &str| self.scope.resolve(prefix) == Some(name.ns);
        let prefix = self.scope.bindings().map(|(prefix, _)| prefix).find(|prefix| bound(prefix));
        match prefix {
            Some("") => name.local.to_owned(),
            Some(prefix) => format!("{prefix}:{}", name.local),
            None if name.ns == crate::xml::name::XML_NS => format!("xml:{}", name.local),
            None => name.to_string(),
        }
    }

    pub(super) fn symbol(&self, symbol: Symbol) -> String {
        if symbol == Symbol::UNKNOWN {
            return "the element".to_owned();
        }
        self.expanded(self.schema.symbols.name(symbol).expanded())
    }

    /// An attribute: without a prefix it is in no namespace.
    pub(super) fn attribute_name(&self, name: ExpandedName<'_>) -> String {
        if name.ns.is_empty() { name.local.to_owned() } else { self.expanded(name) }
    }

    pub(super) fn attribute(&self, symbol: Symbol) -> String {
        self.attribute_name(self.schema.symbols.name(symbol).expanded())
    }

    /// A type by its name.
    pub(super) fn ty(&self, ty: TypeId) -> String {
        let name = match ty {
            TypeId::Complex(id) => self.schema.complex(id).name,
            TypeId::Simple(id) => self.schema.simple.get(id).name,
        };
        name.map_or_else(|| "the declared type".to_owned(), |symbol| self.symbol(symbol))
    }

    /// The members that may stand for an abstract element.
    pub(super) fn members(&self, element: &Element) -> String {
        let names = element.members.iter().map(|id| self.symbol(self.schema.element(*id).name)).collect();
        list(names)
    }

    /// `a, b or the end of c`; the end of an unknown owner is left out.
    pub(super) fn expected(&self, model: &Model, expected: &[Expected], owner: Symbol) -> String {
        let mut names: Vec<String> = Vec::new();
        for one in expected {
            match one {
                Expected::Element(_, id) => {
                    let element = self.schema.element(*id);
                    if !element.is_abstract {
                        names.push(self.symbol(element.name));
                    }
                    names.extend(element.members.iter().map(|id| self.symbol(self.schema.element(*id).name)));
                }
                Expected::Wildcard(particle) => {
                    if let Term::Wildcard(wildcard) = &model.particle(*particle).term {
                        names.push(admitted(&wildcard.namespaces));
                    }
                }
                Expected::End => names.push(format!("the end of {}", self.symbol(owner))),
            }
        }
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        list(names)
    }
}

/// What a wildcard admits, in words.
fn admitted(namespaces: &NamespaceConstraint) -> String {
    match namespaces {
        NamespaceConstraint::Any => "any element".to_owned(),
        NamespaceConstraint::Not(ns) => format!("an element of another namespace than {ns}"),
        NamespaceConstraint::OneOf(list) if list.iter().all(|ns| ns.is_empty()) => "an element without namespace".to_owned(),
        NamespaceConstraint::OneOf(list) => format!("an element of {}", list.join(", ")),
    }
}

/// `a, b or c`, clipped.
fn list(mut names: Vec<String>) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    if names.len() > LISTED + 1 {
        let more = names.len() - LISTED;
        names.truncate(LISTED);
        return format!("{} or {more} others", names.join(", "));
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} or {last}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_and_values_are_clipped() {
        assert_eq!(list(vec!["a".into(), "b".into(), "c".into()]), "a, b or c");
        let many = list((0..20).map(|n| n.to_string()).collect());
        assert_eq!(many, "0, 1, 2, 3, 4, 5, 6, 7 or 12 others");
        let clipped = clip(&"ä".repeat(80));
        assert!(clipped.len() <= SHOWN + 3 && clipped.ends_with('…'), "{clipped}");
    }
}
