//! Slips of contracts that leave one meaning: the contract is read as it was meant, with a warning at the place.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use castile::schema::load::NoResolver;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::wsdl::contract::SoapVersion;
use castile::wsdl::contract::Status;

const XSD: &str = "http://www.w3.org/2001/XMLSchema";

struct Slip {
    /// The root of the schema, without the end of its tag's attributes; its content.
    schema: (&'static str, &'static str),
    /// The part of the request.
    part: &'static str,
    /// What the binding says of the request.
    bound: &'static str,
}

const PLAIN: Slip = Slip { schema: ("xs:schema", ""), part: r#"<part name="p" element="t:Do"/>"#, bound: r#"<soap:body use="literal"/>"# };

fn codec(slip: &Slip, xs: &str) -> Codec {
    let (root, content) = slip.schema;
    let end = root.split(' ').next().unwrap();
    let wsdl = format!(
        r#"<definitions name="T" targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="{xs}">
<types><{root} targetNamespace="urn:t" elementFormDefault="qualified">{content}</{end}></types>
<message name="In">{}</message>
<portType name="P"><operation name="Do"><input message="t:In"/></operation></portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="Do"><soap:operation soapAction=""/><input>{}</input></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://inside.example/"/></port></service>
</definitions>"#,
        slip.part, slip.bound
    );
    Codec::new(Arc::new(castile::wsdl::load("t.wsdl", &wsdl, &mut NoResolver).unwrap()))
}

/// Takes the request's JSON to SOAP by a contract that is served and warns with this code; the content of Body.
fn body(slip: &Slip, xs: &str, code: &str, json: &str) -> String {
    let codec = codec(slip, xs);
    assert!(codec.contract.diagnostics.iter().any(|finding| finding.code == code), "no {code} in {:?}", codec.contract.diagnostics);
    let operation = &codec.contract.services[0].ports[0].operations[0];
    assert_eq!(operation.verdict.status, Status::Served, "{:?}", operation.verdict.reasons);
    let soap = codec.to_xml(operation, Direction::Request, json.as_bytes(), SoapVersion::V1_1);
    let soap = String::from_utf8(soap.unwrap_or_else(|faults| panic!("{:?}", faults.faults))).unwrap();
    let (_, rest) = soap.split_once("<soap:Envelope ").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.trim_end_matches("</soap:Envelope>").to_owned()
}

fn faults(slip: &Slip, xs: &str, json: &str) -> Vec<String> {
    let codec = codec(slip, xs);
    let operation = &codec.contract.services[0].ports[0].operations[0];
    let refused = codec.to_xml(operation, Direction::Request, json.as_bytes(), SoapVersion::V1_1).expect_err("refused");
    refused.faults.iter().map(|fault| fault.pointer.clone()).collect()
}

#[test]
fn a_schema_in_the_namespace_of_a_draft_is_read_and_its_old_type_names_have_their_new_meaning() {
    let content = r#"<xs:element name="Do"><xs:complexType><xs:sequence>
        <xs:element name="at" type="xs:timeInstant"/><xs:element name="n" type="xs:int"/>
      </xs:sequence></xs:complexType></xs:element>"#;
    let slip = Slip { schema: ("xs:schema", content), ..PLAIN };
    for draft in ["http://www.w3.org/1999/XMLSchema", "http://www.w3.org/2000/10/XMLSchema"] {
        let json = r#"{"at": "2001-05-02T00:00:00Z", "n": 7}"#;
        let expected = "<soap:Body><t:Do><t:at>2001-05-02T00:00:00Z</t:at><t:n>7</t:n></t:Do></soap:Body>";
        assert_eq!(body(&slip, draft, "foreign-schema-namespace", json), expected);
        assert_eq!(faults(&slip, draft, r#"{"at": "today", "n": "7"}"#), ["#/at", "#/n"]);
    }
}

#[test]
fn schema_elements_without_their_prefix_are_read_in_wsdls_namespace_and_in_none() {
    const CONTENT: &str = r#"<simpleType name="Code"><restriction base="string"><maxLength value="2"/></restriction></simpleType>
      <element name="Do"><complexType><sequence><element name="code" type="t:Code"/></sequence></complexType></element>"#;
    let wsdl = Slip { schema: ("xs:schema", CONTENT), ..PLAIN };
    assert_eq!(
        body(&wsdl, XSD, "foreign-schema-namespace", r#"{"code": "ab"}"#),
        "<soap:Body><t:Do><t:code>ab</t:code></t:Do></soap:Body>"
    );
    assert_eq!(faults(&wsdl, XSD, r#"{"code": "abc"}"#), ["#/code"]);

    const NONE: &str = r#"<element name="Do"><complexType><sequence><element name="n" type="xs:int"/></sequence></complexType></element>"#;
    let none = Slip { schema: (r#"xs:schema xmlns="""#, NONE), ..PLAIN };
    assert_eq!(body(&none, XSD, "foreign-schema-namespace", r#"{"n": 1}"#), "<soap:Body><t:Do><t:n>1</t:n></t:Do></soap:Body>");
    assert_eq!(faults(&none, XSD, r#"{"n": "1"}"#), ["#/n"]);
}

#[test]
fn a_schema_element_that_forgot_its_prefix_counts_by_what_it_holds() {
    const CONTENT: &str = r#"<xs:element name="Do" type="xs:int"/>"#;
    let slip = Slip { schema: ("schema", CONTENT), ..PLAIN };
    assert_eq!(body(&slip, XSD, "foreign-schema-namespace", r#"{"$value": 7}"#), "<soap:Body><t:Do>7</t:Do></soap:Body>");
}

#[test]
fn an_appinfo_may_hold_elements_of_wsdl_without_a_warning() {
    const CONTENT: &str =
        r#"<xs:element name="Do" type="xs:int"><xs:annotation><xs:appinfo><documentation/></xs:appinfo></xs:annotation></xs:element>"#;
    let codec = codec(&Slip { schema: ("xs:schema", CONTENT), ..PLAIN }, XSD);
    assert_eq!(codec.contract.diagnostics, []);
}

#[test]
fn the_customary_prefix_of_a_built_in_type_needs_no_declaration() {
    const CONTENT: &str = r#"<xs:element name="Do"><xs:complexType><xs:sequence><xs:element name="n" type="xsd:int"/></xs:sequence></xs:complexType></xs:element>"#;
    let slip = Slip { schema: ("xs:schema", CONTENT), ..PLAIN };
    assert_eq!(body(&slip, XSD, "unbound-prefix", r#"{"n": 1}"#), "<soap:Body><t:Do><t:n>1</t:n></t:Do></soap:Body>");
    assert_eq!(faults(&slip, XSD, r#"{"n": "1"}"#), ["#/n"]);
}

#[test]
fn elements_without_a_group_round_them_make_a_sequence() {
    const CONTENT: &str = r#"<xs:element name="Do"><xs:complexType>
      <xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int" minOccurs="0"/><xs:attribute name="c" type="xs:int"/>
    </xs:complexType></xs:element>"#;
    let slip = Slip { schema: ("xs:schema", CONTENT), ..PLAIN };
    let expected = r#"<soap:Body><t:Do c="3"><t:a>1</t:a><t:b>2</t:b></t:Do></soap:Body>"#;
    assert_eq!(body(&slip, XSD, "left-out-element", r#"{"b": 2, "a": 1, "@c": 3}"#), expected);
    assert_eq!(faults(&slip, XSD, r#"{"b": 2}"#), ["#/a"]);
}

#[test]
fn an_extension_without_complex_content_round_it_extends() {
    const CONTENT: &str = r#"<xs:complexType name="Base"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:complexType>
      <xs:complexType name="More"><xs:extension base="t:Base"><xs:sequence><xs:element name="b" type="xs:int"/></xs:sequence></xs:extension></xs:complexType>
      <xs:element name="Do" type="t:More"/>"#;
    let slip = Slip { schema: ("xs:schema", CONTENT), ..PLAIN };
    assert_eq!(body(&slip, XSD, "left-out-element", r#"{"b": 2, "a": 1}"#), "<soap:Body><t:Do><t:a>1</t:a><t:b>2</t:b></t:Do></soap:Body>");
}

#[test]
fn complex_content_without_a_derivation_holds_its_group() {
    const CONTENT: &str = r#"<xs:element name="Do"><xs:complexType><xs:complexContent>
      <xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:complexContent></xs:complexType></xs:element>"#;
    let slip = Slip { schema: ("xs:schema", CONTENT), ..PLAIN };
    assert_eq!(body(&slip, XSD, "left-out-element", r#"{"a": 1}"#), "<soap:Body><t:Do><t:a>1</t:a></t:Do></soap:Body>");
}

const ELEMENTS: &str = r#"<xs:element name="Do" type="xs:int"/><xs:element name="Token" type="xs:string"/>"#;

#[test]
fn a_header_without_message_is_a_part_of_the_operations_own() {
    let slip = Slip {
        schema: ("xs:schema", ELEMENTS),
        part: r#"<part name="h" element="t:Token"/><part name="p" element="t:Do"/>"#,
        bound: r#"<soap:header part="h" use="literal"/><soap:body use="literal"/>"#,
    };
    let json = r#"{"$headers": {"Token": "x"}, "$value": 7}"#;
    let expected = "<soap:Header><t:Token>x</t:Token></soap:Header><soap:Body><t:Do>7</t:Do></soap:Body>";
    assert_eq!(body(&slip, XSD, "header-without-message", json), expected);
}

#[test]
fn a_body_that_lists_only_parts_that_are_not_there_holds_what_is_left() {
    let slip = Slip {
        schema: ("xs:schema", ELEMENTS),
        part: r#"<part name="h" element="t:Token"/><part name="p" element="t:Do"/>"#,
        bound: r#"<soap:header message="t:In" part="h" use="literal"/><soap:body parts="body" use="literal"/>"#,
    };
    assert_eq!(body(&slip, XSD, "unknown-part", r#"{"$value": 7}"#), "<soap:Body><t:Do>7</t:Do></soap:Body>");
}

#[test]
fn an_empty_list_of_parts_is_an_empty_body() {
    let slip = Slip { schema: ("xs:schema", ELEMENTS), bound: r#"<soap:body parts="" use="literal"/>"#, ..PLAIN };
    let codec = codec(&slip, XSD);
    let operation = &codec.contract.services[0].ports[0].operations[0];
    let soap = codec.to_xml(operation, Direction::Request, b"{}", SoapVersion::V1_1).unwrap();
    assert!(String::from_utf8(soap).unwrap().contains("<soap:Body></soap:Body>"));
}

#[test]
fn the_type_of_a_part_may_lack_its_prefix_or_the_prefix_its_declaration() {
    for ty in ["int", "xsd:int"] {
        let part: &'static str = if ty == "int" { r#"<part name="p" type="int"/>"# } else { r#"<part name="p" type="xsd:int"/>"# };
        let bound = r#"<soap:body use="literal"/>"#;
        let codec = codec(&Slip { schema: ("xs:schema", ELEMENTS), part, bound }, XSD);
        assert!(codec.contract.diagnostics.iter().any(|finding| finding.code == "built-in-type"), "{:?}", codec.contract.diagnostics);
        let operation = &codec.contract.services[0].ports[0].operations[0];
        assert_eq!(operation.verdict.status, Status::Served, "{:?}", operation.verdict.reasons);
        let soap = codec.to_xml(operation, Direction::Request, br#"{"$value": 7}"#, SoapVersion::V1_1).unwrap();
        assert!(String::from_utf8(soap).unwrap().contains("<soap:Body>7</soap:Body>"));
    }
}

#[test]
fn attributes_of_vendors_are_not_taken_for_those_of_xml_schema_and_wsdl() {
    const CONTENT: &str = r#"<xs:element v:name="wrong" name="Do" xmlns:v="urn:v"><xs:complexType><xs:sequence>
      <xs:element v:type="xs:int" v:maxOccurs="7" v:nillable="true" v:fixed="9" name="a" type="xs:string"/>
      <xs:element v:form="unqualified" v:ref="t:Lost" v:minOccurs="0" name="b" type="xs:int"/></xs:sequence>
      <xs:attribute v:use="required" v:default="1" name="c" type="xs:int"/></xs:complexType></xs:element>"#;
    let part = r#"<part xmlns:v="urn:v" v:name="q" v:type="xs:int" v:element="t:Lost" name="p" element="t:Do"/>"#;
    let bound = r#"<soap:body xmlns:v="urn:v" v:use="encoded" v:parts="none" use="literal"/>"#;
    let slip = Slip { schema: ("xs:schema", CONTENT), part, bound };
    let codec = codec(&slip, XSD);
    assert_eq!(codec.contract.diagnostics, []);
    let operation = &codec.contract.services[0].ports[0].operations[0];
    assert_eq!(operation.verdict.status, Status::Served, "{:?}", operation.verdict.reasons);
    let soap = codec.to_xml(operation, Direction::Request, br#"{"a": "x", "b": 2}"#, SoapVersion::V1_1).unwrap();
    assert!(String::from_utf8(soap).unwrap().contains("<t:Do><t:a>x</t:a><t:b>2</t:b></t:Do>"));
    assert_eq!(faults(&slip, XSD, r#"{"a": 1}"#), ["#/b", "#/a"]);
}

#[test]
fn a_reference_without_prefix_is_to_the_schemas_own_component_where_nothing_else_can_be_meant() {
    const CONTENT: &str = r#"<xs:complexType name="Code"><xs:sequence><xs:element name="n" type="xs:int"/></xs:sequence></xs:complexType>
      <xs:element name="Do"><xs:complexType><xs:sequence><xs:element name="code" type="Code"/></xs:sequence></xs:complexType></xs:element>"#;
    for root in ["xs:schema", r#"xs:schema xmlns="""#] {
        let slip = Slip { schema: (root, CONTENT), ..PLAIN };
        let expected = "<soap:Body><t:Do><t:code><t:n>1</t:n></t:code></t:Do></soap:Body>";
        assert_eq!(body(&slip, XSD, "unprefixed-reference", r#"{"code": {"n": 1}}"#), expected);
        assert_eq!(faults(&slip, XSD, r#"{"code": {"n": "1"}}"#), ["#/code/n"]);
    }
}
