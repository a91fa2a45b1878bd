//! What a WSDL means: messages, headers, ports, routes, verdicts and their places. Documents in memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::collections::HashMap;

use castile::diagnostic::paint::Paint;
use castile::schema::load::Fetched;
use castile::schema::load::ResolveError;
use castile::schema::load::Resolver;
use castile::wsdl;
use castile::wsdl::contract::Body;
use castile::wsdl::contract::Contract;
use castile::wsdl::contract::Operation;
use castile::wsdl::contract::SoapVersion;
use castile::wsdl::contract::Status;

/// Documents by name; every location is taken as a name.
struct Memory(HashMap<&'static str, String>);

impl Resolver for Memory {
    fn fetch(&mut self, _base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        let text = self.0.get(location).ok_or_else(|| ResolveError { message: String::from("no such document") })?;
        Ok(Fetched { location: location.to_owned(), text: text.clone() })
    }
}

const HEAD: &str = r#"<definitions name="T" targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
 xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" xmlns:mime="http://schemas.xmlsoap.org/wsdl/mime/"
 xmlns:xs="http://www.w3.org/2001/XMLSchema">"#;

const TYPES: &str = r#"<types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
 <xs:element name="Ask"><xs:complexType><xs:sequence><xs:element name="q" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
 <xs:element name="Tell"><xs:complexType><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
 <xs:element name="Token" type="xs:string"/>
 <xs:element name="Trouble" type="xs:string"/>
</xs:schema></types>
<message name="AskIn"><part name="body" element="t:Ask"/></message>
<message name="TellOut"><part name="body" element="t:Tell"/></message>"#;

const BODY: &str = r#"<input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>"#;

/// A WSDL of the usual head and types, and this.
fn wsdl_of(rest: &str) -> String {
    format!("{HEAD}{TYPES}{rest}</definitions>")
}

/// One portType with these operations, bound by these, one port.
fn one_port(operations: &str, bound: &str) -> String {
    wsdl_of(&format!(
        r#"<portType name="P">{operations}</portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>{bound}</binding>
<service name="S"><port name="Port" binding="t:B"><soap:address location="http://inside.example/s"/></port></service>"#
    ))
}

fn load_with(text: &str, documents: &[(&'static str, &str)]) -> Contract {
    let mut memory = Memory(documents.iter().map(|(name, text)| (*name, (*text).to_owned())).collect());
    wsdl::load("t.wsdl", text, &mut memory).unwrap_or_else(|error| panic!("{error}"))
}

fn load(text: &str) -> Contract {
    load_with(text, &[])
}

fn operations(contract: &Contract) -> Vec<&Operation> {
    contract.services.iter().flat_map(|service| &service.ports).flat_map(|port| &port.operations).collect()
}

fn operation<'c>(contract: &'c Contract, route: &str) -> &'c Operation {
    operations(contract).into_iter().find(|operation| &*operation.route == route).unwrap_or_else(|| panic!("no route {route}"))
}

fn codes(operation: &Operation) -> Vec<&str> {
    operation.verdict.reasons.iter().map(|reason| reason.code).collect()
}

fn finding<'c>(contract: &'c Contract, code: &str) -> &'c castile::diagnostic::Diagnostic {
    contract.diagnostics.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("no {code} in {:?}", contract.diagnostics))
}

/// What stands at the place of an operation's first reason.
fn text_at<'t>(operation: &Operation, text: &'t str) -> &'t str {
    let at = operation.verdict.reasons[0].at.expect("a place").offset as usize;
    text[at..].split(['>', ' ']).next().unwrap_or_default()
}

fn keys(message: &castile::wsdl::contract::Message) -> Vec<&str> {
    message.headers.iter().map(|header| &*header.key).collect()
}

#[test]
fn a_plain_operation_is_served_with_its_elements_by_name() {
    let text = one_port(
        r#"<operation name="Ask"><input message="t:AskIn"/><output message="t:TellOut"/></operation>"#,
        &format!(r#"<operation name="Ask"><soap:operation soapAction="urn:ask"/>{BODY}</operation>"#),
    );
    let contract = load(&text);
    let ask = operation(&contract, "Ask");
    assert_eq!((ask.verdict.status, &*ask.action, ask.one_way), (Status::Served, "urn:ask", false));
    let input = ask.input.as_ref().expect("an input");
    assert!(matches!(input.body, Body::Element(_)));
    assert_eq!(input.element.as_ref().map(ToString::to_string).as_deref(), Some("{urn:t}Ask"));
    let port = &contract.services[0].ports[0];
    assert_eq!((port.soap, port.address.as_deref()), (Some(SoapVersion::V1_1), Some("http://inside.example/s")));
    assert!(contract.diagnostics.is_empty(), "{:?}", contract.diagnostics);
}

#[test]
fn a_reference_that_leads_nowhere_refuses_its_own_operation_at_the_reference() {
    let text = one_port(
        r#"<operation name="Ask"><input message="t:AskIn"/><output message="t:TellOut"/></operation>
<operation name="Lost"><input message="t:LostIn"/></operation>
<operation name="Bare"><input message="t:BareIn"/></operation>
<operation name="Odd"><input message="z:AskIn"/></operation>"#,
        &["Ask", "Lost", "Bare", "Odd", "Ghost"]
            .map(|name| format!(r#"<operation name="{name}"><soap:operation/><input><soap:body use="literal"/></input></operation>"#))
            .concat(),
    )
    .replace("<portType", "<message name=\"BareIn\"><part name=\"p\" element=\"t:Nowhere\"/></message><portType");
    let contract = load(&text);
    assert_eq!(operation(&contract, "Ask").verdict.status, Status::Served);
    for (name, code, at) in [
        ("Lost", "unknown-message", "message=\"t:LostIn\"/"),
        ("Odd", "undeclared-prefix", "message=\"z:AskIn\"/"),
        ("Ghost", "unknown-operation", "<operation"),
    ] {
        let found = operation(&contract, name);
        assert_eq!((found.verdict.status, codes(found)), (Status::Refused, vec![code]), "{name}");
        assert_eq!(text_at(found, &text), at, "{name}");
    }
    let bare = operation(&contract, "Bare");
    assert_eq!(
        (bare.verdict.status, codes(bare), text_at(bare, &text)),
        (Status::Degraded, vec!["unknown-element"], "element=\"t:Nowhere\"/")
    );
    assert!(matches!(bare.input.as_ref().map(|input| &input.body), Some(Body::Element(_))));
    assert_eq!(bare.request_element.as_ref().map(ToString::to_string).as_deref(), Some("{urn:t}Nowhere"));
}

#[test]
fn a_part_without_prefix_under_the_default_namespace_of_wsdl_takes_the_target_namespace_with_a_warning() {
    let text = one_port(
        r#"<operation name="Ask"><input message="AskIn"/><output message="t:TellOut"/></operation>"#,
        &format!(r#"<operation name="Ask"><soap:operation/>{BODY}</operation>"#),
    )
    .replace("element=\"t:Ask\"", "element=\"Ask\"");
    let contract = load(&text);
    assert_eq!(operation(&contract, "Ask").verdict.status, Status::Served);
    assert_eq!(contract.diagnostics.iter().filter(|finding| finding.code == "unprefixed-reference").count(), 2);
}

#[test]
fn rpc_parts_stand_in_a_wrapper_and_its_missing_namespace_is_told() {
    let messages = r#"<message name="In"><part name="n" type="xs:int"/><part name="token" element="t:Token"/></message>
<message name="Out"><part name="r" type="xs:string"/></message>"#;
    let bound = r#"<operation name="Call"><soap:operation style="rpc"/><input><soap:header message="t:In" part="token" use="literal"/>
<soap:body use="literal" namespace="urn:calls"/></input><output><soap:body use="literal"/></output></operation>"#;
    let text = one_port(r#"<operation name="Call"><input message="t:In"/><output message="t:Out"/></operation>"#, bound)
        .replace("<portType", &format!("{messages}<portType"));
    let contract = load(&text);
    let call = operation(&contract, "Call");
    assert_eq!(call.verdict.status, Status::Served, "{:?}", call.verdict);
    let input = call.input.as_ref().expect("an input");
    assert!(matches!(input.body, Body::Wrapper { namespace_declared: true, .. }));
    assert_eq!(input.element.as_ref().map(ToString::to_string).as_deref(), Some("{urn:calls}Call"));
    assert_eq!(keys(input), ["Token"]);
    let output = call.output.as_ref().expect("an output");
    assert!(matches!(output.body, Body::Wrapper { namespace_declared: false, .. }));
    assert_eq!(output.element.as_ref().map(ToString::to_string).as_deref(), Some("{urn:t}CallResponse"));
    finding(&contract, "missing-body-namespace");
}

#[test]
fn soap_encoding_is_refused_but_the_element_is_known_for_soap() {
    let messages = r#"<message name="In"><part name="n" type="xs:int"/></message>"#;
    let bound = r#"<operation name="Call"><soap:operation style="rpc"/><input>
<soap:body use="encoded" namespace="urn:calls" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/></input></operation>"#;
    let text = one_port(r#"<operation name="Call"><input message="t:In"/></operation>"#, bound)
        .replace("<portType", &format!("{messages}<portType"));
    let contract = load(&text);
    let call = operation(&contract, "Call");
    assert_eq!((call.verdict.status, codes(call)), (Status::Refused, vec!["soap-encoded"]));
    assert!(call.input.is_none() && call.one_way);
    assert_eq!(call.request_element.as_ref().map(ToString::to_string).as_deref(), Some("{urn:calls}Call"));
}

#[test]
fn several_parts_typed_parts_and_empty_messages_have_their_bodies() {
    let messages = r#"<message name="Two"><part name="a" element="t:Ask"/><part name="b" element="t:Token"/></message>
<message name="Typed"><part name="a" type="xs:string"/></message><message name="None"/>
<message name="Mixed"><part name="a" type="xs:string"/><part name="b" element="t:Token"/></message>"#;
    let names = ["Two", "Typed", "None", "Mixed"];
    let text = one_port(
        &names.map(|name| format!(r#"<operation name="{name}"><input message="t:{name}"/></operation>"#)).concat(),
        &names
            .map(|name| format!(r#"<operation name="{name}"><soap:operation/><input><soap:body use="literal"/></input></operation>"#))
            .concat(),
    )
    .replace("<portType", &format!("{messages}<portType"));
    let contract = load(&text);
    let body = |name: &str| operation(&contract, name).input.as_ref().map(|input| input.body.clone());
    assert!(matches!(body("Two"), Some(Body::Elements(_))));
    assert!(matches!(body("Typed"), Some(Body::Content(_))));
    assert!(matches!(body("None"), Some(Body::Empty)));
    assert!(body("Mixed").is_none());
    assert_eq!(codes(operation(&contract, "Mixed")), ["typed-part-in-document"]);
}

#[test]
fn headers_come_from_any_message_and_a_lost_one_costs_only_itself() {
    let bound = r#"<operation name="Ask"><soap:operation/><input><soap:header message="t:Heads" part="token" use="literal"/>
<soap:header message="t:Heads" part="typed" use="literal" namespace="urn:h"/><soap:header message="t:Heads" part="gone" use="literal"/>
<soap:header message="t:Heads" part="token" use="literal"><soap:headerfault message="t:Nothing" part="x" use="literal"/></soap:header>
<soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>"#;
    let text = one_port(r#"<operation name="Ask"><input message="t:AskIn"/><output message="t:TellOut"/></operation>"#, bound).replace(
        "<portType",
        r#"<message name="Heads"><part name="token" element="t:Token"/><part name="typed" type="xs:int"/></message><portType"#,
    );
    let contract = load(&text);
    let ask = operation(&contract, "Ask");
    assert_eq!(keys(ask.input.as_ref().expect("an input")), ["Token", "typed"]);
    assert_eq!((ask.verdict.status, codes(ask)), (Status::Degraded, vec!["header-left-out"]));
}

#[test]
fn declared_faults_by_element_and_by_type() {
    let text = one_port(
        r#"<operation name="Ask"><input message="t:AskIn"/><output message="t:TellOut"/><fault name="f" message="t:F"/><fault name="g" message="t:G"/>
<fault name="h" message="t:H"/></operation>"#,
        &format!(r#"<operation name="Ask"><soap:operation/>{BODY}<fault name="f"><soap:fault name="f" use="literal"/></fault></operation>"#),
    )
    .replace(
        "<portType",
        r#"<message name="F"><part name="f" element="t:Trouble"/></message><message name="G"><part name="g" type="xs:int"/></message><portType"#,
    );
    let contract = load(&text);
    let ask = operation(&contract, "Ask");
    assert_eq!(ask.faults.iter().map(|fault| (&*fault.name, fault.part.as_deref())).collect::<Vec<_>>(), [("f", None), ("g", Some("g"))]);
    assert_eq!((ask.verdict.status, codes(ask)), (Status::Degraded, vec!["unknown-message"]));
}

#[test]
fn what_only_the_service_could_start_is_refused_by_its_name() {
    let text = one_port(
        r#"<operation name="Notify"><output message="t:TellOut"/></operation>
<operation name="Solicit"><output message="t:TellOut"/><input message="t:AskIn"/></operation>"#,
        r#"<operation name="Notify"><soap:operation/><output><soap:body use="literal"/></output></operation>
<operation name="Solicit"><soap:operation/><output><soap:body use="literal"/></output><input><soap:body use="literal"/></input></operation>"#,
    );
    let contract = load(&text);
    assert_eq!(codes(operation(&contract, "Notify")), ["notification"]);
    assert_eq!(codes(operation(&contract, "Solicit")), ["solicit-response"]);
}

#[test]
fn the_action_of_addressing_is_the_one_stated_or_made_of_names() {
    let text = one_port(
        r#"<operation name="Stated"><input xmlns:m="http://www.w3.org/2007/05/addressing/metadata" m:Action=" urn:do-it " message="t:AskIn"/><output message="t:TellOut"/></operation>
<operation name="Named"><input name="In" message="t:AskIn"/><output message="t:TellOut"/></operation>
<operation name="Plain"><input message="t:AskIn"/><output message="t:TellOut"/></operation>
<operation name="OneWay"><input message="t:AskIn"/></operation>"#,
        &["Stated", "Named", "Plain", "OneWay"].map(|name| format!(r#"<operation name="{name}">{BODY}</operation>"#)).concat(),
    );
    let contract = load_with(&text, &[]);
    let actions: Vec<&str> = contract.services[0].ports[0].operations.iter().map(|operation| &*operation.addressing_action).collect();
    assert_eq!(actions, ["urn:do-it", "urn:t:P:In", "urn:t:P:PlainRequest", "urn:t:P:OneWay"]);
    let slashes = text.replace("urn:t\"", "http://t.example/\"");
    let contract = load_with(&slashes, &[]);
    assert_eq!(&*contract.services[0].ports[0].operations[2].addressing_action, "http://t.example/P/PlainRequest");
}

#[test]
fn overloads_are_told_by_their_inputs() {
    let text = one_port(
        r#"<operation name="Find"><input name="ByTitle" message="t:AskIn"/><output message="t:TellOut"/></operation>
<operation name="Find"><input name="ByNumber" message="t:TokenIn"/><output message="t:TellOut"/></operation>"#,
        &format!(
            r#"<operation name="Find"><soap:operation soapAction="n"/>{}</operation>
<operation name="Find"><soap:operation soapAction="t"/>{}</operation>"#,
            BODY.replace("<input>", "<input name=\"ByNumber\">"),
            BODY.replace("<input>", "<input name=\"ByTitle\">")
        ),
    )
    .replace("<portType", r#"<message name="TokenIn"><part name="body" element="t:Token"/></message><portType"#);
    let contract = load(&text);
    let by_title = operation(&contract, "Find.ByTitle");
    assert_eq!((&*by_title.name, by_title.input_name.as_deref(), &*by_title.action), ("Find", Some("ByTitle"), "t"));
    assert_eq!((by_title.verdict.status, codes(by_title)), (Status::Degraded, vec!["overloaded"]));
    assert_eq!(&*operation(&contract, "Find.ByNumber").action, "n");
}

/// Two portTypes with an operation of one name, bound to SOAP 1.1 and 1.2.
const TWO_PORT_TYPES: &str = r#"<portType name="P"><operation name="Ask"><input message="t:AskIn"/></operation></portType>
<portType name="Q"><operation name="Ask"><input message="t:AskIn"/></operation></portType>
<binding name="P11" type="t:P"><soap:binding/><operation name="Ask"><soap:operation/><input><soap:body use="literal"/></input></operation></binding>
<binding name="P12" type="t:P"><soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Ask"><soap12:operation/>
<input><soap12:body use="literal"/></input></operation></binding>
<binding name="Q11" type="t:Q"><soap:binding/><operation name="Ask"><soap:operation/><input><soap:body use="literal"/></input></operation></binding>
<binding name="Get" type="t:P"><http:binding verb="GET"/><operation name="Ask"><http:operation location="/a"/></operation></binding>
<binding name="Jms" type="t:P"><soap:binding transport="http://www.w3.org/2010/soapjms/"/></binding>"#;

#[test]
fn ports_of_all_kinds_are_listed_and_clashing_names_get_the_port() {
    let text = wsdl_of(&format!(
        r#"{TWO_PORT_TYPES}<service name="S"><port name="G" binding="t:Get"/><port name="J" binding="t:Jms"/><port name="One" binding="t:P11"/>
<port name="Two" binding="t:P12"/><port name="Three" binding="t:Q11"/><port name="Four" binding="t:Gone"/></service>"#
    ));
    let contract = load(&text);
    let ports: Vec<_> = contract.services[0]
        .ports
        .iter()
        .map(|port| (&*port.name, port.soap, port.operations.iter().map(|operation| &*operation.route).collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        ports,
        [
            ("G", None, vec![]),
            ("J", None, vec![]),
            ("One", Some(SoapVersion::V1_1), vec!["Ask"]),
            ("Two", Some(SoapVersion::V1_2), vec!["Ask"]),
            ("Three", Some(SoapVersion::V1_1), vec!["Three/Ask"]),
            ("Four", None, vec![]),
        ]
    );
    assert_eq!(contract.diagnostics.iter().filter(|finding| finding.code == "other-binding").count(), 2);
    finding(&contract, "unknown-binding");
}

#[test]
fn what_has_no_port_becomes_a_synthetic_service() {
    let text = wsdl_of(&format!(
        r#"{TWO_PORT_TYPES}<portType name="Alone"><operation name="Ask"><input message="t:AskIn"/></operation></portType>
<service name="Q11"><port name="One" binding="t:P11"/></service>"#
    ));
    let contract = load(&text);
    let services: Vec<_> = contract.services.iter().map(|service| (&*service.name, service.synthetic)).collect();
    assert_eq!(services, [("Q11", false), ("P12", true), ("Q11_2", true), ("Alone", true)]);
    let alone = &contract.services[3].ports[0].operations[0];
    assert_eq!((alone.verdict.status, codes(alone)), (Status::Degraded, vec!["port-type-without-binding"]));
    assert_eq!(contract.services[1].ports[0].operations[0].verdict.status, Status::Served);
}

#[test]
fn the_later_of_two_services_with_one_name_is_refused() {
    let text = wsdl_of(&format!(
        r#"{TWO_PORT_TYPES}<service name="S"><port name="One" binding="t:P11"/></service><service name="S"><port name="Two" binding="t:P12"/></service>"#
    ));
    let contract = load(&text);
    assert_eq!(contract.services[0].ports[0].operations[0].verdict.status, Status::Served);
    assert_eq!(codes(&contract.services[1].ports[0].operations[0]), ["duplicate-service"]);
}

#[test]
fn a_part_beside_the_envelope_is_an_attachment_of_the_first_type_named() {
    let bound = r#"<operation name="Ask"><soap:operation/><input><mime:multipartRelated><mime:part><soap:body parts="body" use="literal"/></mime:part>
<mime:part><mime:content part="photo" type="image/png"/><mime:content part="photo" type="image/gif"/></mime:part></mime:multipartRelated></input></operation>"#;
    let text = one_port(r#"<operation name="Ask"><input message="t:Both"/></operation>"#, bound).replace(
        "<portType",
        r#"<message name="Both"><part name="body" element="t:Ask"/><part name="photo" type="xs:base64Binary"/></message><portType"#,
    );
    let contract = load(&text);
    let ask = operation(&contract, "Ask");
    assert_eq!((ask.verdict.status, codes(ask)), (Status::Served, vec![]));
    let input = ask.input.as_ref().unwrap();
    assert!(matches!(input.body, Body::Element(_)));
    let attachments: Vec<_> = input.attachments.iter().map(|one| (&*one.key, &*one.part, &*one.media)).collect();
    assert_eq!(attachments, [("photo", "photo", "image/png")]);
}

#[test]
fn a_broken_type_degrades_what_reaches_it_and_nothing_else() {
    let text = one_port(
        r#"<operation name="Ask"><input message="t:AskIn"/></operation><operation name="Tell"><input message="t:TellOut"/></operation>"#,
        &["Ask", "Tell"]
            .map(|name| format!(r#"<operation name="{name}"><soap:operation/><input><soap:body use="literal"/></input></operation>"#))
            .concat(),
    )
    .replace("type=\"xs:int\"", "type=\"t:Missing\"");
    let contract = load(&text);
    assert_eq!(operation(&contract, "Ask").verdict.status, Status::Served);
    let tell = operation(&contract, "Tell");
    assert_eq!(tell.verdict.status, Status::Degraded);
    assert_eq!(text_at(tell, &text), "type=\"t:Missing\"/");
}

#[test]
fn a_contract_that_declares_no_element_at_all_leaves_content_open() {
    let text = one_port(
        r#"<operation name="Ask"><input message="t:AskIn"/><output message="t:TellOut"/></operation>"#,
        &format!(r#"<operation name="Ask"><soap:operation/>{BODY}</operation>"#),
    );
    let (start, end) = (text.find("<types>").expect("types"), text.find("</types>").expect("types"));
    let contract = load(&format!("{}{}", &text[..start], &text[end + "</types>".len()..]));
    let ask = operation(&contract, "Ask");
    assert_eq!((ask.verdict.status, codes(ask)), (Status::Served, vec!["undeclared-element"; 2]));
    let Some(Body::Element(id)) = ask.input.as_ref().map(|input| input.body.clone()) else { panic!("no element") };
    assert_eq!(contract.schema.element(id).ty, castile::schema::form::TypeId::ANY);
}

#[test]
fn an_element_that_the_schema_of_its_namespace_does_not_declare_is_a_loss() {
    let text = one_port(
        r#"<operation name="Ask"><input message="t:AskIn"/></operation>"#,
        &format!(r#"<operation name="Ask"><soap:operation/>{BODY}</operation>"#),
    );
    let (start, end) = (text.find("<types>").expect("types"), text.find("</types>").expect("types"));
    let schema = r#"<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t"><element name="Sk"/></schema>"#;
    let contract = load(&format!("{}<types>{schema}{}", &text[..start], &text[end..]));
    let ask = operation(&contract, "Ask");
    assert_eq!((ask.verdict.status, codes(ask)), (Status::Degraded, vec!["unknown-element"]));
}

#[test]
fn imports_in_circles_of_schemas_and_missing_ones_cost_what_they_must() {
    let root = r#"<definitions targetNamespace="urn:r" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:r="urn:r" xmlns:p="urn:p" xmlns:x="urn:x"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"><import namespace="urn:p" location="p.wsdl"/><import namespace="urn:x" location="x.xsd"/>
<import namespace="urn:gone" location="gone.wsdl"/><import namespace="urn:r" location="t.wsdl"/>
<message name="In"><part name="body" element="x:Ask"/></message>
<binding name="B" type="p:P"><soap:binding/><operation name="Ask"><soap:operation/><input><soap:body use="literal"/></input></operation></binding>
<service name="S"><port name="One" binding="r:B"/></service></definitions>"#;
    let port_type = r#"<definitions targetNamespace="urn:p" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:r="urn:r">
<import namespace="urn:r" location="t.wsdl"/><portType name="P"><operation name="Ask"><input message="r:In"/></operation></portType></definitions>"#;
    let schema = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x"><xs:element name="Ask" type="xs:string"/></xs:schema>"#;
    let contract = load_with(root, &[("t.wsdl", root), ("p.wsdl", port_type), ("x.xsd", schema)]);
    assert_eq!(operation(&contract, "Ask").verdict.status, Status::Served);
    assert_eq!((contract.declared.port_types, contract.declared.services, contract.wsdl_documents.len()), (1, 1, 2));
    assert!(finding(&contract, "import-failed").message.contains("gone.wsdl"));
}

#[test]
fn a_binding_without_operations_is_taken_to_offer_those_of_its_port_type() {
    let text = one_port(r#"<operation name="Ask"><input message="t:AskIn"/><output message="t:TellOut"/></operation>"#, "");
    let contract = load(&text);
    let ask = operation(&contract, "Ask");
    assert_eq!((ask.verdict.status, codes(ask)), (Status::Degraded, vec!["operation-not-bound"]));
}

#[test]
fn a_well_known_schema_is_there_without_being_fetched() {
    let text = one_port(
        r#"<operation name="Ask"><input message="t:AskIn"/></operation>"#,
        r#"<operation name="Ask"><soap:operation/><input><soap:body use="literal"/></input></operation>"#,
    )
    .replace("<xs:element name=\"Ask\">", "<xs:import namespace=\"http://www.w3.org/2005/08/addressing\"/><xs:element name=\"Ask\">")
    .replace(
        "name=\"q\" type=\"xs:string\"",
        "name=\"q\" type=\"a:EndpointReferenceType\" xmlns:a=\"http://www.w3.org/2005/08/addressing\"",
    );
    let contract = load(&text);
    assert_eq!(operation(&contract, "Ask").verdict.status, Status::Served, "{:?}", operation(&contract, "Ask").verdict);
}

#[test]
fn a_document_nested_a_million_deep_is_judged_without_harm() {
    let mut text = wsdl_of("");
    let deep = "<documentation>".repeat(1_000_000) + &"</documentation>".repeat(1_000_000);
    text.insert_str(text.find("<types>").expect("types"), &deep);
    let mut memory = Memory(HashMap::new());
    // Either verdict will do.
    let _ = wsdl::load("t.wsdl", &text, &mut memory);
}

#[test]
fn every_beginning_and_every_hole_of_a_contract_is_judged_without_harm() {
    let text = wsdl_of(&format!(
        r#"{TWO_PORT_TYPES}<service name="S"><port name="One" binding="t:P11"><soap:address location="http://h/"/></port></service>"#
    ));
    for at in (0..text.len()).step_by(7) {
        let _ = wsdl::load("t.wsdl", &text[..at], &mut Memory(HashMap::new()));
        let end = text[at..].find(['<', '"', ' ']).map_or(text.len(), |found| at + found);
        let holed = format!("{}{}", &text[..at], &text[end..]);
        if let Ok(contract) = wsdl::load("t.wsdl", &holed, &mut Memory(HashMap::new())) {
            let _ = castile::wsdl::report::text(&contract, Paint::Plain);
            let _ = castile::wsdl::publish::document(&contract, 0, "http://h/S");
        }
    }
}

#[test]
fn a_contract_without_any_operation_says_so_with_what_it_has() {
    let contract = load_with(&wsdl_of(""), &[]);
    let found: Vec<_> = contract.diagnostics.iter().filter(|finding| finding.code == "nothing-to-serve").collect();
    assert!(matches!(found.as_slice(), [one] if one.message.contains("0 services, 0 bindings and 0 portTypes")), "{found:?}");
    let served = one_port(
        r#"<operation name="Ask"><input message="t:AskIn"/><output message="t:TellOut"/></operation>"#,
        &format!(r#"<operation name="Ask">{BODY}</operation>"#),
    );
    assert!(load_with(&served, &[]).diagnostics.iter().all(|finding| finding.code != "nothing-to-serve"));
}
