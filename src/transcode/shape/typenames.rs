//! Names of types in `$type`, which are those of OpenAPI's components.
//!
//! `Local`, or `prefix.Local` where types share a local name; built-in types are `xs.int`. What still clashes, letter
//! case aside, gets `_2`, `_3` in document order.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::xml::name::Symbol;
use crate::xml::name::XSD_NS;

/// The names of all named types, both ways.
#[derive(Debug, Default)]
pub struct TypeNames {
    by_name: HashMap<Arc<str>, TypeId>,
    by_type: HashMap<TypeId, (Arc<str>, Symbol)>,
}

impl TypeNames {
    /// The names of a schema's types.
    #[must_use]
    pub fn new(schema: &Schema) -> Self {
        let mut names = Self::default();
        let mut own: Vec<(Symbol, TypeId)> = Vec::new();
        for (&symbol, &ty) in &schema.global_types {
            let name = schema.symbols.name(symbol);
            if name.ns.as_str() == XSD_NS {
                names.insert(format!("xs.{}", name.local.as_str()).into(), symbol, ty);
            } else {
                own.push((symbol, ty));
            }
        }
        own.sort_by_key(|(symbol, ty)| (place(schema, *ty), *symbol));
        let mut shared: HashMap<&str, u32> = HashMap::new();
        for (symbol, _) in &own {
            *shared.entry(schema.symbols.name(*symbol).local.as_str()).or_default() += 1;
        }
        let mut taken: HashSet<String> = names.by_name.keys().map(|name| name.to_lowercase()).collect();
        for (symbol, ty) in &own {
            let name = schema.symbols.name(*symbol);
            let (ns, local) = (name.ns.as_str(), name.local.as_str());
            let clash = shared.get(local).is_some_and(|count| *count > 1);
            let wanted = match schema.prefix(ns) {
                Some(prefix) if clash && !ns.is_empty() => format!("{prefix}.{local}"),
                Some(_) | None => local.to_owned(),
            };
            names.insert(free(&mut taken, wanted).into(), *symbol, *ty);
        }
        names
    }

    fn insert(&mut self, name: Arc<str>, symbol: Symbol, ty: TypeId) {
        self.by_type.entry(ty).or_insert_with(|| (name.clone(), symbol));
        self.by_name.insert(name, ty);
    }

    /// The type of a name in `$type`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// The name of a named type in `$type`.
    #[must_use]
    pub fn name(&self, ty: TypeId) -> Option<&Arc<str>> {
        self.by_type.get(&ty).map(|(name, _)| name)
    }

    /// The expanded name of a named type, as xsi:type gives it.
    #[must_use]
    pub fn symbol(&self, ty: TypeId) -> Option<Symbol> {
        self.by_type.get(&ty).map(|(_, symbol)| *symbol)
    }
}

/// The name itself, or with the next free number; letter case does not tell names apart.
pub(crate) fn free(taken: &mut HashSet<String>, wanted: String) -> String {
    if taken.insert(wanted.to_lowercase()) {
        return wanted;
    }
    let mut number = 2_u32;
    loop {
        let name = format!("{wanted}_{number}");
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}

fn place(schema: &Schema, ty: TypeId) -> (u32, u32) {
    let place = match ty {
        TypeId::Complex(id) => schema.complex(id).place,
        TypeId::Simple(_) => None,
    };
    place.map_or((u32::MAX, 0), |place| (place.source.0, place.offset))
}
