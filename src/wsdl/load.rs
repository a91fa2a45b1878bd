//! Loading a contract: the WSDL, all that it imports, and what follows from them.
//!
//! Three steps with three types: documents as written (`syntax`), operations as planned (`plan`), the [`Contract`].

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Sources;
use crate::schema::load::Resolver;
use crate::schema::load::SchemaSet;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Declared;
use crate::wsdl::finish::Finisher;
use crate::wsdl::library::Library;
use crate::wsdl::plan::OperationPlan;
use crate::wsdl::plan::Planner;
use crate::wsdl::read;
use crate::wsdl::read::Read;
use crate::wsdl::services;
use crate::wsdl::services::Assembly;
use crate::wsdl::services::Finished;
use crate::wsdl::syntax::Definitions;
use crate::wsdl::syntax::PartContent;
use crate::xml::name::QName;

/// Loads the WSDL whose text this is, found at `location`, with all that it imports.
///
/// One bad operation does not stop the others: its verdict says what is wrong.
///
/// # Errors
/// If the text is not a WSDL 1.1 document at all; the error says what it is instead.
pub fn load(location: &str, text: &str, resolver: &mut dyn Resolver) -> Result<Contract, LoadError> {
    let read = read::read(location, text, resolver).map_err(|(diagnostic, sources)| LoadError { diagnostic, sources })?;
    Ok(link(read))
}

/// What the documents mean together.
fn link(read: Read) -> Contract {
    let Read { sources, schemas, definitions, mut diagnostics, links } = read;
    let library = Library::new(&definitions, &mut diagnostics);
    let untyped = is_untyped(&definitions, &schemas, &diagnostics);
    let mut planner = Planner::new(&library, &schemas);
    let mut bindings: Vec<(QName, Vec<OperationPlan>)> = Vec::new();
    for binding in definitions.iter().flat_map(|document| &document.bindings) {
        if library.is_current(binding) && services::is_served(binding) {
            bindings.push((binding.name.clone(), planner.binding(binding)));
        }
    }
    let bound = services::bound_port_types(&definitions, &library);
    let mut alone: Vec<(QName, Vec<OperationPlan>)> = Vec::new();
    for port_type in definitions.iter().flat_map(|document| &document.port_types) {
        let known = alone.iter().any(|(name, _)| *name == port_type.name);
        if !known && !bound.contains(&port_type.name) && !port_type.operations.is_empty() {
            alone.push((port_type.name.clone(), planner.port_type_alone(port_type)));
        }
    }
    diagnostics.append(&mut planner.diagnostics);
    let wanted = planner.synthetic;
    let (schema, synthetic, mut found) = schemas.compile(&wanted);
    diagnostics.append(&mut found);

    let mut finisher = Finisher::new(&schema, &synthetic, untyped);
    let mut finish = |plans: Vec<(QName, Vec<OperationPlan>)>| {
        plans.into_iter().map(|(name, plans)| (name, plans.iter().map(|plan| finisher.operation(plan)).collect())).collect()
    };
    let finished = Finished { bindings: finish(bindings), port_types: finish(alone) };
    diagnostics.append(&mut finisher.diagnostics);
    let mut assembly = Assembly { library: &library, finished, diagnostics: Vec::new() };
    let services = assembly.services(&definitions);
    diagnostics.append(&mut assembly.diagnostics);

    if !services.iter().flat_map(|service| &service.ports).any(|port| port.soap.is_some() && !port.operations.is_empty()) {
        diagnostics.push(nothing_to_serve(&definitions));
    }
    let target_namespace = definitions.first().map(|root| Arc::clone(&root.target_namespace)).unwrap_or_default();
    let wsdl_documents = definitions.iter().map(|document| document.source).collect();
    Contract {
        sources,
        schema: Arc::new(schema),
        services,
        diagnostics,
        target_namespace,
        wsdl_documents,
        declared: declared(&definitions),
        links,
    }
}

/// A contract without any operation on SOAP over HTTP, and what it has instead.
fn nothing_to_serve(definitions: &[Definitions]) -> Diagnostic {
    let Declared { port_types, operations, bindings, services, .. } = declared(definitions);
    let text = format!(
        "there is no operation on a SOAP port: the WSDL has {services} services, {bindings} bindings and {port_types} portTypes with {operations} operations"
    );
    let root = definitions.first().map(|root| crate::diagnostic::Place { source: root.source, offset: 0 });
    Diagnostic::error("nothing-to-serve", root, text)
}

/// Whether the messages name elements, but no schema is there for any of their namespaces, and none is missing: then nothing
/// was lost, the contract leaves all content open.
fn is_untyped(definitions: &[Definitions], schemas: &SchemaSet, diagnostics: &[Diagnostic]) -> bool {
    let parts = definitions.iter().flat_map(|document| &document.messages).flat_map(|message| &message.parts);
    let mut elements = parts.filter_map(|part| match &part.content {
        PartContent::Element(reference) => Some(reference),
        PartContent::Type(_) | PartContent::Nothing => None,
    });
    let declared = |name: &QName| schemas.declares_any_in(name.ns.as_str());
    let lost = |finding: &Diagnostic| matches!(finding.code, "import-failed" | "unknown-schema-language");
    let complete = !schemas.misses_documents() && !diagnostics.iter().any(lost);
    complete && !elements.any(|element| [&element.name, &element.second].into_iter().flatten().any(declared))
}

fn declared(definitions: &[Definitions]) -> Declared {
    let mut count = Declared::default();
    for document in definitions {
        count.port_types += document.port_types.len();
        count.operations += document.port_types.iter().map(|port_type| port_type.operations.len()).sum::<usize>();
        count.bindings += document.bindings.len();
        count.services += document.services.len();
        count.ports += document.services.iter().map(|service| service.ports.len()).sum::<usize>();
    }
    count
}

/// The text is no WSDL 1.1 document.
#[derive(Debug)]
pub struct LoadError {
    /// What it is instead, and where that shows.
    pub diagnostic: Diagnostic,
    /// The document, to show the place in.
    pub sources: Sources,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sources.render(&self.diagnostic))
    }
}

impl std::error::Error for LoadError {}
