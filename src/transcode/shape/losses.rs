//! What of a type cannot keep the mapping law, for the load report.
//!
//! A union of names and texts: the text `{urn:a}b` of a later member reads, on its way back, as the name `b` in `urn:a`.

use std::sync::Arc;

use crate::schema::form::ComplexType;
use crate::schema::form::Content;
use crate::schema::form::Fault;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::schema::simple::JsonForm;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;

/// How deep unions are looked into.
const NESTING: u32 = 16;

/// The losses of a type's own attributes, elements and simple content.
pub(crate) fn of(schema: &Schema, ty: &ComplexType) -> Vec<Fault> {
    let mut types: Vec<SimpleTypeId> = ty.attributes.iter().map(|one| schema.attribute(one.attribute).ty).collect();
    match &ty.content {
        Content::Empty => {}
        Content::Simple(id) => types.push(*id),
        Content::Elements(model) => types.extend(model.particles.iter().filter_map(|particle| match particle.term {
            Term::Element(id) => match schema.element(id).ty {
                TypeId::Simple(id) => Some(id),
                TypeId::Complex(_) => None,
            },
            Term::Wildcard(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_) => None,
        })),
    }
    if !types.into_iter().any(|id| is_lossy(&schema.simple, id)) {
        return Vec::new();
    }
    let message = Arc::from("a union of names and texts: a text of the form {uri}local comes back as a name");
    vec![Fault { code: "union-of-names-and-texts", message, at: ty.place }]
}

fn is_lossy(types: &SimpleTypes, id: SimpleTypeId) -> bool {
    match types.json_form(id) {
        JsonForm::Union(_) => {
            let mut forms = Vec::new();
            flatten(types, id, NESTING, &mut forms);
            let names = forms.iter().position(|form| *form == JsonForm::QName);
            names.is_some_and(|at| forms.iter().skip(at).any(|form| *form == JsonForm::Text))
        }
        JsonForm::List(item) => matches!(types.json_form(item), JsonForm::Union(_)) && is_lossy(types, item),
        JsonForm::Integer
        | JsonForm::Decimal
        | JsonForm::Float
        | JsonForm::VerbatimNumber
        | JsonForm::Boolean { .. }
        | JsonForm::Text
        | JsonForm::Base64
        | JsonForm::QName => false,
    }
}

/// The forms of all members, in order.
fn flatten<'s>(types: &'s SimpleTypes, id: SimpleTypeId, depth: u32, forms: &mut Vec<JsonForm<'s>>) {
    let form = types.json_form(id);
    if let JsonForm::Union(members) = form
        && depth > 0
    {
        members.iter().for_each(|member| flatten(types, *member, depth - 1, forms));
    } else {
        forms.push(form);
    }
}
