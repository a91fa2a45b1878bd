//! The pages for people and the examples of the OpenAPI document: what they show can be called as it stands.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[allow(dead_code, reason = "shared with tests that post")]
#[path = "support/process.rs"]
mod process;
mod wire;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use process::Running;
use serde_json::Value;
use serde_json::json;
use wire::Caller;

/// A service of two portTypes: one behind two ports, in rpc style the other; an operation of each kind that cannot be served whole.
const WSDL: &str = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
 xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
<types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
 <xs:element name="Get"><xs:complexType><xs:sequence>
  <xs:element name="id"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[A-Z] [0-9]/[0-9]"/></xs:restriction></xs:simpleType></xs:element>
  <xs:element name="when" type="xs:date" minOccurs="0"/>
  <xs:element name="only" minOccurs="0"><xs:complexType>
   <xs:sequence><xs:element name="n" type="xs:int" maxOccurs="3"/></xs:sequence><xs:attribute name="lang" type="xs:language"/>
  </xs:complexType></xs:element>
  <xs:element name="page" minOccurs="0"><xs:complexType>
   <xs:sequence><xs:element name="size" type="xs:int" minOccurs="0"/><xs:element name="from" type="xs:int"/></xs:sequence>
  </xs:complexType></xs:element>
 </xs:sequence></xs:complexType></xs:element>
 <xs:element name="GetResponse" type="xs:string"/>
 <xs:complexType name="P"><xs:sequence><xs:element name="a" type="xs:int"/><xs:element name="l" type="xs:string" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
</xs:schema></types>
<message name="GetIn"><part name="body" element="t:Get"/></message><message name="GetOut"><part name="body" element="t:GetResponse"/></message>
<message name="RpcIn"><part name="p" type="t:P"/><part name="n" type="xs:int"/></message><message name="RpcOut"><part name="r" type="t:P"/></message>
<message name="FireIn"><part name="n" type="xs:int"/></message>
<message name="Lost"><part name="p" type="t:Nope"/></message>
<portType name="A"><operation name="Get"><input message="t:GetIn"/><output message="t:GetOut"/></operation></portType>
<portType name="B">
 <operation name="Rpc"><input message="t:RpcIn"/><output message="t:RpcOut"/></operation>
 <operation name="Fire"><input message="t:FireIn"/></operation>
 <operation name="Weak"><input message="t:Lost"/></operation>
 <operation name="Never"><input message="t:Nothing"/></operation>
</portType>
<binding name="A11" type="t:A"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
 <operation name="Get"><soap:operation/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
<binding name="A12" type="t:A"><soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>
 <operation name="Get"><soap12:operation/><input><soap12:body use="literal"/></input><output><soap12:body use="literal"/></output></operation></binding>
<binding name="B11" type="t:B"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
 <operation name="Rpc"><soap:operation/><input><soap:body use="literal" namespace="urn:t"/></input><output><soap:body use="literal" namespace="urn:t"/></output></operation>
 <operation name="Fire"><soap:operation/><input><soap:body use="literal" namespace="urn:t"/></input></operation>
 <operation name="Weak"><soap:operation/><input><soap:body use="literal" namespace="urn:t"/></input></operation>
 <operation name="Never"><soap:operation/><input><soap:body use="literal" namespace="urn:t"/></input></operation></binding>
<service name="S"><port name="A11" binding="t:A11"><soap:address location="http://inside.example/"/></port>
 <port name="A12" binding="t:A12"><soap12:address location="http://inside.example/"/></port>
 <port name="B11" binding="t:B11"><soap:address location="http://inside.example/"/></port></service></definitions>"#;

/// A gateway in front of a mock of the service, under the name `plain` by the names of operations and `placed` with these routes.
struct Served {
    address: SocketAddr,
    _running: [Running; 2],
}

impl Served {
    fn start(name: &str, routes: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages").join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("s.wsdl"), WSDL).unwrap();
        let wsdl = folder.join("s.wsdl");
        let mut mock = Running::start(&["mock", "--listen", "127.0.0.1:0", "--wsdl", wsdl.to_str().unwrap()]);
        let upstream = format!("upstream: {{ endpoints: [{{ url: \"http://{}/\" }}] }}", mock.address());
        let yaml = format!(
            "version: 1\nlisteners: {{ local: {{ address: \"127.0.0.1:0\" }} }}\nservices:\n  plain: {{ wsdl: {{ file: s.wsdl }}, {upstream} }}\n  placed:\n    wsdl: {{ file: s.wsdl }}\n    {upstream}\n    operations:\n{routes}"
        );
        fs::write(folder.join("castile.yaml"), yaml).unwrap();
        let mut gateway = Running::start(&["serve", "-c", folder.join("castile.yaml").to_str().unwrap()]);
        Self { address: gateway.address().parse().unwrap(), _running: [gateway, mock] }
    }
}

/// What stands behind the heading of each operation.
fn sections(page: &str) -> BTreeMap<String, String> {
    let parts = page.split("<h2 id=\"").skip(1);
    parts.map(|part| part.split_once('"').map(|(name, rest)| (name.to_owned(), rest.to_owned())).unwrap()).collect()
}

/// The arguments of the curl line in a piece of a page, as a shell takes them.
fn curl(section: &str) -> Option<Vec<String>> {
    let line = section.split_once("<code>curl ")?.1.split_once("</code>")?.0;
    let line = line.replace("&#39;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let script = format!("curl() {{ printf '%s\\n' \"$@\"; }}\ncurl {line}");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

/// Does what a curl line says: verb, path and body, and the status of the answer.
fn called(served: &Served, arguments: &[String]) -> (String, String, Option<String>, u16) {
    let after = |option: &str| arguments.iter().position(|one| one == option).map(|at| arguments[at + 1].clone());
    let url = arguments.iter().find_map(|one| one.strip_prefix("http://gateway.example")).unwrap().to_owned();
    let body = after("-d");
    let method = after("-X").unwrap_or_else(|| if body.is_some() { "POST".into() } else { "GET".into() });
    let headers: Vec<(&str, &str)> = after("-H").iter().map(|_| ("Content-Type", "application/json")).collect();
    let mut caller = Caller::connect(served.address);
    let reply = caller.call(&method, &url, &headers, body.as_deref().unwrap_or_default().as_bytes());
    assert!(reply.status() < 300, "{method} {url} {body:?}: {}", reply.text());
    (method, url, body, reply.status())
}

fn get(served: &Served, path: &str) -> String {
    let reply = Caller::connect(served.address).call("GET", path, &[], b"");
    assert_eq!(reply.status(), 200);
    reply.text()
}

const ROUTES: &str = "      Get: { rest: \"GET /things/{id}?lang={only/@lang}&when={when}&size={page/size}&from={page/from}\" }
      Rpc: { rest: \"PUT /r/{p/a}?n={n}\" }
      Fire: { rest: \"DELETE /f/{n}\" }
";

#[test]
fn a_page_shows_the_operations_of_all_port_types_and_their_calls_are_answered() {
    let served = Served::start("all", ROUTES);
    let page = get(&served, "/plain");
    let sections = sections(&page);
    assert_eq!(sections.keys().collect::<Vec<_>>(), ["Fire", "Get", "Never", "Rpc", "Weak"]);
    assert_eq!(page.matches("<td><a href=\"#").count(), 5, "each once, whatever the number of its ports");
    assert!(page.contains("<code>POST http://gateway.example/plain/{Operation}</code> with JSON"), "{page}");
    for name in ["Fire", "Get", "Rpc"] {
        let arguments = curl(&sections[name]).unwrap_or_else(|| panic!("no curl line: {}", sections[name]));
        assert_eq!(called(&served, &arguments).1, format!("/plain/{name}"));
    }
    assert!(sections["Weak"].contains("degraded") && sections["Weak"].contains("unknown type {urn:t}Nope"), "{}", sections["Weak"]);
    assert!(sections["Never"].contains("refused") && sections["Never"].contains("the message {urn:t}Nothing does not exist"));
    assert!(curl(&sections["Never"]).is_none());
    let index = get(&served, "/");
    assert_eq!(index.matches("3 served, 1 degraded, 1 refused").count(), 2, "{index}");
}

#[test]
fn operations_at_chosen_paths_are_shown_with_a_call_that_can_be_made() {
    let served = Served::start("placed", ROUTES);
    let page = get(&served, "/placed");
    let sections = sections(&page);
    let heading = page.split("<h2").next().unwrap();
    assert!(heading.contains("with JSON, or the verb and path that stand with an operation below"), "{heading}");

    let get_line = curl(&sections["Get"]).unwrap_or_else(|| panic!("{}", sections["Get"]));
    let (method, url, body, _) = called(&served, &get_line);
    assert_eq!((method.as_str(), body), ("GET", None));
    assert!(url.starts_with("/placed/things/") && url.contains("%20") && url.contains("%2F"), "{url}");
    assert!(url.contains("when=") && url.contains("size=") && url.contains("from="), "{url}");
    assert!(!url.contains("lang="), "the call would lack only/n beside it: {url}");
    assert!(!sections["Get"].contains("Request as JSON") && sections["Get"].contains("Request as SOAP"), "{}", sections["Get"]);
    assert!(sections["Get"].contains("<code>GET http://gateway.example/placed/things/{id}?lang={only/@lang}"), "{}", sections["Get"]);

    let (method, url, body, _) = called(&served, &curl(&sections["Rpc"]).unwrap());
    assert!(method == "PUT" && url.starts_with("/placed/r/") && url.contains("?n="), "{method} {url}");
    let body: Value = serde_json::from_str(&body.expect("what path and query leave")).unwrap();
    assert!(body["p"]["l"].is_array() && body["p"]["a"].is_null() && body["n"].is_null(), "{body}");

    let (method, url, body, status) = called(&served, &curl(&sections["Fire"]).unwrap());
    assert!(method == "DELETE" && url.starts_with("/placed/f/") && body.is_none() && status == 202, "{method} {url} {body:?}");
}

#[test]
fn the_document_has_examples_of_parameters_and_of_what_they_leave() {
    let served = Served::start("examples", ROUTES);
    let document: Value = serde_json::from_str(&get(&served, "/placed/openapi.json")).unwrap();
    let operation = |path: &str, method: &str| document["paths"][path][method].clone();
    let examples = |operation: &Value| -> BTreeMap<String, Value> {
        let parameters = operation["parameters"].as_array().unwrap().iter();
        parameters.filter_map(|one| Some((one["name"].as_str()?.to_owned(), one.get("example")?.clone()))).collect()
    };
    let get = examples(&operation("/placed/things/{id}", "get"));
    assert_eq!(get.keys().collect::<Vec<_>>(), ["from", "id", "size", "when"], "all that make a call together");
    assert!(get["from"].is_number() && get["id"].is_string(), "{get:?}");
    let put = operation("/placed/r/{a}", "put");
    let values = examples(&put);
    assert!(values["a"].is_number() && values["n"].is_number(), "{values:?}");
    let body = &put["requestBody"]["content"]["application/json"]["example"];
    assert!(body["p"]["l"].is_array() && body["p"]["a"].is_null(), "{put:#}");
    let path = format!("/placed/r/{}?n={}", values["a"], values["n"]);
    let mut caller = Caller::connect(served.address);
    let reply = caller.call("PUT", &path, &[("Content-Type", "application/json")], body.to_string().as_bytes());
    assert_eq!(reply.status(), 200, "{}", reply.text());
}

#[test]
fn a_body_that_is_no_object_is_told_as_such_where_path_and_query_hold_values() {
    let served = Served::start("array", ROUTES);
    let fault = |body: &str| {
        let mut caller = Caller::connect(served.address);
        let reply = caller.call("PUT", "/placed/r/5?n=2", &[("Content-Type", "application/json")], body.as_bytes());
        assert_eq!(reply.status(), 400, "{}", reply.text());
        reply.json()["errors"].clone()
    };
    assert_eq!(fault("[]"), json!([{ "detail": "expected an object, found an array", "pointer": "#" }]));
    assert_eq!(fault(r#"{"p": 7}"#), json!([{ "detail": "expected an object, found a number", "pointer": "#/p" }]));
    let taken = "stands in the path or query of this route, expected nothing here";
    assert_eq!(fault(r#"{"p": {"a": 1}}"#), json!([{ "detail": taken, "pointer": "#/p/a" }]));
}
