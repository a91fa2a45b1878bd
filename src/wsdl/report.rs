//! The load report: per operation `served`, `degraded` or `refused`, each with code, reason and place; as JSON here, as a table
//! for people in `table`.

use std::fmt;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Severity;
use crate::diagnostic::Sources;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;
use crate::wsdl::contract::Style;

mod table;

pub use crate::wsdl::report::table::text;

/// How many operations of a contract's SOAP ports are served, degraded and refused.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Every rule holds.
    pub served: usize,
    /// The REST face works, with a named loss.
    pub degraded: usize,
    /// No REST face.
    pub refused: usize,
}

impl Counts {
    /// Counts the operations of all SOAP ports.
    #[must_use]
    pub fn of(contract: &Contract) -> Self {
        let ports = contract.services.iter().flat_map(|service| &service.ports).filter(|port| port.soap.is_some());
        ports.map(Self::of_port).fold(Self::default(), |sum, one| Self {
            served: sum.served + one.served,
            degraded: sum.degraded + one.degraded,
            refused: sum.refused + one.refused,
        })
    }

    /// Counts the operations of a port.
    #[must_use]
    pub fn of_port(port: &Port) -> Self {
        let mut counts = Self::default();
        for operation in &port.operations {
            match operation.verdict.status {
                Status::Served => counts.served += 1,
                Status::Degraded => counts.degraded += 1,
                Status::Refused => counts.refused += 1,
            }
        }
        counts
    }

    /// Whether something can be served and nothing is refused.
    #[must_use]
    pub fn is_good(self) -> bool {
        self.refused == 0 && self.served + self.degraded > 0
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} served, {} degraded, {} refused", self.served, self.degraded, self.refused)
    }
}

/// The report on some contracts as JSON.
#[must_use]
pub fn json(contracts: &[&Contract]) -> Value {
    let services: Vec<Value> =
        contracts.iter().flat_map(|contract| contract.services.iter().map(|service| service_json(service, &contract.sources))).collect();
    let diagnostics: Vec<Value> = contracts
        .iter()
        .flat_map(|contract| contract.diagnostics.iter().map(|diagnostic| diagnostic_json(diagnostic, &contract.sources)))
        .collect();
    json!({ "services": services, "diagnostics": diagnostics })
}

/// A finding as JSON, with its severity.
#[must_use]
pub fn diagnostic_json(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    json!({
        "code": diagnostic.code,
        "severity": severity,
        "message": message(diagnostic),
        "at": diagnostic.at.map(|place| sources.locate(place)),
    })
}

fn service_json(service: &Service, sources: &Sources) -> Value {
    let ports: Vec<Value> = service.ports.iter().map(|port| port_json(port, sources)).collect();
    json!({ "name": &*service.name, "ports": ports })
}

fn port_json(port: &Port, sources: &Sources) -> Value {
    let operations: Vec<Value> = port.operations.iter().map(|operation| operation_json(operation, sources)).collect();
    let mut value = Map::new();
    value.insert("name".into(), (&*port.name).into());
    value.insert("soap".into(), port.soap.map(version).into());
    value.insert("style".into(), port.soap.map(|_| style(port.style)).into());
    if port.synthetic {
        value.insert("synthetic".into(), true.into());
    }
    value.insert("operations".into(), operations.into());
    Value::Object(value)
}

fn operation_json(operation: &Operation, sources: &Sources) -> Value {
    let reasons: Vec<Value> = operation
        .verdict
        .reasons
        .iter()
        .map(|reason| json!({ "code": reason.code, "message": message(reason), "at": reason.at.map(|place| sources.locate(place)) }))
        .collect();
    let mut value = Map::new();
    value.insert("name".into(), (&*operation.name).into());
    if let Some(input) = &operation.input_name {
        value.insert("input".into(), (&**input).into());
    }
    value.insert("status".into(), status(operation.verdict.status).into());
    value.insert("reasons".into(), reasons.into());
    Value::Object(value)
}

/// The words of a finding, with what to do.
fn message(diagnostic: &Diagnostic) -> String {
    match &diagnostic.help {
        Some(help) => format!("{}; {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

fn version(version: SoapVersion) -> &'static str {
    match version {
        SoapVersion::V1_1 => "1.1",
        SoapVersion::V1_2 => "1.2",
    }
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Document => "document",
        Style::Rpc => "rpc",
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Served => "served",
        Status::Degraded => "degraded",
        Status::Refused => "refused",
    }
}
