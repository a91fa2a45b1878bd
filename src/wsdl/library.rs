//! The components of all documents of a contract by name, and looking them up.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::wsdl::syntax::Binding;
use crate::wsdl::syntax::Definitions;
use crate::wsdl::syntax::Message;
use crate::wsdl::syntax::PortType;
use crate::wsdl::syntax::Reference;
use crate::xml::name::QName;

/// Messages, portTypes and bindings by name. Of two with one name the first counts.
pub(crate) struct Library<'d> {
    messages: HashMap<&'d QName, &'d Message>,
    port_types: HashMap<&'d QName, &'d PortType>,
    bindings: HashMap<&'d QName, &'d Binding>,
}

/// A component, and whether it was found only by the second meaning of its reference.
pub(crate) struct Found<'d, T> {
    pub(crate) item: &'d T,
    pub(crate) warning: Option<Diagnostic>,
}

impl<'d> Library<'d> {
    /// All components of the documents; names that are taken twice are told.
    pub(crate) fn new(definitions: &'d [Definitions], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut library = Self { messages: HashMap::new(), port_types: HashMap::new(), bindings: HashMap::new() };
        for document in definitions {
            for item in &document.messages {
                enter(&mut library.messages, &item.name, item, item.place, "message", diagnostics);
            }
            for item in &document.port_types {
                enter(&mut library.port_types, &item.name, item, item.place, "portType", diagnostics);
            }
            for item in &document.bindings {
                enter(&mut library.bindings, &item.name, item, item.place, "binding", diagnostics);
            }
        }
        library
    }

    /// The message of a reference, else what is wrong.
    pub(crate) fn message(&self, reference: &Reference) -> Result<Found<'d, Message>, Diagnostic> {
        look_up(&self.messages, reference, "message")
    }

    /// The portType of a reference, else what is wrong.
    pub(crate) fn port_type(&self, reference: &Reference) -> Result<Found<'d, PortType>, Diagnostic> {
        look_up(&self.port_types, reference, "portType")
    }

    /// The binding of a reference, else what is wrong.
    pub(crate) fn binding(&self, reference: &Reference) -> Result<Found<'d, Binding>, Diagnostic> {
        look_up(&self.bindings, reference, "binding")
    }

    /// Whether this is the portType, binding or message that its name stands for (a later one of the same name is not).
    pub(crate) fn is_current(&self, binding: &Binding) -> bool {
        self.bindings.get(&binding.name).is_some_and(|known| std::ptr::eq(*known, binding))
    }
}

fn enter<'d, T>(
    map: &mut HashMap<&'d QName, &'d T>,
    name: &'d QName,
    item: &'d T,
    place: Place,
    kind: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if map.contains_key(name) {
        let text = format!("there is already a {kind} {name}; this one is not used");
        diagnostics.push(Diagnostic::warning("duplicate-component", place, text));
    } else {
        map.insert(name, item);
    }
}

fn look_up<'d, T>(map: &HashMap<&'d QName, &'d T>, reference: &Reference, kind: &str) -> Result<Found<'d, T>, Diagnostic> {
    let Some(name) = &reference.name else {
        return Err(undeclared_prefix(reference));
    };
    if let Some(item) = map.get(name) {
        return Ok(Found { item, warning: None });
    }
    if let Some(second) = &reference.second
        && let Some(item) = map.get(second)
    {
        return Ok(Found { item, warning: Some(by_target_namespace(reference)) });
    }
    let text = format!("the {kind} {name} does not exist{}", near(map, name));
    Err(Diagnostic::error(unknown_code(kind), reference.place, text))
}

/// A reference whose prefix is bound to nothing.
pub(crate) fn undeclared_prefix(reference: &Reference) -> Diagnostic {
    let prefix = reference.written.split(':').next().unwrap_or_default();
    let text = format!("the prefix {prefix:?} of {:?} is not declared here", reference.written);
    Diagnostic::error("undeclared-prefix", reference.place, text).with_help(format!("declare it with xmlns:{prefix}"))
}

/// A reference that has a meaning only if the targetNamespace is taken for it.
pub(crate) fn by_target_namespace(reference: &Reference) -> Diagnostic {
    let text = format!("{:?} has no prefix and is not known in the default namespace; the targetNamespace is taken", reference.written);
    Diagnostic::warning("unprefixed-reference", reference.place, text)
}

fn unknown_code(kind: &str) -> &'static str {
    match kind {
        "message" => "unknown-message",
        "portType" => "unknown-port-type",
        _ => "unknown-binding",
    }
}

/// A word on a component of the same local name in another namespace.
fn near<T>(map: &HashMap<&QName, &T>, name: &QName) -> String {
    let same: Vec<_> = map.keys().filter(|known| known.local == name.local).map(|known| known.ns.as_str()).collect();
    match same.iter().min() {
        Some(ns) => format!("; there is one of this name in {ns:?}"),
        None => String::new(),
    }
}
