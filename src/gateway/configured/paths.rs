//! Paths of services among each other: the longest that fits takes a request, so that one may hide what another one serves.

use crate::config::join;
use crate::gateway::configured::Builder;
use crate::gateway::pages::TRY;
use crate::gateway::plan::ServicePlan;

/// Where the OpenAPI document of a service is, below its path.
pub(super) const CONTRACT: &str = "/openapi.json";

impl Builder<'_> {
    /// Tells every path at which another service has something.
    pub(super) fn hidden(&mut self, services: &[ServicePlan]) {
        for service in services {
            let at = join("/services", &service.name);
            let pointer = format!("{at}/path");
            let mut others = services.iter().filter(|other| self.is_sure(service, other) && share(service, other));
            let Some((other, what)) = others.find_map(|other| Some((other, hidden(&service.path, other)?))) else { continue };
            let message = format!("found the path {}, which hides {what} of service '{}', expected another one", service.path, other.name);
            if self.config.places.value(&pointer).is_some() {
                self.bad_value(&pointer, "same-path", message);
            } else {
                self.fault(&at, "same-path", message);
            }
        }
    }

    /// Whether it is known what the other service has, and who serves the two.
    fn is_sure(&self, service: &ServicePlan, other: &ServicePlan) -> bool {
        let other = join("/services", &other.name);
        let listeners = [&other, &join("/services", &service.name)].into_iter().any(|at| self.spoilt.within(&format!("{at}/listeners")));
        !listeners && !self.spoilt.within(&format!("{other}/expose"))
    }
}

/// Whether a listener serves both.
fn share(one: &ServicePlan, other: &ServicePlan) -> bool {
    match (&one.listeners, &other.listeners) {
        (Some(own), Some(others)) => own.iter().any(|number| others.contains(number)),
        (None, _) | (_, None) => true,
    }
}

/// What of a service cannot be reached with another one at this path.
fn hidden(path: &str, of: &ServicePlan) -> Option<String> {
    let below = path.strip_prefix(&*of.path).filter(|below| below.starts_with('/'))?;
    if below == CONTRACT {
        return Some(String::from("the OpenAPI document"));
    }
    if below == TRY {
        return Some(String::from("the page that calls the operations"));
    }
    let name = &below[1..];
    let is_below = |operation: &&String| operation.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some(operation) = of.rest.keys().find(is_below) {
        return Some(format!("the operation '{operation}'"));
    }
    of.routes.iter().find(|route| route.is_below(below)).map(|route| format!("the route '{}'", route.shown))
}
