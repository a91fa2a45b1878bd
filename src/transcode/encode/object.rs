//! The members of an object, sorted out: which is which property, which attribute, and which nobody knows.
//!
//! Members are met in any order; each is compared with the property behind the last one first, then looked up.

use std::borrow::Cow;

use crate::json::tape::Kind;
use crate::json::tape::Member;
use crate::json::tape::Value;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::simple::SimpleTypeId;
use crate::transcode::encode::encoder::Declared;
use crate::transcode::encode::encoder::Encoder;
use crate::transcode::encode::record::Place;
use crate::transcode::encode::report::cut;
use crate::transcode::encode::report::kind_in_words;
use crate::transcode::encode::report::listed;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::Property;
use crate::transcode::shape::PropertyKind;
use crate::transcode::shape::Record;
use crate::transcode::shape::Shape;

/// Nothing stands for the property.
pub(super) const ABSENT: u32 = u32::MAX;
/// `null` stands for it, which counts as absent where it is optional.
pub(super) const NULLED: u32 = u32::MAX - 1;
/// `[]` stands for it, which counts as absent.
pub(super) const EMPTIED: u32 = u32::MAX - 2;

/// What is wrong with the later of two equal keys.
pub(super) const TWICE: &str = "occurs twice in its object";
/// Attributes without declaration that an element may have: as many as the scanner lets an element have.
const MOST_EXTRAS: usize = 256;

/// An attribute that a wildcard admits, or none.
#[derive(Clone)]
pub(super) struct Extra<'d> {
    /// With its `@`.
    pub(super) key: Cow<'d, str>,
    pub(super) value: Value<'d>,
}

/// The members of an object, by what they are. Its slots and extras are the last ones of the encoder until it is closed.
pub(super) struct Members<'d> {
    pub(super) object: Value<'d>,
    /// First slot of its attributes.
    pub(super) attributes: usize,
    /// First slot of its properties.
    pub(super) properties: usize,
    values: usize,
    pub(super) extras: usize,
    pub(super) special: Special<'d>,
}

/// Members with names of the mapping that are no properties of a record.
#[derive(Default)]
pub(super) struct Special<'d> {
    seen: u8,
    pub(super) tag: Option<Value<'d>>,
    pub(super) nil: bool,
    pub(super) value: Option<Value<'d>>,
    pub(super) xmlns: Option<Value<'d>>,
    pub(super) mixed: Option<Value<'d>>,
}

/// What members an object may have beside the properties of its record.
#[derive(Clone, Copy)]
pub(super) struct Admits {
    /// Attributes, `$type` and `$nil`.
    pub(super) attributes: bool,
    /// `$value`.
    pub(super) value: bool,
    /// `$headers`, read elsewhere.
    pub(super) headers: bool,
    /// `$xmlns` and `$mixed` of content without declaration.
    pub(super) open: bool,
}

impl<'c, 'd> Encoder<'c, 'd> {
    /// Sorts out the members of an object; to be closed with [`Self::release`].
    pub(super) fn collect(&mut self, object: Value<'d>, shape: Option<&'c Shape>, record: &'c Record, admits: Admits) -> Members<'d> {
        let attributes = self.slots.len();
        let uses = shape.filter(|_| admits.attributes).map_or(0, |shape| shape.attributes.len());
        let properties = attributes + uses;
        self.slots.resize(properties + record.properties.len(), ABSENT);
        let mut members =
            Members { object, attributes, properties, values: self.values.len(), extras: self.extras.len(), special: Special::default() };
        let mut expected = 0;
        for member in object.members() {
            let key = member.plain_key().map_or_else(|| member.key(), Cow::Borrowed);
            match key.as_bytes().first() {
                Some(b'@') if admits.attributes => self.attribute_member(&members, shape, key, member.value),
                _ => match record.keys.find_near(&key, expected) {
                    Some(found) => {
                        expected = found.0 + 1;
                        self.property_member(properties + found.0 as usize, record.property(found), member.value);
                    }
                    None => self.special_member(&mut members, &key, member, shape, record, admits),
                },
            }
        }
        members
    }

    /// Gives back what [`Self::collect`] took.
    pub(super) fn release(&mut self, members: &Members<'d>) {
        self.slots.truncate(members.attributes);
        self.values.truncate(members.values);
        self.extras.truncate(members.extras);
    }

    /// The value in a slot.
    pub(super) fn slot(&self, slot: usize) -> Option<Value<'d>> {
        let number = *self.slots.get(slot)?;
        self.values.get(number as usize).copied()
    }

    fn fill(&mut self, slot: usize, value: Value<'d>, instead: Option<u32>) {
        let number = instead.unwrap_or_else(|| u32::try_from(self.values.len()).unwrap_or(ABSENT));
        if self.slots.get(slot).is_some_and(|known| *known != ABSENT) {
            self.report.at(value, TWICE);
            return;
        }
        if instead.is_none() {
            self.values.push(value);
        }
        if let Some(known) = self.slots.get_mut(slot) {
            *known = number;
        }
    }

    #[inline]
    fn property_member(&mut self, slot: usize, property: &Property, value: Value<'d>) {
        let instead = match value.kind() {
            // A nil element, or nothing: an array holds nil items, other properties none.
            Kind::Null if !property.nillable || property.array => Some(NULLED),
            Kind::Array if property.array && value.is_empty() && property.kind != PropertyKind::Mixed => Some(EMPTIED),
            Kind::Null | Kind::Array | Kind::Bool(_) | Kind::Number | Kind::String | Kind::Object => None,
        };
        self.fill(slot, value, instead);
    }

    fn attribute_member(&mut self, members: &Members<'d>, shape: Option<&Shape>, key: Cow<'d, str>, value: Value<'d>) {
        match shape.and_then(|shape| shape.attribute(&key)) {
            Some(at) => self.fill(members.attributes + at, value, value.is_null().then_some(NULLED)),
            None if self.extras.len() - members.extras >= MOST_EXTRAS => {
                self.report.at(value, format!("more than {MOST_EXTRAS} attributes without declaration"));
            }
            None if self.extras.iter().skip(members.extras).any(|one| one.key == key) => self.report.at(value, TWICE),
            None => self.extras.push(Extra { key, value }),
        }
    }

    #[cold]
    fn special_member(
        &mut self,
        members: &mut Members<'d>,
        key: &str,
        member: Member<'d>,
        shape: Option<&'c Shape>,
        record: &Record,
        admits: Admits,
    ) {
        let value = member.value;
        let special = &mut members.special;
        const NAMES: [&str; 6] = ["$headers", "$type", "$nil", "$value", "$xmlns", "$mixed"];
        if let Some(at) = NAMES.iter().position(|name| *name == key) {
            let twice = special.seen & (1 << at) != 0;
            special.seen |= 1 << at;
            if twice {
                self.report.at(value, TWICE);
                return;
            }
        }
        match key {
            "$headers" if admits.headers => {}
            _ if admits.headers && self.beside.iter().any(|part| *part.key == *key) => {}
            "$type" if admits.attributes => special.tag = Some(value),
            "$nil" if admits.attributes => match value.kind() {
                Kind::Bool(nil) => special.nil = nil,
                Kind::Null => {}
                Kind::Number | Kind::String | Kind::Array | Kind::Object => self.report.at(value, "expected true or false"),
            },
            "$value" if admits.value => special.value = Some(value),
            "$xmlns" if admits.open => special.xmlns = Some(value).filter(|value| !value.is_null()),
            "$mixed" if admits.open => special.mixed = Some(value).filter(|value| !value.is_null()),
            _ => self.report.at_with(value, || Self::unknown(key, shape, record, admits)),
        }
    }

    fn unknown(key: &str, shape: Option<&Shape>, record: &Record, admits: Admits) -> String {
        let key = cut(key);
        if let Some(shape) = shape {
            let listed_in = |shape: &Shape| {
                let held = record.properties.iter().find(|one| matches!(one.kind, PropertyKind::Each | PropertyKind::Mixed))?;
                shape.entry_element(&key).map(|_| held.key.clone())
            };
            let repeated_in = |shape: &Shape| {
                let holds = |one: &&Property| match one.kind {
                    PropertyKind::Repetition(entry) => shape.record(entry).keys.find(&key).is_some(),
                    PropertyKind::Element(_) | PropertyKind::Any | PropertyKind::Each | PropertyKind::Mixed => false,
                };
                record.properties.iter().find(holds).map(|one| one.key.clone())
            };
            if let Some(holder) = listed_in(shape).or_else(|| repeated_in(shape)) {
                return format!("\"{key}\" stands in the entries of \"{holder}\" here");
            }
            if shape.attribute(&format!("@{key}")).is_some() {
                return format!("unknown property; \"{key}\" is an attribute: \"@{key}\"");
            }
        }
        let attributes = shape.filter(|_| admits.attributes).map(|shape| shape.attributes.iter().map(|one| &*one.key));
        let value = admits.value.then_some("$value");
        let open = ["$type", "$mixed", "$xmlns"].into_iter().filter(|_| admits.open);
        let properties = record.properties.iter().map(|one| &*one.key);
        format!("unknown property; expected {}", listed(attributes.into_iter().flatten().chain(value).chain(open).chain(properties)))
    }

    /// An object for a simple value.
    pub(super) fn value_object(&mut self, declared: Declared<'c>, ty: SimpleTypeId, object: Value<'d>) {
        let shape = match declared.ty {
            TypeId::Complex(id) => Some(self.shapes.of(id)),
            TypeId::Simple(_) => None,
        };
        let plain = matches!(self.shapes.content(declared.ty), ContentShape::Plain(_));
        if plain && !declared.root && object.member("$type").is_none() && object.member("$nil").is_none() {
            self.report.at(object, "expected the value itself, found an object");
            return;
        }
        let admits = Admits { attributes: true, value: true, headers: declared.root, open: false };
        let shape = shape.filter(|_| !plain);
        let members = self.collect(object, shape, self.shapes.no_record(), admits);
        self.tag_and_nil(declared, &members);
        self.attributes(declared.ty, plain, &members);
        match members.special.value {
            None if members.special.nil => self.out.push(b'>'),
            None => {
                self.report.missing(object, "$value", "missing; it holds the value");
                self.end_start_tag();
            }
            Some(value) if members.special.nil => self.report.at(value, "cannot stand beside \"$nil\""),
            Some(value) => match value.kind() {
                Kind::Null | Kind::Object => self.no_value(value),
                Kind::Bool(_) | Kind::Number | Kind::String | Kind::Array => self.simple_content(ty, declared.value, value),
            },
        }
        self.release(&members);
    }

    /// `$value` holds none.
    pub(super) fn no_value(&mut self, value: Value<'d>) {
        self.report.at(value, format!("expected a value, found {}", kind_in_words(value)));
    }

    /// An object of properties, or of mixed content.
    pub(super) fn complex_object(&mut self, declared: Declared<'c>, id: ComplexTypeId, object: Value<'d>) {
        let shape = self.shapes.of(id);
        let admits = Admits { attributes: true, value: false, headers: declared.root, open: false };
        let members = self.collect(object, Some(shape), shape.root(), admits);
        self.tag_and_nil(declared, &members);
        self.attributes(declared.ty, false, &members);
        self.end_start_tag();
        if members.special.nil {
            for at in members.properties..self.slots.len() {
                if let Some(value) = self.slot(at) {
                    self.report.at(value, "cannot stand beside \"$nil\"");
                }
            }
        } else if let Content::Elements(model) = &self.schema.complex(id).content {
            let place = Place { shape, model, object, properties: members.properties };
            self.model_content(&place);
        } else if shape.content == ContentShape::Mixed {
            self.mixed_text(&members);
        }
        if let (ContentShape::Mixed, Some(ValueConstraint::Fixed(fixed))) = (shape.content, declared.value) {
            self.fixed_mixed(&members, fixed);
        }
        self.release(&members);
    }

    /// Mixed content with a fixed value is that text, or nothing (XML Schema Part 1, section 3.3.4, cvc-elt.5.2.2).
    fn fixed_mixed(&mut self, members: &Members<'d>, fixed: &str) {
        let Some(mixed) = self.slot(members.properties) else { return };
        let text: Option<String> = mixed.items().map(|item| item.as_str()).collect();
        if text.is_none_or(|text| !text.is_empty() && text != fixed) {
            self.report.at(mixed, format!("expected the fixed value \"{fixed}\""));
        }
    }

    /// Judges a `$type` that only repeats what was known before, and writes ` xsi:nil="true"` of an object with `$nil`.
    pub(super) fn tag_and_nil(&mut self, declared: Declared<'c>, members: &Members<'d>) {
        if let Some(tag) = members.special.tag {
            self.repeated_tag(declared, tag);
        }
        if !members.special.nil {
        } else if declared.nillable {
            self.nil_attribute(declared, members.object);
        } else {
            let value = members.object.member("$nil").unwrap_or(members.object);
            self.report.at(value, "the element must not be nil");
        }
    }

    /// Required attributes of a nil element without any.
    pub(super) fn missing_attributes(&mut self, id: ComplexTypeId, value: Value<'d>) {
        let shape = self.shapes.of(id);
        for (one, key) in self.schema.complex(id).attributes.iter().zip(&shape.attributes) {
            if !one.required {
                continue;
            }
            match &one.value {
                Some(ValueConstraint::Fixed(fixed)) => self.attribute_text(one.name, fixed),
                Some(ValueConstraint::Default(_)) | None => self.report.missing(value, &key.key, "missing"),
            }
        }
    }
}
