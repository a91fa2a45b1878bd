//! Objects as JSON Schema: attributes, properties for elements, entries of `$items` and `$mixed`, nil elements.
//!
//! All are closed. A derived type stands in full, with what it inherits: an `allOf` of closed objects would admit nothing.

use crate::schema::form::AttributeUse;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::ElementId;
use crate::schema::form::NamespaceConstraint;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::form::Wildcard;
use crate::schema::simple::SimpleTypeId;
use crate::transcode::openapi::components::Wish;
use crate::transcode::openapi::maker::Admitted;
use crate::transcode::openapi::maker::Form;
use crate::transcode::openapi::maker::Maker;
use crate::transcode::openapi::maker::Part;
use crate::transcode::openapi::maker::Root;
use crate::transcode::openapi::node::ComponentId;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::remainder::Taken;
use crate::transcode::openapi::rules;
use crate::transcode::openapi::rules::Rules;
use crate::transcode::openapi::simple::only;
use crate::transcode::openapi::simple::typed;
use crate::transcode::openapi::value::either;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::Property;
use crate::transcode::shape::PropertyId;
use crate::transcode::shape::PropertyKind;
use crate::transcode::shape::Record;
use crate::transcode::shape::RecordId;
use crate::transcode::shape::Shape;

/// An object schema in the making.
#[derive(Default)]
struct Closed {
    properties: Object,
    required: Vec<String>,
    /// Keys and values of attributes beside the declared ones.
    more_attributes: Option<Object>,
    open: bool,
}

impl Closed {
    /// The schema, and whether an empty object is none of it.
    fn finish(self, description: Option<&str>, rules: Option<(&Rules, &Record)>) -> (Object, bool) {
        let needed = !self.required.is_empty() || rules.is_some_and(|(rules, _)| rules.wants_something());
        let mut schema = typed("object");
        if let Some(text) = description.map(str::trim).filter(|text| !text.is_empty()) {
            schema.describe(text);
        }
        if !self.properties.is_empty() {
            schema = schema.with("properties", self.properties);
        }
        if !self.required.is_empty() {
            schema = schema.with("required", Node::texts(self.required));
        }
        if let Some((rules, record)) = rules {
            schema = rules.write(record, schema);
        }
        if let Some(patterns) = self.more_attributes {
            schema = schema.with("patternProperties", patterns);
        }
        (schema.with("additionalProperties", Node::Bool(self.open)), needed)
    }
}

impl<'c> Maker<'c> {
    /// The object of a type.
    pub(super) fn object(&mut self, home: ComponentId, form: Form) -> Object {
        self.object_without(home, form, &Taken::default()).0
    }

    /// The object of a type without what stands elsewhere, and whether something must be left in it.
    pub(super) fn object_without(&mut self, home: ComponentId, form: Form, taken: &Taken) -> (Object, bool) {
        let mut closed = Closed::default();
        self.tag(&mut closed, form);
        self.beside_body(&mut closed, home, form.root, taken);
        let id = match form.ty {
            TypeId::Simple(simple) => {
                self.value(&mut closed, simple, taken);
                return closed.finish(None, None);
            }
            TypeId::Complex(id) => id,
        };
        let (schema, shapes) = (self.schema, &self.codec.shapes);
        let ty = schema.complex(id);
        let shape = shapes.of(id);
        let description = ty.documentation.as_deref();
        match shape.content {
            ContentShape::Plain(simple) => self.value(&mut closed, simple, taken),
            ContentShape::Value(simple) => {
                self.attributes(&mut closed, id, taken);
                self.value(&mut closed, simple, taken);
            }
            ContentShape::Open => {
                closed.open = true;
                let beside: Vec<&str> = self.keys_beside(form.root);
                let (object, needed) = closed.finish(description, None);
                return (self.open_object(object, &beside), needed);
            }
            ContentShape::Elements | ContentShape::Array | ContentShape::Mixed => {
                self.attributes(&mut closed, id, taken);
                let rules = self.record(&mut closed, home, (id, RecordId::ROOT), taken);
                return closed.finish(description, Some((&rules, shape.root())));
            }
        }
        closed.finish(description, None)
    }

    /// An object of a nil element.
    pub(super) fn nil_object(&mut self, home: ComponentId, form: Form) -> Object {
        let mut closed = Closed::default();
        self.tag(&mut closed, form);
        self.beside_body(&mut closed, home, form.root, &Taken::default());
        closed.properties.push("$nil", only(true));
        closed.required.push("$nil".to_owned());
        if let TypeId::Complex(id) = form.ty {
            match self.codec.shapes.of(id).content {
                ContentShape::Plain(_) => {}
                ContentShape::Open | ContentShape::Value(_) | ContentShape::Elements | ContentShape::Array | ContentShape::Mixed => {
                    self.attributes(&mut closed, id, &Taken::default())
                }
            }
        }
        closed.finish(None, None).0
    }

    /// `$value`.
    fn value(&mut self, closed: &mut Closed, simple: SimpleTypeId, taken: &Taken) {
        if taken.get("$value").is_none() {
            closed.properties.push("$value", self.simple(simple));
            closed.required.push("$value".to_owned());
        }
    }

    /// `$type`.
    fn tag(&self, closed: &mut Closed, form: Form) {
        if form.tagged
            && let Some(name) = self.codec.shapes.names.name(form.ty)
        {
            closed.properties.push("$type", typed("string").with("enum", Node::texts([name])));
            closed.required.push("$type".to_owned());
        }
    }

    fn keys_beside(&self, root: Root) -> Vec<&str> {
        let beside = self.beside(root);
        let headers = beside.and_then(|beside| beside.headers.as_ref()).map(|_| "$headers");
        let attachments = beside.map(|beside| beside.attachments.as_slice()).unwrap_or_default();
        headers.into_iter().chain(attachments.iter().map(|part| &*part.key)).collect()
    }

    /// Headers and attachments.
    fn beside_body(&mut self, closed: &mut Closed, home: ComponentId, root: Root, taken: &Taken) {
        let Some(beside) = self.beside(root).cloned() else { return };
        match (beside.headers, taken.get("$headers")) {
            (Some((headers, _)), None) => closed.properties.push("$headers", Node::reference(headers)),
            (Some((_, headers)), Some(taken)) => {
                let own = self.begin(Wish::Inside(home, "headers".to_owned()));
                let (object, needed) = self.headers(own, &headers, taken);
                self.describe_now(own, object);
                closed.properties.push("$headers", Node::reference(own));
                closed.required.extend(needed.then(|| "$headers".to_owned()));
            }
            (None, _) => {}
        }
        for part in &beside.attachments {
            let schema = typed("string").with("contentEncoding", Node::word("base64")).with("contentMediaType", Node::text(&*part.media));
            closed.properties.push(&*part.key, schema);
            closed.required.push(part.key.to_string());
        }
    }

    /// A message with an empty Body.
    pub(super) fn empty(&mut self, home: ComponentId, root: Root, taken: &Taken) -> (Object, bool) {
        let mut closed = Closed::default();
        self.beside_body(&mut closed, home, root, taken);
        closed.finish(None, None)
    }

    fn attributes(&mut self, closed: &mut Closed, id: ComplexTypeId, taken: &Taken) {
        let (schema, shapes) = (self.schema, &self.codec.shapes);
        let ty = schema.complex(id);
        for (one, shape) in ty.attributes.iter().zip(&shapes.of(id).attributes) {
            if taken.get(&shape.key).is_some() {
                continue;
            }
            let mut value = self.attribute(one);
            let declared = schema.attribute(one.attribute);
            if let Node::Object(value) = &mut value {
                note(value, declared.documentation.as_deref());
                let name = schema.symbols.name(one.name);
                if !name.ns.as_str().is_empty() {
                    value.push("xml", self.xml(one.name).with("attribute", Node::Bool(true)));
                }
            }
            closed.properties.push(&*shape.key, value);
            if one.required && !matches!(one.value, Some(ValueConstraint::Fixed(_))) {
                closed.required.push(shape.key.to_string());
            }
        }
        if let Some(wildcard) = &ty.any_attribute {
            let declared = shapes.of(id).attributes.iter().map(|one| &*one.key);
            closed.more_attributes = Some(self.open_attributes(wildcard, declared));
        }
    }

    fn attribute(&mut self, one: &AttributeUse) -> Node {
        let ty = self.schema.attribute(one.attribute).ty;
        self.plain(ty, one.value.as_ref())
    }

    /// The properties of a record.
    fn record(&mut self, closed: &mut Closed, home: ComponentId, (id, record): (ComplexTypeId, RecordId), taken: &Taken) -> Rules {
        let shape = self.codec.shapes.of(id);
        let of = shape.record(record);
        let mut rules = self.model_of(id).map(|model| rules::of(model, shape, of)).unwrap_or_default();
        if !taken.is_nothing() {
            self.left_in_record(closed, home, of, &mut rules, taken);
        }
        for (number, property) in (0..).map(PropertyId).zip(&of.properties) {
            if taken.get(&property.key).is_some() || rules.excludes(number) {
                continue;
            }
            let telling = rules.telling.contains(&number);
            let value = self.property(home, id, shape, (record, number), property, telling);
            closed.properties.push(&*property.key, value);
        }
        closed.required.extend(rules.required(of).map(str::to_owned));
        rules
    }

    /// Properties of which something stands elsewhere, and what that means for the others.
    fn left_in_record(&mut self, closed: &mut Closed, home: ComponentId, record: &Record, rules: &mut Rules, taken: &Taken) {
        let concerned: Vec<(PropertyId, &Property, &Taken)> = (0..)
            .map(PropertyId)
            .zip(&record.properties)
            .filter_map(|(number, property)| Some((number, property, taken.get(&property.key)?)))
            .collect();
        let mut needed = Vec::new();
        for (number, property, some) in &concerned {
            let was_required = rules.requires(*number);
            rules.given(*number, some.always());
            let PropertyKind::Element(element) = property.kind else { continue };
            if some.is_whole() {
                continue;
            }
            let left = self.left_of(home, element, some);
            needed.extend(if some.always() { left.needed } else { was_required }.then_some(*number));
            closed.properties.push(&*property.key, left.schema);
        }
        for (number, ..) in &concerned {
            rules.require(*number, needed.contains(number));
        }
    }

    /// A type that is the array of its only property.
    pub(super) fn array(&mut self, home: ComponentId, id: ComplexTypeId) -> Node {
        let shape = self.codec.shapes.of(id);
        let Some(only) = shape.root().properties.first() else { return Object::default().into() };
        let mut value = self.property(home, id, shape, (RecordId::ROOT, PropertyId(0)), only, false);
        if let Node::Object(value) = &mut value {
            note(value, self.schema.complex(id).documentation.as_deref());
        }
        value
    }

    fn property(
        &mut self,
        home: ComponentId,
        id: ComplexTypeId,
        shape: &'c Shape,
        (record, number): (RecordId, PropertyId),
        property: &Property,
        telling: bool,
    ) -> Node {
        let inside = |word: &str| {
            Wish::Inside(home, property.key.replace('$', if property.key.starts_with('$') { "" } else { "_" }).replacen("items", word, 1))
        };
        let mut value = match property.kind {
            PropertyKind::Element(element) => self.element(home, element),
            PropertyKind::Any => self.wildcard(id, property),
            PropertyKind::Each => Node::reference(self.component(Part::Entry(id, record, number), inside("items"))),
            PropertyKind::Repetition(entry) => Node::reference(self.component(Part::Repetition(id, entry), inside("items"))),
            PropertyKind::Mixed => self.mixed(home, id, (record, number), shape),
        };
        if property.array {
            let least = property.min.max(u32::from(telling));
            value = typed("array")
                .with("items", value)
                .with_some("minItems", (least > 0 && property.kind != PropertyKind::Mixed).then(|| Node::number(least.into())))
                .with_some("maxItems", property.max.map(|most| Node::number(most.into())))
                .into();
        }
        if let (PropertyKind::Element(element), Node::Object(value)) = (&property.kind, &mut value) {
            self.annotate(value, *element, &property.key);
        }
        value
    }

    fn wildcard(&mut self, id: ComplexTypeId, property: &Property) -> Node {
        let model = self.model_of(id);
        let bounds = property.particles.first().map(|particle| self.codec.shapes.of(id).bounds(*particle));
        let term = bounds.and_then(|bounds| Some(&model?.particle(bounds.leaf).term));
        let Some(Term::Wildcard(wildcard)) = term else { return Object::default().into() };
        let admitted = Admitted { namespaces: wildcard.namespaces.clone(), process: wildcard.process };
        self.own(Part::Any(admitted), "Any")
    }

    /// Documentation, and what a key with a prefix stands for.
    pub(super) fn annotate(&self, value: &mut Object, element: ElementId, key: &str) {
        let declared = self.schema.element(element);
        note(value, declared.documentation.as_deref());
        if key.contains([':', '{']) {
            value.push("xml", self.xml(declared.name));
        }
    }

    fn xml(&self, name: crate::xml::name::Symbol) -> Object {
        let name = self.schema.symbols.name(name);
        let (ns, local) = (name.ns.as_str(), name.local.as_str());
        let xml = Object::default().with("name", Node::text(local));
        if ns.is_empty() {
            return xml;
        }
        let prefix = self.schema.prefix(ns).map(Node::text);
        xml.with("namespace", Node::text(ns)).with_some("prefix", prefix)
    }

    /// The texts and entries of `$mixed`.
    fn mixed(&mut self, home: ComponentId, id: ComplexTypeId, (record, number): (RecordId, PropertyId), shape: &Shape) -> Node {
        let text = Node::from(typed("string"));
        if shape.root().property(number).particles.is_empty() {
            return text;
        }
        let (elements, wildcards) = self.leaves(id, record, number);
        if elements.is_empty() {
            // In one schema: generators of code stumble over a choice between a string and an object without properties.
            let both = Object::default().with("type", Node::List(vec![Node::word("string"), Node::word("object")]));
            return single_entry(both, &wildcards).into();
        }
        let entry = self.component(Part::Entry(id, record, number), Wish::Inside(home, "mixed".to_owned()));
        either(vec![text, Node::reference(entry)])
    }

    /// An entry of `$items` that stands for a repetition of a sequence.
    pub(super) fn repetition(&mut self, home: ComponentId, id: ComplexTypeId, record: RecordId) -> Object {
        let mut closed = Closed::default();
        let rules = self.record(&mut closed, home, (id, record), &Taken::default());
        closed.finish(None, Some((&rules, self.codec.shapes.of(id).record(record)))).0
    }

    /// An entry of `$items` or `$mixed` that stands for one element.
    pub(super) fn entry(&mut self, home: ComponentId, id: ComplexTypeId, record: RecordId, property: PropertyId) -> Object {
        let shape = self.codec.shapes.of(id);
        let (elements, wildcards) = self.leaves(id, record, property);
        let mut properties = Object::default();
        let mut seen = std::collections::HashSet::new();
        for element in elements {
            let declared = self.schema.element(element);
            let Some(key) = shape.entry_key(declared.name).filter(|key| seen.insert((*key).clone())) else { continue };
            let mut value = self.element(home, element);
            if let Node::Object(value) = &mut value {
                self.annotate(value, element, key);
            }
            properties.push(&**key, value);
        }
        single_entry(typed("object").with("properties", properties), &wildcards)
    }

    /// The elements and wildcards that an entry of a property may stand for.
    fn leaves(&self, id: ComplexTypeId, record: RecordId, property: PropertyId) -> (Vec<ElementId>, Vec<&'c Wildcard>) {
        let (mut elements, mut wildcards) = (Vec::new(), Vec::new());
        let Some(model) = self.model_of(id) else { return (elements, wildcards) };
        let mut stack: Vec<_> = self.codec.shapes.of(id).record(record).property(property).particles.iter().rev().copied().collect();
        while let Some(particle) = stack.pop() {
            match &model.particle(particle).term {
                Term::Element(head) => {
                    let declared = self.schema.element(*head);
                    elements.extend(std::iter::once(*head).filter(|_| !declared.is_abstract).chain(declared.members.iter().copied()));
                }
                Term::Wildcard(wildcard) => wildcards.push(wildcard),
                Term::Sequence(list) | Term::Choice(list) | Term::All(list) => stack.extend(list.iter().rev()),
            }
        }
        (elements, wildcards)
    }
}

/// An object of one property, which may be one that these wildcards admit.
fn single_entry(schema: Object, wildcards: &[&Wildcard]) -> Object {
    let schema = schema.with("minProperties", Node::number(1)).with("maxProperties", Node::number(1));
    if wildcards.is_empty() {
        return schema.with("additionalProperties", Node::Bool(false));
    }
    if wildcards.iter().any(|one| admits_unnamed(&one.namespaces)) {
        return schema.with("additionalProperties", Node::Bool(true));
    }
    let mut patterns = Object::default();
    patterns.push("^\\{", Object::default());
    schema.with("patternProperties", patterns).with("additionalProperties", Node::Bool(false))
}

/// Whether a wildcard admits names without namespace.
fn admits_unnamed(namespaces: &NamespaceConstraint) -> bool {
    namespaces.admits("")
}

fn note(value: &mut Object, documentation: Option<&str>) {
    if let Some(text) = documentation.map(str::trim).filter(|text| !text.is_empty()) {
        value.describe(text);
    }
}
