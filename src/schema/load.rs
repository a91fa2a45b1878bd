//! Sets of schema documents: what a schema or a WSDL reaches by include, import and redefine, read once each.
//!
//! Everything comes through a [`Resolver`]; this module does no I/O. A document that cannot be had is a warning that
//! costs only what depends on it. What the components mean is left to `compile`.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::diagnostic::Sources;
use crate::schema::compile;
use crate::schema::components::Registry;
use crate::schema::form::ElementId;
use crate::schema::form::Schema;
use crate::schema::syntax::Components;
use crate::schema::syntax::Link;
use crate::schema::syntax::Reader;
use crate::schema::syntax::SchemaHead;
pub(crate) use crate::schema::syntax::is_built_in;
pub(crate) use crate::schema::syntax::is_schema;
pub(crate) use crate::schema::syntax::meant;
use crate::schema::syntax::note_prefixes;
use crate::xml::name::QName;
use crate::xml::name::Symbols;
use crate::xml::name::XML_NS;
use crate::xml::name::XSD_NS;

/// Finds the documents that others refer to.
pub trait Resolver {
    /// Reads the document at `location`, relative to the document at `base`. An empty `location` asks for a schema of
    /// `namespace` (an import without location): the built-in catalogue's, if it has one.
    ///
    /// # Errors
    /// The document cannot be read or may not be.
    fn fetch(&mut self, base: &str, location: &str, namespace: Option<&str>) -> Result<Fetched, ResolveError>;
}

/// A document that a [`Resolver`] found.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The one name of this document, however it was reached.
    pub location: String,
    /// Its text, decoded.
    pub text: String,
}

/// Why a document could not be had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResolveError {
    /// In words: lowercase, no final dot.
    pub message: String,
}

/// Knows no document.
pub struct NoResolver;

impl Resolver for NoResolver {
    fn fetch(&mut self, _base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        Err(ResolveError { message: format!("{location:?} cannot be read: no documents are available here") })
    }
}

/// A declaration that stands in no schema: the wrapper of an rpc message, the body of one with several parts.
#[derive(Clone, Debug)]
pub struct SyntheticElement {
    /// Its name.
    pub name: QName,
    /// Its content: these in a sequence.
    pub parts: Vec<SyntheticPart>,
    /// The construct that asks for it.
    pub place: Place,
    /// Text of its documentation.
    pub documentation: Option<Arc<str>>,
}

/// One member of a [`SyntheticElement`].
#[derive(Clone, Debug)]
pub struct SyntheticPart {
    /// Its name; where an element is referred to, the name of the part that does.
    pub name: QName,
    /// What it holds.
    pub content: PartContent,
    /// `minOccurs`.
    pub min: u32,
    /// `maxOccurs`.
    pub max: Option<u32>,
    /// May be xsi:nil.
    pub nillable: bool,
    /// The part's `type=` or `element=`: faults of the reference stand here.
    pub place: Place,
}

/// What a [`SyntheticPart`] refers to.
#[derive(Clone, Debug)]
pub enum PartContent {
    /// A type, by name.
    Type(QName),
    /// A global element, by name.
    ElementRef(QName),
}

/// What stands before the name of a document of the built-in catalogue. Where the operator's own documents declare the same
/// component, theirs counts.
pub const BUILT_IN: &str = "built-in:";

mod links;

/// How many documents a set may hold.
const DOCUMENTS: usize = 4096;

/// Schema documents that belong together, as written.
#[derive(Default)]
pub struct SchemaSet {
    symbols: Symbols,
    /// Prefixes by namespace, the first of each, in document order.
    bindings: Vec<(Arc<str>, Arc<str>)>,
    diagnostics: Vec<Diagnostic>,
    registry: Registry,
    /// Redefinitions in the order met; applied from the last, so that inner ones come first.
    redefinitions: Vec<Components>,
    /// Where a reference led to: the document's one name, or none.
    located: HashMap<(String, String), Option<String>>,
    documents: HashMap<String, Document>,
    /// Documents read, by name and the namespace that their components went to.
    read: HashSet<(String, String)>,
    /// Namespaces of the documents read.
    namespaces: HashSet<String>,
    wanted: Vec<Wanted>,
    agenda: Vec<Errand>,
    /// Documents of the catalogue, read after all others.
    later: Vec<Later>,
    /// All documents of the operator were read.
    completing: bool,
}

/// A document of the catalogue that a link led to.
struct Later {
    name: String,
    import: Option<String>,
    include: Option<String>,
    place: Place,
}

/// A document that was fetched.
struct Document {
    source: SourceId,
    state: State,
}

/// How far a document has come.
#[derive(Clone)]
enum State {
    Unread,
    Unreadable,
    /// With its own target namespace.
    Read(Option<String>),
}

/// A namespace that was asked for without a document that brings it.
struct Wanted {
    namespace: String,
    base: String,
    place: Place,
    how: Want,
}

/// Why a namespace is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    /// An import without location.
    Import,
    /// An import whose document could not be had (that was said).
    Failed,
    /// A reference without any import.
    Stranger,
}

/// A link that is still to be followed.
struct Errand {
    base: String,
    target: String,
    link: Link,
}

impl SchemaSet {
    /// An empty set: only what XML Schema itself knows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of the prefixes bound on an element that is no schema (the root of a WSDL), for names in JSON.
    pub fn declare_prefixes(&mut self, node: roxmltree::Node<'_, '_>) {
        note_prefixes(&mut self.bindings, node);
    }

    /// Adds a schema document and all that it reaches.
    pub fn add_document(&mut self, location: &str, text: &str, sources: &mut Sources, resolver: &mut dyn Resolver) {
        self.take_document(location, text, sources);
        self.follow_links(sources, resolver);
    }

    /// Adds an `xs:schema` that stands inside a document `source` at `base`, and all that it reaches. Namespaces that
    /// inline schemas import without location are looked for among all that is added before [`Self::complete`].
    pub fn add_inline(
        &mut self,
        node: roxmltree::Node<'_, '_>,
        source: SourceId,
        base: &str,
        sources: &mut Sources,
        resolver: &mut dyn Resolver,
    ) {
        self.take_schema(node, source, base, None, sources);
        self.follow_links(sources, resolver);
    }

    /// After all documents were added: asks the resolver for namespaces that are referred to but were not met.
    pub fn complete(&mut self, sources: &mut Sources, resolver: &mut dyn Resolver) {
        self.registry.set_secondary(true);
        self.completing = true;
        for Later { name, import, include, place } in std::mem::take(&mut self.later) {
            self.enter(&name, import.as_deref(), include.as_deref(), place, sources);
            self.follow_links(sources, resolver);
        }
        let mut at = 0;
        while at < self.wanted.len() {
            let wanted = &self.wanted[at];
            let (namespace, base) = (wanted.namespace.clone(), wanted.base.clone());
            at += 1;
            if !self.namespaces.contains(&namespace)
                && !namespace.is_empty()
                && self.documents.len() < DOCUMENTS
                && let Ok(found) = resolver.fetch(&base, "", Some(&namespace))
            {
                self.take_document(&found.location, &found.text, sources);
                self.follow_links(sources, resolver);
            }
        }
        self.registry.set_secondary(false);
        for wanted in std::mem::take(&mut self.wanted) {
            self.report_wanted(&wanted);
        }
    }

    /// Whether a global element of this name is declared. To be asked after [`Self::complete`].
    #[must_use]
    pub fn declares_element(&self, ns: &str, local: &str) -> bool {
        self.symbols.find(ns, local).is_some_and(|name| self.registry.elements.find(name).is_some())
    }

    /// Whether any global element or type of this namespace is declared. To be asked after [`Self::complete`].
    #[must_use]
    pub fn declares_any_in(&self, ns: &str) -> bool {
        let (elements, types) = (&self.registry.elements.list, &self.registry.types.list);
        let mut names = elements.iter().map(|top| top.name).chain(types.iter().map(|top| top.name));
        names.any(|name| self.symbols.name(name).ns.as_str() == ns)
    }

    /// Whether a type of this name is defined or built in. To be asked after [`Self::complete`].
    #[must_use]
    pub fn declares_type(&self, ns: &str, local: &str) -> bool {
        ns == XSD_NS || self.symbols.find(ns, local).is_some_and(|name| self.registry.types.find(name).is_some())
    }

    /// Whether some document could not be had.
    #[must_use]
    pub fn misses_documents(&self) -> bool {
        self.located.values().any(Option::is_none)
    }

    fn report_wanted(&mut self, wanted: &Wanted) {
        let found = self.namespaces.contains(&wanted.namespace);
        let namespace = &wanted.namespace;
        let (code, message) = match (wanted.how, found) {
            (Want::Import | Want::Failed, true) | (Want::Failed, false) => return,
            (Want::Import, false) if namespace == XML_NS => return,
            (Want::Import, false) => {
                ("namespace-not-found", format!("the namespace {namespace:?} is imported without location and no schema of it is known"))
            }
            (Want::Stranger, true) => {
                ("not-imported", format!("the namespace {namespace:?} is referred to but not imported; it is known all the same"))
            }
            (Want::Stranger, false) => (
                "namespace-not-found",
                format!("the namespace {namespace:?} is referred to, but not imported, and no schema of it is known"),
            ),
        };
        self.diagnostics.push(Diagnostic::warning(code, wanted.place, message));
    }

    /// Compiles the set and the synthetic declarations, whose numbers come back in the order given.
    #[must_use]
    pub fn compile(mut self, synthetic: &[SyntheticElement]) -> (Schema, Vec<ElementId>, Vec<Diagnostic>) {
        for redefinition in std::mem::take(&mut self.redefinitions).into_iter().rev() {
            self.registry.redefine(redefinition, &mut self.symbols, &mut self.diagnostics);
        }
        compile::compile(self.registry, self.symbols, self.bindings, self.diagnostics, synthetic)
    }

    /// Reads a document that was not fetched by a link.
    fn take_document(&mut self, location: &str, text: &str, sources: &mut Sources) {
        let documents = &mut self.documents;
        let document =
            documents.entry(location.to_owned()).or_insert_with(|| Document { source: sources.add(location, text), state: State::Unread });
        if matches!(document.state, State::Unread) {
            let source = document.source;
            self.take_source(location, source, sources, None);
        }
    }

    /// Reads a document, whose components go to `target` if it has no target namespace itself; gives its own one back.
    fn take_source(&mut self, location: &str, source: SourceId, sources: &Sources, target: Option<&str>) -> Option<Option<String>> {
        let text = sources.get(source)?.text.clone();
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let document = match roxmltree::Document::parse_with_options(&text, options) {
            Ok(document) => document,
            Err(error) => {
                let place = Place { source, offset: offset_of(&text, error.pos()) };
                let message = format!("not well-formed: {error}");
                self.diagnostics.push(Diagnostic::error("not-well-formed", place, message));
                self.documents.insert(location.to_owned(), Document { source, state: State::Unreadable });
                return None;
            }
        };
        let root = document.root_element();
        let mut schemas: Vec<_> = document.descendants().filter(|node| is_schema(*node)).collect();
        if is_schema(root) {
            schemas.truncate(1);
        } else {
            note_prefixes(&mut self.bindings, root);
        }
        let Some(first) = schemas.first() else {
            let place = Place { source, offset: u32::try_from(root.range().start).unwrap_or(u32::MAX) };
            let name = root.tag_name();
            let found = QName::new(name.namespace().unwrap_or(""), name.name());
            let message = format!("expected a schema, found {found}");
            self.diagnostics.push(Diagnostic::warning("not-a-schema", place, message));
            self.documents.insert(location.to_owned(), Document { source, state: State::Unreadable });
            return None;
        };
        let own = SchemaHead::of(*first).target;
        self.documents.insert(location.to_owned(), Document { source, state: State::Read(own.clone()) });
        for schema in schemas {
            self.take_schema(schema, source, location, target, sources);
        }
        Some(own)
    }

    fn take_schema(&mut self, node: roxmltree::Node<'_, '_>, source: SourceId, base: &str, target: Option<&str>, sources: &Sources) {
        let target = SchemaHead::of(node).target.or_else(|| target.map(String::from)).unwrap_or_default();
        self.read.insert((base.to_owned(), target.clone()));
        self.namespaces.insert(target.clone());
        let mut reader = Reader::new(&mut self.symbols, &mut self.diagnostics, &mut self.bindings, node, source, &target);
        let (links, components) = reader.read(node);
        let strangers = std::mem::take(&mut reader.strangers);
        self.wanted.extend(strangers.into_iter().map(|(namespace, place)| Wanted {
            namespace,
            base: base.to_owned(),
            place,
            how: Want::Stranger,
        }));
        self.registry.add(components, sources, &self.symbols, &mut self.diagnostics);
        let errands = links.into_iter().rev().map(|link| Errand { base: base.to_owned(), target: target.clone(), link });
        self.agenda.extend(errands);
    }
}

/// The byte offset of a line and column of roxmltree.
fn offset_of(text: &str, position: roxmltree::TextPos) -> u32 {
    let lines_before = (position.row as usize).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(lines_before).map(str::len).sum();
    let line = text.get(start..).unwrap_or("");
    let column: usize = line.chars().take((position.col as usize).saturating_sub(1)).map(char::len_utf8).sum();
    u32::try_from(start + column).unwrap_or(u32::MAX)
}
