//! Loading the corpus: every WSDL of it, with figures per file.
//!
//! The corpus is other people's files and no part of the project: `CASTILE_CORPUS` names its folder. Without it this test is
//! left out, and says so.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use castile::diagnostic::Place;
use castile::gateway::documents;
use castile::gateway::documents::LoadFailure;
use castile::wsdl::contract::Contract;
use castile::wsdl::contract::Operation;
use castile::wsdl::contract::Status;

/// No WSDL may take longer.
const LONGEST: Duration = Duration::from_secs(2);

/// The corpus' own count of operations on a SOAP binding over HTTP, or of a portType without binding, without SOAP encoding.
const SERVABLE: usize = 2370;
/// Those of them that a binding has.
const BOUND: usize = 2316;

fn corpus() -> Option<PathBuf> {
    match std::env::var_os("CASTILE_CORPUS") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => {
            eprintln!("left out: CASTILE_CORPUS names no corpus");
            None
        }
    }
}

/// The rows of the index as maps from column to value.
fn rows(folder: &std::path::Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(folder.join("INDEX.tsv")).expect("the corpus has an INDEX.tsv");
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    lines.map(|line| columns.iter().map(|name| (*name).to_owned()).zip(line.split('\t').map(str::to_owned)).collect()).collect()
}

/// The verdict of each operation of a portType, the best of its SOAP ports; what no portType declares is left out.
fn verdicts(contract: &Contract) -> BTreeMap<Place, &Operation> {
    let mut best: BTreeMap<Place, &Operation> = BTreeMap::new();
    let ports = contract.services.iter().flat_map(|service| &service.ports).filter(|port| port.soap.is_some());
    for operation in ports.flat_map(|port| &port.operations).filter(|operation| !has(operation, "unknown-operation")) {
        let known = best.entry(operation.place).or_insert(operation);
        if operation.verdict.status < known.verdict.status {
            *known = operation;
        }
    }
    best
}

fn has(operation: &Operation, code: &str) -> bool {
    operation.verdict.reasons.iter().any(|reason| reason.code == code)
}

#[test]
fn every_wsdl_of_the_corpus_loads_and_serves_what_the_index_counts() {
    let Some(folder) = corpus() else { return };
    let mut differences = Vec::new();
    let mut reasons: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut served, mut degraded, mut refused, mut files) = (0, 0, 0, 0);
    let mut bound = 0;
    for row in rows(&folder).iter().filter(|row| row["kind"] == "wsdl") {
        let path = folder.join(&row["path"]);
        let start = Instant::now();
        let contract = documents::contract(&path.display().to_string()).unwrap_or_else(|failure| panic!("{failure}"));
        let taken = start.elapsed();
        assert!(taken < LONGEST, "{}: took {taken:?}", row["path"]);
        files += 1;
        let count = |column: &str| row[column].parse::<usize>().unwrap_or(0);
        let declared = contract.declared;
        let pairs = [
            ("portTypes", declared.port_types),
            ("operations", declared.operations),
            ("bindings", declared.bindings),
            ("services", declared.services),
            ("ports", declared.ports),
        ];
        for (column, found) in pairs {
            if found != count(column) {
                differences.push(format!("{}: {column} {found}, the index has {}", row["path"], row[column]));
            }
        }
        let listed: usize = contract.services.iter().filter(|service| !service.synthetic).map(|service| service.ports.len()).sum();
        assert_eq!(listed, declared.ports, "{}: every port is listed", row["path"]);

        let mut own = [0; 3];
        for operation in verdicts(&contract).into_values() {
            if has(operation, "soap-encoded") || has(operation, "operation-not-bound") {
                continue;
            }
            bound += usize::from(!has(operation, "port-type-without-binding"));
            match operation.verdict.status {
                Status::Served => own[0] += 1,
                Status::Degraded => own[1] += 1,
                Status::Refused => own[2] += 1,
            }
            if operation.verdict.status != Status::Served {
                let status = if operation.verdict.status == Status::Degraded { "degraded" } else { "refused" };
                for reason in &operation.verdict.reasons {
                    *reasons.entry((status, reason.code)).or_default() += 1;
                }
                assert!(!operation.verdict.reasons.is_empty(), "{}: {} has no reason", row["path"], operation.name);
                assert!(operation.verdict.reasons.iter().any(|reason| reason.at.is_some()), "{}: {}", row["path"], operation.name);
            }
        }
        served += own[0];
        degraded += own[1];
        refused += own[2];
        println!("{:>5} ms {:>5} served {:>4} degraded {:>4} refused  {}", taken.as_millis(), own[0], own[1], own[2], row["path"]);
        if std::env::var_os("CASTILE_VERBOSE").is_some() {
            for operation in verdicts(&contract).into_values().filter(|operation| operation.verdict.status != Status::Served) {
                for reason in operation.verdict.reasons.iter().take(3) {
                    println!(
                        "        {} {:?}: {} {}",
                        operation.name,
                        operation.verdict.status,
                        reason.code,
                        contract.sources.render(reason)
                    );
                }
            }
            for finding in &contract.diagnostics {
                println!("        finding {}: {}", finding.code, contract.sources.render(finding));
            }
        }
    }
    println!("{files} files; {served} served, {degraded} degraded, {refused} refused of {}", served + degraded + refused);
    for ((status, code), count) in &reasons {
        println!("{count:>6} {status} for {code}");
    }
    assert!(differences.is_empty(), "counts differ from the index:\n{}", differences.join("\n"));
    assert_eq!(served + degraded + refused, SERVABLE, "operations that could be served");
    assert!((served + degraded) * 100 >= SERVABLE * 99, "at least 99 % are served or degraded");
    assert_eq!(bound, BOUND, "operations on a binding");
    assert!(served * 100 >= BOUND * 98, "at least 98 % of those on a binding are served");
}

#[test]
fn what_is_no_wsdl_1_1_is_named_with_cause_and_place() {
    let Some(folder) = corpus() else { return };
    for row in rows(&folder).iter().filter(|row| row["kind"] == "negative" || row["kind"] == "wsdl20") {
        let path = folder.join(&row["path"]).display().to_string();
        match documents::contract(&path) {
            Err(LoadFailure::NotWsdl(error)) => {
                let place = error.diagnostic.at.map(|place| error.sources.locate(place)).unwrap_or_default();
                assert!(place.starts_with(&path) && place.len() > path.len(), "{path}: the place is {place:?}");
                let is_2_0 = error.diagnostic.message.contains("WSDL 2.0");
                assert_eq!(is_2_0, row["kind"] == "wsdl20", "{error}");
                println!("{error}");
            }
            Err(LoadFailure::Unreadable(words)) => panic!("{words}"),
            Ok(contract) => {
                // Some of these are sound but for what they describe: then every operation that is not served says why.
                let operations = contract.services.iter().flat_map(|service| &service.ports).flat_map(|port| &port.operations);
                let mute: Vec<_> = operations
                    .filter(|operation| operation.verdict.status != Status::Served && operation.verdict.reasons.is_empty())
                    .collect();
                assert!(row["kind"] == "negative" && mute.is_empty(), "{path}");
                println!("{path}: loads: {:?}", castile::wsdl::report::Counts::of(&contract));
            }
        }
    }
}

#[test]
fn every_other_file_of_the_corpus_is_judged_in_time() {
    let Some(folder) = corpus() else { return };
    for row in rows(&folder).iter().filter(|row| row["kind"] != "wsdl") {
        let start = Instant::now();
        let judged = documents::contract(&folder.join(&row["path"]).display().to_string());
        assert!(start.elapsed() < LONGEST, "{}", row["path"]);
        let Ok(contract) = judged else { continue };
        println!("{:?} {} {}", castile::wsdl::report::Counts::of(&contract), row["kind"], row["path"]);
        if std::env::var_os("CASTILE_VERBOSE").is_some() {
            for operation in verdicts(&contract).into_values() {
                for reason in operation.verdict.reasons.iter().take(3) {
                    println!(
                        "        {} {:?}: {} {}",
                        operation.name,
                        operation.verdict.status,
                        reason.code,
                        contract.sources.render(reason)
                    );
                }
            }
        }
    }
}
