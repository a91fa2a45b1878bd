//! The web pages that the gateway hands out, as functions given from above.
//!
//! What is on the pages is `console`'s matter, a layer above this one; the command line puts the two together.
//! The gateway knows only when a page is asked for and which headers go with it.

use crate::exchange::call::Target;
use crate::gateway::plan::ServicePlan;
use crate::transcode::Codec;
use crate::wsdl::contract::Service;

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
    /// How REST callers reach its operations, those that have no REST face left out: their targets, the verb and the path
    /// below the service's (with `{…}` for values of the request).
    pub routes: Vec<(&'p Target, &'p str, String)>,
}

impl<'p> Shown<'p> {
    /// A service of a plan; none if its contract lacks it.
    #[must_use]
    pub fn of(service: &'p ServicePlan) -> Option<Self> {
        let named = service.rest.iter().map(|(name, target)| (target, "POST", format!("/{name}")));
        let chosen = service.routes.iter().map(|route| (&route.target, route.method.as_str(), route.path().to_owned()));
        let routes = named.chain(chosen).collect();
        Some(Self { name: &service.name, path: &service.path, codec: &service.codec, service: service.service()?, routes })
    }

    /// The verb and path of an operation.
    #[must_use]
    pub fn route(&self, port: usize, operation: usize) -> Option<(&str, &str)> {
        let found = self.routes.iter().find(|(target, _, _)| target.port == port && target.operation == operation);
        found.map(|(_, method, path)| (*method, path.as_str()))
    }

    /// Whether its try-it page can be reached: an operation of that path comes first.
    #[must_use]
    pub fn can_be_tried(&self) -> bool {
        self.routes.iter().all(|(_, _, path)| path != TRY)
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
