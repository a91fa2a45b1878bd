//! castile as a library: a contract from a string, one request from JSON to SOAP and back.
//!
//! `cargo run --example convert`

use std::error::Error;
use std::sync::Arc;

use castile::schema::load::Fetched;
use castile::schema::load::ResolveError;
use castile::schema::load::Resolver;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::transcode::decode::Mode;
use castile::wsdl;
use castile::wsdl::contract::SoapVersion;

const WSDL: &str = include_str!("../wsdl/cities.wsdl");

/// This contract imports nothing, so there is nothing to fetch.
struct Nothing;

impl Resolver for Nothing {
    fn fetch(&mut self, _base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        Err(ResolveError { message: format!("cannot read {location}: this example is a lone document") })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let contract = wsdl::load::load("cities.wsdl", WSDL, &mut Nothing)?;
    let codec = Codec::new(Arc::new(contract));
    let mut operations = codec.contract.services.iter().flat_map(|service| &service.ports).flat_map(|port| &port.operations);
    let operation = operations.find(|operation| &*operation.name == "GetCity").ok_or("no such operation")?;

    let soap = codec
        .to_xml(operation, Direction::Request, br#"{"name": "Segovia"}"#, SoapVersion::V1_1)
        .map_err(|faults| format!("{:?}", faults.faults))?;
    println!("{}", String::from_utf8_lossy(&soap));

    let json = codec.to_json(operation, Direction::Request, &soap, Mode::Enforce).map_err(|refusal| format!("{:?}", refusal.faults))?;
    println!("{}", String::from_utf8_lossy(&json.json));

    // Every fault of a document is found, each with a JSON Pointer.
    if let Err(refused) = codec.to_xml(operation, Direction::Request, br#"{"nmae": 7}"#, SoapVersion::V1_1) {
        for fault in refused.faults {
            println!("{}: {}", fault.pointer, fault.detail);
        }
    }
    Ok(())
}
