//! What can be reached from a declaration: the faults that a message may run into.

use std::collections::HashSet;

use crate::schema::form::ComplexType;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::ElementId;
use crate::schema::form::Fault;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::Variety;

impl Schema {
    /// All faults of what is reachable from a declaration (types, substitution members, derived types), each once. What
    /// only a wildcard admits does not count.
    #[must_use]
    pub fn faults_below(&self, id: ElementId) -> Vec<Fault> {
        let mut search = Search::new(self);
        search.element(id);
        search.run();
        search.faults
    }

    /// All complex types that are reachable from a type, itself included, in no particular order.
    #[must_use]
    pub fn complex_types_below(&self, id: TypeId) -> Vec<ComplexTypeId> {
        let mut search = Search::new(self);
        search.ty(id);
        search.run();
        let complex = search.types.into_iter().filter_map(|found| match found {
            TypeId::Complex(id) => Some(id),
            TypeId::Simple(_) => None,
        });
        complex.collect()
    }
}

/// What is still to be looked at.
#[derive(Clone, Copy)]
enum Next {
    Element(ElementId),
    Type(TypeId),
}

struct Search<'s> {
    schema: &'s Schema,
    faults: Vec<Fault>,
    elements: HashSet<ElementId>,
    types: HashSet<TypeId>,
    /// Types that lend others their content and attributes: only their own faults count.
    bases: HashSet<TypeId>,
    todo: Vec<Next>,
}

impl<'s> Search<'s> {
    fn new(schema: &'s Schema) -> Self {
        Self { schema, faults: Vec::new(), elements: HashSet::new(), types: HashSet::new(), bases: HashSet::new(), todo: Vec::new() }
    }

    fn run(&mut self) {
        while let Some(next) = self.todo.pop() {
            self.visit(next);
        }
    }

    fn element(&mut self, id: ElementId) {
        if self.elements.insert(id) {
            self.todo.push(Next::Element(id));
        }
    }

    fn ty(&mut self, id: TypeId) {
        if self.types.insert(id) {
            self.todo.push(Next::Type(id));
        }
    }

    fn add(&mut self, faults: &[Fault]) {
        for fault in faults {
            if !self.faults.contains(fault) {
                self.faults.push(fault.clone());
            }
        }
    }

    fn visit(&mut self, next: Next) {
        let schema = self.schema;
        match next {
            Next::Element(id) => {
                if let Some(element) = schema.elements.get(id.0 as usize) {
                    self.add(&element.broken);
                    self.ty(element.ty);
                    element.members.iter().for_each(|member| self.element(*member));
                }
            }
            Next::Type(TypeId::Simple(id)) => self.simple(id),
            Next::Type(TypeId::Complex(id)) => {
                if let Some(ty) = schema.complex.get(id.0 as usize) {
                    self.complex(ty);
                }
            }
        }
    }

    fn complex(&mut self, ty: &ComplexType) {
        self.add(&ty.broken);
        self.inherited(ty.base);
        ty.derived.iter().for_each(|derived| self.ty(TypeId::Complex(*derived)));
        for used in &ty.attributes {
            if let Some(attribute) = self.schema.attributes.get(used.attribute.0 as usize) {
                self.ty(TypeId::Simple(attribute.ty));
            }
        }
        match &ty.content {
            Content::Empty => {}
            Content::Simple(simple) => self.ty(TypeId::Simple(*simple)),
            Content::Elements(model) => {
                for particle in &model.particles {
                    if let Term::Element(id) = particle.term {
                        self.element(id);
                    }
                }
            }
        }
    }

    fn inherited(&mut self, mut base: Option<TypeId>) {
        while let Some(TypeId::Complex(id)) = base
            && self.bases.insert(TypeId::Complex(id))
            && let Some(ty) = self.schema.complex.get(id.0 as usize)
        {
            self.add(&ty.broken);
            base = ty.base;
        }
    }

    fn simple(&mut self, id: SimpleTypeId) {
        if let Some(faults) = self.schema.simple_faults.get(&id) {
            self.add(faults);
        }
        let ty = self.schema.simple.get(id);
        self.ty(TypeId::Simple(ty.base));
        match &ty.variety {
            Variety::Atomic(_) => {}
            Variety::List(item) => self.ty(TypeId::Simple(*item)),
            Variety::Union(members) => members.iter().for_each(|member| self.ty(TypeId::Simple(*member))),
        }
    }
}
