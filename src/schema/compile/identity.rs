//! Identity constraints: every keyref must lead to a key or unique with as many fields.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::schema::compile::Compiler;
use crate::schema::identity::Constraint;
use crate::schema::identity::Kind;
use crate::xml::name::Symbol;

impl Compiler<'_> {
    /// Leaves out keyrefs that lead nowhere, with a warning; tells whether any constraint is left.
    pub(super) fn link_constraints(&mut self) -> bool {
        let all = || self.elements.iter().flat_map(|element| &element.identity);
        let mut fields: HashMap<Symbol, usize> = HashMap::new();
        for constraint in all().filter(|constraint| !matches!(constraint.kind, Kind::KeyRef(_))) {
            fields.insert(constraint.name, constraint.fields.len());
        }
        let mut faulty: Vec<Diagnostic> = Vec::new();
        let lost = |constraint: &Constraint| {
            let Kind::KeyRef(key) = constraint.kind else { return None };
            let name = self.symbols.name(key);
            match fields.get(&key) {
                None => Some(format!("the keyref refers to {name}, and there is no such key; it is ignored")),
                Some(count) if *count != constraint.fields.len() => {
                    Some(format!("the keyref has {} fields, but {name} has {count}; it is ignored", constraint.fields.len()))
                }
                Some(_) => None,
            }
        };
        let mut kept: Vec<Vec<Arc<Constraint>>> = Vec::with_capacity(self.elements.len());
        for element in &self.elements {
            let mut own = element.identity.clone();
            own.retain(|constraint| match lost(constraint) {
                Some(why) => {
                    faulty.push(Diagnostic::warning("unknown-key", constraint.place, why));
                    false
                }
                None => true,
            });
            kept.push(own);
        }
        for (element, own) in self.elements.iter_mut().zip(kept) {
            element.identity = own;
        }
        faulty.dedup();
        self.diagnostics.extend(faulty);
        self.elements.iter().any(|element| !element.identity.is_empty())
    }
}
