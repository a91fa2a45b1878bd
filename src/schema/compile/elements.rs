//! Element declarations and references to them.

use crate::schema::compile::Compiler;
use crate::schema::compile::fault;
use crate::schema::compile::number;
use crate::schema::compile::rivalry;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::DerivationSet;
use crate::schema::form::Element;
use crate::schema::form::ElementId;
use crate::schema::form::Fault;
use crate::schema::form::TypeId;
use crate::schema::syntax::ElementDecl;
use crate::schema::syntax::Ref;
use crate::schema::syntax::TypeDecl;
use crate::schema::syntax::TypeUse;
use crate::xml::name::Symbol;

impl<'r> Compiler<'r> {
    /// Gives every global element its number, then its type.
    pub(super) fn declare_elements(&mut self) {
        let list = &self.registry.elements.list;
        let first = self.elements.len();
        for top in list {
            let id = self.push_element(Element { global: true, broken: rivalry(top).into_iter().collect(), ..blank(top.name) });
            self.global_elements.insert(top.name, id);
        }
        for (at, top) in list.iter().enumerate() {
            let id = ElementId(number(first + at));
            self.fill_element(id, &top.decl);
            if let Some(head) = top.decl.substitution {
                self.heads.push((id, head));
            }
        }
    }

    /// A local element declaration.
    pub(super) fn local_element(&mut self, decl: &'r ElementDecl) -> ElementId {
        let id = self.push_element(blank(decl.name));
        self.fill_element(id, decl);
        id
    }

    /// The element that a reference means. One that is unknown is declared with any content, and a fault.
    pub(super) fn element_reference(&mut self, reference: Ref) -> ElementId {
        if let Some(id) = self.global_elements.get(&reference.name) {
            return *id;
        }
        let broken = vec![self.unknown("unknown-element", "element", reference)];
        self.push_element(Element { place: Some(reference.place), broken, ..blank(reference.name) })
    }

    /// Adds a declaration.
    pub(super) fn push_element(&mut self, element: Element) -> ElementId {
        self.elements.push(element);
        ElementId(number(self.elements.len() - 1))
    }

    fn fill_element(&mut self, id: ElementId, decl: &'r ElementDecl) {
        let (ty, broken) = self.element_type(id, decl);
        if let Some(element) = self.elements.get_mut(id.0 as usize) {
            element.ty = ty;
            element.is_abstract = decl.is_abstract;
            element.nillable = decl.nillable;
            element.value.clone_from(&decl.value);
            element.block = decl.block;
            element.identity.clone_from(&decl.identity);
            element.place = Some(decl.place);
            element.documentation.clone_from(&decl.documentation);
            element.broken.extend(broken);
        }
    }

    fn element_type(&mut self, id: ElementId, decl: &'r ElementDecl) -> (TypeId, Option<Fault>) {
        match &decl.ty {
            TypeUse::Absent => {
                if decl.substitution.is_some() {
                    self.untyped.push(id);
                }
                (TypeId::ANY, None)
            }
            TypeUse::Named(reference) => match self.find_type(*reference) {
                Ok(ty) => (ty, None),
                Err(fault) => (TypeId::ANY, Some(fault)),
            },
            TypeUse::Inline(ty) => match &**ty {
                TypeDecl::Simple(decl) => (TypeId::Simple(self.declare_simple(decl, None)), None),
                TypeDecl::Complex(decl) => (TypeId::Complex(self.declare_complex(decl, None, Some(id))), None),
            },
        }
    }

    /// Elements without a type of their own have that of the head of their substitution group.
    pub(super) fn resolve_element_types(&mut self) {
        let heads: std::collections::HashMap<ElementId, Ref> = self.heads.iter().copied().collect();
        let untyped: std::collections::HashSet<ElementId> = self.untyped.iter().copied().collect();
        for id in std::mem::take(&mut self.untyped) {
            let mut at = id;
            let mut steps = 0;
            while untyped.contains(&at) && steps <= heads.len() {
                let Some(head) = heads.get(&at).and_then(|head| self.global_elements.get(&head.name)) else {
                    break;
                };
                at = *head;
                steps += 1;
            }
            let ty = self.elements.get(at.0 as usize).map_or(TypeId::ANY, |head| head.ty);
            let place = heads.get(&id).map(|head| head.place);
            if let Some(element) = self.elements.get_mut(id.0 as usize) {
                element.ty = ty;
                if steps > heads.len() {
                    element.broken.push(fault("circular-substitution", place, "the substitution group leads back to itself"));
                }
            }
        }
    }
}

/// A declaration that says nothing but its name.
pub(super) fn blank(name: Symbol) -> Element {
    Element {
        name,
        ty: TypeId::Complex(ComplexTypeId::ANY),
        global: false,
        is_abstract: false,
        nillable: false,
        value: None,
        members: Vec::new(),
        block: DerivationSet::default(),
        identity: Vec::new(),
        place: None,
        documentation: None,
        broken: Vec::new(),
    }
}
