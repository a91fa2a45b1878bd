//! The server of node's `soap` behind castile, over SOAP 1.1: called with JSON. It answers in chunks, and closes connections
//! that are not used for a short time, so that castile must not take those for alive.

use std::time::Duration;

use crate::expected::check_calls;
use crate::programs::Gateway;
use crate::programs::Server;
use crate::programs::Stack;
use crate::programs::beside;

#[test]
fn json_calls_reach_node_and_come_back() {
    let Some(command) = Stack::Node.program("node/server.mjs") else { return };
    let server = Server::start(command);
    let wsdl = beside("php/archive.wsdl");
    let lines = format!("wsdl: {{ file: \"{wsdl}\" }}\nupstream: {{ endpoints: [{{ url: \"{}/archive\" }}] }}", server.url);
    let gateway = Gateway::start("node", server, &[("Archive", lines)]);
    check_calls(&gateway, "Archive", "1.1", "node.calls");
    std::thread::sleep(Duration::from_millis(500));
    check_calls(&gateway, "Archive", "1.1", "node.calls");
}
