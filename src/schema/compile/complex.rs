//! Complex types: their own parts first, then what they inherit, base types before derived ones.

use crate::schema::compile::Compiler;
use crate::schema::compile::Draft;
use crate::schema::compile::Stage;
use crate::schema::compile::fault;
use crate::schema::compile::next_complex;
use crate::schema::compile::number;
use crate::schema::form::ComplexType;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::Derivation;
use crate::schema::form::ElementId;
use crate::schema::form::Fault;
use crate::schema::form::TypeId;
use crate::schema::syntax::ComplexDecl;
use crate::schema::syntax::ContentDecl;
use crate::xml::name::Symbol;

impl<'r> Compiler<'r> {
    /// Gives a complex type its number.
    pub(super) fn declare_complex(&mut self, decl: &'r ComplexDecl, name: Option<Symbol>, owner: Option<ElementId>) -> ComplexTypeId {
        let id = next_complex(&self.complex);
        self.complex.push(ComplexType {
            name,
            owner,
            base: Some(TypeId::ANY),
            derivation: decl.derivation,
            is_abstract: decl.is_abstract,
            block: decl.block,
            mixed: decl.mixed,
            content: Content::Empty,
            attributes: Vec::new(),
            any_attribute: None,
            derived: Vec::new(),
            place: Some(decl.place),
            documentation: decl.documentation.clone(),
            broken: Vec::new(),
        });
        self.drafts.push(Draft { decl: Some(decl), tree: None, stage: Stage::Read });
        id
    }

    /// Reads the own group of every complex type; the anonymous types met on the way get in line.
    pub(super) fn read_drafts(&mut self) {
        let mut at = 0;
        while let Some(draft) = self.drafts.get(at) {
            if let Some(ComplexDecl { content: ContentDecl::Complex(Some(particle)), .. }) = draft.decl {
                let mut faults = Vec::new();
                let tree = self.tree(particle, 0, &mut faults).filter(|tree| !tree.is_empty());
                self.drafts[at].tree = tree;
                self.complex[at].broken.extend(faults);
            }
            at += 1;
        }
    }

    /// Works out content and attributes of every complex type.
    pub(super) fn resolve_complex_types(&mut self) {
        for at in 0..self.drafts.len() {
            let mut stack = vec![ComplexTypeId(number(at))];
            while let Some(id) = stack.last().copied() {
                let index = id.0 as usize;
                if self.drafts[index].stage == Stage::Resolved {
                    stack.pop();
                    continue;
                }
                let (base, broken) = self.base_of(id);
                if let TypeId::Complex(base) = base
                    && self.drafts[base.0 as usize].stage == Stage::Read
                    && base != id
                {
                    self.drafts[index].stage = Stage::Underway;
                    stack.push(base);
                    continue;
                }
                self.resolve_complex_type(id, base, broken);
                stack.pop();
            }
        }
    }

    /// The base of a type; xs:anyType with a fault if it is unknown or leads back to the type.
    fn base_of(&self, id: ComplexTypeId) -> (TypeId, Option<Fault>) {
        let Some(reference) = self.drafts[id.0 as usize].decl.and_then(|decl| decl.base) else {
            return (TypeId::ANY, None);
        };
        match self.find_type(reference) {
            Ok(TypeId::Complex(base)) if base == id || self.drafts[base.0 as usize].stage == Stage::Underway => {
                let message = format!("the type {} is derived from itself", self.symbols.name(reference.name));
                (TypeId::ANY, Some(fault("circular-type", reference.place, message)))
            }
            Ok(base) => (base, None),
            Err(fault) => (TypeId::ANY, Some(fault)),
        }
    }

    fn resolve_complex_type(&mut self, id: ComplexTypeId, base: TypeId, broken: Option<Fault>) {
        let index = id.0 as usize;
        self.drafts[index].stage = Stage::Resolved;
        let Some(decl) = self.drafts[index].decl else {
            return;
        };
        let known_base = broken.is_none();
        self.complex[index].base = Some(base);
        self.complex[index].broken.extend(broken);
        match &decl.content {
            ContentDecl::Simple(restriction) => self.simple_content(id, base, decl, restriction),
            ContentDecl::Complex(_) => match decl.derivation {
                Derivation::Extension if known_base => self.extend_content(id, base),
                Derivation::Extension | Derivation::Restriction => {}
            },
        }
        self.resolve_attributes(id, base, decl);
    }
}
