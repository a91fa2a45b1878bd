//! Follows what schema documents refer to: include, import, redefine.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::Sources;
use crate::schema::load::BUILT_IN;
use crate::schema::load::DOCUMENTS;
use crate::schema::load::Document;
use crate::schema::load::Errand;
use crate::schema::load::Later;
use crate::schema::load::Resolver;
use crate::schema::load::SchemaSet;
use crate::schema::load::State;
use crate::schema::load::Want;
use crate::schema::load::Wanted;
use crate::schema::syntax::Link;
use crate::schema::syntax::LinkKind;
use crate::xml::name::XML_NS;
use crate::xml::name::XSD_NS;

impl SchemaSet {
    pub(super) fn follow_links(&mut self, sources: &mut Sources, resolver: &mut dyn Resolver) {
        while let Some(Errand { base, target, link }) = self.agenda.pop() {
            let Link { kind, location, place } = link;
            let (namespace, includes) = match kind {
                LinkKind::Include => (None, true),
                LinkKind::Import(namespace) => (Some(namespace.as_deref().unwrap_or("").to_owned()), false),
                LinkKind::Redefine(components) => {
                    self.redefinitions.push(components);
                    (None, true)
                }
            };
            if namespace.as_deref() == Some(XSD_NS) {
                continue;
            }
            self.registry.imports_xml |= namespace.as_deref() == Some(XML_NS);
            let Some(location) = location.filter(|location| !location.is_empty()) else {
                if let Some(namespace) = namespace {
                    self.wanted.push(Wanted { namespace, base, place, how: Want::Import });
                }
                continue;
            };
            let found = self.locate(&base, &location, namespace.as_deref(), place, sources, resolver);
            match found {
                Some(name) => self.enter(&name, namespace.as_deref(), includes.then_some(&*target), place, sources),
                None => {
                    if let Some(namespace) = namespace {
                        self.wanted.push(Wanted { namespace, base, place, how: Want::Failed });
                    }
                }
            }
        }
    }

    /// The one name of the document that a location leads to, fetched if it is new.
    fn locate(
        &mut self,
        base: &str,
        location: &str,
        namespace: Option<&str>,
        place: Place,
        sources: &mut Sources,
        resolver: &mut dyn Resolver,
    ) -> Option<String> {
        let key = (base.to_owned(), location.to_owned());
        if let Some(known) = self.located.get(&key) {
            return known.clone();
        }
        let name = if self.documents.len() >= DOCUMENTS {
            let message = format!("more than {DOCUMENTS} documents; {location} is left out");
            self.diagnostics.push(Diagnostic::error("too-many-documents", place, message));
            None
        } else {
            match resolver.fetch(base, location, namespace) {
                Ok(found) => {
                    self.documents
                        .entry(found.location.clone())
                        .or_insert_with(|| Document { source: sources.add(found.location.as_str(), found.text), state: State::Unread });
                    Some(found.location)
                }
                Err(error) => {
                    if namespace != Some(XML_NS) {
                        let message = format!("cannot read {location}: {}", error.message);
                        let help = "only what depends on it is lost";
                        let warning = Diagnostic::warning("missing-document", place, message).with_help(help);
                        self.diagnostics.push(warning);
                    }
                    None
                }
            }
        };
        self.located.insert(key, name.clone());
        name
    }

    /// Reads a document that was fetched, unless it was read to the same namespace before.
    pub(super) fn enter(&mut self, name: &str, import: Option<&str>, include: Option<&str>, place: Place, sources: &mut Sources) {
        let Some(document) = self.documents.get(name) else {
            return;
        };
        let source = document.source;
        if !self.completing && name.starts_with(BUILT_IN) {
            let (import, include) = (import.map(String::from), include.map(String::from));
            self.later.push(Later { name: name.to_owned(), import, include, place });
            return;
        }
        let own = match document.state.clone() {
            State::Unread => self.take_source(name, source, sources, include),
            State::Unreadable => None,
            State::Read(own) => {
                let target = own.as_deref().or(include).unwrap_or("").to_owned();
                if !self.read.contains(&(name.to_owned(), target)) {
                    self.take_source(name, source, sources, include);
                }
                Some(own)
            }
        };
        if let Some(own) = own {
            self.compare_target(own, import, include, place);
        }
    }

    fn compare_target(&mut self, own: Option<String>, import: Option<&str>, include: Option<&str>, place: Place) {
        let message = match (import, include, own) {
            (Some(expected), _, own) if own.as_deref().unwrap_or("") != expected => {
                let own = own.unwrap_or_default();
                format!("imported for the namespace {expected:?}, but its targetNamespace is {own:?}; it is known under that")
            }
            (_, Some(expected), Some(own)) if own != expected => {
                format!("included into {expected:?}, but its targetNamespace is {own:?}; it is known under that")
            }
            _ => return,
        };
        self.diagnostics.push(Diagnostic::warning("namespace-differs", place, message));
    }
}
