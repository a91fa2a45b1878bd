//! XML -> JSON, validated, beside the scanner alone on the same message: at most 2.5 times its time is wanted; and the walk
//! alone, with a visitor that only counts faults.
//!
//! Each size is first refused with a fault in it, so that a decoder gone lax cannot look fast.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, missing_docs)]

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use castile::schema::load::NoResolver;
use castile::schema::walk::Declared;
use castile::schema::walk::Opened;
use castile::schema::walk::SeenAttribute;
use castile::schema::walk::Value;
use castile::schema::walk::Visitor;
use castile::schema::walk::Walker;
use castile::schema::walk::fault::WalkFault;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::transcode::decode::Mode;
use castile::wsdl::contract::Body;
use castile::xml::event::Event;
use castile::xml::event::Scope;
use castile::xml::limits::Limits;
use castile::xml::reader::SliceReader;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;

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

/// A message with orders, of about `size` bytes.
fn orders(size: usize) -> String {
    let mut text = String::from(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><o:Orders xmlns:o=\"urn:castile:bench\">",
    );
    let mut number = 0;
    while text.len() < size {
        number += 1;
        write!(
            text,
            "\n  <o:Order number=\"{number}\" currency=\"EUR\">\n    <o:Customer>Customer {number} &amp; Sons</o:Customer>\n    <o:Placed>2024-05-{:02}T12:30:00Z</o:Placed>\n    <o:Card>{:016}</o:Card>",
            number % 28 + 1,
            number * 7919
        )
        .unwrap();
        for line in 0..3 {
            write!(
                text,
                "\n    <o:Line>\n      <o:Article>Article {line} of order {number}</o:Article>\n      <o:Quantity>{}</o:Quantity>\n      <o:Price>{}.{:02}</o:Price>\n      <o:Due>2024-06-{:02}</o:Due>\n    </o:Line>",
                line + number,
                number % 97,
                line * 31,
                line + 1
            )
            .unwrap();
        }
        text.push_str("\n    <o:Remark>Deliver at the back door, please</o:Remark>\n  </o:Order>");
    }
    text.push_str("\n</o:Orders></soap:Body></soap:Envelope>\n");
    text
}

/// Counts faults.
#[derive(Default)]
struct Judge(usize);

impl Visitor for Judge {
    fn open(&mut self, _element: &Opened<'_>) {}
    fn attribute(&mut self, _attribute: &SeenAttribute<'_>) {}
    fn value(&mut self, _value: &Value<'_>) {}
    fn text(&mut self, _text: &str) {}
    fn close(&mut self, _scope: Scope<'_>) {}
    fn fault(&mut self, _fault: WalkFault) {
        self.0 += 1;
    }
}

fn scan(codec: &Codec, text: &[u8]) -> usize {
    let mut reader = SliceReader::new(text, &codec.contract.schema.symbols, &Limits::default());
    let mut count = 0;
    while !matches!(reader.next().expect("well-formed"), Event::Eof) {
        count += 1;
    }
    count
}

fn walk(codec: &Codec, text: &[u8]) -> usize {
    let schema = &codec.contract.schema;
    let operation = &codec.contract.services[0].ports[0].operations[0];
    let Some(Body::Element(root)) = operation.input.as_ref().map(|input| &input.body) else { panic!("one element") };
    let name = schema.element(*root).name;
    let mut reader = SliceReader::new(text, &schema.symbols, &Limits::default());
    let mut walker = Walker::new(schema);
    let mut judge = Judge::default();
    loop {
        match reader.next().as_ref().expect("well-formed") {
            Event::Start(start) if walker.depth() > 0 => walker.start(start, &mut judge),
            Event::Start(start) if start.symbol == name => walker.begin(start, Declared::Element(*root), &mut judge),
            Event::Text(run) if walker.depth() > 0 => walker.text(run, &mut judge),
            Event::End(end) if walker.depth() > 0 => walker.end(end, &mut judge),
            Event::Eof => return judge.0,
            Event::Start(_) | Event::Text(_) | Event::End(_) | Event::Comment { .. } | Event::Instruction { .. } => {}
        }
    }
}

fn to_json(codec: &Codec, text: &[u8]) -> usize {
    let operation = &codec.contract.services[0].ports[0].operations[0];
    codec.to_json(operation, Direction::Request, text, Mode::Enforce).map_or(0, |decoded| decoded.json.len())
}

fn bench(criterion: &mut Criterion) {
    let contract = castile::wsdl::load("bench.wsdl", WSDL, &mut NoResolver).expect("a WSDL");
    let codec = Codec::new(Arc::new(contract));
    for (name, size) in [("1KB", 1_000), ("10KB", 10_000), ("100KB", 100_000), ("1MB", 1_000_000)] {
        let text = orders(size);
        let broken = text.replacen("<o:Due>2024-06-02", "<o:Due>2024-06-31", 1);
        assert_eq!((to_json(&codec, broken.as_bytes()), walk(&codec, broken.as_bytes())), (0, 1), "a fault is found");
        assert!(to_json(&codec, text.as_bytes()) > size / 4 && walk(&codec, text.as_bytes()) == 0, "the message is valid");
        let mut group = criterion.benchmark_group(format!("decode {name}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("scanner", |bencher| bencher.iter(|| scan(&codec, black_box(text.as_bytes()))));
        group.bench_function("walk", |bencher| bencher.iter(|| walk(&codec, black_box(text.as_bytes()))));
        group.bench_function("to JSON", |bencher| bencher.iter(|| to_json(&codec, black_box(text.as_bytes()))));
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
