//! spyne (Python) behind castile, over SOAP 1.1 and 1.2: called with JSON and by the clients.

use crate::expected::check_calls;
use crate::expected::check_client;
use crate::programs::Gateway;
use crate::programs::Server;
use crate::programs::Stack;

/// The faces of the library: the service of the gateway and the version of SOAP.
const FACES: [(&str, &str); 2] = [("soap11", "1.1"), ("soap12", "1.2")];

/// The library of spyne and a castile that has its WSDL from it; none without the stack.
fn library(name: &str) -> Option<Gateway> {
    let server = Server::start(Stack::Python.program("python/spyne_server.py")?);
    let services = FACES.map(|(face, _)| (face, format!("wsdl: {{ url: \"{}/{face}/?wsdl\" }}", server.url)));
    Some(Gateway::start(&format!("library-{name}"), server, &services))
}

#[test]
fn json_calls_reach_spyne_and_come_back() {
    let Some(gateway) = library("json") else { return };
    for (face, version) in FACES {
        check_calls(&gateway, face, version, "library.calls");
    }
}

#[test]
fn zeep_calls_spyne_by_the_wsdl_of_castile() {
    let Some(gateway) = library("zeep") else { return };
    for (face, version) in FACES {
        let mut client = Stack::Python.program("python/zeep_library.py").unwrap();
        client.arg(gateway.wsdl(face));
        check_client(client, version, "library.zeep");
    }
}

#[test]
fn php_calls_spyne_by_the_wsdl_of_castile() {
    let (Some(_), Some(gateway)) = (Stack::Php.command(), library("php")) else { return };
    for (face, version) in FACES {
        let mut client = Stack::Php.program("php/library_client.php").unwrap();
        client.args([&gateway.wsdl(face), version]);
        check_client(client, version, "library.php");
    }
}

#[test]
fn node_soap_calls_spyne_by_the_wsdl_of_castile() {
    let (Some(_), Some(gateway)) = (Stack::Node.command(), library("node")) else { return };
    for (face, version) in FACES {
        let mut client = Stack::Node.program("node/library_client.mjs").unwrap();
        client.args([&gateway.wsdl(face), version]);
        check_client(client, version, "library.node");
    }
}

#[test]
fn strong_soap_calls_spyne_by_the_wsdl_of_castile() {
    let (Some(_), Some(gateway)) = (Stack::Node.command(), library("strong")) else { return };
    for (face, version) in FACES {
        let mut client = Stack::Node.program("node/strong_client.mjs").unwrap();
        client.args([&gateway.wsdl(face), version]);
        check_client(client, version, "library.strong");
    }
}
