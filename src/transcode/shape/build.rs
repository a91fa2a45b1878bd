//! From content models to records: which particle is which property.
//!
//! One walk over the particles of a type, base types first, since names and numbers are inherited. Occurrence is kept
//! as the schema writes it; only a group that holds nothing but one element or wildcard counts as one with it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::schema::form::ComplexType;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::transcode::shape::Bounds;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::Keys;
use crate::transcode::shape::Parent;
use crate::transcode::shape::Property;
use crate::transcode::shape::PropertyId;
use crate::transcode::shape::PropertyKind;
use crate::transcode::shape::Record;
use crate::transcode::shape::RecordId;
use crate::transcode::shape::Role;
use crate::transcode::shape::Shape;
use crate::transcode::shape::Spot;
use crate::transcode::shape::Spots;
use crate::transcode::shape::attributes;
use crate::transcode::shape::losses;
use crate::transcode::shape::names::ElementNames;
use crate::transcode::shape::order;
use crate::transcode::shape::particles::Sole;
use crate::transcode::shape::particles::children;
use crate::transcode::shape::particles::elements;
use crate::transcode::shape::particles::emptiable;
use crate::transcode::shape::particles::sole_leaf;
use crate::transcode::shape::place;

/// The shapes of all complex types, by number.
pub(crate) fn all(schema: &Schema) -> Vec<Shape> {
    let count = schema.complex.len();
    let mut made: Vec<Option<(Shape, ElementNames)>> = (0..count).map(|_| None).collect();
    for number in 0..count {
        for id in missing_bases(schema, &made, number) {
            let base = base_of(schema, id).and_then(|base| made.get(base)?.as_ref());
            made[id] = Some(one(schema, id, base));
        }
    }
    made.into_iter().map(|one| one.map(|(shape, _)| shape).unwrap_or_default()).collect()
}

/// The type and those of its bases that are not made yet, the outermost first.
fn missing_bases(schema: &Schema, made: &[Option<(Shape, ElementNames)>], number: usize) -> Vec<usize> {
    let mut chain = Vec::new();
    let mut next = Some(number);
    while let Some(id) = next.filter(|id| made.get(*id).is_some_and(Option::is_none) && !chain.contains(id)) {
        chain.push(id);
        next = base_of(schema, id);
    }
    chain.reverse();
    chain
}

fn base_of(schema: &Schema, id: usize) -> Option<usize> {
    match schema.complex.get(id)?.base? {
        TypeId::Complex(base) if base != ComplexTypeId::ANY => Some(base.0 as usize),
        TypeId::Complex(_) | TypeId::Simple(_) => None,
    }
}

fn one(schema: &Schema, id: usize, base: Option<&(Shape, ElementNames)>) -> (Shape, ElementNames) {
    let ty = &schema.complex[id];
    let names = ElementNames::of(schema, ty, base.map(|(_, names)| names));
    let mut shape = match &ty.content {
        Content::Elements(model) if id != ComplexTypeId::ANY.0 as usize => {
            let parts =
                schema.part_names.get(&ComplexTypeId(narrow(id))).map(|parts| by_part(schema, ty, model, parts)).unwrap_or_default();
            let natural = Builder { parts, ..Builder::new(schema, model, &names, HashMap::new()) }.run(ty.mixed);
            let base_type = base_of(schema, id).and_then(|base| schema.complex.get(base));
            match base.zip(base_type).and_then(|((base, _), base_type)| place::inherited(schema, ty, &natural, base_type, base)) {
                Some(numbers) => Shape { renumbered: true, ..Builder::new(schema, model, &names, numbers).run(ty.mixed) },
                None => natural,
            }
        }
        Content::Empty | Content::Simple(_) | Content::Elements(_) => {
            without_elements(ty.mixed || matches!(ty.content, Content::Elements(_)))
        }
    };
    shape.attributes = attributes::of(schema, ty);
    shape.losses = losses::of(schema, ty);
    shape.content = match &ty.content {
        Content::Simple(value) if attributes::count(schema, ty) => ContentShape::Value(*value),
        Content::Simple(value) => ContentShape::Plain(*value),
        Content::Empty | Content::Elements(_) if id == ComplexTypeId::ANY.0 as usize => ContentShape::Open,
        Content::Empty | Content::Elements(_) if ty.mixed => ContentShape::Mixed,
        Content::Empty | Content::Elements(_) => ContentShape::Elements,
    };
    (shape, names)
}

/// The members that have the name of their part: all of an rpc wrapper; of a body in document style those whose local name
/// another one has too.
fn by_part(schema: &Schema, ty: &ComplexType, model: &Model, parts: &[Arc<str>]) -> HashMap<ParticleId, Arc<str>> {
    let members = model.particles.first().map(|root| children(&root.term)).unwrap_or_default();
    let local = |id: &ParticleId| match &model.particle(*id).term {
        Term::Element(element) => Some(schema.symbols.name(schema.element(*element).name).local.as_str()),
        Term::Wildcard(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_) => None,
    };
    let owner = ty.owner.map(|id| schema.symbols.name(schema.element(id).name).expanded());
    let is_body = owner.is_some_and(|name| name.ns.is_empty() && name.local == "Body");
    let clash = |id: &ParticleId| !is_body || members.iter().any(|other| other != id && local(other) == local(id));
    let named = members.iter().zip(parts).filter(|(id, _)| clash(id)).map(|(id, part)| (*id, part.clone()));
    // An element that is alone in its group stands for the group.
    let alone = if let [only] = members { Some(only).filter(|id| clash(id)).and(parts.first()) } else { None };
    named.chain(alone.map(|part| (ParticleId::ROOT, part.clone()))).collect()
}

/// The shape of a type that no element may stand in, or any.
fn without_elements(mixed: bool) -> Shape {
    let mut record = Record::default();
    if mixed {
        record.properties.push(mixed_property(Vec::new()));
        record.keys = Keys::new(vec![Arc::from("$mixed")]);
    }
    Shape { records: vec![record], ..Shape::default() }
}

fn mixed_property(particles: Vec<ParticleId>) -> Property {
    Property {
        key: Arc::from("$mixed"),
        kind: PropertyKind::Mixed,
        array: true,
        empty_when_absent: true,
        nillable: false,
        required: false,
        fill: false,
        min: 0,
        max: None,
        particles,
        lead: Box::default(),
    }
}

/// Where the walk stands.
#[derive(Clone, Copy)]
struct Setting {
    record: RecordId,
    /// Under a choice or in an optional group of this object.
    optional: bool,
    /// In an entry of `$items`.
    entry: bool,
}

/// How many properties of each name an object has so far; branches of a choice count from the same start.
#[derive(Default)]
struct Counts {
    now: HashMap<Arc<str>, u32>,
    log: Vec<(Arc<str>, u32)>,
}

impl Counts {
    fn set(&mut self, key: &Arc<str>, count: u32) {
        let old = self.now.insert(key.clone(), count).unwrap_or(0);
        self.log.push((key.clone(), old));
    }

    fn get(&self, key: &str) -> u32 {
        self.now.get(key).copied().unwrap_or(0)
    }
}

struct Builder<'s> {
    schema: &'s Schema,
    model: &'s Model,
    names: &'s ElementNames,
    /// Numbers of properties that a base type fixed, by the particle that is the property.
    numbers: HashMap<ParticleId, u32>,
    /// Members of a body that go by the name of their part.
    parts: HashMap<ParticleId, Arc<str>>,
    shape: Shape,
    counts: Vec<Counts>,
    found: Vec<HashMap<Arc<str>, PropertyId>>,
    entries: bool,
}

impl<'s> Builder<'s> {
    fn new(schema: &'s Schema, model: &'s Model, names: &'s ElementNames, numbers: HashMap<ParticleId, u32>) -> Self {
        let count = model.particles.len();
        let shape = Shape {
            roles: vec![Role::Inner; count],
            spots: vec![Spots::None; count],
            bounds: vec![Bounds::default(); count],
            asks_model: model.is_ambiguous(),
            ..Shape::default()
        };
        Self { schema, model, names, numbers, parts: HashMap::new(), shape, counts: Vec::new(), found: Vec::new(), entries: false }
    }

    fn run(mut self, mixed: bool) -> Shape {
        let record = self.open_record(None, ParticleId::ROOT);
        let setting = Setting { record, optional: false, entry: false };
        if mixed {
            self.shape.records[0].properties.push(mixed_property(vec![ParticleId::ROOT]));
            self.found[0].insert(Arc::from("$mixed"), PropertyId(0));
            self.shape.roles[0] = Role::Property(PropertyId(0));
            self.shape.bounds[0] = Bounds { min: 0, max: None, leaf: ParticleId::ROOT };
            self.take_entries(ParticleId::ROOT, Spot { record, property: PropertyId(0), entry: true });
        } else if !self.model.particles.is_empty() {
            self.particle(ParticleId::ROOT, setting);
        }
        for record in &mut self.shape.records {
            record.keys = Keys::new(record.properties.iter().map(|one| one.key.clone()).collect());
        }
        let free = self.model.particles.iter().any(|particle| matches!(particle.term, Term::All(_)));
        self.shape.has_free_arrays = free && self.shape.records.iter().flat_map(|record| &record.properties).any(|one| one.array);
        if self.entries {
            self.shape.entry_keys = self.names.by_symbol.clone();
            self.shape.by_entry_key = self.names.by_symbol.values().map(|(key, id)| (key.clone(), *id)).collect();
        }
        self.shape
    }

    fn open_record(&mut self, parent: Option<Parent>, group: ParticleId) -> RecordId {
        let id = RecordId(narrow(self.shape.records.len()));
        self.shape.records.push(Record { parent, group: Some(group), ..Record::default() });
        self.counts.push(Counts::default());
        self.found.push(HashMap::new());
        id
    }

    fn particle(&mut self, id: ParticleId, at: Setting) {
        match sole_leaf(self.model, id) {
            Some(sole) => self.leaf(id, sole, at),
            None => self.group(id, at),
        }
    }

    fn leaf(&mut self, id: ParticleId, sole: Sole, at: Setting) {
        let repeated = sole.max != Some(1);
        self.shape.bounds[id.0 as usize] = Bounds { min: sole.min, max: sole.max, leaf: sole.leaf };
        self.shape.asks_model |= id != sole.leaf && repeated && self.counts_are_rough(id);
        let Term::Element(head) = self.model.particle(sole.leaf).term else {
            let property = self.numbered("$any", PropertyKind::Any, repeated, id, at);
            self.shape.roles[id.0 as usize] = Role::Property(property);
            self.shape.spots[sole.leaf.0 as usize] = Spots::One(Spot { record: at.record, property, entry: true });
            return;
        };
        let declared = self.schema.element(head);
        if declared.members.is_empty() && !declared.is_abstract {
            let property = self.element(head, repeated, id, at);
            self.shape.roles[id.0 as usize] = Role::Property(property);
            self.shape.spots[sole.leaf.0 as usize] = Spots::One(Spot { record: at.record, property, entry: false });
        } else if repeated {
            self.each(id, at);
        } else {
            self.alternatives(id, sole.leaf, head, at);
        }
    }

    /// Whether the product of occurrences admits numbers that the groups do not.
    fn counts_are_rough(&self, id: ParticleId) -> bool {
        let particle = self.model.particle(id);
        match &particle.term {
            Term::Element(_) | Term::Wildcard(_) => false,
            Term::Sequence(list) | Term::Choice(list) | Term::All(list) => {
                let inner = list.first().and_then(|only| sole_leaf(self.model, *only));
                let (optional, repeated) = (particle.min == 0, particle.max != Some(1));
                inner.is_some_and(|sole| {
                    let gaps = repeated && sole.max.is_some_and(|max| max > 1) && particle.max.is_some();
                    gaps || ((optional || repeated) && sole.min > 1)
                })
            }
        }
    }

    fn alternatives(&mut self, id: ParticleId, leaf: ParticleId, head: ElementId, at: Setting) {
        let declared = self.schema.element(head);
        let usable: Vec<ElementId> = (!declared.is_abstract).then_some(head).into_iter().chain(declared.members.iter().copied()).collect();
        let inner = Setting { optional: at.optional || usable.len() != 1, ..at };
        let mut list = Vec::with_capacity(usable.len());
        for element in usable {
            list.push((element, self.element(element, false, id, inner)));
        }
        let spots = list.iter().map(|(element, property)| (*element, Spot { record: at.record, property: *property, entry: false }));
        self.shape.spots[leaf.0 as usize] = Spots::ByElement(spots.collect());
        self.shape.roles[id.0 as usize] = Role::Alternatives(list);
    }

    fn group(&mut self, id: ParticleId, at: Setting) {
        let particle = self.model.particle(id);
        let list = children(&particle.term);
        if list.is_empty() {
            self.shape.roles[id.0 as usize] = Role::Open;
        } else if particle.max != Some(1) {
            let inner = self.innermost_repeated(id);
            let choice = matches!(self.model.particle(inner).term, Term::Choice(_));
            if choice || matches!(particle.term, Term::Choice(_)) || self.mixes_wildcards(id) {
                self.each(id, at);
            } else {
                self.repetition(id, inner, at);
            }
        } else if matches!(particle.term, Term::Choice(_)) && order::conflicts(self.schema, self.model, list) {
            self.each(id, at);
        } else {
            self.open_group(id, at);
        }
    }

    /// The repeated group that alone stands in this repeated one, and so on inwards.
    fn innermost_repeated(&self, id: ParticleId) -> ParticleId {
        let mut at = id;
        while let [only] = children(&self.model.particle(at).term) {
            let particle = self.model.particle(*only);
            if particle.max == Some(1) || children(&particle.term).is_empty() {
                break;
            }
            at = *only;
        }
        at
    }

    fn open_group(&mut self, id: ParticleId, at: Setting) {
        self.shape.roles[id.0 as usize] = Role::Open;
        let particle = self.model.particle(id);
        let inner = Setting { optional: at.optional || particle.min == 0, ..at };
        match &particle.term {
            Term::Element(_) | Term::Wildcard(_) => {}
            Term::Sequence(list) | Term::All(list) => {
                for child in list {
                    self.particle(*child, inner);
                }
            }
            Term::Choice(list) if list.len() == 1 => {
                for child in list {
                    self.particle(*child, inner);
                }
            }
            Term::Choice(list) => self.branches(list, Setting { optional: true, ..at }),
        }
    }

    fn branches(&mut self, list: &[ParticleId], at: Setting) {
        let record = at.record.0 as usize;
        let mut most: HashMap<Arc<str>, u32> = HashMap::new();
        for child in list {
            let start = self.counts[record].log.len();
            self.particle(*child, at);
            let counts = &mut self.counts[record];
            for (key, old) in counts.log.split_off(start).into_iter().rev() {
                let now = counts.get(&key);
                let top = most.entry(key.clone()).or_default();
                *top = now.max(*top);
                counts.now.insert(key, old);
            }
        }
        for (key, count) in most {
            self.counts[record].set(&key, count);
        }
    }

    /// A list of one-property objects for all elements of a particle.
    fn each(&mut self, id: ParticleId, at: Setting) {
        let property = self.numbered("$items", PropertyKind::Each, true, id, at);
        self.shape.roles[id.0 as usize] = Role::Property(property);
        let min = u32::from(!emptiable(self.model, id));
        self.shape.bounds[id.0 as usize] = Bounds { min, max: None, leaf: id };
        self.take_entries(id, Spot { record: at.record, property, entry: true });
    }

    fn take_entries(&mut self, id: ParticleId, spot: Spot) {
        self.entries = true;
        self.shape.asks_model = true;
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            match &self.model.particle(id).term {
                Term::Element(_) | Term::Wildcard(_) => self.shape.spots[id.0 as usize] = Spots::One(spot),
                Term::Sequence(list) | Term::Choice(list) | Term::All(list) => stack.extend(list),
            }
        }
    }

    /// A list of objects, one a repetition of a sequence.
    fn repetition(&mut self, id: ParticleId, group: ParticleId, at: Setting) {
        let record = RecordId(narrow(self.shape.records.len()));
        let property = self.numbered("$items", PropertyKind::Repetition(record), true, id, at);
        self.shape.roles[id.0 as usize] = Role::Property(property);
        let (min, max) = self.repetitions(id, group);
        self.shape.asks_model |= id != group;
        self.shape.bounds[id.0 as usize] = Bounds { min, max, leaf: id };
        self.open_record(Some(Parent { record: at.record, property, group }), group);
        self.shape.roles[group.0 as usize] = if group == id { Role::Property(property) } else { Role::Inner };
        let inner = Setting { record, optional: false, entry: true };
        for child in children(&self.model.particle(group).term) {
            self.particle(*child, inner);
        }
    }

    /// How often a repeated group may come: the product of those from `id` to the innermost one.
    fn repetitions(&self, id: ParticleId, group: ParticleId) -> (u32, Option<u32>) {
        let (mut min, mut max, mut step) = (1_u32, Some(1_u32), id);
        loop {
            let particle = self.model.particle(step);
            min = min.saturating_mul(particle.min);
            max = max.zip(particle.max).map(|(a, b)| a.saturating_mul(b));
            match children(&particle.term) {
                [only] if step != group => step = *only,
                [] | [_, ..] => break,
            }
        }
        (if emptiable(self.model, id) { 0 } else { min }, max)
    }

    /// How many items the array of a property has.
    fn items(&self, kind: &PropertyKind, id: ParticleId) -> (u32, Option<u32>) {
        match (sole_leaf(self.model, id), kind) {
            (Some(sole), _) => (sole.min, sole.max),
            (None, PropertyKind::Each) => elements(self.model, id),
            (None, PropertyKind::Repetition(_)) => self.repetitions(id, self.innermost_repeated(id)),
            (None, PropertyKind::Element(_) | PropertyKind::Any | PropertyKind::Mixed) => (u32::from(!emptiable(self.model, id)), None),
        }
    }

    fn mixes_wildcards(&self, id: ParticleId) -> bool {
        let (mut wildcards, mut elements) = (false, false);
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            match &self.model.particle(id).term {
                Term::Element(_) => elements = true,
                Term::Wildcard(_) => wildcards = true,
                Term::Sequence(list) | Term::Choice(list) | Term::All(list) => stack.extend(list),
            }
        }
        wildcards && elements
    }

    /// The property of an element at this place: shared with other branches of a choice that have as many of its name before it.
    fn element(&mut self, element: ElementId, repeated: bool, id: ParticleId, at: Setting) -> PropertyId {
        let own = self.parts.get(&id).filter(|_| self.schema.element(element).members.is_empty());
        let stem = own.cloned().unwrap_or_else(|| self.names.key(self.schema.element(element).name));
        let property = self.numbered(&stem, PropertyKind::Element(element), repeated, id, at);
        let nillable = self.schema.element(element).nillable;
        let fill = !at.optional && !at.entry && self.can_fill(element);
        let one = &mut self.shape.records[at.record.0 as usize].properties[property.0 as usize];
        one.nillable |= nillable;
        if fill {
            one.fill = one.required;
            one.required = false;
        }
        property
    }

    /// Whether an element with a fixed value can be written without being given.
    fn can_fill(&self, element: ElementId) -> bool {
        let declared = self.schema.element(element);
        let content = match declared.ty {
            TypeId::Simple(_) => true,
            TypeId::Complex(id) => {
                let ty = self.schema.complex(id);
                let bare = ty.attributes.iter().all(|one| !one.required || matches!(one.value, Some(ValueConstraint::Fixed(_))));
                matches!(ty.content, Content::Simple(_)) && bare && !ty.is_abstract
            }
        };
        content && matches!(declared.value, Some(ValueConstraint::Fixed(_)))
    }

    fn numbered(&mut self, stem: &str, kind: PropertyKind, repeated: bool, id: ParticleId, at: Setting) -> PropertyId {
        let stem: Arc<str> = Arc::from(stem);
        let whole_type = matches!(kind, PropertyKind::Any | PropertyKind::Each | PropertyKind::Repetition(_));
        let counts = &mut self.counts[at.record.0 as usize];
        let number = self.numbers.get(&id).copied().unwrap_or_else(|| counts.get(&stem) + 1);
        if whole_type {
            // Numbered through all branches of a choice: nothing to take back.
            counts.now.insert(stem.clone(), number.max(counts.get(&stem)));
        } else {
            counts.set(&stem, number.max(counts.get(&stem)));
        }
        let key = if number == 1 { stem } else { format!("{stem}${number}").into() };
        self.property(key, kind, repeated, id, at)
    }

    fn property(&mut self, key: Arc<str>, kind: PropertyKind, repeated: bool, id: ParticleId, at: Setting) -> PropertyId {
        let (min, max) = self.items(&kind, id);
        let record = &mut self.shape.records[at.record.0 as usize];
        let found = &mut self.found[at.record.0 as usize];
        if let Some(known) = found.get(&key).copied() {
            let shared = &mut record.properties[known.0 as usize];
            shared.array |= repeated;
            shared.empty_when_absent = false;
            shared.min = shared.min.min(min);
            shared.max = shared.max.zip(max).map(|(a, b)| a.max(b));
            shared.particles.push(id);
            return known;
        }
        let new = PropertyId(narrow(record.properties.len()));
        found.insert(key.clone(), new);
        record.properties.push(Property {
            key,
            kind,
            array: repeated,
            empty_when_absent: repeated && !at.optional && !at.entry,
            nillable: false,
            required: min > 0 && !at.optional,
            fill: false,
            min,
            max,
            particles: vec![id],
            lead: Box::default(),
        });
        new
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
