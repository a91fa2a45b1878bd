//! How deep the smallest instance of each declaration is: what recursion is steered home by.
//!
//! A declaration without a finite instance (or a broken one) has none. Depths are found by going over all types until
//! nothing changes; each round settles at least one, and real schemas need less than ten.

use crate::instance::open::admits;
use crate::schema::form::ComplexType;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::Element;
use crate::schema::form::ElementId;
use crate::schema::form::Fault;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::ProcessContents;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::schema::form::Wildcard;

/// The least depths of a schema's declarations.
#[derive(Clone, Debug)]
pub struct Depths {
    /// By complex type, of its content; abstract types too, as if they were not.
    types: Vec<Option<u32>>,
}

impl Depths {
    /// Goes over a schema.
    #[must_use]
    pub fn of(schema: &Schema) -> Self {
        let mut depths = Self { types: vec![None; schema.complex.len()] };
        loop {
            let round: Vec<_> = schema.complex.iter().map(|ty| depths.content(schema, ty)).collect();
            if round == depths.types {
                return depths;
            }
            depths.types = round;
        }
    }

    /// Of the content of a complex type that is used as such.
    #[must_use]
    pub fn complex(&self, id: ComplexTypeId) -> Option<u32> {
        self.types.get(id.0 as usize).copied().flatten()
    }

    /// Of an element that stands in a document itself: by its type, or the best of the types derived from it.
    #[must_use]
    pub fn element(&self, schema: &Schema, id: ElementId) -> Option<u32> {
        let element = schema.element(id);
        if element.is_abstract || is_broken(&element.broken) {
            return None;
        }
        if element.nillable {
            return Some(0);
        }
        match element.ty {
            TypeId::Simple(_) => Some(0),
            TypeId::Complex(ty) => self.usable(schema, element, ty).into_iter().filter_map(|ty| self.complex(ty)).min(),
        }
    }

    /// The types that an element of this declared type may have in a document: itself and those derived from it, abstract, blocked
    /// and endless ones left out.
    #[must_use]
    pub fn usable(&self, schema: &Schema, element: &Element, declared: ComplexTypeId) -> Vec<ComplexTypeId> {
        let derived = schema.complex(declared).derived.iter().copied().filter(|ty| !blocked(schema, element, declared, *ty));
        let all = std::iter::once(declared).chain(derived);
        all.filter(|ty| !schema.complex(*ty).is_abstract && self.complex(*ty).is_some()).collect()
    }

    /// Of a particle with its occurrence.
    #[must_use]
    pub fn particle(&self, schema: &Schema, model: &Model, id: ParticleId) -> Option<u32> {
        if model.particle(id).min == 0 { Some(0) } else { self.term(schema, model, id) }
    }

    /// Of a particle that occurs.
    #[must_use]
    pub fn term(&self, schema: &Schema, model: &Model, id: ParticleId) -> Option<u32> {
        match &model.particle(id).term {
            Term::Element(element) => {
                let all = std::iter::once(*element).chain(schema.element(*element).members.iter().copied());
                all.filter_map(|element| self.element(schema, element)).min().map(|depth| depth + 1)
            }
            Term::Wildcard(wildcard) => self.wildcard(schema, wildcard),
            Term::Sequence(children) | Term::All(children) => {
                children.iter().map(|child| self.particle(schema, model, *child)).try_fold(0, |most, depth| Some(most.max(depth?)))
            }
            Term::Choice(children) => children.iter().filter_map(|child| self.particle(schema, model, *child)).min(),
        }
    }

    fn wildcard(&self, schema: &Schema, wildcard: &Wildcard) -> Option<u32> {
        match wildcard.process {
            ProcessContents::Lax | ProcessContents::Skip => Some(1),
            ProcessContents::Strict => {
                let admitted = schema.global_elements.iter().filter(|(name, _)| admits(schema, wildcard, **name));
                admitted.filter_map(|(_, element)| self.element(schema, *element)).min().map(|depth| depth + 1)
            }
        }
    }

    fn content(&self, schema: &Schema, ty: &ComplexType) -> Option<u32> {
        if is_broken(&ty.broken) {
            return None;
        }
        match &ty.content {
            Content::Empty | Content::Simple(_) => Some(0),
            Content::Elements(model) => self.particle(schema, model, ParticleId::ROOT),
        }
    }
}

/// Whether faults leave a declaration without a form that can be relied on. What was written twice or in contradiction to itself
/// has one: that which castile goes by.
fn is_broken(faults: &[Fault]) -> bool {
    faults.iter().any(|fault| !matches!(fault.code, "duplicate-component" | "illegal-occurrence"))
}

/// Whether xsi:type may not name `derived` where `declared` is asked for (Part 1, section 3.4.6, Type Derivation OK).
fn blocked(schema: &Schema, element: &Element, declared: ComplexTypeId, derived: ComplexTypeId) -> bool {
    use crate::schema::form::Derivation;
    let own = schema.complex(declared).block;
    let (no_extension, no_restriction) = (element.block.extension || own.extension, element.block.restriction || own.restriction);
    let mut at = derived;
    // A chain of bases is at most as long as there are types.
    for _ in 0..schema.complex.len() {
        if at == declared {
            return false;
        }
        let ty = schema.complex(at);
        match ty.derivation {
            Derivation::Extension if no_extension => return true,
            Derivation::Restriction if no_restriction => return true,
            Derivation::Extension | Derivation::Restriction => {}
        }
        match ty.base {
            Some(TypeId::Complex(base)) => at = base,
            Some(TypeId::Simple(_)) | None => return true,
        }
    }
    true
}
