//! The operations of a service of a configuration: which are exposed, their verbs and paths, the status of their faults.

use std::collections::BTreeMap;

use crate::config::file;
use crate::config::join;
use crate::config::rest::Rest;
use crate::diagnostic::nearest;
use crate::gateway::configured::Builder;
use crate::gateway::configured::is_named;
use crate::gateway::configured::operations;
use crate::gateway::configured::paths::CONTRACT;
use crate::gateway::configured::unknown;
use crate::gateway::plan::OperationPlan;
use crate::gateway::plan::ServicePlan;
use crate::gateway::resource::RestRoute;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::Status;

/// A service whose operations are placed one after the other.
struct Whole<'w> {
    service: &'w Service,
    planned: &'w mut ServicePlan,
    /// It is known how requests stand in JSON.
    is_sure: bool,
    /// Where its routes stand in the file.
    places: Vec<String>,
}

/// Faults of one kind.
type Faults = (&'static str, Vec<String>);

impl Builder<'_> {
    /// Judges `expose`, without the contract's service as far as that goes. Whether nothing is wrong with it.
    pub(super) fn exposed(&mut self, given: &file::Service, service: Option<&Service>, at: &str) -> bool {
        let Some(names) = &given.expose else { return true };
        let spoilt = self.spoilt.within(&format!("{at}/expose"));
        let is_known = |name: &str| service.is_none_or(|service| operations(service).any(|operation| is_named(operation, name)));
        let mut unsure: Vec<&str> = Vec::new();
        let mut sound = !spoilt;
        for (number, name) in names.iter().enumerate() {
            let Some(service) = service else {
                unsure.push(name);
                continue;
            };
            if !is_known(name) {
                let known: Vec<_> = operations(service).map(|operation| &*operation.route).collect();
                self.bad_value(&format!("{at}/expose/{number}"), "unknown-operation", unknown("operation", name, &known, "the service"));
                unsure.push(name);
                sound = false;
            }
        }
        for name in given.operations.keys().filter(|name| !names.contains(name)) {
            // One of those that are listed may be this one, misspelt.
            if !spoilt && is_known(name) && nearest(name, &unsure).is_none() {
                let message = format!("found the operation '{name}', which 'expose' does not list");
                self.fault(&join(&format!("{at}/operations"), name), "not-exposed", message);
                sound = false;
            }
        }
        sound
    }

    /// What single operations have of their own.
    pub(super) fn operations(&mut self, planned: &mut ServicePlan, service: &Service, given: &file::Service, at: &str) {
        let mut whole = Whole { service, planned, is_sure: !self.spoilt.at(&format!("{at}/json/arrays")), places: Vec::new() };
        for (name, own) in &given.operations {
            self.operation(&mut whole, (name, own), &join(&format!("{at}/operations"), name));
        }
        let Whole { planned, places, .. } = whole;
        // When all is placed it is known which operations are left at their own names.
        for (route, place) in planned.routes.iter().zip(places).filter(|(route, _)| route.method == "POST") {
            let other = planned.rest.keys().find(|other| route.captures(&format!("/{other}")).is_some_and(|values| values.is_empty()));
            if let Some(other) = other {
                let message = format!("found a route that takes the same requests as the operation '{other}', expected another one");
                self.bad_value(&place, "same-route", message);
            }
        }
    }

    fn operation(&mut self, whole: &mut Whole<'_>, (name, own): (&str, &file::Operation), at: &str) {
        let Whole { service, planned, .. } = whole;
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
            let pointer = format!("{at}/rest");
            match self.route(whole, operation, text, &pointer) {
                Ok(Some(route)) => {
                    whole.planned.routes.push(route);
                    whole.places.push(pointer);
                }
                Ok(None) => {}
                Err((code, messages)) => self.tell(&pointer, code, messages),
            }
        }
    }

    /// The verb and path of an operation, in place of `POST` and its name; or all that is wrong with it.
    fn route(&self, whole: &mut Whole<'_>, operation: &Operation, text: &str, at: &str) -> Result<Option<RestRoute>, Faults> {
        let bad = |message: &str| Err(("bad-route", vec![message.to_owned()]));
        let (rest, faults) = Rest::read(text);
        let told = !faults.is_empty();
        if rest.path.is_empty() && !told {
            return bad("found the path /, which is that of SOAP callers, expected a longer one");
        }
        let Some(target) = whole.planned.rest.remove(&*operation.route) else {
            let why = if operation.verdict.status == Status::Refused { "castile check says why" } else { "it is not exposed" };
            return Err(("no-rest-face", vec![format!("the operation '{}' has no REST face: {why}", operation.route)]));
        };
        let Some(message) = operation.input.as_ref().filter(|_| whole.is_sure) else { return Ok(None) };
        let version = target.port().and_then(|port| port.soap);
        let codec = &whole.planned.codec;
        let route = match RestRoute::new(&rest, text, codec, message, target) {
            Err(_) if self.config.places.is_secret(at) => {
                return bad("found the value that is referred to, expected paths into the request in it");
            }
            Err(messages) => return Err(("bad-route", messages)),
            Ok(_) if told => return Ok(None),
            Ok(route) => route,
        };
        if route.captures(CONTRACT).is_some_and(|values| values.is_empty()) {
            return bad("found the path /openapi.json, which is that of the service's own OpenAPI document, expected another one");
        }
        if !rest.has_body()
            && let Some(version) = version
            && let Some(lack) = route.lack(codec, message, version, &self.limits.json)
        {
            return Err(("hopeless-route", vec![format!("no request of this route can succeed: {lack}; {} has no body", rest.method)]));
        }
        Ok(Some(route))
    }
}
