//! Element declarations as written (section 3.3.2).

use std::sync::Arc;

use roxmltree::Node;

use crate::schema::form::ValueConstraint;
use crate::schema::syntax::ElementDecl;
use crate::schema::syntax::Reader;
use crate::schema::syntax::TypeDecl;
use crate::schema::syntax::TypeUse;
use crate::schema::syntax::reader::documentation;
use crate::schema::syntax::vocabulary::xsd_name;
use crate::xml::name::Symbol;
use crate::xml::tree::Plain;

impl Reader<'_> {
    /// A global element declaration.
    pub(crate) fn global_element(&mut self, node: Node<'_, '_>, name: Symbol) -> ElementDecl {
        self.check_attributes(
            node,
            &["name", "type", "substitutionGroup", "nillable", "abstract", "default", "fixed", "block", "final", "id"],
        );
        let mut decl = self.element(node, name);
        decl.substitution = self.reference(node, "substitutionGroup");
        decl.is_abstract = self.flag(node, "abstract").unwrap_or(false);
        decl
    }

    /// A local element declaration that is no reference.
    pub(crate) fn local_element(&mut self, node: Node<'_, '_>, local: &str) -> ElementDecl {
        self.check_attributes(node, &["name", "type", "minOccurs", "maxOccurs", "nillable", "default", "fixed", "block", "form", "id"]);
        let qualified = match node.plain("form").map(str::trim) {
            Some("qualified") => true,
            Some("unqualified") => false,
            Some(_) | None => self.qualified_elements,
        };
        let ns = if qualified { self.target.clone() } else { "".into() };
        let name = self.symbols.intern(&ns, local);
        self.element(node, name)
    }

    fn element(&mut self, node: Node<'_, '_>, name: Symbol) -> ElementDecl {
        ElementDecl {
            name,
            ty: self.element_type(node),
            substitution: None,
            nillable: self.flag(node, "nillable").unwrap_or(false),
            is_abstract: false,
            value: value_constraint(node),
            block: self.derivation_set(node, "block", self.block_default),
            identity: self.identity_constraints(node).into_iter().map(Arc::new).collect(),
            place: self.place(node),
            documentation: documentation(node),
        }
    }

    fn element_type(&mut self, node: Node<'_, '_>) -> TypeUse {
        let mut inline = TypeUse::Absent;
        for child in node.children().filter(Node::is_element) {
            match xsd_name(child) {
                Some("annotation" | "key" | "keyref" | "unique") => {}
                Some("complexType") => {
                    if let Some(ty) = self.deeper(child, |reader| reader.complex_type(child)) {
                        inline = TypeUse::Inline(Box::new(TypeDecl::Complex(ty)));
                    }
                }
                Some("simpleType") => {
                    if let Some(ty) = self.deeper(child, |reader| reader.simple_type(child)) {
                        inline = TypeUse::Inline(Box::new(TypeDecl::Simple(ty)));
                    }
                }
                Some(_) | None => self.unknown_element(child),
            }
        }
        match self.reference(node, "type") {
            Some(named) => {
                if matches!(inline, TypeUse::Inline(_)) {
                    self.warn("two-types", node, "an element has type= and a type inside; type= counts".into());
                }
                TypeUse::Named(named)
            }
            None => inline,
        }
    }
}

/// `default` or `fixed`, as written.
pub(crate) fn value_constraint(node: Node<'_, '_>) -> Option<ValueConstraint> {
    match (node.plain("fixed"), node.plain("default")) {
        (Some(fixed), _) => Some(ValueConstraint::Fixed(fixed.into())),
        (None, Some(default)) => Some(ValueConstraint::Default(default.into())),
        (None, None) => None,
    }
}
