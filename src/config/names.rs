//! Names in a configuration that must refer to something else in it, and values that must differ.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::config::file::File;
use crate::config::file::HeaderValue;
use crate::config::file::Service;
use crate::config::file::ServiceUpstream;
use crate::config::rest::Rest;
use crate::config::tree::Places;
use crate::config::tree::join;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::nearest;

/// Headers that castile writes itself or that belong to a connection.
const OWN_HEADERS: [&str; 12] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "proxy-connection",
    "content-type",
    "soapaction",
    "expect",
];

/// Checks all of it. What stands at or around a spoilt value is not judged again.
pub(super) fn check(file: &File, places: &Places, spoilt: &[String], faults: &mut Vec<Diagnostic>) {
    let mut names = Names { file, places, spoilt, faults };
    names.limits();
    names.listeners();
    names.namespaces();
    for (name, upstream) in &file.upstreams {
        names.headers(&upstream.headers, &format!("{}/headers", join("/upstreams", name)));
    }
    for (name, service) in &file.services {
        names.service(service, &join("/services", name));
    }
    names.paths();
}

/// The path of a service.
#[must_use]
pub(super) fn path(name: &str, service: &Service) -> String {
    service.path.clone().unwrap_or_else(|| format!("/{name}"))
}

struct Names<'n> {
    file: &'n File,
    places: &'n Places,
    spoilt: &'n [String],
    faults: &'n mut Vec<Diagnostic>,
}

impl Names<'_> {
    /// Tells a fault of a value, unless something in it is spoilt: then it may be no fault of its own.
    fn fault(&mut self, pointer: &str, at: Option<Place>, code: &'static str, message: String) {
        let within = |spoilt: &String| spoilt.starts_with(pointer) && matches!(spoilt.as_bytes().get(pointer.len()), None | Some(b'/'));
        if !self.spoilt.iter().any(within) {
            self.faults.push(Diagnostic::error(code, at, message));
        }
    }

    /// Room for all bodies is room for one.
    fn limits(&mut self) {
        let limits = &self.file.limits;
        if limits.memory < limits.message {
            let pointer = "/limits/memory";
            let at = self.places.value(pointer).or_else(|| self.places.value("/limits/message"));
            let message = format!("found {} for all bodies, expected at least the {} of one message", limits.memory, limits.message);
            self.fault(pointer, at, "small-memory", message);
        }
    }

    fn listeners(&mut self) {
        let mut known: HashMap<&str, &str> = HashMap::new();
        for (name, listener) in &self.file.listeners {
            let pointer = format!("{}/address", join("/listeners", name));
            let address = &*listener.address;
            let is_address = address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
            if !is_address {
                let message = format!("found '{address}', expected an address and port, such as 0.0.0.0:8080");
                self.fault(&pointer, self.places.value(&pointer), "bad-address", message);
            } else if let Some(other) = known.insert(address, name).filter(|_| !address.ends_with(":0")) {
                let message = format!("found {address} again, expected another than that of listener '{other}'");
                self.fault(&pointer, self.places.value(&pointer), "same-address", message);
            }
        }
    }

    fn namespaces(&mut self) {
        for (prefix, uri) in &self.file.namespaces {
            let pointer = join("/namespaces", prefix);
            let good =
                prefix.starts_with(|c: char| c.is_alphabetic() || c == '_') && !prefix.contains(|c: char| c.is_whitespace() || c == ':');
            if !good {
                let message = format!("found the prefix '{prefix}', expected a name without a colon");
                self.fault(&pointer, self.places.key(&pointer), "bad-prefix", message);
            } else if uri.is_empty() {
                let message = format!("found an empty namespace for '{prefix}', expected its URI");
                self.fault(&pointer, self.places.value(&pointer), "bad-namespace", message);
            }
        }
    }

    fn service(&mut self, service: &Service, at: &str) {
        for (index, listener) in service.listeners.iter().flatten().enumerate() {
            let known: Vec<&str> = self.file.listeners.keys().map(String::as_str).collect();
            self.refers(listener, &known, ("listener", "/listeners"), &format!("{at}/listeners/{index}"));
        }
        let wsdl = format!("{at}/wsdl");
        match (&service.wsdl.file, &service.wsdl.url) {
            (Some(_), None) | (None, Some(_)) => {}
            (None, None) => {
                self.fault(&wsdl, self.places.key(&wsdl), "no-wsdl", String::from("found neither 'file' nor 'url', expected one of them"));
            }
            (Some(_), Some(_)) => {
                self.fault(&wsdl, self.places.key(&wsdl), "two-wsdls", String::from("found both 'file' and 'url', expected one of them"));
            }
        }
        if let Some(upstream) = &service.upstream {
            self.upstream(upstream, &format!("{at}/upstream"));
        }
        self.operations(service, at);
    }

    fn upstream(&mut self, upstream: &ServiceUpstream, at: &str) {
        match &upstream.r#use {
            Some(name) => {
                let known: Vec<&str> = self.file.upstreams.keys().map(String::as_str).collect();
                self.refers(name, &known, ("upstream", "/upstreams"), &format!("{at}/use"));
            }
            None if upstream.endpoints.is_none() => {
                let message = String::from("found neither 'use' nor 'endpoints', expected one of them");
                self.fault(at, self.places.key(at), "no-endpoint", message);
            }
            None => {}
        }
        self.headers(&upstream.headers, &format!("{at}/headers"));
    }

    fn headers(&mut self, headers: &BTreeMap<String, HeaderValue>, at: &str) {
        for (name, value) in headers {
            let pointer = join(at, name);
            if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
                let message = format!("found '{name}', expected the name of a header");
                self.fault(&pointer, self.places.key(&pointer), "bad-header", message);
            } else if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                let message = format!("found '{name}', which castile writes itself, expected another header");
                self.fault(&pointer, self.places.key(&pointer), "own-header", message);
            } else if http::HeaderValue::from_str(value.reveal()).is_err() {
                let message = format!("found a value of '{name}' that no header can have, expected one line of text");
                self.fault(&pointer, self.places.value(&pointer), "bad-header", message);
            }
        }
    }

    fn operations(&mut self, service: &Service, at: &str) {
        let mut routes: Vec<(&str, Rest)> = Vec::new();
        for (name, operation) in &service.operations {
            let own = join(&format!("{at}/operations"), name);
            if let Some(exposed) = &service.expose
                && !exposed.contains(name)
            {
                let message = format!("found the operation '{name}', which 'expose' does not list");
                self.fault(&own, self.places.key(&own), "not-exposed", message);
            }
            let Some(text) = &operation.rest else { continue };
            let pointer = format!("{own}/rest");
            match Rest::parse(text) {
                Err(message) => self.fault(&pointer, self.places.value(&pointer), "bad-route", message),
                Ok(rest) => match routes.iter().find(|(_, other)| other.clashes(&rest)) {
                    Some((other, _)) => {
                        let message = format!("found a route that takes the same requests as that of '{other}', expected another one");
                        self.fault(&pointer, self.places.value(&pointer), "same-route", message);
                    }
                    None => routes.push((name, rest)),
                },
            }
        }
    }

    /// A name refers to one of those known; one that is written, and spoilt, counts as known.
    fn refers(&mut self, name: &str, known: &[&str], (kind, among): (&str, &str), pointer: &str) {
        if known.contains(&name) || self.places.value(&join(among, name)).is_some() {
            return;
        }
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean '{near}'?"),
            None if known.is_empty() => format!("there is no {kind} in this file"),
            None => format!("expected one of {}", known.join(", ")),
        };
        self.fault(pointer, self.places.value(pointer), "unknown-name", format!("unknown {kind} '{name}', {help}"));
    }

    /// No two services on one listener have one path.
    fn paths(&mut self) {
        let all: Vec<_> = self.file.services.iter().collect();
        for (at, (name, service)) in all.iter().enumerate() {
            let shares = |other: &Service| match (&service.listeners, &other.listeners) {
                (Some(own), Some(others)) => own.iter().any(|one| others.contains(one)),
                (None, _) | (_, None) => true,
            };
            let same = all.iter().take(at).find(|(other, found)| path(name, service) == path(other, found) && shares(found));
            if let Some((other, _)) = same {
                let own = join("/services", name);
                let pointer = format!("{own}/path");
                let place = self.places.value(&pointer).or_else(|| self.places.key(&own));
                let message = format!("found the path {}, which service '{other}' has, expected another one", path(name, service));
                self.fault(&pointer, place, "same-path", message);
            }
        }
    }
}
