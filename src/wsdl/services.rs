//! Services with their ports and routes, and the synthetic ones: for SOAP bindings that no port uses and for portTypes that
//! no binding describes.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;
use crate::wsdl::contract::Style;
use crate::wsdl::library::Library;
use crate::wsdl::names;
use crate::wsdl::syntax;
use crate::wsdl::syntax::BindingKind;
use crate::wsdl::syntax::Definitions;
use crate::xml::name::QName;

/// The finished operations of SOAP bindings over HTTP and of portTypes without binding, by name.
#[derive(Default)]
pub(crate) struct Finished {
    pub(crate) bindings: HashMap<QName, Vec<Operation>>,
    pub(crate) port_types: HashMap<QName, Vec<Operation>>,
}

/// Whether castile serves a binding: SOAP over HTTP.
pub(crate) fn is_served(binding: &syntax::Binding) -> bool {
    match &binding.kind {
        BindingKind::Soap { transport, .. } => names::is_http_transport(transport.as_deref()),
        BindingKind::Other(_) => false,
    }
}

/// Names of the portTypes that some binding describes.
pub(crate) fn bound_port_types(definitions: &[Definitions], library: &Library<'_>) -> HashSet<QName> {
    let bindings = definitions.iter().flat_map(|document| &document.bindings);
    let found = bindings.filter_map(|binding| library.port_type(binding.port_type.as_ref()?).ok());
    found.map(|found| found.item.name.clone()).collect()
}

/// Puts the services of a contract together.
pub(crate) struct Assembly<'a> {
    pub(crate) library: &'a Library<'a>,
    pub(crate) finished: Finished,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Assembly<'_> {
    /// Services in document order, then the synthetic ones.
    pub(crate) fn services(&mut self, definitions: &[Definitions]) -> Vec<Service> {
        let mut services = Vec::new();
        let mut used: HashSet<QName> = HashSet::new();
        for service in definitions.iter().flat_map(|document| &document.services) {
            services.push(self.service(service, &mut used));
        }
        for binding in definitions.iter().flat_map(|document| &document.bindings) {
            if self.library.is_current(binding) && !used.contains(&binding.name) {
                services.extend(self.unused_binding(binding));
            }
        }
        for port_type in definitions.iter().flat_map(|document| &document.port_types) {
            if let Some(operations) = self.finished.port_types.remove(&port_type.name) {
                services.push(synthetic(
                    port_type.name.local.as_str(),
                    &Made {
                        soap: SoapVersion::V1_1,
                        style: operations.first().map_or(Style::Document, |first| first.style),
                        port_type: port_type.name.local.as_str(),
                        documentation: port_type.documentation.clone(),
                        place: port_type.place,
                    },
                    operations,
                ));
            }
        }
        self.name_apart(&mut services);
        services
    }

    fn service(&mut self, service: &syntax::Service, used: &mut HashSet<QName>) -> Service {
        let mut ports = Vec::new();
        let mut port_types: Vec<QName> = Vec::new();
        for port in &service.ports {
            let (port, port_type) = self.port(port, used);
            ports.push(port);
            port_types.push(port_type);
        }
        routes(&mut ports, &port_types);
        Service {
            name: service.name.local.as_str().into(),
            synthetic: false,
            ports,
            documentation: service.documentation.clone(),
            place: service.place,
        }
    }

    /// A port with the operations of its binding, and the name of its portType.
    fn port(&mut self, port: &syntax::Port, used: &mut HashSet<QName>) -> (Port, QName) {
        let mut made = Port {
            name: port.name.as_str().into(),
            soap: None,
            passed_over: None,
            style: Style::Document,
            address: port.address.as_deref().map(Into::into),
            synthetic: false,
            port_type: "".into(),
            operations: Vec::new(),
            place: port.place,
        };
        let nothing = QName::new("", "");
        let found = match &port.binding {
            Some(reference) => self.library.binding(reference),
            None => Err(Diagnostic::error("unknown-binding", port.place, "this port names no binding")),
        };
        let binding = match found {
            Ok(found) => {
                self.diagnostics.extend(found.warning);
                found.item
            }
            Err(reason) => {
                made.passed_over = Some(reason.message.as_str().into());
                let text = format!("the port {:?} is passed over: {}", port.name, reason.message);
                self.diagnostics.push(Diagnostic { message: text, ..reason });
                return (made, nothing);
            }
        };
        used.insert(binding.name.clone());
        let port_type = binding.port_type.as_ref().and_then(|reference| self.library.port_type(reference).ok());
        let port_type = port_type.map_or(nothing, |found| found.item.name.clone());
        made.port_type = port_type.local.as_str().into();
        match &binding.kind {
            BindingKind::Soap { version, style, .. } if is_served(binding) => {
                made.soap = Some(*version);
                made.style = style.unwrap_or(Style::Document);
                made.operations = self.finished.bindings.get(&binding.name).cloned().unwrap_or_default();
            }
            BindingKind::Soap { .. } | BindingKind::Other(_) => {
                let why = not_served(&binding.kind);
                let text = format!("the port {:?} is passed over: {why}", port.name);
                made.passed_over = Some(why.into());
                self.diagnostics.push(Diagnostic::note("other-binding", port.place, text));
            }
        }
        (made, port_type)
    }

    fn unused_binding(&mut self, binding: &syntax::Binding) -> Option<Service> {
        let BindingKind::Soap { version, style, .. } = &binding.kind else { return self.passed_over(binding) };
        if !is_served(binding) {
            return self.passed_over(binding);
        }
        let port_type = binding.port_type.as_ref().and_then(|reference| self.library.port_type(reference).ok());
        let operations = self.finished.bindings.get(&binding.name).cloned().unwrap_or_default();
        let made = Made {
            soap: *version,
            style: style.unwrap_or(Style::Document),
            port_type: port_type.as_ref().map_or("", |found| found.item.name.local.as_str()),
            documentation: port_type.as_ref().and_then(|found| found.item.documentation.clone()),
            place: binding.place,
        };
        let name = binding.name.local.as_str();
        let text = format!("no port uses the binding {name}; it is served as a service of that name, whose address must be given");
        self.diagnostics.push(Diagnostic::note("binding-without-port", binding.place, text));
        Some(synthetic(name, &made, operations))
    }

    fn passed_over(&mut self, binding: &syntax::Binding) -> Option<Service> {
        let text = format!("the binding {} is passed over: {}", binding.name.local.as_str(), not_served(&binding.kind));
        self.diagnostics.push(Diagnostic::note("other-binding", binding.place, text));
        None
    }

    /// Services of one name: a synthetic one gives way, of two real ones the later is refused.
    fn name_apart(&mut self, services: &mut [Service]) {
        let mut taken: HashSet<Arc<str>> =
            services.iter().filter(|service| !service.synthetic).map(|service| Arc::clone(&service.name)).collect();
        let mut first: HashSet<Arc<str>> = HashSet::new();
        for service in services {
            if service.synthetic {
                let mut number = 2;
                let own = Arc::clone(&service.name);
                while !taken.insert(Arc::clone(&service.name)) {
                    service.name = format!("{own}_{number}").into();
                    number += 1;
                }
            } else if !first.insert(Arc::clone(&service.name)) {
                let text = format!("there is already a service {:?}; this one cannot be told from it", service.name);
                let reason = Diagnostic::error("duplicate-service", service.place, text);
                for operation in service.ports.iter_mut().flat_map(|port| &mut port.operations) {
                    operation.verdict.lower(Status::Refused, reason.clone());
                }
                self.diagnostics.push(reason);
            }
        }
    }
}

/// Why a binding is not served, in words.
fn not_served(kind: &BindingKind) -> String {
    match kind {
        BindingKind::Soap { transport, .. } => {
            format!("its SOAP binding is over {:?}, not HTTP", transport.as_deref().unwrap_or_default())
        }
        BindingKind::Other(ns) => format!("it is no SOAP binding ({})", names::binding_kind(ns)),
    }
}

/// What a synthetic service is made for.
struct Made<'a> {
    soap: SoapVersion,
    style: Style,
    port_type: &'a str,
    documentation: Option<Arc<str>>,
    place: crate::diagnostic::Place,
}

fn synthetic(name: &str, made: &Made<'_>, operations: Vec<Operation>) -> Service {
    let port = Port {
        name: name.into(),
        soap: Some(made.soap),
        passed_over: None,
        style: made.style,
        address: None,
        synthetic: true,
        port_type: made.port_type.into(),
        operations,
        place: made.place,
    };
    let mut ports = vec![port];
    routes(&mut ports, &[QName::new("", "")]);
    Service { name: name.into(), synthetic: true, ports, documentation: made.documentation.clone(), place: made.place }
}

/// Routes: the operation's name, `.input` for overloads; where two portTypes of the service have an operation of one name,
/// the later one's as `Port/Name`. Routes that still clash within a port are refused.
fn routes(ports: &mut [Port], port_types: &[QName]) {
    let mut owner: HashMap<Arc<str>, QName> = HashMap::new();
    let mut first_port: HashMap<&QName, Arc<str>> = HashMap::new();
    for (port, port_type) in ports.iter_mut().zip(port_types) {
        if port.soap.is_none() {
            continue;
        }
        let port_name = Arc::clone(first_port.entry(port_type).or_insert_with(|| Arc::clone(&port.name)));
        let mut taken: HashSet<Arc<str>> = HashSet::new();
        for operation in &mut port.operations {
            let mut route = operation.name.to_string();
            if let Some(input) = &operation.input_name {
                route = format!("{route}.{input}");
            }
            let owner = owner.entry(Arc::clone(&operation.name)).or_insert_with(|| port_type.clone());
            if owner != port_type {
                route = format!("{port_name}/{route}");
            }
            operation.route = route.into();
            if !taken.insert(Arc::clone(&operation.route)) {
                let text = format!("another operation of this port has the route {:?} already", operation.route);
                operation.verdict.lower(Status::Refused, Diagnostic::error("duplicate-route", operation.place, text));
            }
        }
    }
}
