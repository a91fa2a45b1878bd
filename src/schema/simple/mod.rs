//! Simple types (XML Schema Part 2) and what they say of a text: valid or not, equal or not, its form in JSON.
//!
//! [`SimpleTypes`] is an arena; the built-in types stand first. Types are derived at load, with faulty facets
//! left out and reported; [`SimpleTypes::check`] judges values. A decimal never passes through a float.
//! Knows prefixes only by [`Prefixes`]; nothing of elements, attributes or places in documents.

pub mod base64;
mod binary;
mod builtin;
mod check;
mod decimal;
mod derive;
mod duration;
mod facet;
mod fault;
mod json;
mod lexical;
mod moment;
pub mod names;
mod ordered;
mod quick;
mod space;

use std::sync::OnceLock;

use crate::xml::name::Symbol;
use crate::xml::name::Symbols;
use crate::xml::name::XSD_NS;

pub use crate::schema::simple::builtin::Builtin;
pub use crate::schema::simple::check::Checked;
pub use crate::schema::simple::check::Lookup;
pub use crate::schema::simple::check::Prefixes;
pub use crate::schema::simple::facet::Bound;
pub use crate::schema::simple::facet::Enumeration;
pub use crate::schema::simple::facet::FacetEffect;
pub use crate::schema::simple::facet::FacetFault;
pub use crate::schema::simple::facet::FacetKind;
pub use crate::schema::simple::facet::FacetSpec;
pub use crate::schema::simple::facet::Facets;
pub use crate::schema::simple::facet::WhiteSpace;
pub use crate::schema::simple::fault::ValueFault;
pub use crate::schema::simple::json::JsonForm;
pub use crate::schema::simple::json::NumberFault;
pub use crate::schema::simple::json::number_from_json;
pub use crate::schema::simple::json::number_to_json;
use crate::schema::simple::quick::Quick;
pub use crate::schema::simple::space::normalise;

/// A simple type. The first [`Builtin::COUNT`] are the built-in ones, see [`Builtin::id`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SimpleTypeId(pub u32);

impl SimpleTypeId {
    /// xs:anySimpleType.
    pub const ANY: Self = Builtin::AnySimpleType.id();
}

/// What a simple type is made of (Part 2, section 2.5.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Variety {
    /// One value. The built-in type is the nearest one in the derivation.
    Atomic(Builtin),
    /// Values of one type, separated by white space.
    List(SimpleTypeId),
    /// A value of the first of these that accepts it.
    Union(Vec<SimpleTypeId>),
}

/// A simple type definition.
#[derive(Clone, Debug)]
pub struct SimpleType {
    /// Expanded name; none for an anonymous type.
    pub name: Option<Symbol>,
    /// The type that it restricts; xs:anySimpleType for primitives, lists and unions.
    pub base: SimpleTypeId,
    /// What it is made of.
    pub variety: Variety,
    /// What is done with white space before anything else.
    pub white_space: WhiteSpace,
    /// All facets that hold.
    pub facets: Facets,
    /// How an atomic value stands in JSON, once it was asked for.
    form: OnceLock<JsonForm<'static>>,
    /// How its commonest texts are known, once it was asked for.
    quick: OnceLock<Quick>,
}

/// All simple types of a set of schemas.
#[derive(Clone, Debug)]
pub struct SimpleTypes {
    types: Vec<SimpleType>,
}

impl Default for SimpleTypes {
    fn default() -> Self {
        Self::new()
    }
}

impl SimpleTypes {
    /// The built-in types.
    #[must_use]
    pub fn new() -> Self {
        Self { types: Builtin::all().map(derive::builtin).collect() }
    }

    /// The built-in types, with their names.
    #[must_use]
    pub fn with_names(symbols: &mut Symbols) -> Self {
        let mut types = Self::new();
        for (ty, builtin) in types.types.iter_mut().zip(Builtin::all()) {
            ty.name = Some(symbols.intern(XSD_NS, builtin.name()));
        }
        types
    }

    /// The type with this number.
    #[must_use]
    pub fn get(&self, id: SimpleTypeId) -> &SimpleType {
        self.types.get(id.0 as usize).unwrap_or(&self.types[0])
    }

    /// How many there are, the built-in ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Never true: the built-in types are always there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The numbers of all types.
    pub fn ids(&self) -> impl Iterator<Item = SimpleTypeId> + use<> {
        (0..u32::try_from(self.types.len()).unwrap_or(u32::MAX)).map(SimpleTypeId)
    }

    /// A number for a type that is defined later; until then it is xs:anySimpleType.
    pub fn reserve(&mut self, name: Option<Symbol>) -> SimpleTypeId {
        self.add(SimpleType { name, ..derive::builtin(Builtin::AnySimpleType) })
    }

    /// Adds a type by restriction. A faulty facet is left out and reported. `resolve` finds the namespace of a prefix
    /// (empty: the default one) where the facets are written.
    pub fn restrict(
        &mut self,
        base: SimpleTypeId,
        facets: &[FacetSpec],
        name: Option<Symbol>,
        resolve: &dyn Fn(&str) -> Option<String>,
    ) -> (SimpleTypeId, Vec<FacetFault>) {
        let id = self.reserve(name);
        let faults = self.define_restriction(id, base, facets, resolve);
        (id, faults)
    }

    /// Adds a list type.
    pub fn list(&mut self, item: SimpleTypeId, name: Option<Symbol>) -> SimpleTypeId {
        let id = self.reserve(name);
        self.define_list(id, item);
        id
    }

    /// Adds a union type.
    pub fn union(&mut self, members: Vec<SimpleTypeId>, name: Option<Symbol>) -> SimpleTypeId {
        let id = self.reserve(name);
        self.define_union(id, members);
        id
    }

    /// Makes a reserved number a restriction. Its base must be defined before it, and for enumerations the items and
    /// members of the base too.
    pub fn define_restriction(
        &mut self,
        id: SimpleTypeId,
        base: SimpleTypeId,
        facets: &[FacetSpec],
        resolve: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<FacetFault> {
        let (ty, faults) = derive::restriction(self, base, facets, resolve);
        self.define(id, ty);
        faults
    }

    /// Makes a reserved number a list.
    pub fn define_list(&mut self, id: SimpleTypeId, item: SimpleTypeId) {
        self.define(id, derive::constructed(Variety::List(item), WhiteSpace::Collapse));
    }

    /// Makes a reserved number a union.
    pub fn define_union(&mut self, id: SimpleTypeId, members: Vec<SimpleTypeId>) {
        self.define(id, derive::constructed(Variety::Union(members), WhiteSpace::Preserve));
    }

    /// Whether `derived` is `base` or validly derived from it (Part 1, section 3.14.6): by restriction, or as a member of
    /// a union without facets.
    #[must_use]
    pub fn derives_from(&self, derived: SimpleTypeId, base: SimpleTypeId) -> bool {
        self.derives_within(derived, base, self.types.len())
    }

    /// The built-in type that a number stands for, or that an atomic type is derived from; none for lists and unions.
    #[must_use]
    pub fn builtin(&self, id: SimpleTypeId) -> Option<Builtin> {
        match &self.get(id).variety {
            Variety::Atomic(builtin) => Some(*builtin),
            Variety::List(_) | Variety::Union(_) => None,
        }
    }

    /// The values of an enumeration, as written.
    #[must_use]
    pub fn enumeration(&self, id: SimpleTypeId) -> Option<&[std::sync::Arc<str>]> {
        self.get(id).facets.enumeration.as_ref().map(|one| &*one.values)
    }

    fn derives_within(&self, derived: SimpleTypeId, base: SimpleTypeId, mut budget: usize) -> bool {
        if base == SimpleTypeId::ANY {
            return true;
        }
        let mut at = derived;
        while at != base {
            let up = self.get(at).base;
            if up == at || budget == 0 {
                let Variety::Union(members) = &self.get(base).variety else { return false };
                let plain = self.get(base).facets.is_empty();
                return plain && budget > 0 && members.iter().any(|one| self.derives_within(derived, *one, budget - 1));
            }
            at = up;
            budget -= 1;
        }
        true
    }

    fn add(&mut self, ty: SimpleType) -> SimpleTypeId {
        let id = SimpleTypeId(u32::try_from(self.types.len()).unwrap_or(u32::MAX));
        self.types.push(ty);
        id
    }

    fn define(&mut self, id: SimpleTypeId, ty: SimpleType) {
        if let Some(slot) = self.types.get_mut(id.0 as usize) {
            *slot = SimpleType { name: slot.name, ..ty };
        }
    }
}
