//! Names in a configuration that must refer to something else in it, and values that must differ.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::config::check::has_credentials;
use crate::config::file::File;
use crate::config::file::HeaderValue;
use crate::config::file::Service;
use crate::config::file::ServiceUpstream;
use crate::config::file::Timeouts;
use crate::config::rest::Rest;
use crate::config::spoilt::Spoilt;
use crate::config::tree::Places;
use crate::config::tree::join;
use crate::config::units::Time;
use crate::config::units::too_little;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest;
use crate::xml::char::is_ncname;

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

/// Where a contract may be.
const WSDL: [&str; 2] = ["file", "url"];

/// The path of the gateway's own OpenAPI document, of all services together.
const OWN_PATH: &str = "/openapi.json";

/// Checks all of it. A spoilt value is not judged again, and one that is found faulty is spoilt for what comes later.
pub(super) fn check(file: &File, places: &Places, spoilt: &mut Spoilt, faults: &mut Vec<Diagnostic>) {
    let mut names = Names { file, places, spoilt, faults };
    names.limits();
    names.listeners();
    names.namespaces();
    for (name, upstream) in &file.upstreams {
        let at = join("/upstreams", name);
        names.headers(&upstream.headers, &format!("{at}/headers"));
        names.timeouts(&upstream.timeouts, &format!("{at}/timeouts"));
    }
    for (name, service) in &file.services {
        names.service(name, service, &join("/services", name));
    }
    names.paths();
}

/// The path of a service.
#[must_use]
pub(super) fn path(name: &str, service: &Service) -> String {
    service.path.clone().unwrap_or_else(|| format!("/{name}"))
}

/// Whether the name of a service can be its path.
#[must_use]
pub(super) fn is_segment(name: &str) -> bool {
    let is_good = |c: char| c.is_ascii_alphanumeric() || "._~-".contains(c) || !(c.is_ascii() || c.is_whitespace() || c.is_control());
    !matches!(name, "" | "." | "..") && name.chars().all(is_good)
}

struct Names<'n> {
    file: &'n File,
    places: &'n Places,
    spoilt: &'n mut Spoilt,
    faults: &'n mut Vec<Diagnostic>,
}

impl Names<'_> {
    /// Tells a fault of a value, unless it is spoilt: then it may be no fault of its own.
    fn value(&mut self, pointer: &str, code: &'static str, message: String) {
        self.values(pointer, code, vec![message]);
    }

    /// Tells several faults of a value, unless it is spoilt.
    fn values(&mut self, pointer: &str, code: &'static str, messages: Vec<String>) {
        if !self.spoilt.at(pointer) {
            let told = messages.into_iter().map(|message| self.places.masked(pointer, message));
            self.faults.extend(told.map(|message| Diagnostic::error(code, self.places.value(pointer), message)));
            self.spoilt.add(pointer);
        }
    }

    /// Tells a fault of a key, whatever is wrong with its value.
    fn key(&mut self, pointer: &str, code: &'static str, message: String) {
        self.faults.push(Diagnostic::error(code, self.places.key(pointer), message));
    }

    /// Tells what is wrong with two keys of a mapping of which one must be there, unless something in it is spoilt that may be one of
    /// them: anything but these others.
    fn one_of(&mut self, pointer: &str, keys: [&str; 2], others: &[&str], message: &str) {
        let may_be_it = self.spoilt.inside(pointer).any(|key| !others.contains(&key));
        if !self.spoilt.at(pointer) && !may_be_it {
            self.faults.push(Diagnostic::error("not-one-of", self.places.key(pointer), message));
            keys.iter().for_each(|key| self.spoilt.add(join(pointer, key)));
        }
    }

    /// Nothing works with limits of nothing, and room for all bodies is room for one.
    fn limits(&mut self) {
        let limits = &self.file.limits;
        for (name, message) in limits.too_little() {
            self.value(&join("/limits", name), "too-little", message);
        }
        if limits.memory < limits.message && !self.spoilt.at("/limits/message") && !self.spoilt.at("/limits/memory") {
            let message = format!("found {} for all bodies, expected at least the {} of one message", limits.memory, limits.message);
            let written = ["/limits/memory", "/limits/message"].into_iter().find(|pointer| self.places.value(pointer).is_some());
            self.value(written.unwrap_or("/limits"), "small-memory", message);
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
                self.value(&pointer, "bad-address", message);
            } else if let Some(other) = known.insert(address, name).filter(|_| !address.ends_with(":0")) {
                let message = format!("found {address} again, expected another than that of listener '{other}'");
                self.value(&pointer, "same-address", message);
            }
        }
    }

    fn namespaces(&mut self) {
        for (prefix, uri) in &self.file.namespaces {
            let pointer = join("/namespaces", prefix);
            if prefix == "xml" || prefix == "xmlns" {
                let message = format!("found the prefix '{prefix}', which XML keeps for itself, expected another one");
                self.key(&pointer, "bad-prefix", message);
            } else if !is_ncname(prefix) {
                let message = format!("found the prefix '{prefix}', expected a name without a colon");
                self.key(&pointer, "bad-prefix", message);
            } else if uri.is_empty() {
                let message = format!("found an empty namespace for '{prefix}', expected its URI");
                self.value(&pointer, "bad-namespace", message);
            }
        }
    }

    fn service(&mut self, name: &str, service: &Service, at: &str) {
        self.path(name, service, at);
        for (index, listener) in service.listeners.iter().flatten().enumerate() {
            let known: Vec<&str> = self.file.listeners.keys().map(String::as_str).collect();
            self.refers(listener, &known, ("listener", "/listeners"), &format!("{at}/listeners/{index}"));
        }
        let wsdl = format!("{at}/wsdl");
        match (&service.wsdl.file, &service.wsdl.url) {
            (Some(_), None) | (None, Some(_)) => {}
            (None, None) => self.one_of(&wsdl, WSDL, &["service", "port"], "found neither 'file' nor 'url', expected one of them"),
            (Some(_), Some(_)) => self.one_of(&wsdl, WSDL, &["service", "port"], "found both 'file' and 'url', expected one of them"),
        }
        if service.wsdl.url.as_ref().is_some_and(|url| has_credentials(url)) {
            self.value(&format!("{wsdl}/url"), "bad-url", String::from("the URL of a WSDL must not hold a user name or password"));
        }
        if let Some(upstream) = &service.upstream {
            self.upstream(upstream, &format!("{at}/upstream"));
        }
        self.operations(service, at);
    }

    /// A path that can be asked for; the name of a service is one where it has no other.
    fn path(&mut self, name: &str, service: &Service, at: &str) {
        let pointer = format!("{at}/path");
        if self.spoilt.at(&pointer) && !self.spoilt.at(at) {
            return;
        }
        let own = service.path.is_some();
        let path = path(name, service);
        let message = if own && path.split('/').any(|segment| matches!(segment, "." | "..")) {
            format!("found the path {path}, expected no segments '.' and '..', which stand for others")
        } else if !own && !is_segment(name) {
            format!("found the name '{name}', which is the path too, expected letters, digits and - . _ ~, or a 'path' of its own")
        } else if path == OWN_PATH {
            format!("found the path {path}, which is that of the gateway's own OpenAPI document, expected another one")
        } else {
            return;
        };
        if own { self.value(&pointer, "bad-path", message) } else { self.key(at, "bad-path", message) }
    }

    fn upstream(&mut self, upstream: &ServiceUpstream, at: &str) {
        match &upstream.r#use {
            Some(name) => {
                let known: Vec<&str> = self.file.upstreams.keys().map(String::as_str).collect();
                self.refers(name, &known, ("upstream", "/upstreams"), &format!("{at}/use"));
            }
            None if upstream.endpoints.is_none() => {
                let others = ["timeouts", "auth", "headers", "tls"];
                self.one_of(at, ["use", "endpoints"], &others, "found neither 'use' nor 'endpoints', expected one of them");
            }
            None => {}
        }
        self.headers(&upstream.headers, &format!("{at}/headers"));
        self.timeouts(&upstream.timeouts, &format!("{at}/timeouts"));
    }

    fn timeouts(&mut self, given: &Timeouts, at: &str) {
        for (name, time) in [("connect", given.connect), ("first_byte", given.first_byte), ("total", given.total)] {
            self.time(time, &join(at, name));
        }
    }

    fn time(&mut self, time: Option<Time>, pointer: &str) {
        if let Some(message) = time.and_then(|time| too_little(&time)) {
            self.value(pointer, "too-little", message);
        }
    }

    fn headers(&mut self, headers: &BTreeMap<String, HeaderValue>, at: &str) {
        for (name, value) in headers {
            let pointer = join(at, name);
            if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
                let message = format!("found '{name}', expected the name of a header");
                self.key(&pointer, "bad-header", message);
            } else if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                let message = format!("found '{name}', which castile writes itself, expected another header");
                self.key(&pointer, "own-header", message);
            } else if http::HeaderValue::from_str(value.reveal()).is_err() {
                let message = format!("found a value of '{name}' that no header can have, expected one line of text");
                self.value(&pointer, "bad-header", message);
            }
        }
    }

    fn operations(&mut self, service: &Service, at: &str) {
        let mut routes: Vec<(&str, Rest)> = Vec::new();
        for (name, operation) in &service.operations {
            let own = join(&format!("{at}/operations"), name);
            self.time(operation.timeout, &format!("{own}/timeout"));
            let Some(text) = &operation.rest else { continue };
            let pointer = format!("{own}/rest");
            let (rest, mut messages) = Rest::read(text);
            if !messages.is_empty() && self.places.is_secret(&pointer) {
                messages = vec![String::from("found the value that is referred to, expected a verb and a path")];
            }
            if messages.is_empty() {
                match routes.iter().find(|(_, other)| other.clashes(&rest)) {
                    Some((other, _)) => {
                        messages.push(format!("found a route that takes the same requests as that of '{other}', expected another one"));
                        self.values(&pointer, "same-route", messages);
                    }
                    None => routes.push((name, rest)),
                }
            } else {
                self.values(&pointer, "bad-route", messages);
            }
        }
    }

    /// A name refers to one of those known; one that is written, and spoilt, counts as known.
    fn refers(&mut self, name: &str, known: &[&str], (kind, among): (&str, &str), pointer: &str) {
        if known.contains(&name) || self.places.value(&join(among, name)).is_some() || self.spoilt.at(among) {
            return;
        }
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean '{near}'?"),
            None if known.is_empty() => format!("there is no {kind} in this file"),
            None => format!("expected one of {}", known.join(", ")),
        };
        self.value(pointer, "unknown-name", format!("unknown {kind} '{name}', {help}"));
    }

    /// No two services on one listener have one path.
    fn paths(&mut self) {
        let sure = |name: &str| {
            let at = join("/services", name);
            !self.spoilt.at(&format!("{at}/path")) && !self.spoilt.within(&format!("{at}/listeners"))
        };
        let all: Vec<_> = self.file.services.iter().filter(|(name, _)| sure(name)).collect();
        for (at, (name, service)) in all.iter().enumerate() {
            let shares = |other: &Service| match (&service.listeners, &other.listeners) {
                (Some(own), Some(others)) => own.iter().any(|one| others.contains(one)),
                (None, _) | (_, None) => true,
            };
            let same = all.iter().take(at).find(|(other, found)| path(name, service) == path(other, found) && shares(found));
            if let Some((other, _)) = same {
                let own = join("/services", name);
                let pointer = format!("{own}/path");
                let message = format!("found the path {}, which service '{other}' has, expected another one", path(name, service));
                if service.path.is_some() { self.value(&pointer, "same-path", message) } else { self.key(&own, "same-path", message) }
            }
        }
    }
}
