//! JSON -> XML: an order becomes its SOAP message, validated, with properties in schema order and in reverse.
//!
//! The baseline of the same run is what a careful program without schemas does: `serde_json::Value`, then a writer that
//! follows the tree and checks nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, missing_docs)]

use std::path::Path;
use std::sync::Arc;

use castile::schema::load::NoResolver;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::wsdl::contract::Operation;
use castile::wsdl::contract::SoapVersion;
use castile::xml::writer;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use serde_json::Value;
use serde_json::json;

fn order(bytes: usize) -> Value {
    let lines = (bytes / 80).max(2);
    let line = |n: usize| {
        json!({
            "article": format!("AB-{:04}", n % 10_000),
            "quantity": n % 90 + 1,
            "price": {"@currency": "EUR", "$value": serde_json::Number::from(n as u64 % 5000 + 1)},
        })
    };
    json!({
        "order": {
            "@currency": "EUR",
            "customer": {
                "@id": 4711,
                "name": "Ana Castellanos & daughters",
                "address": [{"$type": "SpanishAddress", "street": "Calle Mayor 1", "town": "Burgos", "codigoPostal": "09001"}],
            },
            "line": (0..lines).map(line).collect::<Vec<_>>(),
            "invoice": true,
            "remark": "please ring twice",
        }
    })
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect()),
        Value::Array(items) => Value::Array(items.iter().map(reversed).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// The baseline: a tree, and a writer that checks nothing.
fn unvalidated(json: &[u8]) -> Vec<u8> {
    let value: Value = serde_json::from_slice(json).unwrap();
    let mut out = Vec::with_capacity(json.len() * 2);
    out.extend_from_slice(b"<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:o=\"urn:o\"><soap:Body>");
    element(&mut out, "PlaceOrder", &value);
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

fn operation(codec: &Codec) -> &Operation {
    let operations = &codec.contract.services[0].ports[0].operations;
    operations.iter().find(|one| &*one.name == "PlaceOrder").unwrap()
}

fn encode(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("wsdl/orders.wsdl");
    let contract = castile::wsdl::load("orders.wsdl", &std::fs::read_to_string(path).unwrap(), &mut NoResolver).unwrap();
    let codec = Codec::new(Arc::new(contract));
    let operation = operation(&codec);
    let write = |json: &[u8]| codec.to_xml(operation, Direction::Request, json, SoapVersion::V1_1);
    for (label, bytes) in [("1KB", 1 << 10), ("10KB", 10 << 10), ("100KB", 100 << 10), ("1MB", 1 << 20)] {
        let value = order(bytes);
        let in_order = serde_json::to_vec(&value).unwrap();
        let backwards = serde_json::to_vec(&reversed(&value)).unwrap();
        assert_eq!(write(&in_order).unwrap(), write(&backwards).unwrap(), "the order of properties shows");
        let broken = String::from_utf8(in_order.clone()).unwrap().replace("\"AB-0001\"", "\"AB-1\"");
        assert!(write(broken.as_bytes()).is_err(), "a broken pattern went unseen");
        let mut group = criterion.benchmark_group(format!("encode/{label}"));
        group.throughput(Throughput::Bytes(in_order.len() as u64));
        group.bench_function("castile in order", |bench| bench.iter(|| write(&in_order).unwrap()));
        group.bench_function("castile reversed", |bench| bench.iter(|| write(&backwards).unwrap()));
        group.bench_function("serde_json::Value unvalidated", |bench| bench.iter(|| unvalidated(&in_order)));
        group.finish();
    }
}

criterion_group!(benches, encode);
criterion_main!(benches);
