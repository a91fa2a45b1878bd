//! The one prefix of each namespace in names of the JSON mapping.

use std::collections::HashSet;
use std::sync::Arc;

use crate::xml::name::Symbols;
use crate::xml::name::XML_NS;
use crate::xml::name::XSD_NS;

/// The first prefix bound to each namespace that has names, in document order; taken or missing ones are numbered.
pub(super) fn assign(symbols: &Symbols, bindings: Vec<(Arc<str>, Arc<str>)>) -> Vec<(Arc<str>, Arc<str>)> {
    let used = symbols.namespaces();
    let mut table: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    let mut taken: HashSet<Arc<str>> = HashSet::new();
    let mut placed: HashSet<Arc<str>> = HashSet::new();
    let fixed = [(XML_NS, "xml"), (XSD_NS, "xs")].map(|(uri, prefix)| (Arc::from(uri), Some(Arc::from(prefix))));
    let bound = bindings.into_iter().map(|(uri, prefix)| (uri, Some(prefix)));
    let unbound = used.iter().map(|uri| (Arc::from(*uri), None));
    let mut next = 1;
    for (uri, prefix) in fixed.into_iter().chain(bound).chain(unbound) {
        if uri.is_empty() || !used.contains(&&*uri) && &*uri != XML_NS && &*uri != XSD_NS || !placed.insert(uri.clone()) {
            continue;
        }
        let prefix = match prefix {
            Some(prefix) if !taken.contains(&prefix) => prefix,
            Some(_) | None => loop {
                let name: Arc<str> = format!("ns{next}").into();
                next += 1;
                if !taken.contains(&name) {
                    break name;
                }
            },
        };
        taken.insert(prefix.clone());
        table.push((uri, prefix));
    }
    table
}
