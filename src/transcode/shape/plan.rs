//! Plans of plain types: what the object of a type may hold, as one flat table in the order of the schema.
//!
//! A plan exists where the content is a simple value beside attributes, or the particles are sequences and choices of
//! elements that each are one property of their own; the attributes are simple. Whether all that is required is there, and no two branches of a choice, is then a matter
//! of a few masks. A plan only says yes for certain: what it does not admit is judged by the content model, which finds
//! the faults. Knows nothing of messages.

use std::sync::Arc;

use crate::schema::form::AttributeUse;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::simple::SimpleTypeId;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::Keys;
use crate::transcode::shape::NamespaceId;
use crate::transcode::shape::PropertyId;
use crate::transcode::shape::PropertyKind;
use crate::transcode::shape::RecordId;
use crate::transcode::shape::Role;
use crate::transcode::shape::Shape;
use crate::transcode::shape::Tags;
use crate::transcode::shape::ValueForm;
use crate::transcode::shape::particles::emptiable;
use crate::xml::name::Symbol;
use crate::xml::name::XML_NS;

/// Attributes and properties that a mask can hold.
const MOST: usize = 64;

/// The object of a plain type: attributes first, then its properties in the order in which they are written.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The number of each slot by its key.
    pub(crate) keys: Keys,
    pub(crate) slots: Vec<Slot>,
    /// How many slots, the first ones, are attributes.
    pub(crate) attributes: usize,
    /// Values of the type are arrays but for the root.
    pub(crate) unwrapped: bool,
    /// Slots that must be filled.
    required: u64,
    rules: Vec<Rule>,
}

/// An attribute or a property.
#[derive(Debug)]
pub(crate) struct Slot {
    /// What is written before the value: ` p:name="` or `<p:name>`.
    pub(crate) open: Piece,
    /// What is written behind it.
    pub(crate) close: Piece,
    /// The namespace that the envelope must declare.
    pub(crate) namespace: Option<NamespaceId>,
    /// `null` counts as absent.
    pub(crate) null_is_absent: bool,
    /// Its value is an array of at least and at most so many items.
    pub(crate) array: Option<(u32, u32)>,
    pub(crate) holds: Holds,
}

/// Ready-made markup. Short pieces, as nearly all are, are copied as a whole block and cut: that needs no call.
#[derive(Debug)]
pub(crate) struct Piece {
    block: [u8; BLOCK],
    length: usize,
    /// Of a longer piece what does not fit into the block.
    rest: Box<[u8]>,
}

/// Bytes of a short piece.
const BLOCK: usize = 32;

/// What a slot's value, or each item, becomes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holds {
    /// The text of a simple type; the element is that to fall back to.
    Text(SimpleTypeId, ValueForm, ElementId),
    /// An element of a complex type.
    Object(ElementId, ComplexTypeId),
    /// An element that needs more than that.
    Element(ElementId),
    /// The attribute with this place in its type.
    Attribute(usize),
    /// The attribute with this place in its type, of a simple type without more.
    AttributeText(SimpleTypeId, ValueForm, usize),
    /// The text of the element itself.
    Value(SimpleTypeId, ValueForm),
}

/// What must hold of the slots that are filled.
#[derive(Debug)]
struct Rule {
    /// Applies if one of these is filled; none: always.
    under: u64,
    kind: RuleKind,
}

#[derive(Debug)]
enum RuleKind {
    /// All of these are filled.
    Need(u64),
    /// Of these groups at most one has a filled slot; one must, unless nothing may stand too.
    OneOf { branches: Vec<u64>, or_none: bool },
}

impl Plan {
    /// Whether the content is a simple value.
    pub(crate) fn is_value(&self) -> bool {
        matches!(self.slots.last(), Some(Slot { holds: Holds::Value(..), .. }))
    }

    /// Whether the content model has nothing to say against these slots, each filled with as many values as it admits.
    #[inline]
    pub(crate) fn admits(&self, filled: u64) -> bool {
        filled & self.required == self.required && self.rules.iter().all(|rule| rule.holds(filled))
    }
}

impl Piece {
    fn new(text: &[u8]) -> Self {
        let (head, rest) = text.split_at(text.len().min(BLOCK));
        let mut block = [b' '; BLOCK];
        block.iter_mut().zip(head).for_each(|(to, from)| *to = *from);
        Self { block, length: head.len(), rest: rest.into() }
    }

    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let end = out.len() + self.length;
        out.extend_from_slice(&self.block);
        out.truncate(end);
        if !self.rest.is_empty() {
            out.extend_from_slice(&self.rest);
        }
    }
}

impl Rule {
    fn holds(&self, filled: u64) -> bool {
        match &self.kind {
            RuleKind::Need(need) => !self.applies(filled) || filled & need == *need,
            RuleKind::OneOf { branches, or_none } => {
                let mut there = branches.iter().filter(|branch| filled & **branch != 0);
                match there.next() {
                    None => *or_none || !self.applies(filled),
                    Some(_) => there.next().is_none(),
                }
            }
        }
    }

    fn applies(&self, filled: u64) -> bool {
        self.under == 0 || filled & self.under != 0
    }
}

/// The plans of all types that have one, by number.
pub(crate) fn all(schema: &Schema, types: &[Shape], tags: &Tags, forms: &[ValueForm]) -> Vec<Option<Plan>> {
    let from = From { schema, types, tags, forms };
    types.iter().enumerate().map(|(at, shape)| from.plan(u32::try_from(at).map(ComplexTypeId).ok()?, shape)).collect()
}

#[derive(Clone, Copy)]
struct From<'s> {
    schema: &'s Schema,
    types: &'s [Shape],
    tags: &'s Tags,
    forms: &'s [ValueForm],
}

impl From<'_> {
    fn plan(self, id: ComplexTypeId, shape: &Shape) -> Option<Plan> {
        let ty = self.schema.complex(id);
        if ty.is_abstract || shape.asks_model || shape.attributes.len() >= MOST {
            return None;
        }
        let mut required = 0;
        let mut slots = Vec::with_capacity(shape.attributes.len() + 1);
        for (at, one) in ty.attributes.iter().enumerate() {
            required |= u64::from(one.required) << at;
            slots.push(self.attribute(at, one)?);
        }
        match shape.content {
            ContentShape::Value(simple) => self.value(shape, simple, slots, required),
            ContentShape::Elements | ContentShape::Array => self.elements(&ty.content, shape, slots, required),
            ContentShape::Plain(_) | ContentShape::Mixed | ContentShape::Open => None,
        }
    }

    /// Attributes, then `$value`.
    fn value(self, shape: &Shape, simple: SimpleTypeId, mut slots: Vec<Slot>, required: u64) -> Option<Plan> {
        let form = self.form(simple);
        if !is_single(form) {
            return None;
        }
        let attributes = slots.len();
        slots.push(Slot {
            open: Piece::new(b""),
            close: Piece::new(b""),
            namespace: None,
            null_is_absent: false,
            array: None,
            holds: Holds::Value(simple, form),
        });
        let keys = shape.attributes.iter().map(|one| one.key.clone()).chain([Arc::from("$value")]).collect();
        let required = required | 1 << attributes;
        Some(Plan { keys: Keys::new(keys), slots, attributes, unwrapped: false, required, rules: Vec::new() })
    }

    /// Attributes, then the elements of a content model.
    fn elements(self, content: &Content, shape: &Shape, mut slots: Vec<Slot>, mut required: u64) -> Option<Plan> {
        let record = shape.records.first()?;
        let attributes = slots.len();
        if attributes + record.properties.len() > MOST {
            return None;
        }
        let mut rules = Vec::new();
        if let Content::Elements(model) = content
            && !model.particles.is_empty()
        {
            let mut walk = Walk { from: self, shape, model, attributes, slots, rules };
            required |= walk.particle(ParticleId::ROOT)?.need;
            (slots, rules) = (walk.slots, walk.rules);
        }
        if slots.len() != attributes + record.properties.len() {
            return None;
        }
        let keys = shape.attributes.iter().map(|one| &one.key).chain(record.properties.iter().map(|one| &one.key));
        let keys: Vec<Arc<str>> = keys.cloned().collect();
        let unwrapped = shape.content == ContentShape::Array;
        Some(Plan { keys: Keys::new(keys), slots, attributes, unwrapped, required, rules })
    }

    fn form(self, id: SimpleTypeId) -> ValueForm {
        self.forms.get(id.0 as usize).copied().unwrap_or(ValueForm::Union)
    }

    /// None if its text may need a prefix.
    fn attribute(self, at: usize, one: &AttributeUse) -> Option<Slot> {
        let ty = self.schema.attribute(one.attribute).ty;
        let form = self.form(ty);
        if !is_single(form) {
            return None;
        }
        let fixed = matches!(one.value, Some(ValueConstraint::Fixed(_)));
        let (prefixed, namespace) = self.name(one.name)?;
        Some(Slot {
            open: Piece::new(format!(" {prefixed}=\"").as_bytes()),
            close: Piece::new(b"\""),
            namespace,
            null_is_absent: true,
            array: None,
            holds: if fixed { Holds::Attribute(at) } else { Holds::AttributeText(ty, form, at) },
        })
    }

    fn name(self, name: Symbol) -> Option<(String, Option<NamespaceId>)> {
        let name = self.schema.symbols.name(name);
        let (ns, local) = (name.ns.as_str(), name.local.as_str());
        match ns {
            "" => Some((local.to_owned(), None)),
            XML_NS => Some((format!("xml:{local}"), None)),
            _ => {
                let id = self.tags.find(ns)?;
                Some((format!("{}:{local}", self.tags.namespace(id).1), Some(id)))
            }
        }
    }

    fn is_array(self, id: ComplexTypeId) -> bool {
        self.types.get(id.0 as usize).is_some_and(|shape| shape.content == ContentShape::Array)
    }

    fn holds(self, id: ElementId) -> Holds {
        let element = self.schema.element(id);
        if matches!(element.value, Some(ValueConstraint::Fixed(_))) {
            return Holds::Element(id);
        }
        match element.ty {
            TypeId::Complex(ty) if self.is_array(ty) => Holds::Element(id),
            TypeId::Complex(ty) => Holds::Object(id, ty),
            TypeId::Simple(ty) if is_single(self.form(ty)) => Holds::Text(ty, self.form(ty), id),
            TypeId::Simple(_) => Holds::Element(id),
        }
    }
}

/// Whether values of a form are one piece of text that needs no prefix.
fn is_single(form: ValueForm) -> bool {
    match form {
        ValueForm::Integer
        | ValueForm::Decimal
        | ValueForm::Float
        | ValueForm::VerbatimNumber
        | ValueForm::TextInteger
        | ValueForm::TextDecimal
        | ValueForm::Boolean { .. }
        | ValueForm::AnyText
        | ValueForm::Text
        | ValueForm::Base64 => true,
        ValueForm::QName | ValueForm::List(_) | ValueForm::Union => false,
    }
}

/// The way through the particles of a type.
struct Walk<'s> {
    from: From<'s>,
    shape: &'s Shape,
    model: &'s Model,
    attributes: usize,
    slots: Vec<Slot>,
    rules: Vec<Rule>,
}

/// Slots of a particle: all, and those that must be filled wherever it stands.
#[derive(Clone, Copy, Default)]
struct Part {
    all: u64,
    need: u64,
}

impl Walk<'_> {
    /// None if the particle is not plain.
    fn particle(&mut self, id: ParticleId) -> Option<Part> {
        match self.shape.role(id) {
            Role::Property(property) => self.property(id, *property),
            Role::Open => self.group(id),
            Role::Alternatives(_) | Role::Inner => None,
        }
    }

    fn property(&mut self, id: ParticleId, number: PropertyId) -> Option<Part> {
        let property = self.shape.record(RecordId::ROOT).property(number);
        let bounds = self.shape.bounds(id);
        let Term::Element(element) = self.model.particle(bounds.leaf).term else { return None };
        let single = property.particles.len() == 1 && matches!(property.kind, PropertyKind::Element(_));
        let at = self.attributes + number.0 as usize;
        // Slots stand in the order of properties, which is that of particles.
        if !single || at != self.slots.len() || self.attributes + (number.0 as usize) >= MOST {
            return None;
        }
        let tag = self.from.tags.tag(element);
        let mut open = self.from.tags.open(tag).to_vec();
        open.push(b'>');
        self.slots.push(Slot {
            open: Piece::new(&open),
            close: Piece::new(self.from.tags.close(tag)),
            namespace: tag.namespace,
            null_is_absent: !property.nillable || property.array,
            array: property.array.then(|| (bounds.min, bounds.max.unwrap_or(u32::MAX))),
            holds: self.from.holds(element),
        });
        let bit = 1 << at;
        Some(Part { all: bit, need: if bounds.min > 0 { bit } else { 0 } })
    }

    fn group(&mut self, id: ParticleId) -> Option<Part> {
        let model = self.model;
        let particle = model.particle(id);
        let first = self.rules.len();
        match &particle.term {
            Term::Sequence(list) => {
                let mut whole = Part::default();
                for child in list {
                    let part = self.particle(*child)?;
                    whole = Part { all: whole.all | part.all, need: whole.need | part.need };
                }
                if particle.min > 0 {
                    return Some(whole);
                }
                self.only_under(first, whole);
                Some(Part { need: 0, ..whole })
            }
            Term::Choice(list) => {
                let mut branches = Vec::with_capacity(list.len());
                for branch in list {
                    let from = self.rules.len();
                    let part = self.particle(*branch)?;
                    self.only_under(from, part);
                    branches.push(part.all);
                }
                let all = branches.iter().fold(0, |all, branch| all | branch);
                let or_none = particle.min == 0 || list.iter().any(|branch| emptiable(model, *branch));
                self.rules.push(Rule { under: 0, kind: RuleKind::OneOf { branches, or_none } });
                Some(Part { all, need: 0 })
            }
            Term::All(_) | Term::Element(_) | Term::Wildcard(_) => None,
        }
    }

    /// What was found since the rule with this number applies only where the part stands.
    fn only_under(&mut self, first: usize, part: Part) {
        for rule in self.rules.iter_mut().skip(first).filter(|rule| rule.under == 0) {
            rule.under = part.all;
        }
        if part.need != 0 {
            self.rules.push(Rule { under: part.all, kind: RuleKind::Need(part.need) });
        }
    }
}
