//! Schema documents without a WSDL: loaded with what they import, the catalogue of well-known schemas at hand.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Sources;
use crate::schema::form::Schema;
use crate::schema::load::Fetched;
use crate::schema::load::Resolver;
use crate::schema::load::SchemaSet;
use crate::wsdl::fetch::Fetching;

/// A set of schemas with where it comes from.
#[derive(Debug)]
pub struct Schemas {
    /// All documents read, those given first.
    pub sources: Sources,
    /// The set in runtime form.
    pub schema: Schema,
    /// What was found in the documents; faults of components stand with them in the schema.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads these documents and all that they reach.
pub fn load(documents: &[Fetched], resolver: &mut dyn Resolver) -> Schemas {
    let mut fetching = Fetching::new(resolver);
    let mut sources = Sources::default();
    let mut set = SchemaSet::new();
    for document in documents {
        set.add_document(&document.location, &document.text, &mut sources, &mut fetching);
    }
    set.complete(&mut sources, &mut fetching);
    let (schema, _, diagnostics) = set.compile(&[]);
    Schemas { sources, schema, diagnostics }
}
