//! All that requests need, compiled once and replaced whole: services, their routes, where they lead, limits and times.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderName;
use http::HeaderValue;
use rustls::ClientConfig;

use crate::config::file::Mode;
use crate::exchange::call::Target;
use crate::exchange::stage::Endpoint;
use crate::gateway::fetch::unescaped;
use crate::gateway::pages::Pages;
use crate::gateway::resource::RestRoute;
use crate::gateway::settings::Limits;
use crate::gateway::settings::Times;
use crate::gateway::site::Shelf;
use crate::transcode::Codec;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;
use crate::xml::name::QName;

/// What the gateway does with requests.
pub struct Plan {
    /// The services, in the order of their names.
    services: Vec<ServicePlan>,
    /// Services by their path.
    paths: BTreeMap<Arc<str>, Vec<usize>>,
    /// Segments of the longest path.
    depth: usize,
    /// The makers of the pages.
    pub pages: Pages,
    /// How much is accepted.
    pub limits: Limits,
    /// How long things may take.
    pub times: Times,
    /// Print the messages of each call on stderr.
    pub trace: bool,
    pub(crate) shelf: Shelf,
}

/// A service as it is reached.
pub struct ServicePlan {
    /// Its number in the plan.
    pub number: usize,
    /// Its name.
    pub name: Arc<str>,
    /// Its path: `/Orders`.
    pub path: Arc<str>,
    /// The numbers of the listeners that serve it; none for all.
    pub listeners: Option<Vec<usize>>,
    /// Its contract.
    pub codec: Arc<Codec>,
    /// Index in [`Contract::services`].
    pub index: usize,
    /// Operations with a REST face by route name: `Operation`, `Operation.input`, `Port/Operation`.
    pub rest: BTreeMap<String, Target>,
    /// Operations at verbs and paths of the operator's choice, the more fixed paths first.
    pub routes: Vec<RestRoute>,
    /// SOAP ports by version, in document order.
    pub soap: Vec<PortPlan>,
    /// Where each port leads, by its index.
    pub upstreams: BTreeMap<usize, Arc<Upstream>>,
    /// What single operations have of their own, by port and operation.
    pub operations: BTreeMap<(usize, usize), OperationPlan>,
    /// How messages are judged.
    pub modes: Modes,
}

/// How the messages of a service are judged by its schema. REST requests are always enforced: what is not the contract's cannot be
/// written as its XML.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Modes {
    /// Requests of SOAP callers.
    pub soap_request: Mode,
    /// Replies to SOAP callers.
    pub soap_reply: Mode,
    /// Replies to REST callers.
    pub rest_reply: Mode,
    /// Errors show the values of the message that they are about.
    pub values: bool,
}

impl Default for Modes {
    fn default() -> Self {
        Self { soap_request: Mode::Off, soap_reply: Mode::Off, rest_reply: Mode::Report, values: false }
    }
}

/// A SOAP server and how it is called.
#[derive(Clone)]
pub struct Upstream {
    /// Its address.
    pub endpoint: Arc<Endpoint>,
    /// Connecting to it, TLS included.
    pub connect: Duration,
    /// From the sent request to the first byte of the reply.
    pub first_byte: Duration,
    /// From the request to the reply's last byte.
    pub total: Duration,
    /// Headers that every request gets, credentials among them.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Whom to trust, where that is not the gateway's own choice.
    pub tls: Option<Arc<ClientConfig>>,
}

/// What a single operation has of its own.
#[derive(Clone, Default, Debug)]
pub struct OperationPlan {
    /// From the request to the reply's last byte.
    pub total: Option<Duration>,
    /// Status of its declared faults, by the key of their detail.
    pub faults: BTreeMap<String, u16>,
}

/// A SOAP port as messages find their operation in it.
pub struct PortPlan {
    /// Its version.
    pub version: SoapVersion,
    /// Its index in [`Service::ports`].
    pub index: usize,
    /// Operations by the name of the body's first element; several only where they share one.
    pub by_element: BTreeMap<QName, Vec<Target>>,
    /// Operations whose request has an empty body.
    pub empty: Vec<Target>,
    /// Operations by the actions that name them: those of the binding and of WS-Addressing.
    pub by_action: BTreeMap<Arc<str>, Vec<Target>>,
}

impl PortPlan {
    pub(crate) fn add(&mut self, operation: &Operation, target: Target) {
        for action in [&operation.action, &operation.addressing_action] {
            if !action.is_empty() {
                self.by_action.entry(Arc::clone(action)).or_default().push(target.clone());
            }
        }
        if let (Some(name), Some(Body::Wrapper { namespace_declared: false, .. })) =
            (&operation.request_element, operation.input.as_ref().map(|input| &input.body))
        {
            // A soap:body without namespace: callers write that of the WSDL, or none.
            self.by_element.entry(QName::new("", name.local.as_str())).or_default().push(target.clone());
        }
        match (&operation.request_element, &operation.input) {
            (Some(name), _) => self.by_element.entry(name.clone()).or_default().push(target),
            (None, Some(message)) if matches!(message.body, Body::Empty) => self.empty.push(target),
            // A body by type: any element may come first, so the action alone tells the operation.
            (None, Some(_) | None) => {}
        }
    }
}

impl ServicePlan {
    /// Every target of it names it by this number.
    fn number(&mut self, number: usize) {
        self.number = number;
        let ways = self.soap.iter_mut().flat_map(|port| {
            let named = port.by_element.values_mut().chain(port.by_action.values_mut()).flatten();
            named.chain(&mut port.empty)
        });
        for target in self.rest.values_mut().chain(self.routes.iter_mut().map(|route| &mut route.target)).chain(ways) {
            target.place = number;
        }
    }

    /// The service in its contract.
    #[must_use]
    pub fn service(&self) -> Option<&Service> {
        self.codec.contract.services.get(self.index)
    }

    /// Its name in the contract.
    #[must_use]
    pub fn contract_name(&self) -> &str {
        self.service().map_or("", |service| &service.name)
    }

    /// Where an operation's port leads.
    #[must_use]
    pub fn upstream(&self, target: &Target) -> Option<&Arc<Upstream>> {
        self.upstreams.get(&target.port)
    }

    /// What the operation has of its own.
    #[must_use]
    pub fn own(&self, target: &Target) -> Option<&OperationPlan> {
        // Nearly always there is nothing.
        if self.operations.is_empty() { None } else { self.operations.get(&(target.port, target.operation)) }
    }

    fn listens_on(&self, listener: usize) -> bool {
        self.listeners.as_ref().is_none_or(|own| own.contains(&listener))
    }
}

impl Upstream {
    /// A server that is called as the times say, and without more.
    #[must_use]
    pub fn plain(endpoint: Arc<Endpoint>, times: &Times) -> Self {
        let Times { connect, first_byte, total, .. } = *times;
        Self { endpoint, connect, first_byte, total, headers: Vec::new(), tls: None }
    }
}

impl Plan {
    /// A plan for services; each is found at its path.
    #[must_use]
    pub(crate) fn new(pages: Pages, mut services: Vec<ServicePlan>, limits: Limits, times: Times) -> Self {
        services.sort_by(|one, other| one.name.cmp(&other.name));
        let mut paths: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        let mut depth = 0;
        for (number, service) in services.iter_mut().enumerate() {
            service.number(number);
            depth = depth.max(service.path.matches('/').count());
            paths.entry(Arc::clone(&service.path)).or_default().push(number);
        }
        Self { services, paths, depth, pages, limits, times, trace: false, shelf: Shelf::default() }
    }

    /// The services that a listener serves, in the order of their names.
    pub fn services(&self, listener: usize) -> impl Iterator<Item = &ServicePlan> {
        self.services.iter().filter(move |service| service.listens_on(listener))
    }

    /// All services, in the order of their names.
    #[must_use]
    pub fn all(&self) -> &[ServicePlan] {
        &self.services
    }

    /// A service by its number, as [`Target::place`] has it.
    #[must_use]
    pub fn service(&self, number: usize) -> Option<&ServicePlan> {
        self.services.get(number)
    }

    /// The service that a path leads to, the longest path first, and what of the path is behind it: empty or with a slash at its beginning.
    pub(crate) fn find<'p, 'r>(&'p self, listener: usize, path: &'r str) -> Option<(&'p ServicePlan, &'r str)> {
        let ends = path.match_indices('/').map(|(at, _)| at).skip(1).take(self.depth);
        let mut found = None;
        for end in ends.chain([path.len()]) {
            let (head, rest) = path.split_at_checked(end)?;
            let numbers = self.paths.get(&*unescaped(head));
            let service =
                numbers.into_iter().flatten().filter_map(|number| self.services.get(*number)).find(|service| service.listens_on(listener));
            found = service.map(|service| (service, rest)).or(found);
        }
        found
    }

    /// Sets limits and times.
    #[must_use]
    pub fn with(mut self, limits: Limits, times: Times) -> Self {
        for upstream in self.services.iter_mut().flat_map(|service| service.upstreams.values_mut()) {
            *upstream = Arc::new(Upstream::plain(Arc::clone(&upstream.endpoint), &times));
        }
        self.limits = limits;
        self.times = times;
        self
    }

    /// Prints the messages of each call on stderr.
    #[must_use]
    pub fn traced(mut self, trace: bool) -> Self {
        self.trace = trace;
        self
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.services.iter().map(|service| &service.name).collect();
        f.debug_struct("Plan").field("services", &names).finish_non_exhaustive()
    }
}
