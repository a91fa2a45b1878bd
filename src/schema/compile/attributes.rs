//! Attribute declarations, groups of uses, and what of them a type inherits (sections 3.2, 3.4.2, 3.6).

use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::schema::compile::Compiler;
use crate::schema::compile::add_faults;
use crate::schema::compile::fault;
use crate::schema::compile::number;
use crate::schema::compile::rivalry;
use crate::schema::compile::wildcards;
use crate::schema::form::Attribute;
use crate::schema::form::AttributeId;
use crate::schema::form::AttributeUse;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Derivation;
use crate::schema::form::Fault;
use crate::schema::form::TypeId;
use crate::schema::form::Wildcard;
use crate::schema::simple::SimpleTypeId;
use crate::schema::syntax::AttributeDecl;
use crate::schema::syntax::AttributeItem;
use crate::schema::syntax::AttributeTarget;
use crate::schema::syntax::AttributeUseDecl;
use crate::schema::syntax::AttributesDecl;
use crate::schema::syntax::ComplexDecl;
use crate::schema::syntax::Presence;
use crate::schema::syntax::Ref;
use crate::xml::name::Symbol;

/// How deep attribute groups may refer to one another.
const DEPTH: u32 = 64;

/// The attributes of a type itself or of an attribute group, groups expanded.
#[derive(Clone, Default)]
pub(super) struct AttributeSet {
    uses: Vec<(AttributeUse, Presence)>,
    any: Option<Wildcard>,
    faults: Vec<Fault>,
}

impl<'r> Compiler<'r> {
    /// Gives every global attribute its number.
    pub(super) fn declare_attributes(&mut self) {
        for top in &self.registry.attributes.list {
            if !self.global_attributes.contains_key(&top.name) || !self.is_builtin_attribute(top.name) {
                let id = self.attribute(&top.decl);
                self.attributes[id.0 as usize].broken.extend(rivalry(top));
                self.global_attributes.insert(top.name, id);
            }
        }
    }

    fn attribute(&mut self, decl: &'r AttributeDecl) -> AttributeId {
        let (ty, broken) = match &decl.ty {
            None => (SimpleTypeId::ANY, None),
            Some(ty) => self.simple_use(ty),
        };
        self.push_attribute(Attribute {
            name: decl.name,
            ty,
            value: decl.value.clone(),
            place: Some(decl.place),
            documentation: decl.documentation.clone(),
            broken: broken.into_iter().collect(),
        })
    }

    /// Adds a declaration.
    pub(super) fn push_attribute(&mut self, attribute: Attribute) -> AttributeId {
        self.attributes.push(attribute);
        AttributeId(number(self.attributes.len() - 1))
    }

    /// The attributes of a type: its own, and those of its base as the derivation has it.
    pub(super) fn resolve_attributes(&mut self, id: ComplexTypeId, base: TypeId, decl: &'r ComplexDecl) {
        let mut own = AttributeSet::default();
        self.collect(&decl.attributes, 0, &mut own);
        let index = id.0 as usize;
        let (mut uses, inherited) = match base {
            TypeId::Complex(ComplexTypeId::ANY) if decl.derivation == Derivation::Restriction => (Vec::new(), None),
            TypeId::Complex(base) => {
                let base = &self.complex[base.0 as usize];
                (base.attributes.clone(), base.any_attribute.clone())
            }
            TypeId::Simple(_) => (Vec::new(), None),
        };
        for (used, presence) in own.uses {
            let known = uses.iter().position(|other| other.name == used.name);
            match (presence, known) {
                (Presence::Prohibited, Some(at)) => {
                    uses.remove(at);
                }
                (Presence::Prohibited, None) => {}
                (Presence::Optional | Presence::Required, Some(at)) => uses[at] = used,
                (Presence::Optional | Presence::Required, None) => uses.push(used),
            }
        }
        let any = match decl.derivation {
            Derivation::Restriction => own.any,
            Derivation::Extension => match (own.any, inherited) {
                (Some(own), Some(inherited)) => Some(wildcards::union(&own, &inherited)),
                (own, inherited) => own.or(inherited),
            },
        };
        let ty = &mut self.complex[index];
        ty.attributes = uses;
        ty.any_attribute = any;
        ty.broken.extend(own.faults);
        let faults: Vec<Fault> = ty.attributes.iter().flat_map(|used| self.attributes[used.attribute.0 as usize].broken.clone()).collect();
        add_faults(&mut ty.broken, &faults);
    }

    fn collect(&mut self, decl: &'r AttributesDecl, level: u32, into: &mut AttributeSet) {
        let mut any = decl.any.clone();
        for item in &decl.items {
            match item {
                AttributeItem::Use(used) => {
                    let (used, presence) = self.attribute_use(used, into);
                    add_use(into, used, presence);
                }
                AttributeItem::Group(reference) => {
                    let Some(group) = self.attribute_group(*reference, level, into) else {
                        continue;
                    };
                    // a prohibition is no attribute use: it has no effect but in the type itself
                    for (used, presence) in group.uses.iter().filter(|(_, presence)| *presence != Presence::Prohibited) {
                        add_use(into, used.clone(), *presence);
                    }
                    add_faults(&mut into.faults, &group.faults);
                    any = match (any, &group.any) {
                        (Some(a), Some(b)) => Some(wildcards::intersection(&a, b)),
                        (a, b) => a.or_else(|| b.clone()),
                    };
                }
            }
        }
        into.any = any;
    }

    fn attribute_group(&mut self, reference: Ref, level: u32, into: &mut AttributeSet) -> Option<Rc<AttributeSet>> {
        match self.attribute_groups.get(&reference.name) {
            Some(Some(group)) => return Some(group.clone()),
            Some(None) => {
                let message = format!("the attribute group {} contains itself", self.symbols.name(reference.name));
                self.diagnostics.push(Diagnostic::error("circular-group", reference.place, message));
                return None;
            }
            None => {}
        }
        let Some(top) = self.registry.attribute_groups.find(reference.name) else {
            into.faults.push(self.unknown("unknown-attribute-group", "attribute group", reference));
            return None;
        };
        if level >= DEPTH {
            let message = "attribute groups refer to one another too deeply";
            into.faults.push(fault("too-deep", reference.place, message));
            return None;
        }
        self.attribute_groups.insert(reference.name, None);
        let mut group = AttributeSet { faults: rivalry(top).into_iter().collect(), ..AttributeSet::default() };
        self.collect(&top.decl.attributes, level + 1, &mut group);
        let group = Rc::new(group);
        self.attribute_groups.insert(reference.name, Some(group.clone()));
        Some(group)
    }

    fn attribute_use(&mut self, decl: &'r AttributeUseDecl, into: &mut AttributeSet) -> (AttributeUse, Presence) {
        let attribute = match &decl.what {
            AttributeTarget::Local(local) => {
                let key = std::sync::Arc::as_ptr(local);
                match self.local_attributes.get(&key) {
                    Some(id) => *id,
                    None => {
                        let id = self.attribute(local);
                        self.local_attributes.insert(key, id);
                        id
                    }
                }
            }
            AttributeTarget::Ref(reference) => match self.global_attributes.get(&reference.name) {
                Some(id) => *id,
                None => self.unknown_attribute(*reference, decl.presence, into),
            },
        };
        let declared = &self.attributes[attribute.0 as usize];
        let value = decl.value.clone().or_else(|| declared.value.clone());
        let required = decl.presence == Presence::Required;
        (AttributeUse { attribute, name: declared.name, required, value }, decl.presence)
    }

    /// An attribute that is referred to but not declared is taken as any text, with a fault unless it is optional.
    fn unknown_attribute(&mut self, reference: Ref, presence: Presence, into: &mut AttributeSet) -> AttributeId {
        let unknown = self.unknown("unknown-attribute", "attribute", reference);
        match presence {
            Presence::Prohibited => {}
            Presence::Optional | Presence::Required => into.faults.push(unknown),
        }
        let id = self.push_attribute(undeclared(reference.name));
        self.attributes[id.0 as usize].place = Some(reference.place);
        id
    }
}

fn add_use(into: &mut AttributeSet, used: AttributeUse, presence: Presence) {
    match into.uses.iter_mut().find(|(known, _)| known.name == used.name) {
        Some(known) => *known = (used, presence),
        None => into.uses.push((used, presence)),
    }
}

/// An attribute of any text.
pub(super) fn undeclared(name: Symbol) -> Attribute {
    Attribute { name, ty: SimpleTypeId::ANY, value: None, place: None, documentation: None, broken: Vec::new() }
}
