//! Where a request goes: the console's pages, a service's SOAP route, or one of its operations.
//!
//! Paths and methods are told apart here; which operation a SOAP message is for, only its body can say (see [`soap`]).

use std::borrow::Cow;

use http::Method;

use crate::exchange::call::Call;
use crate::exchange::call::Caller;
use crate::exchange::call::Target;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::media;
use crate::exchange::media::Media;
use crate::exchange::stage::Received;
use crate::exchange::stage::Routed;
use crate::exchange::stage::Values;
use crate::gateway::coding;
use crate::gateway::fetch::unescaped;
use crate::gateway::pages::Asset;
use crate::gateway::pages::TRY;
use crate::gateway::plan::Plan;
use crate::gateway::plan::ServicePlan;
use crate::gateway::resource::RestRoute;
use crate::gateway::site;
use crate::gateway::site::Ask;
use crate::gateway::site::Thing;
use crate::gateway::soap;

/// What a request turned out to be.
pub(crate) enum Routing {
    /// Answered by the gateway itself: a page, a published document, OPTIONS.
    Own(Ask),
    /// A call of an operation.
    Call(Routed),
}

/// What a path leads to.
pub(crate) enum Place<'p> {
    Index,
    Service(&'p ServicePlan),
    /// The OpenAPI document, of one service or all.
    Contract(Option<&'p ServicePlan>),
    /// The page that calls the operations of a service.
    Try(&'p ServicePlan),
    /// A file that this page loads.
    Asset(Asset),
    /// An operation by its name, and the routes that the path fits, with the values in it.
    Operation(&'p ServicePlan, Option<&'p Target>, Vec<(usize, &'p RestRoute, Vec<String>)>),
}

const SERVICE_METHODS: &str = "GET, HEAD, OPTIONS, POST";
const OPERATION_METHODS: &str = "OPTIONS, POST";
/// Where the OpenAPI documents are, below the root and below each service.
const CONTRACT: &str = "/openapi.json";
const PAGE_METHODS: &str = "GET, HEAD, OPTIONS";

/// Decides what the request is for. `caller` is corrected as soon as the message says which SOAP version it is.
pub(crate) fn route(plan: &Plan, listener: usize, received: Box<Received>, caller: &mut Caller) -> Result<Routing, Failure> {
    if received.path.path() == "*" && received.method == Method::OPTIONS {
        return Ok(Routing::Own(Ask::Options(SERVICE_METHODS.into())));
    }
    let place = place(plan, listener, received.path.path())?;
    let origin = || received.facts.origin.to_string();
    match (place, &received.method) {
        (place, &Method::OPTIONS) => Ok(Routing::Own(Ask::Options(place.methods()))),
        (Place::Index, &Method::GET | &Method::HEAD) => Ok(Routing::Own(Ask::Make(Thing::Index(listener), origin()))),
        (Place::Service(service), &Method::GET | &Method::HEAD) => {
            site::ask(service.number, listener, received.path.query().unwrap_or_default(), origin()).map(Routing::Own)
        }
        (Place::Contract(service), &Method::GET | &Method::HEAD) => {
            Ok(Routing::Own(Ask::Make(Thing::Contract(listener, service.map(|service| service.number)), origin())))
        }
        (Place::Try(service), &Method::GET | &Method::HEAD) => Ok(Routing::Own(Ask::Make(Thing::Try(service.number), origin()))),
        (Place::Asset(asset), &Method::GET | &Method::HEAD) => Ok(Routing::Own(Ask::Asset(asset, coding::accepts_gzip(&received.headers)))),
        (Place::Service(service), &Method::POST) => soap::route(plan, service, received, caller).map(Routing::Call),
        (Place::Operation(_, Some(target), _), &Method::POST) => Ok(Routing::Call(call(target, received, None))),
        (Place::Operation(service, named, routes), method) => {
            let method = if *method == Method::HEAD { &Method::GET } else { method };
            let Some(at) = routes.iter().position(|(_, route, _)| route.method == *method) else {
                return Err(no_method(&received.method, Place::Operation(service, named, routes).methods()));
            };
            let (number, route, captures) = routes.into_iter().nth(at).ok_or_else(|| no_method(&received.method, Cow::Borrowed("")))?;
            let values = route.values(number, captures, received.path.query().unwrap_or_default())?;
            Ok(Routing::Call(call(&route.target, received, Some(values))))
        }
        (place @ (Place::Index | Place::Service(_) | Place::Contract(_) | Place::Try(_) | Place::Asset(_)), method) => {
            Err(no_method(method, place.methods()))
        }
    }
}

impl Place<'_> {
    fn methods(&self) -> Cow<'static, str> {
        match self {
            Place::Index | Place::Contract(_) | Place::Try(_) | Place::Asset(_) => PAGE_METHODS.into(),
            Place::Service(_) => SERVICE_METHODS.into(),
            Place::Operation(_, Some(_), routes) if routes.is_empty() => OPERATION_METHODS.into(),
            Place::Operation(_, named, routes) => {
                let mut methods: Vec<&str> = routes.iter().map(|(_, route, _)| route.method.as_str()).collect();
                if methods.contains(&"GET") {
                    methods.push("HEAD");
                }
                methods.extend(named.map(|_| "POST"));
                methods.push("OPTIONS");
                methods.sort_unstable();
                methods.dedup();
                methods.join(", ").into()
            }
        }
    }
}

fn no_method(method: &Method, allow: Cow<'static, str>) -> Failure {
    let detail = format!("{method} is not possible here; allowed: {allow}");
    Failure::new(Kind::Method { allow }, detail)
}

/// In which form a caller expects answers, as far as path and headers tell.
pub(crate) fn first_guess(plan: &Plan, listener: usize, method: &Method, path: &str, media: &Media) -> Caller {
    if method != Method::POST {
        return Caller::Rest;
    }
    match place(plan, listener, path) {
        Ok(Place::Service(service)) => {
            media.soap_version().or_else(|| service.soap.first().map(|port| port.version)).map_or(Caller::Rest, Caller::Soap)
        }
        Ok(Place::Operation(..) | Place::Index | Place::Contract(_) | Place::Try(_) | Place::Asset(_)) => Caller::Rest,
        Err(_) => match media.kind() {
            media::Kind::Soap(version) => Caller::Soap(version),
            media::Kind::Missing | media::Kind::Xml | media::Kind::Multipart | media::Kind::Json | media::Kind::Other => Caller::Rest,
        },
    }
}

/// What a path leads to; a service's path may end in a slash.
pub(crate) fn place<'p>(plan: &'p Plan, listener: usize, path: &str) -> Result<Place<'p>, Failure> {
    if matches!(path, "/" | "") {
        return Ok(Place::Index);
    }
    let Some((service, rest)) = plan.find(listener, path) else {
        if path == CONTRACT {
            return Ok(Place::Contract(None));
        }
        let services: Vec<&str> = plan.services(listener).map(|service| service.path.trim_start_matches('/')).collect();
        return Err(Failure::new(Kind::NotFound, format!("no such service; available services: {}", list(&services))));
    };
    if matches!(rest, "/" | "") {
        return Ok(Place::Service(service));
    }
    if rest == CONTRACT {
        return Ok(Place::Contract(Some(service)));
    }
    let named = service.rest.get(&*unescaped(rest.strip_prefix('/').unwrap_or(rest)));
    let routes: Vec<_> =
        service.routes.iter().enumerate().filter_map(|(number, route)| Some((number, route, route.captures(rest)?))).collect();
    // A path of fixed segments comes before one with values.
    if named.is_none()
        && routes.iter().all(|(_, _, values)| !values.is_empty())
        && let Some(place) = below_try(plan, service, rest)
    {
        return Ok(place);
    }
    if named.is_none() && routes.is_empty() {
        let shown = service.routes.iter().map(|route| route.shown.as_str());
        let operations: Vec<&str> = service.rest.keys().map(String::as_str).chain(shown).collect();
        return Err(Failure::new(
            Kind::NotFound,
            format!("no such operation of {}; available operations: {}", service.name, list(&operations)),
        ));
    }
    Ok(Place::Operation(service, named, routes))
}

/// The try-it page of a service, and what it loads.
fn below_try<'p>(plan: &'p Plan, service: &'p ServicePlan, rest: &str) -> Option<Place<'p>> {
    let below = rest.strip_prefix(TRY)?;
    if below.is_empty() {
        return Some(Place::Try(service));
    }
    let name = below.strip_prefix('/')?;
    plan.pages.assets.iter().find(|asset| asset.name == name).copied().map(Place::Asset)
}

/// A list for people; a long one is cut.
fn list(names: &[&str]) -> String {
    const MOST: usize = 50;
    let shown = names.get(..names.len().min(MOST)).unwrap_or_default().join(", ");
    match names.len().checked_sub(MOST) {
        Some(more @ 1..) => format!("[{shown}, and {more} more]"),
        Some(0) | None => format!("[{shown}]"),
    }
}

fn call(target: &Target, received: Box<Received>, values: Option<Values>) -> Routed {
    let Received { headers, facts, body, .. } = *received;
    Routed { headers, call: Box::new(Call { facts, caller: Caller::Rest, target: target.clone(), body }), values }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..60).map(|n| format!("Op{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(list(&names).ends_with("Op49, and 10 more]"));
        assert_eq!(list(&["A", "B"]), "[A, B]");
    }
}
