//! The load report: per operation `served`, `degraded` or `refused`, each with its reasons.

use crate::wsdl::contract::Contract;

/// The report on some contracts as JSON.
#[must_use]
pub fn json(contracts: &[&Contract]) -> serde_json::Value {
    let _ = contracts;
    serde_json::Value::Null
}

/// The report on a contract as a table for people.
#[must_use]
pub fn text(contract: &Contract) -> String {
    let _ = contract;
    String::new()
}
