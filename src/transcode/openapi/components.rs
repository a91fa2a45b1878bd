//! The components of a document and what they are called.
//!
//! A component is asked for by what it describes, found or begun, and described when its turn comes: types refer to each
//! other in circles. Names are given at the end: named types first, then elements, then what stands inside others.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use crate::schema::form::Element;
use crate::schema::form::Schema;
use crate::transcode::openapi::node::ComponentId;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::shape::typenames::free;

/// What a component would like to be called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Wish {
    /// As a named type in `$type`.
    Type(Arc<str>),
    /// The same, for the form with `$type`: the type's own name if nobody else has it.
    Tagged(Arc<str>),
    /// As an element: its local name, or with its prefix where elements share the local name.
    Element { local: String, prefixed: String },
    /// `Parent.name`.
    Inside(ComponentId, String),
    /// A name of the document's own.
    Own(&'static str),
}

impl Wish {
    /// The wish to be called as an element.
    pub(super) fn element(schema: &Schema, declared: &Element) -> Self {
        let name = schema.symbols.name(declared.name);
        let (ns, local) = (name.ns.as_str(), name.local.as_str().to_owned());
        let prefixed = match schema.prefix(ns) {
            Some(prefix) if !ns.is_empty() => format!("{prefix}.{local}"),
            Some(_) | None => local.clone(),
        };
        Self::Element { local, prefixed }
    }
}

/// All components.
#[derive(Debug, Default)]
pub(super) struct Components {
    entries: Vec<(Wish, Node)>,
}

impl Components {
    /// A new one, to be described.
    pub(super) fn begin(&mut self, wish: Wish) -> ComponentId {
        let id = ComponentId(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        self.entries.push((wish, Node::Bool(true)));
        id
    }

    /// Describes one that was begun.
    pub(super) fn describe(&mut self, id: ComponentId, node: impl Into<Node>) {
        if let Some((_, slot)) = self.entries.get_mut(id.0 as usize) {
            *slot = node.into();
        }
    }

    /// The object of all components by name, and their names by number.
    pub(super) fn finish(self) -> (Object, Vec<String>) {
        let wishes: Vec<Wish> = self.entries.iter().map(|(wish, _)| wish.clone()).collect();
        let names = names(&wishes);
        let mut schemas = Object::default();
        for (number, (_, node)) in (0..).zip(self.entries) {
            schemas.push_component(ComponentId(number), node);
        }
        (schemas, names)
    }
}

/// A name for each wish, unlike all others, letter case aside.
fn names(wishes: &[Wish]) -> Vec<String> {
    let mut names = vec![String::new(); wishes.len()];
    let mut taken = HashSet::new();
    let mut locals: HashMap<&str, HashSet<&str>> = HashMap::new();
    for wish in wishes {
        if let Wish::Element { local, prefixed } = wish {
            locals.entry(local).or_default().insert(prefixed);
        }
    }
    let rank = |wish: &Wish| match wish {
        Wish::Type(_) => 0,
        Wish::Tagged(_) => 1,
        Wish::Element { .. } => 2,
        Wish::Inside(..) | Wish::Own(_) => 3,
    };
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|at| wishes.get(*at).map(rank));
    for at in order {
        let Some(wish) = wishes.get(at) else { continue };
        let wanted = match wish {
            Wish::Type(name) => name.to_string(),
            Wish::Tagged(name) if taken.contains(&legal(name).to_lowercase()) => format!("{name}.typed"),
            Wish::Tagged(name) => name.to_string(),
            Wish::Element { local, prefixed } => {
                let alone = locals.get(local.as_str()).is_none_or(|all| all.len() < 2);
                if alone { local.clone() } else { prefixed.clone() }
            }
            Wish::Inside(parent, name) => format!("{}.{name}", names.get(parent.0 as usize).map_or("", String::as_str)),
            Wish::Own(name) => (*name).to_owned(),
        };
        if let Some(slot) = names.get_mut(at) {
            *slot = free(&mut taken, legal(&wanted));
        }
    }
    names
}

/// The name with the characters that the name of a component may have (OpenAPI 3.1 section 4.8.7.1).
pub(super) fn legal(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(prefix: &str, local: &str) -> Wish {
        Wish::Element { local: local.to_owned(), prefixed: format!("{prefix}.{local}") }
    }

    #[test]
    fn types_come_before_elements_and_these_before_what_stands_inside() {
        let wishes = [
            Wish::Own("Order"),
            Wish::Inside(ComponentId(2), "item".to_owned()),
            element("a", "order"),
            Wish::Type("Order".into()),
            Wish::Tagged("Order".into()),
            Wish::Tagged("Cat".into()),
            Wish::Type("Ávila".into()),
        ];
        assert_eq!(names(&wishes), ["Order_3", "order_2.item", "order_2", "Order", "Order.typed", "Cat", "_vila"]);
    }

    #[test]
    fn elements_that_share_a_local_name_go_by_their_prefix() {
        assert_eq!(names(&[element("a", "Ref"), element("b", "Ref"), element("a", "Other")]), ["a.Ref", "b.Ref", "Other"]);
    }
}
