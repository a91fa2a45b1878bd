//! Clients that other people's generators make of the OpenAPI document: they compile, their calls arrive complete at a SOAP
//! backend, and its answers come back complete.
//!
//! openapi-typescript, openapi-generator for typescript-fetch and for java, each from ten contracts. The tools are in the
//! folder that `CASTILE_CLIENTS` names (see `client_generators` in scripts/prepare.sh); without it the test is left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "clients/calls.rs"]
mod calls;
#[expect(dead_code, reason = "other tests need more of it")]
mod generated;
#[path = "clients/generators.rs"]
mod generators;
mod support;
mod wire;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;

use calls::Call;
use calls::Contract;
use calls::likeness;
use generators::Client;
use generators::Told;
use wire::Act;
use wire::Backend;
use wire::Gateway;

/// Contracts with what makes generators stumble.
const WSDLS: [(&str, &str); 10] = [
    ("WsdlToPhp+PackageGenerator/tests/resources/ActonService2.wsdl", "headers, choices, enumerations, attributes"),
    ("WsdlToPhp+PackageGenerator/tests/resources/OrderContract.wsdl", "derived types by $type, choices, nil"),
    ("hooklift+gowsdl/fixtures/chromedata.wsdl", "attributes, choices, lists, many types"),
    ("hooklift+gowsdl/fixtures/epcis/EPCglobal-epcis-query-1_2.wsdl", "wildcards, mixed content, repeated choices"),
    ("dcm4che+dcm4chee-xds/dcm4chee-xds2-infoset/src/main/resources/wsdl/XDS.b_DocumentRepository.wsdl", "an abstract type, attributes"),
    ("hooklift+gowsdl/fixtures/ferry.wsdl", "headers, nested lists, nil"),
    ("TechSpokes+typescript-wsdl-client/test/conformance/fixtures/xsd/types/type-union-simple.wsdl", "unions"),
    ("membrane+api-gateway/distribution/tutorials/soap/mocks/xsd-features.wsdl", "one feature of XML Schema an operation"),
    ("vitux2+yii2-gisgkh/schemes/device-metering/hcs-device-metering-service-async.wsdl", "headers, choices, signatures"),
    ("vpulim+node-soap/test/wsdl/recursive.wsdl", "recursion, an array of one"),
];

#[test]
fn generated_clients_compile_and_their_calls_arrive_complete() {
    let Some(tools) = std::env::var_os("CASTILE_CLIENTS").map(PathBuf::from) else {
        println!("left out: CASTILE_CLIENTS is not set");
        return;
    };
    let Some(corpus) = std::env::var_os("CASTILE_CORPUS").map(PathBuf::from) else {
        println!("left out: CASTILE_CORPUS is not set");
        return;
    };
    let contracts: Vec<Contract> = WSDLS.iter().map(|(path, _)| Contract::load(&corpus.join(path))).collect();
    let clients = generators::make(&tools, &contracts);
    let (mut wrong, mut said) = (Vec::new(), BTreeMap::new());
    for (contract, clients) in contracts.iter().zip(&clients) {
        for client in clients {
            let calls: Vec<Call> = contract.calls.iter().filter(|call| client.can_say(call)).cloned().collect();
            *said.entry(client.generator.to_string()).or_insert(0) += calls.len();
            wrong.extend(tried(contract, client, &calls));
        }
    }
    for one in wrong.iter().take(100) {
        println!("{one}\n");
    }
    println!("{said:?}");
    assert!(wrong.is_empty(), "{} calls did not pass complete", wrong.len());
    assert!(said.len() == 3 && said.values().all(|calls| *calls >= 300), "{said:?}");
}

/// Makes calls of a contract with a client; what went wrong.
fn tried(contract: &Contract, client: &Client, calls: &[Call]) -> Vec<String> {
    let arrived: Arc<Mutex<Vec<Option<usize>>>> = Arc::default();
    let backend = {
        let (calls, arrived) = (calls.to_vec(), Arc::clone(&arrived));
        Backend::forgetful(move |request| {
            let like = likeness(&request.text());
            let found = calls.iter().position(|call| calls::same(&call.sent, &like));
            arrived.lock().unwrap().push(found);
            match found {
                Some(at) => Act::xml(calls[at].answer.clone()),
                None => Act::xml(wire::envelope(&format!("<unexpected>{}</unexpected>", like.join("\n").replace(['<', '&'], " ")))),
            }
        })
    };
    let gateway = Gateway::start(&[contract.path.to_str().unwrap()], &backend.url());
    let told = client.run(&format!("http://{}", gateway.address), calls);
    let mut wrong = Vec::new();
    let arrived = arrived.lock().unwrap();
    for (at, (call, told)) in calls.iter().zip(&told).enumerate() {
        let fault = match told {
            Told::Error(error) => Some(format!("failed: {error}")),
            Told::Reply(_) if !arrived.contains(&Some(at)) => Some("did not arrive as it was".to_owned()),
            Told::Reply(reply) => calls::difference(&call.reply, reply, ""),
        };
        if let Some(fault) = fault {
            let shown: String = fault.chars().take(1000).collect();
            wrong.push(format!("{} {} {}: {shown}\n{}", contract.name, client.generator, call.operation, call.request));
        }
    }
    println!(
        "{} {}: {} calls of {} operations, {} wrong",
        contract.name,
        client.generator,
        calls.len(),
        contract.operations(calls),
        wrong.len()
    );
    assert_eq!(told.len(), calls.len(), "{} {}", contract.name, client.generator);
    wrong
}
