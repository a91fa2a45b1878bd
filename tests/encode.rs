//! JSON to SOAP as a whole: what is no JSON, how much is told of it, digits, and that no input costs more than its length.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use castile::json::limits::Limits;
use castile::schema::load::NoResolver;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::transcode::decode::Mode;
use castile::transcode::encode::JsonFaultKind;
use castile::transcode::encode::JsonFaults;
use castile::wsdl::contract::SoapVersion;

const SCHEMA: &str = r###"
<xs:element name="Do"><xs:complexType><xs:sequence>
  <xs:element name="amount" type="xs:decimal" minOccurs="0"/>
  <xs:element name="count" type="xs:integer" minOccurs="0" maxOccurs="unbounded"/>
  <xs:element name="node" type="x:Node" minOccurs="0" maxOccurs="unbounded"/>
  <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence><xs:anyAttribute namespace="##other" processContents="lax"/></xs:complexType></xs:element>
<xs:complexType name="Node"><xs:choice minOccurs="0" maxOccurs="unbounded">
  <xs:element name="node" type="x:Node"/><xs:element name="leaf" type="xs:int"/>
</xs:choice></xs:complexType>"###;

fn codec() -> Codec {
    codec_of(SCHEMA)
}

fn codec_of(schema: &str) -> Codec {
    let wsdl = format!(
        r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:x="urn:example" targetNamespace="urn:example">
<w:types><xs:schema targetNamespace="urn:example" elementFormDefault="qualified">{schema}</xs:schema></w:types>
<w:message name="In"><w:part name="p" element="x:Do"/></w:message>
<w:portType name="P"><w:operation name="Do"><w:input message="x:In"/></w:operation></w:portType>
<w:binding name="B" type="x:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Do"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input></w:operation></w:binding>
<w:service name="S"><w:port name="P" binding="x:B"><s:address location="http://localhost/"/></w:port></w:service>
</w:definitions>"#
    );
    Codec::new(Arc::new(castile::wsdl::load("service.wsdl", &wsdl, &mut NoResolver).unwrap()))
}

fn write(codec: &Codec, json: &[u8]) -> Result<String, JsonFaults> {
    let operation = &codec.contract.services[0].ports[0].operations[0];
    codec.to_xml(operation, Direction::Request, json, SoapVersion::V1_1).map(|soap| String::from_utf8(soap).unwrap())
}

#[test]
fn an_empty_document_counts_as_an_empty_object() {
    let codec = codec();
    assert_eq!(write(&codec, b"").unwrap(), write(&codec, b"{}").unwrap());
    assert_eq!(write(&codec, b" \n").unwrap(), write(&codec, b"{}").unwrap());
}

#[test]
fn the_envelope_is_of_the_version_asked_for_and_declares_what_it_uses() {
    let codec = codec();
    let operation = &codec.contract.services[0].ports[0].operations[0];
    let soap = codec.to_xml(operation, Direction::Request, br#"{"amount": 1}"#, SoapVersion::V1_2).unwrap();
    assert_eq!(
        String::from_utf8(soap).unwrap(),
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:x=\"urn:example\">\
         <soap:Body><x:Do><x:amount>1</x:amount></x:Do></soap:Body></soap:Envelope>"
    );
}

#[test]
fn what_is_no_json_is_malformed_and_says_where() {
    let codec = codec();
    for json in [&b"{\"amount\": 1"[..], b"{\"amount\": 01}", b"[1", b"{\"a\": \"\\ud800\"}", b"\xff", b"nope"] {
        let refused = write(&codec, json).unwrap_err();
        assert_eq!(refused.kind, JsonFaultKind::Malformed, "{}", String::from_utf8_lossy(json));
        assert!(refused.faults[0].detail.starts_with("line 1, column"), "{:?}", refused.faults);
    }
    assert_eq!(write(&codec, b"[]").unwrap_err().kind, JsonFaultKind::Invalid);
}

#[test]
fn a_document_beyond_the_limit_is_too_large() {
    let codec = codec();
    let message = codec.contract.services[0].ports[0].operations[0].input.as_ref().unwrap();
    let limits = Limits { bytes: 10, ..Limits::default() };
    let refused = codec.message_to_xml(message, br#"{"amount": 1}"#, SoapVersion::V1_1, &limits).unwrap_err();
    assert_eq!(refused.kind, JsonFaultKind::TooLarge);
}

#[test]
fn digits_survive_both_ways() {
    let codec = codec();
    let operation = &codec.contract.services[0].ports[0].operations[0];
    let json = r#"{"amount":12345678901234567.89,"count":[1180591620717411303424,123456789012345678901234567890,-9223372036854775809],"node":[],"$any":[]}"#;
    let soap = write(&codec, json.as_bytes()).unwrap();
    for digits in [">12345678901234567.89<", ">1180591620717411303424<", ">123456789012345678901234567890<", ">-9223372036854775809<"] {
        assert!(soap.contains(digits), "{digits} is not in {soap}");
    }
    let back = codec.to_json(operation, Direction::Request, soap.as_bytes(), Mode::Enforce).unwrap();
    assert_eq!(String::from_utf8(back.json).unwrap(), json);
}

#[test]
fn a_thousand_faults_are_told_and_the_rest_counted() {
    let codec = codec();
    let many: String = (0..5000).map(|_| "\"x\",").collect();
    let refused = write(&codec, format!("{{\"count\": [{many}1]}}").as_bytes()).unwrap_err();
    assert_eq!(refused.faults.len(), 1001);
    assert_eq!(refused.faults[999].pointer, "#/count/999");
    assert_eq!(refused.faults[1000].detail, "4000 more faults");
}

#[test]
fn depth_is_limited_by_the_reader_and_survived() {
    let codec = codec();
    let nested = |depth: usize| format!("{{\"node\": [{}{}]}}", "{\"$items\": [{\"node\": ".repeat(depth) + "{}", "}]}".repeat(depth));
    assert!(write(&codec, nested(40).as_bytes()).unwrap().contains("<x:node/>"));
    assert_eq!(write(&codec, nested(10_000).as_bytes()).unwrap_err().kind, JsonFaultKind::Malformed);
}

/// Ten times the input may not take a hundred times as long.
fn linear(what: &str, document: impl Fn(usize) -> String) {
    let codec = codec();
    let time = |size: usize| {
        let json = document(size);
        let best = (0..3).map(|_| {
            let start = Instant::now();
            let _ = write(&codec, json.as_bytes());
            start.elapsed()
        });
        best.min().unwrap_or_default()
    };
    let (small, large) = (time(900), time(9000));
    assert!(large < small * 40 + Duration::from_millis(20), "{what}: {small:?} for 900, {large:?} for 9000");
}

#[test]
fn no_input_costs_more_than_its_length() {
    let list = |size: usize, one: &dyn Fn(usize) -> String| (0..size).map(one).collect::<Vec<_>>().join(",");
    linear("unknown properties", |size| format!("{{{}}}", list(size, &|n| format!("\"k{n}\": {n}"))));
    linear("unknown attributes", |size| format!("{{{}}}", list(size, &|n| format!("\"@{{urn:{n}}}k\": \"{n}\""))));
    linear("faults in a list", |size| format!("{{\"count\": [{}]}}", list(size, &|n| format!("\"{n}\""))));
    linear("foreign elements", |size| {
        format!("{{\"$any\": [{}]}}", list(size, &|n| format!("{{\"{{urn:{n}}}k\": {{\"@{{urn:a{n}}}b\": \"c\"}}}}")))
    });
    linear("prefixes", |size| {
        let bindings = (0..60).fold(String::new(), |mut text, n| {
            let _ = write!(text, "{}\"p{n}\": \"urn:p{n}\"", if n == 0 { "" } else { "," });
            text
        });
        let inner = list(size, &|n| format!("{{\"{{urn:q{}}}k\": \"\"}}", n % 7));
        format!("{{\"$any\": [{{\"{{urn:o}}k\": {{\"$xmlns\": {{{bindings}}}, \"$mixed\": [{inner}]}}}}]}}")
    });
    linear("entries", |size| format!("{{\"node\": [{{\"$items\": [{}]}}]}}", list(size, &|n| format!("{{\"leaf\": {n}}}"))));
}

/// A repeated choice after required elements.
const LIST: &str = r###"
<xs:element name="Do"><xs:complexType><xs:sequence>
  <xs:element name="id" type="xs:int"/><xs:element name="kind" type="xs:string"/>
  <xs:choice minOccurs="1" maxOccurs="unbounded"><xs:element ref="x:bird"/><xs:element name="leaf" type="xs:int"/></xs:choice>
</xs:sequence></xs:complexType></xs:element>
<xs:element name="animal" type="xs:string" abstract="true"/>
<xs:element name="bird"><xs:complexType><xs:sequence><xs:element name="wing" type="xs:int"/></xs:sequence></xs:complexType></xs:element>"###;

#[test]
fn hints_for_an_entry_name_what_may_stand_in_its_list_and_no_fault_causes_another() {
    let codec = codec_of(LIST);
    let faults = |json: &str| -> Vec<(String, String)> {
        write(&codec, json.as_bytes()).unwrap_err().faults.into_iter().map(|fault| (fault.pointer, fault.detail)).collect()
    };
    let found = faults(r#"{"id": 1, "kind": "a", "$items": [{"animal": "x"}]}"#);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "#/$items/0/animal");
    assert!(found[0].1.ends_with("expected \"bird\", \"leaf\""), "{found:?}");
    let missing = faults(r#"{"$items": [{"animal": "x"}]}"#);
    assert!(missing.iter().any(|(at, detail)| at == "#/$items/0/animal" && detail.ends_with("expected \"bird\", \"leaf\"")), "{missing:?}");
    let several = faults(r#"{"id": 1, "kind": "a", "$items": [{"bird": {}, "leaf": "x"}]}"#);
    let places: Vec<&str> = several.iter().map(|(at, _)| &**at).collect();
    assert_eq!(places, ["#/$items/0", "#/$items/0/bird/wing", "#/$items/0/leaf"], "{several:?}");
    for wrong in [r#"{"leaf": 1}"#, "[7]", r#"["x", {}]"#] {
        let found = faults(&format!(r#"{{"id": 1, "kind": "a", "$items": {wrong}}}"#));
        assert!(found.iter().all(|(at, detail)| at.starts_with("#/$items") && !detail.contains("too early")), "{found:?}");
    }
}

/// A list of items with a key, and a reference to it.
const KEYS: &str = r###"
<xs:element name="Do"><xs:complexType><xs:sequence>
  <xs:element name="item" maxOccurs="unbounded"><xs:complexType><xs:attribute name="code" type="xs:decimal"/></xs:complexType></xs:element>
  <xs:element name="use" type="xs:decimal" minOccurs="0"/>
</xs:sequence></xs:complexType>
<xs:key name="codes"><xs:selector xpath="x:item"/><xs:field xpath="@code"/></xs:key>
<xs:keyref name="uses" refer="x:codes"><xs:selector xpath="x:use"/><xs:field xpath="."/></xs:keyref></xs:element>"###;

#[test]
fn keys_and_references_are_judged_in_json_too() {
    let codec = codec_of(KEYS);
    assert!(write(&codec, br#"{"item": [{"@code": 1}, {"@code": 2}], "use": 2.0}"#).is_ok());
    for (json, mention) in [
        (r#"{"item": [{"@code": 1}, {"@code": 1.0}]}"#, "/x:Do/x:item[2]: key codes: the same value stands before"),
        (r#"{"item": [{"@code": 1}, {}]}"#, "/x:Do/x:item[2]: key codes: field 1 has no value"),
        (r#"{"item": [{"@code": 1}], "use": 3}"#, "/x:Do/x:use: keyref uses: no codes has this value"),
    ] {
        let refused = write(&codec, json.as_bytes()).unwrap_err();
        assert_eq!((refused.kind, refused.faults.len()), (JsonFaultKind::Invalid, 1), "{json}: {refused:?}");
        assert!(refused.faults[0].detail.starts_with(mention), "{refused:?}");
    }
}
