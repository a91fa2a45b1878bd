//! Simple type definitions as written (section 3.14.2).

use roxmltree::Node;

use crate::schema::syntax::FacetDecl;
use crate::schema::syntax::Reader;
use crate::schema::syntax::Ref;
use crate::schema::syntax::SimpleBody;
use crate::schema::syntax::SimpleDecl;
use crate::schema::syntax::SimpleRestriction;
use crate::schema::syntax::SimpleUse;
use crate::schema::syntax::vocabulary::xsd_name;
use crate::xml::tree::Plain;

const FACETS: [&str; 12] = [
    "length",
    "minLength",
    "maxLength",
    "pattern",
    "enumeration",
    "whiteSpace",
    "maxInclusive",
    "maxExclusive",
    "minInclusive",
    "minExclusive",
    "totalDigits",
    "fractionDigits",
];

impl Reader<'_> {
    /// A simple type definition, named or not.
    pub(crate) fn simple_type(&mut self, node: Node<'_, '_>) -> SimpleDecl {
        self.check_attributes(node, &["name", "final", "id"]);
        let mut body = None;
        for child in node.children().filter(Node::is_element) {
            match xsd_name(child) {
                Some("annotation") => {}
                Some("restriction") => body = Some(SimpleBody::Restriction(self.simple_restriction(child))),
                Some("list") => body = self.list(child).map(SimpleBody::List).or(body),
                Some("union") => body = Some(SimpleBody::Union(self.union(child))),
                Some(_) | None => self.unknown_element(child),
            }
        }
        let body = body.unwrap_or_else(|| {
            self.warn("empty-simple-type", node, "a simple type without restriction, list or union admits any text".into());
            SimpleBody::Restriction(SimpleRestriction { base: None, facets: Vec::new(), prefixes: Vec::new() })
        });
        SimpleDecl { body, place: self.place(node) }
    }

    fn simple_restriction(&mut self, node: Node<'_, '_>) -> SimpleRestriction {
        self.check_attributes(node, &["base", "id"]);
        let mut restriction = SimpleRestriction { base: None, facets: Vec::new(), prefixes: Vec::new() };
        for child in node.children().filter(Node::is_element) {
            if !self.restriction_part(child, &mut restriction) {
                self.unknown_element(child);
            }
        }
        if let Some(base) = self.reference(node, "base") {
            restriction.base = Some(SimpleUse::Named(base));
        }
        restriction
    }

    /// Takes a facet or the base type written inside; false if the child is neither.
    pub(crate) fn restriction_part(&mut self, node: Node<'_, '_>, into: &mut SimpleRestriction) -> bool {
        let Some(name) = xsd_name(node) else {
            return false;
        };
        match name {
            "annotation" => {}
            "simpleType" => {
                let inline = self.deeper(node, |reader| reader.simple_type(node));
                into.base = inline.map(|decl| SimpleUse::Inline(Box::new(decl)));
            }
            _ if FACETS.contains(&name) => self.facet(node, name, into),
            _ => return false,
        }
        true
    }

    fn facet(&mut self, node: Node<'_, '_>, name: &str, into: &mut SimpleRestriction) {
        self.check_attributes(node, &["value", "fixed", "id"]);
        let Some(value) = node.plain("value") else {
            self.warn("facet-without-value", node, format!("{name} without a value is ignored"));
            return;
        };
        if name == "enumeration" {
            let prefix = value.trim().split_once(':').map_or("", |(prefix, _)| prefix);
            if !into.prefixes.iter().any(|(known, _)| known == prefix)
                && let Some(uri) = node.lookup_namespace_uri(Some(prefix).filter(|prefix| !prefix.is_empty()))
            {
                into.prefixes.push((prefix.to_owned(), uri.to_owned()));
            }
        }
        into.facets.push(FacetDecl { name: name.to_owned(), value: value.to_owned(), place: self.place(node) });
    }

    fn list(&mut self, node: Node<'_, '_>) -> Option<SimpleUse> {
        self.check_attributes(node, &["itemType", "id"]);
        if let Some(item) = self.reference(node, "itemType") {
            return Some(SimpleUse::Named(item));
        }
        let child = node.children().find(|child| xsd_name(*child) == Some("simpleType"))?;
        let inline = self.deeper(child, |reader| reader.simple_type(child))?;
        Some(SimpleUse::Inline(Box::new(inline)))
    }

    fn union(&mut self, node: Node<'_, '_>) -> Vec<SimpleUse> {
        self.check_attributes(node, &["memberTypes", "id"]);
        let place = self.attribute_place(node, "memberTypes");
        let mut members: Vec<SimpleUse> = Vec::new();
        for word in node.plain("memberTypes").unwrap_or("").split_ascii_whitespace() {
            members.push(SimpleUse::Named(Ref { name: self.expand(node, word, place), place }));
        }
        for child in node.children().filter(|child| xsd_name(*child) == Some("simpleType")) {
            let inline = self.deeper(child, |reader| reader.simple_type(child));
            members.extend(inline.map(|decl| SimpleUse::Inline(Box::new(decl))));
        }
        members
    }
}
