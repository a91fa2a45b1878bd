//! Where a request goes: the console's pages, a service's SOAP route, or one of its operations.
//!
//! Paths and methods are told apart here; which operation a SOAP message is for, only its body can say (see [`soap`]).

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
use crate::gateway::fetch::unescaped;
use crate::gateway::plan::Plan;
use crate::gateway::plan::ServicePlan;
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
    Service(&'p str, &'p ServicePlan),
    Operation(&'p Target),
}

const SERVICE_METHODS: &str = "GET, HEAD, OPTIONS, POST";
const OPERATION_METHODS: &str = "OPTIONS, POST";
const PAGE_METHODS: &str = "GET, HEAD, OPTIONS";

/// Decides what the request is for. `caller` is corrected as soon as the message says which SOAP version it is.
pub(crate) fn route(plan: &Plan, received: Box<Received>, caller: &mut Caller) -> Result<Routing, Failure> {
    if received.path.path() == "*" && received.method == Method::OPTIONS {
        return Ok(Routing::Own(Ask::Options(SERVICE_METHODS)));
    }
    let place = place(plan, received.path.path())?;
    let allow = match place {
        Place::Index => PAGE_METHODS,
        Place::Service(..) => SERVICE_METHODS,
        Place::Operation(..) => OPERATION_METHODS,
    };
    match (place, &received.method) {
        (_, &Method::OPTIONS) => Ok(Routing::Own(Ask::Options(allow))),
        (Place::Index, &Method::GET | &Method::HEAD) => Ok(Routing::Own(Ask::Make(Thing::Index, received.facts.origin.to_string()))),
        (Place::Service(name, _), &Method::GET | &Method::HEAD) => {
            site::ask(name, received.path.query().unwrap_or_default(), received.facts.origin.to_string()).map(Routing::Own)
        }
        (Place::Service(_, service), &Method::POST) => soap::route(plan, service, received, caller).map(Routing::Call),
        (Place::Operation(target), &Method::POST) => Ok(Routing::Call(operation(target, received))),
        (_, method) => {
            let detail = format!("{method} is not possible here; allowed: {allow}");
            Err(Failure::new(Kind::Method { allow }, detail))
        }
    }
}

/// In which form a caller expects answers, as far as path and headers tell.
pub(crate) fn first_guess(plan: &Plan, method: &Method, path: &str, media: &Media) -> Caller {
    if method != Method::POST {
        return Caller::Rest;
    }
    match place(plan, path) {
        Ok(Place::Service(_, service)) => {
            media.soap_version().or_else(|| service.soap.first().map(|port| port.version)).map_or(Caller::Rest, Caller::Soap)
        }
        Ok(Place::Operation(..) | Place::Index) => Caller::Rest,
        Err(_) => match media.kind() {
            media::Kind::Soap(version) => Caller::Soap(version),
            media::Kind::Missing | media::Kind::Xml | media::Kind::Multipart | media::Kind::Json | media::Kind::Other => Caller::Rest,
        },
    }
}

/// What a path leads to; a service's path may end in a slash.
pub(crate) fn place<'p>(plan: &'p Plan, path: &str) -> Result<Place<'p>, Failure> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    if first.is_empty() && rest.is_empty() {
        return Ok(Place::Index);
    }
    let Some((name, service)) = plan.services.get_key_value(&*unescaped(first)) else {
        let services: Vec<&str> = plan.services.keys().map(String::as_str).collect();
        return Err(Failure::new(Kind::NotFound, format!("no such service; available services: {}", list(&services))));
    };
    if rest.is_empty() {
        return Ok(Place::Service(name, service));
    }
    match service.rest.get(&*unescaped(rest)) {
        Some(target) => Ok(Place::Operation(target)),
        None => {
            let operations: Vec<&str> = service.rest.keys().map(String::as_str).collect();
            Err(Failure::new(Kind::NotFound, format!("no such operation of {name}; available operations: {}", list(&operations))))
        }
    }
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

fn operation(target: &Target, received: Box<Received>) -> Routed {
    let Received { headers, facts, body, .. } = *received;
    Routed { headers, call: Box::new(Call { facts, caller: Caller::Rest, target: target.clone(), body }) }
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
