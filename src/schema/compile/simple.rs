//! Simple types: numbers first, then definitions, base types before derived ones.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::schema::compile::Compiler;
use crate::schema::compile::fault;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::Fault;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::simple::FacetEffect;
use crate::schema::simple::FacetFault;
use crate::schema::simple::FacetKind;
use crate::schema::simple::FacetSpec;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::simple::normalise;
use crate::schema::syntax::FacetDecl;
use crate::schema::syntax::SimpleBody;
use crate::schema::syntax::SimpleDecl;
use crate::schema::syntax::SimpleRestriction;
use crate::schema::syntax::SimpleUse;
use crate::xml::name::Symbol;

/// A definition whose references are resolved.
enum Plan<'r> {
    Restriction(SimpleTypeId, &'r SimpleRestriction),
    List(SimpleTypeId),
    Union(Vec<SimpleTypeId>),
}

impl Plan<'_> {
    fn needs(&self) -> &[SimpleTypeId] {
        match self {
            Self::Restriction(base, _) => std::slice::from_ref(base),
            Self::List(item) => std::slice::from_ref(item),
            Self::Union(members) => members,
        }
    }
}

impl<'r> Compiler<'r> {
    /// Gives a simple type its number.
    pub(super) fn declare_simple(&mut self, decl: &'r SimpleDecl, name: Option<Symbol>) -> SimpleTypeId {
        let id = self.simple.reserve(name);
        self.undefined.push((id, decl));
        id
    }

    /// The simple type that is used somewhere; xs:anySimpleType with a fault if there is none.
    pub(super) fn simple_use(&mut self, used: &'r SimpleUse) -> (SimpleTypeId, Option<Fault>) {
        match used {
            SimpleUse::Inline(decl) => (self.declare_simple(decl, None), None),
            SimpleUse::Named(reference) => match self.find_type(*reference) {
                Ok(TypeId::Simple(id)) => (id, None),
                Ok(TypeId::Complex(ComplexTypeId::ANY)) => (SimpleTypeId::ANY, None),
                Ok(TypeId::Complex(_)) => {
                    let name = self.symbols.name(reference.name);
                    let message = format!("{name} is a complex type; a simple one is needed here");
                    (SimpleTypeId::ANY, Some(fault("not-a-simple-type", reference.place, message)))
                }
                Err(fault) => (SimpleTypeId::ANY, Some(fault)),
            },
        }
    }

    /// Defines all simple types that only have a number.
    pub(super) fn define_simple_types(&mut self) {
        let mut plans = BTreeMap::new();
        let mut places = BTreeMap::new();
        while let Some((id, decl)) = self.undefined.pop() {
            let plan = self.plan(id, decl);
            plans.insert(id, plan);
            places.insert(id, decl.place);
        }
        let mut order: Vec<SimpleTypeId> = plans.keys().copied().collect();
        order.reverse();
        let mut underway: Vec<SimpleTypeId> = Vec::new();
        while let Some(id) = order.last().copied() {
            let Some(plan) = plans.get(&id) else {
                order.pop();
                continue;
            };
            let open = plan.needs().iter().copied().find(|need| plans.contains_key(need));
            match open {
                Some(need) if need == id || underway.contains(&need) => {
                    let message = "a simple type is defined by itself";
                    self.add_simple_fault(id, fault("circular-type", places.get(&id).copied(), message));
                    // it stays xs:anySimpleType
                    plans.remove(&id);
                }
                Some(need) => {
                    underway.push(id);
                    order.push(need);
                    continue;
                }
                None => {
                    if let Some(plan) = plans.remove(&id) {
                        self.define(id, plan);
                    }
                }
            }
            if underway.last() == Some(&id) {
                underway.pop();
            }
            order.pop();
        }
    }

    fn plan(&mut self, id: SimpleTypeId, decl: &'r SimpleDecl) -> Plan<'r> {
        match &decl.body {
            SimpleBody::Restriction(restriction) => {
                let base = restriction.base.as_ref().map_or(SimpleTypeId::ANY, |base| self.part(id, base));
                Plan::Restriction(base, restriction)
            }
            SimpleBody::List(item) => Plan::List(self.part(id, item)),
            SimpleBody::Union(members) => Plan::Union(members.iter().map(|member| self.part(id, member)).collect()),
        }
    }

    fn part(&mut self, of: SimpleTypeId, used: &'r SimpleUse) -> SimpleTypeId {
        let (id, broken) = self.simple_use(used);
        if let Some(fault) = broken {
            self.add_simple_fault(of, fault);
        }
        id
    }

    pub(super) fn add_simple_fault(&mut self, id: SimpleTypeId, fault: Fault) {
        self.simple_faults.entry(id).or_default().push(fault);
    }

    fn define(&mut self, id: SimpleTypeId, plan: Plan<'r>) {
        match plan {
            Plan::List(item) => self.simple.define_list(id, item),
            Plan::Union(members) => self.simple.define_union(id, members),
            Plan::Restriction(base, restriction) => {
                let (specs, decls) = specs(&restriction.facets);
                let faults = self.simple.define_restriction(id, base, &specs, &|prefix| lookup(restriction, prefix));
                self.report_facets(id, &decls, faults);
            }
        }
    }

    /// A restriction inside simple content.
    pub(super) fn restrict(&mut self, base: SimpleTypeId, restriction: &'r SimpleRestriction) -> SimpleTypeId {
        let (specs, decls) = specs(&restriction.facets);
        let (id, faults) = self.simple.restrict(base, &specs, None, &|prefix| lookup(restriction, prefix));
        self.report_facets(id, &decls, faults);
        id
    }

    fn report_facets(&mut self, id: SimpleTypeId, decls: &[&FacetDecl], faults: Vec<FacetFault>) {
        for FacetFault { index, effect, message } in faults {
            let place = decls.get(index).map(|decl| decl.place);
            match effect {
                FacetEffect::Holds => self.diagnostics.push(Diagnostic::warning("odd-facet", place, message)),
                FacetEffect::LeftOut => self.diagnostics.push(Diagnostic::warning("facet-ignored", place, message)),
                FacetEffect::Lost => self.add_simple_fault(id, fault("facet-lost", place, message)),
            }
        }
    }

    /// White space in defaults and fixed values, as their types have it.
    pub(super) fn normalise_values(&mut self) {
        for element in &mut self.elements {
            let simple = match element.ty {
                TypeId::Simple(id) => Some(id),
                TypeId::Complex(id) => match &self.complex[id.0 as usize].content {
                    Content::Simple(id) => Some(*id),
                    Content::Empty | Content::Elements(_) => None,
                },
            };
            if let (Some(simple), Some(value)) = (simple, &mut element.value) {
                normalise_value(&self.simple, simple, value);
            }
        }
        for attribute in &mut self.attributes {
            if let Some(value) = &mut attribute.value {
                normalise_value(&self.simple, attribute.ty, value);
            }
        }
        for used in self.complex.iter_mut().flat_map(|ty| &mut ty.attributes) {
            if let Some(value) = &mut used.value {
                normalise_value(&self.simple, self.attributes[used.attribute.0 as usize].ty, value);
            }
        }
    }
}

fn normalise_value(types: &SimpleTypes, id: SimpleTypeId, value: &mut ValueConstraint) {
    let (ValueConstraint::Default(text) | ValueConstraint::Fixed(text)) = value;
    let normal = normalise(text, types.get(id).white_space);
    if *normal != **text {
        let normal: std::sync::Arc<str> = normal.into();
        *text = normal;
    }
}

/// The facets by kind, with those they were read from.
fn specs(decls: &[FacetDecl]) -> (Vec<FacetSpec>, Vec<&FacetDecl>) {
    decls
        .iter()
        .filter_map(|decl| {
            let kind = FacetKind::from_name(&decl.name)?;
            Some((FacetSpec { kind, value: decl.value.clone() }, decl))
        })
        .unzip()
}

fn lookup(restriction: &SimpleRestriction, prefix: &str) -> Option<String> {
    restriction.prefixes.iter().find(|(known, _)| known == prefix).map(|(_, uri)| uri.clone())
}
