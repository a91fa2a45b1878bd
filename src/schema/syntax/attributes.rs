//! Attribute declarations, their uses and groups as written (sections 3.2, 3.5 and 3.6).

use std::sync::Arc;

use roxmltree::Node;

use crate::schema::syntax::AttributeDecl;
use crate::schema::syntax::AttributeGroupDecl;
use crate::schema::syntax::AttributeItem;
use crate::schema::syntax::AttributeTarget;
use crate::schema::syntax::AttributeUseDecl;
use crate::schema::syntax::AttributesDecl;
use crate::schema::syntax::Presence;
use crate::schema::syntax::Reader;
use crate::schema::syntax::SimpleUse;
use crate::schema::syntax::declarations::value_constraint;
use crate::schema::syntax::reader::documentation;
use crate::schema::syntax::vocabulary::is_xsd;
use crate::schema::syntax::vocabulary::xsd_name;
use crate::xml::name::Symbol;
use crate::xml::tree::Plain;

impl Reader<'_> {
    /// A named attribute group.
    pub(crate) fn attribute_group(&mut self, node: Node<'_, '_>) -> AttributeGroupDecl {
        self.check_attributes(node, &["name", "id"]);
        let mut attributes = AttributesDecl::default();
        for child in node.children().filter(Node::is_element) {
            if !is_xsd(child, "annotation") && !self.attribute_item(child, &mut attributes) {
                self.unknown_element(child);
            }
        }
        AttributeGroupDecl { attributes }
    }

    /// Takes a child that is about attributes; false if it is not.
    pub(crate) fn attribute_item(&mut self, node: Node<'_, '_>, into: &mut AttributesDecl) -> bool {
        match xsd_name(node) {
            Some("attribute") => into.items.extend(self.attribute_use(node).map(AttributeItem::Use)),
            Some("attributeGroup") => {
                self.check_attributes(node, &["ref", "id"]);
                into.items.extend(self.reference(node, "ref").map(AttributeItem::Group));
            }
            Some("anyAttribute") => {
                self.check_attributes(node, &["namespace", "processContents", "id"]);
                into.any = Some(self.wildcard(node));
            }
            Some(_) | None => return false,
        }
        true
    }

    fn attribute_use(&mut self, node: Node<'_, '_>) -> Option<AttributeUseDecl> {
        let presence = match node.plain("use").map(str::trim) {
            None | Some("optional") => Presence::Optional,
            Some("required") => Presence::Required,
            Some("prohibited") => Presence::Prohibited,
            Some(other) => {
                self.warn("unknown-use", node, format!("use {other:?} is taken as optional"));
                Presence::Optional
            }
        };
        let value = value_constraint(node);
        if let Some(target) = self.reference(node, "ref") {
            self.check_attributes(node, &["ref", "use", "default", "fixed", "id"]);
            return Some(AttributeUseDecl { what: AttributeTarget::Ref(target), presence, value });
        }
        let Some(local) = node.plain("name").map(str::trim).filter(|name| !name.is_empty()) else {
            self.warn("unnamed-component", node, "an attribute with neither name nor ref is ignored".into());
            return None;
        };
        let qualified = match node.plain("form").map(str::trim) {
            Some("qualified") => true,
            Some("unqualified") => false,
            Some(_) | None => self.qualified_attributes,
        };
        let ns = if qualified { self.target.clone() } else { "".into() };
        let name = self.symbols.intern(&ns, local);
        let decl = self.attribute_declaration(node, name);
        Some(AttributeUseDecl { what: AttributeTarget::Local(Arc::new(decl)), presence, value })
    }

    /// An attribute declaration, global or local.
    pub(crate) fn attribute_declaration(&mut self, node: Node<'_, '_>, name: Symbol) -> AttributeDecl {
        self.check_attributes(node, &["name", "type", "use", "default", "fixed", "form", "id"]);
        let mut ty = None;
        for child in node.children().filter(Node::is_element) {
            match xsd_name(child) {
                Some("annotation") => {}
                Some("simpleType") => {
                    let inline = self.deeper(child, |reader| reader.simple_type(child));
                    ty = inline.map(|decl| SimpleUse::Inline(Box::new(decl)));
                }
                Some(_) | None => self.unknown_element(child),
            }
        }
        if let Some(named) = self.reference(node, "type") {
            ty = Some(SimpleUse::Named(named));
        }
        AttributeDecl { name, ty, value: value_constraint(node), place: self.place(node), documentation: documentation(node) }
    }
}
