//! The operator's resolver with the built-in catalogue before and behind it; it remembers which reference led where, for
//! publishing.

use std::collections::HashMap;

use crate::schema::load::Fetched;
use crate::schema::load::ResolveError;
use crate::schema::load::Resolver;
use crate::wsdl::catalogue;
use crate::wsdl::catalogue::Entry;
use crate::wsdl::prologue;

/// A resolver that tries the catalogue for its well-known URLs first, then the operator's, then the catalogue by namespace.
pub(crate) struct Fetching<'r> {
    outer: &'r mut dyn Resolver,
    /// Every reference that was resolved: (document that holds it, location as written) -> canonical location.
    pub(crate) links: HashMap<(String, String), String>,
    /// Documents that began with white space before their XML declaration.
    pub(crate) late_declarations: Vec<String>,
    /// References that could not be read and were answered from the catalogue: location as written, entry, why.
    pub(crate) replaced: Vec<(String, &'static str, String)>,
}

impl<'r> Fetching<'r> {
    pub(crate) fn new(outer: &'r mut dyn Resolver) -> Self {
        Self { outer, links: HashMap::new(), late_declarations: Vec::new(), replaced: Vec::new() }
    }

    fn find(&mut self, base: &str, location: &str, namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        if location.is_empty() {
            return match namespace.and_then(catalogue::by_namespace) {
                Some(entry) => Ok(built_in(entry)),
                None => Err(ResolveError { message: String::from("the import has no location and no document of its namespace is known") }),
            };
        }
        if let Some(entry) = catalogue::resolve(base, location) {
            return Ok(built_in(entry));
        }
        if catalogue::is_built_in(base) {
            return namespace
                .and_then(catalogue::by_namespace)
                .map(built_in)
                .ok_or_else(|| ResolveError { message: format!("{location:?} is not in the built-in catalogue") });
        }
        match self.outer.fetch(base, location, namespace) {
            Ok(found) => Ok(found),
            Err(error) => match namespace.and_then(catalogue::by_namespace) {
                Some(entry) => {
                    self.replaced.push((location.to_owned(), entry.location, error.message));
                    Ok(built_in(entry))
                }
                None => Err(error),
            },
        }
    }
}

impl Resolver for Fetching<'_> {
    fn fetch(&mut self, base: &str, location: &str, namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        let location = location.trim();
        let mut found = self.find(base, location, namespace)?;
        if let Some(text) = prologue::without_late_declaration(&found.text) {
            found.text = text;
            if !self.late_declarations.contains(&found.location) {
                self.late_declarations.push(found.location.clone());
            }
        }
        if !location.is_empty() {
            self.links.insert((base.to_owned(), location.to_owned()), found.location.clone());
        }
        Ok(found)
    }
}

fn built_in(entry: &Entry) -> Fetched {
    Fetched { location: format!("{}{}", catalogue::BUILT_IN, entry.location), text: entry.text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Knows one local document.
    struct Local;

    impl Resolver for Local {
        fn fetch(&mut self, _base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
            match location {
                "own.xsd" | "xml.xsd" => {
                    Ok(Fetched { location: format!("dir/{location}"), text: String::from("\n<?xml version='1.0'?><a/>") })
                }
                _ => Err(ResolveError { message: String::from("no such file") }),
            }
        }
    }

    #[test]
    fn a_local_copy_comes_before_the_catalogue_and_the_catalogue_before_the_network() {
        let mut local = Local;
        let mut fetching = Fetching::new(&mut local);
        let xml = Some("http://www.w3.org/XML/1998/namespace");
        assert_eq!(fetching.fetch("dir/a.wsdl", "xml.xsd", xml).unwrap().location, "dir/xml.xsd");
        let found = fetching.fetch("dir/a.wsdl", "https://www.w3.org/2001/xml.xsd", xml).unwrap();
        assert_eq!(found.location, "built-in:http://www.w3.org/2001/xml.xsd");
        assert_eq!(fetching.fetch("dir/a.wsdl", "", xml).unwrap().location, found.location);
        assert_eq!(fetching.fetch("dir/a.wsdl", "../gone/xml.xsd", xml).unwrap().location, found.location);
        assert_eq!(fetching.replaced.len(), 1);
        assert!(fetching.fetch("dir/a.wsdl", "gone.xsd", Some("urn:own")).is_err());
    }

    #[test]
    fn links_and_late_declarations_are_remembered_once() {
        let mut local = Local;
        let mut fetching = Fetching::new(&mut local);
        for _ in 0..2 {
            assert!(fetching.fetch("dir/a.wsdl", "own.xsd", None).unwrap().text.starts_with("\n     "));
        }
        assert_eq!(fetching.links.len(), 1);
        assert_eq!(fetching.late_declarations, ["dir/own.xsd"]);
    }
}
