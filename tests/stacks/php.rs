//! PHP's SoapServer behind castile, document/literal over SOAP 1.1 and 1.2 and rpc/literal: called with JSON and by the
//! clients. Its WSDLs are files, one with a schema beside it, which the clients fetch from castile too.

use crate::expected::check_calls;
use crate::expected::check_client;
use crate::programs::Gateway;
use crate::programs::Server;
use crate::programs::Stack;
use crate::programs::beside;

/// The faces of the archive: the service of the gateway, which is also its port, and the version of SOAP.
const FACES: [(&str, &str); 2] = [("Archive11", "1.1"), ("Archive12", "1.2")];

/// Archive and desk of PHP, and a castile in front of them; none without the stack.
fn archive_and_desk(name: &str) -> Option<Gateway> {
    let mut command = Stack::Php.command()?;
    command.args(["-S", "127.0.0.1:0", &beside("php/server.php")]);
    let server = Server::start(command);
    let lines = |wsdl: &str, of: &str| {
        let file = beside(&format!("php/{wsdl}.wsdl"));
        format!("wsdl: {{ file: \"{file}\"{of} }}\nupstream: {{ endpoints: [{{ url: \"{}/{wsdl}\" }}] }}", server.url)
    };
    let archive = FACES.map(|(port, _)| (port, lines("archive", &format!(", port: {port}"))));
    let services = [&archive[..], &[("Desk", lines("desk", ""))]].concat();
    Some(Gateway::start(&format!("php-{name}"), server, &services))
}

#[test]
fn json_calls_reach_php_and_come_back() {
    let Some(gateway) = archive_and_desk("json") else { return };
    for (port, version) in FACES {
        check_calls(&gateway, port, version, "archive.calls");
    }
    check_calls(&gateway, "Desk", "1.1", "desk.calls");
}

#[test]
fn zeep_calls_php_by_the_wsdl_of_castile() {
    let (Some(_), Some(gateway)) = (Stack::Python.command(), archive_and_desk("zeep")) else { return };
    for (port, version) in FACES {
        let mut client = Stack::Python.program("python/zeep_archive.py").unwrap();
        client.args([&gateway.wsdl(port), port]);
        check_client(client, version, "archive.zeep");
    }
    let mut client = Stack::Python.program("python/zeep_desk.py").unwrap();
    client.arg(gateway.wsdl("Desk"));
    check_client(client, "1.1", "desk.zeep");
}

#[test]
fn php_calls_php_by_the_wsdl_of_castile() {
    let Some(gateway) = archive_and_desk("php") else { return };
    for (port, version) in FACES {
        let mut client = Stack::Php.program("php/archive_client.php").unwrap();
        client.args([&gateway.wsdl(port), version]);
        check_client(client, version, "archive.php");
    }
    let mut client = Stack::Php.program("php/desk_client.php").unwrap();
    client.arg(gateway.wsdl("Desk"));
    check_client(client, "1.1", "desk.php");
}

#[test]
fn node_soap_calls_php_by_the_wsdl_of_castile() {
    let (Some(_), Some(gateway)) = (Stack::Node.command(), archive_and_desk("node")) else { return };
    for (port, version) in FACES {
        let mut client = Stack::Node.program("node/archive_client.mjs").unwrap();
        client.args([&gateway.wsdl(port), version]);
        check_client(client, version, "archive.node");
    }
}
