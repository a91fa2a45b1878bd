//! The children of an element in the order of its content model, out of properties in any order.
//!
//! The particles of the model are walked; each property is written where its particle stands. Of a choice the branch is
//! taken that accepts all properties that are there. What is missing or too much is found on the way.

use crate::json::tape::Kind;
use crate::json::tape::Value;
use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Term;
use crate::schema::form::ValueConstraint;
use crate::transcode::encode::encoder::Encoder;
use crate::transcode::encode::object::ABSENT;
use crate::transcode::encode::object::Admits;
use crate::transcode::encode::object::EMPTIED;
use crate::transcode::encode::object::NULLED;
use crate::transcode::encode::report::kind_in_words;
use crate::transcode::encode::report::listed;
use crate::transcode::shape::PropertyId;
use crate::transcode::shape::PropertyKind;
use crate::transcode::shape::Record;
use crate::transcode::shape::RecordId;
use crate::transcode::shape::Role;
use crate::transcode::shape::Shape;
use crate::xml::writer;

/// An object that is being written by a content model.
#[derive(Clone, Copy)]
pub(super) struct Place<'c, 'd> {
    pub(super) shape: &'c Shape,
    pub(super) model: &'c Model,
    pub(super) object: Value<'d>,
    /// First slot of its properties.
    pub(super) properties: usize,
}

impl<'c, 'd> Encoder<'c, 'd> {
    /// The whole content of an element, after its start tag.
    pub(super) fn model_content(&mut self, place: &Place<'c, 'd>) {
        if place.shape.asks_model {
            self.track(place.model);
        }
        if !place.model.particles.is_empty() {
            self.particle(place, RecordId::ROOT, ParticleId::ROOT);
        }
        if place.shape.asks_model {
            self.end_tracking(place);
        }
    }

    fn particle(&mut self, place: &Place<'c, 'd>, record: RecordId, id: ParticleId) {
        match place.shape.role(id) {
            Role::Property(property) => self.property(place, record, id, *property),
            Role::Alternatives(list) => self.alternatives(place, record, id, list),
            Role::Open => self.group(place, record, id),
            Role::Inner => {}
        }
    }

    fn group(&mut self, place: &Place<'c, 'd>, record: RecordId, id: ParticleId) {
        let particle = place.model.particle(id);
        match &particle.term {
            Term::Element(_) | Term::Wildcard(_) => {}
            Term::Sequence(list) => {
                if particle.min > 0 || self.present(place, id) {
                    for child in list {
                        self.particle(place, record, *child);
                    }
                }
            }
            Term::Choice(list) => self.choice(place, record, id, list),
            Term::All(list) => {
                if particle.min > 0 || self.present(place, id) {
                    self.all(place, record, list);
                }
            }
        }
    }

    /// The members of xs:all in the order in which they were found, then what is missing.
    fn all(&mut self, place: &Place<'c, 'd>, record: RecordId, list: &[ParticleId]) {
        let mut order: Vec<(usize, ParticleId)> = list.iter().map(|child| (self.first_offset(place, *child), *child)).collect();
        order.sort_by_key(|(offset, _)| *offset);
        for (_, child) in order {
            self.particle(place, record, child);
        }
    }

    fn first_offset(&self, place: &Place<'c, 'd>, id: ParticleId) -> usize {
        let mut first = usize::MAX;
        self.visit_properties(place, id, &mut |property| {
            if let Some(value) = self.slot(place.properties + property.0 as usize) {
                first = first.min(value.offset());
            }
        });
        first
    }

    fn choice(&mut self, place: &Place<'c, 'd>, record: RecordId, id: ParticleId, list: &'c [ParticleId]) {
        let mut there = list.iter().copied().filter(|branch| self.present(place, *branch));
        let (first, second) = (there.next(), there.next());
        let Some(first) = first else {
            if place.model.particle(id).min > 0 && !list.iter().any(|branch| place.shape.may_be_empty(place.model, *branch)) {
                self.mark_reported(place);
                let wanted = self.branch_names(place, record, list);
                self.report.at(place.object, format!("expected one of {wanted}"));
            }
            return;
        };
        if second.is_none() {
            self.particle(place, record, first);
            return;
        }
        let several: Vec<ParticleId> = list.iter().copied().filter(|branch| self.present(place, *branch)).collect();
        let present = self.present_properties(place, id);
        let holds = |branch: &&ParticleId| {
            let own = self.present_properties(place, **branch);
            present.iter().all(|property| own.contains(property))
        };
        let all: Vec<ParticleId> = several.iter().filter(holds).copied().collect();
        match all.iter().find(|branch| self.complete(place, **branch)).or(all.first()) {
            Some(branch) => self.particle(place, record, *branch),
            None => self.too_many_branches(place, record, list, &several),
        }
    }

    /// Properties of several branches: the first is taken, what is of others only is too much.
    fn too_many_branches(&mut self, place: &Place<'c, 'd>, record: RecordId, list: &[ParticleId], several: &[ParticleId]) {
        let Some((first, others)) = several.split_first() else { return };
        let taken = self.present_properties(place, *first);
        let properties = &place.shape.record(record).properties;
        let name = |id: &PropertyId| properties.get(id.0 as usize).map(|one| &*one.key);
        let beside = listed(taken.iter().filter_map(name));
        let wanted = self.branch_names(place, record, list);
        let mut surplus: Vec<PropertyId> =
            others.iter().flat_map(|branch| self.present_properties(place, *branch)).filter(|one| !taken.contains(one)).collect();
        surplus.sort_unstable();
        surplus.dedup();
        for property in surplus {
            if let Some(value) = self.slot(place.properties + property.0 as usize) {
                self.report.at(value, format!("cannot stand beside {beside}: only one of {wanted} may be there"));
            }
        }
        self.mark_reported(place);
        self.particle(place, record, *first);
    }

    /// The properties of each branch: `"a", "b" or "c" with "d"`.
    fn branch_names(&self, place: &Place<'c, 'd>, record: RecordId, list: &[ParticleId]) -> String {
        let properties = &place.shape.record(record).properties;
        let mut names: Vec<&str> = Vec::new();
        for branch in list {
            self.visit_properties(place, *branch, &mut |property| {
                if let Some(one) = properties.get(property.0 as usize)
                    && !names.contains(&&*one.key)
                {
                    names.push(&one.key);
                }
            });
        }
        listed(names.into_iter())
    }

    /// Whether all that a particle requires is there.
    fn complete(&self, place: &Place<'c, 'd>, id: ParticleId) -> bool {
        let particle = place.model.particle(id);
        match place.shape.role(id) {
            Role::Property(property) => {
                let there = self.slot(place.properties + property.0 as usize);
                let count = there.map_or(0, |value| if value.kind() == Kind::Array { value.len() } else { 1 });
                let bounds = place.shape.bounds(id);
                count >= bounds.min as usize && bounds.max.is_none_or(|max| count <= max as usize)
            }
            Role::Alternatives(_) => particle.min == 0 || self.present(place, id),
            Role::Inner => true,
            Role::Open => match &particle.term {
                Term::Element(_) | Term::Wildcard(_) => true,
                Term::Sequence(list) | Term::All(list) => {
                    (particle.min == 0 && !self.present(place, id)) || list.iter().all(|child| self.complete(place, *child))
                }
                Term::Choice(list) => {
                    (particle.min == 0 && !self.present(place, id)) || list.iter().any(|child| self.complete(place, *child))
                }
            },
        }
    }

    /// Whether a property of the particle is there.
    fn present(&self, place: &Place<'c, 'd>, id: ParticleId) -> bool {
        let there = |property: PropertyId| self.slot(place.properties + property.0 as usize).is_some();
        match place.shape.role(id) {
            Role::Property(property) => there(*property),
            Role::Alternatives(list) => list.iter().any(|(_, property)| there(*property)),
            Role::Inner => false,
            Role::Open => match &place.model.particle(id).term {
                Term::Element(_) | Term::Wildcard(_) => false,
                Term::Sequence(list) | Term::Choice(list) | Term::All(list) => list.iter().any(|child| self.present(place, *child)),
            },
        }
    }

    fn present_properties(&self, place: &Place<'c, 'd>, id: ParticleId) -> Vec<PropertyId> {
        let mut found = Vec::new();
        self.visit_properties(place, id, &mut |property| {
            if self.slot(place.properties + property.0 as usize).is_some() {
                found.push(property);
            }
        });
        found
    }

    /// All properties of a particle in its own object.
    fn visit_properties(&self, place: &Place<'c, 'd>, id: ParticleId, visit: &mut dyn FnMut(PropertyId)) {
        match place.shape.role(id) {
            Role::Property(property) => visit(*property),
            Role::Alternatives(list) => list.iter().for_each(|(_, property)| visit(*property)),
            Role::Inner => {}
            Role::Open => match &place.model.particle(id).term {
                Term::Element(_) | Term::Wildcard(_) => {}
                Term::Sequence(list) | Term::Choice(list) | Term::All(list) => {
                    for child in list {
                        self.visit_properties(place, *child, visit);
                    }
                }
            },
        }
    }

    /// One reference to a substitution head: one of its members.
    fn alternatives(&mut self, place: &Place<'c, 'd>, record: RecordId, id: ParticleId, list: &[(ElementId, PropertyId)]) {
        let mut there = list.iter().filter_map(|(element, property)| {
            let value = self.slots.get(place.properties + property.0 as usize).and_then(|number| self.values.get(*number as usize))?;
            Some((*element, *value))
        });
        let first = there.next();
        let surplus: Vec<Value<'d>> = there.map(|(_, value)| value).collect();
        let properties = &place.shape.record(record).properties;
        let names = || listed(list.iter().filter_map(|(_, property)| properties.get(property.0 as usize)).map(|one| &*one.key));
        for value in surplus {
            self.mark_reported(place);
            self.report.at(value, format!("only one of {} may be there", names()));
        }
        match first {
            Some((element, value)) => {
                if place.shape.asks_model {
                    self.step(place, self.schema.element(element).name);
                }
                self.element(element, value);
            }
            None if place.shape.bounds(id).min > 0 => match list {
                [(_, only)] => self.missing(place, place.shape.record(record), *only),
                [] | [_, _, ..] => {
                    self.mark_reported(place);
                    self.report.at(place.object, format!("expected one of {}", names()));
                }
            },
            None => {}
        }
    }

    fn property(&mut self, place: &Place<'c, 'd>, record: RecordId, id: ParticleId, property: PropertyId) {
        let slot = place.properties + property.0 as usize;
        let number = self.slots.get(slot).copied().unwrap_or(ABSENT);
        let Some(value) = self.values.get(number as usize).copied() else {
            self.absent(place, record, id, property);
            return;
        };
        let one = place.shape.record(record).property(property);
        match &one.kind {
            PropertyKind::Element(_) => self.elements(place, id, one.array, value),
            PropertyKind::Any => self.wildcard(place, id, one.array, value),
            PropertyKind::Each => self.each(place, record, property, value),
            PropertyKind::Mixed => self.mixed(place, value),
            PropertyKind::Repetition(entry) => self.repetitions(place, id, *entry, value),
        }
    }

    #[inline]
    fn elements(&mut self, place: &Place<'c, 'd>, id: ParticleId, array: bool, value: Value<'d>) {
        let bounds = place.shape.bounds(id);
        let Term::Element(element) = place.model.particle(bounds.leaf).term else { return };
        if !array {
            if place.shape.asks_model {
                self.step(place, self.schema.element(element).name);
            }
            self.element(element, value);
            return;
        }
        if value.kind() != Kind::Array {
            self.report.at(value, format!("expected an array, found {}", kind_in_words(value)));
            return;
        }
        self.counted(place, id, value);
        for item in value.items() {
            if place.shape.asks_model {
                self.step(place, self.schema.element(element).name);
            }
            self.element(element, item);
        }
    }

    /// How many items an array may have.
    pub(super) fn counted(&mut self, place: &Place<'c, 'd>, id: ParticleId, array: Value<'d>) {
        let bounds = place.shape.bounds(id);
        if !self.count(array, bounds.min, bounds.max) {
            self.mark_reported(place);
        }
    }

    /// Whether an array has at least and at most so many items.
    pub(super) fn count(&mut self, array: Value<'d>, min: u32, max: Option<u32>) -> bool {
        let count = array.len();
        if count < min as usize {
            self.report.at(array, format!("expected at least {min} items, found {count}"));
            return false;
        }
        match max {
            Some(max) if count > max as usize => {
                self.report.at(array, format!("expected at most {max} items, found {count}"));
                false
            }
            Some(_) | None => true,
        }
    }

    fn repetitions(&mut self, place: &Place<'c, 'd>, id: ParticleId, entry: RecordId, value: Value<'d>) {
        if value.kind() != Kind::Array {
            self.report.at(value, format!("expected an array, found {}", kind_in_words(value)));
            return;
        }
        self.counted(place, id, value);
        let record = place.shape.record(entry);
        let Some(group) = record.group else { return };
        for item in value.items() {
            if item.kind() != Kind::Object {
                self.report.at(item, format!("expected an object, found {}", kind_in_words(item)));
                continue;
            }
            let admits = Admits { attributes: false, value: false, headers: false, open: false };
            let members = self.collect(item, None, record, admits);
            let inner = &Place { object: item, properties: members.properties, ..*place };
            match &place.model.particle(group).term {
                Term::Element(_) | Term::Wildcard(_) => {}
                Term::Sequence(list) | Term::Choice(list) => {
                    for child in list {
                        self.particle(inner, entry, *child);
                    }
                }
                Term::All(list) => self.all(inner, entry, list),
            }
            self.release(&members);
        }
    }

    /// What stands for nothing: filled in if fixed, missing if required.
    fn absent(&mut self, place: &Place<'c, 'd>, record: RecordId, id: ParticleId, property: PropertyId) {
        let bounds = place.shape.bounds(id);
        if bounds.min == 0 {
            return;
        }
        let record = place.shape.record(record);
        if record.property(property).fill && self.slots.get(place.properties + property.0 as usize) == Some(&ABSENT) {
            self.fill_in(place, bounds.leaf, bounds.min);
        } else {
            self.missing(place, record, property);
        }
    }

    fn fill_in(&mut self, place: &Place<'c, 'd>, leaf: ParticleId, times: u32) {
        const MOST: u32 = 100;
        let Term::Element(id) = place.model.particle(leaf).term else { return };
        let Some(ValueConstraint::Fixed(text)) = &self.schema.element(id).value else { return };
        for _ in 0..times.min(MOST) {
            if place.shape.asks_model {
                self.step(place, self.schema.element(id).name);
            }
            let depth = self.scope.depth();
            let name = self.open(id);
            for one in self.uses(self.schema.element(id).ty).iter().filter(|one| one.required) {
                if let Some(ValueConstraint::Fixed(value)) = &one.value {
                    self.attribute_text(one.name, value);
                }
            }
            self.end_start_tag();
            writer::escape_text(&mut self.out, text);
            self.close(&name);
            self.scope.leave(depth);
        }
    }

    #[cold]
    fn missing(&mut self, place: &Place<'c, 'd>, record: &Record, property: PropertyId) {
        self.mark_reported(place);
        let one = record.property(property);
        let given = self.slots.get(place.properties + property.0 as usize).copied().unwrap_or(ABSENT);
        let detail = match given {
            NULLED => "must not be null".to_owned(),
            EMPTIED if one.array => format!("expected at least {} items, found none", one.min.max(1)),
            _ => match one.array {
                true => "missing; expected an array".to_owned(),
                false => "missing".to_owned(),
            },
        };
        self.report.missing(place.object, &one.key, detail);
    }
}
