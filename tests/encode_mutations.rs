//! What JSON is accepted is a valid message: JSON of made-up instances is changed at random places, and whatever is not
//! refused must come out as SOAP that the validating reader takes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changed;
mod generated;
mod support;

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use castile::instance::Depths;
use castile::instance::Style;
use castile::transcode::Codec;
use castile::transcode::decode::Mode;
use castile::transcode::decode::Refusal;
use changed::Dice;
use changed::mutate;
use generated::Case;
use generated::cases;
use generated::envelope;
use serde_json::Value;

const OWN: [&str; 3] = ["wsdl/cities.wsdl", "wsdl/orders.wsdl", "wsdl/library/library.wsdl"];

#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
    faults: Vec<String>,
}

#[test]
fn changed_json_of_our_own_contracts_is_refused_or_valid() {
    let mut tally = Tally::default();
    for wsdl in OWN {
        run(&Path::new(env!("CARGO_MANIFEST_DIR")).join(wsdl), 60, &mut tally);
    }
    tally.judge(200);
}

#[test]
fn changed_json_of_real_contracts_is_refused_or_valid() {
    let Some(corpus) = support::corpus_wsdls() else { return };
    let mut tally = Tally::default();
    for wsdl in corpus {
        run(&wsdl, 10, &mut tally);
    }
    tally.judge(5_000);
}

impl Tally {
    fn judge(&self, least: usize) {
        println!("{} accepted, {} refused, {} accepted although invalid", self.accepted, self.refused, self.faults.len());
        for fault in self.faults.iter().take(40) {
            println!("{fault}\n");
        }
        assert!(self.faults.is_empty(), "{} invalid messages were written", self.faults.len());
        assert!(self.accepted >= least && self.refused >= least, "{} accepted, {} refused", self.accepted, self.refused);
    }
}

fn run(wsdl: &Path, instances: u64, tally: &mut Tally) {
    let Ok(contract) = support::load(wsdl) else { return };
    let codec = Codec::new(Arc::new(contract));
    let contract = Arc::clone(&codec.contract);
    let depths = Arc::new(Depths::of(&contract.schema));
    let cases = cases(&contract);
    let (next, accepted, refused) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let faults = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for seed in 0..instances {
                        match judge(&codec, case, &depths, seed) {
                            Ok((good, bad)) => {
                                accepted.fetch_add(good, Ordering::Relaxed);
                                refused.fetch_add(bad, Ordering::Relaxed);
                            }
                            Err(why) => {
                                let (operation, direction) = (&case.operation.route, case.direction);
                                faults.lock().unwrap().push(format!("{}: {operation} {direction:?}, seed {seed}: {why}", wsdl.display()));
                                break;
                            }
                        }
                    }
                }
            });
        }
    });
    tally.accepted += accepted.into_inner();
    tally.refused += refused.into_inner();
    tally.faults.extend(faults.into_inner().unwrap());
}

/// How many changed documents were accepted and refused.
fn judge(codec: &Codec, case: &Case<'_>, depths: &Arc<Depths>, seed: u64) -> Result<(usize, usize), String> {
    const CHANGES: u64 = 8;
    let soap = envelope(codec, case, depths, Style::Random, seed)?;
    let Ok(decoded) = codec.to_json(case.operation, case.direction, soap.as_bytes(), Mode::Enforce).or_else(|refusal| {
        // The generator knows no keys: what breaks nothing but them is mutated all the same.
        if only_keys(&refusal) { codec.to_json(case.operation, case.direction, soap.as_bytes(), Mode::Report) } else { Err(refusal) }
    }) else {
        return Err("an instance was refused".to_owned());
    };
    let json: Value = serde_json::from_slice(&decoded.json).map_err(|error| error.to_string())?;
    let (mut good, mut bad) = (0, 0);
    for change in 0..CHANGES {
        let mut dice = Dice::new(seed.wrapping_mul(CHANGES).wrapping_add(change));
        let mut changed = json.clone();
        mutate(&mut changed, &mut dice);
        let text = changed.to_string();
        let Ok(written) = codec.to_xml(case.operation, case.direction, text.as_bytes(), case.version) else {
            bad += 1;
            continue;
        };
        good += 1;
        if let Err(refusal) = codec.to_json(case.operation, case.direction, &written, Mode::Enforce)
            && !only_keys(&refusal)
        {
            let first = refusal.faults.first().map(|fault| format!("{}: {}", fault.path, fault.message)).unwrap_or_default();
            let cut = |text: &str| text.chars().take(2000).collect::<String>();
            return Err(format!("{first}\n{}\n{}", cut(&text), cut(&String::from_utf8_lossy(&written))));
        }
    }
    Ok((good, bad))
}

/// Whether a message breaks nothing but identity constraints, which JSON is not judged by on its way in.
fn only_keys(refusal: &Refusal) -> bool {
    refusal.faults.iter().all(|fault| ["duplicate-key", "missing-key-field", "dangling-keyref"].contains(&fault.code))
}
