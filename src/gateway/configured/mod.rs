//! A plan from a `castile.yaml`: its contracts are loaded, and every name that refers into one is looked up.
//!
//! All that is wrong is told at once, each fault at its place in the file, and none that another one causes: what depends on something
//! that is spoilt is left open, all else is judged. A contract that several services use is loaded once.

mod operations;
mod paths;
mod upstreams;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::net::ToSocketAddrs;
use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;

use crate::config::Config;
use crate::config::file;
use crate::config::file::Mode;
use crate::config::join;
use crate::config::spoilt::Spoilt;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest;
use crate::gateway::documents::Documents;
use crate::gateway::pages::Pages;
use crate::gateway::plan::Modes;
use crate::gateway::plan::Plan;
use crate::gateway::plan::ServicePlan;
use crate::gateway::resource::RestRoute;
use crate::gateway::settings::Limits;
use crate::gateway::settings::Times;
use crate::json;
use crate::transcode::Codec;
use crate::transcode::shape::Options;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Service;
use crate::xml;

/// Where the gateway listens when the file does not say.
const LISTEN: &str = "127.0.0.1:8080";

/// What a configuration comes to.
#[derive(Debug)]
pub struct Configured {
    /// The plan.
    pub plan: Plan,
    /// Addresses of the listeners, by their numbers.
    pub addresses: Vec<SocketAddr>,
    /// The contracts, by the location they were loaded from.
    pub contracts: Vec<(String, Arc<Contract>)>,
}

/// Loads all that a configuration names and makes a plan of it. `folder` is where its relative paths begin. Before each
/// service `begins` is told how many are done, of how many, and its name. Of a configuration in which something is spoilt only the
/// faults are of use.
///
/// # Errors
/// All that is wrong with it beside what has been told already, in the order of the file.
pub fn build(
    config: &Config,
    folder: &Path,
    pages: Pages,
    begins: &mut dyn FnMut(usize, usize, &str),
) -> Result<Configured, Vec<Diagnostic>> {
    let mut builder = Builder {
        config,
        folder,
        times: times(&config.file.limits),
        limits: limits(&config.file.limits),
        faults: Vec::new(),
        spoilt: config.spoilt.clone(),
        codecs: HashMap::new(),
        loaded: HashMap::new(),
        contracts: Vec::new(),
        trust: HashMap::new(),
    };
    let addresses = builder.addresses();
    builder.servers();
    let count = config.file.services.len();
    let mut services: Vec<ServicePlan> = Vec::with_capacity(count);
    for (at, (name, service)) in config.file.services.iter().enumerate() {
        begins(at, count, name);
        services.extend(builder.service(name, service, &join("/services", name)));
    }
    builder.hidden(&services);
    let Builder { mut faults, limits, mut times, contracts, .. } = builder;
    if !faults.is_empty() {
        faults.sort_by_key(|fault| fault.at);
        return Err(faults);
    }
    let own = services.iter().flat_map(|service| {
        service.upstreams.values().map(|upstream| upstream.total).chain(service.operations.values().filter_map(|own| own.total))
    });
    times.total = own.fold(times.total, std::cmp::Ord::max);
    Ok(Configured { plan: Plan::new(pages, services, limits, times), addresses, contracts })
}

fn limits(given: &crate::config::limits::Limits) -> Limits {
    let bytes = |size: crate::config::units::Size| usize::try_from(size.0).unwrap_or(usize::MAX);
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Limits {
        message: bytes(given.message),
        buffer: bytes(given.buffer),
        stream: given.stream.0,
        memory: bytes(given.memory),
        header_bytes: bytes(given.header_bytes),
        headers: count(given.headers),
        connections: count(given.connections),
        json: json::limits::Limits {
            bytes: bytes(given.message),
            depth: count(given.depth),
            string: bytes(given.text),
            ..json::limits::Limits::default()
        },
        xml: xml::limits::Limits {
            bytes: bytes(given.message),
            depth: count(given.depth),
            attributes: count(given.attributes),
            namespaces: count(given.namespaces),
            name: bytes(given.name),
            text: bytes(given.text),
            run: bytes(given.text),
        },
        ..Limits::default()
    }
}

fn times(given: &crate::config::limits::Limits) -> Times {
    Times { header: given.header_time.0, body: given.body_time.0, idle: given.idle_time.0, drain: given.drain_time.0, ..Times::default() }
}

struct Builder<'c> {
    config: &'c Config,
    folder: &'c Path,
    limits: Limits,
    times: Times,
    faults: Vec<Diagnostic>,
    /// The values of which something wrong has been told.
    spoilt: Spoilt,
    /// Codecs by the location of their contract and what a service chooses.
    codecs: HashMap<(String, Options, bool), Arc<Codec>>,
    /// Contracts by location, or why one could not be loaded.
    loaded: HashMap<String, Result<Arc<Contract>, String>>,
    contracts: Vec<(String, Arc<Contract>)>,
    /// Whom to trust, by the file of roots, or why nobody.
    trust: HashMap<String, Result<Arc<ClientConfig>, String>>,
}

impl<'c> Builder<'c> {
    /// Tells a fault of a key, whatever is wrong with its value.
    fn fault(&mut self, pointer: &str, code: &'static str, message: impl Into<String>) {
        self.faults.push(Diagnostic::error(code, self.config.places.key(pointer), message));
    }

    /// Tells a fault of a value, unless it is spoilt.
    fn bad_value(&mut self, pointer: &str, code: &'static str, message: impl Into<String>) {
        if !self.spoilt.at(pointer) {
            self.tell(pointer, code, vec![message.into()]);
        }
    }

    /// Tells faults of a value, whatever else is wrong with it.
    fn tell(&mut self, pointer: &str, code: &'static str, messages: Vec<String>) {
        let places = &self.config.places;
        let told = messages.into_iter().map(|message| Diagnostic::error(code, places.value(pointer), places.masked(pointer, message)));
        self.faults.extend(told);
        self.spoilt.add(pointer);
    }

    fn addresses(&mut self) -> Vec<SocketAddr> {
        let listeners = &self.config.file.listeners;
        if listeners.is_empty() {
            return LISTEN.to_socket_addrs().into_iter().flatten().take(1).collect();
        }
        let mut found = Vec::new();
        for (name, listener) in listeners {
            match listener.address.to_socket_addrs().ok().and_then(|mut addresses| addresses.next()) {
                Some(address) => found.push(address),
                None => {
                    let message = format!("found '{}', which leads to no address of this machine", listener.address);
                    self.bad_value(&format!("{}/address", join("/listeners", name)), "bad-address", message);
                }
            }
        }
        found
    }

    fn service(&mut self, name: &str, given: &'c file::Service, at: &str) -> Option<ServicePlan> {
        let Some(codec) = self.codec(given, at) else {
            self.exposed(given, None, at);
            return None;
        };
        let contract = Arc::clone(&codec.contract);
        let Some((index, service)) = self.chosen(&contract, given, at) else {
            self.exposed(given, None, at);
            return None;
        };
        let path: Arc<str> = given.path.clone().unwrap_or_else(|| format!("/{name}")).into();
        let mut planned = ServicePlan::empty(name.into(), path, &codec, index);
        planned.listeners = given.listeners.as_ref().map(|names| {
            let all: Vec<&String> = self.config.file.listeners.keys().collect();
            names.iter().filter_map(|name| all.iter().position(|known| *known == name)).collect()
        });
        planned.modes = modes(given);
        // With a fault in what is exposed the operations are judged as if all were.
        let all = !self.exposed(given, Some(service), at);
        let is_exposed =
            |operation: &Operation| all || given.expose.as_ref().is_none_or(|names| names.iter().any(|name| is_named(operation, name)));
        let rest_port = self.rest_port(given, service, at);
        let order = rest_port.into_iter().chain((0..service.ports.len()).filter(|number| Some(*number) != rest_port));
        for number in order {
            let Some(port) = service.ports.get(number).filter(|port| port.soap.is_some()) else { continue };
            let Some(upstream) = self.upstream(given, port.address.as_deref(), &port.name, at) else { continue };
            planned.add_port(number, port, Arc::new(upstream), is_exposed);
        }
        self.operations(&mut planned, service, given, at);
        planned.routes.sort_by_key(RestRoute::fixedness);
        Some(planned)
    }

    /// The contract of a service in the form that it chooses; none where that is spoilt.
    fn codec(&mut self, given: &'c file::Service, at: &str) -> Option<Arc<Codec>> {
        let (location, pointer) = match (&given.wsdl.file, &given.wsdl.url) {
            (Some(file), _) => (self.folder.join(file).display().to_string(), format!("{at}/wsdl/file")),
            (None, Some(url)) => (url.clone(), format!("{at}/wsdl/url")),
            (None, None) => return None,
        };
        if self.spoilt.at(&pointer) {
            return None;
        }
        let contract = self.contract(given, &location, &pointer, at)?;
        let options = Options {
            numbers_as_text: given.json.big_numbers == file::BigNumbers::String,
            bare_arrays: given.json.arrays == file::Arrays::Unwrapped,
        };
        let undeclared_detail = given.errors.undeclared_detail;
        let known = self.codecs.entry((location, options, undeclared_detail)).or_insert_with(|| {
            let codec = Codec::with(contract, options);
            Arc::new(Codec { limits: self.limits.xml.clone(), undeclared_detail, ..codec })
        });
        Some(Arc::clone(known))
    }

    /// The contract at a location, loaded once. The roots that a service's upstream trusts are trusted for its WSDL too.
    fn contract(&mut self, given: &'c file::Service, location: &str, pointer: &str, at: &str) -> Option<Arc<Contract>> {
        if !self.loaded.contains_key(location) {
            let roots = self.roots(given, at).map(|(file, _)| std::fs::read(self.folder.join(file)).unwrap_or_default());
            if location.starts_with("https:") && given.wsdl.file.is_none() && !self.trusts(given, at) {
                return None;
            }
            let loaded = Documents::new(location).with_roots(roots.filter(|pem| !pem.is_empty())).contract(location).map(Arc::new);
            if let Ok(contract) = &loaded {
                self.contracts.push((location.to_owned(), Arc::clone(contract)));
            }
            self.loaded.insert(location.to_owned(), loaded.map_err(|failure| failure.to_string()));
        }
        match self.loaded.get(location)?.clone() {
            Ok(contract) => Some(contract),
            Err(message) => {
                self.bad_value(pointer, "no-contract", message);
                None
            }
        }
    }

    /// The WSDL's service that is meant.
    fn chosen<'s>(&mut self, contract: &'s Contract, given: &file::Service, at: &str) -> Option<(usize, &'s Service)> {
        let candidates: Vec<(usize, &Service)> =
            contract.services.iter().enumerate().filter(|(_, service)| service.ports.iter().any(|port| port.soap.is_some())).collect();
        let names = || candidates.iter().map(|(_, service)| &*service.name).collect::<Vec<_>>();
        match &given.wsdl.service {
            Some(name) => {
                let found = candidates.iter().find(|(_, service)| *service.name == **name).copied();
                if found.is_none() {
                    let message = unknown("service", name, &names(), "the WSDL");
                    self.bad_value(&format!("{at}/wsdl/service"), "unknown-service", message);
                }
                found
            }
            None => {
                let real: Vec<_> = candidates.iter().filter(|(_, service)| !service.synthetic).copied().collect();
                let list = if real.is_empty() { &candidates } else { &real };
                match list.as_slice() {
                    [one] => Some(*one),
                    [] => {
                        self.fault(&format!("{at}/wsdl"), "no-service", "the WSDL has no SOAP service");
                        None
                    }
                    // Which one was meant is spoilt.
                    [_, ..] if self.spoilt.at(&format!("{at}/wsdl/service")) => None,
                    [_, ..] => {
                        let names: Vec<_> = list.iter().map(|(_, service)| &*service.name).collect();
                        let message = format!("the WSDL has several services, say which one with 'service': {}", names.join(", "));
                        self.fault(&format!("{at}/wsdl"), "several-services", message);
                        None
                    }
                }
            }
        }
    }

    /// The port for REST callers, if one is named.
    fn rest_port(&mut self, given: &file::Service, service: &Service, at: &str) -> Option<usize> {
        let name = given.wsdl.port.as_ref()?;
        let found = service.ports.iter().position(|port| *port.name == **name && port.soap.is_some());
        if found.is_none() {
            let known: Vec<_> = service.ports.iter().filter(|port| port.soap.is_some()).map(|port| &*port.name).collect();
            let message = unknown("SOAP port", name, &known, "the service");
            self.bad_value(&format!("{at}/wsdl/port"), "unknown-port", message);
        }
        found
    }
}

/// How messages are judged: as the policy says, and at least as strictly as the steps do.
fn modes(given: &file::Service) -> Modes {
    let stricter = |steps: &[file::Step], mode: Option<Mode>| {
        let of_steps = steps.iter().filter_map(|step| step.validate.as_ref()).map(|step| step.mode.unwrap_or(Mode::Enforce));
        of_steps.chain(mode).min_by_key(|mode| match mode {
            Mode::Enforce => 0,
            Mode::Report => 1,
            Mode::Off => 2,
        })
    };
    let (request, reply) = (stricter(&given.request, given.validate.request), stricter(&given.reply, given.validate.reply));
    Modes {
        soap_request: request.unwrap_or(Mode::Off),
        soap_reply: reply.unwrap_or(Mode::Off),
        rest_reply: reply.unwrap_or(Mode::Report),
        values: given.errors.values,
    }
}

fn operations(service: &Service) -> impl Iterator<Item = &Operation> {
    service.ports.iter().filter(|port| port.soap.is_some()).flat_map(|port| &port.operations)
}

fn is_named(operation: &Operation, name: &str) -> bool {
    *operation.route == *name
}

fn unknown(kind: &str, name: &str, known: &[&str], place: &str) -> String {
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean '{near}'?"),
        None if known.is_empty() => format!("{place} has none"),
        None => {
            let mut list: Vec<&str> = Vec::new();
            known.iter().for_each(|one| {
                if !list.contains(one) {
                    list.push(one)
                }
            });
            let more = if list.len() > 20 { ", …" } else { "" };
            list.truncate(20);
            format!("expected one of {}{more}", list.join(", "))
        }
    };
    format!("unknown {kind} '{name}', {help}")
}
