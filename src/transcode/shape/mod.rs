//! The JSON shape of every type: which properties its object has, and where each particle's elements go.
//!
//! Computed once from a [`Schema`] at load; both directions of the transcoder and OpenAPI read the same shapes, so that
//! a shape depends on the schema and never on a message. Knows types and particles; nothing of messages, of JSON text
//! or of SOAP. An object of JSON is a [`Record`]: the type's own one, or an entry of `$items` for a repeated sequence.

mod attributes;
mod build;
mod forms;
mod losses;
mod names;
mod options;
mod order;
mod particles;
mod place;
mod plan;
mod tags;
pub(crate) mod typenames;

use std::collections::HashMap;
use std::sync::Arc;

use crate::schema::form::AttributeUse;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::ElementId;
use crate::schema::form::Fault;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::schema::simple::SimpleTypeId;
use crate::xml::name::Symbol;

pub use crate::transcode::shape::forms::ValueForm;
pub use crate::transcode::shape::names::Keys;
pub use crate::transcode::shape::options::Options;
pub(crate) use crate::transcode::shape::plan::Holds;
pub(crate) use crate::transcode::shape::plan::Plan;
pub(crate) use crate::transcode::shape::plan::Slot;
pub use crate::transcode::shape::tags::NamespaceId;
pub use crate::transcode::shape::tags::Tag;
pub use crate::transcode::shape::tags::Tags;
pub use crate::transcode::shape::typenames::TypeNames;

/// The shapes of all complex types of a schema, the names of types in `$type`, and the tags of its elements.
#[derive(Debug)]
pub struct Shapes {
    types: Vec<Shape>,
    /// Names for `$type` and OpenAPI's components.
    pub names: TypeNames,
    /// Tags and prefixes as they are written.
    pub tags: Tags,
    /// The record of an object without properties for elements.
    nothing: Record,
    forms: Vec<ValueForm>,
    /// Of the types that have one.
    plans: Vec<Option<Plan>>,
}

/// The JSON shape of one complex type.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// What stands for a value of the type.
    pub content: ContentShape,
    /// Its attributes as properties, in the order of [`crate::schema::form::ComplexType::attributes`].
    pub attributes: Vec<AttributeShape>,
    /// The objects: the first is the type's own, the others are entries of `$items` for repeated sequences.
    pub records: Vec<Record>,
    /// What each particle of the model is, by its number.
    pub roles: Vec<Role>,
    /// Where the elements of each particle go, by its number.
    spots: Vec<Spots>,
    /// Keys of all elements that may stand in the type, for `$items`, `$mixed` and messages.
    entry_keys: HashMap<Symbol, (Arc<str>, ElementId)>,
    by_entry_key: HashMap<Arc<str>, ElementId>,
    /// Some property holds elements in free order (`$items` of single elements, `$mixed`), or occurrence cannot be judged
    /// by counting: then the content model must be asked.
    pub asks_model: bool,
    /// Items of arrays may stand apart and behind later properties: an xs:all has members that repeat.
    pub has_free_arrays: bool,
    /// Occurrence of the particles that are properties, by their number.
    bounds: Vec<Bounds>,
    /// Some numbers of properties are not those of counting, but the base type's.
    renumbered: bool,
    /// What of the type cannot keep the mapping law.
    pub losses: Vec<Fault>,
}

/// What stands for a value of a complex type in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ContentShape {
    /// Simple content without attributes that count: the bare value (an object only at the root or with `$type`).
    Plain(SimpleTypeId),
    /// Simple content beside attributes: an object with `$value`.
    Value(SimpleTypeId),
    /// An object of properties, by the first [`Record`].
    #[default]
    Elements,
    /// An array of the values of the first record's only property; the object itself at the root and with `$type`.
    Array,
    /// An object with `$mixed`: texts and one-property objects. The first record has that one property.
    Mixed,
    /// xs:anyType: a string if it is only text, else an object with `$mixed`.
    Open,
}

/// An attribute as a property.
#[derive(Clone, Debug)]
pub struct AttributeShape {
    /// `@local`, `@prefix:local` if qualified.
    pub key: Arc<str>,
    /// Expanded name.
    pub name: Symbol,
}

/// An object of a [`Shape`], by its number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RecordId(pub u32);

impl RecordId {
    /// The type's own object.
    pub const ROOT: Self = Self(0);
}

/// A property of one [`Record`], by its number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PropertyId(pub u32);

/// A JSON object with properties for elements (attributes, `$type` and `$nil` are not among them).
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// For an entry of `$items`: the object and property that hold it, and the repeated group whose repetitions it stands for.
    pub parent: Option<Parent>,
    /// The particle whose members are the properties: the model's root, or the repeated group.
    pub group: Option<ParticleId>,
    /// Its properties, in document order of their first particle.
    pub properties: Vec<Property>,
    /// Finds a property by its key.
    pub keys: Keys,
}

/// What holds the entries that a record describes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parent {
    /// The object with the `$items`.
    pub record: RecordId,
    /// That property.
    pub property: PropertyId,
    /// The repeated group; [`crate::schema::automaton::Matched::again`] naming it or a group around it begins a new entry.
    pub group: ParticleId,
}

/// A property for elements.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name: `local`, `prefix:local`, `local$2`, `$any`, `$items`, `$mixed` …
    pub key: Arc<str>,
    /// What it holds.
    pub kind: PropertyKind,
    /// Its value is an array.
    pub array: bool,
    /// Absent in XML, it is `[]` in JSON.
    pub empty_when_absent: bool,
    /// One of its declarations is nillable: a value may be `null`.
    pub nillable: bool,
    /// Always there in a valid object (a fixed value that is filled in counts as not required).
    pub required: bool,
    /// Required with a fixed value that is written where it is left out.
    pub fill: bool,
    /// Least number of items or elements (of the product of the groups round it alone).
    pub min: u32,
    /// Greatest number; none is unbounded.
    pub max: Option<u32>,
    /// The particles that it stands for: several only in branches of a choice.
    pub particles: Vec<ParticleId>,
    /// `,"key":`, with the bracket of an array: how it begins in JSON behind another one.
    pub(crate) lead: Box<str>,
}

/// What a property holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PropertyKind {
    /// Values of this declaration; other branches of a choice may have others of equal name and type.
    Element(ElementId),
    /// One-property objects keyed `{uri}local`.
    Any,
    /// One object an element, with exactly one property: `$items`. Keys by [`Shape::entry_key`], `{uri}local` for wildcards.
    Each,
    /// One object a repetition: `$items` of a repeated sequence.
    Repetition(RecordId),
    /// Texts and one-property objects: `$mixed`.
    Mixed,
}

/// What a particle of the model is in JSON.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Role {
    /// A group without a trace: its members are properties of the same object.
    #[default]
    Open,
    /// A property: an element, a wildcard, a repeated group (or the group alone round one of them).
    Property(PropertyId),
    /// A single reference to a substitution head: one property for each member, of which one stands.
    Alternatives(Vec<(ElementId, PropertyId)>),
    /// Within a property of kind `Each` or `Mixed`, or the inner part of a group that is one property.
    Inner,
}

/// How often what a particle stands for may occur, the groups round it alone counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// At least.
    pub min: u32,
    /// At most; none is unbounded.
    pub max: Option<u32>,
    /// The element or wildcard particle; the particle itself for `$items`.
    pub leaf: ParticleId,
}

/// Where an element goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spot {
    /// The object.
    pub record: RecordId,
    /// Its property: the value itself, or an item if the property is an array.
    pub property: PropertyId,
    /// The value or item is a one-property object: keyed by [`Shape::entry_key`], for a wildcard's element `{uri}local`.
    pub entry: bool,
}

#[derive(Clone, Debug, Default)]
enum Spots {
    #[default]
    None,
    One(Spot),
    ByElement(Vec<(ElementId, Spot)>),
}

impl Default for Bounds {
    fn default() -> Self {
        Self { min: 1, max: Some(1), leaf: ParticleId::ROOT }
    }
}

impl Shapes {
    /// The shapes of all types of a schema.
    #[must_use]
    pub fn new(schema: &Schema) -> Self {
        Self::with(schema, Options::default())
    }

    /// The shapes of all types of a schema, as a service chooses them.
    #[must_use]
    pub fn with(schema: &Schema, options: Options) -> Self {
        let (mut types, tags, forms) = (build::all(schema), Tags::new(schema), forms::all(&schema.simple, options));
        for (ty, shape) in schema.complex.iter().zip(&mut types) {
            options.unwrap(ty, shape);
        }
        for property in types.iter_mut().flat_map(|shape| &mut shape.records).flat_map(|record| &mut record.properties) {
            property.lead = format!(",\"{}\":{}", property.key, if property.array { "[" } else { "" }).into();
        }
        let plans = plan::all(schema, &types, &tags, &forms);
        Self { types, names: TypeNames::new(schema), tags, nothing: Record::default(), forms, plans }
    }

    /// What cannot keep the mapping law, by type.
    #[must_use]
    pub fn losses(&self) -> HashMap<ComplexTypeId, Vec<Fault>> {
        let lossy = (0u32..).map(ComplexTypeId).zip(&self.types).filter(|(_, shape)| !shape.losses.is_empty());
        lossy.map(|(id, shape)| (id, shape.losses.clone())).collect()
    }

    /// The shape of a complex type.
    #[must_use]
    pub fn of(&self, id: ComplexTypeId) -> &Shape {
        &self.types[id.0 as usize]
    }

    /// The plan of a plain type.
    #[inline]
    pub(crate) fn plan(&self, id: ComplexTypeId) -> Option<&Plan> {
        self.plans.get(id.0 as usize)?.as_ref()
    }

    /// How many types have a plan.
    #[cfg(test)]
    pub(crate) fn plans(&self) -> usize {
        self.plans.iter().flatten().count()
    }

    /// All objects by their content models from now on.
    #[cfg(test)]
    pub(crate) fn forget_plans(&mut self) {
        self.plans.clear();
    }

    /// The record of an object without properties for elements.
    #[must_use]
    pub fn no_record(&self) -> &Record {
        &self.nothing
    }

    /// How values of a simple type stand in JSON.
    #[inline]
    #[must_use]
    pub fn form(&self, id: SimpleTypeId) -> ValueForm {
        self.forms.get(id.0 as usize).copied().unwrap_or(ValueForm::Text)
    }

    /// The content shape of any type; a simple type is [`ContentShape::Plain`].
    #[must_use]
    pub fn content(&self, ty: TypeId) -> ContentShape {
        match ty {
            TypeId::Simple(id) => ContentShape::Plain(id),
            TypeId::Complex(id) => self.of(id).content,
        }
    }
}

impl Shape {
    /// The type's own object.
    #[must_use]
    pub fn root(&self) -> &Record {
        &self.records[0]
    }

    /// An object of the shape.
    #[must_use]
    pub fn record(&self, id: RecordId) -> &Record {
        &self.records[id.0 as usize]
    }

    /// What a particle is.
    #[must_use]
    pub fn role(&self, particle: ParticleId) -> &Role {
        &self.roles[particle.0 as usize]
    }

    /// How often the property of a particle with [`Role::Property`] or [`Role::Alternatives`] may occur there.
    #[must_use]
    pub fn bounds(&self, particle: ParticleId) -> Bounds {
        self.bounds.get(particle.0 as usize).copied().unwrap_or_default()
    }

    /// Whether a particle may stand for nothing.
    #[must_use]
    pub fn may_be_empty(&self, model: &Model, particle: ParticleId) -> bool {
        particles::emptiable(model, particle)
    }

    /// Where an element goes that this particle took (`element`: the declaration, none for a wildcard).
    #[must_use]
    pub fn spot(&self, particle: ParticleId, element: Option<ElementId>) -> Option<Spot> {
        match self.spots.get(particle.0 as usize)? {
            Spots::None => None,
            Spots::One(spot) => Some(*spot),
            Spots::ByElement(list) => list.iter().find(|(id, _)| Some(*id) == element).map(|(_, spot)| *spot),
        }
    }

    /// The key of an element in entries of `$items` and `$mixed`: `local` or `prefix:local`.
    #[must_use]
    pub fn entry_key(&self, name: Symbol) -> Option<&Arc<str>> {
        self.entry_keys.get(&name).map(|(key, _)| key)
    }

    /// The element that a key in an entry names (of several declarations the first).
    #[must_use]
    pub fn entry_element(&self, key: &str) -> Option<ElementId> {
        self.by_entry_key.get(key).copied()
    }

    /// An attribute's place by its key.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<usize> {
        self.attributes.iter().position(|one| &*one.key == key)
    }

    /// The attribute use at a place of [`Self::attributes`].
    #[must_use]
    pub fn attribute_use<'s>(&self, schema: &'s Schema, id: ComplexTypeId, at: usize) -> Option<&'s AttributeUse> {
        schema.complex(id).attributes.get(at)
    }
}

impl Record {
    /// A property of the record.
    #[must_use]
    pub fn property(&self, id: PropertyId) -> &Property {
        &self.properties[id.0 as usize]
    }
}
