//! Reading the WSDL and all that it imports: documents once each, circles included, their schemas into one set.
//!
//! An import that cannot be had is a finding; it costs only what depends on it.

use std::collections::HashMap;
use std::collections::VecDeque;

use roxmltree::Document;
use roxmltree::ParsingOptions;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::diagnostic::Sources;
use crate::schema::load::Fetched;
use crate::schema::load::Resolver;
use crate::schema::load::SchemaSet;
use crate::schema::load::is_schema;
use crate::wsdl::diagnose;
use crate::wsdl::fetch::Fetching;
use crate::wsdl::names;
use crate::wsdl::parse;
use crate::wsdl::prologue;
use crate::wsdl::syntax::Definitions;
use crate::wsdl::syntax::Import;
use crate::xml::name::XSD_NS;

/// How many WSDL documents a contract may have.
const MOST_DOCUMENTS: usize = 1024;

/// All that was read.
pub(crate) struct Read {
    pub(crate) sources: Sources,
    pub(crate) schemas: SchemaSet,
    /// The WSDL first, then the imported ones in the order met.
    pub(crate) definitions: Vec<Definitions>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// (document that holds it, location as written) -> canonical location.
    pub(crate) links: HashMap<(String, String), String>,
}

/// Reads the WSDL at `location` and its imports.
///
/// # Errors
/// The text is no WSDL 1.1; gives what it is instead and the document.
pub(crate) fn read(location: &str, text: &str, resolver: &mut dyn Resolver) -> Result<Read, (Diagnostic, Sources)> {
    let mut reader = Reader {
        fetching: Fetching::new(resolver),
        sources: Sources::default(),
        schemas: SchemaSet::new(),
        definitions: Vec::new(),
        diagnostics: Vec::new(),
        seen: HashMap::new(),
        open: VecDeque::new(),
    };
    if let Err(diagnostic) = reader.root(location, text) {
        return Err((diagnostic, reader.sources));
    }
    while let Some((base, import)) = reader.open.pop_front() {
        reader.import(&base, &import);
    }
    Ok(reader.finish())
}

struct Reader<'r> {
    fetching: Fetching<'r>,
    sources: Sources,
    schemas: SchemaSet,
    definitions: Vec<Definitions>,
    diagnostics: Vec<Diagnostic>,
    /// Canonical locations of the WSDL documents read, with their targetNamespace.
    seen: HashMap<String, String>,
    /// Imports not yet followed, with the document that holds them.
    open: VecDeque<(String, Import)>,
}

impl Reader<'_> {
    fn root(&mut self, location: &str, text: &str) -> Result<(), Diagnostic> {
        let mended = prologue::without_late_declaration(text);
        let source = self.sources.add(location, mended.as_deref().unwrap_or(text));
        if mended.is_some() {
            self.diagnostics.push(late_declaration(source));
        }
        let text = self.text(source);
        let document = tree(&text).map_err(|error| diagnose::broken(&text, &error, source))?;
        if !is_wsdl(&document) {
            return Err(diagnose::foreign_root(document.root_element(), source));
        }
        self.document(&document, source, location);
        Ok(())
    }

    fn text(&self, source: SourceId) -> std::sync::Arc<str> {
        self.sources.get(source).map(|file| std::sync::Arc::clone(&file.text)).unwrap_or_default()
    }

    /// Takes in a WSDL document: its definitions, its schemas; its imports are to follow.
    fn document(&mut self, document: &Document<'_>, source: SourceId, location: &str) {
        let root = document.root_element();
        let definitions = parse::definitions(root, source, &mut self.diagnostics);
        self.seen.insert(location.to_owned(), definitions.target_namespace.to_string());
        self.schemas.declare_prefixes(root);
        for schema in parse::inline_schemas(root) {
            let ns = schema.tag_name().namespace().unwrap_or_default();
            if is_schema(schema) {
                self.schemas.add_inline(schema, source, location, &mut self.sources, &mut self.fetching);
            } else {
                let text = format!("this schema is in {ns:?}, expected {XSD_NS:?}; what it declares is not known");
                let offset = u32::try_from(schema.range().start).unwrap_or(u32::MAX);
                self.diagnostics.push(Diagnostic::error("unknown-schema-language", Place { source, offset }, text));
            }
        }
        self.open.extend(definitions.imports.iter().map(|import| (location.to_owned(), import.clone())));
        self.definitions.push(definitions);
    }

    fn import(&mut self, base: &str, import: &Import) {
        let Some(location) = &import.location else { return };
        let found = match self.fetching.fetch(base, location, import.namespace.as_deref()) {
            Ok(found) => found,
            Err(error) => {
                let text = format!("cannot import {location:?}: {}", error.message);
                self.diagnostics.push(Diagnostic::error("import-failed", import.place, text));
                return;
            }
        };
        if !self.seen.contains_key(&found.location) {
            if self.definitions.len() >= MOST_DOCUMENTS {
                let text = format!("more than {MOST_DOCUMENTS} WSDL documents; {location:?} is left out");
                self.diagnostics.push(Diagnostic::error("import-failed", import.place, text));
                return;
            }
            self.imported(&found, import);
        }
        let actual = self.seen.get(&found.location).filter(|_| import.namespace.is_some());
        if let (Some(actual), Some(stated)) = (actual, &import.namespace)
            && actual != stated
        {
            let text =
                format!("the document at {location:?} has the targetNamespace {actual:?}, not {stated:?}; it is known under its own");
            self.diagnostics.push(Diagnostic::warning("import-namespace", import.place, text));
        }
    }

    /// A document that wsdl:import led to for the first time: a WSDL, or a schema.
    fn imported(&mut self, found: &Fetched, import: &Import) {
        let fail = |diagnostics: &mut Vec<Diagnostic>, what: &Diagnostic| {
            let text = format!("cannot import {:?}: {}", found.location, what.message);
            diagnostics.push(Diagnostic::error("import-failed", import.place, text));
        };
        let document = match tree(&found.text) {
            Ok(document) => document,
            Err(error) => return fail(&mut self.diagnostics, &diagnose::broken(&found.text, &error, SourceId(0))),
        };
        if is_wsdl(&document) {
            let source = self.sources.add(found.location.as_str(), found.text.as_str());
            self.document(&document, source, &found.location);
        } else if document.root_element().has_tag_name((XSD_NS, "schema")) {
            self.schemas.add_document(&found.location, &found.text, &mut self.sources, &mut self.fetching);
        } else {
            fail(&mut self.diagnostics, &diagnose::foreign_root(document.root_element(), SourceId(0)));
        }
    }

    fn finish(mut self) -> Read {
        self.schemas.complete(&mut self.sources, &mut self.fetching);
        for name in std::mem::take(&mut self.fetching.late_declarations) {
            if let Some(source) = find(&self.sources, &name) {
                self.diagnostics.push(late_declaration(source));
            }
        }
        for (written, entry, why) in std::mem::take(&mut self.fetching.replaced) {
            let text = format!("cannot read {written:?} ({why}); the built-in copy of {entry} stands in for it");
            self.diagnostics.push(Diagnostic::warning("built-in-schema", None, text));
        }
        Read {
            sources: self.sources,
            schemas: self.schemas,
            definitions: self.definitions,
            diagnostics: self.diagnostics,
            links: self.fetching.links,
        }
    }
}

/// A tree of an operator's document; a DTD is tolerated, nothing external is loaded.
pub(crate) fn tree(text: &str) -> Result<Document<'_>, roxmltree::Error> {
    Document::parse_with_options(text, ParsingOptions { allow_dtd: true, ..ParsingOptions::default() })
}

/// The number of the document with this name.
pub(crate) fn find(sources: &Sources, name: &str) -> Option<SourceId> {
    (0..).map(SourceId).map_while(|id| Some((id, sources.get(id)?))).find(|(_, file)| &*file.name == name).map(|(id, _)| id)
}

fn is_wsdl(document: &Document<'_>) -> bool {
    document.root_element().has_tag_name((names::WSDL, "definitions"))
}

fn late_declaration(source: SourceId) -> Diagnostic {
    let text = "white space stands before the XML declaration; it is dropped";
    Diagnostic::warning("white-space-before-declaration", Place { source, offset: 0 }, text)
}
