//! Namespace declarations of a tag (Namespaces in XML 1.0, sections 2 and 3).

use std::collections::HashSet;

use crate::xml::attribute::AttributeRecord;
use crate::xml::char::is_ncname;
use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::name::XML_NS;
use crate::xml::name::XMLNS_NS;
use crate::xml::scan::Scanner;
use crate::xml::scan::text;
use crate::xml::scope::ScopeId;

impl Scanner<'_> {
    #[inline(never)]
    pub(super) fn take_declaration(&mut self, record: AttributeRecord) -> Result<(), Fault> {
        if self.held.declarations.len() >= self.limits.namespaces {
            return Err(self.too_many_namespaces(record.from));
        }
        self.declared = true;
        self.held.declarations.push(record);
        Ok(())
    }

    /// The scope inside a tag with declarations.
    pub(super) fn declare(&mut self, bytes: &[u8]) -> Result<ScopeId, Fault> {
        let declarations = std::mem::take(&mut self.held.declarations);
        let pairs = declarations.iter().map(|record| {
            let name = bytes.get(record.from..record.name_to).unwrap_or_default();
            let value = if record.rewritten { self.held.scratch.as_bytes() } else { bytes };
            (name.get(6..).unwrap_or_default(), value.get(record.value_from..record.value_to).unwrap_or_default())
        });
        let result = match self.held.scopes.known(self.scope, pairs.clone()) {
            Some(known) => Ok(known),
            None => {
                let pairs = pairs.map(|(prefix, uri)| (text(prefix), text(uri)));
                self.check_declarations(&declarations, pairs.clone()).map(|()| self.held.scopes.enter(self.scope, pairs))
            }
        };
        let from = declarations.first().map_or(0, |record| record.from);
        self.held.declarations = declarations;
        let scope = result?;
        self.crowded |= self.held.scopes.is_crowded();
        if self.held.scopes.in_scope(scope) > self.limits.namespaces {
            return Err(self.too_many_namespaces(from));
        }
        Ok(scope)
    }

    /// Namespaces in XML 1.0, sections 2 and 3.
    #[cold]
    #[inline(never)]
    fn check_declarations<'p>(&self, records: &[AttributeRecord], pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Result<(), Fault> {
        let mut seen = HashSet::new();
        for (record, (prefix, uri)) in records.iter().zip(pairs) {
            let named = record.name_to - record.from > "xmlns".len();
            let refuse = |code, message: String| Err(fault(code, self.base + record.from, message));
            if named && !is_ncname(prefix) {
                return refuse("bad-name", format!("`xmlns:{prefix}` declares no legal prefix"));
            }
            if !seen.insert(prefix) {
                let name = if named { format!("xmlns:{prefix}") } else { "xmlns".to_owned() };
                return refuse("duplicate-attribute", format!("the attribute `{name}` stands twice on one element"));
            }
            if prefix == "xmlns" {
                return refuse("reserved-prefix", "the prefix `xmlns` is reserved and cannot be declared".to_owned());
            }
            if (prefix == "xml") != (uri == XML_NS) {
                return refuse("reserved-prefix", format!("the prefix `xml` and the namespace {XML_NS} belong to each other alone"));
            }
            if uri == XMLNS_NS {
                return refuse("reserved-prefix", format!("the namespace {XMLNS_NS} is reserved and cannot be declared"));
            }
            if named && uri.is_empty() {
                return refuse("bad-declaration", format!("`xmlns:{prefix}` is empty; Namespaces 1.0 cannot take a prefix back"));
            }
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn too_many_namespaces(&self, from: usize) -> Fault {
        let message = format!("more than the {} namespace declarations in scope that are allowed", self.limits.namespaces);
        fault("limit-namespaces", self.base + from, message)
    }
}
