//! XPath as a gateway routes by it, parse of the document included: the scanner alone, one and ten expressions in a pass, the tree evaluator, and
//! sxd-xpath, on SOAP messages of 1 KB to 1 MB.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, missing_docs)]

use std::fmt::Write;
use std::hint::black_box;

use castile::xml::limits::Limits;
use castile::xml::reader::check;
use castile::xpath::Budget;
use castile::xpath::Document;
use castile::xpath::Environment;
use castile::xpath::Expression;
use castile::xpath::Program;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const ORDERS: &str = "urn:example:orders";
const ROUTING: &str = "urn:example:routing";

/// Ten expressions as operators write them. The first answers in the header, none of the others before the end.
const EXPRESSIONS: [&str; 10] = [
    "/s:Envelope/s:Header/r:Zone = 'north'",
    "/s:Envelope/s:Body/o:Submit/@type = 'bulk'",
    "//r:Zone = 'south'",
    "boolean(/s:Envelope/s:Body/s:Fault)",
    "count(//o:Line)",
    "//o:Order[@priority = 'high']/@id",
    "/s:Envelope/s:Header/*[local-name() = 'Security']",
    "sum(//o:Quantity) > 1000000",
    "//o:Order[position() < 3]/o:Customer",
    "not(//o:Price[@currency = 'USD'])",
];

fn message(size: usize) -> String {
    let mut xml = format!(
        "<s:Envelope xmlns:s='{SOAP}'><s:Header><r:Zone xmlns:r='{ROUTING}'>north</r:Zone></s:Header><s:Body><o:Submit xmlns:o='{ORDERS}' type='single'>\n"
    );
    let mut number = 0;
    while xml.len() + 60 < size {
        number += 1;
        writeln!(xml, "  <o:Order id='A-{number}' priority='normal'><o:Customer>Miller {number}</o:Customer>").unwrap();
        for line in 0..number % 4 {
            writeln!(
                xml,
                "    <o:Line><o:Sku>SKU-{line}</o:Sku><o:Quantity>{}</o:Quantity><o:Price currency='EUR'>{}.90</o:Price></o:Line>",
                number % 7,
                number % 90
            )
            .unwrap();
        }
        xml.push_str("  </o:Order>\n");
    }
    xml + "</o:Submit></s:Body></s:Envelope>"
}

fn compiled() -> Vec<Expression> {
    let environment = Environment::default().with_namespace("s", SOAP).with_namespace("o", ORDERS).with_namespace("r", ROUTING);
    EXPRESSIONS.iter().map(|text| Expression::compile(text, &environment).unwrap()).collect()
}

fn routing(criterion: &mut Criterion) {
    let expressions = compiled();
    let program = |wanted: &[&Expression]| Program::new(wanted).unwrap();
    let (header, body) = (program(&[&expressions[0]]), program(&[&expressions[1]]));
    let all = program(&expressions.iter().collect::<Vec<_>>());
    let limits = Limits::default();
    for (name, size) in [("1KB", 1 << 10), ("10KB", 10 << 10), ("1MB", 1 << 20)] {
        let text = message(size);
        let bytes = text.as_bytes();
        let mut group = criterion.benchmark_group(format!("xpath/{name}"));
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("scanner", |bench| bench.iter(|| check(black_box(bytes), &limits).unwrap()));
        for (what, program) in [("stream, header", &header), ("stream, body", &body), ("stream, ten", &all)] {
            group.bench_function(what, |bench| {
                bench.iter(|| program.evaluate(black_box(bytes), &limits, &(), &mut Budget::default()).unwrap())
            });
        }
        group.bench_function("tree, body", |bench| bench.iter(|| in_tree(&expressions[1..2], black_box(bytes), &limits)));
        group.bench_function("tree, ten", |bench| bench.iter(|| in_tree(&expressions, black_box(bytes), &limits)));
        group.bench_function("sxd-xpath, body", |bench| bench.iter(|| by_sxd(black_box(&text))));
        group.finish();
    }
}

fn in_tree(expressions: &[Expression], text: &[u8], limits: &Limits) -> usize {
    let document = Document::read(text, limits).unwrap();
    let value = |expression: &Expression| expression.evaluate(&document, document.root(), &(), &mut Budget::default()).unwrap().boolean();
    expressions.iter().filter(|expression| value(expression)).count()
}

fn by_sxd(text: &str) -> bool {
    let package = sxd_document::parser::parse(text).unwrap();
    let mut context = sxd_xpath::Context::new();
    for (prefix, uri) in [("s", SOAP), ("o", ORDERS), ("r", ROUTING)] {
        context.set_namespace(prefix, uri);
    }
    let expression = sxd_xpath::Factory::new().build(EXPRESSIONS[1]).unwrap().unwrap();
    expression.evaluate(&context, package.as_document().root()).unwrap().boolean()
}

criterion_group!(benches, routing);
criterion_main!(benches);
