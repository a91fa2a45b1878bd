//! Validation with parsing, beside the scanner alone and, where `CASTILE_LIBXML2` names the program built from
//! `bench/validation/libxml2.c`, beside libxml2's streaming validator: best and median times of one run.
//!
//! `bench/validation/run` builds that program and runs this. Each document is first refused with a fault in it, so that
//! a validator gone lax cannot look fast.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::time::Duration;
use std::time::Instant;

use castile::diagnostic::Sources;
use castile::schema::form::ElementId;
use castile::schema::form::Schema;
use castile::schema::load::Fetched;
use castile::schema::load::ResolveError;
use castile::schema::load::Resolver;
use castile::schema::load::SchemaSet;
use castile::schema::walk::Declared;
use castile::schema::walk::Opened;
use castile::schema::walk::SeenAttribute;
use castile::schema::walk::Value;
use castile::schema::walk::Visitor;
use castile::schema::walk::Walker;
use castile::schema::walk::fault::WalkFault;
use castile::xml::event::Event;
use castile::xml::event::Scope;
use castile::xml::limits::Limits;
use castile::xml::reader::SliceReader;

const SCHEMA: &str = include_str!("../bench/validation/orders.xsd");
const TIME: Duration = Duration::from_millis(1500);

struct Nothing;

impl Resolver for Nothing {
    fn fetch(&mut self, _base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        Err(ResolveError { message: format!("nothing to fetch at {location}") })
    }
}

/// Only counts faults.
#[derive(Default)]
struct Judge {
    faults: usize,
}

impl Visitor for Judge {
    fn open(&mut self, _element: &Opened<'_>) {}
    fn attribute(&mut self, _attribute: &SeenAttribute<'_>) {}
    fn value(&mut self, _value: &Value<'_>) {}
    fn text(&mut self, _text: &str) {}
    fn close(&mut self, _scope: Scope<'_>) {}
    fn fault(&mut self, _fault: WalkFault) {
        self.faults += 1;
    }
}

/// Orders of about `size` bytes.
fn orders(size: usize) -> String {
    let mut text = String::from("<o:Orders xmlns:o=\"urn:castile:bench:orders\">");
    let mut number = 0;
    while text.len() < size {
        number += 1;
        write!(text, "\n  <o:Order number=\"{number}\" currency=\"EUR\">\n    <o:Customer>Customer {number} &amp; Sons</o:Customer>\n    <o:Placed>2024-05-{:02}T12:30:00Z</o:Placed>\n    <o:Card>{:016}</o:Card>", number % 28 + 1, number * 7919).unwrap();
        for line in 0..3 {
            write!(text, "\n    <o:Line>\n      <o:Article>Article {line} of order {number}</o:Article>\n      <o:Quantity>{}</o:Quantity>\n      <o:Price>{}.{:02}</o:Price>\n      <o:Due>2024-06-{:02}</o:Due>\n    </o:Line>", line + number, number % 97, line * 31, line + 1).unwrap();
        }
        text.push_str("\n    <o:Remark>Deliver at the back door, please</o:Remark>\n  </o:Order>");
    }
    text.push_str("\n</o:Orders>\n");
    text
}

fn scan(schema: &Schema, text: &[u8]) -> usize {
    let mut reader = SliceReader::new(text, &schema.symbols, &Limits::default());
    let mut count = 0;
    while !matches!(reader.next().expect("well-formed"), Event::Eof) {
        count += 1;
    }
    count
}

fn validate(schema: &Schema, root: ElementId, text: &[u8]) -> usize {
    let mut reader = SliceReader::new(text, &schema.symbols, &Limits::default());
    let mut walker = Walker::new(schema);
    let mut judge = Judge::default();
    loop {
        match reader.next().as_ref().expect("well-formed") {
            Event::Start(start) if walker.depth() == 0 => walker.begin(start, Declared::Element(root), &mut judge),
            Event::Start(start) => walker.start(start, &mut judge),
            Event::Text(run) if walker.depth() > 0 => walker.text(run, &mut judge),
            Event::End(end) => walker.end(end, &mut judge),
            Event::Eof => return judge.faults,
            Event::Text(_) | Event::Comment { .. } | Event::Instruction { .. } => {}
        }
    }
}

/// Best and median nanoseconds of a call.
fn time(mut work: impl FnMut() -> usize) -> (f64, f64) {
    let end = Instant::now() + TIME;
    let mut times = Vec::new();
    while times.len() < 5 || Instant::now() < end {
        let begin = Instant::now();
        black_box(work());
        times.push(begin.elapsed().as_secs_f64() * 1e9);
    }
    times.sort_by(f64::total_cmp);
    (times[0], times[times.len() / 2])
}

fn libxml2(program: &str, text: &str) -> (f64, f64) {
    let path = std::env::temp_dir().join(format!("castile-validation-{}.xml", std::process::id()));
    std::fs::write(&path, text).unwrap();
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/validation/orders.xsd");
    let output = Command::new(program).arg(schema).arg(&path).arg(TIME.as_millis().to_string()).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let words = String::from_utf8(output.stdout).unwrap();
    let mut numbers = words.split_whitespace().map(|word| word.parse::<f64>().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

fn main() {
    let mut sources = Sources::default();
    let mut set = SchemaSet::new();
    set.add_document("orders.xsd", SCHEMA, &mut sources, &mut Nothing);
    set.complete(&mut sources, &mut Nothing);
    let (schema, _, diagnostics) = set.compile(&[]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let root = schema.find_element("urn:castile:bench:orders", "Orders").expect("the root is declared");
    let program = std::env::var("CASTILE_LIBXML2").ok();

    println!("size      scanner us (MB/s)    validated us (MB/s)   over scanner   libxml2 us (MB/s)    times libxml2");
    for size in [1 << 10, 10 << 10, 100 << 10, 1 << 20] {
        let text = orders(size);
        assert_eq!(validate(&schema, root, text.as_bytes()), 0, "the document is valid");
        assert_eq!(validate(&schema, root, text.replacen("2024-06-01", "2024-06-31", 1).as_bytes()), 1, "a wrong date is refused");
        assert_ne!(validate(&schema, root, text.replacen("o:Quantity", "o:Qty", 2).as_bytes()), 0, "a wrong element is refused");
        let bytes = text.len() as f64;
        let mega = |ns: f64| bytes / ns * 1e3;
        let (_, scanner) = time(|| scan(&schema, text.as_bytes()));
        let (_, validated) = time(|| validate(&schema, root, text.as_bytes()));
        let ratio = validated / scanner;
        print!(
            "{:7}  {:9.2} ({:5.0})      {:9.2} ({:5.0})        {ratio:5.2}",
            text.len(),
            scanner / 1e3,
            mega(scanner),
            validated / 1e3,
            mega(validated)
        );
        if let Some(program) = &program {
            let (_, other) = libxml2(program, &text);
            print!("         {:10.2} ({:4.0})       {:5.2}", other / 1e3, mega(other), other / validated);
        }
        println!();
    }
}
