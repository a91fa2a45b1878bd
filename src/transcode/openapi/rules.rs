//! Which properties of an object must, may and must not stand together: choices, optional groups, substitution groups.
//!
//! Derived from the particles whose properties share an object. Written with `required`, `dependentRequired`,
//! `dependentSchemas` and `not`, which generators of clients pass over; `oneOf` beside properties makes some of them
//! write clients that send empty objects.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Term;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::shape::PropertyId;
use crate::transcode::shape::Record;
use crate::transcode::shape::Role;
use crate::transcode::shape::Shape;

/// What holds of the presence of properties.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Rules {
    required: BTreeSet<PropertyId>,
    absent: BTreeSet<PropertyId>,
    /// Where the first stands, the others must.
    with: BTreeMap<PropertyId, BTreeSet<PropertyId>>,
    /// Where the first stands, the others must not.
    without: BTreeMap<PropertyId, BTreeSet<PropertyId>>,
    /// Of each list one must hold.
    one_of: Vec<Vec<Rules>>,
    /// The same, where a property stands.
    one_of_with: BTreeMap<PropertyId, Vec<Vec<Rules>>>,
    /// Properties whose presence says something: an empty array would not be presence.
    pub(super) telling: BTreeSet<PropertyId>,
}

/// The rules of an object of a shape.
pub(super) fn of(model: &Model, shape: &Shape, record: &Record) -> Rules {
    let mut rules = Rules::default();
    let reader = Reader { model, shape, record };
    let Some(group) = record.group.filter(|_| !model.particles.is_empty()) else { return rules };
    match (&record.parent, &model.particle(group).term) {
        // A repetition: the group itself is there.
        (Some(_), Term::Sequence(list) | Term::All(list) | Term::Choice(list)) => {
            list.iter().for_each(|child| reader.satisfied(*child, &mut rules));
        }
        (None, _) | (Some(_), Term::Element(_) | Term::Wildcard(_)) => reader.satisfied(group, &mut rules),
    }
    rules.settle();
    rules
}

struct Reader<'s> {
    model: &'s Model,
    shape: &'s Shape,
    record: &'s Record,
}

impl Reader<'_> {
    /// Adds what holds if a particle stands where it must.
    fn satisfied(&self, id: ParticleId, rules: &mut Rules) {
        let least = self.shape.bounds(id).min;
        match self.shape.role(id) {
            Role::Property(property) => {
                if least > 0 && self.record.properties.get(property.0 as usize).is_some_and(|one| !one.fill) {
                    rules.required.insert(*property);
                }
            }
            Role::Alternatives(list) => {
                let all: Vec<PropertyId> = list.iter().map(|(_, property)| *property).collect();
                rules.exclude(&all.iter().map(|one| BTreeSet::from([*one])).collect::<Vec<_>>());
                if least > 0 {
                    rules.one_of.push(all.into_iter().map(Rules::presence).collect());
                }
            }
            Role::Inner => {}
            Role::Open => self.group(id, rules),
        }
    }

    fn group(&self, id: ParticleId, rules: &mut Rules) {
        let particle = self.model.particle(id);
        match &particle.term {
            Term::Element(_) | Term::Wildcard(_) => {}
            Term::Choice(list) if list.len() > 1 => self.choice(id, list, rules),
            Term::Sequence(list) | Term::All(list) | Term::Choice(list) => {
                let mut inner = Rules::default();
                list.iter().for_each(|child| self.satisfied(*child, &mut inner));
                if particle.min > 0 {
                    rules.join(inner);
                } else {
                    rules.join(inner.only_if(&self.properties(id)));
                }
            }
        }
    }

    fn choice(&self, id: ParticleId, list: &[ParticleId], rules: &mut Rules) {
        let own: Vec<BTreeSet<PropertyId>> = list.iter().map(|branch| self.properties(*branch)).collect();
        let may_be_empty = self.model.particle(id).min == 0 || list.iter().any(|branch| self.shape.may_be_empty(self.model, *branch));
        let all = self.properties(id);
        rules.telling.extend(&all);
        let branches: Vec<Rules> = list
            .iter()
            .map(|branch| {
                let mut inner = Rules::default();
                self.satisfied(*branch, &mut inner);
                inner
            })
            .collect();
        if all.len() == own.iter().map(BTreeSet::len).sum::<usize>() {
            rules.exclude(&own);
            if !may_be_empty {
                rules.one_of.push(branches.iter().zip(&own).flat_map(|(inner, own)| inner.signs(own)).collect());
            }
            for (inner, own) in branches.into_iter().zip(&own) {
                rules.join(inner.only_if(own));
            }
            return;
        }
        // Branches share properties: each as a whole.
        let mut whole: Vec<Rules> = Vec::new();
        for (mut inner, own) in branches.into_iter().zip(&own) {
            inner.absent.extend(all.difference(own));
            whole.push(inner);
        }
        if may_be_empty {
            whole.push(Rules { absent: all, ..Rules::default() });
        }
        rules.one_of.push(whole);
    }

    /// The properties of the object that stand for parts of a particle.
    fn properties(&self, id: ParticleId) -> BTreeSet<PropertyId> {
        match self.shape.role(id) {
            Role::Property(property) => BTreeSet::from([*property]),
            Role::Alternatives(list) => list.iter().map(|(_, property)| *property).collect(),
            Role::Inner => BTreeSet::new(),
            Role::Open => match &self.model.particle(id).term {
                Term::Element(_) | Term::Wildcard(_) => BTreeSet::new(),
                Term::Sequence(list) | Term::Choice(list) | Term::All(list) => {
                    list.iter().flat_map(|child| self.properties(*child)).collect()
                }
            },
        }
    }
}

impl Rules {
    fn presence(property: PropertyId) -> Self {
        Self { required: BTreeSet::from([property]), ..Self::default() }
    }

    fn is_empty(&self) -> bool {
        self.required.is_empty()
            && self.absent.is_empty()
            && self.with.is_empty()
            && self.without.is_empty()
            && self.one_of.is_empty()
            && self.one_of_with.is_empty()
    }

    /// By which presence shows that this is the branch taken: by what it requires, else by any of its properties.
    fn signs(&self, own: &BTreeSet<PropertyId>) -> Vec<Self> {
        if self.required.is_empty() {
            own.iter().map(|one| Self::presence(*one)).collect()
        } else {
            vec![Self { required: self.required.clone(), ..Self::default() }]
        }
    }

    /// Both hold.
    fn join(&mut self, other: Self) {
        self.required.extend(other.required);
        self.absent.extend(other.absent);
        for (key, more) in other.with {
            self.with.entry(key).or_default().extend(more);
        }
        for (key, more) in other.without {
            self.without.entry(key).or_default().extend(more);
        }
        self.one_of.extend(other.one_of);
        for (key, more) in other.one_of_with {
            self.one_of_with.entry(key).or_default().extend(more);
        }
        self.telling.extend(other.telling);
    }

    /// What is required is required only where one of these properties stands.
    fn only_if(mut self, properties: &BTreeSet<PropertyId>) -> Self {
        let (required, one_of) = (std::mem::take(&mut self.required), std::mem::take(&mut self.one_of));
        if !required.is_empty() || !one_of.is_empty() {
            self.telling.extend(properties);
        }
        for property in properties {
            let others: BTreeSet<PropertyId> = required.iter().copied().filter(|one| one != property).collect();
            if !others.is_empty() {
                self.with.entry(*property).or_default().extend(others);
            }
            let open: Vec<Vec<Rules>> = one_of.iter().filter(|list| !list.contains(&Self::presence(*property))).cloned().collect();
            if !open.is_empty() {
                self.one_of_with.entry(*property).or_default().extend(open);
            }
        }
        self
    }

    /// At most one of these sets is there.
    fn exclude(&mut self, sets: &[BTreeSet<PropertyId>]) {
        for (at, set) in sets.iter().enumerate() {
            let later: BTreeSet<PropertyId> = sets.iter().skip(at + 1).flatten().copied().collect();
            if later.is_empty() {
                continue;
            }
            for property in set {
                self.without.entry(*property).or_default().extend(&later);
            }
        }
    }

    /// Whether a property must be there, as far as this says.
    pub(super) fn requires(&self, property: PropertyId) -> bool {
        self.required.contains(&property)
    }

    /// Whether a property must not be there.
    pub(super) fn excludes(&self, property: PropertyId) -> bool {
        self.absent.contains(&property)
    }

    /// Sets whether a property must be there.
    pub(super) fn require(&mut self, property: PropertyId, required: bool) {
        if required {
            self.required.insert(property);
        } else {
            self.required.remove(&property);
        }
    }

    /// Whether an object without properties breaks the rules.
    pub(super) fn wants_something(&self) -> bool {
        !self.required.is_empty() || self.one_of.iter().any(|list| list.iter().all(Self::wants_something))
    }

    /// What holds of the others if a property is given elsewhere, always or perhaps.
    pub(super) fn given(&mut self, property: PropertyId, always: bool) {
        self.required.remove(&property);
        let with = self.with.remove(&property).unwrap_or_default();
        let without = self.without.remove(&property).unwrap_or_default();
        let one_of = self.one_of_with.remove(&property).unwrap_or_default();
        self.with.values_mut().for_each(|others| {
            others.remove(&property);
        });
        self.with.retain(|_, others| !others.is_empty());
        for (key, others) in &mut self.without {
            if others.remove(&property) && always {
                self.absent.insert(*key);
            }
        }
        self.without.retain(|_, others| !others.is_empty());
        if always {
            self.required.extend(with);
            self.absent.extend(without);
            self.one_of.extend(one_of);
        }
        for list in self.one_of.iter_mut().chain(self.one_of_with.values_mut().flatten()) {
            if always {
                list.retain(|rules| !rules.absent.contains(&property));
            }
            for rules in list {
                rules.absent.remove(&property);
                rules.given(property, always);
            }
        }
    }

    /// Leaves out what says nothing more.
    fn settle(&mut self) {
        for others in self.with.values_mut() {
            others.retain(|one| !self.required.contains(one));
        }
        self.with.retain(|_, others| !others.is_empty());
    }

    /// The members of a schema that say so; `required` is left to the caller, who has more of it.
    pub(super) fn write(&self, record: &Record, mut schema: Object) -> Object {
        let key = |id: &PropertyId| record.properties.get(id.0 as usize).map_or("", |one| &*one.key);
        if !self.with.is_empty() {
            let mut dependent = Object::default();
            for (property, others) in &self.with {
                dependent.push(key(property), Node::texts(others.iter().map(key)));
            }
            schema = schema.with("dependentRequired", dependent);
        }
        let mut dependent = Object::default();
        let conditional: BTreeSet<PropertyId> = self.without.keys().chain(self.one_of_with.keys()).copied().collect();
        let (none, never) = (Vec::new(), BTreeSet::new());
        for property in conditional {
            let absent = self.without.get(&property).unwrap_or(&never);
            let one_of = self.one_of_with.get(&property).unwrap_or(&none);
            dependent.push(key(&property), negations(record, absent, one_of, Object::default()));
        }
        if !dependent.is_empty() {
            schema = schema.with("dependentSchemas", dependent);
        }
        negations(record, &self.absent, &self.one_of, schema)
    }

    /// The names of required properties.
    pub(super) fn required<'r>(&self, record: &'r Record) -> impl Iterator<Item = &'r str> {
        self.required.iter().filter_map(|id| record.properties.get(id.0 as usize)).map(|one| &*one.key)
    }

    fn schema(&self, record: &Record) -> Object {
        let mut schema = Object::default();
        if !self.required.is_empty() {
            schema = schema.with("required", Node::texts(self.required(record)));
        }
        self.write(record, schema)
    }
}

/// `not` with all that must not be: these properties, and of each list that none of it holds.
fn negations(record: &Record, absent: &BTreeSet<PropertyId>, one_of: &[Vec<Rules>], schema: Object) -> Object {
    let mut bad: Vec<Node> = absent.iter().map(|property| Rules::presence(*property).schema(record).into()).collect();
    for list in one_of {
        if list.iter().any(Rules::is_empty) {
            continue;
        }
        let none = list.iter().map(|rules| Object::default().with("not", rules.schema(record)).into()).collect();
        bad.push(Object::default().with("allOf", Node::List(none)).into());
    }
    match bad.pop() {
        None => schema,
        Some(only) if bad.is_empty() => schema.with("not", only),
        Some(last) => {
            bad.push(last);
            schema.with("not", Object::default().with("anyOf", Node::List(bad)))
        }
    }
}
