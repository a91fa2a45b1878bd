//! A plan from WSDLs alone, with all the defaults: each service at a path of its own name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::exchange::call::Target;
use crate::exchange::stage::Endpoint;
use crate::gateway::pages::Pages;
use crate::gateway::plan::Modes;
use crate::gateway::plan::Plan;
use crate::gateway::plan::PortPlan;
use crate::gateway::plan::ServicePlan;
use crate::gateway::plan::Upstream;
use crate::gateway::settings::Limits;
use crate::gateway::settings::Times;
use crate::transcode::Codec;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::Status;

/// Why no plan could be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanError {
    /// In words, with what to do.
    pub message: String,
}

/// A plan in the making: contracts are added one after the other.
pub struct Planner {
    pages: Pages,
    services: Vec<ServicePlan>,
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
        Ok(Self { pages, services: Vec::new(), upstream, notes: Vec::new() })
    }

    /// Adds the services of a contract.
    ///
    /// # Errors
    /// If a service has the name of another one.
    pub fn add(&mut self, contract: Arc<Contract>) -> Result<(), PlanError> {
        let codec = Arc::new(Codec::new(Arc::clone(&contract)));
        for (index, service) in contract.services.iter().enumerate() {
            let path: Arc<str> = format!("/{}", service.name).into();
            let planned = self.service(ServicePlan::empty(Arc::clone(&service.name), path, &codec, index), service);
            if planned.soap.is_empty() {
                continue;
            }
            if self.services.iter().any(|other| other.name == planned.name) {
                if service.synthetic {
                    self.notes.push(format!("the binding or portType '{}' is not served: a service has its name", service.name));
                    continue;
                }
                return Err(PlanError {
                    message: format!(
                        "two services are named '{}': their paths would be the same, name them in a castile.yaml or serve them from two processes",
                        service.name
                    ),
                });
            }
            self.services.push(planned);
        }
        Ok(())
    }

    /// The plan.
    ///
    /// # Errors
    /// If there is nothing to serve.
    pub fn finish(self) -> Result<Plan, PlanError> {
        if self.services.is_empty() {
            let why = if self.notes.is_empty() { String::from("no SOAP service found") } else { self.notes.join("; ") };
            return Err(PlanError { message: format!("nothing to serve: {why}") });
        }
        Ok(Plan::new(self.pages, self.services, Limits::default(), Times::default()))
    }

    fn service(&mut self, mut planned: ServicePlan, service: &Service) -> ServicePlan {
        for (number, port) in service.ports.iter().enumerate() {
            if port.soap.is_none() {
                continue;
            }
            match self.endpoint(port.address.as_deref()) {
                Ok(endpoint) => planned.add_port(number, port, Arc::new(Upstream::plain(endpoint, &Times::default())), |_| true),
                Err(why) => self.notes.push(format!(
                    "port '{}' of '{}' is not served: {why}; say with --upstream URL where the service is",
                    port.name, service.name
                )),
            }
        }
        planned
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

impl ServicePlan {
    /// A service without ports.
    pub(crate) fn empty(name: Arc<str>, path: Arc<str>, codec: &Arc<Codec>, index: usize) -> Self {
        Self {
            number: 0,
            name,
            path,
            listeners: None,
            codec: Arc::clone(codec),
            index,
            rest: BTreeMap::new(),
            routes: Vec::new(),
            soap: Vec::new(),
            upstreams: BTreeMap::new(),
            operations: BTreeMap::new(),
            modes: Modes::default(),
        }
    }

    /// Adds a SOAP port with the operations that are exposed; the first port that has an operation gets its REST calls.
    pub(crate) fn add_port(&mut self, number: usize, port: &Port, upstream: Arc<Upstream>, is_exposed: impl Fn(&Operation) -> bool) {
        let Some(version) = port.soap else { return };
        self.upstreams.insert(number, upstream);
        let mut ways = PortPlan { version, index: number, by_element: BTreeMap::new(), empty: Vec::new(), by_action: BTreeMap::new() };
        for (at, operation) in port.operations.iter().enumerate().filter(|(_, operation)| is_exposed(operation)) {
            let target = Target { contract: Arc::clone(&self.codec.contract), place: 0, service: self.index, port: number, operation: at };
            if operation.verdict.status != Status::Refused {
                self.rest.entry(operation.route.to_string()).or_insert_with(|| target.clone());
            }
            ways.add(operation, target);
        }
        self.soap.push(ways);
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PlanError {}
