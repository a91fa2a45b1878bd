//! Real messages: those that two other validators call valid survive SOAP -> JSON -> SOAP by the law, those that both call
//! invalid are refused.
//!
//! The corpus is found by the variable `CASTILE_CORPUS`; without it the test says that it was left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod corpus;
mod law;

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;

use castile::gateway::documents;
use castile::soap::head;
use castile::transcode::Codec;
use castile::transcode::decode::Kind;
use castile::transcode::decode::Mode;
use castile::wsdl::contract::Status;
use castile::xml::encoding;
use corpus::Place;
use corpus::Row;

/// Messages that both validators call invalid and castile takes, each with the reason.
const TAKEN: &[(&str, &str)] = &[];

#[derive(Default)]
struct Tally {
    kept: usize,
    refused: usize,
    /// Messages that neither count as kept nor as refused, each with the reason.
    skipped: Vec<String>,
    /// Kept, save for a declared header that breaks its schema (the validators judged bodies).
    headers: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn skip(&mut self, row: &Row, why: &str) {
        if let Some(valid) = row.valid {
            self.skipped.push(format!("{} ({}): {why}", row.message, if valid { "valid" } else { "invalid" }));
        } else {
            self.skipped.push(String::new());
        }
    }
}

/// Takes a message to JSON and back.
fn judge(codec: &Codec, text: &str, row: &Row, tally: &mut Tally) {
    let head = match head::whole(text.as_bytes(), &codec.contract.schema.symbols, &codec.limits) {
        Ok(head) => head,
        Err(fault) => {
            match row.valid {
                Some(true) => tally.wrong.push(format!("{}: no envelope: {fault}", row.message)),
                Some(false) => tally.refused += 1,
                None => tally.skip(row, "no envelope, and the validators do not agree"),
            }
            return;
        }
    };
    let Some(Place { operation, direction, .. }) = corpus::find(codec, &head) else {
        let child = head.child.map_or_else(String::new, |child| child.name.to_string());
        tally.skip(row, &format!("{child} is the body of no operation of the WSDL"));
        return;
    };
    if operation.verdict.status == Status::Refused {
        let reason = operation.verdict.reasons.first().map_or("", |reason| reason.code);
        tally.skip(row, &format!("the operation {} is refused: {reason}", operation.name));
        return;
    }
    let decoded = codec.to_json(operation, direction, text.as_bytes(), Mode::Enforce);
    match (row.valid, decoded) {
        (Some(true), Ok(decoded)) if decoded.kind == Kind::Message => {
            match codec.to_xml(operation, direction, &decoded.json, decoded.version) {
                Ok(back) => {
                    let back = String::from_utf8(back).expect("UTF-8");
                    tally.headers += usize::from(!decoded.faults.is_empty());
                    match law::equal(&codec.contract.schema, operation, direction, text, &back) {
                        Ok(()) => tally.kept += 1,
                        Err(why) => tally.wrong.push(format!("{}: {why}", row.message)),
                    }
                }
                Err(faults) => tally.wrong.push(format!("{}: its JSON is refused: {:?}", row.message, faults.faults.first())),
            }
        }
        (Some(true), Ok(decoded)) => match decoded.faults.first() {
            None => tally.kept += 1,
            Some(fault) => tally.wrong.push(format!("{}: {fault}", row.message)),
        },
        (Some(true), Err(refusal)) => {
            let first = refusal.faults.first().map(|fault| format!("{}: {fault}", fault.position)).unwrap_or_default();
            tally.wrong.push(format!("{}: refused: {first}", row.message));
        }
        (Some(false), Err(_)) => tally.refused += 1,
        (Some(false), Ok(decoded)) if matches!(decoded.kind, Kind::Fault(_)) && !decoded.faults.is_empty() => tally.refused += 1,
        (Some(false), Ok(_)) => {
            if TAKEN.iter().any(|(message, _)| *message == row.message) {
                tally.skip(row, "taken, as argued above");
            } else {
                tally.wrong.push(format!("{}: taken, though both validators call it invalid", row.message));
            }
        }
        (None, _) => tally.skip(row, "the validators do not agree, or have no declaration of the body"),
    }
}

#[test]
fn valid_messages_keep_the_law_and_invalid_ones_are_refused() {
    let Some(folder) = corpus::folder() else { return };
    let mut codecs: HashMap<String, Option<Codec>> = HashMap::new();
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for row in corpus::rows(&folder).into_iter().filter(|row| !row.wsdl.is_empty()) {
        let codec = codecs.entry(row.wsdl.clone()).or_insert_with(|| {
            let path = folder.join(&row.wsdl);
            documents::contract(&path.to_string_lossy()).ok().map(|contract| Codec::new(Arc::new(contract)))
        });
        let tally = tallies.entry(row.wsdl.clone()).or_default();
        let Some(codec) = codec else {
            tally.skip(&row, "the WSDL cannot be loaded");
            continue;
        };
        let bytes = std::fs::read(folder.join(&row.message)).expect("a message of the list");
        let Ok(decoded) = encoding::decode(&bytes, None) else {
            tally.refused += 1;
            continue;
        };
        let text = String::from_utf8(decoded.text.into_owned()).expect("decoded");
        judge(codec, &text, &row, tally);
    }
    report(&tallies);
    let wrong: usize = tallies.values().map(|tally| tally.wrong.len()).sum();
    let kept: usize = tallies.values().map(|tally| tally.kept).sum();
    let refused: usize = tallies.values().map(|tally| tally.refused).sum();
    assert!(TAKEN.len() * 50 <= refused, "more than 2 % exceptions");
    assert!(kept >= 500 && refused >= 60, "{kept} kept, {refused} refused: the corpus was not read");
    assert_eq!(wrong, 0, "see the list above");
    // The validators judged bodies by the schemas; a body that no operation of the WSDL sends is none of its messages.
    let left_out: Vec<&String> = tallies.values().flat_map(|tally| &tally.skipped).filter(|why| !why.is_empty()).collect();
    assert!(
        left_out.iter().all(|why| why.ends_with("is the body of no operation of the WSDL")),
        "left out for another reason: {left_out:?}"
    );
    assert!(left_out.len() <= 10, "{} messages of both verdicts left out", left_out.len());
}

fn report(tallies: &BTreeMap<String, Tally>) {
    for (wsdl, tally) in tallies {
        let Tally { kept, refused, skipped, headers, wrong, .. } = tally;
        println!(
            "{wsdl}: {kept} kept ({headers} without an invalid header), {refused} refused, {} left out, {} wrong",
            skipped.len(),
            wrong.len()
        );
        for why in skipped.iter().filter(|why| !why.is_empty()) {
            println!("    left out: {why}");
        }
        for wrong in &tally.wrong {
            println!("    {wrong}");
        }
    }
    let sum = |count: fn(&Tally) -> usize| tallies.values().map(count).sum::<usize>();
    println!(
        "all: {} kept, {} refused, {} left out, {} wrong",
        sum(|one| one.kept),
        sum(|one| one.refused),
        sum(|one| one.skipped.len()),
        sum(|one| one.wrong.len())
    );
}
