//! The web pages that the gateway hands out, as functions given from above.
//!
//! What is on the pages is `console`'s matter, a layer above this one; the command line puts the two together.
//! The gateway knows only when a page is asked for and which headers go with it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::exchange::call::Target;
use crate::gateway::plan::ServicePlan;
use crate::gateway::resource::RestRoute;
use crate::transcode::Codec;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;

/// The makers of the pages. `base` is scheme and host as the caller sees them, without a final slash.
#[derive(Clone, Copy, Debug)]
pub struct Pages {
    /// `/`: the services of all contracts.
    pub index: fn(base: &str, services: &[Shown<'_>]) -> String,
    /// `/{Service}`: one service with its operations.
    pub service: fn(base: &str, service: &Shown<'_>) -> String,
    /// `/{Service}/try`: a page that calls its operations.
    pub try_it: fn(service: &Shown<'_>) -> String,
    /// What that page loads, below its path.
    pub assets: &'static [Asset],
}

/// A file that a page loads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asset {
    /// Its name below the page.
    pub name: &'static str,
    /// Its media type.
    pub media: &'static str,
    /// Its bytes are packed by gzip.
    pub packed: bool,
    /// Its bytes.
    pub bytes: &'static [u8],
}

/// A service as it is shown.
#[derive(Clone, Debug)]
pub struct Shown<'p> {
    /// Its name.
    pub name: &'p str,
    /// Its path: `/Orders`.
    pub path: &'p str,
    /// Its codec.
    pub codec: &'p Codec,
    /// The service in its contract.
    pub service: &'p Service,
    /// Which ports of it are served, by their numbers.
    pub ports: Vec<usize>,
    /// How REST callers reach its operations, those that have no REST face left out.
    pub ways: Vec<Way<'p>>,
}

/// How REST callers reach an operation.
#[derive(Clone, Debug)]
pub struct Way<'p> {
    /// The operation.
    pub target: &'p Target,
    /// The verb.
    pub method: &'p str,
    /// The path below that of the service, with `{…}` for values of the request.
    pub path: String,
    /// Verb and path are of the operator's choice.
    pub chosen: Option<&'p RestRoute>,
}

/// An operation as it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'s> {
    /// The operation.
    pub operation: &'s Operation,
    /// The SOAP version of its port.
    pub version: SoapVersion,
    /// How REST callers reach it; none for one that is refused.
    pub way: Option<&'s Way<'s>>,
}

impl<'p> Shown<'p> {
    /// A service of a plan; none if its contract lacks it.
    #[must_use]
    pub fn of(service: &'p ServicePlan) -> Option<Self> {
        let named = service.rest.iter().map(|(name, target)| Way { target, method: "POST", path: format!("/{name}"), chosen: None });
        let chosen = service.routes.iter().map(|route| Way {
            target: &route.target,
            method: route.method.as_str(),
            path: route.path().to_owned(),
            chosen: Some(route),
        });
        Some(Self {
            name: &service.name,
            path: &service.path,
            codec: &service.codec,
            service: service.service()?,
            ports: service.soap.iter().map(|port| port.index).collect(),
            ways: named.chain(chosen).collect(),
        })
    }

    /// The operations of all its ports in document order, those that are not exposed left out. What several ports have is there
    /// once, as REST callers reach it.
    #[must_use]
    pub fn operations(&self) -> Vec<Listed<'_>> {
        let mut listed: Vec<Listed<'_>> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for number in &self.ports {
            let Some((port, version)) = self.service.ports.get(*number).and_then(|port| Some((port, port.soap?))) else { continue };
            for (at, operation) in port.operations.iter().enumerate() {
                let way = self.ways.iter().find(|way| way.target.port == *number && way.target.operation == at);
                if way.is_none() && operation.verdict.status != Status::Refused {
                    continue;
                }
                let next = Listed { operation, version, way };
                match known.entry(&operation.route) {
                    Entry::Vacant(free) => {
                        free.insert(listed.len());
                        listed.push(next);
                    }
                    Entry::Occupied(place) => {
                        if let Some(first) = listed.get_mut(*place.get())
                            && first.way.is_none()
                        {
                            *first = next;
                        }
                    }
                }
            }
        }
        listed
    }

    /// Whether its try-it page can be reached: an operation of that path comes first.
    #[must_use]
    pub fn can_be_tried(&self) -> bool {
        self.ways.iter().all(|way| way.path != TRY)
    }
}

/// The path of the try-it page below that of its service.
pub(crate) const TRY: &str = "/try";

/// Headers of the pages for reading: no script, no foreign resource, no frame.
pub const PAGE_HEADERS: [(&str, &str); 4] = [
    ("content-type", "text/html; charset=utf-8"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
];

/// Headers of the try-it page: what it loads and calls is on this host.
pub const TRY_HEADERS: [(&str, &str); 4] = [
    ("content-type", "text/html; charset=utf-8"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
];
