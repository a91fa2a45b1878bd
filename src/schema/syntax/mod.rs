//! A schema document as written: its components with their places, names already expanded.
//!
//! What the document alone decides is decided here: prefixes, element form, block and final defaults, the namespace of a
//! chameleon. What takes other documents (what a reference means, inheritance) is left to `compile`.
//! Section numbers are those of XML Schema Part 1: Structures (second edition).

use std::sync::Arc;

use crate::diagnostic::Place;
use crate::schema::form::Derivation;
use crate::schema::form::DerivationSet;
use crate::schema::form::ValueConstraint;
use crate::schema::form::Wildcard;
use crate::schema::identity::Constraint;
use crate::xml::name::Symbol;

mod attributes;
mod declarations;
mod identity;
mod particles;
mod reader;
mod simple;
mod types;
mod vocabulary;

pub(crate) use reader::Reader;
pub(crate) use reader::SchemaHead;
pub(crate) use reader::note_prefixes;
pub(crate) use vocabulary::is_built_in;
pub(crate) use vocabulary::is_schema;
pub(crate) use vocabulary::meant;

/// A reference by name, with the place of the attribute that makes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ref {
    pub(crate) name: Symbol,
    pub(crate) place: Place,
}

/// The components at the top of one document.
#[derive(Default, Debug)]
pub(crate) struct Components {
    pub(crate) types: Vec<Top<TypeDecl>>,
    pub(crate) elements: Vec<Top<ElementDecl>>,
    pub(crate) attributes: Vec<Top<AttributeDecl>>,
    pub(crate) groups: Vec<Top<GroupDecl>>,
    pub(crate) attribute_groups: Vec<Top<AttributeGroupDecl>>,
}

/// A named component with the extent of its text, by which equal duplicates are told from different ones.
#[derive(Clone, Debug)]
pub(crate) struct Top<T> {
    pub(crate) name: Symbol,
    pub(crate) place: Place,
    pub(crate) end: u32,
    pub(crate) decl: Arc<T>,
    /// In words, that another declaration of the name differs from this one, which counts.
    pub(crate) rival: Option<Arc<str>>,
}

/// What a document refers to (section 4.2).
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) kind: LinkKind,
    pub(crate) location: Option<String>,
    pub(crate) place: Place,
}

/// How a document refers to another.
#[derive(Debug)]
pub(crate) enum LinkKind {
    Include,
    Import(Option<Arc<str>>),
    Redefine(Components),
}

/// An element declaration, global or local.
#[derive(Debug)]
pub(crate) struct ElementDecl {
    pub(crate) name: Symbol,
    pub(crate) ty: TypeUse,
    pub(crate) substitution: Option<Ref>,
    pub(crate) nillable: bool,
    pub(crate) is_abstract: bool,
    pub(crate) value: Option<ValueConstraint>,
    pub(crate) block: DerivationSet,
    pub(crate) identity: Vec<Arc<Constraint>>,
    pub(crate) place: Place,
    pub(crate) documentation: Option<Arc<str>>,
}

/// The type of a declaration: by name, written inside, or left out.
#[derive(Debug)]
pub(crate) enum TypeUse {
    Absent,
    Named(Ref),
    Inline(Box<TypeDecl>),
}

/// A type definition.
#[derive(Debug)]
pub(crate) enum TypeDecl {
    Simple(SimpleDecl),
    Complex(ComplexDecl),
}

/// A simple type definition (section 3.14).
#[derive(Debug)]
pub(crate) struct SimpleDecl {
    pub(crate) body: SimpleBody,
    pub(crate) place: Place,
}

/// The three ways to define a simple type.
#[derive(Debug)]
pub(crate) enum SimpleBody {
    Restriction(SimpleRestriction),
    List(SimpleUse),
    Union(Vec<SimpleUse>),
}

/// A restriction of a simple type.
#[derive(Debug)]
pub(crate) struct SimpleRestriction {
    pub(crate) base: Option<SimpleUse>,
    pub(crate) facets: Vec<FacetDecl>,
    /// The prefixes that enumerated names use.
    pub(crate) prefixes: Vec<(String, String)>,
}

/// A simple type by name or written inside.
#[derive(Debug)]
pub(crate) enum SimpleUse {
    Named(Ref),
    Inline(Box<SimpleDecl>),
}

/// A facet as written.
#[derive(Clone, Debug)]
pub(crate) struct FacetDecl {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) place: Place,
}

/// A complex type definition (section 3.4).
#[derive(Debug)]
pub(crate) struct ComplexDecl {
    pub(crate) is_abstract: bool,
    pub(crate) block: DerivationSet,
    pub(crate) mixed: bool,
    pub(crate) derivation: Derivation,
    /// None: xs:anyType.
    pub(crate) base: Option<Ref>,
    pub(crate) content: ContentDecl,
    pub(crate) attributes: AttributesDecl,
    pub(crate) place: Place,
    pub(crate) documentation: Option<Arc<str>>,
}

/// The content of a complex type as written.
#[derive(Debug)]
pub(crate) enum ContentDecl {
    /// xs:complexContent, or the short form.
    Complex(Option<ParticleDecl>),
    /// xs:simpleContent: the facets of a restriction, with the type written inside if there is one.
    Simple(SimpleRestriction),
}

/// The attributes of a type or attribute group.
#[derive(Default, Debug)]
pub(crate) struct AttributesDecl {
    pub(crate) items: Vec<AttributeItem>,
    pub(crate) any: Option<Wildcard>,
}

/// One entry among attributes.
#[derive(Debug)]
pub(crate) enum AttributeItem {
    Use(AttributeUseDecl),
    Group(Ref),
}

/// A use of an attribute (section 3.2.2).
#[derive(Debug)]
pub(crate) struct AttributeUseDecl {
    pub(crate) what: AttributeTarget,
    pub(crate) presence: Presence,
    pub(crate) value: Option<ValueConstraint>,
}

/// The declaration that an attribute use is about.
#[derive(Debug)]
pub(crate) enum AttributeTarget {
    Local(Arc<AttributeDecl>),
    Ref(Ref),
}

/// The `use` of an attribute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Presence {
    Optional,
    Required,
    Prohibited,
}

/// An attribute declaration.
#[derive(Debug)]
pub(crate) struct AttributeDecl {
    pub(crate) name: Symbol,
    /// None: xs:anySimpleType.
    pub(crate) ty: Option<SimpleUse>,
    pub(crate) value: Option<ValueConstraint>,
    pub(crate) place: Place,
    pub(crate) documentation: Option<Arc<str>>,
}

/// A named attribute group (section 3.6).
#[derive(Debug)]
pub(crate) struct AttributeGroupDecl {
    pub(crate) attributes: AttributesDecl,
}

/// A named model group (section 3.7).
#[derive(Debug)]
pub(crate) struct GroupDecl {
    pub(crate) particle: Option<ParticleDecl>,
}

/// A particle as written (section 3.9); those of `maxOccurs="0"` are left out.
#[derive(Debug)]
pub(crate) struct ParticleDecl {
    pub(crate) min: u32,
    pub(crate) max: Option<u32>,
    /// In words, that what is written of the occurrence makes no sense, and what is taken instead.
    pub(crate) odd: Option<Arc<str>>,
    pub(crate) term: TermDecl,
    pub(crate) place: Place,
}

/// The term of a particle as written.
#[derive(Debug)]
pub(crate) enum TermDecl {
    Element(Arc<ElementDecl>),
    ElementRef(Ref),
    GroupRef(Ref),
    Wildcard(Arc<Wildcard>),
    Sequence(Vec<ParticleDecl>),
    Choice(Vec<ParticleDecl>),
    All(Vec<ParticleDecl>),
}
