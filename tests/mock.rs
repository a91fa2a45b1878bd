//! The mock answers every operation with a schema-valid reply, seen through the gateway's REST face, which enforces it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::path::Path;
use std::sync::Arc;

use castile::instance::Generator;
use castile::instance::Style;
use castile::soap::sample;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::transcode::decode::Mode;
use castile::wsdl::contract::Operation;
use castile::wsdl::contract::SoapVersion;
use castile::wsdl::contract::Status;

use support::process::Running;
use support::process::post;

const OWN: [&str; 4] = ["wsdl/cities.wsdl", "wsdl/orders.wsdl", "wsdl/ledger.wsdl", "wsdl/library/library.wsdl"];

#[test]
fn every_operation_of_our_own_contracts_is_answered_with_a_valid_reply() {
    for wsdl in OWN {
        assert!(call_everything(wsdl) > 0, "{wsdl} has no operations");
    }
}

#[test]
fn every_served_operation_of_some_real_contracts_is_answered_with_a_valid_reply() {
    let Some(wsdls) = support::corpus_wsdls() else { return };
    // Every tenth: there is one mock for all contracts.
    let calls: usize = wsdls.iter().step_by(10).map(|wsdl| call_everything(wsdl.to_str().unwrap())).sum();
    assert!(calls > 50, "only {calls} operations were called");
}

#[test]
fn a_request_that_breaks_the_schema_is_a_client_fault_that_says_what_is_wrong() {
    let mut mock = Running::start(&["mock", "--wsdl", "wsdl/cities.wsdl", "--listen", "127.0.0.1:0"]);
    let address = mock.address();
    let body = r#"<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>
        <GetDistance xmlns="https://castile.example/cities"><from>Soria</from><two>Toledo</two></GetDistance></e:Body></e:Envelope>"#;
    let answer = post(&address, "/any/path", "application/soap+xml", body.as_bytes());
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 400, "{text}");
    assert!(text.contains("Sender") && text.contains("two"), "{text}");
}

/// Calls each served operation of each service once through gateway and mock; gives the number of calls.
fn call_everything(wsdl: &str) -> usize {
    let codec = load(wsdl);
    let services =
        codec.contract.services.iter().filter_map(|service| Some((service, service.ports.iter().find(|port| port.soap.is_some())?)));
    let operations: Vec<_> = services
        .flat_map(|(service, port)| port.operations.iter().map(move |operation| (service, port, operation)))
        .filter(|(_, _, operation)| operation.verdict.status == Status::Served)
        .collect();
    if operations.is_empty() {
        return 0;
    }
    let mut mock = Running::start(&["mock", "--wsdl", wsdl, "--listen", "127.0.0.1:0", "--seed", "7"]);
    let upstream = format!("http://{}/", mock.address());
    let mut gateway = Running::start(&["serve", "--wsdl", wsdl, "--upstream", &upstream, "--listen", "127.0.0.1:0"]);
    let address = gateway.address();
    for (service, port, operation) in &operations {
        let path = format!("/{}/{}", service.name, operation.route);
        let Some(request) = sample_request(&codec, operation, port.soap.unwrap()) else {
            panic!("{wsdl} {path}: no request can be made up");
        };
        let answer = post(&address, &path, "application/json", &request);
        let (request, text) = (String::from_utf8_lossy(&request), String::from_utf8_lossy(&answer.body));
        let due = if operation.one_way { 202 } else { 200 };
        assert_eq!(answer.status, due, "{wsdl} {path} with {request}: {}\n{text}", answer.head);
        assert!(operation.one_way || text.starts_with('{'), "{wsdl} {path}: {text}");
    }
    operations.len()
}

fn load(wsdl: &str) -> Codec {
    Codec::new(Arc::new(support::load(Path::new(wsdl)).unwrap()))
}

fn sample_request(codec: &Codec, operation: &Operation, version: SoapVersion) -> Option<Vec<u8>> {
    let schema = &codec.contract.schema;
    let soap = sample::message(schema, operation.input.as_ref()?, version, &mut Generator::new(schema, Style::Typical, 3))?;
    let decoded = codec.to_json(operation, Direction::Request, soap.as_bytes(), Mode::Enforce);
    Some(decoded.unwrap_or_else(|refusal| panic!("{}: {soap}: {:?}", operation.name, refusal.faults)).json)
}
