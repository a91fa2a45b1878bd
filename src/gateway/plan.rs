//! All that requests need, compiled once and replaced whole: services, their routes, where they lead, limits and times.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::exchange::call::Target;
use crate::exchange::stage::Endpoint;
use crate::gateway::pages::Pages;
use crate::gateway::settings::Limits;
use crate::gateway::settings::Times;
use crate::gateway::site::Shelf;
use crate::transcode::Codec;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;
use crate::xml::name::QName;

/// What the gateway does with requests.
pub struct Plan {
    /// Services by name, sorted for people.
    pub services: BTreeMap<String, ServicePlan>,
    /// All contracts, for the index page.
    pub codecs: Vec<Arc<Codec>>,
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
    /// Its contract.
    pub codec: Arc<Codec>,
    /// Index in [`Contract::services`].
    pub index: usize,
    /// Operations with a REST face by route name: `Operation`, `Operation.input`, `Port/Operation`.
    pub rest: BTreeMap<String, Target>,
    /// SOAP ports by version, in document order.
    pub soap: Vec<PortPlan>,
    /// Where each port leads, by its index.
    pub endpoints: BTreeMap<usize, Arc<Endpoint>>,
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

/// Why no plan could be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanError {
    /// In words, with what to do.
    pub message: String,
}

/// A plan in the making: contracts are added one after the other.
pub struct Planner {
    plan: Plan,
    upstream: Option<Arc<Endpoint>>,
    /// What was left out, and why, for the operator.
    pub notes: Vec<String>,
}

impl Planner {
    /// Begins with the limits and times that are the defaults. With an `upstream`, every service leads there.
    ///
    /// # Errors
    /// If the upstream is no http(s) URL.
    pub fn new(pages: Pages, upstream: Option<&str>) -> Result<Self, PlanError> {
        let upstream = upstream.map(|url| Endpoint::parse(url).map(Arc::new)).transpose().map_err(|message| PlanError { message })?;
        let plan = Plan {
            services: BTreeMap::new(),
            codecs: Vec::new(),
            pages,
            limits: Limits::default(),
            times: Times::default(),
            trace: false,
            shelf: Shelf::default(),
        };
        Ok(Self { plan, upstream, notes: Vec::new() })
    }

    /// Adds the services of a contract.
    ///
    /// # Errors
    /// If a service has the name of another one.
    pub fn add(&mut self, contract: Arc<Contract>) -> Result<(), PlanError> {
        let codec = Arc::new(Codec::new(Arc::clone(&contract)));
        for (index, service) in contract.services.iter().enumerate() {
            let Some(planned) = self.service(&codec, index, service) else { continue };
            let name = service.name.to_string();
            if self.plan.services.contains_key(&name) {
                if service.synthetic {
                    self.notes.push(format!("the binding or portType '{name}' is not served: a service has its name"));
                    continue;
                }
                return Err(PlanError {
                    message: format!("two services are named '{name}': their paths would be the same, serve them from two processes"),
                });
            }
            self.plan.services.insert(name, planned);
        }
        self.plan.codecs.push(codec);
        Ok(())
    }

    /// The plan.
    ///
    /// # Errors
    /// If there is nothing to serve.
    pub fn finish(self) -> Result<Plan, PlanError> {
        if self.plan.services.is_empty() {
            let why = if self.notes.is_empty() { String::from("no SOAP service found") } else { self.notes.join("; ") };
            return Err(PlanError { message: format!("nothing to serve: {why}") });
        }
        Ok(self.plan)
    }

    fn service(&mut self, codec: &Arc<Codec>, index: usize, service: &Service) -> Option<ServicePlan> {
        let mut planned =
            ServicePlan { codec: Arc::clone(codec), index, rest: BTreeMap::new(), soap: Vec::new(), endpoints: BTreeMap::new() };
        for (port_index, port) in service.ports.iter().enumerate() {
            let Some(version) = port.soap else { continue };
            let endpoint = match self.endpoint(port.address.as_deref()) {
                Ok(endpoint) => endpoint,
                Err(why) => {
                    self.notes.push(format!(
                        "port '{}' of '{}' is not served: {why}; say with --upstream URL where the service is",
                        port.name, service.name
                    ));
                    continue;
                }
            };
            planned.endpoints.insert(port_index, endpoint);
            let mut ways =
                PortPlan { version, index: port_index, by_element: BTreeMap::new(), empty: Vec::new(), by_action: BTreeMap::new() };
            for (at, operation) in port.operations.iter().enumerate() {
                let target = Target { contract: Arc::clone(&codec.contract), service: index, port: port_index, operation: at };
                if operation.verdict.status != Status::Refused {
                    planned.rest.entry(operation.route.to_string()).or_insert_with(|| target.clone());
                }
                ways.add(operation, target);
            }
            planned.soap.push(ways);
        }
        (!planned.soap.is_empty()).then_some(planned)
    }

    fn endpoint(&self, address: Option<&str>) -> Result<Arc<Endpoint>, String> {
        if let Some(upstream) = &self.upstream {
            return Ok(Arc::clone(upstream));
        }
        match address {
            Some(address) => Endpoint::parse(address).map(Arc::new),
            None => Err(String::from("the WSDL names no address")),
        }
    }
}

impl PortPlan {
    fn add(&mut self, operation: &Operation, target: Target) {
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
    /// The service in its contract.
    #[must_use]
    pub fn service(&self) -> Option<&Service> {
        self.codec.contract.services.get(self.index)
    }

    /// Where an operation's port leads.
    #[must_use]
    pub fn endpoint(&self, target: &Target) -> Option<&Arc<Endpoint>> {
        self.endpoints.get(&target.port)
    }
}

impl Plan {
    /// Sets limits and times.
    #[must_use]
    pub fn with(mut self, limits: Limits, times: Times) -> Self {
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

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PlanError {}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("services", &self.services.keys()).finish_non_exhaustive()
    }
}
