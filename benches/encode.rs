//! JSON -> XML: an order becomes its SOAP message, validated, with properties in schema order and in reverse.
//!
//! The baseline of the same run is what a careful program without schemas does: `serde_json::Value`, then a writer that
//! follows the tree and checks nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, missing_docs)]

use std::sync::Arc;

use castile::json::limits::Limits;
use castile::json::tape::Tape;
use castile::schema::load::NoResolver;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::wsdl::contract::SoapVersion;
use castile::xml::writer;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use serde_json::Value;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WSDL: &str = r#"<wsdl:definitions targetNamespace="urn:castile:bench" xmlns:o="urn:castile:bench"
  xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<wsdl:types><xs:schema targetNamespace="urn:castile:bench" elementFormDefault="qualified">
<xs:element name="Orders"><xs:complexType><xs:sequence><xs:element name="Order" type="o:Order" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
<xs:complexType name="Order"><xs:sequence>
  <xs:element name="Customer" type="xs:string"/><xs:element name="Placed" type="xs:dateTime"/>
  <xs:choice><xs:element name="Card" type="o:Card"/><xs:element name="Invoice" type="xs:boolean"/></xs:choice>
  <xs:element name="Line" type="o:Line" minOccurs="0" maxOccurs="unbounded"/><xs:element name="Remark" type="xs:string" minOccurs="0"/>
</xs:sequence><xs:attribute name="number" type="xs:positiveInteger" use="required"/><xs:attribute name="currency" type="o:Currency" default="EUR"/></xs:complexType>
<xs:complexType name="Line"><xs:sequence>
  <xs:element name="Article" type="xs:token"/><xs:element name="Quantity" type="xs:nonNegativeInteger"/><xs:element name="Price" type="o:Amount"/><xs:element name="Due" type="xs:date"/>
</xs:sequence></xs:complexType>
<xs:simpleType name="Card"><xs:restriction base="xs:string"><xs:length value="16"/></xs:restriction></xs:simpleType>
<xs:simpleType name="Currency"><xs:restriction base="xs:token"><xs:enumeration value="EUR"/><xs:enumeration value="USD"/></xs:restriction></xs:simpleType>
<xs:simpleType name="Amount"><xs:restriction base="xs:decimal"><xs:minInclusive value="0"/><xs:fractionDigits value="2"/></xs:restriction></xs:simpleType>
</xs:schema></wsdl:types>
<wsdl:message name="M"><wsdl:part name="p" element="o:Orders"/></wsdl:message>
<wsdl:portType name="P"><wsdl:operation name="Place"><wsdl:input message="o:M"/></wsdl:operation></wsdl:portType>
<wsdl:binding name="B" type="o:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Place"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input></wsdl:operation></wsdl:binding>
<wsdl:service name="S"><wsdl:port name="Q" binding="o:B"><soap:address location="http://backend.example/"/></wsdl:port></wsdl:service>
</wsdl:definitions>"#;

/// The orders of the other direction's bench as JSON, of about `size` bytes of XML; properties in schema order or in reverse.
fn orders(size: usize, backwards: bool) -> String {
    let object = |mut members: Vec<String>| {
        if backwards {
            members.reverse();
        }
        format!("{{{}}}", members.join(","))
    };
    let (mut orders, mut number, mut written) = (Vec::new(), 0, 0);
    while written < size {
        number += 1;
        written += 840;
        let line = |line: usize| {
            object(vec![
                format!("\"Article\":\"Article {line} of order {number}\""),
                format!("\"Quantity\":{}", line + number),
                format!("\"Price\":{}.{:02}", number % 97, line * 31),
                format!("\"Due\":\"2024-06-{:02}\"", line + 1),
            ])
        };
        orders.push(object(vec![
            format!("\"@number\":{number}"),
            "\"@currency\":\"EUR\"".to_owned(),
            format!("\"Customer\":\"Customer {number} & Sons\""),
            format!("\"Placed\":\"2024-05-{:02}T12:30:00Z\"", number % 28 + 1),
            format!("\"Card\":\"{:016}\"", number * 7919),
            format!("\"Line\":[{}]", (0..3).map(line).collect::<Vec<_>>().join(",")),
            "\"Remark\":\"Deliver at the back door, please\"".to_owned(),
        ]));
    }
    object(vec![format!("\"Order\":[{}]", orders.join(","))])
}

/// The baseline: a tree, and a writer that checks nothing.
fn unvalidated(json: &[u8]) -> Vec<u8> {
    let value: Value = serde_json::from_slice(json).unwrap();
    let mut out = Vec::with_capacity(json.len() * 2);
    out.extend_from_slice(b"<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:o=\"urn:o\"><soap:Body>");
    element(&mut out, "Orders", &value);
    out.extend_from_slice(b"</soap:Body></soap:Envelope>");
    out
}

fn element(out: &mut Vec<u8>, name: &str, value: &Value) {
    if let Value::Array(items) = value {
        for item in items {
            element(out, name, item);
        }
        return;
    }
    out.extend_from_slice(b"<o:");
    out.extend_from_slice(name.as_bytes());
    if let Value::Object(members) = value {
        for (key, value) in members.iter().filter(|(key, _)| key.starts_with('@')) {
            out.push(b' ');
            out.extend_from_slice(&key.as_bytes()[1..]);
            out.extend_from_slice(b"=\"");
            text(out, value);
            out.push(b'"');
        }
    }
    out.push(b'>');
    match value {
        Value::Object(members) => {
            for (key, value) in members.iter().filter(|(key, _)| !key.starts_with('@')) {
                if key == "$value" { text(out, value) } else { element(out, key, value) }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => text(out, value),
    }
    out.extend_from_slice(b"</o:");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

fn text(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::String(text) => writer::escape_text(out, text),
        other => out.extend_from_slice(other.to_string().as_bytes()),
    }
}

fn encode(criterion: &mut Criterion) {
    let contract = castile::wsdl::load("orders.wsdl", WSDL, &mut NoResolver).unwrap();
    let codec = Codec::new(Arc::new(contract));
    let operation = &codec.contract.services[0].ports[0].operations[0];
    let write = |json: &[u8]| codec.to_xml(operation, Direction::Request, json, SoapVersion::V1_1);
    for (label, bytes) in [("1KB", 1 << 10), ("10KB", 10 << 10), ("100KB", 100 << 10), ("1MB", 1 << 20)] {
        let (in_order, backwards) = (orders(bytes, false), orders(bytes, true));
        assert_eq!(write(in_order.as_bytes()).unwrap(), write(backwards.as_bytes()).unwrap(), "the order of properties shows");
        for (good, bad) in [("Quantity\":1,", "Quantity\":-1,"), ("-06-01", "-06-31"), (".31", ".311"), ("\"Card\"", "\"Bard\"")] {
            let broken = in_order.replacen(good, bad, 1);
            assert!(broken != in_order && write(broken.as_bytes()).is_err(), "{bad} went unseen");
        }
        let mut group = criterion.benchmark_group(format!("encode/{label}"));
        group.throughput(Throughput::Bytes(in_order.len() as u64));
        group.bench_function("castile in order", |bench| bench.iter(|| write(in_order.as_bytes()).unwrap()));
        group.bench_function("castile reversed", |bench| bench.iter(|| write(backwards.as_bytes()).unwrap()));
        group.bench_function("serde_json::Value unvalidated", |bench| bench.iter(|| unvalidated(in_order.as_bytes())));
        group.bench_function("parse alone", |bench| bench.iter(|| Tape::parse(in_order.as_bytes(), &Limits::default()).unwrap()));
        group.finish();
    }
}

criterion_group!(benches, encode);
criterion_main!(benches);
