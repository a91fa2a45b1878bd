//! The guarded scanner with all its checks, whole and in chunks of 4 KB, beside bare quick-xml (`NsReader`, no checks of its own added), on orders of
//! 1 KB to 1 MB and, if CASTILE_CORPUS is set, on replies of Exchange Web Services. The target is three times the speed of bare quick-xml.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, missing_docs)]

use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;

use castile::xml::event::Event;
use castile::xml::limits::Limits;
use castile::xml::name::Symbols;
use castile::xml::reader::ChunkReader;
use castile::xml::reader::SliceReader;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use quick_xml::NsReader;

const ORDERS_NS: &str = "urn:example:orders:1";
const SOAP_NS: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// A SOAP message with orders, of about `size` bytes.
fn orders(size: usize) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"{SOAP_NS}\">\n  <soap:Body>\n    <o:SubmitOrders xmlns:o=\"{ORDERS_NS}\">\n"
    );
    let mut number = 0;
    while xml.len() + 120 < size {
        number += 1;
        let _ = write!(
            xml,
            "      <o:Order id=\"A-{number:06}\" priority=\"normal\">\n        <o:Customer>Miller &amp; Sons {number}</o:Customer>\n        <o:Placed>2024-05-{:02}T12:00:00Z</o:Placed>\n",
            1 + number % 28
        );
        for line in 0..number % 4 {
            let _ = writeln!(
                xml,
                "        <o:Line><o:Sku>SKU-{line}-{number}</o:Sku><o:Quantity>{}</o:Quantity><o:Price currency=\"EUR\">{}.90</o:Price></o:Line>",
                1 + number % 7,
                10 + number % 90
            );
        }
        xml.push_str("      </o:Order>\n");
    }
    xml.push_str("    </o:SubmitOrders>\n  </soap:Body>\n</soap:Envelope>\n");
    xml
}

fn symbols() -> Symbols {
    let mut symbols = Symbols::default();
    for local in ["SubmitOrders", "Order", "Customer", "Placed", "Line", "Sku", "Quantity", "Price"] {
        symbols.intern(ORDERS_NS, local);
    }
    for local in ["id", "priority", "currency"] {
        symbols.intern("", local);
    }
    symbols
}

fn own_slice(xml: &[u8], symbols: &Symbols, limits: &Limits) -> usize {
    let mut reader = SliceReader::new(xml, symbols, limits);
    let mut sum = 0;
    loop {
        sum += match reader.next().expect("well-formed") {
            Event::Start(start) => start.symbol.0 as usize + start.attributes().map(|a| a.symbol.0 as usize + a.value.len()).sum::<usize>(),
            Event::Text(text) => text.value.len(),
            Event::End(_) | Event::Comment { .. } | Event::Instruction { .. } => 1,
            Event::Eof => return sum,
        };
    }
}

fn own_chunks(xml: &[u8], symbols: &Symbols, limits: &Limits) -> usize {
    let mut reader = ChunkReader::new(symbols, limits);
    let mut chunks = xml.chunks(4096);
    let mut sum = 0;
    loop {
        sum += match reader.next().expect("well-formed") {
            Some(Event::Start(start)) => {
                start.symbol.0 as usize + start.attributes().map(|a| a.symbol.0 as usize + a.value.len()).sum::<usize>()
            }
            Some(Event::Text(text)) => text.value.len(),
            Some(Event::End(_) | Event::Comment { .. } | Event::Instruction { .. }) => 1,
            Some(Event::Eof) => return sum,
            None => {
                match chunks.next() {
                    Some(chunk) => reader.push(chunk),
                    None => reader.finish(),
                }
                0
            }
        };
    }
}

fn bare_quick_xml(xml: &str) -> usize {
    let mut reader = NsReader::from_str(xml);
    let mut sum = 0;
    loop {
        let (resolved, event) = reader.read_resolved_event().expect("well-formed");
        sum += match event {
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                let bound = usize::from(matches!(resolved, quick_xml::name::ResolveResult::Bound(_)));
                bound + tag.local_name().as_ref().len() + tag.attributes().map(|a| a.expect("well-formed").value.len()).sum::<usize>()
            }
            quick_xml::events::Event::Text(text) => text.len(),
            quick_xml::events::Event::Eof => return sum,
            _ => 1,
        };
    }
}

fn exchange_replies() -> Vec<String> {
    let Some(folder) = std::env::var_os("CASTILE_CORPUS") else { return Vec::new() };
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder).join("MicrosoftDocs+office-developer-exchange-docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder of Exchange messages") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                found.extend(
                    fs::read_to_string(path).ok().filter(|text| text.contains("Response") && NsReader::from_str(text).read_event().is_ok()),
                );
            }
        }
    }
    found.retain(|text| castile::xml::reader::check(text.as_bytes(), &Limits::default()).is_ok());
    found.sort();
    found
}

fn compare(criterion: &mut Criterion, name: &str, documents: &[String]) {
    let symbols = symbols();
    let limits = Limits::default();
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(documents.iter().map(|document| document.len() as u64).sum()));
    group.bench_function("castile, slice", |b| {
        b.iter(|| documents.iter().map(|document| own_slice(black_box(document.as_bytes()), &symbols, &limits)).sum::<usize>());
    });
    group.bench_function("castile, chunks of 4 KB", |b| {
        b.iter(|| documents.iter().map(|document| own_chunks(black_box(document.as_bytes()), &symbols, &limits)).sum::<usize>());
    });
    group.bench_function("quick-xml NsReader, bare", |b| {
        b.iter(|| documents.iter().map(|document| bare_quick_xml(black_box(document))).sum::<usize>());
    });
    group.finish();
}

/// Bare quick-xml up to the start of the Body's first child.
fn quick_xml_to_the_operation(xml: &str) -> usize {
    let mut reader = NsReader::from_str(xml);
    let mut in_body = false;
    loop {
        let (resolved, event) = reader.read_resolved_event().expect("well-formed");
        match event {
            quick_xml::events::Event::Start(tag) if in_body => {
                let bound = usize::from(matches!(resolved, quick_xml::name::ResolveResult::Bound(_)));
                return bound + tag.local_name().as_ref().len();
            }
            quick_xml::events::Event::Start(tag) => in_body = tag.local_name().as_ref() == "Body",
            quick_xml::events::Event::Eof => return 0,
            _ => {}
        }
    }
}

/// The head of a message (version, headers, the element that names its operation), whatever the size of the message.
fn operation(criterion: &mut Criterion) {
    let symbols = symbols();
    let limits = Limits::default();
    for (name, size) in [("1 KB", 1 << 10), ("100 KB", 100 << 10)] {
        let document = orders(size);
        let mut group = criterion.benchmark_group(format!("find the operation, {name}"));
        group.bench_function("castile", |b| {
            b.iter(|| castile::soap::head::read(black_box(document.as_bytes()), &symbols, &limits).expect("an envelope"));
        });
        group.bench_function("quick-xml NsReader, bare", |b| b.iter(|| quick_xml_to_the_operation(black_box(&document))));
        group.finish();
    }
}

fn scanner(criterion: &mut Criterion) {
    for (name, size) in [("orders 1 KB", 1 << 10), ("orders 10 KB", 10 << 10), ("orders 100 KB", 100 << 10), ("orders 1 MB", 1 << 20)] {
        compare(criterion, name, &[orders(size)]);
    }
    let replies = exchange_replies();
    if replies.is_empty() {
        println!("Exchange replies left out: CASTILE_CORPUS is not set");
    } else {
        compare(criterion, "Exchange replies", &replies);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2)).warm_up_time(std::time::Duration::from_millis(500));
    targets = operation, scanner
}
criterion_main!(benches);
