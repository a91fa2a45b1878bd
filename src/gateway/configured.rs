//! A plan from a `castile.yaml`: its contracts are loaded, and every name that refers into one is looked up.
//!
//! All that is wrong is told at once, each fault at its place in the file. A contract that several services use is loaded once.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::net::ToSocketAddrs;
use std::path::Path;
use std::sync::Arc;

use data_encoding::BASE64;
use http::HeaderName;
use http::HeaderValue;
use http::header;
use rustls::ClientConfig;

use crate::config::Config;
use crate::config::file;
use crate::config::file::Mode;
use crate::config::join;
use crate::config::rest::Rest;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest;
use crate::exchange::stage::Endpoint;
use crate::gateway::connect::client_tls;
use crate::gateway::documents::Documents;
use crate::gateway::pages::Pages;
use crate::gateway::plan::Modes;
use crate::gateway::plan::OperationPlan;
use crate::gateway::plan::Plan;
use crate::gateway::plan::ServicePlan;
use crate::gateway::plan::Upstream;
use crate::gateway::resource::RestRoute;
use crate::gateway::settings::Limits;
use crate::gateway::settings::Times;
use crate::json;
use crate::transcode::Codec;
use crate::transcode::shape::Options;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::Status;
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
/// service `begins` is told how many are done, of how many, and its name.
///
/// # Errors
/// All that is wrong with it, in the order of the file.
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
        codecs: HashMap::new(),
        loaded: HashMap::new(),
        contracts: Vec::new(),
        trust: HashMap::new(),
    };
    let addresses = builder.addresses();
    let count = config.file.services.len();
    let mut services: Vec<ServicePlan> = Vec::with_capacity(count);
    for (at, (name, service)) in config.file.services.iter().enumerate() {
        begins(at, count, name);
        services.extend(builder.service(name, service, &join("/services", name)));
    }
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
    /// Codecs by the location of their contract and what a service chooses.
    codecs: HashMap<(String, Options, bool), Arc<Codec>>,
    /// Contracts by location; none for one that could not be loaded, which has been told.
    loaded: HashMap<String, Option<Arc<Contract>>>,
    contracts: Vec<(String, Arc<Contract>)>,
    /// Whom to trust, by the file of roots.
    trust: HashMap<String, Option<Arc<ClientConfig>>>,
}

impl<'c> Builder<'c> {
    fn fault(&mut self, pointer: &str, code: &'static str, message: impl Into<String>) {
        self.faults.push(Diagnostic::error(code, self.config.places.key(pointer), message));
    }

    fn bad_value(&mut self, pointer: &str, code: &'static str, message: impl Into<String>) {
        self.faults.push(Diagnostic::error(code, self.config.places.value(pointer), message));
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
        let codec = self.codec(given, at)?;
        let contract = Arc::clone(&codec.contract);
        let (index, service) = self.chosen(&contract, given, at)?;
        let path: Arc<str> = given.path.clone().unwrap_or_else(|| format!("/{name}")).into();
        let mut planned = ServicePlan::empty(name.into(), path, &codec, index);
        planned.listeners = given.listeners.as_ref().map(|names| {
            let all: Vec<&String> = self.config.file.listeners.keys().collect();
            names.iter().filter_map(|name| all.iter().position(|known| *known == name)).collect()
        });
        planned.modes = modes(given);
        self.exposed(given, service, at);
        let is_exposed =
            |operation: &Operation| given.expose.as_ref().is_none_or(|names| names.iter().any(|name| is_named(operation, name)));
        let rest_port = self.rest_port(given, service, at);
        let order = rest_port.into_iter().chain((0..service.ports.len()).filter(|number| Some(*number) != rest_port));
        for number in order {
            let Some(port) = service.ports.get(number).filter(|port| port.soap.is_some()) else { continue };
            let Some(upstream) = self.upstream(given, port.address.as_deref(), &port.name, at) else { continue };
            planned.add_port(number, port, Arc::new(upstream), is_exposed);
        }
        if planned.soap.is_empty() {
            return None;
        }
        for (operation, own) in &given.operations {
            self.operation(&mut planned, service, operation, own, &join(&format!("{at}/operations"), operation));
        }
        planned.routes.sort_by_key(RestRoute::fixedness);
        Some(planned)
    }

    fn codec(&mut self, given: &file::Service, at: &str) -> Option<Arc<Codec>> {
        let (location, pointer) = match (&given.wsdl.file, &given.wsdl.url) {
            (Some(file), _) => (self.folder.join(file).display().to_string(), format!("{at}/wsdl/file")),
            (None, Some(url)) => (url.clone(), format!("{at}/wsdl/url")),
            (None, None) => return None,
        };
        let contract = self.contract(given, &location, &pointer)?;
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

    /// The contract at a location, loaded once; what prevents that is told once.
    fn contract(&mut self, given: &file::Service, location: &str, pointer: &str) -> Option<Arc<Contract>> {
        if let Some(known) = self.loaded.get(location) {
            return known.clone();
        }
        let loaded = self
            .roots(given)
            .and_then(|roots| Documents::new(location).with_roots(roots).contract(location).map_err(|failure| failure.to_string()));
        let contract = match loaded {
            Ok(contract) => {
                let contract = Arc::new(contract);
                self.contracts.push((location.to_owned(), Arc::clone(&contract)));
                Some(contract)
            }
            Err(message) => {
                self.bad_value(pointer, "no-contract", message);
                None
            }
        };
        self.loaded.insert(location.to_owned(), contract.clone());
        contract
    }

    /// The roots that a service's upstream trusts are trusted for its WSDL too.
    fn roots(&self, given: &file::Service) -> Result<Option<Vec<u8>>, String> {
        let shared = given.upstream.as_ref().and_then(|own| own.r#use.as_ref()).and_then(|name| self.config.file.upstreams.get(name));
        let own = given.upstream.as_ref().and_then(|own| own.tls.roots.as_ref());
        match own.or_else(|| shared.and_then(|shared| shared.tls.roots.as_ref())) {
            None => Ok(None),
            Some(file) => {
                let path = self.folder.join(file);
                std::fs::read(&path).map(Some).map_err(|error| format!("{}: cannot read: {error}", path.display()))
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

    fn exposed(&mut self, given: &file::Service, service: &Service, at: &str) {
        for (number, name) in given.expose.iter().flatten().enumerate() {
            if !operations(service).any(|operation| is_named(operation, name)) {
                let known: Vec<_> = operations(service).map(|operation| &*operation.route).collect();
                let message = unknown("operation", name, &known, "the service");
                self.bad_value(&format!("{at}/expose/{number}"), "unknown-operation", message);
            }
        }
    }

    /// The SOAP server of a port.
    fn upstream(&mut self, given: &file::Service, address: Option<&str>, port: &str, at: &str) -> Option<Upstream> {
        let none = file::ServiceUpstream::default();
        let own = given.upstream.as_ref().unwrap_or(&none);
        let shared = own.r#use.as_ref().and_then(|name| self.config.file.upstreams.get(name));
        let endpoints = own.endpoints.as_ref().or(shared.map(|shared| &shared.endpoints));
        let url = endpoints.and_then(|list| list.first()).map(|endpoint| endpoint.url.as_str()).or(address);
        let Some(url) = url else {
            self.fault(at, "no-upstream", format!("the WSDL names no address for port '{port}': say with 'upstream' where the service is"));
            return None;
        };
        let endpoint = match Endpoint::parse(url) {
            Ok(endpoint) => endpoint,
            Err(message) => {
                let pointer = format!("{at}/upstream");
                self.fault(if given.upstream.is_some() { &pointer } else { at }, "bad-upstream", message);
                return None;
            }
        };
        let time = |pick: fn(&file::Timeouts) -> Option<crate::config::units::Time>, default| {
            pick(&own.timeouts).or_else(|| shared.and_then(|shared| pick(&shared.timeouts))).map_or(default, |time| time.0)
        };
        let connect = time(|timeouts| timeouts.connect, self.times.connect);
        let first_byte = time(|timeouts| timeouts.first_byte, self.times.first_byte);
        let total = time(|timeouts| timeouts.total, self.times.total);
        let mut all: BTreeMap<&str, &str> =
            shared.into_iter().flat_map(|shared| &shared.headers).map(|(name, value)| (name.as_str(), value.reveal())).collect();
        all.extend(own.headers.iter().map(|(name, value)| (name.as_str(), value.reveal())));
        let mut headers: Vec<(HeaderName, HeaderValue)> =
            all.into_iter().filter_map(|(name, value)| Some((HeaderName::from_bytes(name.as_bytes()).ok()?, secret(value)?))).collect();
        let auth = own.auth.as_ref().or_else(|| shared.and_then(|shared| shared.auth.as_ref()));
        if let Some(basic) = auth.and_then(|auth| auth.basic.as_ref()) {
            let credentials = BASE64.encode(format!("{}:{}", basic.user, basic.password.reveal()).as_bytes());
            headers.extend(secret(&format!("Basic {credentials}")).map(|value| (header::AUTHORIZATION, value)));
        }
        let roots = own.tls.roots.as_ref().or_else(|| shared.and_then(|shared| shared.tls.roots.as_ref()));
        let tls = roots.and_then(|file| self.trusted(file, at));
        // Connections that trust others are no substitute for each other.
        let origin = roots.map_or_else(|| Arc::clone(&endpoint.origin), |file| format!("{} trusting {file}", endpoint.origin).into());
        Some(Upstream { endpoint: Arc::new(Endpoint { origin, ..endpoint }), connect, first_byte, total, headers, tls })
    }

    /// Whom to trust by a file of roots; what is wrong with it is told once.
    fn trusted(&mut self, file: &str, at: &str) -> Option<Arc<ClientConfig>> {
        if let Some(known) = self.trust.get(file) {
            return known.clone();
        }
        let path = self.folder.join(file);
        let read = std::fs::read(&path).map_err(|error| format!("cannot read: {error}"));
        let made = read.and_then(|pem| client_tls(Some(&pem)));
        let tls = match made {
            Ok(tls) => Some(tls),
            Err(message) => {
                self.fault(at, "bad-roots", format!("{}: {message}", path.display()));
                None
            }
        };
        self.trust.insert(file.to_owned(), tls.clone());
        tls
    }

    /// What one operation has of its own.
    fn operation(&mut self, planned: &mut ServicePlan, service: &Service, name: &str, own: &file::Operation, at: &str) {
        let targets: Vec<_> = service
            .ports
            .iter()
            .enumerate()
            .filter(|(number, _)| planned.upstreams.contains_key(number))
            .flat_map(|(number, port)| port.operations.iter().enumerate().map(move |(at, operation)| (number, at, operation)))
            .filter(|(_, _, operation)| is_named(operation, name))
            .collect();
        let Some((_, _, operation)) = targets.first().copied() else {
            let known: Vec<_> = operations(service).map(|operation| &*operation.route).collect();
            return self.fault(at, "unknown-operation", unknown("operation", name, &known, "the service"));
        };
        let mut faults = BTreeMap::new();
        for (fault, status) in &own.faults {
            let keys: Vec<String> = operation
                .faults
                .iter()
                .filter(|form| form.is_called(fault, &planned.codec.contract))
                .map(|form| form.key(&planned.codec.contract))
                .collect();
            if keys.is_empty() {
                let known: Vec<_> = operation.faults.iter().map(|form| &*form.name).collect();
                self.fault(&join(&format!("{at}/faults"), fault), "unknown-fault", unknown("fault", fault, &known, "the operation"));
            }
            faults.extend(keys.into_iter().map(|key| (key, *status)));
        }
        let total = own.timeout.map(|time| time.0);
        if total.is_some() || !faults.is_empty() {
            for (port, number, _) in &targets {
                planned.operations.insert((*port, *number), OperationPlan { total, faults: faults.clone() });
            }
        }
        if let Some(text) = &own.rest {
            self.route(planned, operation, text, &format!("{at}/rest"));
        }
    }

    /// The verb and path of an operation, in place of `POST` and its name.
    fn route(&mut self, planned: &mut ServicePlan, operation: &Operation, text: &str, at: &str) {
        let Ok(rest) = Rest::parse(text) else { return };
        if rest.path.is_empty() {
            return self.bad_value(at, "bad-route", "found the path /, which is that of SOAP callers, expected a longer one");
        }
        let Some(target) = planned.rest.remove(&*operation.route) else {
            let why = if operation.verdict.status == Status::Refused { "castile check says why" } else { "it is not exposed" };
            return self.bad_value(at, "no-rest-face", format!("the operation '{}' has no REST face: {why}", operation.route));
        };
        let Some(message) = &operation.input else { return };
        let route = match RestRoute::new(&rest, text, &planned.codec, message, target) {
            Ok(route) => route,
            Err(message) => return self.bad_value(at, "bad-route", message),
        };
        if rest.method == "POST"
            && let Some(other) =
                planned.rest.keys().find(|other| route.captures(&format!("/{other}")).is_some_and(|values| values.is_empty()))
        {
            let message = format!("found a route that takes the same requests as the operation '{other}', expected another one");
            return self.bad_value(at, "same-route", message);
        }
        planned.routes.push(route);
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
            let mut list = known.to_vec();
            list.dedup();
            let more = if list.len() > 20 { ", …" } else { "" };
            list.truncate(20);
            format!("expected one of {}{more}", list.join(", "))
        }
    };
    format!("unknown {kind} '{name}', {help}")
}

/// A header's value that no log shows.
fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
