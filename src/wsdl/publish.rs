//! Publishing the documents of a contract with the gateway's own addresses.

use crate::wsdl::contract::Contract;

/// The document with this number (its number in the contract's sources; 0 is the WSDL), as `?wsdl`, `?wsdl=N` and
/// `?xsd=N` give it: every address of a port is `base_url` (the service's own URL at the gateway), every import that was
/// resolved leads to `base_url?wsdl=N` or `base_url?xsd=N`; the rest is as it was.
#[must_use]
pub fn document(contract: &Contract, number: u32, base_url: &str) -> Option<Vec<u8>> {
    let _ = (contract, number, base_url);
    None
}
