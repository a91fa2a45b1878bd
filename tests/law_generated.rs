//! The mapping law on generated messages: random valid instances for every served operation of real contracts, requests
//! and replies with their headers, go SOAP -> JSON -> SOAP and come back equal.
//!
//! Half of the seeds are fixed, half follow from a number that is printed; `CASTILE_SEED` gives that number again.
//! Whether the instances are valid is asked of libxml2 by the tests of the generator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, clippy::type_complexity)]

mod generated;
mod law;
mod support;

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use castile::instance::Depths;
use castile::instance::Style;
use castile::transcode::Codec;
use castile::transcode::decode::Mode;
use castile::transcode::decode::Refusal;
use castile::transcode::shape::Options;
use generated::Case;
use generated::cases;
use generated::envelope;

/// Faults of identity constraints.
const KEYS: [&str; 3] = ["duplicate-key", "missing-key-field", "dangling-keyref"];

/// Instances of each message with fixed seeds, and as many with random ones.
const EACH: u64 = 10;

const OWN: [&str; 3] = ["wsdl/cities.wsdl", "wsdl/orders.wsdl", "wsdl/library/library.wsdl"];

#[test]
fn generated_messages_of_our_own_contracts_survive_json() {
    let seed = seed();
    let mut tally = Tally::default();
    for wsdl in OWN {
        run(&Path::new(env!("CARGO_MANIFEST_DIR")).join(wsdl), seed, 10 * EACH, &mut tally);
    }
    tally.judge(500);
}

#[test]
fn generated_messages_of_real_contracts_survive_json() {
    let Some(corpus) = support::corpus_wsdls() else { return };
    let seed = seed();
    let mut tally = Tally::default();
    for wsdl in corpus {
        run(&wsdl, seed, EACH, &mut tally);
    }
    tally.judge(50_000);
}

/// Both choices of a service, one by one and together.
const CHOICES: [Options; 3] = [
    Options { numbers_as_text: true, bare_arrays: false },
    Options { numbers_as_text: false, bare_arrays: true },
    Options { numbers_as_text: true, bare_arrays: true },
];

#[test]
fn generated_messages_of_our_own_contracts_survive_json_of_any_choice() {
    let seed = seed();
    for options in CHOICES {
        let mut tally = Tally::default();
        for wsdl in OWN {
            run_with(&Path::new(env!("CARGO_MANIFEST_DIR")).join(wsdl), options, seed, 5 * EACH, &mut tally);
        }
        tally.judge(250);
    }
}

#[test]
fn generated_messages_of_real_contracts_survive_json_of_any_choice() {
    let Some(corpus) = support::corpus_wsdls() else { return };
    let seed = seed();
    let mut tally = Tally::default();
    for (number, wsdl) in corpus.iter().enumerate() {
        run_with(wsdl, CHOICES[number % CHOICES.len()], seed, 2, &mut tally);
    }
    tally.judge(10_000);
}

#[test]
fn a_message_that_came_back_as_another_is_seen() {
    let contract = support::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(OWN[1])).unwrap();
    let codec = Codec::new(Arc::new(contract));
    let depths = Arc::new(Depths::of(&codec.contract.schema));
    let contract = Arc::clone(&codec.contract);
    let (mut seen, mut same) = (0, 0);
    for case in &cases(&contract) {
        let instance = |seed| envelope(&codec, case, &depths, Style::Random, seed).unwrap();
        for seed in 0..20 {
            match law::equal(&contract.schema, case.operation, case.direction, &instance(seed), &instance(seed + 1)) {
                Ok(()) => same += 1,
                Err(_) => seen += 1,
            }
        }
    }
    assert!(seen > 20 * same, "{same} of {} pairs of different messages were called equal", seen + same);
}

/// The number that the random seeds follow from.
fn seed() -> u64 {
    let given = std::env::var("CASTILE_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() % 1_000_000_007);
    println!("CASTILE_SEED={seed}");
    seed
}

#[derive(Default)]
struct Tally {
    kept: usize,
    bytes: usize,
    messages: usize,
    faults: Vec<String>,
}

impl Tally {
    fn judge(&self, least: usize) {
        let (kept, bytes, messages) = (self.kept, self.bytes, self.messages);
        println!("{kept} instances of {messages} messages, {bytes} bytes, came back equal, {} did not", self.faults.len());
        for fault in self.faults.iter().take(60) {
            println!("{fault}\n");
        }
        assert!(self.faults.is_empty(), "{} generated messages broke the law", self.faults.len());
        assert!(self.kept >= least, "only {} instances", self.kept);
    }
}

fn run(wsdl: &Path, seed: u64, each: u64, tally: &mut Tally) {
    run_with(wsdl, Options::default(), seed, each, tally);
}

fn run_with(wsdl: &Path, options: Options, seed: u64, each: u64, tally: &mut Tally) {
    let Ok(contract) = support::load(wsdl) else { return };
    let codec = Codec::with(Arc::new(contract), options);
    let contract = Arc::clone(&codec.contract);
    let depths = Arc::new(Depths::of(&contract.schema));
    let cases = cases(&contract);
    let (next, kept, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let faults = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let styles = [Style::Minimal, Style::Typical, Style::Maximal].map(|style| (style, 0));
                    let fixed = (0..each).map(|number| (Style::Random, number));
                    let random = (0..each).map(|number| (Style::Random, seed.wrapping_mul(1000).wrapping_add(number)));
                    for (style, seed) in styles.into_iter().chain(fixed).chain(random) {
                        match judge(&codec, case, &depths, style, seed) {
                            Ok(length) => {
                                kept.fetch_add(1, Ordering::Relaxed);
                                bytes.fetch_add(length, Ordering::Relaxed);
                            }
                            Err(why) => {
                                let (operation, direction) = (&case.operation.route, case.direction);
                                faults
                                    .lock()
                                    .unwrap()
                                    .push(format!("{}: {operation} {direction:?}, {style:?} {seed}: {why}", wsdl.display()));
                                break;
                            }
                        }
                    }
                }
            });
        }
    });
    tally.messages += cases.len();
    tally.kept += kept.into_inner();
    tally.bytes += bytes.into_inner();
    tally.faults.extend(faults.into_inner().unwrap());
}

/// Takes an instance to JSON and back; its length.
fn judge(codec: &Codec, case: &Case<'_>, depths: &Arc<Depths>, style: Style, seed: u64) -> Result<usize, String> {
    let soap = envelope(codec, case, depths, style, seed)?;
    let shown = |why: String, json: &[u8]| format!("{why}\n{}\n{}", cut(&soap), cut(&String::from_utf8_lossy(json)));
    let read = |mode| codec.to_json(case.operation, case.direction, soap.as_bytes(), mode);
    // The generator knows no keys: what breaks nothing but them is refused both ways.
    let only_keys = |refusal: &Refusal| refusal.faults.iter().all(|fault| KEYS.contains(&fault.code));
    let decoded = match read(Mode::Enforce) {
        Err(refusal) if only_keys(&refusal) => {
            let json = read(Mode::Report).map_err(|_| shown("refused though reported".to_owned(), b""))?.json;
            return match codec.to_xml(case.operation, case.direction, &json, case.version) {
                Err(faults) if faults.faults.iter().all(|fault| fault.pointer == "#") => Ok(soap.len()),
                Err(_) | Ok(_) => Err(shown("its keys are wrong in XML, not so in JSON".to_owned(), &json)),
            };
        }
        read => read,
    };
    let decoded = decoded.map_err(|refusal| {
        let first = refusal.faults.first().map(|fault| format!("{}: {}", fault.path, fault.message));
        shown(format!("refused as XML: {}", first.unwrap_or_default()), b"")
    })?;
    let json = decoded.json;
    let back = codec
        .to_xml(case.operation, case.direction, &json, case.version)
        .map_err(|faults| shown(format!("refused as JSON: {:?}", faults.faults.first()), &json))?;
    let back = String::from_utf8(back).map_err(|error| error.to_string())?;
    law::equal(&codec.contract.schema, case.operation, case.direction, &soap, &back)
        .map_err(|why| shown(why, &json) + &format!("\n{}", cut(&back)))?;
    Ok(soap.len())
}

fn cut(text: &str) -> String {
    text.chars().take(3000).collect()
}
