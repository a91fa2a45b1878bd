//! The gateway over real sockets: framing, routes, guards, bad backends, stopping.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "gateway/attachments.rs"]
mod attachments;
#[path = "gateway/bad_backends.rs"]
mod bad_backends;
#[path = "gateway/http.rs"]
mod http;
#[path = "gateway/limits.rs"]
mod limits;
#[path = "gateway/rest.rs"]
mod rest;
#[path = "gateway/soap.rs"]
mod soap;
#[path = "gateway/tls.rs"]
mod tls;
mod wire;

use wire::Act;
use wire::Backend;
use wire::Gateway;
use wire::envelope;

const CITIES: &str = "wsdl/cities.wsdl";
const LEDGER: &str = "wsdl/ledger.wsdl";
const GET_CITY: &str = "<c:GetCity xmlns:c=\"https://castile.example/cities\"><c:name>Soria</c:name></c:GetCity>";
const CITY: &str = "<c:GetCityResponse xmlns:c=\"https://castile.example/cities\"><c:city><c:name>Soria</c:name><c:region>Castilla y León</c:region><c:population>39821</c:population><c:river>Duero</c:river><c:place latitude=\"41.7640\" longitude=\"-2.4688\"/></c:city></c:GetCityResponse>";

/// The cities service behind a gateway, in front of a backend that always has the same city.
fn cities() -> (Backend, Gateway) {
    with(|_| Act::xml(envelope(CITY)))
}

fn with(act: impl Fn(&wire::Message) -> Act + Send + Sync + 'static) -> (Backend, Gateway) {
    let backend = Backend::start(act);
    let gateway = Gateway::start(&[CITIES, LEDGER], &backend.url());
    (backend, gateway)
}
