//! What is known without any schema document: the built-in types, `xml:` attributes, xs:schema itself.

use std::sync::Arc;

use crate::schema::compile::Compiler;
use crate::schema::compile::Draft;
use crate::schema::compile::Stage;
use crate::schema::compile::attributes::undeclared;
use crate::schema::compile::elements::blank;
use crate::schema::compile::tree::Branch;
use crate::schema::compile::tree::Tree;
use crate::schema::form::Attribute;
use crate::schema::form::ComplexType;
use crate::schema::form::Content;
use crate::schema::form::Derivation;
use crate::schema::form::DerivationSet;
use crate::schema::form::Element;
use crate::schema::form::NamespaceConstraint;
use crate::schema::form::ProcessContents;
use crate::schema::form::TypeId;
use crate::schema::form::Wildcard;
use crate::schema::simple::Builtin;
use crate::schema::simple::FacetKind;
use crate::schema::simple::FacetSpec;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::xml::name::Symbol;
use crate::xml::name::XML_NS;
use crate::xml::name::XSD_NS;

impl Compiler<'_> {
    /// Declares all that needs no document.
    pub(super) fn install_builtins(&mut self) {
        self.install_any_type();
        self.simple = SimpleTypes::with_names(&mut self.symbols);
        for builtin in Builtin::all() {
            let name = self.symbols.intern(XSD_NS, builtin.name());
            self.types.insert(name, TypeId::Simple(builtin.id()));
        }
        self.install_xml_attributes();
        // a DataSet of .NET refers to xs:schema and carries the schema in the message
        let schema = self.symbols.intern(XSD_NS, "schema");
        let id = self.push_element(Element { global: true, ..blank(schema) });
        self.global_elements.insert(schema, id);
    }

    fn install_any_type(&mut self) {
        let name = self.symbols.intern(XSD_NS, "anyType");
        let anything = Wildcard { namespaces: NamespaceConstraint::Any, process: ProcessContents::Lax };
        let leaf = Tree::new(0, None, Branch::Wildcard(Arc::new(anything.clone())), None);
        let tree = Tree::new(1, Some(1), Branch::Sequence(leaf.into_iter().collect()), None);
        self.complex.push(ComplexType {
            name: Some(name),
            owner: None,
            base: None,
            derivation: Derivation::Restriction,
            is_abstract: false,
            block: DerivationSet::default(),
            mixed: true,
            content: Content::Empty,
            attributes: Vec::new(),
            any_attribute: Some(anything),
            derived: Vec::new(),
            place: None,
            documentation: None,
            broken: Vec::new(),
        });
        self.drafts.push(Draft { decl: None, tree, stage: Stage::Resolved });
        self.types.insert(name, TypeId::ANY);
    }

    /// xml:lang, xml:space, xml:base and xml:id, as the schema of the XML namespace declares them.
    fn install_xml_attributes(&mut self) {
        let no_prefixes = |_: &str| None;
        let enumeration = |value: &str| FacetSpec { kind: FacetKind::Enumeration, value: value.to_owned() };
        let (empty, _) = self.simple.restrict(Builtin::String.id(), &[enumeration("")], None, &no_prefixes);
        let lang = self.simple.union(vec![Builtin::Language.id(), empty], None);
        let spaces = [enumeration("default"), enumeration("preserve")];
        let (space, _) = self.simple.restrict(Builtin::NcName.id(), &spaces, None, &no_prefixes);
        let types: [(&str, SimpleTypeId); 4] = [("lang", lang), ("space", space), ("base", Builtin::AnyUri.id()), ("id", Builtin::Id.id())];
        for (local, ty) in types {
            let name = self.symbols.intern(XML_NS, local);
            let id = self.push_attribute(Attribute { ty, ..undeclared(name) });
            self.global_attributes.insert(name, id);
        }
    }

    /// Whether an attribute is one of those that need no document.
    pub(super) fn is_builtin_attribute(&self, name: Symbol) -> bool {
        self.symbols.name(name).ns.as_str() == XML_NS
    }
}
