//! The load report as people see it, and what degrades the operations in it. Documents in memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use castile::diagnostic::Diagnostic;
use castile::diagnostic::paint::Paint;
use castile::instance::Generator;
use castile::instance::Style;
use castile::schema::load::Fetched;
use castile::schema::load::ResolveError;
use castile::schema::load::Resolver;
use castile::wsdl;
use castile::wsdl::contract::Contract;
use castile::wsdl::contract::Operation;
use castile::wsdl::contract::Status;

/// There are no other documents.
struct Nothing;

impl Resolver for Nothing {
    fn fetch(&mut self, _base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        Err(ResolveError { message: format!("cannot read {location}") })
    }
}

const HEAD: &str = r#"<definitions name="T" targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:http="http://schemas.xmlsoap.org/wsdl/http/"
 xmlns:xs="http://www.w3.org/2001/XMLSchema">"#;

fn load(text: &str) -> Contract {
    wsdl::load("t.wsdl", text, &mut Nothing).unwrap_or_else(|error| panic!("{error}"))
}

/// One portType with these operations, bound by these, one port.
fn one_port(components: &str, operations: &str, bound: &str) -> Contract {
    load(&format!(
        r#"{HEAD}<types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">{components}</xs:schema></types>
<message name="M"><part name="body" element="t:In"/></message>
<portType name="P">{operations}</portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>{bound}</binding>
<service name="S"><port name="Port" binding="t:B"><soap:address location="http://inside.example/s"/></port></service></definitions>"#
    ))
}

/// A contract of one operation `Do` whose request is the element `In` of these declarations, and of the text of its table.
fn of_schema(components: &str) -> (Contract, String) {
    let bound = "<operation name=\"Do\"><soap:operation/><input><soap:body use=\"literal\"/></input></operation>";
    let contract = one_port(components, "<operation name=\"Do\"><input message=\"t:M\"/></operation>", bound);
    let table = castile::wsdl::report::text(&contract, Paint::Plain);
    (contract, table)
}

fn operation<'c>(contract: &'c Contract, route: &str) -> &'c Operation {
    let operations = contract.services.iter().flat_map(|service| &service.ports).flat_map(|port| &port.operations);
    operations.into_iter().find(|operation| &*operation.route == route).unwrap_or_else(|| panic!("no route {route}"))
}

fn codes(operation: &Operation) -> Vec<&str> {
    operation.verdict.reasons.iter().map(|reason| reason.code).collect()
}

fn finding<'c>(contract: &'c Contract, code: &str) -> &'c Diagnostic {
    contract.diagnostics.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("no {code} in {:?}", contract.diagnostics))
}

#[test]
fn a_rule_of_the_schema_that_is_lost_degrades_the_operations_that_need_it() {
    let restricted = |base: &str, facets: &str| {
        format!(
            r#"<xs:element name="In"><xs:simpleType><xs:restriction base="xs:{base}">{facets}</xs:restriction></xs:simpleType></xs:element>"#
        )
    };
    let sequence = |members: &str| {
        format!(r#"<xs:element name="In"><xs:complexType><xs:sequence>{members}</xs:sequence></xs:complexType></xs:element>"#)
    };
    let x = r#"<xs:element name="x" type="xs:int" minOccurs="2" maxOccurs="1"/>"#;
    let group = format!(r#"<xs:group name="G"><xs:sequence>{x}</xs:sequence></xs:group>"#);
    let rows = [
        (restricted("int", r#"<xs:minInclusive value="abc"/>"#), "facet-lost", "minInclusive \"abc\" is no value of xs:int"),
        (restricted("string", r#"<xs:maxLength value="many"/>"#), "facet-lost", "maxLength is \"many\""),
        (restricted("int", r#"<xs:enumeration value="one"/>"#), "facet-lost", "not a value of the base type"),
        (sequence(x), "illegal-occurrence", "minOccurs 2 is more than maxOccurs 1"),
        (sequence(r#"<xs:group ref="t:G"/>"#) + &group, "illegal-occurrence", "minOccurs 2 is more than maxOccurs 1"),
        (
            String::from(r#"<xs:element name="In" type="xs:string"/><xs:element name="In" type="xs:int"/>"#),
            "duplicate-component",
            "element {urn:t}In is declared differently at t.wsdl:",
        ),
        (
            sequence(r#"<xs:element name="y" type="t:T"/>"#)
                + r#"<xs:simpleType name="T"><xs:restriction base="xs:int"/></xs:simpleType>"#
                + r#"<xs:simpleType name="T"><xs:restriction base="xs:string"/></xs:simpleType>"#,
            "duplicate-component",
            "type {urn:t}T is declared differently at t.wsdl:",
        ),
        (
            format!(
                r#"{}<xs:complexType name="T"><xs:attribute ref="t:a"/></xs:complexType><xs:attribute name="a" type="xs:int"/><xs:attribute name="a"/>"#,
                sequence(r#"<xs:element name="y" type="t:T"/>"#)
            ),
            "duplicate-component",
            "attribute {urn:t}a is declared differently at t.wsdl:",
        ),
    ];
    for (components, code, words) in rows {
        let (contract, table) = of_schema(&components);
        let verdict = &operation(&contract, "Do").verdict;
        assert_eq!((verdict.status, codes(operation(&contract, "Do"))), (Status::Degraded, vec![code]), "{components}");
        assert!(verdict.reasons[0].message.contains(words), "{}", verdict.reasons[0].message);
        assert!(table.contains(&format!("Do         degraded  #1 {}", words.chars().take(15).collect::<String>())), "{table}");
        let element = contract.schema.find_element("urn:t", "In").unwrap();
        let instance = Generator::new(&contract.schema, Style::Typical, 1).element(element);
        assert!(instance.is_some(), "a sample is still made of {components}");
    }
}

#[test]
fn what_loses_nothing_leaves_the_operation_served() {
    let all =
        r#"<xs:element name="In"><xs:complexType><xs:all><xs:element name="x" maxOccurs="2"/></xs:all></xs:complexType></xs:element>"#;
    let (contract, table) = of_schema(all);
    assert_eq!(operation(&contract, "Do").verdict.status, Status::Served);
    assert!(finding(&contract, "repeated-in-all").message.starts_with("a member of xs:all may occur once at most"), "{table}");
    let values = r#"<xs:element name="In"><xs:simpleType><xs:restriction base="xs:int"><xs:enumeration value="one"/><xs:enumeration value="1"/>
        </xs:restriction></xs:simpleType></xs:element>"#;
    assert_eq!(operation(&of_schema(values).0, "Do").verdict.status, Status::Served);
    let twice = r#"<xs:element name="In" type="xs:string"/><xs:element   name="In" type="xs:string" />"#;
    assert_eq!(operation(&of_schema(twice).0, "Do").verdict.status, Status::Served);
}

#[test]
fn the_table_tells_a_reason_once_and_each_of_its_places_on_a_line_that_begins_with_it() {
    let names: Vec<String> = (0..40).map(|number| format!("Operation{number}")).collect();
    let operations: String = names.iter().map(|name| format!("<operation name=\"{name}\"><input message=\"t:M\"/></operation>")).collect();
    let body = "<input><soap:body use=\"encoded\"/></input>";
    let bound: String = names.iter().map(|name| format!("\n<operation name=\"{name}\"><soap:operation/>{body}</operation>")).collect();
    let contract = one_port("<xs:element name=\"In\"/>", &operations, &bound);
    let table = castile::wsdl::report::text(&contract, Paint::Plain);
    let told = "the body uses SOAP encoding (use=\"encoded\"), which has no schema to go by; only SOAP passes, unvalidated";
    assert_eq!(table.matches(told).count(), 3, "three places are shown with their line\n{table}");
    assert_eq!(table.matches(": as above (Operation").count(), 37, "{table}");
    assert_eq!(table.matches("#1 40 operations: Operation0, Operation1, ").count(), 1, "{table}");
    let places = table.lines().filter(|line| line.starts_with("t.wsdl:") && line.contains(": ")).count();
    assert_eq!(places, 1 + 40, "the head and the places\n{table}");
    assert!(table.contains("\n    Operation0   refused   #1 the body uses SOAP encoding"), "{table}");
    assert!(table.contains("\n    Operation39  refused   #1\n"), "{table}");
    let lines: Vec<&str> = table.lines().collect();
    let at = lines.iter().position(|line| line.ends_with(told)).unwrap();
    let caret = lines[at + 2].chars().position(|c| c == '^').unwrap();
    let under: String = lines[at + 1].chars().skip(caret).take(10).collect();
    assert_eq!(under, "<soap:body", "{table}");
    assert!(lines.iter().filter(|line| !line.starts_with("t.wsdl:")).all(|line| line.chars().count() <= 110), "{table}");
}

#[test]
fn colours_change_nothing_but_the_colours() {
    let (contract, plain) = of_schema(r#"<xs:element name="In" type="t:Nope"/>"#);
    let coloured = castile::wsdl::report::text(&contract, Paint::Coloured);
    assert!(coloured.contains("\u{1b}[33mdegraded\u{1b}[0m") && !plain.contains('\u{1b}'), "{coloured}");
    let mut pieces = coloured.split('\u{1b}');
    let first = pieces.next().unwrap().to_owned();
    let bare = pieces.fold(first, |bare, piece| bare + piece.split_once('m').unwrap().1);
    assert_eq!(bare, plain);
}

#[test]
fn the_table_says_why_a_port_is_passed_over() {
    let contract = load(&format!(
        r#"{HEAD}<portType name="P"/><binding name="H" type="t:P"><http:binding verb="GET"/></binding>
<service name="S"><port name="Q" binding="t:Nothing"/><port name="R" binding="t:H"/></service></definitions>"#
    ));
    let table = castile::wsdl::report::text(&contract, Paint::Plain);
    assert!(table.contains("  port Q, passed over: the binding {urn:t}Nothing does not exist\n"), "{table}");
    assert!(table.contains("  port R, passed over: it is no SOAP binding (an HTTP"), "{table}");
}

#[test]
fn a_row_shows_the_reason_that_is_new_in_it() {
    let operations = r#"<operation name="A"><input message="t:M"/></operation><operation name="B"><output message="t:M"/><input message="t:M"/></operation>"#;
    let bound = |name: &str| format!("<operation name=\"{name}\"><soap:operation/><input><soap:body use=\"literal\"/></input></operation>");
    let contract = one_port(r#"<xs:element name="In" type="t:Nope"/>"#, operations, &(bound("A") + &bound("B")));
    let table = castile::wsdl::report::text(&contract, Paint::Plain);
    assert!(table.contains("    A          degraded  #1 unknown type {urn:t}Nope\n"), "{table}");
    assert!(table.contains("    B          refused   #1-#2 this is a solicit-response operation"), "{table}");
}
