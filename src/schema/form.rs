//! The runtime form of a set of schemas: what the walker, the transcoder and the generator read.
//!
//! Immutable after compilation, indices into arenas instead of references (types are recursive).
//! Groups are expanded, occurrence is kept as written. Syntax, resolution and import do not reach here.
//! Section numbers are those of XML Schema Part 1: Structures (second edition).

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::Place;
use crate::schema::automaton::Automaton;
use crate::schema::identity::Constraint;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::xml::name::Symbol;
use crate::xml::name::Symbols;
use crate::xml::name::XSI_NS;

/// An element declaration, global or local.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ElementId(pub u32);

/// An attribute declaration, global or local.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct AttributeId(pub u32);

/// A complex type. [`ComplexTypeId::ANY`] is xs:anyType.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ComplexTypeId(pub u32);

impl ComplexTypeId {
    /// xs:anyType (section 3.4.7): mixed, any elements and attributes, laxly.
    pub const ANY: Self = Self(0);
}

/// A type definition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum TypeId {
    /// A simple type.
    Simple(SimpleTypeId),
    /// A complex type.
    Complex(ComplexTypeId),
}

impl TypeId {
    /// xs:anyType.
    pub const ANY: Self = Self::Complex(ComplexTypeId::ANY);
}

/// A set of schemas in runtime form.
#[derive(Debug)]
pub struct Schema {
    /// Every expanded name that the schemas mention: elements, attributes, types.
    pub symbols: Symbols,
    /// Those of the attributes that XML Schema itself defines.
    pub xsi: XsiNames,
    /// All simple types, built-in ones first.
    pub simple: SimpleTypes,
    /// What is wrong with simple types.
    pub simple_faults: HashMap<SimpleTypeId, Vec<Fault>>,
    /// All element declarations.
    pub elements: Vec<Element>,
    /// All attribute declarations.
    pub attributes: Vec<Attribute>,
    /// All complex types; the first is xs:anyType.
    pub complex: Vec<ComplexType>,
    /// Global element declarations by name.
    pub global_elements: HashMap<Symbol, ElementId>,
    /// Global attribute declarations by name.
    pub global_attributes: HashMap<Symbol, AttributeId>,
    /// Named type definitions by name, built-in ones included.
    pub global_types: HashMap<Symbol, TypeId>,
    /// Prefix for each namespace in names of the JSON mapping: `xml` for the XML namespace, else the first prefix bound
    /// in document order (WSDL root first, then schemas as loaded); taken or missing ones `ns1`, `ns2` ….
    pub prefixes: Vec<(Arc<str>, Arc<str>)>,
    /// Names of the parts that the members of a synthetic declaration stand for, in order.
    pub part_names: HashMap<ComplexTypeId, Vec<Arc<str>>>,
    /// Whether any element has identity constraints.
    pub has_identity: bool,
}

/// Symbols of attributes that XML Schema defines; [`Symbol::UNKNOWN`] where the schemas do not mention them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct XsiNames {
    /// xsi:type.
    pub ty: Symbol,
    /// xsi:nil.
    pub nil: Symbol,
}

impl XsiNames {
    /// Looks them up.
    #[must_use]
    pub fn of(symbols: &Symbols) -> Self {
        let find = |local| symbols.find(XSI_NS, local).unwrap_or(Symbol::UNKNOWN);
        Self { ty: find("type"), nil: find("nil") }
    }
}

/// An element declaration (section 3.3).
#[derive(Clone, Debug)]
pub struct Element {
    /// Expanded name.
    pub name: Symbol,
    /// Its type.
    pub ty: TypeId,
    /// Declared at the top of a schema.
    pub global: bool,
    /// Cannot stand in a document itself.
    pub is_abstract: bool,
    /// May be xsi:nil.
    pub nillable: bool,
    /// `default` or `fixed`.
    pub value: Option<ValueConstraint>,
    /// Members of its substitution group that may replace it, transitively, itself left out; abstract and blocked ones left out.
    pub members: Vec<ElementId>,
    /// Derivations that xsi:type may not use, and whether substitution is blocked.
    pub block: DerivationSet,
    /// Its identity constraints.
    pub identity: Vec<Arc<Constraint>>,
    /// Where it is declared.
    pub place: Option<Place>,
    /// Text of xs:documentation.
    pub documentation: Option<Arc<str>>,
    /// What is wrong with the declaration itself (an unknown type, an illegal facet …): the message depends on it.
    pub broken: Vec<Fault>,
}

/// `default` or `fixed` of an element or attribute, with the value as written, white space normalised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ValueConstraint {
    /// Stands for an empty element or an absent attribute.
    Default(Arc<str>),
    /// The only value allowed.
    Fixed(Arc<str>),
}

/// An attribute declaration (section 3.2).
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Expanded name.
    pub name: Symbol,
    /// Its type.
    pub ty: SimpleTypeId,
    /// `default` or `fixed` of the declaration.
    pub value: Option<ValueConstraint>,
    /// Where it is declared.
    pub place: Option<Place>,
    /// Text of xs:documentation.
    pub documentation: Option<Arc<str>>,
    /// What is wrong with the declaration itself; the types that use it carry it too.
    pub broken: Vec<Fault>,
}

/// An attribute use of a complex type (section 3.5); prohibited ones are left out.
#[derive(Clone, Debug)]
pub struct AttributeUse {
    /// The declaration.
    pub attribute: AttributeId,
    /// Expanded name, as in the declaration.
    pub name: Symbol,
    /// `use="required"`.
    pub required: bool,
    /// Of the use, else of the declaration.
    pub value: Option<ValueConstraint>,
}

/// How a type is derived from its base.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Derivation {
    /// By extension.
    Extension,
    /// By restriction (the ur-type is the base of all others).
    Restriction,
}

/// A set of derivation methods, of `block` and `final`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DerivationSet {
    /// `extension`.
    pub extension: bool,
    /// `restriction`.
    pub restriction: bool,
    /// `substitution`.
    pub substitution: bool,
}

/// A complex type definition (section 3.4).
#[derive(Clone, Debug)]
pub struct ComplexType {
    /// Expanded name; none for an anonymous type.
    pub name: Option<Symbol>,
    /// The element that holds an anonymous type.
    pub owner: Option<ElementId>,
    /// Base type; none for xs:anyType only.
    pub base: Option<TypeId>,
    /// How it is derived from its base.
    pub derivation: Derivation,
    /// Needs xsi:type in a document.
    pub is_abstract: bool,
    /// Derivations that xsi:type may not use.
    pub block: DerivationSet,
    /// Text beside elements is allowed.
    pub mixed: bool,
    /// What stands inside.
    pub content: Content,
    /// Attribute uses, inherited ones first.
    pub attributes: Vec<AttributeUse>,
    /// Attributes admitted beside the uses.
    pub any_attribute: Option<Wildcard>,
    /// Types derived from it, transitively, by extension or restriction: named ones only (xsi:type can name them).
    pub derived: Vec<ComplexTypeId>,
    /// Where it is declared.
    pub place: Option<Place>,
    /// Text of xs:documentation.
    pub documentation: Option<Arc<str>>,
    /// What is wrong with the type itself.
    pub broken: Vec<Fault>,
}

/// A fault of a component, by which the operations that reach it are degraded or refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Short identifier in kebab-case.
    pub code: &'static str,
    /// What is wrong; lowercase, no final dot.
    pub message: Arc<str>,
    /// The construct or reference that causes it.
    pub at: Option<Place>,
}

/// The content of a complex type.
#[derive(Clone, Debug)]
pub enum Content {
    /// Neither elements nor text (text where the type is mixed).
    Empty,
    /// Text of a simple type.
    Simple(SimpleTypeId),
    /// Elements by a model.
    Elements(Model),
}

/// An element content model: the particle tree as written, and its automaton.
#[derive(Clone, Debug)]
pub struct Model {
    /// Particles in document order of a walk from the root; the root is the first. An extension's root is a sequence of
    /// the base's root particle and its own (section 3.4.2).
    pub particles: Vec<Particle>,
    /// What decides on the next element.
    pub automaton: Automaton,
}

/// A particle of one [`Model`], by its index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ParticleId(pub u32);

impl ParticleId {
    /// The outermost particle of a model.
    pub const ROOT: Self = Self(0);
}

/// A particle (section 3.9).
#[derive(Clone, Debug)]
pub struct Particle {
    /// The group that holds it; none for the root.
    pub parent: Option<ParticleId>,
    /// `minOccurs`.
    pub min: u32,
    /// `maxOccurs`; none is `unbounded`. Never 0: such particles are left out.
    pub max: Option<u32>,
    /// What it is.
    pub term: Term,
    /// Where it is written.
    pub place: Option<Place>,
}

/// The term of a particle.
#[derive(Clone, Debug)]
pub enum Term {
    /// An element declaration (its substitution group with it).
    Element(ElementId),
    /// A wildcard.
    Wildcard(Arc<Wildcard>),
    /// A model group: all in order.
    Sequence(Vec<ParticleId>),
    /// A model group: one of them.
    Choice(Vec<ParticleId>),
    /// A model group: all in any order, each at most once.
    All(Vec<ParticleId>),
}

/// A wildcard for elements or attributes (section 3.10).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wildcard {
    /// Which namespaces it admits.
    pub namespaces: NamespaceConstraint,
    /// How what it admits is judged.
    pub process: ProcessContents,
}

/// The namespaces that a wildcard admits; the empty string is "no namespace".
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum NamespaceConstraint {
    /// `##any`.
    Any,
    /// `##other`: neither this namespace nor none.
    Not(Arc<str>),
    /// A list of namespaces.
    OneOf(Vec<Arc<str>>),
}

impl NamespaceConstraint {
    /// Whether a name of this namespace (empty for none) is admitted (section 3.10.4).
    #[must_use]
    pub fn admits(&self, ns: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Not(other) => !ns.is_empty() && ns != &**other,
            Self::OneOf(list) => list.iter().any(|one| &**one == ns),
        }
    }

    /// Whether everything that `other` admits is admitted (section 3.10.6, wildcard subset).
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Not(own), Self::Not(not)) => own.is_empty() || own == not,
            (Self::Not(_) | Self::OneOf(_), Self::OneOf(list)) => list.iter().all(|ns| self.admits(ns)),
            (Self::Not(_) | Self::OneOf(_), Self::Any) | (Self::OneOf(_), Self::Not(_)) => false,
        }
    }
}

/// `processContents` of a wildcard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ProcessContents {
    /// A declaration must exist and is followed.
    Strict,
    /// A declaration is followed if there is one.
    Lax,
    /// Anything well-formed.
    Skip,
}

impl Schema {
    /// The element declaration with this number.
    #[must_use]
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.0 as usize]
    }

    /// The attribute declaration with this number.
    #[must_use]
    pub fn attribute(&self, id: AttributeId) -> &Attribute {
        &self.attributes[id.0 as usize]
    }

    /// The complex type with this number.
    #[must_use]
    pub fn complex(&self, id: ComplexTypeId) -> &ComplexType {
        &self.complex[id.0 as usize]
    }

    /// The global element declaration of a name.
    #[must_use]
    pub fn find_element(&self, ns: &str, local: &str) -> Option<ElementId> {
        self.global_elements.get(&self.symbols.find(ns, local)?).copied()
    }

    /// The named type of a name, built-in ones included.
    #[must_use]
    pub fn find_type(&self, ns: &str, local: &str) -> Option<TypeId> {
        self.global_types.get(&self.symbols.find(ns, local)?).copied()
    }

    /// What is wrong with any component, each fault once, in the order of their places.
    #[must_use]
    pub fn all_faults(&self) -> Vec<&Fault> {
        let elements = self.elements.iter().flat_map(|one| &one.broken);
        let attributes = self.attributes.iter().flat_map(|one| &one.broken);
        let complex = self.complex.iter().flat_map(|one| &one.broken);
        let mut all: Vec<&Fault> = elements.chain(attributes).chain(complex).chain(self.simple_faults.values().flatten()).collect();
        all.sort_by_key(|fault| (fault.at, fault.code, &*fault.message));
        all.dedup();
        all
    }

    /// The prefix of a namespace in names of the JSON mapping.
    #[must_use]
    pub fn prefix(&self, ns: &str) -> Option<&str> {
        self.prefixes.iter().find(|(uri, _)| &**uri == ns).map(|(_, prefix)| &**prefix)
    }
}

impl Model {
    /// The particle with this number.
    #[must_use]
    pub fn particle(&self, id: ParticleId) -> &Particle {
        &self.particles[id.0 as usize]
    }
}
