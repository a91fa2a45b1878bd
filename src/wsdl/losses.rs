//! Losses that show only above this layer: types that another form, such as JSON, cannot keep whole.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Fault;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Status;

impl Contract {
    /// Degrades every operation whose messages or headers reach a type with losses.
    pub fn degrade(&mut self, losses: &HashMap<ComplexTypeId, Vec<Fault>>) {
        if losses.is_empty() {
            return;
        }
        let schema = Arc::clone(&self.schema);
        let mut known: HashMap<TypeId, Vec<Diagnostic>> = HashMap::new();
        for operation in self.services.iter_mut().flat_map(|service| &mut service.ports).flat_map(|port| &mut port.operations) {
            for ty in types(&schema, operation) {
                let reasons = known.entry(ty).or_insert_with(|| reasons(&schema, ty, losses));
                for reason in reasons.iter() {
                    operation.verdict.lower(Status::Degraded, reason.clone());
                }
            }
        }
    }
}

fn types(schema: &Schema, operation: &Operation) -> Vec<TypeId> {
    let messages = [&operation.input, &operation.output].into_iter().flatten();
    messages
        .flat_map(|message: &Message| {
            let body = match &message.body {
                Body::Empty => None,
                Body::Element(element) | Body::Wrapper { element, .. } => Some(schema.element(*element).ty),
                Body::Elements(ty) => Some(TypeId::Complex(*ty)),
                Body::Content(ty) => Some(*ty),
            };
            body.into_iter().chain(message.headers.iter().map(|header| schema.element(header.element).ty))
        })
        .collect()
}

/// The losses below a type in the order of the types.
fn reasons(schema: &Schema, ty: TypeId, losses: &HashMap<ComplexTypeId, Vec<Fault>>) -> Vec<Diagnostic> {
    let mut below = schema.complex_types_below(ty);
    below.sort_unstable();
    let found = below.iter().filter_map(|id| losses.get(id)).flatten();
    found.map(|loss| Diagnostic::warning(loss.code, loss.at, loss.message.to_string())).collect()
}
